"""Which characters of the mathematical font a letter's name stands for."""

from __future__ import annotations

from functools import cache

_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "finalsigma sigma tau upsilon phi chi psi omega"
)
GREEK = dict(zip(_NAMES.split(), "αβγδεζηθικλμνξοπρςστυφχψω", strict=True))
SIGNS = {
    "partial": "∂", "nabla": "∇", "infty": "∞", "infinity": "∞", "ell": "ℓ", "prime": "′", "sum": "∑", "transpose": "⊤",
}  # fmt: skip
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7"}

_ITALIC_A, _ITALIC_SMALL_A, _ITALIC_ALPHA = 0x1D434, 0x1D44E, 0x1D6FC


@cache
def letter(name: str) -> tuple[str, str]:
    """The character and its accent (or "") that ``name`` stands for.

    A name that stands for nothing known, and is longer than one character, is returned as it is.
    """
    if len(name) == 1:
        return name, ""
    if name in SIGNS:
        return SIGNS[name], ""
    if name in GREEK:
        return GREEK[name], ""
    if name.lower() in GREEK:
        return GREEK[name.lower()].upper(), ""
    for accent, mark in ACCENTS.items():
        if name.endswith(accent) and len(base := name.removesuffix(accent)) >= 1:
            char, inner = letter(base)
            if len(char) == 1 and not inner:
                return char, mark
    return name, ""


def italic(char: str) -> str:
    """The slanted form of a letter, where mathematics has one; capital Greek letters stay upright."""
    code = ord(char)
    if char == "h":
        return "ℎ"  # Planck's constant took the place of the italic h in Unicode
    if "a" <= char <= "z":
        return chr(_ITALIC_SMALL_A + code - ord("a"))
    if "A" <= char <= "Z":
        return chr(_ITALIC_A + code - ord("A"))
    if "α" <= char <= "ω":
        return chr(_ITALIC_ALPHA + code - ord("α"))
    return "\U0001d715" if char == "∂" else char
