"""One matrix statement: what it says, and which scalar steps it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from handcalc.derive.page import Stage
from handcalc.formula.block import Block, BlockFormula, Elementwise, leaves, parts
from handcalc.formula.tree import Cases, Formula, children
from handcalc.ops.operation import Operation


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """``target = formula`` over blocks.

    `steps` are the places in the page's list of the scalar steps it stands for, in the places of the entries; `called`
    is a function of a whole block (softmax) with that block, where the formula goes on from its intermediate results.
    """

    target: Block
    formula: BlockFormula
    steps: tuple[tuple[int, ...], ...]
    operation: Operation
    stage: Stage
    layer: int | None = None
    sample: int = 0
    """0 for all samples, or the only one."""
    called: tuple[str, Block] | None = None

    @property
    def places(self) -> list[int]:
        return [n for row in self.steps for n in row]

    @property
    def says_more(self) -> bool:
        """Whether something wider than a number stands in it, and no cases, which only entries have."""
        blocks = [leaf.entries for leaf in leaves(self.target, self.formula) if isinstance(leaf, Block)]
        return any(len(grid) * len(grid[0]) > 1 for grid in blocks) and not _has_cases(self.formula)


def _has_cases(f: BlockFormula) -> bool:
    match f:
        case Elementwise(each, _, ""):
            return _is_by_cases(each)
        case Block(None, grid):
            return any(_is_by_cases(one) for row in grid for one in row)
    return any(map(_has_cases, parts(f)))


def _is_by_cases(f: Formula) -> bool:
    return isinstance(f, Cases) or any(map(_is_by_cases, children(f)))
