"""JSON as a stream of events, with the line of each and numbers as typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from handcalc.network.errors import NetworkFileError, shortened
from handcalc.network.nodes import Event

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n\r]++)|(?P<mark>[\[\]{},:])"""
    r"""|(?P<string>"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+")"""
    r"""|(?P<word>[^\s\[\]{},:"]++)|(?P<other>.)""",
    re.DOTALL,
)
_WORD = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|NaN|-?Infinity", re.ASCII)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def json_events(text: str, source: str) -> Iterator[Event]:
    """The events of a JSON text. Raises NetworkFileError where it isn't JSON."""
    tokens = _Tokens(text, source)
    if tokens.next.kind == "end":
        return
    yield from _value(tokens)
    if tokens.next.kind != "end":
        raise tokens.unexpected("the file should end")


class _Tokens:
    """The tokens of a text, and `next`, the one not yet taken."""

    def __init__(self, text: str, source: str) -> None:
        self._source = source
        self._rest = self._read(text)
        self.next = next(self._rest)

    def _read(self, text: str) -> Iterator[_Token]:
        line = 1
        for found in _TOKEN.finditer(text):
            if found.lastgroup == "space":
                line += found[0].count("\n")
            else:
                yield _Token(str(found.lastgroup), found[0], line)
        yield _Token("end", "", line)

    def take(self) -> _Token:
        taken = self.next
        self.next = next(self._rest, taken)
        return taken

    def at(self, mark: str) -> bool:
        return self.next.kind == "mark" and self.next.text == mark

    def expect(self, mark: str, *, otherwise: str) -> _Token:
        if not self.at(mark):
            raise self.unexpected(otherwise)
        return self.take()

    def unexpected(self, wanted: str) -> NetworkFileError:
        kind, text, line = self.next
        if text == '"':
            said = "a quote isn't closed on its line, or a \\ in it means nothing"
        else:
            found = "the file ends" if kind == "end" else f"found {shortened(text)}"
            said = f"{found}, where {wanted}"
        return NetworkFileError(f"this is not JSON: {said}", self._source, line)


def _value(tokens: _Tokens) -> Iterator[Event]:
    if tokens.at("["):
        yield Event("list", tokens.take().line)
        yield from _members(tokens, "]")
    elif tokens.at("{"):
        yield Event("pairs", tokens.take().line)
        yield from _members(tokens, "}")
    else:
        yield _scalar(tokens)


def _members(tokens: _Tokens, closing: str) -> Iterator[Event]:
    more = not tokens.at(closing)
    while more:
        if closing == "}":
            if tokens.next.kind != "string":
                raise tokens.unexpected('a key in quotes is wanted, such as "inputs"')
            yield _scalar(tokens)
            tokens.expect(":", otherwise="a : is wanted")
        yield from _value(tokens)
        more = tokens.at(",")
        if more:
            tokens.take()
    yield Event("end", tokens.expect(closing, otherwise=f"a comma or {closing} is wanted").line)


def _scalar(tokens: _Tokens) -> Event:
    kind, text, line = tokens.next
    if kind == "string":
        tokens.take()
        return Event("text", line, json.loads(text))
    if kind == "word" and text == "null":
        tokens.take()
        return Event("none", line)
    if kind == "word" and _WORD.fullmatch(text):
        tokens.take()
        return Event("text", line, text)
    raise tokens.unexpected("a value is wanted; a fraction or a text needs quotes")
