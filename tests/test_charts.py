"""The charts of a class: bars as long as their numbers, nothing on anything else, texts as they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markupsafe import escape
from pictures import faults, said, struck

from handcalc.formula.look import USUAL
from handcalc.formula.maths import Maths
from handcalc.formula.quantity import Quantity
from handcalc.mark.charts import FILLED, PLACE, SPACE, WIDTH, Bar, lying, upright
from handcalc.render.html import fragment, html
from handcalc.sheet.labels import named_on_a_line
from handcalc.sheet.parts import Sheet
from handcalc.sheet.picture import Label, Picture, Stroke

HOSTILE = r'$\frac{1$ <script>alert("1")</script> & 0_1^2 \n'
"""Matplotlib would look for a formula between the dollar signs."""


def bars(picture: Picture, grey: float = 0.55) -> list[Stroke]:
    return [one for one in picture.marks if isinstance(one, Stroke) and one.grey == grey]


def labels(picture: Picture) -> dict[str, Label]:
    return {said(one): one for one in picture.marks if isinstance(one, Label)}


def slope(i: int) -> Maths:
    return named_on_a_line(Quantity("L", of=Quantity("W", 2, (i, 12)), role="gradient"), USUAL)


def totals(*sheets: int, name: str = "") -> Picture:
    named = [Bar(f"{name}{n}", count, str(count)) for n, count in enumerate(sheets)]
    return upright(named, across="marks", up="sheets", alt="totals")


def shares(*lengths: float) -> Picture:
    named = [Bar(slope(i), length, f"{length:.0%}") for i, length in enumerate(lengths)]
    return lying(named, up="share", alt="shares")


def test_a_standing_bar_is_as_high_as_its_number() -> None:
    picture = totals(1, 4, 0, 3)
    found = bars(picture)
    assert [bar.width / found[0].width for bar in found] == pytest.approx([1, 4, 3])
    assert {round(bar.x2 - bar.x1, 6) for bar in found} == {round(found[0].x2 - found[0].x1, 6)}
    feet = {round(bar.y1 - bar.width / 2, 6) for bar in found}
    axis = bars(picture, 0.0)
    assert feet == {round(line.y1, 6) for line in axis}


def test_a_lying_bar_is_the_share_of_a_whole() -> None:
    picture = shares(0.5, 1.0, 0.0, 0.25)
    wholes = [bar.x2 - bar.x1 for bar in bars(picture, 0.9)]
    assert wholes == pytest.approx([wholes[0]] * 4)
    assert [(bar.x2 - bar.x1) / wholes[0] for bar in bars(picture)] == pytest.approx([0.5, 1.0, 0.25])
    assert {round(bar.width, 6) for bar in bars(picture)} == {PLACE * FILLED}
    assert {round(one.x, 6) for one in labels(picture).values() if one.anchor == "right"} == {
        round(bars(picture)[0].x1 - SPACE, 6)
    }
    numbers = [one.x for name, one in labels(picture).items() if "%" in name]
    assert numbers == pytest.approx([bar.x2 + SPACE for bar in bars(picture, 0.9)])


def test_names_and_numbers_stand_at_their_bars() -> None:
    picture, standing = shares(0.5, 1.0, 0.25), totals(2, 5, 1)
    found = labels(picture)
    for n, (bar, share) in enumerate(zip(bars(picture), ("50%", "100%", "25%"), strict=True)):
        assert found[share].y == pytest.approx(bar.y1)
        assert found[said(Label(0, 0, slope(n)))].y == pytest.approx(bar.y1)
    assert [bar.y1 for bar in bars(picture)] == sorted((bar.y1 for bar in bars(picture)), reverse=True)
    above = labels(standing)
    for bar, count in zip(bars(standing), "251", strict=True):
        assert above[count].x == pytest.approx((bar.x1 + bar.x2) / 2)
        assert 0 < above[count].y - (bar.y1 + bar.width / 2) < 15


def test_several_charts_have_one_scale() -> None:
    every = [Bar(slope(1), 0.5, "50 %"), Bar("z", 0.5, "5 %")]
    first, second = (lying([bar], up="share", alt="", every=every) for bar in every)
    assert [bar.x1 for bar in bars(first)] == pytest.approx([bar.x1 for bar in bars(second)])
    assert [bar.x2 for bar in bars(first)] == pytest.approx([bar.x2 for bar in bars(second)])
    assert first.width == pytest.approx(second.width)


@pytest.mark.parametrize("count", [1, 2, 12, 18, 60])
def test_nothing_stands_on_anything_else(count: int) -> None:
    standing = totals(*(7 * n % 300 for n in range(min(count, 12))), name="1000–10")
    chart = shares(*(n / count for n in range(count)))
    for picture in (standing, chart):
        assert faults(picture) == []
        assert struck(picture) == []
    assert chart.width == pytest.approx(WIDTH)
    assert len(labels(chart)) > count


def test_a_chart_of_zeros_has_no_bar() -> None:
    assert bars(totals(0, 0)) == []
    assert bars(shares(0.0)) == []


def test_texts_are_texts() -> None:
    picture = lying([Bar(HOSTILE, 0.5, "50 %")], up=HOSTILE + "!", alt=HOSTILE)
    page = html(Sheet("t", (picture,), ()))
    assert {HOSTILE, HOSTILE + "!"} <= labels(picture).keys()
    assert "<script" not in page
    assert page.count(str(escape(HOSTILE))) == 4
    ElementTree.fromstring(fragment(Sheet("t", (picture,), ())))


def test_a_chart_is_said_in_words() -> None:
    page = html(Sheet("t", (totals(1, 2),), ()))
    assert 'role="img" aria-label="totals"' in page
    assert "<title>totals</title>" in page


def test_the_settings_of_matplotlib_s_user_and_the_process_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 30\naxes.xmargin: 0.4\ntext.usetex: True\nlines.linewidth: 9\n")
    script = "from test_charts import *\nprint(repr((totals(1, 4), shares(0.5, 0.25))))"
    found = {repr((totals(1, 4), shares(0.5, 0.25)))}
    for seed, rc in (("1", ""), ("2", str(tmp_path / "matplotlibrc"))):
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "MATPLOTLIBRC": rc, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        found.add(done.stdout.strip())
    assert len(found) == 1
