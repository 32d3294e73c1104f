"""HTML: well-formed, self-contained, harmless whatever a user types, and right in a browser."""

import json
import re
import subprocess
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from every_mark import (
    ABOUT,
    EQUALS,
    EXAMPLES,
    HALF,
    HOSTILE,
    LONG,
    MINUS,
    ONE,
    PLUS,
    SLOPE,
    Step,
    every_part,
    joined,
    long_step,
    needs,
    slot,
)
from hypothesis import given
from hypothesis import strategies as st

from handcalc.formula.maths import Choice, Digits, Fenced, Fraction, Letter, Maths, Relation, Row, Script, Slot, Word
from handcalc.render.html import fragment, html
from handcalc.render.mathml import harmless, mathml
from handcalc.sheet.parts import Part, Say, Section, Sheet, Working

CORE = {
    "math",
    "mrow",
    "mspace",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mfrac",
    "msqrt",
    "msub",
    "msup",
    "msubsup",
    "mover",
    "mtable",
    "mtr",
    "mtd",
}
"""Elements of MathML Core that are used."""
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "mover": 2}
VOID = {"meta", "wbr", "br", "img", "link", "input", "hr"}

FORMS = [
    (LONG, "<mn>0.58668…</mn>"),
    (Digits("1e-3"), "<mn>1e−3</mn>"),
    (Letter("eta"), "<mi>η</mi>"),
    (Letter("yhat"), '<mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover>'),
    (Row((MINUS, HALF)), '<mo form="prefix">−</mo><mn>0.5</mn>'),
    (Row((Word("if"), MINUS, HALF)), '<mtext>if\u00a0</mtext><mo form="prefix">−</mo><mn>0.5</mn>'),
    (Row((ONE, MINUS, HALF)), '<mn>1</mn><mo form="infix">−</mo><mn>0.5</mn>'),
    (Row((EQUALS, Row((MINUS, HALF)))), '<mo>=</mo><mo form="prefix">−</mo><mn>0.5</mn>'),
    (
        Fraction(ONE, Row((ONE, PLUS, ONE))),
        '<mfrac><mn>1</mn><mrow><mn>1</mn><mo form="infix">+</mo><mn>1</mn></mrow></mfrac>',
    ),
    (
        slot("W1[2,1]"),
        '<msubsup><mi>w</mi><mn>21</mn><mrow><mo form="prefix" stretchy="false">(</mo><mn>1</mn>'
        '<mo form="postfix" stretchy="false">)</mo></mrow></msubsup>',
    ),
    (Relation("<"), "<mo>&lt;</mo>"),
]


class Reader(HTMLParser):
    """The elements, attributes and text of a page; complains where elements don't close in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def words(text: str) -> str:
    return " ".join(text.split())


def sheet(*parts: Part) -> Sheet:
    return Sheet("A sheet", (), (Section("", parts),))


@pytest.mark.parametrize(("maths", "markup"), FORMS)
def test_each_mark_has_one_form(maths: Maths, markup: str) -> None:
    assert mathml(maths) == f"<math>{markup}</math>"


@pytest.mark.parametrize("maths", EXAMPLES.values(), ids=[kind.__name__ for kind in EXAMPLES])
def test_every_kind_of_mark_is_well_formed_mathml_core(maths: Maths) -> None:
    tree = ElementTree.fromstring(mathml(Row((maths, EQUALS, maths)), display=True))
    for element in tree.iter():
        assert element.tag in CORE
        assert len(element) == CHILDREN.get(element.tag, len(element))


def test_every_kind_of_mark_is_written() -> None:
    assert {kind.__name__ for kind in EXAMPLES} == {kind.__name__ for kind in Maths.__subclasses__()} - {"Shown"}
    assert Slot in EXAMPLES


def test_every_kind_of_part_is_on_the_sheet() -> None:
    sheet = every_part()
    found = {type(part) for part in (*sheet.parts, *(part for section in sheet.sections for part in section.parts))}
    assert found == set(get_args(Part))


def test_an_operator_that_goes_on_is_no_sign() -> None:
    row = Row((MINUS, HALF))
    assert 'form="infix"' in mathml(row, continues=True)
    assert 'form="prefix"' in mathml(row)


def test_a_tall_fence_grows_and_a_low_one_keeps_its_height() -> None:
    assert 'stretchy="true"' in mathml(Fenced(Fraction(ONE, ONE)))
    assert 'stretchy="false"' in mathml(Fenced(Script(Letter("x"), ONE, ONE)))


def test_cases_say_if_and_otherwise() -> None:
    text = words("".join(ElementTree.fromstring(mathml(EXAMPLES[Choice])).itertext()))
    assert text == words("{1if\u00a0z1(1)>00otherwise")


def test_the_page_is_well_formed() -> None:
    read(html(every_part()))
    ElementTree.fromstring(fragment(every_part()))


def test_the_page_has_a_language_a_title_and_headings() -> None:
    seen = read(html(every_part())).seen
    assert ("html", {"lang": "en"}) in seen
    assert [tag for tag, _ in seen].count("h1") == 1
    assert [tag for tag, _ in seen].count("h2") == 4
    assert any(attributes.get("name") == "viewport" for _, attributes in seen)


def test_every_step_has_its_key() -> None:
    page = read(html(sheet(Working((long_step(2, "z1[1]"), Step('a"<[1]', ONE, ()))))))
    assert [attributes["data-key"] for tag, attributes in page.seen if tag == "tbody"] == ["z1[1]", 'a"<[1]']


def test_nothing_is_fetched() -> None:
    for page in (html(every_part()), fragment(every_part())):
        for tag, attributes in read(page).seen:
            assert tag not in {"script", "link", "img", "iframe", "object", "embed", "base", "a", "use"}
            assert not {"src", "href", "xlink:href", "srcset", "action"} & attributes.keys()
            assert not any(name.startswith("on") for name in attributes)
        style = re.search("<style>(.*?)</style>", page, re.DOTALL)
        assert style
        assert not re.search(r"url\(|@import|http", style[1])


def test_hostile_text_stands_as_it_was_typed_in_every_place() -> None:
    page = read(html(every_part()))
    shown = words("".join(page.text))
    places = shown.count(words(harmless(HOSTILE)))
    assert places == 10  # title twice, sentence, picture, name, heading, remark, answer, caption and cell of a table
    assert any(attributes.get("aria-label") == harmless(HOSTILE) for _, attributes in page.seen)
    assert not {"b", "script"} & {tag for tag, _ in page.seen}


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    page = read(html(Sheet(text, (Say((text, ONE)),), (Section(text + "x", ()),), language=text)))
    assert [tag for tag, _ in page.seen] == (
        ["html", "head", *["meta"] * 3, "title", "style", "body", "main", "h1", "p", "math", "mn", "section", "h2"]
    )
    assert words(harmless(text)) in words("".join(page.text))


def test_control_characters_are_shown() -> None:
    assert harmless("a\x00\x1b\u202e\ud800\uffff\tb") == "a[U+0000][U+001B][U+202E][U+D800][U+FFFF] b"


def test_the_fragment_keeps_its_style_to_itself() -> None:
    style = re.search("<style>(.*?)</style>", fragment(every_part()), re.DOTALL)
    assert style
    selectors = re.findall(r"(?:^|[}{,])\s*([^{},@]+?)\s*(?=[,{])", re.sub(r"\{[^{}]*\}", "{}", style[1]))
    assert len(selectors) > 20
    assert all(selector.startswith(".handcalc") for selector in selectors), selectors


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert html(every_part()) == html(every_part())


MEASURE = """<!doctype html><meta charset="utf-8"><body style="margin: 0">
<iframe style="width: {width}px; height: 900px; border: 0" srcdoc="{page}"></iframe>
<script>
onload = () => {{
  const page = document.querySelector("iframe").contentDocument, root = page.documentElement;
  const wide = [...page.querySelectorAll("main > *, section > *")].filter(
    part => part.getBoundingClientRect().right > root.clientWidth + 1).map(part => part.outerHTML.slice(0, 80));
  const flat = [...page.querySelectorAll("math")].filter(math => !(math.getBoundingClientRect().width > 2));
  const rows = [...page.querySelectorAll(".wide")].filter(box => box.scrollWidth > box.clientWidth + 1);
  const blanks = [...page.querySelectorAll(".blank")].map(blank => blank.getBoundingClientRect());
  document.body.textContent = JSON.stringify({{scroll: root.scrollWidth - root.clientWidth, wide,
    blanks: blanks.length, hidden: blanks.filter(box => !(box.width > 20 && box.height > 8)).length,
    maths: page.querySelectorAll("math").length, flat: flat.length, scrolling: rows.length,
    steps: page.querySelectorAll("tbody[data-key]").length}});
}};
</script>"""


def opened(page: str, width: int, folder: Path) -> tuple[str, str]:
    """What Chromium found in the page, and what it complained about."""
    path = folder / "page.html"
    path.write_text(MEASURE.format(width=width, page=escape(page)), "utf-8")
    done = subprocess.run(
        [
            needs("chromium|chromium-browser|google-chrome"),
            *["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
            *["--disable-background-networking", "--disable-component-update", "--enable-logging=stderr", "--v=0"],
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={max(width, 600)},1000",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    body = re.search(r"<body[^>]*>(.*)</body>", done.stdout, re.DOTALL)
    assert body
    return body[1], "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.mark.parametrize("width", [1000, 420])
def test_a_browser_shows_it_without_scrolling_sideways(width: int, tmp_path: Path) -> None:
    page = html(every_part())
    found, complaints = opened(page, width, tmp_path)
    assert complaints == ""
    seen = json.loads(found)
    assert seen["scroll"] == 0
    assert seen["wide"] == []
    assert seen["flat"] == 0
    assert seen["maths"] == page.count("<math")
    assert seen["steps"] == page.count("data-key=")


def test_long_lines_are_broken_before_they_scroll(tmp_path: Path) -> None:
    page = html(
        sheet(Working((long_step(40), Step("z", SLOPE, ((EQUALS, joined(PLUS, *[LONG] * 50)), (ABOUT, HALF))))))
    )
    found, complaints = opened(page, 1000, tmp_path)
    assert complaints == ""
    assert json.loads(found)["scrolling"] == 0
