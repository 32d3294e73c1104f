"""What is said of an answer: a code that stays, marks, and what they rest on.

correct       equals the value, or is reachable by rounding no more coarsely than the sheet says
form          correct, but not written with as many digits as a strict sheet wants
coarse        the value, rounded more coarsely than the sheet says
follows       correct from the student's own earlier values
mistake       a known mistake gives it
convention    all of the work is consistent with another convention than the sheet's
wrong         none of these
undecided     neither digits nor an identity tell; a person looks at it
unreadable    can't be read, and is not judged
done          not written, but an asked line that depends on it is right
blank         not written
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from flint import fmpq

from handcalc.derive.slip import Slip
from handcalc.derive.span import Span
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Maths
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula
from handcalc.formula.words import Words
from handcalc.mark.scheme import NONE
from handcalc.mark.unreadable import Unreadable

Code = Literal[
    "correct", "form", "coarse", "follows", "mistake", "convention", "wrong", "undecided", "unreadable", "done", "blank"
]
RIGHT: frozenset[Code] = frozenset({"correct", "form", "follows", "convention"})


class CannotMark(HandcalcError):
    """What is asked, with letters, has no value."""


@dataclass(frozen=True, slots=True)
class Source:
    """A value that a verdict rests on: `text` as the student has written it, or as we have it."""

    quantity: Quantity
    text: str
    theirs: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is expected of a line: our value with what is accepted of it, and what the student's own numbers give."""

    expected: str
    accepted: Span | None
    """None of what is in letters."""
    sources: tuple[Source, ...] = ()
    """The student's wrong earlier values that the line depends on."""
    follows: str | None = None
    """What these give, where it is something else."""
    shows: Quantity | None = None
    """The later line that shows that a skipped one was worked out; the line whose value stands here instead."""
    maths: Maths | None = None
    """What is expected where that isn't a number, as it stands on paper."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A mistake that gives an answer.

    `code` names it, `slips` are where it is made (none of what can happen in any line: a sign, a digit). `line` is
    the line as it is written then, with `digits` for its quantities.
    """

    code: str
    kind: str
    """The operation that is done wrong; "" of what can happen in any line."""
    slips: tuple[Slip, ...] = ()
    line: Formula | None = None
    digits: Mapping[Quantity, str] = field(default_factory=dict)
    theirs: bool = False
    """Whether it gives this from the student's own earlier values, and not from ours."""
    rare: bool = False
    elsewhere: bool = False
    """Whether it is made in other lines than the one whose answer it gives."""
    told: Mapping[str, str] = field(default_factory=dict)
    """What fills the sentence of one that can happen in any line."""

    @property
    def name(self) -> tuple[str, str]:
        return self.kind, self.code

    @property
    def group(self) -> tuple[object, ...]:
        """What is one and the same work in several lines."""
        return (*self.name, *(slip.quantity for slip in self.slips if self.elsewhere))

    @property
    def number(self) -> int | None:
        """Its row in the table of mistakes."""
        return self.slips[0].number if self.slips else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one asked line. `marks` are of `out_of`; `method` is the part of them that is for the method.

    `repeated` names the line where the same mistake has cost already; `trivial` is the earlier value that left nothing
    to work out; `wrong_cells`, `elsewhere` and the rest are remarks, which change no mark.
    """

    quantity: Quantity
    code: Code
    text: str
    marks: fmpq
    out_of: int
    evidence: Evidence
    fits: tuple[Fit, ...] = ()
    """The likeliest first."""
    method: fmpq = NONE
    repeated: Quantity | None = None
    trivial: Source | None = None
    convention: str = ""
    elsewhere: Quantity | None = None
    """The line whose value this is."""
    problem: Unreadable | None = None
    read: str = ""
    """The answer as it was understood, with a decimal point."""
    spared: bool = False
    """Whether the mistake, made before, costs nothing here."""

    @property
    def key(self) -> str:
        return self.quantity.key

    @property
    def mistake(self) -> Fit | None:
        return self.fits[0] if self.fits else None

    @property
    def is_right(self) -> bool:
        return self.code in RIGHT

    def sentence(self, language: str = "en") -> Words:
        from handcalc.mark.telling import tell

        return tell(self, language)


@dataclass(frozen=True)
class Marking:
    """The verdicts of one student's answers, in the order of the lines."""

    verdicts: tuple[Verdict, ...]
    blocks: tuple[BlockRemark, ...] = ()
    conventions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Keys of answers that nothing asks for."""
    apart: tuple[Quantity, ...] = ()
    """What is asked and is no line of the page (where the mistake is), so that it isn't marked here."""

    @cached_property
    def by_key(self) -> Mapping[str, Verdict]:
        return {one.key: one for one in self.verdicts}

    @property
    def marks(self) -> fmpq:
        return sum((one.marks for one in self.verdicts), fmpq(0))

    @property
    def out_of(self) -> int:
        return sum(one.out_of for one in self.verdicts)

    def __getitem__(self, key: str) -> Verdict:
        return self.by_key[key]

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)


@dataclass(frozen=True, slots=True)
class BlockRemark:
    """What is seen of a vector or matrix as a whole: which entries are wrong; whether it is transposed, or two are
    swapped."""

    block: str
    wrong: tuple[Quantity, ...]
    transposed: bool = False
    swapped: tuple[tuple[Quantity, Quantity], ...] = ()
