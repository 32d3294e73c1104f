"""``handcalc sheet``: a student sheet, its key and its answers, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from handcalc.api import solve_all
from handcalc.derive.certify import CannotDecide
from handcalc.derive.functions import Impossible
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.network.errors import NetworkFileError, accepting, quoted
from handcalc.network.reading import placed
from handcalc.network.task import FORMS
from handcalc.ops import plain
from handcalc.sheet.parts import Sheet
from handcalc.sheet.student import answers, key, student_sheet
from handcalc.write import files_of_exercises, format_of, rendered, save


class Wanted(NamedTuple):
    """A file to write, and what it is made of."""

    out: str
    made: Callable[[Solution], Sheet]


def save_sheets(
    file: str,
    *,
    out: str | None,
    key: str | None,
    answers: str | None,
    level: int | None,
    form: str | None,
    no_calculator: bool,
    decimals: int | None,
    show: str | None,
    exercise: str | None,
) -> None:
    """Make what is wanted of each exercise in `file`; nothing is written until all of it is made."""
    wanted = list(_wanted(file, out, key, answers, level))
    try:
        solutions = solve_all(
            file, show=show, decimals=decimals, exercise=exercise, form=_form(form), calculator=not no_calculator
        )
    except (Impossible, CannotDecide) as error:
        raise HandcalcError(f"{file}, {error}") from None
    ready: list[tuple[str, str | bytes]] = []
    for one in wanted:
        outs = files_of_exercises(one.out, solutions) if len(solutions) > 1 else [one.out]
        for (name, solution), path in zip(solutions.items(), outs, strict=True):
            try:
                ready.append((path, rendered(one.made(solution), _format(one.out))))
            except NetworkFileError as error:
                raise placed(error, file, name) from None
    for path, made in ready:
        save(path, made)


def _wanted(file: str, out: str | None, key_: str | None, answers_: str | None, level: int | None) -> Iterator[Wanted]:
    if out is key_ is answers_ is None:
        stem = str(Path(file).with_suffix(""))
        out, key_, answers_ = (f"{stem}-{kind}.pdf" for kind in ("sheet", "key", "answers"))
    for name, made in (
        (out, lambda solution: student_sheet(solution, level)),
        (key_, key),
        (answers_, lambda solution: answers(solution, level)),
    ):
        if name is not None:
            yield Wanted(name, made)


def _format(out: str) -> str:
    found = format_of(out)
    if found == "json":
        raise HandcalcError(f"{out}: a sheet isn't written as JSON; handcalc solve FILE -o {Path(out).name} writes all")
    return found


def _form(typed: str | None) -> str | None:
    if typed is None:
        return None
    found = next((form for form in FORMS if form == plain(typed)), None)
    if found is None:
        raise HandcalcError(f"no form is called {quoted(typed)}{accepting(FORMS, typed)}")
    return found
