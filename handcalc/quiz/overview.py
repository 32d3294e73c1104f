"""The teacher's overview of a pack: who has which numbers, what comes out at the end, what was checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from handcalc.formula.words import phrase
from handcalc.quiz.progress import Record
from handcalc.quiz.spreadsheet import csv_text
from handcalc.render.furniture import environment

_DECIMAL = re.compile(r"-?[0-9]*\.[0-9]+([eE·][-+0-9^]+)?$")


@dataclass(frozen=True, slots=True)
class Overview:
    """`records` of the students in the order of the print run; `facts` are sentences about all of them, `gates` about
    what was rejected. Of the mistakes that `cannot_show`, each has its code and the key of a line that doesn't tell it
    from right work. `names` are the keys of the numbers that vary, by path. With `comma` numbers have a decimal
    comma."""

    title: str
    language: str
    facts: Sequence[str]
    gates: Sequence[str]
    cannot_show: Sequence[tuple[str, str]]
    records: Sequence[Record]
    comma: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def said(self, sentence: str) -> str:
        return phrase(self.language, sentence)

    @property
    def heading(self) -> str:
        return phrase(self.language, "overview of", title=self.title)

    def title_of(self, kind: str) -> str:
        """Of the file that holds all sheets, all keys, or all answers."""
        match kind:
            case "key":
                return phrase(self.language, "key to", title=self.title)
            case "answers":
                return phrase(self.language, "answers to", title=self.title)
        return self.title

    @property
    def unseen(self) -> dict[str, list[str]]:
        """By mistake the lines at which it can't show."""
        found: dict[str, list[str]] = {}
        for code, key in self.cannot_show:
            found.setdefault(code, []).append(key)
        return found

    @property
    def holes(self) -> list[str]:
        """What varies: the paths of the numbers, those of a further question with its number in front."""
        return list(dict.fromkeys(chain.from_iterable(map(_numbers, self.records))))

    def name_of(self, hole: str) -> str:
        """What a number that varies is called on the sheet, or else where it stands in the file."""
        return self.names.get(hole, hole)

    @property
    def last(self) -> list[str]:
        """The keys of the final answers: of each question the last one that is asked."""
        found = {one["key"].partition(":")[0] if ":" in one["key"] else "": one["key"]
                 for record in self.records for one in record["asked"]}  # fmt: skip
        return list(found.values())

    def html(self) -> str:
        """A page for the browser; whatever stands in it is escaped."""
        rows = [
            (one, _read(_numbers(one), self.holes, comma=self.comma), _read(_answers(one), self.last, comma=self.comma))
            for one in self.records
        ]
        template = environment().get_template("overview.html")
        named, groups = (any(one[key] for one in self.records) for key in ("name", "group"))
        return template.render(overview=self, named=named, groups=groups, rows=rows)

    def csv(self, separator: str = ",") -> bytes:
        """The same for a spreadsheet, with every answer. One that wants semicolons reads 0.5 as a date."""
        comma = separator == ";"
        asked = list(dict.fromkeys(key for one in self.records for key in _answers(one)))
        head = ["name", "ID", "group", "code", "sheet", "key", *map(self.name_of, self.holes), *asked]
        rows = (
            [one["name"], one["id"], one["group"], one["code"], one["files"]["sheet"]["file"],
             one["files"]["key"]["file"], *_read(_numbers(one), self.holes, comma=comma),
             *_read(_answers(one), asked, comma=comma)]
            for one in self.records
        )  # fmt: skip
        return csv_text([head, *rows], separator)


def _numbers(record: Record) -> dict[str, str]:
    several = len(record["fillings"]) > 1
    return {
        f"{number}:{path}" if several else path: text
        for number, filling in enumerate(record["fillings"], 1)
        for path, text in filling.items()
    }


def _read(numbers: Mapping[str, str], keys: Sequence[str], *, comma: bool) -> list[str]:
    """What stands under these keys, "" where nothing does; words, which some are, keep their points."""
    found = (numbers.get(key, "") for key in keys)
    return [one.replace(".", ",") if comma and _DECIMAL.match(one) else one for one in found]


def _answers(record: Record) -> dict[str, str]:
    return {one["key"]: one["value"] for one in record["asked"]}
