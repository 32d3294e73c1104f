"""The finished sheet of a solution: givens, picture, working in the order of the lesson, and the last sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from flint import fmpq

from handcalc.derive.page import Stage, Step
from handcalc.derive.solution import ABOUT, EQUALS, Line, Solution
from handcalc.derive.tape import Value, as_rational
from handcalc.formula.look import is_delta
from handcalc.formula.maths import Maths, Matrix, Row, Slot
from handcalc.formula.notation import number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import functions
from handcalc.formula.words import phrase, say, told
from handcalc.ops import activations, plain
from handcalc.ops.operation import Loss, Operation
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.parts import Answer, Given, Givens, Part, Say, Section, Sheet, Words, Working
from handcalc.sheet.picture_of import activation_title, network_picture

STAGES: tuple[Stage, ...] = ("forward", "loss", "gradients", "update", "rerun")
"""In the order of the lesson; each has its heading in the table of words."""


def compose(solution: Solution) -> Sheet:
    """The key: everything that the network's `show` asks for, worked."""
    language = solution.network.language
    shown = [line for line in solution.lines if line.step.stage in solution.network.show]
    picture = network_picture(solution)
    given = Section(
        phrase(language, "given"),
        (*_givens(solution), *([picture] if picture else []), *map(Say, _conventions(solution, shown))),
    )
    known = _known_before(solution, shown)
    before = [Section(phrase(language, "known from before"), (known,))] if known.rows else []
    sections = [section for stage in STAGES for section in _sections(solution, stage, shown)]
    ending = _ending(solution)
    result = [Section(phrase(language, "result"), (Answer(ending),))] if ending else []
    title = solution.network.title or phrase(language, "untitled")
    return Sheet(title, (), (given, *before, *sections, *result), language, solution.notation)


def _givens(solution: Solution) -> list[Part]:
    network, page = solution.network, solution.program.page
    language = network.language
    names = network.input_names or ("",) * len(network.inputs)
    rows = [_given(solution, ref.quantity, name) for ref, name in zip(page.inputs, names, strict=True)]
    for W, b in zip(page.weights, page.biases, strict=True):
        rows += _block(solution, [[ref.quantity for ref in row] for row in W])
        if b:
            rows += _block(solution, [[ref.quantity] for ref in b])
    outputs = network.layers[-1].names or ("",) * len(page.targets)
    rows += [
        _given(
            solution, ref.quantity, phrase(language, "target named", name=name) if name else phrase(language, "target")
        )
        for ref, name in zip(page.targets, outputs, strict=False)
    ]
    if page.rate is not None:
        rows.append(_given(solution, page.rate.quantity, phrase(language, "learning rate")))
    return [Givens(tuple(rows))]


def _given(solution: Solution, quantity: Quantity, name: str) -> Given:
    return Given(name, Slot(quantity), number(_operand(solution, quantity)))


def _block(solution: Solution, rows: Sequence[Sequence[Quantity]]) -> list[Given]:
    """A matrix, or one given for each of its numbers where they have names of their own (w₁, w₂, …)."""
    first = rows[0][0]
    block = Slot(Quantity(first.letter, first.layer))
    if len(rows) == len(rows[0]) == 1 or any(q.key in solution.notation.names for row in rows for q in row):
        return [_given(solution, q, "") for row in rows for q in row]
    return [Given("", block, Matrix(tuple(tuple(number(_operand(solution, q)) for q in row) for row in rows)))]


def _operand(solution: Solution, quantity: Quantity) -> str:
    return solution.printed.operand[solution.program.slots.number[quantity]]


def _conventions(solution: Solution, shown: Sequence[Line]) -> list[Words]:
    """What the sheet says once: which index is which, what letters mean, and how numbers are rounded."""
    language, decimals = solution.network.language, solution.network.decimals
    said = [*_about_weights(solution), *_about_gradients(solution, shown)]
    if solution.notation.log == "log" and any("ln" in functions(line.formula) for line in shown):
        said.append(say(language, "log"))
    if solution.network.carry == "exact":
        said.append(say(language, "carried exactly", decimals=decimals))
        if any(line.exactly for line in shown):
            said.append(say(language, "exact lines"))
    else:
        said.append(say(language, "carried rounded", decimals=decimals))
        if any(len(text.partition(".")[2]) > decimals for text in solution.printed.decimal[solution.program.first :]):
            said.append(say(language, "kept figures", decimals=decimals))
    return said


def _about_weights(solution: Solution) -> Iterable[Words]:
    """Which index of a weight is which, or how weights are numbered."""
    language, notation, weights = solution.network.language, solution.notation, solution.program.page.weights
    matrices = (W[-1][0].quantity for W in weights if len(W) > 1 and len(W[0]) > 1)
    wide = next((q for q in matrices if q.key not in notation.names), None)
    match notation.layers:
        case "plain":
            first, last = Slot(weights[0][0][0].quantity), Slot(weights[-1][-1][-1].quantity)
            yield say(language, "numbered plain", first=first, last=last)
        case "throughout":
            yield say(language, "numbered throughout")
        case _ if wide:
            to, start = wide.index if notation.indices == "to, from" else reversed(wide.index)
            source = phrase(language, "input" if wide.layer in (None, 1) else "unit")
            sentence = f"indices {notation.indices}"
            said = say(language, sentence, weight=Slot(wide), to=to, start=start, source=source)
            numbered = wide.layer and f"{wide.letter}{wide.layer}" not in notation.names
            yield (*said, " ", *say(language, "layer at the letter")) if numbered else said


def _about_gradients(solution: Solution, shown: Sequence[Line]) -> Iterable[Words]:
    """What δ is, and which sign errors have, where that isn't the usual."""
    language, notation = solution.network.language, solution.notation
    slopes = [line.quantity for line in shown if line.quantity.of and line.quantity.role != "state"]
    if found := next((q for q in slopes if q.of and is_delta(q, notation)), None):
        sentence = "delta" if found.role == "gradient" else "minus delta"
        yield say(language, sentence, delta=Slot(found), sum=Slot(found.of or found))
    if minus := next((q for q in slopes if q.role == "minus gradient" and not is_delta(q, notation)), None):
        yield say(language, "minus gradients", slope=Slot(minus))


def _known_before(solution: Solution, shown: Sequence[Line]) -> Givens:
    """What the shown lines use and neither they nor the givens say."""
    made = {line.slot for line in shown}
    used = {slot for line in shown for slot in line.operands if slot >= solution.program.first} - made
    return Givens(tuple(_given(solution, solution.program.slots.quantities[slot], "") for slot in sorted(used)))


def _sections(solution: Solution, stage: Stage, shown: Sequence[Line]) -> Iterable[Section]:
    lines = [line for line in shown if line.step.stage == stage]
    language = solution.network.language
    heading = phrase(language, stage)
    if stage in ("loss", "update"):
        if lines:
            said: Words = (_told(solution, lines[0].step.operation, "tell"),)
            if stage == "update":
                new = lines[0].quantity
                said = (*said, " ", *say(language, "new value", old=Slot(new.later(-1)), new=Slot(new)))
            yield Section(heading, (Say(said), Working(tuple(lines))))
        return
    several = len(solution.network.layers) > 1
    for layer, group in groupby(lines, key=lambda line: line.step.layer):
        made, whole = list(group), heading
        if layer and several:
            activation = activation_title(solution.network.layers[layer - 1].activation, language)
            whole = phrase(language, "heading of layer", heading=heading, layer=layer, activation=activation)
        if isinstance(made[0].step.operation, Loss) and stage == "rerun":
            whole = phrase(language, "heading of loss", heading=heading)
        yield Section(whole, tuple(_worked(solution, made)))


def _worked(solution: Solution, lines: Sequence[Line]) -> Iterable[Part]:
    """Lines of one kind together, after a sentence that says what is done."""
    for tell, group in groupby(lines, key=lambda line: _tell(solution, line.step)):
        if tell and lines[0].step.stage != "rerun":
            yield Say((tell,))
        yield Working(tuple(group))


def _tell(solution: Solution, step: Step) -> str:
    if step.stage != "gradients" or step.of is None:
        return _told(solution, step.operation, "tell")
    if not step.paths:
        return _told(solution, step.operation, "quoted_tell" if isinstance(step.operation, Loss) else "gradient_tell")
    through: Operation = solution.program.made[step.paths[0].via].operation
    if isinstance(through, WeightedSum) and step.of in solution.program.made:
        return _told(solution, through, "back_tell")
    return _told(solution, through, "gradient_tell")


def _told(solution: Solution, operation: Operation, kind: str) -> str:
    return told(solution.network.language, operation.name, kind, getattr(operation, kind))


def _ending(solution: Solution) -> Words:
    """What the network says, in the words of the problem, and what the step has changed."""
    shown, language = solution.network.show, solution.network.language
    said: list[Words] = []
    if "forward" in shown:
        said.append(say(language, "prediction", prediction=_prediction(solution, 0)))
    if "rerun" in shown:
        said.append(say(language, "prediction after", prediction=_prediction(solution, 1)))
        said.append(_loss_before_and_after(solution))
    return _joined(said, " ")


def _joined(said: Iterable[Words], between: str) -> Words:
    return tuple(word for n, words in enumerate(said) for word in (*([between] if n else []), *words))


def _prediction(solution: Solution, updates: int) -> Words:
    """``p(unwell) ≈ 0.82: unwell`` or ``price ≈ 2.31 (target 2.5)``."""
    network, page = solution.network, solution.program.page
    language = network.language
    outputs = [ref.quantity.later(updates) if updates else ref.quantity for ref in page.outputs]
    names = network.layers[-1].names
    if page.outputs[0].quantity.letter == "p":
        return _classified(solution, outputs, names)
    said: list[Words] = []
    for k, quantity in enumerate(outputs):
        one: Words = (_result(solution, quantity),)
        if names:
            one = say(language, "named", name=names[k], result=one)
        if page.targets:
            target = number(_operand(solution, page.targets[k].quantity))
            one = say(language, "value and target", result=one, target=target)
        said.append(one)
    return _joined(said, _between(solution))


def _between(solution: Solution) -> str:
    """What stands between the items of a list."""
    return "; " if solution.notation.decimal == "comma" else ", "


def _classified(solution: Solution, outputs: Sequence[Quantity], names: Sequence[str]) -> Words:
    """The most likely class where the outputs share one total; else a yes or no for each output."""
    language = solution.network.language
    values = [solution.value(q) for q in outputs]
    targets = [solution.value(ref.quantity) for ref in solution.program.page.targets]
    if not activations()[plain(solution.network.layers[-1].activation)].elementwise:
        best = max(range(len(outputs)), key=lambda k: _middle(values[k]))
        leads = all(values[best] > v for k, v in enumerate(values) if k != best)
        right = next((k for k, y in enumerate(targets) if y == 1), None)
        verdict = _class(language, names, best) if leads else phrase(language, "tie")
        wanted = None if right is None else _class(language, names, right)
        name = _class(language, names, best)
        result = say(language, "probability", name=name, digits=_digits(solution, outputs[best]))
        return _verdict(language, result, verdict, wanted)
    said: list[Words] = []
    for k, quantity in enumerate(outputs):
        known = targets and targets[k] in (0, 1)
        wanted = _yes_or_no(language, names, k, targets[k]) if known else None
        result = (_result(solution, quantity),)
        if names:
            result = say(language, "probability", name=names[k], digits=_digits(solution, quantity))
        said.append(_verdict(language, result, _yes_or_no(language, names, k, values[k]), wanted))
    return _joined(said, _between(solution))


def _verdict(language: str, result: Words, verdict: str, target: str | None) -> Words:
    if target is None:
        return say(language, "verdict", result=result, verdict=verdict)
    return say(language, "verdict and target", result=result, verdict=verdict, target=target)


def _middle(value: Value) -> Value:
    """Something that compares: a rational, or the middle of a ball."""
    return value if isinstance(value, fmpq) else as_rational(value.mid())


def _class(language: str, names: Sequence[str], k: int) -> str:
    return names[k] if names else phrase(language, "class", number=k + 1)


def _yes_or_no(language: str, names: Sequence[str], k: int, value: Value) -> str:
    half = fmpq(1, 2)
    if not (value > half or value < half):
        return phrase(language, "undecided")
    if names:
        return names[k] if value > half else phrase(language, "not", name=names[k])
    return phrase(language, "class", number=1 if value > half else 0)


def _digits(solution: Solution, quantity: Quantity) -> Words:
    relation, digits = solution.printed.result[solution.program.slots.number[quantity]][-1]
    return (Row((EQUALS if relation == "=" else ABOUT, number(digits))),)


def _result(solution: Solution, quantity: Quantity) -> Maths:
    relation, digits = solution.printed.result[solution.program.slots.number[quantity]][-1]
    return Row((Slot(quantity), EQUALS if relation == "=" else ABOUT, number(digits)))


def _loss_before_and_after(solution: Solution) -> Words:
    loss = next(step.target for step in solution.program.steps if step.stage == "loss")
    difference = solution.value(loss.later()) - solution.value(loss)
    change = "loss falls" if difference < 0 else "loss rises" if difference > 0 else "loss stays"
    before, after = _result(solution, loss), _result(solution, loss.later())
    return say(solution.network.language, change, before=before, after=after)
