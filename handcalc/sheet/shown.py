"""Which lines of a solution its sheet shows."""

from __future__ import annotations

from handcalc.derive.page import Stage
from handcalc.derive.passes import Line
from handcalc.derive.solution import Solution
from handcalc.formula.tree import Ref


def shown_as(stage: Stage) -> str:
    """The part of `show` that a stage belongs to."""
    return "forward" if stage in ("scaling", "output") else stage


def shown_lines(solution: Solution) -> tuple[Line, ...]:
    """What the network's `show` asks for, line by line, as far as its form has a place for it."""
    network = solution.network
    lines = (line for line in solution.lines if shown_as(line.step.stage) in network.show)
    match network.task.form:
        case "epochs":
            return tuple(filter(_in_epochs, lines))
        case "wires":  # a drawing has the first pass alone
            first = solution.first.lines
            return tuple(line for line in lines if line in first and line.step.stage in ("forward", "gradients"))
    return tuple(lines)


def _in_epochs(line: Line) -> bool:
    """An epoch table shows the sum, the output, the error and the new weights; not what says a number once more."""
    step = line.step
    left_out = step.stage in ("loss", "rerun", "output") or step.of in line.of.program.page.parameters
    return not left_out and not (isinstance(line.formula, Ref) and step.stage != "update")
