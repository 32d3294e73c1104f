"""A page made ready to be worked out many times: slots, code, and what each line names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

from handcalc.derive.bare import Bare
from handcalc.derive.page import Step
from handcalc.derive.tape import Slots, Value, exact_tape, is_rational, line_codes, may_be_rational, rounded_tape
from handcalc.derive.write import written
from handcalc.derive.writer import Turn, Written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Cases, Formula, Ref, children, is_total, quantities, size
from handcalc.ops.operation import Activation, Loss


class Program:
    """The steps of a `Written` page by slot. Code is made when it is first needed, once per page."""

    def __init__(self, page: Written, free: frozenset[Quantity] = frozenset()) -> None:
        self.page = page
        self.free = free
        """What may leave the range of the operation that makes it, since it is made with a mistake."""
        self.steps: tuple[Step, ...] = page.steps
        self.formulas = [step.formula for step in self.steps]
        self.slots = Slots.of(page.page.givens, (step.target for step in self.steps))
        self.first = self.slots.givens
        """The slot of the first step."""
        self.memo: dict[object, Any] = {}
        """What renderers make once per page."""
        self._tapes: dict[frozenset[int], Callable[..., list[Value]]] = {}

    def tape(self, fixed: frozenset[int] = frozenset()) -> Callable[..., list[Value]]:
        if fixed not in self._tapes:
            self._tapes[fixed] = exact_tape(self.slots, self.formulas, fixed)
        return self._tapes[fixed]

    @cached_property
    def rounding_tape(self) -> Callable[..., list[Value]]:
        return rounded_tape(self.slots, self.formulas)

    @cached_property
    def lines(self) -> list[Callable[[Sequence[Value]], Value]]:
        return line_codes(self.slots, self.formulas)

    @cached_property
    def operands(self) -> list[tuple[int, ...]]:
        """For each step the slots that its formula names."""
        number = self.slots.number
        return [tuple(number[q] for q in quantities(f)) for f in self.formulas]

    @cached_property
    def copies(self) -> list[int | None]:
        """For each step whose formula is one quantity's name, that quantity's slot."""
        number = self.slots.number
        return [number[f.quantity] if isinstance(f, Ref) else None for f in self.formulas]

    @cached_property
    def ranges(self) -> list[tuple[int, int] | None]:
        """By slot the open range that the value never leaves, where it has one: the output of a sigmoid, a softmax, and
        what a loss makes of scores."""
        found: dict[Quantity, tuple[int, int] | None] = {}
        for made in self.page.page.made:
            match made.operation:
                case Activation() as activation:
                    found |= {ref.quantity: activation.open_range for ref in made.outputs}
                case Loss(needs_scores=True):
                    found |= {q: (0, 1) for q in made.formulas if q.letter == "p"}
        return [
            None if q in self.free else found.get(q) or (found.get(q.later(-1)) if q.update else None)
            for q in self.slots.quantities
        ]

    @cached_property
    def totals(self) -> dict[int, tuple[int, ...]]:
        """The slots that are a total of other ones (of a softmax), with these."""
        return {
            self.first + n: self.operands[n]
            for n, step in enumerate(self.steps)
            if (isinstance(step.operation, Activation) or step.target.letter == "S") and is_total(step.formula)
        }

    @cached_property
    def sizes(self) -> list[int]:
        return [size(f) for f in self.formulas]

    @cached_property
    def has_cases(self) -> list[bool]:
        return [_has_cases(f) for f in self.formulas]

    @cached_property
    def chooses(self) -> list[bool]:
        """For each step whether it can be rational where what it compares isn't: a sign, the maximum of 0 and z."""
        return [cases or _has_maximum(f) for cases, f in zip(self.has_cases, self.formulas, strict=True)]

    @cached_property
    def is_rational(self) -> list[bool]:
        """For each step whether it is rational where what it names is."""
        return [is_rational(f, lambda q: True) for f in self.formulas]

    @cached_property
    def may_be_rational(self) -> list[bool]:
        """For each step whether it can be rational where what it names is: a square root can."""
        return list(map(may_be_rational, self.formulas))

    @cached_property
    def by_target(self) -> dict[Quantity, Formula]:
        return {step.target: step.formula for step in self.steps}

    @cached_property
    def made(self) -> dict[Quantity, Step]:
        return {step.target: step for step in self.steps}


@lru_cache(maxsize=128)
def program(shape: Bare, turn: Turn) -> Program:
    """The program of every network of this shape, for one of its passes."""
    return Program(written(shape, turn))


def _has_maximum(f: Formula) -> bool:
    return (isinstance(f, Call) and f.name == "max") or any(map(_has_maximum, children(f)))


def _has_cases(f: Formula) -> bool:
    return isinstance(f, Cases) or any(map(_has_cases, children(f)))
