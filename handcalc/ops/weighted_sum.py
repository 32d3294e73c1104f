"""Weighted sums: z = W x + b."""

from __future__ import annotations

from collections.abc import Sequence

from handcalc.formula.tree import ONE, ZERO, Formula, Negative, Ref, formula, total
from handcalc.ops.operation import Made, Matrix, Mistake, Operation, Option, Page, Vector


class WeightedSum(Operation):
    """z = W x + b, one sum per row of W; b may be left out (an empty vector)."""

    name = "weighted sum"
    tell = "Multiply each input by its weight, add the products, add the bias."
    gradient_tell = (
        "Slope of a weight: slope of its sum times the input it multiplies. Slope of a bias: slope of its sum."
    )
    back_tell = (
        "Every sum that uses an output is a path to the loss: slope of the sum times the weight; the paths are added."
    )
    example = (("1.5", "-2"), (("0.3", "0.7"), ("-0.5", "0.2")), ("0.1", "-0.4"))

    options = (
        Option("layout", "out x in", words=("out x in", "in x out")),
        Option("bias", "per unit", words=("per unit", "shared", "threshold", "last column", "last column of -1")),
    )
    variants = ({"layout": "in x out"}, {"bias": "shared"}, {"bias": "threshold"})

    layout: str
    bias: str

    def row(self, x: Sequence[Formula], W: Matrix, b: Vector, j: int) -> Formula:
        """The sum of unit j: the products in order, then the bias."""
        return total([*self.products(self.factors(x), self.of_unit(W, j)), *self.added(b, j)])

    def products(self, x: Sequence[Formula], weights: Vector) -> list[Formula]:
        if self.layout == "out x in":
            return [w * xi for w, xi in zip(weights, x, strict=True)]
        return [xi * w for w, xi in zip(weights, x, strict=True)]

    def of_unit(self, W: Matrix, j: int) -> Vector:
        """The weights that lead to unit j: a row, or a column of an in x out matrix."""
        return W[j] if self.layout == "out x in" else [row[j] for row in W]

    def factors(self, x: Sequence[Formula]) -> list[Formula]:
        """The inputs, with the constant that the last column multiplies."""
        constant = {"last column": [formula(1)], "last column of -1": [formula(-1)]}.get(self.bias, [])
        return [*x, *constant]

    def added(self, b: Vector, j: int) -> list[Formula]:
        """The bias of unit j; a threshold is subtracted."""
        bias = b[:1] if self.bias == "shared" else b[j : j + 1]
        return [Negative(one) for one in bias] if self.bias == "threshold" else list(bias)

    def write(self, page: Page, x: Sequence[Formula], W: Matrix, b: Vector) -> list[Ref]:
        units = len(W) if self.layout == "out x in" else len(W[0])
        return page.out([self.row(x, W, b, j) for j in range(units)])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        """∂z_j/∂x_i = w from i to j, ∂z_j/∂w = the input that it multiplies, ∂z_j/∂b_j = 1 (of a threshold −1)."""
        inputs, W, _ = made.inputs
        (j,) = made.places[y.quantity]
        block, *at = made.places[x.quantity]
        if block == 0:
            return self.of_unit(W, j)[at[0]]  # type: ignore[arg-type]
        if block == 1:
            to, source = at if self.layout == "out x in" else reversed(at)
            return self.factors(inputs)[source] if to == j else ZERO  # type: ignore[arg-type]
        if at[0] == j or self.bias == "shared":
            return formula(-1) if self.bias == "threshold" else ONE
        return ZERO

    def _without_bias(self, x: Vector, W: Matrix, b: Vector, j: int) -> Formula:
        return total(self.products(self.factors(x), self.of_unit(W, j)))

    def _transposed(self, x: Vector, W: Matrix, b: Vector, j: int) -> Formula:
        columns = list(zip(*W, strict=True))
        square = len(columns) == len(W)
        return WeightedSum.row(self, x, columns if square else W, b, j)

    def _not_transposed_back(self, y: Ref, x: Ref, made: Made) -> Formula:
        _, W, _ = made.inputs
        (j,) = made.places[y.quantity]
        match made.places[x.quantity]:
            case (0, i) if i < len(W) and j < len(W[i]):  # type: ignore[arg-type]
                return W[i][j]  # type: ignore[index]
        return WeightedSum.local(self, y, x, made)

    def _outer_product_transposed(self, y: Ref, x: Ref, made: Made) -> Formula:
        inputs, _, _ = made.inputs
        match made.places[x.quantity]:
            case (1, j, _) if j < len(inputs):
                return inputs[j]  # type: ignore[return-value]
        return WeightedSum.local(self, y, x, made)

    def _input_of_another_layer(self, y: Ref, x: Ref, made: Made) -> Formula:
        """The sum that the input was made of; of given inputs, which nothing made, the sum y itself."""
        right, before = WeightedSum.local(self, y, x, made), made.before
        if made.places[x.quantity][0] != 1 or not isinstance(right, Ref):
            return right
        sums = dict(zip(before.outputs, before.inputs[0], strict=False)) if before else {}
        return sums.get(right, y)  # type: ignore[return-value]

    def _weight_missing(self, y: Ref, x: Ref, made: Made) -> Formula:
        return ONE if made.places[x.quantity][0] == 0 else WeightedSum.local(self, y, x, made)

    def _bias_as_factor(self, y: Ref, x: Ref, made: Made) -> Formula:
        return x if made.places[x.quantity][0] == 2 else WeightedSum.local(self, y, x, made)

    mistakes = (
        Mistake(1, "bias-forgotten", "the bias is left out", "row", _without_bias),
        Mistake(2, "transposed-forward", "W is read by columns", "row", _transposed),
        Mistake(22, "weight-missing", "the weight is missing in the chain", "local", _weight_missing),
        Mistake(23, "not-transposed-back", "W is not transposed on the way back", "local", _not_transposed_back),
        Mistake(24, "outer-product-transposed", "rows and columns of the outer product are swapped", "local",
                _outer_product_transposed),
        Mistake(25, "input-of-another-layer", "another value than the weight's input is taken", "local",
                _input_of_another_layer),
        Mistake(26, "bias-as-factor", "the bias stands where its slope, 1, belongs", "local", _bias_as_factor),
    )  # fmt: skip
