"""Sheets of random networks on every paper: nothing runs off the page, no two places to write in touch.

A few of them here; ``HANDCALC_SHEETS=500`` makes as many.
"""

import os
import random
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from pages import poppler, read, words

import handcalc
from handcalc.derive.certify import CannotDecide
from handcalc.derive.solution import Solution
from handcalc.render.pdf import pdf
from handcalc.sheet.paper import A4, LARGE, PAPERS, Head
from handcalc.sheet.student import student_sheet

COUNT = int(os.environ.get("HANDCALC_SHEETS", "16"))
ALL = {**PAPERS, "large": replace(A4, type=LARGE)}


def a_network(dice: random.Random) -> dict[str, Any]:
    sizes = [dice.randint(1, 4) for _ in range(dice.randint(2, 4))]

    def number() -> str:
        return f"{dice.choice((-1, 1)) * dice.randint(1, 99) / 10 ** dice.randint(0, 2):g}"

    layers = [
        {
            dice.choice(("sigmoid", "tanh", "relu", "linear")): [[number() for _ in range(a)] for _ in range(b)],
            "bias": [number() for _ in range(b)],
        }
        for a, b in pairwise(sizes)
    ]
    return {
        "title": dice.choice(("Quiz", "A title that is longer than a line, as some titles are, and then some " * 2)),
        "inputs": {f"{'long name ' * dice.randint(0, 3)}{n}": number() for n in range(sizes[0])},
        "layers": layers,
        "target": [number() for _ in range(sizes[-1])],
        "loss": "half squared error",
        "learning rate": "0.1",
        "decimals": dice.randint(1, 5),
        "carry": dice.choice(("exact", "rounded")),
        "language": dice.choice(("en", "de")),
    }


def solved(dice: random.Random) -> Solution:
    """Of the next network without a saturated unit."""
    while True:
        try:
            return handcalc.solve(a_network(dice))
        except CannotDecide:
            pass


def overlaps(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return not (a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1])


@poppler
@pytest.mark.parametrize("seed", range(COUNT))
def test_nothing_runs_off_the_page_and_no_two_boxes_touch(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    solution = solved(dice)
    name, level = dice.choice(sorted(ALL)), dice.randint(0, 4)
    paper = replace(ALL[name], copies=1, head=Head(name=True, variant="Q"))
    data = pdf(student_sheet(solution, level), paper, fields=True)
    for word in words(data, tmp_path):
        assert paper.left - 1 <= word.left, word
        assert word.right <= paper.width - paper.right + 1, word
        assert 0 < word.top < word.bottom < paper.height, word
    for page in read(data).pages:
        boxes = [tuple(map(float, one.get_object()["/Rect"])) for one in page.get("/Annots", ())]
        for left, bottom, right, top in boxes:
            assert paper.left - 0.1 <= left < right <= paper.width - paper.right + 0.1
            assert 0 < bottom < top < paper.height
        assert not [pair for pair in combinations(boxes, 2) if overlaps(*pair)]
