"""An operation: one class says how it is written, how it is differentiated as taught, and what goes wrong.

Defining the class registers it, and everything else (network file, derivation, every output,
laws, documentation) picks it up. An operation speaks formulas only; it never mentions an output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import ZERO, Formula, Ref, partial, quantities, total

Vector = Sequence[Ref]
Matrix = Sequence[Vector]
Block = Vector | Matrix


class Page(Protocol):
    """Where an operation writes."""

    def out(self, formulas: Sequence[Formula]) -> list[Ref]:
        """Write the results, one step each; the page knows their letter."""
        ...

    def let(self, letter: str, formulas: Sequence[Formula]) -> list[Ref]:
        """Write intermediate results, one step each: ``e[1]``, ``e[2]``, … or, of a single formula, ``S``."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """What one use of an operation wrote: its input blocks, its results, the formulas of all its steps."""

    operation: Operation
    inputs: tuple[Block, ...]
    outputs: list[Ref] = field(default_factory=list)
    formulas: dict[Quantity, Formula] = field(default_factory=dict)
    places: dict[Quantity, tuple[int, ...]] = field(default_factory=dict)
    """Where an input stands: block, then row (and column), from 0; where an output stands: its number."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A slip students are known to make: the operation with its method (or table) `part` replaced by `done`.

    `number` is the row in the table of mistakes; `tell` completes "you get this number if …";
    `rare` ones are ranked last where several fit.
    """

    number: int
    code: str
    tell: str
    part: str
    done: Any
    rare: bool = False


def plain(name: str) -> str:
    """The name as the registry knows it: ``Cross-Entropy`` and ``cross_entropy`` are ``cross entropy``."""
    return " ".join(name.lower().replace("-", " ").replace("_", " ").split())


class Operation:
    """Subclass, give it a `name` and `write`; everything else has a default.

    `name` and `aliases` are what a network file says; `example` holds numbers as typed for each
    block that `write` takes, on which the laws are checked.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    title: ClassVar[str] = ""
    """The name in headings and pictures, where it isn't `name`."""
    tell: ClassVar[str] = ""
    """One sentence that a teacher would say."""
    gradient_tell: ClassVar[str] = ""
    """The same for its slope."""
    example: ClassVar[tuple[Any, ...]] = ()
    mistakes: ClassVar[tuple[Mistake, ...]] = ()

    registry: ClassVar[dict[str, type[Operation]]] = {}

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if "name" in cls.__dict__:
            for name in map(plain, (cls.name, *cls.aliases)):
                if name in Operation.registry:
                    raise TypeError(f"two operations are called {name!r}")
                Operation.registry[name] = cls

    def write(self, page: Page, *blocks: Any) -> list[Ref]:
        """Write the steps on `page`; return the results."""
        raise NotImplementedError

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        """∂y/∂x as it is taught, of a result `y` and an input `x`. Default: the rules of calculus through all steps."""
        return _through(made.formulas[y.quantity], x, made)

    def shortcut(self, made: Made, before: Made) -> dict[Quantity, Formula]:
        """Gradients of the inputs of `before`, the operation that made our inputs, where textbooks quote them."""
        return {}

    def with_mistake(self, mistake: Mistake) -> Operation:
        """This operation as a student who makes `mistake` does it."""
        wrong: Operation = object.__new__(type(type(self).__name__, (type(self),), {mistake.part: mistake.done}))
        wrong.__dict__.update(self.__dict__)
        return wrong


class Activation(Operation):
    """From the weighted sums of a layer to its outputs.

    `open_range` holds bounds that the outputs come near but never reach; `elementwise` is false
    where an output depends on several weighted sums.
    """

    elementwise: ClassVar[bool] = True
    open_range: ClassVar[tuple[int, int] | None] = None


class Elementwise(Activation):
    """One output per weighted sum: `curve` writes it, `slope` is its derivative as it is taught."""

    example = (("0.35", "-1.2", "2"),)

    def curve(self, z: Formula) -> Formula:
        raise NotImplementedError

    def slope(self, z: Ref, a: Ref) -> Formula:
        """Default: the rules of calculus applied to `curve`."""
        return partial(self.curve(z), z.quantity)

    def write(self, page: Page, z: Vector) -> list[Ref]:
        return page.out([self.curve(one) for one in z])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        return self.slope(x, y)


class Loss(Operation):
    """From the predictions p and the targets y to one number.

    `term` is one output's share and `whole` puts the sum of the shares in its final form. `quoted`
    maps the name of the last activation to the gradient ∂L/∂z that textbooks quote for the pair
    without working, as a function of one prediction and its target; `quoted_tell` says it in words.
    """

    needs_probabilities: ClassVar[bool] = False
    one_hot: ClassVar[bool] = False
    quoted_tell: ClassVar[str] = ""
    quoted: ClassVar[dict[str, Callable[[Ref, Ref], Formula]]] = {}
    example = (("0.7", "0.2"), ("1", "0"))

    def term(self, p: Ref, y: Ref) -> Formula:
        raise NotImplementedError

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return shares

    def slope(self, p: Ref, y: Ref, outputs: int) -> Formula:
        """∂L/∂p for one of `outputs` predictions, in the form that is taught."""
        raise NotImplementedError

    def write(self, page: Page, p: Vector, y: Vector) -> list[Ref]:
        return page.out([self.whole(total(self.term(*pair) for pair in zip(p, y, strict=True)), len(p))])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        p, target = made.inputs
        block, *at = made.places[x.quantity]
        if block != 0:
            return super().local(y, x, made)
        return self.slope(x, _vector(target)[at[0]], len(p))

    def shortcut(self, made: Made, before: Made) -> dict[Quantity, Formula]:
        quote = self.quoted.get(before.operation.name)
        p, y = made.inputs
        if quote is None or list(p) != before.outputs:
            return {}
        z = _vector(before.inputs[0])
        return {zi.quantity: quote(pi, yi) for zi, pi, yi in zip(z, _vector(p), _vector(y), strict=True)}


class Optimiser(Operation):
    """From a parameter and its gradient to the parameter's next value."""

    def step(self, w: Ref, gradient: Ref, rate: Ref) -> Formula:
        raise NotImplementedError

    def write(self, page: Page, w: Vector, gradient: Vector, rate: Vector) -> list[Ref]:
        return page.out([self.step(*pair, rate[0]) for pair in zip(w, gradient, strict=True)])


def activations() -> dict[str, type[Activation]]:
    """Every accepted name of an activation, canonical ones and aliases."""
    return {name: cls for name, cls in Operation.registry.items() if issubclass(cls, Activation)}


def losses() -> dict[str, type[Loss]]:
    """Every accepted name of a loss, canonical ones and aliases."""
    return {name: cls for name, cls in Operation.registry.items() if issubclass(cls, Loss)}


def _through(f: Formula, x: Ref, made: Made) -> Formula:
    """∂f/∂x, where `f` may use the operation's own intermediate results (they count as functions of x)."""
    direct = partial(f, x.quantity)
    inner = [q for q in quantities(f) if q in made.formulas]
    if not inner:
        return direct
    parts = [(partial(f, q), _through(made.formulas[q], x, made)) for q in inner]
    return total([direct, *(a * b for a, b in parts if ZERO not in (a, b))])


def _vector(block: Block) -> Vector:
    return [ref for ref in block if isinstance(ref, Ref)]
