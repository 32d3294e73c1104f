"""What a student sheet gives away: digits of a hidden value that stand in a text, or its brand on a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from handcalc.derive.passes import Pass
from handcalc.derive.solution import Solution
from handcalc.formula.notation import written
from handcalc.formula.quantity import Quantity
from handcalc.render.text import plain, text
from handcalc.sheet.parts import Sheet
from handcalc.sheet.picture import Picture

SHORTEST = 4
"""Characters; 0.5 or 12 stand on a sheet for many reasons."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def printed(worked: Pass, q: Quantity) -> set[str]:
    """The digits of a value: those that later lines use, and those of its result."""
    slot = worked.program.slots.number[q]
    said = f"{worked.printed.operand[slot]} {worked.printed.decimal[slot]}"
    return {digits for digits in NUMBER.findall(said) if len(digits) >= SHORTEST}


def leaks(solution: Solution, asked: Iterable[str], said: str) -> set[str]:
    """The keys of `asked` whose digits `said` holds and belong to nothing that may be seen."""
    wanted = set(asked)
    every = [(worked, q) for worked in solution.passes for q in worked.program.slots.quantities]
    seen = {digits for worked, q in every if q.key not in wanted for digits in printed(worked, q)}
    for worked in solution.passes:  # constants of the formulas
        seen |= {digits for step in worked.program.steps for digits in NUMBER.findall(plain(written(step.formula)))}
    there = {digits.replace(",", ".") for digits in NUMBER.findall(said)} - seen
    return {q.key for worked, q in every if q.key in wanted and printed(worked, q) & there}


def branded(solution: Solution) -> dict[Quantity, str]:
    """Writes the value of each quantity with digits that stand nowhere else, and says which: however short a number is,
    and whatever else has its digits, a sheet says whose it was."""
    brands: dict[Quantity, str] = {}
    for worked in solution.passes:
        printed = worked.printed
        for slot, q in enumerate(worked.program.slots.quantities):
            brand = brands.setdefault(q, f"{70000 + len(brands)}7193")
            printed.operand[slot] = printed.decimal[slot] = brand
            printed.result[slot] = (("≈", brand),)
            if printed.whole[slot] is not None:
                printed.whole[slot] = brand
    return brands


def told(sheet: Sheet, brands: Mapping[Quantity, str], hidden: Callable[[Quantity], bool]) -> list[str]:
    """The keys of what is `hidden` and stands on a sheet nevertheless, in its pictures too."""
    parts = (*sheet.parts, *(part for section in sheet.sections for part in section.parts))
    said = text(sheet) + repr([part for part in parts if isinstance(part, Picture)])
    return [q.key for q, brand in brands.items() if hidden(q) and brand in said]
