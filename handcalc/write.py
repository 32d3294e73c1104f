"""A solution in one of the output formats, and safely onto the disk."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.sheet.compose import compose
from handcalc.sheet.paper import A4, Paper
from handcalc.sheet.parts import Sheet

ENDINGS = {
    ".txt": "text",
    ".tex": "latex",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".json": "json",
}
SELECTORS = "".join(map(chr, range(0xFE00, 0xFE10)))
"""Marks without ink, after emoji."""


class Page(NamedTuple):
    """How a PDF is printed: on what, with fields to fill in on screen, with its structure said (PDF/UA-1), in type so
    small that it is one page."""

    paper: Paper = A4
    fields: bool = False
    tagged: bool = False
    on_one: bool = False


def format_of(out: str | None) -> str:
    """The format that the ending of `out` says; text where there is no file."""
    if out is None:
        return "text"
    ending = Path(out).suffix.lower()
    if ending not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise HandcalcError(f"{out!r}: the ending says no format; end the name in one of {known}, or add --format")
    return ENDINGS[ending]


def render(solution: Solution, wanted: str, *, colour: bool = False) -> str | bytes:
    """`solution` as text, latex, html, pdf (bytes) or json."""
    if wanted == "json":
        from handcalc.render.json import json

        return json(solution)
    return rendered(compose(solution), wanted, colour=colour)


def rendered(sheet: Sheet, wanted: str, *, colour: bool = False, page: Page | None = None) -> str | bytes:
    """`sheet` as text, latex, html or pdf (bytes, printed as `page` says)."""
    match wanted:
        case "text":
            from handcalc.render.text import text

            return text(sheet, colour=colour)
        case "latex":
            from handcalc.render.latex import latex

            return latex(sheet)
        case "html":
            from handcalc.render.html import html

            return html(sheet)
        case "pdf":
            from handcalc.render.pdf import pdf, pdf_on_one_page

            page = page or Page()
            if page.on_one:
                return pdf_on_one_page(sheet, page.paper, tagged=page.tagged)
            return pdf(sheet, page.paper, fields=page.fields, tagged=page.tagged)
    raise ValueError(f"unknown format {wanted!r}")


def files_of_exercises(out: str, names: Iterable[str]) -> list[str]:
    """``key-NAME.pdf`` for ``key.pdf``, one for each name; of a name only letters, digits, - and _ stay.

    Names that would share a file, on any disk (capitals and the parts of an accented letter may not count), have
    numbers: ``key-a-b.pdf``, ``key-a-b-2.pdf``.
    """
    path, taken, found = Path(out), set[str](), []
    for name in names:
        safe = word_of_file(name) or "exercise"
        tries = chain([safe], (f"{safe}-{n}" for n in count(2)))
        free = next(one for one in tries if on_any_disk(one) not in taken)
        taken.add(on_any_disk(free))
        found.append(str(path.with_name(f"{path.stem}-{free}{path.suffix}")))
    return found


def word_of_file(text: str) -> str:
    """What of a text may stand in a file's name: letters with their marks, digits, - and _; "" if it has none."""
    word = ""
    for char in unicodedata.normalize("NFC", text):
        mark = unicodedata.category(char) in ("Mn", "Mc") and word[-1:] not in ("", "-", "_")
        word += char if char.isalnum() or char in "-_" or (mark and char not in SELECTORS) else "-"
    return re.sub("-+", "-", word).strip("-_")


def on_any_disk(name: str) -> str:
    """The same text for names that share a file on some disk: capitals and the parts of an accented letter may not
    count.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).upper().casefold())


def save(out: str | os.PathLike[str], made: str | bytes, *, scratch: Path | None = None) -> None:
    """Write all of it or nothing: into a file in the folder `scratch`, or else beside `out`, which then takes its name.

    A link is followed; what exists and isn't a plain file (a pipe, a device) is written into.
    """
    path = Path(os.path.realpath(out))
    data = made.encode("utf-8") if isinstance(made, str) else made
    if not path.parent.is_dir():
        raise HandcalcError(f"{out}: there is no folder {path.parent}")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=scratch or path.parent or ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
