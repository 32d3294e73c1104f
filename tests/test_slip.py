"""Slips: one step is wrong, the rest follows from it by the right formulas."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from oracles.by_hand import worked

import handcalc
from handcalc.derive.passes import Pass
from handcalc.derive.slip import OF_THE_PAGE, Slip, possible, slips, with_slip
from handcalc.derive.solution import Solution
from handcalc.derive.span import ends
from handcalc.ops import Operation
from handcalc.render.text import words

TWO: dict[str, Any] = {
    "inputs": ["0.5", "-1"],
    "layers": [{"sigmoid": [["0.3", "-0.6"], ["-0.1", "0.2"]], "bias": ["-0.4", "0.2"]},
               {"sigmoid": [["0.4", "-0.5"], ["-0.3", "0.8"]], "bias": ["-0.2", "0.1"]}],
    "target": ["0.9", "0.1"],
    "loss": "half squared error",
    "learning rate": "0.5",
}  # fmt: skip


def changed(hidden: str = "sigmoid", output: str = "sigmoid", **keys: Any) -> dict[str, Any]:
    first, last = TWO["layers"]
    layers = [{hidden: first["sigmoid"], "bias": first["bias"]}, {output: last["sigmoid"], "bias": last["bias"]}]
    return TWO | {"layers": layers} | {key.replace("_", " "): value for key, value in keys.items()}


HOT: dict[str, Any] = {"target": ["1", "0"]}
SAMPLES: dict[str, Any] = {"inputs": [["0.5", "-1"], ["0.2", "0.7"]], "target": [["0.9", "0.1"], ["0.2", "0.8"]]}
NETWORKS = {
    "classic": TWO,
    "softmax": changed("tanh", "softmax", loss="cross-entropy", **HOT),
    "softmax and squares": changed("relu", "softmax", loss="mean squared error", **HOT),
    "sigmoid and cross-entropy": changed("leaky relu", loss="binary cross-entropy", **HOT),
    "regression": changed("elu", "linear", loss="squared error"),
    "rounded": changed("softplus", carry="rounded", decimals=3),
    "batch": changed(loss="huber", **SAMPLES),
    "adam": changed(optimiser="adam"),
    "momentum": changed(optimiser="momentum", steps=2),
    "one after the other": changed(batch="online", epochs=1, **SAMPLES),
    "in place": changed(**{"update order": "in place"}),
    "target minus output": changed(notation={"gradients": "delta", "sign": "y - p"}),
    "circuit": {"inputs": {"x": "2", "w": "-0.5"}, "circuit": "f = exp(x*w)*ln(3*x) + x"},
}
"""Every convention that a page has a way of its own for."""


@pytest.fixture(params=NETWORKS, scope="module")
def solution(request: pytest.FixtureRequest) -> Solution:
    return handcalc.solve(NETWORKS[request.param])


def numbers(worked_out: Pass) -> dict[str, Fraction]:
    """What every quantity of a pass is, to many digits."""
    found = {}
    for slot, quantity in enumerate(worked_out.program.slots.quantities):
        middle, _ = ends(worked_out.values[slot])
        found[quantity.key] = Fraction(int(middle.p), int(middle.q))
    return found


def some(found: tuple[Slip, ...]) -> list[Slip]:
    """Each mistake once, at the last of its steps."""
    return list({slip.code: slip for slip in found}.values())


def test_only_the_formula_of_the_slip_is_another(solution: Solution) -> None:
    found = some(slips(solution))
    assert found
    for slip in found:
        wrong = with_slip(solution, slip)
        assert [line.key for line in wrong.lines] == [line.key for line in solution.lines]
        differing = [a.key for a, b in zip(wrong.lines, solution.lines, strict=True) if a.formula != b.formula]
        assert differing == [slip.key]


def test_everything_follows_from_what_the_student_has(solution: Solution) -> None:
    exactly = solution.network.carry == "exact"
    for slip in some(slips(solution)):
        wrong = with_slip(solution, slip)
        has: dict[str, Fraction] = {}
        for worked_out in wrong.passes:
            has = numbers(worked_out)
            for line in worked_out.lines:
                expected = float(worked(line.formula, lambda q: has[q.key]))  # noqa: B023
                near = 1e-9 if exactly else 0.5001 * 10**-3
                assert float(has[line.key]) == pytest.approx(expected, rel=1e-9, abs=near), (slip, line.key)


def test_a_slip_shows_at_its_own_line_and_nothing_before_it_changes(solution: Solution) -> None:
    slot_of = solution.first.program.slots.number
    for slip in some(slips(solution)):
        wrong, slot = with_slip(solution, slip).first, slot_of[slip.quantity]
        assert wrong.printed.decimal[slot] != solution.first.printed.decimal[slot]
        assert wrong.printed.decimal[:slot] == solution.first.printed.decimal[:slot]


def test_at_one_step_no_two_slips_look_alike(solution: Solution) -> None:
    found = slips(solution)
    seen = set()
    for slip in [one for one in found if "[1" in one.key][:40]:
        slot = solution.first.program.slots.number[slip.quantity]
        printed = (slip.key, with_slip(solution, slip).first.printed.decimal[slot])
        assert printed not in seen
        seen.add(printed)


def test_slips_are_the_same_every_time(solution: Solution) -> None:
    first = [(slip.key, slip.code, slip.tell()) for slip in slips(solution)]
    possible.cache_clear()
    assert [(slip.key, slip.code, slip.tell()) for slip in slips(solution)] == first


def test_the_key_says_where_the_slip_is_and_what_it_is() -> None:
    (slip,) = [one for one in slips(handcalc.solve(TWO)) if (one.code, one.key) == ("bias-forgotten", "z1[2]")]
    assert (slip.number, words(slip.sentence())) == (1, "The mistake is in the line of z1[2]: the bias is left out.")
    assert words(slip.sentence("de")) == "Der Fehler steckt in der Zeile von z1[2]: der Bias fehlt."


def test_letters_have_no_slips() -> None:
    assert slips(handcalc.solve({"inputs": ["x"], "layers": [{"sigmoid": [["0.3"]]}], "letters": ["x"]})) == ()


def test_what_nobody_would_see_is_no_slip() -> None:
    """With a learning rate of 1 leaving it out changes nothing; a bias of 0 can be left out."""
    layers = [{"sigmoid": [["0.3", "-0.6"]], "bias": ["0"]}]
    network = {"inputs": ["0.5", "-1"], "layers": layers, "target": ["0.9"], "loss": "half squared error"}
    found = {slip.code for slip in slips(handcalc.solve(network | {"learning rate": "1"}))}
    assert "bias-forgotten" not in {slip.code for slip in slips(handcalc.solve(network | {"show": ["forward"]}))}
    assert "rate-left-out" not in found
    assert "sign-of-step" in found


def test_every_mistake_of_what_these_networks_use_is_made_somewhere() -> None:
    found = [slip for network in NETWORKS.values() for slip in slips(handcalc.solve(network))]
    used = {type(slip.operation).name for slip in found}
    made = {slip.code for slip in found}
    registered = {m.code for kind in Operation.registry.values() if kind.name in used for m in kind.mistakes}
    assert (registered | {one.code for one in OF_THE_PAGE}) - made == set(NOT_HERE)
    assert {slip.number for slip in found} >= {1, 2, 4, 5, 7, 9, 11, 13, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 46}


NOT_HERE = {
    "slope-at-0": "no sum is 0",
    "t-from-0": "1 − β⁰ = 0 would be divided by",
    "beta1-for-beta2": "v is about 0 and stays so",
    "moments-forgotten": "they are 0 before the first update",
    "velocity-forgotten": "it is 0 before the first update",
    "always-squared": "no error is large",
}
"""Why a mistake can't show."""
