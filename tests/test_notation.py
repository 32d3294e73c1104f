"""How a sheet may look: each notation in each output, and no two quantities that look the same."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

import handcalc
from handcalc.derive.warnings import warnings
from handcalc.formula.look import USUAL, Notation, alike, look, numbered, read_letters
from handcalc.formula.maths import Digits, Letter, Matrix, Operator, Row, Script, Slot
from handcalc.formula.notation import lettered, number, on_paper, written
from handcalc.formula.quantity import Quantity, read_key
from handcalc.formula.tree import Formula, Num, Ref, cases, largest, ln
from handcalc.network import NetworkFileError, read_text
from handcalc.render.latex_maths import maths_to_latex
from handcalc.render.text import plain, text
from handcalc.sheet.compose import compose
from handcalc.sheet.parts import Sheet, Table, in_letters
from handcalc.write import render

NET: dict[str, Any] = {
    "inputs": [3, "1.2"],
    "layers": [
        {"relu": [["0.2", "-0.5"], ["0.4", "0.3"]], "bias": ["0.1", "-0.6"]},
        {"softmax": [["0.5", "1"], ["-0.5", "0.4"]], "bias": [0, "0.2"]},
    ],
    "target": [1, 0],
    "loss": "cross-entropy",
    "learning rate": "1e-1",
}
DELTA, AGAINST = Notation(gradients="delta"), Notation(gradients="delta", sign="y - p")
LAYERS = ("superscript", "plain", "throughout")


def ref(key: str) -> Formula:
    return Ref(read_key(key))


def latex(key: str, notation: Notation = USUAL) -> str:
    return maths_to_latex(look(read_key(key), notation))


def solved(**notation: object) -> handcalc.Solution:
    return handcalc.solve(NET | {"notation": notation})


def words_of(made: str | bytes) -> str:
    if isinstance(made, str):
        return made
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))


@pytest.mark.parametrize(
    ("key", "seen"),
    [
        ("W1[2,1]", "w_{21}^{(1)}"),
        ("W1", "W^{(1)}"),
        ("W2[12,1]", "w_{12{,}1}^{(2)}"),
        ("p[1]", "p_{1}"),
        ("L[u=1]", r"L^{\prime}"),
        ("W1[u=3][1,2]", r"w_{12}^{(1) \prime \prime \prime}"),
        ("W1[u=4][1,2]", r"w_{12}^{(1) \langle 4 \rangle}"),
        ("z1[s=2][u=10][1]", r"z_{1}^{(1) [2] \langle 10 \rangle}"),
        ("h[t=3][1]", "h_{1}^{(t = 3)}"),
        ("dL/dW1[2,1]", r"\frac{\partial L}{\partial w_{21}^{(1)}}"),
        ("-dL/dz1[1]", r"-\frac{\partial L}{\partial z_{1}^{(1)}}"),
        ("dL[s=2]/dz1[s=2][1]", r"\frac{\partial L^{[2]}}{\partial z_{1}^{(1) [2]}}"),
        ("dyhat[2]/dq", r"\frac{\partial \hat{y}_{2}}{\partial q}"),
        ("m(W1[1,2])", "m_{w_{12}}^{(1)}"),
        ("vhat(b1[u=2][1])", r"\hat{v}_{b_{1}}^{(1) \prime \prime}"),
        ("w01", "w_{01}"),
        ("t_h1", "t_{h 1}"),
    ],
)
def test_the_usual_look(key: str, seen: str) -> None:
    assert latex(key) == seen


def test_delta_is_the_gradient_of_a_weighted_sum_with_the_sign_of_the_notation() -> None:
    assert latex("dL/dz2[1]", DELTA) == r"\delta_{1}^{(2)}"
    assert latex("dL[s=3]/dz2[s=3][1]", DELTA) == r"\delta_{1}^{(2) [3]}"
    assert latex("-dL/dz2[1]", AGAINST) == r"\delta_{1}^{(2)}"
    for key, notation in (("dL/dW2[1,2]", DELTA), ("-dL/dz2[1]", DELTA), ("dL/dz2[1]", AGAINST), ("p[1]", DELTA)):
        assert latex(key, notation) == latex(key)


def test_what_carries_a_raised_mark_or_a_minus_is_fenced_in_a_tight_place() -> None:
    raised, minus, slope = ref("a1[1]") ** 2, ref("-dL/dW[1]") * ref("x"), ref("dL/dW[1]") ** 2
    assert maths_to_latex(lettered(written(raised))) == "(a_{1}^{(1)})^{2}"
    assert maths_to_latex(lettered(written(minus))) == r"\left( -\frac{\partial L}{\partial w_{1}} \right) \cdot x"
    assert maths_to_latex(lettered(written(slope))) == r"\left( \frac{\partial L}{\partial w_{1}} \right)^{2}"
    assert plain(written(minus)) == plain(lettered(written(minus))) == "(-dL/dW[1])·x"
    assert plain(written(slope)) == plain(lettered(written(slope))) == "(dL/dW[1])^2"
    assert plain(written(ref("-dL/dW[1]") + ref("x"))) == "-dL/dW[1] + x"


def test_another_look_is_fenced_where_it_needs_it_and_only_there() -> None:
    raised = lettered(written(ref("a1[1]") ** 2 * ref("-dL/dz1[1]")))
    notation = numbered(Notation(layers="plain", gradients="delta", sign="y - p"), (2, 2, 1))
    assert maths_to_latex(on_paper(raised, notation)) == r"{h_{1}}^{2} \cdot \delta_{1}"
    assert maths_to_latex(on_paper(raised, USUAL)) == maths_to_latex(raised)


def test_plain_layers_number_everything_throughout() -> None:
    notation = numbered(Notation(layers="plain", gradients="delta"), (2, 2, 2))
    seen = {key: latex(key, notation) for key in ("W1[1,1]", "W1[1,2]", "W1[2,1]", "W2[1,1]", "W2[2,2]")}
    assert list(seen.values()) == ["w_{1}", "w_{2}", "w_{3}", "w_{5}", "w_{8}"]
    assert latex("b2[u=1][1]", notation) == r"b_{3}^{\prime}"
    assert (latex("z2[2]", notation), latex("a1[2]", notation)) == ("z_{4}", "h_{2}")
    assert (latex("dL/dz2[2]", notation), latex("m(W2[2,2])", notation)) == (r"\delta_{4}", "m_{w_{8}}")
    assert (latex("yhat[1]", notation), latex("S1", notation)) == (r"\hat{y}_{1}", "S^{(1)}")


def test_units_in_one_count() -> None:
    notation = numbered(Notation(layers="throughout"), (3, 2, 1))
    seen = [
        latex(key, notation) for key in ("W1[1,1]", "W1[2,3]", "W2[1,2]", "b1[1]", "a1[2]", "yhat[1]", "y[1]", "x[3]")
    ]
    assert seen == ["w_{14}", "w_{35}", "w_{56}", r"\theta_{4}", "O_{5}", "O_{6}", "y_{6}", "x_{3}"]
    other = numbered(Notation(layers="throughout", indices="from, to"), (3, 2, 1))
    assert latex("W1[3,2]", other) == "w_{35}"


def test_own_letters_name_one_quantity_or_a_block_or_a_letter() -> None:
    letters = (("W1[1,2]", "w3"), ("a1", "out_h"), ("z", "net"), ("L", "E"), ("W2", "V"), ("eta", "α"))
    notation = numbered(Notation(gradients="delta", letters=letters), (2, 2, 1))
    wanted = {
        "W1[1,2]": "w_{3}", "W1[1,1]": "w_{11}^{(1)}", "W1[u=1][1,2]": r"w_{3}^{\prime}",
        "a1[2]": r"\mathrm{out}_{h 2}",
        "z1[2]": r"\mathrm{net}_{2}^{(1)}", "dL/dz1[2]": r"\delta_{2}^{(1)}", "W2": "V", "W2[1,2]": "v_{12}",
        "dL/dW1[1,2]": r"\frac{\partial E}{\partial w_{3}}", "eta": r"\alpha",
    }  # fmt: skip
    assert {key: latex(key, notation) for key in wanted} == wanted


@given(
    st.lists(st.integers(1, 11), min_size=2, max_size=4),
    st.sampled_from(LAYERS),
    st.sampled_from(["to, from", "from, to"]),
    st.sampled_from(["partial", "delta"]),
)
def test_no_two_quantities_look_the_same(units: list[int], layers: Any, indices: Any, gradients: Any) -> None:
    shape = [{"softmax" if n > 1 else "sigmoid": [[1] * before] * n, "bias": [1] * n}
             for before, n in pairwise(units)]  # fmt: skip
    network = {"inputs": [1] * units[0], "layers": shape, "target": [1] + [0] * (units[-1] - 1), "loss": "sse",
               "learning rate": 1, "show": "forward"}  # fmt: skip
    notation = {"layers": layers, "gradients": gradients}
    solution = handcalc.solve(network | {"notation": notation})
    quantities = solution.program.slots.quantities
    assert alike(solution.notation, quantities) == []
    assert len({look(q, solution.notation) for q in quantities}) == len(quantities)
    assert isinstance(numbered(Notation(layers=layers, indices=indices), units).names, dict)


@pytest.mark.parametrize(
    ("typed", "marks", "text"),
    [
        ("1e-3", r"1 \cdot 10^{-3}", "1·10^(−3)"),
        ("-2.5E+06", r"-2.5 \cdot 10^{6}", "−2.5·10^6"),
        ("1.5·10^26", r"1.5 \cdot 10^{26}", "1.5·10^26"),
    ],
)
def test_a_power_of_ten_is_written_out(typed: str, marks: str, text: str) -> None:
    assert maths_to_latex(number(typed)) == marks
    assert plain(number(typed)) == text


def test_a_power_of_ten_is_fenced_where_it_is_raised_and_in_products_of_the_text() -> None:
    solution = handcalc.solve({"inputs": ["1e-3", "-2e3"], "layers": [{"linear": [["0.5", "1e1"]]}]})
    assert "= 0.5·(1·10^(−3)) + (1·10^1)·(−2·10^3) = −19999.9995" in solution.text()
    f = Num(handcalc.read(NET).learning_rate or pytest.fail("no rate"))
    assert maths_to_latex(written(f**2)) == r"(1 \cdot 10^{-1})^{2}"


OUTPUTS = ("text", "latex", "html", "pdf")


@pytest.mark.parametrize("output", OUTPUTS)
def test_with_decimal_commas_no_number_has_a_point(output: str) -> None:
    said = words_of(render(solved(decimal="comma"), output))
    body = re.split("<body|begin{document}", said)[-1]
    body = re.sub(r"<svg.*?</svg>|% .*?$|\d+\.?\d*(pt|px|bp)|\{[\d.]+\}|style=\"[^\"]*\"", "", body, flags=re.S | re.M)
    body = re.sub(r"\\begin{tikzpicture}.*?\\end{tikzpicture}", "", body, flags=re.S)
    assert re.search(r"0\.\d", words_of(render(solved(), output)))
    assert not re.search(r"\d\.\d", body)
    assert re.search(r"0(,|\{,\})5", body)


def test_with_decimal_commas_lists_have_semicolons() -> None:
    text = solved(decimal="comma").text()
    assert "W1 = [[0,2; −0,5]; [0,4; 0,3]]" in text
    assert "max(0; z1[2]) = max(0; 0,96)" in text
    assert "W1[2,1]·x[1]" in text
    comma = Notation(decimal="comma")
    assert maths_to_latex(on_paper(written(largest(0, ref("z1[1]"))), comma)) == r"\max (0 ; z_{1}^{(1)})"
    wide = handcalc.solve({"inputs": [1] * 16, "layers": [{"linear": [["0.25"] * 16] * 2}], "notation": "comma"})
    assert ";\n" in wide.text().partition("W = ")[2].partition("\n\n")[0]


@pytest.mark.parametrize("output", OUTPUTS)
def test_products_have_the_sign_of_the_notation(output: str) -> None:
    said = words_of(render(solved(product="cross"), output))
    assert "×" in said or r"\times" in said
    assert "·" not in said
    assert r"\cdot" not in said


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_natural_logarithm_has_the_name_of_the_notation(output: str) -> None:
    said = words_of(render(solved(log="log"), output))
    assert "log is the natural logarithm." in said
    assert not re.search(r"\bln\b", said)
    assert "natural logarithm" not in words_of(render(solved(), output))


def test_the_numbers_of_json_stay_as_they_are() -> None:
    usual, other = render(solved(), "json"), render(solved(decimal="comma", product="cross", gradients="delta"), "json")
    assert usual == other


def test_the_lines_of_the_usual_sheet_need_no_rewriting() -> None:
    sheet = compose(solved())
    assert in_letters(sheet).sections[1].parts == sheet.sections[1].parts
    other = in_letters(compose(solved(gradients="delta")))
    assert not any(
        isinstance(row.letters, Slot) for part in other.sections[0].parts for row in getattr(part, "rows", ())
    )


def test_a_sheet_says_what_its_letters_mean() -> None:
    delta = solved(gradients="delta").text()
    assert "dL/dz2[1] is the slope of the loss with respect to the weighted sum z2[1]." in delta
    assert "is the slope of the loss with respect to" not in solved().text()
    one_by_one = words_of(render(solved(layers="plain"), "latex"))
    assert "$w_{3} = 0.4$" in one_by_one
    assert "the weights run from $w_{1}$ to $w_{8}$" in one_by_one
    assert "All units are numbered in one count" in solved(layers="throughout").text()


def test_what_is_drawn_does_not_depend_on_what_was_drawn_before() -> None:
    """A quantity of one key shows no index in a layer of one unit."""
    narrow, wide = Quantity("b", 1, (1,), shown=()), Quantity("b", 1, (1,))
    assert narrow == wide
    assert Slot(narrow) != Slot(wide)
    assert Slot(wide) == Slot(Quantity("b", 1, (1,), shown=(1,)))
    assert Slot(read_key("dL/db1[1]")) == Slot(read_key("dL/db1[1]"))
    both = [maths_to_latex(Slot(q)) for q in (narrow, wide)]
    assert both == ["b^{(1)}", "b_{1}^{(1)}"]


def test_own_letters_that_name_nothing_or_two_quantities_are_told() -> None:
    assert any("letters for z3, but no quantity" in said for said in warnings(solved(letters={"z3": "net"})))
    twice = warnings(solved(letters={"a1": "h", "p": "h"}))
    assert any("a1[1] and p[1] look the same" in said for said in twice)
    assert not any("notation" in said for said in warnings(solved(letters={"a1": "h"})))


BEFORE = "inputs: [1]\nlayers: [{linear: [1]}]\n"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("delta", Notation(gradients="delta")),
        ("Plain", Notation(layers="plain")),
        ("comma", Notation(decimal="comma")),
        ("y - p", Notation(sign="y - p")),
        ("{sign: y − p, gradients: delta}", AGAINST),
        ("{sign: target - output, product: ×, log: log}", Notation(sign="y - p", product="×", log="log")),
        ('{indices: "from, to"}\nlayout: in x out', Notation(indices="from, to")),
        ('"to, from"', USUAL),
        ('{letters: {a1: h, "W1[1,2]": w3}}', Notation(letters=(("a1", "h"), ("W1[1,2]", "w3")))),
        ("{}", None),
    ],
)
def test_a_notation_is_read(said: str, meant: Notation | None) -> None:
    network = read_text(f"{BEFORE}notation: {said}")
    assert network.notation == (meant or USUAL)
    assert handcalc.read(network.as_dict()) == network


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            "notation: dleta",
            'notation: "dleta" is not known here; did you mean "delta"? Accepted: partial, delta, p - y',
        ),
        ("notation: [delta]", "notation: found a list of 1 value, where keys and values are wanted; write for example"),
        (
            "notation: {gradient: delta}",
            'the key "gradient" is not known; did you mean "gradients"? Accepted: gradients',
        ),
        ('notation: {indices: "from, to"}', 'notation.indices: indices "from, to" go with matrices that are in x out'),
        ("notation: {decimal: dot}", 'notation.decimal: "dot" is not known here; accepted: point, comma'),
        ("notation: {letters: h}", 'notation.letters: found "h"; write for example letters: {a1: h, "W1[1,2]": w3}'),
        (
            "notation: {letters: {dL/dz: h}}",
            '"dL/dz" names no quantity; write a letter (z), a block (a1) or one quantity',
        ),
        ("notation: {letters: {'z[u=1][1]': h}}", '"z[u=1][1]" names no quantity; write a letter (z), a block (a1) or'),
        (
            "notation: {letters: {a1: 3h}}",
            'notation.letters.a1: found "3h", where a name is wanted: letters, then digits',
        ),
        ("notation: {letters: {a1: [h]}}", "notation.letters.a1: found a list of 1 value, where a name is wanted"),
        ("language: fr", 'language: found "fr"; accepted: en, de'),
        ("language: germna", 'language: found "germna"; did you mean "german"? Accepted: en, de'),
    ],
)
def test_what_is_no_notation_and_no_language_is_refused(said: str, message: str) -> None:
    with pytest.raises(NetworkFileError) as error:
        read_text(BEFORE + said)
    assert message in str(error.value)
    assert error.value.line == 3


@pytest.mark.parametrize(
    ("said", "tag"), [("de", "de"), ("Deutsch", "de"), ("german", "de"), ("de-AT", "de-AT"), ("en", "en")]
)
def test_a_language_is_read(said: str, tag: str) -> None:
    network = read_text(f"{BEFORE}language: {said}")
    assert network.language == tag
    assert handcalc.read(network.as_dict()) == network


@pytest.mark.parametrize("typed", ["", "3", "h h", "w3x-", "a" * 30, "w\u00b2", "\\input", "<b>", "hé"])
def test_a_name_is_letters_and_an_index(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a name such as"):
        read_letters(typed)


def test_everything_is_respelt_inside_every_kind_of_mark() -> None:
    comma = Notation(decimal="comma", product="×", log="log")
    f = cases(ref("x"), ">", "0.5", yes=ln(ref("x")) * "1.5", no=largest("0.1", ref("x")) / "2.5")
    said = maths_to_latex(on_paper(written(f), comma, "de"))
    assert said == (
        r"\begin{cases} \log (x) \times 1{,}5 & \text{falls } x > 0{,}5 \\ "
        r"\frac{\max (0{,}1 ; x)}{2{,}5} & \text{sonst} \end{cases}"
    )
    assert on_paper(Matrix(((Digits("0.5"),),)), comma) == Matrix(((Digits("0,5"),),))


SAMPLES: dict[str, Any] = {
    "inputs": [["1.5", 1], ["0.5", 2]],
    "layers": [{"leaky relu": [["0.6", "-0.4"], ["0.2", "0.5"]]}, {"linear": [["0.5", 1]]}],
    "target": [1, 0],
    "loss": "half squared error",
    "learning rate": "0.1",
}


def test_the_sign_of_errors_is_that_of_every_gradient_and_the_update_adds_it() -> None:
    solution = handcalc.solve(SAMPLES | {"notation": "y - p"})
    usual = handcalc.solve(SAMPLES)
    assert solution["-dJ/dW2[1,1]"].exact == -usual["dJ/dW2[1,1]"].exact
    assert solution["W2[u=1][1,1]"].exact == usual["W2[u=1][1,1]"].exact
    assert "target minus output" in solution.text()


def test_indices_are_those_of_the_layout() -> None:
    layers = [{"linear": [["0.6", "-0.4"], ["0.2", "0.5"]]}]
    solution = handcalc.solve({"inputs": [1, 2], "layers": layers, "layout": "in x out", "notation": "plain"})
    assert latex("W[2,1]", solution.notation) == "w_{2}"
    said = handcalc.solve({"inputs": [1, 2], "layers": layers, "layout": "in x out"}).text()
    assert "W[1,2] comes from input 1, and leads to unit 2." in " ".join(said.split())


def test_with_branches_layers_keep_their_numbers_and_own_letters_count() -> None:
    branches = {"branches": [[{"linear": [[1]]}], [{"linear": [[2]]}]], "join": "add"}
    solution = handcalc.solve(
        {"inputs": [1], "layers": [branches], "notation": {"layers": "plain", "letters": {"z": "net"}}}
    )
    assert r"\mathrm{net}_{1}^{(1)}" in render(solution, "latex") or r"\mathrm{net}^{(1)}" in render(solution, "latex")


@pytest.mark.parametrize("layers", ["plain", "throughout"])
def test_numbers_throughout_that_branches_do_not_have_are_warned_of(layers: str) -> None:
    weights = {"linear": [["0.3", "0.5"], ["-0.2", "0.4"]]}
    chain = {"inputs": [1, 2], "layers": [weights], "notation": layers}
    assert warnings(handcalc.solve(chain)) == []
    (said,) = warnings(handcalc.solve({**chain, "layers": [{"branches": [[weights], []]}]}))
    assert said.startswith(f"The notation layers: {layers} is not used: ")
    assert said.endswith("and these branch.")
    (said,) = warnings(handcalc.solve({"circuit": "f = x*y", "inputs": {"x": 1, "y": 2}, "notation": layers}))
    assert said.endswith("there are none here.")


HUBER: dict[str, Any] = {
    "inputs": [1], "layers": [{"linear": [["0.3"]]}], "target": [2], "loss": {"huber": {"delta": "0.5"}}
}  # fmt: skip


def test_beside_delta_for_gradients_the_largest_squared_error_is_kappa() -> None:
    usual = handcalc.solve(HUBER)
    assert latex("delta", usual.notation) == r"\delta"
    assert latex("dL/dz[1]", usual.notation).startswith(r"\frac")
    solution = handcalc.solve({**HUBER, "notation": "delta"})
    assert latex("delta", solution.notation) == r"\kappa"
    assert latex("dL/dz[1]", solution.notation).startswith(r"\delta")
    assert "δ" not in str(solution["delta"]) + solution.text()
    own = handcalc.solve({**HUBER, "notation": {"gradients": "delta", "letters": {"delta": "c"}}})
    assert latex("delta", own.notation) == "c"


def test_tables_are_respelt_and_lettered() -> None:
    cells = (Slot(read_key("a1[1]")), ("at ", number("0.5")))
    table = Table(cells, ((number("1"), number("-0.25")),), ("of ", number("1.5")))
    sheet = Sheet("", (table,), (), "en", numbered(Notation(decimal="comma", letters=(("a1", "h"),)), ()))
    assert "−0,25" in text(sheet)
    assert "of 1,5" in text(sheet)
    (made,) = in_letters(sheet).parts
    assert isinstance(made, Table)
    assert made.header == (Script(Letter("h"), Digits("1")), ("at ", Digits("0,5")))
    assert made.rows[0][1] == Row((Operator("−"), Digits("0,25")))
    assert made.caption == ("of ", Digits("1,5"))
