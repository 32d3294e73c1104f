"""Answers in a table: one row a student and one column a blank, or one row an answer; and what platforms export.

student,z1[1],dW1_21          wide: columns in any order, keys in any spelling
student,key,answer            long
key,answer                    long, to one sheet

Moodle's report "Responses" calls its columns Response 1, Response 2, …: they are the blanks in the order of the sheet.
A question of embedded answers is one column, ``part 1: 0.41; part 2: 0.6``. Canvas's "Student Analysis" heads a column
with the number and the text of its question; a key in the text names the blank, else the order does. A question that
fills in several blanks is one column, ``0.41,0.6``. In both, attempts that aren't finished are blank.

A form heads its columns with questions: ``What is z1[1]?``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handcalc.mark.handed_out import HandedOut, OneSheet
from handcalc.mark.questions import keys_in_heads, keys_in_text, of_platform, parts
from handcalc.mark.reading import is_blank
from handcalc.mark.typed import AnswersError, Collected, Place
from handcalc.network.errors import counted, listed, quoted
from handcalc.quiz.columns import FIRST, FULL, IDS, LAST, MAILS, folded, is_known
from handcalc.quiz.spreadsheet import Row, plain_cell, read_rows

KEYS = tuple(map(folded, ("key", "blank", "line", "quantity", "item", "field", "question", "Größe", "Lücke", "Zeile",
                          "Feld", "Frage", "Schlüssel")))  # fmt: skip
ANSWERS = tuple(map(folded, ("answer", "answers", "response", "typed", "value", "Antwort", "Eingabe", "Wert", "réponse",
                             "respuesta", "risposta", "antwoord")))  # fmt: skip
CODES = tuple(map(folded, ("code", "variant", "variant code", "sheet", "sheet code", "sheet number", "number", "no",
                           "nr", "key", "Variante", "Blatt", "Blattnummer", "Bogen", "Nummer")))  # fmt: skip
ATTEMPTS = ("attempt", "versuch")
MARKED = ("marks", "out of", "to look at")
"""Columns that only a gradebook has."""
_EXAMPLE = 'write a first line such as "student,z1[1],z1[2]", or "student,key,answer"'


class _Who(NamedTuple):
    """The columns that say whose row it is."""

    words: tuple[int, ...]
    first: int | None
    last: int | None


@dataclass(frozen=True)
class _Table:
    """A file of rows on its way to the students."""

    source: str
    head: Row
    rows: tuple[Row, ...]
    who: _Who
    collected: Collected

    @property
    def handed_out(self) -> HandedOut:
        return self.collected.handed_out

    def place(self, row: Row, column: int | None = None) -> Place:
        where = f"column {quoted(self.head.cells[column])}" if column is not None else ""
        return Place(self.source, row.line, where)

    def students(self) -> Iterator[tuple[Row, OneSheet]]:
        """Each row with its student; those that nobody is known of are left out, with a remark."""
        nobody: list[tuple[Row, str]] = []
        found = 0
        for row in self.rows:
            names = self._names(row)
            sheet = self._student(row, names)
            if sheet is not None:
                found += 1
                self._check_length(row)
                yield row, sheet
            elif any(not is_blank(cell) for cell in row.cells):
                nobody.append((row, next(iter(names), "")))
        self._tell(nobody, found)

    def _check_length(self, row: Row) -> None:
        """Raises AnswersError where cells stand beyond the last column: nobody knows what belongs where."""
        if any(row.cells[len(self.head.cells) :]):
            raise self.place(row).wrong(
                f"found {counted(len(row.cells), 'cell')}, but the first line has {len(self.head.cells)}; answers with "
                "a comma (0,41) want quotes, or ; between the cells"
            )

    def _student(self, row: Row, names: Sequence[str]) -> OneSheet | None:
        if self.handed_out.is_single:
            return self._of_single(row, names)
        sheets: dict[str, str] = {}
        several: tuple[OneSheet, ...] = ()
        called = ""
        for name in names:
            hits = self.handed_out.find(name)
            if len(hits) == 1:
                sheets.setdefault(hits[0].key, name)
            elif hits and not several:
                several, called = hits, name
        if len(sheets) > 1:
            told = [f"{quoted(name)} is {self.handed_out.by_key[key].called}" for key, name in sheets.items()]
            raise self.place(row).wrong(f"this row is of two students: {listed(told, 'and')}")
        if not sheets and several:
            told = [one.called for one in several[:4]]
            raise self.place(row).wrong(f"{quoted(called)} may be {listed(told, 'or')}; add a column of IDs")
        return self.handed_out.by_key[next(iter(sheets))] if sheets else None

    def _of_single(self, row: Row, names: Sequence[str]) -> OneSheet:
        """Somebody whose numbers are those of all: the first word is what they are called by."""
        if not names:
            if len(self.rows) > 1 and self.who != _NOBODY:
                raise self.place(row).wrong("this row doesn't say whose answers it has")
            return self.handed_out.sheets[0]
        first = self.who.words[0] if self.who.words else len(row.cells)
        own = plain_cell(row.cells[first]) if first < len(row.cells) else ""
        name = next((one for one in names if one != own), "")
        return self.collected.student(names[0], name or own, own if name else "")

    def _names(self, row: Row) -> list[str]:
        """What the row says of whose it is, the surest first."""
        cells = [plain_cell(cell) for cell in row.cells] + [""] * len(self.head.cells)
        found = [cells[column] for column in self.who.words]
        if self.who.first is not None and self.who.last is not None:
            found.append(f"{cells[self.who.last]}, {cells[self.who.first]}".strip(", "))
        return [one for one in found if one]

    def _tell(self, nobody: Sequence[tuple[Row, str]], found: int) -> None:
        if nobody and not found:
            row, name = nobody[0]
            known = [one.called for one in self.handed_out.sheets[:4]]
            raise self.place(row).wrong(
                f"found {quoted(name)}, and no row names a student of this pack, such as {listed(known, 'or')}"
            )
        for row, name in nobody[:20]:
            whose = f"{quoted(name)} is no student of this pack" if name else "no student is named"
            self.collected.remarks.append(self.place(row).remark(f"{whose}; the row is left out"))
        if len(nobody) > 20:
            self.collected.remarks.append(Place(self.source).remark(f"{len(nobody) - 20} more rows are left out"))


_NOBODY = _Who((), None, None)


def read_csv(source: str, collected: Collected) -> None:
    """Put the answers in a file where they belong. Raises AnswersError with the line and the column."""
    spellings = collected.handed_out.spellings

    def known(cell: str) -> bool:
        return (
            is_known(cell)
            or folded(cell) in (*KEYS, *ANSWERS, *CODES)
            or bool(spellings.called(plain_cell(cell)) or spellings.block(plain_cell(cell)))
        )

    read = read_rows(source, known, AnswersError)
    collected.remarks += (Place(source).remark(one) for one in read.remarks)
    if not read.rows:
        raise AnswersError("the file is empty", source)
    head, *rows = read.rows
    head = Row(head.line, tuple(map(plain_cell, head.cells)))
    words = [folded(cell) for cell in head.cells]
    if set(map(folded, MARKED)) <= set(words):
        raise AnswersError("this is a gradebook: it has marks, and no answers", source, head.line)
    if _is_without_head(head, collected.handed_out):
        head, rows = Row(head.line, ("key", "answer")), list(read.rows)
        words = ["key", "answer"]
    key, answer = (next((words.index(one) for one in some if one in words), None) for some in (KEYS, ANSWERS))
    if key is not None and answer is not None:
        who = _who(words, {key, answer})
        _check_filled(head, rows, source)
        _long(_Table(source, head, tuple(rows), who, collected), key, answer)
        return
    _wide(source, head, tuple(rows), collected)


def _is_without_head(head: Row, handed_out: HandedOut) -> bool:
    """Whether the first row is an answer to one sheet already: ``z1[1],0.41``."""
    if not handed_out.is_single or len(head.cells) != 2 or any(map(is_known, head.cells)):
        return False
    first, second = (handed_out.spellings.called(cell) for cell in head.cells)
    return bool(first) and not second


def _check_filled(head: Row, rows: Sequence[Row], source: str) -> None:
    if not rows:
        raise AnswersError("there are no answers below the first line", source, head.line)


def _who(words: Sequence[str], others: set[int]) -> _Who:
    def where(accepted: Sequence[str]) -> list[int]:
        return [n for one in accepted for n, word in enumerate(words) if word == one and n not in others]

    first, last, full = where(FIRST), where(LAST), where(FULL)
    if first and not last and full:
        last = full
    singles = [*where(IDS), *where(CODES), *where(MAILS), *full]
    return _Who(tuple(dict.fromkeys(singles)), first[0] if first else None, last[0] if last else None)


def _long(table: _Table, key: int, answer: int) -> None:
    for row, sheet in table.students():
        cells = [*map(plain_cell, row.cells), *[""] * len(table.head.cells)]
        table.collected.hand_in(sheet)
        if not cells[key] and is_blank(cells[answer]):
            continue
        if found := table.collected.keys(cells[key], table.place(row, key)):
            table.collected.put_in_block(sheet, found, cells[answer], table.place(row, answer))


def _wide(source: str, head: Row, rows: tuple[Row, ...], collected: Collected) -> None:
    spellings = collected.handed_out.spellings
    keys: dict[int, tuple[str, ...]] = {}
    for n, cell in enumerate(head.cells):
        if is_known(cell) and cell not in collected.handed_out.keys:
            continue
        if len(found := spellings.called(cell)) == 1 or (found := spellings.block(cell)):
            _check_once(keys, found, n, head, source)
            keys[n] = found
    listed_columns = {} if keys else of_platform(head)
    if listed_columns:
        keys = keys_in_text(listed_columns, spellings)
    elif not keys:
        heads = {n: cell for n, cell in enumerate(head.cells) if not is_known(cell)}
        for n, found in keys_in_heads(heads, spellings).items():
            _check_once(keys, found, n, head, source)
            keys[n] = found
    _remark_on_others(source, head, {*keys, *listed_columns}, collected, strictly=bool(keys) and not listed_columns)
    if not keys and not listed_columns:
        cells = ", ".join(quoted(cell) for cell in head.cells[:6] if cell)
        raise AnswersError(f"found {cells}, but no column of a blank; {_EXAMPLE}", source, head.line)
    _check_filled(head, rows, source)
    words = [folded(cell) for cell in head.cells]
    who = _who(words, {*keys, *listed_columns})
    table = _Table(source, head, _last_attempts(rows, words, who, collected, source), who, collected)
    if who == _NOBODY and not collected.handed_out.is_single:
        table = _with_first_column(table, {*keys, *listed_columns})
    if keys:
        for row, sheet in table.students():
            collected.hand_in(sheet)
            for n, named in keys.items():
                if n < len(row.cells):
                    collected.put_in_block(sheet, named, plain_cell(row.cells[n]), table.place(row, n))
    else:
        _in_order(table, listed_columns)


def _check_once(keys: Mapping[int, tuple[str, ...]], own: tuple[str, ...], n: int, head: Row, source: str) -> None:
    for before, other in keys.items():
        if twice := [key for key in own if key in other]:
            both = f"{quoted(head.cells[before])} and {quoted(head.cells[n])}"
            raise AnswersError(f"the columns {both} are both {twice[0]}; leave one of them out", source, head.line)


def _with_first_column(table: _Table, others: set[int]) -> _Table:
    """With the first column that is left as the one of the students, if it names one."""
    for n in range(len(table.head.cells)):
        if n in others:
            continue
        if any(n < len(row.cells) and table.handed_out.find(plain_cell(row.cells[n])) for row in table.rows):
            return _Table(table.source, table.head, table.rows, _Who((n,), None, None), table.collected)
    raise AnswersError(f"no column says whose answers these are; {_EXAMPLE}", table.source, table.head.line)


def _remark_on_others(source: str, head: Row, used: set[int], collected: Collected, *, strictly: bool) -> None:
    """Of columns that are left out it is said; one that looks like a key that has no column is an error."""
    spellings = collected.handed_out.spellings
    taken = {key for n in used for key in spellings.called(head.cells[n]) or spellings.block(head.cells[n])}
    left = []
    for n, cell in enumerate(head.cells):
        if n in used or not cell or is_known(cell) or folded(cell) in (*CODES, *ATTEMPTS):
            continue
        place = Place(source, head.line, f"column {quoted(cell)}")
        if len(several := spellings.called(cell)) > 1:
            raise place.wrong(f"this may be {listed(several, 'or')}; write the whole key")
        near = spellings.near(cell) if strictly else None
        if near and near not in taken and not collected.handed_out.knows(cell):
            raise place.wrong(f"this names nothing that is asked; did you mean {near}?")
        left.append(cell)
    if strictly and left:
        told = listed([quoted(cell) for cell in left[:6]] + ["others"] * (len(left) > 6), "and")
        asked = [cell for cell in left if collected.handed_out.knows(cell)]
        what = "is not asked on this sheet, and is" if len(left) == len(asked) == 1 else "are no blanks, and are"
        what = what if len(left) > 1 or asked else "is no blank, and is"
        collected.remarks.append(
            Place(source, head.line).remark(f"the column{'s' * (len(left) > 1)} {told} {what} left out")
        )


def _last_attempts(
    rows: tuple[Row, ...], words: Sequence[str], who: _Who, collected: Collected, source: str
) -> tuple[Row, ...]:
    """Of several attempts of one student the last, where a column numbers them."""
    column = next((words.index(one) for one in ATTEMPTS if one in words), None)
    if column is None or who == _NOBODY:
        return rows
    last: dict[tuple[str, ...], tuple[int, Row]] = {}
    for row in rows:
        cells = [*row.cells, *[""] * len(words)]
        name = tuple(cells[n] for n in (*who.words, who.first, who.last) if n is not None)
        number = int(cells[column]) if re.fullmatch(r"[0-9]{1,6}", cells[column]) else 0
        if name not in last or last[name][0] < number:
            last[name] = number, row
    kept = {row for _, row in last.values()}
    if len(kept) < len(rows):
        left = counted(len(rows) - len(kept), "earlier attempt")
        collected.remarks.append(Place(source).remark(f"of several attempts the last counts; {left} left out"))
    return tuple(row for row in rows if row in kept)


def _in_order(table: _Table, columns: Mapping[int, str]) -> None:
    """The answers of each row are those of the sheet from its first blank to its last."""
    canvas = any(columns.values())
    students = list(table.students())
    counts = {
        n: max((len(parts(row.cells[n], canvas=canvas)) for row, _ in students if n < len(row.cells)), default=1)
        for n in columns
    }
    if canvas and len(columns) == len(table.handed_out.keys):
        counts = dict.fromkeys(columns, 1)
    total = sum(counts.values())
    for row, sheet in students:
        if total != len(sheet.wanted):
            raise table.place(row).wrong(
                f"the columns of questions hold {counted(total, 'answer')}, but the sheet has "
                f"{counted(len(sheet.wanted), 'blank')}; call the columns by the keys of the blanks"
            )
        table.collected.hand_in(sheet)
        keys = iter(sheet.wanted)
        for n, count in counts.items():
            cell = row.cells[n] if n < len(row.cells) else ""
            found = parts(cell, canvas=canvas) if count > 1 else [cell]
            if len(found) != count and not is_blank(cell):
                raise table.place(row, n).wrong(f"found {counted(len(found), 'answer')}, but others have {count}")
            for text in found if len(found) == count else [""] * count:
                table.collected.put(sheet, next(keys), plain_cell(text), table.place(row, n))
    table.collected.remarks.append(
        Place(table.source).remark("the columns of questions are taken in the order of the sheet's blanks")
    )
