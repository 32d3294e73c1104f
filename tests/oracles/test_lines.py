"""Every printed line of random networks, read back from the text and from the LaTeX, worked out again.

The networks are drawn over the whole registry; a failing one is made again by `network(seed, kinds())`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

import handcalc
from oracles.check import NOTICED, ExactCarry, remark_is_true
from oracles.conventions import Convention
from oracles.marks import Unreadable
from oracles.networks import Network, network, with_rounding
from oracles.numbers import decimals
from oracles.sheets import NETWORKS, Sheet, kinds, truth
from oracles.text_lines import read_formula, read_line, worked


def drawn(made: Network, counts: Counter[str]) -> Sheet:
    """The solved network; of one whose rounded numbers come to ln 0 or 1/0, its forward pass.

    That is right only where an output is as good as 0 or 1.
    """
    try:
        return Sheet.of(made)
    except handcalc.HandcalcError as error:
        if "from the rounded numbers" not in str(error):
            raise
    outputs = [value for key, value in truth({**made, "carry": "exact"}).values.items() if key.startswith("p[")]
    assert made.get("rounding", made)["carry"] == "rounded"
    assert min(min(value, 1 - value) for value in outputs) < 10.0**-20
    counts["networks that rounding stops before their end"] += 1
    return Sheet.of({**made, "show": ["forward"]})


@pytest.mark.parametrize("seed", NETWORKS)
def test_every_line_can_be_read_and_follows_from_the_digits_printed_on_it(seed: int, counts: Counter[str]) -> None:
    check_every_line(seed, drawn(network(seed, kinds()), counts), counts)


@pytest.mark.parametrize("seed", NETWORKS[::3])
def test_every_line_follows_by_any_rounding_convention(seed: int, counts: Counter[str]) -> None:
    made = with_rounding(network(1_000 + seed, kinds()), seed)
    check_every_line(seed, drawn(made, counts), counts)


def check_every_line(seed: int, one: Sheet, counts: Counter[str]) -> None:
    try:
        of_text, of_latex = one.text_lines(), one.latex_lines()
    except Unreadable as unreadable:
        counts["failures"] += 1
        pytest.fail(f"network {seed}: {unreadable}")
    assert [line.key for line in of_text] == one.shown
    assert [line.key for line in of_latex] == one.shown
    checker = one.checker()
    wrong = [said for line in of_text if (said := checker.line(line))]
    for line, twin in zip(of_latex, of_text, strict=True):
        said = checker.line(replace(line, remark=twin.remark))
        wrong += [f"LaTeX: {said}"] if said else []
        if ("written exactly" in line.remark) != ("written exactly" in twin.remark):
            wrong.append(f"LaTeX: another remark at {line.key}")
    if isinstance(checker, ExactCarry):
        wrong += [f"remark of {line.key}" for line in of_text if not remark_is_true(line, checker)]
    counts["networks"] += 1
    counts["lines read from text"] += len(of_text)
    counts["lines read from LaTeX"] += len(of_latex)
    counts.update(checker.counts)
    counts["failures"] += len(wrong)
    assert not wrong, f"network {seed}:\n" + "\n".join(wrong[:10])


@pytest.mark.parametrize("seed", NETWORKS[::6])
def test_a_result_to_any_number_of_decimals_is_rounded_half_up(seed: int, counts: Counter[str]) -> None:
    made = network(seed, kinds(), carry="exact")
    solution = handcalc.solve(made)
    right = truth(made)
    checker = ExactCarry(0, {}, right)
    for key in solution:
        for places in (0, seed % 11, 31):
            printed = decimals(read_formula(solution[key].decimal(places).replace("-", "−")))
            checker.convention = Convention(places)
            checker.result(right.values[key], None, "≈", printed)
            counts["digits of results asked for"] += len(printed.text)


UNWELL: Network = {
    "inputs": ["1.5", "0.7"],
    "layers": [
        {"relu": [["0.6", "0.4"], ["-0.2", "0.55"]], "bias": ["0.1", "0.3"]},
        {"softmax": [["0.52", "1.1"], ["-0.5", "0.43"]], "bias": ["-0.03", "1/5"]},
    ],
    "target": ["0.9", "1e-1"],
    "loss": "cross-entropy",
    "learning rate": "0.25",
}
OTHER = str.maketrans("0123456789+−·=≈", "1234567890−+/≈=")


ROUNDINGS: list[Network] = [
    {"decimals": 3, "carry": "exact"},
    {"decimals": 3, "carry": "rounded"},
    {"rounding": {"significant figures": 2, "carry": "exact", "how": "truncate", "own": {"z1": 4}}},
    {"rounding": {"significant figures": 3, "carry": "rounded"}},
    {"rounding": {"decimals": 3, "carry": "rounded", "how": "truncate", "own": {"a1[1]": 1, "dL/dW": 4}}},
]


@pytest.mark.parametrize("said", ROUNDINGS)
def test_not_one_wrong_digit_or_sign_goes_unnoticed(said: Network, counts: Counter[str]) -> None:
    """Every digit, sign and relation of a whole solution is changed, one at a time.

    Not in a condition and the case that doesn't apply: there another mark may be as true of these numbers.
    """
    one = Sheet.of({**UNWELL, **said})
    checker = one.checker()
    for block in worked(one.text):
        right = read_line(block)
        for place, mark in enumerate(block):
            in_case = re.search(r" if [^)]*$", block[:place])
            if (changed := mark.translate(OTHER)) == mark or in_case:
                continue
            try:
                wrong = read_line(block[:place] + changed + block[place + 1 :])
                if wrong.stages == right.stages:
                    continue  # in the remark, or in the key, which is compared with the list of steps
                checker.check(wrong)
            except NOTICED:
                counts["wrong marks noticed"] += 1
                continue
            pytest.fail(f"{changed} for {mark} at {place} goes unnoticed:\n{block}")
        assert checker.line(right) is None
