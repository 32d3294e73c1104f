"""Answers in letters: marked with numbers in place of the letters, at several points.

At a point the page has numbers, and so has every answer; it is marked there as any other, with what follows from the
student's own and with mistakes (`mark.marking`), to the digits that the sheet says where constants are rounded. A line
is correct if it is at every point, and either an identity proves that it is the same expression (`mark.same`) or the
two certainly differ, by no more than rounding; it is undecided where neither is known. What follows, and a mistake, is
what gives the answer at every point.

An answer may name what the page has worked out before its line, ŷ − y, as the key does.

Glossary
    point    a number for each letter
    name     of a letter: the quantity that it is in formulas (`derive.letters`)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from flint import ctx, fmpq

from handcalc.derive.functions import NoValue
from handcalc.derive.identity import chosen
from handcalc.derive.letters import LetterPass
from handcalc.derive.passes import NumericPass
from handcalc.derive.run import Run
from handcalc.derive.solution import Solution
from handcalc.derive.tape import Undecided
from handcalc.errors import HandcalcError
from handcalc.formula.look import look
from handcalc.formula.notation import untraced
from handcalc.formula.number import Number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tokens import quoted
from handcalc.formula.tree import Formula, Num, Ref, quantities, replaced, size
from handcalc.mark.answer import Answer, Entry, Reading
from handcalc.mark.deciding import NotDecided, value_at
from handcalc.mark.names import Names
from handcalc.mark.reading import BITS
from handcalc.mark.same import points, same
from handcalc.mark.unreadable import Unreadable
from handcalc.mark.verdict import CannotMark, Fit, Marking, Verdict
from handcalc.render.text import plain

LEAST = 3
"""Points at which the page has a value; with fewer nothing is said."""
MOST_MARKS = 600
"""Of an answer and of a line with all that they name put in."""
_LOOK = re.compile(r"(?P<base>[^\W\d_]+)(?:_\{?(?P<below>\d+)\}?)?(?:\^\(+(?P<layer>\d+)\))?(?:\^\()?(?P<prime>'*)\)?")
_SLOPE = re.compile(r"∂(?P<loss>\w+)/\(?∂(?P<of>.+?)\)?")
Read = Mapping[str, Answer | Unreadable]


def names_on(worked: LetterPass) -> Names:
    """What an answer may name: the page's quantities, as their keys and as they look on paper, and its letters."""
    known = worked.program.slots.quantities
    looks: dict[str, list[Quantity]] = {}
    for q in known:
        primed = (q.later(-q.update).key + "'" * q.update,) if q.update else ()
        for name in dict.fromkeys((seen := plain(look(q, worked.notation)), *_typed_as(seen), *primed)):
            looks.setdefault(name, []).append(q)
    return Names(
        dict.fromkeys((*worked.letters, *known)),
        {name: some[0] for name, some in looks.items() if len(some) == 1} | worked.names,
    )


def _typed_as(look: str) -> Iterator[str]:
    """``w121`` of w_21^(1), and ``dL/dw121`` of its slope."""
    if found := _SLOPE.fullmatch(look):
        for name in _typed_as(found["of"]):
            yield f"d{found['loss']}/d{name}"
            yield f"∂{found['loss']}/∂{name}"
    elif found := _LOOK.fullmatch(look):
        base, below, layer, prime = found.group("base", "below", "layer", "prime")
        yield f"{base}{layer or ''}{below or ''}{prime}"


def in_letters(solution: Solution, answers: Read, marked: Callable[[NumericPass, Read], Marking]) -> Marking:
    """The verdicts of answers to a page with letters; `marked` marks them where the page has numbers.

    Raises CannotMark where it has no value at most of the points.
    """
    worked = solution.first
    assert isinstance(worked, LetterPass)
    read = {key: _from_before(key, one, worked) for key, one in answers.items()}
    found = [
        (point, marked(point.worked, {key: point.answer(one) for key, one in read.items()}))
        for point in _points(solution, worked)
    ]
    if len(found) < LEAST:
        raise CannotMark("what is asked has no value for most numbers in place of the letters; mark it by hand")
    return _Together(worked, read, found).marking()


def _from_before(key: str, answer: Answer | Unreadable, worked: LetterPass) -> Answer | Unreadable:
    """`answer`, unless it names its own quantity or one that is worked out later."""
    if isinstance(answer, Unreadable):
        return answer
    number, made = worked.program.slots.number, worked.program.made
    own = next((slot for q, slot in number.items() if key in (q.key, q.block())), len(number))
    named = (q for reading in answer.readings for entry in reading.entries for q in quantities(entry.formula))
    late = next((q.key for q in named if q in made and number[q] >= own), None)
    if late is None:
        return answer
    return Unreadable(answer.text, max(answer.text.find(late), 0), "later", {"found": quoted(late)})


@dataclass(frozen=True)
class _Point:
    worked: NumericPass
    names: Mapping[Quantity, fmpq]
    """The number of each letter, by name."""
    letters: Mapping[str, str]
    """What is on paper in place of a number's text."""

    def answer(self, answer: Answer | Unreadable) -> Answer | Unreadable:
        """The same answer in numbers; without the readings that have no value here."""
        if isinstance(answer, Unreadable):
            return answer
        return Answer(answer.text, tuple(one for reading in answer.readings if (one := self._reading(reading))))

    def _reading(self, reading: Reading) -> Reading | None:
        entries = [self._entry(one) for one in reading.entries]
        found = tuple(one for one in entries if one is not None)
        return Reading(reading.shape, found) if len(found) == len(entries) else None

    def _entry(self, entry: Entry) -> Entry | None:
        if entry.value is not None:
            return entry
        formula = replaced(entry.formula, self._number)
        if size(formula) > MOST_MARKS:
            return None
        try:
            with ctx.workprec(BITS):
                return Entry(value_at(formula, BITS), None, formula)
        except (NoValue, ZeroDivisionError, Undecided):
            return None

    def _number(self, quantity: Quantity) -> Formula:
        if quantity in self.names:
            return _num(self.names[quantity])
        if quantity not in self._composed:
            step = self.worked.program.made.get(quantity)
            value = self.worked.value(quantity)
            if step is None or isinstance(value, fmpq):
                self._composed[quantity] = _num(value)
            else:
                self._composed[quantity] = replaced(chosen(step.formula, self.worked.value), self._number)
        return self._composed[quantity]

    @cached_property
    def _composed(self) -> dict[Quantity, Formula]:
        return {}


def _num(x: fmpq) -> Formula:
    return Num(Number(str(x), x))


def _points(solution: Solution, worked: LetterPass) -> Iterator[_Point]:
    """The points at which the page has numbers."""
    for at in points(tuple(worked.names.values())):
        by_text = {text: at[name] for text, name in worked.names.items()}
        texts = {text: str(value) for text, value in by_text.items()}
        numbers = [
            by_text[text] if number is None else number
            for text, number in zip(solution.typed, solution.run.numbers, strict=True)
        ]
        run = Run(solution.run.shape, numbers, solution.updates)
        typed = [texts.get(text, text) if text is not None else None for text in worked.typed]
        try:
            made = NumericPass(solution.network, run, worked.turn, typed)
        except (HandcalcError, NoValue, ZeroDivisionError, Undecided):
            continue
        back = {text: letter for letter, text in texts.items()}
        back |= {text.removeprefix("-") if text.startswith("-") else f"-{text}": f"-{letter}"
                 for text, letter in back.items()}  # fmt: skip
        yield _Point(made, at, back)


@dataclass(frozen=True)
class _Together:
    """What is said of a page in letters, from what is said at each point."""

    worked: LetterPass
    read: Read
    found: Sequence[tuple[_Point, Marking]]

    def marking(self) -> Marking:
        first = self.found[0][1]
        others = [marking for _, marking in self.found[1:]]
        verdicts = tuple(map(self._verdict, zip(*(marking.verdicts for _, marking in self.found), strict=True)))
        blocks = tuple(one for one in first.blocks if all(one in marking.blocks for marking in others))
        conventions = tuple(one for one in first.conventions if all(one in other.conventions for other in others))
        return replace(first, verdicts=verdicts, blocks=blocks, conventions=conventions)

    def _verdict(self, said: Sequence[Verdict]) -> Verdict:
        one = self._in_letters(self._one(said))
        if one.code != "correct" or one.evidence.maths is None or self._is_certain(one.quantity):
            return one
        return replace(one, code="undecided", marks=fmpq(0), method=fmpq(0))

    def _is_certain(self, quantity: Quantity) -> bool:
        """Whether it is known of an answer that it is the line's own expression, or another one."""
        answer = self.read.get(quantity.key) or self.read[quantity.block()]
        assert isinstance(answer, Answer)
        line = self._opened(self.worked.program.made[quantity].formula)
        formulas = (self._opened(entry.formula) for reading in answer.readings for entry in reading.entries)
        return any(map(partial(_is_known, line), formulas))

    def _opened(self, f: Formula) -> Formula:
        """`f` in letters and numbers alone."""
        return replaced(f, self._open)

    def _open(self, quantity: Quantity) -> Formula | None:
        worked = self.worked
        if quantity in worked.names_of_letters:
            return None
        if quantity not in self._made:
            step = worked.program.made.get(quantity)
            text = worked.texts.get(quantity)
            if text is not None:
                self._made[quantity] = Ref(worked.names[text])
            elif step is None:
                self._made[quantity] = _num(worked.value(quantity))
            else:
                self._made[quantity] = self._opened(worked.decided(step.formula))
        return self._made[quantity]

    @cached_property
    def _made(self) -> dict[Quantity, Formula]:
        return {}

    def _one(self, said: Sequence[Verdict]) -> Verdict:
        """The verdict that holds at every point."""
        codes = {one.code for one in said}
        elsewhere = said[0].elsewhere if len({one.elsewhere for one in said}) == 1 else None
        mistakes = [one for one in said if one.code == "mistake"]
        if mistakes and codes <= {"mistake", "correct", "follows"}:
            names = set.intersection(*({fit.name for fit in one.fits} for one in mistakes))
            if fits := tuple(fit for fit in mistakes[0].fits if fit.name in names):
                return replace(mistakes[0], fits=self._fits(said.index(mistakes[0]), fits))
        elif codes == {"unreadable"} and isinstance(self.read[said[0].key], Answer):  # too long
            return replace(said[0], code="undecided")
        elif codes <= {"correct", "follows"} or "undecided" in codes or len(codes) == 1:
            return replace(max(said, key=lambda one: _WORSE.index(one.code)), elsewhere=elsewhere)
        if codes <= {"done", "blank"}:
            return next(one for one in said if one.code == "blank")
        zero = fmpq(0)
        return replace(said[0], code="wrong", marks=zero, method=zero, fits=(), repeated=None, trivial=None,
                       convention="", elsewhere=elsewhere)  # fmt: skip

    def _fits(self, n: int, fits: Sequence[Fit]) -> tuple[Fit, ...]:
        """Mistakes with letters where the point has numbers."""
        letters = self.found[n][0].letters
        return tuple(
            replace(
                fit,
                line=None if fit.line is None else self.worked.put(fit.line),
                digits={q: digits for q in fit.digits if (digits := self.worked.digits(q)) is not None},
                told={hole: letters.get(text, text) for hole, text in fit.told.items()},
            )
            for fit in fits
        )

    def _in_letters(self, verdict: Verdict) -> Verdict:
        quantity, evidence = verdict.quantity, verdict.evidence
        sources = tuple(
            replace(one, text=self.read[one.quantity.key].text) if one.quantity.key in self.read else one
            for one in evidence.sources
        )
        if self.worked.value(quantity) is not None:
            return replace(verdict, evidence=replace(evidence, sources=sources))
        expected = untraced(self.worked.ending(quantity)[1])
        evidence = replace(
            evidence,
            expected=plain(expected).replace("−", "-"),
            maths=expected,
            accepted=None,
            sources=sources,
            follows=verdict.text if verdict.code == "follows" else None,
        )
        return replace(verdict, evidence=evidence)


def _is_known(f: Formula, g: Formula) -> bool:
    """Whether it is known of two expressions that they are the same, or that they aren't."""
    if size(f) > MOST_MARKS or size(g) > MOST_MARKS:
        return False
    try:
        same(f, g)
    except NotDecided:
        return False
    return True


_WORSE = (
    "correct",
    "done",
    "convention",
    "form",
    "follows",
    "coarse",
    "mistake",
    "wrong",
    "blank",
    "unreadable",
    "undecided",
)
"""Of several verdicts the last one counts."""
