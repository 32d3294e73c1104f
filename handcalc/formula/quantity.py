"""The name of a quantity, and the published grammar of its key.

    key      = name | "d" name "/d" name            z2[1]    dL/dW1[2,3]
    name     = letter [layer] context* [index]      W1[u=1][2,3]
    letter   = one or more ASCII letters            x  yhat  eta
               of a circuit, which has no layers: letters, digits and "_", the user's own name    w01  out_1
    layer    = digits                               counted from 1; left out where there is one layer
    context  = "[" word "=" digits "]"              s sample, u update, t time, h head, c channel:
                                                    in this order, each at most once, u=0 left out
    index    = "[" digits ("," digits)* "]"         counted from 1; of a weight: to, from

A key is the quantity's name in answer files, JSON and the Python interface. How it looks on
paper is decided in `notation` only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

CONTEXTS = "suthc"
_NAME = r"([A-Za-z]+?|[A-Za-z]\w*(?![^/]*\[\d))(\d*)((?:\[[suthc]=\d+\])*)(?:\[(\d+(?:,\d+)*)\])?"
_KEY = re.compile(rf"d{_NAME}/d{_NAME}|{_NAME}", re.ASCII)
_CONTEXT = re.compile(r"\[([suthc])=(\d+)\]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named number: letter, layer, index; `of` is set where it is the gradient of `letter` with respect to `of`."""

    letter: str
    layer: int | None = None
    index: tuple[int, ...] = ()
    context: tuple[tuple[str, int], ...] = ()
    of: Quantity | None = None
    shown: tuple[int, ...] | None = field(default=None, compare=False, repr=False)
    """The indices that are written on paper, where that is fewer than the key's (a layer of one unit)."""
    key: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"d{self._name()}/d{self.of.key}" if self.of else self._name())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def _name(self) -> str:
        layer = "" if self.layer is None else str(self.layer)
        context = "".join(f"[{word}={n}]" for word, n in self.context)
        index = f"[{','.join(map(str, self.index))}]" if self.index else ""
        return f"{self.letter}{layer}{context}{index}"

    @property
    def update(self) -> int:
        """How many updates the parameters have had (0 before the first)."""
        return dict(self.context).get("u", 0)

    def later(self, updates: int = 1) -> Quantity:
        """The same quantity after `updates` more updates."""
        context = dict(self.context) | {"u": self.update + updates}
        ordered = tuple((word, context[word]) for word in CONTEXTS if context.get(word))
        return replace(self, context=ordered, of=self.of.later(updates) if self.of else None)

    def block(self) -> str:
        """The key without its index: the name of the vector or matrix it stands in (``dL/dW1``)."""
        return self.key.rpartition("[")[0] if (self.of or self).index else self.key


def gradient(loss: Quantity, wrt: Quantity) -> Quantity:
    """The name of ∂loss/∂wrt."""
    return Quantity(loss.letter, loss.layer, context=loss.context, of=wrt)


def read_key(text: str) -> Quantity:
    """The quantity that `text` names; ValueError where it isn't a key."""
    found = _KEY.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a quantity key such as z1[2], W1[2,1] or dL/dW1[2,1]")
    groups = found.groups()
    quantity = _read_name(groups[4:8], _read_name(groups[0:4])) if groups[0] else _read_name(groups[8:12])
    if quantity.key != text:
        raise ValueError(f"{text!r} is written {quantity.key!r}")
    return quantity


def _read_name(groups: tuple[str, ...], loss: Quantity | None = None) -> Quantity:
    letter, layer, context, index = groups
    if layer and layer[0] == "0" != layer and not index:  # layers are counted without leading zeros: a circuit's w01
        letter, layer = letter + layer, ""
    found = {word: int(n) for word, n in _CONTEXT.findall(context or "")}
    named = Quantity(
        letter,
        int(layer) if layer else None,
        tuple(map(int, index.split(","))) if index else (),
        tuple((word, found[word]) for word in CONTEXTS if found.get(word)),
    )
    return gradient(loss, named) if loss else named
