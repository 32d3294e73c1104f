"""Losses. p stands for the prediction (ŷ of a regression), y for the target."""

from __future__ import annotations

from handcalc.formula.tree import Formula, Ref, formula, ln
from handcalc.ops.operation import Loss, Mistake


def _difference(p: Ref, y: Ref) -> Formula:
    return p - y


class HalfSquaredError(Loss):
    """L = ½ Σ (p − y)²."""

    name = "half squared error"
    aliases = ("half squared", "half sse", "half the squared error")
    tell = "Half the sum of the squared errors."
    gradient_tell = "The square brings down a 2, which cancels the half."
    mistakes = (
        Mistake(44, "not-squared", "the error is not squared", "term", lambda self, p, y: p - y),
        Mistake(
            17, "factor-2", "the slope of the square keeps its factor 2", "slope", lambda self, p, y, n: 2 * (p - y)
        ),
        Mistake(17, "factor-half", "the half is kept in the slope", "slope", lambda self, p, y, n: (p - y) / 2),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "slope", lambda self, p, y, n: y - p),
    )

    def term(self, p: Ref, y: Ref) -> Formula:
        return (p - y) ** 2

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return formula("1/2") * shares

    def slope(self, p: Ref, y: Ref, outputs: int) -> Formula:
        return p - y


class SquaredError(Loss):
    """L = Σ (p − y)²."""

    name = "squared error"
    aliases = ("sum of squared errors", "sse")
    tell = "The sum of the squared errors."
    gradient_tell = "The square brings down a factor 2."
    mistakes = (
        Mistake(44, "not-squared", "the error is not squared", "term", lambda self, p, y: p - y),
        Mistake(
            17, "factor-2-lost", "the factor 2 of the square's slope is lost", "slope", lambda self, p, y, n: p - y
        ),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "slope", lambda self, p, y, n: 2 * (y - p)),
    )

    def term(self, p: Ref, y: Ref) -> Formula:
        return (p - y) ** 2

    def slope(self, p: Ref, y: Ref, outputs: int) -> Formula:
        return 2 * (p - y)


class MeanSquaredError(Loss):
    """L = 1/n Σ (p − y)², the mean over the n outputs."""

    name = "mean squared error"
    aliases = ("mse",)
    tell = "The mean of the squared errors over the outputs."
    gradient_tell = "The square brings down a factor 2; the mean divides by the number of outputs."
    mistakes = (
        Mistake(44, "not-squared", "the error is not squared", "term", lambda self, p, y: p - y),
        Mistake(17, "mean-lost", "the mean's division is lost in the slope", "slope",
                lambda self, p, y, n: 2 * (p - y)),
        Mistake(17, "factor-2-lost", "the factor 2 of the square's slope is lost", "slope",
                lambda self, p, y, n: formula(f"1/{n}") * (p - y) if n > 1 else p - y),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "slope",
                lambda self, p, y, n: MeanSquaredError.slope(self, y, p, n)),
    )  # fmt: skip

    def term(self, p: Ref, y: Ref) -> Formula:
        return (p - y) ** 2

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return formula(f"1/{outputs}") * shares if outputs > 1 else shares

    def slope(self, p: Ref, y: Ref, outputs: int) -> Formula:
        return formula(f"2/{outputs}" if outputs > 1 else 2) * (p - y)


class BinaryCrossEntropy(Loss):
    """L = −Σ [y ln p + (1 − y) ln(1 − p)], natural logarithm, summed over the outputs."""

    name = "binary cross-entropy"
    aliases = ("bce", "log loss")
    needs_probabilities = True
    tell = "Minus the logarithm of the probability given to what really happened."
    gradient_tell = "The slope of binary cross-entropy is (p − y) / (p(1 − p))."
    quoted_tell = "Sigmoid and binary cross-entropy together have the slope p − y: everything else cancels."
    quoted = {"sigmoid": _difference}  # noqa: RUF012
    example = (("0.7", "0.2"), ("1", "0.3"))
    mistakes = (
        Mistake(43, "sign-of-log", "the minus before the logarithm is lost", "whole", lambda self, shares, n: shares),
        Mistake(43, "wrong-class", "the logarithm of the other class is taken", "term",
                lambda self, p, y: (1 - y) * ln(p) + y * ln(1 - p)),
        Mistake(44, "difference", "the difference p − y is taken as the loss", "term", lambda self, p, y: y - p),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "quoted", {"sigmoid": lambda p, y: y - p}),
        Mistake(9, "extra-slope", "the slope of the sigmoid is multiplied in once more", "quoted",
                {"sigmoid": lambda p, y: (p - y) * p * (1 - p)}),
    )  # fmt: skip

    def term(self, p: Ref, y: Ref) -> Formula:
        return y * ln(p) + (1 - y) * ln(1 - p)

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return -shares

    def slope(self, p: Ref, y: Ref, outputs: int) -> Formula:
        return (p - y) / (p * (1 - p))


class CrossEntropy(Loss):
    """L = −Σ y ln p over the classes, natural logarithm."""

    name = "cross-entropy"
    aliases = ("categorical cross-entropy", "cce", "negative log likelihood", "nll")
    needs_probabilities = True
    one_hot = True
    tell = "Minus the logarithm of the probability given to the right class."
    gradient_tell = "The slope of −y ln p is −y/p."
    quoted_tell = "Softmax and cross-entropy together have the slope p − y: everything else cancels."
    quoted = {"softmax": _difference}  # noqa: RUF012
    mistakes = (
        Mistake(43, "sign-of-log", "the minus before the logarithm is lost", "whole", lambda self, shares, n: shares),
        Mistake(43, "all-classes", "the logarithms of all classes are added", "term", lambda self, p, y: ln(p)),
        Mistake(16, "binary-over-classes", "binary cross-entropy is summed over the softmax outputs", "term",
                lambda self, p, y: y * ln(p) + (1 - y) * ln(1 - p)),
        Mistake(15, "log-base-2", "the logarithm to base 2 is taken", "term", lambda self, p, y: y * ln(p) / ln(2)),
        Mistake(15, "log-base-10", "the logarithm to base 10 is taken", "term", lambda self, p, y: y * ln(p) / ln(10)),
        Mistake(44, "difference", "the difference p − y is taken as the loss", "term", lambda self, p, y: y * (y - p)),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "quoted", {"softmax": lambda p, y: y - p}),
        Mistake(9, "extra-slope", "the slope p(1 − p) is multiplied in once more", "quoted",
                {"softmax": lambda p, y: (p - y) * p * (1 - p)}),
    )  # fmt: skip

    def term(self, p: Ref, y: Ref) -> Formula:
        return y * ln(p)

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return -shares

    def slope(self, p: Ref, y: Ref, outputs: int) -> Formula:
        return -(y / p)
