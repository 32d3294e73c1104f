"""Where a stage of a line of text is broken: at + and −, at ·, and where that is not enough before "if" and "else"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, product

from handcalc.formula.words import TABLES, phrase

MOST_DEPTH = 6
"""Parentheses inside which a row may still be cut."""
_CASES = re.compile(rf" (?:else|{'|'.join(phrase(tag, word) for tag in TABLES for word in ('if', 'otherwise'))})(?= )")
"""What may begin a row of a choice that is too wide."""


def broken(stage: str, room: int) -> list[str]:
    """A stage that is too wide, in rows: cut before a + or −, or else a ·, outside parentheses if that is enough; where
    it isn't, before "if" and "else" as well."""
    if len(stage) <= room:
        return [stage]
    rows = [stage]
    for cases, depth, fine in product((False, True), range(MOST_DEPTH), (False, True)):
        rows, start = [], 0
        cuts = sorted({*_cuts(stage, depth, "+−"), *(found.start() for found in _CASES.finditer(stage) if cases)})
        for cut in _finer(cuts, _cuts(stage, depth, "·×"), len(stage), room - 2) if fine else (*cuts, len(stage)):
            piece = stage[start:cut]
            if rows and len(rows[-1]) + len(piece) <= room:
                rows[-1] += piece
            else:
                rows.append(f"  {piece.lstrip()}" if rows else piece)
            start = cut
        if max(map(len, rows)) <= room:
            break
    return rows


def _finer(cuts: Sequence[int], more: Sequence[int], end: int, room: int) -> list[int]:
    """`cuts` up to the `end`, and of `more` those inside of pieces that are too wide."""
    ends = (0, *cuts, end)
    inside = [cut for a, b in pairwise(ends) if b - a > room for cut in more if a < cut < b]
    return sorted((*cuts, *inside, end))


def _cuts(stage: str, most: int, signs: str) -> list[int]:
    """Where `stage` may be cut: before each of `signs` between two parts, in at most `most` parentheses and bars."""
    cuts, depth, before = [], 0, ""
    for i, sign in enumerate(stage):
        if sign == "(" or (sign == "|" and before in " (+−·/^"):
            depth, before = depth + 1, "("
        elif sign in ")|":
            depth, before = depth - 1, ")"
        else:
            before = sign
        if sign in signs and depth <= most and (sign == "·" or stage[i - 1] == stage[i + 1] == " "):
            cuts.append(i - (sign != "·"))
    return cuts
