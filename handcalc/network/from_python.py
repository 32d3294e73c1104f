"""Python objects as a stream of events: dicts, lists, numbers, texts, NumPy arrays, and records that have `as_dict`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from decimal import Decimal
from fractions import Fraction
from typing import Protocol, runtime_checkable

from handcalc.formula.number import Number
from handcalc.network.nodes import Event


@runtime_checkable
class Record(Protocol):
    """A record that can be written as a dict of a network file."""

    def as_dict(self) -> dict[str, object]: ...


def python_events(given: object) -> Iterator[Event]:
    """The events of nested Python objects; lists of any kind, endless ones too, are read as they come."""
    match given:
        case None:
            yield Event("none", None)
        case str():
            yield Event("text", None, str(given))
        case bool() | Number() | int() | float() | Decimal() | Fraction():
            yield _number(given)
        case Record():
            yield from python_events(given.as_dict())
        case Mapping():
            yield Event("pairs", None)
            for key, value in given.items():
                yield from python_events(key)
                yield from python_events(value)
            yield Event("end", None)
        case _ if getattr(given, "shape", None) == ():  # a NumPy scalar: its text is what was typed
            yield Event("text", None, str(given))
        case Iterable() if not isinstance(given, Set | bytes | bytearray):
            yield Event("list", None)
            for item in given:
                yield from python_events(item)
            yield Event("end", None)
        case _:
            kind = type(given).__name__
            yield Event("wrong", None, f"found a Python {kind}; numbers, texts, lists and dicts are accepted")


def _number(given: Number | float | Decimal | Fraction) -> Event:
    """A float is the digits that were typed: its repr."""
    try:
        return Event("text", None, repr(float(given)) if isinstance(given, float) else str(given))
    except ValueError:  # Python refuses to write out an int of thousands of digits
        return Event("wrong", None, "found an integer of thousands of digits; at most 60 are accepted")
