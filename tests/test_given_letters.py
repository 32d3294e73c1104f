"""Givens that are letters: every line holds for every number that a letter may stand for.

The oracle is the same network with numbers in place of its letters, worked out as always: each formula that a line
prints, with the letters' numbers and that network's values put in, gives that network's value.
"""

from __future__ import annotations

import random
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy
from click.testing import CliRunner
from flint import ctx, fmpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import handcalc.api
from handcalc.cli import main
from handcalc.derive.functions import ball, value_of
from handcalc.derive.identity import chosen
from handcalc.derive.letters import MOST_PUT_IN, LetterLine, LetterPass
from handcalc.derive.simplified import EXPANDED, Simplifier, is_polynomial
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError, HasLetters
from handcalc.formula.expression import read_statements
from handcalc.formula.notation import lettered, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, flat, operations
from handcalc.network import NetworkFileError
from handcalc.render.text import line_text, plain
from handcalc.sheet.compose import compose
from handcalc.write import render

HERE = Path(__file__).parent
MOST_ROWS = 6
SHAPES = {
    "1-1": [("sigmoid", 1)],
    "1-1 linear": [("linear", 1)],
    "2-1": [("tanh", 1)],
    "2-1 relu": [("relu", 1)],
    "1-2": [("softmax", 2)],
    "2-2-1": [("sigmoid", 2), ("linear", 1)],
    "2-2-1 relu": [("relu", 2), ("sigmoid", 1)],
    "2-2-1 linear": [("linear", 2), ("linear", 1)],
    "1-2-2": [("tanh", 2), ("softmax", 2)],
}
Net = dict[str, Any]


def network(shape: str, numbers: list[str]) -> Net:
    """A network of that shape, which takes its numbers one after the other."""
    coming = iter(numbers)
    inputs = width = int(shape[0])
    found: Net = {"inputs": [next(coming) for _ in range(inputs)], "layers": []}
    for kind, units in SHAPES[shape]:
        W = [[next(coming) for _ in range(width)] for _ in range(units)]
        found["layers"].append({kind: W, "bias": [next(coming) for _ in range(units)]})
        width = units
    softmax = SHAPES[shape][-1][0] == "softmax"
    found["target"] = ["1", "0"] if softmax else [next(coming) for _ in range(width)]
    found["loss"] = "cross-entropy" if softmax else "half squared error"
    return found | {"learning rate": next(coming)}


def replaced(value: Any, numbers: dict[str, str]) -> Any:
    """`value` with numbers in place of letters."""
    match value:
        case dict():
            return {key: replaced(one, numbers) for key, one in value.items() if key != "letters"}
        case list():
            return [replaced(one, numbers) for one in value]
    return numbers.get(value, value)


def check(solution: Solution, numbers: dict[str, str]) -> int:
    """Every formula of every line in letters gives the value of the network in numbers; how many were looked at."""
    oracle, worked = handcalc.solve(replaced(_file(solution), numbers)), solution.first
    assert isinstance(worked, LetterPass)
    letters = {name: _rational(numbers[text]) for text, name in worked.names.items()}

    def value(q: Quantity) -> Any:
        if q in letters:
            return letters[q]
        return worked.numeric.value(q) if q.letter == "constant" else oracle.value(q)

    looked_at = 0
    for line in solution.lines:
        assert isinstance(line, LetterLine) == (line.quantity in worked.derived)
        if not isinstance(line, LetterLine):
            assert same(solution.value(line.quantity), oracle.value(line.quantity))
            continue
        forms = [line.formula, line.put_in, line.closed, worked.derived[line.quantity].value]
        for f in filter(None, forms):
            assert same(value_of(chosen(f, value), value), oracle.value(line.quantity)), (line.key, plain(written(f)))
            looked_at += 1
    return looked_at


def _file(solution: Solution) -> Net:
    return dict(solution.network.as_dict())


def _rational(text: str) -> fmpq:
    return fmpq(Fraction(text).numerator, Fraction(text).denominator)


def same(x: Any, y: Any) -> bool:
    """Equal rationals; or balls that hold the same number, and little else."""
    if isinstance(x, fmpq) and isinstance(y, fmpq):
        return bool(x == y)
    with ctx.workprec(256):
        difference = ball(x) - ball(y)
        return bool(difference.contains(0)) and bool(difference.rad() < 1e-12)


NUMBER = st.integers(-20, 20).map(lambda n: str(Fraction(n, 10)))


@st.composite
def mixed(draw: st.DrawFn) -> tuple[Net, dict[str, str]]:
    """A network some of whose givens are letters, and a number for each letter."""
    numbers = draw(st.lists(NUMBER, min_size=24, max_size=24))
    at = draw(st.lists(st.integers(0, 17), min_size=1, max_size=18, unique=True))
    shape = draw(st.sampled_from(sorted(SHAPES)))
    typed = [f"q{n}" if n in at else one for n, one in enumerate(numbers)]
    found = replaced(network(shape, typed), {})
    rate = str(abs(Fraction(numbers[-1])) or "0.1")
    found["learning rate"] = found["learning rate"] if found["learning rate"].startswith("q") else rate
    used = [f"q{n}" for n in at if f"q{n}" in str(found).replace("'", " ").replace(",", " ").split()]
    if not used:
        found, used = found | {"inputs": ["q99", *found["inputs"][1:]]}, ["q99"]
    values = {one: draw(NUMBER) for one in used}
    if found["learning rate"] in values:
        values[found["learning rate"]] = "0.3"
    return found | {"letters": used}, values


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mixed())
def test_every_line_holds_whatever_number_a_letter_stands_for(made: tuple[Net, dict[str, str]]) -> None:
    found, numbers = made
    solution = handcalc.solve(found)
    assert check(solution, numbers) > 0
    for line in solution.lines:
        assert operations(line.put_in or line.formula) <= MOST_PUT_IN
        assert operations(line.closed or line.formula) <= MOST_PUT_IN + EXPANDED


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mixed())
def test_the_exact_value_is_the_expression_of_the_network(made: tuple[Net, dict[str, str]]) -> None:
    found, numbers = made
    solution, oracle = handcalc.solve(found), handcalc.solve(replaced(found, numbers))
    put = {sympy.Symbol(letter, real=True): sympy.Rational(number) for letter, number in numbers.items()}
    for line in solution.lines:
        if line.step.stage in ("loss", "gradients"):
            difference = solution[line.key].exact.subs(put) - oracle[line.key].exact
            assert abs(sympy.N(difference, 30)) < 1e-20, line.key


@pytest.mark.parametrize("shape", ["1-1", "2-1", "2-2-1", "2-2-1 linear"])
def test_a_gradient_is_the_derivative_of_the_loss(shape: str) -> None:
    """SymPy differentiates the loss by the letter of every parameter."""
    typed = [f"q{n}" for n in range(24)]
    found = network(shape, typed)
    letters = sorted({q for q in str(found).replace("'", " ").split() if q.startswith("q")})
    solution = handcalc.solve(found | {"letters": letters})
    worked = solution.first
    assert isinstance(worked, LetterPass)
    loss, random_numbers = solution["L"].exact, random.Random(7)
    put = {sympy.Symbol(q, real=True): sympy.Rational(random_numbers.randint(-9, 9), 10) for q in letters}
    slopes = [line for line in solution.lines if line.key.startswith(("dL/dW", "dL/db"))]
    for line in slopes:
        parameter = sympy.Symbol(worked.texts[line.step.of], real=True)  # type: ignore[index]
        difference = solution[line.key].exact - sympy.diff(loss, parameter)
        assert abs(sympy.N(difference.subs(put), 30)) < 1e-20
    assert len(slopes) >= 2


ALL_LETTERS: Net = {
    "letters": "x1 x2 p q r s c1 c2 k l m n h1 h2 y1 y2 eta",
    "inputs": ["x1", "x2"],
    "layers": [
        {"sigmoid": [["p", "q"], ["r", "s"]], "bias": ["c1", "c2"]},
        {"softmax": [["k", "l"], ["m", "n"]], "bias": ["h1", "h2"]},
    ],
    "target": ["y1", "y2"],
    "loss": "cross-entropy",
    "learning rate": "eta",
}


def test_a_network_in_letters_only_takes_seconds_and_no_long_lines() -> None:
    start = time.perf_counter()
    solution = handcalc.solve(ALL_LETTERS)
    said = solution.text()
    assert time.perf_counter() - start < 20
    assert all(len(line_text(line).split("\n")) <= MOST_ROWS for line in solution.lines)
    assert "≈" not in said
    assert "dL/dz2[1] = p[1] − y[1]" in said
    numbers = {letter: str(Fraction(n - 8, 10)) for n, letter in enumerate(ALL_LETTERS["letters"].split())}
    assert check(solution, numbers | {"eta": "0.1", "y1": "1", "y2": "0"}) > 60


NEURON: Net = {
    "letters": ["x", "w", "b", "y", "eta"],
    "inputs": ["x"],
    "layers": [{"sigmoid": [["w"]], "bias": ["b"]}],
    "target": "y",
    "loss": "half squared error",
    "learning rate": "eta",
}
LINEAR: Net = {
    "letters": "w",
    "inputs": ["1.5"],
    "layers": [{"linear": [["w"]], "bias": ["0.1"]}],
    "target": "2",
    "loss": "half squared error",
    "learning rate": "0.1",
}


def endings(solution: Solution) -> dict[str, str]:
    """The last thing that each line says, by key."""
    return {line.key: plain(line.stages[-1][1]) for line in solution.lines}


def test_the_loss_of_a_linear_network_is_a_parabola() -> None:
    said = endings(handcalc.solve(LINEAR))
    assert said["z[1]"] == "1.5·W[1,1] + 0.1"
    assert said["L"] == "1.125·W[1,1]^2 − 2.85·W[1,1] + 1.805"
    assert said["dL/dW[1,1]"] == "2.25·W[1,1] − 2.85"
    assert said["W[u=1][1,1]"] == "0.775·W[1,1] + 0.285"


def test_a_neuron_in_letters_is_derived_as_it_is_taught() -> None:
    said = endings(handcalc.solve(NEURON))
    assert said["yhat[1]"] == "1/(1 + e^(−(W[1,1]·x[1] + b[1])))"
    assert said["L"] == "(1/2)·(yhat[1] − y[1])^2"
    assert said["dL/dW[1,1]"] == "(yhat[1] − y[1])·yhat[1]·(1 − yhat[1])·x[1]"


def test_a_letter_with_the_name_of_its_quantity_is_that_quantity() -> None:
    solution = handcalc.solve(NEURON)
    line = next(line for line in solution.lines if line.key == "z[1]")
    assert len(line.stages) == 1
    assert solution["z[1]"].exact == sympy.Symbol("w", real=True) * sympy.Symbol("x", real=True) + sympy.Symbol(
        "b", real=True
    )


def test_one_letter_may_stand_in_several_places() -> None:
    found = LINEAR | {"inputs": ["1", "2"], "layers": [{"linear": [["w", "w"]]}]}
    solution = handcalc.solve(found)
    assert endings(solution)["z[1]"] == "3·w"
    assert [q.key for q in solution.first.letters] == ["w"]


def test_what_turns_out_to_depend_on_no_letter_is_a_number() -> None:
    found = {"letters": "w", "inputs": ["0", "2"], "layers": [{"sigmoid": [["w", "0.3"]], "bias": ["0.1"]}]}
    solution = handcalc.solve(found)
    assert solution["z[1]"].decimal() == "0.7000"
    assert endings(solution) == {"z[1]": "0.7", "yhat[1]": "0.6682"}
    assert "(w·0 + 0.3·2 + 0.1)" not in solution.text()


def test_the_case_of_a_number_is_decided_and_that_of_a_letter_is_not() -> None:
    layers = [{"relu": [["1"], ["-1"]]}, {"linear": [["w", "1"]]}]
    found = {"letters": ["w"], "inputs": ["2"], "layers": layers, "target": "1", "loss": "half squared error"}
    said = endings(handcalc.solve(found))
    assert said["dL/dz1[1]"] == "2·w^2 − w"
    assert said["dL/dz1[2]"] == "0"
    found = found | {"letters": ["x"], "inputs": ["x"], "layers": [{"relu": [["1"]]}, {"linear": [["3"]]}]}
    said = endings(handcalc.solve(found))
    assert said["a1[1]"] == "max(0, x[1])"
    assert said["dL/dz1[1]"] == "(3·(3·a1[1] − 1) if x[1] > 0 else 0)" or "if x[1] > 0 else 0" in said["dL/dz1[1]"]


def test_irrational_numbers_behind_a_letter_become_one_coefficient_with_its_digits() -> None:
    layers = [{"sigmoid": [["0.5"], ["-0.3"]]}, {"linear": [["v", "-0.6"]], "bias": ["0.05"]}]
    found = {"letters": "v", "inputs": ["1"], "layers": layers, "target": "1", "loss": "half squared error"}
    solution = handcalc.solve(found)
    said = endings(solution)["z2[1]"]
    numbers = [part.strip("…") for part in said.replace("·v", "").replace("− ", "-").split()]
    oracle = [1 / (1 + sympy.exp(-sympy.Rational(1, 2))), sympy.Rational(5, 100) - sympy.Rational(6, 10) / (
        1 + sympy.exp(sympy.Rational(3, 10)))]  # fmt: skip
    assert said.count("…") == 2
    for digits, exact in zip(numbers, oracle, strict=True):
        assert 0 <= sympy.N(abs(exact), 30) - abs(sympy.Rational(digits)) < sympy.Rational(1, 10**5)


def test_letters_in_a_circuit() -> None:
    solution = handcalc.solve({"circuit": "f = (x + y)·z", "letters": "x", "inputs": {"y": 5, "z": -4}})
    assert endings(solution) == {"g1": "x + 5", "f": "−4·x − 20", "df/dz": "x + 5", "df/dg1": "−4", "df/dy": "−4",
                                 "df/dx": "−4"}  # fmt: skip
    assert check_circuit({"circuit": "f = max(x, y)·exp(z) − x/y", "letters": "x y z"}) > 5


def check_circuit(found: Net) -> int:
    numbers = {"x": "2", "y": "-0.5", "z": "0.3"}
    solution, oracle = handcalc.solve(found), handcalc.solve(found | {"letters": None, "inputs": numbers})
    worked = solution.first
    assert isinstance(worked, LetterPass)

    def value(q: Quantity) -> Any:
        return _rational(numbers[q.key]) if q.key in numbers else oracle.value(q)

    forms = [(q, one.value) for q, one in worked.derived.items()]
    assert all(same(value_of(chosen(f, value), value), oracle.value(q)) for q, f in forms)
    return len(forms)


def test_an_option_may_be_a_letter() -> None:
    layers = [{"leaky relu": [["0.5"]], "alpha": "c"}]
    solution = handcalc.solve({"letters": "c", "inputs": ["-2"], "layers": layers})
    assert endings(solution)["yhat[1]"] == "−c"


def test_a_quantity_in_letters_has_no_digits_and_says_so() -> None:
    solution = handcalc.solve(NEURON)
    with pytest.raises(HasLetters, match=r"^dL/dW\[1,1\] depends on the letters x, w, b and y, so it has no digits"):
        solution["dL/dW[1,1]"].decimal()
    with pytest.raises(HasLetters, match=r"^x\[1\] depends on the letter x, so"):
        float(solution["x[1]"])
    assert repr(solution["z[1]"]) == "<z[1] = b + w*x>"


FIVE = "found 5 updates, but with letters only the first one is worked out; write steps: 1"
MESSAGES: list[tuple[Net, str]] = [
    ({"steps": 5}, f"letters: {FIVE}"),
    ({"carry": "rounded"}, "letters: w can't be rounded, and carry is rounded; write carry: exact, or numbers"),
    ({"letters": ["w", "q"]}, 'letters: the letter "q" stands nowhere; write it in place of a number'),
    ({"letters": ["w", "e"], "target": "e"}, 'letters: "e" is Euler\'s number in a formula; take another letter'),
    ({"letters": ["w", "z"], "target": "z"}, 'letters: "z" would look like the quantity z[1] of the derivation'),
    ({"letters": ["w", "L"], "target": "L"}, 'letters: "L" would look like the quantity L of the derivation'),
    ({"letters": ["w", "w"]}, 'letters: the letter "w" stands here twice; write it once'),
    ({"letters": ["w", ["b"]]}, "letters[2]: found a list of 1 value, where a letter is wanted"),
    ({"letters": ["w", "3"]}, 'found "3", where letters are wanted, such as letters: [x, w1, eta]'),
]


@pytest.mark.parametrize(("change", "message"), MESSAGES, ids=[str(change) for change, _ in MESSAGES])
def test_one_message_says_what_is_wrong(change: Net, message: str) -> None:
    with pytest.raises(HandcalcError) as error:
        handcalc.solve(LINEAR | change)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("steps: 5", FIVE),
        ("carry: rounded", "w can't be rounded, and carry is rounded; write carry: exact"),
        ("target: e", '"e" is Euler\'s number in a formula'),
        ("target: z", '"z" would look like the quantity z[1] of the derivation'),
    ],
)
@pytest.mark.parametrize("indent", ["", "    "], ids=["a file", "an exercise"])
def test_the_message_names_the_file_and_the_line(tmp_path: Path, key: str, message: str, indent: str) -> None:
    letter = key[-1] if key.startswith("target") else "w"
    own = ["letters: w" if letter == "w" else f"letters: [w, {letter}]", key, *(["target: 1"] if letter == "w" else [])]
    common = ["inputs: 1", "layers: [{linear: w}]", "loss: squared error", "learning rate: 0.1"]
    heads = ["exercises:", "  first: {letters: w, target: 1}", "  second:"] if indent else []
    file = tmp_path / "letters.yaml"
    file.write_text("\n".join([*common, *heads, *(indent + one for one in own)]))
    with pytest.raises(NetworkFileError) as error:
        handcalc.api.solve_all(file)
    assert str(error.value).startswith(f"{file}, line {8 if indent else 5}, letters: {message}")


def test_a_number_where_an_option_has_no_letter() -> None:
    layers = [{"softmax": [["w"], ["1"]], "base": "w"}]
    with pytest.raises(HandcalcError, match=r"layers\[1\].base: found the letter w; the base is a number"):
        handcalc.solve({"letters": "w", "inputs": ["1"], "layers": layers})


@pytest.mark.parametrize("found", [NEURON, LINEAR, ALL_LETTERS], ids=["neuron", "linear", "all letters"])
@pytest.mark.parametrize("kind", ["text", "html", "latex", "json", "pdf"])
def test_every_output_prints_it(found: Net, kind: str) -> None:
    made = render(handcalc.solve(found), kind)
    assert len(made) > 500
    assert b"constant" not in (made if isinstance(made, bytes) else made.encode())


def test_nothing_is_warned_of_in_letters() -> None:
    from handcalc.derive.warnings import warnings

    assert warnings(handcalc.solve(NEURON)) == []


def test_a_sheet_says_what_its_letters_are() -> None:
    given_part = compose(handcalc.solve(NEURON)).sections[0].parts[0]
    assert plain_words(given_part).startswith("x[1], W[1,1], b[1], y[1] (target), eta (learning rate) stand for any")


def plain_words(part: Any) -> str:
    return "".join(word if isinstance(word, str) else plain(word) for word in part.words)


def test_the_golden_sheet(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["solve", str(HERE / "golden" / "letters.yaml")])
    assert result.output == (HERE / "golden" / "letters.txt").read_text(encoding="utf-8")


# simplification alone

LETTERS, NUMBERS = {"x", "y", "w"}, {"c", "d"}
SIMPLE = Simplifier(
    lambda q: q.key in LETTERS, lambda q: q.key in NUMBERS, lambda f: f
)  # constants are left as they stand


def formula_of(text: str) -> Formula:
    return flat(read_statements(text)[0].formula)


@pytest.mark.parametrize(
    ("typed", "simplified"),
    [
        ("w*1.5 + 0.1", "1.5·w + 0.1"),
        ("1/2*(1.5*w + 0.1 - 2)^2", "1.125·w^2 − 2.85·w + 1.805"),
        ("0.5*x + (-0.2)", "0.5·x − 0.2"),
        ("0.5 - 0.1*(p - 1)*p*2", "0.5 − 0.2·(p − 1)·p"),
        ("(p - 1)*p*(1 - p)*0.7", "0.7·(p − 1)·p·(1 − p)"),
        ("(p - y)*p*(1 - p)", "(p − y)·p·(1 − p)"),
        ("1/(1 + exp(-(1.5*w + 0.1)))", "1/(1 + e^(−(1.5·w + 0.1)))"),
        ("1*ln(p) + 0*ln(q)", "ln(p)"),
        ("0.30*x + 0.20*x", "0.5·x"),
        ("x + y - x", "y"),
        ("x*y*x", "x^2·y"),
        ("x/2 + x/3", "(5/6)·x"),
        ("a*x/(b*x)", "a/b"),
        ("max(0, x)", "max(0, x)"),
        ("abs(x)*abs(x)", "x^2"),
        ("1 - p^2", "1 − p^2"),
        ("x*0 + 0.3", "0.3"),
        ("sqrt(x)*sqrt(x)", "x"),
    ],
)
def test_a_formula_is_simplified_as_a_person_would(typed: str, simplified: str) -> None:
    assert plain(lettered(written(SIMPLE.simplified(formula_of(typed))))) == simplified


@pytest.mark.parametrize(
    ("typed", "count", "polynomial"),
    [("x", 0, True), ("x + y - 1", 3, True), ("0.5*x^2", 2, True), ("x/3", 1, True), ("1/x", 1, False),
     ("exp(x)", 1, False), ("x*y + max(0, x)", 3, False)],
)  # fmt: skip
def test_how_long_an_expression_is(typed: str, count: int, polynomial: bool) -> None:
    assert operations(formula_of(typed)) == count
    assert is_polynomial(formula_of(typed)) == polynomial
