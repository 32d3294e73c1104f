"""The values of e^x, σ, ln, … that the lines of a pass need without a calculator, among others that they don't need.

In rounded carry a line is worked with the numbers that are printed before it, so it asks for its functions at
arguments that are printed numbers too. The table gives each to as many places as the sheet works with; where a line
wouldn't end with its printed digits by that, the whole column has more. σ(z) is looked up as it is, not through e^−z,
which no line rounds.

Each needed argument stands among others that somebody with a slip, or a misread digit, would look up. Which ones
depends on the numbers alone, and nothing in a row says whether it is needed.

Glossary
    function   what a column is about, by its name in `FUNCTIONS` (or "power 3": 3^x)
    needed     the arguments that lines ask for, by function
    decoy      an argument that no line asks for
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256
from itertools import chain
from operator import add

from flint import ctx, fmpq

from handcalc.derive.decimals import decimals_of, nearest, terminating_text
from handcalc.derive.functions import CALLS, LOGARITHMS, NoValue, Value, over, raised, times
from handcalc.derive.identity import chosen
from handcalc.derive.passes import NumericPass, Pass
from handcalc.derive.places import places_by_slot
from handcalc.derive.slip import possible, value_with
from handcalc.derive.span import PRECISION, Unbounded, ends
from handcalc.derive.tolerance import rounded, texts
from handcalc.errors import HandcalcError
from handcalc.formula.number import read_number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    ONE,
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
    exp,
    formula,
    quantities,
)
from handcalc.network.rounding import Rounding

X = Ref(Quantity("x"))
FUNCTIONS: dict[str, Formula] = {
    "exp": exp(X),
    "sigmoid": 1 / (1 + exp(-X)),
    **{name: Call(name, (X,)) for name in ("tanh", "ln", "log2", "log10", "sqrt", "erf")},
}
"""What the columns are about, in the order in which they stand."""
DECOYS = 2
"""For each needed argument."""
MOST_PLACES = 12
RATIONAL = frozenset({"max", "abs"})
ValueOf = Callable[[Quantity], fmpq]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a function of x, the argument and the value as they are printed."""

    name: str
    function: Formula
    argument: str
    value: str


class NoTable(HandcalcError):
    """A line that no table helps with."""

    def __init__(self, quantity: Quantity) -> None:
        super().__init__(
            f"{quantity.key}: its line can't be worked with a table of values; allow a calculator, or take another "
            "activation or loss"
        )


def values_needed(*worked: Pass) -> Mapping[str, tuple[fmpq, ...]]:
    """The arguments at which the lines of the passes ask for each function, in order.

    Raises HandcalcError where values aren't carried rounded, NoTable where no places are enough for a line.
    """
    return {name: tuple(sorted(needed)) for name, needed in _worked_with_a_table(worked).needed.items()}


def table_of_values(*worked: Pass) -> tuple[Entry, ...]:
    """The rows of the table: function by function, sorted by argument, two decoys for each needed value.

    Raises the same as `values_needed`.
    """
    table = _worked_with_a_table(worked)
    known = list(FUNCTIONS)
    rows: list[Entry] = []
    for name in sorted(table.needed, key=lambda one: (known.index(one) if one in known else len(known), one)):
        arguments = sorted(table.needed[name] | _decoys(name, table, worked))
        decimals = max(map(_length, arguments))
        for x in arguments:
            printed, _ = texts(x, x, decimals, figures=False)
            value = table.rounded(name, x)
            shown, _ = texts(value, value, table.places_of(name), figures=table.rounding.figures)
            rows.append(Entry(name, _function(name), printed, shown))
    return tuple(rows)


def _function(name: str) -> Formula:
    base = name.removeprefix("power ")
    return FUNCTIONS[name] if base == name else Call("power", (formula(base), X))


@dataclass
class _Table:
    """A table that is asked: `needed` and `asked` remember for which values, the latter for the line that is worked."""

    rounding: Rounding
    places: Mapping[str, int] = field(default_factory=dict)
    needed: dict[str, set[fmpq]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def places_of(self, name: str) -> int:
        return self.places.get(name, self.rounding.places)

    def rounded(self, name: str, x: fmpq) -> fmpq:
        """The value as it is printed."""
        return rounded(ends(_exact(name, x)).low, self.places_of(name), self.rounding)

    def look_up(self, name: str, x: fmpq) -> fmpq:
        """The printed value; a whole number, such as e⁰ or ln 1, is known without a table."""
        self.asked.add(name)
        exact = _exact(name, x)
        if isinstance(exact, fmpq) and exact.q == 1:
            return exact
        if _length(x) > MOST_PLACES:
            x = nearest(x, self.places_of(name) + 1, "half up", up=x > 0)
        self.needed.setdefault(name, set()).add(x)
        return self.rounded(name, x)

    def worked(self, f: Formula, value: ValueOf) -> Value:
        """`f` (without cases) by the table alone."""
        if isinstance(f, Quotient) and (z := _of_sigmoid(f)) is not None:
            return self.look_up("sigmoid", self.worked(z, value))
        match f:
            case Ref(quantity):
                return value(quantity)
            case Num(number):
                return number.value
            case Product(factors):
                plain = [self.worked(g, value) for g in factors if not _asks(g)]
                return times(*plain, *(self.worked(g, value) for g in factors if _asks(g) and 0 not in plain))
            case Call("pi", ()):
                return rounded(ends(CALLS["pi"]()).low, self.rounding.places + 2, self.rounding)
        parts = [self.worked(g, value) for g in children(f)]
        match f:
            case Negative():
                return -parts[0]
            case Sum():
                return reduce(add, parts)
            case Quotient():
                return over(*parts)
            case Power(_, n):
                return raised(parts[0], fmpq(n) if isinstance(n, int) else parts[1])
            case Call("power", _):
                if (base := terminating_text(parts[0], MOST_PLACES)) is None:
                    raise NoValue("a power of what is no decimal")
                return self.look_up(f"power {base}", parts[1])
            case Call(name, _):
                return CALLS[name](*parts) if name in RATIONAL else self.look_up(name, *parts)
        raise TypeError(f"no table for {f!r}")


def _exact(name: str, x: fmpq) -> Value:
    with ctx.workprec(PRECISION):
        if name == "sigmoid":
            return 1 / (1 + CALLS["exp"](-x))
        if name.startswith("power "):
            return CALLS["power"](read_number(name.removeprefix("power ")).value, x)
        return CALLS[name](x)


def _of_sigmoid(f: Quotient) -> Formula | None:
    """The z of 1/(1 + e^−z)."""
    match f:
        case Quotient(top, Sum((one, Call("exp", (Negative(z),))))) if top == ONE == one:
            return z
    return None


def _asks(f: Formula) -> bool:
    """Whether a function stands in `f`."""
    return (isinstance(f, Call) and f.name not in RATIONAL) or any(map(_asks, children(f)))


def _length(x: fmpq) -> int:
    """How many decimals x has; more than are printed where they never end."""
    text = terminating_text(x, MOST_PLACES)
    return MOST_PLACES + 1 if text is None else len(text.partition(".")[2])


def _worked_with_a_table(worked: Sequence[Pass]) -> _Table:
    """Every line worked by the table alone, each column with as many places as that takes."""
    passes = [one for one in worked if isinstance(one, NumericPass) and one.network.carry == "rounded"]
    if len(passes) < max(len(worked), 1):
        raise HandcalcError("a table of values goes with numbers that are carried rounded; write carry: rounded")
    places: dict[str, int] = {}
    while True:
        table = _Table(passes[0].network.rounding, places)
        short = set(chain.from_iterable(_short(one, table) for one in passes))
        if not short:
            return table
        places = places | {name: table.places_of(name) + 1 for name in short}


def _short(worked: NumericPass, table: _Table) -> Iterator[str]:
    """The functions that a line needs more places of to end with its printed number."""
    program, rounding = worked.program, worked.network.rounding
    places = places_by_slot(program, rounding)
    for slot, f in enumerate(program.formulas, program.first):
        if not _asks(f):
            continue
        table.asked.clear()
        found, key = _worked(table, f, worked.value), worked.values[slot]
        decimals = max(decimals_of(key, places[slot], figures=rounding.figures), _length(key))
        if found is not None and nearest(found, decimals, rounding.how, up=found > 0) == key:
            continue
        if not table.asked or max(map(table.places_of, table.asked)) >= MOST_PLACES:
            raise NoTable(program.slots.quantities[slot])
        yield from set(table.asked)


def _worked(table: _Table, f: Formula, value: ValueOf) -> Value | None:
    """`f` by the table; None where it has no value by that, as where e^x is rounded to 0 and divided by."""
    try:
        return table.worked(chosen(f, value), value)
    except (NoValue, ZeroDivisionError, Unbounded):
        return None


def _decoys(name: str, table: _Table, worked: Sequence[Pass]) -> set[fmpq]:
    """Arguments that nobody needs, but somebody with a slip or a misread digit would look up."""
    needed = table.needed[name]
    slipped = {x for one in worked if isinstance(one, NumericPass) for x in _slipped(name, table, one)} - needed
    found: set[fmpq] = set()
    for x in sorted(needed):
        likely = [*slipped, *_misread(x), *(y for other in slipped for y in _misread(other))]
        left = sorted({y for y in likely if y not in needed | found and _is_fit(name, y, table)}, key=_mixed(name, x))
        found.update(left[:DECOYS])
    return found


def _mixed(name: str, x: fmpq) -> Callable[[fmpq], str]:
    """An order without an order, the same each time."""
    return lambda y: sha256(f"{name} {x} {y}".encode()).hexdigest()


def _slipped(name: str, table: _Table, worked: NumericPass) -> Iterator[fmpq]:
    """The arguments of a function after a slip in one of the lines that make them."""
    program, rounding = worked.program, worked.network.rounding
    places, number = places_by_slot(program, rounding), program.slots.number
    askers: dict[Quantity, list[Formula]] = {}
    for f in filter(_asks, program.formulas):
        for q in quantities(f):
            askers.setdefault(q, []).append(f)
    for slip in possible(worked.run.shape, worked.turn):
        q = slip.quantity
        if q not in askers or (wrong := value_with(worked, slip)) is None:
            continue
        printed = rounded(ends(wrong).low, places[number[q]], rounding)
        for f in askers[q]:
            asked = _Table(rounding, table.places)
            _worked(asked, f, lambda one: printed if one == q else worked.value(one))  # noqa: B023
            yield from asked.needed.get(name, ())


def _misread(x: fmpq) -> Iterator[fmpq]:
    """x with the other sign, with its last digit, or the one before, one or two more or less; and what is left to 1.

    A whole number has no digit before the last unless it is 10 or more: e^11 in place of e^1 is nobody's slip.
    """
    places = min(_length(x), MOST_PLACES)
    unit = fmpq(1, 10**places)
    yield from (-x, 1 - x)
    yield from (x + n * unit for n in (-2, -1, 1, 2))
    if places or abs(x) >= 10:
        yield from (x + n * unit for n in (-20, -10, 10, 20))


def _is_fit(name: str, x: fmpq, table: _Table) -> bool:
    """Whether the function has a value at x that looks like that of any other row."""
    try:
        exact = _exact(name, x)
    except (NoValue, ZeroDivisionError):
        return False
    outside = name in LOGARITHMS and x > 1 and all(y < 1 for y in table.needed[name])  # a probability wouldn't be there
    return not outside and not (isinstance(exact, fmpq) and exact.q == 1) and table.rounded(name, x).q != 1
