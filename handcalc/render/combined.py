"""One file to print from: sheet after sheet, each beginning on the front of a piece of paper.

Held in memory until it is written, about 0.2 MB a sheet of two pages. Fonts that several sheets have alike are kept
once.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

from handcalc.errors import HandcalcError


def combined(
    parts: Iterable[tuple[str, bytes | str | PathLike[str]]], *, title: str = "", duplex: bool = True
) -> bytes:
    """The PDFs of `parts`, each with its name in the outline, as one PDF that is called `title`.

    With `duplex` an empty page of the same size follows an odd number of pages. Form fields and the structure of tagged
    pages are left out: it is for paper. The same parts give the same bytes; there is no date and no ID.

    **Raises:** HandcalcError if one of them can't be read.
    """
    from pypdf import PdfWriter

    writer, pages = PdfWriter(), 0
    empty: list[tuple[int, float, float]] = []
    for name, data in parts:
        if duplex and pages % 2:
            before = writer.pages[-1].mediabox
            empty.append((pages, float(before.width), float(before.height)))
            pages += 1
        pages += _append(writer, name, data)
    writer.compress_identical_objects()
    for index, width, height in empty:  # only now: they are alike, and each is a page of its own
        writer.insert_blank_page(width, height, index)
    writer.metadata = {"/Title": title} if title else {}
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _append(writer: Any, name: str, data: bytes | str | PathLike[str]) -> int:
    """Append a PDF; return how many pages it has."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data if isinstance(data, bytes) else Path(data).read_bytes()))
        pages = list(reader.pages)
    except (PyPdfError, OSError, ValueError) as error:
        raise HandcalcError(f"{name}: its PDF can't be read ({error})") from None
    for n, page in enumerate(pages):
        for key in ("/Annots", "/StructParents", "/Tabs"):
            page.pop(key, None)
        added = writer.add_page(page)
        if not n:
            writer.add_outline_item(name, added)
    writer.reset_translation(reader)
    return len(pages)
