"""What was handed out: the sheets of a pack, read back from its manifest, or the one sheet of a network file.

Nothing of the PDFs is needed for that: the manifest holds the quiz and what its open numbers are for each student, and
the solutions are worked out again, when somebody asks for them. What they give has to be what the manifest says.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from handcalc.api import solve_all
from handcalc.derive.solution import Solution
from handcalc.mark.spelling import Spellings
from handcalc.network.errors import FileError, quoted
from handcalc.network.reading import content_of
from handcalc.quiz.jobs import Job, Task, asked_of, called, solutions_of
from handcalc.quiz.names import harmless
from handcalc.quiz.progress import FORMAT, MANIFEST
from handcalc.quiz.roster import Student
from handcalc.quiz.variants import Variant
from handcalc.sheet.asked import Asked
from handcalc.sheet.several import prefixed

MOST_BYTES = 500_000_000
T = TypeVar("T")


class PackError(FileError):
    """``monday/manifest.json: found ..., ...``"""

    holder = "the manifest of a pack"


class Wanted(NamedTuple):
    """One blank: its key (with the number of the question before it, where there are several), what it is worth, the
    value as the key prints it, and what there is to choose from: the letter, the value, whether it is right."""

    key: str
    marks: int
    value: str
    options: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True)
class OneSheet:
    """The sheet of one student: what it asks, by key in the order of the sheet."""

    student: Student
    code: str
    wanted: Mapping[str, Wanted] = field(repr=False)
    level: int | None = None
    stem: str = ""
    """The name of its files, without ending."""
    work: Callable[[], Sequence[Solution]] = field(repr=False, compare=False, default=tuple)

    @property
    def key(self) -> str:
        return self.student.key

    @property
    def called(self) -> str:
        """``Ada Lovelace (1815)``, ``number 7``."""
        return called(self.student)

    @cached_property
    def solutions(self) -> tuple[Solution, ...]:
        """One for each question. Raises PackError where they don't give what the manifest says."""
        return tuple(self.work())

    @cached_property
    def questions(self) -> tuple[Asked, ...]:
        """What each question asks, in the order of `solutions`."""
        return tuple(Asked(one, self.level) for one in self.solutions)

    def by_question(self, answers: Mapping[str, T]) -> list[dict[str, T]]:
        """What is answered in each question, by the keys that its solution has."""
        if len(self.solutions) == 1:
            return [dict(answers)]
        return [
            {key[len(before) :]: answer for key, answer in answers.items() if key.startswith(before)}
            for before in (prefixed("", n) for n in range(1, len(self.solutions) + 1))
        ]


@dataclass(frozen=True)
class HandedOut:
    """The sheets of a class, in the order of the print run; `source` is where they come from, `text` the quiz or
    network file, which is called `file`."""

    source: str
    sheets: tuple[OneSheet, ...]
    file: str = ""
    text: str = field(repr=False, default="")

    @cached_property
    def by_key(self) -> Mapping[str, OneSheet]:
        return {one.key: one for one in self.sheets}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Of all blanks, in the order of the sheet; usually the same on all sheets."""
        return tuple(dict.fromkeys(key for one in self.sheets for key in one.wanted))

    @cached_property
    def spellings(self) -> Spellings:
        return Spellings(self.keys)

    @cached_property
    def by_code(self) -> Mapping[str, tuple[OneSheet, ...]]:
        """Several where few sets of numbers were dealt in turn."""
        found: dict[str, list[OneSheet]] = {}
        for one in self.sheets:
            found.setdefault(one.code, []).append(one)
        return {code: tuple(sheets) for code, sheets in found.items()}

    @property
    def is_single(self) -> bool:
        """Whether this is the one sheet of a network file, which nobody's name belongs to."""
        return len(self.sheets) == 1 and not self.sheets[0].key

    def find(self, who: str) -> tuple[OneSheet, ...]:
        """The sheets that may be meant by a key, an ID, the code of a sheet or a name; one, or none, or several."""
        if who in self.by_key:
            return (self.by_key[who],)
        for fold, table in self._tables:
            if found := table.get(fold(who)):
                return found
        return ()

    def knows(self, key: str) -> bool:
        """Whether `key` names something of these sheets that isn't asked; sheets of one pack have the same names."""
        return bool(self._unasked.called(key) or self._unasked.block(key))

    @cached_property
    def _unasked(self) -> Spellings:
        solutions = self.sheets[0].solutions
        several = len(solutions) > 1
        return Spellings(tuple(prefixed(q, n) if several else q for n, one in enumerate(solutions, 1) for q in one))

    @cached_property
    def _tables(self) -> list[tuple[Callable[[str], str], dict[str, tuple[OneSheet, ...]]]]:
        made: list[tuple[Callable[[str], str], dict[str, tuple[OneSheet, ...]]]] = []
        for fold, words in ((_stripped, _exactly), (_number, _numbers), (_folded, _words)):
            table: dict[str, dict[str, OneSheet]] = {}
            for one in self.sheets:
                for word in filter(None, map(fold, words(one))):
                    table.setdefault(word, {})[one.key] = one
            made.append((fold, {word: tuple(sheets.values()) for word, sheets in table.items()}))
        return made


def read_pack(folder: str | os.PathLike[str]) -> HandedOut:
    """The sheets of the pack in `folder`. Raises PackError where there is none that this version reads."""
    source = str(Path(folder) / MANIFEST)
    if not Path(folder).is_dir():
        raise PackError("there is no such folder; name the folder of a pack", os.fspath(folder))
    if not Path(source).is_file():
        raise PackError(
            f"this is no pack, or one that isn't finished: it has no {MANIFEST}; handcalc quiz makes one, and the same "
            "command again continues it",
            os.fspath(folder),
        )
    document = _document(source)
    records = document.get("students")
    if not isinstance(records, list) or not records:
        raise PackError("found no students; make the pack again", source, path="students")
    try:
        said = document["quiz"]
        task = Task(file=str(said["file"]), text=str(said["text"]), **document["options"])
    except (KeyError, TypeError) as error:
        raise _changed(source, "quiz, options", error) from None
    sheets = tuple(_sheet(record, task, source, n) for n, record in enumerate(records, 1))
    return HandedOut(source, sheets, task.file, task.text)


def read_sheet(file: str | os.PathLike[str], *, level: int | None = None, form: str | None = None) -> HandedOut:
    """The one sheet of a network file, with a question for each exercise in it; its student is called ""."""
    solutions = list(solve_all(file, form=form).values())
    wanted = _wanted(_asked(solutions, level))
    sheet = OneSheet(Student(""), "", wanted, level, work=lambda: solutions)
    return HandedOut(os.fspath(file), (sheet,), os.fspath(file), Path(file).read_text("utf-8-sig"))


def _document(source: str) -> dict[str, Any]:
    try:
        found = json.loads(content_of(source, MOST_BYTES, PackError))
    except (ValueError, RecursionError) as error:
        if isinstance(error, PackError):
            raise
        raise PackError("this is not JSON, so the file was changed; make the pack again", source) from None
    made = found.get("format") if isinstance(found, dict) else None
    if made != FORMAT:
        told = f"found {quoted(str(made))}" if made else "found no format"
        raise PackError(f"{told}; {quoted(FORMAT)} is accepted, which this handcalc writes", source, path="format")
    assert isinstance(found, dict)
    return found


def _sheet(record: Any, task: Task, source: str, number: int) -> OneSheet:
    try:
        student = Student(*(str(record[word]) for word in ("key", "name", "id", "group")))
        fillings = tuple({str(path): str(text) for path, text in one.items()} for one in record["fillings"])
        variant = Variant(student.key, int(record["candidate"]), str(record["code"]), fillings)
        wanted = _wanted(record["asked"])
        job = Job(task, student, variant, Path(record["files"]["sheet"]["file"]).stem)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _changed(source, f"students[{number}]", error) from None
    return OneSheet(
        student, variant.code, wanted, task.level, job.stem, lambda: _worked(job, wanted, source, f"students[{number}]")
    )


def _worked(job: Job, wanted: Mapping[str, Wanted], source: str, path: str) -> list[Solution]:
    """The solutions of a student, which give what the manifest says."""
    try:
        solutions = solutions_of(job)
    except ValueError as error:  # too few or too many fillings
        if isinstance(error, FileError):
            raise
        raise _changed(source, f"{path}.fillings", error) from None
    ours = _wanted(_asked(solutions, job.task.level))
    if ours == wanted:
        return solutions
    for key in dict.fromkeys((*ours, *wanted)):
        if key not in ours or key not in wanted:
            what = f"{key} is {'asked' if key in wanted else 'not asked'} there"
        elif ours[key].options != wanted[key].options:
            what = f"{key} has other answers to choose from there than when worked out again"
        elif ours[key] != wanted[key]:
            what = f"{key} is {quoted(wanted[key].value)} there, and {quoted(ours[key].value)} when worked out again"
        else:
            continue
        break
    raise PackError(f"{what}; the file was changed, or another version of handcalc made it", source, path=path)


def _asked(solutions: Sequence[Solution], level: int | None) -> Iterator[Mapping[str, Any]]:
    for number, one in enumerate(solutions, 1):
        yield from asked_of(one, level, number if len(solutions) > 1 else 0)


def _wanted(records: Iterable[Mapping[str, Any]]) -> dict[str, Wanted]:
    found = {}
    for one in records:
        options = tuple((str(o["letter"]), str(o["value"]), bool(o["right"])) for o in one.get("options", ()))
        found[str(one["key"])] = Wanted(str(one["key"]), int(one["marks"]), str(one["value"]), options)
    return found


def _changed(source: str, path: str, error: Exception) -> PackError:
    what = f"{quoted(str(error.args[0]))} is missing" if isinstance(error, KeyError) else "it isn't as it was written"
    return PackError(f"{what}: the file was changed; make the pack again", source, path=path)


def _exactly(sheet: OneSheet) -> tuple[str, ...]:
    return sheet.student.id, sheet.code, sheet.student.name


def _numbers(sheet: OneSheet) -> tuple[str, ...]:
    return sheet.key, sheet.student.id


def _words(sheet: OneSheet) -> tuple[str, ...]:
    return sheet.key, sheet.student.id, sheet.code, sheet.student.name, sheet.stem


def _stripped(text: str) -> str:
    return text.strip()


def _number(text: str) -> str:
    """A number without the zeros before it, which spreadsheets take away: 815 of 0815; "" of anything else."""
    text = text.strip().removesuffix(".0")
    return text.lstrip("0") if text.isascii() and text.isdigit() else ""


def _folded(text: str) -> str:
    """The words of a name in the order of the alphabet: ``ada lovelace`` of ``Lovelace, Ada``."""
    plain = unicodedata.normalize("NFKC", harmless(text)).casefold()
    return " ".join(sorted(re.findall(r"\w+", plain)))
