"""Quiz files: what a number may be, where it may stand, and what is drawn."""

# ruff: noqa: E501 (a row of the tables is what is typed and the whole message)

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handcalc.api import solve, solve_all
from handcalc.commands.starting import example, folder, inside, listing
from handcalc.formula.number import read_number
from handcalc.network import Network, NetworkFileError, read_all
from handcalc.network.exercise import right_class
from handcalc.quiz.difficulty import LEVELS, digits
from handcalc.quiz.gates import GATES
from handcalc.quiz.quiz import Filling, Question, Quiz, Vary, read_quiz
from handcalc.quiz.ranges import Range, RangeError, read_range, written

NAMES = {"small": Range(("-0.1", "0.1"))}
# What may be written, and the numbers that it stands for; before a colon the shape.
RANGES = {
    "integer from -3 to 3, not 0": "-3 -2 -1 1 2 3",
    "integers from -3 to 3 not 0 or 1": "-3 -2 -1 2 3",
    "whole numbers between 1 and 3": "1 2 3",
    "Whole number 1..3": "1 2 3",
    "integers −1…1": "-1 0 1",
    "integers ±1": "-1 0 1",
    "integers from 0 to 20 in steps of 5": "0 5 10 15 20",
    "one decimal from -0.2 to .1": "-0.2 -0.1 0 0.1",
    "1 decimal from 0.95 to 1.25": "1 1.1 1.2",
    "one-decimal numbers from 1 to 1.1": "1 1.1",
    "two decimals, from 0.49 to 0.51": "0.49 0.5 0.51",
    "two decimals from 0.49 to 0.51 without 0.5": "0.49 0.51",
    "from 0 to 2 in steps of 0.5": "0 0.5 1 1.5 2",
    "-1..1 step 1/2, not ±1/2": "-1 0 1",
    "from 0 to 1 in steps of 1/4": "0 1/4 1/2 3/4 1",
    "from 0.3 to 1 in steps of 0.3": "0.3 0.6 0.9",
    "fractions from -1 to 1 with denominator 2, 4": "-3/4 -1/2 -1/4 1/4 1/2 3/4",
    "fraction 0..1 with denominators 1 to 3": "0 1/3 1/2 2/3 1",
    "fractions from 0 to 1 with denominator 4, not 1/4": "3/4",
    "choice of 0.50, 1, 2": "0.50 1 2",
    "choice of 1, 2 or 3/4": "1 2 3/4",
    "choice of −1 or 1e-3": "-1 1e-3",
    "choice of ±1, 0": "-1 1 0",
    "±0.5": "-0.5 0.5",
    "choice of unwell, not unwell": "unwell|not unwell",
    "choice of [red, green]": "red|green",
    "2 x 3 of integers from 0 to 1": "2 3: 0 1",
    "2×1 of small": "2 1: -0.1 0.1",
    "2 by 2 of small": "2 2: -0.1 0.1",
    "4 of choice of 1 or 2": "4: 1 2",
    "shuffle 1, 0, 0": "shuffled 3: 1 0 0",
    "small": "-0.1 0.1",
}
# What may not, and what is said.
WRONG = {
    "one decimal form -1 to 1": 'found "form", where the least and the greatest number are wanted: from -1 to 1, or -1..1',
    "integer from 1 too 3": 'found "too", where "to" and the greatest number are wanted',
    "integer between 1 to 3": 'found "to", where "and" and the greatest number are wanted',
    "integers from 1 to": "the text ends, where the greatest number is wanted",
    "integers from a to b": 'found "a", where the least number is wanted',
    "integers from 1-3": 'found "-3", where "to" and the greatest number are wanted',
    "integers from 3 to 1": "3 is greater than 1; write the least number first",
    "integers from 1 to 3 not": "the text ends, where a number that is left out is wanted",
    "integers from 1 to 3 odd": 'found "odd", where the text should end, or go on with not 0',
    "integers from 1 to 3 %": 'found "%", which means nothing here',
    "integers from 1/0 to 3": "divides by 0",
    "integers from 1 to 2, not 1": "leaves one number only; write 2, or widen it",
    "integers from 1 to 2, not 1, 2": "leaves no number",
    "integers from 1 to 3 with denominator 2": "denominators belong to fractions",
    "six decimals from 0 to 1": "are 1,000,001 numbers; at most 10,000 are accepted",
    "integers from 0 to 99999999999999999999": "at most 10,000 are accepted",
    "two decmals from 0 to 1": 'found "decmals", where for example "two decimals from -1 to 1" is wanted',
    "decimals from 0 to 1": "how many decimals isn't said; write one decimal, or two decimals",
    "one decimal from 0 to 1 in steps of 0.25": "the step isn't a multiple of 0.1, which the text begins with",
    "from 1 to 3": "it isn't said which numbers; add for example in steps of 0.5",
    "from 1 to 3 in steps of 0": "a step is above 0",
    "fractions from 0 to 1": "it isn't said which fractions; add for example with denominator 2, 4",
    "fractions from 0 to 1 with denominator 0.5": "a denominator is a whole number from 1 to 1,000",
    "choice of 1": "a choice needs two values or more; within [ ] and { } a comma ends a text",
    "choice of 1,, 2": 'a value is missing in "1,, 2"',
    "shuffle 1": "1 value can't be shuffled; write two or more",
    "2 x 3 integers from 1 to 2": "write 3 of …, or rows and columns: 2 x 3 of …",
    "2 x 3 of tiny": 'found "tiny", where for example "integer from -3 to 3, not 0"',
    "2 x 3 of 2 of small": 'found "2 of small", where what one number may be is wanted',
    "0 of small": "0 numbers; from 1 to 400 are accepted",
    "21 x 20 of small": "420 numbers; from 1 to 400 are accepted",
    "±": "the text ends, where a number is wanted",
    "±1 odd": 'found "odd", where the text should end',
}
QUIZ = """\
title: Unwell or not unwell
inputs: {fever: integer from 1 to 3, not 2, cough: choice of 1 or 2}
layers:
  - {relu: 2 x 2 of small, bias: [one decimal from -1 to 1, not 0, 0.5]}
  - {softmax: [[0.5, small], [±0.5, 1]], bias: 2 of small, classes: [unwell, not unwell]}
target: choice of unwell, not unwell
loss: cross-entropy
learning rate: from 0.5 to 1.5 in steps of 0.5
quiz:
  numbers: {small: one decimal from -1 to 1, not 0, tiny: ±0.1}
"""
# What is changed in QUIZ, into what, and the message.
SLIPS = [
    ("to 3, not 2", "too 3", 'line 2, inputs.fever: found "too"'),
    (
        "2 x 2 of small",
        "2 x 2 of smal",
        'line 4, layers[1].relu: "smal" is no range of this file; did you mean "small"?',
    ),
    ("±0.5", "integer from 2 to 1", "line 5, layers[2].softmax[2][1]: 2 is greater than 1"),
    ("2 x 2 of", "3 x 3 of", "line 4, layers[1].relu: found 3 weights in a row, but there are 2 inputs"),
    ("bias: 2 of small", "bias: 3 of small", "line 5, layers[2].bias: found 3 numbers, but the layer has 2 units"),
    ("choice of unwell, not unwell", "choice of ill, well", 'line 6, target: "'),
    ("choice of unwell, not unwell", "{shuffle: [1, [0]]}", "line 6, target.shuffle[2]: found a list of 1 value"),
    ("choice of unwell, not unwell", "{shuffle: []}", "line 6, target: 0 values can't be shuffled"),
    ("from 0.5 to 1.5 in", "from -1.5 to -0.5 in", "a learning rate is above 0"),
    ("  numbers", "  nubmers", 'line 10, quiz.nubmers: the key "nubmers" is not known; did you mean "numbers"?'),
    ("tiny: ±0.1", "0tiny: ±0.1", 'line 10, quiz.numbers.0tiny: "0tiny" is no name for a range'),
    ("tiny: ±0.1", "tiny: [1]", "line 10, quiz.numbers.tiny: found a list of 1 value"),
    ("tiny: ±0.1", "tiny: 0.5", 'line 10, quiz.numbers.tiny: the text ends, where "to"'),
    ("  numbers: {", "  shared numbers: perhaps\n  numbers: {", 'line 10, quiz.shared numbers: "perhaps" is not known'),
    ("  numbers: {", "  gates: {tyes: off}\n  numbers: {", 'line 10, quiz.gates.tyes: the key "tyes" is not known'),
    ("  numbers: {", "  gates: {ties: maybe}\n  numbers: {", 'line 10, quiz.gates.ties: "maybe" is not known'),
    ("  numbers: {", "  difficulty: mild\n  numbers: {", 'line 10, quiz.difficulty: "mild" is not known'),
    ("  numbers: {", "  difficulty: {digits: 0}\n  numbers: {", "a whole number from 1 to 12 is wanted"),
    ("quiz:", "letters: small\nquiz:", "line 11, quiz.numbers.small: small is one of the letters of this file"),
]
DICT: dict[str, Any] = {
    "inputs": ["integer from 1 to 3", 1],
    "layers": [{"linear": "1 x 2 of small", "bias": "small"}],
    "target": 1,
    "loss": "half squared error",
    "quiz": {"numbers": {"small": "one decimal from -1 to 1, not 0, 0.5"}},
}
FILES = sorted([*folder().glob("*.yaml"), *folder().glob("*/*.yaml")])
PACKS = sorted((folder() / "packs").glob("*.yaml"))


def expected(told: str) -> Range:
    shape, _, values = told.rpartition(": ")
    sizes = tuple(int(size) for size in shape.split() if size.isdecimal())
    return Range(tuple(values.split("|" if "|" in values else None)), sizes, shuffled="shuffled" in shape)


def quiz_of(text: str, tmp_path: Path, name: str = "unwell.yaml") -> Quiz:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_quiz(tmp_path / name)


@pytest.mark.parametrize("text", [text for text in RANGES if not text.startswith("fractions from 0 to 1 with")])
def test_a_range_is_a_list_of_numbers(text: str) -> None:
    assert read_range(text, NAMES) == expected(RANGES[text])


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_a_range_is_said(text: str) -> None:
    with pytest.raises(RangeError) as error:
        read_range(text, NAMES)
    assert WRONG[text] in str(error.value)


@given(st.text(alphabet="0123456789.,-−±…/ xof integrsdcmalwhnk[]e", max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    try:
        found = read_range(text, NAMES)
    except RangeError:
        return
    assert len(found.values) > 1


@given(st.integers(-500, 500), st.integers(0, 60), st.integers(1, 3))
def test_the_values_are_all_decimals_between_the_ends(least: int, count: int, places: int) -> None:
    unit = Fraction(1, 10**places)
    first, last = least * unit, (least + count + 1) * unit
    typed = [written(read_number(str(one)).value) for one in (first, last)]
    found = read_range(f"{places} decimals from {typed[0]} to {typed[1]}", {}).values
    assert [Fraction(one) for one in found] == [first + k * unit for k in range(count + 2)]
    assert not any(one.endswith("0") for one in found if "." in one)


@pytest.mark.parametrize(("old", "new", "message"), SLIPS)
def test_a_slip_in_a_quiz_file_gets_one_message(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert QUIZ.count(old) >= 1
    with pytest.raises(NetworkFileError) as error:
        quiz_of(QUIZ.replace(old, new, 1), tmp_path)
    assert message in str(error.value)
    assert error.value.line


@pytest.mark.parametrize(
    ("layer", "meant"),
    [
        ({"linear": [["smal", "2"]]}, 'is not a number such as 0.30, -2, 3/20 or 1e-3; did you mean "small"? What'),
        ({"linear": "1 x 2 of smal"}, '"smal" is no range of this file; did you mean "small"?'),
        (
            {"linear": [["1", "2"]], "bias": "smal"},
            'did you mean "small"? What a number may be is written "integer from',
        ),
        ({"linear": [["few", "2"]]}, '1e-3; where it varies, what a number may be is written "integer from'),
    ],
)
def test_a_mistyped_name_of_a_range_gets_the_right_one(layer: dict[str, Any], meant: str) -> None:
    with pytest.raises(NetworkFileError) as error:
        read_quiz({"inputs": [1, "small"], "layers": [layer], "quiz": {"numbers": {"small": "integer from 1 to 3"}}})
    assert meant in str(error.value)


def test_holes_stand_where_the_ranges_stand(tmp_path: Path) -> None:
    (question,) = quiz_of(QUIZ, tmp_path).questions
    assert [(hole.path, hole.text) for hole in question.holes] == [
        ("inputs.fever", "integer from 1 to 3, not 2"),
        ("inputs.cough", "choice of 1 or 2"),
        *((f"layers[1].relu[{i}][{j}]", "small") for i in (1, 2) for j in (1, 2)),
        ("layers[1].bias[1]", "one decimal from -1 to 1, not 0"),
        ("layers[2].softmax[1][2]", "small"),
        ("layers[2].softmax[2][1]", "±0.5"),
        ("layers[2].bias[1]", "small"),
        ("layers[2].bias[2]", "small"),
        ("target", "choice of unwell, not unwell"),
        ("learning rate", "from 0.5 to 1.5 in steps of 0.5"),
    ]
    assert [hole.line for hole in question.holes] == [2, 2, 4, 4, 4, 4, 4, 5, 5, 5, 5, 6, 8]


@settings(max_examples=40)
@given(seed=st.integers(), student=st.text(max_size=8), number=st.integers(0, 10**6))
def test_what_is_drawn_is_in_the_range_and_on_the_sheet(seed: int, student: str, number: int) -> None:
    for file in PACKS:
        quiz = read_quiz(file)
        for question, filling in zip(quiz.questions, quiz.fillings(seed, student, number), strict=True):
            assert all(filling[hole.path] in hole.values for hole in question.holes)
            network = question.network(filling)
            assert isinstance(network, Network)
            given = {str(one) for row in (*network.rows, *network.target_rows) for one in row}
            given |= {str(one) for layer in network.dense for row in (*layer.weights, layer.bias or ()) for one in row}
            given |= {str(network.learning_rate), *network.output_names}
            assert set(filling.values()) <= given


def test_a_student_s_numbers_never_change(tmp_path: Path) -> None:
    """These stand on printed sheets: whatever else changes, they may not."""
    quiz = quiz_of(QUIZ, tmp_path)
    assert " ".join(quiz.fillings(7, "4711", 0)[0].values()) == STABLE["4711"]
    assert " ".join(quiz.fillings(7, "Ann Ö.", 3)[0].values()) == STABLE["Ann Ö."]
    assert pickle.loads(pickle.dumps(quiz)).fillings(7, "4711", 0) == quiz.fillings(7, "4711", 0)


STABLE = {
    "4711": "3 1 0.6 0.6 -0.1 -0.7 0.5 1 0.5 0.8 -0.7 unwell 1.5",
    "Ann Ö.": "1 1 -1 0.4 -1 0.3 1 -0.7 0.5 -0.9 -0.4 not unwell 1",
}


def test_numbers_hang_on_name_seed_student_and_number(tmp_path: Path) -> None:
    quiz = quiz_of(QUIZ, tmp_path)
    named = quiz_of(QUIZ.replace("quiz:", "quiz:\n  name: unwell"), tmp_path, "other.yaml")
    renamed = quiz_of(QUIZ, tmp_path, "other.yaml")
    assert quiz.name == named.name == "unwell"
    usual = quiz.fillings(1, "a", 0)
    assert named.fillings(1, "a", 0) == usual
    others = (renamed.fillings(1, "a", 0), quiz.fillings(2, "a", 0), quiz.fillings(1, "b", 0), quiz.fillings(1, "a", 1))
    assert usual not in others


def test_exercises_share_their_numbers_unless_the_file_says_otherwise() -> None:
    exercises = {
        "a": {"target": 2},
        "b": {"inputs": ["integer from 1 to 3", 2]},
        "c": {"layers": [{"tanh": "1 x 2 of small"}]},
    }
    shared = read_quiz(DICT | {"exercises": exercises})
    fresh = read_quiz(DICT | {"exercises": exercises, "quiz": DICT["quiz"] | {"shared numbers": "no"}})
    assert (shared.fresh, fresh.fresh) == (False, True)
    alike = {True: 0, False: 0}
    for number in range(20):
        for quiz in (shared, fresh):
            a, b, c = quiz.fillings(1, "", number)
            alike[quiz.fresh] += all(a[path] == b[path] for path in a) and a["inputs[1]"] == c["inputs[1]"]
    assert alike[False] == 20
    assert alike[True] < 5


def test_a_shuffled_list_keeps_its_values() -> None:
    quiz = read_quiz(DICT | {"inputs": {"shuffle": [1, 2, 3, 3]}, "layers": [{"linear": "1 x 4 of small"}]})
    drawn = [[filling[f"inputs[{n}]"] for n in (1, 2, 3, 4)] for k in range(30) for filling in quiz.fillings(1, "", k)]
    assert {"".join(sorted(one)) for one in drawn} == {"1233"}
    assert len({tuple(one) for one in drawn}) > 6


def test_a_right_class_is_drawn(tmp_path: Path) -> None:
    quiz = quiz_of(QUIZ, tmp_path)
    fillings = [quiz.fillings(1, "", number)[0] for number in range(10)]
    for filling in fillings:
        (target,) = quiz.questions[0].network(filling).target_rows
        assert right_class(target) == ["unwell", "not unwell"].index(filling["target"])
    assert len({one["target"] for one in fillings}) == 2


def test_a_class_may_be_called_like_a_range() -> None:
    layers = [{"softmax": "2 x 2 of small", "classes": ["small", "integers from afar"]}]
    for name in ("small", "integers from afar"):
        quiz = read_quiz(DICT | {"layers": layers, "target": name, "loss": "cross-entropy"})
        assert "target" not in [hole.path for hole in quiz.questions[0].holes]


def test_a_comma_within_braces_cuts_one_number_off(tmp_path: Path) -> None:
    """YAML takes it for the end of the text."""
    (fever, *_) = (
        quiz_of(QUIZ.replace("cough: choice of 1 or 2", "cough: integer from 1 to 3, not 2"), tmp_path)
        .questions[0]
        .holes
    )
    assert fever.values == ("1", "3")
    with pytest.raises(NetworkFileError, match="a choice needs two values or more"):
        quiz_of(QUIZ.replace("[one decimal from -1 to 1, not 0, 0.5]", "[choice of 1, 2]"), tmp_path)


def test_json_and_dicts_are_quizzes_too(tmp_path: Path) -> None:
    as_dict, as_json = read_quiz(DICT), quiz_of(json.dumps(DICT), tmp_path, "quiz.json")
    assert as_dict.fillings(1, "a", 0) == as_json.fillings(1, "a", 0)
    assert as_dict.name == as_json.name == "quiz"


@pytest.mark.parametrize("work", [solve, solve_all, read_all])
def test_ranges_are_for_a_quiz(work: Any, tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_text(QUIZ, encoding="utf-8")
    with pytest.raises(NetworkFileError) as error:
        work(tmp_path / "q.yaml")
    assert str(error.value).endswith(
        'q.yaml, line 2, inputs.fever: found "integer from 1 to 3, not 2", where a number is wanted; '
        "numbers that vary are for handcalc quiz"
    )


def test_a_file_with_the_key_quiz_can_be_worked_out() -> None:
    numbers = DICT | {"inputs": [1, 2], "layers": [{"linear": [1, 2]}]}
    assert solve(numbers)["yhat[1]"].decimal(2) == "5.00"
    quiz = read_quiz(numbers)
    assert not quiz.varies
    with pytest.raises(NetworkFileError, match="no number of this file varies"):
        quiz.check_varies()
    read_quiz(DICT).check_varies()


def test_gates_are_switched() -> None:
    usual = {name for name, gate in GATES.items() if gate.usual}
    assert read_quiz(DICT).gates == usual
    told = {"Live_and-dead": "on", "ties": "off", "mistakes": "yes"}
    assert read_quiz(DICT | {"quiz": DICT["quiz"] | {"gates": told}}).gates == usual - {"ties"} | {"live and dead"}


# Difficulty

HARDER = [
    ("easy", {"inputs": [1.5, 1]}, "inputs[1]: 1.5 has 2 digits, but the difficulty allows 1"),
    ("easy", {"inputs": ["two decimals from 0 to 1", 1]}, '"two decimals from 0 to 1" may be 0.11, which has 2 digits'),
    ("easy", {"layers": [{"linear": [1, -1]}]}, "-1 is negative, but the difficulty allows no negative numbers"),
    ("medium", {"inputs": ["integers ±2", 1]}, "is a negative input, but the difficulty allows negative weights and biases"),
    ("medium", {"target": -1}, "-1 is a negative target, but"),
    ("medium", {"target": "1/3"}, "1/3 is a fraction, but the difficulty allows none"),
    ("medium", {"inputs": [1, 2, 3, 4], "layers": [{"linear": "1 x 4 of one"}, {"tanh": [1]}]}, ""),
    ("medium", {"inputs": [1, 2, 3, 4], "layers": [{"linear": "1 x 4 of one", "bias": 1}]}, "has 5 terms, but the difficulty allows 4"),
    ({"digits": 1}, {"inputs": ["fractions from 0 to 1 with denominator 12", 1]}, '" may be 1/12, which has 2 digits'),
    ({"digits": 1, "negative numbers": "any"}, {"inputs": [-300, 0.05], "layers": [{"linear": ["1/2", 1]}]}, ""),
    ({"negative numbers": "some", "fractions": "no"}, {"layers": [{"linear": [-0.123, -1]}]}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("difficulty", "change", "message"), HARDER)
def test_a_file_keeps_to_its_own_difficulty(difficulty: object, change: dict[str, Any], message: str) -> None:
    easy = DICT | {"inputs": [1, 2], "layers": [{"linear": "1 x 2 of one"}]} | change
    easy["quiz"] = {"difficulty": difficulty, "numbers": {"one": "integers from 1 to 3"}}
    if not message:
        assert read_quiz(easy).difficulty
        return
    with pytest.raises(NetworkFileError) as error:
        read_quiz(easy)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "count"), [("0.05", 1), ("300", 1), ("1.05", 3), ("-0.50", 1), ("3/20", 2), ("1e-3", 1), ("0", 0)]
)
def test_digits_are_counted(text: str, count: int) -> None:
    assert digits(read_number(text)) == count


# Any network file

LIKE = {
    "0.6": "0.3 0.4 0.5 0.6 0.7 0.8 0.9 1 1.1 1.2",
    "3": "2 3 4 5 6",
    "1": "1 2 3",
    "0.30": "0.15 … 0.6",
    "150": "80 90 … 300",
    "2/3": "1/3 2/3 4/3",
    "2e-3": "1e-3 2e-3 3e-3 4e-3",
}


@pytest.mark.parametrize("text", LIKE)
def test_a_number_varies_between_half_and_double(text: str) -> None:
    (weight, single) = (
        read_quiz({"inputs": [text], "layers": [{"linear": [text]}]}, vary=vary).questions[0].holes[0].values
        for vary in ("weights", "inputs")
    )
    wanted = LIKE[text].split()
    assert [one for one in single if one in wanted] == [one for one in wanted if one != "…"]
    assert len(single) == len(wanted) or "…" in wanted
    assert (single[0], single[-1]) == (wanted[0], wanted[-1])
    assert weight == (*(f"-{one}" for one in reversed(single)), *single)
    minus = read_quiz({"inputs": [f"-{text}"], "layers": [{"linear": [1]}]}, vary="inputs").questions[0].holes[0]
    assert {one[0] for one in minus.values} == {"-"}


@pytest.mark.parametrize("level", LEVELS)
def test_numbers_that_vary_keep_to_the_difficulty(level: str) -> None:
    allowed = LEVELS[level]
    file = {"inputs": [1.25, 20], "layers": [{"linear": [-0.37, 4], "bias": 0.5}], "quiz": {"difficulty": level}}
    for hole in read_quiz(file, vary="all").questions[0].holes:
        assert len(hole.values) > 1
        assert max(digits(read_number(one)) for one in hole.values) <= allowed.digits
        negative = any(one.startswith("-") for one in hole.values)
        assert negative == (allowed.negative != "none" and not hole.path.startswith("inputs"))


@pytest.mark.parametrize("vary", ["weights", "inputs", "all"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_example_varies(file: Path, vary: Vary) -> None:
    plain, quiz = read_quiz(file), read_quiz(file, vary=vary)
    for number in range(3):
        fillings = quiz.fillings(1, "a", number)
        for before, question, filling in zip(plain.questions, quiz.questions, fillings, strict=True):
            assert len({hole.path for hole in question.holes}) == len(question.holes)
            network = of_numbers(question, filling)
            if network and not before.holes:
                changed = zip(weights(before.network({})), weights(network), strict=True)
                assert not [new for old, new in changed if (old == "0") != (new == "0")]


def of_numbers(question: Question, filling: Filling) -> Network | None:
    """None where a circuit would divide by 0, or take the logarithm of what isn't above 0."""
    try:
        return question.network(filling)
    except NetworkFileError as error:
        if "circuit" not in error.path:
            raise
        return None


def weights(network: Network) -> list[str]:
    return [str(weight) for layer in network.dense for row in layer.weights for weight in row]


def test_what_stays() -> None:
    file = {"inputs": [[0, 1], [1, 1]], "layers": [{"linear": [0, 2], "bias": "b"}], "letters": "b"}
    assert [hole.path for hole in read_quiz(file, vary="all").questions[0].holes] == ["layers[1].linear[2]"]
    shares = read_quiz({"predictions": ["1/2", "1/4", "1/4"], "loss": "entropy"}, vary="inputs")
    assert sorted(shares.fillings(1, "", 0)[0].values()) == ["1/2", "1/4", "1/4"]
    circuit = {"inputs": {"x": 2, "w": 3}, "circuit": "f = w*x", "train": ["w"], "learning rate": 0.1}
    assert [hole.path for hole in read_quiz(circuit, vary="weights").questions[0].holes] == ["inputs.w"]
    assert [hole.path for hole in read_quiz(circuit, vary="inputs").questions[0].holes] == ["inputs.x"]


# The examples


@pytest.mark.parametrize("file", PACKS, ids=lambda file: file.stem)
def test_an_example_is_worked_out_for_several_students(file: Path) -> None:
    quiz = read_quiz(file)
    quiz.check_varies()
    drawn = [quiz.fillings(1, student, 0) for student in ("a", "b", "c")]
    assert len({str(one) for one in drawn}) == 3
    for fillings in drawn:
        for question, filling in zip(quiz.questions, fillings, strict=True):
            assert solve(question.network(filling)).text()


def test_the_examples_are_listed() -> None:
    assert f"packs/ holds {len(PACKS)} whose numbers vary" in listing()
    for one in inside("packs"):
        assert example(f"packs/{one.name}") == one
        assert one.title
        assert one.shows
