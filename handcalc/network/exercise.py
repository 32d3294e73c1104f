"""What the file asks for: the target, the loss, one step of gradient descent, and which parts to show."""

from __future__ import annotations

import re
from typing import NamedTuple

from handcalc.formula.number import Number, read_number
from handcalc.network.errors import accepting, counted, listed, quoted
from handcalc.network.layer import LayerParts
from handcalc.network.nodes import Items, Node, Pairs, Place, Text
from handcalc.network.values import check_decimal_comma, describe, name, number, numbers, word
from handcalc.ops import Loss, activations, losses, plain

SHOW = ("forward", "loss", "gradients", "update", "rerun")
CARRY = ("exact", "rounded")
MOST_DECIMALS = 12
_LIKE_A_NUMBER = re.compile(r"[-+−.,/\d\seE]+")


class Target(NamedTuple):
    values: tuple[Number, ...]
    names: tuple[str, ...]
    """The names of the outputs, from the target or from the last layer."""


def target(node: Node, last: LayerParts) -> Target:
    """One number per output: as numbers, as the name of a class, or as {name: number}."""
    outputs = len(last.weights)
    holder = f"the last layer has {counted(outputs, 'unit')}"
    match node:
        case Pairs():
            return _named_target(node, last, holder)
        case Text() if (chosen := " ".join(node.text.split())) in last.names:
            return Target(tuple(read_number(str(int(chosen == one))) for one in last.names), last.names)
        case Text() if last.names and not _LIKE_A_NUMBER.fullmatch(node.text):
            raise node.place.wrong(_no_output(node.text, last))
        case Text() if outputs > 1 and not _LIKE_A_NUMBER.fullmatch(node.text):
            raise node.place.wrong(
                f"found {quoted(node.text)}, but the outputs have no names; write {outputs} numbers, "
                "or add classes: [...] to the last layer"
            )
    values = numbers(node, wanted=outputs, holder=holder, example=("target", "1", "0", "0", "0"))
    return Target(values, last.names)


def _named_target(node: Pairs, last: LayerParts, holder: str) -> Target:
    for key, value in node.pairs:
        check_decimal_comma(key, value)
        if last.names and name(key, "a name") not in last.names:
            raise key.place.wrong(_no_output(key.text, last))
    values = {name(key, "a name"): number(value) for key, value in node.pairs}
    if len(values) != len(last.weights):
        raise node.place.wrong(f"found {counted(len(values), 'name')}, but {holder}; write a number for each output")
    names = last.names or tuple(values)
    return Target(tuple(values[one] for one in names), names)


def _no_output(typed: str, last: LayerParts) -> str:
    return f"{quoted(typed)} is not the name of an output{accepting(last.names, typed)}, or numbers"


def loss(node: Node, last: LayerParts) -> type[Loss]:
    """The loss, which the last activation must suit."""
    accepted = sorted({kind.name for kind in losses().values()})
    chosen = word(node, losses(), accepted)
    bounded = activations()[plain(last.activation)].open_range == (0, 1)
    if chosen.needs_probabilities and not bounded:
        fit = sorted({kind.name for kind in activations().values() if kind.open_range == (0, 1)})
        others = [kind.name for kind in losses().values() if not kind.needs_probabilities]
        raise node.place.wrong(
            f"{chosen.name} needs outputs between 0 and 1, but the last layer is {last.activation}; "
            f"make it {listed(fit, 'or')}, or take another loss: {listed(dict.fromkeys(others), 'or')}"
        )
    if chosen.one_hot and len(last.weights) == 1:
        raise node.place.wrong(
            f"{chosen.name} needs an output for each class; with one output write binary cross-entropy"
        )
    return chosen


def check_target(place: Place, values: tuple[Number, ...], chosen: type[Loss]) -> None:
    """Targets of a cross-entropy are probabilities; those of one over classes add up to 1."""
    if not chosen.needs_probabilities:
        return
    for value in values:
        if not 0 <= value.value <= 1:
            raise place.wrong(f"found {value.text}, but {chosen.name} needs targets from 0 to 1")
    total = sum((value.value for value in values[1:]), values[0].value)
    if chosen.one_hot and total != 1:
        raise place.wrong(f"the targets add up to {total}, but {chosen.name} needs targets that add up to 1")


def learning_rate(node: Node) -> Number:
    rate = number(node)
    if rate.value <= 0:
        raise node.place.wrong(f"found {rate.text}; a learning rate is above 0, such as 0.1")
    return rate


def decimals(node: Node) -> int:
    text = node.text.strip() if isinstance(node, Text) else ""
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= MOST_DECIMALS:
        raise node.place.wrong(f"found {describe(node)}; a whole number from 1 to {MOST_DECIMALS} is wanted")
    return int(text)


def carry(node: Node) -> str:
    return word(node, {one: one for one in CARRY}, CARRY)


def show(node: Node, missing: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The parts to show, in their order; `missing` says which keys each part lacks."""
    if isinstance(node, Text):
        parts: tuple[Node, ...] = tuple(Text(part, node.place) for part in re.split(r"[,\s]+", node.text.strip(", \n")))
    elif isinstance(node, Items) and node.items:
        parts = node.items
    else:
        raise node.place.wrong(f"found {describe(node)}; accepted: {', '.join(SHOW)}")
    chosen = {word(part, {one: one for one in SHOW}, SHOW) for part in parts}
    for part in SHOW:
        if part in chosen and missing[part]:
            raise node.place.wrong(f"{part} can't be shown without {listed(missing[part], 'and')}")
    return tuple(part for part in SHOW if part in chosen)
