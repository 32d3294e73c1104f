"""Answers as students type them: read in every way they can be meant, and compared exactly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from operator import add, mul, sub, truediv
from pathlib import Path
from typing import NamedTuple

import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handcalc.derive import functions
from handcalc.derive.tolerance import Interval
from handcalc.formula.languages import english_answers, german_answers
from handcalc.formula.notation import written
from handcalc.formula.number import read_number
from handcalc.formula.quantity import read_key
from handcalc.formula.tree import Formula
from handcalc.mark import reading as reading_module
from handcalc.mark.answer import Answer, Entry
from handcalc.mark.deciding import HasNames, NotDecided, compared, equals, holds, sign
from handcalc.mark.names import Names
from handcalc.mark.reading import is_blank, read_answer
from handcalc.mark.same import same, witness
from handcalc.mark.shown import shown
from handcalc.mark.unreadable import Unreadable
from handcalc.render.text import plain

Sum = tuple[str, Fraction]
"""An expression, and what it is."""
PAGE = (Path(__file__).parent.parent / "docs" / "answers.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(answers|unreadable)( [^\n]*)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Row(NamedTuple):
    typed: str
    expected: str
    comma: bool | None
    letters: tuple[str, ...]
    several: bool


def rows(kind: str) -> Iterator[Row]:
    """The lines of the page: typed → read, or typed with a caret and a sentence below it."""
    for found, options, body in BLOCK.findall(PAGE):
        words = options.split()
        comma = True if "comma" in words else False if "point" in words else None
        letters = tuple(words[1:]) if words[:1] == ["letters"] else ()
        lines = body.splitlines()
        if found != kind:
            continue
        if kind == "answers":
            pairs = [tuple(line.split("  →  ")) for line in lines]
        else:
            pairs = list(zip(lines[::2], lines[1::2], strict=True))
        yield from (
            Row(typed.rstrip().replace(" ⏎ ", "\n"), said, comma, letters, "several" in words) for typed, said in pairs
        )


def entry(text: str, *letters: str) -> Entry:
    """The entry of an answer that has one reading."""
    found = read_answer(text, letters=letters)
    assert isinstance(found, Answer), found
    (only,) = found.readings
    assert only.entry is not None
    return only.entry


@pytest.mark.parametrize("row", list(rows("answers")), ids=lambda row: row.typed)
def test_an_answer_is_read_as_the_page_says(row: Row) -> None:
    found = read_answer(row.typed, comma=row.comma, several=row.several, letters=row.letters)
    assert isinstance(found, Answer), found
    assert shown(found) == row.expected


@pytest.mark.parametrize("row", list(rows("unreadable")), ids=lambda row: row.typed)
def test_what_cannot_be_read_says_where_and_why(row: Row) -> None:
    found = read_answer(row.typed, letters=row.letters)
    assert isinstance(found, Unreadable)
    assert f"{' ' * found.at}^ {found.code}: {found.sentence}" == row.expected
    assert f"    {row.typed}\n    {' ' * found.at}^\n" in str(found)
    assert found.accepted in str(found)


def test_the_page_has_every_kind_of_row() -> None:
    assert len(list(rows("answers"))) > 140
    codes = {row.expected.partition("^ ")[2].partition(":")[0] for row in rows("unreadable")}
    limits = {"long", "many", "deep", "entries", "digits"}
    limits |= {"shape", "later"}  # told of a block, by `mark.cells`, and of a line, by `mark.lettered`
    assert codes | limits | {"accepted", "accepted letters"} == english_answers.ANSWERS.keys()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("(" * 10_000, "long"),
        ("5" * 1_000_000, "long"),
        ("5" * 1_000, "digits"),
        ("(" * 100 + "1" + ")" * 100, "deep"),
        ("-" * 100 + "1", "deep"),
        ("1/" * 200 + "1", "deep"),
        ("1+" * 500 + "1", "many"),
        ("[" + "1 " * 300 + "]", "entries"),
        ("0.5\x00", "character"),
        ("\x00", "character"),
        ("%s%n", "name"),
        ("", "empty"),
        (" \n\t ", "empty"),
    ],
)
def test_limits_are_sentences_too(typed: str, code: str) -> None:
    found = read_answer(typed)
    assert isinstance(found, Unreadable)
    assert found.code == code
    assert found.sentence
    assert len(str(found)) < 600


def test_every_sentence_is_said_in_german_with_the_same_holes() -> None:
    def holes(table: dict[str, str]) -> dict[str, set[str]]:
        return {code: set(re.findall(r"{(\w+)}", said)) for code, said in table.items()}

    assert holes(german_answers.ANSWERS) == holes(english_answers.ANSWERS)
    found = read_answer("0,5 m")
    assert isinstance(found, Unreadable)
    assert found.said("de-AT").endswith("ohne Einheit")
    assert "Möglich sind" in found.report("de")


@pytest.mark.parametrize(
    ("typed", "decimals", "figures"),
    [
        ("0.5866", 4, 4), ("0.0120", 4, 3), ("−0.25", 2, 2), ("5", 0, 1), ("1200", 0, 4), ("2e-3", 3, 1),
        ("1.20e5", -3, 3), ("2·10^-3", 3, 1), ("58.66 %", 4, 4), ("0,50", 2, 2), ("1,234.5", 1, 5), ("0.0", 1, 0),
    ],
)  # fmt: skip
def test_how_exactly_a_number_was_typed(typed: str, decimals: int, figures: int) -> None:
    found = entry(typed)
    assert (found.decimals, found.figures) == (decimals, figures)


@pytest.mark.parametrize("typed", ["3/20", "½", "ln 2", "0.1+0.2", "2·0.5", "(0.5)^2", "3 1/2"])
def test_what_is_no_plain_number_has_no_decimals(typed: str) -> None:
    assert entry(typed).decimals is None
    assert entry(typed).figures is None


@pytest.mark.parametrize(("typed", "blank"), [("", True), (" \n", True), (" – ", True), ("?", True), ("0", False)])
def test_a_dash_is_no_answer(typed: str, blank: bool) -> None:
    assert is_blank(typed) is blank


def test_numbers_stay_exact() -> None:
    assert entry("0.1+0.2").value == entry("0.3").value == fmpq(3, 10)
    assert entry("3/20").value == fmpq(3, 20)
    assert entry("58.66 %").value == fmpq(5866, 10_000)
    assert entry("1e-60").value == fmpq(1, 10**60)


def test_a_shape_says_how_it_was_written() -> None:
    shapes = {typed: read_answer(typed) for typed in ["5", "[5]", "1, 2", "[1; 2]", "[1 2; 3 4]", "[[1, 2]]"]}
    assert [found.readings[0].shape for found in shapes.values() if isinstance(found, Answer)] == [
        (), (1,), (2,), (2, 1), (2, 2), (1, 2)
    ]  # fmt: skip


def test_names_as_they_are_printed_are_letters_too() -> None:
    weight = read_key("W1[2,1]")
    found = read_answer("2w_5 + w₅", letters=Names([weight], {"w5": weight}))
    assert isinstance(found, Answer)
    assert shown(found) == "2·W1[2,1] + W1[2,1]"


KEY = Interval("0.5865", "0.5867", fmpq(5_865, 10_000), fmpq(5_867, 10_000))


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("0.5866", True), ("0.5865", True), ("0.5867", True), ("0.58649", False), ("0.58671", False), ("0.587", False),
        ("σ(0.35)", True), ("1/(1+e^(-0.35))", True), ("58.66 %", True), ("e^(-0.35)", False), ("0.5867·√2^2/2", True),
        ("0.5867+σ(3)+σ(-3)-1", True), ("0.5867+(σ(3)+σ(-3)-1)+10^-60", False),
    ],
)  # fmt: skip
def test_accepted_is_decided_exactly_at_the_ends_too(typed: str, accepted: bool) -> None:
    assert holds(entry(typed), KEY) is accepted


@pytest.mark.parametrize(
    "typed", ["e^0", "ln e", "√2·√2/2", "σ(3)+σ(-3)", "log2(2)", "e^(ln 2)/2", "ln(6)/(ln 2 + ln 3)", "tanh(1)/tanh(1)"]
)
def test_an_identity_proves_what_digits_never_would(typed: str) -> None:
    assert compared(entry(typed), fmpq(1)) == 0
    assert equals(entry(typed), fmpq(1))
    assert sign(entry(f"{typed}+10^-80").formula - entry("1").formula) == 1


def test_what_neither_digits_nor_an_identity_decide_is_not_guessed() -> None:
    with pytest.raises(NotDecided, match="by hand"):
        compared(entry("√(3+2√2)-√2"), fmpq(1))


def test_a_certified_value_is_compared_to_as_many_bits_as_it_takes() -> None:
    asked: list[int] = []

    def value(bits: int) -> functions.Value:
        asked.append(bits)
        return functions.over(fmpq(1), 1 + functions.exp(fmpq(-35, 100)))

    assert equals(entry("σ(0.35)"), value, entry("1/(1+e^(-0.35))").formula)
    assert not equals(entry("σ(0.35)+10^-60"), value)
    assert max(asked) > 64
    assert not equals(entry("0.5866"), value)


def test_letters_have_no_number() -> None:
    with pytest.raises(HasNames):
        holds(entry("w1", "w1"), KEY)


LETTERS = ("w1", "x1", "p1", "y1", "h1", "z")


def f(text: str) -> Formula:
    return entry(text, *LETTERS).formula


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(p1-y1)*h1", "h1p1 - h1y1"), ("σ(z)(1-σ(z))", "e^(-z)/(1+e^(-z))²"), ("tanh(z)", "2σ(2·z)-1"), ("z/z", "1"),
        ("√(z²)", "|z|"), ("max(0, z)", "(z+|z|)/2"), ("ln(1+e^z)-z", "ln(1+e^(-z))"), ("(w1+x1)^10", "(x1+w1)^10"),
        ("1/(1/w1+1/x1)", "w1x1/(w1+x1)"),
    ],
)  # fmt: skip
def test_expressions_that_are_the_same(one: str, other: str) -> None:
    assert same(f(one), f(other))
    assert same(f(other), f(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(p1-y1)h1", "(y1-p1)h1"), ("|z|", "z"), ("max(0,z)", "z"), ("z", "z+1e-50"), ("w1", "x1"),
        ("σ(z)", "tanh(z)"), ("√(z²)", "z"), ("(w1+x1)^10", "w1^10+x1^10"), ("e^(2·z)", "e^2·z"),
    ],
)  # fmt: skip
def test_expressions_that_differ_have_a_witness(one: str, other: str) -> None:
    assert witness(f(one), f(other)) is not None
    assert not same(f(one), f(other))


def test_where_only_one_has_a_value_there_is_no_witness() -> None:
    assert witness(f("ln(w1)"), f("ln(-w1)+1")) is None


def test_sympy_is_asked_about_short_expressions_only() -> None:
    long = "+".join(["max(0, z)"] * 30)
    with pytest.raises(NotDecided):
        same(f(long), f(long.replace("max(0, z)", "(z+|z|)/2")))


PIECES = st.sampled_from(
    [*"0123456789+-*/^().,;|%=[]{}e ", "0.5", "1,5", "2e-3", "10^-3", "σ(", "ln ", "√", "½", "²", "⁻¹", "−",
     "\\frac{1}", "w1", "x_1", "max(", "\n", "≈", "exp", "3 1/2", "1 234", "log", "^T", "&", "\\\\",
     "kg", "(1,2)", "9**9"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=25).map("".join)), st.booleans(), st.booleans())
@example("x = " * 499 + "1", False, False)
@example("{,}", False, False)
@example("\ud800", False, False)
@example("ŷ\u0302", False, True)
def test_any_text_is_read_or_refused_with_a_sentence(text: str, comma: bool, with_letters: bool) -> None:
    found = read_answer(text, comma=comma or None, letters=("w1", "x1") if with_letters else ())
    if isinstance(found, Unreadable):
        assert 0 <= found.at <= len(text)
        assert found.sentence
        assert str(found).count("\n    ") == 2
    else:
        assert found.readings
        assert shown(found)
        for one in found.readings:
            assert len(one.entries) == (1 if not one.shape else one.shape[0] * (one.shape[-1] if one.shape[1:] else 1))
            assert all((e.value is not None) or with_letters for e in one.entries)


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=-(10**6), max_value=10**6, allow_nan=False, places=5))
def test_a_decimal_is_the_number_it_writes_however_it_is_dressed(number: object) -> None:
    text = f"{number:f}"
    value = fmpq(int(text.replace(".", "")), 10**5)
    dressed = [
        text,
        text.replace("-", "−"),
        text.replace(".", ","),
        f"x = {text}",
        f"({text})",
        f"{text}e0",
        f" {text}\n",
    ]
    for typed in dressed:
        found = read_answer(typed)
        assert isinstance(found, Answer), typed
        assert [one.entry.value for one in found.readings if one.entry] == [value], typed


@pytest.mark.parametrize("row", list(rows("answers")), ids=lambda row: row.typed)
def test_what_is_shown_can_be_typed_again(row: Row) -> None:
    found = read_answer(row.typed, comma=row.comma, several=row.several, letters=row.letters)
    assert isinstance(found, Answer)
    for e in (e for one in found.readings for e in one.entries):
        text = plain(written(e.formula))
        again = read_answer(text, comma=False, letters=row.letters)
        assert isinstance(again, Answer), again
        assert any(one.entry is not None and same(one.entry.formula, e.formula) for one in again.readings), text


NUMBERS = st.tuples(st.integers(0, 999), st.integers(0, 2)).map(
    lambda drawn: (f"{Decimal(drawn[0]).scaleb(-drawn[1]):f}", Fraction(drawn[0], 10 ** drawn[1]))
)


def joined(parts: st.SearchStrategy[Sum]) -> st.SearchStrategy[Sum]:
    """Two parts with a sign between them, in brackets, as text and as a fraction that Python works out."""
    signs = st.sampled_from([("+", add), (" − ", sub), ("·", mul), (" * ", mul), ("/", truediv), (" : ", truediv)])

    def put(drawn: tuple[Sum, tuple[str, Callable[[Fraction, Fraction], Fraction]], Sum]) -> Sum:
        (a, x), (sign, work), (b, y) = drawn
        return (f"({a}){sign}({b})", work(x, y))

    def raised(drawn: tuple[Sum, int]) -> Sum:
        (a, x), n = drawn
        return (f"({a})^{n}", x**n)

    bottoms = st.tuples(parts, signs, parts).filter(lambda drawn: drawn[1][1] is not truediv or bool(drawn[2][1]))
    return (
        bottoms.map(put) | st.tuples(parts, st.integers(1, 3)).map(raised) | parts.map(lambda a: (f"-({a[0]})", -a[1]))
    )


@settings(max_examples=200, deadline=None)
@given(st.recursive(NUMBERS, joined, max_leaves=8))
def test_arithmetic_agrees_with_python_s_fractions(drawn: Sum) -> None:
    text, value = drawn
    assert entry(text).value == fmpq(value.numerator, value.denominator)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1+2*3-4/5", "31/5"), ("2*3^2", "18"), ("-2^2+1", "-3"), ("2^3^2", "512"), ("1-2-3", "-4"), ("8/4/2", "1"),
        ("2*-3", "-6"), ("1/2*4", "2"), ("-3*-2", "6"), ("2-3^2*2", "-16"), ("10-2*3^2/9", "8"), ("2^-1*4", "2"),
        ("-1 1/2*2", "-3"), ("1/2·10^-3", "1/2000"), ("50 % * 3", "3/2"), ("2(3)^2", "18"), ("|1-3|^2", "4"),
        ("2²·3", "12"), ("4^½", "2"), ("1 - -2", "3"),
    ],
)  # fmt: skip
def test_without_brackets_signs_bind_as_at_school(typed: str, value: str) -> None:
    assert entry(typed).value == read_number(value).value


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789.,e+-*/^()√½ xσln%|", max_size=300))
def test_reading_is_bounded_by_what_is_typed_not_by_what_it_means(text: str) -> None:
    """No number that is kept while reading is larger than the limits say."""
    found = read_answer(text)
    if isinstance(found, Answer):
        for one in found.readings:
            for e in one.entries:
                if isinstance(e.value, fmpq):
                    assert max(e.value.p.bit_length(), e.value.q.bit_length()) <= 20_000
        assert len(found.readings) <= 64
    assert reading_module.BITS == 64
