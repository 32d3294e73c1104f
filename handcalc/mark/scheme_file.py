"""A marking scheme as it is written: a file of its own, or the key ``marking`` of a quiz or network file.

marking:
  follows: 1/2
  coarse: 1
  method: 1/2
  mistakes: {bias-left-out: 1}
  repeat: each
  strict: decimals
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flint import fmpq

from handcalc.derive.slip import OF_THE_PAGE
from handcalc.mark.scheme import SHARES, USUAL, Scheme
from handcalc.network.errors import accepting, quoted
from handcalc.network.nodes import Node, Pairs
from handcalc.network.reading import node_in, node_of, value_of
from handcalc.network.values import describe, keys, number, word
from handcalc.ops import Operation

KEY = "marking"
REPEAT = ("once", "each")
STRICT = ("no", "decimals", "figures")
KEYS = (*SHARES, "mistakes", "repeat", "strict")
EXAMPLE = "marking: {follows: 1/2, repeat: each}"


def read_scheme(file: str) -> Scheme:
    """The scheme in a file, with or without the key ``marking`` around it. Raises NetworkFileError, with the place."""
    node = node_of(file)
    return scheme_of(value_of(node, KEY) or node)


def scheme_in(text: str, file: str) -> Scheme:
    """The scheme that a quiz or network file says, whose text this is; else the usual one."""
    node = value_of(node_in(text, file), KEY)
    return USUAL if node is None else scheme_of(node)


def scheme_of(node: Node) -> Scheme:
    """What the keys of `node` say; raises NetworkFileError, with the place."""
    found = keys(node, KEYS, accepted=KEYS, example=EXAMPLE)
    said: dict[str, Any] = {name: _share(found[name]) for name in SHARES if name in found}
    if "mistakes" in found:
        said["of_mistake"] = MappingProxyType(_of_mistakes(found["mistakes"]))
    if "repeat" in found:
        said["repeat"] = word(found["repeat"], dict(zip(REPEAT, REPEAT, strict=True)), REPEAT)
    if "strict" in found:
        said["strict"] = word(found["strict"], dict(zip(STRICT, STRICT, strict=True)), STRICT)
    return Scheme(**said)


def as_dict(scheme: Scheme) -> dict[str, object]:
    """As a file writes it; all of it, also what is usual."""
    said: dict[str, object] = {name: str(getattr(scheme, name)) for name in SHARES}
    if scheme.of_mistake:
        said["mistakes"] = {code: str(share) for code, share in sorted(scheme.of_mistake.items())}
    return {**said, "repeat": scheme.repeat, "strict": scheme.strict}


def scheme_from(said: Mapping[str, object]) -> Scheme:
    """The scheme that `as_dict` has written."""
    return scheme_of(node_of(said))


def _share(node: Node) -> fmpq:
    value = number(node).value
    if not isinstance(value, fmpq) or not 0 <= value <= 1:
        raise node.place.wrong(f"found {describe(node)}; a share from 0 to 1 is accepted, such as 1/2")
    return value


def _of_mistakes(node: Node) -> dict[str, fmpq]:
    if not isinstance(node, Pairs):
        raise node.place.wrong(
            f"found {describe(node)}, where shares by mistake are wanted; write for example "
            "mistakes: {bias-left-out: 1/2}"
        )
    known = sorted({one.code for kind in Operation.registry.values() for one in kind.mistakes}
                   | {one.code for one in OF_THE_PAGE})  # fmt: skip
    found = {}
    for key, value in node.pairs:
        if key.text not in known:
            problem = f"no mistake is called {quoted(key.text)}{accepting([*known[:8], '…'], key.text, known)}"
            raise key.place.wrong(f"{problem}; handcalc ops NAME lists those of an operation")
        found[key.text] = _share(value)
    return found
