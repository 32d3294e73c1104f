"""Answers to small networks, marked."""

from __future__ import annotations

from typing import Any

from test_slip import changed

import handcalc
from benchmarks.classes import Sheet, Student, made, mistakes
from handcalc.mark.marking import mark
from handcalc.mark.reading import read_answer
from handcalc.mark.scheme import Scheme
from handcalc.mark.verdict import Marking
from handcalc.sheet.asked import Asked

REGRESSION = changed("sigmoid", "linear", loss="squared error")
RELU = changed("relu", "linear", loss="squared error")
DEEP = {"inputs": ["2"], "layers": [{"relu": [["0.5"]], "bias": ["0.1"]}, {"linear": [["0.7"]], "bias": ["0.2"]}],
        "target": ["3"], "loss": "half squared error", "learning rate": "0.1"}  # fmt: skip


def sheet(network: dict[str, Any]) -> Sheet:
    solution = handcalc.solve(network)
    return Sheet("", solution, Asked(solution, 3))


def right(one: Sheet) -> dict[str, str]:
    """What is printed on the key."""
    return {q.key: str(one.solution[q.key].decimal()) for q in one.asked.chosen}


def marked(network: dict[str, Any], scheme: Scheme | None = None, /, **texts: str | None) -> Marking:
    """The right answers with others at some lines; None leaves a line blank. Keys without what no name may hold."""
    one = sheet(network)
    answers: dict[str, str | None] = {**right(one)}
    names = {key.translate(str.maketrans("[]/,=", "_____")).strip("_"): key for key in answers}
    assert not texts.keys() - names.keys(), names
    answers |= {names[name]: text for name, text in texts.items()}
    read = {key: read_answer(text) for key, text in answers.items() if text is not None}
    return mark(one.solution, read, scheme or Scheme(), one.asked)


def made_by(network: dict[str, Any], *codes: str) -> Marking:
    """The marks of somebody who makes the mistakes of these codes wherever they can."""
    one = sheet(network)
    slips = [slip for name, some in mistakes(one).items() if name.partition(": ")[2] in codes for slip in some]
    return mark(one.solution, Student(one, 1, made(one, slips), plain=True).answers(), asked=one.asked)


def codes(marking: Marking) -> dict[str, str]:
    """What isn't simply correct."""
    return {one.key: one.code for one in marking if one.code != "correct"}
