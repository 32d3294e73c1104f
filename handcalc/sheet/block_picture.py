"""The picture of a network that branches, or whose layers are too large to draw each weight: a box for each layer.

A box lists the units of its layer, on the key with their values; the letters of the weights stand on the arrow that
leads into it. Where branches are added there is a gate with +, where they are put side by side a bar; an empty branch
is an arrow past the others (He and others, "Deep Residual Learning for Image Recognition", 2016).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from handcalc.derive.writer import WrittenLayer
from handcalc.formula.maths import Maths, Relation, Row, Shown, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import quantities
from handcalc.formula.words import phrase
from handcalc.network.layers import Layer, Part
from handcalc.ops.join import Add
from handcalc.sheet.edges import THICK
from handcalc.sheet.labels import wide
from handcalc.sheet.picture import Anchor, Circle, Label, Mark, Picture, Stroke
from handcalc.sheet.said import Said, layer_titles, shortened, with_way

MARGIN, ROW, PAD, TITLE, APART = 10.0, 17.0, 5.0, 12.0, 12.0
"""Points: around the drawing, of a unit in its box, inside a box, of the title above it, between branches."""
ARROW, TRUNK, GATE, RADIUS = 30.0, 14.0, 9.0, 13.0
"""An arrow at least, before branches part, the radius of a gate and of the loss."""
TO_LOSS = ARROW + 2 * RADIUS
UNIT_SIZE, NAME_SIZE = 9.0, 8.0
MOST_ROWS = 6
"""Units that a box lists; of more the first ones and the last."""
MOST_WIDTH, MOST_HEIGHT = 900.0, 620.0
BAR = 3.0
"""The width of the line where branches are put side by side."""


@dataclass(frozen=True)
class Box:
    """The units of a layer; `into` is what stands on the arrow that leads to them; `on_way`: whether they lie on the
    way that is drawn thick."""

    titles: tuple[str, ...]
    units: tuple[Quantity, ...]
    values: tuple[Maths | None, ...]
    into: Maths | None = None
    on_way: bool = False

    def leads_on(self, comes: bool) -> bool:
        """Whether the way goes on behind it, if it `comes` in here."""
        return self.on_way

    @property
    def rows(self) -> list[int | None]:
        """The units that are listed; None is what is left out."""
        count = len(self.units)
        return [*range(count)] if count <= MOST_ROWS else [*range(MOST_ROWS - 2), None, count - 1]

    @property
    def inner(self) -> float:
        """The width of the box."""
        return 2 * PAD + max(wide(self.row(n), UNIT_SIZE) for n in range(len(self.units)))

    def row(self, n: int) -> Maths:
        """A unit, and its value: a₁ = 0.5."""
        value = self.values[n]
        return Row((Slot(self.units[n]), value)) if value else Slot(self.units[n])

    @property
    def arrow(self) -> float:
        return max(ARROW, wide(self.into, NAME_SIZE) + 12) if self.into else ARROW

    @property
    def over(self) -> float:
        """How far the title reaches over the box on each side."""
        return max((max(wide(title, NAME_SIZE) for title in self.titles) + 4 - self.inner) / 2, 0.0)

    @property
    def width(self) -> float:
        return max(self.arrow, self.over + 8) + self.inner + self.over

    @property
    def down(self) -> float:
        return len(self.rows) * ROW / 2 + PAD

    @property
    def up(self) -> float:
        return self.down + TITLE * len(self.titles)


@dataclass(frozen=True)
class Fork:
    """Branches that part and come together: added in the box `sum`, or, without one, put side by side."""

    branches: tuple[Chain, ...]
    sum: Box | None
    at: tuple[float, ...] = field(init=False)
    """How high each branch lies over the middle."""

    def __post_init__(self) -> None:
        heights, place = [], 0.0
        for branch in self.branches:
            place -= branch.up
            heights.append(place)
            place -= branch.down + APART
        middle = (heights[0] + heights[-1]) / 2
        full = [n for n, branch in enumerate(self.branches) if branch.parts]
        if len(self.branches) == 2 and len(full) == 1:  # a skip goes over what it skips
            inside, past = self.branches[full[0]], self.branches[1 - full[0]]
            heights, middle = [inside.up + APART + past.down] * 2, 0.0
            heights[full[0]] = 0.0
        object.__setattr__(self, "at", tuple(height - middle for height in heights))

    def leads_on(self, comes: bool) -> bool:
        return any(branch.leads_on(comes) for branch in self.branches)

    @property
    def inner(self) -> float:
        return TRUNK + max(branch.width for branch in self.branches) + TRUNK + GATE

    @property
    def width(self) -> float:
        return self.inner + (GATE + self.sum.width if self.sum else 0.0)

    @property
    def up(self) -> float:
        branches = max(at + branch.up for at, branch in zip(self.at, self.branches, strict=True))
        return max(branches, self.sum.up if self.sum else 0.0, GATE)

    @property
    def down(self) -> float:
        branches = max(branch.down - at for at, branch in zip(self.at, self.branches, strict=True))
        return max(branches, self.sum.down if self.sum else 0.0, GATE)


@dataclass(frozen=True)
class Chain:
    """What follows one another; nothing is a skip."""

    parts: tuple[Box | Fork, ...]

    def leads_on(self, comes: bool) -> bool:
        for part in self.parts:
            comes = part.leads_on(comes)
        return comes

    @property
    def width(self) -> float:
        return sum(part.width for part in self.parts)

    @property
    def up(self) -> float:
        return max((part.up for part in self.parts), default=GATE)

    @property
    def down(self) -> float:
        return max((part.down for part in self.parts), default=GATE)


def block_picture(said: Said, start: Quantity | None = None) -> Picture | None:
    """The network as boxes, with the ways from `start` to the loss drawn thick; None where it is too large to be drawn
    well.
    """
    network, language = said.solution.network, said.solution.network.language
    made = _Reader(said, start)
    first = made.box((phrase(language, "inputs"),), [ref.quantity for ref in said.page.inputs])
    chain = made.chain(network.layers)
    names, outputs = ([shortened(name) for name in some] for some in (network.input_names, network.output_names))
    outputs = [] if start else outputs
    left, right = (max((wide(n, NAME_SIZE) + PAD for n in some), default=0.0) for some in (names, outputs))
    width = 2 * MARGIN + max(left, first.over) + first.inner + chain.width + (TO_LOSS if start else right)
    below = MARGIN + max(first.down, chain.down)
    height = below + max(first.up, chain.up) + MARGIN
    if width > MOST_WIDTH or height > MOST_HEIGHT:
        return None
    x = MARGIN + max(left, first.over)
    marks = [*_box(first, x, below), *_names(first, names, x - PAD, below, "right")]
    marks += _chain(chain, x + first.inner, below, first.on_way)
    last = chain.parts[-1]
    ending = last.sum if isinstance(last, Fork) else last
    end = x + first.inner + chain.width
    if start:
        marks += _loss(said, end, below, chain.leads_on(first.on_way))
    elif ending:
        marks += _names(ending, outputs, end - ending.over + PAD, below, "left")
    kinds = ", ".join(title for layer in said.page.layers for title in layer_titles(layer, language))
    alt = with_way(phrase(language, "picture of blocks", kinds=kinds), start, language)
    return Picture(width, height, tuple(marks), alt)


class _Reader:
    """Boxes and forks of the layers of a network, in the order in which they were written."""

    def __init__(self, said: Said, start: Quantity | None) -> None:
        self.said, self.language = said, said.solution.network.language
        self.way = _depending(said, start) if start else set()
        self.layers = iter(said.page.layers)
        page = said.page.page
        self.sums = iter(
            [m for m in page.made if isinstance(m.operation, Add) and page.frame(m).sample <= _first(said)]
        )

    def box(self, titles: tuple[str, ...], units: Sequence[Quantity], into: Maths | None = None) -> Box:
        values = (self.said.value(unit) for unit in units)
        equals = tuple(v and _after_equals(v) for v in values)
        on_way = not self.way.isdisjoint(units)
        return Box(titles, tuple(unit.without_context() for unit in units), equals, into, on_way)

    def chain(self, parts: Sequence[Part]) -> Chain:
        return Chain(tuple(map(self.part, parts)))

    def part(self, part: Part) -> Box | Fork:
        if isinstance(part, Layer):
            layer = next(self.layers)
            titles = layer_titles(layer, self.language)
            return self.box(titles, [ref.quantity for ref in layer.outputs], _parameters(layer))
        branches = tuple(map(self.chain, part.branches))
        if part.join == "concatenate":
            return Fork(branches, None)
        title = (phrase(self.language, "sum of branches"),)
        return Fork(branches, self.box(title, [ref.quantity for ref in next(self.sums).outputs]))


def _depending(said: Said, start: Quantity) -> set[Quantity]:
    """`start` and whatever is worked out of it on the way to the outputs."""
    found = {start}
    for step in said.page.steps:
        if step.stage == "forward" and not found.isdisjoint(quantities(step.formula)):
            found.add(step.target)
    if len(found) == 1 and start not in [ref.quantity for ref in said.page.inputs]:
        raise ValueError(f"{start.key} is no weight, bias, input or unit of the picture")
    return found


def _first(said: Said) -> int:
    """The number of the sample that is drawn, where samples have numbers."""
    return min((dict(ref.quantity.context).get("s", 0) for ref in said.page.outputs[0]), default=0)


def _parameters(layer: WrittenLayer) -> Maths | None:
    """W⁽¹⁾, b⁽¹⁾."""
    found = [block[0].quantity for block in (*layer.weights[:1], layer.biases) if block]
    if not found:
        return None
    letters = [Slot(replace(q, index=(), context=(), shown=None)) for q in found]
    return letters[0] if len(letters) == 1 else Row((letters[0], Relation(","), letters[1]))


def _chain(chain: Chain, x: float, y: float, comes: bool) -> Iterator[Mark]:
    """`comes`: whether the way that is drawn thick comes in."""
    for part in chain.parts:
        yield from _fork(part, x, y, comes) if isinstance(part, Fork) else _entered(part, x, y)
        comes = part.leads_on(comes)
        x += part.width


def _entered(box: Box, x: float, y: float) -> Iterator[Mark]:
    """An arrow to a box, and the box."""
    left = x + box.width - box.over - box.inner
    yield _line(x, y, left, y, box.on_way, arrow=True)
    if box.into:
        yield Label((x + left) / 2 - 2, y + 8, box.into, size=NAME_SIZE)
    yield from _box(box, left, y)


def _box(box: Box, left: float, y: float) -> Iterator[Mark]:
    right, top, bottom = left + box.inner, y + box.down, y - box.down
    corners = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    for (x1, y1), (x2, y2) in itertools.pairwise(corners):
        yield Stroke(x1, y1, x2, y2, width=THICK if box.on_way else 0.8)
    for n, title in enumerate(reversed(box.titles)):
        yield Label((left + right) / 2, top + TITLE / 2 + 1 + n * TITLE, title, size=NAME_SIZE)
    for place, unit in zip(_rows(box, y), box.rows, strict=True):
        if unit is None:
            yield Label((left + right) / 2, place, "…", size=UNIT_SIZE)
        elif box.values[unit]:
            yield Label(left + PAD, place, box.row(unit), "left", UNIT_SIZE)
        else:
            yield Label((left + right) / 2, place, box.row(unit), size=UNIT_SIZE)


def _rows(box: Box, y: float) -> list[float]:
    return [y + box.down - PAD - (n + 0.5) * ROW for n in range(len(box.rows))]


def _names(box: Box, names: Sequence[str], x: float, y: float, anchor: Anchor) -> Iterator[Mark]:
    for place, unit in zip(_rows(box, y), box.rows, strict=True):
        if unit is not None and unit < len(names):
            yield Label(x, place, names[unit], anchor, NAME_SIZE)


def _line(x1: float, y1: float, x2: float, y2: float, thick: bool, *, arrow: bool = False) -> Stroke:
    return Stroke(x1, y1, x2, y2, THICK if thick else 0.6, arrow=arrow)


def _loss(said: Said, x: float, y: float, thick: bool) -> Iterator[Mark]:
    yield _line(x, y, x + ARROW, y, thick, arrow=True)
    yield Circle(x + ARROW + RADIUS, y, RADIUS, THICK if thick else 0.8)
    yield Label(x + ARROW + RADIUS, y, said.loss, size=UNIT_SIZE)


def _fork(fork: Fork, x: float, y: float, comes: bool) -> Iterator[Mark]:
    parting, meeting = x + TRUNK, x + fork.inner
    heights = [y + at for at in fork.at]
    yield _line(x, y, parting, y, comes)
    if min(heights) < max(heights):
        yield _line(parting, min(*heights, y), parting, max(*heights, y), comes)
    for branch, height in zip(fork.branches, heights, strict=True):
        yield from _chain(branch, parting, height, comes)
        end, thick = parting + branch.width, branch.leads_on(comes)
        if not fork.sum:
            yield _line(end, height, meeting, height, thick, arrow=True)
        elif abs(height - y) < GATE:
            yield _line(end, height, meeting - GATE, y, thick, arrow=True)
        else:
            yield _line(end, height, meeting, height, thick)
            yield _line(meeting, height, meeting, y + (GATE if height > y else -GATE), thick, arrow=True)
    if fork.sum:
        yield Circle(meeting, y, GATE)
        yield Label(meeting, y, "+", size=UNIT_SIZE)
        yield from _entered(fork.sum, meeting + GATE, y)
    else:
        yield Stroke(meeting, min(*heights, y) - 6, meeting, max(*heights, y) + 6, width=BAR)


def _after_equals(value: Shown) -> Shown:
    """``= 0.5``"""
    inner, *rooms = (Row((Relation("="), marks)) for marks in (value.inner, *value.widest))
    return Shown(value.quantity, inner, widest=tuple(rooms))
