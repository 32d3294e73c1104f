"""Whether candidates pass the gates of a quiz: first all of them in floats, then what is left in certified digits.

Glossary
    probe    candidates that belong to no student; what holds for all of them holds by construction, and what most of
             them have is the usual work
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy

from handcalc.derive.certify import CannotDecide
from handcalc.derive.functions import Impossible
from handcalc.derive.lanes import Booleans, Seen
from handcalc.derive.passes import NumericPass, Pass
from handcalc.derive.slip import Slip, certified_shows
from handcalc.derive.solution import Solution
from handcalc.formula.quantity import Quantity
from handcalc.network import NetworkFileError
from handcalc.quiz.certified import PRINTED, Printed
from handcalc.quiz.in_floats import IN_FLOATS, NOTHING, Looks, always, failing
from handcalc.quiz.quiz import Filling, Question, Quiz
from handcalc.quiz.report import NO_LINE, Report
from handcalc.quiz.template import Template
from handcalc.quiz.wave import Wave
from handcalc.sheet.asked import Asked

PROBE = 512
"""Candidates of the probe."""
RARE = 200
"""Of so many candidates of the probe one shows a mistake beside the others, or it isn't asked to show."""
ENOUGH = 32
"""Candidates that pass all other gates are the ones in which mistakes are to show, if there are so many."""
MORE_DIGITS, MORE_SIGNS = 0.3, 0.35
"""The part by which digits and minus signs may differ from the usual ones."""


@dataclass(frozen=True)
class Work:
    """How much there is to work out: zeros among the results, digits and minus signs among what varies."""

    zeros: int
    digits: int
    minus: int


@dataclass
class Known:
    """What is known of a template before any student's candidate is looked at."""

    template: Template
    asked: frozenset[Quantity]
    always: frozenset[object] = frozenset()
    usual: Work | None = None
    unseen: dict[int, frozenset[int]] = field(default_factory=dict)
    """By pass the slips that show in no candidate of the probe."""
    applicable: frozenset[str] = frozenset()
    """The codes of mistakes that have others."""
    near: dict[tuple[str, ...], list[Slip]] = field(default_factory=dict)
    """By texts of a filling the mistakes that floats leave open."""


@dataclass
class QuestionJudge:
    """The gates of one question; `probe` are fillings that are no student's."""

    question: Question
    gates: frozenset[str]
    probe: Sequence[Filling]
    report: Report
    level: int | None = None
    _known: dict[tuple[str, ...], Known] = field(default_factory=dict)
    _words: tuple[str, ...] | None = None

    def passing(self, fillings: Sequence[Filling]) -> Booleans:
        """Which of the fillings pass in floats."""
        found = numpy.zeros(len(fillings), dtype=bool)
        groups: dict[tuple[str, ...], list[int]] = {}
        for n, filling in enumerate(fillings):
            groups.setdefault(self._choice(filling), []).append(n)
        for words, members in groups.items():
            if (known := self._of(words, fillings[members[0]])) is not None:
                found[members] = self._in_floats(known, [fillings[n] for n in members])
        return found

    def certified(self, filling: Filling) -> bool:
        """Whether a filling that passes in floats does so in the digits that are printed."""
        known = self._known[self._choice(filling)]
        try:
            solution = Solution(known.template.filled(filling))
        except (CannotDecide, Impossible):
            return False
        for slip in known.near.get(tuple(filling.values()), ()):
            if not self._shows(solution.first, slip, known.asked):
                return False
        printed = Printed(solution, known.asked, known.always)
        for name, passes in PRINTED.items():
            if name in self.gates:
                rejected = not passes(printed)
                self.report.tell(name, int(name not in IN_FLOATS), int(rejected))
                if rejected:
                    return False
        return True

    def _shows(self, worked: Pass, slip: Slip, asked: frozenset[Quantity]) -> bool:
        """Whether a mistake that floats leave open shows."""
        assert isinstance(worked, NumericPass), "a quiz has numbers"
        number = worked.program.slots.number
        shows = certified_shows(worked, slip, [number[q] for q in asked if q in number])
        if not shows:
            self.report.tell("mistakes", 0, 1, [(f"{slip.key} ({slip.code})", 1)])
        return shows

    def _choice(self, filling: Filling) -> tuple[str, ...]:
        if self._words is None:
            self._words = self._first_words()
        return tuple(filling[path] for path in self._words)

    def _first_words(self) -> tuple[str, ...]:
        """The holes that are words. Raises NetworkFileError where no filling of the probe reads as a network."""
        problem: NetworkFileError | None = None
        for filling in self.probe:
            try:
                return tuple(path for path, _ in Template(self.question, filling).words)
            except NetworkFileError as error:
                problem = problem or error
        assert problem is not None
        raise problem

    def _of(self, words: tuple[str, ...], filling: Filling) -> Known | None:
        """What is known of the template of `filling`; None where that doesn't read as a network."""
        if words not in self._known:
            try:
                template = Template(self.question, filling)
            except NetworkFileError:
                return None
            self._known[words] = self._learn(template)
        return self._known[words]

    def _learn(self, template: Template) -> Known:
        solution = Solution(template.network)
        asked = Asked(solution, self.level)
        known = Known(template, frozenset(asked.chosen) or frozenset(line.quantity for line in asked.lines))
        probe = [{**filling, **dict(template.words)} for filling in self.probe]
        wave = Wave(template, [template.values(one) for one in probe])
        known.always = always(self._looks(known, wave), sorted(self.gates))
        passing = self._past_limits(known, wave, Report())
        if "mistakes" in self.gates:
            self._learn_mistakes(known, wave.only(passing) if passing.sum() >= ENOUGH else wave)
            self._past_mistakes(known, wave, probe, passing, Report())
        if not passing.any():
            passing[:] = True
        works = [work for work, ok in zip(_works(wave, probe), passing, strict=True) if ok]
        zeros = Counter(one.zeros for one in works).most_common(1)[0][0]
        known.usual = Work(zeros, _median([one.digits for one in works]), _median([one.minus for one in works]))
        return known

    def _learn_mistakes(self, known: Known, wave: Wave) -> None:
        """Which mistakes can't show, whatever the numbers are."""
        shown: dict[str, Booleans] = {}
        together = numpy.ones(wave.count, dtype=bool)
        for update, seen in _seen(known, wave):
            unseen = known.unseen[update] = seen.invisible
            for n in sorted(unseen):
                self.report.cannot_show[seen.slips[n].code, seen.slips[n].key] = None
            for code, shows in seen.by_code(unseen).items():
                shown[code] = shown.get(code, False) | shows
            counted = numpy.array([n not in unseen for n in range(len(seen.slips))], dtype=bool)
            together &= ~(seen.collides & counted[:, None]).any(axis=0)
        known.applicable = _together(shown, together if together.any() else ~together)
        for code in sorted(shown.keys() - known.applicable):
            self.report.cannot_show_together[code] = None

    def _without_mistakes(self, known: Known, wave: Wave, fillings: Sequence[Filling], report: Report) -> Booleans:
        """The candidates in which no mistake gives an accepted answer, and each shows somewhere."""
        failed = numpy.zeros(wave.count, dtype=bool)
        shown = {code: numpy.zeros(wave.count, dtype=bool) for code in known.applicable}
        open_: list[tuple[int, Slip]] = []
        places: list[tuple[str, int]] = []
        for update, seen in _seen(known, wave):
            counted = numpy.array([n not in known.unseen[update] for n in range(len(seen.slips))], dtype=bool)
            collides = seen.collides & counted[:, None]
            failed |= collides.any(axis=0)
            near = seen.near & counted[:, None]
            if update == wave.shown[0].update:
                open_ += [(int(k), seen.slips[int(n)]) for n, k in zip(*numpy.nonzero(near), strict=True)]
            else:  # what an earlier pass has rounded isn't worked exactly here
                failed |= near.any(axis=0)
            for code, shows in seen.by_code(known.unseen[update]).items():
                if code in shown:
                    shown[code] |= shows
            rows = zip(seen.slips, collides.sum(axis=1), strict=True)
            places += [(f"{one.key} ({one.code})", int(count)) for one, count in rows]
        for code, shows in shown.items():
            failed |= ~shows
            places.append((f"{NO_LINE} ({code})", int((~shows).sum())))
        for k, slip in open_:
            if not failed[k]:
                known.near.setdefault(tuple(fillings[k].values()), []).append(slip)
        report.tell("mistakes", wave.count, int(failed.sum()), places)
        return ~failed

    def _looks(self, known: Known, wave: Wave) -> Looks:
        rounding = known.template.network.rounding
        return Looks(wave, known.asked, rounding.places, rounding.figures, known.always)

    def _past_limits(self, known: Known, wave: Wave, report: Report) -> Booleans:
        """The candidates that pass the gates with a limit."""
        looks, passing = self._looks(known, wave), numpy.ones(wave.count, dtype=bool)
        for name in IN_FLOATS:
            if name in self.gates:
                rejected, where = failing(name, looks)
                report.tell(name, wave.count, int(rejected.sum()), where)
                passing &= ~rejected
        return passing

    def _past_mistakes(
        self, known: Known, wave: Wave, fillings: Sequence[Filling], passing: Booleans, report: Report
    ) -> None:
        """Of the candidates that are `passing` leave those that pass this gate, too."""
        if passing.any():
            left = [fillings[int(k)] for k in numpy.flatnonzero(passing)]
            passing[passing] = self._without_mistakes(known, wave.only(passing), left, report)

    def _in_floats(self, known: Known, fillings: Sequence[Filling]) -> Booleans:
        wave = Wave(known.template, [known.template.values(one) for one in fillings])
        passing = self._past_limits(known, wave, self.report)
        if "mistakes" in self.gates:
            self._past_mistakes(known, wave, fillings, passing, self.report)
        if "equal work" in self.gates and known.usual is not None:
            unequal = numpy.array([not _equal(work, known.usual) for work in _works(wave, fillings)])
            self.report.tell("equal work", int(passing.sum()), int((unequal & passing).sum()))
            passing &= ~unequal
        return passing


class Judge:
    """The gates of all questions of a quiz."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz
        self.report = Report()
        probe = [quiz.fillings(0, "", n) for n in range(PROBE)] if quiz.varies else []
        self.questions = [
            QuestionJudge(question, quiz.gates, [one[n] for one in probe], self._report_of(n), quiz.level)
            if question.holes
            else None
            for n, question in enumerate(quiz.questions)
        ]

    def _report_of(self, n: int) -> Report:
        """Of several questions each is counted for itself."""
        questions = self.quiz.questions
        return self.report.part(n + 1, questions[n].name) if len(questions) > 1 else self.report

    def passing(self, candidates: Sequence[Sequence[Filling]], groups: Sequence[Hashable]) -> list[bool]:
        """Which candidates pass; of each group only the first that does."""
        passing = numpy.ones(len(candidates), dtype=bool)
        for n, judge in enumerate(self.questions):
            if judge is not None and passing.any():
                left = [int(k) for k in numpy.flatnonzero(passing)]
                with self.quiz.questions[n].at_its_place():
                    passing[left] = judge.passing([candidates[k][n] for k in left])
        done: set[Hashable] = set()
        found = [False] * len(candidates)
        for k in map(int, numpy.flatnonzero(passing)):
            if groups[k] not in done and self._certified(candidates[k]):
                done.add(groups[k])
                found[k] = True
        return found

    def _certified(self, fillings: Sequence[Filling]) -> bool:
        pairs = zip(self.questions, fillings, strict=True)
        return all(judge is None or judge.certified(filling) for judge, filling in pairs)


def _together(shown: Mapping[str, Booleans], candidates: Booleans) -> frozenset[str]:
    """The mistakes that show together in some of the candidates: the most frequent first, and each that still shows
    beside those before it. Of one ReLU it can't show both that a dead unit and that a live one was taken wrong."""
    kept = set()
    for code, shows in sorted(shown.items(), key=lambda one: (-int((one[1] & candidates).sum()), one[0])):
        left = shows & candidates
        if left.sum() * RARE >= len(candidates) or left.sum() == candidates.sum():
            kept.add(code)
            candidates = left
    return frozenset(kept)


def _seen(known: Known, wave: Wave) -> Iterator[tuple[int, Seen]]:
    """What is seen of every mistake in each pass that is shown."""
    for worked in wave.shown:
        low, high = worked.lanes.spans(worked.values)
        number = worked.program.slots.number
        asked = [number[q] for q in known.asked if q in number]
        yield worked.update, worked.lanes.slips_seen(worked.values, low, high, asked)


def _works(wave: Wave, fillings: Sequence[Mapping[str, str]]) -> list[Work]:
    zeros = numpy.zeros(wave.count, dtype=int)
    for worked in wave.shown:
        for _, _, value in worked.steps("forward", "gradients"):
            zeros += numpy.abs(value) < NOTHING
    texts = ["".join(filling.values()) for filling in fillings]
    return [
        Work(int(zero), sum(map(str.isdigit, text)), text.count("-"))
        for zero, text in zip(zeros, texts, strict=True)
    ]  # fmt: skip


def _equal(work: Work, usual: Work) -> bool:
    return (
        work.zeros == usual.zeros
        and abs(work.digits - usual.digits) <= max(1, MORE_DIGITS * usual.digits)
        and abs(work.minus - usual.minus) <= max(1, MORE_SIGNS * usual.minus)
    )


def _median(values: Sequence[int]) -> int:
    return sorted(values)[len(values) // 2]
