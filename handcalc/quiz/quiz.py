"""A quiz: a network file in which some of the numbers are left open, with what each may be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Literal

from handcalc.network import Network, NetworkFileError
from handcalc.network.left_open import with_open
from handcalc.network.network import network_of
from handcalc.network.nodes import Items, Node, Pairs, Text
from handcalc.network.reading import exercises_of, node_of, sized
from handcalc.network.values import describe
from handcalc.quiz.difficulty import Difficulty
from handcalc.quiz.draw import Draw
from handcalc.quiz.ranges import Range, RangeError, of_each, read_range, shuffle
from handcalc.quiz.settings import settings

Filling = Mapping[str, str]
"""What the holes of a question are filled with, by their paths: ``{"layers[1].sigmoid[1][2]": "0.5"}``."""
Vary = Literal["weights", "inputs", "all"]
MOST_HOLES = 2_000
TRIALS = 50
"""How often numbers are drawn at the reading, before the file is wrong and not the numbers."""


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

    path: str = ""


@dataclass(frozen=True)
class Question:
    """One exercise of the file; `name` is "" where there is only one."""

    name: str
    holes: tuple[Hole, ...]
    node: Node = field(repr=False)
    """The keys of the exercise, with an `Open` in each hole."""

    @cached_property
    def lots(self) -> tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]:
        """What is drawn at once: the paths, the text, the values; of several paths the values are shuffled."""
        lists: dict[str, list[str]] = {}
        for hole in self.holes:
            lists.setdefault(hole.shuffled or hole.path, []).append(hole.path)
        first = {hole.shuffled or hole.path: hole for hole in reversed(self.holes)}
        return tuple((tuple(paths), first[key].text, first[key].values) for key, paths in lists.items())

    def draw(self, draw: Draw, drawn: dict[tuple[str, str], Sequence[str]] | None = None) -> Filling:
        """What `draw` fills the holes with, in the order of the file; a hole that is in `drawn` already, by its path
        and its text, is filled as there."""
        filling: dict[str, str] = {}
        for paths, text, values in self.lots:
            found = drawn.get((paths[0], text)) if drawn is not None else None
            if found is None:
                found = (draw.among(values),) if len(paths) == 1 else draw.shuffled(values)
                if drawn is not None:
                    drawn[paths[0], text] = found
            if len(paths) == 1:
                filling[paths[0]] = found[0]
            else:
                filling.update(zip(paths, found, strict=True))
        return filling

    def network(self, filling: Filling) -> Network:
        """The network with its holes filled. Raises NetworkFileError where these numbers don't fit each other."""
        return sized(network_of(_filled(self.node, filling)), self.node.place.source)


@dataclass(frozen=True)
class Quiz:
    """`name` is what numbers hang on beside seed and student; with `fresh` each question has numbers of its own, else a
    hole that stands in several questions is filled alike in all of them."""

    source: str
    name: str
    questions: tuple[Question, ...]
    fresh: bool
    gates: frozenset[str]
    """The names of those in force."""
    difficulty: Difficulty | None = None

    @property
    def varies(self) -> bool:
        """Whether anything is left open."""
        return any(one.holes for one in self.questions)

    def check_varies(self) -> None:
        """Raises NetworkFileError where every sheet would have the same numbers."""
        if not self.varies:
            raise NetworkFileError(
                "no number of this file varies; write for example integer from -3 to 3 in place of a number, or add "
                "--vary weights, or --same for one set of numbers",
                self.source,
            )

    def fillings(self, seed: int, student: str, number: int) -> tuple[Filling, ...]:
        """The candidate `number` for `student`: what each question is filled with."""
        draw = Draw(repr((self.name, seed, student, number)))
        drawn: dict[tuple[str, str], Sequence[str]] | None = None if self.fresh or len(self.questions) == 1 else {}
        return tuple(one.draw(draw, drawn) for one in self.questions)


def read_quiz(file: str | PathLike[str] | Mapping[str, object], *, vary: Vary | None = None) -> Quiz:
    """The quiz in a file; with `vary` weights, inputs or both of any network file vary.

    Raises NetworkFileError where the file can't be read, where a range means nothing, and where no numbers fit.
    """
    node = node_of(file)
    told = settings(node)
    name = told.name or (Path(os.fspath(file)).stem if isinstance(file, str | PathLike) else "quiz")
    questions = tuple(_question(called, one, told.numbers) for called, one in exercises_of(node).items())
    made = Quiz(node.place.source, name, questions, told.fresh, told.gates, told.difficulty)
    for question in questions:
        _check(question)
    return made


def _question(name: str, node: Node, names: Mapping[str, Range]) -> Question:
    holes: list[Hole] = []

    def opened(value: Node, path: str) -> Node:
        try:
            if isinstance(value, Text):
                found, text = read_range(value.text, names), of_each(value.text)
            else:
                found, text = _shuffled(value), "shuffle"
        except RangeError as error:
            raise value.place.wrong(str(error)) from None
        new = _holes(found, path, text)
        holes.extend(replace(one, line=value.place.line) for one in new)
        if len(holes) > MOST_HOLES:
            raise value.place.wrong(f"more than {MOST_HOLES:,} numbers vary, the most that is accepted")
        return _arranged(iter([Open(text, value.place, path=one.path) for one in new]), found.shape, value)

    return Question(name, node=with_open(node, names, opened), holes=tuple(holes))


def _shuffled(node: Node) -> Range:
    """Of ``{shuffle: [1, 0, 0]}``."""
    assert isinstance(node, Pairs)
    ((_, listed),) = node.pairs
    for one in listed.items if isinstance(listed, Items) else ():
        if not isinstance(one, Text):
            raise one.place.wrong(f"found {describe(one)}, where one value of a list to shuffle is wanted")
    return shuffle([one.text.strip() for one in getattr(listed, "items", ())])


def _holes(found: Range, path: str, text: str) -> Sequence[Hole]:
    match found.shape:
        case (count,):
            paths = [f"{path}[{n + 1}]" for n in range(count)]
        case (rows, columns):
            paths = [f"{path}[{i + 1}][{j + 1}]" for i in range(rows) for j in range(columns)]
        case _:
            paths = [path]
    return [Hole(one, text, found.values, path if found.shuffled else "") for one in paths]


def _arranged(cells: Iterator[Node], shape: tuple[int, ...], value: Node) -> Node:
    """The next `cells`, as lists of this shape."""
    if not shape:
        return next(cells)
    return Items(tuple(_arranged(cells, shape[1:], value) for _ in range(shape[0])), value.place)


def _filled(node: Node, filling: Filling) -> Node:
    match node:
        case Open(_, place, path=path):
            return Text(filling[path], place)
        case Items(items, place):
            return Items(tuple(_filled(item, filling) for item in items), place)
        case Pairs(pairs, place):
            return Pairs(tuple((key, _filled(value, filling)) for key, value in pairs), place)
    return node


def _check(question: Question) -> None:
    """Raises NetworkFileError where the file is wrong whatever its numbers are."""
    draw = Draw(question.name)
    for trial in range(TRIALS if question.holes else 1):
        try:
            question.network(question.draw(draw))
        except NetworkFileError:
            if trial == TRIALS - 1 or not question.holes:
                raise
        else:
            return
