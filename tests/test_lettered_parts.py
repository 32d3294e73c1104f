"""The form of lettered parts: what each part asks, in which order, and what the student sheet hides of it."""

import re
from pathlib import Path

import pytest

from handcalc import solve
from handcalc.derive.solution import Solution
from handcalc.network import Network
from handcalc.render.text import text
from handcalc.sheet.compose import compose
from handcalc.sheet.parts import Answer, Room, Say, Sheet, Working
from handcalc.sheet.questions import lettered
from handcalc.sheet.student import student_sheet

HOME = Path(__file__).parent.parent
DEEP = {
    "inputs": [1, 0.5],
    "layers": [
        {"tanh": [[0.5, -0.2], [0.1, 0.3]], "bias": [0.1, 0]},
        {"sigmoid": [[0.4, 0.3], [-0.2, 0.7]]},
        {"sigmoid": [[1, -1]], "bias": 0.1},
    ],
    "target": 1,
    "loss": "half squared error",
    "learning rate": 0.5,
    "form": "lettered parts",
}
PARTS = (
    "a) Work out the forward pass",
    "b) Work out the loss",
    "c) Work out the slopes of the loss at the output layer",
    "d) Work out the slopes of the loss at the hidden units, from the last layer to the first",
    "e) Work out the slope of the loss with respect to each weight and bias",
    "f) Work out the new parameters",
    "g) Run the network again with the new parameters",
    "h) Comment: has the loss fallen? Why?",
)


def deep(**keys: object) -> Solution:
    return solve(Network(**{**DEEP, **keys}))


def headings(sheet: Sheet) -> list[str]:
    return [section.heading for section in sheet.sections]


def keys(sheet: Sheet, heading: str) -> list[str]:
    (section,) = (one for one in sheet.sections if one.heading.startswith(heading))
    return [line.key for part in section.parts if isinstance(part, Working) for line in part.lines]


def test_each_part_has_a_letter_and_asks() -> None:
    assert headings(compose(deep())) == ["Given", *PARTS]


def test_the_key_works_every_line_of_the_solution_once() -> None:
    solution = deep()
    found = [line.key for section in compose(solution).sections for part in section.parts
             if isinstance(part, Working) for line in part.lines]  # fmt: skip
    assert sorted(found) == sorted(line.key for line in solution.lines)


def test_slopes_go_from_the_output_to_the_first_hidden_layer_before_those_of_the_weights() -> None:
    key = compose(deep())
    assert keys(key, "c)") == ["dL/dyhat[1]", "dL/dz3[1]"]
    hidden = [f"dL/d{letter}{layer}[{unit}]" for layer in (2, 1) for letter in "az" for unit in (1, 2)]
    assert keys(key, "d)") == hidden
    assert keys(key, "e)")[:3] == ["dL/dW3[1,1]", "dL/dW3[1,2]", "dL/db3[1]"]


def test_in_place_a_layer_is_updated_before_the_slopes_below_it() -> None:
    solution = deep(update_order="in place")
    asked = headings(compose(solution))
    names = ["slope", "slope", "new parameters", "slope", "slope", "new parameters"]
    assert all(name in heading for name, heading in zip(names, asked[3:9], strict=True))
    assert "hidden units" in asked[6]
    assert keys(compose(solution), asked[5][:2]) == ["W3[u=1][1,1]", "W3[u=1][1,2]", "b3[u=1][1]"]


def test_a_batch_is_worked_sample_by_sample() -> None:
    key = compose(deep(inputs=[[1, 0.5], [0, 1]], target=[1, 0], show=["forward", "loss"]))
    forward = key.sections[1]
    said = [part.words for part in forward.parts if isinstance(part, Say)]
    assert said[0] == ("Sample 1:",)
    assert ("Sample 2:",) in said
    assert [key for key in keys(key, "a)") if "yhat" in key] == ["yhat[s=1][1]", "yhat[s=2][1]"]


def test_a_circuit_has_parts_too() -> None:
    key = compose(solve(Network(circuit="f = (x + y)*z", inputs={"x": -2, "y": 5, "z": -4}, form="lettered parts")))
    assert headings(key)[1:3] == ["a) Work out the forward pass", "b) Work out the gradients, from the output back"]


@pytest.mark.parametrize(
    ("target", "rate", "change", "why"),
    [
        (1, "0.5", "the loss falls", "the step was small enough"),
        (1, "60", "the loss rises", "the step was too large"),
        (2, "1", "the loss stays the same", "has changed nothing that the loss depends on"),
    ],
)
def test_the_comment_says_what_has_become_of_the_loss_and_why(target: int, rate: str, change: str, why: str) -> None:
    weights = [{"linear": [[1, 2]]}]
    solution = solve(Network(**{**DEEP, "layers": weights, "target": target, "learning rate": rate}))
    (said,) = (part.words for part in compose(solution).sections[-1].parts if isinstance(part, Answer))
    words = "".join(word if isinstance(word, str) else "…" for word in said)
    assert change in words
    assert why in words


def test_without_a_second_run_there_is_no_comment() -> None:
    assert headings(compose(deep(show=["forward", "loss"])))[-1] == "Result"


def test_a_part_says_its_marks_and_the_lines_do_not_repeat_them() -> None:
    solution = deep(ask={"z1": 2, "L": 3}, level=2)
    assert headings(compose(solution))[1:3] == [f"{PARTS[0]} (4 marks)", f"{PARTS[1]} (3 marks)"]
    sheet = student_sheet(solution)
    assert headings(sheet) == ["Given", f"{PARTS[0]} (4 marks)", f"{PARTS[1]} (3 marks)"]
    assert not any(line.remark for one in sheet.sections for part in one.parts if isinstance(part, Working)
                   for line in part.lines)  # fmt: skip


@pytest.mark.parametrize(
    ("rounding", "said"),
    [
        ({"decimals": 3}, "Round every result to 3 decimals."),
        ({"significant figures": 3}, "Round every result to 3 significant figures."),
        ({"decimals": 3, "how": "truncate"}, "Cut every result off after 3 decimals."),
    ],
)
def test_the_head_says_how_to_round(rounding: dict[str, object], said: str) -> None:
    solution = deep(rounding=rounding)
    for sheet in (compose(solution), student_sheet(solution, 4), student_sheet(solution, 2)):
        assert Say((said,)) in sheet.parts


@pytest.mark.parametrize("level", [2, 3, 4])
def test_no_result_is_on_the_student_sheet(level: int) -> None:
    solution = solve(HOME / "examples" / "quizzes" / "greenhouse.yaml")
    key, sheet = text(compose(solution)), text(student_sheet(solution, level))
    results = {solution[line.key].decimal().lstrip("-") for line in solution.lines} - {
        "0.8",
        "0.4",
    }  # as large as givens
    assert all(re.search(rf"(?<![\d.]){re.escape(one)}", key) for one in results)
    assert [one for one in results if re.search(rf"(?<![\d.]){re.escape(one)}", sheet)] == []


def test_where_the_comment_is_hidden_there_is_room_to_write_it() -> None:
    for level in (1, 2, 3):
        assert student_sheet(deep(), level).sections[-1].parts == (Room(4),)
    assert student_sheet(deep(), 4).sections[-1].parts[-2:] == (Say((PARTS[-1],)), Room(4))


def test_the_questions_of_level_4_have_the_letters_of_the_key() -> None:
    sheet = student_sheet(deep(ask={"L": 1, "dL/dz3": 1}), 4)
    asked = [part.words[0] for part in sheet.sections[-1].parts if isinstance(part, Say)]
    assert asked == ["b) Work out the loss: ", "c) Work out the slopes of the loss at the output layer: "]


def test_letters_go_on_after_z() -> None:
    assert [lettered(n, "Go") for n in (0, 25, 26, 27, 52)] == ["a) Go", "z) Go", "aa) Go", "ab) Go", "ba) Go"]
