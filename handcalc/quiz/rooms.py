"""The room of each number on the sheets of a quiz, so that the blanks of all students lie at the same places.

It hangs on the quiz alone and not on who takes it: each hole is filled with each shape that its values have (``-0.5``
is wider than ``1``), all holes at once, and where such numbers don't fit each other one hole at a time. What a sheet
shows worked has the room of such numbers and of some candidates, which nearly always is that of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from handcalc.derive.solution import NO_ROOMS, Rooms, Solution
from handcalc.errors import HandcalcError
from handcalc.quiz.draw import Draw
from handcalc.quiz.quiz import Filling, Question
from handcalc.sheet.rooms import rooms_of

CANDIDATES = 24
"""For what is worked on a sheet."""


def rooms(question: Question, level: int | None = None, form: str | None = None) -> Rooms:
    """By key what could stand in the place of a number on the sheets of a question."""
    if not question.holes:
        return NO_ROOMS
    drawn = (question.draw(Draw(f"rooms/{n}")) for n in range(CANDIDATES))
    tried = [one for filling in drawn if (one := _solution(question, filling, form))]
    if not tried:
        return NO_ROOMS
    shapes = [one for filling in _shaped(question, form) if (one := _solution(question, filling, form))]
    return rooms_of([*shapes, *tried], level)


def _shaped(question: Question, form: str | None) -> Iterator[Filling]:
    """Fillings in which every shape of every hole occurs."""
    shapes = {hole.path: _shapes(hole.values) for hole in question.holes if not hole.shuffled}
    base = next(one for n in range(CANDIDATES) if _solution(question, one := question.draw(Draw(f"rooms/{n}")), form))
    for n in range(max(map(len, shapes.values()), default=0)):
        each = {path: texts[n] for path, texts in shapes.items() if n < len(texts)}
        together: Mapping[str, str] = {**base, **each}
        if _solution(question, together, form):
            yield together
        else:
            yield from ({**base, path: text} for path, text in each.items())


def _shapes(values: tuple[str, ...]) -> list[str]:
    """A value of each shape: all digits are equally wide."""
    return list({re.sub(r"\d", "0", text): text for text in values}.values())


def _solution(question: Question, filling: Filling, form: str | None) -> Solution | None:
    """None where these numbers don't fit each other."""
    try:
        return Solution(question.network(filling).changed(form=form))
    except HandcalcError:
        return None
