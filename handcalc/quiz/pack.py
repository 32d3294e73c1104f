"""A pack: the sheets of a whole class, their keys, what is printed at once, and the manifest that the marking reads.

print.pdf      sheets/STEM-CODE.pdf     for students; printed on both sides, each begins on paper of its own
keys.pdf       keys/STEM-CODE.pdf
answers.pdf    answers/STEM-CODE.pdf
overview.html, overview.csv             for the teacher
manifest.json                           for the marking; the last that is written
pack.zip                                all of it, on request
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from itertools import cycle
from pathlib import Path
from string import ascii_uppercase
from typing import NamedTuple

from handcalc.quiz.combined import combined
from handcalc.quiz.jobs import KINDS, Job, Task, quiz_of
from handcalc.quiz.manifest import manifest
from handcalc.quiz.progress import MANIFEST, ZIP, Place, Record, fingerprint_of
from handcalc.quiz.quiz import Quiz
from handcalc.quiz.roster import Student
from handcalc.quiz.variants import Variant, variants
from handcalc.quiz.workers import Work
from handcalc.version import VERSION

COMBINED = {"sheet": "print.pdf", "key": "keys.pdf", "answers": "answers.pdf"}
"""By kind, all files of the class in one."""
SAME = 1
MOST_VERSIONS = len(ascii_uppercase)


@dataclass(frozen=True)
class Pack:
    """`versions` is how many sets of numbers there are, 0 for one a student; `jobs` are in the order of the print
    run."""

    task: Task
    seed: int
    versions: int
    jobs: tuple[Job, ...]

    @cached_property
    def fingerprint(self) -> str:
        """Of all that decides about the bytes of the pack."""
        said = {
            "handcalc": VERSION,
            "weasyprint": version("weasyprint"),
            "task": asdict(self.task),
            "seed": self.seed,
            "versions": self.versions,
            "students": [(asdict(job.student), asdict(job.variant), job.stem) for job in self.jobs],
        }
        return sha256(json.dumps(said, sort_keys=True, default=dict).encode()).hexdigest()

    @property
    def files(self) -> list[str]:
        """Every file that it may have, the manifest last."""
        return [*(file for job in self.jobs for file in job.files.values()), *COMBINED.values(), ZIP, MANIFEST]


class Summary(NamedTuple):
    """How many sheets were made now, of how many; and the pages of print.pdf."""

    made: int
    sheets: int


def planned(task: Task, seed: int, students: Sequence[Student], *, versions: int = 0) -> Pack:
    """The pack of these students, in the order of the print run; with `versions` numbers are dealt in turn."""
    drawn = dealt(quiz_of(task), seed, students, versions)
    jobs = (Job(task, *each) for each in zip(students, drawn, stems(students, drawn), strict=True))
    return Pack(task, seed, versions, tuple(jobs))


def dealt(quiz: Quiz, seed: int, students: Sequence[Student], versions: int) -> list[Variant]:
    if not versions:
        return list(variants(quiz, seed, [one.key for one in students]))
    letters = ascii_uppercase[:versions]
    drawn = variants(quiz, seed, [f"version {letter}" for letter in letters])
    if versions != SAME:
        drawn = tuple(replace(one, code=letter) for one, letter in zip(drawn, letters, strict=True))
    return [replace(one, student=student.key) for student, one in zip(students, cycle(drawn), strict=False)]


def stems(students: Sequence[Student], drawn: Sequence[Variant]) -> list[str]:
    width = len(str(len(students)))
    return [f"{student.key:0>{width}}-{one.code}" for student, one in zip(students, drawn, strict=True)]


def make_pack(
    pack: Pack,
    folder: Path,
    work: Work,
    *,
    force: bool = False,
    zipped: bool = False,
    tell: Callable[[int], None] = lambda done: None,
) -> Summary:
    """Make what is missing of a pack; `tell` is called with how many students are done.

    Whatever was there before, the folder then holds the same bytes.

    **Raises:** HandcalcError, with what is done kept, where a student's work can't be made.
    """
    place = Place(folder)
    found = place.look(pack.fingerprint, pack.files, force=force)
    if found.whole and (place.at(ZIP).exists() or not zipped):
        return Summary(0, len(pack.jobs))
    place.begin(pack.fingerprint, pack.files, found)
    records = found.records
    missing = [job for job in pack.jobs if job.student.key not in records]
    tell(len(records))
    for record in work(missing, place):
        records[record["key"]] = record
        tell(len(records))
    _finish(pack, place, [records[job.student.key] for job in pack.jobs], zipped=zipped)
    return Summary(len(missing), len(pack.jobs))


def _finish(pack: Pack, place: Place, records: Sequence[Record], *, zipped: bool) -> None:
    files: dict[str, Record] = {}
    for kind, name in COMBINED.items():
        begun = place.scratch / name
        pages = combined([place.at(one["files"][kind]["file"]) for one in records], begun)
        os.replace(begun, place.at(name))
        files[KINDS[kind]] = {"file": name, "pages": pages, "sha256": fingerprint_of(place.at(name))}
    text = manifest(
        fingerprint=pack.fingerprint,
        task=pack.task,
        seed=pack.seed,
        dealt=_how(pack),
        files=files,
        students=records,
    )
    place.finish(text)


def _how(pack: Pack) -> str:
    return {0: "each", SAME: "same"}.get(pack.versions, f"{pack.versions} versions")
