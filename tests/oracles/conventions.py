"""How a number is printed: to decimals or significant figures, rounded half up or cut off, each quantity its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

MOST_DIGITS = 12


class Print(NamedTuple):
    """A printed number: its value, its decimals, the power of ten behind them (0: none)."""

    value: Fraction
    places: int
    exponent: int


@dataclass(frozen=True)
class Convention:
    places: int
    figures: bool = False
    truncate: bool = False
    own: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Mapping[str, Any]) -> Convention:
        """What a network file says."""
        said = network.get("rounding", {})
        figures = "significant figures" in said
        places = said.get("significant figures", said.get("decimals", network.get("decimals", 4)))
        own = {name: int(places) for name, places in said.get("own", {}).items()}
        return cls(int(places), figures, said.get("how") == "truncate", own)

    @property
    def most_digits(self) -> int:
        """Decimals, or figures, of an operand."""
        return max(MOST_DIGITS, max([self.places, *self.own.values()]) + 4)

    def places_of(self, key: str) -> int:
        """A key wins over its block (``a1``), that over the letter; an update has the name of the first pass."""
        plain = re.sub(r"\[[suthc]=\d+\]", "", key)
        block = re.sub(r"\[[\d,]+\]$", "", plain)
        return next(
            (self.own[one] for one in (plain, block, block.rstrip("0123456789")) if one in self.own), self.places
        )

    def at(self, x: Fraction, places: int) -> Fraction:
        """x rounded half away from 0, or cut off, to that many decimals (which may be fewer than 0)."""
        scaled = abs(x) * Fraction(10) ** places
        units = scaled.numerator // scaled.denominator
        if not self.truncate and 2 * (scaled - units) >= 1:
            units += 1
        return (-1 if x < 0 else 1) * units * Fraction(10) ** -places

    def printed(self, x: Fraction, key: str, *, power: bool) -> Print:
        """What stands for x as the result of `key`; `power` is whether a power of ten stands there (decimals only)."""
        n = self.places_of(key)
        if x == 0 or not (self.figures or power):
            return Print(self.at(x, n), 0 if self.figures else n, 0)
        first = leading(x)
        count = n if self.figures else n + 1
        value = self.at(x, count - 1 - first)
        last = leading(value)
        if not self.figures or first < -7 or first >= 10 or last >= count:
            return Print(value, count - 1, last)
        return Print(value, count - 1 - last, 0)


def leading(x: Fraction) -> int:
    """The power of ten of the first digit of a number that isn't 0."""
    exponent = round((x.numerator.bit_length() - x.denominator.bit_length()) * 0.30103)
    while abs(x) < Fraction(10) ** exponent:
        exponent -= 1
    while abs(x) >= Fraction(10) ** (exponent + 1):
        exponent += 1
    return exponent
