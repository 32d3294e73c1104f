"""Expressions as a user types them: ``f = (x + y)·z``, read into formulas without running anything.

    statements = [statement] ((";" | newline) [statement])*         "#" begins a comment
    statement  = [name "="] sum
    sum        = product (("+" | "-") product)*
    product    = ["-"] power (("*" | "/") power)*                   also 2x, 2(x + 1), (x)(y): no sign between
    power      = operand ["^" ["-"] power]                          to the right: 2^3^2 = 2^9
    operand    = number | name | function "(" sum ["," sum] ")" | "e" "^" … | "(" sum ")"

``·``, ``×`` and ``**``, ``:``, ``−``, ``x²`` and square brackets mean what they look like. A minus binds less than a
power and than a product: −x^2 = −(x^2). A product without a sign stands where it has one meaning only: neither 1/2x
nor x^2y. Names are whole words of letters, digits and ``_``; a Greek letter is its name, and w₀ is w0.

A Pratt parser (Pratt, 1973) over a list of tokens, with limits on everything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from handcalc.formula.number import read_number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tokens import CLOSING, RAISED, SIGNS, WANTED, ExpressionError, Token, quoted, read_name, tokens
from handcalc.formula.tree import ONE, Call, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum, children, exp

MOST_DEPTH, MOST_EXPONENT = 40, 100
FUNCTIONS = {
    "exp": 1, "ln": 1, "log2": 1, "log10": 1, "sqrt": 1, "abs": 1, "tanh": 1, "sigmoid": 1, "relu": 1, "max": 2,
}  # fmt: skip
"""Each with how many values it takes."""
SUM, PRODUCT, POWER = 10, 20, 30
BINDS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}
_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Statement:
    """``name = formula``; the name is None where only the expression was typed."""

    name: str | None
    formula: Formula
    text: str
    """What was typed, of this statement alone."""
    named: Mapping[str, int] = field(default_factory=dict)
    """The names that the formula uses, each with where in `text` it stands first."""
    at: int = 0
    """Where the formula begins in `text`."""


def read_statements(text: str, *, names: Collection[str] = (), more: Collection[str] = ()) -> tuple[Statement, ...]:
    """The statements in `text`. `names` have a value elsewhere; `more` are functions of one value besides FUNCTIONS.

    ``e^x`` is the exponential function, unless e is one of `names` or is given a formula. Raises ExpressionError.
    """
    return tuple(_Reader(text, names, more).statements())


def read_expression(text: str, *, names: Collection[str] = (), more: Collection[str] = ()) -> Formula:
    """The formula that `text` writes. Raises ExpressionError."""
    reader = _Reader(text, names, more)
    formula = reader.whole()
    if reader.next.kind != "end":
        raise reader.wrong(reader.unexpected())
    return formula


class _Reader:
    """A Pratt parser: each sign binds as strongly as `BINDS` says."""

    def __init__(self, text: str, names: Collection[str], more: Collection[str]) -> None:
        self.text = text
        self.tokens: Sequence[Token] = list(tokens(text))
        self.place = self.depth = 0
        self.functions = {**FUNCTIONS, **dict.fromkeys(more, 1)}
        self.named: dict[str, int] = {}
        assigned = (a.text for a, b in zip(self.tokens, self.tokens[1:], strict=False) if b.text == "=")
        self.e_is_a_name = "e" in {*names, *assigned}

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    @property
    def sign(self) -> str:
        """The next token as the sign it stands for."""
        return SIGNS.get(self.next.text, self.next.text)

    def take(self) -> Token:
        token = self.next
        self.place += token.kind != "end"
        return token

    def wrong(self, problem: str, token: Token | None = None) -> ExpressionError:
        return ExpressionError(problem, self.text, (token or self.next).at)

    def statements(self) -> Iterator[Statement]:
        while self.next.kind != "end":
            if self.take().kind == "stop":
                continue
            self.place -= 1
            start, name = self.next.at, None
            if self.next.kind == "name" and self.tokens[self.place + 1].text == "=":
                name = self._name(self.take())
                self.take()
            at = self.next.at
            self.named = {}
            formula = self.whole()
            if self.next.kind not in ("stop", "end"):
                raise self.wrong(self.unexpected())
            text = self.text[start : self.next.at].partition("#")[0].rstrip()
            yield Statement(name, formula, text, {n: place - start for n, place in self.named.items()}, at - start)

    def whole(self) -> Formula:
        first = self.next
        formula = self.sum(0)
        if _depth(formula) > MOST_DEPTH:
            raise self.wrong(f"operations more than {MOST_DEPTH} deep in one another; name a part of it", first)
        return formula

    def sum(self, binds: int) -> Formula:
        """What stands here, as far as its signs bind more strongly than `binds`."""
        left, last = self.operand(binds), None
        while True:
            if self.sign in BINDS and self.next.kind == "sign":
                if BINDS[self.sign] <= binds:
                    return left
                last = self.take()
                left = self.joined(left, last)
            elif self.next.kind == "raised":
                left, last = self.raised(left), None
            elif self.beside():
                if binds >= PRODUCT:
                    return left
                if last and SIGNS.get(last.text, last.text) in ("/", "^"):
                    typed = self.text[last.at : self.next.at + len(self.next.text)]
                    raise self.wrong(f"{quoted(typed)} has two meanings; write a · or parentheses")
                left, last = _product(left, self.sum(PRODUCT)), None
            else:
                return left

    def beside(self) -> bool:
        """Whether a factor follows without a sign: after a number or a bracket a name or an opening bracket."""
        before = self.tokens[self.place - 1]
        after = self.next.kind == "name" or self.next.text in CLOSING
        return after and (before.kind in ("number", "raised") or before.text in (")", "]"))

    def operand(self, binds: int) -> Formula:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.wrong(f"brackets or signs more than {MOST_DEPTH} deep in one another; name a part of it")
        token, sign = self.next, self.sign
        if token.kind == "number":
            found = self.number(self.take())
        elif token.kind == "name":
            found = self.name_or_call(self.take())
        elif sign in CLOSING:
            self.take()
            found = self.sum(0)
            self.closed(token)
        elif sign in ("-", "+"):
            self.take()
            inner = self.sum(max(binds, SUM))
            found = _negated(inner) if sign == "-" else inner
        else:
            raise self.wrong(f"{self.found()}, where {WANTED} is wanted")
        self.depth -= 1
        return found

    def joined(self, left: Formula, token: Token) -> Formula:
        sign = SIGNS.get(token.text, token.text)
        if self.next.text == "=":
            raise self.wrong(f'found "{token.text}="; a name is given a formula once, with =', token)
        right = self.sum(POWER - 1 if sign == "^" else BINDS[sign])
        match sign:
            case "+":
                return Sum((*_terms(left), right))
            case "-":
                return Sum((*_terms(left), Negative(right)))
            case "*":
                return _product(left, right)
            case "/":
                return self.quotient(left, right, token)
        return self.power(left, right, token)

    def quotient(self, top: Formula, bottom: Formula, token: Token) -> Formula:
        """A fraction of whole numbers is a number: 3/20."""
        if isinstance(bottom, Num) and bottom.number.value == 0:
            raise self.wrong("this divides by 0", token)
        if isinstance(top, Num) and isinstance(bottom, Num):
            typed, below = top.number.text, bottom.number.text
            if _WHOLE.fullmatch(typed) and below.isdecimal():
                return Num(read_number(f"{typed}/{below}"))
        return Quotient(top, bottom)

    def power(self, base: Formula, exponent: Formula, token: Token) -> Formula:
        """A whole exponent is a number of factors; a negative one stands below 1."""
        n = _whole(exponent)
        if n is None:
            return Call("power", (base, exponent))
        if abs(n) > MOST_EXPONENT:
            raise self.wrong(f"an exponent of {n:,}; at most {MOST_EXPONENT} is accepted", token)
        if n == 0:
            raise self.wrong("an exponent of 0 makes 1 of everything; write 1", token)
        raised = base if abs(n) == 1 else Power(base, abs(n))
        return raised if n > 0 else self.quotient(ONE, raised, token)

    def raised(self, base: Formula) -> Formula:
        """``x²``"""
        token = self.take()
        typed = "".join(RAISED[c] for c in token.text)
        return self.power(base, self.number(Token("number", typed, token.at)), token)

    def number(self, token: Token) -> Formula:
        try:
            return Num(read_number(token.text))
        except ValueError as error:
            raise self.wrong(str(error), token) from None

    def _name(self, token: Token) -> str:
        try:
            name = read_name(token.text)
        except ValueError as error:
            raise self.wrong(str(error), token) from None
        if name in FUNCTIONS:
            raise self.wrong(f"{quoted(name)} is a function; give this another name", token)
        if name == "log":
            raise self.wrong('"log" has no one base; write ln (base e), log2 or log10', token)
        return name

    def name_or_call(self, token: Token) -> Formula:
        opened = self.next.text in CLOSING
        if opened and token.text in self.functions:
            return self.call(token)
        if token.text in FUNCTIONS:
            raise self.wrong(f"{token.text} needs its value in brackets after it: {token.text}(…)", token)
        if token.text == "e" and not self.e_is_a_name and (self.sign == "^" or self.next.kind == "raised"):
            if self.take().kind != "raised":
                return exp(self.sum(POWER - 1))
            self.place -= 1
            return exp(self.number(Token("number", "".join(RAISED[c] for c in self.take().text), token.at)))
        name = self._name(token)
        if opened:
            raise self.wrong(self.no_function(token.text), token)
        self.named.setdefault(name, token.at)
        return Ref(Quantity(name))

    def call(self, token: Token) -> Formula:
        opening, wanted = self.take(), self.functions[token.text]
        found = [self.sum(0)]
        while self.next.text == ",":
            self.take()
            found.append(self.sum(0))
        self.closed(opening)
        if len(found) != wanted:
            values = "1 value" if wanted == 1 else f"{wanted} values"
            comma = "; a decimal number has a point: 0.5, not 0,5" if len(found) > wanted else ""
            raise self.wrong(f"{token.text} takes {values}, found {len(found)}{comma}", token)
        return Call(token.text, tuple(found))

    def closed(self, opening: Token) -> None:
        """Take the bracket that closes `opening`."""
        wanted = CLOSING[opening.text]
        if self.next.text != wanted:
            if self.next.kind in ("stop", "end"):
                raise self.wrong(f'this "{opening.text}" is not closed; a "{wanted}" is missing', opening)
            raise self.wrong(self.unexpected(f'"{wanted}" or an operation'))
        self.take()

    def found(self) -> str:
        return {"end": "the text ends", "stop": "the statement ends"}.get(
            self.next.kind, f"found {quoted(self.next.text)}"
        )

    def unexpected(self, wanted: str = "an operation such as + or the end of the statement") -> str:
        """What is wrong with the next token, which nothing can take."""
        before = self.tokens[self.place - 1]
        if self.next.text == ",":
            return "found a comma; a decimal number has a point: write 0.5, not 0,5"
        if self.next.text == "=":
            return 'found "="; a statement is: name = expression, with one name on the left'
        if self.next.kind in ("number", "name"):
            return (
                f"found {quoted(self.next.text)} right after {quoted(before.text)}; to multiply, write a · between them"
            )
        return f"{self.found()}, where {wanted} is wanted"

    def no_function(self, name: str) -> str:
        near = get_close_matches(name.lower(), self.functions, n=1, cutoff=0.6)
        meant = f"; did you mean {near[0]}?" if near else f"; to multiply, write {name}·(…)."
        return f"{quoted(name)} is not a function{meant} Functions: {', '.join(self.functions)}"


def _terms(f: Formula) -> tuple[Formula, ...]:
    """A sum that begins a sum is part of it."""
    return f.terms if isinstance(f, Sum) else (f,)


def _product(left: Formula, right: Formula) -> Formula:
    return Product((*(left.factors if isinstance(left, Product) else (left,)), right))


def _negated(f: Formula) -> Formula:
    """−f; the sign of a number belongs to the number."""
    match f:
        case Num(number) if not number.text.startswith("-"):
            return Num(read_number(f"-{number.text}"))
        case Product((Num(number), *rest)) if not number.text.startswith("-"):
            return Product((Num(read_number(f"-{number.text}")), *rest))
    return Negative(f)


def _whole(f: Formula) -> int | None:
    """The whole number that `f` writes, as a number or a power of one (2^3^2), where it is small."""
    match f:
        case Num(number) if number.value.q == 1 and abs(number.value) <= 10**6:
            return int(number.value.p)
        case Power(Num() as base, int() as n) if (root := _whole(base)) is not None and abs(root) ** n <= 10**6:
            return int(root**n)
    return None


def _depth(f: Formula) -> int:
    """How many operations stand in one another."""
    deepest, todo = 0, [(f, 0)]
    while todo:
        g, depth = todo.pop()
        deepest = max(deepest, depth)
        todo += [(part, depth + 1) for part in children(g)]
    return deepest
