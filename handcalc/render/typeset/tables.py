"""Matrices and cases: marks in rows and columns.

The distances are LaTeX's: a strut of 0.7 and 0.3 baselines in each row, columns 1 em apart (amsmath).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from handcalc.formula.maths import Blank, Choice, Digits, Maths, Matrix, Operator, Row, Shown, Word
from handcalc.render.typeset.boxes import EMPTY, Box, Gap, Part, Rule, beside
from handcalc.render.typeset.fences import fence
from handcalc.render.typeset.style import Style

STRUT_HEIGHT, STRUT_DEPTH, GAP, TALL_GAP = 0.84, 0.36, 0.1, 0.6
"""Of rows; the last is between rows of which one is higher than a strut, as a fraction is."""
COLUMN, PADDING = 0.9, 0.14
AIR = 0.2
"""Above and below what a ruled cell holds, and rows of which one is higher than a strut, in em."""
RULE = 0.05
"""Thickness of the rules of cells, in em."""

SetIn = Callable[[Maths, Style], Box]


def grid(matrix: Matrix, style: Style, set_in: SetIn) -> Box:
    """Rows of cells in brackets; the numbers of a column align at their decimal points or commas."""
    inner = style.text()
    cells = [[set_in(cell, inner) for cell in row] for row in matrix.rows]
    columns = list(zip(*matrix.rows, strict=True))
    offsets = []
    for j, column in enumerate(columns):
        every = [one for cell in column for one in could_stand(cell)]
        close = [set_in(could_stand(cell)[0], inner) for cell in column]
        if all(_is_number(cell) for cell in every):
            points = [_before_point(cell, inner, set_in) for cell in every]
            before = max(points)
            width = before + max(set_in(one, inner).width - point for one, point in zip(every, points, strict=True))
            offsets.append([before - _before_point(could_stand(cell)[0], inner, set_in) for cell in column])
        else:
            width = max(set_in(one, inner).width for one in every)
            offsets.append([(width - one.width) / 2 for one in close])
        for i, cell in enumerate(column):
            if isinstance(cell, Shown):  # its room is that of the column
                cells[i][j] = replace(cells[i][j], width=width - offsets[j][i], parts=((0.0, 0.0, close[i]),))
    body = _stacked(cells, offsets, COLUMN * style.em, style)
    pad = PADDING * style.em
    left, right = (fence(char, body.total, style.em) for char in "[]")
    return beside((left, pad, body, pad, right))


def could_stand(cell: Maths) -> tuple[Maths, ...]:
    """What stands in a cell, and what else could."""
    return (cell.inner, *cell.widest) if isinstance(cell, Shown) else (cell,)


def ruled(matrix: Matrix, style: Style, set_in: SetIn) -> Box:
    """Rows of cells of one size with rules round them; what is to be written has the whole cell."""
    wide, high = (part * style.size for part in matrix.cell)
    cells = [[EMPTY if isinstance(cell, Blank) else set_in(cell, style.text()) for cell in row] for row in matrix.rows]
    wide = max(wide, *(box.width + 2 * PADDING * style.em for row in cells for box in row))
    axis, thick = style.length("AxisHeight"), RULE * style.size
    high = max(high, *(2 * (max(box.height - axis, box.depth + axis) + AIR * style.em) for row in cells for box in row))
    rows, columns = len(cells), len(cells[0])
    top, across, down = axis + rows * high / 2, columns * wide, rows * high
    parts: list[tuple[float, float, Box | Part]] = []
    parts += [(0.0, top - i * high - thick / 2, Rule(across, thick)) for i in range(rows + 1)]
    parts += [(j * wide - thick / 2, top - down, Rule(thick, down)) for j in range(columns + 1)]
    for i, row in enumerate(cells):
        for j, box in enumerate(row):
            mark, low = matrix.rows[i][j], top - (i + 1) * high
            if isinstance(mark, Blank):
                parts.append((j * wide, low, Gap(mark.key, wide, high, framed=False)))
            else:
                parts.append((j * wide + (wide - box.width) / 2, low + high / 2 - axis, box))
    return Box(across, top, down - top, tuple(parts))


def cases(choice: Choice, style: Style, set_in: SetIn) -> Box:
    """Values and their conditions behind a brace."""
    inner = style.text()
    given, otherwise = map(Word, choice.words)
    cells = []
    for value, condition in choice.rows:
        when = otherwise if condition is None else Row((given, condition))
        cells.append([set_in(value, inner), set_in(when, inner)])
    body = _stacked(cells, [[0.0] * len(cells)] * 2, style.em, style)
    return beside((fence("{", body.total, style.em), PADDING * style.em, body))


def _stacked(cells: Sequence[Sequence[Box]], offsets: Sequence[Sequence[float]], apart: float, style: Style) -> Box:
    """Rows one under another, centred on the axis; `offsets` move each cell of each column to the right."""
    heights = [max(STRUT_HEIGHT * style.em, *(cell.height for cell in row)) for row in cells]
    depths = [max(STRUT_DEPTH * style.em, *(cell.depth for cell in row)) for row in cells]
    struts = (STRUT_HEIGHT + STRUT_DEPTH) * style.em + 0.01
    tall = any(height + depth > struts for height, depth in zip(heights, depths, strict=True))
    gap = (TALL_GAP if tall else GAP) * style.em
    edge = AIR * style.em if tall else 0.0
    total = sum(heights) + sum(depths) + gap * (len(cells) - 1) + 2 * edge
    starts, x = [], 0.0
    for j, column in enumerate(offsets):
        starts.append(x)
        x += max(offset + row[j].width for offset, row in zip(column, cells, strict=True)) + apart
    axis = style.length("AxisHeight")
    y = total / 2 + axis - edge
    parts = []
    for i, row in enumerate(cells):
        y -= heights[i]
        parts += [(starts[j] + offsets[j][i], y, cell) for j, cell in enumerate(row)]
        y -= depths[i] + gap
    return Box(x - apart, total / 2 + axis, total / 2 - axis, tuple(parts)) if cells else EMPTY


def _is_number(cell: Maths) -> bool:
    match cell:
        case Digits():
            return True
        case Row((Operator(), Digits())):
            return True
    return False


def _before_point(cell: Maths, style: Style, set_in: SetIn) -> float:
    """The width of a number up to its decimal point."""
    sign, digits = cell.items if isinstance(cell, Row) else (None, cell)
    assert isinstance(digits, Digits)
    whole = Digits(digits.text.replace(",", ".").partition(".")[0])
    return set_in(whole if sign is None else Row((sign, whole)), style).width
