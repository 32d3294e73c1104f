"""A network file worked out with PyTorch in double precision, number by number, under the keys of docs/keys.md.

Forward, losses, penalties by their definitions; every gradient by autograd; updates by the formulas of the papers, and
where `torch.optim` has the same rule, by that as well. Nothing here knows how a network file is read by handcalc.

    in place    a layer is updated as soon as its gradients are known: what lies before it sees the new weights
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from oracles.file_said import (
    CONSTANT,
    activations_of,
    at,
    bias_of,
    dense,
    input_names,
    matrix_of,
    named,
    real,
    rows_of,
    target_rows,
    updates_in,
)
from oracles.networks import Network, typed
from oracles.numbers import fraction
from oracles.torch_losses import NEED_PROBABILITIES, Losses
from oracles.torch_rules import Rule

Scalar = Any
"""A tensor without dimensions."""
EDGE = 1e-12
"""A number that double precision can't tell from 0 is 0, where a case depends on it."""

NOISE = 1e-15
"""A slope smaller than this is what double precision leaves over of 0; Adam would divide it by its own size."""


class TorchNet(Losses):
    """`graphs` holds by number of updates every quantity by its key, as tensors that autograd knows."""

    def __init__(self, torch: Any, made: Network) -> None:
        self.torch, self.made = torch, made
        self.said: dict[str, str] = {}
        """Every given number as typed, by key."""
        self.fixed: dict[str, float] = {}
        """What a number among the givens is called: options, the learning rate."""
        self.rows = rows_of(made)
        self.marked = len(self.rows) > 1
        self.given_as = next(key for key in ("inputs", "scores", "predictions") if key in made)
        self.loss = named(made["loss"]) if "loss" in made else None
        self.optimiser = named(made.get("optimiser", "gradient descent"))
        self.learns = "learning rate" in made
        self.batch = made.get("batch", "mean")
        self.online = self.learns and self.batch == "online" and self.marked
        self.in_place = made.get("update order") == "in place"
        self.layers = list(dense(made.get("layers", [])))
        self.parameters = self._parameters()
        self.penalties = list(self._penalties())
        self.steps_of_torch = 0
        self.kind = "linear"
        self.sums_of_last: dict[int, list[Scalar]] = {}
        self.values: dict[str, float] = {}
        """What an update makes, by key, and what a state starts from."""
        self.graphs: list[dict[str, Scalar]] = []
        self.run()

    def value(self, key: str) -> float:
        """The value of a quantity or a gradient."""
        if key in self.values:
            return self.values[key]
        if found := re.fullmatch(r"(-?)d(.+)/d(.+)", key):
            graph = self.graphs[updates_in(found[2])]
            (slope,) = self.torch.autograd.grad(graph[found[2]], graph[found[3]], retain_graph=True, allow_unused=True)
            return (-1 if found[1] else 1) * (0.0 if slope is None else slope.item())
        for graph in self.graphs:
            if key in graph:
                return float(graph[key].item())
        raise KeyError(key)

    # what is given

    def number(self, value: float, *, learned: bool = False) -> Scalar:
        return self.torch.tensor(value, dtype=self.torch.float64, requires_grad=learned)

    def option(self, options: Mapping[str, Any], name: str, default: str, key: str = "") -> float:
        """A number that an operation is given; it has a key where the file says it."""
        value = real(options.get(name, default))
        if key and name in options:
            self.fixed[key] = value
            self.said[key] = typed(options[name])
        return value

    def _parameters(self) -> dict[str, float]:
        found: dict[str, float] = {}
        self.biases: set[str] = set()
        for n, layer in enumerate(self.layers, 1):
            rows = matrix_of(layer, flipped=self.made.get("layout") == "in x out")
            said = {f"W{self._n(n)}[{j},{i}]": typed(w) for j, row in enumerate(rows, 1) for i, w in enumerate(row, 1)}
            letter = "theta" if "threshold" in layer else "b"
            names = {f"{letter}{self._n(n)}[{j}]": typed(b) for j, b in enumerate(bias_of(layer), 1)}
            self.said |= said | names
            found |= {key: real(text) for key, text in (said | names).items()}
            self.biases |= set(names)
        return found

    def learned(self, key: str) -> bool:
        return not (key in self.biases and self.made.get("train") == "weights")

    def _n(self, n: int) -> str:
        return str(n) if len(self.layers) > 1 else ""

    def _penalties(self) -> Iterator[tuple[str, float, str, str]]:
        said = self.made.get("regularisation", [])
        several = said if isinstance(said, list) else [said]
        for n, one in enumerate(several, 1):
            index = f"[{n}]" if len(several) > 1 else ""
            name, options = named(one)
            rate = self.option(options, "rate", "0.01", f"lambda{index}")
            yield name, rate, options.get("of", "weights"), f"R{index}"

    # the passes

    def run(self) -> None:
        """Every update, and the network once more where it runs again."""
        epoch = len(self.rows) if self.online else 1
        steps = int(self.made.get("steps", epoch)) if self.learns else 0
        if self.learns:
            self.fixed["eta"] = real(self.made["learning rate"])
            self.said["eta"] = typed(self.made["learning rate"])
        now = dict(self.parameters)
        for update in range(steps + 1 if not self.online else max(steps, 1)):
            self.graphs.append(self.pass_of(now, update, {}))
            if self.learns and not update:
                self.rule = Rule(self, *self.optimiser)
            if update < steps:
                now = self.step(now, update)
        self.last = now

    def step(self, now: dict[str, float], update: int) -> dict[str, float]:
        """The next parameters; in place from the last layer to the first."""
        new = dict(now)
        later: dict[str, float] = {}
        groups: list[list[str]] = [[key for key in now if self.learned(key)]]
        if self.in_place:
            numbers = [str(n) if len(self.layers) > 1 else "" for n in range(len(self.layers), 0, -1)]
            groups = [[key for key in groups[0] if re.match(r"[A-Za-z]+(\d*)", key)[1] == n] for n in numbers]  # type: ignore[index]
        for group in groups:
            graph = self.graphs[update] = self.pass_of(now, update, later)
            whole = graph[self.objective(graph, update)]
            leaves = [graph[at(key, update)] for key in group]
            slopes = self.torch.autograd.grad(whole, leaves, retain_graph=True, allow_unused=True) if leaves else []
            for key, slope in zip(group, slopes, strict=True):
                g = 0.0 if slope is None or abs(slope.item()) < NOISE else slope.item()
                new[key] = self.rule.update(key, now[key], g, update)
            if self.in_place:
                later |= {key: new[key] for key in group}
        if self.in_place:
            self.graphs[update] = self.pass_of(now, update, later)
        self.values |= {at(key, update + 1): value for key, value in new.items() if self.learned(key)}
        return new

    def objective(self, graph: Mapping[str, Scalar], update: int) -> str:
        u = f"[u={update}]" if update else ""
        return f"J{u}" if f"J{u}" in graph else next(key for key in graph if re.fullmatch(r"L(\[[su]=\d+\])*", key))

    def pass_of(self, now: Mapping[str, float], update: int, later: Mapping[str, float]) -> dict[str, Scalar]:
        """Forward and loss; `later` holds the weights that what lies before sees on the way back."""
        self.graph: dict[str, Scalar] = {}
        self.rest: dict[int, Scalar] = {}
        self.update, self.later = update, later
        self.leaf = {key: self.number(value, learned=True) for key, value in now.items()}
        self.graph |= {at(key, update if self.learned(key) else 0): leaf for key, leaf in self.leaf.items()}
        samples = [update % len(self.rows)] if self.online else range(len(self.rows))
        scaled = self._scaled_inputs()
        outputs: list[list[Scalar]] = []
        losses = []
        for k in samples:
            self.sample = k
            a = self._through(self.made.get("layers", []), scaled[k], count(1), outermost=True)
            outputs.append(a)
        for k, a in zip(samples, outputs, strict=True):
            self.sample = k
            if self.loss:
                losses.append(self.loss_of(a, k))
                self.graph[self.key("L")] = losses[-1]
            if "output scaling" in self.made:
                back = [self.unscaled(one) for one in a]
                self.note("out", back)
        if self.loss or self.penalties:
            self._together(losses, outputs, list(samples))
        return self.graph

    def key(self, letter: str, index: int | None = None, *, sample: bool = True, update: bool = True) -> str:
        s = f"[s={self.sample + 1}]" if sample and self.marked else ""
        u = f"[u={self.update}]" if update and self.update else ""
        return f"{letter}{s}{u}" + (f"[{index}]" if index else "")

    def note(self, letter: str, values: Sequence[Scalar], *, update: bool = True) -> None:
        self.graph |= {self.key(letter, i, update=update): value for i, value in enumerate(values, 1)}

    def _together(self, losses: list[Scalar], outputs: list[list[Scalar]], samples: list[int]) -> None:
        weights = [real(self.made["sample weights"][k]) for k in samples] if "sample weights" in self.made else []
        for k, weight in zip(samples, weights, strict=False):
            self.sample = k
            self.graph[self.key("c", 1, update=False)] = self.number(weight)
            self.said[self.key("c", 1, update=False)] = typed(self.made["sample weights"][k])
        if not weights and not self.penalties and len(losses) == 1:
            return
        parts = sum(w * one for w, one in zip(weights or [1.0] * len(losses), losses, strict=True))
        scale = 1 / len(losses) if self.batch == "mean" and losses else 1.0
        shares = [scale * parts]
        for name, rate, of, key in self.penalties:
            values = [leaf for w, leaf in self.leaf.items() if w not in self.biases or of == "weights and biases"]
            if of == "outputs":
                values = [one for a in outputs for one in a]
            penalty = {"l2": lambda w: w * w, "half l2": lambda w: w * w / 2, "l1": self.size}[name]
            R = rate * sum((penalty(w) for w in values), self.number(0.0))
            R = R / len(outputs) if of == "outputs" else R
            self.graph[at(key, self.update)] = R
            shares.append(R)
        self.graph[at("J", self.update)] = sum(shares)

    # inputs and scales

    def _scaled_inputs(self) -> list[list[Scalar]]:
        letter = {"inputs": "x", "scores": "z", "predictions": self.letter}[self.given_as]
        kinds = self._scalings()
        last = self.made["layers"][-1] if self.made.get("layers") else {}
        raw = "raw" if "softmax" in last and "base" in last else "r"
        rows = [[self.number(real(x), learned=True) for x in row] for row in self.rows]
        columns = []
        for i, (kind, column) in enumerate(zip(kinds, zip(*rows, strict=True), strict=True), 1):
            index = f"[{i}]" if len(kinds) > 1 or "output scaling" in self.made else ""
            given = raw if any(kinds) else letter
            self._note_column(given, column, f"[{i}]")
            for k, row in enumerate(self.rows):
                self.said[f"{given}[s={k + 1}][{i}]" if self.marked else f"{given}[{i}]"] = typed(row[i - 1])
            columns.append(column if kind is None else self._scaled(kind, column, index))
            if kind is not None:
                self._note_column(letter, columns[-1], index)
        return [list(row) for row in zip(*columns, strict=True)]

    def _note_column(self, letter: str, column: Sequence[Scalar], index: str) -> None:
        for k, value in enumerate(column):
            self.graph[f"{letter}[s={k + 1}]{index}" if self.marked else f"{letter}{index}"] = value

    def _scalings(self) -> list[Any]:
        said, width = self.made.get("scaling"), len(self.rows[0])
        if said is None or isinstance(said, str) or next(iter(said)) in ("divide by", "min max", "standardise"):
            return [said] * width
        names = input_names(self.made) or [str(n) for n in range(1, width + 1)]
        return [said.get(name) for name in names]

    def _scaled(self, kind: Any, column: Sequence[Scalar], index: str) -> list[Scalar]:
        name, options = named(kind)
        if name == "standardise" and "mean" not in options:
            n = len(column) - (options.get("deviation") == "sample")
            mu = sum(column) / len(column)
            v = sum((x - mu) ** 2 for x in column) / n
            s = self.torch.sqrt(v)
            self.graph |= {f"mu{index}": mu, f"v{index}": v, f"s{index}": s}
            return [(x - mu) / s for x in column]
        scale = self._scale(name, options, index)
        return [scale[0] * x + scale[1] for x in column]

    def _scale(self, name: str, options: Mapping[str, Any], index: str) -> tuple[float, float]:
        """x′ = first · x + second."""
        if name == "divide by":
            return 1 / self.option(options, "number", "100"), 0.0
        if name == "min max":
            low = self.option(options, "min", "0", f"min{index}")
            high = self.option(options, "max", "1", f"max{index}")
            factor, shift = 1 / (high - low), -low / (high - low)
            return (2 * factor, 2 * shift - 1) if options.get("to") == "-1 to 1" else (factor, shift)
        mean = self.option(options, "mean", "0", f"mu{index}")
        deviation = self.option(options, "deviation", "1", f"s{index}")
        return 1 / deviation, -mean / deviation

    def unscaled(self, a: Scalar) -> Scalar:
        factor, shift = self._scale(*named(self.made["output scaling"]), "")
        return (a - shift) / factor

    def target(self, k: int) -> list[Scalar]:
        if "target" not in self.made:
            return []
        row = target_rows(self.made)[k]
        values = [self.number(real(y)) for y in row]
        raw = "y" if "output scaling" not in self.made else "t"
        self.note(raw, values, update=False)
        self.said |= {self.key(raw, i, update=False): typed(y) for i, y in enumerate(row, 1)}
        if raw == "y":
            return values
        factor, shift = self._scale(*named(self.made["output scaling"]), "")
        scaled = [factor * t + shift for t in values]
        self.note("y", scaled, update=False)
        return scaled

    # layers

    @property
    def letter(self) -> str:
        last = self.made["layers"][-1] if self.made.get("layers") else {}
        names = activations_of(last) if "branches" not in last else []
        probable = self.loss is not None and self.loss[0] in NEED_PROBABILITIES
        return "p" if probable or "softmax" in [name for name, _ in names] else "yhat"

    def _through(self, parts: Sequence[Any], a: list[Scalar], numbers: Any, *, outermost: bool) -> list[Scalar]:
        joins = sum("branches" in part and part.get("join", "add") == "add" for part in self.made.get("layers", []))
        for place, part in enumerate(parts):
            last = outermost and place == len(parts) - 1
            if "branches" not in part:
                a = self._layer(part, a, next(numbers), last=last)
                continue
            ends = [self._through(branch, a, numbers, outermost=False) for branch in part["branches"]]
            if part.get("join", "add") == "concatenate":
                a = [one for end in ends for one in end]
                continue
            a = [sum(units) for units in zip(*ends, strict=True)]
            numbered = joins > 1 or (self.loss and self.loss[0] in ("huber", "multi class hinge"))
            assert joins < 2
            self.note(self.letter if last else "h1" if numbered else "h", a)
        return a

    def _layer(self, layer: Any, x: list[Scalar], n: int, *, last: bool) -> list[Scalar]:
        z = x
        if not isinstance(layer, str):
            z = self.sums(layer, x, n)
            self.note(f"z{self._n(n)}", z)
        kinds = activations_of(layer)
        self.kind, self.sums_of_last[self.sample] = kinds[0][0], z
        number = "" if last else self._n(n)
        if kinds[0][0] == "softmax":
            a = self.softmax(z, kinds[0][1], number, n)
        else:
            pairs = zip(kinds if len(kinds) > 1 else kinds * len(z), z, strict=True)
            a = [self.activated(name, options, one, self._n(n)) for (name, options), one in pairs]
        self.note(self.letter if last else f"a{number}", a)
        return a

    def sums(self, layer: Network, x: list[Scalar], n: int) -> list[Scalar]:
        name = f"W{self._n(n)}"
        constant = CONSTANT.get(str(layer.get("bias")))
        inputs = [*x, *([self.number(constant)] if constant else [])]
        flipped = self.made.get("layout") == "in x out"
        units = len(matrix_of(layer, flipped=False)[0]) if flipped else len(matrix_of(layer, flipped=False))
        found = []
        for j in range(1, units + 1):
            z = self.number(0.0)
            for i, one in enumerate(inputs, 1):
                key = f"{name}[{i},{j}]" if flipped else f"{name}[{j},{i}]"
                if key in self.later:  # the same value; the slope of the input is the new weight
                    z = z + self.leaf[key] * one.detach() + self.later[key] * (one - one.detach())
                else:
                    z = z + self.leaf[key] * one
            b = 1 if "shared bias" in layer else j
            letter = "theta" if "threshold" in layer else "b"
            if (key := f"{letter}{self._n(n)}[{b}]") in self.leaf:
                z = z - self.leaf[key] if letter == "theta" else z + self.leaf[key]
            found.append(z)
        return found

    def softmax(self, z: list[Scalar], options: Mapping[str, Any], number: str, n: int) -> list[Scalar]:
        torch = self.torch
        if "temperature" in options:
            T = self.option(options, "temperature", "1", f"T{self._n(n)}")
            z = [one / T for one in z]
            if T != 1:
                self.note(f"q{number}", z)
        base = options.get("base", "e")
        powers = [torch.exp(one) if base == "e" else self.number(real(base)) ** one for one in z]
        self.note(f"{'e' if base == 'e' else 'r'}{number}", powers)
        self.graph[self.key(f"S{number}")] = sum(powers)
        shares = [one / sum(powers) for one in powers]
        others = [sum(powers[:k] + powers[k + 1 :]) for k in range(len(powers))]
        self.rest |= {id(p): rest / sum(powers) for p, rest in zip(shares, others, strict=True)}
        return shares

    def above(self, x: Scalar) -> bool:
        return bool(x.item() > EDGE)

    def size(self, x: Scalar) -> Scalar:
        """|x|, whose slope at 0 is 0."""
        return x if self.above(x) else -x if self.above(-x) else 0.0 * x

    def activated(self, name: str, options: Mapping[str, Any], z: Scalar, n: str) -> Scalar:
        torch = self.torch
        half = self.number(0.5)
        match name:
            case "linear":
                return z
            case "sigmoid":
                a = torch.sigmoid(z)
                self.rest[id(a)] = torch.sigmoid(-z)
                return a
            case "tanh":
                return torch.tanh(z)
            case "softplus":
                return torch.nn.functional.softplus(z)
            case "silu":
                return torch.nn.functional.silu(z)
            case "relu":
                at_0 = options.get("slope at 0", "0") == "1" and not self.above(-z)
                return z if self.above(z) or at_0 else 0.0 * z
            case "leaky relu":
                alpha = self.option(options, "alpha", "0.01", f"alpha{n}")
                return z if self.above(z) else alpha * z
            case "elu":
                alpha = self.option(options, "alpha", "1", f"alpha{n}")
                return z if self.above(z) else alpha * torch.expm1(z)
            case "gelu":
                form = options.get("form", "exact")
                if form == "sigmoid":
                    return z * torch.sigmoid(1.702 * z)
                return torch.nn.functional.gelu(z, approximate="tanh" if form == "tanh" else "none")
            case "hard sigmoid":
                steep = float(fraction(options.get("steepness", "1/6")))
                end = 1 / (2 * steep)
                inside = self.above(end - z) and self.above(end + z)
                return steep * z + half if inside else 0.0 * z + (1.0 if z.item() > 0 else 0.0)
            case "step":
                fires = self.above(z) or (options.get("fires", "at 0") == "at 0" and not self.above(-z))
                low = -1.0 if options.get("outputs") == "-1 and 1" else 0.0
                slope = float(options.get("slope taken as", "0"))
                return slope * (z - z.detach()) + (1.0 if fires else low)
        raise KeyError(name)
