"""What the check of a key has found, in each of its ways."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple


class Disagreement(NamedTuple):
    """What is `printed` for a quantity, and what was `found` instead in one of the ways."""

    key: str
    printed: str
    found: str
    way: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was checked in one way."""

    way: str
    numbers: int
    unchecked: dict[str, int]
    """How many were not, by the reason."""
    largest: str
    """The largest relative difference, rounded up to a power of ten: of the first way from the printed numbers, of the
    others from what the first way finds."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the check of one key has found."""

    lines: int
    """Of the key."""
    ways: tuple[Checked, ...]
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def agrees(self) -> bool:
        return not self.disagreements

    def as_dict(self) -> dict[str, Any]:
        """As it is written as JSON."""
        found = asdict(self)
        return found | {"agrees": self.agrees, "disagreements": [one._asdict() for one in self.disagreements]}


@dataclass
class Tally:
    """What one way has found so far."""

    way: str
    numbers: int = 0
    unchecked: Counter[str] = field(default_factory=Counter)
    largest: Decimal | float = 0.0
    disagreements: list[Disagreement] = field(default_factory=list)

    def agrees(self, difference: Decimal | float) -> None:
        """One more number is as it is printed; `difference` is a relative one."""
        self.numbers += 1
        if difference > self.largest:
            self.largest = difference

    def differs(self, key: str, printed: str, found: Decimal | float) -> None:
        self.numbers += 1
        self.disagreements.append(Disagreement(key, printed, f"{found or 0:.15g}", self.way))

    def leave(self, reason: str, count: int = 1) -> None:
        """So many numbers can't be checked in this way."""
        self.unchecked[reason] += count

    def checked(self) -> Checked:
        top = f"1e{Decimal(self.largest).adjusted() + 1}" if self.largest else "0"
        return Checked(self.way, self.numbers, dict(sorted(self.unchecked.items())), top)


def relative(found: Decimal, expected: Decimal) -> Decimal:
    """The difference of the two, relative to the larger of the expected value and 1."""
    return abs(found - expected) / max(abs(expected), Decimal(1))
