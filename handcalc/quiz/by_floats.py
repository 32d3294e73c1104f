"""Each line in floats: the digits of the printed result are those of the float, up to what floats lose.

Where a float is on the other side of a jump than the number that it stands for (0.1·3 − 0.3 isn't 0), or where a
difference has lost its figures, the result moves with the smallest change of the given numbers: it isn't checked then.
"""

from __future__ import annotations

import math

from handcalc.derive.program import Program
from handcalc.network.rounding import Rounding
from handcalc.quiz.agreement import Tally
from handcalc.quiz.by_decimals import NO_VALUE, lines_in_floats
from handcalc.quiz.digits_on_paper import read_digits
from handcalc.quiz.worked_again import Again

MARGIN = 1e-9
"""What a float may be wrong by, relative to the larger of itself and 1."""
SHAKEN = 1e-13
"""What the given numbers are changed by, relative to themselves, where a result is to be shaken."""
SHAKES = 6


def check_floats(again: Again, tally: Tally) -> None:
    """Every line of a pass; in rounded carry each from the printed numbers."""
    program, printed = again.of.program, again.of.printed
    found = _worked(program, again)
    for slot in range(program.first, len(found)):
        exact, value = again.values[slot], found[slot]
        wrong = miss(value, printed.decimal[slot], again.of.network.rounding)
        if exact is None or wrong is None:
            tally.leave("no value")
        elif wrong <= 0:
            tally.agrees(abs(value - float(exact)) / max(1.0, abs(value)))
        elif _movement(program, again, slot) >= wrong:
            tally.leave("too near a jump for floats")
        else:
            tally.differs(program.slots.quantities[slot].key, printed.decimal[slot], value)


def miss(value: float, printed: str, rounding: Rounding) -> float | None:
    """How far a float is from what is printed, beyond half a unit of the last place (a whole one of what is cut off)
    and what floats lose; None where there is no number."""
    paper = read_digits(printed)
    if paper is None or not math.isfinite(value):
        return None
    unit = (0.5 if rounding.how == "half up" else 1) * 10.0**-paper.places
    return abs(value - float(paper.value)) - unit - MARGIN * max(1.0, abs(value))


def _worked(program: Program, again: Again, shake: int | None = None) -> list[float]:
    """The values in floats; with a `shake` the given numbers are a little off, each its own way in each shake."""
    rounded = again.of.network.carry == "rounded"
    start = again.on_paper if rounded else again.values[: program.first]
    v = [math.nan if value is None else float(value) for value in start]
    if shake is not None:
        v = [x * (1 + SHAKEN * (1 if (i * 2654435761 >> shake) & 1 else -1)) for i, x in enumerate(v)]
    found = v if not rounded else v[: program.first]
    for line in lines_in_floats(program):
        try:
            found.append(line(v))
        except NO_VALUE:
            found.append(math.nan)
    return found


def _movement(program: Program, again: Again, slot: int) -> float:
    """How far the result in `slot` goes where the given numbers are a little off."""
    found = [_worked(program, again, shake)[slot] for shake in range(SHAKES)]
    return math.inf if any(map(math.isnan, found)) else max(found) - min(found)
