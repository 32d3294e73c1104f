"""A picture in TikZ: the same points as in `picture`, one command for each mark."""

from __future__ import annotations

from handcalc.render.latex_maths import maths_to_latex
from handcalc.render.latex_text import comment, text_to_latex
from handcalc.sheet.picture import SECOND, SLANT, Circle, Label, Mark, Picture, Stroke

ANCHORS = {"left": "west", "middle": "center", "right": "east"}
LEADING = 1.2
COLOUR = "{{rgb,255:red,{};green,{};blue,{}}}".format(*SECOND)


def tikz(picture: Picture) -> str:
    """A ``tikzpicture`` as large as `picture`; its unit is the point of 1/72 inch, TeX's bp."""
    lines = [
        f"% {comment(picture.alt)}",
        r"\begin{tikzpicture}[x=1bp, y=1bp]",
        rf"\useasboundingbox (0,0) rectangle ({_n(picture.width)},{_n(picture.height)});",
        *map(_drawn, picture.marks),
        r"\end{tikzpicture}",
    ]
    return "\n".join(lines)


def _drawn(mark: Mark) -> str:
    match mark:
        case Stroke():
            second = mark.ink == "second"
            style = [f"line width={_n(mark.width)}bp", f"color={COLOUR if second else _grey(mark.grey)}"]
            style += ["dashed"] * (mark.dashed or second) + ["-stealth"] * mark.arrow
            return rf"\draw[{', '.join(style)}] ({_n(mark.x1)},{_n(mark.y1)}) -- ({_n(mark.x2)},{_n(mark.y2)});"
        case Circle():
            fill = "" if mark.fill is None else f", fill={_grey(mark.fill)}"
            at = f"({_n(mark.x)},{_n(mark.y)})"
            return rf"\draw[line width={_n(mark.width)}bp{fill}] {at} circle[radius={_n(mark.radius)}bp];"
        case Label():
            return _label(mark)
    raise TypeError(f"no TikZ for {mark!r}")


def _label(label: Label) -> str:
    text = text_to_latex(label.content) if isinstance(label.content, str) else f"${maths_to_latex(label.content)}$"
    font = rf"\fontsize{{{_n(label.size)}bp}}{{{_n(label.size * LEADING)}bp}}\selectfont"
    style = ", fill=white, inner sep=1bp" if label.clear else ", inner sep=0bp"
    style += f", text={COLOUR}, xslant={SLANT}" if label.ink == "second" else ""
    return rf"\node[anchor={ANCHORS[label.anchor]}{style}] at ({_n(label.x)},{_n(label.y)}) {{{font} {text}}};"


def _grey(grey: float) -> str:
    return f"black!{_n(100 * (1 - grey))}"


def _n(x: float) -> str:
    """A number without trailing zeros; never an exponent."""
    return f"{x:.3f}".rstrip("0").rstrip(".")
