"""How the network learns: what is updated, by which optimiser, in which order, how often, which updates are shown."""

from __future__ import annotations

import re

from handcalc.formula.number import Number
from handcalc.network.chosen import Chosen, chosen
from handcalc.network.errors import counted
from handcalc.network.nodes import Items, Node, Place, Text
from handcalc.network.values import describe, number, word
from handcalc.ops import optimisers, plain

BATCH = ("mean", "sum", "online")
TRAIN = ("weights and biases", "weights")
ORDER = ("simultaneous", "in place")
MOST_UPDATES = 1_000_000
MOST_SHOWN = 50


def optimiser(node: Node) -> Chosen:
    return chosen(node, optimisers(), "an optimiser")[1]


def batch(node: Node) -> str:
    return word(node, {one: one for one in BATCH}, BATCH)


def train(node: Node) -> str:
    if isinstance(node, Items) and len(node.items) == 1:
        node = node.items[0]
    return word(node, {one: one for one in TRAIN}, TRAIN)


def train_names(node: Node, names: tuple[str, ...]) -> tuple[str, ...]:
    """Which inputs of a circuit learn."""
    items = node.items if isinstance(node, Items) else (node,)
    return tuple(word(item, {plain(one): one for one in names}, names) for item in items)


def order(node: Node) -> str:
    return word(node, {one: one for one in ORDER}, ORDER)


def count(node: Node, what: str) -> int:
    """A whole number from 1."""
    text = node.text.strip().replace(",", "") if isinstance(node, Text) else ""
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= MOST_UPDATES:
        raise node.place.wrong(f"found {describe(node)}; a whole number of {what} from 1 to {MOST_UPDATES:,} is wanted")
    return int(text)


def shown_updates(node: Node, updates: int) -> tuple[int, ...]:
    """The numbers of the updates that are worked line by line, in order."""
    items = node.items if isinstance(node, Items) else (node,)
    if not items:
        raise node.place.wrong("found an empty list; write the numbers of the updates to show, such as [1, 2]")
    found: set[int] = set()
    for item in items:
        if isinstance(item, Text) and item.text.strip().lower() in ("last", "all", "none"):
            word = item.text.strip().lower()
            found |= {"last": {updates}, "all": set(range(1, updates + 1)), "none": set()}[word]
            continue
        n = count(item, "an update")
        if n > updates:
            raise item.place.wrong(
                f"found {n}, but there {'is' if updates == 1 else 'are'} {counted(updates, 'update')}"
            )
        found.add(n)
    if len(found) > MOST_SHOWN:
        raise node.place.wrong(
            f"{len(found):,} updates would be worked line by line; at most {MOST_SHOWN} are shown so"
        )
    return tuple(sorted(found))


def sample_weights(node: Node, samples: int) -> tuple[Number, ...]:
    found = tuple(map(number, node.items)) if isinstance(node, Items) else ()
    if len(found) != samples:
        raise node.place.wrong(
            f"found {describe(node)}, but there {'is' if samples == 1 else 'are'} {counted(samples, 'sample')}; "
            "write a weight for each sample"
        )
    return found


def check_in_place(place: Place, batch: str, samples: int) -> None:
    if samples > 1 and batch != "online":
        raise place.wrong("an update in place goes sample by sample; write batch: online")
