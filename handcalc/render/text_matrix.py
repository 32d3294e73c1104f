"""A relation between matrices in characters: each matrix over several lines, the signs at its middle.

δ = [ 0.5  0.3 ] [ 0.4 ] ⊙ [ 0.25 ]
    [ 1    2   ] [ 0.1 ]   [ 0.24 ]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from handcalc.formula.maths import Fenced, Function, Hold, Letter, Maths, Matrix, Operator, Relation, Row, Script, Slot
from handcalc.render.breaking import broken, has_matrix
from handcalc.render.columns import at_point
from handcalc.render.latex_maths import is_sign

INDENT = 2

Say = Callable[[Maths, Hold], str]
"""Writes marks on one line, for a place that binds so tightly."""


class Block(NamedTuple):
    """Lines of one width; `base` is the line that the text around stands on."""

    lines: list[str]
    base: int

    @property
    def width(self) -> int:
        return len(self.lines[0])


def relation(target: Maths, stages: Sequence[tuple[Relation, Maths]], say: Say, room: int) -> list[str]:
    """The lines of ``target`` and its ``stages``, broken as on paper; `say` writes what holds no matrix."""

    def measure(mark: Maths) -> float:
        return _block(mark, say, room).width

    rows = broken(target, stages, room, measure, indent=INDENT)
    name = _block(target, say, room) if has_matrix(target) else _one(say(target, Hold.LOOSE))
    lead = name.width + 1
    out: list[str] = []
    tall = False
    for left, right, depth in rows:
        start = lead + INDENT * depth
        body = _block(right, say, room - start, continues=depth > 0)
        before = _one(" " * start) if left is None else _beside([name, _one(" ")])
        lines = [line.rstrip() for line in _beside([before, body]).lines]
        apart = out and (tall or len(lines) > 1)
        out += ["", *lines] if apart else lines
        tall = len(lines) > 1
    return out


def lines_of(mark: Maths, say: Say, room: int) -> list[str]:
    """The lines of a formula in which a matrix stands, all of one width."""
    return _block(mark, say, room).lines


def _one(text: str) -> Block:
    return Block([text], 0)


def _block(mark: Maths, say: Say, room: int, *, continues: bool = False) -> Block:
    if isinstance(mark, Relation):
        return _one(mark.sign)
    if isinstance(mark, Row):
        return _row(list(_flat(mark)), say, room, continues=continues)
    if not has_matrix(mark):
        return _one(say(mark, Hold.PRODUCT))
    match mark:
        case Matrix(rows):
            return _matrix(rows, say, room)
        case Fenced(inner, left, right):
            inside = _block(inner, say, room)
            return Block([f"{left}{line}{right}" for line in inside.lines], inside.base)
        case Script(base, sub, sup):
            return _script(_block(base, say, room), _raised("_", sub, say), _raised("^", sup, say))
    raise TypeError(f"no text for {mark!r}")


def _flat(mark: Maths) -> Iterator[Maths]:
    if isinstance(mark, Row):
        for item in mark.items:
            yield from _flat(item)
    else:
        yield mark


def _row(items: Sequence[Maths], say: Say, room: int, *, continues: bool) -> Block:
    """Marks side by side: what holds no matrix is written as in a line of its own."""
    blocks: list[Block] = []
    for i, item in enumerate(items):
        match item:
            case Operator(sign) if is_sign(items, i) and not (continues and i == 0):
                blocks.append(_one(sign))
            case Operator("·" | "×" as sign) if not any(map(has_matrix, items[max(i - 1, 0) : i + 2])):
                blocks.append(_one(sign))
            case Relation("," | ";" as sign):
                blocks.append(_one(f"{sign} "))
            case Operator(sign) | Relation(sign):
                blocks.append(_one(f" {sign} " if i else f"{sign} "))
            case _:
                blocks += [_one(" ")] * (i > 0 and _apart(items[i - 1], item))
                alone = not has_matrix(item) and _stands_alone(items, i)
                blocks.append(_one(say(item, Hold.LOOSE)) if alone else _block(item, say, room))
    return _beside(blocks)


def _stands_alone(items: Sequence[Maths], i: int) -> bool:
    """Whether there are relations, or nothing, on both sides."""
    around = (*items[max(i - 1, 0) : i], *items[i + 1 : i + 2])
    return all(isinstance(item, Relation) for item in around)


def _apart(before: Maths, item: Maths) -> bool:
    """Whether two factors stand side by side that would run into each other."""
    if isinstance(before, Operator | Relation | Function) or (isinstance(item, Fenced) and not has_matrix(before)):
        return False
    return has_matrix(before) or has_matrix(item) or side_by_side(before, item)


def side_by_side(before: Maths, item: Maths) -> bool:
    """Whether two letters are factors, W x, and no ∂L or Δw."""
    if isinstance(before, Letter) and before.name in ("partial", "Delta"):
        return False
    return isinstance(before, Slot | Script | Letter) and isinstance(item, Slot | Script | Letter)


def _beside(blocks: Sequence[Block]) -> Block:
    above = max((block.base for block in blocks), default=0)
    below = max((len(block.lines) - block.base for block in blocks), default=1)
    lines = [""] * (above + below)
    for block in blocks:
        for i in range(above + below):
            k = i - above + block.base
            lines[i] += block.lines[k] if 0 <= k < len(block.lines) else " " * block.width
    return Block(lines, above)


def _raised(sign: str, mark: Maths | None, say: Say) -> str:
    return "" if mark is None else sign + say(mark, Hold.ATOM)


def _script(base: Block, sub: str, sup: str) -> Block:
    """The superscript beside the first line, the subscript beside the last."""
    ends = [""] * len(base.lines)
    ends[0] += sup
    ends[-1] += sub
    wide = max(map(len, ends))
    return Block([line + end.ljust(wide) for line, end in zip(base.lines, ends, strict=True)], base.base)


def _matrix(rows: Sequence[Sequence[Maths]], say: Say, room: int) -> Block:
    """One line for each row, or several if it is too wide."""
    columns = [_aligned([row[j] for row in rows], say) for j in range(len(rows[0]))]
    cells = list(zip(*columns, strict=True))
    groups: list[list[int]] = [[]]
    used = 0
    for j, cell in enumerate(cells[0]):
        if groups[-1] and used + 2 + len(cell) > room - 6:
            groups.append([])
            used = 0
        groups[-1].append(j)
        used += 2 + len(cell)
    lines = ["  " * (g > 0) + "  ".join(row[j] for j in group) for row in cells for g, group in enumerate(groups)]
    wide = max(map(len, lines))
    return Block([f"[ {line.ljust(wide)} ]" for line in lines], (len(lines) - 1) // 2)


def _aligned(cells: Sequence[Maths], say: Say) -> list[str]:
    """The cells of a column in one width, numbers with their points in line."""
    halves = [at_point(cell) for cell in cells]
    before = max((len(say(half[0], Hold.LOOSE)) for half in halves if half), default=0)
    said = []
    for cell, half in zip(cells, halves, strict=True):
        whole, rest = ("", cell) if half is None else (say(half[0], Hold.LOOSE).rjust(before), half[1])
        said.append(whole + say(rest, Hold.LOOSE))
    wide = max(map(len, said))
    return [one.ljust(wide) for one in said]
