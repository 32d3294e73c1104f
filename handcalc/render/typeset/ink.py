"""Boxes as PDF: the drawing operators of a formula, and the mathematical font cut down to what was drawn.

Each glyph is drawn by a code of two bytes. A code says which glyph it is and what it reads when the page is
searched or copied: an italic w reads w; the y of ŷ reads ŷ, and its hat reads nothing. Codes don't depend on
what else is drawn, so the operators of a formula are made once.

Source: ISO 32000-1:2008, 8.4 and 9.4 (operators), 9.7.4 (CID fonts), 9.10.3 (ToUnicode); Apple, *TrueType
Reference Manual*, chapter 6 (tables).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from struct import pack, unpack
from unicodedata import normalize

import pydyf

from handcalc.render.typeset.boxes import Box, Gap, Glyph, Rule, marks
from handcalc.render.typeset.letters import ACCENTS
from handcalc.render.typeset.metrics import UNITS, metrics

FONT = "HM"
"""The name of the mathematical font in the resources of a page."""
_NAME = "/HANDCM+STIXTwoMath-Regular"
_VOICES = (None, "", *ACCENTS.values())
"""What a glyph reads: its own character, nothing, or its character with an accent."""


@dataclass(frozen=True, slots=True)
class Ink:
    """PDF operators, in points, y up, the codes of the glyphs that they draw, and the gaps that they leave."""

    operators: bytes
    codes: frozenset[int] = frozenset()
    gaps: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A gap, from its lower left corner (x, y)."""

    key: str
    x: float
    y: float
    width: float
    height: float
    choice: str = ""


FRAME = 0.6
"""The line around a gap, in points."""


def together(inks: Sequence[Ink]) -> Ink:
    """One on top of the other."""
    codes = frozenset[int]().union(*(one.codes for one in inks))
    gaps = tuple(gap for one in inks for gap in one.gaps)
    return Ink(b"\n".join(one.operators for one in inks), codes, gaps)


def number(x: float) -> str:
    """A length as PDF writes it, to 1/1000 point."""
    text = f"{x:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers(*xs: float) -> str:
    return " ".join(map(number, xs))


def ink(box: Box, x: float = 0.0, y: float = 0.0) -> Ink:
    """Draw `box` with its origin at (x, y)."""
    lines: list[str] = []
    codes: set[int] = set()
    gaps: list[Place] = []
    run = _Run(lines)
    for left, base, mark in marks(box, x, y):
        match mark:
            case Glyph(form, size, text):
                code = code_of(form.number, text)
                codes.add(code)
                run.draw(code, left, base, size, form.width)
            case Rule(width, height):
                run.end()
                lines.append(f"{numbers(left, base, width, height)} re f")
            case Gap(key, width, height, framed, choice):
                if key:
                    gaps.append(Place(key, left, base, width, height, choice))
                if framed:
                    run.end()
                    inner = numbers(left + FRAME / 2, base + FRAME / 2, width - FRAME, height - FRAME)
                    lines.append(f"q 0 G {FRAME} w {inner} re S Q")
    run.end()
    return Ink(" ".join(lines).encode("ascii"), frozenset(codes), tuple(gaps))


class _Run:
    """Glyphs on one baseline in one size, drawn by one operator."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.codes: list[str] = []
        self.place = (0.0, 0.0, 0.0)
        self.pen = 0.0

    def draw(self, code: int, x: float, y: float, size: float, width: float) -> None:
        _, base, of = self.place
        if not self.codes or abs(base - y) > 1e-6 or of != size:
            self.end()
            self.place, self.pen = (x, y, size), x
        move = round((self.pen - x) / size * UNITS)
        if move:
            self.codes.append(f">{move}<")
        self.codes.append(f"{code:04x}")
        self.pen += (width - move / UNITS) * size

    def end(self) -> None:
        if self.codes:
            x, y, size = self.place
            string = "".join(self.codes)
            self.lines.append(f"BT /{FONT} {number(size)} Tf {numbers(x, y)} Td [<{string}>] TJ ET")
            self.codes = []


@cache
def _own() -> dict[int, str]:
    """By glyph number: the character it reads. An italic letter reads as the plain letter."""
    table = metrics()
    own: dict[int, str] = {}
    for char, form in table.characters.items():
        own.setdefault(form.number, normalize("NFKC", char) if char >= "\U0001d400" or char == "ℎ" else char)
    for forms in (table.taller, table.smaller):
        for first, others in forms.items():
            for other in others:
                own.setdefault(other.number, own.get(first, ""))
    for first, pieces in table.pieces.items():
        for piece in pieces:
            own.setdefault(piece.form.number, own.get(first, ""))
    return own


@cache
def code_of(glyph: int, text: str) -> int:
    own = _own().get(glyph, "")
    voice = 0
    if text == "" != own:
        voice = 1
    elif text != own:
        voice = next((i for i, v in enumerate(_VOICES) if v and normalize("NFC", own + v) == text), 0)
    return voice * len(metrics().forms) + glyph


def _read(code: int) -> str:
    voice, glyph = divmod(code, len(metrics().forms))
    own, accent = _own().get(glyph, ""), _VOICES[voice]
    return own if accent is None else normalize("NFC", own + accent) if accent else ""


def embed(pdf: pydyf.PDF, codes: Iterable[int]) -> bytes:
    """Put the font with the glyphs of `codes` into `pdf`; return the reference to it."""
    codes = sorted(codes)
    count = len(metrics().forms)
    glyphs = sorted({0, *(code % count for code in codes)})
    program = pydyf.Stream([_true_type(glyphs)], compress=True)
    to_glyph = bytearray(2 * (codes[-1] + 1))
    for code in codes:
        to_glyph[2 * code : 2 * code + 2] = pack(">H", glyphs.index(code % count))
    map_ = pydyf.Stream([bytes(to_glyph)], compress=True)
    reading = pydyf.Stream([_to_unicode(codes)], compress=True)
    for stream in (program, map_, reading):
        pdf.add_object(stream)
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": _NAME,
            "Flags": 4,
            "FontBBox": pydyf.Array([-1000, -1000, 3000, 2000]),
            "ItalicAngle": 0,
            "Ascent": 762,
            "Descent": -238,
            "CapHeight": 656,
            "StemV": 80,
            "FontFile2": program.reference,
        }
    )
    pdf.add_object(descriptor)
    widths = pydyf.Array()
    for code in codes:
        widths.extend([code, pydyf.Array([round(metrics().forms[code % count].width * UNITS)])])
    system = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
    descendant = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": _NAME,
            "CIDSystemInfo": pydyf.Dictionary(system),
            "CIDToGIDMap": map_.reference,
            "W": widths,
            "FontDescriptor": descriptor.reference,
        }
    )
    pdf.add_object(descendant)
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": _NAME,
            "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([descendant.reference]),
            "ToUnicode": reading.reference,
        }
    )
    pdf.add_object(font)
    reference: bytes = font.reference
    return reference


def _to_unicode(codes: list[int]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for start in range(0, len(codes), 100):
        some = codes[start : start + 100]
        lines.append(f"{len(some)} beginbfchar")
        lines += [f"<{code:04x}> <{_read(code).encode('utf-16-be').hex()}>" for code in some]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


@cache
def _tables() -> dict[bytes, bytes]:
    """The tables of the bundled font."""
    data = (files("handcalc") / "fonts" / "maths.ttf").read_bytes()
    (count,) = unpack(">H", data[4:6])
    records = (unpack(">4sIII", data[12 + 16 * i : 28 + 16 * i]) for i in range(count))
    return {tag: data[offset : offset + length] for tag, _, offset, length in records}


def _true_type(glyphs: list[int]) -> bytes:
    """A font file with only `glyphs`, in this order. None of them is composite (see `handcalc/fonts/make.py`)."""
    tables = _tables()
    long = unpack(">h", tables[b"head"][50:52])[0]
    (measured,) = unpack(">H", tables[b"hhea"][34:36])
    places, outlines, advances = [0], bytearray(), bytearray()
    for glyph in glyphs:
        entry = unpack(">II", tables[b"loca"][4 * glyph : 4 * glyph + 8]) if long else _short(tables[b"loca"], glyph)
        outlines += tables[b"glyf"][slice(*entry)]
        outlines += b"\0" * (-len(outlines) % 4)
        places.append(len(outlines))
        row = min(glyph, measured - 1)
        bearing = 4 * row + 2 if glyph < measured else 4 * measured + 2 * (glyph - measured)
        metric = tables[b"hmtx"]
        advances += metric[4 * row : 4 * row + 2] + metric[bearing : bearing + 2]
    count = pack(">H", len(glyphs))
    return _font_file(
        {
            b"glyf": bytes(outlines),
            b"head": tables[b"head"][:8] + b"\0\0\0\0" + tables[b"head"][12:50] + pack(">hh", 1, 0),
            b"hhea": tables[b"hhea"][:34] + count,
            b"hmtx": bytes(advances),
            b"loca": pack(f">{len(places)}I", *places),
            b"maxp": tables[b"maxp"][:4] + count + tables[b"maxp"][6:],
        }
    )


def _short(table: bytes, glyph: int) -> tuple[int, int]:
    start, stop = unpack(">HH", table[2 * glyph : 2 * glyph + 4])
    return 2 * start, 2 * stop


def _font_file(tables: dict[bytes, bytes]) -> bytes:
    """Put tables together, sorted by tag, each with its checksum."""
    power = len(tables).bit_length() - 1
    offset = 12 + 16 * len(tables)
    head = pack(">IHHHH", 0x10000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    body = b""
    for tag, data in sorted(tables.items()):
        padded = data + b"\0" * (-len(data) % 4)
        checksum = sum(unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += pack(">4sIII", tag, checksum, offset + len(body), len(data))
        body += padded
    return head + body
