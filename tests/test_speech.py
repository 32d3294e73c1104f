"""Formulas in words, and tagged pages on which every formula and picture has them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import SIGMOID, SLOPE, blank, everything, read, student_sheet, text

from handcalc.formula.languages import english, german
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
from handcalc.formula.quantity import read_key
from handcalc.render import press
from handcalc.render.pdf import pdf
from handcalc.render.press import Unprintable
from handcalc.render.speech import spoken
from handcalc.sheet.paper import A4, Head

Z, ONE = Letter("z"), Digits("1")
SUM = Row((Letter("a"), Operator("+"), Letter("b")))
EXAMPLES: list[tuple[Maths, str]] = [
    (Slot(read_key("z1[2]")), "z sub 2 of layer 1"),
    (Slot(read_key("W1[2,11]")), "w sub 2 11 of layer 1"),
    (Slot(read_key("W[u=1][2,1]")), "w sub 2 1 prime"),
    (Slot(read_key("a1[s=3][2]")), "a sub 2 of layer 1 of sample 3"),
    (Slot(read_key("b[u=12]")), "b after 12 updates"),
    (SLOPE, "partial derivative of capital L with respect to w sub 2 1 of layer 1"),
    (SIGMOID, "fraction 1 over 1 plus e to the power minus blank end power end fraction"),
    (Row((Letter("yhat"), Relation("="), Operator("−"), Digits("0.58…"))), "y hat equals minus 0.58 and so on"),
    (Script(Fenced(SUM), sup=Digits("2")), "open parenthesis a plus b close parenthesis squared"),
    (Root(SUM), "square root of a plus b end root"),
    (Matrix(((ONE, Z),)), "matrix with 1 row and 2 columns: row 1: 1, z; end matrix"),
    (Choice(((ONE, Row((Z, Relation(">"), Digits("0")))), (Digits("0"), None))),
     "cases: 1 if z is greater than 0; 0 otherwise; end cases"),
    (Row((Function("ln"), Letter("eta"))), "natural logarithm of eta"),
    (Script(Letter("W"), sup=Letter("transpose")), "capital W transposed"),
    (Letter("Delta"), "capital Delta"),
    (Word("net"), "net"),
]  # fmt: skip


@pytest.mark.parametrize(("mark", "said"), EXAMPLES, ids=[said for _, said in EXAMPLES])
def test_a_formula_in_words(mark: Maths, said: str) -> None:
    assert spoken((mark,), "en") == said


def test_a_formula_in_german_words() -> None:
    assert spoken((SIGMOID, SLOPE), "de") == (
        "Bruch 1 durch 1 plus e hoch minus Lücke Ende Exponent Ende Bruch; "
        "partielle Ableitung von groß L nach w Index 2 1 der Schicht 1"
    )


ATOMS: list[Maths] = [Z, Letter("w"), Letter("W"), Letter("yhat"), ONE, Digits("0.5"), Digits("0.58…"), Blank("z1[2]")]


def trees(inner: st.SearchStrategy[Maths]) -> st.SearchStrategy[Maths]:
    signs = st.sampled_from([Operator("+"), Operator("−"), Operator("·"), Relation("="), Relation(">")])
    return st.one_of(
        st.builds(lambda a, sign, b: Row((a, sign, b)), inner, signs, inner),
        st.builds(Fraction, inner, inner),
        st.builds(Fenced, inner),
        st.builds(Root, inner),
        st.builds(lambda base, sub, sup: Script(base, sub, sup),
                  st.sampled_from([Z, Letter("e")]), st.none() | st.just(ONE), st.none() | inner),
        st.builds(lambda a, b: Matrix(((a, b),)), inner, inner),
        st.builds(lambda a, b: Matrix(((a,), (b,))), inner, inner),
    )  # fmt: skip


def flat(mark: Maths) -> object:
    """What is seen: rows in rows are one, a script without scripts is its base."""
    match mark:
        case Row(items):
            found: list[object] = []
            for item in items:
                one = flat(item)
                found += one[1:] if isinstance(one, tuple) and one[:1] == ("row",) else (one,)
            return ("row", *found)
        case Script(base, None, None):
            return flat(base)
        case Script(base, sub, sup):
            return ("script", flat(base), sub and flat(sub), sup and flat(sup))
        case Fraction(top, bottom):
            return ("fraction", flat(top), flat(bottom))
        case Fenced(inner) | Root(inner):
            return (type(mark).__name__, flat(inner))
        case Matrix(rows):
            return ("matrix", *(tuple(map(flat, row)) for row in rows))
    return mark


FORMULAS = st.recursive(st.sampled_from(ATOMS), trees, max_leaves=8)


@settings(max_examples=300, deadline=None)
@given(FORMULAS, FORMULAS)
def test_no_two_formulas_sound_the_same(one: Maths, two: Maths) -> None:
    for language in ("en", "de"):
        assert (spoken((one,), language) == spoken((two,), language)) == (flat(one) == flat(two))


def test_what_stands_beside_each_other_does_not_sound_like_one_above_the_other() -> None:
    beside, above = Row((Fraction(ONE, Z), Operator("+"), ONE)), Fraction(ONE, Row((Z, Operator("+"), ONE)))
    assert spoken((beside,), "en") != spoken((above,), "en")


@pytest.mark.parametrize("table", [english.SENTENCES, german.SENTENCES])
def test_signs_that_mean_different_things_have_different_words(table: dict[str, str]) -> None:
    said = {name: words for name, words in table.items() if name.startswith("spoken ") and name != "spoken ×"}
    assert len(set(said.values())) == len(said)


def elements(reader: Any) -> Iterator[Any]:
    """The structure of a tagged page, element by element, in reading order."""

    def walk(element: Any) -> Iterator[Any]:
        element = element.get_object()
        if not hasattr(element, "get") or "/S" not in element:
            return
        yield element
        for kid in element.get("/K", []):
            yield from walk(kid)

    (document,) = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    yield from walk(document)


@pytest.mark.parametrize("fields", [False, True])
@pytest.mark.parametrize("made", [everything, student_sheet])
def test_every_formula_and_picture_is_said_in_words(made: Any, fields: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    drawings: dict[str, press.Drawing] = {}
    original = press._Last.__init__

    def note(self: Any, document: Any, found: Any, *rest: Any, **more: Any) -> None:
        drawings.update(found)
        original(self, document, found, *rest, **more)

    monkeypatch.setattr(press._Last, "__init__", note)
    data = pdf(made(), replace(A4, head=Head(name=True)), tagged=True, fields=fields)
    found = [one for one in elements(read(data)) if one["/S"] in ("/Formula", "/Figure")]
    assert [str(one["/Alt"]) for one in found] == [drawing.said for drawing in drawings.values()]
    assert [str(one["/S"])[1:] for one in found] == [drawing.kind for drawing in drawings.values()]
    assert all(drawing.said for drawing in drawings.values())


def test_marked_content_and_structure_belong_together() -> None:
    reader = read(pdf(everything(), tagged=True))
    root = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    numbers = root["/ParentTree"]["/Nums"]
    for i, page in enumerate(reader.pages):
        marked = [int(n) for n in re.findall(rb"/MCID (\d+)", page.get_contents().get_data())]  # type: ignore[union-attr]
        parents = [one.get_object() for one in numbers[2 * i + 1]]
        assert sorted(marked) == list(range(len(parents)))
        assert all(n in parent["/K"] for n, parent in enumerate(parents))
        operators = page.get_contents().get_data()  # type: ignore[union-attr]
        assert len(re.findall(rb"\b(?:BDC|BMC)\b", operators)) == len(re.findall(rb"\bEMC\b", operators))


def test_a_tagged_page_declares_itself() -> None:
    data = pdf(everything(), tagged=True)
    root: Any = read(data).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert all(str(page["/Tabs"]) == "/S" for page in read(data).pages)
    assert pdf(everything(), tagged=True) == data
    assert text(data) == text(pdf(everything()))


def test_a_field_is_a_part_of_its_formula_and_says_which_blank_it_is() -> None:
    data = pdf(student_sheet(), tagged=True, fields=True)
    forms = [one for one in elements(read(data)) if one["/S"] == "/Form"]
    widgets: list[Any] = [one.get_object() for page in read(data).pages for one in page["/Annots"]]  # type: ignore[attr-defined]
    assert [form["/K"][0].get_object()["/Obj"].get_object()["/T"] for form in forms] == [one["/T"] for one in widgets]
    assert all(form["/P"].get_object()["/S"] in ("/Formula", "/Figure") for form in forms)
    tips = [str(one["/TU"]) for one in widgets]
    assert "z equals blank times x plus blank is about blank; blank 2 of 3" in tips
    assert len({one["/StructParent"] for one in widgets}) == len(widgets)


def test_a_blank_never_says_its_key() -> None:
    assert spoken((Row((Z, Relation("="), blank("dL/dW1[2,1]"))),), "en") == "z equals blank"


def test_without_being_asked_for_nothing_is_tagged() -> None:
    data = pdf(everything())
    assert "/StructTreeRoot" not in read(data).trailer["/Root"]  # type: ignore[operator]
    assert b"MCID" not in data
    assert len(data) < len(pdf(everything(), tagged=True))


def test_a_page_that_is_painted_otherwise_can_not_be_tagged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_in_place", lambda: False)
    assert text(pdf(everything()))
    with pytest.raises(Unprintable, match="can't be tagged"):
        pdf(everything(), tagged=True)
