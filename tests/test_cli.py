"""The commands, as a user meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handcalc.cli import main
from handcalc.write import files_of_exercises

HOME = Path(__file__).parent.parent
UNWELL = str(HOME / "examples" / "unwell.yaml")
BEGINS = {"text": "Unwell", "latex": "\\documentclass", "html": "<!doctype html>", "pdf": "%PDF", "json": "{\n"}
ENDING = {"text": ".txt", "latex": ".tex", "html": ".html", "pdf": ".pdf", "json": ".json"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="handcalc", catch_exceptions=False)


@pytest.mark.parametrize("kind", BEGINS)
def test_the_ending_of_out_decides_the_format(kind: str, tmp_path: Path) -> None:
    out = tmp_path / f"key{ENDING[kind]}"
    result = run("solve", UNWELL, "-o", str(out))
    assert (result.exit_code, result.output) == (0, "")
    assert out.read_bytes().lower().startswith(BEGINS[kind].lower().encode())
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("kind", BEGINS)
def test_the_format_can_be_named(kind: str) -> None:
    result = run("solve", UNWELL, "--format", kind)
    assert result.exit_code == 0
    assert result.stdout_bytes.lower().startswith(BEGINS[kind].lower().encode())


def test_one_file_serves_two_lessons() -> None:
    monday = run("solve", UNWELL, "--show", "forward", "--decimals", "2")
    tuesday = run("solve", UNWELL, "--show", "loss,gradients")
    assert "Backward pass" not in monday.output
    assert "≈ 0.77\n" in monday.output
    assert "Backward pass" in tuesday.output
    assert "Forward pass" not in tuesday.output


def test_json_says_how_results_are_rounded(tmp_path: Path) -> None:
    file = tmp_path / "cut.yaml"
    file.write_text("inputs: [1]\nlayers: [{linear: 2}]\nrounding: {significant figures: 3, how: truncate}\n")
    document = json.loads(run("solve", str(file), "--format", "json").output)
    assert (document["significant figures"], document["rounding"], "decimals" in document) == (3, "truncate", False)


def test_json_holds_every_quantity() -> None:
    document = json.loads(run("solve", UNWELL, "--format", "json").output)
    entry = document["quantities"]["dL/dz1[2]"]
    assert entry == {
        "stage": "gradients", "layer": 1, "operation": "chain rule",
        "formula": "dL/da1[2]·(1 if z1[2] > 0 else 0)", "substituted": "(−0.13888…)·0",
        "exact": "0", "digits": "0", "decimal": "0.0000", "operands": "digits",
        "remark": "z1[2] = −0.4 ≤ 0, so the slope is 0",
    }  # fmt: skip
    assert document["quantities"]["p[1]"]["exact"] == "e^0.7/(e^0.7 + e^(−0.5))"
    assert document["names"]["x[2]"] == "cough"


WRONG = {
    "no such file": (("solve", "nothing.yaml"), "handcalc: nothing.yaml: there is no such file"),
    "unknown part": (("solve", UNWELL, "--show", "forwrd"), 'did you mean "forward"?'),
    "decimals": (("solve", UNWELL, "--decimals", "99"), "decimals: "),
    "ending": (("solve", UNWELL, "-o", "key.docx"), "handcalc: 'key.docx': the ending says no format"),
    "folder": (("solve", UNWELL, "-o", "no/such/folder/key.txt"), "there is no folder"),
    "too large": (("solve", UNWELL, "--most-quantities", "10"), "--most-quantities"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_one_message(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, message = WRONG[case]
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "key.txt"
    out.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(out))

    monkeypatch.setattr("os.replace", full)
    result = run("solve", UNWELL, "-o", str(out))
    assert result.exit_code == 2
    assert "No space left on device" in result.output
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["key.txt"]


def test_a_link_is_followed_and_a_pipe_is_written_into(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.txt", tmp_path / "link.txt", tmp_path / "pipe.txt"
    target.write_text("old")
    link.symlink_to(target)
    assert run("solve", UNWELL, "-o", str(link)).exit_code == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("Unwell")
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    assert run("solve", UNWELL, "-o", str(pipe)).exit_code == 0
    reader.join(timeout=10)
    assert read[0].startswith("Unwell")
    assert pipe.is_fifo()


def test_warnings_go_to_standard_error(tmp_path: Path) -> None:
    file = tmp_path / "raw.yaml"
    file.write_text("inputs: [120]\nlayers: [{sigmoid: [[0.5]]}]\ntarget: 0\nloss: squared error\n")
    result = run("solve", str(file))
    assert result.exit_code == 0
    assert "warning: yhat[1] is saturated" in result.stderr
    assert "warning" not in result.stdout


def test_help_has_examples() -> None:
    for arguments in ((), ("solve",)):
        result = run(*arguments, "--help")
        assert result.exit_code == 0
        assert "handcalc solve unwell.yaml" in result.output


@pytest.mark.parametrize("name", ["unwell", "house-price"])
def test_the_text_of_the_demos_is_the_reviewed_one(name: str) -> None:
    result = run("solve", str(HOME / "examples" / f"{name}.yaml"))
    assert result.output == (HOME / "tests" / "golden" / f"{name}.txt").read_text(encoding="utf-8")
    assert max(map(len, result.output.splitlines())) <= 80


def test_the_command_is_quick_to_start() -> None:
    """What makes it slow is imports: help imports nothing but click."""
    code = "import sys; from handcalc.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME)
    assert not {"numpy", "flint", "sympy", "weasyprint", "yaml", "jinja2"} & set(done.stdout.split())


def test_what_has_no_value_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "log.yaml"
    file.write_text("predictions: [1, 0]\ntarget: [0, 1]\nloss: cross-entropy\n")
    found = CliRunner().invoke(main, ["solve", str(file)])
    assert found.exit_code == 2
    assert found.stderr.startswith(f"handcalc: {file}, L: its line asks for ln 0, which has no value")


def test_exercises_whose_names_look_alike_have_files_of_their_own(tmp_path: Path) -> None:
    names = ["a b", "a-b", "A/B", "a-b-2", "\u00e9", "e\u0301", "!", "?"]
    files = [Path(file).name for file in files_of_exercises(str(tmp_path / "key.txt"), names)]
    assert files[:4] == ["key-a-b.txt", "key-a-b-2.txt", "key-A-B-3.txt", "key-a-b-2-2.txt"]
    assert files[6:] == ["key-exercise.txt", "key-exercise-2.txt"]
    assert len({unicodedata.normalize("NFC", file).casefold() for file in files}) == len(names)
    file = tmp_path / "two.yaml"
    file.write_text("inputs: 1\nlayers: [{linear: 2}]\nexercises: {a b: {title: first}, a-b: {title: second}}\n")
    assert CliRunner().invoke(main, ["solve", str(file), "-o", str(tmp_path / "key.txt")]).exit_code == 0
    assert (tmp_path / "key-a-b.txt").read_text().startswith("first")
    assert (tmp_path / "key-a-b-2.txt").read_text().startswith("second")
