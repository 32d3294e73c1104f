"""Multiple choice: a question for each quantity, with the results of known mistakes to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from handcalc.derive.passes import Line
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Blank, Shown, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase, say
from handcalc.sheet.asked import Asked
from handcalc.sheet.choices import Option, few, options
from handcalc.sheet.parts import Cell, Part, Say, Section, Sheet, Table, Working
from handcalc.sheet.steps import head, known_section, sheet_of, shown_passes, title_of


def multiple_choice(solution: Solution) -> Sheet:
    """The key: each question, how it is worked out, and its options, the right one ticked, with what leads to each of
    the others.

    Raises NetworkFileError where what is asked is an expression in letters.
    """
    passes, language = shown_passes(solution), solution.network.language
    known = [section for shown in passes for section in known_section(solution, shown)]
    lines = {line.quantity: line for line in solution.lines}
    marked = any(one.marks is not None for one in solution.network.task.ask)
    asked: list[Part] = []
    for n, (q, marks) in enumerate(_asked(solution).items(), start=1):
        asks = say(language, "what is, for marks" if marked else "what is", number=n, quantity=Slot(q), marks=marks)
        asked += [Say(asks), *_worked(lines[q]), _table(solution, q)]
    end = Section(phrase(language, "questions"), tuple(asked))
    return sheet_of(solution, (head(solution, passes), *known, end), (Say(say(language, "tick")),))


def right_options(solution: Solution, wanted: Iterable[Quantity] = ()) -> Sheet:
    """The list of answers: the letter of each question, or of those `wanted`, and the value that stands there."""
    language = solution.network.language
    head: tuple[Cell, ...] = tuple((phrase(language, one),) for one in ("quantity", "answer", "its value"))
    right = [next(one for one in options(solution, q) if one.right) for q in (tuple(wanted) or _asked(solution))]
    rows = tuple((Slot(one.quantity), (one.letter,), one.value) for one in right)
    title = phrase(language, "answers to", title=title_of(solution))
    return Sheet(title, (Table(head, rows),), (), language, solution.notation)


def _asked(solution: Solution) -> Mapping[Quantity, int]:
    """What the file asks, in its order, with the marks for each; else a few lines."""
    return Asked(solution).named or dict.fromkeys(few(solution), 1)


def _table(solution: Solution, quantity: Quantity) -> Table:
    """The options of a question."""
    language = solution.network.language
    return Table(((), (), ()), tuple(_row(one, language) for one in options(solution, quantity)))


def _row(option: Option, language: str) -> tuple[Cell, ...]:
    """A box to tick with its letter, the value, and what leads to it."""
    box = Shown(option.quantity, Blank("", "tick", choice=option.letter, ticked=option.right))
    return (box, "  ", option.letter), option.value, option.sentence(language)


def _worked(line: Line) -> Iterator[Working]:
    """How the right answer is worked out; nothing of a number that is written down as it is."""
    if not isinstance(line.traced[0][1], Shown):
        yield Working((line,))
