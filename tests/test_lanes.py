"""Lanes against exact work: values, accepted intervals, and whether a mistake shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from oracles.exercises import exercise
from oracles.ordinary import network, solved
from oracles.test_pairs import ROWS
from published.figures import EXAMPLES
from test_examples import FILES
from test_slip import NETWORKS
from test_tolerance import ROUNDINGS

import handcalc
from handcalc.api import solve_all
from handcalc.derive.certify import CannotDecide
from handcalc.derive.functions import Impossible
from handcalc.derive.lane_places import Places
from handcalc.derive.lanes import Lanes, Seen, lanes_of
from handcalc.derive.passes import NumericPass
from handcalc.derive.slip import Slip, _value_with, _worked_from, certified_shows, slips
from handcalc.derive.solution import Solution
from handcalc.derive.span import ends
from handcalc.derive.tape import Undecided
from handcalc.derive.tolerance import accepted

Floats = NDArray[np.float64]


def as_float(x: Any) -> float:
    low, high = ends(x)
    middle = (low + high) / 2
    return int(middle.p) / int(middle.q)


def made(worked: NumericPass, n: int = 1) -> tuple[Lanes, Floats]:
    """The lanes of a pass, and the values of n lanes with its given numbers."""
    lanes = lanes_of(worked.program, worked.network.rounding)
    numbers = np.array([[as_float(x)] for x in worked.values[: worked.program.first]])
    return lanes, lanes.values(numbers.repeat(n, axis=1))


def numeric(solutions: Iterator[Solution]) -> Iterator[NumericPass]:
    return (one for solution in solutions for one in solution.passes if isinstance(one, NumericPass))


def check_values(worked: NumericPass) -> None:
    _, values = made(worked)
    expected = np.array(list(map(as_float, worked.values)))
    assert values[:, 0] == pytest.approx(expected, rel=1e-9, abs=1e-14)


def check_spans(worked: NumericPass, counts: Counter[str]) -> None:
    """The interval of a lane holds the exact one; `counts` says how often it is wider."""
    lanes, values = made(worked)
    low, high = lanes.spans(values)
    for slot, interval in enumerate(accepted(worked).values()):
        least, most = as_float(interval.least), as_float(interval.most)
        key = worked.program.slots.quantities[slot].key
        assert low[slot, 0] <= least, (key, low[slot, 0], least)
        assert high[slot, 0] >= most, (key, high[slot, 0], most)
        size = max(abs(least), abs(most))
        counts["as exact" if high[slot, 0] - low[slot, 0] <= most - least + 1e-10 * size else "wider"] += 1


def check_slips(worked: NumericPass, asked: Sequence[int], counts: Counter[str]) -> None:
    """What shows in a lane shows in exact work, what is idle doesn't; `counts` says how often lanes are in doubt."""
    lanes, values = made(worked)
    seen = lanes.slips_seen(values, *lanes.spans(values), asked)
    for n, slip in enumerate(seen.slips):
        exactly = certified_shows(worked, slip, asked)
        found = [name for name in ("shows", "near", "idle", "collides") if getattr(seen, name)[n, 0]]
        assert len(found) == 1, (slip.code, slip.key, found)
        assert exactly or found != ["shows"] or is_open(worked, slip), (slip.code, slip.key)
        assert not exactly or found != ["idle"], (slip.code, slip.key)
        counts["in doubt" if found == ["near"] or exactly != (found == ["shows"]) else "decided"] += 1


def is_open(worked: NumericPass, slip: Slip) -> bool:
    """Whether a ball that holds 0 leaves open which case applies later on: exact work says nothing then."""
    slot = worked.program.slots.number[slip.quantity]
    try:
        return not list(_worked_from(worked, slot, _value_with(worked, slip), None))
    except Undecided:
        return True


def lines(worked: NumericPass, every: int = 1) -> range:
    return range(worked.program.first, len(worked.values), every)


@pytest.mark.parametrize("file", [*FILES, *sorted(EXAMPLES.glob("*.yaml"))], ids=lambda file: file.stem)
def test_examples(file: Path) -> None:
    """A float is right to nine digits; what is printed with twelve is left to exact work."""
    counts: Counter[str] = Counter()
    for worked in numeric(iter(solve_all(file).values())):
        check_values(worked)
        check_spans(worked, counts)
        check_slips(worked, lines(worked), counts)
        check_slips(worked, lines(worked, 5), counts)
    assert counts["in doubt"] <= 0.25 * counts["decided"]


CONSTANT = 61
"""Where a step is a number whatever is given."""


@pytest.mark.parametrize("seed", [CONSTANT, *range(0, len(ROWS), 24)])
def test_networks_of_all_options(seed: int) -> None:
    try:
        solution = handcalc.solve(exercise(ROWS[seed], seed))
    except (Impossible, CannotDecide):  # an update has no value, or a digit stays open
        return
    counts: Counter[str] = Counter()
    for worked in numeric(iter([solution])):
        check_values(worked)
        check_spans(worked, counts)
        check_slips(worked, lines(worked, 3), counts)
    assert counts["wider"] <= 0.1 * counts["as exact"]
    assert counts["in doubt"] <= 0.1 * counts["decided"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(ROUNDINGS))
def test_an_interval_of_a_lane_holds_the_exact_one(seed: int, rounding: dict[str, Any]) -> None:
    counts: Counter[str] = Counter()
    worked = solved(seed, **rounding).first
    assert isinstance(worked, NumericPass)
    check_values(worked)
    check_spans(worked, counts)
    assert counts["wider"] <= 0.1 * counts["as exact"]


def test_an_interval_of_a_lane_is_the_exact_one_nearly_always() -> None:
    counts: Counter[str] = Counter()
    for seed in range(40):
        check_spans(first(seed, 4), counts)
    assert counts["wider"] <= 0.002 * counts["as exact"]


@lru_cache
def first(seed: int, decimals: int) -> NumericPass:
    worked = handcalc.solve(network(seed, decimals=str(decimals))).first
    assert isinstance(worked, NumericPass)
    return worked


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(ROUNDINGS), st.integers(1, 9))
@example(1172, {"decimals": 2}, 4)
def test_no_mistake_shows_that_exact_work_takes_for_right(seed: int, rounding: dict[str, Any], every: int) -> None:
    counts: Counter[str] = Counter()
    worked = solved(seed, **rounding).first
    assert isinstance(worked, NumericPass)
    check_slips(worked, lines(worked, every), counts)
    assert counts["in doubt"] <= 0.1 * counts["decided"]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_mistake_that_has_a_slip_shows(name: str) -> None:
    """The list of slips is made otherwise: of two that look alike it holds one."""
    solution = handcalc.solve(NETWORKS[name])
    worked = solution.first
    assert isinstance(worked, NumericPass)
    lanes, values = made(worked)
    seen = lanes.slips_seen(values, *lanes.spans(values), lines(worked))
    shown = {(slip.code, slip.key) for n, slip in enumerate(seen.slips) if (seen.shows | seen.near)[n, 0]}
    listed = {(slip.code, slip.key) for slip in slips(solution)}
    assert listed
    assert listed <= shown


TENTHS = (-9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9)


def wave(exercise: dict[str, Any], n: int, asked: str = "", fixed: str = "") -> tuple[Lanes, Seen, Floats]:
    """n candidates, in which weights, biases and inputs are tenths; of names that begin with `fixed` all are alike."""
    worked = handcalc.solve(exercise).first
    assert isinstance(worked, NumericPass)
    lanes, values = made(worked, n)
    random, program = np.random.default_rng(7), worked.program
    for slot, q in enumerate(program.slots.quantities[: program.first]):
        if q.letter in "Wbx" and not (fixed and q.key.startswith(fixed)):
            values[slot] = random.choice(TENTHS, n) / 10
    values = lanes.values(values[: program.first])
    slots = [i for i in lines(worked) if program.slots.quantities[i].key.startswith(tuple(asked.split()) or ("",))]
    return lanes, lanes.slips_seen(values, *lanes.spans(values), slots), values


NETWORK = NETWORKS["classic"] | {"show": ["gradients", "update"]}


def invisible(exercise: dict[str, Any], **how: str) -> set[tuple[str, str]]:
    _, seen, _ = wave(exercise, 300, **how)
    return {(seen.slips[n].code, seen.slips[n].key) for n in seen.invisible}


def test_what_can_t_show_is_found() -> None:
    rate = {("rate-left-out", key) for key in ("W1[u=1][1,1]", "b2[u=1][2]")}
    assert rate <= invisible(NETWORK | {"learning rate": "1"})
    assert not rate & invisible(NETWORK)
    codes = {code for code, _ in invisible(NETWORK | {"optimiser": "momentum"})}
    assert "velocity-forgotten" in codes  # it is 0 before the first update
    assert {code for code, key in invisible(NETWORK, asked="z1 a1") if key.startswith("dL")} >= {"slope-left-out"}
    zero = NETWORK | {"layers": [NETWORK["layers"][0], NETWORK["layers"][1] | {"bias": [0, 0]}]}
    assert ("bias-forgotten", "z2[1]") in invisible(zero, fixed="b2")


def test_where_its_line_is_not_asked_a_mistake_shows_at_a_later_one() -> None:
    lanes, seen, values = wave(NETWORK, 300, asked="W1[u=1]")
    found = [n for n, slip in enumerate(seen.slips) if (slip.code, slip.key) == ("bias-forgotten", "z1[1]")]
    assert seen.shows[found].mean() > 0.5
    after = [n for n, slip in enumerate(seen.slips) if slip.key.startswith(("W2[u=1]", "b2[u=1]"))]
    assert after
    assert not (seen.shows | seen.near)[after].any()
    slot = lanes.slots[found[0]]
    again = lanes.again(slot, seen.wrong[found], values, lanes.after[slot])
    changed = values.copy()
    changed[slot] = seen.wrong[found[0]]
    a1 = lanes.program.slots.number[handcalc.solve(NETWORK).quantity("a1[1]")]
    assert again[a1][0] == pytest.approx(1 / (1 + np.exp(-changed[slot])), rel=1e-12)


def test_each_mistake_shows_somewhere() -> None:
    _, seen, _ = wave(NETWORK, 300)
    by_code = seen.by_code(seen.invisible)
    assert by_code.keys() == {slip.code for n, slip in enumerate(seen.slips) if n not in seen.invisible}
    assert by_code["bias-forgotten"].all()
    assert not by_code["transposed-forward"].all() or by_code["transposed-forward"].mean() > 0.9


def test_a_dead_unit_hides_a_mistake_and_that_is_no_collision() -> None:
    relu = NETWORK | {"layers": [{"relu": NETWORK["layers"][0]["sigmoid"], "bias": ["-0.4", "0.2"]},
                                 NETWORK["layers"][1]]}  # fmt: skip
    lanes, seen, values = wave(relu, 300)
    number = {q.key: slot for slot, q in enumerate(lanes.program.slots.quantities)}
    dead = values[number["z1[1]"]] < 0
    assert 0.2 < dead.mean() < 0.8
    for n, slip in enumerate(seen.slips):
        if slip.key == "W1[u=1][1,1]" and slip.code in ("rate-left-out", "sign-of-step"):
            assert seen.idle[n][dead].all()
            assert not seen.idle[n][~dead].any()
    assert not (seen.collides & seen.idle).any()


def test_what_has_no_value_shows() -> None:
    _, seen, _ = wave(NETWORKS["circuit"], 50)
    assert (seen.shows | ~np.isnan(seen.wrong)).all()


def test_a_wave_gives_what_each_of_its_lanes_gives_alone() -> None:
    for rounding in ROUNDINGS:
        exercise = NETWORK | {"rounding": rounding}
        lanes, _, values = wave(exercise, 30)
        low, high = lanes.spans(values)
        asked = range(lanes.program.first, len(values), 4)
        seen = lanes.slips_seen(values, low, high, asked)
        for k in (0, 13, 29):
            alone = values[:, k : k + 1]
            assert np.array_equal(lanes.values(alone[: lanes.program.first]), alone)
            assert np.array_equal(np.array(lanes.spans(alone))[:, :, 0], np.array((low, high))[:, :, k])
            one = lanes.slips_seen(alone, *lanes.spans(alone), asked)
            for name in ("shows", "near", "idle"):
                assert np.array_equal(getattr(one, name)[:, 0], getattr(seen, name)[:, k])


def test_no_zero_is_left_of_what_cancels() -> None:
    worked = handcalc.solve({"inputs": ["0.1", "-1"], "layers": [{"relu": [["3", "0.3"]]}]}).first
    assert isinstance(worked, NumericPass)
    lanes, values = made(worked)
    assert 0.1 * 3 - 0.3 != 0
    assert values[worked.program.first :, 0].tolist() == [0, 0]
    assert [one[-1, 0] for one in lanes.spans(values)] == [0, 0]


@pytest.mark.parametrize(
    ("x", "places", "figures", "cut", "keeps", "expected"),
    [
        ("0.12345", 4, False, False, False, "0.1235"), ("-0.12345", 4, False, False, False, "-0.1235"),
        ("0.12345", 4, False, True, False, "0.1234"), ("0.99996", 3, True, False, False, "1"),
        ("0.00043856", 3, True, False, False, "0.000439"), ("12345678901.5", 4, False, False, False, "12346000000"),
        ("0.00004", 4, False, False, False, "0"), ("0.0000412345", 4, False, False, True, "0.00004123"),
        ("0.999991234", 4, False, False, True, "0.999991234"), ("0.99999123456", 4, False, False, True, "0.999991235"),
        ("1.2", 3, False, True, False, "1.2"), ("0.3", 2, False, True, False, "0.3"), ("0", 3, True, False, True, "0"),
    ],
)  # fmt: skip
def test_a_number_is_rounded_as_on_paper(
    x: str, places: int, figures: bool, cut: bool, keeps: bool, expected: str
) -> None:
    one = Places(places, figures, cut, (0, 1) if keeps else None, decimal=True)
    assert one.rounded(np.array([float(x)]), keeps=keeps)[0] == pytest.approx(float(expected), rel=1e-14)
