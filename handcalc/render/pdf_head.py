"""The head and the foot of a page: whose it is, which sheet it is, and the style sheet of its paper.

What a style sheet says is the same for all students: it knows whether there is a name, and not which.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from unicodedata import category, east_asian_width

from markupsafe import Markup

from handcalc.formula.words import is_known, phrase
from handcalc.render.furniture import environment
from handcalc.render.pdf_line import TEXT_WIDER, draw, measures
from handcalc.render.press import Drawing
from handcalc.render.qr import reserved
from handcalc.render.typeset.boxes import Box, Gap
from handcalc.render.typeset.layout import upright
from handcalc.sheet.paper import Head as Facts
from handcalc.sheet.paper import Paper

NAME_FIELD, ID_FIELD = "student name", "student ID"
"""The names of the fields for name and ID. No quantity has a space in its key."""
BOX = 2.1
"""The height of a box to write a name in, in em."""
RUNNING = 0.62
"""The title's part of the line at the top of a page where there is a place for a name beside it."""
BESIDE = 0.66
"""The space around a box and its word, in em."""
INSIDE = 0.5
"""Left and right of what is printed in a box, in em."""
UNKNOWN = {"W": 1.3, "F": 1.3}, 0.8
"""How wide a character is thought that the bundled fonts don't have, in em: a wide one, any other."""
LINE = 20
"""Underscores to write a name on, where there is room for so many."""
BETWEEN = " · "


class Head:
    """What stands above the sheet, and at the top of the pages that follow."""

    def __init__(self, paper: Paper, title: str, language: str) -> None:
        self.paper, self.head, self.title, self.language = paper, paper.head, title, language

    @property
    def variant(self) -> str:
        return phrase(self.language, "sheet variant", variant=self.head.variant) if self.head.variant else ""

    @property
    def facts(self) -> str:
        """Below the title: ``Variant B · 1 May 2031``."""
        return BETWEEN.join(fact for fact in (self.variant, self.head.date) if fact)

    @property
    def running(self) -> str:
        """At the top of the pages that follow; of a long title as much as there is room for."""
        size = measures(self.paper).small
        after = BETWEEN + self.variant if self.variant else ""
        room = _columns(self.paper)[0] - upright(after, size).width - size
        return shortened(self.title, room, size) + after

    @property
    def who(self) -> str:
        """At the top of the pages that follow: the name, as much of it as there is room for, or a line for it."""
        if not self.head.asks_who:
            return ""
        size, room = measures(self.paper).small, _columns(self.paper)[1]
        if self.head.student:
            return shortened(self.head.student, room, size)
        word = phrase(self.language, "sheet name")
        left = room - upright(word + " ", size).width * TEXT_WIDER
        return f"{word} {'_' * max(0, min(LINE, int(left / (upright('_', size).width * TEXT_WIDER))))}"

    @property
    def places(self) -> tuple[Place, ...]:
        """Those for name and ID; together they fill a line."""
        if not self.head.asks_who:
            return ()
        size = self.paper.type
        words = phrase(self.language, "sheet name"), phrase(self.language, "sheet ID")
        room = self.paper.text_width - sum(upright(word, size).width * TEXT_WIDER + BESIDE * size for word in words)
        said, shares = ((NAME_FIELD, self.head.student), (ID_FIELD, self.head.id)), (0.66, 0.34)
        return tuple(
            Place(word, draw(_box(key, room * share, size)), shortened(text, room * share - 2 * INSIDE * size, size))
            for word, (key, text), share in zip(words, said, shares, strict=True)
        )


class Place(NamedTuple):
    """`word`, and beside it a box to write in, or what is written in it."""

    word: str
    box: Drawing
    text: str


def shortened(text: str, room: float, size: float) -> str:
    """`text`, or as many of its first characters as fit, and an ellipsis."""
    ends = list(accumulate(_width(char) * size * TEXT_WIDER for char in text))
    if not ends or ends[-1] <= room:
        return text
    return text[: bisect(ends, room - upright("…", size).width)].rstrip() + "…"


@lru_cache(maxsize=1024)
def _width(char: str) -> float:
    """In em; of a mark on another character, and of what can't be seen, none."""
    if known := upright(char, 1.0).width:
        return known
    wide, other = UNKNOWN
    return 0.0 if category(char) in ("Mn", "Me", "Cf", "Cc") else wide.get(east_asian_width(char), other)


def _columns(paper: Paper) -> tuple[float, float]:
    """The width of what stands left and right at the top of the pages that follow; beside them is room for a code."""
    room = paper.text_width - reserved(paper)
    left = room * (RUNNING if paper.head.asks_who else 1.0)
    return left, room - left


def _box(key: str, width: float, size: float) -> Box:
    height, below = BOX * size, (BOX / 2 - 0.25) * size
    return Box(width, height - below, below, ((0.0, -below, Gap(key, width, height)),))


def style(paper: Paper, language: str) -> str:
    """The style sheet of `paper`; its words are our own, and no text of a user's."""
    return _style(
        replace(paper, head=Facts(name=paper.head.asks_who, code="code" if paper.head.code else "")), language
    )


@lru_cache(maxsize=32)
def _style(paper: Paper, language: str) -> str:
    left, right = _columns(paper)
    return (
        environment()
        .get_template("page.css")
        .render(
            paper=paper,
            measures=measures(paper),
            left=left,
            right=right,
            reserved=reserved(paper),
            box=BOX,
            inside=INSIDE,
            footer=_footer(language),
        )
    )


def _footer(language: str) -> Markup:
    """ "page 1 of 2" as CSS writes it; only the numbers in a language without words."""
    if not is_known(language):
        return Markup('counter(page) " / " counter(pages)')
    said = phrase(language, "page", page='" counter(page) "', pages='" counter(pages) "')
    return Markup(f'"{said}"'.removeprefix('"" ').removesuffix(' ""'))
