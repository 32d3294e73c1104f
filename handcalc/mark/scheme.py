"""What a line is worth: the share of its marks that each verdict keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from flint import fmpq

from handcalc.errors import HandcalcError

NONE, ALL = fmpq(0), fmpq(1)
Strict = Literal["no", "decimals", "figures"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """Shares of a line's marks, from 0 to 1: what somebody keeps whose answer is of that kind.

    With a `method` share a line's marks are split. A named mistake has `mistake` of the rest, and of the method's share
    what `of_mistake` says by its code: if it says nothing, all where only a number was handled badly (a sign, a digit,
    the point), else nothing.
    """

    correct: fmpq = ALL
    follows: fmpq = ALL
    """Correct from the student's own earlier values."""
    mistake: fmpq = NONE
    """A named mistake."""
    convention: fmpq = ALL
    """Consistent with another convention than the sheet's."""
    coarse: fmpq = NONE
    """Right, but rounded more coarsely than the sheet says."""
    form: fmpq = NONE
    """Right, but not with as many digits as a strict sheet wants."""
    trivial: fmpq = NONE
    """Follows from an earlier 0 or 1 that nothing explains, which left nothing to work out."""
    method: fmpq = NONE
    of_mistake: Mapping[str, fmpq] = field(default_factory=lambda: MappingProxyType({}))
    repeat: Literal["once", "each"] = "once"
    """How often the same named mistake costs."""
    strict: Strict = "no"
    """Whether a number must have just as many decimals, or significant figures, as the sheet says."""

    def __post_init__(self) -> None:
        shares = {name: getattr(self, name) for name in SHARES} | dict(self.of_mistake)
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise HandcalcError(f"marks: {name}: found {share}; a share from 0 to 1 is accepted")


SHARES = ("correct", "follows", "mistake", "convention", "coarse", "form", "trivial", "method")
USUAL = Scheme()
