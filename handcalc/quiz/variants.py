"""The numbers of each student: of the candidates that a hash gives, the first that passes every gate.

A candidate hangs on the quiz, the seed, the student and its number, and a gate looks at one candidate alone; so a
student's numbers don't depend on who else takes the quiz, but for one thing: of two students with the same numbers the
one whose hash comes later takes the next ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from handcalc.errors import HandcalcError
from handcalc.network.errors import counted
from handcalc.quiz.gates import GATES
from handcalc.quiz.judge import Judge
from handcalc.quiz.quiz import Filling, Quiz
from handcalc.quiz.report import Report

WAVE = 1_024
"""Candidates that are looked at together."""
MOST_CANDIDATES = 20_000
"""For one student."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of codes: nothing that is read as another letter or figure."""
LENGTH = 4
MOST_REPEATED = 200
"""Candidates of one student that others have already."""
MOST_TOLD = 3
"""Gates that a message names."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Numbers for `student`: the candidate `number`, which stands on the sheet as `code`, with a filling a question."""

    student: str
    number: int
    code: str
    fillings: tuple[Filling, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The variants of all students, in their order, and what the gates did."""

    variants: tuple[Variant, ...]
    report: Report


def variants(quiz: Quiz, seed: int, students: Sequence[str]) -> tuple[Variant, ...]:
    """A variant for each of `students`, in their order."""
    return found(quiz, seed, students).variants


def found(quiz: Quiz, seed: int, students: Sequence[str]) -> Found:
    """The same, with a report. Raises HandcalcError where the gates leave too few candidates, and says which gate
    rejects how many and what to widen."""
    distinct = quiz.varies and "distinct" in quiz.gates and len(students) > 1
    judge = Judge(quiz)
    order = sorted(students, key=lambda one: _hash(quiz, seed, one, "order"))
    numbers = dict.fromkeys(order, 0)
    chosen: dict[str, Variant] = {}
    taken: set[tuple[object, ...]] = set()
    codes: set[str] = set()
    repeated = Counter[str]()
    pending = order
    while pending:
        accepted = dict(_first(judge, seed, pending, numbers))
        pending = []
        for student in order:
            if student not in accepted:
                continue
            number, fillings = accepted[student]
            same = tuple(tuple(sorted(one.items())) for one in fillings)
            if distinct:
                judge.report.tell("distinct", 1, int(same in taken))
                if same in taken:
                    numbers[student] = number + 1
                    repeated[student] += 1
                    if quiz.sets < len(students) or repeated[student] > MOST_REPEATED:
                        raise HandcalcError(_too_alike(quiz, len(taken), len(students)))
                    pending.append(student)
                    continue
            taken.add(same)
            code = next(one for one in _codes(quiz, seed, student) if one not in codes)
            codes.add(code)
            chosen[student] = Variant(student, number, code, fillings)
    return Found(tuple(chosen[one] for one in students), judge.report)


def _first(
    judge: Judge, seed: int, students: Sequence[str], numbers: dict[str, int]
) -> Iterator[tuple[str, tuple[int, tuple[Filling, ...]]]]:
    """For each student the first candidate from ``numbers[student]`` on that passes."""
    pending = {student: numbers[student] for student in students}
    most = tried = 0
    while pending:
        each = max(1, WAVE // len(pending))
        for start in range(0, len(pending), WAVE):
            some = list(pending)[start : start + WAVE]
            candidates = [(one, pending[one] + k) for one in some for k in range(each)]
            fillings = [judge.quiz.fillings(seed, *candidate) for candidate in candidates]
            for at, passes in enumerate(judge.passing(fillings, [one for one, _ in candidates])):
                student, number = candidates[at]
                if passes and student in pending:
                    yield student, (number, fillings[at])
                    del pending[student]
            for student in some:
                if student in pending:
                    pending[student] += each
                    most = max(most, pending[student] - numbers[student])
            tried += len(candidates)
            if most >= MOST_CANDIDATES or (tried >= MOST_CANDIDATES and len(pending) == len(students)):
                raise HandcalcError(_too_few(judge, tried))


def _too_few(judge: Judge, tried: int) -> str:
    worst = judge.report.worst()[:MOST_TOLD]
    said = "".join(f"\n  {report.sentence(gate)}; {report.remedy(gate)}" for report, gate in worst)
    return (
        f"{judge.quiz.source}: of {tried:,} candidates too few pass all gates:{said}\n"
        f"or switch a gate off: quiz: {{gates: {{{worst[0][1]}: off}}}}"
    )


def _too_alike(quiz: Quiz, different: int, students: int) -> str:
    known = f"the file has only {counted(quiz.sets, 'set')} of numbers"
    if quiz.sets >= students:
        known = f"found only {counted(different, 'set')} of numbers that pass all gates"
    return (
        f"{quiz.source}: {known}, but {students:,} are wanted; {GATES['distinct'].widen}, "
        "or let several have the same: quiz: {gates: {distinct: off}}"
    )


def _codes(quiz: Quiz, seed: int, student: str) -> Iterator[str]:
    """``K7Q2``, and what follows where that is taken."""
    n = 0
    while True:
        whole = _hash(quiz, seed, student, f"code {n}")
        yield "".join(ALPHABET[whole // len(ALPHABET) ** k % len(ALPHABET)] for k in range(LENGTH))
        n += 1


def _hash(quiz: Quiz, seed: int, student: str, what: str) -> int:
    return int.from_bytes(blake2b(repr((quiz.name, seed, student, what)).encode(), digest_size=8).digest(), "big")
