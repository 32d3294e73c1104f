"""A table as HTML for the page: the text of its cells, and empty places for its formulas and numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup

from handcalc.formula.maths import Maths
from handcalc.render.columns import Column, alternatives, blocks, columns, heads, number
from handcalc.render.pdf_line import Measures
from handcalc.render.typeset.boxes import EMPTY, Box, Gap, beside, marks
from handcalc.render.typeset.layout import typeset, upright
from handcalc.render.typeset.style import Level
from handcalc.sheet.parts import Cell, Table, Words, in_words

MOST = 6.0
"""Words that are wider than this many em stand in several lines."""
SMALLEST = 0.8
"""A table is set in type smaller by as much at most; one that is wider still becomes several."""
SHORT = 12
"""A table of no more rows stays on one page."""
HEIGHT, DEPTH = 0.9, 0.3
"""Of a formula or number at least, in em, so that rows stand evenly apart."""
AIR = 0.12
"""Above and below what is higher, so that fractions in rows don't touch, in em."""
TEXT_WIDER = 1.04
"""The text of the page is this much wider than `upright` measures, at most."""

Place = Callable[..., Markup]
"""Of a box, the room that it has, and the marks that it shows."""
Say = Callable[[Words, float, float], Markup]


def table_html(table: Table, place: Place, say: Say, measures: Measures, *, joined: bool = True) -> Markup:
    """The blocks of `table`, in the type of the page or a little less.

    `place` draws a box, smaller if it has less room, `say` writes words. Rows without words are one drawing where they
    may be `joined`: a page lays out one of them five times faster than five.
    """
    size, room, sides = measures.size, measures.room, 2 * measures.padding
    while True:
        made = columns(table, partial(_width, size=size), most=MOST * size, room=room - sides, apart=sides)
        widths = [column.width + sides for column in made]
        scale = room / sum(widths) if made else 1.0
        if not SMALLEST <= scale < 1:
            break
        size *= scale * 0.999
    caption = Markup('<p class="caption">{}</p>').format(say(table.caption, size, room)) if table.caption else Markup()
    writer = _Writer(table, made, place, say, size, measures.padding, joined)
    return caption + Markup().join(writer.block(block) for block in blocks(widths, room))


def _width(words: Words, size: float) -> float:
    boxes = (
        typeset(word, size, Level.TEXT).width if isinstance(word, Maths) else upright(word, size).width * TEXT_WIDER
        for word in words
    )
    return sum(boxes)


@dataclass(frozen=True, slots=True)
class _Writer:
    table: Table
    made: Sequence[Column]
    place: Place
    say: Say
    size: float
    padding: float
    joined: bool

    def block(self, block: Sequence[int]) -> Markup:
        """Some columns of the table, each of a fixed width."""
        widths = Markup().join(
            Markup('<col style="width:{:.2f}pt">').format(self.made[j].width + 2 * self.padding) for j in block
        )
        header = Markup().join(self.cell(self.table.header[j], self.made[j], header=True) for j in block)
        rows = Markup("\n").join(
            Markup("<tr{}>{}</tr>").format(
                Markup(' class="heads"') if heads(row) else "",
                self.row([row[j] for j in block], [self.made[j] for j in block]),
            )
            for row in self.table.rows
        )
        total = sum(self.made[j].width + 2 * self.padding for j in block)
        head = Markup() if self.table.open else Markup("<thead><tr>{}</tr></thead>\n").format(header)
        kind = " short" if len(self.table.rows) <= SHORT else ""
        kind += " open" if self.table.open else ""
        return Markup(
            '<table class="table{}" style="width:{:.2f}pt;font-size:{:.2f}pt"><colgroup>{}</colgroup>'
            "{}<tbody>{}</tbody></table>\n"
        ).format(kind, total, self.size, widths, head, rows)

    def row(self, cells: Sequence[Cell], made: Sequence[Column]) -> Markup:
        if not self.joined:
            return Markup().join(map(self.cell, cells, made))
        boxes: list[Box | float] = []
        for cell, column in zip(cells, made, strict=True):
            box = self.box(cell, column) if cell else EMPTY
            if box is None or box.width > column.width + 0.01:
                return Markup().join(map(self.cell, cells, made))
            left = (column.width - box.width) / 2 if column.numbers else 0.0
            boxes += [self.padding + left, box, column.width - box.width - left + self.padding]
        room = sum(column.width + 2 * self.padding for column in made) + 0.01
        shown = [word for cell in cells for word in in_words(cell) if isinstance(word, Maths)]
        drawing = self.place(self.even(beside(boxes)), room, *shown)
        return Markup('<td class="row" colspan="{}">{}</td>').format(len(made), drawing)

    def cell(self, cell: Cell, column: Column, *, header: bool = False) -> Markup:
        box = self.box(cell, column, header=header)
        words = in_words(cell)
        inner = (
            self.say(words, self.size, column.width + 0.01)
            if box is None
            else self.place(self.even(box), column.width + 0.01, *words)
        )
        tag = Markup("th" if header else "td")
        middle = Markup(' class="number"') if column.numbers else ""
        return Markup("<{}{}>{}</{}>").format(tag, middle, inner, tag)

    def box(self, cell: Cell, column: Column, *, header: bool = False) -> Box | None:
        """A formula; a number is as wide as all the numbers of its column, so that their points align; or None."""
        words = in_words(cell)
        if len(words) != 1 or not isinstance(words[0], Maths):
            return None
        every = [typeset(one, self.size, Level.TEXT) for one in alternatives(words[0]) if isinstance(one, Maths)]
        box = replace(every[0], height=max(one.height for one in every), depth=max(one.depth for one in every))
        halves = number(cell) if column.numbers and not header else None
        if halves is None:
            return box
        start = column.point - typeset(halves[0], self.size, Level.TEXT).width
        return beside((start, box, max(column.width - start - box.width, 0.0)))

    def even(self, box: Box) -> Box:
        """As high as a row of text at least. What is higher keeps off the rows around it; a place to write in does so
        by itself.
        """
        height, depth = HEIGHT * self.size, DEPTH * self.size
        air = 0.0 if any(isinstance(mark, Gap) for *_, mark in marks(box)) else AIR * self.size
        return replace(
            box,
            height=height if box.height <= height else box.height + air,
            depth=depth if box.depth <= depth else box.depth + air,
        )
