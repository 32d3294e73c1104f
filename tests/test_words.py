"""The words of a sheet: every language says everything, and a sheet speaks one language only."""

from __future__ import annotations

import io
import re
from string import Formatter
from typing import Any

import pytest
from pypdf import PdfReader

import handcalc
from handcalc.derive.slip import OF_THE_PAGE
from handcalc.formula.languages import english, german_gates, german_mistakes
from handcalc.formula.maths import Digits
from handcalc.formula.words import TABLES, is_known, phrase, say, table, told
from handcalc.ops.operation import Operation
from handcalc.quiz.gates import GATES
from handcalc.write import render

KINDS = ("title", "tell", "gradient_tell", "back_tell", "quoted_tell")
OURS = sorted(
    {kind for kind in Operation.registry.values() if kind.__module__.startswith("handcalc.")}, key=lambda o: o.name
)
OTHERS = [tag for tag in TABLES if tag != "en"]


def spoken(kind: type[Operation]) -> dict[str, str]:
    """What an operation says on a sheet, in English, by the kind of sentence."""
    said = {one: getattr(kind, one, "") for one in KINDS} | {"title": kind.title or kind.name}
    said |= {f"option {option.name}": option.tell for option in kind.options if option.letter}
    return {one: words for one, words in said.items() if words}


def changed(kind: type[Operation]) -> set[str]:
    """What it says in English with other options, where that differs from the usual."""
    every = [kind(**chosen) for chosen in ({}, *kind.variants)]
    return {words for one in every for name in KINDS if (words := getattr(one, name, "")) != getattr(kind, name, "")}


def holes(template: str) -> set[str | None]:
    return {hole for _, hole, _, _ in Formatter().parse(template) if hole}


@pytest.mark.parametrize("tag", OTHERS)
def test_a_language_has_every_sentence_with_the_same_holes(tag: str) -> None:
    sentences = TABLES[tag].sentences
    assert sentences.keys() == english.SENTENCES.keys()
    assert {name: holes(said) for name, said in sentences.items()} == {
        name: holes(said) for name, said in english.SENTENCES.items()
    }


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_a_language_says_what_every_operation_says(tag: str, kind: type[Operation]) -> None:
    assert TABLES[tag].operations.get(kind.name, {}).keys() == spoken(kind).keys()


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_a_language_says_what_an_operation_says_with_other_options(tag: str, kind: type[Operation]) -> None:
    assert changed(kind) <= TABLES[tag].others.keys()


@pytest.mark.parametrize("tag", OTHERS)
def test_a_language_says_what_the_gates_of_a_quiz_ask_for(tag: str) -> None:
    assert {gate.tell for gate in GATES.values()} <= TABLES[tag].others.keys()
    assert len(german_gates.GATES) == len(GATES)


@pytest.mark.parametrize("tag", OTHERS)
def test_a_language_says_what_goes_wrong(tag: str) -> None:
    wrong = {one.tell for kind in OURS for one in kind.mistakes} | {one.tell for one in OF_THE_PAGE}
    assert wrong <= TABLES[tag].others.keys()
    assert german_mistakes.MISTAKES.keys() == wrong


def test_an_option_changes_what_is_said_in_every_language() -> None:
    wide = "The slope of ReLU is 1 where z ≥ 0, else 0."
    assert told("de", "relu", "gradient_tell", wide) == "Die Ableitung von ReLU ist 1, wo z ≥ 0 ist, sonst 0."


@pytest.mark.parametrize("tag", OTHERS)
def test_a_language_speaks_of_no_operation_that_is_not_there(tag: str) -> None:
    assert TABLES[tag].operations.keys() <= {kind.name for kind in OURS}


def test_holes_take_words_numbers_and_formulas() -> None:
    said = say("en", "value and target", result=("p ", Digits("0.5")), target=Digits("1"))
    assert said == ("p ", Digits("0.5"), " (target ", Digits("1"), ")")
    assert say("en", "named", name="price", result=("is ", "2")) == ("price: is 2",)
    assert phrase("de", "class", number=2) == "Klasse 2"


@pytest.mark.parametrize(
    ("language", "places", "said"),
    [
        ("en", 1, "1 decimal"),
        ("en", 4, "4 decimals"),
        ("de", 1, "1 Nachkommastelle"),
        ("de", 2, "2 Nachkommastellen"),
    ],
)
def test_one_has_a_form_of_its_own(language: str, places: int, said: str) -> None:
    assert phrase(language, "decimals", places=places) == said


def test_a_heading_after_a_colon_begins_as_its_language_wants() -> None:
    assert phrase("en", "heading of update", update=3, heading="Forward pass") == "Update 3: forward pass"
    assert phrase("de", "heading of update", update=3, heading="Verlust") == "Schritt 3: Verlust"


def test_a_users_text_in_a_hole_is_no_template() -> None:
    assert phrase("en", "target named", name="{decimals:a|b} {") == "target {decimals:a|b} {"


def test_a_region_speaks_its_language_and_an_unknown_operation_english() -> None:
    assert table("de-CH") is TABLES["de"]
    assert table("fr") is TABLES["en"]
    assert is_known("en-GB")
    assert not is_known("fr")
    assert told("de", "smooth ramp", "tell", "A smooth ramp.") == "A smooth ramp."
    assert told("en", "sigmoid", "tell", "It squashes.") == "It squashes."
    assert told("de", "sigmoid", "tell", "It squashes.").startswith("Die Sigmoidfunktion")


NETS: dict[str, dict[str, Any]] = {
    "classes": {
        "inputs": {"Fieber": 3, "Husten": "1/3"},
        "layers": [
            {"relu": [["0.2", "-0.5"], ["0.4", "0.3"]], "bias": ["0.1", "-0.6"]},
            {"softmax": [["0.5", "1"], ["-0.5", "0.4"]], "bias": [0, "0.2"]},
        ],
        "target": [1, 0],
        "loss": "cross-entropy",
        "learning rate": "0.1",
    },
    "yes or no": {
        "inputs": [1],
        "layers": [{"tanh": [["0.5"]]}, {"sigmoid": [["2"], ["0"]], "names": ["krank", "laut"]}],
        "target": [1, 0],
        "loss": "binary cross-entropy",
        "learning rate": 1,
        "carry": "rounded",
        "decimals": 1,
    },
    "number": {
        "inputs": ["1.5"],
        "layers": [{"sigmoid": [["0.5"], ["1"]]}, {"linear": [["2", "1"]]}],
        "target": 1,
        "loss": "mean squared error",
        "learning rate": 9,
    },
}  # fmt: skip


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
@pytest.mark.parametrize("output", ["text", "latex", "html", "pdf"])
def test_a_german_sheet_has_no_english_on_it(net: dict[str, Any], output: str) -> None:
    made = render(handcalc.solve(net | {"language": "de"}), output)
    if isinstance(made, bytes):
        made = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    body = re.split(r"<body|begin{document}", made)[-1]
    body = re.sub(r"\\begin{tikzpicture}.*?\\end{tikzpicture}", "", body, flags=re.S)
    words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>|\\(?:begin|end){\w+}|\\\w+|^%.*$", " ", body, flags=re.M)))
    assert not words & (english_words() - german_words())
    assert "Vorw" in body
    assert output != "html" or 'lang="de"' in made


def english_words() -> set[str]:
    said = [*english.SENTENCES.values(), *(words for kind in OURS for words in spoken(kind).values())]
    return {word for template in said for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"{[^}]*}", " ", template))}


def german_words() -> set[str]:
    """Words that German has too, or that stand in formulas and names."""
    said = [
        *TABLES["de"].sentences.values(),
        *(w for kinds in TABLES["de"].operations.values() for w in kinds.values()),
        *TABLES["de"].others.values(),
    ]
    both = {word for template in said for word in re.findall(r"[A-Za-z]{2,}", template)}
    return both | {"ln", "max", "exp", "eta", "pt"}


def test_the_pages_of_an_english_sheet_speak_english() -> None:
    made = render(handcalc.solve(NETS["number"]), "pdf")
    assert isinstance(made, bytes)
    pages = PdfReader(io.BytesIO(made)).pages
    assert re.search(r"page\s1\sof\s\d", pages[0].extract_text())
    other = render(handcalc.solve(NETS["number"] | {"language": "de"}), "pdf")
    assert isinstance(other, bytes)
    assert re.search(r"Seite\s1\svon\s\d", PdfReader(io.BytesIO(other)).pages[0].extract_text())
