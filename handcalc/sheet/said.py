"""What the picture of a network says in numbers and names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from handcalc.derive.digits import Printed
from handcalc.derive.solution import Solution
from handcalc.derive.writer import Written, WrittenLayer
from handcalc.formula.maths import Shown, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase, told
from handcalc.sheet.labels import on_a_line


def layer_titles(layer: WrittenLayer, language: str) -> tuple[str, ...]:
    """What the activations of a layer are called."""
    return tuple(told(language, kind.name, "title", kind.title or kind.name) for kind in layer.kinds)


@dataclass(frozen=True)
class Said:
    """What a picture says in numbers, of the first pass."""

    solution: Solution
    values: bool = True
    gradients: bool = True

    def given(self, quantity: Quantity, *, signed: bool = False) -> Shown:
        """A number as typed, or a letter."""
        rooms = tuple(on_a_line(text, signed=signed) for text in self.solution.rooms[quantity.key])
        digits = on_a_line(self._printed.operand[self._slot(quantity)], signed=signed)
        return Shown(quantity, digits, widest=rooms)

    def value(self, quantity: Quantity) -> Shown | None:
        """What is worked out of a quantity, rounded, where there is one sample; an input as typed."""
        if not self.values or len(self.page.outputs) > 1 or self.solution.run.samples > 1:
            return None
        if self._slot(quantity) < self.solution.program.first:
            return self.given(quantity)
        return self._computed(quantity) if "forward" in self.solution.network.show else None

    def gradient(self, quantity: Quantity) -> Shown | None:
        """The gradient with respect to `quantity`; none where each sample is an update of its own."""
        if not self.gradients or "gradients" not in self.solution.network.show or self.solution.run.samples > 1:
            return None
        found = self._gradients.get(quantity)
        return self._computed(found) if found else None

    @property
    def loss(self) -> Slot:
        """What stands for the loss."""
        objective = self.page.objective
        return Slot(objective.quantity.without_context() if objective else Quantity("L"))

    @property
    def page(self) -> Written:
        return self.solution.program.page

    @cached_property
    def _gradients(self) -> dict[Quantity, Quantity]:
        """By what they are of."""
        steps = self.solution.program.steps
        return {step.of: step.target for step in steps if step.stage == "gradients" and step.of}

    def _computed(self, quantity: Quantity) -> Shown | None:
        result = self._printed.result[self._slot(quantity)]
        rooms = tuple(map(on_a_line, self.solution.rooms[quantity.key]))
        decimal = self._printed.decimal[self._slot(quantity)]
        return Shown(quantity, on_a_line(result[-1][1]), widest=rooms) if decimal else None

    @property
    def _printed(self) -> Printed:
        return self.solution.printed

    def _slot(self, quantity: Quantity) -> int:
        return self.solution.program.slots.number[quantity]


def with_way(alt: str, start: Quantity | None, language: str) -> str:
    """What a picture shows, and where the way begins that is drawn thick."""
    return f"{alt}; {phrase(language, 'way drawn thick', key=start.key)}" if start else alt


def shortened(name: str) -> str:
    return name if len(name) <= 24 else name[:23].rstrip() + "…"
