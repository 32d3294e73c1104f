"""Scaling: raw inputs made small numbers, and outputs turned back into the units of the problem.

scaling: standardise                                        every input, with the mean and deviation of the samples
scaling: {floor area: {divide by: {number: 100}}}           one input by its name (or 1, 2, …), the others stay
output scaling: {standardise: {mean: 20, deviation: 4}}     targets scaled, predictions turned back
"""

from __future__ import annotations

from handcalc.network.chosen import Chosen, chosen
from handcalc.network.errors import accepting, quoted
from handcalc.network.nodes import Node, Pairs, Text
from handcalc.ops import plain, scalings


def scaling(node: Node, names: tuple[str, ...], inputs: int) -> tuple[Chosen | None, ...]:
    """The scaling of each input, None where it stays as it is."""
    known = scalings()
    if isinstance(node, Pairs) and any(plain(key.text) not in known for key, _ in node.pairs):
        found: list[Chosen | None] = [None] * inputs
        for key, value in node.pairs:
            found[_which(key, names, inputs)] = one(value)
        return tuple(found)
    return (one(node),) * inputs


def one(node: Node) -> Chosen:
    """A scaling with its options."""
    found = chosen(node, scalings(), "a scaling")[1]
    mean, deviation = (dict(found.options).get(name) for name in ("mean", "deviation"))
    if found.name == "standardise" and isinstance(mean, str | None) != isinstance(deviation, str | None):
        raise node.place.wrong("mean and deviation are both given as numbers, or both worked out from the samples")
    return found


def _which(key: Text, names: tuple[str, ...], inputs: int) -> int:
    text = " ".join(key.text.split())
    if text in names:
        return names.index(text)
    if not names and text.isdecimal() and 1 <= int(text) <= inputs:
        return int(text) - 1
    accepted = names or tuple(str(n + 1) for n in range(inputs))
    raise key.place.wrong(f"{quoted(text)} is not an input{accepting(accepted, text)}")
