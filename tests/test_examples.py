"""Every network that comes with handcalc gives a student sheet, its key and its answers; every form has one."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from handcalc.api import solve_all
from handcalc.commands.starting import folder
from handcalc.network import Network
from handcalc.network.task import FORMS
from handcalc.render.pdf import pdf, pdf_on_one_page
from handcalc.sheet.board import board, pocket
from handcalc.sheet.paper import BOARD
from handcalc.sheet.student import answers, key, student_sheet

FILES = sorted([*folder().glob("*.yaml"), *(folder() / "quizzes").glob("*.yaml")])

HEAD_AND_FOOT = re.compile(r"(Name|ID) ?_*|page \d+ of \d+|Seite \d+ von \d+")


def pages(made: bytes) -> list[str]:
    """The text of each page. `pdf` has raised `Unprintable` already if anything were missing."""
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_gives_a_sheet_its_key_and_its_answers(file: Path) -> None:
    for solution in solve_all(file).values():
        for sheet in (student_sheet(solution), key(solution)):
            found = pages(pdf(sheet))
            assert all(HEAD_AND_FOOT.sub("", page).replace(sheet.title, "").strip() for page in found)
            assert sheet.title in found[0]
        assert len(pages(pdf_on_one_page(answers(solution)))) == 1


@pytest.mark.parametrize("name", ["unwell", "circuit", "fruit"])
def test_an_example_gives_a_board_and_what_to_have_at_hand(name: str) -> None:
    (solution,) = solve_all(folder() / f"{name}.yaml").values()
    shown = len(board(solution).sections)
    assert shown <= len(pages(pdf(board(solution), BOARD))) <= shown + 1  # the picture may have a page of its own
    assert len(pages(pdf_on_one_page(pocket(solution)))) == 1


def test_every_form_has_an_example() -> None:
    used = {one.task.form for file in (folder() / "quizzes").glob("*.yaml") for one in _networks(file)}
    assert used == set(FORMS)


def test_every_level_has_an_example() -> None:
    assert [one.task.level for one in _networks(folder() / "quizzes" / "sleep.yaml")] == [0, 1, 2, 3, 4]


def _networks(file: Path) -> list[Network]:
    return [solution.network for solution in solve_all(file).values()]
