"""The sheets of all variants of a quiz lie alike, whatever their numbers are."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pages import read

from handcalc.api import solve_all
from handcalc.derive.solution import NO_ROOMS, Rooms, Solution
from handcalc.formula.maths import Blank, Digits, Fenced, Matrix, Operator, Row, Shown
from handcalc.formula.notation import number, spaced, untraced
from handcalc.formula.quantity import read_key
from handcalc.render.html import html
from handcalc.render.latex import latex
from handcalc.render.pdf import boxes, pages, pdf
from handcalc.render.text import text
from handcalc.render.typeset.layout import typeset
from handcalc.sheet.paper import A4, HALF_A4, Head, Paper
from handcalc.sheet.parts import Sheet
from handcalc.sheet.rooms import rooms_of, roomy
from handcalc.sheet.several import several
from handcalc.sheet.student import key, student_sheet

EXAMPLES = Path(__file__).parent.parent / "examples"
WIDTHS = (
    "-0.71",
    "2",
    "0.53",
    "3",
    "-3/7",
    "-0.3",
    "1.9",
    "-12.4",
    "0.87",
    "-1.13",
    "10",
    "1.1",
    "-0.47",
    "2.3",
    "-1/4",
)
DECIMALS = tuple(one for one in WIDTHS if "/" not in one)
PICTURE = re.compile(r"<figure.*?</figure>|\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}", re.DOTALL)
PAPER = replace(A4, head=Head(name=True))


def filled(given: object, dice: random.Random, texts: tuple[str, ...]) -> Any:
    """`given` with another number in place of each."""
    match given:
        case list():
            return [filled(one, dice, texts) for one in given]
        case dict():
            return {name: filled(one, dice, texts) for name, one in given.items()}
    return dice.choice(texts)


@cache
def variants(
    name: str, count: int, texts: tuple[str, ...] = WIDTHS, form: str = "", more: str = "{}"
) -> list[Solution]:
    source = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text("utf-8")) | yaml.safe_load(more)
    dice = random.Random(3)
    found: list[Solution] = []
    for _ in range(count):
        layers = [
            {key: filled(one, dice, texts) if key != "classes" else one for key, one in layer.items()}
            for layer in source["layers"]
        ]
        made = source | {"inputs": filled(source["inputs"], dice, texts), "layers": layers}
        found += solve_all(made, form=form or None).values()
    return found


def sheets(solutions: list[Solution], level: int | None = None) -> list[Sheet]:
    rooms = rooms_of(solutions, level)
    return [student_sheet(one.with_rooms(rooms), level) for one in solutions]


def layouts(made: list[Sheet], paper: Paper = PAPER) -> set[object]:
    printed = [pages(one, paper) for one in made]
    return {(one.pages, one.blanks) for one in printed}


@pytest.mark.parametrize("name", ["one-neuron", "house-price", "training"])
def test_forty_variants_lie_alike(name: str) -> None:
    count = 40 if name == "one-neuron" else 6
    assert len(layouts(sheets(variants(name, count)))) == 1


def test_without_rooms_they_do_not() -> None:
    assert len(layouts([student_sheet(one) for one in variants("one-neuron", 6)])) > 1


@pytest.mark.parametrize("level", [1, 3, 4])
def test_they_lie_alike_at_each_level(level: int) -> None:
    made = sheets(variants("house-price", 5, DECIMALS), level)
    assert len(layouts(made)) == 1
    assert bool(boxes(made[0])) == (level < 4)


@pytest.mark.parametrize("form", ["tables", "matrices", "lettered parts", "one blank", "factors", "letters first"])
def test_they_lie_alike_in_each_form(form: str) -> None:
    assert len(layouts(sheets(variants("two-outputs", 4, DECIMALS, form)))) == 1


@pytest.mark.parametrize("form", ["steps", "one blank", "follow along"])
def test_they_lie_alike_in_rounded_carry(form: str) -> None:
    made = sheets(variants("house-price", 5, DECIMALS, form, "{rounding: {carry: rounded}}"))
    assert len(layouts(made)) == 1


def test_they_lie_alike_with_a_decimal_comma_and_on_half_a_page() -> None:
    assert len(layouts(sheets(variants("hauspreis", 5)), replace(HALF_A4, copies=1))) == 1


def test_questions_keep_their_rooms() -> None:
    one, two = sheets(variants("one-neuron", 4)), sheets(variants("house-price", 4))
    comma = [replace(sheet, notation=replace(sheet.notation, decimal="comma")) for sheet in two]
    for others in (two, comma):
        made = [several([("", a), ("", b)], "Two") for a, b in zip(one, others, strict=True)]
        assert len(layouts(made)) == 1


def test_numbers_and_words_are_the_same_as_without_rooms() -> None:
    solutions = variants("house-price", 4)
    for one, made in zip(solutions, sheets(solutions), strict=True):
        alone = student_sheet(one)
        assert text(made) == text(alone)
        assert PICTURE.sub("", html(made)) == PICTURE.sub("", html(alone))
        assert PICTURE.sub("", latex(made)) == PICTURE.sub("", latex(alone))
        said, plain = ("".join(read(pdf(sheet)).pages[0].extract_text().split()) for sheet in (made, alone))
        assert sorted(said) == sorted(plain)


def test_a_key_has_no_rooms() -> None:
    one = variants("house-price", 1)[0]
    assert not key(one.with_rooms(rooms_of([one]))).roomy


def test_what_a_sheet_says_of_rounding_others_say_too() -> None:
    file = {"layers": [{"sigmoid": [[1]], "bias": [0]}], "rounding": {"carry": "rounded"}}
    one, other = (solve_all({"inputs": [x], **file})[""] for x in ("0.5", "-12"))
    rooms = rooms_of([one, other])
    assert rooms.sentences == {"kept figures"}
    assert "would round to 0" not in " ".join(text(student_sheet(one)).split())
    assert "would round to 0" in " ".join(text(student_sheet(one.with_rooms(rooms))).split())


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_how_lines_are_written_exactly_is_said_where_lines_are_worked(level: int) -> None:
    (one,) = solve_all({"inputs": [1], "layers": [{"sigmoid": [[1]], "bias": [0]}]}).values()
    roomy = one.with_rooms(Rooms({}, frozenset({"exact lines"})))
    assert ("Where no number of digits" in text(student_sheet(roomy, level))) == (level < 2)
    assert "Where no number of digits" in text(key(roomy))


def test_rooms_are_shapes_and_no_digits_of_a_student() -> None:
    rooms = rooms_of(variants("one-neuron", 3))
    assert set("".join(one for texts in rooms.widest.values() for one in texts)) <= set("89.-−/…")
    assert NO_ROOMS["x[1]"] == ()


def shown(digits: str, *widest: str) -> Shown:
    return Shown(read_key("x[1]"), number(digits), widest=tuple(map(number, widest)))


def test_a_place_is_as_large_as_the_largest() -> None:
    tall, wide = typeset(number("3/7"), 10), typeset(number("-12.5"), 10)
    for digits in ("2", "-12.5", "3/7"):
        box = typeset(shown(digits, "2", "-12.5", "3/7"), 10)
        assert (box.width, box.height, box.depth) == (wide.width, tall.height, tall.depth)


def test_beside_a_blank_each_number_has_its_place_and_elsewhere_the_whole() -> None:
    plus, blank = Operator("+"), Blank("z")
    for row in ((shown("2", "-12.5"), plus, Digits("1")), (shown("2", "-12.5"), plus, blank)):
        wide = (Row((number("-12.5"), *row[1:])), Row((shown("-12.5", "2"), *row[1:])))
        assert {round(typeset(Row(row), 10).width, 6)} == {round(typeset(one, 10).width, 6) for one in wide}
    close = typeset(Row((shown("2", "-12.5"), plus, Digits("1"))), 10)
    assert [x for x, *_ in close.parts] == [x for x, *_ in typeset(Row((Digits("2"), plus, Digits("1"))), 10).parts]


def test_a_column_of_a_matrix_has_room_for_all_at_their_points() -> None:
    cells = [("10", "0.75"), ("0.75", "10"), ("10", "10"), ("0.75", "0.75")]
    made = [Matrix(tuple((shown(one, "10", "0.75"),) for one in column)) for column in cells]
    plain = Matrix(tuple((number(one),) for one in cells[0]))
    assert {round(typeset(one, 10).width, 6) for one in made} == {round(typeset(plain, 10).width, 6)}


def test_a_room_counts_the_fence_where_a_number_is_not_alone() -> None:
    rooms = Rooms({"x[1]": ("-8.8",)})
    alone, beside = roomy(shown("2"), rooms), roomy(Row((Digits("3"), Operator("·"), shown("2"))), rooms)
    assert isinstance(alone, Shown)
    assert alone.widest[0] == number("-8.8")
    assert isinstance(beside, Row)
    assert isinstance(beside.items[2], Shown)
    assert all(isinstance(one, Fenced) for one in beside.items[2].widest)
    assert untraced(alone) == Digits("2")
    assert spaced(alone) == alone
    assert spaced(shown("2")) == Digits("2")


def test_boxes_say_page_key_and_place() -> None:
    found = boxes(student_sheet(variants("one-neuron", 1)[0]), PAPER)
    assert found[0].key == "z[1]"
    assert {one.page for one in found} == {1, 2}
    for one in found:
        assert PAPER.left <= one.x < one.x + one.width <= PAPER.width - PAPER.right + 0.1
        assert PAPER.top <= one.y < one.y + one.height <= PAPER.height - PAPER.bottom
