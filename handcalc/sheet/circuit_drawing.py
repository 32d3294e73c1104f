"""The drawing of a circuit with the numbers of its solution."""

from __future__ import annotations

from handcalc.derive.solution import Solution
from handcalc.formula.quantity import Quantity
from handcalc.sheet.circuit_picture import circuit_nodes, circuit_picture
from handcalc.sheet.picture import Picture


def circuit_drawing(solution: Solution, *, writing: bool = False) -> Picture | None:
    """The circuit of the first pass; None where it is too large to be drawn well.

    With `writing` there is room for a box in place of each number, so that a sheet and its key look alike.
    """
    first = solution.first
    drawn = first.program.page.circuit
    if drawn is None:
        return None

    def digits(quantity: Quantity) -> str:
        slot = first.program.slots.number[quantity]
        given = slot < first.program.first
        return first.printed.operand[slot] if given else first.printed.result[slot][-1][1]

    nodes = circuit_nodes(drawn, digits, solution.rooms.widest)
    return circuit_picture(nodes, solution.network.language, writing=writing)
