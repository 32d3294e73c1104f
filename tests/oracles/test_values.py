"""Values of random networks against NumPy, finite steps and PyTorch."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

import handcalc
from oracles.by_formulas import ByFormulas
from oracles.many_digits import ManyDigits, activation
from oracles.networks import Network, network, typed
from oracles.numbers import fraction
from oracles.numpy_net import NumpyNet
from oracles.sheets import NETWORKS, SECONDS, Sheet, kinds, within

EPSILON = float(np.finfo(float).eps)


def drawn(seed: int) -> Network:
    made = network(seed, kinds(of_textbook=True), carry="exact", most_parameters=80)
    return {key: value for key, value in made.items() if key != "show"}


def tolerance(values: dict[str, Any]) -> float:
    """Double precision rounds each of a few hundred operations by half an epsilon of numbers no larger than the
    largest in the network; slopes near the ends of a probability are among them."""
    return 2_000 * EPSILON * max(1.0, max(float(abs(value)) for value in values.values()))


@pytest.mark.parametrize("seed", NETWORKS)
def test_values_slopes_and_updates_are_those_of_numpy(seed: int, counts: Counter[str]) -> None:
    made = drawn(seed)
    with within(SECONDS):
        solution = handcalc.solve(made)
    compared = NumpyNet(made).values
    allowed = tolerance(ManyDigits(made).values)
    for key in solution:
        block, index = re.fullmatch(r"(.*?)((?:\[[\d,]+\])?)", key.replace("yhat", "p")).groups()  # type: ignore[union-attr]
        if block not in compared:
            continue
        place = tuple(int(i) - 1 for i in index.strip("[]").split(",")) if index else (0,)
        assert float(solution[key]) == pytest.approx(float(compared[block][place].real), rel=1e-10, abs=allowed), key
        counts["values compared with NumPy"] += 1


@pytest.mark.parametrize("seed", NETWORKS[::10])
def test_what_the_printed_formulas_give_is_what_the_textbook_gives(seed: int) -> None:
    made = drawn(seed)
    right, printed = ManyDigits(made), ByFormulas(made, Sheet.of(made).text_lines())
    for key, value in printed.values.items():
        assert abs(value - right.values[key]) < max(printed.tiny, right.tiny) * 10**20, key


@pytest.mark.parametrize("seed", NETWORKS[5::10])
def test_printed_slopes_are_differences_of_the_printed_loss(seed: int) -> None:
    """Holds for operations that no oracle has written down."""
    made = network(seed, kinds(), carry="exact", most_parameters=15)
    made = {key: value for key, value in made.items() if key != "show"}
    printed = ByFormulas(made, Sheet.of(made).text_lines())
    on_an_edge = any(abs(value) < printed.tiny for key, value in printed.values.items() if key.startswith("z"))
    for key, slope in printed.slopes():
        if not on_an_edge:  # at the corner of ReLU there is no slope
            assert abs(printed.values[key] - slope) < printed.mp.mpf(10) ** -30 * (1 + abs(slope)), key


def test_two_precisions_of_the_oracle_agree_to_60_digits() -> None:
    for seed in NETWORKS[::15]:
        made = drawn(seed)
        one, other = ManyDigits(made), ManyDigits(made, digits=200)
        largest = max(map(abs, other.values.values())) + 1
        assert all(
            abs(one.values[key] - value) < largest * one.mp.mpf(10) ** -60 for key, value in other.values.items()
        )


def torch_or_skip() -> Any:
    """PyTorch; where it isn't installed the test is skipped with that reason, in CI it fails."""
    try:
        import torch
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("PyTorch is missing; CI compares with it")
        pytest.skip("PyTorch is not installed")
    return torch


@pytest.mark.parametrize("seed", NETWORKS[::4])
def test_values_and_slopes_are_those_of_torch(seed: int, counts: Counter[str]) -> None:
    torch = torch_or_skip()
    made = drawn(seed)
    solution = handcalc.solve(made)
    allowed = tolerance(ManyDigits(made).values)
    loss, parameters = torch_loss(torch, made)
    assert float(solution["L"]) == pytest.approx(loss.item(), rel=1e-10, abs=allowed)
    loss.backward()
    for name, parameter in parameters.items():
        for place in np.ndindex(tuple(parameter.shape)):
            key = f"dL/d{name}[{','.join(str(i + 1) for i in place)}]"
            if not on_an_edge(solution):
                assert float(solution[key]) == pytest.approx(parameter.grad[place].item(), rel=1e-10, abs=allowed), key
                counts["values compared with PyTorch"] += 1


def on_an_edge(solution: Any) -> bool:
    """Whether a sum is so near 0 that double precision may see the other side of ReLU's corner."""
    return any(abs(float(solution[key])) < 1e-12 for key in solution if key.startswith("z"))


def torch_loss(torch: Any, made: Network) -> tuple[Any, dict[str, Any]]:
    """The loss by PyTorch's own functions, and the parameters by the name of their block."""

    def tensor(numbers: Any, *, trained: bool = False) -> Any:
        rows = [[float(fraction(typed(one))) for one in row] if isinstance(row, list) else float(fraction(typed(row)))
                for row in numbers]  # fmt: skip
        return torch.tensor(rows, dtype=torch.float64, requires_grad=trained)

    curves = {"linear": lambda z: z, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu,
              "softmax": lambda z: torch.softmax(z, 0)}  # fmt: skip
    several, parameters, a, y = len(made["layers"]) > 1, {}, tensor(made["inputs"]), tensor(made["target"])
    for n, layer in enumerate(made["layers"], 1):
        number = n if several else ""
        W = parameters[f"W{number}"] = tensor(layer[activation(layer)], trained=True)
        z = W @ a
        if "bias" in layer:
            b = parameters[f"b{number}"] = tensor(layer["bias"], trained=True)
            z = z + b
        a = curves[activation(layer)](z)
    return _torch_error(torch, made["loss"], a, z, y, activation(made["layers"][-1])), parameters


def _torch_error(torch: Any, name: str, p: Any, z: Any, y: Any, last: str) -> Any:
    functional = torch.nn.functional
    if name == "binary cross-entropy" and last == "sigmoid":
        return functional.binary_cross_entropy_with_logits(z, y, reduction="sum")
    if name == "binary cross-entropy":
        return functional.binary_cross_entropy(p, y, reduction="sum")
    if name == "cross-entropy":
        return -(y * (torch.log_softmax(z, 0) if last == "softmax" else functional.logsigmoid(z))).sum()
    factor = {"half squared error": 0.5, "squared error": 1.0, "mean squared error": 1 / len(p)}[name]
    return factor * functional.mse_loss(p, y, reduction="sum")
