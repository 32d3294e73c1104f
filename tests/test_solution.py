"""What a solution gives from Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

import handcalc
from handcalc.derive.warnings import warnings

UNWELL = "examples/unwell.yaml"
PLAIN: dict[str, Any] = {
    "inputs": ["1/2", 1],
    "layers": [{"sigmoid": [["0.3", "0.5"], ["-0.2", "0.1"]], "bias": [0, 0]}, {"softmax": [["0.5", 1], ["0.5", -1]]}],
    "target": [1, 0],
    "loss": "cross-entropy",
    "learning rate": 1,
}


def line(solution: handcalc.Solution, key: str) -> str:
    """One line of the text output, on one row."""
    text, _, rest = solution.text().partition(f"  {key} = ")
    assert rest, text
    rows = rest.split("\n")
    more = [row.strip() for row in rows[1:] if row.startswith("    ")]
    until = next((i for i, row in enumerate(rows[1:]) if not row.startswith("    ")), len(more))
    return " ".join([rows[0], *(row.strip() for row in rows[1 : until + 1])])


def test_values_by_key() -> None:
    solution = handcalc.solve(UNWELL)
    assert solution["z1[2]"].decimal() == "-0.4000"
    assert solution["p[1]"].decimal(30) == "0.768524783499017642930912652463"
    assert float(solution["L"]) == pytest.approx(0.2632824673380312, abs=1e-16)
    assert [one.key for one in solution["z2[1]"].steps] == ["z1[1]", "z1[2]", "a1[1]", "a1[2]", "z2[1]"]
    assert "z2[1]" in solution
    assert len(solution) == len(list(solution))


def test_exact_values_are_sympy_expressions() -> None:
    solution = handcalc.solve(UNWELL)
    e1, e2 = sympy.exp(sympy.Rational(7, 10)), sympy.exp(sympy.Rational(-1, 2))
    assert sympy.simplify(solution["p[1]"].exact - e1 / (e1 + e2)) == 0
    assert solution["dL/dW1[2,1]"].exact == 0
    assert solution["z1[2]"].exact == sympy.Rational(-2, 5)


def test_blocks_are_numpy_arrays() -> None:
    solution = handcalc.solve(UNWELL)
    assert solution.array("W1").tolist() == [[0.6, 0.4], [-0.6, 0.2]]
    assert np.allclose(solution.array("dL/dz2"), [-0.2314752165009824, 0.2314752165009824], atol=1e-15, rtol=0)


def test_an_unknown_key_names_the_nearest() -> None:
    solution = handcalc.solve(UNWELL)
    with pytest.raises(handcalc.UnknownQuantity, match=r"no quantity is called 'z1\[3\]'; did you mean 'z1\[2\]'\?"):
        solution["z1[3]"]
    with pytest.raises(handcalc.UnknownQuantity, match="dL/dW"):
        solution.array("dL/dW")


def test_file_dict_and_objects_are_the_same() -> None:
    objects = handcalc.Network(
        inputs=PLAIN["inputs"],
        layers=[
            handcalc.Layer("sigmoid", [["0.3", "0.5"], ["-0.2", "0.1"]], bias=[0, 0]),
            handcalc.Layer("softmax", [["0.5", 1], ["0.5", -1]]),
        ],
        target=[1, 0],
        loss="cross-entropy",
        learning_rate=1,
    )
    assert handcalc.solve(objects).text() == handcalc.solve(PLAIN).text()


def test_the_users_notation_is_kept() -> None:
    solution = handcalc.solve({"inputs": ["0.30", "3/20"], "layers": [{"linear": [["1e-1", "-2"]]}]})
    assert line(solution, "z[1]") == "W[1,1]·x[1] + W[1,2]·x[2] = (1·10^(−1))·0.30 + (−2)·(3/20) = −0.27"


def test_equal_outgoing_weights_make_the_gradient_exactly_zero() -> None:
    found = line(handcalc.solve(PLAIN), "dL/da1[1]")
    assert found == (
        "dL/dz2[1]·W2[1,1] + dL/dz2[2]·W2[2,1] = (p[1] − 1)·0.5 + (p[2] − 0)·0.5 = 0 "
        "(written exactly, because no number of digits can decide this line)"
    )


@pytest.mark.parametrize(("carry", "loss"), [("exact", "12.8000"), ("rounded", "12.7999")])
def test_a_saturated_sigmoid_keeps_its_loss(carry: str, loss: str) -> None:
    solution = handcalc.solve(
        {"inputs": [1], "layers": [{"sigmoid": [["12.8"]]}], "target": 0, "loss": "bce", "carry": carry}
    )
    assert solution["L"].decimal() == loss


def test_zero_has_no_sign() -> None:
    solution = handcalc.solve({"inputs": ["-0"], "layers": [{"tanh": [["-0.00001"]], "bias": ["-0"]}], "decimals": 2})
    assert "−0" not in solution.text().replace("−0.00001", "")
    tiny = handcalc.solve({"inputs": [1], "layers": [{"tanh": [["-0.00001"]]}], "decimals": 2})
    assert tiny["yhat[1]"].decimal() == "0.00"


@pytest.mark.parametrize(
    ("weight", "printed"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.1249", "0.12"), ("0.135", "0.14")]
)
def test_halves_round_away_from_zero(weight: str, printed: str) -> None:
    assert (
        handcalc.solve({"inputs": [1], "layers": [{"linear": [[weight]]}], "decimals": 2})["z[1]"].decimal() == printed
    )


def test_a_relu_at_an_irrational_zero_is_decided() -> None:
    """z2 = w·a1 − w·a2 with a1 = a2 = tanh 0.3: exactly 0, though no ball says so."""
    solution = handcalc.solve({
        "inputs": [1], "layers": [{"tanh": [["0.3"], ["0.3"]]}, {"relu": [["0.7", "-0.7"]]}, {"linear": [[2]]}],
        "target": 1, "loss": "squared error", "learning rate": "0.1",
    })  # fmt: skip
    assert line(solution, "a2[1]") == "max(0, z2[1]) = max(0, 0) = 0"
    assert "z2[1] = 0 ≤ 0, so the slope is 0" in solution.text()


def test_warnings_name_the_remedy() -> None:
    raw = handcalc.solve({
        "inputs": [120], "layers": [{"sigmoid": [["0.5"], ["0.001"]]}, {"linear": [[1, 1]]}], "target": 3,
        "loss": "half squared error", "learning rate": "1.5",
    })  # fmt: skip
    said = " ".join(warnings(raw))
    assert "a1[1] is saturated (sigmoid; z1[1] = 60.0000)" in said
    assert "Scale the inputs" in said
    assert "not 0 but printed as 0.0000" in said
    assert "Use a smaller learning rate" in said
    assert warnings(handcalc.solve(UNWELL)) == []


def test_a_value_beyond_reach_is_an_error_with_its_remedy() -> None:
    with pytest.raises(
        handcalc.CannotDecide, match=r"close to 1 that 4096 bits can't tell them apart \(a saturated unit\)"
    ):
        handcalc.solve({"inputs": [1], "layers": [{"sigmoid": [["100000"]]}], "target": 0, "loss": "bce"})


def test_a_saturated_output_begins_with_nines() -> None:
    solution = handcalc.solve({"inputs": [1], "layers": [{"tanh": [["-100000"]]}]})
    assert line(solution, "yhat[1]") == "tanh(z[1]) = tanh(−100000) ≈ −1.0000"
    assert solution["yhat[1]"].decimal(9) == "-1.000000000"


def test_parts_that_are_not_shown_are_listed_as_known() -> None:
    text = handcalc.solve(UNWELL, show="gradients").text()
    assert "Known from before" in text
    assert "  p[1] = 0.76852…\n" in text
    assert "Forward pass" not in text


def test_large_values_are_written_with_a_power_of_ten() -> None:
    solution = handcalc.solve({"inputs": [1], "layers": [{"softmax": [[60], [59]]}]})
    assert solution["e[1]"].decimal() == "1.1420·10^26"
    assert "·10^26" in line(solution, "S")


def test_a_later_pass_in_rounded_carry_sees_its_own_sample_and_count() -> None:
    online = {
        "inputs": [[1, 0], [0, 1]],
        "layers": [{"linear": [0, 0]}],
        "target": [1, 2],
        "loss": "half squared error",
    }
    perceptron = handcalc.solve(online | {"batch": "online", "learning rate": 1, "carry": "rounded"})
    assert perceptron["W[u=2][1,2]"].decimal() == "2"
    adam = {"circuit": "f = w^2", "inputs": {"w": 1}, "optimiser": "adam", "learning rate": "0.1", "steps": 2}
    rounded = handcalc.solve(adam | {"rounding": {"decimals": 12, "carry": "rounded"}})
    assert rounded["mhat(w[u=2])"].decimal(6) == handcalc.solve(adam)["mhat(w[u=2])"].decimal(6) == "1.894737"


def test_given_scores_and_predictions_have_slopes() -> None:
    softmax = {"layers": ["softmax"], "target": "class 2", "loss": "cross-entropy"}
    solution = handcalc.solve(softmax | {"scores": [0, 0, 0]})
    assert [solution[f"dL/dz[{k}]"].decimal(2) for k in (1, 2, 3)] == ["0.33", "-0.67", "0.33"]
    several = handcalc.solve(softmax | {"scores": [[0, 0], [0, 0]], "target": ["class 2", "class 1"]})
    gradients = [line.key for line in several.lines if line.key.startswith("d")]
    assert gradients == [f"dL[s={s}]/dz[s={s}][{k}]" for s in (1, 2) for k in (1, 2)]
    assert several["dL[s=2]/dz[s=2][2]"].decimal(1) == "0.5"
    error = handcalc.solve({"predictions": [3, 1], "target": [1, 1], "loss": "squared error"})
    assert error["dL/dyhat[1]"].decimal(0) == "4"


def test_the_last_column_may_weigh_a_constant_of_minus_one() -> None:
    step = {"inputs": [2, 3], "layers": [{"linear": [1, 1, 4], "bias": "last column of -1"}]}
    assert handcalc.solve(step)["yhat[1]"].decimal(0) == "1"
