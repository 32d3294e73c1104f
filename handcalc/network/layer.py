"""One layer of the file: which activation, a weight for each pair of units, a bias for each unit, their names.

    {relu: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}       W[to][from]: one row per unit of this layer
    {linear: [0.4, -0.3], bias: 0.1}                          one unit: its row alone
    {activation: relu, weights: [[0.6, 0.4]], bias: [0.1]}    the same at length

    {activation: [relu, sigmoid], weights: [[1, 2], [3, 4]]}  an activation for each unit
    {leaky relu: [[0.6, 0.4]], alpha: 0.1}                    options of the activation stand beside it
    softmax                                                   an activation alone, of what comes in

Without the key `bias` the layer has none; `shared bias` is one number for all units, `threshold` is subtracted,
`bias: last column` is a weight of a constant 1 (`last column of -1`: of −1). `names` or `classes` name its units.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from handcalc.formula.number import Number
from handcalc.network.chosen import Choice, Chosen, names_of, option_names, read_options
from handcalc.network.errors import counted, listed, quoted
from handcalc.network.nodes import Items, Node, Place, Text
from handcalc.network.values import decimal_commas, describe, keys, names, number, numbers, word
from handcalc.ops import Activation, activations, plain

Matrix = tuple[tuple[Number, ...], ...]
Biases = Literal["per unit", "shared", "threshold", "last column", "last column of -1"]
Named = str | Items
"""An activation's plain name, or the list of the units' activations."""
LAYER_KEYS = ("bias", "shared bias", "threshold", "names", "classes")
LAST: tuple[Biases, ...] = ("last column", "last column of -1")
EXAMPLE = "{relu: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}"


class Source(NamedTuple):
    """What a layer's columns belong to: 2 inputs, or the 3 units of layer 1."""

    width: int
    noun: str
    inputs: tuple[Number, ...] = ()
    place: Place | None = None
    extra: bool = False
    """Whether a column is for the constant that the bias multiplies."""

    def __str__(self) -> str:
        if self.extra:
            before = self._replace(width=self.width - 1, extra=False)
            return f"{before}, and one more column is for the bias"
        if self.inputs:
            return f"there {'is' if self.width == 1 else 'are'} {counted(self.width, 'input')}"
        return f"{self.noun} has {counted(self.width, 'unit')}"


class LayerParts(NamedTuple):
    """The fields of a Layer."""

    activation: Chosen | tuple[Chosen, ...]
    weights: Matrix
    bias: tuple[Number, ...] | None
    names: tuple[str, ...]
    biases: Biases


class Reading(NamedTuple):
    """How layers are read: `flipped` where a row of weights belongs to an input, not to a unit."""

    flipped: bool = False


def layer_parts(node: Node, source: Source | None = None, reading: Reading | None = None) -> LayerParts:
    """The layer that `node` describes; `source` is what feeds it, None for a layer by itself."""
    flipped = reading is not None and reading.flipped
    if isinstance(node, Text):  # an activation alone: softmax of given scores
        activation = Chosen(word(node, activations(), _canonical()).name)
        return LayerParts(activation, (), None, (), "per unit")
    options = option_names(set(activations().values()))
    known = (*activations(), *LAYER_KEYS, "activation", "weights", *options)
    accepted = [kind.name for kind in dict.fromkeys(activations().values()) if kind.common]
    found = keys(node, known, accepted=(*accepted, "bias", "names", "classes"), example=EXAMPLE)
    named, written = _operation(node, found)
    if isinstance(written, Text) and plain(written.text) == "none":
        return _without_weights(found, named, source)
    weights = _matrix(written, row=flipped)
    columns = [*zip(*weights, strict=True)] if flipped else [*weights]
    units = len(columns)
    biases = _kind_of_bias(found)
    if source:
        wanted = source._replace(width=source.width + 1, extra=True) if biases in LAST else source
        _check_columns(written, tuple(map(tuple, columns)), wanted, found.get("bias"), flipped=flipped)
    chosen = _activations(found, named, units)
    for kind in {one.operation for one in (chosen if isinstance(chosen, tuple) else (chosen,))}:
        if not getattr(kind, "elementwise", True) and (units == 1 or isinstance(chosen, tuple)):
            problem = "of a single unit is always 1" if units == 1 else "needs all units of its layer"
            raise written.place.wrong(
                f"{kind.name} {problem}; give the layer two units or more, or use sigmoid"
                if units == 1
                else f"{kind.name} {problem}; write it for the whole layer"
            )
    return LayerParts(chosen, weights, _bias(found, biases, units), _names(found, units), biases)


def _without_weights(found: dict[str, Node], named: Named, source: Source | None) -> LayerParts:
    """The activation alone, applied to what comes in."""
    for key in ("bias", "shared bias", "threshold"):
        if key in found:
            raise found[key].place.wrong(
                "a layer without weights has no bias; write the weights, or leave the bias out"
            )
    if not isinstance(named, str):
        raise named.place.wrong("a layer without weights has one activation for all units")
    kind = activations()[named]
    names = _names(found, source.width) if source else ()
    return LayerParts(Chosen(kind.name, _options(found, (kind,))), (), None, names, "per unit")


def _canonical() -> list[str]:
    return names_of(activations())


def _operation(node: Node, found: dict[str, Node]) -> tuple[Named, Node]:
    """The activation, or the list of the units' ones, and the node that holds the weights.

    ``relu: …``, or ``activation: relu, weights: …``.
    """
    chosen = [key for key in found if key in activations() and key not in LAYER_KEYS]
    if "activation" in found and not chosen:
        if "weights" not in found:
            raise node.place.wrong(f"the weights are missing; write for example {EXAMPLE}")
        if isinstance(found["activation"], Items):
            return found["activation"], found["weights"]
        return plain(word(found["activation"], activations(), _canonical()).name), found["weights"]
    if not chosen:
        raise node.place.wrong(f"the activation with its weights is missing; write for example {EXAMPLE}")
    twice = [*chosen[1:], *(key for key in ("activation", "weights") if key in found)]
    if twice:
        raise found[twice[0]].place.wrong(f"the layer says {chosen[0]} already; write one activation with its weights")
    return chosen[0], found[chosen[0]]


def _activations(found: dict[str, Node], named: Named, units: int) -> Chosen | tuple[Chosen, ...]:
    """One activation for the layer, or one for each unit."""
    if isinstance(named, str):
        kind = activations()[named]
        return Chosen(kind.name, _options(found, (kind,)))
    if len(named.items) != units:
        holder = f"the layer has {counted(units, 'unit')}"
        raise named.place.wrong(
            f"found {counted(len(named.items), 'activation')}, but {holder}; write one for each unit"
        )
    kinds = [word(item, activations(), _canonical()) for item in named.items]
    _options(found, kinds)
    return tuple(Chosen(kind.name, read_options(kind, found)) for kind in kinds)


def _options(found: dict[str, Node], kinds: Sequence[type[Activation]]) -> tuple[tuple[str, Choice], ...]:
    """The options of an activation, which stand beside its weights; one that no activation here has is an error."""
    offered = option_names(kinds)
    for key in option_names(set(activations().values())):
        if key in found and key not in offered:
            name = " or ".join(kind.name for kind in kinds)
            offers = f"; its options are {listed(offered, 'and')}" if offered else ""
            raise found[key].place.wrong(f"{name} has no option {quoted(key)}{offers}")
    return read_options(kinds[0], found)


def _kind_of_bias(found: dict[str, Node]) -> Biases:
    kinds = [key for key in ("bias", "shared bias", "threshold") if key in found]
    if len(kinds) > 1:
        raise found[kinds[1]].place.wrong(f"the layer has a {kinds[0]} already; write one of the two")
    bias = found.get("bias")
    if isinstance(bias, Text) and plain(bias.text) in (last := {plain(one): one for one in LAST}):
        return last[plain(bias.text)]
    return {"shared bias": "shared", "threshold": "threshold"}.get(kinds[0] if kinds else "", "per unit")  # type: ignore[return-value]


def _matrix(node: Node, *, row: bool) -> Matrix:
    """Rows of equal length; a flat list belongs to a single unit (its row; its column where `row` is an input's)."""
    match node:
        case Text():
            return ((number(node),),)
        case Items(items=(_, *_)) if all(isinstance(item, Text) for item in node.items):
            flat = tuple(map(number, node.items))
            return tuple((one,) for one in flat) if row else (flat,)
        case Items(items=(_, *_)):
            return _rows(node)
    raise node.place.wrong(
        f"found {describe(node)}, where weights are wanted; write one row per unit: [[0.6, 0.4], [-0.2, 0.5]]"
    )


def _rows(node: Items) -> Matrix:
    rows = []
    for item in node.items:
        if not isinstance(item, Items) or not item.items:
            raise item.place.wrong(f"found {describe(item)}, where a row of weights is wanted, such as [0.6, 0.4]")
        rows.append(tuple(map(number, item.items)))
        if len(rows[-1]) != len(rows[0]):
            shorter = min(len(rows[0]), len(rows[-1]))
            meant = decimal_commas(max(rows[0], rows[-1], key=len), shorter)
            raise item.place.wrong(
                f"row {len(rows)} has {counted(len(rows[-1]), 'number')}, but row 1 has {len(rows[0])}"
                f"{meant.read}{meant.write or '; every unit needs one weight for each of its inputs'}"
            )
    return tuple(rows)


def _check_columns(node: Node, weights: Matrix, source: Source, bias: Node | None, *, flipped: bool) -> None:
    """One weight in a row for each input; where it isn't so, say what is likely meant."""
    rows, columns = len(weights), len(weights[0])
    if columns == source.width:
        return
    if flipped:
        advice = "; with weights in x out, rows are inputs (from), columns are units (to)"
        raise node.place.wrong(f"found {counted(columns, 'row')} of weights, but {source}{advice}")
    if source.place and (meant := decimal_commas(source.inputs, columns)).write:
        found = f"found {counted(source.width, 'number')}{meant.read}"
        raise source.place.wrong(f"{found}, but layer 1 has {columns} weights in a row{meant.write}")
    meant = decimal_commas(weights[0], source.width)
    advice = meant.write or "; rows are units (to), columns are inputs (from)"
    biases_fit_rows = isinstance(bias, Items) and len(bias.items) == rows
    if not meant.write and source.width == 1 == rows:
        column = ", ".join(f"[{one}]" for one in weights[0][:3]) + ", …" * (columns > 3)
        advice = f"; {columns} units with one input each are written [{column}]"
    elif not meant.write and rows == source.width and not biases_fit_rows:
        advice = "; the matrix looks transposed: rows are units (to), columns are inputs (from)"
    raise node.place.wrong(f"found {counted(columns, 'weight')} in a row{meant.read}, but {source}{advice}")


def _bias(found: dict[str, Node], biases: Biases, units: int) -> tuple[Number, ...] | None:
    """None where the layer has no bias of its own: the key is left out, says none, or says that the weights hold it."""
    if biases == "shared":
        return (number(found["shared bias"]),)
    node = found.get("threshold" if biases == "threshold" else "bias")
    if node is None or biases in LAST or (isinstance(node, Text) and plain(node.text) == "none"):
        return None
    holder = f"the layer has {counted(units, 'unit')}"
    return numbers(node, wanted=units, holder=holder, example=("bias", "0.1", "0.3", "-0.2", "0.5"))


def _names(found: dict[str, Node], units: int) -> tuple[str, ...]:
    if "names" in found and "classes" in found:
        raise found["classes"].place.wrong("the units have names already; write names or classes")
    node = found.get("names", found.get("classes"))
    return () if node is None else names(node, wanted=units, holder=f"the layer has {counted(units, 'unit')}")
