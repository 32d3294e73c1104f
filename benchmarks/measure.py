"""Timing by turns: the machine's mood hits both sides alike, so that their ratio holds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median

Work = Callable[[], object]


def seconds(work: Work, repeats: int = 1) -> float:
    """Wall seconds for one call, as the mean of `repeats` calls."""
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - start) / repeats


def ratio(numerator: Work, denominator: Work, *, rounds: int = 15, least: float = 0.02) -> float:
    """The median over `rounds` of numerator's time by denominator's, one after the other in each round.

    Each side is repeated until it takes about `least` seconds, so that the clock's grain doesn't count.
    """
    repeats = [max(1, round(least / max(seconds(work), 1e-7))) for work in (numerator, denominator)]
    gc.collect()
    gc.disable()
    try:
        pairs = [(seconds(numerator, repeats[0]), seconds(denominator, repeats[1])) for _ in range(rounds)]
    finally:
        gc.enable()
    return median(a / b for a, b in pairs)
