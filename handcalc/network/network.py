"""A network and its exercise, as read from a file or given as Python objects: the same values, the same checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, NamedTuple

from handcalc.formula.look import USUAL, Notation
from handcalc.formula.number import Number
from handcalc.network import exercise, task, training
from handcalc.network.chosen import Chosen
from handcalc.network.circuit import Circuit, read_circuit
from handcalc.network.errors import counted, listed, quoted
from handcalc.network.from_python import python_events
from handcalc.network.layer import EXAMPLE, Reading, Source
from handcalc.network.layers import Branches, Layer, LayersReader, Part, dense, fill, named, outputs, unless_empty
from handcalc.network.nodes import Items, Node, Nothing, Pairs, Place, Text, build, letters_in, with_letters
from handcalc.network.notation import language, notation
from handcalc.network.penalties import Penalty, penalties
from handcalc.network.rounding import Rounding, rounding
from handcalc.network.samples import ARRANGED, Rows, arranged, samples
from handcalc.network.scalings import one as one_scaling
from handcalc.network.scalings import scaling
from handcalc.network.values import describe, keys, name, number, word

KEYS = (
    "title", "inputs", "scores", "predictions", "input names", "samples", "scaling", "output scaling", "layout",
    "layers", "circuit", "output", "gates", "letters", "target", "loss", "regularisation", "batch", "sample weights",
    "optimiser", "learning rate", "train", "update order", "steps", "epochs", "show updates", "decimals", "carry",
    "rounding", "show", "statements", "notation", "language", *task.KEYS,
)  # fmt: skip
LETTERED = frozenset({
    "inputs", "scores", "predictions", "scaling", "output scaling", "layers", "target", "loss", "regularisation",
    "sample weights", "optimiser", "learning rate",
})  # fmt: skip
"""The keys in whose values a letter may stand in place of a number."""
COMMON = ("title", "inputs", "input names", "layers", "target", "loss", "learning rate", "decimals", "carry", "show")
"""The keys that an error about an unknown key lists first."""
ALIASES = {"regularization": "regularisation", "targets": "target", "optimizer": "optimiser", "updates": "steps"}
DESCENT, FOUR_DECIMALS = Chosen("gradient descent"), Rounding()
LAYOUT = ("out x in", "in x out")
USUAL_TASK = task.Task()
GIVEN_AS = ("inputs", "scores", "predictions")


@dataclass(frozen=True, init=False)
class Network:
    """A dense network, its samples, and what to work out: `show` is a part of `exercise.SHOW`, in its order.

    `inputs` holds the numbers of the sample, or a row of numbers for each of several; `target` one number per output,
    or a row for each sample; the outputs' names are `output_names`. Values may be given as in a network file, under the
    same keys (with `_` for a space): ints, floats (the digits of their repr), Decimals, Fractions, texts, lists, NumPy
    arrays. Raises NetworkFileError where something doesn't fit.
    """

    inputs: tuple[Any, ...]
    layers: tuple[Part, ...]
    title: str = ""
    input_names: tuple[str, ...] = ()
    given_as: Literal["inputs", "scores", "predictions"] = "inputs"
    samples: Literal["rows", "columns"] = "rows"
    scaling: tuple[Chosen | None, ...] = ()
    """Of each input; none where nothing is scaled."""
    output_scaling: Chosen | None = None
    layout: Literal["out x in", "in x out"] = "out x in"
    circuit: Circuit | None = None
    letters: tuple[str, ...] = ()
    target: tuple[Any, ...] | None = None
    loss: Chosen | None = None
    regularisation: tuple[Penalty, ...] = ()
    batch: Literal["online", "sum", "mean"] = "mean"
    sample_weights: tuple[Number, ...] = ()
    optimiser: Chosen = DESCENT
    learning_rate: Number | None = None
    train: tuple[str, ...] = ("weights and biases",)
    """What learns: weights and biases, weights alone, or the named inputs of a circuit."""
    update_order: Literal["simultaneous", "in place"] = "simultaneous"
    steps: int = 1
    show_updates: tuple[int, ...] = (1,)
    rounding: Rounding = FOUR_DECIMALS
    show: tuple[str, ...] = exercise.SHOW
    statements: Literal["scalar", "matrix", "both"] = "scalar"
    """Whether vectors and matrices are worked entry by entry, as matrices, or both."""
    notation: Notation = USUAL
    language: str = "en"
    task: task.Task = USUAL_TASK
    """What a student sheet asks."""

    def __init__(self, inputs: object = None, layers: object = None, **more: object) -> None:
        given = {"inputs": inputs, "layers": layers} | {key.replace("_", " "): value for key, value in more.items()}
        fill(self, _network_parts(build(python_events(_as_in_a_file(given)), "the network")))

    @property
    def rows(self) -> Rows:
        """The inputs of each sample, whatever the file's arrangement."""
        return _rows(self.inputs)

    @property
    def target_rows(self) -> Rows:
        """The target of each sample; none without a target."""
        return () if self.target is None else _rows(self.target)

    @property
    def dense(self) -> tuple[Layer, ...]:
        """The layers in the order of their numbers, through all branches."""
        return tuple(dense(self.layers))

    @property
    def output_names(self) -> tuple[str, ...]:
        """Of predictions that are given, their own names; what a circuit makes is called by its key."""
        if self.circuit is not None:
            return ()
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

    def changed(
        self, *, decimals: int | None = None, form: str | None = None, formulas: bool = False, **keys: object
    ) -> Network:
        """This network with other values for some keys."""
        if form is not None or formulas:
            form = form or self.task.form
            keys["task"] = replace(self.task, form=form, formulas=formulas or self.task.formulas)  # type: ignore[arg-type]
            if self.show_updates == _usually_shown(self.steps, self.task.form):
                keys["show_updates"] = _usually_shown(self.steps, keys["task"].form)  # type: ignore[attr-defined]
        if decimals is not None:
            exercise.decimals(Text(str(decimals), Place("the network").under("decimals", None)))
            keys["rounding"] = replace(self.rounding, figures=False, places=decimals)
        fields = {key: value for key, value in keys.items() if value is not None}
        return replace(self, **fields) if fields else self  # type: ignore[arg-type]

    def by_hand(self) -> Network:
        """The same without a calculator: every result rounded, to two decimals where nothing else is asked."""
        if not self.task.calculator:
            return self
        made = replace(self.rounding, carry="rounded")
        made = replace(made, places=2) if self.rounding == FOUR_DECIMALS else made
        return replace(self, rounding=made, task=replace(self.task, calculator=False))

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it; `read` of it gives an equal network."""
        written = {field.name.replace("_", " "): getattr(self, field.name) for field in fields(self)}
        return {key: _plain(value) for key, value in _as_in_a_file(written).items() if value not in (None, (), {})}


class NetworkParts(NamedTuple):
    """The fields of a Network."""

    inputs: tuple[Any, ...]
    layers: tuple[Part, ...]
    title: str
    input_names: tuple[str, ...]
    given_as: str
    samples: str
    scaling: tuple[Chosen | None, ...]
    output_scaling: Chosen | None
    layout: str
    circuit: Circuit | None
    letters: tuple[str, ...]
    target: tuple[Any, ...] | None
    loss: Chosen | None
    regularisation: tuple[Penalty, ...]
    batch: str
    sample_weights: tuple[Number, ...]
    optimiser: Chosen
    learning_rate: Number | None
    train: tuple[str, ...]
    update_order: str
    steps: int
    show_updates: tuple[int, ...]
    rounding: Rounding
    show: tuple[str, ...]
    statements: str
    notation: Notation
    language: str
    task: task.Task


def network_of(node: Node) -> Network:
    """The network that a file's nodes describe."""
    made = object.__new__(Network)
    fill(made, _network_parts(node))
    return made


def _as_in_a_file(fields: Mapping[str, object]) -> dict[str, object]:
    """Fields of a Network under the keys of a file; what is empty is left out."""
    found = {key: unless_empty(value) if key != "layers" else value for key, value in fields.items()}
    if isinstance(asked := found.pop("task", None), task.Task):
        found |= asked.as_dict()
    kind = found.pop("given as", "inputs")
    if kind in GIVEN_AS[1:]:
        found[str(kind)] = found.pop("inputs", None)
    if "inputs" in found and found["inputs"] is None and any(found.get(key) for key in GIVEN_AS[1:]):
        del found["inputs"]
    if found.get("layers") == () and any(found.get(key) for key in (*GIVEN_AS[1:], "scaling")):
        del found["layers"]
    if isinstance(circuit := found.get("circuit"), Circuit):
        return found | _circuit_in_a_file(circuit, found)
    if isinstance(scales := found.get("scaling"), tuple):
        names = found.get("input names") or [str(n + 1) for n in range(len(scales))]
        found["scaling"] = {name: one for name, one in zip(names, scales, strict=True) if one is not None}  # type: ignore
    inputs = found.get(str(kind), found.get("inputs"))
    if found.get("samples") == "columns" and isinstance(inputs, tuple) and inputs and isinstance(inputs[0], tuple):
        found[str(kind)] = tuple(zip(*inputs, strict=True))
    usual = {"statements": exercise.STATEMENTS[0], "notation": USUAL, "language": "en"}
    return {key: None if key in usual and value == usual[key] else value for key, value in found.items()}


def _circuit_in_a_file(circuit: Circuit, found: Mapping[str, object]) -> dict[str, object]:
    written = circuit.as_dict()
    rows = _rows(found["inputs"])  # type: ignore[arg-type]
    inputs = {
        name: column[0] if len(column) == 1 else column
        for name, column in zip((name for name, _ in circuit.inputs), zip(*rows, strict=True), strict=True)
    }
    return {
        "circuit": written["circuit"],
        "output": written["output"],
        "gates": written["steps"],
        "inputs": inputs,
        "layers": None,
        "input names": None,
        "samples": None,
        "layout": None,
    }


def _plain(value: object) -> object:
    """Texts, lists and dicts for a value of a Network."""
    match value:
        case Layer() | Branches() | Chosen() | Rounding() | Penalty() | Notation():
            return _plain(value.as_dict())
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
    return str(value)


def _rows(given: tuple[Any, ...]) -> Rows:
    return given if given and isinstance(given[0], tuple) else (given,)


def _network_parts(node: Node) -> NetworkParts:
    whole = Place(node.place.source)
    if isinstance(node, Nothing):
        raise whole.wrong(f"there is nothing in it; write inputs: [1.5, 1] and layers: [{EXAMPLE}]")
    found = _canonical(keys(node, (*KEYS, *ALIASES), accepted=COMMON, example="inputs: [1.5, 1]"))
    letters = _letters(found)
    found = {key: with_letters(value, frozenset(letters)) if key in LETTERED else value for key, value in found.items()}
    _place_letters(found, letters)
    parts = _circuit_parts(found) if "circuit" in found else _layer_parts(found, whole)
    samples, online = len(_rows(parts["inputs"])), "circuit" in found
    batch = training.batch(found["batch"]) if "batch" in found else "online" if online else "mean"
    missing = _missing(found)
    if online:
        missing = {"forward": (), "loss": ("layers",), "gradients": (), "update": (), "rerun": ()}
        if "learning rate" not in found:
            missing |= {"update": ("learning rate",), "rerun": ("learning rate",)}
    possible = tuple(part for part in exercise.SHOW if not missing[part])
    steps = _steps(found, samples, batch)
    asked = task.task(found)
    return NetworkParts(
        **parts,
        letters=letters,
        title=name(found["title"], "a title", most=200) if "title" in found else "",
        batch=batch,
        sample_weights=training.sample_weights(found["sample weights"], samples) if "sample weights" in found else (),
        optimiser=training.optimiser(found["optimiser"]) if "optimiser" in found else DESCENT,
        learning_rate=exercise.learning_rate(found["learning rate"]) if "learning rate" in found else None,
        update_order=_order(found, batch, samples),
        steps=steps,
        show_updates=_show_updates(found, steps, asked.form),
        rounding=_by_hand(found) if not asked.calculator else _rounding(found),
        show=exercise.show(found["show"], missing) if "show" in found else possible,
        statements=exercise.statements(found["statements"]) if "statements" in found else exercise.STATEMENTS[0],
        notation=notation(found["notation"], parts["layout"]) if "notation" in found else USUAL,
        language=language(found["language"]) if "language" in found else "en",
        task=asked,
    )


def _rounding(found: dict[str, Node]) -> Rounding:
    return rounding(found.get("rounding"), found.get("decimals"), found.get("carry"))


def _by_hand(found: dict[str, Node]) -> Rounding:
    """Without a calculator every result is rounded and carried on so; to two decimals where the file says no other."""
    made = _rounding(found)
    if made.carry == "exact" and ("carry" in found or "carry" in _keys_of(found.get("rounding"))):
        raise found["calculator"].place.wrong("without a calculator the carry is rounded; delete carry: exact")
    told = "decimals" in found or {"decimals", "significant figures"} & _keys_of(found.get("rounding"))
    return replace(made, carry="rounded") if told else replace(made, carry="rounded", places=2)


def _keys_of(node: Node | None) -> set[str]:
    return {key.text.strip().lower() for key, _ in node.pairs} if isinstance(node, Pairs) else set()


def _layer_parts(found: dict[str, Node], whole: Place) -> dict[str, Any]:
    """What a network of layers says of itself."""
    given_as = _given_as(found, whole)
    if "layers" not in found and given_as == "inputs" and "scaling" not in found:
        raise whole.wrong(f'the key "layers" is missing; write for example layers: [{EXAMPLE}]')
    for key in ("output", "gates"):
        if key in found:
            raise found[key].place.wrong(f"the {key} belongs to a circuit, and there is none")
    arrangement = arranged(found["samples"]) if "samples" in found else ARRANGED[0]
    given = samples(found[given_as], found.get("input names"), arrangement)
    rows = given.rows
    layout = word(found["layout"], {one: one for one in LAYOUT}, LAYOUT) if "layout" in found else LAYOUT[0]
    source = Source(len(rows[0]), "input", rows[0], found[given_as].place)
    reader = LayersReader(Reading(flipped=layout == LAYOUT[1]), layout)
    layers = reader.layers(found["layers"], source) if "layers" in found else ()
    last = outputs(layers, len(rows[0]), given.names, layout)
    loss = exercise.loss(found["loss"], last) if "loss" in found else None
    _check_complete(found, last.names, loss)
    targets: Rows = ()
    if "target" in found:
        targets, names = exercise.targets(found["target"], last, len(rows))
        layers = named(layers, names)
        for target in targets if loss else ():
            exercise.check_target(found["target"].place, target, loss.operation, loss)  # type: ignore
    return {
        "inputs": rows if len(rows) > 1 else rows[0],
        "layers": layers,
        "input_names": given.names,
        "given_as": given_as,
        "samples": arrangement,
        "scaling": scaling(found["scaling"], given.names, len(rows[0])) if "scaling" in found else (),
        "output_scaling": one_scaling(found["output scaling"]) if "output scaling" in found else None,
        "layout": layout,
        "circuit": None,
        "target": (targets if len(rows) > 1 else targets[0]) if targets else None,
        "loss": loss,
        "regularisation": penalties(found["regularisation"]) if "regularisation" in found else (),
        "train": (training.train(found["train"]),) if "train" in found else training.TRAIN[:1],
    }


def _circuit_parts(found: dict[str, Node]) -> dict[str, Any]:
    """What a circuit says of itself: its inputs are numbers by name, or columns of numbers, one for each sample."""
    for key in ("layers", "target", "loss", "scores", "predictions", "scaling", "output scaling", "regularisation"):
        if key in found:
            raise found[key].place.wrong(f"a circuit has no {key}; its last expression is what is derived")
    node = found.get("inputs")
    rows = _columns(node) if isinstance(node, Pairs) else []
    first = Pairs(tuple((key, _first(value)) for key, value in node.pairs), node.place) if rows and node else node  # type: ignore
    circuit = read_circuit(found["circuit"], first, output=found.get("output"), steps=found.get("gates"))
    typed = dict(circuit.inputs)
    samples_ = [tuple(row.get(name, typed[name]) for name, _ in circuit.inputs) for row in rows or [{}]]
    return {
        "inputs": tuple(samples_) if len(samples_) > 1 else samples_[0],
        "layers": (),
        "input_names": tuple(typed),
        "given_as": "inputs",
        "samples": ARRANGED[0],
        "scaling": (),
        "output_scaling": None,
        "layout": LAYOUT[0],
        "circuit": circuit,
        "target": None,
        "loss": None,
        "regularisation": (),
        "train": training.train_names(found["train"], tuple(typed)) if "train" in found else tuple(typed),
    }


def _columns(node: Pairs) -> list[dict[str, Number]]:
    """The numbers by name for each sample; a single number is that of every sample."""
    columns = {key.text: tuple(map(number, value.items)) for key, value in node.pairs if isinstance(value, Items)}
    for key, value in node.pairs:
        if key.text in columns and len(columns[key.text]) != len(next(iter(columns.values()))):
            wanted = len(next(iter(columns.values())))
            raise value.place.wrong(
                f"found {counted(len(columns[key.text]), 'number')}, but the first list has {wanted}"
            )
    length = len(next(iter(columns.values()))) if columns else 0
    return [{name: column[k] for name, column in columns.items()} for k in range(length)]


def _first(value: Node) -> Node:
    return value.items[0] if isinstance(value, Items) and value.items else value


def _letters(found: dict[str, Node]) -> tuple[str, ...]:
    """The letters that may stand in place of numbers."""
    if "letters" not in found:
        return ()
    node = found["letters"]
    for one in node.items if isinstance(node, Items) else ():
        if not isinstance(one, Text):
            raise one.place.wrong(f"found {describe(one)}, where a letter is wanted")
    typed = [one.text for one in node.items if isinstance(one, Text)] if isinstance(node, Items) else []
    letters = tuple(typed or (node.text.replace(",", " ").split() if isinstance(node, Text) else ()))
    for letter in letters or ("",):
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,11}", letter):
            raise node.place.wrong(f"found {quoted(letter)}, where letters are wanted, such as letters: [x, w1, eta]")
        if letters.count(letter) > 1:
            raise node.place.wrong(f"the letter {quoted(letter)} stands here twice; write it once")
    return letters


def _place_letters(found: dict[str, Node], letters: tuple[str, ...]) -> None:
    """Letters that no value holds are inputs of a circuit under their own names; else each has to stand somewhere."""
    used = {text for node in found.values() for text in letters_in(node)}
    free = [letter for letter in letters if letter not in used]
    if not free:
        return
    place = found["letters"].place
    inputs = found.get("inputs", Pairs((), place))
    if "circuit" not in found:
        raise place.wrong(
            f"the letter {quoted(free[0])} stands nowhere; write it in place of a number, as in inputs: [x]"
        )
    if isinstance(inputs, Pairs):
        names = {key.text.strip() for key, _ in inputs.pairs}
        added = ((Text(one, place), Text(one, place, letter=True)) for one in free if one not in names)
        found["inputs"] = Pairs((*inputs.pairs, *added), inputs.place)


def _show_updates(found: dict[str, Node], steps: int, form: task.Form) -> tuple[int, ...]:
    """Those that the file names, else the usual ones."""
    if "show updates" in found:
        return training.shown_updates(found["show updates"], steps)
    return _usually_shown(steps, form)


def _usually_shown(steps: int, form: task.Form) -> tuple[int, ...]:
    """All of three updates, else the first and the last; in an epoch table each, as far as a table goes."""
    if form == "epochs":
        return tuple(range(1, min(steps, training.MOST_SHOWN) + 1))
    return tuple(range(1, steps + 1)) if steps <= 3 else (1, steps)


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


def _check_complete(found: dict[str, Node], classes: tuple[str, ...], loss: Chosen | None) -> None:
    """A target needs a loss, a loss (that compares) a target, a learning rate both."""
    compares = loss is None or getattr(loss.operation, "needs_target", True)
    for key, needed, example in (
        ("loss", "target", f"target: {classes[0] if classes else '1'}"),
        ("target", "loss", "loss: half squared error"),
        ("learning rate", "loss", "loss: half squared error, and a target"),
    ):
        if key in found and needed not in found and (compares or needed != "target"):
            raise found[key].place.wrong(f"the {key} needs a {needed}, which is missing; write for example {example}")


def _missing(found: dict[str, Node]) -> dict[str, tuple[str, ...]]:
    """The keys that each part of `show` lacks."""
    loss = () if "loss" in found else ("target", "loss")
    penalised = () if "regularisation" in found else loss
    update = (*loss, *(() if "learning rate" in found else ("learning rate",)))
    return {"forward": (), "loss": penalised, "gradients": loss, "update": update, "rerun": update}
