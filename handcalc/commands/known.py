"""What is known: every operation with its formula and its derivative as taught, as the operation itself writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any

from handcalc.derive.page import Page
from handcalc.errors import HandcalcError
from handcalc.formula.notation import written
from handcalc.formula.quantity import Quantity, gradient
from handcalc.formula.tree import ZERO, Formula, Ref
from handcalc.network.errors import accepting, listed, quoted
from handcalc.network.network import KEYS
from handcalc.ops import Activation, Loss, Made, Operation, Optimiser, Option, activations, plain
from handcalc.ops.chain_rule import ChainRule
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.render.text import plain as as_text

OTHERS = "Other steps"
LOSS, W, X = Quantity("L"), Quantity("w"), Quantity("x")
RESULTS: dict[type[Operation], str] = {Activation: "a", Loss: "L", Optimiser: "w", WeightedSum: "z"}
"""The letter of an operation's results; r of any other."""


@dataclass(frozen=True, slots=True)
class Equation:
    """``left = right`` as text; `remark` says under which choice, empty where always."""

    left: str
    right: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """One operation: `formulas` in the order they are worked out, `derivatives` as taught, `others` by choice."""

    operation: type[Operation]
    family: str
    formulas: tuple[Equation, ...]
    derivatives: tuple[Equation, ...]
    others: tuple[Equation, ...]

    @property
    def name(self) -> str:
        return self.operation.name


def known() -> list[Known]:
    """Every operation, family by family; in a family in the order they are defined."""
    found = [_known(operation) for operation in dict.fromkeys(Operation.registry.values())]
    families = [*dict.fromkeys(one.family for one in found if one.family != OTHERS), OTHERS]
    return sorted(found, key=lambda one: families.index(one.family))


def called(name: str) -> list[Known]:
    """The operation of this name or alias, or a whole family (``losses``, ``loss``); HandcalcError where none is."""
    wanted = plain(name)
    if wanted in Operation.registry:
        return [_known(Operation.registry[wanted])]
    everything = known()
    if family := [one for one in everything if wanted in (one.family.lower(), singular(one.family))]:
        return family
    names = [one.name for one in everything]
    raise HandcalcError(f"no operation is called {quoted(name)}{accepting(names, name, Operation.registry)}")


def singular(family: str) -> str:
    """``Losses``: ``loss``."""
    return family.lower().removesuffix("es" if family.endswith("sses") else "s")


def family_of(operation: type[Operation]) -> str:
    """``Losses``: the kind of operation it is, from the class that all of that kind share."""
    kind = [base for base in operation.__mro__ if issubclass(base, Operation) and base is not Operation][-1]
    if "name" in kind.__dict__:
        return OTHERS
    return f"{kind.__name__}{'es' if kind.__name__.endswith('s') else 's'}"


def accepted(option: Option) -> str:
    """What may stand for an option: ``sum or mean``, ``a number above 0``."""
    bounds = (("above", option.above), ("of at least", option.least), ("below", option.below), ("at most", option.most))
    said = " and ".join(f"{word} {bound}" for word, bound in bounds if bound is not None)
    number = f"{'a whole number' if option.whole else 'a number'} {said}".strip()
    return listed([*option.words, *([number] if option.takes_numbers else [])], "or")


def in_a_file(operation: type[Operation]) -> str:
    """An example line of a network file with this operation, its options at their defaults; empty where it has none."""
    options = [f"{option.name}: {option.default}" for option in operation.options]
    if issubclass(operation, Activation):
        return f"- {{{', '.join([f'{operation.name}: [[0.6, 0.4], [-0.2, 0.5]]', 'bias: [0.1, 0.3]', *options])}}}"
    key = singular(family_of(operation))
    if key not in KEYS:
        return "learning rate: 0.5" if issubclass(operation, Optimiser) else ""
    return f"{key}: {{{operation.name}: {{{', '.join(options)}}}}}" if options else f"{key}: {operation.name}"


def _known(operation: type[Operation]) -> Known:
    formulas, derivatives = _equations(operation, {})
    usual = {*formulas, *derivatives}
    others = [
        replace(equation, remark=said)
        for said, chosen in _choices(operation)
        for part in _equations(operation, chosen)
        for equation in part
        if equation not in usual
    ]
    return Known(operation, family_of(operation), formulas, derivatives, tuple(others))


def _choices(operation: type[Operation]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each choice beside the defaults that may write another formula, in words and as the operation takes it."""
    for option in operation.options:
        for word in option.words:
            if word != option.default:
                yield f"{option.name}: {word}", {option.attribute: word}
        if option.letter and option.default in option.words:
            yield f"{option.name}: a number", {option.attribute: Ref(Quantity(option.letter))}


def _equations(operation: type[Operation], chosen: dict[str, Any]) -> tuple[tuple[Equation, ...], tuple[Equation, ...]]:
    """Formulas and derivatives of an operation in letters, for blocks shaped like its example."""
    letters = {
        option.attribute: Ref(Quantity(option.letter))
        for option in operation.options
        if option.letter and option.default not in option.words
    }
    use = operation(**letters | chosen)
    if isinstance(use, Loss) and use.needs_class:
        use.right = 0
    made = _put_down(use)
    first: dict[str, Equation] = {}
    for quantity, formula in made.formulas.items():
        first.setdefault(quantity.letter, Equation(_left(use, quantity), _text(formula)))
    return tuple(first.values()), (*_derivatives(use, made), *_quoted(use, made))


def _put_down(use: Operation) -> Made:
    """What the operation writes, of one unit alone where each unit is worked out by itself."""
    alone = isinstance(use, Optimiser) or (isinstance(use, Activation) and use.elementwise)
    names = list(signature(use.write).parameters)[1:]
    blocks = [
        [_ref(name, ())] if alone else _block(name, _wide_enough(use, example))
        for name, example in zip(names, use.example, strict=False)
    ]
    letter = next((letter for kind, letter in RESULTS.items() if isinstance(use, kind)), "r")
    if isinstance(use, Activation) and not alone and use.open_range == (0, 1):
        letter = "p"
    page = Page()
    page.write(use, *blocks, letter=letter, scalar=alone or isinstance(use, (Loss, ChainRule)))
    return page.made[-1]


def _wide_enough(use: Operation, example: Any) -> Any:
    """Three outputs for a loss that divides by their number: of two, a mean would look like a half."""
    if isinstance(use, Loss) and use.whole(Ref(LOSS), 2) != use.whole(Ref(LOSS), 3):
        return (*example, *example)[:3]
    return example


def _block(name: str, example: Any, at: tuple[int, ...] = ()) -> Any:
    if isinstance(example, str):
        return _ref(name, at)
    return [_block(name, part, (*at, i)) for i, part in enumerate(example, 1)]


def _ref(name: str, at: tuple[int, ...]) -> Ref:
    """The letter of an input, by what `write` calls it."""
    match name:
        case "gradient":
            return Ref(gradient(LOSS, replace(W, index=at)))
        case "rate":
            return Ref(Quantity("eta"))
        case "upstream":
            return Ref(gradient(LOSS, Quantity("y", index=at)))
        case "local":
            return Ref(Quantity("y", index=at, of=X))
    return Ref(Quantity(name.replace("_", ""), index=at))


def _left(use: Operation, quantity: Quantity) -> str:
    if isinstance(use, Optimiser) and quantity.letter == W.letter:
        return quantity.later().key
    return gradient(LOSS, X).key if isinstance(use, ChainRule) else quantity.key


def _derivatives(use: Operation, made: Made) -> Iterator[Equation]:
    """Of the first result with respect to the first entry of each input; of outputs that depend on each other the
    second too."""
    if isinstance(use, (Optimiser, ChainRule)):
        return
    y = made.outputs[0]
    for number, block in enumerate(made.inputs[:1] if isinstance(use, (Loss, Activation)) else made.inputs):
        entries = [ref for ref in _flat(block) if made.places[ref.quantity][0] == number]
        for x in entries[: 2 if isinstance(use, Activation) else 1]:
            if (slope := use.local(y, x, made)) != ZERO or len(entries) == 1:
                yield Equation(replace(y.quantity, of=x.quantity).key, _text(slope))


def _quoted(use: Operation, made: Made) -> Iterator[Equation]:
    """What textbooks quote for a loss after a last activation."""
    if not isinstance(use, Loss):
        return
    for name in use.quoted:
        page = Page()
        z = [_ref("z", (i,)) for i in range(1, len(made.inputs[0]) + 1)]
        outputs = page.write(activations()[plain(name)](), z, letter="p")
        page.write(use, outputs, *made.inputs[1:], letter="L", scalar=True)
        before, after = page.made
        if formula := use.shortcut(after, before).get(z[0].quantity):
            yield Equation(gradient(LOSS, z[0].quantity).key, _text(formula), f"after {name}")


def _flat(block: Sequence[Any]) -> list[Ref]:
    return [ref for part in block for ref in (_flat(part) if isinstance(part, list) else [part])]


def _text(formula: Formula) -> str:
    return as_text(written(formula))
