"""Plain dense networks in NumPy: W x + b, the usual activations and losses, gradient descent; no formula of a page is
read.

Slopes are got by a complex step, Im J(θ + ih)/h, for all parameters at once (Squire and Trapp, 1998).

Glossary
    θ        all weights and biases, layer by layer
    lanes    the same network several times, each with one number changed: the first axis of every array
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from handcalc.derive.solution import Solution
from handcalc.derive.writer import Written
from handcalc.formula.quantity import Quantity, gradient
from handcalc.network import Layer
from handcalc.quiz.agreement import Tally
from handcalc.quiz.by_floats import MARGIN, miss
from handcalc.quiz.digits_on_paper import typed
from handcalc.quiz.worked_again import Again

Array = np.ndarray[Any, Any]
STEP = 1e-30
MOST_PARAMETERS = 400
MOST_PASSES = 200
JUMP = 1e-9
"""Sums that are nearer to a jump or a kink may be on its other side in floats."""
JUMPS = frozenset({"relu", "step"})


def _softmax(z: Array) -> Array:
    powers: Array = np.exp(z - z.real.max(axis=-1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


def _times_log(y: Array, p: Array) -> Array:
    """y·ln p, 0 where y is."""
    found: Array = np.where(y == 0, 0, y * np.log(np.where(y == 0, 1, p)))
    return found


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "step": lambda z: np.where(z.real >= 0, 1 + 0 * z, 0),
    "softmax": _softmax,
}
LOSSES: dict[str, Callable[[Array, Array], Array]] = {
    "squared error": lambda p, y: ((p - y) ** 2).sum(axis=-1),
    "half squared error": lambda p, y: ((p - y) ** 2).sum(axis=-1) / 2,
    "mean squared error": lambda p, y: ((p - y) ** 2).mean(axis=-1),
    "cross-entropy": lambda p, y: -_times_log(y, p).sum(axis=-1),
    "binary cross-entropy": lambda p, y: -(_times_log(y, p) + _times_log(1 - y, 1 - p)).sum(axis=-1),
}


def check_plain(solution: Solution, passes: Sequence[Again], tally: Tally) -> None:
    """Predictions, losses, gradients of parameters and their updates; only of networks that are plain."""
    reason = _not_plain(solution)
    if reason:
        tally.leave(reason, len(solution.lines))
        return
    shown = {again.of.turn.update: again for again in passes}
    plain = _Plain.of(solution)
    with np.errstate(all="ignore"):
        for update in range(max(shown) + 1):
            again = shown.get(update)
            if again:
                _compare_all(plain, again, plain.worked(again.of.program.page), tally)
            if not plain.descends:
                _leave_updates(shown, update, "another kind of update", tally)
                return
            plain.learn()
            if again:
                _compare_all(plain, again, plain.again(again.of.program.page), tally)
            if solution.network.carry == "rounded" or update == MOST_PASSES:
                _leave_updates(shown, update + 1, "a later pass", tally)
                return


def _leave_updates(shown: Mapping[int, Again], first: int, reason: str, tally: Tally) -> None:
    for update in range(first, max(shown) + 1):
        if update in shown and (learned := shown[update].of.program.page.learned):
            tally.leave(reason, len(learned))


def _not_plain(solution: Solution) -> str:
    """Why a network isn't worked out here; nothing where it is."""
    network = solution.network
    if solution.has_letters:
        return "letters"
    special = (network.circuit, network.scaling, network.output_scaling, network.regularisation, network.sample_weights)
    usual = not any(special) and network.given_as == "inputs" and all(map(_is_plain, network.layers))
    loss = network.loss
    usual = usual and (loss is None or (loss.name in LOSSES and not loss.options))
    return "" if usual and network.layers else "no plain dense network"


def _is_plain(layer: object) -> bool:
    if not isinstance(layer, Layer) or not layer.weights or layer.biases != "per unit":
        return False
    return (
        all(kind.name in ACTIVATIONS and not kind.options for kind in layer.activations) and len(layer.activations) == 1
    )


def _compare_all(plain: _Plain, again: Again, found: Iterable[tuple[Quantity, float]], tally: Tally) -> None:
    """Those of the `found` numbers that stand on the page; in rounded carry with what its formulas give unrounded."""
    number, rounding = again.of.program.slots.number, again.of.network.rounding
    for quantity, value in found:
        if (slot := number.get(quantity)) is None:
            continue
        printed, exact = again.of.printed.decimal[slot], again.exact[slot]
        wrong = miss(value, printed, rounding)
        if rounding.carry == "rounded" and exact is not None and isfinite(value):
            wrong = abs(value - float(exact)) - MARGIN * max(1.0, abs(value))
        if wrong is None or exact is None:
            tally.leave("no value")
        elif wrong <= 0:
            tally.agrees(abs(value - float(exact)) / max(1.0, abs(value)))
        elif plain.nearest < JUMP:
            tally.leave("too near a jump for floats")
        else:
            tally.differs(quantity.key, printed, value)


@dataclass
class _Plain:
    kinds: tuple[str, ...]
    shapes: tuple[tuple[int, int, bool], ...]
    """Of each layer the units, the inputs, and whether it has a bias."""
    theta: Array
    frozen: Array
    """Which parameters don't learn."""
    inputs: Array
    targets: Array
    loss: str
    batch: str
    rate: float
    minus: bool
    has_slopes: bool
    """Whether gradients are asked for, and are those of one function: not of updates in place."""
    descends: bool
    """Whether it learns by gradient descent."""
    update: int = 0
    nearest: float = np.inf
    """How near any sum has been to a jump."""

    @classmethod
    def of(cls, solution: Solution) -> _Plain:
        network, shape = solution.network, solution.run.shape
        theta: list[float] = []
        frozen: list[bool] = []
        shapes: list[tuple[int, int, bool]] = []
        for layer in network.dense:
            W = _floats(layer.weights)
            W = W if network.layout == "out x in" else W.T
            b = _floats([layer.bias or ()])[0]
            shapes.append((*W.shape, bool(len(b))))
            theta += [*W.ravel(), *b]
            frozen += [False] * W.size + [not shape.biases_learn] * len(b)
        optimiser = network.optimiser
        descends = shape.optimiser is not None and optimiser.name == "gradient descent" and not optimiser.options
        has_slopes = shape.gradients and not shape.in_place and len(theta) <= MOST_PARAMETERS
        return cls(
            tuple(layer.activations[0].name for layer in network.dense), tuple(shapes), np.array(theta),
            np.array(frozen), _floats(network.rows), _floats(network.target_rows),
            network.loss.name if network.loss and shape.loss else "", shape.batch,
            float(typed(network.learning_rate.text)) if network.learning_rate else 0.0, shape.minus,
            has_slopes, descends and has_slopes,
        )  # fmt: skip

    @property
    def samples(self) -> list[int]:
        """Those that the pass sees."""
        every = len(self.inputs)
        return [self.update % every] if self.batch == "online" else list(range(every))

    def forward(self, theta: Array) -> Array:
        """The predictions by lane, sample and output."""
        a, at = self.inputs[None, self.samples], 0
        for kind, (units, width, biased) in zip(self.kinds, self.shapes, strict=True):
            W = theta[:, at : at + units * width].reshape(-1, units, width)
            at += units * width
            z = a @ W.transpose(0, 2, 1)
            if biased:
                z = z + theta[:, None, at : at + units]
                at += units
            if kind in JUMPS:
                self.nearest = min(self.nearest, float(abs(z.real).min()))
            a = ACTIVATIONS[kind](z)
        return a

    def losses(self, predictions: Array) -> Array:
        return LOSSES[self.loss](predictions, self.targets[None, self.samples])

    def objective(self, losses: Array) -> Array:
        found: Array = losses.sum(axis=-1) if self.batch == "sum" else losses.mean(axis=-1)
        return found

    @cached_property
    def slopes(self) -> Array:
        lanes = self.theta[None, :] + 1j * STEP * np.eye(len(self.theta))
        found: Array = self.objective(self.losses(self.forward(lanes))).imag / STEP
        return found

    def learn(self) -> None:
        self.theta = self.theta - self.rate * np.where(self.frozen, 0, self.slopes)
        self.update += 1
        del self.slopes

    def worked(self, page: Written) -> Iterator[tuple[Quantity, float]]:
        """What the pass makes, by name."""
        yield from self._forward(page)
        if page.objective and self.has_slopes:
            sign = -1 if self.minus else 1
            for w, slope in zip(_parameters(page), self.slopes, strict=True):
                yield gradient(page.objective.quantity, w, minus=self.minus), sign * float(slope)

    def again(self, page: Written) -> Iterator[tuple[Quantity, float]]:
        """What an update has made, and what the network makes with it."""
        for w, value in zip(_parameters(page), self.theta, strict=True):
            yield w.later(), float(value)
        if self.batch != "online" or len(self.inputs) == 1:
            for q, value in self._forward(page):
                yield q.later(), value

    def _forward(self, page: Written) -> Iterator[tuple[Quantity, float]]:
        predictions = self.forward(self.theta[None, :])
        for refs, row in zip(page.outputs, predictions[0], strict=True):
            yield from ((ref.quantity, float(value)) for ref, value in zip(refs, row, strict=True))
        if self.loss:
            losses = self.losses(predictions)
            yield from ((ref.quantity, float(value)) for ref, value in zip(page.losses, losses[0], strict=True))
            if page.objective:
                yield page.objective.quantity, float(self.objective(losses)[0])


def _parameters(page: Written) -> list[Quantity]:
    """In the order of θ."""
    return [ref.quantity for layer in page.layers for row in (*layer.weights, layer.biases) for ref in row]


def _floats(rows: Any) -> Array:
    return np.array([[float(typed(number.text)) for number in row] for row in rows])
