"""Timing by turns: the machine's mood hits both sides alike, so that their ratio holds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]
Clock = Callable[[], float]


def seconds(work: Work, repeats: int = 1, clock: Clock = time.perf_counter) -> float:
    """Seconds for one call, as the mean of `repeats` calls: of the wall, or of the clock that is given."""
    start = clock()
    for _ in range(repeats):
        work()
    return (clock() - start) / repeats


def ratio(
    numerator: Work, denominator: Work, *, rounds: int = 15, least: float = 0.02, clock: Clock = time.perf_counter
) -> float:
    """The median over `rounds` of numerator's time by denominator's, one after the other in each round.

    Each side is repeated until it takes about `least` seconds, so that the clock's grain doesn't count.
    """
    repeats = [max(1, round(least / max(seconds(work), 1e-7))) for work in (numerator, denominator)]
    gc.collect()
    gc.disable()
    try:
        pairs = [
            (seconds(numerator, repeats[0], clock), seconds(denominator, repeats[1], clock)) for _ in range(rounds)
        ]
    finally:
        gc.enable()
    return median(a / b for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Row:
    """A figure; `value` None means that it wasn't measured, and `word` says why."""

    name: str
    value: float | None
    limit: float
    most: bool = True
    word: str = ""

    def __str__(self) -> str:
        sign = "at most" if self.most else "at least"
        shown = "-" if self.value is None else f"{self.value:.2f}"
        return f"{self.name:<28}{shown:>12}  {sign} {self.limit:<8g}{self.word or ('ok' if self.holds else 'short')}"

    @property
    def holds(self) -> bool:
        return self.value is None or (self.value <= self.limit if self.most else self.value >= self.limit)
