"""The name of a quantity, and the published grammar of its key.

    key      = name                                 z2[1]
             | ["-"] "d" name "/d" name             dL/dW1[2,3]   -dL/dz1[2] (minus the gradient)
             | letters "(" name ")"                 m(W1[1,2])    the state that an optimiser keeps of a parameter
    name     = letters [layer] context* [index]     W1[u=1][2,3]
             | own context*                         a user's own name in a circuit, which has no layers: w01  out_1
    letters  = one or more ASCII letters            x  yhat  eta
    own      = an ASCII letter, then ASCII letters, digits and "_"
    layer    = digits                               counted from 1; left out where there is one layer
    context  = "[" word "=" digits "]"              s sample, u update, t time, h head, c channel:
                                                    in this order, each at most once, u=0 left out
    index    = "[" digits ("," digits)* "]"         counted from 1; of a weight: to, from

A key is the quantity's name in answer files, JSON and the Python interface. How it looks on
paper is decided in `look` only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

CONTEXTS = "suthc"
Role = Literal["", "gradient", "minus gradient", "state"]
_NAME = re.compile(r"([A-Za-z]+?)(\d*)((?:\[[suthc]=\d+\])*)(?:\[(\d+(?:,\d+)*)\])?", re.ASCII)
_OWN = re.compile(r"([A-Za-z]\w*)((?:\[[suthc]=\d+\])*)", re.ASCII)
_ANY = r"(?:[A-Za-z]+\d*(?:\[[suthc]=\d+\])*(?:\[\d+(?:,\d+)*\])?|[A-Za-z]\w*(?:\[[suthc]=\d+\])*)"
_KEY = re.compile(
    rf"(?P<minus>-?)d(?P<loss>{_ANY})/d(?P<wrt>{_ANY})|(?P<letters>[A-Za-z]+)\((?P<of>{_ANY})\)|(?P<name>{_ANY})",
    re.ASCII,
)
_CONTEXT = re.compile(r"\[([suthc])=(\d+)\]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named number: letter, layer, index; where it has a `role`, it belongs to the quantity `of`.

    gradient        ∂letter/∂of: letter, layer, index and context are those of the loss
    minus gradient  −∂letter/∂of
    state           what an optimiser keeps of the parameter `of` under `letter` (m, v, s, mhat, …), which has no
                    layer, index or context of its own
    """

    letter: str
    layer: int | None = None
    index: tuple[int, ...] = ()
    context: tuple[tuple[str, int], ...] = ()
    of: Quantity | None = None
    shown: tuple[int, ...] | None = field(default=None, compare=False, repr=False)
    """The indices that are written on paper, where that is fewer than the key's (a layer of one unit)."""
    role: Role = ""
    key: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        if (self.of is None) != (self.role == ""):
            raise ValueError(f"the role {self.role!r} of {self._name()} doesn't fit what it is of, {self.of}")
        object.__setattr__(self, "key", self._with_role(self.of.key) if self.of else self._name())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def _name(self) -> str:
        layer = "" if self.layer is None else str(self.layer)
        context = "".join(f"[{word}={n}]" for word, n in self.context)
        index = f"[{','.join(map(str, self.index))}]" if self.index else ""
        return f"{self.letter}{layer}{context}{index}"

    def _with_role(self, of: str) -> str:
        match self.role:
            case "state":
                return f"{self._name()}({of})"
            case "minus gradient":
                return f"-d{self._name()}/d{of}"
        return f"d{self._name()}/d{of}"

    @property
    def on_paper(self) -> tuple[int, ...]:
        """The indices that are written on paper."""
        return self.index if self.shown is None else self.shown

    @property
    def update(self) -> int:
        """How many updates the parameters have had (0 before the first); a state's is that of its parameter."""
        if self.role == "state" and self.of:
            return self.of.update
        return dict(self.context).get("u", 0)

    def later(self, updates: int = 1) -> Quantity:
        """The same quantity after `updates` more updates."""
        of = self.of.later(updates) if self.of else None
        if self.role == "state":
            return replace(self, of=of)
        context = dict(self.context) | {"u": self.update + updates}
        ordered = tuple((word, context[word]) for word in CONTEXTS if context.get(word))
        return replace(self, context=ordered, of=of)

    def without_context(self) -> Quantity:
        """The same name in any sample and after any update, such as that of a column."""
        return replace(self, context=())

    def block(self) -> str:
        """The key without its index: the name of the vector or matrix it stands in (``dL/dW1``, ``m(W1)``)."""
        if self.of:
            return self._with_role(self.of.block())
        return self.key.rpartition("[")[0] if self.index else self.key


def without_contexts(key: str, words: str = CONTEXTS) -> str:
    """`key` without the samples, updates, … (those of `words`) of its names: ``z1[2]`` of ``z1[s=3][u=1][2]``."""
    return _CONTEXT.sub(lambda found: "" if found[1] in words else found[0], key)


def gradient(loss: Quantity, wrt: Quantity, *, minus: bool = False) -> Quantity:
    """The name of ∂loss/∂wrt, or with `minus` of −∂loss/∂wrt."""
    role: Role = "minus gradient" if minus else "gradient"
    return replace(loss, of=wrt, role=role)


def state(letter: str, parameter: Quantity) -> Quantity:
    """The name of what an optimiser keeps of `parameter` under `letter`: ``m(W1[1,2])``."""
    return Quantity(letter, of=parameter, role="state")


def read_key(text: str) -> Quantity:
    """The quantity that `text` names; ValueError where it isn't a key."""
    found = _KEY.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a quantity key such as z1[2], W1[2,1] or dL/dW1[2,1]")
    if found["loss"]:
        quantity = gradient(_read_name(found["loss"]), _read_name(found["wrt"]), minus=bool(found["minus"]))
    elif found["letters"]:
        quantity = state(found["letters"], _read_name(found["of"]))
    else:
        quantity = _read_name(found["name"])
    if quantity.key != text:
        raise ValueError(f"{text!r} is written {quantity.key!r}")
    return quantity


def _read_name(text: str) -> Quantity:
    found = _NAME.fullmatch(text)
    letter, layer, context, index = found.groups() if found else ("", "", "", "")
    if not found or (layer.startswith("0") and layer != "0" and not index):  # no layer is counted 01: an own name
        own = _OWN.fullmatch(text)
        assert own
        (letter, context), layer, index = own.groups(), "", ""
    contexts = {word: int(n) for word, n in _CONTEXT.findall(context)}
    return Quantity(
        letter,
        int(layer) if layer else None,
        tuple(map(int, index.split(","))) if index else (),
        tuple((word, contexts[word]) for word in CONTEXTS if contexts.get(word)),
    )
