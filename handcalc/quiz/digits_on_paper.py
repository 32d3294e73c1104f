"""Printed digits read back, and whether a value is what they say.

Glossary
    units     the digits as a whole number: 5866 of 0.5866
    places    of how many places these units are: 4; negative where the last digit stands before the point
    cut       whether an ellipsis follows: the digits are the first ones of a number that goes on
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, getcontext
from functools import lru_cache
from typing import NamedTuple

from handcalc.network.rounding import Rounding

_TEXT = re.compile(r"(-?)(\d+)(?:\.(\d+))?(…?)(?:·10\^(-?\d+))?", re.ASCII)
_FRACTION = re.compile(r"([+-]?\d+)/(\d+)", re.ASCII)
_NOTHING, _HALF, _ONE = Decimal(0), Decimal("0.5"), Decimal(1)
SPARE = 12
"""Digits at the end of a value that may be wrong."""
PLAIN = 10
"""Digits before the point of the largest number that is written without a power of ten."""


class OnPaper(NamedTuple):
    """``-0.5866…``, ``1.20·10^5``."""

    negative: bool
    units: int
    places: int
    cut: bool
    decimals: int
    """Behind the point of what stands on paper."""
    power: int

    @property
    def value(self) -> Decimal:
        found = Decimal(self.units).scaleb(-self.places)
        return -found if self.negative else found


@lru_cache(maxsize=4096)
def read_digits(text: str) -> OnPaper | None:
    """The number that `text` writes; None where it writes none."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    sign, whole, decimals, ellipsis, power = found.groups()
    behind, exponent = len(decimals or ""), int(power or 0)
    return OnPaper(sign == "-", int(whole + (decimals or "")), behind - exponent, bool(ellipsis), behind, exponent)


def typed(text: str) -> Decimal:
    """A given number as it was typed: ``0.30``, ``-3/20``, ``1e-3``."""
    plain = text.strip().replace("−", "-")
    if fraction := _FRACTION.fullmatch(plain):
        return Decimal(fraction[1]) / Decimal(fraction[2])
    return Decimal(plain)


def on_paper(text: str) -> Decimal:
    """What printed digits, or a given number, stand for; of digits that go on, the number without the rest."""
    found = read_digits(text)
    return typed(text) if found is None else found.value


def tiny(value: Decimal) -> Decimal:
    """What is nothing beside `value`, or beside 1, at the precision of the work."""
    return max(abs(value), _ONE).scaleb(SPARE - getcontext().prec)


def is_equal(value: Decimal, text: str) -> bool:
    """Whether an equals sign may stand before `text`: the value is that number, or begins with these digits."""
    paper = read_digits(text)
    if paper is None:
        return abs(value - typed(text)) <= tiny(value)
    if not paper.cut:
        return not (paper.negative and not paper.units) and abs(value - paper.value) <= tiny(value)
    first_ones = units_of(value, paper.places, _NOTHING) == paper.units or _is_just_below_1(value, paper)
    return first_ones and paper.negative == (value < 0)


def is_rounded(value: Decimal, text: str, how: str) -> bool:
    """Whether `text` is the value rounded half up, or cut off, to the last digit that is printed."""
    paper = read_digits(text)
    if paper is None or paper.cut:
        return False
    units = units_of(value, paper.places, _HALF if how == "half up" else _NOTHING)
    if how == "truncate" and _is_just_below_1(value, paper):
        units = paper.units
    return units == paper.units and paper.negative == (value < 0 and units > 0)


def _is_just_below_1(value: Decimal, paper: OnPaper) -> bool:
    """Whether 0.999 is printed of what can't be told from 1: the output of a sigmoid that is saturated."""
    return paper.units + 1 == 10**paper.places and abs(abs(value) - 1) <= tiny(value)


def units_of(value: Decimal, places: int, more: Decimal) -> int:
    """The whole part of |value|·10^places + more, where what is nearly a whole number is one."""
    units = abs(value).scaleb(places) + more
    near = units.to_integral_value(ROUND_HALF_EVEN)
    if abs(units - near) > tiny(value).scaleb(places):
        near = units.to_integral_value(ROUND_FLOOR)
    return int(near)


def has_its_places(text: str, places: int, rounding: Rounding) -> bool:
    """Whether a rounded result has as many decimals, or significant figures, as the sheet says."""
    paper = read_digits(text)
    if paper is None:
        return False
    if rounding.figures:
        return len(str(paper.units)) == places if paper.units else text == "0"
    if paper.power:
        return paper.decimals == places and paper.power >= PLAIN
    return paper.decimals == places and len(str(paper.units)) <= places + PLAIN + 1


def keeps_more(value: Decimal, text: str, places: int, rounding: Rounding, ends: Collection[Decimal]) -> bool:
    """Whether more digits stand on paper since with so many places the value would become one of the `ends`."""
    paper = read_digits(text)
    if paper is None:
        return False
    behind = places - 1 - value.adjusted() if rounding.figures and value else places
    shown = Decimal(units_of(value, behind, _HALF if rounding.how == "half up" else _NOTHING)).scaleb(-behind)
    return paper.places > behind and (-shown if value < 0 else shown) in ends
