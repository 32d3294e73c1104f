"""What a student gets back: their sheet, part by part, with what they wrote, what it is worth, why, and the right step.

The parts are those of the key in the form of the sheet; each blank stands in the part that works it out, or else shows
it. A table has all of them, and below it is said what there is to say of those that aren't simply right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flint import fmpq

from handcalc.formula.maths import Maths, Shown, Slot
from handcalc.formula.notation import marks_in
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import Words, phrase, say
from handcalc.mark.judged import Judged, MarkedSheet, Part, marks_said
from handcalc.mark.telling import block_said, digits
from handcalc.mark.verdict import Code
from handcalc.quiz.names import cut, harmless
from handcalc.sheet import parts
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import formulas
from handcalc.sheet.forms.mistake import RESULT
from handcalc.sheet.forms.mistake import chosen as slip_of
from handcalc.sheet.parts import Answer, Cell, Say, Section, Sheet, Table, Working
from handcalc.sheet.several import several
from handcalc.sheet.steps import title_of

MOST_TYPED = 24
"""Characters of an answer that stand in the table."""
GO_WRONG: frozenset[Code] = frozenset({"mistake", "wrong", "blank", "unreadable"})
"""After these the right step is worked."""


def feedback(marked: MarkedSheet, names: Sequence[str] = ()) -> Sheet:
    """The feedback to a sheet; `names` are those of its questions, where there are several."""
    first = marked.parts[0].solution
    language, title = first.network.language, title_of(first)
    sheets = [_of_part(part, title) for part in marked.parts]
    heading = phrase(language, "feedback to", title=title)
    if len(sheets) == 1:
        return replace(sheets[0], title=heading)
    named = list(zip(names or [""] * len(sheets), sheets, strict=True))
    made = several(named, heading)
    return replace(made, parts=(_total(marked.marks, marked.out_of, language), *made.parts))


def _total(marks: fmpq, out_of: int, language: str) -> Answer:
    return Answer(say(language, "feedback total", marks=digits(marks_said(marks)), count=out_of))


def _of_part(part: Part, title: str) -> Sheet:
    solution = part.solution
    language, made = solution.network.language, compose(solution)
    given, *others = made.sections
    places = _places(part, others)
    sections = [given]
    for n, section in enumerate(others):
        judged = [one for one in part.lines if places[one.quantity] == n]
        if judged:
            sections.append(Section(section.heading, tuple(_told(part, judged, language))))
    if rest := [one for one in part.lines if places[one.quantity] < 0]:
        sections.append(Section("", tuple(_told(part, rest, language))))
    total = _total(part.marks, part.out_of, language)
    return Sheet(title, (total,), tuple(sections), language, solution.notation)


def _places(part: Part, sections: Sequence[Section]) -> dict[Quantity, int]:
    """The number of the section in which each quantity is worked, else shown; -1 where it is in none."""
    worked: dict[Quantity, int] = {}
    shown: dict[Quantity, int] = {}
    for n, section in enumerate(sections):
        for one in section.parts:
            for line in one.lines if isinstance(one, Working) else ():
                for q in line.quantities:
                    worked.setdefault(q, n)
        for maths in formulas(Sheet("", (), (section,))):
            for mark in marks_in(maths, Shown):
                shown.setdefault(mark.quantity, n)
    return {one.quantity: worked.get(one.quantity, shown.get(one.quantity, -1)) for one in part.lines}


def _told(part: Part, judged: Sequence[Judged], language: str) -> Iterator[parts.Part]:
    heads = ("quantity", "feedback answer", "feedback expected", "feedback marks", "feedback verdict")
    header: tuple[Cell, ...] = tuple((phrase(language, head),) for head in heads)
    yield Table(header, tuple(_row(one, language) for one in judged))
    here = {one.quantity for one in judged}
    for block in part.blocks:
        if not here.isdisjoint(block.wrong):
            yield from map(Say, block_said(block, language))
    lines = {line.quantity: line for line in part.solution.lines}
    for one in judged:
        if one.code != "correct":
            yield Say((*_name(one, language), ": ", *one.said))
            if one.code in GO_WRONG and (right := lines.get(_worked(one, part))) and not _repeats(one):
                yield Working((right,))


def _worked(one: Judged, part: Part) -> Quantity:
    """The quantity whose line is shown: where a mistake is to be found, that of the line it is made in."""
    return slip_of(part.solution).quantity if one.quantity == RESULT else one.quantity


def _repeats(one: Judged) -> bool:
    return one.verdict is not None and one.verdict.repeated is not None


def _row(one: Judged, language: str) -> tuple[Cell, ...]:
    marks: Maths | str = digits(marks_said(one.marks))
    of = say(language, "feedback marks of", marks=marks, count=one.out_of)
    wanted = _cell(one.wanted) if one.wanted else _number(one.expected)
    trivial = one.verdict is not None and one.verdict.trivial is not None and one.marks < one.out_of
    verdict = phrase(language, "verdict trivial" if trivial else f"verdict {one.code}")
    return _cell(_name(one, language)), _typed(one.text), wanted, of, (verdict,)


def _name(one: Judged, language: str) -> Words:
    """The quantity in letters; what is no quantity of the page in words."""
    return (phrase(language, f"asked {one.quantity.key}"),) if one.quantity.key in ("line", "result") else (
        Slot(one.quantity),
    )  # fmt: skip


def _cell(words: Words) -> Cell:
    return words[0] if len(words) == 1 and isinstance(words[0], Maths) else words


def _typed(text: str) -> Cell:
    text = cut(harmless(text), MOST_TYPED)
    return _number(text) if text else ("–",)


def _number(text: str) -> Cell:
    found = digits(text)
    return found if isinstance(found, Maths) else (found,)
