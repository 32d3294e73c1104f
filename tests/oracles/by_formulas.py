"""A network worked out by the formulas that are printed, for operations that no oracle has written down; its slopes
by differences, which know no chain rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mpmath.ctx_mp import MPContext

from oracles.marks import Printed
from oracles.networks import Network, givens
from oracles.numbers import Point, Points, fraction

STAGES = ("dL/d", "[u=1]")


class ByFormulas:
    """`values` by key, as `ManyDigits` has them; the lines are those of the whole solution."""

    def __init__(self, network: Network, lines: Sequence[Printed], digits: int = 130) -> None:
        self.mp, self.lines, self.network = MPContext(), lines, network
        self.work_out(digits)
        if any("erf" in repr(line.stages[0]) for line in lines):  # 1 + erf(-33/√2) is 10^-238
            largest = max(abs(value) for key, value in self.values.items() if key[0] == "z")
            self.work_out(digits + int(largest**2) // 4)

    def work_out(self, digits: int) -> None:
        self.mp.dps = digits
        self.tiny = self.mp.mpf(10) ** (40 - digits)
        self.given: dict[str, Point] = {}
        for key, text in givens(self.network).items():
            exact = fraction(text)
            self.given[key] = self.mp.mpf(exact.numerator) / exact.denominator
        self.values = self.run(self.given, self.lines)

    def run(self, given: dict[str, Point], lines: Sequence[Printed]) -> dict[str, Point]:
        values = dict(given)
        points = Points(self.mp, values, self.tiny)
        for line in lines:
            values[line.key] = points.of(line.stages[0][1])
        return values

    def slopes(self) -> Iterator[tuple[str, Point]]:
        """∂L/∂ of each parameter by a central difference, right to about 2/3 of the digits."""
        forward = [line for line in self.lines if not any(mark in line.key for mark in STAGES)]
        h = self.mp.mpf(10) ** (-self.mp.dps // 3)
        for key in (key for key in self.given if key[0] in "Wb"):
            above, below = (self.run(self.given | {key: self.given[key] + s * h}, forward)["L"] for s in (1, -1))
            yield f"dL/d{key}", (above - below) / (2 * h)
