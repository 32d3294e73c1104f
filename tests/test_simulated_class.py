"""Classes of simulated students: whoever makes no mistake loses nothing, whoever makes one loses its own lines only."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

from oracles.ordinary import solved
from test_slip import NETWORKS
from test_tolerance import ROUNDINGS

import handcalc
from benchmarks.classes import (
    AMONG,
    BY_CHANCE,
    FIRST,
    Figures,
    Sheet,
    Student,
    anything,
    examples,
    injected,
    mistakes,
    perfect,
    sheet,
)
from handcalc.mark.marking import mark
from handcalc.sheet.asked import FORMULAS, Asked

LEAST_SEEN = 20
"""A figure of fewer lines says little of a mistake."""


@cache
def sheets() -> tuple[Sheet, ...]:
    """The examples, and networks of each convention with each way of rounding."""
    found = list(examples())
    for n, (name, network) in enumerate(NETWORKS.items()):
        rounding = {} if "carry" in network else {"rounding": ROUNDINGS[n % len(ROUNDINGS)]}
        found.append(Sheet(name, solution := handcalc.solve(network | rounding), Asked(solution, FORMULAS)))
    found += [one for n, way in enumerate(ROUNDINGS, 40) if (one := sheet(f"ordinary {n}", solved(n, **way)))]
    return tuple(found)


@cache
def class_of_mistakes() -> Figures:
    return injected(sheets(), range(1))


def test_whoever_rounds_as_the_sheet_allows_has_full_marks() -> None:
    students, lost = perfect(sheets(), range(8))
    assert students > 1_000
    assert lost == []


def test_one_mistake_costs_only_the_lines_that_its_formula_writes() -> None:
    found = class_of_mistakes()
    assert found.students > 3_000
    assert found.lost == []


def test_a_mistake_is_named() -> None:
    found = class_of_mistakes()
    assert found.all.first >= FIRST * found.all.seen
    assert found.all.among >= AMONG * found.all.seen
    for name, named in found.by_mistake.items():
        if named.seen >= LEAST_SEEN:
            assert named.first >= FIRST * named.seen, name
            assert named.among >= AMONG * named.seen, name


def test_the_page_has_a_row_for_every_mistake_of_the_examples() -> None:
    page = (Path(__file__).parent.parent / "docs" / "mistakes.md").read_text(encoding="utf-8")
    listed = {f"{kind}: {code}" for kind, code in re.findall(r"^\| ([^|]+) \| `([^`]+)` \|", page, re.MULTILINE)}
    possible = {name for one in examples() for name in mistakes(one)}
    assert listed == possible


def test_a_random_number_has_no_name() -> None:
    tried, named = anything(sheets(), range(10))
    assert tried > 1_000
    assert named <= BY_CHANCE * tried


def test_whoever_writes_half_of_the_lines_loses_no_other_marks_in_any_order() -> None:
    """What is skipped is skipped; what is written is right, whatever the order."""
    for n, one in enumerate(sheets()):
        answers, dice = Student(one, n).answers(), Random(n)
        written = dice.sample(sorted(answers), len(answers) // 2)
        marking = mark(one.solution, {key: answers[key] for key in written}, asked=one.asked)
        assert all(marking[key].marks == marking[key].out_of for key in written)
        again = mark(one.solution, {key: answers[key] for key in sorted(written)}, asked=one.asked)
        assert [(v.key, v.code, v.marks) for v in again] == [(v.key, v.code, v.marks) for v in marking]
