"""A pack: the sheets of a whole class, their keys, what is printed at once, and the manifest that the marking reads.

print.pdf      sheets/NAME-CODE.pdf     for students; printed on both sides, each begins on paper of its own
keys.pdf       keys/NAME-CODE.pdf
answers.pdf    answers/NAME-CODE.pdf
overview.html, overview.csv             for the teacher
manifest.json                           for the marking; the last that is written
pack.zip                                all of it, on request
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from string import ascii_uppercase
from typing import NamedTuple
from zipfile import ZipFile, ZipInfo

from handcalc.errors import HandcalcError
from handcalc.formula.words import phrase
from handcalc.network.errors import accepting, quoted
from handcalc.quiz.jobs import Job, Task, called, check_sheets, edition, make, quiz_of
from handcalc.quiz.manifest import are_alike, manifest
from handcalc.quiz.overview import Overview
from handcalc.quiz.progress import MANIFEST, ZIP, Place, Record, fingerprint_of
from handcalc.quiz.quiz import Quiz
from handcalc.quiz.report import Report
from handcalc.quiz.roster import SAME, Student, file_names
from handcalc.quiz.template import Template
from handcalc.quiz.variants import Variant, found
from handcalc.quiz.workers import Work
from handcalc.render.combined import combined
from handcalc.sheet.paper import PAPERS
from handcalc.sheet.several import prefixed
from handcalc.write import save

COMBINED = {"sheet": "print.pdf", "key": "keys.pdf", "answers": "answers.pdf"}
"""By kind, all files of the class in one."""
OVERVIEW = "overview.html", "overview.csv"
MOST_VERSIONS = len(ascii_uppercase)
Watch = Callable[[Iterator[Record], int], Iterator[Record]]
"""Goes along with so many records, and shows how many there are already."""


@dataclass(frozen=True)
class Pack:
    """`versions` is how many sets of numbers there are, 0 for one a student; `jobs` are in the order of the print run.
    `report` says what the gates have done. The teacher's spreadsheet takes `separator` between cells."""

    task: Task
    seed: int
    versions: int
    jobs: tuple[Job, ...]
    report: Report
    separator: str = ","

    @cached_property
    def fingerprint(self) -> str:
        """Of all that decides about the bytes of the pack."""
        said = {
            **edition(),
            "task": asdict(self.task),
            "seed": self.seed,
            "versions": self.versions,
            "separator": self.separator,
            "students": [(asdict(job.student), asdict(job.variant), job.stem) for job in self.jobs],
        }
        return sha256(json.dumps(said, sort_keys=True, default=dict).encode()).hexdigest()

    @property
    def files(self) -> list[str]:
        """Every file that it may have, the manifest last."""
        own = (file for job in self.jobs for file in job.files.values())
        return [*own, *COMBINED.values(), *OVERVIEW, ZIP, MANIFEST]

    def job_of(self, who: str) -> Job:
        """That of the student with this key, ID or name. Raises HandcalcError where there is none, or several."""
        keys = [job for job in self.jobs if job.student.key == who]
        found = keys or [job for job in self.jobs if who in (job.student.id, job.student.name)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(quoted(job.student.key) for job in found)
            raise HandcalcError(f"several students are called {quoted(who)}; name one by the ID: {listed}")
        known = [word for job in self.jobs for word in (job.student.key, job.student.name) if word]
        raise HandcalcError(f"there is no student {quoted(who)}{accepting(known[:12], who, known)}")


class Summary(NamedTuple):
    """`made` now, of how many sheets; how many lines of the keys were checked, and in which ways."""

    made: int
    sheets: int
    lines: int
    ways: tuple[str, ...]


def planned(
    quiz: Quiz, task: Task, seed: int, students: Sequence[Student], *, versions: int = 0, separator: str = ","
) -> Pack:
    """The pack of these students, in the order of the print run; `versions` of numbers are dealt in turn. The `task` is
    that of the `quiz`."""
    drawn, report = dealt(quiz, seed, students, versions)
    names = file_names(students)
    jobs = (
        Job(task, student, variant, f"{names[student.key]}-{variant.code}")
        for student, variant in zip(students, drawn, strict=True)
    )
    for variant in drawn[:1]:  # what is wrong with one sheet mostly is so with all, and said before any is made
        check_sheets(quiz, variant)
    return Pack(task, seed, versions, tuple(jobs), report, separator)


def dealt(quiz: Quiz, seed: int, students: Sequence[Student], versions: int) -> tuple[list[Variant], Report]:
    """A variant for each student: their own, or those of A, B, … in turn."""
    if not versions:
        own = found(quiz, seed, [one.key for one in students])
        return list(own.variants), own.report
    letters = ascii_uppercase[:versions]
    few = found(quiz, seed, [SAME] if versions == 1 else [f"version {letter}" for letter in letters])
    drawn = [
        replace(one, code=letter) if versions > 1 else one for one, letter in zip(few.variants, letters, strict=True)
    ]
    return [replace(one, student=student.key) for student, one in zip(students, cycle(drawn), strict=False)], few.report


def make_pack(
    pack: Pack,
    folder: Path,
    work: Work,
    *,
    force: bool = False,
    zipped: bool = False,
    watch: Watch = lambda records, count: records,
) -> Summary:
    """Make what is missing of a pack. Whatever was there of it before, the folder then holds the same bytes.

    **Raises:** HandcalcError, with what is done kept, where a student's work can't be made.
    """
    place = Place(folder)
    there = place.look(pack.fingerprint, pack.files, force=force)
    records, missing = there.records, [job for job in pack.jobs if job.student.key not in there.records]
    if not there.whole or (zipped and not place.at(ZIP).exists()):
        place.begin(pack.fingerprint, pack.files, there)
        for record in watch(work(missing, place), len(missing)):
            records[record["key"]] = record
        _finish(pack, place, [records[job.student.key] for job in pack.jobs], zipped=zipped)
    every = [records[job.student.key] for job in pack.jobs]
    return Summary(len(missing), len(every), *checked(every))


def make_alone(pack: Pack, folder: Path, who: str, *, force: bool = False) -> Job:
    """Make the files of one student again, with the same bytes, and nothing else."""
    job, place = pack.job_of(who), Place(folder)
    place.look(pack.fingerprint, pack.files, force=force)
    made = make(job)
    if made.refused:
        raise HandcalcError(made.refused)
    for kind, data in made.files.items():
        path = place.at(job.files[kind])
        path.parent.mkdir(parents=True, exist_ok=True)
        save(path, data)
    return job


def checked(records: Sequence[Record]) -> tuple[int, tuple[str, ...]]:
    """How many lines of the keys were checked, and in which ways."""
    checks = [check for record in records for check in record["checks"]]
    return sum(one["lines"] for one in checks), tuple(
        dict.fromkeys(way["way"] for one in checks for way in one["ways"])
    )


def _finish(pack: Pack, place: Place, records: Sequence[Record], *, zipped: bool) -> None:
    overview = _overview(pack, records)
    place.save(OVERVIEW[0], overview.html())
    place.save(OVERVIEW[1], overview.csv(pack.separator))
    for kind, name in COMBINED.items():
        parts = ((called(job.student), place.at(job.files[kind])) for job in pack.jobs)
        beside = PAPERS[pack.task.paper].copies if kind == "sheet" else 1
        whole = combined(parts, title=overview.title_of(kind), duplex=kind != "answers", beside=beside)
        place.save(name, whole)
    files = {name.partition(".")[0]: _file(place, name) for name in COMBINED.values()}
    files |= {name.replace(".", "-"): _file(place, name) for name in OVERVIEW}
    text = manifest(
        fingerprint=pack.fingerprint,
        task=pack.task,
        seed=pack.seed,
        versions=pack.versions,
        gates=pack.report.as_dict(),
        files=files,
        students=records,
    )
    if zipped:
        _save_zip(place, [name for name in pack.files if name != ZIP], text)
    place.finish(text)


def _file(place: Place, name: str) -> Record:
    return {"file": name, "sha256": fingerprint_of(place.at(name))}


def _overview(pack: Pack, records: Sequence[Record]) -> Overview:
    quiz = quiz_of(pack.task)
    network = quiz.questions[0].network(pack.jobs[0].variant.fillings[0])
    language = network.language
    facts = [
        phrase(
            language,
            {0: "pack dealt", 1: "pack dealt the same"}.get(pack.versions, "pack dealt in versions"),
            count=len(records),
            file=pack.task.file,
            seed=pack.seed,
            versions=pack.versions,
        )
    ]
    marks = {(sum(one["marks"] for one in record["asked"]), record["files"]["sheet"]["pages"]) for record in records}
    if len(marks) == 1:
        ((each, pages),) = marks
        facts.append(phrase(language, "pack marks", marks=each, pages=pages))
    facts.append(phrase(language, "pack boxes alike" if are_alike(records) else "pack boxes unalike"))
    lines, ways = checked(records)
    facts.append(phrase(language, "pack checked", lines=lines, ways=len(ways)))
    title = network.title or phrase(language, "untitled")
    return Overview(
        title,
        language,
        facts,
        tuple(pack.report.sentences(language)),
        pack.report.unseen,
        records,
        comma=network.notation.decimal == "comma",
        names=_names(quiz, pack.jobs[0].variant),
    )


def _names(quiz: Quiz, variant: Variant) -> dict[str, str]:
    """By path of a number that varies the key of what it is; both with the number of the question, of several."""
    found: dict[str, str] = {}
    for number, (question, filling) in enumerate(zip(quiz.questions, variant.fillings, strict=True), 1):
        for path, key in Template(question, filling).keys().items():
            several = len(quiz.questions) > 1
            found[prefixed(path, number) if several else path] = prefixed(key, number) if several else key
    return found


def _save_zip(place: Place, names: Sequence[str], manifest_text: str) -> None:
    """All files in the order of their names, without times, and as they are: PDFs are compressed already."""
    begun = place.scratch / ZIP
    with ZipFile(begun, "w") as archive:
        for name in sorted(names):
            entry = ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, manifest_text if name == MANIFEST else place.at(name).read_bytes())
    os.replace(begun, place.at(ZIP))
