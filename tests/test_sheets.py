"""Five hundred sheets of random exercises: nothing runs off a page, stands on something else or is given away.

A hundred exercises, of every form in turn, each at the five levels. Each sheet is printed once, with fields.
"""

from __future__ import annotations

import re
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
from looking import Rectangle, Watch, outside, overlap, watched
from oracles.sheets import kinds
from oracles.tasks import task
from pages import Word, poppler, read, words
from pictures import faults, plainly, said
from test_speech import elements

import handcalc
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Maths
from handcalc.formula.notation import untraced
from handcalc.network.task import FORMS
from handcalc.render.form import key_of
from handcalc.render.text import plain
from handcalc.sheet.asked import Asked
from handcalc.sheet.fade import blanks
from handcalc.sheet.forms.mistake import chosen
from handcalc.sheet.helps import helps
from handcalc.sheet.paper import A4, HALF_A4, LARGE, LETTER, Head, Paper
from handcalc.sheet.parts import Givens, Part, Sheet, Table, Working, in_letters, in_words
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
    names = {*random.sample(lines, min(2, len(lines))), random.choice(givens)}
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
    for picture in pictures(sheet):
        yield from faults(plainly(picture))
    for where, text in texts(sheet, reader, fields, found):
        yield from (f"{one} is given away in {where}" for one in given_away(exercise.solution, level, text))
    yield from disagreements(whole, sheet, Asked(exercise.solution, level))


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
            found.append(Field(number, str(one["/T"]), place, str(one["/TU"]), str(one.get("/V", ""))))
    return found


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
    if solution.network.task.form == "find the mistake" and level < 2:
        slip = chosen(solution)
        there = {digits for line in asked.lines for digits in numbers(str(line))}
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
