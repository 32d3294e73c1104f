"""A formula in MathML Core, from its tree of marks.

    Digits, Letter, Function, Word      mn, mi, mi, mtext        ŷ is an mover
    Operator, Relation, Fenced          mo, with the form that says sign or operation, opening or closing
    Fraction, Root, Script              mfrac, msqrt, msub, msup, msubsup
    Matrix, Choice                      mtable

Rows are spliced and every sign knows its place, so that it stands as TeX would set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from handcalc.formula.maths import (
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
from handcalc.formula.notation import look
from handcalc.render.latex_maths import is_sign, is_tall
from handcalc.render.latex_text import unicode_number
from handcalc.render.typeset.letters import letter

HATS = {"\u0302": "^", "\u0304": "¯", "\u0303": "~", "\u0307": "˙", "\u20d7": "→"}
APPLY = Markup("<mo>\u2061</mo>")
_MIRRORS = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Marks that turn the direction of writing, also of the text around them."""


def mathml(maths: Maths, *, display: bool = False, continues: bool = False) -> Markup:
    """`maths` as a ``math`` element; `display` sets fractions large.

    `continues` says that it goes on with a row above, so that an operator it begins with is no sign.
    """
    style = Markup(' displaystyle="true"') if display else ""
    return Markup("<math{}>{}</math>").format(style, _row(list(_spliced(maths)), continues=continues))


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


def _row(items: Sequence[Maths], *, continues: bool = False) -> Markup:
    """The marks side by side, without an element round them."""
    out = []
    for i, item in enumerate(items):
        if isinstance(item, Operator):
            sign = is_sign(items, i) and not (continues and i == 0)
            out.append(_operator(item.sign, "prefix" if sign else "infix"))
        elif isinstance(item, Word):
            out.append(_word(item.text, before=i > 0, after=i + 1 < len(items)))
        else:
            out.append(_one(item))
            applied = isinstance(item, Function) and i + 1 < len(items) and isinstance(items[i + 1], Fenced)
            out += [APPLY] * applied
    return Markup("").join(out)


def _group(maths: Maths) -> Markup:
    """Exactly one element."""
    items = list(_spliced(maths))
    match items:
        case [Choice() | Matrix() | Fenced(_, "", _) | Fenced(_, _, "")]:
            several = True
        case _:
            several = len(items) != 1
    return Markup("<mrow>{}</mrow>").format(_row(items)) if several else _row(items)


def _one(maths: Maths) -> Markup:
    match maths:
        case Digits(text):
            return _element("mn", text.replace("-", "−"))
        case Letter(name):
            return _letter(name)
        case Function(name):
            return _element("mi", name)
        case Word(text):
            return _word(text, before=False, after=False)
        case Operator(sign) | Relation(sign):
            return _element("mo", sign)
        case Fraction(top, bottom):
            return _around("mfrac", _group(top), _group(bottom))
        case Script():
            return _script(maths)
        case Fenced(inner, left, right):
            return _fenced(inner, left, right)
        case Root(inner):
            return _around("msqrt", _row(list(_spliced(inner))))
        case Matrix(rows):
            return _fence("[", "prefix", tall=True) + _table("matrix", rows) + _fence("]", "postfix", tall=True)
        case Choice(rows):
            return _fence("{", "prefix", tall=True) + _table("cases", map(_chosen, rows))
    raise TypeError(f"no MathML for {maths!r}")


def _element(name: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(name), harmless(text))


def _around(name: str, *inside: Markup) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(name), Markup("").join(inside))


def _operator(sign: str, form: str) -> Markup:
    return Markup('<mo form="{}">{}</mo>').format(form, sign)


def _word(text: str, *, before: bool, after: bool) -> Markup:
    return _element("mtext", "\u00a0" * before + text.replace(" ", "\u00a0") + "\u00a0" * after)


def _letter(name: str) -> Markup:
    char, accent = letter(name)
    base = _element("mo" if char == "′" else "mi", char)
    if not accent:
        return base
    hat = Markup('<mo stretchy="false">{}</mo>').format(HATS[accent])
    return Markup('<mover accent="true">{}{}</mover>').format(base, hat)


def _script(mark: Script) -> Markup:
    base = _group(mark.base)
    match mark.sub, mark.sup:
        case None, None:
            return base
        case sub, None if sub is not None:
            return _around("msub", base, _group(sub))
        case None, sup if sup is not None:
            return _around("msup", base, _group(sup))
    assert mark.sub is not None
    assert mark.sup is not None
    return _around("msubsup", base, _group(mark.sub), _group(mark.sup))


def _fenced(inner: Maths, left: str, right: str) -> Markup:
    tall = is_tall(inner)
    opening, closing = _fence(left, "prefix", tall=tall), _fence(right, "postfix", tall=tall)
    if left and right:
        return Markup("<mrow>{}{}{}</mrow>").format(opening, _group(inner), closing)
    return opening + _row(list(_spliced(inner))) + closing


def _fence(sign: str, form: str, *, tall: bool) -> Markup:
    stretchy = "true" if tall else "false"
    return Markup('<mo form="{}" stretchy="{}">{}</mo>').format(form, stretchy, sign) if sign else Markup("")


def _chosen(row: tuple[Maths, Maths | None]) -> tuple[Maths, Maths]:
    value, when = row
    return value, Word("otherwise") if when is None else Row((Word("if"), when))


def _table(kind: str, rows: Iterable[Sequence[Maths]]) -> Markup:
    lines = (_around("mtr", *(_around("mtd", _row(list(_spliced(cell)))) for cell in row)) for row in rows)
    return Markup('<mtable class="{}">{}</mtable>').format(kind, Markup("").join(lines))
