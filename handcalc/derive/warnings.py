"""What embarrasses a lecturer in front of the class, said before it is printed, with the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flint import fmpq

from handcalc.derive.solution import Solution
from handcalc.formula.look import alike, unused_letters
from handcalc.formula.quantity import Quantity, gradient
from handcalc.ops.operation import Activation


def warnings(solution: Solution) -> list[str]:
    """One sentence each: saturated units, gradients and updates that vanish in print, a loss that rises.

    Nothing is said of expressions in letters.
    """
    return [
        *_saturated(solution),
        *_vanished_gradients(solution),
        *_vanished_updates(solution),
        *_rising(solution),
        *_letters(solution),
    ]


def _saturated(solution: Solution) -> Iterator[str]:
    """Units whose output, rounded, is an end of the range that it never reaches."""
    for made in solution.program.page.page.made:
        operation = made.operation
        if not isinstance(operation, Activation) or operation.open_range is None:
            continue
        z = [ref for ref in made.inputs[0] if not isinstance(ref, list)]
        stuck = [
            k
            for k, a in enumerate(made.outputs)
            if _is_number(solution, a.quantity) and _at_an_end(solution, a.quantity, operation.open_range)
        ]
        if stuck:
            sums = ", ".join(f"{z[k].quantity.key} = {_decimal(solution, z[k].quantity)}" for k in stuck)  # type: ignore[union-attr]
            yield (
                f"{_listed([made.outputs[k].quantity for k in stuck])} saturated ({operation.name}; {sums}): "
                "the slope vanishes in print. Scale the inputs (120 m² as 1.2 hundred m²) or use smaller weights."
            )


def _vanished_gradients(solution: Solution) -> Iterator[str]:
    vanished = [
        step.target
        for step in solution.program.steps
        if step.stage == "gradients"
        and _is_number(solution, step.target)
        and not _exactly_zero(solution, step.target)
        and _shows_zero(solution, step.target)
    ]
    if vanished:
        decimals = solution.network.decimals
        yield (
            f"{_listed(vanished)} not 0 but printed as {_decimal(solution, vanished[0])}. "
            f"Print more decimals (--decimals {min(decimals + 2, 12)}) or use larger inputs and weights."
        )


def _vanished_updates(solution: Solution) -> Iterator[str]:
    objective = solution.program.page.objective
    loss = objective.quantity if objective else None
    unchanged = [
        old
        for step in solution.program.steps
        if step.stage == "update" and loss is not None
        for old in [step.target.later(-1)]
        if not step.target.role
        and _is_number(solution, step.target)
        and _is_number(solution, old)
        and _decimal(solution, step.target) == _decimal(solution, old)
        and not _exactly_zero(solution, gradient(loss, old, minus=solution.run.shape.minus))
    ]
    if unchanged:
        decimals = solution.network.decimals
        yield (
            f"{_listed(unchanged)} unchanged in print by the update. "
            f"Use a larger learning rate or print more decimals (--decimals {min(decimals + 2, 12)})."
        )


def _rising(solution: Solution) -> Iterator[str]:
    for step in solution.program.steps:
        objective = solution.program.page.objective
        if step.stage == "rerun" and objective and step.target == objective.quantity.later():
            before, after = step.target.later(-1), step.target
            if (
                _is_number(solution, before)
                and _is_number(solution, after)
                and solution.value(after) - solution.value(before) > 0
            ):
                yield (
                    f"The step raises the loss from {_decimal(solution, before)} to {_decimal(solution, after)}. "
                    "Use a smaller learning rate."
                )


def _letters(solution: Solution) -> Iterator[str]:
    """Own letters that name nothing, or two quantities; numbers throughout where layers don't follow each other."""
    if (layers := solution.network.notation.layers) != solution.notation.layers:
        here = "these branch" if solution.network.layers else "there are none here"
        yield f"The notation layers: {layers} is not used: it numbers layers that follow each other, and {here}."
    quantities = solution.program.slots.quantities
    if solution.notation.letters:
        if unused := unused_letters(solution.notation, quantities):
            yield f"The notation has letters for {', '.join(unused)}, but no quantity of this network is called so."
        if pairs := alike(solution.notation, quantities):
            yield f"In this notation {' and '.join(pairs[0])} look the same. Give them different letters."


def _is_number(solution: Solution, quantity: Quantity) -> bool:
    return solution.value(quantity) is not None


def _at_an_end(solution: Solution, quantity: Quantity, ends: tuple[int, int]) -> bool:
    rounded = solution[quantity.key].decimal(solution.network.decimals)
    return any(fmpq(*_as_fraction(rounded)) == end for end in ends)


def _as_fraction(decimal: str) -> tuple[int, int]:
    whole, _, places = decimal.partition(".")
    return int(whole + places), 10 ** len(places)


def _shows_zero(solution: Solution, quantity: Quantity) -> bool:
    return not _decimal(solution, quantity).strip("-0.")


def _exactly_zero(solution: Solution, quantity: Quantity) -> bool:
    value = solution.value(quantity)
    return isinstance(value, fmpq) and bool(value == 0)


def _decimal(solution: Solution, quantity: Quantity) -> str:
    return solution[quantity.key].decimal()


def _listed(quantities: Sequence[Quantity]) -> str:
    """``dL/dW1[1,1] is`` or ``dL/dW1[1,1], dL/dW1[1,2] and 3 more are``."""
    keys = [q.key for q in quantities]
    if len(keys) == 1:
        return f"{keys[0]} is"
    shown = keys if len(keys) <= 4 else keys[:3]
    rest = f" and {len(keys) - 3} more" if len(keys) > 4 else ""
    return f"{', '.join(shown)}{rest} are"
