"""Fences and root signs as tall as what they enclose.

Source: *The TeXbook*, appendix G, rule 19; OpenType specification, "MATH", MathVariants and GlyphAssembly.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from handcalc.render.typeset.boxes import EMPTY, Box, Part, beside, glyph, raised
from handcalc.render.typeset.metrics import Form, Piece, metrics
from handcalc.render.typeset.style import Level, Style

COVERED, SHORT = 0.901, 0.5
"""A fence covers this part of its content, and is at most this many em shorter (plain TeX's values)."""


def fenced(inner: Box, left: str, right: str, style: Style, *, tall: bool) -> Box:
    """`inner` between fences; an empty `left` or `right` leaves that side open.

    Fences cover what is `tall`. Otherwise they have the height of the line, as an author would write them,
    and scripts reach above and below.
    """
    axis = style.length("AxisHeight")
    half = max(inner.height - axis, inner.depth + axis)
    needed = max(2 * half * COVERED, 2 * half - SHORT * style.em) if tall else 0.0
    closing = fence(right, needed, style.em)
    lean = inner.italic if right else 0.0
    box = beside((fence(left, needed, style.em), inner, lean, closing))
    return Box(box.width, box.height, box.depth, box.parts, plain=bool(right) and needed == 0.0)


def fence(char: str, needed: float, em: float) -> Box:
    """A fence at least `needed` points tall, centred on the axis; as it is for 0; no fence for an empty `char`."""
    if not char:
        return EMPTY
    box = stretched(char, needed, em)
    if not needed:
        return box
    return raised(box, metrics().constants["AxisHeight"] * em - (box.height - box.depth) / 2)


@lru_cache(maxsize=4096)
def stretched(char: str, needed: float, em: float) -> Box:
    """The least tall form of `char` that is at least `needed` points tall."""
    form = metrics().characters[char]
    for taller in (form, *metrics().taller.get(form.number, ())):
        if taller.total * em >= needed:
            return glyph(taller, em, char)
    if form.number in metrics().pieces:
        return _assembled(char, metrics().pieces[form.number], needed, em)
    return glyph(metrics().taller.get(form.number, (form,))[-1], em, char)


def _assembled(char: str, pieces: tuple[Piece, ...], needed: float, em: float) -> Box:
    """Pieces from the bottom up, the repeated ones as often as the height asks for."""
    least, times = metrics().overlap, 0
    while True:
        chain = [piece for piece in pieces for _ in range(times if piece.repeated else 1)]
        longest = sum(piece.total for piece in chain) - least * (len(chain) - 1)
        if longest * em >= needed:
            break
        times += 1
    joints = [min(low.end, high.start) for low, high in pairwise(chain)]
    spare = longest - needed / em
    overlap = min([least + spare / max(len(joints), 1), *joints])
    y = width = 0.0
    parts: list[tuple[float, float, Box | Part]] = []
    for i, piece in enumerate(chain):
        text = char if i == 0 else ""
        parts.append((0.0, (y + piece.form.depth) * em, glyph(piece.form, em, text)))
        width = max(width, piece.form.width)
        y += piece.total - (overlap if i < len(chain) - 1 else 0.0)
    return Box(width * em, y * em, 0.0, tuple(parts))


def root_sign(needed: float, em: float) -> Box:
    return stretched("√", needed, em)


def small(form: Form, level: Level) -> Form:
    """The form of a glyph that is drawn for the style: scripts are drawn a little heavier and wider."""
    forms = metrics().smaller.get(form.number) if level > 1 else None
    return forms[min(level - 2, len(forms) - 1)] if forms else form
