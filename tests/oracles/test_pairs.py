"""Network files over every option, all pairs of options: every value, gradient and update against PyTorch.

One that fails is made again by `exercise(ROWS[seed], seed)`.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import handcalc
from oracles.exercises import FACTORS, exercise, legal
from oracles.networks import Network
from oracles.pairs import AllPairs
from oracles.sheets import SECONDS, within
from oracles.test_values import torch_or_skip
from oracles.torch_net import TorchNet

PLAN = AllPairs(FACTORS, legal, seed=1)
ROWS = PLAN.rows
FAR_AWAY = 1e-9
NO_STEP = "asks for a division by 0"
"""AdaMax divides by the largest gradient of late, which is 0 behind a dead unit."""


def test_every_two_options_that_go_together_are_drawn_together(counts: Counter[str]) -> None:
    covered = set().union(*map(PLAN.covered, ROWS))
    assert all(legal(row) for row in ROWS)
    assert covered == PLAN.pairs
    assert not any(legal(dict(pair)) and PLAN.completed(pair) for pair in PLAN.impossible)
    counts["pairs of options"] += len(covered)


def in_exact_carry(made: Network) -> Network:
    whole = {key: value for key, value in made.items() if key != "show"}
    return whole | {"rounding": {**made["rounding"], "carry": "exact"}}


def solved(made: Network, counts: Counter[str]) -> Any:
    """The solution; None where an update has no value, or a digit can't be decided."""
    try:
        with within(SECONDS):
            return handcalc.solve(made)
    except handcalc.HandcalcError as error:
        if NO_STEP in str(error):
            assert "adamax" in made["optimiser"]
            counts["networks whose update has no value"] += 1
        elif type(error).__name__ == "CannotDecide":
            counts["networks with a digit that can't be decided"] += 1
        else:
            raise
    return None


@pytest.mark.parametrize("seed", range(len(ROWS)))
def test_values_gradients_and_updates_are_those_of_torch(seed: int, counts: Counter[str]) -> None:
    torch = torch_or_skip()
    made = in_exact_carry(exercise(ROWS[seed], seed))
    solution = solved(made, counts)
    if solution is None:
        return
    net = TorchNet(torch, made)
    wrong = []
    for key in solution:
        value = net.fixed[key] if key in net.fixed else 1.0 if key == "t" else net.value(key)
        if float(solution[key]) != pytest.approx(value, rel=FAR_AWAY, abs=1e-11):
            wrong.append(f"{key} is {float(solution[key])!r}, by PyTorch {value!r}")
    counts["networks of all options"] += 1
    counts["values compared with PyTorch"] += len(solution)
    counts["updates made by torch.optim as well"] += net.steps_of_torch
    assert not wrong, f"network {seed}: {made}\n" + "\n".join(wrong[:10])
