"""A softmax in columns, a row for each class: z, e^z, p with the total below; then the loss; then p − y."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from handcalc.derive.passes import EQUALS, Line, Pass
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Digits, Maths, Row, Slot
from handcalc.formula.notation import lettered, placed, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Formula, Ref, is_total, quantities, replaced
from handcalc.formula.words import phrase
from handcalc.network.errors import at_key
from handcalc.ops.operation import Made
from handcalc.ops.softmax import Softmax
from handcalc.sheet.forms.cells import worked_cell
from handcalc.sheet.parts import Cell, Part, Say, Sheet, Table, Words
from handcalc.sheet.steps import heading_of, lesson, tell, worked_sections

Kind = Literal["columns", "slopes", "lines"]


def softmax_columns(solution: Solution) -> Sheet:
    """The key in columns. Raises NetworkFileError where the network doesn't end with a softmax."""
    if not _last(solution.first):
        raise at_key("form", "the columns need a softmax as the last activation; write form: tables, or steps")
    return lesson(solution, _under_one_heading)


def _last(worked: Pass) -> list[Made]:
    """The softmax that the network ends with, for each sample."""
    written = worked.program.page
    outputs = [tuple(ref.quantity for ref in refs) for refs in written.outputs]
    return [
        made
        for made in written.page.made
        if isinstance(made.operation, Softmax) and tuple(ref.quantity for ref in made.outputs) in outputs
    ]


def _under_one_heading(worked: Pass, shown: Sequence[Line]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    for heading, found in groupby(_sections(worked, shown), key=lambda section: section[0]):
        yield heading, tuple(part for _, parts in found for part in parts)


def _sections(worked: Pass, shown: Sequence[Line]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """The softmax and its slopes as tables, everything else line by line."""
    by_name = {_name(q): made for made in _last(worked) for q in _of(made)}
    scores = {_name(q) for made in by_name.values() for q in _scores(made)}

    def kind(line: Line) -> tuple[Kind, int]:
        if line.step.of and _name(line.step.of) in scores:
            return "slopes", line.step.sample
        return "columns" if _name(line.quantity) in by_name else "lines", line.step.sample

    for (found, _), group in groupby(shown, key=kind):
        lines = list(group)
        if found == "lines":
            yield from worked_sections(worked, lines)
            continue
        step = lines[0].step
        of = _name(step.of if step.of and found == "slopes" else lines[0].quantity)
        told = dict.fromkeys(tell(worked, line.step) for line in lines if step.stage != "rerun")
        table = _columns(worked, by_name[of], lines) if found == "columns" else _slopes(worked, by_name[of], lines)
        yield heading_of(worked, step.stage, step.sample, step.layer), (*(Say((one,)) for one in told if one), table)


def _columns(worked: Pass, made: Made, lines: Sequence[Line]) -> Table:
    """A row for each class, and the total of the powers below them."""
    found = {_name(line.quantity): line for line in lines}
    z = _scores(made)
    letters = dict.fromkeys(q.letter for q in made.formulas)
    columns = [[q for q in made.formulas if q.letter == letter] for letter in letters]
    totals = {quantities(made.formulas[q])[0].letter: q for column in columns for q in column if _is_total(made, q)}
    columns = [column for column in columns if len(column) == len(z)]
    header: list[Cell] = [(phrase(worked.network.language, "class name"),), Slot(_letter(z[0]))]
    header += [_called(made, column[0]) for column in columns]
    rows: list[tuple[Cell, ...]] = []
    for k, name in enumerate(_classes(worked, len(z))):
        score = worked_cell(found[_name(z[k])]) if _name(z[k]) in found else worked.shown(z[k])
        rows.append(((name,), score, *(worked_cell(found[_name(column[k])]) for column in columns)))
    below = [totals.get(column[0].letter) for column in columns]
    sums: list[Cell] = [worked_cell(found[_name(q)]) if q else () for q in below]
    if worked.network.carry == "exact":
        sums[-1] = Digits("1")
    total: Words = (phrase(worked.network.language, "total"), " ", *(Slot(_letter(q)) for q in below if q))
    return Table(tuple(header), (*rows, (total, (), *sums)))


def _slopes(worked: Pass, made: Made, lines: Sequence[Line]) -> Table:
    """A row for each class: the target, where the slope has it, and the slope with respect to its score."""
    z = list(map(_name, _scores(made)))
    page = worked.program.page
    place = [tuple(refs) for refs in page.outputs].index(tuple(made.outputs))
    targets = [ref.quantity for ref in page.targets[place]]
    seen = not {q for line in lines for q in quantities(line.formula)}.isdisjoint(targets)
    classes = _classes(worked, len(z))
    header: list[Cell] = [(phrase(worked.network.language, "class name"),)]
    header += [Slot(_letter(targets[0]))] if seen else []
    letters = {_of_letters(line.formula) for line in lines}
    name = Slot(replace(_letter(lines[0].quantity), of=_letter(lines[0].step.of or lines[0].quantity)))
    header.append(Row((name, EQUALS, letters.pop())) if len(letters) == 1 else name)
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        k = z.index(_name(line.step.of or line.quantity))
        target: tuple[Cell, ...] = (worked.shown(targets[k]),) if seen else ()
        rows.append(((classes[k],), *target, worked_cell(line)))
    return Table(tuple(header), tuple(rows))


def _of(made: Made) -> Iterator[Quantity]:
    """The scores that go into a softmax, and what it makes of them."""
    yield from _scores(made)
    yield from made.formulas


def _scores(made: Made) -> list[Quantity]:
    return [ref.quantity for ref in made.inputs[0] if isinstance(ref, Ref)]


def _is_total(made: Made, q: Quantity) -> bool:
    return not q.index and is_total(made.formulas[q])


def _called(made: Made, q: Quantity) -> Maths:
    """The header of a column: e^z, and p = e^z/S with the power put in."""
    first = quantities(made.formulas[q])[0]
    if first in made.formulas and q in {ref.quantity for ref in made.outputs}:
        whole = replaced(made.formulas[q], lambda one: made.formulas[one] if one == first else None)
        return Row((Slot(_letter(q)), EQUALS, _of_letters(whole)))
    said = _of_letters(made.formulas[q])
    return said if isinstance(made.formulas[q], Call) else Row((Slot(_letter(q)), EQUALS, said))


def _of_letters(f: Formula) -> Maths:
    """A formula without indices, samples and updates: what it says of any class."""
    return placed(lettered(written(f)), lambda slot: replace(slot, quantity=_letter(slot.quantity)))


def _letter(q: Quantity) -> Quantity:
    return replace(q, layer=None, index=(), context=(), shown=None)


def _name(q: Quantity) -> Quantity:
    """The same whatever the updates before it."""
    return replace(q, context=tuple(one for one in q.context if one[0] != "u"))


def _classes(worked: Pass, count: int) -> list[str]:
    names, language = worked.network.output_names, worked.network.language
    return [names[k] if names else phrase(language, "class", number=k + 1) for k in range(count)]
