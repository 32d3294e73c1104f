"""Weighted sums: z = W x + b."""

from __future__ import annotations

from handcalc.formula.tree import ONE, ZERO, Formula, Ref, total
from handcalc.ops.operation import Made, Matrix, Mistake, Operation, Page, Vector


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

    def row(self, x: Vector, W: Matrix, b: Vector, j: int) -> Formula:
        """The sum of unit j: the products in order, then the bias."""
        return total([*(w * xi for w, xi in zip(W[j], x, strict=True)), *b[j : j + 1]])

    def write(self, page: Page, x: Vector, W: Matrix, b: Vector) -> list[Ref]:
        return page.out([self.row(x, W, b, j) for j in range(len(W))])

    def local(self, y: Ref, x: Ref, made: Made) -> Formula:
        """∂z_j/∂x_i = W_ji, ∂z_j/∂W_ji = x_i, ∂z_j/∂b_j = 1."""
        inputs, W, _ = made.inputs
        (j,) = made.places[y.quantity]
        match made.places[x.quantity]:
            case (0, i):
                return W[j][i]  # type: ignore[index]
            case (1, k, i) if k == j:
                return inputs[i]  # type: ignore[return-value]
            case (2, k) if k == j:
                return ONE
        return ZERO

    def _without_bias(self, x: Vector, W: Matrix, b: Vector, j: int) -> Formula:
        return total(w * xi for w, xi in zip(W[j], x, strict=True))

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
        Mistake(26, "bias-as-factor", "the bias stands where its slope, 1, belongs", "local", _bias_as_factor),
    )  # fmt: skip
