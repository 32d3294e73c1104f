"""What follows from a student's own numbers: the spans of a pass in which answers stand in the place of our values.

Where nothing earlier is wrong the spans are ours. A line that depends on a wrong answer is worked again, and gives
what it gives with any number that the student may have gone on with: one that is rounded to the typed one, or to
which the same rounding might have led. Where that agrees with what the line gives, it is narrower than either.

Glossary
    typed      the number that stands on the student's sheet
    ours       the spans of the right pass (`derive.tolerance`)
    changed    slots that aren't as ours, since an answer before them is wrong, or they are
    set        slots whose value is no result of the page's line
    lost       slots that have no value in this world; ours stands there
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy

from flint import arb, ctx, fmpq

from handcalc.derive.carried import Carried
from handcalc.derive.certify import LAST_PRECISION, CannotDecide
from handcalc.derive.functions import NoValue, value_of
from handcalc.derive.identity import chosen
from handcalc.derive.span import Span, Unbounded, ends
from handcalc.derive.tape import Undecided, Value
from handcalc.derive.tolerance import Spans, rounded, texts
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, quantities
from handcalc.mark.answer import Entry
from handcalc.mark.deciding import NotDecided, compared

HALF, WHOLE = fmpq(11, 20), fmpq(1)
"""By how many units of the last place what is carried can differ from what is written: both are rounded from one
number, one of them to more places; or both are cut off."""


PLAIN = frozenset({fmpq(0), fmpq(1), fmpq(-1)})


def is_plain(value: Value | None) -> bool:
    """Whether it is 0, 1 or −1: that leaves nothing to work out of a product or a slope, and too much gives it."""
    return isinstance(value, fmpq) and value in PLAIN


def within(entry: Entry, span: Span) -> bool:
    """Whether an answer lies in a span, its ends included. Raises NotDecided."""
    if isinstance(entry.value, fmpq):
        return bool(span.low <= entry.value <= span.high)
    return compared(entry, span.low) >= 0 and compared(entry, span.high) <= 0


class World(Spans):
    """A pass with a student's answers; each slot of `answers` has the readings of one answer.

    After `work`, `entries` holds the reading that was taken of each, `right` the slots that are accepted from our
    values, `undecided` those of which that stays open; `follow` what is accepted of each changed line from theirs, and
    `worked_again` what it gives with the numbers just as they are typed.
    """

    def __init__(
        self,
        ours: Spans,
        answers: Mapping[int, tuple[Entry, ...]],
        seen: Collection[int] = frozenset(),
        before: World | None = None,
    ) -> None:
        self.worked, self.program, self.rounding = ours.worked, ours.program, ours.rounding
        self.keeps, self.places, self.apart = ours.keeps, ours.places, True
        self.ours, self.answers, self.seen = ours, answers, seen
        self.spans, self.kept, self.ends = list(ours.spans), list(ours.kept), list(ours.ends)
        self.values: list[Value] = list(ours.values)
        self.changed: set[int] = set()
        self.set: set[int] = set()
        self.lost: set[int] = set()
        self.right: set[int] = set()
        self.entries: dict[int, Entry] = {}
        self.follow: dict[int, Span] = {}
        self.worked_again: dict[int, Value] = {}
        self.undecided: set[int] = set()
        self.before_this = before
        if before is not None:
            self._take(before)

    def _take(self, before: World) -> None:
        """What the pass before has made of what is given to this one."""
        number = before.program.slots.number
        for slot, q in enumerate(self.program.slots.quantities[: self.program.first]):
            made = number.get(q)
            if made is not None and self.worked.typed[slot] is None and made in before.changed:
                self.spans[slot] = self.kept[slot] = before.bounds(made)
                self.ends[slot] = before.ends[made]
                self.values[slot] = before.values[made]
                self.changed.add(slot)

    def work(self) -> None:
        for slot in range(len(self.spans)):
            if slot >= self.program.first and slot not in self.seen:
                if not self.changed.isdisjoint(self.program.operands[slot - self.program.first]):
                    self.again(slot)
            if slot in self.answers:
                self._answered(slot)

    def again(self, slot: int) -> None:
        """Work a line again."""
        self.changed.add(slot)
        line, formula = (of[slot - self.program.first] for of in (self.program.lines, self.program.formulas))
        value = self.point(slot, lambda: line(self.values))
        if value is None:
            self.lost.add(slot)
            return
        self.values[slot] = self.worked_again[slot] = value
        self.spans[slot], self.kept[slot], self.ends[slot] = self._rounded(slot, *self._given_by(slot, formula))
        self.follow[slot] = self.bounds(slot)

    def wrongly(self, slot: int, formula: Formula) -> bool:
        """Work a wrong line in the place of the right one; whether it has a value."""
        value = self.point(slot, lambda: value_of(chosen(formula, self._value), self._value))
        if value is None:
            return False
        try:
            made = self._rounded(slot, *self._worked(formula), ranged=False)
        except Unbounded:
            return False
        self.values[slot] = value
        self.spans[slot], self.kept[slot], self.ends[slot] = made
        self.changed.add(slot)
        self.set.add(slot)
        return True

    def _value(self, quantity: Quantity) -> Value:
        return self.values[self.program.slots.number[quantity]]

    def fork(self) -> World:
        """The same world, in which something else may be changed."""
        made = copy(self)
        made.spans, made.kept, made.ends, made.values = (
            list(x) for x in (self.spans, self.kept, self.ends, self.values)
        )
        made.changed, made.set, made.lost, made.follow = set(self.changed), set(self.set), set(self.lost), {}
        return made

    def point(self, slot: int, work: Callable[[], Value]) -> Value | None:
        """What a line gives with the numbers as they stand there; None where it has no value."""
        with ctx.workprec(LAST_PRECISION if self.keeps else max(self.worked.precision, 64)):
            try:
                value = work()
                if isinstance(value, arb) and not value.is_finite():
                    return None
                if self.keeps:
                    known = dict(enumerate(self.values))
                    return Carried(self.rounding, self.places, self.program, known).number(value, slot)
            except (NoValue, ZeroDivisionError, Undecided, CannotDecide):
                return None
        return value

    def _answered(self, slot: int) -> None:
        entry, right = self._taken(slot)
        self.entries[slot] = entry
        follows = slot in self.follow and self._holds(slot, entry, self.follow[slot])
        typed = self.typed(slot, entry)
        if right:
            self.right.add(slot)
            self.values[slot] = self.ours.values[slot]
        else:
            self.values[slot] = entry.value
        source = (self.spans[slot], self.kept[slot]) if follows else ()
        if right and not follows:
            source = (self.ours.spans[slot], self.ours.kept[slot])
        if source:
            self.spans[slot], self.kept[slot] = (_overlap(one, typed) for one in source)
        else:
            self.spans[slot] = self.kept[slot] = self._inside_typed(slot, typed, entry)
        self.ends[slot] = self.spans[slot]
        self.set.add(slot)
        (self.changed.discard if right else self.changed.add)(slot)

    def _taken(self, slot: int) -> tuple[Entry, bool]:
        """The reading that is meant: a right one, else one that follows, else the likeliest; and whether it is right."""
        readings, accepted = self.answers[slot], self.ours.bounds(slot)
        for entry in readings:
            if self._holds(slot, entry, accepted):
                return entry, True
        if slot in self.follow:
            for entry in readings:
                if self._holds(slot, entry, self.follow[slot]):
                    return entry, False
        return readings[0], False

    def _holds(self, slot: int, entry: Entry, span: Span) -> bool:
        try:
            return within(entry, span)
        except NotDecided:
            self.undecided.add(slot)
            return False

    def typed(self, slot: int, entry: Entry) -> Span:
        """What a student may have gone on with who has written `entry`."""
        with ctx.workprec(128):
            low, high = ends(entry.value)
        if slot < self.program.first and self.worked.typed[slot] is not None:
            return Span(low, high)
        room = WHOLE if self.rounding.how == "truncate" else HALF
        unit = fmpq(10) ** -max(self.places_at(slot, x, zero=False, range_=False) for x in (low, high))
        return Span(low - room * unit, high + room * unit)

    def _inside_typed(self, slot: int, typed: Span, entry: Entry) -> Span:
        """Without what is outside of the open range of the quantity, unless what is typed is that itself."""
        range_ = self.program.ranges[slot]
        if range_ is None:
            return typed
        with ctx.workprec(128):
            low, high = ends(entry.value)
        return Span(
            max(typed.low, min(low, fmpq(range_[0]))) if low >= range_[0] else typed.low,
            min(typed.high, max(high, fmpq(range_[1]))) if high <= range_[1] else typed.high,
        )

    def text(self, slot: int, *, theirs: bool = True) -> str:
        """The digits of a slot: as the student has written them, or worked out from that; or ours."""
        if theirs and slot in self.entries and isinstance(read := self.entries[slot].read, str):
            return read
        if theirs and slot in self.changed:
            return value_text(self, slot, self.values[slot])
        if slot < self.program.first and (text := self.worked.typed[slot]) is not None:
            return text
        return self.worked.printed.decimal[slot]

    def _share(self, formula: Formula, found: Span) -> Span:
        """Not where the total, or a part of it, is what somebody has written: it need not be the sum."""
        number, totals = self.program.slots.number, self.program.totals
        for operand in map(number.__getitem__, quantities(formula)):
            if operand in totals and not self.set.isdisjoint((operand, *totals[operand])):
                return found
        return super()._share(formula, found)

    @contextmanager
    def with_ours(self, slots: Iterable[int]) -> Iterator[None]:
        """While it lasts, our values stand in `slots`."""
        slots = tuple(slots)
        kept = [(self.spans[i], self.kept[i], self.values[i]) for i in slots]
        for i in slots:
            self.spans[i], self.kept[i], self.values[i] = self.ours.spans[i], self.ours.kept[i], self.ours.values[i]
        try:
            yield
        finally:
            for i, one in zip(slots, kept, strict=True):
                self.spans[i], self.kept[i], self.values[i] = one


def value_text(spans: Spans, slot: int, value: Value) -> str:
    """A value in the digits that the slot has."""
    places, rounding = spans.places[slot], spans.rounding
    x = rounded(ends(value).low, places, rounding)
    return texts(x, x, places, figures=rounding.figures)[0]


def _overlap(made: Span, typed: Span) -> Span:
    low, high = max(made.low, typed.low), min(made.high, typed.high)
    return Span(low, high) if low <= high else typed
