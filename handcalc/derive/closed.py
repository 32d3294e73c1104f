"""Closed forms: an irrational value in numbers only, while that is short; and operands written exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import fmpq

from handcalc.derive.certify import Certified
from handcalc.derive.decimals import terminating_text
from handcalc.derive.functions import CALLS, NoValue, Value, raised
from handcalc.derive.identity import Proofs, chosen
from handcalc.derive.program import Program
from handcalc.derive.tape import SOMETIMES_RATIONAL
from handcalc.formula.number import Number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    ONE,
    ZERO,
    Call,
    Formula,
    Negative,
    Num,
    Power,
    Product,
    Quotient,
    Ref,
    Sum,
    children,
    opened,
    quantities,
    rebuilt,
    size,
)

SHORT = 12
"""Marks (numbers and operations) of a closed form that is still worth printing."""
TIDIED = 2 * SHORT
"""Marks that tidying (of zeros, ones, double signs) may save a closed form."""
LONGEST = 60
"""Marks of an exactly written operand."""
MOST_FRACTION, MOST_PLACES = 10_000, 6
"""Of a number worked out in a closed form: top and bottom of a fraction stay below; decimals."""


def fraction(value: fmpq) -> Formula | None:
    """`value` as a person would write it: a decimal if that is short, else a short fraction; None where neither is."""
    if (text := terminating_text(value, MOST_PLACES)) is not None:
        return Num(Number(text, value))
    top, bottom = int(value.p), int(value.q)
    if max(abs(top), bottom) >= MOST_FRACTION:
        return None
    return Num(Number(f"{top}/{bottom}", value))


class ClosedForms:
    """By slot the value in numbers only: the number where it is printed `whole`, a fraction, a short closed form.

    Forms are made when they are asked for; how long they would be is known beforehand.
    """

    def __init__(self, program: Program, certified: Certified, whole: Sequence[str | None]) -> None:
        self.program, self.certified, self.whole = program, certified, whole
        self._made: dict[int, Formula | None] = {}
        self._lengths = [
            1 if isinstance(value, fmpq) else SHORT + TIDIED + 1 for value in certified.values[: program.first]
        ]
        for n, operands in enumerate(program.operands):
            rational = isinstance(certified.values[program.first + n], fmpq)
            length = 1 if rational else program.sizes[n] + sum(self._lengths[j] - 1 for j in operands)
            self._lengths.append(length)

    def __getitem__(self, i: int) -> Formula | None:
        if self._lengths[i] > SHORT + TIDIED:
            return None
        if i not in self._made:
            form = self._form(i)
            self._made[i] = form if form is not None and size(form) <= SHORT and not _is_stacked(form) else None
        return self._made[i]

    def _form(self, i: int) -> Formula | None:
        value, text = self.certified.values[i], self.whole[i]
        if isinstance(value, fmpq):
            return Num(Number(text, value)) if text is not None else fraction(value)
        if i < self.program.first:  # carried here: its formula stands on an earlier page
            return None
        number, forms = self.program.slots.number, {j: self[j] for j in self.program.operands[i - self.program.first]}
        if None in forms.values():
            return None
        formula = chosen(self.program.formulas[i - self.program.first], lambda q: self.certified.values[number[q]])
        return tidy(formula, lambda q: forms[number[q]])


def _is_stacked(f: Formula, *, inside: bool = False) -> bool:
    """Whether a fraction stands in a fraction (a small one in an exponent doesn't count)."""
    match f:
        case Num(number):
            return inside and "/" in number.text
        case Call("exp", _):
            return False
        case Quotient(top, bottom):
            return inside or _is_stacked(top, inside=True) or _is_stacked(bottom, inside=True)
    return any(_is_stacked(part, inside=inside) for part in children(f))


def tidy(f: Formula, place: Callable[[Quantity], Formula | None] = lambda _: None) -> Formula:
    """`f` without zeros, ones and double signs; e^0 is 1, √4 is 2, numbers are worked out where short.

    `place` gives what stands for a name (None keeps it), tidied already.
    """
    if isinstance(f, Ref):
        return place(f.quantity) or f
    if not (parts := children(f)):
        return f
    match f := rebuilt(f, [tidy(part, place) for part in parts]):
        case Negative(Num(number)) if number.value == 0 or number.text.startswith("-"):
            return fraction(-number.value) or f
        case Negative(Negative(inner)):
            return inner
        case Call(name, args):
            return _tidy_call(name, args) or f
        case Product(factors) if any(_is(g, 0) for g in factors):
            return ZERO
        case Product(factors):
            kept = tuple(g for g in factors if not _is(g, 1))
            return kept[0] if len(kept) == 1 else Product(kept) if kept else ONE
        case Sum(terms):
            return _tidy_sum(tuple(t for t in terms if not _is(t, 0)))
        case Quotient(Num(top), Num(bottom)) if bottom.value != 0:
            return fraction(top.value / bottom.value) or f
        case Quotient(top, bottom) if _is(bottom, 1):
            return top
        case Power(base, int() as n) if (value := _number(base)) is not None:
            return _worked_out(raised, value, fmpq(n)) or f
        case Power(base, Num(number)) if (value := _number(base)) is not None:
            return _worked_out(raised, value, number.value) or f
        case Power(Call("sqrt", (inner,)), 2):
            return inner
    return f


def _tidy_call(name: str, args: tuple[Formula, ...]) -> Formula | None:
    """A function of numbers that is a short number: e^0, ln 1, √4, log2 8, 3^2, |−2|."""
    values = [v for a in args if (v := _number(a)) is not None]
    if not args or len(values) < len(args):
        return None
    if name in SOMETIMES_RATIONAL:
        return _worked_out(CALLS[name], *values)
    if values[0] == 0 and name in ("tanh", "erf"):
        return ZERO
    if values[0] == 0 and name == "exp":
        return ONE
    return ZERO if values[0] == 1 and name == "ln" else None


def _worked_out(function: Callable[..., Value], *values: fmpq) -> Formula | None:
    """The number that `function` makes of `values`, where that is rational and short."""
    try:
        found = function(*values)
    except NoValue:
        return None
    return fraction(found) if isinstance(found, fmpq) else None


def _tidy_sum(terms: tuple[Formula, ...]) -> Formula:
    if not terms:
        return ZERO
    if len(terms) == 1:
        return terms[0]
    values = [v for v in map(_number, terms) if v is not None]
    return (fraction(sum(values, fmpq(0))) if len(values) == len(terms) else None) or Sum(terms)


def _number(f: Formula) -> fmpq | None:
    match f:
        case Num(number):
            return number.value
        case Negative(Num(number)):
            return -number.value
    return None


def _is(f: Formula, value: int) -> bool:
    return isinstance(f, Num) and bool(f.number.value == value)


def exact_operands(
    program: Program, certified: Certified, whole: Sequence[str | None], target: int, proofs: Proofs
) -> Formula:
    """The formula of `target` with operands written exactly; letters that remain stand for the exact numbers.

    Of a proved rational: opened until it holds whatever its letters stand for. Of another value: opened
    to numbers if that is short. Else as it is.
    """
    slots, values = program.slots, certified.values
    plain = f = chosen(program.formulas[target - program.first], lambda q: values[slots.number[q]])
    if isinstance(values[target], fmpq):
        proof = proofs.opened(slots.quantities[target], values[target])
        return proof if proof is not None and size(proof) <= LONGEST else plain
    while size(f) <= LONGEST:
        letters = [q for q in quantities(f) if whole[slots.number[q]] is None and q in program.made]
        if not letters:
            return f
        if not all(q in program.made for q in letters):
            return plain
        latest = max(letters, key=slots.number.__getitem__)
        inside = chosen(program.made[latest].formula, lambda q: values[slots.number[q]])
        f = opened(f, latest, inside)
    return plain
