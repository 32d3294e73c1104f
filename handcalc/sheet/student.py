"""What a teacher hands out, of one solution: the student sheet, the key, and the list of answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handcalc.derive.places import about_digits
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Maths, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase, say
from handcalc.sheet.asked import FORMULAS, QUESTION, Asked
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import Holes, fade
from handcalc.sheet.forms.lettered_parts import comment
from handcalc.sheet.parts import Cell, Part, Room, Say, Section, Sheet, Table, Words
from handcalc.sheet.questions import LETTERS, lettered, questions
from handcalc.sheet.steps import shown_passes

MOST_ROOM = 16
"""Lines to write on below a question."""
ROWS = 36
"""Of the list of answers, in each of its columns."""


def student_sheet(solution: Solution, level: int | None = None) -> Sheet:
    """The key with holes: at `level` 0 all is worked, 1 the last part is blank, 2 formulas are given and numbers
    blank, 3 names only, 4 the question only. Without `level` what the file says, else 2, or where it asks for some
    quantities, those alone.
    """
    asked, language = Asked(solution, level), solution.network.language
    head: tuple[Part, ...] = ()
    if asked.points:
        words = say(language, "marks and minutes", marks=asked.points, minutes=asked.minutes)
        head = (Say(words),)
    if asked.level == QUESTION:
        given = question(solution)
        return replace(given, parts=(*head, *given.parts), sections=(*given.sections, _task(asked)))
    made = compose(solution)
    if not asked.chosen:
        return replace(made, parts=(*head, *made.parts))
    holes = Holes(
        asked.hidden,
        formulas=asked.level <= FORMULAS,
        listed=asked.chosen.__contains__ if asked.named and asked.level >= FORMULAS else None,
        marks={} if solution.network.task.form == "lettered parts" else asked.named,  # its parts have marks
        unsaid=_unsaid(solution) if asked.level >= FORMULAS else (),
        cells=asked.chosen.__contains__ if solution.network.task.form == "one blank" else None,
    )
    faded = fade(made, holes)
    return replace(faded, parts=(*head, *faded.parts))


def question(solution: Solution) -> Sheet:
    """What is given, and nothing that follows from it."""
    made = compose(solution)
    asked = Asked(solution, QUESTION)
    return fade(replace(made, sections=made.sections[:1]), Holes(asked.hidden, unsaid=_unsaid(solution)))


def _unsaid(solution: Solution) -> Words:
    return about_digits(solution.network.rounding, solution.network.language)


def key(solution: Solution) -> Sheet:
    """The sheet, worked."""
    made = compose(solution)
    return replace(made, title=phrase(solution.network.language, "key to", title=made.title))


def _task(asked: Asked) -> Section:
    """The question alone: what to work out, part by part, each with a letter."""
    solution, language = asked.solution, asked.solution.network.language
    found = questions(solution, ((shown.worked, shown.lines) for shown in shown_passes(solution)))
    said: list[Part] = []
    for one in found:
        if wanted := [q for q in one.quantities if q in asked.chosen]:
            said += [
                _question(asked, one.asks, wanted, marked=one.name != LETTERS),
                Room(min(2 * len(wanted), MOST_ROOM)),
            ]
    if named := [q for q in asked.named if q in asked.givens]:
        asks = lettered(len(found), phrase(language, "ask given"))
        said += [_question(asked, asks, named), Room(min(2 * len(named), MOST_ROOM))]
    if solution.network.task.form == "lettered parts":
        said += comment(solution, len(found) + bool(named))
    return Section(phrase(language, "questions"), tuple(said))


def _question(asked: Asked, asks: str, quantities: Sequence[Quantity], *, marked: bool = True) -> Say:
    one_by_one = asked.named or asked.solution.network.task.form == "factors"
    names = quantities if one_by_one else _blocks(quantities)
    listed: list[str | Maths] = []
    for q in names:
        listed += [", "] * bool(listed) + [Slot(q)]
    marks = sum(asked.chosen[q] for q in quantities)
    sentence = "question" if marked else "question without marks"
    return Say(say(asked.solution.network.language, sentence, asks=asks, names=tuple(listed), marks=marks))


def _blocks(quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """The vectors and matrices that they stand in, each once."""
    found: dict[str, Quantity] = {}
    for q in quantities:
        whole = replace(q, of=replace(q.of, index=()), index=()) if q.of else replace(q, index=())
        found.setdefault(whole.key, whole)
    yield from found.values()


def answers(solution: Solution, level: int | None = None) -> Sheet:
    """What is to be written on the student sheet, each with the interval that is accepted: all of it on one page."""
    asked, language = Asked(solution, level), solution.network.language
    wanted = list(asked.chosen) or [line.quantity for line in asked.lines]
    rows = [_answer(asked, q) for q in wanted]
    heads: tuple[Cell, ...] = ((phrase(language, "quantity"),), (phrase(language, "answer"),),
                               (phrase(language, "accepted"),))  # fmt: skip
    count = max(1, -(-len(rows) // ROWS))
    height = -(-len(rows) // count)
    empty: tuple[Cell, ...] = ((),) * len(heads)
    columns = [rows[n * height : (n + 1) * height] for n in range(count)]
    table = Table(
        heads * count,
        tuple(
            tuple(cell for column in columns for cell in (column[n] if n < len(column) else empty))
            for n in range(height)
        ),
    )
    title = phrase(language, "answers to", title=compose_title(solution))
    return Sheet(title, (), (Section("", (table,)),), language, solution.notation)


def compose_title(solution: Solution) -> str:
    return solution.network.title or phrase(solution.network.language, "untitled")


def _answer(asked: Asked, q: Quantity) -> tuple[Cell, ...]:
    worked, _ = asked.solution.find(q)
    _, value = worked.ending(q)
    return (Slot(q), value, ())
