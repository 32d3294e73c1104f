"""Charts of a class: Matplotlib lays them out, and what it draws becomes the marks of a picture.

So every output shows a chart as it shows any picture: names are formulas in the letters of the page, texts are escaped
where all texts are, no font but the page's own is asked for. Grey, so that they print everywhere; the number stands at
each bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Literal, NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Transform
from matplotlib.typing import ColorType

from handcalc.formula.look import USUAL, Notation
from handcalc.formula.maths import Maths
from handcalc.formula.notation import on_paper
from handcalc.sheet.labels import wide
from handcalc.sheet.picture import Anchor, Label, Mark, Picture, Stroke

POINTS = 72
"""To an inch. What Matplotlib calls a dot is a point here."""
WIDTH, HEIGHT = 320.0, 140.0
"""About the width of a chart, in points; the highest bar that stands."""
LEAST = 180.0
"""The longest bar that lies is at least so long."""
PLACE = 18.0
"""From one lying bar to the next."""
FILLED = 0.8
"""A bar's share of its place."""
SIZE, SMALL = 10.0, 8.0
"""Of letters; of names side by side."""
ROW = 18.0
"""From one row of text to the next."""
SPACE, APART = 5.0, 6.0
"""Between a bar and what is said at it, and around the whole; between names side by side."""
LINE = 0.6
"""How thick an axis is."""
GREY, LIGHT = "0.55", "0.9"
ANCHORS: dict[str, Anchor] = {"left": "left", "center": "middle", "right": "right"}
RAISED = {"top": -0.5, "center": 0.0, "center_baseline": 0.0, "baseline": 0.5, "bottom": 0.5}
"""The middle of a label above the point that is placed, by Matplotlib's name for it, in sizes of its type."""


class Bar(NamedTuple):
    """What a bar is called, on one row; how long it is; what is said at its end."""

    name: Maths | str
    length: float
    said: str


def upright(bars: Sequence[Bar], *, across: str, up: str, alt: str) -> Picture:
    """A bar for each name, side by side, of which the longest is as high as the picture."""
    ink = _Ink()
    place = max((WIDTH - 2 * SPACE) / len(bars), max(ink.width(bar.name, SMALL) for bar in bars) + APART)
    with _chart(place * len(bars), HEIGHT, below=ROW + SIZE, above=ROW + SPACE + SIZE) as (figure, axes):
        places = range(len(bars))
        drawn = axes.bar(places, [bar.length for bar in bars], FILLED, color=GREY)
        axes.bar_label(drawn, [ink.put(bar.said if bar.length else "") for bar in bars], fontsize=SIZE, padding=SPACE)
        axes.set_xticks(places, [ink.put(bar.name) for bar in bars], fontsize=SMALL)
        axes.set_xlim(-0.5, len(bars) - 0.5)
        axes.set_ylim(0, max(bar.length for bar in bars) or 1)
        axes.set_xlabel(ink.put(across), fontsize=SIZE)
        axes.xaxis.set_label_coords(0.5, -ROW / HEIGHT)
        axes.set_title(ink.put(up), fontsize=SIZE, loc="left", y=1, pad=ROW + SPACE)
        axes.spines.bottom.set_visible(True)
        return ink.picture(figure, alt)


def lying(bars: Sequence[Bar], *, up: str, alt: str, every: Sequence[Bar] = (), notation: Notation = USUAL) -> Picture:
    """A bar for each name, one below the other, on a light one that is the whole; lengths are shares, from 0 to 1.

    **Arguments:**

    - `every`: the bars of several charts, of which this is one: in all of them a share is as long.
    - `notation`: that of the sheet, which says how wide a name will be.
    """
    ink, every = _Ink(notation), every or bars
    left = SPACE + max(ink.width(bar.name) for bar in every)
    right = SPACE + max(ink.width(bar.said) for bar in every)
    width, height = max(WIDTH - left - right - 2 * SPACE, LEAST), PLACE * len(bars)
    with _chart(width, height, left=left, right=right, above=SPACE + SIZE) as (figure, axes):
        places = range(len(bars))
        whole = axes.barh(places, [1] * len(bars), FILLED, color=LIGHT)
        axes.barh(places, [min(bar.length, 1.0) for bar in bars], FILLED, color=GREY)
        axes.bar_label(whole, [ink.put(bar.said) for bar in bars], fontsize=SIZE, padding=SPACE)
        axes.set_yticks(places, [ink.put(bar.name) for bar in bars], fontsize=SIZE)
        axes.set_xlim(0, 1)
        axes.set_ylim(len(bars) - 0.5, -0.5)
        axes.set_title(ink.put(up), fontsize=SIZE, loc="left", y=1, pad=SPACE)
        return ink.picture(figure, alt)


@contextmanager
def _chart(
    width: float, height: float, *, left: float = 0.0, right: float = 0.0, below: float = 0.0, above: float = 0.0
) -> Iterator[tuple[Figure, Axes]]:
    """Axes of this size, in points, with so much room around them and a little more; they have neither lines nor ticks,
    whatever a user's own settings of Matplotlib are.
    """
    across, up = left + width + right + 2 * SPACE, below + height + above + 2 * SPACE
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        figure = Figure((across / POINTS, up / POINTS), dpi=POINTS, frameon=False)
        axes = figure.add_axes(((left + SPACE) / across, (below + SPACE) / up, width / across, height / up))
        axes.patch.set_visible(False)
        axes.spines[:].set_visible(False)
        axes.spines[:].set_linewidth(LINE)
        axes.tick_params(length=0, pad=SPACE)
        axes.set_xticks(())
        axes.set_yticks(())
        yield figure, axes


class _Ink(RendererBase):
    """What Matplotlib draws, as marks in points, y up: upright rectangles, straight lines, labels; nothing else.

    In place of a text Matplotlib is given a number, so that it reads no formula into it.
    """

    def __init__(self, notation: Notation = USUAL) -> None:
        super().__init__()
        self.notation = notation
        self.marks: list[Mark] = []
        self.contents: list[Maths | str] = []

    def put(self, content: Maths | str) -> str:
        """What Matplotlib is given for `content`; nothing for nothing."""
        self.contents.append(content)
        return str(len(self.contents) - 1) if content else ""

    def width(self, content: Maths | str, size: float = SIZE) -> float:
        return wide(on_paper(content, self.notation) if isinstance(content, Maths) else content, size)

    def picture(self, figure: Figure, alt: str) -> Picture:
        figure.draw(self)
        return Picture(figure.bbox.width, figure.bbox.height, tuple(self.marks), alt)

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: ColorType | None = None
    ) -> None:
        there = path.transformed(transform)
        if rgbFace is None:
            width, grey = gc.get_linewidth(), gc.get_rgb()[0]
            points = np.asarray(there.vertices, float).tolist()
            self.marks += [Stroke(x1, y1, x2, y2, width, grey=grey) for (x1, y1), (x2, y2) in pairwise(points)]
            return
        (left, low), (right, high) = there.get_extents().get_points().tolist()
        if right > left and high > low:
            middle, grey = (low + high) / 2, to_rgb(rgbFace)[0]
            self.marks.append(Stroke(left, middle, right, middle, high - low, grey=grey))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool | Literal["TeX"] = False,
        mtext: Text | None = None,
    ) -> None:
        """At the place that is meant: (x, y) is that of the first letter in a font that isn't the page's."""
        assert mtext
        there, up = mtext.get_transform().transform(mtext.get_unitless_position()).tolist()
        anchor, size = ANCHORS[mtext.get_horizontalalignment()], prop.get_size_in_points()
        up += RAISED[mtext.get_verticalalignment()] * size
        self.marks.append(Label(there, up, self.contents[int(s)], anchor, size))
