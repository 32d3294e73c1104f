"""Simulated classes: students who round as a sheet allows, make one mistake, or write anything; how they are marked.

``python -m benchmarks.classes [SEEDS] [--page docs/mistakes.md]``: a row for each mistake; exits with 1 where one is
short.

Glossary
    makes    the wrong formulas of a student, by slot of the first pass
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from flint import ctx, fmpq

import handcalc
from benchmarks.measure import Row
from handcalc.derive.decimals import decimal_text, first_exponent
from handcalc.derive.functions import NoValue, value_of
from handcalc.derive.identity import chosen
from handcalc.derive.passes import NumericPass
from handcalc.derive.places import places_by_slot
from handcalc.derive.slip import Slip, possible
from handcalc.derive.solution import Solution
from handcalc.derive.tape import Undecided
from handcalc.formula.tree import Call, Formula, Quotient, Ref, children
from handcalc.mark.answer import Answer
from handcalc.mark.marking import mark
from handcalc.mark.reading import read_answer
from handcalc.mark.unreadable import Unreadable
from handcalc.sheet.asked import FORMULAS, Asked

EXAMPLES = Path(__file__).parent.parent / "examples"
Answers = dict[str, Answer | Unreadable]


LEAST, MOST = 2, 200
"""Blanks of a sheet."""
MOST_DECIMALS = 55
"""Of what is typed."""


class NoStudent(Exception):
    """A line has no value, or one that nobody can type."""


@dataclass(frozen=True)
class Sheet:
    """A network to be marked."""

    name: str
    solution: Solution
    asked: Asked

    @property
    def passes(self) -> list[NumericPass]:
        return [one for one in self.solution.passes if isinstance(one, NumericPass)]


@cache
def examples() -> tuple[Sheet, ...]:
    """Every example network whose lines are numbers, as a sheet that asks for all of them."""
    files = sorted([*EXAMPLES.glob("*.yaml"), *EXAMPLES.glob("published/*.yaml")])
    solved = [(f"{file.stem} {name}".strip(), one) for file in files for name, one in handcalc.solve_all(file).items()]
    return tuple(found for name, one in solved if (found := sheet(name, one)))


def sheet(name: str, solution: Solution) -> Sheet | None:
    """A network as a sheet; None where it has letters, or as many blanks as nobody fills in."""
    found = Sheet(name, solution, Asked(solution, FORMULAS))
    numbers = all(isinstance(one, NumericPass) for one in solution.passes)
    return found if numbers and LEAST < len(found.asked.chosen) < MOST else None


def stand_below(f: Formula, *, below: bool = False) -> set[str]:
    """The keys of what is divided by, or stands under a root or a logarithm."""
    if isinstance(f, Ref):
        return {f.quantity.key} if below else set()
    if isinstance(f, Quotient):
        return stand_below(f.top, below=below) | stand_below(f.bottom, below=True)
    inside = below or (isinstance(f, Call) and f.name in ("ln", "log2", "log10", "sqrt"))
    return set().union(*(stand_below(part, below=inside) for part in children(f)))


class Student:
    """Works every line from what they have, and writes and carries it rounded to as many places as asked, or more."""

    def __init__(self, sheet: Sheet, seed: int, makes: Mapping[int, Formula] | None = None, *, plain: bool = False):
        self.sheet, self.random, self.makes, self.plain = sheet, Random(seed), makes or {}, plain
        self.written: dict[str, str] = {}
        self.carried: dict[str, fmpq] = {}
        for n, worked in enumerate(sheet.passes):
            self._work(worked, self.makes if n == 0 else {})

    def answers(self) -> Answers:
        return {q.key: read_answer(self.written[q.key]) for q in self.sheet.asked.chosen if q.key in self.written}

    def _work(self, worked: NumericPass, makes: Mapping[int, Formula]) -> None:
        program, rounding = worked.program, worked.network.rounding
        self.rounding, self.places, self.ranges = rounding, places_by_slot(program, rounding), program.ranges
        below = set().union(*map(stand_below, [*program.formulas, *makes.values()]))
        has: list[Any] = []
        for slot, q in enumerate(program.slots.quantities[: program.first]):
            value = worked.values[slot]
            typed = worked.typed[slot] is not None
            has.append(value if typed or q.key not in self.carried else self.carried[q.key])
            if worked.typed[slot] is not None:
                self.written.setdefault(q.key, str(worked.typed[slot]))
        number = program.slots.number
        for slot, step in enumerate(program.steps, program.first):
            formula = makes.get(slot, step.formula)
            with ctx.workprec(200):
                try:
                    raw = value_of(chosen(formula, lambda q: has[number[q]]), lambda q: has[number[q]])
                    x = raw if isinstance(raw, fmpq) else _middle(raw)
                except (NoValue, ZeroDivisionError, Undecided, ValueError):
                    raise NoStudent from None
            key = step.target.key
            keeps = rounding.carry == "rounded"
            more = 0 if self.plain else self.random.choice((0, 0, 0, 1, 2, 5))
            longer = 0 if self.plain else self.random.choice((0, 0, 0, 1))
            exactly = not self.plain and self.random.random() < 0.2
            carried = x if exactly else self._rounded(x, slot, more, keep=keeps or key in below, ranged=True)
            written = self._rounded(x, slot, longer, keep=keeps, ranged=keeps and slot not in makes)
            has.append(carried)
            self.carried[key] = carried
            self.written[key] = text(written)

    def _rounded(self, x: fmpq, slot: int, more: int, *, keep: bool, ranged: bool) -> fmpq:
        """To the places of the slot and some more; with figures of the distance from an end that it would become."""
        if not x:
            return x
        n, figures, how = self.places[slot], self.rounding.figures, self.rounding.how
        exponent = int(first_exponent(x) or 0)
        places = n - 1 - exponent if figures else n if exponent < 10 else n - exponent
        ends = [fmpq(0)] * keep + [fmpq(end) for end in (self.ranges[slot] or ()) if ranged]
        for end in ends:
            if to_decimals(x, places, how) == end and x != end:
                places = max(n - 1 - int(first_exponent(x - end) or 0), places)
        return to_decimals(x, places + more, how)


def to_decimals(x: fmpq, places: int, how: str) -> fmpq:
    scale = fmpq(10) ** places
    units = abs(x) * scale + (fmpq(1, 2) if how == "half up" else 0)
    whole = fmpq(int(units.p) // int(units.q)) / scale
    return whole if x > 0 else -whole


def text(x: fmpq) -> str:
    """A decimal of as many digits as it takes; a long one as a fraction."""
    places = 0
    if abs(x) > fmpq(10) ** MOST_DECIMALS:
        raise NoStudent
    while (x * fmpq(10) ** places).q != 1:
        places += 1
        if places > MOST_DECIMALS:
            return short(x)
    return decimal_text(int((abs(x) * fmpq(10) ** places).p), places, negative=bool(x < 0))


def short(x: fmpq) -> str:
    """``7.6e-49``: as many figures as may be typed."""
    exponent = int(first_exponent(x) or 0)
    if abs(exponent) > MOST_DECIMALS:
        raise NoStudent
    mantissa = to_decimals(x / fmpq(10) ** exponent, 20, "half up")
    return f"{decimal_text(int((abs(mantissa) * fmpq(10) ** 20).p), 20, negative=bool(x < 0))}e{exponent}"


def _middle(ball: Any) -> fmpq:
    if not ball.is_finite():
        raise ValueError
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def mistakes(sheet: Sheet) -> dict[str, list[Slip]]:
    """Every mistake that can be made, with the lines in which its own formula is written: by operation and code."""
    worked = sheet.passes[0]
    found: dict[str, list[Slip]] = {}
    asked = set(sheet.asked.chosen)
    for slip in possible(worked.run.shape, worked.turn):
        if slip.quantity in asked:
            found.setdefault(f"{slip.operation.name}: {slip.code}", []).append(slip)
    return found


def made(sheet: Sheet, slips: list[Slip]) -> dict[int, Formula]:
    number = sheet.passes[0].program.slots.number
    return {number[slip.quantity]: slip.wrong.formula for slip in slips}


@dataclass
class Named:
    """How often a mistake was seen in its own line, was the first that was named, and one of the first three."""

    seen: int = 0
    first: int = 0
    among: int = 0

    @property
    def shares(self) -> tuple[str, str]:
        if not self.seen:
            return "–", "–"
        return f"{self.first / self.seen:.1%}", f"{self.among / self.seen:.1%}"

    def __add__(self, other: Named) -> Named:
        return Named(self.seen + other.seen, self.first + other.first, self.among + other.among)


@dataclass
class Figures:
    """What came of a class of whom each makes one mistake: `lost` are lines that cost and shouldn't have."""

    students: int = 0
    lost: list[str] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    """Of each mistake what a student reads."""
    by_mistake: dict[str, Named] = field(default_factory=dict)

    @property
    def all(self) -> Named:
        return sum(self.by_mistake.values(), Named())


def perfect(sheets: Iterable[Sheet], seeds: Iterable[int]) -> tuple[int, list[str]]:
    """How many students there were who make no mistake, and what they lost."""
    count, lost = 0, []
    for one in sheets:
        for seed in seeds:
            count += 1
            marking = mark(one.solution, Student(one, seed).answers(), asked=one.asked)
            lost += [f"{one.name} {seed}: {v.key} {v.text} {v.code}" for v in marking if v.marks != v.out_of]
    return count, lost


def injected(sheets: Iterable[Sheet], seeds: Iterable[int]) -> Figures:
    """A class of whom each makes one mistake: in one line, or wherever it can be made."""
    found = Figures()
    for one in sheets:
        for name, slips in mistakes(one).items():
            found.words.setdefault(name, slips[0].tell("en"))
            found.by_mistake.setdefault(name, Named())
            for seed in seeds:
                dice = Random(repr((one.name, name, seed)))
                for some in ([dice.choice(slips)], slips)[: 1 + (len(slips) > 1)]:
                    try:
                        student = Student(one, seed, made(one, some))
                    except NoStudent:
                        continue
                    found.students += 1
                    _note(found, name, {slip.key for slip in some}, student)
    return found


def _note(found: Figures, name: str, own: set[str], student: Student) -> None:
    one = student.sheet
    for verdict in mark(one.solution, student.answers(), asked=one.asked):
        if verdict.marks != verdict.out_of and verdict.key not in own and verdict.trivial is None:
            found.lost.append(f"{one.name}, {name} in {sorted(own)}: {verdict.key} {verdict.text} {verdict.code}")
        if verdict.key in own and verdict.code not in ("correct", "follows"):
            named = found.by_mistake[name]
            names = [": ".join(fit.name) for fit in verdict.fits]
            named.seen += 1
            named.first += names[:1] == [name]
            named.among += name in names[:3]


def anything(sheets: Iterable[Sheet], seeds: Iterable[int]) -> tuple[int, int]:
    """How many students write a random wrong number in one line, and in how many of these a mistake is named.

    It has as many decimals as the sheet says, and lies between −m and m, where m is 1, or twice our value if that is
    more.
    """
    count = named = 0
    for one in sheets:
        for seed in seeds:
            student, dice = Student(one, seed, plain=True), Random(repr((one.name, seed)))
            answers = student.answers()
            quantity = dice.choice(list(one.asked.chosen))
            worked, slot = one.solution.find(quantity)
            most = max(1000, int(2000 * abs(worked.number(slot))))
            rounding = worked.network.rounding
            places = 4 if rounding.figures else places_by_slot(worked.program, rounding)[slot]
            number = to_decimals(fmpq(dice.randint(-(10**6), 10**6) * most, 10**9), places, "half up")
            answers[quantity.key] = read_answer(text(number))
            verdict = mark(one.solution, answers, asked=one.asked)[quantity.key]
            if verdict.code not in ("correct", "follows"):
                count += 1
                named += verdict.code == "mistake"
    return count, named


@dataclass(frozen=True)
class Classes:
    """What came of three classes: who makes no mistake, who makes one, who writes anything."""

    perfect: tuple[int, list[str]]
    injected: Figures
    anything: tuple[int, int]

    @property
    def by_chance(self) -> float:
        return self.anything[1] / self.anything[0]


@cache
def classes(seeds: int) -> Classes:
    """Over all examples; with more seeds there are more students."""
    return Classes(
        perfect(examples(), range(5 * seeds)),
        injected(examples(), range(seeds)),
        anything(examples(), range(40 * seeds)),
    )


def rows() -> Iterator[Row]:
    """The figures, with what they have to be."""
    found = classes(1)
    named = found.injected.all
    yield Row("perfect_students_lose", len(found.perfect[1]), 0)
    yield Row("one_mistake_loses_others", len(found.injected.lost), 0)
    yield Row("mistake_named_first", named.first / named.seen, FIRST, most=False)
    yield Row("mistake_among_three", named.among / named.seen, AMONG, most=False)
    yield Row("random_number_named", found.by_chance, BY_CHANCE)


HEAD = ("operation", "code", "you get this number if …", "lines", "named first", "among three")
BEGIN, END = "<!-- begin of the table -->\n", "<!-- end of the table -->\n"


def table(found: Classes) -> str:
    """The figures for the page of the documentation."""
    students, named = found.injected.students, found.injected.all
    first, among = named.shares
    said = (
        f"{found.perfect[0]:,} students who round as the sheet allows lose {len(found.perfect[1])} lines.",
        f"{students:,} students who make one mistake lose {len(found.injected.lost)} lines that it doesn't write;",
        f"in the {named.seen:,} lines that it does, the mistake is named first in {first} and among the first three in",
        f"{among}. Of {found.anything[0]:,} random wrong numbers {found.by_chance:.2%} are named as a mistake.",
    )
    lines = [
        *said,
        "",
        f"| {' | '.join(HEAD)} |",
        "|---|---|---|--:|--:|--:|",
    ]
    for name, one in sorted(found.injected.by_mistake.items()):
        kind, code = name.split(": ")
        cells = (kind, f"`{code}`", found.injected.words[name], f"{one.seen:,}", *one.shares)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the figures; ``--page FILE`` writes them into a page of the documentation."""
    arguments = sys.argv[1:]
    page = Path(arguments.pop(arguments.index("--page") + 1)) if "--page" in arguments else None
    seeds = next((int(one) for one in arguments if one.isdecimal()), 1)
    found = classes(seeds)
    print(*found.perfect[1], *found.injected.lost, sep="\n", end="\n" * bool(found.perfect[1] or found.injected.lost))
    print(table(found), end="")
    if page is not None:
        before, rest = page.read_text("utf-8").split(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{table(found)}\n{END}{rest.partition(END)[2]}", "utf-8")
    named = found.injected.all
    held = not found.perfect[1] and not found.injected.lost and named.first >= FIRST * named.seen
    return 0 if held and named.among >= AMONG * named.seen and found.by_chance <= BY_CHANCE else 1


FIRST, AMONG, BY_CHANCE = 0.80, 0.95, 0.02
"""How many are named first at least, or among three, and how many of random numbers at most."""

if __name__ == "__main__":
    sys.exit(main())
