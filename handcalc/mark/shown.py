"""What was read, written out, so that a student sees what was marked."""

from __future__ import annotations

from handcalc.formula.notation import written
from handcalc.mark.answer import Answer, Entry, Reading
from handcalc.render.text import plain


def shown(answer: Answer) -> str:
    """``0.5866``, ``1.234 or 1234``."""
    return " or ".join(map(shown_reading, answer.readings))


def shown_reading(reading: Reading) -> str:
    """One way to read it: ``0.5866``, ``(0.1, 0.9)`` for a list, ``[0.1; 0.9]`` for a column, ``[1, 2; 3, 4]``."""
    rows = [", ".join(map(shown_entry, row)) for row in reading.rows]
    if not reading.shape:
        return rows[0]
    return f"({rows[0]})" if len(reading.shape) == 1 else f"[{'; '.join(rows)}]"


def shown_entry(entry: Entry) -> str:
    """One entry of it: ``0.5866``, ``−1/5``."""
    return plain(written(entry.formula))
