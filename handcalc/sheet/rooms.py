"""Places as wide as any number that could stand in them, so that the sheets of all students break and lie alike.

A room is what else could stand in a place. It is part of the mark (`Shown.widest`); a typesetter that wants fixed
places sets each number in the room of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from handcalc.derive.places import occasions
from handcalc.derive.solution import ABOUT, EQUALS, NO_ROOMS, Rooms, Solution
from handcalc.formula.maths import Digits, Fenced, Fraction, Maths, Matrix, Operator, Row, Script, Shown
from handcalc.formula.notation import number, rewritten
from handcalc.sheet.asked import FORMULAS, Asked
from handcalc.sheet.given import of_samples
from handcalc.sheet.parts import Part, Retold, Sheet, Stages, Working, with_formulas
from handcalc.sheet.steps import shown_passes

_PLAIN = re.compile(r"\d+(\.\d+)?")


def rooms_of(solutions: Iterable[Solution], level: int | None = None) -> Rooms:
    """What the student sheets of `solutions`, which are of one question, keep room for so that they look alike.

    Room for what is worked out is kept where the sheet shows any of it.
    """
    found: dict[str, set[str]] = {}
    sentences, hidden = set[str](), set[str]()
    for solution in solutions:
        sentences |= sometimes_said(solution)
        asked = Asked(solution, level)
        worked = asked.level < FORMULAS or solution.network.task.form == "matrices"
        if asked.level < FORMULAS and asked.chosen:
            hidden.update(q.key for q in asked.repetitions)
        for q, text in of_samples(solution).items():
            found.setdefault(q.key, set()).add(text)
        for one in solution.passes:
            printed, first = one.printed, one.program.first
            for slot, q in enumerate(one.program.slots.quantities):
                if slot >= first and not worked:
                    break
                texts = [printed.operand[slot], printed.decimal[slot], *(text for _, text in printed.result[slot])]
                found.setdefault(q.key, set()).update(texts)
    return Rooms({key: _shapes(texts) for key, texts in sorted(found.items())}, frozenset(sentences), frozenset(hidden))


def sometimes_said(solution: Solution) -> frozenset[str]:
    """The sentences about rounding that its numbers need."""
    lines = (line for shown in shown_passes(solution) for line in shown.lines)
    made = [(worked.program, worked.printed.decimal) for worked in solution.passes]
    return occasions(solution.network.rounding, made, exactly=any(line.exactly for line in lines))


def _shapes(texts: Iterable[str]) -> tuple[str, ...]:
    """All digits are equally wide; 8 is the highest, 9 the deepest."""
    return tuple(sorted({re.sub(r"\d", digit, text) for text in texts if text for digit in "89"}))


def with_rooms(sheet: Sheet, rooms: Rooms) -> Sheet:
    """`sheet`, on which each number that says whose it is has its room."""
    if rooms == NO_ROOMS:
        return sheet

    def of_part(part: Part) -> Part:
        return Working(tuple(_Roomy(line, rooms) for line in part.lines)) if isinstance(part, Working) else part

    made = with_formulas(sheet, lambda maths: roomy(maths, rooms), lines=False)
    sections = tuple(replace(one, parts=tuple(map(of_part, one.parts))) for one in made.sections)
    return replace(made, parts=tuple(map(of_part, made.parts)), sections=sections, roomy=True)


def roomy(maths: Maths, rooms: Rooms) -> Maths:
    """`maths` with a room for each number; what stands alone has no fence there, whatever stands there."""

    def change(shown: Shown, *, alone: bool = False) -> Maths | None:
        texts = _shapes(rooms[shown.quantity.key])
        if not texts or shown.widest or not _is_number(shown.inner):
            return None
        return replace(shown, widest=tuple(_fenced(text, alone=alone) for text in texts))

    match maths:
        case Shown():
            return change(maths, alone=True) or rewritten(maths, Shown, change)
        case Matrix(rows):
            return replace(maths, rows=tuple(tuple(roomy(cell, rooms) for cell in row) for row in rows))
    return rewritten(maths, Shown, change)


def _fenced(text: str, *, alone: bool) -> Maths:
    marks = number(text)
    return marks if alone or _PLAIN.fullmatch(text) else Fenced(marks)


def _is_number(maths: Maths) -> bool:
    match maths:
        case Digits():
            return True
        case Fenced(inner):
            return _is_number(inner)
        case Fraction(Digits(), Digits()):
            return True
        case Row((Operator(), inner)) | Row((inner, Operator(), Script(Digits("10"), None, _))):
            return _is_number(inner)
    return False


@dataclass(frozen=True, slots=True)
class _Roomy(Retold):
    """A line whose numbers have rooms."""

    rooms: Rooms

    @property
    def traced(self) -> Stages:
        stages = [(relation, roomy(stage, self.rooms)) for relation, stage in self.line.traced]
        relation, last = stages[-1]
        if relation == EQUALS and isinstance(last, Shown) and last.widest and len(stages) > 1:
            stages[-1] = relation, replace(last, widest=(*last.widest, *self.rounded(last)))
        return tuple(stages)

    def rounded(self, last: Shown) -> Iterator[Maths]:
        """``0.58668… ≈ 0.5867``, where another line ends in two stages."""
        texts = sorted(_shapes(self.rooms[last.quantity.key]), key=len)
        whole = [text for text in texts if "…" not in text][-2:]
        for long, short in zip([text for text in texts if "…" in text][-2:], whole, strict=False):
            yield Row((number(long), ABOUT, number(short)))
