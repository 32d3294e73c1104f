"""Whose numbers somebody has worked with: answers that are those of another sheet of the pack. Told, never judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from handcalc.formula.number import read_number
from handcalc.mark.answer import Answer
from handcalc.mark.handed_out import HandedOut, OneSheet
from handcalc.mark.judged import MarkedSheet
from handcalc.mark.reading import read_answer
from handcalc.mark.world import is_plain

LEAST = 3
"""So many answers have to be those of the other sheet; 0, 1 and −1 don't count."""


@dataclass(frozen=True)
class Others:
    """The sheets of a pack, with what each prints on its key."""

    handed_out: HandedOut

    def whose(self, marked: MarkedSheet) -> OneSheet | None:
        """The sheet with other numbers whose printed values are at least half of what was written, and more of it than
        is correct here; None where there is none. Of several the one with the most, in the order of the print run.

        Later lines follow from the other numbers too: so marks don't tell.
        """
        typed = {one.key: found for one in marked if (found := _values(one.text))}
        right = sum(one.code == "correct" for one in marked if one.key in typed)
        if 2 * right > len(typed):
            return None
        best, most = None, max(LEAST - 1, right, (len(typed) - 1) // 2)
        for sheet, printed in self._printed:
            count = sum(printed.get(key) in found for key, found in typed.items())
            if count > most and sheet.code != marked.sheet.code:
                best, most = sheet, count
        return best

    @cached_property
    def _printed(self) -> list[tuple[OneSheet, Mapping[str, fmpq]]]:
        return [(one, _table(one)) for one in self.handed_out.sheets]


def _values(text: str) -> Sequence[fmpq]:
    read = read_answer(text) if text else None
    if not isinstance(read, Answer):
        return ()
    entries = (one.entry for one in read.readings)
    return [one.value for one in entries if one is not None and isinstance(one.value, fmpq) and not is_plain(one.value)]


def _table(sheet: OneSheet) -> Mapping[str, fmpq]:
    found: dict[str, fmpq] = {}
    for key, one in sheet.wanted.items():
        try:
            found[key] = read_number(one.value).value
        except ValueError:  # an expression in letters
            continue
    return found
