"""The figures of one published example, each compared with what handcalc derives from our file of the example.

Values are compared as text, to the digits that the source prints. A number of more than 12 significant digits is a
program's float and is compared at 12, one of a program in single precision at 6.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import handcalc
from handcalc.derive.solution import Solution

HERE = Path(__file__).parent
HOME = HERE.parent.parent
FIGURES = HERE / "figures"
EXAMPLES = HOME / "examples" / "published"
DOUBLE, SINGLE = 12, 6
"""Significant digits of a program's float that are compared."""
_LEADING = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")

Verdict = Literal["reproduced", "erratum", "missing"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure: `ours` is our value to the digits of the source, or of the erratum's correction."""

    name: str
    printed: str
    ours: str
    verdict: Verdict
    why: str = ""
    followed: bool = False
    """Whether an exercise that follows the source's own convention gives what is printed."""


@dataclass(frozen=True, slots=True)
class Example:
    """A published example and its figures."""

    name: str
    source: str
    figures: tuple[Figure, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(figure.verdict == verdict for figure in self.figures)


def names() -> list[str]:
    """Every example, by its file of figures."""
    return sorted(path.stem for path in FIGURES.glob("*.json"))


@cache
def example(name: str) -> Example:
    """The figures of the example `name`, each looked up in what handcalc derives from its file."""
    record = json.loads((FIGURES / f"{name}.json").read_text(encoding="utf-8"))
    solved = handcalc.solve_all(EXAMPLES / f"{name}.yaml")
    single = bool(record.get("float32"))
    figures = tuple(_figure(called, one, solved, single=single) for called, one in record["figures"].items())
    return Example(name, record["source"], figures)


def _figure(name: str, record: Mapping[str, Any], solved: Mapping[str, Solution], *, single: bool) -> Figure:
    printed = record["printed"]
    try:
        if "erratum" in record:
            return _erratum(name, record, solved, single=single)
        wanted, ours = _compared(printed, record, solved, single=single)
    except (handcalc.UnknownQuantity, handcalc.CannotDecide, KeyError) as error:
        return Figure(name, printed, "-", "missing", f"{type(error).__name__}: {error}")
    return Figure(name, printed, ours, "reproduced" if ours == wanted else "missing")


def _erratum(name: str, record: Mapping[str, Any], solved: Mapping[str, Solution], *, single: bool) -> Figure:
    """Our value isn't what is printed but what is correct; a convention that we can follow gives what is printed."""
    printed, erratum = record["printed"], record["erratum"]
    correct = _LEADING.match(erratum["correct"])
    wanted, ours = _compared(correct[0] if correct else printed, record, solved, single=single)
    if "correct to" in record and correct:  # so many decimals; its last digits are off, as the note says
        to = Decimal(1).scaleb(-record["correct to"])
        wanted, ours = _compared(str(Decimal(correct[0]).quantize(to)), record, solved, single=single)
    same, shown = _compared(printed, record, solved, single=single)
    right = same != shown and (ours == wanted or correct is None)
    followed = record.get("as printed")
    if followed is not None:
        same, shown = _compared(printed, followed, solved, single=single)
        right = right and same == shown
    why = f"{erratum['kind']}: {erratum['why']}" if erratum["why"] else erratum["kind"]
    why = f"{why}; {record['note']}" if "note" in record else why
    return Figure(name, printed, ours, "erratum" if right else "missing", why, followed is not None)


def _compared(printed: str, at: Mapping[str, Any], solved: Mapping[str, Solution], *, single: bool) -> tuple[str, str]:
    """The printed number and ours, to as many decimals; `at` says the exercise, the key, and perhaps another sign."""
    wanted = Decimal(printed)
    most = SINGLE if single else DOUBLE
    if len(wanted.as_tuple().digits) > most:
        last = Decimal((0, (1,), wanted.adjusted() - most + 1))
        wanted = wanted.quantize(last, ROUND_HALF_UP)
    places = max(0, -int(wanted.as_tuple().exponent))
    ours = solved[at.get("exercise", "")][at["key"]].decimal(places)
    if at.get("sign") == -1:
        ours = ours.removeprefix("-") if ours.startswith("-") else f"-{ours}"
    return _text(wanted), _text(Decimal(ours))


def _text(number: Decimal) -> str:
    """Without an exponent; zero has no sign."""
    return f"{number if number else abs(number):f}"
