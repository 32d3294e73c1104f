"""A sheet with its verdicts: each blank in the order of the sheet, whatever kind of answer it asks for.

Numbers and expressions are marked by `mark.marking`, letters that choose and the wrong line of a worked solution by
`mark.ticked`. What neither can tell is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

from flint import fmpq

from handcalc.derive.decimals import terminating_text
from handcalc.derive.solution import Solution
from handcalc.formula.notation import spelling, untraced
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import Words, phrase, say
from handcalc.mark.answer import Answer
from handcalc.mark.cells import by_cell
from handcalc.mark.handed_out import OneSheet, Wanted
from handcalc.mark.marking import mark, names_of
from handcalc.mark.reading import read_answer
from handcalc.mark.scheme import USUAL, Scheme
from handcalc.mark.telling import mistake
from handcalc.mark.verdict import RIGHT, BlockRemark, CannotMark, Code, Fit, Verdict
from handcalc.network.network import Network
from handcalc.render.text import words
from handcalc.sheet.asked import Asked
from handcalc.sheet.several import prefixed

MOST_DECIMALS = 6
"""Of marks in a file."""
DECIMALS = 2
"""Of marks on paper."""
CHOSEN = ("multiple choice", "find the mistake")
"""Forms that ask for no numbers to go on with."""
SHOWN = ("title", "show", "statements", "notation", "language", "task")
"""What a network says besides the work that is to be done."""


class Named(NamedTuple):
    """A mistake with a name: `general` says it without the line's own numbers, `here` with them."""

    kind: str
    code: str
    general: str
    here: Words


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One blank. `said` is the reason that the student reads; `evidence` what it rests on, as texts."""

    key: str
    """With the number of its question, where there are several."""
    quantity: Quantity
    code: Code
    text: str
    marks: fmpq
    out_of: int
    expected: str
    said: Words
    wanted: Words = ()
    """What is expected, on paper, where that isn't the number `expected`."""
    method: fmpq = field(default_factory=lambda: fmpq(0))
    mistake: Named | None = None
    verdict: Verdict | None = field(default=None, repr=False, compare=False)
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return self.code in RIGHT

    @property
    def is_settled(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.code not in ("undecided", "unreadable")

    @property
    def share(self) -> fmpq:
        """Of its marks."""
        return self.marks / self.out_of if self.out_of else fmpq(1)


@dataclass(frozen=True)
class Part:
    """One question of a sheet, judged."""

    solution: Solution
    lines: tuple[Judged, ...]
    blocks: tuple[BlockRemark, ...] = ()
    conventions: tuple[str, ...] = ()

    @property
    def marks(self) -> fmpq:
        return sum((one.marks for one in self.lines), fmpq(0))

    @property
    def out_of(self) -> int:
        return sum(one.out_of for one in self.lines)


@dataclass(frozen=True)
class MarkedSheet:
    """All of what one student has answered, with its marks; of a `paper` sheet `slips` are what differed on it."""

    sheet: OneSheet
    typed: Mapping[str, str]
    parts: tuple[Part, ...]
    slips: Mapping[str, str] = field(default_factory=dict)
    paper: bool = False
    name: str = ""
    """What a nameless sheet was signed with."""
    id: str = ""
    other: OneSheet | None = None
    """The sheet whose numbers most of the answers belong to, where that is another one."""

    @property
    def key(self) -> str:
        return self.sheet.key

    @property
    def marks(self) -> fmpq:
        return sum((one.marks for one in self.parts), fmpq(0))

    @property
    def out_of(self) -> int:
        return sum(one.out_of for one in self.parts)

    @property
    def lines(self) -> tuple[Judged, ...]:
        return tuple(self)

    @cached_property
    def by_key(self) -> Mapping[str, Judged]:
        return {one.key: one for one in self}

    def __iter__(self) -> Iterator[Judged]:
        return (line for part in self.parts for line in part.lines)


def judge(sheet: OneSheet, typed: Mapping[str, str], scheme: Scheme = USUAL) -> MarkedSheet:
    """The marks for what was typed, by key; blanks are left out of `typed`.

    Lines of a question follow from what was answered in an earlier one of the same work, too.
    """
    parts = []
    answered: list[tuple[Network, Mapping[str, Answer]]] = []
    for n, (asked, texts) in enumerate(zip(sheet.questions, sheet.by_question(typed), strict=True), 1):
        number = n if len(sheet.questions) > 1 else 0
        network = asked.solution.network
        before = {key: one for other, read in answered if _same_work(network, other) for key, one in read.items()}
        parts.append(_question(asked, texts, _wanted(sheet, number), scheme, number, before))
        if number and network.task.form not in CHOSEN:
            answered.append((network, _read(asked, texts)))
    return MarkedSheet(sheet, typed, tuple(parts))


def _same_work(one: Network, other: Network) -> bool:
    """Whether two questions are of one network with one set of numbers, whatever they show and ask of it."""
    names = (one.name for one in fields(Network) if one.name not in SHOWN)
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _read(asked: Asked, typed: Mapping[str, str]) -> Mapping[str, Answer]:
    """What can be read of the answers to a question, by the key of a quantity."""
    names = names_of(asked.solution)
    cells = by_cell({key: read_answer(text, letters=names) for key, text in typed.items()}, asked.chosen)
    return {key: one for key, one in cells.items() if isinstance(one, Answer)}


def _wanted(sheet: OneSheet, number: int) -> dict[str, Wanted]:
    """What is asked in a question, by the keys that its solution has."""
    before = prefixed("", number) if number else ""
    return {key[len(before) :]: one for key, one in sheet.wanted.items() if key.startswith(before)}


def _question(
    asked: Asked,
    typed: Mapping[str, str],
    wanted: Mapping[str, Wanted],
    scheme: Scheme,
    number: int,
    before: Mapping[str, Answer],
) -> Part:
    from handcalc.mark import ticked

    match asked.solution.network.task.form:
        case "multiple choice":
            part = ticked.chosen_letters(asked, typed, scheme)
        case "find the mistake":
            part = ticked.found_mistake(asked, typed, scheme)
        case _:
            part = _numbers(asked, typed, wanted, scheme, before)
    if not number:
        return part
    return replace(part, lines=tuple(replace(one, key=prefixed(one.key, number)) for one in part.lines))


def _numbers(
    asked: Asked,
    typed: Mapping[str, str],
    wanted: Mapping[str, Wanted],
    scheme: Scheme,
    before: Mapping[str, Answer],
) -> Part:
    try:
        names = names_of(asked.solution)
        read = {key: read_answer(text, letters=names) for key, text in typed.items()}
        marking = mark(asked.solution, read, scheme, asked, before)
    except CannotMark:
        lines = (_left_to_a_person(asked, q, typed.get(q.key, ""), wanted[q.key]) for q in asked.chosen)
        return Part(asked.solution, tuple(lines))
    found = {one.quantity: one for one in marking}
    lines = (
        _judged(asked.solution, found[q]) if q in found
        else _left_to_a_person(asked, q, typed.get(q.key, ""), wanted[q.key])
        for q in asked.chosen
    )  # fmt: skip
    return Part(asked.solution, tuple(lines), marking.blocks, marking.conventions)


def _left_to_a_person(asked: Asked, quantity: Quantity, text: str, wanted: Wanted) -> Judged:
    """What isn't compared: no line of the page, or an expression that has no value."""
    solution = asked.solution
    code: Code = "undecided" if text else "blank"
    shown: Words = (
        (untraced(solution.find(quantity)[0].ending(quantity)[1]),) if quantity.key in solution else (wanted.value,)
    )
    said = say(solution.network.language, f"mark {code}", expected=shown)
    return Judged(
        key=quantity.key, quantity=quantity, code=code, text=text, marks=fmpq(0), out_of=wanted.marks,
        expected=wanted.value, said=said,
        wanted=shown,
    )  # fmt: skip


def _judged(solution: Solution, verdict: Verdict) -> Judged:
    language = solution.network.language
    fit = verdict.mistake if verdict.code == "mistake" else None
    return Judged(
        key=verdict.key,
        quantity=verdict.quantity,
        code=verdict.code,
        text=verdict.text,
        marks=verdict.marks,
        out_of=verdict.out_of,
        expected=verdict.evidence.expected,
        said=verdict.sentence(language),
        wanted=(verdict.evidence.maths,) if verdict.evidence.maths else (),
        method=verdict.method,
        mistake=_named(fit, language) if fit else None,
        verdict=verdict,
        evidence=_evidence(verdict),
    )


def _named(fit: Fit, language: str) -> Named:
    if fit.slips:
        general = phrase(language, "mark and besides").join(dict.fromkeys(slip.tell(language) for slip in fit.slips))
    else:
        general = phrase(language, f"usually {fit.code}")
    return Named(fit.kind, fit.code, general, mistake(fit, language))


def _evidence(verdict: Verdict) -> dict[str, Any]:
    """All that a verdict rests on, of what isn't empty."""
    said = verdict.evidence
    return {
        name: value
        for name, value in {
            "accepted": [str(end) for end in said.accepted or ()],
            "follows": said.follows,
            "from": [{"key": one.quantity.key, "text": one.text, "theirs": one.theirs} for one in said.sources],
            "shown by": said.shows.key if said.shows else None,
            "mistakes": [_fit(one) for one in verdict.fits] if verdict.code == "mistake" else [],
            "repeats": verdict.repeated.key if verdict.repeated else None,
            "trivial through": verdict.trivial.quantity.key if verdict.trivial else None,
            "convention": verdict.convention,
            "value of": verdict.elsewhere.key if verdict.elsewhere else None,
            "unreadable": verdict.problem.code if verdict.problem else None,
        }.items()
        if value
    }


def _fit(fit: Fit) -> dict[str, Any]:
    made = {"code": fit.code, "of": fit.kind, "at": [slip.quantity.key for slip in fit.slips]}
    return {name: said for name, said in made.items() if said}


def sentence(solution: Solution, said: Words) -> str:
    """`said` as one line of text, in the sheet's notation."""
    return words(said, spelling(solution.notation, solution.network.language))


def marks_text(marks: fmpq, most: int = MOST_DECIMALS) -> str:
    """``2.5``; of a third, which has no end, the fraction ``1/3``."""
    return terminating_text(marks, most) or str(marks)


def marks_said(marks: fmpq, comma: bool = False) -> str:
    """Rounded half up to two decimals, without zeros at the end."""
    scaled = marks * 10**DECIMALS
    units = int((scaled + fmpq(1, 2)).floor())
    whole, rest = divmod(units, 10**DECIMALS)
    text = f"{whole}.{rest:0{DECIMALS}}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text
