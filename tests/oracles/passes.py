"""A sheet of several passes: its lines in their order, and every value worked out by the printed formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mpmath.ctx_mp import MPContext

from oracles import text_lines
from oracles.file_said import activations_of, dense, named
from oracles.marks import Printed, Said
from oracles.networks import Network
from oracles.numbers import Point, Points, fraction

OPEN = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1)}
Section = tuple[int, dict[str, Said], list[Printed]]
"""How many updates came before, what is known from before, the lines."""


def sections_of(text: str) -> list[Section]:
    return [
        (update, known, [text_lines.read_line(block) for block in blocks])
        for update, known, blocks in text_lines.passes(text)
    ]


class PassesTruth:
    """`values` by key, to many digits: the numbers as typed, then every printed formula in its order."""

    def __init__(self, said: Mapping[str, str], sections: Iterable[Section], digits: int = 400) -> None:
        self.mp = MPContext()
        self.mp.dps = digits
        self.tiny = self.mp.mpf(10) ** (60 - digits)
        self.values: dict[str, Point] = {key: self._number(text) for key, text in said.items()}
        points = Points(self.mp, self.values, self.tiny)
        for update, _, lines in sections:
            self.values["t"] = self.mp.mpf(update + 1)
            for line in lines:
                self.values[line.key] = points.of(line.stages[0][1])

    def _number(self, text: str) -> Point:
        exact = fraction(text)
        return self.mp.mpf(exact.numerator) / exact.denominator


def open_ranges(made: Network) -> dict[str, tuple[int, int]]:
    """By block or key the ends that an output never reaches."""
    found: dict[str, tuple[int, int]] = {}
    layers = list(dense(made.get("layers", [])))
    parts = made.get("layers", [])
    for n, layer in enumerate(layers, 1):
        names = [name for name, _ in activations_of(layer)]
        last = bool(parts) and layer is parts[-1]
        for block in ("p", "yhat") if last else (f"a{n if len(layers) > 1 else ''}",):
            for i, name in enumerate(names, 1):
                if name in OPEN:
                    found[f"{block}[{i}]" if len(names) > 1 else block] = OPEN[name]
    loss = named(made["loss"])[0] if "loss" in made else ""
    return found | ({"p": (0, 1)} if loss.endswith("from logits") else {})
