"""The feedback of a class as files: a PDF and an HTML page a student, made on one core or on several.

Who makes them reads the pack and marks the answers again, which takes far less time than the printing; so what is sent
to another process are texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from handcalc.errors import HandcalcError
from handcalc.mark.book import sheet_of
from handcalc.mark.feedback import feedback
from handcalc.mark.handed_out import HandedOut, read_pack, read_sheet
from handcalc.mark.judged import MarkedSheet, judge
from handcalc.mark.scheme import Scheme
from handcalc.mark.scheme_file import as_dict, scheme_from
from handcalc.quiz.names import file_names
from handcalc.quiz.roster import Student
from handcalc.quiz.workers import AHEAD, in_turn, processes
from handcalc.sheet.paper import A4, Head
from handcalc.sheet.parts import Say
from handcalc.write import Page, rendered, save


@dataclass(frozen=True, slots=True)
class Source:
    """What was handed out: the folder of a pack, or a network file with the level and form of its sheet."""

    path: str
    level: int | None = None
    form: str | None = None

    def read(self) -> HandedOut:
        if Path(self.path).is_dir():
            return read_pack(self.path)
        return read_sheet(self.path, level=self.level, form=self.form)


@dataclass(frozen=True, slots=True)
class Return:
    """One student's sheet on its way back; `stem` is the name of the two files in `folder`, without ending."""

    source: Source
    scheme: Mapping[str, object]
    student: Student
    typed: Mapping[str, str]
    folder: str
    stem: str


def hand_back(
    marked: Sequence[MarkedSheet], source: Source, scheme: Scheme, folder: Path, cores: int
) -> Iterator[MarkedSheet]:
    """Write the files of every student; each is handed on when they are there, in any order."""
    students, stems = {one.key: signed(one) for one in marked}, stems_of(marked)
    folder.mkdir(parents=True, exist_ok=True)
    if min(cores, len(marked)) < 2:
        for one in marked:
            _write(one, students[one.key], folder, stems[one.key])
            yield one
        return
    said, by_key = as_dict(scheme), {one.key: one for one in marked}
    jobs = [Return(source, said, students[one.key], one.typed, str(folder), stems[one.key]) for one in marked]
    with processes(min(cores, len(jobs))) as workers:
        try:
            for job, _ in in_turn(jobs, lambda job: workers.submit(make, job), AHEAD * cores):
                yield by_key[job.student.key]
        except BrokenProcessPool:
            raise HandcalcError("a worker process was ended from outside, perhaps for want of memory; --jobs 1 takes "
                                "the least") from None  # fmt: skip
        finally:
            workers.shutdown(wait=False, cancel_futures=True)


def stems_of(marked: Sequence[MarkedSheet]) -> dict[str, str]:
    """By key the name of each student's files, without ending."""
    names = file_names([signed(one) for one in marked])
    return {one.key: one.sheet.stem or names[one.key] for one in marked}


def left_over(marked: Sequence[MarkedSheet], folder: Path) -> list[str]:
    """The files of earlier markings in `folder`, of students who aren't among these."""
    stems = set(stems_of(marked).values())
    return sorted(one.name for one in folder.glob("*.*") if one.suffix in (".pdf", ".html") and one.stem not in stems)


def signed(marked: MarkedSheet) -> Student:
    """The student, by the name with which a nameless sheet was signed."""
    student = marked.sheet.student
    return replace(student, name=student.name or marked.name, id=student.id or marked.id)


def make(job: Return) -> None:
    """Mark one student's answers again, and write what they get back."""
    handed_out = _read(job.source)
    sheet = handed_out.by_key.get(job.student.key) or sheet_of(job.student, handed_out)
    marked = judge(sheet, job.typed, scheme_from(job.scheme))
    _write(marked, job.student, Path(job.folder), job.stem)


@lru_cache(maxsize=1)
def _read(source: Source) -> HandedOut:
    return source.read()


def _write(marked: MarkedSheet, student: Student, folder: Path, stem: str) -> None:
    sheet, code = feedback(marked), marked.sheet.code
    paper = replace(A4, head=Head(student=student.name, id=student.id, variant=code))
    save(folder / f"{stem}.pdf", rendered(sheet, "pdf", page=Page(paper)))
    who = ", ".join(filter(None, (student.name or student.key, student.id, code)))
    parts = (Say((who,)), *sheet.parts) if who else sheet.parts
    save(folder / f"{stem}.html", rendered(replace(sheet, parts=parts), "html"))
