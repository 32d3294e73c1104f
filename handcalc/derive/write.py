"""From the shape of a network to its page of steps. Two networks of one shape share one page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from handcalc.derive.page import Page, Step
from handcalc.formula.tree import Ref
from handcalc.ops import activations, losses, plain
from handcalc.ops.optimisers import GradientDescent
from handcalc.ops.weighted_sum import WeightedSum


@dataclass(frozen=True, slots=True)
class Shape:
    """What a page depends on: everything about a network but its numbers, names and printing.

    `layers` holds (activation, units, has biases) for each layer; `output` is the letter of the
    outputs; `loss` is None for a forward pass only; `update` says whether one step of gradient
    descent follows, `rerun` whether the network runs again after it.
    """

    inputs: int
    layers: tuple[tuple[str, int, bool], ...]
    output: str = "yhat"
    loss: str | None = None
    gradients: bool = False
    update: bool = False
    rerun: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A page with the names of what is given on it, block by block, and the steps in the order they are worked."""

    shape: Shape
    page: Page
    steps: tuple[Step, ...]
    inputs: tuple[Ref, ...]
    weights: tuple[tuple[tuple[Ref, ...], ...], ...]
    biases: tuple[tuple[Ref, ...], ...]
    outputs: tuple[Ref, ...]
    targets: tuple[Ref, ...]
    rate: Ref | None


@lru_cache(maxsize=64)
def written(shape: Shape) -> Written:
    """The page of a dense network: forward, loss, gradients, update, and the forward pass again."""
    page = Page()
    units = shape.inputs
    x = a = page.given("x", units, shown=[units > 1])
    weights, biases = [], []
    for n, (activation, width, biased) in enumerate(shape.layers, 1):
        layer = n if len(shape.layers) > 1 else None
        W = page.given("W", width, units, layer=layer, shown=[width > 1, units > 1])
        b = page.given("b", width, layer=layer, shown=[width > 1]) if biased else []
        z = page.write(WeightedSum(), a, W, b, letter="z", layer=n, numbered=layer is not None)
        last = n == len(shape.layers)
        letter = shape.output if last else "a"
        a = page.write(activations()[plain(activation)](), z, letter=letter, layer=n, numbered=not last)
        weights.append(tuple(tuple(row) for row in W))
        biases.append(tuple(b))
        units = width
    targets, rate = [], None
    if shape.loss:
        targets = page.given("y", units, shown=[units > 1])
        loss = page.write(losses()[plain(shape.loss)](), a, targets, letter="L", stage="loss", scalar=True)[0]
        parameters = [ref for W, b in zip(weights, biases, strict=True) for ref in (*(w for row in W for w in row), *b)]
        gradients = page.backward(loss, parameters) if shape.gradients else {}
        if shape.update:
            rate = page.given("eta")
            page.update(GradientDescent(), parameters, gradients, rate)
    again = page.again(parameters) if shape.rerun and shape.update else []
    return Written(
        shape, page, (*page.steps, *again), tuple(x), tuple(weights), tuple(biases), tuple(a), tuple(targets), rate
    )


def output_letter(activation: str, loss: str | None) -> str:
    """p for probabilities, ŷ for other predictions."""
    probabilities = activation == "softmax" or (loss is not None and losses()[plain(loss)].needs_probabilities)
    return "p" if probabilities else "yhat"
