"""The chain rule: over every path from a quantity to the loss, upstream gradient times local derivative, added up."""

from __future__ import annotations

from collections.abc import Sequence

from handcalc.formula.tree import ONE, Formula, times, total
from handcalc.ops.operation import Mistake, Operation

Paths = Sequence[tuple[Formula, Formula]]
"""(upstream gradient, local derivative), one per path."""


class ChainRule(Operation):
    """∂L/∂x = Σ ∂L/∂y · ∂y/∂x over the quantities y that use x."""

    name = "chain rule"
    tell = "Over every path: the slope from above times the local slope; add the paths up."
    example = (("0.2", "-0.3"), ("0.5", "0.7"))
    mistakes = (
        Mistake(21, "one-path", "only one of the paths is followed", "combine", lambda self, paths: times(*paths[0])),
        Mistake(31, "last-path", "a path overwrites the others instead of being added", "combine",
                lambda self, paths: times(*paths[-1])),
        Mistake(22, "local-missing", "the local slope is missing", "combine",
                lambda self, paths: total(times(up, ONE) for up, _ in paths)),
    )  # fmt: skip

    def combine(self, paths: Paths) -> Formula:
        return total(times(upstream, local) for upstream, local in paths)

    def write(self, page, upstream, local):  # type: ignore[no-untyped-def]
        return page.out([self.combine(list(zip(upstream, local, strict=True)))])
