"""The pieces of the schema of a network file: words in any spelling, numbers, operations with their options."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from handcalc.commands.known import accepted
from handcalc.network.left_open import CUT, SHUFFLE, STARTS
from handcalc.ops import Operation, Option, plain

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def several(of: Schema, **more: object) -> Schema:
    """A list of one or more."""
    return {"type": "array", "items": of, "minItems": 1, **more}


def either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def pattern(names: Iterable[str]) -> str:
    """A regular expression for `names` in any spelling: capitals, and a space, ``_`` or ``-`` between words."""

    def any_way(name: str) -> str:
        letters = "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else re.escape(c) for c in plain(name))
        return letters.replace("\\ ", r"[\s_-]+").replace(" ", r"[\s_-]+")

    return f"^({'|'.join(map(any_way, dict.fromkeys(names)))})$"


def one_word(*words: str) -> Schema:
    """One of `words`, in any spelling; an editor offers them as they are written here.

    YAML reads 1 as a number, and in its older version no as false.
    """
    read = [int(word) for word in words if word.isdecimal()]
    read += [word == "yes" for word in words if word in ("yes", "no")]
    kinds: list[Schema] = [{"enum": list(dict.fromkeys(words))}, {"type": "string", "pattern": pattern(words)}]
    return either(*kinds, {"enum": read}) if read else either(*kinds)


def called(one: type[Operation]) -> list[str]:
    return [one.name, *one.aliases]


def names_of(kind: type[Operation]) -> list[str]:
    """Every name of the operations of this kind, each followed by its aliases."""
    return [name for one in every(kind) for name in called(one)]


def every(kind: type[Operation]) -> list[type[Operation]]:
    return [one for one in dict.fromkeys(Operation.registry.values()) if issubclass(one, kind)]


def operation(kind: type[Operation], more: Mapping[str, Schema] | None = None) -> Schema:
    """An operation of this kind: its name, or ``{name: {option: value}}``; `more` are keys beside its own options."""
    named = one_word(*names_of(kind))
    choosable = [(called(one), options_of(one) | dict(more or {})) for one in every(kind) if one.options or more]
    if not choosable:
        return named
    with_options = {
        "type": "object",
        "properties": {names[0]: keys(options) for names, options in choosable},
        "patternProperties": {pattern(names): keys(options) for names, options in choosable},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return either(named, with_options)


def options_of(one: type[Operation]) -> dict[str, Schema]:
    return {option.name: _option(option) for option in one.options}


def _option(option: Option) -> Schema:
    said = f"{option.tell}: {accepted(option)}; default {option.default}" if option.tell else accepted(option)
    kinds = [one_word(*option.words)] if option.words else []
    if option.takes_numbers:
        bounds = {"exclusiveMinimum": option.above, "minimum": option.least,
                  "exclusiveMaximum": option.below, "maximum": option.most}  # fmt: skip
        number: Schema = {"type": "integer" if option.whole else "number"}
        number |= {name: json.loads(bound) for name, bound in bounds.items() if bound and _is_json(bound)}
        kinds += [number, {"type": "string", "pattern": WHOLE if option.whole else NUMBER_OR_LETTER}, RANGE]
    return {"description": said, **(either(*kinds) if len(kinds) > 1 else kinds[0])}


def _is_json(number: str) -> bool:
    """Whether a bound can be said in JSON; a fraction can't, and is then left to the reader."""
    return re.fullmatch(r"-?\d+(\.\d+)?", number) is not None


def keys(properties: dict[str, Schema], **more: object) -> Schema:
    """An object with these keys, in any spelling, and no others but what a comma has cut off a range."""
    named = spelled(properties)
    named["patternProperties"] |= CUT_OFF
    return {"type": "object", **named, "additionalProperties": False, **more}


def spelled(properties: Mapping[str, Schema | bool], others: Mapping[str, str] = MappingProxyType({})) -> Schema:
    """`properties` as an editor offers them, and the same in any other spelling; `others` are other names of them."""
    spellings = {key: [key, *(name for name, meant in others.items() if meant == key)] for key in properties}
    return {
        "properties": dict(properties),
        "patternProperties": {pattern(spellings[key]): schema for key, schema in properties.items()},
    }


def needed(names: Iterable[str], shown: str) -> Schema:
    """One of the keys `names` in any spelling; where none is there, `shown` is said to be missing."""
    return {"if": has_none(names), "then": {"required": [shown]}}


def needs(key: str, others: Sequence[str]) -> Schema:
    """Where `key` is, one of `others` is; the first of them is said to be missing."""
    return {"if": has([key]), "then": needed(others, others[0])}


def has_none(names: Iterable[str]) -> Schema:
    return {"propertyNames": {"not": {"pattern": pattern(names)}}}


def has(names: Iterable[str]) -> Schema:
    return {"not": has_none(names)}


def refused(*names: str) -> Schema:
    """None of these keys."""
    return spelled(dict.fromkeys(names, False))


WHOLE = r"^\s*[0-9]+\s*$"
_NUMERAL = r"[+\-−]?(\d+/\d+|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)"
_LETTER = r"[A-Za-z][A-Za-z0-9_]{0,11}"
NUMBER = rf"^\s*{_NUMERAL}\s*$"
NUMBER_OR_LETTER = rf"^\s*({_NUMERAL}|{_LETTER})\s*$"
TEXT: Schema = {"type": ["string", "number", "boolean"]}
NONE: Schema = {"type": "string", "pattern": pattern(["none"])}
RANGE: Schema = {
    "type": "string",
    "pattern": rf"^\s*({'|'.join(STARTS)}|not\s)",
    "description": "What a number of a quiz may be: integer from -3 to 3, not 0.",
}
CUT_OFF: Schema = {CUT: {"type": "null"}}
"""As YAML has it, what comes behind a comma of a range in { }."""
SHUFFLED: Schema = {"type": "object", "properties": {SHUFFLE: several(TEXT)}, "required": [SHUFFLE], "maxProperties": 1}
LIST = either(several(ref("number")), RANGE, SHUFFLED)
NUMBERS = either(ref("number"), LIST)
NAMED_NUMBERS: Schema = {
    "type": "object", "additionalProperties": either(ref("number"), {"type": "null"}), "minProperties": 1,
}  # fmt: skip
ROWS = several(LIST)
NAMED_COLUMNS: Schema = {
    "type": "object", "additionalProperties": either(NUMBERS, {"type": "null"}), "minProperties": 1,
}  # fmt: skip
NAMES = either({**TEXT, "description": "names with commas between them"}, several(TEXT))
