"""Marks answers: each line against our value, then against what follows from the student's own, then against mistakes.

1  An answer is correct if our spans accept it (`derive.tolerance`).
2  Else the page is worked again on the student's own answers (`mark.world`). A line follows if these give it; where
   several of its operands are wrong, each of them may be theirs or ours, since somebody who has written one number
   may have gone on with another.
3  Else the mistakes that give it are looked for (`mark.fits`): in its own line, and in lines before it that are not
   written (`mark.carried`). Of several the one comes first that explains most of the student's lines.
4  What is seen of all lines together: the same mistake again costs nothing more; all of it may be another convention
   (`mark.conventions`); a skipped line is done if a later one shows it; a line may be trivial since an earlier 0 or 1
   has left nothing to work out; entries of a matrix may be swapped.

Nothing here is decided by a float: floats propose which mistakes are looked at, by a bound that leaves none out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

from flint import fmpq

from handcalc.derive.passes import NumericPass
from handcalc.derive.solution import Solution
from handcalc.derive.span import Span
from handcalc.derive.tape import Value
from handcalc.derive.tolerance import Spans, spans_over
from handcalc.formula.quantity import Quantity
from handcalc.mark.answer import Answer, Entry
from handcalc.mark.carried import carried_on
from handcalc.mark.cells import by_cell
from handcalc.mark.conventions import FACTOR, MEAN
from handcalc.mark.fits import at_the_line, factors_at, lines_at, near_the_line
from handcalc.mark.lines import Looked, rounded_span, sources
from handcalc.mark.names import Names
from handcalc.mark.reading import NO_LETTERS
from handcalc.mark.scheme import USUAL, Scheme
from handcalc.mark.together import judged
from handcalc.mark.unreadable import Unreadable
from handcalc.mark.verdict import Code, Marking, Source
from handcalc.mark.world import World, is_plain, value_text, within
from handcalc.sheet.asked import Asked

NOTHING: Mapping[str, Answer] = MappingProxyType({})
MOST_FLIPPED = 3
"""Wrong operands of one line that are tried each way."""


def mark(
    solution: Solution,
    answers: Mapping[str, Answer | Unreadable],
    scheme: Scheme = USUAL,
    asked: Asked | None = None,
    before: Mapping[str, Answer] = NOTHING,
) -> Marking:
    """The verdict of every asked line; `answers` are by key (a block's answer goes to its entries), those that are
    missing are blank. They are read with the names of `names_of`.

    What is known on this page may have been answered `before`, in an earlier question of the same work: lines follow
    from that, too. Of a page with letters it is left out.

    The order of `answers` doesn't matter. Raises CannotMark where a page with letters has no value.
    """
    asked = asked or Asked(solution)
    if solution.has_letters:
        from handcalc.mark.lettered import in_letters

        free = replace(scheme, strict="no")  # an expression has no number of digits
        return in_letters(solution, answers, lambda worked, read: _Marker([worked], read, free, asked).marking())
    passes = [one for one in solution.passes if isinstance(one, NumericPass)]
    return _Marker(passes, answers, scheme, asked, before).marking()


def names_of(solution: Solution) -> Names:
    """What an answer may name: nothing where all is numbers, else quantities and letters of the page."""
    worked = solution.first
    if isinstance(worked, NumericPass):
        return NO_LETTERS
    from handcalc.derive.letters import LetterPass
    from handcalc.mark.lettered import names_on

    assert isinstance(worked, LetterPass)
    return names_on(worked)


def agreeing(solution: Solution, answers: Mapping[str, Answer | Unreadable], asked: Asked | None = None) -> int:
    """How many answers are right for the numbers of a solution: those of another variant are told by it."""
    asked = asked or Asked(solution)
    cells = by_cell(answers, asked.chosen)
    count = 0
    for spans in spans_over([one for one in solution.passes if isinstance(one, NumericPass)]):
        for slot in range(spans.program.first, len(spans.values)):
            answer = cells.pop(spans.program.slots.quantities[slot].key, None)
            if isinstance(answer, Answer) and not is_plain(spans.values[slot]):
                span = spans.bounds(slot)
                count += any(within(one, span) for one in _entries(answer))
    return count


def _entries(answer: Answer) -> tuple[Entry, ...]:
    """The readings that are one number."""
    found = (one.entry for one in answer.readings)
    return tuple(one for one in found if one is not None and one.value is not None)


class _Marker:
    def __init__(
        self,
        passes: Sequence[NumericPass],
        answers: Mapping[str, Answer | Unreadable],
        scheme: Scheme,
        asked: Asked,
        before: Mapping[str, Answer] = NOTHING,
    ) -> None:
        self.scheme, self.asked = scheme, asked
        self.answers = by_cell(answers, asked.chosen)
        self.before = before
        self.ours = spans_over(passes)
        self.places: dict[Quantity, tuple[int, int]] = {}
        for n, worked in enumerate(passes):
            for slot, q in enumerate(worked.program.slots.quantities):
                if q in asked.chosen:
                    self.places.setdefault(q, (n, slot))

    def marking(self) -> Marking:
        lines = [self._line(q) for q in self.places]
        worlds = self._worlds(lines)
        for line in lines:
            line.world = worlds[line.part]
            if line.entries:
                self._look(line)
            elif line.code == "blank":
                line.sources = sources(line.world, line.slot)
        self._explain(lines)
        known = {q.key for q in self.asked.chosen}
        unknown = tuple(key for key in sorted(self.answers) if key not in known)
        apart = tuple(q for q in self.asked.chosen if q not in self.places)
        return replace(judged(lines, worlds, self.scheme), unknown=unknown, apart=apart)

    def _line(self, quantity: Quantity) -> Looked:
        part, slot = self.places[quantity]
        line = Looked(quantity, part, slot, self.ours[part], self.asked.chosen[quantity])
        match self.answers.get(quantity.key):
            case Unreadable() as problem:
                line.text, line.problem, line.code = problem.text, problem, "unreadable"
            case Answer() as answer:
                line.text, line.code = answer.text, "unreadable"
                line.entries = _entries(answer)
        return line

    def _worlds(self, lines: Sequence[Looked]) -> list[World]:
        """What follows from the answers, pass by pass."""
        found: list[World] = []
        for n, ours in enumerate(self.ours):
            by_slot = {line.slot: line.entries for line in lines if line.part == n and line.entries}
            by_slot |= self._before(ours)
            hidden = self.asked.hidden
            seen = {i for i, q in enumerate(ours.program.slots.quantities) if i not in by_slot and not hidden(q)}
            found.append(World(ours, by_slot, seen, found[-1] if found else None, lines_at))
            found[-1].work()
        return found

    def _before(self, ours: Spans) -> dict[int, tuple[Entry, ...]]:
        """What was answered before of what a pass works out, and nobody asks for here."""
        made = {slot: q for slot, q in enumerate(ours.program.slots.quantities) if slot >= ours.program.first}
        read = {
            i: _entries(self.before[q.key]) for i, q in made.items() if q.key in self.before and q not in self.places
        }
        return {slot: entries for slot, entries in read.items() if entries}

    def _look(self, line: Looked) -> None:
        world, slot = line.world, line.slot
        line.entry = world.entries[slot]
        if slot in world.undecided:
            line.code = "undecided"
        elif slot in world.right:
            line.code = "correct" if self._in_form(line, line.entry) else "form"
        elif world.follows(slot) or self._by_chance(line):
            self._follows(line, sources(world, slot))
        elif (kept := self._partly(line)) is not None:
            self._follows(line, kept)
        else:
            line.code = "wrong"
            line.sources = sources(world, slot)

    def _follows(self, line: Looked, found: Sequence[Source]) -> None:
        """A line that rests on earlier answers: on wrong ones, or on right ones as they may have been carried."""
        right: Code = "follows" if found else "correct"
        line.code = right if self._in_form(line, line.entry) else "form"
        line.sources = tuple(found)

    def _by_chance(self, line: Looked) -> bool:
        """Whether a line follows from numbers that are written as they should be, and are others behind the last place:
        a mistake that rounding hides. Or is worked with a 0 that they divide by, and should have kept figures of."""
        world = line.world
        answered = (i for i in world.operands(line.slot) if i in world.entries)
        loose = {i: world.loose[i] for i in answered if not world.is_exact(i)}
        plain = {i: (wide, world.written(i), value) for i, (wide, _, value) in loose.items()
                 if is_plain(world.entries[i].value)}  # fmt: skip
        return (bool(loose) and self._gives(line, loose)) or (bool(plain) and self._gives(line, loose | plain))

    def _gives(self, line: Looked, numbers: Mapping[int, tuple[Span, Span, Value]]) -> bool:
        """Whether the line gives its answer where other numbers stand in some slots."""
        world = line.world
        with world.standing(numbers):
            span = world.bounds_by(line.slot, world.program.formulas[line.slot - world.program.first])
        return span is not None and within(line.entry, span)

    def _partly(self, line: Looked) -> tuple[Source, ...] | None:
        """The wrong values with which a line follows where others of its operands are ours."""
        world, first = line.world, line.world.program.first
        operands = [i for i in dict.fromkeys(world.operands(line.slot)) if i in world.changed]
        counts = range(1, len(operands)) if len(operands) <= MOST_FLIPPED else ()
        before = tuple(i for i in operands if world.program.slots.quantities[i].key in self.before)
        mixed = [before] if 0 < len(before) < len(operands) else []  # as they are printed in this question
        for flipped in (*mixed, *(some for count in counts for some in combinations(operands, count))):
            if self._gives(line, ours := world.ours_at(flipped)):
                with world.standing(ours):
                    value = world.point(line.slot, lambda: world.program.lines[line.slot - first](world.values))
                if value is not None:
                    line.given = value_text(world, line.slot, value)
                    return sources(world, line.slot, without=flipped)
        return None

    def _is_coarse(self, line: Looked) -> bool:
        """Whether an answer is right, but rounded to fewer places: with a digit that says something at least."""
        entry, world = line.entry, line.world
        if not isinstance(entry.value, fmpq) or entry.decimals is None or not entry.value:
            return False
        if entry.decimals < 1 or entry.decimals >= world.places_at(line.slot, entry.value, zero=False, range_=False):
            return False
        spans = [world.ours.bounds(line.slot), *([world.follow[line.slot]] if line.slot in world.follow else [])]
        return any(rounded_span(span, entry.decimals).low <= entry.value <= rounded_span(span, entry.decimals).high
                   for span in spans)  # fmt: skip

    def _in_form(self, line: Looked, entry: Entry) -> bool:
        """Whether a strict sheet takes it, with its number of digits."""
        places = line.ours.places[line.slot]
        if self.scheme.strict == "decimals":
            return entry.decimals == places
        return self.scheme.strict == "no" or entry.figures == places

    def _explain(self, lines: Sequence[Looked]) -> None:
        """Look for the mistakes that give what is wrong; of several in a line those first that explain most."""
        wrong = [line for line in lines if line.code == "wrong"]
        for line in wrong:
            if found := at_the_line(line.world, line.slot):
                scaled = any(fit.number in (FACTOR, MEAN) for fit in found)
                line.fits = found if scaled else (*found, *factors_at(line.world, line.slot))
        for line in wrong:
            if not line.fits and self._is_coarse(line):
                line.code = "coarse"
        for world in {id(line.world): line.world for line in wrong}.values():
            left = [line for line in wrong if line.code == "wrong" and not line.fits and line.world is world]
            carried = carried_on(world, [line.slot for line in left])
            for line in left:
                line.fits = carried.get(line.slot) or near_the_line(world, line.slot)
        counts = Counter(group for line in wrong for group in {fit.group for fit in line.fits})
        for line in wrong:
            line.fits = tuple(sorted(line.fits, key=lambda fit: (fit.rare, -counts[fit.group])))
            if line.fits:
                line.code = "mistake"
