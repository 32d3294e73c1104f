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

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from flint import arb, ctx, fmpq

from handcalc.derive import functions
from handcalc.derive.decimals import decimal_text
from handcalc.derive.functions import CALLS, NoValue, Value
from handcalc.formula.expression import MOST_EXPONENT
from handcalc.formula.number import Number
from handcalc.formula.tokens import quoted
from handcalc.formula.tree import (
    ONE,
    ZERO,
    Call,
    Formula,
    Negative,
    Num,
    Power,
    Quotient,
    Ref,
    exp,
    formula,
    largest,
    ln,
)
from handcalc.mark.names import CONSTANTS
from handcalc.mark.tokens import RAISED, Points, Token, number_token
from handcalc.mark.unreadable import CantRead

MOST_DEPTH = 40
LARGEST = 300
"""The exponent of ten beyond which a value isn't worked out."""
MOST_BITS = 20_000
"""Of a rational that is kept as one."""
SUM, PRODUCT, BESIDE, EXPONENT, POWER, INSIDE = 10, 20, 25, 29, 30, 35
"""How strongly signs bind; BESIDE a factor without one, INSIDE one in an exponent where it belongs to that."""
BINDS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}
CLOSING = {"(": ")", "[": "]", "{": "}"}
_LIMIT = arb(10) ** LARGEST


class Choices(NamedTuple):
    """One of the ways to read what has several."""

    points: Points
    space: bool = False
    """Whether a space between entries separates them: [1 -2] has two entries, or is [−1]."""
    tight: bool = False
    """Whether a factor without a sign belongs to what stands before: 1/2x is 1/(2x), and e^2x is e^(2x)."""
    log: str = "ln"


class Part(NamedTuple):
    formula: Formula
    value: Value | None
    decimals: int | None = None
    depth: int = 0


def _sigmoid(x: Value) -> Value:
    return functions.over(fmpq(1), 1 + functions.exp(-x))


def _relu(x: Value) -> Value:
    return functions.largest(fmpq(0), x)


def _softplus(x: Value) -> Value:
    return functions.ln(1 + functions.exp(x))


WRITTEN: dict[str, tuple[Callable[..., Formula], Callable[..., Value]]] = {
    "sigmoid": (lambda x: ONE / (ONE + exp(Negative(x))), _sigmoid),
    "relu": (lambda x: largest(ZERO, x), _relu),
    "softplus": (lambda x: ln(ONE + exp(x)), _softplus),
}
"""Functions that a formula writes with others."""


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
                left = self.power(left, self.raised(self.take()), token)
            elif token.text == "%":
                left = self.percent(left, self.take())
            elif self.is_beside(token):
                if binds >= self.strength(binds):
                    return left
                right = self.sum(max(binds, BESIDE))
                left = self.made(left.formula * right.formula, functions.times, token, left, right)
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
            found = Part(token.means, None if isinstance(token.means, Ref) else _constant(token.means, ctx.prec))
        elif token.kind == "function":
            found = self.function(token)
        elif token.text in CLOSING:
            found = self.bracketed(token)
        elif token.text == "|":
            found = self.absolute(token)
        elif token.kind == "sign" and token.text in "+-":
            inner = self.sum(max(binds, SUM))
            found = inner if token.text == "+" else self.negated(inner)
        else:
            raise self.wanted(token)
        self.depth -= 1
        return found

    def number(self, token: Token) -> Part:
        """A number, with the fraction of a mixed one: 3 1/2, 3½."""
        assert isinstance(token.means, Number)
        typed = token.means
        if "." not in typed.text and "e" not in typed.text and token.decimals is not None and (more := self.fraction()):
            value = typed.value + more
            return Part(Num(Number(f"{value.p}/{value.q}", value)), value)
        return Part(Num(typed), typed.value, token.decimals)

    def fraction(self) -> fmpq | None:
        """The proper fraction that stands next, after a whole number, which takes it."""
        token = self.next
        if token.kind != "number" or not isinstance(token.means, Number):
            return None
        if token.decimals is None:  # ½
            self.take()
            return token.means.value
        over, bottom = (
            self.tokens[self.place + 1 : self.place + 3] if self.place + 2 < len(self.tokens) else (token,) * 2
        )
        if not token.spaced or over.text != "/" or bottom.kind != "number" or not isinstance(bottom.means, Number):
            return None
        if not (token.text.isdecimal() and bottom.text.isdecimal() and 0 < token.means.value < bottom.means.value):
            return None
        if not self.inside:
            self.asked.add("space")
            if self.choices.space:
                return None
        self.place += 3
        return token.means.value / bottom.means.value

    def negated(self, part: Part) -> Part:
        value = None if part.value is None else -part.value
        f, inner = part.formula, Negative(part.formula)
        if isinstance(f, Num) and value is not None and not f.number.text.startswith("-"):
            return part._replace(formula=Num(Number(f"-{f.number.text}", value)) if value else f, value=value)
        return part._replace(formula=inner, value=value, depth=part.depth + 1)

    def percent(self, part: Part, token: Token) -> Part:
        f = part.formula
        if isinstance(f, Num) and part.decimals is not None and isinstance(part.value, fmpq):
            places, value = max(part.decimals, 0) + 2, part.value / 100
            text = decimal_text(int(abs(value * fmpq(10) ** places).p), places, negative=value < 0)
            return Part(Num(Number(text, value)), value, part.decimals + 2)
        hundred = Part(formula(100), fmpq(100))
        return self.made(f / hundred.formula, functions.over, token, part, hundred)

    def tens(self, typed: Number, decimals: int, n: int, at: Token) -> Part:
        """typed·10^n as one number."""
        digits, _, power = typed.text.removeprefix("-").partition("e")
        token = number_token(digits, int(power or 0) + n, at.at, at.spaced, at.text)
        part = self.number(token)
        return self.negated(part) if typed.text.startswith("-") else part

    def bracketed(self, opening: Token) -> Part:
        self.inside += 1
        bars, self.bars = self.bars, 0
        found = self.sum(0)
        self.closed(opening)
        self.bars = bars
        self.inside -= 1
        return found._replace(decimals=None) if found.decimals is not None and opening.text != "{" else found

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

    def absolute(self, opening: Token) -> Part:
        self.inside += 1
        self.bars += 1
        found = self.sum(0)
        self.closed(opening)
        self.bars -= 1
        self.inside -= 1
        return self.call("abs", opening, found)

    def joined(self, left: Part, token: Token) -> Part:
        match token.text:
            case "+":
                right = self.sum(SUM)
                return self.made(left.formula + right.formula, lambda a, b: a + b, token, left, right)
            case "-":
                right = self.sum(SUM)
                return self.made(left.formula - right.formula, lambda a, b: a - b, token, left, right)
            case "*":
                return self.product(left, self.sum(PRODUCT + 1), token)
            case "/":
                return self.quotient(left, self.sum(PRODUCT), token)
        return self.power(left, self.sum(EXPONENT), token)

    def product(self, left: Part, right: Part, token: Token) -> Part:
        """A number times a power of ten is one number: 2·10^-3."""
        n = _power_of_ten(right.formula)
        if n is not None and isinstance(left.formula, Num) and left.decimals is not None:
            return self.tens(left.formula.number, left.decimals, n, token)
        return self.made(left.formula * right.formula, functions.times, token, left, right)

    def quotient(self, top: Part, bottom: Part, token: Token) -> Part:
        """A fraction of whole numbers is a number: 3/20."""
        made = self.made(Quotient(top.formula, bottom.formula), functions.over, token, top, bottom)
        match made:
            case Part(Quotient(Num(a), Num(b)), fmpq() as value) if _is_whole(a) and _is_whole(b):
                return Part(Num(Number(f"{a.text}/{b.text}", value)), value)
        return made

    def power(self, base: Part, exponent: Part, token: Token) -> Part:
        """A whole exponent is a number of factors; a negative one stands below 1."""
        if base.formula == CONSTANTS["e"]:
            return self.call("exp", token, exponent)
        n = exponent.value
        if not isinstance(n, fmpq) or n.q != 1:
            return self.call("power", token, base, exponent)
        if abs(n) > MOST_EXPONENT:
            raise CantRead("exponent", token.at, found=functions.said(n), most=MOST_EXPONENT)
        count = int(n.p)
        raised = base.formula if abs(count) == 1 else Power(base.formula, abs(count))
        if isinstance(raised, Power) and isinstance(raised.base, Num) and raised.base.number.value == 0 and count == 0:
            raise CantRead("no value", token.at, found="0^0")
        made = raised if count >= 0 else ONE / raised
        return self.made(made, lambda x: functions.raised(x, n), token, base)

    def raised(self, token: Token) -> Part:
        """The exponent of x², x⁻¹."""
        typed = "".join(RAISED[c] for c in token.text)
        if len(typed) > 6:
            raise CantRead("exponent", token.at, found=typed[:12], most=MOST_EXPONENT)
        return Part(formula(int(typed)), fmpq(int(typed)))

    def function(self, token: Token) -> Part:
        """A function with its values in brackets, or with one that stands right after it: ln 2."""
        name, after = str(token.means), self.next
        if name == "frac":
            top, bottom = self.frac(token)
            return self.quotient(top, bottom, token)
        if name == "log":
            self.asked.add("log")
            name = self.choices.log
        if after.kind == "raised" or after.text == "^":
            raise CantRead("raised function", after.at, found=token.text)
        if after.kind == "end" or after.text in (")", "]", "}", ",", "*", "/", "%"):
            raise CantRead("function", token.at, found=token.text)
        if name == "sqrt" and after.text == "[" and token.text == "\\sqrt":
            n = self.bracketed(self.take())
            return self.call("power", token, self.sum(EXPONENT), self.quotient(Part(ONE, fmpq(1)), n, after))
        if after.text not in ("(", "[", "{"):
            return self.call(name, token, self.sum(EXPONENT))
        opening = self.take()
        self.inside += 1
        args = [self.sum(0)]
        while self.next.text in (",", ";"):
            self.take()
            args.append(self.sum(0))
        self.closed(opening)
        self.inside -= 1
        if (len(args) < 2) if name == "max" else (len(args) != 1):
            raise CantRead("values", token.at, found=token.text, wanted=1 + (name == "max"), count=len(args))
        return self.call(name, token, *args)

    def frac(self, token: Token) -> tuple[Part, Part]:
        r"""The two parts of \frac{1}{2}, or of \frac12."""
        both = self.next
        if both.kind == "number" and both.text.isdecimal() and len(both.text) == 2:
            self.take()
            top, bottom = (Part(formula(int(c)), fmpq(int(c))) for c in both.text)
            return top, bottom
        parts = []
        for _ in range(2):
            if self.next.kind == "number" and len(self.next.text) == 1:
                parts.append(self.number(self.take()))
            elif self.next.text == "{":
                parts.append(self.bracketed(self.take()))
            else:
                raise CantRead("function", token.at, found=token.text)
        return parts[0], parts[1]

    def call(self, name: str, token: Token, *args: Part) -> Part:
        formulas = [part.formula for part in args]
        if name in WRITTEN:
            write, work = WRITTEN[name]
            return self.made(write(*formulas), work, token, *args)
        if name == "ln" and isinstance(formulas[0], Call) and formulas[0].name == "exp":  # ln e^u is u
            inner = formulas[0].args[0]
            return Part(inner, None if args[0].value is None else functions.value_of(inner, lambda quantity: None))
        return self.made(Call(name, tuple(formulas)), CALLS[name], token, *args)

    def made(self, f: Formula, work: Callable[..., Value], token: Token, *parts: Part) -> Part:
        """`f` with its value; CantRead at `token` where it has none."""
        depth = 1 + max(part.depth for part in parts)
        if depth > 2 * MOST_DEPTH:
            raise CantRead("deep", token.at, most=2 * MOST_DEPTH)
        values = [part.value for part in parts]
        if None in values:
            return Part(f, None, None, depth)
        try:
            return Part(f, bounded(work(*values), token.at), None, depth)
        except ZeroDivisionError:
            raise CantRead("divides by 0", token.at) from None
        except NoValue as error:
            raise CantRead("no value", token.at, found=str(error)) from None

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


@cache
def _constant(f: Formula, bits: int) -> Value:
    """e or π, as a ball of so many bits."""
    return functions.value_of(f, lambda quantity: None)


def bounded(x: Value, at: int) -> Value:
    """`x`, where it is finite and not beyond all measure; a rational of too many digits as a ball."""
    if isinstance(x, fmpq):
        if max(x.p.bit_length(), x.q.bit_length()) <= 900:
            return x
        if abs(x) > _LIMIT:
            raise CantRead("large", at, most=LARGEST)
        return x if max(x.p.bit_length(), x.q.bit_length()) <= MOST_BITS else arb(x)
    if not x.is_finite():
        raise CantRead("close", at)
    if not abs(x) < _LIMIT:
        raise CantRead("large", at, most=LARGEST)
    return x


def _is_whole(typed: Number) -> bool:
    return typed.text.isdecimal()


def _power_of_ten(f: Formula) -> int | None:
    """n of 10^n where that is what `f` writes; not of a mere 10."""
    match f:
        case Power(Num(number), int() as n) if number.text == "10":
            return n
        case Quotient(Num(), Num(number)) if number.text == "10":
            return -1 if f.top == ONE else None
        case Quotient(Num(), Power(Num(number), int() as n)) if number.text == "10":
            return -n if f.top == ONE else None
    return None
