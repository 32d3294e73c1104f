"""What is wrong with a network file: where, what was found, and what is accepted."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from handcalc.errors import HandcalcError

MOST_SHOWN = 40
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPED = re.compile(rf"[\t\n]|{UNPRINTABLE.pattern}")


class FileError(HandcalcError, ValueError):
    """`unwell.yaml, line 4, layers[2].bias: found 3 numbers, ...`, in parts.

    `source` is the file's name; `line` counts from 1, None where there is none; `path` says where in the line or the
    file.
    """

    holder = "a file"

    def __init__(self, problem: str, source: str, line: int | None = None, path: str = "") -> None:
        super().__init__(problem, source, line, path)
        self.problem = problem
        self.source = source
        self.line = line
        self.path = path

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        return f"{', '.join(filter(None, (escaped(self.source), line, self.path)))}: {self.problem}"


class NetworkFileError(FileError):
    """`source` is "the network" for Python objects; `path` is the key as a user counts, such as ``layers[2].bias``."""

    holder = "a network file"

    def __init__(self, problem: str, source: str = "the network", line: int | None = None, path: str = "") -> None:
        super().__init__(problem, source, line, path)


def at_key(key: str, problem: str) -> NetworkFileError:
    """What is wrong with the value of `key`, found where the file is out of sight; `reading.placed` adds its line."""
    return NetworkFileError(problem, path=key)


def escaped(text: str) -> str:
    """`text` on one line, with control characters written out (``\\x1b``)."""
    return _ESCAPED.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def shortened(text: str) -> str:
    """`text` escaped, and cut in the middle where it is longer than about 40 characters."""
    if len(text) > MOST_SHOWN:
        text = f"{text[: MOST_SHOWN - 10]}…{text[-9:]}"
    return escaped(text)


def quoted(text: str) -> str:
    return f'"{shortened(text)}"'


def counted(count: int, noun: str) -> str:
    """``1 number``, ``2 numbers``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def accepting(accepted: Iterable[str], typed: str = "", known: Iterable[str] = ()) -> str:
    """The end of a message: what is accepted, after the known word nearest to `typed` if one is near."""
    accepted = list(accepted)
    near = difflib.get_close_matches(typed[:MOST_SHOWN].lower(), [*accepted, *known], n=1, cutoff=0.6)
    meant = f'did you mean "{near[0]}"? Accepted' if near else "accepted"
    return f"; {meant}: {', '.join(accepted)}"


def listed(words: Iterable[str], conjunction: str) -> str:
    """``a, b or c``."""
    *before, last = words
    return f"{', '.join(before)} {conjunction} {last}" if before else last
