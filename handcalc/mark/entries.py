"""A vector or matrix that is typed as a whole, as the answers to its entries."""

from __future__ import annotations

from collections.abc import Sequence

from handcalc.formula.quantity import read_key
from handcalc.mark.answer import Reading
from handcalc.mark.reading import is_blank, read_answer
from handcalc.mark.shown import shown_entry
from handcalc.mark.unreadable import Unreadable


def entries(text: str, keys: Sequence[str]) -> list[str]:
    """What `text` says of each of the `keys` of one block: ``[0.1; 0.9]`` of z1[1] and z1[2].

    Where it can't be read, or has another shape, the whole of it stands for each: the marking says what is wrong.
    """
    if is_blank(text) or isinstance(answer := read_answer(text, several=True), Unreadable):
        return [text] * len(keys)
    wanted = _indices(keys)
    for reading in answer.readings:
        if (found := _by_index(reading, wanted)) is not None:
            return [shown_entry(reading.entries[n]) for n in found]
    return [text] * len(keys)


def _indices(keys: Sequence[str]) -> list[tuple[int, ...]]:
    quantities = [read_key(key.rpartition(":")[2]) for key in keys]
    return [(one.of or one).index for one in quantities]


def _by_index(reading: Reading, wanted: Sequence[tuple[int, ...]]) -> list[int] | None:
    """The place of each wanted index in a reading of just that many entries."""
    if len(reading.entries) != len(wanted):
        return None
    if len(reading.shape) == 2 and len(wanted[0]) == 2:
        shape = tuple(len({index[n] for index in wanted}) for n in (0, 1))
        if reading.shape != shape:
            return None
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    return [order.index(n) for n in range(len(wanted))]
