"""A solution for the whiteboard: the problem and its picture first, then a step a page, in few words.

Each page is a section; paper with `apart` prints it so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from handcalc.derive.solution import Solution
from handcalc.formula.words import phrase
from handcalc.sheet.asked import Asked
from handcalc.sheet.compose import compose
from handcalc.sheet.parts import Givens, Line, Part, Say, Section, Sheet, Table, Working
from handcalc.sheet.picture import Picture
from handcalc.sheet.steps import title_of
from handcalc.sheet.student import answer_list, question

Reveal = Literal["steps", "lines"]
MOST_LINES = 4
"""Lines that a page holds beside each other, where they are revealed one by one."""


def board(solution: Solution, reveal: Reveal = "steps") -> Sheet:
    """The key, a step a page; with `reveal` "lines" a page has the lines before it as well, up to four."""
    key = compose(solution)
    _, *sections = key.sections
    problem = question(solution).sections[0]
    shown = tuple(part for part in problem.parts if isinstance(part, Givens | Table | Picture))
    pages = [Section(section.heading, parts) for section in sections for parts in _pages(section, reveal)]
    return replace(key, sections=(Section("", shown), *pages))


def _pages(section: Section, reveal: Reveal) -> Iterator[tuple[Part, ...]]:
    """What stands on each page of a section; a sentence stands above the lines that it is about."""
    said: tuple[Part, ...] = ()
    for part in section.parts:
        match part:
            case Say():
                said = (*said, part)
            case Working(lines):
                for shown in _revealed(lines, reveal):
                    yield (*said, Working(shown))
                said = ()
            case _:
                yield (*said, part)
                said = ()


def _revealed(lines: tuple[Line, ...], reveal: Reveal) -> Iterator[tuple[Line, ...]]:
    if reveal == "steps":
        yield from ((line,) for line in lines)
        return
    most = MOST_LINES if all(len(line.quantities) == 1 for line in lines) else 1  # one of matrices fills a page
    for start in range(0, len(lines), most):
        some = lines[start : start + most]
        yield from (some[:count] for count in range(1, len(some) + 1))


def pocket(solution: Solution, *, side_by_side: bool = True) -> Sheet:
    """Every result on one page, to have at hand."""
    made = answer_list(solution, [line.quantity for line in Asked(solution).lines], side_by_side=side_by_side)
    return replace(made, title=phrase(solution.network.language, "for the pocket", title=title_of(solution)))
