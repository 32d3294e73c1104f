"""What was read of an answer.

Answer     what was typed, and every way to read it:  1,234  is 1.234 and 1234
Reading    the entries of one way: one, a list, or a matrix
Entry      one exact value or formula, and with how many decimals it was typed
"""

from __future__ import annotations

from typing import NamedTuple

from handcalc.derive.functions import Value
from handcalc.formula.number import Number
from handcalc.formula.tree import Formula, Num


class Entry(NamedTuple):
    value: Value | None
    """fmpq where it is known to be rational, else a ball; None where letters are in it."""
    decimals: int | None
    """How many were typed; None of what isn't one number. 2·10^-3 has 3, 58.66 % has 4, 1200 has 0."""
    read: Formula | str
    """The formula, or the text of one number, whose formula isn't made until somebody asks."""

    @property
    def formula(self) -> Formula:
        if isinstance(self.read, str):
            assert self.value is not None
            return Num(Number(self.read, self.value))
        return self.read

    @property
    def figures(self) -> int | None:
        """How many significant figures were typed: 3 of 0.0120, 2 of 1.2e5, 4 of 1200 (its zeros may be figures)."""
        if not isinstance(self.formula, Num) or self.decimals is None:
            return None
        digits = self.formula.number.text.lower().partition("e")[0].replace(".", "").lstrip("-0")
        return len(digits)


class Reading(NamedTuple):
    shape: tuple[int, ...]
    """() of one entry, (2,) of a list on one line, which has no orientation; (2, 1) of a column, (2, 3) of a matrix."""
    entries: tuple[Entry, ...]
    """Row by row."""

    @property
    def entry(self) -> Entry | None:
        """The entry of an answer that has one, in brackets or not."""
        return self.entries[0] if len(self.entries) == 1 else None

    @property
    def rows(self) -> tuple[tuple[Entry, ...], ...]:
        """The entries by row; a list is one row."""
        width = self.shape[-1] if self.shape else 1
        return tuple(self.entries[i : i + width] for i in range(0, len(self.entries), width))


class Answer(NamedTuple):
    text: str
    readings: tuple[Reading, ...]
    """At least one; the likeliest first."""
