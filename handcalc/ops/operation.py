"""An operation: one class says how it is written, how it is differentiated as taught, and what goes wrong.

Defining the class registers it, and everything else (network file, derivation, every output,
laws, documentation) picks it up. An operation speaks formulas only; it never mentions an output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import ZERO, Formula, Ref, formula, partial, quantities, total

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
    before: Made | None = None
    """The use of an operation that made the inputs, where one did."""


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


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that an operation offers in a network file: ``{leaky relu: …, alpha: 0.1}``.

    With `words`, one of them shapes the formula, and the operation holds it as text. Else it is a number between
    the bounds: it is given on the sheet under its `letter`, and the operation holds a formula; without a letter it
    stands in the formula itself, where `whole` asks for a whole number (an exponent), held as int. An option may
    accept words and numbers (a base: ``e`` or a number).
    """

    name: str
    default: str
    words: tuple[str, ...] = ()
    number: bool = False
    letter: str = ""
    whole: bool = False
    above: str | None = None
    least: str | None = None
    below: str | None = None
    most: str | None = None
    tell: str = ""
    """What the number is called among the givens: "slope for negative sums"."""

    @property
    def attribute(self) -> str:
        return self.name.replace(" ", "_")

    @property
    def takes_numbers(self) -> bool:
        return self.number or not self.words

    def value(self, chosen: Formula | str | int | None = None) -> Formula | str | int:
        """`chosen` (None: the default) as the operation holds it."""
        chosen = self.default if chosen is None else chosen
        if chosen in self.words or not isinstance(chosen, str):
            return chosen
        return int(chosen) if self.whole else formula(chosen)


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
    tell: str = ""
    """One sentence that a teacher would say; an option may ask for another one."""
    gradient_tell: str = ""
    """The same for its slope."""
    conventional: bool = False
    """Whether the slope is a stated convention and not the derivative (a learning rule, a step's slope of 1)."""
    example: ClassVar[tuple[Any, ...]] = ()
    mistakes: ClassVar[tuple[Mistake, ...]] = ()
    options: ClassVar[tuple[Option, ...]] = ()
    """What a network file may choose; the operation holds each under its name (`alpha`, `slope_at_0`)."""
    is_penalty: ClassVar[bool] = False
    """Whether its result is added to the loss as it is: a regulariser."""
    common: ClassVar[bool] = False
    """Whether every course teaches it: messages name it first."""
    variants: ClassVar[tuple[dict[str, str], ...]] = ()
    """Choices other than the defaults on which the laws are checked too."""

    registry: ClassVar[dict[str, type[Operation]]] = {}

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        cls.common = bool(cls.__dict__.get("common"))
        if "name" in cls.__dict__:
            for name in map(plain, (cls.name, *cls.aliases)):
                if name in Operation.registry:
                    raise TypeError(f"two operations are called {name!r}")
                Operation.registry[name] = cls

    def __init__(self, **chosen: Formula | str | int) -> None:
        """`chosen` holds options by name; of the others their defaults are taken."""
        for option in self.options:
            setattr(self, option.attribute, option.value(chosen.pop(option.attribute, None)))
        if chosen:
            raise TypeError(f"{self.name} has no option {next(iter(chosen))!r}")

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
    needs_scores: ClassVar[bool] = False
    """Whether it makes probabilities itself, so that those of a softmax or sigmoid would be squashed twice."""
    needs_target: ClassVar[bool] = True
    one_hot: ClassVar[bool] = False
    needs_class: bool = False
    """Whether the formula is about the right class (a hinge over classes); `right` is set then."""
    right: int | None = None
    """The number of the right class, from 0, where the target names one; part of the page's shape."""
    quoted_tell: str = ""
    quoted: ClassVar[dict[str, Callable[[Ref, Formula], Formula]]] = {}
    example: ClassVar[tuple[Any, ...]] = (("0.7", "0.2"), ("1", "0"))

    def targets(self, y: Vector) -> Sequence[Formula]:
        """The targets as the formulas have them: their names."""
        return y

    def term(self, p: Ref, y: Formula) -> Formula:
        raise NotImplementedError

    def whole(self, shares: Formula, outputs: int) -> Formula:
        return shares

    def slope(self, p: Ref, y: Formula, outputs: int) -> Formula:
        """∂L/∂p for one of `outputs` predictions, in the form that is taught."""
        raise NotImplementedError

    def quote(self, before: Operation, p: Ref, y: Formula, outputs: int) -> Formula:
        """∂L/∂z as it is quoted where `before`, one of those in `quoted`, made p of z."""
        return self.quoted[before.name](p, y)

    def write(self, page: Page, p: Vector, y: Vector) -> list[Ref]:
        pairs = zip(p, self.targets(y), strict=True)
        return page.out([self.whole(total(self.term(*pair) for pair in pairs), len(p))])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        p, target = made.inputs
        block, *at = made.places[x.quantity]
        if block != 0:
            return super().local(y, x, made)
        return self.slope(x, self.targets(_vector(target))[at[0]], len(p))

    def shortcut(self, made: Made, before: Made) -> dict[Quantity, Formula]:
        if before.operation.name not in self.quoted or list(made.inputs[0]) != before.outputs:
            return {}
        p, y = map(_vector, made.inputs)
        triples = zip(_vector(before.inputs[0]), p, self.targets(y), strict=True)
        return {z.quantity: self.quote(before.operation, pi, yi, len(p)) for z, pi, yi in triples}


@dataclass(frozen=True, slots=True)
class State:
    """What an optimiser remembers of each parameter from update to update, by its letter; `tell` says what it is."""

    letter: str
    tell: str
    start: Formula = ZERO
    """What it is before the first update."""


class Turn(Protocol):
    """One parameter's turn to be updated; the page makes it."""

    @property
    def w(self) -> Ref: ...

    @property
    def gradient(self) -> Ref: ...

    @property
    def rate(self) -> Formula: ...

    @property
    def t(self) -> Formula | int:
        """The number of this update, from 1."""
        ...

    def old(self, letter: str) -> Ref:
        """The state before this update."""
        ...

    def let(self, letter: str, formula: Formula) -> Ref:
        """Write a step: for a state's letter its value after this update, else an intermediate result."""
        ...


@dataclass(frozen=True, slots=True)
class Alone:
    """The turn of a parameter that is alone on its page, so that no key has to name it."""

    page: Page
    w: Ref
    gradient: Ref
    rate: Formula
    t: Formula | int = 1
    before: Mapping[str, Ref] = field(default_factory=dict)

    def old(self, letter: str) -> Ref:
        return self.before[letter]

    def let(self, letter: str, formula: Formula) -> Ref:
        return self.page.let(letter, [formula])[0]


class Optimiser(Operation):
    """From a parameter and its gradient to the parameter's next value."""

    example: ClassVar[tuple[Any, ...]] = (("0.3",), ("2",), ("0.5", "0.1", "0.08"))

    @property
    def state(self) -> tuple[State, ...]:
        """What is remembered; it depends on the options."""
        return ()

    def step(self, turn: Turn) -> Formula:
        """The next value of the parameter; the new values of the state are written through `turn.let`."""
        raise NotImplementedError

    def write(self, page: Page, w: Vector, gradient: Vector, rate: Vector) -> list[Ref]:
        """An update of the one parameter in `w`; behind the rate stand the state before it, in its order, and the
        number of the update (without it, the second)."""
        before = {state.letter: ref for state, ref in zip(self.state, rate[1:], strict=False)}
        t = next(iter(rate[1 + len(before) :]), 2)
        return page.out([self.step(Alone(page, w[0], gradient[0], rate[0], t, before))])


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
