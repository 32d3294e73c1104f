"""What a network file says, as dicts: the inputs and targets of each sample, the weights, biases, activations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oracles.networks import Network, typed
from oracles.numbers import fraction

BIASES = ("bias", "shared bias", "threshold")
CONSTANT = {"last column": 1.0, "last column of -1": -1.0}


def real(text: Any) -> float:
    return float(fraction(typed(text)))


def named(choice: Any) -> tuple[str, dict[str, Any]]:
    """``huber`` or ``{huber: {delta: 1}}``: the name and its options."""
    return (choice, {}) if isinstance(choice, str) else next((name, dict(rest)) for name, rest in choice.items())


def rows_of(made: Network) -> list[list[Any]]:
    """The inputs of each sample."""
    said = next(made[key] for key in ("inputs", "scores", "predictions") if key in made)
    if isinstance(said, Mapping):
        columns = [value if isinstance(value, list) else [value] for value in said.values()]
        return [list(row) for row in zip(*columns, strict=True)]
    if not isinstance(said, list):
        return [[said]]
    if not isinstance(said[0], list):
        return [said]
    return [list(row) for row in zip(*said, strict=True)] if made.get("samples") == "columns" else said


def input_names(made: Network) -> list[str]:
    said = made.get("inputs")
    return list(said) if isinstance(said, Mapping) else list(made.get("input names", []))


def target_rows(made: Network) -> list[list[Any]]:
    several = len(rows_of(made)) > 1
    rows = made["target"] if several else [made["target"]]
    return [row if isinstance(row, list) else [row] for row in rows]


def matrix_of(layer: Any, *, flipped: bool) -> list[list[Any]]:
    """As typed; a flat list is the row of one unit, or where rows are inputs its column."""
    if isinstance(layer, str):
        return []
    rows = layer.get("weights", next(iter(layer.values())))
    if isinstance(rows[0], list):
        return rows  # type: ignore[no-any-return]
    return [[one] for one in rows] if flipped else [rows]


def bias_of(layer: Any) -> list[Any]:
    if isinstance(layer, str):
        return []
    values: Any = next((layer[key] for key in BIASES if key in layer), [])
    if isinstance(values, str) and (values in CONSTANT or values == "none"):
        return []
    return values if isinstance(values, list) else [values]


OPTIONS = ("alpha", "slope at 0", "form", "steepness", "fires", "outputs", "slope taken as", "base", "temperature")
HAVE = {
    "leaky relu": ("alpha",), "elu": ("alpha",), "relu": ("slope at 0",), "gelu": ("form",),
    "hard sigmoid": ("steepness",), "step": ("fires", "outputs", "slope taken as"), "softmax": ("base", "temperature"),
}  # fmt: skip


def activations_of(layer: Any) -> list[tuple[str, dict[str, Any]]]:
    """The activation of the layer, or those of its units, each with its options."""
    if isinstance(layer, str):
        return [(layer, {})]
    if not layer:
        return []
    names = layer.get("activation", next(iter(layer)))
    every = names if isinstance(names, list) else [names]
    return [(name, {key: layer[key] for key in HAVE.get(name, ()) if key in layer}) for name in every]


def dense(parts: Sequence[Any]) -> Iterator[Any]:
    for part in parts:
        if isinstance(part, Mapping) and "branches" in part:
            for branch in part["branches"]:
                yield from dense(branch)
        else:
            yield part


def at(key: str, update: int) -> str:
    """The key of a parameter after so many updates: ``W1[u=2][1,1]``."""
    letter, bracket, index = key.partition("[")
    return f"{letter}[u={update}]{bracket}{index}" if update else key


def updates_in(key: str) -> int:
    found = re.search(r"\[u=(\d+)\]", key)
    return int(found[1]) if found else 0
