"""How formulas and quantities are put on paper: the one place that decides parentheses, letters and indices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from handcalc.formula.maths import (
    Choice,
    Digits,
    Fenced,
    Fraction,
    Function,
    Hold,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Root,
    Row,
    Script,
    Slot,
)
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    Call,
    Cases,
    Formula,
    Negative,
    Num,
    Power,
    Product,
    Quotient,
    Ref,
    Sum,
    formula,
)

LETTERS = {"W": "w"}
"""The letter of an entry, where it isn't the letter of its matrix."""
SIGNS = frozenset({"sum", "prime", "partial", "nabla", "infty", "infinity", "ell"})
"""Words that as a letter would be a sign; as a name they stay words."""
_OWN = re.compile(r"([A-Za-z]+)([\d_]\w*)", re.ASCII)
PLUS, MINUS, TIMES = Operator("+"), Operator("−"), Operator("·")


def written(f: Formula, within: Hold = Hold.LOOSE) -> Maths:
    """`f` on paper, with a slot where each quantity stands; fenced where it binds looser than its place."""
    marks, hold = _marks(f)
    if isinstance(f, Ref):
        return Slot(f.quantity, within)
    return Fenced(marks) if hold < within else marks


def number(text: str, within: Hold = Hold.LOOSE) -> Maths:
    """The number `text` (``-0.5866…``, ``3/20``, ``1.5·10^26``) on paper; a negative one is fenced in a tight place,
    and whatever isn't plain digits where it is raised to a power: (0.3027…)², (3/20)²."""
    marks, hold = _number(text)
    return Fenced(marks) if hold < within else marks


def _number(text: str) -> tuple[Maths, Hold]:
    plain, power = text.lstrip("-−"), ""
    if "·10^" in plain:
        plain, _, power = plain.partition("·10^")
    if "/" in plain:
        top, _, bottom = plain.partition("/")
        marks: Maths = Fraction(Digits(top), Digits(bottom))
    else:
        marks = Digits(plain)
    hold = Hold.ATOM if plain.isascii() and plain.replace(".", "").isdigit() else Hold.POWER
    if power:
        marks, hold = Row((marks, TIMES, Script(Digits("10"), sup=number(power)))), Hold.PRODUCT
    if text[0] in "-−":
        marks, hold = Row((MINUS, marks)), Hold.NEGATIVE
    return marks, hold


def placed(maths: Maths, put: Callable[[Slot], Maths]) -> Maths:
    """`maths` with what `put` gives in place of each slot."""

    def place(m: Maths) -> Maths:
        match m:
            case Slot():
                return put(m)
            case Row(items):
                return Row(tuple(map(place, items)))
            case Fraction(top, bottom):
                return Fraction(place(top), place(bottom))
            case Script(base, sub, sup):
                return Script(place(base), sub and place(sub), sup and place(sup))
            case Fenced(inner, left, right):
                return Fenced(place(inner), left, right)
            case Root(inner):
                return Root(place(inner))
            case Matrix(rows):
                return Matrix(tuple(tuple(map(place, row)) for row in rows))
            case Choice(rows):
                return Choice(tuple((place(value), when and place(when)) for value, when in rows))
        return m

    return place(maths)


def filled(maths: Maths, digits: Callable[[Quantity], str | None]) -> Maths:
    """`maths` with the `digits` of its quantities put into their slots; where they are None the letters stay."""

    def put(slot: Slot) -> Maths:
        text = digits(slot.quantity)
        return _lettered(slot) if text is None else number(text, slot.within)

    return placed(maths, put)


def lettered(maths: Maths) -> Maths:
    """`maths` for letters: what carries a raised mark of its own, or is a fraction, is fenced before it is raised."""
    return placed(maths, _lettered)


def _lettered(slot: Slot) -> Maths:
    raised = slot.quantity.layer is not None or slot.quantity.update or slot.quantity.of
    return Fenced(slot) if raised and slot.within == Hold.ATOM else slot


def look(quantity: Quantity) -> Maths:
    """The letters that stand for `quantity`: w₂₁⁽¹⁾, ŷ, ∂L/∂w₂₁⁽¹⁾; a dash for each update it has had."""
    if quantity.of:
        loss = _name(Quantity(quantity.letter, quantity.layer, context=quantity.context))
        return Fraction(Row((Letter("partial"), loss)), Row((Letter("partial"), _name(quantity.of))))
    return _name(quantity)


def _name(quantity: Quantity) -> Maths:
    base: Maths = Letter(LETTERS.get(quantity.letter, quantity.letter) if quantity.index else quantity.letter)
    shown = quantity.index if quantity.shown is None else quantity.shown
    joint = "," if any(i > 9 for i in shown) else ""
    sub: Maths | None = Digits(joint.join(map(str, shown))) if shown else None
    if (own := _OWN.fullmatch(quantity.letter)) or quantity.letter in SIGNS:
        base, sub = _own_name(*own.groups() if own else (quantity.letter, ""))
    above: list[Maths] = [Letter("prime")] * quantity.update
    if quantity.layer is not None:
        above.insert(0, Fenced(Digits(str(quantity.layer))))
    if not above:
        return Script(base, sub) if sub else base
    return Script(base, sub, above[0] if len(above) == 1 else Row(tuple(above)))


def _own_name(letters: str, rest: str) -> tuple[Maths, Maths | None]:
    """The name that a user has given, and what of it stands below: w₀, out with the index h1."""
    parts = re.findall(r"[A-Za-z]+|[\d,]+", rest.removeprefix("_").replace("_", ","))
    below = tuple(Letter(part) if part.isalpha() else Digits(part) for part in parts)
    base = Function(letters) if letters in SIGNS else Letter(letters)
    return base, Row(below) if len(below) > 1 else below[0] if below else None


def _marks(f: Formula) -> tuple[Maths, Hold]:
    match f:
        case Ref(quantity):
            return Slot(quantity), Hold.ATOM
        case Num(typed):
            return _number(typed.text)
        case Negative(inner):
            return Row((MINUS, *_flat(written(inner, Hold.PRODUCT)))), Hold.NEGATIVE
        case Sum(terms):
            return Row(_joined_terms(terms)), Hold.SUM
        case Product(factors):
            return _joined(TIMES, [written(g, Hold.PRODUCT) for g in factors]), Hold.PRODUCT
        case Quotient(top, bottom):
            return Fraction(written(top), written(bottom)), Hold.POWER
        case Power(base, exponent):
            return _raised(base, formula(exponent) if isinstance(exponent, int) else exponent)
        case Call(name, args):
            return _call(name, args)
        case Cases():
            return Choice(tuple(_rows(f))), Hold.ATOM
    raise TypeError(f"no notation for {f!r}")


def _call(name: str, args: tuple[Formula, ...]) -> tuple[Maths, Hold]:
    match name, args:
        case "pi", ():
            return Letter("pi"), Hold.ATOM
        case "exp", (inner,):
            return Script(Letter("e"), sup=written(inner)), Hold.POWER
        case "power", (base, exponent):
            return _raised(base, exponent)
        case "sqrt", (inner,):
            return Root(written(inner)), Hold.POWER
        case "abs", (inner,):
            return Fenced(written(inner), "|", "|"), Hold.ATOM
    plain = name.rstrip("0123456789")
    function: Maths = Script(Function(plain), Digits(name.removeprefix(plain))) if plain != name else Function(name)
    return Row((function, Fenced(_joined(Relation(","), [written(a) for a in args])))), Hold.POWER


def _raised(base: Formula, exponent: Formula) -> tuple[Maths, Hold]:
    return Script(written(base, Hold.ATOM), sup=written(exponent)), Hold.POWER


def _rows(f: Formula) -> Iterator[tuple[Maths, Maths | None]]:
    """Each case with its condition; cases of the last case follow as further rows."""
    if not isinstance(f, Cases):
        yield written(f), None
        return
    yield written(f.yes), Row((written(f.left), Relation(f.sign), written(f.right)))
    yield from _rows(f.no)


def _joined_terms(terms: tuple[Formula, ...]) -> tuple[Maths, ...]:
    items = list(_flat(written(terms[0], Hold.SUM)))
    for term in terms[1:]:
        inner, sign = (term.inner, MINUS) if isinstance(term, Negative) else (term, PLUS)
        items += [sign, *_flat(written(inner, Hold.PRODUCT))]
    return tuple(items)


def _joined(between: Maths, parts: list[Maths]) -> Maths:
    items = list(_flat(parts[0]))
    for part in parts[1:]:
        items += [between, *_flat(part)]
    return Row(tuple(items)) if len(items) > 1 else items[0]


def _flat(marks: Maths) -> tuple[Maths, ...]:
    return marks.items if isinstance(marks, Row) else (marks,)
