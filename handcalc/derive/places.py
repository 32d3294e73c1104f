"""How many places each quantity has, and what the sheet says about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from handcalc.derive.program import Program
from handcalc.formula.maths import Maths, Slot
from handcalc.formula.quantity import Quantity, read_key
from handcalc.network.rounding import Rounding

Words = tuple[str | Maths, ...]
_CONTEXT = re.compile(r"\[[suthc]=\d+\]")
_INDEX = re.compile(r"\[\d+(?:,\d+)*\](?=\)?$)")
_LAYER = re.compile(r"(?<=[A-Za-z])\d+(?=\)?$)")


def names(key: str) -> tuple[str, ...]:
    """What may be meant by a name in `Rounding.own`, the most specific first.

    Of ``z1[u=1][2]``: itself, ``z1[2]``, ``z1[u=1]``, ``z1``, ``z``. A gradient with the other sign has the name
    of the gradient.
    """
    key = key.removeprefix("-")
    bare = _CONTEXT.sub("", key)
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


def rounding_sentences(
    rounding: Rounding, program: Program, decimal: Sequence[str], *, exactly: bool = False
) -> list[Words]:
    """What the sheet says once about its numbers, as sentences.

    `decimal` holds the rounded results by slot (`Printed.decimal`), `exactly` is whether a line is written exactly.
    """
    said = [_convention(rounding)]
    if rounding.own:
        said.append(_own(rounding, program.slots.quantities))
    if rounding.figures and any("·10^" in text for text in decimal[program.first :]):
        said.append((
            "Where zeros would only fill places, and where many would, a number is written with a power of ten: "
            "all its digits are significant.",
        ))  # fmt: skip
    if rounding.carry == "rounded" and _keeps_figures(rounding, program, decimal):
        said.append((_kept(rounding),))
    if exactly:
        said.append((
            "Where no number of digits can decide a result, the line is written exactly; its letters stand for the "
            "exact numbers.",
        ))  # fmt: skip
    return said


def _convention(rounding: Rounding) -> Words:
    places = rounding.counted(rounding.places)
    if rounding.how == "truncate":
        done, result = f"cut off after {places}, not rounded", "cut"
    else:
        done, result = f"rounded half up to {places}, a half away from 0", "rounded"
    if rounding.carry == "rounded":
        return (f"Every result is {done}, and the {result} number is used from then on.",)
    return (
        f"Carried exactly; results are {done}. A number with an ellipsis shows the first digits of the exact number, "
        f"as many as the lines that use it need: with the digits printed, each line gives its {result} result.",
    )


def _own(rounding: Rounding, quantities: Sequence[Quantity]) -> Words:
    """``Other than that, a₁ has 2 decimals, z has 3 decimals.``"""
    said: list[str | Maths] = ["Other than that, "]
    for i, (name, n) in enumerate(rounding.own):
        said += [", " if i else "", _named(name, quantities), f" has {rounding.counted(n)}"]
    return (*said, ".")


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


def _kept(rounding: Rounding) -> str:
    """Only cutting off decimals and rounding them can give 0; cutting off never gives 1."""
    become = "be cut to" if rounding.how == "truncate" else "round to"
    cases = [] if rounding.figures else [f"a result that isn't 0 but would {become} 0"]
    if rounding.how == "half up":
        cases.append(f"a probability that would round to {'1' if rounding.figures else '0 or 1'}")
    cases.append(f"a total that would {become} one of its terms")
    listed = f"{', '.join(cases[:-1])}, or {cases[-1]}," if len(cases) > 1 else cases[0]
    if rounding.own:
        kept = f"as many significant figures as it has {'figures' if rounding.figures else 'decimals'}"
    else:
        kept = f"{rounding.places} significant figure{'s' if rounding.places > 1 else ''}"
    return f"{listed[0].upper()}{listed[1:]} keeps {kept} of its distance from it."
