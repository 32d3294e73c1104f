"""LaTeX: what is written, that it compiles without an overfull line, and that a user's text runs nothing."""

import random
import re
import statistics
import subprocess
from pathlib import Path

import pytest
from every_mark import (
    ABOUT,
    EQUALS,
    EXAMPLES,
    HALF,
    HOSTILE,
    LONG,
    MINUS,
    NEGATIVE,
    ONE,
    PLUS,
    SLOPE,
    Step,
    every_part,
    joined,
    long_step,
    needs,
    random_maths,
    slot,
    softmax_step,
    wide_matrix,
)
from hypothesis import given
from hypothesis import strategies as st

from handcalc.formula.maths import (
    Choice,
    Digits,
    Fenced,
    Fraction,
    Function,
    Letter,
    Maths,
    Relation,
    Root,
    Row,
    Script,
    Word,
)
from handcalc.render import latex_maths
from handcalc.render.latex import TEXT_WIDTH, latex, maths_to_latex
from handcalc.render.latex_text import IN_T1, MARKS, MATHS, SPECIAL, SUBSCRIPTS, SUPERSCRIPTS, text_to_latex
from handcalc.render.latex_width import width
from handcalc.sheet.parts import Given, Givens, Part, Say, Section, Sheet, Working

LAYOUT = r"\quad \below \beside \step \begin \end"
COMMANDS = {*re.findall(r"\\[A-Za-z]+", latex_maths.__doc__), r"\\", r"\\*", r"\\[", *LAYOUT.split()}
"""The documented vocabulary, and what stands around it in a working."""

FORMS = [
    (Digits("0.58668…"), r"0.58668\ldots"),
    (Digits("1e-3"), r"1\mathrm{e}{-3}"),
    (Digits("1,12"), r"1{,}12"),
    (Row((MINUS, HALF)), "-0.5"),
    (joined(PLUS, HALF, NEGATIVE), r"0.5 + (-0.58668\ldots)"),
    (Row((Letter("x"), MINUS, HALF)), "x - 0.5"),
    (Row((Letter("x"), EQUALS, MINUS, HALF, ABOUT, ONE)), r"x = -0.5 \approx 1"),
    (Letter("eta"), r"\eta"),
    (Letter("yhat"), r"\hat{y}"),
    (slot("W1[2,1]"), "w_{21}^{(1)}"),
    (slot("W1[u=1][2,1]"), r"w_{21}^{(1) \prime}"),
    (SLOPE, r"\frac{\partial L}{\partial w_{21}^{(1)}}"),
    (Script(Letter("e"), sup=Row((MINUS, slot("z1[1]")))), "e^{-z_{1}^{(1)}}"),
    (Row((Function("ln"), Fenced(Letter("x")))), r"\ln (x)"),
    (Row((Function("softplus"), Fenced(Letter("x")))), r"\operatorname{softplus} (x)"),
    (Fenced(Fraction(ONE, Letter("x"))), r"\left( \frac{1}{x} \right)"),
    (Fenced(Fraction(ONE, Letter("x")), "(", ""), r"\left( \frac{1}{x} \right."),
    (Fenced(Row((Letter("a"), PLUS, Letter("b"))), "", ")"), "a + b)"),
    (Script(Fenced(Letter("x")), sup=Digits("2")), "(x)^{2}"),
    (Root(Letter("x")), r"\sqrt{x}"),
    (EXAMPLES[Choice], r"\begin{cases} 1 & \text{if } z_{1}^{(1)} > 0 \\ 0 & \text{otherwise} \end{cases}"),
    (
        Choice(((ONE, Row((MINUS, Letter("z"), Relation(">"), ONE))),)),
        r"\begin{cases} 1 & \text{if } {-}z > 1 \end{cases}",
    ),
    (Row((Word("if"), MINUS, Letter("z"))), r"\text{if } {-}z"),
    (Row((Letter("a"), PLUS, Word("…"), PLUS, ONE)), r"a + \text{ \ldots{} } + 1"),
    (Row((ONE, Relation(","), ONE)), "1 , 1"),
]


def sheet(*parts: Part, title: str = "A sheet") -> Sheet:
    return Sheet(title, (), (Section("", parts),))


def compiled(tex: str, folder: Path) -> str:
    """The log of a document that compiled; its lines aren't wrapped."""
    path = folder / "key.tex"
    path.write_text(tex, "utf-8")
    done = subprocess.run(
        [needs("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", path.name],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "max_print_line": "10000"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    log = (folder / "key.log").read_text("latin-1")
    assert done.returncode == 0, re.findall(r"^!.*(?:\n.*){4}", log, re.MULTILINE)
    return log


def complaints(log: str) -> list[str]:
    return [line for line in log.splitlines() if re.match(r"Overfull|Missing character|.*Warning(?!.*Font)|!", line)]


@pytest.mark.parametrize(("maths", "tex"), FORMS)
def test_each_mark_has_one_form(maths: Maths, tex: str) -> None:
    assert maths_to_latex(maths) == tex


def test_every_kind_of_mark_is_written() -> None:
    assert {kind.__name__ for kind in EXAMPLES} == {kind.__name__ for kind in Maths.__subclasses__()} - {"Shown"}
    assert all(map(maths_to_latex, EXAMPLES.values()))


def test_a_slot_is_written_as_one_asks_for() -> None:
    assert maths_to_latex(Fraction(slot("a1[1]"), ONE), lambda place: place.quantity.key) == r"\frac{a1[1]}{1}"


def test_a_working_uses_the_documented_commands_only() -> None:
    working = Working((long_step(13), softmax_step(9), Step("z", Letter("z"), ((EQUALS, wide_matrix()),))))
    body = latex(sheet(working)).split(r"\begin{align*}")[1].split(r"\end{align*}")[0]
    assert set(re.findall(r"\\(?:[A-Za-z]+|\\\*?)", body)) <= COMMANDS
    assert set(re.findall(r"\\begin\{(.*?)\}", body)) == {"array"}


def test_a_row_that_goes_on_begins_with_its_operator() -> None:
    rows = re.split(r"\\\\.*", latex(sheet(Working((long_step(13),)))).split("align*")[1])
    starts = [row.strip().partition("&")[2] for row in rows if "&" in row]
    assert len(starts) > 4
    assert all(re.match(r"= |\\approx |\\quad \{\} [+-] ", start) for start in starts), starts


def test_a_step_has_its_key_and_stays_together() -> None:
    body = latex(sheet(Working((long_step(13, "z1[1]"), long_step(2, "z1[2]"))))).split("align*")[1]
    assert re.findall(r"^% (.*)$", body, re.MULTILINE) == ["z1[1]", "z1[2]"]
    assert body.count("\\\\[\\step]\n") == 1
    assert re.search(r"\\\\\n", body) is None


def test_every_part_compiles_without_an_overfull_line(tmp_path: Path) -> None:
    log = compiled(latex(every_part()), tmp_path)
    assert complaints(log) == []


def test_sums_of_any_length_fit(tmp_path: Path) -> None:
    lines = [*(long_step(n, f"z1[{n}]") for n in range(1, 40)), *(softmax_step(n) for n in range(2, 20))]
    log = compiled(latex(sheet(Working(tuple(lines)))), tmp_path)
    assert complaints(log) == []


def test_random_lines_fit(tmp_path: Path) -> None:
    draw = random.Random(1)
    lines = []
    for i in range(150):
        first, second = random_maths(draw, draw.randrange(1, 4)), random_maths(draw, draw.randrange(1, 4))
        remark = (" ".join(["because"] * draw.randrange(40)), random_maths(draw, 1)) if draw.random() < 0.5 else ()
        lines.append(Step(f"t[{i}]", slot(f"t[{i}]"), ((EQUALS, first), (EQUALS, second), (ABOUT, HALF)), remark))
    log = compiled(latex(sheet(Working(tuple(lines)))), tmp_path)
    assert complaints(log) == []


def test_givens_of_any_width_fit(tmp_path: Path) -> None:
    rows = [Given("", slot(f"x[{i}]"), Digits("1" * (i % 40 + 1))) for i in range(60)]
    wide = [Given("name " * i, slot(f"x[{i}]"), Digits("1" * 5 * i)) for i in range(1, 25)]
    log = compiled(latex(sheet(Givens(tuple(rows)), Givens(tuple(rows[:3])), Givens(tuple(wide)))), tmp_path)
    assert complaints(log) == []


def test_a_formula_is_never_wider_than_it_was_measured(tmp_path: Path) -> None:
    draw = random.Random(2)
    formulas = [random_maths(draw, draw.randrange(5)) for _ in range(400)]
    formulas += [stage for n in (2, 5, 9) for step in (long_step(n), softmax_step(n)) for _, stage in step.stages]
    preamble = latex(sheet()).partition(r"\begin{document}")[0]
    boxes = (rf"\setbox0\hbox{{$\displaystyle {maths_to_latex(m)}$}}\typeout{{WIDE \the\wd0}}" for m in formulas)
    log = compiled("\n".join([preamble, r"\begin{document}", *boxes, r"x\end{document}"]), tmp_path)
    real = [float(x) for x in re.findall(r"WIDE ([\d.]+)pt", log)]
    assert len(real) == len(formulas)
    assert [maths_to_latex(m) for m, x in zip(formulas, real, strict=True) if x > width(m)] == []
    assert statistics.median(width(m) / x for m, x in zip(formulas, real, strict=True) if x > TEXT_WIDTH / 5) < 1.1


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("50 % & #1_a^b~$", r"50 \% \& \#1\_a\textasciicircum{}b\textasciitilde{}\$"),
        ("a -- b", "a -{}- b"),
        ("Größe, Łódź, naïve", "Größe, Łódź, naïve"),
        ("e\u0301", "é"),
        ("ạ", r"\d{a}"),
        ("η °C", r"\ensuremath{\eta} \ensuremath{^{\circ}}C"),
        ("m² € …", r"m\textsuperscript{2} \texteuro{} \ldots{}"),
        ("日 😀 \x07", "[U+65E5] [U+1F600] [U+0007]"),
        ("a\n\nb\tc", "a b c"),
        ("x" * 30, r"\allowbreak{}".join(["x" * 8] * 3 + ["x" * 6])),
    ],
)
def test_text_is_escaped(text: str, tex: str) -> None:
    assert text_to_latex(text) == tex


ALLOWED = re.compile(
    r"\\(?:[{}$&#_%]|,|(?:ensuremath|textsuperscript|textsubscript)\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}"
    r"|(?:[`'^~=.\"]|[urHvdckb])\{[^{}]*\}|[A-Za-z]+\{\})"
)


@given(st.text())
def test_no_text_becomes_a_command(text: str) -> None:
    rest = text_to_latex(text)
    while rest != (less := ALLOWED.sub("", rest)):
        rest = less
    assert not re.search(r"[\\$&#^_%]", rest.replace("{}", "")), rest
    assert "\n" not in rest


def test_every_known_character_is_set(tmp_path: Path) -> None:
    tables = (SPECIAL, MARKS, MATHS, SUPERSCRIPTS, SUBSCRIPTS)
    greek = "αβγδεζηθικλμνξοπρςστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
    ascii_marks = "".join(map(chr, range(0x21, 0x7F)))
    accented = "ạẹịọụṣẽĩũȧḃḱẑầǖā\u0301x\u0331"
    everything = [c for table in tables for c in table] + [*greek, *IN_T1, ascii_marks, accented]
    log = compiled(latex(sheet(Say((" ".join(everything), HOSTILE)))), tmp_path)
    assert complaints(log) == []


def test_nothing_but_the_sheet_decides_the_bytes() -> None:
    assert latex(every_part()) == latex(every_part())
    assert r"\today" not in latex(every_part())


def test_tikz_and_graphics_only_where_they_are_needed() -> None:
    plain = latex(sheet(Say(("a",))))
    assert "tikz" not in plain
    assert "graphicx" not in plain
    assert r"\usepackage{tikz}" in latex(every_part())
    assert r"\usepackage{graphicx}" in latex(sheet(Working((Step("V", Letter("V"), ((EQUALS, wide_matrix()),)),))))


def test_digits_are_read_back_as_printed() -> None:
    assert maths_to_latex(LONG).replace(r"\ldots", "…") == LONG.text


def test_a_very_long_working_fits_into_the_memory_of_tex(tmp_path: Path) -> None:
    lines = tuple(long_step(2, f"z1[{i}]") for i in range(1, 2501))
    log = compiled(latex(sheet(Working(lines))), tmp_path)
    assert complaints(log) == []
