"""The page of conventions is what its files give, and nothing that a file can choose is left out."""

import re
from pathlib import Path

import pytest
from conventions import changed, code, on_paper, page, printed, solved

from handcalc.network.network import KEYS
from handcalc.network.task import KEYS as TASK
from handcalc.ops import activations, losses, optimisers, regularisers, scalings

PAGE = Path(__file__).parent.parent.joinpath("docs", "conventions.md").read_text(encoding="utf-8")
FILE = "inputs: [2, 3]\nlayers:\n  - {relu: [[0.5, 1, 2], [-0.25, 2, 1]], bias: last column}\n"


def test_the_page_is_what_the_files_give() -> None:
    assert page() == PAGE


@pytest.mark.parametrize("known", [activations, losses, optimisers, regularisers, scalings])
def test_every_operation_has_a_row(known: object) -> None:
    for kind in known().values():  # type: ignore[operator]
        assert re.search(rf"(: |{{){kind.name}[:`}}]", PAGE), kind.name
        for option in kind.options:
            for word in option.words:
                shown = f"{option.name}: {word}" in PAGE
                assert shown or word in (option.default, "none", "population"), f"{kind.name}, {option.name}: {word}"


def test_every_key_that_chooses_a_convention_stands_on_the_page() -> None:
    elsewhere = {"title", "input names", "output", "letters", "show", "language"} | set(TASK)
    left_out = [key for key in KEYS if f"{key}: " not in PAGE and key not in elsewhere]
    assert left_out == []


def test_a_line_stands_on_one_row_without_its_remark() -> None:
    lines = printed(solved(FILE, "target: [1, 0]\nloss: squared error\nlayout: out x in"))
    assert lines["z[1]"] == "z[1] = W[1,1]·x[1] + W[1,2]·x[2] + W[1,3]·1 = 0.5·2 + 1·3 + 2·1 = 6"
    assert lines["dL/dz[1]"] == "dL/dz[1] = dL/dyhat[1]·(1 if z[1] > 0 else 0) = 10·1 = 10"


def test_a_key_that_says_none_is_left_out() -> None:
    solution = solved(FILE + "target: [1, 0]\nloss: squared error\n", "target: none\nloss: none")
    assert "L" not in solution
    assert on_paper(solution, "yhat[1]").startswith(r"\hat{y}_{1} = ")


def test_the_line_that_an_option_changes_is_found() -> None:
    usual = {"v": "v = a = 1", "w": "w = v = 1"}
    assert changed({"v": "v = b = 1", "w": "w = c = 1"}, usual, "w") == "w"
    assert changed({"v": "v = b = 1", "w": "w = v = 1"}, usual, "w") == "v"
    assert changed({"v": "v = a = 1", "w": "w = v = 2"}, usual, "w") == "w"
    assert changed({"v": "v = a = 2", "w": "w = v = 2"}, usual, "w") == "v"


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert code("a: |x|\nb: 1") == r"`a: \|x\|`<br>`b: 1`"
