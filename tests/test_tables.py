"""Tables: numbers align at their points, nothing is wider than the page, and each output says the same cells."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest
from every_mark import ABOUT, HALF, LONG, MINUS, ONE, SLOPE, TIMES, needs, slot, table, worded
from markupsafe import Markup

from handcalc.formula.maths import Digits, Fraction, Letter, Maths, Row, Script
from handcalc.formula.notation import number
from handcalc.render.columns import at_point, blocks, columns, pieces
from handcalc.render.html import html
from handcalc.render.json import table as as_json
from handcalc.render.latex import latex
from handcalc.render.pdf import pdf
from handcalc.render.pdf_line import Measures
from handcalc.render.pdf_table import table_html
from handcalc.render.text import plain, text
from handcalc.render.typeset.boxes import Box, Glyph, marks
from handcalc.sheet.parts import Section, Sheet, Table, with_text


def sheet(*parts: Table) -> Sheet:
    return Sheet("A sheet", (), (Section("", parts),))


def numbers(*rows: str, header: str = "n x") -> Table:
    return Table(
        tuple((word,) for word in header.split()), tuple(tuple(number(cell) for cell in row.split()) for row in rows)
    )


def shown(said: Table) -> list[str]:
    """The lines of the table, without title and heading."""
    return text(sheet(said)).split("\n\n", 2)[2].rstrip("\n").split("\n")


@pytest.mark.parametrize(
    ("mark", "before", "after"),
    [
        (ONE, "1", ""),
        (LONG, "0", ".58668…"),
        (Row((MINUS, HALF)), "−0", ".5"),
        (Row((ABOUT, Digits("12.25"))), " ≈ 12", ".25"),
        (Digits("0,25"), "0", ",25"),
        (Digits("1e-3"), "1", "e-3"),
        (number("-1.5·10^-3"), "−1", ".5·10^(−3)"),
        (number("2·10^26"), "2", "·10^26"),
    ],
)
def test_a_number_is_parted_at_its_point(mark: Maths, before: str, after: str) -> None:
    halves = at_point(mark)
    assert halves is not None
    assert tuple(map(plain, halves)) == (before, after)


@pytest.mark.parametrize(
    "mark", [Letter("w"), Fraction(ONE, HALF), SLOPE, Row((ONE, TIMES, HALF)), Script(ONE, ONE), Row((MINUS,)), Row(())]
)
def test_what_is_no_number_is_not_parted(mark: Maths) -> None:
    assert at_point(mark) is None


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="row 2 of a table has 1 cells, its header has 2"):
        numbers("1 2", "3")


def test_points_align_in_text() -> None:
    assert shown(numbers("1 -0.25", "12 3.1…", "3 1.5·10^-3", "4 20", header="step x")) == [
        "  step       x",
        "  ----  ------------",
        "    1   −0.25",
        "   12    3.1…",
        "    3    1.5·10^(−3)",
        "    4   20",
    ]


def test_a_decimal_comma_aligns_like_a_point() -> None:
    rows = shown(numbers("1 0,25", "2 12,5"))[2:]
    assert [row.index(",") for row in rows] == [7, 7]


def test_words_stand_left_and_in_several_lines() -> None:
    said = Table((("day",), ("weather",)), ((ONE, ("not so very rainy",)), (Digits("2"), ())))
    assert shown(said) == ["  day  weather", "  ---  ------------", "   1   not so very", "       rainy", "   2"]


@pytest.mark.parametrize("count", [1, 2, 5, 9, 20])
def test_no_line_of_text_is_wider_than_80_columns(count: int) -> None:
    lines = shown(table(count, 4))
    assert max(map(len, lines)) <= 80
    headed = [line for line in lines if re.match(r" +step\b", line)]
    assert len(headed) == sum(bool(re.match(r" +-+( |$)", line)) for line in lines)
    assert (len(headed) > 1) == (count > 6)


def test_hostile_words_stay_inside_80_columns() -> None:
    assert max(map(len, shown(worded()))) <= 80


def test_a_number_too_long_for_its_column_goes_over_several_lines() -> None:
    lines = shown(numbers("1 " + "0." + "7" * 200))
    assert max(map(len, lines)) <= 80
    assert sum(line.count("7") for line in lines) == 200


def test_blocks_begin_with_the_first_column_and_fit() -> None:
    assert blocks([10, 20, 20, 20, 5, 5], 50) == [[0, 1, 2], [0, 3, 4, 5]]
    assert blocks([30, 40, 40], 50) == [[0, 1], [0, 2]]
    assert blocks([10], 5) == [[0]]
    assert blocks([], 5) == []


def test_no_column_has_more_than_half_of_the_room() -> None:
    wide = Table((("n",), ("x" * 90,)), ((ONE, ("y" * 50,)),))
    made = columns(wide, lambda words: sum(len(str(word)) for word in words), most=12, room=60)
    assert [column.width for column in made][1] == 30


def test_words_are_parted_at_spaces_only() -> None:
    assert pieces(("error of ", SLOPE, ", the slope")) == [("error",), ("of",), (SLOPE, ","), ("the",), ("slope",)]


def test_every_text_is_changed_with_the_others() -> None:
    said = Table((("a", SLOPE), ONE), ((("b",), HALF),), ("c",))
    changed = with_text(sheet(said), str.upper).sections[0].parts[0]
    assert changed == Table((("A", SLOPE), ONE), ((("B",), HALF),), ("C",))


def test_json_has_the_cells_as_text() -> None:
    said = Table((("step",), slot("z1[1]")), ((ONE, Row((MINUS, HALF))), (Digits("2"), ())), ("Updates",))
    assert as_json(said) == {"caption": "Updates", "header": ["step", "z1[1]"], "rows": [["1", "−0.5"], ["2", ""]]}


def pages(*parts: Table) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(sheet(*parts)))).pages]


def test_the_header_is_repeated_on_each_page() -> None:
    rows = tuple((Digits(str(i)), Digits(f"{i}.5")) for i in range(1, 121))
    found = pages(Table((("update",), Letter("eta")), rows))
    assert len(found) > 2
    assert all("update" in page and "η" in page for page in found)
    assert sum(page.count(".5") for page in found) == 120


def test_no_row_stands_alone_on_a_page() -> None:
    for count in range(34, 46):
        found = pages(Table((("n",), Letter("eta")), tuple((ONE, Digits("7.5")) for _ in range(count))))
        assert sum(page.count(".5") for page in found) == count
        assert 1 not in [page.count(".5") for page in found]


def test_a_short_table_stays_on_one_page() -> None:
    short = Table((("n",), Letter("eta")), tuple((ONE, Digits("7.5")) for _ in range(10)))
    found = pages(*[short] * 7)
    assert len(found) > 1
    assert all(page.count(".5") == 10 * page.count("η") for page in found)


def test_a_wide_table_stays_inside_the_page() -> None:
    said = with_text(sheet(table(16, 4), worded()), lambda words: words.replace("\ud800", ""))
    reader = pypdf.PdfReader(io.BytesIO(pdf(said)))
    edges: list[float] = []

    def visit(found: str, outer: list[float], inner: list[float], *_: object) -> None:
        if found.strip():
            edges.append(inner[4] * outer[0] + outer[4])

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    assert len(edges) > 50
    assert min(edges) >= 62
    assert max(edges) <= 595.28 - 62
    assert sum(page.extract_text().count("step") for page in reader.pages) > 3


def test_points_align_on_paper() -> None:
    said = Table((("n",), ("x",)), tuple((ONE, Digits(text)) for text in ("0.5", "12.25", "7", "3.125…")))
    boxes: list[Box] = []

    def place(box: Box, room: float, *_: object) -> Markup:
        boxes.append(box)
        assert box.width <= room
        return Markup()

    table_html(said, place, lambda words, size, room: Markup(), Measures(10.0, 400.0))
    points = [x for box in boxes for x, _, mark in marks(box) if isinstance(mark, Glyph) and mark.text == "."]
    assert len(points) == 3
    assert points == pytest.approx(points[:1] * 3)
    assert len({round(box.width, 6) for box in boxes}) == 1


def test_html_has_a_header_with_scopes_and_scrolls_in_its_own_box() -> None:
    said = html(sheet(numbers("1 0.25", "2 3")))
    found = re.search(r'<div class="wide".*?</div>', said, re.DOTALL)
    assert found
    tree = ElementTree.fromstring(found[0])
    assert [cell.get("scope") for cell in tree.iterfind(".//thead/tr/th")] == ["col", "col"]
    assert [row[0].get("scope") for row in tree.iterfind(".//tbody/tr")] == ["row", "row"]
    assert [span.get("style") for span in tree.iterfind(".//tbody/tr/td/span")] == ["padding-right: 2.49ch"]
    assert ["".join(row.itertext()) for row in tree.iterfind(".//tbody/tr")] == ["10.25", "23"]


def test_latex_writes_a_number_in_two_halves() -> None:
    said = latex(sheet(numbers("1 -0.25", "2 1·10^5")))
    assert re.search(r"\\at\{[\d.]+pt\}\{[\d.]+pt\}\{-0\}\{\.25\} \\\\", said)
    assert r"{1}{{} \cdot 10^{5}} \\" in said
    assert r"\usepackage{array}" in said
    assert "longtable" not in said


def test_a_long_table_is_a_longtable_with_its_header() -> None:
    said = latex(sheet(table(3, 40)))
    assert said.count(r"\begin{longtable}") == 1
    assert said.count(r"\headrow step") == 2
    assert said.index(r"\endfirsthead") < said.index(r"\endhead")


def test_tables_of_any_shape_compile_without_a_complaint(tmp_path: Path) -> None:
    from test_latex import compiled, complaints

    needs("pdflatex")
    some = [table(count, rows) for count in (1, 2, 5, 9, 14, 25) for rows in (0, 2, 40)]
    assert complaints(compiled(latex(sheet(*some, worded())), tmp_path)) == []
