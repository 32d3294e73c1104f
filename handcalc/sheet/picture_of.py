"""The picture of a dense network: units as circles in columns, one per layer, with the weights on the edges.

On the key the value of a unit stands above it and, in the second ink, the gradient below each weight and bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handcalc.derive.solution import Solution
from handcalc.derive.writer import WrittenLayer
from handcalc.formula.maths import Shown, Slot, Word
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase
from handcalc.sheet.block_picture import block_picture
from handcalc.sheet.edges import LINE, SIZE, THICK, THIN, Edge, Gap, Spot, small
from handcalc.sheet.labels import wide
from handcalc.sheet.picture import Circle, Label, Mark, Picture, Stroke
from handcalc.sheet.said import Said, layer_titles, shortened, with_way

PITCH, RADIUS, MARGIN = 54.0, 15.0, 12.0
"""Points: between the units of a column at least, of a unit, around the drawing."""
NAME_SIZE, UNIT_SIZE = 8.0, 10.0
BELOW = RADIUS + 7
"""From the middle of a unit to what stands above and below it."""
MOST_LABELS, MOST_GRADIENTS = 20, 12
"""Edges between two layers that still carry their weights, and their gradients as well."""
PALE = 9
"""Where there are more edges than these between two layers, all are drawn in a lighter grey."""
MOST_UNITS = 8
"""Units of a layer that are still drawn."""
PAGE, MOST_WIDTH = 480.0, 640.0
"""A picture is drawn narrower, if it can be, than the first; one with weights that would be wider than the second has
none."""
FLAT = (4.0, 3.2, 2.4)
"""How much longer edges are where there are more of them; the first that lets the picture onto a page."""
TO_LOSS = 70.0
"""From the outputs to the loss."""


def network_picture(
    solution: Solution, *, path: Quantity | None = None, values: bool = True, gradients: bool = True
) -> Picture | None:
    """The network with its weights; a box for each layer where layers branch or are large; None where it is too large
    even for these, or has no weights.

    **Arguments:**

    - `path`: a weight, a bias, an input or a unit, or the gradient with respect to it: the ways from there to the loss
      are drawn thick.
    - `values`, `gradients`: whether these are drawn, where the solution shows them and there is room.

    **Raises:** ValueError if `path` is nothing that is drawn.
    """
    page = solution.program.page
    if not any(layer.weights for layer in page.layers):
        return None
    said = Said(solution, values=values, gradients=gradients)
    columns = [[ref.quantity for ref in page.inputs], *([ref.quantity for ref in one.outputs] for one in page.layers)]
    if not page.chain or max(map(len, columns)) > MOST_UNITS or not all(layer.weights for layer in page.layers):
        return block_picture(said, path and (path.of or path))
    way = _way(columns, page.layers, path.of or path) if path else None
    for weights, slopes in ((True, True), (True, False)):
        plan = _Plan(said if slopes else replace(said, gradients=False), columns, way, weights=weights)
        if plan.fits:
            return plan.picture()
    return _Plan(replace(said, gradients=False), columns, way, weights=False).picture()


Unit = tuple[int, int]
"""A column and a place in it."""


@dataclass(frozen=True)
class Way:
    """The units on the ways to the loss, and the edges, each by the layer, the unit it ends in and that it comes from;
    `end` is the layer of the first edge."""

    units: frozenset[Unit]
    start: Quantity
    first: tuple[int, int, int] | None = None

    def has(self, layer: int, end: int, source: int) -> bool:
        return (layer, source) in self.units or (layer, end, source) == self.first


def _way(columns: Sequence[Sequence[Quantity]], layers: Sequence[WrittenLayer], start: Quantity) -> Way:
    """Every unit after the ones that `start` is or leads to."""
    first = None
    units = {(c, columns[c].index(start)) for c in range(len(columns)) if start in columns[c]}
    for c, layer in enumerate(layers):
        for j, row in enumerate(layer.weights):
            if start in [ref.quantity for ref in row[: len(columns[c])]]:
                first = (c, j, [ref.quantity for ref in row].index(start))
                units.add((c + 1, j))
            if bias_of(layer, j) == start:
                units.add((c + 1, j))
    if not units:
        raise ValueError(f"{start.key} is no weight, bias, input or unit of the picture")
    least = min(c for c, _ in units)
    units |= {(c, r) for c in range(least + 1, len(columns)) for r in range(len(columns[c]))}
    return Way(frozenset(units), start, first)


def bias_of(layer: WrittenLayer, unit: int) -> Quantity | None:
    """What is written below a unit: its bias, the shared one, or the last weight of its row."""
    if layer.biases:
        return layer.biases[min(unit, len(layer.biases) - 1)].quantity
    row = layer.weights[unit]
    return row[-1].quantity if len(row) > len(layer.inputs) else None


class _Plan:
    """Where everything stands."""

    def __init__(self, said: Said, columns: list[list[Quantity]], way: Way | None, *, weights: bool) -> None:
        self.said, self.columns, self.way, self.weights = said, columns, way, weights
        self.network, self.page = said.solution.network, said.solution.program.page
        self.language = self.network.language
        self.gaps = [self._gap(c) for c in range(len(columns) - 1)]
        self.above = {(c, r): marks for c, r, q in self._units() if (marks := said.value(q))}
        self.below = {(c, r): both for c, r, _ in self._units() if (both := self._biases(c, r))}
        reach = [wide(marks, SIZE) for marks in self.above.values()]
        reach += [wide(line.content, SIZE) for both in self.below.values() for line in both]
        self.beside = max((max(reach, default=0.0) / 2 - RADIUS), 0.0)
        lines = max(map(len, self.below.values()), default=0)
        stacked = 2 * RADIUS + LINE * (lines + bool(self.above)) + 14
        self.pitch = max(PITCH, stacked, *(gap.pitch for gap in self.gaps))
        self.titles = [(phrase(self.language, "inputs"),), *(layer_titles(one, self.language) for one in self.layers)]
        for flat in FLAT:
            self.lengths = [self._length(c, flat) for c in range(len(self.gaps))]
            self._sides()
            if self.width <= PAGE:
                break
        self._heights(lines)

    @property
    def layers(self) -> tuple[WrittenLayer, ...]:
        return self.page.layers

    def _units(self) -> list[tuple[int, int, Quantity]]:
        return [(c, r, q) for c, column in enumerate(self.columns) for r, q in enumerate(column)]

    def _gap(self, c: int) -> Gap:
        """The edges into layer c, each with what stands on it."""
        sources, rows = len(self.columns[c]), self.layers[c].weights
        return Gap(sources, len(rows), tuple(
            Edge(i, j, self._on_edge(row[i].quantity), self.way is not None and self.way.has(c, j, i))
            for j, row in enumerate(rows) for i in range(sources)
        ))  # fmt: skip

    def _on_edge(self, weight: Quantity) -> tuple[Label, ...]:
        if not self.weights:
            return ()
        slope = self.said.gradient(weight)
        below = (replace(small(slope), ink="second"),) if slope else ()
        return (small(self.said.given(weight)), *below)

    def _biases(self, c: int, r: int) -> tuple[Label, ...]:
        """The bias below its unit, and its gradient below that."""
        bias = bias_of(self.layers[c - 1], r) if c else None
        if bias is None:
            return ()
        slope = self.said.gradient(bias)
        return (small(self.said.given(bias, signed=True)), *((replace(small(slope), ink="second"),) if slope else ()))

    def _length(self, c: int, flat: float) -> float:
        titles = [max(wide(line, NAME_SIZE) for line in self.titles[n]) for n in (c, c + 1)]
        return max(self.gaps[c].length(self.pitch, self.beside, flat), sum(titles) / 2 + 8 - 2 * RADIUS)

    @property
    def fits(self) -> bool:
        edges = max(len(gap.edges) for gap in self.gaps)
        slopes = any(len(edge.lines) > 1 for gap in self.gaps for edge in gap.edges)
        return edges <= (MOST_GRADIENTS if slopes else MOST_LABELS) and self.width <= MOST_WIDTH

    def _sides(self) -> None:
        """The middle of each column, and the width of the picture."""
        self.names = [shortened(name) for name in self.network.input_names]
        self.outputs = [] if self.way else [shortened(name) for name in self.network.output_names]
        sides = []
        for names, titles in ((self.names, self.titles[0]), (self.outputs, self.titles[-1])):
            named = max((wide(name, NAME_SIZE) + 8 + RADIUS for name in names), default=0.0)
            titled = max(wide(line, NAME_SIZE) for line in titles) / 2
            sides.append(MARGIN + max(named, titled, RADIUS + self.beside))
        self.legend = self._legend()
        inner = sum(self.lengths) + 2 * RADIUS * len(self.lengths)
        if self.way:
            sides[1], inner = MARGIN + RADIUS, inner + TO_LOSS + 2 * RADIUS
        needed = max((wide(line.content, NAME_SIZE) for line in self.legend), default=0.0) + 2 * MARGIN
        self.width = max(sum(sides) + inner, needed)
        self.x = [sides[0] + (self.width - sum(sides) - inner) / 2]
        for length in self.lengths:
            self.x.append(self.x[-1] + length + 2 * RADIUS)

    def _heights(self, lines: int) -> None:
        """The middle of each unit, and the height of the picture."""
        foot = MARGIN + LINE * 1.3 * len(self.legend) + RADIUS + LINE * lines + 4
        tallest = max(map(len, self.columns))
        middle = foot + (tallest - 1) * self.pitch / 2
        self.y = [[middle + ((len(column) - 1) / 2 - r) * self.pitch for r in range(len(column))]
                  for column in self.columns]  # fmt: skip
        self.middle = middle
        self.top = foot + (tallest - 1) * self.pitch + BELOW + LINE * bool(self.above) + 6
        self.height = self.top + LINE * 1.2 * (max(map(len, self.titles)) - 1) + MARGIN

    def _legend(self) -> list[Label]:
        """What stands above and below a unit, and what the second ink says; hidden with the numbers it is about."""
        found = []
        if isinstance(value := self.above.get((1, 0)), Shown):
            words = Shown(value.quantity, Word(phrase(self.language, "above and below")))
            found.append(Label(0, 0, words, size=NAME_SIZE))
        if len(lines := self.gaps[-1].edges[0].lines) > 1 and isinstance(slope := lines[1].content, Shown):
            sign = "slanted minus" if self.network.notation.sign == "y - p" else "slanted"
            words = Shown(slope.quantity, Word(phrase(self.language, sign)))
            found.append(Label(0, 0, words, size=NAME_SIZE, ink="second"))
        return found

    def picture(self) -> Picture:
        marks: list[Mark] = []
        crowded = max(len(gap.edges) for gap in self.gaps) > PALE
        for c, gap in enumerate(self.gaps):
            marks += gap.lines(*self._ends(c), grey=0.6 if self.way or crowded else 0.35)
        marks += self._loss(self.way) if self.way else []
        for c, gap in enumerate(self.gaps):
            marks += gap.labels(*self._ends(c), self.pitch)
        for c, r, quantity in self._units():
            marks += self._unit(c, r, quantity)
        for c, titles in enumerate(self.titles):
            last = self.top + LINE * 1.2 * (len(titles) - 1)
            marks += [Label(self.x[c], last - n * LINE * 1.2, line, size=NAME_SIZE) for n, line in enumerate(titles)]
        for x, y, name in self._beside(0, self.names):
            marks.append(Label(x - RADIUS - 5, y, name, "right", NAME_SIZE))
        for x, y, name in self._beside(-1, self.outputs):
            marks.append(Label(x + RADIUS + 5, y, name, "left", NAME_SIZE))
        for n, line in enumerate(reversed(self.legend)):
            marks.append(replace(line, x=self.width / 2, y=MARGIN / 2 + 4 + n * LINE * 1.3))
        sizes = "-".join(str(len(column)) for column in self.columns)
        kinds = ", ".join(title for layer in self.layers for title in layer_titles(layer, self.language))
        alt = phrase(self.language, "picture", sizes=sizes, kinds=kinds)
        alt = with_way(alt, self.way.start if self.way else None, self.language)
        return Picture(self.width, self.height, tuple(marks), alt)

    def _ends(self, c: int) -> tuple[list[Spot], list[Spot]]:
        """Where the edges of a gap begin, and where they end."""
        starts = [(self.x[c] + RADIUS, y) for y in self.y[c]]
        return starts, [(self.x[c + 1] - RADIUS, y) for y in self.y[c + 1]]

    def _unit(self, c: int, r: int, quantity: Quantity) -> list[Mark]:
        x, y = self.x[c], self.y[c][r]
        thick = self.way is not None and (c, r) in self.way.units
        shown = quantity.without_context()  # the same of every sample
        marks: list[Mark] = [Circle(x, y, RADIUS, THICK if thick else 0.8), Label(x, y, Slot(shown), size=UNIT_SIZE)]
        if (c, r) in self.above:
            marks.append(Label(x, y + BELOW, self.above[c, r], size=SIZE))
        lines = self.below.get((c, r), ())
        return [*marks, *(replace(line, x=x, y=y - BELOW - n * LINE, clear=False) for n, line in enumerate(lines))]

    def _beside(self, c: int, names: Sequence[str]) -> list[tuple[float, float, str]]:
        return [(self.x[c], y, name) for y, name in zip(self.y[c], names, strict=False)]

    def _loss(self, way: Way) -> list[Mark]:
        """The loss behind the outputs, with a line from each."""
        x = self.x[-1] + 2 * RADIUS + TO_LOSS
        last = len(self.columns) - 1
        lines: list[Mark] = [
            Stroke(self.x[-1] + RADIUS, y, x - RADIUS, self.middle, THICK if (last, r) in way.units else THIN)
            for r, y in enumerate(self.y[-1])
        ]
        return [*lines, Circle(x, self.middle, RADIUS, THICK), Label(x, self.middle, self.said.loss, size=UNIT_SIZE)]
