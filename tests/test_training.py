"""Gradients of several samples, of penalties, shared biases and thresholds, with minus, in place: each against SymPy's
derivative of the composed objective, and each update against the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sympy

import handcalc

ETA = sympy.Rational(1, 10)
ROWS = [["1", "0.5"], ["-0.4", "2"], ["0.3", "-1.1"]]
TARGETS = ["0.4", "-0.3", "0.8"]
FIRST, SECOND = [["0.3", "-0.2"], ["0.5", "0.1"]], [["0.7", "-0.6"]]
NETWORK: dict[str, Any] = {
    "inputs": ROWS,
    "layers": [{"tanh": FIRST, "bias": ["0.2", "-0.1"]}, {"linear": SECOND, "bias": "0.1"}],
    "target": TARGETS,
    "loss": "half squared error",
    "learning rate": "0.1",
}
SHARED = {"layers": [{"tanh": FIRST, "shared bias": "0.2"}, {"linear": SECOND, "bias": "0.1"}]}
THRESHOLD = {"layers": [{"tanh": FIRST, "threshold": ["0.2", "-0.1"]}, {"linear": SECOND}]}
COLUMN = {
    "layers": [{"tanh": [["0.3", "-0.2", "0.2"], ["0.5", "0.1", "-0.1"]], "bias": "last column"}, {"linear": SECOND}]
}
CASES: dict[str, dict[str, Any]] = {
    "one sample": {"inputs": ROWS[0], "target": TARGETS[0]},
    "one sample, shared bias": SHARED | {"inputs": ROWS[0], "target": TARGETS[0]},
    "mean": {},
    "sum": {"batch": "sum"},
    "shared bias": SHARED,
    "threshold": THRESHOLD,
    "a column for the bias": COLUMN,
    "sample weights": {"sample weights": ["0.5", "2", "1"]},
    "l2 of the weights": {"regularisation": {"l2": {"rate": "0.05"}}},
    "l2 of all, and l1": {"regularisation": [{"l2": {"rate": "0.05", "of": "weights and biases"}}, {"l1": {}}]},
    "l2 of one sample": {"inputs": ROWS[0], "target": TARGETS[0], "regularisation": {"l2": {"rate": "0.05"}}},
    "l2 of the outputs": {"regularisation": {"l2": {"rate": "0.05", "of": "outputs"}}},
    "everything, with minus": SHARED | {
        "sample weights": ["0.5", "2", "1"], "regularisation": {"l2": {"rate": "0.05", "of": "weights and biases"}},
        "notation": {"sign": "y - p"},
    },
    "mean squared error": {"loss": "mean squared error"},
    "weights alone": {"train": "weights"},
}  # fmt: skip
Expr = Any


def name(key: str) -> Expr:
    return sympy.Symbol(key, real=True)


class Composed:
    """The objective of a network file in the names of its parameters."""

    def __init__(self, network: dict[str, Any]) -> None:
        self.network = network
        self.values: dict[Expr, Expr] = {}
        """Of each parameter, by its name."""
        self.biases: set[Expr] = set()
        inputs, targets = network["inputs"], network["target"]
        several = isinstance(inputs[0], list)
        self.rows: list[list[Expr]] = [[sympy.Rational(x) for x in row] for row in (inputs if several else [inputs])]
        self.targets = [sympy.Rational(y) for y in (targets if several else [targets])]
        self.layers = [self._parameters(n, layer) for n, layer in enumerate(network["layers"], 1)]
        self.outputs = [self.output(row) for row in self.rows]

    def _parameter(self, key: str, value: str, *, bias: bool = False) -> Expr:
        self.values[name(key)] = sympy.Rational(value)
        self.biases |= {name(key)} if bias else set()
        return name(key)

    def _parameters(self, n: int, layer: dict[str, Any]) -> tuple[str, list[list[Expr]], list[Expr]]:
        """Activation, weights, what is added to each sum."""
        (activation,) = set(layer) & {"tanh", "linear"}
        rows = [
            [self._parameter(f"W{n}[{j},{i}]", w) for i, w in enumerate(row, 1)]
            for j, row in enumerate(layer[activation], 1)
        ]
        if layer.get("bias") == "last column":
            return activation, [row[:-1] for row in rows], [row[-1] for row in rows]
        if "shared bias" in layer:
            b = self._parameter(f"b{n}[1]", layer["shared bias"], bias=True)
            return activation, rows, [b] * len(rows)
        if "threshold" in layer:
            names = [self._parameter(f"theta{n}[{j}]", b, bias=True) for j, b in enumerate(layer["threshold"], 1)]
            return activation, rows, [-one for one in names]
        given = layer.get("bias", ())
        biases = [
            self._parameter(f"b{n}[{j}]", b, bias=True)
            for j, b in enumerate([given] if isinstance(given, str) else given, 1)
        ]
        return activation, rows, biases or [sympy.Integer(0)] * len(rows)

    def output(self, values: Sequence[Expr]) -> Expr:
        for activation, rows, added in self.layers:
            sums = [
                sum(w * v for w, v in zip(row, values, strict=True)) + b for row, b in zip(rows, added, strict=True)
            ]
            values = [sympy.tanh(z) for z in sums] if activation == "tanh" else sums
        (found,) = values
        return found

    @property
    def objective(self) -> Expr:
        half = sympy.Rational(1, 2) if self.network["loss"] == "half squared error" else 1
        weights = [sympy.Rational(c) for c in self.network.get("sample weights", ["1"] * len(self.rows))]
        data = sum(c * half * (p - y) ** 2 for c, p, y in zip(weights, self.outputs, self.targets, strict=True))
        count = 1 if self.network.get("batch") == "sum" else len(self.rows)
        return data / count + sum(self._penalties())

    def _penalties(self) -> Iterator[Expr]:
        given = self.network.get("regularisation", [])
        for one in given if isinstance(given, list) else [given]:
            ((kind, options),) = one.items()
            rate, of = sympy.Rational(options.get("rate", "0.01")), options.get("of", "weights")
            taken = [w for w in self.values if of == "weights and biases" or w not in self.biases]
            if of == "outputs":
                yield rate * sum(p**2 for p in self.outputs) / len(self.rows)
            else:
                yield rate * sum(w**2 if kind == "l2" else sympy.Abs(w) for w in taken)

    def at(self, formula: Expr) -> Expr:
        return sympy.N(formula.subs(self.values), 40)


def near(shown: str, value: Expr, places: int) -> bool:
    """Whether it is `value` to so many places."""
    return bool(abs(sympy.Rational(shown) - value) <= sympy.Rational(51, 100) / 10**places)


@pytest.mark.parametrize("case", CASES)
def test_gradients_are_derivatives_of_the_objective(case: str) -> None:
    network = NETWORK | CASES[case]
    solution = handcalc.solve(network)
    composed = Composed(network)
    objective = solution.program.page.objective
    assert objective is not None
    whole = objective.quantity.key
    assert near(solution[whole].decimal(20), composed.at(composed.objective), 20)
    minus = "notation" in network
    learned = [w for w in composed.values if network.get("train") != "weights" or w not in composed.biases]
    given = {q.key for q in solution.program.page.learned}
    assert {str(w) for w in learned} == given
    for w in learned:
        slope = sympy.diff(composed.objective, w).subs({sympy.sign(w): sympy.sign(composed.values[w])})
        key = f"{'-' * minus}d{whole}/d{w}"
        value = composed.at(slope)
        assert near(solution[key].decimal(20), -value if minus else value, 20), key
        after = f"{str(w).replace('[', '[u=1][', 1)}"
        assert near(solution[after].decimal(20), composed.values[w] - ETA * value, 20), after


def test_the_other_sign_changes_every_slope_and_no_update() -> None:
    usual, other = (handcalc.solve(NETWORK | {"notation": {"sign": sign}}) for sign in ("p - y", "y - p"))
    slopes = [line.key for line in usual.lines if line.step.stage == "gradients"]
    assert len(slopes) > 20
    for key in slopes:
        shown = usual[key].decimal(20)
        assert other[f"-{key}"].decimal(20) == (shown[1:] if shown.startswith("-") else f"-{shown}")
        assert f"-{key}" not in usual
        assert key not in other
    updates = [line.key for line in usual.lines if line.step.stage == "update"]
    assert len(updates) == 9
    assert all(usual[key].decimal(20) == other[key].decimal(20) for key in updates)


@pytest.mark.parametrize("minus", [False, True])
def test_in_place_the_layers_before_see_the_new_weights(minus: bool) -> None:
    network = NETWORK | {"inputs": ROWS[0], "target": TARGETS[0], "update order": "in place"}
    solution = handcalc.solve(network | {"notation": {"sign": "y - p" if minus else "p - y"}})
    composed = Composed(network)
    v = [name(f"W2[1,{j}]") for j in (1, 2)]
    after = {
        w: composed.values[w] - ETA * sympy.diff(composed.objective, w).subs(composed.values)
        for w in (*v, name("b2[1]"))
    }
    for w, value in after.items():
        assert near(solution[str(w).replace("[", "[u=1][", 1)].decimal(20), sympy.N(value, 40), 20)
    error = (composed.outputs[0] - composed.targets[0]).subs(composed.values)
    hidden = [sympy.tanh(sum(w * x for w, x in zip(row, composed.rows[0], strict=True)) + b)
              for row, b in zip(*composed.layers[0][1:3], strict=True)]  # fmt: skip
    seen = error * sum(after[w] * a for w, a in zip(v, hidden, strict=True))
    for w in (w for w in composed.values if w not in after):
        slope = sympy.N(sympy.diff(seen, w).subs(composed.values), 40)
        assert near(solution[f"{'-' * minus}dL/d{w}"].decimal(20), -slope if minus else slope, 20)
        assert near(solution[str(w).replace("[", "[u=1][", 1)].decimal(20), composed.values[w] - ETA * slope, 20)
    together = handcalc.solve({key: value for key, value in network.items() if key != "update order"})
    assert together["W1[u=1][1,1]"].decimal(6) != solution["W1[u=1][1,1]"].decimal(6)


def test_online_each_sample_sees_what_the_one_before_has_learned() -> None:
    solution = handcalc.solve(NETWORK | {"batch": "online", "epochs": 2})
    values: dict[Expr, Expr] = {}
    for update in range(6):
        k = update % 3
        composed = Composed(NETWORK | {"inputs": ROWS[k], "target": TARGETS[k]})
        composed.values.update(values)
        values = {w: composed.at(w - ETA * sympy.diff(composed.objective, w)) for w in composed.values}
        for w, value in values.items():
            key = str(w).replace("[", f"[u={update + 1}][", 1)
            assert near(solution[key].decimal(20), value, 20), key
