"""Numbers for a class: what it costs to draw them, judge them and work every line out."""

from __future__ import annotations

from itertools import count

from benchmarks.measure import Row, ratio
from benchmarks.networks import float_tape, network
from handcalc.derive.solution import Solution
from handcalc.quiz.quiz import read_quiz
from handcalc.quiz.variants import variants

SMALL, SMALLER = "one decimal from -1 to 1, not 0", "one decimal from -0.5 to 0.5, not 0"
QUIZ = {
    "inputs": ["one decimal from 0.5 to 2", "one decimal from 0.2 to 1.5"],
    "layers": [
        {"sigmoid": f"2 x 2 of {SMALL}", "bias": f"2 of {SMALLER}"},
        {"softmax": f"2 x 2 of {SMALL}", "bias": f"2 of {SMALLER}"},
    ],
    "target": ["1", "0"],
    "loss": "cross-entropy",
    "learning rate": "0.5",
}
CLASS = 1_000


def variants_1000_over_float() -> Row:
    """1,000 accepted variants of a 2-2-2 network, all gates in force, every digit of every line certified, over a plain
    float tape that evaluates 1,000 (forward, backward, update and the pass after it)."""
    quiz, seeds = read_quiz(QUIZ), count(1)
    students = [str(n) for n in range(CLASS)]
    plain = float_tape((2, 2, 2), rate=0.5)
    given = [int(v.p) / int(v.q) for v in Solution(network((2, 2, 2))).values[:16]]

    def worked() -> object:
        return variants(quiz, next(seeds), students)

    def floats() -> object:
        return [plain(given) for _ in students]

    return Row("variants_1000_over_float", ratio(worked, floats, rounds=5), 500)
