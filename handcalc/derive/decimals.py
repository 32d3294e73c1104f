"""Whole numbers of units of the last place, and the text they are printed as."""

from __future__ import annotations

from flint import fmpq


def rounded_half_up(floor: int, places: int, decimals: int) -> int:
    """|x|·10^decimals rounded half up, where `floor` is the whole part of |x|·10^places and places > decimals.

    Nothing is lost: x reaches a half exactly when its whole part does.
    """
    halves: int = floor // 10 ** (places - decimals - 1)
    return (halves + 5) // 10


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
