"""YAML as a stream of events: nothing is resolved (``no`` stays "no"), and no alias, tag or second document passes."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from handcalc.network.errors import NetworkFileError, escaped
from handcalc.network.nodes import Event

_IN_WORDS = {
    "mapping values are not allowed": "a ':' that doesn't fit; put text that has ': ' in it into quotes, "
    "and line the keys up with each other",
    "found character '\\t'": "a tab; indent with spaces",
    "found character '%'": "a text can't start with %; put it into quotes",
    "found character '@'": "a text can't start with @; put it into quotes",
    "found character '`'": "a text can't start with `; put it into quotes",
    "could not find expected ':'": "a key without its ':'; write for example loss: cross-entropy",
    "expected ',' or ']'": "a list that isn't closed; it needs a comma between two values and a ] at its end",
    "expected ',' or '}'": "a { } that isn't closed; it needs a comma between two keys, a space after each ':' "
    "and a } at its end",
    "expected <block end>": "this doesn't line up with what is above it; indent keys of one level alike",
    "found unexpected end of stream": "a quote that isn't closed",
    "unknown escape character": "a \\ in double quotes that means nothing; write \\\\ or use single quotes",
}


def yaml_events(text: str, source: str) -> Iterator[Event]:
    """The events of a YAML text. Raises NetworkFileError where it isn't YAML."""
    documents = 0
    try:
        # The loader in pure Python: the one in C crashes on deep nesting.
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                yield Event("wrong", _line(event), "a second document (---) begins here; a file describes one network")
            yield from _event(event)
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, source) from None
    except (yaml.YAMLError, ValueError, OverflowError):  # a number inside of YAML's own syntax is out of range
        said = "this is not YAML: a \\x, \\u or \\U in double quotes, or a %YAML line, means nothing"
        raise NetworkFileError(said, source) from None


def _event(event: yaml.Event) -> Iterator[Event]:
    line = _line(event)
    match event:
        case yaml.AliasEvent():
            yield Event("wrong", line, f"the alias *{str(event.anchor)[:20]} is not accepted; write the values out")
        case yaml.NodeEvent(anchor=str(anchor)):
            yield Event("wrong", line, f"the anchor &{anchor[:20]} is not accepted; write the values out")
        case yaml.ScalarEvent(tag=str(tag)) | yaml.CollectionStartEvent(tag=str(tag)):
            yield Event("wrong", line, f"the tag {escaped(tag[:30])} is not accepted; write the value without it")
        case yaml.ScalarEvent(value="", style=None):
            yield Event("nothing", line)
        case yaml.ScalarEvent():
            yield Event("text", line, event.value)
        case yaml.SequenceStartEvent():
            yield Event("list", line)
        case yaml.MappingStartEvent():
            yield Event("pairs", line)
        case yaml.CollectionEndEvent():
            yield Event("end", line)


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 1 if event.start_mark else None


def _unreadable(error: yaml.MarkedYAMLError, source: str) -> NetworkFileError:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or error.context or "unknown"
    opened = error.context_mark
    words = next((words for start, words in _IN_WORDS.items() if start in problem), None)
    said = words or f"this is not YAML: {escaped(problem)[:120]}"
    if opened and "isn't closed" in said and mark and opened.line != mark.line:
        said += f" (it starts on line {opened.line + 1})"
    return NetworkFileError(said, source, mark.line + 1 if mark else None)
