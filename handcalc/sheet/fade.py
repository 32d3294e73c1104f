"""The student sheet: the key with holes. There is no other way to one, so that sheet and key can't disagree.

A hidden value shows nowhere: not in its own line, not where a later line puts it in, not in a sentence, a table or a
picture. What a line hides is decided by the `Shown` marks of its stages; what can't be hidden in part is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from handcalc.formula.maths import Blank, Maths, Matrix, Relation, Row, Shown, Size
from handcalc.formula.notation import rewritten, untraced
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import say
from handcalc.sheet.parts import (
    Answer,
    Cell,
    Given,
    Givens,
    Line,
    Part,
    Room,
    Say,
    Section,
    Sheet,
    Table,
    Words,
    Working,
)
from handcalc.sheet.picture import Label, Mark, Picture, left_over

EQUALS = Relation("=")
Hidden = Callable[[Quantity], bool]


@dataclass(frozen=True, slots=True)
class Holes:
    """What a sheet hides, and how much of the lines that hold it stays.

    `formulas`: lines keep their formula, else only the name of what they work out. `listed`: lines that are shown
    although they are hidden; None shows all of them. `marks` by quantity. `unsaid` are texts that say nothing where no
    line is worked.
    """

    hidden: Hidden
    formulas: bool = True
    listed: Hidden | None = None
    marks: Mapping[Quantity, int] = field(default_factory=dict)
    unsaid: Words = ()


def fade(key: Sheet, holes: Holes) -> Sheet:
    """`key` with blanks in place of what is hidden."""
    return _Fading(holes, key.language).sheet(key)


def blanks(sheet: Sheet) -> tuple[str, ...]:
    """The keys of what is to be written on a sheet, each once, in order."""
    found: dict[str, None] = {}

    def note(blank: Blank) -> None:
        if blank.key:
            found[blank.key] = None

    for maths in formulas(sheet):
        rewritten(maths, Blank, note)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FadedLine:
    """A line without what is hidden of it."""

    line: Line
    holes: Holes
    language: str

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
    def stages(self) -> tuple[tuple[Relation, Maths], ...]:
        return self.traced

    @property
    def traced(self) -> tuple[tuple[Relation, Maths], ...]:
        traced = self.line.traced
        if not self._asks:
            kept = (one for one in traced if not _tells(one[1], self.holes.hidden))
            return tuple((relation, _hidden(stage, self.holes.hidden, "inside")) for relation, stage in kept)
        (_, letters), *others = traced
        answer = others[-1][1] if others else letters
        stages: list[tuple[Relation, Maths]] = []
        if self.holes.formulas and others and not isinstance(letters, Shown):
            stages.append((EQUALS, _hidden(letters, self.holes.hidden, "inside")))
        put_in = (
            isinstance(letters, Shown) or len(others) > 1 or not isinstance(others[0][1], Shown) if others else False
        )
        if self.holes.formulas and put_in:
            stages.append((EQUALS, Blank(size="line")))
        size: Size = "inside" if isinstance(answer, Matrix) else "result"
        marks = _hidden(answer, self.holes.hidden, size)
        if not _has_blank(marks):  # a result in letters that is the formula itself
            marks = Blank(self.key, "formula")
        return (*stages, (EQUALS, marks))

    @property
    def remark(self) -> Words:
        marks = sum(self.holes.marks.get(q, 0) for q in self.quantities if self.holes.hidden(q))
        return say(self.language, "marks", count=marks) if marks else ()

    @property
    def _asks(self) -> bool:
        return any(map(self.holes.hidden, self.quantities))


def _hidden(maths: Maths, hidden: Hidden, size: Size) -> Maths:
    """`maths` with a blank for each hidden value."""

    def change(shown: Shown) -> Maths:
        if hidden(shown.quantity):
            key = "" if shown.room == "formula" else shown.quantity.key
            return Blank(key, shown.room or size)
        return _hidden(shown.inner, hidden, size)

    return rewritten(maths, Shown, change)


def _tells(maths: Maths, hidden: Hidden) -> bool:
    """Whether a hidden value can be read from `maths` without standing in it, so that no blank can take its place."""
    found: list[Shown] = []

    def note(shown: Shown) -> None:
        if any(map(hidden, shown.tells)):
            found.append(shown)

    rewritten(maths, Shown, note)
    return bool(found)


def _once(words: Words) -> Words:
    """`words` with one blank for a value that stood there in several pieces."""
    said: list[str | Maths] = []
    for word in words:
        if isinstance(word, Blank) and word in said:
            if isinstance(said[-1], str):
                said[-1] = said[-1].rstrip()
            continue
        said.append(word)
    return tuple(word for word in said if word)


def _kept(maths: Maths, hidden: Hidden) -> Maths | None:
    """What is left of a label: of a row what isn't hidden, the letter of a unit without its value."""
    match maths:
        case Shown(quantity) if hidden(quantity):
            return None
        case Row(items):
            return Row(kept) if (kept := tuple(k for one in items if (k := _kept(one, hidden)))) else None
    return maths


def _has_blank(maths: Maths) -> bool:
    found: list[Maths] = []
    rewritten(maths, Blank, found.append)
    return bool(found)


@dataclass(frozen=True, slots=True)
class _Fading:
    holes: Holes
    language: str

    def sheet(self, sheet: Sheet) -> Sheet:
        sections = [Section(section.heading, tuple(self.parts(section.parts))) for section in sheet.sections]
        return replace(
            sheet,
            parts=tuple(self.parts(sheet.parts)),
            sections=tuple(
                after
                for before, after in zip(sheet.sections, sections, strict=True)
                if after.parts and not _idle(before, after)
            ),
        )

    def parts(self, parts: tuple[Part, ...]) -> Iterator[Part]:
        for part in parts:
            if (faded := self.part(part)) is not None:
                yield faded

    def part(self, part: Part) -> Part | None:
        match part:
            case Say(words):
                return Say(self.words(words))
            case Answer(words, room):
                if self.tells(words):
                    return Room(room) if room else None
                return part
            case Givens(rows):
                return Givens(tuple(Given(row.name, row.letters, self.hide(row.value)) for row in rows))
            case Working(lines):
                kept = tuple(map(self.line, filter(self.is_listed, lines)))
                return Working(kept) if kept else None
            case Table(header, rows, caption):
                return Table(self.cells(header), tuple(map(self.cells, rows)), self.words(caption))
            case Picture():
                return self.picture(part)
            case Room():
                return part

    def is_listed(self, line: Line) -> bool:
        listed = self.holes.listed
        return listed is None or not all(map(self.holes.hidden, line.quantities)) or any(map(listed, line.quantities))

    def line(self, line: Line) -> Line:
        """`line` itself where nothing in it is hidden."""
        touched = any(self.tells((stage,)) for _, stage in line.traced) or any(map(self.holes.hidden, line.quantities))
        return FadedLine(line, self.holes, self.language) if touched else line

    def hide(self, maths: Maths) -> Maths:
        return _hidden(maths, self.holes.hidden, "inside")

    def words(self, words: Words) -> Words:
        kept = (word for word in words if word not in self.holes.unsaid)
        return tuple(self.hide(word) if isinstance(word, Maths) else word for word in kept)

    def cells(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(self.hide(cell) if isinstance(cell, Maths) else _once(self.cell(cell)) for cell in row)

    def cell(self, words: Words) -> Words:
        """Pieces of a line: what hides nothing of its own, and tells what is hidden, is left out."""
        return self.words(tuple(word for word in words if not self._is_told(word)))

    def _is_told(self, word: str | Maths) -> bool:
        own = isinstance(word, Shown) and self.holes.hidden(word.quantity)
        return isinstance(word, Maths) and not own and _tells(word, self.holes.hidden)

    def tells(self, words: Words) -> bool:
        """Whether a hidden value stands in `words`."""
        found: list[Shown] = []

        def note(shown: Shown) -> None:
            if self.holes.hidden(shown.quantity) or any(map(self.holes.hidden, shown.tells)):
                found.append(shown)

        for word in words:
            if isinstance(word, Maths):
                rewritten(word, Shown, note)
        return bool(found)

    def picture(self, picture: Picture) -> Picture | None:
        """Without hidden labels, or with a place to write in for each; None for a curve of values."""
        if picture.plotted:
            return None
        return left_over(picture, [mark for one in picture.marks if (mark := self.mark(one, picture.blanks))])

    def mark(self, mark: Mark, blanks: bool) -> Mark | None:
        if not isinstance(mark, Label) or not isinstance(mark.content, Maths):
            return mark
        if not self.tells((mark.content,)):
            return replace(mark, content=untraced(mark.content))
        if blanks:
            return replace(mark, content=_hidden(mark.content, self.holes.hidden, "small"), ink="first")
        kept = _kept(mark.content, self.holes.hidden)
        return replace(mark, content=untraced(kept)) if kept else None


def _idle(before: Section, after: Section) -> bool:
    """Whether sentences are all that is left of a section with working."""
    worked = any(isinstance(part, Working) for part in before.parts)
    return worked and all(isinstance(part, Say) for part in after.parts)


def formulas(sheet: Sheet) -> Iterator[Maths]:
    """Every formula on a sheet in which a blank may stand, in order; of lines the stages."""
    for part in (*sheet.parts, *(part for section in sheet.sections for part in section.parts)):
        match part:
            case Say(words) | Answer(words):
                yield from (word for word in words if isinstance(word, Maths))
            case Givens(rows):
                yield from (row.value for row in rows)
            case Working(lines):
                yield from (stage for line in lines for _, stage in line.stages)
            case Table(header, rows, caption):
                for row in (caption, header, *rows):
                    for cell in row:
                        for word in cell if isinstance(cell, tuple) else (cell,):
                            if isinstance(word, Maths):
                                yield word
            case Picture(marks=marks):
                yield from (
                    mark.content for mark in marks if isinstance(mark, Label) and isinstance(mark.content, Maths)
                )
