"""Circuits: published values and gradients, SymPy's derivatives, what is refused, and the picture."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import hypot
from typing import Any

import pytest
import sympy
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pictures import box, faults, plainly

from handcalc import solve
from handcalc.derive import write
from handcalc.derive.bare import bare
from handcalc.derive.certify import Certified, certify
from handcalc.derive.decimals import decimal_text, rounded_half_up
from handcalc.derive.program import Program
from handcalc.derive.writer import Turn, Written, WrittenWire
from handcalc.formula.look import look
from handcalc.formula.maths import Blank, Digits
from handcalc.formula.notation import written
from handcalc.formula.quantity import Quantity, gradient, read_key
from handcalc.formula.tree import Call, Ref, formula, times
from handcalc.network import Network, NetworkFileError
from handcalc.network.circuit import MOST_WIRES, Circuit, read_circuit
from handcalc.network.from_yaml import yaml_events
from handcalc.network.nodes import Pairs, build
from handcalc.ops.gate import AnyPower, Expression, Max, Times, expression_of, gate_of
from handcalc.render.pdf import pdf
from handcalc.render.svg import svg
from handcalc.render.text import plain
from handcalc.render.tikz import tikz
from handcalc.sheet.circuit_picture import Node, circuit_nodes, circuit_picture
from handcalc.sheet.fade import Holes, fade
from handcalc.sheet.parts import Section, Sheet
from handcalc.sheet.picture import Circle, Label, Picture, Stroke
from handcalc.write import render

PLACES = 8


@dataclass
class Worked:
    """A circuit worked out on its own page."""

    circuit: Circuit
    page: Written
    program: Program
    certified: Certified

    def value(self, key: str) -> fmpq | Any:
        return self.certified.values[self.program.slots.number[read_key(key)]]

    def decimal(self, key: str, places: int) -> str:
        i = self.program.slots.number[read_key(key)]
        number = rounded_half_up(self.certified.floors[i], self.certified.places, places)
        return decimal_text(number, places, negative=self.certified.negative[i])

    @property
    def wires(self) -> tuple[WrittenWire, ...]:
        assert self.page.circuit
        return self.page.circuit.wires

    def formulas(self) -> list[str]:
        return [f"{step.target.key} = {plain(written(step.formula))}" for step in self.page.steps]


def worked(circuit: object, inputs: Mapping[str, object] | None = None, **more: object) -> Worked:
    network = Network(circuit=circuit, inputs=inputs, **more)
    assert network.circuit
    shape, numbers = bare(network)
    page = write.written(shape, Turn())
    program = Program(page)
    given = [numbers[place].value for place in page.sources if isinstance(place, int)]
    return Worked(network.circuit, page, program, certify(program, lambda _: given, PLACES))


ADD_MULTIPLY: tuple[str, dict[str, object]] = ("q = x + y; f = q·z", {"x": -2, "y": 5, "z": -4})
SIGMOID: tuple[str, dict[str, object]] = (
    "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
    {"w0": "2.00", "x0": "-1.00", "w1": "-3.00", "x1": "-2.00", "w2": "-3.00"},
)
MICROGRAD = """\
a = -4.0
b = 2.0
c = a + b
d = a * b + b**3
c_2 = c + (c + 1)
c_3 = c_2 + (1 + c_2 + (-a))
d_2 = d + (d * 2 + relu(b + a))
d_3 = d_2 + (3 * d_2 + relu(b - a))
e = c_3 - d_3
f = e**2
g_1st = f / 2.0
g = g_1st + 10.0 / f  # the README says g += 10.0 / f
"""


def test_the_first_circuit_of_cs231n() -> None:
    """Stanford CS231n, notes on backpropagation: every value and gradient of f = (x + y)z."""
    found = worked(*ADD_MULTIPLY)
    published = {"q": 3, "f": -12, "df/dz": 3, "df/dq": -4, "df/dx": -4, "df/dy": -4}
    assert {key: found.value(key) for key in published} == published
    assert found.formulas()[:3] == ["q = x + y", "f = q·z", "df/dz = q"]


def test_the_sigmoid_neuron_of_cs231n_gate_by_gate() -> None:
    """Stanford CS231n, the figure of the 2-D neuron: two decimals on each wire."""
    found = worked(*SIGMOID)
    assert [f"{wire.name} = {plain(written(wire.formula))}" for wire in found.circuit.wires] == [
        "g1 = w0·x0", "g2 = w1·x1", "g3 = g1 + g2", "g4 = g3 + w2", "g5 = −g4", "g6 = e^g5", "g7 = 1 + g6", "f = 1/g7",
    ]  # fmt: skip
    published = {
        "g1": "-2.00", "g2": "6.00", "g3": "4.00", "g4": "1.00", "g5": "-1.00", "g6": "0.37", "g7": "1.37",
        "f": "0.73", "df/dg7": "-0.53", "df/dg6": "-0.53", "df/dg5": "-0.20", "df/dg4": "0.20", "df/dg1": "0.20",
        "df/dg2": "0.20", "df/dw0": "-0.20", "df/dx0": "0.39", "df/dw1": "-0.39", "df/dx1": "-0.59", "df/dw2": "0.20",
    }  # fmt: skip
    assert {key: found.decimal(key, 2) for key in published} == published


@pytest.mark.parametrize("steps", ["gates", "names"])
def test_the_expression_of_micrograd_s_readme(steps: str) -> None:
    """Karpathy's micrograd: g = 24.7041, dg/da = 138.8338, dg/db = 645.5773; here exactly."""
    found = worked(MICROGRAD, gates=steps)
    exact = {"g": fmpq(2421, 98), "dg/da": fmpq(47620, 343), "dg/db": fmpq(221433, 343)}
    assert {key: found.value(key) for key in exact} == exact
    assert found.decimal("dg/da", 4) == "138.8338"


@pytest.mark.parametrize("steps", ["gates", "names"])
def test_the_quadratic_of_the_optimiser_exercises(steps: str) -> None:
    """AIO 2024, optimisers by hand: f = 0.1 w1² + 2 w2² has the gradient (0.2 w1, 4 w2)."""
    found = worked("f = 0.1*w1^2 + 2*w2^2", {"w1": -5, "w2": -2}, gates=steps)
    assert (found.value("f"), found.value("df/dw1"), found.value("df/dw2")) == (fmpq(21, 2), -1, -8)


def test_the_same_number_comes_out_whatever_a_step_is() -> None:
    gates, names = (worked(*SIGMOID, gates=steps) for steps in ("gates", "names"))
    assert len(names.circuit.wires) == 1
    for key in ("f", "df/dw0", "df/dx1", "df/dw2"):
        assert gates.decimal(key, 7) == names.decimal(key, 7)


def test_statements_are_steps_unless_there_is_one() -> None:
    assert worked("f = x·y + z", {"x": 1, "y": 2, "z": 3}).circuit.steps == "gates"
    found = worked("q = x·y + z; f = q^2", {"x": 1, "y": 2, "z": 3})
    assert found.circuit.steps == "names"
    assert found.formulas()[:2] == ["q = x·y + z", "f = q^2"]


def test_functions_with_cases_are_steps_of_their_own() -> None:
    found = worked("q = 2·max(x·y, x + y) + relu(x) + exp(x); f = q - 1", {"x": 1, "y": 2})
    assert found.formulas()[:6] == [
        "g1 = x·y", "g2 = x + y", "g3 = max(g1, g2)", "g4 = max(0, x)", "q = 2·g3 + g4 + e^x", "f = q − 1",
    ]  # fmt: skip


def test_sums_and_products_are_split_from_the_left_and_brackets_are_kept() -> None:
    assert worked("f = a - b + c", {"a": 1, "b": 2, "c": 3}).formulas()[:2] == ["g1 = a − b", "f = g1 + c"]
    assert worked("f = a·(b·c)", {"a": 1, "b": 2, "c": 3}).formulas()[:2] == ["g1 = b·c", "f = a·g1"]
    assert worked("f = a·b/c", {"a": 1, "b": 2, "c": 3}).formulas()[:2] == ["g1 = a·b", "f = g1/c"]


def test_names_of_inner_wires_keep_clear_of_the_user_s() -> None:
    found = worked("g1 = x·y; g_2 = 1; f = g1·x + g_2·y", {"x": 1, "y": 2}, gates="gates")
    assert [wire.name for wire in found.circuit.wires] == ["g1", "g3", "g4", "f"]
    assert [wire.named for wire in found.circuit.wires] == [True, False, False, True]


def test_a_reused_wire_adds_its_paths() -> None:
    found = worked("f = x·x + x", {"x": 3})
    assert (found.value("f"), found.value("df/dx")) == (12, 7)
    twice = worked("q = x + y; f = q·q", {"x": 1, "y": 2})
    assert (twice.value("df/dq"), twice.value("df/dx")) == (6, 6)


def test_the_output_may_be_chosen_and_is_the_last_name_otherwise() -> None:
    assert Circuit("(x + y)·z", {"x": 1, "y": 2, "z": 3}).output == "f"
    assert Circuit(["q = x + y", "out = q·z"], {"x": 1, "y": 2, "z": 3}).output == "out"
    found = Circuit("q = x; f = q·2", {"x": 1}, output="f")
    assert found.output == "f"
    with pytest.raises(NetworkFileError, match="f is never used; q doesn't depend on it"):
        Circuit("q = x; f = q·2", {"x": 1}, output="q")


def test_numbers_may_be_given_among_the_statements() -> None:
    found = Circuit("x = -2.50; f = x·y", {"y": "3/20"})
    assert [(name, one.text) for name, one in found.inputs] == [("y", "3/20"), ("x", "-2.50")]
    assert found.statements == ("f = x·y",)


@pytest.mark.parametrize("circuit", [ADD_MULTIPLY, SIGMOID, (MICROGRAD, None), ("x + 1", {"x": "0.30"})])
def test_a_circuit_written_as_a_dict_reads_back(circuit: tuple[str, dict[str, object] | None]) -> None:
    made = Circuit(*circuit)
    assert Circuit(**made.as_dict()) == made


def test_every_name_is_a_key_and_so_is_its_gradient() -> None:
    for name in ("w0", "w01", "out_h1", "x_1_2", "sum", "eta1", "w0x1", "d", "dx", "L", "W"):
        quantity = Quantity(name)
        for one in (quantity, quantity.later(), gradient(Quantity("f"), quantity), gradient(quantity, Quantity("x"))):
            assert read_key(one.key) == one
            assert read_key(one.key).key == one.key


@pytest.mark.parametrize(
    ("name", "shown"), [("w0", "w_0"), ("w01", "w_01"), ("eta_1", "η_1"), ("out_h", "out_h"), ("x_1_2", "x_1,2"),
                        ("sum", "sum"), ("W", "W")],
)  # fmt: skip
def test_digits_of_a_name_stand_below_it(name: str, shown: str) -> None:
    assert plain(look(Quantity(name))) == shown


def test_a_sigmoid_keeps_its_taught_slope() -> None:
    found = worked("f = sigmoid(x) + tanh(x)", {"x": "0.5"})
    steps = {step.target.key: plain(written(step.formula)) for step in found.page.steps}
    assert steps["df/dx"] == "df/dg1·g1·(1 − g1) + df/dg2·(1 − g2^2)"


def test_what_a_gate_does_with_a_gradient_is_said() -> None:
    found = worked("f = max(x·y, x + y)", {"x": 3, "y": 2})
    said = [wire.operation.gradient_tell for wire in found.wires]
    assert said[0] == "A times gate swaps: each input gets the gradient times the other input."
    assert said[1] == "A plus gate passes the gradient on to each of its inputs, unchanged."
    assert "routes" in said[2]
    assert (found.value("df/dg1"), found.value("df/dg2")) == (1, 0)


def test_at_a_tie_a_number_is_the_larger_else_the_first_wire() -> None:
    assert worked("f = max(x, 3)", {"x": 3}).value("df/dx") == 0
    assert worked("f = max(3, x)", {"x": 3}).value("df/dx") == 0
    tie = worked("f = max(x, y)", {"x": 3, "y": 3})
    assert (tie.value("df/dx"), tie.value("df/dy")) == (1, 0)
    assert worked("f = max(x, x)·1", {"x": 3}).value("df/dx") == 1


def test_a_gate_knows_its_sign_and_its_numbers() -> None:
    x, y = Ref(Quantity("x")), Ref(Quantity("y"))
    signs = {
        "+": x + y, "+1": x + 1, "1+": 1 + x, "−": x - y, "−3": x - 3, "×": x * y, "0.1×": formula("0.1") * x,
        "/": x / y, "/2": x / 2, "10/": 10 / x, "1/x": 1 / x, "x²": x**2, "x¹²": x**12, "exp": Call("exp", (x,)),
        "log₂": Call("log2", (x,)), "max": Call("max", (x, y)), "max 0": Call("max", (formula(0), x)),
    }  # fmt: skip
    assert {gate_of(f)[0].label: f for f in signs.values()} == signs  # type: ignore[attr-defined]


def test_only_one_operation_is_a_gate() -> None:
    x, y, z = (Ref(Quantity(name)) for name in "xyz")
    with pytest.raises(TypeError, match="a gate's inputs are names and numbers"):
        gate_of((x + y) * z)
    operation, wires = expression_of((x + y) * z)
    assert isinstance(operation, Expression)
    assert wires == [x, y, z]
    assert isinstance(expression_of(x * y)[0], Times)


def in_sympy(text: str) -> sympy.Expr:
    """Python's own grammar with SymPy's symbols: the test's texts only."""
    names = {"relu": lambda v: sympy.Max(0, v), "max": sympy.Max, "exp": sympy.exp, "ln": sympy.log,
             "sigmoid": lambda v: 1 / (1 + sympy.exp(-v)), "tanh": sympy.tanh}  # fmt: skip
    symbols = {name: sympy.Symbol(name, real=True) for name in ("x", "y", "w0")}
    return sympy.sympify(eval(text, {"__builtins__": {}}, {**names, **symbols}))


TEXTS: st.SearchStrategy[str] = st.recursive(
    st.sampled_from(["x", "y", "w0", "2", "3"]),
    lambda parts: st.one_of(
        st.builds("({} + {})".format, parts, parts),
        st.builds("({} - {})".format, parts, parts),
        st.builds("({}*{})".format, parts, parts),
        st.builds("({}/(1 + ({})**2))".format, parts, parts),
        st.builds("({})**3".format, parts),
        st.builds("(-{})".format, parts),
        st.builds("sigmoid({})".format, parts),
        st.builds("tanh({})".format, parts),
        st.builds("exp(-({})**2)".format, parts),
        st.builds("ln(1 + ({})**2)".format, parts),
        st.builds("max({}, {})".format, parts, parts),
        st.builds("relu({})".format, parts),
    ),
    max_leaves=7,
)
AT = {"x": "0.7", "y": "-1.3", "w0": "2/9"}


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_gradients_of_any_circuit_are_sympy_s(text: str) -> None:
    whole = in_sympy(text)
    used = sorted(set(re.findall(r"\b(?:x|y|w0)\b", text)))
    at = {sympy.Symbol(name, real=True): sympy.Rational(AT[name]) for name in used}
    pairs = [pair for largest in whole.atoms(sympy.Max) for pair in combinations(largest.args, 2)]
    assume(used and all(abs(sympy.N((a - b).subs(at), 30)) > 1e-20 for a, b in pairs))
    try:
        found = worked(text, {name: AT[name] for name in used}, gates="gates")
    except NetworkFileError as error:
        assume("told apart" not in str(error))
        raise
    assert close(found.value("f"), whole.subs(at))
    for name in used:
        assert close(found.value(f"df/d{name}"), sympy.diff(whole, sympy.Symbol(name, real=True)).subs(at)), name


def close(ours: Any, true: sympy.Expr) -> bool:
    number = float(sympy.N(true, 30))
    return abs(float(ours) - number) <= 1e-9 * max(1.0, abs(number))


@pytest.mark.parametrize(("exponent", "less"), [("0.5", "-0.5"), ("3/2", "1/2"), ("-0.5", "-1.5"), ("1e-1", "-9/10")])
def test_a_number_in_an_exponent_is_one_less_in_the_slope(exponent: str, less: str) -> None:
    operation, wires = gate_of(Call("power", (Ref(Quantity("x")), formula(exponent))))
    assert isinstance(operation, AnyPower)
    slope = operation.slope(Ref(Quantity("y")), wires[0], wires[0], formula(exponent))
    assert slope == times(formula(exponent), Call("power", (wires[0], formula(less))))


def test_the_larger_of_two_wires_is_max_s_only_path() -> None:
    a, b = Ref(Quantity("a")), Ref(Quantity("b"))
    assert plain(written(Max().slope(Ref(Quantity("y")), a, a, b))) == "(0 if b > a else 1)"
    assert plain(written(Max().slope(Ref(Quantity("y")), b, a, b))) == "(1 if b > a else 0)"


REFUSED: dict[str, tuple[object, object, str]] = {
    "nothing": ("", None, "there is nothing to work out"),
    "only numbers": ("a = 3", None, "there is nothing to work out"),
    "no expression": ([["x"]], None, "where an expression is wanted"),
    "an empty list": ([], None, "where expressions are wanted"),
    "syntax": ("f = x +", {"x": 1}, "the text ends, where a number, a name or \"(\" is wanted\n    f = x +\n  "),
    "a missing number": ("f = x·y", {"x": 1}, "y has no number; write it into inputs: {y: …}\n    f = x·y\n      "),
    "Euler": ("f = x + e", {"x": 1}, "Euler's number is exp(1)"),
    "an unused number": ("f = x", {"x": 1, "z": 2}, "inputs.z: z has a number, but f doesn't depend on it"),
    "an unused wire": ("q = x·2; f = x", {"x": 1}, "q is never used; f doesn't depend on it"),
    "twice": ("f = x; f = 2x", {"x": 1}, "f is given a formula a second time; take a new name, such as f_2"),
    "twice a number": ("x = 2; f = x", {"x": 1}, "x has a number among the inputs already"),
    "a cycle": ("q = f + 1; f = q·x", {"x": 1}, "f is used before it is made; a circuit has no cycles"),
    "itself": ("f = f + x", {"x": 1}, "f is used in its own formula"),
    "two alike": ("f = w1·w_1", {"w1": 1, "w_1": 2}, "w1 and w_1 look the same on paper"),
    "two spellings": ("f = x", {"eta": 1, "η": 2}, "has a number already"),
    "no name": ("x + 1; f = x", {"x": 1}, "this has no name"),
    "a taken name": ("f + 1", {"f": 1}, "the result has no name, and f is taken"),
    "a division": ("f = x/(y - y)", {"x": 1, "y": 2}, "with these numbers there is a division by 0\n    f = x/(y - y)"),
    "nearly": ("f = x/(exp(y) - exp(y))", {"x": 1, "y": 2}, "too close to 0"),
    "a logarithm": ("f = ln(x)", {"x": -1}, "ln is taken of a number that isn't above 0"),
    "a root": ("f = sqrt(x)", {"x": 0}, "sqrt is taken of a number that isn't above 0"),
    "a power": ("f = x^0.5", {"x": -1}, "raised to a power that isn't whole"),
    "a tie": ("f = max(exp(x), exp(x))", {"x": 1}, "too close to be told apart"),
    "a tower": ("f = exp(exp(exp(x)))", {"x": 100}, "with these numbers"),
    "a large result": ("f = x^90", {"x": 10}, "the result is larger than 10^60"),
    "many digits": ("f = (x^100)^100", {"x": "0.123456"}, "more than 1,000 digits"),
    "no number": ("f = x", {"x": "one"}, "inputs.x: \"one\" is not a number"),
    "no name in inputs": ("f = x", {"x y": 1}, "is not a name such as x, w0 or out_1"),
    "a list of inputs": ("f = x", [1, 2], "where names and numbers are wanted"),
    "many wires": ("f = " + " + ".join(["x"] * (MOST_WIRES + 2)), {"x": 1}, "at most 200 are accepted"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_circuit_that_can_t_be_worked_out_is_refused(case: str) -> None:
    circuit, inputs, said = REFUSED[case]
    with pytest.raises(NetworkFileError) as error:
        Circuit(circuit, inputs)
    assert said in str(error.value)
    assert str(error.value).startswith(("the circuit, circuit", "the circuit, inputs"))


@pytest.mark.parametrize(("key", "value"), [("steps", "lines"), ("output", "g"), ("output", "x"), ("output", "1")])
def test_what_else_is_chosen_wrongly_is_refused(key: str, value: str) -> None:
    with pytest.raises(NetworkFileError, match=key):
        Circuit("f = x", {"x": 1}, **{key: value})


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["x", "y", "f", "q", "2", "0", "+", "-", "*", "/", "^", "(", ")", "=", ";", "exp(", "max(x,", "ln("]
        ),
        max_size=14,
    ).map("".join)
)
def test_any_text_is_a_circuit_or_one_clear_error(text: str) -> None:
    try:
        said, wires = "", worked(text, {"x": "0.5"}).circuit.wires
    except NetworkFileError as error:
        said, wires = error.problem, ()
    assert wires or 10 < len(said) < 500


def nodes(circuit: str, inputs: dict[str, object] | None = None, **more: object) -> list[Node]:
    found = worked(circuit, inputs, **more)
    assert found.page.circuit
    return circuit_nodes(found.page.circuit, lambda q: found.decimal(q.key, 2))


def test_nodes_carry_values_and_gradients() -> None:
    found = {node.key: node for node in nodes(*ADD_MULTIPLY)}
    assert [(key, node.value, node.slope, node.sign, node.inputs) for key, node in found.items()] == [
        ("x", "-2.00", "-4.00", "", ()), ("y", "5.00", "-4.00", "", ()), ("z", "-4.00", "3.00", "", ()),
        ("q", "3.00", "-4.00", "+", ("x", "y")), ("f", "-12.00", "1", "×", ("q", "z")),
    ]  # fmt: skip


PICTURES = {
    "add multiply": ADD_MULTIPLY,
    "sigmoid": SIGMOID,
    "micrograd": (MICROGRAD, None),
    "quadratic": ("f = 0.1*w1^2 + 2*w2^2", {"w1": -5, "w2": -2}),
    "reuse": ("f = (x + sigmoid(y))/(sigmoid(x) + (x + y)^2)", {"x": 3, "y": -4}),
    "numbers only": ("f = x + 2·3", {"x": 3}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_in_the_picture_nothing_stands_on_anything(name: str) -> None:
    picture = circuit_picture(nodes(*PICTURES[name], gates="gates"))  # type: ignore[arg-type]
    assert picture is not None
    circles = [mark for mark in picture.marks if isinstance(mark, Circle)]
    for gate, other in combinations(circles, 2):
        assert hypot(gate.x - other.x, gate.y - other.y) > gate.radius + other.radius + 4
    assert faults(plainly(picture)) == []
    for mark in picture.marks:
        if isinstance(mark, Stroke):
            assert mark.x1 < mark.x2
            assert 0 <= mark.x1 <= mark.x2 <= picture.width
            assert 0 <= min(mark.y1, mark.y2) <= max(mark.y1, mark.y2) <= picture.height


@pytest.mark.parametrize("name", PICTURES)
def test_no_wire_goes_through_a_gate(name: str) -> None:
    picture = circuit_picture(nodes(*PICTURES[name], gates="gates"))  # type: ignore[arg-type]
    assert picture is not None
    for circle in (mark for mark in picture.marks if isinstance(mark, Circle)):
        for wire in (mark for mark in picture.marks if isinstance(mark, Stroke)):
            if wire.x1 < circle.x < wire.x2:
                part = (circle.x - wire.x1) / (wire.x2 - wire.x1)
                assert abs(wire.y1 + part * (wire.y2 - wire.y1) - circle.y) > circle.radius


@pytest.mark.parametrize("name", PICTURES)
def test_on_a_student_sheet_each_wire_has_boxes_to_write_in(name: str) -> None:
    given = nodes(*PICTURES[name], gates="gates")  # type: ignore[arg-type]
    key = circuit_picture(given, writing=True)
    assert key is not None
    sheet = fade(Sheet("", (key,), ()), Holes(lambda q: True)).parts[0]
    assert isinstance(sheet, Picture)
    assert faults(plainly(key)) == faults(sheet) == []
    labels = [mark for mark in sheet.marks if isinstance(mark, Label)]
    boxes = [mark for mark in labels if isinstance(mark.content, Blank)]
    assert len(boxes) == sum(bool(node.of) + bool(node.gradient) for node in given)
    assert {mark.content.key for mark in boxes} >= {node.key for node in given}  # type: ignore[union-attr]
    for left, low, right, high in map(box, boxes):
        assert 31 < right - left < 36
        assert 14 < high - low < 18
        wires = [mark for mark in sheet.marks if isinstance(mark, Stroke)]
        assert not [w for w in wires if w.y1 == w.y2 and low - 1 < w.y1 < high + 1 and w.x1 < right and left < w.x2]


def test_a_sheet_is_laid_out_as_its_key() -> None:
    def places(picture: object) -> list[object]:
        assert isinstance(picture, Picture)
        return [(m.x, m.y) if isinstance(m, Label) else m for m in picture.marks]

    key = circuit_picture(nodes(*SIGMOID), writing=True)
    assert key is not None
    assert places(key) == places(fade(Sheet("", (key,), ()), Holes(lambda q: True)).parts[0])


def test_a_drawing_to_read_has_no_boxes() -> None:
    key = circuit_picture(nodes(*SIGMOID))
    assert key is not None
    sheet = fade(Sheet("", (key,), ()), Holes(lambda q: q.role == "gradient")).parts[0]
    assert isinstance(sheet, Picture)
    assert [m.content for m in sheet.marks if isinstance(m, Label) and m.ink == "second"] == [Digits("1")]
    assert not [m for m in sheet.marks if isinstance(m, Label) and isinstance(m.content, Blank)]


def crossings(name: str) -> int:
    picture = circuit_picture(nodes(*PICTURES[name], gates="gates"))  # type: ignore[arg-type]
    assert picture is not None
    wires = [mark for mark in picture.marks if isinstance(mark, Stroke) and mark.x1 < mark.x2]

    def cross(a: Stroke, b: Stroke) -> bool:
        left, right = max(a.x1, b.x1), min(a.x2, b.x2)
        if left + 1 >= right:
            return False
        first, second = (
            [s.y1 + (s.y2 - s.y1) * (x - s.x1) / (s.x2 - s.x1) for x in (left + 0.5, right - 0.5)] for s in (a, b)
        )
        return (first[0] - second[0]) * (first[1] - second[1]) < 0

    return sum(cross(a, b) for a, b in combinations(wires, 2))


@pytest.mark.parametrize("name", ["add multiply", "sigmoid", "quadratic", "numbers only"])
def test_wires_of_a_tree_don_t_cross(name: str) -> None:
    assert crossings(name) == 0


def test_wires_of_micrograd_s_expression_cross_little() -> None:
    assert 4 <= crossings("micrograd") <= 12


def test_two_wires_that_can_t_be_swapped_are_numbered_where_the_second_is_above() -> None:
    inputs = [Node("a", "a", "1"), Node("b", "b", "2")]
    first = Node("p", "p", "-1", sign="−", inputs=("a", "b"), ordered=True)
    second = Node("q", "q", "1", sign="−", inputs=("b", "a"), ordered=True)
    product = Node("f", "f", "-1", sign="×", inputs=("p", "q"))

    def numbers(given: list[Node]) -> list[str]:
        picture = circuit_picture(given)
        assert picture is not None
        return [str(mark.content) for mark in picture.marks if isinstance(mark, Label) and mark.size < 6]

    assert numbers([*inputs, first]) == []
    assert numbers([*inputs, first, second, product]) == ["1", "2"]


def test_values_stand_above_and_gradients_below_their_wire() -> None:
    picture = circuit_picture([Node("x", "x", "5", "7"), Node("f", "f", "9", "1", sign="+1", inputs=("x",))])
    assert picture is not None
    at = {str(mark.content): mark for mark in picture.marks if isinstance(mark, Label)}
    wire = min((mark for mark in picture.marks if isinstance(mark, Stroke)), key=lambda mark: mark.x1)
    value, slope = (next(mark for text, mark in at.items() if f"'{digit}'" in text) for digit in "57")
    assert value.y > wire.y1 > slope.y
    assert wire.x1 < value.x < wire.x2


def test_a_picture_that_is_too_large_is_left_out() -> None:
    chain = [Node("x0", "x", "1"), *(Node(f"x{n + 1}", "x", "1", sign="+1", inputs=(f"x{n}",)) for n in range(40))]
    assert circuit_picture(chain) is None
    assert circuit_picture(chain[:5]) is not None


def test_every_output_draws_it() -> None:
    pictures = [circuit_picture(nodes(*PICTURES[name])) for name in ("sigmoid", "micrograd")]  # type: ignore[arg-type]
    for picture in pictures:
        assert picture is not None
        assert picture.alt.startswith("A circuit of ")
        picture = plainly(picture)
        assert svg(picture).count("<circle") == tikz(picture).count("circle[") > 7
    assert pdf(Sheet("t", (), (Section("", tuple(pictures)),))).startswith(b"%PDF")  # type: ignore[arg-type]


def test_the_layers_of_a_chain_go_to_the_right() -> None:
    picture = circuit_picture(nodes(*SIGMOID))
    assert picture is not None
    last = sorted((mark for mark in picture.marks if isinstance(mark, Circle)), key=lambda mark: mark.x)[-5:]
    assert all(abs(one.y - other.y) < 1 and other.x > one.x + 30 for one, other in pairwise(last))


def from_yaml(text: str) -> Circuit:
    node = build(yaml_events(text, "neuron.yaml"), "neuron.yaml")
    assert isinstance(node, Pairs)
    found = {key.text: value for key, value in node.pairs}
    return read_circuit(found["circuit"], found.get("inputs"), output=found.get("output"), steps=found.get("steps"))


def test_a_circuit_is_read_from_a_file() -> None:
    found = from_yaml("circuit: |\n  q = x + y   # the sum\n  f = q·z\ninputs: {x: -2.0, y: 5, z: -4}\nsteps: gates\n")
    assert found == Circuit(["q = x + y", "f = q·z"], {"x": "-2.0", "y": 5, "z": -4}, steps="gates")


def test_an_error_names_the_file_the_line_and_the_key() -> None:
    with pytest.raises(NetworkFileError) as error:
        from_yaml("title: t\ncircuit:\n  - q = x + y\n  - f = q·(z\ninputs: {x: 1, y: 2, z: 3}\n")
    assert str(error.value) == (
        'neuron.yaml, line 4, circuit[2]: this "(" is not closed; a ")" is missing\n'
        "    f = q·(z\n"
        "          ^"
    )  # fmt: skip


def test_in_json_the_output_of_a_circuit_has_no_name_of_an_input() -> None:
    document = json.loads(render(solve({"circuit": "f = x*y", "inputs": {"x": 2, "y": 3}}), "json"))
    assert "f" not in document["names"]


def test_an_output_called_p_is_no_probability() -> None:
    assert solve({"circuit": "p = x*y", "inputs": {"x": 2, "y": 3}}).text().endswith("=> p = 6.\n")


@pytest.mark.parametrize("x", [2, [2, 1]], ids=["one sample", "two samples"])
@pytest.mark.parametrize(("language", "loss"), [("en", "loss"), ("de", "Verlust")])
def test_a_circuit_speaks_of_no_loss(x: int | list[int], language: str, loss: str) -> None:
    circuit = {"circuit": "f = sigmoid(x*y)", "inputs": {"x": x, "y": 3}, "learning rate": "0.1", "steps": 6}
    solution = solve({**circuit, "language": language})
    assert loss not in str(render(solution, "html"))
    assert loss not in str(render(solution, "text"))


def test_of_a_circuit_with_several_samples_the_table_shows_the_inputs_that_learn() -> None:
    circuit = {"circuit": "f = x*y", "inputs": {"x": [2, 1], "y": 3}, "train": ["y"], "learning rate": "0.1"}
    table = solve({**circuit, "steps": 4}).text().partition("Result\n")[2]
    assert [row.split() for row in table.splitlines()[-5:]] == [
        ["0", "3.0000"], ["1", "2.8000"], ["2", "2.7000"], ["3", "2.5000"], ["4", "2.4000"]
    ]  # fmt: skip
