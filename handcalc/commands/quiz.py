"""``handcalc quiz``: a pack of sheets, one a student."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from handcalc.quiz.jobs import Task
from handcalc.quiz.pack import SAME, make_pack, planned
from handcalc.quiz.roster import numbered
from handcalc.quiz.workers import cores, in_processes


def save_pack(file: str, *, count: int | None, seed: int, same: bool, versions: int | None, out: str | None,
              jobs: int | None, force: bool, zipped: bool, **printing: object) -> None:  # fmt: skip
    task = Task(file=Path(file).name, text=Path(file).read_text("utf-8"), **printing)  # type: ignore[arg-type]
    students = numbered(count or 0)
    pack = planned(task, seed, students, versions=SAME if same else versions or 0)
    folder = Path(out or f"{Path(file).with_suffix('')}-pack")
    with _progress(len(students)) as tell:
        made = make_pack(pack, folder, in_processes(jobs or cores()), force=force, zipped=zipped, tell=tell)
    click.echo(f"{made.sheets} sheets in {folder} (seed {seed})")


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time that is left, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=length, file=sys.stderr, show_pos=True, label="sheets") as bar:
        yield lambda done: bar.update(done - bar.pos)
