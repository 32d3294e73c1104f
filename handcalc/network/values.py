"""Single values of a network file: numbers, names, words out of a list, keys of a mapping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from handcalc.formula.number import Number, read_number
from handcalc.network.errors import accepting, counted, listed, quoted
from handcalc.network.nodes import Items, Node, Nothing, Pairs, Text
from handcalc.ops import plain

MOST_NAME = 80
T = TypeVar("T")
_DECIMAL_COMMA = re.compile(r"([+\-−]?\d+),(\d+)")


def describe(node: Node) -> str:
    """What stands there, in words: ``a list of 3 values``."""
    match node:
        case Nothing():
            return "nothing"
        case Text():
            return quoted(node.text)
        case Items():
            return f"a list of {counted(len(node.items), 'value')}" if node.items else "an empty list"
    return f"{{ }} with {counted(len(node.pairs), 'key')}" if node.pairs else "empty { }"


def keys(node: Node, known: Iterable[str], *, accepted: Iterable[str], example: str) -> dict[str, Node]:
    """The values of a mapping by plain key; a key outside `known` is an error that lists `accepted`."""
    if not isinstance(node, Pairs):
        raise node.place.wrong(f"found {describe(node)}, where keys and values are wanted; write for example {example}")
    known, accepted = tuple(known), tuple(accepted)
    found: dict[str, Node] = {}
    for key, value in node.pairs:
        plain_key = plain(key.text)
        if plain_key not in known:
            check_decimal_comma(key, value)
            raise key.place.wrong(f"the key {quoted(key.text)} is not known{accepting(accepted, key.text, known)}")
        if plain_key in found:
            raise key.place.wrong(f'the key "{plain_key}" stands here a second time; write it once')
        found[plain_key] = value
    return found


def number(node: Node) -> Number:
    """The number as typed."""
    if not isinstance(node, Text):
        raise node.place.wrong(f"found {describe(node)}, where one number is wanted")
    if node.letter:
        return Number(node.text, None)  # type: ignore[arg-type]
    try:
        return read_number(node.text)
    except ValueError as error:
        if comma := _DECIMAL_COMMA.fullmatch(node.text.strip()):
            problem = f"{quoted(node.text)} has a decimal comma; write {comma[1]}.{comma[2]}"
        else:
            problem = str(error).replace(repr(node.text), quoted(node.text))
        raise node.place.wrong(problem) from None


def check_decimal_comma(key: Text, value: Node) -> None:
    """In `{cough: 1,5}` YAML sees a key 5 without a value."""
    if isinstance(value, Nothing) and key.text.isdecimal():
        raise key.place.wrong(f'"{key.text}" stands here alone; a decimal number has a point: write 1.5, not 1,5')


def numbers(node: Node, *, wanted: int, holder: str, example: tuple[str, ...]) -> tuple[Number, ...]:
    """`wanted` numbers: a list, or for one also the number alone. `holder` says why: "the layer has 2 units".

    `example` is the key and as many numbers as an error may show.
    """
    key, *some = example
    shown = f"[{', '.join(some[:wanted])}]" if wanted > 1 else some[0]
    write = f"; write {counted(wanted, 'number')}{f', e.g. {key}: {shown}' if wanted <= len(some) else ''}"
    if isinstance(node, Pairs | Nothing):
        raise node.place.wrong(f"found {describe(node)}, but {holder}{write}")
    found = tuple(map(number, node.items if isinstance(node, Items) else (node,)))
    if len(found) != wanted:
        meant = decimal_commas(found, wanted)
        raise node.place.wrong(f"found {counted(len(found), 'number')}{meant.read}, but {holder}{meant.write or write}")
    return found


class Meant(NamedTuple):
    """What was read and what to write, as two pieces of a message; empty where no decimal comma is likely."""

    read: str = ""
    write: str = ""


def decimal_commas(found: Sequence[Number], wanted: int) -> Meant:
    """Whether the commas in ``[0,5, 0,3]`` were meant as decimal commas, where `wanted` numbers should stand.

    They were if pairs of whole numbers make exactly `wanted` decimals, or if all that is too much can be
    paired with a 0 before it.
    """
    texts = [value.text for value in found]
    every_pair = len(texts) == 2 * wanted > 2
    meant: list[str] = []
    for text in texts:
        before = meant[-1] if meant else ""
        if text.isdecimal() and re.fullmatch(r"-?\d+" if every_pair else r"-?0", before) and (every_pair or int(text)):
            meant[-1] = f"{before}.{text}"
        else:
            meant.append(text)
    if len(texts) <= wanted or len(meant) != wanted:
        return Meant()
    shown = ", ".join(texts[:8]) + ", …" * (len(texts) > 8)
    return Meant(f" ({shown})", f"; if these are decimal commas, write [{', '.join(meant)}]")


def name(node: Node, what: str, *, most: int = MOST_NAME) -> str:
    """A short text on one line, with the letters as typed."""
    if not isinstance(node, Text) or not node.text.strip():
        raise node.place.wrong(f"found {describe(node)}, where {what} is wanted")
    text = " ".join(node.text.split())
    if len(text) > most:
        raise node.place.wrong(f"{quoted(text)} has {len(text)} characters; at most {most} are accepted")
    return text


def names(node: Node, *, wanted: int, holder: str) -> tuple[str, ...]:
    """`wanted` different names: a list, one text with commas, or for one the name alone."""
    if isinstance(node, Items):
        found = tuple(name(item, "a name") for item in node.items)
    else:
        text = name(node, "a list of names")
        found = (text,) if wanted == 1 else tuple(part.strip() for part in text.split(","))
    if len(found) != wanted:
        raise node.place.wrong(f"found {counted(len(found), 'name')}, but {holder}; write {counted(wanted, 'name')}")
    if "" in found:
        raise node.place.wrong(f"a name is missing beside a comma in {describe(node)}")
    twice = next((text for place, text in enumerate(found) if text in found[:place]), None)
    if twice is not None:
        raise node.place.wrong(f"{quoted(twice)} stands here twice; names must differ")
    return found


def word(node: Node, known: Mapping[str, T], accepted: Iterable[str]) -> T:
    """What the word stands for in `known`, whose keys are plain; `accepted` is what an error lists."""
    accepted = tuple(accepted)
    if not isinstance(node, Text):
        raise node.place.wrong(f"found {describe(node)}, where one word is wanted: {listed(accepted, 'or')}")
    found = known.get(plain(node.text))
    if found is None:
        raise node.place.wrong(f"{quoted(node.text)} is not known here{accepting(accepted, node.text, known)}")
    return found
