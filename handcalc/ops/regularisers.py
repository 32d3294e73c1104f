"""Regularisers: a penalty R on the size of the weights, added to the loss."""

from __future__ import annotations

from handcalc.formula.tree import Formula, Ref, absolute, cases, formula, total
from handcalc.ops.operation import Made, Mistake, Operation, Option, Page, Vector

RATE = Option("rate", "0.01", letter="lambda", least="0", tell="weight of the penalty")


class Regulariser(Operation):
    """R = λ Σ of the shares of the weights; `share` is that of one weight, `slope` ∂R/∂w as it is taught."""

    is_penalty = True
    options = (RATE,)
    variants = ({"rate": "0.5"},)
    example = (("0.3", "-0.7"),)

    rate: Formula

    def share(self, w: Ref) -> Formula:
        raise NotImplementedError

    def slope(self, w: Ref) -> Formula:
        raise NotImplementedError

    def whole(self, shares: Formula) -> Formula:
        return self.rate * shares

    def write(self, page: Page, weights: Vector) -> list[Ref]:
        return page.out([self.whole(total(map(self.share, weights)))])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        return self.slope(x)


class L2(Regulariser):
    """R = λ Σ w² (ridge, Hoerl and Kennard, 1970), with slope 2 λ w."""

    name = "l2"
    title = "L2 penalty"
    aliases = ("ridge", "squared weights")
    tell = "λ times the sum of the squared weights."
    gradient_tell = "The square brings down a 2: the penalty adds 2λw to the slope of each weight."
    mistakes = (
        Mistake(17, "factor-2-lost", "the factor 2 of the square's slope is lost", "slope",
                lambda self, w: self.rate * w),
        Mistake(44, "not-squared", "the weights are not squared", "share", lambda self, w: w),
    )  # fmt: skip

    def share(self, w: Ref) -> Formula:
        return w**2

    def slope(self, w: Ref) -> Formula:
        return 2 * self.rate * w


class HalfL2(Regulariser):
    """R = ½ λ Σ w² (weight decay, Krogh and Hertz, 1991), with slope λ w."""

    name = "half l2"
    title = "half L2 penalty"
    aliases = ("half ridge", "half squared weights")
    tell = "Half of λ times the sum of the squared weights."
    gradient_tell = "The square's 2 cancels the half: the penalty adds λw to the slope of each weight."
    mistakes = (
        Mistake(17, "factor-2", "the slope of the square keeps its factor 2", "slope",
                lambda self, w: 2 * self.rate * w),
        Mistake(44, "not-squared", "the weights are not squared", "share", lambda self, w: w),
    )  # fmt: skip

    def share(self, w: Ref) -> Formula:
        return w**2

    def whole(self, shares: Formula) -> Formula:
        return formula("1/2") * self.rate * shares

    def slope(self, w: Ref) -> Formula:
        return self.rate * w


class L1(Regulariser):
    """R = λ Σ |w| (lasso, Tibshirani, 1996), with slope λ times the sign of w, taken as 0 where w is 0."""

    name = "l1"
    title = "L1 penalty"
    aliases = ("lasso", "absolute weights")
    tell = "λ times the sum of the absolute weights."
    gradient_tell = "The penalty adds λ with the sign of the weight to the slope of each weight."
    mistakes = (
        Mistake(42, "sign-lost", "the sign of the weight is lost in the slope", "slope", lambda self, w: self.rate),
        Mistake(42, "sign-kept", "the weights keep their signs in the penalty", "share", lambda self, w: w),
    )

    def share(self, w: Ref) -> Formula:
        return absolute(w)

    def slope(self, w: Ref) -> Formula:
        return cases(w, ">", 0, yes=self.rate, no=cases(w, "<", 0, yes=-self.rate, no=0))


class PerSample(Operation):
    """R / m: a penalty of the outputs of m samples, divided by their number as Keras does."""

    name = "penalty per sample"
    is_penalty = True
    tell = "The penalty of the outputs, divided by the number of samples."
    gradient_tell = "The slope of the penalty, divided by the number of samples."
    example = (("0.3", "-0.7"),)

    def __init__(self, penalty: Regulariser | None = None, samples: int = 2) -> None:
        super().__init__()
        self.penalty, self.samples = penalty or L2(), samples

    def write(self, page: Page, outputs: Vector) -> list[Ref]:
        return page.out([self.penalty.whole(total(map(self.penalty.share, outputs))) / self.samples])


def regularisers() -> dict[str, type[Regulariser]]:
    """Every accepted name of a regulariser, canonical ones and aliases."""
    return {name: cls for name, cls in Operation.registry.items() if issubclass(cls, Regulariser)}
