"""Plain text: nothing is wider than the page, and names of givens keep their column."""

from __future__ import annotations

from typing import Any

import pytest

import handcalc
from handcalc.render.text import WIDTH
from handcalc.render.text_rows import broken

WEIGHTS = [["0.3", "0.5"], ["-0.2", "0.4"]]
WIDE: dict[str, Any] = {
    "inputs": {"a name of an input that goes on and on and on until it has eighty characters, y": [1, 3], "y": [2, 4]},
    "layers": [{"hard sigmoid": WEIGHTS}, {"hard sigmoid": WEIGHTS}],
    "target": [[1, 0], [0, 1]],
    "loss": {"huber": {"delta": "0.5"}},
    "learning rate": "0.1",
    "optimiser": {"adam": {"epsilon at": "uncorrected root"}},
    "language": "de",
}


@pytest.mark.parametrize("change", [{}, {"batch": "online", "steps": 3}, {"decimals": 12}, {"language": "en"}], ids=str)
def test_no_row_is_wider_than_the_page(change: dict[str, Any]) -> None:
    assert [row for row in handcalc.solve({**WIDE, **change}).text().splitlines() if len(row) > WIDTH] == []


def test_a_long_name_of_a_given_goes_on_below_and_keeps_the_column() -> None:
    given = handcalc.solve(WIDE).text().split("\n\n")[2].splitlines()
    at = next(k for k, row in enumerate(given) if row.endswith("epsilon = 1·10^(−8)"))
    assert given[at - 1 : at + 1] == [
        "  kleine Zahl, die den Nenner von 0",
        "    fernhält                            epsilon = 1·10^(−8)",
    ]
    assert given[at + 1] == "  Lernrate                              eta = 0.1"


def test_a_choice_that_is_too_wide_is_broken_before_its_words() -> None:
    stage = "= d·(0 falls z ≥ 3 sonst 0 falls z ≤ −3 sonst 1/6)"
    assert broken(stage, 30) == ["= d·(0 falls z ≥ 3 sonst 0", "  falls z ≤ −3 sonst 1/6)"]
    assert broken("= a + b·(1 if z > 0 else 0)", 24) == ["= a + b", "  ·(1 if z > 0 else 0)"]
