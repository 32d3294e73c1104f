"""How results are rounded: to decimals or significant figures, half up or cut off, and which number is carried on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, cast

from handcalc.formula.quantity import read_key
from handcalc.network import exercise
from handcalc.network.errors import quoted
from handcalc.network.nodes import Node, Pairs
from handcalc.network.values import check_decimal_comma, describe, keys, word

Carry = Literal["exact", "rounded"]
How = Literal["half up", "truncate"]
HOW: tuple[How, ...] = ("half up", "truncate")
KEYS = ("decimals", "significant figures", "carry", "how", "own")
EXAMPLE = "rounding: {decimals: 4}"
_STATE = re.compile(r"[A-Za-z]+\((.+)\)")


@dataclass(frozen=True, slots=True)
class Rounding:
    """0.115776 to 3 `places` is 0.116; with `figures`, 0.00043856 is 0.000439; cut off (``truncate``), 0.115.

    `own` holds the places of what differs from the rest, by its key, its block or its letter:
    ``(("a1[1]", 2), ("z", 3))``; the most specific name wins.
    """

    figures: bool = False
    places: int = 4
    carry: Carry = "exact"
    how: How = "half up"
    own: tuple[tuple[str, int], ...] = ()

    @property
    def most_places(self) -> int:
        """The most places that any quantity has."""
        return max(self.places, *(n for _, n in self.own), 0)

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it; `rounding` of it gives an equal record."""
        written: dict[str, object] = {
            "significant figures" if self.figures else "decimals": str(self.places),
            "carry": self.carry,
            "how": self.how,
        }
        return written | ({"own": {name: str(n) for name, n in self.own}} if self.own else {})


def rounding(node: Node | None = None, decimals: Node | None = None, carry: Node | None = None) -> Rounding:
    """The record of ``rounding: {significant figures: 3, carry: rounded, how: truncate, own: {z: 2}}``.

    `decimals` and `carry` are the short forms, keys of the file itself. Raises NetworkFileError where something is
    said twice, isn't known, or is outside 1 to 12 places.
    """
    found = keys(node, KEYS, accepted=KEYS, example=EXAMPLE) if node is not None else {}
    _check_once(found, decimals, carry)
    made = Rounding()
    places = found.get("significant figures", found.get("decimals", decimals))
    if places is not None:
        made = replace(made, figures="significant figures" in found, places=exercise.decimals(places))
    if (carried := found.get("carry", carry)) is not None:
        made = replace(made, carry=cast("Carry", exercise.carry(carried)))
    if "how" in found:
        made = replace(made, how=word(found["how"], {one: one for one in HOW}, HOW))
    return replace(made, own=_own(found["own"])) if "own" in found else made


def _check_once(found: dict[str, Node], decimals: Node | None, carry: Node | None) -> None:
    if "decimals" in found and "significant figures" in found:
        raise found["significant figures"].place.wrong(
            "there are decimals as well; results are rounded to one of the two, so delete the other"
        )
    for short, name, inside in (
        (decimals, "decimals", ("decimals", "significant figures")),
        (carry, "carry", ("carry",)),
    ):
        told = next((key for key in inside if key in found), None)
        if short is not None and told is not None:
            raise short.place.wrong(f"rounding says {told} already; delete {name} here or {told} there")


def _own(node: Node) -> tuple[tuple[str, int], ...]:
    """The places of single quantities, blocks and letters, as they were named."""
    if not isinstance(node, Pairs) or not node.pairs:
        raise node.place.wrong(
            f"found {describe(node)}, where the places of single quantities are wanted; "
            'write for example own: {"a1[1]": 2, z: 3}'
        )
    for key, value in node.pairs:
        check_decimal_comma(key, value)
        if not _is_name(key.text):
            raise key.place.wrong(
                f"{quoted(key.text)} names no quantity; write a key, a block or a letter, such as a1[1], a1 or z"
            )
    return tuple((key.text, exercise.decimals(value)) for key, value in node.pairs)


def _is_name(text: str) -> bool:
    """Whether it is a key (``dL/dz1[2]``, ``m(W1[1,2])``), a key without its index, or a letter."""
    state = _STATE.fullmatch(text)
    try:
        read_key(state[1] if state else text.removeprefix("-"))
    except ValueError:
        return False
    return True
