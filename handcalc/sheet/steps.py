"""The usual form of a key: givens, picture, working in the order of the lesson, and the last sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from handcalc.derive.page import Stage, Step
from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import quantities
from handcalc.formula.words import phrase, say, told
from handcalc.ops.join import Objective
from handcalc.ops.operation import Loss, Operation
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.circuit_drawing import circuit_drawing
from handcalc.sheet.ending import ending, predictions
from handcalc.sheet.given import conventions, givens, one_given
from handcalc.sheet.history import history
from handcalc.sheet.parts import Answer, Givens, Part, Say, Section, Sheet, Words
from handcalc.sheet.picture import Picture
from handcalc.sheet.picture_of import network_picture
from handcalc.sheet.said import layer_titles
from handcalc.sheet.shown import shown_as
from handcalc.sheet.statements import about_statements, in_order, sample_of, with_statements

Sections = Callable[[Pass, Sequence[Line]], Iterator[tuple[str, tuple[Part, ...]]]]
"""Headings, each with its parts, of the lines of a pass that are shown."""


@dataclass(frozen=True, slots=True)
class ShownPass:
    """A pass of a solution as its sheet shows it: `known` is what its lines use and nothing else says."""

    worked: Pass
    lines: tuple[Line, ...]
    known: Givens


def steps(solution: Solution) -> Sheet:
    """Everything that the network's `show` asks for, worked line by line."""
    return lesson(solution, worked_sections)


def lesson(
    solution: Solution,
    sections_of: Sections,
    together: Iterable[Section] = (),
    *,
    picture: Picture | None = None,
) -> Sheet:
    """What is given, drawn (as `picture`, if there is one), the passes as `sections_of` writes each of them, what is
    said of all `together`, and what comes of it."""
    passes = shown_passes(solution)
    sections: list[Section] = []
    for shown in passes:
        sections += known_section(solution, shown)
        for heading, parts in sections_of(shown.worked, shown.lines):
            sections.append(Section(headed(solution, shown.worked, heading), parts))
    return sheet_of(solution, (head(solution, passes, picture=picture), *sections, *together, *result(solution)))


def sheet_of(solution: Solution, sections: Sequence[Section], parts: Sequence[Part] = ()) -> Sheet:
    """A sheet with the title, the language and the notation of a solution."""
    return Sheet(title_of(solution), tuple(parts), tuple(sections), solution.network.language, solution.notation)


def title_of(solution: Solution) -> str:
    return solution.network.title or phrase(solution.network.language, "untitled")


def shown_passes(solution: Solution) -> list[ShownPass]:
    """What the network's `show` asks for, pass by pass."""
    passes: list[ShownPass] = []
    scaled: set[Quantity] = set()  # what passes so far have said of inputs and targets on their scale
    for worked in solution.passes:
        lines = [line for line in worked.lines if shown_as(line.step.stage) in solution.network.show]
        shown = tuple(line for line in lines if line.quantity not in scaled)
        passes.append(ShownPass(worked, shown, _known_before(solution, worked, shown, scaled)))
        used = {q for line in lines for q in (line.quantity, *quantities(line.formula))}
        scaled |= {step.target for step in worked.program.steps if step.stage == "scaling" and step.target in used}
    return passes


def head(solution: Solution, passes: Sequence[ShownPass], *, picture: Picture | None = None) -> Section:
    """What is given, drawn (as `picture`, if there is one), and the conventions."""
    if picture is None:
        picture = circuit_drawing(solution) if solution.network.circuit else network_picture(solution)
    every = [line for shown in passes for line in shown.lines]
    parts = (
        *givens(solution, solution.first),
        *([picture] if picture else []),
        *map(Say, conventions(solution, every)),
        *map(Say, about_statements(solution.first, passes[0].lines)),
    )
    return Section(phrase(solution.network.language, "given"), parts)


def known_section(solution: Solution, shown: ShownPass) -> Iterator[Section]:
    """What the lines of a pass use and nothing on the sheet says, if there is any."""
    if shown.known.rows:
        heading = headed(solution, shown.worked, phrase(solution.network.language, "known from before"))
        yield Section(heading, (shown.known,))


def result(solution: Solution) -> Iterator[Section]:
    """The last sentence, after what the updates have changed, if there is anything to say."""
    said, found = ending(solution), predictions(solution)
    parts = (*history(solution), *([found] if found else []), *([Answer(said)] if said else []))
    if parts:
        yield Section(phrase(solution.network.language, "result"), parts)


def headed(solution: Solution, worked: Pass, heading: str) -> str:
    """``Update 3, sample 2: forward pass`` where there are several passes."""
    if solution.updates <= 1:
        return heading
    language, update = solution.network.language, worked.turn.update + 1
    if solution.run.samples > 1:
        sample = worked.turn.sample + 1
        return phrase(language, "heading of online update", update=update, sample=sample, heading=heading)
    return phrase(language, "heading of update", update=update, heading=heading)


def _known_before(solution: Solution, worked: Pass, shown: Sequence[Line], scaled: set[Quantity]) -> Givens:
    """What the shown lines use and neither they, nor the givens, nor the pass before say."""
    number, first, update = worked.program.slots.number, worked.program.first, worked.turn.update
    named = {q for line in shown for q in quantities(line.formula)} - {line.quantity for line in shown}
    used = {number[q] for q in named}
    told = update == 0 or ("update" in solution.network.show and update - 1 in {p.turn.update for p in solution.passes})
    slots = worked.program.slots.quantities
    carried = [slot for slot in sorted(used) if slot < first and worked.typed[slot] is None and not told]
    counter = [slot for slot in used if slot < first and slots[slot].key == "t" and update]
    earlier = [slot for slot in sorted(used) if slot >= first and slots[slot] not in scaled]
    return Givens(tuple(one_given(worked, slots[slot], "") for slot in (*counter, *carried, *earlier)))


def worked_sections(worked: Pass, shown: Sequence[Line]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """Headings, each with its lines, in the order in which they are worked."""

    def place(line: Line) -> tuple[Stage, int, int | None]:
        step = line.step
        if step.stage in ("loss", "update", "scaling", "output"):
            return step.stage, 0, None
        if step.stage == "rerun" and is_loss(step.operation):
            return step.stage, -1, None
        return step.stage, sample_of(worked, line), step.layer

    language = worked.network.language
    for (stage, sample, layer), group in groupby(in_order(worked, shown), key=place):
        lines, heading = list(group), phrase(language, stage)
        if stage in ("loss", "update", "scaling", "output"):
            yield heading, tuple(told_once(worked, lines, stage))
            continue
        if stage == "rerun" and is_loss(lines[0].step.operation):
            yield phrase(language, "heading of loss", heading=heading), tuple(told_by_kind(worked, lines))
            continue
        yield heading_of(worked, stage, sample, layer), tuple(told_by_kind(worked, lines))


def heading_of(worked: Pass, stage: Stage, sample: int = 0, layer: int | None = None) -> str:
    """``Forward pass, sample 2, layer 1 (tanh)``: the sample where a pass has several, the layer of several."""
    language, heading = worked.network.language, phrase(worked.network.language, stage)
    if sample and worked.run.samples == 1:
        heading = phrase(language, "heading of sample", heading=heading, sample=sample)
    if layer and len(worked.program.page.layers) > 1:
        title = _layer_title(worked, layer)
        heading = phrase(language, "heading of layer", heading=heading, layer=layer, activation=title)
    return heading


def is_loss(operation: Operation) -> bool:
    """Whether it makes a loss, or what is added to losses."""
    return isinstance(operation, Loss | Objective) or operation.is_penalty


def _layer_title(worked: Pass, layer: int | None) -> str:
    found = next((one for one in worked.program.page.layers if one.number == layer), None)
    return ", ".join(layer_titles(found, worked.network.language)) if found else ""


def told_once(worked: Pass, lines: Sequence[Line], stage: Stage) -> Iterator[Part]:
    """Lines that one operation writes together, after a sentence that says what is done."""
    for tell, group in groupby(lines, key=lambda line: _told(worked, line.step.operation, "tell")):
        found = list(group)
        said: Words = (tell,)
        if stage == "update" and (new := next((line.quantity for line in found if not line.quantity.role), None)):
            said = (*said, " ", *say(worked.network.language, "new value", old=Slot(new.later(-1)), new=Slot(new)))
        yield Say(said)
        yield from with_statements(worked, found)


def told_by_kind(worked: Pass, lines: Sequence[Line]) -> Iterator[Part]:
    """Lines of one kind together, after a sentence that says what is done."""
    for said, group in groupby(lines, key=lambda line: tell(worked, line.step)):
        if said and lines[0].step.stage != "rerun":
            yield Say((said,))
        yield from with_statements(worked, tuple(group))


def tell(worked: Pass, step: Step) -> str:
    """How a step is worked out, in the words of the operation that it belongs to."""
    if step.stage != "gradients" or step.of is None:
        return _told(worked, step.operation, "tell")
    if not step.paths:
        return _told(worked, step.operation, "quoted_tell" if isinstance(step.operation, Loss) else "gradient_tell")
    through: Operation = worked.program.made[step.paths[0].via].operation
    if isinstance(through, WeightedSum) and step.of in worked.program.made:
        return _told(worked, through, "back_tell")
    return _told(worked, through, "gradient_tell")


def _told(worked: Pass, operation: Operation, kind: str) -> str:
    return told(worked.network.language, operation.name, kind, getattr(operation, kind))
