"""The sentences that a sheet ends with: what the network says, and what the updates have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flint import fmpq

from handcalc.derive.passes import Pass
from handcalc.derive.solution import Solution
from handcalc.derive.tape import Value, as_rational
from handcalc.formula.maths import Digits, Maths, Row, Shown, Slot
from handcalc.formula.notation import number
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase, say
from handcalc.network import Layer
from handcalc.ops import activations, plain
from handcalc.sheet.given import listed
from handcalc.sheet.parts import Cell, Table, Words


def ending(solution: Solution) -> Words:
    """What the network says, in the words of the problem, and what the steps have changed."""
    shown, language, last = solution.network.show, solution.network.language, solution.passes[-1]
    said: list[Words] = []
    one = len(solution.program.page.outputs) == 1 and solution.run.samples == 1
    if "forward" in shown and one:
        said.append(say(language, "prediction", prediction=_prediction(solution, solution.worked(0), 0, 0)))
    if last.turn.again and one:
        prediction = _prediction(solution, last, 0, 1)
        if solution.updates > 1:
            updates = f"{solution.updates:,}" if listed(solution) == ", " else str(solution.updates)
            said.append(say(language, "prediction after updates", updates=updates, prediction=prediction))
        else:
            said.append(say(language, "prediction after", prediction=prediction))
    said += _about_loss(solution)
    return _joined(said, " ")


def predictions(solution: Solution) -> Table | None:
    """What the network says of each of several samples, before and after the updates, beside the target."""
    first, last = solution.worked(0), solution.passes[-1]
    page = first.program.page
    if len(page.outputs) < 2 or "forward" not in solution.network.show:
        return None
    language = solution.network.language
    header: list[Cell] = [
        (phrase(language, "samples table"),),
        *(Slot(ref.quantity.without_context()) for ref in page.outputs[0]),
    ]
    if last.turn.again:
        header += [Slot(ref.quantity.without_context().later(solution.updates)) for ref in page.outputs[0]]
    header += [Slot(ref.quantity.without_context()) for ref in (page.targets[0] if page.targets else ())]
    rows: list[tuple[Cell, ...]] = []
    for k, outputs in enumerate(page.outputs):
        cells = [_digits_alone(first, ref.quantity) for ref in outputs]
        if last.turn.again:
            cells += [_digits_alone(last, ref.quantity.later()) for ref in last.program.page.outputs[k]]
        cells += [first.shown(ref.quantity) for ref in (page.targets[k] if page.targets else ())]
        rows.append((Digits(str(k + 1)), *cells))
    return Table(tuple(header), tuple(rows))


def _digits_alone(worked: Pass, quantity: Quantity) -> Maths:
    """The rounded result, or the expression."""
    if worked.value(quantity) is None:
        return worked.shown(quantity)
    return Shown(quantity, number(worked.printed.decimal[worked.program.slots.number[quantity]]))


def _joined(said: Iterable[Words], between: str) -> Words:
    return tuple(word for n, words in enumerate(said) for word in (*([between] if n else []), *words))


def _prediction(solution: Solution, worked: Pass, k: int, later: int) -> Words:
    """``p(unwell) ≈ 0.82: unwell`` or ``price ≈ 2.31 (target 2.5)``, of sample k."""
    network, page = solution.network, worked.program.page
    language, names = network.language, network.output_names
    outputs = [ref.quantity.later(later) if later else ref.quantity for ref in page.outputs[k]]
    targets = [ref.quantity for ref in page.targets[k]] if page.targets else []
    if (
        outputs[0].letter == "p"
        and not network.circuit
        and all(worked.value(q) is not None for q in (*outputs, *targets))
    ):
        return _classified(solution, worked, outputs, targets)
    said: list[Words] = []
    for n, quantity in enumerate(outputs):
        one: Words = (_result(worked, quantity),)
        if names:
            one = say(language, "named", name=names[n], result=one)
        if targets:
            one = say(language, "value and target", result=one, target=worked.shown(targets[n]))
        said.append(one)
    return _joined(said, listed(solution))


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
    return _joined(said, listed(solution))


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


def change_of_loss(solution: Solution) -> str:
    """``loss falls``, ``loss rises`` or ``loss stays``; nothing where it isn't worked out again, or in letters."""
    if (found := _loss_before_and_after(solution)) is None:
        return ""
    before, after = found
    difference = solution.passes[-1].value(after) - solution.worked(0).value(before)
    return "loss falls" if difference < 0 else "loss rises" if difference > 0 else "loss stays"


def _loss_before_and_after(solution: Solution) -> tuple[Quantity, Quantity] | None:
    """The loss before the first update and after the last, where it is worked out again and is a number."""
    first, last = solution.worked(0), solution.passes[-1]
    once, again = first.program.page.objective, last.program.page.objective
    if not last.turn.again or once is None or again is None or solution.network.circuit is not None:
        return None
    before, after = once.quantity, again.quantity.later()
    return None if first.value(before) is None or last.value(after) is None else (before, after)


def _about_loss(solution: Solution) -> Iterator[Words]:
    """What the steps have done to the loss."""
    if found := _loss_before_and_after(solution):
        before, after = _result(solution.worked(0), found[0]), _result(solution.passes[-1], found[1])
        change = change_of_loss(solution)
        sentence = change if solution.updates == 1 else f"{change} over updates"
        yield say(solution.network.language, sentence, before=before, after=after)
