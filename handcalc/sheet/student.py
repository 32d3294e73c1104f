"""What a teacher hands out, of one solution: the student sheet, the key, and the list of answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from handcalc.derive.places import about_digits
from handcalc.derive.solution import Solution
from handcalc.derive.tolerance import Interval, accepted_over, accepted_sentence
from handcalc.errors import UnknownQuantity
from handcalc.formula.maths import Maths, Shown, Slot
from handcalc.formula.notation import marks_in, number
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase, say
from handcalc.sheet.asked import FORMULAS, QUESTION, Asked
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import Hidden, Holes, fade, formulas
from handcalc.sheet.forms.lettered_parts import comment
from handcalc.sheet.forms.multiple_choice import right_options
from handcalc.sheet.helps import helps
from handcalc.sheet.parts import Cell, Part, Room, Say, Section, Sheet, Table, Words
from handcalc.sheet.questions import LETTERS, lettered, questions
from handcalc.sheet.rooms import with_rooms
from handcalc.sheet.steps import shown_passes, title_of

MOST_ROOM = 16
"""Lines to write on below a question."""
ROWS = (34, 100)
"""Lines of a list of answers that stand in one group of columns, and in two; a longer one has three."""
TALL = 1.6
"""A gradient is as high as so many lines."""


def student_sheet(solution: Solution, level: int | None = None) -> Sheet:
    """The key with holes: at `level` 0 all is worked, 1 the last part is blank, 2 formulas are given and numbers
    blank, 3 names only, 4 the question only. Without `level` what the file says, else 2, or where it asks for some
    quantities, those alone. Forms that are `PARTLY_WORKED` are the same at each level.
    """
    asked, form = Asked(solution, level), solution.network.task.form
    if asked.level == QUESTION and form != "multiple choice":  # its questions are asked as at level 3
        given = question(solution)
        return _asking(asked, replace(given, sections=(*given.sections, _task(asked))))
    made = with_rooms(compose(solution), solution.rooms)
    if not asked.chosen:
        return made
    holes = Holes(
        asked.hidden,
        formulas=asked.level <= FORMULAS,
        listed=asked.listed,
        marks={} if form in ("lettered parts", "multiple choice") else asked.named,  # their parts have marks
        unsaid=_unsaid(solution) if asked.level >= FORMULAS else (),
        worked=frozenset((*asked.chosen, *(line.quantity for line in asked.lines))).__contains__,
        cells=_cells(asked),
    )
    return _asking(asked, fade(made, holes))


def _asking(asked: Asked, sheet: Sheet) -> Sheet:
    """`sheet`, which says first what it is worth."""
    if not asked.points:
        return sheet
    made = replace(sheet, marks=asked.points, minutes=asked.minutes)
    return replace(made, parts=(*worth(made), *made.parts))


def worth(sheet: Sheet) -> tuple[Part, ...]:
    """``38 marks, about 24 minutes``, if it is worth anything."""
    if not sheet.marks:
        return ()
    if not sheet.minutes:
        return (Say(say(sheet.language, "marks", count=sheet.marks)),)
    return (Say(say(sheet.language, "marks and minutes", marks=sheet.marks, minutes=sheet.minutes)),)


def _cells(asked: Asked) -> Hidden | None:
    """What alone has a place to write in among lines; what is ticked has none."""
    match asked.solution.network.task.form:
        case "one blank":
            return asked.chosen.__contains__
        case "multiple choice":
            return lambda q: False
    return None


def question(solution: Solution) -> Sheet:
    """What is given, and nothing that follows from it."""
    made, known = with_rooms(compose(solution), solution.rooms), 1 + len(tuple(helps(solution)))
    holes = Holes(Asked(solution).unsaid, unsaid=_unsaid(solution))
    return fade(replace(made, sections=made.sections[:known]), holes)


def _unsaid(solution: Solution) -> Words:
    """What a sheet says of worked lines."""
    language = solution.network.language
    return (*about_digits(solution.network.rounding, language), *say(language, "exact lines"))


def key(solution: Solution) -> Sheet:
    """The sheet, worked."""
    made = compose(solution)
    return replace(made, title=phrase(solution.network.language, "key to", title=made.title))


def _task(asked: Asked) -> Section:
    """The question alone: what to work out, part by part, each with a letter."""
    solution, language = asked.solution, asked.solution.network.language
    lettered_key = solution.network.task.form == "lettered parts"  # its parts keep their letters
    found = questions(
        solution,
        (
            (shown.worked, [line for line in shown.lines if lettered_key or line.quantity in asked.chosen])
            for shown in shown_passes(solution)
        ),
    )
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
    if lettered_key:
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
        whole = replace(_whole(q), of=_whole(q.of)) if q.of else _whole(q)
        found.setdefault(whole.key, whole)
    yield from found.values()


def _whole(q: Quantity) -> Quantity:
    return replace(q, index=(), shown=None)


def answers(solution: Solution, level: int | None = None, *, side_by_side: bool = True) -> Sheet:
    """What is to be written on the student sheet, each with the interval that is accepted: all of it on one page."""
    asked = Asked(solution, level)
    if solution.network.task.form == "multiple choice":
        return right_options(solution, asked.chosen)
    wanted = list(asked.chosen) or [line.quantity for line in asked.lines]
    return answer_list(solution, wanted, side_by_side=side_by_side)


class Expected(NamedTuple):
    """What is to be written for a quantity: its name, its value as the key prints it, what is accepted where that is
    known."""

    quantity: Quantity
    name: Cell
    value: Maths
    span: Interval | None


def expected(solution: Solution, wanted: Iterable[Quantity]) -> Iterator[Expected]:
    """The answer to each of `wanted`; of what isn't a quantity of the solution the value that stands on the key."""
    spans = accepted_over(solution.passes)
    on_key: dict[Quantity, Maths] = {}
    for maths in formulas(compose(solution)):
        for shown in marks_in(maths, Shown):
            on_key.setdefault(shown.quantity, shown.inner)
    for q in wanted:
        try:
            worked, _ = solution.find(q)
        except UnknownQuantity:
            yield Expected(q, (phrase(solution.network.language, f"asked {q.key}"),), on_key[q], None)
            continue
        yield Expected(q, Slot(q), worked.ending(q)[1], spans.get(q))


def answer_list(solution: Solution, wanted: Sequence[Quantity], *, side_by_side: bool = True) -> Sheet:
    """A table of `wanted`, in groups of columns so that it can be printed on one page, or one below the other."""
    language = solution.network.language
    rows: list[tuple[Cell, ...]] = [
        (name, value, *((number(span.low), number(span.high)) if span else ((), ())))
        for _, name, value, span in expected(solution, wanted)
    ]
    heads: tuple[Cell, ...] = ((phrase(language, "quantity"),), (phrase(language, "answer"),),
                               (phrase(language, "accepted from"),), (phrase(language, "accepted to"),))  # fmt: skip
    lines = sum(TALL if q.of else 1 for q in wanted)
    count = 1 + sum(lines > most for most in ROWS) if side_by_side else 1
    height = -(-len(rows) // count)
    columns = [rows[n * height : (n + 1) * height] for n in range(count)]
    empty: tuple[Cell, ...] = ((),) * len(heads)
    beside = zip(*([*column, *[empty] * (height - len(column))] for column in columns), strict=True)
    table = Table(_beside([heads] * count), tuple(map(_beside, beside)))
    title = phrase(language, "answers to", title=title_of(solution))
    rule = accepted_sentence(solution.network.rounding, language)
    return Sheet(title, (table, Say(rule)), (), language, solution.notation)


def _beside(groups: Iterable[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """Groups of cells with an empty column between them."""
    first, *others = groups
    return (*first, *(cell for group in others for cell in ((), *group)))
