"""What the gates did: how many candidates each has looked at and rejected, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from handcalc.formula.words import phrase, told
from handcalc.quiz.gates import GATES
from handcalc.sheet.several import prefixed

MOST_PLACES = 2
NO_LINE = "no asked line"
"""Where a mistake is rejected that shows nowhere."""
ASK_MORE = "ask more lines, or switch the gate off"


@dataclass
class Report:
    """`looked` and `rejected` count candidates by gate; `where` counts what was looked at, such as a line's key.

    Of several questions each has a part, with its `number` and `name`.
    """

    looked: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    where: dict[str, Counter[str]] = field(default_factory=dict)
    cannot_show: dict[tuple[str, str], None] = field(default_factory=dict)
    """Mistakes (their codes) and lines (their keys) where the two can't be told apart, whatever the numbers."""
    cannot_show_together: dict[str, None] = field(default_factory=dict)
    """Mistakes (their codes) that show nowhere in numbers in which the other ones show."""
    number: int = 0
    name: str = ""
    parts: list[Report] = field(default_factory=list)

    def part(self, number: int, name: str) -> Report:
        """What the gates did in one question of several."""
        self.parts.append(Report(number=number, name=name))
        return self.parts[-1]

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

    def worst(self) -> list[tuple[Report, str]]:
        """The gates that reject something, each with the part it does so in, the strictest first."""
        found = [(one, gate) for one in (self, *self.parts) for gate in GATES if one.rejected[gate]]
        return sorted(found, key=lambda pair: -pair[0].share(pair[1]))

    def sentences(self, language: str = "en") -> Iterator[str]:
        """``mistakes rejects 83 % (wanted: no known mistake gives an accepted answer), most often at z1[2] (…)``."""
        for one, gate in self.worst():
            yield one.sentence(gate, language)

    def sentence(self, gate: str, language: str = "en") -> str:
        """Of several questions it begins with ``in question 2 (backward),``."""
        places = ", ".join(self._place(key, language) for key, _ in self.where[gate].most_common(MOST_PLACES))
        said = phrase(
            language,
            "gate rejects most at" if places else "gate rejects",
            gate=gate,
            share=percent(self.share(gate)),
            tell=told(language, "gate", gate, GATES[gate].tell),
            places=places,
        )
        if not self.number:
            return said
        name = f" ({self.name})" if self.name else ""
        return phrase(language, "in question", number=self.number, name=name, said=said)

    def remedy(self, gate: str) -> str:
        """What to do where `gate` leaves too few."""
        places = self.where[gate].most_common(1)
        return ASK_MORE if places and places[0][0].startswith(NO_LINE) else GATES[gate].widen

    @property
    def unseen(self) -> tuple[tuple[str, str], ...]:
        """What no question can show, the lines as they are called on the sheet."""
        own = tuple((code, self._key(line)) for code, line in self.cannot_show)
        return own + tuple(pair for one in self.parts for pair in one.unseen)

    def as_dict(self) -> dict[str, object]:
        """For a manifest."""
        return {
            "gates": {
                one._key(gate): {"looked at": one.looked[gate], "rejected": one.rejected[gate]}
                for one in (self, *self.parts)
                for gate in GATES
                if one.looked[gate]
            },
            "cannot show beside others": [
                one._key(code) for one in (self, *self.parts) for code in one.cannot_show_together
            ],
            "cannot show": [{"mistake": code, "line": key} for code, key in self.unseen],
        }

    def _key(self, key: str) -> str:
        return prefixed(key, self.number) if self.number else key

    def _place(self, place: str, language: str) -> str:
        if place.startswith(NO_LINE):
            return phrase(language, NO_LINE) + place.removeprefix(NO_LINE)
        return " and ".join(map(self._key, place.split(" and ")))  # of two that are alike in print


def percent(share: float) -> str:
    """Never 0 of something, or all of less."""
    if 0 < share < 0.01:
        return "less than 1 %"
    return "more than 99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")
