"""Work that is wholly consistent with another convention than the sheet's is no mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handcalc.formula.quantity import Quantity
from handcalc.mark.fits import slips_at
from handcalc.mark.lines import Looked
from handcalc.mark.world import World

SIGN, STEP, FORWARD, BACK, OUTER, FACTOR, MEAN = 18, 19, 2, 23, 24, 17, 27
"""Rows of the table of mistakes."""


def conventions(lines: Sequence[Looked], worlds: Sequence[World]) -> Mapping[Quantity, str]:
    """By line the other convention that it belongs to. The lines after have to go on with it.

    sign         the error is y − p in all lines, and what it leads to is added
    transposed   every weight matrix is read with its indices the other way round
    factor       the loss has another factor (½, 2, 1/n), and its slope has it too
    """
    answered = [line for line in lines if line.code not in ("blank", "done", "unreadable", "undecided")]
    found: dict[Quantity, str] = {}
    if not any(line.code == "mistake" for line in answered):
        return found
    for name, made in (("sign", _sign), ("transposed", _transposed), ("factor", _factor)):
        for line in made(answered):
            found.setdefault(line.quantity, name)
    return found


def _possible(line: Looked) -> set[int]:
    """The mistakes of the table that can happen in a line."""
    return {slip.number for slip in slips_at(line.ours.program).get(line.slot, ())}


def _made(line: Looked, *numbers: int) -> bool:
    return line.code == "mistake" and any(fit.number in numbers for fit in line.fits)


def _everywhere(lines: Sequence[Looked], *numbers: int) -> list[Looked]:
    """The lines in which one of these mistakes is made, where it is made wherever it shows; else none."""
    able = [line for line in lines if not _possible(line).isdisjoint(numbers)]
    made = [line for line in able if _made(line, *numbers)]
    return made if all(line in made or line.code in ("correct", "follows") for line in able) else []


def _sign(lines: Sequence[Looked]) -> list[Looked]:
    errors = [line for line in lines if SIGN in _possible(line)]
    swapped = [line for line in errors if _made(line, SIGN)]
    steps = [line for line in lines if line.stage == "update" and STEP in _possible(line)]
    added = [line for line in steps if _made(line, STEP)]
    consistent = steps and all(line in added or line.code == "correct" for line in steps)
    if not swapped or len(swapped) < len(errors) or not consistent or _contradicted(swapped, lines):
        return []
    return [*swapped, *added]


def _contradicted(made: Sequence[Looked], lines: Sequence[Looked]) -> bool:
    """Whether a line that is worked from one of these is right as on the sheet, which goes on from them otherwise."""
    apart = {(line.part, line.slot) for line in made}
    return any(
        line.code == "correct"
        and not line.world.follows(line.slot)
        and any((line.part, i) in apart for i in line.world.operands(line.slot))
        for line in lines
    )


def _transposed(lines: Sequence[Looked]) -> list[Looked]:
    forward = _everywhere(lines, FORWARD)
    back = _everywhere(lines, BACK, OUTER)
    able = any(not _possible(line).isdisjoint({BACK, OUTER}) for line in lines)
    made = [*forward, *back]
    return made if len(forward) > 1 and (back or not able) and not _contradicted(made, lines) else []


def _factor(lines: Sequence[Looked]) -> list[Looked]:
    losses = [line for line in lines if line.stage == "loss" and _has_factor(line)]
    slopes = [line for line in lines if not _possible(line).isdisjoint({FACTOR, MEAN}) and line.stage == "gradients"]
    made = [line for line in slopes if _made(line, FACTOR, MEAN)]
    consistent = losses and made and len(made) == len(slopes) and not _contradicted(made, lines)
    return [*losses, *made] if consistent else []


def _has_factor(line: Looked) -> bool:
    return any(fit.code == "factor" or fit.number in (FACTOR, MEAN) for fit in line.fits)
