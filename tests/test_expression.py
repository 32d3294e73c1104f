"""Typed expressions: what they mean, as Python and a printer of the test's own know it; and what is said where they
mean nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handcalc.formula.expression import FUNCTIONS, read_expression, read_statements
from handcalc.formula.quantity import Quantity
from handcalc.formula.tokens import ExpressionError, pointed, read_name
from handcalc.formula.tree import (
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
)

x, y, z = (Ref(Quantity(name)) for name in "xyz")
two, three = formula(2), formula(3)


def product(*factors: Formula) -> Formula:
    return Product(factors)


MEANINGS = {
    "x + y·z": x + y * z,
    "(x + y)·z": (x + y) * z,
    "x − y − z": Sum((x, Negative(y), Negative(z))),
    "x - (y - z)": Sum((x, Negative(y - z))),
    "x + (y + z)": Sum((x, Sum((y, z)))),
    "x/y/z": (x / y) / z,
    "x/(y/z)": x / (y / z),
    "x*y/z": (x * y) / z,
    "-x^2": Negative(Power(x, 2)),
    "(-x)^2": Power(Negative(x), 2),
    "−x·y": Negative(x * y),
    "x*-y": product(x, Negative(y)),
    "x*-y*z": product(x, Negative(y), z),
    "--x": Negative(Negative(x)),
    "+x": x,
    "2^3^2": Power(two, 9),
    "x^2^3": Power(x, 8),
    "(x^2)^3": Power(Power(x, 2), 3),
    "x**2": Power(x, 2),
    "x²": Power(x, 2),
    "x²y": product(Power(x, 2), y),
    "2x²": product(two, Power(x, 2)),
    "x^1": x,
    "x^-1": 1 / x,
    "x^-2": Quotient(formula(1), Power(x, 2)),
    "x⁻²": Quotient(formula(1), Power(x, 2)),
    "x^2.0": Power(x, 2),
    "x^0.5": Call("power", (x, formula("0.5"))),
    "x^(1/2)": Call("power", (x, formula("1/2"))),
    "2^-x": Call("power", (two, Negative(x))),
    "2^-x·y": product(Call("power", (two, Negative(x))), y),
    "9^9^9": Call("power", (formula(9), Power(formula(9), 9))),
    "x^y^z": Call("power", (x, Call("power", (y, z)))),
    "e^-x": exp(Negative(x)),
    "e^x^2": exp(Power(x, 2)),
    "e²": exp(2),
    "exp(x)": exp(x),
    "2x": product(two, x),
    "2x^2": product(two, Power(x, 2)),
    "2(x+1)": product(two, x + 1),
    "(x)(y)": product(x, y),
    "(x + 1)y": product(x + 1, y),
    "2x/3": product(two, x) / three,
    "2 ln(x)": product(two, Call("ln", (x,))),
    "2e^x": product(two, exp(x)),
    "1e-3x": product(formula("1e-3"), x),
    "0.30": formula("0.30"),
    ".5": formula(".5"),
    "3/20": formula("3/20"),
    "-3/20": formula("-3/20"),
    "x·3/20": product(x, three) / formula(20),
    "2.0/3": formula("2.0") / three,
    "3/4²": three / Power(formula(4), 2),
    "-3": formula(-3),
    "−3x": product(formula(-3), x),
    "-1*x": product(formula(-1), x),
    "x - 3": Sum((x, Negative(three))),
    "x + -3": x + formula(-3),
    "-3^2": Negative(Power(three, 2)),
    "max(x, 0)": Call("max", (x, formula(0))),
    "max(1,5)": Call("max", (formula(1), formula(5))),
    "[x + y]:z": (x + y) / z,
    "x × y ÷ z": (x * y) / z,
    "sqrt(abs(x))": Call("sqrt", (Call("abs", (x,)),)),
    "relu(sigmoid(tanh(x)))": Call("relu", (Call("sigmoid", (Call("tanh", (x,)),)),)),
    "log2(x) + log10(y)": Call("log2", (x,)) + Call("log10", (y,)),
    "η·w₁": Ref(Quantity("eta")) * Ref(Quantity("w1")),
    "Δ + out_h1": Ref(Quantity("Delta")) + Ref(Quantity("out_h1")),
    "x  # a comment": x,
}


@pytest.mark.parametrize("text", MEANINGS)
def test_an_expression_means_this(text: str) -> None:
    assert read_expression(text) == MEANINGS[text]


def test_every_function_is_read() -> None:
    for name, values in FUNCTIONS.items():
        assert read_expression(f"{name}({', '.join('xyz'[:values])})") == Call(name, (x, y, z)[:values])


def test_other_functions_may_be_named_and_are_names_where_nothing_follows() -> None:
    assert read_expression("softplus(x)", more={"softplus"}) == Call("softplus", (x,))
    assert read_expression("softplus + x", more={"softplus"}) == Ref(Quantity("softplus")) + x


def test_e_is_a_name_where_it_has_a_value() -> None:
    e = Ref(Quantity("e"))
    assert read_expression("e^2") == exp(2)
    assert read_expression("e^2", names={"e"}) == Power(e, 2)
    assert [one.formula for one in read_statements("e = x; f = e^2")] == [x, Power(e, 2)]


def test_statements_stand_on_lines_or_between_semicolons() -> None:
    text = "q = x + y  # the sum\n\n; f = q·z;\n"
    found = read_statements(text)
    assert [(one.name, one.text) for one in found] == [("q", "q = x + y"), ("f", "f = q·z")]
    assert found[1].formula == Ref(Quantity("q")) * z
    assert dict(found[1].named) == {"q": 4, "z": 6}
    assert found[1].at == 4
    assert read_statements("# nothing\n") == ()
    assert [one.name for one in read_statements("x + y")] == [None]


ERRORS = {
    "": ("the text ends, where a number, a name or \"(\" is wanted", 0),
    "x +": ("the text ends, where a number", 3),
    "(x + * y)": ('found "*", where a number, a name or "(" is wanted', 5),
    "(x + y": ('this "(" is not closed; a ")" is missing', 0),
    "(x + y]": ('found "]", where ")" or an operation is wanted', 6),
    "x + y)": ('found ")", where an operation such as + or the end of the statement is wanted', 5),
    "0,5·x": ("a decimal number has a point: write 0.5, not 0,5", 1),
    "exp(0,5)": ("exp takes 1 value, found 2; a decimal number has a point", 0),
    "max(x)": ("max takes 2 values, found 1", 0),
    "1/2x": ('"/2x" has two meanings; write a · or parentheses', 3),
    "x^2y": ('"^2y" has two meanings', 3),
    "x y": ('found "y" right after "x"; to multiply, write a · between them', 2),
    "2 3": ('found "3" right after "2"', 2),
    "x 2": ('found "2" right after "x"', 2),
    "1.2.3": ('found ".3" right after "1.2"', 3),
    "x(y + 1)": ('"x" is not a function; to multiply, write x·(…).', 0),
    "sigmod(x)": ('"sigmod" is not a function; did you mean sigmoid?', 0),
    "log(x)": ("write ln (base e), log2 or log10", 0),
    "1 + log": ("write ln (base e), log2 or log10", 4),
    "exp x": ("exp needs its value in brackets after it: exp(…)", 0),
    "x/0": ("this divides by 0", 1),
    "0^-1": ("this divides by 0", 1),
    "x^0": ("an exponent of 0 makes 1 of everything", 1),
    "x^101": ("an exponent of 101; at most 100 is accepted", 1),
    "x $ y": ('found "$", which means nothing here', 2),
    "é + 1": ('"é" is not a name such as x, w0 or out_1', 0),
    "x_ + 1": ('"x_" is not a name', 0),
    "x__1": ('"x__1" is not a name', 0),
    "a" * 25: ("a name of 25 characters; at most 24 are accepted", 0),
    "1" * 61: ("a number of 61 digits; at most 60 are accepted", 0),
    "1e99": ("exponents up to 60 are accepted", 0),
    "x = y": ('found "="; a statement is: name = expression, with one name on the left', 2),
}  # fmt: skip


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_says_what_and_points_where(text: str) -> None:
    problem, at = ERRORS[text]
    with pytest.raises(ExpressionError) as error:
        read_expression(text)
    assert problem in error.value.problem
    assert error.value.at == at
    *_, line, caret = str(error.value).split("\n")
    assert len(caret) == len(line) + 1 if at == len(text) else len(caret) <= len(line)
    assert caret.strip() == "^"


STATEMENT_ERRORS = {
    "c += 1": 'found "+="; a name is given a formula once, with =',
    "x + y = z": 'found "="; a statement is: name = expression',
    "f(x) = 2x": '"f" is not a function',
    "f = x = y": 'found "="',
    "exp = 3": '"exp" is a function; give this another name',
    "log = 3": "write ln (base e), log2 or log10",
    "f =": "the text ends, where",
    "f = ; g = x": "the statement ends, where",
    "= x": 'found "=", where a number',
    "2 = x": 'found "="; a statement is',
}


@pytest.mark.parametrize("text", STATEMENT_ERRORS)
def test_a_statement_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        read_statements(text)
    assert STATEMENT_ERRORS[text] in error.value.problem


def test_a_long_line_is_cut_around_the_caret() -> None:
    text = "x + " * 100 + "$" + " + x" * 100
    line, caret = pointed(text, text.index("$")).split("\n")
    assert len(line) < 90
    assert line[caret.index("^")] == "$"
    second = pointed("f = x\ng = $ + 1", 10)
    assert second == "    g = $ + 1\n        ^"


@pytest.mark.parametrize(
    ("typed", "name"),
    [(" x ", "x"), ("w₁₂", "w12"), ("η", "eta"), ("µ", "mu"), ("Σ", "Sigma"), ("out_h1", "out_h1"), ("δ_1", "delta_1")],
)
def test_a_name_is_read_in_the_letters_of_a_key(typed: str, name: str) -> None:
    assert read_name(typed) == name


# Random expressions: a tree of tuples, typed with or without spaces and needless brackets, worked out in fractions.

Tree = tuple[Any, ...]
LEAVES = st.sampled_from([("name", "x"), ("name", "y"), ("name", "w0"), ("number", "2"), ("number", "0.30")]) | st.just(
    ("number", "7")
)
TREES: st.SearchStrategy[Tree] = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.tuples(st.sampled_from("+-*/"), parts, parts),
        st.tuples(st.just("neg"), parts),
        st.tuples(st.just("^"), parts, st.integers(2, 3)),
        st.tuples(st.just("max"), parts, parts),
        st.tuples(st.just("abs"), parts),
    ),
    max_leaves=12,
)
VALUES = {"x": Fraction(3, 2), "y": Fraction(-5, 7), "w0": Fraction(2, 3)}
STRENGTH = {"+": 1, "-": 1, "neg": 2, "*": 3, "/": 3, "^": 4}


def typed(tree: Tree, spaces: Callable[[], str], within: int = 0) -> str:
    """As a person types it, with brackets where they are needed."""
    match tree:
        case ("name" | "number", text):
            return str(text)
        case ("max", a, b):
            return f"max({typed(a, spaces)}{spaces()},{spaces()}{typed(b, spaces)})"
        case ("abs", a):
            return f"abs({typed(a, spaces)})"
        case ("neg", a):
            said, holds = f"-{spaces()}{typed(a, spaces, 3)}", 2
        case ("^", a, n):
            said, holds = f"{typed(a, spaces, 5)}^{n}", 4
        case (sign, a, b):
            holds = STRENGTH[sign]
            said = f"{typed(a, spaces, holds)}{spaces()}{sign}{spaces()}{typed(b, spaces, holds + 1)}"
    return f"({said})" if holds < within else said


def true_value(tree: Tree) -> Fraction:
    match tree:
        case ("name", name):
            return VALUES[name]
        case ("number", text):
            return Fraction(text)
        case ("neg", a):
            return -true_value(a)
        case ("abs", a):
            return abs(true_value(a))
        case ("max", a, b):
            return max(true_value(a), true_value(b))
        case ("^", a, n):
            return Fraction(true_value(a) ** n)
    sign, a, b = tree
    one, other = true_value(a), true_value(b)
    return {"+": one + other, "-": one - other, "*": one * other}[sign] if sign != "/" else one / other


def read_value(f: Formula) -> Fraction:
    """The value of a formula, by the meaning of the tree's own classes."""
    parts = [read_value(part) for part in children(f)]
    match f:
        case Num(number):
            return Fraction(number.text)
        case Ref(quantity):
            return VALUES[quantity.letter]
        case Sum():
            return sum(parts, Fraction(0))
        case Product():
            found = Fraction(1)
            for part in parts:
                found *= part
            return found
        case Quotient():
            return parts[0] / parts[1]
        case Negative():
            return -parts[0]
        case Power(_, int(n)):
            return Fraction(parts[0] ** n)
        case Call("max", _):
            return max(parts)
        case Call("abs", _):
            return abs(parts[0])
    raise TypeError(f"no value of {f!r}")


@settings(deadline=None, max_examples=300)
@given(TREES, st.lists(st.sampled_from(["", " ", "  "]), min_size=1, max_size=5))
def test_what_is_typed_has_the_value_that_arithmetic_gives(tree: Tree, blanks: list[str]) -> None:
    turns = iter(range(10**6))
    text = typed(tree, lambda: blanks[next(turns) % len(blanks)])
    try:
        wanted = true_value(tree)
    except ZeroDivisionError:
        wanted = None
    found: object
    try:
        found = read_value(read_expression(text))
    except ZeroDivisionError:
        found = None
    except ExpressionError as error:
        found = None if "divides by 0" in str(error) else wanted if "deep" in str(error) else error
    assert found == wanted, text


def shown(f: Formula, within: int = 0) -> str:
    """A formula as text: brackets wherever the tree isn't what would be read without them."""
    match f:
        case Num(number):
            said, holds = number.text, 2 if number.text.startswith("-") else 3 if "/" in number.text else 5
        case Ref(quantity):
            return quantity.key
        case Call("exp", (inner,)):
            return f"exp({shown(inner)})"
        case Call("power", (base, exponent)):
            said, holds = f"{shown(base, 5)}^({shown(exponent)})", 4
        case Call(name, args):
            return f"{name}({', '.join(map(shown, args))})"
        case Power(base, n):
            said, holds = f"{shown(base, 5)}^{n}", 4
        case Negative(inner):
            said, holds = f"-{shown(inner, 3)}", 2
        case Quotient(top, bottom):
            said, holds = f"{shown(top, 3)}/{shown(bottom, 4)}", 3
        case Product((first, *rest)):
            said, holds = "*".join([shown(first, 3), *(shown(part, 4) for part in rest)]), 3
        case Sum((first, *rest)):
            signed = [(" - ", t.inner) if isinstance(t, Negative) else (" + ", t) for t in rest]
            said, holds = shown(first, 2) + "".join(sign + shown(part, 3) for sign, part in signed), 1
        case _:
            raise TypeError(f"no text of {f!r}")
    return f"({said})" if holds < within else said


@settings(deadline=None, max_examples=300)
@given(TREES)
def test_an_expression_printed_and_read_back_is_the_same_tree(tree: Tree) -> None:
    try:
        formula = read_expression(typed(tree, lambda: ""))
    except ExpressionError:
        return
    assert read_expression(shown(formula)) == formula


@pytest.mark.parametrize("text", MEANINGS)
def test_what_is_in_the_table_reads_back_too(text: str) -> None:
    assert read_expression(shown(read_expression(text))) == read_expression(text)


def test_the_printer_of_this_test_knows_no_cases() -> None:
    with pytest.raises(TypeError):
        shown(cases(x, ">", 0, yes=1, no=0))


TYPED = st.text(st.sampled_from(list("xyzw0123456789.,;:=+-*/^()[]·×÷−–²³⁻₀ηδe#$ \n\"'\\")), max_size=60) | st.lists(
    st.sampled_from(
        ["x", "y", "2", "0.5", "1e3", "+", "-", "*", "/", "^", "(", ")", "max(", "exp(", "e^", "=", ";", ",", "f", "²"]
    ),
    max_size=25,
).map("".join)


@settings(deadline=None, max_examples=500)
@given(TYPED | st.text(max_size=40))
def test_any_text_is_statements_or_one_clear_error(text: str) -> None:
    error = refusal(text)
    if error is None:
        assert all(isinstance(one.formula, Formula) for one in read_statements(text))
    else:
        *_, line, caret = str(error).split("\n")
        assert caret.strip() == "^"
        assert len(line) < 90
        assert len(error.problem) < 400
        assert 0 <= error.at <= len(text)


def refusal(text: str) -> ExpressionError | None:
    try:
        read_statements(text)
    except ExpressionError as error:
        return error
    return None


HOSTILE = [
    "(" * 5_000,
    "-" * 5_000,
    "x^" * 3_000,
    "[" * 9_999,
    "x+" * 4_000,
    "x/" * 900 + "x",
    "exp(" * 2_000,
    "2" * 10_000,
    "x" * 10_000,
    "9^9^9^9",
    "((9^99)^99)^99",
    "x" * 100_000,
    "x;" * 5_000,
    "# " * 6_000,
    "__import__('os').system('true')",
    "lambda: 0",
    "x if y else z",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_read_or_refused_at_once(text: str) -> None:
    before = time.perf_counter()
    assert len(str(refusal(text))) < 500
    assert time.perf_counter() - before < 3


@pytest.mark.parametrize("text", ["(" * 100 + "x" + ")" * 100, "x/" * 100 + "x", "-" * 100 + "x"])
def test_what_is_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="more than 40 deep"):
        read_expression(text)
