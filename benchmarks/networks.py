"""Networks to measure on, made from a seed, and the same written plainly in floats and in SymPy."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from handcalc.network import Network


def network(sizes: Sequence[int], seed: int = 7) -> Network:
    """A network of `sizes`: sigmoid hidden layers, softmax with cross-entropy, hand-friendly two-digit numbers."""
    dice = random.Random(seed)

    def typed() -> str:
        return f"{dice.choice([n for n in range(-99, 100) if n]) / 100}"

    layers = [
        {
            "softmax" if n == len(sizes) - 2 else "sigmoid": [[typed() for _ in range(a)] for _ in range(b)],
            "bias": [typed() for _ in range(b)],
        }
        for n, (a, b) in enumerate(pairwise(sizes))
    ]
    target = ["1"] + ["0"] * (sizes[-1] - 1)
    return Network([typed() for _ in range(sizes[0])], layers, target=target, loss="cross-entropy", learning_rate="0.5")


def float_tape(sizes: Sequence[int], *, rate: float | None = None) -> Any:
    """The same forward and backward pass as straight-line code in floats: ``tape(given) -> list of values``; with a
    learning `rate` the update and the pass after it, too."""
    lines, n = [], 0

    def fresh(expression: str) -> str:
        nonlocal n
        lines.append(f" v{n} = {expression}")
        n += 1
        return f"v{n - 1}"

    given = 0

    def taken() -> str:
        nonlocal given
        given += 1
        return fresh(f"given[{given - 1}]")

    x = [taken() for _ in range(sizes[0])]
    parameters = [
        ([[taken() for _ in range(inputs)] for _ in range(units)], [taken() for _ in range(units)])
        for inputs, units in pairwise(sizes)
    ]
    y = [taken() for _ in range(sizes[-1])]

    def forward() -> tuple[list[list[str]], list[str]]:
        """What goes into each layer, and the probabilities; the loss is worked out."""
        into, a = [], x
        for k, (W, b) in enumerate(parameters):
            into.append(a)
            z = [
                fresh("+".join([*(f"{w}*{one}" for w, one in zip(row, a, strict=True)), bias]))
                for row, bias in zip(W, b, strict=True)
            ]
            a = [fresh(f"exp({one})" if k == len(parameters) - 1 else f"1/(1+exp(-{one}))") for one in z]
        total = fresh("+".join(a))
        p = [fresh(f"{e}/{total}") for e in a]
        fresh("-(" + "+".join(f"{t}*ln({q})" for t, q in zip(y, p, strict=True)) + ")")
        return into, p

    into, p = forward()
    delta = [fresh(f"{q}-{t}") for q, t in zip(p, y, strict=True)]
    slopes = []
    for k in range(len(parameters) - 1, -1, -1):
        W, a = parameters[k][0], into[k]
        dW = [[fresh(f"{d}*{one}") for one in a] for d in delta]
        slopes.append((dW, [fresh(d) for d in delta]))
        if k:
            back = [fresh("+".join(f"{d}*{W[j][i]}" for j, d in enumerate(delta))) for i in range(len(a))]
            delta = [fresh(f"{g}*{one}*(1-{one})") for g, one in zip(back, a, strict=True)]
    if rate is not None:
        parameters = [
            (
                [[fresh(f"{w}-{rate}*{g}") for w, g in zip(*rows, strict=True)] for rows in zip(W, dW, strict=True)],
                [fresh(f"{one}-{rate}*{g}") for one, g in zip(b, db, strict=True)],
            )
            for (W, b), (dW, db) in zip(parameters, reversed(slopes), strict=True)
        ]
        forward()
    lines.append(f" return [{', '.join(f'v{i}' for i in range(n))}]")
    names: dict[str, Any] = {"exp": math.exp, "ln": math.log}
    exec("\n".join(["def tape(given):", *lines]), names)
    return names["tape"]


def naive(network: Network) -> list[Any]:
    """Loss and gradients as one would first write them: ``diff`` of the composed loss, ``subs``, ``evalf``; then
    the updated parameters and the loss after the step."""
    import sympy

    sympy.core.cache.clear_cache()
    values: dict[Any, Any] = {}

    def symbol(name: str, typed: str) -> Any:
        values[found := sympy.Symbol(name, real=True)] = sympy.Rational(typed)
        return found

    a = [symbol(f"x{i}", one.text) for i, one in enumerate(network.inputs)]
    parameters = []
    for n, layer in enumerate(network.dense):
        W = [[symbol(f"w{n}_{j}_{i}", w.text) for i, w in enumerate(row)] for j, row in enumerate(layer.weights)]
        b = [symbol(f"b{n}_{j}", one.text) for j, one in enumerate(layer.bias or ())]
        parameters += [*(w for row in W for w in row), *b]
        z = [sum((w * x for w, x in zip(row, a, strict=True)), bias) for row, bias in zip(W, b, strict=True)]
        powers = [sympy.exp(one) for one in z]
        a = (
            [e / sum(powers) for e in powers]
            if str(layer.activation) == "softmax"
            else [1 / (1 + sympy.exp(-one)) for one in z]
        )
    loss = -sum(sympy.Rational(y.text) * sympy.log(p) for y, p in zip(network.target or (), a, strict=True))
    gradients = [sympy.diff(loss, w).subs(values).evalf(30) for w in parameters]
    rate = sympy.Rational(network.learning_rate.text if network.learning_rate else "0")
    after = values | {w: values[w] - rate * g for w, g in zip(parameters, gradients, strict=True)}
    return [loss.subs(values).evalf(30), *gradients, *(after[w] for w in parameters), loss.subs(after).evalf(30)]
