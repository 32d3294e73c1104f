"""Marking: each line against our value, the student's own, and what is known to go wrong."""

from __future__ import annotations

from random import Random

import pytest
from flint import fmpq
from marked import DEEP, RELU, codes, made_by, marked, right, sheet
from test_slip import TWO

import handcalc
from benchmarks.classes import Student, made, mistakes
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Slot
from handcalc.mark.marking import mark
from handcalc.mark.reading import read_answer
from handcalc.mark.scheme import Scheme
from handcalc.render.text import words


def test_the_key_has_full_marks() -> None:
    marking = marked(TWO)
    assert marking.marks == marking.out_of
    assert codes(marking) == {}


def test_one_wrong_number_costs_its_own_line_only() -> None:
    """Whoever has gone on with the right number, and whoever with the wrong one."""
    marking = marked(TWO, z1_1="0.9999")
    assert codes(marking) == {"z1[1]": "wrong"}
    marking = marked(TWO, z1_1="0.9999", a1_1="0.731")
    assert codes(marking) == {"z1[1]": "wrong", "a1[1]": "follows"}
    assert marking.marks == marking.out_of - 1
    follows = marking["a1[1]"].evidence
    assert [(one.quantity.key, one.text) for one in follows.sources] == [("z1[1]", "0.9999")]
    assert (follows.follows, follows.expected) == ("0.7310", right(sheet(TWO))["a1[1]"])


def test_two_wrong_numbers_of_one_line_may_be_one_of_theirs_and_one_of_ours() -> None:
    """z2 from a wrong a1[1], and the right a1[2], which is miscopied."""
    one = sheet(TWO)
    a = float(one.solution["a1[2]"])
    z = 0.4 * 0.9 - 0.5 * a - 0.2
    marking = marked(TWO, a1_1="0.9", a1_2="0.1", z2_1=f"{z:.4f}")
    assert marking["z2[1]"].code == "follows"
    assert [source.quantity.key for source in marking["z2[1]"].evidence.sources] == ["a1[1]"]


def test_a_number_is_followed_as_it_was_carried_not_only_as_it_is_written() -> None:
    """8·0.99993 and 8·0.99985 both follow from a 0.9999."""
    for text, code in (("7.9994", "follows"), ("7.9988", "follows"), ("7.997", "wrong"), ("8.003", "wrong")):
        one = {**DEEP, "layers": [{"linear": [["8"]]}, {"linear": [["8"]]}]}
        marking = marked(one, z1_1="0.9999", a1_1="0.9999", z2_1=text)
        assert marking["z2[1]"].code == code, text


def test_an_unreadable_line_blocks_nothing_and_costs_its_own_marks() -> None:
    marking = marked(TWO, z1_1="0.3.4")
    assert codes(marking) == {"z1[1]": "unreadable"}
    assert marking["z1[1]"].problem is not None
    assert "can't be read" in words(marking["z1[1]"].sentence())


def test_a_skipped_line_is_done_where_a_later_one_shows_it() -> None:
    marking = marked(TWO, z1_1=None, a1_1=None)
    assert codes(marking) == {"z1[1]": "done", "a1[1]": "done"}
    assert marking.marks == marking.out_of
    shown = marking["a1[1]"].evidence.shows
    assert shown is not None
    assert shown.key == "z2[1]"


def test_a_skipped_line_is_not_done_where_what_follows_is_wrong_or_shows_nothing() -> None:
    assert marked(TWO, L=None)["L"].code == "blank"
    last = {**TWO, "show": ["forward"]}
    marking = marked(last, z2_1=None, yhat_1="0.99")
    assert codes(marking) == {"z2[1]": "blank", "yhat[1]": "wrong"}
    dead = {**RELU, "show": ["forward"]}
    assert right(sheet(dead))["a1[2]"] == "0.0000"
    assert marked(dead, z1_2=None)["z1[2]"].code == "blank"


def test_two_readings_of_a_number_give_the_right_one() -> None:
    network = {**DEEP, "inputs": ["2470"], "target": ["900"], "show": ["forward"]}
    one = sheet(network)
    assert right(one)["z1[1]"] == "1235.1000"
    answer = read_answer("1,235")
    network["inputs"] = ["2469.8"]
    one = sheet(network)
    assert len(getattr(answer, "readings", ())) == 2
    answers = {key: read_answer(text) for key, text in right(one).items()} | {"z1[1]": answer}
    assert mark(one.solution, answers, asked=one.asked)["z1[1]"].code == "correct"


def test_an_exact_expression_is_correct() -> None:
    text = "1/(1 + e^(-0.35))"
    assert right(sheet(TWO))["z1[1]"] == "0.3500"
    assert codes(marked(TWO, a1_1=text)) == {}
    assert codes(marked(TWO, a1_1="1/(1 + e^(0.35))")) == {"a1[1]": "mistake"}


def test_the_order_of_answers_does_not_matter() -> None:
    one = sheet(TWO)
    slips = mistakes(one)["weighted sum: bias-forgotten"]
    answers = Student(one, 3, made(one, slips)).answers()
    first = [(v.key, v.code, v.marks) for v in mark(one.solution, answers, asked=one.asked)]
    keys = list(answers)
    Random(1).shuffle(keys)
    shuffled = mark(one.solution, {key: answers[key] for key in keys}, asked=one.asked)
    assert [(v.key, v.code, v.marks) for v in shuffled] == first


def test_a_key_that_nothing_asks_for_is_told() -> None:
    one = sheet(TWO)
    answers = {key: read_answer(text) for key, text in right(one).items()}
    assert mark(one.solution, answers | {"z9[1]": read_answer("1")}, asked=one.asked).unknown == ("z9[1]",)


def test_what_is_no_line_of_the_page_is_left_to_others() -> None:
    solution = handcalc.solve({**TWO, "form": "find the mistake"})
    marking = mark(solution, {"line": read_answer("z1")})
    assert [q.key for q in marking.apart] == ["line", "result"]
    assert (len(marking.verdicts), marking.unknown) == (0, ())


# named mistakes


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("z1_1", "0.75", "bias-forgotten"),
        ("a1_1", "0.4134", "exponent-sign"),
        ("a1_1", "1.7047", "parentheses-missing"),
        ("z1_2", "0.05", "sign"),
        ("z1_1", "3.5", "ten"),
        ("z1_2", "0.35", "term-sign"),
        ("z1_1", "0.1500", "digits"),
    ],
)
def test_a_mistake_has_its_name(key: str, text: str, code: str) -> None:
    network = TWO if code != "digits" else {**TWO, "inputs": ["0.5", "-0.12"]}
    if code == "digits":  # 0.15 + 0.6·0.21 − 0.4
        text = "-0.124"
    marking = marked(network, **{key: text})
    wrong = next(one for one in marking if one.code != "correct")
    assert wrong.mistake is not None, wrong
    assert wrong.mistake.code == code
    assert wrong.marks == 0


def test_the_sentence_has_the_line_s_own_letters_and_numbers() -> None:
    said = marked(TWO, z1_1="0.75")["z1[1]"]
    assert words(said.sentence()) == (
        "You get this number if the bias is left out: z1[1] = 0.3·0.5 + (−0.6)·(−1) = 0.75. Expected: 0.3500."
    )
    assert words(said.sentence("de")) == (
        "So kommt man auf diese Zahl: der Bias fehlt, z1[1] = 0.3·0.5 + (−0.6)·(−1) = 0.75. Erwartet: 0.3500."
    )
    assert Slot in {type(part) for part in marked(TWO, L=None, z1_1=None)["z1[1]"].sentence()}


def test_a_mistake_is_found_under_the_student_s_own_values() -> None:
    """a1 wrong, and z2 from it without the bias."""
    z = 0.4 * 0.9 - 0.5 * float(sheet(TWO).solution["a1[2]"])
    marking = marked(TWO, a1_1="0.9", z2_1=f"{z:.4f}")
    fit = marking["z2[1]"].mistake
    assert fit is not None
    assert (fit.code, fit.theirs) == ("bias-forgotten", True)


def test_the_same_mistake_costs_once_unless_each_time_counts() -> None:
    marking = made_by(TWO, "bias-forgotten")
    assert marking.marks == marking.out_of - 1
    repeated = [one for one in marking if one.repeated is not None]
    assert len(repeated) > 3
    assert {one.repeated.key for one in repeated if one.repeated} == {"z1[1]"}
    one = sheet(TWO)
    answers = Student(one, 1, made(one, mistakes(one)["weighted sum: bias-forgotten"]), plain=True).answers()
    each = mark(one.solution, answers, Scheme(repeat="each"), one.asked)
    assert each.marks == each.out_of - 1 - len(repeated)


def test_a_mistake_in_a_line_that_is_not_written_is_carried_on() -> None:
    one = sheet(TWO)
    slips = [slip for slip in mistakes(one)["weighted sum: bias-forgotten"] if slip.key == "z1[1]"]
    written = Student(one, 1, made(one, slips), plain=True).written
    answers = {key: read_answer(written[key]) for key in ("yhat[1]", "yhat[2]", "L", "dL/dW1[1,1]", "dL/dW1[1,2]")}
    marking = mark(one.solution, answers, asked=one.asked)
    found = {key: marking[key] for key in answers}
    fit = found["yhat[1]"].mistake
    assert fit is not None
    assert (fit.code, [slip.key for slip in fit.slips], fit.elsewhere) == ("bias-forgotten", ["z1[1]"], True)
    assert words(found["yhat[1]"].sentence()).startswith("You get this number if in the line of z1[1] the bias is left")
    assert found["L"].code == "follows"
    assert [one.marks for one in found.values()] == [0, 1, 1, 1, 1]


def test_a_pair_is_named_only_if_it_explains_two_answers() -> None:
    one = sheet(TWO)
    by_code = mistakes(one)
    slips = [next(s for s in by_code["weighted sum: bias-forgotten"] if s.key == "z1[1]"),
             next(s for s in by_code["sigmoid: exponent-sign"] if s.key == "a1[2]")]  # fmt: skip
    written = Student(one, 1, made(one, slips), plain=True).written
    both = {key: read_answer(written[key]) for key in ("z2[1]", "z2[2]")}
    marking = mark(one.solution, both, asked=one.asked)
    for key in both:
        fit = marking[key].mistake
        assert fit is not None
        assert {slip.key for slip in fit.slips} == {"z1[1]", "a1[2]"}
    alone = mark(one.solution, {"z2[1]": both["z2[1]"]}, asked=one.asked)
    assert len({slip.code for fit in alone["z2[1]"].fits for slip in fit.slips}) <= 1


def test_the_method_may_have_marks_of_its_own() -> None:
    split = Scheme(method=fmpq(1, 2))
    assert marked(TWO, split).marks == marked(TWO).marks
    assert marked(TWO, split, z1_1="-0.35")["z1[1]"].marks == fmpq(1, 2)
    assert marked(TWO, split, z1_1="0.75")["z1[1]"].marks == 0
    kind = Scheme(method=fmpq(1, 2), of_mistake={"bias-forgotten": fmpq(1, 2)})
    assert marked(TWO, kind, z1_1="0.75")["z1[1]"].marks == fmpq(1, 4)
    assert marked(TWO, Scheme(mistake=fmpq(1, 2)), z1_1="0.75")["z1[1]"].marks == fmpq(1, 2)


def test_a_share_is_from_0_to_1() -> None:
    with pytest.raises(HandcalcError, match="follows: found 2; a share from 0 to 1"):
        Scheme(follows=fmpq(2))


# form


def test_a_coarse_answer_is_told_so() -> None:
    marking = marked(TWO, a1_1="0.59")
    assert codes(marking) == {"a1[1]": "coarse"}
    assert marking["a1[1]"].marks == 0
    assert marked(TWO, Scheme(coarse=fmpq(1, 2)), a1_1="0.59")["a1[1]"].marks == fmpq(1, 2)


def test_a_strict_sheet_wants_all_digits() -> None:
    assert codes(marked(TWO, Scheme(strict="decimals"))) == {}
    assert codes(marked(TWO, Scheme(strict="decimals"), z1_1="0.35")) == {"z1[1]": "form"}
    assert codes(marked(TWO, z1_1="0.35")) == {}
    figures = {**TWO, "rounding": {"significant figures": 3}}
    assert codes(marked(figures, Scheme(strict="figures"), z1_1="0.35")) == {"z1[1]": "form"}
