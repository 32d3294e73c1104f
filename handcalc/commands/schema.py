"""A JSON Schema (2020-12) of the network file, so that editors complete and check it while it is typed.

One line a key in the tables KEYS_OF_THE_FILE, KEYS_OF_A_LAYER and KEYS_OF_A_QUIZ; names of operations and their
options come from the registry. What the reader accepts the schema accepts; what needs arithmetic (how many numbers), or
a look at another place (which letters there are, what an exercise has from the file), only the reader checks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from handcalc.commands.schema_parts import (
    LIST,
    NAMED_COLUMNS,
    NAMED_NUMBERS,
    NAMES,
    NONE,
    NUMBER,
    NUMBER_OR_LETTER,
    NUMBERS,
    RANGE,
    ROWS,
    TEXT,
    WHOLE,
    Schema,
    called,
    either,
    every,
    has,
    has_none,
    keys,
    names_of,
    needed,
    needs,
    one_word,
    operation,
    options_of,
    pattern,
    ref,
    refused,
    several,
    spelled,
)
from handcalc.formula.words import TABLES
from handcalc.mark.scheme import SHARES
from handcalc.mark.scheme_file import REPEAT, STRICT
from handcalc.network.circuit import STEPS
from handcalc.network.exercise import CARRY, MOST_DECIMALS, SHOW, STATEMENTS
from handcalc.network.layer import LAST
from handcalc.network.layers import JOINS
from handcalc.network.network import ALIASES, LAYOUT
from handcalc.network.notation import WORDS
from handcalc.network.penalties import OF
from handcalc.network.reading import LEFT_OUT
from handcalc.network.rounding import HOW
from handcalc.network.samples import ARRANGED
from handcalc.network.task import FORMS, LEVELS, MOST_MARKS, MOST_MINUTES, PLOTS
from handcalc.network.training import BATCH, MOST_UPDATES, ORDER
from handcalc.ops import Activation, Loss, Operation, Optimiser, Regulariser, Scaling, activations
from handcalc.quiz.difficulty import LEVELS as LEVELS_OF_DIFFICULTY
from handcalc.quiz.difficulty import MOST_DIGITS, MOST_TERMS, NEGATIVE
from handcalc.quiz.gates import GATES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE_NAME = "handcalc.schema.json"


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


def _whole(least: int, most: int) -> Schema:
    return either({"type": "integer", "minimum": least, "maximum": most}, {"type": "string", "pattern": WHOLE})


SHOWN = either(
    one_word(*SHOW), several(one_word(*SHOW)), {"type": "string", "pattern": r"^\s*[A-Za-z]+([,\s]+[A-Za-z]+)*\s*$"}
)
DECIMALS = either({"type": "integer", "minimum": 1, "maximum": MOST_DECIMALS}, {"type": "string", "pattern": WHOLE})
COUNT = either(
    {"type": "integer", "minimum": 1, "maximum": MOST_UPDATES},
    {"type": "string", "pattern": r"^\s*[0-9][0-9,]*\s*$"},
)
UPDATES = either(COUNT, one_word("last", "all", "none"))
LEVEL = _whole(LEVELS[0], LEVELS[-1])
MINUTES = _whole(1, MOST_MINUTES)
ASK = either(
    {"type": "string"},
    several({"type": "string"}),
    {"type": "object", "additionalProperties": _whole(1, MOST_MARKS), "minProperties": 1},
)
RATE = either({"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": NUMBER_OR_LETTER}, RANGE)
RATE_WITHOUT_LETTERS: Schema = either({"type": ["number", "string"], "pattern": NUMBER}, RANGE)
TARGET = either(NUMBERS, NAMED_NUMBERS, TEXT)
EXPRESSIONS = either({"type": "string"}, several({"type": "string"}))
ROUNDING = keys({
    "decimals": DECIMALS,
    "significant figures": DECIMALS,
    "carry": one_word(*CARRY),
    "how": one_word(*HOW),
    "own": {"type": "object", "additionalProperties": DECIMALS, "minProperties": 1},
})  # fmt: skip
NOTATION = either(
    one_word(*(said for words in WORDS.values() for said in words)),
    keys({
        **{key: one_word(*words) for key, words in WORDS.items()},
        "letters": {"type": "object", "additionalProperties": TEXT, "minProperties": 1},
    }),
)  # fmt: skip
LANGUAGE = either(
    one_word(*(name for tag, table in TABLES.items() for name in (tag, *table.names))),
    {"type": "string", "pattern": rf"^\s*({'|'.join(TABLES)})(-[A-Z][A-Z])?\s*$"},
)
KEYS_OF_THE_FILE: dict[str, Key] = {
    "title": Key("The heading of the sheet.", TEXT, ("The price of a house",)),
    "inputs": Key(
        "The inputs, with names or without; of several samples a row each, or by name a column each.",
        ref("inputs"),
        ({"rooms": 3}, [1.5, 1], [[1.5, 1], [0, 1]]),
    ),
    "scores": Key("In place of inputs: what a last activation is given.", ref("inputs"), ([2, 1, 0.1],)),
    "predictions": Key("In place of inputs and layers: what a loss is given.", ref("inputs"), ([0.7, 0.2, 0.1],)),
    "input names": Key("Names of the inputs, beside a list of numbers.", NAMES, (["rooms", "floor area"],)),
    "samples": Key("Whether a list in the inputs is a sample or an input.", one_word(*ARRANGED), ("columns",)),
    "scaling": Key("How inputs are made small: all of them, or some by name.", ref("scalings"), ("standardise",)),
    "output scaling": Key(
        "How targets are made small, and predictions turned back.",
        ref("scaling"),
        ({"standardise": {"mean": 20, "deviation": 4}},),
    ),
    "layout": Key("Whether a row of weights belongs to a unit or to an input.", one_word(*LAYOUT), ("in x out",)),
    "layers": Key("The layers, from the first to the last.", several(ref("part")), ([{"relu": [[0.6, 0.4]]}],)),
    "circuit": Key("In place of layers: expressions, each of which makes a name.", EXPRESSIONS, ("f = (x + y)*z",)),
    "output": Key("The name in a circuit that is derived; the last without it.", TEXT, ("f",)),
    "gates": Key("Whether each operation of a circuit is a step, or each name.", one_word(*STEPS), ("names",)),
    "letters": Key("Letters that stand where numbers are given.", NAMES, (["x", "w1", "eta"], "x, y")),
    "target": Key(
        "One number per output, or the name of the right class; of several samples a list of them.",
        either(TARGET, several(TARGET)),
        (1, [[1, 0], [0, 1]]),
    ),
    "loss": Key("How far the outputs are from the target.", ref("loss"), ("cross-entropy", {"huber": {"delta": 2}})),
    "regularisation": Key(
        "A penalty that is added to the loss, or several.",
        either(ref("penalty"), several(ref("penalty"))),
        ("l2", {"l1": {"rate": 0.01}}),
    ),
    "batch": Key("What an update sees: all samples, or one after the other.", one_word(*BATCH), ("online",)),
    "sample weights": Key("How much each sample counts.", LIST, ([1, 0.5],)),
    "optimiser": Key("The rule of an update; gradient descent without it.", ref("optimiser"), ("adam", "momentum")),
    "learning rate": Key("The factor of one step of gradient descent, above 0.", RATE, (0.5,)),
    "train": Key("What learns: weights, biases too, or names of a circuit.", NAMES, ("weights", ["w"])),
    "update order": Key(
        "Whether gradients see old weights, or those that are updated already.", one_word(*ORDER), ("in place",)
    ),
    "steps": Key("How many updates there are.", COUNT, (2,)),
    "epochs": Key("How many times all samples are seen.", COUNT, (10,)),
    "show updates": Key("Which updates are worked line by line.", either(UPDATES, several(UPDATES)), ([1, 2, "last"],)),
    "decimals": Key("Decimals of the printed results, 1 to 12; 4 without it.", DECIMALS, (3,)),
    "carry": Key("What is carried on: exact values, or rounded results.", one_word(*CARRY), ("rounded",)),
    "rounding": Key("How results are rounded, all of them or single ones.", ROUNDING, ({"significant figures": 3},)),
    "show": Key("The parts to show; all that the other keys allow without it.", SHOWN, (["forward", "loss"],)),
    "statements": Key("Layers entry by entry, as matrices, or both.", one_word(*STATEMENTS), ("both",)),
    "notation": Key("How the sheet writes what can be written in more than one way.", NOTATION, ("delta", "comma")),
    "language": Key("The language of the sheet.", LANGUAGE, ("de",)),
    "form": Key("The form of the exercise on a student sheet.", one_word(*FORMS), ("tables",)),
    "level": Key("How much of a student sheet is blank: 0 nothing, 4 all but the question.", LEVEL, (2,)),
    "ask": Key("What is asked: quantities, or quantities with marks.", ASK, (["z1", "L"], {"dL/dW1": 2})),
    "minutes": Key("How long it takes, on the sheet; an estimate without it.", MINUTES, (15,)),
    "mistake": Key("The mistake to find, by its code.", TEXT, ("extra-slope",)),
    "calculator": Key("Whether there is one; without one each result is rounded.", one_word("yes", "no"), ("no",)),
    "formulas": Key("Whether the sheet has a box with the formulas.", one_word("yes", "no"), ("yes",)),
    "plots": Key(
        "Curves on the key: activations with their tangents, the loss along the step.",
        either(one_word(*PLOTS), several(one_word(*PLOTS))),
        (["activation", "step"],),
    ),
}
EXERCISES = Key(
    "Several exercises by name; each has the keys of the file, and its own in their place.",
    {"type": "object", "additionalProperties": ref("exercise"), "minProperties": 1},
    ({"a": {"loss": "cross-entropy"}},),
)
ON_OFF = one_word("on", "off", "yes", "no", "true", "false")
KEYS_OF_A_QUIZ: dict[str, Key] = {
    "name": Key("What the numbers hang on, with seed and student; the file's name without it.", TEXT, ("spring test",)),
    "numbers": Key(
        "What numbers may be, by names that stand in their places.",
        {"type": "object", "additionalProperties": {"type": ["string", "null"]}, "minProperties": 1},
        ({"small": "one decimal from -1 to 1, not 0"},),
    ),
    "shared numbers": Key("Whether exercises have numbers in common.", one_word("yes", "no"), ("no",)),
    "difficulty": Key(
        "The most that the numbers may be.",
        either(
            one_word(*LEVELS_OF_DIFFICULTY),
            keys({
                "digits": _whole(1, MOST_DIGITS),
                "terms": _whole(1, MOST_TERMS),
                "negative numbers": one_word(*NEGATIVE),
                "fractions": one_word("yes", "no"),
            }),
        ),
        ("easy", {"digits": 1, "fractions": "no"}),
    ),
    "gates": Key(
        "Which numbers are refused.", keys(dict.fromkeys(GATES, ON_OFF)), ({"live and dead": "on", "ties": "off"},)
    ),
}  # fmt: skip
QUIZ = Key(
    "How the numbers of a quiz vary.",
    keys({name: key.schema for name, key in KEYS_OF_A_QUIZ.items()}),
    ({"numbers": {"small": "one decimal from -1 to 1"}},),
)
SHARE = either({"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": NUMBER})
MARKING = Key(
    "What answers are worth.",
    keys({
        **dict.fromkeys(SHARES, SHARE),
        "mistakes": {"type": "object", "additionalProperties": SHARE},
        "repeat": one_word(*REPEAT),
        "strict": one_word(*STRICT),
    }),
    ({"follows": 0.5, "repeat": "each"},),
)  # fmt: skip
BIAS = either(NUMBERS, one_word("none", *LAST))
ONE_ACTIVATION = one_word(*names_of(Activation))
KEYS_OF_A_LAYER: dict[str, Key] = {
    "bias": Key("One number for each unit, or a column of the weights; no bias without it.", BIAS, ([0.1, 0.3],)),
    "shared bias": Key("One number for all units.", ref("number"), (0.35,)),
    "threshold": Key("One number for each unit, which is subtracted.", either(NUMBERS, NONE), ([0.5, 1],)),
    "names": Key("Names of the units.", NAMES, (["price"],)),
    "classes": Key("Names of the units of the last layer: the classes.", NAMES, (["unwell", "not unwell"],)),
    "activation": Key(
        "The activation, where `weights` holds its weights; or a list of one for each unit.",
        either(ONE_ACTIVATION, several(ONE_ACTIVATION)),
        ("relu", ["relu", "sigmoid"]),
    ),
    "weights": Key("One row for each unit; none for the activation alone.", ref("weights"), ([[0.6, 0.4]],)),
}  # fmt: skip
KEYS_OF_BRANCHES: dict[str, Key] = {
    "branches": Key(
        "Lists of layers that start from the same values; an empty one hands them on.",
        {"type": "array", "minItems": 2, "items": {"type": "array", "items": ref("part")}},
        ([[{"relu": [[0.6, 0.4]]}], []],),
    ),
    "join": Key("What is done with the branches' results.", one_word(*JOINS), ("concatenate",)),
}
NOT_IN_A_CIRCUIT = (
    "layers", "target", "loss", "scores", "predictions", "scaling", "output scaling", "regularisation",
)  # fmt: skip
DEFINITIONS: dict[str, Schema] = {
    "number": {
        **either({"type": "number"}, {"type": "string", "pattern": NUMBER_OR_LETTER}, RANGE),
        "description": "A number, kept as typed: 0.30, -2, 3/20 or 1e-3; one of the letters; or what it may be.",
    },
    "weights": {
        **either(ROWS, NUMBERS, NONE),
        "description": "Rows are units (to), columns are inputs (from).",
    },
    "inputs": either(NUMBERS, ROWS, NAMED_COLUMNS),
}


def schema() -> Schema:
    """The schema of a network file."""
    file = {name: key.schema for name, key in KEYS_OF_THE_FILE.items()}
    own = {name: either(one, NONE) if name in LEFT_OUT else one for name, one in file.items()}
    return {
        "$schema": DIALECT,
        "title": "A network file of handcalc",
        "description": "A small neural network and what to derive of it.",
        "type": "object",
        **spelled({**file, "exercises": EXERCISES.schema, "quiz": QUIZ.schema, "marking": MARKING.schema}, ALIASES),
        "additionalProperties": False,
        "allOf": [
            {"if": has_none(["exercises"]), "then": {"allOf": _rules()}},
            {"if": has_none(["letters", "quiz"]), "then": spelled({"learning rate": RATE_WITHOUT_LETTERS})},
        ],
        "$defs": {
            **DEFINITIONS,
            "part": {
                "if": {"type": "string"},
                "then": ONE_ACTIVATION,
                "else": {"if": has(["branches"]), "then": ref("branches"), "else": ref("layer")},
            },
            "layer": _layer(),
            "branches": keys({name: key.schema for name, key in KEYS_OF_BRANCHES.items()}),
            "loss": operation(Loss),
            "optimiser": operation(Optimiser),
            "penalty": operation(Regulariser, {"of": one_word(*OF)}),
            "scaling": operation(Scaling),
            "scalings": either(ref("scaling"), {"type": "object", "additionalProperties": ref("scaling")}),
            "exercise": {"type": ["object", "null"], **spelled(own, ALIASES), "additionalProperties": False},
        },
    }


def text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _rules() -> list[Schema]:
    """Which keys of one exercise need another, and which don't go together."""
    alone = [name for one in every(Loss) if issubclass(one, Loss) and not one.needs_target for name in called(one)]
    loss_alone = {"required": ["loss"], "properties": {"loss": {"pattern": pattern(alone)}}}
    return [
        needed(["inputs", "scores", "predictions", "circuit"], "inputs"),
        needed(["layers", "scores", "predictions", "scaling", "circuit"], "layers"),
        needs("target", ["loss"]),
        {"if": {"not": loss_alone}, "then": needs("loss", ["target", "targets"])},
        needs("learning rate", ["loss", "circuit"]),
        needs("output", ["circuit"]),
        needs("gates", ["circuit"]),
        {"if": has(["circuit"]), "then": refused(*NOT_IN_A_CIRCUIT)},
        {"if": has(["predictions"]), "then": refused("layers", "inputs", "scores")},
        {"if": has(["scores"]), "then": refused("inputs")},
    ]


def _layer() -> Schema:
    """The activation with its weights, what else the layer has, and the options of that activation."""
    kinds = every(Activation)
    options: dict[str, list[type[Operation]]] = {}
    for one in kinds:
        for option in one.options:
            options.setdefault(option.name, []).append(one)
    known = {
        name: {**ref("weights"), "description": f"{one.tell} Its weights: one row for each unit."}
        for one in kinds
        for name in called(one)
    }
    described = {name: {"description": f"Of {', '.join(one.name for one in of)}."} for name, of in options.items()}
    rules = [needed([*activations(), "activation"], "activation")]
    rules.append({"if": has(["activation"]), "then": {"required": ["weights"]}})
    rules += [{"if": has(called(one)), "then": spelled(options_of(one))} for one in kinds if one.options]
    for name, of in options.items():
        owners = [word for one in of for word in called(one)]
        rules.append({"if": has_none([*owners, "activation"]), "then": refused(name)})
    return keys({**known, **{name: key.schema for name, key in KEYS_OF_A_LAYER.items()}, **described}, allOf=rules)
