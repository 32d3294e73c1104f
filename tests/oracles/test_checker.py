"""The oracles themselves: what they must notice, seen once each; and the properties they stand on."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath.ctx_mp import MPContext

from oracles import latex_lines, text_lines
from oracles.check import ExactCarry, RoundedCarry
from oracles.check import given as typed
from oracles.latex_lines import Letters
from oracles.many_digits import ManyDigits
from oracles.marks import (
    Call,
    Choice,
    Name,
    Negative,
    Number,
    Power,
    Printed,
    Product,
    Quotient,
    Said,
    Sum,
    Unreadable,
    plainly,
    replaced,
)
from oracles.networks import Network, givens
from oracles.numbers import Intervals, NoValue, Points, fraction, half_up
from oracles.text_lines import read_formula, read_line

NETWORK: Network = {
    "inputs": ["3", "1.2"],
    "layers": [
        {"sigmoid": [["0.2", "-0.5"], ["0.4", "0.3"]], "bias": ["0.1", "-0.6"]},
        {"linear": [["1.5", "2"]], "bias": ["0.3"]},
    ],
    "target": ["3.1"],
    "loss": "half squared error",
    "learning rate": "0.1",
}
BEFORE = """\
  z1[1] = W1[1,1]·x[1] + W1[1,2]·x[2] + b1[1] = 0.2·3 + (−0.5)·1.2 + 0.1 = 0.1
  a1[1] = 1/(1 + e^(−z1[1])) = 1/(1 + e^(−0.1)) = 0.52497… ≈ 0.5250
  z1[2] = W1[2,1]·x[1] + W1[2,2]·x[2] + b1[2] = 0.4·3 + 0.3·1.2 + (−0.6) = 0.96
  a1[2] = 1/(1 + e^(−z1[2])) = 1/(1 + e^(−0.96)) = 0.72312… ≈ 0.7231"""
LINE = """\
  z2[1] = W2[1,1]·a1[1] + W2[1,2]·a1[2] + b2[1]
        = 1.5·0.52497… + 2·0.72312… + 0.3 = 2.53371… ≈ 2.5337"""


def exact_carry() -> ExactCarry:
    operand = {key: typed(text) for key, text in givens(NETWORK).items()}
    checker = ExactCarry(4, operand, ManyDigits(NETWORK))
    for line in BEFORE.split("\n"):
        assert checker.line(read_line(line)) is None
    return checker


def test_a_true_line_is_true() -> None:
    assert exact_carry().line(read_line(LINE)) is None


@pytest.mark.parametrize(
    ("was", "becomes", "noticed"),
    [
        ("≈ 2.5337", "≈ 2.5338", "rounded to 4 decimals"),
        ("≈ 2.5337", "≈ 2.534", "rounded to 4 decimals"),
        ("≈ 2.5337", "= 2.5337", "only|not exactly|put in"),
        ("2.53371…", "2.53372…", "first digits"),
        ("2.53371…", "−2.53371…", "first digits"),
        ("2.53371…", "2.53371", "not exactly"),
        ("2.53371…", "2.5337…", "no more than the rounded"),
        ("1.5·0.52497…", "1.5·0.52496…", "put in are"),
        ("1.5·0.52497…", "1.5·0.62497…", "can't give the value"),
        ("1.5·0.52497…", "1.5·0.524…", "give anything from"),
        ("1.5·0.52497…", "1.5·0.524979…", "put in are"),
        ("1.5·0.52497…", "1.50·0.52497…", "put in are"),
        ("2·0.72312…", "2 + 0.72312…", "can't give the value"),
        ("= 1.5·0.52497… + 2·0.72312… + 0.3 ", "", "put in are"),
        ("= 1.5·0.52497… + 2·0.72312… + 0.3 = 2.53371… ", "", "no numbers were put in"),
        ("W2[1,2]·a1[2]", "W2[1,2]·a1[1]", "the formula is"),
        ("+ b2[1]", "− b2[1]", "the formula is"),
    ],
)  # fmt: skip
def test_each_slip_in_a_line_is_noticed(was: str, becomes: str, noticed: str) -> None:
    assert was in LINE
    said = exact_carry().line(read_line(LINE.replace(was, becomes)))
    assert said is not None
    assert re.search(noticed, said), said


def test_a_line_written_exactly_without_need_is_noticed() -> None:
    line = (
        LINE.replace("1.5·0.52497… + 2·0.72312…", "1.5·a1[1] + 2·a1[2]")
        + "\n         (written exactly, because no number of digits can decide this line)"
    )
    said = exact_carry().line(read_line(line))
    assert said is not None
    assert "twelve decimals decide it" in said


def test_a_repeated_value_has_the_same_digits() -> None:
    checker = exact_carry()
    assert checker.line(read_line(LINE)) is None
    assert checker.line(read_line("  yhat[1] = z2[1] = 2.53371… ≈ 2.5337")) is None
    assert checker.line(read_line("  yhat[1] = z2[1] = 2.533714… ≈ 2.5337")) is not None


def test_minus_zero_is_noticed() -> None:
    checker = RoundedCarry(2, {"z": typed("0")}, {})
    assert checker.line(read_line("  a = 2·z = 2·0 = 0")) is None
    assert checker.line(read_line("  c = 2·z = 2·0 = −0")) is not None


@pytest.mark.parametrize(
    ("line", "true"),
    [
        ("  a = 2·z = 2·0.125 = 0.25", True),
        ("  a = 1.5·z = 1.5·0.125 ≈ 0.19", True),
        ("  a = 1.5·z = 1.5·0.125 ≈ 0.18", False),
        ("  a = 1.5·z = 1.5·0.125 = 0.19", False),
        ("  a = 2·z = 2·0.125 ≈ 0.25", False),
        ("  a = z^2 = 0.125^2 ≈ 0.02", True),
        ("  a = (1/7)·z^3 = (1/7)·0.125^3 ≈ 0.00", False),
        ("  a = (1/7)·z^3 = (1/7)·0.125^3 ≈ 0.00028", True),
        ("  a = (1/7)·z^3 = (1/7)·0.125^3 ≈ 0.0003", False),
        ("  p = 1/(1 + e^(−60·z)) = 1/(1 + e^(−60·0.125)) ≈ 1.00", False),
        ("  p = 1/(1 + e^(−60·z)) = 1/(1 + e^(−60·0.125)) ≈ 0.99945", True),
    ],
)
def test_rounded_carry_rounds_the_numbers_put_in(line: str, *, true: bool) -> None:
    checker = RoundedCarry(2, {"z": typed("0.125")}, {"p": (0, 1)})
    assert (checker.line(read_line(line)) is None) == true


@pytest.mark.parametrize(
    "text",
    [
        "a/b·c",
        "2 a",
        "e^−z",
        "a − −b",
        "(a",
        "a)",
        "0.5… …",
        "ln 2",
        "−−2",
        "2·",
        "a ? b",
        "(1 if z else 0)",
        "2^3^a",
        "0.3…^2",
        "|a",
        "√2",
        "||a|",
    ],
)
def test_what_could_mean_two_things_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        read_formula(text)


def test_the_text_grammar() -> None:
    assert read_formula("−(y[1]·ln(p[1]) + 0.30)") == Negative(
        Sum((Product((Name("y[1]"), Call("ln", (Name("p[1]"),)))), Number("0.30")))
    )
    assert read_formula("dL/dW1[2,1]·e[1]/S") == Quotient(Product((Name("dL/dW1[2,1]"), Name("e[1]"))), Name("S"))
    assert read_formula("e^(−z1[u=1][2])") == Call("exp", (Negative(Name("z1[u=1][2]")),))
    assert read_formula("(1 if z > 0 else 0)") == Choice(Number("1"), Name("z"), ">", Number("0"), Number("0"))
    assert read_formula("(1 if a > 0 else 2 if a < 0 else 0)") == Choice(
        *(Number("1"), Name("a"), ">", Number("0")), Choice(Number("2"), Name("a"), "<", Number("0"), Number("0"))
    )
    assert read_formula("||a| − b|·√(π)") == Product(
        (
            Call("abs", (Sum((Call("abs", (Name("a"),)), Negative(Name("b")))),)),
            Call("sqrt", (Call("pi", ()),)),
        )
    )
    assert read_formula("log2(a)·3^(a − 1)") == Product(
        (
            Call("log2", (Name("a"),)),
            Power(Number("3"), Sum((Name("a"), Negative(Number("1"))))),
        )
    )
    assert read_formula("1.5…·10^26") == Product((Number("1.5", cut=True), Power(Number("10"), Number("26"))))


LETTERS = Letters(["x[1]", "x[2]", "W1[1,1]", "W1[2,2]", "W2[1,1]", "W2[1,2]", "a1[2]", "z1[u=1][2]", "yhat[1]", "L",
                   "dL/dW1[2,2]", "eta", "e[1]", "e[2]", "S", "dL/dyhat[1]", "b2[1]"])  # fmt: skip


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"w_{22}^{(1)} \cdot x_{2} + w_{1}^{(2)}", "W1[2,2]·x[2] + W2[1,1]"),
        (r"\frac{\partial L}{\partial w_{22}^{(1)}} \cdot \eta", "dL/dW1[2,2]·eta"),
        (r"\frac{\partial L}{\partial \hat{y}}", "dL/dyhat[1]"),
        (r"{a_{2}^{(1)}}^{2} - {\hat{y}}^{2}", "a1[2]^2 − yhat[1]^2"),
        (r"\frac{1}{1 + e^{-z_{2}^{(1) \prime}}}", "1/(1 + e^(−z1[u=1][2]))"),
        (r"\frac{e_{1}}{S} + e^{2}", "e[1]/S + e^2"),
        (r"(-0.58668\ldots) \cdot \frac{3}{20} \cdot 1\mathrm{e}{-3}", "(−0.58668…)·(3/20)·1e-3"),
        (r"-\left( x_{1} \right. {} + \left. x_{2} \right)", "−(x[1] + x[2])"),
        (r"\max (0 , x_{1})", "max(0, x[1])"),
        (r"\begin{cases} 1 & \text{if } x_{1} > 0 \\ 0 & \text{otherwise} \end{cases}", "(1 if x[1] > 0 else 0)"),
        (r"b^{(2)}", "b2[1]"),
    ],
)
def test_latex_and_text_say_the_same(latex: str, text: str) -> None:
    assert latex_lines.read_formula(latex, LETTERS) == read_formula(text)


@pytest.mark.parametrize(
    "latex", [r"x_{3}", r"x_{1} x_{2}", r"\frac{1}{2", r"\foo (x_{1})", r"w_{11}^{(3)}", r"x_{1}^{\prime}"]
)
def test_what_latex_does_not_say_is_unreadable(latex: str) -> None:
    with pytest.raises(Unreadable):
        latex_lines.read_formula(latex, LETTERS)


def test_a_fraction_written_as_a_product_means_the_same() -> None:
    one, other = read_formula("(a + b)·(c)^(−1)"), read_formula("(a + b)/c")
    assert one != other
    assert plainly(one) == plainly(other)
    assert plainly(read_formula("c/a")) != plainly(other)


def test_a_root_written_as_a_power_means_the_same() -> None:
    assert plainly(read_formula("(a + b)^(1/2)")) == plainly(read_formula("√(a + b)"))


def test_beside_0_no_logarithm_is_asked_for() -> None:
    mp = MPContext()
    for text in ("0·ln(0)", "(1 − 1)·log2(0)", "0·(−ln(0))"):
        assert Intervals({}).of(read_formula(text)) == (Fraction(0), Fraction(0))
        assert Points(mp, {}, mp.mpf(0)).of(read_formula(text)) == 0
    with pytest.raises(NoValue):
        Intervals({}).of(read_formula("2·ln(0)"))


def test_every_working_line_of_a_text_is_found() -> None:
    page = (
        "Title\n\nGiven\n-----\n  x[1] = 3\n\nForward pass\n------------\nSaid.\n\n"
        + BEFORE
        + "\n"
        + LINE
        + "\n\nEnd\n"
    )
    found = [text_lines.read_line(block) for block in text_lines.worked(page)]
    assert [line.key for line in found] == ["z1[1]", "a1[1]", "z1[2]", "a1[2]", "z2[1]"]
    assert isinstance(found[-1], Printed)


@given(st.decimals(-100, 100, allow_nan=False, allow_infinity=False, places=6), st.integers(0, 6))
def test_half_up_is_that_of_the_decimal_module(x: Decimal, places: int) -> None:
    wanted = x.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Fraction(half_up(Fraction(x), places), 10**places) == Fraction(wanted)


def formulas() -> st.SearchStrategy[Said]:
    leaves = st.one_of(
        st.builds(Number, st.sampled_from(["0", "1", "0.5", "1.25", "3"])),
        st.builds(Number, st.sampled_from(["0.58", "1.2", "0.07"]), st.just(True)),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Negative, inner),
            st.builds(Sum, st.tuples(inner, inner)),
            st.builds(Product, st.tuples(inner, inner)),
            st.builds(Quotient, inner, st.builds(lambda said: Sum((Number("2"), Call("exp", (said,)))), inner)),
            st.builds(lambda said: Power(said, Number("2")), inner),
            st.builds(lambda said: Call("tanh", (said,)), inner),
            st.builds(lambda one, other: Call("max", (one, other)), inner, inner),
            st.builds(lambda said: Call("abs", (said,)), inner),
            st.builds(lambda said: Call("erf", (said,)), inner),
            st.builds(lambda said: Call("sqrt", (Call("abs", (said,)),)), inner),
            st.builds(lambda said: Call("log2", (Sum((Number("0.5"), Call("abs", (said,)))),)), inner),
            st.builds(lambda said: Product((Number("0.3"), Power(Number("3"), Call("tanh", (said,))))), inner),
        ),
        max_leaves=6,
    )


@settings(max_examples=150, deadline=None)
@given(formulas(), st.integers(0, 10**6))
def test_an_interval_holds_whatever_the_digits_can_stand_for(said: Said, seed: int) -> None:
    random = Random(seed)
    low, high = Intervals({}).of(said)
    mp = MPContext()
    mp.dps = 60

    def some(part: Said) -> Said | None:
        if isinstance(part, Number) and part.cut:
            return Number(part.text + f"{random.randrange(10**12):012d}")
        return None

    value = Points(mp, {}, mp.mpf(10) ** -50).of(replaced(said, some))
    slack = mp.mpf(10) ** -40 * (1 + abs(value))
    assert mp.mpf(low.numerator) / low.denominator - slack <= value <= mp.mpf(high.numerator) / high.denominator + slack


def test_numbers_as_typed() -> None:
    assert [fraction(text) for text in ("0.30", "-3/20", "1e-3", "2E0", ".5", "1.")] == [
        Fraction(3, 10), Fraction(-3, 20), Fraction(1, 1000), 2, Fraction(1, 2), 1,
    ]  # fmt: skip
