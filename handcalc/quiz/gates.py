"""The gates that a student's numbers have to pass, each with what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """`tell` says what a candidate needs, `widen` what to do where too few have it."""

    name: str
    tell: str
    widen: str
    usual: bool = True


_ALL = (
    Gate("friendly", "results that end have few digits, and none is large", "use fewer decimals or smaller numbers"),
    Gate("edges", "no weighted sum at the kink of a ReLU or step", "use more decimals, or other biases"),
    Gate("live and dead", "a live and a dead unit", "let weights be negative, or use more units", usual=False),
    Gate("saturation", "no output near the end of its range", "use smaller weights or inputs"),
    Gate("vanishing", "no gradient that isn't 0 is printed as 0, and none is 0 throughout a layer",
         "print more decimals, or use larger inputs and weights"),
    Gate("ties", "no two quantities equal of which the larger one is taken", "use more decimals"),
    Gate("confusable", "no two answers of a block alike in print", "print more decimals, or let more numbers differ"),
    Gate("two figures", "two figures of every asked gradient in print",
         "print more decimals, or use larger inputs and weights"),
    Gate("visible updates", "every asked update changes what is printed",
         "print more decimals, or use a larger learning rate"),
    Gate("falling loss", "the loss falls in print", "use a smaller learning rate"),
    Gate("mistakes", "no known mistake gives an accepted answer", "print more decimals, or leave out 0, 1 and equal "
         "numbers"),
    Gate("equal work", "as many zeros, digits and minus signs as the others have", "let the numbers differ less"),
    Gate("distinct", "numbers that nobody else has", "let more numbers vary, or let them be more"),
    Gate("rounded carry agrees", "the final answers are the same with exact and with rounded carry",
         "ask for fewer decimals", usual=False),
)  # fmt: skip
GATES: Mapping[str, Gate] = {gate.name: gate for gate in _ALL}
