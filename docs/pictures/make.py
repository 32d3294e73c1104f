"""The pictures of the documentation, made of the examples: ``make pictures``. Needs pdftoppm, for formulas pdflatex.

Pages are drawn by poppler in few shades of grey. A formula stands above the same formula set by pdfTeX.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image, ImageChops
from weasyprint import CSS, HTML

import handcalc
from handcalc.cli import main as main_of_handcalc
from handcalc.derive.solution import Solution
from handcalc.network import read
from handcalc.network.task import Form
from handcalc.render.latex import latex
from handcalc.render.pdf import pdf, pdf_on_one_page
from handcalc.sheet.board import board, pocket
from handcalc.sheet.compose import compose
from handcalc.sheet.paper import A4, BOARD, HALF_A4, LARGE, NORMAL, Head, Paper
from handcalc.sheet.parts import Section, Sheet, Working
from handcalc.sheet.student import answers, key, student_sheet

PICTURES = Path(__file__).parent
HOME = PICTURES.parent.parent
EXAMPLES = HOME / "examples"
DPI, FORMULA_DPI, SHADES = 90, 120, 12
Kind = Literal["sheet", "key", "answers", "board", "pocket"]
FOR_STUDENTS = replace(A4, head=Head(name=True))


@dataclass(frozen=True, slots=True)
class Shot:
    """A page of what is made of an example."""

    file: str
    kind: Kind
    page: int = 1
    exercise: str = ""
    paper: Paper | None = None

    def solution(self) -> Solution:
        (solution,) = handcalc.solve_all(EXAMPLES / f"{self.file}.yaml", exercise=self.exercise or None).values()
        return solution

    def printed(self) -> bytes:
        solution = self.solution()
        match self.kind:
            case "sheet":
                return pdf(student_sheet(solution), self.paper or FOR_STUDENTS)
            case "key":
                return pdf(key(solution), self.paper or A4)
            case "answers":
                return pdf_on_one_page(answers(solution), A4)
            case "board":
                return pdf(board(solution), BOARD)
            case "pocket":
                return pdf_on_one_page(pocket(solution), A4)


def both(file: str, sheet: int = 1, key: int = 1, exercise: str = "") -> tuple[Shot, ...]:
    """A page of the student sheet beside one of its key."""
    return Shot(file, "sheet", sheet, exercise), Shot(file, "key", key, exercise)


FORMS: dict[Form, tuple[Shot, ...]] = {
    "steps": both("quizzes/sleep", 2, 2, "numbers blank"),
    "follow along": both("quizzes/tablet", 2, 2),
    "matrices": both("quizzes/matrix-boxes"),
    "tables": both("quizzes/three-tables", 2, 2),
    "epochs": both("quizzes/perceptron"),
    "wires": both("quizzes/wires"),
    "softmax columns": both("quizzes/hiker"),
    "lettered parts": both("quizzes/greenhouse"),
    "factors": both("quizzes/pressure", 2, 2),
    "one blank": both("quizzes/bicycle", exercise="which weight"),
    "find the mistake": both("quizzes/parcel", 3, 3),
    "letters first": both("quizzes/candle", 1, 1),
    "multiple choice": both("quizzes/balloon", 2, 2),
}
OF_A_PACK = ("quiz", "quiz-overview")
OF_MARKS = ("feedback", "report")
CLASS = """last name,first name,student ID,room
Noether,Emmy,1882,B 2
Gauß,Carl Friedrich,1777,A 1
Lovelace,Ada,1815,A 1
Hopper,Grace,1906,B 2
"""
ON_SCREEN = (
    "@page { size: 320mm 140mm; margin: 8mm } a { text-decoration: underline !important } details li { display: none }"
)
"""The overview is wide, and what the gates rejected is folded up."""
LEVELS = ("all worked", "last part blank", "numbers blank", "names only", "the question")
PAGES: dict[str, tuple[Shot, ...]] = {
    **{form.replace(" ", "-"): shots for form, shots in FORMS.items()},
    "fading": tuple(Shot("quizzes/sleep", "sheet", 3 if level < 4 else 2, name) for level, name in enumerate(LEVELS)),
    "no-calculator": both("quizzes/allergy"),
    "curves": both("quizzes/bus", 1, 3),
    "answers": (Shot("quizzes/greenhouse", "answers"), Shot("unwell", "pocket")),
    "half-page": (Shot("quizzes/daily", "sheet", paper=replace(HALF_A4, head=Head(name=True))),),
    "large-print": tuple(
        Shot("one-neuron", "sheet", paper=replace(FOR_STUDENTS, type=size)) for size in (NORMAL, LARGE)
    ),
    "board": tuple(Shot("unwell", "board", page) for page in (1, 2, 3, 12)),
    "student-sheet": both("house-price", 1, 1),
}
"""What stands on each picture of pages, from left to right."""
SMALLER = {"board": (40, 2), "fading": (60, 3)}
"""Dots to the inch, and pages beside each other."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A line of a key, or with `blank` of the sheet that leaves that blank."""

    file: str
    key: str
    blank: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def sheet(self) -> Sheet:
        network = read(EXAMPLES / f"{self.file}.yaml").as_dict() | dict(self.options)
        network |= {"ask": [self.blank]} if self.blank else {}
        solution = handcalc.solve(network)
        made = student_sheet(solution) if self.blank else compose(solution)
        lines = (
            line
            for section in made.sections
            for part in section.parts
            if isinstance(part, Working)
            for line in part.lines
            if line.key == self.key
        )
        return replace(made, title="", parts=(), sections=(Section("", (Working((next(lines),)),)),))


FORMULAS = {
    "weighted-sum": Formula("house-price", "z1[1]"),
    "sigmoid": Formula("house-price", "a1[1]"),
    "softmax": Formula("unwell", "p[1]"),
    "cross-entropy": Formula("unwell", "L"),
    "cases": Formula("unwell", "dL/dz1[2]"),
    "matrix-product": Formula("two-outputs", "z1", options=(("statements", "matrix"),)),
    "chain-rule": Formula("quizzes/pressure", "dL/dW1[1,2]"),
    "adam": Formula("one-neuron", "W[u=1][1,1]", options=(("optimiser", "adam"),)),
    "long-sum": Formula("fruit", "z2[1]"),
    "blank": Formula("unwell", "p[1]", blank="S"),
}


def drawn(printed: bytes, page: int, dpi: int) -> Image.Image:
    """A page of a PDF, in grey."""
    number = ["-f", str(page), "-l", str(page)]
    made = subprocess.run(
        ["pdftoppm", "-r", str(dpi), *number, "-gray", "-png", "-"], input=printed, capture_output=True, check=True
    )
    return Image.open(BytesIO(made.stdout)).convert("L")


def beside(images: Sequence[Image.Image], columns: int, gap: int = 10) -> Image.Image:
    """Pages in rows of `columns`, with grey around them."""
    width, height = (max(size) for size in zip(*(one.size for one in images), strict=True))
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    whole = Image.new("L", (columns * (width + gap) + gap, rows * (height + gap) + gap), 200)
    for n, one in enumerate(images):
        whole.paste(one, (gap + n % columns * (width + gap), gap + n // columns * (height + gap)))
    return whole


def above(images: Sequence[Image.Image], margin: int = 14) -> Image.Image:
    """Formulas one below the other, with a grey line between."""
    width = max(one.width for one in images) + 2 * margin
    whole = Image.new("L", (width, sum(one.height + 2 * margin for one in images)), 255)
    top = 0
    for n, one in enumerate(images):
        if n:
            whole.paste(190, (0, top, width, top + 1))
        whole.paste(one, (margin, top + margin))
        top += one.height + 2 * margin
    return whole


def inked(image: Image.Image) -> Image.Image:
    """The part with something on it."""
    box = ImageChops.invert(image).getbbox()
    return image.crop(box) if box else image


def saved(image: Image.Image, name: str) -> Path:
    path = PICTURES / f"{name}.png"
    image.quantize(SHADES).save(path, optimize=True)
    return path


def pages(name: str) -> Image.Image:
    shots = PAGES[name]
    dpi, columns = SMALLER.get(name, (DPI, 2))
    return beside([drawn(shot.printed(), shot.page, dpi) for shot in shots], columns)


def of_a_pack() -> dict[str, Image.Image]:
    """The first page of a student's sheet and of its key; the overview, as it is printed."""
    with tempfile.TemporaryDirectory() as place:
        roster, pack = Path(place) / "class.csv", Path(place) / "pack"
        roster.write_text(CLASS, "utf-8")
        made = ["quiz", str(EXAMPLES / "packs" / "tea.yaml"), "--roster", str(roster), "--spare", "1", "--seed", "7"]
        main_of_handcalc([*made, "-o", str(pack)], standalone_mode=False)
        both = [drawn((pack / file).read_bytes(), 1, DPI) for file in ("print.pdf", "keys.pdf")]
        overview = HTML(pack / "overview.html").write_pdf(stylesheets=[CSS(string=ON_SCREEN)])
        return {"quiz": beside(both, 2), "quiz-overview": above([inked(drawn(overview, 1, DPI))])}


def of_marks() -> dict[str, Image.Image]:
    """The feedback of a student; the report of the class."""
    with tempfile.TemporaryDirectory() as place:
        pack, marks = Path(place) / "pack", Path(place) / "marks"
        for made in (
            ["quiz", str(EXAMPLES / "packs" / "tea.yaml"), "-n", "4", "-o", str(pack)],
            ["check", str(pack), str(EXAMPLES / "answers" / "tea.csv"), "-o", str(marks)],
        ):
            main_of_handcalc(made, standalone_mode=False)
        (theirs,) = (marks / "feedback").glob("2-*.pdf")
        shots = {"feedback": theirs, "report": marks / "report.pdf"}
        return {name: beside([drawn(file.read_bytes(), n, DPI) for n in (1, 2)], 2) for name, file in shots.items()}


def set_by_us(sheet: Sheet) -> Image.Image:
    """At the size of TeX's 11pt, without the foot of the page."""
    image = drawn(pdf(sheet, replace(A4, type=10.95 * 72 / 72.27)), 1, FORMULA_DPI)
    return inked(image.crop((0, 0, image.width, int(image.height * 0.9))))


def set_by_tex(sheet: Sheet) -> Image.Image:
    source = latex(sheet).replace(r"\begin{document}", r"\pagestyle{empty}\begin{document}")
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "formula.tex").write_text(source, "utf-8")
        run = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "formula.tex"]
        subprocess.run(run, cwd=place, check=True, capture_output=True)
        return inked(drawn((Path(place) / "formula.pdf").read_bytes(), 1, FORMULA_DPI))


def main() -> None:
    for name in PAGES:
        print(_said(saved(pages(name), name)))
    for name, image in (of_a_pack() | of_marks()).items():
        print(_said(saved(image, name)))
    if not shutil.which("pdflatex"):
        print("no pdflatex: the formulas stay as they are")
        return
    for name, formula in FORMULAS.items():
        sheet = formula.sheet()
        print(_said(saved(above([set_by_us(sheet), set_by_tex(sheet)]), f"formula-{name}")))


def _said(path: Path) -> str:
    return f"{path.relative_to(HOME)}  {path.stat().st_size // 1024 + 1} KB"


if __name__ == "__main__":
    main()
