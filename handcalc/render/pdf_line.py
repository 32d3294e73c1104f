"""The lines of a page as boxes: chains broken into rows, formulas in a sentence, givens.

All of them depend on two numbers, the size of the type and the width of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from math import inf
from typing import NamedTuple

from handcalc.formula.maths import Blank, Maths, Operator, Relation, Row
from handcalc.formula.notation import marks_in
from handcalc.render.breaking import broken, has_matrix
from handcalc.render.press import Drawing
from handcalc.render.typeset.boxes import Box, beside, stacked
from handcalc.render.typeset.ink import ink
from handcalc.render.typeset.layout import spliced, typeset, upright
from handcalc.render.typeset.style import Level
from handcalc.sheet.paper import NORMAL, Paper
from handcalc.sheet.parts import Given, Words

AIR = 0.114
"""White above and below a formula in a sentence, in em, so that tall ones in two lines don't touch."""
STRUT = (0.82, 0.36)
"""Least height and depth of a row of working, in em, so that plain rows stand evenly apart."""
GAP, TALL_GAP = 0.29, 0.76
"""Between the rows of a line, in em; the second where a matrix is among them. page.css has the same."""
TEXT_WIDER = 1.03
"""The text of the page is this much wider than `upright` measures, at most."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The lengths of a page, in points, from the `size` of its type and the `width` and `height` of its text."""

    size: float
    width: float
    height: float = inf

    @property
    def small(self) -> float:
        """The type of remarks."""
        return self.size * 9 / 10.5

    @property
    def scale(self) -> float:
        """By how much everything is larger than in normal type."""
        return self.size / NORMAL

    @property
    def margin(self) -> float:
        """Workings and givens stand in this far."""
        return 14.0 * self.scale

    @property
    def padding(self) -> float:
        """Left and right of a cell of a table."""
        return 7.0 * self.scale

    @property
    def room(self) -> float:
        """The width of a row of working."""
        return self.width - self.margin

    @property
    def indent(self) -> float:
        """How far a row goes in that continues a stage."""
        return 1.6 * self.size

    @property
    def gutter(self) -> float:
        """Least distance of neighbours: of two givens, of a row and its remark."""
        return 18.0 * self.scale


def measures(paper: Paper) -> Measures:
    return Measures(paper.type, paper.text_width, paper.text_height)


class Set(NamedTuple):
    """A drawing and the marks that it shows."""

    drawing: Drawing
    mark: Maths


def draw(box: Box, *, room: float = inf, high: float = inf, margin: float = 0.0) -> Drawing:
    """What can't be broken and is too wide or too high nevertheless is drawn smaller: nothing runs off the page."""
    scale = min(1.0, room / box.width, high / box.total) if box.width and box.total else 1.0
    return Drawing(box.width * scale, box.height * scale, box.depth * scale, ink(box), scale, margin)


@lru_cache(maxsize=8192)
def in_sentence(mark: Maths, size: float, measures: Measures, room: float) -> tuple[Set, ...]:
    """A formula in a sentence, in pieces between which a line may end: after a relation or an operator.

    A formula that is wider than a fifth of the text, or than the `room` of a line, may be broken.
    """
    box, margin = typeset(mark, size, Level.DISPLAY if _has_blank(mark) else Level.TEXT), AIR * size
    high = measures.height - 2 * margin
    if box.width <= min(measures.width / 5, room):
        return (Set(draw(box, high=high, margin=margin), mark),)
    return tuple(
        Set(draw(piece, room=room, high=high, margin=margin), row) for piece, row in _pieces(box, tuple(spliced(mark)))
    )


def _has_blank(mark: Maths) -> bool:
    """Whether there is a place to write in: what stands around it is then as large as in a working."""
    return bool(marks_in(mark, Blank))


def _pieces(box: Box, items: tuple[Maths, ...]) -> Iterator[tuple[Box, Row]]:
    """Cut a row, whose boxes stand for `items`, behind each of its operators."""
    if len(items) == 1 or len(items) != len(box.parts):
        yield box, Row(items)
        return
    cuts = [
        i + 1
        for i in range(1, len(items) - 1)
        if isinstance(items[i], Operator | Relation) and not isinstance(items[i - 1], Operator | Relation)
    ]
    for start, stop in zip([0, *cuts], [*cuts, len(items)], strict=True):
        left = box.parts[start][0]
        right = box.parts[stop][0] if stop < len(items) else box.width
        parts = tuple((x - left, y, part) for x, y, part in box.parts[start:stop])
        boxes = [part for _, _, part in parts if isinstance(part, Box)]
        height, depth = max(b.height for b in boxes), max(b.depth for b in boxes)
        yield Box(right - left, height, depth, parts), Row(items[start:stop])


@lru_cache(maxsize=4096)
def lead(target: Maths, size: float) -> float:
    """Where the relation begins: the target and the space after it."""
    with_relation = typeset(Row((target, Relation("="))), size)
    return with_relation.width - typeset(Relation("="), size).width


def _measure(size: float, mark: Maths) -> float:
    return typeset(mark, size, continues=_continues(mark)).width


def _continues(mark: Maths) -> bool:
    return isinstance(mark, Row) and bool(mark.items) and isinstance(mark.items[0], Operator)


def chain(
    target: Maths, stages: tuple[tuple[Relation, Maths], ...], start: float, measures: Measures, kept: float = 0.0
) -> Iterator[tuple[Box, Row]]:
    """The rows of a chain, whose relations align at `start`; a line to work on ends with `kept` free behind it."""
    size, own = measures.size, lead(target, measures.size)
    rows = broken(target, stages, measures.room - (start - own), partial(_measure, size), indent=measures.indent)
    for left, right, depth in rows:
        x = start + depth * measures.indent
        body = typeset(_stretched(right, measures.room - x - kept, size), size, continues=depth > 0)
        if left is None:
            box = beside((x, body))
        else:
            name = typeset(left, size)
            box = beside((start - own, name, own - name.width, body))
        box = replace(box, height=max(box.height, STRUT[0] * size), depth=max(box.depth, STRUT[1] * size))
        yield box, right if left is None else Row((left, right))


def _stretched(row: Row, room: float, size: float) -> Row:
    """A row in which the line to work on goes as far as there is `room`, so that results stand below one another."""
    lines = [mark for mark in row.items if isinstance(mark, Blank) and mark.dotted]
    spare = room - typeset(row, size).width if lines else 0.0
    if spare <= 0:
        return row
    return Row(tuple(replace(mark, longer=spare / size) if mark is lines[0] else mark for mark in row.items))


class Worked(NamedTuple):
    """A line as it is drawn: in one piece; in one for each row where a row is too wide or all of them too high.

    `end` is where its last row ends, `tall` says that there is a matrix in it."""

    pieces: tuple[Set, ...]
    end: float
    tall: bool


@lru_cache(maxsize=4096)
def worked(
    target: Maths, stages: tuple[tuple[Relation, Maths], ...], start: float, measures: Measures, kept: float = 0.0
) -> Worked:
    """A chain, whose relations align at `start`, with a remark that takes `kept`."""
    rows = list(chain(target, stages, start, measures, kept))
    tall = any(has_matrix(mark) for _, mark in stages)
    whole = stacked([box for box, _ in rows], (TALL_GAP if tall else GAP) * measures.size)
    if whole.width <= measures.room and whole.total <= measures.height / 2:
        mark = Row((target, *(mark for stage in stages for mark in stage)))
        return Worked((Set(draw(whole), mark),), rows[-1][0].width, tall)
    pieces = tuple(Set(draw(box, room=measures.room, high=measures.height), mark) for box, mark in rows)
    return Worked(pieces, pieces[-1].drawing.width, tall)


@lru_cache(maxsize=4096)
def given_set(given: Given, measures: Measures) -> Set:
    mark = Row((given.letters, Relation("="), given.value))
    return Set(draw(typeset(mark, measures.size, Level.TEXT), high=measures.height), mark)


def shape(given: Given, drawing: Drawing, measures: Measures) -> tuple[bool, bool]:
    """Whether a given is too wide to share its row, and whether it is a matrix or a fraction: like goes with like."""
    wide = drawing.width + name_width(given, measures.size) > measures.width / 2.2
    return wide, drawing.height + drawing.depth > 1.5 * measures.size


def name_width(given: Given, size: float) -> float:
    return upright(given.name, size).width * TEXT_WIDER + size / 2 if given.name else 0.0


def width_of(words: Words, size: float) -> float:
    widths: Callable[[str | Maths], float] = lambda w: (  # noqa: E731
        upright(w, size).width if isinstance(w, str) else typeset(w, size, Level.TEXT).width
    )
    return sum(map(widths, words))
