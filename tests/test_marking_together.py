"""Marking: what is seen of all lines together: conventions, trivial lines, matrices, passes."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from flint import fmpq
from marked import DEEP, REGRESSION, codes, made_by, marked, right, sheet
from test_slip import SAMPLES, TWO, changed

import handcalc
from benchmarks.classes import Student, made, mistakes
from handcalc.derive.solution import Solution
from handcalc.formula.languages import english_marks, german_marks
from handcalc.mark.marking import agreeing, mark
from handcalc.mark.reading import read_answer
from handcalc.mark.scheme import Scheme
from handcalc.mark.verdict import Code, Marking
from handcalc.render.text import words

# conventions


def test_the_other_sign_of_the_error_is_a_convention_where_it_is_added() -> None:
    marking = made_by(REGRESSION, "sign-of-delta", "sign-of-step")
    assert marking.conventions == ("sign",)
    assert marking.marks == marking.out_of
    assert "y − p" in words(marking["dL/dyhat[1]"].sentence())
    alone = made_by(REGRESSION, "sign-of-delta")
    assert alone.conventions == ()
    assert alone["dL/dyhat[1]"].code == "mistake"


def test_weights_the_other_way_round_are_a_convention_where_all_are() -> None:
    marking = made_by(REGRESSION, "transposed-forward", "not-transposed-back", "outer-product-transposed")
    assert marking.conventions == ("transposed",)
    assert marking.marks == marking.out_of
    assert made_by(REGRESSION, "transposed-forward").conventions == ()


def test_another_factor_of_the_loss_is_a_convention_where_its_slope_has_it() -> None:
    half, whole = changed("sigmoid", "linear", loss="half squared error"), sheet(REGRESSION)
    one = sheet(half)
    assert right(one).keys() == right(whole).keys()
    answers = {key: read_answer(text) for key, text in right(whole).items()}
    marking = mark(one.solution, answers, asked=one.asked)
    assert marking.conventions == ("factor",)
    assert marking.marks == marking.out_of
    loss_alone = mark(one.solution, {**{k: read_answer(t) for k, t in right(one).items()}, "L": answers["L"]})
    assert loss_alone.conventions == ()


def test_what_a_convention_is_worth_is_a_matter_of_the_scheme() -> None:
    one = sheet(REGRESSION)
    by_name = mistakes(one)
    slips = [*by_name["squared error: sign-of-delta"], *by_name["gradient descent: sign-of-step"]]
    answers = Student(one, 1, made(one, slips), plain=True).answers()
    strict = mark(one.solution, answers, Scheme(convention=fmpq(0)), one.asked)
    assert strict.marks == strict.out_of - sum(verdict.code == "convention" for verdict in strict)


# what can't be gamed


def test_a_0_that_nothing_explains_makes_nothing_easy() -> None:
    marking = marked(DEEP, a1_1="0", z2_1="0.2", yhat_1="0.2", dL_dW2_1_1="0")
    assert codes(marking)["a1[1]"] == "wrong"
    assert marking["z2[1]"].trivial is not None
    assert marking["z2[1]"].code == "follows"
    assert marking["z2[1]"].marks == 0
    assert "nothing left to work out" in words(marking["z2[1]"].sentence())


def test_a_0_that_follows_from_the_student_s_own_numbers_keeps_its_marks() -> None:
    """Their negative z makes their ReLU 0."""
    marking = marked(DEEP, z1_1="-0.3", a1_1="0", z2_1="0.2", yhat_1="0.2")
    assert [marking[key].code for key in ("z1[1]", "a1[1]", "z2[1]")] == ["wrong", "follows", "follows"]
    assert [marking[key].marks for key in ("z1[1]", "a1[1]", "z2[1]")] == [0, 1, 1]
    assert marking["z2[1]"].trivial is not None


# matrices


def test_wrong_cells_of_a_matrix_are_told() -> None:
    marking = marked(TWO, dL_dW1_1_2="9")
    (remark,) = marking.blocks
    assert (remark.block, [q.key for q in remark.wrong]) == ("dL/dW1", ["dL/dW1[1,2]"])


def test_a_transposed_matrix_is_told() -> None:
    keys = right(sheet(TWO))
    marking = marked(TWO, dL_dW1_1_2=keys["dL/dW1[2,1]"], dL_dW1_2_1=keys["dL/dW1[1,2]"])
    (remark,) = marking.blocks
    assert remark.transposed
    assert remark.swapped == ()


def test_swapped_entries_and_values_of_other_lines_are_told() -> None:
    keys = right(sheet(TWO))
    marking = marked(TWO, z2_1=keys["z2[2]"], z2_2=keys["z2[1]"])
    (remark,) = marking.blocks
    assert [(a.key, b.key) for a, b in remark.swapped] == [("z2[1]", "z2[2]")]
    other = marked(TWO, a1_1=keys["L"])["a1[1]"]
    assert other.elsewhere is not None
    assert (other.code, other.elsewhere.key) == ("wrong", "L")
    assert other.marks == 0


# several passes, samples, carries


def test_a_wrong_weight_is_followed_into_the_next_update() -> None:
    network = changed(optimiser="momentum", steps=2, show_updates=[1, 2])
    one = sheet(network)
    slips = [s for s in mistakes(one)["momentum: sign-of-step"] if s.key == "W1[u=1][1,1]"]
    assert slips
    marking = mark(one.solution, Student(one, 1, made(one, slips), plain=True).answers(), asked=one.asked)
    assert {v.key for v in marking if v.marks != v.out_of} == {"W1[u=1][1,1]"}
    assert marking["z1[u=1][1]"].code == "follows"
    assert "W1[u=1][1,1]" in {source.quantity.key for source in marking["z1[u=1][1]"].evidence.sources}


@pytest.mark.parametrize("network", [changed(carry="rounded", decimals=3), changed(loss="huber", **SAMPLES)])
def test_samples_and_rounded_carry_are_marked_alike(network: dict[str, Any]) -> None:
    one = sheet(network)
    key = next(iter(one.asked.chosen)).key
    slips = [s for s in mistakes(one)["weighted sum: bias-forgotten"] if s.key == key]
    marking = mark(one.solution, Student(one, 2, made(one, slips), plain=True).answers(), asked=one.asked)
    assert [v.key for v in marking if v.marks != v.out_of] == [key]


def test_marks_are_those_of_the_file() -> None:
    network = {**TWO, "ask": {"z1[1]": 3, "L": 2}}
    solution: Solution = handcalc.solve(network)
    marking = mark(solution, {"z1[1]": read_answer("0.75"), "L": read_answer(solution["L"].decimal())})
    assert marking.marks == 2
    assert marking.out_of == 5


def test_every_verdict_has_its_sentence() -> None:
    said = english_marks.MARKS.keys()
    assert {f"mark {code}" for code in get_args(Code) if code != "convention"} <= said
    assert said == german_marks.MARKS.keys()


# whole blocks, other variants


def whole(network: dict[str, Any], **texts: str) -> Marking:
    """The right answers, and whole blocks in the place of their entries."""
    one = sheet(network)
    answers = {key: read_answer(text) for key, text in right(one).items()}
    for name, text in texts.items():
        block = name.replace("_", "/")
        for quantity in one.asked.chosen:
            if quantity.block() == block:
                del answers[quantity.key]
        answers[block] = read_answer(text, several=True)
    return mark(one.solution, answers, asked=one.asked)


def test_a_block_may_be_answered_as_a_whole() -> None:
    cells = right(sheet(TWO))
    rows = [", ".join(cells[f"dL/dW1[{i},{j}]"] for j in (1, 2)) for i in (1, 2)]
    vector = ", ".join(cells[f"z1[{i}]"] for i in (1, 2))
    for z in (f"[{vector}]", vector, "[" + vector.replace(", ", "; ") + "]"):
        assert codes(whole(TWO, z1=z, dL_dW1=f"[{rows[0]}; {rows[1]}]")) == {}, z
    turned = [", ".join(cells[f"dL/dW1[{i},{j}]"] for i in (1, 2)) for j in (1, 2)]
    (remark,) = whole(TWO, dL_dW1=f"[{turned[0]}; {turned[1]}]").blocks
    assert remark.transposed


def test_a_block_of_another_shape_is_unreadable() -> None:
    marking = whole(TWO, dL_dW1="[1, 2, 3; 4, 5, 6]")
    assert set(codes(marking).values()) == {"unreadable"}
    assert len(codes(marking)) == 4
    said = marking["dL/dW1[1,1]"]
    assert words(said.sentence()) == "This can't be read: 2 rows and 2 columns are wanted here."
    assert words(said.sentence("de")) == "Das lässt sich nicht lesen: hier stehen 2 Zeilen und 2 Spalten."
    assert codes(whole(TWO, z1="1; ")) != {}


def test_the_answers_of_another_variant_are_told() -> None:
    ours, theirs = sheet(TWO), sheet({**TWO, "inputs": ["0.7", "-0.8"]})
    answers = {key: read_answer(text) for key, text in right(theirs).items()}
    assert agreeing(theirs.solution, answers) == len(answers)
    assert agreeing(ours.solution, answers) < len(answers) // 4
