"""Formulas set as boxes: where things lie, in em or points."""

from itertools import pairwise

import pytest

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
from handcalc.formula.quantity import Quantity
from handcalc.render.breaking import broken
from handcalc.render.typeset.boxes import Box, Glyph, Rule, marks
from handcalc.render.typeset.ink import _read, code_of, ink
from handcalc.render.typeset.layout import typeset
from handcalc.render.typeset.letters import letter
from handcalc.render.typeset.metrics import metrics
from handcalc.render.typeset.style import Level

SIZE = 10.0
PLUS, MINUS, TIMES = Operator("+"), Operator("−"), Operator("·")
EQUALS, ABOUT = Relation("="), Relation("≈")
ONE, A, B, Z = Digits("1"), Letter("a"), Letter("b"), Letter("z")
HALF = Fraction(ONE, Digits("2"))
SIGMOID = Fraction(ONE, Row((ONE, PLUS, Script(Letter("e"), sup=Row((MINUS, Z))))))

EXAMPLES: dict[type[Maths], Maths] = {
    Row: Row((A, PLUS, B)),
    Digits: Digits("0.58668…"),
    Letter: Letter("yhat"),
    Word: Word("otherwise"),
    Function: Function("tanh"),
    Operator: PLUS,
    Relation: EQUALS,
    Fraction: SIGMOID,
    Script: Script(Letter("w"), Digits("21"), Fenced(ONE)),
    Fenced: Fenced(SIGMOID),
    Root: Root(Row((A, PLUS, B))),
    Matrix: Matrix(((Digits("0.5"), Row((MINUS, Digits("1.25")))), (ONE, Z))),
    Choice: Choice(((ONE, Row((Z, Relation(">"), Digits("0")))), (Digits("0"), None))),
    Slot: Slot(Quantity("z", 1, (2,))),
    Blank: Blank("z1[2]"),
}


def glyphs(box: Box) -> list[tuple[float, float, Glyph]]:
    return [(x, y, mark) for x, y, mark in marks(box) if isinstance(mark, Glyph)]


def rules(box: Box) -> list[tuple[float, float, Rule]]:
    return [(x, y, mark) for x, y, mark in marks(box) if isinstance(mark, Rule)]


def reads(box: Box) -> str:
    return "".join(glyph.text for _, _, glyph in glyphs(box))


def test_every_kind_of_mark_has_an_example() -> None:
    names = {kind.__name__ for kind in Maths.__subclasses__()} - {"Shown"}
    assert {kind.__name__ for kind in EXAMPLES} == names


@pytest.mark.parametrize("mark", EXAMPLES.values(), ids=lambda mark: type(mark).__name__)
@pytest.mark.parametrize("level", list(Level))
def test_a_box_holds_all_that_is_drawn(mark: Maths, level: Level) -> None:
    box = typeset(mark, SIZE, level)
    assert box.width > 0
    for x, y, glyph in glyphs(box):
        assert y + glyph.form.height * glyph.size <= box.height + 1e-6
        assert y - glyph.form.depth * glyph.size >= -box.depth - 1e-6
        if glyph.text:  # an accent has no width and hangs over its letter
            assert -1e-6 <= x <= x + glyph.form.width * glyph.size <= box.width + 1e-6
    for x, y, rule in rules(box):
        assert -1e-6 <= x <= x + rule.width <= box.width + 1e-6
        assert y + rule.height <= box.height + 1e-6


def test_the_fraction_bar_lies_on_the_axis() -> None:
    ((_, y, bar),) = rules(typeset(HALF, SIZE))
    assert y + bar.height / 2 == pytest.approx(metrics().constants["AxisHeight"] * SIZE)


def test_numerator_and_denominator_stand_off_the_bar() -> None:
    box = typeset(SIGMOID, SIZE)
    ((x, y, bar),) = rules(box)
    for left, base, glyph in glyphs(box):
        above = base > y
        edge = base - glyph.form.depth * SIZE if above else base + glyph.form.height * glyph.size
        assert edge >= y + bar.height + 0.1 * SIZE if above else edge <= y - 0.1 * SIZE
        assert x - 1e-6 <= left <= x + bar.width


@pytest.mark.parametrize("inner", [SIGMOID, HALF, Fraction(HALF, HALF), EXAMPLES[Matrix]])
def test_fences_cover_what_is_tall(inner: Maths) -> None:
    content, box = typeset(inner, SIZE), typeset(Fenced(inner), SIZE)
    axis = metrics().constants["AxisHeight"] * SIZE
    needed = 2 * max(content.height - axis, content.depth + axis)
    fence = glyphs(box)[0]
    top, bottom = fence[1] + fence[2].form.height * SIZE, fence[1] - fence[2].form.depth * SIZE
    assert top - bottom >= min(0.9 * needed, needed - 0.5 * SIZE)
    assert (top + bottom) / 2 == pytest.approx(axis)


def test_scripts_alone_do_not_make_fences_taller() -> None:
    fence = glyphs(typeset(Fenced(EXAMPLES[Script]), SIZE))[0]
    assert fence[2].form is metrics().characters["("]


@pytest.mark.parametrize("count", [2, 5, 9, 15])
def test_the_brace_of_a_choice_covers_its_rows(count: int) -> None:
    rows = tuple((Digits(str(i)), Row((Z, Relation(">"), Digits(str(i))))) for i in range(count))
    brace = [g for g in glyphs(typeset(Choice(rows), SIZE)) if g[2].text in ("{", "")]
    top = max(y + g.form.height * SIZE for _, y, g in brace)
    bottom = min(y - g.form.depth * SIZE for _, y, g in brace)
    plain = glyphs(typeset(Choice(rows), SIZE))
    digits = [y for _, y, g in plain if g.text == "z"]
    assert len(digits) == count
    assert top >= max(digits) + 0.4 * SIZE
    assert bottom <= min(digits)


def test_a_choice_says_if_and_otherwise() -> None:
    assert reads(typeset(EXAMPLES[Choice], SIZE)) == "{1ifz>00otherwise"


def test_a_minus_sign_is_closer_than_a_minus() -> None:
    sign, difference = typeset(Row((MINUS, B)), SIZE), typeset(Row((A, MINUS, B)), SIZE)
    separate = [typeset(mark, SIZE).width for mark in (A, MINUS, B)]
    assert sign.width == pytest.approx(sum(separate[1:]))
    assert difference.width == pytest.approx(sum(separate) + 2 * 4 / 18 * SIZE)


def test_a_minus_behind_a_word_is_a_sign_and_a_plus_behind_dots_is_none() -> None:
    word, signed = Word("if"), Row((MINUS, B))
    beside = typeset(Row((word, MINUS, B)), SIZE).width - typeset(word, SIZE).width
    assert beside == pytest.approx(typeset(signed, SIZE).width + 0.25 * SIZE)
    dots = Row((A, PLUS, Word("…"), PLUS, B))
    separate = [typeset(mark, SIZE).width for mark in dots.items]
    assert typeset(dots, SIZE).width == pytest.approx(sum(separate) + 4 * 4 / 18 * SIZE)


def test_an_operator_that_continues_a_row_is_no_sign() -> None:
    row = Row((PLUS, B))
    assert typeset(row, SIZE, continues=True).width > typeset(row, SIZE).width


def test_a_nested_row_is_set_like_a_flat_one() -> None:
    flat = typeset(Row((A, EQUALS, B, PLUS, Z)), SIZE)
    nested = typeset(Row((A, Row((EQUALS, Row((B, PLUS, Z)))))), SIZE)
    assert nested.width == pytest.approx(flat.width)


def test_superscript_and_subscript_do_not_touch() -> None:
    sub, sup = (g for g in glyphs(typeset(Script(A, ONE, ONE), SIZE)) if g[2].text == "1")
    gap = (sup[1] - sup[2].form.depth * sup[2].size) - (sub[1] + sub[2].form.height * sub[2].size)
    assert gap >= metrics().constants["SubSuperscriptGapMin"] * SIZE - 1e-6


def test_scripts_of_scripts_are_not_smaller_than_half() -> None:
    tower: Maths = A
    for _ in range(6):
        tower = Script(A, sup=tower)
    assert min(glyph.size for _, _, glyph in glyphs(typeset(tower, SIZE))) == pytest.approx(0.55 * SIZE)


def test_numbers_in_a_column_align_at_their_points() -> None:
    column = Matrix(((Digits("0.5"),), (Row((MINUS, Digits("12.25"))),), (Digits("3"),)))
    points = [x for x, _, glyph in glyphs(typeset(column, SIZE)) if glyph.text == "."]
    assert points[0] == pytest.approx(points[1])


def test_a_root_covers_its_inner_formula() -> None:
    box = typeset(Root(SIGMOID), SIZE)
    over, bar = sorted(rules(box), key=lambda r: -r[1])
    assert over[1] > typeset(SIGMOID, SIZE).height
    assert over[2].width >= bar[2].width


def test_a_hat_sits_above_its_letter_and_is_read_with_it() -> None:
    base, hat = glyphs(typeset(Letter("yhat"), SIZE))
    assert (base[2].text, hat[2].text) == ("ŷ", "")
    assert hat[1] + hat[2].form.height * SIZE > base[1] + base[2].form.height * SIZE


@pytest.mark.parametrize(
    ("name", "looks"),
    [("eta", "η"), ("partial", "∂"), ("Delta", "Δ"), ("yhat", "y\u0302"), ("etahat", "η\u0302"), ("w", "w")],
)
def test_letters_by_name(name: str, looks: str) -> None:
    assert "".join(letter(name)) == looks


@pytest.mark.parametrize(("mark", "text"), [(Letter("w"), "w"), (Letter("eta"), "η"), (MINUS, "−"), (Letter("h"), "h")])
def test_codes_read_as_plain_characters(mark: Maths, text: str) -> None:
    for level in Level:
        ((_, _, glyph),) = glyphs(typeset(mark, SIZE, level))
        assert _read(code_of(glyph.form.number, glyph.text)) == text


def test_codes_fit_into_two_bytes_and_keep_accents_apart() -> None:
    y = metrics().characters["𝑦"].number
    codes = {code_of(y, "y"), code_of(y, "ŷ"), code_of(y, "")}
    assert len(codes) == 3
    assert max(codes) < 1 << 16
    assert _read(code_of(y, "ŷ")) == "ŷ"


def test_glyphs_beside_each_other_are_drawn_in_one_string() -> None:
    assert ink(typeset(Digits("0.586680"), SIZE)).operators.count(b"TJ") == 1


def columns(mark: Maths) -> float:
    return len(reads(typeset(mark, SIZE)))


def product(i: int) -> Row:
    return Row((Script(Letter("w"), Digits(str(i))), TIMES, Script(Letter("x"), Digits(str(i)))))


def total(count: int) -> Row:
    items: list[Maths] = [product(0)]
    for i in range(1, count):
        items += [PLUS, product(i)]
    return Row(tuple(items))


def row_text(row: Row) -> str:
    return reads(typeset(row, SIZE))


def test_a_chain_that_fits_stays_on_one_row() -> None:
    ((left, right, depth),) = broken(Z, ((EQUALS, total(3)), (ABOUT, ONE)), 1000, columns)
    assert (left, row_text(right), depth) == (Z, "=w0·x0+w1·x1+w2·x2≈1", 0)


def test_a_chain_breaks_at_relations_first() -> None:
    rows = broken(Z, ((EQUALS, total(3)), (EQUALS, total(3)), (ABOUT, ONE)), 25, columns)
    assert [row_text(right) for _, right, _ in rows] == ["=w0·x0+w1·x1+w2·x2", "=w0·x0+w1·x1+w2·x2≈1"]
    assert [left for left, _, _ in rows] == [Z, None]


def test_a_result_does_not_stand_alone_below_its_digits() -> None:
    digits = (EQUALS, Digits("0.1234567…"))
    rows = broken(Z, ((EQUALS, total(3)), (EQUALS, total(3)), digits, (ABOUT, Digits("0.1235"))), 33, columns)
    assert [row_text(right) for _, right, _ in rows] == [
        "=w0·x0+w1·x1+w2·x2",
        "=w0·x0+w1·x1+w2·x2",
        "=0.1234567…≈0.1235",
    ]


@pytest.mark.parametrize("width", [12, 17, 30, 55])
def test_a_broken_sum_loses_nothing_and_fits(width: int) -> None:
    rows = broken(Z, ((EQUALS, total(9)), (ABOUT, ONE)), width, columns)
    assert "".join(row_text(right) for _, right, _ in rows) == row_text(Row((EQUALS, total(9), ABOUT, ONE)))
    assert all(columns(right) + columns(Z) <= width for _, right, _ in rows)
    assert all(isinstance(right.items[0], Relation if depth == 0 else Operator) for _, right, depth in rows)


def test_a_product_is_broken_inside_its_fence_only_if_it_must() -> None:
    chain = ((EQUALS, Row((A, TIMES, Fenced(total(4)), TIMES, Fenced(total(2))))),)
    outside = broken(Z, chain, 36, columns)
    assert [(row_text(right), depth) for _, right, depth in outside] == [
        ("=a·(w0·x0+w1·x1+w2·x2+w3·x3)", 0),
        ("·(w0·x0+w1·x1)", 1),
    ]
    inside = broken(Z, chain, 22, columns)
    assert [row_text(right) for _, right, _ in inside] == ["=a·(w0·x0+w1·x1+w2·x2", "+w3·x3)·(w0·x0+w1·x1)"]
    assert [depth for _, _, depth in inside] == [0, 2]


def test_the_exponent_stays_at_the_closing_fence() -> None:
    rows = broken(Z, ((EQUALS, Script(Fenced(total(4)), sup=Digits("2"))),), 18, columns)
    assert [row_text(right) for _, right, _ in rows] == ["=(w0·x0+w1·x1", "+w2·x2+w3·x3)2"]


def test_a_wide_fraction_is_written_as_a_product() -> None:
    rows = broken(Z, ((EQUALS, Fraction(total(6), Digits("6"))),), 25, columns)
    assert row_text(rows[0][1]).startswith("=16·(w0·x0")
    assert len(rows) > 1


def test_a_sign_is_no_place_to_break() -> None:
    terms: list[Maths] = [MINUS, A]
    for _ in range(5):
        terms += [TIMES, Fenced(Row((MINUS, A)))]
    rows = broken(Z, ((EQUALS, Row(tuple(terms))),), 12, columns)
    assert all(not row_text(right).startswith("−") for _, right, _ in rows)
    assert all(not above.endswith("(") for above, _ in pairwise(row_text(right) for _, right, _ in rows))


def test_fractions_in_a_cell_and_in_a_matrix_keep_off_what_stands_above_and_below() -> None:
    half, whole = Fraction(Digits("1"), Digits("2")), Digits("2")
    alone = typeset(half, 10, Level.TEXT)
    assert typeset(Matrix(((half,), (whole,)), 5), 10).total >= 2 * (alone.total + 3.5)
    assert typeset(Matrix(((half,), (half,))), 10).total >= 2 * alone.total + 6 + 4
    assert typeset(Matrix(((whole,), (whole,)), 5), 10).total == pytest.approx(38)
