"""What a sheet begins with: the givens by name, and the conventions that it says once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from handcalc.derive.bare import Bare
from handcalc.derive.passes import Line, Pass
from handcalc.derive.places import rounding_sentences
from handcalc.derive.solution import Solution
from handcalc.derive.writer import Block
from handcalc.formula.expression import read_statements
from handcalc.formula.look import is_delta
from handcalc.formula.maths import Digits, Maths, Matrix, Shown, Slot
from handcalc.formula.notation import lettered, number, untraced, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Ref, functions
from handcalc.formula.words import phrase, say, told
from handcalc.ops.gate import functions as functions_of_gates
from handcalc.sheet.parts import Cell, Given, Givens, Part, Say, Table, Words


def givens(solution: Solution, first: Pass) -> list[Part]:
    """The given numbers by name; those of several samples as a table, a row for each."""
    samples = _samples(solution)
    rows = tuple(_rows(solution, first, tabled=samples is not None))
    numbers = tuple(row for row in rows if row.value != row.letters)
    return [
        *([samples] if samples else []),
        *([Givens(numbers)] if numbers else []),
        *([Givens(made)] if (made := tuple(_statements(solution))) else []),
        *map(Say, _about_letters(solution, rows)),
        *map(Say, _states(first, solution.network.language)),
    ]


def _statements(solution: Solution) -> Iterator[Given]:
    """What a circuit works out, as its statements say it."""
    circuit = solution.network.circuit
    if circuit is None:
        return
    names = [name for name, _ in circuit.inputs]
    for text in circuit.statements:
        for one in read_statements(text, names=names, more=functions_of_gates()):
            yield Given("", Slot(Quantity(one.name or circuit.output)), lettered(written(one.formula)))


def _states(first: Pass, language: str) -> Iterator[Words]:
    """Where the optimiser's memory begins: m and v at 0."""
    if first.turn.update:
        return
    begin: dict[Maths, list[Quantity]] = {}
    for block in first.program.page.blocks:
        if block.role == "state":
            for ref in _flat(block.refs):
                letter = Quantity(ref.quantity.letter)
                found = begin.setdefault(untraced(first.shown(ref.quantity)), [])
                found += [letter] if letter not in found else []
    for value, letters in begin.items():
        for letter in letters:
            yield say(language, "state begins", letter=Slot(letter), value=value)


def _about_letters(solution: Solution, rows: Sequence[Given]) -> Iterator[Words]:
    """Which letters stand for any number, and what they are called in the problem."""
    letters = solution.first.letters
    if not letters:
        return
    called = {row.letters: f" ({row.name})" for row in rows if row.value == row.letters and row.name}
    said: list[str | Maths] = []
    for q in letters:
        said += [listed(solution) if said else "", Slot(q), called.get(Slot(q), "")]
    yield say(solution.network.language, "letters", letters=tuple(said), count=len(letters))


def listed(solution: Solution) -> str:
    """What stands between the items of a list."""
    return "; " if solution.notation.decimal == "comma" else ", "


def _rows(solution: Solution, first: Pass, *, tabled: bool) -> Iterator[Given]:
    network = solution.network
    for block in first.program.page.blocks:
        refs, called = block.refs, _called(block, network.language)
        if block.role == "state" or (tabled and block.sample):
            continue
        if isinstance(refs, Ref):
            yield one_given(first, refs.quantity, called)
        elif block.role in ("input", "target"):
            names = network.input_names if block.role == "input" else network.output_names
            for ref, name in zip(refs, names or ("",) * len(refs), strict=False):
                if block.role == "target":
                    target = phrase(network.language, "target named", name=name) if name else ""
                    name = target or phrase(network.language, "target")
                yield one_given(first, ref.quantity, name)
        elif isinstance(refs[0], Ref):
            yield from _matrix(solution, first, [[ref.quantity] for ref in refs], called)
        else:
            yield from _matrix(solution, first, [[ref.quantity for ref in row] for row in refs], "")


def _samples(solution: Solution) -> Table | None:
    """The inputs and targets of several samples: a column for each, a row for each sample."""
    network = solution.network
    if not (columns := _columns(solution)):
        return None
    names = {"input": list(network.input_names), "target": list(network.output_names)}
    header: list[Cell] = [(phrase(network.language, "samples table"),)]
    for role, quantity in columns:
        name = names[role].pop(0) if names.get(role) else ""
        header.append((f"{name} ", Slot(quantity.without_context())) if name else Slot(quantity.without_context()))
    lines = [
        (Digits(str(k)), *(Shown(quantity, number(text)) for quantity, text in row))
        for k, row in enumerate(_sampled(solution, columns), start=1)
    ]
    return Table(tuple(header), tuple(lines))


Columns = list[tuple[str, Quantity]]
"""What is given of a sample: its role, and its name in the first sample that is shown."""


def _columns(solution: Solution) -> Columns:
    """There are none where there is one sample."""
    if len(solution.run.shape.inputs) == 1:
        return []
    blocks = [block for block in solution.first.program.page.blocks if block.sample and block.role in SAMPLED]
    one = [block for block in blocks if block.sample == blocks[0].sample]
    return [(block.role, ref.quantity) for block in one for ref in _flat(block.refs)]


def _sampled(solution: Solution, columns: Columns) -> Iterator[list[tuple[Quantity, str]]]:
    """What is given of each sample, as typed."""
    shape = solution.run.shape
    for k in range(len(shape.inputs)):
        places = _places(shape, k, [role for role, _ in columns])
        yield [
            (_of_sample(quantity, k + 1), solution.typed[place])
            for place, (_, quantity) in zip(places, columns, strict=True)
        ]


def of_samples(solution: Solution) -> dict[Quantity, str]:
    """What is given of all samples, as typed; also of those that no shown pass sees."""
    return {quantity: text for row in _sampled(solution, _columns(solution)) for quantity, text in row}


SAMPLED = ("input", "target", "sample weight")


def _places(shape: Bare, k: int, roles: Sequence[str]) -> Iterator[int]:
    """Where the numbers of sample k stand among the given ones, in the order of the columns."""
    inputs = [place for place, learns in zip(shape.inputs[k], _learn(shape), strict=True) if not learns]
    targets = list(shape.targets[k]) if shape.targets else []
    weights = [shape.sample_weights[k]] if shape.sample_weights else []
    found = {"input": inputs, "target": targets, "sample weight": weights}
    for role in roles:
        yield found[role].pop(0)


def _learn(shape: Bare) -> list[bool]:
    """Of each input whether it is learned, as those of a circuit may be."""
    names = shape.circuit[0] if shape.circuit else ()
    return [name in shape.trained for name in names] or [False] * len(shape.inputs[0])


def _of_sample(quantity: Quantity, sample: int) -> Quantity:
    """The name in a pass over all samples, of which each says its own."""
    return replace(quantity, context=(("s", sample),)) if quantity.context else quantity


def _flat(refs: Any) -> list[Ref]:
    return [refs] if isinstance(refs, Ref) else [one for part in refs for one in _flat(part)]


def _called(block: Block, language: str) -> str:
    """What a given number is called: by its operation, or by what it is for."""
    if block.tell:
        return told(language, *block.of, block.tell)
    roles = {"rate": "learning rate", "counter": "counter", "sample weight": "sample weight"}
    return phrase(language, roles[block.role]) if block.role in roles else ""


def one_given(worked: Pass, quantity: Quantity, name: str) -> Given:
    return Given(name, Slot(quantity), worked.shown(quantity))


def _matrix(solution: Solution, worked: Pass, rows: Sequence[Sequence[Quantity]], name: str) -> Iterator[Given]:
    """A matrix, or one given for each of its numbers where they have names of their own (w₁, w₂, …)."""
    first, names = rows[0][0], solution.notation.names
    if len(rows) == len(rows[0]) == 1 or any(_without_context(q).key in names for row in rows for q in row):
        yield from (one_given(worked, q, name) for row in rows for q in row)
        return
    block = Slot(Quantity(first.letter, first.layer, context=first.context))
    yield Given(name, block, Matrix(tuple(tuple(map(worked.shown, row)) for row in rows)))


def _without_context(quantity: Quantity) -> Quantity:
    return Quantity(quantity.letter, quantity.layer, quantity.index)


def conventions(solution: Solution, shown: Sequence[Line]) -> list[Words]:
    """What the sheet says once: which index is which, what letters mean, and how numbers are rounded."""
    network = solution.network
    said = [*_about_weights(solution), *_about_gradients(solution, shown)]
    if solution.notation.log == "log" and any("ln" in functions(line.formula) for line in shown):
        said.append(say(network.language, "log"))
    if all(not line.result for line in shown):
        return said
    exactly, also = any(line.exactly for line in shown), solution.rooms.sentences
    made = [(worked.program, worked.printed.decimal) for worked in solution.passes]
    return said + rounding_sentences(network.rounding, made, network.language, exactly=exactly, also=also)


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
