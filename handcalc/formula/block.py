"""Formulas of blocks: what textbooks write over vectors and matrices, z = W x + b, and its entries.

A block is a vector (a column or a row) or a matrix whose entries are formulas, mostly single names. The vocabulary is
closed; `entry` gives back the formula of one entry, in the order in which a person multiplies it out:

    Block         W   x   ∂L/∂z        without a name: its entries in brackets
    Ones          1₂                   a column of ones
    Sum           W x + b              Minus        −z
    Product       W x                  Transpose    W⊤
    Hadamard      ∂L/∂a ⊙ σ′(z)        Scale        η·∂L/∂W
    Elementwise   σ(z)   e/S           one formula, entry by entry
    IndexedSum    the sum of one term for each sample
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from handcalc.formula import tree
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import ONE, Formula, Negative, Ref, replaced, times, total

Grid = tuple[tuple[Formula, ...], ...]
"""Rows of entries."""


class BlockFormula:
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Block(BlockFormula):
    """A vector or matrix; `name` is the quantity without an index that it is called, None where it has no name."""

    name: Quantity | None
    entries: Grid


@dataclass(frozen=True, slots=True)
class Ones(BlockFormula):
    """A column of `rows` ones."""

    rows: int


@dataclass(frozen=True, slots=True)
class Sum(BlockFormula):
    terms: tuple[BlockFormula, ...]


@dataclass(frozen=True, slots=True)
class Minus(BlockFormula):
    inner: BlockFormula


@dataclass(frozen=True, slots=True)
class Product(BlockFormula):
    """The matrix product of `factors`, from the left."""

    factors: tuple[BlockFormula, ...]


@dataclass(frozen=True, slots=True)
class Transpose(BlockFormula):
    inner: BlockFormula


@dataclass(frozen=True, slots=True)
class Hadamard(BlockFormula):
    """The product entry by entry."""

    factors: tuple[BlockFormula, ...]


@dataclass(frozen=True, slots=True)
class Scale(BlockFormula):
    """A number times a block."""

    factor: Formula
    inner: BlockFormula


@dataclass(frozen=True, slots=True)
class Elementwise(BlockFormula):
    """`each` for every entry, in which `place(k)` stands for the entry of ``of[k]``.

    Where it is `called` something it is written as a function of ``of[0]``: ``sigmoid``, or ``sigmoid′`` for its slope.
    """

    each: Formula
    of: tuple[Block, ...]
    called: str = ""


@dataclass(frozen=True, slots=True)
class IndexedSum(BlockFormula):
    """The sum of `terms`, one for each sample."""

    terms: tuple[BlockFormula, ...]


def place(k: int) -> Quantity:
    """What stands for the entry of block `k` in an elementwise formula."""
    return Quantity("entry", index=(k + 1,))


def column(entries: Sequence[Formula]) -> Grid:
    return tuple((one,) for one in entries)


def turned(grid: Grid) -> Grid:
    """Rows as columns."""
    return tuple(zip(*grid, strict=True))


def shape(f: BlockFormula) -> tuple[int, int]:
    """Rows and columns; ValueError where two parts don't fit together."""
    match f:
        case Block(_, entries):
            if len({len(row) for row in entries}) != 1:
                raise ValueError("the rows of a block differ in length")
            return len(entries), len(entries[0])
        case Ones(rows):
            return rows, 1
        case Minus(inner) | Scale(_, inner):
            return shape(inner)
        case Transpose(inner):
            rows, columns = shape(inner)
            return columns, rows
        case Product(factors):
            first, *rest = map(shape, factors)
            for other in rest:
                if first[1] != other[0]:
                    raise ValueError(f"a product of {first[0]}×{first[1]} and {other[0]}×{other[1]}")
                first = first[0], other[1]
            return first
        case Sum(found) | Hadamard(found) | IndexedSum(found) | Elementwise(_, found, _):
            return _one_shape([shape(part) for part in found])
    raise TypeError(f"no shape of {f!r}")


def _one_shape(shapes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    if len(set(shapes)) != 1:
        said = " and ".join(f"{rows}×{columns}" for rows, columns in shapes)
        raise ValueError(f"entries of {said} side by side")
    return shapes[0]


def entry(f: BlockFormula, i: int, j: int) -> Formula:
    """The formula of the entry in row `i` and column `j`, from 0, as a person writes it; IndexError outside."""
    match f:
        case Block(_, entries):
            return entries[i][j]
        case Ones():
            return ONE
        case Sum(found) | IndexedSum(found):
            return total(entry(part, i, j) for part in found)
        case Minus(inner):
            return _minus(entry(inner, i, j))
        case Product((one,)):
            return entry(one, i, j)
        case Product((*left, right)):
            first = Product(tuple(left))
            return total(times(entry(first, i, k), entry(right, k, j)) for k in range(shape(right)[0]))
        case Transpose(inner):
            return entry(inner, j, i)
        case Hadamard(found):
            return times(*(entry(part, i, j) for part in found))
        case Scale(factor, inner):
            return times(factor, entry(inner, i, j))
        case Elementwise(each, found, _):
            here = {place(k): entry(part, i, j) for k, part in enumerate(found)}
            return replaced(each, here.get)
    raise TypeError(f"no entries of {f!r}")


def _minus(f: Formula) -> Formula:
    return f.inner if isinstance(f, Negative) else Negative(f)


def entries(f: BlockFormula) -> Grid:
    """Every entry, row by row."""
    rows, columns = shape(f)
    return tuple(tuple(entry(f, i, j) for j in range(columns)) for i in range(rows))


def with_names(f: BlockFormula, change: Callable[[Quantity], Quantity]) -> BlockFormula:
    """`f` with every quantity, and every block's name, as `change` gives it."""

    def formula(one: Formula) -> Formula:
        return replaced(one, lambda q: None if q.letter == "entry" else Ref(change(q)))

    def inside(found: Sequence[BlockFormula]) -> tuple[BlockFormula, ...]:
        return tuple(with_names(part, change) for part in found)

    match f:
        case Block(name, grid):
            made = tuple(tuple(map(formula, row)) for row in grid)
            return Block(name and (name if made == grid else change(name)), made)
        case Minus(inner):
            return Minus(with_names(inner, change))
        case Transpose(inner):
            return Transpose(with_names(inner, change))
        case Scale(factor, inner):
            return Scale(formula(factor), with_names(inner, change))
        case Elementwise(each, of, called):
            return Elementwise(formula(each), inside(of), called)  # type: ignore[arg-type]
        case Sum(found) | Product(found) | Hadamard(found) | IndexedSum(found):
            return type(f)(inside(found))
    return f


def parts(f: BlockFormula) -> tuple[BlockFormula, ...]:
    """What `f` is made of."""
    match f:
        case Minus(inner) | Transpose(inner) | Scale(_, inner):
            return (inner,)
        case Sum(found) | Product(found) | Hadamard(found) | IndexedSum(found) | Elementwise(_, found, _):
            return found
    return ()


def leaves(*formulas: BlockFormula) -> Iterator[Block | Ones]:
    """Every block in `formulas`, and every column of ones."""
    for f in formulas:
        if isinstance(f, Block | Ones):
            yield f
        else:
            yield from leaves(*parts(f))


def same(f: Formula, g: Formula) -> bool:
    """Whether `f` and `g` differ at most in the order of terms and factors, in where a sign stands and in factors 1."""
    return _ordered(f) == _ordered(g)


def _ordered(f: Formula) -> tuple[int, str]:
    """A sign, and the rest in an order of its own."""
    match f:
        case tree.Ref(quantity):
            return 1, quantity.key
        case tree.Num(number):
            return (-1 if number.value < 0 else 1), str(abs(number.value))
        case tree.Negative(inner):
            sign, text = _ordered(inner)
            return -sign, text
        case tree.Product(factors):
            return _product(factors)
        case tree.Sum(terms):
            return _sum(terms)
        case tree.Quotient(top, bottom):
            (up, over), (down, under) = _ordered(top), _ordered(bottom)
            return up * down, f"({over})/({under})"
        case tree.Power(base, int() as exponent):
            sign, text = _ordered(base)
            return sign if exponent % 2 else 1, f"({text})^{exponent}"
    signed = ";".join(f"{'-' * (sign < 0)}{text}" for sign, text in map(_ordered, tree.children(f)))
    kind = f.name if isinstance(f, tree.Call) else f.sign if isinstance(f, tree.Cases) else ""
    return 1, f"{type(f).__name__} {kind}({signed})"


def _product(factors: Sequence[Formula]) -> tuple[int, str]:
    sign, texts = 1, []
    todo = list(factors)
    while todo:
        factor = todo.pop()
        if isinstance(factor, tree.Product):
            todo += factor.factors
        elif isinstance(factor, Negative):
            sign = -sign
            todo.append(factor.inner)
        else:
            one, text = _ordered(factor)
            sign *= one
            texts += [text] if text != "1" else []
    return sign, "·".join(f"({text})" for text in sorted(texts)) if len(texts) > 1 else "".join(texts) or "1"


def _sum(terms: Sequence[Formula]) -> tuple[int, str]:
    """The first term in our order is positive."""
    found: list[tuple[str, int]] = []
    todo = [(term, 1) for term in terms]
    while todo:
        term, sign = todo.pop()
        if isinstance(term, Negative):
            todo.append((term.inner, -sign))
        elif isinstance(term, tree.Sum):
            todo += [(one, sign) for one in term.terms]
        else:
            one, text = _ordered(term)
            found += [(text, sign * one)] if text != "0" else []
    found.sort()
    if not found:
        return 1, "0"
    first = found[0][1]
    if len(found) == 1:
        return first, found[0][0]
    return first, " ".join(f"{'+' if sign == first else '-'}({text})" for text, sign in found)
