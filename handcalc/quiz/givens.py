"""The numbers that an exercise gives: what each is, and others like it that are as friendly to work with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Literal, NamedTuple, get_args

from flint import fmpq

from handcalc.formula.number import Number, read_number
from handcalc.network.left_open import below, canonical, texts
from handcalc.network.network import GIVEN_AS
from handcalc.network.nodes import Items, Node, Pairs, Text
from handcalc.network.reading import value_of
from handcalc.ops import activations, plain
from handcalc.quiz.difficulty import Difficulty, objection
from handcalc.quiz.ranges import written

Kind = Literal["input", "weight", "bias", "target"]
Vary = Literal["weights", "inputs", "all"]
VARIES: dict[Vary, frozenset[Kind]] = {
    "weights": frozenset({"weight", "bias"}),
    "inputs": frozenset({"input"}),
    "all": frozenset({"input", "weight", "bias"}),
}
assert tuple(VARIES) == get_args(Vary)
BIASES = ("bias", "shared bias", "threshold")
MOST_LIKE = 2_000


class Given(NamedTuple):
    """`kinds` are those by which it varies: an input of a circuit that learns is a weight as well."""

    kinds: frozenset[Kind]
    path: str
    text: Text
    signed: bool = False
    """Whether it may as well have the other sign."""

    @property
    def kind(self) -> Kind:
        return next(kind for kind in get_args(Kind) if kind in self.kinds)


def givens(node: Node) -> Iterator[Given]:
    """Inputs, weights, biases and targets with their paths, in the order of the file."""
    for key, value in node.pairs if isinstance(node, Pairs) else ():
        name = canonical(key)
        if name in GIVEN_AS and value_of(node, "circuit"):
            yield from _wires(value, value_of(node, "train"))
        elif name in GIVEN_AS:
            yield from (Given(frozenset({"input"}), path, text) for path, text in texts(value, name))
        elif name == "target":
            yield from (Given(frozenset({"target"}), path, text) for path, text in texts(value, name))
        elif name == "layers":
            yield from _layers(value, name)


def number_of(text: Text) -> Number | None:
    """The number that stands there, None of a letter or a word."""
    try:
        return read_number(text.text)
    except ValueError:
        return None


def varied(node: Node, vary: Vary) -> Iterator[Given]:
    """Those numbers of an exercise that may be others: no zeros, and no inputs that are true or false."""
    inputs = value_of(node, "inputs")
    kept = "input" if inputs and _are_true_or_false(inputs) else ""
    for one in givens(node):
        number = number_of(one.text)
        if one.kinds & VARIES[vary] and number and number.value != 0 and kept not in one.kinds:
            yield one


def rows_to_shuffle(node: Node) -> list[str]:
    """The paths of the rows of given predictions that are shares of a whole: another order keeps their sum."""
    value = value_of(node, "predictions")
    if not isinstance(value, Items):
        return []
    rows = {f"predictions[{n}]": row for n, row in enumerate(value.items, 1) if isinstance(row, Items)}
    return [path for path, row in (rows or {"predictions": value}).items() if _is_shares(row)]


def like(given: Given, allowed: Difficulty | None) -> tuple[str, ...]:
    """Numbers from half to double of what stands there (to three times of a single unit), with as many decimals or the
    same denominator; of those the ones that `allowed` lets pass."""
    number = read_number(given.text.text)
    bare, _, exponent = number.text.lower().partition("e")
    size = abs(read_number(bare).value)
    unit = fmpq(1, size.q) if "/" in bare else _unit(bare)
    while size / unit > MOST_LIKE:
        unit *= 10
    least, most = int((size / unit / 2).ceil()), max(int((size / unit * 2).floor()), 3)
    sizes = [k * unit for k in range(least, most + 1)]
    if "/" in bare:
        found = [f"{one.p}/{one.q}" for one in sizes if one.q == size.q and one.q != 1]
    else:
        found = [written(one) + (f"e{exponent}" if exponent else "") for one in sizes]
    minus = [f"-{one}" for one in reversed(found)]
    positive = number.value > 0 or (allowed is not None and allowed.negative == "none")
    values = [*minus, *found] if given.signed else found if positive else minus
    return tuple(one for one in values if allowed is None or not objection(allowed, given.kind, one)) or (number.text,)


def _unit(text: str) -> fmpq:
    """What its last digit counts: 0.01 of 0.30, 10 of 150."""
    whole, _, decimals = text.lstrip("+-").partition(".")
    if decimals:
        return fmpq(1, 10 ** len(decimals))
    return fmpq(10 ** (len(whole) - len(whole.rstrip("0"))))


def _wires(inputs: Node, train: Node | None) -> Iterator[Given]:
    """The inputs of a circuit; those that learn are weights, and where none is named each is both."""
    learn = {word for _, text in texts(train) for word in text.text.replace(",", " ").split()} if train else None
    for key, value in inputs.pairs if isinstance(inputs, Pairs) else ():
        kinds: set[Kind] = {"input", "weight"} if learn is None else {"weight" if key.text in learn else "input"}
        yield from (Given(frozenset(kinds), path, text) for path, text in texts(value, below("inputs", key)))


def _layers(node: Node, path: str) -> Iterator[Given]:
    for n, layer in zip(count(1), node.items if isinstance(node, Items) else (), strict=False):
        for key, value in layer.pairs if isinstance(layer, Pairs) else ():
            name, at = plain(key.text), below(f"{path}[{n}]", key)
            if name == "branches":
                for k, branch in zip(count(1), value.items if isinstance(value, Items) else (), strict=False):
                    yield from _layers(branch, f"{at}[{k}]")
            elif name in BIASES or name == "weights" or name in activations():
                kind: Kind = "bias" if name in BIASES else "weight"
                yield from (Given(frozenset({kind}), where, text, True) for where, text in texts(value, at))


def _are_true_or_false(inputs: Node) -> bool:
    """Whether all are 0 or 1, and there are both."""
    return {text.text for _, text in texts(inputs)} == {"0", "1"}


def _is_shares(row: Node) -> bool:
    numbers = [number_of(text) for _, text in texts(row)]
    return len({one.text for one in numbers if one}) > 1 and all(one and 0 <= one.value <= 1 for one in numbers)


def with_texts(node: Node, changes: Mapping[str, Node], path: str = "") -> Node:
    """`node` with other nodes in place of the texts at these paths."""
    match node:
        case Text():
            return changes.get(path, node)
        case Items(items, place):
            return Items(tuple(with_texts(one, changes, f"{path}[{n}]") for n, one in enumerate(items, 1)), place)
        case Pairs(pairs, place):
            return Pairs(tuple((key, with_texts(value, changes, below(path, key))) for key, value in pairs), place)
    return node
