"""An independent check of a key: what is printed is worked out once more, in ways that share little with it.

50 digits      each line from the given texts, in decimals; the printed digits are its value, rounded as the sheet
               says, and an equals sign stands where they are equal
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal, localcontext
from typing import NamedTuple

from handcalc.derive.places import places_by_slot
from handcalc.derive.solution import Solution
from handcalc.network.rounding import Rounding
from handcalc.quiz.agreement import Checked, Disagreement, Record, Tally, relative
from handcalc.quiz.by_decimals import DIGITS, begin, context, lines_in_decimals
from handcalc.quiz.by_differences import check_slopes
from handcalc.quiz.by_floats import check_floats
from handcalc.quiz.by_numpy import check_plain
from handcalc.quiz.digits_on_paper import has_its_places, is_equal, is_rounded, keeps_more, on_paper
from handcalc.quiz.worked_again import Again, worked_again

__all__ = ["Checked", "Disagreement", "Record", "verify"]

ENDS = frozenset(map(Decimal, (-1, 0, 1)))
PRECISIONS = (DIGITS, 2 * DIGITS, 8 * DIGITS, 32 * DIGITS)
"""Digits to work with: the next ones where something disagrees, since a difference may have lost the first ones."""


def verify(solution: Solution) -> Record:
    """Check every line of the passes that are worked line by line."""
    before: list[Disagreement] = []
    for digits in PRECISIONS:
        tallies = [Tally("50 digits"), Tally("floats"), Tally("differences"), Tally("NumPy")]
        begin(digits)
        passes = worked_again(solution, digits)
        with localcontext(context(digits)):
            for again in passes:
                _check(solution, again, digits, *tallies[:3])
            check_plain(solution, passes, tallies[3])
        found = [one for tally in tallies for one in tally.disagreements]
        if not found or (found == before and digits > DIGITS + max(len(one.printed) for one in found)):
            break
        before = found
    return Record(len(solution.lines), tuple(tally.checked() for tally in tallies), tuple(found))


def _check(
    solution: Solution, again: Again, digits: int, by_decimals: Tally, by_floats: Tally, by_differences: Tally
) -> None:
    program = again.of.program
    _compare(solution.network.rounding, again, by_decimals)
    check_floats(again, by_floats)
    lines, printed = lines_in_decimals(program, digits), again.of.printed.decimal
    check_slopes(solution.run.shape, program, again.exact, lines, printed, by_differences)


def _compare(rounding: Rounding, again: Again, tally: Tally) -> None:
    """The digits of a pass with what its lines give."""
    one, first = again.of, again.of.program.first
    places = places_by_slot(one.program, rounding)
    for slot, value in enumerate(again.values):
        quantity, typed_text = one.program.slots.quantities[slot], one.typed[slot] if slot < first else None
        operand, decimal = one.printed.operand[slot], one.printed.decimal[slot]
        if typed_text is not None:
            if operand != typed_text:
                tally.differs(quantity.key, operand, on_paper(typed_text))
        elif slot < first and not again.begins:
            tally.leave("what a pass begins with")
        elif value is None:
            tally.leave("letters" if one.values[slot] is None else "no value")
        else:
            on_line = _OnLine(rounding, places[slot], value, _ends(again, slot))
            result = one.printed.result[slot]
            wrong = [text for sign, text in result if not on_line.may_end(sign, text)]
            if ("=", operand) not in result and not on_line.may_stand_for(operand):
                wrong.append(operand)
            if ("≈", decimal) not in result and not is_rounded(value, decimal, rounding.how):
                wrong.append(decimal)
            if wrong:
                tally.differs(quantity.key, wrong[0], value)
            else:
                tally.agrees(relative(on_paper(decimal), value))


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


def _ends(again: Again, slot: int) -> frozenset[Decimal]:
    """What a value may not become by rounding: 0, the end of an open range, one of the terms of a total."""
    first = again.of.program.first
    if slot < first or again.of.network.carry == "exact":
        return ENDS
    return ENDS | {again.on_paper[i] for i in again.of.program.operands[slot - first]}
