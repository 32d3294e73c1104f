"""The curve of an activation and of the loss along a step: they go where the worked numbers say."""

from __future__ import annotations

from math import exp, tanh
from typing import Any

import pytest
from pictures import faults, plainly, struck

import handcalc
from handcalc.formula.maths import Maths
from handcalc.formula.quantity import read_key
from handcalc.render.text import plain
from handcalc.sheet.axes import BELOW
from handcalc.sheet.curves import activation_plot, step_plot
from handcalc.sheet.fade import Holes, fade
from handcalc.sheet.parts import Sheet
from handcalc.sheet.picture import Circle, Label, Picture, Stroke

HOUSE: dict[str, Any] = {
    "inputs": ["3", "1.2"],
    "layers": [
        {"sigmoid": [["0.2", "-0.5"], ["0.4", "0.3"]], "bias": ["0.1", "-0.6"]},
        {"linear": ["1.5", "2"], "bias": "0.3"},
    ],
    "target": ["3.1"],
    "loss": "half squared error",
    "learning rate": "0.1",
}


def unit(kind: str, weight: str) -> handcalc.Solution:
    return handcalc.solve({"inputs": ["1"], "layers": [{kind: [weight]}]})


def in_numbers(picture: Picture, x: float, y: float) -> tuple[float, float]:
    """A place in the picture in the numbers of its axes, as the first and the last tick of each say."""
    ticks = [m for m in picture.marks if isinstance(m, Label) and isinstance(m.content, Maths)]
    across = sorted((m.x, float(spelt(m))) for m in ticks if m.y == BELOW - 11)
    up = sorted((m.y, float(spelt(m))) for m in ticks if m.anchor == "right" and spelt(m)[-1].isdigit())

    def between(place: float, ends: list[tuple[float, float]]) -> float:
        (low, first), (high, last) = ends[0], ends[-1]
        return first + (place - low) / (high - low) * (last - first)

    return between(x, across), between(y, up)


def spelt(label: Label) -> str:
    assert isinstance(label.content, Maths)
    return plain(label.content).replace("−", "-")


def dots(picture: Picture) -> list[tuple[float, float]]:
    return [in_numbers(picture, m.x, m.y) for m in picture.marks if isinstance(m, Circle)]


def curve(picture: Picture) -> list[tuple[float, float]]:
    return [in_numbers(picture, m.x1, m.y1) for m in picture.marks if isinstance(m, Stroke) and m.width == 1.0]


def of_activation(solution: handcalc.Solution, key: str) -> Picture:
    found = activation_plot(solution, read_key(key))
    assert found is not None
    return plainly(found)


@pytest.mark.parametrize(
    ("kind", "weight", "value", "slope"),
    [
        ("sigmoid", "0.4", lambda z: 1 / (1 + exp(-z)), lambda z: exp(-z) / (1 + exp(-z)) ** 2),
        ("sigmoid", "-6", lambda z: 1 / (1 + exp(-z)), lambda z: exp(-z) / (1 + exp(-z)) ** 2),
        ("tanh", "2.75", tanh, lambda z: 1 - tanh(z) ** 2),
        ("relu", "1.5", lambda z: max(z, 0), lambda z: 1),
        ("relu", "-1.5", lambda z: max(z, 0), lambda z: 0),
        ("linear", "40", lambda z: z, lambda z: 1),
    ],
)
def test_the_point_lies_on_the_curve_and_the_tangent_touches_it(kind: str, weight: str, value: Any, slope: Any) -> None:
    picture, z = of_activation(unit(kind, weight), "yhat[1]"), float(weight)
    assert dots(picture) == [pytest.approx((z, value(z)), abs=1e-6)]
    for x, y in curve(picture):
        assert y == pytest.approx(value(x), abs=1e-6)
    (tangent,) = (m for m in picture.marks if isinstance(m, Stroke) and m.ink == "second")
    (x1, y1), (x2, y2) = (in_numbers(picture, *p) for p in ((tangent.x1, tangent.y1), (tangent.x2, tangent.y2)))
    assert x1 <= z <= x2
    assert (y2 - y1) / (x2 - x1) == pytest.approx(slope(z), abs=1e-6)
    assert y1 + (z - x1) * slope(z) == pytest.approx(value(z), abs=1e-6)
    assert faults(picture) == []


def test_a_jump_is_not_joined() -> None:
    picture = of_activation(unit("step", "0.5"), "yhat[1]")
    assert {round(y, 6) for _, y in curve(picture)} == {0, 1}
    assert not [m for m in picture.marks if isinstance(m, Stroke) and m.width == 1.0 and m.y1 != m.y2]


def test_the_step_leads_from_the_loss_before_to_the_loss_after() -> None:
    solution = handcalc.solve(HOUSE)
    found = step_plot(solution)
    assert found is not None
    losses = [float(solution["L"]), float(solution["L[u=1]"])]
    assert dots(found) == [pytest.approx((t, loss), abs=1e-6) for t, loss in enumerate(losses)]
    half = next(loss for t, loss in curve(found) if t == pytest.approx(0.5))
    twice = HOUSE | {"learning rate": "0.05"}
    assert half == pytest.approx(float(handcalc.solve(twice)["L[u=1]"]), abs=1e-6)
    assert faults(found) == []


def test_a_step_of_another_optimiser_is_its_own() -> None:
    solution = handcalc.solve(HOUSE | {"optimiser": "adam"})
    found = step_plot(solution)
    assert found is not None
    assert dots(found)[1][1] == pytest.approx(float(solution["L[u=1]"]), abs=1e-6)


def test_there_is_no_plot_of_what_is_no_curve() -> None:
    softmax = handcalc.solve({"inputs": ["1"], "layers": [{"softmax": [["0.5"], ["1"]]}]})
    assert activation_plot(softmax, read_key("p[1]")) is None
    assert activation_plot(softmax, read_key("z[1]")) is None
    assert step_plot(softmax) is None
    assert step_plot(handcalc.solve(HOUSE | {"learning rate": None, "show": "loss"})) is None
    letters = {"inputs": ["1"], "layers": [{"sigmoid": ["w"]}], "letters": ["w"]}
    assert activation_plot(handcalc.solve(letters), read_key("yhat[1]")) is None
    with pytest.raises(handcalc.UnknownQuantity):
        activation_plot(softmax, read_key("a7[1]"))


def test_curves_stand_on_no_student_sheet() -> None:
    solution = handcalc.solve(HOUSE)
    plots = (activation_plot(solution, read_key("a1[1]")), step_plot(solution))
    assert all(plots)
    assert fade(Sheet("", plots, ()), Holes(lambda q: False)).parts == ()  # type: ignore[arg-type]


def test_what_is_said_of_a_point_is_struck_by_no_curve() -> None:
    solution = handcalc.solve(HOUSE)
    for found in (activation_plot(solution, read_key("a1[1]")), step_plot(solution)):
        assert found is not None
        curves = tuple(m for m in found.marks if not isinstance(m, Stroke) or m.width == 1.0)
        assert struck(plainly(Picture(found.width, found.height, curves, ""))) == []
