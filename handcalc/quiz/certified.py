"""What is asked of a student's numbers, looked at in the digits that are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from handcalc.derive.passes import NumericPass
from handcalc.derive.solution import Solution
from handcalc.formula.quantity import Quantity
from handcalc.network.rounding import Carry
from handcalc.quiz.wave import Slots, slots_of


@dataclass(frozen=True)
class Printed:
    """A solution, what is asked of it, and the pairs of answers that are equal whatever the numbers."""

    solution: Solution
    asked: frozenset[Quantity]
    alike: frozenset[object]

    def passes(self) -> Iterator[tuple[NumericPass, list[str], Slots]]:
        """Each pass, with its rounded results by slot."""
        for worked in self.solution.passes:
            if isinstance(worked, NumericPass):
                yield worked, worked.printed.decimal, slots_of(worked.program, self.asked)


def two_figures(printed: Printed) -> bool:
    return printed.solution.network.rounding.figures or all(
        len(_figures(decimal[i])) >= 2 or worked.values[i] == 0
        for worked, decimal, slots in printed.passes()
        for i in slots.gradients
    )


def vanishing(printed: Printed) -> bool:
    return all(
        _figures(decimal[i]) or worked.values[i] == 0
        for worked, decimal, slots in printed.passes()
        for i in slots.gradients
    )


def visible_updates(printed: Printed) -> bool:
    return not any(
        decimal[new] == decimal[old] and worked.values[new] - worked.values[old] != 0
        for worked, decimal, slots in printed.passes()
        for new, old in slots.updates
    )


def falling_loss(printed: Printed) -> bool:
    if printed.solution.run.samples > 1:
        return True
    found = [number(decimal[i]) for _, decimal, slots in printed.passes() for i in slots.losses]
    return len(found) < 2 or found[-1] < found[0]


def confusable(printed: Printed) -> bool:
    return not any(
        decimal[i] == decimal[j] and _figures(decimal[i]) and ("confusable", pair) not in printed.alike
        for _, decimal, slots in printed.passes()
        for pair, i, j in slots.pairs
    )


def rounded_carry_agrees(printed: Printed) -> bool:
    """Whether outputs, loss and the last answer are the same when every result is rounded and carried on so."""
    solution, network = printed.solution, printed.solution.network
    other: Carry = "rounded" if network.carry == "exact" else "exact"
    again = Solution(network.changed(rounding=replace(network.rounding, carry=other)))
    last = solution.passes[-1].program
    finals = [ref.quantity for row in last.page.outputs for ref in row]
    finals += [last.slots.quantities[i] for i in slots_of(last, printed.asked).losses]
    finals += [step.target for step in last.steps if step.target in printed.asked][-1:]
    return all(solution[q.key].decimal() == again[q.key].decimal() for q in finals)


PRINTED: Mapping[str, Callable[[Printed], bool]] = {
    "vanishing": vanishing,
    "confusable": confusable,
    "two figures": two_figures,
    "visible updates": visible_updates,
    "falling loss": falling_loss,
    "rounded carry agrees": rounded_carry_agrees,
}
"""The gates that look at printed digits, each by its name."""


def _figures(text: str) -> str:
    """The significant figures of a printed number, without the sign, the point and zeros in front."""
    return text.partition("·")[0].replace(".", "").lstrip("-−0")


def number(text: str) -> Fraction:
    """A printed result: ``-0.25``, ``3/4``, ``1.50·10^-7``."""
    digits, _, power = text.replace("−", "-").partition("·10^")
    return Fraction(digits) * Fraction(10) ** int(power or 0)
