"""One ∂L/∂w as a product: the local slopes on the way from the loss to the weight, each with its value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Maths, Relation, Row, Slot
from handcalc.formula.notation import lettered, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Sum, quantities
from handcalc.formula.words import phrase, say
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.given import listed
from handcalc.sheet.parts import Answer, Part, Retold, Say, Section, Sheet, Stages, Words, Working
from handcalc.sheet.picture import Picture
from handcalc.sheet.picture_of import network_picture
from handcalc.sheet.steps import head, known_section, sheet_of, shown_passes, tell, worked_sections


@dataclass(frozen=True, slots=True)
class Excerpt(Retold):
    """Some of the stages of a line; with `answers` it works the line's quantity out, else it only says how."""

    first: int
    end: int | None = None
    answers: bool = True

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return self.line.quantities if self.answers else ()

    @property
    def traced(self) -> Stages:
        return self.line.traced[self.first : self.end]

    @property
    def remark(self) -> Words:
        return self.line.remark if self.answers else ()


def factors(solution: Solution) -> Sheet:
    """The key: the product in letters, the value of each factor, the product in numbers, and a check."""
    passes, language = shown_passes(solution), solution.network.language
    (shown,) = passes
    before = [line for line in shown.lines if line.step.stage != "gradients"]
    *parts, whole = (line for line in shown.lines if line.step.stage == "gradients")
    routes = _routes(whole.formula)
    sections = [
        *known_section(solution, shown),
        *(Section(heading, some) for heading, some in worked_sections(shown.worked, before)),
        Section(phrase(language, "as a product"), (
            Say(_about(solution, routes, whole)), Working((Excerpt(whole, 0, 1, answers=False),)),
        )),
        Section(phrase(language, "factors"), tuple(_worked(shown.worked, parts))),
        Section(phrase(language, "product"), (Working((Excerpt(whole, 1),)), *_check(solution, whole.quantity))),
    ]  # fmt: skip
    return sheet_of(solution, (head(solution, passes, picture=_picture(solution, whole.quantity)), *sections))


def _picture(solution: Solution, slope: Quantity) -> Picture | None:
    """With the ways drawn thick, where what the gradient is of is drawn."""
    if solution.network.circuit is not None:
        return None
    try:
        return network_picture(solution, path=slope, gradients=False)
    except ValueError:
        return None


def _routes(product: Formula) -> list[tuple[Quantity, ...]]:
    """The factors of each route, from the loss back."""
    return [tuple(quantities(term)) for term in (product.terms if isinstance(product, Sum) else (product,))]


def _about(solution: Solution, routes: Sequence[tuple[Quantity, ...]], whole: Line) -> Words:
    """``w changes L by way of z1, a1 and z2; each step on the way is a factor.``"""
    language, slope = solution.network.language, whole.quantity
    assert slope.of is not None, "what has factors is a gradient"
    loss = Quantity(slope.letter, slope.layer, slope.index, slope.context, shown=slope.shown)
    ways: list[str | Maths] = []
    for route in routes:
        stations = [q.of for q in reversed(route[:-1]) if q.of is not None]
        for n, q in enumerate(stations):
            ways += [(listed(solution) if n else "; " if ways else ""), Slot(q)]
    return say(language, "routes", weight=Slot(slope.of), loss=Slot(loss), ways=tuple(ways), count=len(routes))


def _worked(worked: Pass, lines: Sequence[Line]) -> Iterator[Part]:
    """The factors one by one; what is done is said where it is done first."""
    said: set[str] = set()
    some: list[Line] = []
    for line in lines:
        tell = _tell(worked, line)
        if tell and tell not in said:
            yield from [Working(tuple(some))] if some else []
            yield Say((tell,))
            said.add(tell)
            some = []
        some.append(line)
    yield Working(tuple(some))


def _tell(worked: Pass, line: Line) -> str:
    """What the slope is that a factor stands for."""
    step = line.step
    if step.of is not None:  # ∂L/∂ŷ, or a quoted ∂L/∂z
        return tell(worked, step)
    if isinstance(step.operation, WeightedSum):
        return phrase(worked.network.language, "slopes of a sum")
    return tell(worked, replace(step, of=step.target.of))


def _check(solution: Solution, slope: Quantity) -> Iterator[Part]:
    """That the backward pass comes to the same number."""
    plain = Solution(solution.network.changed(form="steps"))
    worked = plain.first
    step = worked.program.made[slope]
    value, other = solution.first.value(slope), worked.value(slope)
    if value is None or other is None:
        return
    relation, result = worked.ending(slope)
    same = not (value - other < 0 or value - other > 0)
    formula: tuple[Maths, ...] = (Relation("="), lettered(written(step.formula)))
    shown = Row((Slot(slope), *formula, relation, result))
    yield Answer(say(solution.network.language, "check agrees" if same else "check is rounded", shown=shown))
