"""Matrix statements beside the scalar lines: z = W x + b, a = σ(z), ∂L/∂W = ∂L/∂z a⊤, W′ = W − η·∂L/∂W.

A statement is proposed from what the page knows (the operation, the paths of the chain rule) and kept only if each of
its entries, multiplied out, is the scalar line; lines for which none is found stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from handcalc.derive.blocks import Blocks, Orientation, all_ones, bare, named, sample, without_sample
from handcalc.derive.page import FORWARD, Path, Step
from handcalc.derive.statement import Statement
from handcalc.derive.writer import Written
from handcalc.formula.block import (
    Block,
    BlockFormula,
    Grid,
    Hadamard,
    IndexedSum,
    Minus,
    Ones,
    Product,
    Scale,
    Sum,
    Transpose,
    entries,
    same,
    turned,
    with_names,
)
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import ONE, ZERO, Formula, Ref, negated
from handcalc.ops.join import Objective
from handcalc.ops.operation import Activation, Made
from handcalc.ops.softmax import Softmax
from handcalc.ops.weighted_sum import WeightedSum

Samples = Literal["each", "rows", "columns"]
"""How a batch is written: each sample by itself, or all samples in one matrix, as its rows or its columns."""


def statements(written: Written, samples: Samples = "each") -> list[Statement]:
    """The statements of a page, in the order of its steps."""
    return _Reader(written, samples).statements()


class _Reader:
    """Reads the statements off one page."""

    def __init__(self, written: Written, samples: Samples) -> None:
        self.written, self.page = written, written.page
        self.steps = written.steps
        self.sums = [made for made in self.page.made if isinstance(made.operation, WeightedSum)]
        flipped = any(made.operation.layout == "in x out" for made in self.sums)  # type: ignore[attr-defined]
        several = len(written.outputs)
        together = several if samples != "each" and several > 1 else 0
        rows = samples == "rows" if together else flipped
        biases = (block.refs[0].quantity for block in written.blocks if block.role == "bias")
        orientation = Orientation(rows, flipped, together, frozenset(bare(q).key for q in biases))
        self.rows, self.flipped, self.together = rows, flipped, together
        self.blocks = Blocks([*self.page.givens, *(step.target for step in self.steps)], orientation)
        self.number = {step.target: n for n, step in enumerate(self.steps)}
        self.made_by = {q: made for made in self.page.made for q in made.formulas}

    def statements(self) -> list[Statement]:
        found: list[Statement] = []
        for name, targets in self._targets().items():
            if self.steps[self.number[targets[0]]].stage != "rerun":
                one = self._statement(name, targets) if self._is_together(targets) else None
                found += [one] if one else self._one_by_one(targets)
        found += self._again(found)
        return sorted(found, key=lambda one: min(one.places))

    def _targets(self) -> dict[Quantity, list[Quantity]]:
        """By the name of a vector or matrix the steps that make it."""
        found: dict[Quantity, list[Quantity]] = {}
        for step in self.steps:
            name = named(step.target)
            if name != step.target or name in self.blocks.by_name:
                found.setdefault(without_sample(name) if self.together else name, []).append(step.target)
        return found

    def _is_together(self, targets: Sequence[Quantity]) -> bool:
        return len({sample(q) for q in targets}) in (1, self.together)

    def _one_by_one(self, targets: Sequence[Quantity]) -> list[Statement]:
        """What isn't alike for all samples is stated for each."""
        by_sample: dict[Quantity, list[Quantity]] = {}
        for q in targets:
            by_sample.setdefault(named(q), []).append(q)
        if len(by_sample) < 2:
            return []
        return [one for name, some in by_sample.items() if (one := self._statement(name, some))]

    def _statement(self, name: Quantity, targets: Sequence[Quantity]) -> Statement | None:
        """The first proposal of which every entry is the scalar line."""
        target = self.blocks.by_name.get(name)
        if target is None or any(q not in self.number for q in _quantities(target)):
            return None
        steps = tuple(tuple(self.number[ref.quantity] for ref in row) for row in target.entries)  # type: ignore[attr-defined]
        lines = tuple(tuple(self.steps[n].formula for n in row) for row in steps)
        first = self.steps[steps[0][0]]
        for propose in (self._operation, self._gradient, self._entries, self._written_out):
            formula = propose(target, first, lines)
            if formula is not None and _fits(formula, lines):
                number = first.sample if name in self.blocks.by_name and sample(name) else 0
                called = self._called(target, first)
                return Statement(target, formula, steps, first.operation, first.stage, first.layer, number, called)
        return None

    def _again(self, found: Iterable[Statement]) -> list[Statement]:
        """The statements of the forward pass once more, each name that the update changes one update later."""
        fixed = {q for q in (*self.page.givens, *self.number) if q.later() not in self.number}
        fixed -= set(self.written.learned)
        blocks = {n for q in fixed for n in (named(q), named(without_sample(q))) if n in self.blocks.by_name}
        names = {self.blocks.by_name[n].name for n in blocks}

        def later(q: Quantity) -> Quantity:
            return q if q in fixed or q in names else q.later()

        made: list[Statement] = []
        for one in found:
            again = [[self.number.get(self.steps[n].target.later()) for n in row] for row in one.steps]
            if one.stage not in FORWARD or any(n is None for row in again for n in row):
                continue
            target, formula = with_names(one.target, later), with_names(one.formula, later)
            called = one.called and (one.called[0], with_names(one.called[1], later))
            steps = tuple(tuple(row) for row in again)
            assert isinstance(target, Block)
            made.append(Statement(target, formula, steps, one.operation, "rerun", one.layer, one.sample, called))  # type: ignore[arg-type]
        return made

    def _called(self, target: Block, first: Step) -> tuple[str, Block] | None:
        """Softmax of the weighted sums, where the target is its result."""
        made = self.made_by.get(first.target)
        if made is None or not isinstance(made.operation, Softmax) or Ref(first.target) not in made.outputs:
            return None
        grid = tuple((x,) for x in made.inputs[0])
        return made.operation.name, self.blocks.block(turned(grid) if self.rows else grid)  # type: ignore[arg-type]

    def _entries(self, target: Block, first: Step, lines: Grid) -> BlockFormula | None:
        return self.blocks.alike(lines)

    def _written_out(self, target: Block, first: Step, lines: Grid) -> BlockFormula | None:
        """The entries themselves, where units of one layer have different activations."""
        alone = len({sample(q) for q in _quantities(target)}) == 1
        shown = isinstance(first.operation, Activation) or first.of is not None
        return Block(None, lines) if alone and shown else None

    # What an operation makes

    def _operation(self, target: Block, first: Step, lines: Grid) -> BlockFormula | None:
        made = self.made_by.get(first.target)
        if made is None:
            return None
        if isinstance(made.operation, WeightedSum):
            return self._weighted_sum(target, made.operation)
        if isinstance(made.operation, Activation) and made.operation.elementwise:
            (z,) = (self._results(target, lambda q: self.made_by[q].inputs[0][self.made_by[q].places[q][0]]),)
            return self.blocks.alike(lines, made.operation.name, z)
        return None

    def _results(self, target: Block, give: Callable[[Quantity], object]) -> Block:
        """The block with what `give` gives of each entry of `target`."""
        return self.blocks.block(tuple(tuple(give(ref.quantity) for ref in row) for row in target.entries))  # type: ignore

    def _weighted_sum(self, target: Block, operation: WeightedSum) -> BlockFormula:
        """W x + b, of columns; x W + b, of rows; of all samples W X + b 1⊤ and so on."""
        uses = self._uses(target)
        X, W, b = self._inputs(uses), self._weights(uses[0]), [b for b in uses[0].inputs[2] if isinstance(b, Ref)]
        if self.rows:
            products: BlockFormula = Product((X, W if self.flipped else Transpose(W)))
        else:
            products = Product((Transpose(W) if self.flipped else W, X))
        if not b:
            return products
        added = self._spread(b, operation, len(target.entries), len(target.entries[0]))
        return Sum((products, Minus(added) if operation.bias == "threshold" else added))

    def _uses(self, target: Block) -> list[Made]:
        """The operations that made `target`: one, or one for each sample."""
        return list({id(made): made for made in map(self.made_by.__getitem__, _quantities(target))}.values())

    def _inputs(self, uses: Sequence[Made]) -> Block:
        """What weighted sums are of, one column for each sample, or one row."""
        vectors = tuple(tuple(made.operation.factors(made.inputs[0])) for made in uses)  # type: ignore[attr-defined]
        return self.blocks.block(vectors if self.rows else turned(vectors))

    def _weights(self, made: Made) -> Block:
        return self.blocks.block(tuple(map(tuple, made.inputs[1])))  # type: ignore[arg-type]

    def _bias(self, b: Sequence[Ref]) -> Block:
        grid = tuple((one,) for one in b)
        return self.blocks.block(turned(grid) if self.rows and self.flipped else grid)

    def _spread(self, b: Sequence[Ref], operation: WeightedSum, rows: int, columns: int) -> BlockFormula:
        """The biases in the shape of the weighted sums."""
        if operation.bias == "shared":
            return Scale(b[0], all_ones(rows, columns))
        block, samples = self._bias(b), rows if self.rows else columns
        if samples == 1:
            return block
        if self.rows:
            return Product((Ones(samples), block if self.flipped else Transpose(block)))
        return Product((block, Transpose(Ones(samples))))

    # Gradients

    def _gradient(self, target: Block, first: Step, lines: Grid) -> BlockFormula | None:
        if first.of is None or not first.paths:
            return None
        try:
            if first.of in self.made_by:
                return self._of_results(target)
            return self._of_parameters(target, first)
        except (KeyError, IndexError, ValueError):
            return None

    def _paths(self, q: Quantity) -> tuple[Path, ...]:
        return self.steps[self.number[q]].paths

    def _of_results(self, target: Block) -> BlockFormula | None:
        """The sum over all that uses x: W⊤ ∂L/∂z, ∂L/∂a ⊙ σ′(z), or the matrix of slopes times the gradient."""
        vectors = target.entries if self.rows else turned(target.entries)
        xs = [[ref.quantity for ref in vector] for vector in vectors]  # type: ignore[attr-defined]
        uses: dict[Quantity, None] = {}
        for path in self._paths(xs[0][0]):
            via = named(path.via)
            uses[without_sample(via) if self.together and len(xs) > 1 else via] = None
        for x in (x for vector in xs for x in vector):
            if {without_sample(named(p.via)) for p in self._paths(x)} != set(map(without_sample, uses)):
                return None
        terms = [self._through(xs, via) for via in uses]
        if any(term is None for term in terms):
            return None
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))  # type: ignore[arg-type]

    def _through(self, xs: Sequence[Sequence[Quantity]], via: Quantity) -> BlockFormula | None:
        """The share of the paths through `via`; a row of `xs` for each sample."""
        found = [[[p for p in self._paths(x) if without_sample(named(p.via)) == without_sample(via)] for x in vector]
                 for vector in xs]  # fmt: skip
        if found[0][0][0].upstream is None:
            minus = self.steps[self.number[xs[0][0]]].target.role == "minus gradient"
            slopes = [[negated(p.local) if minus else p.local for (p,) in row] for row in found]
            return self.blocks.alike(self._laid(slopes))
        weighted = isinstance(self.made_by[found[0][0][0].via].operation, WeightedSum)
        if not weighted and all(len(paths) == 1 for row in found for paths in row) and _one_to_one(found):
            return self._entry_by_entry(found)
        return self._by_matrix(found)

    def _laid(self, vectors: Sequence[Sequence[Formula]]) -> Grid:
        grid = tuple(map(tuple, vectors))
        return grid if self.rows else turned(grid)

    def _entry_by_entry(self, found: Sequence[Sequence[Sequence[Path]]]) -> BlockFormula | None:
        """∂L/∂a ⊙ σ′(z)"""
        upstream = self.blocks.block(self._laid([[p.upstream for (p,) in row] for row in found]))  # type: ignore
        locals_ = [[p.local for (p,) in row] for row in found]
        if all(one == ONE for row in locals_ for one in row):
            return upstream
        made = self.made_by[found[0][0][0].via]
        slope: BlockFormula | None
        if isinstance(made.operation, Activation) and made.operation.elementwise:
            z = [[self._input(p.via) for (p,) in row] for row in found]
            slope = self.blocks.alike(self._laid(locals_), f"{made.operation.name}′", self.blocks.block(self._laid(z)))
        else:
            slope = self.blocks.alike(self._laid(locals_))
        return None if slope is None else Hadamard((upstream, slope))

    def _input(self, output: Quantity) -> Formula:
        made = self.made_by[output]
        block = made.inputs[0]
        return block[made.places[output][0]] if len(block) > 1 else block[0]  # type: ignore[return-value]

    def _by_matrix(self, found: Sequence[Sequence[Sequence[Path]]]) -> BlockFormula | None:
        """W⊤ ∂L/∂z; of rows ∂L/∂z W⊤."""
        matrices = []
        upstream: list[list[Formula]] = []
        for row in found:
            above = {p.via: p.upstream for paths in row for p in paths}
            outputs = [ref.quantity for ref in self.made_by[row[0][0].via].outputs if ref.quantity in above]
            slopes = [{p.via: p.local for p in paths} for paths in row]
            matrices.append(tuple(tuple(one.get(y, ZERO) for y in outputs) for one in slopes))
            upstream.append([above[y] for y in outputs])  # type: ignore[misc]
        if len(set(matrices)) > 1:
            return None
        U = self.blocks.block(self._laid(upstream))
        if self.rows:
            return Product((U, self.blocks.with_transpose(turned(matrices[0]))))
        return Product((self.blocks.with_transpose(matrices[0]), U))

    def _of_parameters(self, target: Block, first: Step) -> BlockFormula | None:
        """(1/m) Σ ∂L/∂z x⊤, and what the penalties add."""
        gradients = _quantities(target)
        uses = [made for made in self.sums if any(q.of in made.places for q in gradients)]
        assert first.of is not None
        kind = uses[0].places[first.of][0]
        above = {p.via: p.upstream for q in gradients for p in self._paths(q) if p.upstream}
        scale, weights = self._objective()
        if self.together and not weights:
            data: BlockFormula = self._share(uses, kind, above)
        else:
            shares: list[BlockFormula] = []
            for made in uses:
                share = self._share([made], kind, above)
                weight = weights.get(sample(made.outputs[0].quantity))
                shares.append(Scale(weight, share) if weight else share)
            data = IndexedSum(tuple(shares)) if len(shares) > 1 else shares[0]
        added = self._penalties(target)
        if added is None:
            return None
        terms = (data if scale == ONE else Scale(scale, data), *added)
        return terms[0] if len(terms) == 1 else Sum(terms)

    def _penalties(self, target: Block) -> list[BlockFormula] | None:
        """What each penalty adds to the gradients of parameters; None where its entries aren't alike."""
        found = [[p for p in self._paths(q) if p.upstream is None] for q in _quantities(target)]
        minus = _quantities(target)[0].role == "minus gradient"
        columns = len(target.entries[0])
        terms = []
        for one in zip(*found, strict=True):
            slopes = [negated(p.local) if minus else p.local for p in one]
            grid = tuple(tuple(slopes[i : i + columns]) for i in range(0, len(slopes), columns))
            terms.append(self.blocks.alike(grid))
        return None if None in terms else [term for term in terms if term is not None]

    def _objective(self) -> tuple[Formula, dict[int, Formula]]:
        """What the sum of the losses is multiplied by, and the weight of each sample where there is one."""
        for made in self.page.made:
            if isinstance(made.operation, Objective) and made.inputs[0]:
                losses, weights, _ = made.inputs
                number = [sample(ref.quantity) for ref in losses]  # type: ignore[union-attr]
                return made.operation.scale(len(losses)), dict(zip(number, weights, strict=False))  # type: ignore[arg-type]
        return ONE, {}

    def _share(self, uses: Sequence[Made], kind: int, above: dict[Quantity, Ref]) -> BlockFormula:
        """Of weights ∂L/∂z x⊤, of biases ∂L/∂z; of all samples in `uses` ∂L/∂Z X⊤ and ∂L/∂Z 1."""
        operation = uses[0].operation
        assert isinstance(operation, WeightedSum)
        U = self.blocks.block(self._laid([[above[ref.quantity] for ref in made.outputs] for made in uses]))
        X = self._inputs(uses)
        units, samples = len(uses[0].outputs), len(uses)
        if kind == 1:
            first, second = (X, U) if self.flipped else (U, X)
            return Product((Transpose(first), second) if self.rows else (first, Transpose(second)))
        share: BlockFormula = U
        if operation.bias == "shared":
            parts: list[BlockFormula] = [Transpose(Ones(samples if self.rows else units)), U]
            if (units if self.rows else samples) > 1:
                parts.append(Ones(units if self.rows else samples))
            share = Product(tuple(parts))
        elif samples > 1:
            if self.rows and self.flipped:
                share = Product((Transpose(Ones(samples)), U))
            else:
                share = Product((Transpose(U) if self.rows else U, Ones(samples)))
        elif self.rows and not self.flipped:
            share = Transpose(U)
        return Minus(share) if operation.bias == "threshold" else share


def _quantities(block: Block) -> list[Quantity]:
    return [ref.quantity for row in block.entries for ref in row if isinstance(ref, Ref)]


def _one_to_one(found: Sequence[Sequence[Sequence[Path]]]) -> bool:
    """Whether each entry has a result of its own."""
    return all(len({paths[0].via for paths in row}) == len(row) for row in found)


def _fits(formula: BlockFormula, lines: Grid) -> bool:
    try:
        made = entries(formula)
    except (ValueError, IndexError):
        return False
    if len(made) != len(lines) or len(made[0]) != len(lines[0]):
        return False
    pairs = zip(made, lines, strict=True)
    return all(same(one, line) for row, other in pairs for one, line in zip(row, other, strict=True))
