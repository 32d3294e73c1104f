"""One pass worked out: its values, its digits, its lines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from flint import fmpq

from handcalc.derive.carried import rounded_carry
from handcalc.derive.certify import FIRST_PRECISION, Certified, certify
from handcalc.derive.closed import ClosedForms, exact_operands
from handcalc.derive.decimals import decimal_text, rounded_half_up
from handcalc.derive.digits import Printed, certify_digits, exact_carry
from handcalc.derive.identity import Named, Proofs, chosen
from handcalc.derive.page import Step
from handcalc.derive.program import Program
from handcalc.derive.run import Run
from handcalc.derive.statement import Statement
from handcalc.derive.statements import statements
from handcalc.derive.tape import Value
from handcalc.derive.writer import Turn
from handcalc.formula.look import Notation, numbered
from handcalc.formula.maths import Maths, Relation, Row, Shown, Slot
from handcalc.formula.notation import filled, lettered, number, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import ONE, OPPOSITE, ZERO, Cases, Formula, Num, Ref, children, quantities
from handcalc.formula.words import Words, say
from handcalc.network import Network

if TYPE_CHECKING:
    import sympy

HUBER = Quantity("delta")
"""The largest error that Huber's loss squares: δ, but κ where δ is what gradients are called."""
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
        """The stages, in which all digits say whose they are; what shows several at once is the line's own, and says
        which it tells."""

        def own(maths: Maths, tells: frozenset[Quantity] = frozenset()) -> Maths:
            return Shown(self.quantity, maths, tells=tells)

        letters = lettered(written(self.formula))
        stages = [(EQUALS, own(letters) if isinstance(self.formula, Num) else letters)]
        if self.put_in is not None:
            whole = self.exactly or self.of.letters
            marks = filled(written(self.put_in), self.operand, traced=not whole)
            stages.append((EQUALS, own(marks, self.told) if whole else marks))
        if self.closed is not None:
            stages.append((EQUALS, own(filled(written(self.closed), self.operand), self.told)))
        stages += [(EQUALS if sign == "=" else ABOUT, own(number(digits))) for sign, digits in self.result]
        return tuple(stages)

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
    def told(self) -> frozenset[Quantity]:
        """Whose values can be read from what is put in exactly, or from the closed form."""

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
    def told(self) -> frozenset[Quantity]:
        """Of what is irrational, the numbers that it is made of; of a line with exact operands these too."""
        worked, first = self.of, self.of.program.first
        found = (
            {worked.program.slots.number[q] for q in quantities(self.put_in)} if self.exactly and self.put_in else set()
        )
        rest = list(self.operands)
        while rest:
            slot = rest.pop()
            if slot < first or isinstance(worked.values[slot], fmpq):
                found.add(slot)
            else:
                rest += worked.program.operands[slot - first]
        return frozenset(worked.program.slots.quantities[slot] for slot in found)

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
