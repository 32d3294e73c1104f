"""From a network to its solution, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike

from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.network import Network, NetworkFileError, read, read_all
from handcalc.network.reading import placed


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
    return _solution(found.changed(show=show, decimals=decimals), network)


def solve_all(
    network: str | PathLike[str] | Mapping[str, object] | Network,
    *,
    show: str | Sequence[str] | None = None,
    decimals: int | None = None,
    form: str | None = None,
    calculator: bool = True,
    formulas: bool = False,
    exercise: str | None = None,
    most_quantities: int = 20_000,
) -> dict[str, Solution]:
    """Work out every exercise of a file, by its name; a file without exercises holds one, called "".

    `form` is another form of sheet than the network asks for; without a `calculator` every result is rounded,
    with `formulas` the sheet has a box of them.

    With `exercise` that one only; raises HandcalcError where the file has none of that name.
    """
    found = read_all(network, most_quantities=most_quantities)
    if exercise is not None and exercise not in found:
        names = ", ".join(name for name in found if name)
        raise HandcalcError(
            f"there is no exercise {exercise!r}; "
            + (f"the file holds {names}" if names else "the file holds one network, without a name")
        )
    found = found if exercise is None else {exercise: found[exercise]}
    asked = {
        name: one.changed(show=show, decimals=decimals, form=form, formulas=formulas) for name, one in found.items()
    }
    return {name: _solution(one if calculator else one.by_hand(), network, name) for name, one in asked.items()}


def _solution(found: Network, source: str | PathLike[str] | Mapping[str, object] | Network, name: str = "") -> Solution:
    """The solution; what a key says that can't be worked out is an error at its place."""
    try:
        return Solution(found)
    except NetworkFileError as error:
        raise placed(error, source, name) from None
