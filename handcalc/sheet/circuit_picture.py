"""The picture of a circuit, drawn from left to right: gates as circles, on each wire its value and its gradient.

A layered drawing (Sugiyama, Tagawa and Toda, 1981): each gate stands to the right of what leads into it, each layer
is sorted so that few wires cross, and a wire that passes a layer has a place in it. The value stands above a wire and
the gradient, in the second ink, below it (CS231n, 2015). Of two wires into a gate the upper one is the first, else they
are numbered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from handcalc.derive.solution import NO_ROOMS
from handcalc.derive.writer import WrittenCircuit
from handcalc.formula.maths import Maths, Shown, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import phrase
from handcalc.ops.gate import Gate
from handcalc.ops.operation import Operation
from handcalc.sheet.labels import on_a_line, wide
from handcalc.sheet.picture import Circle, Label, Mark, Picture, Stroke

RADIUS, MARGIN, AIR = 9.0, 8.0, 3.0
"""Points: of a gate, around the drawing, beside a text."""
MOST_BEND = 54.0
"""The room between two layers in which wires bend, at most."""
SIGN_SIZE, NAME_SIZE, ORDER_SIZE = 8.5, 8.0, 5.5
LETTER, SIGN = 4.4, 4.9
"""Points that a letter of a name and one of a gate's sign are wide."""
ORDER_PLACES = (9.0, 16.0)
"""How far from a gate the numbers of its wires stand; the second, where both come from one side."""
SWEEPS = 12
MOST_GATES, MOST_WIDTH, MOST_HEIGHT = 60, 1000.0, 620.0
"""What is larger is not drawn."""


@dataclass(frozen=True, slots=True)
class Room:
    """`node` points between two gates of a layer, `wire` between two wires that pass it, between the one and the other
    their mean; between two layers `bend` at least; from a wire to the middle of a number `apart`, which has type of
    size `size` and is `least` wide."""

    node: float
    wire: float
    bend: float
    apart: float
    size: float
    least: float = 0.0
    beside_names: bool = False
    """Whether numbers begin where the name above a gate ends."""


TO_READ = Room(36.0, 13.0, 15.0, 5.5, 7.5)
TO_WRITE = Room(56.0, 24.0, 9.0, 10.5, 10.4, 31.2, beside_names=True)
"""With boxes of 11 by 5 mm."""


@dataclass(frozen=True, slots=True)
class Node:
    """A gate with the wire that leaves it, or, with an empty `sign`, an input with its wire.

    `inputs` are keys of nodes before this one; `value` and `slope` are digits, or empty; `ordered` says that the inputs
    can't be swapped. `of` and `gradient` are the quantities whose digits these are, `widest` what else could stand
    there.
    """

    key: str
    name: Maths | str
    value: str
    slope: str = ""
    sign: str = ""
    inputs: tuple[str, ...] = ()
    ordered: bool = False
    of: Quantity | None = None
    gradient: Quantity | None = None
    widest: tuple[str, ...] = ()


def circuit_nodes(
    written: WrittenCircuit, digits: Callable[[Quantity], str], rooms: Mapping[str, tuple[str, ...]] = NO_ROOMS.widest
) -> list[Node]:
    """The nodes of a circuit; `digits` gives what is printed of a value or a gradient, `rooms` what else could be."""

    def node(quantity: Quantity, **more: object) -> Node:
        back = written.gradients.get(quantity)
        slope = digits(back.quantity) if back else "1" if quantity == written.output.quantity and back_wards else ""
        names = {"of": quantity, "gradient": back.quantity if back else None}
        widest = (*rooms.get(quantity.key, ()), *(rooms.get(back.quantity.key, ()) if back else ()))
        return Node(quantity.key, Slot(quantity), digits(quantity), slope, widest=widest, **names, **more)  # type: ignore[arg-type]

    back_wards = bool(written.gradients)
    return [
        *(node(ref.quantity) for ref in written.inputs),
        *(
            node(
                wire.ref.quantity,
                sign=_sign(wire.operation),
                inputs=tuple(ref.quantity.key for ref in wire.inputs),
                ordered=wire.operation.name in ("minus gate", "divide gate", "any power gate"),
            )
            for wire in written.wires
        ),
    ]


def _sign(operation: Operation) -> str:
    if isinstance(operation, Gate):
        return operation.label
    return {"sigmoid": "σ", "expression": "="}.get(operation.name) or operation.title or operation.name


def circuit_picture(nodes: Sequence[Node], language: str = "en", *, writing: bool = False) -> Picture | None:
    """The circuit of `nodes`, each after those that lead into it; None where it is too large to be drawn well.

    With `writing` each number has room for a box to write it in.
    """
    if sum(bool(node.sign) for node in nodes) > MOST_GATES:
        return None
    plan = _Plan(nodes, TO_WRITE if writing else TO_READ)
    marks = [mark for draw in (plan.wires, plan.gates) for mark in draw()]
    if plan.width > MOST_WIDTH or plan.height > MOST_HEIGHT:
        return None
    gates = sum(bool(node.sign) for node in nodes)
    both = any(node.slope for node in nodes)
    alt = phrase(language, "circuit with gradients" if both else "circuit", gates=gates)
    return Picture(plan.width, plan.height, tuple(marks), alt, blanks=writing)


Spot = tuple[str, int]
"""A node's key and a layer: the node itself in its own layer, its wire in those that it passes."""


class _Plan:
    """Where everything stands."""

    def __init__(self, nodes: Sequence[Node], room: Room) -> None:
        self.room = room
        self.nodes = {node.key: node for node in nodes}
        self.layer = _layers(nodes)
        self.links = self._links()
        """From spot to spot of the next layer."""
        self.before: dict[Spot, list[Spot]] = {}
        self.after: dict[Spot, list[Spot]] = {}
        for a, b in self.links:
            self.after.setdefault(a, []).append(b)
            self.before.setdefault(b, []).append(a)
        self.columns = self._sorted(self._first_order(nodes))
        self.y = self._heights()
        self._widths()

    def _links(self) -> list[tuple[Spot, Spot]]:
        """One wire for all the gates that a node leads to, as far as they go the same way."""
        found: dict[tuple[Spot, Spot], None] = {}
        for node in self.nodes.values():
            for key in node.inputs:
                for n in range(self.layer[key], self.layer[node.key] - 1):
                    found[(key, n), (key, n + 1)] = None
                found[(key, self.layer[node.key] - 1), (node.key, self.layer[node.key])] = None
        return list(found)

    def _is_node(self, spot: Spot) -> bool:
        return self.layer[spot[0]] == spot[1]

    def _first_order(self, nodes: Sequence[Node]) -> list[list[Spot]]:
        """The layers in the order in which a walk back from the last node meets their spots."""
        columns: list[list[Spot]] = [[] for _ in range(max(self.layer.values()) + 1)]
        seen: set[Spot] = set()
        todo: list[Spot] = [(node.key, self.layer[node.key]) for node in nodes]
        while todo:
            spot = todo.pop()
            if spot not in seen:
                seen.add(spot)
                columns[spot[1]].append(spot)
                todo += reversed(self.before.get(spot, []))
        return columns

    def _sorted(self, columns: list[list[Spot]]) -> list[list[Spot]]:
        """Layers sorted by the mean place of their neighbours, to and fro; the arrangement with fewest crossings."""
        best, fewest = columns, self._crossings(columns)
        for sweep in range(SWEEPS):
            columns = [list(column) for column in columns]
            rightwards = sweep % 2 == 0
            order = range(1, len(columns)) if rightwards else range(len(columns) - 2, -1, -1)
            beside = self.before if rightwards else self.after
            for n in order:
                place = {spot: i for i, spot in enumerate(columns[n - 1 if rightwards else n + 1])}
                at = {spot: _mean([place[s] for s in beside.get(spot, ())], i) for i, spot in enumerate(columns[n])}
                columns[n].sort(key=at.__getitem__)
            crossings = self._crossings(columns)
            if crossings < fewest:
                best, fewest = columns, crossings
        return best

    def _crossings(self, columns: list[list[Spot]]) -> int:
        place = {spot: i for column in columns for i, spot in enumerate(column)}
        count = 0
        for column in columns:
            ends = [(place[a], place[b]) for a in column for b in self.after.get(a, ())]
            count += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(ends) for c, d in ends[:i])
        return count

    def _heights(self) -> dict[Spot, float]:
        """Each spot near the mean height of its neighbours, no nearer to the next than their gap; upwards."""
        y = {spot: -self.room.node * i for column in self.columns for i, spot in enumerate(column)}
        for sweep in range(2 * SWEEPS + 1):
            rightwards = sweep % 2 == 0
            beside = self.before if rightwards else self.after
            for column in self.columns if rightwards else reversed(self.columns):
                wanted = [_mean([y[s] for s in beside.get(spot, ())], y[spot]) for spot in column]
                gaps = [(self._apart(a) + self._apart(b)) / 2 for a, b in pairwise(column)]
                y |= zip(column, _spread(wanted, gaps), strict=True)
        lowest = min(y.values())
        return {spot: height - lowest + MARGIN + self.room.node / 2 for spot, height in y.items()}

    def _apart(self, spot: Spot) -> float:
        return self.room.node if self._is_node(spot) else self.room.wire

    def _radius(self, node: Node) -> float:
        return max(RADIUS, len(node.sign) * SIGN / 2 + 2) if node.sign else 0.0

    def _widths(self) -> None:
        """For each layer where it begins, where its gates stand and where its wires end."""
        x = MARGIN
        self.left, self.centre, self.begin, self.right = [], [], [], []
        for n, column in enumerate(self.columns):
            nodes = [self.nodes[spot[0]] for spot in column if self._is_node(spot)]
            if n:
                steepest = max((abs(self.y[a] - self.y[b]) for a, b in self.links if b[1] == n), default=0.0)
                x += min(max(self.room.bend, 0.45 * steepest), MOST_BEND)
            radius = max((self._radius(node) for node in nodes), default=0.0)
            name = max((len(node.key) * LETTER + AIR for node in nodes if not node.sign), default=0.0)
            self.left.append(x)
            self.centre.append(x + max(radius, name))
            x = self.centre[-1] + radius
            named = max((wide(node.key, NAME_SIZE) / 2 for node in nodes if node.sign), default=0.0)
            x = max(x, self.centre[-1] + named) if self.room.beside_names else x
            self.begin.append(x)
            x += max((self._wide(node) + 2 * AIR for node in nodes), default=0.0)
            self.right.append(x)
        self.width = x + MARGIN
        self.height = max(self.y.values()) + self.room.node / 2 + MARGIN

    def _wide(self, node: Node) -> float:
        """The width of the numbers on a node's wire."""
        texts = [wide(on_a_line(text), self.room.size) for text in (node.value, node.slope, *node.widest) if text]
        return max(*texts, self.room.least) if texts else 0.0

    def wires(self) -> Iterator[Mark]:
        for column in self.columns:
            for spot in column:
                yield self._along(spot)
        for a, b in self.links:
            if not self._is_node(b):
                yield Stroke(self.right[a[1]], self.y[a], self.left[b[1]], self.y[b])
        for node in self.nodes.values():
            yield from self._into(node)

    def _along(self, spot: Spot) -> Stroke:
        """The straight piece of a wire in a layer: after its node, or past the layer."""
        key, n = spot
        start = self.left[n]
        if self._is_node(spot):
            start = self.centre[n] + self._radius(self.nodes[key])
        last = self._is_node(spot) and not self.after.get(spot)
        return Stroke(start, self.y[spot], self.right[n] + (MARGIN - 2) * last, self.y[spot], arrow=last)

    def _into(self, node: Node) -> Iterator[Mark]:
        """The ends of the wires that lead into a gate; two from the same node stand apart."""
        n = self.layer[node.key]
        x, y, radius = self.centre[n], self.y[node.key, n], self._radius(node)
        starts = [(self.right[n - 1], self.y[key, n - 1]) for key in node.inputs]
        twice = len(starts) == 2 and starts[0] == starts[1]
        reversed_order = node.ordered and len(starts) == 2 and starts[0][1] < starts[1][1]
        same_side = len(starts) == 2 and (starts[0][1] - y) * (starts[1][1] - y) > 0
        for i, (x1, y1) in enumerate(starts):
            aim = y + (3.5 - 7 * i if twice else 0.0)
            length = hypot(x - x1, aim - y1)
            part = 1 - radius / length
            x2, y2 = x1 + part * (x - x1), y1 + part * (aim - y1)
            yield Stroke(x1, y1, x2, y2, arrow=True)
            if reversed_order:
                back = (radius + ORDER_PLACES[i * same_side]) / length
                yield Label(x - back * (x - x1), aim - back * (aim - y1), str(i + 1), size=ORDER_SIZE, clear=True)

    def gates(self) -> Iterator[Mark]:
        for key, node in self.nodes.items():
            n = self.layer[key]
            x, y, radius = self.centre[n], self.y[key, n], self._radius(node)
            if node.sign:
                yield Circle(x, y, radius)
                yield Label(x, y, node.sign, size=SIGN_SIZE)
                yield Label(x, y + radius + 5.5, node.name, size=NAME_SIZE, clear=True)
            else:
                yield Label(x - AIR, y, node.name, "right", NAME_SIZE)
            begin = self.begin[n] if self.room.beside_names else x + radius
            middle, apart, size = (begin + self.right[n]) / 2, self.room.apart, self.room.size
            if node.value:
                yield Label(middle, y + apart, _digits(node.value, node.of), size=size)
            if node.slope:
                yield Label(middle, y - apart, _digits(node.slope, node.gradient), size=size, ink="second")


def _layers(nodes: Sequence[Node]) -> dict[str, int]:
    """The longest way from an input; a gate without wires is as far left as an input."""
    layer: dict[str, int] = {}
    for node in nodes:
        layer[node.key] = max((layer[key] + 1 for key in node.inputs), default=0)
    return layer


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _spread(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Heights from the top down, each at least its gap below the one before, as near to the wanted ones as can be.

    Least squares: neighbours that would come too near are moved together (Ayer and others, 1955).
    """
    shift = [0.0]
    for gap in gaps:
        shift.append(shift[-1] + gap)
    groups: list[tuple[float, int]] = []
    for height, moved in zip(wanted, shift, strict=True):
        total, count = height + moved, 1
        while groups and groups[-1][0] / groups[-1][1] < total / count:
            before, size = groups.pop()
            total, count = total + before, count + size
        groups.append((total, count))
    level = [total / count for total, count in groups for _ in range(count)]
    return [height - moved for height, moved in zip(level, shift, strict=True)]


def _digits(text: str, quantity: Quantity | None) -> Maths:
    return Shown(quantity, on_a_line(text)) if quantity else on_a_line(text)
