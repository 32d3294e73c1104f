"""Set a formula: the tree of marks becomes boxes, by the rules of TeX and the measures of the font.

Source: *The TeXbook*, appendix G (the rules are named below); OpenType specification, "MATH", whose
constants took the place of TeX's font parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from handcalc.formula.look import look
from handcalc.formula.maths import (
    Blank,
    Choice,
    Digits,
    Fenced,
    Fraction,
    Function,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Root,
    Row,
    Script,
    Shown,
    Slot,
    Word,
)
from handcalc.formula.notation import looked_up, marks_in, untraced
from handcalc.render.typeset.boxes import EMPTY, Box, Gap, Part, Rule, beside, glyph, rule
from handcalc.render.typeset.fences import fenced, root_sign, small
from handcalc.render.typeset.letters import italic, letter
from handcalc.render.typeset.metrics import metrics
from handcalc.render.typeset.style import Kind, Level, Style, space
from handcalc.render.typeset.tables import cases, grid, ruled

WHITE = 0.14
"""Around a blank, in em: two of them never touch."""
DOTS = 0.3
"""From one dot of a dotted line to the next, in em."""
SIDE = 0.12
"""Space on each side of a fraction, in em (TeX's \\nulldelimiterspace)."""


@lru_cache(maxsize=16384)
def typeset(mark: Maths, size: float, level: Level = Level.DISPLAY, *, continues: bool = False) -> Box:
    """Set `mark` in type of `size` points.

    `continues` says that `mark` goes on with a row above, so that an operator it begins with is binary.
    """
    style = Style(size, level)
    box = _row(list(spliced(mark)), style, continues=continues)
    if _has_room(mark) and not marks_in(mark, Blank):
        # nothing is to be written beside its numbers: they can stand as close as ever in the place of the whole
        close = _row(list(spliced(untraced(mark))), style, continues=continues)
        return replace(close, width=box.width, height=box.height, depth=box.depth)
    return box


def _has_room(mark: Maths) -> bool:
    match mark:
        case Shown():
            return True
        case Row(items):
            return any(map(_has_room, items))
        case Fraction(one, other):
            return _has_room(one) or _has_room(other)
        case Script(base, sub, sup):
            return any(part is not None and _has_room(part) for part in (base, sub, sup))
        case Fenced(inner) | Root(inner):
            return _has_room(inner)
        case Matrix(rows):
            return any(_has_room(cell) for row in rows for cell in row)
        case Choice(rows):
            return any(_has_room(part) for row in rows for part in row if part is not None)
    return False


@lru_cache(maxsize=4096)
def upright(text: str, size: float) -> Box:
    """Plain text in the upright letters of the mathematical font."""
    return _text(text, Style(size, Level.TEXT))


def set_in(mark: Maths, style: Style) -> Box:
    return _SET[type(mark)](mark, style)


def spliced(mark: Maths) -> Iterator[Maths]:
    """The items of a row, and of the rows and letters in it, side by side."""
    if isinstance(mark, Row):
        for item in mark.items:
            yield from spliced(item)
    elif isinstance(mark, Slot):
        yield from spliced(look(mark.quantity))
    else:
        yield mark


def _row(items: list[Maths], style: Style, *, continues: bool = False) -> Box:
    sides = _sides(items, continues=continues)
    boxes: list[Box | float] = []
    before = Kind.ORDINARY if continues else None
    for item, (left, right) in zip(items, sides, strict=True):
        box = set_in(item, style)
        if boxes and isinstance(boxes[-1], Box) and boxes[-1].italic and not isinstance(item, Letter):
            boxes.append(boxes[-1].italic)
        if before is not None and (boxes or continues):
            boxes.append(space(before, left, style))
        boxes.append(box)
        before = right
    return boxes[0] if len(boxes) == 1 and isinstance(boxes[0], Box) else beside(boxes)


def _sides(items: list[Maths], *, continues: bool) -> list[tuple[Kind, Kind]]:
    """What each item is to the one on its left and to the one on its right; a sign is no operator (rules 5, 6)."""
    sides = [_kinds(item) for item in items]
    before = Kind.ORDINARY if continues else Kind.OPENING
    for i, (left, right) in enumerate(sides):
        after = sides[i + 1][0] if i + 1 < len(sides) else Kind.CLOSING
        alone = before in _NO_OPERAND_LEFT or after in (Kind.RELATION, Kind.CLOSING, Kind.PUNCTUATION)
        if left == Kind.BINARY and alone:
            sides[i] = (Kind.ORDINARY, Kind.ORDINARY)
        before = sides[i][1] if left == Kind.BINARY else right
    return sides


_NO_OPERAND_LEFT = {Kind.BINARY, Kind.NAME, Kind.RELATION, Kind.OPENING, Kind.PUNCTUATION, Kind.WORD}


def _kinds(item: Maths) -> tuple[Kind, Kind]:
    kind = Kind.ORDINARY
    match item:
        case Operator():
            kind = Kind.BINARY
        case Relation("," | ";"):
            kind = Kind.PUNCTUATION
        case Relation():
            kind = Kind.RELATION
        case Function():
            kind = Kind.NAME
        case Word("…"):
            kind = Kind.INNER
        case Word():
            kind = Kind.WORD
        case Fraction() | Choice() | Matrix():
            kind = Kind.INNER
        case Fenced(_, left, right):
            return Kind.OPENING if left else Kind.ORDINARY, Kind.CLOSING if right else Kind.ORDINARY
        case Script(base, _, _):
            if isinstance(base, Function | Matrix):
                return _kinds(base)
            return _kinds(base)[0], Kind.ORDINARY
    return kind, kind


def _char(char: str, style: Style, text: str) -> Box:
    return _glyph(char, text, style.em, style.level)


@lru_cache(maxsize=4096)
def _glyph(char: str, text: str, em: float, level: Level) -> Box:
    form = metrics().characters.get(char, metrics().forms[0])
    return glyph(small(form, level), em, text)


def _text(text: str, style: Style) -> Box:
    boxes = [_char(c, style, c) for c in text]
    return boxes[0] if len(boxes) == 1 else beside(boxes)


def _digits(mark: Digits, style: Style) -> Box:
    return _text(mark.text.replace("-", "−"), style)


def _letter(mark: Letter, style: Style) -> Box:
    char, accent = letter(mark.name)
    if len(char) != 1:
        return _text(char, style)
    if not accent:
        return _char(italic(char), style, char)
    return _accented(char, accent, style)


def _accented(char: str, accent: str, style: Style) -> Box:
    """A letter under its accent (rule 12); the letter says both when it is copied, ŷ."""
    from unicodedata import normalize

    base = _char(italic(char), style, normalize("NFC", char + accent))
    hat = _char(accent, style, "")
    up = max(base.height - style.length("AccentBaseHeight"), 0.0)
    middle = base.width / 2 if base.accent is None else base.accent
    shift = middle - (hat.accent or 0.0)
    parts = ((0.0, 0.0, base), (shift, up, hat))
    return Box(base.width, max(base.height, hat.height + up), base.depth, parts, base.italic, base.accent, plain=True)


def _fraction(mark: Fraction, style: Style) -> Box:
    """Rule 15."""
    display = "DisplayStyle" if style.level == Level.DISPLAY else ""
    top = set_in(mark.top, style.part_of_fraction(cramped=False))
    bottom = set_in(mark.bottom, style.part_of_fraction(cramped=True))
    thick, axis = style.length("FractionRuleThickness"), style.length("AxisHeight")
    gap = "FractionNum" + (display or "erator") + "GapMin", "FractionDenom" + (display or "inator") + "GapMin"
    up = max(style.length(f"FractionNumerator{display}ShiftUp"), axis + thick / 2 + style.length(gap[0]) + top.depth)
    down = style.length(f"FractionDenominator{display}ShiftDown")
    down = max(down, thick / 2 - axis + style.length(gap[1]) + bottom.height)
    side, width = SIDE * style.em, max(top.width + top.italic, bottom.width + bottom.italic)
    parts = (
        (side + (width - top.width) / 2, up, top),
        (side, axis - thick / 2, rule(width, thick)),
        (side + (width - bottom.width) / 2, -down, bottom),
    )
    return Box(width + 2 * side, up + top.height, down + bottom.depth, parts)


def _script(mark: Script, style: Style) -> Box:
    """Rule 18."""
    mark = looked_up(mark)
    base = set_in(mark.base, style)
    sup = set_in(mark.sup, style.script(cramped=False)) if mark.sup is not None else EMPTY
    sub = set_in(mark.sub, style.script(cramped=True)) if mark.sub is not None else EMPTY
    up, down = _shifts(base, sub, sup, style, both=mark.sub is not None and mark.sup is not None)
    x, after = base.width, style.length("SpaceAfterScript")
    parts: list[Any] = [(0.0, 0.0, base)]
    width, height, depth = base.width, base.height, base.depth
    if mark.sub is not None:
        parts.append((x, -down, sub))
        width, height, depth = x + sub.width + after, max(height, sub.height - down), max(depth, sub.depth + down)
    if mark.sup is not None:
        parts.append((x + base.italic, up, sup))
        width = max(width, x + base.italic + sup.width + after)
        height, depth = max(height, up + sup.height), max(depth, sup.depth - up)
    return Box(width, height, depth, tuple(parts))


def _shifts(base: Box, sub: Box, sup: Box, style: Style, *, both: bool) -> tuple[float, float]:
    """How far the superscript goes up and the subscript down."""
    up = style.length("SuperscriptShiftUpCramped" if style.cramped else "SuperscriptShiftUp")
    down = style.length("SubscriptShiftDown")
    if not base.plain:
        up = max(up, base.height - style.length("SuperscriptBaselineDropMax"))
        down = max(down, base.depth + style.length("SubscriptBaselineDropMin"))
    up = max(up, sup.depth + style.length("SuperscriptBottomMin"))
    down = max(down, sub.height - style.length("SubscriptTopMax"))
    if both:
        missing = style.length("SubSuperscriptGapMin") - ((up - sup.depth) - (sub.height - down))
        if missing > 0:
            higher = style.length("SuperscriptBottomMaxWithSubscript") - (up - sup.depth)
            raise_by = min(max(higher, 0.0), missing)
            up, down = up + raise_by, down + missing - raise_by
    return up, down


def _blank(mark: Blank, style: Style) -> Box:
    """A box centred on the axis, or a dotted line; of one size in every style, for the hand doesn't write smaller."""
    wide, high = (part * style.size for part in mark.room)
    white = WHITE * style.size
    if mark.dotted:
        dots = int(wide / (DOTS * style.size))
        point = rule(0.07 * style.size, 0.07 * style.size)
        line = tuple((i * DOTS * style.size, 0.0, point) for i in range(dots))
        above = ((0.0, 0.0, Gap(mark.key, wide, high * 0.8, framed=False)),) if mark.key else ()
        return Box(wide, high * 0.8 + white, high * 0.2, (*line, *above))
    low = style.length("AxisHeight") - high / 2
    inner: Part = Rule(wide, high) if mark.ticked else Gap(mark.key, wide, high, choice=mark.choice)
    return Box(wide + 2 * white, low + high + white, white - low, ((white, low, inner),))


def _root(mark: Root, style: Style) -> Box:
    """Rule 11."""
    inner = set_in(mark.inner, style.tight())
    thick = style.length("RadicalRuleThickness")
    gap = style.length("RadicalDisplayStyleVerticalGap" if style.level == Level.DISPLAY else "RadicalVerticalGap")
    sign = root_sign(inner.total + gap + thick, style.em)
    gap += max(sign.total - (inner.total + gap + thick), 0.0) / 2
    top, lean = inner.height + gap + thick, inner.italic
    parts = (
        (0.0, top - sign.height, sign),
        (sign.width, top - thick, rule(inner.width + lean, thick)),
        (sign.width, 0.0, inner),
    )
    height = top + style.length("RadicalExtraAscender")
    return Box(sign.width + inner.width + lean, height, max(inner.depth, sign.total - top), parts)


def _fenced(mark: Fenced, style: Style) -> Box:
    return fenced(_row(list(spliced(mark.inner)), style), mark.left, mark.right, style, tall=_is_tall(mark.inner))


def _is_tall(mark: Maths) -> bool:
    match mark:
        case Row(items):
            return any(map(_is_tall, items))
        case Script(base, _, _):
            return _is_tall(base)
        case Fenced(inner, _, _) | Root(inner):
            return _is_tall(inner)
        case Slot(quantity):
            return _is_tall(look(quantity))
    return isinstance(mark, Fraction | Matrix | Choice | Blank)


def _shown(mark: Shown, style: Style) -> Box:
    """In the middle of a place as wide and high as the largest of what could stand there."""
    box, *others = (set_in(one, style) for one in (mark.inner, *mark.widest))
    width = max(one.width for one in (box, *others))
    height, depth = max(one.height for one in (box, *others)), max(one.depth for one in (box, *others))
    return Box(width, height, depth, (((width - box.width) / 2, 0.0, box),))


_SET: dict[type[Maths], Callable[[Any, Style], Box]] = {
    Row: lambda mark, style: _row(list(spliced(mark)), style),
    Slot: lambda mark, style: set_in(look(mark.quantity), style),
    Digits: _digits,
    Shown: _shown,
    Blank: _blank,
    Letter: _letter,
    Word: lambda mark, style: _text(mark.text, style),
    Function: lambda mark, style: _text(mark.name, style),
    Operator: lambda mark, style: _char(mark.sign, style, mark.sign),
    Relation: lambda mark, style: _char(mark.sign, style, mark.sign),
    Fraction: _fraction,
    Script: _script,
    Fenced: _fenced,
    Root: _root,
    Matrix: lambda mark, style: (ruled if mark.wide else grid)(mark, style, set_in),
    Choice: lambda mark, style: cases(mark, style, set_in),
}
