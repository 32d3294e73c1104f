"""Losses by their definitions, in PyTorch; autograd finds the slopes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from oracles.file_said import target_rows
from oracles.networks import Network

Scalar = Any
"""A tensor without dimensions."""
NEED_PROBABILITIES = (
    "binary cross-entropy", "cross-entropy", "binary focal cross-entropy", "categorical focal cross-entropy",
    "kl divergence", "entropy",
)  # fmt: skip


class Losses:
    """The losses of a `TorchNet`."""

    torch: Any
    made: Network
    loss: tuple[str, dict[str, Any]] | None
    graph: dict[str, Scalar]
    rest: dict[int, Scalar]
    penalties: list[tuple[str, float, str, str]]
    kind: str
    sums_of_last: dict[int, list[Scalar]]
    sample: int
    option: Callable[..., float]
    target: Callable[[int], list[Scalar]]
    note: Callable[..., None]
    key: Callable[..., str]
    above: Callable[[Scalar], bool]
    size: Callable[[Scalar], Scalar]

    def loss_of(self, p: list[Scalar], k: int) -> Scalar:
        name, options = self.loss or ("", {})
        y = self.target(k)
        n = len(p)
        mean = options.get("over", "mean" if name.startswith("mean") else "sum") == "mean"
        per_output = getattr(self, "_" + name.replace(" ", "_").replace("-", "_"), None)
        if per_output is not None and name != "perceptron":
            shares = [per_output(one, other, options) for one, other in zip(p, y, strict=True)]
            if name == "huber" and n > 1:
                self.note("h", shares)
            return sum(shares) / (n if mean else 1)
        return self._of_classes(name, options, p, y)

    def missing(self, p: Scalar) -> Scalar:
        """1 − p, worked out without cancellation where p is made by a sigmoid or a softmax."""
        return self.rest[id(p)].detach() - (p - p.detach()) if id(p) in self.rest else 1 - p

    def log(self, options: Mapping[str, Any], default: str = "natural") -> float:
        return {"natural": 1.0, "2": math.log(2), "10": math.log(10)}[str(options.get("log", default))]

    def _half_squared_error(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        return (p - y) ** 2 / 2

    def _squared_error(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        return (p - y) ** 2

    _mean_squared_error = _squared_error

    def _absolute_error(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        return self.size(p - y)

    _mean_absolute_error = _absolute_error

    def _mean_absolute_percentage_error(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        return 100 * self.size(p - y) / abs(y)

    def _huber(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        delta = self.option(options, "delta", "1", "delta")
        far = self.above(abs(p - y) - delta)
        return delta * (self.size(p - y) - delta / 2) if far else (p - y) ** 2 / 2

    def _log_cosh(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        return self.torch.log(self.torch.cosh(p - y))

    def _binary_cross_entropy(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        ln = self.torch.log
        return -(y * ln(p) + (1 - y) * ln(self.missing(p))) / self.log(options)

    def _binary_cross_entropy_from_logits(self, z: Scalar, y: Scalar, options: Any) -> Scalar:
        i = sum(key.startswith(self.key("p") + "[") for key in self.graph) + 1
        single = len(target_rows(self.made)[0]) == 1
        self.graph[self.key("p", None if single else i)] = self.torch.sigmoid(z)
        plus = self.torch.nn.functional.softplus  # of a large score 1 - p would lose its digits
        return (y * plus(-z) + (1 - y) * plus(z)) / self.log(options)

    def _binary_focal_cross_entropy(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        ln, gamma = self.torch.log, int(options.get("gamma", 2))
        hit = miss = 1.0
        if "alpha" in options:
            hit = self.option(options, "alpha", "", "alpha")
            miss = 1 - hit
        rest = self.missing(p)
        return -(hit * y * rest**gamma * ln(p) + miss * (1 - y) * p**gamma * ln(rest))

    def _lack(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        margin = self.option(options, "margin", "1", "Delta")
        lack = margin - (y if options.get("labels", "-1 and 1") == "-1 and 1" else 2 * y - 1) * p
        return lack if self.above(lack) else 0.0 * lack

    def _hinge(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        return self._lack(p, y, options)

    def _squared_hinge(self, p: Scalar, y: Scalar, options: Any) -> Scalar:
        return self._lack(p, y, options) ** 2

    def _of_classes(self, name: str, options: Any, p: list[Scalar], y: list[Scalar]) -> Scalar:
        ln, torch = self.torch.log, self.torch
        log = self.log(options)
        match name:
            case "perceptron":
                return self._perceptron(p, y)
            case "entropy":
                return -sum(one * ln(one) for one in p) / self.log(options, "2")
            case "multi class hinge":
                margin = self.option(options, "margin", "1", "Delta")
                right = next(k for k, one in enumerate(y) if one.item() == 1)
                lacks = [one - p[right] + margin for k, one in enumerate(p) if k != right]
                terms = [one if self.above(one) else 0.0 * one for one in lacks]
                if len(terms) > 1:
                    self.note("h", terms)
                else:
                    self.graph[self.key("h")] = terms[0]
                return sum(terms)
            case "cross-entropy from logits":
                powers = [torch.exp(one) for one in p]
                p = [one / sum(powers) for one in powers]
                self.note("e", powers)
                self.graph[self.key("S")] = sum(powers)
                self.note("p", p)
            case "categorical focal cross-entropy":
                alpha = self.option(options, "alpha", "1", "alpha")
                gamma = int(options.get("gamma", 2))
                return -alpha * sum(t * self.missing(one) ** gamma * ln(one) for one, t in zip(p, y, strict=True))
            case "kl divergence":
                return sum(t * ln(t / one) for one, t in zip(p, y, strict=True) if t.item()) / log
        return -sum(t * ln(one) for one, t in zip(p, y, strict=True)) / log

    def _perceptron(self, p: list[Scalar], y: list[Scalar]) -> Scalar:
        """Σ |y − a|; behind a step the slope of the sum is a − y by the perceptron rule."""
        if self.kind != "step" or any(of == "outputs" for _, _, of, _ in self.penalties):
            return sum(self.size(one - other) for one, other in zip(p, y, strict=True))
        z = self.sums_of_last[self.sample]
        rule = sum((a - t).detach() * (one - one.detach()) for a, t, one in zip(p, y, z, strict=True))
        return sum(abs(a - t).detach() for a, t in zip(p, y, strict=True)) + rule
