"""The page as straight-line code: one run works all steps out exactly, or as certified balls.

Glossary
    slot     the place of a quantity: givens first, then the steps in order
    value    fmpq where a step's formula is rational in rationals, else arb: a ball that holds the true value
    tape     the code of one page, made once per page; the numbers come in as `given`

Generated code holds slot numbers and names of the table `_CALLS` only, never text from a user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

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

Value = Any
"""fmpq or arb; python-flint has no common type for the two."""


class Undecided(Exception):
    """A ball is too wide to say on which side of `slot`'s comparison the value lies."""

    def __init__(self, difference: Value) -> None:
        super().__init__()
        self.difference = difference


class NoLogarithm(Exception):
    """The logarithm of 0, or of less, was asked for."""


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
        case Call(name, _) if name != "max":
            return False
    return all(is_rational(part, known) for part in children(f))


def exact_tape(
    slots: Slots, formulas: Sequence[Formula], fixed: frozenset[int] = frozenset()
) -> Callable[..., list[Value]]:
    """The code ``tape(given, known)``: the value of every slot, at flint's current precision.

    A step whose slot is in `fixed` isn't worked out: its value is ``known[slot]`` (a proved rational).
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
        code = writer.code(f, ball=not rational[i])
        lines += [*writer.preparations(), f" v{i} = {code}"]
    lines.append(f" return [{', '.join(f'v{i}' for i in range(len(slots.quantities)))}]")
    return _compiled("given, known=None", lines, writer.constants)


def rounded_tape(slots: Slots, formulas: Sequence[Formula]) -> Callable[..., list[Value]]:
    """The code ``tape(given, rounded)``: each result is used as ``rounded(value, slot)``, a rational."""
    writer = _Writer(slots, [True] * len(slots.quantities))
    lines = [f" v{i} = given[{i}]" for i in range(slots.givens)]
    for i, f in enumerate(formulas, slots.givens):
        code = writer.code(f, ball=not is_rational(f, lambda q: True))
        lines += [*writer.preparations(), f" v{i} = rounded({code}, {i})"]
    lines.append(f" return [{', '.join(f'v{i}' for i in range(len(slots.quantities)))}]")
    return _compiled("given, rounded", lines, writer.constants)


def line_codes(slots: Slots, formulas: Sequence[Formula]) -> list[Callable[[Sequence[Value]], Value]]:
    """For each step the code ``line(v)``: its formula with ``v[slot]`` for each quantity, rational or ball."""
    writer = _Writer(slots, None)
    source = ["[", *(f" lambda v: {writer.code(f, ball=False)}," for f in formulas), "]"]
    names = {**_CALLS, **writer.constants}
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
                return "*".join(self.code(g, ball=ball) for g in factors)
            case Quotient(top, bottom):
                return f"({self.code(top, ball=ball)}/({self.code(bottom, ball=ball)}))"
            case Power(base, n):
                return self._power(self.code(base, ball=ball), n)
            case Negative(inner):
                return f"(-{self.code(inner, ball=ball)})"
            case Call("max", (a, b)):
                return self._either(b, a, self._condition(b, ">", a), ball)
            case Call(name, args):
                return f"{name}({', '.join(self.code(a, ball=True) for a in args)})"
            case Cases(left, sign, right, yes, no):
                return self._either(yes, no, self._condition(left, sign, right), ball)
        raise TypeError(f"no code for {f!r}")

    def _term(self, f: Formula, ball: bool) -> str:
        return f"-{self.code(f.inner, ball=ball)}" if isinstance(f, Negative) else f"+{self.code(f, ball=ball)}"

    def _either(self, yes: Formula, no: Formula, condition: str, ball: bool) -> str:
        """A lone constant is made a ball here: nothing else in the expression would make it one."""
        codes = [self.code(f, ball=ball) for f in (yes, no)]
        if ball:
            codes = [f"arb({c})" if isinstance(f, Num) else c for f, c in zip((yes, no), codes, strict=True)]
        return f"({codes[0]} if {condition} else {codes[1]})"

    def _condition(self, left: Formula, sign: Sign, right: Formula) -> str:
        zero = isinstance(right, Num) and right.number.value == 0
        difference = self.code(left, ball=False) + ("" if zero else f"-{self.code(right, ball=False)}")
        negative = f"-({difference})" if sign in "<≥" else difference
        return f"{'not ' if sign in '≤≥' else ''}above({negative})"

    def _power(self, base: str, n: int) -> str:
        return f"{base}*{base}" if n == 2 and base.isidentifier() else f"{base}**{n}"

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


def _compiled(arguments: str, lines: Sequence[str], constants: dict[str, Value]) -> Callable[..., list[Value]]:
    names: dict[str, Any] = {**_CALLS, **constants}
    exec(compile("\n".join((f"def tape({arguments}):", *lines)), "<tape>", "exec"), names)
    tape: Callable[..., list[Value]] = names["tape"]
    return tape


def _exp(x: Value) -> Value:
    return x.exp() if isinstance(x, arb) else arb(x).exp()


def _ln(x: Value) -> Value:
    if x <= 0:
        raise NoLogarithm
    return x.log() if isinstance(x, arb) else arb(x).log()


def _tanh(x: Value) -> Value:
    return x.tanh() if isinstance(x, arb) else arb(x).tanh()


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


_CALLS: dict[str, Any] = {
    "arb": arb,
    "exp": _exp,
    "ln": _ln,
    "tanh": _tanh,
    "above": above,
}
