"""Expressions as students type them, read into formulas and worked out on the way.

    sum      = product (("+" | "-") product)*
    product  = ["-"] power (("*" | "/") power)*          also 2x, 2(x + 1), √2√3: no sign between
    power    = operand ["^" ["-"] power]                 also x², and 58.66 %
    operand  = number | 3 1/2 | name | function "(" … ")" | function power | "|" sum "|" | "(" sum ")"

A Pratt parser (Pratt, 1973) as that of circuits (`formula/expression.py`), which is strict where this one is generous:
what has two meanings (1/2x, e^2x, ln 2x, log x) is read in both, and the student gets the right one. Every part is
worked out when it is read, as a rational or a ball, so that what has no value is found at its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flint import fmpq

from handcalc.formula.expression import MOST_EXPONENT
from handcalc.formula.number import Number
from handcalc.formula.tokens import quoted
from handcalc.formula.tree import Formula, Num
from handcalc.mark.part import (
    Part,
    call,
    minus,
    named,
    negated,
    percent,
    plus,
    power,
    product,
    quotient,
    rational,
    whole,
)
from handcalc.mark.tokens import RAISED, Points, Token
from handcalc.mark.unreadable import CantRead

MOST_DEPTH = 40
SUM, PRODUCT, BESIDE, EXPONENT, POWER, INSIDE = 10, 20, 25, 29, 30, 35
"""How strongly signs bind; BESIDE a factor without one, INSIDE one in an exponent where it belongs to that."""
BINDS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}
CLOSING = {"(": ")", "[": "]", "{": "}"}


class Choices(NamedTuple):
    """One of the ways to read what has several."""

    points: Points
    space: bool = False
    """Whether a space between entries separates them: [1 -2] has two entries, or is [−1]."""
    tight: bool = False
    """Whether a factor without a sign belongs to what stands before: 1/2x is 1/(2x), and e^2x is e^(2x)."""
    log: str = "ln"


class Reader:
    """Reads entries from tokens, one way; `asked` gathers what could have been read in another."""

    def __init__(self, tokens: Sequence[Token], choices: Choices) -> None:
        self.tokens, self.choices = tokens, choices
        self.place = self.depth = self.bars = 0
        self.inside = 0
        """Brackets around what is read, other than those of a list."""
        self.asked: set[str] = set()

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.next
        self.place += token.kind != "end"
        return token

    def skip_rows(self) -> None:
        """Take the ends of rows, as many as there are."""
        while self.next.kind == "row":
            self.take()

    def entry(self) -> Part:
        return self.sum(0)

    def sum(self, binds: int) -> Part:
        """What stands here, as far as its signs bind more strongly than `binds`."""
        left = self.operand(binds)
        while True:
            token = self.next
            if token.kind == "sign" and token.text in BINDS:
                if BINDS[token.text] <= binds or self.begins_an_entry(token):
                    return left
                left = self.joined(left, self.take())
            elif token.kind == "raised":
                left = power(left, self.raised(self.take()), token)
            elif token.text == "%":
                left = percent(left, self.take())
            elif self.is_beside(token):
                if binds >= self.strength(binds):
                    return left
                right = self.sum(max(binds, BESIDE))
                left = product(left, right, token)
            else:
                return left

    def begins_an_entry(self, token: Token) -> bool:
        """Whether this sign, with a space before it and none after, belongs to the next entry of a list."""
        if self.inside or not token.spaced or token.text not in "+-" or self.tokens[self.place + 1].spaced:
            return False
        self.asked.add("space")
        return self.choices.space

    def is_beside(self, token: Token) -> bool:
        """Whether a factor follows without a sign."""
        opens = token.kind in ("name", "function") or token.text in CLOSING or (token.text == "|" and not self.bars)
        if not opens:
            return False
        if token.spaced and not self.inside:
            self.asked.add("space")
            return not self.choices.space
        return True

    def strength(self, binds: int) -> int:
        """How strongly a factor without a sign binds here."""
        closed = self.tokens[self.place - 1].text in CLOSING.values()
        if binds in (PRODUCT, EXPONENT) and not (binds == EXPONENT and closed):
            self.asked.add("tight")
            if self.choices.tight:
                return INSIDE
        return PRODUCT

    def operand(self, binds: int) -> Part:
        self.depth += 1
        token = self.take()
        if self.depth > MOST_DEPTH:
            raise CantRead("deep", token.at, most=MOST_DEPTH)
        if token.kind == "number":
            found = self.number(token)
        elif token.kind == "name":
            assert isinstance(token.means, Formula)
            found = named(token.means)
        elif token.kind == "function":
            found = self.function(token)
        elif token.text in CLOSING:
            found = self.bracketed(token)
        elif token.text == "|":
            found = call("abs", token, *self.group(token))
        elif token.kind == "sign" and token.text in "+-":
            inner = self.sum(max(binds, SUM))
            found = inner if token.text == "+" else negated(inner)
        else:
            raise self.wanted(token)
        self.depth -= 1
        return found

    def number(self, token: Token) -> Part:
        """A number, with the fraction of a mixed one: 3 1/2, 3½."""
        assert isinstance(token.means, Number)
        typed = token.means
        if "." not in typed.text and "e" not in typed.text and token.decimals is not None and (more := self.fraction()):
            return rational(typed.value + more)
        return Part(Num(typed), typed.value, token.decimals)

    def fraction(self) -> fmpq | None:
        """The proper fraction that stands next, after a whole number, which takes it."""
        token = self.next
        if token.kind != "number" or not isinstance(token.means, Number):
            return None
        if token.decimals is None:  # ½
            self.take()
            return token.means.value
        if not token.spaced or self.tokens[self.place + 1].text != "/":
            return None
        bottom = self.tokens[self.place + 2]
        if bottom.kind != "number" or not isinstance(bottom.means, Number):
            return None
        if not (token.text.isdecimal() and bottom.text.isdecimal() and 0 < token.means.value < bottom.means.value):
            return None
        if not self.inside:
            self.asked.add("space")
            if self.choices.space:
                return None
        self.place += 3
        return token.means.value / bottom.means.value

    def group(self, opening: Token, separators: tuple[str, ...] = ()) -> list[Part]:
        """What stands between `opening` and what closes it."""
        bars, self.bars = self.bars, int(opening.text == "|")
        self.inside += 1
        found = [self.sum(0)]
        while self.next.text in separators:
            self.take()
            found.append(self.sum(0))
        self.closed(opening)
        self.inside -= 1
        self.bars = bars
        return found

    def bracketed(self, opening: Token) -> Part:
        """(0.5) is worked out, and no number as it was typed any more; {0.5} is."""
        (found,) = self.group(opening)
        return found if opening.text == "{" else found._replace(decimals=None)

    def closed(self, opening: Token) -> None:
        """Take the bracket that closes `opening`."""
        token, wanted = self.next, CLOSING.get(opening.text, "|")
        if token.text == wanted:
            self.take()
        elif token.kind == "end":
            raise CantRead("opened", opening.at, found=quoted(opening.text), wanted=quoted(wanted))
        elif token.text in (",", "&") or token.kind == "row":
            raise CantRead("matrix", opening.at)
        else:
            raise self.left_over()

    def joined(self, left: Part, token: Token) -> Part:
        match token.text:
            case "+":
                return plus(left, self.sum(SUM), token)
            case "-":
                return minus(left, self.sum(SUM), token)
            case "*":
                return product(left, self.sum(PRODUCT + 1), token)
            case "/":
                return quotient(left, self.sum(PRODUCT), token)
        return power(left, self.sum(EXPONENT), token)

    def raised(self, token: Token) -> Part:
        """The exponent of x², x⁻¹."""
        typed = "".join(RAISED[c] for c in token.text)
        if len(typed) > 6:
            raise CantRead("exponent", token.at, found=typed[:12], most=MOST_EXPONENT)
        return whole(int(typed))

    def function(self, token: Token) -> Part:
        """A function with its values in brackets, or with one that stands right after it: ln 2."""
        name, after = str(token.means), self.next
        if name == "frac":
            return quotient(*self.frac(token), token)
        if name == "log":
            self.asked.add("log")
            name = self.choices.log
        if after.kind == "raised" or after.text == "^":
            raise CantRead("raised function", after.at, found=token.text)
        if after.kind == "end" or after.text in (")", "]", "}", ",", "*", "/", "%"):
            raise CantRead("function", token.at, found=token.text)
        if token.text == "\\sqrt" and after.text == "[":
            n = self.bracketed(self.take())
            return call("power", token, self.sum(EXPONENT), quotient(whole(1), n, after))
        if after.text not in CLOSING:
            return call(name, token, self.sum(EXPONENT))
        args = self.group(self.take(), separators=(",", ";"))
        if (len(args) < 2) if name == "max" else (len(args) != 1):
            raise CantRead("values", token.at, found=token.text, count=len(args))
        return call(name, token, *args)

    def frac(self, token: Token) -> tuple[Part, Part]:
        r"""The two parts of \frac{1}{2}, or of \frac12."""
        both = self.next
        if both.kind == "number" and both.text.isdecimal() and len(both.text) == 2:
            self.take()
            return whole(int(both.text[0])), whole(int(both.text[1]))
        parts = []
        for _ in range(2):
            if self.next.kind == "number" and len(self.next.text) == 1:
                parts.append(self.number(self.take()))
            elif self.next.text == "{":
                parts.append(self.bracketed(self.take()))
            else:
                raise CantRead("function", token.at, found=token.text)
        return parts[0], parts[1]

    def wanted(self, token: Token) -> CantRead:
        if token.kind == "end":
            return CantRead("ends", token.at)
        if token.text in CLOSING.values() and not self.inside:
            return CantRead("closed", token.at, found=quoted(token.text))
        return CantRead("wanted", token.at, found=quoted(token.text))

    def left_over(self) -> CantRead:
        """What is wrong with the next token, which nothing can take."""
        token, before = self.next, self.tokens[self.place - 1]
        if token.text in CLOSING.values():
            return CantRead("closed", token.at, found=quoted(token.text))
        return CantRead("beside", token.at, found=quoted(token.text), before=quoted(before.text))
