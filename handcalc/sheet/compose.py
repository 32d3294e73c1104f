"""The finished sheet of a solution: givens, picture, working in the order of the lesson, and the last sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from flint import fmpq

from handcalc.derive.page import Stage, Step
from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Solution
from handcalc.derive.tape import Value, as_rational
from handcalc.formula.maths import Maths, Matrix, Row, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Ref, quantities
from handcalc.network import Layer
from handcalc.ops import activations, plain
from handcalc.ops.join import Objective
from handcalc.ops.operation import Loss, Operation
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.parts import Answer, Given, Givens, Part, Say, Section, Sheet, Words, Working
from handcalc.sheet.picture_of import network_picture

HEADINGS: dict[Stage, str] = {
    "scaling": "Scaling the inputs",
    "forward": "Forward pass",
    "output": "Back to the units of the problem",
    "loss": "Loss",
    "gradients": "Backward pass",
    "update": "Update",
    "rerun": "Run again with the new parameters",
}


def compose(solution: Solution) -> Sheet:
    """The key: everything that the network's `show` asks for, worked."""
    first = solution.first
    shown = [[line for line in worked.lines if shown_as(line.step.stage) in solution.network.show]
             for worked in solution.passes]  # fmt: skip
    picture = network_picture(solution)
    every = [line for lines in shown for line in lines]
    given = Section("Given", (
        Givens(tuple(_givens(solution, first))), *([picture] if picture else []),
        *map(Say, _conventions(solution, every)),
    ))  # fmt: skip
    sections: list[Section] = []
    for worked, lines in zip(solution.passes, shown, strict=True):
        before = _known_before(solution, worked, lines)
        where = _which_pass(solution, worked)
        if before.rows:
            sections.append(Section(f"{where}known from before" if where else "Known from before", (before,)))
        sections += [
            Section((where + heading[:1].lower() + heading[1:]) if where else heading, parts)
            for heading, parts in _sections(worked, lines)
        ]
    ending = _ending(solution)
    result = [Section("Result", (Answer(ending),))] if ending else []
    return Sheet(solution.network.title or "A network by hand", (), (given, *sections, *result))


def shown_as(stage: Stage) -> str:
    """The part of `show` that a stage belongs to."""
    return "forward" if stage in ("scaling", "output") else stage


def _which_pass(solution: Solution, worked: Pass) -> str:
    """``Update 3, sample 2: `` where there are several passes."""
    if solution.updates <= 1:
        return ""
    sample = f", sample {worked.turn.sample + 1}" if solution.run.samples > 1 else ""
    return f"Update {worked.turn.update + 1}{sample}: "


def _givens(solution: Solution, first: Pass) -> Iterator[Given]:
    network = solution.network
    called = {"rate": "learning rate", "counter": "number of the update", "sample weight": "weight of the sample"}
    for block in first.program.page.blocks:
        refs = block.refs
        if block.role == "state":
            continue
        if isinstance(refs, Ref):
            name = block.tell or called.get(block.role, "")
            yield _given(first, refs.quantity, name)
        elif block.role in ("input", "target"):
            names = network.input_names if block.role == "input" else network.output_names
            for ref, name in zip(refs, names or ("",) * len(refs), strict=False):
                said = name if block.role == "input" else f"target {name}".rstrip()
                yield _given(first, ref.quantity, said)
        elif isinstance(refs[0], Ref):
            yield _matrix(first, [[ref.quantity] for ref in refs], called.get(block.role, ""))
        else:
            yield _matrix(first, [[ref.quantity for ref in row] for row in refs], "")


def _given(worked: Pass, quantity: Quantity, name: str) -> Given:
    return Given(name, Slot(quantity), worked.shown(quantity))


def _matrix(worked: Pass, rows: Sequence[Sequence[Quantity]], name: str) -> Given:
    first = rows[0][0]
    block = Slot(Quantity(first.letter, first.layer, context=first.context))
    if len(rows) == len(rows[0]) == 1:
        return Given(name, Slot(first), worked.shown(first))
    return Given(name, block, Matrix(tuple(tuple(map(worked.shown, row)) for row in rows)))


def _conventions(solution: Solution, shown: Sequence[Line]) -> list[Words]:
    """What the sheet says once: which index is which, and how numbers are rounded."""
    said: list[Words] = []
    layers = solution.program.page.layers
    wide = next((W[-1][0].quantity for W in (one.weights for one in layers) if len(W) > 1 and len(W[0]) > 1), None)
    if wide and solution.network.layout == "in x out":
        i, j = wide.index
        source = "input" if wide.layer in (None, 1) else "unit"
        said.append((
            "Of the two indices of a weight the first says from which unit it comes, the second to which one it leads: ",
            Slot(wide), f" comes from {source} {i}, and leads to unit {j}.",
            " The number at the letter itself is the layer." if wide.layer else "",
        ))  # fmt: skip
    elif wide:
        j, i = wide.index
        source = "input" if wide.layer in (None, 1) else "unit"
        said.append((
            "Of the two indices of a weight the first says to which unit it leads, the second from which one: ",
            Slot(wide), f" leads to unit {j}, from {source} {i}.",
            " The number at the letter itself is the layer." if wide.layer else "",
        ))  # fmt: skip
    decimals = solution.network.decimals
    places = f"{decimals} decimal{'s' if decimals > 1 else ''}"
    if solution.network.carry == "exact":
        said.append((
            f"Carried exactly; results are rounded half up to {places}, a half away from 0. A number with an ellipsis "
            "shows the first "
            "digits of the exact number, as many as the lines that use it need: with the digits printed, each line "
            "gives its rounded result.",
        ))  # fmt: skip
        if any(line.exactly for line in shown):
            said.append((
                "Where no number of digits can decide a result, the line is written exactly; its letters stand for the "
                "exact numbers.",
            ))  # fmt: skip
    else:
        said.append((
            f"Every result is rounded half up to {places}, a half away from 0, and the rounded number is used from "
            "then on.",
        ))  # fmt: skip
        if any(
            len(text.partition(".")[2]) > decimals
            for worked in solution.passes
            for text in worked.printed.decimal[worked.program.first :]
        ):
            said.append((
                "A result that isn't 0 but would round to 0, a probability that would round to 0 or 1, or a total that "
                "would round to one of its terms, keeps "
                f"{decimals} significant figure{'s' if decimals > 1 else ''} of its distance from it.",
            ))  # fmt: skip
    return said


def _known_before(solution: Solution, worked: Pass, shown: Sequence[Line]) -> Givens:
    """What the shown lines use and neither they, nor the givens, nor the pass before say."""
    number, first, update = worked.program.slots.number, worked.program.first, worked.turn.update
    used = {number[q] for line in shown for q in quantities(line.formula)} - {number[line.quantity] for line in shown}
    told = update == 0 or ("update" in solution.network.show and update - 1 in {p.turn.update for p in solution.passes})
    slots = sorted(slot for slot in used if slot >= first or (worked.typed[slot] is None and not told))
    return Givens(tuple(_given(worked, worked.program.slots.quantities[slot], "") for slot in slots))


def _sections(worked: Pass, shown: Sequence[Line]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """Headings, each with its lines, in the order in which they are worked."""

    def place(line: Line) -> tuple[Stage, int, int | None]:
        step = line.step
        if step.stage in ("loss", "update"):
            return step.stage, 0, None
        return step.stage, step.sample, step.layer

    several = len(worked.program.page.layers) > 1
    for (stage, sample, layer), group in groupby(shown, key=place):
        lines = list(group)
        if stage in ("loss", "update"):
            yield HEADINGS[stage], tuple(_told_once(lines, stage))
            continue
        title = _layer_title(worked, layer)
        where = f", sample {sample}" if sample and worked.run.samples == 1 else ""
        where += f", layer {layer} ({title})" if layer and several else ""
        if stage == "rerun" and _is_loss(lines[0].step.operation):
            where = ", loss"
        yield HEADINGS[stage] + where, tuple(_worked(worked, lines))


def _is_loss(operation: Operation) -> bool:
    return isinstance(operation, Loss | Objective)


def _layer_title(worked: Pass, layer: int | None) -> str:
    titles = next((one.title for one in worked.program.page.layers if one.number == layer), ())
    return ", ".join(titles)


def _told_once(lines: Sequence[Line], stage: Stage) -> Iterator[Part]:
    for tell, group in groupby(lines, key=lambda line: line.step.operation.tell):
        found = list(group)
        said: Words = (tell,)
        if stage == "update":
            new = next(line.quantity for line in found if not line.quantity.role)
            said = (*said, " The new value of ", Slot(new.later(-1)), " is ", Slot(new), ".")
        yield Say(said)
        yield Working(tuple(found))


def _worked(worked: Pass, lines: Sequence[Line]) -> Iterator[Part]:
    """Lines of one kind together, after a sentence that says what is done."""
    for tell, group in groupby(lines, key=lambda line: _tell(worked, line.step)):
        if tell and lines[0].step.stage != "rerun":
            yield Say((tell,))
        yield Working(tuple(group))


def _tell(worked: Pass, step: Step) -> str:
    if step.stage != "gradients" or step.of is None:
        return step.operation.tell
    if not step.paths:
        return step.operation.quoted_tell if isinstance(step.operation, Loss) else step.operation.gradient_tell
    through: Operation = worked.program.made[step.paths[0].via].operation
    if isinstance(through, WeightedSum) and step.of in worked.program.made:
        return through.back_tell
    return through.gradient_tell


def _ending(solution: Solution) -> Words:
    """What the network says, in the words of the problem, and what the steps have changed."""
    shown, said, last = solution.network.show, [], solution.passes[-1]
    if "forward" in shown and solution.program.page.outputs:
        said += [(*_prediction(solution, solution.first, k, 0), ".") for k in range(len(solution.program.page.outputs))]
    if last.turn.again:
        times = f"{solution.updates:,} updates" if solution.updates > 1 else "the step"
        said += [
            (f"After {times}: ", *_prediction(solution, last, k, 1), ".") for k in range(len(last.program.page.outputs))
        ]
        said.append(_loss_before_and_after(solution.first, last, "step" if solution.updates == 1 else "updates"))
    return tuple(word for n, sentence in enumerate(said) for word in (*([" "] if n else []), *sentence))


def _prediction(solution: Solution, worked: Pass, k: int, later: int) -> Words:
    """``p(unwell) ≈ 0.82: unwell`` or ``price ≈ 2.31 (target 2.5)``, of sample k."""
    network, page = solution.network, worked.program.page
    outputs = [ref.quantity.later(later) if later else ref.quantity for ref in page.outputs[k]]
    targets = [ref.quantity for ref in page.targets[k]] if page.targets else []
    names = network.output_names
    if outputs[0].letter == "p":
        return _classified(solution, worked, outputs, targets)
    said: list[str | Maths] = []
    for n, quantity in enumerate(outputs):
        said += [", " if said else "", f"{names[n]}: " if names else "", _result(worked, quantity)]
        if targets:
            said += [" (target ", worked.shown(targets[n]), ")"]
    return tuple(said)


def _classified(solution: Solution, worked: Pass, outputs: Sequence[Quantity], wanted: Sequence[Quantity]) -> Words:
    """The most likely class where the outputs share one total; else a yes or no for each output."""
    names = solution.network.output_names
    values = [worked.value(q) for q in outputs]
    targets = [worked.value(q) for q in wanted]
    if _share_a_total(solution):
        best = max(range(len(outputs)), key=lambda k: _middle(values[k]))
        leads = all(values[best] > v for k, v in enumerate(values) if k != best)
        right = next((k for k, y in enumerate(targets) if y == 1), None)
        verdict = _class(names, best) if leads else "a tie"
        target = "" if right is None else f" (target: {_class(names, right)})"
        return (f"p({_class(names, best)}) ", *_digits(worked, outputs[best]), f": {verdict}{target}")
    said: list[str | Maths] = []
    for k, quantity in enumerate(outputs):
        target = f" (target: {_yes_or_no(names, k, targets[k])})" if targets and targets[k] in (0, 1) else ""
        shown = [f"p({names[k]}) ", *_digits(worked, quantity)] if names else [_result(worked, quantity)]
        said += [", " if said else "", *shown, f": {_yes_or_no(names, k, values[k])}{target}"]
    return tuple(said)


def _share_a_total(solution: Solution) -> bool:
    layers = solution.network.layers
    last = layers[-1] if layers else None
    kinds = [activations()[plain(one.name)] for one in last.activations] if isinstance(last, Layer) else []
    return any(not kind.elementwise for kind in kinds) or (not layers and len(solution.program.page.inputs) > 1)


def _middle(value: Value) -> Value:
    """Something that compares: a rational, or the middle of a ball."""
    return value if isinstance(value, fmpq) else as_rational(value.mid())


def _class(names: Sequence[str], k: int) -> str:
    return names[k] if names else f"class {k + 1}"


def _yes_or_no(names: Sequence[str], k: int, value: Value) -> str:
    half = fmpq(1, 2)
    if names:
        return names[k] if value > half else f"not {names[k]}" if value < half else "undecided"
    return "class 1" if value > half else "class 0" if value < half else "undecided"


def _digits(worked: Pass, quantity: Quantity) -> Words:
    return (Row(worked.ending(quantity)),)


def _result(worked: Pass, quantity: Quantity) -> Maths:
    return Row((Slot(quantity), *worked.ending(quantity)))


def _loss_before_and_after(first: Pass, last: Pass, what: str) -> Words:
    objective = first.program.page.objective
    assert objective is not None, "a pass that runs again has a loss"
    before, after = objective.quantity, last.program.page.objective.quantity.later()  # type: ignore[union-attr]
    difference = last.value(after) - first.value(before)
    change = "the loss falls" if difference < 0 else "the loss rises" if difference > 0 else "the loss stays the same"
    return (
        _result(first, before),
        f" before the {what}, ",
        _result(last, after),
        f" after {'it' if what == 'step' else 'them'}: {change}.",
    )
