"""Whether an answer is a value, or one of those that are accepted: decided exactly, never by a float.

Two rationals are compared. A ball (Johansson, Arb, 2017) is made narrower until it excludes what it is compared with;
from 512 bits on an identity is tried that proves the two equal (`derive/identity.py`). What neither decides is never
guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from flint import ctx, fmpq

from handcalc.derive.certify import FIRST_PRECISION, LAST_PRECISION, PROOF_PRECISION
from handcalc.derive.functions import Value, value_of
from handcalc.derive.identity import Proofs
from handcalc.derive.tolerance import Interval
from handcalc.errors import HandcalcError
from handcalc.formula.number import Number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Num
from handcalc.mark.answer import Entry

Sign = Literal[-1, 0, 1]


class NotDecided(HandcalcError):
    """Neither the digits nor an identity tell whether an answer is a value: it is looked at by a person."""

    def __init__(self) -> None:
        super().__init__("neither digits nor an identity tell whether this answer equals the value; judge it by hand")


class HasNames(TypeError):
    """An answer in letters has no number to compare."""


def value_at(f: Formula, bits: int) -> Value:
    """The value of a formula of numbers alone: fmpq where it is known to be rational, else a ball of so many bits."""
    with ctx.workprec(bits):
        return value_of(f, _no_value)


def holds(entry: Entry, interval: Interval) -> bool:
    """Whether `entry` is accepted: least ≤ entry ≤ most. Raises NotDecided."""
    if isinstance(entry.value, fmpq):
        return interval.holds(entry.value)
    return compared(entry, interval.least) >= 0 and compared(entry, interval.most) <= 0


def compared(entry: Entry, x: fmpq) -> Sign:
    """The sign of entry − x. Raises NotDecided."""
    with ctx.workprec(FIRST_PRECISION):
        difference = _value(entry) - x
    if isinstance(difference, fmpq) or not difference.contains(0):
        return _sign(difference)
    return sign(entry.formula - _num(x))


def equals(entry: Entry, value: Value | Callable[[int], Value], closed: Formula | None = None) -> bool:
    """Whether `entry` is exactly this value: a rational, or what gives a ball of as many bits as are asked for.

    `closed`, a formula of numbers alone that has the value, lets an identity prove it. Raises NotDecided.
    """
    at = value if callable(value) else lambda bits: value
    bits = FIRST_PRECISION
    while True:
        with ctx.workprec(bits):
            difference = (
                value_at(entry.formula, bits) - at(bits) if bits > FIRST_PRECISION else _value(entry) - at(bits)
            )
        if not _may_be_zero(difference):
            return False
        if isinstance(difference, fmpq):
            return True
        if bits >= PROOF_PRECISION and closed is None and isinstance(at(bits), fmpq):
            closed = _num(at(bits))
        if bits >= PROOF_PRECISION and closed is not None and is_zero(entry.formula - closed):
            return True
        if bits >= LAST_PRECISION:
            raise NotDecided
        bits = min(4 * bits, LAST_PRECISION)


def sign(f: Formula) -> Sign:
    """The sign of a formula of numbers alone. Raises NotDecided."""
    bits = FIRST_PRECISION
    while True:
        value = value_at(f, bits)
        if isinstance(value, fmpq) or not value.contains(0):
            return _sign(value)
        if bits >= PROOF_PRECISION and is_zero(f):
            return 0
        if bits >= LAST_PRECISION:
            raise NotDecided
        bits = min(4 * bits, LAST_PRECISION)


def is_zero(f: Formula) -> bool:
    """Whether an identity proves that `f` is 0, whatever its letters stand for."""
    return Proofs({}, _Free()).holds(f, fmpq(0))


class _Free(dict[Quantity, Value]):
    """Letters that stand for nothing in particular."""

    def __missing__(self, quantity: Quantity) -> None:
        return None


def _value(entry: Entry) -> Value:
    if entry.value is None:
        raise HasNames("an answer in letters is compared by `same`")
    return entry.value


def _may_be_zero(x: Value) -> bool:
    return not x if isinstance(x, fmpq) else bool(x.contains(0))


def _sign(x: Value) -> Sign:
    return 1 if x > 0 else -1 if x < 0 else 0


def _num(x: fmpq) -> Formula:
    return Num(Number(f"{x.p}/{x.q}", x))


def _no_value(quantity: Quantity) -> Value:
    raise HasNames(f"{quantity.key} has no value here")
