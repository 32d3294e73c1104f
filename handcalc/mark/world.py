"""What follows from a student's own numbers: the spans of a pass in which answers stand in the place of our values.

Where nothing earlier is wrong the spans are ours. A line that depends on a wrong answer is worked again, and gives
what it gives with any number that the student may have gone on with: one that is rounded to the typed one, or to
which the same rounding might have led. Where that agrees with what the line gives, it is narrower than either.

Glossary
    typed      the number that stands on the student's sheet
    ours       the spans of the right pass (`derive.tolerance`)
    changed    slots that needn't be as ours, since an answer before them is wrong, or they are
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
from handcalc.derive.decimals import decimals_of
from handcalc.derive.functions import NoValue, said, value_of
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


def number_of(entry: Entry) -> Value:
    """The value of an answer without letters."""
    assert entry.value is not None
    return entry.value


PLAIN = frozenset({fmpq(0), fmpq(1), fmpq(-1)})


def is_plain(value: Value | None) -> bool:
    """Whether it is 0, 1 or −1: that leaves nothing to work out of a product or a slope, and too much gives it."""
    return isinstance(value, fmpq) and value in PLAIN


def within(entry: Entry, span: Span) -> bool:
    """Whether an answer certainly lies in a span, its ends included."""
    try:
        return decided_within(entry, span)
    except NotDecided:
        return False


def decided_within(entry: Entry, span: Span) -> bool:
    """The same; raises NotDecided where nothing tells."""
    if isinstance(entry.value, fmpq):
        return bool(span.low <= entry.value <= span.high)
    return compared(entry, span.low) >= 0 and compared(entry, span.high) <= 0


class World(Spans):
    """A pass with a student's answers; each slot of `answers` has the readings of one answer.

    ``explain(world, slot)`` gives wrong lines that lead to the answer there.
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
        explain: Callable[[World, int], Iterable[Formula]] = lambda world, slot: (),
    ) -> None:
        self.explain = explain
        self.worked, self.program, self.rounding = ours.worked, ours.program, ours.rounding
        self.keeps, self.places, self.apart = ours.keeps, ours.places, True
        self.ours, self.answers, self.seen = ours, answers, seen
        self.spans, self.kept, self.ends = list(ours.spans), list(ours.kept), list(ours.ends)
        self.typed = list(ours.typed)
        self.values: list[Value] = list(ours.values)
        self.changed: set[int] = set()
        self.set: set[int] = set()
        self.lost: set[int] = set()
        self.right: set[int] = set()
        self.entries: dict[int, Entry] = {}
        self.follow: dict[int, Span] = {}
        self.worked_again: dict[int, Value] = {}
        self.undecided: set[int] = set()
        self.loose: dict[int, tuple[Span, Span, Value]] = {}
        """Of answered slots all that was perhaps carried, if what is written is right by chance."""
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
                self.ends[slot] = self.typed[slot] = before.ends[made]
                self.values[slot] = before.values[made]
                self.changed.add(slot)

    def work(self) -> None:
        for slot in range(len(self.spans)):
            if slot not in self.seen and not self.changed.isdisjoint(self.operands(slot)):
                self.again(slot)
            if slot in self.answers:
                self._answered(slot)

    def operands(self, slot: int) -> tuple[int, ...]:
        """The slots that a line is worked from; none of what is given."""
        return self.program.operands[slot - self.program.first] if slot >= self.program.first else ()

    def again(self, slot: int) -> None:
        """Work a line again."""
        self.changed.add(slot)
        line, formula = self.program.lines[slot - self.program.first], self.program.formulas[slot - self.program.first]
        value = self.point(slot, lambda: line(self.values))
        if value is None:
            self.lost.add(slot)
            return
        ours, self.values[slot] = self.values[slot], value
        try:
            made = self._rounded(slot, *self._given_by(slot, formula))
        except Unbounded:  # e^(10^50)
            self.values[slot] = ours
            self.lost.add(slot)
            return
        self.worked_again[slot] = value
        self._put(slot, made)
        self.follow[slot] = self.bounds(slot)

    def _given_by(self, slot: int, formula: Formula) -> tuple[Span, Span]:
        """Where a number that is written may be 0 for all that its digits say, and is divided by, it is taken as it
        is."""
        try:
            return self._worked(formula)
        except Unbounded:
            answered = [i for i in self.operands(slot) if i in self.entries and i not in self.right]
            numbers = {i: (self.written(i), self.written(i), self.values[i]) for i in answered}
            with self.standing(numbers):
                return super()._given_by(slot, formula)

    def _put(self, slot: int, made: tuple[Span, Span, Span, Span]) -> None:
        self.spans[slot], self.kept[slot], self.ends[slot], self.typed[slot] = made

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
        self._put(slot, made)
        self.changed.add(slot)
        self.set.add(slot)
        return True

    def _value(self, quantity: Quantity) -> Value:
        return self.values[self.program.slots.number[quantity]]

    def fork(self) -> World:
        """The same world, in which something else may be changed."""
        made = copy(self)
        made.spans, made.kept, made.ends, made.typed = (list(x) for x in (self.spans, self.kept, self.ends, self.typed))
        made.values, made.worked_again = list(self.values), dict(self.worked_again)
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

    def follows(self, slot: int) -> bool:
        """Whether an answer is what its line gives from the student's own values."""
        return slot in self.follow and within(self.entries[slot], self.follow[slot])

    def is_exact(self, slot: int) -> bool:
        """Whether our value is right, worked from nothing wrong, and all of its digits are written: no rounding hides
        anything."""
        value, alone = self.ours.values[slot], slot in self.right and slot not in self.follow
        return alone and isinstance(value, fmpq) and value == number_of(self.entries[slot])

    def _answered(self, slot: int) -> None:
        entry, right = self._taken(slot)
        self.entries[slot] = entry
        follows = slot in self.follow and self._holds(slot, entry, self.follow[slot])
        typed, kept = self._carried_of(slot, entry)
        if right:
            self.right.add(slot)
            if not follows:
                self.values[slot] = self.ours.values[slot]
        else:
            self.values[slot] = number_of(entry)
            self.changed.add(slot)
        inside, inside_kept = (self._inside_typed(slot, one, entry) for one in (typed, kept))
        self.loose[slot] = (typed, kept, self.values[slot])
        if right or follows:
            made = self if follows else self.ours
            self.spans[slot], self.kept[slot] = _overlap(made.spans[slot], typed), _overlap(made.kept[slot], kept)
        elif (made_wrongly := self._meant(slot, typed)) is not None:
            value, span, apart = made_wrongly
            self.values[slot], self.spans[slot], self.kept[slot] = value, _overlap(span, typed), _overlap(apart, typed)
        else:
            self.spans[slot], self.kept[slot] = inside, inside_kept
        self.ends[slot] = self.typed[slot] = self.spans[slot]
        self.set.add(slot)

    def _meant(self, slot: int, typed: Span) -> tuple[Value, Span, Span] | None:
        """What is behind an answer that looks like 0, or an end of the open range, where a mistake gives it."""
        range_ = self.program.ranges[slot]
        if not any(typed.low <= end <= typed.high for end in (0, *(range_ or ()))):
            return None
        for formula in self.explain(self, slot):
            value = self.point(slot, lambda f=formula: value_of(chosen(f, self._value), self._value))  # type: ignore[misc]
            span, kept = self._worked(formula)
            if value is not None:
                inside = range_ is not None and range_[0] < span.low and span.high < range_[1]
                made = self._rounded(slot, span, kept, ranged=inside)
                return value, made[0], made[1]
        return None

    def _taken(self, slot: int) -> tuple[Entry, bool]:
        """The reading that is meant (a right one, else one that follows, else the likeliest); whether it is right."""
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
            return decided_within(entry, span)
        except NotDecided:
            self.undecided.add(slot)
            return False

    def _carried_of(self, slot: int, entry: Entry) -> tuple[Span, Span]:
        """What a student may have gone on with who has written `entry`, and who has not rounded it to 0."""
        low, high = _as_typed(entry)
        if slot < self.program.first and self.worked.typed[slot] is not None:
            return Span(low, high), Span(low, high)
        room = WHOLE if self.rounding.how == "truncate" else HALF
        decimals = min(self.places_at(slot, x, zero=False, range_=False) for x in (low, high))
        figures = decimals_of(low, self.places[slot], figures=True)
        kept = max(decimals, figures if entry.decimals is None else min(figures, entry.decimals))
        units = room * fmpq(10) ** -decimals, room * fmpq(10) ** -kept
        wide, narrow = (Span(low - unit, high + unit) for unit in units)
        return wide, narrow

    def _inside_typed(self, slot: int, typed: Span, entry: Entry) -> Span:
        """Without what is outside of the open range of the quantity, unless what is typed is that itself."""
        range_ = self.program.ranges[slot]
        if range_ is None:
            return typed
        low, high = _as_typed(entry)
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

    def ours_at(self, slots: Iterable[int]) -> dict[int, tuple[Span, Span, Value]]:
        """Our values of some slots."""
        ours = self.ours
        return {i: (ours.spans[i], ours.kept[i], ours.values[i]) for i in slots}

    def written(self, slot: int) -> Span:
        """An answer just as it stands there."""
        return _as_typed(self.entries[slot])

    @contextmanager
    def standing(self, numbers: Mapping[int, tuple[Span, Span, Value]]) -> Iterator[None]:
        """While it lasts, other numbers stand in some slots: as they are, kept, and just as they are typed."""
        kept = {i: (self.spans[i], self.kept[i], self.values[i]) for i in numbers}
        try:
            for i, one in numbers.items():
                self.spans[i], self.kept[i], self.values[i] = one
            yield
        finally:
            for i, one in kept.items():
                self.spans[i], self.kept[i], self.values[i] = one


def value_text(spans: Spans, slot: int, value: Value) -> str:
    """A value in the digits that the slot has."""
    places, rounding = spans.places[slot], spans.rounding
    try:
        x = rounded(ends(value).low, places, rounding)
    except Unbounded:
        return said(value)
    return texts(x, x, places, figures=rounding.figures)[0]


def _as_typed(entry: Entry) -> Span:
    with ctx.workprec(128):
        return ends(number_of(entry))


def _overlap(made: Span, typed: Span) -> Span:
    low, high = max(made.low, typed.low), min(made.high, typed.high)
    return Span(low, high) if low <= high else typed
