"""Optimisers: from a parameter w and its gradient g to the next value of w. A dash marks what an update makes.

η rate    v velocity    m, v first and second moment    s sum or mean of g²    t number of the update, from 1
λ weight decay    μ momentum    ρ, β₁, β₂ share of the old mean    ε keeps a divisor from 0
"""

from __future__ import annotations

from typing import ClassVar

from handcalc.formula.tree import ONE, ZERO, Formula, Negative, Ref, sqrt, times
from handcalc.ops.operation import Mistake, Operation, Optimiser, Option, State, Turn

DECAY = Option("weight decay", "none", ("none",), number=True, letter="lambda", least="0", tell="weight decay")
INITIAL = Option("initial", "0", tell="velocity before the first update")
ROOT = Option("epsilon at", "inside", ("inside", "outside"), tell="where ε is added: √(s + ε) or √s + ε")


def share(name: str, default: str, tell: str, letter: str = "") -> Option:
    return Option(name, default, letter=letter or name, least="0", below="1", tell=tell)


def epsilon(default: str) -> Option:
    return Option("epsilon", default, letter="epsilon", least="0", tell="small number that keeps the divisor from 0")


def _opposite(f: Formula) -> Formula:
    return f.inner if isinstance(f, Negative) else -f


def forgotten(code: str, what: str) -> Mistake:
    return Mistake(47, code, f"{what} before this update is forgotten", "before", lambda self, turn, letter: ZERO)


class Descent(Optimiser):
    """w′ = w + change. Of the steps here, mistakes replace one; `change` is what differs between optimisers."""

    weight_decay: Formula | str
    mistakes: ClassVar[tuple[Mistake, ...]] = (
        Mistake(19, "sign-of-step", "the step has the wrong sign", "step",
                lambda self, turn: self.kept(turn) + _opposite(self.change(turn))),
        Mistake(28, "rate-left-out", "the learning rate is left out", "rate", lambda self, turn: ONE),
        Mistake(28, "old-weight-left-out", "the old weight is left out", "step",
                lambda self, turn: self.change(turn)),
    )  # fmt: skip

    def step(self, turn: Turn) -> Formula:
        return self.kept(turn) + self.change(turn)

    def change(self, turn: Turn) -> Formula:
        raise NotImplementedError

    def kept(self, turn: Turn) -> Formula:
        return turn.w

    def rate(self, turn: Turn) -> Formula:
        return turn.rate

    def before(self, turn: Turn, letter: str) -> Formula:
        return turn.old(letter)

    def slope(self, turn: Turn) -> Ref:
        """The gradient; with weight decay g = ∂L/∂w + λw, the gradient of L + ½λw²."""
        if isinstance(self.weight_decay, str):
            return turn.gradient
        return turn.let("g", turn.gradient + self.weight_decay * turn.w)


class GradientDescent(Descent):
    """w′ = w − η ∂L/∂w, all parameters at once from the old values (Cauchy, 1847)."""

    name = "gradient descent"
    aliases = ("sgd", "stochastic gradient descent")
    tell = "Each parameter goes a step against its slope: learning rate times gradient."
    options = (DECAY,)
    variants = ({"weight_decay": "0.1"},)

    def change(self, turn: Turn) -> Formula:
        return -times(self.rate(turn), self.slope(turn))


class Momentum(Descent):
    """v′ = μv − ηg, w′ = w + v′: the heavy ball of Polyak (1964), as Keras writes it.

    Accumulated (PyTorch): v′ = μv + g, w′ = w − ηv′. Averaged: v′ = μv + (1 − μ)g, w′ = w − ηv′.
    """

    name = "momentum"
    aliases: ClassVar[tuple[str, ...]] = ("gradient descent with momentum", "sgd with momentum")
    tell = "The velocity keeps a share of what it was and is pushed by the gradient; the parameter moves along it."
    options = (
        share("momentum", "0.9", "share of the old velocity", "mu"),
        Option("form", "heavy ball", ("heavy ball", "accumulated", "averaged"), tell="how the velocity is formed"),
        INITIAL,
        DECAY,
    )
    variants: ClassVar[tuple[dict[str, str], ...]] = (
        {"form": "accumulated"},
        {"form": "averaged"},
        {"weight_decay": "0.1", "initial": "0.02"},
    )
    mistakes = (
        *Descent.mistakes,
        Mistake(19, "sign-of-gradient", "the gradient enters the velocity with the wrong sign", "velocity",
                lambda self, v, g, rate: Momentum.velocity(self, v, -g, rate)),
        forgotten("velocity-forgotten", "the velocity"),
    )  # fmt: skip

    momentum: Formula
    form: str
    initial: Formula

    @property
    def state(self) -> tuple[State, ...]:
        return (State("v", "velocity", self.initial),)

    def velocity(self, v: Formula, g: Formula, rate: Formula) -> Formula:
        match self.form:
            case "heavy ball":
                return self.momentum * v - times(rate, g)
            case "accumulated":
                return self.momentum * v + g
        return self.momentum * v + (1 - self.momentum) * g

    def along(self, v: Ref, g: Ref, rate: Formula) -> Formula:
        """How far the parameter moves, by the new velocity."""
        return v if self.form == "heavy ball" else -times(rate, v)

    def change(self, turn: Turn) -> Formula:
        g, rate = self.slope(turn), self.rate(turn)
        return self.along(turn.let("v", self.velocity(self.before(turn, "v"), g, rate)), g, rate)


class Nesterov(Momentum):
    """v′ = μv − ηg, w′ = w + μv′ − ηg (Nesterov, 1983, in the variables of Bengio et al., 2013), as Keras writes it.

    Accumulated (PyTorch): v′ = μv + g, w′ = w − η(g + μv′). The parameter stands at the point looked ahead to, so
    that the gradient there is the one of the network as it is.
    """

    name = "nesterov"
    title = "Nesterov momentum"
    aliases = ("nesterov momentum", "nesterov accelerated gradient", "nag")
    tell = "As with momentum, but the parameter goes on to where the new velocity will carry it."
    options = (
        share("momentum", "0.9", "share of the old velocity", "mu"),
        Option("form", "heavy ball", ("heavy ball", "accumulated"), tell="how the velocity is formed"),
        INITIAL,
        DECAY,
    )
    variants = ({"form": "accumulated"}, {"weight_decay": "0.1", "initial": "0.02"})
    mistakes = (
        *Momentum.mistakes,
        Mistake(47, "look-ahead-left-out", "the parameter moves as in plain momentum", "along",
                lambda self, v, g, rate: Momentum.along(self, v, g, rate)),
    )  # fmt: skip

    def along(self, v: Ref, g: Ref, rate: Formula) -> Formula:
        if self.form == "heavy ball":
            return self.momentum * v - times(rate, g)
        return -times(rate, g + self.momentum * v)


class Scaled(Descent):
    """w′ = w − ηg/√(s′ + ε): each parameter has a rate of its own, by the squares of its gradients."""

    epsilon: Formula
    epsilon_at: str
    mistakes = (
        *Descent.mistakes,
        Mistake(47, "not-squared", "the gradient is not squared", "gathered",
                lambda self, s, g: type(self).gathered_from(self, s, g)),
        Mistake(47, "root-left-out", "the root is left out", "root", lambda self, s: s + self.epsilon),
        forgotten("squares-forgotten", "what was gathered"),
    )  # fmt: skip

    def gathered_from(self, s: Formula, square: Formula) -> Formula:
        raise NotImplementedError

    def gathered(self, s: Formula, g: Ref) -> Formula:
        return self.gathered_from(s, g**2)

    def root(self, s: Formula) -> Formula:
        return sqrt(s + self.epsilon) if self.epsilon_at == "inside" else sqrt(s) + self.epsilon

    def change(self, turn: Turn) -> Formula:
        g = self.slope(turn)
        s = turn.let("s", self.gathered(self.before(turn, "s"), g))
        return -(times(self.rate(turn), g) / self.root(s))


class AdaGrad(Scaled):
    """s′ = s + g², w′ = w − ηg/√(s′ + ε), or with √s′ + ε (Duchi, Hazan and Singer, 2011).

    Keras starts s at 0.1 and adds ε inside the root, PyTorch starts at 0 and adds it outside.
    """

    name = "adagrad"
    title = "AdaGrad"
    tell = "Add the square of the gradient to all earlier ones; divide the step by the root of that sum."
    options = (
        Option("initial accumulator", "0", least="0", tell="sum of squares before the first update"),
        epsilon("1e-7"),
        ROOT,
        DECAY,
    )
    variants = ({"epsilon_at": "outside"}, {"initial_accumulator": "0.1", "weight_decay": "0.1"})

    initial_accumulator: Formula

    @property
    def state(self) -> tuple[State, ...]:
        return (State("s", "sum of the squared gradients", self.initial_accumulator),)

    def gathered_from(self, s: Formula, square: Formula) -> Formula:
        return s + square


class RMSProp(Scaled):
    """s′ = ρs + (1 − ρ)g², w′ = w − ηg/√(s′ + ε), or with √s′ + ε (Tieleman and Hinton, 2012).

    Centred (Graves, 2013): m′ = ρm + (1 − ρ)g, and s′ − m′² in place of s′. Keras adds ε inside the root, PyTorch
    outside.
    """

    name = "rmsprop"
    title = "RMSProp"
    tell = "Keep a running mean of the squared gradients; divide the step by its root."
    options = (
        share("rho", "0.9", "share of the old mean"),
        epsilon("1e-7"),
        ROOT,
        Option("centred", "no", ("no", "yes"), tell="whether the squared mean gradient is subtracted under the root"),
        DECAY,
    )
    variants = ({"epsilon_at": "outside"}, {"centred": "yes"}, {"weight_decay": "0.1"})

    rho: Formula
    centred: str

    @property
    def state(self) -> tuple[State, ...]:
        squares, mean = State("s", "mean of the squared gradients"), State("m", "mean of the gradients")
        return (squares, mean) if self.centred == "yes" else (squares,)

    def gathered_from(self, s: Formula, square: Formula) -> Formula:
        return self.rho * s + (1 - self.rho) * square

    def change(self, turn: Turn) -> Formula:
        if self.centred == "no":
            return super().change(turn)
        g = self.slope(turn)
        s = turn.let("s", self.gathered(self.before(turn, "s"), g))
        m = turn.let("m", self.gathered_from(self.before(turn, "m"), g))
        return -(times(self.rate(turn), g) / self.root(s - m**2))


class Adadelta(Scaled):
    """s′ = ρs + (1 − ρ)g², d = √(r + ε)/√(s′ + ε)·g, r′ = ρr + (1 − ρ)d², w′ = w − ηd (Zeiler, 2012, with η = 1)."""

    name = "adadelta"
    title = "Adadelta"
    tell = (
        "The step is the gradient times the root of the mean squared step over the root of the mean squared gradient."
    )
    options = (share("rho", "0.9", "share of the old mean"), epsilon("1e-6"), DECAY)
    variants = ({"weight_decay": "0.1"},)

    rho: Formula
    epsilon_at = "inside"

    @property
    def state(self) -> tuple[State, ...]:
        return (State("s", "mean of the squared gradients"), State("r", "mean of the squared steps"))

    def gathered_from(self, s: Formula, square: Formula) -> Formula:
        return self.rho * s + (1 - self.rho) * square

    def change(self, turn: Turn) -> Formula:
        g = self.slope(turn)
        r = self.before(turn, "r")
        s = turn.let("s", self.gathered(self.before(turn, "s"), g))
        d = turn.let("d", self.root(r) / self.root(s) * g)
        turn.let("r", self.gathered(r, d))
        return -times(self.rate(turn), d)


def optimisers() -> dict[str, type[Optimiser]]:
    """Every accepted name of an optimiser, canonical ones and aliases."""
    return {name: cls for name, cls in Operation.registry.items() if issubclass(cls, Optimiser)}
