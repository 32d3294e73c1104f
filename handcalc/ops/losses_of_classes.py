"""Losses of probabilities p: cross-entropies, Kullback-Leibler divergence, entropy."""

from __future__ import annotations

from typing import ClassVar

from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    ONE,
    ZERO,
    Formula,
    Ref,
    exp,
    formula,
    ln,
    log2,
    log10,
    negated,
    times,
    total,
)
from handcalc.ops.activations import logistic
from handcalc.ops.losses import (
    LOG,
    LOG_2,
    OVER,
    OverOutputs,
    difference,
    factors_of_log,
    logarithm,
    over,
)
from handcalc.ops.operation import Loss, Made, Mistake, Operation, Option, Page, Vector
from handcalc.ops.softmax import Softmax

FORM = Option("form", "all classes", words=("all classes", "right class"))
SIGN_OF_LOG = Mistake(
    43, "sign-of-log", "the minus before the logarithm is lost", "whole", lambda self, shares, n: shares
)
LOG_ONLY = Mistake(43, "all-classes", "the logarithms of all outputs are added", "term", lambda self, p, y: ln(p))


def binary(p: Ref, y: Formula) -> Formula:
    return y * ln(p) + (1 - y) * ln(1 - p)


class BinaryCrossEntropy(OverOutputs):
    """L = −Σ [y ln p + (1 − y) ln(1 − p)] over the outputs; options: the mean over them, the logarithm's base."""

    name = "binary cross-entropy"
    common = True
    aliases = ("bce", "log loss")
    needs_probabilities = True
    tell = "Minus the logarithm of the probability given to what really happened."
    gradient_tell = "The slope of binary cross-entropy is (p − y) / (p(1 − p))."
    quoted_tell = "Sigmoid and binary cross-entropy together have the slope p − y: everything else cancels."
    quoted = {"sigmoid": difference}  # noqa: RUF012
    options: ClassVar[tuple[Option, ...]] = (OVER, LOG)
    variants: ClassVar[tuple[dict[str, str], ...]] = ({"over": "mean"}, {"log": "2"}, {"log": "10", "over": "mean"})
    example = (("0.7", "0.2"), ("1", "0.3"))
    mistakes: ClassVar[tuple[Mistake, ...]] = (
        SIGN_OF_LOG,
        Mistake(43, "wrong-class", "the logarithm of the other class is taken", "term",
                lambda self, p, y: (1 - y) * ln(p) + y * ln(1 - p)),
        Mistake(15, "log-base-2", "the logarithm to base 2 is taken", "term",
                lambda self, p, y: times(y, log2(p)) + times(1 - y, log2(1 - p))),
        Mistake(15, "log-base-10", "the logarithm to base 10 is taken", "term",
                lambda self, p, y: times(y, log10(p)) + times(1 - y, log10(1 - p))),
        Mistake(44, "difference", "the difference p − y is taken as the loss", "term", lambda self, p, y: y - p),
        Mistake(44, "difference-reversed", "the difference y − p is taken as the loss", "term",
                lambda self, p, y: p - y),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "quoted", {"sigmoid": lambda p, y: y - p}),
        Mistake(9, "extra-slope", "the slope of the sigmoid is multiplied in once more", "quoted",
                {"sigmoid": lambda p, y: (p - y) * p * (1 - p)}),
    )  # fmt: skip

    log: str

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        if self.log != "natural":
            self.gradient_tell = "The slope of binary cross-entropy is (p − y) / (p(1 − p)), over the base's logarithm."
        if self.log != "natural" or self.over == "mean":
            self.quoted_tell = (
                "Sigmoid and binary cross-entropy together have the slope p − y times a constant: the rest cancels."
            )

    def term(self, p: Ref, y: Formula) -> Formula:
        return y * logarithm(self.log, p) + (1 - y) * logarithm(self.log, 1 - p)

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return negated(self.averaged(shares, outputs))

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        return (p - y) / times(p, 1 - p, *factors_of_log(self.log))

    def quote(self, before: Operation, p: Ref, y: Formula, outputs: int) -> Formula:
        return self.averaged(over(super().quote(before, p, y, outputs), factors_of_log(self.log)), outputs)


class BinaryCrossEntropyFromLogits(BinaryCrossEntropy):
    """p = σ(z) of each score z, then binary cross-entropy; the slope is p − y."""

    name = "binary cross-entropy from logits"
    aliases = ("bce from logits", "bce with logits")
    needs_probabilities = False
    needs_scores = True
    quoted = {}  # noqa: RUF012
    tell = "A sigmoid makes a probability of each score; then minus the logarithm of what really happened."
    example = (("0.7", "-0.2"), ("1", "0.3"))
    mistakes = (
        SIGN_OF_LOG,
        *(one for one in BinaryCrossEntropy.mistakes if one.code == "wrong-class"),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "logit_slope", lambda self, p, y: y - p),
        Mistake(9, "extra-slope", "the slope of the sigmoid is multiplied in once more", "logit_slope",
                lambda self, p, y: (p - y) * p * (1 - p)),
    )  # fmt: skip

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        self.gradient_tell = self.quoted_tell

    def logit_slope(self, p: Ref, y: Formula) -> Formula:
        return difference(p, y)

    def write(self, page: Page, z: Vector, y: Vector) -> list[Ref]:
        return super().write(page, page.let("p", [logistic(one) for one in z]), y)

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        if made.places[x.quantity][0] != 0:
            return super().local(y, x, made)
        below, outputs = factors_of_log(self.log), len(made.inputs[0])
        return self.averaged(over(_logit_slope(self, x, made), below), outputs)


class OfClasses(Loss):
    """A loss over classes that exclude each other.

    Option `form`: a sum over all classes, each weighted with its target, or the term of the right class alone.
    """

    needs_probabilities = True
    one_hot = True
    options: ClassVar[tuple[Option, ...]] = (FORM,)
    variants: ClassVar[tuple[dict[str, str], ...]] = ({"form": "right class"},)

    form: str

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        self.needs_class = self.form == "right class"

    def targets(self, y: Vector) -> list[Formula]:
        if not self.needs_class:
            return list(y)
        return [ONE if k == self.right else ZERO for k in range(len(y))]


class CrossEntropy(OfClasses):
    """L = −Σ y ln p over the classes, or −ln p of the right class; option `log`: the logarithm's base."""

    name = "cross-entropy"
    common = True
    aliases: ClassVar[tuple[str, ...]] = ("categorical cross-entropy", "cce", "negative log likelihood", "nll")
    tell = "Minus the logarithm of the probability given to the right class."
    gradient_tell = "The slope of −y ln p is −y/p."
    quoted_tell = "Softmax and cross-entropy together have the slope p − y: everything else cancels."
    quoted = {"softmax": difference}  # noqa: RUF012
    options: ClassVar[tuple[Option, ...]] = (FORM, LOG)
    variants: ClassVar[tuple[dict[str, str], ...]] = (
        {"form": "right class"},
        {"log": "2"},
        {"form": "right class", "log": "10"},
    )
    mistakes: ClassVar[tuple[Mistake, ...]] = (
        SIGN_OF_LOG,
        Mistake(43, "wrong-class", "the logarithm is taken where the target is 0, not where it is 1", "term",
                lambda self, p, y: times(1 - y, ln(p))),
        Mistake(43, "all-classes", "the logarithms of all classes are added", "term", lambda self, p, y: ln(p)),
        Mistake(16, "binary-over-classes", "binary cross-entropy is summed over the softmax outputs", "term",
                lambda self, p, y: binary(p, y)),
        Mistake(15, "log-base-2", "the logarithm to base 2 is taken", "term", lambda self, p, y: times(y, log2(p))),
        Mistake(15, "log-base-10", "the logarithm to base 10 is taken", "term", lambda self, p, y: times(y, log10(p))),
        Mistake(44, "difference", "the difference p − y is taken as the loss", "term",
                lambda self, p, y: -(y * (p - y))),
        Mistake(44, "difference-reversed", "the difference y − p is taken as the loss", "term",
                lambda self, p, y: -(y * (y - p))),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "quoted", {"softmax": lambda p, y: y - p}),
        Mistake(9, "extra-slope", "the slope p(1 − p) is multiplied in once more", "quoted",
                {"softmax": lambda p, y: (p - y) * p * (1 - p)}),
    )  # fmt: skip

    log: str

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        if self.log != "natural":
            self.gradient_tell = f"The slope of a logarithm to base {self.log} has ln {self.log} below the line."
            self.quoted_tell = CONSTANT_FACTOR

    def term(self, p: Ref, y: Formula) -> Formula:
        return times(y, logarithm(self.log, p))

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return negated(shares)

    def slope(self, p: Ref, y: Formula, outputs: int) -> Formula:
        return -(y / times(p, *factors_of_log(self.log)))

    def quote(self, before: Operation, p: Ref, y: Formula, outputs: int) -> Formula:
        above, below = before.factors() if isinstance(before, Softmax) else ([], [])
        logs = factors_of_log(self.log)
        if above and above == logs:
            above = logs = []
        return over(times(*above, super().quote(before, p, y, outputs)), [*below, *logs])

    def shortcut(self, made: Made, before: Made) -> dict[Quantity, Formula]:
        found = super().shortcut(made, before)
        if found and isinstance(before.operation, Softmax) and any(before.operation.factors()):
            self.quoted_tell = CONSTANT_FACTOR
        return found


CONSTANT_FACTOR = "Together with softmax the slope is p − y times a constant: the rest cancels."


class CrossEntropyFromLogits(CrossEntropy):
    """p = softmax(z) of the scores z, then cross-entropy; the slope is p − y."""

    name = "cross-entropy from logits"
    aliases = ("categorical cross-entropy from logits", "softmax cross-entropy")
    needs_probabilities = False
    needs_scores = True
    quoted = {}  # noqa: RUF012
    tell = "A softmax makes probabilities of the scores; then minus the logarithm of that of the right class."
    example = (("0.7", "-0.2"), ("1", "0"))
    mistakes = (
        *(one for one in CrossEntropy.mistakes if one.number in (15, 43)),
        Mistake(18, "sign-of-delta", "target and prediction are swapped", "logit_slope", lambda self, p, y: y - p),
        Mistake(9, "extra-slope", "the slope p(1 − p) is multiplied in once more", "logit_slope",
                lambda self, p, y: (p - y) * p * (1 - p)),
    )  # fmt: skip

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        self.gradient_tell = self.quoted_tell

    def logit_slope(self, p: Ref, y: Formula) -> Formula:
        return difference(p, y)

    def write(self, page: Page, z: Vector, y: Vector) -> list[Ref]:
        powers = page.let("e", [exp(one) for one in z])
        (whole,) = page.let("S", [total(powers)])
        return super().write(page, page.let("p", [one / whole for one in powers]), y)

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        if made.places[x.quantity][0] != 0:
            return super().local(y, x, made)
        return over(_logit_slope(self, x, made), factors_of_log(self.log))


def _logit_slope(loss: BinaryCrossEntropyFromLogits | CrossEntropyFromLogits, x: Ref, made: Made) -> Formula:
    """p_k − y_k of the score z_k."""
    _, k = made.places[x.quantity]
    probabilities = [Ref(q) for q in made.formulas if q.letter == "p"]
    targets = loss.targets([ref for ref in made.inputs[1] if isinstance(ref, Ref)])
    return loss.logit_slope(probabilities[k], targets[k])


GAMMA = Option("gamma", "2", whole=True, least="0", most="20", tell="focusing exponent")
WEIGHT = Option("alpha", "none", words=("none",), number=True, letter="alpha", above="0", most="1", tell="weight")


def raised(base: Formula, exponent: int) -> Formula:
    """base^exponent as a person writes it."""
    return ONE if exponent == 0 else base if exponent == 1 else base**exponent


class BinaryFocal(OverOutputs):
    """−Σ [α y (1 − p)^γ ln p + (1 − α)(1 − y) p^γ ln(1 − p)] over the outputs (Lin et al., 2017).

    γ is a whole number; without `alpha` both kinds of outputs have weight 1.
    """

    name = "binary focal cross-entropy"
    aliases = ("binary focal", "focal", "focal loss")
    needs_probabilities = True
    tell = "Cross-entropy in which what is nearly right already counts little."
    gradient_tell = "The product rule: the slope of the logarithm, and the slope of the power in front of it."
    options = (GAMMA, WEIGHT, OVER)
    variants = ({"alpha": "1/4", "over": "mean"}, {"gamma": "3"}, {"gamma": "1"}, {"gamma": "0"})
    example = (("0.7", "0.2"), ("1", "0.3"))
    mistakes = (SIGN_OF_LOG, LOG_ONLY)

    gamma: int
    alpha: Formula | str

    @property
    def weights(self) -> tuple[Formula, Formula]:
        """Of the outputs that happened, and of those that didn't."""
        return (self.alpha, 1 - self.alpha) if isinstance(self.alpha, Formula) else (ONE, ONE)

    def term(self, p: Ref, y: Formula) -> Formula:
        hit, miss = self.weights
        return times(hit, y, raised(1 - p, self.gamma), ln(p)) + times(miss, 1 - y, raised(p, self.gamma), ln(1 - p))

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return -self.averaged(shares, outputs)

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        hit, miss = self.weights
        down, up = focal_slope(p, 1 - p, self.gamma), focal_slope(1 - p, p, self.gamma)
        return times(hit, y, down) - times(miss, 1 - y, up)


class CategoricalFocal(OfClasses):
    """−α Σ y (1 − p)^γ ln p over the classes, or the right class's term alone (Lin et al., 2017).

    γ is a whole number; without `alpha` the weight is 1.
    """

    name = "categorical focal cross-entropy"
    aliases = ("categorical focal", "categorical focal loss")
    tell = "Cross-entropy in which what is nearly right already counts little."
    gradient_tell = "The product rule: the slope of the logarithm, and the slope of the power in front of it."
    options = (GAMMA, WEIGHT, FORM)
    variants = ({"alpha": "1/4"}, {"gamma": "3", "form": "right class"}, {"gamma": "1"}, {"gamma": "0"})
    mistakes = (SIGN_OF_LOG, LOG_ONLY)

    gamma: int
    alpha: Formula | str

    def term(self, p: Ref, y: Formula) -> Formula:
        return times(y, raised(1 - p, self.gamma), ln(p))

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return -(self.alpha * shares) if isinstance(self.alpha, Formula) else -shares

    def slope(self, p: Ref, y: Formula, outputs: int) -> Formula:
        weight = self.alpha if isinstance(self.alpha, Formula) else ONE
        return times(weight, y, focal_slope(p, 1 - p, self.gamma))


def focal_slope(p: Formula, rest: Formula, gamma: int) -> Formula:
    """The slope of −rest^γ ln p, where rest is 1 − p."""
    return total([times(formula(gamma), raised(rest, gamma - 1), ln(p)) if gamma else ZERO, -(raised(rest, gamma) / p)])


class KullbackLeibler(CrossEntropy):
    """D(y‖p) = Σ y ln(y/p) (Kullback and Leibler, 1951); a target of 0 adds 0, as the limit does."""

    name = "kl divergence"
    title = "Kullback-Leibler divergence"
    aliases = ("kullback-leibler divergence", "kullback-leibler", "relative entropy")
    tell = "How much longer a code for p makes messages that come as y says."
    gradient_tell = "The slope of y ln(y/p) is −y/p."
    quoted_tell = "Softmax and Kullback-Leibler divergence together have the slope p − y: everything else cancels."
    options = (LOG,)
    variants = ({"log": "2"}, {"log": "10"})
    example = (("0.7", "0.3"), ("0.6", "0.4"))
    mistakes = (
        Mistake(43, "quotient-upside-down", "p and y are swapped in the quotient", "term",
                lambda self, p, y: y * logarithm(self.log, p / y)),
        Mistake(15, "log-base-2", "the logarithm to base 2 is taken", "term", lambda self, p, y: y * log2(y / p)),
        *(one for one in CrossEntropy.mistakes if one.part == "quoted"),
    )  # fmt: skip

    form = "all classes"

    def term(self, p: Ref, y: Formula) -> Formula:
        return y * logarithm(self.log, y / p)

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return shares


class Entropy(Loss):
    """H = −Σ p log₂ p of the predictions alone, in bits (Shannon, 1948); option `log`: the logarithm's base."""

    name = "entropy"
    title = "entropy"
    aliases = ("information entropy", "shannon entropy")
    needs_probabilities = True
    needs_target = False
    tell = "Each probability times its logarithm, added up, with a minus in front."
    gradient_tell = "The product rule: the logarithm itself, and the constant slope of p times it."
    options = (LOG_2,)
    variants = ({"log": "natural"}, {"log": "10"})
    example = (("0.7", "0.3"),)
    mistakes = (
        SIGN_OF_LOG,
        Mistake(15, "natural-log", "the natural logarithm is taken", "term", lambda self, p, y: p * ln(p)),
        Mistake(43, "logarithms-alone", "the logarithms are added without their probabilities", "term",
                lambda self, p, y: logarithm(self.log, p)),
    )  # fmt: skip

    log: str

    def term(self, p: Ref, y: Formula) -> Formula:
        return p * logarithm(self.log, p)

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return -shares

    def slope(self, p: Ref, y: Formula, outputs: int) -> Formula:
        return -(logarithm(self.log, p) + over(ONE, factors_of_log(self.log)))

    def write(self, page: Page, p: Vector, y: Vector = ()) -> list[Ref]:
        """Targets, where the network has some, aren't used."""
        return page.out([self.whole(total(self.term(one, ZERO) for one in p), len(p))])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        return self.slope(x, ZERO, len(made.inputs[0]))
