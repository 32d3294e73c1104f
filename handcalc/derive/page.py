"""The page of steps: one ordered list, `quantity = formula`, that holds no numbers.

Operations write the forward pass on it; the chain rule (`backward`) and the optimiser (`update`) write more steps of
the same kind. Running the network again is the same list, each name one update later. A page is one pass: `update`
says how many updates its parameters have had before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from handcalc.formula.quantity import CONTEXTS, Quantity
from handcalc.formula.tree import Formula, Ref, quantities, replaced
from handcalc.ops.operation import Made, Operation

Stage = Literal["scaling", "forward", "output", "loss", "gradients", "update", "rerun"]
Hand = Callable[[Any], Any]
"""How somebody does an operation: the same kind of operation, as it is or with a mistake."""
FORWARD: tuple[Stage, ...] = ("scaling", "forward", "output", "loss")


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
    gradient that textbooks quote has none. `sample` counts from 1; 0 is for all samples, or the only one.
    """

    target: Quantity
    formula: Formula
    operation: Operation
    stage: Stage
    layer: int | None = None
    of: Quantity | None = None
    paths: tuple[Path, ...] = ()
    sample: int = 0


class Page:
    """`givens` and `steps`, in order; `made` remembers each use of an operation, as the `hand` that writes does it."""

    def __init__(self, *, update: int = 0, hand: Hand | None = None) -> None:
        self.update = update
        self.hand: Hand = hand or (lambda operation: operation)
        self.givens: list[Quantity] = []
        self.steps: list[Step] = []
        self.made: list[Made] = []
        self._makers: dict[Quantity, Made] = {}
        self._frames: dict[int, _Frame] = {}
        self._frame: _Frame | None = None
        self.updated: dict[Quantity, Ref] = {}
        """Parameters that an update in place has replaced already."""

    def given(
        self,
        letter: str,
        *shape: int,
        layer: int | None = None,
        shown: Sequence[bool] = (),
        sample: int = 0,
        learned: bool = False,
    ) -> Any:
        """Names of a given scalar, vector or matrix; `shown` says which indices are written on paper.

        What is `learned` is named by the updates it has had.
        """
        context = _context(sample, self.update if learned else 0)
        block = _block(letter, layer, shape, tuple(shown) or (True,) * len(shape), context)
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
        sample: int = 0,
        at: Sequence[int] = (),
    ) -> list[Ref]:
        """Have `operation` write its steps for `layer`; its results are named `letter`, with the layer's number where
        `numbered`, without an index where `scalar`, with the indices `at` where they aren't 1, 2, 3, …"""
        places = {ref.quantity: place for i, block in enumerate(blocks) for ref, place in _places(block, (i,))}
        operation, before = self.hand(operation), next((self._makers[q] for q in places if q in self._makers), None)
        made = Made(operation, blocks, places=places, before=before)
        number = layer if numbered else None
        self._frame = frame = _Frame(made, letter, layer, number, stage, scalar, sample, tuple(at))
        operation.write(self, *blocks)
        self._frame = None
        self.made.append(made)
        self._makers |= dict.fromkeys((ref.quantity for ref in made.outputs), made)
        self._frames[id(made)] = frame
        return made.outputs

    def out(self, formulas: Sequence[Formula]) -> list[Ref]:
        """Name the results of the operation that is writing."""
        frame = self._writing()
        refs = self._name(frame, frame.letter, formulas, indexed=not frame.scalar, at=frame.at)
        frame.made.outputs.extend(refs)
        frame.made.places.update({ref.quantity: (i,) for i, ref in enumerate(refs)})
        return refs

    def let(self, letter: str, formulas: Sequence[Formula]) -> list[Ref]:
        """Name intermediate results of the operation that is writing."""
        frame = self._writing()
        indexed = len(formulas) > 1 or bool(frame.at)
        return self._name(frame, letter, formulas, indexed=indexed, at=frame.at)

    def again(self, learned: Iterable[Quantity]) -> list[Step]:
        """The forward steps and the loss once more, on the environment that the update has produced; what doesn't
        depend on it stays as it is."""
        changed = set(learned)

        def later(q: Quantity) -> Ref | None:
            return Ref(q.later()) if q in changed else None

        steps: list[Step] = []
        for step in self.steps:
            if step.stage in FORWARD and not changed.isdisjoint(quantities(step.formula)):
                changed.add(step.target)
                formula = replaced(step.formula, later)
                steps.append(replace(step, target=step.target.later(), formula=formula, stage="rerun"))
        return steps

    def frame(self, made: Made) -> Frame:
        """For which layer and sample an operation was used."""
        found = self._frames[id(made)]
        return Frame(found.layer, found.sample, found.stage, unit=bool(found.at))

    def _writing(self) -> _Frame:
        if self._frame is None:
            raise RuntimeError("an operation writes through Page.write")
        return self._frame

    def _name(
        self, frame: _Frame, letter: str, formulas: Sequence[Formula], *, indexed: bool, at: Sequence[int]
    ) -> list[Ref]:
        n, number = len(formulas), frame.number
        context = _context(frame.sample, self.update if frame.stage != "scaling" else 0)  # scaling learns nothing
        if not indexed:
            block = [Ref(Quantity(letter, number, context=context))]
        elif at:
            block = [Ref(Quantity(letter, number, (i,), context)) for i in at]
        else:
            block = _block(letter, number, (n,), (n > 1,), context)
        for ref, formula in zip(block, formulas, strict=True):
            step = Step(ref.quantity, formula, frame.made.operation, frame.stage, frame.layer, sample=frame.sample)
            self.steps.append(step)
            frame.made.formulas[ref.quantity] = formula
        return block


@dataclass(frozen=True, slots=True)
class Frame:
    """The layer and the sample that an operation was used for; `unit`: for some of its units only."""

    layer: int | None
    sample: int
    stage: Stage
    unit: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    made: Made
    letter: str
    layer: int | None
    number: int | None
    stage: Stage
    scalar: bool
    sample: int
    at: tuple[int, ...]


def _context(sample: int, update: int) -> tuple[tuple[str, int], ...]:
    found = {"s": sample, "u": update}
    return tuple((word, found[word]) for word in CONTEXTS if found.get(word))


def _block(
    letter: str,
    layer: int | None,
    shape: tuple[int, ...],
    shown: tuple[bool, ...],
    context: tuple[tuple[str, int], ...],
    at: tuple[int, ...] = (),
) -> Any:
    if len(at) == len(shape):
        seen = tuple(i for i, there in zip(at, shown, strict=True) if there)
        return Ref(Quantity(letter, layer, at, context, shown=seen))
    return [_block(letter, layer, shape, shown, context, (*at, i + 1)) for i in range(shape[len(at)])]


def _places(block: Any, at: tuple[int, ...]) -> list[tuple[Ref, tuple[int, ...]]]:
    if isinstance(block, Ref):
        return [(block, at)]
    if isinstance(block, Formula):  # a constant: an input that is always 1
        return []
    return [found for i, part in enumerate(block) for found in _places(part, (*at, i))]


def _refs(block: Any) -> list[Ref]:
    return [ref for ref, _ in _places(block, ())]
