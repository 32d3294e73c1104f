"""Letters first: the gradients are derived in letters, and then the numbers are put in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from handcalc.derive.passes import EQUALS, Line
from handcalc.derive.program import Program
from handcalc.derive.solution import Solution
from handcalc.derive.write import written as page_of
from handcalc.formula.maths import Shown
from handcalc.formula.notation import lettered, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, quantities
from handcalc.formula.words import phrase
from handcalc.sheet.parts import Line as SheetLine
from handcalc.sheet.parts import Part, Retold, Say, Section, Sheet, Stages, Words, Working
from handcalc.sheet.steps import (
    head,
    headed,
    known_section,
    result,
    sheet_of,
    shown_passes,
    tell,
    worked_sections,
)


@dataclass(frozen=True, slots=True)
class InLetters(Retold):
    """A gradient by the chain rule, and in what is given and what the forward pass makes."""

    line: Line
    chain: Formula

    @property
    def traced(self) -> Stages:
        derived = lettered(written(self.line.formula))
        whole = (EQUALS, Shown(self.line.quantity, derived, "formula"))
        if self.chain == self.line.formula:
            return (whole,)
        return ((EQUALS, lettered(written(self.chain))), whole)

    @property
    def remark(self) -> Words:
        return ()


@dataclass(frozen=True, slots=True)
class PutIn(Retold):
    """A line without its letters, which would say what was to be derived."""

    @property
    def traced(self) -> Stages:
        traced = self.line.traced
        if len(traced) == 1:
            return traced
        (relation, first), *others = traced[1:]
        return ((relation, Shown(self.line.quantities[0], first)), *others)


def letters_first(solution: Solution) -> Sheet:
    """The key: what is asked is derived in letters; then all that is shown is worked, in numbers alone where it has
    been derived."""
    passes, language = shown_passes(solution), solution.network.language
    derived = _derived(solution, [line for shown in passes for line in shown.lines])
    sections = [Section(phrase(language, "in letters"), tuple(_letters(solution, derived)))]
    for shown in passes:
        sections += known_section(solution, shown)
        for heading, parts in worked_sections(shown.worked, shown.lines):
            heading = headed(solution, shown.worked, heading)
            sections.append(Section(heading, tuple(_in_numbers(parts, derived))))
    return sheet_of(solution, (head(solution, passes), *sections, *result(solution)))


def _derived(solution: Solution, lines: Sequence[Line]) -> dict[Quantity, Line]:
    """The gradients of the first pass that are asked by name, and what their letters name; if none is, all."""
    first = {line.quantity: line for line in lines if line.step.stage == "gradients" and not line.quantity.update}
    names = {one.name for one in solution.network.task.ask}
    todo = [q for q in first if names & {q.key, q.block()}]
    if not todo:
        return first
    found = set(todo)
    while todo:
        named = [q for q in quantities(first[todo.pop()].formula) if q in first and q not in found]
        found.update(named)
        todo += named
    return {q: line for q, line in first.items() if q in found}


def _letters(solution: Solution, derived: dict[Quantity, Line]) -> Iterator[Part]:
    """The derivation, after what is done."""
    worked = solution.first
    chain = Program(page_of(worked.run.shape._replace(opened=False), worked.turn)).by_target
    yield Say((phrase(solution.network.language, "derive"),))
    for said, group in groupby(derived.values(), key=lambda line: tell(worked, line.step)):
        yield Say((said,))
        yield Working(tuple(InLetters(line, chain[line.quantity]) for line in group))


def _in_numbers(parts: Sequence[Part], derived: Collection[Quantity]) -> Iterator[Part]:
    """Lines without the letters that are derived; where all are, what is done is said there."""
    lines = [line for part in parts if isinstance(part, Working) for line in part.lines]
    if lines and all(_is_derived(line, derived) for line in lines):
        yield Working(tuple(map(PutIn, lines)))
        return
    for part in parts:
        if isinstance(part, Working):
            part = Working(tuple(PutIn(line) if _is_derived(line, derived) else line for line in part.lines))
        yield part


def _is_derived(line: SheetLine, derived: Collection[Quantity]) -> bool:
    return all(_of_first_pass(q) in derived for q in line.quantities)


def _of_first_pass(q: Quantity) -> Quantity:
    """The quantity that is worked out in the same way before the first update."""
    context = tuple((word, n) for word, n in q.context if word != "u")
    return replace(q, context=context, of=_of_first_pass(q.of) if q.of else None)
