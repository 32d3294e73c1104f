"""Random networks as a teacher might type them: dicts like a network file, numbers in every notation.

A part of them are knife-edges: few different weights, so that zeros, ties and equal units are frequent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import count, pairwise
from random import Random
from typing import Any

from oracles.numbers import fraction

Network = dict[str, Any]


@dataclass(frozen=True)
class Kinds:
    """What the registry knows: activations, those that need two units, those with outputs from 0 to 1; losses,
    those that need probabilities, those that need one output a class."""

    activations: tuple[str, ...]
    wide: frozenset[str]
    probable: frozenset[str]
    losses: tuple[str, ...]
    for_probabilities: frozenset[str]
    for_classes: frozenset[str]


def network(seed: int, kinds: Kinds, *, carry: str | None = None, most_parameters: int = 110) -> Network:
    """The network of this seed."""
    random = Random(seed)
    sharp = random.random() < 0.4
    loss = kinds.losses[seed % len(kinds.losses)]
    layers = _activations(random, kinds, loss)
    widths = _widths(random, layers, kinds, loss, most_parameters)
    made: Network = {
        "inputs": [_number(random, sharp) for _ in range(widths[0])],
        "layers": [_layer(random, sharp, name, *widths[i : i + 2]) for i, name in enumerate(layers)],
        "target": _target(random, sharp, widths[-1], loss in kinds.for_probabilities, loss in kinds.for_classes),
        "loss": loss,
        "learning rate": random.choice(["0.1", "0.5", 1, "1/3", "1e-2", "0.25"]),
        "decimals": random.choice([1, 2, 3, 4, 4, 4, 5, 6, 7, 8]),
        "carry": carry or random.choice(["exact", "rounded"]),
    }
    if random.random() < 0.15:
        made["show"] = random.choice([["forward"], ["gradients"], ["forward", "loss"], ["update", "rerun"], ["rerun"]])
    return made


def _own(random: Random, network: Network) -> dict[str, int]:
    """Places of three quantities of the network, by key, by block and by letter."""
    first, *_, last = [next(iter(layer)) for layer in (*network["layers"], network["layers"][-1])]
    several = len(network["layers"]) > 1
    n = 1 if several else ""
    names = ["z", f"z{n}[1]", "L", "dL/dW", f"dL/dz{n}", f"W{n}[1,1]"]
    names += ["a", "a1"] if several and first != "softmax" else []
    names += ["e", "S", "p"] if last == "softmax" else []
    return {name: random.choice([1, 2, 3, 4, 6]) for name in random.sample(names, 3)}


def with_rounding(network: Network, seed: int) -> Network:
    """The same network with a rounding convention of this seed."""
    random = Random(seed)
    said = {
        random.choice(["decimals", "significant figures", "significant figures"]): random.choice(
            [1, 2, 3, 3, 4, 4, 6, 9, 12]
        ),
        "carry": random.choice(["exact", "rounded"]),
        "how": random.choice(["half up", "truncate"]),
    }
    if random.random() < 0.5:
        said["own"] = _own(random, network)
    return {key: value for key, value in network.items() if key not in ("decimals", "carry")} | {"rounding": said}


def _activations(random: Random, kinds: Kinds, loss: str) -> list[str]:
    depth = random.choice([1, 1, 2, 2, 2, 2, 3, 3, 4, 5])
    last = sorted(kinds.probable) if loss in kinds.for_probabilities else kinds.activations
    return [*random.choices(kinds.activations, k=depth - 1), random.choice(last)]


def _widths(random: Random, layers: list[str], kinds: Kinds, loss: str, most: int) -> list[int]:
    for tries in count():
        widths = [random.choice([1, 2, 2, 2, 3, 3, 4, 5, 6]) for _ in range(len(layers) + 1)]
        for i, name in enumerate(layers, 1):
            if name in kinds.wide or (i == len(layers) and loss in kinds.for_classes):
                widths[i] = max(widths[i], 2)
        if sum(one * other for one, other in pairwise(widths)) <= most + tries // 1000:  # many wide layers have more
            return widths
    raise AssertionError("there is always one")


def _layer(random: Random, sharp: bool, name: str, inputs: int, units: int) -> Network:
    rows = [[_number(random, sharp) for _ in range(inputs)] for _ in range(units)]
    if sharp and random.random() < 0.3:
        rows[-1] = rows[0]
    if sharp and random.random() < 0.3:
        rows = [[row[0]] * inputs for row in rows]
    made: Network = {name: rows}
    if random.random() < 0.75:
        made["bias"] = [_number(random, sharp) for _ in range(units)]
    return made


def _number(random: Random, sharp: bool) -> Any:
    """A number from about -2 to 2; where `sharp`, one of very few."""
    if sharp:
        return random.choice([0, 0, "0.5", "-0.5", "1", -1, "1/2", "0.25", "-0.50", 2])
    tenths = random.randint(-15, 15)
    match random.randrange(12):
        case 0:
            return f"{random.randint(-9, 9)}/{random.choice([2, 3, 4, 7, 20])}"
        case 1:
            return f"{random.choice(['', '-'])}{random.randint(1, 9)}e-{random.randint(1, 3)}"
        case 2:
            return random.randint(-2, 2)
        case 3:
            return f"{tenths / 10:.2f}"
        case 4:
            return Decimal(random.randint(-1500, 1500)) / 1000
        case 5:
            return Fraction(random.randint(-5, 5), random.choice([1, 2, 5, 6]))
        case 6:
            return f"{tenths / 10}".replace("-", "−")
        case 7:
            return random.choice([0, "0.0", "-0", "+0.4", ".5", "1.", "-.25", "2e0"])
    return tenths / 10


def _target(random: Random, sharp: bool, outputs: int, probabilities: bool, classes: bool) -> list[Any]:
    if classes:
        return _class_target(random, outputs)
    if probabilities:
        return [random.choice([0, 1, 1, "0.9", "1/4"]) for _ in range(outputs)]
    return [_number(random, sharp) for _ in range(outputs)]


def _class_target(random: Random, outputs: int) -> list[Any]:
    """One class, or shares that add up to 1."""
    if random.random() < 0.7:
        right = random.randrange(outputs)
        return [int(k == right) for k in range(outputs)]
    shares = [random.randint(0, 5) for _ in range(outputs)]
    whole = sum(shares) or 1
    shares[0] += whole - sum(shares)
    return [f"{share}/{whole}" for share in shares]


def typed(number: Any) -> str:
    """The digits of a number as it was typed; of a float those of its repr."""
    text = repr(number) if isinstance(number, float) else str(number)
    text = text.replace("−", "-").removeprefix("+")
    return text if fraction(text) else text.removeprefix("-")


def givens(network: Network) -> dict[str, str]:
    """The given numbers by key, as typed."""
    several = len(network["layers"]) > 1
    found = {f"x[{i}]": typed(x) for i, x in enumerate(network["inputs"], 1)}
    for n, layer in enumerate(network["layers"], 1):
        number = n if several else ""
        rows = next(value for name, value in layer.items() if name != "bias")
        found |= {f"W{number}[{j},{i}]": typed(w) for j, row in enumerate(rows, 1) for i, w in enumerate(row, 1)}
        found |= {f"b{number}[{j}]": typed(b) for j, b in enumerate(layer.get("bias", ()), 1)}
    found |= {f"y[{k}]": typed(y) for k, y in enumerate(network.get("target", ()), 1)}
    return found | ({"eta": typed(network["learning rate"])} if "learning rate" in network else {})
