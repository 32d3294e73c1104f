"""From a circuit to its steps: every wire, and the gradient of the output with respect to every wire and input."""

from __future__ import annotations

from dataclasses import dataclass

from handcalc.derive.page import Page
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Ref
from handcalc.network.circuit import Circuit
from handcalc.ops.gate import expression_of
from handcalc.ops.operation import Operation


@dataclass(frozen=True, slots=True, eq=False)
class WrittenCircuit:
    """What `write_circuit` has written: the names of what is given, of every wire, and the gradients by what they
    are of (all but that of the output with respect to itself, which is 1)."""

    inputs: tuple[Ref, ...]
    wires: tuple[WrittenWire, ...]
    output: Ref
    gradients: dict[Quantity, Ref]


@dataclass(frozen=True, slots=True, eq=False)
class WrittenWire:
    """The result of one operation and the wires that lead into it, in order."""

    ref: Ref
    operation: Operation
    inputs: tuple[Ref, ...]
    named: bool


def write_circuit(page: Page, circuit: Circuit, *, gradients: bool = True) -> WrittenCircuit:
    """Write the givens, each wire, and, from the output back, the gradient with respect to each wire and input.

    Numbers that stand in the expressions are part of the steps; those of the inputs are not.
    """
    inputs = tuple(page.given(name) for name, _ in circuit.inputs)
    wires = []
    for wire in circuit.wires:
        operation, coming = expression_of(wire.formula)
        (ref,) = page.write(operation, coming, letter=wire.name, scalar=True)
        wires.append(WrittenWire(ref, operation, tuple(coming), wire.named))
    output = next(wire.ref for wire in wires if wire.ref.quantity.key == circuit.output)
    back = page.backward(output, inputs) if gradients and inputs else {}
    return WrittenCircuit(inputs, tuple(wires), output, back)
