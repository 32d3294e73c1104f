"""One blank: one cell is empty, and what is missing stands nowhere else. Follow along: one of each kind is worked."""

import re
from pathlib import Path

import pytest
from leaks import leaks
from oracles.networks import network
from oracles.sheets import kinds

from handcalc import solve
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Blank, Maths
from handcalc.formula.notation import rewritten
from handcalc.network import Network
from handcalc.render.html import html
from handcalc.render.text import plain, text
from handcalc.sheet.asked import Asked, repeated
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import blanks
from handcalc.sheet.parts import Answer, Givens, Say, Sheet, Working
from handcalc.sheet.picture import Label, Picture
from handcalc.sheet.student import question, student_sheet

EXAMPLES = Path(__file__).parent.parent / "examples"
NEURON = {
    "inputs": [0.8, 0.35],
    "layers": [{"relu": [[-0.65, 0.55], [0.25, 0.45]], "bias": [0.15, 0.05]}, {"sigmoid": [[0.75, 1.25]], "bias": 0.1}],
    "target": 1,
    "loss": "binary cross-entropy",
    "learning rate": 0.5,
    "form": "one blank",
}


def made(**keys: object) -> Solution:
    return solve(Network(**{**NEURON, **keys}))


def cells(sheet: Sheet) -> list[str]:
    """The key of each cell to write in, as often as there is one."""
    found: list[str] = []

    def note(blank: Blank) -> Maths | None:
        found.extend([blank.key] * bool(blank.key))
        return None

    for section in sheet.sections:
        for part in section.parts:
            for row in part.rows if isinstance(part, Givens) else ():
                rewritten(row.value, Blank, note)
            for line in part.lines if isinstance(part, Working) else ():
                for _, stage in line.stages:
                    rewritten(stage, Blank, note)
    return found


def test_without_ask_one_result_is_missing() -> None:
    sheet = student_sheet(made())
    assert len(cells(sheet)) == 1
    assert cells(sheet) == list(blanks(sheet))


@pytest.mark.parametrize("key", [one for one in made() if one != "y[1]"])
def test_any_one_number_may_be_missing_and_has_one_cell(key: str) -> None:
    solution = made(ask=key)
    sheet = student_sheet(solution)
    assert cells(sheet) == [key]
    assert leaks(solution, [key], text(sheet)) == set()
    assert leaks(solution, [key], re.sub(r"<style>.*?</style>|[\w-]+=\"[^\"]*\"", "", html(sheet), flags=re.S)) == set()


def test_a_missing_input_has_its_letter_where_it_is_used() -> None:
    written = text(student_sheet(made(ask="x[1]")))
    assert "x[1] = _____" in written
    assert "(−0.65)·x[1] + 0.55·0.35 + 0.15" in written
    assert "0.8" not in written.replace("0.80", "")


def test_the_sheet_says_what_is_missing_and_that_all_else_is_given() -> None:
    said = text(student_sheet(made(ask=["x[1]", "z2[1]"])))
    assert "These numbers are missing on the sheet: x[1], z2[1]. Everything else is given." in " ".join(said.split())
    assert "One number is missing on the sheet: W1[2,1]." in text(student_sheet(made(ask="W1[2,1]")))


@pytest.mark.parametrize("form", ["follow along", "one blank", "find the mistake"])
@pytest.mark.parametrize("level", range(5))
def test_no_level_changes_a_sheet_that_is_partly_worked(form: str, level: int) -> None:
    usual = text(student_sheet(made(form=form)))
    assert text(student_sheet(made(form=form), level)) == text(student_sheet(made(form=form, level=level))) == usual


def test_the_problem_alone_has_no_value_in_its_picture() -> None:
    solution = made()
    (picture,) = (part for part in question(solution).sections[0].parts if isinstance(part, Picture))
    drawn = {
        plain(mark.content) for mark in picture.marks if isinstance(mark, Label) and isinstance(mark.content, Maths)
    }
    worked = {line.result[-1][1] for line in solution.lines if line.result} - set(solution.typed)
    assert len(worked) > 15
    assert drawn.isdisjoint(worked)


def test_a_line_that_only_repeats_what_is_missing_has_no_cell() -> None:
    sheet = student_sheet(made(ask="dL/dz2[1]"))
    assert cells(sheet) == ["dL/dz2[1]"]
    assert "dL/db2[1] = dL/dz2[1]\n" in text(sheet)


def test_a_number_that_all_is_put_into_as_letters_is_written_once() -> None:
    assert "p[1] = 1/(1 + e^(−z2[1])) = 0." in text(student_sheet(made(ask="z2[1]")))


def test_closed_forms_say_nothing_of_what_is_missing() -> None:
    solution = solve(EXAMPLES / "one-neuron.yaml")
    assert "e^0.03" in text(compose(solution))
    sheet = student_sheet(solve(Network(**{**solution.network.as_dict(), "ask": "z[1]"})))
    assert "0.03" not in text(sheet)


def test_remarks_say_nothing_of_what_is_missing() -> None:
    layers = [{"relu": [[-0.65, 0.55], [0.25, 0.45]], "bias": [0.15, 0.05]}, {"linear": [[0.75, 1.25]]}]
    more = {"layers": layers, "loss": "half squared error"}
    assert "(z1[1] = −0.1775 ≤ 0" in text(compose(made(**more)))
    for form in ("steps", "one blank"):
        assert "0.1775" not in text(student_sheet(made(**more, form=form, ask="z1[1]")))


@pytest.mark.parametrize("seed", range(40))
def test_no_number_of_a_random_network_that_is_missing_is_given_away(seed: int) -> None:
    found = network(seed, kinds()) | {"show": ["forward"], "form": "one blank"}
    keys = solve(found).keys()
    for key in keys[seed % 5 :: max(1, len(keys) // 4)]:
        solution = solve(found | {"ask": key})
        asked = Asked(solution)
        hidden = [q.key for q in {*asked.made, *asked.givens} if asked.hidden(q)]
        assert leaks(solution, hidden, text(student_sheet(solution))) == set()


def test_the_last_sentence_is_missing_where_it_would_tell() -> None:
    def says(ask: str) -> bool:
        sheet = student_sheet(made(ask=ask, show=["forward", "loss"]))
        return any(isinstance(part, Answer) for section in sheet.sections for part in section.parts)

    assert says("x[1]")
    assert not says("p[1]")


def follow(**keys: object) -> Solution:
    return made(form="follow along", **keys)


def test_one_line_of_each_kind_is_worked() -> None:
    solution = follow()
    again = {q.key for q in repeated(solution.lines)}
    assert {"z1[1]", "a1[1]", "z2[1]", "L", "dL/dW1[1,1]", "W1[u=1][1,1]"}.isdisjoint(again)
    assert {"z1[2]", "a1[2]", "dL/dW1[1,2]", "dL/dW2[1,2]", "W1[u=1][2,2]"} <= again
    assert again <= set(blanks(student_sheet(solution)))


def test_an_other_activation_in_the_layer_is_worked_too() -> None:
    layers = [{"activation": ["relu", "tanh", "tanh"], "weights": [[0.1, 0.2]] * 3}, {"linear": [[1, 2, 3]]}]
    solution = follow(layers=layers, loss="half squared error")
    again = {q.key for q in repeated(solution.lines)}
    assert "a1[2]" not in again
    assert "a1[3]" in again


def test_before_what_is_blank_the_sheet_says_repeat() -> None:
    for sheet in (compose(follow()), student_sheet(follow())):
        parts = sheet.sections[1].parts
        first, repeat, others = parts[1:4]
        assert isinstance(first, Working)
        assert isinstance(others, Working)
        assert [line.key for line in first.lines] == ["z1[1]"]
        assert repeat == Say(("Repeat for the other:",))
        assert [line.key for line in others.lines] == ["z1[2]"]
    written = text(student_sheet(follow(inputs=[[1, 2], [2, 3]], target=[1, 0], language="de")))
    assert "Hier ebenso:" in written


def test_other_samples_are_repetitions() -> None:
    solution = follow(inputs=[[1, 2], [2, 3]], target=[1, 0], show=["forward"])
    assert {line.key for line in solution.lines if "s=2" in line.key} <= set(blanks(student_sheet(solution)))


@pytest.mark.parametrize("name", ["tablet", "thermostat"])
def test_the_examples_hide_what_they_ask(name: str) -> None:
    solution = solve(EXAMPLES / "quizzes" / f"{name}.yaml")
    asked = Asked(solution)
    hidden = [q.key for q in {*asked.made, *asked.givens} if asked.hidden(q)]
    assert hidden
    assert leaks(solution, hidden, text(student_sheet(solution))) == set()
