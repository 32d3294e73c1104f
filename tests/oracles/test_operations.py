"""Each activation and each loss, in each of its variants: values and slopes against PyTorch and published figures.

The numbers are worked out by the page's own code, the slopes by its chain rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flint import ctx, fmpq

from handcalc.derive.backward import backward
from handcalc.derive.page import Page
from handcalc.derive.tape import Slots, exact_tape
from handcalc.formula.number import read_number
from handcalc.formula.tree import Ref, total
from handcalc.ops import Activation, Loss, Operation, activations, losses, plain, regularisers, scalings
from handcalc.ops.activations import Linear
from handcalc.ops.scaling import MeanAndDeviation, Unscaling
from oracles.test_values import torch_or_skip

Numbers = Sequence[str]
POINTS = (("0.35", "-1.2", "2"), ("-0.1", "0.9", "-3.5"))
Curve = Callable[[Any, Any], Any]
Error = Callable[[Any, Any, Any], Any]


def value(typed: str) -> fmpq:
    return read_number(typed).value


def worked(page: Page, given: Sequence[Numbers]) -> dict[str, float]:
    """Every quantity of the page by its key; `given` holds the numbers of its givens."""
    slots = Slots.of(page.givens, (step.target for step in page.steps))
    numbers = [value(one) for block in given for one in block]
    with ctx.workprec(160):
        values = exact_tape(slots, [step.formula for step in page.steps])(numbers)
        return {q.key: float(v) for q, v in zip(slots.quantities, values, strict=True)}


def network(
    activation: Activation, loss: Loss, z: Numbers, y: Numbers, *, right: int | None = None, slopes: bool = True
) -> dict[str, float]:
    """Values and slopes of `loss` behind `activation` for the sums z and the targets y."""
    page = Page()
    sums, targets = page.given("z", len(z)), page.given("y", len(y))
    a = page.write(activation, sums, letter="a")
    loss.right = right
    blocks = (a, targets) if loss.needs_target else (a,)
    (result,) = page.write(loss, *blocks, letter="L", stage="loss", scalar=True)
    if slopes:
        backward(page, result, sums)
    return worked(page, (z, y))


def operation(kinds: dict[str, Any], name: str, chosen: dict[str, str]) -> Any:
    return kinds[plain(name)](**chosen)


def vector(found: dict[str, float], letter: str, n: int) -> list[float]:
    return [found[f"{letter}[{i}]" if n > 1 else letter] for i in range(1, n + 1)]


def of_torch(f: Callable[[Any], Any], z: Numbers) -> tuple[list[float], list[float]]:
    """The values f(z), and the slopes of their sum weighted with 1, 2, 3, …"""
    torch = torch_or_skip()
    given = torch.tensor([float(value(one)) for one in z], dtype=torch.float64, requires_grad=True)
    values = f(given).reshape(-1)
    (values * torch.arange(1, len(values) + 1, dtype=torch.float64)).sum().backward()
    return values.tolist(), given.grad.tolist()


class Weighted(Loss):
    """Σ k a_k, so that each output counts differently."""

    tell = "A weighted sum of the outputs."
    needs_target = False

    def write(self, page: Any, p: Any, y: Any = ()) -> list[Ref]:
        return list(page.out([total(k * one for k, one in enumerate(p, 1))]))

    def local(self, y: Any, x: Any, made: Any) -> Any:
        return Operation.local(self, y, x, made)


ACTIVATIONS: list[tuple[str, dict[str, str], Curve]] = [
    ("linear", {}, lambda torch, z: 1 * z),
    ("step", {}, lambda torch, z: torch.heaviside(z.detach(), torch.ones_like(z)) + 0 * z),
    ("step", {"outputs": "-1 and 1"}, lambda torch, z: torch.sign(z)),
    ("sigmoid", {}, lambda torch, z: torch.sigmoid(z)),
    ("tanh", {}, lambda torch, z: torch.tanh(z)),
    ("hard sigmoid", {}, lambda torch, z: (z / 6 + 0.5).clamp(0, 1)),
    ("hard sigmoid", {"steepness": "1/5"}, lambda torch, z: (z / 5 + 0.5).clamp(0, 1)),
    ("hard sigmoid", {"steepness": "1/2"}, lambda torch, z: (z / 2 + 0.5).clamp(0, 1)),
    ("relu", {}, lambda torch, z: torch.relu(z)),
    ("leaky relu", {}, lambda torch, z: torch.nn.functional.leaky_relu(z)),
    ("leaky relu", {"alpha": "0.2"}, lambda torch, z: torch.nn.functional.leaky_relu(z, 0.2)),
    ("elu", {}, lambda torch, z: torch.nn.functional.elu(z)),
    ("elu", {"alpha": "0.5"}, lambda torch, z: torch.nn.functional.elu(z, 0.5)),
    ("softplus", {}, lambda torch, z: torch.nn.functional.softplus(z)),
    ("silu", {}, lambda torch, z: torch.nn.functional.silu(z)),
    ("gelu", {}, lambda torch, z: torch.nn.functional.gelu(z)),
    ("gelu", {"form": "tanh"}, lambda torch, z: torch.nn.functional.gelu(z, approximate="tanh")),
    ("gelu", {"form": "sigmoid"}, lambda torch, z: z * torch.sigmoid(1.702 * z)),
    ("softmax", {}, lambda torch, z: torch.softmax(z, 0)),
    ("softmax", {"temperature": "2"}, lambda torch, z: torch.softmax(z / 2, 0)),
    ("softmax", {"base": "3"}, lambda torch, z: torch.softmax(z * math.log(3), 0)),
    ("softmax", {"base": "2", "temperature": "1/2"}, lambda torch, z: torch.softmax(2 * z * math.log(2), 0)),
]


@pytest.mark.parametrize("z", POINTS, ids=str)
@pytest.mark.parametrize(("name", "chosen", "curve"), ACTIVATIONS, ids=str)
def test_activations_are_those_of_torch(name: str, chosen: dict[str, str], curve: Curve, z: Numbers) -> None:
    torch = torch_or_skip()
    values, slopes = of_torch(lambda given: curve(torch, given), z)
    found = network(operation(activations(), name, chosen), Weighted(), z, ())
    assert vector(found, "a", len(z)) == pytest.approx(values, rel=1e-13)
    assert vector(found, "dL/dz", len(z)) == pytest.approx(slopes, rel=1e-12, abs=1e-15)


def test_every_activation_is_compared() -> None:
    assert {plain(name) for name, _, _ in ACTIVATIONS} == {plain(kind.name) for kind in activations().values()}


def entropy(torch: Any, p: Any, log: float = 2) -> Any:
    return -(p * torch.log(p)).sum() / math.log(log)


def smooth(name: str, **options: Any) -> Error:
    """PyTorch's loss of this name, of predictions and targets."""
    return lambda torch, p, y: getattr(torch.nn.functional, name)(p, y, **options)


def focal(torch: Any, p: Any, y: Any, gamma: int, alpha: float | None) -> Any:
    """As torchvision's sigmoid_focal_loss has it, from probabilities."""
    right = p * y + (1 - p) * (1 - y)
    weight = 1 if alpha is None else alpha * y + (1 - alpha) * (1 - y)
    return (weight * (1 - right) ** gamma * torch.nn.functional.binary_cross_entropy(p, y, reduction="none")).sum()


SOFT, YES_NO, CLASS, SIGNS = ("1/4", "1/2", "1/4"), ("1", "0", "1"), ("0", "1", "0"), ("1", "-1", "-1")
REAL = ("0.1", "-0.5", "1.25")
LOSSES: list[tuple[str, dict[str, str], str, Numbers, Error]] = [
    ("half squared error", {}, "linear", REAL, lambda torch, p, y: ((p - y) ** 2).sum() / 2),
    ("half squared error", {"over": "mean"}, "linear", REAL, lambda torch, p, y: ((p - y) ** 2).mean() / 2),
    ("squared error", {}, "tanh", REAL, smooth("mse_loss", reduction="sum")),
    ("mean squared error", {}, "sigmoid", REAL, smooth("mse_loss")),
    ("absolute error", {}, "linear", REAL, smooth("l1_loss", reduction="sum")),
    ("absolute error", {"over": "mean"}, "linear", REAL, smooth("l1_loss")),
    ("mean absolute error", {}, "linear", REAL, smooth("l1_loss")),
    ("mean absolute percentage error", {}, "linear", REAL, lambda torch, p, y: (100 * ((p - y) / y).abs()).mean()),
    ("mean absolute percentage error", {"over": "sum"}, "linear", REAL,
     lambda torch, p, y: (100 * ((p - y) / y).abs()).sum()),
    ("huber", {}, "linear", REAL, smooth("huber_loss", reduction="sum")),
    ("huber", {"delta": "0.5", "over": "mean"}, "linear", REAL, smooth("huber_loss", delta=0.5)),
    ("log cosh", {}, "linear", REAL, lambda torch, p, y: torch.log(torch.cosh(p - y)).sum()),
    ("log cosh", {"over": "mean"}, "linear", REAL, lambda torch, p, y: torch.log(torch.cosh(p - y)).mean()),
    ("binary cross-entropy", {}, "sigmoid", YES_NO, smooth("binary_cross_entropy", reduction="sum")),
    ("binary cross-entropy", {"over": "mean"}, "sigmoid", SOFT, smooth("binary_cross_entropy")),
    ("binary cross-entropy", {"over": "mean", "log": "2"}, "softmax", YES_NO,
     lambda torch, p, y: torch.nn.functional.binary_cross_entropy(p, y) / math.log(2)),
    ("binary cross-entropy from logits", {}, "linear", YES_NO,
     smooth("binary_cross_entropy_with_logits", reduction="sum")),
    ("binary cross-entropy from logits", {"over": "mean", "log": "10"}, "linear", SOFT,
     lambda torch, p, y: torch.nn.functional.binary_cross_entropy_with_logits(p, y) / math.log(10)),
    ("cross-entropy", {}, "softmax", SOFT, lambda torch, p, y: -(y * torch.log(p)).sum()),
    ("cross-entropy", {}, "sigmoid", SOFT, lambda torch, p, y: -(y * torch.log(p)).sum()),
    ("cross-entropy", {"log": "2"}, "softmax", SOFT, lambda torch, p, y: -(y * torch.log2(p)).sum()),
    ("cross-entropy", {"form": "right class", "log": "10"}, "softmax", CLASS, lambda torch, p, y: -torch.log10(p[1])),
    ("cross-entropy", {"form": "right class"}, "sigmoid", CLASS, lambda torch, p, y: -torch.log(p[1])),
    ("cross-entropy from logits", {}, "linear", SOFT, smooth("cross_entropy")),
    ("cross-entropy from logits", {"form": "right class"}, "linear", CLASS, smooth("cross_entropy")),
    ("binary focal cross-entropy", {}, "sigmoid", YES_NO, lambda torch, p, y: focal(torch, p, y, 2, None)),
    ("binary focal cross-entropy", {"gamma": "3", "alpha": "1/4", "over": "mean"}, "sigmoid", YES_NO,
     lambda torch, p, y: focal(torch, p, y, 3, 0.25) / 3),
    ("binary focal cross-entropy", {"gamma": "0"}, "sigmoid", YES_NO,
     smooth("binary_cross_entropy", reduction="sum")),
    ("categorical focal cross-entropy", {"alpha": "1/4"}, "softmax", SOFT,
     lambda torch, p, y: -0.25 * (y * (1 - p) ** 2 * torch.log(p)).sum()),
    ("categorical focal cross-entropy", {"gamma": "5", "form": "right class"}, "softmax", CLASS,
     lambda torch, p, y: -((1 - p[1]) ** 5 * torch.log(p[1]))),
    ("hinge", {}, "linear", SIGNS, lambda torch, p, y: (1 - y * p).clamp(min=0).sum()),
    ("hinge", {"margin": "0.5", "over": "mean"}, "tanh", SIGNS, lambda torch, p, y: (0.5 - y * p).clamp(min=0).mean()),
    ("hinge", {"labels": "0 and 1"}, "linear", YES_NO, lambda torch, p, y: (1 - (2 * y - 1) * p).clamp(min=0).sum()),
    ("squared hinge", {}, "linear", SIGNS, lambda torch, p, y: (1 - y * p).clamp(min=0).pow(2).sum()),
    ("multi-class hinge", {}, "linear", CLASS,
     lambda torch, p, y: 3 * torch.nn.functional.multi_margin_loss(p, torch.tensor(1))),
    ("multi-class hinge", {"margin": "2.5"}, "linear", CLASS,
     lambda torch, p, y: 3 * torch.nn.functional.multi_margin_loss(p, torch.tensor(1), margin=2.5)),
    ("kl divergence", {}, "softmax", SOFT, lambda torch, p, y: (y * torch.log(y / p)).sum()),
    ("kl divergence", {}, "sigmoid", CLASS,
     lambda torch, p, y: torch.nn.functional.kl_div(p.log(), y, reduction="sum")),
    ("kl divergence", {"log": "2"}, "softmax", SOFT, lambda torch, p, y: (y * torch.log2(y / p)).sum()),
    ("entropy", {}, "softmax", SOFT, lambda torch, p, y: entropy(torch, p)),
    ("entropy", {"log": "natural"}, "sigmoid", SOFT, lambda torch, p, y: entropy(torch, p, math.e)),
    ("perceptron", {}, "linear", REAL, smooth("l1_loss", reduction="sum")),
]  # fmt: skip


@pytest.mark.parametrize("z", POINTS, ids=str)
@pytest.mark.parametrize(("name", "chosen", "last", "y", "error"), LOSSES, ids=str)
def test_losses_are_those_of_torch(
    name: str, chosen: dict[str, str], last: str, y: Numbers, error: Error, z: Numbers
) -> None:
    torch = torch_or_skip()
    curve = next(curve for kind, options, curve in ACTIVATIONS if kind == last and not options)
    targets = torch.tensor([float(value(one)) for one in y], dtype=torch.float64)
    (loss,), slopes = of_torch(lambda given: error(torch, curve(torch, given), targets), z)
    found = network(operation(activations(), last, {}), operation(losses(), name, chosen), z, y, right=1)
    assert found["L"] == pytest.approx(loss, rel=1e-12)
    assert vector(found, "dL/dz", len(z)) == pytest.approx(slopes, rel=1e-11, abs=1e-14)


def test_every_loss_is_compared() -> None:
    assert {plain(name) for name, *_ in LOSSES} == {plain(kind.name) for kind in losses().values()}


def test_the_perceptron_rule_moves_by_output_minus_target() -> None:
    """Cornell CS472, 2004: a unit that fires at 0 although its target is 0 has error 1; a right one has none."""
    found = network(activations()["step"](), losses()["perceptron"](), ("0", "0.5", "-0.5"), ("0", "1", "1"))
    assert vector(found, "a", 3) == [1, 1, 0]
    assert vector(found, "dL/dz", 3) == [1, 0, -1]
    assert found["L"] == 2


def test_a_step_that_fires_above_0_passes_its_gradient_where_its_slope_is_taken_as_1() -> None:
    step = activations()["step"](fires="above 0", slope_taken_as="1")
    found = network(step, Weighted(), ("0", "0.7", "-0.2"), ())
    assert vector(found, "a", 3) == [0, 1, 0]
    assert vector(found, "dL/dz", 3) == [1, 2, 3]


@pytest.mark.parametrize(("slope", "at_0"), [("0", 0), ("1", 1)])
def test_the_slope_of_relu_at_0_is_as_chosen(slope: str, at_0: int) -> None:
    assert network(activations()["relu"](slope_at_0=slope), Weighted(), ("0", "1"), ())["dL/dz[1]"] == at_0


def error_of(name: str, p: str, y: str, **chosen: str) -> float:
    return network(Linear(), operation(losses(), name, chosen), p.split(), y.split(), slopes=False)["L"]


MEAN = {"over": "mean"}
QUARTER = {"alpha": "0.25"}
PUBLISHED: list[tuple[str, dict[str, str], str, str, str]] = [
    # Keras 3, docstrings of keras/src/losses/losses.py: each row's loss is the mean over its outputs
    ("mean squared error", {}, "0.9 0.1 0.8", "1.0 0.0 1.0", "0.02"),
    ("mean absolute error", {}, "1.9 0.3 1.8", "1.0 0.3 1.0", "0.5666667"),
    ("mean absolute percentage error", {}, "90.0 210.0 310.0", "100.0 200.0 300.0", "6.111111"),
    ("binary cross-entropy", MEAN, "0.6 0.4", "0 1", "0.916"),
    ("binary cross-entropy", MEAN, "0.4 0.6", "0 0", "0.714"),
    ("binary cross-entropy from logits", MEAN, "-18.6 0.51", "0 1", "0.235"),
    ("binary cross-entropy from logits", MEAN, "2.94 -12.8", "0 0", "1.496"),
    ("binary focal cross-entropy", MEAN, "0.6 0.4", "0 1", "0.330"),
    ("binary focal cross-entropy", MEAN, "0.4 0.6", "0 0", "0.206"),
    ("cross-entropy", {}, "0.05 0.95 0", "0 1 0", "0.0513"),
    ("cross-entropy", {}, "0.1 0.8 0.1", "0 0 1", "2.303"),
    ("categorical focal cross-entropy", QUARTER, "0.05 0.95 0", "0 1 0", "0.000032058331"),
    ("categorical focal cross-entropy", QUARTER, "0.1 0.8 0.1", "0 0 1", "0.46627346"),
    ("categorical focal cross-entropy", QUARTER, "0.05 0.9 0.05", "0 1 0", "0.000263401289"),
    ("categorical focal cross-entropy", QUARTER, "0.1 0.85 0.05", "0 0 1", "0.675912094"),
    # Colah, Visual Information Theory, 2015: in bits
    ("entropy", {}, "1/2 1/4 1/8 1/8", "", "1.75"),
    ("cross-entropy", {"log": "2"}, "1/2 1/4 1/8 1/8", "1/8 1/2 1/4 1/8", "2.25"),
    ("cross-entropy", {"log": "2"}, "1/8 1/2 1/4 1/8", "1/2 1/4 1/8 1/8", "2.375"),
    # Mitchell's PlayTennis, as IBM prints its entropies
    ("entropy", {}, "9/14 5/14", "", "0.940"),
    ("entropy", {}, "3/7 4/7", "", "0.985"),
    ("entropy", {}, "6/7 1/7", "", "0.592"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "chosen", "p", "y", "printed"), PUBLISHED, ids=str)
def test_published_losses(name: str, chosen: dict[str, str], p: str, y: str, printed: str) -> None:
    """A million's part is left to figures that were worked out in single precision."""
    half_a_unit = 0.5001 * 10 ** -len(printed.partition(".")[2])
    assert error_of(name, p, y, **chosen) == pytest.approx(float(printed), rel=1e-6, abs=half_a_unit)


@pytest.mark.parametrize(
    ("gamma", "balanced", "printed"),
    [("2", False, "0.691"), ("2", True, "0.51"), ("3", False, "0.647"), ("3", True, "0.482")],
)
def test_published_focal_losses_of_scores(gamma: str, balanced: bool, printed: str) -> None:
    """Keras 3, BinaryFocalCrossentropy from logits: the mean over four outputs."""
    chosen = {"gamma": gamma, "over": "mean"} | ({"alpha": "0.25"} if balanced else {})
    loss = operation(losses(), "binary focal cross-entropy", chosen)
    found = network(activations()["sigmoid"](), loss, ("-18.6", "0.51", "2.94", "-12.8"), ("0", "1", "0", "0"))
    assert found["L"] == pytest.approx(float(printed), abs=0.5001 * 10 ** -len(printed.partition(".")[2]))


def test_published_log_cosh_and_huber() -> None:
    """Keras 3: rows with errors 1, 0 and 0, 0; the mean of all four outputs. Huber: errors 0.6, 0.6, 0.4, 0.6."""
    assert error_of("log cosh", "1 1 0 0", "0 1 0 0", **MEAN) == pytest.approx(0.108, abs=5e-4)
    assert error_of("huber", "0.6 0.4 0.4 0.6", "0 1 0 0", **MEAN) == pytest.approx(0.155, abs=5e-4)


def test_published_hinge_with_margin_10() -> None:
    """Stanford CS231n, Linear classification: scores 13, −7, 11, the first class is right."""
    hinge = operation(losses(), "multi-class hinge", {"margin": "10"})
    found = network(Linear(), hinge, ("13", "-7", "11"), ("1", "0", "0"), right=0)
    assert [found["h[1]"], found["h[2]"], found["L"]] == [0, 8, 8]
    assert vector(found, "dL/dz", 3) == [-1, 0, 1]


def test_published_softmax_with_base_3_and_with_temperature_2() -> None:
    """Tom Yeh, AI by Hand, 2024: 3/250 and 243/250 by hand; z/T = 1.25, e^1.25 = 3.490."""
    found = network(activations()["softmax"](base="3"), Weighted(), ("1", "0", "1", "5"), ())
    assert vector(found, "r", 4) == [3, 1, 3, 243]
    assert found["S"] == 250
    assert vector(found, "a", 4) == pytest.approx([0.012, 0.004, 0.012, 0.972], rel=1e-15)
    found = network(activations()["softmax"](temperature="2"), Weighted(), ("2.5", "1", "5.2", "3.1", "2.15"), ())
    assert found["q[1]"] == 1.25
    assert found["e[1]"] == pytest.approx(3.4903429574618414, rel=1e-15)
    assert [round(p, 2) for p in vector(found, "a", 5)] == [0.13, 0.06, 0.51, 0.18, 0.11]


@pytest.mark.parametrize(("name", "rate", "weights", "printed"), [
    ("l1", "0.01", ("1",) * 25, 0.25),
    ("l2", "2", ("1",) * 25, 50),
    ("l2", "0.5", ("1",) * 25, 12.5),
    ("half l2", "0.5", ("1",) * 25, 6.25),
    ("l2", "0.01", ("2",) * 25, 1),
])  # fmt: skip
def test_published_penalties(name: str, rate: str, weights: Numbers, printed: float) -> None:
    """Keras 3, keras/src/regularizers: λ Σ|w| and λ Σw² of a matrix of 5 times 5 ones."""
    page = Page()
    w = page.given("W", len(weights))
    page.write(regularisers()[name](rate=rate), w, letter="R", scalar=True)
    assert worked(page, (weights,))["R"] == printed


@pytest.mark.parametrize("name", ["l1", "l2", "half l2"])
def test_penalties_have_the_slopes_of_torch(name: str) -> None:
    weights = ("0.3", "-0.7", "2")
    page = Page()
    w = page.given("W", 3)
    (penalty,) = page.write(regularisers()[name](rate="0.1"), w, letter="R", scalar=True)
    backward(page, penalty, w)
    sizes: dict[str, Callable[[Any], Any]] = {
        "l1": lambda w: 0.1 * w.abs().sum(), "l2": lambda w: 0.1 * (w**2).sum(),
        "half l2": lambda w: 0.05 * (w**2).sum(),
    }  # fmt: skip
    (size,), slopes = of_torch(sizes[name], weights)
    found = worked(page, (weights,))
    assert found["R"] == pytest.approx(size, rel=1e-14)
    assert vector(found, "dR/dW", 3) == pytest.approx(slopes, rel=1e-14)


COLUMNS = {
    "3 5 3 3 4 2": "-0.32 1.61 -0.32 -0.32 0.65 -1.29",
    "1340 3650 1930 2000 1940 880": "-0.66 1.80 -0.03 0.05 -0.02 -1.15",
    "313000 2384000 342000 420000 550000 490000": "-0.54 2.03 -0.51 -0.41 -0.25 -0.32",
}
"""Rooms, sizes and prices of six houses, standardised (internetknowledgehub; its −0.03 for 2000 m², which is above the
mean, is 0.05)."""


@pytest.mark.parametrize(("column", "printed"), COLUMNS.items(), ids=str)
def test_published_standardised_columns(column: str, printed: str) -> None:
    samples = column.split()
    page = Page()
    page.write(scalings()["standardise"](deviation="sample"), page.given("x", len(samples)), letter="out")
    found = worked(page, (samples,))
    assert [f"{x:.2f}" for x in vector(found, "out", len(samples))] == printed.split()


def test_a_worked_out_scaling_takes_a_price_there_and_back() -> None:
    """The prices' own mean and deviation scale a seventh price, and turn an output back into money."""
    prices = list(COLUMNS)[2].split()
    page, fitted = Page(), MeanAndDeviation(deviation="sample")
    column, price = page.given("x", 6), page.given("y", 1)
    page.write(fitted, column, letter="s", scalar=True)
    (scaling,) = fitted.standardise(page.made[-1])
    scaled = page.write(scaling, price, letter="t", scalar=True)
    page.write(Unscaling(scaling), scaled, letter="back", scalar=True)
    found = worked(page, (prices, ("500000",)))
    assert found["t"] == pytest.approx((500000 - found["mu"]) / found["s"], rel=1e-14)
    assert found["back"] == pytest.approx(500000, rel=1e-14)


@pytest.mark.parametrize(("name", "chosen", "there"), [
    ("divide by", {}, 1.2), ("min max", {"min": "50", "max": "250"}, 0.35),
    ("min max", {"min": "50", "max": "250", "to": "-1 to 1"}, -0.3),
    ("min max", {"min": "-40", "max": "160"}, 0.8),
    ("standardise", {"mean": "100", "deviation": "25"}, 0.8),
])  # fmt: skip
def test_given_scalings(name: str, chosen: dict[str, str], there: float) -> None:
    page, scaling = Page(), operation(scalings(), name, chosen)
    scaled = page.write(scaling, page.given("x", 1), letter="t", scalar=True)
    page.write(Unscaling(scaling), scaled, letter="back", scalar=True)
    found = worked(page, (("120",),))
    assert found["t"] == pytest.approx(there, rel=1e-15)
    assert found["back"] == 120
