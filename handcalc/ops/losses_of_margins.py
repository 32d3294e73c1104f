"""Losses without probabilities: hinges, whose p is a score, and the perceptron's, whose p is the output of a step."""

from __future__ import annotations

from typing import ClassVar

from handcalc.formula.tree import Formula, Ref, absolute, cases, largest, total
from handcalc.ops.losses import OVER, OverOutputs, difference, sign
from handcalc.ops.operation import Loss, Made, Mistake, Option, Page, Vector

MARGIN = Option("margin", "1", letter="Delta", above="0", tell="margin")
LABELS = Option("labels", "-1 and 1", words=("-1 and 1", "0 and 1"))


class Hinge(OverOutputs):
    """Σ max(0, Δ − y p) for targets −1 and 1; for targets 0 and 1 with 2y − 1 for y (Cortes and Vapnik, 1995).

    The slope where a score is exactly at the margin is 0.
    """

    name = "hinge"
    title = "hinge loss"
    aliases = ("hinge loss",)
    tell = "A score on the right side of its margin costs nothing; else the loss is what it lacks."
    gradient_tell = "The slope of a hinge is −y where the score lacks something, else 0."
    options = (MARGIN, LABELS, OVER)
    variants = ({"margin": "0.5"}, {"labels": "0 and 1"}, {"over": "mean"})
    example = (("1.7", "0.2"), ("1", "-1"))
    mistakes: ClassVar[tuple[Mistake, ...]] = (
        Mistake(18, "sign-of-delta", "the slope has the wrong sign", "share_slope",
                lambda self, p, y: -Hinge.share_slope(self, p, y)),
        Mistake(37, "mask-left-out", "a score beyond its margin gets a slope, too", "share_slope",
                lambda self, p, y: -self.label(y)),
    )  # fmt: skip

    margin: Formula
    labels: str

    def label(self, y: Formula) -> Formula:
        """−1 or 1."""
        return y if self.labels == "-1 and 1" else 2 * y - 1

    def lack(self, p: Ref, y: Formula) -> Formula:
        return self.margin - self.label(y) * p

    def term(self, p: Ref, y: Formula) -> Formula:
        return largest(0, self.lack(p, y))

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        return cases(self.lack(p, y), ">", 0, yes=-self.label(y), no=0)


class SquaredHinge(Hinge):
    """Σ max(0, Δ − y p)², as `Hinge` with each share squared."""

    name = "squared hinge"
    title = "squared hinge loss"
    aliases = ("squared hinge loss",)
    tell = "A score on the right side of its margin costs nothing; else the loss is the square of what it lacks."
    gradient_tell = "The square brings down a factor 2; the slope of what the score lacks is −y."
    mistakes = (
        Mistake(44, "not-squared", "what the score lacks is not squared", "term",
                lambda self, p, y: Hinge.term(self, p, y)),
        Mistake(17, "factor-2-lost", "the factor 2 of the square's slope is lost", "share_slope",
                lambda self, p, y: -(self.label(y) * largest(0, self.lack(p, y)))),
        Mistake(18, "sign-of-delta", "the slope has the wrong sign", "share_slope",
                lambda self, p, y: -SquaredHinge.share_slope(self, p, y)),
    )  # fmt: skip

    def term(self, p: Ref, y: Formula) -> Formula:
        return largest(0, self.lack(p, y)) ** 2

    def share_slope(self, p: Ref, y: Formula) -> Formula:
        return -(2 * self.label(y) * largest(0, self.lack(p, y)))


class MultiClassHinge(Loss):
    """Σ over the wrong classes j of max(0, p_j − p_c + Δ), where c is the right class (Weston and Watkins, 1999).

    Each term is a step of its own, h. The slope of a term is 1 where it isn't 0; at its kink it is taken as 0.
    """

    name = "multi class hinge"
    title = "multi-class hinge loss"
    aliases = ("multiclass hinge", "multi class hinge loss", "multiclass svm loss")
    needs_class = True
    tell = "Each wrong class costs what its score comes closer to the score of the right class than the margin."
    gradient_tell = "Each term that isn't 0 has slope 1 for its own score and −1 for the score of the right class."
    options = (MARGIN,)
    variants = ({"margin": "10"},)
    example = (("13", "-7", "11", "14"), ("1", "0", "0", "0"))

    margin: Formula

    def row(self, wrong: Ref, right: Ref) -> Formula:
        return largest(0, wrong - right + self.margin)

    def write(self, page: Page, p: Vector, y: Vector) -> list[Ref]:
        c = self._right()
        rows = [self.row(one, p[c]) for j, one in enumerate(p) if j != c]
        return page.out([total(page.let("h", rows) if rows else [])])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        c, results = self._right(), {ref.quantity for ref in made.outputs}
        masks = [cases(Ref(q), ">", 0, yes=1, no=0) for q in made.formulas if q not in results]
        block, j = made.places[x.quantity]
        if block != 0:
            return total([])
        return self.right_slope(masks) if j == c else masks[j - (j > c)]

    def right_slope(self, masks: list[Formula]) -> Formula:
        """∂L/∂p_c: minus the number of terms that aren't 0."""
        return -total(masks)

    def _right(self) -> int:
        if self.right is None:
            raise RuntimeError(f"{self.name} is about the right class, and none is set")
        return self.right

    mistakes = (
        Mistake(21, "one-path", "only one term is counted for the right class", "right_slope",
                lambda self, masks: -masks[0]),
        Mistake(18, "sign-of-delta", "the slope of the right class has the wrong sign", "right_slope",
                lambda self, masks: total(masks)),
        Mistake(43, "scores-swapped", "right and wrong score are swapped", "row",
                lambda self, wrong, right: largest(0, right - wrong + self.margin)),
    )  # fmt: skip


class Perceptron(Loss):
    """L = Σ |y − a| of the outputs of a step; the perceptron rule takes a − y as its slope (Rosenblatt, 1958).

    The rule is no derivative: the step is flat. Behind another activation the slope is that of the absolute value.
    """

    name = "perceptron"
    title = "perceptron error"
    aliases = ("perceptron error",)
    conventional = True
    tell = "The error of the perceptron: how far the outputs are from their targets."
    gradient_tell = "The slope of an absolute error is its sign."
    quoted_tell = "The perceptron rule takes output minus target as the slope: a right answer changes nothing."
    quoted = {"step": difference}  # noqa: RUF012
    example = (("0", "1"), ("1", "1"))
    mistakes = (
        Mistake(18, "sign-of-delta", "target and output are swapped", "quoted", {"step": lambda p, y: y - p}),
        Mistake(48, "updated-though-right", "the target itself is taken as the error", "quoted",
                {"step": lambda p, y: -y}),
    )  # fmt: skip

    def term(self, p: Ref, y: Formula) -> Formula:
        return absolute(y - p)

    def slope(self, p: Ref, y: Formula, outputs: int) -> Formula:
        return sign(p, y)
