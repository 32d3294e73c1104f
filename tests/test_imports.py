"""Who imports whom: packages only downwards, and nothing heavy where it isn't needed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import handcalc

PACKAGE = Path(handcalc.__file__).parent
ORDER = ("formula", "ops", "network", "derive", "sheet", "render", "api", "write", "quiz", "mark", "commands", "cli")
"""Each may import those before it."""
FOR_ALL = frozenset({"errors", "version"})
MAKERS = frozenset({"fonts"})
"""Scripts that make bundled files; nothing imports them."""
SHOWS_ITSELF = {
    ("derive.solution", "render.text"),
    ("derive.solution", "render.html"),
    ("derive.solution", "sheet.compose"),
}
"""The one exception: a solution prints itself and appears in Jupyter; imported where it happens."""
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in MAKERS)


def module(path: Path) -> str:
    """``derive.solution`` for handcalc/derive/solution.py, ``ops`` for handcalc/ops/__init__.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """The modules of handcalc that a file imports, and whether where it is read (not in a function)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(node) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for node in ast.walk(f)}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(source), level=0) if source.split(".")[0] == "handcalc":
                names = [f"{source}.{alias.name}" for alias in node.names] if source == "handcalc" else [source]
            case ast.ImportFrom(level=level) if level:
                raise AssertionError(f"{path}: a relative import")
            case ast.Import(names=aliases):
                names = [alias.name for alias in aliases if alias.name.split(".")[0] == "handcalc"]
            case _:
                continue
        for name in names:
            yield name.removeprefix("handcalc").lstrip("."), id(node) not in inside


def layer(name: str) -> int:
    return ORDER.index(name.split(".")[0])


@pytest.mark.parametrize("path", [path for path in MODULES if module(path)], ids=module)
def test_a_module_imports_downwards_only(path: Path) -> None:
    here = module(path)
    for name, _ in imported(path):
        head = name.split(".")[0]
        if head in FOR_ALL or (here, name) in SHOWS_ITSELF:
            continue
        assert here not in FOR_ALL or head in FOR_ALL, f"{here} imports {name}; everything imports {here}"
        assert layer(name) <= layer(here), f"{here} imports {name}, which is above it"


def test_the_exceptions_are_in_use_and_inside_functions() -> None:
    found = {(module(path), name): top for path in MODULES for name, top in imported(path)}
    assert found.keys() >= SHOWS_ITSELF
    assert not any(found[exception] for exception in SHOWS_ITSELF)


def test_operations_import_formulas_only() -> None:
    named = {name.split(".")[0] for path in (PACKAGE / "ops").glob("*.py") for name, _ in imported(path)}
    assert named == {"formula", "ops"}


def test_renderers_never_import_an_operation() -> None:
    for path in (PACKAGE / "render").rglob("*.py"):
        assert not [name for name, _ in imported(path) if name.split(".")[0] == "ops"], path


def test_formulas_import_formulas_only() -> None:
    named = {name.split(".")[0] for path in (PACKAGE / "formula").glob("*.py") for name, _ in imported(path)}
    assert named <= {"formula", *FOR_ALL}


def test_every_module_is_in_a_layer() -> None:
    heads = {module(path).split(".")[0] for path in MODULES} - {""}
    assert heads == {*ORDER, *FOR_ALL}


def loaded(code: str, tmp_path: Path) -> set[str]:
    """The packages that are loaded after running `code` in a fresh Python."""
    script = f"{code}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split("\n")[-2].split())


EXERCISE = {
    "inputs": [1, 2],
    "layers": [{"tanh": [["0.5", "0.1"], ["0.2", "-0.3"]]}, {"softmax": [["1", "0.5"], ["0", "0.4"]]}],
    "target": [1, 0],
    "loss": "cross-entropy",
    "learning rate": "0.1",
}
SOLVED = f"import handcalc\nfrom handcalc.write import render\nsolution = handcalc.solve({EXERCISE!r})\n"


def test_importing_handcalc_is_light(tmp_path: Path) -> None:
    heavy = {"click", "numpy", "flint", "sympy", "weasyprint", "yaml", "jinja2", "pydyf"}
    assert not loaded("import handcalc", tmp_path) & heavy


def test_solving_and_printing_text_loads_no_sympy_and_no_weasyprint(tmp_path: Path) -> None:
    found = loaded(SOLVED + "solution.text()", tmp_path)
    assert not found & {"sympy", "weasyprint", "numpy", "pydyf", "jinja2", "mpmath"}
    assert "flint" in found


@pytest.mark.parametrize("output", ["latex", "html", "json"])
def test_no_output_but_pdf_loads_weasyprint_or_sympy(output: str, tmp_path: Path) -> None:
    assert not loaded(f"{SOLVED}render(solution, {output!r})", tmp_path) & {"sympy", "weasyprint"}


def test_a_pdf_loads_no_sympy(tmp_path: Path) -> None:
    found = loaded(SOLVED + "assert render(solution, 'pdf').startswith(b'%PDF')", tmp_path)
    assert "weasyprint" in found
    assert not found & {"sympy", "mpmath"}


def test_the_command_s_help_loads_nothing_but_click(tmp_path: Path) -> None:
    code = "from click.testing import CliRunner\nfrom handcalc.cli import main\nCliRunner().invoke(main, ['--help'])"
    assert not loaded(code, tmp_path) & {"numpy", "flint", "sympy", "weasyprint", "yaml", "jinja2", "matplotlib"}


def test_only_the_report_of_a_class_loads_matplotlib(tmp_path: Path) -> None:
    code = "import handcalc.commands.check, handcalc.mark.hand_back, handcalc.mark.handed_in, handcalc.quiz.pack"
    assert "matplotlib" not in loaded(code, tmp_path)
    assert "matplotlib" in loaded("import handcalc.mark.report", tmp_path)
