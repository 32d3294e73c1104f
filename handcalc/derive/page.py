"""The page of steps: one ordered list, `quantity = formula`, that holds no numbers.

Operations write the forward pass on it; the chain rule and the optimiser write more steps of
the same kind. Running the network again is the same list, each name one update later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from handcalc.formula.quantity import Quantity, gradient
from handcalc.formula.tree import ONE, Formula, Ref, quantities, replaced
from handcalc.ops.chain_rule import ChainRule
from handcalc.ops.operation import Alone, Made, Operation, Optimiser

Stage = Literal["forward", "loss", "gradients", "update", "rerun"]


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """One route from a quantity to the loss: the gradient from above, and the local slope of `via`."""

    upstream: Ref | None
    """None where `via` is the loss itself."""
    local: Formula
    via: Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """``target = formula``, written by `operation` for `layer` (None: for no layer in particular).

    For a gradient, `of` is what it is the gradient with respect to and `paths` its routes; a
    gradient that textbooks quote has none.
    """

    target: Quantity
    formula: Formula
    operation: Operation
    stage: Stage
    layer: int | None = None
    of: Quantity | None = None
    paths: tuple[Path, ...] = ()


class Page:
    """`givens` and `steps`, in order; `made` remembers each use of an operation."""

    def __init__(self) -> None:
        self.givens: list[Quantity] = []
        self.steps: list[Step] = []
        self.made: list[Made] = []
        self._layers: dict[int, int | None] = {}
        self._frame: _Frame | None = None

    def given(self, letter: str, *shape: int, layer: int | None = None, shown: Sequence[bool] = ()) -> Any:
        """Names of a given scalar, vector or matrix; `shown` says which indices are written on paper."""
        block = _block(letter, layer, shape, tuple(shown) or (True,) * len(shape))
        self.givens += [ref.quantity for ref in _refs(block)]
        return block

    def write(
        self,
        operation: Operation,
        *blocks: Any,
        letter: str,
        layer: int | None = None,
        numbered: bool = False,
        stage: Stage = "forward",
        scalar: bool = False,
    ) -> list[Ref]:
        """Have `operation` write its steps for `layer`; its results are named `letter`, with the layer's number where
        `numbered`, without an index where `scalar`."""
        places = {ref.quantity: place for i, block in enumerate(blocks) for ref, place in _places(block, (i,))}
        made = Made(operation, blocks, places=places)
        self._frame = _Frame(made, letter, layer, layer if numbered else None, stage, scalar)
        operation.write(self, *blocks)
        self._frame = None
        self.made.append(made)
        self._layers[id(made)] = layer
        return made.outputs

    def out(self, formulas: Sequence[Formula]) -> list[Ref]:
        """Name the results of the operation that is writing."""
        frame = self._writing()
        refs = self._name(frame, frame.letter, formulas, indexed=not frame.scalar)
        frame.made.outputs.extend(refs)
        frame.made.places.update({ref.quantity: (i,) for i, ref in enumerate(refs)})
        return refs

    def let(self, letter: str, formulas: Sequence[Formula]) -> list[Ref]:
        """Name intermediate results of the operation that is writing."""
        return self._name(self._writing(), letter, formulas, indexed=len(formulas) > 1)

    def backward(self, loss: Ref, wrt: Iterable[Ref]) -> dict[Quantity, Ref]:
        """Write a step for each gradient, from the loss back; return the gradients by what they are of.

        Quoted results (softmax with cross-entropy: p − y) replace the steps they summarise.
        Linear in the number of steps and paths.
        """
        wanted = [ref.quantity for ref in wrt]
        needed, users, (quoted, skipped) = self._depends_on(wanted), self._users(), self._quoted()
        made_by = {q: made for made in self.made for q in made.formulas}
        gradients: dict[Quantity, Ref] = {}
        for made, x in self._backward_order(wanted):
            if x == loss.quantity or x not in needed or x in skipped:
                continue
            paths: tuple[Path, ...] = ()
            if x in quoted:
                formula, operation = quoted[x]
            else:
                operation = ChainRule()
                paths = tuple(
                    Path(gradients.get(y), made_by[y].operation.local(Ref(y), Ref(x), made_by[y]), y)
                    for y in users.get(x, ())
                    if y in gradients or y == loss.quantity
                )
                formula = operation.combine([(path.upstream or ONE, path.local) for path in paths])
            layer = self._layers[id(made)]
            target = gradient(loss.quantity, x)
            self.steps.append(Step(target, formula, operation, "gradients", layer, of=x, paths=paths))
            gradients[x] = Ref(target)
        return gradients

    def update(
        self, optimiser: Optimiser, parameters: Iterable[Ref], gradients: dict[Quantity, Ref], rate: Ref
    ) -> None:
        """Write the next value of each parameter; its name is the parameter's, one update later."""
        for w in parameters:
            formula = optimiser.step(Alone(self, w, gradients[w.quantity], rate))
            self.steps.append(Step(w.quantity.later(), formula, optimiser, "update", w.quantity.layer))

    def again(self, parameters: Iterable[Ref]) -> list[Step]:
        """The forward steps and the loss once more, on the environment that the update has produced."""
        fixed = set(self.givens) - {ref.quantity for ref in parameters}

        def later(q: Quantity) -> Ref | None:
            return None if q in fixed else Ref(q.later())

        return [
            replace(step, target=step.target.later(), formula=replaced(step.formula, later), stage="rerun")
            for step in self.steps
            if step.stage in ("forward", "loss")
        ]

    def _writing(self) -> _Frame:
        if self._frame is None:
            raise RuntimeError("an operation writes through Page.write")
        return self._frame

    def _name(self, frame: _Frame, letter: str, formulas: Sequence[Formula], *, indexed: bool) -> list[Ref]:
        n, number = len(formulas), frame.number
        block = _block(letter, number, (n,), (n > 1,)) if indexed else [Ref(Quantity(letter, number))]
        for ref, formula in zip(block, formulas, strict=True):
            self.steps.append(Step(ref.quantity, formula, frame.made.operation, frame.stage, frame.layer))
            frame.made.formulas[ref.quantity] = formula
        return block

    def _backward_order(self, wanted: Sequence[Quantity]) -> list[tuple[Made, Quantity]]:
        """What gradients are worked out of, in the order of the lesson: from the last operation to the first, its
        results, then the parameters that it is the first to use."""
        first: dict[Quantity, Made] = {}
        for made in reversed(self.made):
            first |= dict.fromkeys(made.places, made)
        parameters: dict[int, list[Quantity]] = {}
        for q in wanted:
            parameters.setdefault(id(first[q]), []).append(q)
        return [
            (made, q)
            for made in reversed(self.made)
            for q in (*(ref.quantity for ref in made.outputs), *parameters.get(id(made), ()))
        ]

    def _users(self) -> dict[Quantity, list[Quantity]]:
        """For each quantity the results that use it, directly or through intermediate results of their operation."""
        users: dict[Quantity, list[Quantity]] = {}
        for made in self.made:
            results = {ref.quantity for ref in made.outputs}
            through: dict[Quantity, list[Quantity]] = {}
            for q, formula in made.formulas.items():
                named = quantities(formula)
                through[q] = list(dict.fromkeys(x for n in named for x in through.get(n, [n])))
                if q in results:
                    for x in through[q]:
                        users.setdefault(x, []).append(q)
        return users

    def _depends_on(self, wanted: Iterable[Quantity]) -> set[Quantity]:
        reached = set(wanted)
        for step in self.steps:
            if any(q in reached for q in quantities(step.formula)):
                reached.add(step.target)
        return reached

    def _quoted(self) -> tuple[dict[Quantity, tuple[Formula, Operation]], set[Quantity]]:
        """Quoted gradients, and the results whose own gradients they make unnecessary."""
        quoted: dict[Quantity, tuple[Formula, Operation]] = {}
        skipped: set[Quantity] = set()
        for before, made in zip(self.made, self.made[1:], strict=False):
            found = made.operation.shortcut(made, before)
            quoted |= {q: (formula, made.operation) for q, formula in found.items()}
            skipped |= {ref.quantity for ref in before.outputs} if found else set()
        return quoted, skipped


@dataclass(frozen=True, slots=True)
class _Frame:
    made: Made
    letter: str
    layer: int | None
    number: int | None
    stage: Stage
    scalar: bool


def _block(
    letter: str, layer: int | None, shape: tuple[int, ...], shown: tuple[bool, ...], at: tuple[int, ...] = ()
) -> Any:
    if len(at) == len(shape):
        return Ref(Quantity(letter, layer, at, shown=tuple(i for i, seen in zip(at, shown, strict=True) if seen)))
    return [_block(letter, layer, shape, shown, (*at, i + 1)) for i in range(shape[len(at)])]


def _places(block: Any, at: tuple[int, ...]) -> list[tuple[Ref, tuple[int, ...]]]:
    if isinstance(block, Ref):
        return [(block, at)]
    return [found for i, part in enumerate(block) for found in _places(part, (*at, i))]


def _refs(block: Any) -> list[Ref]:
    return [ref for ref, _ in _places(block, ())]
