"""The epoch table of a single unit: a row for each update, with inputs, sum, output, target, error and new weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Digits, Maths, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Ref
from handcalc.formula.words import phrase
from handcalc.network.errors import NetworkFileError, at_key, counted
from handcalc.sheet.parts import Cell, Part, Say, Section, Sheet, Table, Words
from handcalc.sheet.shown import shown_lines
from handcalc.sheet.steps import lesson, tell, worked_sections


def epochs(solution: Solution) -> Sheet:
    """The key as one table. Raises NetworkFileError where there isn't a single unit that learns sample by sample."""
    if wrong := _unfit(solution):
        raise wrong
    return lesson(solution, _scaling, (_whole(solution),))


def _unfit(solution: Solution) -> NetworkFileError | None:
    """What keeps a network from having an epoch table."""
    network = solution.network
    needs = "the epoch table needs a single unit"
    if network.circuit:
        return at_key("form", f"{needs}, and this is a circuit; write form: wires, or steps")
    layers = solution.program.page.layers
    units = sum(len(layer.outputs) for layer in layers)
    if units != 1:
        return at_key("form", f"{needs}, but this network has {counted(units, 'unit')}; write form: tables, or steps")
    if solution.run.samples != len(network.rows):
        return at_key("form", "the epoch table has a row for each sample; write batch: online")
    if not solution.updates or "update" not in network.show:
        return at_key("form", "the epoch table shows updates; write a target, a loss and a learning rate")
    return None


def _scaling(worked: Pass, shown: Sequence[Line]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    yield from worked_sections(worked, [line for line in shown if line.step.stage == "scaling"])


def _whole(solution: Solution) -> Section:
    """How each column is worked out, and the table."""
    first = [line for line in solution.first.lines if line.step.stage in ("forward", "gradients", "update")]
    told = dict.fromkeys(tell(line.of, line.step) for line in first)
    heading = phrase(solution.network.language, "epoch by epoch" if solution.run.samples > 1 else "update by update")
    return Section(heading, (*(Say((said,)) for said in told if said), _table(solution)))


def _table(solution: Solution) -> Table:
    """A line for each epoch, and below it a row for each sample; first the weights that the updates begin with."""
    language, samples, every = solution.network.language, solution.run.samples, shown_lines(solution)
    made = [_row(worked, [line for line in every if line.of is worked]) for worked in solution.passes]
    names = list(dict.fromkeys(_name(q) for row in made for q in row))

    def row(label: Cell, cells: Mapping[Quantity, Maths]) -> tuple[Cell, ...]:
        by_name = {_name(q): cell for q, cell in cells.items()}
        return (label, *(by_name.get(name, ()) for name in names))

    rows: list[tuple[Cell, ...]] = []
    if solution.first.turn.update == 0:
        start = {q: solution.first.shown(q) for q in solution.first.program.page.learned}
        rows.append(row((phrase(language, "start"),), start))
    epoch = None
    for worked, cells in zip(solution.passes, made, strict=True):
        update = worked.turn.update
        if samples > 1 and update // samples != epoch:
            epoch = update // samples
            rows.append(row((phrase(language, "epoch", epoch=epoch + 1),), {}))
        rows.append(row(Digits(str(update % samples + 1 if samples > 1 else update + 1)), cells))
    first = phrase(language, "samples table" if samples > 1 else "update number")
    return Table(((first,), *(_header(language, name) for name in names)), tuple(rows))


def _row(worked: Pass, lines: Sequence[Line]) -> dict[Quantity, Maths]:
    """What stands in a row, from left to right: inputs, what is made of them, target, error, new weights."""
    page = worked.program.page
    given = [ref.quantity for ref in page.inputs if isinstance(ref, Ref)]
    made = [line.quantity for line in lines if line.step.stage == "forward"]
    target = [ref.quantity for ref in page.targets[0]]
    learned = [line.quantity for line in lines if line.step.stage in ("gradients", "update")]
    return {q: worked.shown(q) for q in (*given, *made, *target, *learned)}


def _header(language: str, name: Quantity) -> Words:
    """What a column is called: errors in words, everything else by its letters."""
    is_error = name.of is not None and name.role != "state"
    return (*((phrase(language, "error"), " ") if is_error else ()), Slot(name))


def _name(q: Quantity) -> Quantity:
    """The name of a column: without sample and update."""
    return replace(q.without_context(), of=q.of.without_context() if q.of else None)
