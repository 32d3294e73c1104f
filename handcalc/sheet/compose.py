"""The key of a solution, in the form that its network asks for.

Each form is a function from a solution to a finished sheet, on which every number says whose it is (`Shown`); the
student sheet is made of it by `fade`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handcalc.derive.solution import Solution
from handcalc.network.task import Form
from handcalc.sheet.forms.epochs import epochs
from handcalc.sheet.forms.factors import factors
from handcalc.sheet.forms.follow_along import follow_along
from handcalc.sheet.forms.lettered_parts import lettered_parts
from handcalc.sheet.forms.letters_first import letters_first
from handcalc.sheet.forms.matrices import matrices
from handcalc.sheet.forms.mistake import find_the_mistake
from handcalc.sheet.forms.multiple_choice import multiple_choice
from handcalc.sheet.forms.one_blank import one_blank
from handcalc.sheet.forms.softmax_columns import softmax_columns
from handcalc.sheet.forms.tables import tables
from handcalc.sheet.forms.wires import wires
from handcalc.sheet.helps import helps, plots
from handcalc.sheet.parts import Sheet
from handcalc.sheet.steps import steps

FORMS: dict[Form, Callable[[Solution], Sheet]] = {
    "epochs": epochs,
    "softmax columns": softmax_columns,
    "matrices": matrices,
    "tables": tables,
    "lettered parts": lettered_parts,
    "factors": factors,
    "letters first": letters_first,
    "follow along": follow_along,
    "one blank": one_blank,
    "wires": wires,
    "find the mistake": find_the_mistake,
    "multiple choice": multiple_choice,
}
"""By name; a form that isn't here differs from the steps only in what its student sheet hides."""


def compose(solution: Solution) -> Sheet:
    """The key: everything that the network's `show` asks for, worked; what is given and what helps come first."""
    made = FORMS.get(solution.network.task.form, steps)(solution)
    given, *others = made.sections
    return replace(made, sections=(given, *helps(solution), *others, *plots(solution)))
