"""A vector or matrix that is answered as a whole: each entry goes to its own line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handcalc.formula.quantity import Quantity
from handcalc.mark.answer import Answer, Reading
from handcalc.mark.unreadable import Unreadable


def by_cell(answers: Mapping[str, Answer | Unreadable], asked: Iterable[Quantity]) -> dict[str, Answer | Unreadable]:
    """`answers` by the key of a quantity, where some are by that of a block: ``z1``, ``dL/dW1``.

    A vector may be written in a row or in a column. A matrix has its rows and columns; of one that has another shape
    every entry is unreadable, since nobody knows which one is meant. An entry that is answered itself stays.
    """
    found = dict(answers)
    blocks: dict[str, dict[tuple[int, ...], str]] = {}
    for q in asked:
        if index := (q.of or q).index:
            blocks.setdefault(q.block(), {})[index] = q.key
    for block, cells in blocks.items():
        if block in found and block not in cells.values():
            whole = found.pop(block)
            for key, one in _spread(whole, cells).items():
                found.setdefault(key, one)
    return found


def _spread(whole: Answer | Unreadable, cells: Mapping[tuple[int, ...], str]) -> dict[str, Answer | Unreadable]:
    if isinstance(whole, Unreadable):
        return dict.fromkeys(cells.values(), whole)
    rows, columns = _shape(cells)
    fitting = [one for one in whole.readings if _fits(one, rows, columns, vector=len(next(iter(cells))) == 1)]
    if not fitting:
        problem = Unreadable(whole.text, 0, "shape", {"rows": rows, "columns": columns})
        return dict.fromkeys(cells.values(), problem)
    found: dict[str, Answer | Unreadable] = {}
    for index, key in cells.items():
        row, column = index if len(index) == 2 else (index[0], 1)
        place = (row - 1) * columns + column - 1
        entries = [one.entries[place] for one in fitting]
        shown = entries[0].read if isinstance(entries[0].read, str) else whole.text
        found[key] = Answer(shown, tuple(Reading((), (entry,)) for entry in entries))
    return found


def _shape(cells: Iterable[tuple[int, ...]]) -> tuple[int, int]:
    """Rows and columns; a vector is a column."""
    indices = [index if len(index) == 2 else (index[0], 1) for index in cells]
    return max(row for row, _ in indices), max(column for _, column in indices)


def _fits(reading: Reading, rows: int, columns: int, *, vector: bool) -> bool:
    shape = reading.shape or (1,)
    if vector or 1 in (rows, columns):
        return len(reading.entries) == rows * columns and (len(shape) == 1 or 1 in shape)
    return shape == (rows, columns)
