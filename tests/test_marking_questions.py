"""Several questions of one work: what is answered in one is gone on with in the next."""

from __future__ import annotations

from pathlib import Path

from handcalc.mark.handed_out import OneSheet, read_sheet
from handcalc.mark.judged import MarkedSheet, judge
from handcalc.mark.pile import of_paper, told
from handcalc.mark.scheme import USUAL

QUESTIONS = """
inputs: [0.5, 1]
layers:
  - {tanh: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}
  - {sigmoid: [[0.5, -0.7]], bias: 0.2}
target: 1
loss: binary cross-entropy
exercises:
  forward: {show: [forward, loss]}
  backward: {show: [gradients]OTHER}
"""


def two(tmp_path: Path, other: str = "") -> OneSheet:
    path = tmp_path / "two.yaml"
    path.write_text(QUESTIONS.replace("OTHER", other), "utf-8")
    return read_sheet(path).sheets[0]


def right(sheet: OneSheet) -> dict[str, str]:
    return {key: one.value for key, one in sheet.wanted.items()}


def codes(marked: MarkedSheet) -> dict[str, str]:
    return {one.key: one.code for one in marked if one.code != "correct"}


def test_a_question_goes_on_from_what_was_answered_in_the_one_before(tmp_path: Path) -> None:
    """p is printed in the second question; whoever goes on with their own has followed all the same."""
    sheet = two(tmp_path)
    slope = {"1:p[1]": "0.6000", "2:dL/dz2[1]": "-0.4000"}
    marked = judge(sheet, right(sheet) | slope)
    assert codes(marked)["2:dL/dz2[1]"] == "follows"
    (source,) = marked.by_key["2:dL/dz2[1]"].evidence["from"]
    assert source == {"key": "p[1]", "text": "0.6000", "theirs": True}


def test_what_the_question_prints_may_be_taken_too(tmp_path: Path) -> None:
    sheet = two(tmp_path)
    marked = judge(sheet, right(sheet) | {"1:p[1]": "0.6000", "1:a1[1]": "0.2"})
    assert codes(marked).keys() == {"1:p[1]", "1:a1[1]"}


def test_own_and_printed_values_may_be_mixed_in_one_line(tmp_path: Path) -> None:
    """dL/dW2[1,1] of the own dL/dz2 and the printed a1[1], or of the own a1[1], too."""
    sheet = two(tmp_path)
    own = {"1:a1[1]": "0.2500", "2:dL/dz2[1]": "0.3000"}
    a = float(sheet.solutions[1]["a1[1]"])
    for value in (0.3 * a, 0.3 * 0.25):
        marked = judge(sheet, right(sheet) | own | {"2:dL/dW2[1,1]": f"{value:.4f}"})
        assert marked.by_key["2:dL/dW2[1,1]"].code == "follows"


def test_other_numbers_are_other_work(tmp_path: Path) -> None:
    sheet = two(tmp_path, ", target: 0")
    p = float(sheet.solutions[1]["p[1]"])
    marked = judge(sheet, right(sheet) | {"1:p[1]": "0.6000", "2:dL/dz2[1]": "0.6000"})
    assert codes(marked)["2:dL/dz2[1]"] in ("wrong", "mistake")
    assert f"{p:.4f}" == sheet.wanted["2:dL/dz2[1]"].value


def test_a_sheet_of_paper_goes_on_into_the_next_question(tmp_path: Path) -> None:
    sheet = two(tmp_path)
    paper = of_paper(sheet, {"1:z1[1]": "0.7"}, USUAL)
    assert paper.marked.marks == paper.marked.out_of - 1
    assert {"1:a1[1]", "1:p[1]", "2:dL/dz2[1]", "2:dL/dW1[1,2]"} <= paper.continued.keys()
    line = next(line for line in told(paper) if line.lstrip().startswith("2:dL/dz2[1]"))
    assert "(from your 1:z1[1]: " in line
