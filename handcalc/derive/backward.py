"""The backward pass: a step for each gradient, from the loss back to what is given.

Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323 (1986).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from handcalc.derive.page import Frame, Page, Path, Step
from handcalc.formula.quantity import Quantity, gradient
from handcalc.formula.tree import ONE, Formula, Ref, negated, quantities, replaced, times, total, unsigned
from handcalc.ops.chain_rule import ChainRule
from handcalc.ops.operation import Made, Operation

Update = Callable[[Ref, Ref], None]
"""Writes the next value of a parameter, from it and its gradient."""


@dataclass(frozen=True, slots=True)
class Objective:
    """What is made small: `loss`, which the `parts` (one loss a sample) and a `penalty` make up.

    Each part has a weight in the loss (a formula; ONE where the part is the loss itself).
    """

    loss: Ref
    parts: tuple[tuple[Ref, Formula], ...]
    scale: Formula = ONE
    """What the sum of the parts is multiplied by: 1/m of a mean."""

    @property
    def single(self) -> bool:
        """Whether there is one sample, so that every slope is that of the whole loss."""
        return len(self.parts) == 1 and self.parts[0][1] == ONE and self.scale == ONE


def backward(
    page: Page,
    objective: Objective | Ref,
    wrt: Iterable[Ref],
    *,
    minus: bool = False,
    in_place: Update | None = None,
) -> dict[Quantity, Ref]:
    """Write a step for each gradient, from the loss back; return the gradients by what they are of.

    Quoted results (softmax with cross-entropy: p − y) replace the steps they summarise. With `minus` every gradient is
    written with the other sign (target minus output). With `in_place` a layer's parameters are updated as soon as their
    gradients are known, and the layers before it see the new ones. Linear in the steps and paths.
    """
    whole = Objective(objective, ((objective, ONE),)) if isinstance(objective, Ref) else objective
    return _Backward(page, whole, [ref.quantity for ref in wrt], minus, in_place).written()


class _Backward:
    """The gradients of one objective, from the loss back."""

    def __init__(
        self, page: Page, objective: Objective, wanted: Sequence[Quantity], minus: bool, in_place: Update | None
    ) -> None:
        self.page, self.objective, self.wanted, self.minus, self.in_place = page, objective, wanted, minus, in_place
        self.needed, self.users = _depends_on(page, wanted), _users(page)
        self.quoted, self.skipped = _quoted(page, self.users)
        self.made_by = {q: made for made in page.made for q in made.formulas}
        self.losses = {part.quantity for part, _ in objective.parts} | {objective.loss.quantity}
        self.losses |= {ref.quantity for made in page.made if made.operation.is_penalty for ref in made.outputs}
        self.part_of = {self._sample_of(part): part for part, _ in objective.parts}
        self.joint = not objective.single and self._penalises_results()
        """Whether results have slopes of the whole objective, since a penalty is of some of them."""
        self.gradients: dict[Quantity, Ref] = {}

    def written(self) -> dict[Quantity, Ref]:
        """Single loss: in the order of the lesson, each layer's parameters after its results. Several samples or a
        penalty: each sample back to its inputs, then the parameters; in place there is one sample at a time."""
        order = self._order()
        if self.objective.single or self.in_place:
            for made, results, parameters in order:
                self._results(made, results)
                for w in parameters:
                    self._parameter(w, made)
                self._replace(parameters)
            return self.gradients
        samples: dict[int, list[tuple[Made, list[Quantity]]]] = {}
        for made, results, parameters in order:
            given = [w for w in parameters if _of_one_sample(w)]
            samples.setdefault(self.page.frame(made).sample, []).append((made, [*results, *given]))
        for part, _ in self.objective.parts:
            for made, results in samples[self._sample_of(part)]:
                self._results(made, results)
        for made, _, parameters in order:
            for w in parameters:
                if not _of_one_sample(w):
                    self._parameter(w, made)
        return self.gradients

    def _order(self) -> list[tuple[Made, list[Quantity], list[Quantity]]]:
        """The operations from the last to the first: results, and the parameters that it is the first to use."""
        first: dict[Quantity, Made] = {}
        for made in reversed(self.page.made):
            first |= dict.fromkeys(made.places, made)
        parameters: dict[int, list[Quantity]] = {}
        for q in self.wanted:
            if q in first:
                parameters.setdefault(id(first[q]), []).append(q)
        return [
            (made, [ref.quantity for ref in made.outputs], parameters.get(id(made), [])) for made in self._backwards()
        ]

    def _backwards(self) -> Iterator[Made]:
        """The operations from the last to the first; those of single units of a layer in the order of the units."""

        def layer(made: Made) -> tuple[object, ...]:
            frame = self.page.frame(made)
            return (frame.layer, frame.sample, frame.stage) if frame.unit else (id(made),)

        for _, same in groupby(reversed(self.page.made), key=layer):
            yield from reversed(list(same))

    def _results(self, made: Made, results: Sequence[Quantity]) -> None:
        frame = self.page.frame(made)
        whole = self.objective.loss
        apart = not self.objective.single and not self.joint
        loss = self.part_of.get(frame.sample, whole) if apart else whole
        for x in results:
            if x in self.losses or x not in self.needed or x in self.skipped:
                continue
            if x in self.quoted:
                quote, operation = self.quoted[x]
                quote = times(self._share(frame.sample), quote) if self.joint else quote
                self._write(loss, x, negated(quote) if self.minus else quote, operation, frame, ())
            elif paths := self._paths(x):
                chain = self.page.hand(ChainRule())
                self._write(loss, x, chain.combine([self._factors(path) for path in paths]), chain, frame, paths)

    def _parameter(self, w: Quantity, made: Made) -> None:
        if w in self.quoted:  # a given score
            self._results(made, [w])
            return
        layer = self.page.frame(made).layer
        paths, chain = self._paths(w), self.page.hand(ChainRule())
        if self.objective.single or self.joint:
            frame = Frame(layer, self._sample_of(self.objective.parts[0][0]), "gradients")
            formula = chain.combine([self._factors(path) for path in paths])
            self._write(self.objective.loss, w, formula, chain, frame, paths)
            return
        weights = {self._sample_of(part): weight for part, weight in self.objective.parts}
        shares: list[Formula] = []
        penalties: list[Formula] = []
        for path in paths:
            upstream, local = self._factors(path)
            if self._is_penalty(path.via):
                penalties.append(local)
            else:
                sample = self.page.frame(self.made_by[path.via]).sample
                shares.append(times(weights.get(sample, ONE), upstream, local))
        data = total(shares)
        formula = total([times(self.objective.scale, data) if shares else data, *penalties])
        self._write(self.objective.loss, w, formula, chain, Frame(layer, 0, "gradients"), paths)

    def _sample_of(self, part: Ref) -> int:
        return self.page.frame(self.made_by[part.quantity]).sample

    def _penalises_results(self) -> bool:
        penalties = [made for made in self.page.made if made.operation.is_penalty]
        used = {q for made in penalties for q in made.places if q not in made.formulas}
        return any(q in self.made_by or _of_one_sample(q) for q in used)

    def _share(self, sample: int) -> Formula:
        """The slope of the objective with respect to the loss of a sample."""
        weights = {self._sample_of(part): weight for part, weight in self.objective.parts}
        return times(self.objective.scale, weights.get(sample, ONE))

    def _is_penalty(self, via: Quantity) -> bool:
        return self.made_by[via].operation.is_penalty

    def _paths(self, x: Quantity) -> tuple[Path, ...]:
        found = []
        for y in self.users.get(x, ()):
            made = self.made_by[y]
            if y in self.gradients or y in self.losses:
                local = made.operation.local(Ref(y), Ref(x), made)
                found.append(Path(self.gradients.get(y), replaced(local, self.page.updated.get), y))
        return tuple(found)

    def _factors(self, path: Path) -> tuple[Formula, Formula]:
        if path.upstream is not None:
            return path.upstream, path.local
        if self.joint and not self._is_penalty(path.via):
            share = self._share(self.page.frame(self.made_by[path.via]).sample)
            return (negated(share) if self.minus else share), path.local
        return ONE, negated(path.local) if self.minus else path.local

    def _write(
        self,
        loss: Ref,
        x: Quantity,
        formula: Formula,
        operation: Operation,
        frame: Frame,
        paths: tuple[Path, ...],
    ) -> None:
        target = gradient(loss.quantity, x, minus=self.minus)
        formula = unsigned(formula) if self.minus else formula
        step = Step(target, formula, operation, "gradients", frame.layer, of=x, paths=paths, sample=frame.sample)
        self.page.steps.append(step)
        self.gradients[x] = Ref(target)

    def _replace(self, parameters: Sequence[Quantity]) -> None:
        if self.in_place is None:
            return
        for w in parameters:
            self.in_place(Ref(w), self.gradients[w])
        self.page.updated |= {w: Ref(w.later()) for w in parameters}


def _of_one_sample(q: Quantity) -> bool:
    """Whether it is a given score or prediction, which has the slope of its own sample's loss."""
    return "s" in dict(q.context)


def _users(page: Page) -> dict[Quantity, list[Quantity]]:
    """For each quantity the results that use it, directly or through intermediate results of their operation."""
    users: dict[Quantity, list[Quantity]] = {}
    for made in page.made:
        results = {ref.quantity for ref in made.outputs}
        through: dict[Quantity, list[Quantity]] = {}
        for q, formula in made.formulas.items():
            named = quantities(formula)
            through[q] = list(dict.fromkeys(x for n in named for x in through.get(n, [n])))
            if q in results:
                for x in through[q]:
                    users.setdefault(x, []).append(q)
    return users


def _depends_on(page: Page, wanted: Iterable[Quantity]) -> set[Quantity]:
    reached = set(wanted)
    for step in page.steps:
        if any(q in reached for q in quantities(step.formula)):
            reached.add(step.target)
    return reached


def _quoted(
    page: Page, users: dict[Quantity, list[Quantity]]
) -> tuple[dict[Quantity, tuple[Formula, Operation]], set[Quantity]]:
    """Quoted gradients, and the results whose own gradients they make unnecessary, since nothing else uses them."""
    quoted: dict[Quantity, tuple[Formula, Operation]] = {}
    skipped: set[Quantity] = set()
    by_result = {ref.quantity: made for made in page.made for ref in made.outputs}
    for made in page.made:
        before = next((by_result[q] for q in made.places if q in by_result and by_result[q] is not made), None)
        if before is None:
            continue
        ours = {ref.quantity for ref in made.outputs}
        if any(not ours.issuperset(users.get(ref.quantity, ())) for ref in before.outputs):
            continue
        found = made.operation.shortcut(made, before)
        quoted |= {q: (formula, made.operation) for q, formula in found.items()}
        skipped |= {ref.quantity for ref in before.outputs} if found else set()
    return quoted, skipped
