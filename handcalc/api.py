"""From a network to its solution, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike

from handcalc.derive.solution import Solution
from handcalc.network import Network, read


def solve(
    network: str | PathLike[str] | Mapping[str, object] | Network,
    *,
    show: str | Sequence[str] | None = None,
    decimals: int | None = None,
    most_quantities: int = 20_000,
) -> Solution:
    """Work a network out: a path to a network file, a dict like one, or a `Network`.

    `show` and `decimals` override what the network says. Raises NetworkFileError, with the place,
    where something is wrong with it, and CannotDecide where a digit can't be certified.
    """
    found = read(network, most_quantities=most_quantities)
    return Solution(found.changed(show=show, decimals=decimals))
