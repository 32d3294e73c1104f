"""A worksheet as a document: few kinds of part, no mention of any output format.

Sheet     title and sections
Section   heading and parts
Say       a sentence, with formulas in it
Answer    the sentence that the exercise ends with, set off
Givens    what is given: a name from the problem, letters, the number as typed
Working   lines of working, one step each
Line      target = formula = numbers put in = exact = digits ≈ decimal, and a remark
Table     a header and rows of cells, for what isn't worked line by line
Picture   a drawing (see `picture`)
Room      white paper to work on
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from handcalc.formula import words as formula_words
from handcalc.formula.look import USUAL, Notation
from handcalc.formula.maths import Maths, Relation
from handcalc.formula.notation import on_paper, spaced, untraced
from handcalc.formula.quantity import Quantity
from handcalc.sheet.picture import Label, Mark, Picture

Words = formula_words.Words
Stages = tuple[tuple[Relation, Maths], ...]
"""What a line goes through, each with the relation that leads to it."""


class Line(Protocol):
    """One step as written: `target`, then each stage with the relation that leads to it.

    `traced` are the stages once more, in which numbers say whose they are (`Shown`); `quantities` is what it works out.
    """

    @property
    def key(self) -> str: ...
    @property
    def target(self) -> Maths: ...
    @property
    def quantities(self) -> tuple[Quantity, ...]: ...
    @property
    def stages(self) -> Stages: ...
    @property
    def traced(self) -> Stages: ...
    @property
    def remark(self) -> Words: ...


@dataclass(frozen=True, slots=True)
class Retold:
    """A line told otherwise: what a subclass doesn't say is as `line` has it."""

    line: Line

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def target(self) -> Maths:
        return self.line.target

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return self.line.quantities

    @property
    def stages(self) -> Stages:
        return tuple((relation, untraced(stage)) for relation, stage in self.traced)

    @property
    def traced(self) -> Stages:
        return self.line.traced

    @property
    def remark(self) -> Words:
        return self.line.remark


@dataclass(frozen=True, slots=True)
class Say:
    words: Words


@dataclass(frozen=True, slots=True)
class Answer:
    """`room`: lines to write it on, where it is hidden."""

    words: Words
    room: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """``name``: letters = number; the name is empty where the problem has none."""

    name: str
    letters: Maths
    value: Maths


@dataclass(frozen=True, slots=True)
class Givens:
    rows: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Working:
    lines: tuple[Line, ...]


Cell = Maths | Words
"""A formula, a number or some words; ``()`` is empty."""


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` under ``header``, all of the same length; the first column names the row.

    A column with a number in it is a column of numbers: they align at their decimal points.
    Where a table is too wide, it becomes several, each with the first column. One whose header is empty is an
    arrangement: without header and rules.

    **Raises:** ValueError if a row has more or fewer cells than the header.
    """

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: Words = ()

    @property
    def open(self) -> bool:
        """Whether it has neither a header nor rules."""
        return not any(self.header)

    def __post_init__(self) -> None:
        for i, row in enumerate(self.rows, start=1):
            if len(row) != len(self.header):
                raise ValueError(f"row {i} of a table has {len(row)} cells, its header has {len(self.header)}")


def in_words(cell: Cell) -> Words:
    return (cell,) if isinstance(cell, Maths) else cell


@dataclass(frozen=True, slots=True)
class Room:
    """As high as so many lines of handwriting (8 mm each, in usual type); at the end of a page half of it may do."""

    lines: int


Part = Say | Answer | Givens | Working | Table | Picture | Room


@dataclass(frozen=True, slots=True)
class Section:
    """`opens` a question, to which the sections belong that follow, up to the next that does."""

    heading: str
    parts: tuple[Part, ...]
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """`language` is a BCP 47 tag; `parts` stand before the first section.

    Formulas are in the usual spelling, with slots for quantities; how they come onto paper, `notation` says.
    `marks` and `minutes` are what it is worth and how long it takes, where it asks anything. On a `roomy` one numbers
    have places that don't hang on what stands in them (`Shown.widest`).
    """

    title: str
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    language: str = "en"
    notation: Notation = USUAL
    marks: int = 0
    minutes: int = 0
    roomy: bool = False

    @property
    def has_questions(self) -> bool:
        """Whether its sections belong to questions, whose headings stand above theirs."""
        return any(section.opens for section in self.sections)


@dataclass(frozen=True, slots=True)
class Rewritten(Retold):
    """A line with each formula as `change` gives it."""

    change: Callable[[Maths], Maths]

    @property
    def target(self) -> Maths:
        return self.change(self.line.target)

    @property
    def stages(self) -> Stages:
        return tuple((relation, self.change(stage)) for relation, stage in self.line.stages)

    @property
    def traced(self) -> Stages:
        return tuple((relation, self.change(stage)) for relation, stage in self.line.traced)

    @property
    def remark(self) -> Words:
        return tuple(self.change(word) if isinstance(word, Maths) else word for word in self.line.remark)


def with_text(sheet: Sheet, change: Callable[[str], str]) -> Sheet:
    """`sheet` with each text, of ours and the user's, as `change` gives it; what lines say is ours and stays."""
    return _changed(sheet, change, lambda maths: maths, lines=False)


def with_formulas(sheet: Sheet, change: Callable[[Maths], Maths], *, lines: bool = True) -> Sheet:
    """`sheet` with each formula as `change` gives it; without `lines` those of workings stay."""
    return _changed(sheet, lambda text: text, change, lines=lines)


def _changed(sheet: Sheet, text: Callable[[str], str], maths: Callable[[Maths], Maths], *, lines: bool) -> Sheet:
    """Each text as `text` gives it, each formula as `maths` does, with `lines` those of workings too."""

    def words(said: Words) -> Words:
        return tuple(maths(word) if isinstance(word, Maths) else text(word) for word in said)

    def cells(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(maths(cell) if isinstance(cell, Maths) else words(cell) for cell in row)

    def mark(one: Mark) -> Mark:
        if not isinstance(one, Label):
            return one
        return replace(one, content=maths(one.content) if isinstance(one.content, Maths) else text(one.content))

    def part(one: Part) -> Part:
        match one:
            case Say(said):
                return Say(words(said))
            case Answer(said):
                return replace(one, words=words(said))
            case Givens(rows):
                return Givens(tuple(Given(text(row.name), maths(row.letters), maths(row.value)) for row in rows))
            case Working(worked) if lines:
                return Working(tuple(Rewritten(line, maths) for line in worked))
            case Table(header, rows, caption):
                return Table(cells(header), tuple(map(cells, rows)), words(caption))
            case Picture(marks=marks):
                return replace(one, marks=tuple(map(mark, marks)), alt=text(one.alt))
        return one

    sections = tuple(replace(s, heading=text(s.heading), parts=tuple(map(part, s.parts))) for s in sheet.sections)
    return replace(sheet, title=text(sheet.title), parts=tuple(map(part, sheet.parts)), sections=sections)


@dataclass(frozen=True, slots=True)
class _Spaced(Retold):
    """A line that keeps the rooms of its numbers."""

    @property
    def stages(self) -> Stages:
        return tuple((relation, spaced(stage)) for relation, stage in self.line.traced)


def without_values(sheet: Sheet) -> Sheet:
    """`sheet` with plain numbers in place of each `Shown`; lines have none."""
    return with_formulas(sheet, untraced, lines=False)


def _with_spaces(sheet: Sheet) -> Sheet:
    """The same, but places keep the room for what else could stand in them."""

    def of_part(part: Part) -> Part:
        return Working(tuple(map(_Spaced, part.lines))) if isinstance(part, Working) else part

    made = with_formulas(sheet, spaced, lines=False)
    sections = tuple(replace(one, parts=tuple(map(of_part, one.parts))) for one in made.sections)
    return replace(made, parts=tuple(map(of_part, made.parts)), sections=sections)


def in_letters(sheet: Sheet, *, spaces: bool = False) -> Sheet:
    """`sheet` as its notation has it: respelt, and with letters for all quantities; nothing says any more whose a
    number is. With `spaces` the places of a `roomy` sheet stay as large as they are.

    In the usual notation, in English, renderers know the usual look of a quantity.
    """
    sheet = _with_spaces(sheet) if spaces and sheet.roomy else without_values(sheet)
    if sheet.notation == USUAL and sheet.language.startswith("en"):
        return sheet
    return with_formulas(sheet, lambda maths: on_paper(maths, sheet.notation, sheet.language))
