"""An operation as a file chooses it: its name alone, or its name with options.

cross-entropy        {huber: {delta: 1.5}}        {softmax: [[…]], temperature: 2}
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from handcalc.formula.number import Number, read_number
from handcalc.network.errors import accepting, listed, quoted
from handcalc.network.nodes import Node, Pairs, Text
from handcalc.network.values import describe, number
from handcalc.ops import Operation, Option, plain

Choice = Number | str
MOST_NAMES, MOST_LETTERS = 12, 84
"""Names that a message lists all; letters of those that it lists of more."""
Kind = TypeVar("Kind", bound=Operation)


@dataclass(frozen=True)
class Chosen:
    """The operation `name` with those `options` that the file says, in the operation's order."""

    name: str
    options: tuple[tuple[str, Choice], ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def operation(self) -> type[Operation]:
        return Operation.registry[plain(self.name)]

    def as_dict(self) -> object:
        """As a network file writes it."""
        return {self.name: {name: str(choice) for name, choice in self.options}} if self.options else self.name

    def option(self, name: str) -> Choice:
        """What is chosen for the option `name`, or its default."""
        found = dict(self.options)
        if name in found:
            return found[name]
        option = next(one for one in self.operation.options if one.name == name)
        return option.default if option.default in option.words else read_number(option.default)


def chosen(node: Node, known: Mapping[str, type[Kind]], what: str) -> tuple[type[Kind], Chosen]:
    """The operation that `node` names, out of `known` (by plain name); `what` says what it is: "a loss"."""
    accepted = names_of(known)
    match node:
        case Text():
            name, options = node, None
        case Pairs(pairs=((name, options),)):
            pass
        case _:
            example = f"{{{accepted[0]}: {{…}}}}"
            raise node.place.wrong(
                f"found {describe(node)}, where the name of {what} is wanted, alone or with options: {example}"
            )
    kind = known.get(plain(name.text))
    if kind is None:
        raise name.place.wrong(f"{quoted(name.text)} is not known here{accepting(accepted, name.text, known)}")
    if options is None:
        return kind, Chosen(kind.name)
    if not isinstance(options, Pairs):
        raise options.place.wrong(
            f"found {describe(options)}, where the options of {kind.name} are wanted{_offers(kind)}"
        )
    found: dict[str, Node] = {}
    for key, value in options.pairs:
        option = plain(key.text)
        if option not in {one.name for one in kind.options}:
            raise key.place.wrong(f"{kind.name} has no option {quoted(key.text)}{_offers(kind)}")
        found[option] = value
    return kind, Chosen(kind.name, read_options(kind, found))


def names_of(known: Mapping[str, type[Kind]]) -> list[str]:
    """The names of operations, those of every course first; of many the first ones, and the command that lists all."""
    names = [kind.name for kind in sorted(set(known.values()), key=lambda kind: (not kind.common, kind.name))]
    if len(names) <= MOST_NAMES:
        return names
    first = [name for n, name in enumerate(names, 1) if sum(map(len, names[:n])) <= MOST_LETTERS]
    return [*first, "… (handcalc ops)"]


def read_options(kind: type[Operation], found: Mapping[str, Node]) -> tuple[tuple[str, Choice], ...]:
    """The options of `kind` that stand in `found`, in its own order, each checked."""
    return tuple((option.name, _choice(option, found[option.name])) for option in kind.options if option.name in found)


def option_names(kinds: Iterable[type[Operation]]) -> tuple[str, ...]:
    """The names of all options of `kinds`, each once."""
    return tuple(dict.fromkeys(option.name for kind in kinds for option in kind.options))


def _offers(kind: type[Operation]) -> str:
    if not kind.options:
        return f"; {kind.name} has no options"
    return f"; its options are {listed([option.name for option in kind.options], 'and')}"


def _choice(option: Option, node: Node) -> Choice:
    if option.words:
        words = {plain(word): word for word in option.words}
        if isinstance(node, Text) and plain(node.text) in words:
            return words[plain(node.text)]
        if not option.number:
            found = describe(node)
            raise node.place.wrong(f"found {found}; the {option.name} is {listed(list(option.words), 'or')}")
    value = number(node)
    if value.is_letter:
        if not option.letter:
            raise node.place.wrong(f"found the letter {value.text}; the {option.name} is a number")
        return value
    if option.whole and value.value.q != 1:
        raise node.place.wrong(f"found {value.text}; the {option.name} is a whole number")
    for bound, holds, said in (
        (option.above, operator.gt, "above"),
        (option.least, operator.ge, "at least"),
        (option.below, operator.lt, "below"),
        (option.most, operator.le, "at most"),
    ):
        if bound is not None and not holds(value.value, read_number(bound).value):
            raise node.place.wrong(f"found {value.text}; the {option.name} is {said} {bound}")
    return value
