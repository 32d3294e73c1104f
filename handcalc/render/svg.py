"""A picture as inline SVG: the same points as in `picture`, with y turned downwards.

Formulas are MathML in a ``foreignObject``; nothing has an id, so that many pictures can share a page.
"""

from __future__ import annotations

from math import atan, degrees, hypot

from markupsafe import Markup

from handcalc.render.mathml import harmless, mathml
from handcalc.sheet.picture import SECOND, SLANT, Circle, Label, Mark, Picture, Stroke

ANCHORS = {"left": "start", "middle": "middle", "right": "end"}
COLOUR = "#{:02x}{:02x}{:02x}".format(*SECOND)
LEANING = f"display: inline-block; color: {COLOUR}; transform: skewX(-{degrees(atan(SLANT)):.0f}deg)"
"""Browsers don't know slanted digits in a formula."""
SMALLEST = 0.75
"""A picture isn't drawn smaller; where there is less room it can be moved."""
HEAD, HALF = 6.0, 2.2
"""Length and half the width of an arrow head, in points."""
BOX = 200.0, 40.0
"""Room for a formula; it may be larger, nothing is cut off."""


def svg(picture: Picture) -> Markup:
    """An ``svg`` element as wide as `picture`, or as its container if that is narrower, but never too small to read."""
    alt = harmless(picture.alt)
    return Markup(
        '<svg class="picture" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{alt}" viewBox="0 0 {w} {h}"'
        ' style="width: {w}pt; max-width: 100%; min-width: {least}pt">\n<title>{alt}</title>\n{marks}\n</svg>'
    ).format(
        alt=alt,
        w=_n(picture.width),
        least=_n(picture.width * SMALLEST),
        h=_n(picture.height),
        marks=Markup("\n").join(_drawn(mark, picture.height) for mark in picture.marks),
    )


def _drawn(mark: Mark, height: float) -> Markup:
    match mark:
        case Stroke():
            return _stroke(mark, height)
        case Circle():
            fill = "none" if mark.fill is None else _grey(mark.fill)
            return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="#000" stroke-width="{}"/>').format(
                _n(mark.x), _n(height - mark.y), _n(mark.radius), fill, _n(mark.width)
            )
        case Label(content=str()):
            return _text(mark, height)
        case Label():
            return _formula(mark, height)
    raise TypeError(f"no SVG for {mark!r}")


def _stroke(mark: Stroke, height: float) -> Markup:
    x1, y1, x2, y2 = mark.x1, height - mark.y1, mark.x2, height - mark.y2
    length = hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    back = min(HEAD, length) if mark.arrow else 0.0
    dashes = Markup(' stroke-dasharray="3 2"') if mark.dashed or mark.ink == "second" else ""
    colour = COLOUR if mark.ink == "second" else _grey(mark.grey)
    line = Markup('<path d="M{} {}L{} {}" stroke="{}" stroke-width="{}"{}/>').format(
        _n(x1), _n(y1), _n(x2 - ux * back / 2), _n(y2 - uy * back / 2), colour, _n(mark.width), dashes
    )
    if not mark.arrow:
        return line
    corners = [(x2, y2)] + [(x2 - ux * back + s * uy * HALF, y2 - uy * back - s * ux * HALF) for s in (1, -1)]
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)
    return line + Markup('<polygon points="{}" fill="{}"/>').format(points, colour)


def _text(label: Label, height: float) -> Markup:
    style = Markup(' class="clear"') if label.clear else Markup()
    if label.ink == "second":
        style += Markup(' fill="{}" font-style="italic"').format(COLOUR)
    return Markup('<text x="{}" y="{}" font-size="{}" text-anchor="{}" dominant-baseline="central"{}>{}</text>').format(
        _n(label.x), _n(height - label.y), _n(label.size), ANCHORS[label.anchor], style, harmless(str(label.content))
    )


def _formula(label: Label, height: float) -> Markup:
    assert not isinstance(label.content, str)
    wide, high = BOX
    left = {"left": 0.0, "middle": wide / 2, "right": wide}[label.anchor]
    style = Markup(' class="clear"') if label.clear else Markup()
    if label.ink == "second":
        style += Markup(' style="{}"').format(LEANING)
    return Markup(
        '<foreignObject x="{}" y="{}" width="{}" height="{}"><div xmlns="http://www.w3.org/1999/xhtml" class="label {}"'
        ' style="font-size: {}px"><span{}>{}</span></div></foreignObject>'
    ).format(
        _n(label.x - left),
        _n(height - label.y - high / 2),
        _n(wide),
        _n(high),
        label.anchor,
        _n(label.size),
        style,
        mathml(label.content),
    )


def _grey(grey: float) -> str:
    return "#" + f"{round(255 * min(max(grey, 0.0), 1.0)):02x}" * 3


def _n(x: float) -> str:
    """A number without trailing zeros; never an exponent."""
    return f"{x:.2f}".rstrip("0").rstrip(".")
