r"""How wide LaTeX sets a formula: at most so much, and hardly more.

`typeset` measures in STIX Two Math. Computer Modern is wider by a part of the whole and by an amount for each
mark; both were fitted to what pdfTeX measures (``\wd0``), and tests/test_latex.py keeps them true.
"""

from __future__ import annotations

from functools import lru_cache

from handcalc.formula.look import look
from handcalc.formula.maths import (
    Blank,
    Choice,
    Digits,
    Fenced,
    Fraction,
    Function,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Root,
    Row,
    Script,
    Slot,
)
from handcalc.formula.notation import looked_up
from handcalc.render.latex_maths import is_tall
from handcalc.render.typeset.layout import typeset, upright
from handcalc.sheet.parts import Words

SIZE = 10.95
"""Of LaTeX's normal type under the option 11pt, in points."""
WIDER = 1.035
TALL_FENCES, ELLIPSIS, CAPITAL, SCRIPT, NAME, RELATION, OPERATOR, ROOT = 8.0, 2.1, 1.2, 0.8, 0.8, 0.9, 0.5, 1.5
TABLE, NOT_SMALLER = 4.0, 0.5
"""A table adds the one; inside a fraction or an exponent TeX doesn't set it smaller, which adds this part of it."""


@lru_cache(maxsize=16384)
def width(maths: Maths) -> float:
    """At least the width of `maths` in display style, in points."""
    return WIDER * typeset(maths, SIZE).width + _more(maths, inside=False) + 0.6


def words_width(words: Words, size: float) -> float:
    """At least the width of text and formulas on one line, in type of `size` points."""
    return sum(
        1.1 * upright(word, size).width if isinstance(word, str) else width(word) * size / SIZE for word in words
    )


@lru_cache(maxsize=16384)
def _more(maths: Maths, *, inside: bool) -> float:
    """What the marks add; `inside` a fraction or a script the type is smaller."""
    match maths:
        case Row(items):
            return sum(_more(item, inside=inside) for item in items)
        case Blank():
            return 0.8
        case Digits(text):
            return ELLIPSIS * text.count("…")
        case Letter(name):
            return CAPITAL if name[:1].isupper() or name == "partial" else 0.0
        case Function():
            return NAME
        case Operator():
            return OPERATOR
        case Relation():
            return RELATION
        case Fraction(top, bottom):
            return max(_more(top, inside=True), _more(bottom, inside=True))
        case Script() if (found := looked_up(maths)) is not maths:
            return _more(found, inside=inside)
        case Script(base, sub, sup):
            above = [_more(mark, inside=True) for mark in (sub, sup) if mark is not None]
            return SCRIPT + _more(base, inside=inside) + max(above, default=0.0)
        case Fenced(inner):
            return _more(inner, inside=inside) + (TALL_FENCES if is_tall(inner) else 0.5)
        case Root(inner):
            return ROOT + _more(inner, inside=inside)
        case Slot(quantity):
            return _more(look(quantity), inside=inside)
        case Choice(rows):
            cells = [cell for row in rows for cell in row if cell is not None]
            return _table(maths, cells, inside=inside)
        case Matrix(rows):
            return _table(maths, [cell for row in rows for cell in row], inside=inside)
    return 0.0


def _table(maths: Maths, cells: list[Maths], *, inside: bool) -> float:
    smaller = NOT_SMALLER * typeset(maths, SIZE).width if inside else 0.0
    return TABLE + smaller + sum(_more(cell, inside=False) for cell in cells)
