"""What an answer is made of: numbers, names and signs, each with its place in what was typed.

What looks alike is one sign: every dash a minus, ``·``, ``×`` and ``\\cdot`` a product, full-width digits digits. A
sign is replaced by one sign, so that places stay what they are.
"""

from __future__ import annotations

import re
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
    "⅐": (1, 7),
    "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
LATEX = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "lvert": "|", "rvert": "|", "vert": "|", "lbrack": "[",
    "rbrack": "]", "lparen": "(", "rparen": ")",
}  # fmt: skip
"""Commands that are a sign."""
SIGNS = {"**": "^", ":": "/"}

_SPACE = (
    r"(?P<space>(?:[ \u2009$]|\\[,;!: ()\[\]]"
    r"|\\(?:left|right|[bB]igg?[lr]?|displaystyle|q?quad|limits|mathstrut)(?![A-Za-z]))+)"
)
_SIGNS = (
    r"(?P<sign>\*\*|[-+*/:^(){}\[\]|,%&])|(?P<raised>[⁻⁺]?[⁰¹²³⁴-⁹]+)|(?P<row>[\n;]|\\\\|\\cr(?![A-Za-z]))"
    rf"|(?P<vulgar>[{''.join(VULGAR)}])|\\(?P<matrix>begin|end)\s*\{{[bpvBV]?(?:small)?matrix\}}"
    rf"|\\(?P<escaped>[%{{}}|&])|\\(?P<latex>{'|'.join(LATEX)})(?![A-Za-z])"
)
_NOT_TENS = re.compile(r"[ \u2009]*[eE][+-]\d*[.,]?\d+")
_TIMES = re.compile(r"[xX][ \u2009]*(?=10[ \u2009]*(?:\^|\*\*|[⁻⁰¹²³⁴-⁹]))")
"""The x of 2x10^-3."""


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
def pattern(points: Points) -> re.Pattern[str]:
    """Whatever stands between names."""
    groups = "'\u2009" + "," * (points.comma == "thousands") + "." * (points.point == "thousands") + " " * points.space
    ends = "," * (points.comma == "decimal") + "." * (points.point == "decimal")
    whole = rf"(?P<whole>[1-9][0-9]{{0,2}}(?P<by>[{groups}])[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*(?![0-9])|[0-9]+)"
    point = rf"(?:[{ends}]|\{{,\}})" if ends else r"\{,\}"
    trailing = r"\.(?![0-9.(])|" if points.point == "decimal" else ""
    number = (
        rf"(?P<number>(?:{whole}(?:{point}(?P<decimals>[0-9]+)|{trailing})|{point}(?P<only>[0-9]+))"
        r"(?:[eE](?P<tens>[+-]?[0-9]+)(?![.,]?[0-9]|[A-Za-z(^]))?(?:…|\.\.\.)?)"
    )
    return re.compile(f"{_SPACE}|{number}|{_SIGNS}")


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


def tokens(text: str, points: Points, names: Names) -> list[Token]:
    """The tokens of `text`, which is `plain`, and an end. Raises CantRead."""
    listed: list[Token] = []
    at, spaced, match = 0, False, pattern(points).match
    while at < len(text):
        if found := match(text, at):
            kind, end = found.lastgroup, found.end()
            if kind == "space":
                at, spaced = end, True
                continue
            if kind == "sign":
                typed = found[0]
                listed.append(Token("sign", SIGNS.get(typed, typed), at, spaced))
            else:
                listed.append(_token(text, at, spaced, found, points))
            at = end
        elif (times := _TIMES.match(text, at)) and listed and listed[-1].kind == "number":
            listed.append(Token("sign", "*", at, spaced))
            at = times.end()
        else:
            listed += _names(text, at, spaced, names)
            at = listed[-1].at + len(listed[-1].text)
        spaced = False
        if len(listed) > MOST_TOKENS:
            raise CantRead("many", at, most=MOST_TOKENS)
    listed.append(Token("end", "", at, spaced))
    return listed


def _token(text: str, at: int, spaced: bool, found: re.Match[str], points: Points) -> Token:
    """What is neither a plain sign nor a name."""
    match found.lastgroup:
        case "number":
            return _number(text, at, spaced, found, points)
        case "raised":
            return Token("raised", found[0], at, spaced)
        case "row":
            return Token("row", found[0], at, spaced)
        case "vulgar":
            top, bottom = VULGAR[found[0]]
            return Token("number", found[0], at, spaced, Number(f"{top}/{bottom}", fmpq(top, bottom)))
        case "matrix":
            return Token("sign", "[" if found["matrix"] == "begin" else "]", at, spaced)
    return Token("sign", found["escaped"] or LATEX[found["latex"]], at, spaced)


def _names(text: str, at: int, spaced: bool, names: Names) -> list[Token]:
    found = names.at(text, at)
    if found is None:
        raise _unknown(text, at, names)
    return [
        Token(
            "function" if name.function else "name",
            text[name.at : name.end],
            name.at,
            spaced and name.at == at,
            name.function or name.formula,
        )
        for name in found
    ]


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
    whole, by, decimals, only, tens = found.group("whole", "by", "decimals", "only", "tens")
    whole, decimals = (whole or "0").replace(by or " ", ""), decimals or only or ""
    if len(whole) + len(decimals) > MOST_DIGITS:
        raise CantRead("digits", at, count=len(whole) + len(decimals), most=MOST_DIGITS)
    end = found.end()
    if (after := text[end : end + 1]) and after in ".,eE \u2009":
        _check_end(text, at, end, points, decimals=bool(decimals), tens=bool(tens))
    if tens and (len(tens) > 4 or abs(int(tens)) > MOST_EXPONENT):
        raise CantRead("tens", found.start("tens"), most=MOST_EXPONENT)
    return number_token(f"{whole}.{decimals}" if decimals else whole, int(tens or 0), at, spaced, found[0])


def _check_end(text: str, at: int, end: int, points: Points, *, decimals: bool, tens: bool) -> None:
    """A number doesn't end where another point or comma goes on, nor before e-0.35."""
    after = text[end : end + 2]
    goes_on = after[0] == "." or (after[0] == "," and points.comma != "separator" and decimals)
    if goes_on and after[1:].isdigit():
        raise CantRead("points", at, found=quoted(text[at : end + 2]))
    if not tens and (found := _NOT_TENS.match(text, end)):
        raise CantRead("e", at, found=quoted(text[at : found.end()]))


def number_token(typed: str, tens: int, at: int, spaced: bool, text: str) -> Token:
    """The token of typed·10^tens."""
    whole, _, decimals = typed.partition(".")
    power = tens - len(decimals)
    digits = fmpq(int(whole + decimals))
    value = digits * 10**power if power >= 0 else digits / 10**-power
    number = Number(f"{typed}e{tens}" if tens else typed, value)
    return Token("number", text, at, spaced, number, -power)
