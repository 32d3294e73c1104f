"""``handcalc quiz``: a pack of sheets, one a student."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from handcalc.commands.sheets import form_called
from handcalc.errors import HandcalcError
from handcalc.mark.scheme_file import scheme_in
from handcalc.network.errors import listed
from handcalc.quiz.cluster import on_cluster
from handcalc.quiz.jobs import Task
from handcalc.quiz.pack import Pack, Summary, make_alone, make_pack, planned
from handcalc.quiz.progress import Record
from handcalc.quiz.quiz import read_quiz
from handcalc.quiz.roster import Roster, numbered, read_roster, spares
from handcalc.quiz.workers import cores, in_processes

INTERRUPTED = 128
"""The exit code after Ctrl-C or a request to end is this and the number of the signal."""


def save_pack(
    file: str,
    *,
    roster: str | None,
    count: int | None,
    spare: int,
    sort: str | None,
    same: bool,
    versions: int | None,
    seed: int,
    student: tuple[str, ...],
    out: str | None,
    jobs: int | None,
    scheduler: str | None,
    force: bool,
    zipped: bool,
    dry_run: bool,
    **printing: Any,
) -> None:
    """Make the pack, or the sheets of some students alone."""
    if same and versions:
        raise HandcalcError("--same is one set of numbers, and --versions several; leave one of them out")
    if scheduler and jobs:
        raise HandcalcError("--jobs is for this machine, and --scheduler for others; leave one of them out")
    quiz = read_quiz(file, vary=printing["vary"])  # what is wrong with it is said of this file
    if not same:
        quiz.check_varies()
    task = Task(
        file=Path(file).name,
        text=Path(file).read_text("utf-8-sig"),
        **{**printing, "form": form_called(printing["form"])},
    )
    scheme_in(task.text, file)  # it would be wrong when the answers are there
    found = _students(roster, count, sort)
    for remark in found.remarks:
        click.echo(f"handcalc: {roster}: {remark}", err=True)
    students = (*found.students, *spares(spare))
    asking, sets = quiz.asking(task.form, task.level), 1 if same else versions or 0
    pack = planned(asking, task, seed, students, versions=sets, separator=found.separator)
    if dry_run:
        click.echo("\n".join([f"numbers for {len(students)} sheets are found", *pack.report.sentences()]))
        return
    folder = Path(out or f"{Path(file).with_suffix('')}-pack")
    for who in student:
        job = make_alone(pack, folder, who, force=force)
        click.echo(f"{', '.join(str(folder / name) for name in job.files.values())} (seed {seed})")
    if student:
        return
    work = on_cluster(scheduler) if scheduler else in_processes(jobs or cores())
    try:
        with _ending_as_by_ctrl_c():
            made = make_pack(pack, folder, work, force=force, zipped=zipped, watch=_watched)
    except KeyboardInterrupt as stopped:
        click.echo(f"\nhandcalc: stopped; what is made is kept in {folder}, the same command continues", err=True)
        raise SystemExit(INTERRUPTED + (stopped.args or (signal.SIGINT,))[0]) from None
    click.echo(_told(made, pack, folder))


@contextmanager
def _ending_as_by_ctrl_c() -> Iterator[None]:
    """A request to end (SIGTERM) lets the workers end and what they share be freed, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return

    def stop(number: int, _: FrameType | None) -> None:
        raise KeyboardInterrupt(number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _students(roster: str | None, count: int | None, sort: str | None) -> Roster:
    if (roster is None) == (count is None):
        raise HandcalcError("name either a list of students with --roster, or with -n how many numbered sheets to make")
    if roster is None:
        if sort is not None:
            raise HandcalcError("--sort is for a roster; numbered sheets are in the order of their numbers")
        return Roster(numbered(count or 0))
    return read_roster(roster, None if sort is None else [one.strip() for one in sort.split(",") if one.strip()])


def _watched(records: Iterator[Record], count: int) -> Iterator[Record]:
    """On a terminal, with a bar and the time that is left."""
    if not sys.stderr.isatty() or not count:
        yield from records
        return
    with click.progressbar(records, length=count, file=sys.stderr, show_pos=True, label="sheets") as bar:
        yield from bar


def _told(made: Summary, pack: Pack, folder: Path) -> str:
    sheets = f"{made.sheets} sheet{'s' * (made.sheets > 1)}"
    before = made.sheets - made.made
    kept = f", {before} of them made before" if made.made and before else ", all of them made before" if before else ""
    return (
        f"{sheets} with keys in {folder} (seed {pack.seed}){kept}; "
        f"{made.lines:,} lines of the keys were worked out again ({listed(made.ways, 'and')}): all agree"
    )
