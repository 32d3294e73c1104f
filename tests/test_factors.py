"""One gradient as a product of factors: which factors there are, their values, and what the sheet says of them."""

from math import prod
from pathlib import Path

import pytest

from handcalc import NetworkFileError, solve
from handcalc.derive.solution import Solution
from handcalc.formula.look import Notation, look
from handcalc.formula.quantity import gradient, read_key
from handcalc.network import Network
from handcalc.render.text import text
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import blanks
from handcalc.sheet.parts import Answer, Sheet, Working
from handcalc.sheet.picture import Picture
from handcalc.sheet.student import answers, student_sheet

HOME = Path(__file__).parent.parent
PRESSURE = HOME / "examples" / "quizzes" / "pressure.yaml"
NEURON = {
    "inputs": [1, 0.5],
    "layers": [{"tanh": [[0.5, -0.2], [0.1, 0.3]], "bias": [0.1, 0]}, {"sigmoid": [[1, -1]], "bias": 0.1}],
    "target": 1,
    "loss": "half squared error",
    "learning rate": 0.5,
    "form": "factors",
}
CHAIN = ["dL/dyhat[1]", "dyhat[1]/dz2[1]", "dz2[1]/da1[1]", "da1[1]/dz1[1]", "dz1[1]/dW1[1,1]"]


def made(**keys: object) -> Solution:
    return solve(Network(**{**NEURON, **keys}))


def factors(solution: Solution) -> list[str]:
    return [line.key for line in solution.lines if line.step.stage == "gradients"]


def lines(sheet: Sheet, heading: str) -> list[str]:
    (section,) = (one for one in sheet.sections if one.heading == heading)
    return [line.key for part in section.parts if isinstance(part, Working) for line in part.lines]


def test_one_way_has_a_factor_for_each_step_from_the_loss_to_the_weight() -> None:
    assert factors(made()) == [*CHAIN, "dL/dW1[1,1]"]


def test_the_product_of_the_factors_is_the_gradient_of_the_backward_pass() -> None:
    solution, plain = made(), made(form="steps")
    assert prod(float(solution[key]) for key in CHAIN) == pytest.approx(float(plain["dL/dW1[1,1]"]), rel=1e-12)
    assert solution["dL/dW1[1,1]"].decimal(10) == plain["dL/dW1[1,1]"].decimal(10)


@pytest.mark.parametrize("key", ["dL/dW1[2,1]", "dL/db1[2]", "dL/dW2[1,2]", "dL/db2[1]", "dL/dz1[2]", "dL/da1[1]"])
def test_every_gradient_is_the_product_of_its_factors(key: str) -> None:
    solution = made(ask=key)
    assert factors(solution)[-1] == key
    assert solution[key].decimal(10) == made(form="steps")[key].decimal(10)


def test_several_ways_are_added() -> None:
    solution = solve(PRESSURE)
    ends = {"dL/dyhat[1]", "dyhat[1]/dz2[1]", "dz2[1]/da1[1]", "dL/dyhat[2]", "dyhat[2]/dz2[2]", "dz2[2]/da1[1]"}
    shared = {"da1[1]/dz1[1]", "dz1[1]/dW1[1,2]"}
    assert set(factors(solution)) == ends | shared | {"dL/dW1[1,2]"}
    assert len(factors(solution)) == 9
    plain = solve(Network(**{**solution.network.as_dict(), "form": "steps", "ask": "L"}))
    assert solution["dL/dW1[1,2]"].decimal(10) == plain["dL/dW1[1,2]"].decimal(10)


def test_a_quoted_slope_is_one_factor() -> None:
    layers = [{"relu": [[1, 2]]}, {"softmax": [[1], [-1]]}]
    solution = made(layers=layers, target=[1, 0], loss="cross-entropy")
    assert [key for key in factors(solution) if "dL" in key] == ["dL/dz2[1]", "dL/dz2[2]", "dL/dW1[1,1]"]


def test_minus_gradients_have_their_sign_in_the_first_factor() -> None:
    solution, plain = made(notation={"sign": "y - p"}), made(notation={"sign": "y - p"}, form="steps")
    assert factors(solution)[0] == "-dL/dyhat[1]"
    assert solution["-dL/dW1[1,1]"].decimal(10) == plain["-dL/dW1[1,1]"].decimal(10)


def test_a_circuit_has_factors_gate_by_gate() -> None:
    inputs = {"x": -2, "y": 5, "z": -4}
    with pytest.raises(NetworkFileError, match="way of its own to the loss beside others"):
        solve(Network(circuit="q = x + y\nr = q*z\nf = r + q", inputs=inputs, form="factors"))
    solution = solve(Network(circuit="q = x + y\nr = q*z/10\nf = tanh(r)", inputs=inputs, form="factors"))
    assert float(solution["df/dx"]) == pytest.approx(prod(float(solution[key]) for key in factors(solution)[:-1]))
    assert text(compose(solution))


def test_a_local_slope_never_looks_like_a_delta() -> None:
    local = gradient(read_key("yhat[1]"), read_key("z2[1]"))
    delta = gradient(read_key("L"), read_key("z2[1]"))
    assert look(local, Notation(gradients="delta")) == look(local)
    assert look(delta, Notation(gradients="delta")) != look(delta)


def test_the_key_has_the_product_in_letters_the_factors_and_the_product_in_numbers() -> None:
    key = compose(made())
    assert lines(key, "The chain rule") == ["dL/dW1[1,1]"]
    assert lines(key, "The factors") == CHAIN
    assert lines(key, "The product") == ["dL/dW1[1,1]"]
    written = text(key)
    assert "dL/dyhat[1]·dyhat[1]/dz2[1]·dz2[1]/da1[1]·da1[1]/dz1[1]" in written
    assert "W1[1,1] changes L by way of z1[1], a1[1], z2[1], yhat[1]." in " ".join(written.split())


@pytest.mark.parametrize(("carry", "said"), [("exact", "comes to the same"), ("rounded", "rounds other results")])
def test_the_check_compares_with_the_backward_pass(carry: str, said: str) -> None:
    solution = made(carry=carry, decimals=4, ask="dL/dW1[2,1]")
    (answer,) = (part for part in compose(solution).sections[-1].parts if isinstance(part, Answer))
    assert said in answer.words[0]  # type: ignore[operator]
    plain = made(carry=carry, decimals=4, form="steps")
    assert plain["dL/dW1[2,1]"].decimal() in text(Sheet("", (answer,), ())).replace("−", "-")


def test_the_way_is_drawn() -> None:
    (picture,) = (part for part in compose(made()).sections[0].parts if isinstance(part, Picture))
    (plain,) = (part for part in compose(made(form="steps")).sections[0].parts if isinstance(part, Picture))
    assert picture != plain


def test_every_factor_is_a_blank_and_an_answer() -> None:
    solution = solve(PRESSURE)
    sheet = student_sheet(solution)
    assert set(factors(solution)) <= set(blanks(sheet))
    written = text(sheet)
    hidden = {solution[key].decimal().lstrip("-") for key in factors(solution)} - {"1.2000", "2.0000", "1.0000"}
    assert not [one for one in hidden if one in written]
    assert all(key in text(answers(solution)) for key in factors(solution))
    assert not any(isinstance(part, Answer) for section in sheet.sections for part in section.parts)


def test_factors_can_be_asked_one_by_one() -> None:
    solution = made(ask=["dL/dW1[1,1]", "da1[1]/dz1[1]"])
    assert blanks(student_sheet(solution)) == ("da1[1]/dz1[1]", "dL/dW1[1,1]")


def test_the_question_names_what_is_asked() -> None:
    sheet = student_sheet(made(ask="dL/dW1[2,1]"), 4)
    written = " ".join(text(sheet).split())
    assert "c) Work out the factors of the chain rule and their product: dL/dyhat[1]" in written
    assert "dL/dW1[2,1] (6 marks)" in written


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"inputs": [[1, 2], [3, 4]], "target": [1, 0]}, "form: factors are those of one sample"),
        ({"regularisation": "l2"}, "form: factors are those of the loss alone"),
        ({"update order": "in place"}, "form: factors are those of a gradient, in which all weights are the old ones"),
        ({"show": "forward"}, "form: factors are those of a gradient, and there is none"),
        ({"ask": "dL/dyhat[1]"}, r"ask: dL/dyhat\[1\] is one factor, and no product"),
        ({"layers": [{"tanh": [[0.1, 0.2]] * 3}, {"tanh": [[0.1] * 3] * 3}, {"linear": [[1] * 3] * 3}],
          "target": [1, 1, 1]}, "form: more than 8 routes lead from"),
    ],
)  # fmt: skip
def test_what_has_no_factors_is_said(keys: dict[str, object], said: str) -> None:
    with pytest.raises(NetworkFileError, match=said):
        made(**keys)


def test_the_conventions_of_other_sheets_are_kept() -> None:
    solution = made(notation="delta", language="de", statements="matrix", show=["gradients"])
    key = text(compose(solution))
    assert "Die Faktoren" in key
    assert "Schon bekannt" in key
    assert "Vorwärtsrechnung" not in key
    assert text(student_sheet(solution)).count("0.578641…") == 1  # what is known from before is no blank
