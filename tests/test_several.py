"""Several questions on one sheet."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pages import read

from handcalc.api import solve, solve_all
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.render.form import key_of
from handcalc.render.html import html
from handcalc.render.latex import latex
from handcalc.render.pdf import pdf
from handcalc.render.text import text
from handcalc.sheet.fade import blanks
from handcalc.sheet.paper import A4
from handcalc.sheet.parts import Say, Section, Sheet, in_letters
from handcalc.sheet.several import answer_lists, keys, several, student_sheets
from handcalc.sheet.student import answers, key, student_sheet

EXAMPLES = Path(__file__).parent.parent / "examples"
TITLE = "Homework <3> & more"


@cache
def solved(name: str, show: str = "forward,loss") -> Solution:
    return solve(str(EXAMPLES / f"{name}.yaml"), show=show)


def questions() -> list[tuple[str, Solution]]:
    return [("A house", solved("house-price")), ("", solved("one-neuron")), ("Twice", solved("house-price"))]


def test_blanks_are_called_by_their_question() -> None:
    own = [blanks(student_sheet(solution)) for _, solution in questions()]
    found = blanks(student_sheets(questions(), TITLE))
    assert found == tuple(f"{n}:{key}" for n, of_one in enumerate(own, start=1) for key in of_one)
    fields = read(pdf(student_sheets(questions(), TITLE), A4, fields=True)).get_fields() or {}
    assert [key_of(name) for name in fields] == list(found)


def test_marks_and_minutes_are_added_up() -> None:
    each, made = [student_sheet(solution) for _, solution in questions()], student_sheets(questions(), TITLE)
    assert (made.marks, made.minutes) == (sum(one.marks for one in each), sum(one.minutes for one in each))
    assert text(made).count(f"{made.marks} marks, about {made.minutes} minutes") == 1
    assert text(made).count("minutes") == 1
    headings = [section.heading for section in made.sections if section.opens]
    assert headings == ["Question 1: A house (7 marks)", "Question 2 (3 marks)", "Question 3: Twice (7 marks)"]


def test_the_key_has_the_marks_of_the_sheet() -> None:
    made = keys(questions(), TITLE, level=3)
    assert made.title == f"Key: {TITLE}"
    assert text(made).split("\n\n")[1] == "17 marks"
    assert "Question 1: A house (7 marks)" in text(made)
    assert blanks(made) == ()


@pytest.mark.parametrize("form", ["steps", "tables", "matrices", "lettered parts", "one blank"])
@pytest.mark.parametrize("level", [None, 1, 3, 4])
def test_every_line_of_each_question_is_there_once(form: str, level: int | None) -> None:
    two = [
        ("", solution)
        for name in ("house-price", "two-outputs")
        for solution in solve_all(str(EXAMPLES / f"{name}.yaml"), form=form).values()
    ]
    made = text(student_sheets(two, TITLE, level))
    for _, solution in two:
        own = [block for block in text(student_sheet(solution, level)).split("\n\n")[2:] if block]
        assert own
        assert all(made.count(block) >= 1 for block in own if "marks" not in block)


def test_what_all_say_is_said_once() -> None:
    made = text(student_sheets(questions(), TITLE))
    assert made.count("Carried exactly; results are rounded half up to 4 decimals") == 1
    assert made.count("Of the two indices") == 2
    assert made.index("Carried exactly") < made.index("Question 1")


def test_what_one_says_of_rounding_is_said_there() -> None:
    three = [*questions(), ("", solve(str(EXAMPLES / "house-price.yaml"), show="forward,loss", decimals=2))]
    made = text(student_sheets(three, TITLE))
    assert made.count("rounded half up to 4 decimals") == 3
    assert made.count("rounded half up to 2 decimals") == 1


def test_a_list_of_answers_has_a_table_for_each() -> None:
    made = answer_lists(questions(), TITLE)
    assert made.title == f"Answers: {TITLE}"
    assert [part for section in made.sections for part in section.parts] == [
        answers(solution).parts[0] for _, solution in questions()
    ]
    assert text(made).count("An answer is right") == 1


def test_one_question_has_no_number() -> None:
    one = questions()[:1]
    assert text(student_sheets(one, TITLE)) == text(student_sheet(one[0][1]))
    assert text(keys(one, TITLE)) == text(key(one[0][1]))
    assert answer_lists(one, TITLE) == answers(one[0][1])


def test_each_question_keeps_its_notation() -> None:
    comma = replace(student_sheet(solved("house-price")), title="")
    comma = replace(comma, notation=replace(comma.notation, decimal="comma", product="×"))
    alone = [text(comma), text(student_sheet(solved("one-neuron")))]
    made = pdf(several([("", comma), ("", student_sheet(solved("one-neuron")))], TITLE))
    said = "".join(page.extract_text() for page in read(made).pages)
    assert "0,2" in alone[0]
    assert "1,2" in said
    assert "0.8" in said
    assert "0.2" not in said.partition("Question 2")[0]
    assert "×" not in said.partition("Question 2")[2]


def test_a_sheet_has_one_language() -> None:
    german = solve(str(EXAMPLES / "hauspreis.yaml"))
    with pytest.raises(HandcalcError, match="question 2 is in 'de' and question 1 in 'en'"):
        student_sheets([("", solved("house-price")), ("", german)], TITLE)
    assert "Aufgabe 2 (" in text(student_sheets([("", german), ("", german)], TITLE))


def test_questions_stand_above_their_sections() -> None:
    made = student_sheets(questions(), TITLE)
    assert html(made).count("<h2") == 3
    assert html(made).count("<h3>") == sum(not section.opens for section in made.sections)
    assert latex(made).count(r"\subsection*{Question") == 3
    assert latex(made).count(r"\subsubsection*") == html(made).count("<h3>")
    assert latex(student_sheet(solved("house-price"))).count(r"\subsubsection*") == 0
    assert "Question 2 (3 marks)\n====================\n" in text(made)


def test_a_name_is_no_markup() -> None:
    made = several([("<b> & \\x", Sheet("", (), (Section("s", (Say(("words",)),)),)))] * 2, TITLE)
    assert "Question 1: &lt;b&gt; &amp; \\x" in html(made)
    assert "Question 1: <b> & \\x" in read(pdf(made)).pages[0].extract_text()
    assert in_letters(made).sections[0].opens
