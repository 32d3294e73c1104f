"""What a network file says before anyone asks what it means: texts, lists and pairs, each with its place.

A source (YAML, JSON, Python objects) is a stream of events:

    pairs  text "inputs"  list  text "1.5"  text "1"  end  ...  end

`build` checks the stream as it comes (how deep, how many, how long, a key twice) and makes nodes of it. A text
stays as typed: ``0.30`` and ``no`` are the texts "0.30" and "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from handcalc.network.errors import UNPRINTABLE, NetworkFileError, quoted

MOST_DEPTH = 20
MOST_CHARACTERS = 1_000
MOST_VALUES = 200_000


class Event(NamedTuple):
    """One event; `text` is the text itself, or of "wrong" what is wrong with what stands there.

    "nothing" is a key whose value was forgotten, "none" is JSON's null or Python's None: as if its key were left out.
    """

    kind: Literal["text", "nothing", "none", "list", "pairs", "end", "wrong"]
    line: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: the file, the line, and the keys that lead to it."""

    source: str
    line: int | None = None
    step: str = ""
    inside: Place | None = None

    def under(self, step: str, line: int | None) -> Place:
        return Place(self.source, line, step, self)

    @property
    def path(self) -> str:
        """``layers[2].bias``"""
        before = self.inside.path if self.inside else ""
        return before + self.step if self.step.startswith("[") or not before else f"{before}.{self.step}"

    def wrong(self, problem: str) -> NetworkFileError:
        return NetworkFileError(problem, self.source, self.line, self.path)


@dataclass(frozen=True, slots=True)
class Nothing:
    """No value where one is expected."""

    place: Place


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    place: Place
    letter: bool = False
    """Whether it is one of the letters that the file leaves open."""


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Pairs:
    pairs: tuple[tuple[Text, Node], ...]
    place: Place


Node = Nothing | Text | Items | Pairs


def with_letters(node: Node, letters: frozenset[str]) -> Node:
    """`node` with those texts marked that are `letters`."""
    match node:
        case Text(text, place) if text.strip() in letters:
            return Text(text.strip(), place, letter=True)
        case Items(items, place):
            return Items(tuple(with_letters(item, letters) for item in items), place)
        case Pairs(pairs, place):
            return Pairs(tuple((key, with_letters(value, letters)) for key, value in pairs), place)
    return node


def letters_in(node: Node) -> Iterator[str]:
    """The texts of `node` that stand for letters."""
    match node:
        case Text(text, _, letter=True):
            yield text
        case Items(items, _):
            for item in items:
                yield from letters_in(item)
        case Pairs(pairs, _):
            for _, value in pairs:
                yield from letters_in(value)


def build(events: Iterable[Event], source: str, most_values: int = MOST_VALUES) -> Node:
    """The node that the events describe. Raises NetworkFileError as soon as a limit is passed."""
    checked = _checked(iter(events), source, most_values)
    node = _node(next(checked, Event("nothing", None)), checked, Place(source))
    for event in checked:  # to the end, so that what comes after the network is checked as well
        raise NetworkFileError(event.text, source, event.line)
    return node


def _checked(events: Iterator[Event], source: str, most_values: int) -> Iterator[Event]:
    depth = 0
    for count, event in enumerate(events):
        depth += {"list": 1, "pairs": 1, "end": -1}.get(event.kind, 0)
        if depth > MOST_DEPTH:
            raise NetworkFileError(
                f"brackets or indents more than {MOST_DEPTH} deep; a network needs 5", source, event.line
            )
        if count > most_values:
            raise NetworkFileError(
                f"more than {most_values:,} values; --most-quantities raises the limit",
                source,
                event.line,
            )
        yield event


def _node(event: Event, events: Iterator[Event], place: Place) -> Node:
    place = Place(place.source, event.line, place.step, place.inside)
    match event.kind:
        case "text":
            return _text(event.text, place)
        case "list":
            return Items(tuple(_items(events, place)), place)
        case "pairs":
            return Pairs(tuple(_pairs(events, place)), place)
        case "wrong":
            raise place.wrong(event.text)
    return Nothing(place)


def _text(text: str, place: Place) -> Text:
    if len(text) > MOST_CHARACTERS:
        raise place.wrong(f"{quoted(text)} has {len(text):,} characters; at most {MOST_CHARACTERS:,} are accepted")
    if UNPRINTABLE.search(text):
        raise place.wrong(f"{quoted(text)} has a control character in it; write letters, digits and signs only")
    return Text(text, place)


def _items(events: Iterator[Event], place: Place) -> Iterator[Node]:
    for number, event in enumerate(events, 1):
        if event.kind == "end":
            return
        yield _node(event, events, Place(place.source, event.line, f"[{number}]", place))


def _pairs(events: Iterator[Event], place: Place) -> Iterator[tuple[Text, Node]]:
    lines: dict[str, int | None] = {}
    for event in events:
        if event.kind == "end":
            return
        if event.kind == "wrong":
            raise place.wrong(event.text)
        if event.kind != "text":
            raise NetworkFileError("a key must be a text such as inputs", place.source, event.line, place.path)
        key = _text(event.text, place.under(quoted(event.text)[1:-1], event.line))
        value = next(events)
        if key.text in lines and value.kind != "nothing":  # without a value it is what a comma has cut off
            first = f" (first on line {lines[key.text]})" if lines[key.text] else ""
            raise key.place.wrong(f"the key stands here a second time{first}; write it once")
        lines[key.text] = event.line
        if value.kind != "none":
            yield key, _node(value, events, key.place)
