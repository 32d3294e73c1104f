"""What stands on a label of a picture, and about how wide it is.

Whichever of the outputs' fonts draws it, it is rather narrower than what is said here.
"""

from __future__ import annotations

from handcalc.formula.look import Notation, is_delta, loss_of
from handcalc.formula.maths import (
    Digits,
    Fenced,
    Fraction,
    Letter,
    Maths,
    Operator,
    Relation,
    Row,
    Script,
    Shown,
    Slot,
    Word,
)
from handcalc.formula.notation import MINUS, PLUS, number
from handcalc.formula.quantity import Quantity

NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[]· "), frozenset("mwMWO@%—…")
"""Characters of a third and of nearly one em."""
DIGIT, POINT, SIGN, LETTER = 0.52, 0.29, 0.79, 0.62
"""Parts of an em: of a digit, a decimal point, a sign, a variable."""
UNKNOWN = 9
"""What the fonts may not have is written by its number, which is so many letters long."""


def on_a_line(text: str, *, signed: bool = False) -> Maths:
    """A number beside a line or a unit; a fraction is written 1/5 there, since a stacked one would be tiny.

    Where it is `signed`, a positive one has its sign as well.
    """
    marks = number(text)
    if "/" in text:
        plain = Digits(text.lstrip("-−"))
        marks = Row((MINUS, plain)) if text[0] in "-−" else plain
    return Row((PLUS, marks)) if signed and text[0] not in "-−" else marks


def named_on_a_line(quantity: Quantity, notation: Notation) -> Maths:
    """What `quantity` is called; a slope is written ∂L/∂w, for the same reason."""
    if quantity.of is None or quantity.role == "state" or is_delta(quantity, notation):
        return Slot(quantity)
    partial = Letter("partial")
    slope = (partial, Slot(loss_of(quantity)), Letter("/"), partial, Slot(quantity.of))
    return Row((MINUS, *slope) if quantity.role == "minus gradient" else slope)


def wide(content: Maths | str, size: float) -> float:
    """The width of a label in points."""
    return size * (sum(map(_character, content)) if isinstance(content, str) else _em(content))


def _character(c: str) -> float:
    if c in NARROW:
        return 0.34
    if c in WIDE:
        return 0.97
    if c.isupper():
        return 0.76
    return 0.54 if ord(c) < 0x2000 else 0.54 * UNKNOWN if c not in "−–’“”" else 0.7


def _em(m: Maths) -> float:
    match m:
        case Digits(text):
            return sum(DIGIT if c.isdigit() else 1.0 if c == "…" else POINT for c in text)
        case Operator() | Relation():
            return SIGN
        case Row(items):
            return sum(map(_em, items)) + 0.5 * sum(isinstance(item, Operator | Relation) for item in items[1:])
        case Fraction(top, bottom):
            return max(_em(top), _em(bottom)) + 0.3
        case Script(base, sub, sup):
            return _em(base) + 0.75 * max(_em(sub) if sub else 0.0, _em(sup) if sup else 0.0)
        case Shown(_, inner, _, widest):
            return max(map(_em, (inner, *widest)))
        case Fenced(inner):
            return _em(inner) + 0.8
        case Letter():
            return LETTER
        case Word(text):
            return sum(map(_character, text))
    return 3.5 * LETTER
