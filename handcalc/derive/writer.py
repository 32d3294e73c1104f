"""What is on one page: its steps, and what is given on it, block by block.

Glossary
    turn    which pass the page is for: how many updates came before, which sample an online pass sees
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from handcalc.derive.backward import Objective, backward
from handcalc.derive.bare import Bare, BareChosen, Place
from handcalc.derive.factors import check_factors, write_factors
from handcalc.derive.opened import open_gradients
from handcalc.derive.page import Hand, Page, Step
from handcalc.derive.update import Given, update_parameter
from handcalc.formula.number import read_number
from handcalc.formula.quantity import Quantity, read_key, state
from handcalc.formula.tree import Formula, Num, Ref
from handcalc.ops import Operation, Optimiser, optimisers, plain


class Turn(NamedTuple):
    """`update` updates came before; an online pass sees `sample`, from 0; `again`: the network runs once more after."""

    update: int = 0
    sample: int = 0
    again: bool = False


Role = Literal["input", "weights", "bias", "target", "rate", "option", "sample weight", "counter", "state"]


@dataclass(frozen=True, slots=True)
class Block:
    """What is given together: a vector, a matrix or a single number, with what it is called."""

    role: Role
    refs: Any
    layer: int | None = None
    sample: int = 0
    tell: str = ""
    of: tuple[str, str] = ("", "")
    """Whose words `tell` are: an operation's, and of which kind ("option alpha")."""


@dataclass(frozen=True, slots=True, eq=False)
class WrittenLayer:
    """One layer as the first sample goes through it."""

    number: int
    kinds: tuple[type[Operation], ...]
    """Its activations, each once."""
    inputs: tuple[Formula, ...]
    weights: tuple[tuple[Ref, ...], ...]
    """W[to][from], whatever the layout."""
    biases: tuple[Ref, ...]
    outputs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A page with what is given on it, block by block, and the steps in the order they are worked: that of `turn`, of
    every network of this `shape`.

    `sources` says for each given quantity which number it is: its place, or a text (the 0 that a state starts from);
    `learned` lists the given quantities that an update replaces.
    """

    shape: Bare
    turn: Turn
    page: Page
    steps: tuple[Step, ...]
    blocks: tuple[Block, ...]
    sources: tuple[Place | str, ...]
    learned: tuple[Quantity, ...]
    layers: tuple[WrittenLayer, ...]
    inputs: tuple[Ref, ...]
    outputs: tuple[tuple[Ref, ...], ...]
    """Of each sample."""
    targets: tuple[tuple[Ref, ...], ...]
    losses: tuple[Ref, ...]
    """Of each sample."""
    objective: Ref | None
    chain: bool
    """Whether the layers follow each other, without branches."""
    circuit: WrittenCircuit | None = None
    """The wires of a circuit, as the first sample goes through it."""

    @property
    def parameters(self) -> frozenset[Quantity]:
        """The weights and biases of all layers."""
        rows = (row for layer in self.layers for row in (*layer.weights, layer.biases))
        return frozenset(ref.quantity for row in rows for ref in row)


@dataclass(frozen=True, slots=True, eq=False)
class WrittenCircuit:
    """The names of what is given, of every wire, and the gradients by what they are of (all but that of the output
    with respect to itself, which is 1)."""

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


class Writer:
    """Names what is given on a page and writes what is learned from it; what comes between is another's."""

    def __init__(self, shape: Bare, turn: Turn, hand: Hand | None = None) -> None:
        self.shape, self.turn = shape, turn
        self.page = Page(update=turn.update, hand=hand)
        self.blocks: list[Block] = []
        self.sources: list[Place | str] = []
        self.learned: list[Quantity] = []
        samples = len(shape.inputs)
        online = shape.batch == "online" and samples > 1
        self.samples = (turn.sample,) if online else tuple(range(samples))
        self.marked = samples > 1

    def written(self, **parts: Any) -> Written:
        """The page with its steps, the forward pass again where that is asked for, and `parts` of it."""
        if self.shape.factors is not None:
            check_factors(self.shape)
            write_factors(self.page, self.shape.factors)
        if self.shape.opened:
            open_gradients(self.page)
        again = self.page.again(self.learned) if self.turn.again and self.shape.optimiser else []
        given = (tuple(self.blocks), tuple(self.sources), tuple(self.learned))
        return Written(self.shape, self.turn, self.page, (*self.page.steps, *again), *given, **parts)

    def given(
        self,
        role: Role,
        letter: str,
        places: Any,
        *,
        layer: int | None = None,
        sample: int = 0,
        learned: bool = False,
        tell: str = "",
        numbered: bool = False,
    ) -> Any:
        """Name the numbers at `places`, a vector or a matrix; a `numbered` one always has its index."""
        sizes = _sizes(places)
        shown = [numbered or n > 1 for n in sizes]
        refs = self.page.given(letter, *sizes, layer=layer, shown=shown, sample=sample, learned=learned)
        self.sources += _flattened(places)
        self.blocks.append(Block(role, refs, layer, sample, tell))
        return refs

    def named(
        self, role: Role, quantity: Quantity, source: Place | str, tell: str = "", of: tuple[str, str] = ("", "")
    ) -> Ref:
        self.page.givens.append(quantity)
        self.sources.append(source)
        self.blocks.append(Block(role, Ref(quantity), quantity.layer, 0, tell, of))
        return Ref(quantity)

    def free(self, quantity: Quantity) -> Quantity:
        """`quantity`, or where that is on the page already (λ of a penalty and of the weight decay) with an index."""
        taken, n = {*self.page.givens, *(step.target for step in self.page.steps)}, 1
        while quantity in taken:
            n += 1
            quantity = Quantity(quantity.letter, quantity.layer, (n,))
        return quantity

    def sample(self, k: int) -> int:
        return k + 1 if self.marked else 0

    def operation(self, chosen: BareChosen, known: Any, layer: int | None = None, at: Sequence[int] = ()) -> Any:
        """The operation with its options; those with a letter are given, with the number of their layer or `at`."""
        kind = known[plain(chosen.name)]
        options: dict[str, Formula | str] = {}
        choices = dict(chosen.options)
        for option in kind.options:
            if option.attribute not in choices:
                continue
            choice = choices[option.attribute]
            if isinstance(choice, int):
                quantity = read_key(option.letter)
                if layer is not None and quantity.layer is None:
                    quantity = Quantity(quantity.letter, layer, quantity.index)
                quantity = self.free(Quantity(quantity.letter, quantity.layer, tuple(at)) if at else quantity)
                options[option.attribute] = self.named(
                    "option", quantity, choice, option.tell, (kind.name, f"option {option.name}")
                )
            elif option.takes_numbers and choice not in option.words and not option.whole:
                options[option.attribute] = Num(read_number(choice))
            else:
                options[option.attribute] = choice
        return kind(**options)

    def learn(self, objective: Objective, parameters: Sequence[Ref], others: Sequence[Ref] = ()) -> dict[Quantity, Ref]:
        """Gradients and updates; of `others` the gradients only. The gradients come back by what they are of."""
        shape, page = self.shape, self.page
        if shape.optimiser is None:
            return backward(page, objective, [*parameters, *others], minus=shape.minus)
        optimiser: Optimiser = self.operation(shape.optimiser, optimisers())
        rate = self.named("rate", Quantity("eta"), shape.rate)
        given = Given(rate, lambda: self.named("counter", Quantity("t"), str(self.turn.update + 1)))
        for kept in optimiser.state:
            start = kept.start.number.text if isinstance(kept.start, Num) else "0"
            for w in parameters:
                quantity = state(kept.letter, w.quantity)
                self.named("state", quantity, start, kept.tell)
                self.learned.append(quantity)

        def update(w: Ref, gradient: Ref) -> None:
            update_parameter(page, optimiser, w, gradient, given)

        if shape.in_place:
            return backward(page, objective, parameters, minus=shape.minus, in_place=update)
        gradients = backward(page, objective, [*parameters, *others], minus=shape.minus)
        for w in parameters:
            update(w, gradients[w.quantity])
        return gradients


def _sizes(places: Any) -> tuple[int, ...]:
    return () if isinstance(places, int) else (len(places), *_sizes(places[0]))


def _flattened(places: Any) -> list[Place]:
    return [places] if isinstance(places, int) else [place for part in places for place in _flattened(part)]
