"""Whole numbers of units of the last place, and the text they are printed as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flint import arb, fmpq

LARGE = 10
"""Values with more than this many digits before the point are printed as m·10^k."""
SMALL = 7
"""To significant figures, so are values below 10^-7."""
_MOST_EXACT = 1_000
_LEAST_LARGE = 10**LARGE


def rounded_half_up(floor: int, places: int, decimals: int) -> int:
    """|x|·10^decimals rounded half up, where `floor` is the whole part of |x|·10^places and places > decimals.

    Nothing is lost: x reaches a half exactly when its whole part does.
    """
    halves: int = floor // 10 ** (places - decimals - 1)
    return (halves + 5) // 10


def cut_off(floor: int, places: int, decimals: int) -> int:
    """The whole part of |x|·10^decimals, where `floor` is that of |x|·10^places and places ≥ decimals."""
    units: int = floor // 10 ** (places - decimals)
    return units


class Rounded(NamedTuple):
    """A printed number without its sign: `units` of 10^-places, written m·10^exponent where that isn't 0."""

    units: int
    places: int
    exponent: int = 0

    def text(self, *, negative: bool = False, ending: str = "") -> str:
        """``-0.5866``, ``1.20·10^5``."""
        m = decimal_text(self.units, self.places + self.exponent, negative=negative, ending=ending)
        return f"{m}·10^{self.exponent}" if self.exponent else m

    @property
    def value(self) -> fmpq:
        if self.places >= 0:
            return fmpq(self.units, 10**self.places)
        return fmpq(self.units * 10**-self.places)


def to_places(at: Callable[[int], int], exponent: int | None, places: int, *, figures: bool) -> Rounded:
    """|x| to so many decimals, or significant figures; one that is large, or tiny, as m·10^k.

    ``at(d)`` is |x|·10^d as a whole number, rounded or cut off; `exponent` is that of the first digit of x, None of
    0 (and where it doesn't matter: of decimals of what isn't large). 0.9996 to 3 figures is 1.00, 999.6 is 1.00·10^3.
    """
    if exponent is None or (exponent < LARGE and not figures):
        return Rounded(0, 0) if figures else Rounded(at(places), places)
    count = places if figures else places + 1
    shown = units_of_figures(at, exponent, count)
    first = count - 1 - shown.places
    return shown._replace(exponent=first) if first >= count or unit_of(exponent, figures=figures) else shown


def units_of_figures(at: Callable[[int], int], exponent: int, count: int) -> Rounded:
    """|x| to `count` significant figures, where 10^exponent ≤ |x| < 10^(exponent + 1)."""
    places = count - 1 - exponent
    units = at(places)
    return Rounded(units // 10, places - 1) if units == 10**count else Rounded(units, places)


def unit_of(exponent: int, *, figures: bool) -> int:
    """The power of ten that all digits of a value are printed with: 0 unless it is large, or tiny in figures."""
    return exponent if exponent >= LARGE or (figures and exponent < -SMALL) else 0


def first_exponent(value: Any) -> int | None:
    """The power of ten of the first digit of an fmpq or arb that isn't 0; None where a ball leaves it open."""
    if isinstance(value, fmpq):
        top, bottom = abs(int(value.p)), int(value.q)
        exponent = (top.bit_length() - bottom.bit_length()) * 30_103 // 100_000 + 2  # log10(2), and never too little
        while top * 10 ** max(-exponent, 0) < bottom * 10 ** max(exponent, 0):
            exponent -= 1
        return exponent
    found = (abs(value).log() / arb(10).log()).floor().unique_fmpz()
    return None if found is None else int(found)


def power_of_ten(n: int) -> Any:
    """10^n, exact unless it is astronomic: then a ball."""
    if abs(n) > _MOST_EXACT:
        return arb(10) ** n
    return 10**n if n >= 0 else fmpq(1, 10**-n)


def scaled(value: Any, n: int) -> Any:
    """value·10^n: exact where the value is an fmpq."""
    if not isinstance(value, fmpq):
        return value * power_of_ten(n)
    return value * 10**n if n >= 0 else value / 10**-n


def decimal_text(units: int, decimals: int, *, negative: bool = False, ending: str = "") -> str:
    """``-0.5866`` for 5866 units of 4 decimals; zero has no sign unless an `ending` (an ellipsis) follows."""
    sign = "-" if negative and (units or ending) else ""
    if decimals == 0:
        return f"{sign}{units}{ending}"
    digits = str(units).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}{ending}"


def terminating_text(value: fmpq, most_decimals: int) -> str | None:
    """`value` as a decimal without trailing zeros, or None where that needs more than `most_decimals` decimals."""
    top, bottom = abs(int(value.p)), int(value.q)
    if bottom == 1:
        return decimal_text(top, 0, negative=value < 0)
    units, rest = divmod(top * 10**most_decimals, bottom)
    if rest:
        return None
    whole, _, decimals = decimal_text(units, most_decimals, negative=value < 0).partition(".")
    return f"{whole}.{decimals.rstrip('0')}"


def decimals_of(x: fmpq, places: int, *, figures: bool) -> int:
    """How many decimals so many places are: decimals (of a large number as many digits and one), or figures."""
    if not x or (not figures and abs(x.p) < x.q * _LEAST_LARGE):
        return places
    return places - figures - int(first_exponent(x) or 0)


def nearest(x: fmpq, decimals: int, how: str, *, up: bool) -> fmpq:
    """x rounded to so many decimals, a half to the side that `up` says; or cut off, where that is how."""
    scale = fmpq(10) ** decimals
    if how == "truncate":
        return fmpq((abs(x) * scale).floor()) / scale * (1 if x > 0 else -1)
    return _whole(x * scale + (1 if up else -1) * fmpq(1, 2), up=not up) / scale


def beyond(x: fmpq, decimals: int, *, up: bool) -> fmpq:
    """The next number of so many decimals above x, or below it; x itself where it is one."""
    scale = fmpq(10) ** decimals
    return _whole(x * scale, up=up) / scale


def _whole(x: fmpq, *, up: bool) -> fmpq:
    return fmpq(x.ceil() if up else x.floor())
