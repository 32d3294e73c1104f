"""Exercise forms that are filled in: tables, epochs, columns of a softmax, boxes of matrices.

The key holds the numbers of the solution; the student sheet has one blank for each of them and shows none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import handcalc
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Maths, Shown, Slot
from handcalc.formula.notation import rewritten, untraced
from handcalc.render.text import plain, text
from handcalc.sheet.asked import Asked
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import blanks
from handcalc.sheet.parts import Answer, Givens, Part, Say, Sheet, Table, Words, Working, in_words
from handcalc.sheet.student import student_sheet

EXAMPLES = Path(__file__).parent.parent / "examples"
SIGMOIDS: dict[str, Any] = {
    "inputs": [0.8, 0.5],
    "layers": [
        {"sigmoid": [[0.5, 0.2], [-0.4, 0.6]], "bias": [-0.3, 0.1]},
        {"sigmoid": [[0.7, -0.2]], "bias": [0.1]},
    ],
    "target": 1,
    "loss": "half squared error",
    "learning rate": 0.5,
}
CLASSES = SIGMOIDS | {
    "inputs": [[0.8, 0.5], [0.2, 0.9]],
    "layers": [{"tanh": [[0.5, 0.2], [-0.4, 0.6]]}, {"softmax": [[0.7, -0.2], [0.1, 0.4]], "bias": [0.1, 0]}],
    "target": ["class 1", "class 2"],
    "loss": "cross-entropy",
    "optimiser": "momentum",
    "language": "de",
}
DEEP = SIGMOIDS | {
    "layers": [{"relu": [[0.5, 0.2], [-0.4, 0.6]]}, {"tanh": [[1, 2]]}, {"linear": [[0.5]], "bias": [1]}],
    "update order": "in place",
    "notation": {"gradients": "delta", "sign": "y - p", "decimal": "comma"},
    "carry": "rounded",
}
LETTERS = SIGMOIDS | {"letters": ["w"], "show": ["forward", "loss", "gradients"], "layers": [{"sigmoid": [["w", 2]]}]}
NETWORKS = {"sigmoids": SIGMOIDS, "classes": CLASSES, "deep": DEEP, "letters": LETTERS}


def solved(network: dict[str, Any], form: str) -> Solution:
    return handcalc.solve(network | {"form": form})


def cells(sheet: Sheet) -> Iterator[Maths]:
    """Every formula in the tables of a sheet."""
    for part in parts(sheet):
        if isinstance(part, Table):
            for row in part.rows:
                yield from (word for cell in row for word in in_words(cell) if isinstance(word, Maths))


def parts(sheet: Sheet) -> Iterator[Part]:
    yield from (part for section in sheet.sections for part in section.parts)


def formulas(sheet: Sheet) -> Iterator[Maths]:
    """Every formula of a sheet."""
    yield from cells(sheet)
    for part in parts(sheet):
        match part:
            case Say(words) | Answer(words):
                yield from (word for word in words if isinstance(word, Maths))
            case Givens(rows):
                yield from (row.value for row in rows)
            case Working(lines):
                yield from (stage for line in lines for _, stage in line.traced)


def said(words: Words) -> str:
    return "".join(plain(word) if isinstance(word, Maths) else word for word in words)


def shown(found: Iterator[Maths]) -> dict[str, str]:
    """By key what is written for it, outermost marks first, all its pieces one after the other."""
    by_key: dict[str, str] = {}

    def note(value: Shown) -> None:
        by_key[value.quantity.key] = f"{by_key.get(value.quantity.key, '')} {plain(untraced(value))}"

    for maths in found:
        rewritten(maths, Shown, note)
    return by_key


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("form", ["tables"])
def test_a_student_sheet_has_a_blank_for_each_result_and_shows_none(network: dict[str, Any], form: str) -> None:
    solution = solved(network, form)
    asked = {line.key for line in Asked(solution).lines}
    for level in (1, 2, 3):
        chosen = Asked(solution, level)
        sheet = student_sheet(solution, level)
        written = blanks(sheet)
        assert len(set(written)) == len(written)
        assert {q.key for q in chosen.chosen} <= set(written) <= asked | {q.key for q in chosen.givens}
        assert not [key for key in shown(formulas(sheet)) if chosen.hidden(solution.quantity(key))]
    assert "…" not in text(student_sheet(solution, 4))


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_tables_show_every_line_of_units_errors_and_weights(network: dict[str, Any]) -> None:
    solution = solved(network, "tables")
    said = shown(cells(compose(solution)))
    for line in Asked(solution).lines:
        if line.step.stage in ("forward", "gradients", "update"):
            _, result = line.of.ending(line.quantity)
            assert plain(untraced(result)) in said[line.key], line.key


def test_the_tables_of_a_network_are_those_of_units_errors_weights_and_units_again() -> None:
    sheet = compose(solved(SIGMOIDS, "tables"))
    found = [part for part in parts(sheet) if isinstance(part, Table)]
    heads = [[said(in_words(cell)) for cell in one.header] for one in found]
    assert heads == [
        ["unit", "net input z", "output"],
        ["unit", "slope of the output", "error dL/dz"],
        ["weight or bias", "gradient", "new value"],
        ["unit", "net input z", "output"],
    ]
    assert [len(one.rows) for one in found] == [3, 3, 9, 3]
    units = handcalc.solve(SIGMOIDS).quantity
    assert [row[0] for row in found[0].rows] == [Slot(units(key)) for key in ("a1[1]", "a1[2]", "yhat[1]")]


def test_in_place_the_tables_alternate() -> None:
    sheet = compose(solved(DEEP, "tables"))
    first = [part.header[0] for part in parts(sheet) if isinstance(part, Table)]
    assert first == [(w,) for w in ("unit", *["unit", "weight or bias"] * 3, "unit")]


def test_a_circuit_has_no_units_for_tables() -> None:
    with pytest.raises(HandcalcError, match=r"form: .*row for each unit"):
        compose(handcalc.solve({"circuit": "x*y", "inputs": {"x": 1, "y": 2}, "form": "tables"}))


def test_published_tables_of_han_and_kamber() -> None:
    (solution, *_) = handcalc.solve_all(EXAMPLES / "published" / "hankamber-3-2-1.yaml", form="tables").values()
    said = shown(cells(compose(solution)))
    for key, working in {
        "z1[1]": "0.2·1 + 0.4·0 + (−0.5)·1 + (−0.4)",
        "z1[2]": "(−0.3)·1 + 0.1·0 + 0.2·1 + 0.2",
    }.items():
        assert working in said[key]
