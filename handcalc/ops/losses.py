"""What losses share: adding up or averaging over the outputs, logarithms, signs.

p stands for the prediction (ŷ of a regression, a score of a classification by margin), y for the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from handcalc.formula.tree import Formula, Ref, cases, formula, ln, log2, log10, times
from handcalc.ops.operation import Loss, Option

OVER = Option("over", "sum", words=("sum", "mean"))
"""Whether the shares of the outputs are added up or averaged."""
OVER_MEAN = Option("over", "mean", words=("sum", "mean"))
LOG = Option("log", "natural", words=("natural", "2", "10"))
LOG_2 = Option("log", "2", words=("natural", "2", "10"))


class OverOutputs(Loss):
    """L = Σ of the shares of the outputs, or their mean: option `over`.

    A subclass writes one share as `term` and its slope as `share_slope`.
    """

    options: ClassVar[tuple[Option, ...]] = (OVER,)
    variants: ClassVar[tuple[dict[str, str], ...]] = ({"over": "mean"},)

    over: str

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        """The slope of one output's share with respect to its prediction."""
        raise NotImplementedError

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return self.averaged(shares, outputs)

    def slope(self, p: Ref, y: Formula, outputs: int) -> Formula:
        return self.averaged(self.share_slope(p, y), outputs)

    def averaged(self, f: Formula, outputs: int) -> Formula:
        return mean(f, outputs) if self.over == "mean" else f


def mean(shares: Formula, outputs: int) -> Formula:
    """1/n · shares; one output's mean is its share."""
    return formula(f"1/{outputs}") * shares if outputs > 1 else shares


def difference(p: Ref, y: Formula) -> Formula:
    """p − y; p where the target is the number 0 itself."""
    return p if y == formula(0) else p - y


def sign(p: Ref, y: Formula) -> Formula:
    """The sign of p − y: 1, −1, or 0 where they are equal."""
    return cases(p, ">", y, yes=1, no=cases(p, "<", y, yes=-1, no=0))


def logarithm(log: str, x: Formula) -> Formula:
    """ln x, log₂ x or log₁₀ x."""
    return {"natural": ln, "2": log2, "10": log10}[log](x)


def factors_of_log(log: str) -> list[Formula]:
    """What the slope of the logarithm has below the line beside its argument: nothing, ln 2 or ln 10."""
    return [] if log == "natural" else [ln(log)]


def over(top: Formula, below: Sequence[Formula]) -> Formula:
    """`top` divided by the factors `below`; itself where there are none."""
    return top / times(*below) if below else top
