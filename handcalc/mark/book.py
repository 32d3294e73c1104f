"""The marks of a class as files: everything in marks.json, a row a student in gradebook.csv.

What stands in marks.json is enough to mark all of it again: every answer as it was typed, and the scheme. So sheets of
paper can be typed one after the other, and each replaces what was there of the same student.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from flint import fmpq

from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.mark.from_csv import MARKED
from handcalc.mark.handed_out import HandedOut, OneSheet
from handcalc.mark.judged import Judged, MarkedSheet, marks_said, marks_text, sentence
from handcalc.mark.scheme import Scheme
from handcalc.mark.scheme_file import as_dict, scheme_from
from handcalc.network.errors import FileError, quoted
from handcalc.network.reading import content_of
from handcalc.quiz.roster import Student
from handcalc.quiz.spreadsheet import csv_text
from handcalc.version import VERSION
from handcalc.write import save

FORMAT = "handcalc marks, version 1"
MARKS, GRADES = "marks.json", "gradebook.csv"
MOST_BYTES = 500_000_000
Record = Mapping[str, Any]


class MarksError(FileError):
    """``marks/marks.json: found ..., ...``"""

    holder = "a file of marks"


@dataclass(frozen=True)
class Kept:
    """One student as the file has them: what was typed, by key, and whether it was typed from paper."""

    record: Record

    @property
    def key(self) -> str:
        return str(self.record["key"])

    @property
    def typed(self) -> dict[str, str]:
        return {str(one["key"]): str(one["answer"]) for one in self.record["lines"] if "answer" in one}

    @property
    def slips(self) -> dict[str, str]:
        """What differed on paper; empty of what came in files."""
        return {str(key): str(text) for key, text in self.record.get("slips", {}).items()}

    @property
    def is_paper(self) -> bool:
        return "slips" in self.record


@dataclass(frozen=True)
class Book:
    """The records of a class, in the order of the print run; `pack` is the fingerprint of what was handed out."""

    pack: str
    scheme: Scheme
    records: tuple[Record, ...]

    @cached_property
    def kept(self) -> Mapping[str, Kept]:
        return {str(one["key"]): Kept(one) for one in self.records}

    def with_sheets(self, marked: Iterable[MarkedSheet], handed_out: HandedOut) -> Book:
        """With the records of these in place of what was there of the same students."""
        found = {str(one["key"]): one for one in self.records} | {one.key: record(one) for one in marked}
        return Book(self.pack, self.scheme, in_order(found, handed_out))

    def save(self, folder: Path, handed_out: HandedOut) -> None:
        """Write both files."""
        folder.mkdir(parents=True, exist_ok=True)
        save(folder / MARKS, self.document())
        save(folder / GRADES, self.grades(handed_out))

    def document(self) -> str:
        """The text of marks.json; marks are texts, since a JSON number would pass through a float in most readers."""
        answers = [[one["key"], sorted(Kept(one).typed.items())] for one in self.records]
        head: dict[str, Any] = {
            "format": FORMAT,
            "handcalc": VERSION,
            "pack": self.pack,
            "answers": sha256(json.dumps(answers).encode()).hexdigest(),
            "scheme": as_dict(self.scheme),
        }
        lines = [f" {_json(key)}: {_json(said)}" for key, said in head.items()]
        students = ",\n".join(f"  {_json(one)}" for one in self.records)
        return "{\n" + ",\n".join([*lines, f' "students": [\n{students}\n ]']) + "\n}\n"

    def grades(self, handed_out: HandedOut) -> bytes:
        """A row a student, a column a blank; with decimal commas and ; between cells where the sheets have these."""
        comma = bool(handed_out.sheets) and handed_out.sheets[0].solutions[0].network.notation.decimal == "comma"
        head = ("student ID", "name", "group", "code", *MARKED,
                *(handed_out.spellings.shell[key] for key in handed_out.keys))  # fmt: skip
        rows = [_grades(one, handed_out.keys, comma=comma) for one in self.records]
        return csv_text([head, *rows], ";" if comma else ",")


def read_book(folder: Path, pack: str) -> Book | None:
    """The marks that lie in a folder already; None where there are none. Raises MarksError where they are of another
    pack, or were changed."""
    source = folder / MARKS
    if not source.is_file():
        return None
    try:
        found = json.loads(content_of(str(source), MOST_BYTES, MarksError))
        if found["format"] != FORMAT:
            raise MarksError(f"found {quoted(str(found['format']))}; {quoted(FORMAT)} is accepted", str(source))
        book = Book(str(found["pack"]), scheme_from(found["scheme"]), tuple(found["students"]))
        _ = [(one.typed, one.slips) for one in book.kept.values()]
    except MarksError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, HandcalcError):
        raise MarksError("the file was changed; name another folder with -o, or delete it", str(source)) from None
    if book.pack != pack:
        raise MarksError("these are the marks of another pack; name another folder with -o", str(source))
    return book


def in_order(records: Mapping[str, Record], handed_out: HandedOut) -> tuple[Record, ...]:
    """In the order of the print run; those to one sheet that all have in that of their names."""
    order = {one.key: n for n, one in enumerate(handed_out.sheets)}
    return tuple(records[key] for key in sorted(records, key=lambda key: (order.get(key, len(order)), key)))


def sheet_kept(kept: Kept, handed_out: HandedOut) -> OneSheet:
    """The sheet of somebody whose marks lie there; of one network file whoever it was."""
    if kept.key in handed_out.by_key:
        return handed_out.by_key[kept.key]
    if handed_out.is_single:
        return sheet_of(Student(kept.key, str(kept.record["name"]), str(kept.record["id"])), handed_out)
    raise MarksError(f"there is no student {quoted(kept.key)} in this pack; name another folder with -o", MARKS)


def sheet_of(student: Student, handed_out: HandedOut) -> OneSheet:
    """The one sheet of a network file as that of `student`."""
    return replace(handed_out.sheets[0], student=student)


def record(marked: MarkedSheet) -> Record:
    """All that is known of one student's answers."""
    student = marked.sheet.student
    found: dict[str, Any] = {
        "key": student.key,
        "name": student.name or marked.name,
        "id": student.id or marked.id,
        "group": student.group,
        "code": marked.sheet.code,
        "marks": marks_text(marked.marks),
        "out of": marked.out_of,
    }
    if marked.other:
        found["numbers of"] = marked.other.key
    if marked.paper:
        found["slips"] = dict(marked.slips)
    if conventions := [name for part in marked.parts for name in part.conventions]:
        found["conventions"] = conventions
    lines = [_line(part.solution, one) for part in marked.parts for one in part.lines]
    return {**found, "lines": lines}


def _line(solution: Solution, one: Judged) -> Record:
    found: dict[str, Any] = {"key": one.key, "code": one.code}
    if one.text:
        found["answer"] = one.text
    found |= {
        "marks": marks_text(one.marks),
        "out of": one.out_of,
        "expected": one.expected,
        "sentence": sentence(solution, one.said),
    }
    if one.method:
        found["for the method"] = marks_text(one.method)
    return {**found, **({"evidence": dict(one.evidence)} if one.evidence else {})}


def _grades(one: Record, keys: Sequence[str], *, comma: bool) -> tuple[object, ...]:
    lines = {line["key"]: line for line in one["lines"]}
    open_ = sum(line["code"] in ("undecided", "unreadable") for line in lines.values())
    marks = [marks_said(fmpq(*_ratio(lines[key]["marks"])), comma) if key in lines else "" for key in keys]
    total = marks_said(fmpq(*_ratio(one["marks"])), comma)
    return one["key"], one["name"], one["group"], one["code"], total, one["out of"], open_ or "", *marks


def _ratio(text: str) -> tuple[int, int]:
    return Fraction(text).as_integer_ratio()


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False)
