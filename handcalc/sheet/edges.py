"""Where the weights stand on the edges between two layers, so that no two of them touch.

Seen from the layer with more units each unit is the hub of a fan: it has few edges, and their labels stand in a column
at one distance from it, in the order of the units that they come from or lead to. At that distance the labels of one
fan are far enough apart, and they end before those of the next fan begin.

Glossary
    fan     how many edges meet in one hub
    pitch   between the units of a layer
    need    the height of a label with the room above it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handcalc.formula.maths import Maths
from handcalc.sheet.labels import wide
from handcalc.sheet.picture import Label, Mark, Stroke

Spot = tuple[float, float]
SIZE, LINE, AIR = 7.5, 8.6, 1.6
"""Of the type; from one line of a label to the next; above a label for each of its lines. Points."""
SHORTEST = 84.0
"""An edge, from unit to unit."""
THIN, THICK = 0.5, 1.8


@dataclass(frozen=True, slots=True)
class Edge:
    """A weight from unit `source` to unit `end`; of `lines` the first stands on it, the weight, and below it the
    gradient."""

    source: int
    end: int
    lines: tuple[Label, ...]
    """Each at (0, 0)."""
    thick: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """The edges between a layer of `sources` units and one of `ends` units."""

    sources: int
    ends: int
    edges: tuple[Edge, ...]

    @property
    def fan(self) -> int:
        return min(self.sources, self.ends)

    @property
    def hub_is_end(self) -> bool:
        return self.sources <= self.ends

    @property
    def need(self) -> float:
        most = max((len(edge.lines) for edge in self.edges), default=0)
        return most * (LINE + AIR)

    @property
    def pitch(self) -> float:
        """What lies at least between two units for all labels to have room."""
        return self.need * (self.fan + 1)

    @property
    def half(self) -> float:
        """Half the width of the widest label."""
        return max((wide(line.content, line.size) for edge in self.edges for line in edge.lines), default=0.0) / 2

    def length(self, pitch: float, beside: float, flat: float) -> float:
        """How long the edges are: the more of them, the longer, so that steep ones pass the labels of others.

        `flat` says how much so; `beside` is how far what stands above and below a unit reaches over its edge.
        """
        if not self.need:
            return SHORTEST
        return max(SHORTEST, flat * self.half * self.fan, (self.half + beside + AIR) / self.part(pitch))

    def part(self, pitch: float) -> float:
        """How far from the hub the labels stand, as a part of the edge: between where two labels of one fan would touch
        and where those of two fans would."""
        if self.fan == 1:
            return 0.5
        least = self.need / pitch
        return (least + (1 - least) / self.fan) / 2

    def lines(self, starts: Sequence[Spot], ends: Sequence[Spot], *, grey: float) -> list[Mark]:
        """The edges themselves, thick ones last; spots are where they begin and end."""
        ordered = sorted(self.edges, key=lambda edge: edge.thick)
        return [
            Stroke(*starts[e.source], *ends[e.end], THICK if e.thick else THIN, grey=0.0 if e.thick else grey)
            for e in ordered
        ]

    def labels(self, starts: Sequence[Spot], ends: Sequence[Spot], pitch: float) -> list[Mark]:
        t = 1 - self.part(pitch) if self.hub_is_end else self.part(pitch)
        found: list[Mark] = []
        for edge in self.edges:
            (x1, y1), (x2, y2) = starts[edge.source], ends[edge.end]
            x, y = x1 + t * (x2 - x1), y1 + t * (y2 - y1)
            for n, line in enumerate(edge.lines):
                found.append(placed(line, x, y - n * LINE))
        return found


def small(content: Maths | str) -> Label:
    return Label(0, 0, content, size=SIZE, clear=True)


def placed(label: Label, x: float, y: float) -> Label:
    return Label(x, y, label.content, label.anchor, label.size, label.clear, label.ink)
