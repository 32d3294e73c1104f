"""A sheet as PDF: its parts become HTML with empty places, in which formulas and pictures are drawn.

The HTML is made of `Markup`, which escapes every text that is put into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import groupby
from math import ceil
from pathlib import Path
from unicodedata import category

from markupsafe import Markup

from handcalc.formula.maths import Maths, Relation
from handcalc.formula.notation import untraced
from handcalc.render.furniture import environment
from handcalc.render.pdf_head import ID_FIELD, NAME_FIELD, Head, Place, style
from handcalc.render.pdf_line import (
    TEXT_WIDER,
    Measures,
    Set,
    Worked,
    draw,
    given_set,
    in_sentence,
    lead,
    measures,
    name_width,
    shape,
    width_of,
    worked,
)
from handcalc.render.pdf_table import table_html
from handcalc.render.press import PLAIN, Blank, Drawing, Finish, MissingGlyph, Printed, TooLong, printed
from handcalc.render.qr import stamp, with_room
from handcalc.render.speech import spoken, tips
from handcalc.render.typeset.boxes import Box
from handcalc.render.typeset.picture import drawn
from handcalc.sheet.paper import A4, Paper
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

PADDING = 0.95
"""Left and right of the words of an answer, with the frame, in em; page.css has a little less."""
SHARE, LEAST = 0.4, 0.8
"""A picture takes so much of half a page, and is made smaller for it by as much at most."""
MOST_SAID = 600
"""So many characters of sentences stay with what they are about."""
NEARLY = 1.06
"""Type in which a list is longer than so many pages isn't tried."""
SMALLEST = 5.5
"""The type size of a list that would need more than one page otherwise."""


def pdf(sheet: Sheet, paper: Paper = A4, *, fields: bool = False, tagged: bool = False, most: int = 0) -> bytes:
    """`sheet`, printed on `paper`: what `pages` makes."""
    return pages(sheet, paper, fields=fields, tagged=tagged, most=most).data


def pages(sheet: Sheet, paper: Paper = A4, *, fields: bool = False, tagged: bool = False, most: int = 0) -> Printed:
    """Print `sheet` on `paper`; the record says also where its blanks lie.

    The same sheet gives the same bytes. Letters, numbers and words can be searched and copied.

    **Arguments:**

    - `fields`: every blank is a text field, the boxes to tick of a question are one field; `form.key_of` a field's
      name is its quantity's key.
    - `tagged`: the structure of the page is said, and each formula and picture in words (PDF/UA-1).
    - `most`: of pages; 0 is any number.

    With fields or tags a page is printed once, also where the paper has room for several copies.

    **Raises:** `press.Unprintable` if anything would be missing from the page; `TooLong` if there are too many.
    """
    paper = with_room(paper)
    finish = Finish(fields=fields, tagged=tagged, copies=paper.copies, most=most, stamp=stamp(paper))
    try:
        return _on_paper(sheet, paper, finish)
    except MissingGlyph as error:
        lacking = error.characters
    try:
        return _on_paper(*_legible(sheet, paper, lacking), finish)
    except MissingGlyph:  # what was cut off before is on the page now
        return _on_paper(*_legible(sheet, paper, frozenset()), finish)


def boxes(sheet: Sheet, paper: Paper = A4) -> tuple[Blank, ...]:
    """Where each blank of `sheet` lies on its pages; without the places for name and ID."""
    return pages(sheet, paper).blanks


def pdf_on_one_page(sheet: Sheet, paper: Paper = A4, *, tagged: bool = False) -> bytes:
    """Print `sheet` on one page, in type down to `SMALLEST`; a longer one has more pages in the smallest."""
    return one_page(sheet, paper, tagged=tagged).data


def one_page(sheet: Sheet, paper: Paper = A4, *, tagged: bool = False) -> Printed:
    """The same, and how many pages it has."""
    while paper.type > SMALLEST:
        try:
            return pages(sheet, paper, tagged=tagged, most=1)
        except TooLong as error:
            fitting = paper.type * NEARLY / error.filled
            paper = replace(paper, type=max(SMALLEST, paper.type - max(1, ceil(paper.type - fitting))))
    return pages(sheet, paper, tagged=tagged)


def _legible(sheet: Sheet, paper: Paper, lacking: frozenset[str]) -> tuple[Sheet, Paper]:
    """Both without `lacking`; a box for a name in letters of which some are lacking is left to its owner to fill."""
    change = partial(substituted, lacking=lacking)
    head = replace(paper.head.with_text(change), name=paper.head.asks_who, student=owner(paper.head.student, lacking))
    return with_text(sheet, change), replace(paper, head=head)


def owner(name: str, lacking: frozenset[str]) -> str:
    """`name` without the emoji and marks among `lacking`; "" where letters are."""
    kept = [c for c in name if category(c) != "Cf" and not (_lacks(c, lacking) and category(c)[0] in "SM")]
    return "" if any(_lacks(c, lacking) for c in kept) else " ".join("".join(kept).split())


def substituted(text: str, lacking: frozenset[str] = frozenset()) -> str:
    """`text` with a visible substitute, ``[U+540D]``, for each of `lacking`, or else for what the bundled fonts don't
    have; joiners and marks are dropped.
    """
    return "".join(
        c if not _lacks(c, lacking) else "" if category(c) in ("Cf", "Mn") else f"[U+{ord(c):04X}]" for c in text
    )


def _lacks(char: str, lacking: frozenset[str]) -> bool:
    return char in lacking if lacking else ord(char) not in _characters() and not char.isspace()


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    fonts = Path(__file__).parent.parent / "fonts"
    found = [frozenset(TTFont(fonts / f"text-{face}.ttf").getBestCmap()) for face in ("regular", "italic", "bold")]
    return frozenset.intersection(*found)


def _on_paper(sheet: Sheet, paper: Paper, finish: Finish) -> Printed:
    page, drawings = page_of(sheet, paper, finish)
    made = printed(page, drawings, style(paper, sheet.language), finish)
    return made._replace(blanks=tuple(one for one in made.blanks if one.key not in (NAME_FIELD, ID_FIELD)))


def page_of(sheet: Sheet, paper: Paper, finish: Finish = PLAIN) -> tuple[str, dict[str, Drawing]]:
    """The sheet as HTML with empty places, and by the places' ids what is drawn in them."""
    sheet = in_letters(sheet, spaces=True)
    writer = _Writer(measures(paper), paper, sheet.language, finish)
    head = Head(paper, sheet.title, sheet.language)
    who = Markup().join(Markup("<span>{} {}</span> ").format(one.word, writer.who(one)) for one in head.places)
    below = "h3" if sheet.has_questions else "h2"
    sections = (writer.section(section, below, first=i == 0) for i, section in enumerate(sheet.sections))
    body = Markup("\n").join([*writer.parts(sheet.parts), *sections])
    template = environment().get_template("page.html")
    page = template.render(title=sheet.title, language=sheet.language, head=head, who=who, body=body)
    return page, writer.drawings


@dataclass
class _Writer:
    """Writes parts; remembers the drawings in them."""

    measures: Measures
    paper: Paper
    language: str
    finish: Finish
    drawings: dict[str, Drawing] = field(default_factory=dict)

    def section(self, section: Section, tag: str, *, first: bool) -> Markup:
        begin, end = ('h2 class="question"', "h2") if section.opens else (tag, tag)
        heading = Markup(f"<{begin}>{{}}</{end}>").format(section.heading) if section.heading else Markup()
        body = heading + Markup("\n").join(self.parts(section.parts))
        return Markup('<section class="next">{}</section>').format(body) if self.paper.apart and not first else body

    def parts(self, parts: Sequence[Part]) -> Iterator[Markup]:
        for i, part in enumerate(parts):
            match part:
                case Say(words):
                    tag = Markup('<p class="lead">{}</p>' if _leads(parts[i:]) else "<p>{}</p>")
                    yield tag.format(self.words(words, self.measures.size))
                case Answer(words):
                    size = self.measures.size
                    inside = self.words(words, size, self.measures.width - 2 * PADDING * size)
                    yield Markup('<div class="answer">{}</div>').format(inside)
                case Givens(rows):
                    yield Markup('<div class="givens">{}</div>').format(self.givens(rows))
                case Working(lines):
                    yield Markup('<div class="working">{}</div>').format(self.working(lines))
                case Table():
                    table = table_html(part, self.cell, self.words, self.measures, joined=not self.finish.tagged)
                    yield Markup('<div class="tables">{}</div>').format(table)
                case Picture():
                    yield self.picture(part)
                case Room(lines):
                    yield Markup('<p class="room" style="height:{0}mm;margin-bottom:{0}mm"></p>').format(4 * lines)

    def place(self, drawing: Drawing, *shown: Maths, indented: bool = False) -> Markup:
        """An empty element of the drawing's size in a row; the drawing shows the marks `shown`."""
        low = f";vertical-align:{-drawing.depth - drawing.margin:.3f}pt"
        return Markup('<span id="{}" class="at" style="{}"></span>').format(*self.empty(drawing, shown, low, indented))

    def who(self, place: Place) -> Markup:
        """A box with a name in it, or to write it in."""
        box = place.box
        if not place.text:
            return self.place(replace(box, said=place.word))
        size = f"width:{box.width:.3f}pt;height:{box.height + box.depth:.3f}pt;vertical-align:{-box.depth:.3f}pt"
        return Markup('<span class="written" style="{}">{}</span>').format(size, place.text)

    def block(self, kind: str, drawing: Drawing, *shown: Maths) -> Markup:
        """The same with a row of its own: a page lays it out faster."""
        name, size = self.empty(drawing, shown, "", indented=True)
        return Markup('<div id="{}" class="at {}" style="{}"></div>').format(name, kind, size)

    def empty(self, drawing: Drawing, shown: tuple[Maths, ...], more: str, indented: bool) -> tuple[str, str]:
        """The name and the size of an empty element."""
        if self.finish.tagged or (self.finish.fields and drawing.ink.gaps):
            drawing = self.aloud(drawing, shown)
        name = f"d{len(self.drawings)}"
        self.drawings[name] = drawing
        height = drawing.height + drawing.depth + 2 * drawing.margin
        size = f"width:{drawing.width:.3f}pt;height:{height:.3f}pt{more}"
        return name, size + (f";margin-left:{self.measures.margin:.4g}pt" if indented else "")

    def aloud(self, drawing: Drawing, shown: tuple[Maths, ...]) -> Drawing:
        said = spoken(tuple(map(untraced, shown)), self.language) if shown else drawing.said
        return replace(drawing, said=said, tips=tips(said, len(drawing.ink.gaps), self.language))

    def cell(self, box: Box, room: float, *shown: Maths) -> Markup:
        return self.place(draw(box, room=room), *shown)

    def words(self, words: Words, size: float, room: float | None = None) -> Markup:
        """A sentence in lines as wide as the text, or as `room`. What touches a formula, such as a comma, stays on its
        line.
        """
        out, room = Markup(), self.measures.width if room is None else room
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
            free = max(room - width_of((before + after,), size) * TEXT_WIDER, room / 2)
            first, *middle = [self.place(*each) for each in in_sentence(word, size, self.measures, free)]
            if middle:
                out += before + first + Markup().join(middle[:-1])
                first, before = middle[-1], ""
            kept = Markup('<span class="kept">{}{}{}</span>').format(before, first, after)
            out += kept if before or after else first
        return out

    def givens(self, rows: Iterable[Given]) -> Markup:
        out = Markup()
        cells = [(given, given_set(given, self.measures)) for given in rows]
        for (wide, _), group in groupby(cells, lambda cell: shape(cell[0], cell[1].drawing, self.measures)):
            some = list(group)
            out += Markup().join(self.wide(*cell) for cell in some) if wide else self.grid(some)
        return out

    def grid(self, cells: list[tuple[Given, Set]]) -> Markup:
        """Givens in columns of equal width, as many as fit."""
        room, gutter = self.measures.room, self.measures.gutter
        widest = max(found.drawing.width + name_width(given, self.measures.size) for given, found in cells)
        count = max(1, min(int((room + gutter) / (widest + gutter)), 6, len(cells)))
        width = f"width:{room / count - 0.01:.2f}pt"
        out = Markup()
        for start in range(0, len(cells), count):
            line = Markup().join(
                Markup('<span class="cell" style="{}">{}{}</span>').format(width, _named(given), self.place(*found))
                for given, found in cells[start : start + count]
            )
            out += Markup('<div class="indented row-of-givens">{}</div>').format(line)
        return out

    def wide(self, given: Given, found: Set) -> Markup:
        name = _named(given)
        if found.drawing.width > self.measures.room:
            start = lead(given.letters, self.measures.size)
            stages = ((Relation("="), given.value),)
            return Markup("<div>{}</div>{}").format(
                name, self.rows(worked(given.letters, stages, start, self.measures))
            )
        return Markup('<div class="indented">{}{}</div>').format(name, self.place(*found))

    def working(self, lines: Iterable[Line]) -> Markup:
        lines = tuple(lines)
        leads = [lead(line.target, self.measures.size) for line in lines]
        common = max((one for one in leads if one <= self.measures.width / 4), default=0.0)
        return Markup().join(self.line(line, max(common, one)) for line, one in zip(lines, leads, strict=True))

    def line(self, line: Line, start: float) -> Markup:
        """A line with its remark, right of the last row if there is room, else below."""
        if not line.remark:
            return self.rows(worked(line.target, line.stages, start, self.measures))
        small = self.measures.small
        wide = width_of(line.remark, small) * 1.02 + 1
        kept = 12 * ceil(wide / 12) + self.measures.gutter  # the same for 1 mark and for 2 marks
        made = worked(line.target, line.stages, start, self.measures, kept)
        if len(made.pieces) == 1 and made.end + self.measures.gutter + wide <= self.measures.room + 0.01:
            drawing = self.place(*made.pieces[0], indented=True)
            left = self.measures.room - wide - made.pieces[0].drawing.width
            tag = '<div class="line row{}">{}<span class="remark" style="margin-left:{:.2f}pt">{}</span></div>'
            return Markup(tag).format(_tall(made), drawing, left, self.words(line.remark, small))
        rows, margin = self.rows(made), self.measures.margin + start
        tag = '<div class="line">{}<div class="remark" style="margin-left:{:.2f}pt">{}</div></div>'
        return Markup(tag).format(rows, margin, self.words(line.remark, small, self.measures.width - margin))

    def rows(self, made: Worked) -> Markup:
        """The drawings of a line, without its remark."""
        if len(made.pieces) == 1:
            return self.block(f"line{_tall(made)}", *made.pieces[0])
        rows = (self.block(f"piece{_tall(made)}", *piece) for piece in made.pieces)
        return Markup('<div class="line">{}</div>').format(Markup().join(rows))

    def picture(self, picture: Picture) -> Markup:
        """As large as its type asks for, if the page has so much room; on half a page a little smaller."""
        room, scale = self.paper.text_height, self.measures.scale
        if self.paper.copies > 1:
            scale = max(min(scale, SHARE * room / picture.height), LEAST * scale)
        scale = min(scale, self.measures.width / picture.width, (room - 3 * self.measures.size) / picture.height)
        width, height = picture.width * scale, picture.height * scale
        drawing = Drawing(width, height, 0.0, drawn(picture), scale, said=picture.alt, kind="Figure")
        return Markup('<div class="picture">{}</div>').format(self.place(drawing))


def _leads(parts: Sequence[Part]) -> bool:
    """Whether the sentences that `parts` begin with say what is done in the part below: they stay together with it."""
    said = 0
    for part in parts:
        if not isinstance(part, Say):
            return isinstance(part, Working | Table | Givens | Room) and said <= MOST_SAID
        said += sum(len(word) for word in part.words if isinstance(word, str))
    return False


def _tall(made: Worked) -> str:
    return " tall" if made.tall else ""


def _named(given: Given) -> Markup:
    return Markup("{}\u2002").format(given.name) if given.name else Markup()


def _head(text: str) -> str:
    """What stands at the beginning of a text up to the first space."""
    found = re.match(r"\S{0,12}(?=\s|$)", text)
    return found[0] if found else ""


def _tail(text: str) -> str:
    found = re.search(r"(?:(?<=\s)|^)\S{0,12}$", text)
    return found[0] if found else ""
