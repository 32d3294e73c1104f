"""Find the mistake: a worked solution with one wrong step, from which everything after it follows."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

from handcalc.derive.slip import Slip, slips, with_slip
from handcalc.derive.solution import Solution
from handcalc.formula.maths import Row, Shown, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import quantities
from handcalc.formula.words import phrase, say
from handcalc.network.errors import accepting, at_key, quoted
from handcalc.sheet.parts import Answer, Say, Section, Sheet
from handcalc.sheet.shown import shown_as
from handcalc.sheet.steps import steps

LINE, RESULT = Quantity("line"), Quantity("result")
"""What is to be found: the name of the wrong line, and its right result."""


def find_the_mistake(solution: Solution) -> Sheet:
    """The steps of somebody who makes one mistake; the key names it, the student sheet asks for it.

    Which one, `mistake` says by its code, and `ask` in which line; else it is drawn from the numbers, always the same.
    Raises NetworkFileError where no mistake of that kind shows.
    """
    slip = chosen(solution)
    wrong = steps(with_slip(solution, slip))
    language = solution.network.language
    line = next(one for one in solution.first.lines if one.quantity == slip.quantity)
    right = Row(tuple(mark for stage in line.stages for mark in stage))
    _, result = solution.first.ending(slip.quantity)
    assert isinstance(result, Shown), "a slip is made where there are numbers"
    asks = say(
        language,
        "find the mistake",
        line=Shown(LINE, Slot(slip.quantity)),
        result=Shown(RESULT, result.inner),
    )
    found = say(language, "the mistake is", sentence=slip.sentence(language),
                right=Shown(RESULT, Row((Slot(slip.quantity), right))))  # fmt: skip
    first, *others = wrong.sections
    end = Section(phrase(language, "mistake"), (Say(asks), Answer(found, room=2)))
    return replace(wrong, parts=(Say(say(language, "one line is wrong")),), sections=(first, *others, end))


def chosen(solution: Solution) -> Slip:
    """The slip of the sheet."""
    task, show = solution.network.task, solution.network.show
    every = [slip for slip in slips(solution) if shown_as(slip.wrong.stage) in show]
    if solution.first.letters:
        raise at_key("form", "a mistake is found in numbers; write numbers in place of the letters, or letters first")
    if not every:
        raise at_key("form", "no known mistake shows in these numbers; take other numbers or more decimals")
    named = [slip for slip in every if not task.mistake or slip.code == task.mistake]
    if not named:
        codes = list(dict.fromkeys(slip.code for slip in every))
        raise at_key("mistake", f"{quoted(task.mistake)} doesn't show here{accepting(codes, task.mistake)}")
    lines = [one.name for one in task.ask]
    placed = [slip for slip in named if not lines or slip.key in lines or slip.quantity.block() in lines]
    if not placed:
        keys = list(dict.fromkeys(slip.key for slip in named))
        raise at_key("ask", f"the mistake doesn't show in {quoted(', '.join(lines))}{accepting(keys)}")
    usual = [slip for slip in placed if not slip.mistake.rare] or placed
    usual = [slip for slip in usual if _is_used(solution, slip)] or usual
    if task.mistake or lines:
        return usual[0]
    digest = blake2b(repr(solution.typed).encode(), digest_size=8).digest()
    return usual[int.from_bytes(digest, "big") % len(usual)]


def _is_used(solution: Solution, slip: Slip) -> bool:
    """Whether a later line that is shown follows from the slip's own."""
    show = solution.network.show
    return any(
        slip.quantity in quantities(line.formula) for line in solution.first.lines if shown_as(line.step.stage) in show
    )
