"""The numbers of each student: what they hang on, and what the gates keep out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from handcalc.derive.passes import NumericPass
from handcalc.derive.slip import certified_shows, changes_nothing, possible
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.quiz import variants as module
from handcalc.quiz.certified import number
from handcalc.quiz.gates import GATES
from handcalc.quiz.quiz import Quiz, read_quiz
from handcalc.quiz.report import NO_LINE, Report, percent
from handcalc.quiz.template import Template
from handcalc.quiz.variants import Found, Variant, found, variants
from handcalc.sheet.asked import Asked

ROOT = Path(__file__).parent.parent
PACKS = sorted((ROOT / "examples" / "packs").glob("*.yaml"))
STUDENTS = [f"s{n}" for n in range(12)]
TWO: dict[str, Any] = {
    "inputs": ["one decimal from 0.1 to 0.9", "one decimal from 1 to 2"],
    "layers": [
        {"sigmoid": "2 x 2 of one decimal from -1 to 1 not 0", "bias": "2 of one decimal from -0.5 to 0.5 not 0"},
        {"sigmoid": "1 x 2 of one decimal from -1 to 1 not 0", "bias": "one decimal from -0.5 to 0.5 not 0"},
    ],
    "target": "choice of 0, 1",
    "loss": "half squared error",
    "learning rate": "2",
}


@pytest.fixture(scope="module")
def two() -> Quiz:
    return read_quiz(TWO)


def numbers(one: Variant) -> list[dict[str, str]]:
    return [dict(filling) for filling in one.fillings]


def test_a_student_has_the_same_numbers_whoever_else_takes_the_quiz(two: Quiz) -> None:
    everyone = {one.student: one for one in variants(two, 7, STUDENTS)}
    backwards = {one.student: one for one in variants(two, 7, STUDENTS[::-1])}
    alone = {student: variants(two, 7, [student])[0] for student in STUDENTS}
    assert everyone == backwards == alone


def test_the_numbers_hang_on_quiz_seed_and_student(two: Quiz) -> None:
    (here,) = variants(two, 7, ["s1"])
    assert numbers(here) == numbers(variants(two, 7, ["s1"])[0])
    assert numbers(here) != numbers(variants(two, 8, ["s1"])[0])
    assert numbers(here) != numbers(variants(two, 7, ["s2"])[0])
    assert numbers(here) != numbers(variants(replace(two, name="other"), 7, ["s1"])[0])


def test_the_numbers_of_a_student_stay_what_they_are_from_version_to_version(two: Quiz) -> None:
    """Else a sheet that is lost could not be made again."""
    (one,) = variants(two, 7, ["Anna"])
    assert (one.number, one.code, list(one.fillings[0].values())) == FIXED


def test_waves_change_nothing(two: Quiz, monkeypatch: pytest.MonkeyPatch) -> None:
    before = variants(two, 7, STUDENTS)
    monkeypatch.setattr(module, "WAVE", 5)
    assert variants(two, 7, STUDENTS) == before


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_a_filled_template_is_the_network_of_the_file(path: Path) -> None:
    quiz = read_quiz(path)
    for n, question in enumerate(quiz.questions):
        usual = next(filling for filling in reading(quiz, n))
        template = Template(question, usual)
        fitting = [filling for filling in reading(quiz, n) if template.fits(filling)]
        assert fitting
        for filling in fitting:
            assert template.filled(filling) == question.network(filling)
            assert template.values(filling) == Template(question, filling).values(filling)


def test_numbers_that_vary_are_called_as_on_the_sheet() -> None:
    """A target that is 0 or 1 is one, too; a word stays where it stands."""
    classes = {"softmax": "2 x 2 of one decimal from 0.1 to 1", "classes": ["a", "b"]}
    layers = [TWO["layers"][0], classes]
    quiz = read_quiz({**TWO, "layers": layers, "target": "choice of a, b", "loss": "cross-entropy"})
    for one, target in ((read_quiz(TWO), "y[1]"), (quiz, None)):
        (question,) = one.questions
        keys = Template(question, next(reading(one, 0))).keys()
        assert keys["inputs[2]"] == "x[2]"
        assert keys["layers[1].sigmoid[2][1]"] == "W1[2,1]"
        assert keys["layers[1].bias[2]"] == "b1[2]"
        assert keys.get("target") == target


def reading(quiz: Quiz, question: int) -> Iterator[dict[str, str]]:
    """The candidates that read as a network."""
    for n in range(30):
        filling = quiz.fillings(1, "", n)[question]
        try:
            quiz.questions[question].network(filling)
        except HandcalcError:
            continue
        yield dict(filling)


@pytest.fixture(scope="module", params=PACKS, ids=lambda path: path.stem)
def pack(request: pytest.FixtureRequest) -> tuple[Quiz, Found]:
    quiz = read_quiz(request.param)
    return quiz, found(quiz, 3, STUDENTS)


def solutions(quiz: Quiz, made: Found) -> Iterator[Solution]:
    for variant in made.variants:
        for question, filling in zip(quiz.questions, variant.fillings, strict=True):
            yield Solution(question.network(filling))


def test_every_student_has_other_numbers_and_another_code(pack: tuple[Quiz, Found]) -> None:
    quiz, made = pack
    if "distinct" in quiz.gates:
        assert len({str(numbers(one)) for one in made.variants}) == len(STUDENTS)
    assert len({one.code for one in made.variants}) == len(STUDENTS)
    assert [one.student for one in made.variants] == STUDENTS


def test_accepted_numbers_have_what_the_gates_ask_for(pack: tuple[Quiz, Found]) -> None:
    """Read off the printed digits, without the gates' own code."""
    quiz, made = pack
    for solution in solutions(quiz, made):
        rectifies = any(str(layer.activation) in ("relu", "step") for layer in solution.network.dense)
        for step in solution.program.steps:
            shown = solution[step.target.key].decimal()
            zero = solution.value(step.target) == 0
            if step.stage == "gradients" and not solution.network.rounding.figures and "two figures" in quiz.gates:
                assert zero or len(shown.replace(".", "").lstrip("-0")) >= 2, step.target.key
            if step.stage == "forward" and step.target.letter == "z" and rectifies and "edges" in quiz.gates:
                assert not zero, step.target.key
        losses = [number(solution[key].decimal()) for key in ("L", "L[u=1]") if key in solution]
        assert "falling loss" not in quiz.gates or len(losses) < 2 or losses[1] < losses[0]


def test_no_mistake_gives_an_accepted_answer_but_the_right_one(pack: tuple[Quiz, Found]) -> None:
    """Looked at exactly, mistake by mistake: what doesn't show gives the right value itself (a dead unit, a factor 1
    that stands in the file) or is said to show nowhere."""
    quiz, made = pack
    reports = made.report.parts or [made.report]
    assert "mistakes" in quiz.gates
    for solution, report in zip(solutions(quiz, made), cycle(reports), strict=False):
        worked, asked = first(solution)
        for slip in possible(worked.run.shape, worked.turn):
            slot = worked.program.slots.number[slip.quantity]
            if slot in asked and not certified_shows(worked, slip, asked):
                assert changes_nothing(worked, slip) or (slip.code, slip.key) in report.cannot_show, (
                    f"{slip.key}: {slip.code}"
                )


def test_every_mistake_that_can_show_shows_somewhere(pack: tuple[Quiz, Found]) -> None:
    """In all sheets the same ones, of which each is seen on some line."""
    quiz, made = pack
    if len(quiz.questions) > 1 or quiz.questions[0].network(made.variants[0].fillings[0]).steps > 1:
        return  # there a mistake may show in another question, or a later pass
    shown = []
    for solution in solutions(quiz, made):
        worked, asked = first(solution)
        every = possible(worked.run.shape, worked.turn)
        shown.append({slip.code for slip in every if certified_shows(worked, slip, asked)})
    assert all(codes == shown[0] for codes in shown)
    assert shown[0]


def first(solution: Solution) -> tuple[NumericPass, list[int]]:
    """The first pass, and the slots that are asked of it."""
    worked = solution.first
    assert isinstance(worked, NumericPass)
    number = worked.program.slots.number
    return worked, [number[q] for q in Asked(solution).chosen if q in number]


IMPOSSIBLE: dict[str, Any] = {
    "inputs": ["1", "2"],
    "layers": [{"sigmoid": [["integer from 3 to 5", "integer from 4 to 6"]], "bias": "1"}],
    "target": "1",
    "loss": "binary cross-entropy",
    "learning rate": "1",
}


def test_too_few_candidates_say_which_gate_rejects_how_much_and_what_to_widen() -> None:
    with pytest.raises(HandcalcError) as caught:
        variants(read_quiz(IMPOSSIBLE), 1, STUDENTS)
    told = str(caught.value)
    assert "saturation rejects 100 %" in told
    assert "p[1]" in told
    assert "smaller weights or inputs" in told
    assert "quiz: {gates: {saturation: off}}" in told


def test_each_gate_can_be_switched_off() -> None:
    off = IMPOSSIBLE | {"quiz": {"gates": dict.fromkeys(GATES, "off")}}
    quiz = read_quiz(off)
    assert quiz.gates == frozenset()
    assert [one.number for one in variants(quiz, 1, STUDENTS)] == [0] * len(STUDENTS)


def test_too_few_different_numbers_are_told_apart_from_too_few_that_pass() -> None:
    few = {"inputs": ["1"], "layers": [{"linear": [["choice of 2, 3"]], "bias": "0.5"}]}
    with pytest.raises(HandcalcError, match="the file has only 2 sets of numbers, but 12 are wanted"):
        variants(read_quiz(few), 1, STUDENTS)


def test_an_input_may_be_a_yes_or_a_no() -> None:
    """Times 1 and times 0 something is always alike, which is no fault of the other numbers."""
    asked = {
        "inputs": ["one decimal from 0.2 to 3", "choice of 0 or 1"],
        "layers": [{"sigmoid": "2 x 2 of w", "bias": "2 of w"}, {"sigmoid": "1 x 2 of w", "bias": "w"}],
        "target": "choice of 0 or 1",
        "loss": "binary cross-entropy",
        "quiz": {"numbers": {"w": "one decimal from -1 to 1, not 0"}},
    }
    made = variants(read_quiz(asked), 1, STUDENTS)
    assert {one.fillings[0]["inputs[2]"] for one in made} == {"0", "1"}


def test_equal_numbers_are_given_once_whoever_comes_first() -> None:
    few = {"inputs": ["1"], "layers": [{"linear": [["integer from 2 to 15"]], "bias": "0.5"}]}
    quiz = read_quiz(few)
    one = {v.student: v.fillings for v in variants(quiz, 1, STUDENTS)}
    other = {v.student: v.fillings for v in variants(quiz, 1, STUDENTS[::-1])}
    assert one == other
    assert len({str(fillings) for fillings in one.values()}) == len(STUDENTS)


def test_exact_and_rounded_carry_agree_on_request() -> None:
    asked = TWO | {"decimals": "3", "quiz": {"gates": {"rounded carry agrees": "on"}}}
    quiz = read_quiz(asked)
    for one in variants(quiz, 1, STUDENTS[:4]):
        exact = quiz.questions[0].network(one.fillings[0])
        rounded = exact.changed(rounding=replace(exact.rounding, carry="rounded"))
        both = [Solution(each) for each in (exact, rounded)]
        for key in ("L", "yhat[1]", "L[u=1]"):
            assert len({each[key].decimal() for each in both}) == 1, key


def test_a_live_and_a_dead_unit_on_request() -> None:
    relu = {
        "inputs": ["one decimal from 0.1 to 0.9", "one decimal from 1 to 2"],
        "layers": [{"relu": "3 x 2 of one decimal from -1 to 1 not 0"}],
        "show": "forward",
        "quiz": {"gates": {"live and dead": "on"}},
    }
    quiz = read_quiz(relu)
    for one in variants(quiz, 1, STUDENTS):
        solution = Solution(quiz.questions[0].network(one.fillings[0]))
        outputs = [number(solution[f"yhat[{n}]"].decimal()) for n in (1, 2, 3)]
        assert min(outputs) == 0 < max(outputs)


def test_a_report_counts_and_rounds_honestly() -> None:
    report = Report()
    report.tell("edges", 1000, 1, [("z1[2]", 1)])
    report.tell("saturation", 1000, 999)
    assert report.worst() == [(report, "saturation"), (report, "edges")]
    assert next(report.sentences()).startswith("saturation rejects more than 99 %")
    assert "less than 1 %" in list(report.sentences())[1]
    assert "z1[2]" in list(report.sentences())[1]
    assert [percent(x) for x in (0, 0.004, 0.5, 0.996, 1)] == [
        "0 %",
        "less than 1 %",
        "50 %",
        "more than 99 %",
        "100 %",
    ]
    assert report.as_dict()["gates"] == {
        "edges": {"looked at": 1000, "rejected": 1},
        "saturation": {"looked at": 1000, "rejected": 999},
    }


def test_each_question_is_counted_for_itself() -> None:
    whole = Report()
    forward, backward = whole.part(1, "forward"), whole.part(2, "backward")
    forward.tell("mistakes", 100, 0)
    backward.tell("mistakes", 100, 100, [("dL/dW2[1,1] (sign-lost)", 60), (f"{NO_LINE} (bias-left-out)", 50)])
    backward.cannot_show["sign-lost", "L"] = None
    backward.cannot_show_together["last-path"] = None
    (said,) = whole.sentences()
    assert said.startswith("in question 2 (backward), mistakes rejects 100 %")
    assert said.endswith("at 2:dL/dW2[1,1] (sign-lost), no asked line (bias-left-out)")
    assert next(iter(whole.sentences("de"))).endswith("keiner gefragten Zeile (bias-left-out)")
    alike = Report().part(2, "")
    alike.tell("confusable", 9, 1, [("z1[1] and z1[2]", 1)])
    assert alike.sentence("confusable").endswith("at 2:z1[1] and 2:z1[2]")
    assert whole.as_dict() == {
        "gates": {
            "1:mistakes": {"looked at": 100, "rejected": 0},
            "2:mistakes": {"looked at": 100, "rejected": 100},
        },
        "cannot show beside others": ["2:last-path"],
        "cannot show": [{"mistake": "sign-lost", "line": "2:L"}],
    }


def test_a_question_that_nothing_passes_is_named() -> None:
    easy = {"show": "forward"}
    impossible = {"show": "forward", "layers": [{"relu": "1 x 2 of choice of 0.1, 0.2", "bias": "0"}]}
    file = {**TWO, "learning rate": "none", "loss": "none", "target": "none"}
    quiz = read_quiz({**file, "quiz": {"gates": {"live and dead": "on"}}, "exercises": {"a": easy, "b": impossible}})
    with pytest.raises(HandcalcError, match=r"\n  in question 2 \(b\), live and dead rejects 100 %"):
        variants(quiz, 1, STUDENTS)


def test_a_mistake_that_shows_nowhere_wants_more_lines_and_not_more_decimals() -> None:
    report = Report()
    report.tell("mistakes", 9, 9, [(f"{NO_LINE} (bias-left-out)", 9), ("z1[1] (sign-lost)", 2)])
    assert report.remedy("mistakes") == "ask more lines, or switch the gate off"
    report.tell("mistakes", 9, 9, [("z1[1] (sign-lost)", 9)])
    assert report.remedy("mistakes") == GATES["mistakes"].widen


def test_printed_numbers_are_read() -> None:
    assert [number(text) for text in ("-0.25", "−3", "1.50·10^-7", "3/4")] == [
        Fraction(-1, 4), Fraction(-3), Fraction(15, 10**8), Fraction(3, 4)
    ]  # fmt: skip


FIXED = (1, "S74H", ["0.9", "1.5", "-0.3", "0.9", "0.7", "0.6", "0.2", "-0.5", "0.1", "-0.1", "0.1", "0"])


FILES = sorted([*(ROOT / "examples").glob("*.yaml"), *(ROOT / "examples" / "quizzes").glob("*.yaml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_any_example_is_a_quiz_when_its_numbers_vary(path: Path) -> None:
    made = variants(read_quiz(path, vary="all"), 7, ["s1", "s2"])
    assert numbers(made[0]) != numbers(made[1])
