"""A question whose numbers are left open, ready to be filled many times: which hole feeds which number of its page.

Glossary
    word      a hole that isn't filled with a number of the page alone: the name of the right class, a shuffled target,
              a yes or no; a template is made for each choice of words
    leaf      a number of the network, counted in the order of its fields
    place     of a number in the list that a page's givens are taken from (`derive.bare`)
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import count
from typing import Any

from flint import fmpq

from handcalc.derive.bare import bare
from handcalc.derive.solution import Solution
from handcalc.derive.write import written
from handcalc.formula.number import Number, read_number
from handcalc.network import Network, NetworkFileError
from handcalc.quiz.quiz import Filling, Hole, Question

TELLING = frozenset({"-1", "0", "1"})
"""Numbers that make lines equal or 0: where a hole has no others, that holds by construction, as for a word."""


class Template:
    """`question` with its words filled in as in `usual`, a filling that reads as a network.

    Raises NetworkFileError where `usual` doesn't.
    """

    def __init__(self, question: Question, usual: Filling) -> None:
        self.question, self.usual = question, usual
        self.network = question.network(usual)
        self.shape, self.numbers = bare(self.network)
        self.leaves: dict[str, tuple[int, ...]] = {}
        self.places: dict[str, tuple[int, ...]] = {}
        """By path of a hole the leaves and the places that it feeds; a word has none."""
        for hole in question.holes:
            if not set(hole.values) <= TELLING and (fed := self._fed(hole)):
                self.leaves[hole.path], self.places[hole.path] = fed
        self.words = tuple((h.path, usual[h.path]) for h in question.holes if h.path not in self.places)

    def _fed(self, hole: Hole) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """The leaves and the places that another number in `hole` changes; None where it isn't one of these alone."""
        usual = self.usual
        other = next((value for value in hole.values if value != usual[hole.path]), None)
        if (
            other is None
            or not all(map(_is_number, hole.values))
            or (changed := self._with({**usual, hole.path: other})) is None
        ):
            return None
        network, numbers = changed
        ours, theirs = self._leaves, list(_numbers(network))
        places = _differences(self.numbers, numbers)
        return (_differences(ours, theirs), places) if places and len(theirs) == len(ours) else None

    @cached_property
    def _leaves(self) -> list[Number]:
        return list(_numbers(self.network))

    def keys(self) -> dict[str, str]:
        """By path of a hole the key of the quantity that it is, where it is one: ``W1[2,1]``, ``x[1]``."""
        found: dict[str, str] = {}
        key: dict[int, str] = {}
        for worked in Solution(self.network).passes:
            sources = written(worked.run.shape, worked.turn).sources
            for source, given in zip(sources, worked.program.page.page.givens, strict=True):
                if isinstance(source, int):
                    key.setdefault(source, given.key)
        for hole in self.question.holes:
            fed = self._fed(hole)
            if fed and len(fed[1]) == 1 and fed[1][0] in key:
                found[hole.path] = key[fed[1][0]]
        return found

    def _with(self, filling: Filling) -> tuple[Network, list[Number]] | None:
        """The network of another filling; None where it is none, or has another page."""
        try:
            network = self.question.network(filling)
        except NetworkFileError:
            return None
        shape, numbers = bare(network)
        return (network, numbers) if shape == self.shape else None

    def fits(self, filling: Filling) -> bool:
        return all(filling[path] == text for path, text in self.words)

    def values(self, filling: Filling) -> list[fmpq]:
        """The exact number in each place."""
        found = [one.value for one in self.numbers]
        for path, places in self.places.items():
            value = read(filling[path]).value
            for place in places:
                found[place] = value
        return found

    def filled(self, filling: Filling) -> Network:
        """The network with its numbers; the same as reading it anew, without the checks, at a tenth of the time."""
        new = {leaf: read(filling[path]) for path, leaves in self.leaves.items() for leaf in leaves}
        made = copy.copy(self.network)
        for name, first in self._parts.items():
            object.__setattr__(made, name, _refilled(getattr(made, name), new, count(first)))
        return made

    @cached_property
    def _parts(self) -> dict[str, int]:
        """The fields of the network that have a leaf to fill, each with the number of its first leaf."""
        found, first, filled = {}, 0, {leaf for leaves in self.leaves.values() for leaf in leaves}
        for field in dataclasses.fields(self.network):
            leaves = range(first, first + sum(1 for _ in _numbers(getattr(self.network, field.name))))
            if not filled.isdisjoint(leaves):
                found[field.name] = first
            first = leaves.stop
        return found


def _is_number(text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=20_000)
def read(text: str) -> Number:
    return read_number(text)


def _differences(ours: Sequence[Number], theirs: Sequence[Number]) -> tuple[int, ...]:
    return tuple(i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b)


def _numbers(thing: Any) -> Iterator[Number]:
    """The leaves of a network."""
    if isinstance(thing, Number):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from _numbers(part)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for field in dataclasses.fields(thing):
            yield from _numbers(getattr(thing, field.name))


def _refilled(thing: Any, new: Mapping[int, Number], leaf: Iterator[int]) -> Any:
    """`thing` with other leaves; parts without a new one are the same objects."""
    if isinstance(thing, Number):
        return new.get(next(leaf), thing)
    if isinstance(thing, tuple):
        parts = [_refilled(part, new, leaf) for part in thing]
        if all(a is b for a, b in zip(parts, thing, strict=True)):
            return thing
        return type(thing)(*parts) if hasattr(thing, "_fields") else tuple(parts)
    if not dataclasses.is_dataclass(thing):
        return thing
    changed = {
        field.name: made
        for field in dataclasses.fields(thing)
        if (made := _refilled(old := getattr(thing, field.name), new, leaf)) is not old
    }
    if not changed:
        return thing
    filled = copy.copy(thing)
    for name, made in changed.items():
        object.__setattr__(filled, name, made)  # frozen, and what it is made of has been checked
    return filled
