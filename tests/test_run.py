"""Many updates: balls in place of long rationals, bits lost on the way, rounded numbers that are carried on."""

from __future__ import annotations

import math
from typing import Any

import pytest
from flint import arb, ctx, fmpq

import handcalc
from handcalc.derive import run
from handcalc.derive.certify import CannotDecide
from handcalc.formula.number import read_number

CLASSIC: dict[str, Any] = {
    "inputs": ["0.05", "0.10"],
    "layers": [
        {"sigmoid": [["0.15", "0.20"], ["0.25", "0.30"]], "bias": ["0.35", "0.35"]},
        {"sigmoid": [["0.40", "0.45"], ["0.50", "0.55"]], "bias": ["0.60", "0.60"]},
    ],
    "target": ["0.01", "0.99"],
    "loss": "half squared error",
    "learning rate": "0.5",
}
LINEAR = {
    "inputs": ["0.3", "-0.7"],
    "layers": [{"linear": [["0.1", "0.2"], ["0.3", "-0.4"]], "bias": [0, 0]}, {"linear": ["0.5", "0.6"], "bias": 0}],
    "target": "0.9",
    "loss": "half squared error",
    "learning rate": "0.1",
}
LOGISTIC = {"circuit": "f = 4/3*w^3 - 3/2*w^2", "inputs": {"w": "0.3"}, "train": ["w"], "learning rate": 1}
"""w ← 4w(1 − w), which doubles every error."""


def floats(network: dict[str, Any], updates: int) -> tuple[list[list[list[float]]], list[float]]:
    """Weights with the bias behind each row, after so many updates of two sigmoid layers, and the losses."""
    x, y = (list(map(float, network[key])) for key in ("inputs", "target"))
    rows = [
        [[*map(float, row), float(b)] for row, b in zip(layer["sigmoid"], layer["bias"], strict=True)]
        for layer in network["layers"]
    ]
    losses = []
    for _ in range(updates):
        a = [x]
        for matrix in rows:
            before = [*a[-1], 1.0]
            a.append([1 / (1 + math.exp(-sum(map(float.__mul__, row, before)))) for row in matrix])
        losses.append(sum((p - t) ** 2 for p, t in zip(a[2], y, strict=True)) / 2)
        last = [(p - t) * p * (1 - p) for p, t in zip(a[2], y, strict=True)]
        first = [
            sum(d * row[j] for d, row in zip(last, rows[1], strict=True)) * h * (1 - h) for j, h in enumerate(a[1])
        ]
        rows = [
            [[w - 0.5 * d * v for w, v in zip(row, [*before, 1.0], strict=True)] for row, d in zip(m, ds, strict=True)]
            for m, ds, before in zip(rows, (first, last), a, strict=False)
        ]
    return rows, losses


def test_ten_thousand_updates_agree_with_floats() -> None:
    solution = handcalc.solve(CLASSIC | {"steps": 10_000, "show updates": "last"})
    rows, losses = floats(CLASSIC, 10_000)
    found = solution.loss_history()
    assert len(found) == 10_000
    for n in (0, 1, 99, 5_000, 9_999):
        assert float(found[n]) == pytest.approx(losses[n], rel=1e-9)
    for layer, matrix in enumerate(rows, 1):
        for j, row in enumerate(matrix, 1):
            for i, w in enumerate(row[:-1], 1):
                assert float(solution[f"W{layer}[u=10000][{j},{i}]"]) == pytest.approx(w, rel=1e-9)
            assert float(solution[f"b{layer}[u=10000][{j}]"]) == pytest.approx(row[-1], rel=1e-9)


def rationals(updates: int) -> tuple[list[fmpq], list[fmpq]]:
    """The losses of LINEAR before each update, and its last weights, exact."""
    tenth = fmpq(1, 10)
    x, y = [3 * tenth, -7 * tenth], 9 * tenth
    matrix = [[tenth, 2 * tenth], [3 * tenth, -4 * tenth]]
    bias, v, c, losses = [fmpq(0)] * 2, [5 * tenth, 6 * tenth], fmpq(0), []
    for _ in range(updates):
        h = [sum((w * xi for w, xi in zip(row, x, strict=True)), b) for row, b in zip(matrix, bias, strict=True)]
        error = sum((vj * hj for vj, hj in zip(v, h, strict=True)), c) - y
        losses.append(error**2 / 2)
        step = error * tenth
        matrix = [[w - step * vj * xi for w, xi in zip(row, x, strict=True)] for row, vj in zip(matrix, v, strict=True)]
        bias = [b - step * vj for b, vj in zip(bias, v, strict=True)]
        v, c = [vj - step * hj for vj, hj in zip(v, h, strict=True)], c - step
    return losses, v


def near(shown: str, value: fmpq, places: int) -> bool:
    """Whether it is `value` to so many places."""
    return bool(abs(read_number(shown).value - value) <= fmpq(1, 2 * 10**places))


def test_a_rational_past_a_thousand_digits_is_carried_as_a_ball() -> None:
    solution = handcalc.solve(LINEAR | {"steps": 12, "decimals": 12})
    losses, v = rationals(10)
    lengths = [int(one.q.bit_length()) for one in losses]
    exact = [isinstance(one, fmpq) for one in solution.loss_history()]
    assert exact == sorted(exact, reverse=True)
    assert exact[4]
    assert not exact[9]
    assert max(length for length, kept in zip(lengths, exact, strict=False) if kept) < 12 * run.LONG < lengths[-1]
    for n, loss in enumerate(losses):
        assert near(solution["L" + f"[u={n}]" * (n > 0)].decimal(30), loss, 30)
    for j, w in enumerate(v, 1):
        assert near(solution[f"W2[u=10][1,{j}]"].decimal(40), w, 40)


def test_rounded_numbers_are_carried_from_pass_to_pass() -> None:
    """x = 1, y = 2: z = w, L' = w − 2, w ← w − 0.3·(w − 2), each result to one decimal, half up."""
    network = {
        "inputs": 1, "layers": [{"linear": "0.4"}], "target": 2, "loss": "half squared error", "learning rate": "0.3",
        "steps": 6, "decimals": 1, "carry": "rounded",
    }  # fmt: skip
    solution = handcalc.solve(network)
    # 0.4 → 0.4 + 0.3·1.6 = 0.88; 0.9 → 1.23; 1.2 → 1.44; 1.4 → 1.58; 1.6 → 1.72; 1.7 → 1.79
    expected = ["0.9", "1.2", "1.4", "1.6", "1.7", "1.8"]
    assert [solution[f"W[u={n}][1,1]"].decimal() for n in range(1, 7)] == expected
    exact = handcalc.solve(network | {"carry": "exact"})
    assert [exact[f"W[u={n}][1,1]"].decimal() for n in range(1, 7)] != expected


def test_bits_that_are_lost_are_given_from_the_start() -> None:
    """w = sin²(2ⁿ·arcsin √0.3) after n updates."""
    solution = handcalc.solve(LOGISTIC | {"steps": 2_000, "show updates": "last"})
    with ctx.workprec(2_200):
        angle = arb("0.3").sqrt().asin() * arb(2) ** 2_000
        wanted = float((angle.sin() ** 2).mid())
    assert float(solution["w[u=2000]"]) == pytest.approx(wanted, rel=1e-12)


def test_a_run_that_loses_too_many_bits_ends_in_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_BITS", 1_500)
    with pytest.raises(CannotDecide, match="over 1999 updates rounding errors grow so fast") as error:
        handcalc.solve(LOGISTIC | {"steps": 2_000, "show updates": "last"})
    assert str(error.value).endswith("take fewer steps, or a smaller learning rate")


RATIONAL: dict[str, tuple[dict[str, Any], str, str]] = {
    "beside the input 0 a carried weight says nothing": (
        {
            "inputs": ["0"], "layers": [{"tanh": [["-0.1"]], "bias": ["0.1"]}], "target": ["3.1"], "loss": "huber",
            "learning rate": "0.25", "optimiser": "adam", "steps": 3, "train": "weights", "regularisation": "l2",
        },
        "z[u=2][1]", "0.1",
    ),
    "a sign is rational though what it is of is not": (
        {
            "inputs": ["1"], "layers": [{"tanh": [["0.5"]]}, {"linear": [["0.4"], ["0.3"]], "bias": ["0.1", "0.2"]}],
            "target": ["1", "0"], "loss": "absolute error", "learning rate": "0.1", "steps": 3, "optimiser": "momentum",
        },
        "b2[u=3][1]", "0.661",
    ),
    "a shared bias of a softmax, pass after pass": (
        {
            "inputs": ["0.8"], "layers": [{"linear": [["0.6"], ["-0.9"]], "shared bias": "0.3"}], "target": ["1", "0"],
            "loss": "cross-entropy from logits", "learning rate": "0.5", "steps": 3, "regularisation": {
                "l2": {"rate": "0.1", "of": "weights and biases"}
            },
        },
        "b[u=3][1]", "0.2187",
    ),
    "two samples of a softmax with a shared bias": (
        {
            "inputs": [["1"], ["-1"]], "layers": [
                {"softmax": [["-0.4"], ["0.7"]], "shared bias": "0.7"},
                {"softmax": [["-0.3", "0.5"], ["0.4", "0.6"]], "shared bias": "-0.5"},
            ],
            "target": [["1", "0"], ["0", "1"]], "loss": "half squared error",
        },
        "dJ/db1[1]", "0",
    ),
    "weights that are opposite since the pass before": (
        {
            "inputs": ["1"], "layers": [{"tanh": [["0.5"]]}, {"linear": [["0.1"], ["-0.1"]], "bias": ["2", "3"]}],
            "target": ["1", "3.05"], "loss": "absolute error", "learning rate": "0.1", "steps": 2,
        },
        "L[u=1]", "0.95",
    ),
    "a rational at the end of a hard sigmoid": (
        {
            "inputs": [["120"], ["80"]], "scaling": "standardise", "layers": [
                {"hard sigmoid": [["-0.5"], ["0.3"]], "steepness": "1/2", "shared bias": "0.7"},
                {"sigmoid": [["0.8", "0.4"]]},
            ],
            "target": [["0"], ["1"]], "loss": "squared error", "batch": "online", "learning rate": "0.5", "steps": 2,
            "optimiser": "amsgrad",
        },
        "a1[s=1][2]", "1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RATIONAL)
def test_what_is_rational_is_found_to_be(name: str) -> None:
    made, key, value = RATIONAL[name]
    solution = handcalc.solve(made)
    assert solution.value(solution.quantity(key)) == read_number(value).value


def test_the_plot_of_a_rounded_run_is_of_the_rounded_losses() -> None:
    """x = 1, y = 2, w = 1.96: to one decimal z and L' are 2 and 0, so that w stays and so does L, 0."""
    network = {
        "inputs": 1, "layers": [{"linear": "1.96"}], "target": 2, "loss": "half squared error", "learning rate": "1",
        "steps": 5, "decimals": 1, "show updates": [1],
    }  # fmt: skip
    assert handcalc.solve(network | {"carry": "rounded"}).loss_history() == [0] * 5
    assert handcalc.solve(network | {"carry": "exact"}).loss_history() == [fmpq(1, 1250), 0, 0, 0, 0]
