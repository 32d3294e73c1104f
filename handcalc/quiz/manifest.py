"""The manifest: all that is known of a pack, for the marking and for other programs. docs/quiz.md describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from handcalc.quiz.jobs import Task
from handcalc.quiz.progress import FORMAT, Record
from handcalc.version import VERSION


def manifest(
    *,
    fingerprint: str,
    task: Task,
    seed: int,
    versions: int,
    gates: Mapping[str, object],
    files: Mapping[str, Record],
    students: Sequence[Record],
) -> str:
    """The same text for the same pack. Decimals are strings: a JSON number would pass through a float in most readers.

    - `versions`: of numbers, dealt in turn; 0 where each student has their own, 1 where all have the same
    - `gates`: what they have rejected, and which mistakes can't show
    - `files`: those of the whole class, by what they are
    - `students`: their records, in the order of the print run; of their boxes it is said once where they lie, if that
      is the same for all
    """
    options = asdict(task)
    document: dict[str, Any] = {
        "format": FORMAT,
        "handcalc": VERSION,
        "fingerprint": fingerprint,
        "quiz": {"file": options.pop("file"), "text": options.pop("text")},
        "seed": seed,
        "versions": versions,
        "options": options,
        **gates,
        "files": files,
    }
    if are_alike(students):
        document["boxes"] = students[0]["boxes"]
        students = [{key: said for key, said in one.items() if key != "boxes"} for one in students]
    document["students"] = students
    return "{\n" + ",\n".join(f" {_json(key)}: {_lines(said)}" for key, said in document.items()) + "\n}\n"


def are_alike(students: Sequence[Record]) -> bool:
    """Whether what is to be written lies at the same places on the sheets of all."""
    return all(one["boxes"] == students[0]["boxes"] for one in students)


def _lines(said: object) -> str:
    """A list with a line for each of its items, anything else on one line."""
    if not isinstance(said, list | tuple):
        return _json(said)
    return "[\n" + ",\n".join(f"  {_json(one)}" for one in said) + "\n ]"


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False)
