"""Answers of students, out of whatever they come in: tables, JSON, filled PDF forms, a folder of them, a dict."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from handcalc.mark.from_csv import read_csv
from handcalc.mark.from_forms import pdfs_in, read_forms
from handcalc.mark.from_json import read_json, read_object
from handcalc.mark.handed_out import HandedOut
from handcalc.mark.typed import Answers, AnswersError, Collected, HandedIn, Place, Typed
from handcalc.quiz.spreadsheet import csv_text

__all__ = ["Answers", "AnswersError", "HandedIn", "Place", "Typed", "answers_template", "read_answers"]

Source = str | os.PathLike[str] | Mapping[str, Any]


def read_answers(source: Source | Sequence[Source], handed_out: HandedOut) -> Answers:
    """What students have answered to the sheets `handed_out`.

    A file is CSV, JSON or a filled PDF, by its ending; of a folder every PDF in it; a dict is like a JSON file. Several
    of them are put together, and what stands in two of them has to be the same. Raises AnswersError, with the file and
    the place in it, where something can't be read or belongs to nobody.
    """
    collected = Collected(handed_out)
    forms: list[Path] = []
    for one in source if isinstance(source, Sequence) and not isinstance(source, str) else (source,):
        if isinstance(one, Mapping):
            read_object(one, collected)
        elif Path(one).is_dir():
            forms += pdfs_in(Path(one))
        elif Path(one).suffix.lower() == ".pdf":
            forms.append(Path(one))
        elif Path(one).suffix.lower() == ".json":
            read_json(os.fspath(one), collected)
        elif Path(one).suffix.lower() == ".zip":
            raise AnswersError("unpack it, and name the folder", os.fspath(one))
        else:
            read_csv(os.fspath(one), collected)
    read_forms(forms, collected)
    return collected.answers()


def answers_template(handed_out: HandedOut, separator: str = ",") -> bytes:
    """A CSV file to type answers into: a row a student, a column a blank, whose names no spreadsheet changes."""
    shell = [handed_out.spellings.shell[key] for key in handed_out.keys]
    if handed_out.is_single:
        return csv_text([("key", "answer"), *((name, "") for name in shell)], separator)
    blank = [""] * len(shell)
    rows = [(one.key, one.student.name, one.code, *blank) for one in handed_out.sheets]
    return csv_text([("student ID", "name", "code", *shell), *rows], separator)
