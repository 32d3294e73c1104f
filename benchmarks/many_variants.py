"""Many variants of every example quiz: all pass the gates in certified digits, and every key is checked twice.

``python -m benchmarks.many_variants [COUNT] [JOBS] [FILE…]``: prints a row for each quiz; exits with 1 where one fails.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from handcalc.derive.passes import NumericPass
from handcalc.derive.slip import certified_shows, changes_nothing, possible
from handcalc.derive.solution import Solution
from handcalc.quiz.certified import PRINTED, Printed
from handcalc.quiz.quiz import Filling, Quiz, read_quiz
from handcalc.quiz.variants import found
from handcalc.quiz.verify import verify
from handcalc.sheet.asked import Asked

PACKS = Path(__file__).parent.parent / "examples" / "packs"
SEED = 2_024
EACH = 10
"""Of so many variants one has all its mistakes worked exactly, at some 0.1 s each."""


class Checked(NamedTuple):
    """What was found of one variant: lines worked again, mistakes worked exactly, and what fails."""

    lines: int
    mistakes: int
    failures: tuple[str, ...]


def check(file: str, told: Sequence[frozenset[tuple[str, str]]], job: tuple[int, tuple[Filling, ...]]) -> Checked:
    """One variant, from its numbers as they stand in the file to its printed digits; `told` are the mistakes that
    can't show, by question."""
    quiz, (n, fillings) = _quiz(file), job
    lines = mistakes = 0
    failures: list[str] = []
    for question, filling, hidden in zip(quiz.questions, fillings, told, strict=True):
        solution = Solution(question.network(filling))
        asked = frozenset(Asked(solution).chosen) or frozenset(line.quantity for line in Asked(solution).lines)
        printed = Printed(solution, asked, frozenset())
        gates = [name for name in PRINTED if name in quiz.gates and name != "confusable"]
        failures += [f"{n}: {name}" for name in gates if not PRINTED[name](printed)]
        record = verify(solution)
        lines += len(solution.lines)
        failures += [f"{n}: {one}" for one in record.disagreements]
        if n % EACH == 0:
            count, seen = _accepted(solution, asked, hidden)
            mistakes += count
            failures += [f"{n}: {one}" for one in seen]
    return Checked(lines, mistakes, tuple(failures))


def _accepted(solution: Solution, asked: frozenset[object], told: frozenset[tuple[str, str]]) -> tuple[int, list[str]]:
    """How many mistakes can be made at an asked line, and which of them give an accepted answer that isn't the right
    one."""
    worked = solution.first
    assert isinstance(worked, NumericPass)
    number = worked.program.slots.number
    slots = [number[q] for q in number if q in asked]
    every = [slip for slip in possible(worked.run.shape, worked.turn) if slip.quantity in asked]
    open_ = [slip for slip in every if (slip.code, slip.key) not in told]
    wrong = [one for one in open_ if not certified_shows(worked, one, slots) and not changes_nothing(worked, one)]
    return len(every), [f"{slip.key} ({slip.code})" for slip in wrong]


@cache
def _quiz(file: str) -> Quiz:
    return read_quiz(file)


def row(file: str, count: int, jobs: int) -> bool:
    start = time.perf_counter()
    made = found(_quiz(file), SEED, [str(n) for n in range(count)])
    drawn = time.perf_counter() - start
    told = [frozenset(one.cannot_show) for one in made.report.parts or [made.report]]
    work = [(n, one.fillings) for n, one in enumerate(made.variants)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        checked = list(pool.map(partial(check, file, told), work, chunksize=50))
    failures = [one for each in checked for one in each.failures]
    tried = sum(one.number + 1 for one in made.variants) / count
    print(
        f"{Path(file).stem:<12} {count:,} variants, {tried:.1f} candidates each, {drawn:.1f} s; "
        f"{sum(one.lines for one in checked):,} lines worked again; {sum(one.mistakes for one in checked):,} mistakes "
        f"worked exactly; {len(failures)} failures; {time.perf_counter() - start:.0f} s",
        flush=True,
    )
    for one in failures[:10]:
        print(f"    {one}", flush=True)
    return not failures


def main() -> int:
    count, jobs = (int(text) for text in [*sys.argv[1:3], *["10000", "2"][len(sys.argv[1:3]) :]])
    files = sys.argv[3:] or [str(path) for path in sorted(PACKS.glob("*.yaml"))]
    passed = [row(file, count, jobs) for file in files]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
