"""What is known: every operation with its formula and its derivative as taught, as the operation itself writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from inspect import Parameter, signature
from typing import Any

from handcalc.derive.page import Page
from handcalc.errors import HandcalcError
from handcalc.formula.notation import written
from handcalc.formula.quantity import Quantity, gradient, read_key
from handcalc.formula.tree import ZERO, Formula, Ref, replaced
from handcalc.network.errors import accepting, listed, quoted
from handcalc.network.network import KEYS
from handcalc.ops import Activation, Loss, Made, Operation, Optimiser, Option, Regulariser, activations, plain
from handcalc.ops.chain_rule import ChainRule
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.render.text import plain as as_text

OTHERS = "Other steps"
LOSS, W, X = Quantity("L"), Quantity("w"), Quantity("x")
RESULTS = {"Activations": "a", "Losses": "L", "Regularisers": "R", "Optimisers": "next"}
"""The letter of a family's results; z of weighted sums, r of any other."""
ONE_RESULT = ("Losses", "Regularisers", "Optimisers")
BEFORE = "before"
"""Set before the letter of what an optimiser reads, so that it differs from what it writes."""


@dataclass(frozen=True, slots=True)
class Equation:
    """``left = right`` as text, what is to be said of it, and the choice of options that it needs (none: the usual)."""

    left: str
    right: str
    remark: str = ""
    choice: str = ""


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
    key = "regularisation" if issubclass(operation, Regulariser) else singular(family_of(operation))
    if key not in KEYS:
        return ""
    return f"{key}: {{{operation.name}: {{{', '.join(options)}}}}}" if options else f"{key}: {operation.name}"


def _known(operation: type[Operation]) -> Known:
    """With letters for the numbers that may be chosen, unless the defaults need fewer steps (a temperature of 1)."""
    letters = {
        option.attribute: _letter(option)
        for option in operation.options
        if option.letter and option.default not in option.words
    }
    usual, choices = _equations(operation, letters), list(_choices(operation, set(letters)))
    if len((shorter := _equations(operation, {}))[0]) < len(usual[0]):
        usual = shorter
        names = [option.name for option in operation.options if option.attribute in letters]
        choices.insert(0, (listed(names, "and"), letters))
        letters = {}
    seen = {*usual[0], *usual[1]}
    others: dict[Equation, Equation] = {}
    for said, chosen in choices:
        for equation in (one for part in _equations(operation, letters | chosen) for one in part):
            if equation not in seen:
                others.setdefault(equation, replace(equation, choice=said))
    return Known(operation, family_of(operation), *usual, tuple(others.values()))


def _choices(operation: type[Operation], lettered: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The operation's variants, in words and as the operation takes them; a number that has a letter is that letter.

    What is among `lettered` is a letter anyway and isn't mentioned.
    """
    options = {option.attribute: option for option in operation.options}
    for variant in operation.variants:
        numbers = [name for name, value in variant.items() if options[name].letter and value not in options[name].words]
        said = [
            f"{options[name].name}: {'a number' if name in numbers else value}"
            for name, value in variant.items()
            if name not in numbers or name not in lettered
        ]
        if said:
            yield ", ".join(said), variant | {name: _letter(options[name]) for name in numbers}


def _equations(operation: type[Operation], chosen: dict[str, Any]) -> tuple[tuple[Equation, ...], tuple[Equation, ...]]:
    """Formulas and derivatives of an operation in letters, for blocks shaped like its example."""
    use = operation(**chosen)
    if isinstance(use, Loss) and use.needs_class:
        use.right = 0
    made = _put_down(use)
    first: dict[str, Equation] = {}
    for quantity, formula in made.formulas.items():
        renamed = replaced(formula, lambda q: Ref(_renamed(use, q)))
        added = "added over the outputs" if isinstance(use, Loss) and _alone(use) else ""
        first.setdefault(quantity.letter, Equation(_renamed(use, quantity).key, _text(renamed), added))
    return tuple(first.values()), (*_derivatives(use, made), *_quoted(use, made))


def _alone(use: Operation) -> bool:
    """Whether one unit alone says everything: each is worked out by itself, and at most a sum puts them together."""
    match use:
        case Activation():
            return use.elementwise
        case Loss():
            over_classes = use.one_hot or use.needs_class or type(use).write is not Loss.write
            return not over_classes and use.whole(Ref(LOSS), 2) == use.whole(Ref(LOSS), 3)
    return isinstance(use, Optimiser)


def _put_down(use: Operation) -> Made:
    """What the operation writes about inputs that are called as `write` calls them."""
    family, alone = family_of(type(use)), _alone(use)
    named = list(signature(use.write).parameters.values())[1:]
    if named[-1].kind is Parameter.VAR_POSITIONAL:
        blocks = [_block("x", example, (n,)) for n, example in enumerate(use.example, 1)]
    elif alone:
        blocks = [[_ref(one.name, ())] for one in named]
        if isinstance(use, Optimiser):
            blocks[-1] += [Ref(Quantity(BEFORE + letter)) for letter in _remembered(use)] + [Ref(Quantity("t"))]
    else:
        blocks = [
            _block(one.name, _wide_enough(use, example)) for one, example in zip(named, use.example, strict=False)
        ]
    letter = "z" if isinstance(use, WeightedSum) else RESULTS.get(family, "r")
    if isinstance(use, Activation) and not alone and use.open_range == (0, 1):
        letter = "p"
    page = Page()
    page.write(use, *blocks, letter=letter, scalar=alone or family in ONE_RESULT or isinstance(use, ChainRule))
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
        case "weights":
            return Ref(replace(W, index=at))
        case "rate":
            return Ref(Quantity("eta"))
        case "upstream":
            return Ref(gradient(LOSS, Quantity("y", index=at)))
        case "local":
            return Ref(gradient(Quantity("y", index=at), X))
    return Ref(Quantity(name.replace("_", ""), index=at))


def _letter(option: Option) -> Ref:
    return Ref(read_key(option.letter))


def _remembered(use: Operation) -> list[str]:
    """The letters of what an optimiser remembers from update to update."""
    return [state.letter for state in getattr(use, "state", ())]


def _renamed(use: Operation, quantity: Quantity) -> Quantity:
    """What an optimiser writes is one update later than what it reads; the chain rule's result is a gradient."""
    if isinstance(use, ChainRule):
        return gradient(LOSS, X) if quantity.letter == "r" else quantity
    if isinstance(use, Optimiser):
        if quantity.letter == RESULTS["Optimisers"]:
            return W.later()
        if quantity.letter.startswith(BEFORE):
            return replace(quantity, letter=quantity.letter.removeprefix(BEFORE))
        if quantity.of is None and quantity.letter in _remembered(use):
            return quantity.later()
    return quantity


def _derivatives(use: Operation, made: Made) -> Iterator[Equation]:
    """Of the first result with respect to the first entry of each input; of outputs that depend on each other the
    second too. None where no form is taught."""
    if isinstance(use, (Optimiser, ChainRule)) or type(use).local is Operation.local:
        return
    y = made.outputs[0]
    for number, block in enumerate(made.inputs[:1] if isinstance(use, (Loss, Activation)) else made.inputs):
        entries = [ref for ref in _flat(block) if made.places[ref.quantity][0] == number]
        for x in entries[: 2 if isinstance(use, Activation) else 1]:
            if (slope := use.local(y, x, made)) != ZERO or len(entries) == 1:
                yield Equation(gradient(y.quantity, x.quantity).key, _text(slope))


def _quoted(use: Operation, made: Made) -> Iterator[Equation]:
    """What textbooks quote for a loss after a last activation."""
    if not isinstance(use, Loss):
        return
    for name in use.quoted:
        page = Page()
        count = len(made.inputs[0])
        z = [_ref("z", (i,)) for i in range(1, count + 1)] if count > 1 else [_ref("z", ())]
        outputs = page.write(activations()[plain(name)](), z, letter="p", scalar=count == 1)
        page.write(use, outputs, *made.inputs[1:], letter="L", scalar=True)
        before, after = page.made
        if formula := use.shortcut(after, before).get(z[0].quantity):
            yield Equation(gradient(LOSS, z[0].quantity).key, _text(formula), f"after {name}")


def _flat(block: Sequence[Any]) -> list[Ref]:
    return [ref for part in block for ref in (_flat(part) if isinstance(part, list) else [part])]


def _text(formula: Formula) -> str:
    return as_text(written(formula))
