"""The names of blanks as people type them, and as they are written for a shell.

    z1[2]             z1_2
    W1[2,1]           W1_21          W1_12_3 of W1[12,3]
    dL/dW1[2,1]       dW1_21
    W1[u=1][2,1]      W1_u1_21       dL[s=2]/dz[s=2][1] is dz_s2_1
    -dL/dz1[2]        minus_dz1_2
    m(W1[1,2])        m_W1_12
    2:z1[1]           2:z1_1         of a sheet with several questions

A typed name is read by what stands in it, letters and digits: ``z1 [2]``, ``z1.2.``, ``∂L/∂z1(2)`` and ``Z1_2`` too,
as long as only one key of the sheet is called so. Where all weights of a block lead to one unit, its number may go, as
it does on paper: ``w2`` is W[1,2]. A name without indices is that of a block: all of its keys. Of several questions
the number may go where only one of them asks for a quantity of that name. As on paper a layer may stand above,
``z_2^(1)``, and what is one update later may have a prime: ``w1'`` is W[u=1][1,1].
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from itertools import product

from handcalc.formula.quantity import Quantity, read_key

USUAL_LOSSES = ("L", "J")
"""Letters of what is made small; a gradient of them goes without."""
MOST_TYPED = 80
_QUESTION = re.compile(r"([0-9]+):")
_CONTEXT = re.compile(r"\[\s*([suthc])\s*=\s*")
_APART = re.compile(r"[^0-9A-Za-z]+")
_PRIME = re.compile(r"['’′ʹ`´]")
_ABOVE = re.compile(
    r"(?P<letters>[A-Za-zŷθ]+)_?(?P<below>\{[0-9,]+\}|[0-9]+|[₀-₉]+)(?:\^\{?\(|⁽)(?P<layer>[0-9]+|[⁰¹²³⁴-⁹]+)(?:\)\}?|⁾)"
)
"""A layer above its index, as on paper: z_2^(1)."""
_HATS = {"ŷ": "yhat", "∂": "d", "θ": "theta", "η": "eta", "−": "-"}


@dataclass(frozen=True)
class Spellings:
    """What the `keys` of a sheet are called: each has one name for a shell, and is read in many."""

    keys: tuple[str, ...]

    @cached_property
    def shell(self) -> dict[str, str]:
        """By key its name for a shell: the shortest that no other key has."""
        names = {key: list(_shell_names(key)) for key in self.keys}
        used: dict[str, set[str]] = {}
        for key, listed in names.items():
            for name in listed:
                used.setdefault(name, set()).add(key)
        return {key: next((name for name in listed if used[name] == {key}), key) for key, listed in names.items()}

    def called(self, text: str) -> tuple[str, ...]:
        """The keys that may be meant by `text`: one, or none, or several that are spelled alike."""
        if len(text) > MOST_TYPED:
            return ()
        if text in self._known:
            return (text,)
        if primes := len(_PRIME.findall(text)):
            later = self._after(primes)
            return tuple(later[name] for name in Spellings(tuple(later)).called(_PRIME.sub("", text)))
        for fold, table in self._tables:
            if found := table.get(fold(text)):
                return found
        if found := self._on_paper.get(_bare_small(text), ()):
            return found
        return (
            tuple(key for name in self._in_any.called(text) for key in self._numbered[name]) if self._numbered else ()
        )

    def block(self, text: str) -> tuple[str, ...]:
        """The keys of the vector or matrix that `text` names; () where it names none, or one of its entries."""
        if len(text) > MOST_TYPED or self.called(text):
            return ()
        names = self._block_names.called(text)
        return self._blocks[names[0]] if len(names) == 1 else ()

    def near(self, text: str) -> str | None:
        """A key that may have been meant, as it is written."""
        spelled = {folded: key for key in self.keys for folded in (key.casefold(), self.shell[key].casefold())}
        found = get_close_matches(text[:MOST_TYPED].casefold(), spelled, n=1, cutoff=0.6)
        return spelled[found[0]] if found else None

    def _after(self, updates: int) -> dict[str, str]:
        """The keys of what is so many updates later, by what they are without that: z[1] of z[u=1][1]."""
        said = f"[u={updates}]"
        return {key.replace(said, ""): key for key in self.keys if said in key}

    @cached_property
    def _numbered(self) -> dict[str, tuple[str, ...]]:
        """The keys of several questions by what they are without the number of theirs."""
        found: dict[str, list[str]] = {}
        for key in self.keys:
            if number := _QUESTION.match(key):
                found.setdefault(key[number.end() :], []).append(key)
        return {name: tuple(keys) for name, keys in found.items()}

    @cached_property
    def _in_any(self) -> Spellings:
        return Spellings(tuple(self._numbered))

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.keys)

    @cached_property
    def _blocks(self) -> dict[str, tuple[str, ...]]:
        """By name the keys of each block, in the order of the sheet."""
        found: dict[str, list[str]] = {}
        for key in self.keys:
            before, quantity = _read(key)
            if quantity is not None and (quantity.of or quantity).index:
                found.setdefault(before + quantity.block(), []).append(key)
        return {name: tuple(keys) for name, keys in found.items()}

    @cached_property
    def _block_names(self) -> Spellings:
        return Spellings(tuple(self._blocks))

    @cached_property
    def _on_paper(self) -> dict[str, tuple[str, ...]]:
        """By bare name the keys whose first index says nothing: a unit that is alone, or has all the weights."""
        found: dict[str, dict[str, None]] = {}
        for keys in self._blocks.values():
            read = {key: _read(key) for key in keys}
            indices = {key: (q.of or q).index for key, (_, q) in read.items() if q is not None}
            if len({index[0] for index in indices.values()}) > 1 or (len(keys) > 1 and len(min(indices.values())) < 2):
                continue
            for key, (before, q) in read.items():
                assert q is not None
                own = replace(q.of or q, index=indices[key][1:])
                for name in _names(replace(q, of=own) if q.of else own):
                    found.setdefault(_bare_small(before + name), {})[key] = None
        return {name: tuple(keys) for name, keys in found.items()}

    @cached_property
    def _tables(self) -> list[tuple[Callable[[str], str], dict[str, tuple[str, ...]]]]:
        """From what says most to what says least: with letters in their case and numbers apart, then without."""
        made: list[tuple[Callable[[str], str], dict[str, tuple[str, ...]]]] = []
        for fold in (_skeleton, _skeleton_small, _bare, _bare_small):
            table: dict[str, dict[str, None]] = {}
            for key in self.keys:
                for name in (key, *_shell_names(key)):
                    table.setdefault(fold(name), {})[key] = None
            made.append((fold, {name: tuple(keys) for name, keys in table.items() if name}))
        return made


def shell_key(key: str) -> str:
    """``W1_21`` of ``W1[2,1]``: how a key is written where brackets mean something; see `Spellings.shell`."""
    return next(_shell_names(key))


def key_called(text: str, known: Iterable[str]) -> str:
    """The one of the `known` keys that `text` names. Raises ValueError, with what may have been meant."""
    spellings = Spellings(tuple(known))
    found = spellings.called(text.strip())
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"{text[:MOST_TYPED]!r} may be {' or '.join(found)}")
    near = spellings.near(text)
    hint = f"did you mean {near}?" if near else f"there are {', '.join(spellings.keys[:8])}"
    raise ValueError(f"nothing is called {text[:MOST_TYPED]!r}; {hint}")


def _shell_names(key: str) -> Iterator[str]:
    """From the shortest to the one that says all."""
    before, quantity = _read(key)
    if quantity is None:
        yield before + _APART.sub("_", key[len(before) :]).strip("_")
        return
    yield from dict.fromkeys(before + name for name in _names(quantity))


def _read(key: str) -> tuple[str, Quantity | None]:
    """The number of the question with its colon, and the quantity, if the key is one's."""
    question = _QUESTION.match(key)
    before = question[0] if question else ""
    try:
        return before, read_key(key[len(before) :])
    except ValueError:
        return before, None


def _names(q: Quantity) -> Iterator[str]:
    if q.of is None:
        yield from _spelt(q)
        return
    if q.role == "state":
        yield from (f"{q.letter}_{name}" for name in _spelt(q.of))
        return
    sign = "minus_" if q.role == "minus gradient" else ""
    whole = Quantity(q.letter, q.layer, q.index, q.context)
    if q.letter in USUAL_LOSSES and q.layer is None and not q.index:
        yield from (f"{sign}d{name}" for name in _spelt(q.of))
    yield from (f"{sign}d{over}_d{name}" for over, name in product(_spelt(whole), _spelt(q.of)))


def _spelt(q: Quantity) -> Iterator[str]:
    stem = q.letter + ("" if q.layer is None else str(q.layer))
    stem += "".join(f"_{word}{n}" for word, n in q.context)
    if q.index and max(q.index) < 10:
        yield f"{stem}_{''.join(map(str, q.index))}"
    yield "_".join([stem, *map(str, q.index)])


def _plain(text: str) -> str:
    text = _ABOVE.sub(r"\g<letters>\g<layer>_\g<below>", text)
    text = "".join(_HATS.get(char, char) for char in unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFKC", text)


def _skeleton(text: str) -> str:
    """Letters and digits, and where something stands between them: ``W1_u1_2_1``."""
    plain = _plain(text).strip()
    said = _APART.sub("_", _CONTEXT.sub(r"[\1", plain)).strip("_")
    return f"minus_{said}" if plain.startswith("-") else said


def _skeleton_small(text: str) -> str:
    return _skeleton(text).casefold()


def _bare(text: str) -> str:
    return _skeleton(text).replace("_", "")


def _bare_small(text: str) -> str:
    return _bare(text).casefold()
