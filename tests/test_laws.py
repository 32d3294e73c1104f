"""Laws over the registry: what every operation must keep, whoever adds it.

A derivative as it is taught and a quoted shortcut are proved with SymPy's `diff` of the formula, for every variant of
the operation and with letters for its numbers; a mistake must show on the operation's example; a class that is defined
is known everywhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sympy

import handcalc.ops
from handcalc.derive.page import Page
from handcalc.formula.quantity import Quantity, read_key
from handcalc.formula.tree import Call, Cases, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum
from handcalc.ops import Activation, Loss, Made, Mistake, Operation, Option, Scaling, activations, losses, scalings
from handcalc.ops.scaling import MeanAndDeviation, Unscaling

HOME = Path(__file__).parent.parent
OPERATIONS = sorted(set(Operation.registry.values()), key=lambda operation: operation.name)
MISTAKES = [(operation, mistake) for operation in OPERATIONS for mistake in operation.mistakes]
MOST_MISTAKES = 50
Example = tuple[Any, ...]
Chosen = dict[str, Any]
FUNCTIONS = {
    "exp": sympy.exp,
    "ln": sympy.log,
    "log2": lambda x: sympy.log(x) / sympy.log(2),
    "log10": lambda x: sympy.log(x) / sympy.log(10),
    "tanh": sympy.tanh,
    "erf": sympy.erf,
    "sqrt": sympy.sqrt,
    "power": sympy.Pow,
    "pi": lambda: sympy.pi,
    "abs": lambda x: sympy.Piecewise((x, x > 0), (-x, True)),
}


def variants(kind: type[Operation]) -> list[Chosen]:
    """The defaults, what the class names as its variants, and names in place of its lettered numbers."""
    letters = {option.attribute: Ref(Quantity(option.letter)) for option in kind.options if option.letter}
    return [{}, *kind.variants, *([letters] if letters else [])]


VARIANTS = [(kind, chosen) for kind in OPERATIONS for chosen in variants(kind)]
QUOTED = [
    (activation, a, loss, b)
    for loss, b in VARIANTS
    if issubclass(loss, Loss)
    for activation, a in VARIANTS
    if issubclass(activation, Activation) and activation.name in loss.quoted
]


def name(case: object) -> str:
    match case:
        case Mistake() | Option():
            return case.code if isinstance(case, Mistake) else case.name
        case type() if issubclass(case, Operation):
            return case.name
        case dict():
            return ", ".join(f"{key} {value}" if isinstance(value, str) else key for key, value in case.items()) or "-"
    return str(case)


def made_with(kind: type[Operation], chosen: Chosen) -> Operation:
    """The operation; one that asks for the right class is told that it is the first."""
    operation = kind(**chosen)
    if isinstance(operation, Loss) and operation.needs_class:
        operation.right = 0
    return operation


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
        case Power(base, int() as exponent):
            return in_sympy(base) ** exponent
        case Power(base, Formula() as counter):
            return in_sympy(base) ** in_sympy(counter)
        case Negative(inner):
            return -in_sympy(inner)
        case Call("max", (one, other)):
            first, second = in_sympy(one), in_sympy(other)
            return sympy.Piecewise((second, second > first), (first, True))
        case Call(function, args):
            return FUNCTIONS[function](*map(in_sympy, args))
        case Cases(left, sign, right, yes, no):
            relation = {">": sympy.Gt, "≥": sympy.Ge, "<": sympy.Lt, "≤": sympy.Le}[sign]
            condition = relation(in_sympy(left), in_sympy(right))
            return sympy.Piecewise((in_sympy(yes), condition), (in_sympy(no), True))
    raise TypeError(f"no SymPy for {f!r}")


def put_down(operation: Operation, blocks: Example) -> Made:
    """What the operation writes for blocks of these shapes, called A, B, C: letters that no operation lets."""
    page = Page()
    given = [page.given(letter, *_shape(block)) for letter, block in zip("ABC", blocks, strict=False)]
    page.write(operation, *given, letter="out")
    assert len({step.target for step in page.steps}) == len(page.steps)
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
    """Whether `f` is 0 wherever it has no kink: in each region of its cases that random points find."""
    return all(sympy.simplify(g) == 0 or sympy.simplify(g.rewrite(sympy.exp)) == 0 for g in regions(f))


def regions(f: sympy.Expr) -> list[sympy.Expr]:
    """`f` with its cases decided, once for each way in which they fall at some of the random points."""
    comparisons = sorted(f.atoms(sympy.core.relational.Relational), key=str)
    sides = [sympy.lambdify(sorted(f.free_symbols, key=str), one.lhs - one.rhs) for one in comparisons]
    random = Random(1)
    found: dict[tuple[object, ...], dict[object, object]] = {}
    for _ in range(2_000 if comparisons else 1):
        point = [random.uniform(-3, 3) for _ in f.free_symbols]
        signs = [side(*point) > 0 for side in sides]
        decided = [
            sympy.true if above == isinstance(one, sympy.Gt | sympy.Ge) else sympy.false
            for above, one in zip(signs, comparisons, strict=True)
        ]
        found.setdefault(tuple(decided), dict(zip(comparisons, decided, strict=True)))
    return [f.xreplace(region) for region in found.values()]


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


@pytest.mark.parametrize(("kind", "chosen"), VARIANTS, ids=name)
def test_every_operation_has_a_name_an_example_and_sentences(kind: type[Operation], chosen: Chosen) -> None:
    operation = made_with(kind, chosen)
    assert kind.name
    assert kind.example
    assert operation.tell.endswith(".")
    assert operation.gradient_tell.endswith(".") or not isinstance(operation, Activation | Loss)
    assert kind.__dict__["__doc__"]
    assert put_down(operation, kind.example).outputs


def taught_and_true(operation: Operation, example: Example) -> Iterator[tuple[str, sympy.Expr, sympy.Expr]]:
    """Each derivative as it is taught, and as SymPy has it; where targets are shares, they add up to 1."""
    made = put_down(operation, example)
    shares = classes(operation, made)
    for y, x, local in locals_of(operation, made):
        true = sympy.diff(opened(symbol(y.quantity), made), symbol(x))
        taught = opened(in_sympy(local), made)
        yield f"∂{y.quantity.key}/∂{x.key}: {local}", taught.subs(shares), true.subs(shares)


def classes(loss: Operation, made: Made) -> dict[sympy.Symbol, sympy.Expr]:
    """The last target in terms of the others, where targets are shares of 1."""
    if not isinstance(loss, Loss) or not loss.one_hot:
        return {}
    targets = [symbol(q) for q in inputs(made) if made.places[q][0] == 1]
    return {targets[-1]: 1 - sum(targets[:-1])}


@pytest.mark.parametrize(("kind", "chosen"), VARIANTS, ids=name)
def test_every_taught_derivative_is_that_of_sympy(kind: type[Operation], chosen: Chosen) -> None:
    """But for the perceptron and the step whose slope is taken as 1: these say that theirs is a convention."""
    operation = made_with(kind, chosen)
    if operation.conventional and isinstance(operation, Activation):
        assert not all(is_zero(taught - true) for _, taught, true in taught_and_true(operation, kind.example))
        return
    for said, taught, true in taught_and_true(operation, kind.example):
        assert is_zero(taught - true), said


@pytest.mark.parametrize("outputs", [1, 2, 3])
@pytest.mark.parametrize(("kind", "chosen"), [case for case in VARIANTS if issubclass(case[0], Loss)], ids=name)
def test_the_slope_of_a_loss_holds_for_any_number_of_outputs(kind: type[Loss], chosen: Chosen, outputs: int) -> None:
    blocks = (("0.5",) * outputs, ("1",) * outputs)[: len(kind.example)]
    for said, taught, true in taught_and_true(made_with(kind, chosen), blocks):
        assert is_zero(taught - true), said


OPTIONS = [(kind, option) for kind in OPERATIONS for option in kind.options]


@pytest.mark.parametrize(("kind", "option"), OPTIONS, ids=name)
def test_every_option_accepts_its_own_default_and_hides_nothing(kind: type[Operation], option: Option) -> None:
    value = option.value()
    if isinstance(value, Num):
        assert within(option, sympy.Rational(value.number.text))
    else:
        assert value in option.words or (option.whole and within(option, sympy.Integer(value)))
    assert not hasattr(kind, option.attribute), f"{option.attribute} is a method, too"
    assert getattr(kind(), option.attribute) == value


def within(option: Option, number: sympy.Rational) -> bool:
    bounds = {">": option.above, ">=": option.least, "<": option.below, "<=": option.most}
    return all(sympy.Rel(number, sympy.Rational(end), sign) for sign, end in bounds.items() if end is not None)


@pytest.mark.parametrize(("kind", "option"), OPTIONS, ids=name)
def test_every_option_has_distinct_words_or_a_letter_that_is_told(kind: type[Operation], option: Option) -> None:
    assert len({word.lower() for word in option.words}) == len(option.words) != 1 or option.takes_numbers
    assert [one.attribute for one in kind.options].count(option.attribute) == 1
    assert option.tell or not option.takes_numbers
    assert not option.letter or read_key(option.letter).letter.isascii()


@pytest.mark.parametrize(("kind", "chosen"), [case for case in VARIANTS if case[1]], ids=name)
def test_every_variant_writes_something_else(kind: type[Operation], chosen: Chosen) -> None:
    """A choice that changes no formula and no slope would be no choice."""
    assert {option.attribute for option in kind.options} >= set(chosen)
    assert written(made_with(kind, chosen), kind.example) != written(made_with(kind, {}), kind.example)


def written(operation: Operation, example: Example) -> list[object]:
    made = put_down(operation, example)
    return [made.formulas, *(local for _, _, local in locals_of(operation, made))]


@pytest.mark.parametrize("kind", dict.fromkeys(scalings().values()), ids=name)
def test_every_scaling_has_its_way_back(kind: type[Scaling]) -> None:
    x = Ref(Quantity("x"))
    for chosen in variants(kind):
        scaling = kind(**chosen)
        if "mean" in scaling.__dict__ and isinstance(scaling.__dict__["mean"], str):
            continue
        assert sympy.simplify(in_sympy(scaling.unscaled(scaling.scaled(x))) - symbol(x.quantity)) == 0
        (back,) = put_down(Unscaling(scaling), (("1",),)).formulas.values()
        assert in_sympy(back) == in_sympy(scaling.unscaled(Ref(Quantity("A", index=(1,)))))


@pytest.mark.parametrize("deviation", ["population", "sample"])
def test_a_column_is_standardised_to_mean_0_and_deviation_1(deviation: str) -> None:
    fitted = MeanAndDeviation(deviation=deviation)
    example = (("3", "5", "4", "-1"), ("120", "80", "95", "7"))
    made = put_down(fitted, example)
    values = numbers(made, example)
    for column, scaling in zip(made.inputs, fitted.standardise(made), strict=True):
        scaled = [opened(in_sympy(scaling.scaled(x)), made).subs(values) for x in column if isinstance(x, Ref)]
        assert sympy.simplify(sum(scaled)) == 0
        assert sympy.simplify(sum(x**2 for x in scaled)) == len(scaled) - (deviation == "sample")


def composed(activation: Operation, loss: Operation, units: int = 3) -> tuple[Made, Made]:
    page = Page()
    z, y = page.given("z", units), page.given("y", units)
    a = page.write(activation, z, letter="a")
    page.write(loss, a, y, letter="L", scalar=True)
    return page.made[0], page.made[1]


@pytest.mark.parametrize(("activation", "a", "loss", "b"), QUOTED, ids=name)
def test_every_quoted_shortcut_is_the_derivative_of_the_composition(
    activation: type[Activation], a: Chosen, loss: type[Loss], b: Chosen
) -> None:
    """But for the perceptron's, which is a learning rule, and says so."""
    before, made = composed(made_with(activation, a), made_with(loss, b))
    quoted = made.operation.shortcut(made, before)
    whole = opened(opened(symbol(made.outputs[0].quantity), made), before)
    shares = classes(made.operation, made)
    differences = [opened(in_sympy(formula), before) - sympy.diff(whole, symbol(z)) for z, formula in quoted.items()]
    assert len(differences) == len(before.outputs)
    assert made.operation.quoted_tell.endswith(".")  # type: ignore[attr-defined]
    for difference in differences:
        assert is_zero(difference.subs(shares)) != made.operation.conventional, difference


@pytest.mark.parametrize("loss", dict.fromkeys(losses().values()), ids=name)
def test_nothing_is_quoted_behind_any_other_activation(loss: type[Loss]) -> None:
    for activation in dict.fromkeys(activations().values()):
        before, made = composed(activation(), made_with(loss, {}))
        assert bool(made.operation.shortcut(made, before)) == (activation.name in loss.quoted)


def test_some_shortcuts_are_quoted() -> None:
    assert {(a.name, b.name) for a, _, b, _ in QUOTED} >= {
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
    kinds = dict.fromkeys(activations().values()) if isinstance(operation, Loss) else ()
    for activation in (kind for kind in kinds if kind.name in operation.quoted):  # type: ignore[attr-defined]
        before, after = composed(activation(), operation)
        sevenths = zip((q for q in before.places if q.letter == "z"), (1, 3, -2), strict=True)
        given = {symbol(q): sympy.Rational(n, 7) for q, n in sevenths}
        given |= {symbol(q): sympy.Rational(int(q.index == (2,))) for q in after.places if q.letter == "y"}
        for z, formula in operation.shortcut(after, before).items():
            found[f"{activation.name} ∂L/∂{z.key}"] = opened(in_sympy(formula), before).subs(given)
    return found


@pytest.mark.parametrize(("kind", "mistake"), MISTAKES, ids=name)
def test_every_mistake_gives_another_number_than_the_truth(kind: type[Operation], mistake: Mistake) -> None:
    operation = made_with(kind, {})
    true, wrong = worked(operation, kind.example), worked(operation.with_mistake(mistake), kind.example)
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
from handcalc.formula.tree import Formula, exp
from handcalc.ops.operation import Elementwise

class Bell(Elementwise):
    """a = e^(−z²)."""

    name = "bell"
    tell = "The bell is highest where the sum is 0."

    def curve(self, z: Formula) -> Formula:
        return exp(-(z**2))

import json
import handcalc
from handcalc.write import render
from oracles.networks import network
from oracles.sheets import Sheet, kinds

solution = handcalc.solve({"inputs": [1, "0.5"], "layers": [{"bell": [[0.5, -1], ["0.2", 2]], "bias": [0.2, 0]},
    {"linear": [[2, 1]]}], "target": 1, "loss": "squared error", "learning rate": "0.1"})
assert solution["a1[1]"].decimal(6) == "0.960789", solution["a1[1]"].decimal(6)
assert "The bell is highest where the sum is 0." in solution.text()
assert "bell" in solution.text().lower()
assert r"e^{-" in render(solution, "latex")
assert "bell" in render(solution, "html").lower()
assert json.loads(render(solution, "json"))["quantities"]["a1[1]"]["formula"] == "e^(−z1[1]^2)"

checked = 0
for seed in range(120):
    made = network(seed, kinds(), carry="exact", most_parameters=20)
    made.pop("show", None)
    if checked < 8 and any("bell" in layer for layer in made["layers"]):
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
