"""Which mistakes give an answer: those that are known of the line's operation, and what can happen in any line.

Each is tried on the student's own earlier values, and on ours where these differ. It fits if the answer is one that a
student who makes it could reach by rounding; not where that is so wide a span that it says nothing.

Glossary
    near     a mistake that is no operation's: a sign, a power of ten, a given that is miscopied, a term left out
    width    of a span that still says something
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from flint import ctx, fmpq

from handcalc.derive.decimals import nearest, terminating_text
from handcalc.derive.functions import NoValue, value_of
from handcalc.derive.identity import chosen
from handcalc.derive.program import Program
from handcalc.derive.slip import Slip, possible
from handcalc.derive.span import Span, ends
from handcalc.derive.tape import Undecided, Value
from handcalc.derive.tolerance import Spans
from handcalc.formula.number import Number, read_number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Negative, Num, Sum, quantities, replaced
from handcalc.mark.answer import Entry
from handcalc.mark.lines import stage_of
from handcalc.mark.verdict import Fit
from handcalc.mark.world import World, is_plain, number_of, within

MOST_UNITS, MOST_WIDTHS, MOST_PART, MOST_PART_AT_LINE = 6, 3, fmpq(1, 500), fmpq(1, 50)
"""A span says something that is no wider than so many units of the last place, or so many times what is accepted, or
that part of the answer; of what is known to go wrong in that very line a larger part."""
TENS = (1, -1, 2, -2)
"""Powers of ten by which a point is misplaced."""
_NEIGHBOURS = re.compile(r"(\d)(?=(\.?)(\d))")
NEAR = ("sign", "ten", "factor", "term-sign", "term-left-out", "digits", "given", "given-sign", "early")
"""What can happen in any line, the likeliest first."""


class Try(NamedTuple):
    """A line as somebody may have written it, by the code of what is wrong."""

    code: str
    line: Formula
    told: Mapping[str, str] = {}


def slips_at(program: Program) -> Mapping[int, tuple[Slip, ...]]:
    """By slot the mistakes that can happen there, made once for each page."""
    if "slips" not in program.memo:
        found: dict[int, list[Slip]] = {}
        for slip in possible(program.page.shape, program.page.turn):
            found.setdefault(program.slots.number[slip.quantity], []).append(slip)
        program.memo["slips"] = {slot: tuple(slips) for slot, slips in found.items()}
    made: Mapping[int, tuple[Slip, ...]] = program.memo["slips"]
    return made


def at_the_line(world: World, slot: int) -> tuple[Fit, ...]:
    """The known mistakes of the operation that writes the line of `slot` which give its answer."""
    look = _Look(world, slot, MOST_PART_AT_LINE)
    return tuple(fit for slip in slips_at(world.program).get(slot, ()) if (fit := look.at(slip)))


def lines_at(world: World, slot: int) -> tuple[Formula, ...]:
    """The lines as they are written with these mistakes."""
    return tuple(fit.line for fit in at_the_line(world, slot) if fit.line is not None)


def near_the_line(world: World, slot: int) -> tuple[Fit, ...]:
    """What can happen in any line and gives the answer there."""
    return () if is_plain(world.entries[slot].value) else tuple(_Look(world, slot, MOST_PART).near())


def factors_at(world: World, slot: int) -> tuple[Fit, ...]:
    """Where `slot` is a loss, the factors that give its answer, whatever else gives it: 2L is binary cross-entropy
    over two classes, too."""
    return () if is_plain(world.entries[slot].value) else tuple(_Look(world, slot, MOST_PART).of_the_loss())


class _Look:
    """One answer, held against what wrong lines give."""

    def __init__(self, world: World, slot: int, part: fmpq) -> None:
        self.world, self.slot, self.entry = world, slot, world.entries[slot]
        self.program = world.program
        self.width = width(world, slot, self.entry, part)
        self.step = self.program.steps[slot - self.program.first] if slot >= self.program.first else None
        self.apart = not world.changed.isdisjoint(world.operands(slot))

    def at(self, slip: Slip) -> Fit | None:
        """The mistake, where it gives the answer."""
        theirs = self._which(slip.wrong.formula)
        if theirs is None:
            return None
        line, digits = self._as_written(slip.wrong.formula, theirs=theirs)
        return Fit(slip.code, slip.operation.name, (slip,), line, digits, theirs=theirs, rare=slip.mistake.rare)

    def near(self) -> Iterator[Fit]:
        yield from self._of_the_result()
        if self.step is None:
            return
        for one in self._tries(self.step.formula):
            theirs = self._which(one.line)
            if theirs is not None:
                line, digits = self._as_written(one.line, theirs=theirs)
                yield Fit(one.code, "", (), line, digits, theirs=theirs, told=one.told)
        yield from self._early(self.step.formula)

    def _which(self, line: Formula) -> bool | None:
        """Whether a line gives the answer from the student's values (True) or from ours (False); else None."""
        if self._gives(self.world, line):
            return self.apart and self._named(line)
        return False if self.apart and self._gives(self.world.ours, line) else None

    def _as_written(self, line: Formula, *, theirs: bool) -> tuple[Formula, Mapping[Quantity, str]]:
        """A line in the case that applies, with the digits that its quantities have."""
        spans = self.world if theirs else self.world.ours
        number = self.program.slots.number
        with ctx.workprec(64):
            made = chosen(line, lambda q: spans.values[number[q]])
        right = self.world.right  # of ours as they have written them
        digits = {q: self.world.text(number[q], theirs=theirs or number[q] in right) for q in quantities(made)}
        return made, digits

    def _named(self, line: Formula) -> bool:
        number = self.program.slots.number
        return any(number[q] in self.world.changed for q in quantities(line))

    def _gives(self, spans: Spans, line: Formula) -> bool:
        value = point_of(spans, line)
        if value is None or not _is_near(self.entry, value, 2 * self.width):
            return False
        span = spans.bounds_by(self.slot, line)
        return span is not None and span.high - span.low <= self.width and within(self.entry, span)

    def _of_the_result(self) -> Iterator[Fit]:
        """What goes wrong when the result is written down."""
        for span, theirs in self._spans():
            if within(self.entry, Span(-span.high, -span.low)):
                yield Fit("sign", "", theirs=theirs)
            for n in TENS:
                scale = fmpq(10) ** n
                moved = self.world.carried(
                    self.slot, Span(span.low * scale, span.high * scale), keep=False, ranged=False
                )
                if moved.high - moved.low <= self.width * (scale if n > 0 else 1) and within(self.entry, moved):
                    yield Fit("ten", "", theirs=theirs, told={"factor": f"10^{n}" if n != 1 else "10"})
        yield from self.of_the_loss()

    def of_the_loss(self) -> Iterator[Fit]:
        """The factors of a loss: 2, ½, the numbers of outputs and samples."""
        if stage_of(self.program, self.slot) != "loss":
            return
        for span, theirs in self._spans():
            for factor in self._factors():
                if within(self.entry, Span(span.low * factor, span.high * factor)):
                    yield Fit("factor", "", theirs=theirs, told={"factor": str(factor)})

    def _spans(self) -> list[tuple[Span, bool]]:
        """What is right from their values, if these are others, and from ours."""
        follow = self.world.follow.get(self.slot)
        theirs = [(follow, True)] if follow is not None else []
        return [*theirs, (self.world.ours.bounds(self.slot), False)]

    def _early(self, formula: Formula) -> Iterator[Fit]:
        """The line from earlier results with a digit less, or two: all of them rounded."""
        world = self.world
        made = [i for i in world.operands(self.slot) if i >= self.program.first]
        for less, end in product((1, 2), (0, 1)) if made else ():
            decimals = {i: world.places_at(i, world.spans[i][end], zero=False, range_=False) - less for i in made}
            coarse = {i: nearest(world.spans[i][end], n, "half up", up=bool(end)) for i, n in decimals.items()}
            with world.standing({i: (Span(x, x), Span(x, x), world.values[i]) for i, x in coarse.items()}):
                span = world.bounds_by(self.slot, formula)
            if span is not None and span.high - span.low <= self.width and within(self.entry, span):
                line, digits = self._as_written(formula, theirs=self.apart)
                names = self.program.slots.quantities
                rounded = {names[i]: terminating_text(x, max(decimals[i], 0)) or "" for i, x in coarse.items()}
                yield Fit("early", "", (), line, {**digits, **rounded}, theirs=self.apart)
                return

    def _factors(self) -> Sequence[fmpq]:
        page = self.program.page
        counts = {2, *(len(block) for block in page.targets), len(page.targets)} - {0, 1}
        return [f for n in sorted(counts) for f in (fmpq(n), fmpq(1, n))]

    def _tries(self, formula: Formula) -> Iterator[Try]:
        if isinstance(formula, Sum):
            terms = formula.terms
            for n, term in enumerate(terms):
                other = term.inner if isinstance(term, Negative) else Negative(term)
                yield Try("term-sign", Sum((*terms[:n], other, *terms[n + 1 :])))
            for n in range(len(terms) if len(terms) > 2 else 0):
                yield Try("term-left-out", Sum(terms[:n] + terms[n + 1 :]))
        for q in quantities(formula):
            slot = self.program.slots.number[q]
            text = self.world.worked.typed[slot] if slot < self.program.first else None
            if text is not None:
                for code, number in self._miscopied(slot, text):
                    line = replaced(formula, {q: Num(number)}.get)
                    yield Try(code, line, {"right": text, "wrong": number.text})

    def _miscopied(self, slot: int, text: str) -> Iterator[tuple[str, Number]]:
        """A given number with two digits swapped, another one of its block, itself without its sign."""
        met = {text}
        for other in digits_swapped(text):
            if other not in met:
                met.add(other)
                yield "digits", read_number(other)
        block = self.program.slots.quantities[slot].block()
        for n, q in enumerate(self.program.slots.quantities[: self.program.first]):
            other_text = self.world.worked.typed[n]
            if other_text is not None and other_text not in met and q.block() == block:
                met.add(other_text)
                yield "given", read_number(other_text)
        number = read_number(text)
        if number.value:
            negated = text.removeprefix("-") if number.value < 0 else f"-{text}"
            yield "given-sign", read_number(negated)


def digits_swapped(text: str) -> Iterator[str]:
    """``1.29``, ``2.19`` … of ``1.92``: two neighbouring digits the other way round, with no more than a point between
    them; none of an exponent."""
    for m in _NEIGHBOURS.finditer(text.lower().partition("e")[0]):
        first, between, second = m.groups()
        if first != second:
            yield f"{text[: m.start()]}{second}{between}{first}{text[m.start() + len(between) + 2 :]}"


def width(spans: Spans, slot: int, entry: Entry, part: fmpq = MOST_PART) -> fmpq:
    """How wide a span may be that says something of `entry`."""
    value = ends(number_of(entry)).low
    accepted = spans.ours.bounds(slot) if isinstance(spans, World) else spans.bounds(slot)
    unit = fmpq(10) ** -spans.places_at(slot, value, zero=False, range_=False)
    return max(MOST_UNITS * unit, MOST_WIDTHS * (accepted.high - accepted.low), part * abs(value))


def point_of(spans: Spans, line: Formula) -> Value | None:
    """What a line gives with the numbers as they stand; None where it has no value."""
    number, values = spans.program.slots.number, spans.values
    with ctx.workprec(64):
        try:
            found = value_of(chosen(line, lambda q: values[number[q]]), lambda q: values[number[q]])
        except (NoValue, ZeroDivisionError, Undecided):
            return None
    return found if isinstance(found, fmpq) or found.is_finite() else None


def _is_near(entry: Entry, value: Value, room: fmpq) -> bool:
    """Whether they can be no further apart than `room`."""
    with ctx.workprec(64):
        return not abs(number_of(entry) - value) > room
