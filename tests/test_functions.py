"""The functions of a formula: values against mpmath, where they are rational, what has no value, how they look."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from mpmath.ctx_mp import MPContext
from oracles import latex_lines, text_lines
from oracles.numbers import Points

import handcalc
from handcalc.cli import main
from handcalc.derive.carried import rounded_carry
from handcalc.derive.certify import CannotDecide, Certified, certify
from handcalc.derive.closed import ClosedForms, tidy
from handcalc.derive.digits import exact_carry, places_needed
from handcalc.derive.functions import CALLS, Impossible, NoValue, RoundedAway, value_of
from handcalc.derive.identity import Proofs
from handcalc.derive.page import Step
from handcalc.derive.program import Program
from handcalc.derive.symbolic import FUNCTIONS
from handcalc.derive.tape import Slots, exact_tape, line_codes
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Hold
from handcalc.formula.notation import lettered, number, written
from handcalc.formula.quantity import Quantity, read_key
from handcalc.formula.tree import (
    PI,
    Formula,
    Power,
    Ref,
    absolute,
    cases,
    erf,
    exp,
    formula,
    largest,
    ln,
    log2,
    log10,
    partial,
    power,
    sqrt,
    tanh,
)
from handcalc.network.rounding import Rounding
from handcalc.render.latex_maths import maths_to_latex
from handcalc.render.text import plain

X, Y, Z, T = (Ref(Quantity(letter)) for letter in "xyzt")
Numbers = Mapping[str, str]


def rational(text: str) -> fmpq:
    """``-3/10``, ``0.3``."""
    top, _, bottom = text.partition("/")
    whole, _, decimals = top.partition(".")
    return fmpq(int(whole + decimals), int(bottom or 1) * 10 ** len(decimals))


def program(numbers: Numbers, **steps: Formula) -> Program:
    """A page of `steps` whose givens are `numbers`."""
    made: Any = SimpleNamespace(
        steps=tuple(Step(Quantity(letter), f, None, "forward") for letter, f in steps.items()),  # type: ignore[arg-type]
        page=SimpleNamespace(givens=[Quantity(letter) for letter in numbers], made=[]),
    )
    return Program(made)


def certified(numbers: Numbers, **steps: Formula) -> tuple[Program, Certified]:
    made = program(numbers, **steps)
    return made, certify(made, lambda _: list(map(rational, numbers.values())), places_needed(Rounding()))


def value(f: Formula, **numbers: str) -> Any:
    """By the whole way: tape, digits, proofs."""
    return certified(numbers, r=f)[1].values[-1]


VALUES: dict[str, tuple[Formula, Numbers]] = {
    "root": (sqrt(X), {"x": "0.3"}),
    "root of a square": (sqrt(X), {"x": "4/9"}),
    "logarithm to base 2": (log2(X), {"x": "0.3"}),
    "logarithm to base 10": (log10(X), {"x": "7"}),
    "erf": (erf(X), {"x": "-0.7"}),
    "size of a negative number": (absolute(X - Y), {"x": "0.5", "y": "2"}),
    "size of an irrational number": (absolute(exp(X) - Y), {"x": "1", "y": "9"}),
    "power": (power(3, X - 1), {"x": "0.4"}),
    "power of a named base": (power(X, Y), {"x": "0.4", "y": "-1.3"}),
    "counter": (X**T, {"x": "0.9", "t": "3"}),
    "pi": (sqrt(2 / PI) * X, {"x": "3"}),
    "the largest of three": (largest(X, Y, Z), {"x": "1", "y": "5", "z": "2"}),
    "the largest of irrationals": (largest(exp(X), tanh(Y), Z), {"x": "1", "y": "5", "z": "2"}),
    "a product to a power": ((X * Y) ** 3 * exp(X), {"x": "2", "y": "3"}),
    "a power to a power": ((X**2) ** 3 * exp(X), {"x": "3"}),
    "a third of a ball": (formula(1) / formula(3) * exp(X), {"x": "1"}),
    "GELU": (formula("1/2") * X * (1 + erf(X / sqrt(2))), {"x": "0.3"}),
    "Adam": (X / (sqrt(Y) + Z), {"x": "0.3", "y": "0.3", "z": "0.00000001"}),
    "entropy in bits": (-(X * log2(X) + Y * log2(Y)), {"x": "0.3", "y": "0.7"}),
    "slope of a size": (partial(absolute(X - exp(Y)), Quantity("x")), {"x": "1", "y": "2"}),
    "minus a constant in a case": (cases(exp(X) - Y, ">", 0, yes=-formula(2), no=exp(X)), {"x": "1", "y": "2"}),
}


@pytest.mark.parametrize("case", VALUES)
def test_values_are_those_of_mpmath(case: str) -> None:
    """mpmath works out what the independent reader of the text says the formula is."""
    f, numbers = VALUES[case]
    mp = MPContext()
    mp.dps = 40
    env = {key: mp.mpf(int(v.p)) / int(v.q) for key, v in zip(numbers, map(rational, numbers.values()), strict=True)}
    wanted = Points(mp, env, mp.mpf(10) ** -30).of(text_lines.read_formula(plain(written(f))))
    found = value(f, **numbers)
    with ctx.workprec(128):
        assert abs(
            mp.mpf((arb(found) if isinstance(found, fmpq) else found).str(25, radius=False)) - wanted
        ) < 1e-15 * (1 + abs(wanted))
        names = {Quantity(key): rational(text) for key, text in numbers.items()}
        if "case" not in case and "slope" not in case:
            assert arb(value_of(f, names.__getitem__)).overlaps(arb(found))


RATIONAL: list[tuple[Formula, Numbers, str]] = [
    (sqrt(X), {"x": "4/9"}, "2/3"),
    (sqrt(X), {"x": "0"}, "0"),
    (X / (sqrt(Y) + Z), {"x": "1", "y": "4", "z": "0.1"}, "10/21"),
    (power(3, X), {"x": "4"}, "81"),
    (power(3, X), {"x": "-2"}, "1/9"),
    (power(X, Y), {"x": "8/27", "y": "2/3"}, "4/9"),
    (power(3, X) / (power(3, X) + power(3, Y)), {"x": "2", "y": "-1"}, "27/28"),
    (log2(X), {"x": "1/8"}, "-3"),
    (log2(X), {"x": "1"}, "0"),
    (log10(X), {"x": "1000"}, "3"),
    (absolute(X - Y), {"x": "1/3", "y": "2"}, "5/3"),
    (erf(X), {"x": "0"}, "0"),
    (1 - X**T, {"x": "0.9", "t": "3"}, "271/1000"),
    (X**T, {"x": "2/3", "t": "-2"}, "9/4"),
    (largest(X, Y, Z), {"x": "1/3", "y": "-2", "z": "1/4"}, "1/3"),
    (X * ln(X) + Y * ln(Y), {"x": "0", "y": "1"}, "0"),
    (-(X * log2(X)), {"x": "0"}, "0"),
    (-((1 - X) * ln(1 - X)), {"x": "1"}, "0"),
]


@pytest.mark.parametrize(
    ("f", "numbers", "wanted"), RATIONAL, ids=lambda case: plain(written(case)) if isinstance(case, Formula) else None
)
def test_what_is_rational_is_found(f: Formula, numbers: Numbers, wanted: str) -> None:
    assert isinstance(value(f, **numbers), fmpq)
    assert value(f, **numbers) == rational(wanted)


def test_what_follows_a_rational_root_is_rational() -> None:
    made, found = certified(
        {"x": "4/9", "y": "1/3"}, a=sqrt(X), b=Y * Ref(Quantity("a")), c=sqrt(Ref(Quantity("b")) * 2)
    )
    assert [found.values[made.slots.number[Quantity(letter)]] for letter in "abc"] == [
        fmpq(2, 3),
        fmpq(2, 9),
        fmpq(2, 3),
    ]


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(-40, 40))
def test_roots_powers_and_logarithms_undo_each_other(top: int, bottom: int, n: int) -> None:
    x = fmpq(top, bottom)
    assert CALLS["sqrt"](x * x) == x
    assert CALLS["power"](x**3, fmpq(1, 3)) == x
    assert CALLS["log2"](fmpq(2) ** n) == n
    assert CALLS["log10"](fmpq(10) ** n) == n
    assert isinstance(CALLS["sqrt"](x * x * 2), arb)


@pytest.mark.parametrize(
    ("f", "numbers", "asked"),
    [
        (ln(X), {"x": "0"}, "ln 0"),
        (ln(X - Y), {"x": "0.2", "y": "0.5"}, "ln (−0.3)"),
        (log2(X), {"x": "-1/3"}, "log2 (−1/3)"),
        (sqrt(X), {"x": "-0.3"}, "the square root of −0.3"),
        (sqrt(-exp(X)), {"x": "1"}, "the square root of −2.7183"),
        (1 / X, {"x": "0"}, "a division by 0"),
        (exp(Y) / X, {"x": "0", "y": "1"}, "a division by 0"),
        (exp(Y) / sqrt(X), {"x": "0", "y": "1"}, "a division by 0"),
        (X**-1, {"x": "0"}, "0^(−1), a division by 0"),
        (power(X, Y), {"x": "-2", "y": "0.5"}, "(−2)^0.5"),
        (X**T, {"x": "2", "t": "0.5"}, "a power with the exponent 0.5, where a whole number is wanted"),
    ],
)
def test_what_has_no_value_is_said_with_its_quantity(f: Formula, numbers: Numbers, asked: str) -> None:
    """The line before is in order, and so is the one after."""
    steps = {"before": Ref(Quantity(next(iter(numbers)))) * 2, "wrong": f, "after": exp(formula(1))}
    with pytest.raises(Impossible) as exact:
        certified(numbers, **steps)
    given = list(map(rational, numbers.values()))
    with pytest.raises(RoundedAway) as rounded:
        rounded_carry(program(numbers, **steps), given, list(numbers.values()), Rounding())
    for found in (exact, rounded):
        assert found.value.quantity == Quantity("wrong")
        assert str(found.value).startswith(f"wrong: its line asks for {asked}, which has no value")
    assert "carry: exact" in str(rounded.value)
    assert "carry: exact" not in str(exact.value)


def test_what_has_no_value_ends_the_command_with_2(tmp_path: Any) -> None:
    file = tmp_path / "zero.yaml"
    file.write_text("inputs: [1]\nlayers: [{linear: [[1]]}]\ntarget: 0\nloss: mean absolute percentage error\n")
    for carry in ("exact", "rounded"):
        file.write_text(file.read_text().partition("carry")[0] + f"carry: {carry}\n")
        found = CliRunner().invoke(main, ["solve", str(file)])
        assert found.exit_code == 2
        assert "L: its line asks for a division by 0" in found.output
    assert issubclass(Impossible, HandcalcError)
    assert handcalc.HandcalcError is HandcalcError


def test_a_logarithm_of_0_beside_something_else_than_0_has_no_value() -> None:
    with pytest.raises(NoValue):
        line_codes(Slots.of([Quantity("x")], [Quantity("r")]), [2 * ln(X)])[0]([fmpq(0)])
    with pytest.raises(Impossible):
        value(X * ln(Y), x="0.5", y="0")


def test_a_comparison_that_is_a_tie_of_irrationals_names_its_line() -> None:
    f = cases(exp(X) * exp(-X) - 1, ">", 0, yes=1, no=0)
    with pytest.raises(CannotDecide, match="r: its value"):
        value(f, x="0.3")


def test_the_largest_of_equal_irrationals_needs_no_comparison() -> None:
    found = value(largest(exp(X) * exp(Y), exp(X + Y)), x="0.3", y="0.2")
    assert abs(found - arb(fmpq(1, 2)).exp()) < 1e-15


U, V = Ref(Quantity("u")), Ref(Quantity("v"))
"""Irrational; what they stand for doesn't matter."""
PROVED: dict[str, tuple[Formula, str]] = {
    "the square of a root": (sqrt(U) ** 2 - U, "0"),
    "roots of rationals": (sqrt(2) * sqrt(3) / sqrt(6), "1"),
    "a root over itself": (sqrt(formula("8/9")) / sqrt(2), "2/3"),
    "powers add their exponents": (power(3, U) * power(3, 2 - U), "9"),
    "a softmax of base 3": (power(3, U) / (power(3, U) + power(3, V)) + power(3, V) / (power(3, U) + power(3, V)), "1"),
    "a power as an exponential": (power(3, U) - exp(U * ln(3)), "0"),
    "logarithms of rationals": (ln(6) - ln(2) - ln(3), "0"),
    "two bases": (log2(formula(10)) * log10(formula(8)), "3"),
    "erf is odd": (erf(U - V) + erf(V - U), "0"),
    "a root of a prime as a power": (power(2, formula("1/2")) - sqrt(2), "0"),
    "pi over itself": (PI / (2 * PI), "1/2"),
    "e to a logarithm": (exp(3 * ln(2)), "8"),
}
NOT_PROVED: dict[str, tuple[Formula, str]] = {
    "a root of a square may be the other one": (sqrt(U**2) - U, "0"),
    "different roots": (sqrt(U) - sqrt(V), "0"),
    "a root is no half": (sqrt(2) - formula("1.41421356"), "0"),
    "an enormous power": (power(3, formula(10**9)) - power(3, formula(10**9 + 1)), "0"),
    "an absolute value may be either": (absolute(U) - U, "0"),
}


@pytest.mark.parametrize("case", PROVED)
def test_identities_that_are_proved(case: str) -> None:
    f, wanted = PROVED[case]
    assert Proofs({}, {U.quantity: arb(2).sqrt(), V.quantity: arb(3).sqrt()}).holds(f, rational(wanted))
    assert not Proofs({}, {U.quantity: arb(2), V.quantity: arb(3)}).holds(f, rational(wanted) + fmpq(1, 10**9))


@pytest.mark.parametrize("case", NOT_PROVED)
def test_identities_that_are_not_proved(case: str) -> None:
    f, wanted = NOT_PROVED[case]
    assert not Proofs({}, {U.quantity: arb(2).sqrt(), V.quantity: arb(3).sqrt()}).holds(f, rational(wanted))


def test_a_tie_made_of_roots_is_exact() -> None:
    made, found = certified(
        {"x": "0.02", "y": "0.08"}, a=sqrt(X), b=sqrt(Y), r=Ref(Quantity("a")) / Ref(Quantity("b")) / 4
    )
    assert found.values[-1] == fmpq(1, 8)
    printed = exact_carry(made, found, ["0.02", "0.08"], Rounding(places=2))
    assert printed.decimal[-1] == "0.13"


@pytest.mark.parametrize(
    ("f", "wanted"),
    [
        (sqrt(4), "2"),
        (sqrt(formula("9/4")), "1.5"),
        (sqrt(8), "√(8)"),
        (sqrt(2) / 2, "√(2)/2"),
        (sqrt(formula(7)) ** 2, "7"),
        (power(3, 2), "9"),
        (power(3, -formula(2)), "1/9"),
        (power(3, 2) / (power(3, 2) + 3), "0.75"),
        (power(3, formula("0.3")), "3^0.3"),
        (log2(8), "3"),
        (log2(7), "log2(7)"),
        (log10(formula("0.01")), "−2"),
        (absolute("-2"), "2"),
        (absolute(-formula("0.3") + 0), "0.3"),
        (ln(1), "0"),
        (erf(0), "0"),
        (Power(formula("0.9"), formula("3")), "0.729"),
        (sqrt("-1"), "√(−1)"),
        (PI * 1, "π"),
    ],
)
def test_closed_forms_are_tidied(f: Formula, wanted: str) -> None:
    assert plain(written(tidy(f))) == wanted


def test_a_closed_form_of_roots() -> None:
    made, found = certified({"x": "2", "t": "3"}, a=sqrt(X), b=Ref(Quantity("a")) ** T / 2)
    forms = ClosedForms(made, found, ["2", "3", None, None])
    assert [plain(written(f)) for f in (forms[2], forms[3]) if f] == ["√(2)", "(√(2))^3/2"]


def test_every_function_has_a_sympy_counterpart() -> None:
    assert FUNCTIONS.keys() == CALLS.keys()


LOOKS: list[tuple[Formula, str, str]] = [
    (sqrt(X + 1), "√(x + 1)", r"\sqrt{x + 1}"),
    (absolute(X - Y), "|x − y|", r"\lvert x - y \rvert"),
    (absolute(absolute(X) - Y) * X, "||x| − y|·x", r"\lvert \lvert x \rvert - y \rvert \cdot x"),
    (absolute(X / Y), "|x/y|", r"\left\lvert \frac{x}{y} \right\rvert"),
    (log2(X), "log2(x)", r"\log_{2} (x)"),
    (log10(1 - X), "log10(1 − x)", r"\log_{10} (1 - x)"),
    (erf(X), "erf(x)", r"\operatorname{erf} (x)"),
    (power(3, X - 1), "3^(x − 1)", r"3^{x - 1}"),
    (power("-2", 2), "(−2)^2", r"(-2)^{2}"),
    (power("1/2", X), "(1/2)^x", r"\left( \frac{1}{2} \right)^{x}"),
    (power(3, power(2, X)), "3^(2^x)", r"3^{2^{x}}"),
    (X**T, "x^t", r"{x}^{t}"),
    (X ** (T - 1), "x^(t − 1)", r"{x}^{t - 1}"),
    ((X / Y) ** 2, "(x/y)^2", r"\left( \frac{x}{y} \right)^{2}"),
    (sqrt(X) ** 2, "(√(x))^2", r"(\sqrt{x})^{2}"),
    (2 * PI, "2·π", r"2 \cdot \pi"),
    (largest(X, Y, Z), "max(x, y, z)", r"\max (x , y , z)"),
    (
        partial(absolute(X), Quantity("x")),
        "(1 if x > 0 else −1 if x < 0 else 0)",
        r"\begin{cases} 1 & \text{if } x > 0 \\ -1 & \text{if } x < 0 \\ 0 & \text{otherwise} \end{cases}",
    ),
]


@pytest.mark.parametrize(("f", "text", "latex"), LOOKS, ids=[text for _, text, _ in LOOKS])
def test_how_a_formula_looks(f: Formula, text: str, latex: str) -> None:
    """And both readers read the same."""
    assert plain(written(f)) == text
    assert maths_to_latex(written(f)) == latex
    letters = latex_lines.Letters(["x", "y", "z", "t"])
    assert latex_lines.read_formula(latex, letters) == text_lines.read_formula(text)


@pytest.mark.parametrize(
    ("digits", "text"),
    [("0.302709…", "(0.302709…)"), ("3/20", "(3/20)"), ("1e-3", "(1·10^(−3))"), ("-2", "(−2)"), ("0.3", "0.3")],
)
def test_what_is_raised_is_fenced_unless_it_is_plain_digits(digits: str, text: str) -> None:
    assert plain(number(digits, Hold.ATOM)) == text


def test_a_raised_gradient_is_fenced() -> None:
    slope = Ref(read_key("dL/dW1[2,1]")) ** 2
    assert plain(written(slope)) == plain(lettered(written(slope))) == "(dL/dW1[2,1])^2"
    assert maths_to_latex(lettered(written(slope))).startswith(r"\left( \frac{\partial L}")


def test_truncated_digits_that_are_squared_are_fenced_in_every_output() -> None:
    solution = handcalc.solve({
        "inputs": ["0.5"], "layers": [{"tanh": [["1"]]}, {"linear": ["0.3"]}], "target": 1, "loss": "squared error",
    })  # fmt: skip
    assert "(1 − (0.4621171…)^2)" in solution.text()
    assert r"(0.4621171\ldots)^{2}" in str(handcalc.write.render(solution, "latex"))


SLOPES: list[tuple[Formula, str]] = [
    (sqrt(X), "1/(2·√(x))"),
    (log2(X), "1/(x·ln(2))"),
    (erf(X), "(2/√(π))·e^(−x^2)"),
    (power(3, X), "3^x·ln(3)"),
    (power(X, "1.5"), "1.5·x^(1.5 − 1)"),
    (power(X, X), "x^x·(ln(x) + x/x)"),
    (X**T, "t·x^(t − 1)"),
    (largest(X, Y), "(1 if x > y else 0)"),
    (largest(X, 2 * X), "(1 if x > 2·x else 2 if 2·x > x else 0)"),
    (largest(X, Y, Z), "(1 if x > max(y, z) else 0)"),
    (absolute(Y - X), "(−1 if y − x > 0 else 1 if y − x < 0 else 0)"),
    (absolute(Y), "0"),
]


@pytest.mark.parametrize(("f", "slope"), SLOPES, ids=[slope for _, slope in SLOPES])
def test_slopes(f: Formula, slope: str) -> None:
    assert plain(written(partial(f, Quantity("x")))) == slope


def test_nothing_has_a_slope_with_respect_to_a_counter() -> None:
    with pytest.raises(TypeError, match="counts"):
        partial(X**T, Quantity("t"))


@given(st.floats(0.05, 3), st.sampled_from([f for f, _ in SLOPES[:6]] + [log10(X), exp(sqrt(X)), absolute(X - 5)]))
def test_slopes_are_those_of_finite_differences(at: float, f: Formula) -> None:
    mp = MPContext()
    mp.dps = 40

    def of(g: Formula, x: Any) -> Any:
        return Points(mp, {"x": x}, mp.mpf(10) ** -30).of(text_lines.read_formula(plain(written(g))))

    x, h = mp.mpf(at), mp.mpf(10) ** -12
    assert abs((of(f, x + h) - of(f, x - h)) / (2 * h) - of(partial(f, Quantity("x")), x)) < 1e-9


def test_the_tape_and_the_line_agree() -> None:
    slots = Slots.of([Quantity("x"), Quantity("y")], [Quantity("r")])
    f = power(X, Y) * sqrt(absolute(Y)) + log2(X) * erf(Y)
    numbers = [fmpq(3, 10), fmpq(-7, 3)]
    assert exact_tape(slots, [f])(numbers)[-1].overlaps(line_codes(slots, [f])[0](numbers))


def test_in_rounded_carry_a_slope_that_is_exactly_a_half_is_exact() -> None:
    """GELU at 0: 1/2·(1 + erf 0) + 0·e^0/√(2π) = 1/2, and −0.088 times it is −0.044."""
    numbers = {"x": "0", "y": "-0.088"}
    slope = formula("1/2") * (1 + erf(X / sqrt(2))) + X * exp(-(X**2) / 2) / sqrt(2 * PI)
    made = program(numbers, r=Y * slope)
    values, printed = rounded_carry(made, list(map(rational, numbers.values())), list(numbers.values()), Rounding())
    assert printed.result[-1] == (("=", "-0.044"),)
    assert values[-1] == fmpq(-44, 1000)
    assert rounded_carry(made, [fmpq(0), fmpq(-1, 4)], ["0", "-0.25"], Rounding(places=2))[1].result[-1] == (
        ("≈", "-0.13"),
    )
    assert value(Y * slope, **numbers) == fmpq(-44, 1000)
