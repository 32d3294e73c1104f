"""The QR code of a page: what the sheet's head says and the number of the page, drawn in its upper right corner.

    handcalc K7Q2 1/2

It stands at the same place of each page, in the margin above the text, with the quiet zone of four modules that
ISO/IEC 18004:2015, 6.3.8, asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from handcalc.render.typeset.ink import numbers
from handcalc.sheet.paper import MM, Paper

SIDE = 14 * MM
"""Of the code, without its quiet zone."""
QUIET = 4
"""Modules that stay white around it."""
FEWEST = 21
"""Modules in a row of the smallest code."""
WHITE = SIDE * QUIET / FEWEST
"""The quiet zone, as wide as it can be."""
EDGE = 5 * MM
"""A printer leaves so much of the paper white, at most."""
LONGEST = 60
"""Bytes of what a code says: with more of them its modules would be smaller than a scanner sees well."""


def reserved(paper: Paper) -> float:
    """How much of the width above the text a code takes."""
    return max(0.0, SIDE + WHITE + _right(paper) - paper.right) if paper.head.code else 0.0


def with_room(paper: Paper) -> Paper:
    """`paper`, with a margin above the text in which its code has room.

    **Raises:** ValueError if the code says too much.
    """
    if not paper.head.code:
        return paper
    if len(paper.head.code.encode()) > LONGEST:
        raise ValueError(f"a QR code of {len(paper.head.code.encode())} bytes; at most {LONGEST} can be scanned well")
    return replace(paper, top=max(paper.top, EDGE + SIDE + WHITE))


def stamp(paper: Paper) -> Callable[[int, int], bytes] | None:
    """What is drawn on page `page` of `pages`, in points from the lower left corner; None where there is no code."""
    code, height = paper.head.code, paper.height
    if not code:
        return None
    left, top = paper.width - _right(paper) - SIDE, height - EDGE

    def drawn(page: int, pages: int) -> bytes:
        return _drawn(matrix(f"{code} {page}/{pages}"), left, top)

    return drawn


def matrix(content: str) -> tuple[Sequence[int], ...]:
    """The modules of a code, 1 is dark; without the quiet zone."""
    import segno

    return tuple(segno.make(content, error="m", micro=False).matrix)


def _right(paper: Paper) -> float:
    """The margin right of a code: that of the text, where this is wide enough."""
    return max(paper.right, EDGE, WHITE)


def _drawn(rows: Sequence[Sequence[int]], left: float, top: float) -> bytes:
    """One rectangle for each run of dark modules, all of them one path: no hairlines between rows."""
    unit = SIDE / len(rows)
    path = []
    for i, row in enumerate(rows):
        start = None
        for j, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = j
            elif not dark and start is not None:
                path.append(f"{numbers(left + start * unit, top - (i + 1) * unit, (j - start) * unit, unit)} re")
                start = None
    return f"q 0 g {' '.join(path)} f Q".encode("ascii")
