"""Print an HTML page with drawings in it: WeasyPrint lays out the page, the drawings are put in afterwards.

A drawing is an element with an id and a size and nothing in it. WeasyPrint says where each one came to lie
(`Page.anchors`) and hands out the finished pages before they are written (`write_pdf(finisher=...)`).

The drawings belong where they stand in the text, so that copying and searching go in reading order. So each
element has a background of a colour that occurs nowhere else, and its painting is replaced with the drawing
(`painted`). Where the page isn't painted as expected, the drawing is put on top at the end of the page.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import get_ident
from typing import Any, Literal, NamedTuple

import pydyf

from handcalc.errors import HandcalcError
from handcalc.render import painted
from handcalc.render.form import Field, add_fields
from handcalc.render.furniture import CUT, read
from handcalc.render.typeset.ink import FONT, Ink, Place, embed, number, numbers

with warnings.catch_warnings():
    # A machine without fonts is no matter: the sheet brings its own.
    warnings.filterwarnings("ignore", "No fonts configured", UserWarning)
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

PX = 0.75
"""A CSS pixel, in points."""
_FONTS = Path(__file__).resolve().parent.parent / "fonts"
_FILES = frozenset((_FONTS / f"text-{face}.ttf").as_uri() for face in ("regular", "italic", "bold"))


class Unprintable(HandcalcError):
    """WeasyPrint complained: something would be missing from the page, or look wrong on it."""


class TooLong(Unprintable):
    """There are more pages than are wanted: so many are `filled`, at least."""

    def __init__(self, pages: int, filled: float) -> None:
        super().__init__(f"{pages} pages are needed")
        self.filled = filled


class MissingGlyph(Unprintable):
    """Characters that neither the bundled fonts nor those of the machine have."""

    @property
    def characters(self) -> frozenset[str]:
        """Those that were to be printed; none where WeasyPrint didn't say."""
        return frozenset(chr(int(code, 16)) for code in re.findall(r"U\+([0-9A-F]{4,6})\b", str(self)))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn in place of an element: its size in points, and its ink, with the origin on the baseline.

    `margin` of the element's height, above and below, is left white. `said` is the drawing in words, `tips` what is
    said of each of its gaps, `kind` what it is in the structure of a tagged page.
    """

    width: float
    height: float
    depth: float
    ink: Ink
    scale: float = 1.0
    margin: float = 0.0
    said: str = ""
    tips: tuple[str, ...] = ()
    kind: Literal["Formula", "Figure"] = "Formula"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """What is made of a page beyond its drawings.

    fields  every blank is a text field, the boxes to tick of a question are one field
    tagged  the structure is said, and each drawing in words: PDF/UA-1
    copies  so many of a page on one piece of paper; on a page with fields or structure always one
    most    pages that are wanted; 0: any number
    stamp   operators on top of page n of m, in points from its lower left corner; they are no part of its text
    """

    fields: bool = False
    tagged: bool = False
    copies: int = 1
    most: int = 0
    stamp: Callable[[int, int], bytes] | None = None


PLAIN = Finish()


class Blank(NamedTuple):
    """Where something is to be written: `page` counts from 1, lengths are points, from the upper left corner of the
    page to that of the place. A box to tick is the `choice` of a letter."""

    page: int
    key: str
    x: float
    y: float
    width: float
    height: float
    choice: str = ""


class Printed(NamedTuple):
    """A PDF, how many pages it has, and where something is to be written on them, in the order of the sheet."""

    data: bytes
    pages: int
    blanks: tuple[Blank, ...]


def printed(page: str, drawings: Mapping[str, Drawing], css: str = "", finish: Finish = PLAIN) -> Printed:
    """The PDF of an HTML page; each element whose id is in `drawings` is replaced with its drawing.

    The same page and drawings give the same bytes. Nothing but the bundled fonts is ever loaded.

    **Raises:** Unprintable if WeasyPrint has anything to complain about, such as an image in the page.
    """
    with _complaints_raised(), _no_clock():
        document = laid_out(page, css)
        if finish.most and len(document.pages) > finish.most:
            raise TooLong(len(document.pages), _filled(document))
        placed = {name for page in document.pages for name in page.anchors} & drawings.keys()
        if len(placed) != len(drawings):
            raise Unprintable(f"{len(drawings) - len(placed)} formulas have no place on the page")
        in_place = _in_place()
        if finish.tagged and not in_place:
            raise Unprintable(f"with WeasyPrint {weasyprint.__version__} a sheet can't be tagged")
        last = _Last(document, drawings, finish, in_place=in_place)
        tags = {"pdf_variant": "pdf/ua-1"} if finish.tagged else {}
        data: bytes = document.write_pdf(finisher=lambda _, pdf: last.finish(pdf), **tags)
    return Printed(data, len(document.pages), tuple(_blanks(document, drawings)))


def _filled(document: Any) -> float:
    """How many pages the drawings take, with a part of the last one."""
    *before, last = document.pages
    lowest = max((place[3] for place in last.anchors.values()), default=0.0)
    return len(before) + lowest / float(last.height)


def _blanks(document: Any, drawings: Mapping[str, Drawing]) -> Iterator[Blank]:
    for n, page in enumerate(document.pages, start=1):
        for name in sorted(page.anchors.keys() & drawings.keys(), key=_in_order):
            for place in _places(drawings[name], page.anchors[name], page.height):
                top = page.height * PX - place.y - place.height
                x, y, width, height = (round(x, 2) for x in (place.x, top, place.width, place.height))
                yield Blank(n, place.key, x, y, width, height, place.choice)


def laid_out(page: str, css: str) -> Any:
    """WeasyPrint's document of an HTML page."""
    sheets, fonts = _stylesheets(css)
    return weasyprint.HTML(string=page, url_fetcher=fetcher()).render(stylesheets=sheets, font_config=fonts)


@lru_cache(maxsize=16)
def _stylesheets(css: str) -> tuple[list[Any], Any]:
    faces, fonts = _faces()
    return [faces, weasyprint.CSS(string=css, url_fetcher=fetcher(), font_config=fonts)], fonts


@cache
def _faces() -> tuple[Any, Any]:
    """The bundled fonts, and the markers."""
    fonts = FontConfiguration()
    css = read("fonts.css").replace("$marker", painted.MARKER)
    return weasyprint.CSS(string=css, base_url=_FONTS.as_uri() + "/", url_fetcher=fetcher(), font_config=fonts), fonts


@cache
def _in_place() -> bool:
    """The self-test: whether this version of WeasyPrint paints markers as expected."""
    return painted.is_as_expected(laid_out(painted.SAMPLE, ""))


@cache
def fetcher() -> Any:
    """A fetcher that opens the bundled fonts and refuses everything else."""
    try:
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except ImportError:  # WeasyPrint before 68 takes a function

        def fetch(url: str, *_: object, **__: object) -> dict[str, object]:
            return {"string": _font(url), "mime_type": "font/ttf"}

        return fetch

    class OnlyFonts(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:
            return URLFetcherResponse(url, _font(url), {"Content-Type": "font/ttf"})

    return OnlyFonts()


def _font(url: str) -> bytes:
    if url not in _FILES:
        raise ValueError(f"a sheet loads nothing but its fonts, not {url}")
    return (_FONTS / url.rpartition("/")[2]).read_bytes()


_HARMLESS = "Using fontTools instead of HarfBuzz"
"""Said where HarfBuzz was installed without its subsetter: the file is a little larger, the page is the same."""


class _Complaints(logging.Handler):
    """Collects this thread's warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread_of_interest = get_ident()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.thread == self.thread_of_interest and not message.startswith(_HARMLESS):
            self.messages.append(message)


@contextmanager
def _complaints_raised() -> Iterator[None]:
    complaints, logger = _Complaints(), logging.getLogger("weasyprint")
    level = logger.level
    logger.addHandler(complaints)
    logger.setLevel(min(level or logging.WARNING, logging.WARNING))
    try:
        yield
    finally:
        logger.removeHandler(complaints)
        logger.setLevel(level)
    if complaints.messages:
        missing = all(".notdef glyph" in message for message in complaints.messages)
        raise (MissingGlyph if missing else Unprintable)("the page can't be printed: " + "; ".join(complaints.messages))


@contextmanager
def _no_clock() -> Iterator[None]:
    """Where HarfBuzz can't subset fonts, fontTools does, and writes the time into them unless this is set."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


class _Last:
    """The last hand on a PDF, before it is written."""

    def __init__(self, document: Any, drawings: Mapping[str, Drawing], finish: Finish, *, in_place: bool) -> None:
        self.document, self.drawings, self.how, self.in_place = document, drawings, finish, in_place
        self.marks: dict[str, int] = {}
        """By drawing: the number of its marked content on the page at hand."""
        self.elements: dict[tuple[str, int], Any] = {}
        """By drawing and page: its element in the structure."""

    def finish(self, pdf: pydyf.PDF) -> None:
        pdf.catalog.pop("Names", None)  # the ids of the drawings as link targets: nothing links to them
        font = (
            embed(pdf, codes) if (codes := frozenset().union(*(d.ink.codes for d in self.drawings.values()))) else b""
        )
        objects = {thing.reference: thing for thing in pdf.objects}
        fields: list[Field] = []
        for n, (page, leaf) in enumerate(zip(self.document.pages, painted.leaves(pdf), strict=True), start=1):
            places = {name: box for name, box in page.anchors.items() if name in self.drawings}
            if self.how.tagged:
                self.tag(pdf, leaf, places, page.height)
            if font:
                _add_font(leaf, objects, font)
            stream = objects.get(leaf["Contents"])
            rest = dict(places)
            if self.in_place and isinstance(stream, pydyf.Stream):
                rest = painted.put_in_place(stream, places, self.in_flow)
            on_top = [self.on_page(name, rest[name], page.height) for name in rest]
            if self.how.stamp:
                on_top.append(b"/Artifact BMC " + self.how.stamp(n, len(self.document.pages)) + b" EMC")
            if on_top:
                _put_on_top(leaf, pdf, on_top)
            if self.how.fields:
                for name in sorted(places, key=_in_order):
                    fields += self.fields(name, places[name], page.height, leaf)
            elif self.how.copies > 1 and not self.how.tagged:
                _copied(leaf, pdf, self.how.copies)
        if fields:
            for field, widget in zip(fields, add_fields(pdf, fields), strict=True):
                if field.element is not None:
                    painted.put_into_structure(pdf, field.leaf, field.element, widget)

    def tag(self, pdf: pydyf.PDF, leaf: Any, places: Mapping[str, painted.Rectangle], page_height: float) -> None:
        """Each marker's element in the structure becomes a formula or a figure, in words."""
        names = sorted(places, key=_in_order)
        elements, marked = painted.elements(pdf, leaf), painted.marked_content(pdf, leaf)
        if len(elements) != len(names):
            raise Unprintable(f"{len(names)} formulas have {len(elements)} places in the structure of a page")
        for name, element in zip(names, elements, strict=True):
            drawing = self.drawings[name]
            element["S"], element["Alt"] = f"/{drawing.kind}", pydyf.String(drawing.said)
            left, top, right, bottom = places[name]
            box = [round(x * PX, 2) for x in (left, page_height - bottom, right, page_height - top)]
            element["A"] = pydyf.Dictionary({"O": "/Layout", "BBox": pydyf.Array(box)})
            element["K"].append(len(marked))
            self.marks[name] = len(marked)
            self.elements[name, leaf.number] = element
            marked.append(element.reference)

    def in_flow(self, name: str, x: float, y: float) -> bytes:
        """The drawing in WeasyPrint's own coordinates: pixels, y down; without the clip to the element."""
        drawing = self.drawings[name]
        scale = drawing.scale / PX
        base = y + (drawing.margin + drawing.height) / PX
        inked = f"0 g {scale:.6f} 0 0 {-scale:.6f} {numbers(x, base)} cm ".encode("ascii") + drawing.ink.operators
        marked = self.marked(name, inked)
        return marked if marked is inked else b"EMC " + marked + b" /Artifact BMC"

    def on_page(self, name: str, place: painted.Rectangle, page_height: float) -> bytes:
        drawing = self.drawings[name]
        x, y = _origin(drawing, place, page_height)
        matrix = f"{drawing.scale:.6f} 0 0 {drawing.scale:.6f} {numbers(x, y)}"
        return self.marked(name, f"q 0 g {matrix} cm ".encode("ascii") + drawing.ink.operators + b" Q")

    def marked(self, name: str, operators: bytes) -> bytes:
        if name not in self.marks:
            return operators
        return f"/{self.drawings[name].kind} <</MCID {self.marks[name]}>> BDC ".encode("ascii") + operators + b" EMC"

    def fields(self, name: str, place: painted.Rectangle, page_height: float, leaf: Any) -> Iterator[Field]:
        drawing = self.drawings[name]
        for one, tip in zip(_places(drawing, place, page_height), drawing.tips, strict=True):
            corners = one.x, one.y, one.x + one.width, one.y + one.height
            yield Field(one.key, corners, tip, leaf, self.elements.get((name, leaf.number)), one.choice)


def _in_order(name: str) -> int:
    return int(name[1:])


def _places(drawing: Drawing, place: painted.Rectangle, page_height: float) -> Iterator[Place]:
    """The gaps of a drawing, from the lower left corner of its page."""
    x, y = _origin(drawing, place, page_height)
    k = drawing.scale
    for gap in drawing.ink.gaps:
        yield Place(gap.key, x + gap.x * k, y + gap.y * k, gap.width * k, gap.height * k, gap.choice)


def _origin(drawing: Drawing, place: painted.Rectangle, page_height: float) -> tuple[float, float]:
    return place[0] * PX, (page_height - place[1]) * PX - drawing.margin - drawing.height


def _add_font(leaf: Any, objects: Mapping[bytes, Any], font: bytes) -> None:
    resources = objects.get(leaf["Resources"], leaf["Resources"])
    fonts = resources.get("Font")
    fonts = objects.get(fonts, fonts) if isinstance(fonts, bytes) else fonts
    if fonts is None:
        fonts = resources["Font"] = pydyf.Dictionary()
    fonts[FONT] = font


def _copied(leaf: Any, pdf: pydyf.PDF, copies: int) -> None:
    """The page so many times on one sheet of paper, one below the other, with dashed lines to cut along."""
    left, bottom, right, top = leaf["MediaBox"]
    height = top - bottom
    contents = leaf["Contents"] if isinstance(leaf["Contents"], list) else [leaf["Contents"]]
    pieces = []
    for i in range(copies):
        begin = pydyf.Stream([("Q " * (i > 0) + f"q 1 0 0 1 0 {number((copies - 1 - i) * height)} cm").encode("ascii")])
        pdf.add_object(begin)
        pieces += [begin.reference, *contents]
    cuts = " ".join(f"{numbers(left, i * height)} m {numbers(right, i * height)} l S" for i in range(1, copies))
    end = pydyf.Stream([f"Q q {CUT} {cuts} Q".encode("ascii")])
    pdf.add_object(end)
    leaf["Contents"] = pydyf.Array([*pieces, end.reference])
    for box in ("MediaBox", "TrimBox", "BleedBox"):
        leaf[box] = pydyf.Array([left, bottom, right, bottom + copies * height])


def _put_on_top(leaf: Any, pdf: pydyf.PDF, operators: list[bytes]) -> None:
    before, after = pydyf.Stream([b"q"]), pydyf.Stream([b"Q", *operators], compress=True)
    pdf.add_object(before)
    pdf.add_object(after)
    leaf["Contents"] = pydyf.Array([before.reference, leaf["Contents"], after.reference])
