"""A table as an HTML table; where the window is too narrow for it, it scrolls sideways in its own box."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from handcalc.formula.maths import Digits, Maths
from handcalc.render.columns import Column, columns, number
from handcalc.render.typeset.layout import typeset, upright
from handcalc.render.typeset.style import Level
from handcalc.sheet.parts import Cell, Table, Words, in_words

MOST, WIDEST, ANY = 10.0, 30.0, 1e9
"""Words that are wider than the first stand in several lines; a single word that is wider than the second, too.
The width of a box that scrolls is any. In digits."""

Say = Callable[[Words], Markup]


def table_html(table: Table, say: Say) -> Markup:
    """`table`; `say` writes words. Its first column heads the rows."""
    made = columns(table, _width, most=MOST, room=ANY, apart=ANY)
    caption = Markup("<caption>{}</caption>\n").format(say(table.caption)) if table.caption else Markup()
    header = Markup().join(
        Markup('<th scope="col"{} style="min-width: {}ch">{}</th>').format(
            _kind(column), _n(min(column.width, WIDEST)), say(in_words(cell))
        )
        for cell, column in zip(table.header, made, strict=True)
    )
    rows = Markup("\n").join(
        Markup("<tr>{}</tr>").format(
            Markup().join(_cell(cell, made[j], say, heads=j == 0) for j, cell in enumerate(row))
        )
        for row in table.rows
    )
    head = Markup() if table.open else Markup("<thead><tr>{}</tr></thead>\n").format(header)
    return Markup(
        '<div class="wide" tabindex="0"><table class="table{}">\n{}{}<tbody>\n{}\n</tbody>\n</table></div>'
    ).format(" open" if table.open else "", caption, head, rows)


def _width(words: Words) -> float:
    """In digits: a zero has the width 1, which CSS calls ch."""
    boxes = (typeset(word, 1.0, Level.TEXT) if isinstance(word, Maths) else upright(word, 1.0) for word in words)
    return sum(box.width for box in boxes) / typeset(Digits("0"), 1.0).width


def _n(x: float) -> str:
    return f"{x:.2f}".rstrip("0").rstrip(".")


def _kind(column: Column) -> Markup:
    return Markup(' class="number"') if column.numbers else Markup()


def _cell(cell: Cell, column: Column, say: Say, *, heads: bool) -> Markup:
    """A number is moved to the left by what the column's longest one has more after its decimal point."""
    halves = number(cell) if column.numbers else None
    more = column.after - _width((halves[1],)) if halves else 0.0
    style = Markup(' style="padding-right: {}ch"').format(_n(more)) if more > 0.01 else ""
    opening, closing = ('th scope="row"', "th") if heads else ("td", "td")
    inner = Markup("<span{}>{}</span>").format(style, say(in_words(cell))) if style else say(in_words(cell))
    return Markup("<{}{}>{}</{}>").format(Markup(opening), _kind(column), inner, Markup(closing))
