"""A sheet as one HTML page that needs nothing else: style, MathML and SVG are in it.

A step is a ``tbody`` with its key as ``data-key``; its rows are broken as on paper, and within a row each
stage of the chain moves down as a whole where the window is too narrow. `Markup` escapes every text that is
put into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from handcalc.formula.maths import Maths, Relation, Row
from handcalc.render.breaking import Broken, broken, has_matrix
from handcalc.render.furniture import environment, read
from handcalc.render.html_table import table_html
from handcalc.render.latex_maths import is_tall
from handcalc.render.mathml import harmless, mathml
from handcalc.render.svg import svg
from handcalc.render.typeset.layout import typeset, upright
from handcalc.sheet.parts import (
    Answer,
    Given,
    Givens,
    Line,
    Part,
    Room,
    Say,
    Section,
    Sheet,
    Table,
    Words,
    Working,
    in_letters,
)
from handcalc.sheet.picture import Picture

SIZE, SMALL, WIDTH = 18.0, 14.0, 800.0
"""The sizes of formulas and of remarks, and the width of a working, in CSS pixels; key.css has the same."""
WIDER = 1.06
"""A reader's own mathematical font may be this much wider than the one that `typeset` measures."""
INDENT, BESIDE = 1.5 * SIZE, 24.0
"""How far a row goes in that continues a stage; the space between a row and the remark beside it."""


def html(sheet: Sheet) -> str:
    """The whole page."""
    page = environment().get_template("key.html")
    return page.render(title=harmless(sheet.title), language=sheet.language, style=_style(), body=_body(sheet))


def fragment(sheet: Sheet) -> str:
    """The sheet inside another page (a notebook), with its style."""
    return Markup('<div class="handcalc" lang="{}"><style>{}</style>\n{}\n</div>').format(
        sheet.language, _style(), _body(sheet)
    )


def _style() -> Markup:
    return Markup(read("key.css"))


def _body(sheet: Sheet) -> Markup:
    sheet = in_letters(sheet)
    title = Markup("<h1>{}</h1>").format(harmless(sheet.title))
    below = "h3" if sheet.has_questions else "h2"
    return _lines([title, *map(_part, sheet.parts), *(_section(one, below) for one in sheet.sections)])


def _section(section: Section, tag: str) -> Markup:
    begin, end = ('h2 class="question"', "h2") if section.opens else (tag, tag)
    heading = [Markup(f"<{begin}>{{}}</{end}>").format(harmless(section.heading))] if section.heading else []
    return Markup("<section>\n{}\n</section>").format(_lines([*heading, *map(_part, section.parts)]))


def _lines(parts: Iterable[Markup]) -> Markup:
    return Markup("\n").join(parts)


def _part(part: Part) -> Markup:
    match part:
        case Say(words):
            return Markup("<p>{}</p>").format(_words(words))
        case Answer(words):
            return Markup('<p class="answer">{}</p>').format(_words(words))
        case Givens(rows):
            return _lines(
                (_named if named else _unnamed)(list(group))
                for named, group in groupby(rows, key=lambda row: bool(row.name))
            )
        case Working(lines):
            return _working(lines)
        case Table():
            return table_html(part, _words)
        case Room(lines):
            return Markup('<div class="room" style="height:{}mm"></div>').format(8 * lines)
        case Picture():
            return Markup('<figure class="wide">{}</figure>').format(svg(part))
    raise TypeError(f"no HTML for {part!r}")


def _words(words: Words) -> Markup:
    """Text and formulas; formulas side by side are one, and keep the point or comma that follows on their line."""
    out: list[Markup] = []
    for formula, group in groupby(words, key=lambda word: isinstance(word, Maths)):
        if formula:
            out.append(mathml(Row(tuple(word for word in group if isinstance(word, Maths)))))
            continue
        text = harmless("".join(word for word in group if isinstance(word, str)))
        rest = text.lstrip(".,;:")
        if out and rest != text:
            out[-1] = Markup('<span class="whole">{}{}</span>').format(out[-1], text[: len(text) - len(rest)])
            text = rest
        out.append(Markup.escape(text))
    return Markup("").join(out)


def _named(rows: Sequence[Given]) -> Markup:
    lines = (
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(harmless(row.name), mathml(_equation(row)))
        for row in rows
    )
    return Markup('<div class="wide"><table class="given">\n{}\n</table></div>').format(_lines(lines))


def _unnamed(rows: Sequence[Given]) -> Markup:
    """Side by side: matrices one after the other, numbers in columns of one width."""
    cells = _lines(Markup("<li>{}</li>").format(mathml(_equation(row))) for row in rows)
    if any(is_tall(row.value) for row in rows):
        return Markup('<ul class="given tall">\n{}\n</ul>').format(cells)
    widest = max(_width(_equation(row)) for row in rows)
    columns = Markup("grid-template-columns: repeat(auto-fill, minmax(min(100%, {:.0f}px), 1fr))").format(widest)
    return Markup('<ul class="given" style="{}">\n{}\n</ul>').format(columns, cells)


def _equation(row: Given) -> Maths:
    return Row((row.letters, Relation("="), row.value))


def _width(maths: Maths) -> float:
    return WIDER * typeset(maths, SIZE).width


def _working(lines: Sequence[Line]) -> Markup:
    column = max((_width(line.target) for line in lines), default=0.0)
    steps = _lines(_step(line, column) for line in lines)
    return Markup('<div class="wide"><table class="working" role="presentation">\n{}\n</table></div>').format(steps)


def _step(line: Line, column: float) -> Markup:
    """`column` is the width of the widest target. A remark stands beside the last row if it fits, else below."""
    room = WIDTH - (column - _width(line.target))
    rows = broken(line.target, line.stages, room, _width, indent=INDENT)
    written = [_row(row) for row in rows]
    if line.remark:
        remark = _words(line.remark)
        used = column + _width(rows[-1].right) + INDENT * rows[-1].depth
        if used + BESIDE + _words_width(line.remark) <= WIDTH:
            written[-1] = _row(rows[-1], remark=Markup('<span class="remark">{}</span>').format(remark))
        else:
            written.append(Markup('<tr><td></td><td><p class="remark">{}</p></td></tr>').format(remark))
    return Markup('<tbody class="step" data-key="{}">\n{}\n</tbody>').format(harmless(line.key), _lines(written))


def _words_width(words: Words) -> float:
    boxes = (upright(word, SMALL) if isinstance(word, str) else typeset(word, SMALL) for word in words)
    return WIDER * sum(box.width for box in boxes)


def _row(row: Broken, *, remark: Markup | None = None) -> Markup:
    target = Markup("") if row.left is None else mathml(row.left, display=True)
    inner = Markup(' style="padding-left: {}px"').format(f"{INDENT * row.depth:g}") if row.depth else ""
    stages = Markup("<wbr/>").join(
        mathml(Row(tuple(stage)), display=True, continues=row.depth > 0 and i == 0)
        for i, stage in enumerate(_stages(row.right.items))
    )
    tall = Markup(' class="tall"') if has_matrix(row.right) else ""
    return Markup('<tr{}><td class="target">{}</td><td{}>{}</td></tr>').format(
        tall, target, inner, stages + (remark or "")
    )


def _stages(items: Sequence[Maths]) -> Iterator[list[Maths]]:
    """The marks from one relation to the next; a comma is none."""
    stage: list[Maths] = []
    for item in items:
        if stage and isinstance(item, Relation) and item.sign not in ",;":
            yield stage
            stage = []
        stage.append(item)
    if stage:
        yield stage
