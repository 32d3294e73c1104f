"""Special cases as facts: what stands on the page, to the letter."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from oracles import text_lines

import handcalc
from handcalc.derive.warnings import warnings
from handcalc.write import render

CLASSES = {"target": [1, 0], "loss": "cross-entropy"}
NUMBER = {"target": 1, "loss": "squared error", "learning rate": "0.1"}
BINARY = {"target": 0, "loss": "binary cross-entropy", "learning rate": 1}


def solve(inputs: list[Any], layers: list[Any], exercise: dict[str, Any], **options: Any) -> Any:
    return handcalc.solve({"inputs": inputs, "layers": layers, **exercise, **options})


def line(solution: Any, key: str) -> str:
    """The line of `key` in the text, on one row, without its remark."""
    blocks = text_lines.worked(solution.text())
    found = next(block for block in blocks if block.startswith(f"  {key} ="))
    rows = [row.strip() for row in found.split("\n")]
    return " ".join(row for row in rows if not re.match(r"\([^)]*(so the slope|written exactly)", row))


def remark(solution: Any, key: str) -> str:
    blocks = text_lines.worked(solution.text())
    return text_lines.read_line(next(block for block in blocks if block.startswith(f"  {key} ="))).remark


def equal_outgoing_weights() -> Any:
    layers = [{"sigmoid": [["0.3", "0.2"], ["0.1", "-0.4"]]}, {"softmax": [["0.7", "0.2"], ["0.7", "-0.3"]]}]
    return solve(["0.5", 1], layers, CLASSES)


def test_two_equal_outgoing_weights_make_the_slope_exactly_0() -> None:
    """dL/da1 = 0.7 (p1 + p2 - 1), and the probabilities add up to 1."""
    solution = equal_outgoing_weights()
    assert line(solution, "dL/da1[1]").endswith("= 0")
    assert "written exactly" in remark(solution, "dL/da1[1]")
    assert line(solution, "dL/dz1[1]") == "dL/dz1[1] = dL/da1[1]·a1[1]·(1 − a1[1]) = 0·0.58661…·(1 − 0.58661…) = 0"
    assert line(solution, "dL/dW1[1,2]") == "dL/dW1[1,2] = dL/dz1[1]·x[2] = 0·1 = 0"


def test_the_other_unit_is_not_written_exactly() -> None:
    assert line(equal_outgoing_weights(), "dL/da1[2]").endswith(" ≈ −0.2243")


def test_a_saturated_sigmoid_with_the_wrong_target_has_the_loss_12_8() -> None:
    """L = ln(1 + e^12.8) = 12.8000027…; rounding p to 1.0000 before the logarithm would give infinity."""
    solution = solve(["12.8"], [{"sigmoid": ["1"]}], BINARY)
    assert line(solution, "z[1]") == "z[1] = W[1,1]·x[1] = 1·12.8 = 12.8"
    assert line(solution, "p[1]") == "p[1] = 1/(1 + e^(−z[1])) = 1/(1 + e^(−12.8)) = 0.9999972392… ≈ 1.0000"
    assert line(solution, "L") == (
        "L = −(y[1]·ln(p[1]) + (1 − y[1])·ln(1 − p[1])) = −(0·ln(0.9999972392…) + (1 − 0)·ln(1 − 0.9999972392…)) "
        "= −ln(1 − 1/(1 + e^(−12.8))) ≈ 12.8000"
    )


def test_in_rounded_carry_a_saturated_probability_keeps_figures_of_its_distance_from_1() -> None:
    solution = solve(["12.8"], [{"sigmoid": ["1"]}], BINARY, carry="rounded")
    assert line(solution, "p[1]") == "p[1] = 1/(1 + e^(−z[1])) = 1/(1 + e^(−12.8)) ≈ 0.999997239"
    assert line(solution, "L").endswith(" ≈ 12.7999")
    assert "keeps 4 significant figures" in " ".join(solution.text().split())


def test_a_dead_relu_stops_the_gradient_and_its_weight_stays() -> None:
    solution = solve([1], [{"relu": [["-0.4"]]}, {"linear": [["2"]]}], NUMBER)
    assert line(solution, "a1[1]") == "a1[1] = max(0, z1[1]) = max(0, −0.4) = 0"
    assert line(solution, "dL/dz1[1]") == "dL/dz1[1] = dL/da1[1]·(1 if z1[1] > 0 else 0) = (−4)·0 = 0"
    assert remark(solution, "dL/dz1[1]") == "(z1[1] = −0.4 ≤ 0, so the slope is 0)"
    assert line(solution, "dL/dW1[1,1]") == "dL/dW1[1,1] = dL/dz1[1]·x[1] = 0·1 = 0"
    assert line(solution, "W1[u=1][1,1]") == "W1[u=1][1,1] = W1[1,1] − eta·dL/dW1[1,1] = −0.4 − 0.1·0 = −0.4"


def test_the_slope_of_relu_at_exactly_0_is_0() -> None:
    solution = solve([2], [{"relu": [["0.25"]], "bias": ["-1/2"]}, {"linear": [["2"]]}], NUMBER)
    assert line(solution, "z1[1]") == "z1[1] = W1[1,1]·x[1] + b1[1] = 0.25·2 + (−1/2) = 0"
    assert line(solution, "dL/dz1[1]").endswith("= (−4)·0 = 0")
    assert remark(solution, "dL/dz1[1]") == "(z1[1] = 0 ≤ 0, so the slope is 0)"


@pytest.mark.parametrize(
    ("hidden", "outer"),
    [([["1"], ["-1"]], ["0.3", "0.3"]), ([["1"], ["1"]], ["0.3", "-0.3"]), ([["0.7"], ["7/10"]], ["-2", "2"])],
    ids=["odd", "opposite weights", "two notations of one weight"],
)
def test_an_irrational_sum_that_is_exactly_0_by_symmetry_is_0(hidden: list[list[str]], outer: list[str]) -> None:
    solution = solve(["0.5"], [{"tanh": hidden}, {"relu": [outer]}, {"linear": [2]}], NUMBER)
    assert line(solution, "z2[1]").endswith(" = 0")
    assert "written exactly" in remark(solution, "z2[1]")
    assert line(solution, "a2[1]") == "a2[1] = max(0, z2[1]) = max(0, 0) = 0"
    assert remark(solution, "dL/dz2[1]") == "(z2[1] = 0 ≤ 0, so the slope is 0)"


def test_a_deep_symmetry_is_found_too() -> None:
    layers = [{"tanh": [["1"]]}, {"tanh": [["0.3"], ["0.3"]]}, {"relu": [["1", "-1"]]}]
    assert line(solve(["0.5"], layers, NUMBER), "z3[1]").endswith(" = 0")


def test_minus_zero_is_never_printed() -> None:
    layers = [
        {"tanh": [["-0", "-0.0"], ["-1", "0"]], "bias": ["-0", "-0.00"]},
        {"relu": [["-1", "-0"]], "bias": ["-0"]},
    ]
    for carry in ("exact", "rounded"):
        solution = solve(["-0", "0"], layers, NUMBER, carry=carry)
        for output in ("text", "latex", "html", "json"):
            assert not re.search(r"[-−]0(\.0*)?(?![\d.…\\])", str(render(solution, output))), output


@pytest.mark.parametrize(("sign", "weight"), [("", "0.5"), ("−", "-0.5")])
def test_an_exact_tie_is_rounded_away_from_0(sign: str, weight: str) -> None:
    layers = [{"linear": [[weight], ["1"]]}]
    shown = weight if weight[0] != "-" else f"(−{weight[1:]})"
    exact = handcalc.solve({"inputs": ["0.25"], "layers": layers, "decimals": 2})
    assert line(exact, "z[1]") == f"z[1] = W[1,1]·x[1] = {shown}·0.25 = {sign}0.125 ≈ {sign}0.13"
    rounded = handcalc.solve({"inputs": ["0.25"], "layers": layers, "decimals": 2, "carry": "rounded"})
    assert line(rounded, "z[1]") == f"z[1] = W[1,1]·x[1] = {shown}·0.25 ≈ {sign}0.13"


def test_a_tie_of_a_fraction_is_a_tie() -> None:
    """1/8 has three decimals, and 3/40 = 0.075 is no float."""
    solution = handcalc.solve({"inputs": ["3/40"], "layers": [{"linear": [["1"], ["-1"]]}], "decimals": 2})
    assert line(solution, "z[1]") == "z[1] = W[1,1]·x[1] = 1·(3/40) = 0.075 ≈ 0.08"
    assert line(solution, "z[2]") == "z[2] = W[2,1]·x[1] = (−1)·(3/40) = −0.075 ≈ −0.08"


def test_an_irrational_network_with_a_tie_is_rounded_up() -> None:
    """0.25 (p1 + p2) = 0.25, to one decimal: only an identity says that it isn't a little less."""
    layers = [{"softmax": [["0.3"], ["1"]]}, {"linear": [["0.25", "0.25"], ["-0.25", "-0.25"]]}]
    solution = handcalc.solve({"inputs": ["1"], "layers": layers, "decimals": 1})
    assert line(solution, "z2[1]").endswith(" = 0.25 ≈ 0.3")
    assert line(solution, "z2[2]").endswith(" = −0.25 ≈ −0.3")


def test_a_raw_area_of_120_finishes_and_is_warned_of() -> None:
    layers = [{"sigmoid": [["0.5"], ["-0.2"]]}, {"linear": [[1, 2]]}]
    solution = solve([120], layers, {**NUMBER, "target": 3})
    assert line(solution, "a1[1]").endswith("= 1/(1 + e^(−60)) = 0.99999… ≈ 1.0000")
    assert any("saturated" in said and "Scale the inputs" in said for said in warnings(solution))


@pytest.mark.parametrize("carry", ["exact", "rounded"])
@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "relu", "linear", "softmax"])
def test_raw_inputs_of_any_size_finish_with_a_solution_or_the_remedy(kind: str, carry: str) -> None:
    layers = [{kind: [["0.5", "0.1"], ["-0.2", "0.3"]]}, {"linear": [["0.1", "0.2"]]}]
    started = time.perf_counter()
    try:
        found = solve([120, 313000], layers, NUMBER, carry=carry).text()
    except handcalc.CannotDecide as error:
        found = str(error)
    assert "Forward pass" in found or "scale the inputs" in found
    assert time.perf_counter() - started < 20


def test_digits_are_certain_where_almost_everything_cancels() -> None:
    """10^6 σ(0.5) − 10^6 σ(0.500000001) = −10^-3 σ′(0.5) …"""
    layers = [{"sigmoid": [["0.5"], ["0.500000001"]]}, {"linear": [["1000000", "-1000000"]]}]
    solution = handcalc.solve({"inputs": ["1"], "layers": layers})
    assert line(solution, "z2[1]") == (
        "z2[1] = W2[1,1]·a1[1] + W2[1,2]·a1[2] = 1000000·0.62245933120… + (−1000000)·0.62245933143… "
        "= −0.00023… ≈ −0.0002"
    )
    assert solution["z2[1]"].decimal(20) == "-0.00023500371217281609"


def test_the_keys_do_not_depend_on_what_is_shown() -> None:
    network = {"inputs": [1], "layers": [{"sigmoid": [["0.5"]]}], **BINARY}
    assert "p[1]" in handcalc.solve(network)
    assert "p[1]" in handcalc.solve(network, show="forward")


def test_in_rounded_carry_what_is_exact_stands_behind_an_equals_sign() -> None:
    """A copy of a carried number, and e^0."""
    solution = solve([0], [{"softmax": [["1"], ["2"]]}], {**CLASSES, "learning rate": 1}, carry="rounded")
    assert line(solution, "e[1]") == "e[1] = e^z[1] = e^0 = 1"
    copied = solve([1], [{"linear": [["0.2"]]}], {**NUMBER, "target": "0.19"}, carry="rounded", decimals=1)
    assert line(copied, "dL/dyhat[1]") == "dL/dyhat[1] = 2·(yhat[1] − y[1]) = 2·(0.2 − 0.19) = 0.02"
    assert line(copied, "dL/dz[1]") == "dL/dz[1] = dL/dyhat[1] = 0.02"


def test_an_exponent_is_written_as_a_power_of_ten() -> None:
    solution = handcalc.solve({"inputs": ["2E-1"], "layers": [{"linear": [["1"]]}]})
    assert "1·(2·10^(−1))" in solution.text()
    assert r"2 \cdot 10^{-1}" in str(render(solution, "latex"))


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("0.5", "(W[1,1] = 0.5 > 0, so the slope is lambda)"),
        ("-0.5", "(W[1,1] = −0.5 < 0, so the slope is −lambda)"),
        ("0", "(W[1,1] = 0 ≤ 0, so the slope is 0; W[1,1] = 0 ≥ 0, so the slope is 0)"),
    ],
)
def test_of_cases_in_a_row_the_one_that_holds_is_said(weight: str, said: str) -> None:
    solution = solve([2], [{"linear": [weight]}], NUMBER, regularisation={"l1": {"rate": "0.1"}})
    found = " ".join(remark(solution, "dJ/dW[1,1]").split())
    assert found == said


def test_a_circuit_has_no_loss_that_falls() -> None:
    circuit = {"circuit": "f = w*x", "inputs": {"w": "0.5", "x": 2}, "train": "w", "learning rate": "0.1"}
    ending = " ".join(handcalc.solve(circuit).text().partition("Result")[2].split())
    assert ending == "------ => f = 1. After the step: f[u=1] = 0.6."


SKIP = {"branches": [[{"softmax": [["0.3", "0.5"], ["-0.2", "0.4"]]}], []]}


@pytest.mark.parametrize("loss", ["cross-entropy from logits", "bce from logits"])
def test_a_softmax_in_a_branch_and_that_of_the_loss_have_names_of_their_own(loss: str) -> None:
    solution = solve([1, 2], [SKIP], {"target": [1, 0], "loss": loss, "learning rate": "0.1"})
    written = [line.quantity for line in solution.lines]
    assert len(written) == len(set(written))
    assert line(solution, "dL/dyhat[1]").startswith("dL/dyhat[1] = p[1] − y[1] = ")


def test_raw_inputs_and_powers_of_a_softmax_in_a_branch_have_names_of_their_own() -> None:
    skip = {"branches": [[{"softmax": [["0.3", "0.5"], ["-0.2", "0.4"]], "base": 2}], []]}
    exercise = {"target": [[1, 0], [0, 1]], "loss": "squared error", "scaling": "standardise"}
    solution = solve([[1, 2], [3, 5]], [skip], exercise)
    assert line(solution, "r[s=1][1]") == "r[s=1][1] = 2^z[s=1][1] = 2^(−0.8) = 0.57434… ≈ 0.5743"
    assert line(solution, "x[s=1][1]").startswith("x[s=1][1] = (raw[s=1][1] − mu[1])/")


@pytest.mark.parametrize("inputs", [[[2]], [[2], [1]]], ids=["one sample", "a batch"])
def test_the_end_of_a_sheet_begins_before_the_first_update_though_another_is_shown(inputs: list[Any]) -> None:
    exercise = {"target": [3, 1][: len(inputs)], "loss": "half squared error", "learning rate": "0.1", "steps": 5}
    ends = [
        solve(inputs, [{"linear": ["0.5"]}], exercise, **{"show updates": shown}).text().partition("\nResult\n")[2]
        for shown in ([1, 5], [5], [3, 5])
    ]
    assert re.search(r"\n +0 +\d", ends[0])
    assert ends[0] == ends[1] == ends[2]


def test_branches_inside_branches_join_under_names_of_their_own() -> None:
    inner = {"branches": [[{"linear": [["1", "2"], ["3", "4"]]}], []]}
    found = handcalc.solve({"inputs": ["1", "1"], "layers": [{"branches": [[inner], []]}, {"linear": ["1", "1"]}]})
    assert [found[key].decimal(0) for key in ("h1[1]", "h1[2]", "h2[1]", "h2[2]", "yhat[1]")] == [
        "4",
        "8",
        "5",
        "9",
        "14",
    ]
