"""Layers one after the other, and branches of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from handcalc.formula.number import Number
from handcalc.network.chosen import Chosen
from handcalc.network.errors import counted, listed
from handcalc.network.exercise import Outputs
from handcalc.network.from_python import python_events
from handcalc.network.layer import Biases, LayerParts, Reading, Source, layer_parts
from handcalc.network.nodes import Items, Node, Pairs, build
from handcalc.network.values import describe, keys, word
from handcalc.ops import Activation

JOINS = ("add", "concatenate")


@dataclass(frozen=True, init=False)
class Layer:
    """σ(W x + b): `weights` holds one row per unit, W[to][from], as typed (a row per input, where the network's layout
    is in x out; none for an activation alone); `bias` is None where the layer has none.

    `activation` is one for all units, or a tuple of one for each. `biases` says what `bias` is: one number for each
    unit, a shared one, a threshold that is subtracted; or that the weights' last column multiplies a constant.
    Every number keeps its text as typed. Raises NetworkFileError where something doesn't fit.
    """

    activation: Chosen | tuple[Chosen, ...]
    weights: tuple[tuple[Number, ...], ...]
    bias: tuple[Number, ...] | None = None
    names: tuple[str, ...] = ()
    biases: Biases = "per unit"

    def __init__(
        self,
        activation: object,
        weights: object = (),
        bias: object = None,
        names: object = (),
        biases: str = "per unit",
        **options: object,
    ) -> None:
        given = _layer_as_dict(activation, weights, bias, unless_empty(names), biases, at_length=True)
        given |= {key.replace("_", " "): value for key, value in options.items()}
        fill(self, layer_parts(build(python_events(given), "the layer")))

    @property
    def activations(self) -> tuple[Chosen, ...]:
        """One for all units, or one for each."""
        return self.activation if isinstance(self.activation, tuple) else (self.activation,)

    def units(self, layout: str = "out x in") -> int:
        """How many units there are; 0 for an activation alone, which keeps what comes in."""
        return (len(self.weights) if layout == "out x in" else len(self.weights[0])) if self.weights else 0

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it."""
        return _layer_as_dict(self.activation, self.weights, self.bias, self.names or None, self.biases)


@dataclass(frozen=True)
class Branches:
    """Branches that start from the same values and join: each is a list of layers; an empty one is a skip."""

    branches: tuple[tuple[Layer | Branches, ...], ...]
    join: Literal["add", "concatenate"] = "add"

    def as_dict(self) -> dict[str, object]:
        return {"branches": [list(branch) for branch in self.branches], "join": self.join}


Part = Layer | Branches


def dense(parts: Iterable[Part]) -> Iterator[Layer]:
    """The layers through all branches, in the order of their numbers."""
    for part in parts:
        if isinstance(part, Layer):
            yield part
        else:
            for branch in part.branches:
                yield from dense(branch)


def fill(made: object, parts: Any) -> None:
    """Set the fields of a frozen record."""
    for field, value in parts._asdict().items():
        object.__setattr__(made, field, value)


def unless_empty(given: object) -> object:
    return None if isinstance(given, tuple | list | str) and not given else given


def _layer_as_dict(
    activation: object, weights: object, bias: object, names: object, biases: str, *, at_length: bool = False
) -> dict[str, object]:
    written: dict[str, object] = {}
    options: tuple[tuple[str, Any], ...] = ()
    several = isinstance(activation, tuple | list)
    if isinstance(activation, Chosen):
        options, activation = activation.options, activation.name
    elif isinstance(activation, tuple | list):
        options = tuple(option for one in activation if isinstance(one, Chosen) for option in one.options)
        activation = list(map(str, activation))
    nothing = isinstance(weights, tuple) and not weights
    if several or nothing or at_length:
        written |= {"activation": activation, "weights": "none" if nothing else weights}
    else:
        written[str(activation)] = weights
    written |= dict(options)
    if biases.startswith("last column"):
        written["bias"] = biases
    elif bias is not None:
        written[{"shared": "shared bias", "threshold": "threshold"}.get(biases, "bias")] = (
            bias[0] if biases == "shared" and isinstance(bias, tuple) else bias
        )
    if names is not None:
        written["names"] = names
    return written


class LayersReader:
    """Reads lists of layers; `numbers` counts the layers through all branches."""

    def __init__(self, reading: Reading, layout: str) -> None:
        self.reading, self.layout, self.numbers = reading, layout, count(1)

    def layers(self, node: Node, source: Source, *, empty: bool = False) -> tuple[Part, ...]:
        if not isinstance(node, Items) or not (node.items or empty):
            raise node.place.wrong(f'found {describe(node)}, where a list of layers is wanted; begin each with "- "')
        parts: list[Part] = []
        for item in node.items:
            part, width = self._part(item, source)
            parts.append(part)
            noun = f"layer {next(self.numbers) if isinstance(part, Layer) else 'that joins'}"
            source = Source(width, noun)
        return tuple(parts)

    def _part(self, node: Node, source: Source) -> tuple[Part, int]:
        if isinstance(node, Pairs) and any(key.text.strip().lower() == "branches" for key, _ in node.pairs):
            return self._branches(node, source)
        made = object.__new__(Layer)
        fill(made, layer_parts(node, source, self.reading))
        return made, made.units(self.layout) or source.width

    def _branches(self, node: Pairs, source: Source) -> tuple[Branches, int]:
        found = keys(node, ("branches", "join"), accepted=("branches", "join"), example="branches: [[…], […]]")
        several = found["branches"]
        if not isinstance(several, Items) or len(several.items) < 2:
            raise several.place.wrong(f"found {describe(several)}, where a list of two branches or more is wanted")
        join = word(found["join"], {one: one for one in JOINS}, JOINS) if "join" in found else "add"
        branches, widths = [], []
        for item in several.items:
            branch = self.layers(item, source, empty=True)
            branches.append(branch)
            widths.append(width_of(branch, source.width, self.layout))
        if join == "add" and len(set(widths)) > 1:
            sizes = listed([counted(width, "unit") for width in widths], "and")
            raise several.place.wrong(f"branches with {sizes} can't be added; make them equal, or join: concatenate")
        return Branches(tuple(branches), join), widths[0] if join == "add" else sum(widths)  # type: ignore[arg-type]


def width_of(parts: Sequence[Part], width: int, layout: str) -> int:
    """How many values come out of `parts`, when `width` go in."""
    for part in parts:
        if isinstance(part, Layer):
            width = part.units(layout) or width
        else:
            widths = [width_of(branch, width, layout) for branch in part.branches]
            width = widths[0] if part.join == "add" else sum(widths)
    return width


def outputs(layers: Sequence[Part], inputs: int, names: tuple[str, ...], layout: str) -> Outputs:
    if not layers:
        return Outputs(inputs, names)
    last = layers[-1]
    kinds: list[type[Activation]] = []
    if isinstance(last, Layer):
        kinds = [one.operation for one in last.activations if issubclass(one.operation, Activation)]
    else:
        kinds = [Chosen("linear").operation]  # type: ignore[list-item]
    return Outputs(width_of(layers, inputs, layout), last.names if isinstance(last, Layer) else (), tuple(kinds))


def named(layers: tuple[Part, ...], names: tuple[str, ...]) -> tuple[Part, ...]:
    """`layers` with the names of the outputs, which the target may have given."""
    if not layers or not isinstance(layers[-1], Layer) or layers[-1].names == names:
        return layers
    last = object.__new__(Layer)
    before = layers[-1]
    fill(last, LayerParts(before.activation, before.weights, before.bias, names, before.biases))
    return (*layers[:-1], last)
