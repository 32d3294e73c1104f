"""One file to print from: sheet after sheet, each beginning on the front of a piece of paper.

Held in memory until it is written, about 0.2 MB a sheet of two pages. Fonts that several sheets have alike are kept
once.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import islice, zip_longest
from os import PathLike
from pathlib import Path
from typing import Any

from handcalc.errors import HandcalcError
from handcalc.render.furniture import CUT


def combined(
    parts: Iterable[tuple[str, bytes | str | PathLike[str]]], *, title: str = "", duplex: bool = True, beside: int = 1
) -> bytes:
    """The PDFs of `parts`, each with its name in the outline, as one PDF that is called `title`.

    With `duplex` an empty page of the same size follows an odd number of pages. So many parts stand `beside` each other
    on a piece of paper, one below the other, with a line to cut along. Form fields and the structure of tagged
    pages are left out: it is for paper. The same parts give the same bytes; there is no date and no ID.

    **Raises:** HandcalcError if one of them can't be read.
    """
    from pypdf import PdfWriter

    writer, pages = PdfWriter(), 0
    empty: list[tuple[int, float, float]] = []
    waiting = iter(parts)
    while some := list(islice(waiting, beside)):
        if duplex and pages % 2:
            before = writer.pages[-1].mediabox
            empty.append((pages, float(before.width), float(before.height)))
            pages += 1
        pages += _append(writer, *some[0]) if beside == 1 else _append_beside(writer, some, beside)
    writer.compress_identical_objects()
    for index, width, height in empty:  # only now: they are alike, and each is a page of its own
        writer.insert_blank_page(width, height, index)
    writer.metadata = {"/Title": title} if title else {}
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _append_beside(writer: Any, parts: list[tuple[str, bytes | str | PathLike[str]]], most: int) -> int:
    """Append several PDFs, page beside page, the first one at the top; return how many pages that makes."""
    from pypdf import PageObject, Transformation

    read = [_pages(name, data) for name, data in parts]
    for n, together in enumerate(zip_longest(*read)):
        first = next(page for page in together if page is not None)
        width, height = float(first.mediabox.width), float(first.mediabox.height)
        whole = PageObject.create_blank_page(width=width, height=most * height)
        for place, page in enumerate(together):
            if page is not None:
                lift = Transformation().translate(0, (most - 1 - place) * height)
                page.mediabox.upper_right = (width, height)
                whole.merge_transformed_page(page, lift)
        added = writer.add_page(whole)
        _draw_cuts(writer, added, [(width, place * height) for place in range(1, most)])
        if not n:
            for name, _ in parts:
                writer.add_outline_item(name, added)
    return max(map(len, read))


def _draw_cuts(writer: Any, page: Any, cuts: list[tuple[float, float]]) -> None:
    from pypdf.generic import ArrayObject, ContentStream, NameObject

    lines = " ".join(f"0 {y:.2f} m {x:.2f} {y:.2f} l S" for x, y in cuts)
    stream = ContentStream(None, writer)
    stream.set_data(f"q {CUT} {lines} Q".encode("ascii"))
    before = page["/Contents"].get_object()
    contents = before if isinstance(before, ArrayObject) else ArrayObject([page.raw_get("/Contents")])
    page[NameObject("/Contents")] = ArrayObject([*contents, writer._add_object(stream)])


def _append(writer: Any, name: str, data: bytes | str | PathLike[str]) -> int:
    """Append a PDF; return how many pages it has."""
    pages = _pages(name, data)
    for n, page in enumerate(pages):
        added = writer.add_page(page)
        if not n:
            writer.add_outline_item(name, added)
    writer.reset_translation(pages[0].pdf)
    return len(pages)


def _pages(name: str, data: bytes | str | PathLike[str]) -> list[Any]:
    """The pages of a PDF, without fields and structure."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = list(PdfReader(io.BytesIO(data if isinstance(data, bytes) else Path(data).read_bytes())).pages)
    except (PyPdfError, OSError, ValueError) as error:
        raise HandcalcError(f"{name}: its PDF can't be read ({error})") from None
    for page in pages:
        for key in ("/Annots", "/StructParents", "/Tabs"):
            page.pop(key, None)
    return pages
