"""Blanks as form fields: where they lie, what they are called, and that what is typed is read back."""

import io
from dataclasses import replace
from itertools import combinations

import pypdf
import pytest
from pages import everything, read, student_sheet

from handcalc.formula.maths import Blank
from handcalc.render.form import field_name, key_of
from handcalc.render.pdf import pdf
from handcalc.sheet.paper import A4, HALF_A4, LARGE, MM, PAPERS, Head, Paper

KEYS = ["z1[1]", "W1[1,1]", "b1[1]", "a1[1]", "W1[2,2]", "p", "q", "r", "f.x", "z1[2]", "a1[2]", "L"]


def widgets(data: bytes) -> list[tuple[int, dict[str, object]]]:
    return [
        (i, annotation.get_object())
        for i, page in enumerate(read(data).pages)
        for annotation in page.get("/Annots", ())
    ]


def rectangles(data: bytes) -> list[tuple[int, str, tuple[float, ...]]]:
    return [(i, str(one["/T"]), tuple(map(float, one["/Rect"]))) for i, one in widgets(data)]  # type: ignore[call-overload]


def test_every_blank_is_a_field_named_by_its_key() -> None:
    names = list(read(pdf(student_sheet(), fields=True)).get_fields() or {})
    assert list(dict.fromkeys(map(key_of, names))) == KEYS
    assert len(names) == len(set(names)) > len(KEYS)


@pytest.mark.parametrize("key", ["z1[2]", "dL/dW1[2,1]", "m(W1[1,2])", "W1[u=1][2,3]", "a.b", "50%", "%2E", "a.b%25."])
def test_a_name_has_no_full_stop_and_says_its_key(key: str) -> None:
    assert "." not in field_name(key)
    assert key_of(field_name(key)) == key_of(field_name(key) + " (12)") == key


def test_what_is_typed_is_read_back_by_key() -> None:
    writer = pypdf.PdfWriter(clone_from=read(pdf(student_sheet(), fields=True)))
    typed = {name: f"-0.{i:04}" for i, name in enumerate(writer.get_fields() or {})}
    for page in writer.pages:
        writer.update_page_form_field_values(page, typed, auto_regenerate=False)
    filled = io.BytesIO()
    writer.write(filled)
    found = read(filled.getvalue()).get_fields() or {}
    assert {name: field["/V"] for name, field in found.items()} == typed
    assert {key_of(name) for name in found} == set(KEYS)


def test_without_being_asked_for_there_are_no_fields() -> None:
    data = pdf(student_sheet())
    assert not widgets(data)
    assert b"AcroForm" not in data


def test_name_and_id_are_fields_too() -> None:
    names = list(read(pdf(everything(), replace(A4, head=Head(name=True)), fields=True)).get_fields() or {})
    assert names == ["student name", "student ID"]


@pytest.mark.parametrize("paper", [*PAPERS.values(), replace(A4, type=LARGE)])
def test_fields_lie_on_the_page_and_never_touch(paper: Paper) -> None:
    found = rectangles(pdf(student_sheet(), replace(paper, head=Head(name=True)), fields=True))
    assert len(found) > len(KEYS)
    for _, name, (left, bottom, right, top) in found:
        assert paper.left - 0.1 <= left < right <= paper.width - paper.right + 0.1, name
        assert 0 < bottom < top < paper.height, name
    for (page, one, a), (other, two, b) in combinations(found, 2):
        apart = a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]
        assert page != other or apart, (one, two)


def test_boxes_are_large_enough_to_write_in_by_hand() -> None:
    sizes = {name: (x2 - x1, y2 - y1) for _, name, (x1, y1, x2, y2) in rectangles(pdf(student_sheet(), fields=True))}
    assert sizes["a1[1]"] == pytest.approx((26 * MM, 7.8 * MM), abs=1)
    assert sizes["W1[1,1]"] == pytest.approx((14 * MM, 7 * MM), abs=1)
    assert sizes["z1[2]"] == pytest.approx((11 * MM, 5 * MM), abs=1)


def test_a_form_is_printed_once() -> None:
    assert float(read(pdf(student_sheet(), HALF_A4, fields=True)).pages[0].mediabox.height) == pytest.approx(
        HALF_A4.height, abs=0.02
    )


def test_a_blank_without_a_key_is_no_field() -> None:
    assert Blank("", "line").dotted
    assert all(name for _, name, _ in rectangles(pdf(student_sheet(), fields=True)))
