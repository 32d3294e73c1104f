"""The update of one parameter: what an optimiser sees of the page, and the steps that it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from handcalc.derive.page import Page, Step
from handcalc.formula.quantity import state
from handcalc.formula.tree import Formula, Negative, Ref, unsigned
from handcalc.ops.operation import Optimiser


@dataclass
class Given:
    """What an optimiser is given beside a parameter: the learning rate, and the counter `t` once it asks for it."""

    rate: Ref
    count: Callable[[], Ref]

    @cached_property
    def t(self) -> Ref:
        return self.count()


def update_parameter(page: Page, optimiser: Optimiser, w: Ref, gradient: Ref, given: Given) -> None:
    """Write the next value of `w`; its name is the parameter's, one update later."""
    optimiser = page.hand(optimiser)
    turn = _Turn(page, optimiser, w, gradient, given)
    formula = turn.signed(optimiser.step(turn))
    page.steps.append(Step(w.quantity.later(), formula, optimiser, "update", w.quantity.layer))


@dataclass
class _Turn:
    """One parameter's turn to be updated, as an optimiser sees it."""

    page: Page
    optimiser: Optimiser
    w: Ref
    slope: Ref
    given: Given

    @property
    def gradient(self) -> Any:
        return Negative(self.slope) if self.slope.quantity.role == "minus gradient" else self.slope

    @property
    def rate(self) -> Formula:
        return self.given.rate

    @property
    def t(self) -> Ref:
        return self.given.t

    def old(self, letter: str) -> Ref:
        return Ref(state(letter, self.w.quantity))

    def let(self, letter: str, formula: Formula) -> Ref:
        of = self.w.quantity.later()
        target = state(letter, of)
        step = Step(target, self.signed(formula), self.optimiser, "update", self.w.quantity.layer)
        self.page.steps.append(step)
        return Ref(target)

    def signed(self, formula: Formula) -> Formula:
        return unsigned(formula) if self.slope.quantity.role == "minus gradient" else formula
