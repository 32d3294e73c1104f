"""Students with a calculator, in fractions and decimals of Python; none of our arithmetic, and nothing of the marking.

They work every line from the numbers that they have, and write and carry each rounded to as many places as the sheet
says, or more; who has written a wrong number goes on with that. What they divide by, or take a root or logarithm of,
and the output of a sigmoid, they don't round to 0 or 1.

Glossary
    has       what a student goes on with, by key
    writes    what stands on the sheet, by key, as text
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal, localcontext
from fractions import Fraction
from math import factorial
from random import Random

from handcalc.derive.page import Step
from handcalc.derive.passes import NumericPass
from handcalc.derive.places import places_by_slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Formula, Power, Product, Quotient, Ref, Sum, children
from handcalc.sheet.asked import Asked
from oracles.by_hand import exponent, read, to_decimals, worked

DIGITS = 60
MOST_WRITTEN = 40
"""Digits of a number that somebody writes."""
LARGE = 10
"""Of a number beyond 10^10 so many digits are written as decimals say, and one."""


class GivesUp(Exception):
    """A line has no value, or none that fits on paper."""


def by_decimal(name: str, x: Fraction) -> Fraction:
    """A function to many digits; 0 of what is next to nothing."""
    with localcontext() as now:
        now.prec, now.Emax, now.Emin = DIGITS + 20, 10**6, -(10**6)
        value = Decimal(x.numerator) / Decimal(x.denominator)
        if abs(value) > 10**5:
            raise GivesUp
        match name:
            case "exp":
                made = value.exp()
            case "tanh":
                made = 1 - 2 / ((2 * value).exp() + 1)
                if abs(value) < Decimal("1e-20"):
                    made = value
            case "erf":
                return _erf(x)
            case "sqrt":
                _above(x, zero=True)
                made = value.sqrt()
            case "ln" | "log2" | "log10":
                _above(x)
                made = value.ln() / {"ln": Decimal(1), "log2": Decimal(2).ln(), "log10": Decimal(10).ln()}[name]
            case _:
                raise AssertionError(name)
        return Fraction(made)


def _above(x: Fraction, *, zero: bool = False) -> None:
    if x < 0 or (not x and not zero):
        raise GivesUp


def _erf(x: Fraction) -> Fraction:
    """2/√π·(x − x³/3 + x⁵/10 − …) (Maclaurin)."""
    if abs(x) > 6:
        raise GivesUp
    x = Fraction(round(x * 10**40), 10**40)
    terms = (Fraction((-1) ** n, factorial(n) * (2 * n + 1)) * x ** (2 * n + 1) for n in range(160))
    with localcontext() as now:
        now.prec = DIGITS + 20
        total = sum((Decimal(t.numerator) / Decimal(t.denominator) for t in terms), Decimal(0))
        return Fraction(2 * total / pi().sqrt())


def pi() -> Decimal:
    """Machin's formula (1706)."""
    with localcontext() as now:
        now.prec = DIGITS + 20

        def arctan(n: int) -> Decimal:
            return sum((Decimal((-1) ** k) / ((2 * k + 1) * Decimal(n) ** (2 * k + 1)) for k in range(120)), Decimal(0))

        return 4 * (4 * arctan(5) - arctan(239))


def below(f: Formula, *, under: bool = False) -> set[str]:
    """The keys of what is divided by, or stands under a root or a logarithm."""
    match f:
        case Ref(quantity):
            return {quantity.key} if under else set()
        case Quotient(top, bottom):
            return below(top, under=under) | below(bottom, under=True)
        case Power(base, n) if isinstance(n, int) and n < 0:
            return below(base, under=True)
    under = under or (isinstance(f, Call) and f.name in ("ln", "log2", "log10", "sqrt", "power"))
    return set().union(*(below(part, under=under) for part in children(f)))


def kept(steps: Sequence[Step]) -> set[str]:
    """The keys of what nobody rounds to 0: all that, and what it is a multiple, a root or the largest of."""
    found = set().union(*(below(step.formula) for step in steps))
    for step in reversed(steps):
        if step.target.key in found:
            found |= _multiplied(step.formula)
    return found


def _multiplied(f: Formula) -> set[str]:
    match f:
        case Ref(quantity):
            return {quantity.key}
        case Quotient(top, _):
            return _multiplied(top)
        case Power(base, _):
            return _multiplied(base)
        case Product(parts) | Call(_, parts):
            return set().union(*map(_multiplied, parts))
    return set()


class Honest:
    """One of them; `wrong` are numbers written instead of what a line gives.

    ``plain`` ones carry what they write; others keep more digits in the calculator, now and then all of them.
    """

    def __init__(
        self,
        asked: Asked,
        seed: int,
        wrong: Mapping[str, Fraction] | None = None,
        *,
        plain: bool = False,
        exact: bool = False,
    ) -> None:
        self.random, self.wrong, self.plain, self.exact = Random(seed), wrong or {}, plain, exact
        self.asked = asked
        self.writes: dict[str, str] = {}
        self.has: dict[str, Fraction | None] = {}
        for one in asked.solution.passes:
            assert isinstance(one, NumericPass)
            self._work(one)

    def _work(self, one: NumericPass) -> None:
        program, rounding = one.program, one.network.rounding
        self.rounding, self.places = rounding, places_by_slot(program, rounding)
        under = kept(program.steps)
        for slot, q in enumerate(program.slots.quantities[: program.first]):
            typed = one.typed[slot]
            if q.key not in self.has or typed is not None:
                value = one.values[slot]
                if typed is not None or rounding.carry == "exact":
                    self.has[q.key] = Fraction(int(value.p), int(value.q)) if hasattr(value, "p") else _seen(one, slot)
                else:
                    self.has[q.key] = _seen(one, slot)
        for slot, step in enumerate(program.steps, program.first):
            key = step.target.key
            if step.target not in self.asked.chosen and not self.asked.hidden(step.target):
                self.has[key] = _seen(one, slot)
                continue
            if key in self.wrong:
                self._goes_on_with(key, self.wrong[key])
                continue
            try:
                x = worked(step.formula, self._value, by_decimal)
            except (GivesUp, ZeroDivisionError, OverflowError):
                self.has[key] = None
                continue
            self._write(key, slot, x, program.ranges[slot] or (), keep=key in under)
            if key in under and isinstance(step.formula, Sum):
                self._more_than_each(key, x, step.formula)

    def _more_than_each(self, key: str, x: Fraction, total: Sum) -> None:
        """S is more than each e, whatever is rounded."""
        most = max(self._value(e.quantity) if isinstance(e, Ref) else x for e in total.terms)
        if (has := self.has[key]) is not None and has <= most < x:
            self.has[key] = to_decimals(x, 2 - exponent(x - most), "half up")

    def _value(self, q: Quantity) -> Fraction:
        found = self.has[q.key]
        if found is None:
            raise GivesUp
        return found

    def _goes_on_with(self, key: str, x: Fraction) -> None:
        self.has[key], self.writes[key] = x, text(x)

    def _write(self, key: str, slot: int, x: Fraction, ends: tuple[int, ...], *, keep: bool) -> None:
        random, rounded = self.random, self.rounding.carry == "rounded"
        if abs(x) < Fraction(1, 10**99):
            x = Fraction(0)
        if abs(x) > 10**50:
            self.has[key] = None
            return
        x = Fraction(round(x * 10 ** (DIGITS + 40)), 10 ** (DIGITS + 40))
        longer = 0 if self.plain else random.choice((0, 0, 0, 1))
        more = 0 if self.plain else random.choice((0, 0, 0, 1, 2, 5))
        written = self._rounded(x, slot, longer, ends if rounded else (), keep=rounded)
        if self.exact or (not self.plain and random.random() < 0.2):
            carried = x
        else:
            carried = self._rounded(x, slot, more, ends, keep=keep or rounded)
        self.has[key] = carried
        with suppress(GivesUp):
            self.writes[key] = text(written)

    def _rounded(self, x: Fraction, slot: int, more: int, ends: tuple[int, ...], *, keep: bool) -> Fraction:
        if not x:
            return x
        n, figures, how = self.places[slot], self.rounding.figures, self.rounding.how
        first = exponent(x)
        places = n - 1 - first if figures else n if first < LARGE else n - first
        for end in {*map(Fraction, ends), *[Fraction(0)] * keep}:
            if to_decimals(x, places, how) == end and x != end:
                places = max(n - 1 - exponent(x - end), places)
        return to_decimals(x, places + more, how)


def _seen(one: NumericPass, slot: int) -> Fraction:
    """What is known from before as it stands on the sheet."""
    return read(one.printed.decimal[slot])


def text(x: Fraction) -> str:
    """All of its digits, which must end."""
    places, rest = 0, x.denominator
    while rest % 10 == 0:
        rest //= 10
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        raise GivesUp
    while (x * 10**places).denominator != 1:
        places += 1
    units = abs(x.numerator * 10**places // x.denominator)
    if len(str(units)) > MOST_WRITTEN or places > 55:
        return _scientific(x)
    digits = str(units).rjust(places + 1, "0")
    return ("-" if x < 0 else "") + (digits if not places else f"{digits[:-places]}.{digits[-places:]}")


def _scientific(x: Fraction) -> str:
    """``7.6e-49``."""
    first = exponent(x)
    if abs(first) > 59:
        raise GivesUp
    rounded = to_decimals(x / Fraction(10) ** first, 20, "half up")
    return f"{'-' if x < 0 else ''}{text(abs(rounded))}e{first}"
