"""Who gets a sheet: a class list of a teacher's own, or an export of Moodle or Canvas as it comes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handcalc.network.errors import FileError, counted, listed, quoted
from handcalc.quiz.columns import NAMES_ONLY, Columns, columns, folded, is_known
from handcalc.quiz.names import MOST_PRINTED, cut, file_names, harmless, has_unseen
from handcalc.quiz.spreadsheet import Row, plain_cell, read_rows

__all__ = ["SAME", "Roster", "RosterError", "Student", "file_names", "numbered", "read_roster", "spares"]

MOST_STUDENTS = 20_000
MOST_IN_GROUP = 100
SAME = "everyone"
"""What the numbers of a pack hang on in which all have the same."""
_EXAMPLE = 'write a first line such as "last name,first name,student ID"'
_SPARE = re.compile(r"spare [0-9]+")
_DIGITS_LOST = re.compile(r"[0-9]([.,][0-9]+)?E\+[0-9]+")


@dataclass(frozen=True, slots=True)
class Student:
    """`key` is what the numbers hang on: the ID, or the name where there is none, or the number of a nameless sheet.

    `name` and `id` are for print: on one line, at most 500 characters, and nothing in them that can't be seen.
    """

    key: str
    name: str = ""
    id: str = ""
    group: str = ""
    """The room or section, by which the print run is sorted."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The students in the order of printing, and what the teacher should know of the reading.

    `separator` is what stands between the cells of the file, which the teacher's spreadsheet therefore opens.
    """

    students: tuple[Student, ...]
    remarks: tuple[str, ...] = ()
    separator: str = ","


class RosterError(FileError):
    """`class.csv, line 7, column "ID": found ..., ...`"""

    holder = "a roster"


def numbered(count: int) -> tuple[Student, ...]:
    """Nameless ones: 1, 2, 3, …"""
    return tuple(Student(str(n)) for n in range(1, count + 1))


def spares(count: int) -> tuple[Student, ...]:
    """Nameless ones beside a roster, in which nobody has such a key: spare 1, spare 2, …"""
    return tuple(Student(f"spare {n}") for n in range(1, count + 1))


def read_roster(path: str | os.PathLike[str], sort_by: Sequence[str] | None = None) -> Roster:
    """The students in a CSV file.

    The first line names the columns, in any order; one column of names may do without. `sort_by` names the columns
    that sort the print run, () leaves the order of the file; else these are room, section, group, class, row and seat,
    as far as they are there. Raises RosterError with the line and the column.
    """
    reading = _Reading(os.fspath(path), sort_by)
    return reading.roster()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row: `ids` by column, `sorted_by` in the order of sorting."""

    line: int
    name: str
    ids: dict[int, str]
    sorted_by: tuple[str, ...]
    group: str


class _Reading:
    """One file on its way to a roster."""

    def __init__(self, source: str, sort_by: Sequence[str] | None) -> None:
        self.source = source
        self.read = read_rows(source, is_known, RosterError)
        self.remarks = list(self.read.remarks)
        self._unseen: list[int] = []
        self._empty: list[int] = []
        self.columns, self.rows = self._headed()
        if sort_by is not None:
            self.columns = self._sorted_by(sort_by)

    def wrong(self, problem: str, line: int | None = None, column: int | None = None) -> RosterError:
        where = f"column {quoted(self.columns.head[column])}" if column is not None else ""
        return RosterError(problem, self.source, line, where)

    def roster(self) -> Roster:
        entries = list(self._entries())
        if not entries:
            raise RosterError(f"there are no students in it; {_EXAMPLE}, and below it one line a student", self.source)
        if len(entries) > MOST_STUDENTS:
            problem = f"this is student {MOST_STUDENTS + 1:,}; a roster may have {MOST_STUDENTS:,}"
            raise self.wrong(problem, entries[MOST_STUDENTS].line)
        column = self._id_column(entries)
        found = [(entry, self._student(entry, column)) for entry in entries]
        self._check_keys(found, column)
        self._remark_on(found, column)
        found.sort(key=lambda one: tuple(map(_natural, one[0].sorted_by)))
        return Roster(tuple(student for _, student in found), tuple(self.remarks), self.read.separator)

    def _headed(self) -> tuple[Columns, tuple[Row, ...]]:
        """What the first row says of the columns, and the rows below."""
        rows = self.read.rows
        if not rows:
            raise RosterError("the file is empty", self.source)
        head, *below = rows
        if any(map(is_known, head.cells)):
            found = columns(head.cells)
            self._check_head(head, found)
            return found, tuple(below)
        if all(len(row.cells) == 1 or not any(row.cells[1:]) for row in rows):
            return NAMES_ONLY, rows
        cells = ", ".join(quoted(cell) for cell in head.cells[:6] if cell)
        raise RosterError(f"found {cells}, which name no column that is known; {_EXAMPLE}", self.source, head.line)

    def _check_head(self, head: Row, found: Columns) -> None:
        if not found.names and not found.ids and found.mail is None:
            cells = ", ".join(quoted(cell) for cell in head.cells[:6] if cell)
            raise RosterError(f"found {cells}, but no column of names or IDs; {_EXAMPLE}", self.source, head.line)
        for place in (*found.names, *found.ids):
            if [folded(one) for one in found.head].count(folded(found.head[place])) > 1:
                problem = f"two columns are called {quoted(found.head[place])}; rename one"
                raise RosterError(problem, self.source, head.line)

    def _sorted_by(self, sort_by: Sequence[str]) -> Columns:
        words, places = [folded(one) for one in self.columns.head], []
        for one in sort_by:
            if folded(one) not in words:
                accepted = ", ".join(quoted(word) for word in self.columns.head[:12] if word)
                raise RosterError(f"no column is called {quoted(one)}, to sort by; accepted: {accepted}", self.source)
            places.append(words.index(folded(one)))
        piles = tuple(place for place in places if place not in (*self.columns.names, *self.columns.ids))
        seats = set(self.columns.sorted_by) - set(self.columns.piles)
        return replace(self.columns, sorted_by=tuple(places), piles=tuple(one for one in piles if one not in seats))

    def _entries(self) -> Iterator[_Entry]:
        used = {*self.columns.names, *self._id_places(), *self.columns.sorted_by}
        for row in self.rows:
            self._check_width(row)
            raw = dict(enumerate(row.cells))
            cells = {place: plain_cell(raw.get(place, "")) for place in used}
            if any(map(has_unseen, cells.values())):
                self._unseen.append(row.line)
            cells = {place: harmless(cell) for place, cell in cells.items()}
            if self.columns.of_canvas and self._is_none_of_canvas(row, cells):
                continue
            entry = _Entry(
                row.line,
                self._name(cells),
                {place: self._id(cells[place], row.line, place) for place in self._id_places()},
                tuple(cells[place] for place in self.columns.sorted_by),
                cut(", ".join(filter(None, (cells[place] for place in self.columns.piles))), MOST_IN_GROUP),
            )
            if entry.name or any(entry.ids.values()):
                yield entry
            else:
                self._empty.append(row.line)

    def _check_width(self, row: Row) -> None:
        wanted = len(self.columns.head)
        if any(row.cells[wanted:]):
            wide, columns = counted(len(row.cells), "cell"), counted(wanted, "column")
            between = "a tab" if self.read.separator == "\t" else quoted(self.read.separator)
            problem = (
                f"found {wide} where the first line names {columns}; put a cell that has {between} in it in quotes"
            )
            raise self.wrong(problem, row.line)

    def _is_none_of_canvas(self, row: Row, cells: Mapping[int, str]) -> bool:
        """Whether this row of a Canvas gradebook is no student: the points, the posting policy, the test student."""
        if any(folded(cells[place]) == "pointspossible" for place in self.columns.names):
            return True
        if any(cell.startswith("Manual Posting") for cell in row.cells) and not self._name(cells):
            return True
        if self._name(cells) == "Student, Test":
            self.remarks.append(f"line {row.line} is the test student of Canvas and is left out")
            return True
        return False

    def _name(self, cells: Mapping[int, str]) -> str:
        """``Meier, Anna`` of two columns; of one, or where one holds the whole name, what stands in it."""
        if self.columns.full is not None:
            return cells[self.columns.full]
        if self.columns.first is not None and self.columns.last is not None:
            first, last = cells[self.columns.first].split(), cells[self.columns.last].split()
            if len(last) > len(first) and first in (last[: len(first)], last[-len(first) :]):
                return " ".join(last)
        return ", ".join(filter(None, (cells[place] for place in self.columns.names)))

    def _id_places(self) -> tuple[int, ...]:
        mail = () if self.columns.mail is None else (self.columns.mail,)
        return (*self.columns.ids, *mail)

    def _id(self, cell: str, line: int, place: int) -> str:
        if _DIGITS_LOST.fullmatch(cell):
            problem = f"found {quoted(cell)}: a spreadsheet has rounded this number; format the column as text"
            raise self.wrong(problem, line, place)
        return cell.removeprefix("#") if self.columns.of_brightspace else cell

    def _id_column(self, entries: Sequence[_Entry]) -> int | None:
        """The first of the columns of IDs that isn't empty."""
        filled = [place for place in self._id_places() if any(entry.ids[place] for entry in entries)]
        known = [place for place in filled if place != self.columns.mail]
        if len(known) > 1:
            self.remarks.append(f"the IDs are those of the column {quoted(self.columns.head[known[0]])}")
        if filled and not known:
            head = quoted(self.columns.head[filled[0]])
            self.remarks.append(f"there are no IDs; the numbers of each student hang on the column {head}")
        return filled[0] if filled else None

    def _student(self, entry: _Entry, column: int | None) -> Student:
        own = "" if column is None else entry.ids[column]
        shown = "" if column == self.columns.mail else cut(own)
        return Student(own or entry.name, cut(entry.name), shown, entry.group)

    def _check_keys(self, found: Iterable[tuple[_Entry, Student]], column: int | None) -> None:
        """No two with the same key, and none with that of a spare sheet."""
        lines: dict[str, int] = {}
        for entry, student in found:
            key, named = student.key, column is None or not entry.ids[column]
            what = "name" if named else "ID"
            if _SPARE.fullmatch(key):
                raise self.wrong(f"{quoted(key)} is what a spare sheet is called; write another {what}", entry.line)
            if key in lines:
                more = "; the numbers hang on it, so add a column of IDs" if named else "; an ID is of one student"
                problem = f"the {what} {quoted(key)} stands in line {lines[key]} already{more}"
                raise self.wrong(problem, entry.line, None if named else column)
            lines[key] = entry.line

    def _remark_on(self, found: Sequence[tuple[_Entry, Student]], column: int | None) -> None:
        if column is None:
            self.remarks.append("there are no IDs; the numbers of each student hang on the name")
        else:
            lack = (
                "no ID" if column != self.columns.mail else f"nothing in the column {quoted(self.columns.head[column])}"
            )
            self._remark(
                [one.line for one, _ in found if not one.ids[column]], lack + "; {its} numbers hang on the name"
            )
        self._remark([one.line for one, _ in found if not one.name], "no name")
        self._remark(self._empty, "neither a name nor an ID, so no sheet is made")
        self._remark(self._unseen, "characters that can't be seen, which are left out")
        long = [one.line for one, _ in found if len(one.name) > MOST_PRINTED]
        self._remark(long, f"a name of more than {MOST_PRINTED} characters, whose end isn't printed")

    def _remark(self, lines: Sequence[int], lack: str) -> None:
        if len(lines) == 1:
            self.remarks.append(f"line {lines[0]} has {lack.format(its='its')}")
        elif lines:
            shown = [str(line) for line in lines[:5]] + ([f"{len(lines) - 5} more"] if len(lines) > 5 else [])
            self.remarks.append(f"lines {listed(shown, 'and')} have {lack.format(its='their')}")


def _natural(text: str) -> tuple[object, ...]:
    """Room 2 before Room 10, and nothing last."""
    parts = re.split(r"([0-9]+)", text.casefold())
    return (not text, *((len(p.lstrip("0")), p.lstrip("0")) if i % 2 else p for i, p in enumerate(parts)))
