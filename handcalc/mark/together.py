"""What is seen of all lines together, and the marks: repetitions, skipped lines, lines that have become trivial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flint import fmpq

from handcalc.formula.quantity import Quantity
from handcalc.mark.blocks import block_remarks, elsewhere
from handcalc.mark.conventions import conventions
from handcalc.mark.lines import Looked, typed_text
from handcalc.mark.reasons import trivial_lines, without_reason
from handcalc.mark.scheme import Scheme
from handcalc.mark.verdict import RIGHT, Marking, Verdict
from handcalc.mark.world import World, is_plain


def judged(lines: Sequence[Looked], worlds: Sequence[World], scheme: Scheme) -> Marking:
    """The marks for lines of which each has been looked at."""
    consistent = conventions(lines, worlds)
    unfounded = without_reason(lines)
    made = {line.fits[0].name for line in lines if line.code == "mistake" and line.quantity not in unfounded}
    dishonest = trivial_lines(lines, unfounded)
    shown = _shown_by(lines, worlds, dishonest)
    first: dict[tuple[str, str], Quantity] = {}
    verdicts = []
    for line in lines:
        repeated = None
        convention = consistent.get(line.quantity, "")
        if line.code == "mistake" and line.fits[0].kind and line.fits[0].name in made and not convention:
            repeated = first.setdefault(line.fits[0].name, line.quantity)
            repeated = None if repeated == line.quantity else repeated
        evidence = line.evidence()
        if (later := shown.get(line.quantity)) is not None:
            evidence = replace(evidence, shows=later)
        code = "convention" if convention else "done" if later is not None else line.code
        verdict = Verdict(
            line.quantity, code, line.text, fmpq(0), line.out_of, evidence, line.fits, fmpq(0), repeated, line.trivial,
            convention, elsewhere(line, lines) if code == "wrong" else None, line.problem,
            typed_text(line.entry) if line.entries else "", repeated is not None and scheme.repeat == "once",
        )  # fmt: skip
        verdicts.append(_marked(verdict, scheme, honest=line.quantity not in dishonest))
    left = [line for line in lines if line.quantity not in consistent]
    return Marking(tuple(verdicts), block_remarks(left), tuple(dict.fromkeys(consistent.values())))


def _shown_by(
    lines: Sequence[Looked], worlds: Sequence[World], dishonest: frozenset[Quantity]
) -> Mapping[Quantity, Quantity]:
    """Of each skipped line the right one that depends on it, through lines that aren't written either.

    A result of 0, 1 or −1 shows nothing: too much gives it. Nor does one that is a given number of its own line.
    """
    written = {line.quantity for line in lines if line.code != "blank"}
    shows = {
        line.quantity
        for line in lines
        if line.code in RIGHT and line.quantity not in dishonest and not _shows_nothing(line)
    }
    skipped = {line.quantity for line in lines if line.code == "blank"}
    found: dict[Quantity, Quantity] = {}
    for world in reversed(worlds):
        slots = world.program.slots
        for n, step in reversed(list(enumerate(world.program.steps))):
            shown = step.target if step.target in shows else found.get(step.target)
            if shown is None or (step.target in written and step.target not in shows):
                continue
            for i in world.program.operands[n]:
                q = slots.quantities[i]
                if q not in written:
                    found[q] = shown  # of several the first: steps run backwards here
    return {q: by for q, by in found.items() if q in skipped}


def _shows_nothing(line: Looked) -> bool:
    world, value = line.world, line.entry.value
    givens = (i for i in world.operands(line.slot) if i < world.program.first and world.worked.typed[i] is not None)
    return is_plain(value) or (isinstance(value, fmpq) and any(value == world.values[i] for i in givens))


def _marked(verdict: Verdict, scheme: Scheme, *, honest: bool) -> Verdict:
    """With the marks that the scheme gives; for a mistake apart for the method and the answer."""
    worth, method = fmpq(verdict.out_of), scheme.method * verdict.out_of
    if verdict.code != "mistake" or verdict.spared:
        share = _share(verdict, scheme, honest=honest)
        return replace(verdict, marks=worth * share, method=method * share)
    fit = verdict.fits[0]
    kept = method * scheme.of_mistake.get(fit.code, fmpq(not fit.kind))
    return replace(verdict, marks=kept + (worth - method) * scheme.mistake, method=kept)


def _share(verdict: Verdict, scheme: Scheme, *, honest: bool) -> fmpq:
    match verdict.code:
        case "correct" | "done":
            return scheme.correct
        case "mistake":  # made before, where it has cost
            return scheme.follows
        case "follows":
            return scheme.follows if honest else scheme.trivial
        case "convention":
            return scheme.convention
        case "coarse":
            return scheme.coarse
        case "form":
            return scheme.form
    return fmpq(0)
