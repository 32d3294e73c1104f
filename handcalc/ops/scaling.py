"""Scaling: raw inputs (120 m²) made small numbers, and scaled outputs turned back into units."""

from __future__ import annotations

from collections.abc import Sequence

from handcalc.formula.tree import ZERO, Formula, Num, Ref, formula, sqrt, total
from handcalc.ops.operation import Made, Operation, Option, Page, Vector


class Scaling(Operation):
    """x′ = `scaled`(x) of each value x; `unscaled` is the way back, and `Unscaling` writes it."""

    example = (("120", "-80.5"),)

    def scaled(self, x: Formula) -> Formula:
        raise NotImplementedError

    def unscaled(self, x: Formula) -> Formula:
        raise NotImplementedError

    def write(self, page: Page, x: Vector) -> list[Ref]:
        return page.out([self.scaled(one) for one in x])


class Unscaling(Operation):
    """The way back of `scaling`: a scaled result in the units of the problem, as ŷ·s + μ."""

    name = "unscaling"
    tell = "Undo the scaling to read the result in its own unit."
    gradient_tell = "The slope is the factor that undoes the scaling."
    example = (("1.2", "-0.5"),)

    def __init__(self, scaling: Scaling | None = None) -> None:
        super().__init__()
        self.scaling = scaling or DivideBy()

    def write(self, page: Page, x: Vector) -> list[Ref]:
        return page.out([self.scaling.unscaled(one) for one in x])


class DivideBy(Scaling):
    """x′ = x / c, and back x = x′ · c."""

    name = "divide by"
    aliases = ("divide",)
    tell = "Divide by a fixed number."
    options = (Option("number", "100", number=True, above="0", tell="what is divided by"),)
    variants = ({"number": "1000"},)

    number: Formula

    def scaled(self, x: Formula) -> Formula:
        return x / self.number

    def unscaled(self, x: Formula) -> Formula:
        return x * self.number


class MinMax(Scaling):
    """x′ = (x − min) / (max − min), from 0 to 1; option `to`: -1 to 1, twice that minus 1.

    Where min and max are equal there is no scaling: it divides by 0.
    """

    name = "min max"
    title = "min-max scaling"
    aliases = ("min max scaling", "normalise", "normalize")
    tell = "How far the value is on its way from the smallest to the largest."
    options = (
        Option("min", "0", letter="min", tell="smallest value"),
        Option("max", "1", letter="max", tell="largest value"),
        Option("to", "0 to 1", words=("0 to 1", "-1 to 1")),
    )
    variants = ({"min": "-10", "max": "30"}, {"min": "50", "max": "250", "to": "-1 to 1"})

    min: Formula
    max: Formula
    to: str

    def scaled(self, x: Formula) -> Formula:
        share = less(x, self.min) / self.range
        return share if self.to == "0 to 1" else 2 * share - 1

    def unscaled(self, x: Formula) -> Formula:
        share = x if self.to == "0 to 1" else (x + 1) / 2
        return share * self.range + self.min if self.min != ZERO else share * self.range

    @property
    def range(self) -> Formula:
        return less(self.max, self.min)


class MeanAndDeviation(Operation):
    """μ = Σx / n, v = Σ(x − μ)² / n, s = √v of each column of samples x; option `deviation`: n, or n − 1 (sample).

    The columns come one per feature. The results are the deviations s; `standardise` gives the scaling that they make.
    With n − 1, one sample alone has no deviation: it divides by 0.
    """

    name = "mean and deviation"
    tell = "The mean; the mean square distance from it, the variance; its root, the standard deviation."
    gradient_tell = "The slope comes from the rules of calculus."
    options = (Option("deviation", "population", words=("population", "sample")),)
    variants = ({"deviation": "sample"},)
    example = (("3", "5", "4"), ("120", "80", "95"))

    deviation: str

    def write(self, page: Page, *columns: Vector) -> list[Ref]:
        variances = _variances(page, columns, sample=self.deviation == "sample")[1]
        return page.out([sqrt(v) for v in variances])

    def standardise(self, made: Made) -> list[Standardise]:
        """The scaling of each column, with the mean and deviation that this operation wrote in `made`."""
        means = [Ref(q) for q in made.formulas if q.letter == "mu"]
        return [Standardise(mean=mu, deviation=s) for mu, s in zip(means, made.outputs, strict=True)]


class Standardise(Scaling):
    """x′ = (x − μ) / s, the z-score, and back x = x′ s + μ.

    Mean and deviation are given numbers, or names of what `MeanAndDeviation` has worked out; without them the values
    that `write` takes are a column of samples, of which they are worked out first.
    """

    name = "standardise"
    aliases = ("standardize", "z score")
    tell = "Subtract the mean, divide by the standard deviation."
    options = (
        Option("mean", "of the samples", words=("of the samples",), number=True, letter="mu", tell="mean"),
        Option("deviation", "population", words=("population", "sample"), number=True, letter="s", above="0",
               tell="standard deviation"),
    )  # fmt: skip
    variants = ({"deviation": "sample"}, {"mean": "100", "deviation": "25"}, {"mean": "-3", "deviation": "2.5"})

    mean: Formula | str
    deviation: Formula | str

    def __init__(self, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        if isinstance(self.mean, str) != isinstance(self.deviation, str):
            raise ValueError("mean and deviation are both given as numbers, or both worked out from the samples")

    def scaled(self, x: Formula) -> Formula:
        mean, deviation = self._constants()
        return less(x, mean) / deviation

    def unscaled(self, x: Formula) -> Formula:
        mean, deviation = self._constants()
        return x * deviation + mean

    def write(self, page: Page, x: Vector) -> list[Ref]:
        if isinstance(self.mean, Formula):
            return super().write(page, x)
        (mean,), (variance,) = _variances(page, [x], sample=self.deviation == "sample")
        (deviation,) = page.let("s", [sqrt(variance)])
        return page.out([Standardise(mean=mean, deviation=deviation).scaled(one) for one in x])

    def _constants(self) -> tuple[Formula, Formula]:
        if isinstance(self.mean, Formula) and isinstance(self.deviation, Formula):
            return self.mean, self.deviation
        raise ValueError("mean and deviation aren't worked out yet: a single value has none")


def scalings() -> dict[str, type[Scaling]]:
    """Every accepted name of a scaling, canonical ones and aliases."""
    return {name: cls for name, cls in Operation.registry.items() if issubclass(cls, Scaling)}


def less(x: Formula, y: Formula) -> Formula:
    """x − y as a person writes it: nothing for 0, a plus for a number that is negative itself."""
    if isinstance(y, Num) and y.number.value == 0:
        return x
    if isinstance(y, Num) and y.number.text.startswith("-"):
        return x + y.number.text.removeprefix("-")
    return x - y


def _variances(page: Page, columns: Sequence[Vector], *, sample: bool) -> tuple[list[Ref], list[Ref]]:
    """The steps of means and variances of `columns`, one each; a sample's variance divides by n − 1."""
    means = page.let("mu", [total(column) / len(column) for column in columns])
    squares = [total((x - mu) ** 2 for x in column) for column, mu in zip(columns, means, strict=True)]
    counts = [len(column) - sample for column in columns]
    return means, page.let("v", [square / formula(n) for square, n in zip(squares, counts, strict=True)])
