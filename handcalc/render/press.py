"""Print an HTML page with drawings in it: WeasyPrint lays out the page, the drawings are put in afterwards.

A drawing is an element with an id and a size and nothing in it. WeasyPrint says where each one came to lie
(`Page.anchors`) and hands out the finished pages before they are written (`write_pdf(finisher=...)`).

The drawings belong where they stand in the text, so that copying and searching go in reading order. So each
element has a background of a colour that occurs nowhere else, and its painting is replaced with the drawing.
Where the page isn't painted as expected, the drawing is put on top at the end of the page: it looks the same.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import Any

import pydyf

from handcalc.errors import HandcalcError
from handcalc.render.furniture import read
from handcalc.render.typeset.ink import FONT, Ink, embed, numbers

with warnings.catch_warnings():
    # A machine without fonts is no matter: the sheet brings its own.
    warnings.filterwarnings("ignore", "No fonts configured", UserWarning)
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

PX = 0.75
"""A CSS pixel, in points."""
MARKER = "#fefffe"
"""The colour of the elements that a drawing replaces (white to the eye, should one remain)."""
_MARKER_OPERATOR = b"0.996078 1 0.996078 rg"
_FONTS = Path(__file__).resolve().parent.parent / "fonts"
_FILES = frozenset((_FONTS / f"text-{face}.ttf").as_uri() for face in ("regular", "italic", "bold"))


class Unprintable(HandcalcError):
    """WeasyPrint complained: something would be missing from the page, or look wrong on it."""


class MissingGlyph(Unprintable):
    """A character that neither the bundled fonts nor those of the machine have."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn in place of an element: its size in points, and its ink, with the origin on the baseline.

    `margin` of the element's height, above and below, is left white.
    """

    width: float
    height: float
    depth: float
    ink: Ink
    scale: float = 1.0
    margin: float = 0.0


def printed(page: str, drawings: Mapping[str, Drawing]) -> bytes:
    """The PDF of an HTML page; each element whose id is in `drawings` is replaced with its drawing.

    The same page and drawings give the same bytes. Nothing but the bundled fonts is ever loaded.

    **Raises:** Unprintable if WeasyPrint has anything to complain about, such as an image in the page.
    """
    with _complaints_raised(), _no_clock():
        stylesheet, fonts = _stylesheet()
        document = weasyprint.HTML(string=page, url_fetcher=fetcher()).render(
            stylesheets=[stylesheet], font_config=fonts
        )
        placed = {name for page in document.pages for name in page.anchors} & drawings.keys()
        if len(placed) != len(drawings):
            raise Unprintable(f"{len(drawings) - len(placed)} formulas have no place on the page")
        result: bytes = document.write_pdf(finisher=lambda _, pdf: _finish(document, pdf, drawings))
    return result


@cache
def _stylesheet() -> tuple[Any, Any]:
    fonts = FontConfiguration()
    base = _FONTS.as_uri() + "/"
    css = read("page.css").replace("$marker", MARKER)
    return weasyprint.CSS(string=css, base_url=base, url_fetcher=fetcher(), font_config=fonts), fonts


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


def _finish(document: Any, pdf: pydyf.PDF, drawings: Mapping[str, Drawing]) -> None:
    pdf.catalog.pop("Names", None)  # the ids of the drawings as link targets: nothing links to them
    if not drawings:
        return
    font = embed(pdf, frozenset().union(*(drawing.ink.codes for drawing in drawings.values())))
    objects = {thing.reference: thing for thing in pdf.objects}
    leaves = [thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("Type") == "/Page"]
    for page, leaf in zip(document.pages, leaves, strict=True):
        places = {name: box for name, box in page.anchors.items() if name in drawings}
        _add_font(leaf, objects, font)
        stream = objects.get(leaf["Contents"])
        rest = _put_in_place(stream, places, drawings) if isinstance(stream, pydyf.Stream) else places
        if rest:
            _put_on_top(leaf, pdf, [_on_page(drawings[name], rest[name], page.height) for name in rest])


def _add_font(leaf: Any, objects: Mapping[bytes, Any], font: bytes) -> None:
    resources = objects.get(leaf["Resources"], leaf["Resources"])
    fonts = resources.get("Font")
    fonts = objects.get(fonts, fonts) if isinstance(fonts, bytes) else fonts
    if fonts is None:
        fonts = resources["Font"] = pydyf.Dictionary()
    fonts[FONT] = font


_Rectangle = tuple[float, float, float, float]


def _put_in_place(
    stream: pydyf.Stream, places: Mapping[str, _Rectangle], drawings: Mapping[str, Drawing]
) -> dict[str, _Rectangle]:
    """Replace the painting of markers with drawings; return the places whose markers were not found."""
    rest = dict(places)
    names = {_key(x1, y1): name for name, (x1, y1, _, _) in places.items()}
    operators: list[bytes] = stream.stream
    i = 0
    while i < len(operators):
        if operators[i] == _MARKER_OPERATOR:
            end = next((j for j in range(i, min(i + 9, len(operators))) if operators[j] == b"f"), None)
            corner = operators[end - 1].split() if end else []
            if end and len(corner) == 5 and corner[4] == b"re":
                name = names.get(_key(float(corner[0]), float(corner[1])))
                if name in rest:
                    x1, y1, *_ = rest.pop(name)
                    operators[i : end + 1] = [_in_flow(drawings[name], x1, y1)]
        i += 1
    return rest


def _key(x: float, y: float) -> tuple[int, int]:
    return round(x * 16), round(y * 16)


def _in_flow(drawing: Drawing, x: float, y: float) -> bytes:
    """The drawing in WeasyPrint's own coordinates: pixels, y down; without the clip to the element."""
    scale = drawing.scale / PX
    base = y + (drawing.margin + drawing.height) / PX
    return f"0 g {numbers(scale, 0, 0, -scale, x, base)} cm ".encode("ascii") + drawing.ink.operators


def _on_page(drawing: Drawing, place: _Rectangle, page_height: float) -> bytes:
    x, y = place[0] * PX, (page_height - place[1]) * PX - drawing.margin - drawing.height
    matrix = numbers(drawing.scale, 0, 0, drawing.scale, x, y)
    return f"q 0 g {matrix} cm ".encode("ascii") + drawing.ink.operators + b" Q"


def _put_on_top(leaf: Any, pdf: pydyf.PDF, operators: list[bytes]) -> None:
    before, after = pydyf.Stream([b"q"]), pydyf.Stream([b"Q", *operators], compress=True)
    pdf.add_object(before)
    pdf.add_object(after)
    leaf["Contents"] = pydyf.Array([before.reference, leaf["Contents"], after.reference])
