"""The names that stand in an answer: functions, constants, and the letters of a question in the ways they are typed.

W1[2,1]   as the key, or   W1_21   W1_{21}   W_{21}^{(1)}   W₂₁⁽¹⁾   W1₂₁
eta       η   \\eta        yhat1   ŷ_1   \\hat{y}_1   y_hat1
w1x1      is w1·x1 where both are letters
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from handcalc.formula.quantity import Quantity, read_key
from handcalc.formula.tokens import GREEK
from handcalc.formula.tree import PI, Formula, Ref, exp

FUNCTIONS: Mapping[str, str] = {
    "exp": "exp", "ln": "ln", "log": "log", "log2": "log2", "lb": "log2", "ld": "log2", "log10": "log10", "lg": "log10",
    "sqrt": "sqrt", "√": "sqrt", "abs": "abs", "tanh": "tanh", "sigmoid": "sigmoid", "sig": "sigmoid",
    "logistic": "sigmoid", "sigma": "sigmoid", "relu": "relu", "max": "max", "softplus": "softplus", "erf": "erf",
    "frac": "frac", "dfrac": "frac", "tfrac": "frac",
}  # fmt: skip
"""What is typed, in small letters, and the function that it means."""
CONSTANTS: Mapping[str, Formula] = {"e": exp(1), "pi": PI}
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-", strict=True))
LONGEST = 10
"""Letters of a name that stands beside another one without a sign."""
_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}
_HATS = {"ŷ": "yhat", "Ŷ": "Yhat", "â": "ahat", "ẑ": "zhat", "ȳ": "ybar"}
_HATTED = (("yhat", "ŷ", "y\u0302", "\\hat{y}", "\\hat y"),)
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BELOW = r"(?P<below>_\{[^{}]{1,12}\}|_[A-Za-z]?[0-9]+|_[A-Za-z](?![A-Za-z])|[₀-₉]+|[0-9]+)"
_ABOVE = r"(?P<above>\^\{?\([0-9]+\)\}?|⁽[⁰¹²³⁴-⁹]+⁾)"
_LETTER = "A-Za-zÀ-ÖØ-öø-ɏͰ-ϿḀ-ỿ∂Δ∇"
_RUN = re.compile(
    r"\\(?:mathrm|text|textrm|mathit|mathbf|boldsymbol|operatorname|hat|bar|tilde|vec)\s*\{(?P<inner>[A-Za-z]+)\}"
    r"|\\(?P<accent>hat|bar|tilde)\s+(?P<under>[A-Za-z])"
    rf"|\\(?P<command>[A-Za-z]+)|(?P<letters>[{_LETTER}](?:[{_LETTER}]|[\u0302\u0303\u0304])*|√)"
)
_INDEX = re.compile(rf"{_BELOW}?{_ABOVE}?{_BELOW.replace('below', 'after')}?(?P<key>\[[0-9]+(?:,\s?[0-9]+)*\])?")
_CONTINUES = re.compile(rf"(?<=[{_LETTER}])[{_LETTER}0-9]|(?<=[0-9])[0-9]")


_NOTHING: Mapping[str, Quantity] = MappingProxyType({})


class Name(NamedTuple):
    """One name: a function, or the formula of a constant or letter; it stands from `at` to `end`."""

    function: str
    formula: Formula | None
    at: int
    end: int


class Names:
    """What names mean where these `letters` are asked for; a letter goes before a function of the same name.

    `printed` are names that stand on the sheet in place of keys: w5 of a network whose weights are numbered.
    """

    def __init__(self, letters: Iterable[str | Quantity] = (), printed: Mapping[str, Quantity] = _NOTHING) -> None:
        quantities = [one if isinstance(one, Quantity) else read_key(one) for one in letters]
        self.keys = tuple(q.key for q in quantities)
        self.letters: dict[str, Quantity] = {}
        for q in quantities:
            known = _bare(q.key)
            self.letters[known] = q if self.letters.get(known, q) == q else _NONE
        self.letters |= {q.key: q for q in quantities} | {q.key.replace("hat", "_hat", 1): q for q in quantities}
        self.letters |= {_bare(name): q for name, q in printed.items()}
        self.letters |= {typed: q for name, q in printed.items() for typed in _typed_as(name)}
        literal = sorted(self.letters, key=len, reverse=True)
        self._literal = re.compile("|".join(map(re.escape, literal)) or r"(?!)")

    def at(self, text: str, place: int) -> list[Name] | None:
        """The names that stand at `place`, one or several side by side; None where one of them is unknown."""
        literal = self._literal.match(text, place)
        if literal and self._is_whole(text, literal.end()):
            return [Name("", Ref(self.letters[literal[0]]), place, literal.end())]
        run = _RUN.match(text, place)
        if not run:
            return None
        letters, index = _spelt(run), _INDEX.match(text, run.end())
        assert index
        if index.end() > run.end() and (found := self._named(letters + _indices(index))):
            return [Name(*found, place, index.end())]
        found = self._named(letters)
        if found and (found[0] or index.end() == run.end() or not run["letters"]):
            return [Name(*found, place, run.end())]
        return self._side_by_side(text, run, index) if run["letters"] else None

    def _is_whole(self, text: str, end: int) -> bool:
        """Whether a name ends here: no letter follows, and no index that makes another letter of it."""
        if _CONTINUES.match(text, end):
            return False
        index = _INDEX.match(text, end)
        return not index or index.end() == end or text[end] == "^"

    def _side_by_side(self, text: str, run: re.Match[str], index: re.Match[str]) -> list[Name] | None:
        """wx as w·x, each name as long as can be; the index belongs to the last one."""
        found: list[Name] = []
        place, end = run.start(), run.end()
        while place < end:
            for stop in range(min(end, place + LONGEST), place, -1):
                piece = _plain(text[place:stop])
                indexed = stop == end and index.end() > end
                if indexed and (named := self._named(piece + _indices(index))):
                    return [*found, Name(*named, place, index.end())]
                named = self._named(piece)
                if named and (named[0] or not indexed):
                    found.append(Name(*named, place, stop))
                    place = stop
                    break
            else:
                return None
        return found

    def _named(self, name: str) -> tuple[str, Formula | None] | None:
        if (quantity := self.letters.get(name)) is not None:
            return None if quantity is _NONE else ("", Ref(quantity))
        if name in CONSTANTS:
            return "", CONSTANTS[name]
        function = FUNCTIONS.get(name if len(name) == 1 else name.lower())
        return (function, None) if function else None

    def near(self, name: str) -> str | None:
        """A name that may have been meant."""
        known = [one for one in (*self.keys, *FUNCTIONS) if len(one) > 2]
        found = get_close_matches(name[:24].lower(), known, n=1, cutoff=0.7)
        return found[0] if found else None


_NONE = Quantity("none")
"""Of a spelling that two letters share: their keys tell them apart."""


def run_at(text: str, place: int) -> str:
    """The letters that stand at `place`, for a message."""
    found = _RUN.match(text, place)
    if not found:
        return text[place : place + 1]
    below = re.compile(_BELOW).match(text, found.end())
    return text[place : below.end() if below else found.end()]


def _spelt(run: re.Match[str]) -> str:
    if run["under"]:
        return run["under"] + run["accent"]
    if run["inner"]:
        accent = re.match(r"\\(hat|bar|tilde)", run[0])
        return run["inner"] + (accent[1] if accent else "")
    return run["command"] or _plain(run["letters"])


def _plain(letters: str) -> str:
    return "".join(GREEK.get(c) or _HATS.get(c) or _ACCENTS.get(c, c) for c in letters)


def _indices(index: re.Match[str]) -> str:
    """The layer above, then what stands below."""
    return _bare("".join(index[part] or "" for part in ("above", "below", "after", "key")))


def _typed_as(name: str) -> Iterator[str]:
    """A printed name in the signs that a keyboard or a copy has for it: ``yhat'`` is ŷ′ too, and ``w1'`` w₁′."""
    yield name
    for hat, *signs in _HATTED:
        yield from (name.replace(hat, sign) for sign in signs if hat in name)
    if re.search(r"[A-Za-z][0-9]+'*$", name):
        yield re.sub(r"[0-9]+(?='*$)", lambda digits: digits[0].translate(_LOW), name)


def _bare(name: str) -> str:
    """`name` in letters and digits alone: w_{12} and w[1,2] are w12."""
    plain = (LOWERED.get(c, _RAISED.get(c, c)) for c in name)
    return "".join(c for c in plain if c.isalnum())


_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
