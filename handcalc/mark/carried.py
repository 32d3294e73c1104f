"""Mistakes in lines that aren't written, carried on to one that is.

Every known mistake is tried in every such line, and in all of them together; where two answers are left that none of
them gives, also each pair that gives both. NumPy works all of them at once and says which come near; these are worked
again in spans, exactly. What comes no nearer than a span may be wide can't fit, so that floats leave nothing out.

Glossary
    open     lines before an answer that are neither written nor seen on the sheet
    making   one or several slips that somebody makes, by their numbers among all of the page
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import inf

import numpy as np
from flint import fmpq

from handcalc.derive.lanes import Lanes, lanes_of
from handcalc.derive.slip import Slip
from handcalc.derive.tape import Value
from handcalc.mark.fits import width
from handcalc.mark.verdict import Fit
from handcalc.mark.world import World, within

MOST_PAIRED = 40
"""Makings of which pairs are tried."""
FLOATS = 1e-6
"""By what part a float may be off, at most."""
Making = tuple[int, ...]


def carried_on(world: World, slots: Sequence[int]) -> Mapping[int, tuple[Fit, ...]]:
    """By slot of a wrong answer the mistakes before it that give it."""
    reach = {slot: open_before(world, slot) for slot in slots}
    if not any(reach.values()):
        return {}
    return _Carried(world, reach).fits()


def open_before(world: World, slot: int) -> frozenset[int]:
    """The open lines that one is worked from."""
    program, found = world.program, set()
    left = [slot]
    while left:
        i = left.pop()
        for j in world.operands(i):
            if j >= program.first and j not in found and j not in world.answers and j not in world.seen:
                found.add(j)
                left.append(j)
    return frozenset(found)


class _Carried:
    def __init__(self, world: World, reach: Mapping[int, frozenset[int]]) -> None:
        self.world, self.reach = world, reach
        self.lanes: Lanes = lanes_of(world.program, world.rounding)
        self.open = frozenset().union(*reach.values())
        self.values = [_float(value) for value in world.values]

    def fits(self) -> Mapping[int, tuple[Fit, ...]]:
        makings = self._makings()
        found: dict[int, list[Fit]] = {slot: [] for slot in self.reach}
        for making, slots in self._near(makings, list(self.reach), least=1):
            for slot in self._giving(making, slots):
                found[slot].append(self._fit(making))
        left = [slot for slot in self.reach if not found[slot]]
        if len(left) > 1:
            pairs = [(*a, *b) for a, b in combinations(makings[:MOST_PAIRED], 2) if self._is_pair(a, b)]
            for making, slots in self._near(pairs, left, least=2):
                given = self._giving(making, slots)
                for slot in given if len(given) > 1 else ():
                    found[slot].append(self._fit(making))
        return {slot: tuple(one) for slot, one in found.items() if one}

    def _makings(self) -> list[Making]:
        """Each slip in an open line alone; and each mistake in all lines that are open or wrong; rare ones last."""
        slips, slots = self.lanes.slips, self.lanes.slots
        single = [(n,) for n, slot in enumerate(slots) if slot in self.open]
        groups: dict[int, list[int]] = {}
        for n, slot in enumerate(slots):
            if slot in self.open or slot in self.reach:
                groups.setdefault(id(slips[n].mistake), []).append(n)
        several = [tuple(ns) for ns in groups.values() if len(ns) > 1 and any(slots[n] in self.open for n in ns)]
        return sorted([*several, *single], key=lambda making: slips[making[0]].mistake.rare)

    def _is_pair(self, a: Making, b: Making) -> bool:
        """Two mistakes in lines apart, each of them carried on."""
        slips, slots = self.lanes.slips, self.lanes.slots
        apart = {slots[n] for n in a}.isdisjoint(slots[n] for n in b)
        return apart and slips[a[0]].mistake is not slips[b[0]].mistake

    def _near(self, makings: Sequence[Making], slots: Sequence[int], *, least: int) -> list[tuple[Making, list[int]]]:
        """The makings that come near so many answers, with these."""
        if not makings:
            return []
        worked = self.lanes.making(self.values, makings, self.world.answers)
        near: list[list[int]] = [[] for _ in makings]
        for slot in slots:
            if slot in worked:
                typed = _float(self.world.entries[slot].value)
                room = (1 + FLOATS) * _float(2 * self._width(slot)) + FLOATS * abs(typed)
                for n in np.flatnonzero(np.abs(worked[slot] - typed) <= room):
                    near[int(n)].append(slot)
        return [(making, some) for making, some in zip(makings, near, strict=True) if len(some) >= least]

    def _giving(self, making: Making, slots: Sequence[int]) -> list[int]:
        """Those of the answers that somebody reaches who makes these slips and rounds as the sheet says."""
        world = self.world.fork()
        wrong = {self.lanes.slots[n]: self.lanes.slips[n] for n in making}
        fresh: set[int] = set()
        found = []
        for slot in range(min(wrong), max(slots) + 1):
            if slot not in wrong and fresh.isdisjoint(world.operands(slot)):
                continue
            if slot in world.answers:
                if slot in slots and self._reached(world, slot, wrong.get(slot)):
                    found.append(slot)
                continue
            if slot in wrong and not world.wrongly(slot, wrong[slot].wrong.formula):
                break
            if slot not in wrong:
                world.again(slot)
            if slot in world.lost:
                break
            fresh.add(slot)
        return found

    def _reached(self, world: World, slot: int, slip: Slip | None) -> bool:
        formula = slip.wrong.formula if slip else world.program.formulas[slot - world.program.first]
        span = world.bounds_by(slot, formula)
        return span is not None and span.high - span.low <= self._width(slot) and within(world.entries[slot], span)

    def _width(self, slot: int) -> fmpq:
        return width(self.world, slot, self.world.entries[slot])

    def _fit(self, making: Making) -> Fit:
        slips = tuple(self.lanes.slips[n] for n in making)
        kinds = {id(slip.mistake): slip for slip in slips}
        code = " and ".join(slip.code for slip in kinds.values())
        kind = " and ".join(slip.operation.name for slip in kinds.values())
        rare = any(slip.mistake.rare for slip in slips)
        theirs = not self.world.changed.isdisjoint(self.reach)
        return Fit(code, kind, slips, theirs=theirs, rare=rare, elsewhere=True)


def _float(value: Value) -> float:
    """The nearest float; infinity of what is beyond them."""
    if not isinstance(value, fmpq):
        return float(value)
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return inf if value > 0 else -inf
