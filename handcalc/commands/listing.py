"""What is known, on paper: a list and one operation at length for a terminal, and the same as JSON values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import wrap

from handcalc.commands.known import Equation, Known, accepted, in_a_file, singular
from handcalc.ops import Operation, Option
from handcalc.render.text import WIDTH
from handcalc.render.text_rows import broken
from handcalc.version import VERSION

MARGIN = 2
WIDEST_NAME = 18
"""Columns that names are aligned in; a longer one has a row of its own."""
_HARD = "\u00a0"
"""A space at which no row ends."""
_NOT_AFTER_A_COMMA = re.compile(r"(?<!,) ")
_ELSE = re.compile(r" (?=else )")


def listing(found: Sequence[Known]) -> str:
    """Family by family, each operation with its formulas and derivatives, for a terminal."""
    width = MARGIN + min(max(len(one.name) for one in found), WIDEST_NAME) + 2
    families = []
    for family in dict.fromkeys(one.family for one in found):
        entries = [_listed(one, width) for one in found if one.family == family]
        families.append("\n".join([family, "-" * len(family), *entries]))
    return "\n\n".join(families) + "\n"


def at_length(one: Known) -> str:
    """Everything about one operation, for a terminal."""
    operation = one.operation
    also = f"; also: {', '.join(operation.aliases)}" if operation.aliases else ""
    said = [_wrapped(f"{one.name} ({singular(one.family)}{also})", 0)]
    said.append("\n".join(_wrapped(tell, 0) for tell in _tells(operation)))
    said.append("\n".join(_equation_rows((*one.formulas, *one.derivatives), MARGIN)))
    for choice in dict.fromkeys(equation.choice for equation in one.others):
        rows = _equation_rows([equation for equation in one.others if equation.choice == choice], MARGIN)
        said.append("\n".join([_wrapped(f"With {choice}", 0), *rows]))
    if operation.options:
        said.append("Options\n" + _pairs([(option.name, _option(option)) for option in operation.options]))
    if operation.mistakes:
        said.append("Known mistakes\n" + _pairs([(mistake.code, mistake.tell) for mistake in operation.mistakes]))
    if line := in_a_file(operation):
        said.append(f"In a network file\n{_wrapped(_NOT_AFTER_A_COMMA.sub(_HARD, line), MARGIN).replace(_HARD, ' ')}")
    return "\n\n".join(filter(None, said)) + "\n"


def document(found: Sequence[Known]) -> dict[str, object]:
    """The same for a program to read."""
    return {"handcalc": VERSION, "operations": [_entry(one) for one in found]}


def _entry(one: Known) -> dict[str, object]:
    operation = one.operation
    return {
        "name": one.name,
        "family": one.family,
        "aliases": list(operation.aliases),
        "tell": _tells(operation),
        "formulas": [asdict(equation) for equation in one.formulas],
        "derivatives": [asdict(equation) for equation in one.derivatives],
        "with other options": [asdict(equation) for equation in one.others],
        "options": [
            {"name": option.name, "accepted": accepted(option), "words": list(option.words), "default": option.default,
             "tell": option.tell}
            for option in operation.options
        ],
        "mistakes": [{"code": mistake.code, "tell": mistake.tell} for mistake in operation.mistakes],
        "example": in_a_file(operation),
    }  # fmt: skip


def _tells(operation: type[Operation]) -> list[str]:
    """What a teacher says about it; the sentence about a quoted slope belongs to losses."""
    told = (operation.tell, operation.gradient_tell, getattr(operation, "quoted_tell", ""))
    return [tell for tell in told if tell]


def _option(option: Option) -> str:
    tell = f"{option.tell}: " if option.tell not in ("", option.name) else ""
    return f"{tell}{accepted(option)}; default {option.default}"


def _listed(one: Known, width: int) -> str:
    """The name in a column of its own, beside it the equations, other names, and the options."""
    operation = one.operation
    rows = _equation_rows((*one.formulas, *one.derivatives), width)
    if operation.aliases:
        rows.append(_wrapped(f"also: {', '.join(operation.aliases)}", width))
    rows += [
        _wrapped(f"{option.name}: {accepted(option)}; default {option.default}", width) for option in operation.options
    ]
    name = " " * MARGIN + one.name
    if len(name) > width - 2:
        return "\n".join([name, *rows])
    return "\n".join([f"{name:<{width}}{rows[0][width:]}", *rows[1:]])


def _equation_rows(equations: Sequence[Equation], indent: int) -> list[str]:
    """Equal signs under each other; too wide a right side goes on in the next row."""
    left = max(len(equation.left) for equation in equations)
    rows: list[str] = []
    for equation in equations:
        start = f"{' ' * indent}{equation.left:<{left}} = "
        room = WIDTH - len(start)
        pieces = _rows(equation.right, room)
        if equation.remark and len(pieces[-1]) + len(equation.remark) + 5 <= room:
            pieces[-1] += f"   ({equation.remark})"
        elif equation.remark:
            pieces += wrap(f"({equation.remark})", room, initial_indent="  ", subsequent_indent="   ")
        rows += [start + pieces[0], *(" " * len(start) + piece for piece in pieces[1:])]
    return rows


def _rows(right: str, room: int) -> list[str]:
    """A choice is cut before its else, anything else before a + or − if that is enough."""
    parts, cut = _ELSE.split(right), broken(right, room)
    is_choice = parts[0].count("(") - parts[0].count(")") == 1
    if len(right) <= room or len(parts) == 1 or (not is_choice and max(map(len, cut)) <= room):
        return cut
    rows = parts[:1]
    for part in parts[1:]:
        if len(rows[-1]) + 1 + len(part) <= room:
            rows[-1] += f" {part}"
        else:
            rows.append(f"  {part}")
    return [piece for row in rows for piece in broken(row, room)]


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and what is said of each, in two columns."""
    width = MARGIN + max(len(name) for name, _ in pairs) + 2
    return "\n".join(f"{' ' * MARGIN + name:<{width}}{_wrapped(said, width)[width:]}" for name, said in pairs)


def _wrapped(said: str, indent: int) -> str:
    margin = " " * indent
    return "\n".join(wrap(said, WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False))
