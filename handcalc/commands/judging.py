"""Whether numbers are good for working by hand: the reason why not, or none."""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq

from handcalc.derive.solution import Solution
from handcalc.derive.warnings import warnings
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Cases, Formula, Num, Ref, children

LEAST_SHOWN = 10
"""A gradient should show two significant figures: this many units of the last printed place."""


def objection(solution: Solution, *, choosy: bool) -> str | None:
    """Why these numbers embarrass a lecturer, in a few words; None where they don't.

    `choosy` also asks for what is only pleasant: no unit without a slope, a loss and gradients of two significant
    figures, predictions that have the sign of their targets.
    """
    return next(_objections(solution, choosy=choosy), None)


def _objections(solution: Solution, *, choosy: bool) -> Iterator[str]:
    yield from warnings(solution)
    yield from _on_an_edge(solution)
    yield from _without_slope(solution, choosy=choosy)
    yield from _not_falling(solution)
    if choosy:
        yield from _hardly_visible(solution)


def _on_an_edge(solution: Solution) -> Iterator[str]:
    """A weighted sum of exactly 0, and any value where a function has a kink."""
    for step in solution.program.steps:
        if step.stage in ("forward", "rerun"):
            if step.target.letter == "z" and _is_zero(solution, step.target):
                yield f"{step.target.key} is exactly 0"
            if any(_is_a_tie(solution, part) for part in _parts(step.formula)):
                yield f"{step.target.key} is at a kink"


def _without_slope(solution: Solution, *, choosy: bool) -> Iterator[str]:
    """A layer none of whose sums has a slope (dead ReLUs); for the choosy one such sum is enough."""
    layers: dict[int | None, list[bool]] = {}
    for step in solution.program.steps:
        if step.stage == "gradients" and step.of is not None and step.of.letter == "z":
            layers.setdefault(step.of.layer, []).append(_is_zero(solution, step.target))
    for layer, zero in layers.items():
        if all(zero) or (choosy and any(zero)):
            yield f"in layer {layer or 1} {sum(zero)} of {len(zero)} sums have no slope"


def _not_falling(solution: Solution) -> Iterator[str]:
    for step in solution.program.steps:
        if step.stage == "rerun" and step.target.letter == "L":
            before, after = (solution[q.key].decimal() for q in (step.target.later(-1), step.target))
            if before == after:
                yield f"the loss stays at {before} in print"


def _hardly_visible(solution: Solution) -> Iterator[str]:
    for step in solution.program.steps:
        if step.stage in ("gradients", "loss") and not _is_zero(solution, step.target):
            shown = solution[step.target.key].decimal()
            if int(shown.replace(".", "").lstrip("-")) < LEAST_SHOWN:
                yield f"{step.target.key} is printed as {shown}"
    page = solution.program.page
    for output, target in zip(page.outputs[0], page.targets[0] if page.targets else (), strict=False):
        if solution.value(output.quantity) * solution.value(target.quantity) < 0:
            yield f"{output.quantity.key} and its target have different signs"


def _is_zero(solution: Solution, quantity: Quantity) -> bool:
    value = solution.value(quantity)
    return isinstance(value, fmpq) and bool(value == 0)


def _is_a_tie(solution: Solution, f: Formula) -> bool:
    match f:
        case Cases(left, _, right, _, _) | Call("max", (left, right)):
            values = [_value(solution, one) for one in (left, right)]
            return None not in values and values[0] == values[1]
    return False


def _value(solution: Solution, f: Formula) -> object:
    match f:
        case Ref(quantity):
            value = solution.value(quantity)
            return value if isinstance(value, fmpq) else None
        case Num(number):
            return number.value
    return None


def _parts(f: Formula) -> Iterator[Formula]:
    yield f
    for part in children(f):
        yield from _parts(part)
