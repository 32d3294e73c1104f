"""Lettered parts: forward, loss, slopes layer by layer, update, once more, and a comment; each asked in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from handcalc.derive.passes import Line
from handcalc.derive.places import counted
from handcalc.derive.solution import Solution
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase, say
from handcalc.sheet.asked import Asked
from handcalc.sheet.ending import change_of_loss, ending, predictions
from handcalc.sheet.history import history
from handcalc.sheet.parts import Answer, Part, Room, Say, Section, Sheet
from handcalc.sheet.questions import Question, lettered, questions
from handcalc.sheet.statements import sample_of
from handcalc.sheet.steps import head, known_section, sheet_of, shown_passes, told_by_kind, told_once

TO_COMMENT = 4
"""Lines to write the comment on."""


def lettered_parts(solution: Solution) -> Sheet:
    """The key: a section for each part; its heading asks, its lines answer."""
    passes = shown_passes(solution)
    asked = questions(solution, ((shown.worked, shown.lines) for shown in passes))
    known = {id(shown.worked): shown for shown in passes}
    marks = _marks(solution)
    sections: list[Section] = []
    for question in asked:
        if (before := known.pop(id(question.worked), None)) is not None:
            sections += known_section(solution, before)
        sections.append(Section(_heading(question, marks, solution.network.language), tuple(_parts(question))))
    sections += _comment(solution, len(asked))
    return sheet_of(solution, (head(solution, passes), *sections), tuple(_rounding(solution)))


def _marks(solution: Solution) -> Mapping[Quantity, int]:
    """What is asked is worth, where the file says so."""
    said = any(one.marks is not None for one in solution.network.task.ask)
    return Asked(solution).named if said else {}


def _heading(question: Question, marks: Mapping[Quantity, int], language: str) -> str:
    count = sum(marks.get(q, 0) for q in question.quantities)
    return f"{question.asks} ({phrase(language, 'marks', count=count)})" if count else question.asks


def _rounding(solution: Solution) -> Iterator[Part]:
    """``Round every result to 3 decimals.``"""
    rounding, language = solution.network.rounding, solution.network.language
    if any(line.result for line in solution.lines):
        sentence = "cut every result" if rounding.how == "truncate" else "round every result"
        yield Say(say(language, sentence, places=counted(rounding, rounding.places, language)))


def _parts(question: Question) -> Iterator[Part]:
    """The working of a question: of a batch sample by sample, what one statement says of all samples at the end."""
    worked, language = question.worked, question.worked.network.language

    def place(line: Line) -> tuple[str, int]:
        one = question.name in ("loss", "slopes of parameters", "update") or worked.run.samples > 1
        return line.step.stage, 0 if one else sample_of(worked, line)

    for (stage, sample), group in groupby(question.lines, key=place):
        if sample:
            yield Say(say(language, "of sample", sample=sample))
        lines = tuple(group)
        if stage in ("loss", "update", "scaling", "output"):
            yield from told_once(worked, lines, lines[0].step.stage)
        else:
            yield from told_by_kind(worked, lines)


def _change(solution: Solution) -> str:
    """How the loss changes, if there is one before and after, and the file asks for the one after."""
    named = Asked(solution).named
    again = any(line.quantity in named for line in solution.lines if line.step.stage == "rerun")
    return change_of_loss(solution) if again or not named else ""


def comment(solution: Solution, number: int) -> Iterator[Part]:
    """The last question, with room to answer, where there is a loss before and after."""
    if _change(solution):
        yield Say((lettered(number, phrase(solution.network.language, "ask comment")),))
        yield Room(TO_COMMENT)


def _comment(solution: Solution, number: int) -> Iterator[Section]:
    """What the step has changed, and why; without a loss before and after, what the network says."""
    language, change = solution.network.language, _change(solution)
    said, found = ending(solution), predictions(solution)
    if change:
        said = (*said, " ", *say(language, f"why {change}"))
    heading = lettered(number, phrase(language, "ask comment")) if change else phrase(language, "result")
    room = TO_COMMENT if change else 0
    parts = (*history(solution), *([found] if found else []), *([Answer(said, room)] if said else []))
    if parts:
        yield Section(heading, parts)
