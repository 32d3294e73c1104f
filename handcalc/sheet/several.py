"""Several questions on one sheet: each is the sheet of a network of its own, below a heading with its number.

What is to be written is then called by the number of its question too: ``2:z1[1]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.formula.look import USUAL
from handcalc.formula.maths import Blank, Maths
from handcalc.formula.notation import on_paper, rewritten
from handcalc.formula.words import phrase
from handcalc.sheet.parts import Part, Rewritten, Say, Section, Sheet, Working, with_formulas, without_values
from handcalc.sheet.student import answers, key, student_sheet, worth

Named = Sequence[tuple[str, Solution]]
"""Solutions, each with the name of its question, which may be empty."""


def student_sheets(questions: Named, title: str, level: int | None = None) -> Sheet:
    """The student sheet of all questions; of a single one its own, without a number."""
    sheets = [(name, student_sheet(solution, level)) for name, solution in questions]
    return sheets[0][1] if len(sheets) == 1 else several(sheets, title)


def keys(questions: Named, title: str, level: int | None = None) -> Sheet:
    """Their key, with the marks that they have on a student sheet of `level`."""
    if len(questions) == 1:
        return key(questions[0][1])
    sheets = [(name, replace(key(one), marks=student_sheet(one, level).marks)) for name, one in questions]
    return several(sheets, phrase(sheets[0][1].language, "key to", title=title))


def answer_lists(questions: Named, title: str, level: int | None = None, *, side_by_side: bool = True) -> Sheet:
    """Their answers: a table for each."""
    sheets = [(name, answers(solution, level, side_by_side=side_by_side)) for name, solution in questions]
    if len(sheets) == 1:
        return sheets[0][1]
    return several(sheets, phrase(sheets[0][1].language, "answers to", title=title))


def several(sheets: Sequence[tuple[str, Sheet]], title: str) -> Sheet:
    """One document of `sheets`, each with the name of its question.

    Marks and minutes are added up; what all of them say of signs and of rounding is said once, at the top. Questions
    may differ in their notation.

    **Raises:** HandcalcError if they differ in their language.
    """
    first = sheets[0][1]
    for number, (_, sheet) in enumerate(sheets, start=1):
        if sheet.language != first.language:
            raise HandcalcError(
                f"a sheet has one language, but question {number} is in {sheet.language!r} and question 1 in"
                f" {first.language!r}"
            )
    alike = all(sheet.notation == first.notation for _, sheet in sheets)
    common = _common([sheet for _, sheet in sheets])
    sections = [
        section
        for number, (name, sheet) in enumerate(sheets, start=1)
        for section in _question(number, name, _numbered(sheet if alike else _put_on_paper(sheet), number), common)
    ]
    made = Sheet(
        title,
        (),
        tuple(sections),
        first.language,
        first.notation if alike else USUAL,
        marks=sum(sheet.marks for _, sheet in sheets),
        minutes=sum(sheet.minutes for _, sheet in sheets),
    )
    return replace(made, parts=(*worth(made), *common))


def _question(number: int, name: str, sheet: Sheet, common: Sequence[Part]) -> list[Section]:
    """The sections of a question, after its heading with its marks."""
    language = sheet.language
    heading = phrase(language, "heading of question" if name else "heading of nameless question",
                     number=number, name=name)  # fmt: skip
    if sheet.marks:
        heading = f"{heading} ({phrase(language, 'marks', count=sheet.marks)})"
    own = [part for part in sheet.parts if part not in (*worth(sheet), *common)]
    given, *others = sheet.sections or (Section("", ()),)
    given = replace(given, parts=tuple(part for part in given.parts if part not in common))
    return [Section(heading, tuple(own), opens=True), *(one for one in (given, *others) if one.parts)]


def _common(sheets: Sequence[Sheet]) -> list[Part]:
    """Sentences that stand at the beginning of all of them."""
    said = [
        [part for part in (*sheet.parts, *(part for one in sheet.sections[:1] for part in one.parts))
         if isinstance(part, Say) and part not in worth(sheet)]
        for sheet in sheets
    ]  # fmt: skip
    return [part for part in said[0] if len(said) > 1 and all(part in others for others in said[1:])]


def _put_on_paper(sheet: Sheet) -> Sheet:
    """`sheet` with its formulas as its own notation has them."""
    return with_formulas(without_values(sheet), lambda maths: on_paper(maths, sheet.notation, sheet.language))


@dataclass(frozen=True, slots=True)
class _OfQuestion(Rewritten):
    """A line of the question `number`."""

    number: int = 1

    @property
    def key(self) -> str:
        return prefixed(self.line.key, self.number)


def prefixed(key: str, number: int) -> str:
    """``2:z1[1]``, of question 2."""
    return f"{number}:{key}"


def _numbered(sheet: Sheet, number: int) -> Sheet:
    def called(blank: Blank) -> Maths:
        return replace(blank, key=prefixed(blank.key, number)) if blank.key else blank

    def change(maths: Maths) -> Maths:
        return rewritten(maths, Blank, called)

    def of_question(part: Part) -> Part:
        return (
            Working(tuple(_OfQuestion(one, change, number) for one in part.lines))
            if isinstance(part, Working)
            else part
        )

    made = with_formulas(sheet, change, lines=False)
    sections = tuple(replace(one, parts=tuple(map(of_question, one.parts))) for one in made.sections)
    return replace(made, parts=tuple(map(of_question, made.parts)), sections=sections)
