r"""A table in LaTeX: a ``tabular``, or a ``longtable`` that goes on over the page with its header.

``\at{x}{y}{-0}{.25}`` is the number −0.25: x points for what stands before the decimal point, y for the rest.
Every column has a width (``w{l}{20pt}`` of the package array), so that the header of a long table fits its rows
in the first run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from handcalc.formula.maths import Blank, Maths, Operator, Row
from handcalc.render.breaking import TIMES
from handcalc.render.columns import Column, blocks, columns, heads, number
from handcalc.render.latex_maths import SIGNS, is_tall, maths_to_latex
from handcalc.render.latex_width import SIZE, words_width
from handcalc.sheet.parts import Cell, Table, Words, in_words

SIZES = {SIZE: "", 10.0: r"\small ", 9.0: r"\footnotesize "}
"""Type sizes, the first of which it fits in is taken; where it fits in none, the table becomes several."""
PADDING = 6.0
"""Left and right of a column, in points (LaTeX's tabcolsep)."""
MOST = 6.0
"""Words that are wider than this many em stand in several lines."""
TALLEST = 28
"""A table of more rows than this may go on over the page."""

Say = Callable[[Words], str]


def table_latex(table: Table, say: Say, room: float) -> str:
    """The blocks of `table`; `say` writes words."""
    for size, command in SIZES.items():
        made = _columns(table, size, room)
        if _total(made) <= room:
            return _Writer(table, made, say, size, command, room).blocks([list(range(len(made)))])
    made = _columns(table, SIZE, room)
    side_by_side = blocks([column.width + 2 * PADDING for column in made], room)
    return _Writer(table, made, say, SIZE, "", room).blocks(side_by_side)


def _columns(table: Table, size: float, room: float) -> list[Column]:
    padding = 2 * PADDING
    return columns(table, lambda words: words_width(words, size), most=MOST * size, room=room - padding, apart=padding)


def _total(made: Sequence[Column]) -> float:
    return sum(column.width + 2 * PADDING for column in made)


@dataclass(frozen=True, slots=True)
class _Writer:
    table: Table
    made: Sequence[Column]
    say: Say
    size: float
    command: str
    room: float

    def blocks(self, side_by_side: Sequence[Sequence[int]]) -> str:
        return "\n".join(self.block(block, first=i == 0) for i, block in enumerate(side_by_side))

    def block(self, block: Sequence[int], *, first: bool) -> str:
        spec = "".join(_spec(self.made[j]) for j in block)
        header = " & ".join(self.headed(self.table.header[j], self.made[j]) for j in block) + r" \\"
        rows = "\n".join(self.row(row, block) for row in self.table.rows)
        caption = self.say(self.table.caption) if first and self.table.caption else ""
        said = caption + "\\par\\nopagebreak\n" if caption else ""
        if self.table.open:
            apart = rows.replace("\n", "\\noalign{\\vskip 1ex}\n")
            return f"{said}\\rows{{{self.command}\\begin{{tabular}}{{{spec}}}\n{apart}\n\\end{{tabular}}}}\n"
        if len(self.table.rows) <= TALLEST:
            body = f"\\hline\n{header}\n\\hline\n{rows}\n\\hline\n"
            return f"{said}\\rows{{{self.command}\\begin{{tabular}}{{{spec}}}\n{body}\\end{{tabular}}}}\n"
        title = rf"\multicolumn{{{len(block)}}}{{@{{}}l@{{}}}}{{\longcaption{{{caption}}}}} \\" + "\n"
        head = f"\\hline\n{header}\n\\hline\n"
        start = f"{title if caption else ''}{head}\\endfirsthead\n{head}\\endhead\n\\hline\n\\endfoot\n"
        return f"{{{self.command}\\airy\\begin{{longtable}}{{{spec}}}\n{start}{rows}\n\\end{{longtable}}}}\n"

    def row(self, row: Sequence[Cell], block: Sequence[int]) -> str:
        marks = [word for j in block for word in in_words(row[j]) if isinstance(word, Maths)]
        blank = any(isinstance(mark, Blank) for mark in marks)
        strut = r"\blankrow " if blank else r"\tallrow " if any(map(is_tall, marks)) else ""
        return strut + " & ".join(self.cell(row[j], self.made[j]) for j in block) + (r" \\*" if heads(row) else r" \\")

    def headed(self, cell: Cell, column: Column) -> str:
        """A cell of the header: words in several lines stand on the last one."""
        tall = any(is_tall(word) for word in in_words(cell) if isinstance(word, Maths))
        return (r"\tallrow " if tall else r"\headrow ") + self.inner(cell, column, "b")

    def cell(self, cell: Cell, column: Column) -> str:
        halves = number(cell) if column.numbers else None
        if halves is None:
            return self.inner(cell, column, "t")
        before, after = map(_half, halves)
        return rf"\at{{{column.point:.1f}pt}}{{{column.width - column.point:.1f}pt}}{{{before}}}{{{after}}}"

    def inner(self, cell: Cell, column: Column, side: str) -> str:
        words = in_words(cell)
        wide = words_width(words, self.size) > column.width + 0.01
        if not wide:
            return self.say(words)
        room = f"{column.width:.1f}pt"
        if len(words) == 1 and isinstance(words[0], Maths):
            return self.smaller(words, column.width)
        ragged = r"\centering" if column.numbers else r"\raggedright"
        return rf"\parbox[{side}]{{{room}}}{{{ragged}\strut {self.fitted(words, column.width)}\strut}}"

    def fitted(self, words: Words, room: float) -> str:
        """Words with each formula that is wider than a line of this `room` made smaller."""
        runs = groupby(words, lambda word: isinstance(word, Maths) and words_width((word,), self.size) > room)
        return "".join(self.smaller(tuple(run), room) if wide else self.say(tuple(run)) for wide, run in runs)

    def smaller(self, words: Words, room: float) -> str:
        return "".join(rf"\resizebox{{{room:.1f}pt}}{{!}}{{{self.say((word,))}}}" for word in words)


def _spec(column: Column) -> str:
    return f"w{{{'c' if column.numbers else 'l'}}}{{{column.width:.1f}pt}}"


def _half(half: Row) -> str:
    """A sign of a product in front has its first factor in the other half."""
    match half.items:
        case (Operator(sign), *rest) if sign in TIMES:
            return f"{{}} {SIGNS[sign]} {maths_to_latex(Row(tuple(rest)))}"
    return maths_to_latex(half)
