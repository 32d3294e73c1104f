"""How many places each quantity has, and what the sheet says about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from handcalc.derive.program import Program
from handcalc.formula.maths import Maths, Slot
from handcalc.formula.quantity import Quantity, read_key, without_contexts
from handcalc.formula.words import Words, phrase, say
from handcalc.network.rounding import Rounding

_INDEX = re.compile(r"\[\d+(?:,\d+)*\](?=\)?$)")
_LAYER = re.compile(r"(?<=[A-Za-z])\d+(?=\)?$)")


def names(key: str) -> tuple[str, ...]:
    """What may be meant by a name in `Rounding.own`, the most specific first.

    Of ``z1[u=1][2]``: itself, ``z1[2]``, ``z1[u=1]``, ``z1``, ``z``. A gradient with the other sign has the name
    of the gradient.
    """
    key = key.removeprefix("-")
    bare = without_contexts(key)
    block = _INDEX.sub("", bare)
    letter = _LAYER.sub("", block)
    return tuple(dict.fromkeys((key, bare, _INDEX.sub("", key), block, letter, letter.partition("(")[0])))


def places_by_slot(program: Program, rounding: Rounding) -> list[int]:
    """The decimals, or significant figures, of the result in each slot."""
    quantities = program.slots.quantities
    if not rounding.own:
        return [rounding.places] * len(quantities)
    own = {name.removeprefix("-"): n for name, n in rounding.own}
    return [next((own[name] for name in names(q.key) if name in own), rounding.places) for q in quantities]


def unknown_names(rounding: Rounding, keys: Iterable[str]) -> tuple[str, ...]:
    """The names in `rounding.own` that name none of `keys`, as they were typed."""
    known = {name for key in keys for name in names(key)}
    return tuple(name for name, _ in rounding.own if name.removeprefix("-") not in known)


def occasions(
    rounding: Rounding, made: Sequence[tuple[Program, Sequence[str]]], *, exactly: bool = False
) -> frozenset[str]:
    """Which sentences about rounding some numbers need and others don't.

    `made` holds each pass with its rounded results by slot (`Printed.decimal`), `exactly` is whether a line is written
    exactly.
    """
    found = {"exact lines"} if exactly else set()
    if rounding.figures and any("·10^" in text for program, decimal in made for text in decimal[program.first :]):
        found.add("powers of ten")
    if rounding.carry == "rounded" and any(_keeps_figures(rounding, *one) for one in made):
        found.add("kept figures")
    return frozenset(found)


def rounding_sentences(
    rounding: Rounding,
    made: Sequence[tuple[Program, Sequence[str]]],
    language: str = "en",
    *,
    exactly: bool = False,
    also: frozenset[str] = frozenset(),
) -> list[Words]:
    """What the sheet says once about its numbers, as sentences: what there are `occasions` for, and `also` others."""
    needed = occasions(rounding, made, exactly=exactly) | also
    said = [_convention(rounding, language)]
    if rounding.own:
        said.append(_own(rounding, made[0][0].slots.quantities, language))
    if "powers of ten" in needed:
        said.append(say(language, "powers of ten"))
    if "kept figures" in needed:
        said.append(_kept(rounding, language))
    if "exact lines" in needed:
        said.append(say(language, "exact lines"))
    return said


def _convention(rounding: Rounding, language: str) -> Words:
    how = "cut" if rounding.how == "truncate" else "rounded"
    done = say(language, how, places=counted(rounding, rounding.places, language))
    said = say(language, f"carried {'rounded' if rounding.carry == 'rounded' else 'exactly'}, {how}", done=done)
    return said if rounding.carry == "rounded" else (*said, " ", *about_digits(rounding, language))


def about_digits(rounding: Rounding, language: str) -> Words:
    """How a worked line prints the exact numbers that it uses."""
    return say(language, f"digits, {'cut' if rounding.how == 'truncate' else 'rounded'}")


def counted(rounding: Rounding, places: int, language: str) -> str:
    """``4 decimals``, ``1 significant figure``."""
    return phrase(language, "figures" if rounding.figures else "decimals", places=places)


def _own(rounding: Rounding, quantities: Sequence[Quantity], language: str) -> Words:
    """``Other than that, a₁ has 2 decimals, z has 3 decimals.``"""
    listed: list[str | Maths] = []
    for i, (name, n) in enumerate(rounding.own):
        places = counted(rounding, n, language)
        listed += [*[", "] * (i > 0), *say(language, "own place", name=(_named(name, quantities),), places=places)]
    return say(language, "own places", places=tuple(listed))


def _named(name: str, quantities: Sequence[Quantity]) -> str | Maths:
    """The letters of a key, a block or a letter; what has none stays as it was typed."""
    quantity = next((q for q in quantities if q.key == name), None)
    try:
        return Slot(quantity or read_key(name))
    except ValueError:
        return name


def _keeps_figures(rounding: Rounding, program: Program, decimal: Sequence[str]) -> bool:
    """Whether a result has more digits than its places are."""
    places = places_by_slot(program, rounding)
    for text, n in zip(decimal[program.first :], places[program.first :], strict=True):
        digits, large, _ = text.lstrip("-").partition("·")
        if rounding.figures:
            longer = "." in digits and len(digits.replace(".", "").lstrip("0")) > n
        else:
            longer = not large and len(digits.partition(".")[2]) > n
        if longer:
            return True
    return False


def _kept(rounding: Rounding, language: str) -> Words:
    """Only cutting off decimals and rounding them can give 0; cutting off never gives 1."""
    what = "figures" if rounding.figures else "decimals"
    how = "cut" if rounding.how == "truncate" else "rounded"
    if rounding.own:
        kept = phrase(language, f"as many as its {what}")
    else:
        kept = phrase(language, "figures", places=rounding.places)
    return say(language, f"kept figures, {how} {what}", kept=kept)
