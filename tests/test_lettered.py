"""Answers in letters: right however they are written, followed, and mistakes named, as with numbers."""

from __future__ import annotations

from typing import Any

import pytest
from flint import fmpq

import handcalc
from handcalc.derive.slip import Slip, possible
from handcalc.derive.solution import Solution
from handcalc.formula.notation import written
from handcalc.formula.quantity import Quantity
from handcalc.mark.judged import sentence
from handcalc.mark.marking import mark, names_of
from handcalc.mark.reading import read_answer
from handcalc.mark.same import points
from handcalc.mark.scheme import Scheme
from handcalc.mark.verdict import CannotMark, Marking
from handcalc.quiz.jobs import asked_of
from handcalc.render.text import plain
from handcalc.sheet.asked import Asked

NEURON: dict[str, Any] = {
    "inputs": ["x", "2"], "letters": ["x", "w", "b"], "layers": [{"sigmoid": [["w", "0.5"]], "bias": ["b"]}],
    "target": ["1"], "loss": "mse", "learning rate": "0.1",
}  # fmt: skip
RELU = {"inputs": ["x", "1.5"], "letters": ["x", "w"], "layers": [{"relu": [["w", "-0.4"], ["0.3", "x"]]}]}
ROUNDED = {"inputs": ["0.35"], "letters": ["w"], "layers": [{"sigmoid": [["1"]]}, {"linear": [["w"]]}]}
DEEP = {
    "inputs": ["x"], "letters": ["x", "y", "v"],
    "layers": [{"tanh": [["0.3"], ["-0.7"]]}, {"softmax": [["0.5", "v"], ["1", "-1"]]}],
    "target": ["y", "0"], "loss": "cross-entropy",
}  # fmt: skip


def solved(network: dict[str, Any]) -> tuple[Solution, dict[str, str]]:
    """With what the key says of every line."""
    solution = handcalc.solve(network)
    return solution, {one["key"]: one["value"] for one in asked_of(solution, 3)}


def marked(network: dict[str, Any], typed: dict[str, str | None], scheme: Scheme | None = None) -> Marking:
    """The key's answers with others in their place; None leaves a line blank."""
    solution, key = solved(network)
    assert typed.keys() <= key.keys(), key
    texts = {name: text for name, text in {**key, **typed}.items() if text is not None}
    read = {name: read_answer(text, letters=names_of(solution)) for name, text in texts.items()}
    return mark(solution, read, scheme or Scheme(), Asked(solution, 3))


def codes(marking: Marking) -> dict[str, str]:
    return {one.key: one.code for one in marking if one.code != "correct"}


@pytest.mark.parametrize("network", [NEURON, RELU, ROUNDED, DEEP])
def test_the_key_has_full_marks(network: dict[str, Any]) -> None:
    marking = marked(network, {})
    assert codes(marking) == {}
    assert marking.marks == marking.out_of > 0


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("z[1]", "1 + b + wx"),
        ("z[1]", "w*x+2·0.5+b"),
        ("z[1]", "W[1,1]*x[1] + 0.5*x[2] + b[1]"),
        ("z[1]", "w_1 x_1 + 1 + b"),
        ("yhat[1]", "σ(wx + b + 1)"),
        ("yhat[1]", "sigmoid(z)"),
        ("yhat[1]", "e^z/(1+e^z)"),
        ("L", "(1-ŷ)^2"),
        ("L", "1 - 2ŷ + ŷ²"),
        ("dL/dz[1]", "2(ŷ-1)ŷ(1-ŷ)"),
        ("dL/dz[1]", "2(yhat - 1)(yhat - yhat^2)"),
        ("dL/dW[1,1]", "dL/dz * x"),
        ("dL/dW[1,1]", "∂L/∂z · x_1"),
        ("W[u=1][1,1]", "w - 0.2x(ŷ-1)ŷ(1-ŷ)"),
        ("z[u=1][1]", "x·w_1' + 2w_2' + b'"),
        ("z[u=1][1]", "x·W[1,1]' + 2w₂′ + b[1]'"),
        ("L[u=1]", "(1-ŷ')^2"),
        ("L[u=1]", "(1 - \\hat{y}')^2"),
        ("L[u=1]", "(1 - y\u0302′)²"),
        ("dL/dz[1]", "∂L/∂ŷ · ŷ(1-ŷ)"),
    ],
)
def test_the_same_expression_however_it_is_written(key: str, text: str) -> None:
    assert codes(marked(NEURON, {key: text})) == {}


def test_a_prime_is_no_transposition() -> None:
    for text in ("\\hat{y}'", "yhat[1]'"):
        marking = marked(NEURON, {"yhat[u=1][1]": "σ(z')", "L[u=1]": f"{text}"})
        assert marking["L[u=1]"].text == text
        assert marking["L[u=1]"].elsewhere == Quantity("yhat", index=(1,), context=(("u", 1),))


def test_constants_may_be_rounded_as_the_sheet_says() -> None:
    """σ(0.35) = 0.58661…"""
    for text, code in (("0.5866w", "correct"), ("0.58662·w", "correct"), ("w/(1+e^-0.35)", "correct"),
                       ("0.587w", "wrong"), ("0.5867w", "wrong")):  # fmt: skip
        assert marked(ROUNDED, {"yhat[1]": text})["yhat[1]"].code == code, text


def test_later_lines_follow_from_an_own_expression() -> None:
    marking = marked(NEURON, {"z[1]": "wx + b + 5", "yhat[1]": "σ(wx+b+5)"})
    assert codes(marking) == {"z[1]": "wrong", "yhat[1]": "follows"}
    assert marking.marks == marking.out_of - 1
    said = sentence(solved(NEURON)[0], marking["yhat[1]"].sentence())
    assert said == "Correct from your earlier z[1] = wx + b + 5: that gives σ(wx+b+5) here."


def test_names_stand_for_the_own_values_as_well() -> None:
    """(ŷ − 1)ŷ(1 − ŷ), where the factor 2 has been lost before."""
    marking = marked(NEURON, {"dL/dyhat[1]": "ŷ - 1", "dL/dz[1]": "(ŷ-1)ŷ(1-ŷ)"})
    assert codes(marking) == {"dL/dyhat[1]": "mistake", "dL/dz[1]": "follows"}


def test_a_mistake_is_told_in_letters() -> None:
    marking = marked(NEURON, {"z[1]": "w x + 1"})
    assert sentence(solved(NEURON)[0], marking["z[1]"].sentence()) == (
        "You get this expression if the bias is left out: z[1] = w·x + 0.5·2. Expected: w·x + b[1] + 1."
    )
    marking = marked(NEURON, {"z[1]": "w*x - b + 1"})
    assert sentence(solved(NEURON)[0], marking["z[1]"].sentence()) == (
        "You get this expression if one term has the other sign: z[1] = w·x + 0.5·2 − b[1]. Expected: w·x + b[1] + 1."
    )


def slips(network: dict[str, Any]) -> list[Slip]:
    solution, key = solved(network)
    return [one for one in possible(solution.run.shape, solution.first.turn) if one.key in key]


@pytest.mark.parametrize(
    ("network", "slip"),
    [(network, slip) for network in (NEURON, DEEP) for slip in slips(network)],
    ids=lambda one: f"{one.key} {one.code}" if isinstance(one, Slip) else "",
)
def test_every_mistake_is_named_in_its_line(network: dict[str, Any], slip: Slip) -> None:
    """Where it changes anything: whatever is written in its place is the wrong formula itself."""
    marking = marked(network, {slip.key: plain(written(slip.wrong.formula))})
    verdict = marking[slip.key]
    if verdict.code != "correct":
        assert (slip.operation.name, slip.code) in [fit.name for fit in verdict.fits]
        assert marking.marks == marking.out_of - 1


def test_what_names_itself_or_a_later_line_is_not_read() -> None:
    for key, text in (("L", "L"), ("dL/dz[1]", "dL/db[1]"), ("z[1]", "ln(ŷ/(1-ŷ))")):
        verdict = marked(NEURON, {key: text})[key]
        assert verdict.code == "unreadable", text
        assert verdict.problem is not None
        assert "is not worked out yet here" in verdict.problem.sentence


def test_a_skipped_line_is_done() -> None:
    assert codes(marked(NEURON, {"z[1]": None})) == {"z[1]": "done"}


def test_an_expression_has_no_number_of_digits() -> None:
    assert codes(marked(NEURON, {}, Scheme(strict="decimals"))) == {}


def test_something_added_that_is_0_at_a_point_is_wrong() -> None:
    at = "(w - 3/7)(w - 31/11)(w + 3/7)"
    verdict = marked({**NEURON, "letters": ["w"], "inputs": ["1", "2"], "layers": [{"linear": [["w", "0.5"]]}]},
                     {"z[1]": f"w + 1 + {at}"})["z[1]"]  # fmt: skip
    assert verdict.code == "wrong"


def test_what_is_too_long_is_left_to_a_person() -> None:
    names = [f"x{n}" for n in range(1, 13)]
    network = {"inputs": names, "letters": names, "layers": [{"tanh": [["0.3"] * 12]}, {"tanh": [["0.5"]]}]}
    verdict = marked(network, {"yhat[1]": "0*(" + "+".join(["a1[1]"] * 30) + ")+tanh(z2[1])"})
    assert (verdict["yhat[1]"].code, verdict["yhat[1]"].marks) == ("undecided", fmpq(0))


def test_what_agrees_at_all_points_and_is_another_expression_is_left_to_a_person() -> None:
    """Whoever knows the points adds what is 0 there; nothing else proves nor rules out that these are the same."""
    network = {"inputs": ["1"], "letters": ["w"], "layers": [{"linear": [["w"]]}], "show": ["forward"]}
    letter = Quantity("w")
    zero = "*".join(f"(w-({at[letter]}))" for at in points((letter,)))
    assert marked(network, {"yhat[1]": f"w + {zero}"})["yhat[1]"].code == "undecided"


def test_what_has_no_value_at_any_point_is_told() -> None:
    network = {"inputs": {"x": "x"}, "letters": ["x"], "circuit": "y = ln(0 - x^2 - 1)"}
    solution = handcalc.solve(network)
    with pytest.raises(CannotMark, match="by hand"):
        mark(solution, {}, asked=Asked(solution, 3))
