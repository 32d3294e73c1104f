"""The places of an exercise where numbers are left open: found, made, and filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handcalc.network.left_open import texts, with_open
from handcalc.network.nodes import Items, Node, Pairs, Text
from handcalc.network.values import describe
from handcalc.quiz.difficulty import Difficulty
from handcalc.quiz.givens import Vary, like, rows_to_shuffle, varied, with_texts
from handcalc.quiz.ranges import Range, RangeError, of_each, read_range, shuffle

Filling = Mapping[str, str]
"""What the holes of a question are filled with, by their paths: ``{"layers[1].sigmoid[1][2]": "0.5"}``."""
MOST_HOLES = 2_000


@dataclass(frozen=True, slots=True)
class Hole:
    """A place of the file where a number is left open."""

    path: str
    """``layers[1].sigmoid[1][2]``"""
    text: str
    """What it may be, as typed: ``one decimal from -1 to 1``."""
    values: tuple[str, ...]
    """The same, each as it is written on a sheet."""
    shuffled: str = ""
    """The path of the list whose values are shuffled, where it is in one."""
    line: int | None = None
    """Of the file."""


@dataclass(frozen=True, slots=True)
class Open(Text):
    """A text of the file in whose place a number comes."""

    hole: Hole = Hole("", "", ())


def opened(node: Node, names: Mapping[str, Range], vary: Vary | None, allowed: Difficulty | None) -> Node:
    """The keys of an exercise with an `Open` for each range, and for each number that `vary` makes one of."""

    def range_at(value: Node, path: str) -> Node:
        try:
            if isinstance(value, Text):
                found, text = read_range(value.text, names), of_each(value.text)
            else:
                found, text = _shuffled(value), "shuffle"
        except RangeError as error:
            raise value.place.wrong(str(error)) from None
        cells = (Open(text, value.place, hole=one) for one in _holes(found, path, text, value.place.line))
        return _arranged(cells, found.shape, value)

    made = with_open(node, names, range_at)
    made = with_texts(made, _varied(made, vary, allowed)) if vary else made
    if len(holes := holes_of(made)) > MOST_HOLES:
        raise node.place.wrong(f"{len(holes):,} numbers vary; at most {MOST_HOLES:,} are accepted")
    return made


def holes_of(node: Node) -> tuple[Hole, ...]:
    """In the order of the file."""
    return tuple(text.hole for _, text in texts(node) if isinstance(text, Open))


def filled(node: Node, filling: Filling) -> Node:
    match node:
        case Open(_, place, hole=hole):
            return Text(filling[hole.path], place)
        case Items(items, place):
            return Items(tuple(filled(item, filling) for item in items), place)
        case Pairs(pairs, place):
            return Pairs(tuple((key, filled(value, filling)) for key, value in pairs), place)
    return node


def _varied(node: Node, vary: Vary, allowed: Difficulty | None) -> dict[str, Node]:
    """By path what comes in place of the numbers of an exercise."""
    rows = rows_to_shuffle(node) if vary != "weights" else []
    found: dict[str, Node] = {}
    for one in varied(node, vary):
        values, said, place = like(one, allowed), f"like {one.text.text}", one.text.place
        if len(values) > 1 and one.path.rpartition("[")[0] not in rows:
            found[one.path] = Open(said, place, hole=Hole(one.path, said, values, line=place.line))
    for row in rows:
        cells = [(path, text) for path, text in texts(node) if path.rpartition("[")[0] == row]
        values = tuple(text.text.strip() for _, text in cells)
        for path, text in cells:
            hole = Hole(path, "shuffle", values, row, text.place.line)
            found[path] = Open("shuffle", text.place, hole=hole)
    return found


def _shuffled(node: Node) -> Range:
    """Of ``{shuffle: [1, 0, 0]}``."""
    listed = node.pairs[0][1] if isinstance(node, Pairs) else node
    items = listed.items if isinstance(listed, Items) else ()
    for one in items:
        if not isinstance(one, Text):
            raise one.place.wrong(f"found {describe(one)}, where one value of a list to shuffle is wanted")
    return shuffle([one.text.strip() for one in items if isinstance(one, Text)])


def _holes(found: Range, path: str, text: str, line: int | None) -> Sequence[Hole]:
    match found.shape:
        case (count,):
            paths = [f"{path}[{n + 1}]" for n in range(count)]
        case (rows, columns):
            paths = [f"{path}[{i + 1}][{j + 1}]" for i in range(rows) for j in range(columns)]
        case _:
            paths = [path]
    return [Hole(one, text, found.values, path if found.shuffled else "", line) for one in paths]


def _arranged(cells: Iterator[Node], shape: tuple[int, ...], value: Node) -> Node:
    """The next `cells`, as lists of this shape."""
    if not shape:
        return next(cells)
    return Items(tuple(_arranged(cells, shape[1:], value) for _ in range(shape[0])), value.place)
