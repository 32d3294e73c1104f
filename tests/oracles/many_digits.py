"""A dense network worked out with mpmath, to at least 60 correct digits: forward, backward, update, run again.

The textbook's matrix form, in loops: delta = (W^T delta') * slope, dW = delta x^T, db = delta.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath.ctx_mp import MPContext

from oracles.networks import Network, typed
from oracles.numbers import Point, fraction

Values = dict[str, Point]
Vector = list[Point]
GUARD = 70
"""Digits beyond the 60 that are relied on."""
ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "softmax")
LOSSES = ("half squared error", "squared error", "mean squared error", "binary cross-entropy", "cross-entropy")


def known(network: Network) -> bool:
    """Whether every operation of the network is written down here."""
    return network["loss"] in LOSSES and all(name in ACTIVATIONS for name in map(activation, network["layers"]))


def activation(layer: Network) -> str:
    return next(name for name in layer if name != "bias")


class ManyDigits:
    """`values` by key. The precision grows with the largest exponent, so that nothing is lost when e^z is huge."""

    def __init__(self, network: Network, digits: int = 60 + GUARD) -> None:
        self.mp = MPContext()
        self.mp.dps = needed = digits
        while True:
            try:
                self.values = _Run(network, self.mp).values
                largest = max(map(abs, self.values.values()))
                steepest = max(abs(v) for key, v in self.values.items() if key.startswith("z"))
                needed = digits + 2 * (int(self.mp.log10(1 + largest)) + int(steepest))
            except (ZeroDivisionError, ValueError, OverflowError):  # 1 - p is 0 at this precision
                needed = 2 * self.mp.dps
            if needed <= self.mp.dps + 10:
                break
            self.mp.dps = needed
        self.tiny = self.mp.mpf(10) ** (int(self.mp.log10(1 + largest)) - self.mp.dps + 20)
        """Two values closer than this are the same number."""


class _Run:
    def __init__(self, network: Network, mp: MPContext) -> None:
        self.mp, self.network, self.values = mp, network, Values()
        self.layers = network["layers"]
        self.several = len(self.layers) > 1
        self.x = [self.number(v) for v in network["inputs"]]
        self.y = [self.number(v) for v in network.get("target", ())]
        self.eta = self.number(network.get("learning rate", 0))
        self.W = [[[self.number(w) for w in row] for row in layer[activation(layer)]] for layer in self.layers]
        self.b = [[self.number(b) for b in layer.get("bias", ())] for layer in self.layers]
        self.given()
        self.forward("")
        self.backward()
        self.step()
        self.forward("[u=1]")

    def number(self, given: Any) -> Point:
        exact = fraction(typed(given))
        return self.mp.mpf(exact.numerator) / exact.denominator

    def name(self, vector: Vector, block: str, u: str = "") -> None:
        self.values |= {f"{block}{u}[{i}]": v for i, v in enumerate(vector, 1)}

    def name_parameters(self, u: str, W: list[list[Vector]], b: list[Vector], before: str = "") -> None:
        for n in range(len(W)):
            layer = n + 1 if self.several else ""
            for j, row in enumerate(W[n], 1):
                self.values |= {f"{before}W{layer}{u}[{j},{i}]": w for i, w in enumerate(row, 1)}
            self.name(b[n], f"{before}b{layer}", u)

    def given(self) -> None:
        self.name(self.x, "x")
        self.name(self.y, "y")
        self.values["eta"] = self.eta
        self.name_parameters("", self.W, self.b)

    def forward(self, u: str) -> None:
        self.a, self.z = [self.x], []
        for n, layer in enumerate(self.layers, 1):
            W, b = self.W[n - 1], self.b[n - 1] or [0] * len(self.W[n - 1])
            z = [self.mp.fdot(row, self.a[-1]) + bias for row, bias in zip(W, b, strict=True)]
            self.name(z, f"z{n if self.several else ''}", u)
            hidden = n < len(self.layers)
            self.z.append(z)
            self.a.append(self.activate(activation(layer), z, n if hidden else "", u))
            self.name(self.a[-1], f"a{n}" if hidden else self.output, u)
        self.values[f"L{u}"] = self.loss(self.a[-1])

    @property
    def output(self) -> str:
        probabilities = "cross-entropy" in self.network["loss"] or activation(self.layers[-1]) == "softmax"
        return "p" if probabilities else "yhat"

    def activate(self, name: str, z: Vector, layer: int | str, u: str) -> Vector:
        mp = self.mp
        if name == "softmax":
            powers = [mp.exp(v) for v in z]
            total = mp.fsum(powers)
            self.name(powers, f"e{layer}", u)
            self.values[f"S{layer}{u}"] = total
            return [e / total for e in powers]
        curves: dict[str, Callable[[Point], Point]] = {
            "linear": lambda v: v,
            "sigmoid": lambda v: 1 / (1 + mp.exp(-v)),
            "tanh": mp.tanh,
            "relu": lambda v: v if self.above(v) else mp.mpf(0),
        }
        return list(map(curves[name], z))

    def above(self, v: Point) -> bool:
        return bool(v > self.mp.mpf(10) ** (30 - self.mp.dps))

    def slopes(self, name: str, z: Vector, a: Vector, upstream: Vector) -> Vector:
        """∂L/∂z from ∂L/∂a."""
        if name == "softmax":
            mean = self.mp.fdot(upstream, a)
            return [p * (g - mean) for p, g in zip(a, upstream, strict=True)]
        slope: dict[str, Callable[[Point, Point], Point]] = {
            "linear": lambda v, h: 1,
            "sigmoid": lambda v, h: h * (1 - h),
            "tanh": lambda v, h: 1 - h * h,
            "relu": lambda v, h: int(self.above(v)),
        }
        return [g * slope[name](v, h) for g, v, h in zip(upstream, z, a, strict=True)]

    def loss(self, p: Vector) -> Point:
        ln, pairs = self.mp.ln, list(zip(p, self.y, strict=True))
        squares = self.mp.fsum((one - y) ** 2 for one, y in pairs)
        match self.network["loss"]:
            case "half squared error":
                return squares / 2
            case "squared error":
                return squares
            case "mean squared error":
                return squares / len(p)
            case "binary cross-entropy":
                return -self.mp.fsum(y * ln(one) + (1 - y) * ln(1 - one) for one, y in pairs)
        return -self.mp.fsum(y * ln(one) for one, y in pairs)

    def loss_slopes(self, p: Vector) -> Vector:
        factor = {"half squared error": 1, "squared error": 2, "mean squared error": self.mp.mpf(2) / len(p)}
        if self.network["loss"] in factor:
            return [factor[self.network["loss"]] * (one - y) for one, y in zip(p, self.y, strict=True)]
        if self.network["loss"] == "binary cross-entropy":
            return [(1 - y) / (1 - one) - y / one for one, y in zip(p, self.y, strict=True)]
        return [-y / one for one, y in zip(p, self.y, strict=True)]

    def backward(self) -> None:
        self.dW: list[list[Vector]] = [[] for _ in self.W]
        self.db: list[Vector] = [[] for _ in self.W]
        upstream = self.loss_slopes(self.a[-1])
        self.name(upstream, f"dL/d{self.output}")
        for n in reversed(range(len(self.W))):
            delta = self.slopes(activation(self.layers[n]), self.z[n], self.a[n + 1], upstream)
            self.name(delta, f"dL/dz{n + 1 if self.several else ''}")
            self.dW[n] = [[d * x for x in self.a[n]] for d in delta]
            self.db[n] = delta if self.b[n] else []
            upstream = [self.mp.fdot(column, delta) for column in zip(*self.W[n], strict=True)]
            if n:
                self.name(upstream, f"dL/da{n}")
        self.name_parameters("", self.dW, self.db, "dL/d")

    def step(self) -> None:
        eta = self.eta
        for n in range(len(self.W)):
            rows = zip(self.W[n], self.dW[n], strict=True)
            self.W[n] = [[w - eta * g for w, g in zip(row, slopes, strict=True)] for row, slopes in rows]
            self.b[n] = [b - eta * g for b, g in zip(self.b[n], self.db[n], strict=True)]
        self.name_parameters("[u=1]", self.W, self.b)
