"""Proofs by identities: what they prove is true, and what the lesson needs is proved."""

from __future__ import annotations

from typing import Any

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

import handcalc
from handcalc.derive.identity import Proofs
from handcalc.derive.polynomial import Ratio, Symbols, constant
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Ref, exp, tanh

SYMBOLS = Symbols()
X, Y = SYMBOLS.symbol("x"), SYMBOLS.symbol("y")
rationals = st.fractions(min_value=-3, max_value=3, max_denominator=9).map(lambda f: fmpq(f.numerator, f.denominator))


def ratios() -> st.SearchStrategy[Ratio]:
    leaves = st.sampled_from([X, Y]) | rationals.map(constant)
    return st.recursive(
        leaves,
        lambda inner: st.builds(lambda a, b: a + b, inner, inner) | st.builds(lambda a, b: a * b, inner, inner),
        max_leaves=5,
    )


def value(r: Ratio) -> fmpq:
    """The ratio at x = 2/3, y = −5/7."""
    at = {next(iter(X.top))[0][0]: fmpq(2, 3), next(iter(Y.top))[0][0]: fmpq(-5, 7)}

    def of(terms: Any) -> fmpq:
        total = fmpq(0)
        for monomial, coefficient in terms:
            for symbol, exponent in monomial:
                coefficient *= at[symbol] ** int(exponent)
            total += coefficient
        return total

    result = of(r.top.items())
    for factor, power in r.bottom.items():
        result /= of(factor) ** power
    return result


@given(ratios(), ratios())
def test_sums_products_and_inverses_keep_their_value(a: Ratio, b: Ratio) -> None:
    assert value(a + b) == value(a) + value(b)
    assert value(a * b) == value(a) * value(b)
    if value(b) != 0:
        assert value(b.inverse()) == 1 / value(b)
    assert (a + -a).equals(fmpq(0))


@given(rationals, rationals)
def test_powers_of_e_add_their_exponents(r: fmpq, s: fmpq) -> None:
    assert (SYMBOLS.exp(constant(r)) * SYMBOLS.exp(constant(s))).key() == SYMBOLS.exp(constant(r + s)).key()
    assert (SYMBOLS.exp(X * constant(r)) * SYMBOLS.exp(X * constant(-r))).equals(fmpq(1))


def worked(**formulas: Formula) -> Proofs:
    """Proofs about steps named a, b, …, in which u and v are irrational givens."""
    values: dict[Quantity, Any] = {Quantity("u"): arb(2).sqrt(), Quantity("v"): arb(3).sqrt()}
    made = {Quantity(letter): f for letter, f in formulas.items()}
    for q in made:
        values[q] = arb(1) / 3
    return Proofs(made, values)


U, V, A, B = (Ref(Quantity(letter)) for letter in "uvab")
PROVED = {
    "two sigmoids of opposite sums": ({"a": 1 / (1 + exp(-U)), "b": 1 / (1 + exp(U)), "c": A + B}, 1),
    "tanh is odd": ({"a": tanh(U), "b": tanh(-U), "c": A + B}, 0),
    "tanh by sigmoid": ({"a": tanh(U), "b": 1 / (1 + exp(-(2 * U))), "c": A - (2 * B - 1)}, 0),
    "parts of a softmax": (
        {"s": exp(U) + exp(V), "a": exp(U) / Ref(Quantity("s")), "b": exp(V) / Ref(Quantity("s")), "c": A + B},
        1,
    ),
    "equal formulas are one name": ({"a": exp(U) * V, "b": V * exp(U), "c": A / (A + B)}, "1/2"),
}
NOT_PROVED = {
    "different sigmoids": ({"a": 1 / (1 + exp(-U)), "b": 1 / (1 + exp(V)), "c": A + B}, 1),
    "nearly": ({"a": exp(U), "b": exp(-U), "c": A * B}, 2),
    "division by an identical zero": ({"a": U - U, "c": 1 / A}, 0),
}


def rational(text: object) -> fmpq:
    top, _, bottom = str(text).partition("/")
    return fmpq(int(top), int(bottom or 1))


@pytest.mark.parametrize("case", PROVED)
def test_what_is_proved(case: str) -> None:
    formulas, wanted = PROVED[case]
    assert worked(**formulas).opened(Quantity("c"), rational(wanted)) is not None
    assert worked(**formulas).opened(Quantity("c"), rational(wanted) + fmpq(1, 10**9)) is None


@pytest.mark.parametrize("case", NOT_PROVED)
def test_what_is_not_proved(case: str) -> None:
    formulas, wanted = NOT_PROVED[case]
    assert worked(**formulas).opened(Quantity("c"), rational(wanted)) is None


def test_a_tie_between_irrationals_is_exact() -> None:
    """z = a1 + a2 with opposite sums is exactly 1; times 0.125 it is a tie at two decimals."""
    solution = handcalc.solve({
        "inputs": [1], "layers": [{"sigmoid": [["0.35"], ["-0.35"]]}, {"linear": [["0.125", "0.125"]]}], "decimals": 2,
    })  # fmt: skip
    assert solution["yhat[1]"].decimal() == "0.13"
    assert "= 0.125 ≈ 0.13" in " ".join(solution.text().split())
    assert isinstance(solution.values[solution.program.slots.number[Quantity("yhat", None, (1,))]], fmpq)


def test_precision_is_put_back() -> None:
    before = ctx.prec
    handcalc.solve({"inputs": [60], "layers": [{"sigmoid": [[1]]}], "target": 0, "loss": "bce"})
    assert ctx.prec == before


def test_a_tiny_sum_at_a_relu_needs_more_bits_than_a_proof() -> None:
    """z2 = 1 - tanh(600) is about 10^-521: no ball of 512 bits keeps it from 0, one of 2,048 does."""
    solution = handcalc.solve({
        "inputs": [1], "layers": [{"tanh": [["600"]]}, {"relu": [["-1"]], "bias": ["1"]}], "show": "forward",
    })  # fmt: skip
    assert "≈ 0.0000 (written exactly" in " ".join(solution.text().split())
    assert solution["yhat[1]"].decimal(524)[-4:] != "0000"
