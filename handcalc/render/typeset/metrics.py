"""The measures of the bundled mathematical font, STIX Two Math: all lengths in em.

Source: `handcalc/fonts/maths.json`, which `handcalc/fonts/make.py` reads off the font's tables. The names
of the constants are those of the OpenType specification, chapter "MATH", table MathConstants.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

UNITS = 1000
"""Font units in one em."""


@dataclass(frozen=True, slots=True)
class Form:
    """One glyph: its number in the font and its measures.

    `italic` is how far it leans out at the upper right, `accent` where the middle of an accent goes.
    """

    number: int
    width: float
    height: float
    depth: float
    italic: float
    accent: float

    @property
    def total(self) -> float:
        return self.height + self.depth


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a very tall fence: how far it may overlap its neighbours; a repeated piece fills the height."""

    form: Form
    start: float
    end: float
    total: float
    repeated: bool


@dataclass(frozen=True, slots=True)
class Metrics:
    constants: dict[str, float]
    overlap: float
    forms: tuple[Form, ...]
    characters: dict[str, Form]
    taller: dict[int, tuple[Form, ...]]
    """By glyph number: the same fence, higher and higher."""
    pieces: dict[int, tuple[Piece, ...]]
    smaller: dict[int, tuple[Form, ...]]
    """By glyph number: the forms drawn for scripts and for scripts of scripts."""


@cache
def metrics() -> Metrics:
    table = json.loads((files("handcalc") / "fonts" / "maths.json").read_text("utf-8"))
    forms = tuple(Form(i, *(x / UNITS for x in row)) for i, row in enumerate(table["glyphs"]))

    def each(name: str) -> dict[int, Any]:
        return {int(number): rows for number, rows in table[name].items()}

    percents = {"ScriptPercentScaleDown", "ScriptScriptPercentScaleDown", "RadicalDegreeBottomRaisePercent"}
    return Metrics(
        constants={k: x / (100 if k in percents else UNITS) for k, x in table["constants"].items()},
        overlap=table["overlap"] / UNITS,
        forms=forms,
        characters={c: forms[i] for c, i in table["characters"].items()},
        taller={i: tuple(forms[j] for j, _ in rows) for i, rows in each("variants").items()},
        pieces={i: tuple(_piece(forms, row) for row in rows) for i, rows in each("assemblies").items()},
        smaller={i: tuple(forms[j] for j in rows) for i, rows in each("scripts").items()},
    )


def _piece(forms: tuple[Form, ...], row: list[int]) -> Piece:
    number, start, end, total, repeated = row
    return Piece(forms[number], start / UNITS, end / UNITS, total / UNITS, bool(repeated))
