"""The parts of an exercise, each with a letter and a sentence that asks for it.

Forward, loss, then the slopes from the output layer to the first hidden one, those of the parameters, the update, the
network once more, and what has changed. Where the parameters of a layer are replaced before the slopes of the layers
before it are worked out, the parts stand in that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_lowercase

from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Solution
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.shown import shown_as
from handcalc.sheet.statements import in_order
from handcalc.sheet.steps import headed

ORDER = (
    "forward", "loss", "slopes of outputs", "slopes of hidden units", "slopes of parameters", "gradients", "factors",
    "update", "rerun",
)  # fmt: skip


LETTERS = "letters"
"""The part that is done in letters; the marks of its quantities are those of the numbers."""


@dataclass(frozen=True, slots=True)
class Question:
    """``b) Work out the loss``: `asks` is that sentence with its letter, `name` one of `ORDER`, or `LETTERS`."""

    asks: str
    name: str
    worked: Pass
    lines: tuple[Line, ...]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(line.quantity for line in self.lines)


def questions(solution: Solution, passes: Iterable[tuple[Pass, Sequence[Line]]]) -> list[Question]:
    """What the shown lines of each pass are asked for, part by part."""
    found: list[Question] = []
    for worked, lines in passes:
        if solution.network.task.form == "letters first" and not found:
            derived = tuple(line for line in lines if line.step.stage == "gradients")
            found.append(
                Question(lettered(0, phrase(solution.network.language, "ask letters")), LETTERS, worked, derived)
            )
        for name, group in _parts(worked, lines):
            asks = phrase(solution.network.language, f"ask {name}")
            asks = lettered(len(found), headed(solution, worked, asks))
            found.append(Question(asks, name, worked, tuple(group)))
    return found


def lettered(number: int, asks: str) -> str:
    """``a) …``, ``b) …``, after ``z) …`` comes ``aa) …``."""
    round_, place = divmod(number, len(ascii_lowercase))
    before = ascii_lowercase[round_ - 1] if round_ else ""
    return f"{before}{ascii_lowercase[place]}) {asks}"


def _parts(worked: Pass, lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    hidden, parameters = _behind_weights(worked), worked.program.page.parameters

    def part(line: Line) -> str:
        of = line.step.of
        if line.step.stage == "gradients" and worked.network.task.form == "factors":
            return "factors"
        if line.step.stage != "gradients" or of is None or worked.network.circuit is not None:
            return shown_as(line.step.stage)
        if of in parameters:
            return "slopes of parameters"
        return "slopes of hidden units" if of in hidden else "slopes of outputs"

    ordered = in_order(worked, lines)
    if worked.network.update_order != "in place":
        ordered = sorted(ordered, key=lambda line: ORDER.index(part(line)))
    for name, group in groupby(ordered, key=part):
        yield name, list(group)


def _behind_weights(worked: Pass) -> set[Quantity]:
    """What the slopes of the loss reach through a weighted sum only: everything but the output layer."""
    found: set[Quantity] = set()
    made = worked.program.made
    for step in worked.program.steps:
        vias = [path.via for path in step.paths]
        if step.of and any(q in found or isinstance(made[q].operation, WeightedSum) for q in vias if q in made):
            found.add(step.of)
    return found
