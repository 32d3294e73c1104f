"""Vectors and matrices as a whole: which entries are wrong, what is transposed or swapped; values of another line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from handcalc.formula.quantity import Quantity
from handcalc.mark.lines import Looked
from handcalc.mark.verdict import RIGHT, BlockRemark
from handcalc.mark.world import is_plain, number_of, within

LEAST_UNITS = 10
"""A value of fewer units of the last place may be that of any line."""


def block_remarks(lines: Sequence[Looked]) -> tuple[BlockRemark, ...]:
    """A remark for every block of several entries of which some are wrong."""
    blocks: dict[str, list[Looked]] = {}
    for line in lines:
        if (line.quantity.of or line.quantity).index:
            blocks.setdefault(line.quantity.block(), []).append(line)
    found = []
    for block, cells in blocks.items():
        answered = [cell for cell in cells if cell.entries and cell.code not in ("unreadable", "undecided")]
        wrong = [cell for cell in answered if cell.code not in RIGHT]
        if wrong and len(cells) > 1:
            pairs = tuple((a.quantity, b.quantity) for a, b in combinations(wrong, 2) if _swapped(a, b))
            turned = len(wrong) > 1 and _transposed(wrong, answered)
            found.append(BlockRemark(block, tuple(cell.quantity for cell in wrong), turned, () if turned else pairs))
    return tuple(found)


def elsewhere(line: Looked, lines: Sequence[Looked]) -> Quantity | None:
    """The asked line whose value this answer is, where there is one; none where a given number is that, too."""
    if not line.entries or is_plain(line.entry.value) or not _says_something(line):
        return None
    if line.entry.value in line.ours.values[: line.ours.program.first]:
        return None
    near = sorted(lines, key=lambda one: (one.part != line.part, abs(one.slot - line.slot)))
    place = line.part, line.slot
    found = (one for one in near if one is not line and _is(line, one, theirs=(one.part, one.slot) < place))
    return next((one.quantity for one in found), None)


def _swapped(a: Looked, b: Looked) -> bool:
    """Whether two entries stand in each other's places, unless a mistake says why each of them is so."""
    return {a.code, b.code} != {"mistake"} and _is(a, b) and _is(b, a)


def _transposed(wrong: Sequence[Looked], answered: Sequence[Looked]) -> bool:
    """Whether every entry of a matrix is the one on the other side of its diagonal."""
    by_index = {_index(cell): cell for cell in answered}
    if any(len(index) != 2 for index in by_index):
        return False
    return all((other := by_index.get(_index(cell)[::-1])) is not None and _is(cell, other) for cell in answered)


def _index(line: Looked) -> tuple[int, ...]:
    return (line.quantity.of or line.quantity).index


def _is(line: Looked, other: Looked, *, theirs: bool = True) -> bool:
    """Whether the answer of `line` is what `other` gives, from our values or from theirs."""
    world = other.world
    if within(line.entry, other.ours.bounds(other.slot)):
        return True
    return theirs and other.slot in world.follow and within(line.entry, world.follow[other.slot])


def _says_something(line: Looked) -> bool:
    ours, value = line.ours, number_of(line.entry)
    places = ours.places_at(line.slot, line.ours.bounds(line.slot).low, zero=False, range_=False)
    return bool(abs(value) * 10 ** max(places, 0) >= LEAST_UNITS)
