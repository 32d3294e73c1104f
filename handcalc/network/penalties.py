"""Regularisation: penalties that are added to the loss.

l2                                             λ Σ w² over all weights
{l2: {rate: 0.01, of: weights and biases}}     options of the penalty, and what it is of
[{l1: {rate: 0.01}}, {l2: {of: outputs}}]      several; of the outputs: divided by the number of samples, as in Keras
"""

from __future__ import annotations

from dataclasses import dataclass

from handcalc.network.chosen import Chosen, chosen
from handcalc.network.nodes import Items, Node, Pairs
from handcalc.network.values import word
from handcalc.ops import plain, regularisers

OF = ("weights", "weights and biases", "outputs")


@dataclass(frozen=True)
class Penalty:
    """The regulariser `chosen`, of the weights, of the biases too, or of the network's outputs."""

    chosen: Chosen
    of: str = OF[0]

    def as_dict(self) -> dict[str, object]:
        options = {name: str(choice) for name, choice in self.chosen.options}
        return {self.chosen.name: options | {"of": self.of}}


def penalties(node: Node) -> tuple[Penalty, ...]:
    """The penalties that `node` says: one, or a list."""
    if isinstance(node, Items):
        if not node.items:
            raise node.place.wrong("found an empty list, where penalties are wanted; write for example l2")
        return tuple(map(_penalty, node.items))
    return (_penalty(node),)


def _penalty(node: Node) -> Penalty:
    of, rest = OF[0], node
    match node:
        case Pairs(pairs=((name, Pairs(pairs=options, place=place)),)):
            for key, value in options:
                if plain(key.text) == "of":
                    of = word(value, {one: one for one in OF}, OF)
            kept = tuple(pair for pair in options if plain(pair[0].text) != "of")
            rest = Pairs(((name, Pairs(kept, place)),), node.place) if kept else name
    return Penalty(chosen(rest, regularisers(), "a penalty")[1], of)
