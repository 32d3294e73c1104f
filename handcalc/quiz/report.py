"""What the gates did: how many candidates each has looked at and rejected, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from handcalc.formula.words import phrase, told
from handcalc.quiz.gates import GATES

MOST_PLACES = 2


@dataclass
class Report:
    """`looked` and `rejected` count candidates by gate; `where` counts what was looked at, such as a line's key."""

    looked: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    where: dict[str, Counter[str]] = field(default_factory=dict)
    cannot_show: dict[tuple[str, str], None] = field(default_factory=dict)
    """Mistakes (their codes) and lines (their keys) where the two can't be told apart, whatever the numbers."""

    cannot_show_together: dict[str, None] = field(default_factory=dict)
    """Mistakes (their codes) that show nowhere in numbers in which the other ones show."""

    def tell(self, gate: str, looked: int, rejected: int, where: Iterable[tuple[str, int]] = ()) -> None:
        self.looked[gate] += looked
        self.rejected[gate] += rejected
        places = self.where.setdefault(gate, Counter())
        for key, count in where:
            if key and count:
                places[key] += count

    def share(self, gate: str) -> float:
        """The part of the candidates that `gate` rejects, of those that it has looked at."""
        return self.rejected[gate] / self.looked[gate] if self.looked[gate] else 0.0

    def worst(self) -> list[str]:
        """The gates that reject something, the strictest first."""
        found = [gate for gate in GATES if self.rejected[gate]]
        return sorted(found, key=lambda gate: -self.share(gate))

    def sentences(self, language: str = "en") -> Iterator[str]:
        """``mistakes rejects 83 % (wanted: no known mistake gives an accepted answer), most often at z1[2] (…)``."""
        for gate in self.worst():
            places = ", ".join(key for key, _ in self.where[gate].most_common(MOST_PLACES))
            yield phrase(
                language,
                "gate rejects most at" if places else "gate rejects",
                gate=gate,
                share=percent(self.share(gate)),
                tell=told(language, "gate", gate, GATES[gate].tell),
                places=places,
            )

    def as_dict(self) -> dict[str, object]:
        """For a manifest."""
        return {
            "gates": {
                gate: {"looked at": self.looked[gate], "rejected": self.rejected[gate]}
                for gate in GATES
                if self.looked[gate]
            },
            "cannot show beside others": list(self.cannot_show_together),
            "cannot show": [{"mistake": code, "line": key} for code, key in self.cannot_show],
        }


def percent(share: float) -> str:
    """Never 0 of something, or all of less."""
    if 0 < share < 0.01:
        return "less than 1 %"
    return "more than 99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")
