"""Boxes of matrices, layer by layer, as in Tom Yeh, *AI by Hand* (2024): the inputs at the top right, a layer's weights
and biases to the left below them, their product in the corner, and so on downwards.

Each column on the right is a sample; a row of ones (of −1 for thresholds) multiplies the biases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from handcalc.derive.blocks import capital, named, place_of, sample, without_sample
from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Rooms, Solution
from handcalc.derive.writer import WrittenLayer
from handcalc.formula.maths import Digits, Maths, Matrix, Operator, Relation, Row, Script, Slot
from handcalc.formula.notation import TRANSPOSE, number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Num, Ref
from handcalc.formula.words import phrase, say
from handcalc.network.errors import at_key
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.sheet.parts import Cell, Part, Sheet, Table
from handcalc.sheet.picture import Picture
from handcalc.sheet.said import layer_titles
from handcalc.sheet.steps import heading_of, is_loss, lesson, worked_sections

STAGES = ("scaling", "forward", "output", "loss", "gradients", "update", "rerun")
FEWEST = 5
"""Digits that a cell to write in has room for, at least."""
NARROWEST = 3
"""Digits that a given weight has room for, at least."""
Grid = list[list[Maths]]
Rows = list[tuple[Cell, ...]]


def matrices(solution: Solution) -> Sheet:
    """The key in boxes. Raises NetworkFileError where the layers don't follow one another."""
    page = solution.program.page
    if solution.network.circuit or not page.chain or not page.layers:
        raise at_key("form", "the boxes need layers one after another; write form: steps")
    made = lesson(solution, partial(_sections, solution.rooms))
    given = made.sections[0]
    parts = tuple(part for part in given.parts if not isinstance(part, Picture))  # the boxes show the layers
    return replace(made, sections=(replace(given, parts=parts), *made.sections[1:]))


def _sections(rooms: Rooms, worked: Pass, shown: Sequence[Line]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """Forward, backward and new weights in boxes; what is no vector of units, line by line."""
    boxes = _Boxes(worked, rooms)
    in_place = worked.network.update_order == "in place"
    ordered = shown if in_place else sorted(shown, key=boxes.turn)
    for (_, kind), group in groupby(ordered, key=lambda line: (line.step.stage, boxes.kind(line))):
        lines = list(group)
        if kind == "lines":
            yield from worked_sections(worked, lines)
            continue
        rows = {"units": boxes.forward, "slopes": boxes.backward, "new": boxes.new}[kind](lines)
        said = tuple(boxes.about()) if lines[0].step.stage == "forward" else ()
        yield heading_of(worked, lines[0].step.stage), (Table(((),) * 4, tuple(rows), said),)


class _Boxes:
    """The boxes of a pass, each a grid of cells: rows are units, columns samples, or the inputs of the weights."""

    def __init__(self, worked: Pass, rooms: Rooms) -> None:
        self.worked, self.rooms, page = worked, rooms, worked.program.page
        self.layers = {layer.number: layer for layer in page.layers}
        self.parameters = page.parameters
        self.inputs: dict[int, dict[int, Sequence[Formula]]] = {}
        """By layer and sample what its weights multiply, with the constant of a last column."""
        self.sums: dict[int, WeightedSum] = {}
        for made in page.page.made:
            if isinstance(operation := made.operation, WeightedSum):
                frame = page.page.frame(made)
                number_, x = frame.layer or 1, made.inputs[0]
                self.sums[number_] = operation
                self.inputs.setdefault(number_, {})[frame.sample] = operation.factors(x)  # type: ignore[arg-type]
        self.wide = max(FEWEST, *(self.length(line.quantity) for line in worked.lines))

    def length(self, q: Quantity) -> int:
        """How many digits a number is written with."""
        digits = self.worked.printed.operand[self.worked.program.slots.number[q]]
        return max(map(len, (digits, *self.rooms[q.key])))

    def kind(self, line: Line) -> str:
        step = line.step
        match step.stage:
            case "gradients":
                return "slopes"
            case "update":
                return "lines" if line.quantity.role else "new"
            case "forward" | "rerun" if step.layer and not is_loss(step.operation):
                return "units"
        return "lines"

    def turn(self, line: Line) -> tuple[int, int]:
        """Line by line goes what boxes of new weights are made of, and after boxes of units."""
        return STAGES.index(line.step.stage), ("units", "slopes", "lines", "new").index(self.kind(line))

    def about(self) -> Iterator[str | Maths]:
        """What columns are, and what stands below the inputs."""
        language = self.worked.network.language
        if len(self.worked.program.page.outputs) > 1:
            yield phrase(language, "columns are samples") + " "
        if ones := next((found for n in self.layers if (found := self.ones(n))), None):
            yield from say(language, "row of ones", ones=ones)

    def forward(self, lines: Sequence[Line]) -> Rows:
        """The inputs; then for each layer its weights beside its sums, and what the activation makes of them."""
        again, rows = lines[0].step.stage == "rerun", Rows()
        by_layer = {n: list(group) for n, group in groupby(sorted(lines, key=_layer), key=_layer)}
        if 1 in by_layer and not again:
            rows.append(((), (), *self.given()))
        named_once = {n: self.called(self.layers[n]) for n in by_layer}
        for n, found in by_layer.items():
            layer = self.layers[n]
            for letter in dict.fromkeys(line.quantity.letter for line in found):
                box = [line.quantity for line in found if line.quantity.letter == letter]
                is_sum = n in self.sums and box[0].letter == found[0].quantity.letter
                left: tuple[Cell, Cell] = self.weights(layer, again=again) if is_sum else ((), named_once.pop(n, ()))
                is_last = box[-1].letter == layer.outputs[-1].quantity.letter
                rows.append((*left, self.label(box), self.box(box, self.ones(n + 1) if is_last else None)))
        return rows

    def given(self) -> tuple[Cell, Cell]:
        """The inputs of every sample, or the scores."""
        if 1 in self.inputs:
            found = [[one.quantity for one in x if isinstance(one, Ref)] for x in self.inputs[1].values()]
        else:
            blocks = [block for block in self.worked.program.page.blocks if block.role == "input"]
            found = [[ref.quantity for ref in block.refs] for block in blocks]
        every = [q for column in found for q in column]
        return self.label(every), self.box(every, self.ones(1))

    def weights(self, layer: WrittenLayer, *, again: bool = False) -> tuple[Cell, Cell]:
        """The weights of a layer beside its biases; run again only their names, for the update has made them."""
        W, b = [[ref.quantity for ref in row] for row in layer.weights], [ref.quantity for ref in layer.biases]
        if again:
            later = [[q.later() for q in row] for row in W], [q.later() for q in b]
            return (self.names(*later), ())
        wide = max(NARROWEST, *(self.length(q) for row in (*W, b) for q in row))
        return self.names(W, b), self.pair(W, b, wide)

    def names(self, W: Sequence[Sequence[Quantity]], b: Sequence[Quantity]) -> Maths:
        name: Maths = Slot(named(W[0][0]))
        if self.worked.network.layout == "in x out":
            name = Script(name, None, TRANSPOSE)
        return Row((name, Relation(","), Slot(named(b[0])))) if b else name

    def pair(self, W: Sequence[Sequence[Quantity]], b: Sequence[Quantity], wide: int = 0) -> Maths:
        shared = [b[0]] * len(W) if len(b) == 1 else list(b)
        left = self.matrix([[self.worked.shown(q) for q in row] for row in W], wide)
        return Row((left, self.matrix([[self.worked.shown(q)] for q in shared], wide))) if b else left

    def called(self, layer: WrittenLayer) -> Cell:
        """The name of an activation, beside what it makes."""
        return (", ".join(layer_titles(layer, self.worked.network.language)),)

    def label(self, quantities: Sequence[Quantity]) -> Maths:
        several = len({sample(q) for q in quantities}) > 1
        name = named(without_sample(quantities[0]))
        return Slot(capital(name) if several else name)

    def box(self, quantities: Iterable[Quantity], below: Maths | None = None) -> Maths:
        """A row for each unit, a column for each sample; `below` them a row of a constant."""
        at = {(place_of(q), sample(q)): q for q in quantities}
        units, samples = sorted({unit for unit, _ in at}), sorted({k for _, k in at})
        grid = [[self.worked.shown(at[unit, k]) for k in samples] for unit in units]
        return self.matrix([*grid, *([[below] * len(samples)] if below else [])])

    def ones(self, n: int) -> Maths | None:
        """What multiplies the biases of layer n."""
        if n not in self.sums or n not in self.layers:
            return None
        constants = [one for one in next(iter(self.inputs[n].values())) if isinstance(one, Num)]
        if constants:
            return number(constants[0].number.text)
        minus = self.sums[n].bias == "threshold"
        return (Row((Operator("−"), Digits("1"))) if minus else Digits("1")) if self.layers[n].biases else None

    def matrix(self, grid: Grid, wide: int = 0) -> Matrix:
        return Matrix(tuple(map(tuple, grid)), wide or self.wide)

    def backward(self, lines: Sequence[Line]) -> Rows:
        """From the last layer to the first: slopes of its units on the right, those of its weights to the left."""
        rows = Rows()
        own = [line for line in lines if line.step.of in self.parameters]
        units = [line for line in lines if line.step.of not in self.parameters]
        found: dict[tuple[int | None, Quantity], list[Quantity]] = {}
        for line in units:
            of = named(without_sample(line.step.of or line.quantity))
            found.setdefault((line.step.layer, of), []).append(line.quantity)
        for (n, of), quantities in found.items():
            of_layer = [line for line in own if line.step.layer == n] if of.letter == "z" else []
            left = self.slopes(self.layers[n], of_layer) if n in self.layers and of_layer else ((), ())
            rows.append((*left, self.label(quantities), self.box(quantities)))
        return rows

    def slopes(self, layer: WrittenLayer, lines: Sequence[Line]) -> tuple[Cell, Cell]:
        """Of a parameter its gradient, in the places of the weights and biases."""
        by_parameter = {line.step.of: line.quantity for line in lines}
        W = [[by_parameter[ref.quantity] for ref in row] for row in layer.weights]
        b = [by_parameter[ref.quantity] for ref in layer.biases if ref.quantity in by_parameter]
        return self.names(W, b), self.pair(W, b)

    def new(self, lines: Sequence[Line]) -> Rows:
        """The new weights and biases of each layer."""
        made, rows = {line.quantity for line in lines}, Rows()
        for layer in self.layers.values():
            if not layer.weights or layer.weights[0][0].quantity.later() not in made:
                continue
            W = [[ref.quantity.later() for ref in row] for row in layer.weights]
            b = [q for ref in layer.biases if (q := ref.quantity.later()) in made]
            rows.append((self.names(W, b), self.pair(W, b), (), ()))
        return rows


def _layer(line: Line) -> int:
    return line.step.layer or 1
