"""The picture of a class, as a sheet: the totals, each line, the mistakes, what follow-through saved, what is open.

No student is named but where somebody has to look. Numbers are rounded to what so many sheets can say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flint import fmpq

from handcalc.derive.solution import Solution
from handcalc.formula.maths import Maths, Row, Slot, Word
from handcalc.formula.notation import number
from handcalc.formula.words import Words, phrase, say
from handcalc.mark.charts import Bar, lying, upright
from handcalc.mark.handed_out import HandedOut
from handcalc.mark.judged import marks_said
from handcalc.mark.statistics import LEAST_SHEETS, Class, OfLine, OfMistake
from handcalc.mark.telling import digits
from handcalc.quiz.names import cut, harmless
from handcalc.sheet.labels import named_on_a_line
from handcalc.sheet.parts import Cell, Part, Say, Section, Sheet, Table
from handcalc.sheet.steps import title_of

MANY = 100
"""From so many sheets on a correlation has two decimals: its error is about 1/√n."""
MOST_BARS = 18
"""Lines that one picture has."""
MOST_LISTED = 200
"""Answers to look at that are listed."""
MOST_PLACES = 4


def report(found: Class, handed_out: HandedOut) -> Sheet:
    """The report of a class, in the language and the notation of its sheets."""
    made = _Report(found, handed_out)
    language = made.language
    sections: tuple[Section, ...] = (
        Section(phrase(language, "report totals"), tuple(made.totals())),
        Section(phrase(language, "report lines"), tuple(made.lines())),
        Section(phrase(language, "report mistakes"), tuple(made.mistakes())),
        Section(phrase(language, "report saved"), tuple(made.saved())),
        Section(phrase(language, "report look"), tuple(made.to_look_at())),
    )
    title = phrase(language, "report of", title=title_of(made.solution))
    sections = tuple(one for one in sections if one.parts)
    return Sheet(title, tuple(made.head()), sections, language, made.solution.notation)


class _Report:
    def __init__(self, found: Class, handed_out: HandedOut) -> None:
        self.found, self.handed_out = found, handed_out
        self.parts = found.sheets[0].parts
        self.language = self.solution.network.language
        self.several = len(self.parts) > 1
        self.notation = self.solution.notation
        self.by_key = {one.line.key: one for one in found.lines}

    @property
    def solution(self) -> Solution:
        return self.parts[0].solution

    def head(self) -> Iterator[Part]:
        count, every = len(self.found.sheets), len(self.handed_out.sheets)
        alone = self.handed_out.is_single
        handed_in = phrase(
            self.language, "report handed in" if alone else "report handed in of", count=count, all=every
        )
        yield Say((f"{handed_in}; {phrase(self.language, 'report total', out_of=self.found.out_of)}.",))
        if self.found.is_small:
            yield Say(say(self.language, "report few", count=LEAST_SHEETS))

    def totals(self) -> Iterator[Part]:
        found, totals = self.found, self.found.totals
        said = say(
            self.language,
            "report middle",
            mean=_marks(found.mean, 1),
            median=_marks(found.median),
            least=_marks(totals[0]),
            most=_marks(totals[-1]),
        )
        if found.spread is not None:
            said = (*said, " ", *say(self.language, "report spread", spread=digits(f"{found.spread:.1f}")))
        yield Say(said)
        bins = found.bins
        listing = ", ".join(f"{one.name}: {one.sheets}" for one in bins)
        alt = phrase(self.language, "report totals alt", listed=listing)
        across, up = phrase(self.language, "report marks"), phrase(self.language, "report sheets")
        bars = [Bar(one.name, one.sheets, str(one.sheets)) for one in bins]
        yield upright(bars, across=across, up=up, alt=alt)
        yield Table(
            ((across,), *((one.name,) for one in bins)),
            (((up,), *(_number(one.sheets) for one in bins)),),
        )

    def lines(self) -> Iterator[Part]:
        lines = tuple(self.by_key.values())
        yield Say(say(self.language, "report columns"))
        if not self.found.is_small:
            yield Say(say(self.language, "report correlation"))
        heads = ["quantity", "report marks", "report share", "report right", "report follows",
                 "report mistakes named", "report other", "report blank"]  # fmt: skip
        heads += [] if self.found.is_small else ["report discrimination"]
        header = tuple((phrase(self.language, head),) for head in heads)
        yield Table(header, tuple(map(self._row, lines)))
        yield from self._shares(lines)

    def _shares(self, lines: Sequence[OfLine]) -> Iterator[Part]:
        """As few charts as may be, of about equally many lines each."""
        up = phrase(self.language, "report shares")
        bars = [Bar(self._on_a_line(one), one.share, _percent(one.share)) for one in lines]
        charts = -(-len(bars) // MOST_BARS)
        for n in range(charts):
            here = slice(len(bars) * n // charts, len(bars) * (n + 1) // charts)
            listing = ", ".join(f"{one.line.key} {_percent(one.share)}" for one in lines[here])
            alt = phrase(self.language, "report shares alt", listed=listing)
            yield lying(bars[here], up=up, alt=alt, every=bars, notation=self.notation)

    def _row(self, one: OfLine) -> tuple[Cell, ...]:
        right = one.count("correct", "form", "convention", "done")
        named = one.count("mistake")
        followed, blank = one.count("follows"), one.count("blank")
        other = one.sheets - right - named - followed - blank
        counts = (right, followed, named, other, blank)
        cells = (self._cell(one), *map(_number, (one.line.out_of, _whole_percent(one.share), *counts)))
        return cells if self.found.is_small else (*cells, _correlation(one.discrimination, one.sheets))

    def _cell(self, one: OfLine) -> Cell:
        called = self._called(one)
        if not self.several:
            return called if isinstance(called, Maths) else (called,)
        return (f"{_question(one)} ", called)

    def _on_a_line(self, one: OfLine) -> Maths | str:
        """The same at a bar."""
        called = self._called(one)
        if isinstance(called, Slot):
            called = named_on_a_line(called.quantity, self.notation)
        if not self.several:
            return called
        return Row((Word(_question(one)), called if isinstance(called, Maths) else Word(called)))

    def _called(self, one: OfLine) -> Maths | str:
        """The quantity in letters; what is no quantity of the page in words."""
        if one.line.quantity.key in ("line", "result"):
            return phrase(self.language, f"asked {one.line.quantity.key}")
        return Slot(one.line.quantity)

    def mistakes(self) -> Iterator[Part]:
        found = self.found.mistakes
        if not found:
            yield Say(say(self.language, "report no mistakes"))
            return
        rows = tuple(((self._times(one),), (one.general,), self._places(one.at)) for one in found)
        yield Table(((), (), ()), rows)

    def _times(self, one: OfMistake) -> str:
        said = phrase(self.language, "report on sheets", count=one.sheets)
        again = one.times > one.sheets
        return f"{said}, {phrase(self.language, 'report times', count=one.times)}" if again else said

    def _places(self, keys: Sequence[str]) -> Words:
        said: list[str | Maths] = []
        for n, key in enumerate(keys[:MOST_PLACES]):
            before = [f"{_question(self.by_key[key])} "] if self.several else []
            said += [", "] * (n > 0) + before + [self._called(self.by_key[key])]
        return (*said, ", …") if len(keys) > MOST_PLACES else tuple(said)

    def saved(self) -> Iterator[Part]:
        saved = self.found.saved
        if not saved:
            yield Say(say(self.language, "report saved none"))
            return
        marks, every = _marks(saved), _marks(self.found.all_marks)
        yield Say(say(self.language, "report saved marks", marks=marks, count=every))

    def to_look_at(self) -> Iterator[Part]:
        for sheet in self.found.sheets:
            if sheet.other:
                called = {"who": sheet.sheet.called, "other": sheet.other.called}
                yield Say(say(self.language, "report other sheet", **called))
        for sheet, one in self.found.to_look_at[:MOST_LISTED]:
            verdict = phrase(self.language, f"verdict {one.code}")
            who = sheet.sheet.called if sheet.key else sheet.name
            yield Say(say(self.language, "report look at", who=who, key=one.key,
                          text=cut(harmless(one.text), 60), verdict=verdict))  # fmt: skip


def _question(one: OfLine) -> str:
    """``2:`` of the key ``2:z1[1]``"""
    return f"{one.line.key.partition(':')[0]}:"


def _number(count: int) -> Maths:
    return number(str(count))


def _marks(marks: fmpq, decimals: int = 2) -> Maths | str:
    if decimals == 1:
        marks = fmpq(int((marks * 10 + fmpq(1, 2)).floor()), 10)
    return digits(marks_said(marks))


def _percent(share: float) -> str:
    return f"{_whole_percent(share)} %"


def _whole_percent(share: float) -> int:
    """0 and 100 only of nothing and of all."""
    whole = round(100 * share)
    return max(whole, 1) if 0 < share < 0.5 else min(whole, 99) if 0.5 <= share < 1 else whole


def _correlation(found: float | None, sheets: int) -> Cell:
    if found is None:
        return ("–",)
    text = f"{found:.{2 if sheets >= MANY else 1}f}"
    return number(text.removeprefix("-") if float(text) == 0 else text)
