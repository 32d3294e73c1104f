"""Packs: the same bytes however they are made, and nothing lost that was made."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from zipfile import ZipFile

import pytest
from packs import THREE, TINY, run, students, tree
from pypdf import PdfReader

from handcalc.quiz.verify import Disagreement, Record


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY, "utf-8")
    return file


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three numbered sheets, made in one process without interruption."""
    folder = tmp_path_factory.mktemp("pack")
    (folder / "tiny.yaml").write_text(TINY, "utf-8")
    assert run(folder / "tiny.yaml", *THREE).exit_code == 0
    return folder / "tiny-pack"


def test_a_pack_has_a_sheet_a_key_and_answers_for_each_student(pack: Path) -> None:
    found = tree(pack)
    codes = [one["code"] for one in students(pack)]
    own = {f"{folder}/{n}-{code}.pdf" for folder in ("answers", "keys", "sheets") for n, code in enumerate(codes, 1)}
    of_all = {"answers.pdf", "keys.pdf", "manifest.json", "overview.csv", "overview.html", "print.pdf"}
    assert found.keys() == own | of_all
    assert all(made.startswith(b"%PDF") for name, made in found.items() if name.endswith(".pdf"))


def test_each_student_begins_on_paper_of_their_own(pack: Path) -> None:
    sheets = [PdfReader(one) for one in sorted((pack / "sheets").iterdir())]
    together = PdfReader(pack / "print.pdf")
    starts = [n for n, page in enumerate(together.pages) if "Variant" in page.extract_text()]
    assert starts == [0, 2, 4]
    assert [len(one.pages) for one in sheets] == [1, 1, 1]


def test_the_manifest_says_what_is_asked_and_accepted(pack: Path) -> None:
    document = json.loads((pack / "manifest.json").read_text("utf-8"))
    assert document["quiz"] == {"file": "tiny.yaml", "text": TINY}
    for one in document["students"]:
        x = int(one["fillings"][0]["inputs[1]"])
        asked = {answer.pop("key"): answer for answer in one["asked"]}
        half, places = f"{x / 2:g}", f"{x / 2:.4f}"
        span = {"from": places, "to": places, "least": str(Fraction(x, 2)), "most": str(Fraction(x, 2))}
        assert asked["z[1]"] == {"marks": 1, "value": half, **span}
        assert asked["L"]["value"] == f"{(x / 2 - 3) ** 2:g}"
        assert one["checks"][0]["agrees"]


def test_a_box_to_write_in_lies_at_the_same_place_for_all(pack: Path, quiz: Path, tmp_path: Path) -> None:
    boxes = json.loads((pack / "manifest.json").read_text("utf-8"))["boxes"]
    assert [(one["page"], one["key"]) for one in boxes] == [(1, "z[1]"), (1, "yhat[1]"), (1, "L")]
    assert not any("boxes" in one for one in students(pack))
    quiz.write_text(
        TINY.replace("from 2 to 9", "from -10 to 10 not 0").replace("0.5", "choice of 1 or -0.125"), "utf-8"
    )
    assert run(quiz, "-n", "6", "--jobs", "1", "-o", tmp_path / "wide").exit_code == 0
    assert len(json.loads((tmp_path / "wide" / "manifest.json").read_text("utf-8"))["boxes"]) == 3


def test_a_sheet_and_its_key_say_whose_they_are(pack: Path) -> None:
    for one in students(pack):
        for kind in ("sheet", "key", "answers"):
            file = one["files"][kind]
            pages = PdfReader(pack / file["file"]).pages
            assert len(pages) == file["pages"]
            assert f"Variant {one['code']}" in pages[0].extract_text()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_pack_is_the_same_however_many_cores_make_it(jobs: str, pack: Path, quiz: Path, tmp_path: Path) -> None:
    assert run(quiz, "-n", "3", "--jobs", jobs, "-o", tmp_path / "again").exit_code == 0
    assert tree(tmp_path / "again") == tree(pack)


KILLED_AT = """
import os, signal, sys
from handcalc.cli import main

file, out, *moments = sys.argv[1:]
for moment in moments:
    if not os.fork():
        left, replace = int(moment), os.replace
        def counted(begun, name):
            global left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            replace(begun, name)
        os.replace = counted
        main(["quiz", file, "-n", "3", "--jobs", "1", "-o", os.path.join(out, moment)])
    pid, status = os.wait()
    assert os.WIFSIGNALED(status), f"not killed at the file {moment}"
    print(sorted(os.listdir(os.path.join(out, moment))))
    main(["quiz", file, "-n", "3", "--jobs", "1", "-o", os.path.join(out, moment)], standalone_mode=False)
"""
"""Ends itself with kill -9 when so many files have been begun and the last of them has no name yet; then continues."""


def test_a_pack_that_was_killed_is_continued_to_the_same_bytes(pack: Path, quiz: Path, tmp_path: Path) -> None:
    moments = ["1", "2", "5", "9", "14", "17", "19"]
    script = [sys.executable, "-c", KILLED_AT, str(quiz), str(tmp_path), *moments]
    done = subprocess.run(script, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(".progress") == len(moments)
    for moment in moments:
        assert tree(tmp_path / moment) == tree(pack)


def test_only_what_is_missing_is_made(pack: Path, quiz: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    assert run(quiz, *THREE, "-o", out).exit_code == 0
    lost, kept = sorted((out / "sheets").iterdir())[:2]
    lost.unlink()
    before = kept.stat().st_mtime_ns
    assert run(quiz, *THREE, "-o", out).exit_code == 0
    assert kept.stat().st_mtime_ns == before
    assert tree(out) == tree(pack)
    (out / "print.pdf").unlink()
    assert run(quiz, "-n", "3", "--jobs", "2", "-o", out).exit_code == 0
    assert tree(out) == tree(pack)


def test_another_pack_is_not_mixed_into_one_that_is_there(pack: Path, quiz: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    assert run(quiz, "-n", "2", "--seed", "2", "--jobs", "1", "-o", out).exit_code == 0
    (out / "sheets" / "mine.txt").write_text("a note")
    before = tree(out)
    refused = run(quiz, *THREE, "-o", out)
    assert (refused.exit_code, tree(out)) == (2, before)
    assert "another pack lies here" in refused.output
    assert run(quiz, *THREE, "-o", out, "--force").exit_code == 0
    assert tree(out) == {**tree(pack), "sheets/mine.txt": b"a note"}


def test_a_file_that_is_there_is_not_written_over(quiz: Path, tmp_path: Path) -> None:
    (tmp_path / "print.pdf").write_text("mine")
    before = tree(tmp_path)
    refused = run(quiz, *THREE, "-o", tmp_path)
    assert (refused.exit_code, tree(tmp_path)) == (2, before)
    assert "print.pdf is there already" in refused.output


def test_one_sheet_can_be_made_again_alone(pack: Path, quiz: Path, tmp_path: Path) -> None:
    made = run(quiz, *THREE, "--student", "2", "-o", tmp_path / "again")
    assert made.exit_code == 0
    assert tree(tmp_path / "again") == {name: data for name, data in tree(pack).items() if "/2-" in name}
    unknown = run(quiz, *THREE, "--student", "4", "-o", tmp_path / "again")
    assert unknown.exit_code == 2
    assert 'there is no student "4"' in unknown.output


def test_a_zip_holds_the_pack_and_no_time(pack: Path, quiz: Path, tmp_path: Path) -> None:
    assert run(quiz, *THREE, "-o", tmp_path / "zipped", "--zip").exit_code == 0
    shutil.copytree(pack, tmp_path / "later")
    assert run(quiz, *THREE, "-o", tmp_path / "later", "--zip").exit_code == 0
    assert tree(tmp_path / "zipped") == tree(tmp_path / "later")
    with ZipFile(tmp_path / "zipped" / "pack.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == tree(pack)
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_all_may_have_the_same_numbers_or_one_of_two_versions(quiz: Path, tmp_path: Path) -> None:
    assert run(quiz, "-n", "5", "--jobs", "1", "-o", tmp_path / "ab", "--versions", "2").exit_code == 0
    found = students(tmp_path / "ab")
    assert [one["code"] for one in found] == ["A", "B", "A", "B", "A"]
    assert [one["fillings"] for one in found] == [found[i % 2]["fillings"] for i in range(5)]
    assert found[0]["fillings"] != found[1]["fillings"]
    assert run(quiz, "-n", "2", "--jobs", "1", "-o", tmp_path / "same", "--same").exit_code == 0
    first, second = students(tmp_path / "same")
    assert (first["code"], first["fillings"]) == (second["code"], second["fillings"])


def test_a_dry_run_writes_nothing_and_says_what_the_gates_did(quiz: Path, tmp_path: Path) -> None:
    said = run(quiz, "-n", "3", "--dry-run")
    assert said.exit_code == 0
    assert said.output.startswith("numbers for 3 sheets are found\n")
    assert [one.name for one in tmp_path.iterdir()] == ["tiny.yaml"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("ask: [zz]", "tiny.yaml, line 7, ask: no quantity is called 'zz'"),
        ("form: letters first\nstatements: both", "tiny.yaml, line 8, statements: letters first works"),
        ("form: wires", "tiny.yaml, line 7, form: wires are those of a circuit"),
        ("exercises: {a: {}, b: {form: epochs}}", "tiny.yaml, line 7, form: "),
    ],
)
def test_what_is_found_late_is_said_with_its_line_before_anything_is_made(
    quiz: Path, tmp_path: Path, more: str, said: str
) -> None:
    quiz.write_text(f"{TINY}{more}\n", "utf-8")
    refused = run(quiz, *THREE, "-o", tmp_path / "pack")
    assert refused.exit_code == 2
    assert said in refused.output
    assert not (tmp_path / "pack").exists()


def test_the_manifest_says_which_mistake_leads_to_an_option(quiz: Path, tmp_path: Path) -> None:
    quiz.write_text(TINY + "form: multiple choice\nask: [L]\nquiz: {gates: {mistakes: off}}\n", "utf-8")
    assert run(quiz, "-n", "1", "--jobs", "1", "-o", tmp_path / "pack").exit_code == 0
    (asked,) = students(tmp_path / "pack")[0]["asked"]
    (right,) = [one for one in asked["options"] if one["right"]]
    assert Fraction(right["value"]) == Fraction(asked["value"])
    assert [one["letter"] for one in asked["options"]] == ["A", "B", "C", "D"]
    assert {one["at"] for one in asked["options"] if one.get("mistake")} == {"yhat[1]"}
    boxes = json.loads((tmp_path / "pack" / "manifest.json").read_text("utf-8"))["boxes"]
    assert [(one["key"], one["choice"]) for one in boxes] == [("L", letter) for letter in "ABCD"]


def test_several_questions_have_their_numbers_in_the_keys(quiz: Path, tmp_path: Path) -> None:
    quiz.write_text(TINY + "exercises: {first: {}, second: {show: forward}}\n", "utf-8")
    assert run(quiz, "-n", "1", "--jobs", "1", "-o", tmp_path / "pack").exit_code == 0
    (one,) = students(tmp_path / "pack")
    keys = ["1:z[1]", "1:yhat[1]", "1:L", "2:z[1]", "2:yhat[1]"]
    assert [asked["key"] for asked in one["asked"]] == keys
    head, row = csv.reader((tmp_path / "pack" / "overview.csv").read_text("utf-8-sig").splitlines())
    assert head[6:] == ["1:x[1]", "2:x[1]", *keys]
    assert row[6] == row[7]
    page = (tmp_path / "pack" / "overview.html").read_text("utf-8")
    assert 'title="2:inputs[1]">2:x\u200b[1]</th>' in page


ROSTER = """last name,first name,student ID,room
<script>alert(1)</script>,../../up,=1+2,b
\\input{x},=cmd|' /C calc'!A0,../../../etc,a
"""


def test_no_name_becomes_markup_a_path_or_a_formula(quiz: Path, tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text(ROSTER, "utf-8")
    out = tmp_path / "inside" / "pack"
    out.parent.mkdir()
    assert run(quiz, "--roster", tmp_path / "class.csv", "--spare", "1", "--jobs", "1", "-o", out).exit_code == 0
    assert {one.name for one in tmp_path.iterdir()} == {"class.csv", "tiny.yaml", "inside"}
    assert [one["group"] for one in students(out)] == ["a", "b", ""]
    assert all(re.fullmatch(r"[a-z]+/[\w-]+\.pdf", name) for name in tree(out) if "/" in name)
    page = (out / "overview.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;, ../../up" in page
    assert "<script" not in page
    rows = list(csv.reader((out / "overview.csv").read_text("utf-8-sig").splitlines()))
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert "alert(1)" in PdfReader(out / students(out)[1]["files"]["sheet"]["file"]).pages[0].extract_text()


def test_a_link_does_not_lead_out_of_the_pack(quiz: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "sheets").symlink_to(tmp_path / "outside")
    refused = run(quiz, *THREE, "-o", tmp_path / "pack")
    assert refused.exit_code == 2
    assert "leads out of the pack" in refused.output
    assert not list((tmp_path / "outside").iterdir())


def test_a_key_that_does_not_agree_ends_the_pack(quiz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Record(1, (), (Disagreement("L", "4", "5", "50 digits"),))
    monkeypatch.setattr("handcalc.quiz.jobs.verify", lambda solution: wrong)
    refused = run(quiz, *THREE, "-o", tmp_path / "pack")
    assert refused.exit_code == 2
    assert "the key of number 1 doesn't agree" in refused.output
    assert "L is printed as 4, in 50 digits it is 5" in refused.output
    assert not any(name.endswith((".pdf", "manifest.json")) for name in tree(tmp_path / "pack"))


def in_a_process(quiz: Path, out: Path) -> list[str]:
    """The command for three students on two cores."""
    command = [sys.executable, "-c", "from handcalc.cli import main; main()", "quiz", str(quiz)]
    return [*command, "-n", "3", "-o", str(out), "--jobs", "2"]


@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_stops_it_is_told_how_to_continue(
    pack: Path, quiz: Path, tmp_path: Path, end: signal.Signals, code: int
) -> None:
    out = tmp_path / "pack"
    with subprocess.Popen(
        in_a_process(quiz, out), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as started:
        while not (out / "sheets").exists():
            time.sleep(0.02)
        (os.killpg if end is signal.SIGINT else os.kill)(started.pid, end)
        said = started.communicate(timeout=60)[1]
    assert started.returncode == code
    assert said.strip() == f"handcalc: stopped; what is made is kept in {out}, the same command continues"
    assert not (out / "manifest.json").exists()
    assert run(quiz, *THREE, "-o", out).exit_code == 0
    assert tree(out) == tree(pack)


def test_workers_end_with_the_process_that_started_them(pack: Path, quiz: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    with subprocess.Popen(in_a_process(quiz, out), start_new_session=True) as started:
        while not (out / "sheets").exists():
            time.sleep(0.02)
        started.kill()
    for _ in range(200):
        if not [one for one in Path("/proc").glob("[0-9]*") if group_of(one) == started.pid]:
            break
        time.sleep(0.05)
    else:
        pytest.fail("a worker goes on")
    assert run(quiz, *THREE, "-o", out).exit_code == 0
    assert tree(out) == tree(pack)


def group_of(process: Path) -> int:
    """The process group of a process in /proc; 0 of one that has ended."""
    try:
        state, _, group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return 0
    return 0 if state == "Z" else int(group)


def test_the_overview_speaks_the_language_of_the_sheets(tmp_path: Path) -> None:
    """A spreadsheet that wants semicolons takes 0.5 for a date; in the manifest numbers keep their points."""
    file, roster = tmp_path / "quiz.yaml", tmp_path / "class.csv"
    typed = TINY.replace("[[0.5]]", "[[one decimal from 0.1 to 0.9]]")
    file.write_text(f"{typed}language: de\nnotation: comma\n", "utf-8")
    roster.write_text("Nachname;Vorname;Raum\nNoether;Emmy;1\nGauß;Carl;2\n", "utf-8")
    assert run(file, "--roster", roster, "--jobs", "1", "-o", tmp_path / "pack").exit_code == 0
    page = (tmp_path / "pack" / "overview.html").read_text("utf-8")
    table = (tmp_path / "pack" / "overview.csv").read_text("utf-8-sig").splitlines()
    rows = list(csv.DictReader(table, delimiter=";"))
    numbers = [one["fillings"][0]["layers[1].linear[1][1]"] for one in students(tmp_path / "pack")]
    assert all("." in one for one in numbers)
    assert [row["W[1,1]"] for row in rows] == [one.replace(".", ",") for one in numbers]
    assert all(f">{one.replace('.', ',')}<" in page for one in numbers)
    assert "rejects" not in page
