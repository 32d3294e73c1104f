"""What a typed expression is made of: numbers, names and signs, each with its place; and how to point at a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

MOST_CHARACTERS, MOST_TOKENS, MOST_NAME, MOST_POINTED = 10_000, 2_000, 24, 72
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", _GREEK.split(), strict=True))
SIGNS = {"**": "^", "·": "*", "⋅": "*", "∙": "*", "×": "*", "÷": "/", ":": "/", "−": "-", "–": "-"}
"""What is typed, and the sign it stands for."""
RAISED = dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True))
CLOSING = {"(": ")", "[": "]"}
WANTED = 'a number, a name or "("'

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\u00a0\u2009\u202f]+|\#[^\n]*)|(?P<stop>[\n;])"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+\-−]?[0-9]+)?)"
    r"|(?P<name>(?![⁰¹²³⁴⁵⁶⁷⁸⁹])[^\W\d_][^\W⁰¹²³⁴⁵⁶⁷⁸⁹]*)|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<sign>\*\*|[-+*/^()\[\],=:·⋅∙×÷−–])"
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", re.ASCII)


class ExpressionError(ValueError):
    """What is wrong at one place of a text: a sentence, and below it the line with a caret."""

    def __init__(self, problem: str, text: str, at: int) -> None:
        super().__init__(problem, text, at)
        self.problem, self.text, self.at = problem, text, at

    def __str__(self) -> str:
        return f"{self.problem}\n{pointed(self.text, self.at)}"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Literal["number", "name", "raised", "sign", "stop", "end"]
    text: str
    at: int


def read_name(text: str) -> str:
    """The name that `text` writes, in the letters of a key: η₁ is eta1. Raises ValueError."""
    name = "".join(GREEK.get(c, c) for c in normalize("NFKC", text.strip()))
    if len(name) > MOST_NAME:
        raise ValueError(f"a name of {len(name):,} characters; at most {MOST_NAME} are accepted")
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{quoted(text)} is not a name such as x, w0 or out_1: a Latin or Greek letter, then letters, digits "
            "and _ between them"
        )
    return name


def pointed(text: str, at: int, most: int = MOST_POINTED) -> str:
    """The line of `text` in which place `at` lies, and a caret below that place; `most` characters around it."""
    start = text.rfind("\n", 0, at) + 1
    line, column = text[start:].partition("\n")[0], at - start
    if len(line) > most:
        cut = min(max(0, column - most // 2), len(line) - most)
        goes_on = "…" * (cut + most < len(line))
        line, column = f"{'…' * bool(cut)}{line[cut : cut + most]}{goes_on}", column - cut + bool(cut)
    shown = "".join(c if c.isprintable() else " " for c in line)
    return f"    {shown}\n    {' ' * column}^"


def quoted(text: str) -> str:
    shown = text if len(text) <= MOST_NAME else f"{text[:MOST_NAME]}…"
    return '"' + "".join(c if c.isprintable() else "\ufffd" for c in shown) + '"'


def tokens(text: str) -> Iterator[Token]:
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"{len(text):,} characters; at most {MOST_CHARACTERS:,} are accepted", text, 0)
    at = count = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise ExpressionError(f"found {quoted(text[at])}, which means nothing here; {WANTED} is wanted", text, at)
        if found.lastgroup != "space":
            yield Token(found.lastgroup, found[0], at)  # type: ignore[arg-type]
            count += 1
        if count > MOST_TOKENS:
            raise ExpressionError(f"more than {MOST_TOKENS:,} numbers, names and signs", text, at)
        at = found.end()
    yield Token("end", "", at)
