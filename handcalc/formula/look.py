"""How a quantity looks on paper: letters, indices and raised marks, as the notation of the sheet has them.

A notation is data. In the usual one a quantity looks like w₂₁⁽¹⁾ and its gradient like ∂L/∂w₂₁⁽¹⁾; another may write δ
for the gradients of weighted sums, number the weights throughout, or have letters of its own.

Raised marks stand in one order: layer, sample, other contexts, updates.

    z₁⁽²⁾     layer 2             z₁⁽²⁾ with [3] raised     sample 3
    w′ w″ w‴  one to three updates        w with ⟨10⟩ raised        ten updates
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from handcalc.formula.maths import (
    Digits,
    Fenced,
    Fraction,
    Function,
    Hold,
    Letter,
    Maths,
    Operator,
    Relation,
    Row,
    Script,
)
from handcalc.formula.quantity import Quantity

LETTERS = {"W": "w"}
"""The letter of an entry, where it isn't the letter of its matrix."""
DELTAS = {"z": "delta", "Z": "Delta"}
"""The letters of the quantities whose gradients a notation may call δ; of all samples Δ."""
LOSSES = ("L", "J")
"""The letters of what is made small."""
MOST_DASHES = 3
"""Updates that are shown by dashes; more are counted in angle brackets."""
SIGNS = frozenset({"sum", "prime", "partial", "nabla", "infty", "infinity", "ell"})
"""Words that as a letter would be a sign; as a name of a user's own they stay words."""
Name = Letter | Function | Script
"""A letter or a word, or one with something below it."""


@dataclass(frozen=True, slots=True)
class Notation:
    """What a sheet may write in more than one way.

    gradients  "partial": ∂L/∂z; "delta": δ for the gradients of weighted sums, ∂L/∂w for the others
    sign       of δ and of every error: "p - y", the gradient; "y - p", minus the gradient
    layers     "superscript": w₂₁⁽¹⁾; "plain": weights, biases, sums and hidden units numbered throughout, w₃, b₂, h₂;
               "throughout": all units in one count, the inputs first: w₁₄ leads from 1 to 4, O₄ and θ₄ belong to 4
    indices    of a weight's key: "to, from" or "from, to"
    decimal    "point" or "comma"; with a comma, what stands in a list is separated by ;
    product    "·" or "×"
    log        what the natural logarithm is called: "ln" or "log"
    letters    own letters as typed, by key without context: (("a1", "h"), ("W1[1,2]", "w3"), ("z", "net"))
    names      the looks that `numbered` makes of all this for one network, by key without context
    """

    gradients: Literal["partial", "delta"] = "partial"
    sign: Literal["p - y", "y - p"] = "p - y"
    layers: Literal["superscript", "plain", "throughout"] = "superscript"
    indices: Literal["to, from", "from, to"] = "to, from"
    decimal: Literal["point", "comma"] = "point"
    product: Literal["·", "×"] = "·"
    log: Literal["ln", "log"] = "ln"
    letters: tuple[tuple[str, str], ...] = ()
    names: Mapping[str, Name] = field(default_factory=dict, hash=False)

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it: what isn't usual."""
        chosen = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("letters", "names")}
        said: dict[str, object] = {name: value for name, value in chosen.items() if value != getattr(USUAL, name)}
        return said | ({"letters": dict(self.letters)} if self.letters else {})


USUAL = Notation()


def look(quantity: Quantity, notation: Notation = USUAL) -> Maths:
    """What stands for `quantity`: w₂₁⁽¹⁾, ŷ, ∂L/∂w₂₁⁽¹⁾, δ₁⁽²⁾; a state has its parameter below, m with w₁₂."""
    of = quantity.of
    if of is None:
        return _named(_parts(quantity, notation), quantity)
    if quantity.role == "state":
        base, sub, layer = _parts(of, notation)
        return _named(_Parts(Letter(quantity.letter), _lowered(base, sub), layer), of)
    if is_delta(quantity, notation):
        return _named(_parts(of, notation)._replace(base=Letter(DELTAS[of.letter])), of)
    partial = Letter("partial")
    slope = Fraction(Row((partial, look(loss_of(quantity), notation))), Row((partial, look(of, notation))))
    return Row((Operator("−"), slope)) if quantity.role == "minus gradient" else slope


def loss_of(gradient: Quantity) -> Quantity:
    """What `gradient` is the slope of."""
    return Quantity(gradient.letter, gradient.layer, gradient.index, gradient.context, shown=gradient.shown)


def is_delta(quantity: Quantity, notation: Notation) -> bool:
    """Whether `quantity` is a gradient that the notation calls δ."""
    role = "gradient" if notation.sign == "p - y" else "minus gradient"
    weighted_sum = quantity.of is not None and quantity.of.letter in DELTAS
    of_loss = quantity.letter in LOSSES and not quantity.index
    return notation.gradients == "delta" and quantity.role == role and weighted_sum and of_loss


def holds(letters: Maths) -> Hold:
    """How tightly a quantity's look holds together: what has a raised mark can't be raised to a power as it is."""
    match letters:
        case Row():
            return Hold.NEGATIVE
        case Fraction() | Script(_, _, Maths()):
            return Hold.POWER
    return Hold.ATOM


class _Parts(NamedTuple):
    base: Maths
    sub: Maths | None
    layer: int | None
    """None too where the letter says the layer."""


def _parts(quantity: Quantity, notation: Notation) -> _Parts:
    """The letter, what stands below it, and the layer, of a quantity without a role."""
    letter, shown = quantity.letter, quantity.on_paper
    usual = LETTERS.get(letter, letter) if quantity.index else letter
    if names := notation.names:
        whole, block, alone = _keys(quantity)
        if whole in names:
            return _Parts(*_split(names[whole]), None)
        for key, layer in ((block, None), (alone, quantity.layer)):
            if key in names:
                base, below = _split(names[key])
                if letter in LETTERS and quantity.index and isinstance(base, Letter) and len(base.name) == 1:
                    base = Letter(base.name.lower())
                return _Parts(base, _joined(below, _index(shown)), layer)
    if not letter.isalpha() or letter in SIGNS:
        return _Parts(*_split(_own_name(letter)), quantity.layer)
    return _Parts(Letter(usual), _index(shown), quantity.layer)


def _keys(quantity: Quantity) -> tuple[str, str, str]:
    """The keys without context under which a notation may name `quantity`: W1[1,2], W1, W."""
    block = quantity.letter + ("" if quantity.layer is None else str(quantity.layer))
    index = f"[{','.join(map(str, quantity.index))}]" if quantity.index else ""
    return block + index, block, quantity.letter


def _split(name: Name) -> tuple[Maths, Maths | None]:
    return (name.base, name.sub) if isinstance(name, Script) else (name, None)


def _index(numbers: Sequence[int]) -> Maths | None:
    joint = "," if any(i > 9 for i in numbers) else ""
    return Digits(joint.join(map(str, numbers))) if numbers else None


def _joined(below: Maths | None, index: Maths | None) -> Maths | None:
    match below, index:
        case Digits(own), Digits(one):
            return Digits(f"{own},{one}")
        case Maths(), Maths():
            return Row((below, index))
    return below or index


def _lowered(base: Maths, sub: Maths | None) -> Maths:
    return Script(base, sub) if sub else base


def _named(parts: _Parts, quantity: Quantity) -> Maths:
    """`parts` with the raised marks of `quantity`."""
    above = tuple(_raised(parts.layer, quantity))
    if not above:
        return _lowered(parts.base, parts.sub)
    return Script(parts.base, parts.sub, above[0] if len(above) == 1 else Row(above))


def _raised(layer: int | None, quantity: Quantity) -> Iterator[Maths]:
    if layer is not None:
        yield Fenced(Digits(str(layer)))
    updates = 0
    for word, n in quantity.context:
        if word == "s":
            yield Fenced(Digits(str(n)), "[", "]")
        elif word == "u":
            updates = n
        else:
            yield Fenced(Row((Letter(word), Relation("="), Digits(str(n)))))
    if updates <= MOST_DASHES:
        yield from [Letter("prime")] * updates
    else:
        yield Fenced(Digits(str(updates)), "⟨", "⟩")


_OWN = re.compile(r"([A-Za-z]+|[α-ωΑ-Ω])([\d_][A-Za-z\d_]*)?", re.ASCII)
MOST_CHARACTERS = 24


def read_letters(text: str) -> Name:
    """A look as it is typed: ``h``, ``net``, ``theta``, ``w3`` (3 below), ``net_h1`` (h1 below); else ValueError."""
    typed = text.strip()
    if not _OWN.fullmatch(typed) or len(typed) > MOST_CHARACTERS:
        raise ValueError(f"{text!r} is not a name such as h, theta, w3 or net_h1")
    return _own_name(typed)


def _own_name(typed: str) -> Name:
    """What follows the first letters stands below them."""
    found = _OWN.fullmatch(typed)
    base, rest = found.groups("") if found else (typed, "")
    parts = re.findall(r"[A-Za-z]+|[\d,]+", rest.removeprefix("_").replace("_", ","))
    below = tuple(Letter(part) if part.isalpha() else Digits(part) for part in parts)
    letters = Function(base) if base in SIGNS else Letter(base)
    return Script(letters, below[0] if len(below) == 1 else Row(below)) if below else letters


def numbered(notation: Notation, units: Sequence[int], output: str = "yhat") -> Notation:
    """`notation` with the names it has for a dense network: `units` counts inputs and units layer by layer.

    `output` is the letter of the outputs' keys. Own letters go before numbers. What is not named here keeps its usual
    look, so that no two quantities look the same.
    """
    own = {key: read_letters(text) for key, text in notation.letters}
    match notation.layers:
        case "plain":
            return replace(notation, names=_plain(notation, own, units) | own)
        case "throughout":
            return replace(notation, names=_throughout(notation, own, units, output) | own)
    return replace(notation, names=own)


_Letters = Mapping[str, Name]


def _letter(own: _Letters, letter: str, usual: str) -> Maths:
    return _split(own[letter])[0] if letter in own else Letter(usual)


def _plain(notation: Notation, own: _Letters, units: Sequence[int]) -> dict[str, Name]:
    """Each kind has one count through all layers: w₁…w₈, b₁…b₄, z₁…z₄, h₁ h₂."""
    keys: dict[str, list[str]] = {"W": [], "b": [], "z": [], "a": []}
    for layer, below, width in _layers(units):
        for j in range(1, width + 1):
            keys["W"] += [f"W{layer}[{_ends(notation, j, i)}]" for i in range(1, below + 1)]
            for letter in "bza" if layer != str(len(units) - 1) else "bz":
                keys[letter].append(f"{letter}{layer}[{j}]")
    letters = {letter: _letter(own, letter, usual) for letter, usual in zip("Wbza", "wbzh", strict=True)}
    return {
        key: Script(letters[kind], Digits(str(n)) if len(some) > 1 else None)
        for kind, some in keys.items()
        for n, key in enumerate(some, 1)
    }


def _throughout(notation: Notation, own: _Letters, units: Sequence[int], output: str) -> dict[str, Name]:
    """The units in one count, as in Han and Kamber, *Data Mining* (2000): w₁₄, θ₄, O₄."""
    w, bias = _letter(own, "W", "w"), _letter(own, "b", "theta")
    letters = {"b": bias, "z": _letter(own, "z", "z"), "a": _letter(own, "a", "O"), "e": _letter(own, "e", "e")}
    names: dict[str, Name] = {}
    inputs = 0
    for layer, below, width in _layers(units):
        last = layer in ("", str(len(units) - 1))
        for j in range(1, width + 1):
            unit = inputs + below + j
            for i in range(1, below + 1):
                names[f"W{layer}[{_ends(notation, j, i)}]"] = Script(w, _index((inputs + i, unit)))
            for letter, look_of in letters.items():
                names[f"{letter}{'' if last and letter == 'e' else layer}[{j}]"] = Script(look_of, _index((unit,)))
            if last:
                names[f"{output}[{j}]"] = Script(_letter(own, output, "O"), _index((unit,)))
                names[f"y[{j}]"] = Script(_letter(own, "y", "y"), _index((unit,)))
        inputs += below
    return names


def _layers(units: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Each layer's number in keys, and how many units are below and in it."""
    for n, (below, width) in enumerate(pairwise(units), 1):
        yield ("" if len(units) == 2 else str(n)), below, width


def _ends(notation: Notation, to: int, source: int) -> str:
    return f"{to},{source}" if notation.indices == "to, from" else f"{source},{to}"


def unused_letters(notation: Notation, quantities: Iterable[Quantity]) -> list[str]:
    """The keys of own letters that name no quantity."""
    known = {key for q in quantities for key in _keys(q.of or q)}
    return [key for key, _ in notation.letters if key not in known]


def alike(notation: Notation, quantities: Iterable[Quantity]) -> list[tuple[str, str]]:
    """Pairs of keys of different quantities that own letters let look the same."""
    first: dict[Maths, Quantity] = {}
    found = []
    for q in quantities:
        if not q.role:
            other = first.setdefault(look(q, notation), q)
            if other != q:
                found.append((other.key, q.key))
    return found
