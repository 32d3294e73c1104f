"""Break a chain ``target = a = b ≈ c`` that is too wide for the page into rows, on the tree.

A break comes before a relation if it can; else before a + or − of the stage's outermost row; else
before a ·, × or ⊙ there, or between two factors of which one is a matrix; else inside its fences, by
the same rules. A comma stays at the end of its row. What is still too wide is a fraction or a root: it
is written as a product or a power, which can be broken.
(The order of preference is that of *Mathematics into Type*, American Mathematical Society, 1999, 3.3.4.)

The unit of width is the caller's: columns, points, anything that `measure` returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

from handcalc.formula.maths import (
    Digits,
    Fenced,
    Fraction,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Root,
    Row,
    Script,
    Slot,
)

TIMES = frozenset("·×⊙")
"""The signs of products."""

Measure = Callable[[Maths], float]


class Broken(NamedTuple):
    """One row of a broken chain.

    ``left`` is the target on the first row and None on the others. ``right`` begins with a relation where
    ``depth`` is 0; otherwise it goes on with the stage of the row above: it begins with an operator
    (which is binary: what stands before it is on the row above) or, after a comma or a factor, with
    anything. All rows align where ``right`` begins; ``depth`` times the caller's indent moves it further in.
    A fence that is left open in one row and closed in another is a `Fenced` with one empty side.
    """

    left: Maths | None
    right: Row
    depth: int


def broken(
    target: Maths,
    stages: Sequence[tuple[Relation, Maths]],
    width: float,
    measure: Measure,
    *,
    indent: float = 0.0,
) -> tuple[Broken, ...]:
    """Return the rows of ``target`` and its ``stages``, none wider than ``width`` where that is possible.

    Everything stands on one row if it fits. Otherwise the first stage (the formula) has the first row to
    itself and the other stages fill the rows below from the left.

    **Arguments:**

    - `width`: of the whole row: target, indent and right-hand side, in the unit of `measure`.
    - `measure`: the width of a mark.
    - `indent`: how far the caller moves a row in for each step of depth.
    """
    whole = Row(tuple(mark for stage in stages for mark in stage))
    if len(stages) == 0 or measure(Row((target, *whole.items))) <= width:
        return (Broken(target, whole, 0),)
    equals = stages[0][0]
    lead = measure(Row((target, equals))) - measure(equals)
    room = _Room(max(width - lead, width / 4), indent, measure, _product(stages))
    rows = [*room.rows(stages[:1]), *room.rows(stages[1:])]
    return tuple(Broken(None if i else target, right, depth) for i, (right, depth) in enumerate(rows))


def has_matrix(mark: Maths) -> bool:
    """Whether there is a matrix in `mark`, outside fractions."""
    match mark:
        case Matrix():
            return True
        case Row(items):
            return any(map(has_matrix, items))
        case Fenced(inner) | Script(inner):
            return has_matrix(inner)
    return False


@dataclass(frozen=True, slots=True)
class _Open:
    left: str


@dataclass(frozen=True, slots=True)
class _Close:
    right: str
    sub: Maths | None = None
    sup: Maths | None = None


_Token = Maths | _Open | _Close


def _tokens(mark: Maths) -> Iterator[_Token]:
    """Spell a mark out, with its fences opened up."""
    match mark:
        case Row(items):
            for item in items:
                yield from _tokens(item)
        case Fenced(inner, left, right):
            yield _Open(left)
            yield from _tokens(inner)
            yield _Close(right)
        case Script(Fenced(inner, left, right), sub, sup):
            yield _Open(left)
            yield from _tokens(inner)
            yield _Close(right, sub, sup)
        case _:
            yield mark


def _spelt_back(tokens: Sequence[_Token]) -> Row:
    """The marks of a row again; a fence whose other half is on another row has one empty side."""
    nest: list[tuple[str, list[Maths]]] = [("", [])]
    for token in tokens:
        match token:
            case _Open(left):
                nest.append((left, []))
            case _Close(right, sub, sup):
                inside = len(nest) > 1
                left, items = nest.pop() if inside else ("", nest[0][1])
                # An operator in front of a row stays in front, outside the half-open fence.
                sign = [] if inside or not items or not isinstance(items[0], Operator) else [items[0]]
                fenced: Maths = Fenced(Row(tuple(items[len(sign) :])), left, right)
                if sub is not None or sup is not None:
                    fenced = Script(fenced, sub, sup)
                if inside:
                    nest[-1][1].append(fenced)
                else:
                    nest[0] = ("", [*sign, fenced])
            case _:
                nest[-1][1].append(token)
    while len(nest) > 1:
        left, items = nest.pop()
        nest[-1][1].append(Fenced(Row(tuple(items)), left, ""))
    return Row(tuple(nest[0][1]))


class _Cut(NamedTuple):
    """A place where a row may begin; a lower rank is a better place."""

    rank: int
    depth: int


def _cuts(tokens: Sequence[_Token]) -> dict[int, _Cut]:
    cuts: dict[int, _Cut] = {}
    nest = 0
    for i, (before, token) in enumerate(pairwise(tokens), start=1):
        nest += isinstance(before, _Open)
        nest -= isinstance(before, _Close)
        match before, token:
            case Relation("," | ";"), _:
                cuts[i] = _Cut(2 * nest, nest + 1)
            case ((Operator() | Relation() | _Open()), _):
                pass  # a sign, not an operation
            case _, Operator(sign):
                cuts[i] = _Cut(2 * nest + (sign in TIMES), nest + 1)
            case _ if _multiplied(before, token):
                cuts[i] = _Cut(2 * nest + 1, nest + 1)
    return cuts


def _multiplied(before: _Token, token: _Token) -> bool:
    """Whether two factors stand side by side, one of them a matrix."""
    ends = isinstance(before, Matrix | Fraction | Slot | Letter | Script | _Close)
    begins = isinstance(token, Matrix | Fraction | Slot | Letter | Script | _Open)
    return ends and begins and (_is_matrix(before) or _is_matrix(token))


def _is_matrix(token: _Token) -> bool:
    return isinstance(token, Matrix) or (isinstance(token, Script) and isinstance(token.base, Matrix))


@dataclass(frozen=True, slots=True)
class _Room:
    """The room right of the target."""

    width: float
    indent: float
    measure: Measure
    times: Operator

    def fits(self, tokens: Sequence[_Token], depth: int) -> bool:
        return self.measure(_spelt_back(tokens)) <= self.width - self.indent * depth

    def rows(self, stages: Sequence[tuple[Relation, Maths]]) -> list[tuple[Row, int]]:
        """Fill rows from the left; a stage that needs several rows begins on its own. The result doesn't stand alone
        below its digits, if these can come with it."""
        rows: list[tuple[list[list[_Token]], int]] = []
        for relation, mark in stages:
            leaves = self.leaves([relation, *_tokens(mark)])
            for i, (leaf, depth) in enumerate(leaves):
                alone = i == 0 and len(leaves) > 1
                if rows and not alone and self.fits([*chain(*rows[-1][0]), *leaf], rows[-1][1]):
                    rows[-1][0].append(leaf)
                else:
                    rows.append(([leaf], depth))
        if len(rows) > 1 and len(rows[-1][0]) == 1 and len(rows[-2][0]) > 1:
            (*before, digits), (result,) = rows[-2][0], rows[-1][0]
            whole = all(isinstance(part[0], Relation) for part in (digits, result))
            if whole and self.fits([*digits, *result], 0):
                rows[-2:] = [(before, rows[-2][1]), ([digits, result], 0)]
        return [(_spelt_back([*chain(*parts)]), depth) for parts, depth in rows]

    def leaves(self, tokens: list[_Token], depth: int = 0) -> list[tuple[list[_Token], int]]:
        """Cut a stage into parts that fit, at as good places as possible."""
        if self.fits(tokens, depth):
            return [(tokens, depth)]
        cuts = _cuts(tokens)
        if not cuts:
            spelt = self.spelt_out(tokens)
            return [(tokens, depth)] if spelt is None else self.leaves(spelt, depth)
        return self._parts(tokens, cuts, 0, len(tokens), depth)

    def _parts(
        self, tokens: list[_Token], cuts: dict[int, _Cut], start: int, stop: int, depth: int
    ) -> list[tuple[list[_Token], int]]:
        inside = [cut.rank for i, cut in cuts.items() if start < i < stop]
        if self.fits(tokens[start:stop], depth):
            return [(tokens[start:stop], depth)]
        if not inside:
            spelt = self.spelt_out(tokens[start:stop])
            return [(tokens[start:stop], depth)] if spelt is None else self.leaves(spelt, depth)
        places = [i for i, cut in cuts.items() if start < i < stop and cut.rank == min(inside)]
        parts: list[tuple[list[_Token], int]] = []
        for a, b in pairwise([start, *places, stop]):
            parts += self._parts(tokens, cuts, a, b, cuts[a].depth if a in cuts and a != start else depth)
        return parts

    def spelt_out(self, tokens: Sequence[_Token]) -> list[_Token] | None:
        """The same with each wide fraction and root written on one line, or None if there is none."""
        out: list[_Token] = []
        for token in tokens:
            wide = isinstance(token, Fraction | Root) and self.measure(token) > self.width / 2
            out += self._on_one_line(token) if wide else [token]
        return out if out != list(tokens) else None

    def _on_one_line(self, token: _Token) -> Iterator[_Token]:
        match token:
            case Fraction(top, bottom) if self.measure(bottom) <= self.width / 2:
                once = () if top == Digits("1") else (self.times, _as_factor(top))
                return _tokens(Row((Fraction(Digits("1"), bottom), *once)))
            case Fraction(top, bottom):
                minus_one = Row((Operator("−"), Digits("1")))
                return _tokens(Row((_as_factor(top), self.times, Script(Fenced(bottom), sup=minus_one))))
            case Root(inner):
                return _tokens(Script(Fenced(inner), sup=Fraction(Digits("1"), Digits("2"))))
            case _:
                return iter((token,))


def _product(stages: Sequence[tuple[Relation, Maths]]) -> Operator:
    """The sign of a product on this line."""
    cross = Operator("×")
    return cross if any(token == cross for _, mark in stages for token in _tokens(mark)) else Operator("·")


def _as_factor(mark: Maths) -> Maths:
    signs = (token.sign for token in _tokens(mark) if isinstance(token, Operator))
    return Fenced(mark) if any(sign not in TIMES for sign in signs) else mark
