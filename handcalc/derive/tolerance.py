"""What is accepted of each quantity: every number that a student could reach by rounding each step no more coarsely
than the sheet says.

The steps are worked in order on spans of numbers. Given numbers are exact. The result of a step may be any number that
its formula gives with any of the numbers that its quantities may be, rounded (or cut off) to the places of that step
or to more; a half may be rounded to either side.

A student with sense doesn't round away what matters: an output of a sigmoid that would round to 0 or 1, and what a
later line divides by or takes a root or logarithm of and would round to 0, keeps as many significant figures of its
distance from that end as it has places. (In rounded carry the sheet says so, of all that would round to 0.) Where a
line has no bounds all the same, it is worked with exact operands.

Glossary
    span      the numbers that a student may have, from `low` to `high`
    end       what a value never is: 0, or an end of its open range
    places    decimals, or significant figures, of a result
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flint import ctx, fmpq

from handcalc.derive.carried import MOST_PLACES
from handcalc.derive.decimals import (
    LARGE,
    Rounded,
    beyond,
    decimal_text,
    decimals_of,
    first_exponent,
    nearest,
    terminating_text,
    to_places,
)
from handcalc.derive.passes import NumericPass, Pass
from handcalc.derive.places import counted, places_by_slot
from handcalc.derive.span import ZERO, Span, Unbounded, ends, span_of, touches_zero
from handcalc.derive.tape import Value
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Quotient, Ref
from handcalc.formula.words import Words, say
from handcalc.network.rounding import Rounding

LEAST = fmpq(1, 10**99)
"""A pocket calculator shows 0 for less."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The answers that are accepted: from `low` to `high`, texts with as many places as the printed result has, which
    is one of them. An answer with more places may be anything from `least` to `most`."""

    low: str
    high: str
    least: fmpq
    most: fmpq

    def holds(self, answer: fmpq) -> bool:
        """Whether a student could have reached `answer`."""
        return bool(self.least <= answer <= self.most)

    @property
    def is_single(self) -> bool:
        return self.low == self.high


def accepted(worked: Pass, before: Mapping[Quantity, Interval] | None = None) -> Mapping[Quantity, Interval]:
    """The interval of every quantity of a pass; none of a pass with letters.

    `before` holds those of the pass before, where that is on the sheet too: what it has learned is not exact.
    """
    if not isinstance(worked, NumericPass):
        return MappingProxyType({})
    return MappingProxyType(Spans(worked, before or {}).intervals())


def accepted_over(passes: Sequence[Pass]) -> Mapping[Quantity, Interval]:
    """The interval of every quantity of several passes; of one that is given again the one where it was made."""
    found: dict[Quantity, Interval] = {}
    before: Mapping[Quantity, Interval] = {}
    for worked in passes:
        before = accepted(worked, before)
        found = {**before, **found}
    return MappingProxyType(found)


def spans_over(passes: Sequence[NumericPass]) -> list[Spans]:
    """The spans of each of several passes, worked once."""
    found: list[Spans] = []
    before: Mapping[Quantity, Interval] = {}
    for worked in passes:
        if "spans" not in worked.memo:
            worked.memo["spans"] = Spans(worked, before)
            worked.memo["spans"].work()
        found.append(worked.memo["spans"])
        made = {q.later() for q in worked.program.page.learned}
        before = {q: found[-1].interval(slot) for q, slot in worked.program.slots.number.items() if q in made}
    return found


def rounded(x: fmpq, places: int, rounding: Rounding) -> fmpq:
    """The number that is printed of x; without what is kept of one that would become 0."""
    return nearest(x, decimals_of(x, places, figures=rounding.figures), rounding.how, up=x > 0)


def accepted_sentence(rounding: Rounding, language: str = "en") -> Words:
    """What the sheet says of its intervals."""
    how = "cut" if rounding.how == "truncate" else "rounded"
    return say(language, f"accepted, {how}", places=counted(rounding, rounding.places, language))


class Spans:
    """The spans of one pass: `spans` as a student may print and carry them, `kept` where nobody has rounded them to 0,
    `ends` as they are printed, `typed` as they may stand on a student's sheet."""

    def __init__(self, worked: NumericPass, before: Mapping[Quantity, Interval]) -> None:
        self.worked, self.before, self.program = worked, before, worked.program
        self.values: Sequence[Value] = worked.values
        self.rounding = worked.network.rounding
        self.keeps = self.rounding.carry == "rounded"
        self.places = places_by_slot(self.program, self.rounding)
        self.spans: list[Span] = []
        self.kept: list[Span] = []
        self.ends: list[Span] = []
        self.typed: list[Span] = []
        self.apart = False

    def intervals(self) -> dict[Quantity, Interval]:
        self.work()
        return {q: self.interval(slot) for slot, q in enumerate(self.program.slots.quantities)}

    def work(self) -> None:
        for slot in range(self.program.first):
            self._given(slot)
        for slot, formula in enumerate(self.program.formulas, self.program.first):
            self._result(slot, *self._given_by(slot, formula))

    def bounds(self, slot: int) -> Span:
        """All that may be carried or printed in `slot`."""
        return self.typed[slot]

    def bounds_by(self, slot: int, formula: Formula) -> Span | None:
        """The same where the line is `formula`, which may be a wrong one; None where it has no bounds."""
        try:
            return self._rounded(slot, *self._worked(formula), ranged=False)[3]
        except Unbounded:
            return None

    def _given_by(self, slot: int, formula: Formula) -> tuple[Span, Span]:
        try:
            return self._worked(formula)
        except Unbounded:
            true = self._true(slot)
            return true, true

    def _worked(self, formula: Formula) -> tuple[Span, Span]:
        """What a line gives, as it is and where nobody has rounded to 0. Raises Unbounded."""
        span = self._share(formula, span_of(formula, self._operand))
        return span, span_of(formula, self._below) if self.apart and touches_zero(span) else span

    def _share(self, formula: Formula, found: Span) -> Span:
        """Of e₁/S, where S is a total that holds e₁: e₁/(e₁ + rest), so that e₁ isn't taken for two numbers."""
        number, totals = self.program.slots.number, self.program.totals
        match formula:
            case Quotient(Ref(part), Ref(whole)) if number[part] in totals.get(number[whole], ()):
                slot, total = number[part], number[whole]
            case _:
                return found
        rest = [self.spans[i] for i in totals[total] if i != slot]
        unit = max(fmpq(10) ** -self.places_at(total, x, zero=self.keeps, range_=True) for x in self.spans[total])
        error = unit if self.rounding.how == "truncate" else unit / 2
        low, high = self.spans[slot]
        least, most = sum((one.low for one in rest), -error), sum((one.high for one in rest), error)
        if low <= 0 or high + least <= 0:
            return found
        return Span(max(found.low, low / (low + most)), min(found.high, high / (high + least)))

    def _given(self, slot: int) -> None:
        """Exact where it is typed; what an earlier pass has made is that pass's, or the printed number."""
        true, found = self._true(slot), self.before.get(self.program.slots.quantities[slot])
        if self.worked.typed[slot] is not None:
            span = printed = true
        elif found is None:
            self._result(slot, true, true)
            return
        else:
            span, printed = Span(found.least, found.most), self._printed(slot, true)
        self.spans.append(span)
        self.kept.append(span)
        self.ends.append(printed)
        self.typed.append(_hull(span, printed))

    def _true(self, slot: int) -> Span:
        with ctx.workprec(self.worked.precision):
            return ends(self.values[slot])

    def _operand(self, quantity: Quantity, below: bool) -> Span:
        slot = self.program.slots.number[quantity]
        return self.kept[slot] if below else self.spans[slot]

    def _below(self, quantity: Quantity, below: bool) -> Span:
        return self.kept[self.program.slots.number[quantity]]

    def _result(self, slot: int, span: Span, kept: Span) -> None:
        made = self._rounded(slot, span, kept)
        for spans, one in zip((self.spans, self.kept, self.ends, self.typed), made, strict=True):
            spans.append(one)
        self.apart = self.apart or made[0] != made[1]

    def _rounded(self, slot: int, span: Span, kept: Span, *, ranged: bool = True) -> tuple[Span, Span, Span, Span]:
        """What a step gives, or an earlier pass has given, as it is carried, kept, printed, and may be typed."""
        range_ = self.program.ranges[slot]
        if ranged and range_ is not None:
            span, kept = (self._inside(slot, one, range_) for one in (span, kept))
        carried = self.carried(slot, span, keep=self.keeps, ranged=ranged)
        same = kept == span and self.keeps
        apart = carried if same else self.carried(slot, kept, keep=True, ranged=ranged)
        printed = self._printed(slot, span, ranged=ranged)
        typed = _hull(carried, printed)
        if any(0 < abs(x) < LEAST for x in span):
            typed = _hull(typed, ZERO)
        if ranged and range_ is not None and not self.keeps:  # 0.99999, where 1.0000 is too coarse to go on with
            typed = _hull(typed, self.carried(slot, span, keep=False, ranged=False))
        return carried, apart, printed, typed

    def _inside(self, slot: int, span: Span, range_: tuple[int, int]) -> Span:
        """Of what a span has outside the open range of a value nothing is left but the value itself, and what is a
        unit of the last place from the end. What a student has made may be outside all the same: e/S with a wrong S."""
        low, high, true = *span, self._true(slot)
        if true.low > range_[1] or true.high < range_[0]:
            return span
        unit = fmpq(10) ** -self.places[slot]
        return Span(
            low if low > range_[0] else min(true.low, range_[0] + unit),
            high if high < range_[1] else max(true.high, range_[1] - unit),
        )

    def carried(self, slot: int, span: Span, *, keep: bool, ranged: bool) -> Span:
        """Every number that rounding a number of `span` to its places, or to more, can give."""
        how = self.rounding.how
        low, high = (self.places_at(slot, x, zero=keep, range_=ranged) for x in span)
        return Span(
            min(nearest(span.low, low, how, up=False), self._more(slot, span.low, low, up=False, ranged=ranged)),
            max(nearest(span.high, high, how, up=True), self._more(slot, span.high, high, up=True, ranged=ranged)),
        )

    def _more(self, slot: int, x: fmpq, places: int, *, up: bool, ranged: bool) -> fmpq:
        """The last number that rounding x to more places can give; no end of its open range."""
        found = beyond(x, places + 1, up=up)
        if found == x or not ranged or found not in (self.program.ranges[slot] or ()):
            return found
        return beyond(x, max(places + 1, decimals_of(x - found, self.places[slot], figures=True)), up=up)

    def _printed(self, slot: int, span: Span, *, ranged: bool = True) -> Span:
        """The ends of `span` as a result is printed."""
        keeps = self.keeps and ranged
        low, high = (
            nearest(x, self.places_at(slot, x, zero=self.keeps, range_=keeps), self.rounding.how, up=up)
            for x, up in zip(span, (False, True), strict=True)
        )
        if not keeps:
            return Span(low, high)
        value = self.values[slot]  # a total may have kept more figures
        return Span(min(low, value), max(high, value))

    def places_at(self, slot: int, x: fmpq, *, zero: bool, range_: bool) -> int:
        """The decimals that x is rounded to; more where it would become an end that is asked about."""
        n, figures = self.places[slot], self.rounding.figures
        places = decimals_of(x, n, figures=figures)
        others = (self.program.ranges[slot] or ()) if range_ else ()
        if not (zero or others):
            return places
        found = nearest(x, places, self.rounding.how, up=x > 0)
        end = next((one for one in (*[0] * zero, *others) if one == found and one != x), None)
        return places if end is None else max(places, decimals_of(x - end, n, figures=True))

    def interval(self, slot: int) -> Interval:
        """What is accepted in `slot`."""
        low, high = self.ends[slot]
        text = self.worked.typed[slot] if slot < self.program.first else None
        if text is not None:
            return Interval(text, text, low, high)
        shown = texts(low, high, self.places[slot], figures=self.rounding.figures)
        return Interval(*shown, *self.bounds(slot))


def _hull(x: Span, y: Span) -> Span:
    return Span(min(x.low, y.low), max(x.high, y.high))


def texts(low: fmpq, high: fmpq, places: int, *, figures: bool) -> tuple[str, str]:
    """Two printed numbers, with as many decimals as either of them needs."""

    def shown(x: fmpq) -> Rounded:
        large = figures or abs(x.p) >= x.q * 10**LARGE
        exponent = first_exponent(x) if x and large else None
        return to_places(lambda d: int((abs(x) * fmpq(10) ** d).floor()), exponent, places, figures=figures)

    both = [(x, shown(x)) for x in (low, high)]
    if all(one.value == abs(x) for x, one in both):
        return both[0][1].text(negative=low < 0), both[1][1].text(negative=high < 0)
    decimals = max(len(str(terminating_text(x, MOST_PLACES)).partition(".")[2]) for x in (low, high))
    texts = [decimal_text(int(abs(x) * 10**decimals), decimals, negative=x < 0) for x in (low, high)]
    return texts[0], texts[1]
