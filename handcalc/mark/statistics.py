"""What the marks of a class say: of the totals, of each line, of each mistake. Floats are good enough here.

share            of the marks of a line, the mean over all sheets: 1 is easy, 0 is hard
discrimination   correlation of a line's marks with those of all other lines (Pearson; corrected item-total correlation,
                 Henrysson, Psychometrika 28, 1963)
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flint import fmpq

from handcalc.mark.judged import Judged, MarkedSheet

LEAST_SHEETS = 8
"""With fewer there is no spread and no correlation."""
MOST_BINS = 12


class Bin(NamedTuple):
    """Totals from `least` up to `most`, whole marks; how many sheets have one of them."""

    least: int
    most: int
    sheets: int

    @property
    def name(self) -> str:
        return str(self.least) if self.most == self.least else f"{self.least}–{self.most}"


@dataclass(frozen=True, slots=True)
class OfLine:
    """One blank over all sheets that have it; `counts` by code."""

    line: Judged
    sheets: int
    share: float
    counts: Mapping[str, int]
    discrimination: float | None

    def count(self, *codes: str) -> int:
        return sum(self.counts.get(code, 0) for code in codes)


@dataclass(frozen=True, slots=True)
class OfMistake:
    """A mistake with a name: how often it was made, on how many sheets, at which blanks (most often first)."""

    general: str
    code: str
    times: int
    sheets: int
    at: tuple[str, ...]


@dataclass(frozen=True)
class Class:
    """The sheets of a class. There is at least one."""

    sheets: Sequence[MarkedSheet]

    @property
    def is_small(self) -> bool:
        return len(self.sheets) < LEAST_SHEETS

    @property
    def out_of(self) -> int:
        return max(one.out_of for one in self.sheets)

    @property
    def totals(self) -> list[fmpq]:
        return sorted(one.marks for one in self.sheets)

    @property
    def mean(self) -> fmpq:
        return sum(self.totals, fmpq(0)) / len(self.sheets)

    @property
    def median(self) -> fmpq:
        totals, middle = self.totals, len(self.sheets) // 2
        return totals[middle] if len(totals) % 2 else (totals[middle - 1] + totals[middle]) / 2

    @property
    def spread(self) -> float | None:
        """The standard deviation of the sample; None of a small class."""
        return None if self.is_small else statistics.stdev(map(_float, self.totals))

    @property
    def bins(self) -> tuple[Bin, ...]:
        """The totals in steps of equally many whole marks, halves with the mark below them."""
        width = -(-(self.out_of + 1) // MOST_BINS)
        counts = Counter(int(total.floor()) // width for total in self.totals)
        last = self.out_of // width
        return tuple(Bin(n * width, min((n + 1) * width - 1, self.out_of), counts[n]) for n in range(last + 1))

    @property
    def lines(self) -> tuple[OfLine, ...]:
        """In the order of the sheets."""
        keys = dict.fromkeys(one.key for sheet in self.sheets for one in sheet)
        return tuple(map(self._line, keys))

    def _line(self, key: str) -> OfLine:
        having = [sheet for sheet in self.sheets if key in sheet.by_key]
        lines = [sheet.by_key[key] for sheet in having]
        share = sum(_float(one.share) for one in lines) / len(lines)
        counts = Counter(one.code for one in lines)
        own = [_float(one.marks) for one in lines]
        others = [_float(sheet.marks - one.marks) for sheet, one in zip(having, lines, strict=True)]
        found = None if len(having) < LEAST_SHEETS else _correlation(own, others)
        return OfLine(lines[0], len(lines), share, {str(code): n for code, n in counts.items()}, found)

    @property
    def mistakes(self) -> tuple[OfMistake, ...]:
        """The most frequent first."""
        made: dict[tuple[str, str], list[tuple[str, str]]] = {}
        general: dict[tuple[str, str], str] = {}
        for sheet in self.sheets:
            for one in sheet:
                if one.mistake is not None:
                    name = one.mistake.kind, one.mistake.code
                    made.setdefault(name, []).append((sheet.key, one.key))
                    general.setdefault(name, one.mistake.general)
        found = [
            OfMistake(
                general[name], name[1], len(places), len({who for who, _ in places}),
                tuple(key for key, _ in Counter(key for _, key in places).most_common()),
            )
            for name, places in made.items()
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (-one.sheets, -one.times, one.code, one.general)))

    @property
    def saved(self) -> fmpq:
        """The marks of lines that are right from an earlier value of the student's own."""
        return sum((one.marks for sheet in self.sheets for one in sheet if one.code == "follows"), fmpq(0))

    @property
    def all_marks(self) -> fmpq:
        return sum(self.totals, fmpq(0))

    @property
    def to_look_at(self) -> tuple[tuple[MarkedSheet, Judged], ...]:
        return tuple((sheet, one) for sheet in self.sheets for one in sheet if not one.is_settled)


def _correlation(own: Sequence[float], others: Sequence[float]) -> float | None:
    """None where one of them doesn't vary."""
    if len(set(own)) == 1 or len(set(others)) == 1:
        return None
    return statistics.correlation(own, others)


def _float(x: fmpq) -> float:
    return int(x.p) / int(x.q)
