"""Gradients in what is given and what the forward pass makes: ∂L/∂w = (ŷ − y)·ŷ·(1 − ŷ)·x in place of ∂L/∂z·x."""

from __future__ import annotations

from dataclasses import replace

from handcalc.derive.page import Page, Step
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, flat, operations, replaced

MOST_OPENED = 24
"""Operations of a gradient that is put into others; a longer one keeps its name there."""


def open_gradients(page: Page) -> None:
    """Put into each gradient the ones that it is made of, where they are short."""
    own: dict[Quantity, Formula] = {}
    steps: list[Step] = []
    for step in page.steps:
        if step.stage == "gradients":
            whole = flat(replaced(step.formula, own.get))
            if operations(whole) > MOST_OPENED:
                whole = step.formula
            if operations(whole) <= MOST_OPENED:
                own[step.target] = whole
            step = replace(step, formula=whole)
        steps.append(step)
    page.steps = steps
