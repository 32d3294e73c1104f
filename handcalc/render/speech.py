"""stub"""

from collections.abc import Sequence

from handcalc.formula.maths import Maths


def spoken(shown: Sequence[Maths], language: str) -> str:
    return ""
