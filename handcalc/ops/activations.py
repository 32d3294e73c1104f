"""Activations of one sum each. To add one: a class with a name, its curve and its slope as it is taught."""

from __future__ import annotations

from handcalc.formula.tree import (
    ONE,
    PI,
    ZERO,
    Formula,
    Num,
    Ref,
    cases,
    erf,
    exp,
    formula,
    largest,
    ln,
    sqrt,
    tanh,
)
from handcalc.ops.operation import Elementwise, Mistake, Option

LEFT_OUT = (
    Mistake(40, "activation-left-out", "the activation is left out", "curve", lambda self, z: z),
    Mistake(5, "slope-left-out", "the slope of the activation is left out", "slope", lambda self, z, a: ONE),
)


def is_one(f: Formula) -> bool:
    """Whether `f` is the number 1, as typed; a name that stands for 1 isn't."""
    return isinstance(f, Num) and f.number.value == 1


def logistic(z: Formula) -> Formula:
    """σ(z) = 1 / (1 + e^−z)."""
    return 1 / (1 + exp(-z))


class Linear(Elementwise):
    """a = z: the weighted sum itself."""

    name = "linear"
    common = True
    aliases = ("identity", "none")
    tell = "The output is the weighted sum itself."
    gradient_tell = "The slope is 1: the gradient passes unchanged."
    mistakes = (
        Mistake(41, "squashed-output", "a sigmoid is applied to a linear output", "curve", lambda self, z: logistic(z)),
    )

    def curve(self, z: Formula) -> Formula:
        return z

    def slope(self, z: Ref, a: Ref) -> Formula:
        return ONE


class Step(Elementwise):
    """a = 1 where z ≥ 0, else 0 (McCulloch and Pitts, 1943).

    Option `fires`: at 0 (z ≥ 0) or only above 0 (z > 0). Option `outputs`: 0 and 1, or −1 and 1 (the sign).
    The derivative is 0 wherever there is one; `slope taken as` 1 passes the gradient unchanged instead, the
    straight-through convention (Bengio, Léonard and Courville, 2013) of derivative-free backpropagation by hand.
    """

    name = "step"
    aliases = ("threshold", "heaviside", "unit step", "hard limit")
    tell = "A unit fires or it doesn't: the step gives the larger output where the sum reaches its threshold, 0."
    gradient_tell = "The step is flat: its slope is 0, and no gradient comes through."
    options = (
        Option("fires", "at 0", words=("at 0", "above 0")),
        Option("outputs", "0 and 1", words=("0 and 1", "-1 and 1")),
        Option("slope taken as", "0", words=("0", "1")),
    )
    variants = ({"fires": "above 0"}, {"outputs": "-1 and 1"}, {"slope_taken_as": "1"})
    example = (("0.35", "-1.2", "0"),)
    mistakes = (Mistake(40, "activation-left-out", "the activation is left out", "curve", lambda self, z: z),)

    fires: str
    outputs: str
    slope_taken_as: str

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        self.conventional = self.slope_taken_as == "1"
        if self.conventional:
            self.gradient_tell = "By convention the slope of the step is taken as 1: the gradient passes unchanged."

    @property
    def low(self) -> Formula:
        return formula(self.outputs.split()[0])

    def curve(self, z: Formula) -> Formula:
        return cases(z, "≥" if self.fires == "at 0" else ">", 0, yes=1, no=self.low)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return formula(self.slope_taken_as)


class Sigmoid(Elementwise):
    """Logistic sigmoid, a = 1 / (1 + e^−z), with slope a (1 − a)."""

    name = "sigmoid"
    common = True
    aliases = ("logistic",)
    open_range = (0, 1)
    tell = "The sigmoid squashes each sum into the range from 0 to 1."
    gradient_tell = "The slope of the sigmoid is a(1 − a)."
    mistakes = (
        Mistake(4, "exponent-sign", "the exponent has the wrong sign", "curve", lambda self, z: 1 / (1 + exp(z))),
        Mistake(39, "parentheses-missing", "1/1 + e^−z is worked out instead", "curve", lambda self, z: 1 + exp(-z)),
        *LEFT_OUT,
        Mistake(6, "slope-at-activation", "the slope is taken at a instead of z", "slope",
                lambda self, z, a: logistic(a) * (1 - logistic(a))),
        Mistake(7, "z-for-a", "z stands where a belongs", "slope", lambda self, z, a: z * (1 - z)),
    )  # fmt: skip

    def curve(self, z: Formula) -> Formula:
        return logistic(z)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return a * (1 - a)


class Tanh(Elementwise):
    """Hyperbolic tangent, with slope 1 − a²."""

    name = "tanh"
    common = True
    open_range = (-1, 1)
    tell = "The hyperbolic tangent squashes each sum into the range from −1 to 1."
    gradient_tell = "The slope of tanh is 1 − a²."
    mistakes = (
        *LEFT_OUT,
        Mistake(
            45, "sigmoid-slope", "the slope of the sigmoid, a(1 − a), is used", "slope", lambda self, z, a: a * (1 - a)
        ),
        Mistake(45, "square-missing", "the square is missing in 1 − a²", "slope", lambda self, z, a: 1 - a),
        Mistake(7, "z-for-a", "z stands where a belongs", "slope", lambda self, z, a: 1 - z**2),
    )

    def curve(self, z: Formula) -> Formula:
        return tanh(z)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return 1 - a**2


class HardSigmoid(Elementwise):
    """a = z/6 + 1/2, cut off at 0 and 1 (Howard et al., 2019).

    Option `steepness`: 1/6, or 1/5 (early Keras), or 1/2 (Courbariaux et al., 2015). The slope at the ends is 0.
    """

    name = "hard sigmoid"
    tell = "The hard sigmoid is a straight line through 1/2 that is cut off at 0 and at 1."
    gradient_tell = "The slope of the hard sigmoid is that of its line, and 0 where it is cut off."
    options = (Option("steepness", "1/6", words=("1/6", "1/5", "1/2")),)
    variants = ({"steepness": "1/5"}, {"steepness": "1/2"})
    example = (("0.35", "-1.2", "4"),)
    mistakes = LEFT_OUT

    steepness: str

    @property
    def end(self) -> Formula:
        """Where the line reaches 1."""
        return formula({"1/6": "3", "1/5": "2.5", "1/2": "1"}[self.steepness])

    def curve(self, z: Formula) -> Formula:
        line = formula(self.steepness) * z + formula("1/2")
        return self._inside(z, line, above=ONE)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return self._inside(z, formula(self.steepness), above=ZERO)

    def _inside(self, z: Formula, line: Formula, above: Formula) -> Formula:
        end = self.end
        start = formula(f"-{end.number.text}") if isinstance(end, Num) else -end
        return cases(z, "≥", end, yes=above, no=cases(z, "≤", start, yes=0, no=line))


class Relu(Elementwise):
    """Rectifier, a = max(0, z) (Nair and Hinton, 2010); option `slope at 0`: 0 or 1."""

    name = "relu"
    common = True
    title = "ReLU"
    aliases = ("rectifier",)
    tell = "ReLU keeps what is positive and turns everything else into 0."
    gradient_tell = "The slope of ReLU is 1 where z > 0, else 0."
    options = (Option("slope at 0", "0", words=("0", "1")),)
    variants = ({"slope_at_0": "1"},)
    example = (("0.35", "-1.2", "0"),)
    mistakes = (
        *LEFT_OUT,
        Mistake(37, "slope-at-0", "the slope at 0 is that of the other side", "slope",
                lambda self, z, a: cases(z, ">" if self.slope_at_0 == "1" else "≥", 0, yes=1, no=0)),
    )  # fmt: skip

    slope_at_0: str

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        if self.slope_at_0 == "1":
            self.gradient_tell = "The slope of ReLU is 1 where z ≥ 0, else 0."

    def curve(self, z: Formula) -> Formula:
        return largest(0, z)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return cases(z, "≥" if self.slope_at_0 == "1" else ">", 0, yes=1, no=0)


class LeakyRelu(Elementwise):
    """a = z where z > 0, else α z (Maas, Hannun and Ng, 2013); the slope at 0 is α."""

    name = "leaky relu"
    title = "leaky ReLU"
    aliases = ("lrelu", "prelu")
    tell = "Leaky ReLU keeps what is positive and multiplies everything else by a small number."
    gradient_tell = "The slope of leaky ReLU is 1 where z > 0, else α."
    options = (Option("alpha", "0.01", letter="alpha", least="0", tell="slope for negative sums"),)
    variants = ({"alpha": "0.1"}, {"alpha": "1/4"})
    example = (("0.35", "-1.2", "0"),)
    mistakes = (
        *LEFT_OUT,
        Mistake(37, "slope-of-relu", "the slope for negative sums is taken as 0", "slope",
                lambda self, z, a: cases(z, ">", 0, yes=1, no=0)),
    )  # fmt: skip

    alpha: Formula

    def curve(self, z: Formula) -> Formula:
        return cases(z, ">", 0, yes=z, no=self.alpha * z)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return cases(z, ">", 0, yes=1, no=self.alpha)


class Elu(Elementwise):
    """a = z where z > 0, else α (e^z − 1), with slope 1 or a + α (Clevert, Unterthiner and Hochreiter, 2015)."""

    name = "elu"
    title = "ELU"
    tell = "ELU keeps what is positive; below 0 it bends to a level of −α."
    gradient_tell = "The slope of ELU is 1 where z > 0, else a + α."
    options = (Option("alpha", "1", letter="alpha", above="0", tell="depth of the level for negative sums"),)
    variants = ({"alpha": "0.5"},)
    example = (("0.35", "-1.2", "-2"),)
    mistakes = (
        *LEFT_OUT,
        Mistake(7, "z-for-a", "z stands where a belongs", "slope",
                lambda self, z, a: cases(z, ">", 0, yes=1, no=z + self.alpha)),
    )  # fmt: skip

    alpha: Formula

    def curve(self, z: Formula) -> Formula:
        below = exp(z) - 1
        return cases(z, ">", 0, yes=z, no=below if is_one(self.alpha) else self.alpha * below)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return cases(z, ">", 0, yes=1, no=a + self.alpha)


class Softplus(Elementwise):
    """a = ln(1 + e^z), with slope σ(z) (Dugas et al., 2000)."""

    name = "softplus"
    tell = "Softplus is a smooth version of ReLU."
    gradient_tell = "The slope of softplus is the sigmoid."
    mistakes = (
        *LEFT_OUT,
        Mistake(4, "exponent-sign", "the exponent has the wrong sign", "curve", lambda self, z: ln(1 + exp(-z))),
    )  # fmt: skip

    def curve(self, z: Formula) -> Formula:
        return ln(1 + exp(z))

    def slope(self, z: Ref, a: Ref) -> Formula:
        return logistic(z)


class Silu(Elementwise):
    """a = z σ(z), with slope a + σ(z) (1 − a) (Elfwing, Uchibe and Doya, 2018; as swish, Ramachandran et al., 2017)."""

    name = "silu"
    title = "SiLU"
    aliases = ("swish",)
    tell = "SiLU multiplies each sum by its sigmoid."
    gradient_tell = "The slope of SiLU is a + σ(z)(1 − a)."
    mistakes = (
        *LEFT_OUT,
        Mistake(4, "exponent-sign", "the exponent has the wrong sign", "curve", lambda self, z: z / (1 + exp(z))),
    )  # fmt: skip

    def curve(self, z: Formula) -> Formula:
        return z / (1 + exp(-z))

    def slope(self, z: Ref, a: Ref) -> Formula:
        return a + logistic(z) * (1 - a)


class Gelu(Elementwise):
    """a = z Φ(z), Φ the normal distribution, with slope Φ(z) + z φ(z) (Hendrycks and Gimpel, 2016).

    Option `form`: exact, Φ(z) = ½ (1 + erf(z/√2)); or one of the two approximations of the same paper,
    tanh: ½ (1 + tanh(√(2/π) (z + 0.044715 z³))), sigmoid: σ(1.702 z).
    """

    name = "gelu"
    title = "GELU"
    tell = "GELU multiplies each sum by the share of a normal distribution that lies below it."
    gradient_tell = "The slope of GELU comes from the product rule: that share, plus the sum times the share's slope."
    options = (Option("form", "exact", words=("exact", "tanh", "sigmoid")),)
    variants = ({"form": "tanh"}, {"form": "sigmoid"})
    mistakes = LEFT_OUT

    form: str

    def curve(self, z: Formula) -> Formula:
        if self.form == "sigmoid":
            return z / (1 + exp(-("1.702" * z)))
        return formula("1/2") * z * (1 + self._bend(z))

    def slope(self, z: Ref, a: Ref) -> Formula:
        if self.form == "sigmoid":
            share = logistic("1.702" * z)
            return share + "1.702" * a * (1 - share)
        bend = self._bend(z)
        share = formula("1/2") * (1 + bend)
        if self.form == "tanh":
            rise = sqrt(2 / PI) * (1 + "0.134145" * z**2)
            return share + formula("1/2") * z * (1 - bend**2) * rise
        return share + z * exp(-(z**2 / 2)) / sqrt(2 * PI)

    def _bend(self, z: Formula) -> Formula:
        """2 Φ(z) − 1."""
        if self.form == "tanh":
            return tanh(sqrt(2 / PI) * (z + "0.044715" * z**3))
        return erf(z / sqrt(2))
