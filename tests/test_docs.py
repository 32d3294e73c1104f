"""Every example in the documentation runs, and gives what the page says."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import handcalc
from handcalc.cli import main
from handcalc.network.network import KEYS
from handcalc.quiz.gates import GATES
from handcalc.quiz.quiz import Question, read_quiz

HOME = Path(__file__).parent.parent
PAGES = sorted([HOME / "README.md", *(HOME / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, kind: str) -> list[str]:
    return [body for found, body in BLOCK.findall(page.read_text(encoding="utf-8")) if found == kind]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples in it, as in a checkout."""
    shutil.copytree(HOME / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(page: Path) -> None:
    """The files that a page shows: YAML that begins with the name of its file, and a class."""
    for text in blocks(page, "yaml"):
        if name := re.match(r"# ([a-z]+\.yaml)\n", text):
            Path(name[1]).write_text(text, encoding="utf-8")
    for text in blocks(page, "csv"):
        Path("class.csv").write_text(text, encoding="utf-8")


def test_every_page_is_found() -> None:
    names = {page.name for page in PAGES}
    assert names >= {
        "README.md",
        "architecture.md",
        "network-file.md",
        "keys.md",
        "adding-an-operation.md",
        "commands.md",
        "conventions.md",
        "published.md",
        "gallery.md",
        "marking.md",
        "answers.md",
        "answer-files.md",
        "mistakes.md",
        "typesetting.md",
        "quiz.md",
        "verdicts.md",
    }


def solutions(file: Path) -> list[handcalc.Solution]:
    """Of each exercise; where its numbers vary, of one student's."""
    quiz = read_quiz(file)
    networks = map(Question.network, quiz.questions, quiz.fillings(1, "a student", 0))
    return [*map(handcalc.solve, networks)] if quiz.varies else [*handcalc.solve_all(file).values()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_yaml_examples_are_worked_out(page: Path, tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    for text in blocks(page, "yaml"):
        if re.search("^(inputs|scores|predictions):", text, re.MULTILINE):
            file.write_text(text, encoding="utf-8")
            for solution in solutions(file):
                assert solution.text()


def test_every_key_of_the_network_file_has_an_example_that_is_worked_out() -> None:
    examples = "".join(blocks(HOME / "docs" / "network-file.md", "yaml"))
    written = re.findall(r"^ *([a-z][a-z ]*[a-z]):", examples, re.MULTILINE)
    assert set(KEYS) <= {*written, *re.findall(r"[{,] *([a-z][a-z ]*[a-z]):", examples)}


def test_every_gate_of_a_quiz_is_told() -> None:
    page = (HOME / "docs" / "quiz.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z ]+)` \| ([^|]+) \| (on|off) \| [^|]+ \|$", page, re.MULTILINE)
    assert rows == [(gate.name, gate.tell, "on" if gate.usual else "off") for gate in GATES.values()]


def test_the_quiz_that_is_shown_is_the_example() -> None:
    example = (HOME / "examples" / "packs" / "tea.yaml").read_text(encoding="utf-8")
    assert example.partition("\n")[2] == blocks(HOME / "docs" / "quiz.md", "yaml")[0]


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "adding-an-operation.md"], ids=lambda page: page.name)
def test_python_examples_give_what_they_say(page: Path, course: Path) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL, verbose=False)
    names: dict[str, object] = {}
    for text in blocks(page, "python"):
        test = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.failures == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_console_examples_print_what_they_say(page: Path, course: Path) -> None:
    written(page)
    for text in blocks(page, "console"):
        for command, _, expected in (part.partition("\n") for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]):
            if not command.startswith("handcalc "):
                continue
            result = CliRunner().invoke(main, shlex.split(command, comments=True)[1:], prog_name="handcalc")
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
            position, output = 0, result.output
            for piece in re.split(r"^\.\.\.\n?", expected, flags=re.MULTILINE):
                found = output.find(piece.strip("\n"), position)
                assert found >= 0, f"{command}: not printed:\n{piece}\nbut:\n{output}"
                position = found


def test_the_added_operation_is_picked_up_by_everything(tmp_path: Path) -> None:
    """The page's own class, in a process of its own: the registry of this one stays as it is."""
    page = HOME / "docs" / "adding-an-operation.md"
    definition, example = blocks(page, "python")
    assert len(definition.strip().splitlines()) < 30
    script = tmp_path / "added.py"
    script.write_text(
        f"""{definition}
import doctest
test = doctest.DocTestParser().get_doctest({example!r}, {{}}, "page", None, 0)
runner = doctest.DocTestRunner(verbose=False)
runner.run(test)
assert runner.failures == 0
import handcalc
from handcalc.write import ENDINGS, render
solution = handcalc.solve({{"inputs": [1], "layers": [{{"gaussian": [[0.5], [-1]]}}, {{"linear": [[2, 1]]}}],
                           "target": 1, "loss": "squared error", "learning rate": 0.1}})
for kind in sorted(set(ENDINGS.values())):
    made = render(solution, kind)
    assert made[:4] == b"%PDF" if kind == "pdf" else "gaussian" in made, kind
print("all", len(set(ENDINGS.values())), "formats")
""",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        cwd=HOME,
        env={**os.environ, "PYTHONPATH": str(HOME)},
    )
    assert done.stdout == "all 5 formats\n", done.stdout + done.stderr
