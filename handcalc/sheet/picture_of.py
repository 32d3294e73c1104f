"""The picture of a dense network: units as circles in columns, one per layer, with the weights on the edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handcalc.derive.solution import Solution
from handcalc.derive.writer import WrittenLayer
from handcalc.formula.maths import Maths, Row, Slot
from handcalc.formula.notation import PLUS, number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Ref
from handcalc.formula.words import phrase, told
from handcalc.sheet.picture import Circle, Label, Mark, Picture, Stroke

Spot = tuple[float, float]
COLUMN, GAP, RADIUS, MARGIN = 118.0, 54.0, 15.0, 12.0
"""Points: between columns, between the units of a column, of a unit, around the drawing."""
NAME_SIZE, WEIGHT_SIZE, UNIT_SIZE = 8.0, 7.5, 10.0
LETTER = 4.6
"""Points that a letter of a name is wide, on average."""
DIGIT, LABEL_HEIGHT = 3.8, 7.0
"""Points that a digit of a weight is wide, and a weight is high."""
MOST_LABELS = 20
"""Edges between two layers that still carry their weights."""
MOST_UNITS = 8
"""Units of a layer that are still drawn."""


def network_picture(solution: Solution) -> Picture | None:
    """The network with its weights; None where a layer is too large to be drawn well, or where layers branch."""
    network, page = solution.network, solution.program.page
    language = network.language
    if not page.chain or not page.layers or not all(layer.weights for layer in page.layers):
        return None
    columns = [[ref.quantity for ref in page.inputs], *([ref.quantity for ref in one.outputs] for one in page.layers)]
    if max(map(len, columns)) > MOST_UNITS:
        return None
    names = [_shortened(name) for name in network.input_names]
    outputs = [_shortened(name) for name in network.output_names]
    left = MARGIN + max((_width(n) + 8 for n in names), default=0)
    right = MARGIN + max((_width(n) + 8 for n in outputs), default=0)
    tallest = max(map(len, columns))
    height = 2 * (MARGIN + RADIUS) + (tallest - 1) * GAP + 16
    spots = [
        [(left + RADIUS + c * COLUMN, height / 2 + ((len(column) - 1) / 2 - r) * GAP - 8) for r in range(len(column))]
        for c, column in enumerate(columns)
    ]
    marks: list[Mark] = []
    for c, layer in enumerate(page.layers):
        marks += _edges(solution, [row[: len(columns[c])] for row in layer.weights], spots[c], spots[c + 1])
    for c, column in enumerate(columns):
        for r, quantity in enumerate(column):
            marks += _unit(quantity, *spots[c][r])
            bias = _bias_of(page.layers[c - 1], r) if c else None
            marks += _bias(solution, bias, *spots[c][r]) if bias else []
    top = height - MARGIN
    for c, layer in enumerate(page.layers, 1):
        marks.append(Label(spots[c][0][0], top, ", ".join(layer_titles(layer, language)), size=NAME_SIZE))
    marks.append(Label(spots[0][0][0], top, phrase(language, "inputs"), size=NAME_SIZE))
    for name, (x, y) in zip(names, spots[0], strict=False):
        marks.append(Label(x - RADIUS - 5, y, name, "right", NAME_SIZE))
    for name, (x, y) in zip(outputs, spots[-1], strict=False):
        marks.append(Label(x + RADIUS + 5, y, name, "left", NAME_SIZE))
    width = left + 2 * RADIUS + (len(columns) - 1) * COLUMN + right
    sizes = "-".join(str(len(column)) for column in columns)
    kinds = ", ".join(title for layer in page.layers for title in layer_titles(layer, language))
    return Picture(width, height, tuple(marks), phrase(language, "picture", sizes=sizes, kinds=kinds))


def layer_titles(layer: WrittenLayer, language: str) -> tuple[str, ...]:
    """What the activations of a layer are called."""
    return tuple(told(language, kind.name, "title", kind.title or kind.name) for kind in layer.kinds)


def _bias_of(layer: WrittenLayer, unit: int) -> Quantity | None:
    """What is written below a unit: its bias, the shared one, or the last weight of its row."""
    if layer.biases:
        return layer.biases[min(unit, len(layer.biases) - 1)].quantity
    row = layer.weights[unit]
    return row[-1].quantity if len(row) > len(layer.inputs) else None


def _edges(solution: Solution, W: Sequence[Sequence[Ref]], sources: Sequence[Spot], ends: Sequence[Spot]) -> list[Mark]:
    """A line for each weight, and the weight on it."""
    edges = [
        (
            (x1 + RADIUS, y1),
            (x2 - RADIUS, y2),
            solution.printed.operand[solution.program.slots.number[W[j][i].quantity]],
        )
        for j, (x2, y2) in enumerate(ends)
        for i, (x1, y1) in enumerate(sources)
    ]
    lines: list[Mark] = [Stroke(*start, *end, width=0.5, grey=0.35) for start, end, _ in edges]
    if len(edges) > MOST_LABELS:
        return lines
    taken: list[tuple[float, float, float]] = []
    for n, (start, end, text) in enumerate(edges):
        half = (len(text) + 1) * DIGIT / 2
        others = [(a, b) for m, (a, b, _) in enumerate(edges) if m != n]
        taken.append(min(_place(start, end, t / 40, half, taken, others) for t in range(6, 35))[1])
    return [
        *lines,
        *(
            Label(x, y, _small(text), size=WEIGHT_SIZE, clear=True)
            for (x, y, _), (_, _, text) in zip(taken, edges, strict=True)
        ),
    ]


def _place(
    start: Spot,
    end: Spot,
    t: float,
    half: float,
    taken: Sequence[tuple[float, float, float]],
    others: Sequence[tuple[Spot, Spot]],
) -> tuple[float, tuple[float, float, float]]:
    """How bad it is to put a label of half-width `half` at part `t` of an edge, and where that is.

    Bad are other labels and lines close by, and a little the ends of the edge.
    """
    x, y = start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])
    cost = abs(t - 0.5)
    for x2, y2, half2 in taken:
        if abs(x - x2) < half + half2 + 3 and abs(y - y2) < LABEL_HEIGHT + 2:
            cost += 50
    for (xa, ya), (xb, yb) in others:
        height = ya + (yb - ya) * (x - xa) / (xb - xa)
        steep = abs((yb - ya) / (xb - xa)) * half
        clear = abs(height - y) - LABEL_HEIGHT / 2 - steep
        cost += max(0.0, 6 - clear) * (3 if clear < 0 else 0.3)
    return cost, (x, y, half)


def _unit(quantity: Quantity, x: float, y: float) -> list[Mark]:
    shown = replace(quantity, context=())  # the same of every sample
    return [Circle(x, y, RADIUS), Label(x, y, Slot(shown), size=UNIT_SIZE)]


def _bias(solution: Solution, bias: Quantity, x: float, y: float) -> list[Mark]:
    """The bias below its unit."""
    text = solution.printed.operand[solution.program.slots.number[bias]]
    signed = _small(text) if text[0] == "-" else _small(text, "+")
    return [Label(x, y - RADIUS - 7, signed, size=WEIGHT_SIZE)]


def _small(text: str, sign: str = "") -> Maths | str:
    """A number on a line or at a unit; a fraction is written 1/5 there, since a stacked one would be tiny."""
    if "/" in text:
        return sign + text.replace("-", "−")
    return Row((PLUS, number(text))) if sign else number(text)


def _width(name: str) -> float:
    """Points, about; what the fonts may not have is written by its number, which is nine letters long."""
    return LETTER * sum(1 if ord(c) < 0x2000 else 9 for c in name)


def _shortened(name: str) -> str:
    return name if len(name) <= 24 else name[:23].rstrip() + "…"
