"""What a student sheet gives away: digits of a hidden value that stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handcalc.derive.passes import Pass
from handcalc.derive.solution import Solution
from handcalc.formula.notation import written
from handcalc.formula.quantity import Quantity
from handcalc.render.text import plain

SHORTEST = 4
"""Characters; 0.5 or 12 stand on a sheet for many reasons."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def printed(worked: Pass, q: Quantity) -> set[str]:
    """The digits of a value: those that later lines use, and those of its result."""
    slot = worked.program.slots.number[q]
    said = f"{worked.printed.operand[slot]} {worked.printed.decimal[slot]}"
    return {digits for digits in NUMBER.findall(said) if len(digits) >= SHORTEST}


def leaks(solution: Solution, asked: Iterable[str], text: str) -> set[str]:
    """The keys of `asked` whose digits stand in `text` and belong to nothing that may be seen."""
    wanted = set(asked)
    every = [(worked, q) for worked in solution.passes for q in worked.program.slots.quantities]
    seen = {digits for worked, q in every if q.key not in wanted for digits in printed(worked, q)}
    for worked in solution.passes:  # constants of the formulas
        seen |= {digits for step in worked.program.steps for digits in NUMBER.findall(plain(written(step.formula)))}
    there = {digits.replace(",", ".") for digits in NUMBER.findall(text)} - seen
    return {q.key for worked, q in every if q.key in wanted and printed(worked, q) & there}
