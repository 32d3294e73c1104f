"""What puts several things together: branches that are added, the losses of several samples with their penalties."""

from __future__ import annotations

from handcalc.formula.tree import ONE, Formula, Ref, formula, times, total
from handcalc.ops.operation import Made, Mistake, Operation, Option, Page, Vector


class Add(Operation):
    """a = a₁ + a₂ + …, unit by unit: the join of branches, and of a skip connection (He et al., 2016)."""

    name = "add"
    tell = "The branches are added, unit by unit."
    gradient_tell = "An addition passes the slope on to each branch as it is."
    example = (("0.5", "-1"), ("2", "0.25"))

    def write(self, page: Page, *branches: Vector) -> list[Ref]:
        return page.out([total(units) for units in zip(*branches, strict=True)])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        return ONE


class Objective(Operation):
    """J = (1/m) Σ L + R: the losses of m samples, as a mean or a sum, each with its weight, and the penalties."""

    name = "objective"
    tell = "The losses of the samples are put together."
    gradient_tell = "The slope of a mean is 1/m for each of its terms."
    options = (Option("reduction", "mean", words=("mean", "sum")),)
    variants = ({"reduction": "sum"},)
    example = (("0.5", "0.25"), ("0.3", "0.7"), ("0.125",))
    mistakes = (
        Mistake(27, "mean-left-out", "the losses of the samples are added, without the mean", "scale",
                lambda self, samples: ONE),
        Mistake(27, "mean-twice", "the mean over the samples is taken twice", "scale",
                lambda self, samples: Objective.scale(self, samples**2)),
    )  # fmt: skip

    reduction: str

    def scale(self, samples: int) -> Formula:
        """What the sum of the losses is multiplied by."""
        return formula(f"1/{samples}") if self.reduction == "mean" and samples > 1 else ONE

    def write(self, page: Page, losses: Vector, weights: Vector, penalties: Vector) -> list[Ref]:
        parts = total(times(*pair) for pair in zip(weights, losses, strict=True)) if weights else total(losses)
        shares = [times(self.scale(len(losses)), parts)] if losses else []
        return page.out([total([*shares, *penalties])])
