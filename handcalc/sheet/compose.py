"""The finished sheet of a solution: givens, picture, working in the order of the lesson, and the last sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from flint import fmpq

from handcalc.derive.page import Stage, Step
from handcalc.derive.solution import ABOUT, EQUALS, Line, Solution
from handcalc.derive.tape import Value, as_rational
from handcalc.formula.maths import Maths, Matrix, Row, Slot
from handcalc.formula.notation import number
from handcalc.formula.quantity import Quantity
from handcalc.ops import activations, plain
from handcalc.ops.operation import Loss, Operation
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.parts import Answer, Given, Givens, Part, Say, Section, Sheet, Words, Working
from handcalc.sheet.picture_of import activation_title, network_picture

HEADINGS: dict[Stage, str] = {
    "forward": "Forward pass",
    "loss": "Loss",
    "gradients": "Backward pass",
    "update": "Update",
    "rerun": "Run again with the new parameters",
}


def compose(solution: Solution) -> Sheet:
    """The key: everything that the network's `show` asks for, worked."""
    shown = [line for line in solution.lines if line.step.stage in solution.network.show]
    picture = network_picture(solution)
    given = Section(
        "Given", (*_givens(solution), *([picture] if picture else []), *map(Say, _conventions(solution, shown)))
    )
    known = _known_before(solution, shown)
    before = [Section("Known from before", (known,))] if known.rows else []
    sections = [section for stage in HEADINGS for section in _sections(solution, stage, shown)]
    ending = _ending(solution)
    result = [Section("Result", (Answer(ending),))] if ending else []
    return Sheet(solution.network.title or "A network by hand", (), (given, *before, *sections, *result))


def _givens(solution: Solution) -> list[Part]:
    network, page = solution.network, solution.program.page
    names = network.input_names or ("",) * len(network.inputs)
    rows = [_given(solution, ref.quantity, name) for ref, name in zip(page.inputs, names, strict=True)]
    for W, b in zip(page.weights, page.biases, strict=True):
        rows.append(_matrix(solution, [[ref.quantity for ref in row] for row in W]))
        if b:
            rows.append(_matrix(solution, [[ref.quantity] for ref in b]))
    outputs = network.layers[-1].names or ("",) * len(page.targets)
    rows += [
        _given(solution, ref.quantity, f"target {name}" if name else "target")
        for ref, name in zip(page.targets, outputs, strict=False)
    ]
    if page.rate is not None:
        rows.append(_given(solution, page.rate.quantity, "learning rate"))
    return [Givens(tuple(rows))]


def _given(solution: Solution, quantity: Quantity, name: str) -> Given:
    return Given(name, Slot(quantity), number(_operand(solution, quantity)))


def _matrix(solution: Solution, rows: Sequence[Sequence[Quantity]]) -> Given:
    first = rows[0][0]
    block = Slot(Quantity(first.letter, first.layer))
    if len(rows) == len(rows[0]) == 1:
        return Given("", Slot(first), number(_operand(solution, first)))
    return Given("", block, Matrix(tuple(tuple(number(_operand(solution, q)) for q in row) for row in rows)))


def _operand(solution: Solution, quantity: Quantity) -> str:
    return solution.printed.operand[solution.program.slots.number[quantity]]


def _conventions(solution: Solution, shown: Sequence[Line]) -> list[Words]:
    """What the sheet says once: which index is which, and how numbers are rounded."""
    said: list[Words] = []
    wide = next((W[-1][0].quantity for W in solution.program.page.weights if len(W) > 1 and len(W[0]) > 1), None)
    if wide:
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
        if any(len(text.partition(".")[2]) > decimals for text in solution.printed.decimal[solution.program.first :]):
            said.append((
                "A result that isn't 0 but would round to 0, a probability that would round to 0 or 1, or a total that "
                "would round to one of its terms, keeps "
                f"{decimals} significant figure{'s' if decimals > 1 else ''} of its distance from it.",
            ))  # fmt: skip
    return said


def _known_before(solution: Solution, shown: Sequence[Line]) -> Givens:
    """What the shown lines use and neither they nor the givens say."""
    made = {line.slot for line in shown}
    used = {slot for line in shown for slot in line.operands if slot >= solution.program.first} - made
    return Givens(tuple(_given(solution, solution.program.slots.quantities[slot], "") for slot in sorted(used)))


def _sections(solution: Solution, stage: Stage, shown: Sequence[Line]) -> Iterable[Section]:
    lines = [line for line in shown if line.step.stage == stage]
    if stage in ("loss", "update"):
        if lines:
            said: Words = (lines[0].step.operation.tell,)
            if stage == "update":
                new = lines[0].quantity
                said = (*said, " The new value of ", Slot(new.later(-1)), " is ", Slot(new), ".")
            yield Section(HEADINGS[stage], (Say(said), Working(tuple(lines))))
        return
    several = len(solution.network.layers) > 1
    for layer, group in groupby(lines, key=lambda line: line.step.layer):
        activation = activation_title(solution.network.layers[layer - 1].activation) if layer else ""
        where = f", layer {layer} ({activation})" if layer and several else ""
        if isinstance(next(iter(made := list(group))).step.operation, Loss) and stage == "rerun":
            where = ", loss"
        yield Section(HEADINGS[stage] + where, tuple(_worked(solution, made)))


def _worked(solution: Solution, lines: Sequence[Line]) -> Iterable[Part]:
    """Lines of one kind together, after a sentence that says what is done."""
    for tell, group in groupby(lines, key=lambda line: _tell(solution, line.step)):
        if tell and lines[0].step.stage != "rerun":
            yield Say((tell,))
        yield Working(tuple(group))


def _tell(solution: Solution, step: Step) -> str:
    if step.stage != "gradients" or step.of is None:
        return step.operation.tell
    if not step.paths:
        return step.operation.quoted_tell if isinstance(step.operation, Loss) else step.operation.gradient_tell
    through: Operation = solution.program.made[step.paths[0].via].operation
    if isinstance(through, WeightedSum) and step.of in solution.program.made:
        return through.back_tell
    return through.gradient_tell


def _ending(solution: Solution) -> Words:
    """What the network says, in the words of the problem, and what the step has changed."""
    shown, said = solution.network.show, []
    if "forward" in shown:
        said.append((*_prediction(solution, 0), "."))
    if "rerun" in shown:
        said.append(("After the step: ", *_prediction(solution, 1), "."))
        said.append(_loss_before_and_after(solution))
    return tuple(word for n, sentence in enumerate(said) for word in (*([" "] if n else []), *sentence))


def _prediction(solution: Solution, updates: int) -> Words:
    """``p(unwell) ≈ 0.82: unwell`` or ``price ≈ 2.31 (target 2.5)``."""
    network, page = solution.network, solution.program.page
    outputs = [ref.quantity.later(updates) if updates else ref.quantity for ref in page.outputs]
    names = network.layers[-1].names
    if page.outputs[0].quantity.letter == "p":
        return _classified(solution, outputs, names)
    said: list[str | Maths] = []
    for k, quantity in enumerate(outputs):
        said += [", " if said else "", f"{names[k]}: " if names else "", _result(solution, quantity)]
        if page.targets:
            said += [" (target ", number(_operand(solution, page.targets[k].quantity)), ")"]
    return tuple(said)


def _classified(solution: Solution, outputs: Sequence[Quantity], names: Sequence[str]) -> Words:
    """The most likely class where the outputs share one total; else a yes or no for each output."""
    values = [solution.value(q) for q in outputs]
    targets = [solution.value(ref.quantity) for ref in solution.program.page.targets]
    if not activations()[plain(solution.network.layers[-1].activation)].elementwise:
        best = max(range(len(outputs)), key=lambda k: _middle(values[k]))
        leads = all(values[best] > v for k, v in enumerate(values) if k != best)
        right = next((k for k, y in enumerate(targets) if y == 1), None)
        verdict = _class(names, best) if leads else "a tie"
        wanted = "" if right is None else f" (target: {_class(names, right)})"
        return (f"p({_class(names, best)}) ", *_digits(solution, outputs[best]), f": {verdict}{wanted}")
    said: list[str | Maths] = []
    for k, quantity in enumerate(outputs):
        target = f" (target: {_yes_or_no(names, k, targets[k])})" if targets and targets[k] in (0, 1) else ""
        shown = [f"p({names[k]}) ", *_digits(solution, quantity)] if names else [_result(solution, quantity)]
        said += [", " if said else "", *shown, f": {_yes_or_no(names, k, values[k])}{target}"]
    return tuple(said)


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


def _digits(solution: Solution, quantity: Quantity) -> Words:
    relation, digits = solution.printed.result[solution.program.slots.number[quantity]][-1]
    return (Row((EQUALS if relation == "=" else ABOUT, number(digits))),)


def _result(solution: Solution, quantity: Quantity) -> Maths:
    relation, digits = solution.printed.result[solution.program.slots.number[quantity]][-1]
    return Row((Slot(quantity), EQUALS if relation == "=" else ABOUT, number(digits)))


def _loss_before_and_after(solution: Solution) -> Words:
    loss = next(step.target for step in solution.program.steps if step.stage == "loss")
    difference = solution.value(loss.later()) - solution.value(loss)
    change = "the loss falls" if difference < 0 else "the loss rises" if difference > 0 else "the loss stays the same"
    return (_result(solution, loss), " before the step, ", _result(solution, loss.later()), f" after it: {change}.")
