"""How hard the arithmetic of a quiz may be: digits of a number, terms of a weighted sum, negative numbers, fractions.

| | digits | terms | negative numbers | fractions |
|---|---|---|---|---|
| easy | 1 | 3 | none | no |
| medium | 2 | 4 | some: weights and biases | no |
| hard | 3 | 8 | any | yes |
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from handcalc.formula.number import Number, read_number
from handcalc.network.errors import counted
from handcalc.network.nodes import Node, Text
from handcalc.network.task import YES_OR_NO
from handcalc.network.values import describe, keys, word

Negative = Literal["none", "some", "any"]
NEGATIVE: tuple[Negative, ...] = ("none", "some", "any")
MOST_DIGITS, MOST_TERMS = 12, 1_000


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The most of each that a question may have."""

    digits: int
    """Of a number, from the first that isn't 0 to the last that isn't 0: 0.05 and 300 have 1, 1.05 has 3."""
    terms: int
    """Of a weighted sum, the bias among them."""
    negative: Negative
    """Some: weights and biases may be negative; any: inputs and targets, too."""
    fractions: bool


LEVELS = {
    "easy": Difficulty(digits=1, terms=3, negative="none", fractions=False),
    "medium": Difficulty(digits=2, terms=4, negative="some", fractions=False),
    "hard": Difficulty(digits=3, terms=8, negative="any", fractions=True),
}
KEYS = ("digits", "terms", "negative numbers", "fractions")
EXAMPLE = "difficulty: {digits: 1, terms: 3, negative numbers: some, fractions: no}"


def difficulty(node: Node) -> Difficulty:
    """``easy``, or the four things that it means; those that aren't said are as in hard."""
    if isinstance(node, Text):
        return word(node, LEVELS, LEVELS)
    found = keys(node, KEYS, accepted=KEYS, example=EXAMPLE)
    made = LEVELS["hard"]
    if "digits" in found:
        made = replace(made, digits=_whole(found["digits"], MOST_DIGITS))
    if "terms" in found:
        made = replace(made, terms=_whole(found["terms"], MOST_TERMS))
    if "negative numbers" in found:
        made = replace(made, negative=word(found["negative numbers"], {one: one for one in NEGATIVE}, NEGATIVE))
    if "fractions" in found:
        made = replace(made, fractions=word(found["fractions"], YES_OR_NO, ("yes", "no")))
    return made


def digits(number: Number) -> int:
    """How many digits a number has that count; of a fraction, of its longer part."""
    text = number.text.lower().partition("e")[0].lstrip("+-")
    return max(map(len, text.split("/"))) if "/" in text else len(text.replace(".", "").strip("0"))


def objection(allowed: Difficulty, kind: str, text: str) -> str:
    """What of the number `text`, an input, weight, bias or target, is too hard; "" of nothing, and of a word."""
    try:
        number = read_number(text)
    except ValueError:
        return ""
    if "/" in text and not allowed.fractions:
        return "is a fraction, but the difficulty allows none"
    if digits(number) > allowed.digits:
        return f"has {counted(digits(number), 'digit')}, but the difficulty allows {allowed.digits}"
    if number.value < 0 and allowed.negative == "none":
        return "is negative, but the difficulty allows no negative numbers"
    if number.value < 0 and allowed.negative == "some" and kind not in ("weight", "bias"):
        return f"is a negative {kind}, but the difficulty allows negative weights and biases only"
    return ""


def _whole(node: Node, most: int) -> int:
    text = node.text.strip() if isinstance(node, Text) else ""
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= most):
        raise node.place.wrong(f"found {describe(node)}; a whole number from 1 to {most:,} is wanted")
    return int(text)
