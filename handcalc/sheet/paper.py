"""The paper that a sheet is printed on: its size and type, its margins, and what its head shows.

    A4, LETTER              a page, to be punched on the left
    HALF_A4, HALF_LETTER    half a page; one page holds two copies, to be cut apart
    BOARD                   a page of 16:9 in type that is read from the back of a room

`replace(A4, type=LARGE)` is large print; `replace(A4, head=Head(name=True, variant="B"))` a sheet for students, and
`replace(A4, head=Head(student="Ada Lovelace", id="1815", variant="K7Q2", code="handcalc K7Q2"))` that of one.
Lengths are points (1/72 inch).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

MM = 72 / 25.4
NORMAL, LARGE, PROJECTED = 10.5, 16.0, 28.0
"""Type sizes: of a page, of large print, of a board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands at the head of a sheet beside its title.

    name     a place for name and ID on the first page, a small one for the name on those that follow
    student  whose sheet it is: printed where otherwise one writes
    id       in the same way
    variant  its code, such as "B"
    code     what a QR code in the upper right corner of each page says, before the number of the page
    date     as printed; no date is printed that isn't given here
    """

    name: bool = False
    student: str = ""
    id: str = ""
    variant: str = ""
    date: str = ""
    code: str = ""

    @property
    def asks_who(self) -> bool:
        """Whether there are places for name and ID, empty or not."""
        return bool(self.name or self.student or self.id)

    def with_text(self, change: Callable[[str], str]) -> Head:
        """The same with each text of a user's as `change` gives it."""
        return replace(
            self,
            student=change(self.student),
            id=change(self.id),
            variant=change(self.variant),
            date=change(self.date),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`top`, `right`, `bottom` and `left` are the margins; `type` is the size of the type.

    `copies` of a page are printed on one piece of paper, one below the other, with a line to cut along.
    With `apart` each section begins on a page of its own.
    """

    width: float
    height: float
    top: float = 22 * MM
    right: float = 19 * MM
    bottom: float = 22 * MM
    left: float = 25 * MM
    type: float = NORMAL
    copies: int = 1
    apart: bool = False
    head: Head = Head()

    def __post_init__(self) -> None:
        if min(self.text_width, self.text_height) < 12 * self.type:
            size = f"{self.width / MM:.0f} × {self.height / MM:.0f} mm"
            raise ValueError(f"there is no room for type of {self.type:g} points on {size} with these margins")

    @property
    def text_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        return self.height - self.top - self.bottom


A4 = Paper(width=210 * MM, height=297 * MM)
LETTER = Paper(width=8.5 * 72, height=11 * 72)
HALF_A4 = replace(A4, height=A4.height / 2, top=14 * MM, bottom=13 * MM, copies=2)
HALF_LETTER = replace(LETTER, height=LETTER.height / 2, top=14 * MM, bottom=13 * MM, copies=2)
BOARD = Paper(width=960, height=540, top=54, right=48, bottom=48, left=48, type=PROJECTED, apart=True)
PAPERS = {"a4": A4, "letter": LETTER, "half-a4": HALF_A4, "half-letter": HALF_LETTER, "board": BOARD}
"""By the name that the command line knows."""
