"""A dialogue over the lines of a solution: asks for one after the other, says what is right, gives hints.

    ?       a hint: first the formula, then the numbers put in
    -       shows the result, and goes on
    Enter   after a try: goes on with the number that was typed, which later lines may then follow
    q       ends

It reads as the marking does, and names the same mistakes, but says no result that isn't asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import fill
from typing import Literal

from flint import fmpq

from handcalc.derive.line import Line
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Maths, Slot
from handcalc.formula.notation import Spelling, filled, respelt, spelling, untraced, written
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import Words, phrase, say
from handcalc.mark.answer import Answer
from handcalc.mark.marking import mark, names_of
from handcalc.mark.reading import read_answer
from handcalc.mark.telling import mistake, what
from handcalc.mark.unreadable import Unreadable
from handcalc.mark.verdict import Fit, Verdict
from handcalc.render.text import WIDTH, plain, text, words
from handcalc.sheet.asked import FORMULAS, Asked
from handcalc.sheet.steps import shown_passes, worked_sections
from handcalc.sheet.student import question

CLOSE = fmpq(1, 100)
"""A wrong number is close that is so little away from an accepted one, as a part of it."""
HINT, SHOW, LEAVE = "?", ("-", "–", "—", "−"), ("q", "quit", "exit")
HELP = ("h", "help", "hilfe")
BESIDE = 10
"""Columns that stand beside a line with a caret: two margins, and two ellipses."""
End = Literal["", "right", "kept", "shown"]


@dataclass
class Tried:
    """What became of a line."""

    quantity: Quantity
    tries: int = 0
    hints: int = 0
    end: End = ""
    fits: list[Fit] = field(default_factory=list)


class Practice:
    """The lines that a sheet of the solution asks, at `level` (without it at the one that asks for all of them).

    What it says is broken to `width` columns, but for replies, of which a caret may point at what was typed.
    """

    def __init__(self, solution: Solution, level: int | None = None, width: int = WIDTH) -> None:
        self.width = width
        self.names = names_of(solution)
        self.solution, self.language = solution, solution.network.language
        asked = Asked(solution, level)
        self.asked = asked if asked.chosen else Asked(solution, FORMULAS)
        self.answers: dict[str, Answer | Unreadable] = {}
        self.tried = [Tried(q) for q in self.asked.chosen]
        self.place = 0
        self.ended = False

    @property
    def is_over(self) -> bool:
        return self.ended or self.place == len(self.tried)

    def opening(self) -> str:
        """The exercise, and how to answer."""
        said = (
            phrase(self.language, "practise opening", count=len(self.tried)),
            phrase(self.language, "practise help"),
        )
        return "\n".join(
            [narrowed(text(question(self.solution)), self.width), *(fill(one, self.width) for one in said)]
        )

    def heading(self) -> str:
        """``Forward pass, layer 1 (sigmoid)``, where the next line begins a new part; else ""."""
        before = self._headings.get(self.tried[self.place - 1].quantity) if self.place else None
        heading = self._headings.get(self._now.quantity, "")
        return "" if heading == before else heading

    def prompt(self) -> str:
        """``3/13  a1[1] =``"""
        return f"{self.place + 1}/{len(self.tried)}  {self._said(Slot(self._now.quantity))} ="

    def reply(self, typed: str) -> str:
        """What is said to one line that was typed; `place` is then that of the next question."""
        typed = typed.strip()
        if typed == HINT:
            return self._hint()
        if typed in SHOW:
            return self._show()
        if typed.lower() in LEAVE:
            self.ended = True
            return ""
        if typed.lower() in HELP:
            return phrase(self.language, "practise help")
        if not typed:
            return self._keep()
        return self._answer(typed)

    def summary(self) -> str:
        """How it went: what was right, what was shown, and which mistakes were made."""
        done = self.tried[: self.place]
        right = [one for one in done if one.end == "right"]
        once = [one for one in right if one.tries == 1 and not one.hints]
        said = []
        if self.ended:
            said.append(self._phrase("practise ended", quantity=Slot(self._now.quantity)))
        said.append(phrase(self.language, "practise right lines", right=len(right), count=len(done), once=len(once)))
        groups = {
            "practise hinted lines": [one for one in right if one.hints],
            "practise left lines": [one for one in done if one.end == "shown"],
            "practise kept lines": [one for one in done if one.end == "kept"],
        }
        for sentence, some in groups.items():
            if some:
                said.append(self._phrase(sentence, lines=self._listed([one.quantity for one in some])))
        met = [(one, fit) for one in self.tried for fit in one.fits]
        if met:
            said.append(phrase(self.language, "practise mistakes"))
        for one, fit in met:
            told = mistake(fit, self.language)
            said.append("  " + self._phrase("practise mistake at", quantity=Slot(one.quantity), mistake=told))
        return "\n".join(fill(one, self.width, subsequent_indent="  ") for one in said)

    @property
    def _now(self) -> Tried:
        return self.tried[self.place]

    @property
    def _line(self) -> Line | None:
        return self._lines.get(self._now.quantity)

    @cached_property
    def _lines(self) -> dict[Quantity, Line]:
        return {line.quantity: line for line in self.asked.lines}

    @cached_property
    def _headings(self) -> dict[Quantity, str]:
        found: dict[Quantity, str] = {}
        for shown in shown_passes(self.solution):
            for stage in {line.step.stage: None for line in shown.lines}:
                lines = [line for line in shown.lines if line.step.stage == stage]
                heading = next((heading for heading, _ in worked_sections(shown.worked, lines)), "")
                found |= {line.quantity: heading for line in lines}
        return found

    def _answer(self, typed: str) -> str:
        now = self._now
        read = read_answer(typed, letters=self.names)
        if isinstance(read, Unreadable):
            return read.report(self.language, most=self.width - BESIDE)
        if all(one.entry is None for one in read.readings):
            return phrase(self.language, "practise one number")
        verdict = self._verdict(read)
        now.tries += 1
        self.answers[now.quantity.key] = read
        if verdict.is_right:
            now.end = "right"
            self.place += 1
            return self._praise(verdict)
        if verdict.mistake is not None:
            known = {fit.name for fit in now.fits}
            now.fits += [] if verdict.mistake.name in known else [verdict.mistake]
        said = self._what_is_wrong(verdict)
        return said if now.tries > 1 else f"{said} {phrase(self.language, 'practise help after')}"

    def _verdict(self, read: Answer) -> Verdict:
        now = self._now.quantity.key
        return mark(self.solution, self.answers | {now: read}, asked=self.asked)[now]

    def _praise(self, verdict: Verdict) -> str:
        sources = [one.quantity for one in verdict.evidence.sources if one.theirs]
        if verdict.code == "follows" and sources:
            return self._phrase("practise follows", sources=self._listed(sources))
        return phrase(self.language, "practise convention" if verdict.code == "convention" else "practise right")

    def _what_is_wrong(self, verdict: Verdict) -> str:
        if verdict.code in ("coarse", "undecided"):
            return phrase(self.language, f"practise {verdict.code}")
        if verdict.mistake is not None:
            told = mistake(verdict.mistake, self.language)
            return self._phrase("practise mistake", what=what(verdict, self.language), mistake=told)
        if verdict.elsewhere is not None:
            return self._phrase("practise elsewhere", quantity=Slot(verdict.elsewhere))
        return phrase(self.language, "practise close" if self._is_close(verdict) else "practise wrong")

    def _is_close(self, verdict: Verdict) -> bool:
        answer, span = self.answers[verdict.key], verdict.evidence.accepted
        entry = answer.readings[0].entry if isinstance(answer, Answer) else None
        if entry is None or not isinstance(entry.value, fmpq):
            return False
        if span is None:
            return False
        gap = max(span.low - entry.value, entry.value - span.high)
        return bool(gap <= CLOSE * max(abs(span.low), abs(span.high)))

    def _hint(self) -> str:
        line, now = self._line, self._now
        if line is None:
            return phrase(self.language, "practise no hint")
        result = max(len(line.result), self.solution.has_letters)
        stages = [stage for _, stage in line.stages[: len(line.stages) - result]]
        if line.put_in is line.formula and len(stages) > 1:
            stages[1] = filled(written(line.formula), lambda q: self._kept.get(q) or line.operand(q))
        now.hints += 1
        if now.hints > len(stages):
            return phrase(self.language, "practise last hint")
        return f"{self._said(line.target)} = {self._said(stages[now.hints - 1])}"

    @property
    def _kept(self) -> dict[Quantity, str]:
        """The numbers of their own that somebody goes on with."""
        found: dict[Quantity, str] = {}
        for one in self.tried[: self.place]:
            answer = self.answers.get(one.quantity.key)
            entry = answer.readings[0].entry if one.end == "kept" and isinstance(answer, Answer) else None
            if entry is not None and isinstance(entry.read, str):
                found[one.quantity] = entry.read
        return found

    def _show(self) -> str:
        now = self._now
        now.end = "shown"
        self.answers.pop(now.quantity.key, None)  # later lines go on with the result that is shown
        self.place += 1
        return self._phrase("practise result", result=self._result(now.quantity))

    def _keep(self) -> str:
        now = self._now
        if now.quantity.key not in self.answers:
            return phrase(self.language, "practise nothing", help=phrase(self.language, "practise help"))
        now.end = "kept"
        self.place += 1
        return self._phrase("practise kept", result=self.answers[now.quantity.key].text)

    def _result(self, quantity: Quantity) -> Maths:
        return untraced(self.solution.find(quantity)[0].ending(quantity)[1])

    def _listed(self, quantities: Sequence[Quantity]) -> Words:
        return tuple(self._between(quantities))

    def _between(self, quantities: Sequence[Quantity]) -> Iterator[str | Maths]:
        for n, quantity in enumerate(quantities):
            yield from (", ", Slot(quantity)) if n else (Slot(quantity),)

    def _said(self, maths: Maths) -> str:
        return plain(respelt(maths, self._spelling))

    def _phrase(self, sentence: str, **holes: str | Maths | Words) -> str:
        return words(say(self.language, sentence, **holes), self._spelling)

    @cached_property
    def _spelling(self) -> Spelling:
        return spelling(self.solution.notation, self.language)


def narrowed(said: str, width: int) -> str:
    """A page of text in fewer columns: paragraphs are broken anew, other rows each apart."""
    if width >= WIDTH:
        return said
    return "\n\n".join(_narrowed(block.splitlines(), width) for block in said.rstrip().split("\n\n")) + "\n"


def _narrowed(rows: Sequence[str], width: int) -> str:
    if not any(row.startswith((" ", "-", "=")) for row in rows):
        return fill(" ".join(rows), width)
    indents = [" " * (len(row) - len(row.lstrip()) + 4) for row in rows]
    return "\n".join(fill(row, width, subsequent_indent=indent) for row, indent in zip(rows, indents, strict=True))
