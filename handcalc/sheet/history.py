"""The updates that aren't worked line by line: a table of the loss and the parameters, and a plot of the loss."""

from __future__ import annotations

from collections.abc import Iterator

from handcalc.derive.solution import Solution
from handcalc.formula.maths import Digits, Shown, Slot
from handcalc.formula.notation import number
from handcalc.formula.words import phrase, say
from handcalc.sheet.parts import Cell, Part, Table
from handcalc.sheet.plot import loss_plot

MOST_ROWS, MOST_PARAMETERS = 12, 6
"""Of the table: updates, and parameters that stand beside the loss."""
FEWEST_POINTS = 4
"""Updates whose loss is worth a plot."""


def history(solution: Solution) -> Iterator[Part]:
    """A table and a plot where there are more updates than are worked line by line."""
    if solution.updates <= len(solution.passes) or not {"update", "rerun"} & set(solution.network.show):
        return
    losses, circuit = solution.loss_history(), solution.network.circuit
    yield _table(solution)
    if circuit and solution.run.samples > 1:  # whose output belongs to another sample at each update
        return
    if len(losses) >= FEWEST_POINTS:
        language = solution.network.language
        key = "epochs" if solution.run.samples > 1 else "updates"
        yield loss_plot(
            enumerate(losses, 1 if key == "epochs" else 0),
            across=phrase(language, key),
            up=circuit.output if circuit else phrase(language, "the loss"),
            alt=phrase(language, "plot of an output", output=circuit.output)
            if circuit
            else phrase(language, "plot of the loss"),
            comma=solution.notation.decimal == "comma",
        )


def rows(count: int) -> list[int]:
    """Some numbers from 0 to `count` - 1: all of few, else the first, the last, and 1, 2 and 5 times powers of ten."""
    if count <= MOST_ROWS:
        return list(range(count))
    round_ones = [n * 10**k for k in range(9) for n in (1, 2, 5) if n * 10**k < count - 1]
    return [0, *round_ones[-(MOST_ROWS - 2) :], count - 1]


def _table(solution: Solution) -> Table:
    several, circuit = solution.run.samples > 1, solution.network.circuit
    if several and not circuit:
        return _of_epochs(solution)
    language, first = solution.network.language, solution.worked(0).program
    objective, learned = None if several else first.page.objective, first.page.learned
    parameters = [q for q in learned if not q.role]
    shown = parameters if len(parameters) <= MOST_PARAMETERS else []
    header: list[Cell] = [(phrase(language, "updates"),)]
    header += [Slot(objective.quantity)] if objective else []
    header += [Slot(q) for q in shown]
    lines: list[tuple[Cell, ...]] = []
    chosen = rows(solution.updates + ("rerun" in solution.network.show))
    solution.run.wanted.update(chosen)
    for update in chosen:
        worked = solution.worked(min(update, solution.updates - 1))
        slots = worked.program.slots.number
        names = ([objective.quantity] if objective else []) + list(shown)
        now = [q.later(update) if update else q for q in names]
        cells = (Shown(q, number(worked.printed.decimal[slots[q]])) for q in now)
        lines.append((Digits(str(update)), *cells))
    return Table(tuple(header), tuple(lines), say(language, "table of updates"))


def _of_epochs(solution: Solution) -> Table:
    language, epochs = solution.network.language, solution.epoch_losses()
    header: tuple[Cell, ...] = ((phrase(language, "epochs"),), (phrase(language, "sum of the losses"),))
    lines = tuple(
        (Digits(str(n + 1)), Shown(epochs[n].quantity, number(epochs[n].decimal()))) for n in rows(len(epochs))
    )
    return Table(header, lines, say(language, "table of epochs"))
