"""The student sheet is the key with holes, and holes don't leak."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from leaks import branded, leaks, told
from oracles.networks import network
from oracles.sheets import kinds

import handcalc
from handcalc.formula.maths import Maths
from handcalc.formula.notation import untraced
from handcalc.formula.quantity import read_key
from handcalc.formula.tree import quantities
from handcalc.network import NetworkFileError
from handcalc.render.latex import latex
from handcalc.render.pdf import pdf_on_one_page
from handcalc.render.text import plain, text
from handcalc.sheet.asked import Asked
from handcalc.sheet.board import board
from handcalc.sheet.compose import compose
from handcalc.sheet.fade import FadedLine, blanks
from handcalc.sheet.forms.mistake import chosen
from handcalc.sheet.parts import Answer, Givens, Sheet, Table, Working
from handcalc.sheet.picture import Picture
from handcalc.sheet.student import answers, key, student_sheet

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.yaml"))
QUIZZES = sorted((Path(__file__).parent.parent / "examples" / "quizzes").glob("*.yaml"))
OF_LAYERS = ("steps", "follow along", "matrices", "tables", "lettered parts", "factors", "one blank", "letters first")
NEURON = {
    "inputs": [1.5, 2], "layers": [{"sigmoid": [[0.3, -0.2], [0.5, 0.7]], "bias": [0.1, -0.4]},
                                   {"linear": [[0.6, -0.9]], "bias": [0.2]}],
    "target": [0.8], "loss": "half squared error", "learning rate": 0.5,
}  # fmt: skip


def solved(**more: object) -> handcalc.Solution:
    return handcalc.solve(NEURON | more)


def lines(sheet: Sheet) -> list[str]:
    return [line.key for section in sheet.sections for part in section.parts if isinstance(part, Working)
            for line in part.lines]  # fmt: skip


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("level", range(5))
def test_no_level_of_an_example_gives_a_hidden_value_away(path: Path, level: int) -> None:
    for solution in handcalc.solve_all(path).values():
        asked = Asked(solution, level)
        hidden = [q.key for q in asked.made if asked.hidden(q)]
        assert leaks(solution, hidden, text(student_sheet(solution, level))) == set()


@pytest.mark.parametrize("seed", range(60))
def test_no_level_of_a_random_network_gives_a_hidden_value_away(seed: int) -> None:
    solution = handcalc.solve(network(seed, kinds()) | {"show": ["forward"]})
    for level in range(1, 5):
        asked = Asked(solution, level)
        hidden = [q.key for q in asked.made if asked.hidden(q)]
        assert leaks(solution, hidden, text(student_sheet(solution, level))) == set()


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.stem)
@pytest.mark.parametrize("level", [None, 1, 2, 3])
def test_no_form_says_a_number_whose_quantity_is_hidden(path: Path, level: int | None) -> None:
    for solution in handcalc.solve_all(path).values():
        if solution.network.task.form not in ("find the mistake", "multiple choice"):  # others' numbers stand there
            brands = branded(solution)
            assert told(student_sheet(solution, level), brands, Asked(solution, level).hidden) == []


@pytest.mark.parametrize("form", OF_LAYERS)
@pytest.mark.parametrize("key", ["x[2]", "W1[1,2]", "z1[2]", "a1[1]", "yhat[1]", "L"])
def test_what_is_asked_is_nowhere_on_a_sheet_of_any_form(form: str, key: str) -> None:
    solution = solved(ask=[key], form=form)
    brands, asked = branded(solution), Asked(solution)
    assert brands[solution.quantity(key)] in text(compose(solution))
    assert told(student_sheet(solution), brands, asked.hidden) == []


def test_a_leak_is_noticed() -> None:
    solution = solved()
    assert leaks(solution, ["a1[1]"], text(compose(solution))) == {"a1[1]"}
    brands = branded(solution)
    assert told(compose(solution), brands, lambda q: q.key in ("x[1]", "a1[1]")) == ["x[1]", "a1[1]"]


def test_level_0_is_the_key() -> None:
    solution = solved()
    assert student_sheet(solution, 0).sections == compose(solution).sections


def test_at_level_1_the_last_part_is_blank() -> None:
    solution = solved()
    again = [line.key for line in solution.lines if line.step.stage == "rerun"]
    assert list(blanks(student_sheet(solution, 1))) == again
    assert list(blanks(student_sheet(solved(show=["forward", "loss"]), 1))) == ["L"]
    assert list(blanks(student_sheet(solved(show=["forward"]), 1))) == ["z2[1]", "yhat[1]"]


def test_at_level_2_formulas_stay_and_at_level_3_names_only() -> None:
    solution = solved()
    assert lines(student_sheet(solution, 2)) == lines(compose(solution)) == list(blanks(student_sheet(solution, 2)))
    assert "  z1[1] = W1[1,1]·x[1] + W1[1,2]·x[2] + b1[1] = . . ." in text(student_sheet(solution, 2))
    assert "  z1[1] = ________\n" in text(student_sheet(solution, 3))


def test_at_level_4_only_the_question_is_left() -> None:
    sheet = student_sheet(solved(), 4)
    assert (lines(sheet), blanks(sheet)) == ([], ())
    assert "a) Work out the forward pass: z1, a1, z2, yhat (6 marks)" in text(sheet)


def test_at_level_4_a_vector_has_no_index_and_letters_go_on() -> None:
    _, _, questions = latex(student_sheet(solved(), 4)).partition("Questions")
    assert all(f"${whole}$" in questions for whole in ("z^{(1)}", "z^{(2)}", r"\hat{y}", r"W^{(1) \prime}"))
    assert "_{1" not in questions
    asked = " ".join(text(student_sheet(solved(level=4, ask=["yhat", "dL/dW1[1,2]"]))).split())
    assert "a) Work out the forward pass: yhat" in asked
    assert "b) Work out the slope of the loss with respect to each weight and bias: dL/dW1[1,2]" in asked


def test_what_is_asked_is_blank_and_everything_else_is_worked() -> None:
    sheet = student_sheet(solved(ask=["a1[2]", "L"]))
    assert list(blanks(sheet)) == ["a1[2]", "L"]
    assert "(−0.9)·_____ + 0.2" in text(sheet)
    assert not any(isinstance(part, Answer) for section in sheet.sections for part in section.parts)


def test_what_repeats_the_digits_of_what_is_asked_is_blank_too() -> None:
    sheet = student_sheet(solved(ask=["dL/dz2[1]"]))
    assert list(blanks(sheet)) == ["dL/dz2[1]", "dL/db2[1]"]


@pytest.mark.parametrize("form", ["steps", "tables"])
def test_a_closed_form_does_not_tell_what_it_is_made_of(form: str) -> None:
    """(1/(1 + e^(−0.136)) + 0.1)² would tell z."""
    made = {"inputs": [0.4], "layers": [{"sigmoid": [[0.3]], "bias": [0.016]}], "target": [-0.1],
            "loss": "squared error", "form": form, "show": ["forward", "loss"]}  # fmt: skip
    solution = handcalc.solve(made | {"ask": ["z[1]"]})
    assert "e^(−0.136)" in text(compose(solution))
    assert "0.136" not in text(student_sheet(solution))


def test_a_given_can_be_asked() -> None:
    solution = solved(ask=["x[1]", "W1[2,1]"])
    sheet = student_sheet(solution)
    givens = next(part for part in sheet.sections[0].parts if isinstance(part, Givens))
    assert set(blanks(sheet)) == {"x[1]", "W1[2,1]"}
    assert "x[1] = _____" in text(sheet)
    assert len(givens.rows) == 8
    assert "1.5" not in text(sheet)


def test_only_what_is_asked_stands_on_a_sheet_on_which_nothing_is_worked() -> None:
    assert lines(student_sheet(solved(ask=["L", "z1"]), 2)) == ["z1[1]", "z1[2]", "L"]


def test_marks_stand_at_the_line_and_their_sum_above() -> None:
    sheet = student_sheet(solved(ask={"z1": 2, "L": 3}, minutes=7))
    assert text(sheet).count("(2 marks)") == 2
    assert "7 marks, about 7 minutes" in text(sheet)


def test_asking_for_what_is_not_shown_is_an_error_at_its_key() -> None:
    with pytest.raises(NetworkFileError, match="ask") as found:
        student_sheet(solved(ask=["z7"]))
    assert found.value.path == "ask"
    assert "z1[1]" in str(found.value)


def test_a_key_differs_from_its_sheet_in_the_title_and_the_holes_alone() -> None:
    solution = solved()
    worked, faded = key(solution), student_sheet(solution, 2)
    assert worked.title == "Key: A network by hand"
    assert lines(worked) == lines(faded)
    assert all(isinstance(line, FadedLine) for section in faded.sections for part in section.parts
               if isinstance(part, Working) for line in part.lines)  # fmt: skip


def test_the_answers_are_those_of_the_key() -> None:
    said = text(answers(solved(ask=["L", "a1[1]"])))
    assert {"a1[1]", solved()["a1[1]"].decimal(), solved()["L"].decimal()} <= set(said.split())


def test_follow_along_leaves_what_is_done_once_and_one_blank_asks_for_one_number() -> None:
    sheet = student_sheet(solved(form="follow along"))
    assert {max((read_key(one).of or read_key(one)).index) for one in blanks(sheet)} == {2}
    assert len(blanks(student_sheet(solved(form="one blank")))) == 1


def test_without_a_calculator_results_are_rounded_to_two_decimals() -> None:
    by_hand = solved(calculator="no")
    assert (by_hand.network.carry, by_hand.network.decimals) == ("rounded", 2)
    with pytest.raises(NetworkFileError, match="without a calculator"):
        solved(calculator="no", carry="exact")


def test_one_line_is_wrong_and_the_key_names_it() -> None:
    solution = solved(form="find the mistake", mistake="slope-left-out", ask=["dL/dz1[2]"])
    worked, faded = (" ".join(text(one).split()) for one in (key(solution), student_sheet(solution)))
    assert "=> The mistake is in the line of dL/dz1[2]: the slope of the activation is left out." in worked
    assert "Its right result is " + (right := solution["dL/dz1[2]"].decimal().replace("-", "−")) in worked
    assert "The wrong line is that of _____. Its right result is _____." in faded
    assert right not in faded
    assert " dL/dz1[2] = dL/da1[2] = " in faded


def test_the_mistake_of_the_same_file_is_the_same_and_used_later() -> None:
    first, second = (chosen(solved(form="find the mistake")) for _ in range(2))
    assert (first.key, first.code) == (second.key, second.code)
    assert any(first.quantity in quantities(line.formula) for line in solved().lines)


@pytest.mark.parametrize(
    ("more", "path", "said"),
    [
        ({"mistake": "one-more"}, "mistake", "doesn't show here"),
        ({"mistake": "slope-left-out", "ask": ["L"]}, "ask", "doesn't show in"),
        ({"show": "loss", "inputs": [0, 0], "target": [0.5]}, "mistake", "doesn't show here"),
    ],
)
def test_a_mistake_that_does_not_show_is_an_error_at_its_key(more: dict[str, object], path: str, said: str) -> None:
    with pytest.raises(NetworkFileError, match=said) as found:
        key(solved(**{"form": "find the mistake", "mistake": "bias-forgotten"} | more))
    assert found.value.path == path


def test_the_list_of_answers_says_what_is_accepted() -> None:
    rows = [line.split() for line in text(answers(solved(ask=["a1"]))).splitlines()]
    for name in ("a1[1]", "a1[2]"):
        (row,) = (row for row in rows if row and row[0] == name)
        low, high = map(Decimal, row[2:])
        assert low <= Decimal(row[1]) <= high <= low + Decimal("0.0002")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_answers_of_an_example_fit_on_one_page(path: Path) -> None:
    for solution in handcalc.solve_all(path).values():
        assert len(pypdf.PdfReader(BytesIO(pdf_on_one_page(answers(solution, 2)))).pages) == 1


def test_a_board_has_the_problem_and_then_a_step_a_page() -> None:
    solution = solved()
    shown = board(solution)
    assert [lines(replace(shown, sections=(one,))) for one in shown.sections] == [
        [], *([line.key] for line in solution.lines), [],
    ]  # fmt: skip
    said = [len(lines(replace(shown, sections=(one,)))) for one in board(solution, "lines").sections]
    assert max(said) == 4
    assert (
        leaks(solution, [line.key for line in solution.lines], text(replace(shown, sections=shown.sections[:1])))
        == set()
    )


def test_curves_stand_at_the_end_of_the_key_and_not_on_the_sheet() -> None:
    solution = solved(plots=["activation", "step"])
    end = compose(solution).sections[-1]
    assert [part.plotted for part in end.parts if isinstance(part, Picture)] == [True, True]
    assert end.heading == "Curves"
    assert end.heading not in [section.heading for section in student_sheet(solution).sections]


def test_a_box_of_formulas_has_one_line_of_each_kind() -> None:
    sheet = student_sheet(solved(formulas="yes"), 3)
    box = next(section for section in sheet.sections if section.heading == "Formulas")
    assert lines(replace(sheet, sections=(box,))) == [
        "z1[1]", "a1[1]", "L", "dL/dyhat[1]", "dL/dW2[1,1]", "dL/da1[1]", "dL/dz1[1]", "W1[u=1][1,1]",
    ]  # fmt: skip


def test_without_a_calculator_the_values_that_are_needed_stand_among_others() -> None:
    solution = solved(calculator="no", show="forward")
    table = next(part for section in student_sheet(solution).sections for part in section.parts
                 if section.heading == "Values to look up" and isinstance(part, Table))  # fmt: skip
    given = [plain(untraced(cell)) for cell in table.header[1:] if isinstance(cell, Maths)]
    assert {solution["z1[1]"].decimal(), solution["z1[2]"].decimal()} <= {one.replace("−", "-") for one in given}
    assert len(given) >= 3 * 2


def test_samples_that_no_shown_pass_sees_are_given_and_losses_that_no_line_works_out_are_not_asked() -> None:
    solution = handcalc.solve("examples/training.yaml")
    sheet = student_sheet(solution, 2)
    assert len(sheet.sections[0].parts[0].rows) == 4  # type: ignore[union-attr]
    assert not any(one.startswith(("x[s=", "y[s=")) for one in blanks(sheet))
    assert set(blanks(sheet)) == {q.key for q in Asked(solution, 2).chosen}
