"""The plot of the loss: where its points and ticks lie, and that the ticks are written exactly."""

from decimal import Decimal

import pytest
from flint import fmpq

from handcalc.formula.maths import Maths
from handcalc.render.svg import svg
from handcalc.render.text import plain
from handcalc.render.tikz import tikz
from handcalc.render.typeset.picture import drawn
from handcalc.sheet.axes import BELOW, HEIGHT, LEFT, WIDTH
from handcalc.sheet.picture import Circle, Label, Picture, Stroke
from handcalc.sheet.plot import MOST_POINTS, Point, loss_plot, thinned


def plot(*points: Point, logarithmic: bool | None = None, comma: bool = False) -> Picture:
    return loss_plot(points, across="updates", up="loss", alt="The loss", logarithmic=logarithmic, comma=comma)


def ticks(picture: Picture, *, up: bool) -> list[str]:
    found = [mark for mark in picture.marks if isinstance(mark, Label) and isinstance(mark.content, Maths)]
    return [plain(mark.content) for mark in found if isinstance(mark.content, Maths) and (mark.anchor == "right") == up]


def spots(picture: Picture) -> list[tuple[float, float]]:
    return [(mark.x, mark.y) for mark in picture.marks if isinstance(mark, Circle)]


def test_points_lie_where_the_ticks_say() -> None:
    picture = plot((0, "0.8"), (5, fmpq(2, 5)), (10, "3/20"))
    assert ticks(picture, up=False) == ["0", "2", "4", "6", "8", "10"]
    assert ticks(picture, up=True) == ["0", "0.2", "0.4", "0.6", "0.8"]
    assert spots(picture) == [
        pytest.approx((LEFT + WIDTH * x, BELOW + HEIGHT * y)) for x, y in ((0, 1), (0.5, 0.5), (1, 0.1875))
    ]


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        (("0.71…", "0.69…"), ["0", "0.2", "0.4", "0.6", "0.8"]),
        (("3·10^-8", "0"), ["0", "5·10^(−9)", "10^(−8)", "1.5·10^(−8)", "2·10^(−8)", "2.5·10^(−8)", "3·10^(−8)"]),
        (("1.7·10^12", "1"), ["0", "5·10^11", "10^12", "1.5·10^12", "2·10^12"]),
        (("-2", "2"), ["−2", "−1", "0", "1", "2"]),
        (("0", "0"), ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
    ],
)
def test_ticks_are_exact_and_round(losses: tuple[str, str], said: list[str]) -> None:
    assert ticks(plot(*enumerate(losses), logarithmic=False), up=True) == said


def test_a_decimal_comma_on_request() -> None:
    assert ticks(plot((0, "0,5"), (1, "0,1"), comma=True), up=True) == ["0", "0,1", "0,2", "0,3", "0,4", "0,5"]


def test_the_axis_is_logarithmic_beyond_two_decades() -> None:
    assert ticks(plot((0, "1"), (1, "0.01")), up=True)[0] == "0"
    assert ticks(plot((0, "1"), (1, "0.0099")), up=True) == ["0.001", "0.01", "0.1", "1"]
    assert ticks(plot((0, "0.7"), (1, "0.00000018")), up=True) == ["10^(−8)", "10^(−6)", "10^(−4)", "10^(−2)", "10^0"]
    assert ticks(plot((0, "1"), (1, "0")), up=True)[0] == "0"


def test_a_power_of_ten_lies_at_its_tick() -> None:
    assert spots(plot((0, "1"), (1, "0.01"), (2, "0.001")))[1][1] == pytest.approx(BELOW + HEIGHT * 1 / 3)


@pytest.mark.parametrize("loss", [fmpq(10) ** 700, fmpq(1) / fmpq(10) ** 700, "1.5·10^900"])
def test_what_no_float_holds_is_drawn(loss: str | fmpq) -> None:
    for _, y in spots(plot((0, loss), (1, "1"))):
        assert BELOW <= y <= BELOW + HEIGHT


def test_updates_are_whole_numbers() -> None:
    assert ticks(plot((0, "1"), (1, "0.5")), up=False) == ["0", "1"]
    assert ticks(plot((7, "1")), up=False)[0] == "7"


def test_a_long_curve_keeps_its_ends_and_its_peaks() -> None:
    curve = [(Decimal(i), Decimal(9 if i == 4321 else -9 if i == 77 else i % 3)) for i in range(10_000)]
    kept = thinned(curve)
    assert len(kept) <= MOST_POINTS
    assert {curve[0], curve[-1], curve[4321], curve[77]} <= set(kept)
    assert kept == sorted(kept)
    assert thinned(curve[:MOST_POINTS]) == curve[:MOST_POINTS]


def test_the_line_has_no_more_strokes_than_points() -> None:
    picture = plot(*((i, str(1000 - i % 7)) for i in range(5000)))
    line = [mark for mark in picture.marks if isinstance(mark, Stroke) and mark.width == 1.0]
    assert 100 < len(line) < MOST_POINTS
    assert not spots(picture)


def test_nothing_to_draw_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        plot()
    with pytest.raises(ValueError, match="0 or less"):
        plot((0, "0"), logarithmic=True)


def test_every_output_draws_it() -> None:
    picture = plot((0, "1"), (3, "0.2"))
    assert "updates" in svg(picture)
    assert r"\node" in tikz(picture)
    assert drawn(picture).operators
