"""A network and its exercise, as read from a file or given as Python objects: the same values, the same checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any, Literal, NamedTuple

from handcalc.formula.look import USUAL, Notation
from handcalc.formula.number import Number
from handcalc.network import exercise, training
from handcalc.network.chosen import Chosen
from handcalc.network.errors import counted, listed
from handcalc.network.exercise import Outputs
from handcalc.network.from_python import python_events
from handcalc.network.layer import EXAMPLE, Biases, LayerParts, Reading, Source, layer_parts
from handcalc.network.nodes import Items, Node, Nothing, Pairs, Place, build
from handcalc.network.notation import language, notation
from handcalc.network.rounding import Rounding, rounding
from handcalc.network.samples import ARRANGED, Rows, arranged, samples
from handcalc.network.values import describe, keys, name, word
from handcalc.ops import Activation

KEYS = (
    "title", "inputs", "scores", "predictions", "input names", "samples", "layout", "layers", "target", "loss", "batch",
    "sample weights", "optimiser", "learning rate", "train", "update order", "steps", "epochs", "show updates",
    "decimals", "carry", "rounding", "show", "notation", "language",
)  # fmt: skip
COMMON = ("title", "inputs", "input names", "layers", "target", "loss", "learning rate", "decimals", "carry", "show")
"""The keys that an error about an unknown key lists first."""
ALIASES = {"targets": "target", "optimizer": "optimiser", "updates": "steps"}
LAYOUT = ("out x in", "in x out")
JOINS = ("add", "concatenate")
GIVEN_AS = ("inputs", "scores", "predictions")


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
        given = _layer_as_dict(activation, weights, bias, _unless_empty(names), biases, at_length=True)
        given |= {key.replace("_", " "): value for key, value in options.items()}
        _fill(self, layer_parts(build(python_events(given), "the layer")))

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


@dataclass(frozen=True, init=False)
class Network:
    """A dense network, its samples, and what to work out: `show` is a part of `exercise.SHOW`, in its order.

    `inputs` holds the numbers of the sample, or a row of numbers for each of several; `target` one number per output, or
    a row for each sample; the outputs' names are `output_names`. Values may be given as in a network file, under the
    same keys (with `_` for a space): ints, floats (the digits of their repr), Decimals, Fractions, texts, lists, NumPy
    arrays. Raises NetworkFileError where something doesn't fit.
    """

    inputs: tuple[Any, ...]
    layers: tuple[Part, ...]
    title: str = ""
    input_names: tuple[str, ...] = ()
    given_as: Literal["inputs", "scores", "predictions"] = "inputs"
    samples: Literal["rows", "columns"] = "rows"
    layout: Literal["out x in", "in x out"] = "out x in"
    target: tuple[Any, ...] | None = None
    loss: Chosen | None = None
    batch: Literal["online", "sum", "mean"] = "mean"
    sample_weights: tuple[Number, ...] = ()
    optimiser: Chosen = Chosen("gradient descent")
    learning_rate: Number | None = None
    train: Literal["weights and biases", "weights"] = "weights and biases"
    update_order: Literal["simultaneous", "in place"] = "simultaneous"
    steps: int = 1
    show_updates: tuple[int, ...] = (1,)
    rounding: Rounding = Rounding()
    show: tuple[str, ...] = exercise.SHOW
    notation: Notation = USUAL
    language: str = "en"

    def __init__(self, inputs: object = None, layers: object = None, **more: object) -> None:
        given = {"inputs": inputs, "layers": layers} | {key.replace("_", " "): value for key, value in more.items()}
        _fill(self, _network_parts(build(python_events(_as_in_a_file(given)), "the network")))

    @property
    def rows(self) -> Rows:
        """The inputs of each sample, whatever the file's arrangement."""
        return _rows(self.inputs)

    @property
    def target_rows(self) -> Rows:
        """The target of each sample; none without a target."""
        return () if self.target is None else _rows(self.target)

    @property
    def output_names(self) -> tuple[str, ...]:
        last = self.layers[-1] if self.layers else None
        return self.input_names if last is None else last.names if isinstance(last, Layer) else ()

    @property
    def online(self) -> bool:
        """Whether each update sees one sample."""
        return len(self.rows) == 1 or self.batch == "online"

    @property
    def decimals(self) -> int:
        """Places of the printed results."""
        return self.rounding.places

    @property
    def carry(self) -> str:
        return self.rounding.carry

    def changed(self, *, decimals: int | None = None, **keys: object) -> Network:
        """This network with other values for some keys."""
        fields = {key: value for key, value in keys.items() if value is not None}
        if decimals is not None:
            exercise.decimals(build(python_events(decimals), "the network"))
            fields["rounding"] = replace(self.rounding, places=decimals)
        return replace(self, **fields) if fields else self  # type: ignore[arg-type]

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it; `read` of it gives an equal network."""
        written = {field.name.replace("_", " "): getattr(self, field.name) for field in fields(self)}
        return {key: _plain(value) for key, value in _as_in_a_file(written).items() if value not in (None, ())}


class NetworkParts(NamedTuple):
    """The fields of a Network."""

    inputs: tuple[Any, ...]
    layers: tuple[Part, ...]
    title: str
    input_names: tuple[str, ...]
    given_as: str
    samples: str
    layout: str
    target: tuple[Any, ...] | None
    loss: Chosen | None
    batch: str
    sample_weights: tuple[Number, ...]
    optimiser: Chosen
    learning_rate: Number | None
    train: str
    update_order: str
    steps: int
    show_updates: tuple[int, ...]
    rounding: Rounding
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


def _as_in_a_file(fields: Mapping[str, object]) -> dict[str, object]:
    """Fields of a Network under the keys of a file; what is empty is left out."""
    found = {key: _unless_empty(value) if key != "layers" else value for key, value in fields.items()}
    kind = found.pop("given as", "inputs")
    if kind in GIVEN_AS[1:]:
        found[str(kind)] = found.pop("inputs", None)
    if "inputs" in found and found["inputs"] is None and any(found.get(key) for key in GIVEN_AS[1:]):
        del found["inputs"]
    if found.get("layers") == () and any(found.get(key) for key in GIVEN_AS[1:]):
        del found["layers"]
    inputs = found.get(str(kind), found.get("inputs"))
    if found.get("samples") == "columns" and isinstance(inputs, tuple) and inputs and isinstance(inputs[0], tuple):
        found[str(kind)] = tuple(zip(*inputs, strict=True))
    usual = {"notation": USUAL, "language": "en"}
    return {key: None if key in usual and value == usual[key] else value for key, value in found.items()}


def _plain(value: object) -> object:
    """Texts, lists and dicts for a value of a Network."""
    match value:
        case Layer() | Branches() | Chosen() | Rounding() | Notation():
            return _plain(value.as_dict())
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
    return str(value)


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


def _rows(given: tuple[Any, ...]) -> Rows:
    return given if given and isinstance(given[0], tuple) else (given,)


def _network_parts(node: Node) -> NetworkParts:
    whole = Place(node.place.source)
    if isinstance(node, Nothing):
        raise whole.wrong(f"there is nothing in it; write inputs: [1.5, 1] and layers: [{EXAMPLE}]")
    found = _canonical(keys(node, (*KEYS, *ALIASES), accepted=COMMON, example="inputs: [1.5, 1]"))
    given_as = _given_as(found, whole)
    if "layers" not in found and given_as == "inputs":
        raise whole.wrong(f'the key "layers" is missing; write for example layers: [{EXAMPLE}]')
    arrangement = arranged(found["samples"]) if "samples" in found else ARRANGED[0]
    given = samples(found[given_as], found.get("input names"), arrangement)
    rows = given.rows
    layout = word(found["layout"], {one: one for one in LAYOUT}, LAYOUT) if "layout" in found else LAYOUT[0]
    reader = _Layers(Reading(flipped=layout == LAYOUT[1]), layout)
    source = Source(len(rows[0]), "input", rows[0], found[given_as].place)
    layers = reader.layers(found["layers"], source) if "layers" in found else ()
    last = _outputs(layers, len(rows[0]), given.names, layout)
    _check_complete(found, last.names)
    loss = exercise.loss(found["loss"], last) if "loss" in found else None
    targets: Rows = ()
    if "target" in found:
        targets, names = exercise.targets(found["target"], last, len(rows))
        layers = _named(layers, names)
        if loss:
            for target in targets:
                exercise.check_target(found["target"].place, target, loss.operation)  # type: ignore[arg-type]
    missing = _missing(found)
    possible = tuple(part for part in exercise.SHOW if not missing[part])
    batch, steps = _batch(found, len(rows)), 1
    steps = _steps(found, len(rows), batch)
    return NetworkParts(
        inputs=rows if len(rows) > 1 else rows[0],
        layers=layers,
        title=name(found["title"], "a title", most=200) if "title" in found else "",
        input_names=given.names,
        given_as=given_as,
        samples=arrangement,
        layout=layout,
        target=(targets if len(rows) > 1 else targets[0]) if targets else None,
        loss=loss,
        batch=batch,
        sample_weights=training.sample_weights(found["sample weights"], len(rows)) if "sample weights" in found else (),
        optimiser=training.optimiser(found["optimiser"]) if "optimiser" in found else Chosen("gradient descent"),
        learning_rate=exercise.learning_rate(found["learning rate"]) if "learning rate" in found else None,
        train=training.train(found["train"]) if "train" in found else training.TRAIN[0],
        update_order=_order(found, batch, len(rows)),
        steps=steps,
        show_updates=training.shown_updates(found["show updates"], steps)
        if "show updates" in found
        else tuple(range(1, steps + 1))
        if steps <= 3
        else (1, steps),
        rounding=rounding(found.get("rounding"), found.get("decimals"), found.get("carry")),
        show=exercise.show(found["show"], missing) if "show" in found else possible,
        notation=notation(found["notation"], layout) if "notation" in found else USUAL,
        language=language(found["language"]) if "language" in found else "en",
    )


def _canonical(found: dict[str, Node]) -> dict[str, Node]:
    """`found` with other spellings of a key under its own name."""
    for other, key in ALIASES.items():
        if other in found:
            if key in found:
                raise found[other].place.wrong(f'the key "{key}" stands there already; write one of the two')
            found[key] = found.pop(other)
    return found


def _given_as(found: dict[str, Node], whole: Place) -> str:
    given = [key for key in GIVEN_AS if key in found]
    if not given:
        raise whole.wrong('the key "inputs" is missing; write for example inputs: [1.5, 1]')
    if len(given) > 1:
        raise found[given[1]].place.wrong(f"the {given[0]} are given already; write one of {listed(GIVEN_AS, 'or')}")
    if given[0] == "predictions" and "layers" in found:
        raise found["layers"].place.wrong(
            "the predictions are given, so that no layer makes them; write inputs, or no layers"
        )
    return given[0]


class _Layers:
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
        _fill(made, layer_parts(node, source, self.reading))
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
            widths.append(_width(branch, source.width, self.layout))
        if join == "add" and len(set(widths)) > 1:
            sizes = listed([counted(width, "unit") for width in widths], "and")
            raise several.place.wrong(f"branches with {sizes} can't be added; make them equal, or join: concatenate")
        return Branches(tuple(branches), join), widths[0] if join == "add" else sum(widths)  # type: ignore[arg-type]


def _width(parts: Sequence[Part], width: int, layout: str) -> int:
    """How many values come out of `parts`, when `width` go in."""
    for part in parts:
        if isinstance(part, Layer):
            width = part.units(layout) or width
        else:
            widths = [_width(branch, width, layout) for branch in part.branches]
            width = widths[0] if part.join == "add" else sum(widths)
    return width


def _outputs(layers: Sequence[Part], inputs: int, names: tuple[str, ...], layout: str) -> Outputs:
    if not layers:
        return Outputs(inputs, names)
    last = layers[-1]
    kinds: list[type[Activation]] = []
    if isinstance(last, Layer):
        kinds = [one.operation for one in last.activations if issubclass(one.operation, Activation)]
    else:
        kinds = [Chosen("linear").operation]  # type: ignore[list-item]
    return Outputs(_width(layers, inputs, layout), last.names if isinstance(last, Layer) else (), tuple(kinds))


def _named(layers: tuple[Part, ...], names: tuple[str, ...]) -> tuple[Part, ...]:
    """`layers` with the names of the outputs, which the target may have given."""
    if not layers or not isinstance(layers[-1], Layer) or layers[-1].names == names:
        return layers
    last = object.__new__(Layer)
    before = layers[-1]
    _fill(last, LayerParts(before.activation, before.weights, before.bias, names, before.biases))
    return (*layers[:-1], last)


def _batch(found: dict[str, Node], samples: int) -> str:
    return training.batch(found["batch"]) if "batch" in found else "mean"


def _order(found: dict[str, Node], batch: str, samples: int) -> str:
    if "update order" not in found:
        return training.ORDER[0]
    order = training.order(found["update order"])
    if order == training.ORDER[1]:
        training.check_in_place(found["update order"].place, batch, samples)
    return order


def _steps(found: dict[str, Node], samples: int, batch: str) -> int:
    """How many updates there are: as many as the file says, or one epoch."""
    each = samples if batch == "online" else 1
    if "steps" in found:
        if "epochs" in found:
            raise found["epochs"].place.wrong("the steps are given already; write steps or epochs")
        return training.count(found["steps"], "steps")
    steps = each * (training.count(found["epochs"], "epochs") if "epochs" in found else 1)
    if steps > training.MOST_UPDATES:
        raise found["epochs"].place.wrong(
            f"that makes {steps:,} updates; at most {training.MOST_UPDATES:,} are worked out"
        )
    return steps


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
