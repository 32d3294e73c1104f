"""Gates of a circuit: one operation on one or two wires, whose rule is what it does with a gradient.

A wire that carries a fixed number (the 1 of 1 + e^−x) belongs to the gate. To add a gate: a class with a name, its
rule, its slopes where they are taught in another form than calculus gives, and a line in `gate_of`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

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
    cases,
    children,
    exp,
    formula,
    largest,
    ln,
    log2,
    log10,
    partial,
    quantities,
    rebuilt,
    times,
)
from handcalc.ops.operation import Elementwise, Made, Mistake, Operation, Option, Page, Vector, activations

RAISED, LOWERED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Gate(Operation):
    """One operation on its wires. `fixed` holds its inputs in order, None where a wire comes in; default: all wires."""

    wires: ClassVar[int] = 2
    sign: ClassVar[str] = ""
    """What stands in its circle."""
    example: ClassVar[tuple[Any, ...]] = (("3", "-2"),)

    def __init__(self, *fixed: Formula | None, **chosen: Formula | str | int) -> None:
        super().__init__(**chosen)
        self.fixed: tuple[Formula | None, ...] = fixed or (None,) * self.wires

    def rule(self, *inputs: Formula) -> Formula:
        raise NotImplementedError

    def write(self, page: Page, wires: Vector) -> list[Ref]:
        return page.out([self.rule(*self._inputs(wires))])

    def slope(self, y: Ref, x: Ref, *inputs: Formula) -> Formula:
        """∂y/∂x. Default: the rules of calculus."""
        return partial(self.rule(*inputs), x.quantity)

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        return self.slope(y, x, *self._inputs(made.inputs[0]))  # type: ignore[arg-type]

    @property
    def label(self) -> str:
        """Its sign with the numbers that belong to it: ``+1``, ``2−``."""
        before, *after = ["" if one is None else _typed(one) for one in self.fixed]
        return before + self.sign + "".join(after)

    def _inputs(self, wires: Vector) -> list[Formula]:
        coming = iter(wires)
        return [next(coming) if one is None else one for one in self.fixed]


class Expression(Operation):
    """One whole formula of its wires, where a step for each gate is not wanted; sloped by the rules of calculus."""

    name = "expression"
    tell = "Put the numbers in and work the expression out."
    gradient_tell = "The slope of the expression by the rules of differentiation."
    example = (("3", "-2"),)

    def __init__(self, whole: Formula | None = None) -> None:
        super().__init__()
        self.whole = whole

    def write(self, page: Page, wires: Vector) -> list[Ref]:
        return page.out([times(*wires) if self.whole is None else self.whole])


class Plus(Gate):
    """y = a + b."""

    name = "plus gate"
    sign = "+"
    tell = "A plus gate adds its two inputs."
    gradient_tell = "A plus gate passes the gradient on to each of its inputs, unchanged."

    def rule(self, a: Formula, b: Formula) -> Formula:  # type: ignore[override]
        return a + b


class Minus(Gate):
    """y = a − b."""

    name = "minus gate"
    sign = "−"
    tell = "A minus gate subtracts its second input from its first."
    gradient_tell = (
        "A minus gate passes the gradient on: to its first input unchanged, to its second with the other sign."
    )

    def rule(self, a: Formula, b: Formula) -> Formula:  # type: ignore[override]
        return a - b


class Times(Gate):
    """y = a·b."""

    name = "times gate"
    sign = "×"
    tell = "A times gate multiplies its two inputs."
    gradient_tell = "A times gate swaps: each input gets the gradient times the other input."

    def rule(self, a: Formula, b: Formula) -> Formula:  # type: ignore[override]
        return a * b


class Divide(Gate):
    """y = a/b, with slopes 1/b and −a/b²."""

    name = "divide gate"
    sign = "/"
    tell = "A divide gate divides its first input by its second."
    gradient_tell = "The slope of a/b is 1/b for the top and −a/b² for the bottom."

    def rule(self, a: Formula, b: Formula) -> Formula:  # type: ignore[override]
        return a / b


class Reciprocal(Gate):
    """y = 1/x, with slope −1/x²."""

    name = "reciprocal gate"
    wires = 1
    sign = "1/x"
    tell = "A reciprocal gate divides 1 by its input."
    gradient_tell = "The slope of 1/x is −1/x²."
    example = (("1.37",),)

    def rule(self, x: Formula) -> Formula:  # type: ignore[override]
        return ONE / x


class Negate(Gate):
    """y = −x."""

    name = "negate gate"
    wires = 1
    sign = "−"
    tell = "A negate gate turns the sign of its input."
    gradient_tell = "A negate gate turns the sign of the gradient."
    example = (("3",),)

    def rule(self, x: Formula) -> Formula:  # type: ignore[override]
        return -x


class Raise(Gate):
    """y = x^n with a whole n, and slope n·x^(n−1)."""

    name = "power gate"
    wires = 1
    tell = "A power gate multiplies its input by itself."
    gradient_tell = "The exponent comes down as a factor and is one less: the slope of xⁿ is n·xⁿ⁻¹."
    options = (Option("exponent", "2", whole=True, least="2", tell="exponent"),)
    variants = ({"exponent": "3"},)
    example = (("-3",),)
    exponent: int

    @property
    def label(self) -> str:
        return "x" + str(self.exponent).translate(RAISED)

    def rule(self, x: Formula) -> Formula:  # type: ignore[override]
        return x**self.exponent


class AnyPower(Gate):
    """y = a^b with any exponent, a > 0; slopes b·a^(b−1) and a^b·ln a."""

    name = "any power gate"
    tell = "This gate raises its first input to the power of its second."
    gradient_tell = "The slope of a^b is b·a^(b−1) for the base and a^b·ln a for the exponent."
    sign = "a^b"
    example = (("2.5", "1.5"),)

    def rule(self, a: Formula, b: Formula) -> Formula:  # type: ignore[override]
        return Call("power", (a, b))

    def slope(self, y: Ref, x: Ref, a: Formula, b: Formula) -> Formula:  # type: ignore[override]
        base = times(b, Call("power", (a, _one_less(b)))) if a == x else ZERO
        if b != x:
            return base
        return y * ln(a) if base == ZERO else base + y * ln(a)


class Exp(Gate):
    """y = e^x, with slope y."""

    name = "exp gate"
    wires = 1
    sign = "exp"
    tell = "An exp gate raises e to its input."
    gradient_tell = "The slope of e^x is e^x, the gate's own output."
    example = (("-1",),)
    mistakes = (
        Mistake(30, "exp-slope-at-input", "the input stands where the slope e^x belongs", "slope",
                lambda self, y, x, a: x, rare=True),
    )  # fmt: skip

    def rule(self, x: Formula) -> Formula:  # type: ignore[override]
        return exp(x)

    def slope(self, y: Ref, x: Ref, a: Formula) -> Formula:  # type: ignore[override]
        return y


class Logarithm(Gate):
    """y = ln x, with slope 1/x."""

    name = "ln gate"
    wires = 1
    sign = "ln"
    tell = "A ln gate takes the natural logarithm."
    gradient_tell = "The slope of ln x is 1/x."
    example = (("2.5",),)
    mistakes = (
        Mistake(15, "log-base-2", "the logarithm to base 2 is taken", "rule", lambda self, x: log2(x)),
        Mistake(15, "log-base-10", "the logarithm to base 10 is taken", "rule", lambda self, x: log10(x)),
    )

    def rule(self, x: Formula) -> Formula:  # type: ignore[override]
        return ln(x)


class LogarithmToBase(Gate):
    """y = log₂ x or log₁₀ x, with slope 1/(x ln 2) or 1/(x ln 10)."""

    name = "log gate"
    wires = 1
    tell = "A log gate takes the logarithm to its base."
    gradient_tell = "The slope of a logarithm to base b is 1/(x ln b)."
    options = (Option("base", "2", words=("2", "10")),)
    variants = ({"base": "10"},)
    example = (("2.5",),)
    base: str

    @property
    def label(self) -> str:
        return f"log{self.base.translate(LOWERED)}"

    def rule(self, x: Formula) -> Formula:  # type: ignore[override]
        return Call(f"log{self.base}", (x,))

    def slope(self, y: Ref, x: Ref, a: Formula) -> Formula:  # type: ignore[override]
        return 1 / (x * ln(self.base))


class Root(Gate):
    """y = √x, with slope 1/(2y)."""

    name = "root gate"
    wires = 1
    sign = "√"
    tell = "A root gate takes the square root."
    gradient_tell = "The slope of a square root is 1 divided by twice the root."
    example = (("2.5",),)

    def rule(self, x: Formula) -> Formula:  # type: ignore[override]
        return Call("sqrt", (x,))

    def slope(self, y: Ref, x: Ref, a: Formula) -> Formula:  # type: ignore[override]
        return 1 / (2 * y)


class Absolute(Gate):
    """y = |x|; the slope at 0 is taken as 0."""

    name = "absolute gate"
    wires = 1
    sign = "|x|"
    tell = "An absolute gate drops the sign."
    gradient_tell = "The slope of |x| is 1 where x > 0, −1 where x < 0, and is taken as 0 at 0."
    example = (("-3",),)

    def rule(self, x: Formula) -> Formula:  # type: ignore[override]
        return Call("abs", (x,))

    def slope(self, y: Ref, x: Ref, a: Formula) -> Formula:  # type: ignore[override]
        return cases(x, ">", 0, yes=1, no=cases(x, "<", 0, yes=-1, no=0))


class Max(Gate):
    """y = max(a, b); at a tie a number counts as the larger, else the first wire."""

    name = "max gate"
    sign = "max"
    tell = "A max gate lets its larger input through."
    gradient_tell = "A max gate routes the gradient to its larger input; the other one gets 0."

    def rule(self, a: Formula, b: Formula) -> Formula:  # type: ignore[override]
        return largest(a, b)

    def slope(self, y: Ref, x: Ref, a: Formula, b: Formula) -> Formula:  # type: ignore[override]
        if x == a == b:
            return ONE
        if x == a and isinstance(b, Ref):
            return cases(b, ">", a, yes=0, no=1)
        return cases(x, ">", b if x == a else a, yes=1, no=0)

    @property
    def label(self) -> str:
        before, after = ("" if one is None else _typed(one) for one in self.fixed)
        return f"max {before}{after}".rstrip()


def gate_of(f: Formula) -> tuple[Operation, list[Ref]]:
    """The gate that `f` is, one operation on names and numbers, with its wires in order. TypeError where it is none."""
    match f:
        case Sum((a, Negative(b))):
            return _gate(Minus, a, b)
        case Sum((a, b)):
            return _gate(Plus, a, b)
        case Product((a, b)):
            return _gate(Times, a, b)
        case Quotient(a, b):
            return _gate(Reciprocal, b) if a == ONE else _gate(Divide, a, b)
        case Negative(a):
            return _gate(Negate, a)
        case Power(a, int(n)):
            return _gate(Raise, a, exponent=n)
        case Call("log2" | "log10" as name, (a,)):
            return _gate(LogarithmToBase, a, base=name.removeprefix("log"))
        case Call(name, (Ref() as x,)) if name in functions():
            return functions()[name](), [x]
        case Call(name, inputs) if name in _CALLS:
            return _gate(_CALLS[name], *inputs)
    raise TypeError(f"not one gate: {f!r}")


def expression_of(f: Formula) -> tuple[Operation, list[Ref]]:
    """`f` as one step, with the wires that it names in order: a gate where it is one, else an Expression."""
    try:
        return gate_of(f)
    except TypeError:
        whole = in_full(f)
        return Expression(whole), [Ref(q) for q in quantities(whole)]


def in_full(f: Formula) -> Formula:
    """`f` with the curve of each activation in place of its name."""
    parts = [in_full(part) for part in children(f)]
    match f:
        case Call(name, (_,)) if name in functions():
            return functions()[name]().curve(parts[0])
    return rebuilt(f, parts) if parts else f


def functions() -> dict[str, type[Elementwise]]:
    """The activations that an expression may name: those of one value whose name is one word."""
    return {name: kind for name, kind in activations().items() if issubclass(kind, Elementwise) and name.isalnum()}


def _gate(kind: type[Gate], *inputs: Formula, **chosen: Formula | str | int) -> tuple[Operation, list[Ref]]:
    if not all(isinstance(one, Ref | Num) for one in inputs):
        raise TypeError(f"a gate's inputs are names and numbers, not {inputs!r}")
    fixed = (one if isinstance(one, Num) else None for one in inputs)
    return kind(*fixed, **chosen), [one for one in inputs if isinstance(one, Ref)]


def _typed(f: Formula) -> str:
    return f.number.text.replace("-", "−") if isinstance(f, Num) else "…"


def _one_less(b: Formula) -> Formula:
    """b − 1, of a number as a number: 0.5 gives -0.5, 3/2 gives 1/2."""
    if not isinstance(b, Num):
        return b - 1
    text = b.number.text
    decimal = "/" not in text and "e" not in text.lower()
    return formula(str(Decimal(text) - 1 if decimal else b.number.value - 1))


_CALLS: dict[str, type[Gate]] = {
    "exp": Exp, "ln": Logarithm, "sqrt": Root, "abs": Absolute, "max": Max, "power": AnyPower,
}  # fmt: skip
