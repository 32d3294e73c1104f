"""A verdict as a few kind sentences, with the line's own letters and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from handcalc.derive.functions import NoValue, value_of
from handcalc.formula.maths import Maths, Relation, Row, Slot
from handcalc.formula.notation import filled, number, written
from handcalc.formula.number import read_number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Negative, Ref
from handcalc.formula.words import Words, phrase, say
from handcalc.mark.verdict import BlockRemark, Fit, Source, Verdict

MOST_SOURCES = 3
"""Earlier values that are named."""
MOST_ALSO = 2
"""Other mistakes that are named where several fit."""
SIGNS = frozenset({"sign", "term-sign", "given-sign"})
"""Slips that are told apart by nothing but where the sign was lost."""


def tell(verdict: Verdict, language: str = "en") -> Words:
    """What a student reads of a line."""
    said = list(_main(verdict, language))
    for remark in _remarks(verdict, language):
        said += [" ", *remark]
    return tuple(said)


def mistake(fit: Fit, language: str = "en") -> Words:
    """``the bias is left out``, with the line where that is another one than the answer's."""
    if not fit.slips:
        holes = {hole: (digits(text),) for hole, text in fit.told.items()}
        return say(language, f"near {fit.code}", **holes)
    at: dict[str, list[Words]] = {}
    for slip in fit.slips:
        at.setdefault(slip.tell(language), []).append((Slot(slip.quantity),))
    said = []
    for told, lines in at.items():
        quantities = _joined([_joined(lines[:-1], (", ",)), lines[-1]][len(lines) == 1 :], say(language, "mark and"))
        where = "mark at" if len(lines) == 1 else "mark at several"
        said.append(say(language, where, quantities=quantities, mistake=told) if fit.elsewhere else (told,))
    return _joined(said, say(language, "mark and besides"))


def block_said(block: BlockRemark, language: str = "en") -> Iterator[Words]:
    """What a student reads of a vector or matrix as a whole."""
    if block.transposed:
        yield say(language, "mark transposed", block=Slot(_whole(block.wrong[0])))
    for a, b in block.swapped:
        yield say(language, "mark swapped", one=Slot(a), other=Slot(b))


def _whole(q: Quantity) -> Quantity:
    own = replace(q.of or q, index=(), shown=None)
    return replace(q, of=own) if q.of else own


def digits(text: str) -> Maths | str:
    """A number as it was typed, on paper; what isn't one stays as it is."""
    try:
        return number(read_number(text).text)
    except ValueError:
        try:
            return number(text) if "·10^" in text else text
        except ValueError:
            return text


def what(verdict: Verdict, language: str) -> str:
    """``number``, or ``expression``, of which it is said how one comes by it."""
    return phrase(language, "mark an expression" if verdict.evidence.maths else "mark a number")


def _main(verdict: Verdict, language: str) -> Words:
    evidence, fit = verdict.evidence, verdict.mistake
    expected: Words = (evidence.maths or digits(evidence.expected),)
    if verdict.code == "unreadable":
        problem = verdict.problem
        read: Words = (problem.said(language),) if problem else say(language, "mark one number")
        return say(language, "mark unreadable", problem=read)
    if verdict.code == "follows":
        follows = (digits(evidence.follows or evidence.expected),)
        return say(language, "mark follows", sources=_listed(evidence.sources), follows=follows)
    if verdict.convention:
        return say(language, f"mark convention {verdict.convention}", expected=expected)
    if evidence.follows and evidence.sources:
        follows = (digits(evidence.follows),)
        sources = _listed(evidence.sources)
        expected = say(language, "mark expected from", expected=expected, sources=sources, follows=follows)
    if verdict.code == "mistake" and fit is not None:
        line = _line(verdict, fit)
        holes: dict[str, str | Words] = {"what": what(verdict, language), "mistake": mistake(fit, language)}
        if line is None:
            return say(language, "mark mistake", **holes, expected=expected)
        return say(language, "mark mistake, line", **holes, line=line, expected=expected)
    shows = (Slot(evidence.shows),) if evidence.shows else ()
    return say(language, f"mark {verdict.code}", expected=expected, shows=shows)


def _remarks(verdict: Verdict, language: str) -> list[Words]:
    found = []
    if verdict.code == "mistake" and (others := _others(verdict.fits, language)):
        found.append(say(language, "mark also", others=_joined(others, say(language, "mark or"))))
    if verdict.repeated is not None:
        each = "" if verdict.spared else ", each"
        found.append(say(language, f"mark repeated{each}", quantity=Slot(verdict.repeated)))
    if verdict.trivial is not None:
        less = ", less" if verdict.marks < verdict.out_of else ""
        found.append(say(language, f"mark trivial{less}", source=_listed([verdict.trivial])))
    if verdict.elsewhere is not None:
        found.append(say(language, "mark elsewhere", quantity=Slot(verdict.elsewhere)))
    return found


def _others(fits: Sequence[Fit], language: str) -> list[Words]:
    """What is said of the mistakes that fit besides the first, if they are other work."""
    told, found = [fits[0]], []
    for fit in fits[1:]:
        if not any(_is_alike(fit, one, language) for one in told):
            told.append(fit)
            found.append(mistake(fit, language))
    return found[:MOST_ALSO]


def _is_alike(one: Fit, other: Fit, language: str) -> bool:
    """Whether two mistakes are the same work under two names: one row of the table, one line, a sign and a sign."""
    if {one.code, other.code} <= SIGNS or mistake(one, language) == mistake(other, language):
        return True
    same_row = one.number is not None and one.number == other.number
    return same_row or _works(one) == _works(other) != ()


def _works(fit: Fit) -> tuple[object, ...]:
    """The lines that are written with a mistake."""
    if fit.elsewhere:
        return tuple((slip.quantity, slip.wrong.formula) for slip in fit.slips)
    return () if fit.line is None else (fit.line,)


def _line(verdict: Verdict, fit: Fit) -> Maths | None:
    """``z₁ = 0.3·0.5 + 0.7 = 0.85`` as it is written with the mistake; ``a₁ = z₁ = 0.35`` where it is one number."""
    if fit.line is None:
        return None
    result = digits(verdict.read)
    inner = fit.line.inner if isinstance(fit.line, Negative) else fit.line
    put_in = written(fit.line)
    if not isinstance(inner, Ref):
        put_in = filled(put_in, fit.digits.get)
    if not isinstance(result, Maths):
        return Row((Slot(verdict.quantity), Relation("="), put_in))
    sign = Relation("=" if _is_exactly(fit, verdict.read) else "≈")
    return Row((Slot(verdict.quantity), Relation("="), put_in, sign, result))


def _is_exactly(fit: Fit, text: str) -> bool:
    """Whether a line gives just the number that is written, with the digits that stand in it."""
    try:
        numbers = {q: read_number(digits).value for q, digits in fit.digits.items()}
        return fit.line is not None and bool(value_of(fit.line, numbers.__getitem__) == read_number(text).value)
    except (ValueError, KeyError, NoValue, ZeroDivisionError):
        return False


def _joined(parts: Iterable[Words], between: Words) -> Words:
    """The parts, with the same words between each two."""
    said: list[str | Maths] = []
    for n, part in enumerate(parts):
        said += [*(between if n else ()), *part]
    return tuple(said)


def _listed(sources: Sequence[Source]) -> Words:
    """``z₁ = 0.41, z₂ = 0.3``; of many the first ones."""
    said: list[str | Maths] = []
    for n, one in enumerate(sources[:MOST_SOURCES]):
        letters, value = (Slot(one.quantity), Relation("=")), digits(one.text)
        equation = [Row((*letters, value))] if isinstance(value, Maths) else [Row(letters), " ", value]
        said += [*([", "] * (n > 0)), *equation]
    return (*said, ", …") if len(sources) > MOST_SOURCES else tuple(said)
