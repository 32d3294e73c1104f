"""Every key is checked in ways of its own; a wrong digit in any line is reported with its key."""

import json
from decimal import Decimal, localcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracles.exercises import FACTORS, exercise, legal
from oracles.pairs import AllPairs

import handcalc
from handcalc.api import solve_all
from handcalc.derive.certify import CannotDecide
from handcalc.derive.functions import Impossible
from handcalc.derive.slip import Slip, slips, with_slip
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.network.rounding import Rounding
from handcalc.quiz.agreement import Record
from handcalc.quiz.by_decimals import context
from handcalc.quiz.digits_on_paper import is_equal, is_rounded, keeps_more, read_digits
from handcalc.quiz.quiz import read_quiz
from handcalc.quiz.verify import verify

FOLDER = Path(__file__).parents[1] / "examples"
PACKS = sorted(FOLDER.glob("packs/*.yaml"))
EXAMPLES = [file for file in sorted(FOLDER.glob("**/*.yaml")) if file not in PACKS]
NETWORK: dict[str, Any] = {
    "inputs": ["0.6", "-1.2"],
    "layers": [
        {"sigmoid": [["0.4", "-0.3"], ["0.7", "0.2"]], "bias": ["0.1", "-0.2"]},
        {"softmax": [["0.5", "-0.6"], ["-0.1", "0.8"]], "bias": ["0.3", "0"]},
    ],
    "target": ["0", "1"],
    "loss": "cross-entropy",
    "learning rate": "0.5",
}


ROWS = AllPairs(FACTORS, legal, seed=1).rows
NUMBERS = st.integers(-20, 20).map(lambda n: f"{n / 10:g}")
ELEMENTWISE = ("sigmoid", "tanh", "relu", "linear", "step")
SQUARED = ("squared error", "half squared error", "mean squared error")


@st.composite
def plain_networks(draw: st.DrawFn) -> dict[str, Any]:
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    ending = draw(st.sampled_from([*SQUARED, "binary cross-entropy", "cross-entropy"]))
    last = {"binary cross-entropy": "sigmoid", "cross-entropy": "softmax"}.get(ending)
    sizes[-1] = max(sizes[-1], 2) if last == "softmax" else sizes[-1]
    samples, flipped = draw(st.integers(1, 3)), draw(st.booleans())

    def numbers(*shape: int) -> Any:
        return [numbers(*shape[1:]) for _ in range(shape[0])] if shape else draw(NUMBERS)

    layers = []
    for n, (width, units) in enumerate(pairwise(sizes), 1):
        kind = last if last and n == len(sizes) - 1 else draw(st.sampled_from(ELEMENTWISE))
        weights = numbers(width, units) if flipped else numbers(units, width)
        layers.append(
            {"activation": kind, "weights": weights} | ({"bias": numbers(units)} if draw(st.booleans()) else {})
        )
    one_hot = [[str(int(k == draw(st.integers(0, sizes[-1] - 1)))) for k in range(sizes[-1])] for _ in range(samples)]
    classes = [["1" if k == 0 else "0" for k in range(sizes[-1])] for _ in range(samples)]
    return {
        "inputs": numbers(samples, sizes[0]),
        "layers": layers,
        "layout": "in x out" if flipped else "out x in",
        "target": {"sigmoid": one_hot, "softmax": classes}.get(str(last)) or numbers(samples, sizes[-1]),
        "loss": ending,
        "learning rate": "0.3",
        "batch": draw(st.sampled_from(["mean", "sum", "online"])),
        "steps": draw(st.integers(1, 3)),
        "decimals": draw(st.integers(1, 6)),
        "carry": draw(st.sampled_from(["exact", "rounded"])),
    }


def numbers_checked(record: Record) -> dict[str, int]:
    return {way.way: way.numbers for way in record.ways}


def with_line(solution: Solution, key: str, *result: tuple[str, str], decimal: str = "") -> Solution:
    """The solution with another end of one line."""
    worked, slot = solution.find(solution.quantity(key))
    worked.printed.result[slot] = result
    if decimal:
        worked.printed.decimal[slot] = decimal
    return solution


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_agrees(file: Path) -> None:
    for solution in solve_all(file).values():
        record = verify(solution)
        assert record.agrees, record.disagreements
        assert record.lines == len(solution.lines)


@pytest.mark.parametrize("file", PACKS, ids=lambda file: file.stem)
def test_the_quizzes_agree(file: Path) -> None:
    quiz = read_quiz(file)
    for student in map(str, range(10)):
        fillings = quiz.fillings(7, student, 0)
        for question, filling in zip(quiz.questions, fillings, strict=True):
            try:
                solution = Solution(question.network(filling))
            except HandcalcError:
                continue
            record = verify(solution)
            assert record.agrees, record.disagreements


@pytest.mark.parametrize("carry", ["exact", "rounded"])
def test_a_changed_digit_in_any_line_is_reported_with_its_key(carry: str) -> None:
    keys = [line.key for line in handcalc.solve(NETWORK | {"carry": carry}).lines]
    for key in keys:
        solution = handcalc.solve(NETWORK | {"carry": carry})
        worked, slot = solution.find(solution.quantity(key))
        (sign, text) = worked.printed.result[slot][-1]
        wrong = text[:-1] + str((int(text[-1]) + 1) % 10)
        record = verify(with_line(solution, key, *worked.printed.result[slot][:-1], (sign, wrong)))
        assert [(one.key, one.printed) for one in record.disagreements] == [(key, wrong)]
        assert not record.agrees


@pytest.mark.parametrize(("weight", "right", "wrong"), [("0.15", "0.2", "0.1"), ("-0.15", "-0.2", "-0.1")])
def test_a_tie_that_is_rounded_down_is_reported(weight: str, right: str, wrong: str) -> None:
    network = {"inputs": ["1"], "layers": [{"linear": [[weight]]}], "decimals": 1}
    assert handcalc.solve(network)["z[1]"].decimal() == right
    solution = with_line(handcalc.solve(network), "z[1]", ("=", weight), ("≈", wrong), decimal=wrong)
    assert [(one.key, one.printed, one.found) for one in verify(solution).disagreements] == [("z[1]", wrong, weight)]


def test_an_equals_sign_before_a_rounded_number_is_reported() -> None:
    solution = handcalc.solve(NETWORK)
    digits = solution["a1[1]"].decimal()
    assert verify(with_line(handcalc.solve(NETWORK), "a1[1]", ("≈", digits))).agrees
    record = verify(with_line(solution, "a1[1]", ("=", digits)))
    assert [(one.key, one.printed) for one in record.disagreements] == [("a1[1]", digits)]


def test_a_given_number_that_stands_there_otherwise_is_reported() -> None:
    solution = handcalc.solve(NETWORK)
    solution.printed.operand[0] = "0.7"
    assert ("x[1]", "0.7", "0.6", "50 digits") in verify(solution).disagreements


@settings(deadline=None, max_examples=60)
@given(plain_networks())
def test_plain_networks_agree_in_all_four_ways(network: dict[str, Any]) -> None:
    try:
        solution = handcalc.solve(network)
    except HandcalcError:
        assume(False)
    record = verify(solution)
    assert record.agrees, record.disagreements
    assert all(numbers_checked(record).values())


@pytest.mark.parametrize("seed", range(0, len(ROWS), 6))
def test_networks_of_all_options_agree(seed: int) -> None:
    try:
        solution = handcalc.solve(exercise(ROWS[seed], seed))
    except (CannotDecide, Impossible):  # a digit stays open, or an update has no value
        return
    record = verify(solution)
    assert record.agrees, record.disagreements
    slopes = sum(line.step.stage == "gradients" for line in solution.lines)
    (by_differences,) = (way for way in record.ways if way.way == "differences")
    assert by_differences.numbers + sum(by_differences.unchecked.values()) >= slopes


SLIPS = slips(handcalc.solve(NETWORK))


@pytest.mark.parametrize("carry", ["exact", "rounded"])
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.key}-{slip.code}")
def test_a_wrong_formula_is_reported(slip: Slip, carry: str) -> None:
    """A wrong gradient by differences, a wrong prediction or update by NumPy; both under their keys."""
    record = verify(with_slip(handcalc.solve(NETWORK | {"carry": carry}), slip))
    assert not record.agrees
    found = {(one.key, one.way) for one in record.disagreements}
    if slip.wrong.stage == "gradients":
        assert (slip.key, "differences") in found
    if slip.wrong.stage == "update":
        assert (slip.key, "NumPy") in found


def test_a_slope_at_a_kink_is_counted_as_unchecked() -> None:
    """A ReLU at 0: 0.1·3 − 0.3, which isn't 0 in floats either."""
    layers = [{"relu": [["0.1", "-0.1"]]}, {"linear": [["2"]]}]
    record = verify(handcalc.solve({"inputs": [3, 3], "layers": layers, "target": 1, "loss": "squared error",
                                    "learning rate": 1}))  # fmt: skip
    assert record.agrees
    assert {way.way: way.unchecked for way in record.ways}["differences"] == {"at a kink": 3}


@pytest.mark.parametrize("how", ["half up", "truncate"])
def test_the_output_of_a_saturated_unit_agrees(how: str) -> None:
    """tanh(400) is 1 in its first 347 decimals, and below 1."""
    rounding = {"decimals": 3, "how": how}
    record = verify(handcalc.solve({"inputs": [400], "layers": [{"tanh": [["-1"]]}], "rounding": rounding}))
    assert record.agrees, record.disagreements


def test_letters_are_counted_as_unchecked() -> None:
    record = verify(handcalc.solve({"inputs": ["x"], "layers": [{"sigmoid": [["0.5"]]}], "letters": ["x"]}))
    assert record.agrees
    assert [way.unchecked for way in record.ways[:1]] == [{"letters": 2}]


def test_a_record_is_written_as_json_and_is_the_same_each_time() -> None:
    once, twice = (json.dumps(verify(handcalc.solve(NETWORK)).as_dict()) for _ in range(2))
    assert once == twice
    assert json.loads(once)["agrees"] is True


@pytest.mark.parametrize(
    ("value", "text", "equal", "rounded"),
    [
        ("0.58661759", "0.5866…", True, False),
        ("0.58661759", "0.5867…", False, False),
        ("0.58661759", "0.5866", False, True),
        ("0.25", "0.3", False, True),
        ("-0.25", "-0.3", False, True),
        ("-0.25", "-0.2", False, False),
        ("0.24999999999999999", "0.2", False, True),
        ("-0.00001", "-0.0000", False, False),
        ("-0.00001", "0.0000", False, True),
        ("-0.00001", "-0.0000…", True, False),
        ("123456789012345", "1.2346·10^14", False, True),
        ("123456789012345", "1.2345·10^14", False, False),
        ("0.15", "3/20", True, False),
    ],
)
def test_digits_on_paper(value: str, text: str, equal: bool, rounded: bool) -> None:
    with localcontext(context(50)):
        assert is_equal(Decimal(value), text) is equal
        assert is_rounded(Decimal(value), text, "half up") is rounded


def test_more_digits_are_kept_only_of_what_would_become_an_end() -> None:
    rounding = Rounding(places=2, carry="rounded")
    ends = {Decimal(0), Decimal(1)}
    assert keeps_more(Decimal("0.998"), "0.998", 2, rounding, ends)
    assert not keeps_more(Decimal("0.988"), "0.988", 2, rounding, ends)
    assert read_digits("?") is None
