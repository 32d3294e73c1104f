"""The network file: every spelling that is read, and every mistake with the message it gets."""

# ruff: noqa: E501 (a row of the tables is the slip and the whole message)

from __future__ import annotations

import dataclasses
import itertools
import json
import pickle
import re
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handcalc.errors import HandcalcError
from handcalc.network import Layer, Network, NetworkFileError, count_quantities, read, read_all, read_text
from handcalc.quiz.quiz import Question, read_quiz

UNWELL = """\
title: Unwell or not unwell
inputs: {fever (°C above 37): 1.5, cough: 1}
layers:
  - {relu: [[0.6, 0.40], [-0.2, 1/2]], bias: [0.1, 3e-1]}
  - {softmax: [[0.5, 1], [-0.5, 0.4]], bias: [0, 0.2], classes: [unwell, not unwell]}
target: unwell
loss: cross-entropy
learning rate: 0.5
"""
HOUSE = """\
inputs: [3, 1.2]
layers:
  - {sigmoid: [[0.1, 0.2], [0.3, -0.4]], bias: [0.1, 0]}
  - {linear: [0.5, 0.6], bias: 0.2}
target: 2.5
loss: half squared error
learning rate: 0.1
"""
FORWARD = "inputs: [1.5, 1]\nlayers: [{linear: [0.4, -0.3]}]\n"
SOFTMAX = "inputs: [1, 2]\nlayers: [{softmax: [[1, 2], [3, 4]]}]\nloss: cross-entropy\n"
UNWELL_AS_DICT: dict[str, Any] = {
    "title": "Unwell or not unwell",
    "inputs": {"fever (°C above 37)": 1.5, "cough": 1},
    "layers": [
        {"relu": [[0.6, "0.40"], [-0.2, Fraction(1, 2)]], "bias": [Decimal("0.1"), "3e-1"]},
        {"softmax": [[0.5, 1], [-0.5, 0.4]], "bias": [0, 0.2], "classes": ["unwell", "not unwell"]},
    ],
    "target": "unwell",
    "loss": "cross-entropy",
    "learning rate": 0.5,
}
WHOLE = "write inputs: [1.5, 1] and layers: [{relu: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}]"
LAYER_EXAMPLE = "write for example {relu: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}"
LAYER_KEYS = "linear, sigmoid, tanh, relu, softmax, bias, names, classes"
KEYS = "title, inputs, input names, layers, target, loss, learning rate, decimals, carry, show"
LOSSES = "binary cross-entropy, cross-entropy, half squared error, mean squared error, squared error, … (handcalc ops)"
TO_FROM = "rows are units (to), columns are inputs (from)"
A_NUMBER = "is not a number such as 0.30, -2, 3/20 or 1e-3"
PARTS = "forward, loss, gradients, update, rerun"

# What is changed in UNWELL, into what, and the message.
SLIPS = [
    # keys
    ("lear", "ler", f'line 8, lerning rate: the key "lerning rate" is not known; did you mean "learning rate"? Accepted: {KEYS}'),
    ("bias: [0.1", "bais: [0.1", f'line 4, layers[1].bais: the key "bais" is not known; did you mean "bias"? Accepted: {LAYER_KEYS}'),
    ("relu", "rleu", f'line 4, layers[1].rleu: the key "rleu" is not known; did you mean "relu"? Accepted: {LAYER_KEYS}'),
    ("title", "<<", f'line 1, <<: the key "<<" is not known; accepted: {KEYS}'),
    ("loss", "title", "line 7, title: the key stands here a second time (first on line 1); write it once"),
    ("cough", "fever (°C above 37)", "line 2, inputs.fever (°C above 37): the key stands here a second time (first on line 2); write it once"),
    ("title", "learning_rate", 'line 8, learning rate: the key "learning rate" stands here a second time; write it once'),
    ("title", "? [a]\n: 1\n? b\n", "line 1: a key must be a text such as inputs"),
    ("cough", '"fever  (°C above 37)"', "line 2, inputs: two inputs have the same name; names must differ"),
    # numbers
    ("0.6", ".nan", f'line 4, layers[1].relu[1][1]: ".nan" {A_NUMBER}'),
    ("1.5", "inf", f'line 2, inputs.fever (°C above 37): "inf" {A_NUMBER}'),
    ("1.5", "abc", f'line 2, inputs.fever (°C above 37): "abc" {A_NUMBER}'),
    ("1.5", "1/0", 'line 2, inputs.fever (°C above 37): "1/0" divides by 0'),
    ("1.5", "", "line 2, inputs.fever (°C above 37): found nothing, where one number is wanted"),
    ("0.6", "[1, 2]", "line 4, layers[1].relu[1][1]: found a list of 2 values, where one number is wanted"),
    ("0.6", "9" * 100, "line 4, layers[1].relu[1][1]: a number of 100 digits; at most 60 are accepted"),
    ("0.5\n", "0\n", "line 8, learning rate: found 0; a learning rate is above 0, such as 0.1"),
    ("0.5\n", "fast\n", f'line 8, learning rate: "fast" {A_NUMBER}'),
    # decimal commas
    ("[0.1, 3e-1]", "[0,1, 0,3]", "line 4, layers[1].bias: found 4 numbers (0, 1, 0, 3), but the layer has 2 units; if these are decimal commas, write [0.1, 0.3]"),
    ("[[0.6, 0.40], [-0.2, 1/2]]", "[[0,6, 0,4], [-0,2, 0,5]]", "line 4, layers[1].relu: found 4 weights in a row (0, 6, 0, 4), but there are 2 inputs; if these are decimal commas, write [0.6, 0.4]"),
    ("[0.6, 0.40]", "[0,6, 0.40]", "line 4, layers[1].relu[2]: row 2 has 2 numbers, but row 1 has 3 (0, 6, 0.40); if these are decimal commas, write [0.6, 0.40]"),
    ("{fever (°C above 37): 1.5, cough: 1}", "[1,5, 1,0]", "line 2, inputs: found 4 numbers (1, 5, 1, 0), but layer 1 has 2 weights in a row; if these are decimal commas, write [1.5, 1.0]"),
    ("1.5", "1,5", 'line 2, inputs.5: "5" stands here alone; a decimal number has a point: write 1.5, not 1,5'),
    ("learning rate: 0.5", "learning rate: 0,5", 'line 8, learning rate: "0,5" has a decimal comma; write 0.5'),
    # shapes
    ("[0.1, 3e-1]", "[0.1, 0.3, 0.2]", "line 4, layers[1].bias: found 3 numbers, but the layer has 2 units; write 2 numbers, e.g. bias: [0.1, 0.3]"),
    ("[0.1, 3e-1]", "0.1", "line 4, layers[1].bias: found 1 number, but the layer has 2 units; write 2 numbers, e.g. bias: [0.1, 0.3]"),
    ("[0.1, 3e-1]", "", "line 4, layers[1].bias: found nothing, but the layer has 2 units; write 2 numbers, e.g. bias: [0.1, 0.3]"),
    ("[-0.2, 1/2]", "[-0.2]", "line 4, layers[1].relu[2]: row 2 has 1 number, but row 1 has 2; every unit needs one weight for each of its inputs"),
    ("[-0.2, 1/2]", "-0.2", 'line 4, layers[1].relu[2]: found "-0.2", where a row of weights is wanted, such as [0.6, 0.4]'),
    ("[[0.6, 0.40], [-0.2, 1/2]]", "[]", "line 4, layers[1].relu: found an empty list, where weights are wanted; write one row per unit: [[0.6, 0.4], [-0.2, 0.5]]"),
    ("[[0.6, 0.40], [-0.2, 1/2]], bias: [0.1, 3e-1]", "[[1, 2, 3], [4, 5, 6]]", f"line 4, layers[1].relu: found 3 weights in a row, but there are 2 inputs; the matrix looks transposed: {TO_FROM}"),
    ("[[0.6, 0.40], [-0.2, 1/2]]", "[[1, 2, 3], [4, 5, 6]]", f"line 4, layers[1].relu: found 3 weights in a row, but there are 2 inputs; {TO_FROM}"),
    ("[[0.5, 1], [-0.5, 0.4]]", "[[0.5], [1], [2]]", f"line 5, layers[2].softmax: found 1 weight in a row, but layer 1 has 2 units; {TO_FROM}"),
    ("{fever (°C above 37): 1.5, cough: 1}", "{}", "line 2, inputs: found empty { }, where inputs are wanted; write [1.5, 1] or {fever: 1.5, cough: 1}"),
    # names and target
    ("[unwell, not unwell]", "[unwell]", "line 5, layers[2].classes: found 1 name, but the layer has 2 units; write 2 names"),
    ("[unwell, not unwell]", "[unwell, unwell]", 'line 5, layers[2].classes: "unwell" stands here twice; names must differ'),
    ("[unwell, not unwell]", '"unwell,"', 'line 5, layers[2].classes: a name is missing beside a comma in "unwell,"'),
    ("[unwell, not unwell]", "[a, b], names: [c, d]", "line 5, layers[2].classes: the units have names already; write names or classes"),
    (": unwell", ": unwel", 'line 6, target: "unwel" is not the name of an output; did you mean "unwell"? Accepted: unwell, not unwell, or numbers'),
    (": unwell", ": {unwell: 1, well: 0}", 'line 6, target.well: "well" is not the name of an output; did you mean "unwell"? Accepted: unwell, not unwell, or numbers'),
    (": unwell", ": {unwell: 1}", "line 6, target: found 1 name, but the last layer has 2 units; write a number for each output"),
    (": unwell", ": 1", "line 6, target: found 1 number, but the last layer has 2 units; write 2 numbers, e.g. target: [1, 0]"),
    (": unwell", ": [0.5, 0.6]", "line 6, target: the targets add up to 11/10, but cross-entropy needs targets that add up to 1"),
    (": unwell", ": [2, -1]", "line 6, target: found 2, but cross-entropy needs targets from 0 to 1"),
    # loss and what belongs together
    ("cross-entropy", "cros_entropy", f'line 7, loss: "cros_entropy" is not known here; did you mean "cross-entropy"? Accepted: {LOSSES}'),
    ("cross-entropy", "[mse]", "line 7, loss: found a list of 1 value, where the name of a loss is wanted, alone or with options: {binary cross-entropy: {…}}"),
    ("softmax", "linear", "line 7, loss: cross-entropy needs outputs between 0 and 1, but the last layer is linear; make it sigmoid or softmax, or take another loss: half squared error, mean squared error, squared error, absolute error, … (handcalc ops)"),
    ("loss: cross-entropy", "loss: cross-entropy from logits", "line 7, loss: cross-entropy from logits takes scores, but the last layer is softmax, which makes probabilities of them already; make it linear, or write cross-entropy"),
    ("target: unwell\n", "", "line 6, loss: the loss needs a target, which is missing; write for example target: unwell"),
    ("loss: cross-entropy\n", "", "line 6, target: the target needs a loss, which is missing; write for example loss: half squared error"),
    # the way it is worked out and shown
    ("title: U", "decimals: 0 #", 'line 1, decimals: found "0"; a whole number from 1 to 12 is wanted'),
    ("title: U", "decimals: 13 #", 'line 1, decimals: found "13"; a whole number from 1 to 12 is wanted'),
    ("title: U", "decimals: -2 #", 'line 1, decimals: found "-2"; a whole number from 1 to 12 is wanted'),
    ("title: U", "carry: round #", 'line 1, carry: "round" is not known here; did you mean "rounded"? Accepted: exact, rounded'),
    ("title: U", "show: forward, los #", f'line 1, show: "los" is not known here; did you mean "loss"? Accepted: {PARTS}'),
    ("title: U", "show: [] #", f"line 1, show: found an empty list; accepted: {PARTS}"),
    ("title: U", f"title: {'x' * 201} #", 'line 1, title: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxx" has 201 characters; at most 200 are accepted'),
    ("title: U", "title: [] #", "line 1, title: found an empty list, where a title is wanted"),
    # what a network file never has
    ("title: U", "title: &a U", "line 1, title: the anchor &a is not accepted; write the values out"),
    ("title: U", "title: *a #", "line 1, title: the alias *a is not accepted; write the values out"),
    ("title: U", "title: !!python/object:os.system U", "line 1, title: the tag tag:yaml.org,2002:python/objec is not accepted; write the value without it"),
    ("title: U", 'title: "\\e[31m" #', 'line 1, title: "\\x1b[31m" has a control character in it; write letters, digits and signs only'),
    ("Unwell", "Un\x00well", 'line 1: the control character "\\x00" stands here; delete it'),
    ("learning rate: 0.5\n", "---\ninputs: 1", "line 8: a second document (---) begins here; a file describes one network"),
    ("title: U", "&a title: U", "line 1: the anchor &a is not accepted; write the values out"),
    # not YAML
    ("Unwell or", "Unwell: or", "line 1: a ':' that doesn't fit; put text that has ': ' in it into quotes, and line the keys up with each other"),
    ("loss:", "\tloss:", "line 7: a tab; indent with spaces"),
    ("learning rate: 0.5\n", "show: [loss,\n  update\n", "line 10: a list that isn't closed; it needs a comma between two values and a ] at its end (it starts on line 8)"),
    ("3e-1]}", "3e-1]", "line 5: a { } that isn't closed; it needs a comma between two keys, a space after each ':' and a } at its end (it starts on line 4)"),
    ("learning rate: 0.5\n", "show: 'loss", "line 8: a quote that isn't closed"),
    ("learning rate: 0.5\n", "show", "line 8: a key without its ':'; write for example loss: cross-entropy"),
]  # fmt: skip

# Whole texts; a name that ends in .json is read as JSON.
TEXTS = [
    ("n.yaml", "", f"n.yaml: there is nothing in it; {WHOLE}"),
    ("n.yaml", "# later\n", f"n.yaml: there is nothing in it; {WHOLE}"),
    ("n.yaml", "hello", 'n.yaml, line 1: found "hello", where keys and values are wanted; write for example inputs: [1.5, 1]'),
    ("n.yaml", "inputs: 1", 'n.yaml: the key "layers" is missing; write for example layers: [{relu: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}]'),
    ("n.yaml", "layers: []", 'n.yaml: the key "inputs" is missing; write for example inputs: [1.5, 1]'),
    ("n.yaml", "inputs: 1\nlayers: []", 'n.yaml, line 2, layers: found an empty list, where a list of layers is wanted; begin each with "- "'),
    ("n.yaml", "inputs: 1\nlayers: {relu: 1}", 'n.yaml, line 2, layers: found { } with 1 key, where a list of layers is wanted; begin each with "- "'),
    ("n.yaml", "inputs: 1\nlayers: [[relu]]", f'n.yaml, line 2, layers[1]: found a list of 1 value, where keys and values are wanted; {LAYER_EXAMPLE}'),
    ("n.yaml", "inputs: 1\nlayers: [{bias: 1}]", f"n.yaml, line 2, layers[1]: the activation with its weights is missing; {LAYER_EXAMPLE}"),
    ("n.yaml", "inputs: 1\nlayers: [{activation: relu}]", f"n.yaml, line 2, layers[1]: the weights are missing; {LAYER_EXAMPLE}"),
    ("n.yaml", "inputs: 1\nlayers: [{activation: relo, weights: 1}]", 'n.yaml, line 2, layers[1].activation: "relo" is not known here; did you mean "relu"? Accepted: linear, relu, sigmoid, softmax, tanh, elu, gelu, hard sigmoid, leaky relu, silu, softplus, step'),
    ("n.yaml", "inputs: 1\nlayers: [{relu: 1, tanh: 1}]", "n.yaml, line 2, layers[1].tanh: the layer says relu already; write one activation with its weights"),
    ("n.yaml", "inputs: 1\nlayers: [{relu: [1, 2]}]", "n.yaml, line 2, layers[1].relu: found 2 weights in a row, but there is 1 input; 2 units with one input each are written [[1], [2]]"),
    ("n.yaml", "inputs: 1\nlayers: [{softmax: 1}]", "n.yaml, line 2, layers[1].softmax: softmax of a single unit is always 1; give the layer two units or more, or use sigmoid"),
    ("n.yaml", "inputs: {a: 1}\ninput names: b\nlayers: [{relu: 1}]", "n.yaml, line 2, input names: the inputs have names already; write them once"),
    ("n.yaml", FORWARD + "learning rate: 1", "n.yaml, line 3, learning rate: the learning rate needs a loss, which is missing; write for example loss: half squared error, and a target"),
    ("n.yaml", FORWARD + "show: update", "n.yaml, line 3, show: update can't be shown without target, loss and learning rate"),
    ("n.yaml", FORWARD + "target: 1\nloss: mse\nshow: rerun", "n.yaml, line 5, show: rerun can't be shown without learning rate"),
    ("n.yaml", FORWARD + "target: high\nloss: mse", f'n.yaml, line 3, target: "high" {A_NUMBER}'),
    ("n.yaml", FORWARD.replace("linear", "sigmoid") + "target: 2\nloss: bce", "n.yaml, line 3, target: found 2, but binary cross-entropy needs targets from 0 to 1"),
    ("n.yaml", FORWARD.replace("linear", "sigmoid") + "target: 1\nloss: cce", "n.yaml, line 4, loss: cross-entropy needs an output for each class; with one output write binary cross-entropy"),
    ("n.yaml", SOFTMAX + "target: a", 'n.yaml, line 4, target: found "a", but the outputs have no names; write 2 numbers, class 1, or add classes: [...] to the last layer'),
    ("n.yaml", 'title: "\\UFFFFFFFF"', "n.yaml: this is not YAML: a \\x, \\u or \\U in double quotes, or a %YAML line, means nothing"),
    ("n.json", "", f"n.json: there is nothing in it; {WHOLE}"),
    ("n.json", '{"inputs": 1\n "layers": 2}', "n.json, line 2: this is not JSON: found \"layers\", where a comma or } is wanted"),
    ("n.json", '{"inputs": [1,]}', "n.json, line 1: this is not JSON: found ], where a value is wanted; a fraction or a text needs quotes"),
    ("n.json", '{"inputs": 3/20}', "n.json, line 1: this is not JSON: found 3/20, where a value is wanted; a fraction or a text needs quotes"),
    ("n.json", "{inputs: 1}", 'n.json, line 1: this is not JSON: found inputs, where a key in quotes is wanted, such as "inputs"'),
    ("n.json", '{"title": "a', "n.json, line 1: this is not JSON: a quote isn't closed on its line, or a \\ in it means nothing"),
    ("n.json", '{"inputs"', "n.json, line 1: this is not JSON: the file ends, where a : is wanted"),
    ("n.json", "{} {}", "n.json, line 1: this is not JSON: found {, where the file should end"),
    ("n.json", '{\n"inputs": 1,\n"inputs": 2}', "n.json, line 3, inputs: the key stands here a second time (first on line 2); write it once"),
    ("n.json", '{"title": "\\ud800", "inputs": 1}', 'n.json, line 1, title: "\\ud800" has a control character in it; write letters, digits and signs only'),
    ("n.json", '{"inputs": [NaN], "layers": 1}', f'n.json, line 1, inputs[1]: "NaN" {A_NUMBER}'),
]  # fmt: skip


def message_of(text: str, name: str = "unwell.yaml") -> str:
    with pytest.raises(NetworkFileError) as raised:
        read_text(text, name)
    return str(raised.value)


@pytest.mark.parametrize(("right", "slip", "message"), SLIPS)
def test_a_slip_is_told_with_its_place(right: str, slip: str, message: str) -> None:
    assert right in UNWELL
    assert message_of(UNWELL.replace(right, slip, 1)) == f"unwell.yaml, {message}"


@pytest.mark.parametrize(("name", "text", "message"), TEXTS)
def test_a_text_that_is_no_network_is_told_so(name: str, text: str, message: str) -> None:
    assert message_of(text, name) == message


@pytest.mark.parametrize("text", [text for _, text, _ in TEXTS] + [UNWELL.replace(a, b, 1) for a, b, _ in SLIPS])
def test_messages_are_short_and_printable(text: str) -> None:
    message = message_of(text)
    assert len(message) < 250
    assert message.isprintable()


def test_a_file_is_read_with_the_numbers_as_typed() -> None:
    network = read_text(UNWELL)
    assert [[number.text for number in row] for row in network.dense[0].weights] == [["0.6", "0.40"], ["-0.2", "1/2"]]
    assert [number.text for number in network.dense[0].bias or ()] == ["0.1", "3e-1"]
    assert network.input_names == ("fever (°C above 37)", "cough")
    assert network.dense[-1].names == ("unwell", "not unwell")
    assert [number.text for number in network.target or ()] == ["1", "0"]
    assert (str(network.loss), str(network.learning_rate)) == ("cross-entropy", "0.5")
    assert (network.decimals, network.carry) == (4, "exact")
    assert network.show == ("forward", "loss", "gradients", "update", "rerun")
    assert network.title == "Unwell or not unwell"


def test_a_file_a_dict_json_and_python_objects_give_the_same_network(tmp_path: Path) -> None:
    network = read_text(UNWELL)
    (tmp_path / "unwell.yml").write_text("\ufeff" + UNWELL.replace("\n", "\r\n"), encoding="utf-8")
    (tmp_path / "unwell.json").write_text(json.dumps(UNWELL_AS_DICT, default=str), encoding="utf-8")
    fields = UNWELL_AS_DICT | {"learning_rate": 0.5}
    del fields["learning rate"]
    assert read(tmp_path / "unwell.yml") == network
    assert read(str(tmp_path / "unwell.json")) == network
    assert read(UNWELL_AS_DICT) == network
    assert Network(**fields) == network
    assert Network(**(fields | {"layers": network.layers})) == network
    assert read(network) is network


@pytest.mark.parametrize(
    "text", [UNWELL, HOUSE, FORWARD, SOFTMAX + "target: [0.25, 0.75]\ncarry: rounded\ndecimals: 12"]
)
def test_a_network_written_as_a_dict_or_copied_is_the_same_network(text: str) -> None:
    network = read_text(text)
    assert read(network.as_dict()) == network
    assert read_text(json.dumps(network.as_dict()), "n.json") == network
    assert read_text(json.dumps(network.as_dict())) == network
    assert dataclasses.replace(network) == network
    assert pickle.loads(pickle.dumps(network)) == network
    assert hash(network) == hash(read_text(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("learning rate", "learning_rate"),
        ("learning rate", "Learning-Rate"),
        ("cross-entropy", "Cross_Entropy"),
        ("cross-entropy", "cross entropy"),
        ("cross-entropy", "categorical cross-entropy"),
        ("relu", "ReLU"),
        ("classes", "names"),
        (", classes: [unwell, not unwell]", ', classes: "unwell, not unwell"'),
        ("{relu: [[", "{activation: relu, weights: [["),
        (": unwell", ": [1, 0]"),
        (": unwell", ": {not unwell: 0, unwell: 1}"),
        ("title: Unwell or not", "title: >-\n  Unwell\n  or not"),
        ("inputs: {fever (°C above 37): 1.5, cough: 1}", "inputs: [1.5, 1]\ninput names: [fever (°C above 37), cough]"),
        ("  - {relu: [[0.6, 0.40], [-0.2, 1/2]], bias: [0.1, 3e-1]}",
         "  - relu:\n    - [0.6, 0.40]\n    - [-0.2, 1/2]\n    bias: [0.1, '3e-1']"),
        ("0.5\n", "0.5\nshow: [rerun, update, gradients, loss, forward]\n"),
        ("0.5\n", "0.5\nshow: forward, loss gradients update, rerun\n"),
        ("-0.2", "−0.2"),
    ],
)  # fmt: skip
def test_two_spellings_are_read_alike(one: str, other: str) -> None:
    assert one in UNWELL
    assert read_text(UNWELL.replace(one, other, 1)) == read_text(UNWELL)


def test_a_unit_alone_may_be_written_flat() -> None:
    at_length = HOUSE.replace("[0.5, 0.6], bias: 0.2", "[[0.5, 0.6]], bias: [0.2]").replace(
        "target: 2.5", "target: [2.5]"
    )
    assert read_text(HOUSE) == read_text(at_length)
    assert read_text("inputs: 2\nlayers: [{linear: 3}]") == read_text("inputs: [2]\nlayers: [{linear: [[3]]}]")


def test_a_layer_may_have_no_bias() -> None:
    assert read_text(FORWARD).dense[0].bias is None
    assert read_text(FORWARD.replace("]}", "], bias: none}")) == read_text(FORWARD)
    assert read({"inputs": [1], "layers": [{"linear": 2, "bias": None}]}).dense[0].bias is None


def test_names_keep_what_was_typed() -> None:
    network = read_text(SOFTMAX.replace("]]", "]], classes: [no, 010]") + "target: no")
    assert network.dense[-1].names == ("no", "010")
    assert [number.text for number in network.target or ()] == ["1", "0"]


def test_a_target_may_name_the_output() -> None:
    assert read_text(HOUSE.replace("2.5", "{price: 2.5}")).dense[-1].names == ("price",)
    assert read_text(HOUSE).dense[-1].names == ()


def test_only_what_the_file_allows_is_shown() -> None:
    assert read_text(FORWARD).show == ("forward",)
    assert read_text(FORWARD + "target: 1\nloss: MSE").show == ("forward", "loss", "gradients")
    assert read_text(HOUSE + "show: [update, loss]").show == ("loss", "update")


def test_python_values_of_every_kind_are_read() -> None:
    weights = np.array([[0.1, -0.2], [3, 1e-3]], dtype=np.float32)
    layer = Layer("Sigmoid", weights, bias=(np.float64(0.25), Decimal("0.30")), names=np.array(["a", "b"]))
    assert [[number.text for number in row] for row in layer.weights] == [["0.1", "-0.2"], ["3.0", "0.001"]]
    assert [number.text for number in layer.bias or ()] == ["0.25", "0.30"]
    assert (str(layer.activation), layer.names) == ("sigmoid", ("a", "b"))
    assert Layer("relu", ([number] for number in range(2))) == Layer("relu", [[0], ["1"]])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([[1, 2], [3]], "weights[2]: row 2 has 1 number, but row 1 has 2; every unit needs one weight for each of its inputs"),
        ([float("nan")], f'weights[1]: "nan" {A_NUMBER}'),
        (np.array([np.inf]), f'weights[1]: "inf" {A_NUMBER}'),
        ([True], f'weights[1]: "True" {A_NUMBER}'),
        ({1, 2}, "weights: found a Python set; numbers, texts, lists and dicts are accepted"),
        (b"12", "weights: found a Python bytes; numbers, texts, lists and dicts are accepted"),
        ([1 + 2j], "weights[1]: found a Python complex; numbers, texts, lists and dicts are accepted"),
        (10**5000, "weights: found an integer of thousands of digits; at most 60 are accepted"),
        (np.ones((1, 1, 1)), "weights[1][1]: found a list of 1 value, where one number is wanted"),
    ],
    ids=range(9),
)  # fmt: skip
def test_python_values_that_are_no_weights_are_told(weights: object, message: str) -> None:
    with pytest.raises(NetworkFileError) as raised:
        Layer("relu", weights)
    assert str(raised.value) == f"the layer, {message}"


def test_an_endless_or_circular_list_ends_in_a_message() -> None:
    circular: list[object] = []
    circular.append(circular)
    with pytest.raises(NetworkFileError, match="more than 200,000 values"):
        Layer("relu", itertools.count())
    with pytest.raises(NetworkFileError, match="more than 20 deep"):
        Layer("relu", circular)


def test_a_network_of_python_objects_is_checked_like_a_file() -> None:
    layer = Layer("sigmoid", [1, 2], bias=0.5)
    with pytest.raises(NetworkFileError) as raised:
        Network([1, 2, 3], [layer])
    assert str(raised.value).startswith(
        "the network, layers[1].sigmoid: found 2 weights in a row, but there are 3 inputs"
    )
    with pytest.raises(NetworkFileError) as raised:
        read_text(UNWELL).changed(decimals=0)
    assert str(raised.value) == 'the network, decimals: found "0"; a whole number from 1 to 12 is wanted'


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    def message(name: str) -> str:
        with pytest.raises(NetworkFileError) as raised:
            read(tmp_path / name)
        return str(raised.value).removeprefix(f"{tmp_path}/")

    (tmp_path / "long.yaml").write_bytes(b"#" * 1_000_001)
    (tmp_path / "letters.yaml").write_text("é" * 600_000, encoding="utf-8")
    (tmp_path / "utf16.yaml").write_text(UNWELL, encoding="utf-16")
    (tmp_path / "latin.yaml").write_text(UNWELL, encoding="latin-1")
    assert message("none.yaml") == "none.yaml: there is no such file"
    assert message("a\0b") == "a\\x00b: the file can't be read: embedded null byte"
    assert (
        message("long.yaml") == "long.yaml: the file is longer than 1,000,000 bytes, the most a network file may have"
    )
    assert message("letters.yaml").startswith("letters.yaml: the file is longer than 1,000,000 bytes")
    assert message("utf16.yaml") == "utf16.yaml: the file is in UTF-16; save it as UTF-8"
    assert message("latin.yaml") == "latin.yaml, line 2: the byte 0xb0 is not UTF-8; save the file as UTF-8"
    with pytest.raises(NetworkFileError, match="read_text reads it"):
        read(UNWELL)


def test_an_error_is_the_users_and_keeps_its_parts() -> None:
    with pytest.raises(HandcalcError) as raised:
        read_text(UNWELL.replace("0.6", "x"), "unwell.yaml")
    error = raised.value
    assert isinstance(error, NetworkFileError)
    assert isinstance(error, ValueError)
    assert (error.source, error.line, error.path) == ("unwell.yaml", 4, "layers[1].relu[1][1]")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


# One input with which it can't be told whether it is wide or slow: each ends in one message, soon.
HUGE = [
    ("n.yaml", "[" * 100_000, "line 1: brackets or indents more than 20 deep; a network needs 5"),
    ("n.json", "[" * 100_000, "line 1: brackets or indents more than 20 deep; a network needs 5"),
    ("n.json", '{"a":' * 100_000, "line 1: brackets or indents more than 20 deep; a network needs 5"),
    ("n.yaml", "- " * 100_000, "line 1: brackets or indents more than 20 deep; a network needs 5"),
    ("n.yaml", "{a: " * 100_000, "line 1: brackets or indents more than 20 deep; a network needs 5"),
    ("n.yaml", "a: &a [x, x]\nb: &b [*a, *a]\n", "line 1, a: the anchor &a is not accepted; write the values out"),
    ("n.yaml", f"inputs: {'9' * 900_000}\nlayers: 1", "line 1, inputs: \"999999999999999999999999999999…999999999\" has 900,000 characters; at most 1,000 are accepted"),
    ("n.yaml", "9" * 1_000_001, "the file is longer than 1,000,000 bytes, the most a network file may have"),
    ("n.yaml", f"inputs: [{'1, ' * 300_000}]", "line 1: more than 62,000 values; --most-quantities raises the limit"),
    ("n.json", f"[{'1, ' * 300_000}1]", "line 1: more than 62,000 values; --most-quantities raises the limit"),
    ("n.yaml", "a\n" * 450_000, "line 1: \"a a a a a a a a a a a a a a a …a a a a a\" has 899,999 characters; at most 1,000 are accepted"),
    ("n.yaml", "inputs: [1, 2]\nlayers: [{relu: [" + "[1, 2]," * 10_000 + f"], bias: [{'0,' * 10_000}]}}]",
     "the derivation would have about 50,002 quantities (the largest layer has 10,000 units with 2 weights each); the limit is 20,000, and --most-quantities 50002 raises it"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message"), HUGE, ids=range(len(HUGE)))
def test_a_huge_text_ends_soon_in_one_message(name: str, text: str, message: str) -> None:
    start = time.process_time()
    found = message_of(text, name)
    assert found.split(", line" if "line" in message else ": ", 1)[1].strip() == message.removeprefix("line").strip()
    assert time.process_time() - start < 2


def test_the_limit_on_quantities_can_be_raised() -> None:
    network = read_text(HOUSE, most_quantities=49)
    assert count_quantities(network) == 2 + 9 * 3 + 2 * 3 * 3
    with pytest.raises(NetworkFileError, match=r"about 47 quantities .*; the limit is 46, and --most-quantities 47"):
        read(network, most_quantities=46)
    assert read(network, most_quantities=47) == network


def outcome(text: str, name: str) -> Network | None:
    """The network, or None where there is a message; anything else raised is a failure."""
    start = time.process_time()
    network, message = None, ""
    try:
        network = read_text(text, name)
    except NetworkFileError as error:
        message = str(error)
    assert network is not None or (message.startswith(name) and len(message) < 600)
    assert time.process_time() - start < 1
    return network


NAMES = st.sampled_from(["n.yaml", "n.json"])
PIECES = st.sampled_from(
    ["[", "]", "{", "}", ", ", ": ", "\n", "  - ", "- ", "#", "'", '"', "&a ", "*a", "!x ", "? ", "|", ">", "%", "---\n",
     "...", "\t", "\\", "\\u0000", "0,5", ".nan", "1e999", "1/0", "", "null", "~", "<<", "inputs", "layers", "relu",
     "\ud800", "\ufeff", "\x85", "\u202e", "%YAML 1.1\n---\n", "%YAML 1.99999999\n", "%TAG ! x\n", '"\\UFFFFFFFF"'],
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.lists(PIECES, max_size=40).map("".join), NAMES)
def test_any_text_gives_a_network_or_a_message(text: str, name: str) -> None:
    outcome(text, name)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([UNWELL, HOUSE]), NAMES)
def test_a_good_file_with_pieces_changed_gives_a_network_or_a_message(
    data: st.DataObject, text: str, name: str
) -> None:
    if name == "n.json":
        text = json.dumps(read_text(text).as_dict(), indent=1)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + data.draw(PIECES | st.text(max_size=3)) + text[end:]
    network = outcome(text, name)
    if network is not None:
        assert read(network.as_dict()) == network


NUMBERS = st.from_regex(r"-?[1-9][0-9]{0,2}(\.[0-9]{1,4})?|0\.[0-9]{0,3}", fullmatch=True)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.lists(st.integers(1, 7), min_size=2, max_size=5), st.sampled_from(["relu", "tanh", "sigmoid"]))
def test_networks_of_any_shape_go_round(data: st.DataObject, widths: list[int], activation: str) -> None:
    def row(width: int) -> list[str]:
        return data.draw(st.lists(NUMBERS, min_size=width, max_size=width))

    layers = [
        {activation: [row(before) for _ in range(width)]} | data.draw(st.sampled_from([{}, {"bias": row(width)}]))
        for before, width in itertools.pairwise(widths)
    ]
    given_dict = {"inputs": row(widths[0]), "layers": layers, "target": row(widths[-1]), "loss": "squared error"}
    network = read(given_dict)
    assert read(network.as_dict()) == network
    assert read_text(json.dumps(given_dict), "n.json") == network
    assert [[number.text for number in one] for one in network.dense[-1].weights] == layers[-1][activation]


DOCUMENTED = Path(__file__).parents[1].joinpath("docs", "network-file.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", DOCUMENTED, re.DOTALL), ids=itertools.count())
def test_the_documented_files_are_read(block: str, tmp_path: Path) -> None:
    file = tmp_path / "documented.yaml"
    file.write_text(block, encoding="utf-8")
    quiz = read_quiz(file)
    filled = map(Question.network, quiz.questions, quiz.fillings(1, "a student", 0))
    assert all(network.inputs for network in filled)
    assert quiz.varies or [*read_all(file)] == [question.name for question in quiz.questions]


def test_the_documented_messages_are_those_of_the_table() -> None:
    (block,) = re.findall(r"```text\n(.*?)```", DOCUMENTED, re.DOTALL)
    assert set(block.splitlines()) <= {message for _, _, message in SLIPS}
