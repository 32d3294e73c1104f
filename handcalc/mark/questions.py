"""The columns of questions: those that a platform numbers, and those that a question with a key in it heads.

Source: Moodle 4, mod/quiz/report/responses and question/type/multianswer; Canvas, student_analysis.rb (2018).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from handcalc.mark.spelling import Spellings
from handcalc.quiz.spreadsheet import Row

_RESPONSE = re.compile(r"(response|antwort|réponse|respuesta|risposta|antwoord)\s*([0-9]{1,4})", re.IGNORECASE)
_OF_CANVAS = re.compile(r"([0-9]+): ?(.*)", re.DOTALL)
_PART = re.compile(r"(\S{1,20}) 1: ?")
_POINTS = re.compile(r"[0-9]+(\.[0-9]+)?")
_COMMA = re.compile(r"(?<!\\),")
_WORD = re.compile(r"(?:[0-9]{1,2}:)?-?[^\W\d_∂](?:[\w∂/.:^]|\[[^\]]{0,20}\]|\([^)]{0,20}\))*|∂[\w∂/\[\],=]+")
"""What may be a key, with the number of its question."""


def of_platform(head: Row) -> dict[int, str]:
    """The columns of questions that a platform has numbered, each with the text of its question if it is there."""
    found: dict[int, str] = {}
    for n, cell in enumerate(head.cells):
        if _RESPONSE.fullmatch(cell):
            found[n] = ""
        elif (said := _OF_CANVAS.fullmatch(cell)) and _POINTS.fullmatch(
            head.cells[n + 1] if n + 1 < len(head.cells) else ""
        ):
            found[n] = said[2]
    return found


def keys_in_text(columns: Mapping[int, str], spellings: Spellings) -> dict[int, tuple[str, ...]]:
    """The key that the text of each question names; none where one of them doesn't, or two name the same."""
    found: dict[int, tuple[str, ...]] = {}
    for n, text in columns.items():
        words = [one for word in _WORD.findall(text) if len(one := spellings.called(word)) == 1]
        keys = dict.fromkeys(key for key, *_ in words)
        sure = [key for key in keys if key in text and "[" in key] if len(keys) > 1 else [*keys]
        if len(sure) != 1:
            return {}
        found[n] = (sure[0],)
    return found if len(set(found.values())) == len(found) else {}


def keys_in_heads(cells: Mapping[int, str], spellings: Spellings) -> dict[int, tuple[str, ...]]:
    """The key that stands in the question at the head of a column: ``What is z1[1]?``, letter by letter.

    Forms add columns of their own to each question, such as ``Points - What is z1[1]?``; they are no answers.
    """
    known = {key: key for key in spellings.keys} | {name: key for key, name in spellings.shell.items()}
    asking: dict[str, list[int]] = {}
    for n, text in cells.items():
        named = {known[word] for word in (one.rstrip(".:") for one in _WORD.findall(text)) if word in known}
        for key in named if len(named) == 1 else ():
            asking.setdefault(key, []).append(n)
    found: dict[int, tuple[str, ...]] = {}
    for key, columns in asking.items():
        first = min(columns, key=lambda n: len(cells[n]))
        added = all(cells[n].endswith(cells[first]) for n in columns)
        found |= dict.fromkeys([first] if added else columns, (key,))
    return found


def parts(cell: str, *, canvas: bool) -> list[str]:
    """``part 1: 0.41; part 2: 0.6`` of Moodle, in any language; ``0.41,0.6`` of Canvas, where \\, is a comma."""
    if canvas:
        return [one.replace("\\,", ",") for one in _COMMA.split(cell)]
    begun = _PART.match(cell)
    if not begun:
        return [cell]
    found: list[str] = []
    rest = cell[begun.end() :]
    while (end := re.search(rf"; ?{re.escape(begun[1])} {len(found) + 2}: ?", rest)) is not None:
        found.append(rest[: end.start()])
        rest = rest[end.end() :]
    return [*found, rest]
