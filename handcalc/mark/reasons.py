"""Which answers somebody has come by, and which are only written: a number everywhere, 0 or 1 to have an easy time.

Follow-through and a mistake that is made again keep marks where there is a reason for the first number: it is right, or
is worked out from another one, or a mistake gives it. A number without a reason costs its own line, as all that is
wrong; what is worked out from it counts. What is no work does not: where a 0 or 1 without a reason leaves nothing to
work out, and where a mistake only copies such a number.

Glossary
    plain        0, 1 or −1
    unfounded    an answer without a reason, or the same number once more
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flint import fmpq

from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import quantities
from handcalc.mark.lines import Looked, triviality
from handcalc.mark.verdict import RIGHT, Code
from handcalc.mark.world import is_plain, number_of

UNSEEN: frozenset[Code] = frozenset({"follows", "form", "mistake"})
"""What is right, or explained, by an earlier answer only."""
FLOOD = 3
"""Lines in which the same number stands without a reason."""


def without_reason(lines: Sequence[Looked]) -> frozenset[Quantity]:
    """The answers that nothing has been worked out for: a number without a reason, and what is the same number again,
    or a 0 or 1 that another 0 or 1 of these gives.

    A mistake that makes a 0 of a 0 is a reason where at least as many lines are right with other numbers.
    """
    found = _unfounded(lines, frozenset())
    empty = frozenset(line.quantity for line in lines if line.quantity not in found and _is_empty(line))
    often = _most_often(lines)
    worked = [line for line in lines if line.code in RIGHT and line.quantity not in found and _size(line) != often]
    return found if len(worked) >= len(empty) else _unfounded(lines, empty)


def trivial_lines(lines: Sequence[Looked], unfounded: frozenset[Quantity]) -> frozenset[Quantity]:
    """Note the lines that have become trivial; those whose cause is neither worked out nor a mistake with a name."""
    by_quantity, dishonest, flood = {line.quantity: line for line in lines}, set(), _flooding(lines)
    for line in lines:
        if line.code in ("follows", "form"):
            line.trivial = triviality(line)
            floods = line.quantity in unfounded and flood is not None and _size(line) == flood
            if line.trivial is None and floods:
                line.trivial = line.sources[0]
            cause = by_quantity.get(line.trivial.quantity) if line.trivial else None  # or in an earlier question
            if cause and (line.quantity in unfounded or _is_bare(cause, unfounded)):
                dishonest.add(line.quantity)
    return frozenset(dishonest)


def _most_often(lines: Sequence[Looked]) -> fmpq | None:
    """The number, whatever its sign, that stands in most lines."""
    numbers = Counter(size for line in lines if (size := _size(line)) is not None)
    return max(numbers, key=lambda one: numbers[one], default=None)


def _size(line: Looked) -> fmpq | None:
    value = line.entry.value if line.entries else None
    return abs(value) if isinstance(value, fmpq) else None


def _flooding(lines: Sequence[Looked]) -> fmpq | None:
    """A number that stands in most of the lines, in several of them without a reason: it is written everywhere."""
    often = _most_often(lines)
    same = [line for line in lines if often is not None and _size(line) == often]
    wrong = sum(line.code == "wrong" for line in same)
    return often if wrong >= FLOOD and 2 * len(same) > sum(bool(line.entries) for line in lines) else None


def _unfounded(lines: Sequence[Looked], empty: frozenset[Quantity]) -> frozenset[Quantity]:
    by_quantity = {line.quantity: line for line in lines}
    found = set(empty)
    for line in lines:
        causes = (by_quantity[one.quantity] for one in line.sources if one.quantity in found)
        if line.code == "wrong" or (line.code in UNSEEN and any(_is_idle(line, cause) for cause in causes)):
            found.add(line.quantity)
    return frozenset(found)


def _is_empty(line: Looked) -> bool:
    """Whether a mistake gives 0 or ±1, and such a number is among those that it is worked from."""
    if line.code != "mistake" or not is_plain(line.entry.value):
        return False
    world, wrong = line.world, line.fits[0].line
    number = world.program.slots.number
    operands = world.operands(line.slot) if wrong is None else [number[q] for q in quantities(wrong)]
    return any(is_plain(world.values[i]) for i in operands)


def _is_idle(line: Looked, cause: Looked) -> bool:
    """Whether an answer is one of the numbers that it is worked from, or 0 or ±1 as that is.

    A 0 is worked out where a negative number gives it: it is the ReLU that does.
    """
    value, given = number_of(line.entry), number_of(cause.entry)
    if is_plain(value) and is_plain(given):
        return not (value == 0 and given < 0)
    return isinstance(value, fmpq) and isinstance(given, fmpq) and abs(value) == abs(given)


def _is_bare(cause: Looked, unfounded: frozenset[Quantity]) -> bool:
    """Whether it is a 0 or ±1 without a reason."""
    return cause.quantity in unfounded and is_plain(cause.entry.value)
