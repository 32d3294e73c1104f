"""Activations. To add one: a class with a name, its curve and its slope as it is taught."""

from __future__ import annotations

from handcalc.formula.tree import ONE, Formula, Ref, cases, exp, largest, tanh, total
from handcalc.ops.operation import Activation, Elementwise, Made, Mistake, Page, Vector


class Linear(Elementwise):
    """a = z: the weighted sum itself."""

    name = "linear"
    aliases = ("identity", "none")
    tell = "The output is the weighted sum itself."
    gradient_tell = "The slope is 1: the gradient passes unchanged."
    mistakes = (
        Mistake(
            41, "squashed-output", "a sigmoid is applied to a linear output", "curve", lambda self, z: 1 / (1 + exp(-z))
        ),
    )

    def curve(self, z: Formula) -> Formula:
        return z

    def slope(self, z: Ref, a: Ref) -> Formula:
        return ONE


class Sigmoid(Elementwise):
    """Logistic sigmoid, a = 1 / (1 + e^−z), with slope a (1 − a)."""

    name = "sigmoid"
    aliases = ("logistic",)
    open_range = (0, 1)
    tell = "The sigmoid squashes each sum into the range from 0 to 1."
    gradient_tell = "The slope of the sigmoid is a(1 − a)."
    mistakes = (
        Mistake(4, "exponent-sign", "the exponent has the wrong sign", "curve", lambda self, z: 1 / (1 + exp(z))),
        Mistake(39, "parentheses-missing", "1/1 + e^−z is worked out instead", "curve", lambda self, z: 1 + exp(-z)),
        Mistake(40, "activation-left-out", "the activation is left out", "curve", lambda self, z: z),
        Mistake(5, "slope-left-out", "the slope of the activation is left out", "slope", lambda self, z, a: ONE),
        Mistake(6, "slope-at-activation", "the slope is taken at a instead of z", "slope",
                lambda self, z, a: (1 / (1 + exp(-a))) * (1 - 1 / (1 + exp(-a)))),
        Mistake(7, "z-for-a", "z stands where a belongs", "slope", lambda self, z, a: z * (1 - z)),
    )  # fmt: skip

    def curve(self, z: Formula) -> Formula:
        return 1 / (1 + exp(-z))

    def slope(self, z: Ref, a: Ref) -> Formula:
        return a * (1 - a)


class Tanh(Elementwise):
    """Hyperbolic tangent, with slope 1 − a²."""

    name = "tanh"
    open_range = (-1, 1)
    tell = "The hyperbolic tangent squashes each sum into the range from −1 to 1."
    gradient_tell = "The slope of tanh is 1 − a²."
    mistakes = (
        Mistake(40, "activation-left-out", "the activation is left out", "curve", lambda self, z: z),
        Mistake(5, "slope-left-out", "the slope of the activation is left out", "slope", lambda self, z, a: ONE),
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


class Relu(Elementwise):
    """Rectifier, a = max(0, z); the slope at z = 0 is taken as 0."""

    name = "relu"
    title = "ReLU"
    aliases = ("rectifier",)
    tell = "ReLU keeps what is positive and turns everything else into 0."
    gradient_tell = "The slope of ReLU is 1 where z > 0, else 0."
    example = (("0.35", "-1.2", "0"),)
    mistakes = (
        Mistake(40, "activation-left-out", "the activation is left out", "curve", lambda self, z: z),
        Mistake(5, "slope-left-out", "the slope of the activation is left out", "slope", lambda self, z, a: ONE),
        Mistake(
            37, "slope-at-0", "the slope at 0 is taken as 1", "slope", lambda self, z, a: cases(z, "≥", 0, yes=1, no=0)
        ),
    )

    def curve(self, z: Formula) -> Formula:
        return largest(0, z)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return cases(z, ">", 0, yes=1, no=0)


class Softmax(Activation):
    """p_k = e^z_k / Σ e^z_j, with ∂p_k/∂z_k = p_k (1 − p_k) and ∂p_k/∂z_j = −p_k p_j."""

    name = "softmax"
    elementwise = False
    open_range = (0, 1)
    tell = "Raise e to each sum, add the powers up, divide each power by that total."
    gradient_tell = "The slope of softmax is p(1 − p) for the unit itself and −p·p for two different units."
    example = (("0.5", "-1", "2"),)

    def share(self, k: int, powers: Vector, z: Vector, whole: Ref) -> Formula:
        return powers[k] / whole

    def write(self, page: Page, z: Vector) -> list[Ref]:
        powers = page.let("e", [exp(one) for one in z])
        (whole,) = page.let("S", [total(powers)])
        return page.out([self.share(k, powers, z, whole) for k in range(len(z))])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        ((k,), (_, j)) = made.places[y.quantity], made.places[x.quantity]
        return y * (1 - y) if k == j else -(y * made.outputs[j])

    def _logits_in_jacobian(self, y: Ref, x: Ref, made: Made) -> Formula:
        ((k,), (_, j)) = made.places[y.quantity], made.places[x.quantity]
        z = made.inputs[0]
        return x * (1 - x) if k == j else -(z[k] * z[j])  # type: ignore[operator]

    def _diagonal_only(self, y: Ref, x: Ref, made: Made) -> Formula:
        ((k,), (_, j)) = made.places[y.quantity], made.places[x.quantity]
        return y * (1 - y) if k == j else -(y * 0)

    mistakes = (
        Mistake(13, "not-normalised", "the powers are not divided by their total", "share",
                lambda self, k, e, z, S: e[k]),
        Mistake(13, "without-powers", "the sums are divided without raising e to them", "share",
                lambda self, k, e, z, S: z[k] / total(z)),
        Mistake(14, "separate-sigmoids", "each output is a sigmoid of its own", "share",
                lambda self, k, e, z, S: 1 / (1 + exp(-z[k]))),
        Mistake(11, "diagonal-only", "only the diagonal of the softmax slopes is used", "local", _diagonal_only),
        Mistake(12, "logits-in-slopes", "z stands where p belongs in the softmax slopes", "local", _logits_in_jacobian,
                rare=True),
    )  # fmt: skip
