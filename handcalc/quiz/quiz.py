"""A quiz: a network file in which some of the numbers are left open, with what each may be."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import factorial, prod
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from handcalc.network import Network, NetworkFileError
from handcalc.network.errors import counted, quoted
from handcalc.network.left_open import texts
from handcalc.network.network import network_of
from handcalc.network.nodes import Node
from handcalc.network.reading import exercises_of, node_in, node_of, placed_in, sized, value_of
from handcalc.quiz.difficulty import Difficulty, objection
from handcalc.quiz.draw import Draw
from handcalc.quiz.givens import Vary, givens
from handcalc.quiz.holes import Filling, Hole, Open, filled, holes_of, opened
from handcalc.quiz.ranges import EXAMPLES, Range, nearest
from handcalc.quiz.settings import settings

__all__ = ["Filling", "Hole", "Question", "Quiz", "Vary", "read_quiz", "read_quiz_text"]
TRIALS = 50
"""How often numbers are drawn at the reading, before the file is wrong and not the numbers."""


class Lot(NamedTuple):
    """What is drawn at once: a number for one path, or for several `values` in any order."""

    paths: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def ways(self) -> int:
        """How many different ways it can be drawn."""
        if len(self.paths) == 1:
            return len(set(self.values))
        return factorial(len(self.values)) // prod(map(factorial, Counter(self.values).values()))

    def drawn(self, draw: Draw) -> list[tuple[str, str]]:
        if len(self.paths) == 1:
            return [(self.paths[0], draw.among(self.values))]
        return list(zip(self.paths, draw.shuffled(self.values), strict=True))


@dataclass(frozen=True)
class Question:
    """One exercise of the file; `name` is "" where there is only one."""

    name: str
    holes: tuple[Hole, ...]
    node: Node = field(repr=False)
    """The keys of the exercise, with an `Open` in each hole."""
    form: str | None = None
    """In place of the file's."""

    @cached_property
    def lots(self) -> tuple[Lot, ...]:
        lists: dict[str, list[Hole]] = {}
        for hole in self.holes:
            lists.setdefault(hole.shuffled or hole.path, []).append(hole)
        return tuple(Lot(tuple(one.path for one in lot), lot[0].values) for lot in lists.values())

    def draw(self, draw: Draw) -> Filling:
        """What `draw` fills the holes with, in the order of the file."""
        return {path: text for lot in self.lots for path, text in lot.drawn(draw)}

    def network(self, filling: Filling) -> Network:
        """The network with its holes filled. Raises NetworkFileError where these numbers don't fit each other."""
        return sized(network_of(filled(self.node, filling)), self.node.place.source).changed(form=self.form)

    @contextmanager
    def at_its_place(self) -> Iterator[None]:
        """What is found wrong with the file when its network is worked out or printed gets its line."""
        try:
            yield
        except NetworkFileError as error:
            raise error if error.line else placed_in(error, self.node) from None


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
    level: int | None = None
    """In place of the file's."""

    def asking(self, form: str | None, level: int | None) -> Quiz:
        """The same quiz in another form, or at another level; None is what the file says."""
        return replace(self, questions=tuple(replace(one, form=form) for one in self.questions), level=level)

    @property
    def varies(self) -> bool:
        """Whether anything is left open."""
        return any(one.holes for one in self.questions)

    def check_varies(self) -> None:
        """Raises NetworkFileError where every sheet would have the same numbers."""
        if not self.varies:
            raise NetworkFileError(
                'no number of this file varies; write for example "integer from -3 to 3" in place of a number, or add '
                "--vary weights (inputs, all), or --same for one set of numbers",
                self.source,
            )

    def fillings(self, seed: int, student: str, number: int) -> tuple[Filling, ...]:
        """The candidate `number` for `student`: what each question is filled with."""
        draw = Draw(repr((self.name, seed, student, number)))
        if self.fresh:
            return tuple(one.draw(draw) for one in self.questions)
        drawn = [lot.drawn(draw) for lot in self.lots]
        return tuple({path: text for n in needed for path, text in drawn[n]} for needed in self._needed)

    @cached_property
    def lots(self) -> tuple[Lot, ...]:
        """Those of all questions, each once."""
        return tuple(dict.fromkeys(lot for question in self.questions for lot in question.lots))

    @property
    def sets(self) -> int:
        """How many different sets of numbers there are, whatever the gates say."""
        own = self.lots if not self.fresh else [lot for question in self.questions for lot in question.lots]
        return prod(lot.ways for lot in own)

    @cached_property
    def _needed(self) -> tuple[tuple[int, ...], ...]:
        """Which of the lots each question has."""
        numbers = {lot: n for n, lot in enumerate(self.lots)}
        return tuple(tuple(numbers[lot] for lot in question.lots) for question in self.questions)


def read_quiz(file: str | PathLike[str] | Mapping[str, object], *, vary: Vary | None = None) -> Quiz:
    """The quiz in a file or a dict; with `vary` weights, inputs or both of any network file vary.

    Raises NetworkFileError where the file can't be read, where a range means nothing or is harder than the file says,
    and where no numbers fit.
    """
    return _quiz(node_of(file), Path(os.fspath(file)).stem if isinstance(file, str | PathLike) else "quiz", vary)


def read_quiz_text(text: str, file: str, *, vary: Vary | None = None) -> Quiz:
    """The same of what stands in a file of this name."""
    return _quiz(node_in(text, file), Path(file).stem, vary)


def _quiz(node: Node, stem: str, vary: Vary | None) -> Quiz:
    told = settings(node)
    questions = []
    for called, one in exercises_of(node).items():
        made = opened(one, told.numbers, vary, told.difficulty)
        questions.append(Question(called, holes_of(made), made))
        if told.difficulty:
            _check_numbers(made, told.difficulty)
        try:
            network = _first_network(questions[-1])
        except NetworkFileError as error:
            raise _offering_ranges(error, made, told.numbers) from None
        if told.difficulty:
            _check_terms(network, made, told.difficulty)
    return Quiz(node.place.source, told.name or stem, tuple(questions), told.fresh, told.gates, told.difficulty)


def _first_network(question: Question) -> Network:
    """With the first numbers that fit. Raises NetworkFileError where the file is wrong whatever its numbers are."""
    draw = Draw(question.name)
    for _ in range(TRIALS - 1 if question.holes else 0):
        try:
            return question.network(question.draw(draw))
        except NetworkFileError:
            continue
    return question.network(question.draw(draw))


def _offering_ranges(error: NetworkFileError, node: Node, names: Mapping[str, Range]) -> NetworkFileError:
    """`error`; where a text stands that is no number, with the name it may be meant for and what a range looks like."""
    for _, text in texts(node):
        if isinstance(text, Open) or (text.place.line, text.place.path) != (error.line, error.path):
            continue
        near = nearest(text.text, names)
        if near or error.problem.startswith(f"{quoted(text.text)} is not a number"):
            meant = f'did you mean "{near}"? W' if near else "where it varies, w"
            return text.place.wrong(f"{error.problem}; {meant}hat a number may be is written {EXAMPLES}")
    return error


def _check_numbers(node: Node, allowed: Difficulty) -> None:
    """Raises NetworkFileError at the first number that is, or may be, harder than the file's own difficulty."""
    for one in givens(node):
        values = one.text.hole.values if isinstance(one.text, Open) else (one.text.text,)
        for value in values:
            if problem := objection(allowed, one.kind, value):
                drawn = f"{quoted(one.text.text)} may be {value}, which"
                raise one.text.place.wrong(f"{drawn if isinstance(one.text, Open) else value} {problem}")


def _check_terms(network: Network, node: Node, allowed: Difficulty) -> None:
    for n, layer in enumerate(network.dense, 1):
        if not layer.weights:
            continue
        terms = len(layer.weights[0] if network.layout == "out x in" else layer.weights) + (layer.bias is not None)
        if terms > allowed.terms:
            layers = value_of(node, "layers") or node
            raise layers.place.wrong(
                f"a weighted sum of layer {n} has {counted(terms, 'term')}, but the difficulty allows {allowed.terms}"
            )
