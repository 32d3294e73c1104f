"""Marking a student's answers, over one evaluation of the network in plain floats."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from random import Random

from benchmarks.classes import NoStudent, Sheet, Student, made, mistakes
from benchmarks.measure import Row, ratio
from benchmarks.networks import float_tape, network
from handcalc.derive.solution import Solution
from handcalc.mark.marking import mark
from handcalc.mark.reading import read_answer
from handcalc.sheet.asked import Asked

SIZES, BLANKS = (2, 2, 2), 30
STUDENTS = 1_000
MOST_MISTAKES = 3


def students() -> list[tuple[Sheet, dict[str, str]]]:
    """Each with numbers of their own, 30 blanks, and none to three mistakes; a tenth of their lines aren't written."""
    found: list[tuple[Sheet, dict[str, str]]] = []
    seed = 0
    while len(found) < STUDENTS:
        seed += 1
        solution = Solution(replace(network(SIZES, seed), show=("forward", "loss", "gradients")))
        sheet, dice = Sheet(str(seed), solution, Asked(solution)), Random(seed)
        assert len(sheet.asked.chosen) == BLANKS
        possible = mistakes(sheet)
        slips = [dice.choice(possible[dice.choice(sorted(possible))]) for _ in range(seed % (MOST_MISTAKES + 1))]
        try:
            written = Student(sheet, seed, made(sheet, slips)).written
        except NoStudent:
            continue
        keys = [q.key for q in sheet.asked.chosen]
        found.append((sheet, {key: written[key] for key in keys if dice.random() > 0.1}))
    return found


def mark_over_float() -> Row:
    """Reading their answers, what is accepted of their numbers, follow-through and mistakes included."""
    everyone = students()
    turns, plain = cycle(everyone), float_tape(SIZES)
    given = [everyone[0][0].passes[0].number(slot) for slot in range(everyone[0][0].passes[0].program.first)]

    def marked() -> None:
        sheet, texts = next(turns)
        sheet.passes[0].memo.pop("spans", None)
        mark(sheet.solution, {key: read_answer(text) for key, text in texts.items()}, asked=sheet.asked)

    return Row("mark_over_float", ratio(marked, lambda: plain(given), least=STUDENTS / 15 * 0.01), 10_000)
