"""Value and gradient on every wire of a circuit: to be written into the drawing, and worked line by line on the key.

Source: Stanford CS231n, *Backpropagation, intuitions* (2015), whose circuits have the value above a wire and the
gradient below it.
"""

from __future__ import annotations

from dataclasses import replace

from handcalc.derive.solution import Solution
from handcalc.formula.words import say
from handcalc.network.errors import at_key
from handcalc.sheet.circuit_drawing import circuit_drawing
from handcalc.sheet.parts import Say, Sheet
from handcalc.sheet.steps import lesson, worked_sections


def wires(solution: Solution) -> Sheet:
    """The steps, below a drawing with room to write in. Raises NetworkFileError where there is no circuit to draw."""
    if not solution.network.circuit:
        raise at_key("form", "wires are those of a circuit, and there is none; write circuit: …, or form: tables")
    picture = circuit_drawing(solution, writing=True)
    if picture is None:
        raise at_key("form", "the circuit is too large to be drawn; write form: steps")
    made = lesson(solution, worked_sections, picture=picture)
    both = "gradients" in solution.network.show
    said = say(solution.network.language, "wires with gradients" if both else "wires")
    return replace(made, parts=(Say(said), *made.parts))
