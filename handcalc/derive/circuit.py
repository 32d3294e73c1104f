"""From a circuit to its steps: every wire, and the gradient of its output with respect to every wire and input."""

from __future__ import annotations

from handcalc.derive.backward import Objective
from handcalc.derive.writer import Writer, Written, WrittenCircuit, WrittenWire
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import ONE, Ref, replaced
from handcalc.ops.gate import expression_of


class CircuitWriter(Writer):
    """Writes the wires of a circuit, the gradient of its output with respect to each, and the update of what learns."""

    def whole(self) -> Written:
        shape, page = self.shape, self.page
        assert shape.circuit is not None
        names, wires, output = shape.circuit
        learns = {name: self.given("input", name, shape.inputs[0][i], learned=True)
                  for i, name in enumerate(names) if name in shape.trained}  # fmt: skip
        self.learned += [ref.quantity for ref in learns.values()]
        ends: list[Ref] = []
        inputs: list[Ref] = []
        drawn: list[WrittenWire] = []
        for k in self.samples:
            sample = self.sample(k)
            known: dict[str, Ref] = dict(learns)
            for i, name in enumerate(names):
                if name not in learns:
                    known[name] = self.given("input", name, shape.inputs[k][i], sample=sample)
            inputs += [ref for ref in known.values() if ref not in inputs]
            for wire in wires:
                operation, coming = expression_of(replaced(wire.formula, lambda q: known[q.key]))  # noqa: B023
                (made,) = page.write(operation, coming, letter=wire.name, scalar=True, sample=sample)
                known[wire.name] = made
                if k == self.samples[0]:
                    drawn.append(WrittenWire(made, operation, tuple(coming), wire.named))
            ends.append(known[output])
        gradients: dict[Quantity, Ref] = {}
        others = [ref for ref in inputs if ref not in learns.values()]
        for end in ends if shape.gradients else ():
            gradients |= self.learn(Objective(end, ((end, ONE),)), list(learns.values()), others)
        if shape.factors is not None:  # most of them are not on the page
            gradients = {}
        return self.written(
            layers=(),
            inputs=tuple(inputs),
            outputs=tuple((end,) for end in ends),
            targets=(),
            losses=tuple(ends),
            objective=ends[0],
            chain=False,
            circuit=WrittenCircuit(tuple(inputs), tuple(drawn), ends[0], gradients),
        )
