"""A sheet as PDF: its parts become HTML with empty places, in which formulas and pictures are drawn.

The HTML is made of `Markup`, which escapes every text that is put into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from unicodedata import category

from markupsafe import Markup

from handcalc.formula.maths import Maths, Operator, Relation, Row
from handcalc.formula.words import is_known, phrase
from handcalc.render.breaking import broken, has_matrix
from handcalc.render.furniture import environment
from handcalc.render.pdf_table import table_html
from handcalc.render.press import Drawing, MissingGlyph, printed
from handcalc.render.typeset.boxes import Box, beside
from handcalc.render.typeset.ink import ink
from handcalc.render.typeset.layout import spliced, typeset, upright
from handcalc.render.typeset.picture import drawn
from handcalc.render.typeset.style import Level
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
    with_text,
)
from handcalc.sheet.picture import Picture

SIZE, SMALL = 10.5, 9.0
"""Type sizes of sentences and formulas, and of remarks, in points; page.css has the same."""
WIDTH = (210 - 2 * 22) / 25.4 * 72
"""The width of the text on A4, in points; page.css has the same margins."""
INDENT = 1.6 * SIZE
"""How far a row goes in that continues a stage."""
MARGIN = 14.0
"""Workings and givens stand in this far."""
AIR = 1.2
"""White above and below a formula in a sentence, in points, so that tall ones in two lines don't touch."""
STRUT = (0.82 * SIZE, 0.36 * SIZE)
"""Least height and depth of a row of working, so that plain rows stand evenly apart."""
GUTTER = 18.0
"""Least distance of neighbours: of two givens, of a row and its remark."""
BREAKABLE = WIDTH / 5
"""A formula in a sentence that is wider than this may be broken at the end of a line."""


def pdf(sheet: Sheet) -> bytes:
    """Print `sheet` on A4.

    The same sheet gives the same bytes. Letters, numbers and words can be searched and copied.

    **Raises:** `press.Unprintable` if anything would be missing from the page.
    """
    sheet = in_letters(sheet)
    try:
        return _on_paper(sheet)
    except MissingGlyph:
        return _on_paper(with_text(sheet, substituted))


def substituted(text: str) -> str:
    """`text` with a visible substitute, ``[U+540D]``, for what the bundled fonts don't have; joiners are dropped."""
    known = _characters()
    return "".join(
        c if ord(c) in known or c.isspace() else "" if category(c) in ("Cf", "Mn") else f"[U+{ord(c):04X}]"
        for c in text
    )


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    fonts = Path(__file__).parent.parent / "fonts"
    found = [frozenset(TTFont(fonts / f"text-{face}.ttf").getBestCmap()) for face in ("regular", "italic", "bold")]
    return frozenset.intersection(*found)


def _on_paper(sheet: Sheet) -> bytes:
    paper = _Paper()
    body = Markup("\n").join([*paper.parts(sheet.parts), *map(paper.section, sheet.sections)])
    page = (
        environment()
        .get_template("page.html")
        .render(title=sheet.title, language=sheet.language, body=body, footer=_footer(sheet.language))
    )
    return printed(page, paper.drawings)


def _footer(language: str) -> Markup:
    """ "page 1 of 2" as CSS writes it; only the numbers in a language without words."""
    if not is_known(language):
        return Markup('counter(page) " / " counter(pages)')
    said = phrase(language, "page", page='" counter(page) "', pages='" counter(pages) "')
    return Markup(f'"{said}"'.removeprefix('"" ').removesuffix(' ""'))  # our own words, and no text of a user's


@lru_cache(maxsize=8192)
def _set(mark: Maths, size: float, level: Level) -> Drawing:
    return _drawing(typeset(mark, size, level))


def _drawing(box: Box, *, room: float = WIDTH) -> Drawing:
    """What can't be broken and is too wide nevertheless is drawn smaller: nothing runs off the page."""
    scale = min(1.0, room / box.width) if box.width else 1.0
    return Drawing(box.width * scale, box.height * scale, box.depth * scale, ink(box), scale)


@dataclass
class _Paper:
    """Writes parts; remembers the drawings in them."""

    drawings: dict[str, Drawing] = field(default_factory=dict)

    def section(self, section: Section) -> Markup:
        heading = Markup("<h2>{}</h2>").format(section.heading) if section.heading else Markup()
        return heading + Markup("\n").join(self.parts(section.parts))

    def parts(self, parts: Iterable[Part]) -> Iterator[Markup]:
        for part in parts:
            match part:
                case Say(words):
                    yield Markup("<p>{}</p>").format(self.words(words, SIZE))
                case Answer(words):
                    yield Markup('<div class="answer">{}</div>').format(self.words(words, SIZE))
                case Givens(rows):
                    yield Markup('<div class="givens">{}</div>').format(self.givens(rows))
                case Working(lines):
                    yield Markup('<div class="working">{}</div>').format(self.working(lines))
                case Table():
                    table = table_html(part, self.cell, self.words, SIZE, WIDTH - MARGIN)
                    yield Markup('<div class="tables">{}</div>').format(table)
                case Picture():
                    yield self.picture(part)
                case Room(lines):
                    yield Markup('<div class="room" style="height:{}mm"></div>').format(8 * lines)

    def place(self, drawing: Drawing, *, style: str = "") -> Markup:
        """An empty element of the drawing's size."""
        name = f"d{len(self.drawings)}"
        self.drawings[name] = drawing
        height = drawing.height + drawing.depth + 2 * drawing.margin
        size = f"width:{drawing.width:.3f}pt;height:{height:.3f}pt"
        size += f";vertical-align:{-drawing.depth - drawing.margin:.3f}pt"
        return Markup('<span id="{}" class="at" style="{}"></span>').format(name, size + style)

    def cell(self, box: Box, room: float) -> Markup:
        return self.place(_drawing(box, room=room))

    def words(self, words: Words, size: float) -> Markup:
        """A sentence. What touches a formula, such as a comma, stays on its line."""
        out = Markup()
        texts = [w if isinstance(w, str) else None for w in words]
        for i, word in enumerate(words):
            if isinstance(word, str):
                text = word
                if i and texts[i - 1] is None:
                    text = text[len(_head(text)) :]
                if i + 1 < len(words) and texts[i + 1] is None:
                    text = text[: len(text) - len(_tail(text))]
                out += text
                continue
            before = _tail(texts[i - 1] or "") if i else ""
            after = _head(texts[i + 1] or "") if i + 1 < len(words) else ""
            *rest, last = [self.place(drawing) for drawing in _in_sentence(word, size)]
            first, *middle = [*rest, last]
            if middle:
                out += before + first + Markup().join(middle[:-1])
                first, before = middle[-1], ""
            kept = Markup('<span class="kept">{}{}{}</span>').format(before, first, after)
            out += kept if before or after else first
        return out

    def givens(self, rows: Iterable[Given]) -> Markup:
        out = Markup()
        cells = [(given, _given_box(given)) for given in rows]
        for (wide, _), group in groupby(cells, _shape):
            some = list(group)
            out += Markup().join(self.wide(*cell) for cell in some) if wide else self.grid(some)
        return out

    def grid(self, cells: list[tuple[Given, Box]]) -> Markup:
        """Givens in columns of equal width, as many as fit."""
        widest = max(box.width + _name_width(given) for given, box in cells)
        count = max(1, min(int((WIDTH - MARGIN + GUTTER) / (widest + GUTTER)), 6, len(cells)))
        style = f"width:{(WIDTH - MARGIN) / count - 0.01:.2f}pt"
        out = Markup()
        for start in range(0, len(cells), count):
            line = Markup()
            for given, box in cells[start : start + count]:
                name = Markup("{}\u2002").format(given.name) if given.name else ""
                line += Markup('<span class="cell" style="{}">{}{}</span>').format(
                    style, name, self.place(_drawing(box))
                )
            out += Markup('<div style="margin-left:{}pt;white-space:nowrap">{}</div>').format(MARGIN, line)
        return out

    def wide(self, given: Given, box: Box) -> Markup:
        name = Markup("{}\u2002").format(given.name) if given.name else ""
        room = WIDTH - MARGIN
        if box.width > room:
            drawn_line = self.rows(given.letters, ((Relation("="), given.value),), _lead(given.letters))
            return Markup("<div>{}</div>{}").format(name, drawn_line[0])
        return Markup('<div style="margin-left:{}pt">{}{}</div>').format(MARGIN, name, self.place(_drawing(box)))

    def working(self, lines: Iterable[Line]) -> Markup:
        lines = tuple(lines)
        leads = [_lead(line.target) for line in lines]
        common = max((lead for lead in leads if lead <= WIDTH / 4), default=0.0)
        return Markup().join(self.line(line, max(common, lead)) for line, lead in zip(lines, leads, strict=True))

    def line(self, line: Line, lead: float) -> Markup:
        """The rows of a line; its remark right of the last row if there is room, else below."""
        html, used = self.rows(line.target, line.stages, lead)
        if not line.remark:
            return Markup('<div class="line">{}</div>').format(html)
        remark = self.words(line.remark, SMALL)
        wide, room = _width_of(line.remark, SMALL) * 1.02 + 1, WIDTH - MARGIN - used
        if wide + GUTTER <= room:
            tag = Markup('<span class="remark" style="margin-left:{:.2f}pt">{}</span></div>')
            html = html[: -len("</div>")] + tag.format(room - wide, remark)
            return Markup('<div class="line">{}</div>').format(html)
        below = Markup('<div class="remark" style="margin-left:{:.2f}pt">{}</div>').format(MARGIN + lead, remark)
        return Markup('<div class="line">{}{}</div>').format(html, below)

    def rows(self, target: Maths, stages: tuple[tuple[Relation, Maths], ...], lead: float) -> tuple[Markup, float]:
        """The rows of a chain, and the width of the last one; all align on their relations at `lead`."""
        html, used = Markup(), 0.0
        tall = " tall" if any(has_matrix(mark) for _, mark in stages) else ""
        for drawing in _chain(target, stages, lead):
            used = drawing.width
            style = f";margin-left:{MARGIN}pt"
            html += Markup('<div class="row{}">{}</div>').format(tall, self.place(drawing, style=style))
        return html, used

    def picture(self, picture: Picture) -> Markup:
        scale = min(1.0, WIDTH / picture.width)
        drawing = Drawing(picture.width * scale, picture.height * scale, 0.0, drawn(picture), scale)
        return Markup('<div class="picture">{}</div>').format(self.place(drawing))


def _head(text: str) -> str:
    """What stands at the beginning of a text up to the first space."""
    found = re.match(r"\S{0,12}(?=\s|$)", text)
    return found[0] if found else ""


def _tail(text: str) -> str:
    found = re.search(r"(?:(?<=\s)|^)\S{0,12}$", text)
    return found[0] if found else ""


def _in_sentence(mark: Maths, size: float) -> list[Drawing]:
    """A formula in a sentence, in pieces between which a line may end: after a relation or an operator."""
    box = typeset(mark, size, Level.TEXT)
    if box.width <= BREAKABLE:
        return [replace(_set(mark, size, Level.TEXT), margin=AIR)]
    return [replace(_drawing(piece), margin=AIR) for piece in _pieces(box, tuple(spliced(mark)))]


def _pieces(box: Box, items: tuple[Maths, ...]) -> Iterator[Box]:
    """Cut a row, whose boxes stand for `items`, behind each of its operators."""
    if len(items) != len(box.parts):
        yield box
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
        yield Box(right - left, max(b.height for b in boxes), max(b.depth for b in boxes), parts)


def _lead(target: Maths) -> float:
    """Where the relation begins: the target and the space after it."""
    with_relation = typeset(Row((target, Relation("="))), SIZE)
    return with_relation.width - typeset(Relation("="), SIZE).width


def _measure(mark: Maths) -> float:
    return typeset(mark, SIZE, continues=_continues(mark)).width


def _continues(mark: Maths) -> bool:
    return isinstance(mark, Row) and bool(mark.items) and isinstance(mark.items[0], Operator)


@lru_cache(maxsize=4096)
def _chain(target: Maths, stages: tuple[tuple[Relation, Maths], ...], lead: float) -> tuple[Drawing, ...]:
    own, room = _lead(target), WIDTH - MARGIN
    rows = broken(target, stages, room - (lead - own), _measure, indent=INDENT)
    drawings = []
    for left, right, depth in rows:
        body = typeset(right, SIZE, continues=depth > 0)
        start = lead + depth * INDENT
        if left is None:
            box = beside((start, body))
        else:
            name = typeset(left, SIZE)
            box = beside((lead - own, name, own - name.width, body))
        box = replace(box, height=max(box.height, STRUT[0]), depth=max(box.depth, STRUT[1]))
        drawings.append(_drawing(box, room=room))
    return tuple(drawings)


@lru_cache(maxsize=4096)
def _given_box(given: Given) -> Box:
    return typeset(Row((given.letters, Relation("="), given.value)), SIZE, Level.TEXT)


def _shape(cell: tuple[Given, Box]) -> tuple[bool, bool]:
    """Whether a given is too wide to share its row, and whether it is a matrix or a fraction: like goes with like."""
    given, box = cell
    return box.width + _name_width(given) > WIDTH / 2.2, box.total > 1.5 * SIZE


def _name_width(given: Given) -> float:
    return upright(given.name, SIZE).width * 1.03 + SIZE / 2 if given.name else 0.0


def _width_of(words: Words, size: float) -> float:
    widths: Callable[[str | Maths], float] = lambda w: (  # noqa: E731
        upright(w, size).width if isinstance(w, str) else typeset(w, size, Level.TEXT).width
    )
    return sum(map(widths, words))
