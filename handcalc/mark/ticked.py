"""What is chosen, not worked out: the letter of an option, and the wrong line of a worked solution."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flint import fmpq

from handcalc.derive.slip import Slip
from handcalc.derive.tolerance import accepted_over
from handcalc.formula.maths import Slot
from handcalc.formula.notation import untraced
from handcalc.formula.number import read_number
from handcalc.formula.quantity import Quantity
from handcalc.formula.words import Words, phrase, say
from handcalc.mark.answer import Answer
from handcalc.mark.judged import Judged, Named, Part
from handcalc.mark.reading import read_answer
from handcalc.mark.scheme import Scheme
from handcalc.mark.spelling import Spellings
from handcalc.mark.verdict import Code
from handcalc.sheet.asked import Asked
from handcalc.sheet.choices import Option, options
from handcalc.sheet.forms.mistake import LINE
from handcalc.sheet.forms.mistake import chosen as slip_of

_LETTER = re.compile(r"[\s(\[]*([A-Za-z])(?:[\s)\].:,=]+(?P<value>.*))?")
_NAME_ENDS = re.compile(r"[=≈](?![^\[]*\])")
"""Not within brackets: ``z1[u=1][2] = 0.4``."""


def chosen_letters(asked: Asked, typed: Mapping[str, str], scheme: Scheme) -> Part:
    """The marks for letters: ``B``, ``b)``; each wrong one stands for a mistake, or for none that is known.

    The value of an option, which some platforms hand on, stands for its letter.
    """
    lines = (_letter(asked, quantity, typed.get(quantity.key, ""), marks, scheme)
             for quantity, marks in asked.chosen.items())  # fmt: skip
    return Part(asked.solution, tuple(lines))


def _letter(asked: Asked, quantity: Quantity, text: str, out_of: int, scheme: Scheme) -> Judged:
    solution, language = asked.solution, asked.solution.network.language
    offered = {one.letter: one for one in options(solution, quantity)}
    right = next(one for one in offered.values() if one.right)
    picked = _picked(text, offered)
    expected = say(language, "option expected", letter=right.letter, value=right.value)
    share, mistake = fmpq(0), None
    code: Code
    if not text:
        code, said = "blank", say(language, "mark blank", expected=expected)
    elif picked is None:
        letters = ", ".join(offered)
        code, problem = "unreadable", phrase(language, "mark one letter", letters=letters)
        said = say(language, "mark unreadable", problem=problem)
    elif picked.right:
        code, share, said = "correct", scheme.correct, say(language, "mark correct")
    elif picked.slip is None:
        code, said = "wrong", say(language, "option wrong", letter=picked.letter, value=picked.value, expected=expected)
    else:
        code, share, mistake = "mistake", _of_mistake(picked.slip, scheme), _behind(picked, language)
        said = say(language, "option mistake", letter=picked.letter, value=picked.value, mistake=mistake.here,
                   expected=expected)  # fmt: skip
    return Judged(
        key=quantity.key,
        quantity=quantity,
        code=code,
        text=picked.letter if picked else text,
        marks=out_of * share,
        out_of=out_of,
        expected=right.letter,
        said=said,
        mistake=mistake,
        evidence={"options": [_offer(one) for one in offered.values()]},
    )


def _picked(text: str, offered: Mapping[str, Option]) -> Option | None:
    """The option that is meant by its letter, by its value, or by both."""
    found = _LETTER.fullmatch(text)
    values = _entries(found["value"] or "" if found else text)
    meant = [one for one in offered.values() if read_number(one.text).value in values]
    if found is None:
        return meant[0] if len(meant) == 1 else None
    picked = offered.get(found[1].upper())
    return picked if not found["value"] or picked in meant else None


def _of_mistake(slip: Slip, scheme: Scheme) -> fmpq:
    """The share that is kept with a mistake: of the method what the scheme says, of the rest that of any mistake."""
    return scheme.method * scheme.of_mistake.get(slip.code, fmpq(0)) + (1 - scheme.method) * scheme.mistake


def _behind(option: Option, language: str) -> Named:
    assert option.slip is not None
    told, quantity = option.slip.tell(language), option.slip.quantity
    before = quantity != option.quantity
    here = say(language, "mark at", quantities=Slot(quantity), mistake=told) if before else (told,)
    return Named(option.slip.operation.name, option.code, told, here)


def _offer(option: Option) -> dict[str, object]:
    found: dict[str, object] = {"letter": option.letter, "value": option.text}
    return found | ({"mistake": option.code} if option.slip else {})


def found_mistake(asked: Asked, typed: Mapping[str, str], scheme: Scheme) -> Part:
    """Whether the wrong line was found, by any of its names, and its right result."""
    solution, language = asked.solution, asked.solution.network.language
    slip = slip_of(solution)
    span = accepted_over(solution.passes)[slip.quantity]
    worked, _ = solution.find(slip.quantity)
    keys = Spellings(tuple(line.key for line in solution.lines))
    lines = []
    for quantity, out_of in asked.chosen.items():
        text = typed.get(quantity.key, "").strip()
        wanted: Words
        if quantity == LINE:
            found = keys.called(_NAME_ENDS.split(text)[0].strip())
            right, readable, wanted, expected = found == (slip.key,), bool(found), (Slot(slip.quantity),), slip.key
        else:
            entries = _entries(text)
            right, readable = any(span.holds(one) for one in entries), bool(entries)
            wanted, expected = (untraced(worked.ending(slip.quantity)[1]),), solution[slip.key].decimal()
        code: Code = "blank" if not text else "correct" if right else "wrong" if readable else "unreadable"
        problem = phrase(language, "mark one line" if quantity == LINE else "mark one number")
        said = say(language, f"mark {code}", expected=wanted, problem=problem)
        if quantity == LINE and not right:
            said = (*(() if code == "wrong" else (*said, " ")), *slip.sentence(language))
        marks = out_of * scheme.correct if right else fmpq(0)
        made = Judged(key=quantity.key, quantity=quantity, code=code, text=text, marks=marks, out_of=out_of,
                      expected=expected, said=said, wanted=wanted)  # fmt: skip
        lines.append(made)
    return Part(solution, tuple(lines))


def _entries(text: str) -> list[fmpq]:
    read = read_answer(text) if text else None
    if not isinstance(read, Answer):
        return []
    found = (one.entry for one in read.readings)
    return [one.value for one in found if one is not None and isinstance(one.value, fmpq)]
