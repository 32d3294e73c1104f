"""Adam and its kin: w moves by a running mean m of the gradients over the root of a running mean v of their squares.

η rate    g gradient    t number of the update, from 1    β₁, β₂ share of the old means    λ weight decay
m̂, v̂ the means corrected for their start at 0    ε keeps the divisor from 0    a dash: after this update
"""

from __future__ import annotations

from typing import ClassVar

from handcalc.formula.tree import ONE, Formula, Ref, absolute, largest, sqrt, times
from handcalc.ops.operation import Mistake, Option, State, Turn
from handcalc.ops.optimisers import DECAY, Descent, epsilon, forgotten, share

BETA1 = share("beta1", "0.9", "share of the old first moment", "beta[1]")
BETA2 = share("beta2", "0.999", "share of the old second moment", "beta[2]")
LETTERS = Option("letters", "m and v", ("m and v", "v and s"), tell="the letters of the two moments")


def _root_of(*words: str) -> Option:
    return Option("epsilon at", words[0], words, tell="which root ε is added to")


class Adam(Descent):
    """w′ = w − η m̂/(√v̂ + ε) with the corrected moments m̂ and v̂ (Kingma and Ba, 2015, algorithm 1).

    m′ = β₁m + (1 − β₁)g, v′ = β₂v + (1 − β₂)g², m̂ = m′/(1 − β₁^t), v̂ = v′/(1 − β₂^t). With ε at the uncorrected root
    (end of section 2 there; Keras): w′ = w − η √(1 − β₂^t)/(1 − β₁^t) · m′/(√v′ + ε).
    """

    name = "adam"
    title = "Adam"
    tell = "Divide a running mean of the gradients by the root of a running mean of their squares."
    options: ClassVar[tuple[Option, ...]] = (
        BETA1,
        BETA2,
        epsilon("1e-8"),
        _root_of("corrected root", "uncorrected root"),
        LETTERS,
        DECAY,
    )
    variants: ClassVar[tuple[dict[str, str], ...]] = (
        {"epsilon_at": "uncorrected root"},
        {"letters": "v and s", "weight_decay": "0.1"},
    )
    mistakes = (
        *Descent.mistakes,
        Mistake(47, "no-bias-correction", "the moments are not corrected for their start at 0", "filled",
                lambda self, t: (ONE, ONE)),
        Mistake(47, "t-from-0", "the updates are counted from 0", "filled", lambda self, t: Adam.filled(self, t - 1)),
        Mistake(47, "beta1-for-beta2", "the second moment is corrected with β₁", "filled",
                lambda self, t: (Adam.filled(self, t)[0],) * 2),
        Mistake(47, "not-squared", "the gradient is not squared", "second",
                lambda self, v, g: self.beta2 * v + (1 - self.beta2) * g),
        forgotten("moments-forgotten", "each moment"),
    )  # fmt: skip

    beta1: Formula
    beta2: Formula
    epsilon: Formula
    epsilon_at: str
    letters: str

    @property
    def moments(self) -> tuple[str, str]:
        """The letters of the first and the second moment."""
        first, _, second = self.letters.partition(" and ")
        return first, second

    @property
    def state(self) -> tuple[State, ...]:
        first, second = self.moments
        return (State(first, "first moment"), State(second, "second moment"))

    def first(self, m: Formula, g: Ref) -> Formula:
        return self.beta1 * m + (1 - self.beta1) * g

    def second(self, v: Formula, g: Ref) -> Formula:
        return self.beta2 * v + (1 - self.beta2) * g**2

    def filled(self, t: Formula | int) -> tuple[Formula, Formula]:
        """How much of each mean consists of gradients by now; the rest is still the 0 that it started from."""
        return 1 - self.beta1**t, 1 - self.beta2**t

    def corrected(self, m: Ref, g: Ref, t: Formula | int) -> Formula:
        return m / self.filled(t)[0]

    def change(self, turn: Turn) -> Formula:
        g = self.slope(turn)
        first, second = self.moments
        m = turn.let(first, self.first(self.before(turn, first), g))
        v = turn.let(second, self.second(self.before(turn, second), g))
        return -self.ratio(turn, m, v, g)

    def ratio(self, turn: Turn, m: Ref, v: Ref, g: Ref) -> Formula:
        """The step, by the new moments."""
        if self.epsilon_at == "uncorrected root":
            one, two = self.filled(turn.t)
            return times(self.rate(turn), sqrt(two) / one, m / (sqrt(v) + self.epsilon))
        m_hat, v_hat = self.hats(turn, m, v, g)
        return times(self.rate(turn), m_hat) / (sqrt(v_hat) + self.epsilon)

    def hats(self, turn: Turn, m: Ref, v: Ref, g: Ref) -> tuple[Ref, Ref]:
        """The corrected moments."""
        first, second = self.moments
        m_hat = turn.let(f"{first}hat", self.corrected(m, g, turn.t))
        return m_hat, turn.let(f"{second}hat", v / self.filled(turn.t)[1])


class AMSGrad(Adam):
    """Adam with the greatest second moment so far: v_max′ = max(v_max, v′) (Reddi, Kale and Kumar, 2018).

    ε at the corrected root (PyTorch): v̂ = v_max′/(1 − β₂^t), w′ = w − η m̂/(√v̂ + ε). At the uncorrected root (Keras):
    as Adam, with v_max′ for v′. At the corrected maximum: v_max′ = max(v_max, v̂), w′ = w − η m̂/(√v_max′ + ε). At the
    maximum (the paper): nothing is corrected, w′ = w − η m′/(√v_max′ + ε).
    """

    name = "amsgrad"
    title = "AMSGrad"
    tell = "As Adam, but the second moment never shrinks: its greatest value so far is taken."
    options = (
        BETA1,
        BETA2,
        epsilon("1e-8"),
        _root_of("corrected root", "uncorrected root", "corrected maximum", "maximum"),
        LETTERS,
        DECAY,
    )
    variants = (
        {"epsilon_at": "uncorrected root"},
        {"epsilon_at": "corrected maximum", "letters": "v and s"},
        {"epsilon_at": "maximum", "weight_decay": "0.1"},
    )
    example = (("0.3",), ("2",), ("0.5", "0.1", "0.08", "50"))
    mistakes = (
        *Adam.mistakes,
        Mistake(47, "maximum-left-out", "the second moment itself is taken, as in plain Adam", "larger",
                lambda self, old, v: v),
    )  # fmt: skip

    @property
    def state(self) -> tuple[State, ...]:
        return (*super().state, State(f"{self.moments[1]}max", "greatest second moment"))

    def larger(self, old: Formula, v: Formula) -> Formula:
        return largest(old, v)

    def greatest(self, turn: Turn, v: Ref) -> Ref:
        letter = f"{self.moments[1]}max"
        return turn.let(letter, self.larger(self.before(turn, letter), v))

    def ratio(self, turn: Turn, m: Ref, v: Ref, g: Ref) -> Formula:
        match self.epsilon_at:
            case "maximum":
                return times(self.rate(turn), m) / (sqrt(self.greatest(turn, v)) + self.epsilon)
            case "corrected maximum":
                m_hat, v_hat = self.hats(turn, m, v, g)
                return times(self.rate(turn), m_hat) / (sqrt(self.greatest(turn, v_hat)) + self.epsilon)
        return super().ratio(turn, m, self.greatest(turn, v), g)


class AdamW(Adam):
    """w′ = w(1 − ηλ) − η m̂/(√v̂ + ε): Adam with decoupled weight decay (Loshchilov and Hutter, 2019).

    λ is 0.01 as in PyTorch; Keras takes 0.004.
    """

    name = "adamw"
    title = "AdamW"
    tell = (
        "As Adam, but the weight first shrinks by learning rate times weight decay; the gradient knows nothing of it."
    )
    options = (*Adam.options[:-1], Option("weight decay", "0.01", letter="lambda", least="0", tell="weight decay"))
    variants = ({"epsilon_at": "uncorrected root", "weight_decay": "0.5"}, {"letters": "v and s"})
    mistakes = (
        *Adam.mistakes,
        Mistake(28, "decay-without-rate", "the weight decay is not multiplied by the learning rate", "kept",
                lambda self, turn: turn.w * (1 - self.weight_decay)),
        Mistake(47, "decay-left-out", "the weight does not shrink, as in plain Adam", "kept",
                lambda self, turn: turn.w),
    )  # fmt: skip

    weight_decay: Formula

    def slope(self, turn: Turn) -> Ref:
        return turn.gradient

    def kept(self, turn: Turn) -> Formula:
        return turn.w * (1 - times(self.rate(turn), self.weight_decay))


class AdaMax(Adam):
    """u′ = max(β₂u, |g|), w′ = w − η m̂/u′ (Kingma and Ba, 2015, section 7.1)."""

    name = "adamax"
    title = "AdaMax"
    tell = "As Adam, but divided by the largest gradient of late instead of a root of mean squares."
    options = (BETA1, BETA2, DECAY)
    variants = ({"weight_decay": "0.1"},)
    example = (("0.3",), ("-2",), ("0.5", "0.1", "0.08"))
    mistakes = (
        *(one for one in Adam.mistakes if one.code not in ("not-squared", "beta1-for-beta2")),
        Mistake(47, "absolute-value-left-out", "the sign of the gradient is kept", "second",
                lambda self, u, g: largest(self.beta2 * u, g)),
    )  # fmt: skip

    letters = "m and u"

    @property
    def state(self) -> tuple[State, ...]:
        return (State("m", "first moment"), State("u", "largest gradient of late"))

    def second(self, v: Formula, g: Ref) -> Formula:
        return largest(self.beta2 * v, absolute(g))

    def ratio(self, turn: Turn, m: Ref, v: Ref, g: Ref) -> Formula:
        return times(self.rate(turn), turn.let("mhat", self.corrected(m, g, turn.t))) / v


class Nadam(Adam):
    """Adam with Nesterov's look ahead: m̂ = β₁m′/(1 − β₁^(t+1)) + (1 − β₁)g/(1 − β₁^t) (Dozat, 2016, β₁ constant).

    PyTorch and Keras let β₁ grow with t instead.
    """

    name = "nadam"
    title = "Nadam"
    tell = "As Adam, but the first moment looks one step ahead."
    options = (BETA1, BETA2, epsilon("1e-8"), LETTERS, DECAY)
    variants = ({"letters": "v and s", "weight_decay": "0.1"},)
    mistakes = (
        *Adam.mistakes,
        Mistake(47, "look-ahead-left-out", "the first moment is corrected as in plain Adam", "corrected",
                lambda self, m, g, t: Adam.corrected(self, m, g, t)),
    )  # fmt: skip

    epsilon_at = "corrected root"

    def corrected(self, m: Ref, g: Ref, t: Formula | int) -> Formula:
        now, ahead = self.filled(t)[0], self.filled(t + 1)[0]
        return self.beta1 * m / ahead + (1 - self.beta1) * g / now
