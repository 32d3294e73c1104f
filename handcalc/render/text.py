"""Plain text, 80 columns wide. Quantities are written by their keys, so that a line can be read back.

    z1[1] = W1[1,1]·x[1] + W1[1,2]·x[2] + b1[1]
          = 0.6·1.5 + 0.4·1 + 0.1 = 1.4

What is written: digits (``0.58668…`` is a truncated number), keys, ``+ − · / ^ ( ) = ≈``, ``e^(…)``,
``√(…)``, ``|…|``, ``ln(…)``, ``log2(…)``, ``log10(…)``, ``tanh(…)``, ``erf(…)``, ``max(…, …)``, ``π`` and
``(1 if z > 0 else −1 if z < 0 else 0)``. ``a/b·c`` and ``a^b^c`` never occur without parentheses that say
which is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from handcalc.derive.passes import NumericLine, NumericPass
from handcalc.derive.program import Program
from handcalc.formula.maths import (
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
from handcalc.formula.notation import filled, written
from handcalc.formula.tree import Formula, Num, Ref
from handcalc.render.breaking import TIMES, has_matrix
from handcalc.render.text_matrix import relation, side_by_side
from handcalc.render.text_table import table_text
from handcalc.render.typeset.letters import letter
from handcalc.sheet.parts import Answer, Given, Givens, Line, Part, Say, Section, Sheet, Table, Words, Working
from handcalc.sheet.picture import Picture

WIDTH = 80
WIDEST_NAME = 36
"""Columns that names of givens are aligned in."""
MOST_DEPTH = 6
"""Parentheses inside which a row may still be cut."""
_PLAIN = frozenset("…eE")
_SPELT = {"transpose": "T", "prime": "'"}


def text(sheet: Sheet, *, colour: bool = False) -> str:
    """The whole sheet; with `colour`, headings and results are emphasised for a terminal."""
    ink = _Ink(colour)
    blocks = [ink.bold(_wrapped(sheet.title, "", "")), *(_part(part, ink) for part in sheet.parts)]
    for section in sheet.sections:
        blocks += _section(section, ink)
    return "\n\n".join(block for block in blocks if block) + "\n"


def line_text(line: Line) -> str:
    """One line of working, broken to the width of the page: at relations, then at + and −."""
    if _is_relation(line):
        return _relation(line)
    left, stages = _stages(line)
    margin, room = " " * (2 + len(left)), WIDTH - 3 - len(left)
    rows = _rows(stages, room)
    said = [f"  {left} {rows[0]}", *(f"{margin} {row}" for row in rows[1:])]
    if remark := line.remark:
        said.append(_wrapped(f"({words(remark)})", margin + " ", margin + "  "))
    return "\n".join(said)


def _is_relation(line: Line) -> bool:
    """Whether matrices stand in the line; a step of a page is one of numbers."""
    marks = () if isinstance(line, NumericLine) else (line.target, *(mark for _, mark in line.stages))
    return any(map(has_matrix, marks))


def _relation(line: Line) -> str:
    """One line of working in which matrices stand."""

    said = [f"  {row}".rstrip() for row in relation(line.target, line.stages, plain, WIDTH - 2)]
    if remark := line.remark:
        margin = " " * (4 + len(plain(line.target)))
        said.append(_wrapped(f"({words(remark)})", margin, margin + " "))
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


def broken(stage: str, room: int) -> list[str]:
    """A stage that is too wide, in rows: cut before a + or −, outside parentheses if that is enough."""
    if len(stage) <= room:
        return [stage]
    rows = [stage]
    for depth in range(MOST_DEPTH):
        rows, start = [], 0
        for cut in (*_cuts(stage, depth), len(stage)):
            piece = stage[start:cut]
            if rows and len(rows[-1]) + len(piece) <= room:
                rows[-1] += piece
            else:
                rows.append(f"  {piece.lstrip()}" if rows else piece)
            start = cut
        if max(map(len, rows)) <= room:
            break
    return rows


def _cuts(stage: str, most: int) -> list[int]:
    """Where `stage` may be cut: before each binary + or − that at most `most` parentheses and bars enclose."""
    cuts, depth, before = [], 0, ""
    for i, sign in enumerate(stage):
        if sign == "(" or (sign == "|" and before in " (+−·/^"):
            depth, before = depth + 1, "("
        elif sign in ")|":
            depth, before = depth - 1, ")"
        else:
            before = sign
        if sign in "+−" and depth <= most and stage[i - 1] == stage[i + 1] == " ":
            cuts.append(i - 1)
    return cuts


def _stages(line: Line) -> tuple[str, list[str]]:
    """The target and each stage as text. What depends on the page only is made once per page."""
    if not isinstance(line, NumericLine):
        return plain(line.target), [f"{relation.sign} {plain(stage)}" for relation, stage in line.stages]
    memo = line.of.program.memo
    made = memo.get(line.slot)
    if made is None:
        put_in = None if isinstance(line.formula, (Ref, Num)) else _Template.of(line.formula, line.of.program)
        made = memo[line.slot] = (plain(line.target), f"= {plain(written(line.formula))}", put_in)
    left, formula, template = made
    stages = [formula]
    if template is not None and line.put_in is line.formula:
        stages.append(f"= {template.fill(_operands(line.of))}")
    elif line.put_in is not None:
        stages.append(f"= {plain(filled(written(line.put_in), line.operand))}")
    if (closed := line.closed) is not None:
        stages.append(f"= {plain(written(closed))}")
    stages += [f"{sign} {_signed(digits)}" for sign, digits in line.result]
    return left, stages


@dataclass(frozen=True, slots=True)
class _Template:
    """A formula's text with gaps for the numbers: pieces and, between them, (slot, which of its texts)."""

    pieces: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, formula: Formula, program: Program) -> _Template:
        gaps: list[tuple[int, int]] = []

        def gap(slot: Slot, within: Hold) -> str:
            tight = _TIGHT if max(slot.within, within) > Hold.NEGATIVE else _LOOSE
            gaps.append((program.slots.number[slot.quantity], _RAISED if slot.within == Hold.ATOM else tight))
            return "\0"

        return cls(tuple(plain(written(formula), put=gap).split("\0")), tuple(gaps))

    def fill(self, operands: Sequence[tuple[str, str, str]]) -> str:
        said = [self.pieces[0]]
        for (slot, place), piece in zip(self.gaps, self.pieces[1:], strict=True):
            said += (operands[slot][place], piece)
        return "".join(said)


_LOOSE, _TIGHT, _RAISED = range(3)
"""Places of a number: it may need parentheses as a factor, and others when it is raised to a power."""


def _operands(worked: NumericPass) -> list[tuple[str, str, str]]:
    """By slot the number as text, in a loose place, in a tight one, and raised to a power."""
    if "text" not in worked.memo:
        worked.memo["text"] = [_in_places(_signed(one)) for one in worked.printed.operand]
    found: list[tuple[str, str, str]] = worked.memo["text"]
    return found


def _in_places(loose: str) -> tuple[str, str, str]:
    fenced = f"({loose})"
    tight = fenced if loose[0] == "−" or "/" in loose or "·" in loose else loose
    return loose, tight, tight if _PLAIN.isdisjoint(loose) else fenced


def _signed(digits: str) -> str:
    if "^-" in digits:
        digits = f"{digits.replace('^-', '^(−')})"
    return f"−{digits[1:]}" if digits[0] == "-" else digits


def plain(maths: Maths, within: Hold = Hold.LOOSE, put: Callable[[Slot, Hold], str] | None = None) -> str:
    """`maths` on one line of text; a slot is its quantity's key, or what `put` says."""
    match maths:
        case Slot(quantity, _):
            return put(maths, within) if put else quantity.key
        case Digits(digits):
            return digits
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
        case Fenced(inner, left, right):
            return f"{left}{plain(inner, put=put)}{right}"
        case Root(inner):
            return f"√({plain(inner, put=put)})"
        case Matrix(rows) if all(len(row) == 1 for row in rows):
            return f"[{', '.join(plain(row[0]) for row in rows)}]"
        case Matrix(rows):
            return f"[{', '.join('[' + ', '.join(map(plain, row)) + ']' for row in rows)}]"
        case Choice(rows) if rows[-1][1] is None and all(when for _, when in rows[:-1]):
            cases = (plain(value, put=put) + (f" if {plain(when, put=put)}" if when else "") for value, when in rows)
            return f"({' else '.join(cases)})"
    raise TypeError(f"no text for {maths!r}")


def _script(mark: Script, put: Callable[[Slot, Hold], str] | None) -> str:
    """``x_1^2``, ``log2``; a power in an exponent and a raised gradient are fenced."""
    base, below, above = plain(mark.base, Hold.ATOM, put), "", ""
    if put is None and mark.sup and isinstance(mark.base, Slot) and mark.base.quantity.of:
        base = f"({base})"
    if mark.sub:
        below = plain(mark.sub, Hold.ATOM, put)
        below = below if isinstance(mark.base, Function) else f"_{below}"
    if mark.sup:
        above = plain(mark.sup, Hold.ATOM, put)
        raised = "" if mark.sup == Letter("prime") else "^"
        above = f"^({above})" if isinstance(mark.sup, Script) and mark.sup.sup else f"{raised}{above}"
    return f"{base}{below}{above}"


def words(said: Words) -> str:
    """A sentence on one line."""
    return " ".join("".join(part if isinstance(part, str) else plain(part) for part in said).split())


def _row(items: Sequence[Maths], put: Callable[[Slot, Hold], str] | None = None) -> str:
    said: list[str] = []
    for i, item in enumerate(items):
        before = items[i - 1] if i else None
        match item:
            case Operator(sign) if i and not isinstance(before, (Operator, Relation)):
                said.append("·" if sign == "·" else f" {sign} ")
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


def _section(section: Section, ink: _Ink) -> list[str]:
    heading = ink.bold(section.heading) + "\n" + "-" * len(section.heading)
    parts = [_part(part, ink) for part in section.parts]
    return [heading + "\n" + parts[0], *parts[1:]] if parts else [heading]


def _part(part: Part, ink: _Ink) -> str:
    match part:
        case Say(said):
            return _wrapped(words(said), "", "")
        case Answer(said):
            return ink.bold(_wrapped(words(said), "=> ", "   "))
        case Givens(rows):
            named = min(max((len(row.name) for row in rows), default=0), WIDEST_NAME)
            return "\n".join(
                _given(row, f"{row.name:<{named}}{'  ' * bool(named)}{plain(row.letters)} = ") for row in rows
            )
        case Working(lines):
            return ("\n\n" if any(map(_is_relation, lines)) else "\n").join(map(line_text, lines))
        case Table():
            return table_text(part, words, WIDTH)
        case Picture():
            return ""
    raise TypeError(f"no text for {part!r}")


def _given(row: Given, left: str) -> str:
    """On one row if it fits; a wide matrix has one row for each of its own."""
    if len(left) + len(plain(row.value)) > WIDTH - 2 and isinstance(row.value, Matrix):
        rows = [f"[{', '.join(map(plain, cells))}]" for cells in row.value.rows]
        between = ",\n" + " " * (len(left) + 3)
        return f"  {left}[{between.join(rows)}]"
    return _wrapped(left + plain(row.value), "  ", "      ")


def _wrapped(said: str, first: str, later: str) -> str:
    return "\n".join(wrap(said, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False))
