"""The drawing of a circuit with the numbers of its solution."""

from __future__ import annotations

from handcalc.derive.solution import Solution
from handcalc.formula.quantity import Quantity
from handcalc.sheet.circuit_picture import circuit_nodes, circuit_picture
from handcalc.sheet.picture import Picture


def circuit_drawing(solution: Solution) -> Picture | None:
    """The circuit of the first pass; None where it is too large to be drawn well."""
    first = solution.first
    drawn = first.program.page.circuit
    if drawn is None:
        return None

    def digits(quantity: Quantity) -> str:
        return first.printed.decimal[first.program.slots.number[quantity]]

    return circuit_picture(circuit_nodes(drawn, digits), solution.network.language)
