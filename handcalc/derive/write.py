"""From the shape of a network to its page of steps. Two networks of one shape share one page.

Glossary
    bare    a network without its numbers: where one stood there is its place in the list of numbers
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from handcalc.derive.backward import Objective
from handcalc.derive.bare import Bare, BareBranches, BareChosen, BareLayer, BarePart
from handcalc.derive.circuit import CircuitWriter
from handcalc.derive.page import Hand
from handcalc.derive.writer import Turn, Writer, Written, WrittenLayer
from handcalc.formula.tree import ONE, Formula, Ref
from handcalc.ops import Loss, Operation, activations, losses, plain, regularisers, scalings
from handcalc.ops import join as joins
from handcalc.ops.regularisers import PerSample
from handcalc.ops.scaling import MeanAndDeviation, Scaling, Standardise, Unscaling
from handcalc.ops.weighted_sum import WeightedSum


@lru_cache(maxsize=128)
def written(shape: Bare, turn: Turn) -> Written:
    """The page of a pass: forward, loss, gradients, update, and the forward pass again."""
    return written_by(None, shape, turn)


def written_by(hand: Hand | None, shape: Bare, turn: Turn) -> Written:
    """The page as somebody writes it who does operations in their own way."""
    return (CircuitWriter if shape.circuit else NetworkWriter)(shape, turn, hand).whole()


class NetworkWriter(Writer):
    """Writes the page of a network of layers, part by part."""

    def __init__(self, shape: Bare, turn: Turn, hand: Hand | None = None) -> None:
        super().__init__(shape, turn, hand)
        self.layers: list[WrittenLayer] = []
        self.count = sum(1 for _ in _flat(shape.layers))
        self.letter = shape.output
        self.scale: Scaling | None = None
        """Of the outputs."""
        self.made: dict[int, tuple[Any, Any, list[Operation]]] = {}
        """By number of a layer its weights, its biases and its activations, which all samples share."""

    def whole(self) -> Written:
        shape = self.shape
        inputs = self._inputs()
        parameters = self._parameters()
        outputs = [self._forward(shape.layers, x, self.sample(k)) for k, x in zip(self.samples, inputs, strict=True)]
        targets, parts, objective = self._losses(outputs, parameters)
        if shape.output_scaling:
            outputs = [self._unscaled(a, self.sample(k)) for k, a in zip(self.samples, outputs, strict=True)]
        learned_refs = [ref for ref, bias in parameters if shape.biases_learn or not bias]
        if objective and objective.parts and shape.gradients:
            given = [] if shape.given_as == "inputs" else [ref for x in inputs for ref in x]
            self.learn(objective, learned_refs, given)
        return self.written(
            layers=tuple(self.layers),
            inputs=tuple(inputs[0]),
            outputs=tuple(map(tuple, outputs)),
            targets=tuple(map(tuple, targets)),
            losses=tuple(parts),
            objective=objective.loss if objective else None,
            chain=all(isinstance(part, BareLayer) for part in shape.layers),
        )

    def _inputs(self) -> list[Any]:
        """The inputs of each sample, scaled where they are to be."""
        shape = self.shape
        letter = {"scores": "z", "predictions": self.letter}.get(shape.given_as, "x")
        if not any(shape.scaling):
            return [self.given("input", letter, shape.inputs[k], sample=self.sample(k)) for k in self.samples]
        powers = any("base" in dict(one.options) for one in self._softmaxes())
        raw = [
            self.given("input", "raw" if powers else "r", row, sample=self.sample(k))
            for k, row in enumerate(shape.inputs)
        ]
        columns = list(zip(*raw, strict=True))
        scaled: list[list[Ref]] = [[] for _ in raw]
        for i, (one, column) in enumerate(zip(shape.scaling, columns, strict=True)):
            index = [i + 1] if len(columns) > 1 or shape.output_scaling else []
            for row, ref in zip(scaled, self._scaled(one, column, letter, index), strict=True):
                row.append(ref)
        return [scaled[k] for k in self.samples]

    def _scaled(self, chosen: BareChosen | None, column: Sequence[Ref], letter: str, at: list[int]) -> list[Ref]:
        """One input of every sample on its scale."""
        if chosen is None:
            return list(column)
        scaling: Scaling = self.operation(chosen, scalings(), at=at)
        common: dict[str, Any] = {"stage": "scaling", "at": at, "scalar": not at}
        if isinstance(scaling, Standardise) and isinstance(scaling.mean, str):
            kind = MeanAndDeviation(deviation=str(scaling.deviation))
            self.page.write(kind, list(column), letter="s", **common)
            (scaling,) = kind.standardise(self.page.made[-1])
        found = []
        for k, ref in enumerate(column):
            found += self.page.write(scaling, [ref], letter=letter, sample=self.sample(k), **common)
        return found

    def _unscaled(self, a: Sequence[Ref], sample: int) -> list[Any]:
        """The predictions in the units of the problem."""
        assert self.scale is not None
        return list(self.page.write(Unscaling(self.scale), a, letter="out", stage="output", sample=sample))

    def _number(self, n: int) -> int | None:
        """Layers have numbers where there are several, or where the loss makes powers and a total of its own."""
        twice = self.shape.loss and self.shape.loss.name == "cross-entropy from logits" and self._softmaxes()
        return n if self.count > 1 or twice else None

    def _softmaxes(self) -> list[BareChosen]:
        """The softmax whose powers and total have no number: that of the last layer, or of the only one."""
        only = next(_flat(self.shape.layers)).activations if self.count == 1 else ()
        return [one for one in {*self._last(), *only} if one.name == "softmax"]

    def _parameters(self) -> list[tuple[Ref, bool]]:
        """Weights and biases of every layer, in order; and whether each is a bias."""
        found: list[tuple[Ref, bool]] = []
        learns = self.shape.optimiser is not None
        for n, layer in enumerate(_flat(self.shape.layers), 1):
            W: Any = []
            b: Any = []
            if layer.weights:
                W = self.given("weights", "W", layer.weights, layer=self._number(n), learned=True)
                found += [(ref, False) for row in W for ref in row]
                self.learned += [ref.quantity for row in W for ref in row] if learns else []
            if layer.bias:
                frozen = not self.shape.biases_learn
                letter = "theta" if layer.biases == "threshold" else "b"
                b = self.given("bias", letter, layer.bias, layer=self._number(n), learned=not frozen)
                found += [(ref, True) for ref in b]
                self.learned += [ref.quantity for ref in b] if learns and not frozen else []
            several = len(layer.activations) > 1
            kinds = [
                self.operation(kind, activations(), self._number(n), at=[k] if several else ())
                for k, kind in enumerate(layer.activations, 1)
            ]
            self.made[n] = (W, b, kinds)
        return found

    def _forward(self, parts: Sequence[BarePart], x: Sequence[Formula], sample: int) -> list[Any]:
        numbers = iter(range(1, self.count + 1))
        return self._through(parts, x, sample, numbers, outermost=True)

    def _through(
        self, parts: Sequence[BarePart], x: Sequence[Formula], sample: int, numbers: Iterator[int], *, outermost: bool
    ) -> list[Any]:
        a = list(x)
        for position, part in enumerate(parts):
            last = outermost and position == len(parts) - 1
            if isinstance(part, BareLayer):
                a = self._layer(part, a, sample, next(numbers), last=last)
                continue
            ends = [self._through(branch, a, sample, numbers, outermost=False) for branch in part.branches]
            if part.join == "concatenate":
                a = [unit for end in ends for unit in end]
                continue
            letter, n = (self.letter, None) if last else ("h", self._joined(part))
            a = list(self.page.write(joins.Add(), *ends, letter=letter, layer=n, numbered=n is not None, sample=sample))
        return a

    def _joined(self, part: BareBranches) -> int | None:
        """The number of a join, where there are several, or where the terms of the loss are called h as well."""
        found = list(_branches(self.shape.layers))
        several = len(found) > 1 or (self.shape.loss and self.shape.loss.name in ("huber", "multi class hinge"))
        return next(n for n, one in enumerate(found, 1) if one is part) if several else None

    def _last(self) -> tuple[BareChosen, ...]:
        """The activations of the last layer."""
        last = self.shape.layers[-1] if self.shape.layers else None
        return last.activations if isinstance(last, BareLayer) else ()

    def _layer(self, layer: BareLayer, x: Sequence[Formula], sample: int, n: int, *, last: bool) -> list[Any]:
        W, b, kinds = self.made[n]
        numbered = self._number(n) is not None
        z: Sequence[Formula] = x
        rows = [list(column) for column in zip(*W, strict=True)] if self.shape.flipped else W
        if layer.weights:
            operation = WeightedSum(layout="in x out" if self.shape.flipped else "out x in", bias=layer.biases)
            z = self.page.write(operation, x, W, b, letter="z", layer=n, numbered=numbered, sample=sample)
        letter = self.letter if last else "a"
        outputs: list[Ref] = []
        common: dict[str, Any] = {"letter": letter, "layer": n, "numbered": numbered and not last, "sample": sample}
        if len(kinds) == 1:
            outputs = self.page.write(kinds[0], z, **common)
        else:
            for k, kind in enumerate(kinds):
                outputs += self.page.write(kind, [z[k]], at=[k + 1], **common)
        if sample <= 1 or self.samples[0] + 1 == sample:
            each = tuple(dict.fromkeys(map(type, kinds)))
            self.layers.append(WrittenLayer(n, each, tuple(x), tuple(map(tuple, rows)), tuple(b), tuple(outputs)))
        return list(outputs)

    def _losses(
        self, outputs: Sequence[Sequence[Any]], parameters: Sequence[tuple[Ref, bool]]
    ) -> tuple[list[list[Ref]], list[Ref], Objective | None]:
        """The targets and the loss of each sample, and what they make up together with the penalties."""
        shape, page = self.shape, self.page
        if shape.output_scaling:
            self.scale = self.operation(shape.output_scaling, scalings())
        if shape.loss is None:
            penalties = self._penalties(outputs, parameters) if shape.penalties else []
            if len(penalties) > 1:
                page.write(joins.Objective(), [], [], penalties, letter="J", stage="loss", scalar=True)
            return [], [], None
        targets: list[list[Ref]] = []
        parts: list[Ref] = []
        options: dict[str, Any] | None = None
        for k, a in zip(self.samples, outputs, strict=True):
            sample = self.sample(k)
            y = self._target(k, sample) if shape.targets else []
            if options is None:
                first = self.operation(shape.loss, losses())
                options = dict(first.__dict__)
            loss: Loss = losses()[plain(shape.loss.name)]()
            loss.__dict__.update(options)
            loss.right = shape.right[k] if shape.right else None
            parts += page.write(loss, a, y, letter="L", stage="loss", scalar=True, sample=sample)
            targets.append(y)
        weights = [
            self.given("sample weight", "c", [shape.sample_weights[k]], sample=self.sample(k))[0]
            for k in self.samples
            if shape.sample_weights
        ]
        penalties = self._penalties(outputs, parameters)
        if len(parts) == 1 and not weights and not penalties:
            return targets, parts, Objective(parts[0], ((parts[0], ONE),))
        operation = joins.Objective(reduction="sum" if shape.batch == "sum" else "mean")
        J = page.write(operation, parts, weights, penalties, letter="J", stage="loss", scalar=True)[0]
        each = tuple(zip(parts, weights or [ONE] * len(parts), strict=True))
        scale: Formula = page.made[-1].operation.scale(len(parts))  # type: ignore[attr-defined]
        return targets, parts, Objective(J, each, scale)

    def _target(self, k: int, sample: int) -> list[Any]:
        """The target of sample k; where outputs are scaled it is scaled first."""
        places = self.shape.targets[k]
        if self.scale is None:
            return list(self.given("target", "y", places, sample=sample))
        raw = self.given("target", "t", places, sample=sample, numbered=True)  # t alone is the number of the update
        return list(self.page.write(self.scale, raw, letter="y", stage="scaling", sample=sample))

    def _penalties(self, outputs: Sequence[Sequence[Any]], parameters: Sequence[tuple[Ref, bool]]) -> list[Ref]:
        """The penalties of weights, of biases too, or of the outputs, each a step."""
        found: list[Ref] = []
        several = len(self.shape.penalties) > 1
        for n, (chosen, of) in enumerate(self.shape.penalties, 1):
            penalty = self.operation(chosen, regularisers(), at=[n] if several else ())
            refs = [ref for ref, bias in parameters if not bias or of == "weights and biases"]
            if of == "outputs":
                refs = [ref for a in outputs for ref in a]
                penalty = PerSample(penalty, len(outputs)) if len(outputs) > 1 else penalty
            common: dict[str, Any] = {"letter": "R", "stage": "loss", "scalar": not several}
            found += self.page.write(penalty, refs, at=[n] if several else (), **common)
        return found


def _branches(parts: Sequence[BarePart]) -> Iterator[BareBranches]:
    """The branches in the order in which they join, those inside others first."""
    for part in parts:
        if isinstance(part, BareBranches):
            for branch in part.branches:
                yield from _branches(branch)
            yield part


def _flat(parts: Sequence[BarePart]) -> Iterator[BareLayer]:
    """The layers in the order of their numbers."""
    for part in parts:
        if isinstance(part, BareLayer):
            yield part
        else:
            for branch in part.branches:
                yield from _flat(branch)
