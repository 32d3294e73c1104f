"""What students have typed, as it comes out of files: texts, each with the place that it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from handcalc.mark.entries import entries
from handcalc.mark.handed_out import HandedOut, OneSheet
from handcalc.mark.reading import is_blank
from handcalc.network.errors import FileError, accepting, escaped, listed, quoted
from handcalc.quiz.names import cut, harmless
from handcalc.quiz.roster import Student

MOST_SHOWN = 5


class AnswersError(FileError):
    """``answers.csv, line 7, column "z1[2]": found ..., ...``"""

    holder = "a file of answers"


class Place(NamedTuple):
    """The file, the line in it, and the column, field or key."""

    source: str
    line: int | None = None
    where: str = ""

    def wrong(self, problem: str) -> AnswersError:
        return AnswersError(problem, self.source, self.line, self.where)

    def remark(self, problem: str) -> str:
        return f"{self}: {problem}"

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        return ", ".join(filter(None, (escaped(self.source), line, self.where)))


class Typed(NamedTuple):
    """One answer, as it was typed, and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True)
class HandedIn:
    """What one student has answered, by key; blanks are left out. `name` and `id` are what a nameless sheet was signed
    with."""

    sheet: OneSheet
    typed: Mapping[str, Typed]
    name: str = ""
    id: str = ""

    @property
    def key(self) -> str:
        return self.sheet.key


@dataclass(frozen=True)
class Answers:
    """The answers of a class, in the order of the print run; what is to be known of the reading; who has handed in
    nothing."""

    handed_in: tuple[HandedIn, ...]
    remarks: tuple[str, ...] = ()
    missing: tuple[OneSheet, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, HandedIn]:
        return {one.key: one for one in self.handed_in}


@dataclass
class _Sheaf:
    sheet: OneSheet
    typed: dict[str, Typed] = field(default_factory=dict)
    name: str = ""
    id: str = ""


class Collected:
    """Answers on their way from files to students. What stands twice has to be the same."""

    def __init__(self, handed_out: HandedOut) -> None:
        self.handed_out = handed_out
        self.remarks: list[str] = []
        self._sheaves: dict[str, _Sheaf] = {}
        self._unasked: dict[tuple[str, str], list[str]] = {}

    def hand_in(self, sheet: OneSheet, name: str = "", id: str = "") -> None:
        """A sheet is there, even if nothing is written on it."""
        sheaf = self._sheaves.setdefault(sheet.key, _Sheaf(sheet))
        sheaf.name, sheaf.id = sheaf.name or cut(harmless(name)), sheaf.id or cut(harmless(id))

    def has(self, sheet: OneSheet) -> bool:
        return sheet.key in self._sheaves

    def put(self, sheet: OneSheet, key: str, text: str, place: Place) -> None:
        """One answer. Raises AnswersError where another one stands for the same blank."""
        self.hand_in(sheet)
        if is_blank(text):
            return
        if key not in sheet.wanted:
            self._unasked.setdefault((place.source, key), []).append(sheet.called)
            return
        typed = self._sheaves[sheet.key].typed
        before = typed.setdefault(key, Typed(text, place))
        if before.text.strip() != text.strip():
            whose = f" of {sheet.called}" if sheet.called else ""
            raise place.wrong(
                f"{key}{whose} is {quoted(text.strip())} here, but {quoted(before.text.strip())} in "
                f"{_told(before.place, place)}; leave one of them out"
            )

    def student(self, who: str, name: str = "", id: str = "") -> OneSheet:
        """The sheet of somebody whose answers are to the one sheet that all have."""
        return replace(self.handed_out.sheets[0], student=Student(who, cut(harmless(name)), cut(harmless(id))))

    def put_in_block(self, sheet: OneSheet, keys: Sequence[str], text: str, place: Place) -> None:
        """The answers to all `keys`, of one key or of a block."""
        for key, entry in zip(keys, entries(text, keys) if len(keys) > 1 else [text], strict=True):
            self.put(sheet, key, entry, place)

    def keys(self, text: str, place: Place) -> tuple[str, ...]:
        """The key that `text` names, or those of a block; (), with a remark, where it names what isn't asked."""
        found = self.handed_out.spellings.called(text.strip())
        if len(found) == 1:
            return found
        if block := self.handed_out.spellings.block(text.strip()):
            return block
        if found:
            raise place.wrong(f"found {quoted(text)}, which may be {listed(found, 'or')}; write the whole key")
        if self.handed_out.knows(text.strip()):
            self.remarks.append(place.remark(f"{quoted(text)} is not asked on this sheet, and is left out"))
            return ()
        keys = self.handed_out.keys
        near = self.handed_out.spellings.near(text)
        hint = f"; did you mean {near}?" if near else accepting([*keys[:8], *["…"] * (len(keys) > 8)])
        raise place.wrong(f"found {quoted(text)}, which names nothing that is asked{hint}")

    def answers(self) -> Answers:
        """All that was collected."""
        remarks = list(self.remarks)
        for (source, key), who in self._unasked.items():
            names = [*who[:MOST_SHOWN], *[f"{len(who) - MOST_SHOWN} more"] * (len(who) > MOST_SHOWN)]
            remarks.append(Place(source).remark(f"{key} is not asked on the sheet of {listed(names, 'and')}"))
        order = {one.key: n for n, one in enumerate(self.handed_out.sheets)}
        sheaves = sorted(self._sheaves.values(), key=lambda one: order.get(one.sheet.key, len(order)))
        handed_in = tuple(
            HandedIn(one.sheet, {key: one.typed[key] for key in one.sheet.wanted if key in one.typed}, one.name, one.id)
            for one in sheaves
        )
        alone = self.handed_out.is_single
        missing = tuple(one for one in self.handed_out.sheets if not alone and one.key not in self._sheaves)
        return Answers(handed_in, tuple(remarks), missing)


def _told(before: Place, now: Place) -> str:
    """The other place, without the file where it is the same one."""
    return str(before) if before.source != now.source else str(before._replace(source="")) or "another place of it"
