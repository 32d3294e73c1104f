"""Optimisers: from a parameter and its gradient to its next value."""

from __future__ import annotations

from handcalc.formula.tree import Formula
from handcalc.ops.operation import Mistake, Optimiser, Turn


class GradientDescent(Optimiser):
    """w′ = w − η ∂L/∂w, all parameters at once from the old values."""

    name = "gradient descent"
    aliases = ("sgd",)
    tell = "Each parameter goes a step against its slope: learning rate times gradient."
    mistakes = (
        Mistake(
            19,
            "sign-of-step",
            "the step is added instead of subtracted",
            "step",
            lambda self, turn: turn.w + turn.rate * turn.gradient,
        ),
        Mistake(
            28, "rate-left-out", "the learning rate is left out", "step", lambda self, turn: turn.w - turn.gradient
        ),
        Mistake(
            28,
            "old-weight-left-out",
            "the old weight is left out",
            "step",
            lambda self, turn: -(turn.rate * turn.gradient),
        ),
    )

    def step(self, turn: Turn) -> Formula:
        return turn.w - turn.rate * turn.gradient
