"""A formula in MathML Core, from its tree of marks.

    Digits, Letter, Function, Word      mn, mi, mi, mtext        ŷ is an mover
    Operator, Relation, Fenced          mo, with the form that says sign or operation, opening or closing
    Fraction, Root, Script              mfrac, msqrt, msub, msup, msubsup
    Matrix, Choice                      mtable
    Blank                               mspace, drawn by the style sheet

Rows are spliced and every sign knows its place, so that it stands as TeX would set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

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
    Slot,
    Word,
)
from handcalc.formula.notation import looked_up
from handcalc.render.latex_maths import is_sign, is_tall
from handcalc.render.latex_text import unicode_number
from handcalc.render.typeset.layout import typeset
from handcalc.render.typeset.letters import letter
from handcalc.render.typeset.style import Level

HATS = {"\u0302": "^", "\u0304": "¯", "\u0303": "~", "\u0307": "˙", "\u20d7": "→"}
UPRIGHT = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ⊤")
"""Single letters that a browser would slant; TeX doesn't."""
LEAST_SIDE = 0.15
"""Left and right of a number in a cell, in em."""
AXIS = 0.25
"""The middle of a box above the baseline, in em."""
APPLY, SPACE = "<mo>\u2061</mo>", "\u00a0"
_MIRRORS = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Marks that turn the direction of writing, also of the text around them."""


def mathml(maths: Maths, *, display: bool = False, continues: bool = False) -> Markup:
    """`maths` as a ``math`` element; `display` sets fractions large.

    `continues` says that it goes on with a row above, so that an operator it begins with is no sign.
    """
    style = ' displaystyle="true"' if display else ""
    return Markup(f"<math{style}>{_row(list(_spliced(maths)), continues=continues)}</math>")  # every leaf is escaped


def harmless(text: str) -> str:
    """`text` without what a page can't hold: control characters and the like become visible, ``[U+0007]``."""
    return "".join(" " if c in "\t\n\r" else unicode_number(c) if not _is_harmless(ord(c)) else c for c in text)


def _is_harmless(code: int) -> bool:
    control = code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE
    return not control and code not in _MIRRORS and not 0xFDD0 <= code < 0xFDF0


def _spliced(maths: Maths) -> Iterator[Maths]:
    match maths:
        case Row(items):
            for item in items:
                yield from _spliced(item)
        case Slot(quantity):
            yield from _spliced(look(quantity))
        case _:
            yield maths


def _row(items: Sequence[Maths], *, continues: bool = False) -> str:
    """The marks side by side, without an element round them."""
    out = []
    for i, item in enumerate(items):
        if isinstance(item, Operator):
            form = "prefix" if is_sign(items, i) and not (continues and i == 0) else "infix"
            out.append(f'<mo form="{form}">{item.sign}</mo>')
        elif isinstance(item, Word):
            out.append(_word(item.text, before=i > 0, after=i + 1 < len(items)))
        else:
            out.append(_one(item))
            named = item.base if isinstance(item, Script) else item
            if isinstance(named, Function) and i + 1 < len(items) and isinstance(items[i + 1], Fenced):
                out.append(APPLY)
    return "".join(out)


def _inside(maths: Maths) -> str:
    """Any number of elements."""
    return _row(list(_spliced(maths)))


def _group(maths: Maths) -> str:
    """Exactly one element."""
    items = list(_spliced(maths))
    match items:
        case [Fenced(_, "", _) | Fenced(_, _, "")]:
            several = True
        case _:
            several = len(items) != 1
    return f"<mrow>{_row(items)}</mrow>" if several else _row(items)


def _one(maths: Maths) -> str:
    match maths:
        case Digits(text):
            return _element("mn", text.replace("-", "−"))
        case Blank():
            wide, high = maths.room
            kind, above = ("line", high) if maths.dotted else ("box" + " ticked" * maths.ticked, high / 2 + AXIS)
            size = f'width="{wide:g}em" height="{above:g}em" depth="{high - above:g}em"'
            return f'<mspace class="blank {kind}" {size}></mspace>'
        case Letter(name):
            return _letter(name)
        case Function(name):
            return _element("mi", name)
        case Word(text):
            return _word(text, before=False, after=False)
        case Operator(sign) | Relation(sign):
            return _element("mo", sign)
        case Fraction(top, bottom):
            return f"<mfrac>{_group(top)}{_group(bottom)}</mfrac>"
        case Script():
            return _script(maths)
        case Fenced(inner, left, right):
            return _fenced(inner, left, right)
        case Root(inner):
            return f"<msqrt>{_inside(inner)}</msqrt>"
        case Matrix(rows, wide) if wide:
            return _ruled(maths)
        case Matrix(rows):
            fences = _fence("[", "prefix", tall=True), _fence("]", "postfix", tall=True)
            return f"<mrow>{fences[0]}{_table('matrix', rows)}{fences[1]}</mrow>"
        case Choice(rows, words):
            chosen = (_chosen(row, words) for row in rows)
            return f"<mrow>{_fence('{', 'prefix', tall=True)}{_table('cases', chosen)}</mrow>"
    raise TypeError(f"no MathML for {maths!r}")


def _ruled(mark: Matrix) -> str:
    """A box of cells; what is to be written has the whole cell."""
    wide, high = mark.cell
    rows = ("".join(f"<mtd>{_in_cell(one, wide, high)}</mtd>" for one in row) for row in mark.rows)
    return f'<mtable class="cells">{"".join(f"<mtr>{row}</mtr>" for row in rows)}</mtable>'


def _in_cell(mark: Maths, wide: float, high: float) -> str:
    """A mark in the middle of a cell, which is `wide` em, or wider if the mark is."""
    blank = isinstance(mark, Blank)
    side = wide / 2 if blank else max((wide - typeset(mark, 1.0, Level.TEXT).width) / 2, LEAST_SIDE)
    space = f'<mspace width="{side:.3g}em" height="{high / 2 + AXIS:g}em" depth="{high / 2 - AXIS:g}em"></mspace>'
    return f"{space}{'' if blank else _group(mark)}{space}"


@lru_cache(maxsize=4096)
def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(harmless(text))}</{name}>"


def _word(text: str, *, before: bool, after: bool) -> str:
    return _element("mtext", SPACE * before + text.replace(" ", SPACE) + SPACE * after)


def _letter(name: str) -> str:
    char, accent = letter(name)
    base = _element("mo" if char == "′" else "mi", char)
    if char in UPRIGHT:
        base = f'<mi mathvariant="normal">{char}</mi>'
    return f'<mover accent="true">{base}<mo stretchy="false">{HATS[accent]}</mo></mover>' if accent else base


def _script(mark: Script) -> str:
    mark = looked_up(mark)
    parts = "".join(_group(part) for part in (mark.base, mark.sub, mark.sup) if part is not None)
    kind = "sub" * (mark.sub is not None) + "sup" * (mark.sup is not None)
    return f"<m{kind}>{parts}</m{kind}>" if kind else parts


def _fenced(inner: Maths, left: str, right: str) -> str:
    tall = is_tall(inner)
    opening, closing = _fence(left, "prefix", tall=tall), _fence(right, "postfix", tall=tall)
    if left and right:
        return f"<mrow>{opening}{_group(inner)}{closing}</mrow>"
    return opening + _inside(inner) + closing


def _fence(sign: str, form: str, *, tall: bool) -> str:
    stretchy = "true" if tall else "false"
    return f'<mo form="{form}" stretchy="{stretchy}">{escape(sign)}</mo>' if sign else ""


def _chosen(row: tuple[Maths, Maths | None], words: tuple[str, str]) -> tuple[Maths, Maths]:
    value, when = row
    return value, Word(words[1]) if when is None else Row((Word(words[0]), when))


def _table(kind: str, rows: Iterable[Sequence[Maths]]) -> str:
    lines = ("".join(f"<mtd>{_inside(cell)}</mtd>" for cell in row) for row in rows)
    body = "".join(f"<mtr>{line}</mtr>" for line in lines)
    return f'<mtable class="{kind}">{body}</mtable>'
