"""The numbers of each student: of the candidates that a hash gives, the first that passes every gate."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from handcalc.quiz.quiz import Filling, Quiz


@dataclass(frozen=True, slots=True)
class Variant:
    """Numbers for `student`: the candidate `number`, which stands on the sheet as `code`, with a filling a question."""

    student: str
    number: int
    code: str
    fillings: tuple[Filling, ...]


def variants(quiz: Quiz, seed: int, students: Sequence[str]) -> tuple[Variant, ...]:
    """A variant for each of `students`, in their order."""
    return tuple(
        Variant(one, 0, code(quiz, seed, one, 0), quiz.fillings(seed, one, 0)) for one in students
    )  # the gates come next


def code(quiz: Quiz, seed: int, student: str, number: int) -> str:
    """``K7Q2``"""
    digest = blake2b(repr((quiz.name, seed, student, number, "code")).encode(), digest_size=10).digest()
    return b32encode(digest).decode()[:4]
