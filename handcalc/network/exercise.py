"""What the file asks for: the target, the loss, one step of gradient descent, and which parts to show."""

from __future__ import annotations

import re
from typing import NamedTuple

from handcalc.formula.number import Number, read_number
from handcalc.network.chosen import Chosen, chosen, names_of
from handcalc.network.errors import accepting, counted, listed, quoted
from handcalc.network.nodes import Items, Node, Pairs, Place, Text
from handcalc.network.values import check_decimal_comma, describe, name, number, numbers, word
from handcalc.ops import Activation, Loss, activations, losses

SHOW = ("forward", "loss", "gradients", "update", "rerun")
CARRY = ("exact", "rounded")
STATEMENTS = ("scalar", "matrix", "both")
MOST_DECIMALS = 12
_CLASS = re.compile(r"class ([1-9][0-9]{0,3})", re.IGNORECASE)
_LIKE_A_NUMBER = re.compile(r"[-+−.,/\d\seE]+")


class Target(NamedTuple):
    values: tuple[Number, ...]
    names: tuple[str, ...]
    """The names of the outputs, from the target or from the last layer."""


class Outputs(NamedTuple):
    """What the network ends with: how many outputs, their names, and the activations that make them."""

    width: int
    names: tuple[str, ...]
    kinds: tuple[type[Activation], ...] = ()
    """Empty where the predictions themselves are given."""

    @property
    def holder(self) -> str:
        if self.kinds:
            return f"the last layer has {counted(self.width, 'unit')}"
        return f"there {'is' if self.width == 1 else 'are'} {counted(self.width, 'prediction')}"


def targets(node: Node, last: Outputs, samples: int) -> tuple[tuple[tuple[Number, ...], ...], tuple[str, ...]]:
    """The target of each sample, and the names of the outputs."""
    if samples == 1:
        one = target(node, last)
        return (one.values,), one.names
    if not isinstance(node, Items) or len(node.items) != samples:
        found = counted(len(node.items), "target") if isinstance(node, Items) else describe(node)
        raise node.place.wrong(f"found {found}, but there are {samples} samples; write a target for each sample")
    each = [target(item, last) for item in node.items]
    return tuple(one.values for one in each), each[0].names


def target(node: Node, last: Outputs) -> Target:
    """One number per output: as numbers, as the name of a class or ``class 2``, or as {name: number}."""
    outputs, holder = last.width, last.holder
    match node:
        case Pairs():
            return _named_target(node, last, holder)
        case Text() if (chosen := " ".join(node.text.split())) in last.names:
            return Target(tuple(read_number(str(int(chosen == one))) for one in last.names), last.names)
        case Text() if not last.names and outputs > 1 and (found := _CLASS.fullmatch(node.text.strip())):
            if int(found[1]) > outputs:
                raise node.place.wrong(f"found {quoted(node.text)}, but {holder}; classes are counted from 1")
            return Target(tuple(read_number(str(int(int(found[1]) == k + 1))) for k in range(outputs)), ())
        case Text() if last.names and not _LIKE_A_NUMBER.fullmatch(node.text):
            raise node.place.wrong(_no_output(node.text, last))
        case Text() if outputs > 1 and not _LIKE_A_NUMBER.fullmatch(node.text):
            raise node.place.wrong(
                f"found {quoted(node.text)}, but the outputs have no names; write {outputs} numbers, class 1, "
                "or add classes: [...] to the last layer"
            )
    values = numbers(node, wanted=outputs, holder=holder, example=("target", "1", "0", "0", "0"))
    return Target(values, last.names)


def _named_target(node: Pairs, last: Outputs, holder: str) -> Target:
    for key, value in node.pairs:
        check_decimal_comma(key, value)
        if last.names and name(key, "a name") not in last.names:
            raise key.place.wrong(_no_output(key.text, last))
    values = {name(key, "a name"): number(value) for key, value in node.pairs}
    if len(values) != last.width:
        raise node.place.wrong(f"found {counted(len(values), 'name')}, but {holder}; write a number for each output")
    names = last.names or tuple(values)
    return Target(tuple(values[one] for one in names), names)


def _no_output(typed: str, last: Outputs) -> str:
    return f"{quoted(typed)} is not the name of an output{accepting(last.names, typed)}, or numbers"


def loss(node: Node, last: Outputs) -> Chosen:
    """The loss, which the last activation must suit."""
    kind, choice = chosen(node, losses(), "a loss")
    bounded = all(one.open_range == (0, 1) for one in last.kinds)
    if kind.needs_probabilities and not bounded:
        fit = names_of({name: one for name, one in activations().items() if one.open_range == (0, 1)})
        others = names_of({name: one for name, one in losses().items() if not one.needs_probabilities})
        title = " and ".join(dict.fromkeys(one.name for one in last.kinds))
        raise node.place.wrong(
            f"{kind.name} needs outputs between 0 and 1, but the last layer is {title}; "
            f"make it {listed(fit, 'or')}, or take another loss: {', '.join(others)}"
        )
    if (kind.one_hot or kind.needs_class) and last.width == 1:
        raise node.place.wrong(
            f"{kind.name} needs an output for each class; with one output write binary cross-entropy"
        )
    return choice


def right_class(values: tuple[Number, ...]) -> int | None:
    """The number of the right class, from 0, where the target is 1 for it and 0 for the others."""
    ones = [k for k, value in enumerate(values) if value.value == 1]
    return ones[0] if len(ones) == 1 and sum(value.value == 0 for value in values) == len(values) - 1 else None


def check_target(place: Place, values: tuple[Number, ...], chosen: type[Loss], choice: Chosen | None = None) -> None:
    """Targets of a cross-entropy are probabilities; those of one over classes add up to 1."""
    by_class = chosen.needs_class or (choice and dict(choice.options).get("form") == "right class")
    if by_class and right_class(values) is None:
        raise place.wrong(
            f"{chosen.name} needs one right class; write its name, class 1, or 1 for it and 0 for the others"
        )
    if not chosen.needs_probabilities or any(value.is_letter for value in values):
        return
    for value in values:
        if not 0 <= value.value <= 1:
            raise place.wrong(f"found {value.text}, but {chosen.name} needs targets from 0 to 1")
    total = sum((value.value for value in values[1:]), values[0].value)
    if chosen.one_hot and total != 1:
        raise place.wrong(f"the targets add up to {total}, but {chosen.name} needs targets that add up to 1")


def learning_rate(node: Node) -> Number:
    rate = number(node)
    if not rate.is_letter and rate.value <= 0:
        raise node.place.wrong(f"found {rate.text}; a learning rate is above 0, such as 0.1")
    return rate


def decimals(node: Node) -> int:
    text = node.text.strip() if isinstance(node, Text) else ""
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= MOST_DECIMALS:
        raise node.place.wrong(f"found {describe(node)}; a whole number from 1 to {MOST_DECIMALS} is wanted")
    return int(text)


def carry(node: Node) -> str:
    return word(node, {one: one for one in CARRY}, CARRY)


def statements(node: Node) -> str:
    return word(node, {one: one for one in STATEMENTS}, STATEMENTS)


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
