"""One pass worked out: its values, its digits, its lines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from flint import fmpq

from handcalc.derive.carried import rounded_carry
from handcalc.derive.certify import FIRST_PRECISION, Certified, certify
from handcalc.derive.closed import ClosedForms, exact_operands
from handcalc.derive.decimals import decimal_text, rounded_half_up
from handcalc.derive.digits import Printed, certify_digits, exact_carry
from handcalc.derive.identity import Named, Proofs, chosen
from handcalc.derive.line import ABOUT, EQUALS, Line, NumericLine
from handcalc.derive.program import Program
from handcalc.derive.run import Run
from handcalc.derive.statement import Statement
from handcalc.derive.statements import statements
from handcalc.derive.tape import Value
from handcalc.derive.writer import Turn
from handcalc.formula.look import Notation, numbered
from handcalc.formula.maths import Maths, Relation, Shown
from handcalc.formula.notation import filled, number, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula
from handcalc.network import Network

if TYPE_CHECKING:
    import sympy

__all__ = ["ABOUT", "EQUALS", "Line", "NumericLine", "NumericPass", "Pass"]

HUBER = Quantity("delta")
"""The largest error that Huber's loss squares: δ, but κ where δ is what gradients are called."""


class Pass(ABC):
    """One turn of the network on one environment: forward, loss, backward, update, and at the end forward again.

    `typed` holds the text of each given number, None for a value that earlier passes have carried here.
    """

    network: Network
    run: Run
    turn: Turn
    program: Program
    typed: Sequence[str | None]
    values: list[Value]
    """By slot; None of what is no number but an expression in letters."""
    printed: Printed

    @property
    def whole(self) -> list[str | None]:
        """By slot the digits where they are the exact number."""
        return self.printed.whole

    @cached_property
    def notation(self) -> Notation:
        """The network's notation, with its names for the quantities of this network.

        Where layers branch there is no one count of units: every layer has its number.
        """
        page, notation = self.program.page, self.network.notation
        if self.network.layout == "in x out":
            notation = replace(notation, indices="from, to")
        huber = HUBER in self.program.slots.number and HUBER.key not in dict(notation.letters)
        if huber and notation.gradients == "delta":
            notation = replace(notation, letters=(*notation.letters, (HUBER.key, "kappa")))
        if not page.chain or not page.layers:
            return numbered(replace(notation, layers="superscript"), ())
        units = (len(page.inputs), *(len(layer.outputs) for layer in page.layers))
        return numbered(notation, units, self.run.shape.output)

    @cached_property
    def statement_of(self) -> dict[Quantity, Statement]:
        """By target of a step the matrix statement that stands for it, if the network asks for these; of a batch that
        of all samples at once."""
        if self.network.statements == "scalar":
            return {}
        together = len(self.network.rows) > 1 and self.run.samples == 1
        found = statements(self.program.page, self.network.samples if together else "each")
        return {self.program.steps[n].target: one for one in found if one.says_more for n in one.places}

    @abstractmethod
    def put_into(self, f: Formula, *, traced: bool = False) -> Maths:
        """`f` with what lines put in for its names, in the case that applies; `traced` says whose the digits are."""

    @property
    @abstractmethod
    def lines(self) -> tuple[Line, ...]:
        """Every step of the pass, shown or not."""

    def lines_to(self, slot: int) -> tuple[Line, ...]:
        needed, first = {slot}, self.program.first
        for i in range(slot, first - 1, -1):
            if i in needed:
                needed.update(self.program.operands[i - first])
        return tuple(self.lines[i - first] for i in sorted(needed) if i >= first)

    def value(self, quantity: Quantity) -> Any:
        """The value of `quantity` as it is carried: fmpq, or a ball that holds it, or None."""
        return self.values[self.program.slots.number[quantity]]

    def shown(self, quantity: Quantity) -> Maths:
        """How later lines write the value of `quantity`."""
        return Shown(quantity, number(self.printed.operand[self.program.slots.number[quantity]]))

    def ending(self, quantity: Quantity) -> tuple[Relation, Maths]:
        """What the line that makes `quantity` ends with."""
        sign, digits = self.printed.result[self.program.slots.number[quantity]][-1]
        return EQUALS if sign == "=" else ABOUT, Shown(quantity, number(digits))

    @property
    def letters(self) -> tuple[Quantity, ...]:
        """What is given as a letter, as it stands on paper."""
        return ()

    @abstractmethod
    def decimal(self, slot: int, decimals: int | None = None) -> str:
        """The value in `slot` rounded half up."""

    @abstractmethod
    def number(self, slot: int) -> float:
        """The value in `slot` as a float."""

    @abstractmethod
    def exact(self, slot: int) -> sympy.Expr:
        """The value in `slot` as a SymPy expression."""


class NumericPass(Pass):
    """A pass in numbers; with a `part`, of those steps of its page alone."""

    def __init__(
        self,
        network: Network,
        run: Run,
        turn: Turn,
        typed: Sequence[str | None],
        carried: tuple[list[fmpq], list[str]] | None = None,
        least: Sequence[int] = (),
        *,
        part: Program | None = None,
    ) -> None:
        self.network, self.run, self.turn = network, run, turn
        self.page = run.program(turn)
        self.program = part or self.page
        self.typed = typed
        self.memo: dict[object, Any] = {}
        """What renderers make once per pass."""
        if network.carry == "rounded":
            given = run.typed(turn) if carried else self._given(64)
            texts = [one or "" for one in typed]
            numbers = self.program.slots.number
            for q, value, text in zip(self.program.page.learned, *(carried or ((), ())), strict=bool(carried)):
                given[numbers[q]], texts[numbers[q]] = value, text
            self.values, self.printed = rounded_carry(self.program, given, texts, network.rounding)
        else:
            certified = self.certified
            self.values = certified.values
            self.printed = exact_carry(self.program, certified, typed, network.rounding, least=least)

    def take_digits(self, before: Pass) -> None:
        """Write what the pass `before` has made with the digits that its lines end with, which are no fewer: what it
        has learned, and what is on its scale."""
        scaled = [step.target for step in self.program.steps if step.stage == "scaling"]
        for q in (*self.program.page.learned, *scaled):
            if (made := before.program.slots.number.get(q)) is not None:
                self.printed.operand[self.program.slots.number[q]] = before.printed.operand[made]

    def _given(self, bits: int) -> list[Value]:
        given = self.run.given(self.turn.update, bits)
        if self.program is self.page:
            return given
        return [given[self.page.slots.number[q]] for q in self.program.page.page.givens]

    @cached_property
    def certified(self) -> Certified:
        """The exact values, whatever is carried, with proved digits."""
        return certify_digits(self.program, self._given, self.network.rounding, self.run.settle, self._earlier)

    @property
    def precision(self) -> int:
        """Bits of what isn't rational among the values."""
        return FIRST_PRECISION if self.network.carry == "rounded" else self.certified.precision

    @property
    def _earlier(self) -> Callable[[int], Named] | None:
        return partial(self.run.earlier, self.turn.update) if self.turn.update else None

    @cached_property
    def closed(self) -> ClosedForms | None:
        """Closed forms; none in rounded carry, where every number is the one that is printed."""
        return None if self.network.carry == "rounded" else ClosedForms(self.program, self.certified, self.whole)

    @cached_property
    def _proofs(self) -> Proofs:
        quantities = self.program.slots.quantities
        return Proofs(self.program.by_target, dict(zip(quantities, self.certified.values, strict=True)))

    def exactly_written(self, slot: int) -> Formula:
        """The formula of a line whose operands are written exactly."""
        made: dict[int, Formula] = self.memo.setdefault("exactly", {})
        if slot not in made:
            made[slot] = exact_operands(self.program, self.certified, self.whole, slot, self._proofs)
        return made[slot]

    def put_into(self, f: Formula, *, traced: bool = False) -> Maths:
        operand, number = self.printed.operand, self.program.slots.number
        return filled(written(chosen(f, self.value)), lambda q: operand[number[q]], traced=traced)

    @cached_property
    def lines(self) -> tuple[NumericLine, ...]:
        return tuple(NumericLine(self, i, step) for i, step in enumerate(self.program.steps, self.program.first))

    def exact(self, slot: int) -> sympy.Expr:
        from handcalc.derive.symbolic import exact_value

        return exact_value(self, slot)

    def number(self, slot: int) -> float:
        value = self.values[slot]
        return int(value.p) / int(value.q) if isinstance(value, fmpq) else float(value)

    def decimal(self, slot: int, decimals: int | None = None) -> str:
        if decimals is not None and decimals < 0:
            raise ValueError(f"{decimals} decimals; 0 or more are accepted")
        if decimals is None:
            return self.printed.decimal[slot]
        value = self.values[slot]
        if isinstance(value, fmpq):
            floor, places = int(abs(value.p)) * 10 ** (decimals + 1) // int(value.q), decimals + 1
            negative = bool(value < 0)
        else:
            certified = self.certified
            if certified.places <= decimals:
                certified = certify(self.program, self._given, decimals + 1, self.run.settle, self._earlier)
            floor, places, negative = certified.floors[slot], certified.places, certified.negative[slot]
        return decimal_text(rounded_half_up(floor, places, decimals), decimals, negative=negative)
