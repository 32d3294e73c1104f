"""Plain text, 80 columns wide. Quantities are written by their keys, so that a line can be read back.

    z1[1] = W1[1,1]·x[1] + W1[1,2]·x[2] + b1[1]
          = 0.6·1.5 + 0.4·1 + 0.1 = 1.4

What is written: digits (``0.58668…`` is a truncated number; ``1·10^(−3)`` has a power of ten), keys,
``+ − · / ^ ( ) = ≈``, ``e^(…)``, ``√(…)``, ``|…|``, ``ln(…)``, ``log2(…)``, ``log10(…)``, ``tanh(…)``, ``erf(…)``,
``max(…, …)``, ``π`` and ``(1 if z > 0 else −1 if z < 0 else 0)``. ``a/b·c`` and ``a^b^c`` never occur without
parentheses that say which is meant. Of a notation only the spelling shows here (``0,58668…``, ``×``, ``log``), and
with decimal commas lists are separated by ``;``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from textwrap import wrap

from handcalc.derive.passes import NumericLine, NumericPass
from handcalc.derive.program import Program
from handcalc.formula.maths import (
    Blank,
    Choice,
    Digits,
    Fenced,
    Fraction,
    Function,
    Hold,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Root,
    Row,
    Script,
    Slot,
    Word,
)
from handcalc.formula.notation import (
    POWER_OF_TEN,
    USUAL_SPELLING,
    Spelling,
    filled,
    respelt,
    rewritten,
    spelling,
    written,
)
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Num, Ref
from handcalc.render.breaking import TIMES, has_matrix
from handcalc.render.text_matrix import lines_of, relation, side_by_side
from handcalc.render.text_rows import broken
from handcalc.render.text_table import table_text
from handcalc.render.typeset.letters import letter
from handcalc.sheet.parts import (
    Answer,
    Given,
    Givens,
    Line,
    Part,
    Room,
    Say,
    Section,
    Sheet,
    Table,
    Words,
    Working,
    without_values,
)
from handcalc.sheet.picture import Picture

WIDTH = 80
WIDEST_NAME = 36
"""Columns that names of givens are aligned in."""
_SPELT = {"transpose": "T", "prime": "'"}


def text(sheet: Sheet, *, colour: bool = False) -> str:
    """The whole sheet; with `colour`, headings and results are emphasised for a terminal."""
    sheet = without_values(sheet)
    ink, spelt = _Ink(colour), spelling(sheet.notation, sheet.language)
    blocks = [ink.bold(_wrapped(sheet.title, "", "")), *(_part(part, ink, spelt) for part in sheet.parts)]
    for section in sheet.sections:
        blocks += _section(section, ink, spelt)
    return "\n\n".join(block for block in blocks if block) + "\n"


def line_text(line: Line, spelt: Spelling = USUAL_SPELLING) -> str:
    """One line of working, broken to the width of the page: at relations, then at + and −."""
    if _is_relation(line):
        return _relation(line, spelt)
    left, stages = _stages(line, spelt)
    margin, room = " " * (2 + len(left)), WIDTH - 3 - len(left)
    rows = _rows(stages, room)
    said = [f"  {left} {rows[0]}", *(f"{margin} {row}" for row in rows[1:])]
    if remark := line.remark:
        said.append(_wrapped(f"({words(remark, spelt)})", margin + " ", margin + "  "))
    return "\n".join(said)


def _is_relation(line: Line) -> bool:
    """Whether matrices stand in the line; a step of a page is one of numbers."""
    marks = () if isinstance(line, NumericLine) else (line.target, *(mark for _, mark in line.stages))
    return any(map(has_matrix, marks))


def _relation(line: Line, spelt: Spelling) -> str:
    """One line of working in which matrices stand."""
    stages = [(sign, respelt(mark, spelt)) for sign, mark in line.stages]
    said = [f"  {row}".rstrip() for row in relation(respelt(line.target, spelt), stages, plain, WIDTH - 2)]
    if remark := line.remark:
        margin = " " * (4 + len(plain(line.target)))
        said.append(_wrapped(f"({words(remark, spelt)})", margin, margin + " "))
    return "\n".join(said)


def _rows(stages: Sequence[str], room: int) -> list[str]:
    """Everything on one row if it fits; else the formula, then the other stages as they fit."""
    if sum(map(len, stages)) + len(stages) - 1 <= room:
        return [" ".join(stages)]
    rows = broken(stages[0], room)
    fresh = len(rows)
    for stage in stages[1:]:
        if len(rows) > fresh and len(rows[-1]) + 1 + len(stage) <= room:
            rows[-1] = f"{rows[-1]} {stage}"
        else:
            rows += broken(stage, room)
    return rows


def _stages(line: Line, spelt: Spelling) -> tuple[str, list[str]]:
    """The target and each stage as text. What depends on page and spelling only is made once for both."""
    if not isinstance(line, NumericLine):
        return plain(line.target), [f"{relation.sign} {_said(stage, spelt)}" for relation, stage in line.stages]
    worked, formula, put_in = line.of, line.formula, line.put_in
    memo, key = worked.program.memo, line.slot if spelt is USUAL_SPELLING else (line.slot, spelt)
    made = memo.get(key)
    if made is None:
        template = None if isinstance(formula, (Ref, Num)) else _Template.of(formula, worked.program, spelt)
        made = memo[key] = (plain(line.target), f"= {_said(written(formula), spelt)}", template)
    left, letters, template = made
    stages = [letters]
    if template is not None and put_in is formula:
        stages.append(f"= {template.fill(_operands(worked, spelt))}")
    elif put_in is not None:
        stages.append(f"= {_said(filled(written(put_in), line.operand), spelt)}")
    if (closed := line.closed) is not None:
        stages.append(f"= {_said(written(closed), spelt)}")
    stages += [f"{sign} {_signed(digits, spelt)}" for sign, digits in line.result]
    return left, stages


@dataclass(frozen=True, slots=True)
class _Template:
    """A formula's text with gaps for the numbers: pieces and, between them, (slot, which of its texts)."""

    pieces: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, formula: Formula, program: Program, spelt: Spelling) -> _Template:
        gaps: list[tuple[int, int]] = []

        def gap(slot: Slot, within: Hold) -> str:
            tight = _TIGHT if max(slot.within, within) > Hold.NEGATIVE else _LOOSE
            gaps.append((program.slots.number[slot.quantity], _RAISED if slot.within == Hold.ATOM else tight))
            return "\0"

        return cls(tuple(plain(respelt(written(formula), spelt), put=gap).split("\0")), tuple(gaps))

    def fill(self, operands: Sequence[tuple[str, str, str]]) -> str:
        said = [self.pieces[0]]
        for (slot, place), piece in zip(self.gaps, self.pieces[1:], strict=True):
            said += (operands[slot][place], piece)
        return "".join(said)


_LOOSE, _TIGHT, _RAISED = range(3)
"""Places of a number: it may need parentheses as a factor, and others when it is raised to a power."""


def _operands(worked: NumericPass, spelt: Spelling) -> list[tuple[str, str, str]]:
    """By slot the number as text, in a loose place, in a tight one, and raised to a power."""
    key = "text" if spelt is USUAL_SPELLING else ("text", spelt)
    if key not in worked.memo:
        worked.memo[key] = [_in_places(_signed(one, spelt)) for one in worked.printed.operand]
    found: list[tuple[str, str, str]] = worked.memo[key]
    return found


def _in_places(loose: str) -> tuple[str, str, str]:
    fenced = f"({loose})"
    tight = fenced if loose[0] == "−" or "/" in loose or "^" in loose else loose
    return loose, tight, tight if tight == fenced or "…" not in loose else fenced


def _signed(digits: str, spelt: Spelling) -> str:
    said = f"−{digits[1:]}" if digits[0] == "-" else digits
    if ("^" in said or "e" in said or "E" in said) and (power := POWER_OF_TEN.search(said)):
        exponent = int(power[1])
        said = f"{said[: power.start()]}{spelt.times}10^{exponent if exponent >= 0 else f'(−{-exponent})'}"
    return said.replace(".", ",") if spelt.comma else said


def plain(maths: Maths, within: Hold = Hold.LOOSE, put: Callable[[Slot, Hold], str] | None = None) -> str:
    """`maths` on one line of text; a slot is its quantity's key, or what `put` says."""
    match maths:
        case Slot(quantity, _):
            return put(maths, within) if put else _key(quantity, max(maths.within, within))
        case Digits(digits):
            return digits
        case Blank(choice=choice) if choice:
            return "[x]" if maths.ticked else "[ ]"
        case Blank():
            return (". " * int(maths.room[0]))[:-1] if maths.dotted else "_" * round(1.2 * maths.room[0])
        case Letter(name):
            char, accent = letter(name)
            return _SPELT.get(name, name if accent else char)
        case Word(word):
            return word
        case Function(name):
            return name
        case Operator(sign) | Relation(sign):
            return sign
        case Row(items):
            row = _row(items, put)
            return f"({row})" if within > Hold.SUM and _holds(items) < within else row
        case Fraction(top, bottom):
            fraction = f"{plain(top, Hold.PRODUCT, put)}/{plain(bottom, Hold.ATOM, put)}"
            return f"({fraction})" if within >= Hold.PRODUCT else fraction
        case Script():
            return _script(maths, put)
        case Fenced(Slot(quantity, _), left, right) if put is None:
            return f"{left}{quantity.key}{right}"
        case Fenced(inner, left, right):
            return f"{left}{plain(inner, put=put)}{right}"
        case Root(inner):
            return f"√({plain(inner, put=put)})"
        case Matrix(rows) if all(len(row) == 1 for row in rows):
            return f"[{', '.join(plain(row[0]) for row in rows)}]"
        case Matrix(rows):
            return f"[{', '.join('[' + ', '.join(map(plain, row)) + ']' for row in rows)}]"
        case Choice(rows, (given, otherwise)) if rows[-1][1] is None and all(when for _, when in rows[:-1]):
            otherwise = "else" if otherwise == "otherwise" else otherwise
            cases = (
                plain(value, put=put) + (f" {given} {plain(when, put=put)}" if when else "") for value, when in rows
            )
            return f"({f' {otherwise} '.join(cases)})"
    raise TypeError(f"no text for {maths!r}")


def _script(mark: Script, put: Callable[[Slot, Hold], str] | None) -> str:
    """``x_1^2``, ``log2``; a power in an exponent is fenced."""
    base, below, above = plain(mark.base, Hold.ATOM, put), "", ""
    if mark.sub:
        below = plain(mark.sub, Hold.ATOM, put)
        below = below if isinstance(mark.base, Function) else f"_{below}"
    if mark.sup:
        above = plain(mark.sup, Hold.ATOM, put)
        raised = "" if mark.sup == Letter("prime") else "^"
        above = f"^({above})" if isinstance(mark.sup, Script) and mark.sup.sup else f"{raised}{above}"
    return f"{base}{below}{above}"


def _key(quantity: Quantity, within: Hold) -> str:
    """The key; that of minus a gradient is fenced in a tight place, that of a gradient before a power."""
    loose = quantity.role == "minus gradient" and within > Hold.NEGATIVE
    return f"({quantity.key})" if loose or (quantity.role == "gradient" and within == Hold.ATOM) else quantity.key


def _said(maths: Maths, spelt: Spelling) -> str:
    """`maths`, written in the usual spelling, as text."""
    return plain(_on_one_line(respelt(maths, spelt)) if spelt.comma else respelt(maths, spelt))


def _on_one_line(maths: Maths) -> Maths:
    """`maths` with its matrices as lists whose items are separated by ``;``."""

    def listed(items: Sequence[Maths]) -> Maths:
        apart = [mark for item in items for mark in (Relation(";"), item)]
        return Fenced(Row(tuple(apart[1:])), "[", "]")

    def change(m: Matrix) -> Maths:
        return listed([_on_one_line(row[0] if len(row) == 1 == len(m.rows[0]) else listed(row)) for row in m.rows])

    return rewritten(maths, Matrix, change)


def words(said: Words, spelt: Spelling = USUAL_SPELLING) -> str:
    """A sentence on one line."""
    parts = (part if isinstance(part, str) else _said(part, spelt) for part in said)
    return " ".join("".join(parts).split())


def _row(items: Sequence[Maths], put: Callable[[Slot, Hold], str] | None = None) -> str:
    said: list[str] = []
    for i, item in enumerate(items):
        before = items[i - 1] if i else None
        match item:
            case Operator(sign) if i and not isinstance(before, (Operator, Relation)):
                said.append(sign if sign in "·×" else f" {sign} ")
            case Operator(sign):
                said.append(sign)
            case Relation(sign):
                said.append(f"{sign} " if sign in ",;" else f" {sign} ")
            case _:
                if before is not None and side_by_side(before, item):
                    said.append(" ")
                factor = any(
                    isinstance(near, Operator) and near.sign in TIMES for near in (before, *items[i + 1 : i + 2])
                )
                said.append(plain(item, Hold.PRODUCT if factor else Hold.SUM, put))
    return "".join(said)


def _holds(items: Sequence[Maths]) -> Hold:
    signs = {item.sign for item in items if isinstance(item, Operator)}
    if signs & {"+", "−"}:
        return Hold.SUM
    return Hold.PRODUCT if signs or any(isinstance(item, Relation) for item in items) else Hold.POWER


class _Ink:
    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def bold(self, said: str) -> str:
        return f"\x1b[1m{said}\x1b[0m" if self.colour and said else said


def _section(section: Section, ink: _Ink, spelt: Spelling) -> list[str]:
    rows = wrap(section.heading, WIDTH, break_on_hyphens=False) or [""]
    heading = ink.bold("\n".join(rows)) + "\n" + ("=" if section.opens else "-") * max(map(len, rows))
    parts = [_part(part, ink, spelt) for part in section.parts]
    return [heading + "\n" + parts[0], *parts[1:]] if parts else [heading]


def _part(part: Part, ink: _Ink, spelt: Spelling) -> str:
    match part:
        case Say(said):
            return _wrapped(words(said, spelt), "", "")
        case Answer(said):
            return ink.bold(_wrapped(words(said, spelt), "=> ", "   "))
        case Givens(rows):
            named = min(max((len(row.name) for row in rows), default=0), WIDEST_NAME)
            return "\n".join(_given(row, named, spelt) for row in rows)
        case Working(lines):
            apart = "\n\n" if any(map(_is_relation, lines)) else "\n"
            return apart.join(line_text(line, spelt) for line in lines)
        case Table():
            return table_text(part, lambda said: words(said, spelt), WIDTH, partial(_drawn, spelt=spelt))
        case Picture():
            return ""
        case Room():
            return ""
    raise TypeError(f"no text for {part!r}")


def _drawn(said: Words, spelt: Spelling) -> list[str]:
    """The lines of a formula in which a matrix stands; none of what fits on one line."""
    marks = [respelt(word, spelt) for word in said if isinstance(word, Maths) and has_matrix(word)]
    return lines_of(marks[0], plain, WIDTH) if marks else []


def _given(row: Given, named: int, spelt: Spelling) -> str:
    """On one row if it fits in `named` columns for the name; a wide matrix has one row for each of its own."""
    if len(row.name) > named:
        *above, name = wrap(row.name, named, subsequent_indent="  ", break_on_hyphens=False)
        return "\n".join((*(f"  {one}" for one in above), _given(replace(row, name=name), named, spelt)))
    left = f"{row.name:<{named}}{'  ' * bool(named)}{plain(row.letters)} = "
    said, apart = _said(row.value, spelt), ";" if spelt.comma else ","
    if len(left) + len(said) > WIDTH - 2 and isinstance(row.value, Matrix):
        rows = [f"[{f'{apart} '.join(_said(cell, spelt) for cell in cells)}]" for cells in row.value.rows]
        between = f"{apart}\n" + " " * (len(left) + 3)
        return f"  {left}[{between.join(rows)}]"
    return _wrapped(left + said, "  ", "      ")


def _wrapped(said: str, first: str, later: str) -> str:
    return "\n".join(wrap(said, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False))
