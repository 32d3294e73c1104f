"""What a page depends on: a network without its numbers. Where one stood there is its place in the list of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from handcalc.formula.number import Number
from handcalc.network import Branches, Chosen, Layer, Network
from handcalc.network.circuit import Wire
from handcalc.network.exercise import right_class
from handcalc.ops import Optimiser

Place = int
"""Of a number in the list of the given ones."""
Rows = tuple[tuple[Place, ...], ...]


class BareChosen(NamedTuple):
    """An operation; of its options those with a letter are places of numbers, the others texts."""

    name: str
    options: tuple[tuple[str, Place | str], ...]


class BareLayer(NamedTuple):
    activations: tuple[BareChosen, ...]
    weights: Rows
    bias: tuple[Place, ...]
    biases: str


class BareBranches(NamedTuple):
    branches: tuple[tuple[BarePart, ...], ...]
    join: str


BarePart = BareLayer | BareBranches


class Bare(NamedTuple):
    """What a page depends on: everything about a network but its numbers, names and printing."""

    inputs: Rows
    given_as: str
    flipped: bool
    layers: tuple[BarePart, ...]
    output: str = "yhat"
    """The letter of the outputs."""
    loss: BareChosen | None = None
    targets: Rows = ()
    right: tuple[int | None, ...] = ()
    batch: str = "mean"
    sample_weights: tuple[Place, ...] = ()
    gradients: bool = False
    optimiser: BareChosen | None = None
    rate: Place = 0
    penalties: tuple[tuple[BareChosen, str], ...] = ()
    """Each with what it is of."""
    scaling: tuple[BareChosen | None, ...] = ()
    output_scaling: BareChosen | None = None
    circuit: tuple[tuple[str, ...], tuple[Wire, ...], str] | None = None
    """The names of its inputs, its wires, its output."""
    trained: tuple[str, ...] = ()
    """Which inputs of the circuit learn."""
    biases_learn: bool = True
    in_place: bool = False
    minus: bool = False
    factors: tuple[str, ...] | None = None
    """Where one gradient is written as a product of factors: the keys that are asked."""
    opened: bool = False
    """Whether gradients are written in what the forward pass makes, and not in each other."""


def bare(network: Network) -> tuple[Bare, list[Number]]:
    """`network` without its numbers, and the numbers."""
    numbers: list[Number] = []

    def place(number: Number) -> Place:
        numbers.append(number)
        return len(numbers) - 1

    def row(values: Sequence[Number]) -> tuple[Place, ...]:
        return tuple(map(place, values))

    def choice(one: Chosen) -> BareChosen:
        options: list[tuple[str, Place | str]] = []
        written = {name for name, _ in one.options}
        every = issubclass(one.operation, Optimiser)  # whose rates all stand among the givens, chosen or not
        for option in one.operation.options:
            if option.name not in written and not every:
                continue
            chosen = one.option(option.name)
            lettered = option.letter and isinstance(chosen, Number)
            options.append((option.attribute, place(chosen) if lettered else str(chosen)))  # type: ignore[arg-type]
        return BareChosen(one.name, tuple(options))

    def part(one: Layer | Branches) -> BarePart:
        if isinstance(one, Branches):
            return BareBranches(tuple(tuple(map(part, branch)) for branch in one.branches), one.join)
        kinds = tuple(map(choice, one.activations))
        return BareLayer(kinds, tuple(map(row, one.weights)), row(one.bias or ()), one.biases)

    wanted = set(network.show)
    factors = network.task.form == "factors"
    updates = bool(wanted & {"update", "rerun"}) and not factors
    lossy = network.loss is not None and bool(wanted - {"forward"})
    made = Bare(
        inputs=tuple(map(row, network.rows)),
        given_as=network.given_as,
        flipped=network.layout == "in x out",
        layers=tuple(map(part, network.layers)),
        output=_output_letter(network),
        scaling=tuple(None if one is None else choice(one) for one in network.scaling),
        output_scaling=None if network.output_scaling is None else choice(network.output_scaling),
        penalties=tuple((choice(one.chosen), one.of) for one in network.regularisation),
        batch=network.batch,
        minus=network.notation.sign == "y - p",
        factors=tuple(one.name for one in network.task.ask) if factors else None,
        opened=network.task.form == "letters first",
    )
    gradients = bool(wanted & {"gradients", "update", "rerun"})
    if network.circuit is not None:
        circuit = network.circuit
        names = tuple(name for name, _ in circuit.inputs)
        made = made._replace(circuit=(names, circuit.wires, circuit.output), gradients=gradients)
    elif not lossy or network.loss is None:
        return made, numbers
    else:
        made = made._replace(
            loss=choice(network.loss),
            targets=tuple(map(row, network.target_rows)),
            right=tuple(map(right_class, network.target_rows)) if _needs_class(network.loss) else (),
            sample_weights=row(network.sample_weights),
            gradients=gradients,
            biases_learn=network.train == ("weights and biases",),
            in_place=network.update_order == "in place",
        )
    if updates and network.learning_rate is not None:
        made = made._replace(
            optimiser=choice(network.optimiser),
            rate=place(network.learning_rate),
            trained=network.train if network.circuit else (),
        )
    elif made.batch == "online":
        made = made._replace(batch="sum" if network.circuit is None else "each")
    return made, numbers


def _output_letter(network: Network) -> str:
    """p for probabilities, ŷ for other predictions."""
    last = network.layers[-1] if network.layers else None
    kinds = last.activations if isinstance(last, Layer) else ()
    softmax = any(not getattr(kind.operation, "elementwise", True) for kind in kinds)
    needed = network.loss is not None and getattr(network.loss.operation, "needs_probabilities", False)
    return "p" if softmax or needed else "yhat"


def _needs_class(loss: Chosen) -> bool:
    return bool(getattr(loss.operation, "needs_class", False)) or dict(loss.options).get("form") == "right class"
