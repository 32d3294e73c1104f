"""Losses of a regression: how far each prediction p is from its target y."""

from __future__ import annotations

from typing import ClassVar

from handcalc.formula.tree import Formula, Ref, absolute, cases, exp, formula, ln, tanh, total
from handcalc.ops.activations import is_one
from handcalc.ops.losses import OVER, OVER_MEAN, OverOutputs, mean, sign
from handcalc.ops.operation import Loss, Mistake, Option, Page, Vector

NOT_SQUARED = Mistake(44, "not-squared", "the error is not squared", "term", lambda self, p, y: p - y)

REVERSED = Mistake(44, "error-reversed", "the error is taken as y − p, and not squared", "term",
                   lambda self, p, y: y - p)  # fmt: skip


class HalfSquaredError(OverOutputs):
    """L = ½ Σ (p − y)²; as a mean over the n outputs 1/(2n) Σ (p − y)²."""

    name = "half squared error"
    common = True
    aliases = ("half squared", "half sse", "half the squared error")
    tell = "Half the sum of the squared errors."
    gradient_tell = "The square brings down a 2, which cancels the half."
    mistakes = (
        NOT_SQUARED,
        REVERSED,
        Mistake(
            17, "factor-2", "the slope of the square keeps its factor 2", "slope", lambda self, p, y, n: 2 * (p - y)
        ),
        Mistake(17, "factor-half", "the half is kept in the slope", "slope", lambda self, p, y, n: (p - y) / 2),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "slope", lambda self, p, y, n: y - p),
    )

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        if self.over == "mean":
            self.tell = "Half the mean of the squared errors."

    def term(self, p: Ref, y: Formula) -> Formula:
        return (p - y) ** 2

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return formula(f"1/{2 * outputs}" if self.over == "mean" else "1/2") * shares

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        return p - y


class SquaredError(Loss):
    """L = Σ (p − y)² (Legendre, 1805)."""

    name = "squared error"
    common = True
    aliases = ("sum of squared errors", "sse")
    tell = "The sum of the squared errors."
    gradient_tell = "The square brings down a factor 2."
    mistakes = (
        NOT_SQUARED,
        REVERSED,
        Mistake(
            17, "factor-2-lost", "the factor 2 of the square's slope is lost", "slope", lambda self, p, y, n: p - y
        ),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "slope", lambda self, p, y, n: 2 * (y - p)),
    )

    def term(self, p: Ref, y: Formula) -> Formula:
        return (p - y) ** 2

    def slope(self, p: Ref, y: Formula, outputs: int) -> Formula:
        return 2 * (p - y)


class MeanSquaredError(Loss):
    """L = 1/n Σ (p − y)², the mean over the n outputs."""

    name = "mean squared error"
    common = True
    aliases = ("mse",)
    tell = "The mean of the squared errors over the outputs."
    gradient_tell = "The square brings down a factor 2; the mean divides by the number of outputs."
    mistakes = (
        NOT_SQUARED,
        REVERSED,
        Mistake(17, "mean-lost", "the mean's division is lost in the slope", "slope",
                lambda self, p, y, n: 2 * (p - y)),
        Mistake(17, "factor-2-lost", "the factor 2 of the square's slope is lost", "slope",
                lambda self, p, y, n: mean(p - y, n)),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "slope",
                lambda self, p, y, n: MeanSquaredError.slope(self, y, p, n)),
    )  # fmt: skip

    def term(self, p: Ref, y: Formula) -> Formula:
        return (p - y) ** 2

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return mean(shares, outputs)

    def slope(self, p: Ref, y: Formula, outputs: int) -> Formula:
        return formula(f"2/{outputs}" if outputs > 1 else 2) * (p - y)


class AbsoluteError(OverOutputs):
    """L = Σ |p − y| (Laplace, 1774); its slope is the sign of p − y, taken as 0 where they are equal."""

    name = "absolute error"
    aliases: ClassVar[tuple[str, ...]] = ("sum of absolute errors", "sae")
    tell = "The sum of the absolute errors."
    gradient_tell = "The slope of an absolute error is its sign."
    mistakes: ClassVar[tuple[Mistake, ...]] = (
        Mistake(42, "sign-kept", "the error keeps its sign", "term", lambda self, p, y: p - y),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "share_slope",
                lambda self, p, y: -sign(p, y)),
    )  # fmt: skip

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        if self.over == "mean":
            self.tell = "The mean of the absolute errors over the outputs."

    def term(self, p: Ref, y: Formula) -> Formula:
        return absolute(p - y)

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        return sign(p, y)


class MeanAbsoluteError(AbsoluteError):
    """L = 1/n Σ |p − y|, the mean over the n outputs."""

    name = "mean absolute error"
    aliases = ("mae",)
    tell = "The mean of the absolute errors over the outputs."
    gradient_tell = "The slope of an absolute error is its sign; the mean divides by the number of outputs."
    options = (OVER_MEAN,)
    variants = ()
    mistakes = (
        *AbsoluteError.mistakes,
        Mistake(17, "mean-lost", "the mean's division is lost in the slope", "slope", lambda self, p, y, n: sign(p, y)),
    )


class MeanAbsolutePercentageError(OverOutputs):
    """L = 1/n Σ 100 |y − p| / |y|, in per cent; no target may be 0."""

    name = "mean absolute percentage error"
    aliases = ("mape",)
    tell = "Each absolute error in per cent of its target, and their mean over the outputs."
    gradient_tell = "The slope of an absolute error is its sign, here times 100 over the size of the target."
    options = (OVER_MEAN,)
    variants = ({"over": "sum"},)
    example = (("0.7", "0.2"), ("1", "-0.5"))
    mistakes = (
        Mistake(42, "sign-kept", "the target keeps its sign below the line", "term",
                lambda self, p, y: 100 * absolute(y - p) / y),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "share_slope",
                lambda self, p, y: 100 * -sign(p, y) / absolute(y)),
    )  # fmt: skip

    def term(self, p: Ref, y: Formula) -> Formula:
        return 100 * absolute(y - p) / absolute(y)

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        return 100 * sign(p, y) / absolute(y)


class Huber(OverOutputs):
    """½ (p − y)² where |p − y| ≤ δ, else δ (|p − y| − ½ δ), added up over the outputs (Huber, 1964).

    The slope is p − y, cut off at −δ and δ.
    """

    name = "huber"
    title = "Huber loss"
    aliases = ("huber loss",)
    tell = "Half the square of a small error; a large error counts along a straight line."
    gradient_tell = "The slope is the error itself while it is small; then it stays as large, with the error's sign."
    options = (Option("delta", "1", letter="delta", above="0", tell="largest error that is squared"), OVER)
    variants = ({"delta": "0.2"}, {"delta": "0.25", "over": "mean"})
    mistakes = (
        Mistake(44, "always-squared", "a large error is squared, too", "term",
                lambda self, p, y: formula("1/2") * (p - y) ** 2),
        Mistake(17, "half-lost", "the half of the square is lost", "term", lambda self, p, y: (p - y) ** 2),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "share_slope",
                lambda self, p, y: -Huber.share_slope(self, p, y)),
    )  # fmt: skip
    example = (("0.7", "2.2"), ("1", "0"))

    delta: Formula

    def write(self, page: Page, p: Vector, y: Vector) -> list[Ref]:
        """Of several outputs each share is a step of its own, h."""
        if len(p) == 1:
            return super().write(page, p, y)
        shares = page.let("h", [self.term(*pair) for pair in zip(p, y, strict=True)])
        return page.out([self.whole(total(shares), len(p))])

    def term(self, p: Ref, y: Formula) -> Formula:
        half = formula("1/2")
        far = absolute(p - y) - half if is_one(self.delta) else self.delta * (absolute(p - y) - half * self.delta)
        return cases(absolute(p - y), "≤", self.delta, yes=formula("1/2") * (p - y) ** 2, no=far)

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        far = cases(p, ">", y, yes=self.delta, no=-self.delta)
        return cases(absolute(p - y), "≤", self.delta, yes=p - y, no=far)


class LogCosh(OverOutputs):
    """Σ ln cosh(p − y), the hyperbolic cosine written as ½ (e^d + e^−d); the slope is tanh(p − y)."""

    name = "log cosh"
    title = "log-cosh"
    aliases = ("logcosh", "ln cosh")
    tell = "The logarithm of the hyperbolic cosine of each error: nearly half its square while it is small."
    gradient_tell = "The slope of ln cosh is the hyperbolic tangent."
    mistakes = (
        Mistake(4, "exponent-sign", "both exponents have the same sign", "term", lambda self, p, y: p - y),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "share_slope",
                lambda self, p, y: tanh(y - p)),
    )  # fmt: skip

    def term(self, p: Ref, y: Formula) -> Formula:
        error = p - y
        return ln((exp(error) + exp(-error)) / 2)

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        return tanh(p - y)
