"""Follow along: the first line of each kind is worked before one's eyes, then the others are the student's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import groupby

from handcalc.derive.solution import Solution
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase
from handcalc.sheet.asked import Asked, repeated
from handcalc.sheet.parts import Line, Part, Say, Section, Sheet, Working
from handcalc.sheet.steps import steps


def follow_along(solution: Solution) -> Sheet:
    """The key: the steps, with a sentence before what is repeated."""
    made, again = steps(solution), frozenset(repeated(Asked(solution).lines))
    language = solution.network.language
    return replace(made, sections=tuple(
        Section(section.heading, tuple(_parts(section.parts, again, language))) for section in made.sections
    ))  # fmt: skip


def _parts(parts: tuple[Part, ...], again: Collection[Quantity], language: str) -> Iterator[Part]:
    def repeats(line: Line) -> bool:
        return all(q in again for q in line.quantities)

    shown = saying = False
    for part in parts:
        if not isinstance(part, Working):
            yield part
            continue
        for same, group in groupby(part.lines, key=repeats):
            lines = tuple(group)
            if same and not saying:
                yield Say((phrase(language, "repeat" if shown else "do the same", count=len(lines)),))
            yield Working(lines)
            saying, shown = same, True
