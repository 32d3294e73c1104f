"""Answers as JSON: ``{student: {key: answer}}``, or ``{key: answer}`` to one sheet. Numbers stay as they are typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handcalc.mark.handed_out import HandedOut, OneSheet
from handcalc.mark.typed import AnswersError, Collected, Place
from handcalc.network.errors import listed, quoted
from handcalc.network.reading import content_of

MOST_BYTES = 20_000_000
KINDS = {dict: "an object", list: "a list", bool: "true or false"}


class _Pairs(list[tuple[str, Any]]):
    """An object, in which a name may stand twice."""


def read_json(source: str, collected: Collected) -> None:
    """Put the answers in a file where they belong. Raises AnswersError with the student and the key."""
    content = content_of(source, MOST_BYTES, AnswersError)
    try:
        found = json.loads(
            content, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=lambda word: word
        )
    except json.JSONDecodeError as error:
        raise AnswersError(f"this is not JSON: {error.msg}", source, error.lineno) from None
    except (UnicodeDecodeError, RecursionError):
        raise AnswersError("this is not JSON in UTF-8", source) from None
    if not isinstance(found, _Pairs):
        raise AnswersError(f"found {_kind(found)}; accepted: {_accepted(collected.handed_out)}", source)
    _read(found, collected, source)


def read_object(answers: Mapping[str, Any], collected: Collected, source: str = "the answers") -> None:
    """The same of an object in Python."""
    _read(_Pairs(answers.items()), collected, source)


def _read(found: _Pairs, collected: Collected, source: str) -> None:
    handed_out = collected.handed_out
    if handed_out.is_single and not any(isinstance(one, _Pairs | Mapping) for _, one in found):
        _student(found, handed_out.sheets[0], collected, source, "")
        return
    for who, answers in found:
        pairs = _Pairs(answers.items()) if isinstance(answers, Mapping) else answers
        place = Place(source, None, quoted(str(who)))
        if not isinstance(pairs, _Pairs):
            raise place.wrong(f"found {_kind(pairs)}; accepted: {_accepted(handed_out)}")
        sheets = (collected.student(str(who)),) if handed_out.is_single else handed_out.find(str(who))
        if len(sheets) > 1:
            raise place.wrong(f"this may be {listed([one.called for one in sheets[:4]], 'or')}; write the ID")
        if not sheets:
            collected.remarks.append(place.remark("this is no student of this pack; the answers are left out"))
            continue
        _student(pairs, sheets[0], collected, source, quoted(str(who)))


def _student(pairs: _Pairs, sheet: OneSheet, collected: Collected, source: str, path: str) -> None:
    collected.hand_in(sheet)
    for key, answer in pairs:
        place = Place(source, None, ", ".join(filter(None, (path, quoted(str(key))))))
        if isinstance(answer, list) and not isinstance(answer, _Pairs):
            answer = _matrix(answer, place)
        if isinstance(answer, bool) or (answer is not None and not isinstance(answer, str | int | float)):
            raise place.wrong(f"found {_kind(answer)}; a text, a number, or a list of numbers is accepted")
        if found := collected.keys(str(key), place):
            collected.put_in_block(sheet, found, "" if answer is None else str(answer), place)


def _matrix(found: list[Any], place: Place) -> str:
    """A vector or a matrix as it is typed: ``[0.1, 0.2; 0.3, 0.4]``. Raises AnswersError where it is neither."""
    deep = any(type(one) is list for one in found)
    rows = [one if type(one) is list else [one] for one in found] if deep else [found]
    if any(isinstance(entry, bool) or not isinstance(entry, str | int | float) for row in rows for entry in row):
        raise place.wrong("found a list of something else than numbers; a list of numbers, or of rows, is accepted")
    return f"[{'; '.join(', '.join(map(str, row)) for row in rows)}]"


def _accepted(handed_out: HandedOut) -> str:
    of_one = '{"z1[1]": "0.41", …}'
    return of_one if handed_out.is_single else f'{{"{handed_out.sheets[0].key}": {of_one}, …}}'


def _kind(found: object) -> str:
    kind = next((said for kind, said in KINDS.items() if isinstance(found, kind)), None)
    if isinstance(found, _Pairs | Mapping):
        kind = "an object"
    return kind or ("nothing" if found is None else quoted(str(found)))
