"""The page as straight-line code: one run works all steps out exactly, or as certified balls.

Glossary
    slot     the place of a quantity: givens first, then the steps in order
    value    fmpq where it is known to be rational, else arb: a ball that holds the true value
    tape     the code of one page, made once per page; the numbers come in as `given`

Generated code holds slot numbers and names of the table `_NAMES` only, never text from a user.

0·ln 0 is 0, as its limit is: a product of a logarithm with what is exactly 0 is 0, and the logarithm isn't
worked out (the entropy where a probability is 0, the cross-entropy of a class that isn't the target).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from traceback import walk_tb
from typing import Any

from flint import arb, fmpq

from handcalc.derive import functions
from handcalc.derive.functions import CALLS, LOGARITHMS, Impossible, NoValue, RoundedAway
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    Call,
    Cases,
    Formula,
    Negative,
    Num,
    Power,
    Product,
    Quotient,
    Ref,
    Sign,
    Sum,
    children,
)

Value = functions.Value
NoLogarithm = NoValue
RATIONAL = frozenset({"max", "abs"})
"""Calls that are rational where their arguments are."""
_SET = re.compile(r" v(\d+) = ")
SOMETIMES_RATIONAL = RATIONAL | {"sqrt", "log2", "log10", "power"}


class Undecided(Exception):
    """A ball is too wide to say on which side of a comparison's 0 the `difference` lies, in the line of `quantity`."""

    def __init__(self, difference: Value) -> None:
        super().__init__()
        self.difference = difference
        self.quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """Quantities by number: `quantities[i]` stands in slot i; the first `givens` of them are given."""

    quantities: tuple[Quantity, ...]
    givens: int
    number: dict[Quantity, int]

    @classmethod
    def of(cls, givens: Sequence[Quantity], targets: Iterable[Quantity]) -> Slots:
        quantities = (*givens, *targets)
        return cls(quantities, len(givens), {q: i for i, q in enumerate(quantities)})


def is_rational(f: Formula, known: Callable[[Quantity], bool]) -> bool:
    """Whether `f` is rational whatever the numbers, where the quantities that `known` accepts are."""
    match f:
        case Ref(q):
            return known(q)
        case Call(name, _) if name not in RATIONAL:
            return False
    return all(is_rational(part, known) for part in children(f))


def may_be_rational(f: Formula) -> bool:
    """Whether `f` can be rational where what it names is, as the square root of 4 is."""
    return not (isinstance(f, Call) and f.name not in SOMETIMES_RATIONAL) and all(map(may_be_rational, children(f)))


def exact_tape(
    slots: Slots, formulas: Sequence[Formula], fixed: frozenset[int] = frozenset()
) -> Callable[..., list[Value]]:
    """The code ``tape(given, known)``: the value of every slot, at flint's current precision.

    A step whose slot is in `fixed` isn't worked out: its value is ``known[slot]`` (a proved rational).
    Raises Impossible where a step has no value, Undecided where a ball doesn't say which case applies.
    """
    rational = [True] * slots.givens
    lines = [f" v{i} = given[{i}]" for i in range(slots.givens)]
    writer = _Writer(slots, rational)
    for i, f in enumerate(formulas, slots.givens):
        if i in fixed:
            rational.append(True)
            lines.append(f" v{i} = known[{i}]")
            continue
        rational.append(is_rational(f, lambda q: rational[slots.number[q]]))
        code = writer.code(f, ball=not rational[i] and not _may_turn_rational(f))
        lines += [*writer.preparations(), f" v{i} = {code}"]
    lines.append(f" return [{', '.join(f'v{i}' for i in range(len(slots.quantities)))}]")
    return _compiled("given, known=None", lines, writer.constants, slots, Impossible)


def rounded_tape(slots: Slots, formulas: Sequence[Formula]) -> Callable[..., list[Value]]:
    """The code ``tape(given, rounded)``: each result is used as ``rounded(value, slot)``, a rational.

    Raises RoundedAway where a step has no value.
    """
    writer = _Writer(slots, [True] * len(slots.quantities))
    lines = [f" v{i} = given[{i}]" for i in range(slots.givens)]
    for i, f in enumerate(formulas, slots.givens):
        code = writer.code(f, ball=False)
        lines += [*writer.preparations(), f" v{i} = rounded({code}, {i})"]
    lines.append(f" return [{', '.join(f'v{i}' for i in range(len(slots.quantities)))}]")
    return _compiled("given, rounded", lines, writer.constants, slots, RoundedAway)


def line_codes(slots: Slots, formulas: Sequence[Formula]) -> list[Callable[[Sequence[Value]], Value]]:
    """For each step the code ``line(v)``: its formula with ``v[slot]`` for each quantity, rational or ball."""
    writer = _Writer(slots, None)
    source = ["[", *(f" lambda v: {writer.code(f, ball=False)}," for f in formulas), "]"]
    names = {**_NAMES, **writer.constants}
    lines: list[Callable[[Sequence[Value]], Value]] = eval(compile("\n".join(source), "<lines>", "eval"), names)
    return lines


class _Writer:
    """Formulas as Python expressions; `rational` is None where values are looked up in a list v."""

    def __init__(self, slots: Slots, rational: list[bool] | None) -> None:
        self.slots, self.rational = slots, rational
        self.constants: dict[str, Value] = {}
        self._balls: set[int] = set()
        self._new: list[str] = []

    def preparations(self) -> list[str]:
        """Conversions of rationals to balls that the code written since the last call needs; each is made once."""
        new, self._new = self._new, []
        return new

    def code(self, f: Formula, *, ball: bool) -> str:
        match f:
            case Ref(q):
                return self._slot(self.slots.number[q], ball)
            case Num(number):
                return self._constant(number.value, ball)
            case Sum(terms):
                head, *rest = terms
                return f"({self.code(head, ball=ball)}{''.join(self._term(t, ball) for t in rest)})"
            case Product(factors):
                return self._product(factors, ball)
            case Quotient() | Power() if ball and _is_constant(f):
                return f"arb({self.code(f, ball=False)})"
            case Quotient(top, bottom):
                parts = self.code(top, ball=ball), self.code(bottom, ball=ball)
                plain = _is_positive(bottom) if ball else is_rational(f, self._knows)
                return f"({parts[0]}/({parts[1]}))" if plain else f"over({parts[0]}, {parts[1]})"
            case Power(base, n):
                return self._power(base, n, ball)
            case Negative(inner):
                return f"(-{self.code(inner, ball=ball)})"
            case Call("max", (Num() as a, Ref() as b)):
                return self._either(b, a, self._condition(b, ">", a), ball)
            case Call(name, args):
                return f"{name}({', '.join(self.code(a, ball=ball and name in _OF_BALLS) for a in args)})"
            case Cases(left, sign, right, yes, no):
                return self._either(yes, no, self._condition(left, sign, right), ball)
        raise TypeError(f"no code for {f!r}")

    def _product(self, factors: Sequence[Formula], ball: bool) -> str:
        logarithms = [g for g in factors if is_logarithm(g)]
        others = [g for g in factors if not is_logarithm(g)]
        if not logarithms or all(isinstance(g, Num) and g.number.value != 0 for g in others):
            return self._times(factors, ball)
        first, then = self._times(others, ball), self._times(logarithms, ball)
        return f"({self._constant(fmpq(0), ball=False)} if (w := {first}) == 0 else w*{then})"

    def _times(self, factors: Sequence[Formula], ball: bool) -> str:
        codes = [self.code(g, ball=ball) for g in factors]
        plain = ball or all(is_rational(g, self._knows) for g in factors)
        return "*".join(codes) if plain else f"times({', '.join(codes)})"

    def _term(self, f: Formula, ball: bool) -> str:
        return f"-{self.code(f.inner, ball=ball)}" if isinstance(f, Negative) else f"+{self.code(f, ball=ball)}"

    def _either(self, yes: Formula, no: Formula, condition: str, ball: bool) -> str:
        """A case that is rational stays so beside one that isn't: a = z of an ELU is z itself."""
        codes = [self.code(f, ball=ball and not is_rational(f, self._knows)) for f in (yes, no)]
        return f"({codes[0]} if {condition} else {codes[1]})"

    def _knows(self, q: Quantity) -> bool:
        return self.rational is None or self.rational[self.slots.number[q]]

    def _condition(self, left: Formula, sign: Sign, right: Formula) -> str:
        zero = isinstance(right, Num) and right.number.value == 0
        difference = self.code(left, ball=False) + ("" if zero else f"-{self.code(right, ball=False)}")
        negative = f"-({difference})" if sign in "<≥" else difference
        return f"{'not ' if sign in '≤≥' else ''}above({negative})"

    def _power(self, base: Formula, n: int | Formula, ball: bool) -> str:
        code = self.code(base, ball=ball)
        if not isinstance(n, int):
            return f"raised({code}, {self.code(n, ball=False)})"
        if n < 0:
            return f"raised({code}, {self._constant(fmpq(n), ball=False)})"
        return f"{code}*{code}" if n == 2 and code.isidentifier() else f"({code})**{n}"

    def _slot(self, i: int, ball: bool) -> str:
        if self.rational is None:
            return f"v[{i}]"
        if not ball or not self.rational[i]:
            return f"v{i}"
        if i not in self._balls:
            self._balls.add(i)
            self._new.append(f" r{i} = arb(v{i})")
        return f"r{i}"

    def _constant(self, value: fmpq, ball: bool) -> str:
        if ball and value.q == 1 and abs(value) < 1000:
            return f"({value.p})" if value < 0 else str(value.p)
        name = f"k{'m' if value < 0 else ''}{abs(value.p)}_{value.q}"
        self.constants[name] = value
        return f"arb({name})" if ball else name


def _may_turn_rational(f: Formula) -> bool:
    """Whether a function stands in `f` whose value is often rational; rationals aren't made balls beforehand there."""
    return (isinstance(f, Call) and f.name in _OFTEN_RATIONAL) or any(map(_may_turn_rational, children(f)))


_OFTEN_RATIONAL = SOMETIMES_RATIONAL - RATIONAL | {"erf"}
_OF_BALLS = frozenset({"exp", "ln", "tanh"})
"""Calls whose rational arguments are made balls beforehand, once each."""


def is_logarithm(f: Formula) -> bool:
    return is_logarithm(f.inner) if isinstance(f, Negative) else isinstance(f, Call) and f.name in LOGARITHMS


def _is_constant(f: Formula) -> bool:
    return isinstance(f, Num) or (not isinstance(f, Ref | Call) and all(map(_is_constant, children(f))))


def _is_positive(f: Formula) -> bool:
    """Whether `f` is positive whatever the numbers are: the denominator of a sigmoid."""
    match f:
        case Num(number):
            return bool(number.value > 0)
        case Call("exp", _):
            return True
        case Sum(parts) | Product(parts):
            return all(map(_is_positive, parts))
    return False


def _compiled(
    arguments: str, lines: Sequence[str], constants: dict[str, Value], slots: Slots, impossible: type[Impossible]
) -> Callable[..., list[Value]]:
    names: dict[str, Any] = {**_NAMES, **constants}
    exec(compile("\n".join((f"def tape({arguments}):", *lines)), "<tape>", "exec"), names)
    code: Callable[..., list[Value]] = names["tape"]

    def tape(*given: Any) -> list[Value]:
        try:
            return code(*given)
        except Undecided as error:
            error.quantity = slots.quantities[_slot_at(error, lines)]
            raise
        except (NoValue, ZeroDivisionError) as error:
            quantity = slots.quantities[_slot_at(error, lines)]
            raise impossible(quantity, str(error) if isinstance(error, NoValue) else "a division by 0") from None

    return tape


def _slot_at(error: Exception, lines: Sequence[str]) -> int:
    """The slot whose line of code raised `error`: the first that is set there or after it."""
    at = next(line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<tape>")
    return next(int(found[1]) for line in lines[at - 2 :] if (found := _SET.match(line)))


def as_rational(v: arb) -> fmpq:
    """The rational that a ball of radius 0 is."""
    mantissa, exponent = v.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def above(x: Value) -> bool:
    """Whether x > 0, where that is certain; else Undecided."""
    if x > 0:
        return True
    if x <= 0:
        return False
    raise Undecided(x)


def holds(difference: Value, sign: Sign) -> bool:
    """Whether ``difference sign 0``, where that is certain; else Undecided."""
    match sign:
        case ">":
            return above(difference)
        case "≤":
            return not above(difference)
        case "<":
            return above(-difference)
        case "≥":
            return not above(-difference)


_NAMES: dict[str, Any] = {
    **CALLS,
    "arb": arb,
    "above": above,
    "over": functions.over,
    "raised": functions.raised,
    "times": functions.times,
}
