"""A JSON Schema (2020-12) of the network file, so that editors complete and check it while it is typed.

One line a key in the tables KEYS_OF_THE_FILE and KEYS_OF_A_LAYER; names of operations and their options come from the
registry. What the reader accepts the schema accepts; what needs arithmetic (how many numbers) only the reader checks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handcalc.commands.known import accepted
from handcalc.formula.words import TABLES
from handcalc.network.exercise import CARRY, MOST_DECIMALS, SHOW, STATEMENTS
from handcalc.network.notation import WORDS
from handcalc.ops import Activation, Loss, Operation, Option, activations, plain

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE_NAME = "handcalc.schema.json"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(of: Schema, **more: object) -> Schema:
    return {"type": "array", "items": of, "minItems": 1, **more}


def _either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def _pattern(names: Iterable[str]) -> str:
    """A regular expression for `names` in any spelling: capitals, and a space, ``_`` or ``-`` between words."""

    def spelled(name: str) -> str:
        letters = "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else re.escape(c) for c in plain(name))
        return letters.replace("\\ ", r"[\s_-]+").replace(" ", r"[\s_-]+")

    return f"^({'|'.join(map(spelled, dict.fromkeys(names)))})$"


def _word(*words: str) -> Schema:
    """One of `words`, in any spelling; an editor offers them as they are written here."""
    return _either({"enum": list(dict.fromkeys(words))}, {"type": "string", "pattern": _pattern(words)})


def _called(one: type[Operation]) -> list[str]:
    return [one.name, *one.aliases]


def _names_of(kind: type[Operation]) -> list[str]:
    """Every name of the operations of this kind, each followed by its aliases."""
    return [name for one in _all(kind) for name in _called(one)]


def _all(kind: type[Operation]) -> list[type[Operation]]:
    return [one for one in dict.fromkeys(Operation.registry.values()) if issubclass(one, kind)]


def operation(kind: type[Operation]) -> Schema:
    """An operation of this kind: its name, or ``{name: {option: value}}``."""
    choosable = {one.name: one for one in _all(kind) if one.options}
    named = _word(*_names_of(kind))
    if not choosable:
        return named
    keys = {name: _keys(_options(one)) for name, one in choosable.items()}
    return _either(named, {**_keys(keys), "minProperties": 1, "maxProperties": 1})


def _options(one: type[Operation]) -> dict[str, Schema]:
    return {option.name: _option(option) for option in one.options}


def _option(option: Option) -> Schema:
    said = f"{option.tell}: {accepted(option)}; default {option.default}" if option.tell else accepted(option)
    kinds = [_word(*option.words)] if option.words else []
    if option.takes_numbers:
        bounds = {"exclusiveMinimum": option.above, "minimum": option.least,
                  "exclusiveMaximum": option.below, "maximum": option.most}  # fmt: skip
        number: Schema = {"type": "integer" if option.whole else "number"}
        number |= {name: json.loads(bound) for name, bound in bounds.items() if bound and _is_json(bound)}
        kinds += [number, {"type": "string", "pattern": WHOLE if option.whole else NUMBER}]
    return {"description": said, **(_either(*kinds) if len(kinds) > 1 else kinds[0])}


def _is_json(number: str) -> bool:
    """Whether a bound can be said in JSON; a fraction can't, and is then left to the reader."""
    return re.fullmatch(r"-?\d+(\.\d+)?", number) is not None


def _keys(properties: dict[str, Schema], **more: object) -> Schema:
    """An object with these keys, in any spelling, and no others."""
    return {"type": "object", **_spelled(properties), "additionalProperties": False, **more}


def _spelled(properties: Mapping[str, Schema | bool]) -> Schema:
    """`properties` as an editor offers them, and the same in any other spelling."""
    return {
        "properties": dict(properties),
        "patternProperties": {_pattern([key]): schema for key, schema in properties.items()},
    }


WHOLE = r"^\s*[0-9]+\s*$"
NUMBER = r"^\s*[+\-−]?(\d+/\d+|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)\s*$"
TEXT: Schema = {"type": ["string", "number", "boolean"]}
NUMBERS = _either(_ref("number"), _list(_ref("number")))
NAMED_NUMBERS: Schema = {"type": "object", "additionalProperties": _ref("number"), "minProperties": 1}
NAMES = _either({**TEXT, "description": "names with commas between them"}, _list(TEXT))
DEFINITIONS: dict[str, Schema] = {
    "number": {
        **_either({"type": "number"}, {"type": "string", "pattern": NUMBER}),
        "description": "A number, kept as typed: 0.30, -2, 3/20 or 1e-3.",
    },
    "weights": {
        **_either(_list(_list(_ref("number"))), _list(_ref("number")), _ref("number")),
        "description": "Rows are units (to), columns are inputs (from).",
    },
}


@dataclass(frozen=True, slots=True)
class Key:
    """What a key means, what may stand behind it, and examples."""

    tell: str
    value: Schema
    examples: tuple[object, ...] = ()

    @property
    def schema(self) -> Schema:
        shown = {"examples": list(self.examples)} if self.examples else {}
        return {"description": self.tell, **self.value, **shown}


SHOWN = _either(
    _word(*SHOW), _list(_word(*SHOW)), {"type": "string", "pattern": r"^\s*[A-Za-z]+([,\s]+[A-Za-z]+)*\s*$"}
)
DECIMALS = _either({"type": "integer", "minimum": 1, "maximum": MOST_DECIMALS}, {"type": "string", "pattern": WHOLE})
RATE = _either({"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": NUMBER})
NOTATION = _either(
    _word(*(said for words in WORDS.values() for said in words)),
    _keys({
        **{key: _word(*words) for key, words in WORDS.items()},
        "letters": {"type": "object", "additionalProperties": TEXT, "minProperties": 1},
    }),
)  # fmt: skip
LANGUAGE = _either(
    _word(*(name for tag, table in TABLES.items() for name in (tag, *table.names))),
    {"type": "string", "pattern": rf"^\s*({'|'.join(TABLES)})(-[A-Z][A-Z])?\s*$"},
)
KEYS_OF_THE_FILE: dict[str, Key] = {
    "title": Key("The heading of the sheet.", TEXT, ("The price of a house",)),
    "inputs": Key("The inputs, with names or without.", _either(NUMBERS, NAMED_NUMBERS), ({"rooms": 3}, [1.5, 1])),
    "input names": Key("Names of the inputs, beside a list of numbers.", NAMES, (["rooms", "floor area"],)),
    "layers": Key("The layers, from the first to the last.", _list(_ref("layer")), ([{"relu": [[0.6, 0.4]]}],)),
    "target": Key(
        "One number per output, or the name of the right class.", _either(NUMBERS, NAMED_NUMBERS, TEXT), (1,)
    ),
    "loss": Key("How far the outputs are from the target.", operation(Loss), ("cross-entropy",)),
    "learning rate": Key("The factor of one step of gradient descent, above 0.", RATE, (0.5,)),
    "decimals": Key("Decimals of the printed results, 1 to 12; 4 without it.", DECIMALS, (3,)),
    "carry": Key("What is carried on: exact values, or rounded results.", _word(*CARRY), ("rounded",)),
    "show": Key("The parts to show; all that the other keys allow without it.", SHOWN, (["forward", "loss"],)),
    "statements": Key("Layers entry by entry, as matrices, or both.", _word(*STATEMENTS), ("both",)),
    "notation": Key("How the sheet writes what can be written in more than one way.", NOTATION, ("delta", "comma")),
    "language": Key("The language of the sheet.", LANGUAGE, ("de",)),
}
BIAS = _either(NUMBERS, {"type": "string", "pattern": _pattern(["none"])})
KEYS_OF_A_LAYER: dict[str, Key] = {
    "bias": Key("One number for each unit; no bias without it.", BIAS, ([0.1, 0.3],)),
    "names": Key("Names of the units.", NAMES, (["price"],)),
    "classes": Key("Names of the units of the last layer: the classes.", NAMES, (["unwell", "not unwell"],)),
    "activation": Key("The activation, where `weights` holds its weights.", _word(*_names_of(Activation)), ("relu",)),
    "weights": Key("One row for each unit.", _ref("weights"), ([[0.6, 0.4]],)),
}  # fmt: skip
NEEDED = ("inputs", "layers")
NEEDS = {"loss": ["target"], "target": ["loss"], "learning rate": ["loss"]}
"""Keys that need another. Both as they are offered: in another spelling only the reader sees it."""


def schema() -> Schema:
    """The schema of a network file."""
    return {
        "$schema": DIALECT,
        "title": "A network file of handcalc",
        "description": "A small neural network and what to derive of it.",
        **_keys({name: key.schema for name, key in KEYS_OF_THE_FILE.items()}),
        "allOf": [_needed([name], name) for name in NEEDED],
        "dependentRequired": NEEDS,
        "$defs": {**DEFINITIONS, "layer": _layer()},
    }


def text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _layer() -> Schema:
    """The activation with its weights, what else the layer has, and the options of that activation."""
    kinds = _all(Activation)
    options: dict[str, list[type[Operation]]] = {}
    for one in kinds:
        for option in one.options:
            options.setdefault(option.name, []).append(one)
    known = {
        name: {**_ref("weights"), "description": f"{one.tell} Its weights: one row for each unit."}
        for one in kinds
        for name in _called(one)
    }
    described = {name: {"description": f"Of {', '.join(one.name for one in of)}."} for name, of in options.items()}
    rules = [_needed([*activations(), "activation"], "activation")]
    rules.append({"if": _has(["activation"]), "then": {"required": ["weights"]}})
    rules += [{"if": _has(_called(one)), "then": _spelled(_options(one))} for one in kinds if one.options]
    for name, of in options.items():
        owners = [word for one in of for word in _called(one)]
        rules.append({"if": _has_none([*owners, "activation"]), "then": _spelled({name: False})})
    return _keys({**known, **{name: key.schema for name, key in KEYS_OF_A_LAYER.items()}, **described}, allOf=rules)


def _needed(names: Iterable[str], shown: str) -> Schema:
    """One of the keys `names` in any spelling; where none is there, `shown` is said to be missing."""
    return {"if": _has_none(names), "then": {"required": [shown]}}


def _has_none(names: Iterable[str]) -> Schema:
    return {"propertyNames": {"not": {"pattern": _pattern(names)}}}


def _has(names: Iterable[str]) -> Schema:
    return {"not": _has_none(names)}
