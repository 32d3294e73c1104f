"""Rounded carry: each result is rounded, or cut off, and that number is used from then on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flint import ctx, fmpq

from handcalc.derive.certify import LAST_PRECISION, CannotDecide
from handcalc.derive.decimals import (
    LARGE,
    Rounded,
    first_exponent,
    scaled,
    terminating_text,
    to_places,
    unit_of,
    units_of_figures,
)
from handcalc.derive.digits import Printed, Result
from handcalc.derive.places import places_by_slot
from handcalc.derive.program import Program
from handcalc.derive.tape import Undecided, Value, as_rational
from handcalc.network.rounding import Rounding

MOST_KEPT = 300
"""Digits before the point of a total that still keeps its distance from a term."""
MOST_PLACES = 2_000
"""Decimals of a carried number."""


def rounded_carry(
    program: Program, given: Sequence[fmpq], typed: Sequence[str], rounding: Rounding
) -> tuple[list[Value], Printed]:
    """The values and digits in rounded carry; `typed` holds the given numbers as typed, or as they were printed.

    A result that isn't 0 but would become 0, one inside an open range that would become an end of it, or a total
    that would become one of its terms, keeps as many significant figures of its distance from it as it has places.
    """
    precision, places = 64, places_by_slot(program, rounding)
    while True:
        carried = Carried(rounding, places, program)
        try:
            with ctx.workprec(precision):
                values = program.rounding_tape(given, carried.rounded)
        except Undecided:
            precision *= 2
            if precision > LAST_PRECISION:
                end = max(program.ranges[carried.at] or (), default=None)
                raise CannotDecide(program.slots.quantities[carried.at], end) from None
            continue
        texts = [*typed, *(text for text, _ in carried.results)]
        results: list[Result] = [(("=", text),) for text in typed]
        results += [((relation, text),) for text, relation in carried.results]
        return values, Printed(texts, list(texts), results, list(texts), lengths=[0] * len(texts))


@dataclass
class Carried:
    """Results as they are rounded, one after the other; `values` holds those that are known by slot."""

    rounding: Rounding
    places: Sequence[int]
    program: Program
    values: dict[int, Value] = field(default_factory=dict)
    results: list[tuple[str, str]] = field(default_factory=list)
    at: int = 0

    def rounded(self, value: Value, slot: int) -> Value:
        """`value` rounded, and its text remembered."""
        value = _as_exact(value)
        shown, found = self._rounded(value, slot)
        if isinstance(value, fmpq) and value == found:
            self.results.append((self._repeated(found, slot) or self._exact_text(found, shown), "="))
        else:
            self.results.append((shown.text(negative=bool(value < 0)), "≈"))
        return found

    def number(self, value: Value, slot: int) -> fmpq:
        """The same; its text is not remembered."""
        return self._rounded(_as_exact(value), slot)[1]

    def _rounded(self, value: Value, slot: int) -> tuple[Rounded, fmpq]:
        self.at = slot
        negative = bool(value < 0)
        shown = self._shown(value, slot, negative=negative)
        self.values[slot] = -shown.value if negative else shown.value
        return shown, self.values[slot]

    def _shown(self, value: Value, slot: int, *, negative: bool) -> Rounded:
        places, figures = self.places[slot], self.rounding.figures
        exponent = self._exponent(value) if figures or abs(value) >= 10**LARGE else None
        shown = to_places(lambda d: self._units(value, d), exponent, places, figures=figures)
        found = -shown.value if negative else shown.value
        if isinstance(value, fmpq) and value == found:
            return shown
        near = self._end(found, slot)
        if near is None or (exponent is not None and exponent >= MOST_KEPT):
            return shown
        return self._keeping(value, near, places)

    def _end(self, found: fmpq, slot: int) -> Value | None:
        """What the value in this slot never is, if the rounded one is that: 0, an end of its range, its term."""
        if found == 0:
            return found
        ends = self.program.ranges[slot]
        if ends is not None and found in ends:
            return found
        return found if any(found == self.values[i] for i in self.program.totals.get(slot, ())) else None

    def _keeping(self, value: Value, near: fmpq, figures: int) -> Rounded:
        """`value` with so many significant figures of its distance from `near`, which it would become."""
        distance = value - near
        exponent = self._exponent(distance, int(near.p) if near.q == 1 else None)
        if exponent is None:
            raise Undecided(distance)
        places = units_of_figures(lambda d: self._units(distance, d), exponent, figures).places
        places = max(places, 0 if self.rounding.figures else figures)
        first = self._exponent(value) or 0
        unit = first if self.rounding.figures and first < 0 and unit_of(first, figures=True) else 0
        return Rounded(self._units(value, places), places, unit)

    def _exponent(self, distance: Value, end: int | None = 0) -> int | None:
        """Of the first digit of a distance from `end`; None of 0. Raises CannotDecide where nothing would show it."""
        if isinstance(distance, fmpq):
            return None if distance == 0 else first_exponent(distance)
        found = first_exponent(distance)
        if found is None:
            raise Undecided(distance)
        if found < -MOST_PLACES:
            raise CannotDecide(self.program.slots.quantities[self.at], end)
        return found

    def _units(self, value: Value, places: int) -> int:
        """|value|·10^places rounded half up, or cut off; Undecided where the ball is too wide."""
        units = scaled(abs(value), places)
        if self.rounding.how == "half up":
            units += fmpq(1, 2)
        if isinstance(units, fmpq):
            return int(units.p) // int(units.q)
        whole = units.floor().unique_fmpz()
        if whole is None:
            raise Undecided(value)
        return int(whole)

    def _repeated(self, value: fmpq, slot: int) -> str | None:
        """The digits of the result that this line only names."""
        first = self.program.first
        source = self.program.copies[slot - first]
        if source is None or source < first or self.values[source] != value:
            return None
        return self.results[source - first][0]

    def _exact_text(self, value: fmpq, shown: Rounded) -> str:
        """Without zeros at the end, except before a power of ten."""
        first = first_exponent(value) if value != 0 else None
        if shown.exponent and (first is None or unit_of(first, figures=self.rounding.figures)):
            return shown.text(negative=value < 0)
        return str(terminating_text(value, max(shown.places, 0)))


def _as_exact(value: Value) -> Value:
    return as_rational(value) if not isinstance(value, fmpq) and value.is_exact() else value
