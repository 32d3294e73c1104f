"""An independent check of a key: what is printed is worked out once more, in ways that share little with it.

50 digits      each line from the given texts, in decimals; the printed digits are its value, rounded as the sheet
               says, and an equals sign stands where they are equal
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from handcalc.derive.places import names
from handcalc.derive.solution import Solution
from handcalc.network.rounding import Rounding
from handcalc.quiz.by_decimals import DIGITS, context
from handcalc.quiz.digits_on_paper import has_its_places, is_equal, is_rounded, keeps_more, on_paper
from handcalc.quiz.worked_again import Again, worked_again

PRECISIONS = (DIGITS, 2 * DIGITS, 8 * DIGITS, 32 * DIGITS)
"""Digits to work with: the next ones where something disagrees, since a difference may have lost the first ones."""


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
    lines: int
    unchecked: dict[str, int]
    """How many were not, by the reason."""
    largest: str
    """The largest relative difference from the value of 50 digits, rounded up to a power of ten; of that value from
    the printed one."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the check of one key has found."""

    lines: int
    ways: tuple[Checked, ...]
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def agrees(self) -> bool:
        return not self.disagreements

    def as_dict(self) -> dict[str, Any]:
        """As it is written as JSON."""
        return asdict(self) | {"agrees": self.agrees, "disagreements": [one._asdict() for one in self.disagreements]}


def verify(solution: Solution) -> Record:
    """Check every line of the passes that are worked line by line."""
    for digits in PRECISIONS:
        passes = worked_again(solution, digits)
        tally = Tally("50 digits")
        with localcontext(context(digits)):
            for again in passes:
                _compare(solution.network.rounding, again, tally)
        if not tally.disagreements:
            break
    return Record(len(solution.lines), (tally.checked(),), tuple(tally.disagreements))


@dataclass
class Tally:
    """What one way has found so far."""

    way: str
    lines: int = 0
    unchecked: Counter[str] = field(default_factory=Counter)
    largest: Decimal = Decimal(0)
    disagreements: list[Disagreement] = field(default_factory=list)

    def checked(self) -> Checked:
        top = f"1e{self.largest.adjusted() + 1}" if self.largest else "0"
        return Checked(self.way, self.lines, dict(sorted(self.unchecked.items())), top)

    def compared(self, key: str, printed: str, found: Decimal, agrees: bool, difference: Decimal) -> None:
        self.lines += 1
        if agrees:
            self.largest = max(self.largest, difference)
        else:
            self.disagreements.append(Disagreement(key, printed, f"{found:.15g}", self.way))


def _compare(rounding: Rounding, again: Again, tally: Tally) -> None:
    """The digits of a pass with what its lines give."""
    one, first = again.of, again.of.program.first
    for slot, value in enumerate(again.values):
        quantity, typed_text = one.program.slots.quantities[slot], one.typed[slot] if slot < first else None
        operand, decimal = one.printed.operand[slot], one.printed.decimal[slot]
        if typed_text is not None:
            if operand != typed_text:
                tally.disagreements.append(Disagreement(quantity.key, operand, typed_text, tally.way))
        elif slot < first and not again.begins:
            tally.unchecked["what a pass begins with"] += 1
        elif value is None:
            tally.unchecked["letters" if one.values[slot] is None else "no value"] += 1
        else:
            on_line = _OnLine(rounding, _places(quantity.key, rounding), value, _ends(again, slot))
            wrong = [text for sign, text in one.printed.result[slot] if not on_line.may_end(sign, text)]
            wrong += [text for text in (operand,) if not on_line.may_stand_for(text)]
            wrong += [text for text in (decimal,) if not is_rounded(value, text, rounding.how)]
            shown = wrong[0] if wrong else decimal
            tally.compared(quantity.key, shown, value, not wrong, _distance(value, shown))


class _OnLine(NamedTuple):
    """What a line gives, and how it is to be written."""

    rounding: Rounding
    places: int
    value: Decimal
    ends: Collection[Decimal]

    def may_end(self, sign: str, text: str) -> bool:
        if sign == "=":
            return is_equal(self.value, text)
        return is_rounded(self.value, text, self.rounding.how) and (
            has_its_places(text, self.places, self.rounding)
            or (
                self.rounding.carry == "rounded" and keeps_more(self.value, text, self.places, self.rounding, self.ends)
            )
        )

    def may_stand_for(self, text: str) -> bool:
        """Whether later lines may write `text` for the value."""
        if self.rounding.carry == "rounded":
            return is_rounded(self.value, text, self.rounding.how)
        return is_equal(self.value, text)


def _ends(again: Again, slot: int) -> set[Decimal]:
    """What a value may not become by rounding: 0, the end of an open range, one of the terms of a total."""
    ends, first = {Decimal(0), Decimal(1), Decimal(-1)}, again.of.program.first
    if slot >= first and again.of.network.carry == "rounded":
        ends |= {on_paper(again.of.printed.operand[i]) for i in again.of.program.operands[slot - first]}
    return ends


def _places(key: str, rounding: Rounding) -> int:
    own = {name.removeprefix("-"): n for name, n in rounding.own}
    return next((own[name] for name in names(key) if name in own), rounding.places) if own else rounding.places


def _distance(value: Decimal, text: str) -> Decimal:
    """The relative difference of `value` from the number that is printed."""
    return abs(value - on_paper(text)) / abs(value) if value else Decimal(0)
