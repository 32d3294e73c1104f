"""The loss of an epoch: what is added up while the samples go by once, each loss measured before its update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flint import arb, ctx, fmpq

from handcalc.derive.certify import FIRST_PRECISION, LAST_PRECISION, CannotDecide
from handcalc.derive.decimals import LARGE, Rounded, first_exponent, scaled, to_places
from handcalc.derive.tape import Undecided, Value, as_rational
from handcalc.formula.quantity import Quantity
from handcalc.network.rounding import Rounding

if TYPE_CHECKING:
    import sympy

    from handcalc.derive.passes import Line
    from handcalc.derive.solution import Result

SPARE = 64
"""Bits for the work on a sum, beside those that its terms are right to."""


@dataclass(frozen=True, slots=True)
class EpochLoss:
    """Σ L over the samples, at each the loss before its update.

    The key is E with the updates that came before: of ten samples E is the first epoch, ``E[u=10]`` the second.
    ``terms(bits)`` are the losses, right to so many bits; ``parts()`` the same as results, which have lines.
    """

    update: int
    terms: Callable[[int], Sequence[Value]]
    parts: Callable[[], Sequence[Result]]
    rounding: Rounding

    @property
    def quantity(self) -> Quantity:
        return Quantity("E", context=(("u", self.update),) if self.update else ())

    @property
    def key(self) -> str:
        return self.quantity.key

    def decimal(self, decimals: int | None = None) -> str:
        """Rounded half up to `decimals` places (default: as the network rounds), every digit certain."""
        if decimals is not None and decimals < 0:
            raise ValueError(f"{decimals} decimals; 0 or more are accepted")
        wanted = self.rounding if decimals is None else Rounding(places=decimals)
        bits = FIRST_PRECISION
        while bits <= LAST_PRECISION:
            with ctx.workprec(bits + SPARE):
                try:
                    total = self._total(bits)
                    return _shown(total, wanted, most=decimals is None).text(negative=bool(total < 0))
                except Undecided:
                    bits *= 2
        raise CannotDecide(self.quantity)

    @property
    def exact(self) -> sympy.Expr:
        """The value as a SymPy expression."""
        import sympy

        return sympy.Add(*(part.exact for part in self.parts()))

    @property
    def steps(self) -> tuple[Line, ...]:
        """The lines that lead to each loss, pass by pass."""
        return tuple(line for part in self.parts() for line in part.steps)

    def _total(self, bits: int) -> Value:
        total: Value = sum(self.terms(bits), start=fmpq(0))
        return as_rational(total) if isinstance(total, arb) and total.is_exact() else total

    def __float__(self) -> float:
        with ctx.workprec(FIRST_PRECISION + SPARE):
            total = self._total(FIRST_PRECISION)
        return int(total.p) / int(total.q) if isinstance(total, fmpq) else float(total)

    def __repr__(self) -> str:
        return f"<{self.key} ≈ {self.decimal()}>"


def _shown(total: Value, rounding: Rounding, *, most: bool) -> Rounded:
    """`total` as it is printed; where `most`, a large one as m·10^k. Undecided where the ball leaves a digit open."""

    def units(places: int) -> int:
        found = scaled(abs(total), places)
        if rounding.how == "half up":
            found += fmpq(1, 2)
        if isinstance(found, fmpq):
            return int(found.p) // int(found.q)
        whole = found.floor().unique_fmpz()
        if whole is None:
            raise Undecided(total)
        return int(whole)

    exponent = None
    if most and total != 0 and (rounding.figures or abs(total) >= 10**LARGE):
        exponent = first_exponent(total)
        if exponent is None:
            raise Undecided(total)
    return to_places(units, exponent, rounding.places, figures=rounding.figures)
