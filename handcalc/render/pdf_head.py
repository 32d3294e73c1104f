"""The head and the foot of a page: who writes on it, which sheet it is, and the style sheet of its paper."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from markupsafe import Markup

from handcalc.formula.words import is_known, phrase
from handcalc.render.furniture import environment
from handcalc.render.pdf_line import TEXT_WIDER, measures
from handcalc.render.typeset.boxes import Box, Gap
from handcalc.render.typeset.layout import upright
from handcalc.sheet.paper import Paper

NAME_FIELD, ID_FIELD = "student name", "student ID"
"""The names of the fields for name and ID. No quantity has a space in its key."""
BOX = 2.1
"""The height of a box to write a name in, in em."""
RUNNING = 0.62
"""The title's part of the line at the top of a page where there is a place for a name beside it."""
BESIDE = 0.66
"""The space around a box and its word, in em."""
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
        room = self.paper.text_width * (RUNNING if self.head.name else 1.0) - upright(after, size).width - size
        return shortened(self.title, room, size) + after

    def boxes(self) -> Iterator[tuple[str, Box]]:
        """The places for name and ID, each with what stands before it; together they fill a line."""
        if not self.head.name:
            return
        size = self.paper.type
        words = phrase(self.language, "sheet name"), phrase(self.language, "sheet ID")
        room = self.paper.text_width - sum(upright(word, size).width * TEXT_WIDER + BESIDE * size for word in words)
        for word, key, part in zip(words, (NAME_FIELD, ID_FIELD), (0.66, 0.34), strict=True):
            yield word, _box(key, room * part, size)


def shortened(text: str, room: float, size: float) -> str:
    """`text`, or as many of its first characters as fit, and an ellipsis."""
    ends = list(accumulate(upright(char, size).width * TEXT_WIDER for char in text))
    if not ends or ends[-1] <= room:
        return text
    return text[: bisect(ends, room - upright("…", size).width)].rstrip() + "…"


def _box(key: str, width: float, size: float) -> Box:
    height, below = BOX * size, (BOX / 2 - 0.25) * size
    return Box(width, height - below, below, ((0.0, -below, Gap(key, width, height)),))


@lru_cache(maxsize=32)
def style(paper: Paper, language: str) -> str:
    """The style sheet of `paper`; its words are our own, and no text of a user's."""
    template = environment().get_template("page.css")
    return template.render(
        paper=paper,
        measures=measures(paper),
        running=RUNNING,
        footer=_footer(language),
        name=phrase(language, "sheet name") if is_known(language) else "",
    )


def _footer(language: str) -> Markup:
    """ "page 1 of 2" as CSS writes it; only the numbers in a language without words."""
    if not is_known(language):
        return Markup('counter(page) " / " counter(pages)')
    said = phrase(language, "page", page='" counter(page) "', pages='" counter(pages) "')
    return Markup(f'"{said}"'.removeprefix('"" ').removesuffix(' ""'))
