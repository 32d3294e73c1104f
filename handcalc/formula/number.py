"""A number as it was typed: its text, and the exact rational it stands for. Never a float on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from flint import fmpq

MOST_DIGITS = 60
MOST_EXPONENT = 60
_NUMBER = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,6}))?|([+-]?)(\d+)/(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """`text` as typed (``0.30``, ``3/20``, ``1e-3``); equal when the text is.

    A letter that stands where a number is given has no value (None): the derivation keeps it.
    """

    text: str
    value: fmpq = field(compare=False, repr=False)

    @property
    def is_letter(self) -> bool:
        return self.value is None

    def __str__(self) -> str:
        return self.text


def read_number(text: str) -> Number:
    """The number that `text` writes.

    Accepted: decimals (``0.30``, ``.5``, ``-2``), exponents (``1e-3``) and fractions (``3/20``); a
    Unicode minus counts as a minus. Raises ValueError with a sentence where it is something
    else, or longer than 60 digits, or beyond 10^±60.
    """
    plain = text.strip().replace("−", "-")
    if len(plain) > 2 * MOST_DIGITS + 10:
        raise ValueError(f"a number of {len(plain):,} characters; at most {MOST_DIGITS} digits are accepted")
    found = _NUMBER.fullmatch(plain)
    if not found:
        raise ValueError(f"{text!r} is not a number such as 0.30, -2, 3/20 or 1e-3")
    sign, decimal, exponent, sign_of_fraction, top, bottom = found.groups()
    if top:
        _check_length(top, bottom)
        if int(bottom) == 0:
            raise ValueError(f"{text!r} divides by 0")
        value = fmpq(int(sign_of_fraction + top), int(bottom))
        return Number(plain.lstrip("+-") if value == 0 else plain.removeprefix("+"), value)
    whole, _, decimals = decimal.partition(".")
    power = int(exponent or 0) - len(decimals)
    _check_length(whole + decimals)
    if abs(int(exponent or 0)) > MOST_EXPONENT:
        raise ValueError(f"{text!r} is out of range; exponents up to {MOST_EXPONENT} are accepted")
    digits = fmpq(int(sign + whole + decimals))
    value = digits * fmpq(10) ** power if power >= 0 else digits / fmpq(10) ** -power
    return Number(plain.lstrip("+-") if value == 0 else plain.removeprefix("+"), value)


def as_number(given: object) -> Number:
    """`given` as a number: text, int, Decimal, Fraction; of a Python float the digits that were typed (its repr).

    Raises ValueError for anything else, and for NaN and infinities.
    """
    match given:
        case Number():
            return given
        case bool():
            raise ValueError(f"{given!r} is not a number")
        case str():
            return read_number(given)
        case int() | Decimal() | Fraction():
            return read_number(str(given))
        case float():
            return read_number(repr(float(given)))
    raise ValueError(f"{given!r} is not a number such as 0.30, -2, 3/20 or 1e-3")


def _check_length(*runs: str) -> None:
    longest = max(map(len, runs))
    if longest > MOST_DIGITS:
        raise ValueError(f"a number of {longest:,} digits; at most {MOST_DIGITS} are accepted")
