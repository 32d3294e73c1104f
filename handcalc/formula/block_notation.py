"""How block formulas are put on paper: with letters, W x + b, or with their numbers, as matrices."""

from __future__ import annotations

from collections.abc import Callable

from handcalc.formula.block import (
    Block,
    BlockFormula,
    Elementwise,
    Hadamard,
    IndexedSum,
    Minus,
    Ones,
    Product,
    Scale,
    Sum,
    Transpose,
    entries,
    place,
)
from handcalc.formula.maths import (
    Digits,
    Fenced,
    Function,
    Hold,
    Letter,
    Maths,
    Matrix,
    Operator,
    Row,
    Script,
    Slot,
    Word,
)
from handcalc.formula.notation import MINUS, PLUS, TIMES, TRANSPOSE, lettered, placed, transposed, written
from handcalc.formula.tree import ONE, Formula

FUNCTIONS: dict[str, Maths] = {"sigmoid": Letter("sigma")}
"""Functions that have a letter; the others are called by their names."""
MOST_TERMS = 3
"""Of a sum over samples that are all written; of more the first two and the last."""
DOTS = Word("…")
Cell = Callable[[Formula], Maths]


def block_written(f: BlockFormula) -> Maths:
    """`f` in letters, with a slot for each block's name: W x + b, ∂L/∂a ⊙ σ′(z)."""
    return _marks(f, None)[0]


def block_filled(f: BlockFormula, cell: Cell) -> Maths:
    """`f` with a matrix in place of each block; `cell` writes an entry, and the numbers in front of blocks."""
    return _marks(f, cell)[0]


def matrix(f: BlockFormula, cell: Cell) -> Matrix:
    """The entries of `f`."""
    return Matrix(tuple(tuple(map(cell, row)) for row in entries(f)))


def _within(f: BlockFormula, within: Hold, cell: Cell | None) -> Maths:
    marks, hold = _marks(f, cell)
    if isinstance(marks, Slot):
        return lettered(Slot(marks.quantity, within))
    return Fenced(marks) if hold < within else marks


def _marks(f: BlockFormula, cell: Cell | None) -> tuple[Maths, Hold]:
    match f:
        case Block(name, _):
            if cell is None and name is not None:
                return Slot(name), Hold.ATOM
            return matrix(f, cell or _letters), Hold.ATOM
        case Ones(rows):
            return (matrix(f, cell) if cell else Script(Digits("1"), Digits(str(rows)))), Hold.ATOM
        case Transpose(inner):
            if cell and isinstance(inner, Block | Ones):
                return matrix(f, cell), Hold.ATOM
            return _transposed(inner, cell), Hold.POWER
        case Sum(terms):
            return _sum(terms, cell), Hold.SUM
        case IndexedSum(terms):
            if len(terms) == 1:
                return _marks(terms[0], cell)
            return _sum(terms, cell, most=MOST_TERMS), Hold.SUM
        case Minus(inner):
            return Row((MINUS, *_flat(_within(inner, Hold.PRODUCT, cell)))), Hold.NEGATIVE
        case Product(factors):
            return Row(tuple(m for one in factors for m in _flat(_within(one, Hold.PRODUCT, cell)))), Hold.PRODUCT
        case Hadamard(factors):
            return _joined(Operator("⊙"), [_within(one, Hold.PRODUCT, cell) for one in factors]), Hold.PRODUCT
        case Scale(factor, inner):
            return _scaled(factor, inner, cell), Hold.PRODUCT
        case Elementwise():
            return _elementwise(f, cell)
    raise TypeError(f"no notation for {f!r}")


def _letters(f: Formula) -> Maths:
    return lettered(written(f))


def _transposed(inner: BlockFormula, cell: Cell | None) -> Maths:
    """W⊤; what is a fraction or longer is fenced."""
    if cell is None and isinstance(inner, Block) and (name := inner.name) is not None:
        slot = Slot(name, Hold.ATOM)
        return Script(Fenced(slot) if name.of and name.role != "state" else slot, sup=TRANSPOSE)
    return transposed(_within(inner, Hold.ATOM, cell))


def _sum(terms: tuple[BlockFormula, ...], cell: Cell | None, most: int | None = None) -> Maths:
    shown = terms if most is None or len(terms) <= most else (*terms[:2], terms[-1])
    items = list(_flat(_within(shown[0], Hold.SUM, cell)))
    for n, term in enumerate(shown[1:], start=1):
        if len(shown) < len(terms) and n == len(shown) - 1:
            items += [PLUS, DOTS]
        inner, sign = (term.inner, MINUS) if isinstance(term, Minus) else (term, PLUS)
        items += [sign, *_flat(_within(inner, Hold.PRODUCT, cell))]
    return Row(tuple(items))


def _scaled(factor: Formula, inner: BlockFormula, cell: Cell | None) -> Maths:
    front = [] if factor == ONE else list(_flat(_number(factor, Hold.PRODUCT, cell)))
    return Row((*front, *([TIMES] if front else []), *_flat(_within(inner, Hold.PRODUCT, cell))))


def _number(f: Formula, within: Hold, cell: Cell | None) -> Maths:
    """A number in front of a block, fenced where it is negative or a sum."""
    if cell is None:
        return lettered(written(f, within))
    marks = cell(f)
    loose = isinstance(marks, Row) and any(isinstance(m, Operator) and m.sign in "+−" for m in marks.items)
    return Fenced(marks) if loose else marks


def _elementwise(f: Elementwise, cell: Cell | None) -> tuple[Maths, Hold]:
    if cell is not None:
        return matrix(f, cell), Hold.ATOM
    if not f.called:
        by_name = {place(k): block for k, block in enumerate(f.of)}
        marks = placed(written(f.each), lambda slot: _put(slot, by_name.get(slot.quantity)))
        return marks, Hold.LOOSE if isinstance(marks, Row) else Hold.PRODUCT
    return Row((_function(f.called), Fenced(_within(f.of[0], Hold.LOOSE, None)))), Hold.POWER


def _put(slot: Slot, block: Block | None) -> Maths:
    return lettered(slot) if block is None else _within(block, slot.within, None)


def _function(called: str) -> Maths:
    plain = called.removesuffix("′")
    name = FUNCTIONS.get(plain) or (Function(plain) if plain.isalpha() else Word(plain))
    return name if plain == called else Script(name, sup=Letter("prime"))


def _joined(between: Maths, parts: list[Maths]) -> Maths:
    items = list(_flat(parts[0]))
    for part in parts[1:]:
        items += [between, *_flat(part)]
    return Row(tuple(items))


def _flat(marks: Maths) -> tuple[Maths, ...]:
    return marks.items if isinstance(marks, Row) else (marks,)
