"""Letters and signs look like themselves in every output."""

import pytest
from every_mark import ABOUT, EQUALS, Step, transposed

from handcalc.formula.maths import Letter, Maths, Matrix, Operator, Row
from handcalc.formula.notation import number
from handcalc.render.latex_maths import maths_to_latex
from handcalc.render.mathml import mathml
from handcalc.render.text import plain, text
from handcalc.render.typeset.boxes import Glyph, marks
from handcalc.render.typeset.layout import typeset
from handcalc.render.typeset.metrics import metrics
from handcalc.sheet.parts import Section, Sheet, Working

LOOKS = [
    ("alpha", "α", r"\alpha"), ("beta", "β", r"\beta"), ("gamma", "γ", r"\gamma"), ("delta", "δ", r"\delta"),
    ("Delta", "Δ", r"\Delta"), ("epsilon", "ε", r"\varepsilon"), ("eta", "η", r"\eta"), ("theta", "θ", r"\theta"),
    ("lambda", "λ", r"\lambda"), ("mu", "μ", r"\mu"), ("pi", "π", r"\pi"), ("rho", "ρ", r"\rho"),
    ("sigma", "σ", r"\sigma"), ("Sigma", "Σ", r"\Sigma"), ("tau", "τ", r"\tau"), ("phi", "φ", r"\varphi"),
    ("transpose", "⊤", r"\top"), ("net", "net", r"\mathrm{net}"), ("out", "out", r"\mathrm{out}"), ("w", "w", "w"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "char", "tex"), LOOKS)
def test_a_letter_by_its_name(name: str, char: str, tex: str) -> None:
    assert maths_to_latex(Letter(name)) == tex
    assert f">{char}</mi>" in mathml(Letter(name))
    assert plain(Letter(name)) == ("T" if name == "transpose" else char)


@pytest.mark.parametrize(("name", "char"), [("mhat", "m"), ("vhat", "v"), ("shat", "s"), ("yhat", "y")])
def test_a_letter_with_a_hat(name: str, char: str) -> None:
    assert maths_to_latex(Letter(name)) == rf"\hat{{{char}}}"
    assert f"<mi>{char}</mi>" in mathml(Letter(name))
    assert plain(Letter(name)) == name


@pytest.mark.parametrize("mark", [*(Letter(name) for name, *_ in LOOKS), Letter("mhat"), Operator("×"), Operator("⊙")])
def test_the_font_has_it(mark: Maths) -> None:
    missing = metrics().forms[0]
    found = [part for _, _, part in marks(typeset(mark, 10)) if isinstance(part, Glyph)]
    assert found
    assert missing not in [part.form for part in found]


def test_a_name_of_several_letters_and_a_capital_are_upright() -> None:
    for name, codes in (("net", {"n", "e", "t"}), ("Delta", {"Δ"})):
        forms = [part.form for _, _, part in marks(typeset(Letter(name), 10)) if isinstance(part, Glyph)]
        assert set(forms) == {metrics().characters[code] for code in codes}
    assert mathml(Letter("Delta")) == '<math><mi mathvariant="normal">Δ</mi></math>'


@pytest.mark.parametrize(
    ("sign", "tex", "said"), [("·", r"\cdot", "a·b"), ("×", r"\times", "a×b"), ("⊙", r"\odot", "a ⊙ b")]
)
def test_the_signs_of_products(sign: str, tex: str, said: str) -> None:
    row = Row((Letter("a"), Operator(sign), Letter("b")))  # type: ignore[arg-type]
    assert maths_to_latex(row) == f"a {tex} b"
    assert plain(row) == said
    assert f'<mo form="infix">{sign}</mo>' in mathml(row)


def test_a_transposed_letter() -> None:
    assert maths_to_latex(transposed(Letter("W"))) == r"W^{\top}"
    assert plain(Row((transposed(Letter("W")), Letter("x")))) == "W^T x"


def matrix(*rows: str) -> Matrix:
    return Matrix(tuple(tuple(map(number, row.split())) for row in rows))


def test_matrices_in_a_text_stand_over_several_lines() -> None:
    W, x = matrix("0.5 -0.25", "1.75 0.1", "12 3"), matrix("1", "2")
    long = Row((Letter("W"), Letter("x"), Operator("⊙"), Letter("n" * 40)))
    step = Step(
        "z",
        Letter("z"),
        ((EQUALS, long), (EQUALS, Row((W, x))), (ABOUT, matrix("0", "1.95", "18"))),
    )
    assert text(Sheet("t", (), (Section("", (Working((step,)),)),))).split("\n\n", 2)[2].splitlines() == [
        "  z = W x ⊙ " + "n" * 40,
        "",
        "      [  0.5   −0.25 ]         [  0    ]",
        "    = [  1.75   0.1  ] [ 1 ] ≈ [  1.95 ]",
        "      [ 12      3    ] [ 2 ]   [ 18    ]",
    ]


def test_a_matrix_too_wide_for_the_text_goes_over_several_lines() -> None:
    step = Step("V", Letter("V"), ((EQUALS, matrix(" ".join(["-0.58668…"] * 20), " ".join(["0.5"] * 20))),))
    lines = text(Sheet("t", (), (Section("", (Working((step,)),)),))).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.count("−0.58668…") for line in lines) == 20


def test_a_product_of_matrices_is_broken_between_them() -> None:
    wide = matrix(*[" ".join(["-0.58668…"] * 5)] * 2)
    step = Step("V", Letter("V"), ((EQUALS, Row((wide, transposed(wide), Operator("⊙"), wide))),))
    lines = text(Sheet("t", (), (Section("", (Working((step,)),)),))).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.lstrip().startswith("⊙ [") for line in lines) == 1
