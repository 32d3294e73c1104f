"""The inputs of one sample or of several, and their names."""

from __future__ import annotations

from typing import NamedTuple

from handcalc.formula.number import Number
from handcalc.network.errors import counted
from handcalc.network.nodes import Items, Node, Pairs, Text
from handcalc.network.values import check_decimal_comma, describe, name, names, number, word

Rows = tuple[tuple[Number, ...], ...]
ARRANGED = ("rows", "columns")


class Samples(NamedTuple):
    """`rows` holds the inputs of each sample."""

    rows: Rows
    names: tuple[str, ...]


def samples(node: Node, named: Node | None, arranged: str = "rows") -> Samples:
    """The inputs of each sample, and their names.

    ``{fever: 1.5, cough: 1}``, ``[1.5, 1]`` or ``1.5`` is one sample; ``[[1.5, 1], [0, 1]]`` two, a row each (or with
    samples as columns a column each); so is ``{fever: [1.5, 0], cough: [1, 1]}``.
    """
    match node:
        case Pairs(pairs=(_, *_)) if named is None:
            return _table(node)
        case Pairs() if named is not None:
            raise named.place.wrong("the inputs have names already; write them once")
        case Text():
            rows: Rows = ((number(node),),)
        case Items(items=(Items(), *_)):
            rows = _nested(node, arranged)
        case Items(items=(_, *_)):
            rows = (tuple(map(number, node.items)),)
        case _:
            raise node.place.wrong(
                f"found {describe(node)}, where inputs are wanted; write [1.5, 1] or {{fever: 1.5, cough: 1}}"
            )
    width = len(rows[0])
    holder = f"there {'is' if width == 1 else 'are'} {counted(width, 'input')}"
    return Samples(rows, names(named, wanted=width, holder=holder) if named else ())


def arranged(node: Node) -> str:
    return word(node, {one: one for one in ARRANGED}, ARRANGED)


def _table(node: Pairs) -> Samples:
    """Inputs by name: a number each, or a column of numbers each, one for each sample."""
    for key, value in node.pairs:
        check_decimal_comma(key, value)
    columns = {
        name(key, "a name"): tuple(map(number, value.items)) if isinstance(value, Items) else (number(value),)
        for key, value in node.pairs
    }
    if len(columns) < len(node.pairs):
        raise node.place.wrong("two inputs have the same name; names must differ")
    first = len(next(iter(columns.values())))
    for (_, value), column in zip(node.pairs, columns.values(), strict=True):
        if len(column) != first or not column:
            raise value.place.wrong(
                f"found {counted(len(column), 'number')}, but the first input has {first}; write one for each sample"
            )
    return Samples(tuple(zip(*columns.values(), strict=True)), tuple(columns))


def _nested(node: Items, arranged: str) -> Rows:
    rows = []
    for item in node.items:
        if not isinstance(item, Items) or not item.items:
            raise item.place.wrong(f"found {describe(item)}, where a list of numbers is wanted, such as [1.5, 1]")
        rows.append(tuple(map(number, item.items)))
        if len(rows[-1]) != len(rows[0]):
            what = "sample" if arranged == "rows" else "input"
            raise item.place.wrong(
                f"{what} {len(rows)} has {counted(len(rows[-1]), 'number')}, but {what} 1 has {len(rows[0])}"
            )
    return tuple(rows) if arranged == "rows" else tuple(zip(*rows, strict=True))
