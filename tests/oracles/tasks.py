"""Random exercises, dicts like a network file: a network fit for a form of exercise, and what else a file may say."""

from __future__ import annotations

from random import Random
from typing import Any

from oracles.networks import Kinds, Network, network

SIZES = (6, 6, 12, 12, 30)
"""Weights at most."""


def task(seed: int, form: str, kinds: Kinds) -> Network:
    """An exercise of this form. Some can't be: then a form, or a digit, is refused."""
    random = Random(f"{form} {seed}")
    made = _of(random, form, seed, kinds) | {"form": form} | _dress(random)
    if made.get("calculator") == "no":
        made = {key: value for key, value in made.items() if key not in ("decimals", "carry")}
    if form == "letters first":
        made.pop("statements", None)
    if form == "matrices":
        made["statements"] = "matrix"
    return made


def _of(random: Random, form: str, seed: int, kinds: Kinds) -> Network:
    match form:
        case "wires":
            return circuit(random)
        case "epochs":
            return neuron(random)
        case "softmax columns":
            return classes(random, kinds, random.choice([1, 1, 2]))
    if random.random() < 0.35:
        return ordinary(random, form)
    return network(seed, kinds, most_parameters=random.choice(SIZES))


def _dress(random: Random) -> Network:
    """How the sheet is written, and what helps there are."""
    found: Network = {}
    if random.random() < 0.4:
        found["language"] = "de"
    notation: dict[str, str] = {}
    for key, words in (("decimal", ["comma"]), ("gradients", ["delta"]), ("sign", ["y - p"]), ("product", ["×"]),
                       ("layers", ["plain", "throughout"])):  # fmt: skip
        if random.random() < 0.25:
            notation[key] = random.choice(words)
    if notation:
        found["notation"] = notation
    if random.random() < 0.25:
        found["statements"] = random.choice(["matrix", "both"])
    if random.random() < 0.25:
        found["formulas"] = "yes"
    if random.random() < 0.25:
        found["calculator"] = "no"
    return found


def tenth(random: Random, most: int = 9) -> str:
    """From −0.9 to 0.9, but not 0."""
    return f"{random.choice([-1, 1]) * random.randint(1, most) / 10}"


def rows(random: Random, units: int, inputs: int) -> list[list[str]]:
    return [[tenth(random) for _ in range(inputs)] for _ in range(units)]


def ordinary(random: Random, form: str) -> Network:
    """Two layers or three, at times with a branch, several samples, a penalty, another optimiser, matrices in x out."""
    samples = 1 if form in ("factors", "letters first", "one blank") else random.choice([1, 1, 2, 3])
    inputs, hidden, outputs = random.choice([(2, 2, 1), (2, 2, 2), (1, 3, 1), (3, 2, 1), (4, 5, 4), (2, 1, 3)])
    kind = random.choice(["sigmoid", "tanh", "relu", "leaky relu", "elu"])
    layers: list[Any] = [{kind: rows(random, hidden, inputs), "bias": rows(random, 1, hidden)[0]}]
    if random.random() < 0.3:
        skip = [{"tanh": rows(random, hidden, hidden)}]
        layers.append({"branches": [skip, []], "join": "add"})
    layers.append({random.choice(["sigmoid", "linear"]): rows(random, outputs, hidden)})
    each = [(rows(random, 1, inputs)[0], rows(random, 1, outputs)[0]) for _ in range(samples)]
    made: Network = {
        "inputs": [x for x, _ in each] if samples > 1 else each[0][0],
        "layers": layers,
        "target": [y for _, y in each] if samples > 1 else each[0][1],
        "loss": random.choice(["half squared error", "mean squared error"]),
        "learning rate": "0.5",
        "decimals": random.choice([2, 3, 4, 4]),
    }
    if random.random() < 0.2 and form != "factors":
        made["regularisation"] = "l2"
    if random.random() < 0.2:
        made["optimiser"] = random.choice(["momentum", "adam"])
    if samples > 1 and random.random() < 0.4:
        made["batch"] = "online"
    return made


def neuron(random: Random) -> Network:
    """One unit that learns from a table of samples."""
    step = random.random() < 0.6
    count = random.choice([1, 2, 3])
    samples = [[random.choice(["0", "1", "-1"]) for _ in range(count)] for _ in range(random.choice([2, 3, 4]))]
    return {
        "inputs": samples,
        "layers": [{"step" if step else "sigmoid": rows(random, 1, count), "bias": [tenth(random)]}],
        "target": [random.choice([0, 1]) for _ in samples],
        "loss": "perceptron" if step else "half squared error",
        "batch": "online",
        "learning rate": random.choice(["0.2", "1", "0.5"]),
        "epochs": random.choice([1, 2, 3]),
        "decimals": random.choice([2, 3, 4]),
    }


def classes(random: Random, kinds: Kinds, samples: int) -> Network:
    """A softmax at the end."""
    outputs, hidden = random.choice([2, 3, 4, 6]), random.choice([0, 2, 3])
    inputs = random.choice([1, 2, 3])
    layers: list[Any] = [{random.choice(["tanh", "relu"]): rows(random, hidden, inputs)}] if hidden else []
    layers.append({"softmax": rows(random, outputs, hidden or inputs), "bias": rows(random, 1, outputs)[0]})
    if random.random() < 0.4:
        layers[-1]["classes"] = ["cat", "dog", "a horse & cart", "owl", "eel", "ant"][:outputs]
    each = [(rows(random, 1, inputs)[0], f"class {random.randint(1, outputs)}") for _ in range(samples)]
    if "classes" in layers[-1]:
        each = [(x, random.choice(layers[-1]["classes"])) for x, _ in each]
    return {
        "inputs": [x for x, _ in each] if samples > 1 else each[0][0],
        "layers": layers,
        "target": [y for _, y in each] if samples > 1 else each[0][1],
        "loss": random.choice(["cross-entropy", "cross-entropy", "mean squared error"]),
        "learning rate": "0.1",
        "decimals": random.choice([2, 3, 4]),
    }


def circuit(random: Random) -> Network:
    """An expression of three inputs, in which one of them may be used twice."""
    names = ["x", "y", "w"]
    typed = random.choice(names)
    for name in random.sample([*names, *names], random.choice([2, 3, 4])):
        sign = random.choice(["+", "-", "*", "*"])
        typed = f"({typed}) {sign} {name}"
        if random.random() < 0.35:
            typed = f"{random.choice(['sigmoid', 'tanh', 'exp', 'relu'])}({typed})"
    used = [name for name in names if name in typed.replace("exp", "")]
    return {"circuit": f"f = {typed}", "inputs": {name: tenth(random) for name in used}, "decimals": 4}
