"""One line of a pass: its formula, what is put in, its result, and in words what a student would wonder about."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flint import fmpq

from handcalc.derive.identity import chosen
from handcalc.derive.page import Step
from handcalc.formula.maths import Maths, Relation, Row, Shown, Slot
from handcalc.formula.notation import filled, lettered, number, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import ONE, OPPOSITE, ZERO, Cases, Formula, Num, Ref, children
from handcalc.formula.words import Words, say

if TYPE_CHECKING:
    from handcalc.derive.passes import NumericPass, Pass

EQUALS, ABOUT = Relation("="), Relation("≈")


@dataclass(frozen=True)
class Line(ABC):
    """One step of a pass: what it is called, its formula, what is put in, the result."""

    of: Pass
    slot: int
    step: Step

    @property
    def quantity(self) -> Quantity:
        return self.step.target

    @property
    def key(self) -> str:
        return self.quantity.key

    @property
    def formula(self) -> Formula:
        return self.step.formula

    @property
    def operands(self) -> tuple[int, ...]:
        """The slots that the formula names."""
        return self.of.program.operands[self.slot - self.of.program.first]

    @property
    def target(self) -> Maths:
        return Slot(self.quantity)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What the line works out."""
        return (self.quantity,)

    @property
    def stages(self) -> tuple[tuple[Relation, Maths], ...]:
        """Formula, what is put in, closed form, digits, each with the relation that leads to it."""
        stages = [(EQUALS, lettered(written(self.formula)))]
        stages += [(EQUALS, filled(written(f), self.operand)) for f in (self.put_in, self.closed) if f is not None]
        stages += [(EQUALS if sign == "=" else ABOUT, number(digits)) for sign, digits in self.result]
        return tuple(stages)

    @property
    def traced(self) -> tuple[tuple[Relation, Maths], ...]:
        """The stages, in which all digits say whose they are; what shows several at once says so of each, and of the
        line's own."""

        def own(maths: Maths) -> Maths:
            return Shown(self.quantity, maths)

        def of_several(maths: Maths) -> Maths:
            for q in self._behind:
                maths = Shown(q, maths)
            return own(maths)

        letters = lettered(written(self.formula))
        stages = [(EQUALS, own(letters) if isinstance(self.formula, Num) else letters)]
        if self.put_in is not None:
            whole = self.exactly or self.of.letters
            marks = filled(written(self.put_in), self.operand, traced=not whole)
            stages.append((EQUALS, of_several(marks) if whole else marks))
        if self.closed is not None:
            stages.append((EQUALS, of_several(filled(written(self.closed), self.operand))))
        stages += [(EQUALS if sign == "=" else ABOUT, own(number(digits))) for sign, digits in self.result]
        return tuple(stages)

    @property
    def _behind(self) -> list[Quantity]:
        """Whose numbers may stand in a closed form: what the formula names, and where that is no number of a few
        digits what its formula names, and so on."""
        program, todo, found = self.of.program, list(self.operands), dict[int, None]()
        while todo:
            slot = todo.pop()
            if slot not in found:
                found[slot] = None
                if slot >= program.first and self.of.whole[slot] is None:
                    todo += program.operands[slot - program.first]
        return [program.slots.quantities[slot] for slot in found]

    @property
    @abstractmethod
    def put_in(self) -> Formula | None:
        """What the numbers are put into; None where that says nothing new."""

    @property
    @abstractmethod
    def closed(self) -> Formula | None:
        """The value in a form of its own, where what is put in doesn't say it already."""

    @property
    @abstractmethod
    def form(self) -> Maths | None:
        """The value as a short formula, where there is one."""

    @property
    @abstractmethod
    def result(self) -> tuple[tuple[str, str], ...]:
        """What the line ends with: (relation, digits)."""

    @property
    @abstractmethod
    def exactly(self) -> bool:
        """Whether the operands are written exactly, because truncated digits can't decide the result."""

    @property
    @abstractmethod
    def remark(self) -> Words:
        """In words what a student would wonder about."""

    @abstractmethod
    def operand(self, quantity: Quantity) -> str | None:
        """The digits that stand for `quantity` in this line, or None where its letters do."""


@dataclass(frozen=True)
class NumericLine(Line):
    """One step whose result is a number."""

    of: NumericPass

    @property
    def exactly(self) -> bool:
        """Whether the operands are written exactly, because truncated digits can't decide the result."""
        return self.slot in self.of.printed.exact_lines

    @property
    def put_in(self) -> Formula | None:
        """What the numbers are put into: the formula, with the case that applies; None where that says nothing new."""
        if self.exactly:
            return self.of.exactly_written(self.slot)
        formula, program = self.step.formula, self.of.program
        if isinstance(formula, (Ref, Num)):
            return None
        if not program.has_cases[self.slot - program.first]:
            return formula
        case = chosen(formula, self.of.value)
        repeats = isinstance(case, Ref) and self.of.whole[self.slot] is not None  # the result says that number
        return None if repeats or isinstance(case, Num) else case

    @property
    def closed(self) -> Formula | None:
        """The value in numbers only: a short closed form or fraction, where the numbers put in don't say it already.

        In the backward pass a fraction only: every line there would repeat the closed form of p.
        """
        worked, slot = self.of, self.slot
        if worked.whole[slot] is not None or worked.closed is None or isinstance(self.formula, Ref):
            return None
        if not isinstance(worked.values[slot], fmpq) and (
            self.step.stage in ("gradients", "update") or None not in [worked.whole[i] for i in self.operands]
        ):
            return None
        return worked.closed[slot]

    @property
    def form(self) -> Maths | None:
        """The number, a short fraction or closed form."""
        found = self.of.closed[self.slot] if self.of.closed is not None else None
        return None if found is None else written(found)

    @property
    def result(self) -> tuple[tuple[str, str], ...]:
        """What the line ends with: (relation, digits); nothing where its formula is that number."""
        result = self.of.printed.result[self.slot]
        said = isinstance(self.formula, Num) and result == (("=", self.formula.number.text),)
        return () if said else result

    def operand(self, quantity: Quantity) -> str | None:
        """The digits that stand for `quantity` in this line, or None where its letters do."""
        slot = self.of.program.slots.number[quantity]
        if self.exactly and self.of.whole[slot] is None:
            return None
        return self.of.printed.operand[slot]

    @property
    def remark(self) -> Words:
        """In words what a student would wonder about."""
        words: list[str | Maths] = []
        if self.of.program.has_cases[self.slot - self.of.program.first]:
            for choice in filter(None, map(self._choice, _conditions(self.formula, self.of.value))):
                words += ["; "] * bool(words) + list(choice)
        if self.exactly:
            words += [*["; "] * bool(words), *say(self.of.network.language, "line exactly")]
        return tuple(words)

    def _choice(self, f: Cases) -> Words:
        """``z₂ = −0.4 ≤ 0, so the slope is 0``; of a value: ``so it is 0``."""
        if not isinstance(f.left, Ref) or not isinstance(f.right, Num):
            return ()
        picked = chosen(f, self.of.value)
        sign = f.sign if picked == f.yes else OPPOSITE[f.sign]
        quantity = f.left.quantity
        digits = self.of.printed.operand[self.of.program.slots.number[quantity]]
        same = (Slot(quantity), EQUALS, number(digits), Relation(sign), number(f.right.number.text))
        language = self.of.network.language
        if self.step.stage == "gradients":
            return say(language, "slope is", condition=Row(same), slope=written(picked))
        return say(language, "case is", condition=Row(same), value=written(picked))


def _conditions(f: Formula, value: Callable[[Quantity], Any]) -> Iterator[Cases]:
    """What decides the cases in `f`: of several in a row the one that holds, or all of them where none does."""
    if not isinstance(f, Cases):
        for part in children(f):
            yield from _conditions(part, value)
        return
    failed: list[Cases] = []
    rest: Formula = f
    while isinstance(rest, Cases):
        if chosen(replace(rest, yes=ONE, no=ZERO), value) == ONE:
            yield rest
            yield from _conditions(rest.yes, value)
            return
        failed.append(rest)
        rest = rest.no
    yield from failed
    yield from _conditions(rest, value)
