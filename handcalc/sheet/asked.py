"""What a student sheet asks: which quantities are hidden at a level, or named by the file, and what they are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from handcalc.derive.page import Step
from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Solution
from handcalc.errors import UnknownQuantity
from handcalc.formula.maths import Slot
from handcalc.formula.quantity import Quantity, without_contexts
from handcalc.formula.tree import Ref, operations
from handcalc.network.errors import at_key
from handcalc.network.exercise import SHOW
from handcalc.sheet.choices import few
from handcalc.sheet.forms.mistake import LINE, RESULT
from handcalc.sheet.given import of_samples
from handcalc.sheet.shown import shown_as, shown_lines
from handcalc.sheet.steps import shown_passes

SECONDS_A_LINE, SECONDS_AN_OPERATION = 10, 8
WITHOUT_CALCULATOR = 2.5
"""By hand alone it takes so many times as long."""
WORKED, LAST_BLOCK, FORMULAS, NAMES, QUESTION = range(5)
"""The levels of fading."""
PARTLY_WORKED = ("follow along", "one blank", "find the mistake")
"""Forms that say themselves what is blank among what is worked: no level changes that."""


@dataclass(frozen=True)
class Asked:
    """What a sheet of a solution asks at a level (None: what the file and its form say)."""

    solution: Solution
    wanted: int | None = None

    @cached_property
    def level(self) -> int:
        task = self.solution.network.task
        if task.form in PARTLY_WORKED:
            return WORKED
        if self._said is not None:
            return self._said
        return WORKED if self.named and task.form != "multiple choice" else FORMULAS

    @property
    def _said(self) -> int | None:
        """The level that the caller says, else the file."""
        return self.solution.network.task.level if self.wanted is None else self.wanted

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """What the sheet shows, line by line."""
        return shown_lines(self.solution)

    @cached_property
    def named(self) -> Mapping[Quantity, int]:
        """What the file asks by name, with the marks for each. Raises NetworkFileError for a name of nothing shown."""
        found: dict[Quantity, int] = {}
        if self.solution.network.task.form == "find the mistake":  # there they say where it is made
            return found
        for one in self.solution.network.task.ask:
            quantities = [q for q in self._askable if one.name in _names(q)]
            if not quantities:
                known = [q.key for q in self._askable]
                raise at_key("ask", str(UnknownQuantity(one.name, known)))
            found |= dict.fromkeys(quantities, 1 if one.marks is None else one.marks)
        if self.solution.network.task.form == "factors" and set(found) == {self.lines[-1].quantity}:
            return {}  # that says which product is asked
        return found

    @cached_property
    def _askable(self) -> list[Quantity]:
        made = dict.fromkeys(line.quantity for line in self.lines)
        return [*made] if self.solution.network.task.form == "multiple choice" else [*made, *self._givens]

    @cached_property
    def made(self) -> frozenset[Quantity]:
        return frozenset(step.target for worked in self.solution.passes for step in worked.program.steps)

    @cached_property
    def givens(self) -> frozenset[Quantity]:
        return frozenset(self._givens)

    @cached_property
    def _givens(self) -> tuple[Quantity, ...]:
        """Those of every sample, in order."""
        found = (
            q
            for worked in self.solution.passes
            for q, typed in zip(worked.program.slots.quantities, worked.typed, strict=False)
            if typed is not None  # no weight that an update before has made
        )
        others = sorted(of_samples(self.solution), key=lambda q: q.key)
        return tuple(dict.fromkeys((*found, *others)))

    @cached_property
    def known(self) -> frozenset[Quantity]:
        """What the lines use, and neither they nor the givens say: it stands on the sheet as known from before."""
        rows = (row for shown in shown_passes(self.solution) for row in shown.known.rows)
        return frozenset(row.letters.quantity for row in rows if isinstance(row.letters, Slot))

    @cached_property
    def chosen(self) -> Mapping[Quantity, int]:
        """What is to be written, each with its marks."""
        form = self.solution.network.task.form
        if form == "find the mistake":
            return {LINE: 1, RESULT: 1}
        if self._said == WORKED and form not in PARTLY_WORKED:
            return {}
        if self.named:
            return self.named
        if form == "one blank":
            middle = self.lines[len(self.lines) // 2].quantity
            return {middle: 1}
        if form == "follow along":
            return dict.fromkeys(repeated(self.lines), 1)
        if form == "multiple choice":
            asked, last = few(self.solution), set(self._last_block())
            return dict.fromkeys(
                asked if self.level != LAST_BLOCK else [q for q in asked if q in last] or asked[-1:], 1
            )
        if self.level == LAST_BLOCK:
            return dict.fromkeys(self._last_block(), 1)
        return {} if self.level == WORKED else {line.quantity: 1 for line in self.lines}

    @cached_property
    def hidden(self) -> Callable[[Quantity], bool]:
        """Whether the value of a quantity may not be seen."""
        if self.level >= FORMULAS:
            return self.unsaid
        hidden, elsewhere = frozenset(self.repetitions), self.solution.rooms.hidden
        return lambda q: q in hidden or q.key in elsewhere

    @cached_property
    def unsaid(self) -> Callable[[Quantity], bool]:
        """Whether the problem alone says nothing of a quantity: it isn't given or known from before, or asked."""
        seen = self.givens | self.known
        return lambda q: q not in seen or q in self.named

    @property
    def listed(self) -> Callable[[Quantity], bool] | None:
        """Which lines stand on a sheet on which nothing is worked: what is asked by name; all where nothing is, but
        none below a drawing that asks for them."""
        if self.level < FORMULAS:
            return None
        form = self.solution.network.task.form
        if form == "wires" or (form == "multiple choice" and self.level > FORMULAS):
            return lambda q: False
        if form == "multiple choice":  # its lines are those that are asked
            return None
        return self.named.__contains__ if self.named else None

    @property
    def points(self) -> int:
        return sum(self.chosen.values())

    @property
    def minutes(self) -> int:
        """As the file says, or an estimate: ten seconds a line and eight an operation."""
        task = self.solution.network.task
        if task.minutes is not None:
            return task.minutes
        lines = [line for line in self.lines if line.quantity in self.chosen]
        if task.form == "find the mistake":
            return max(1, ceil(SECONDS_A_LINE * len(self.lines) / 60))
        seconds = sum(SECONDS_A_LINE + SECONDS_AN_OPERATION * (1 + operations(line.formula)) for line in lines)
        return max(1, ceil(seconds * (1 if task.calculator else WITHOUT_CALCULATOR) / 60))

    def _last_block(self) -> Iterator[Quantity]:
        """What the last part of the exercise works out; of a forward pass alone, its last layer."""
        last = max(self.lines, key=lambda line: SHOW.index(shown_as(line.step.stage)))
        stage, several = shown_as(last.step.stage), len({shown_as(line.step.stage) for line in self.lines}) > 1
        for line in self.lines:
            if shown_as(line.step.stage) == stage and (several or line.step.layer == self.lines[-1].step.layer):
                yield line.quantity

    @cached_property
    def repetitions(self) -> set[Quantity]:
        """What is to be written, and all that follows from it and has the same digits: ∂L/∂b, where ∂L/∂z is asked."""
        hidden = set(self.chosen)
        follows = set(hidden)
        for worked in self.solution.passes:
            said = {digits for q in hidden for digits in _digits(worked, q)}
            for n, step in enumerate(worked.program.steps):
                if follows.isdisjoint(worked.program.slots.quantities[i] for i in worked.program.operands[n]):
                    continue
                follows.add(step.target)
                if _digits(worked, step.target) & said or _is_name(step, hidden):
                    hidden.add(step.target)
        return hidden


def _digits(worked: Pass, q: Quantity) -> set[str]:
    """How the size of a value is printed; 0 and 1 stand on any sheet."""
    slot = worked.program.slots.number.get(q)
    if slot is None:
        return set()
    printed = worked.printed
    return {text.lstrip("-") for text in (printed.operand[slot], printed.decimal[slot]) if text} - {"0", "1"}


def _is_name(step: Step, hidden: set[Quantity]) -> bool:
    return isinstance(step.formula, Ref) and step.formula.quantity in hidden


def _names(q: Quantity) -> set[str]:
    """What a file may call a quantity: its key, its block, and both without the sample."""
    said = (q.key, q.block())
    return {*said, *(without_contexts(one, "s") for one in said)}


def repeated(lines: Sequence[Line]) -> list[Quantity]:
    """What is worked out as another quantity of its vector or matrix before: done once before one's eyes, and then
    repeated. Another sample, and another update, is such a repetition too; the second run is begun once."""
    done: set[tuple[object, ...]] = set()
    found: list[Quantity] = []
    for line in lines:
        kind = (line.step.stage, without_contexts(line.quantity.block()), line.step.operation.name)
        found += [line.quantity] if kind in done else []
        done.add(kind)
    return found
