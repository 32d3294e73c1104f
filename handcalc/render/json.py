"""The solution as JSON: every quantity by its key. docs/keys.md describes it.

Decimals are strings: a JSON number would pass through a float in most readers.
"""

from __future__ import annotations

import json as standard

from handcalc.derive.passes import Line, Pass
from handcalc.derive.solution import Solution
from handcalc.derive.warnings import warnings
from handcalc.formula.notation import filled, untraced, written
from handcalc.formula.tree import Num
from handcalc.render.text import plain, words
from handcalc.sheet.parts import Table, in_words
from handcalc.version import VERSION


def json(solution: Solution) -> str:
    """The whole solution, in the order of the lesson; the same bytes for the same network."""
    network = solution.network
    lines = {line.key: line for line in solution.lines}
    document = {
        "handcalc": VERSION,
        "title": network.title,
        "carry": network.carry,
        "significant figures" if network.rounding.figures else "decimals": network.rounding.places,
        "rounding": network.rounding.how,
        "show": list(network.show),
        "names": _names(solution),
        "quantities": {
            key: _line(lines[key])
            if key in lines
            else {"stage": "given", **_value(*solution.find(solution.quantity(key)))}
            for key in solution
        },
        "warnings": warnings(solution),
    }
    return standard.dumps(document, ensure_ascii=False, indent=1) + "\n"


def table(part: Table) -> dict[str, object]:
    """A table of a sheet: its cells as text."""
    return {
        "caption": words(part.caption),
        "header": [words(in_words(cell)) for cell in part.header],
        "rows": [[words(in_words(cell)) for cell in row] for row in part.rows],
    }


def _names(solution: Solution) -> dict[str, str]:
    """The names from the problem, by the key of what they name."""
    network, page = solution.network, solution.program.page
    named = dict(zip((ref.quantity.key for ref in page.inputs), network.input_names, strict=False))
    return named | {
        ref.quantity.key: name for row in page.outputs for ref, name in zip(row, network.output_names, strict=False)
    }


def _value(worked: Pass, slot: int) -> dict[str, object]:
    whole, printed = worked.whole[slot], worked.printed
    if not printed.decimal[slot]:
        shown = worked.shown(worked.program.slots.quantities[slot])
        return {"exact": whole, "digits": plain(untraced(shown)), "decimal": None}
    return {"exact": whole, "digits": printed.operand[slot], "decimal": printed.decimal[slot]}


def _line(line: Line) -> dict[str, object]:
    step, put_in = line.step, line.put_in
    value = _value(line.of, line.slot)
    if value["exact"] is None and (form := line.form) is not None:
        value["exact"] = plain(form)
    return {
        "stage": step.stage,
        "layer": step.layer,
        "operation": step.operation.name,
        "formula": plain(written(line.formula)),
        "substituted": None
        if isinstance(line.formula, Num)
        else plain(filled(written(put_in or line.formula), line.operand)),
        **value,
        "operands": "exact" if line.exactly else "digits",
        "remark": words(line.remark),
    }
