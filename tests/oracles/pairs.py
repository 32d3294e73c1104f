"""All pairs: a few rows in which every two levels of two factors stand together at least once (greedy, Cohen 1997).

A row gives each factor one of its levels; `legal` says of a row, or of a part of one, whether it may stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from random import Random

Level = str
Row = dict[str, Level]
Choice = tuple[str, Level]
Pair = tuple[Choice, Choice]
"""The factor that is listed first comes first."""
Legal = Callable[[Mapping[str, Level]], bool]
Domains = dict[str, list[Level]]


class AllPairs:
    """`rows`, the `pairs` that they cover, and those that are `impossible`: no legal row holds them."""

    def __init__(self, factors: Mapping[str, Sequence[Level]], legal: Legal, seed: int) -> None:
        self.factors, self.legal, self.random = factors, legal, Random(seed)
        self.place = {factor: n for n, factor in enumerate(factors)}
        every = [
            ((one, a), (other, b))
            for one, other in combinations(factors, 2)
            for a in factors[one]
            for b in factors[other]
        ]
        self.impossible = {pair for pair in every if not legal(dict(pair))}
        self.forbidden = frozenset(self.impossible)
        self.pairs = set(every)
        self.open = self.pairs - self.impossible
        self.rows: list[Row] = []
        self.random.shuffle(every)
        for pair in every:
            if pair in self.open:
                self._add(pair)
        self.pairs -= self.impossible

    def completed(self, pair: Pair) -> Row | None:
        """A legal row that holds the pair, if there is one."""
        domains: Domains | None = {factor: list(levels) for factor, levels in self.factors.items()}
        for one in pair:
            domains = self._left(domains, one) if domains else None
        return self._completed(dict(pair), domains) if domains else None

    def _add(self, pair: Pair) -> None:
        row = self.completed(pair)
        if row is None:
            self.impossible.add(pair)
            self.open.discard(pair)
        else:
            self.rows.append({factor: row[factor] for factor in self.factors})
            self.open -= self.covered(self.rows[-1])

    def _completed(self, begun: Row, domains: Domains) -> Row | None:
        """A legal row with what is `begun`: next the factor with the fewest levels left, at the level that covers the
        most open pairs."""
        if not self.legal(begun):
            return None
        rest = {factor: levels for factor, levels in domains.items() if factor not in begun}
        if not rest:
            return begun
        factor = min(rest, key=lambda one: (len(rest[one]), self.random.random()))
        levels = sorted(rest[factor], key=lambda level: (-self._gain(begun, (factor, level)), self.random.random()))
        for level in levels:
            left = self._left(rest, (factor, level))
            if left is not None and (row := self._completed({**begun, factor: level}, left)):
                return row
        return None

    def _left(self, domains: Domains, chosen: Choice) -> Domains | None:
        """The levels that go with what was chosen; none where a factor has none left."""
        left = {
            factor: levels
            if factor == chosen[0]
            else [one for one in levels if self.pair(chosen, (factor, one)) not in self.forbidden]
            for factor, levels in domains.items()
        }
        return left if all(left.values()) else None

    def _gain(self, begun: Row, chosen: Choice) -> int:
        return sum(self.pair(chosen, one) in self.open for one in begun.items())

    def pair(self, one: Choice, other: Choice) -> Pair:
        return (one, other) if self.place[one[0]] < self.place[other[0]] else (other, one)

    def covered(self, row: Row) -> set[Pair]:
        return set(combinations(row.items(), 2))
