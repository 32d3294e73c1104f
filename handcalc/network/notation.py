"""How the sheet writes what may be written in more than one way, and in which language."""

from __future__ import annotations

import re
from typing import Any

from handcalc.formula.look import Notation, read_letters
from handcalc.formula.quantity import read_key
from handcalc.formula.words import TABLES, is_known
from handcalc.network.errors import accepting, quoted
from handcalc.network.nodes import Node, Pairs, Text
from handcalc.network.values import describe, keys, word
from handcalc.ops import plain

WORDS: dict[str, dict[str, str]] = {
    "gradients": {"partial": "partial", "delta": "delta"},
    "sign": {"p - y": "p - y", "y - p": "y - p", "output - target": "p - y", "target - output": "y - p"},
    "layers": {"superscript": "superscript", "plain": "plain", "throughout": "throughout"},
    "indices": {"to, from": "to, from", "from, to": "from, to"},
    "decimal": {"point": "point", "comma": "comma"},
    "product": {"·": "·", "×": "×", "dot": "·", "cross": "×"},
    "log": {"ln": "ln", "log": "log"},
}
"""What each key of a notation accepts, and what that stands for."""
EXAMPLE = "notation: {gradients: delta, decimal: comma}"
_KEYS = (*WORDS, "letters")
_EVERY = {plain(said): (key, meant) for key, words in WORDS.items() for said, meant in words.items()}
_REGION = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


LAYOUTS = {"to, from": "out x in", "from, to": "in x out"}
"""The indices of a weight's key and the layout of the matrices go together."""


def notation(node: Node, layout: str = "out x in") -> Notation:
    """``{gradients: delta, letters: {a1: h}}``, or one word: ``delta``."""
    if isinstance(node, Text):
        key, meant = word(_with_minus(node), _EVERY, [said for words in WORDS.values() for said in words])
        if key == "indices":
            _check_layout(node, meant, layout)
        return Notation(**{key: meant})  # type: ignore[arg-type]
    found = keys(node, _KEYS, accepted=_KEYS, example=EXAMPLE)
    chosen: dict[str, Any] = {
        key: word(_with_minus(found[key]), {plain(said): meant for said, meant in words.items()}, words)
        for key, words in WORDS.items()
        if key in found
    }
    if "indices" in found:
        _check_layout(found["indices"], chosen["indices"], layout)
    return Notation(**chosen, letters=_letters(found["letters"]) if "letters" in found else ())


def _check_layout(node: Node, indices: str, layout: str) -> None:
    if LAYOUTS[indices] != layout:
        raise node.place.wrong(
            f'indices "{indices}" go with matrices that are {LAYOUTS[indices]}; write layout: '
            f"{LAYOUTS[indices]}, or leave indices out"
        )


def _with_minus(node: Node) -> Node:
    return Text(node.text.replace("−", "-"), node.place) if isinstance(node, Text) else node


def _letters(node: Node) -> tuple[tuple[str, str], ...]:
    """Own letters by key: of a letter (``z``), of a block (``a1``) or of one quantity (``W1[1,2]``)."""
    if not isinstance(node, Pairs) or not node.pairs:
        raise node.place.wrong(f'found {describe(node)}; write for example letters: {{a1: h, "W1[1,2]": w3}}')
    return tuple((_key(key), _look(value)) for key, value in node.pairs)


def _key(node: Text) -> str:
    try:
        quantity = read_key(node.text.strip())
    except ValueError:
        quantity = None
    if quantity is None or quantity.role or quantity.context:
        raise node.place.wrong(
            f'{quoted(node.text)} names no quantity; write a letter (z), a block (a1) or one quantity ("W1[1,2]")'
        )
    return quantity.key


def _look(node: Node) -> str:
    typed = node.text.strip() if isinstance(node, Text) else ""
    try:
        read_letters(typed)
    except ValueError:
        raise node.place.wrong(
            f"found {describe(node)}, where a name is wanted: letters, then digits or _ and an index, "
            "such as h, theta, w3 or net_h1"
        ) from None
    return typed


def language(node: Node) -> str:
    """The tag of a language that the sheet can speak: ``de``, ``en``, ``de-AT``; its name will do."""
    typed = node.text.strip() if isinstance(node, Text) else ""
    if _REGION.fullmatch(typed) and is_known(typed):
        return typed
    names = {name: tag for tag, table in TABLES.items() for name in (tag, *table.names)}
    if not isinstance(node, Text) or plain(typed) not in names:
        raise node.place.wrong(f"found {describe(node)}{accepting(TABLES, typed, names)}")
    return names[plain(typed)]
