r"""A sheet as a LaTeX document that any pdfLaTeX (XeLaTeX, LuaLaTeX) sets without an overfull line.

Each step of a working is one row or several of an ``align*``: a comment with its key, the target, ``&``, the
chain. A step stays on one page; pages break between steps. What the marks become is said in `latex_maths`,
tables are written in `latex_table`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby

from jinja2 import Template

from handcalc.formula.maths import Maths, Operator, Relation, Row
from handcalc.render.breaking import Broken, broken
from handcalc.render.furniture import environment
from handcalc.render.latex_maths import is_tall, maths_to_latex
from handcalc.render.latex_table import table_latex
from handcalc.render.latex_text import comment, text_to_latex
from handcalc.render.latex_width import SIZE, width, words_width
from handcalc.render.tikz import tikz
from handcalc.sheet.parts import (
    Answer,
    Given,
    Givens,
    Line,
    Part,
    Room,
    Say,
    Sheet,
    Table,
    Words,
    Working,
    in_letters,
)
from handcalc.sheet.picture import Picture

__all__ = ["latex", "maths_to_latex"]

TEXT_WIDTH, INDENT, QUAD = 480.0, 14.0, SIZE
"""Of the page, in front of a working, and of each step of depth; in TeX's points."""
SMALL = 9.0
"""The type size of remarks."""
GAP = 4.0
"""The space that TeX puts before a relation at the start of a row."""
BESIDE = 18.0
"""The space between a row and the remark beside it."""
TOGETHER = 200
"""Steps in one ``align*``; TeX's memory holds about two thousand."""
TALLEST = 12
"""A step of more rows than this may be broken between pages."""


def latex(sheet: Sheet) -> str:
    """The whole document; its text is UTF-8."""
    sheet = in_letters(sheet)
    body = _parts(sheet.parts)
    written = [_parts(section.parts) for section in sheet.sections]
    sections = [
        {"heading": text_to_latex(one.heading), "opens": one.opens, "parts": parts}
        for one, parts in zip(sheet.sections, written, strict=True)
    ]
    everything = "".join([*body, *(part for parts in written for part in parts)])
    return _template().render(
        title=text_to_latex(sheet.title),
        parts=body,
        sections=sections,
        has_questions=sheet.has_questions,
        text_width=f"{TEXT_WIDTH:g}",
        indent=f"{INDENT:g}",
        pictures=r"\begin{tikzpicture}" in everything,
        graphics=r"\resizebox" in everything,
        tables=r"\begin{tabular}" in everything,
        long_tables=r"\begin{longtable}" in everything,
    )


@cache
def _template() -> Template:
    """With marks that TeX doesn't use: there ``{#1}`` and ``{{`` mean something."""
    marked = environment().overlay(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
    return marked.get_template("key.tex")


def _parts(parts: Sequence[Part]) -> list[str]:
    """Each part in LaTeX; a sentence runs into the working below it, so that no page ends between them."""
    runs_on = [isinstance(below, Working) for below in parts[1:]] + [False]
    return [_part(part) + ("" if on else "\n") for part, on in zip(parts, runs_on, strict=False)]


def _part(part: Part) -> str:
    match part:
        case Say(words):
            return _words(words)
        case Answer(words):
            return rf"\answer{{{_words(words)}}}"
        case Givens(rows):
            return "\n".join(
                _named(list(group)) if named else _unnamed(list(group))
                for named, group in groupby(rows, key=lambda row: bool(row.name))
            )
        case Working(lines):
            return _working(lines)
        case Table():
            return table_latex(part, _words, TEXT_WIDTH - INDENT)
        case Picture():
            return _picture(part)
        case Room(lines):
            return rf"\vspace{{{8 * lines}mm}}" + "\n"
    raise TypeError(f"no LaTeX for {part!r}")


def _words(words: Words) -> str:
    """Text, and formulas between dollar signs; formulas side by side are one."""
    out: list[str] = []
    for formula, group in groupby(words, key=lambda word: isinstance(word, Maths)):
        if formula:
            out.append(f"${maths_to_latex(Row(tuple(word for word in group if isinstance(word, Maths))))}$")
        else:
            out.append(text_to_latex("".join(word for word in group if isinstance(word, str))))
    return "".join(out)


def _picture(picture: Picture) -> str:
    drawing = tikz(picture)
    if picture.width * 72.27 / 72 > TEXT_WIDTH:
        drawing = f"\\resizebox{{\\linewidth}}{{!}}{{%\n{drawing}}}"
    return f"\\begin{{center}}\n{drawing}\n\\end{{center}}\n"


def _working(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    equals = Relation("=")
    column = max(width(Row((line.target, equals))) - width(equals) for line in lines)
    steps = [_step(line, column) for line in lines]
    blocks = ("\\\\[\\step]\n".join(steps[i : i + TOGETHER]) for i in range(0, len(steps), TOGETHER))
    return "\n".join(f"\\steps\n\\begin{{align*}}\n{block}\n\\end{{align*}}" for block in blocks)


def _step(line: Line, column: float) -> str:
    """The rows of one line; `column` is the width of the widest target."""
    equals = Relation("=")
    lead = width(Row((line.target, equals))) - width(equals)
    rows = broken(line.target, line.stages, TEXT_WIDTH - INDENT - (column - lead), width, indent=QUAD)
    room = TEXT_WIDTH - INDENT - column
    written = [_row(row, room) for row in rows]
    if line.remark:
        used = width(rows[-1].right) + QUAD * rows[-1].depth
        if used + BESIDE + words_width(line.remark, SMALL) <= room:
            written[-1] += rf" \beside{{{_words(line.remark)}}}"
        else:
            written.append(rf"&\below{{{room - GAP:.0f}pt}}{{{_words(line.remark)}}}")
    together = "\\\\*\n" if len(written) <= TALLEST else "\\\\\n"
    return f"% {comment(line.key)}\n{together.join(written)}"


def _row(row: Broken, room: float) -> str:
    target = "" if row.left is None else maths_to_latex(row.left) + " "
    right = maths_to_latex(row.right)
    if row.right.items and isinstance(row.right.items[0], Operator):
        operator, *rest = row.right.items
        right = f"{{}} {maths_to_latex(operator)} {maths_to_latex(Row(tuple(rest)))}"
    left_over = room - QUAD * row.depth
    if width(row.right) > left_over:
        right = rf"\resizebox{{{left_over:.0f}pt}}{{!}}{{$\displaystyle {right}$}}"
    return f"{target}&" + r"\quad " * row.depth + right


def _named(rows: Sequence[Given]) -> str:
    """One below the other: name, letters = number."""
    widest = max(words_width((row.name,), SIZE) for row in rows)
    room = min(widest, TEXT_WIDTH / 2)
    rest = TEXT_WIDTH - INDENT - room - BESIDE
    return "".join(
        rf"\given{{{room:.0f}pt}}{{{text_to_latex(row.name)}}}{{{_fitted(row, rest)}}}" + "\n" for row in rows
    )


def _unnamed(rows: Sequence[Given]) -> str:
    """Side by side: matrices one after the other, numbers in columns of one width."""
    widths = [_given_width(row) + BESIDE for row in rows]
    room = TEXT_WIDTH - INDENT - 1
    if not any(is_tall(row.value) for row in rows):
        widths = [room / max(1, int(room / max(widths)))] * len(rows)
    lines: list[list[str]] = []
    used = room
    for row, wide in zip(rows, widths, strict=True):
        if used + wide > room + 0.01:
            lines.append([])
            used = 0.0
        lines[-1].append(rf"\cell{{{min(wide, room):.2f}pt}}{{{_fitted(row, room)}}}")
        used += wide
    joined = ("%\n".join(line) for line in lines)
    return "".join(f"\\cells{{{line}}}\n" for line in joined)


def _given_width(row: Given) -> float:
    return width(Row((row.letters, Relation("="), row.value)))


def _fitted(row: Given, room: float) -> str:
    equation = f"${maths_to_latex(row.letters)} = {maths_to_latex(row.value)}$"
    return equation if _given_width(row) <= room else rf"\resizebox{{{room:.0f}pt}}{{!}}{{{equation}}}"
