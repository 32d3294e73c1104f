"""The gallery shows every form as its example has it, with pictures that are there and small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_docs import PAGES as DOCS
from test_docs import blocks

from docs.pictures import make
from handcalc.api import solve_all
from handcalc.network.task import FORMS, Form
from handcalc.sheet.parts import Working

HOME = Path(__file__).parent.parent
NAMED = re.compile(r"!\[[^]]+\]\(([^)]+)\)")
MOST_BYTES, MOST_BYTES_IN_ALL = 100_000, 2_500_000


def shown() -> dict[str, Path]:
    """Every picture that a page of the documentation shows, by its name."""
    found = [page.parent / name for page in DOCS for name in NAMED.findall(page.read_text("utf-8"))]
    return {path.stem: path for path in found}


def test_every_picture_that_is_shown_is_there_and_small() -> None:
    sizes = {name: path.stat().st_size for name, path in shown().items()}
    assert all(0 < size < MOST_BYTES for size in sizes.values())
    assert sum(sizes.values()) < MOST_BYTES_IN_ALL


def test_the_script_makes_what_is_shown_and_nothing_else() -> None:
    made = {*make.PAGES, *make.OF_A_PACK, *make.OF_MARKS, *(f"formula-{name}" for name in make.FORMULAS)}
    assert made == set(shown()) == {path.stem for path in make.PICTURES.glob("*.png")}


def test_every_form_has_a_picture() -> None:
    assert set(make.FORMS) == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_the_picture_of_a_form_shows_that_form(form: Form) -> None:
    forms = {shot.solution().network.task.form for shot in make.FORMS[form]}
    assert forms == {form}


@pytest.mark.parametrize("name", make.FORMULAS)
def test_a_formula_of_the_script_is_on_a_sheet(name: str) -> None:
    (section,) = make.FORMULAS[name].sheet().sections
    (working,) = section.parts
    assert isinstance(working, Working)
    assert [line.key for line in working.lines] == [make.FORMULAS[name].key]


def test_the_network_files_of_the_gallery_are_the_examples() -> None:
    examples = [
        "".join(line for line in path.read_text("utf-8").splitlines(keepends=True) if line[0] != "#")
        for path in (HOME / "examples" / "quizzes").glob("*.yaml")
    ]
    gallery = HOME / "docs" / "gallery.md"
    assert set(blocks(gallery, "yaml")) <= set(examples)


def test_every_command_of_the_gallery_names_an_example_that_is_there() -> None:
    commands = "".join(blocks(HOME / "docs" / "gallery.md", "console"))
    for name in re.findall(r"examples/\S+\.yaml", commands):
        assert solve_all(HOME / name)
