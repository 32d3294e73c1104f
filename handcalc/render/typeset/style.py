"""TeX's styles and the spaces between the marks of a row.

Source: D. E. Knuth, *The TeXbook* (1984), chapter 18 (the table of spaces) and appendix G (the styles).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

from handcalc.render.typeset.metrics import metrics


class Level(IntEnum):
    DISPLAY = 0
    TEXT = 1
    SCRIPT = 2
    SCRIPTSCRIPT = 3


@dataclass(frozen=True)
class Style:
    """`size` is the type size of the text around, in points; `cramped` keeps superscripts low."""

    size: float
    level: Level = Level.DISPLAY
    cramped: bool = False

    @cached_property
    def em(self) -> float:
        constants = metrics().constants
        if self.level == Level.SCRIPT:
            return self.size * constants["ScriptPercentScaleDown"]
        if self.level == Level.SCRIPTSCRIPT:
            return self.size * constants["ScriptScriptPercentScaleDown"]
        return self.size

    def length(self, name: str) -> float:
        """A constant of the font, in points."""
        return metrics().constants[name] * self.em

    def script(self, *, cramped: bool) -> Style:
        level = Level.SCRIPT if self.level <= Level.TEXT else Level.SCRIPTSCRIPT
        return Style(self.size, level, self.cramped or cramped)

    def part_of_fraction(self, *, cramped: bool) -> Style:
        level = Level(min(self.level + 1, Level.SCRIPTSCRIPT))
        return Style(self.size, level, self.cramped or cramped)

    def text(self) -> Style:
        return replace(self, level=max(self.level, Level.TEXT))

    def tight(self) -> Style:
        return replace(self, cramped=True)


class Kind(IntEnum):
    """What a mark is to its neighbours."""

    ORDINARY = 0
    NAME = 1
    BINARY = 2
    RELATION = 3
    OPENING = 4
    CLOSING = 5
    PUNCTUATION = 6
    INNER = 7
    WORD = 8


_NONE, _THIN, _MEDIUM, _THICK, _SPACE = 0.0, 3 / 18, 4 / 18, 5 / 18, 0.25
_BETWEEN = (  # row: the mark on the left; in smaller styles only the spaces of a name and of a word stay
    (_NONE, _THIN, _MEDIUM, _THICK, _NONE, _NONE, _NONE, _THIN, _SPACE),
    (_THIN, _THIN, _NONE, _THICK, _NONE, _NONE, _NONE, _THIN, _SPACE),
    (_MEDIUM, _MEDIUM, _NONE, _NONE, _MEDIUM, _NONE, _NONE, _MEDIUM, _MEDIUM),
    (_THICK, _THICK, _NONE, _NONE, _THICK, _NONE, _NONE, _THICK, _THICK),
    (_NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE),
    (_NONE, _THIN, _MEDIUM, _THICK, _NONE, _NONE, _NONE, _THIN, _SPACE),
    (_THIN, _THIN, _NONE, _THIN, _THIN, _THIN, _THIN, _THIN, _SPACE),
    (_THIN, _THIN, _MEDIUM, _THICK, _THIN, _NONE, _THIN, _THIN, _SPACE),
    (_SPACE, _SPACE, _SPACE, _SPACE, _SPACE, _NONE, _NONE, _SPACE, _SPACE),
)


def space(left: Kind, right: Kind, style: Style) -> float:
    """The space between two marks of a row, in points."""
    wide = _BETWEEN[left][right]
    kept = Kind.WORD in (left, right) or (Kind.NAME in (left, right) and Kind.INNER not in (left, right))
    return wide * style.em if style.level <= Level.TEXT or kept else 0.0
