"""Lines of working as cells of a table: what is put in, and what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handcalc.derive.passes import EQUALS, Line, Pass
from handcalc.formula.maths import Digits, Maths, Operator, Row, Shown, Word
from handcalc.formula.notation import rewritten
from handcalc.formula.quantity import Quantity
from handcalc.sheet.parts import Words

LONGEST = 34
"""Characters of a sum that stands in one piece; a longer one may go on in the next row of its cell."""


def worked_cell(line: Line) -> Words:
    """``0.2·1.5 + 0.1 = 0.4``: the numbers put in and what they make, in pieces between which a row may end."""
    (_, letters), *others = line.traced
    said: list[str | Maths] = []
    for n, (relation, marks) in enumerate(others or [(EQUALS, letters)]):
        for piece in _pieces(marks if n == 0 and relation == EQUALS else Row((relation, marks))):
            said += [" "] * bool(said) + [Shown(line.quantity, piece, "result")]
    return tuple(said)


def result_cell(worked: Pass, quantity: Quantity) -> Words:
    """``0.58668… ≈ 0.5867``: the digits that later lines use, and the rounded ones where these are fewer."""
    used, (relation, rounded) = worked.shown(quantity), worked.ending(quantity)
    if relation == EQUALS:
        return (used,)
    return (used, " ", Shown(quantity, Row((relation, rounded))))


def together(cells: Sequence[Words], between: str = " ") -> Words:
    return tuple(word for n, words in enumerate(cells) for word in (*([between] if n else []), *words))


def _pieces(marks: Maths) -> Iterator[Maths]:
    """A long sum in pieces, and the signs between them."""
    items = list(_flat(marks))
    start = 0
    for i, item in enumerate(items):
        between = 0 < i < len(items) - 1 and not isinstance(items[i - 1], Operator)
        if between and isinstance(item, Operator) and item.sign in "+−" and _length(items[start:i]) >= LONGEST:
            yield Row(tuple(items[start:i]))
            yield item
            start = i + 1
    yield Row(tuple(items[start:])) if start else marks


def _flat(marks: Maths) -> Iterator[Maths]:
    if isinstance(marks, Row):
        for item in marks.items:
            yield from _flat(item)
    else:
        yield marks


def _length(items: Sequence[Maths]) -> int:
    """About how many characters some marks take."""
    found: list[Maths] = []
    rewritten(Row(tuple(items)), (Digits, Operator, Word), found.append)
    return sum(len(mark.text) if isinstance(mark, Digits) else 1 for mark in found)
