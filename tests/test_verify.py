"""Every key is checked in ways of its own; a wrong digit in any line is reported with its key."""

from pathlib import Path
from typing import Any

import pytest

import handcalc
from handcalc.api import solve_all
from handcalc.derive.solution import Solution
from handcalc.quiz.verify import verify

EXAMPLES = sorted(Path(__file__).parents[1].glob("examples/**/*.yaml"))
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
