"""Marks for a class: what is in the files, what feedback and report say, sheets of paper, schemes, messages."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from flint import fmpq
from packs import run as quiz
from packs import tree
from pypdf import PdfReader

from handcalc.cli import main
from handcalc.derive.slip import slips, with_slip
from handcalc.mark.feedback import feedback
from handcalc.mark.handed_out import HandedOut, read_pack, read_sheet
from handcalc.mark.judged import MarkedSheet, judge, marks_said, sentence
from handcalc.mark.of_another import Others
from handcalc.mark.pile import of_paper
from handcalc.mark.report import report
from handcalc.mark.scheme import USUAL, Scheme
from handcalc.mark.scheme_file import as_dict, read_scheme, scheme_from
from handcalc.mark.statistics import LEAST_SHEETS, Class
from handcalc.mark.typed import Collected
from handcalc.network import NetworkFileError
from handcalc.render.html import html
from handcalc.render.text import text as in_text
from handcalc.sheet.choices import options
from handcalc.sheet.forms.mistake import chosen as slip_of
from handcalc.sheet.picture import Picture, Stroke

QUIZ = """title: Tiny
inputs: [integer from 2 to 9, 1]
layers: [{sigmoid: [[0.5, 0.25]], bias: 0.1}]
target: 1
loss: binary cross-entropy
decimals: 3
show: [forward, loss, gradients]
"""
NETWORK = QUIZ.replace("integer from 2 to 9", "2")
CLASS = "ID,name\n0815,Ada Lovelace\n1912,Alan Turing\n1906,Grace Hopper\n"
KEYS = ("z[1]", "p[1]", "L", "dL/dz[1]", "dL/dW[1,1]", "dL/dW[1,2]", "dL/db[1]")
LEFT_OUT = "the bias is left out"
HOME = Path(__file__).parent.parent
FILES = {"marks.json", "gradebook.csv", "report.html", "report.pdf"}


def check(*arguments: str | Path) -> Result:
    jobs = [] if "--sheet" in arguments or "--jobs" in arguments else ["--jobs", "1"]
    return CliRunner().invoke(
        main, ["check", *map(str, arguments), *jobs], prog_name="handcalc", catch_exceptions=False
    )


def checked(*arguments: str | Path) -> str:
    done = check(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


def packed(folder: Path, text: str) -> HandedOut:
    (folder / "tiny.yaml").write_text(text, "utf-8")
    (folder / "class.csv").write_text(CLASS, "utf-8")
    done = quiz(folder / "tiny.yaml", "--roster", folder / "class.csv", "--jobs", "1", "-o", folder / "pack")
    assert done.exit_code == 0, done.output
    return read_pack(folder / "pack")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> HandedOut:
    return packed(tmp_path_factory.mktemp("class"), QUIZ)


@pytest.fixture(scope="module")
def handed_in(pack: HandedOut, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada is right, Alan leaves the bias out and goes on from there, Grace has little."""
    ada, alan, grace = pack.sheets
    slip = next(one for one in slips(alan.solutions[0]) if one.tell() == LEFT_OUT)
    wrong = with_slip(alan.solutions[0], slip)
    answers = {
        ada.key: {key: one.value for key, one in ada.wanted.items()},
        alan.key: {key: wrong[key].decimal() for key in alan.wanted},
        grace.key: {"z[1]": grace.wanted["z[1]"].value, "p[1]": "0,5x", "L": "77"},
    }
    path = tmp_path_factory.mktemp("answers") / "answers.json"
    path.write_text(json.dumps(answers), "utf-8")
    return path


@pytest.fixture(scope="module")
def marks(pack: HandedOut, handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all that was made."""
    folder = tmp_path_factory.mktemp("marks") / "marks"
    checked(folder_of(pack), handed_in, "-o", folder)
    return folder


def folder_of(pack: HandedOut) -> Path:
    return Path(pack.source).parent


def records(folder: Path) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in json.loads((folder / "marks.json").read_text("utf-8"))["students"]}


def lines(folder: Path, who: str) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in records(folder)[who]["lines"]}


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "gradebook.csv").read_text("utf-8-sig"))))


def single(tmp_path: Path, text: str = NETWORK) -> Path:
    path = tmp_path / "one.yaml"
    path.write_text(text, "utf-8")
    return path


# the class


def test_every_student_has_a_feedback_sheet_and_the_class_its_files(pack: HandedOut, marks: Path) -> None:
    stems = {f"feedback/{one.stem}{ending}" for one in pack.sheets for ending in (".pdf", ".html")}
    assert set(tree(marks)) == FILES | stems


def test_right_answers_have_all_marks_and_one_slip_costs_its_line(marks: Path) -> None:
    found = records(marks)
    assert [found[who]["marks"] for who in ("0815", "1912", "1906")] == ["7", "6", "1"]
    assert {one["code"] for one in found["0815"]["lines"]} == {"correct"}
    assert [one["code"] for one in found["1912"]["lines"]] == ["mistake", *["follows"] * 6]
    assert [one["code"] for one in found["1906"]["lines"]] == ["correct", "unreadable", "wrong", *["blank"] * 4]


def test_a_verdict_has_its_reason_and_its_evidence(marks: Path) -> None:
    wrong, follows = lines(marks, "1912")["z[1]"], lines(marks, "1912")["p[1]"]
    assert wrong["sentence"].startswith(f"You get this number if {LEFT_OUT}: z[1] = ")
    assert wrong["evidence"]["mistakes"][0]["at"] == ["z[1]"]
    low, high = map(Fraction, lines(marks, "0815")["z[1]"]["evidence"]["accepted"])
    assert low <= Fraction(lines(marks, "0815")["z[1]"]["answer"]) <= high
    assert follows["evidence"]["from"] == [{"key": "z[1]", "text": wrong["answer"], "theirs": True}]


def test_marking_again_gives_the_same_bytes_and_leaves_what_it_reads(
    pack: HandedOut, handed_in: Path, marks: Path, tmp_path: Path
) -> None:
    before, read = tree(folder_of(pack)), handed_in.read_bytes()
    checked(folder_of(pack), handed_in, "-o", tmp_path / "again")
    assert tree(tmp_path / "again") == tree(marks)
    checked(folder_of(pack), "-o", tmp_path / "again")
    assert tree(tmp_path / "again") == tree(marks)
    assert (tree(folder_of(pack)), handed_in.read_bytes()) == (before, read)


def test_feedback_of_an_earlier_marking_is_told(tmp_path: Path) -> None:
    path = single(tmp_path, "inputs: [2]\nlayers: [{linear: [[3]], bias: 1}]\nshow: [forward]\n")
    answers = tmp_path / "a.csv"
    answers.write_text("name,key,answer\nAda,yhat,7\nBob,yhat,6\n", "utf-8")
    assert "also holds" not in checked(path, answers, "-o", tmp_path / "marks")
    answers.write_text("name,key,answer\nAda,yhat,7\n", "utf-8")
    assert "holds feedback of an earlier marking: Bob.html and Bob.pdf\n" in checked(
        path, answers, "-o", tmp_path / "marks"
    )


def test_several_cores_make_the_same_bytes(pack: HandedOut, handed_in: Path, marks: Path, tmp_path: Path) -> None:
    checked(folder_of(pack), handed_in, "-o", tmp_path / "again", "--jobs", "2")
    assert tree(tmp_path / "again") == tree(marks)


def test_the_gradebook_has_a_row_a_student_and_a_column_a_blank(pack: HandedOut, marks: Path) -> None:
    found = rows(marks)
    assert [(one["student ID"], one["marks"], one["out of"], one["to look at"]) for one in found] == [
        ("0815", "7", "7", ""), ("1912", "6", "7", ""), ("1906", "1", "7", "1")
    ]  # fmt: skip
    assert [found[1][name] for name in ("z_1", "p_1", "dW_12")] == ["0", "1", "1"]
    assert list(found[0])[-7:] == [pack.spellings.shell[key] for key in KEYS]


def test_a_feedback_sheet_says_what_was_written_and_shows_the_right_step(pack: HandedOut, marks: Path) -> None:
    alan = pack.sheets[1]
    page = (marks / "feedback" / f"{alan.stem}.html").read_text("utf-8")
    assert LEFT_OUT in page
    assert "Alan Turing, 1912" in page
    assert page.count('class="step"') == 1
    assert f'data-key="{KEYS[0]}"' in page
    assert page.index("Forward pass") < page.index("Loss</h2>") < page.index("Backward pass")
    text = PdfReader(marks / "feedback" / f"{alan.stem}.pdf").pages[0].extract_text()
    assert "Alan Turing" in text
    assert "6 of 7 marks." in text


def test_the_report_names_mistakes_and_no_student_but_where_somebody_has_to_look(marks: Path) -> None:
    page = (marks / "report.html").read_text("utf-8")
    assert "3 of 3 sheets handed in; 7 marks in all." in page
    assert LEFT_OUT in page
    assert "Grace Hopper (1906): p[1] = 0,5x (unreadable)" in page
    assert "Ada" not in page
    assert "Alan" not in page
    assert page.count('role="img"') == 2
    assert f"With fewer than {LEAST_SHEETS} sheets" in page


def test_whose_numbers_somebody_has_worked_with_is_told(pack: HandedOut) -> None:
    ada, alan, grace = pack.sheets
    others = Others(pack)
    assert len({one.code for one in pack.sheets}) == 3
    for mine, theirs in ((ada, alan), (alan, grace), (grace, ada)):
        copied = judge(mine, {key: one.value for key, one in theirs.wanted.items()})
        assert others.whose(copied) is theirs
        assert others.whose(judge(mine, {key: one.value for key, one in mine.wanted.items()})) is None
        assert others.whose(judge(mine, {})) is None
        assert others.whose(judge(mine, {"z[1]": theirs.wanted["z[1]"].value})) is None
    page = html(report(Class([replace(copied, other=theirs)]), pack))
    assert "Grace Hopper (1906): most of these answers belong to the sheet of Ada Lovelace (0815)" in page


def test_nothing_is_written_where_the_answers_are_wrong(pack: HandedOut, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"0815": {"z[1]": true}}', "utf-8")
    done = check(folder_of(pack), tmp_path / "a.json", "-o", tmp_path / "marks")
    assert done.exit_code == 2
    assert "a text, a number, or a list of numbers is accepted" in done.output
    assert not (tmp_path / "marks").exists()


def test_names_are_data_in_every_file(tmp_path: Path) -> None:
    bad = '=HYPERLINK("x")<b>&'
    (tmp_path / "a.json").write_text(json.dumps({bad: {"z[1]": "<script>"}}), "utf-8")
    checked(single(tmp_path), tmp_path / "a.json", "-o", tmp_path / "marks")
    assert rows(tmp_path / "marks")[0]["student ID"] == "'" + bad
    page = next((tmp_path / "marks" / "feedback").glob("*.html")).read_text("utf-8")
    assert "<script>" not in page
    assert "<b>" not in page


# one network file


def test_one_file_and_one_set_of_answers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("key,answer\nz,1.35\np_1,0.8\n", "utf-8")
    told = checked(single(tmp_path), tmp_path / "a.csv", "-o", tmp_path / "marks")
    assert told == f"1 sheet marked in {tmp_path / 'marks'}: 1 of 7\n"
    assert rows(tmp_path / "marks")[0]["z_1"] == "1"


def test_another_process_in_a_notebook_s_terminal_makes_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("key,answer\nz,1.35\np_1,0.8\n", "utf-8")
    arguments = ["check", str(single(tmp_path)), str(tmp_path / "a.csv"), "--jobs", "1", "-o"]
    code = f"from handcalc.cli import main; main({[*arguments, str(tmp_path / 'there')]})"
    notebook = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "1"}
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=os.environ | notebook, cwd=HOME)
    checked(*arguments[1:], tmp_path / "here")
    assert tree(tmp_path / "here") == tree(tmp_path / "there")


def test_the_level_says_what_was_asked(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("key,answer\nz,1.35\n", "utf-8")
    assert check(single(tmp_path), tmp_path / "a.csv", "--level", "1").exit_code == 0
    assert [one["out of"] for one in rows(tmp_path / "one-marks")] == ["4"]


def test_expressions_in_letters_are_marked(tmp_path: Path) -> None:
    path = single(tmp_path, "inputs: [2]\nletters: [w, b]\nlayers: [{linear: [[w]], bias: b}]\nshow: [forward]\n")
    (tmp_path / "a.csv").write_text("name,key,answer\nAda,yhat,b+2w\nBob,yhat,2w\n", "utf-8")
    assert "mean 1 of 2" in checked(path, tmp_path / "a.csv", "-o", tmp_path / "marks")
    assert lines(tmp_path / "marks", "Ada")["yhat[1]"]["code"] == "correct"
    found = lines(tmp_path / "marks", "Bob")["yhat[1]"]
    assert found["sentence"] == (
        "You get this expression if in the line of z[1] the bias is left out. Expected: 2·W[1,1] + b[1]."
    )


def test_several_questions_have_marks_of_their_own(tmp_path: Path) -> None:
    body = "\n    ".join(NETWORK.replace("title: Tiny\n", "").strip().splitlines())
    path = single(tmp_path, f"title: Two\nexercises:\n  one:\n    {body}\n  two:\n    {body}\n")
    (tmp_path / "a.json").write_text('{"1:z[1]": "1.35", "2:z[1]": "1.25"}', "utf-8")
    checked(path, tmp_path / "a.json", "-o", tmp_path / "marks")
    found = lines(tmp_path / "marks", "")
    assert [(found[key]["code"], found[key]["marks"]) for key in ("1:z[1]", "2:z[1]")] == [
        ("correct", "1"), ("mistake", "0")
    ]  # fmt: skip
    page = (tmp_path / "marks" / "feedback" / "student.html").read_text("utf-8")
    assert page.count('class="question"') == 2


# what is chosen


def test_a_letter_has_the_mistake_behind_it(tmp_path: Path) -> None:
    sheet = read_sheet(single(tmp_path, NETWORK + "form: multiple choice\nask: [z, dL/dW]\n")).sheets[0]
    solution = sheet.solutions[0]
    for quantity in sheet.questions[0].chosen:
        for one in options(solution, quantity):
            found = judge(sheet, {quantity.key: f" {one.letter.lower()})"}).by_key[quantity.key]
            assert found.code == ("correct" if one.right else "mistake" if one.slip else "wrong")
            assert found.marks == fmpq(one.right)
            assert found.text == one.letter
            if one.slip:
                assert found.mistake is not None
                assert (found.mistake.code, found.mistake.general) == (one.code, one.slip.tell())
    unreadable = judge(sheet, {"z[1]": "E", "dL/dW[1,1]": "AB"})
    assert [one.code for one in unreadable] == ["unreadable", "unreadable", "blank"]


def test_the_value_of_an_option_stands_for_its_letter(tmp_path: Path) -> None:
    """As platforms hand it on; a letter with another option's value is neither."""
    sheet = read_sheet(single(tmp_path, NETWORK + "form: multiple choice\nask: z\n")).sheets[0]
    some = options(sheet.solutions[0], next(iter(sheet.questions[0].chosen)))
    for one in some:
        for typed in (
            one.text,
            one.text.replace(".", ","),
            f"{one.letter}. {one.text}",
            f"({one.letter}) = {one.text}",
        ):
            assert judge(sheet, {"z[1]": typed}).by_key["z[1]"].text == one.letter
    for typed in (f"{some[0].letter}: {some[1].text}", "0.123456", "z"):
        assert judge(sheet, {"z[1]": typed}).by_key["z[1]"].code == "unreadable"


def test_the_wrong_line_may_be_called_by_any_of_its_names(tmp_path: Path) -> None:
    sheet = read_sheet(single(tmp_path, NETWORK + "form: find the mistake\nask: z\n")).sheets[0]
    right = judge(sheet, {"line": "z_1", "result": "1.35"})
    assert [one.code for one in right] == ["correct", "correct"]
    assert [one.code for one in judge(sheet, {"line": "p", "result": "1.3"})] == ["wrong", "wrong"]
    assert [one.code for one in judge(sheet, {"line": "what", "result": "?!"})] == ["unreadable", "unreadable"]
    assert judge(sheet, {"line": "z[1] = 1.1"}).by_key["line"].is_right


def test_whoever_has_not_found_the_mistake_reads_what_it_was(tmp_path: Path) -> None:
    sheet = read_sheet(single(tmp_path, NETWORK + "form: find the mistake\nask: z\n")).sheets[0]
    marked = judge(sheet, {"line": "p", "result": "1.3"})
    mistake = slip_of(sheet.solutions[0])
    said = sentence(sheet.solutions[0], marked.by_key["line"].said)
    assert said == f"The mistake is in the line of z[1]: {mistake.tell()}."
    assert "= 0.5·2 + 0.25·1 + 0.1 = 1.35" in in_text(feedback(marked))
    assert "= 0.5·2" not in in_text(feedback(judge(sheet, {"line": "z", "result": "1.35"})))


# sheets of paper


@pytest.mark.parametrize("who", ["code", "1912", "Alan Turing"])
def test_a_sheet_is_continued_from_its_slip(pack: HandedOut, who: str) -> None:
    alan = pack.sheets[1]
    told = checked(folder_of(pack), "--sheet", alan.code if who == "code" else who, "z_1=0.41").splitlines()
    assert told[0] == f"{alan.code}  Alan Turing (1912): 6 of 7"
    assert "on paper: 0.41   0 of 1" in told[1]
    assert f"{alan.wanted['p[1]'].value} (from your z[1]: 0.601)" in "\n".join(told)  # σ(0.41)


def test_what_is_not_typed_counts_as_right_from_there(pack: HandedOut) -> None:
    for sheet in pack.sheets:
        for key in KEYS[:4]:
            assert of_paper(sheet, {key: "0.41"}, USUAL).marked.marks == 6
        two = of_paper(sheet, {"z[1]": "0.41", "dL/dz[1]": "0.3"}, USUAL).marked
        assert {one.code for one in two} == {"correct", "follows", "wrong"} - ({"correct"} if two.marks < 7 else set())
        assert two.marks == 5
        assert of_paper(sheet, {}, USUAL).marked.marks == 7
        assert of_paper(sheet, dict.fromkeys(KEYS, "-"), USUAL).marked.marks == 0


def test_slips_are_collected_and_a_correction_replaces(pack: HandedOut, tmp_path: Path) -> None:
    folder, out = folder_of(pack), tmp_path / "marks"
    assert checked(folder, "--sheet", "1912", "z_1=0.41", "L=-", "-o", out).endswith(
        "gradebook.csv: 5; 1 of 3 sheets\n"
    )
    checked(folder, "--sheet", "0815", "-o", out)
    assert [(one["student ID"], one["marks"]) for one in rows(out)] == [("0815", "7"), ("1912", "5")]
    assert records(out)["1912"]["slips"] == {"z[1]": "0.41", "L": "-"}
    told = checked(folder, "--sheet", "1912", "-o", out)
    assert told.endswith("gradebook.csv: 7, in place of 5; 2 of 3 sheets\n")
    assert [one["marks"] for one in rows(out)] == ["7", "7"]
    assert not (out / "report.html").exists()
    checked(folder, "-o", out)
    assert set(tree(out)) >= FILES
    assert [one["marks"] for one in rows(out)] == ["7", "7"]
    assert set(records(out)["1912"]) >= {"slips"}
    assert "feedback and report are as they were" in checked(folder, "--sheet", "1912", "L=2", "-o", out)


def test_what_was_typed_from_paper_counts_before_what_is_in_files(
    pack: HandedOut, handed_in: Path, tmp_path: Path
) -> None:
    checked(folder_of(pack), "--sheet", "1906", "-o", tmp_path)
    done = check(folder_of(pack), handed_in, "-o", tmp_path)
    assert "Grace Hopper (1906) was typed from paper" in done.output
    assert [one["marks"] for one in rows(tmp_path)] == ["7", "6", "7"]


def test_a_sheet_of_one_network_file_is_anybodys(tmp_path: Path) -> None:
    path = single(tmp_path)
    for who in ("Ada", "Bob"):
        checked(path, "--sheet", who, "z=0.41", "-o", tmp_path / "marks")
    assert [(one["student ID"], one["marks"]) for one in rows(tmp_path / "marks")] == [("Ada", "6"), ("Bob", "6")]


def test_a_line_that_a_slip_leaves_trivial_says_so(tmp_path: Path) -> None:
    told = checked(single(tmp_path), "--sheet", "Ada", "p=0", "-o", tmp_path / "marks").splitlines()
    (place,) = (n for n, line in enumerate(told) if line.lstrip().startswith("dL/dz[1]"))
    assert told[place].endswith("(from your p[1]: -1.000)   0 of 1")
    assert "With p[1] = 0 there is nothing left to work out here; since nothing shows" in told[place + 1]
    checked(single(tmp_path), "-o", tmp_path / "marks")
    (page,) = (tmp_path / "marks" / "feedback").glob("*.html")
    assert page.read_text("utf-8").count(">nothing left<") == 4  # dL/dz and all that is a multiple of it


WRONG: dict[str, tuple[Sequence[str], str]] = {
    "no sign": (("z_1",), '"z_1": write a blank\'s name, = and what stands there: z1_2=0.41, or z1_2=-'),
    "nothing": (("z_1=",), "write a blank's name"),
    "no blank": (("q7=1",), 'found "q7", which names nothing that is asked; accepted: z[1], p[1]'),
    "given": (("x_1=1",), '"x_1=1": this is not asked on this sheet'),
    "twice": (("z_1=1", "z=2"), '"z=2": z[1] is "1" in another word; leave one of them out'),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_slip_is_told(pack: HandedOut, name: str, tmp_path: Path) -> None:
    typed, message = WRONG[name]
    done = check(folder_of(pack), "--sheet", "1912", *typed, "-o", tmp_path / "marks")
    assert done.exit_code == 2
    assert message in done.output
    assert not (tmp_path / "marks").exists()


def test_a_sheet_that_is_not_there_is_told(pack: HandedOut) -> None:
    assert "--sheet ZZZZ: no sheet of this pack has this code, ID or name" in check(
        folder_of(pack), "--sheet", "ZZZZ"
    ).output  # fmt: skip


def test_a_sheet_is_kept_even_if_nobody_reads_what_is_printed(tmp_path: Path) -> None:
    """As with ``| head -1``."""
    code = (
        f"from handcalc.cli import main; main(prog_name='handcalc', args={['check', str(single(tmp_path)), '--sheet']}"
    )
    code += f" + {['Ada', 'z=1', '-o', str(tmp_path / 'marks')]})"
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, cwd=HOME, check=False)
    os.close(writing)
    assert b"handcalc:" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert [one["marks"] for one in rows(tmp_path / "marks")] == ["6"]


def test_a_file_is_no_folder_for_marks(pack: HandedOut, handed_in: Path) -> None:
    done = check(folder_of(pack), handed_in, "-o", handed_in)
    assert done.exit_code == 2
    assert f"{handed_in}: this is a file; -o wants a folder" in done.output


def test_marks_of_another_pack_are_left_alone(pack: HandedOut, marks: Path, tmp_path: Path) -> None:
    before = tree(marks)
    for arguments in (("--sheet", "Ada", "z=1"), ()):
        done = check(single(tmp_path), *arguments, "-o", marks)
        assert done.exit_code == 2
        assert "these are the marks of another pack; name another folder with -o" in done.output
    assert tree(marks) == before


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": "handcalc marks, version 1", "students": 3}'])
def test_a_changed_file_of_marks_is_told(pack: HandedOut, text: str, tmp_path: Path) -> None:
    (tmp_path / "marks.json").write_text(text, "utf-8")
    done = check(folder_of(pack), "-o", tmp_path)
    assert done.exit_code == 2
    assert "the file was changed; name another folder with -o, or delete it" in done.output


def test_without_answers_and_marks_there_is_nothing_to_do(pack: HandedOut, tmp_path: Path) -> None:
    done = check(folder_of(pack), "-o", tmp_path / "none")
    assert (done.exit_code, (tmp_path / "none").exists()) == (2, False)
    assert "name files of answers, or sheets with --sheet" in done.output


# the scheme


SCHEME = "follows: 1/2\nmistake: 0.25\nmethod: 0\nmistakes: {bias-forgotten: 1}\nrepeat: each\nstrict: decimals\n"


def test_a_scheme_is_read_and_written(tmp_path: Path) -> None:
    for text in (SCHEME, "marking:\n  " + SCHEME.strip().replace("\n", "\n  ")):
        (tmp_path / "scheme.yaml").write_text(text, "utf-8")
        scheme = read_scheme(str(tmp_path / "scheme.yaml"))
        assert scheme == Scheme(
            follows=fmpq(1, 2), mistake=fmpq(1, 4), of_mistake={"bias-forgotten": fmpq(1)}, repeat="each",
            strict="decimals",
        )  # fmt: skip
        assert scheme_from(as_dict(scheme)) == scheme
    assert scheme_from(as_dict(USUAL)) == USUAL


def test_marks_are_given_by_the_scheme_of_the_option_or_the_file(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text("follows: 1/2", "utf-8")
    (tmp_path / "a.json").write_text('{"z[1]": "0.41", "p[1]": "0.601"}', "utf-8")
    path, out = single(tmp_path, NETWORK + "marking: {follows: 1/3}\n"), tmp_path / "marks"
    checked(path, tmp_path / "a.json", "-o", out)
    assert records(out)[""]["marks"] == "1/3"
    assert rows(out)[0]["marks"] == "0.33"
    checked(path, tmp_path / "a.json", "-o", out, "--scheme", tmp_path / "scheme.yaml")
    assert records(out)[""]["marks"] == "0.5"
    checked(path, "-o", out)  # again, by the scheme that these marks were given by
    assert records(out)[""]["marks"] == "0.5"


def test_sheets_of_paper_are_not_marked_by_two_schemes(pack: HandedOut, tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text("follows: 1/2", "utf-8")
    folder, out = folder_of(pack), tmp_path / "marks"
    checked(folder, "--sheet", "1912", "z=0.41", "-o", out)
    done = check(folder, "--sheet", "0815", "-o", out, "--scheme", tmp_path / "scheme.yaml")
    assert done.exit_code == 2
    assert "these marks were given by another scheme" in done.output
    checked(folder, "-o", out, "--scheme", tmp_path / "scheme.yaml")
    checked(folder, "--sheet", "0815", "z=0.41", "-o", out)
    assert [one["marks"] for one in rows(out)] == ["3", "3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("folows: 1", 'line 1, folows: the key "folows" is not known; did you mean "follows"?'),
        ("mistake: 0\nfollows: 2", 'line 2, follows: found "2"; a share from 0 to 1 is accepted, such as 1/2'),
        ("follows: half", "line 1, follows: "),
        ("repeat: twice", 'line 1, repeat: "twice" is not known here; accepted: once, each'),
        ("mistakes: {bias-forgoten: 1}", 'no mistake is called "bias-forgoten"; did you mean "bias-forgotten"?'),
        ("mistakes: 1", 'line 1, mistakes: found "1", where shares by mistake are wanted'),
        ("3", "where keys and values are wanted"),
    ],
)
def test_a_wrong_scheme_is_told_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(text, "utf-8")
    with pytest.raises(NetworkFileError) as error:
        read_scheme(str(tmp_path / "scheme.yaml"))
    assert message in str(error.value)


def test_a_wrong_scheme_is_told_when_the_pack_is_made(tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_text(QUIZ + "marking: {follows: 2}\n", "utf-8")
    done = quiz(tmp_path / "q.yaml", "-n", "2")
    assert done.exit_code == 2
    assert "q.yaml, line 8, marking.follows: found" in done.output


# the numbers of the report


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Nine sheets to one network file, with other answers each."""
    handed_out = read_sheet(single(tmp_path_factory.mktemp("nine")))
    right = {key: one.value for key, one in handed_out.sheets[0].wanted.items()}

    def one(n: int) -> MarkedSheet:
        kept = [key for k, key in enumerate(KEYS) if (n * (k + 2)) % 5 != 1]
        typed = {key: right[key] if key in kept else "9.87" for key in KEYS}
        return judge(Collected(handed_out).student(f"student {n}"), typed)

    return Class([one(n) for n in range(9)])


def test_shares_and_correlations_are_those_of_numpy(nine: Class) -> None:
    table = np.array([[float(Fraction(str(one.marks))) for one in sheet] for sheet in nine.sheets])
    for k, line in enumerate(nine.lines):
        own, rest = table[:, k], table.sum(axis=1) - table[:, k]
        assert line.share == pytest.approx(own.mean())
        if own.std() and rest.std():
            assert line.discrimination == pytest.approx(np.corrcoef(own, rest)[0, 1])
        else:
            assert line.discrimination is None
    assert nine.spread == pytest.approx(table.sum(axis=1).std(ddof=1))
    assert float(Fraction(str(nine.mean))) == pytest.approx(table.sum(axis=1).mean())
    assert float(Fraction(str(nine.median))) == pytest.approx(np.median(table.sum(axis=1)))
    assert sum(line.discrimination is not None for line in nine.lines) > 3


def test_every_sheet_is_in_one_bin(nine: Class) -> None:
    assert sum(one.sheets for one in nine.bins) == len(nine.sheets)
    assert nine.bins[0].least == 0
    assert nine.bins[-1].most == nine.out_of
    for low, high in zip(nine.bins, nine.bins[1:], strict=False):
        assert low.most + 1 == high.least


def test_a_small_class_has_no_correlations(nine: Class) -> None:
    few = Class(nine.sheets[: LEAST_SHEETS - 1])
    assert few.spread is None
    assert {line.discrimination for line in few.lines} == {None}


@pytest.mark.parametrize(("marks", "said"), [((1, 3), "0.33"), ((5, 2), "2.5"), ((7, 1), "7"), ((2, 3), "0.67")])
def test_marks_are_rounded_to_two_decimals(marks: tuple[int, int], said: str) -> None:
    assert marks_said(fmpq(*marks)) == said
    assert marks_said(fmpq(*marks), comma=True) == said.replace(".", ",")


def test_the_charts_show_the_totals_and_the_share_of_each_line(nine: Class, tmp_path: Path) -> None:
    sections = report(nine, read_sheet(single(tmp_path))).sections
    totals, shares = (part for section in sections for part in section.parts if isinstance(part, Picture))
    counted = [one.sheets for one in nine.bins if one.sheets]
    high = [one.width for one in totals.marks if isinstance(one, Stroke) and one.grey]
    assert [h / max(high) for h in high] == pytest.approx([n / max(counted) for n in counted])
    lying = [one for one in shares.marks if isinstance(one, Stroke)]
    wholes, parts = lying[: len(nine.lines)], lying[len(nine.lines) :]
    found = [(part.x2 - part.x1) / (whole.x2 - whole.x1) for part, whole in zip(parts, wholes, strict=True)]
    assert found == pytest.approx([line.share for line in nine.lines])
    assert len(set(found)) > 2
    assert all(f"{line.line.key} " in shares.alt for line in nine.lines)
