"""Three tables to fill in, as in Han and Kamber, *Data Mining* (2000): the net input and output of each unit, the error
of each unit, the gradient and the new value of each weight; and, run again, the units once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal, NamedTuple

from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import is_total, quantities
from handcalc.formula.words import phrase
from handcalc.network.errors import at_key
from handcalc.ops.join import Add
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.forms.cells import worked_cell
from handcalc.sheet.parts import Part, Say, Sheet, Table, Words
from handcalc.sheet.steps import heading_of, is_loss, lesson, tell, worked_sections

Kind = Literal["units", "errors", "weights", "lines"]
COLUMNS = {
    "units": ("net input", "", "output of a unit"),
    "errors": ("slope of the output", "", "error"),
    "weights": ("gradient", "", "new value of it"),
}
"""Of each table, in order; what has only a letter stands at the empty name."""
FIRST = {"units": "unit", "errors": "unit", "weights": "weight or bias"}


def tables(solution: Solution) -> Sheet:
    """The key in tables. Raises NetworkFileError for a circuit, which has no units."""
    if solution.network.circuit:
        raise at_key("form", "the tables have a row for each unit, and a circuit has none; write form: wires, or steps")
    return lesson(solution, _sections)


def _sections(worked: Pass, shown: Sequence[Line]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """Tables in the order of the work; what belongs in none of them, line by line."""
    language, places = worked.network.language, _Places(worked)
    in_place = worked.network.update_order == "in place"
    for (kind, sample), group in groupby(shown if in_place else sorted(shown, key=places.turn), key=places.table):
        lines = list(group)
        if kind == "lines":
            yield from worked_sections(worked, lines)
            continue
        stages = [line.step.stage for line in lines]
        heading = heading_of(worked, "update" if "update" in stages else stages[0], sample)
        yield heading, (*_told(worked, lines), _table(kind, [places.of(line) for line in lines], language))


def _told(worked: Pass, lines: Sequence[Line]) -> Iterator[Say]:
    """How the columns are worked out: not for each sample of a batch, and not when they are worked again."""
    again = lines[0].step.stage == "rerun" or (worked.run.samples == 1 and lines[0].step.sample > 1)
    if not again:
        yield from (Say((said,)) for said in dict.fromkeys(tell(worked, line.step) for line in lines) if said)


class _Place(NamedTuple):
    """Where a line stands: in the row of `row` (None: of the total), in the column of a phrase, else of its letter."""

    row: Quantity | None
    column: str
    letter: Quantity
    line: Line


def _table(kind: Kind, places: Sequence[_Place], language: str) -> Table:
    columns: dict[tuple[int, str], list[_Place]] = {}
    rows: dict[Quantity | None, dict[tuple[int, str], Line]] = {}
    for place in places:
        column = COLUMNS[kind].index(place.column), "" if place.column else place.letter.key
        columns.setdefault(column, []).append(place)
        rows.setdefault(place.row, {})[column] = place.line
    ordered = sorted(columns, key=lambda column: column[0])  # letters in the order in which they are made
    header = ((phrase(language, FIRST[kind]),), *(_header(language, columns[column]) for column in ordered))
    lines = tuple(
        (
            Slot(row) if row else (phrase(language, "total"),),
            *(worked_cell(cells[column]) if column in cells else () for column in ordered),
        )
        for row, cells in rows.items()
    )
    return Table(header, lines)


def _header(language: str, places: Sequence[_Place]) -> Words:
    """What a column is called, with its letter where it has one."""
    name, letters = places[0].column, {place.letter for place in places}
    letter = (Slot(places[0].letter),) if len(letters) == 1 and name != "output of a unit" else ()
    said = (phrase(language, name),) if name else ()
    return (*said, *([" "] if said and letter else []), *letter)


class _Places:
    """The table, the row and the column of each line of a pass."""

    def __init__(self, worked: Pass) -> None:
        self.made = {step.target: step.operation for step in worked.program.steps}
        self.layers = {one.number: one for one in worked.program.page.layers}
        layers = self.layers.values()
        self.parameters = worked.program.page.parameters
        self.outputs = {(ref.quantity.letter, ref.quantity.layer) for one in layers for ref in one.outputs}

    def turn(self, line: Line) -> int:
        """Errors before the gradients of weights, which share a table with the updates."""
        if line.step.stage == "rerun":
            return 3
        return {"errors": 1, "weights": 2}.get(self.kind(line), 0)

    def table(self, line: Line) -> tuple[Kind, int]:
        kind = self.kind(line)
        return kind, 0 if kind in ("lines", "weights") else line.step.sample

    def kind(self, line: Line) -> Kind:
        step = line.step
        match step.stage:
            case "gradients":
                return "weights" if step.of in self.parameters else "errors"
            case "update":
                return "weights"
            case "forward" | "rerun" if not is_loss(step.operation) and (step.layer or isinstance(step.operation, Add)):
                return "units"
        return "lines"

    def of(self, line: Line) -> _Place:
        kind, q, of = self.kind(line), line.quantity, line.step.of
        if kind == "weights":
            return self._weight(line)
        column = self._column(of or q)
        letter = _alone(q) if kind == "errors" else _letter(q)
        if not q.index and kind == "units" and is_total(line.formula):
            return _Place(None, "", _letter(quantities(line.formula)[0]), line)
        name = (
            {"net input": "error", "output of a unit": "slope of the output"}.get(column, "")
            if kind == "errors"
            else column
        )
        return _Place(self._unit(of or q, line.step.layer), name, letter, line)

    def _weight(self, line: Line) -> _Place:
        q, of = line.quantity, line.quantity.of or line.quantity
        if line.step.of:
            return _Place(line.step.of.without_context(), "gradient", _alone(q), line)
        return (
            _Place(of.without_context(), "", _letter(q), line)
            if q.role
            else _Place(q.without_context(), "new value of it", _letter(q), line)
        )

    def _column(self, q: Quantity) -> str:
        operation = self.made.get(q)
        if operation is None or isinstance(operation, WeightedSum):
            return "net input"
        return "output of a unit" if (q.letter, q.layer) in self.outputs or isinstance(operation, Add) else ""

    def _unit(self, q: Quantity, layer: int | None) -> Quantity:
        """What a row is called: the output of its unit."""
        outputs = self.layers[layer].outputs if layer in self.layers else ()
        place = q.index[0] if q.index else 1
        return (outputs[place - 1].quantity if place <= len(outputs) else q).without_context()


def _letter(q: Quantity) -> Quantity:
    return Quantity(q.letter)


def _alone(q: Quantity) -> Quantity:
    """A gradient of the letters alone: ∂L/∂z."""
    return replace(q, layer=None, index=(), context=(), shown=None, of=_letter(q.of) if q.of else None)
