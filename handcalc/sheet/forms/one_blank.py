"""One blank: everything is worked, but one number is missing, and is found from the others."""

from __future__ import annotations

from dataclasses import replace

from handcalc.derive.solution import Solution
from handcalc.formula.maths import Maths, Slot
from handcalc.formula.words import say
from handcalc.sheet.asked import Asked
from handcalc.sheet.given import listed
from handcalc.sheet.parts import Say, Sheet
from handcalc.sheet.steps import steps


def one_blank(solution: Solution) -> Sheet:
    """The key: the steps, after a sentence that says what is missing on the sheet."""
    names: list[str | Maths] = []
    for q in (asked := Asked(solution)).chosen:
        names += [listed(solution)] * bool(names) + [Slot(q)]
    said = say(solution.network.language, "missing", count=len(asked.chosen), names=tuple(names))
    return replace(steps(solution), parts=(Say(said),))
