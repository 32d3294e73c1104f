"""A formula in words, as one reads it out: for alternative text and the tips of form fields.

What is several marks has an end that is said, so that no two formulas sound the same:

    z₂⁽¹⁾ = w₂₁⁽¹⁾·x₁        z sub 2 of layer 1 equals w sub 2 1 of layer 1 times x sub 1
    1/(1 + e^(−z))            fraction 1 over 1 plus e to the power minus z end power end fraction
    ∂L/∂w₂₁                   partial derivative of capital L with respect to w sub 2 1

The words stand in the tables of `formula.words`. A blank is read as a blank: nobody hears what is to be written there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from handcalc.formula.maths import (
    Blank,
    Choice,
    Digits,
    Fenced,
    Fraction,
    Function,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Root,
    Row,
    Script,
    Word,
)
from handcalc.formula.notation import TRANSPOSE, looked_up
from handcalc.formula.words import phrase
from handcalc.render.typeset.layout import spliced
from handcalc.render.typeset.letters import ACCENTS, GREEK, letter

FUNCTIONS = frozenset({"ln", "log", "max", "min", "tanh"})
"""Names that are said otherwise than they are written."""
PARTIAL, PRIME = Letter("partial"), Letter("prime")
SIGNS = {"∂": "partial", "∇": "nabla", "∞": "infinity", "ℓ": "ell", "∑": "sum", "′": "prime"}


@lru_cache(maxsize=4096)
def spoken(shown: tuple[Maths, ...], language: str) -> str:
    """The marks `shown` in words; several formulas are separated by semicolons."""
    return "; ".join(_Voice(language).read(mark) for mark in shown)


def tips(said: str, count: int, language: str) -> tuple[str, ...]:
    """What is said of each of the `count` blanks in a formula, or a picture, that reads `said`."""
    if count == 1:
        return (said,)
    return tuple(phrase(language, "spoken which", said=said, number=n + 1, count=count) for n in range(count))


@dataclass(frozen=True, slots=True)
class _Voice:
    language: str

    def say(self, name: str, **holes: str | int) -> str:
        return phrase(self.language, f"spoken {name}", **holes)

    def read(self, mark: Maths) -> str:
        return " ".join(self.words(tuple(spliced(mark)))).replace(" ,", ",")

    def words(self, items: Sequence[Maths]) -> Iterator[str]:
        for item in items:
            yield self.one(item)

    def one(self, mark: Maths) -> str:
        match mark:
            case Digits(text):
                return self.number(text)
            case Letter(name):
                return self.letter(name)
            case Word("…"):
                return self.say("and so on")
            case Word(text):
                return text
            case Function(name):
                return self.say(name) if name in FUNCTIONS else name
            case Operator(sign) | Relation(sign):
                return self.say(sign)
            case Blank(choice=choice) if choice:
                return self.say("ticked box" if mark.ticked else "tick box")
            case Blank():
                return self.say("blank")
            case Fraction(top, bottom):
                return self.fraction(top, bottom)
            case Script():
                return self.script(looked_up(mark))
            case Fenced(inner, left, right):
                return " ".join(part for part in (self.fence(left), self.read(inner), self.fence(right)) if part)
            case Root(inner):
                return self.say("root", inner=self.read(inner))
            case Matrix(rows):
                return self.matrix(rows)
            case Choice(rows, words):
                return self.cases(rows, words)
        return self.read(mark)  # a slot, a row

    def number(self, text: str) -> str:
        digits = text.removesuffix("…")
        return digits if digits == text else f"{digits} {self.say('and so on')}"

    def letter(self, name: str) -> str:
        char, accent = letter(name)
        if len(char) != 1:
            return char
        said = self.say(SIGNS[char]) if char in SIGNS else _GREEK.get(char, char)
        if char != char.lower():
            said = self.say("capital", letter=_GREEK.get(char.lower(), char).capitalize())
        voice = next((found for found, mark in ACCENTS.items() if mark == accent), "")
        return f"{said} {self.say(voice)}" if voice else said

    def fence(self, sign: str) -> str:
        return self.say(sign) if sign else ""

    def fraction(self, top: Maths, bottom: Maths) -> str:
        above, below = tuple(spliced(top)), tuple(spliced(bottom))
        if len(above) == len(below) == 2 and above[0] == below[0] == PARTIAL:
            return self.say("derivative", of=self.one(above[1]), wrt=self.one(below[1]))
        return self.say("fraction", top=self.read(top), bottom=self.read(bottom))

    def script(self, mark: Script) -> str:
        said = self.one(mark.base)
        if mark.sub is not None:
            simple = isinstance(mark.sub, Digits | Letter)
            said += " " + self.say("sub" if simple else "long sub", index=self.index(mark.sub))
        for raised in _raised(mark.sup):
            said += " " + self.raised(raised)
        return said

    def index(self, mark: Maths) -> str:
        """Digits below a letter are indices of one digit each, unless there are commas between them."""
        if isinstance(mark, Digits):
            return " ".join(mark.text.split(",") if "," in mark.text else mark.text)
        return self.read(mark)

    def raised(self, mark: Maths) -> str:
        match mark:
            case Fenced(Digits(text), "(", ")"):
                return self.say("layer", number=text)
            case Fenced(Digits(text), "[", "]"):
                return self.say("sample", number=text)
            case Fenced(Digits(text), "⟨", "⟩"):
                return self.say("updates", number=text)
            case Fenced(Row((Letter(), Relation("="), Digits())) as inner, "(", ")"):
                return self.say("at", what=self.read(inner))
            case Letter("prime"):
                return self.say("prime")
            case Letter("transpose"):
                return self.say("transposed")
            case Digits("2"):
                return self.say("squared")
        return self.say("power", power=self.read(mark))

    def matrix(self, rows: Sequence[Sequence[Maths]]) -> str:
        said = (
            self.say("row", number=i, cells=", ".join(self.read(cell) for cell in row))
            for i, row in enumerate(rows, start=1)
        )
        columns = len(rows[0]) if rows else 0
        return self.say("matrix", rows=len(rows), columns=columns, cells="; ".join(said))

    def cases(self, rows: Iterable[tuple[Maths, Maths | None]], words: tuple[str, str]) -> str:
        given, otherwise = words
        said = (
            f"{self.read(value)} " + (otherwise if when is None else f"{given} {self.read(when)}")
            for value, when in rows
        )
        return self.say("cases", cells="; ".join(said))


def _raised(mark: Maths | None) -> Iterator[Maths]:
    """What stands raised behind a letter, one after another; a power is one thing."""
    items = () if mark is None else tuple(spliced(mark))
    if all(isinstance(item, Fenced) or item in (PRIME, TRANSPOSE) for item in items):
        yield from items
    elif mark is not None:
        yield mark


_GREEK = {char: name for name, char in GREEK.items()}
