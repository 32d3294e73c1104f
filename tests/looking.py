"""Where everything of a printed sheet lies: its text and its drawings on the pages, and what is in each drawing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from handcalc.render import pdf_line, press
from handcalc.render.pdf import pdf
from handcalc.render.typeset.boxes import Box, Gap, Glyph, Part, Rule, marks
from handcalc.render.typeset.ink import Ink, ink
from handcalc.sheet.paper import Paper
from handcalc.sheet.parts import Sheet

UP, DOWN = 0.72, 0.22
"""Above and below the baseline of text, in parts of its type."""
TOUCH = 0.15
"""Points by which the frames of two things may overlap: they are larger than what is in them."""
LINE = 0.6
"""Points of a cell that its lines take on each side."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom, in points from the upper left corner of the page."""


@dataclass(frozen=True)
class Thing:
    """Some words of text, or a part of the drawing of this `name`."""

    page: int
    said: str
    place: Rectangle
    name: str = ""


@dataclass
class Printed:
    """A printed sheet: its bytes, and where things are."""

    data: bytes
    things: list[Thing]
    formulas: dict[str, Box]
    """What was drawn, by what it says."""

    def faults(self, paper: Paper) -> list[str]:
        """What runs off the page or stands on something else."""
        found = [f"{one.said!r} outside at {one.place}" for one in self.things if outside(one.place, paper)]
        pages: dict[int, list[Thing]] = {}
        for one in self.things:
            pages.setdefault(one.page, []).append(one)
        for page in pages.values():
            found += [f"{a.said!r} on {b.said!r}, page {a.page}" for a, b in overlapping(page)]
        return found + [f"{said} in {name}" for name, box in self.formulas.items() for said in inside(box)]


def outside(place: Rectangle, paper: Paper, touch: float = TOUCH) -> bool:
    left, top, right, bottom = place
    sideways = left < paper.left - touch or right > paper.width - paper.right + touch
    return sideways or top < 0 or bottom > paper.height


def overlapping(things: list[Thing]) -> Iterator[tuple[Thing, Thing]]:
    ordered = sorted(things, key=lambda one: one.place[1])
    for i, one in enumerate(ordered):
        for other in ordered[i + 1 :]:
            if other.place[1] >= one.place[3] - TOUCH:
                break
            if overlap(one.place, other.place) and not (one.name and one.name == other.name):
                yield one, other


def overlap(a: Rectangle, b: Rectangle, touch: float = TOUCH) -> bool:
    return (
        a[0] < b[2] - touch and b[0] < a[2] - touch and a[1] < b[3] - touch and b[1] < a[3] - touch
        and min(a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]) > 0
    )  # fmt: skip


def inside(box: Box) -> Iterator[str]:
    """Blanks that stand on something else of the same formula, and rules that go through its letters.

    The lines of a ruled table meet, and a blank that fills a cell of it reaches them.
    """
    found = [(mark, extent(x, y, mark)) for x, y, mark in marks(box)]
    gaps = [one for one in found if isinstance(one[0], Gap)]
    rest = [one for one in found if not isinstance(one[0], Gap)]
    for i, (gap, one) in enumerate(gaps):
        assert isinstance(gap, Gap)
        left, top, right, bottom = one
        free = one if gap.framed else (left + LINE, top + LINE, right - LINE, bottom - LINE)
        for mark, other in (*rest, *gaps[i + 1 :]):
            if overlap(free, other, TOUCH if gap.framed else 0.0):
                yield f"{gap} on {mark}"
    letters = [(mark, place) for mark, place in rest if not isinstance(mark, Rule)]
    for rule, (left, top, right, bottom) in rest:
        if isinstance(rule, Rule):
            bar = (left + 0.5, top, right - 0.5, bottom)
            yield from (f"{mark} on {rule}" for mark, other in letters if overlap(bar, other, 0.0))


def extent(x: float, y: float, mark: Part) -> Rectangle:
    """Of what is inked, with y downwards."""
    if isinstance(mark, Glyph):
        form, size = mark.form, mark.size
        return x, -y - form.height * size, x + form.width * size, -y + form.depth * size
    return x, -y - mark.height, x + mark.width, -y


def extents(box: Box) -> Iterator[Rectangle]:
    """Of each of its rows."""
    for dx, dy, part in box.parts:
        every = [extent(*mark) for mark in marks(part, dx, dy)] if isinstance(part, Box) else [extent(dx, dy, part)]
        if every:
            left, top, right, bottom = zip(*every, strict=True)
            yield min(left), min(top), max(right), max(bottom)


@contextmanager
def watched() -> Iterator[Watch]:
    """What is printed meanwhile can be looked at."""
    watch, init = Watch(), press._Last.__init__

    def inked(box: Box, x: float = 0.0, y: float = 0.0) -> Ink:
        made = ink(box, x, y)
        watch.boxes[id(made)] = made, box
        return made

    def note(last: press._Last, document: Any, drawings: Any, *more: Any, **how: Any) -> None:
        watch.document, watch.drawings = document, drawings
        init(last, document, drawings, *more, **how)

    for remembered in (pdf_line.in_sentence, pdf_line.worked, pdf_line.given_set):
        remembered.cache_clear()
    with patch.object(pdf_line, "ink", inked), patch.object(press._Last, "__init__", note):
        yield watch


class Watch:
    """Notes how WeasyPrint laid out the last page, and the boxes that were drawn."""

    def __init__(self) -> None:
        self.boxes: dict[int, tuple[Ink, Box]] = {}
        self.document: Any = None
        self.drawings: dict[str, press.Drawing] = {}

    def printed(self, sheet: Sheet, paper: Paper, **how: bool) -> Printed:
        data = pdf(sheet, paper, **how)
        things = [one for number, page in enumerate(self.document.pages, 1) for one in self._things(number, page)]
        drawn = {drawing.said or name: self.boxes[id(drawing.ink)][1]
                 for name, drawing in self.drawings.items() if id(drawing.ink) in self.boxes}  # fmt: skip
        return Printed(data, things, drawn)

    def _things(self, number: int, page: Any) -> Iterator[Thing]:
        for name, place in page.anchors.items():
            if name in self.drawings:
                yield from self._drawing(number, name, [x * press.PX for x in place])
        for box in page._page_box.descendants():
            if type(box).__name__ == "TextBox" and box.text.strip():
                size, base = box.style["font_size"], box.position_y + box.baseline
                lines = box.position_x, base - UP * size, box.position_x + box.width, base + DOWN * size
                left, top, right, bottom = (x * press.PX for x in lines)
                yield Thing(number, box.text, (left, top, right, bottom))

    def _drawing(self, number: int, name: str, frame: list[float]) -> Iterator[Thing]:
        """Its rows; of a picture, which is looked at elsewhere, its frame."""
        drawing, (left, top, right, bottom) = self.drawings[name], frame
        said = drawing.said or name
        if id(drawing.ink) not in self.boxes:
            yield Thing(number, said, (left, top + drawing.margin, right, bottom - drawing.margin), name)
            return
        base, scale = top + drawing.margin + drawing.height, drawing.scale
        for x1, y1, x2, y2 in extents(self.boxes[id(drawing.ink)][1]):
            yield Thing(
                number, said, (left + x1 * scale, base + y1 * scale, left + x2 * scale, base + y2 * scale), name
            )
