"""The finished sheet of a solution: givens, picture, working in the order of the lesson, and the last sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flint import fmpq

from handcalc.derive.page import Stage, Step
from handcalc.derive.passes import Line, Pass
from handcalc.derive.places import rounding_sentences
from handcalc.derive.solution import Solution
from handcalc.derive.tape import Value, as_rational
from handcalc.derive.write import Block
from handcalc.formula.look import is_delta
from handcalc.formula.maths import Maths, Matrix, Row, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Ref, functions, quantities
from handcalc.formula.words import phrase, say, told
from handcalc.network import Layer
from handcalc.ops import activations, plain
from handcalc.ops.join import Objective
from handcalc.ops.operation import Loss, Operation
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.parts import Answer, Given, Givens, Part, Say, Section, Sheet, Words, Working
from handcalc.sheet.picture_of import layer_titles, network_picture


def compose(solution: Solution) -> Sheet:
    """The key: everything that the network's `show` asks for, worked."""
    first, language = solution.first, solution.network.language
    shown = [[line for line in worked.lines if shown_as(line.step.stage) in solution.network.show]
             for worked in solution.passes]  # fmt: skip
    picture = network_picture(solution)
    every = [line for lines in shown for line in lines]
    rows = tuple(_givens(solution, first))
    numbers = tuple(row for row in rows if row.value != row.letters)
    given = Section(phrase(language, "given"), (
        *([Givens(numbers)] if numbers else []), *map(Say, _about_letters(solution, rows)),
        *([picture] if picture else []), *map(Say, _conventions(solution, every)),
    ))  # fmt: skip
    sections: list[Section] = []
    for worked, lines in zip(solution.passes, shown, strict=True):
        before = _known_before(solution, worked, lines)
        if before.rows:
            sections.append(Section(_headed(solution, worked, phrase(language, "known from before")), (before,)))
        sections += [Section(_headed(solution, worked, heading), parts) for heading, parts in _sections(worked, lines)]
    ending = _ending(solution)
    result = [Section(phrase(language, "result"), (Answer(ending),))] if ending else []
    title = solution.network.title or phrase(language, "untitled")
    return Sheet(title, (), (given, *sections, *result), language, solution.notation)


def shown_as(stage: Stage) -> str:
    """The part of `show` that a stage belongs to."""
    return "forward" if stage in ("scaling", "output") else stage


def _headed(solution: Solution, worked: Pass, heading: str) -> str:
    """``Update 3, sample 2: forward pass`` where there are several passes."""
    if solution.updates <= 1:
        return heading
    language, update = solution.network.language, worked.turn.update + 1
    if solution.run.samples > 1:
        sample = worked.turn.sample + 1
        return phrase(language, "heading of online update", update=update, sample=sample, heading=heading)
    return phrase(language, "heading of update", update=update, heading=heading)


def _givens(solution: Solution, first: Pass) -> Iterator[Given]:
    network = solution.network
    for block in first.program.page.blocks:
        refs, called = block.refs, _called(block, network.language)
        if block.role == "state":
            continue
        if isinstance(refs, Ref):
            yield _given(first, refs.quantity, called)
        elif block.role in ("input", "target"):
            names = network.input_names if block.role == "input" else network.output_names
            for ref, name in zip(refs, names or ("",) * len(refs), strict=False):
                if block.role == "target":
                    target = phrase(network.language, "target named", name=name) if name else ""
                    name = target or phrase(network.language, "target")
                yield _given(first, ref.quantity, name)
        elif isinstance(refs[0], Ref):
            yield from _matrix(solution, first, [[ref.quantity] for ref in refs], called)
        else:
            yield from _matrix(solution, first, [[ref.quantity for ref in row] for row in refs], "")


def _called(block: Block, language: str) -> str:
    """What a given number is called: by its operation, or by what it is for."""
    if block.tell:
        return told(language, *block.of, block.tell)
    roles = {"rate": "learning rate", "counter": "counter", "sample weight": "sample weight"}
    return phrase(language, roles[block.role]) if block.role in roles else ""


def _given(worked: Pass, quantity: Quantity, name: str) -> Given:
    return Given(name, Slot(quantity), worked.shown(quantity))


def _matrix(solution: Solution, worked: Pass, rows: Sequence[Sequence[Quantity]], name: str) -> Iterator[Given]:
    """A matrix, or one given for each of its numbers where they have names of their own (w₁, w₂, …)."""
    first, names = rows[0][0], solution.notation.names
    if len(rows) == len(rows[0]) == 1 or any(_without_context(q).key in names for row in rows for q in row):
        yield from (_given(worked, q, name) for row in rows for q in row)
        return
    block = Slot(Quantity(first.letter, first.layer, context=first.context))
    yield Given(name, block, Matrix(tuple(tuple(map(worked.shown, row)) for row in rows)))


def _without_context(quantity: Quantity) -> Quantity:
    return Quantity(quantity.letter, quantity.layer, quantity.index)


def _conventions(solution: Solution, shown: Sequence[Line]) -> list[Words]:
    """What the sheet says once: which index is which, what letters mean, and how numbers are rounded."""
    network = solution.network
    said = [*_about_weights(solution), *_about_gradients(solution, shown)]
    if solution.notation.log == "log" and any("ln" in functions(line.formula) for line in shown):
        said.append(say(network.language, "log"))
    if all(not line.result for line in shown):
        return said
    made = [(worked.program, worked.printed.decimal) for worked in solution.passes]
    exactly = any(line.exactly for line in shown)
    return said + rounding_sentences(network.rounding, made, network.language, exactly=exactly)


def _about_letters(solution: Solution, rows: Sequence[Given]) -> Iterator[Words]:
    """Which letters stand for any number, and what they are called in the problem."""
    language, letters = solution.network.language, solution.first.letters
    if not letters:
        return
    called = {row.letters: row.name for row in rows if row.value == row.letters and row.name}
    each = [(Slot(q), f" ({called[Slot(q)]})") if Slot(q) in called else (Slot(q),) for q in letters]
    yield say(language, "letters", letters=_joined(each, _between(solution)), count=len(letters))


def _about_weights(solution: Solution) -> Iterator[Words]:
    """Which index of a weight is which, or how weights are numbered."""
    language, notation = solution.network.language, solution.notation
    weights = [layer.weights for layer in solution.program.page.layers if layer.weights]
    matrices = (W[-1][0].quantity for W in weights if len(W) > 1 and len(W[0]) > 1)
    wide = next((q for q in matrices if q.key not in notation.names), None)
    match notation.layers:
        case "plain" if weights:
            first, last = Slot(weights[0][0][0].quantity), Slot(weights[-1][-1][-1].quantity)
            yield say(language, "numbered plain", first=first, last=last)
        case "throughout" if weights:
            yield say(language, "numbered throughout")
        case _ if wide:
            to, start = wide.index if notation.indices == "to, from" else reversed(wide.index)
            source = phrase(language, "input" if wide.layer in (None, 1) else "unit")
            sentence = f"indices {notation.indices}"
            said = say(language, sentence, weight=Slot(wide), to=to, start=start, source=source)
            numbered = wide.layer and f"{wide.letter}{wide.layer}" not in notation.names
            yield (*said, " ", *say(language, "layer at the letter")) if numbered else said


def _about_gradients(solution: Solution, shown: Sequence[Line]) -> Iterator[Words]:
    """What δ is, and which sign errors have, where that isn't the usual."""
    language, notation = solution.network.language, solution.notation
    slopes = [line.quantity for line in shown if line.quantity.of and line.quantity.role != "state"]
    if found := next((q for q in slopes if q.of and is_delta(q, notation)), None):
        sentence = "delta" if found.role == "gradient" else "minus delta"
        yield say(language, sentence, delta=Slot(found), sum=Slot(found.of or found))
    if minus := next((q for q in slopes if q.role == "minus gradient" and not is_delta(q, notation)), None):
        yield say(language, "minus gradients", slope=Slot(minus))


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
        if step.stage == "rerun" and _is_loss(step.operation):
            return step.stage, -1, None
        return step.stage, step.sample, step.layer

    several, language = len(worked.program.page.layers) > 1, worked.network.language
    for (stage, sample, layer), group in groupby(shown, key=place):
        lines, heading = list(group), phrase(language, stage)
        if stage in ("loss", "update"):
            yield heading, tuple(_told_once(worked, lines, stage))
            continue
        if stage == "rerun" and _is_loss(lines[0].step.operation):
            yield phrase(language, "heading of loss", heading=heading), tuple(_worked(worked, lines))
            continue
        if sample and worked.run.samples == 1:
            heading = phrase(language, "heading of sample", heading=heading, sample=sample)
        if layer and several:
            title = _layer_title(worked, layer)
            heading = phrase(language, "heading of layer", heading=heading, layer=layer, activation=title)
        yield heading, tuple(_worked(worked, lines))


def _is_loss(operation: Operation) -> bool:
    return isinstance(operation, Loss | Objective)


def _layer_title(worked: Pass, layer: int | None) -> str:
    found = next((one for one in worked.program.page.layers if one.number == layer), None)
    return ", ".join(layer_titles(found, worked.network.language)) if found else ""


def _told_once(worked: Pass, lines: Sequence[Line], stage: Stage) -> Iterator[Part]:
    for tell, group in groupby(lines, key=lambda line: _told(worked, line.step.operation, "tell")):
        found = list(group)
        said: Words = (tell,)
        if stage == "update":
            new = next(line.quantity for line in found if not line.quantity.role)
            said = (*said, " ", *say(worked.network.language, "new value", old=Slot(new.later(-1)), new=Slot(new)))
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
        return _told(worked, step.operation, "tell")
    if not step.paths:
        return _told(worked, step.operation, "quoted_tell" if isinstance(step.operation, Loss) else "gradient_tell")
    through: Operation = worked.program.made[step.paths[0].via].operation
    if isinstance(through, WeightedSum) and step.of in worked.program.made:
        return _told(worked, through, "back_tell")
    return _told(worked, through, "gradient_tell")


def _told(worked: Pass, operation: Operation, kind: str) -> str:
    return told(worked.network.language, operation.name, kind, getattr(operation, kind))


def _ending(solution: Solution) -> Words:
    """What the network says, in the words of the problem, and what the steps have changed."""
    shown, language, last = solution.network.show, solution.network.language, solution.passes[-1]
    said: list[Words] = []
    if "forward" in shown and solution.program.page.outputs:
        said += [
            say(language, "prediction", prediction=_prediction(solution, solution.first, k, 0))
            for k in range(len(solution.program.page.outputs))
        ]
    if last.turn.again:
        for k in range(len(last.program.page.outputs)):
            prediction = _prediction(solution, last, k, 1)
            if solution.updates > 1:
                updates = f"{solution.updates:,}" if _between(solution) == ", " else str(solution.updates)
                said.append(say(language, "prediction after updates", updates=updates, prediction=prediction))
            else:
                said.append(say(language, "prediction after", prediction=prediction))
        said += _loss_before_and_after(solution, last)
    return _joined(said, " ")


def _joined(said: Iterable[Words], between: str) -> Words:
    return tuple(word for n, words in enumerate(said) for word in (*([between] if n else []), *words))


def _between(solution: Solution) -> str:
    """What stands between the items of a list."""
    return "; " if solution.notation.decimal == "comma" else ", "


def _prediction(solution: Solution, worked: Pass, k: int, later: int) -> Words:
    """``p(unwell) ≈ 0.82: unwell`` or ``price ≈ 2.31 (target 2.5)``, of sample k."""
    network, page = solution.network, worked.program.page
    language, names = network.language, () if network.circuit else network.output_names
    outputs = [ref.quantity.later(later) if later else ref.quantity for ref in page.outputs[k]]
    targets = [ref.quantity for ref in page.targets[k]] if page.targets else []
    if outputs[0].letter == "p" and all(worked.value(q) is not None for q in (*outputs, *targets)):
        return _classified(solution, worked, outputs, targets)
    said: list[Words] = []
    for n, quantity in enumerate(outputs):
        one: Words = (_result(worked, quantity),)
        if names:
            one = say(language, "named", name=names[n], result=one)
        if targets:
            one = say(language, "value and target", result=one, target=worked.shown(targets[n]))
        said.append(one)
    return _joined(said, _between(solution))


def _classified(solution: Solution, worked: Pass, outputs: Sequence[Quantity], wanted: Sequence[Quantity]) -> Words:
    """The most likely class where the outputs share one total; else a yes or no for each output."""
    language, names = solution.network.language, solution.network.output_names
    values = [worked.value(q) for q in outputs]
    targets = [worked.value(q) for q in wanted]
    if _share_a_total(solution):
        best = max(range(len(outputs)), key=lambda k: _middle(values[k]))
        leads = all(values[best] > v for k, v in enumerate(values) if k != best)
        right = next((k for k, y in enumerate(targets) if y == 1), None)
        name = _class(language, names, best)
        result = say(language, "probability", name=name, digits=_digits(worked, outputs[best]))
        target = None if right is None else _class(language, names, right)
        return _verdict(language, result, name if leads else phrase(language, "tie"), target)
    said: list[Words] = []
    for k, quantity in enumerate(outputs):
        known = targets and targets[k] in (0, 1)
        target = _yes_or_no(language, names, k, targets[k]) if known else None
        result = (_result(worked, quantity),)
        if names:
            result = say(language, "probability", name=names[k], digits=_digits(worked, quantity))
        said.append(_verdict(language, result, _yes_or_no(language, names, k, values[k]), target))
    return _joined(said, _between(solution))


def _verdict(language: str, result: Words, verdict: str, target: str | None) -> Words:
    if target is None:
        return say(language, "verdict", result=result, verdict=verdict)
    return say(language, "verdict and target", result=result, verdict=verdict, target=target)


def _share_a_total(solution: Solution) -> bool:
    layers = solution.network.layers
    last = layers[-1] if layers else None
    kinds = [activations()[plain(one.name)] for one in last.activations] if isinstance(last, Layer) else []
    return any(not kind.elementwise for kind in kinds) or (not layers and len(solution.program.page.inputs) > 1)


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


def _digits(worked: Pass, quantity: Quantity) -> Words:
    return (Row(worked.ending(quantity)),)


def _result(worked: Pass, quantity: Quantity) -> Maths:
    return Row((Slot(quantity), *worked.ending(quantity)))


def _loss_before_and_after(solution: Solution, last: Pass) -> Iterator[Words]:
    """What the steps have done to the loss, where it is a number."""
    first, objective = solution.first, solution.program.page.objective
    assert objective is not None, "a pass that runs again has a loss"
    before, after = objective.quantity, last.program.page.objective.quantity.later()  # type: ignore[union-attr]
    if first.value(before) is None or last.value(after) is None:
        return
    difference = last.value(after) - first.value(before)
    change = "loss falls" if difference < 0 else "loss rises" if difference > 0 else "loss stays"
    sentence = change if solution.updates == 1 else f"{change} over updates"
    yield say(solution.network.language, sentence, before=_result(first, before), after=_result(last, after))
