"""The work of one student: a pure function of the quiz, the student and the numbers, wherever it is done.

task      what all students share: the quiz's text and how it is printed
job       a task, a student, and the numbers drawn for them
made      the job done: three files and the record of them
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from handcalc.derive.solution import Rooms, Solution
from handcalc.errors import HandcalcError
from handcalc.formula.notation import untraced
from handcalc.network import NetworkFileError
from handcalc.quiz.agreement import Record
from handcalc.quiz.quiz import Quiz, Vary, read_quiz_text
from handcalc.quiz.rooms import rooms
from handcalc.quiz.roster import Student
from handcalc.quiz.variants import Variant
from handcalc.quiz.verify import verify
from handcalc.render.text import plain
from handcalc.sheet.asked import Asked
from handcalc.sheet.choices import Option, options
from handcalc.sheet.paper import LARGE, PAPERS, Head, Paper
from handcalc.sheet.several import answer_lists, keys, prefixed, student_sheets
from handcalc.sheet.steps import title_of
from handcalc.sheet.student import expected, student_sheet
from handcalc.version import VERSION

if TYPE_CHECKING:
    from handcalc.render.press import Blank, Printed

KINDS = {"sheet": "sheets", "key": "keys", "answers": "answers"}
"""The files of a student, by the folder they lie in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What all students share; `file` is the name of the quiz's file, `text` all of it."""

    file: str
    text: str
    vary: Vary | None = None
    level: int | None = None
    form: str | None = None
    paper: str = "a4"
    large: bool = False
    fields: bool = False
    tagged: bool = False
    date: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """`stem` is the name of the student's files, without ending and folder."""

    task: Task
    student: Student
    variant: Variant
    stem: str

    @property
    def files(self) -> dict[str, str]:
        """By kind, from the pack's folder: ``{"sheet": "sheets/07-K7Q2.pdf", …}``."""
        return {kind: f"{folder}/{self.stem}.pdf" for kind, folder in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Made:
    """`files` by kind; `refused` is the message in place of them where a student's work can't be made or is wrong."""

    record: Mapping[str, Any]
    files: Mapping[str, bytes]
    refused: str = ""


def make(job: Job) -> Made:
    """The files of a student and the record of them: the same bytes for the same job, in every process and place."""
    try:
        solutions = solutions_of(job)
        checks = [verify(one) for one in solutions]
        if wrong := _disagreement(checks):
            return Made({}, {}, f"the key of {called(job.student)} doesn't agree with the independent check: {wrong}")
        printed = {kind: _printed(job, kind, solutions) for kind in KINDS}
    except HandcalcError as error:  # one of a worker's own doesn't always come back as it was raised
        return Made({}, {}, f"the sheet of {called(job.student)}: {_at_its_place(error, job)}")
    return Made(_record(job, solutions, checks, printed), {kind: one.data for kind, one in printed.items()})


def _at_its_place(error: HandcalcError, job: Job) -> HandcalcError:
    try:
        check_sheets(quiz_of(job.task), job.variant)
    except NetworkFileError as placed:
        return placed
    return error


def _disagreement(checks: Sequence[Record]) -> str:
    """The first one, in words; "" where there is none."""
    for number, one in enumerate(checks, 1):
        for wrong in one.disagreements:
            return (
                f"{prefixed(wrong.key, number) if len(checks) > 1 else wrong.key} is printed as {wrong.printed}, "
                f"in {wrong.way} it is {wrong.found}. "
                "No pack is written; please report it, with the file and the command"
            )
    return ""


def edition() -> dict[str, str]:
    """What the bytes of a job hang on beside itself: with other versions of these they may differ."""
    return {"handcalc": VERSION, "weasyprint": version("weasyprint")}


def called(student: Student) -> str:
    """``Ada Lovelace (1815)``, ``number 7``"""
    if not student.name:
        return f"number {student.key}"
    return student.name if student.key == student.name else f"{student.name} ({student.key})"


@lru_cache(maxsize=4)
def quiz_of(task: Task) -> Quiz:
    return read_quiz_text(task.text, task.file, vary=task.vary).asking(task.form, task.level)


@lru_cache(maxsize=4)
def _rooms_of(task: Task) -> tuple[Rooms, ...]:
    return tuple(rooms(one, task.level) for one in quiz_of(task).questions)


def solutions_of(job: Job) -> list[Solution]:
    """One for each question of the quiz."""
    questions = zip(quiz_of(job.task).questions, job.variant.fillings, _rooms_of(job.task), strict=True)
    return [Solution(one.network(filling)).with_rooms(room) for one, filling, room in questions]


def check_sheets(quiz: Quiz, variant: Variant) -> None:
    """Raises NetworkFileError, with the line, where what the file says of the sheet of a question can't be."""
    for question, filling in zip(quiz.questions, variant.fillings, strict=True):
        with question.at_its_place():
            student_sheet(Solution(question.network(filling)), quiz.level)


def _printed(job: Job, kind: str, solutions: Sequence[Solution]) -> Printed:
    from handcalc.render.pdf import one_page, pages

    task, title, paper = job.task, title_of(solutions[0]), _paper(job, kind)
    questions = [(one.name, solution) for one, solution in zip(quiz_of(task).questions, solutions, strict=True)]
    match kind:
        case "sheet":
            return pages(student_sheets(questions, title, task.level), paper, fields=task.fields, tagged=task.tagged)
        case "key":
            return pages(keys(questions, title, task.level), paper, tagged=task.tagged)
    return one_page(answer_lists(questions, title, task.level), paper, tagged=task.tagged)


def _paper(job: Job, kind: str) -> Paper:
    for_student = kind == "sheet"
    paper = PAPERS[job.task.paper if for_student else job.task.paper.removeprefix("half-")]
    head = Head(
        name=for_student,
        student=job.student.name,
        id=job.student.id,
        variant=job.variant.code,
        date=job.task.date,
        code=f"handcalc {job.variant.code}" if for_student else "",
    )
    return replace(paper, head=head, type=LARGE if job.task.large else paper.type, copies=1)


def _record(
    job: Job, solutions: Sequence[Solution], checks: Sequence[Record], printed: Mapping[str, Printed]
) -> dict[str, Any]:
    student, variant = job.student, job.variant
    return {
        "key": student.key,
        "name": student.name,
        "id": student.id,
        "group": student.group,
        "code": variant.code,
        "candidate": variant.number,
        "fillings": [dict(one) for one in variant.fillings],
        "files": {
            kind: {"file": job.files[kind], "pages": one.pages, "sha256": sha256(one.data).hexdigest()}
            for kind, one in printed.items()
        },
        "asked": [
            one
            for number, solution in enumerate(solutions, 1)
            for one in asked_of(solution, job.task.level, number if len(solutions) > 1 else 0)
        ],
        "checks": [one.as_dict() for one in checks],
        "boxes": [_box(box) for box in printed["sheet"].blanks],
    }


def asked_of(solution: Solution, level: int | None, question: int = 0) -> list[dict[str, Any]]:
    """What is to be written, in the order of the sheet: key, marks, the value as printed, what is accepted, as printed
    (`from`, `to`) and exactly (`least`, `most`), and the options to choose from; `question` is its number where there
    are several.
    """
    chosen, found = Asked(solution, level).chosen, []
    for quantity, _, value, span in expected(solution, chosen):
        key = prefixed(quantity.key, question) if question else quantity.key
        one = {"key": key, "marks": chosen[quantity], "value": plain(untraced(value)).replace("−", "-")}
        if solution.network.task.form == "multiple choice":
            one["options"] = [_option(option) for option in options(solution, quantity)]
        if span:
            one |= {"from": span.low, "to": span.high, "least": str(span.least), "most": str(span.most)}
        found.append(one)
    return found


def _box(box: Blank) -> dict[str, Any]:
    """Where something is to be written; the letter only of a box to tick."""
    return {name: said for name, said in box._asdict().items() if said != ""}


def _option(option: Option) -> dict[str, Any]:
    """``{"letter": "B", "value": "0.41", "right": False, "mistake": "bias-left-out", "at": "z1[1]"}``"""
    slip = {"mistake": option.code, "at": option.slip.quantity.key} if option.slip else {}
    return {"letter": option.letter, "value": option.text, "right": option.right, **slip}
