"""Letters first: what is derived, in which letters, and that the student sheet doesn't say it elsewhere."""

from pathlib import Path

import pytest
from leaks import leaks

import handcalc
from handcalc import NetworkFileError, solve
from handcalc.derive.opened import MOST_OPENED
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Blank, Maths
from handcalc.formula.notation import rewritten
from handcalc.formula.tree import operations, quantities
from handcalc.network import Network
from handcalc.render.text import text
from handcalc.sheet.asked import Asked
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import blanks
from handcalc.sheet.parts import Sheet, Working
from handcalc.sheet.student import student_sheet

CANDLE = Path(__file__).parent.parent / "examples" / "quizzes" / "candle.yaml"
NEURON = {
    "inputs": [1, 0.5],
    "layers": [{"sigmoid": [[0.5, -0.2], [0.1, 0.3]], "bias": [0.1, 0]}, {"sigmoid": [[1, -1]], "bias": 0.1}],
    "target": 1,
    "loss": "half squared error",
    "learning rate": 0.5,
    "form": "letters first",
}


def made(**keys: object) -> Solution:
    return solve(Network(**{**NEURON, **keys}))


def derived(sheet: Sheet) -> list[str]:
    """The derivation, line by line, as text."""
    section = next(one for one in sheet.sections if one.heading == "In letters")
    lines = [Sheet("", (Working((line,)),), ()) for part in section.parts if isinstance(part, Working)
             for line in part.lines]  # fmt: skip
    return [" ".join(text(line).split()).replace(" ·", "·") for line in lines]


def formula_blanks(sheet: Sheet) -> list[Blank]:
    found: list[Blank] = []

    def note(blank: Blank) -> Maths | None:
        if blank.size == "formula":
            found.append(blank)
        return None

    for section in sheet.sections:
        for part in section.parts:
            for line in part.lines if isinstance(part, Working) else ():
                for _, stage in line.stages:
                    rewritten(stage, Blank, note)
    return found


def test_a_gradient_is_made_of_givens_and_the_forward_pass() -> None:
    solution = made()
    gradients = {line.quantity for line in solution.lines if line.step.stage == "gradients"}
    assert all(gradients.isdisjoint(quantities(line.formula)) for line in solution.lines if line.quantity in gradients)
    assert (
        "dL/dW1[2,1] = dL/dz1[2]·x[1] = (yhat[1] − y[1])·yhat[1]·(1 − yhat[1])·W2[1,2]·a1[2]·(1 − a1[2])·x[1]"
        in derived(compose(solution))
    )


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"notation": {"sign": "y - p"}},
        {"update order": "in place"},
        {"inputs": [[1, 2], [0, 1]], "target": [1, 0]},
        {"regularisation": "l2"},
    ],
)
def test_opened_gradients_have_the_values_of_the_backward_pass(keys: dict[str, object]) -> None:
    solution, plain = made(**keys), made(**keys, form="steps")
    assert solution.keys() == plain.keys()
    assert all(solution[line.key].decimal(10) == plain[line.key].decimal(10) for line in plain.lines)


def test_a_long_gradient_keeps_its_name_in_others() -> None:
    wide = [[0.1, 0.2, -0.3]] * 3
    layers = [{"tanh": wide}, {"tanh": wide}, {"sigmoid": wide}]
    solution = made(inputs=[1, 2, 3], layers=layers, target=[1, 0, 1])
    formulas = [line.formula for line in solution.lines if line.step.stage == "gradients"]
    assert any(q.of for f in formulas for q in quantities(f))
    assert max(map(operations, formulas)) <= 2 * MOST_OPENED


def test_numbers_are_put_in_without_the_letters() -> None:
    key = text(compose(solve(CANDLE)))
    assert "dL/dz2[1] = 2.985305… − 4 ≈ −1.0147" in key
    assert key.count("(yhat[1] − y[1])·W2[1,1]·(1 − (a1[1])^2)·x[1]") == 1


@pytest.mark.parametrize("level", [1, 2, 3])
def test_what_is_to_be_derived_stands_nowhere_on_the_student_sheet(level: int) -> None:
    solution = made(show=["forward", "loss", "gradients"])
    sheet = student_sheet(solution, level)
    written = text(sheet)
    assert "yhat[1] − y[1]" not in written.partition("In letters")[2].replace("(1/2)·(yhat[1] − y[1])^2", "")
    count = sum(line.step.stage == "gradients" for line in solution.lines)
    assert len(formula_blanks(sheet)) == len(derived(sheet)) == count
    assert not any(blank.key for blank in formula_blanks(sheet))
    asked = Asked(solution, level)
    assert leaks(solution, [q.key for q in asked.made if asked.hidden(q)], written) == set()


def test_at_level_3_the_chain_rule_is_not_given_either() -> None:
    solution = made()
    assert any("= dL/dz1[2]·x[1] =" in line for line in derived(student_sheet(solution, 2)))
    assert all(line.count("=") == 1 for line in derived(student_sheet(solution, 3)))


def test_what_later_passes_do_again_is_in_numbers_too() -> None:
    written = text(student_sheet(made(steps=2, show_updates=[1, 2]), 2))
    assert "yhat[u=1][1]·(1" not in written
    assert "dL[u=1]/dz2[u=1][1] = . . ." in written


def test_what_is_asked_is_derived_alone() -> None:
    solution = made(ask="dL/dW1[2,1]")
    sheet = student_sheet(solution)
    assert [line.partition(" ")[0] for line in derived(sheet)] == ["dL/dW1[2,1]"]
    assert blanks(sheet) == ("dL/dW1[2,1]",)
    assert len(formula_blanks(sheet)) == 1
    assert "dL/dW1[2,2] = (yhat[1] − y[1])·" in text(compose(solution))


def test_a_key_of_letters_first_is_a_key_of_the_same_quantities() -> None:
    solution = handcalc.solve(CANDLE)
    found = [line.key for section in compose(solution).sections if section.heading != "In letters"
             for part in section.parts if isinstance(part, Working) for line in part.lines]  # fmt: skip
    assert found == [line.key for line in solution.lines if line.step.stage != "rerun"]


def test_level_4_asks_for_the_derivation_first() -> None:
    written = " ".join(text(student_sheet(solve(CANDLE), 4)).split())
    assert "a) Derive in letters, from the givens and the results of the forward pass: dL/dyhat, dL/dz2" in written
    assert "dL/db1 b) Work out the forward pass: z1, a1, z2, yhat (6 marks)" in written


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"inputs": [1, "a"], "letters": ["a"]}, "form: letters first puts numbers in at the end, and has none for a"),
        ({"statements": "matrix"}, "statements: letters first works line by line"),
        ({"show": "forward"}, "form: letters first derives gradients, and none is shown"),
    ],
)
def test_what_has_nothing_to_derive_is_said(keys: dict[str, object], said: str) -> None:
    with pytest.raises(NetworkFileError, match=said):
        made(**keys)


def test_a_circuit_is_derived_too() -> None:
    circuit = solve(Network(circuit="f = (x + y)*z", inputs={"x": -2, "y": 5, "z": -4}, form="letters first"))
    assert "df/dx = df/dg1 = z" in derived(compose(circuit))
