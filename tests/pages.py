"""Sheets to print, and how a test reads what is on their pages."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest
from every_mark import Step
from PIL import Image

from handcalc.formula.maths import (
    Blank,
    Digits,
    Fenced,
    Fraction,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Root,
    Row,
    Script,
    Size,
)
from handcalc.sheet.parts import Answer, Given, Givens, Part, Say, Section, Sheet, Table, Working
from handcalc.sheet.picture import Circle, Label, Picture, Stroke

EQUALS, ABOUT, PLUS, MINUS = Relation("="), Relation("≈"), Operator("+"), Operator("−")
W21 = Script(Letter("w"), Digits("21"), Fenced(Digits("1")))
SLOPE = Fraction(Row((Letter("partial"), Letter("L"))), Row((Letter("partial"), W21)))


def sheet(*parts: Part, title: str = "A sheet", language: str = "en") -> Sheet:
    return Sheet(title, (), (Section("Forward pass", parts),), language)


def long_sum(count: int) -> Row:
    items: list[Maths] = [W21]
    for _ in range(count - 1):
        items += [PLUS, W21]
    return Row(tuple(items))


def everything() -> Sheet:
    line = Step("z1", Letter("z"), ((EQUALS, long_sum(40)), (ABOUT, Row((MINUS, Digits("0.58"))))), ("a sum of ", W21))
    picture = Picture(
        100,
        60,
        (Stroke(0, 0, 50, 50, arrow=True, dashed=True), Circle(50, 50, 8), Label(50, 50, Letter("yhat"), clear=True)),
        "a unit",
    )
    return sheet(
        Say(("We look for ", SLOPE, ", the slope.")),
        Givens((Given("Größe", Letter("x"), Digits("1.80")), Given("", Letter("W"), Matrix(((Digits("1.5"),),))))),
        picture,
        Working((line, line)),
        Answer(("It is ", Letter("eta"), ".")),
    )


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(data).pages)


poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler isn't installed")


def blank(key: str, size: Size = "inside") -> Blank:
    return Blank(key, size)


SIGMOID = Fraction(
    Digits("1"),
    Row((Digits("1"), Operator("+"), Script(Letter("e"), sup=Row((Operator("−"), blank("z1[1]", "small")))))),
)


def student_sheet() -> Sheet:
    lines = (
        Step(
            "z1",
            Letter("z"),
            (
                (EQUALS, Row((blank("W1[1,1]"), Operator("·"), Letter("x"), Operator("+"), blank("b1[1]")))),
                (Relation("≈"), blank("z1[1]", "result")),
            ),
        ),
        Step("z1", Letter("a"), ((EQUALS, SIGMOID), (Relation("≈"), blank("a1[1]", "result"))), ("the sigmoid",)),
        Step(
            "z1", Letter("W"), ((EQUALS, Matrix(((blank("W1[1,1]"), Digits("0.5")), (Digits("2"), blank("W1[2,2]"))))),)
        ),
        Step("z1", Letter("L"), ((EQUALS, Root(Fraction(blank("p"), Row((blank("q"), Operator("+"), blank("r")))))),)),
        Step("z1", Letter("f"), ((EQUALS, blank("", "line")), (EQUALS, blank("f.x", "formula")))),
    )
    table = Table((("unit",), (Letter("z"),)), ((("1",), blank("z1[1]", "small")), (("2",), blank("z1[2]", "small"))))
    picture = Picture(90, 40, (Circle(20, 20, 9), Label(60, 20, blank("a1[2]", "small"))), "a unit")
    said = Say(("The sum is ", blank("z1[1]"), ", " + "and the slope of it is " * 8, SLOPE, ", " + "in words " * 20))
    parts: tuple[Part, ...] = (said, Working(lines), table, picture, Answer(("It is ", blank("L", "result"), ".")))
    return Sheet("Quiz <1> & more", (), (Section("Forward pass", parts),), "en")


@dataclass(frozen=True)
class Word:
    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(data: bytes, path: Path) -> list[Word]:
    """The words that poppler finds, in points from the upper left corner of their page."""
    (path / "sheet.pdf").write_bytes(data)
    said = subprocess.run(
        ["pdftotext", "-bbox", str(path / "sheet.pdf"), "-"], capture_output=True, check=True, text=True, timeout=60
    ).stdout
    found, page = [], 0
    for line in said.splitlines():
        page += "<page " in line
        if match := re.search(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*)</word>', line):
            found.append(Word(page, match[5], *map(float, match.groups()[:4])))
    return found


def picture_of(data: bytes, folder: Path, *, dpi: int = 144) -> Image.Image:
    """The first page in grey."""
    (folder / "page.pdf").write_bytes(data)
    command = ["pdftoppm", "-r", str(dpi), "-f", "1", "-l", "1", "-gray", "-singlefile", "page.pdf", "page"]
    subprocess.run(command, check=True, cwd=folder, timeout=60)
    with Image.open(folder / "page.pgm") as image:
        return image.convert("L")
