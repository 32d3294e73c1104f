"""Ordinary 2-2-2 networks, as an exercise has them."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import reject

import handcalc
from handcalc.derive.certify import CannotDecide
from handcalc.derive.solution import Solution

HIDDEN = ("sigmoid", "tanh", "relu", "linear", "elu", "softplus", "silu")
ENDS = (("sigmoid", "half squared error"), ("linear", "squared error"), ("sigmoid", "binary cross-entropy"),
        ("softmax", "cross-entropy"), ("softmax", "half squared error"), ("tanh", "huber"))  # fmt: skip


def network(seed: int, **rounding: Any) -> dict[str, Any]:
    """An ordinary 2-2-2 network: weights of one decimal, one sample, one update, the network run again."""
    random = Random(seed)
    output, loss = random.choice(ENDS)
    hot = [1, 0] if random.random() < 0.5 else [0, 1]

    def some(n: int) -> list[str]:
        return [f"{random.randint(-9, 9) / 10}" for _ in range(n)]

    return {
        "inputs": some(2),
        "layers": [{random.choice(HIDDEN): [some(2), some(2)], "bias": some(2)},
                   {output: [some(2), some(2)], "bias": some(2)}],
        "target": hot,
        "loss": loss,
        "learning rate": "0.5",
        "rounding": rounding or {"decimals": 4},
        "show": ["gradients", "update", "rerun"],
    }  # fmt: skip


def solved(seed: int, **rounding: Any) -> Solution:
    """Its solution; a network of which a digit can't be decided is none to be tested."""
    try:
        return handcalc.solve(network(seed, **rounding))
    except CannotDecide:
        reject()
