"""Matrix statements on the sheet: one line of matrices for a whole layer, beside its scalar lines or in their place.

matrix   the statement, one entry in full, the other entries in a table (if there are several)
both     the statement, then the scalar line of each entry
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from handcalc.derive.passes import ABOUT, EQUALS, Line, Pass
from handcalc.derive.statement import Statement
from handcalc.formula.block import Block, Elementwise, Ones, Transpose, leaves, place
from handcalc.formula.block_notation import block_filled, block_written
from handcalc.formula.maths import Digits, Letter, Maths, Matrix, Relation, Shown, Slot
from handcalc.formula.notation import marks_in, number, untraced
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Ref, quantities
from handcalc.formula.words import say
from handcalc.sheet.parts import Cell, Part, Table, Words, Working

FEWEST = 3
"""Other entries that make a table; the results of fewer are seen in the statement at a glance."""


MOST_MARKS = 8
"""Numbers and letters of an expression that stands in the result of a statement; a longer one is in its own line."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement as it is written: with letters, with matrices of numbers put in, and its result."""

    of: Pass
    statement: Statement

    @property
    def key(self) -> str:
        return self.name.key

    @property
    def name(self) -> Quantity:
        assert self.statement.target.name is not None, "what is worked out has a name"
        return self.statement.target.name

    @property
    def target(self) -> Maths:
        return Slot(self.name)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What it works out, row by row."""
        return tuple(line.quantity for line in self.lines)

    @property
    def stages(self) -> tuple[tuple[Relation, Maths], ...]:
        return tuple((relation, untraced(stage)) for relation, stage in self.traced)

    @property
    def traced(self) -> tuple[tuple[Relation, Maths], ...]:
        """The stages, in which each number says whose it is."""
        formula, called = self.statement.formula, self.statement.called
        stages: list[tuple[Relation, Maths]] = []
        if called is not None:
            stages.append((EQUALS, block_written(Elementwise(Ref(place(0)), (called[1],), called[0]))))
        stages.append((EQUALS, block_written(formula)))
        if not isinstance(formula, Block) or formula.name is None:
            stages.append((EQUALS, block_filled(formula, partial(self.of.put_into, traced=True))))
        for relation, result in self._results():
            if result != stages[-1][1]:
                stages.append((relation, result))
        return tuple(stages)

    @property
    def remark(self) -> Words:
        return ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The scalar lines that it stands for, row by row."""
        return tuple(self.of.lines[n] for n in self.statement.places)

    def _results(self) -> Iterator[tuple[Relation, Maths]]:
        """The digits that later lines use, where there are more of them than in the rounded results; these."""
        if self.of.letters:
            lines = ((self.of.lines[n] for n in row) for row in self.statement.steps)
            result = Matrix(tuple(tuple(self._end(line) for line in row) for row in lines))
            if all(_marks(cell) <= MOST_MARKS for row in result.rows for cell in row):
                yield EQUALS, result
            return
        results = {line.slot: dict(self.of.printed.result[line.slot]) for line in self.lines}
        exactly, rounded = (any(sign in one for one in results.values()) for sign in "=≈")
        if exactly and (self.of.network.carry == "exact" or not rounded):
            yield EQUALS, self._matrix({slot: self.of.printed.operand[slot] for slot in results})
        if rounded:
            yield ABOUT, self._matrix({slot: one.get("≈") or one["="] for slot, one in results.items()})

    def _end(self, line: Line) -> Maths:
        """What a line in letters comes to: digits where it depends on no letter."""
        q = line.quantity
        found = self.of.ending(q)[1] if self.of.value(q) is None else self.of.shown(q)
        return found if isinstance(found, Shown) else Shown(q, found)

    def _matrix(self, digits: dict[int, str]) -> Matrix:
        first = self.of.program.first
        made = self.of.program.slots.quantities
        return Matrix(
            tuple(tuple(Shown(made[first + n], number(digits[first + n])) for n in row) for row in self.statement.steps)
        )


def with_statements(worked: Pass, lines: Sequence[Line]) -> Iterator[Part]:
    """The working of some lines: as they are, or with the statements that the network asks for."""
    how = worked.network.statements
    if how == "scalar":
        yield Working(tuple(lines))
        return
    said: list[Line | StatementLine] = []
    here, told = {line.quantity for line in lines}, set[Quantity]()
    for line in lines:
        if line.quantity in told:
            continue
        found = _statement(worked, line)
        if found is None or not here.issuperset(one.quantity for one in found.lines):
            said.append(line)
            continue
        told.update(one.quantity for one in found.lines)
        said.append(found)
        if how == "both" or worked.letters:
            said += found.lines
            continue
        first, *others = found.lines
        yield Working((*said, first, *(line for line in others if line.exactly)))
        said = []
        rest = [line for line in others if not line.exactly]
        if len(rest) >= FEWEST:
            yield _table(worked, rest)
    if said:
        yield Working(tuple(said))


def in_order(worked: Pass, lines: Sequence[Line]) -> list[Line]:
    """The lines of a batch so that what one statement says of all samples stands together, after all that it uses."""
    if worked.network.statements == "scalar" or not any(line.step.sample for line in lines):
        return list(lines)
    here = {line.quantity for line in lines}
    todo: list[tuple[Line, ...]] = []
    told = set[Quantity]()
    for line in lines:
        if line.quantity not in told:
            found = _statement(worked, line)
            todo.append(found.lines if found and here.issuperset(one.quantity for one in found.lines) else (line,))
            told.update(one.quantity for one in todo[-1])
    ordered: list[Line] = []
    open_ = set(here)
    while todo:
        ready = next(
            (unit for unit in todo if open_.isdisjoint(q for one in unit for q in quantities(one.formula))), todo[0]
        )
        todo.remove(ready)
        open_.difference_update(one.quantity for one in ready)
        ordered += ready
    return ordered


def sample_of(worked: Pass, line: Line) -> int:
    """The sample whose section a line stands in; 0 where a statement says it for all."""
    found = worked.statement_of.get(line.quantity)
    return found.sample if found else line.step.sample


def _statement(worked: Pass, line: Line) -> StatementLine | None:
    """The statement that stands for a line."""
    found = worked.statement_of.get(line.quantity)
    return StatementLine(worked, found) if found else None


def about_statements(worked: Pass, shown: Iterable[Line]) -> Iterator[Words]:
    """What the letters of statements mean."""
    language, found = worked.network.language, [one for line in shown if (one := _statement(worked, line))]
    if not found:
        return
    rows = any(len(target) == 1 < len(target[0]) for target in (one.statement.target.entries for one in found))
    W = Quantity("W", found[0].statement.layer if len(worked.program.page.layers) > 1 else None)
    turned = block_written(Transpose(Block(W, ())))
    yield say(language, "blocks as rows" if rows else "blocks as columns", turned=turned, letter=Slot(W))
    if several := next((one.name for one in found if not one.statement.sample and one.lines[0].step.sample), None):
        yield say(language, f"samples as {worked.network.samples}", letter=Slot(several))
    ones = [leaf for one in found for leaf in leaves(one.statement.formula) if isinstance(leaf, Ones)]
    if ones:
        yield say(language, "ones", ones=block_written(ones[0]), count=ones[0].rows)


def _marks(m: Maths) -> int:
    """How many numbers and letters there are in `m`."""
    return len(marks_in(m, Digits, Letter, Slot))


def _table(worked: Pass, lines: Sequence[Line]) -> Table:
    """The results of the other entries: the digits that later lines use, and the rounded ones."""
    results = [dict(line.result) for line in lines]
    relations = [relation for relation in (EQUALS, ABOUT) if any(relation.sign in one for one in results)]
    rows: list[tuple[Cell, ...]] = []
    for relation in relations:
        cells = ((line.quantity, one.get(relation.sign)) for line, one in zip(lines, results, strict=True))
        rows.append((relation, *(() if text is None else Shown(q, number(text)) for q, text in cells)))
    return Table(((), *(Slot(line.quantity) for line in lines)), tuple(rows))
