"""Numbers that a file leaves open: which texts say what a number may be, and where they may stand.

    integer from -3 to 3        one decimal from -1 to 1        choice of 0.5, 1, 2        2 x 3 of small

What they say is read by `handcalc.quiz`; a network that is worked out has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from handcalc.network.errors import quoted
from handcalc.network.network import ALIASES, LETTERED
from handcalc.network.nodes import Items, Node, Nothing, Pairs, Text
from handcalc.ops import plain

NAMES = ("names", "classes")
NO_NUMBERS = frozenset({*NAMES, "activation", "join"})
"""Keys of a layer whose values are words."""
SHUFFLE = "shuffle"
COUNTS = ("one", "two", "three", "four", "five", "six")
"""Of decimals."""
STARTS = (
    r"([Ii]ntegers?|[Ww]hole\s+numbers?|[Dd]ecimals?|[Ff]ractions?)\s+\S",
    rf"({'|'.join(f'[{one[0].upper()}{one[0]}]{one[1:]}' for one in COUNTS)}|\d)[\s-]+decimals?\b",
    r"[Cc]hoice\b",
    r"[Ss]huffle\s",
    r"\d+\s*[x×]\s*\d",
    r"\d+\s+(of|by)\b",
    r"±",
    r"([Ff]rom|[Bb]etween)\s+[-+−±.\d]",
    r".*\sfrom\s+[-+−±.\d]",
    r"[-+−]?[\d./]+?\s*(\.\.|…)",
)
"""How a text begins that says what a number may be, as regular expressions that JSON Schema reads, too."""
CUT = r"^\s*(not\s|[-+−±]?[.\d])"
"""How the rest of a text begins that a comma within { } or [ ] has cut off."""
_START = re.compile(rf"\s*({'|'.join(STARTS)})")
Change = Callable[[Node, str], Node]
"""What stands in the place of a value that is left open, which it is told with its path."""


def is_open(node: Node, names: Collection[str] = ()) -> bool:
    """Whether `node` says what a number, or the numbers of a list, may be; `names` are those of the file's ranges."""
    match node:
        case Text(text):
            return bool(_START.match(text)) or text.strip() in names
        case Pairs(pairs=((key, Items()),)):
            return plain(key.text) == SHUFFLE
    return False


def with_open(node: Node, names: Collection[str], change: Change) -> Node:
    """The keys of an exercise, with what `change` makes of each value that is left open."""
    if not isinstance(node, Pairs):
        return node
    words = frozenset(_words(node))

    def changed(key: Text, value: Node) -> Node:
        name = canonical(key)
        if name not in LETTERED:
            return value
        # A class may be called whatever it likes; as a target its name is no range.
        return _changed(value, name, names, change, words if name == "target" else frozenset())

    return Pairs(tuple((key, changed(key, value)) for key, value in node.pairs), node.place)


def refuse_open(node: Node, names: Collection[str]) -> None:
    """Raises NetworkFileError at the first value of an exercise that is left open."""

    def refused(value: Node, path: str) -> Node:
        found = quoted(value.text) if isinstance(value, Text) else f"{{{SHUFFLE}: …}}"
        raise value.place.wrong(f"found {found}, where a number is wanted; numbers that vary are for handcalc quiz")

    with_open(node, names, refused)


def canonical(key: Text) -> str:
    """The name of a key of the file, however it is spelled."""
    name = plain(key.text)
    return ALIASES.get(name, name)


def joined(pairs: tuple[tuple[Text, Node], ...], names: Collection[str] = ()) -> Iterator[tuple[Text, Node]]:
    """`pairs` with texts put together that a comma within { } has cut: ``{x: integer from 1 to 3, not 2}``."""
    before: tuple[Text, Node] | None = None
    for key, value in pairs:
        cut = isinstance(value, Nothing) and re.match(CUT, key.text)
        if cut and before and isinstance(before[1], Text) and is_open(before[1], names):
            before = before[0], Text(f"{before[1].text}, {key.text}", before[1].place)
            continue
        if before:
            yield before
        before = key, value
    if before:
        yield before


def texts(node: Node, path: str = "") -> Iterator[tuple[str, Text]]:
    """The texts of `node` with their paths, in the order of the file."""
    match node:
        case Text():
            yield path, node
        case Items(items):
            for n, item in enumerate(items, 1):
                yield from texts(item, f"{path}[{n}]")
        case Pairs(pairs):
            for key, value in pairs:
                yield from texts(value, below(path, key))


def below(path: str, key: Text) -> str:
    return f"{path}.{key.place.step}" if path else canonical(key)


def _joined_items(items: tuple[Node, ...], names: Collection[str]) -> Iterator[Node]:
    """The same within [ ]: ``[integer from 1 to 3, not 2]``; nothing else begins with "not"."""
    before: Node | None = None
    for item in items:
        cut = isinstance(item, Text) and re.match(r"\s*not\s", item.text)
        if cut and isinstance(item, Text) and isinstance(before, Text) and is_open(before, names):
            before = Text(f"{before.text}, {item.text}", before.place)
            continue
        if before is not None:
            yield before
        before = item
    if before is not None:
        yield before


def _changed(node: Node, path: str, names: Collection[str], change: Change, words: frozenset[str]) -> Node:
    if isinstance(node, Text) and " ".join(node.text.split()) in words:
        return node
    if is_open(node, names):
        return change(node, path)
    match node:
        case Items(items, place):
            cells = enumerate(_joined_items(items, names), 1)
            return Items(tuple(_changed(one, f"{path}[{n}]", names, change, words) for n, one in cells), place)
        case Pairs(pairs, place):
            return Pairs(
                tuple(
                    (key, value)
                    if plain(key.text) in NO_NUMBERS
                    else (key, _changed(value, below(path, key), names, change, words))
                    for key, value in joined(pairs, names)
                ),
                place,
            )
    return node


def _words(node: Node) -> Iterator[str]:
    """The names of units, which a target may say."""
    match node:
        case Items(items):
            for item in items:
                yield from _words(item)
        case Pairs(pairs):
            for key, value in pairs:
                if plain(key.text) in NAMES:
                    for _, text in texts(value):
                        yield from (" ".join(one.split()) for one in (text.text, *text.text.split(",")))
                elif canonical(key) not in ("inputs", "target"):
                    yield from _words(value)
