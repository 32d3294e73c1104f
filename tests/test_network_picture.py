"""The picture of a network: nothing stands on anything, and it says what the solution shows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from pictures import box, faults, plainly, said, struck

import handcalc
from handcalc.formula.quantity import read_key
from handcalc.render.svg import svg
from handcalc.render.tikz import tikz
from handcalc.render.typeset.picture import drawn
from handcalc.sheet.edges import THICK
from handcalc.sheet.picture import Circle, Label, Picture, Stroke
from handcalc.sheet.picture_of import network_picture
from handcalc.sheet.student import student_sheet

HOUSE: dict[str, Any] = {
    "inputs": {"rooms": 3, "floor area (100 m²)": "1.2"},
    "layers": [
        {"sigmoid": [["0.2", "-0.5"], ["0.4", "0.3"]], "bias": ["0.1", "-0.6"]},
        {"linear": ["1.5", "2"], "bias": "0.3"},
    ],
    "target": {"price": "3.1"},
    "loss": "half squared error",
    "learning rate": "0.1",
}


def picture_of(network: dict[str, Any], **options: Any) -> Picture:
    found = network_picture(handcalc.solve(network), **options)
    assert found is not None
    return plainly(found)


def texts(picture: Picture, ink: str | None = None) -> list[str]:
    return [said(m) for m in picture.marks if isinstance(m, Label) and (ink is None or m.ink == ink)]


def numbers(places: int) -> st.SearchStrategy[str]:
    return st.integers(-2 * 10**places, 2 * 10**places).map(lambda n: f"{n / 10**places:.{places}f}")


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    if len(sizes) == 3:
        sizes[1] = draw(st.integers(1, 5))
    number = numbers(draw(st.integers(1, 2)))
    layers: list[dict[str, Any]] = []
    for below, width in pairwise(sizes):
        kind = draw(st.sampled_from(["sigmoid", "tanh", "relu", "leaky relu", "linear", "softplus"]))
        layers.append({kind: [[draw(number) for _ in range(below)] for _ in range(width)]})
        if draw(st.booleans()):
            layers[-1]["bias"] = [draw(number) for _ in range(width)]
    names = draw(st.sampled_from(["", "m", "a name that is rather long"]))
    inputs: Any = [draw(number) for _ in range(sizes[0])]
    network: dict[str, Any] = {"inputs": inputs, "layers": layers}
    network |= {"input names": [f"{names} {i}" for i in range(sizes[0])]} if names else {}
    if draw(st.booleans()):
        target = [draw(number) for _ in range(sizes[-1])]
        network |= {"target": target, "loss": "half squared error", "learning rate": "0.5"}
    return network


def worked(network: dict[str, Any]) -> handcalc.Solution:
    """The solution; networks with a digit that can't be certified are passed over."""
    try:
        return handcalc.solve(network)
    except handcalc.CannotDecide:
        reject()


@given(networks())
@settings(max_examples=60, deadline=None)
def test_nothing_stands_on_anything(network: dict[str, Any]) -> None:
    found = network_picture(worked(network))
    assert found is not None
    assert faults(plainly(found)) == []


@given(networks(), st.data())
@settings(max_examples=20, deadline=None)
def test_nor_where_a_path_is_shown(network: dict[str, Any], data: st.DataObject) -> None:
    solution = worked(network)
    weights = [ref.quantity for layer in solution.program.page.layers for row in layer.weights for ref in row]
    found = network_picture(solution, path=data.draw(st.sampled_from(weights)))
    assert found is not None
    assert faults(plainly(found)) == []


@pytest.mark.parametrize("places", [1, 2])
def test_all_weights_of_4_5_4_have_room(places: int) -> None:
    def rows(units: int, below: int) -> list[list[str]]:
        return [[f"-{(j + i + 1) / 10**places:.{places}f}" for i in range(below)] for j in range(units)]

    layers = [{"tanh": rows(5, 4), "bias": rows(1, 5)[0]}, {"linear": rows(4, 5), "bias": rows(1, 4)[0]}]
    picture = picture_of({"inputs": ["1", "2", "3", "4"], "layers": layers})
    assert faults(picture) == []
    assert sum(isinstance(mark, Label) and mark.clear for mark in picture.marks) == 40
    assert picture.width < 482


def test_the_key_has_values_and_gradients() -> None:
    solution = handcalc.solve(HOUSE)
    picture = picture_of(HOUSE)
    assert {"3", "1.2", "0.5250", "2.5337"} <= set(texts(picture, "first"))
    assert {solution[f"dL/d{key}"].decimal().replace("-", "−") for key in ("W1[1,1]", "W2[1,2]", "b2[1]")} <= {
        *texts(picture, "second")
    }


def test_what_is_not_shown_is_not_drawn() -> None:
    assert not [text for text in texts(picture_of(HOUSE, gradients=False)) if "slanted" in text]
    assert texts(picture_of(HOUSE, gradients=False), "second") == []
    assert "0.5250" not in texts(picture_of(HOUSE, values=False))
    assert "0.5250" not in texts(picture_of(HOUSE | {"show": "loss"}))
    assert texts(picture_of(HOUSE | {"show": "forward"}), "second") == []


def test_several_samples_have_no_values() -> None:
    network = HOUSE | {"inputs": [["3", "1.2"], ["4", "1"]], "target": ["3.1", "2"]}
    assert texts(picture_of(network), "second") != []
    assert "above a unit its value, below it its bias" not in texts(picture_of(network))
    assert texts(picture_of(network | {"batch": "online"}), "second") == []


@pytest.mark.parametrize("key", ["W1[2,1]", "dL/dW1[2,1]"])
def test_a_path_leads_from_the_weight_to_the_loss(key: str) -> None:
    picture = picture_of(HOUSE, path=read_key(key))
    thick = [mark for mark in picture.marks if isinstance(mark, Stroke) and mark.width == THICK]
    assert [(a.x2 < b.x1, a.y2 == b.y1) for a, b in pairwise(thick)] == [(True, True)] * 2
    assert picture.alt.endswith("; the ways from W1[2,1] to the loss are drawn thick")
    circles = [mark for mark in picture.marks if isinstance(mark, Circle) and mark.width == THICK]
    assert len(circles) == 3
    assert thick[0].x1 == pytest.approx(min(m.x for m in picture.marks if isinstance(m, Circle)) + 15)


def test_a_path_from_nothing_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="y"):
        picture_of(HOUSE, path=read_key("y[1]"))


def test_a_large_layer_has_no_weights_on_its_edges() -> None:
    layers = [{"tanh": [["0.5"] * 6] * 6, "bias": ["0.1"] * 6}]
    picture = picture_of({"inputs": ["1"] * 6, "layers": layers})
    assert faults(picture) == []
    assert not any(isinstance(mark, Label) and mark.clear for mark in picture.marks)


def test_the_second_ink_is_told_from_the_first_in_every_output() -> None:
    picture = picture_of(HOUSE)
    count = len(texts(picture, "second"))
    assert drawn(picture).operators.count(b" rg 1 0 0.21 1 ") == count
    assert svg(picture).count("skewX(-12deg)") == count
    assert tikz(picture).count("xslant=0.21") == count


def test_on_a_student_sheet_hidden_numbers_are_gone() -> None:
    solution = handcalc.solve(HOUSE)
    sheet = student_sheet(solution, 2)
    picture = next(part for part in sheet.sections[0].parts if isinstance(part, Picture))
    assert not any("slanted" in text or "above a unit" in text for text in texts(picture))
    assert {said for said in texts(picture) if said[-1].isdigit()} == {
        *("3", "1.2", "0.2", "−0.5", "0.4", "0.3", "1.5", "2", "+0.1", "−0.6", "+0.3")
    }


SKIP: dict[str, Any] = {
    "inputs": ["2", "3"],
    "layers": [
        {"branches": [[{"relu": [["0.5", "1"], ["0.25", "-1"]]}, {"tanh": [["1", "2"], ["-1", "1"]]}], []]},
        {"linear": ["1", "2"], "bias": "0.1"},
    ],
}


@st.composite
def branching(draw: st.DrawFn, below: int, depth: int = 2) -> tuple[list[Any], int]:
    """Some layers, and how many units the last of them has."""
    layers: list[Any] = []
    for _ in range(draw(st.integers(1, 2))):
        if depth and draw(st.booleans()):
            inner = [draw(branching(below, depth - 1)) for _ in range(draw(st.integers(1, 2)))]
            if len(inner) == 1 or draw(st.booleans()):
                inner.append(([], below))
            same = len({units for _, units in inner}) == 1
            join = draw(st.sampled_from(["add", "concatenate"])) if same else "concatenate"
            layers.append({"branches": [chain for chain, _ in inner], "join": join})
            below = inner[0][1] if join == "add" else sum(units for _, units in inner)
        else:
            units = draw(st.integers(1, 3))
            number = numbers(draw(st.integers(1, 2)))
            layers.append({"tanh": [[draw(number) for _ in range(below)] for _ in range(units)]})
            below = units
    return layers, below


@given(branching(2), st.booleans())
@settings(max_examples=60, deadline=None)
def test_boxes_have_room_for_what_stands_in_them(layers: tuple[list[Any], int], values: bool) -> None:
    found = network_picture(worked({"inputs": ["0.5", "-1"], "layers": [*layers[0], "sigmoid"]}), values=values)
    assert found is None or faults(plainly(found)) == struck(plainly(found)) == []


def test_a_skip_leads_past_its_branch_and_meets_it_in_a_sum() -> None:
    picture = picture_of(SKIP)
    assert texts(picture).count("+") == 1
    top = max(mark.y1 for mark in picture.marks if isinstance(mark, Stroke))
    (gate,) = (mark for mark in picture.marks if isinstance(mark, Circle))
    past = [mark for mark in picture.marks if isinstance(mark, Stroke) and mark.y1 == top]
    assert [(mark.y2, mark.arrow) for mark in past] == [(top, False), (gate.y + gate.radius, True)]
    assert past[0].x2 == past[1].x1 == past[1].x2 == gate.x
    assert {"h[1] = 2.9993", "W3, b3"} <= set(texts(picture))


def test_on_a_student_sheet_a_unit_keeps_its_letter() -> None:
    picture = next(
        part for part in student_sheet(handcalc.solve(SKIP), 2).sections[0].parts if isinstance(part, Picture)
    )
    assert {"x[1] = 2", "h[1]", "yhat[1]"} <= set(texts(picture))
    assert not [text for text in texts(picture) if "=" in text and not text.startswith("x")]


def test_a_large_layer_is_a_box_that_lists_some_of_its_units() -> None:
    picture = picture_of({"inputs": ["1"] * 12, "layers": [{"tanh": [["0.5"] * 12] * 9}]})
    assert faults(picture) == []
    assert texts(picture).count("…") == 2
    assert not any(isinstance(mark, Circle) for mark in picture.marks)


def test_what_is_left_of_a_picture_has_no_empty_foot() -> None:
    solution = handcalc.solve(HOUSE)
    key, sheet = network_picture(solution), student_sheet(solution, 2)
    assert key is not None
    left = next(part for part in sheet.sections[0].parts if isinstance(part, Picture))
    assert faults(left) == []
    assert left.height < key.height - 20
    assert min(box(m)[1] for m in left.marks if isinstance(m, Label)) < 12
    assert [m.x for m in left.marks if isinstance(m, Circle)] == [m.x for m in key.marks if isinstance(m, Circle)]


def test_a_path_of_an_input_takes_both_ways_around_a_skip() -> None:
    def thick(key: str) -> list[Stroke]:
        found = picture_of(SKIP, path=read_key(key))
        assert faults(found) == struck(found) == []
        return [m for m in found.marks if isinstance(m, Stroke) and m.width == THICK and m.arrow]

    ways = {key: len(thick(key)) for key in ("x[1]", "W1[1,1]", "dL/dW2[1,1]", "W3[1,2]", "b3[1]")}
    assert ways == {"x[1]": 7, "W1[1,1]": 6, "dL/dW2[1,1]": 5, "W3[1,2]": 2, "b3[1]": 2}
    with pytest.raises(ValueError, match="x"):
        picture_of(SKIP, path=read_key("x[3]"))


def test_long_names_take_no_weights_away() -> None:
    names = [f"a name as long as {i}" for i in range(4)]
    layers = [{"tanh": [["-0.25"] * 4] * 5, "bias": ["0.1"] * 5}, {"softmax": [["0.25"] * 5] * 4, "names": names}]
    picture = picture_of({"inputs": ["1"] * 4, "input names": names, "layers": layers})
    assert faults(picture) == []
    assert sum(isinstance(mark, Label) and mark.clear for mark in picture.marks) == 40
    assert picture.width < 520
