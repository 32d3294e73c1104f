"""Sheets as PDF: what is on the page, that nothing else is, and that it is the same every time."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from every_mark import Step
from pages import EQUALS, SLOPE, everything, long_sum, read, sheet, text

from handcalc.formula.maths import Digits, Fraction, Letter, Matrix
from handcalc.render import painted, press
from handcalc.render.furniture import environment, templates
from handcalc.render.pdf import pdf
from handcalc.render.pdf_line import chain, lead, measures, worked
from handcalc.render.press import Drawing, Unprintable, fetcher, printed
from handcalc.render.typeset.ink import ink
from handcalc.render.typeset.layout import typeset
from handcalc.sheet.paper import A4
from handcalc.sheet.parts import Given, Givens, Say, Working

PAGE = "<!doctype html><html lang=en><title>t</title><body>{}</body>"


def test_words_letters_and_numbers_can_be_searched() -> None:
    found = text(pdf(everything()))
    for what in ("Forward pass", "Größe", "1.80", "ŷ", "η", "−0.58", "∂", "the slope."):
        assert what in found.replace("− ", "−")
    assert "\ufffd" not in found


def test_formulas_are_read_where_they_stand_in_the_sentence() -> None:
    found = text(pdf(sheet(Say(("Before ", Letter("yhat"), " between ", Letter("eta"), " after.")))))
    places = [found.index(what) for what in ("Before", "ŷ", "between", "η", "after")]
    assert places == sorted(places)


def test_a_user_can_write_anything_in_a_title() -> None:
    title = "Łódź <img src='file:///etc/passwd'> température α & <b> {{ 7*7 }}"
    data = pdf(sheet(Say((title,)), title=title))
    assert "<img src='file:///etc/passwd'> température α & <b> {{ 7*7 }}" in text(data).replace("\n", " ")
    assert read(data).metadata["/Title"] == title  # type: ignore[index]


def test_only_the_bundled_fonts_are_used() -> None:
    fonts = {font["/BaseFont"] for page in read(pdf(everything())).pages for font in page_fonts(page)}
    assert {str(font).partition("+")[2].partition("-")[0] for font in fonts} == {"Sheet", "STIXTwoMath"}


def page_fonts(page: pypdf.PageObject) -> list[dict[str, object]]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]


def test_nothing_runs_off_the_page() -> None:
    for page in read(pdf(everything())).pages:
        edges: list[float] = []

        def visit(found: str, outer: list[float], inner: list[float], *_: object, edges: list[float] = edges) -> None:
            if found.strip():
                edges.append(inner[4] * outer[0] + outer[4])

        page.extract_text(visitor_text=visit)
        assert edges
        assert all(A4.left - 0.01 <= edge <= A4.width - A4.right for edge in edges)
        assert float(page.mediabox.width) == pytest.approx(595.28, abs=0.01)


@pytest.mark.parametrize("count", [1, 7, 12, 13, 40])
def test_no_row_is_wider_than_the_text(count: int) -> None:
    target = Letter("z")
    stages = ((EQUALS, long_sum(count)), (EQUALS, Fraction(long_sum(count), SLOPE)))
    rows = list(chain(target, stages, lead(target, A4.type), measures(A4)))
    assert all(box.width <= measures(A4).room for box, _ in rows)
    made = worked(target, stages, lead(target, A4.type), measures(A4))
    assert all(drawing.scale == 1 for drawing, _ in made.pieces)


def test_what_cannot_be_broken_is_made_smaller() -> None:
    wide = Matrix((tuple(Digits("0.123456789012") for _ in range(12)),))
    line = Step("z1", Letter("W"), ((EQUALS, wide),))
    assert "0.123456789012" in text(pdf(sheet(Working((line,)), Givens((Given("", Letter("W"), wide),)))))


def test_pages_are_numbered_and_carry_the_title() -> None:
    line = Step("z1", Letter("z"), ((EQUALS, long_sum(60)),))
    pages = read(pdf(sheet(*[Working((line,))] * 12, title="My title"))).pages
    assert len(pages) > 1
    for i, page in enumerate(pages, start=1):
        assert f"page {i} of {len(pages)}" in page.extract_text()
        assert "My title" in page.extract_text()


def test_a_sheet_in_another_language_has_no_english_on_it() -> None:
    data = pdf(sheet(Say(("Hallo",)), language="de"))
    assert "page" not in text(data)
    assert read(data).trailer["/Root"]["/Lang"] == "de"  # type: ignore[index]


@pytest.mark.parametrize("lines", range(2, 22, 3))
def test_no_line_of_a_working_stands_alone_on_a_page(lines: int) -> None:
    """A working may go over two pages, but at least two of its lines stand on each."""
    short = Step("z1", Letter("b"), ((EQUALS, Digits("7")),))
    filler = Say(("word " * 700,))
    pages = read(pdf(sheet(filler, Working((short,) * lines)))).pages
    counts = [page.extract_text().count("= 7") + page.extract_text().count("=7") for page in pages]
    assert sum(counts) == lines
    assert 1 not in counts


def test_a_step_of_many_rows_stays_on_one_page() -> None:
    tall = Step("z1", Letter("b"), ((EQUALS, long_sum(120)),))
    pages = read(pdf(sheet(Say(("word " * 700,)), Working((tall,))))).pages
    counts = [page.extract_text().count("+") for page in pages]
    assert [count for count in counts if count] == [119]


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert pdf(everything()) == pdf(everything())


def test_the_same_sheet_gives_the_same_bytes_in_another_process_and_without_system_fonts(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig></fontconfig>"
    )
    program = (
        "import sys; sys.path.insert(0, 'tests'); from test_pdf import *; sys.stdout.buffer.write(pdf(everything()))"
    )
    for seed, more in (("1", {}), ("2", {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")})):
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, **more},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            check=True,
        )
        assert ran.stdout == pdf(everything())


def test_no_date_is_printed() -> None:
    assert b"CreationDate" not in pdf(everything())
    assert b"/Dests" not in pdf(everything())


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://example.org/x.png", "data:text/plain,x", "page.css"])
def test_nothing_but_the_fonts_is_loaded(url: str) -> None:
    fetch = fetcher()
    with pytest.raises(ValueError, match="loads nothing"):
        fetch(url)


def test_a_missing_image_is_an_error() -> None:
    with pytest.raises(Unprintable, match="nothing but its fonts"):
        printed(PAGE.format("<img src='file:///nowhere.png'>"), {})


def test_a_warning_is_an_error_and_the_log_is_as_before() -> None:
    logger = logging.getLogger("weasyprint")
    before = logger.level, list(logger.handlers)
    with pytest.raises(Unprintable, match="colour"):
        printed(PAGE.format("<p style='colour: red'>x</p>"), {})
    assert (logger.level, list(logger.handlers)) == before


def test_a_formula_without_a_place_is_an_error() -> None:
    box = typeset(Letter("z"), 10.0)
    with pytest.raises(Unprintable, match="1 formulas have no place"):
        printed(PAGE.format("<p>nothing</p>"), {"d0": Drawing(box.width, box.height, box.depth, ink(box))})


def test_drawings_are_put_on_top_where_the_page_is_painted_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = pdf(everything())
    monkeypatch.setattr(painted, "MARKER_OPERATOR", b"no such operator")
    other = pdf(everything())
    assert other != usual
    assert sorted(text(other).replace("\n", "").replace(" ", "")) == sorted(
        text(usual).replace("\n", "").replace(" ", "")
    )


def test_markers_are_found_in_this_version_of_weasyprint(monkeypatch: pytest.MonkeyPatch) -> None:
    def on_top(*_: object) -> None:
        raise AssertionError("a drawing was not put in its place")

    monkeypatch.setattr(press, "_put_on_top", on_top)
    assert pdf(everything())


def test_the_templates_hold_no_mathematics() -> None:
    assert {path.name for path in templates().iterdir()} >= {"page.html", "page.css"}
    assert environment().autoescape


def test_the_clock_is_not_read_where_harfbuzz_cannot_subset(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.pdf import fonts

    monkeypatch.setattr(fonts, "harfbuzz_subset", None)
    monkeypatch.setattr("time.time", lambda: 1e9)
    before = pdf(everything())
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert pdf(everything()) == before
