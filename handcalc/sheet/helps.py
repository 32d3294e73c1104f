"""What helps a student beside what is given: a box of formulas, and without a calculator a table of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from handcalc.derive.passes import EQUALS, Line
from handcalc.derive.slip import with_slip
from handcalc.derive.solution import Solution
from handcalc.derive.table_of_values import Entry, table_of_values
from handcalc.formula.maths import Letter
from handcalc.formula.notation import lettered, number, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Num, Ref
from handcalc.formula.words import phrase, say
from handcalc.sheet.curves import activation_plot, step_plot
from handcalc.sheet.forms.mistake import chosen
from handcalc.sheet.parts import Cell, Part, Retold, Say, Section, Stages, Table, Words, Working
from handcalc.sheet.picture import Picture
from handcalc.sheet.shown import shown_lines

IN_A_ROW = 10
"""Values of a table that stand side by side."""


def helps(solution: Solution) -> Iterator[Section]:
    """The sections that the task of a network asks for."""
    task, language = solution.network.task, solution.network.language
    if task.formulas and (lines := tuple(_formulas(solution))):
        yield Section(phrase(language, "formulas"), (Working(lines),))
    if not task.calculator and (tables := tuple(_values(solution))):
        yield Section(phrase(language, "values"), tables)


def plots(solution: Solution) -> Iterator[Section]:
    """The curves that the task of a network asks for: the activation of the first unit of each layer, and the loss
    along the first step."""
    wanted, found = solution.network.task.plots, list[Picture | None]()
    if "activation" in wanted:
        curved = (layer for layer in solution.program.page.layers if layer.kinds[0].name != "linear")
        found += [activation_plot(solution, layer.outputs[0].quantity) for layer in curved]
    if "step" in wanted:
        found.append(step_plot(solution))
    if drawn := tuple(one for one in found if one is not None):
        yield Section(phrase(solution.network.language, "curves"), drawn)


@dataclass(frozen=True, slots=True)
class FormulaLine(Retold):
    """How a line is worked, in letters: ``z = w·x + b``."""

    line: Line

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return ()

    @property
    def traced(self) -> Stages:
        return ((EQUALS, written(self.line.formula)),)

    @property
    def remark(self) -> Words:
        return ()


def _formulas(solution: Solution) -> Iterator[FormulaLine]:
    """The first line of each kind; not what says the same by another name."""
    met = set[tuple[str, str, str]]()
    for line in shown_lines(solution):
        step, of = line.step, line.quantity.of or line.quantity
        kind = (step.operation.name, step.stage, "" if step.stage == "update" else of.letter)
        if kind in met or step.stage == "rerun" or isinstance(line.formula, Ref | Num):
            continue
        met.add(kind)
        yield FormulaLine(line)


def _values(solution: Solution) -> Iterator[Part]:
    """A table for each function, argument above value, and how it is used."""
    shown = with_slip(solution, chosen(solution)) if solution.network.task.form == "find the mistake" else solution
    entries = table_of_values(*shown.passes)
    if not entries:
        return
    yield Say(say(solution.network.language, "about values"))
    x = Letter("x")
    for _, group in groupby(entries, key=lambda entry: entry.name):
        every: list[Entry] = list(group)
        function = lettered(written(every[0].function))
        for start in range(0, len(every), IN_A_ROW):
            some = every[start : start + IN_A_ROW]
            head: tuple[Cell, ...] = (x, *(number(entry.argument) for entry in some))
            yield Table(head, ((function, *(number(entry.value) for entry in some)),))
