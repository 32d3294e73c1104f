"""Packs: the same bytes however they are made, and nothing lost that was made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from handcalc.cli import main

TINY = "inputs: [2]\nlayers: [{linear: [[0.5]]}]\ntarget: 3\nloss: squared error\nshow: [forward, loss]\ntitle: Tiny\n"
FILES = {
    "answers.pdf", "keys.pdf", "manifest.json", "print.pdf",
    *(f"{folder}/{n}" for folder in ("answers", "keys", "sheets") for n in (1, 2, 3)),
}  # fmt: skip


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["quiz", *map(str, arguments)], prog_name="handcalc", catch_exceptions=False)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones included."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


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
    assert run(folder / "tiny.yaml", "-n", "3", "--jobs", "1").exit_code == 0
    return folder / "tiny-pack"


def test_a_pack_has_a_sheet_a_key_and_answers_for_each_student(pack: Path) -> None:
    assert {name.partition("-")[0] for name in tree(pack)} == FILES
    assert all(made.startswith(b"%PDF") for name, made in tree(pack).items() if name.endswith(".pdf"))


def test_each_student_begins_on_paper_of_their_own(pack: Path) -> None:
    sheets = [PdfReader(one) for one in sorted((pack / "sheets").iterdir())]
    together = PdfReader(pack / "print.pdf")
    starts = [n for n, page in enumerate(together.pages) if "Variant" in page.extract_text()]
    assert starts == [0, 2, 4]
    assert [len(one.pages) for one in sheets] == [1, 1, 1]


def test_the_manifest_says_what_is_asked_and_accepted(pack: Path) -> None:
    document = json.loads((pack / "manifest.json").read_text("utf-8"))
    assert document["quiz"] == {"file": "tiny.yaml", "text": TINY}
    assert [one["key"] for one in document["students"]] == ["1", "2", "3"]
    assert [(one["key"], one["value"]) for one in document["students"][0]["asked"]] == [
        ("z[1]", "1"),
        ("a[1]", "1"),
        ("L", "4"),
    ]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_pack_is_the_same_however_many_cores_make_it(jobs: str, pack: Path, quiz: Path, tmp_path: Path) -> None:
    assert run(quiz, "-n", "3", "--jobs", jobs, "-o", tmp_path / "again").exit_code == 0
    assert tree(tmp_path / "again") == tree(pack)


KILLED_AT = """
import os, signal, sys
from handcalc.cli import main
from handcalc.quiz import jobs

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
    moments = ["1", "2", "5", "9", "13", "15", "17"]
    script = [sys.executable, "-c", KILLED_AT, str(quiz), str(tmp_path), *moments]
    done = subprocess.run(script, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(".progress") == len(moments)
    for moment in moments:
        assert tree(tmp_path / moment) == tree(pack)


def test_only_what_is_missing_is_made(pack: Path, quiz: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    assert run(quiz, "-n", "3", "--jobs", "1", "-o", out).exit_code == 0
    lost, kept = sorted((out / "sheets").iterdir())[:2]
    lost.unlink()
    before = kept.stat().st_mtime_ns
    assert run(quiz, "-n", "3", "--jobs", "1", "-o", out).exit_code == 0
    assert kept.stat().st_mtime_ns == before
    assert tree(out) == tree(pack)


def test_another_pack_is_not_mixed_into_one_that_is_there(pack: Path, quiz: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    assert run(quiz, "-n", "2", "--seed", "2", "--jobs", "1", "-o", out).exit_code == 0
    (out / "sheets" / "mine.txt").write_text("a note")
    before = tree(out)
    refused = run(quiz, "-n", "3", "--jobs", "1", "-o", out)
    assert (refused.exit_code, tree(out)) == (2, before)
    assert "another pack lies here" in refused.output
    assert run(quiz, "-n", "3", "--jobs", "1", "-o", out, "--force").exit_code == 0
    assert tree(out) == {**tree(pack), "sheets/mine.txt": b"a note"}


def test_a_file_that_is_there_is_not_written_over(quiz: Path, tmp_path: Path) -> None:
    (tmp_path / "print.pdf").write_text("mine")
    before = tree(tmp_path)
    refused = run(quiz, "-n", "3", "--jobs", "1", "-o", tmp_path)
    assert (refused.exit_code, tree(tmp_path)) == (2, before)
    assert "print.pdf is there already" in refused.output
