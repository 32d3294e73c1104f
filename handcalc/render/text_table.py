"""A table in characters: numbers align at their points, a wide one is several blocks of columns.

sample  ŷ       loss
------  ------  ------
   1    0.5867  0.2843
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from textwrap import wrap

from handcalc.render.columns import Column, blocks, columns, number, pieces
from handcalc.sheet.parts import Cell, Table, Words, in_words

APART, MARGIN = 2, 2
"""Between columns, and in front of the first."""
MOST = 12
"""Words that are wider than this stand in several lines."""

Say = Callable[[Words], str]
Drawn = Callable[[Words], list[str]]


def table_text(table: Table, say: Say, room: int, drawn: Drawn) -> str:
    """The blocks of `table`, none wider than `room`; `say` writes words on one line, `drawn` gives the lines of those
    that hold a matrix."""

    def measure(words: Words) -> float:
        return len(lines[0]) if (lines := drawn(words)) else len(say(words))

    made = columns(table, measure, most=MOST, room=room - MARGIN - APART, apart=APART)
    side_by_side = blocks([column.width + APART for column in made], room - MARGIN + APART)
    shown = "\n\n".join(_block(table, made, block, say, drawn) for block in side_by_side)
    return "\n".join([*wrap(say(table.caption), room, break_on_hyphens=False), shown])


def _block(table: Table, made: Sequence[Column], block: Sequence[int], say: Say, drawn: Drawn) -> str:
    rule = (" " * APART).join("-" * int(made[j].width) for j in block)
    header = _row([_lines(in_words(table.header[j]), made[j], say) for j in block])
    if table.open:
        cells = ([_open(row[j], made[j], say, drawn) for j in block] for row in table.rows)
        return "\n\n".join("\n".join(_row(_middle(row))) for row in cells)
    rows = [_row([_written(row[j], made[j], say) for j in block]) for row in table.rows]
    return "\n".join(line for rows in (header, [" " * MARGIN + rule], *rows) for line in rows)


def _row(cells: Sequence[Sequence[str]]) -> list[str]:
    """Cells side by side, each in as many lines as it needs and padded to its column."""
    widths = [len(cell[0]) for cell in cells]
    lines = zip_longest(*cells)
    padded = ([" " * wide if part is None else part for part, wide in zip(line, widths, strict=True)] for line in lines)
    return [(" " * MARGIN + (" " * APART).join(line)).rstrip() for line in padded]


def _open(cell: Cell, column: Column, say: Say, drawn: Drawn) -> list[str]:
    lines = drawn(in_words(cell)) or [say(in_words(cell))]
    return [line.ljust(int(column.width)) for line in lines]


def _middle(cells: Sequence[list[str]]) -> list[list[str]]:
    """Cells of one height: what has fewer lines stands in the middle."""
    high = max(map(len, cells))
    return [[" " * len(cell[0])] * ((high - len(cell)) // 2) + cell for cell in cells]


def _written(cell: Cell, column: Column, say: Say) -> list[str]:
    halves = number(cell) if column.numbers else None
    if halves is None:
        return _lines(in_words(cell), column, say)
    before, after = (say((half,)) for half in halves)
    start = int(column.point) - len(before)
    return [f"{' ' * start}{before}{after}".ljust(int(column.width))]


def _lines(words: Words, column: Column, say: Say) -> list[str]:
    """Rows of whole pieces; a piece that is wider than the column is broken where it has a space."""
    wide = int(column.width)
    lines: list[str] = []
    for piece in map(say, pieces(words)):
        if lines and len(lines[-1]) + 1 + len(piece) <= wide:
            lines[-1] += f" {piece}"
        else:
            lines += wrap(piece, wide, break_on_hyphens=False)
    return [line.center(wide) if column.numbers else line.ljust(wide) for line in lines or [""]]
