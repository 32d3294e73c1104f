"""The same networks in NumPy, in double precision, with matrices; slopes by the complex step.

``Im f(x + ih) / h`` with h = 1e-200 has no cancellation, so a slope is as exact as a value (Squire and Trapp, 1998).
Nothing here knows the chain rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oracles.many_digits import activation
from oracles.networks import Network, typed
from oracles.numbers import fraction

Array = NDArray[np.complex128]
STEP = 1e-200
ROUNDING = 1e-13
"""A sum that double precision can't tell from 0 is 0: the slope of ReLU is 0 there."""


@dataclass(frozen=True)
class Parameters:
    W: tuple[Array, ...]
    b: tuple[Array, ...]


class NumpyNet:
    """`values` of blocks by name: ``W1``, ``a1``, ``dL/dW1``, ``W1[u=1]``, ``L``."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.names = [activation(layer) for layer in network["layers"]]
        self.x, self.y = _array(network["inputs"]), _array(network["target"])
        self.values: dict[str, Array] = {}
        old = Parameters(
            tuple(np.array([_array(row) for row in layer[activation(layer)]]) for layer in network["layers"]),
            tuple(_array(layer.get("bias", [])) for layer in network["layers"]),
        )
        self.values |= self.forward(old)
        slopes = self.slopes(old)
        self.values |= {f"dL/d{name}": slope for name, slope in self.named(slopes).items()}
        eta = _array([network["learning rate"]])[0]
        new = Parameters(
            tuple(w - eta * g for w, g in zip(old.W, slopes.W, strict=True)),
            tuple(b - eta * g for b, g in zip(old.b, slopes.b, strict=True)),
        )
        self.values |= {f"{name}[u=1]": value for name, value in (self.named(new) | self.forward(new)).items()}

    def named(self, parameters: Parameters) -> dict[str, Array]:
        found: dict[str, Array] = {}
        for n, (W, b) in enumerate(zip(parameters.W, parameters.b, strict=True), 1):
            found |= {f"W{self.number(n)}": W, f"b{self.number(n)}": b}
        return found

    def number(self, layer: int) -> str:
        return str(layer) if len(self.names) > 1 else ""

    def forward(self, parameters: Parameters) -> dict[str, Array]:
        a = rest = self.x
        found: dict[str, Array] = {}
        for n, (name, W, b) in enumerate(zip(self.names, parameters.W, parameters.b, strict=True), 1):
            z = W @ a + (b if len(b) else 0)
            a, rest = _activated(name, z)
            last = n == len(self.names)
            found |= {f"z{self.number(n)}": z, ("p" if last else f"a{n}"): a}
        return found | {"L": np.array([_loss(self.network["loss"], a, rest, self.y)])}

    def slopes(self, at: Parameters) -> Parameters:
        """∂L/∂ of every parameter, one forward pass each."""

        def slope(kind: str, n: int, place: tuple[int, ...]) -> float:
            moved = [block.copy() for block in getattr(at, kind)]
            moved[n][place] += 1j * STEP
            return float(self.forward(replace(at, **{kind: tuple(moved)}))["L"][0].imag / STEP)

        def every(kind: str) -> tuple[Array, ...]:
            found = []
            for n, block in enumerate(getattr(at, kind)):
                slopes = [slope(kind, n, place) for place in np.ndindex(block.shape)]
                found.append(np.array(slopes, dtype=np.complex128).reshape(block.shape))
            return tuple(found)

        return Parameters(every("W"), every("b"))


def _array(numbers: list[object]) -> Array:
    return np.array([float(fraction(typed(one))) for one in numbers], dtype=np.complex128)


def _activated(name: str, z: Array) -> tuple[Array, Array]:
    """The outputs, and what is missing from 1 in each (worked out without cancellation)."""
    one = np.complex128(1)
    if name == "sigmoid":
        return one / (one + np.exp(-z)), one / (one + np.exp(z))
    if name == "softmax":
        powers = np.exp(z - z.real.max())
        others = np.array([np.delete(powers, k).sum() for k in range(len(z))])
        return powers / powers.sum(), others / powers.sum()
    curves: dict[str, Array] = {"linear": z, "tanh": np.tanh(z), "relu": z * (z.real > ROUNDING)}
    return curves[name], one - curves[name]


def _loss(name: str, p: Array, rest: Array, y: Array) -> np.complex128:
    if name == "cross-entropy":
        return np.complex128(-(y * np.log(p)).sum())
    if name == "binary cross-entropy":
        return np.complex128(-(y * np.log(p) + (1 - y) * np.log(rest)).sum())
    factor = {"half squared error": 0.5, "squared error": 1.0, "mean squared error": 1 / len(p)}[name]
    return np.complex128(factor * ((p - y) ** 2).sum())
