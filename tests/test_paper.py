"""Sheets of every size: what stands at the head, where it lies, and that a half page is printed twice."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pages import everything, poppler, read, student_sheet, text, words

from handcalc.render.pdf import pdf
from handcalc.render.pdf_line import measures
from handcalc.sheet.paper import A4, BOARD, HALF_A4, LARGE, LETTER, MM, PAPERS, Head, Paper
from handcalc.sheet.parts import Say, Section, Sheet

STUDENT = Head(name=True, variant="B7", date="1 May 2031")
ALL = {**PAPERS, "large": replace(A4, type=LARGE)}


@poppler
@pytest.mark.parametrize("made", [everything, student_sheet])
@pytest.mark.parametrize("name", ALL)
def test_every_word_lies_on_the_paper_within_its_margins(name: str, made: object, tmp_path: Path) -> None:
    paper = replace(ALL[name], head=STUDENT)
    found = words(pdf(made(), paper), tmp_path)  # type: ignore[operator]
    assert len(found) > 20
    for word in found:
        assert paper.left - 1 <= word.left
        assert word.right <= paper.width - paper.right + 1, word
        assert 0 < word.top % paper.height < word.bottom % paper.height, word


@pytest.mark.parametrize("name", ALL)
def test_a_paper_has_its_size(name: str) -> None:
    paper = ALL[name]
    for page in read(pdf(everything(), paper)).pages:
        assert float(page.mediabox.width) == pytest.approx(paper.width, abs=0.02)
        assert float(page.mediabox.height) == pytest.approx(paper.height * paper.copies, abs=0.02)


def test_there_is_room_for_holes_on_the_left() -> None:
    assert all(paper.left >= 20 * MM for paper in (A4, LETTER, HALF_A4))


def test_half_a_page_is_printed_twice() -> None:
    once = text(pdf(student_sheet(), replace(HALF_A4, copies=1)))
    twice = read(pdf(student_sheet(), HALF_A4)).pages
    assert twice[0].extract_text().count("Quiz") == 2
    assert sum(page.extract_text().count("unit") for page in twice) == 2 * once.count("unit") > 0


@poppler
def test_the_halves_are_the_same_half_a_page_apart(tmp_path: Path) -> None:
    found = [word for word in words(pdf(student_sheet(), HALF_A4), tmp_path) if word.page == 1]
    upper = [word for word in found if word.top < HALF_A4.height]
    lower = [word for word in found if word.top >= HALF_A4.height]
    assert [(w.text, round(w.left, 1)) for w in upper] == [(w.text, round(w.left, 1)) for w in lower]
    assert [w.top + HALF_A4.height for w in upper] == pytest.approx([w.top for w in lower], abs=0.02)


def test_the_head_says_who_which_and_when() -> None:
    paper = replace(A4, head=STUDENT)
    first, *others = read(pdf(Sheet("Quiz", (), (Section("", (Say(("word " * 1500,)),)),)), paper)).pages
    assert "Name" in first.extract_text()
    assert "ID" in first.extract_text()
    assert "Variant B7 · 1 May 2031" in first.extract_text()
    for page in others:
        assert "Quiz · Variant B7" in page.extract_text()
        assert "Name ____" in page.extract_text()


def test_a_long_title_leaves_room_for_the_variant() -> None:
    for title in ("A title of many words " * 12, "W" * 300):
        pages = read(pdf(Sheet(title, (), (Section("", (Say(("word " * 1500,)),)),)), replace(A4, head=STUDENT))).pages
        assert "… · Variant B7" in pages[1].extract_text()
        assert title.split()[-1] in pages[0].extract_text().replace("\n", "")


@pytest.mark.parametrize(
    ("head", "language", "facts"),
    [
        (Head(), "en", ""),
        (Head(variant="B"), "en", "Variant B"),
        (Head(date="1 May 2031"), "en", "1 May 2031"),
        (Head(variant="B", date="1. Mai 2031"), "de", "Variante B · 1. Mai 2031"),
    ],
)
def test_the_facts_of_a_sheet(head: Head, language: str, facts: str) -> None:
    said = text(pdf(Sheet("T", (), (Section("", (Say(("x",)),)),), language), replace(A4, head=head)))
    assert said.split("\n")[:3] == (["T", facts, "x"] if facts else ["T", "x", said.split("\n")[2]])


def test_a_user_can_write_anything_into_the_head() -> None:
    hostile = 'B"; } <b> {{ 7*7 }} 名'
    paper = replace(A4, head=Head(variant=hostile, date=hostile))
    said = text(pdf(Sheet("T", (), (Section("", (Say(("word " * 1500,)),)),)), paper))
    assert said.count('B"; } <b> {{ 7*7 }} [U+540D]') == 3


def test_a_board_has_a_page_for_each_section() -> None:
    sections = tuple(Section(f"Step {i}", (Say(("words",)),)) for i in range(1, 4))
    pages = read(pdf(Sheet("Board", (), sections), BOARD)).pages
    assert [re.findall(r"Step \d", page.extract_text()) for page in pages] == [["Step 1"], ["Step 2"], ["Step 3"]]


def test_paper_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no room for type of 24 points on 74 × 105 mm"):
        Paper(width=74 * MM, height=105 * MM, type=24)


def test_large_print_is_larger() -> None:
    large = replace(A4, type=LARGE)
    assert measures(large).size == measures(large).scale * measures(A4).size == LARGE
    one, two = (pdf(student_sheet(), paper) for paper in (A4, large))
    assert len(read(two).pages) > len(read(one).pages)
