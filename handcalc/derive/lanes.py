"""A page worked out over many candidates of numbers at once, in floats, with every mistake at every step.

What floats can't decide isn't decided: it is `near`, and `slip.certified_shows` decides it for one candidate exactly.

Glossary
    lane      one number for each candidate: an array whose last axis counts the candidates
    asked     slots of the lines that a student writes
    shows     nobody takes the mistake for the right answer: at its own line where that is asked, else at a later one
    near      a float is too close to a boundary to say
    idle      it changes nothing in this lane, since a unit is dead
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handcalc.derive.lane_code import Lane, Line, lane_lines
from handcalc.derive.lane_places import Places
from handcalc.derive.lane_spans import LaneSpans, gives_decimals
from handcalc.derive.places import places_by_slot
from handcalc.derive.program import Program
from handcalc.derive.slip import Slip, possible
from handcalc.formula.tree import is_class, quantities
from handcalc.network.rounding import Rounding

NEAR = 1e-9
"""How close to a boundary a number is near it, as a part of the boundary."""

EQUAL = 1e-12
"""By how much two floats of one number differ at most, as a part of it."""

SOME = 0.371_923
"""A number that a dead unit might have: no other number is as likely to be it."""

Booleans = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Seen:
    """Of each slip in each lane, (slips, n): whether it `shows`, is `near`, is `idle`; what is none of them collides
    with the right answer, or nothing asked depends on it."""

    slips: tuple[Slip, ...]
    shows: Booleans
    near: Booleans
    idle: Booleans
    wrong: Lane
    """What its own step gives."""

    @property
    def collides(self) -> Booleans:
        return ~(self.shows | self.near | self.idle)

    @cached_property
    def invisible(self) -> frozenset[int]:
        """The numbers of the slips that show in no lane: by construction, where the wave is large and varied."""
        return frozenset(np.flatnonzero(~(self.shows | self.near).any(axis=1)).tolist())

    def by_code(self, without: Collection[int] = ()) -> dict[str, Booleans]:
        """By code of a mistake the lanes in which it shows at one step at least; the slips `without` don't count."""
        found: dict[str, Booleans] = {}
        for n, slip in enumerate(self.slips):
            if n not in without:
                found[slip.code] = found.get(slip.code, False) | self.shows[n]
        return found


class Lanes:
    """The page of a program in lanes; `slips` are all mistakes at all its steps."""

    def __init__(self, program: Program, rounding: Rounding) -> None:
        self.program, self.rounding = program, rounding
        self.keeps = rounding.carry == "rounded"
        self.slips: tuple[Slip, ...] = possible(program.page.shape, program.page.turn)
        number = program.slots.number
        self.slots: tuple[int, ...] = tuple(number[slip.quantity] for slip in self.slips)
        """Of each slip the one in which it shows."""
        learned = set(program.page.learned) if program.page.turn.update else set()
        self._typed = [q not in learned for q in program.slots.quantities[: program.first]]
        self._lines = lane_lines(program.slots, program.formulas)

    @cached_property
    def places(self) -> list[Places]:
        """By slot what its results are rounded to."""
        program, rounding = self.program, self.rounding
        decimal = [False] * program.first + list(map(gives_decimals, program.formulas))
        return [
            Places(n, rounding.figures, rounding.how == "truncate", range_, is_decimal)
            for n, range_, is_decimal in zip(places_by_slot(program, rounding), program.ranges, decimal, strict=True)
        ]

    @cached_property
    def _wrong(self) -> list[Line]:
        return lane_lines(self.program.slots, [slip.wrong.formula for slip in self.slips])

    def values(self, given: Lane) -> Lane:
        """Every quantity, (slots, n), of given numbers (givens, n); in rounded carry the carried numbers.

        NaN or infinite where there is no value.
        """
        first = self.program.first
        found = np.empty((len(self.program.slots.quantities), given.shape[1]))
        found[:first] = given
        with np.errstate(all="ignore"):
            for slot, line in enumerate(self._lines, first):
                found[slot] = self._carried(slot, line(found))  # type: ignore[arg-type]
        return found

    def spans(self, values: Lane) -> tuple[Lane, Lane]:
        """The ends of what is accepted, (slots, n) each; infinite where that is left to exact work."""
        with np.errstate(all="ignore"):
            return LaneSpans(self.program, self.places, values, self._typed, keeps=self.keeps).accepted()

    def wrong(self, values: Lane) -> Lane:
        """What each slip makes of its own step, (slips, n), where all before it is right; not rounded."""
        found = np.empty((len(self.slips), values.shape[1]))
        with np.errstate(all="ignore"):
            for n, line in enumerate(self._wrong):
                found[n] = line(values)  # type: ignore[arg-type]
        return found

    def slips_seen(self, values: Lane, low: Lane, high: Lane, asked: Collection[int]) -> Seen:
        """What of every slip is seen on the lines in the slots `asked`."""
        wrong, shape = self.wrong(values), (len(self.slips), values.shape[1])
        shows, near, idle = (np.zeros(shape, bool) for _ in range(3))
        wave = _Wave(self, values, low, high, frozenset(asked))
        with np.errstate(all="ignore"):
            for slot, rows in self._by_slot.items():
                look = wave.at_its_line if slot in wave.asked else wave.at_later_lines
                shows[rows], near[rows], idle[rows] = look(slot, rows, wrong[rows])
        return Seen(self.slips, shows, near, idle, wrong)

    @cached_property
    def _by_slot(self) -> dict[int, slice]:
        """The slips of each slot; they stand together."""
        return {slot: slice(self.slots.index(slot), self.slots.index(slot) + self.slots.count(slot))
                for slot in dict.fromkeys(self.slots)}  # fmt: skip

    @cached_property
    def after(self) -> list[frozenset[int]]:
        """By slot those of the steps that depend on it."""
        found: list[set[int]] = [set() for _ in self.program.slots.quantities]
        for n in reversed(range(len(self._lines))):
            for operand in self.program.operands[n]:
                slot = self.program.first + n
                found[operand] |= {slot} | found[slot]
        return list(map(frozenset, found))

    def again(self, slot: int, wrong: Lane, values: Lane, slots: Collection[int]) -> dict[int, Lane]:
        """What the steps in `slots` give where that in `slot` has given `wrong`, one or several rows; NaN where one has
        no value, or an earlier one that it names."""
        lanes: list[Lane] = list(values)
        lanes[slot] = self._carried(slot, wrong)
        lost = {slot: ~np.isfinite(lanes[slot])}
        for i in sorted(slots):
            n = i - self.program.first
            lanes[i] = self._carried(i, self._lines[n](lanes))
            lost[i] = np.logical_or.reduce(
                [~np.isfinite(lanes[i]), *(lost[j] for j in self.program.operands[n] if j in lost)]
            )
            if lost[i].any():
                lanes[i] = np.where(lost[i], np.nan, lanes[i])
        return {i: lanes[i] for i in slots}

    def making(
        self, values: Sequence[float], makes: Sequence[Sequence[int]], written: Collection[int]
    ) -> dict[int, Lane]:
        """What lines give, (n,) each, to somebody who makes the slips with the numbers ``makes[n]``, of `values`.

        From the slots that are `written` the value there is used, whatever their lines give. Only what changes is
        worked out.
        """
        lanes: list[Lane] = [np.full(1, value) for value in values]
        found: dict[int, Lane] = {}
        at: dict[int, dict[int, list[int]]] = {}
        for lane, slips in enumerate(makes):
            for slip in slips:
                at.setdefault(self.slots[slip], {}).setdefault(slip, []).append(lane)
        changed: set[int] = set()
        with np.errstate(all="ignore"):
            for slot, line in enumerate(self._lines, self.program.first):
                if slot not in at and changed.isdisjoint(self.program.operands[slot - self.program.first]):
                    continue
                here = np.array(np.broadcast_to(line(lanes), len(makes)))
                for slip, rows in at.get(slot, {}).items():
                    here[rows] = np.broadcast_to(self._wrong[slip](lanes), len(makes))[rows]
                found[slot] = self._carried(slot, here)
                if slot not in written:
                    lanes[slot] = found[slot]
                    changed.add(slot)
        return found

    def _carried(self, slot: int, value: Lane) -> Lane:
        if not self.keeps:
            return value
        return self.places[slot].rounded(value, keeps=True)


def lanes_of(program: Program, rounding: Rounding) -> Lanes:
    """Those of a page, made once for each way of rounding."""
    found: Lanes | None = program.memo.get(("lanes", rounding))
    if found is None:
        found = program.memo["lanes", rounding] = Lanes(program, rounding)
    return found


class _Wave:
    """One wave with its right values and intervals, in which mistakes are looked for."""

    def __init__(self, lanes: Lanes, values: Lane, low: Lane, high: Lane, asked: frozenset[int]) -> None:
        self.lanes, self.values, self.low, self.high, self.asked = lanes, values, low, high, asked
        program = lanes.program
        self.classes = {slot for slot, formula in enumerate(program.formulas, program.first) if is_class(formula)}
        self.dead = self._dead()

    def _dead(self) -> dict[int, Booleans]:
        """By slot where a result is 0 since a unit is dead, or a class is predicted right, where any is."""
        found: dict[int, Booleans] = {}
        program = self.lanes.program
        for n, operands in enumerate(program.operands):
            slot = program.first + n
            causes = [found[i] for i in operands if i in found]
            settled = program.chooses[n] or not self.classes.isdisjoint(operands)
            if settled or causes:
                dead = self.values[slot] == 0
                if not settled:
                    dead &= np.logical_or.reduce(causes)
                if dead.any():
                    found[slot] = dead
        return found

    def _idle(self, slot: int, rows: slice, wrong: Lane) -> Booleans:
        """Where nothing is changed by mistakes in the line in `slot`, and not by a chance of the numbers: the case that
        applies is the same (a = z of a live ReLU), or what they change is multiplied by the 0 of a dead unit."""
        program, n = self.lanes.program, slot - self.lanes.program.first
        equal: Booleans = self.lanes._carried(slot, wrong) == self.values[slot]
        if program.chooses[n] or not self.classes.isdisjoint(program.operands[n]) or not equal.any():
            return equal
        return equal & (self._of_dead(n, rows, equal.shape) | self._of_live(n, rows, equal.shape))

    def _of_dead(self, n: int, rows: slice, shape: tuple[int, ...]) -> Booleans:
        """Where mistakes in line `n` would change something if the units that are dead were not."""
        number = self.lanes.program.slots.number
        named = {number[q] for slip in self.lanes.slips[rows] for q in quantities(slip.wrong.formula)}
        causes = {
            i: dead
            for i in {*self.lanes.program.operands[n], *named}
            if (dead := self._stays(i)) is not None and dead.any()
        }
        if not causes:
            return np.zeros(shape, bool)
        alive = list(self.values)
        for i, dead in causes.items():
            alive[i] = np.where(dead, SOME + i, alive[i])
        some: Booleans = np.logical_or.reduce(list(causes.values()))
        return some & ~self._same(n, rows, alive)

    def _stays(self, slot: int) -> Booleans | None:
        """Where the value in `slot` is 0 since a unit is dead, or a parameter stays what it was for that reason."""
        program, n = self.lanes.program, slot - self.lanes.program.first
        if n < 0 or program.steps[n].stage != "update":
            return self.dead.get(slot)
        causes = [self.dead[i] for i in program.operands[n] if i in self.dead]
        found: Booleans = np.logical_or.reduce(causes or [np.zeros(self.values.shape[1], bool)])
        return found

    def _of_live(self, n: int, rows: slice, shape: tuple[int, ...]) -> Booleans:
        """Where mistakes in line `n` change nothing since what is chosen (a) is what it is chosen from (z)."""
        program = self.lanes.program
        pairs = [
            (i, z)
            for i in program.operands[n]
            if i >= program.first and program.chooses[i - program.first] and i not in self.classes
            for z in program.operands[i - program.first]
        ]
        if not pairs:
            return np.zeros(shape, bool)
        together, apart = list(self.values), list(self.values)
        some = np.zeros(self.values.shape[1], bool)
        for i, z in pairs:
            live = self.values[i] == self.values[z]
            some |= live
            for lanes, other in ((together, SOME + i), (apart, 2 * SOME + i)):
                lanes[i], lanes[z] = np.where(live, SOME + i, lanes[i]), np.where(live, other, lanes[z])
        return some & self._same(n, rows, together) & ~self._same(n, rows, apart)

    def _same(self, n: int, rows: slice, values: list[Lane]) -> Booleans:
        """Where mistakes in line `n` give what the line gives, with these values."""
        right, shape = self.lanes._lines[n](values), self.values[0].shape
        wrong = np.array([np.broadcast_to(line(values), shape) for line in self.lanes._wrong[rows]])
        found: Booleans = np.abs(wrong - right) <= EQUAL * np.abs(right)
        return found

    def at_its_line(self, slot: int, rows: slice, wrong: Lane) -> tuple[Booleans, Booleans, Booleans]:
        """Shows, near and idle of slips whose own line, that in `slot`, is asked."""
        shows, near = self._outside(slot, wrong)
        idle = self._idle(slot, rows, wrong) & ~shows
        return shows, near & ~idle, idle

    def at_later_lines(self, slot: int, rows: slice, wrong: Lane) -> tuple[Booleans, Booleans, Booleans]:
        """The same of slips whose own line isn't asked, by what follows from it."""
        none = np.zeros(wrong.shape, bool)
        asked = self.asked & self.lanes.after[slot]
        if not asked:
            return none, none, none
        needed = [i for i in self.lanes.after[slot] if i in asked or self.lanes.after[i] & asked]
        found = self.lanes.again(slot, wrong, self.values, needed)
        shows, near, same = none.copy(), none.copy(), ~none
        for i in asked:
            outside, close = self._outside(i, found[i])
            shows |= outside
            near |= close
            same &= found[i] == self.values[i]
        shows |= ~np.isfinite(wrong)
        idle = (self._idle(slot, rows, wrong) | (same & self._outside(slot, wrong)[0])) & ~shows
        return shows, near & ~shows & ~idle, idle

    def _outside(self, slot: int, wrong: Lane) -> tuple[Booleans, Booleans]:
        """Whether a value is surely outside of the interval of `slot`, printed too; and whether that is open.

        What equals the right value, or is printed like it, is surely inside.
        """
        low, high, places, right = self.low[slot], self.high[slot], self.lanes.places[slot], self.values[slot]
        margins = [NEAR * (np.abs(end) + places.last) for end in (low, high)]
        least, most = places.printed_end(wrong, -1), places.printed_end(wrong, 1)
        surely = ~np.isfinite(wrong)
        surely |= np.logical_and.reduce(
            [(x < low - margins[0]) | (x > high + margins[1]) for x in (wrong, least, most)]
        )
        close = np.logical_or.reduce(
            [np.abs(wrong - low) <= margins[0], np.abs(wrong - high) <= margins[1], least != most]
        )
        equal = (np.abs(wrong - right) <= EQUAL * np.abs(right)) | ((least == most) & (least == right))
        return surely, close & ~surely & ~equal
