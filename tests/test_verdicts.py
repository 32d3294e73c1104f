"""The page of verdicts: every row of its tables is marked, and is said what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from flint import fmpq

from handcalc.formula.languages import english_marks
from handcalc.mark.entries import entries
from handcalc.mark.fits import NEAR
from handcalc.mark.handed_out import HandedOut, read_sheet
from handcalc.mark.judged import Judged, MarkedSheet, judge, marks_text, sentence
from handcalc.mark.reading import is_blank
from handcalc.mark.scheme_file import scheme_in
from handcalc.mark.telling import block_said
from handcalc.mark.verdict import Code

PAGE = Path(__file__).parent.parent / "docs" / "verdicts.md"
CAPTION = re.compile(r"\*\*([a-z-]+\.yaml)\*\*, all other lines (right|blank)(?:, `(marking: {.*})`)?:")
HEADER = "| line | typed | code | marks | what is said |"
THEN = "then "


class Row(NamedTuple):
    """A line of a table: where it stands on the page, and its cells."""

    number: int
    line: str
    typed: str
    code: str
    marks: str
    said: str


class Paper(NamedTuple):
    """What one student hands in: the rows that belong together, and what the caption says of the other lines."""

    network: str
    blank: bool
    scheme: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        return f"line {self.rows[0].number}: {', '.join(f'{row.line} {row.typed}' for row in self.rows)}"


def papers(text: str) -> Iterator[Paper]:
    """What is handed in, row by row; a row that begins with "then" is on the paper of the row before."""
    caption: re.Match[str] | None = None
    rows: list[Row] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        row = row_of(number, line) if line.startswith("| ") and line != HEADER else None
        if rows and not (row and line.startswith(f"| {THEN}")):
            assert caption, f"line {rows[0].number}: a table without a caption"
            yield Paper(caption[1], caption[2] == "blank", caption[3] or "", tuple(rows))
            rows = []
        if row:
            rows.append(row)
        elif line.startswith(("#", "**")):
            caption = CAPTION.fullmatch(line)
            assert caption or line.startswith("#"), f"line {number}: found {line!r}, which says no network"


def row_of(number: int, line: str) -> Row:
    """A line of a table of verdicts."""
    cells = [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    assert len(cells) == 5, f"line {number}: found {len(cells)} cells"
    name, typed, *others = cells
    return Row(number, name.removeprefix(THEN).strip("`"), typed.strip("`"), *others)


def read_networks(text: str, folder: Path) -> dict[str, HandedOut]:
    """The networks of the page, each as its sheet, by the name on its first line."""
    found = {}
    for name, body in re.findall(r"^```yaml\n# ([a-z-]+\.yaml)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        (folder / name).write_text(body, encoding="utf-8")
        found[name] = read_sheet(folder / name)
    return found


def marked(paper: Paper, out: HandedOut) -> MarkedSheet:
    """The paper, marked: the key's values, or nothing, with what the rows say."""
    (sheet,) = out.sheets
    typed = {} if paper.blank else {key: one.value for key, one in sheet.wanted.items()}
    for row in paper.rows:
        keys = keys_of(row, out)
        typed |= zip(keys, entries(row.typed, keys) if len(keys) > 1 else [row.typed], strict=True)
    written = {key: text for key, text in typed.items() if not is_blank(text)}
    return judge(sheet, written, scheme_in(paper.scheme, "scheme.yaml"))


def keys_of(row: Row, out: HandedOut) -> tuple[str, ...]:
    """The key of a line, or those of the entries of a vector or matrix."""
    return out.spellings.called(row.line) or out.spellings.block(row.line)


def verdict(row: Row, out: HandedOut, sheet: MarkedSheet) -> Row:
    """The row as it has to be."""
    (part,) = sheet.parts
    cells = [sheet.by_key[key] for key in keys_of(row, out)]
    whole = [block_said(one) for one in part.blocks if one.block == row.line and len(cells) > 1]
    said = [one for block in whole for one in block] or [cells[0].said]
    marks = marks_text(sum((one.marks for one in cells), fmpq(0)))
    codes = ", ".join(one.code for one in cells)
    return row._replace(code=codes, marks=marks, said=" ".join(sentence(part.solution, one) for one in said))


TEXT = PAGE.read_text(encoding="utf-8")
PAPERS = list(papers(TEXT))
LEAST_MISTAKES = 45
"""Of operations, that are named on the page."""


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, HandedOut]:
    return read_networks(TEXT, tmp_path_factory.mktemp("verdicts"))


@pytest.fixture(scope="module")
def all_marked(handed_out: Mapping[str, HandedOut]) -> dict[Paper, MarkedSheet]:
    return {paper: marked(paper, handed_out[paper.network]) for paper in PAPERS}


@pytest.fixture(scope="module")
def told(handed_out: Mapping[str, HandedOut], all_marked: Mapping[Paper, MarkedSheet]) -> list[Judged]:
    """Every line that the page tells of."""
    return [
        sheet.by_key[key]
        for paper, sheet in all_marked.items()
        for row in paper.rows
        for key in keys_of(row, handed_out[paper.network])
    ]


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_a_row_gets_what_stands_there(
    paper: Paper, handed_out: Mapping[str, HandedOut], all_marked: Mapping[Paper, MarkedSheet]
) -> None:
    for row in paper.rows:
        found = verdict(row, handed_out[paper.network], all_marked[paper])
        assert found == row, f"docs/verdicts.md, line {row.number}: {row.line}, {row.typed}"


def test_the_keys_of_the_page_are_right(handed_out: Mapping[str, HandedOut]) -> None:
    found = re.findall(r"^```key ([a-z-]+\.yaml)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert len(found) > 8
    for name, body in found:
        (sheet,) = handed_out[name].sheets
        said = dict(one.split(" = ") for one in re.split(r"   |\n", body.strip()))
        assert said == {key: one.value for key, one in sheet.wanted.items()}, name


def test_every_network_of_the_page_is_used(handed_out: Mapping[str, HandedOut]) -> None:
    assert {paper.network for paper in PAPERS} == handed_out.keys()


def test_the_page_has_every_code(told: list[Judged]) -> None:
    assert {one.code for one in told} == set(get_args(Code))


def test_the_page_has_what_can_happen_in_any_line(told: list[Judged]) -> None:
    assert {one.mistake.code for one in told if one.mistake and not one.mistake.kind} == set(NEAR)


def test_the_page_has_many_mistakes_of_operations(told: list[Judged]) -> None:
    found = {(one.mistake.kind, one.mistake.code) for one in told if one.mistake and one.mistake.kind}
    assert len(found) >= LEAST_MISTAKES


def test_the_page_has_every_sentence_of_a_verdict() -> None:
    """With letters and numbers of any kind in its holes; three mistakes that give one number are rare."""
    said = "\n".join(row.said for paper in PAPERS for row in paper.rows)
    for name in english_marks.MARKS.keys() - {"mark or"}:
        pieces = [re.escape(piece) for piece in re.split(r"{\w+}", english_marks.MARKS[name])]
        assert re.search(".+".join(pieces), said), name
