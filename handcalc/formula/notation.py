"""How formulas are put on paper: the one place that decides parentheses, and how a notation spells marks.

`written` makes marks of a formula, in the usual spelling and with a slot for each quantity; `respelt` writes these
marks as a notation has them (0,5 for 0.5, × for ·), and `on_paper` puts the letters in as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Literal, NamedTuple, TypeVar

from handcalc.formula.look import USUAL, Notation, holds, look
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
    Shown,
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
from handcalc.formula.words import phrase

TRANSPOSE = Letter("transpose")
PLUS, MINUS, TIMES = Operator("+"), Operator("−"), Operator("·")


Kinds = type[Maths] | tuple[type[Maths], ...]
Mark = TypeVar("Mark", bound=Maths)
POWER_OF_TEN = re.compile(r"(?:[eE]|·10\^)([+-]?\d+)$")


def written(f: Formula, within: Hold = Hold.LOOSE) -> Maths:
    """`f` on paper, with a slot where each quantity stands; fenced where it binds looser than its place."""
    if isinstance(f, Ref):
        return Slot(f.quantity, within)
    if isinstance(f, Num):
        return number(f.number.text, within)
    marks, hold = _marks(f)
    return Fenced(marks) if hold < within else marks


def number(text: str, within: Hold = Hold.LOOSE) -> Maths:
    """The number `text` on paper (``-0.5866…``, ``3/20``, ``1.5·10^26``, ``1e-3`` as 1·10⁻³); a negative one and one
    with a power of ten are fenced in a tight place, and whatever isn't plain digits where it is raised to a power:
    (0.3027…)², (3/20)². A letter in place of a number is its quantity."""
    if text[0].isalpha():
        return Slot(Quantity(text), within)
    plain, power = text.lstrip("-−"), ""
    if found := POWER_OF_TEN.search(plain):
        plain, power = plain[: found.start()], str(int(found[1]))
    if "/" in plain:
        top, _, bottom = plain.partition("/")
        marks: Maths = Fraction(Digits(top), Digits(bottom))
    else:
        marks = Digits(plain)
    hold = Hold.ATOM if plain.isascii() and plain.replace(".", "").isdigit() else Hold.POWER
    if power:
        marks, hold = Row((marks, TIMES, Script(Digits("10"), sup=number(power)))), Hold.PRODUCT
    if text[0] in "-−":
        marks, hold = Row((MINUS, *_flat(marks))), Hold.NEGATIVE
    return Fenced(marks) if hold < within else marks


def rewritten(maths: Maths, kinds: Kinds, change: Callable[[Any], Maths | None]) -> Maths:
    """`maths` with what `change` gives in place of each mark of these `kinds`, outer ones first.

    None goes on to the marks inside.
    """

    def write(m: Maths) -> Maths:
        if isinstance(m, kinds) and (other := change(m)) is not None:
            return other
        match m:
            case Row(items):
                return Row(tuple(map(write, items)))
            case Fraction(top, bottom):
                return Fraction(write(top), write(bottom))
            case Script(base, sub, sup):
                return Script(write(base), sub and write(sub), sup and write(sup))
            case Fenced(inner, left, right):
                return Fenced(write(inner), left, right)
            case Root(inner):
                return Root(write(inner))
            case Matrix(rows, wide):
                return Matrix(tuple(tuple(map(write, row)) for row in rows), wide)
            case Choice(rows, words):
                return Choice(tuple((write(value), when and write(when)) for value, when in rows), words)
            case Shown(quantity, inner, room, widest):
                return Shown(quantity, write(inner), room, tuple(map(write, widest)))
        return m

    return write(maths)


def marks_in(maths: Maths, *kinds: type[Mark]) -> list[Mark]:
    """Every mark of these kinds in `maths`, outer ones first."""
    found: list[Mark] = []
    rewritten(maths, kinds, found.append)
    return found


def placed(maths: Maths, put: Callable[[Slot], Maths]) -> Maths:
    """`maths` with what `put` gives in place of each slot."""
    return rewritten(maths, Slot, put)


def filled(maths: Maths, digits: Callable[[Quantity], str | None], *, traced: bool = False) -> Maths:
    """`maths` with the `digits` of its quantities put into their slots; where they are None the letters stay.

    `traced` says of all digits whose they are.
    """

    def put(slot: Slot) -> Maths:
        text = digits(slot.quantity)
        if text is None:
            return _lettered(slot)
        marks = number(text, slot.within)
        return Shown(slot.quantity, marks) if traced else marks

    return placed(maths, put)


def untraced(maths: Maths) -> Maths:
    """`maths` without the remark whose value stands where."""
    return rewritten(maths, Shown, lambda value: untraced(value.inner))


def spaced(maths: Maths) -> Maths:
    """The same, but places keep the room for what else could stand in them."""
    return rewritten(
        maths, Shown, lambda one: replace(one, inner=untraced(one.inner)) if one.widest else spaced(one.inner)
    )


def lettered(maths: Maths) -> Maths:
    """`maths` for letters: what carries a raised mark of its own, or is a fraction, is fenced before it is raised."""
    return placed(maths, _lettered)


def _lettered(slot: Slot) -> Maths:
    return Fenced(slot) if _is_loose(slot) else slot


def _is_loose(slot: Slot) -> bool:
    """Whether the usual letters of a quantity are fenced in its place (a plain name only where a power follows)."""
    tight = slot.within == Hold.ATOM or slot.quantity.role
    return bool(tight) and holds(look(slot.quantity)) < slot.within


class Spelling(NamedTuple):
    """What of a notation and a language is about marks other than quantities."""

    comma: bool = False
    times: Literal["·", "×"] = "·"
    log: str = "ln"
    words: tuple[str, str] = ("if", "otherwise")


USUAL_SPELLING = Spelling()


def spelling(notation: Notation = USUAL, language: str = "en") -> Spelling:
    words = phrase(language, "if"), phrase(language, "otherwise")
    spelt = Spelling(notation.decimal == "comma", notation.product, notation.log, words)
    return USUAL_SPELLING if spelt == USUAL_SPELLING else spelt


def respelt(maths: Maths, spelt: Spelling) -> Maths:
    """`maths`, written in the usual spelling, as `spelt` has it; slots stay."""
    return maths if spelt is USUAL_SPELLING else rewritten(maths, _SPELT, partial(_respelt, spelt))


_SPELT = (Digits, Relation, Operator, Function, Choice)


def _respelt(spelt: Spelling, m: Maths) -> Maths | None:
    match m:
        case Digits(text) if spelt.comma:
            return Digits(text.replace(".", ","))
        case Relation(",") if spelt.comma:
            return Relation(";")
        case Operator("·"):
            return Operator(spelt.times)
        case Function("ln"):
            return Function(spelt.log)
        case Choice(rows, words) if words != spelt.words:
            return respelt(Choice(rows, spelt.words), spelt)
    return None


def transposed(letters: Maths) -> Maths:
    """`letters` with ⊤ raised, beside what is raised there already; in fences where they aren't one letter."""
    match letters:
        case Script(base, sub, Maths() as sup):
            return Script(base, sub, Row((*_flat(sup), TRANSPOSE)))
        case Script(base, sub, None):
            return Script(base, sub, TRANSPOSE)
        case Letter() | Fenced() | Matrix():
            return Script(letters, sup=TRANSPOSE)
    return Script(Fenced(letters), sup=TRANSPOSE)


def looked_up(mark: Script, notation: Notation = USUAL) -> Script:
    """A script on a quantity with the letters of that quantity, where they are to be transposed."""
    match mark:
        case Script(Slot(quantity) | Fenced(Slot(quantity)), None, sup) if sup == TRANSPOSE:
            made = transposed(look(quantity, notation))
            assert isinstance(made, Script)
            return made
    return mark


def on_paper(maths: Maths, notation: Notation, language: str = "en") -> Maths:
    """`maths`, written in the usual spelling, as `notation` has it, with letters for its quantities."""

    def put(m: Script | Fenced | Slot) -> Maths | None:
        match m:
            case Script():
                found = looked_up(m, notation)
                return None if found is m else found
            case Fenced(Slot() as slot) if _is_loose(slot):
                return put(slot)
            case Slot(quantity, within):
                letters = look(quantity, notation)
                return Fenced(letters) if holds(letters) < within else letters
        return None

    return rewritten(respelt(maths, spelling(notation, language)), (Script, Fenced, Slot), put)


def _marks(f: Formula) -> tuple[Maths, Hold]:
    match f:
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
