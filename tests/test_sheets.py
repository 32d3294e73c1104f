"""Five hundred sheets of random exercises: nothing runs off a page, stands on something else or is given away.

A hundred exercises, of every form in turn, each at the five levels. Each sheet is printed once, with fields.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pypdf
import pytest
from leaks import NUMBER, leaks, printed
from looking import Printed, Rectangle, Thing, Watch, inside, outside, overlap, watched
from oracles.sheets import kinds
from oracles.tasks import task
from pages import Word, poppler, read, words
from pictures import faults, plainly, said
from test_html import opened
from test_latex import compiled, complaints
from test_speech import elements

import handcalc
from handcalc.derive.slip import with_slip
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Blank, Digits, Fraction, Maths
from handcalc.formula.notation import untraced
from handcalc.network.task import FORMS
from handcalc.render.form import key_of
from handcalc.render.html import fragment
from handcalc.render.latex import latex
from handcalc.render.pdf import pdf
from handcalc.render.text import plain
from handcalc.render.typeset.boxes import Box, Rule, marks
from handcalc.render.typeset.layout import typeset
from handcalc.sheet.asked import Asked
from handcalc.sheet.choices import few, options
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import blanks
from handcalc.sheet.forms.mistake import chosen
from handcalc.sheet.helps import helps
from handcalc.sheet.paper import A4, HALF_A4, LARGE, LETTER, Head, Paper
from handcalc.sheet.parts import Givens, Part, Say, Sheet, Table, Working, in_letters, in_words
from handcalc.sheet.picture import Label, Picture
from handcalc.sheet.student import key, student_sheet
from handcalc.write import rendered

EXERCISES, LEVELS = range(100), range(5)
PAPERS = (A4, LETTER, replace(HALF_A4, copies=1), replace(A4, type=LARGE))
DIMENSION = re.compile(r"\(-?[\d.]+,-?[\d.]+\)|-?[\d.]+(?:bp|em|pt|mm)|black!\d+")
"""What LaTeX draws with."""


@dataclass(frozen=True)
class Exercise:
    """A random exercise, and what it is printed on."""

    number: int
    form: str
    solution: Solution

    @property
    def paper(self) -> Paper:
        return replace(PAPERS[self.number // len(FORMS) % len(PAPERS)], head=Head(name=True))

    @property
    def tagged(self) -> bool:
        return self.number % 2 == 0


def exercise(number: int) -> Exercise:
    """The exercise of this number: the first of its form that isn't refused."""
    form = FORMS[number % len(FORMS)]
    for seed in range(number, 10_000, len(EXERCISES)):
        made, random = task(seed, form, kinds()), Random(seed)
        try:
            solution = handcalc.solve(made)
            if form not in ("find the mistake", "factors") and random.random() < 0.3:
                solution = handcalc.solve(made | {"ask": some(solution, random)})
            key(solution)
        except HandcalcError:
            continue
        return Exercise(number, form, solution)
    raise AssertionError(f"every {form} is refused")


def some(solution: Solution, random: Random) -> dict[str, int]:
    """Lines and givens to be asked for, each with its marks."""
    asked = Asked(solution)
    lines, givens = [line.key for line in asked.lines], sorted(q.key for q in asked.givens)
    names = {*random.sample(lines, min(2, len(lines)))}
    if solution.network.task.form != "multiple choice":
        names |= {random.choice(givens)}
    return {name: random.randint(1, 3) for name in sorted(names)}


# What is wrong with a sheet


def wrong(exercise: Exercise, level: int, watch: Watch, whole: Sheet) -> Iterator[str]:
    """Everything that is wrong with the sheet of a level; `whole` is the key."""
    sheet = student_sheet(exercise.solution, level)
    print_ = watch.printed(sheet, exercise.paper, fields=True, tagged=exercise.tagged)
    yield from print_.faults(exercise.paper)
    with TemporaryDirectory() as folder:
        found = words(print_.data, Path(folder))
    reader = read(print_.data)
    fields = fields_of(reader, exercise.paper)
    yield from of_fields(fields, exercise.paper, sheet, found)
    if level == 1 + exercise.number % 3:
        yield from not_read_back(reader, exercise.solution)
    for picture in pictures(sheet):
        yield from faults(plainly(picture))
    asked = Asked(exercise.solution, level)
    if asked.chosen:
        for where, text in texts(sheet, reader, fields, found):
            yield from (f"{one} is given away in {where}" for one in given_away(exercise.solution, level, text))
    yield from disagreements(whole, sheet, asked)


def of_fields(fields: list[Field], paper: Paper, sheet: Sheet, found: list[Word]) -> Iterator[str]:
    """Fields off the page, on each other, on words or missing; and words off the page."""
    by_page: dict[int, list[Rectangle]] = {}
    for one in fields:
        by_page.setdefault(one.page, []).append(one.place)
        if outside(one.place, paper):
            yield f"the field {one.name} outside"
    for places in by_page.values():
        yield from (f"fields at {one} and {other}" for one, other in combinations(places, 2) if overlap(one, other))
    for word in found:
        place = word.left, word.top, word.right, word.bottom
        if outside(place, paper, touch=1):
            yield f"{word} outside"
        middle = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        yield from (f"{word} in a field" for x1, y1, x2, y2 in by_page.get(word.page, ())
                    if x1 < middle[0] < x2 and y1 < middle[1] < y2)  # fmt: skip
    keys = {key_of(one.name) for one in fields} - {"student name", "student ID"}
    if keys != set(blanks(sheet)):
        yield f"fields for {keys}, blanks for {blanks(sheet)}"


@dataclass(frozen=True)
class Field:
    page: int
    name: str
    place: Rectangle
    said: str
    value: str


def fields_of(reader: pypdf.PdfReader, paper: Paper) -> list[Field]:
    found = []
    for number, page in enumerate(reader.pages, 1):
        for one in (annotation.get_object() for annotation in page.get("/Annots", ())):
            left, bottom, right, top = map(float, one["/Rect"])
            place = left, paper.height - top, right, paper.height - bottom
            named = one if "/T" in one else one["/Parent"].get_object()  # boxes to tick are a field together
            found.append(Field(number, str(named["/T"]), place, str(one["/TU"]), str(one.get("/V", ""))))
    return found


def not_read_back(reader: pypdf.PdfReader, solution: Solution) -> Iterator[str]:
    """Fields that were filled with the numbers of the key, and say something else."""
    typed = {name: answer(solution, key_of(name)) for name in reader.get_fields() or {}}
    writer, filled = pypdf.PdfWriter(clone_from=reader), io.BytesIO()
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, typed, auto_regenerate=False)
    writer.write(filled)
    back = {name: str(field.get("/V")) for name, field in (read(filled.getvalue()).get_fields() or {}).items()}
    if back != typed:
        yield f"typed {typed}, read back {back}"


def answer(solution: Solution, key: str) -> str:
    """The number of the key, or the letter to tick; of what has neither, words."""
    if solution.network.task.form == "multiple choice" and key in solution:
        return next(f"/{one.letter}" for one in options(solution, solution.quantity(key)) if one.right)
    for worked in solution.passes:
        for slot, q in enumerate(worked.program.slots.quantities):
            if q.key == key:
                return worked.printed.decimal[slot] or worked.printed.operand[slot]
    return f"what {key} is"


def pictures(sheet: Sheet) -> Iterator[Picture]:
    yield from (part for part in parts(in_letters(sheet)) if isinstance(part, Picture))


def parts(sheet: Sheet) -> Iterator[Part]:
    yield from (*sheet.parts, *(part for section in sheet.sections for part in section.parts))


def texts(sheet: Sheet, reader: pypdf.PdfReader, fields: list[Field], found: list[Word]) -> Iterator[tuple[str, str]]:
    """Every place in which a value could stand, and what stands there."""
    yield "the page", " ".join(word.text for word in found)
    root: Any = reader.trailer["/Root"]
    said_of = root["/Metadata"].get_data().decode() if "/Metadata" in root else ""
    yield "the metadata", f"{dict(reader.metadata or {})} {said_of}"
    yield "the fields", " ".join(f"{one.name} {one.said} {one.value}" for one in fields)
    if "/StructTreeRoot" in root:
        yield "the alternative text", " ".join(str(one.get("/Alt", "")) for one in elements(reader))
    labels = (said(mark) for one in pictures(sheet) for mark in one.marks if isinstance(mark, Label))
    yield "the picture", " ".join([*labels, *(one.alt for one in pictures(sheet))])
    yield "the text", str(rendered(sheet, "text"))
    yield (
        "the LaTeX",
        DIMENSION.sub("", str(rendered(sheet, "latex")).partition(r"\begin{document}")[2]).replace("{,}", ","),
    )
    page = re.sub("(?s)<style>.*?</style>", "", str(rendered(sheet, "html")))
    page += " ".join(re.findall(r'(?:title|alt|aria-\w+|data-\w+)="([^"]*)"', page))
    yield "the HTML", re.sub("<[^>]*>", " ", page)


def given_away(solution: Solution, level: int, text: str) -> set[str]:
    """The hidden quantities of which the value stands in `text`, but for the one place in a table of values."""
    asked, left = Asked(solution, level), Counter(numbers(text))
    left -= Counter(in_table_of_values(solution))
    if solution.network.task.form == "multiple choice":
        left -= Counter(in_options(solution))
    if solution.network.task.form == "find the mistake" and level < 2:
        slip = chosen(solution)
        wrong = with_slip(solution, slip).passes
        there = {digits for one in wrong for q in one.program.slots.quantities for digits in printed(one, q)}
        right = printed(solution.first, slip.quantity) - there
        return {f"the right {slip.key}"} if right & set(left) else set()
    return leaks(solution, (q.key for q in asked.made if asked.hidden(q)), " ".join(left))


def numbers(text: str) -> Iterator[str]:
    return (digits.replace(",", ".") for digits in NUMBER.findall(text))


@cache
def in_table_of_values(solution: Solution) -> tuple[str, ...]:
    """The arguments and the values, each as often as it stands there."""
    tables = (part for section in helps(solution) for part in section.parts if isinstance(part, Table))
    cells = (cell for table in tables for row in (table.header, *table.rows) for cell in row)
    return tuple(one for cell in cells for word in in_words(cell) if isinstance(word, Maths)
                 for one in numbers(plain(untraced(word))))  # fmt: skip


@cache
def in_options(solution: Solution) -> tuple[str, ...]:
    """What may be chosen, each as often as it stands there."""
    asked = [*Asked(solution).named] or few(solution)
    return tuple(one.text.lstrip("-") for q in asked for one in options(solution, q))


def disagreements(whole: Sheet, sheet: Sheet, asked: Asked) -> Iterator[str]:
    """Where the sheet doesn't have the lines of its key, in their order; nor its tables and givens."""
    ours, theirs = lines(sheet), lines(whole)
    rest = iter(theirs)
    if not all(one in rest for one in ours):
        yield f"lines in another order: {ours}"
    if asked.level < 4 and asked.listed is None and ours != theirs:
        yield f"lines that are missing: {set(theirs) - set(ours)}"
    if asked.level < 4 and shapes(sheet) != shapes(whole):
        yield f"tables {shapes(sheet)}, and on the key {shapes(whole)}"


def lines(sheet: Sheet) -> list[str]:
    return [line.key for part in parts(sheet) if isinstance(part, Working) for line in part.lines]


def shapes(sheet: Sheet) -> list[tuple[int, ...]]:
    """Rows and columns of each table, rows of each list of givens."""
    return [(len(part.rows), len(part.header)) if isinstance(part, Table) else (len(part.rows),)
            for part in parts(sheet) if isinstance(part, Table | Givens)]  # fmt: skip


# All of them


@dataclass(frozen=True)
class Found:
    form: str
    sheets: int
    wrong: tuple[str, ...]


def looked_at(number: int) -> Found:
    """An exercise at all levels."""
    one = exercise(number)
    whole = key(one.solution)
    with watched() as watch:
        faults = [f"level {level}: {what}" for level in LEVELS for what in wrong(one, level, watch, whole)]
    return Found(one.form, len(LEVELS), tuple(faults))


@pytest.fixture(scope="module")
def found() -> Mapping[int, Found]:
    """By number, worked by two processes."""
    with ProcessPoolExecutor(2, get_context("spawn")) as workers:
        return dict(zip(EXERCISES, workers.map(looked_at, EXERCISES), strict=True))


@poppler
def test_there_are_five_hundred_sheets_of_all_forms(found: Mapping[int, Found]) -> None:
    assert sum(one.sheets for one in found.values()) == 500
    assert {one.form for one in found.values()} == set(FORMS)


@poppler
@pytest.mark.parametrize("number", EXERCISES)
def test_nothing_is_wrong_with_the_sheets_of(number: int, found: Mapping[int, Found]) -> None:
    assert found[number].wrong == ()


# What is looked at in a few of them


def sample() -> Iterator[tuple[Exercise, Sheet]]:
    """An exercise of each form, at one of the levels with blanks."""
    for number in range(len(FORMS)):
        one = exercise(number)
        yield one, student_sheet(one.solution, 1 + number % 3)


def bytes_of_all() -> str:
    """A fingerprint of each file of the sample."""
    found = []
    for one, sheet in sample():
        made = [pdf(sheet, one.paper, fields=True, tagged=one.tagged)]
        made += [str(rendered(sheet, wanted)).encode() for wanted in ("text", "latex", "html")]
        found.append(f"{one.form} {[hashlib.sha256(data).hexdigest() for data in made]}")
    return "\n".join(found)


def test_the_same_bytes_come_from_two_processes_with_other_hash_seeds() -> None:
    program = "import sys; sys.path.insert(0, 'tests'); from test_sheets import *; print(bytes_of_all())"
    root = Path(__file__).parent.parent
    processes = [
        subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=root,
                         stdout=subprocess.PIPE, text=True)
        for seed in ("1", "2")
    ]  # fmt: skip
    one, other = (process.communicate(timeout=300)[0] for process in processes)
    assert one.count("\n") == len(FORMS)
    assert one == other


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_latex_sets_a_sheet_without_an_overfull_line(number: int, tmp_path: Path) -> None:
    sheet = student_sheet(exercise(number).solution, 1 + number % 3)
    tex = latex(sheet)
    assert not blanks(sheet) or r"\blank{" in tex
    assert complaints(compiled(tex, tmp_path)) == []


@pytest.mark.parametrize("width", [1000, 420])
def test_a_browser_shows_the_sheets_and_their_blanks(width: int, tmp_path: Path) -> None:
    sheets = [sheet for _, sheet in sample()]
    page = "<!doctype html><html lang=en><title>Sheets</title><body>{}</body>"
    page = page.format("".join(f"<main>{fragment(sheet)}</main>" for sheet in sheets))
    measured, said = opened(page, width, tmp_path)
    seen = json.loads(measured)
    assert said == ""
    assert (seen["scroll"], seen["wide"], seen["flat"], seen["hidden"]) == (0, [], 0, 0)
    assert seen["blanks"] == page.count('class="blank') >= sum(len(blanks(sheet)) for sheet in sheets) > 0


# Each check finds what it is there for


SIGMOIDS: dict[str, Any] = {
    "inputs": [1.5, 2],
    "layers": [
        {"sigmoid": [[0.3, -0.2], [0.5, 0.7]], "bias": [0.1, -0.4]},
        {"linear": [[0.6, -0.9]]},
    ],
    "target": [0.8],
    "loss": "half squared error",
}


@poppler
def test_what_is_hidden_is_noticed_wherever_it_stands(tmp_path: Path) -> None:
    solution = handcalc.solve(SIGMOIDS)
    whole = replace(compose(solution), title=f"Find {solution['L'].decimal()}")
    data = pdf(whole, tagged=True)
    field = Field(1, "L", (0, 0, 1, 1), "", solution["L"].decimal())
    places = dict(texts(whole, read(data), [field], words(data, tmp_path)))
    assert list(places) == [
        "the page", "the metadata", "the fields", "the alternative text", "the picture", "the text", "the LaTeX",
        "the HTML",
    ]  # fmt: skip
    found = {where: given_away(solution, 2, text) for where, text in places.items()}
    assert found["the metadata"] == found["the fields"] == {"L"}
    assert {"a1[1]", "a1[2]"} <= found["the picture"]
    for where in ("the page", "the alternative text", "the text", "the LaTeX", "the HTML"):
        assert {"z1[1]", "a1[1]", "L", "dL/dW1[1,1]"} <= found[where], where


def test_a_value_in_the_table_of_values_is_given_away_where_it_stands_once_more() -> None:
    solution = handcalc.solve(SIGMOIDS | {"calculator": "no"})
    text = str(rendered(student_sheet(solution, 2), "text"))
    value = solution["a1[2]"].decimal()
    assert value in in_table_of_values(solution)
    assert given_away(solution, 2, text) == set()
    assert "a1[2]" in given_away(solution, 2, f"{text} {value}")


def test_what_stands_on_something_else_or_off_the_page_is_noticed() -> None:
    thing, box = Thing(1, "a", (100, 100, 150, 110)), typeset(Fraction(Digits("1"), Blank("q")), 10.0)
    assert Printed(b"", [thing, Thing(2, "b", thing.place)], {"f": box}).faults(A4) == []
    assert len(Printed(b"", [thing, Thing(1, "b", (149, 109, 180, 120))], {}).faults(A4)) == 1
    assert len(Printed(b"", [Thing(1, "b", (500, 109, 580, 120))], {}).faults(A4)) == 1
    for x, y, mark in marks(box):
        if not isinstance(mark, Rule):
            other = Box(9, 9, 9, (*box.parts, (x + 1, y + 1, Rule(20, 1))))
            assert any(one.startswith(type(mark).__name__) for one in inside(other)), mark


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_line_that_is_missing_or_elsewhere_is_noticed(level: int) -> None:
    solution = handcalc.solve(SIGMOIDS)
    whole, sheet = key(solution), student_sheet(solution, level)
    asked = Asked(solution, level)
    assert list(disagreements(whole, sheet, asked)) == []
    assert len(list(disagreements(whole, replace(sheet, sections=sheet.sections[:2]), asked))) == 1
    assert len(list(disagreements(whole, replace(sheet, sections=sheet.sections[::-1]), asked))) == 2


@poppler
def test_a_field_in_the_wrong_place_is_noticed() -> None:
    def field(*place: float) -> Field:
        return Field(1, "z1[1]", place, "", "")  # type: ignore[arg-type]

    sheet, place = Sheet("", (Say((Blank("z1[1]"),)),), ()), (100.0, 100.0, 150.0, 120.0)
    assert list(of_fields([field(*place)], A4, sheet, [])) == []
    assert len(list(of_fields([field(*place), field(140, 110, 170, 130)], A4, sheet, []))) == 1
    assert len(list(of_fields([field(20, 110, 60, 130)], A4, sheet, []))) == 1
    assert len(list(of_fields([field(*place)], A4, sheet, [Word(1, "x", 140, 105, 148, 115)]))) == 1
    assert len(list(of_fields([], A4, sheet, []))) == 1
