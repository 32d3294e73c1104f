"""Matrix statements: multiplied out, each is the scalar lines of the page, and each scalar line is in one of them."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from random import Random
from typing import Any

import pytest

import handcalc
from handcalc.derive.bare import bare
from handcalc.derive.statement import Statement
from handcalc.derive.statements import Samples, statements
from handcalc.derive.write import written
from handcalc.derive.writer import Turn, Written
from handcalc.formula.block import (
    Block,
    BlockFormula,
    Ones,
    Product,
    Scale,
    Sum,
    Transpose,
    entries,
    entry,
    same,
    shape,
)
from handcalc.formula.block_notation import block_written
from handcalc.formula.maths import Slot
from handcalc.formula.quantity import Quantity, read_key
from handcalc.formula.tree import (
    Call,
    Cases,
    Formula,
    Negative,
    Num,
    Power,
    Quotient,
    Ref,
    formula,
    ln,
)
from handcalc.formula.tree import Product as Times
from handcalc.formula.tree import Sum as Added
from handcalc.network import read
from handcalc.ops import Activation, Optimiser, activations, losses, optimisers
from handcalc.ops.weighted_sum import WeightedSum
from handcalc.render.latex_maths import maths_to_latex
from handcalc.render.text import plain
from handcalc.sheet.parts import Table, Working

SEEDS = range(150)
MAZUR: dict[str, Any] = {
    "inputs": ["0.05", "0.10"],
    "layers": [
        {"sigmoid": [["0.15", "0.20"], ["0.25", "0.30"]], "shared bias": "0.35"},
        {"sigmoid": [["0.40", "0.45"], ["0.50", "0.55"]], "shared bias": "0.60"},
    ],
    "target": ["0.01", "0.99"],
    "loss": "half squared error",
    "learning rate": "0.5",
}
"""Mazur, A Step by Step Backpropagation Example (2015)."""
BATCH: dict[str, Any] = {
    "samples": "columns",
    "inputs": [[1, 2], [0, 1], [1, 0]],
    "layers": [
        {"tanh": [[1, 0, 1], [0, 1, -1]], "bias": [0, 1]},
        {"softmax": [[1, 1], [1, 2], [0, 1]], "bias": [0, 1, 2]},
    ],
    "target": [[1, 0, 0], [0, 1, 0]],
    "loss": "cross-entropy",
    "learning rate": "0.1",
}


# Random networks


def drawn(seed: int) -> dict[str, Any]:
    """A network file of this seed, of every kind that has matrices."""
    random = Random(seed)
    flipped, online = random.random() < 0.3, random.random() < 0.2
    widths = [random.choice([1, 2, 3, 4]) for _ in range(random.choice([2, 2, 3, 3, 4]))]
    names = sorted({kind.name for kind in activations().values()})
    layers: list[Any] = []
    for source, units in pairwise(widths):
        layers.append(_layer(random, names, source, units, flipped=flipped))
    if random.random() < 0.2 and widths[1] > 1:
        skip = _layer(random, ["tanh", "relu"], widths[1], widths[1], flipped=flipped)
        layers.insert(1, {"branches": [[skip], []], "join": random.choice(["add"])})
    samples = random.choice([1, 1, 2, 3, 5])
    loss = random.choice(sorted({kind.name for kind in losses().values() if _takes_anything(kind)}))
    made: dict[str, Any] = {
        "inputs": [[_number(random) for _ in range(widths[0])] for _ in range(samples)],
        "layout": "in x out" if flipped else "out x in",
        "layers": layers,
        "target": [[_number(random) for _ in range(widths[-1])] for _ in range(samples)],
        "loss": loss,
        "learning rate": "0.1",
        "optimiser": random.choice(sorted({kind.name for kind in optimisers().values()})),
        "batch": "online" if online else random.choice(["mean", "sum"]),
    }
    if samples == 1:
        made |= {"inputs": made["inputs"][0], "target": made["target"][0]}
        made |= {"update order": random.choice(["simultaneous", "in place"])}
        made |= {"notation": {"sign": random.choice(["p - y", "y - p"])}}
    if random.random() < 0.3:
        made["regularisation"] = random.choice(["l2", "l1", "half l2"])
        made.pop("update order", None)
    if samples > 1 and not online and random.random() < 0.3:
        made["sample weights"] = [_number(random) for _ in range(samples)]
    if random.random() < 0.3:
        made["scaling"] = {str(random.randint(1, widths[0])): {"divide by": {"number": "10"}}}
    return made


def _layer(random: Random, names: list[str], source: int, units: int, *, flipped: bool) -> dict[str, Any]:
    wide = [name for name in names if activations()[name].elementwise or units > 1]
    bias = random.choice(["bias", "bias", "shared bias", "threshold", "", "last column", "last column of -1"])
    width = source + bias.startswith("last column")
    rows = [[_number(random) for _ in range(width)] for _ in range(units)]
    rows = [list(row) for row in zip(*rows, strict=True)] if flipped else rows
    found: dict[str, Any] = {random.choice(wide): rows}
    if bias.startswith("last column"):
        found["bias"] = bias
    elif bias:
        found[bias] = _number(random) if bias == "shared bias" else [_number(random) for _ in range(units)]
    return found


def _takes_anything(kind: Any) -> bool:
    picky = kind.needs_probabilities or kind.needs_scores or kind.needs_class or kind.one_hot or not kind.needs_target
    return not picky and kind.name not in ("poisson", "kl divergence") and "error" in kind.name


def _number(random: Random) -> str:
    return f"{random.choice([-9, -7, -4, -3, -2, -1, 1, 2, 3, 5, 8])}/10"


def page_of(made: dict[str, Any]) -> Written:
    shape_of, _ = bare(read(made))
    turn = Turn(again=made.get("batch") != "online")
    return written(shape_of, turn)


# An evaluator that knows nothing of order or signs


def value(f: Formula, at: dict[Quantity, float]) -> float:
    match f:
        case Num(number):
            return int(number.value.p) / int(number.value.q)
        case Ref(quantity):
            return at[quantity]
        case Added(terms):
            return sum(value(term, at) for term in terms)
        case Times(factors):
            return math.prod(value(factor, at) for factor in factors)
        case Quotient(top, bottom):
            return value(top, at) / value(bottom, at)
        case Power(base, exponent):
            n = exponent if isinstance(exponent, int) else value(exponent, at)
            return float(value(base, at) ** n)
        case Negative(inner):
            return -value(inner, at)
        case Cases(left, sign, right, yes, no):
            a, b = value(left, at), value(right, at)
            applies = {">": a > b, "≥": a >= b, "<": a < b, "≤": a <= b}[sign]
            return value(yes if applies else no, at)
        case Call("pi", ()):
            return math.pi
        case Call("power", (base, exponent)):
            return float(value(base, at) ** value(exponent, at))
        case Call("log2" | "log10" as name, (inner,)):
            return float({"log2": math.log2, "log10": math.log10}[name](value(inner, at)))
        case Call("max" | "abs" as name, args):
            numbers = [value(arg, at) for arg in args]
            return max(numbers) if name == "max" else abs(numbers[0])
        case Call(name, (inner,)):
            return float(getattr(math, {"ln": "log"}.get(name, name))(value(inner, at)))
    raise TypeError(f)


class Anywhere(dict[Quantity, float]):
    """Positive numbers of a seed, drawn when they are asked for."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = Random(seed)

    def __missing__(self, quantity: Quantity) -> float:
        self[quantity] = self.random.uniform(0.1, 0.9)
        return self[quantity]


def equal(f: Formula, g: Formula) -> bool:
    """Whether two formulas have one value wherever they are looked at."""
    return all(math.isclose(value(f, at), value(g, at), rel_tol=1e-9) for at in map(Anywhere, range(3)))


# The law


def multiplied_out(page: Written, one: Statement) -> list[tuple[Formula, Formula]]:
    """Each entry of a statement beside the scalar line it stands for."""
    grid = entries(one.formula)
    assert shape(one.target) == shape(one.formula) == (len(one.steps), len(one.steps[0]))
    for row, places in zip(one.target.entries, one.steps, strict=True):
        assert [ref.quantity for ref in row] == [page.steps[n].target for n in places]  # type: ignore[attr-defined]
    return [
        (made, page.steps[n].formula)
        for row, places in zip(grid, one.steps, strict=True)
        for made, n in zip(row, places, strict=True)
    ]


@pytest.mark.parametrize("samples", ["each", "rows", "columns"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_statement_multiplied_out_is_its_lines(seed: int, samples: Samples) -> None:
    page = page_of(drawn(seed))
    found = statements(page, samples)
    assert found
    for one in found:
        for made, line in multiplied_out(page, one):
            assert equal(made, line), (one.target.name, made, line)


@pytest.mark.parametrize("samples", ["each", "rows", "columns"])
@pytest.mark.parametrize("seed", SEEDS)
def test_each_line_of_a_layer_is_in_one_statement(seed: int, samples: Samples) -> None:
    page = page_of(drawn(seed))
    times = Counter(n for one in statements(page, samples) for n in one.places)
    assert not times or max(times.values()) == 1
    for n, step in enumerate(page.steps):
        kind = step.operation
        layered = isinstance(kind, WeightedSum | Optimiser) or (isinstance(kind, Activation) and kind.elementwise)
        if layered or (step.of is not None and step.of.index):
            assert times[n] == 1, step.target.key


@pytest.mark.parametrize("samples", ["each", "rows", "columns"])
def test_a_layer_of_different_activations_is_written_out(samples: Samples) -> None:
    made = {**BATCH, "layers": [{"activation": ["relu", "tanh"], "weights": [[1, 0, 1], [0, 1, -1]]}]}
    made |= {"target": [[1, 0], [0, 1]], "loss": "squared error"}
    page = page_of(made)
    found = [one for one in statements(page, samples) if one.target.name and one.target.name.letter == "yhat"]
    assert [one.sample for one in found if one.stage == "forward"] == [1, 2]
    assert all(isinstance(one.formula, Block) and one.formula.name is None for one in found)


# How they look


def said(made: dict[str, Any], samples: Samples = "each") -> dict[str, str]:
    found = statements(page_of(made), samples)
    return {one.target.name.key: plain(block_written(one.formula)) for one in found if one.target.name}


def test_columns() -> None:
    made = {**MAZUR, "layers": [{**layer, "bias": [1, 2]} for layer in MAZUR["layers"]]}
    for layer in made["layers"]:
        del layer["shared bias"]
    found = said(made)
    assert found["z1"] == "W1 x + b1"
    assert found["a1"] == "σ(z1)"
    assert found["z2"] == "W2 a1 + b2"
    assert found["dL/dyhat"] == "yhat − y"
    assert found["dL/dz2"] == "dL/dyhat ⊙ σ'(z2)"
    assert found["dL/dW2"] == "dL/dz2 a1^T"
    assert found["dL/db2"] == "dL/dz2"
    assert found["dL/da1"] == "W2^T dL/dz2"
    assert found["W1[u=1]"] == "W1 − eta·dL/dW1"
    assert found["z1[u=1]"] == "W1[u=1] x + b1[u=1]"


def test_a_shared_bias_goes_to_every_unit_and_its_slope_is_the_sum() -> None:
    found = said(MAZUR)
    assert found["z1"] == "W1 x + b1[1]·1_2"
    assert found["dL/db1"] == "1_2^T dL/dz1"


def test_rows_where_weights_are_in_x_out() -> None:
    layers = [{"tanh": [[1, 2, 3], [4, 5, 6]], "bias": [1, 2, 3]}, {"linear": [[1], [2], [3]]}]
    found = said({**MAZUR, "layout": "in x out", "layers": layers, "target": 1})
    assert found["z1"] == "x W1 + b1"
    assert found["dL/dW1"] == "x^T dL/dz1"
    assert found["dL/da1"] == "dL/dz2 W2^T"


def test_all_samples_as_columns() -> None:
    found = said(BATCH, "columns")
    assert found["Z1"] == "W1 X + b1 1_2^T"
    assert found["A1"] == "tanh(Z1)"
    assert found["dL/dZ2"] == "P − Y"
    assert found["dL/dZ1"] == "dL/dA1 ⊙ tanh'(Z1)"
    assert found["dJ/dW1"] == "(1/2)·dL/dZ1 X^T"
    assert found["dJ/db1"] == "(1/2)·dL/dZ1 1_2"
    assert found["p[s=1]"] == "e[s=1]/S[s=1]"


def test_all_samples_as_rows() -> None:
    found = said(BATCH, "rows")
    assert found["Z1"] == "X W1^T + 1_2 b1^T"
    assert found["dJ/dW1"] == "(1/2)·(dL/dZ1)^T X"


def test_each_sample_by_itself_and_the_sum_over_them() -> None:
    found = said(BATCH)
    assert found["z1[s=2]"] == "W1 x[s=2] + b1"
    assert found["dJ/dW1"] == "(1/2)·(dL[s=1]/dz1[s=1] x[s=1]^T + dL[s=2]/dz1[s=2] x[s=2]^T)"
    five = {**BATCH, "samples": "rows", "inputs": [[1, 2, 3]] * 5, "target": [[1, 0, 0]] * 5, "batch": "sum"}
    (first, second, dots, last) = said(five)["dJ/db1"].split(" + ")
    assert (first, dots, last) == ("dL[s=1]/dz1[s=1]", "…", "dL[s=5]/dz1[s=5]")
    assert second == "dL[s=2]/dz1[s=2]"


def test_a_last_column_multiplies_ones_that_are_written() -> None:
    found = said({**MAZUR, "layers": [{"sigmoid": [[1, 2, 3], [4, 5, 6]], "bias": "last column"}]})
    assert found["z"] == "W[x[1], x[2], 1]"


def test_a_matrix_of_slopes_where_every_output_depends_on_every_sum() -> None:
    found = said({**MAZUR, "layers": [{"softmax": [[1, 2], [3, 4]]}]})
    assert found["dL/dz"].startswith("[[p[1]·(1 − p[1])")
    assert found["dL/dz"].endswith("dL/dp")


def test_adam_goes_entry_by_entry() -> None:
    found = said({**MAZUR, "optimiser": "adam"})
    assert found["v(W1[u=1])"] == "beta[2]·v(W1) + (1 − beta[2])·(dL/dW1)^2"
    assert found["W1[u=1]"] == "W1 − eta·mhat(W1[u=1])/(√(vhat(W1[u=1])) + epsilon)"


def test_layer_and_transpose_share_one_superscript() -> None:
    W = Block(read_key("W1"), ((Ref(read_key("W1[1,1]")),),))
    assert maths_to_latex(block_written(Transpose(W))) == r"W^{( 1 ) \top}".replace("( 1 )", "(1)")
    slope = Block(read_key("dL/dz"), W.entries)
    assert maths_to_latex(block_written(Transpose(slope))) == (r"\left( \frac{\partial L}{\partial z} \right)^{\top}")


# Blocks


def names(letter: str, rows: int, columns: int) -> Block:
    grid = tuple(tuple(Ref(Quantity(letter, index=(i, j))) for j in range(1, columns + 1)) for i in range(1, rows + 1))
    return Block(Quantity(letter), grid)


def test_an_entry_is_multiplied_out_in_order() -> None:
    W, x, b = names("W", 2, 3), names("x", 3, 1), names("b", 2, 1)
    second = entry(Sum((Product((W, x)), b)), 1, 0)
    assert second == formula(Ref(read_key("W[2,1]"))) * Ref(read_key("x[1,1]")) + Ref(read_key("W[2,2]")) * Ref(
        read_key("x[2,1]")
    ) + Ref(read_key("W[2,3]")) * Ref(read_key("x[3,1]")) + Ref(read_key("b[2,1]"))


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (Product((names("W", 2, 3), names("x", 2, 1))), "a product of 2×3 and 2×1"),
        (Sum((names("W", 2, 3), names("x", 3, 2))), "entries of 2×3 and 3×2 side by side"),
        (Scale(ln(2), Block(None, ((formula(1),), (formula(1), formula(2))))), "the rows of a block differ in length"),
    ],
)
def test_shapes_that_do_not_fit_are_told(made: BlockFormula, found: str) -> None:
    with pytest.raises(ValueError, match=f"^{found}$"):
        shape(made)


def test_ones_add_up() -> None:
    z = names("z", 3, 2)
    assert shape(Product((Transpose(Ones(3)), z))) == (1, 2)
    assert entry(Product((Transpose(Ones(3)), z)), 0, 1) == Added(
        tuple(Ref(Quantity("z", index=(i, 2))) for i in (1, 2, 3))
    )


def test_what_differs_in_order_only_is_the_same() -> None:
    a, b, c = (Ref(Quantity(letter)) for letter in "abc")
    assert same(a * b + c, c + b * a)
    assert same(-(a * b), a * -b)
    assert same((a - b) * c, -(c * (b - a)))
    assert same(a * 1, a)
    for one, other in ((a - b, b - a), (a * b + c, a * c + b), (a / b, b / a), (a + a, a), (a**2, a**3), (ln(a), a)):
        assert not same(one, other)
    assert not same(Cases(a, ">", b, a, b), Cases(a, "≥", b, a, b))


def test_a_statement_that_is_not_its_lines_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """W x for W⊤ ∂L/∂z, as with a weight matrix that isn't transposed on the way back."""
    from handcalc.derive.blocks import Blocks

    right = said(MAZUR)["dL/da1"]
    monkeypatch.setattr(Blocks, "with_transpose", lambda self, grid: self.block(tuple(zip(*grid, strict=True))))
    assert right == "W2^T dL/dz2"
    assert said(MAZUR)["dL/da1"] != "W2 dL/dz2"


# The sheet


def lines_of(made: dict[str, Any]) -> list[Any]:
    from handcalc.sheet.compose import compose

    sheet = compose(handcalc.solve(made))
    parts = [part for section in sheet.sections for part in section.parts if isinstance(part, Working)]
    return [line for part in parts for line in part.lines]


def test_both_has_every_line_and_the_statements() -> None:
    scalar = {line.key for line in lines_of(MAZUR)}
    both = [line.key for line in lines_of(MAZUR | {"statements": "both"})]
    assert scalar < set(both)
    assert {"z1", "dL/dW2", "W1[u=1]"} == {"z1", "dL/dW2", "W1[u=1]"} & set(both) - scalar
    assert both.index("z1") + 1 == both.index("z1[1]")
    assert len(both) == len(set(both))


def test_matrix_works_one_entry_and_tables_the_others() -> None:
    from handcalc.sheet.compose import compose

    made = MAZUR | {"statements": "matrix"}
    keys = [line.key for line in lines_of(made)]
    assert "dL/dW1[1,1]" in keys
    assert not {"dL/dW1[1,2]", "dL/dW1[2,1]", "z1[2]"} & set(keys)
    tables = [p for s in compose(handcalc.solve(made)).sections for p in s.parts if isinstance(p, Table)]
    shown = [cell.quantity.key for table in tables for cell in table.header if isinstance(cell, Slot)]
    assert {"dL/dW1[1,2]", "dL/dW1[2,1]", "dL/dW1[2,2]"} < set(shown)


@pytest.mark.parametrize("carry", ["exact", "rounded"])
@pytest.mark.parametrize("made", [MAZUR, BATCH, BATCH | {"scaling": {"1": "standardise"}}])
def test_the_matrices_show_the_digits_of_the_lines(made: dict[str, Any], carry: str) -> None:
    """Every result of a line, as it is printed, stands in the result of its statement."""
    solution = handcalc.solve(made | {"statements": "both", "carry": carry})
    scalar = {line.key: line for line in solution.lines}
    found = 0
    for line in lines_of(made | {"statements": "both", "carry": carry}):
        if line.key in scalar:
            continue
        results = " ".join(f"{relation.sign} {plain(mark)}" for relation, mark in line.stages[1:])
        for one in line.lines:
            relation, digits = scalar[one.key].result[-1]
            assert digits.replace("-", "−") in results, (line.key, one.key, relation)
            found += 1
    assert found > 20


def test_samples_stand_together_after_all_that_they_use() -> None:
    keys = [line.key for line in lines_of(BATCH | {"statements": "both"})]
    assert keys.index("Z1") < keys.index("z1[s=2][1]") < keys.index("A1") < keys.index("Z2")
    assert keys.index("a1[s=2][2]") < keys.index("Z2")
    assert {line.key for line in lines_of(BATCH)} < set(keys)


def test_a_hidden_softmax_is_worked_for_all_samples_before_the_next_layer() -> None:
    layers = [{"softmax": [[1, 0, 1], [0, 1, -1]]}, {"linear": [[1, 2], [3, 4], [5, 6]]}]
    keys = [line.key for line in lines_of(BATCH | {"layers": layers, "loss": "squared error", "statements": "both"})]
    assert keys.index("a1[s=2][2]") < keys.index("Z2")


def test_the_key_is_read_and_written_back() -> None:
    assert handcalc.read(MAZUR).statements == "scalar"
    assert "statements" not in handcalc.read(MAZUR).as_dict()
    both = handcalc.read(MAZUR | {"Statements": "Both"})
    assert both.as_dict()["statements"] == "both"
    assert handcalc.read(both.as_dict()) == both
    with pytest.raises(handcalc.NetworkFileError, match="accepted: scalar, matrix, both"):
        handcalc.read(MAZUR | {"statements": "vector"})


def test_no_row_of_text_is_too_wide_for_the_page() -> None:
    for made in (MAZUR, BATCH):
        for how in ("matrix", "both"):
            text = handcalc.solve(made | {"statements": how}).text()
            assert max(map(len, text.splitlines())) <= 80


LETTERS: dict[str, Any] = {
    **MAZUR,
    "letters": ["v", "t"],
    "layers": [
        {"sigmoid": [["v", "0.20"], ["0.25", "0.30"]], "bias": ["0.1", "0.35"]},
        {"linear": [["0.40", "0.45"], ["0.50", "0.55"]]},
    ],
    "target": ["t", "0.99"],
    "show": ["forward", "loss", "gradients", "update"],
}


@pytest.mark.parametrize("how", ["matrix", "both"])
def test_letters_stand_in_matrices(how: str) -> None:
    """Every line is kept in full; a result is what the line comes to, or left to the line where it is long."""
    made = LETTERS | {"statements": how}
    lines = {line.key: line for line in lines_of(made)}
    assert plain(lines["z1"].stages[-1][1]) == "[0.05·v + 0.12, 0.3925]"
    assert plain(lines["z2"].stages[1][1]).startswith("[[0.40, 0.45], [0.50, 0.55]]")
    assert plain(lines["dL/dW1"].stages[0][1]) == "dL/dz1 x^T"
    assert {line.key for line in lines_of(LETTERS)} < set(lines)
    assert max(map(len, handcalc.solve(made).text().splitlines())) <= 80


def test_a_line_written_exactly_stays_in_full() -> None:
    """(p₁ + p₂ − 1)·w is 0: two equal weights on the way to a softmax."""
    layers = [{"tanh": [["0.3", "0.7"], ["0.2", "0.9"]]}, {"softmax": [["0.5", "0.4"], ["0.5", "0.1"]]}]
    made = MAZUR | {"layers": layers, "target": [1, 0], "loss": "cross-entropy", "statements": "matrix"}
    exact = {line.key for line in handcalc.solve(made).lines if line.exactly}
    assert exact
    assert exact <= {line.key for line in lines_of(made)}


def test_a_layer_of_one_unit_and_one_input_has_its_lines_only() -> None:
    one = {"inputs": [2], "layers": [{"sigmoid": [["0.4"]]}], "target": 1, "loss": "squared error"}
    assert [line.key for line in lines_of(one | {"statements": "both"})] == [line.key for line in lines_of(one)]


def test_in_german_with_deltas() -> None:
    text = handcalc.solve(MAZUR | {"statements": "both", "language": "de", "notation": "delta"}).text()
    assert "W1^T ist W1 mit Zeilen als Spalten" in text
    assert "1_2 ist eine Spalte aus 2 Einsen." in text
