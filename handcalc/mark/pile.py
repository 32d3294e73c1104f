"""A pile of paper: of a sheet only what differs is typed, and the rest is as it follows from that.

The sheet's answers are continued from the slips: each later line with our value, and with what it is from there. What
differs from that, too, is typed in the same way, and `-` for what isn't written. The rest counts as right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handcalc.errors import HandcalcError
from handcalc.mark.handed_out import HandedOut, OneSheet
from handcalc.mark.judged import Judged, MarkedSheet, judge, marks_text, sentence
from handcalc.mark.reading import is_blank
from handcalc.mark.scheme import Scheme
from handcalc.mark.typed import Collected, Place
from handcalc.network.errors import escaped, listed, quoted
from handcalc.quiz.names import cut, harmless
from handcalc.sheet.several import prefixed

BLANK = "-"
MOST_NEAR = 12
OPTION = "--sheet"


@dataclass(frozen=True)
class OfPaper:
    """A sheet of paper: its marks, and by key what each line is from the slips, where that isn't our value."""

    marked: MarkedSheet
    continued: Mapping[str, str]


def found_sheet(handed_out: HandedOut, who: str) -> OneSheet:
    """The one sheet that has this code, or whose student is called so; of one network file that of anybody."""
    if handed_out.is_single:
        called = cut(harmless(who))
        return Collected(handed_out).student(called, called)
    found = handed_out.find(who)
    if len(found) == 1:
        return found[0]
    if found:
        names = [one.called for one in found[:MOST_NEAR]]
        raise HandcalcError(f"{OPTION} {escaped(who)}: several sheets may be meant; name one by its ID: "
                            f"{listed(names, 'or')}")  # fmt: skip
    raise HandcalcError(f"{OPTION} {escaped(who)}: no sheet of this pack has this code, ID or name")


def slips_of(handed_out: HandedOut, sheet: OneSheet, typed: Sequence[str]) -> dict[str, str]:
    """By key what stands in ``z1_2=0.41``, ``W1_21=-`` and ``dW1=[[0.1, 0.2]]``. Raises AnswersError."""
    found: dict[str, str] = {}
    for word in typed:
        name, equals, text = word.partition("=")
        place = Place(f"{OPTION} {sheet.code or sheet.key}", None, quoted(word))
        if not equals or not text.strip():
            raise place.wrong("write a blank's name, = and what stands there: z1_2=0.41, or z1_2=- where nothing does")
        collected = Collected(handed_out)
        if not (keys := collected.keys(name, place)):
            raise place.wrong("this is not asked on this sheet")
        if is_blank(text):
            new = dict.fromkeys(keys, BLANK)
        else:
            collected.put_in_block(sheet, keys, text, place)
            (handed_in,) = collected.answers().handed_in
            new = {key: one.text for key, one in handed_in.typed.items()}
        for key, answer in new.items():
            if found.setdefault(key, answer) != answer:
                raise place.wrong(f"{key} is {quoted(found[key])} in another word; leave one of them out")
    return found


def of_paper(sheet: OneSheet, slips: Mapping[str, str], scheme: Scheme) -> OfPaper:
    """The marks for a sheet on which only `slips` differ from what follows from them."""
    written = {key: text for key, text in slips.items() if text != BLANK}
    continued: dict[str, str] = {}
    for _ in sheet.questions:  # a later one may go on with what follows in an earlier one
        begun = judge(sheet, continued | written, scheme)
        continued = _following(begun, slips) | continued
    rest = {one.key: continued.get(one.key, one.expected) for one in begun if one.key not in slips}
    typed = {key: text for key in sheet.wanted for text in [written.get(key) or rest.get(key)] if text}
    marked = judge(sheet, typed, scheme)
    return OfPaper(replace(marked, slips=dict(slips), paper=True), continued)


def _following(begun: MarkedSheet, slips: Mapping[str, str]) -> dict[str, str]:
    """What each line is from the slips, where that isn't our value."""
    made = {one.key: one.verdict.evidence.follows for one in begun if one.verdict is not None and one.key not in slips}
    return {key: follows for key, follows in made.items() if follows}


def told(paper: OfPaper) -> Iterator[str]:
    """The sheet, line by line: what is expected, and what it is from the slips."""
    marked = paper.marked
    names = {one.key: one.key for one in marked}
    widest = max(map(len, names.values()), default=0)
    code = f"{marked.sheet.code}  " if marked.sheet.code else ""
    yield f"{code}{marked.sheet.called}: {marks_text(marked.marks)} of {marked.out_of}"
    for number, part in enumerate(marked.parts, 1):
        for one in part.lines:
            yield f"  {one.key:<{widest}}  {_line(one, paper, number if len(marked.parts) > 1 else 0)}".rstrip()
            if one.marks < one.out_of or (one.key in marked.slips and one.code != "correct"):
                yield f"  {'':<{widest}}  {sentence(part.solution, one.said)}"


def _line(one: Judged, paper: OfPaper, number: int) -> str:
    slips = paper.marked.slips
    marks = "" if one.marks == one.out_of else f"   {marks_text(one.marks)} of {one.out_of}"
    if one.key in slips:
        text = slips[one.key]
        return f"{one.expected}   on paper: {'nothing' if text == BLANK else escaped(text)}{marks}"
    if one.key in paper.continued:
        return f"{one.expected} (from your {_causes(one, paper, number)}: {paper.continued[one.key]}){marks}"
    return f"{one.expected}{marks}"


def _causes(one: Judged, paper: OfPaper, number: int) -> str:
    """The slips that a line is worked from."""
    marked = paper.marked
    solution = marked.parts[max(number - 1, 0)].solution
    worked, slot = solution.find(one.quantity)
    before = {line.quantity.key for line in worked.lines_to(slot)}
    wrong = [key for key, text in marked.slips.items() if text != BLANK and marked.by_key[key].code != "correct"]
    own = {prefixed(key, number) if number else key for key in before}
    earlier = {line.key for part in marked.parts[: max(number - 1, 0)] for line in part.lines}
    causes = [key for key in wrong if key in own] or [key for key in wrong if key in earlier] or wrong
    return listed(causes, "and")
