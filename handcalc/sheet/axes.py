"""Axes with ticks at round numbers, drawn with the marks of `picture`.

Coordinates are drawing and go through floats; what is printed at the ticks are exact texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal

from flint import arb, fmpq

from handcalc.derive.tape import Value, as_rational
from handcalc.formula.maths import Digits, Maths, Script
from handcalc.formula.notation import number
from handcalc.sheet.picture import Label, Mark, Stroke

WIDTH, HEIGHT = 320.0, 170.0
"""Of the rectangle between the axes, in points."""
LEFT, RIGHT, BELOW, ABOVE = 56.0, 24.0, 40.0, 26.0
"""Room for labels around it."""
SIZE, TICK = 9.0, 3.5
MOST_TICKS = 6
PLAIN = range(-3, 6)
"""Powers of ten at which ticks are written as plain decimals; with others all are written m·10^k."""

CONTEXT = Context(prec=20, Emax=MAX_EMAX, Emin=MIN_EMIN)
ONE = Decimal(1)


def decimal(value: str | Value) -> Decimal:
    """Digits as printed (``0.58…``, ``3/20``, ``1.5·10^-7``, ``0,25``), a rational, or the middle of a ball; good to
    twenty figures."""
    value = as_rational(value.mid()) if isinstance(value, arb) else value
    if isinstance(value, fmpq):
        return CONTEXT.divide(Decimal(int(value.p)), Decimal(int(value.q)))
    plain, _, power = value.replace("−", "-").replace("…", "").replace(",", ".").partition("·10^")
    top, _, bottom = plain.partition("/")
    return CONTEXT.divide(Decimal(top), Decimal(bottom or 1)).scaleb(int(power or 0), CONTEXT)


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`; `decades` counts in powers of ten, and then both are exponents."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]
    decades: bool = False

    @classmethod
    def linear(cls, low: Decimal, high: Decimal, *, least: Decimal | None = None) -> Axis:
        """From tick to tick, `low` and `high` between them; ticks are 1, 2 or 5 times a power of ten apart."""
        if low == high:
            high = low + (least or abs(low) or ONE)
        step = _step(high - low, least)
        first, last = (low / step).to_integral_value("ROUND_FLOOR"), (high / step).to_integral_value("ROUND_CEILING")
        ticks = tuple(step * (first + i) for i in range(int(last - first) + 1))
        return cls(ticks[0], ticks[-1], ticks)

    @classmethod
    def logarithmic(cls, low: Decimal, high: Decimal) -> Axis:
        """From a power of ten to a power of ten, each a tick, or each second one from the top, and so on."""
        first = low.adjusted()
        last = high.adjusted() + (high != ONE.scaleb(high.adjusted()))
        last += last == first
        step = -((first - last) // MOST_TICKS)
        first -= (first - last) % step
        return cls(Decimal(first), Decimal(last), tuple(map(Decimal, range(first, last + 1, step))), decades=True)

    def at(self, value: Decimal) -> float:
        """Where `value` lies, from 0 to 1."""
        place = CONTEXT.log10(value) if self.decades else value
        return float(CONTEXT.divide(place - self.low, self.high - self.low))

    def places(self, *, comma: bool = False) -> list[tuple[float, Maths]]:
        """Where the ticks lie, and what is written there: all of them plain decimals, or all with powers of ten."""
        span = self.high - self.low
        values = [ONE.scaleb(int(tick)) if self.decades else tick for tick in self.ticks]
        plain = all(not value or value.adjusted() in PLAIN for value in values)
        return [
            (float((tick - self.low) / span), written(value, plain=plain, comma=comma))
            for tick, value in zip(self.ticks, values, strict=True)
        ]


def _step(span: Decimal, least: Decimal | None) -> Decimal:
    """The shortest of 1, 2, 5 times a power of ten that goes at most `MOST_TICKS` times into `span`."""
    power = (span / MOST_TICKS).adjusted()
    step = next(step for step in (Decimal(m).scaleb(power) for m in (1, 2, 5, 10)) if span / step <= MOST_TICKS)
    return max(step, least) if least is not None else step


def written(value: Decimal, *, plain: bool = True, comma: bool = False) -> Maths:
    """A tick's number, exactly: ``0.02`` or, where it isn't to be `plain`, ``2·10^-2``."""
    shortest = value.normalize(CONTEXT)
    if plain or value == 0:
        text = format(shortest, "f")
    elif shortest.as_tuple().digits == (1,) and value > 0:
        return Script(Digits("10"), sup=number(str(value.adjusted())))
    else:
        text = f"{format(shortest.scaleb(-value.adjusted(), CONTEXT), 'f')}·10^{value.adjusted()}"
    return number(text.replace(".", ",") if comma else text)


def across(axis: Axis, label: Maths | str, comma: bool) -> list[Mark]:
    marks: list[Mark] = [Stroke(LEFT, BELOW, LEFT + WIDTH, BELOW)]
    for part, tick in axis.places(comma=comma):
        x = LEFT + WIDTH * part
        marks += [Stroke(x, BELOW, x, BELOW - TICK), Label(x, BELOW - 11, tick, size=SIZE)]
    return [*marks, Label(LEFT + WIDTH / 2, 11, label, size=SIZE)]


def up(axis: Axis, label: Maths | str, comma: bool) -> list[Mark]:
    """With a light line across the page for each tick; the label stands above the axis."""
    marks: list[Mark] = [Stroke(LEFT, BELOW, LEFT, BELOW + HEIGHT)]
    for part, tick in axis.places(comma=comma):
        y = BELOW + HEIGHT * part
        grid = [Stroke(LEFT, y, LEFT + WIDTH, y, width=0.4, grey=0.8)] if part else []
        marks += [*grid, Stroke(LEFT - TICK, y, LEFT, y), Label(LEFT - 6, y, tick, "right", SIZE)]
    return [*marks, Label(LEFT - 6, BELOW + HEIGHT + 14, label, "left", SIZE)]
