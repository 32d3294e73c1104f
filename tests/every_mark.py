"""A sheet with every part, every mark and hostile text in every place where a user's text can stand."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass

import pytest

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
    Slot,
    Word,
)
from handcalc.formula.quantity import Quantity, read_key
from handcalc.sheet.parts import Answer, Cell, Given, Givens, Room, Say, Section, Sheet, Table, Words, Working
from handcalc.sheet.picture import Circle, Label, Picture, Stroke

HOSTILE = (
    "<b>&\"x\" \\input{/etc/passwd} ' $ # ^ _ ~ % {} } --- '' ,, `a` ]]> --> </script><script>alert(1)</script> "
    "&lt; https://example.org/?a=1&b=2 naïve Größe Łódź ạ αβΩ “q” „q“ … ≤ → ½ m² °C € 😀 日本 \x07 \u202e \ud800 "
    + "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    * 3
)

EQUALS, ABOUT, PLUS, MINUS, TIMES = Relation("="), Relation("≈"), Operator("+"), Operator("−"), Operator("·")
ONE, HALF, LONG = Digits("1"), Digits("0.5"), Digits("0.58668…")


def slot(key: str) -> Slot:
    return Slot(read_key(key))


SLOPE = slot("dL/dW1[2,1]")
NEGATIVE = Fenced(Row((MINUS, LONG)))

EXAMPLES: dict[type[Maths], Maths] = {
    Row: Row((Letter("a"), PLUS, Letter("b"))),
    Digits: LONG,
    Letter: Letter("yhat"),
    Word: Word("where <it> is"),
    Function: Function("ln"),
    Operator: TIMES,
    Relation: Relation("≥"),
    Fraction: Fraction(ONE, Row((ONE, PLUS, Script(Letter("e"), sup=Row((MINUS, slot("z1[1]"))))))),
    Script: Script(Letter("w"), Digits("21"), Fenced(ONE)),
    Fenced: Fenced(Fraction(ONE, Letter("eta"))),
    Root: Root(Row((Letter("x"), PLUS, ONE))),
    Matrix: Matrix(((HALF, Row((MINUS, ONE))), (Digits("1e-3"), ONE))),
    Choice: Choice(((ONE, Row((slot("z1[1]"), Relation(">"), Digits("0")))), (Digits("0"), None))),
    Slot: SLOPE,
    Blank: Blank("z1[1]"),
}
"""One of each kind."""

MORE: tuple[Maths, ...] = (
    Row((Blank("W1[1,2]", "inside"), TIMES, Fenced(Blank("x[2]", "inside")), EQUALS, Blank(size="line"))),
    Fraction(Blank("a", "small"), Matrix(((Blank("b"), ONE), (ONE, Blank(size="formula"))))),
    Row((Blank("z1[1]", "tick", choice="A"), PLUS, Blank("", "tick", choice="B", ticked=True))),
    Row((Script(Function("log"), Digits("2")), Fenced(Row((Letter("x"), PLUS, ONE))))),
    Row((Script(Function("log"), Digits("10")), Fenced(EXAMPLES[Fraction]))),
    Row((Function("erf"), Fenced(Fraction(slot("z1[1]"), Root(Digits("2")))))),
    Fenced(Row((MINUS, LONG)), "|", "|"),
    Fenced(Fraction(SLOPE, ONE), "|", "|"),
    Row((Fenced(Row((Fenced(Letter("a"), "|", "|"), MINUS, Letter("b"))), "|", "|"), TIMES, Root(Letter("pi")))),
    Root(Fraction(Script(Fenced(LONG), sup=Digits("2")), Row((ONE, PLUS, Root(SLOPE))))),
    Fraction(Digits("2"), Root(Letter("pi"))),
    Script(Digits("3"), sup=Row((slot("z1[1]"), MINUS, ONE))),
    Script(Digits("3"), sup=Root(slot("z1[1]"))),
    Script(Letter("beta"), sup=slot("t")),
    Choice((
        (ONE, Row((slot("z1[1]"), Relation(">"), Digits("0")))),
        (Row((MINUS, ONE)), Row((slot("z1[1]"), Relation("<"), Digits("0")))),
        (Digits("0"), None),
    )),
)  # fmt: skip
"""Functions as they are written with these kinds."""


@dataclass(frozen=True)
class Step:
    key: str
    target: Maths
    stages: tuple[tuple[Relation, Maths], ...]
    remark: Words = ()

    @property
    def traced(self) -> tuple[tuple[Relation, Maths], ...]:
        return self.stages

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return (Quantity(self.key),)


def joined(between: Maths, *items: Maths) -> Row:
    out: list[Maths] = []
    for item in items:
        out += [between, item] if out else [item]
    return Row(tuple(mark for item in out for mark in (item.items if isinstance(item, Row) else (item,))))


def long_step(terms: int, key: str = "z1[1]") -> Step:
    """A weighted sum of many terms, in letters and in digits."""
    letters = joined(PLUS, *(joined(TIMES, slot(f"W1[1,{i}]"), slot(f"x[{i}]")) for i in range(1, terms + 1)))
    numbers = joined(PLUS, *(joined(TIMES, NEGATIVE, HALF) for _ in range(terms)))
    return Step(key, slot(key), ((EQUALS, letters), (EQUALS, numbers), (EQUALS, LONG), (ABOUT, Digits("0.5867"))))


def softmax_step(classes: int) -> Step:
    """A fraction whose denominator has many terms."""
    powers = [Script(Letter("e"), sup=slot(f"z2[{k}]")) for k in range(1, classes + 1)]
    numbers = [Script(Letter("e"), sup=Row((MINUS, LONG)))] * classes
    return Step(
        "p[1]",
        slot("p[1]"),
        (
            (EQUALS, Fraction(powers[0], joined(PLUS, *powers))),
            (EQUALS, Fraction(numbers[0], joined(PLUS, *numbers))),
            (ABOUT, Digits("0.5867")),
        ),
    )


def every_kind() -> tuple[Step, ...]:
    return tuple(
        Step(f"t[{i}]", slot(f"t[{i}]"), ((EQUALS, mark),)) for i, mark in enumerate((*EXAMPLES.values(), *MORE), 1)
    )


def picture() -> Picture:
    marks = (
        Stroke(40, 100, 135, 100, arrow=True),
        Stroke(40, 40, 150, 100, width=1.5, grey=0.5, dashed=True),
        Circle(40, 100, 16),
        Circle(40, 40, 16, fill=0.9),
        Circle(150, 100, 16, fill=None),
        Label(40, 100, slot("x[1]")),
        Label(40, 40, Letter("yhat"), size=7),
        Label(95, 70, Row((MINUS, HALF)), size=8, clear=True),
        Label(95, 100, "clear", size=8, clear=True),
        Stroke(200, 20, 290, 20, arrow=True, ink="second"),
        Label(245, 20, Row((MINUS, HALF)), size=8, clear=True, ink="second"),
        Label(245, 40, HOSTILE[:12], "left", ink="second"),
        Label(170, 100, HOSTILE[:40], "left"),
        Label(20, 40, "😀 $", "right"),
    )
    return Picture(300, 140, marks, HOSTILE)


def table(columns: int = 4, rows: int = 3, *, caption: Words = ("Steps, ", SLOPE)) -> Table:
    """Numbers of every kind, words, formulas, empty cells; more columns and rows repeat them."""
    numbers: tuple[Cell, ...] = (
        ONE, LONG, Row((MINUS, HALF)), Row((ABOUT, Digits("12.25"))), Digits("0,25"), Fraction(ONE, Digits("20")),
        Row((MINUS, Digits("1.5"), TIMES, Script(Digits("10"), sup=Digits("-3")))), Digits("1e-3"), (), ("none",),
    )  # fmt: skip
    named = (("step",), slot("z1[1]"), ("error of the output",), SLOPE, Script(Letter("w"), Digits("21"), Fenced(ONE)))
    header = tuple(named[j % len(named)] for j in range(columns))
    body = tuple(
        tuple(Digits(str(i)) if j == 0 else numbers[(i * j) % len(numbers)] for j in range(columns))
        for i in range(1, rows + 1)
    )
    return Table(header, body, caption)


def worded() -> Table:
    return Table(
        (("name",), ("what ", slot("x[1]"), " is")), ((slot("x[1]"), (HOSTILE, SLOPE)), (("x",), ())), (HOSTILE,)
    )


def every_part() -> Sheet:
    named = tuple(Given(name, slot(f"x[{i}]"), Digits("1.5")) for i, name in enumerate(("fever (°C)", HOSTILE), 1))
    numbers = tuple(Given("", slot(f"W1[1,{i}]"), LONG) for i in range(1, 14))
    matrices = (Given("", Letter("W"), EXAMPLES[Matrix]), Given("", Letter("V"), wide_matrix()))
    choice = Step("dL/dz1[1]", slot("dL/dz1[1]"), ((EQUALS, joined(TIMES, SLOPE, EXAMPLES[Choice])),), (SLOPE, " is 0"))
    remarked = Step(
        "a1[1]", slot("a1[1]"), ((EQUALS, EXAMPLES[Fraction]), (ABOUT, HALF)), (HOSTILE, SLOPE, EQUALS, ONE)
    )
    wide = Step("V", Letter("V"), ((EQUALS, wide_matrix()),))
    product = Step(
        "P", Letter("P"), ((EQUALS, Row((EXAMPLES[Matrix], transposed(EXAMPLES[Matrix])))), (ABOUT, ODOT_ROW))
    )
    return Sheet(
        "Unwell or not " + HOSTILE,
        (Say(("Each number ", slot("W1[2,1]"), EQUALS, ONE, " is rounded. ", HOSTILE)), picture()),
        (
            Section("Given", (Givens((*named, *numbers)), Givens(matrices))),
            Section("Forward " + HOSTILE, (Working((long_step(2), long_step(13), softmax_step(9), remarked)),)),
            Section("", (Say(("Backward",)), Room(3), Working((choice, *every_kind(), wide, product)))),
            Section("Tables", (table(), table(16, 4), table(5, 90), worded())),
            Section("Answer", (Answer(("p(unwell) = ", Digits("0.82"), ": unwell ", HOSTILE)), Working(()))),
        ),
    )


def transposed(mark: Maths) -> Script:
    return Script(mark, sup=Letter("transpose"))


ODOT_ROW = Row((EXAMPLES[Matrix], Operator("⊙"), EXAMPLES[Matrix], Operator("×"), Letter("net")))


def wide_matrix() -> Matrix:
    return Matrix(((LONG,) * 12, (HALF,) * 12))


def random_maths(draw: random.Random, depth: int) -> Maths:
    """A formula of the kinds that a sheet is made of; tables stand in no exponent."""
    leaves = [LONG, HALF, Digits("1e-3"), Letter("eta"), Letter("yhat"), Letter("S"), SLOPE, Row((MINUS, LONG))]
    leaves += [slot("z1[1]"), slot("W1[2,1]"), slot("W2[u=1][12,1]"), slot("p[2]")]
    if depth == 0:
        return draw.choice(leaves)

    def part() -> Maths:
        return random_maths(draw, depth - 1)

    match draw.randrange(11):
        case 0:
            return Fraction(part(), part())
        case 1:
            return Fenced(part())
        case 2:
            return Script(Letter("e"), sup=random_maths(draw, 0))
        case 3:
            return Row((Function(draw.choice(["ln", "tanh", "max"])), Fenced(part())))
        case 4:
            return Choice(((part(), Row((draw.choice(leaves), Relation(">"), Digits("0")))), (Digits("0"), None)))
        case 5:
            return Root(part())
        case 6:
            return Row((draw.choice(leaves), EQUALS, part(), ABOUT, HALF))
        case 7:
            return Fenced(part(), "|", "|")
        case 8:
            return Row((Script(Function("log"), Digits("2")), Fenced(part())))
    return joined(draw.choice([PLUS, TIMES, Operator("⊙"), Operator("×")]), part(), part(), part())


def needs(program: str) -> str:
    """The path of a program; without it the test is skipped, but not where CI is set."""
    for name in program.split("|"):
        found = shutil.which(name)
        if found:
            return found
    reason = f"{program.replace('|', ' or ')} is not installed"
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and nothing may be skipped here")
    pytest.skip(reason)
