"""Network files over every option, all pairs of options: every value, gradient and update against PyTorch.

One that fails is made again by `exercise(ROWS[seed], seed)`.
"""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import Any

import pytest

import handcalc
from oracles.check import Around, Checker, ExactCarry, RoundedCarry, given, remark_is_true
from oracles.conventions import Convention
from oracles.exercises import FACTORS, exercise, legal
from oracles.networks import Network
from oracles.numbers import Intervals
from oracles.pairs import AllPairs
from oracles.passes import PassesTruth, open_ranges, sections_of
from oracles.sheets import SECONDS, Sheet, within
from oracles.test_values import torch_or_skip
from oracles.torch_net import TorchNet

PLAN = AllPairs(FACTORS, legal, seed=1)
ROWS = PLAN.rows
FAR_AWAY = 1e-9
NO_STEP = "asks for a division by 0"
"""AdaMax divides by the largest gradient of late, which is 0 behind a dead unit."""


def test_every_two_options_that_go_together_are_drawn_together(counts: Counter[str]) -> None:
    covered = set().union(*map(PLAN.covered, ROWS))
    assert all(legal(row) for row in ROWS)
    assert covered == PLAN.pairs
    assert not any(legal(dict(pair)) and PLAN.completed(pair) for pair in PLAN.impossible)
    counts["pairs of options"] += len(covered)


def in_exact_carry(made: Network) -> Network:
    whole = {key: value for key, value in made.items() if key != "show"}
    return whole | {"rounding": {**made["rounding"], "carry": "exact"}}


def solved(made: Network, counts: Counter[str]) -> Any:
    """The solution; None where an update has no value, or a digit can't be decided."""
    try:
        with within(SECONDS):
            return handcalc.solve(made)
    except handcalc.HandcalcError as error:
        if NO_STEP in str(error):
            assert "adamax" in made["optimiser"]
            counts["networks whose update has no value"] += 1
        elif type(error).__name__ == "CannotDecide":
            counts["networks with a digit that can't be decided"] += 1
        else:
            raise
    return None


@pytest.mark.parametrize("seed", range(len(ROWS)))
def test_values_gradients_and_updates_are_those_of_torch(seed: int, counts: Counter[str]) -> None:
    torch = torch_or_skip()
    made = in_exact_carry(exercise(ROWS[seed], seed))
    solution = solved(made, counts)
    if solution is None:
        return
    net = TorchNet(torch, made)
    wrong = []
    for key in solution:
        value = net.fixed[key] if key in net.fixed else 1.0 if key == "t" else net.value(key)
        if float(solution[key]) != pytest.approx(value, rel=FAR_AWAY, abs=1e-11):
            wrong.append(f"{key} is {float(solution[key])!r}, by PyTorch {value!r}")
    counts["networks of all options"] += 1
    counts["values compared with PyTorch"] += len(solution)
    counts["updates made by torch.optim as well"] += net.steps_of_torch
    assert not wrong, f"network {seed}: {made}\n" + "\n".join(wrong[:10])


@pytest.mark.parametrize("seed", range(len(ROWS)))
def test_every_line_follows_from_the_digits_printed_on_it(seed: int, counts: Counter[str]) -> None:
    made = exercise(ROWS[seed], seed)
    one = sheet(made, counts)
    if one is None:
        return
    checker = checker_of(made)
    wrong: list[str] = []
    sections = sections_of(one.text)
    for update, known, lines in sections:
        checker.operand |= known | {"t": given(str(update + 1))}
        if isinstance(checker, ExactCarry):
            checker.truth.values["t"] = checker.truth.mp.mpf(update + 1)
            checker.intervals = Intervals(Around(checker.truth))
        for line in lines:
            said = checker.line(line)
            wrong += [said] if said else []
            if isinstance(checker, ExactCarry) and not remark_is_true(line, checker):
                wrong.append(f"remark of {line.key}")
    read = [line.key for _, _, lines in sections for line in lines]
    differ = next((pair for pair in zip_longest(read, wanted(one)) if pair[0] != pair[1]), None)
    assert not differ, f"network {seed}: {made}\n{differ}"
    counts["lines of all options"] += len(read)
    assert not wrong, f"network {seed}: {made}\n" + "\n".join(wrong[:10])


def wanted(one: Sheet) -> list[str]:
    """The keys of the lines that are asked for; what is on its scale already isn't scaled again."""
    found: dict[str, None] = {}
    for line in one.solution.lines:
        if {"scaling": "forward", "output": "forward"}.get(
            line.step.stage, line.step.stage
        ) in one.solution.network.show:
            found.setdefault(line.key)
    return list(found)


def sheet(made: Network, counts: Counter[str]) -> Sheet | None:
    """The sheet; none where an update has no value, a digit can't be decided, or rounding leads to 1/0."""
    try:
        return Sheet.of(made)
    except handcalc.HandcalcError as error:
        if "rounded to 0" in str(error) and made["rounding"]["carry"] == "rounded":
            counts["networks that rounding stops"] += 1
        elif NO_STEP in str(error) and "adamax" in made["optimiser"]:
            counts["networks whose update has no value"] += 1
        elif type(error).__name__ == "CannotDecide":
            counts["networks with a digit that can't be decided"] += 1
        else:
            raise
    return None


def checker_of(made: Network) -> Checker:
    """What an earlier line or the file says for each quantity; in exact carry every value as well."""
    updates = bool({"update", "rerun"} & set(made.get("show", ["update"])))
    given_to = made if updates else {key: value for key, value in made.items() if key != "learning rate"}
    said = TorchNet(torch_or_skip(), given_to).said
    operand = {key: given(text) for key, text in said.items()}
    convention = Convention.of(made)
    if made["rounding"]["carry"] == "rounded":
        return RoundedCarry(convention, operand, open_ranges(made))
    whole = {key: value for key, value in made.items() if key != "show"} | {"show updates": "all"}
    if not updates:
        whole = made | {"show": ["forward", "loss", "gradients"]}
    return ExactCarry(convention, operand, PassesTruth(said, sections_of(Sheet.of(whole).text)))
