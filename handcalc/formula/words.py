"""The words of a sheet, as data: one table of sentences per language, each sentence a template with named holes.

    "{before} before the step, {after} after it: the loss falls."
    "rounded to {decimals} {decimals:decimal|decimals}"       one form for 1, the other for the rest
    "Update {update}: {heading:lower}"                        beginning with a small letter

What an operation says stands in its class, in English; a table of another language holds it by the operation's name and
by the kind of sentence. An operation that a table doesn't know (a user's own) goes on speaking English.

To add a language: one module under `languages`, with all `SENTENCES` and `OPERATIONS`, and its line in `TABLES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter
from typing import Any, NamedTuple

from handcalc.formula.languages import english, german, german_gates, german_mistakes, german_operations
from handcalc.formula.maths import Maths

Words = tuple[str | Maths, ...]
"""Plain text (a user's, too: renderers escape it) and formulas, in order."""


class Table(NamedTuple):
    names: tuple[str, ...]
    """What a network file may call the language, beside its tag."""
    sentences: Mapping[str, str]
    operations: Mapping[str, Mapping[str, str]]
    """By the name of the operation and the kind of sentence: "title", "tell", "gradient_tell", "option alpha", …"""
    others: Mapping[str, str] = {}
    """By the English sentence: what an operation says where an option asks for another sentence than usual, and what
    goes wrong with it (a main clause that follows a colon)."""


TABLES = {
    "en": Table(("english", "englisch"), english.SENTENCES, {}),
    "de": Table(
        ("german", "deutsch"),
        german.SENTENCES,
        german_operations.OPERATIONS,
        {**german_operations.OTHERS, **german_mistakes.MISTAKES, **german_gates.GATES},
    ),
}
"""By language tag (BCP 47)."""


def table(language: str) -> Table:
    """The words of a language tag; of ``de-AT`` those of ``de``, of an unknown one the English ones."""
    return TABLES.get(language.partition("-")[0].lower(), TABLES["en"])


def is_known(language: str) -> bool:
    return language.partition("-")[0].lower() in TABLES


def say(language: str, sentence: str, /, **holes: str | int | Maths | Words) -> Words:
    """The sentence called `sentence`, with its holes filled; texts side by side are one."""
    said: list[str | Maths] = []
    for before, hole, forms in _pieces(table(language).sentences[sentence]):
        parts: list[str | Maths] = [before]
        if hole is not None:
            parts += _filling(holes[hole], forms)
        for part in parts:
            if isinstance(part, str) and said and isinstance(said[-1], str):
                said[-1] += part
            elif part != "":
                said.append(part)
    return tuple(said)


def phrase(language: str, sentence: str, /, **holes: str | int) -> str:
    """The same as one text, for headings and names."""
    return "".join(part for part in say(language, sentence, **holes) if isinstance(part, str))


def told(language: str, operation: str, kind: str, english: str) -> str:
    """What `operation` says: its own `english` words, or those of the language's table."""
    words = table(language)
    return words.others.get(english) or words.operations.get(operation, {}).get(kind, english)


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """Each text with the hole after it, and the hole's forms for one and for several."""
    return tuple((text, hole, forms or "") for text, hole, forms, _ in Formatter().parse(template))


def _filling(value: Any, forms: str) -> Iterator[str | Maths]:
    if forms == "lower":
        yield value[:1].lower() + value[1:]
    elif forms:
        one, _, several = forms.partition("|")
        yield one if value == 1 else several
    elif isinstance(value, tuple):
        yield from value
    else:
        yield value if isinstance(value, Maths) else str(value)
