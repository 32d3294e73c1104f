"""One asked line while it is marked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from flint import fmpq

from handcalc.derive.decimals import nearest
from handcalc.derive.program import Program
from handcalc.derive.span import Span
from handcalc.derive.tape import Value
from handcalc.derive.tolerance import Spans
from handcalc.formula.quantity import Quantity
from handcalc.mark.answer import Entry
from handcalc.mark.unreadable import Unreadable
from handcalc.mark.verdict import Code, Evidence, Fit, Source
from handcalc.mark.world import World, is_plain, value_text


@dataclass
class Looked:
    """A line with what has been seen of it so far."""

    quantity: Quantity
    part: int
    """The number of its pass."""
    slot: int
    ours: Spans
    out_of: int
    code: Code = "blank"
    text: str = ""
    entries: tuple[Entry, ...] = ()
    problem: Unreadable | None = None
    fits: tuple[Fit, ...] = ()
    sources: tuple[Source, ...] = ()
    given: str | None = None
    """What its line gives from these sources alone, where some of the student's other numbers stand aside."""
    trivial: Source | None = None
    world: World = field(init=False)
    entry: Entry = field(init=False)

    @property
    def stage(self) -> str:
        """The part of the page that it belongs to; where the network runs again, what it was the first time."""
        return stage_of(self.ours.program, self.slot)

    def evidence(self) -> Evidence:
        """What is expected here, and from which values."""
        follows = self.given
        if follows is None and self.slot in self.world.follow and self.slot not in self.world.lost:
            follows = value_text(self.world, self.slot, self.world.worked_again[self.slot])
        expected = self.world.text(self.slot, theirs=False)
        return Evidence(expected, self.ours.bounds(self.slot), self.sources, None if follows == expected else follows)


def stage_of(program: Program, slot: int) -> str:
    """The stage of a slot's line, that of the first time where the network runs again; "given" where it has none."""
    if slot < program.first:
        return "given"
    step = program.steps[slot - program.first]
    again = program.made.get(step.target.later(-1)) if step.stage == "rerun" else None
    return again.stage if again else step.stage


def rounded_span(span: Span, decimals: int) -> Span:
    """The ends of a span rounded half up to fewer decimals."""
    return Span(nearest(span.low, decimals, "half up", up=False), nearest(span.high, decimals, "half up", up=True))


def sources(world: World, slot: int, without: Collection[int] = ()) -> tuple[Source, ...]:
    """The student's wrong answers that a line is worked from: its operands, and through lines that aren't written."""
    found: dict[Quantity, Source] = {}
    _collect(world, slot, frozenset(without), found)
    return tuple(found.values())


def _collect(world: World, slot: int, without: frozenset[int], found: dict[Quantity, Source]) -> None:
    program = world.program
    for i in world.operands(slot):
        if i not in world.changed or i in without or _is_ours(world, i):
            continue
        q = program.slots.quantities[i]
        if i in world.entries and i not in world.right:
            found.setdefault(q, Source(q, typed_text(world.entries[i]), theirs=True))
        elif i in world.right and not world.follows(i):
            continue  # what is written there is right, and no longer rests on what is wrong before it
        elif i >= program.first:
            _collect(world, i, without, found)
        elif world.before_this is not None and (made := world.before_this.program.slots.number.get(q)) is not None:
            if made in world.before_this.entries and made not in world.before_this.right:
                found.setdefault(q, Source(q, typed_text(world.before_this.entries[made]), theirs=True))
            else:
                _collect(world.before_this, made, frozenset(), found)


def _is_ours(world: World, slot: int) -> bool:
    """Whether a changed line comes out as ours all the same: a ReLU that stays 0."""
    value = world.values[slot]
    return isinstance(value, fmpq) and value == world.ours.values[slot]


def typed_text(entry: Entry) -> str:
    from handcalc.formula.notation import written
    from handcalc.render.text import plain

    return entry.read if isinstance(entry.read, str) else plain(written(entry.formula))


def triviality(line: Looked) -> Source | None:
    """The wrong earlier value, a 0 or 1, or else the first of the sources, that has left nothing to work out of a line
    that follows: it gives 0, 1, −1, or one of its operands, or has nothing else in it, and our values don't."""
    world, slot = line.world, line.slot
    value = world.worked_again.get(slot) if world.follows(slot) else line.entry.value
    if not line.sources or not isinstance(value, fmpq):
        return None
    operands = world.operands(slot)
    ours = line.ours.values
    plain = [one for one in line.sources if is_plain(_value_of(world, one))]
    copied = any(value in (world.values[i], -world.values[i]) for i in operands if isinstance(world.values[i], fmpq))
    results = [i for i in operands if i >= world.program.first]
    easy = plain and all(is_plain(world.values[i]) for i in results)  # 1 + 1
    really = is_plain(ours[slot]) or any(ours[slot] == ours[i] for i in operands if isinstance(ours[i], fmpq))
    if really or not (is_plain(value) or (copied and plain) or easy):
        return None
    return (plain or line.sources)[0]


def _value_of(world: World, source: Source) -> Value:
    slot = world.program.slots.number.get(source.quantity)
    if slot is not None and slot in world.entries:
        return world.entries[slot].value
    return None
