"""A tiny quiz, and what the tests of packs look at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from handcalc.cli import main

TINY = """title: Tiny
inputs: [integer from 2 to 9]
layers: [{linear: [[0.5]]}]
target: 3
loss: squared error
show: [forward, loss]
"""
THREE = ("-n", "3", "--jobs", "1")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["quiz", *map(str, arguments)], prog_name="handcalc", catch_exceptions=False)


def students(folder: Path) -> list[dict[str, Any]]:
    """Their records."""
    found: list[dict[str, Any]] = json.loads((folder / "manifest.json").read_text("utf-8"))["students"]
    return found


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones included."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
