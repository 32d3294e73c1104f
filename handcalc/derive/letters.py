"""A pass in which some given numbers are letters: the derivation stays in symbols, mixed with numbers as they come.

A step that depends on no letter is worked as always. Any other has an expression in place of a value:

    z = w·x + b = 1.5·w + 0.1           numbers and letters are put in, and the result is simplified
    ŷ = 1/(1 + e^−z) = 1/(1 + e^−(1.5·w + 0.1))
    L = ½(ŷ − y)² = ½(ŷ − 1)²           a name stays where its expression is long, or more than a polynomial

That is how it is derived by hand: sums are carried along as polynomials, ŷ stays ŷ, and ∂L/∂w becomes
(ŷ − 1)·ŷ·(1 − ŷ)·1.5, not a quotient of powers of e. The whole gradient is never written at once.

Glossary
    letter   a given that has no number; it stands for any real number
    own      what later lines put in for a quantity, where that isn't its name
    found    steps that name a letter and turn out to depend on none (0·w), with what they are
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import sympy
from flint import fmpq

from handcalc.derive.closed import fraction
from handcalc.derive.digits import Printed
from handcalc.derive.functions import Impossible, NoValue, value_of
from handcalc.derive.page import Stage, Step
from handcalc.derive.passes import EQUALS, Line, NumericPass, Pass
from handcalc.derive.program import Program, program
from handcalc.derive.run import Run
from handcalc.derive.simplified import Simplifier, is_polynomial
from handcalc.derive.symbolic import expression
from handcalc.derive.tape import Undecided, Value, holds
from handcalc.derive.writer import Turn
from handcalc.errors import HasLetters
from handcalc.formula.look import look
from handcalc.formula.maths import Maths, Relation, Shown, Slot
from handcalc.formula.notation import filled, lettered, on_paper, written
from handcalc.formula.number import Number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    Cases,
    Formula,
    Negative,
    Num,
    Ref,
    children,
    flat,
    operations,
    quantities,
    rebuilt,
    replaced,
)
from handcalc.formula.words import Words
from handcalc.network import Network
from handcalc.network.errors import at_key

MOST_OWN = 12
"""Operations of an expression that is put into later lines."""
MOST_PUT_IN = 24
"""Operations of a line with everything put in; a longer one has letters and numbers put in, and names."""
RESERVED = {"e": "Euler's number", "pi": "the number π"}


@dataclass(frozen=True)
class LetterLine(Line):
    """One step whose result is an expression."""

    of: LetterPass

    @property
    def put_in(self) -> Formula | None:
        return self.of.derived[self.quantity].put_in

    @property
    def closed(self) -> Formula | None:
        return self.of.derived[self.quantity].simplified

    @property
    def form(self) -> Maths | None:
        value = self.of.derived[self.quantity].value
        return None if any(self.of.digits(q) for q in quantities(value)) else lettered(written(value))

    @property
    def result(self) -> tuple[tuple[str, str], ...]:
        """Digits where it turned out to depend on no letter."""
        return self.of.printed.result[self.slot] if self.of.values[self.slot] is not None else ()

    @property
    def exactly(self) -> bool:
        return False

    @property
    def remark(self) -> Words:
        return ()

    def operand(self, quantity: Quantity) -> str | None:
        return self.of.digits(quantity)


@dataclass(frozen=True, slots=True)
class Derived:
    """A step in letters: what is put in and what that is simplified to, each None where it says nothing new."""

    value: Formula
    put_in: Formula | None
    simplified: Formula | None


class LetterPass(Pass):
    """A pass in which the givens without a number are letters. Only the first pass can be one."""

    def __init__(self, network: Network, run: Run, turn: Turn, typed: Sequence[str | None]) -> None:
        self.network, self.run, self.turn, self.typed = network, run, turn, typed
        self.program: Program = program(run.shape, turn)
        givens, sources = self.program.page.page.givens, self.program.page.sources
        self.texts = {
            q: str(text)
            for q, text, source in zip(givens, typed, sources, strict=True)
            if isinstance(source, int) and run.numbers[source] is None
        }
        """The letter of each given that has one."""
        self.names = self._names()
        self.simplifier = Simplifier(self.names_of_letters.__contains__, self._is_number, self._constant)
        self._work()

    @property
    def letters(self) -> tuple[Quantity, ...]:
        """The letters as they stand on paper, each once, in the order in which they are given."""
        return tuple(dict.fromkeys(self.names.values()))

    @cached_property
    def names_of_letters(self) -> dict[Quantity, str]:
        return {name: text for text, name in self.names.items()}

    def _names(self) -> dict[str, Quantity]:
        """By letter the name that it has in formulas: that of a given that it looks like, else its own.

        Raises NetworkFileError for a letter that looks like something else.
        """
        looks = {q: look(q, self.notation) for q in self.program.slots.quantities}
        names: dict[str, Quantity] = {}
        for text in dict.fromkeys(self.texts.values()):
            if text in RESERVED:
                raise at_key("letters", f'"{text}" is {RESERVED[text]} in a formula; take another letter')
            alike = [q for q, one in looks.items() if one == look(Quantity(text), self.notation) or q.key == text]
            other = next((q for q in alike if self.texts.get(q) != text), None)
            if other is not None:
                raise at_key(
                    "letters",
                    f'"{text}" would look like the quantity {other.key} of the derivation; '
                    f"take another letter, such as {text[0]}0",
                )
            names[text] = alike[0] if alike else Quantity(text)
        return names

    def _work(self) -> None:
        """Numbers and expressions, until no expression turns out to be a number."""
        self._found: dict[Quantity, Formula] = {}
        self._constants: dict[Formula, Quantity] = {}
        self._sizes: dict[Quantity, Value] = {}
        while True:
            known = len(self._constants)
            self.numeric = self._numbers()
            self.derived: dict[Quantity, Derived] = {}
            self._own: dict[Quantity, Formula] = {}
            for step in self.program.steps:
                if step.target in self._found or not self._is_numeric(step.target):
                    made = self.derived[step.target] = self._derived(step.target, step.formula)
                    if self._is_short(made.value, step.stage):
                        self._own[step.target] = made.value
            new = {q: one.value for q, one in self.derived.items() if all(map(self._is_number, quantities(one.value)))}
            if new.keys() <= self._found.keys() and len(self._constants) == known:
                break
            self._found |= new
        self.values = [None] * len(self.program.slots.quantities)
        for q, value in zip(self.numeric.program.slots.quantities, self.numeric.values, strict=True):
            if q in self.program.slots.number:
                self.values[self.program.slots.number[q]] = value
        self.printed = self._printed()

    def _numbers(self) -> NumericPass:
        """What depends on no letter, with its digits wherever another line uses them."""
        page = self.program.page
        known = [q for q in page.page.givens if q not in self.texts]
        numeric, used, steps = set(known), set(self._constants.values()), []
        waiting = {q: f for f, q in self._constants.items()}
        for step in page.steps:
            if numeric.issuperset(quantities(step.formula)):
                numeric.add(step.target)
                steps.append(step)
                self._found.pop(step.target, None)
                continue
            used.update(quantities(step.formula))
            if step.target in self._found:
                steps += self._worked_now(waiting, numeric, step)
                numeric.add(step.target)
                steps.append(replace(step, formula=self._found[step.target]))
        steps += self._worked_now(waiting, numeric, page.steps[-1])
        givens = copy.copy(page.page)
        givens.givens = known
        part = Program(replace(page, page=givens, steps=tuple(steps)))
        typed = [self.typed[self.program.slots.number[q]] for q in known]
        least = [int(q in used) for q in part.slots.quantities]
        return NumericPass(self.network, self.run, self.turn, typed, None, least, part=part)

    @staticmethod
    def _worked_now(waiting: dict[Quantity, Formula], numeric: set[Quantity], like: Step) -> list[Step]:
        """A step for each constant that is `waiting` for nothing any more."""
        steps = []
        for q, f in list(waiting.items()):
            if numeric.issuperset(quantities(f)):
                numeric.add(q)
                steps.append(replace(like, target=q, formula=waiting.pop(q)))
        return steps

    def _constant(self, f: Formula) -> Formula:
        """The name of a number that is made of numbers, or minus the name; or the number, where that is rational."""
        if isinstance(f, Ref):
            return f
        if f not in self._constants:
            value = value_of(f, self._size)
            if value < 0:
                return Negative(self._constant(f.inner if isinstance(f, Negative) else Negative(f)))
            self._constants[f] = Quantity("constant", index=(len(self._constants) + 1,))
            self._sizes[self._constants[f]] = value
        name = self._constants[f]
        value = self.numeric.value(name) if self._is_numeric(name) else None
        found = fraction(value) if isinstance(value, fmpq) else None
        return Ref(name) if found is None else found

    def _size(self, q: Quantity) -> Value:
        return self.numeric.value(q) if self._is_numeric(q) else self._sizes[q]

    def _derived(self, target: Quantity, formula: Formula) -> Derived:
        """One step: the formula, what is put in, what that is."""
        decided = self.decided(formula)
        put = flat(replaced(decided, lambda q: self._put(q) or self._own.get(q)))
        if operations(put) > MOST_PUT_IN:
            put = flat(replaced(decided, self._put))
        try:
            simplified = self.simplifier.simplified(put)
        except NoValue as error:
            raise Impossible(target, str(error)) from None
        stages = [lettered(written(formula)), *(filled(written(f), self.digits) for f in (put, simplified))]
        plain, filled_in, short = (on_paper(stage, self.notation) for stage in stages)
        return Derived(
            value=simplified,
            put_in=None if filled_in == plain else put,
            simplified=None if short == filled_in or self._is_known(simplified) else simplified,
        )

    def _is_known(self, f: Formula) -> bool:
        """Whether `f` is a number, whose digits follow."""
        return all(map(self._is_number, quantities(f)))

    def _is_short(self, f: Formula, stage: Stage) -> bool:
        """Whether later lines write `f`; of a new parameter only where it is one of letters and numbers."""
        if not is_polynomial(f) or operations(f) > MOST_OWN:
            return False
        alone = all(q in self.names_of_letters or self._is_number(q) for q in quantities(f))
        return alone or stage not in ("update", "rerun")

    def _put(self, q: Quantity) -> Formula | None:
        """The letter or the number that stands for `q`; None of what has a name only."""
        if q in self.texts:
            return Ref(self.names[self.texts[q]])
        if self._is_numeric(q):
            slot = self.numeric.program.slots.number[q]
            text, value = self.numeric.whole[slot], self.numeric.values[slot]
            return Num(Number(text, value)) if text is not None else None
        return None

    def decided(self, f: Formula) -> Formula:
        """`f` with the case that applies in place of each that depends on no letter."""
        if isinstance(f, Cases) and all(map(self._is_numeric, (*quantities(f.left), *quantities(f.right)))):
            value = self.numeric.value
            try:
                applies = holds(value_of(f.left, value) - value_of(f.right, value), f.sign)
            except Undecided:
                return f
            return self.decided(f.yes if applies else f.no)
        parts = children(f)
        return rebuilt(f, [self.decided(part) for part in parts]) if parts else f

    def _is_numeric(self, q: Quantity) -> bool:
        return q in self.numeric.program.slots.number

    def _is_number(self, q: Quantity) -> bool:
        return self._is_numeric(q) or q in self._sizes

    def put(self, f: Formula) -> Formula:
        """`f`, in the case that applies, with letters, numbers and short expressions put in."""
        return flat(replaced(self.decided(f), lambda q: self._put(q) or self._own.get(q)))

    def put_into(self, f: Formula, *, traced: bool = False) -> Maths:
        return lettered(filled(written(self.put(f)), self.digits, traced=traced))

    def digits(self, quantity: Quantity) -> str | None:
        """The digits that lines write for `quantity`; None where they write letters."""
        slot = self.numeric.program.slots.number.get(quantity)
        return None if slot is None else self.numeric.printed.operand[slot]

    def _printed(self) -> Printed:
        """Digits by slot; of an expression its text, and no decimals."""
        slots, numeric = self.program.slots.quantities, self.numeric
        operand, decimal, whole, result = [], [], [], []
        for q in slots:
            if (slot := numeric.program.slots.number.get(q)) is not None:
                operand.append(numeric.printed.operand[slot])
                whole.append(numeric.printed.whole[slot])
                result.append(numeric.printed.result[slot])
                decimal.append(numeric.printed.decimal[slot])
            else:
                text = self.texts.get(q) or str(expression(self.derived[q].value, self._named))
                operand.append(text)
                whole.append(self.texts.get(q))
                result.append((("=", text),))
                decimal.append("")
        return Printed(operand, whole, result, decimal)

    def _named(self, q: Quantity) -> sympy.Symbol:
        return sympy.Symbol(self.digits(q) or self.names_of_letters.get(q, q.key), real=True)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        made = {line.quantity: line for line in self.numeric.lines}
        return tuple(
            LetterLine(self, self.program.first + n, step) if step.target in self.derived else made[step.target]
            for n, step in enumerate(self.program.steps)
        )

    def shown(self, quantity: Quantity) -> Maths:
        if quantity in self.texts:
            return Slot(self.names[self.texts[quantity]])
        return self.ending(quantity)[1] if quantity in self.derived else super().shown(quantity)

    def ending(self, quantity: Quantity) -> tuple[Relation, Maths]:
        if self.value(quantity) is None and quantity in self.derived:
            return EQUALS, Shown(quantity, filled(written(self.derived[quantity].value), self.digits))
        return super().ending(quantity)

    def depends_on(self, quantity: Quantity) -> list[str]:
        """The letters that `quantity` depends on, in the order in which they are given."""
        found, todo = set[str](), [quantity]
        seen = set(todo)
        while todo:
            q = todo.pop()
            if q in self.texts:
                found.add(self.texts[q])
            elif q in self.program.made:
                new = [p for p in quantities(self.program.made[q].formula) if p not in seen]
                seen.update(new)
                todo += new
        return [text for text in self.names if text in found]

    def decimal(self, slot: int, decimals: int | None = None) -> str:
        return self.numeric.decimal(self._numeric_slot(slot), decimals)

    def number(self, slot: int) -> float:
        return self.numeric.number(self._numeric_slot(slot))

    def _numeric_slot(self, slot: int) -> int:
        quantity = self.program.slots.quantities[slot]
        if not self._is_numeric(quantity):
            raise HasLetters(quantity.key, self.depends_on(quantity))
        return self.numeric.program.slots.number[quantity]

    @cached_property
    def _exact(self) -> dict[Quantity, sympy.Expr]:
        return {}

    def exact(self, slot: int) -> sympy.Expr:
        """The value composed from letters and numbers; not simplified, and long where the network is deep."""
        made = self._exact

        def value(q: Quantity) -> sympy.Expr:
            if q not in made:
                if q in self.texts:
                    made[q] = sympy.Symbol(self.texts[q], real=True)
                elif self._is_numeric(q):
                    made[q] = self.numeric.exact(self.numeric.program.slots.number[q])
                else:
                    made[q] = expression(self.decided(self.program.made[q].formula), value)
            return made[q]

        for earlier in self.lines_to(slot):
            value(earlier.quantity)
        return value(self.program.slots.quantities[slot])
