"""Lines of working as cells of a table: what is put in, and what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handcalc.derive.passes import EQUALS, Line
from handcalc.formula.maths import Digits, Function, Letter, Maths, Operator, Relation, Root, Row, Script, Shown, Word
from handcalc.formula.notation import marks_in, untraced
from handcalc.sheet.parts import Words

LONGEST = 34
"""Characters of a sum that stands in one piece; a longer one may go on in the next row of its cell."""


def worked_cell(line: Line) -> Words:
    """``0.2·1.5 + 0.1 = 0.4``: the numbers put in and what they make, in pieces between which a row may end."""
    (_, letters), *others = line.traced
    if line.put_in is not None and line.closed is not None and line.result and not _says_more(others):
        del others[1]
    said: list[str | Maths] = []
    for n, (relation, marks) in enumerate(others or [(EQUALS, letters)]):
        for piece in _pieces(marks if n == 0 and relation == EQUALS else Row((relation, marks))):
            said += [" "] * bool(said) + [Shown(line.quantity, piece, "result")]
    return tuple(said)


def _says_more(stages: Sequence[tuple[Relation, Maths]]) -> bool:
    """Whether the value in numbers only is a fraction, and another one than the numbers put in."""
    put_in, closed = (untraced(marks) for _, marks in stages[:2])
    return not marks_in(closed, Function, Letter, Root, Script) and closed != put_in


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
    found = marks_in(Row(tuple(items)), Digits, Operator, Word)
    return sum(len(mark.text) if isinstance(mark, Digits) else 1 for mark in found)
