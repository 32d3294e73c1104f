"""The columns of a table: how wide they are, where its numbers align, and which stand side by side.

The unit of width is the caller's: columns of a terminal, points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from handcalc.formula.maths import Blank, Digits, Maths, Operator, Relation, Row, Script, Shown
from handcalc.sheet.parts import Cell, Table, Words, in_words

Measure = Callable[[Words], float]
Halves = tuple[Row, Row]


def at_point(mark: Maths) -> Halves | None:
    """A number's marks before its decimal point (or comma), and from there on; None for all that is no number.

    ``−0.58…`` is −0 and .58…; ``1.5·10^-3`` is 1 and .5·10^-3; ``≈ 12`` is ≈ 12 and nothing.
    """
    items = tuple(_flat(mark))
    signs = 0
    while signs < len(items) and isinstance(items[signs], Operator | Relation):
        signs += 1
    match items[signs:]:
        case (Digits(text), *rest) if text[:1].isdigit() and _is_power(rest):
            whole = len(text) - len(text.lstrip("0123456789"))
            tail = (Digits(text[whole:]),) if text[whole:] else ()
            return Row((*items[:signs], Digits(text[:whole]))), Row((*tail, *rest))
    return None


def _is_power(rest: Sequence[Maths]) -> bool:
    match rest:
        case [] | [Operator("·" | "×"), Script(Digits("10"), None, _)]:
            return True
    return False


def _flat(mark: Maths) -> Iterator[Maths]:
    if isinstance(mark, Row):
        for item in mark.items:
            yield from _flat(item)
    else:
        yield mark


def number(cell: Cell) -> Halves | None:
    words = in_words(alternatives(cell)[0])
    return at_point(words[0]) if len(words) == 1 and isinstance(words[0], Maths) else None


def alternatives(cell: Cell) -> tuple[Cell, ...]:
    """What stands in a cell, and what else could."""
    words = in_words(cell)
    if len(words) == 1 and isinstance(words[0], Shown):
        return (words[0].inner, *words[0].widest)
    return (cell,)


def _is_blank(cell: Cell) -> bool:
    """Whether a number is to be written into the cell."""
    words = in_words(cell)
    return len(words) == 1 and isinstance(words[0], Blank) and not words[0].dotted


def heads(row: Sequence[Cell]) -> bool:
    """Whether a row says its name only, so that it heads the rows below it: no page ends with it."""
    return len(row) > 1 and not any(row[1:])


@dataclass(frozen=True, slots=True)
class Column:
    """As wide as its widest cell; `numbers`, and places for them, have room `before` their points and `after` them."""

    width: float
    numbers: bool
    before: float
    after: float

    @property
    def point(self) -> float:
        """Where the points lie: the numbers as a whole stand in the middle."""
        return (self.width - self.after + self.before) / 2


def columns(table: Table, measure: Measure, *, most: float, room: float, apart: float = 0.0) -> list[Column]:
    """The columns of `table`; formulas stand on one line where there is room for it, in the first columns first.

    **Arguments:**

    - `measure`: the width of some words on one line.
    - `most`: words that are wider have several lines, unless a single one of them is wider.
    - `room`: of the page; no column has more than half of it, so that each has a place beside the first; but in an
      arrangement each has as much as there is.
    - `apart`: what each column needs beside its width.
    """
    rows = (table.header, *table.rows)
    limit = room if table.open else room / 2
    cells = [[row[j] for row in rows] for j in range(len(table.header))]
    made = [_column(column, measure, most, limit, whole=most) for column in cells]
    for j, column in enumerate(cells):
        wider = _column(column, measure, room if table.open else most, limit, whole=room)
        left = room - sum(one.width + apart for one in made) + made[j].width
        if wider.width <= left:
            made[j] = wider
        elif table.open and left > made[j].width:
            made[j] = replace(made[j], width=left)
    return _side_by_side(made, room - 2 * apart) if table.open and len(made) > 1 else made


def _side_by_side(made: Sequence[Column], room: float) -> list[Column]:
    """The columns of an arrangement, of which the first fits beside each other one."""
    first, *others = made
    least = max(room / 2, room - max(one.width for one in others))
    first = replace(first, width=min(first.width, least))
    return [first, *(replace(one, width=min(one.width, room - first.width)) for one in others)]


def _column(cells: Sequence[Cell], measure: Measure, most: float, limit: float, *, whole: float) -> Column:
    """`whole`: formulas that are wider than this may have several lines."""
    cells = [cells[0], *(one for cell in cells[1:] for one in alternatives(cell))]
    halves = [number(cell) for cell in cells[1:]]
    before = max((measure((half[0],)) for half in halves if half), default=0.0)
    after = max((measure((half[1],)) for half in halves if half and half[1].items), default=0.0)
    if before + after > limit:
        halves, before, after = [None] * len(halves), 0.0, 0.0
    others = [in_words(cell) for cell, half in zip(cells[1:], halves, strict=True) if half is None]
    several = any(len(cell) > 1 and _has_formula(cell) for cell in others)  # workings, that end where they may
    numbers = not several and (any(halves) or any(map(_is_blank, cells)))
    widths = [_wanted(in_words(cells[0]), measure, most)]
    widths += [_wanted(cell, measure, whole if _has_formula(cell) else most) for cell in others]
    return Column(min(max(before + after, *widths), limit), numbers, before, after)


def _has_formula(words: Words) -> bool:
    return any(isinstance(word, Maths) for word in words)


def _wanted(words: Words, measure: Measure, most: float) -> float:
    whole = measure(words)
    return whole if whole <= most else max(most, max(measure(piece) for piece in pieces(words)))


def pieces(words: Words) -> list[Words]:
    """What stays on one line: words, and formulas with what touches them."""
    tokens: list[str | Maths] = []
    for word in words:
        if isinstance(word, str):
            tokens += [" " if space else "".join(run) for space, run in groupby(word, str.isspace)]
        else:
            tokens.append(word)
    return [tuple(run) for space, run in groupby(tokens, lambda token: token == " ") if not space]


def blocks(widths: Sequence[float], room: float) -> list[list[int]]:
    """Which columns stand side by side; each block begins with the first and fits into `room` if two columns do."""
    found = [[0]] if widths else []
    used = widths[0] if widths else 0.0
    for j in range(1, len(widths)):
        if used + widths[j] > room and len(found[-1]) > 1:
            found.append([0])
            used = widths[0]
        found[-1].append(j)
        used += widths[j]
    return found
