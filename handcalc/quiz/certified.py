"""What is asked of a student's numbers, looked at in the digits that are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from handcalc.derive.page import Step
from handcalc.derive.passes import NumericPass
from handcalc.derive.solution import Solution
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import is_class
from handcalc.network.rounding import Carry
from handcalc.quiz.wave import learns_from_classes


@dataclass(frozen=True)
class Printed:
    """A solution, what is asked of it, and the pairs of answers that are equal whatever the numbers."""

    solution: Solution
    asked: frozenset[Quantity]
    alike: frozenset[object]

    def lines(self, *stages: str) -> Iterator[tuple[NumericPass, Step, str]]:
        """Each asked line of the stages, with its rounded result."""
        for worked in self.solution.passes:
            if isinstance(worked, NumericPass):
                for slot, step in enumerate(worked.program.steps, worked.program.first):
                    if step.stage in stages and step.target in self.asked:
                        yield worked, step, worked.printed.decimal[slot]


def two_figures(printed: Printed) -> bool:
    return all(
        len(_figures(text)) >= 2 or _is_zero(worked, step.target)
        for worked, step, text in printed.lines("gradients")
        if not printed.solution.network.rounding.figures
    )


def vanishing(printed: Printed) -> bool:
    return all(
        bool(_figures(text)) or _is_zero(worked, step.target) for worked, step, text in printed.lines("gradients")
    )


def visible_updates(printed: Printed) -> bool:
    for worked, step, text in printed.lines("update"):
        old = step.target.later(-1)
        before = worked.printed.decimal[worked.program.slots.number[old]]
        learned = old in worked.program.page.learned
        if learned and number(text) == number(before) and not _stays(worked, step.target, old):
            return False
    return True


def falling_loss(printed: Printed) -> bool:
    found = []
    for worked in printed.solution.passes:
        objective = worked.program.page.objective
        loss = objective.quantity if objective else None
        for slot, step in enumerate(worked.program.steps, worked.program.first):
            if loss is not None and step.target in (loss, loss.later()):
                found.append(number(worked.printed.decimal[slot]))
    online = printed.solution.run.samples > 1
    return online or len(found) < 2 or found[-1] < found[0]


def confusable(printed: Printed) -> bool:
    blocks: dict[tuple[int, str], list[tuple[Quantity, Fraction]]] = {}
    for worked, step, text in printed.lines("scaling", "forward", "output", "loss", "gradients", "update", "rerun"):
        if not is_class(step.formula) and not (step.stage == "update" and learns_from_classes(worked.program)):
            block = (worked.turn.update, step.target.block())
            blocks.setdefault(block, []).append((step.target, number(text)))
    return not any(
        a == b and a != 0 and ("confusable", (update, p, q)) not in printed.alike
        for (update, _), entries in blocks.items()
        for (p, a), (q, b) in combinations(entries, 2)
    )


def rounded_carry_agrees(printed: Printed) -> bool:
    """Whether outputs, loss and the last answer are the same when every result is rounded and carried on so."""
    solution, network = printed.solution, printed.solution.network
    other: Carry = "rounded" if network.carry == "exact" else "exact"
    again = Solution(network.changed(rounding=replace(network.rounding, carry=other)))
    last = solution.passes[-1]
    finals = [ref.quantity for row in last.program.page.outputs for ref in row]
    finals += [o.quantity] if (o := last.program.page.objective) else []
    finals += [step.target for step in last.program.steps if step.target in printed.asked][-1:]
    finals += [step.target for step in last.program.steps if step.stage == "rerun" and step.target.letter == "L"]
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


def _is_zero(worked: NumericPass, quantity: Quantity) -> bool:
    return bool(worked.value(quantity) == 0)


def _stays(worked: NumericPass, new: Quantity, old: Quantity) -> bool:
    return bool(worked.value(new) - worked.value(old) == 0)


def _figures(text: str) -> str:
    """The significant figures of a printed number, without the sign, the point and zeros in front."""
    return text.partition("·")[0].replace(".", "").lstrip("-−0")


def number(text: str) -> Fraction:
    """A printed result: ``-0.25``, ``3/4``, ``1.50·10^-7``."""
    digits, _, power = text.replace("−", "-").partition("·10^")
    return Fraction(digits) * Fraction(10) ** int(power or 0)
