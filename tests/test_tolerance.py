"""What is accepted: whoever rounds no more coarsely than the sheet says is inside; and hardly anything else is."""

from __future__ import annotations

import re
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.by_hand import exponent, read, to_decimals, worked
from oracles.ordinary import network, solved

import handcalc
from benchmarks.classes import stand_below
from handcalc.derive.places import places_by_slot
from handcalc.derive.solution import Solution
from handcalc.derive.tolerance import Interval, accepted, accepted_over, accepted_sentence
from handcalc.network.rounding import Rounding
from handcalc.render.text import words


def number(text: str) -> fmpq:
    found = Fraction(text)
    return fmpq(found.numerator, found.denominator)


class Student:
    """Works every line from what they have, each time rounding to as many places as the sheet says, or to more."""

    def __init__(self, solution: Solution, seed: int) -> None:
        self.random, self.rounding, self.program = Random(seed), solution.network.rounding, solution.program
        self.places = places_by_slot(solution.program, solution.network.rounding)
        self.below = set().union(*map(stand_below, solution.program.formulas))
        self.has: dict[str, Fraction] = {}
        first = solution.program.first
        for slot, quantity in enumerate(solution.program.slots.quantities[:first]):
            found = solution.values[slot]
            self.has[quantity.key] = Fraction(int(found.p), int(found.q))
        for slot, step in enumerate(solution.program.steps, first):
            exact = worked(step.formula, lambda q: self.has[q.key])
            self.has[step.target.key] = self.rounded(exact, slot, step.target.key)

    def rounded(self, x: Fraction, slot: int, key: str) -> Fraction:
        if self.random.random() < 0.2 or not x:
            return x
        more = self.random.choice((0, 0, 0, 1, 2, 5))
        n, figures, how = self.places[slot], self.rounding.figures, self.rounding.how
        places = n - 1 - exponent(x) if figures else n
        keep = key in self.below or self.rounding.carry == "rounded"
        ends = [Fraction(0)] * keep + list(map(Fraction, self.program.ranges[slot] or ()))
        for end in ends:
            if to_decimals(x, places, how) == end and x != end:
                places = max(n - 1 - exponent(x - end), places)
        return to_decimals(x, places + more, how)


ROUNDINGS: tuple[dict[str, Any], ...] = (
    {"decimals": 2}, {"decimals": 3}, {"decimals": 4}, {"decimals": 4, "carry": "rounded"},
    {"decimals": 3, "how": "truncate"}, {"significant figures": 3}, {"significant figures": 4, "carry": "rounded"},
    {"decimals": 3, "carry": "rounded", "how": "truncate"}, {"decimals": 4, "own": {"a1": 2}},
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(ROUNDINGS), st.integers(0, 10**6))
def test_whoever_rounds_no_more_coarsely_is_inside(seed: int, rounding: dict[str, Any], student: int) -> None:
    solution = solved(seed, **rounding)
    intervals = accepted(solution.first)
    student_has = Student(solution, student).has
    for quantity, interval in intervals.items():
        answer = student_has[quantity.key]
        assert interval.holds(fmpq(answer.numerator, answer.denominator)), (quantity.key, float(answer), interval)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(ROUNDINGS))
def test_what_is_printed_is_inside(seed: int, rounding: dict[str, Any]) -> None:
    solution = solved(seed, **rounding)
    intervals = accepted(solution.first)
    for line in solution.lines:
        printed = solution.printed.decimal[line.slot]
        interval = intervals[line.quantity]
        assert read(interval.low) <= read(printed) <= read(interval.high), (line.key, printed, interval)


def widths(seed: int, **rounding: Any) -> list[tuple[str, int]]:
    """By key how many units of the fourth decimal there are between the ends."""
    solution = solved(seed, **rounding)
    intervals = accepted(solution.first)
    return [(line.key, round((Fraction(i.high) - Fraction(i.low)) * 10**4))
            for line in solution.lines if (i := intervals[line.quantity])]  # fmt: skip


def test_the_interval_of_an_ordinary_network_is_a_few_units_wide() -> None:
    """Before the network runs again: there sums of powers are wide."""
    again = re.compile(r"[^Wb].*u=1")
    found = [width for seed in range(60) for key, width in widths(seed, decimals=4) if not again.match(key)]
    assert sum(width <= 1 for width in found) > 0.87 * len(found)
    assert sum(width <= 2 for width in found) > 0.97 * len(found)
    assert max(found) <= 6


def test_a_number_that_nobody_can_reach_is_outside() -> None:
    solution = handcalc.solve({
        "inputs": [1, 2],
        "layers": [{"sigmoid": [["0.3", "0.4"]], "bias": ["0.1"]}],
        "target": [1],
        "loss": "half squared error",
    })  # fmt: skip
    intervals = accepted(solution.first)
    z, a = (intervals[solution.quantity(key)] for key in ("z[1]", "yhat[1]"))
    assert (z.low, z.high) == ("1.2000", "1.2000")
    assert not z.holds(number("1.2001"))
    assert (a.low, a.high, a.is_single) == ("0.7685", "0.7685", True)
    assert a.holds(number("0.76852"))
    assert not a.holds(number("0.768"))


def test_what_the_pass_before_has_learned_is_not_exact() -> None:
    exercise = network(5, decimals=3) | {"steps": 2, "show updates": [1, 2], "show": ["update"]}
    solution = handcalc.solve(exercise)
    first, second = solution.passes
    alone, after = accepted(second), accepted(second, accepted(first))
    wider = [after[line.quantity].most - after[line.quantity].least
             >= alone[line.quantity].most - alone[line.quantity].least for line in second.lines]  # fmt: skip
    assert all(wider)
    learned = second.program.page.learned[0]
    assert (after[learned].least, after[learned].most) == (
        accepted(first)[learned].least, accepted(first)[learned].most,
    )  # fmt: skip


def test_several_passes_go_on_from_each_other() -> None:
    exercise = network(5, decimals=3) | {"steps": 2, "show updates": [1, 2], "show": ["update"], "optimiser": "adam"}
    solution = handcalc.solve(exercise)
    first, second = solution.passes
    over = accepted_over(solution.passes)
    assert over.keys() == {line.quantity for line in solution.lines} | {
        q for one in solution.passes for q in one.program.page.page.givens
    }
    assert {q: over[q] for q in first.program.slots.number} == accepted(first)
    counter = solution.quantity("t")
    assert [accepted(one, over)[counter].low for one in (first, second)] == ["1", "2"]


def test_a_saturated_unit_stays_inside_its_range() -> None:
    solution = handcalc.solve({
        "inputs": [3, 4],
        "layers": [{"sigmoid": [[2, 2]], "bias": [1]}],
        "target": [0],
        "loss": "binary cross-entropy",
        "learning rate": "0.5",
        "show": ["gradients"],
    })  # fmt: skip
    intervals = accepted(solution.first)
    L = intervals[solution.quantity("L")]
    assert (L.low, L.high) == ("15.0000", "15.0000")
    assert L.holds(number("15.00001"))
    assert not L.holds(number("14.9"))
    assert intervals[solution.quantity("p[1]")].high == "1.0000"


def test_letters_have_no_intervals() -> None:
    solution = handcalc.solve({
        "inputs": ["x"], "layers": [{"sigmoid": [["0.3"]]}], "letters": ["x"], "show": ["forward"],
    })  # fmt: skip
    assert accepted(solution.first) == {}


@pytest.mark.parametrize("how", ["half up", "truncate"])
def test_the_sheet_says_what_is_accepted(how: Any) -> None:
    rounding = Rounding(places=3, how=how)
    verb = {"half up": "rounding every step to", "truncate": "cutting every step off after"}[how]
    assert words(accepted_sentence(rounding)) == (
        f"An answer is right if it can be reached by {verb} 3 decimals or more: each has its interval."
    )
    assert "3 Nachkommastellen" in words(accepted_sentence(rounding, "de"))


def test_an_interval_is_a_record() -> None:
    interval = Interval("0.58", "0.59", number("0.575"), number("0.595"))
    assert interval.holds(number("0.575"))
    assert not interval.is_single
