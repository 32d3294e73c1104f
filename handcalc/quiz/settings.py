"""The key ``quiz`` of a file: what its numbers hang on, ranges by name, gates.

quiz:
  name: spring test
  numbers: {small: one decimal from -1 to 1, not 0}
  shared numbers: no
  difficulty: easy
  gates: {live and dead: on, falling loss: off}
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from handcalc.network.errors import quoted
from handcalc.network.nodes import Node, Pairs, Text
from handcalc.network.reading import ranges_of, value_of
from handcalc.network.task import YES_OR_NO
from handcalc.network.values import describe, keys, name, word
from handcalc.ops import plain
from handcalc.quiz.difficulty import Difficulty, difficulty
from handcalc.quiz.gates import GATES
from handcalc.quiz.ranges import EXAMPLES, Range, RangeError, read_range

KEYS = ("name", "numbers", "shared numbers", "difficulty", "gates")
EXAMPLE = "quiz: {numbers: {small: one decimal from -1 to 1}}"
NAME = r"[A-Za-z][A-Za-z0-9_]{0,11}"
"""Of a range, as of a letter."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`name` is "" where the file has no name for its quiz; `fresh` where exercises don't share their numbers."""

    name: str = ""
    numbers: dict[str, Range] = field(default_factory=dict)
    fresh: bool = False
    difficulty: Difficulty | None = None
    gates: frozenset[str] = frozenset(name for name, gate in GATES.items() if gate.usual)


def settings(file: Node) -> Settings:
    """What the key ``quiz`` of `file` says. Raises NetworkFileError, with the place."""
    node = value_of(file, "quiz")
    if node is None:
        return Settings()
    found = keys(node, KEYS, accepted=KEYS, example=EXAMPLE)
    shared = word(found["shared numbers"], YES_OR_NO, ("yes", "no")) if "shared numbers" in found else True
    return Settings(
        name=name(found["name"], "the name of a quiz") if "name" in found else "",
        numbers=_numbers(file, found["numbers"]) if "numbers" in found else {},
        fresh=not shared,
        difficulty=difficulty(found["difficulty"]) if "difficulty" in found else None,
        gates=_gates(found["gates"]) if "gates" in found else Settings().gates,
    )


def _numbers(file: Node, node: Node) -> dict[str, Range]:
    """Ranges by name; each may be made of those before it."""
    if not isinstance(node, Pairs) or not node.pairs:
        raise node.place.wrong(f"found {describe(node)}, where ranges by name are wanted; write for example {EXAMPLE}")
    letters = _letters(file)
    found: dict[str, Range] = {}
    for called, (key, value) in ranges_of(file).items():
        if not re.fullmatch(NAME, called):
            raise key.place.wrong(
                f"{quoted(key.text)} is no name for a range; write a letter, then letters, digits or _, at most twelve"
            )
        if called in letters:
            raise key.place.wrong(f"{called} is one of the letters of this file; take another name")
        if not isinstance(value, Text):
            raise value.place.wrong(
                f"found {describe(value)}, where what a number may be is wanted, such as {EXAMPLES}"
            )
        try:
            found[called] = read_range(value.text, found)
        except RangeError as error:
            raise value.place.wrong(str(error)) from None
    return found


def _letters(file: Node) -> set[str]:
    node = value_of(file, "letters")
    return (
        set(node.text.replace(",", " ").split())
        if isinstance(node, Text)
        else {one.text for one in getattr(node, "items", ()) if isinstance(one, Text)}
    )


def _gates(node: Node) -> frozenset[str]:
    found = keys(node, map(plain, GATES), accepted=GATES, example="gates: {live and dead: on}")
    on = {"on": True, "off": False} | YES_OR_NO
    told = {gate: word(value, on, ("on", "off")) for gate, value in found.items()}
    return frozenset(name for name, gate in GATES.items() if told.get(plain(name), gate.usual))
