"""A key of four pages: the time to print it, over WeasyPrint's own, beside TeX's; its size; and from cold."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from benchmarks.measure import Row, ratio
from benchmarks.networks import network
from handcalc.derive.solution import Rooms, Solution
from handcalc.render.latex import latex
from handcalc.render.pdf import page_of, pdf
from handcalc.render.pdf_head import style
from handcalc.render.press import laid_out
from handcalc.render.qr import with_room
from handcalc.sheet.compose import compose
from handcalc.sheet.paper import A4, Head, Paper
from handcalc.sheet.parts import Sheet
from handcalc.sheet.rooms import rooms_of
from handcalc.sheet.student import key as key_of
from handcalc.sheet.student import student_sheet


@cache
def key() -> Sheet:
    show = ("forward", "loss", "gradients", "update", "rerun")
    return compose(Solution(replace(network((2, 2, 2)), show=show)))


def pdf_over_floor() -> Row:
    """CPU time of the key over that of WeasyPrint alone, for the same pages with empty boxes for formulas."""
    page, _ = page_of(key(), A4)
    css = style(A4, key().language)

    def floor() -> object:
        return laid_out(page, css).write_pdf()

    return Row("pdf_over_floor", ratio(lambda: pdf(key()), floor, clock=time.process_time), 1.6)


def pdflatex_over_pdf() -> Row:
    """One pass of pdflatex over our own .tex of the key, over the key."""
    name, limit = "pdflatex_over_pdf", 3
    if not shutil.which("pdflatex"):
        return Row(name, None, limit, most=False, word="skipped: pdflatex isn't installed")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "key.tex").write_text(latex(key()), "utf-8")
        command = ["pdflatex", "-interaction=batchmode", "key.tex"]

        def tex() -> object:
            return subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)

        return Row(name, ratio(tex, lambda: pdf(key()), rounds=7), limit, most=False)


def pdf_kilobytes() -> Row:
    return Row("pdf_kilobytes", len(pdf(key())) / 1000, 100)


def pdf_over_import() -> Row:
    """A whole process from a network file to its PDF, over importing WeasyPrint; with compiled modules in a cache."""
    example = Path(__file__).parent.parent / "examples" / "house-price.yaml"
    with tempfile.TemporaryDirectory() as folder:
        found = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        env = found | {"PYTHONPYCACHEPREFIX": folder}

        def run(program: str, *arguments: str) -> Callable[[], object]:
            command = [sys.executable, "-c", program, *arguments]
            return lambda: subprocess.run(command, check=True, capture_output=True, env=env, timeout=120)

        whole = run("from handcalc.cli import main; main()", "solve", str(example), "-o", f"{folder}/key.pdf")
        return Row("pdf_over_import", ratio(whole, run("import weasyprint"), rounds=7, least=0.0), 1.5)


def _solved(number: int) -> Solution:
    return Solution(replace(network((2, 2, 2), seed=number), show=("forward", "loss")))


@cache
def _rooms() -> Rooms:
    return rooms_of(map(_solved, range(40)))


def _of_student(number: int) -> list[tuple[Sheet, Paper]]:
    """A sheet and its key, two pages each, with a head of their own."""
    solution = _solved(number).with_rooms(_rooms())
    head = Head(name=True, student=f"Student {number}", id=str(number), variant="K7Q2", code=f"handcalc {number}")
    return [(made, with_room(replace(A4, head=head))) for made in (student_sheet(solution), key_of(solution))]


def sheet_and_key_over_floor() -> Row:
    """A student's sheet and key, two pages each, over WeasyPrint alone for the same pages with empty boxes; each round
    is of another student, with other numbers."""
    sheets = iter([_of_student(n) for n in range(20)])
    empty = iter(
        [[(page_of(*one)[0], style(one[1], one[0].language)) for one in _of_student(n)] for n in range(20, 40)]
    )

    def ours() -> object:
        return [pdf(*one) for one in next(sheets)]

    def floor() -> object:
        return [laid_out(*one).write_pdf() for one in next(empty)]

    return Row("sheet_and_key_over_floor", ratio(ours, floor, clock=time.process_time), 1.6)
