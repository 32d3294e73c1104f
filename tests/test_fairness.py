"""Fair, and not to be gamed: what honest students keep, and what those get who compute nothing.

The students are those of `oracles.honest`, in fractions and decimals of Python: none of the marking's arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from random import Random

import pytest
from oracles.honest import GivesUp, Honest

from benchmarks.classes import Sheet, examples
from handcalc.derive.page import Step
from handcalc.derive.passes import NumericPass
from handcalc.formula.tree import quantities
from handcalc.mark.marking import mark
from handcalc.mark.reading import read_answer
from handcalc.mark.verdict import Marking

MOST_BLANKS = 60
SHEETS = tuple(one for one in examples() if len(one.asked.chosen) <= MOST_BLANKS)
"""Longer ones say nothing else, and take long."""
Texts = Mapping[str, str]


def marked(one: Sheet, texts: Texts) -> Marking:
    asked = {q.key for q in one.asked.chosen}
    return mark(one.solution, {key: read_answer(text) for key, text in texts.items() if key in asked}, asked=one.asked)


def honest(one: Sheet, seed: int, wrong: Mapping[str, Fraction] | None = None) -> Honest:
    return Honest(one.asked, seed, wrong, plain=seed % 3 == 0, exact=seed % 3 == 1)


def test_whoever_works_honestly_has_full_marks() -> None:
    count = 0
    for n, one in enumerate(SHEETS):
        with suppress(GivesUp):
            writes = honest(one, n).writes
            count += len(writes)
            lost = [(v.key, v.text, v.code) for v in marked(one, writes) if v.key in writes and v.marks != v.out_of]
            assert lost == [], one.name
    assert count > 1_000


@pytest.mark.parametrize("numbers", [1, 2])
def test_a_number_from_nowhere_costs_its_own_line(numbers: int) -> None:
    """Whatever follows from it; unless it leaves nothing to work out there."""
    count = 0
    for n, one in enumerate(SHEETS):
        dice = Random(f"{one.name} {numbers}")
        keys = dice.sample([q.key for q in one.asked.chosen], numbers)
        wrong = {key: Fraction(dice.randint(-2_000, 2_000) * 10 + 7, 10**4) for key in keys}
        with suppress(GivesUp):
            writes = honest(one, n, wrong).writes
            lost = {v.key for v in marked(one, writes) if v.key in writes and v.marks != v.out_of and v.trivial is None}
            assert lost <= set(keys), one.name
            count += 1
    assert count > 50


def test_other_lines_keep_their_marks_whatever_else_is_typed() -> None:
    """Right answers stay right beside blanks, what can't be read, and nonsense, in any order."""
    for n, one in enumerate(SHEETS):
        with suppress(GivesUp):
            dice, writes = Random(one.name), dict(Honest(one.asked, n, plain=True).writes)
            spoilt = dice.sample(sorted(writes), len(writes) // 3)
            for key in spoilt:
                writes[key] = dice.choice(["0.1.2", "?", "17.0303", "about 3"])
            shuffled = dict(dice.sample(sorted(writes.items()), len(writes)))
            found = marked(one, shuffled)
            assert all(v.code == "correct" for v in found if v.key in writes and v.key not in spoilt), one.name


def steps(one: Sheet) -> Iterator[tuple[NumericPass, Step]]:
    for worked in one.passes:
        yield from ((worked, step) for step in worked.program.steps if step.target in one.asked.chosen)


def everywhere(text: str) -> Callable[[Sheet], Texts]:
    return lambda one: {q.key: text for q in one.asked.chosen}


def operands(last: bool) -> Callable[[Sheet], Texts]:
    """Of each line one of the numbers that stand in it."""

    def made(one: Sheet) -> Texts:
        found: dict[str, str] = {}
        for worked, step in steps(one):
            number, first = worked.program.slots.number, worked.program.first
            named = list(quantities(step.formula))
            for q in reversed(named) if last else named:
                typed = found.get(q.key) or (worked.typed[number[q]] if number[q] < first else None)
                if typed:
                    found[step.target.key] = typed
                    break
        return found

    return made


def at_random(one: Sheet) -> Texts:
    dice = Random(one.name)
    return {q.key: f"{dice.uniform(-1, 1):.4f}" for q in one.asked.chosen}


def going_on_with(stages: tuple[str, ...], value: int) -> Callable[[Sheet], Texts]:
    """One easy number in all lines of these stages; of the rest what costs no work: 0 and ±1."""

    def made(one: Sheet) -> Texts:
        wrong = {step.target.key: Fraction(value) for _, step in steps(one) if step.stage in stages}
        writes = Honest(one.asked, 0, wrong, plain=True).writes
        return {key: text for key, text in writes.items() if Fraction(text) in (0, 1, -1)}

    return made


FORWARD = ("forward", "rerun")
STRATEGIES: dict[str, tuple[Callable[[Sheet], Texts], float]] = {
    "0 everywhere": (everywhere("0"), 0.15),
    "1 everywhere": (everywhere("1"), 0.10),
    "0.5 everywhere": (everywhere("0.5"), 0.08),
    "-5 everywhere": (everywhere("-5"), 0.05),
    "10^50 everywhere": (everywhere("1e50"), 0.06),
    "no value": (everywhere("1/0"), 0.0),
    "random numbers": (at_random, 0.02),
    "the first number of the line": (operands(last=False), 0.17),
    "the last number of the line": (operands(last=True), 0.18),
    "the forward pass 0": (going_on_with(FORWARD, 0), 0.17),
    "the forward pass 1": (going_on_with(FORWARD, 1), 0.15),
    "slopes 0": (going_on_with(("gradients",), 0), 0.20),
    "updates 0": (going_on_with(("update",), 0), 0.17),
}
"""What somebody types who computes nothing, and the mean share of the marks that it may give at most."""


@pytest.mark.parametrize("name", STRATEGIES)
def test_whoever_computes_nothing_gets_next_to_nothing(name: str) -> None:
    made, most = STRATEGIES[name]
    shares = []
    for one in SHEETS:
        with suppress(GivesUp):
            found = marked(one, made(one))
            shares.append(float(int(found.marks.p) / int(found.marks.q) / found.out_of))
    assert len(shares) > 50
    mean = sum(shares) / len(shares)
    assert mean <= most, f"{mean:.3f}"
