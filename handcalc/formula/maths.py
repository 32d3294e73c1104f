"""How a formula looks: a small tree of marks on paper, the same for every output language.

`notation` turns a formula into this tree (parentheses are decided there, once); text, LaTeX,
MathML and the PDF typesetter each walk it. The vocabulary is closed.

Glossary (mark: example)
    Row       things side by side      a + b
    Digits    a number as printed      0.58668…   1.5   0,58668…  (never negative: see Operator)
    Letter    a variable               w   ŷ   η   ∂
    Word      upright words            if   otherwise
    Function  an upright name          ln   max   tanh
    Operator  + − · × ⊙                (also the sign of a negative number)
    Relation  = ≈ > ≥ < ≤ , ;
    Fraction  top over bottom
    Script    base with sub, super     w₂₁⁽¹⁾
    Fenced    inner between fences     (a + b)
    Root      square root of inner
    Matrix    rows of cells in brackets
    Choice    rows (value, condition)  { 1 if z > 0, 0 otherwise
    Blank     a place to write in
    Slot      a quantity's place; it is filled with the quantity's letters or with its digits
    Shown     what stands for a quantity: its digits, with their sign and fence; a sheet knows by it what to hide
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from handcalc.formula.quantity import Quantity


class Hold(IntEnum):
    """How tightly a written thing holds together; a looser thing inside a tighter one is fenced."""

    LOOSE = 0
    SUM = 1
    NEGATIVE = 2
    PRODUCT = 3
    POWER = 4
    ATOM = 5


class Maths:
    """A mark on paper, or several."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row(Maths):
    items: tuple[Maths, ...]


@dataclass(frozen=True, slots=True)
class Digits(Maths):
    text: str


@dataclass(frozen=True, slots=True)
class Letter(Maths):
    """A letter by its name: ``w``, ``eta`` (η), ``yhat`` (ŷ), ``partial`` (∂), ``transpose`` (ᵀ), ``net`` (upright)."""

    name: str


@dataclass(frozen=True, slots=True)
class Word(Maths):
    text: str


@dataclass(frozen=True, slots=True)
class Function(Maths):
    name: str


@dataclass(frozen=True, slots=True)
class Operator(Maths):
    sign: Literal["+", "−", "·", "×", "⊙"]


@dataclass(frozen=True, slots=True)
class Relation(Maths):
    sign: Literal["=", "≈", ">", "≥", "<", "≤", ",", ";"]


@dataclass(frozen=True, slots=True)
class Fraction(Maths):
    top: Maths
    bottom: Maths


@dataclass(frozen=True, slots=True)
class Script(Maths):
    base: Maths
    sub: Maths | None = None
    sup: Maths | None = None


@dataclass(frozen=True, slots=True)
class Fenced(Maths):
    inner: Maths
    left: str = "("
    right: str = ")"


@dataclass(frozen=True, slots=True)
class Root(Maths):
    inner: Maths


@dataclass(frozen=True, slots=True)
class Matrix(Maths):
    """In brackets; `wide` makes it a box of ruled cells instead, each with room for so many digits, and as high as a
    place to write in."""

    rows: tuple[tuple[Maths, ...], ...]
    wide: int = 0

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a ruled cell, in em."""
        _, high = _ROOM["inside"]
        return 0.55 * self.wide + 0.8, high


@dataclass(frozen=True, slots=True)
class Choice(Maths):
    """``rows`` of (value, condition); a condition of None means otherwise. `words` say "if" and "otherwise"."""

    rows: tuple[tuple[Maths, Maths | None], ...]
    words: tuple[str, str] = ("if", "otherwise")


Size = Literal["result", "inside", "small", "line", "formula", "tick"]
_ROOM: dict[Size, tuple[float, float]] = {
    "result": (7.0, 2.1),
    "inside": (3.8, 1.9),
    "small": (3.0, 1.35),
    "line": (11.0, 2.0),
    "formula": (24.0, 2.4),
    "tick": (1.3, 1.3),
}


@dataclass(frozen=True, slots=True)
class Blank(Maths):
    """A place to write the value of the quantity with `key` in; without a key, a place to work in.

    `size` is that of a result, of a number inside a formula, of one in a picture, of a line to work on, of a whole
    formula, of a box to tick.
    """

    key: str = ""
    size: Size = "result"
    longer: float = 0.0
    """In em: a line to work on goes as far as there is room."""
    choice: str = ""
    """The letter that a tick in this box chooses."""
    ticked: bool = False
    """On a key the box of the right answer is filled."""

    @property
    def room(self) -> tuple[float, float]:
        """Width and height in em, large enough for handwriting at the usual type size."""
        width, height = _ROOM[self.size]
        return width + self.longer, height

    @property
    def dotted(self) -> bool:
        """Whether it is a dotted line to work on, and not a box."""
        return self.size == "line"


@dataclass(frozen=True, slots=True)
class Shown(Maths):
    """`inner` stands where `quantity` has its value. Renderers never see it: `sheet.parts.in_letters` takes it off.

    `room` is what a blank in its place takes, where the place itself doesn't say it; in that of a formula the quantity
    stands in letters, and the blank has no key to be read back by.

    `widest` is what else could stand there; the place is then as wide and high as the largest of them.
    """

    quantity: Quantity
    inner: Maths
    room: Size | None = None
    widest: tuple[Maths, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Slot(Maths):
    """The place of ``quantity``; ``within`` says how tightly the place binds (negative digits are fenced).

    Slots are equal when they look the same: quantities of one key may show other indices in another network.
    """

    quantity: Quantity
    within: Hold = Hold.LOOSE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slot) and self._seen() == other._seen()

    def __hash__(self) -> int:
        return hash(self._seen())

    def _seen(self) -> tuple[object, ...]:
        quantity, of = self.quantity, self.quantity.of
        return quantity.key, quantity.on_paper, of.on_paper if of else None, self.within
