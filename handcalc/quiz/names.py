"""Names as data: what of a cell is printed, and under which names a class has its files."""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from typing import Protocol

from handcalc.write import SELECTORS, on_any_disk, word_of_file

MOST_PRINTED = 500
MOST_MARKS = 3
"""Marks on one letter: as many as pointed Hebrew has; a tower of them would cover the lines above."""
MOST_BYTES_OF_FILE = 80
MOST_BYTES_OF_ID = 40
RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))])
"""What no file on Windows may be called, with any ending."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Control characters, marks and overrides of the writing direction, and what has no ink. A list and not Unicode's
categories, since numbers hang on names and the categories change with its versions."""
_JOINERS = "\u200c\u200d" + SELECTORS
_JOINED = ("Lo", "Mn", "Mc", "So", "Sk")
"""What a joiner may follow: letters of scripts without capitals, their marks, emoji."""


class Named(Protocol):
    """A student, as far as files are concerned."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def id(self) -> str: ...


def harmless(text: str) -> str:
    """`text` on one line without what can't be seen: no control characters, no marks that turn what follows around.

    Joiners stay where a script or an emoji needs them; letters are composed (NFC). So names that print alike because
    of such characters are the same.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = ""
    for char in unicodedata.normalize("NFC", " ".join(_UNSEEN.sub("", text).split())):
        joins = char not in _JOINERS or unicodedata.category(kept[-1:] or " ") in _JOINED
        towers = _marks(char) and len(kept) >= MOST_MARKS and all(map(_marks, kept[-MOST_MARKS:]))
        kept += char if joins and not towers else ""
    return unicodedata.normalize("NFC", kept)


def has_unseen(text: str) -> bool:
    """Whether `harmless` leaves something out that somebody may look for."""
    return bool(_UNSEEN.search(text))


def cut(text: str, most: int = MOST_PRINTED) -> str:
    """`text`, or its first characters and an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def file_names(students: Iterable[Named]) -> dict[str, str]:
    """By key what a student's files are called, without ending: ``Meier-Anna-1234567``.

    Letters, digits, - and _ only, at most 80 bytes, no name that is reserved. It depends on the student alone, except
    where several would share a file on some disk: then each of those ends in a hash of the key.
    """
    plain = {one.key: _stem(one) for one in students}
    marked: set[str] = set()
    while True:
        names = {key: _marked(stem, key) if key in marked else stem for key, stem in plain.items()}
        uses = Counter(map(on_any_disk, names.values()))
        shared = {key for key, name in names.items() if uses[on_any_disk(name)] > 1}
        if shared <= marked:
            return names
        marked |= shared


def _marks(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


def _stem(student: Named) -> str:
    name, own = word_of_file(student.name), _shortened(word_of_file(student.id or student.key), MOST_BYTES_OF_ID)
    if not own or (not student.id and name.startswith(own)):
        stem = _shortened(name or "student", MOST_BYTES_OF_FILE)
    else:
        stem = f"{_shortened(name, MOST_BYTES_OF_FILE - len(own.encode()) - 1)}-{own}".lstrip("-")
    return f"student-{stem}" if on_any_disk(stem) in RESERVED else stem


def _marked(stem: str, key: str) -> str:
    mark = b32encode(blake2b(key.encode(), digest_size=10).digest()).decode()[:10].lower()
    return f"{_shortened(stem, MOST_BYTES_OF_FILE - 11)}-{mark}"


def _shortened(text: str, most: int) -> str:
    """As much of `text` as has at most so many bytes."""
    return text.encode()[:most].decode(errors="ignore").strip("-_")
