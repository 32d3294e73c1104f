"""Simulated classes: students who round as a sheet allows, make one mistake, or write anything.

Glossary
    makes    the wrong formulas of a student, by slot of the first pass
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from flint import ctx, fmpq
from oracles.ordinary import solved
from test_slip import NETWORKS
from test_tolerance import ROUNDINGS, stand_below

import handcalc
from handcalc.derive.decimals import decimal_text, first_exponent
from handcalc.derive.functions import NoValue, value_of
from handcalc.derive.identity import chosen
from handcalc.derive.passes import NumericPass
from handcalc.derive.places import places_by_slot
from handcalc.derive.slip import Slip, possible
from handcalc.derive.solution import Solution
from handcalc.derive.tape import Undecided
from handcalc.formula.tree import Formula
from handcalc.mark.answer import Answer
from handcalc.mark.reading import read_answer
from handcalc.mark.unreadable import Unreadable
from handcalc.sheet.asked import Asked

EXAMPLES = Path(__file__).parent.parent / "examples"
Answers = dict[str, Answer | Unreadable]


LEAST, MOST = 2, 200
"""Blanks of a sheet."""
MOST_DECIMALS = 55
"""Of what is typed."""


class NoStudent(Exception):
    """A line has no value, or one that nobody can type."""


@dataclass(frozen=True)
class Sheet:
    """A network to be marked."""

    name: str
    solution: Solution
    asked: Asked

    @property
    def passes(self) -> list[NumericPass]:
        return [one for one in self.solution.passes if isinstance(one, NumericPass)]


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every example network whose lines are numbers, as a sheet that asks for all of them; and networks of each
    convention with each way of rounding."""
    found = []
    for file in sorted([*EXAMPLES.glob("*.yaml"), *EXAMPLES.glob("published/*.yaml")]):
        found += [(f"{file.stem} {name}".strip(), one) for name, one in handcalc.solve_all(file).items()]
    for n, (name, network) in enumerate(NETWORKS.items()):
        rounding = {} if "carry" in network else {"rounding": ROUNDINGS[n % len(ROUNDINGS)]}
        found.append((name, handcalc.solve(network | rounding)))
    found += [(f"ordinary {n}", solved(n, **rounding)) for n, rounding in enumerate(ROUNDINGS, 40)]
    made = [Sheet(name, solution, Asked(solution, 3)) for name, solution in found
            if all(isinstance(one, NumericPass) for one in solution.passes)]  # fmt: skip
    return tuple(one for one in made if LEAST < len(one.asked.chosen) < MOST)


class Student:
    """Works every line from what they have, and writes and carries it rounded to as many places as asked, or more."""

    def __init__(self, sheet: Sheet, seed: int, makes: Mapping[int, Formula] | None = None, *, plain: bool = False):
        self.sheet, self.random, self.makes, self.plain = sheet, Random(seed), makes or {}, plain
        self.written: dict[str, str] = {}
        self.carried: dict[str, fmpq] = {}
        for n, worked in enumerate(sheet.passes):
            self._work(worked, self.makes if n == 0 else {})

    def answers(self) -> Answers:
        return {q.key: read_answer(self.written[q.key]) for q in self.sheet.asked.chosen if q.key in self.written}

    def _work(self, worked: NumericPass, makes: Mapping[int, Formula]) -> None:
        program, rounding = worked.program, worked.network.rounding
        self.rounding, self.places, self.ranges = rounding, places_by_slot(program, rounding), program.ranges
        below = set().union(*map(stand_below, [*program.formulas, *makes.values()]))
        has: list[Any] = []
        for slot, q in enumerate(program.slots.quantities[: program.first]):
            value = worked.values[slot]
            typed = worked.typed[slot] is not None
            has.append(value if typed or q.key not in self.carried else self.carried[q.key])
            if worked.typed[slot] is not None:
                self.written.setdefault(q.key, str(worked.typed[slot]))
        number = program.slots.number
        for slot, step in enumerate(program.steps, program.first):
            formula = makes.get(slot, step.formula)
            with ctx.workprec(200):
                try:
                    raw = value_of(chosen(formula, lambda q: has[number[q]]), lambda q: has[number[q]])
                    x = raw if isinstance(raw, fmpq) else _middle(raw)
                except (NoValue, ZeroDivisionError, Undecided, ValueError):
                    raise NoStudent from None
            key = step.target.key
            keep = key in below or rounding.carry == "rounded"
            ranged = slot not in makes
            more = self.random.choice((0, 0, 0, 1, 2, 5)) if not self.plain else 0
            carried = x if self.random.random() < 0.2 and not self.plain else self._rounded(x, slot, more, keep, ranged)
            written = self._rounded(
                x,
                slot,
                self.random.choice((0, 0, 0, 1)) if not self.plain else 0,
                keep and rounding.carry == "rounded",
                ranged and rounding.carry == "rounded",
            )
            has.append(carried)
            self.carried[key] = carried
            self.written[key] = text(written)

    def _rounded(self, x: fmpq, slot: int, more: int, keep: bool, ranged: bool) -> fmpq:
        if not x:
            return x
        n, figures, how = self.places[slot], self.rounding.figures, self.rounding.how
        exponent = int(first_exponent(x) or 0)
        places = n - 1 - exponent if figures else n if exponent < 10 else n - exponent
        ends = [fmpq(0)] * keep + [fmpq(end) for end in (self.ranges[slot] or ()) if ranged]
        for end in ends:
            if to_decimals(x, places, how) == end and x != end:
                places = max(n - 1 - int(first_exponent(x - end) or 0), places)
        return to_decimals(x, places + more, how)


def to_decimals(x: fmpq, places: int, how: str) -> fmpq:
    scale = fmpq(10) ** places
    units = abs(x) * scale + (fmpq(1, 2) if how == "half up" else 0)
    whole = fmpq(int(units.p) // int(units.q)) / scale
    return whole if x > 0 else -whole


def text(x: fmpq) -> str:
    """A decimal of as many digits as it takes; a long one as a fraction."""
    places = 0
    if abs(x) > fmpq(10) ** MOST_DECIMALS:
        raise NoStudent
    while (x * fmpq(10) ** places).q != 1:
        places += 1
        if places > MOST_DECIMALS:
            return short(x)
    return decimal_text(int((abs(x) * fmpq(10) ** places).p), places, negative=bool(x < 0))


def short(x: fmpq) -> str:
    """``7.6e-49``: as many figures as may be typed."""
    exponent = int(first_exponent(x) or 0)
    if abs(exponent) > MOST_DECIMALS:
        raise NoStudent
    mantissa = to_decimals(x / fmpq(10) ** exponent, 20, "half up")
    return f"{decimal_text(int((abs(mantissa) * fmpq(10) ** 20).p), 20, negative=bool(x < 0))}e{exponent}"


def _middle(ball: Any) -> fmpq:
    if not ball.is_finite():
        raise ValueError
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def mistakes(sheet: Sheet) -> dict[str, list[Slip]]:
    """Every mistake that can be made, with the lines in which its own formula is written: by operation and code."""
    worked = sheet.passes[0]
    found: dict[str, list[Slip]] = {}
    asked = set(sheet.asked.chosen)
    for slip in possible(worked.run.shape, worked.turn):
        if slip.quantity in asked:
            found.setdefault(f"{slip.operation.name}: {slip.code}", []).append(slip)
    return found


def made(sheet: Sheet, slips: list[Slip]) -> dict[int, Formula]:
    number = sheet.passes[0].program.slots.number
    return {number[slip.quantity]: slip.wrong.formula for slip in slips}


def students(sheet: Sheet, seeds: range, makes: Mapping[int, Formula] | None = None) -> Iterator[Student]:
    for seed in seeds:
        try:
            yield Student(sheet, seed, makes)
        except NoStudent:
            continue
