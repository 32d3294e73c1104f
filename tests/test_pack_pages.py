"""The pages of a pack: whose sheet it is, and the code on each page."""

from __future__ import annotations

import re
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
import segno
from pages import picture_of, poppler, read, student_sheet, words
from PIL import ImageChops

from handcalc.errors import HandcalcError
from handcalc.render.combined import combined
from handcalc.render.pdf import pdf
from handcalc.render.qr import EDGE, LONGEST, SIDE, WHITE
from handcalc.sheet.paper import A4, HALF_A4, LARGE, LETTER, PAPERS, Head, Paper
from handcalc.sheet.parts import Say, Section, Sheet

ADA = Head(name=True, student="Ada Lovelace", id="1815", variant="K7Q2", code="handcalc K7Q2")
ALL = {**PAPERS, "large": replace(A4, type=LARGE)}
TWO_PAGES = Sheet("Quiz", (), (Section("", (Say(("word " * 900,)),)),))
NAMES = {
    "long": "Wolfgang Amadeus " * 30,
    "one word": "W" * 500,
    "right to left": "אברהם בן־גוריון " * 30,
    "an override": "\u202eAda\u202c Lovelace" * 40,
    "markup": '"; } <b>Ada</b> {{ 7*7 }} \\textbf{x} &amp; ' * 12,
    "wide": "😀名" * 250,
}

Rows = list[list[int]]


def drawn(page: object) -> Rows:
    """The modules of the code on a page, from its rectangles."""
    streams = [one.get_object().get_data().decode("latin-1") for one in page["/Contents"]]  # type: ignore[index]
    path = re.search(r"/Artifact BMC q 0 g ((?:[\d.-]+ [\d.-]+ [\d.-]+ [\d.-]+ re )+)f Q EMC", streams[-1])
    assert path
    runs = [tuple(map(float, run)) for run in re.findall(r"(\S+) (\S+) (\S+) (\S+) re", path[1])]
    left, top, unit = min(x for x, *_ in runs), max(y + high for _, y, _, high in runs), runs[0][3]
    count = round(SIDE / unit)
    rows = [[0] * count for _ in range(count)]
    for x, y, wide, high in runs:
        for n in range(round(wide / unit)):
            rows[round((top - y - high) / unit)][round((x - left) / unit) + n] = 1
    return rows


def said(content: str) -> Rows:
    return [list(row) for row in segno.make(content, error="m", micro=False).matrix]


@pytest.mark.parametrize("name", ALL)
def test_each_page_has_its_code(name: str) -> None:
    pages = read(pdf(TWO_PAGES, replace(ALL[name], copies=1, head=ADA))).pages
    assert len(pages) > 1
    for n, page in enumerate(pages, start=1):
        assert drawn(page) == said(f"handcalc K7Q2 {n}/{len(pages)}")
        assert f"page {n} of {len(pages)}" in page.extract_text()


@poppler
@pytest.mark.parametrize("paper", [A4, HALF_A4, replace(A4, type=LARGE)], ids=["a4", "half", "large"])
def test_nothing_stands_in_the_quiet_zone(paper: Paper, tmp_path: Path) -> None:
    paper = replace(paper, copies=1, head=ADA)
    right = paper.width - paper.right
    left, bottom = right - SIDE - WHITE, EDGE + SIDE + WHITE
    for word in words(pdf(TWO_PAGES, paper), tmp_path):
        assert word.right <= left + 0.5 or word.top >= bottom - 0.5, word


@poppler
def test_a_code_is_dark_where_it_should_be(tmp_path: Path) -> None:
    image = picture_of(pdf(Sheet("Quiz", (), ()), replace(A4, head=ADA)), tmp_path, dpi=300)
    rows, scale = said("handcalc K7Q2 1/1"), 300 / 72
    unit, left = SIDE / len(rows), A4.width - A4.right - SIDE
    for i in range(-4, len(rows) + 4):
        for j in range(-4, len(rows) + 4):
            inside = 0 <= i < len(rows) and 0 <= j < len(rows)
            place = int((left + (j + 0.5) * unit) * scale), int((EDGE + (i + 0.5) * unit) * scale)
            assert (image.getpixel(place) < 128) == bool(inside and rows[i][j])  # type: ignore[operator]


def test_name_and_ID_are_printed_in_their_boxes() -> None:
    first, *others = read(pdf(TWO_PAGES, replace(A4, head=ADA))).pages
    assert "Name Ada Lovelace ID 1815" in re.sub(r"\s+", " ", first.extract_text())
    for page in others:
        assert "Ada Lovelace" in page.extract_text()
        assert "Quiz · Variant K7Q2" in page.extract_text()
        assert "____" not in page.extract_text()


def test_what_isnt_known_is_a_box_to_write_in() -> None:
    paper = replace(A4, head=replace(ADA, id=""))
    assert next(iter(read(pdf(student_sheet(), paper, fields=True)).get_fields() or {})) == "student ID"
    nameless = replace(A4, head=replace(ADA, student="", id=""))
    assert list(read(pdf(student_sheet(), nameless, fields=True)).get_fields() or {})[:2] == [
        "student name",
        "student ID",
    ]


@poppler
@pytest.mark.parametrize("name", NAMES)
def test_no_name_runs_out_of_its_place(name: str, tmp_path: Path) -> None:
    paper = replace(A4, head=replace(ADA, student=NAMES[name], id=NAMES[name]))
    image = picture_of(pdf(TWO_PAGES, paper), tmp_path)
    plain = picture_of(pdf(TWO_PAGES, replace(paper, head=replace(ADA, student="", id=""))), tmp_path)
    inked = ImageChops.difference(image, plain).point(lambda grey: 255 * (grey > 90)).getbbox()
    assert inked
    left, top, right, bottom = (pixels / 2 for pixels in inked)
    assert A4.top < top < bottom < A4.top + 2.1 * A4.type
    assert A4.left + 2 * A4.type < left < right < A4.width - A4.right


@poppler
@pytest.mark.parametrize("name", NAMES)
def test_a_name_moves_nothing(name: str, tmp_path: Path) -> None:
    def below(head: Head) -> list[object]:
        return [
            (word.text, round(word.left, 1), round(word.top, 1))
            for word in words(pdf(student_sheet(), replace(A4, head=head)), tmp_path)
            if word.page > 1 or word.top > A4.top + 3 * A4.type
        ]

    other = below(replace(ADA, student=NAMES[name], id=NAMES[name]))
    assert [one for one in below(ADA) if one[0] not in ("Ada", "Lovelace")] == other  # type: ignore[index]


@pytest.mark.parametrize("fields", [False, True])
def test_a_tagged_page_says_the_name_and_not_the_code(fields: bool) -> None:
    data = pdf(student_sheet(), replace(A4, head=ADA), tagged=True, fields=fields)
    assert drawn(read(data).pages[0]) == said("handcalc K7Q2 1/1")
    assert "Ada Lovelace" in read(data).pages[0].extract_text()


def test_the_same_head_gives_the_same_bytes() -> None:
    assert pdf(TWO_PAGES, replace(A4, head=ADA)) == pdf(TWO_PAGES, replace(A4, head=ADA))


def test_a_code_that_says_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a QR code of 62 bytes; at most 60"):
        pdf(TWO_PAGES, replace(A4, head=replace(ADA, code="x" * (LONGEST + 2))))


def one_page(text: str, paper: Paper = A4) -> bytes:
    return pdf(Sheet("Quiz", (), (Section("", (Say((text,)),)),)), paper)


def test_each_sheet_begins_on_the_front_of_a_piece_of_paper() -> None:
    two = pdf(TWO_PAGES, replace(A4, head=ADA))
    parts = [
        ("Ada", two),
        ("Bob", one_page("b", LETTER)),
        ("Eve", one_page("e")),
        ("", two),
        ("Zoë <b> 名", one_page("z")),
    ]
    made = read(combined(parts, title="A quiz <1>"))
    letters = [re.sub(r"Quiz|word|Name.*|Variant .*|·|Ada Lovelace|\s", "", page.extract_text()) for page in made.pages]
    two_pages = ["page1of2", "page2of2"]
    assert letters == [*two_pages, "bpage1of1", "", "epage1of1", "", *two_pages, "zpage1of1"]
    sizes = [(float(page.mediabox.width), float(page.mediabox.height)) for page in made.pages]
    assert sizes[2] == sizes[3] != sizes[4] == sizes[5]
    assert len({page.indirect_reference for page in made.pages}) == 9
    assert getattr(made.metadata, "title", "") == "A quiz <1>"
    places = [(one["/Title"], made.get_destination_page_number(one)) for one in made.outline]  # type: ignore[call-overload,arg-type]
    assert places == [("Ada", 0), ("Bob", 2), ("Eve", 4), ("", 6), ("Zoë <b> 名", 8)]


def test_without_duplex_no_page_is_empty() -> None:
    made = read(combined([(str(n), one_page(str(n))) for n in range(3)], duplex=False))
    assert [page.extract_text() for page in made.pages] == [f"Quiz\n{n}\npage 1 of 1" for n in range(3)]


def test_half_pages_of_two_students_stand_on_one_page() -> None:
    half = replace(HALF_A4, copies=1)
    parts = [(text, one_page(text, half)) for text in ("Ada", "Bob", "Eve")]
    made = read(combined(parts, beside=2))
    texts = [" ".join(page.extract_text().split()) for page in made.pages]
    assert texts == ["Quiz Ada page 1 of 1 Quiz Bob page 1 of 1", "", "Quiz Eve page 1 of 1"]
    assert [float(page.mediabox.height) for page in made.pages] == [pytest.approx(A4.height, abs=0.01)] * 3
    assert [one["/Title"] for one in made.outline] == ["Ada", "Bob", "Eve"]  # type: ignore[call-overload]


def test_a_file_to_print_from_has_no_fields() -> None:
    data = pdf(student_sheet(), replace(A4, head=ADA), fields=True, tagged=True)
    made = read(combined([("Ada", data)]))
    assert not made.get_fields()
    assert "/AcroForm" not in list(made.root_object)
    assert drawn(made.pages[0]) == said("handcalc K7Q2 1/1")
    assert b"/Widget" not in combined([("Ada", data)])


@poppler
def test_a_combined_page_looks_like_its_own(tmp_path: Path) -> None:
    pages = [pdf(student_sheet(), replace(A4, head=replace(ADA, student=name))) for name in ("Eve", "Ada")]
    both = combined([("Eve", pages[0]), ("Ada", pages[1])], duplex=False)
    alone = combined([("Ada", pages[1])])
    assert picture_of(both, tmp_path) == picture_of(pages[0], tmp_path)
    assert picture_of(alone, tmp_path) == picture_of(pages[1], tmp_path)


def test_the_same_sheets_give_the_same_file_from_files_too(tmp_path: Path) -> None:
    data = pdf(TWO_PAGES, replace(A4, head=ADA))
    (tmp_path / "ada.pdf").write_bytes(data)
    made = combined([("Ada", data)] * 3, title="Quiz")
    assert made == combined([("Ada", tmp_path / "ada.pdf")] * 3, title="Quiz")
    assert not re.search(rb"/ID\b|Date", made)


def test_a_file_that_is_no_PDF_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"half a file")
    for bad in (tmp_path / "bad.pdf", tmp_path / "none.pdf", b""):
        with pytest.raises(HandcalcError, match="Ada: its PDF can't be read"):
            combined([("Ada", bad)])


def test_fonts_are_kept_once_and_memory_is_small() -> None:
    data, count = pdf(TWO_PAGES, replace(A4, head=ADA)), 40
    tracemalloc.start()
    made = combined((f"Student {n}", data) for n in range(count))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < count * 1e6 / 2
    assert len(made) < count * len(data) / 2
