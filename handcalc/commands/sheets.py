"""``handcalc sheet``: a student sheet, its key and its answers, all of them or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
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
from handcalc.sheet.board import Reveal, board, pocket
from handcalc.sheet.paper import BOARD, LARGE, PAPERS, Head
from handcalc.sheet.parts import Sheet
from handcalc.sheet.student import answers, key, student_sheet
from handcalc.write import Page, files_of_exercises, format_of, rendered, save


class Wanted(NamedTuple):
    """A file to write, what it is made of, and how it is printed."""

    out: str
    made: Callable[[Solution], Sheet]
    page: Page


def save_sheets(
    file: str,
    *,
    out: str | None,
    key: str | None,
    answers: str | None,
    level: int | None,
    form: str | None,
    no_calculator: bool,
    formulas: bool,
    decimals: int | None,
    show: str | None,
    exercise: str | None,
    paper: str,
    large: bool,
    variant: str,
    date: str,
    fields: bool,
    tagged: bool,
) -> None:
    """Make what is wanted of each exercise in `file`; nothing is written until all of it is made."""
    outs = (out, key, answers)
    said = {"--paper": paper != "a4", "--large": large, "--fields": fields, "--tagged": tagged,
            "--variant": variant, "--date": date}  # fmt: skip
    _check_for_pdf(outs, [option for option, given in said.items() if given])
    chosen = replace(PAPERS[paper], type=LARGE) if large else PAPERS[paper]
    chosen = replace(chosen, head=Head(variant=variant, date=date))
    named = replace(chosen, head=replace(chosen.head, name=True))
    whole = replace(PAPERS[paper.removeprefix("half-")], type=chosen.type, head=chosen.head)
    pages = Page(named, fields, tagged), Page(whole, tagged=tagged)
    _save(file, list(_wanted(file, outs, level, *pages)), show=show, decimals=decimals,
          exercise=exercise, form=form, calculator=not no_calculator, formulas=formulas)  # fmt: skip


def save_board(
    file: str, *, out: str | None, key: str | None, reveal: Reveal, show: str | None, decimals: int | None,
    exercise: str | None,
) -> None:  # fmt: skip
    """A board of each exercise in `file`, and what to have at hand beside it."""
    out = out or f"{Path(file).with_suffix('')}-board.pdf"
    key = key or str(Path(out).with_name(f"{Path(out).stem}-key{Path(out).suffix}"))
    wanted = [
        Wanted(out, lambda solution: board(solution, reveal), Page(BOARD)),
        Wanted(key, lambda solution: pocket(solution, side_by_side=_is_pdf(key)), Page(on_one=True)),
    ]
    _save(file, wanted, show=show, decimals=decimals, exercise=exercise)


def _save(
    file: str,
    wanted: list[Wanted],
    *,
    show: str | None,
    decimals: int | None,
    exercise: str | None,
    form: str | None = None,
    calculator: bool = True,
    formulas: bool = False,
) -> None:
    _check_different([one.out for one in wanted])
    try:
        solutions = solve_all(
            file,
            show=show,
            decimals=decimals,
            exercise=exercise,
            form=form_called(form),
            calculator=calculator,
            formulas=formulas,
        )
    except (Impossible, CannotDecide) as error:
        raise HandcalcError(f"{file}, {error}") from None
    ready: list[tuple[str, str | bytes]] = []
    for one in wanted:
        outs = files_of_exercises(one.out, solutions) if len(solutions) > 1 else [one.out]
        for (name, solution), path in zip(solutions.items(), outs, strict=True):
            try:
                ready.append((path, rendered(one.made(solution), _format(one.out), page=one.page)))
            except NetworkFileError as error:
                raise placed(error, file, name) from None
    for path, made in ready:
        save(path, made)


def _wanted(
    file: str, outs: tuple[str | None, ...], level: int | None, for_students: Page, for_teachers: Page
) -> Iterator[Wanted]:
    if not any(outs):
        stem = str(Path(file).with_suffix(""))
        outs = tuple(f"{stem}-{kind}.pdf" for kind in ("sheet", "key", "answers"))
    made: tuple[tuple[Callable[[Solution], Sheet], Page], ...] = (
        (lambda solution: student_sheet(solution, level), for_students),
        (key, for_teachers),
        (
            lambda solution: answers(solution, level, side_by_side=_is_pdf(outs[2])),
            for_teachers._replace(on_one=True),
        ),
    )
    for out, (one, page) in zip(outs, made, strict=True):
        if out is not None:
            yield Wanted(out, one, page)


def _is_pdf(out: str | None) -> bool:
    return out is not None and format_of(out) == "pdf"


def _check_for_pdf(outs: Sequence[str | None], options: Sequence[str]) -> None:
    other = next((out for out in outs if out and options and format_of(out) != "pdf"), None)
    if other is not None:
        raise HandcalcError(f"{other}: {options[0]} is for PDF; name a file that ends in .pdf, or leave it out")


def _check_different(outs: Sequence[str]) -> None:
    met: dict[str, str] = {}
    for out in outs:
        if (twice := met.setdefault(os.path.realpath(out), out)) is not out:
            raise HandcalcError(f"{out}: two things can't go into one file" + (f" ({twice})" if twice != out else ""))


def _format(out: str) -> str:
    found = format_of(out)
    if found == "json":
        raise HandcalcError(f"{out}: a sheet isn't written as JSON; handcalc solve FILE -o {Path(out).name} writes all")
    return found


def form_called(typed: str | None) -> str | None:
    """The form that `typed` names. Raises HandcalcError where there is none."""
    if typed is None:
        return None
    found = next((form for form in FORMS if form == plain(typed)), None)
    if found is None:
        raise HandcalcError(f"no form is called {quoted(typed)}{accepting(FORMS, typed)}")
    return found
