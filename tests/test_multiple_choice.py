"""Multiple choice: four numbers for each line that is asked, of which one is right and the others are mistakes."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from math import exp
from random import Random
from typing import Any

import pypdf
import pytest
from leaks import branded
from oracles.networks import network
from oracles.sheets import kinds
from pages import read

import handcalc
from handcalc.derive.slip import slips, with_slip
from handcalc.derive.solution import Solution
from handcalc.derive.tolerance import accepted_over
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Blank
from handcalc.formula.notation import marks_in
from handcalc.formula.number import read_number
from handcalc.network.task import FORMS
from handcalc.render.form import key_of
from handcalc.render.html import html
from handcalc.render.latex import latex
from handcalc.render.pdf import pdf
from handcalc.render.text import text, words
from handcalc.sheet.asked import Asked
from handcalc.sheet.choices import Option, few, options
from handcalc.sheet.fade import blanks, formulas
from handcalc.sheet.parts import Room, Section, Working
from handcalc.sheet.student import answers, key, student_sheet

BALLOON: dict[str, Any] = {
    "title": "Balloon",
    "inputs": [0.5, 1.2],
    "layers": [
        {"sigmoid": [[-0.8, 0.5], [0.4, 0.6]], "bias": [0.3, -0.7]},
        {"sigmoid": [[1.5, -1]], "bias": 0.2},
    ],
    "target": 1,
    "loss": "half squared error",
    "learning rate": 0.5,
    "form": "multiple choice",
}
SEEDS = range(24)


def solved(**more: Any) -> Solution:
    return handcalc.solve(BALLOON | more)


def of(solution: Solution, key: str) -> tuple[Option, ...]:
    return options(solution, solution.quantity(key))


def by_code(solution: Solution, key: str) -> dict[str, float]:
    """What each mistake leads to; the right value under ``""``, and no known mistake under ``?``."""
    return {one.code or "?" * (not one.right): float(one.text) for one in of(solution, key)}


def random(seed: int) -> Solution:
    return handcalc.solve(network(seed, kinds(), most_parameters=20) | {"form": "multiple choice"})


# The options


def test_what_stands_beside_a_weighted_sum_is_what_mistakes_there_lead_to() -> None:
    found = by_code(solved(), "z1[1]")
    assert found[""] == pytest.approx(-0.8 * 0.5 + 0.5 * 1.2 + 0.3)
    assert found["bias-forgotten"] == pytest.approx(-0.8 * 0.5 + 0.5 * 1.2)
    assert found["transposed-forward"] == pytest.approx(-0.8 * 0.5 + 0.4 * 1.2 + 0.3)
    assert found["?"] == -found[""]


def test_what_stands_beside_an_activation_is_what_mistakes_there_lead_to() -> None:
    found = by_code(solved(), "a1[1]")
    assert found == pytest.approx(
        {
            "": 1 / (1 + exp(-0.5)),
            "exponent-sign": 1 / (1 + exp(0.5)),
            "activation-left-out": 0.5,
            "parentheses-missing": 1 / 1 + exp(-0.5),
        },
        abs=5e-5,
    )


def test_what_stands_beside_a_slope_is_what_mistakes_there_lead_to() -> None:
    a1, a2 = 1 / (1 + exp(-0.5)), 1 / (1 + exp(-0.22))
    y = 1 / (1 + exp(-(1.5 * a1 - a2 + 0.2)))
    delta = (y - 1) * y * (1 - y)
    assert by_code(solved(), "dL/dW2[1,2]") == pytest.approx(
        {
            "": delta * a2,
            "outer-product-transposed": delta * a1,
            "input-of-another-layer": delta * 0.22,  # z for a
            "local-missing": delta,
        },
        abs=5e-5,
    )


def test_a_line_with_few_mistakes_of_its_own_takes_those_of_the_lines_before() -> None:
    found = {one.text: one for one in of(solved(), "L")}
    z2 = 1.5 / (1 + exp(-0.5)) - 1 / (1 + exp(-0.22)) + 0.2
    carried = found[f"{(z2 - 1) ** 2 / 2:.4f}"]
    assert carried.slip is not None
    assert (carried.slip.key, carried.code) == ("yhat[1]", "activation-left-out")
    assert words(carried.sentence()) == "in the line of yhat[1]: the activation is left out"


def test_what_no_known_mistake_leads_to_says_so() -> None:
    (one,) = (one for one in of(solved(), "z1[1]") if not one.right and not one.code)
    assert words(one.sentence()) == "no known mistake"
    assert words(one.sentence("de")) == "kein bekannter Fehler"


@pytest.mark.parametrize("seed", SEEDS)
def test_one_of_four_options_is_accepted_and_no_two_are_alike(seed: int) -> None:
    solution = random(seed)
    accepted = accepted_over(solution.passes)
    for q in few(solution):
        found = options(solution, q)
        assert [one.letter for one in found] == list("ABCD")
        numbers = [read_number(one.text).value for one in found]
        assert len(set(numbers)) == 4
        assert [accepted[q].holds(x) for x in numbers] == [one.right for one in found]
        assert sum(one.right for one in found) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mistake_leads_to_what_its_solution_prints_and_those_at_the_line_come_first(seed: int) -> None:
    solution = random(seed)
    every = slips(solution)
    for q in few(solution):
        wrong = [one for one in options(solution, q) if not one.right]
        for one in wrong:
            if one.slip is not None:
                worked, slot = with_slip(solution, one.slip).find(q)
                assert one.text == worked.printed.result[slot][-1][1]
        here = [one for one in wrong if one.slip and one.slip.quantity == q]
        assert len(here) == min(len([slip for slip in every if slip.quantity == q]), 3)


def test_the_order_hangs_on_the_givens_and_on_nothing_else() -> None:
    first, second = (of(solved(), "z1[1]") for _ in range(2))
    assert first == second
    german = of(solved(language="de", notation={"decimal": "comma"}), "z1[1]")
    assert [one.text for one in german] == [one.text for one in first]


def test_each_letter_is_right_about_as_often() -> None:
    right = Counter(
        one.letter
        for n in range(1, 81)
        for solution in [solved(inputs=[n / 100, 1.2], show=["forward"])]
        for one in of(solution, "z1[1]")
        if one.right
    )
    assert set(right) == set("ABCD")
    assert max(right.values()) < 35


def test_letters_have_no_options() -> None:
    with pytest.raises(HandcalcError, match="options are numbers"):
        student_sheet(handcalc.solve(BALLOON | {"inputs": ["x1", 1.2], "letters": "x1"}))


def test_what_is_given_is_no_question() -> None:
    with pytest.raises(HandcalcError, match=r"W1\[1,2\]"):
        student_sheet(solved(ask=["W1[1,2]"]))


# What is asked


def test_without_being_told_it_asks_a_line_of_each_kind() -> None:
    asked = [q.key for q in few(solved(show=["forward", "loss", "gradients", "update"]))]
    assert asked == ["z1[1]", "a1[1]", "L", "dL/dW2[1,2]", "dL/dW1[1,2]", "W1[u=1][1,1]"]


CLASSES = ["sparrow", "blackbird", "robin"]
NETWORKS: dict[str, dict[str, Any]] = {
    "two layers": BALLOON,
    "relu": BALLOON
    | {"layers": [{"relu": [[1, 1], [1, 1]], "bias": [1, 1]}, {"linear": [[1, 1], [1, 1]], "bias": [1, 1]}]}
    | {"target": [1, 2]},
    "classes": BALLOON
    | {"layers": [{"softmax": [[1, 1], [1, 1], [1, 1]], "bias": [1, 1, 1], "classes": CLASSES}]}
    | {"target": "robin", "loss": "cross-entropy"},
    "right class": BALLOON
    | {"layers": [{"softmax": [[1, 1], [1, 1], [1, 1]], "bias": [1, 1, 1], "classes": CLASSES}]}
    | {"target": "robin", "loss": {"cross-entropy": {"form": "right class"}}},
}


def variant(given: Any, dice: Random) -> Any:
    """`given` with another number in place of each, and another class."""
    match given:
        case dict():
            return {name: one if name == "classes" else variant(one, dice) for name, one in given.items()}
        case list():
            return [variant(one, dice) for one in given]
        case int() | float():
            return dice.choice([0, 1, -1, dice.randrange(-15, 16) / 10])
    return dice.choice(CLASSES) if given in CLASSES else given


@pytest.mark.parametrize("name", NETWORKS)
def test_every_variant_of_a_network_asks_the_same_lines(name: str) -> None:
    dice, more = Random(3), {"learning rate": 0.5, "show": ["forward", "loss", "gradients", "update"]}
    solutions = (handcalc.solve(variant(NETWORKS[name], dice) | more) for _ in range(30))
    assert len({tuple(q.key for q in few(one)) for one in solutions}) == 1


def test_it_asks_what_the_file_names_each_for_its_marks() -> None:
    solution = solved(ask={"z1": 1, "L": 3})
    assert {q.key: marks for q, marks in Asked(solution).chosen.items()} == {"z1[1]": 1, "z1[2]": 1, "L": 3}
    said = text(student_sheet(solution))
    assert "5 marks" in said
    assert "3. What is L? (3 marks)" in said


# Sheet, key and answers


def test_every_question_is_a_blank_with_a_box_for_each_letter() -> None:
    solution = solved(ask=["z1[1]", "L"])
    sheet = student_sheet(solution)
    boxes = [blank for maths in formulas(sheet) for blank in marks_in(maths, Blank)]
    assert [(one.key, one.choice) for one in boxes] == [(q, letter) for q in ("z1[1]", "L") for letter in "ABCD"]
    assert not any(one.ticked for one in boxes)
    assert blanks(sheet) == ("z1[1]", "L")


def test_the_key_ticks_what_is_right_and_names_every_mistake() -> None:
    solution = solved(ask=["z1[1]", "a1[1]", "L"])
    said = text(key(solution))
    for q in ("z1[1]", "a1[1]", "L"):
        for one in of(solution, q):
            row = ["[x]" if one.right else "[ ]", one.letter, one.text.replace("-", "−"), words(one.sentence())]
            assert " ".join(row) in " ".join(said.replace("[ ]", "[_]").split()).replace("[_]", "[ ]")


def test_the_key_is_german_where_the_sheet_is() -> None:
    said = text(key(solved(language="de", notation={"decimal": "comma"}, ask=["z1[1]"])))
    assert "1. Wie groß ist z1[1]?" in said
    assert "0,2 der Bias fehlt [" in " ".join(said.split())
    assert "0,5 richtig [" in " ".join(said.split())


def test_the_list_of_answers_says_the_letters() -> None:
    solution = solved(ask=["z1[1]", "L"])
    said = text(answers(solution)).split()
    for q in ("z1[1]", "L"):
        right = next(one for one in of(solution, q) if one.right)
        assert said[said.index(q) : said.index(q) + 3] == [q, right.letter, right.text]


@pytest.mark.parametrize("level", [None, 2, 3, 4])
def test_a_sheet_says_each_right_value_once_and_no_mistake(level: int | None) -> None:
    solution = solved(show=["forward", "loss", "gradients", "update"])
    brands = branded(solution)
    said = text(student_sheet(solution, level))
    made = {step.target for step in solution.program.steps}
    assert {q: said.count(brands[q]) for q in made} == {q: int(q in few(solution)) for q in made}
    assert "right " not in said
    wrong = [one for q in few(solution) for one in options(solution, q) if not one.right]
    assert not any(words(one.sentence()) in said for one in wrong)
    assert "[x]" not in said


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_a_question_stands_before_its_formula_and_its_options_at_each_level(level: int) -> None:
    section = student_sheet(solved(ask=["z1[1]", "L"]), level).sections[-1]
    one = ["Say", "Working", "Table"] if level < 3 else ["Say", "Table"]
    assert [type(part).__name__ for part in section.parts] == one * 2


def test_no_page_ends_within_a_question() -> None:
    sheet, breaks = student_sheet(solved(show=["forward", "loss", "gradients"])), set()
    for lines in range(0, 22, 3):
        lower = replace(sheet, sections=(Section("", (Room(lines),)), sheet.sections[-1]))
        pages = [page.extract_text() for page in read(pdf(lower)).pages]
        parts = [[page.count(one) for one in ("What is", "= ", " A ", " D ")] for page in pages]
        assert all(len(set(one)) == 1 for one in parts)
        breaks.add(tuple(one[0] for one in parts))
    assert len(breaks) > 2


def test_the_formula_stands_below_its_question_to_level_two() -> None:
    def lines(level: int) -> list[str]:
        sheet = student_sheet(solved(ask=["z1[1]", "L"]), level)
        return [line.key for one in sheet.sections for part in one.parts if isinstance(part, Working)
                for line in part.lines]  # fmt: skip

    assert lines(1) == lines(2) == ["z1[1]", "L"]
    assert lines(3) == lines(4) == []
    assert "= 0.5" in text(student_sheet(solved(ask=["z1[1]"]), 0))


# Boxes to tick, in each format


def test_a_box_is_empty_on_the_sheet_and_filled_on_the_key() -> None:
    solution = solved(ask=["z1[1]"])
    sheet, whole = student_sheet(solution), key(solution)
    assert (text(sheet).count("[ ]"), text(sheet).count("[x]")) == (4, 0)
    assert (text(whole).count("[ ]"), text(whole).count("[x]")) == (3, 1)
    assert (html(sheet).count('class="blank box"'), html(sheet).count("box ticked")) == (4, 0)
    assert (html(whole).count('class="blank box"'), html(whole).count("box ticked")) == (3, 1)
    assert (latex(sheet).count(r"\blank{1.3em}"), latex(sheet).count(r"\rule{1.3em}")) == (4, 0)
    assert (latex(whole).count(r"\blank{1.3em}"), latex(whole).count(r"\rule{1.3em}")) == (3, 1)


def test_a_box_is_read_aloud_as_one() -> None:
    solution = solved(ask=["z1[1]"])
    page = read(pdf(student_sheet(solution), fields=True)).pages[-1]
    said = {str(one.get_object()["/TU"]) for one in page.get("/Annots", ())}
    assert {f"box to tick {letter}" for letter in "ABCD"} <= said


def test_one_box_of_a_question_can_be_ticked_and_is_read_back_by_key() -> None:
    solution = solved(ask=["z1[1]", "L", "dL/dW1[2,1]"])
    reader = read(pdf(student_sheet(solution), fields=True))
    ticked = {"z1[1]": "/B", "dL/dW1[2,1]": "/D"}
    writer = pypdf.PdfWriter(clone_from=reader)
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, ticked, auto_regenerate=False)
    filled = io.BytesIO()
    writer.write(filled)
    again = read(filled.getvalue())
    found = {key_of(name): str(field.get("/V")) for name, field in (again.get_fields() or {}).items()}
    assert found == {"z1[1]": "/B", "L": "/Off", "dL/dW1[2,1]": "/D"}
    states = [one.get_object() for page in again.pages for one in page.get("/Annots", ())]
    assert Counter(str(one["/AS"]) for one in states) == {"/Off": 10, "/B": 1, "/D": 1}


def test_boxes_stand_at_the_same_places_whatever_the_numbers() -> None:
    def places(*inputs: float) -> list[tuple[int, list[float]]]:
        sheet = student_sheet(solved(inputs=[*inputs], show=["forward", "loss"]))
        pages = enumerate(read(pdf(sheet, fields=True)).pages)
        boxes = ((n, one.get_object()) for n, page in pages for one in page.get("/Annots", ()))
        return [(n, [float(x) for x in box["/Rect"]]) for n, box in boxes]

    assert places(0.5, 1.2) == places(0.7, -1.4)


def test_it_is_one_of_the_forms() -> None:
    assert "multiple choice" in FORMS
