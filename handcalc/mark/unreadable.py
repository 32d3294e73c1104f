"""What is wrong at one place of a typed answer: a code, a sentence in the student's language, a caret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from handcalc.formula.languages import english_answers, german_answers
from handcalc.formula.tokens import MOST_POINTED, pointed

TABLES: Mapping[str, Mapping[str, str]] = {"en": english_answers.ANSWERS, "de": german_answers.ANSWERS}
MOST_LISTED = 8
"""Letters that are named as accepted."""


class CantRead(Exception):
    """Raised where reading fails: `code` is that of a sentence, `at` the place, `holes` what fills the sentence."""

    def __init__(self, code: str, at: int, **holes: str | int) -> None:
        super().__init__(code, at, holes)
        self.code, self.at, self.holes = code, at, holes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An answer that can't be read is never wrong: it says where, why, and what would be accepted."""

    text: str
    at: int
    code: str
    """One of the keys of the phrase table: stable, while its sentence may change."""
    holes: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    letters: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        return self.said("en")

    @property
    def accepted(self) -> str:
        return self.would_be_accepted("en")

    def said(self, language: str) -> str:
        return _phrase(language, self.code, self.holes)

    def would_be_accepted(self, language: str) -> str:
        if not self.letters:
            return _phrase(language, "accepted", {})
        listed = [*self.letters[:MOST_LISTED], *["…"] * (len(self.letters) > MOST_LISTED)]
        holes = {"letters": "·".join(self.letters[:2]), "letters_listed": ", ".join(listed)}
        return _phrase(language, "accepted letters", holes)

    def report(self, language: str = "en", most: int = MOST_POINTED) -> str:
        """The sentence, the line with a caret under the place, and what would be accepted."""
        return f"{self.said(language)}\n{pointed(self.text, self.at, most)}\n{self.would_be_accepted(language)}"

    def __str__(self) -> str:
        return self.report()


def _phrase(language: str, code: str, holes: Mapping[str, str | int]) -> str:
    table = TABLES.get(language.partition("-")[0].lower(), TABLES["en"])
    return table[code].format(**holes)
