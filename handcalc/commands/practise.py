"""``handcalc practise``: a dialogue in the terminal that asks line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from shutil import get_terminal_size
from textwrap import wrap

import click

from handcalc.api import solve_all
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.mark.practise import Practice
from handcalc.quiz.quiz import read_quiz
from handcalc.quiz.variants import variants
from handcalc.render.text import WIDTH

NARROWEST = 30


def practise(file: str, *, seed: int, level: int | None, show: str | None, exercise: str | None) -> None:
    """Ask each exercise of `file`, one after the other, until all is asked or somebody ends it."""
    solutions = list(_solutions(file, seed, show, exercise))
    width = max(NARROWEST, min(WIDTH, get_terminal_size((WIDTH, 0)).columns))
    for name, solution in solutions:
        practice = Practice(solution, level, width)
        click.echo(("" if not name else f"{click.style(name, bold=True)}\n\n") + practice.opening())
        try:
            _ask(practice)
        except (click.Abort, EOFError, KeyboardInterrupt):
            practice.ended = True
            click.echo()
        click.echo(f"\n{practice.summary()}")
        if practice.ended:
            return


def _ask(practice: Practice) -> None:
    place = -1
    while not practice.is_over:
        if place != practice.place and (heading := practice.heading()):
            click.echo(f"\n{click.style(heading, bold=True)}")
        place = practice.place
        typed = click.prompt(practice.prompt(), prompt_suffix=" ", default="", show_default=False)
        if not sys.stdin.isatty():
            click.echo(typed)
        if said := practice.reply(typed):
            click.echo("\n".join(_indented(line, practice.width) for line in said.splitlines()))


def _indented(line: str, width: int) -> str:
    """A row that is too wide is several; rows with a caret below them never are."""
    return "\n".join(f"    {row}" for row in (wrap(line, width - 4) if len(line) > width - 4 else [line]))


def _solutions(file: str, seed: int, show: str | None, exercise: str | None) -> Iterator[tuple[str, Solution]]:
    """Those of a network file; of a quiz with the numbers that `seed` draws."""
    quiz = read_quiz(file)
    if not quiz.varies:
        yield from solve_all(file, show=show, form="steps", exercise=exercise).items()
        return
    (drawn,) = variants(quiz, seed, ["practise"])
    found = dict(zip((one.name for one in quiz.questions), drawn.fillings, strict=True))
    if exercise is not None and exercise not in found:
        raise HandcalcError(f"there is no exercise {exercise!r}; the file holds {', '.join(found)}")
    for one in quiz.questions:
        if exercise in (None, one.name):
            yield one.name, Solution(one.network(found[one.name]).changed(show=show, form="steps"))
