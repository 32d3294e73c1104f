"""Optimisers: from a parameter and its gradient to its next value."""

from __future__ import annotations

from handcalc.formula.tree import Formula, Ref
from handcalc.ops.operation import Mistake, Optimiser


class GradientDescent(Optimiser):
    """w′ = w − η ∂L/∂w, all parameters at once from the old values."""

    name = "gradient descent"
    aliases = ("sgd",)
    tell = "Each parameter goes a step against its slope: learning rate times gradient."
    example = (("0.3", "-0.7"), ("0.2", "-0.05"), ("0.5",))
    mistakes = (
        Mistake(
            19, "sign-of-step", "the step is added instead of subtracted", "step", lambda self, w, g, rate: w + rate * g
        ),
        Mistake(28, "rate-left-out", "the learning rate is left out", "step", lambda self, w, g, rate: w - g),
        Mistake(28, "old-weight-left-out", "the old weight is left out", "step", lambda self, w, g, rate: -(rate * g)),
    )

    def step(self, w: Ref, gradient: Ref, rate: Ref) -> Formula:
        return w - rate * gradient
