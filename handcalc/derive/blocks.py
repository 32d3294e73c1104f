"""The vectors and matrices of a page, and what the formulas of several entries have in common.

Vectors over the units of a layer are columns, or rows where the weights are written in x out. Several samples may stand
side by side in one matrix, named with a capital: Z has a column z for each sample, or a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handcalc.formula import tree
from handcalc.formula.block import (
    Block,
    BlockFormula,
    Elementwise,
    Grid,
    Hadamard,
    Minus,
    Ones,
    Product,
    Scale,
    Sum,
    Transpose,
    column,
    place,
    turned,
)
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Ref, children, rebuilt, replaced, times


@dataclass(frozen=True, slots=True)
class Orientation:
    """`rows`: vectors over units are rows; `flipped`: a row of weights belongs to an input; `side_by_side`: how many
    samples stand in one matrix (0: none do); `biases` are the vectors, by name, that are no results of units."""

    rows: bool
    flipped: bool
    side_by_side: int = 0
    biases: frozenset[str] = frozenset()

    def of_biases(self, q: Quantity) -> bool:
        while q.of:
            q = q.of
        return bare(q).key in self.biases

    def turns(self, q: Quantity) -> bool:
        """Whether the vector that `q` stands in is a row."""
        return self.rows and (self.flipped or not self.of_biases(q))


def bare(q: Quantity) -> Quantity:
    """The name of the vector or matrix that `q` stands in, whatever the sample and the updates."""
    return Quantity(q.letter, q.layer)


def named(q: Quantity) -> Quantity:
    """The name of the vector or matrix that `q` stands in."""
    return replace(q, of=named(q.of)) if q.of else replace(q, index=(), shown=None)


def without_sample(q: Quantity) -> Quantity:
    """`q` whatever the sample: the same for all samples of a batch."""
    context = tuple((word, n) for word, n in q.context if word != "s")
    return replace(q, context=context, of=without_sample(q.of) if q.of else None)


def sample(q: Quantity) -> int:
    """Which sample `q` belongs to; 0 for all, or the only one."""
    return dict(q.context).get("s", 0) or (sample(q.of) if q.of else 0)


def place_of(q: Quantity) -> tuple[int, ...]:
    """The index of `q`, or of what it is of."""
    return place_of(q.of) if q.of else q.index


class Blocks:
    """Every vector and matrix of `quantities`."""

    def __init__(self, quantities: Iterable[Quantity], orientation: Orientation) -> None:
        self.orientation = orientation
        alone: dict[Quantity, list[Quantity]] = {}
        together: dict[Quantity, list[Quantity]] = {}
        for q in quantities:
            if place_of(q):
                alone.setdefault(named(q), []).append(q)
                if sample(q) and orientation.side_by_side:
                    together.setdefault(named(without_sample(q)), []).append(q)
        self.by_name: dict[Quantity, Block] = {}
        self._by_grid: dict[Grid, Block] = {}
        for name, found in alone.items():
            self._add(name, name, self.grid(found))
        for name, found in together.items():
            self._add(name, capital(name), self.grid(found, together=True))

    def _add(self, name: Quantity, called: Quantity, grid: Grid | None) -> None:
        if grid is not None:
            self.by_name[name] = self._by_grid[grid] = Block(called, grid)

    def grid(self, found: Iterable[Quantity], *, together: bool = False) -> Grid | None:
        """The entries in their places; None where some are missing."""
        here = {(*place_of(q), sample(q)) if together else place_of(q): q for q in found}
        at = sorted(here)
        lengths = [max(index[k] for index in at) for k in range(len(at[0]))]
        if len({len(index) for index in at}) > 1 or _count(lengths) != len(at):
            return None
        if len(lengths) == 1:
            grid = column([Ref(here[index]) for index in at])
            return turned(grid) if self.orientation.turns(here[at[0]]) else grid
        if len(lengths) > 2:
            return None
        rows = tuple(tuple(Ref(here[i, j]) for j in range(1, lengths[1] + 1)) for i in range(1, lengths[0] + 1))
        return turned(rows) if together and self.orientation.turns(here[at[0]]) else rows

    def block(self, grid: Grid) -> Block:
        """The block with these entries; one without a name if none has them."""
        return self._by_grid.get(grid) or Block(None, grid)

    def with_transpose(self, grid: Grid) -> BlockFormula:
        """The block with these entries, or the transpose of one, or one without a name."""
        if grid not in self._by_grid and turned(grid) in self._by_grid:
            return Transpose(self._by_grid[turned(grid)])
        return self.block(grid)

    def alike(self, grid: Grid, called: str = "", of: Block | None = None) -> BlockFormula | None:
        """The formula that `grid` has entry by entry, where asked for as a function `called` so, `of` that block.

        None where its entries aren't alike.
        """
        found = _Alike(self, (len(grid), len(grid[0])), called, of).found([f for row in grid for f in row])
        if isinstance(found, Formula):
            return Scale(found, all_ones(len(grid), len(grid[0])))
        return found


def all_ones(rows: int, columns: int) -> BlockFormula:
    """A block of ones."""
    if columns == 1:
        return Ones(rows)
    return Transpose(Ones(columns)) if rows == 1 else Product((Ones(rows), Transpose(Ones(columns))))


def capital(name: Quantity) -> Quantity:
    """What the matrix of all samples' vectors is called: Z, Ŷ, ∂L/∂Z."""
    if name.of:
        return replace(name, of=capital(name.of))
    return replace(name, letter=name.letter[:1].upper() + name.letter[1:])


def _count(lengths: Sequence[int]) -> int:
    found = 1
    for length in lengths:
        found *= length
    return found


@dataclass
class _Alike:
    """What formulas, one for each entry of a block of this size, have in common."""

    blocks: Blocks
    size: tuple[int, int]
    called: str
    of: Block | None

    def found(self, formulas: Sequence[Formula]) -> BlockFormula | Formula | None:
        """A block formula, or a formula where all entries have the same."""
        if self.called and not isinstance(formulas[0], Ref):
            return self._elementwise(formulas)
        return self._joined(formulas)

    def _joined(self, formulas: Sequence[Formula]) -> BlockFormula | Formula | None:
        if isinstance(formulas[0], Ref):
            return self._names(formulas)
        if not _one_kind(formulas):
            return None
        found = [self._joined(one) for one in zip(*map(children, formulas), strict=True)]
        parts = [part for part in found if part is not None]
        if len(parts) < len(found):
            return None
        plain = [part for part in parts if isinstance(part, Formula)]
        if len(plain) == len(parts):
            return rebuilt(formulas[0], plain) if parts else formulas[0]
        wide = tuple(part for part in parts if isinstance(part, BlockFormula))
        match formulas[0]:
            case tree.Negative():
                return Minus(*wide)
            case tree.Sum():
                ones = all_ones(*self.size)
                return Sum(tuple(Scale(part, ones) if isinstance(part, Formula) else part for part in parts))
            case tree.Product():
                inner = wide[0] if len(wide) == 1 else Hadamard(wide)
                return Scale(times(*plain), inner) if plain else inner
        return self._elementwise(formulas)

    def _names(self, formulas: Sequence[Formula]) -> Block | Formula | None:
        rows, columns = self.size
        if len(set(map(type, formulas))) > 1:
            return None
        grid = tuple(tuple(formulas[i * columns : (i + 1) * columns]) for i in range(rows))
        block = self.blocks.block(grid)
        if block.name is not None:
            return block
        return formulas[0] if len(set(formulas)) == 1 else None

    def _elementwise(self, formulas: Sequence[Formula]) -> BlockFormula | None:
        of: dict[Quantity, Block] = {}
        if self.of and isinstance(first := self.of.entries[0][0], Ref):
            of[first.quantity] = self.of
        if not self._collect(formulas, of):
            return None
        number = {q: k for k, q in enumerate(of)}
        each = replaced(formulas[0], lambda q: Ref(place(number[q])) if q in number else None)
        called = "exp" if each == tree.exp(Ref(place(0))) else self.called
        return Elementwise(each, tuple(of.values()), called)

    def _collect(self, formulas: Sequence[Formula], of: dict[Quantity, Block]) -> bool:
        """Find the blocks that the names in the formulas belong to, by the name in the first formula."""
        first = formulas[0]
        if isinstance(first, Ref):
            found = self._names(formulas)
            if isinstance(found, Block):
                of[first.quantity] = found
            return found is not None
        if not _one_kind(formulas):
            return False
        return all(self._collect(one, of) for one in zip(*map(children, formulas), strict=True))


def _one_kind(formulas: Sequence[Formula]) -> bool:
    """Whether the formulas are the same but for what their parts are."""
    first = formulas[0]
    if any(type(f) is not type(first) or len(children(f)) != len(children(first)) for f in formulas):
        return False
    return all(rebuilt(f, children(first)) == first for f in formulas)
