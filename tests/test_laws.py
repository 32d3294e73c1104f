"""Laws over the registry: what every operation must keep, whoever adds it.

A derivative as it is taught and a quoted shortcut are proved with SymPy's `diff` of the formula; a mistake must show on
the operation's example; a class that is defined is known everywhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sympy

import handcalc.ops
from handcalc.derive.page import Page
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Cases, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum
from handcalc.ops import Activation, Loss, Made, Mistake, Operation, activations, losses

HOME = Path(__file__).parent.parent
OPERATIONS = sorted(set(Operation.registry.values()), key=lambda operation: operation.name)
MISTAKES = [(operation, mistake) for operation in OPERATIONS for mistake in operation.mistakes]
PAIRS = [(a, b) for a in dict.fromkeys(activations().values()) for b in dict.fromkeys(losses().values())]
MOST_MISTAKES = 50
Example = tuple[Any, ...]


def name(case: object) -> str:
    match case:
        case Mistake():
            return case.code
        case type() if issubclass(case, Operation):
            return case.name
    return str(case)


def symbol(quantity: Quantity) -> sympy.Symbol:
    return sympy.Symbol(quantity.key, real=True)


def in_sympy(f: Formula) -> sympy.Expr:
    """The formula as a SymPy expression; every kind of formula has its line here."""
    match f:
        case Num(number):
            return sympy.Rational(int(number.value.p), int(number.value.q))
        case Ref(quantity):
            return symbol(quantity)
        case Sum(terms):
            return sympy.Add(*map(in_sympy, terms))
        case Product(factors):
            return sympy.Mul(*map(in_sympy, factors))
        case Quotient(top, bottom):
            return in_sympy(top) / in_sympy(bottom)
        case Power(base, exponent):
            return in_sympy(base) ** exponent
        case Negative(inner):
            return -in_sympy(inner)
        case Call("exp" | "ln" | "tanh" as function, (inner,)):
            return {"exp": sympy.exp, "ln": sympy.log, "tanh": sympy.tanh}[function](in_sympy(inner))
        case Call("sqrt", (inner,)):
            return sympy.sqrt(in_sympy(inner))
        case Call("abs", (inner,)):
            x = in_sympy(inner)
            return sympy.Piecewise((x, x > 0), (-x, x < 0), (0, True))
        case Call("log2" | "log10" as function, (inner,)):
            return sympy.log(in_sympy(inner)) / sympy.log(int(function.removeprefix("log")))
        case Call("power", (base, exponent)):
            return in_sympy(base) ** in_sympy(exponent)
        case Call("max", (one, other)):
            first, second = in_sympy(one), in_sympy(other)
            return sympy.Piecewise((second, second > first), (first, True))
        case Cases(left, sign, right, yes, no):
            relation = {">": sympy.Gt, "≥": sympy.Ge, "<": sympy.Lt, "≤": sympy.Le}[sign]
            condition = relation(in_sympy(left), in_sympy(right))
            return sympy.Piecewise((in_sympy(yes), condition), (in_sympy(no), True))
    raise TypeError(f"no SymPy for {f!r}")


def put_down(operation: Operation, blocks: Example) -> Made:
    """What the operation writes for blocks of these shapes; the blocks are called u, v, w."""
    page = Page()
    given = [page.given(letter, *_shape(block)) for letter, block in zip("uvw", blocks, strict=False)]
    page.write(operation, *given, letter="r")
    return page.made[-1]


def _shape(block: Any) -> tuple[int, ...]:
    return () if isinstance(block, str) else (len(block), *_shape(block[0]))


def inputs(made: Made) -> list[Quantity]:
    return [q for q in made.places if q not in made.formulas]


def numbers(made: Made, blocks: Example) -> dict[sympy.Symbol, sympy.Expr]:
    """The example's numbers for the names of the inputs."""

    def entry(quantity: Quantity) -> str:
        block, *place = made.places[quantity]
        found = blocks[block]
        for i in place:
            found = found[i]
        return str(found)

    return {symbol(q): sympy.Rational(entry(q)) for q in inputs(made)}


def opened(f: sympy.Expr, made: Made) -> sympy.Expr:
    """`f` in terms of the inputs alone."""
    for quantity, formula in reversed(made.formulas.items()):
        f = f.subs(symbol(quantity), in_sympy(formula))
    return f


def is_zero(f: sympy.Expr) -> bool:
    folded = sympy.piecewise_fold(f)
    pieces = [piece for piece, _ in folded.args] if isinstance(folded, sympy.Piecewise) else [folded]
    return all(sympy.simplify(piece.rewrite(sympy.exp)) == 0 for piece in pieces)


def locals_of(operation: Operation, made: Made) -> Iterator[tuple[Ref, Quantity, Formula]]:
    """∂y/∂x as it is taught, for every result and every input that it uses; of others no derivation asks."""
    for y in made.outputs:
        used = opened(symbol(y.quantity), made).free_symbols
        for x in inputs(made):
            if symbol(x) in used:
                yield y, x, operation.local(y, Ref(x), made)


def test_every_kind_of_formula_is_proved_by_sympy() -> None:
    """The conversion above knows the whole closed vocabulary."""
    known = (Num, Ref, Sum, Product, Quotient, Power, Negative, Call, Cases)
    assert {kind.__name__ for kind in Formula.__subclasses__()} == {kind.__name__ for kind in known}


@pytest.mark.parametrize("kind", OPERATIONS, ids=name)
def test_every_operation_has_a_name_an_example_and_a_sentence(kind: type[Operation]) -> None:
    assert kind.name
    assert kind.example
    assert kind.tell.endswith(".")
    assert kind.__doc__
    assert put_down(kind(), kind.example).outputs


@pytest.mark.parametrize("kind", OPERATIONS, ids=name)
def test_every_taught_derivative_is_that_of_sympy(kind: type[Operation]) -> None:
    operation = kind()
    made = put_down(operation, kind.example)
    for y, x, local in locals_of(operation, made):
        taught = opened(in_sympy(local), made)
        true = sympy.diff(opened(symbol(y.quantity), made), symbol(x))
        assert is_zero(taught - true), f"∂{y.quantity.key}/∂{x.key}: {local}"


@pytest.mark.parametrize("outputs", [1, 2, 3])
@pytest.mark.parametrize("kind", [kind for kind in OPERATIONS if issubclass(kind, Loss)], ids=name)
def test_the_slope_of_a_loss_holds_for_any_number_of_outputs(kind: type[Loss], outputs: int) -> None:
    operation = kind()
    made = put_down(operation, (("0.5",) * outputs, ("1",) * outputs))
    for y, x, local in locals_of(operation, made):
        assert is_zero(opened(in_sympy(local), made) - sympy.diff(opened(symbol(y.quantity), made), symbol(x)))


def composed(activation: Operation, loss: Operation, units: int = 3) -> tuple[Made, Made]:
    page = Page()
    z, y = page.given("z", units), page.given("y", units)
    a = page.write(activation, z, letter="a")
    page.write(loss, a, y, letter="L", scalar=True)
    return page.made[0], page.made[1]


@pytest.mark.parametrize(("activation", "loss"), PAIRS, ids=name)
def test_every_quoted_shortcut_is_the_derivative_of_the_composition(
    activation: type[Activation], loss: type[Loss]
) -> None:
    before, made = composed(activation(), loss())
    quoted = made.operation.shortcut(made, before)
    assert bool(quoted) == (activation.name in loss.quoted)
    whole = opened(opened(symbol(made.outputs[0].quantity), made), before)
    targets = [symbol(q) for q in made.places if q.letter == "y"]
    classes = {targets[-1]: 1 - sum(targets[:-1])} if loss.one_hot else {}
    for z, formula in quoted.items():
        difference = opened(in_sympy(formula), before) - sympy.diff(whole, symbol(z))
        assert is_zero(difference.subs(classes)), f"∂L/∂{z.key}"


def test_some_shortcuts_are_quoted() -> None:
    assert {(a.name, b.name) for a, b in PAIRS if a.name in b.quoted} >= {
        ("sigmoid", "binary cross-entropy"),
        ("softmax", "cross-entropy"),
    }


def worked(operation: Operation, example: Example) -> dict[str, sympy.Expr]:
    """Every number that the operation gives on its example: results, taught derivatives, quoted shortcuts."""
    made = put_down(operation, example)
    values = numbers(made, example)
    found = {q.key: opened(symbol(q), made).subs(values) for q in made.formulas}
    for y, x, local in locals_of(operation, made):
        found[f"∂{y.quantity.key}/∂{x.key}"] = opened(in_sympy(local), made).subs(values)
    for activation in dict.fromkeys(activations().values()) if isinstance(operation, Loss) else ():
        before, after = composed(activation(), operation)
        sevenths = zip((q for q in before.places if q.letter == "z"), (1, 3, -2), strict=True)
        given = {symbol(q): sympy.Rational(n, 7) for q, n in sevenths}
        given |= {symbol(q): sympy.Rational(int(q.index == (2,))) for q in after.places if q.letter == "y"}
        for z, formula in operation.shortcut(after, before).items():
            found[f"{activation.name} ∂L/∂{z.key}"] = opened(in_sympy(formula), before).subs(given)
    return found


@pytest.mark.parametrize(("kind", "mistake"), MISTAKES, ids=name)
def test_every_mistake_gives_another_number_than_the_truth(kind: type[Operation], mistake: Mistake) -> None:
    true, wrong = worked(kind(), kind.example), worked(kind().with_mistake(mistake), kind.example)
    differences = [abs(sympy.N(true[key] - wrong[key], 20)) for key in true if key in wrong]
    assert max(differences) > sympy.Rational(1, 1000), "nothing on the example shows the mistake"


@pytest.mark.parametrize(("kind", "mistake"), MISTAKES, ids=name)
def test_every_mistake_is_in_the_table_and_completes_a_sentence(kind: type[Operation], mistake: Mistake) -> None:
    assert 1 <= mistake.number <= MOST_MISTAKES
    assert hasattr(kind, mistake.part), f"{kind.name} has no {mistake.part}"
    assert mistake.tell
    assert not mistake.tell.endswith(".")
    assert [one.code for one in kind.mistakes].count(mistake.code) == 1


def test_a_name_is_taken_once() -> None:
    with pytest.raises(TypeError, match="two operations are called 'relu'"):
        type("Again", (Activation,), {"name": "relu"})
    assert Operation.registry["relu"].__name__ == "Relu"


ADDED = '''
from handcalc.formula.tree import Formula, exp, ln
from handcalc.ops.operation import Elementwise

class Softplus(Elementwise):
    """a = ln(1 + e^z)."""

    name = "softplus"
    tell = "Softplus is a smooth version of ReLU."

    def curve(self, z: Formula) -> Formula:
        return ln(1 + exp(z))

import json
import handcalc
from handcalc.write import render
from oracles.networks import network
from oracles.sheets import Sheet, kinds

solution = handcalc.solve({"inputs": [1, "0.5"], "layers": [{"softplus": [[0.5, -1], ["0.2", 2]], "bias": [0.2, 0]},
    {"linear": [[2, 1]]}], "target": 1, "loss": "squared error", "learning rate": "0.1"})
assert solution["a1[1]"].decimal(6) == "0.798139", solution["a1[1]"].decimal(6)
assert "Softplus is a smooth version of ReLU." in solution.text()
assert "softplus" in solution.text().lower()
assert r"\\ln (1 + e^{z_{1}^{(1)}})" in render(solution, "latex")
assert "softplus" in render(solution, "html").lower()
assert json.loads(render(solution, "json"))["quantities"]["a1[1]"]["formula"] == "ln(1 + e^z1[1])"

checked = 0
for seed in range(120):
    made = network(seed, kinds(), carry="exact", most_parameters=20)
    made.pop("show", None)
    if checked < 8 and any("softplus" in layer for layer in made["layers"]):
        sheet = Sheet.of(made)
        checker = sheet.checker()
        wrong = [said for line in (*sheet.text_lines(), *sheet.latex_lines()) if (said := checker.line(line))]
        assert not [said for said in wrong if "twelve decimals" not in said], wrong
        checked += 1
assert checked == 8
print("picked up")
'''


def test_a_class_that_is_defined_is_picked_up_by_everything(tmp_path: Path) -> None:
    """The network file, text, LaTeX, HTML, JSON, and the oracles, which read its lines by their printed formulas."""
    script = tmp_path / "added.py"
    script.write_text(ADDED, encoding="utf-8")
    path = os.pathsep.join([str(Path(handcalc.ops.__file__).parents[2]), str(HOME / "tests")])
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    assert done.stdout == "picked up\n", done.stderr
