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
    - `students`: their records, in the order of the print run
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
        "students": students,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
