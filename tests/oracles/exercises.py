"""Network files over every option, as dicts: what stands together is drawn by all pairs, numbers as a teacher types.

A factor is one choice of the file; `variant` is which options the loss, the hidden activation, the optimiser have.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from oracles.networks import Network
from oracles.pairs import Level, Row

ACTIVATIONS: dict[str, list[dict[str, str]]] = {
    "linear": [{}], "sigmoid": [{}], "tanh": [{}], "softplus": [{}], "silu": [{}],
    "relu": [{}, {"slope at 0": "1"}],
    "leaky relu": [{"alpha": "0.1"}, {}, {"alpha": "1/4"}],
    "elu": [{}, {"alpha": "0.5"}],
    "gelu": [{}, {"form": "tanh"}, {"form": "sigmoid"}],
    "hard sigmoid": [{}, {"steepness": "1/5"}, {"steepness": "1/2"}],
    "step": [{"slope taken as": "1"}, {}, {"fires": "above 0"}, {"outputs": "-1 and 1"},
             {"slope taken as": "1", "outputs": "-1 and 1", "fires": "above 0"}],
    "softmax": [{}, {"base": "3"}, {"temperature": "2"}, {"base": "2", "temperature": "0.5"}],
}  # fmt: skip
OVER = [{}, {"over": "mean"}]
LOGS = [{}, {"log": "2"}, {"log": "10"}]
LOSSES: dict[str, list[dict[str, str]]] = {
    "half squared error": OVER,
    "squared error": [{}],
    "mean squared error": [{}],
    "absolute error": OVER,
    "mean absolute error": [{}, {"over": "sum"}],
    "mean absolute percentage error": [{}, {"over": "sum"}],
    "huber": [{}, {"delta": "0.2"}, {"delta": "0.25", "over": "mean"}],
    "log cosh": OVER,
    "binary cross-entropy": [{}, {"over": "mean"}, {"log": "2"}, {"log": "10", "over": "mean"}],
    "binary cross-entropy from logits": [{}, {"over": "mean"}, {"log": "2"}],
    "cross-entropy": [{}, {"form": "right class"}, {"log": "2"}, {"form": "right class", "log": "10"}],
    "cross-entropy from logits": [{}, {"form": "right class"}, {"log": "2"}],
    "binary focal cross-entropy": [{}, {"alpha": "0.25", "over": "mean"}, {"gamma": "3"}, {"gamma": "1"},
                                   {"gamma": "0"}],
    "categorical focal cross-entropy": [{}, {"alpha": "0.25"}, {"gamma": "3", "form": "right class"}, {"gamma": "1"},
                                        {"gamma": "0"}],
    "kl divergence": LOGS,
    "entropy": [{}, {"log": "natural"}, {"log": "10"}],
    "hinge": [{}, {"margin": "0.5"}, {"labels": "0 and 1"}, {"over": "mean"}],
    "squared hinge": [{}, {"margin": "0.5"}, {"labels": "0 and 1"}, {"over": "mean"}],
    "multi class hinge": [{}, {"margin": "2"}],
    "perceptron": [{}],
}  # fmt: skip
DECAY = {"weight decay": "0.1"}
OPTIMISERS: dict[str, list[dict[str, str]]] = {
    "gradient descent": [{}, DECAY],
    "momentum": [{}, {"form": "accumulated"}, {"form": "averaged", "momentum": "0.5"}, DECAY | {"initial": "0.02"}],
    "nesterov": [{}, {"form": "accumulated"}, DECAY | {"initial": "0.02"}],
    "adagrad": [{}, {"epsilon at": "outside"}, DECAY | {"initial accumulator": "0.1"}],
    "rmsprop": [{}, {"epsilon at": "outside"}, {"centred": "yes", "rho": "0.5"}, DECAY],
    "adadelta": [{}, DECAY | {"rho": "0.5"}],
    "adam": [{}, {"epsilon at": "uncorrected root"}, DECAY | {"letters": "v and s"}, {"beta1": "0.5", "beta2": "0.5"}],
    "amsgrad": [{}, {"epsilon at": "uncorrected root"}, {"epsilon at": "corrected maximum", "letters": "v and s"},
                DECAY | {"epsilon at": "maximum"}],
    "adamw": [{}, {"epsilon at": "uncorrected root", "weight decay": "0.5"}, {"letters": "v and s"}],
    "adamax": [{}, DECAY],
    "nadam": [{}, DECAY | {"letters": "v and s"}],
}  # fmt: skip
PENALTIES: dict[str, Any] = {
    "none": None,
    **{f"{name} of {of}": {name: {"rate": "0.1", "of": of}}
       for name in ("l2", "half l2", "l1") for of in ("weights", "weights and biases", "outputs")},
    "l2 alone": "l2",
    "two": [{"l1": {"rate": "0.2"}}, {"l2": {"rate": "0.5", "of": "outputs"}}],
}  # fmt: skip
SCALINGS: dict[str, Any] = {
    "none": None,
    "standardise": "standardise",
    "standardise sample": {"standardise": {"deviation": "sample"}},
    "standardise given": {"standardise": {"mean": "100", "deviation": "25"}},
    "min max": {"min max": {"min": "50", "max": "250"}},
    "min max from -1": {"min max": {"min": "-50", "max": "150", "to": "-1 to 1"}},
    "divide": "divide by",
    "one input": {"divide by": {"number": "50"}},
}
OUTPUT_SCALINGS: dict[str, Any] = {
    "none": None,
    "standardise": {"standardise": {"mean": "20", "deviation": "4"}},
    "min max": {"min max": {"min": "10", "max": "50"}},
    "min max from -1": {"min max": {"min": "-10", "max": "30", "to": "-1 to 1"}},
    "divide": {"divide by": {"number": "10"}},
}
PRINTING: dict[str, dict[str, Any]] = {
    "4 decimals": {},
    "2 decimals": {"decimals": "2"},
    "7 decimals": {"decimals": "7"},
    "3 figures": {"significant figures": "3"},
    "5 figures cut off": {"significant figures": "5", "how": "truncate"},
    "cut off": {"decimals": "3", "how": "truncate"},
    "own": {"decimals": "3", "own": {"L": "6", "z": "2"}},
}
BIASES = ("per unit", "none", "shared bias", "threshold", "last column", "last column of -1")
SHOWN = {
    "all": None,
    "gradients": ["gradients"],
    "loss": ["forward", "loss"],
    "update": ["update"],
    "update and rerun": ["update", "rerun"],
    "no rerun": ["forward", "loss", "gradients", "update"],
}
WITHOUT_HIDDEN = ("one layer", "scores", "predictions")
FACTORS: dict[str, tuple[Level, ...]] = {
    "structure": (
        "hidden", "one layer", "two hidden", "skip", "add", "concatenate", "concatenated skip", "ends in a sum",
        "scores", "predictions",
    ),
    "loss": tuple(LOSSES),
    "last": ("linear", "sigmoid", "softmax", "tanh", "relu", "step", "mixed"),
    "hidden": ("-", *ACTIVATIONS, "mixed"),
    "optimiser": ("-", *OPTIMISERS),
    "variant": ("0", "1", "2", "3", "4"),
    "regularisation": tuple(PENALTIES),
    "samples": ("1", "2", "3"),
    "batch": ("mean", "sum", "online"),
    "order": ("simultaneous", "in place"),
    "scaling": tuple(SCALINGS),
    "output scaling": tuple(OUTPUT_SCALINGS),
    "bias": BIASES,
    "steps": ("1", "2", "3", "4"),
    "train": ("weights and biases", "weights"),
    "show": tuple(SHOWN),
    "printing": tuple(PRINTING),
    "carry": ("exact", "rounded"),
    "inputs": ("list", "names", "table"),
    "width": ("1", "2"),
    "arranged": ("rows", "columns"),
    "layout": ("out x in", "in x out"),
    "sample weights": ("no", "yes"),
}  # fmt: skip
OF_PROBABILITIES = (
    "binary cross-entropy", "cross-entropy", "binary focal cross-entropy", "categorical focal cross-entropy",
    "kl divergence", "entropy",
)  # fmt: skip
OF_CLASSES = (
    "cross-entropy", "cross-entropy from logits", "categorical focal cross-entropy", "kl divergence",
    "multi class hinge",
)  # fmt: skip
OF_NUMBERS = (
    "half squared error", "squared error", "mean squared error", "absolute error", "mean absolute error",
    "mean absolute percentage error", "huber", "log cosh",
)  # fmt: skip


def legal(row: Mapping[str, Level]) -> bool:
    """Whether the choices so far go together."""
    return not any(_broken(row))


def _broken(row: Mapping[str, Level]) -> Any:
    get = row.get
    structure, loss, last = get("structure"), get("loss"), get("last")
    optimiser, samples = get("optimiser"), get("samples")
    if structure and (hidden := get("hidden")):
        yield (hidden == "-") != (structure in WITHOUT_HIDDEN)
    if structure in ("scores", "predictions"):
        yield optimiser not in (None, "-")
        yield get("bias") not in (None, "none")
        yield get("layout") not in (None, "out x in")
        yield structure == "predictions" and last not in (None, "linear")
        yield last == "mixed"
        yield get("scaling") not in (None, "none")
        yield get("width") not in (None, "2")
        yield str(get("regularisation", "none")).endswith(("weights", "biases", "alone", "two"))
        yield loss == "perceptron" and last == "step"
    if structure == "ends in a sum":
        yield loss in OF_PROBABILITIES
        yield last in ("softmax", "mixed")
        yield loss == "perceptron"
    if optimiser == "-":
        yield get("steps") not in (None, "1")
        yield get("order") not in (None, "simultaneous")
        yield get("train") not in (None, "weights and biases")
        yield "update" in (SHOWN[get("show", "all")] or [])
    if loss in OF_PROBABILITIES and structure != "predictions":
        yield last not in (None, "sigmoid", "softmax")
    if loss and loss.endswith("logits"):
        yield last not in (None, "linear")
    if loss == "perceptron":
        yield last not in (None, "step", "linear")
    if get("output scaling", "none") != "none":
        yield loss not in (None, *OF_NUMBERS)
        yield last in ("softmax",)
        yield structure in ("scores", "predictions")
    if get("order") == "in place":
        yield samples not in (None, "1") and get("batch") not in (None, "online")
    if get("scaling", "").startswith("standardise") and get("scaling") != "standardise given":
        yield samples == "1"


def exercise(row: Row, seed: int) -> Network:
    """The network file that the row asks for."""
    return _Exercise(row, Random(seed)).made


class _Exercise:
    def __init__(self, row: Row, random: Random) -> None:
        self.row, self.random = row, random
        self.samples, self.variant = int(row["samples"]), int(row["variant"])
        self.outputs = 2 if row["loss"] in OF_CLASSES or row["last"] in ("softmax", "mixed") else random.choice([1, 2])
        if row["loss"] in OF_CLASSES and random.random() < 0.3 and row["last"] != "mixed":
            self.outputs = 3
        self.made: Network = {}
        self._inputs()
        if row["structure"] not in ("predictions",):
            self._layers()
        self._target()
        self.made["loss"] = self._with_options(row["loss"], LOSSES[row["loss"]])
        self._learning()
        for key, choices in (
            ("regularisation", PENALTIES), ("output scaling", OUTPUT_SCALINGS), ("show", SHOWN),
        ):  # fmt: skip
            if choices[row[key]] is not None:
                self.made[key] = choices[row[key]]
        self._scaling()
        if row["sample weights"] == "yes":
            self.made["sample weights"] = [random.choice(["1", "0.5", "2", "0.25"]) for _ in range(self.samples)]
        self.made["rounding"] = PRINTING[row["printing"]] | {"carry": row["carry"]}
        if row["printing"] == "own" and row["structure"] == "predictions":  # where no z is
            self.made["rounding"]["own"] = {"L": "6"}

    def _number(self) -> str:
        return f"{self.random.choice([-9, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8]) / 10}"

    def _with_options(self, name: str, variants: list[dict[str, str]]) -> Any:
        options = variants[self.variant % len(variants)]
        return {name: options} if options else name

    def _inputs(self) -> None:
        row, random = self.row, self.random
        given_as = row["structure"] if row["structure"] in ("scores", "predictions") else "inputs"
        width = self.outputs if given_as != "inputs" else int(row["width"])
        if given_as == "predictions":
            rows = [self._prediction() for _ in range(self.samples)]
        elif row["scaling"] != "none":
            pool = [["120", "80", "95"], ["0.5", "-1", "2"] if row["scaling"] == "one input" else ["60", "140", "90"]]
            rows = [[column[k] for column in pool[:width]] for k in range(self.samples)]
        else:
            rows = [
                [random.choice(["1", "-1", "0.5", "2", "1.5", "0"]) for _ in range(width)] for _ in range(self.samples)
            ]
        names = [["rooms", "floor area", "age"][i] for i in range(width)]
        self.width, self.names = width, names if row["inputs"] != "list" else []
        columns = [list(column) for column in zip(*rows, strict=True)]
        if row["inputs"] == "table":
            self.made[given_as] = {
                name: column if self.samples > 1 else column[0] for name, column in zip(names, columns, strict=True)
            }
            if row["arranged"] == "columns":
                self.made["samples"] = "columns"
            return
        if row["inputs"] == "names":
            self.made["input names"] = names
        if row["arranged"] == "columns":
            self.made |= {given_as: columns, "samples": "columns"}
        else:
            self.made[given_as] = rows if self.samples > 1 else rows[0]

    def _prediction(self) -> list[str]:
        if self.row["loss"] in OF_CLASSES or self.row["loss"] == "entropy":
            return (
                [["0.7", "0.3"], ["0.5", "0.25", "0.25"], ["1"]][{2: 0, 3: 1, 1: 2}[self.outputs]]
                if self.outputs > 1
                else ["0.6"]
            )
        return [self.random.choice(["0.2", "0.7", "0.9", "0.4"]) for _ in range(self.outputs)]

    def _layers(self) -> None:
        row = self.row
        hidden, last = row["hidden"], row["last"]
        n, out = self.width, self.outputs
        match row["structure"]:
            case "scores":
                self.made["layers"] = [last] if last != "linear" else []
                if last == "linear":
                    del self.made["layers"]
            case "one layer":
                self.made["layers"] = [self._layer(last, n, out)]
            case "hidden":
                self.made["layers"] = [self._layer(hidden, n, 2), self._layer(last, 2, out)]
            case "two hidden":
                self.made["layers"] = [self._layer(hidden, n, 2), self._layer("tanh", 2, 2), self._layer(last, 2, out)]
            case "skip":
                branch = [[], [self._layer(hidden, 2, 2)]]
                first = self._layer("linear", n, 2)
                self.made["layers"] = [first, {"branches": branch, "join": "add"}, self._layer(last, 2, out)]
            case "add":
                branches = [[self._layer(hidden, n, 2)], [self._layer("sigmoid", n, 2)]]
                self.made["layers"] = [{"branches": branches, "join": "add"}, self._layer(last, 2, out)]
            case "concatenate":
                branches = [[self._layer(hidden, n, 2)], [self._layer("tanh", n, 1)]]
                self.made["layers"] = [{"branches": branches, "join": "concatenate"}, self._layer(last, 3, out)]
            case "concatenated skip":
                branches = [[self._layer(hidden, n, 2)], []]
                self.made["layers"] = [{"branches": branches, "join": "concatenate"}, self._layer(last, 2 + n, out)]
            case "ends in a sum":
                branches = [[self._layer(hidden, n, 2), self._layer(last, 2, out)], [self._layer("tanh", n, out)]]
                self.made["layers"] = [{"branches": branches, "join": "add"}]
        if row["layout"] != "out x in":
            self.made["layout"] = row["layout"]

    def _layer(self, name: str, inputs: int, units: int) -> Network:
        bias = self.row["bias"]
        columns = inputs + bias.startswith("last column")
        rows = [[self._number() for _ in range(columns)] for _ in range(units)]
        if self.row["layout"] == "in x out":
            rows = [list(column) for column in zip(*rows, strict=True)]
        layer: Network = {}
        if name == "mixed":
            layer = {"activation": [["sigmoid", "linear"], ["relu", "tanh"], ["leaky relu", "elu"]][self.variant % 3]}
            layer["weights"] = rows
        else:
            variants = ACTIVATIONS[name]
            layer = {name: rows} | variants[self.variant % len(variants)]
        match bias:
            case "per unit":
                layer["bias"] = [self._number() for _ in range(units)]
            case "threshold":
                layer["threshold"] = [self._number() for _ in range(units)]
            case "shared bias":
                layer["shared bias"] = self._number()
            case "last column" | "last column of -1":
                layer["bias"] = bias
        return layer

    def _target(self) -> None:
        loss, random, n = self.row["loss"], self.random, self.outputs
        options = LOSSES[loss][self.variant % len(LOSSES[loss])]

        def one() -> list[str]:
            if loss in OF_CLASSES:
                if loss in ("kl divergence", "cross-entropy") and "form" not in options and random.random() < 0.4:
                    return [["0.75", "0.25"], ["0.5", "0.3", "0.2"]][n - 2]
                right = random.randrange(n)
                return [str(int(k == right)) for k in range(n)]
            if loss in OF_PROBABILITIES or loss.startswith("binary") or options.get("labels") == "0 and 1":
                return [random.choice(["0", "1", "1"]) for _ in range(n)]
            if "hinge" in loss:
                return [random.choice(["-1", "1"]) for _ in range(n)]
            if loss == "perceptron":
                return [random.choice(["0", "1"]) for _ in range(n)]
            if self.row["output scaling"] != "none":
                return [random.choice(["25", "31", "18.5"]) for _ in range(n)]
            return [random.choice(["1", "0.5", "-1", "2.5", "1.3"]) for _ in range(n)]

        if loss != "entropy":
            rows = [one() for _ in range(self.samples)]
            self.made["target"] = rows if self.samples > 1 else rows[0]

    def _learning(self) -> None:
        row = self.row
        if row["batch"] != "mean":
            self.made["batch"] = row["batch"]
        if row["optimiser"] == "-":
            return
        self.made["learning rate"] = self.random.choice(["0.1", "0.5", "0.25"])
        self.made["optimiser"] = self._with_options(row["optimiser"], OPTIMISERS[row["optimiser"]])
        if row["steps"] != "1":
            self.made["steps"] = row["steps"]
        if row["order"] != "simultaneous":
            self.made["update order"] = row["order"]
        if row["train"] != "weights and biases":
            self.made["train"] = row["train"]

    def _scaling(self) -> None:
        scaling = SCALINGS[self.row["scaling"]]
        if self.row["scaling"] == "one input":
            scaling = {self.names[0] if self.names else "1": scaling}
        if scaling is not None:
            self.made["scaling"] = scaling
