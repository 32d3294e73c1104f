"""Exercise forms that are filled in: tables, epochs, columns of a softmax, boxes of matrices.

The key holds the numbers of the solution; the student sheet has one blank for each of them and shows none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import handcalc
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Blank, Digits, Maths, Matrix, Shown, Slot
from handcalc.formula.notation import rewritten, untraced
from handcalc.render.html import html
from handcalc.render.latex import latex
from handcalc.render.text import plain, text
from handcalc.render.typeset.boxes import Gap, Glyph, marks
from handcalc.render.typeset.layout import typeset
from handcalc.sheet.asked import Asked
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import blanks
from handcalc.sheet.parts import Cell, Part, Sheet, Table, Words, Working, in_words
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
SCORES: dict[str, Any] = {
    "scores": [2, 0, 1],
    "layers": [{"activation": "softmax", "weights": "none", "base": 2, "temperature": "1/2"}],
    "target": "class 1",
    "loss": "mean squared error",
}
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


def digits(solution: Solution, asked: Asked) -> set[str]:
    """How hidden values are printed, but for short ones and those that others have."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for worked in solution.passes:
        for slot, q in enumerate(worked.program.slots.quantities):
            printed = {worked.printed.operand[slot], worked.printed.decimal[slot]}
            found[asked.hidden(q)] |= {one.lstrip("-") for one in printed if one and worked.values[slot] is not None}
    return {one.replace(".", spelt(solution)) for one in found[True] - found[False] if len(one) > 4}


def spelt(solution: Solution) -> str:
    return "," if solution.notation.decimal == "comma" else "."


def said(words: Words) -> str:
    return " ".join("".join(plain(word) if isinstance(word, Maths) else word for word in words).split())


def shown(found: Iterator[Maths]) -> dict[str, str]:
    """By key what is written for it, outermost marks first, all its pieces one after the other."""
    by_key: dict[str, str] = {}

    def note(value: Shown) -> None:
        by_key[value.quantity.key] = f"{by_key.get(value.quantity.key, '')} {plain(untraced(value))}"

    for maths in found:
        rewritten(maths, Shown, note)
    return by_key


@pytest.mark.parametrize(
    ("form", "network"),
    [
        *(("tables", one) for one in NETWORKS.values()),
        ("softmax columns", CLASSES),
        ("softmax columns", SCORES),
        *(("matrices", one) for one in NETWORKS.values()),
        ("matrices", SCORES),
    ],
)
def test_a_student_sheet_has_a_blank_for_each_result_and_shows_none(form: str, network: dict[str, Any]) -> None:
    solution = solved(network, form)
    asked = {line.key for line in Asked(solution).lines}
    for level in (1, 2, 3):
        chosen = Asked(solution, level)
        sheet = student_sheet(solution, level)
        written = blanks(sheet)
        assert len(set(written)) == len(written)
        assert {q.key for q in chosen.chosen} <= set(written) <= asked | {q.key for q in chosen.givens}
        assert not digits(solution, chosen) & set(re.findall(r"[\d.,]+…?", text(sheet)))
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


PERCEPTRON: dict[str, Any] = {
    "inputs": [[1, 1], [0, 1], [1, 0]],
    "layers": [{"step": [[0.2, -0.4]], "bias": [0.1]}],
    "target": [1, 0, 1],
    "loss": "perceptron",
    "batch": "online",
    "learning rate": 0.2,
    "epochs": 2,
}


def test_an_epoch_table_has_a_row_for_each_update_and_one_for_the_start() -> None:
    (table,) = [part for part in parts(compose(solved(PERCEPTRON, "epochs"))) if isinstance(part, Table)][1:]
    assert [said(in_words(cell)) for cell in table.header] == [
        "sample", "x[1]", "x[2]", "z[1]", "yhat[1]", "y[1]", "error dL/dz[1]", "W[1,1]", "W[1,2]", "b[1]",
    ]  # fmt: skip
    assert [" ".join(said(in_words(unsaid(cell))) for cell in row).split() for row in table.rows] == [
        ["start", "0.2", "−0.4", "0.1"],
        ["epoch", "1"],
        ["1", "1", "1", "−0.1", "0", "1", "−1", "0.4", "−0.2", "0.3"],
        ["2", "0", "1", "0.1", "1", "0", "1", "0.4", "−0.4", "0.1"],
        ["3", "1", "0", "0.5", "1", "1", "0", "0.4", "−0.4", "0.1"],
        ["epoch", "2"],
        ["1", "1", "1", "0.1", "1", "1", "0", "0.4", "−0.4", "0.1"],
        ["2", "0", "1", "−0.3", "0", "0", "0", "0.4", "−0.4", "0.1"],
        ["3", "1", "0", "0.5", "1", "1", "0", "0.4", "−0.4", "0.1"],
    ]


def unsaid(cell: Cell) -> Cell:
    """A cell that no longer says whose its numbers are."""
    return tuple(untraced(word) if isinstance(word, Maths) else word for word in in_words(cell))


def test_an_epoch_table_shows_every_update_whatever_else_is_usual() -> None:
    assert len(handcalc.solve(PERCEPTRON).passes) == 2
    assert len(solved(PERCEPTRON, "epochs").passes) == 6
    assert len(solved(PERCEPTRON | {"epochs": 40}, "epochs").passes) == 50
    assert len(solved(PERCEPTRON | {"show updates": [1, 4]}, "epochs").passes) == 2
    assert len(handcalc.solve(PERCEPTRON).network.changed(form="epochs").show_updates) == 6


def test_the_published_table_of_a_perceptron() -> None:
    """Cornell CS472 (2004): sums, outputs and new weights of two epochs, as printed there."""
    (solution,) = handcalc.solve_all(EXAMPLES / "published" / "cornell-perceptron-or.yaml", form="epochs").values()
    figures = json.loads((Path(__file__).parent / "published/figures/cornell-perceptron-or.json").read_text("utf-8"))
    found = shown(cells(compose(solution)))
    printed = {one["key"]: Decimal(one["printed"]) for one in figures["figures"].values()}
    assert {key: Decimal(found[key].replace("−", "-")) for key in printed} == printed


@pytest.mark.parametrize(
    ("network", "problem"),
    [
        (SIGMOIDS, "single unit, but this network has 3 units; write form: tables, or steps"),
        (PERCEPTRON | {"batch": "mean"}, "a row for each sample; write batch: online"),
        (PERCEPTRON | {"show": ["forward"]}, "shows updates"),
        ({"circuit": "x*y", "inputs": {"x": 1, "y": 2}}, "single unit, and this is a circuit"),
    ],
)
def test_an_epoch_table_says_what_it_needs(network: dict[str, Any], problem: str) -> None:
    with pytest.raises(HandcalcError, match=problem):
        compose(solved(network, "epochs"))


@pytest.mark.parametrize(
    "network", [PERCEPTRON, PERCEPTRON | {"layers": [{"sigmoid": [[0.2, -0.4]]}], "carry": "exact"}]
)
def test_a_student_has_a_blank_for_each_number_of_an_epoch_table(network: dict[str, Any]) -> None:
    solution = solved(network, "epochs")
    for level in (2, 3):
        sheet = student_sheet(solution, level)
        written = blanks(sheet)
        assert set(written) == {line.key for line in Asked(solution).lines}
        assert len(set(written)) == len(written)
        *_, table = (part for part in parts(sheet) if isinstance(part, Table))
        left = [[said(in_words(cell)) for cell in row if not isinstance(cell, Blank)] for row in table.rows]
        assert [row for row in left if row[0] in "123"] == [
            ["1", "1", "1", "1"],
            ["2", "0", "1", "0"],
            ["3", "1", "0", "1"],
        ] * 2


def rows(table: Table) -> list[list[str]]:
    """The cells of a table as text, its header first."""
    return [[said(in_words(unsaid(cell))) for cell in row] for row in (table.header, *table.rows)]


def test_a_softmax_stands_in_columns_with_its_total_below() -> None:
    network = SCORES | {"layers": [{"activation": "softmax", "weights": "none", "base": 3, "classes": ["a", "b", "c"]}],
                        "loss": "cross-entropy", "target": "b", "scores": [1, 0, 1], "decimals": 2}  # fmt: skip
    columns, slopes = (part for part in parts(compose(solved(network, "softmax columns"))) if isinstance(part, Table))
    assert rows(columns) == [
        ["class", "z", "3^z", "p = 3^z/S"],
        ["a", "1", "3^1 = 3", "3/7 = 0.4285… ≈ 0.43"],
        ["b", "0", "3^0 = 1", "1/7 = 0.1428… ≈ 0.14"],
        ["c", "1", "3^1 = 3", "3/7 = 0.4285… ≈ 0.43"],
        ["total S", "", "3 + 1 + 3 = 7", "1"],
    ]
    assert [row[:2] for row in rows(slopes)] == [["class", "y"], ["a", "0"], ["b", "1"], ["c", "0"]]


def test_the_columns_of_a_published_softmax() -> None:
    """Tom Yeh, AI by Hand: base 3, scores 1, 0, 1, 5."""
    solution = handcalc.solve_all(EXAMPLES / "published" / "tomyeh-softmax.yaml", form="softmax columns")["b1"]
    (table,) = (part for part in parts(compose(solution)) if isinstance(part, Table))
    assert [row[2] for row in rows(table)] == [
        "3^z", "3^1 = 3", "3^0 = 1", "3^1 = 3", "3^5 = 243", "3 + 1 + 3 + 243 = 250",
    ]  # fmt: skip


def test_columns_need_a_softmax_at_the_end() -> None:
    with pytest.raises(HandcalcError, match="need a softmax as the last activation"):
        compose(solved(SIGMOIDS, "softmax columns"))


@pytest.mark.parametrize("network", [CLASSES, SCORES])
def test_softmax_columns_show_every_line_that_the_steps_show(network: dict[str, Any]) -> None:
    solution = solved(network, "softmax columns")
    said_of = shown(every(compose(solution)))
    for line in Asked(solution).lines:
        assert plain(untraced(line.of.ending(line.quantity)[1])) in said_of[line.key], line.key


def every(sheet: Sheet) -> Iterator[Maths]:
    """Every formula of tables and workings."""
    yield from cells(sheet)
    for part in parts(sheet):
        if isinstance(part, Working):
            yield from (stage for line in part.lines for _, stage in line.traced)


BOXES: dict[str, Any] = {
    "inputs": [[2, 1], [1, 3]],
    "layers": [{"relu": [[1, -1], [0, 1], [2, 0]], "bias": [1, -2, 0]}, {"linear": [[1, 0, 1], [-1, 2, 0]]}],
    "target": [[3, 1], [4, 0]],
    "loss": "half squared error",
    "batch": "sum",
    "learning rate": 1,
}


def boxes(sheet: Sheet) -> list[list[list[str]]]:
    """Of each arrangement its rows of cells, a matrix as the rows of its numbers."""
    found = []
    for part in parts(sheet):
        if isinstance(part, Table) and part.open:
            found.append([[said(in_words(unsaid(cell))) for cell in row] for row in part.rows])
    return found


def test_boxes_go_down_layer_by_layer() -> None:
    """X at the top right, [W, b] to the left below it, the product in the corner, and so on."""
    forward, backward, new, again = boxes(compose(solved(BOXES, "matrices")))
    assert forward == [
        ["", "", "X", "[[2, 1], [1, 3], [1, 1]]"],
        ["W1, b1", "[[1, −1], [0, 1], [2, 0]][1, −2, 0]", "Z1", "[[2, −1], [−1, 1], [4, 2]]"],
        ["", "ReLU", "A1", "[[2, 0], [0, 1], [4, 2]]"],
        ["W2", "[[1, 0, 1], [−1, 2, 0]]", "Z2", "[[6, 2], [−2, 2]]"],
        ["", "linear", "Yhat", "[[6, 2], [−2, 2]]"],
    ]
    assert [row[2] for row in backward] == ["dL/dYhat", "dL/dZ2", "dL/dA1", "dL/dZ1"]
    assert backward[1] == ["dJ/dW2", "[[6, −2, 8], [−6, 2, −8]]", "dL/dZ2", "[[3, −2], [−3, 2]]"]
    assert [row[:2] for row in new][1] == ["W2[u=1]", "[[−5, 2, −7], [5, 0, 8]]"]
    assert [row[0] for row in again] == ["W1[u=1], b1[u=1]", "", "W2[u=1]", ""]


def test_the_boxes_of_a_published_sheet() -> None:
    """Tom Yeh, AI by Hand: three layers of ReLU, a batch of two."""
    (solution,) = handcalc.solve_all(EXAMPLES / "published" / "tomyeh-mlp-small.yaml", form="matrices").values()
    (forward,) = boxes(compose(solution))
    assert forward[:2] == [
        ["", "", "X", "[[2, −1], [1, 1], [2, 1], [1, 2], [1, 1]]"],
        ["W1, b1", "[[1, 0, −1, 1], [0, 1, 1, 0], [1, −1, 0, 0]][1, 1, 0]", "Z1", "[[2, 1], [4, 3], [1, −2]]"],
    ]


def test_every_line_of_units_and_weights_stands_in_a_box() -> None:
    for network in (SIGMOIDS, CLASSES, DEEP, SCORES):
        solution = solved(network, "matrices")
        said_of = shown(every(compose(solution)))
        for line in Asked(solution).lines:
            assert line.key in said_of, line.key


@pytest.mark.parametrize("output", [latex, html])
def test_a_box_of_cells_is_no_matrix_in_brackets(output: Callable[[Sheet], str]) -> None:
    box, bare = (Sheet("t", (Table(((),), ((Matrix(((Blank("z"), Digits("2")),), wide),),)),), ()) for wide in (5, 0))
    assert output(box) != output(bare)
    assert ("hline" in output(box)) == (output is latex)
    assert "matrix" not in output(box)


def test_a_cell_to_write_in_is_a_field_as_large_as_the_cell() -> None:
    box = typeset(Matrix(((Blank("z1"), Digits("2")),), 5), 10)
    (gap,) = (part for _, _, part in marks(box) if isinstance(part, Gap))
    assert (gap.key, gap.framed) == ("z1", False)
    assert gap.width == pytest.approx(box.width / 2)
    assert gap.height >= 18
    assert not any(isinstance(part, Glyph) and part.text in "[]" for _, _, part in marks(box))


def test_boxes_need_layers_one_after_another() -> None:
    with pytest.raises(HandcalcError, match="layers one after another"):
        compose(handcalc.solve({"circuit": "x*y", "inputs": {"x": 1, "y": 2}, "form": "matrices"}))
