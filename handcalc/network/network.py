"""A network and its exercise, as read from a file or given as Python objects: the same values, the same checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from handcalc.formula.look import USUAL, Notation
from handcalc.formula.number import Number
from handcalc.network import exercise
from handcalc.network.errors import counted
from handcalc.network.from_python import python_events
from handcalc.network.layer import EXAMPLE, LayerParts, Source, layer_parts
from handcalc.network.nodes import Items, Node, Nothing, Pairs, Place, Text, build
from handcalc.network.notation import language, notation
from handcalc.network.values import check_decimal_comma, describe, keys, name, names, number

KEYS = (
    "title", "inputs", "input names", "layers", "target", "loss", "learning rate", "decimals", "carry", "show",
    "notation", "language",
)  # fmt: skip


@dataclass(frozen=True, init=False)
class Layer:
    """σ(W x + b): `weights` holds one row per unit, W[to][from]; `bias` is None where the layer has none.

    Every number keeps its text as typed. Raises NetworkFileError where something doesn't fit.
    """

    activation: str
    weights: tuple[tuple[Number, ...], ...]
    bias: tuple[Number, ...] | None = None
    names: tuple[str, ...] = ()

    def __init__(self, activation: object, weights: object, bias: object = None, names: object = ()) -> None:
        given = {"activation": activation, "weights": weights, "bias": bias, "names": _unless_empty(names)}
        _fill(self, layer_parts(build(python_events(given), "the layer")))

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it."""
        written: dict[str, object] = {self.activation: [[one.text for one in row] for row in self.weights]}
        if self.bias is not None:
            written["bias"] = [one.text for one in self.bias]
        if self.names:
            written["names"] = list(self.names)
        return written


@dataclass(frozen=True, init=False)
class Network:
    """A dense network, one sample, and what to work out: `show` is a part of `exercise.SHOW`, in its order.

    `target` has one number per output; the outputs' names are `layers[-1].names`. Values may be given as in a
    network file: ints, floats (the digits of their repr), Decimals, Fractions, texts, lists, NumPy arrays.
    Raises NetworkFileError where something doesn't fit.
    """

    inputs: tuple[Number, ...]
    layers: tuple[Layer, ...]
    title: str = ""
    input_names: tuple[str, ...] = ()
    target: tuple[Number, ...] | None = None
    loss: str | None = None
    learning_rate: Number | None = None
    decimals: int = 4
    carry: Literal["exact", "rounded"] = "exact"
    show: tuple[str, ...] = exercise.SHOW
    notation: Notation = USUAL
    language: str = "en"

    def __init__(
        self,
        inputs: object,
        layers: object,
        title: object = "",
        input_names: object = (),
        target: object = None,
        loss: object = None,
        learning_rate: object = None,
        decimals: object = 4,
        carry: object = "exact",
        show: object = None,
        notation: object = None,
        language: object = "en",
    ) -> None:
        given = {
            "title": _unless_empty(title), "inputs": inputs, "input names": _unless_empty(input_names),
            "layers": layers, "target": target, "loss": loss, "learning rate": learning_rate,
            "decimals": decimals, "carry": carry, "show": show,
            "notation": None if notation == USUAL else notation, "language": language,
        }  # fmt: skip
        _fill(self, _network_parts(build(python_events(given), "the network")))

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it; `read` of it gives an equal network."""
        values = [one.text for one in self.inputs]
        written: dict[str, object] = {
            "title": self.title or None,
            "inputs": dict(zip(self.input_names, values, strict=True)) if self.input_names else values,
            "layers": [layer.as_dict() for layer in self.layers],
            "target": self.target and [one.text for one in self.target],
            "loss": self.loss,
            "learning rate": self.learning_rate and self.learning_rate.text,
            "decimals": str(self.decimals),
            "carry": self.carry,
            "show": list(self.show),
            "notation": self.notation.as_dict() or None,
            "language": None if self.language == "en" else self.language,
        }
        return {key: value for key, value in written.items() if value is not None}


class NetworkParts(NamedTuple):
    """The fields of a Network."""

    inputs: tuple[Number, ...]
    layers: tuple[Layer, ...]
    title: str
    input_names: tuple[str, ...]
    target: tuple[Number, ...] | None
    loss: str | None
    learning_rate: Number | None
    decimals: int
    carry: str
    show: tuple[str, ...]
    notation: Notation
    language: str


def network_of(node: Node) -> Network:
    """The network that a file's nodes describe."""
    made = object.__new__(Network)
    _fill(made, _network_parts(node))
    return made


def _fill(made: Layer | Network, parts: LayerParts | NetworkParts) -> None:
    for field, value in parts._asdict().items():
        object.__setattr__(made, field, value)


def _unless_empty(given: object) -> object:
    return None if isinstance(given, tuple | list | str) and not given else given


def _network_parts(node: Node) -> NetworkParts:
    whole = Place(node.place.source)
    if isinstance(node, Nothing):
        raise whole.wrong(f"there is nothing in it; write inputs: [1.5, 1] and layers: [{EXAMPLE}]")
    found = keys(node, KEYS, accepted=KEYS, example="inputs: [1.5, 1]")
    for key, example in (("inputs", "inputs: [1.5, 1]"), ("layers", f"layers: [{EXAMPLE}]")):
        if key not in found:
            raise whole.wrong(f'the key "{key}" is missing; write for example {example}')
    inputs, input_names = _inputs(found["inputs"], found.get("input names"))
    layers = _layers(found["layers"], Source(len(inputs), "input", inputs, found["inputs"].place))
    _check_complete(found, layers[-1].names)
    loss = exercise.loss(found["loss"], layers[-1]) if "loss" in found else None
    target = exercise.target(found["target"], layers[-1]) if "target" in found else None
    if loss and target:
        exercise.check_target(found["target"].place, target.values, loss)
        layers = (*layers[:-1], layers[-1]._replace(names=target.names))
    missing = _missing(found)
    possible = tuple(part for part in exercise.SHOW if not missing[part])
    return NetworkParts(
        inputs=inputs,
        layers=tuple(map(_layer, layers)),
        title=name(found["title"], "a title", most=200) if "title" in found else "",
        input_names=input_names,
        target=target.values if target else None,
        loss=loss.name if loss else None,
        learning_rate=exercise.learning_rate(found["learning rate"]) if "learning rate" in found else None,
        decimals=exercise.decimals(found["decimals"]) if "decimals" in found else 4,
        carry=exercise.carry(found["carry"]) if "carry" in found else "exact",
        show=exercise.show(found["show"], missing) if "show" in found else possible,
        notation=notation(found["notation"]) if "notation" in found else USUAL,
        language=language(found["language"]) if "language" in found else "en",
    )


def _layer(parts: LayerParts) -> Layer:
    made = object.__new__(Layer)
    _fill(made, parts)
    return made


def _inputs(node: Node, named: Node | None) -> tuple[tuple[Number, ...], tuple[str, ...]]:
    """The inputs and their names: `{fever: 1.5, cough: 1}`, a list of numbers, or one number."""
    match node:
        case Pairs(pairs=(_, *_)) if named is None:
            for key, value in node.pairs:
                check_decimal_comma(key, value)
            found = {name(key, "a name"): number(value) for key, value in node.pairs}
            if len(found) < len(node.pairs):
                raise node.place.wrong("two inputs have the same name; names must differ")
            return tuple(found.values()), tuple(found)
        case Pairs() if named is not None:
            raise named.place.wrong("the inputs have names already; write them once")
        case Text() | Items(items=(_, *_)):
            inputs = tuple(map(number, node.items if isinstance(node, Items) else (node,)))
            holder = f"there {'is' if len(inputs) == 1 else 'are'} {counted(len(inputs), 'input')}"
            return inputs, names(named, wanted=len(inputs), holder=holder) if named else ()
    raise node.place.wrong(
        f"found {describe(node)}, where inputs are wanted; write [1.5, 1] or {{fever: 1.5, cough: 1}}"
    )


def _layers(node: Node, source: Source) -> tuple[LayerParts, ...]:
    if not isinstance(node, Items) or not node.items:
        raise node.place.wrong(f'found {describe(node)}, where a list of layers is wanted; begin each with "- "')
    layers: list[LayerParts] = []
    for position, item in enumerate(node.items, 1):
        layers.append(layer_parts(item, source))
        source = Source(len(layers[-1].weights), f"layer {position}")
    return tuple(layers)


def _check_complete(found: dict[str, Node], classes: tuple[str, ...]) -> None:
    """A target needs a loss, a loss a target, a learning rate both."""
    for key, needed, example in (
        ("loss", "target", f"target: {classes[0] if classes else '1'}"),
        ("target", "loss", "loss: half squared error"),
        ("learning rate", "loss", "loss: half squared error, and a target"),
    ):
        if key in found and needed not in found:
            raise found[key].place.wrong(f"the {key} needs a {needed}, which is missing; write for example {example}")


def _missing(found: dict[str, Node]) -> dict[str, tuple[str, ...]]:
    """The keys that each part of `show` lacks."""
    loss = tuple(key for key in ("target", "loss") if key not in found)
    update = tuple(key for key in ("target", "loss", "learning rate") if key not in found)
    return {"forward": (), "loss": loss, "gradients": loss, "update": update, "rerun": update}
