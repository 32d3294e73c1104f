"""What an answer is made of: numbers, names and signs, each with its place in what was typed.

What looks alike is one sign: every dash a minus, ``·``, ``×`` and ``\\cdot`` a product, full-width digits digits. A sign is
replaced by one sign, so that places stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple
from unicodedata import decimal, normalize

from flint import fmpq

from handcalc.formula.number import MOST_DIGITS, MOST_EXPONENT, Number
from handcalc.formula.tokens import quoted
from handcalc.formula.tree import Formula
from handcalc.mark.names import Names, run_at
from handcalc.mark.unreadable import CantRead

MOST_TOKENS = 800
ALIKE = {
    **dict.fromkeys("−–—‐‑‒﹣", "-"),
    **dict.fromkeys("×·⋅∙•∗", "*"),
    **dict.fromkeys("÷∕⁄：∶", "/"),
    **dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f", "\u2009"),
    **dict.fromkeys("’ʼ′‘", "'"),
    **dict.fromkeys("∣｜", "|"),
    "⊤": "T", "٫": ".", "\u200b": " ", "\ufeff": " ", "\u3000": " ", "\t": " ", "\r": " ", "\v": " ", "\f": " ",
}  # fmt: skip
"""What is typed, and the sign that it looks like; the spaces that stand inside numbers are one of them."""
RAISED = dict(zip("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789", strict=True))
KEPT = frozenset([*RAISED, *"₀₁₂₃₄₅₆₇₈₉⁽⁾…√ᵀ"])
VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
LATEX = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "lvert": "|", "rvert": "|", "vert": "|", "lbrack": "[",
    "rbrack": "]", "lparen": "(", "rparen": ")",
}  # fmt: skip
"""Commands that are a sign."""

_SPACE = re.compile(
    r"(?:[ \u2009$]|\\[,;!: ()\[\]]|\\(?:left|right|[bB]igg?[lr]?|displaystyle|q?quad|limits|mathstrut)(?![A-Za-z]))+"
)
_MATRIX = re.compile(r"\\(begin|end)\s*\{[bpvBV]?(?:small)?matrix\}")
_ROW = re.compile(r"(?:\n|;|\\\\|\\cr(?![A-Za-z]))")
_RAISED_RUN = re.compile(r"[⁻⁺]?[⁰¹²³⁴-⁹]+")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_NOT_TENS = re.compile(r"[eE][+-][.,]?\d")


class Token(NamedTuple):
    kind: Literal["number", "raised", "function", "name", "sign", "row", "end"]
    text: str
    at: int
    spaced: bool
    """Whether a space stands before it."""
    means: Number | Formula | str | None = None
    decimals: int | None = None


class Points(NamedTuple):
    """What commas and points between digits are."""

    comma: Literal["decimal", "thousands", "separator"]
    point: Literal["decimal", "thousands"]
    space: bool = False
    """Whether a space separates thousands: 10 000."""


@cache
def numbers(points: Points) -> re.Pattern[str]:
    groups = "'\u2009" + "," * (points.comma == "thousands") + "." * (points.point == "thousands")
    groups += " " * points.space
    ends = "," * (points.comma == "decimal") + "." * (points.point == "decimal")
    whole = rf"(?P<whole>[1-9][0-9]{{0,2}}(?P<by>[{groups}])[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*(?![0-9])|[0-9]+)"
    comma = r"|\{,\}"
    trailing = r"\.(?![0-9.])|" if points.point == "decimal" else ""
    return re.compile(
        rf"(?:{whole}(?:(?:[{ends}]{comma})(?P<decimals>[0-9]+)|{trailing})|(?:[{ends}]{comma})(?P<only>[0-9]+))"
        r"(?:[eE](?P<tens>[+-]?[0-9]+)(?![.,]?[0-9]|[A-Za-z(^]))?(?P<dots>…|\.\.\.)?",
        re.ASCII,
    )


def plain(text: str) -> str:
    """`text` in the signs that are read; of the same length."""
    return text if text.isascii() and "\t" not in text and "\r" not in text else "".join(map(_plain, text))


@cache
def _plain(c: str) -> str:
    if (alike := ALIKE.get(c)) is not None:
        return alike
    if c.isascii() or c in KEPT:
        return c
    if c.isdecimal():
        return str(decimal(c))
    folded = normalize("NFKC", c)
    return ALIKE.get(folded, folded) if len(folded) == 1 else c


def tokens(text: str, points: Points, names: Names) -> Iterator[Token]:
    """The tokens of `text`, which is `plain`, and an end. Raises CantRead."""
    at, spaced, count = 0, False, 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at, spaced = space.end(), True
            continue
        for token, end in _token(text, at, spaced, points, names):
            yield token
            at, count = end, count + 1
        if count > MOST_TOKENS:
            raise CantRead("many", at, most=MOST_TOKENS)
        spaced = False
    yield Token("end", "", len(text), spaced)


def _token(text: str, at: int, spaced: bool, points: Points, names: Names) -> Iterator[tuple[Token, int]]:
    """What stands at one place, which may be several names side by side; each with its end."""
    c = text[at]
    if number := numbers(points).match(text, at):
        yield _number(text, at, spaced, number, points), number.end()
    elif c in "+-*/:^(){}[]|,%&":
        twice = text.startswith("**", at)
        yield Token("sign", "^" if twice else "/" if c == ":" else c, at, spaced), at + 1 + twice
    elif raised := _RAISED_RUN.match(text, at):
        yield Token("raised", raised[0], at, spaced), raised.end()
    elif row := _ROW.match(text, at):
        yield Token("row", row[0], at, spaced), row.end()
    elif c in VULGAR:
        top, bottom = VULGAR[c]
        yield Token("number", c, at, spaced, Number(f"{top}/{bottom}", fmpq(top, bottom))), at + 1
    elif c == "\\" and (found := _command(text, at, spaced)):
        yield found
    else:
        yield from _names(text, at, spaced, names)


def _command(text: str, at: int, spaced: bool) -> tuple[Token, int] | None:
    if matrix := _MATRIX.match(text, at):
        return Token("sign", "[" if matrix[1] == "begin" else "]", at, spaced), matrix.end()
    if text[at + 1 : at + 2] in ("%", "{", "}", "|", "&"):
        return Token("sign", text[at + 1], at, spaced), at + 2
    command = _COMMAND.match(text, at)
    sign = LATEX.get(command[1]) if command else None
    return (Token("sign", sign, at, spaced), command.end()) if command and sign else None


def _names(text: str, at: int, spaced: bool, names: Names) -> Iterator[tuple[Token, int]]:
    found = names.at(text, at)
    if found is None:
        raise _unknown(text, at, names)
    for name in found:
        kind: Literal["function", "name"] = "function" if name.function else "name"
        means = name.function or name.formula
        yield Token(kind, text[name.at : name.end], name.at, spaced and name.at == at, means), name.end


def _unknown(text: str, at: int, names: Names) -> CantRead:
    """Why nothing can be made of what stands here."""
    c, run = text[at], run_at(text, at)
    if c in "<>≤≥≠":
        return CantRead("relation", at, found=quoted(c))
    if c in "±∓" or run in ("or", "oder", "and", "und"):
        return CantRead("either", at, found=quoted(run))
    if not (c.isalpha() or (c == "\\" and len(run) > 1)):
        return CantRead("character", at, found=quoted(c))
    if near := names.near(run.lstrip("\\")):
        return CantRead("meant", at, found=quoted(run), near=near)
    if text[at + len(run) :].lstrip()[:1] == "(":
        return CantRead("no function", at, found=quoted(run))
    before = text[:at].rstrip(" \u2009")[-1:]
    if before.isdigit() and not names.keys:
        return CantRead("unit", at, found=quoted(run))
    return CantRead("name", at, found=quoted(run))


def _number(text: str, at: int, spaced: bool, found: re.Match[str], points: Points) -> Token:
    """The number that `found` writes, exactly."""
    whole = "".join(c for c in found["whole"] or "" if c.isdigit())
    decimals = found["decimals"] or found["only"] or ""
    if len(whole) + len(decimals) > MOST_DIGITS:
        raise CantRead("digits", at, count=len(whole) + len(decimals), most=MOST_DIGITS)
    after = text[found.end() : found.end() + 2]
    goes_on = after[:1] == "." or (after[:1] == "," and points.comma != "separator" and decimals)
    if goes_on and after[1:].isdigit():
        raise CantRead("points", at, found=quoted(text[at : found.end() + 2]))
    if not found["tens"] and _NOT_TENS.match(text, found.end()):
        raise CantRead("e", at, found=quoted(text[at : found.end() + 4]))
    tens = found["tens"] or "0"
    if len(tens) > 4 or abs(int(tens)) > MOST_EXPONENT:
        raise CantRead("tens", found.start("tens"), most=MOST_EXPONENT)
    typed = f"{whole or '0'}.{decimals}" if decimals else whole
    return number_token(typed, int(tens), at, spaced, text[at : found.end()])


def number_token(typed: str, tens: int, at: int, spaced: bool, text: str) -> Token:
    """The token of typed·10^tens."""
    whole, _, decimals = typed.partition(".")
    power = tens - len(decimals)
    digits = fmpq(int(whole + decimals))
    value = digits * 10**power if power >= 0 else digits / 10**-power
    number = Number(f"{typed}e{tens}" if tens else typed, value)
    return Token("number", text, at, spaced, number, -power)
