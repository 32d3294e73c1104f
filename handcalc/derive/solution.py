"""A network worked out: every quantity by its key, every line as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flint import fmpq

from handcalc.derive.certify import Certified, certify
from handcalc.derive.closed import ClosedForms, exact_operands
from handcalc.derive.decimals import decimal_text, rounded_half_up
from handcalc.derive.digits import Printed, exact_carry, places_needed, rounded_carry
from handcalc.derive.identity import Proofs, chosen
from handcalc.derive.page import Step
from handcalc.derive.program import Program, program
from handcalc.derive.tape import Value
from handcalc.derive.write import Shape, output_letter
from handcalc.errors import UnknownQuantity
from handcalc.formula.look import Notation, numbered
from handcalc.formula.maths import Maths, Relation, Row, Slot
from handcalc.formula.notation import filled, lettered, number, written
from handcalc.formula.quantity import Quantity, read_key
from handcalc.formula.tree import OPPOSITE, Cases, Formula, Num, Ref, children
from handcalc.formula.words import say
from handcalc.network import Network

if TYPE_CHECKING:
    import numpy
    import sympy

Words = tuple[str | Maths, ...]
EQUALS, ABOUT = Relation("="), Relation("≈")


def shape_of(network: Network) -> Shape:
    """What of `network` its page depends on; only what `show` needs is derived."""
    wanted = set(network.show)
    return Shape(
        len(network.inputs),
        tuple((layer.activation, len(layer.weights), layer.bias is not None) for layer in network.layers),
        output=output_letter(network.layers[-1].activation, network.loss),
        loss=network.loss if wanted - {"forward"} else None,
        gradients=bool(wanted & {"gradients", "update", "rerun"}),
        update=bool(wanted & {"update", "rerun"}),
        rerun="rerun" in wanted,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One step of `solution`: what it is called, its formula, the numbers put in, the result."""

    solution: Solution
    slot: int

    @property
    def step(self) -> Step:
        return self.solution.program.steps[self.slot - self.solution.program.first]

    @property
    def quantity(self) -> Quantity:
        return self.solution.program.slots.quantities[self.slot]

    @property
    def key(self) -> str:
        return self.quantity.key

    @property
    def formula(self) -> Formula:
        return self.step.formula

    @property
    def exactly(self) -> bool:
        """Whether the operands are written exactly, because truncated digits can't decide the result."""
        return self.slot in self.solution.printed.exact_lines

    @property
    def put_in(self) -> Formula | None:
        """What the numbers are put into: the formula, with the case that applies; None where that says nothing new."""
        if self.exactly:
            return self.solution.exactly_written(self.slot)
        n = self.slot - self.solution.program.first
        if isinstance(self.formula, (Ref, Num)):
            return None
        return chosen(self.formula, self.solution.value) if self.solution.program.has_cases[n] else self.formula

    @property
    def closed(self) -> Formula | None:
        """The value in numbers only: a short closed form or fraction, where the numbers put in don't say it already.

        In the backward pass a fraction only: every line there would repeat the closed form of p.
        """
        solution = self.solution
        if solution.whole[self.slot] is not None or solution.closed is None or isinstance(self.formula, Ref):
            return None
        form = solution.closed[self.slot]
        told = all(solution.whole[i] is not None for i in self.operands) or self.step.stage in ("gradients", "update")
        return form if isinstance(form, Num) or not told else None

    @property
    def operands(self) -> tuple[int, ...]:
        """The slots that the formula names."""
        return self.solution.program.operands[self.slot - self.solution.program.first]

    @property
    def result(self) -> tuple[tuple[str, str], ...]:
        """What the line ends with: (relation, digits)."""
        return self.solution.printed.result[self.slot]

    def operand(self, quantity: Quantity) -> str | None:
        """The digits that stand for `quantity` in this line, or None where its letters do."""
        slot = self.solution.program.slots.number[quantity]
        if self.exactly and self.solution.whole[slot] is None:
            return None
        return self.solution.printed.operand[slot]

    @property
    def target(self) -> Maths:
        return Slot(self.quantity)

    @property
    def stages(self) -> tuple[tuple[Relation, Maths], ...]:
        """Formula, numbers put in, closed form, digits, each with the relation that leads to it."""
        stages = [(EQUALS, lettered(written(self.formula)))]
        if (put_in := self.put_in) is not None:
            stages.append((EQUALS, filled(written(put_in), self.operand)))
        if (closed := self.closed) is not None:
            stages.append((EQUALS, written(closed)))
        stages += [(EQUALS if sign == "=" else ABOUT, number(digits)) for sign, digits in self.result]
        return tuple(stages)

    @property
    def remark(self) -> Words:
        """In words what a student would wonder about."""
        words: list[str | Maths] = []
        if self.solution.program.has_cases[self.slot - self.solution.program.first]:
            for condition in _conditions(self.formula):
                words += ["; "] * bool(words) + list(self._choice(condition))
        if self.exactly:
            words += [*["; "] * bool(words), *say(self.solution.network.language, "line exactly")]
        return tuple(words)

    def _choice(self, f: Cases) -> Words:
        """``z₂ = −0.4 ≤ 0, so the slope is 0``."""
        if not isinstance(f.left, Ref) or not isinstance(f.right, Num):
            return ()
        picked = chosen(f, self.solution.value)
        sign = f.sign if picked == f.yes else OPPOSITE[f.sign]
        quantity = f.left.quantity
        digits = self.solution.printed.operand[self.solution.program.slots.number[quantity]]
        same = (Slot(quantity), EQUALS, number(digits), Relation(sign), number(f.right.number.text))
        language = self.solution.network.language
        return say(language, "slope is", condition=Row(same), slope=written(picked))


def _conditions(f: Formula) -> Iterator[Cases]:
    if isinstance(f, Cases):
        yield f
    for part in children(f):
        yield from _conditions(part)


@dataclass(frozen=True, slots=True)
class Result:
    """The value of one quantity."""

    solution: Solution
    slot: int

    @property
    def key(self) -> str:
        return self.solution.program.slots.quantities[self.slot].key

    @property
    def exact(self) -> sympy.Expr:
        """The value as a SymPy expression: a rational, or the closed form in all its length."""
        from handcalc.derive.symbolic import exact_value

        return exact_value(self.solution, self.slot)

    def decimal(self, decimals: int | None = None) -> str:
        """The value rounded half up to `decimals` places (default: the network's), every digit certain.

        In rounded carry it is the carried number.
        """
        return self.solution.decimal(self.slot, decimals)

    @property
    def steps(self) -> tuple[Line, ...]:
        """The lines that lead to this quantity, in order; its own is the last."""
        return self.solution.lines_to(self.slot)

    def __float__(self) -> float:
        value = self.solution.values[self.slot]
        return int(value.p) / int(value.q) if isinstance(value, fmpq) else float(value)

    def __repr__(self) -> str:
        return (
            f"<{self.key} {' '.join(f'{sign} {digits}' for sign, digits in self.solution.printed.result[self.slot])}>"
        )


class Solution:
    """A network, worked out: ``solution["dL/dW1[2,1]"]`` is one quantity's result; `lines` are all steps, in order."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.program: Program = program(shape_of(network))
        given = _given(network, self.program)
        self._typed = [one.text for one in given]
        self._numbers = [one.value for one in given]
        self.memo: dict[object, Any] = {}
        """What renderers make once per solution."""
        self.values: list[Value]
        self.printed: Printed
        if network.carry == "rounded":
            self.values, self.printed = rounded_carry(self.program, self._numbers, self._typed, network.decimals)
        else:
            certified = self.certified
            self.values = certified.values
            self.printed = exact_carry(self.program, certified, self._typed, network.decimals)

    @cached_property
    def notation(self) -> Notation:
        """The network's notation, with its names for the quantities of this network."""
        shape = self.program.page.shape
        units = (shape.inputs, *(width for _, width, _ in shape.layers))
        return numbered(self.network.notation, units, shape.output)

    @cached_property
    def certified(self) -> Certified:
        """The exact values, whatever is carried, with proved digits."""
        return certify(self.program, self._numbers, places_needed(self.network.decimals))

    @property
    def whole(self) -> list[str | None]:
        """By slot the digits where they are the exact number."""
        return self.printed.whole

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

    def value(self, quantity: Quantity) -> Any:
        """The value of `quantity` as it is carried: fmpq, or a ball that holds it."""
        return self.values[self.program.slots.number[quantity]]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every step that was derived, shown or not."""
        return tuple(Line(self, i) for i in range(self.program.first, len(self.values)))

    def lines_to(self, slot: int) -> tuple[Line, ...]:
        needed, first = {slot}, self.program.first
        for i in range(slot, first - 1, -1):
            if i in needed:
                needed.update(self.program.operands[i - first])
        return tuple(Line(self, i) for i in sorted(needed) if i >= first)

    def __getitem__(self, key: str) -> Result:
        return Result(self, self.program.slots.number[self.quantity(key)])

    def quantity(self, key: str) -> Quantity:
        """The quantity that `key` names; raises UnknownQuantity, with the nearest known key."""
        try:
            quantity = read_key(key)
        except (TypeError, ValueError):
            quantity = None
        if quantity not in self.program.slots.number:
            raise UnknownQuantity(key, self.keys())
        return quantity

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.values)

    def __contains__(self, key: object) -> bool:
        return key in self.keys()

    def keys(self) -> list[str]:
        """The key of every quantity, givens first, then in the order of the steps."""
        return [q.key for q in self.program.slots.quantities]

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
                certified = certify(self.program, self._numbers, decimals + 1)
            floor, places, negative = certified.floors[slot], certified.places, certified.negative[slot]
        return decimal_text(rounded_half_up(floor, places, decimals), decimals, negative=negative)

    def array(self, block: str) -> numpy.ndarray[Any, Any]:
        """The vector or matrix ``block`` (``W1``, ``dL/dW1``, ``a1``) as a NumPy array of floats."""
        import numpy

        found = {
            q.key: (i, (q.of or q).index) for i, q in enumerate(self.program.slots.quantities) if q.block() == block
        }
        if not found:
            raise UnknownQuantity(block, sorted({q.block() for q in self.program.slots.quantities}))
        indices = [index for _, index in found.values()]
        array = numpy.empty([max(column) for column in zip(*indices, strict=True)])
        for key, (_, index) in found.items():
            array[tuple(i - 1 for i in index)] = float(self[key])
        return array

    def text(self) -> str:
        """The worked solution as plain text, 80 columns wide."""
        from handcalc.render.text import text
        from handcalc.sheet.compose import compose

        return text(compose(self))

    def _repr_html_(self) -> str:
        from handcalc.render.html import fragment
        from handcalc.sheet.compose import compose

        return fragment(compose(self))

    def _repr_latex_(self) -> None:
        """Jupyter shows the HTML."""

    def __repr__(self) -> str:
        return f"<Solution of {self.network.title or 'a network'}: {len(self.lines)} steps>"


def _given(network: Network, program: Program) -> list[Any]:
    """The numbers of `network` in the order of the page's givens."""
    page = program.page
    numbers = dict(zip(page.inputs, network.inputs, strict=True))
    for names, layer in zip(page.weights, network.layers, strict=True):
        for row, typed in zip(names, layer.weights, strict=True):
            numbers |= zip(row, typed, strict=True)
    for biases, layer in zip(page.biases, network.layers, strict=True):
        numbers |= zip(biases, layer.bias or (), strict=True)
    if page.targets:
        numbers |= zip(page.targets, network.target or (), strict=True)
    if page.rate is not None:
        numbers[page.rate] = network.learning_rate  # type: ignore[assignment]
    return [numbers[Ref(q)] for q in program.slots.quantities[: program.first]]
