"""Softmax: the activation of a whole layer."""

from __future__ import annotations

from handcalc.formula.tree import ZERO, Formula, Ref, exp, ln, power, times, total
from handcalc.ops.activations import is_one, logistic
from handcalc.ops.operation import Activation, Made, Mistake, Option, Page, Vector

SLOPES = {
    (True, False): "The slopes of softmax, p(1 − p) and −p·p, are multiplied by the logarithm of the base.",
    (False, True): "The slopes of softmax, p(1 − p) and −p·p, are divided by the temperature.",
    (True, True): "The slopes of softmax, p(1 − p) and −p·p, are multiplied by the logarithm of the base and divided "
    "by the temperature.",
}
"""What is said of the slopes, by whether there is a base of its own, a temperature."""


class Softmax(Activation):
    """p_k = e^z_k / Σ e^z_j, with ∂p_k/∂z_k = p_k (1 − p_k) and ∂p_k/∂z_j = −p_k p_j.

    Option `base`: a number b for e (b = 2 or 3 keeps whole sums rational); the slopes have the factor ln b.
    Option `temperature`: z/T in place of z, steps of their own; the slopes are divided by T (Hinton et al., 2015).
    """

    name = "softmax"
    common = True
    elementwise = False
    open_range = (0, 1)
    tell = "Raise e to each sum, add the powers up, divide each power by that total."
    gradient_tell = "The slope of softmax is p(1 − p) for the unit itself and −p·p for two different units."
    example = (("0.5", "-1", "2"),)
    options = (
        Option("base", "e", words=("e",), number=True, above="1", tell="base of the powers"),
        Option("temperature", "none", ("none",), number=True, letter="T", above="0", tell="temperature"),
    )
    variants = ({"base": "3"}, {"temperature": "2"}, {"base": "2", "temperature": "1/2"})

    base: Formula | str
    temperature: Formula | str

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        self.cooled = isinstance(self.temperature, Formula) and not is_one(self.temperature)
        raised = "e" if self.base == "e" else "the base"
        if self.cooled or self.base != "e":
            begin, what = ("Divide each sum by the temperature, raise", "quotient") if self.cooled else ("Raise", "sum")
            self.tell = f"{begin} {raised} to each {what}, add the powers up, divide each power by that total."
            self.gradient_tell = SLOPES[self.base != "e", self.cooled]

    def factors(self) -> tuple[list[Formula], list[Formula]]:
        """What stands above and below the line in front of the slopes p (1 − p) and −p p: ln b and T."""
        above = [ln(self.base)] if isinstance(self.base, Formula) else []
        return above, [self.temperature] if isinstance(self.temperature, Formula) and self.cooled else []

    def share(self, k: int, powers: Vector, z: Vector, whole: Ref) -> Formula:
        return powers[k] / whole

    def write(self, page: Page, z: Vector) -> list[Ref]:
        if isinstance(self.temperature, Formula) and self.cooled:
            z = page.let("q", [one / self.temperature for one in z])
        powers = (
            page.let("r", [power(self.base, one) for one in z])
            if isinstance(self.base, Formula)
            else page.let("e", [exp(one) for one in z])
        )
        (whole,) = page.let("S", [total(powers)])
        return page.out([self.share(k, powers, z, whole) for k in range(len(z))])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        ((k,), (_, j)) = made.places[y.quantity], made.places[x.quantity]
        above, below = self.factors()
        slope = times(*above, y, 1 - y if k == j else -made.outputs[j])
        return slope / below[0] if below else slope

    def _logits_in_jacobian(self, y: Ref, x: Ref, made: Made) -> Formula:
        ((k,), (_, j)) = made.places[y.quantity], made.places[x.quantity]
        z = made.inputs[0]
        return x * (1 - x) if k == j else -(z[k] * z[j])  # type: ignore[operator]

    def _diagonal_only(self, y: Ref, x: Ref, made: Made) -> Formula:
        ((k,), (_, j)) = made.places[y.quantity], made.places[x.quantity]
        return y * (1 - y) if k == j else ZERO

    mistakes = (
        Mistake(13, "not-normalised", "the powers are not divided by their total", "share",
                lambda self, k, e, z, S: e[k]),
        Mistake(13, "without-powers", "the sums are divided without raising e to them", "share",
                lambda self, k, e, z, S: z[k] / total(z)),
        Mistake(14, "separate-sigmoids", "each output is a sigmoid of its own", "share",
                lambda self, k, e, z, S: logistic(z[k])),
        Mistake(11, "diagonal-only", "only the diagonal of the softmax slopes is used", "local", _diagonal_only),
        Mistake(12, "logits-in-slopes", "z stands where p belongs in the softmax slopes", "local", _logits_in_jacobian,
                rare=True),
    )  # fmt: skip
