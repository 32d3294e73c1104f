"""The passes of a solution worked out once more, from the given texts, in decimals.

Exact carry: from the first pass on, whatever is shown. Rounded carry: each line from the numbers that are printed
before it, so that a pass begins with the printed ones; of a long run only the passes that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from handcalc.derive.passes import Pass
from handcalc.derive.program import Program
from handcalc.derive.solution import Solution
from handcalc.derive.writer import Turn
from handcalc.quiz.by_decimals import NO_VALUE, Line, context, lines_in_decimals
from handcalc.quiz.digits_on_paper import on_paper, typed

MOST_PASSES = 64
"""Of a run in rounded carry, of which every pass is worked."""


@dataclass(frozen=True)
class Again:
    """A pass and the values of its slots; None of what depends on letters, or has no value."""

    of: Pass
    values: list[Decimal | None]
    """What each line gives; in rounded carry from the printed numbers."""
    begins: bool
    """Whether what it begins with was worked out too."""
    on_paper: list[Decimal]
    """What the printed operands stand for."""
    exact: list[Decimal | None]
    """The values without any rounding, from the numbers that the pass begins with."""


def worked_again(solution: Solution, digits: int) -> list[Again]:
    with localcontext(context(digits)):
        rounded = solution.network.carry == "rounded"
        return list((_rounded if rounded else _exactly)(solution, digits))


def _exactly(solution: Solution, digits: int) -> Iterator[Again]:
    shown = {one.turn.update: one for one in solution.passes}
    learned: list[Decimal | None] = []
    last = max(shown)
    for update in range(last + 1):
        one = shown.get(update)
        program = one.program if one else solution.run.program(Turn(0, update % solution.run.samples))
        values = _given(solution, program, update)
        number = program.slots.number
        for q, value in zip(program.page.learned, learned, strict=False):
            values[number[q]] = value
        work_out(program, values, lines_in_decimals(program, digits))
        if update < last:
            learned = [values[number[q.later()]] for q in program.page.learned]
        if one:
            yield Again(one, values, True, [], values)


def _given(solution: Solution, program: Program, update: int) -> list[Decimal | None]:
    """The given numbers as they were typed, the counter, and of what is learned the first values; None of letters."""
    found: list[Decimal | None] = []
    for quantity, source in zip(program.page.page.givens, program.page.sources, strict=True):
        text = solution.typed[source] if isinstance(source, int) else source
        letter = isinstance(source, int) and solution.run.numbers[source] is None
        found.append(Decimal(update + 1) if quantity.key == "t" else None if letter else typed(text))
    return found


def work_out(program: Program, values: list[Decimal | None], lines: list[Line]) -> None:
    """Append to the given `values` those of the steps."""
    for line, operands in zip(lines, program.operands, strict=True):
        if None in [values[i] for i in operands]:
            values.append(None)
            continue
        try:
            values.append(line(values))
        except NO_VALUE:
            values.append(None)


def _rounded(solution: Solution, digits: int) -> Iterator[Again]:
    last = max(one.turn.update for one in solution.passes)
    every = last < MOST_PASSES
    learned: list[Decimal] = []
    for one in map(solution.worked, range(last + 1)) if every else solution.passes:
        program, number = one.program, one.program.slots.number
        shown = [on_paper(text) for text in one.printed.operand]
        lines = lines_in_decimals(program, digits)
        values = _from_print(program, shown, lines)
        exact: list[Decimal | None] = list(shown[: program.first])
        work_out(program, exact, lines)
        for q, value in zip(program.page.learned, learned, strict=False):
            values[number[q]] = value
        yield Again(one, values, every or not one.turn.update, shown, exact)
        if every and one.turn.update < last:
            learned = [shown[number[q.later()]] for q in program.page.learned]


def _from_print(program: Program, on_paper: list[Decimal], lines: list[Line]) -> list[Decimal | None]:
    """What each line gives with the numbers that are printed before it."""
    found: list[Decimal | None] = list(on_paper[: program.first])
    for line in lines:
        try:
            found.append(line(on_paper))
        except NO_VALUE:
            found.append(None)
    return found
