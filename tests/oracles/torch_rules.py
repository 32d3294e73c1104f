"""Optimisers by the formulas of their papers, one number at a time, and by `torch.optim` where it has the same rule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from oracles.file_said import at, real
from oracles.networks import typed

if TYPE_CHECKING:
    from oracles.torch_net import TorchNet

Scalar = Any
"""A tensor without dimensions."""
DEFAULTS = {
    "momentum": "0.9", "initial": "0", "initial accumulator": "0", "rho": "0.9", "beta1": "0.9", "beta2": "0.999",
    "epsilon": "1e-8",
}  # fmt: skip


class Rule:
    """An optimiser, one number at a time; `state` by parameter and letter."""

    def __init__(self, net: TorchNet, name: str, options: dict[str, Any]) -> None:
        self.net, self.name, self.options = net, name, options
        self.eta = net.fixed["eta"]
        self.decay = real(options.get("weight decay", "0.01" if name == "adamw" else "0"))
        epsilon = {"adadelta": "1e-6", "adagrad": "1e-7", "rmsprop": "1e-7"}.get(name, "1e-8")
        self.of = {key: real(options.get(key, default)) for key, default in DEFAULTS.items()}
        self.of["epsilon"] = real(options.get("epsilon", epsilon))
        self.state: dict[str, dict[str, float]] = {}
        self.theirs: dict[str, tuple[Scalar, Any]] = {}
        letters = {"momentum": "mu", "beta1": "beta[1]", "beta2": "beta[2]", "rho": "rho", "epsilon": "epsilon"}
        used = {
            "momentum": ["momentum"], "nesterov": ["momentum"], "adagrad": ["epsilon"], "rmsprop": ["rho", "epsilon"],
            "adadelta": ["rho", "epsilon"], "adamax": ["beta1", "beta2"],
        }.get(name, [] if name == "gradient descent" else ["beta1", "beta2", "epsilon"])  # fmt: skip
        taken = {*net.fixed, *(key for graph in net.graphs for key in graph)}
        letters["momentum"] = next(key for key in ("mu", "mu[2]", "mu[3]") if key not in taken)
        net.fixed |= {letters[key]: self.of[key] for key in used}
        texts = DEFAULTS | {"epsilon": epsilon}
        net.said |= {letters[key]: typed(options.get(key, texts[key])) for key in used}
        if self.decay or "weight decay" in options:
            key = "lambda[2]" if "lambda" in net.fixed else "lambda"
            net.fixed[key], net.said[key] = self.decay, typed(options.get("weight decay", "0.01"))
        self.first, self.second = "m", "u" if name == "adamax" else "v"
        if options.get("letters") == "v and s":
            self.first, self.second = "v", "s"

    def starts(self) -> dict[str, float]:
        match self.name:
            case "gradient descent":
                return {}
            case "momentum" | "nesterov":
                return {"v": self.of["initial"]}
            case "adagrad":
                return {"s": self.of["initial accumulator"]}
            case "rmsprop":
                return {"s": 0.0} | ({"m": 0.0} if self.options.get("centred") == "yes" else {})
            case "adadelta":
                return {"s": 0.0, "r": 0.0}
            case "amsgrad":
                return {self.first: 0.0, self.second: 0.0, f"{self.second}max": 0.0}
        return {self.first: 0.0, self.second: 0.0}

    def update(self, key: str, w: float, g: float, update: int) -> float:
        """The next value of the parameter `key`; what is noted on the way stands under its key."""
        if key not in self.state:
            self.state[key] = self.starts()
            begin = {f"{letter}({key})": value for letter, value in self.state[key].items()}
            text = self.options.get("initial", self.options.get("initial accumulator", "0"))
            self.net.values |= begin
            self.net.said |= {name: typed(text) if value else "0" for name, value in begin.items()}
        made = dict(self.state[key])
        new = self.moved(w, self.decayed(key, g, w, update), made, update + 1)
        if (theirs := self.by_torch(key, w, g)) is not None:
            assert math.isclose(new, theirs, rel_tol=1e-9, abs_tol=1e-12), (key, new, theirs)
        self.net.values |= {f"{letter}({at(key, update + 1)})": value for letter, value in made.items()}
        self.state[key] = {letter: made[letter] for letter in self.state[key]}
        return new

    def decayed(self, key: str, g: float, w: float, update: int) -> float:
        """The gradient with the weight decay in it."""
        if "weight decay" not in self.options or self.name == "adamw":
            return g
        self.net.values[f"g({at(key, update + 1)})"] = g + self.decay * w
        return g + self.decay * w

    def by_torch(self, key: str, w: float, g: float) -> float | None:
        """The next value by `torch.optim`, where it has this rule."""
        if key not in self.theirs:
            parameter = self.net.number(w, learned=True)
            self.theirs[key] = parameter, self._of_torch([parameter])
        parameter, optimiser = self.theirs[key]
        if optimiser is None:
            return None
        parameter.grad = self.net.number(g)
        optimiser.step()
        self.net.steps_of_torch += 1
        return float(parameter.item())

    def _of_torch(self, parameters: list[Scalar]) -> Any:
        optim, of = self.net.torch.optim, self.of
        form, place = self.options.get("form", ""), self.options.get("epsilon at", "")
        common = {"lr": self.eta, "weight_decay": self.decay}
        betas = {"betas": (of["beta1"], of["beta2"]), "eps": of["epsilon"]}
        match self.name:
            case "gradient descent":
                return optim.SGD(parameters, **common)
            case "momentum" | "nesterov" if form == "accumulated":
                nesterov = self.name == "nesterov"
                return optim.SGD(parameters, **common, momentum=of["momentum"], nesterov=nesterov)
            case "adagrad" if place == "outside":
                begin = of["initial accumulator"]
                return optim.Adagrad(parameters, **common, eps=of["epsilon"], initial_accumulator_value=begin)
            case "rmsprop" if place == "outside":
                centred = self.options.get("centred") == "yes"
                return optim.RMSprop(parameters, **common, alpha=of["rho"], eps=of["epsilon"], centered=centred)
            case "adadelta":
                return optim.Adadelta(parameters, **common, rho=of["rho"], eps=of["epsilon"])
            case "adam" | "amsgrad" if not place:
                return optim.Adam(parameters, **common, **betas, amsgrad=self.name == "amsgrad")
            case "adamw" if not place:
                return optim.AdamW(parameters, **common, **betas)
        return None

    def moved(self, w: float, g: float, made: dict[str, float], t: int) -> float:
        eta, mu, rho, eps = self.eta, self.of["momentum"], self.of["rho"], self.of["epsilon"]
        form = self.options.get("form", "heavy ball")
        match self.name:
            case "gradient descent":
                return w - eta * g
            case "momentum" | "nesterov":
                push = {"heavy ball": -eta * g, "accumulated": g, "averaged": (1 - mu) * g}[form]
                v = made["v"] = mu * made["v"] + push
                ahead = mu * v + push if self.name == "nesterov" else v
                return w + ahead if form == "heavy ball" else w - eta * ahead
            case "adagrad" | "rmsprop":
                share = 1.0 if self.name == "adagrad" else 1 - rho
                s = made["s"] = (1.0 if self.name == "adagrad" else rho) * made["s"] + share * g * g
                if "m" in made:
                    made["m"] = rho * made["m"] + (1 - rho) * g
                    s -= made["m"] ** 2
                return w - eta * g / self.root(s)
            case "adadelta":
                made["s"] = rho * made["s"] + (1 - rho) * g * g
                d = made["d"] = math.sqrt(made["r"] + eps) / math.sqrt(made["s"] + eps) * g
                made["r"] = rho * made["r"] + (1 - rho) * d * d
                return w - eta * d
        return self.adam(w, g, made, t)

    def root(self, s: float) -> float:
        inside = self.options.get("epsilon at", "inside") == "inside"
        return math.sqrt(s + self.of["epsilon"]) if inside else math.sqrt(s) + self.of["epsilon"]

    def adam(self, w: float, g: float, made: dict[str, float], t: int) -> float:
        eta, one, two, eps = self.eta, self.of["beta1"], self.of["beta2"], self.of["epsilon"]
        first, second = self.first, self.second
        m = made[first] = one * made[first] + (1 - one) * g
        if self.name == "adamax":
            u = made["u"] = max(two * made["u"], abs(g))
            made["mhat"] = m / (1 - one**t)
            return w - eta * made["mhat"] / u if u else math.nan
        v = made[second] = two * made[second] + (1 - two) * g * g
        if self.name == "adamw":
            w *= 1 - eta * self.decay
        place = self.options.get("epsilon at", "corrected root")
        most = f"{second}max"
        if self.name == "amsgrad" and place != "corrected maximum":
            v = made[most] = max(made[most], v)
        if place == "maximum":
            return w - eta * m / (math.sqrt(v) + eps)
        if place == "uncorrected root":
            return w - eta * math.sqrt(1 - two**t) / (1 - one**t) * m / (math.sqrt(v) + eps)
        hat = m / (1 - one**t)
        if self.name == "nadam":
            hat = one * m / (1 - one ** (t + 1)) + (1 - one) * g / (1 - one**t)
        root = v / (1 - two**t)
        made |= {f"{first}hat": hat, f"{second}hat": root}
        if place == "corrected maximum":
            root = made[most] = max(made[most], root)
        return w - eta * hat / (math.sqrt(root) + eps)
