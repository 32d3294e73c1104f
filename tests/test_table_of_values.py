"""The table for working without a calculator: with it every line gives the key's digits, and it gives nothing away."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.by_hand import exponent, read, to_decimals, worked
from oracles.ordinary import network, solved

import handcalc
from handcalc.derive.places import places_by_slot
from handcalc.derive.slip import slips, with_slip
from handcalc.derive.solution import Solution
from handcalc.derive.table_of_values import Entry, NoTable, table_of_values, values_needed
from handcalc.formula.tree import Call, Formula, Negative, Quotient, Sum, children, exp, rebuilt

ROUNDINGS = (
    {"decimals": 4}, {"decimals": 3}, {"decimals": 2}, {"decimals": 3, "how": "truncate"}, {"significant figures": 3},
    {"decimals": 4, "own": {"a1": 2}},
)  # fmt: skip
TRUE: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "ln": math.log, "tanh": math.tanh, "sqrt": math.sqrt,
}  # fmt: skip


def in_table_form(f: Formula) -> Formula:
    """Every 1/(1 + e^−z) as σ(z)."""
    match f:
        case Quotient(_, Sum((_, Call("exp", (Negative(z),))))) if f == 1 / (1 + exp(-z)):
            return Call("sigmoid", (z,))
    parts = [in_table_form(part) for part in children(f)]
    return rebuilt(f, parts) if parts else f


def decimals(text: str) -> int:
    digits, _, power = text.partition("·10^")
    return len(digits.partition(".")[2]) - int(power or 0)


class Reader:
    """Looks functions up in the rows; what everybody knows isn't there."""

    KNOWN: ClassVar[dict[tuple[str, int], int]] = {
        ("exp", 0): 1,
        ("ln", 1): 0,
        ("tanh", 0): 0,
        ("sqrt", 0): 0,
        ("sqrt", 1): 1,
    }

    def __init__(self, rows: tuple[Entry, ...]) -> None:
        self.rows = {(row.name, read(row.argument)): read(row.value) for row in rows}

    def look_up(self, name: str, x: Fraction) -> Fraction:
        known = self.KNOWN.get((name, int(x))) if x.denominator == 1 else None
        return self.rows[name, x] if known is None else Fraction(known)


def check_by_the_table(solution: Solution) -> None:
    """Work every line from the key's numbers by the table alone."""
    reader, rounding = Reader(table_of_values(solution.first)), solution.network.rounding
    places, program = places_by_slot(solution.program, rounding), solution.program
    key = {q.key: Fraction(int(v.p), int(v.q)) for q, v in zip(program.slots.quantities, solution.values, strict=True)}
    for line in solution.lines:
        found = worked(in_table_form(line.formula), lambda q: key[q.key], reader.look_up)
        n, printed = places[line.slot], solution.printed.decimal[line.slot]
        if rounding.figures and key[line.key]:
            n = n - 1 - exponent(key[line.key])
        shown = to_decimals(found, max(n, decimals(printed)), rounding.how)
        assert shown == key[line.key], (line.key, float(found), printed)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(ROUNDINGS))
def test_by_the_table_every_line_gives_its_printed_digits(seed: int, rounding: dict[str, Any]) -> None:
    check_by_the_table(solved(seed, **rounding, carry="rounded"))


def test_a_sheet_with_a_mistake_has_the_values_that_it_needs() -> None:
    solution = solved(3, decimals=4, carry="rounded")
    some = slips(solution)[::7]
    assert len(some) > 3
    for slip in some:
        check_by_the_table(with_slip(solution, slip))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(ROUNDINGS))
def test_each_needed_value_stands_among_two_that_are_not(seed: int, rounding: dict[str, Any]) -> None:
    solution = solved(seed, **rounding, carry="rounded")
    needed, rows = values_needed(solution.first), table_of_values(solution.first)
    for name, arguments in needed.items():
        column = [read(row.argument) for row in rows if row.name == name]
        assert column == sorted(set(column))
        assert {Fraction(int(x.p), int(x.q)) for x in arguments} <= set(column)
        assert len(column) >= 3 * len(arguments)
        assert len({decimals(row.argument) for row in rows if row.name == name}) == 1
    assert {row.name for row in rows} == needed.keys()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_the_values_are_right(seed: int) -> None:
    for row in table_of_values(solved(seed, decimals=4, carry="rounded").first):
        value = TRUE[row.name](float(row.argument))
        assert abs(value - float(row.value)) <= 0.50001 * 10.0 ** -decimals(row.value), row


CLASSIC = network(3, decimals=4, carry="rounded")
PRINT = (
    "import handcalc\nfrom handcalc.derive.table_of_values import table_of_values\n"
    f"print(table_of_values(handcalc.solve({CLASSIC!r}).first))"
)


def test_the_rows_are_the_same_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", PRINT], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "7")
    }
    assert said == {f"{table_of_values(handcalc.solve(CLASSIC).first)}\n"}


def test_what_everybody_knows_is_not_in_the_table() -> None:
    solution = handcalc.solve({
        "inputs": ["1"], "layers": [{"tanh": [["1"], ["2"]], "bias": ["-1", "-1"]}], "carry": "rounded",
        "show": ["forward"],
    })  # fmt: skip
    assert {name: [str(x) for x in found] for name, found in values_needed(solution.first).items()} == {"tanh": ["1"]}


def test_a_table_goes_with_rounded_numbers() -> None:
    with pytest.raises(handcalc.HandcalcError, match="write carry: rounded"):
        table_of_values(handcalc.solve(network(3)).first)


def test_a_line_that_no_table_helps_with_says_so() -> None:
    solution = handcalc.solve({
        "inputs": ["30"], "layers": [{"sigmoid": [["1.5"]]}], "target": ["0"], "loss": "binary cross-entropy",
        "carry": "rounded", "learning rate": "1", "show": ["forward"],
    })  # fmt: skip
    with pytest.raises(NoTable, match=r"p\[1\]: its line can't be worked with a table of values"):
        table_of_values(solution.first)
