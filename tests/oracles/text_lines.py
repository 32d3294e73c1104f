"""Printed lines out of plain text, by the grammar that its first page documents: keys, digits, ``+ − · / ^ ( )``,
``e^(…)``, ``√(…)``, ``|…|``, ``ln(…)``, ``log2(…)``, ``max(…, …)``, ``π``, ``(1 if z > 0 else −1 if z < 0 else 0)``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oracles.marks import Call, Name, Printed, Said, Stage, Unreadable
from oracles.reading import Reader, chosen

_NAME = r"[A-Za-z]+\d*(?:\[[suthc]=\d+\])*(?:\[\d+(?:,\d+)*\])?"
FUNCTIONS = ("exp", "ln", "log2", "log10", "tanh", "erf", "max", "min")
_STATE = rf"(?!(?:{'|'.join(FUNCTIONS)})\()[A-Za-z]+\({_NAME}\)"
KEY = rf"d{_NAME}/d{_NAME}|{_STATE}|{_NAME}"
_TOKENS = re.compile(
    rf"\s*(?:(?P<digits>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?…?)|(?P<euler>e(?=\^))|(?P<word>(?:if|else)\b)"
    rf"|(?P<function>(?:{'|'.join(FUNCTIONS)}|√)(?=\())|(?P<key>{KEY})|(?P<mark>[-+−·/^(),<>≤≥|π]))"
)
_HEADING = re.compile(r"^(?P<title>\S.*)\n-+$", re.MULTILINE)
_LINE = re.compile(rf"  (?P<key>{KEY}) (?P<rest>[=≈] .*)")
NOT_WORKED = ("Given", "Result")


class _Text(Reader):
    def atom(self) -> Said:
        token = self.take()
        if token[0] in "0123456789.":
            return self.digits(token)
        if token == "(":
            return self._fenced()
        if token == "e" and self.taken("^"):
            return Call("exp", (self.exponent(),))
        if token == "|":
            return self.bars()
        if token == "π":
            return Call("pi", ())
        if self.next == "(" and re.fullmatch(r"[a-z]+\d*|√", token):
            self.take("(")
            return Call("sqrt" if token == "√" else token, self.arguments(")"))
        if re.fullmatch(KEY, token):
            return Name(token)
        raise Unreadable(f"{token!r} can't stand here")

    def exponent(self) -> Said:
        if self.next == "-":
            raise Unreadable("an exponent with a sign is fenced")
        return self.atom()

    def _fenced(self) -> Said:
        inner, rows = self.sum(), []
        while self.taken("if"):
            rows.append((inner, self.condition()))
            self.take("else")
            inner = self.sum()
        self.take(")")
        return chosen(rows, inner)


def read_formula(text: str) -> Said:
    return _Text(_tokens(text)).whole()


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.strip()
    while at < len(text):
        found = _TOKENS.match(text, at)
        if not found:
            raise Unreadable(f"no mark of the grammar: {text[at : at + 20]!r}")
        token = found[0].strip()
        tokens.append("-" if token == "−" else token)
        at = found.end()
    return tokens


def read_line(text: str) -> Printed:
    """One line of working, with its continuation rows."""
    rows = text.split("\n")
    first = _LINE.fullmatch(rows[0])
    if not first:
        raise Unreadable(f"not a line of working: {rows[0]!r}")
    said, remark = [first["rest"]], ""
    for i, row in enumerate(rows[1:], 1):
        if not row.startswith("    "):
            raise Unreadable(f"a row that goes on begins further in: {row!r}")
        if row.strip().startswith("(") and not said[-1].rstrip().endswith(","):
            remark = " ".join(r.strip() for r in rows[i:])
            break
        said.append(row.strip())
    return Printed(first["key"], tuple(_stages(" ".join(said))), remark)


def _stages(text: str) -> Iterator[Stage]:
    relation = text[0]
    for part in re.split(r" (?=[=≈] )", text):
        relation, said = part[0], part[1:]
        yield relation, read_formula(said)


def sections(text: str) -> dict[str, str]:
    """What stands under each heading; headings that stand twice are kept apart by their number."""
    found = list(_HEADING.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return {f"{i} {one['title']}": text[one.end() : end] for i, (one, end) in enumerate(zip(found, ends, strict=True))}


def passes(text: str) -> Iterator[tuple[int, dict[str, Said], list[str]]]:
    """Section by section: how many updates came before, what is known from before, the lines of working, not read."""
    for heading, body in sections(text).items():
        title = heading.partition(" ")[2]
        found = re.match(r"Update (\d+)", title)
        update = int(found[1]) - 1 if found else 0
        last = title.rpartition(": ")[2]
        if last.lower() == "known from before":
            rows = (row.strip().partition(" = ") for row in body.split("\n") if row.strip())
            yield update, {key: read_formula(digits) for key, _, digits in rows}, []
        elif last not in NOT_WORKED:
            yield update, {}, list(_blocks(body))


def _blocks(body: str) -> Iterator[str]:
    block: list[str] = []
    for row in body.split("\n"):
        if row.startswith("    ") and block:
            block.append(row)
            continue
        if block:
            yield "\n".join(block)
        block = [row] if row.startswith("  ") else []
    if block:
        yield "\n".join(block)


def worked(text: str) -> Iterator[str]:
    """The rows of each line of working, not read yet."""
    for _, _, lines in passes(text):
        yield from lines


def known(text: str) -> dict[str, Said]:
    """What is known from before, where only a part of the solution is shown."""
    return {key: said for _, rows, _ in passes(text) for key, said in rows.items()}
