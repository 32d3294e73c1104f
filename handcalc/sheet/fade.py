"""The student sheet: the key with holes. There is no other way to one, so that sheet and key can't disagree.

A hidden value shows nowhere: not in its own line, not where a later line puts it in, not in a sentence, a table or a
picture. What a line hides is decided by the `Shown` marks of its stages; what can't be hidden in part is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from handcalc.formula.look import USUAL
from handcalc.formula.maths import (
    Blank,
    Fenced,
    Hold,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Row,
    Shown,
    Size,
    Slot,
)
from handcalc.formula.notation import lettered, marks_in, on_paper, rewritten, untraced
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import say
from handcalc.sheet.parts import (
    Answer,
    Cell,
    Given,
    Givens,
    Line,
    Part,
    Retold,
    Room,
    Say,
    Section,
    Sheet,
    Stages,
    Table,
    Words,
    Working,
    in_words,
)
from handcalc.sheet.picture import Label, Mark, Picture, left_over

EQUALS = Relation("=")
Hidden = Callable[[Quantity], bool]


@dataclass(frozen=True, slots=True)
class Holes:
    """What a sheet hides, and how much of the lines that hold it stays.

    `formulas`: lines keep their formula, else only the name of what they work out. `listed`: lines that are shown
    although they are hidden; None shows all of them. `marks` by quantity. `unsaid` are texts that say nothing where
    no line is worked. `cells`: what alone has a cell to write in, and only where it is given or worked out; elsewhere
    letters stand for what is hidden. None makes a cell of every place. `worked`: what is asked or worked out; a row
    of a table that tells other hidden values (the loss of each of a thousand updates) is left out. None leaves no row
    out.
    """

    hidden: Hidden
    formulas: bool = True
    listed: Hidden | None = None
    marks: Mapping[Quantity, int] = field(default_factory=dict)
    cells: Hidden | None = None
    worked: Hidden | None = None
    unsaid: Words = ()


def fade(key: Sheet, holes: Holes) -> Sheet:
    """`key` with blanks in place of what is hidden."""
    return _Fading(holes, key.language).sheet(key)


def blanks(sheet: Sheet) -> tuple[str, ...]:
    """The keys of what is to be written on a sheet, each once, in order."""
    every = (blank.key for maths in formulas(sheet) for blank in marks_in(maths, Blank))
    return tuple(dict.fromkeys(key for key in every if key))


@dataclass(frozen=True, slots=True)
class FadedLine(Retold):
    """A line without what is hidden of it."""

    holes: Holes
    language: str

    @property
    def traced(self) -> Stages:
        traced = self.line.traced
        if not self._asks:
            (first, *more), hide = traced, self.holes.hidden
            kept = [first, *(one for one in more if not _wholly(one[1], hide))]
            stages = [(relation, _elsewhere(stage, self.holes)) for relation, stage in kept]
            return (stages[0], *(one for one in stages[1:] if not _alike(one[1], stages[0][1])))
        (_, letters), *others = traced
        if self.holes.cells and not any(map(self.holes.cells, self.quantities)) and not isinstance(letters, Shown):
            return ((EQUALS, _elsewhere(letters, self.holes)),)
        answer = others[-1][1] if others else letters
        stages = []
        if self.holes.formulas and others and not isinstance(letters, Shown):
            stages.append((EQUALS, _hidden(letters, self.holes.hidden, "inside")))
        if self.holes.formulas and others and not isinstance(letters, Slot):  # what is only copied needs no working
            stages.append((EQUALS, Blank(size="line")))  # of whatever case: its length would tell which one applies
        marks = _hidden(answer, self.holes.hidden, _size_for(answer))
        if not marks_in(marks, Blank):  # a result in letters that is the formula itself
            marks = Blank(self.key, "formula")
        return (*stages, (EQUALS, marks))

    @property
    def remark(self) -> Words:
        marks = sum(self.holes.marks.get(q, 0) for q in self.quantities if self.holes.hidden(q))
        return say(self.language, "marks", count=marks) if marks else ()

    @property
    def _asks(self) -> bool:
        return any(map(self.holes.hidden, self.quantities))


def _size_for(answer: Maths) -> Size:
    """An expression takes more room than a number, the entries of a matrix less."""
    inner = untraced(answer)
    return "inside" if isinstance(inner, Matrix) else "formula" if marks_in(inner, Slot, Letter) else "result"


def _hidden(maths: Maths, hidden: Hidden, size: Size) -> Maths:
    """`maths` with a blank for each hidden value, and an empty box for each that may be ticked."""

    def change(shown: Shown) -> Maths:
        if hidden(shown.quantity):
            if isinstance(shown.inner, Blank):
                return replace(shown.inner, key=shown.quantity.key, ticked=False)
            key = "" if shown.room == "formula" else shown.quantity.key
            return Blank(key, shown.room or size)
        return _in_its_room(shown, _hidden(shown.inner, hidden, size))

    return rewritten(maths, Shown, change)


def _in_its_room(shown: Shown, inner: Maths) -> Maths:
    return replace(shown, inner=inner) if shown.widest else inner


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


def _elsewhere(maths: Maths, holes: Holes) -> Maths:
    """What stands for hidden values where others are worked out of them: a place to write in, or their letters."""
    if holes.cells is None:
        return _hidden(maths, holes.hidden, "inside")

    def change(shown: Shown) -> Maths:
        if not holes.hidden(shown.quantity):
            return _in_its_room(shown, _elsewhere(shown.inner, holes))
        fenced = isinstance(shown.inner, Fenced) and not _is_negative(shown.inner.inner)
        return lettered(
            Slot(shown.quantity, Hold.ATOM if fenced else Hold.PRODUCT)
        )  # only powers fence positive digits

    return rewritten(maths, Shown, change)


def _alike(one: Maths, other: Maths) -> bool:
    """Whether letters stand for all numbers that were put in."""
    return on_paper(one, USUAL) == on_paper(other, USUAL)


def _is_negative(maths: Maths) -> bool:
    return isinstance(maths, Row) and bool(maths.items) and isinstance(maths.items[0], Operator)


def _wholly(maths: Maths, hidden: Hidden) -> bool:
    """Whether all of `maths` is made of values of which one is hidden: a closed form."""
    while isinstance(maths, Shown):
        if hidden(maths.quantity):
            return True
        maths = maths.inner
    return False


def _names(words: Words, hidden: Hidden) -> bool:
    """Whether what is hidden is named in `words`: a remark says the number of what it names."""
    return any(hidden(slot.quantity) for word in words if isinstance(word, Maths) for slot in marks_in(word, Slot))


def _kept(maths: Maths, hidden: Hidden) -> Maths | None:
    """What is left of a label: of a row what isn't hidden, the letter of a unit without its value."""
    match maths:
        case Shown(quantity) if hidden(quantity):
            return None
        case Row(items):
            return Row(kept) if (kept := tuple(k for one in items if (k := _kept(one, hidden)))) else None
    return maths


@dataclass(frozen=True, slots=True)
class _Fading:
    holes: Holes
    language: str

    def sheet(self, sheet: Sheet) -> Sheet:
        sections = [replace(section, parts=tuple(self.parts(section.parts))) for section in sheet.sections]
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
        """What is left; a sentence goes with the working that it is about, but for the question above options."""
        said: list[Part] = []
        for part, below in zip(parts, (*parts[1:], None), strict=False):
            faded = self.part(part)
            if isinstance(faded, Say):
                said.append(faded)
                continue
            if faded is not None:
                yield from (*said, faded)
            if faded is not None or (isinstance(part, Working) and not _is_open(below)):
                said = []
        yield from said

    def part(self, part: Part) -> Part | None:
        match part:
            case Say(words):
                left_to_say = self.words(words)
                return Say(left_to_say) if left_to_say else None
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
                left = tuple(self.cells(row) for row in rows if not self.is_beyond(row))
                return Table(self.cells(header), left, self.words(caption)) if left else None
            case Picture():
                return self.picture(part)
            case Room():
                return part

    def is_listed(self, line: Line) -> bool:
        listed = self.holes.listed
        return listed is None or not all(map(self.holes.hidden, line.quantities)) or any(map(listed, line.quantities))

    def is_beyond(self, row: tuple[Cell, ...]) -> bool:
        """Whether a row tells a hidden value that no line works out."""
        hidden, worked = self.holes.hidden, self.holes.worked
        if worked is None:
            return False
        return any(self.tells(in_words(cell), lambda q: hidden(q) and not worked(q)) for cell in row)

    def line(self, line: Line) -> Line:
        """`line` itself where nothing in it is hidden."""
        hidden = self.holes.hidden
        touched = any(map(hidden, line.quantities)) or _names(line.remark, hidden)
        touched = touched or any(self.tells((stage,)) for _, stage in line.traced)
        return FadedLine(line, self.holes, self.language) if touched else line

    def hide(self, maths: Maths) -> Maths:
        return _hidden(maths, self.holes.hidden, "inside")

    def words(self, words: Words) -> Words:
        kept = (word for word in words if word not in self.holes.unsaid)
        return tuple(self.hide(word) if isinstance(word, Maths) else word for word in kept)

    def cells(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """What is left of a row; beside a box to tick no words, which say whether it is the right one."""
        if any(map(self.is_to_tick, row)):
            row = tuple(cell if isinstance(cell, Maths) or self.is_to_tick(cell) else () for cell in row)
        return tuple(self.hide(cell) if isinstance(cell, Maths) else _once(self.cell(cell)) for cell in row)

    def is_to_tick(self, cell: Cell) -> bool:
        shown = (one for word in in_words(cell) if isinstance(word, Maths) for one in marks_in(word, Shown))
        return any(isinstance(one.inner, Blank) and self.holes.hidden(one.quantity) for one in shown)

    def cell(self, words: Words) -> Words:
        """Pieces of a line: what hides nothing of its own, and tells what is hidden, is left out."""
        return self.words(tuple(word for word in words if not self._is_told(word)))

    def _is_told(self, word: str | Maths) -> bool:
        if not isinstance(word, Shown) or self.holes.hidden(word.quantity):
            return False
        return isinstance(word.inner, Shown) and _wholly(word, self.holes.hidden)

    def tells(self, words: Words, hidden: Hidden | None = None) -> bool:
        """Whether a value stands in `words` that is hidden."""
        wanted = hidden or self.holes.hidden
        shown = (one for word in words if isinstance(word, Maths) for one in marks_in(word, Shown))
        return any(wanted(one.quantity) for one in shown)

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


def _is_open(part: Part | None) -> bool:
    return isinstance(part, Table) and part.open


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
