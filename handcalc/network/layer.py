"""One layer of the file: which activation, a weight for each pair of units, a bias for each unit, their names.

    {relu: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}       W[to][from]: one row per unit of this layer
    {linear: [0.4, -0.3], bias: 0.1}                          one unit: its row alone
    {activation: relu, weights: [[0.6, 0.4]], bias: [0.1]}    the same at length

Without the key `bias` the layer has none; `names` or `classes` name its units.
"""

from __future__ import annotations

from typing import NamedTuple

from handcalc.formula.number import Number
from handcalc.network.errors import counted
from handcalc.network.nodes import Items, Node, Place, Text
from handcalc.network.values import decimal_commas, describe, keys, names, number, numbers, word
from handcalc.ops import Activation, activations, plain

Matrix = tuple[tuple[Number, ...], ...]
EXAMPLE = "{relu: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}"


class Source(NamedTuple):
    """What a layer's columns belong to: 2 inputs, or the 3 units of layer 1."""

    width: int
    noun: str
    inputs: tuple[Number, ...] = ()
    place: Place | None = None

    def __str__(self) -> str:
        if self.inputs:
            return f"there {'is' if self.width == 1 else 'are'} {counted(self.width, 'input')}"
        return f"{self.noun} has {counted(self.width, 'unit')}"


class LayerParts(NamedTuple):
    """The fields of a Layer."""

    activation: str
    weights: Matrix
    bias: tuple[Number, ...] | None
    names: tuple[str, ...]


def layer_parts(node: Node, source: Source | None = None) -> LayerParts:
    """The layer that `node` describes; `source` is what feeds it, None for a layer by itself."""
    known = (*activations(), "bias", "names", "classes", "activation", "weights")
    found = keys(node, known, accepted=(*_canonical(), "bias", "names", "classes"), example=EXAMPLE)
    operation, written = _operation(node, found)
    weights = _matrix(written)
    if source:
        _check_columns(written, weights, source, found.get("bias"))
    if not operation.elementwise and len(weights) == 1:
        raise written.place.wrong(
            f"{operation.name} of a single unit is always 1; give the layer two units or more, or use sigmoid"
        )
    return LayerParts(operation.name, weights, _bias(found.get("bias"), weights), _names(found, len(weights)))


def _canonical() -> list[str]:
    return sorted({kind.name for kind in activations().values()})


def _operation(node: Node, found: dict[str, Node]) -> tuple[type[Activation], Node]:
    """The activation, and the node that holds the weights: `relu: ...`, or `activation: relu, weights: ...`."""
    chosen = [key for key in found if key in activations()]
    if "activation" in found and not chosen:
        if "weights" not in found:
            raise node.place.wrong(f"the weights are missing; write for example {EXAMPLE}")
        return word(found["activation"], activations(), _canonical()), found["weights"]
    if not chosen:
        raise node.place.wrong(f"the activation with its weights is missing; write for example {EXAMPLE}")
    twice = [*chosen[1:], *(key for key in ("activation", "weights") if key in found)]
    if twice:
        raise found[twice[0]].place.wrong(f"the layer says {chosen[0]} already; write one activation with its weights")
    return activations()[chosen[0]], found[chosen[0]]


def _matrix(node: Node) -> Matrix:
    """Rows of equal length; a flat list is the only row, a single number the only row's only number."""
    match node:
        case Text():
            return ((number(node),),)
        case Items(items=(_, *_)) if all(isinstance(item, Text) for item in node.items):
            return (tuple(map(number, node.items)),)
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


def _check_columns(node: Node, weights: Matrix, source: Source, bias: Node | None) -> None:
    """One weight in a row for each input; where it isn't so, say what is likely meant."""
    rows, columns = len(weights), len(weights[0])
    if columns == source.width:
        return
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


def _bias(node: Node | None, weights: Matrix) -> tuple[Number, ...] | None:
    """None where the layer has no bias: the key is left out, or says none."""
    if node is None or (isinstance(node, Text) and plain(node.text) == "none"):
        return None
    holder = f"the layer has {counted(len(weights), 'unit')}"
    return numbers(node, wanted=len(weights), holder=holder, example=("bias", "0.1", "0.3", "-0.2", "0.5"))


def _names(found: dict[str, Node], units: int) -> tuple[str, ...]:
    if "names" in found and "classes" in found:
        raise found["classes"].place.wrong("the units have names already; write names or classes")
    node = found.get("names", found.get("classes"))
    return () if node is None else names(node, wanted=units, holder=f"the layer has {counted(units, 'unit')}")
