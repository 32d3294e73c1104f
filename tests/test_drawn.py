"""What is drawn, looked at: formulas beside pictures of them that were looked at, and where things lie on a page.

The pictures in `golden/formulas` are made anew by ``python tests/test_drawn.py``; look at each before it is kept.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from every_mark import Step
from pages import SIGMOID, SLOPE, blank, everything, picture_of, poppler, read, text, words
from PIL import Image, ImageChops, ImageFilter, ImageStat

import handcalc
from handcalc.formula.maths import (
    Choice,
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
    Slot,
)
from handcalc.formula.quantity import read_key
from handcalc.render import painted, press
from handcalc.render.pdf import pdf
from handcalc.render.pdf_line import draw
from handcalc.render.press import printed
from handcalc.render.typeset.boxes import Glyph, Rule, marks
from handcalc.render.typeset.layout import typeset
from handcalc.render.typeset.metrics import metrics
from handcalc.sheet.compose import compose
from handcalc.sheet.paper import A4, PAPERS
from handcalc.sheet.parts import Answer, Given, Givens, Part, Say, Section, Sheet, Table, Working, in_letters
from handcalc.sheet.picture import Picture

GOLDEN = Path(__file__).parent / "golden" / "formulas"
EQUALS, ABOUT, PLUS, MINUS, TIMES = Relation("="), Relation("≈"), Operator("+"), Operator("−"), Operator("·")
Z, E, ONE = Letter("z"), Letter("e"), Digits("1")
TALL = Fraction(ONE, Row((ONE, PLUS, Script(E, sup=Row((MINUS, Fraction(Z, Fraction(ONE, Z))))))))
ALIKE = 65
"""Pictures that differ by less are alike: half of a thousandth in size makes 50, half of a hundredth 85."""
FORMULAS: dict[str, Maths] = {
    "sigmoid": Row((Letter("a"), EQUALS, Fraction(ONE, Row((ONE, PLUS, Script(E, sup=Row((MINUS, Z)))))))),
    "slope": Row((SLOPE, EQUALS, Slot(read_key("dL/dz1[2]")), TIMES, Slot(read_key("x[1]")))),
    "matrix": Row((Script(Letter("W"), sup=Fenced(ONE)), EQUALS,
                   Matrix(((Digits("0.5"), Row((MINUS, Digits("12.25")))), (Digits("1.25"), Digits("3")))))),
    "cases": Row((Letter("yhat"), EQUALS,
                  Choice(((ONE, Row((Z, Relation(">"), Digits("0")))), (Digits("0"), None))))),
    "root": Row((Letter("s"), EQUALS,
                 Root(Fraction(Letter("v"), Row((ONE, MINUS, Script(Letter("beta"), sup=Letter("t")))))))),
    "blanks": Row((SIGMOID, ABOUT, blank("a1[1]"))),
}  # fmt: skip


def drawn(mark: Maths, folder: Path) -> Image.Image:
    """The formula alone on a page of its size."""
    drawing = draw(typeset(mark, 12.0))
    size = f"{drawing.width + 12:.2f}pt {drawing.height + drawing.depth + 12:.2f}pt"
    place = f"width:{drawing.width:.2f}pt;height:{drawing.height + drawing.depth:.2f}pt"
    page = f'<!doctype html><html lang="en"><title>t</title><p><span id="d0" class="at" style="{place}"></span>'
    css = f"@page {{ size: {size}; margin: 6pt }} body, p {{ margin: 0; font-size: 0; line-height: 0 }}"
    large = picture_of(printed(page, {"d0": drawing}, css).data, folder, dpi=3 * 144)
    return large.reduce(3)  # so that no line is moved onto a whole pixel


def unlike(one: Image.Image, two: Image.Image) -> float:
    """How much the pictures differ, from 0 to 255, where they do so most: a shade of an edge is no difference."""
    difference = ImageChops.difference(one, two).filter(ImageFilter.BoxBlur(2))
    return ImageStat.Stat(difference).extrema[0][1]


@poppler
@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_looks_as_it_did_when_it_was_looked_at(name: str, tmp_path: Path) -> None:
    now = drawn(FORMULAS[name], tmp_path)
    with Image.open(GOLDEN / f"{name}.png") as kept:
        assert now.size == kept.size
        assert unlike(now, kept.convert("L")) < ALIKE


@poppler
def test_a_mark_that_moves_is_a_difference(tmp_path: Path) -> None:
    one, two = (drawn(mark, tmp_path) for mark in (Row((Z, PLUS, ONE)), Row((Z, MINUS, ONE))))
    assert unlike(one, two) > ALIKE


@poppler
def test_the_page_is_the_same_with_the_drawings_on_top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, before = pdf(everything()), picture_of(pdf(everything()), tmp_path)
    monkeypatch.setattr(press, "_in_place", lambda: False)
    other = pdf(everything())
    assert other != usual
    assert sorted(word.text for word in words(other, tmp_path)) == sorted(word.text for word in words(usual, tmp_path))
    shades = ImageStat.Stat(ImageChops.difference(picture_of(other, tmp_path), before))
    assert shades.mean[0] < 0.5  # a glyph is drawn at a quarter of a pixel
    assert "−0.58" in text(other)


def test_the_self_test_knows_this_version_and_finds_fault_with_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def sample() -> object:
        return press.laid_out(painted.SAMPLE, "")

    assert painted.is_as_expected(sample())
    monkeypatch.setattr(painted, "MARKER_OPERATOR", b"1 1 1 rg")
    assert not painted.is_as_expected(sample())
    assert not painted.is_as_expected(object())


AXIS = metrics().constants["AxisHeight"]


@pytest.mark.parametrize("size", [9.0, 10.5, 16.0, 24.0])
def test_the_bar_of_a_fraction_lies_on_the_axis_of_its_row(size: float) -> None:
    """At the middle of the plus and of the equals sign beside it."""
    bars = [(y, mark) for _, y, mark in marks(typeset(FORMULAS["sigmoid"], size)) if isinstance(mark, Rule)]
    assert [y + bar.height / 2 for y, bar in bars] == pytest.approx([AXIS * size])


class Placed:
    """Notes where drawings are put: their tops, baselines and bottoms, in points from the lower edge of the page."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.places: list[tuple[float, float, float]] = []
        original = press._Last.in_flow

        def note(last: press._Last, name: str, x: float, y: float) -> bytes:
            drawing, height = last.drawings[name], last.document.pages[0].height
            top = (height - y) * press.PX - drawing.margin
            self.places.append((top, top - drawing.height, top - drawing.height - drawing.depth))
            return original(last, name, x, y)

        monkeypatch.setattr(press._Last, "in_flow", note)


def baselines(data: bytes) -> list[float]:
    """Of the lines in which ``word`` stands, in points from the lower edge of the page."""
    found: set[float] = set()

    def visit(said: str, outer: list[float], inner: list[float], *_: object) -> None:
        if "word" in said:
            found.add(round(inner[4] * outer[1] + inner[5] * outer[3] + outer[5], 2))

    read(data).pages[0].extract_text(visitor_text=visit)
    return sorted(found)


@pytest.mark.parametrize("name", PAPERS)
def test_a_formula_in_a_sentence_sits_on_the_baseline_and_touches_no_line(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, paper = Placed(monkeypatch), replace(PAPERS[name], copies=1)
    said = Say(("word " * 25, Z, " word " * 25, TALL, " word " * 12, SLOPE, TALL, " word " * 12))
    lines = baselines(pdf(Sheet("", (), (Section("", (said,)),)), paper))
    assert len(placed.places) == 4
    assert len(lines) > 3
    for top, base, bottom in placed.places:
        assert min(abs(base - line) for line in lines) < 0.05
        for line in lines:
            above, below = line - 0.25 * paper.type >= top, line + 0.72 * paper.type <= bottom
            assert abs(base - line) < 0.05 or above or below


@poppler
@pytest.mark.parametrize("name", PAPERS)
def test_rows_of_a_working_never_touch(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    placed = Placed(monkeypatch)
    tall = Step("z", Z, ((EQUALS, TALL), (EQUALS, blank("z1[1]", "result")), (EQUALS, Root(TALL))))
    pdf(Sheet("", (), (Section("", (Working((tall, tall)),)),)), replace(PAPERS[name], height=2000, copies=1))
    assert len(placed.places) >= 2
    ordered = sorted(placed.places, reverse=True)
    assert all(upper[2] >= lower[0] + 2 for upper, lower in pairwise(ordered))


def pages_of(parts: tuple[Part, ...], lines: int) -> Iterator[str]:
    """The text of the pages where so many lines of filler stand before `parts`."""
    filler = Section("", (Say(("filler",)),) * lines)
    return (page.extract_text() for page in read(pdf(Sheet("", (), (filler, Section("HEAD", parts))))).pages)


@pytest.mark.parametrize("lines", range(20, 36))
def test_a_heading_stays_with_what_follows(lines: int) -> None:
    """Wherever the page ends: with the sentences, and with the first line or the table below them."""
    step = Step("z", Z, ((EQUALS, TALL), (ABOUT, Digits("0.77"))))
    table = Table((("unit",), (Z,)), tuple(((str(n),), Digits("0.77")) for n in range(6)))
    sentences = Say(("first",)), Say(("a second sentence",)), Say(("and a third",))
    after: tuple[tuple[Part, ...], ...] = (
        (Working((step, step, step)),),
        (table,),
        (Givens((Given("g", Z, ONE),)), table),
    )
    for parts in ((*said, *more) for more in after for said in (sentences[:1], sentences)):
        (page,) = [page for page in pages_of(parts, lines) if "HEAD" in page]
        assert "first" in page
        assert "0.77" in page or "z = 1" in page


@pytest.mark.parametrize("lines", range(20, 36, 3))
def test_a_step_stays_together(lines: int) -> None:
    row = Row((Letter("q"), *[item for _ in range(60) for item in (PLUS, Letter("q"))]))
    step = Step("z", Z, ((EQUALS, row), (EQUALS, row)))
    counts = [page.count("q") for page in pages_of((Say(("first",)), Working((step,))), lines)]
    assert [count for count in counts if count] == [122]


def reads(part: Part) -> Iterator[str]:
    """What a part says, in the order of its records."""
    match part:
        case Say(said) | Answer(said):
            for word in said:
                yield word if isinstance(word, str) else of(word)
        case Givens(rows):
            for row in rows:
                yield row.name + of(row.letters) + "=" + of(row.value)
        case Working(lines):
            for line in lines:
                yield of(line.target) + "".join(of(relation) + of(stage) for relation, stage in line.stages)
                yield from reads(Say(line.remark))


def of(mark: Maths) -> str:
    return "".join(part.text for _, _, part in marks(typeset(mark, 10.0)) if isinstance(part, Glyph))


def house() -> Sheet:
    return compose(handcalc.solve("examples/house-price.yaml"))


def remarked() -> Sheet:
    """Remarks beside and below, rows that are wide, givens that are."""
    total = Row(tuple(mark for n in range(30) for mark in (PLUS, Script(Letter("w"), Digits(str(n)))))[1:])
    lines = tuple(
        Step("z", Z, ((EQUALS, formula),), (f"remark {i}", *more))
        for i, formula in enumerate((Digits("0.5"), total))
        for more in ((), (": " + "in many words " * 12, Z))
    )
    wide = Given("wide", Letter("W"), Matrix((tuple(Digits(f"0.123456{n}") for n in range(12)),)))
    parts = (Say(("Before.",)), Working(lines), Givens((wide, Given("x", Z, ONE), wide)), Answer(("The end.",)))
    return Sheet("Remarks", (), (Section("", parts),))


@poppler
@pytest.mark.parametrize("made", [house, remarked])
@pytest.mark.parametrize("name", PAPERS)
def test_the_text_of_a_page_is_that_of_the_records(name: str, made: Callable[[], Sheet], tmp_path: Path) -> None:
    """Nothing is missing, nothing stands elsewhere, nothing is read otherwise."""
    sheet = in_letters(made())
    parts = [part for section in sheet.sections for part in section.parts if not isinstance(part, Picture)]
    plain = replace(sheet, sections=(Section("", tuple(parts)),))
    said = sheet.title + "".join(text for part in parts for text in reads(part))
    (tmp_path / "sheet.pdf").write_bytes(pdf(plain, replace(PAPERS[name], copies=1)))
    command = ["pdftotext", "-raw", "-nopgbrk", "sheet.pdf", "-"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True, timeout=60).stdout
    pages = re.sub(rf"(?m)^page \d+ of \d+$|^{sheet.title}$", "", found)
    assert "".join((sheet.title + pages).split()) == "".join(said.split())


@poppler
@pytest.mark.parametrize("name", PAPERS)
def test_a_number_wider_than_the_page_is_made_smaller_wherever_it_stands(name: str, tmp_path: Path) -> None:
    huge, paper = Digits("123456789" * 40), replace(PAPERS[name], copies=1)
    line = Step("z", Z, ((EQUALS, huge), (ABOUT, huge)), ("a remark", huge))
    table = Table((("n",), ("said",), (huge,)), ((("1",), ("is ", huge, ", said"), huge),), ("caption ", huge, ","))
    said: tuple[Part, ...] = (Say(("words", huge, ", words")), Givens((Given("name", Z, huge),)))
    parts = (*said, Working((line,)), table, Answer(("is ", huge, ".")))
    found = words(pdf(Sheet("", (), (Section("", parts),)), paper), tmp_path)
    assert sum("123456789" * 40 in word.text for word in found) >= 8
    assert all(paper.left - 0.5 <= word.left < word.right <= paper.width - paper.right + 0.5 for word in found)


def test_what_is_higher_than_a_page_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    placed = Placed(monkeypatch)
    matrix = Matrix(tuple((Digits(str(n)),) for n in range(80)))
    parts = (Working((Step("W", Letter("W"), ((EQUALS, matrix),)),)), Givens((Given("", Letter("W"), matrix),)))
    pages = read(pdf(Sheet("", (), (Section("", (*parts, Say((matrix,)))),)))).pages
    assert sum(page.extract_text().count("79") for page in pages) == 3
    assert len(placed.places) == 3
    assert all(0 < bottom < top < A4.height for top, _, bottom in placed.places)


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, mark in FORMULAS.items():
        with tempfile.TemporaryDirectory() as folder:
            drawn(mark, Path(folder)).quantize(16).save(GOLDEN / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
