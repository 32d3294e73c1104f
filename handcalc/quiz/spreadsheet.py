"""Tables as text: reading what spreadsheets and learning platforms export, writing what they open.

Written files are UTF-8 with a byte order mark, because Excel takes a file without one for the code page of its machine;
Moodle and Canvas read and write the mark as well. Rows end in CR LF (RFC 4180, 2005).
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handcalc.network.errors import FileError, quoted
from handcalc.network.reading import content_of

MOST_BYTES = 5_000_000
SEPARATORS = (",", ";", "\t")
_KINDS = (
    (b"PK\x03\x04", "a workbook or another packed file"),
    (b"\xd0\xcf\x11\xe0", "an old workbook"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document"),
)
_SAVE = "save it as CSV (UTF-8)"
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_WRITTEN = re.compile(r'[^\s,;"]')
_SAID_SEPARATOR = re.compile(r'"?sep=([,;\t])"?\r?\n?', re.IGNORECASE)


class _Lists(csv.excel):
    """Spaces before a quote don't count, and a quote that doesn't close is an error."""

    skipinitialspace = True
    strict = True


class Row(NamedTuple):
    """`line` is where it begins; the cells are as they stand in the file, without spaces at their ends."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file that aren't empty, what separates their cells, and what is to be known of the reading."""

    rows: tuple[Row, ...]
    separator: str
    remarks: tuple[str, ...]


def read_rows(path: str | os.PathLike[str], known: Callable[[str], bool], wrong: type[FileError]) -> Rows:
    """The table in a file: UTF-8, UTF-16 with its mark, else Windows-1252 with a remark; , ; or tab between cells.

    The separator is the one that Excel's first line ``sep=;`` says, else the one that makes of the first row the most
    cells that are `known` words of a head, else the most cells. Raises `wrong` with the line.
    """
    name = os.fspath(path)
    text, remarks = _decoded(content_of(name, MOST_BYTES, wrong), name, wrong)
    said = _SAID_SEPARATOR.match(text)
    start = said.end() if said else 0
    separator = said[1] if said else _separator(text, known)
    rows = tuple(_rows(text[start:], separator, text.count("\n", 0, start), name, wrong))
    return Rows(rows, separator, remarks)


def csv_text(rows: Iterable[Sequence[object]], separator: str = ",") -> bytes:
    """`rows` as a file that spreadsheets and learning platforms open; no cell of it is taken for a formula.

    A spreadsheet that writes decimal commas wants ; between cells.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerows([safe_cell(str(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


_NUMBER = r"[+-]?+[.,]?+[0-9]++(?:[eE][+-]?+[0-9]++)?+"
_NUMBERS = re.compile(rf"[\s\[({{]*+{_NUMBER}(?:[\s.,;]++{_NUMBER})*+[\s\])}}]*+")
"""One number, or a list of them; possessive, so that it takes no longer than the text is long."""
_SPACES = r"""(?:[^\S\t\r\n]|['"])*+"""
_FIRST = rf"(?={_SPACES}[=+\-@＝＋－＠\t\r\n])"
_LATER = rf"(?={_SPACES}[=+\-@＝＋－＠])"
_DATE = r"(?:[0-9]{1,4}+(?:[/-][0-9]{1,4}+){1,2}|[0-9]{1,2}+\.[0-9]{1,2}+\.[0-9]{0,4}+)"
_DATED = re.compile(rf"{_SPACES}{_DATE}{_SPACES}")
"""What is the third of April in one country or another: 3/4, 3-4-26, 3.4."""
_OPEN = re.compile(rf"\A{_FIRST}|(?<=[,;\t\r\n]){_LATER}")
_CLOSED = re.compile(rf"\A'{_FIRST}|(?<=[,;\t\r\n])'{_LATER}")


def safe_cell(text: str) -> str:
    """`text` with an apostrophe where a spreadsheet would take what follows for a formula, or all of it for a date;
    numbers stay numbers.

    That is before = + - @, also after spaces and quotes and in full width, and before a tab or a line break at the
    beginning (OWASP, CSV Injection). It is so inside of the text as well, after whatever may separate cells where the
    file is opened: in half of Europe that is ; and commas are text.
    """
    if _DATED.fullmatch(text):
        return f"'{text}"
    return text if _NUMBERS.fullmatch(text) else _OPEN.sub("'", text)


def plain_cell(text: str) -> str:
    """What `safe_cell` was given; of ``="007"``, by which a text is kept a text, what stands in it."""
    if text.startswith("'") and _DATED.fullmatch(text[1:]):
        return text[1:]
    freed = _CLOSED.sub("", text)
    return text[2:-1] if freed == text and re.fullmatch(r'="[^"]*"', text) else freed


def _decoded(content: bytes, name: str, wrong: type[FileError]) -> tuple[str, tuple[str, ...]]:
    for magic, kind in _KINDS:
        if content.startswith(magic):
            raise wrong(f"this is {kind}, not a CSV file; open it in a spreadsheet and {_SAVE}", name)
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|\?xml|html|table)", content, re.IGNORECASE):
        raise wrong(f"this is HTML or XML, not a CSV file; open it in a spreadsheet and {_SAVE}", name)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), ()
        except UnicodeDecodeError:
            raise wrong(f"the file begins like UTF-16 but isn't; {_SAVE}", name) from None
    if content.count(0) > len(content) // 10:
        raise wrong(f"this is no text, or one in UTF-16 without its mark; {_SAVE}", name)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        return _western(content, error.start, name, wrong)


def _western(content: bytes, start: int, name: str, wrong: type[FileError]) -> tuple[str, tuple[str, ...]]:
    """Windows-1252, as Excel's "CSV" still is in western Europe; `start` is where it isn't UTF-8."""
    line = content.count(b"\n", 0, start) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = "\0"
    if _BINARY.search(text):
        raise wrong(f"the byte 0x{content[start]:02x} is not UTF-8; {_SAVE}", name, line)
    word = re.search(r"\w*[^\x00-\x7f]\w*", text)
    shown = quoted(word[0]) if word else ""
    return text, (
        f"the file isn't UTF-8 and was read as Windows-1252: line {line} has {shown}; if that is wrong, {_SAVE}",
    )


def _separator(text: str, known: Callable[[str], bool]) -> str:
    return max(SEPARATORS, key=lambda one: _fit(text, one, known))


def _fit(text: str, separator: str, known: Callable[[str], bool]) -> tuple[int, int]:
    """How many cells of the first row are words of a head, and how many cells it has."""
    rows = csv.reader(io.StringIO(text.lstrip(), newline=""), _Lists, delimiter=separator)
    try:
        cells: list[str] = next((row for row in rows if _WRITTEN.search("".join(row))), [])
    except csv.Error:
        return 0, 0
    return sum(map(known, cells)), len(cells)


def _rows(text: str, separator: str, before: int, name: str, wrong: type[FileError]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), _Lists, delimiter=separator)
    while True:
        line = before + reader.line_num + 1
        try:
            cells = tuple(cell.strip() for cell in next(reader))
        except StopIteration:
            return
        except csv.Error:
            problem = 'the quotes of this row don\'t match; write ""Nan"" for "Nan" inside of quotes'
            raise wrong(problem, name, line) from None
        if any(cells):
            yield Row(line, cells)
