"""A quiz: a network file in which some of the numbers are left open, with what each may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Literal

from handcalc.network import Network, read_all
from handcalc.quiz.draw import Draw

Filling = Mapping[str, str]
"""What the holes of a question are filled with, by their paths: ``{"layers[1].sigmoid[1][2]": "0.5"}``."""
Vary = Literal["weights", "inputs", "all"]


@dataclass(frozen=True, slots=True)
class Hole:
    """A place of the file where a number is left open."""

    path: str
    """``layers[1].sigmoid[1][2]``"""
    text: str
    """What it may be, as typed: ``one decimal from -1 to 1``."""
    values: tuple[str, ...]
    """The same, each as it is written on a sheet."""


@dataclass(frozen=True, slots=True)
class Question:
    """One exercise of the file; `name` is "" where there is only one."""

    name: str
    holes: tuple[Hole, ...]
    fixed: Network

    def draw(self, draw: Draw) -> Filling:
        return {hole.path: draw.among(hole.values) for hole in self.holes}

    def network(self, filling: Filling) -> Network:
        """The network with its holes filled. Raises NetworkFileError where these numbers don't fit each other."""
        return self.fixed


@dataclass(frozen=True, slots=True)
class Quiz:
    """`name` is what numbers hang on beside seed and student; with `fresh` each question has numbers of its own, else a
    hole that stands in several questions is filled alike in all of them."""

    source: str
    name: str
    questions: tuple[Question, ...]
    fresh: bool
    gates: frozenset[str]
    """The names of those in force."""

    def fillings(self, seed: int, student: str, number: int) -> tuple[Filling, ...]:
        """The candidate `number` for `student`: what each question is filled with."""
        draw = Draw(repr((self.name, seed, student, number)))
        return tuple(one.draw(draw) for one in self.questions)


def read_quiz(file: str | PathLike[str], *, vary: Vary | None = None) -> Quiz:
    """The quiz in a file; with `vary` weights, inputs or both of any network file vary."""
    found = read_all(file)
    return Quiz(str(file), str(file), tuple(Question(name, (), one) for name, one in found.items()), False, frozenset())
