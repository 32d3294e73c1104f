"""Recursive descent over the tokens of one formula; what differs between outputs is `Reader.atom` and its helpers."""

from __future__ import annotations

from collections.abc import Sequence

from oracles.marks import Call, Choice, Negative, Number, Power, Product, Quotient, Said, Sum, Unreadable

SIGNS = (">", "≥", "<", "≤")


class Reader:
    """Tokens are text; the empty one stands behind the last. Operators are ``+ - · / ^``."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = [*tokens, ""]
        self.at = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at]

    def take(self, wanted: str = "") -> str:
        found = self.tokens[self.at]
        if not found or (wanted and found != wanted):
            raise Unreadable(f"{wanted or 'a mark'} is wanted before {' '.join(self.tokens[self.at : self.at + 8])!r}")
        self.at += 1
        return found

    def taken(self, wanted: str) -> bool:
        if self.next != wanted:
            return False
        self.at += 1
        return True

    def whole(self) -> Said:
        said = self.sum()
        if self.next:
            raise Unreadable(f"nothing may follow here: {' '.join(self.tokens[self.at : self.at + 8])!r}")
        return said

    def sum(self) -> Said:
        terms = [self.term()]
        while self.next in ("+", "-"):
            sign = self.take()
            if self.next == "-":
                raise Unreadable("two signs side by side")
            terms.append(Negative(self.term()) if sign == "-" else self.term())
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def term(self) -> Said:
        if self.taken("-"):
            if self.next == "-":
                raise Unreadable("two signs side by side")
            return Negative(self.term())
        factors = [self.power()]
        while self.taken("·"):
            factors.append(self.power())
        product = factors[0] if len(factors) == 1 else Product(tuple(factors))
        if not self.taken("/"):
            return product
        quotient = Quotient(product, self.power())
        if self.next in ("·", "/"):
            raise Unreadable("a/b·c says two things")
        return quotient

    def power(self) -> Said:
        fenced = self.next == "("
        base = self.atom()
        if not self.taken("^"):
            return base
        if isinstance(base, Number) and base.cut and not fenced:
            raise Unreadable("digits with an ellipsis are fenced before they are raised")
        raised = Power(base, self.exponent())
        if self.next == "^":
            raise Unreadable("a^b^c says two things")
        return raised

    def bars(self, closing: str = "|") -> Said:
        inner = self.sum()
        self.take(closing)
        return Call("abs", (inner,))

    def atom(self) -> Said:
        raise NotImplementedError

    def exponent(self) -> Said:
        raise NotImplementedError

    def arguments(self, closing: str) -> tuple[Said, ...]:
        args = [self.sum()]
        while self.taken(","):
            args.append(self.sum())
        self.take(closing)
        return tuple(args)

    def condition(self) -> tuple[Said, str, Said]:
        left = self.sum()
        if self.next not in SIGNS:
            raise Unreadable(f"a comparison is wanted, not {self.next!r}")
        return left, self.take(), self.sum()

    def digits(self, text: str) -> Said:
        cut = text.endswith("…")
        return Number(text.rstrip("…"), cut)


def chosen(rows: Sequence[tuple[Said, tuple[Said, str, Said]]], otherwise: Said) -> Said:
    """Several cases as one in another: each row with its condition, and what is left."""
    for yes, condition in reversed(rows):
        otherwise = Choice(yes, *condition, otherwise)
    return otherwise
