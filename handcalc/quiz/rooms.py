"""What the sheets of a quiz keep room for, so that what is to be written lies at the same places on all of them.

It hangs on the quiz alone and not on who takes it, so that a class can grow. Each hole is filled with each shape that
its values have (``-0.5`` is wider than ``1``), all holes at once, and where such numbers don't fit each other one hole
at a time. For what is worked out, and for sentences that only some numbers need, there are some candidates besides:
whether the sheets of a class are alike in the end is looked at when they are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handcalc.derive.solution import NO_ROOMS, Rooms, Solution
from handcalc.errors import HandcalcError
from handcalc.quiz.draw import Draw
from handcalc.quiz.quiz import Filling, Question
from handcalc.sheet.rooms import rooms_of

CANDIDATES = 40


def rooms(question: Question, level: int | None = None) -> Rooms:
    """What the sheets of a question keep room for."""
    drawn = (question.draw(Draw(f"rooms/{n}")) for n in range(CANDIDATES if question.holes else 0))
    tried = [(filling, one) for filling in drawn if (one := _solution(question, filling))]
    if not tried:
        return NO_ROOMS
    return rooms_of([*_shaped(question, tried[0][0]), *(one for _, one in tried)], level)


def _shaped(question: Question, base: Filling) -> Iterator[Solution]:
    """Solutions in which every shape of every hole occurs; the other holes are filled as in `base`."""
    shapes = {hole.path: _shapes(hole.values) for hole in question.holes if not hole.shuffled}
    for n in range(max(map(len, shapes.values()), default=0)):
        each = {path: texts[n] for path, texts in shapes.items() if n < len(texts)}
        if together := _solution(question, {**base, **each}):
            yield together
        else:
            alone = (_solution(question, {**base, path: text}) for path, text in each.items())
            yield from filter(None, alone)


def _shapes(values: tuple[str, ...]) -> list[str]:
    """A value of each shape: all digits are equally wide."""
    return list({re.sub(r"\d", "0", text): text for text in values}.values())


def _solution(question: Question, filling: Filling) -> Solution | None:
    """None where these numbers don't fit each other."""
    try:
        return Solution(question.network(filling))
    except HandcalcError:
        return None
