"""The losses of an epoch, added up."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import handcalc

LINE: dict[str, Any] = {
    "inputs": [[1], [2], ["1/2"]],
    "target": [[2], [3], ["1/3"]],
    "layers": [{"linear": [["0.5"]], "bias": 0}],
    "loss": "squared error",
    "learning rate": "0.1",
    "batch": "online",
    "epochs": 3,
}


def epochs_of_a_line() -> list[Fraction]:
    """Σ (wx + b − y)² of each epoch, w and b updated after every sample."""
    w, b, found = Fraction(1, 2), Fraction(0), []
    for _ in range(3):
        whole = Fraction(0)
        for x, y in ((1, 2), (2, 3), (Fraction(1, 2), Fraction(1, 3))):
            error = w * x + b - y
            whole += error**2
            w, b = w - Fraction(1, 5) * error * x, b - Fraction(1, 5) * error
        found.append(whole)
    return found


def test_each_loss_is_measured_before_its_update() -> None:
    solution = handcalc.solve(LINE)
    epochs = solution.epoch_losses()
    assert [one.key for one in epochs] == ["E", "E[u=3]", "E[u=6]"]
    assert [Fraction(str(one.exact)) for one in epochs] == epochs_of_a_line()
    assert [float(one) for one in epochs] == [float(one) for one in epochs_of_a_line()]
    assert abs(Fraction(solution["E[u=3]"].decimal(20)) - epochs_of_a_line()[1]) <= Fraction(1, 2 * 10**20)


def test_decimals_of_a_sum_of_irrational_losses_are_certain() -> None:
    solution = handcalc.solve(LINE | {"layers": [{"sigmoid": [["0.5"]], "bias": 0}], "decimals": 6})
    (epoch, *_) = solution.epoch_losses()
    losses = [solution[f"L[s={u + 1}]" + f"[u={u}]" * (u > 0)] for u in range(3)]
    assert epoch.decimal() == f"{sum(map(float, losses)):.6f}"
    assert sum(int(one.decimal(60).replace(".", "")) for one in losses) == pytest.approx(
        int(epoch.decimal(60).replace(".", "")), abs=2
    )
    assert {line.key for line in epoch.steps} >= {one.key for one in losses}


def test_rounded_losses_are_added_as_they_are_printed() -> None:
    solution = handcalc.solve(LINE | {"carry": "rounded", "decimals": 3})
    losses = [solution[f"L[s={u + 1}]" + f"[u={u}]" * (u > 0)].decimal() for u in range(3)]
    assert Fraction(solution["E"].decimal()) == sum(map(Fraction, losses))


def test_a_batch_has_no_losses_of_epochs() -> None:
    solution = handcalc.solve(LINE | {"batch": "mean"})
    assert solution.epoch_losses() == ()
    with pytest.raises(handcalc.UnknownQuantity, match="no quantity is called 'E'"):
        solution["E"]


def test_an_epoch_that_is_cut_short_has_none() -> None:
    started = {key: value for key, value in LINE.items() if key != "epochs"} | {"steps": 5}
    assert [one.key for one in handcalc.solve(started).epoch_losses()] == ["E"]
