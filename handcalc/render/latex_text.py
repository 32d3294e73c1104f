r"""Plain text, a user's too, for LaTeX: whatever it says, it comes out as it was typed and runs nothing.

Accented Latin goes through as it is (the T1 encoding has it); other marks that TeX knows become commands;
what pdfLaTeX can't set (CJK, emoji, control characters) becomes its visible number, ``[U+1F600]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import combining, normalize

from handcalc.render.typeset.letters import GREEK

LONG_WORD, STRETCH = 24, 8
"""A word longer than this may be broken after each stretch of so many characters, without a hyphen."""

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
    "\u2009": r"\,", "\u202f": r"\,", "\u00a0": "~",
}  # fmt: skip

MARKS = {
    "–": "--", "—": "---", "‐": "-", "‑": "-", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\ldots{}",
    "‚": r"\quotesinglbase{}", "„": r"\quotedblbase{}", "«": r"\guillemotleft{}", "»": r"\guillemotright{}",
    "‹": r"\guilsinglleft{}", "›": r"\guilsinglright{}", "¡": r"\textexclamdown{}", "¿": r"\textquestiondown{}",
    "€": r"\texteuro{}", "£": r"\pounds{}", "¥": r"\textyen{}", "¢": r"\textcent{}", "§": r"\S{}", "¶": r"\P{}",
    "©": r"\textcopyright{}", "®": r"\textregistered{}", "™": r"\texttrademark{}", "•": r"\textbullet{}",
    "‰": r"\textperthousand{}", "ª": r"\textordfeminine{}", "º": r"\textordmasculine{}",
    "†": r"\dag{}", "‡": r"\ddag{}",
}  # fmt: skip

MATHS = {
    "°": r"^{\circ}", "′": r"'", "″": "''", "−": "-", "×": r"\times", "·": r"\cdot", "÷": r"\div", "±": r"\pm",
    "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "≡": r"\equiv", "∼": r"\sim", "∞": r"\infty",
    "→": r"\rightarrow", "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow", "↦": r"\mapsto",
    "↑": r"\uparrow", "↓": r"\downarrow", "∂": r"\partial", "∇": r"\nabla", "∑": r"\sum", "∏": r"\prod",
    "√": r"\surd", "∫": r"\int", "∈": r"\in", "∉": r"\notin", "∅": r"\emptyset", "∪": r"\cup", "∩": r"\cap",
    "⊂": r"\subset", "∀": r"\forall", "∃": r"\exists", "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee", "ℓ": r"\ell",
    "⊙": r"\odot", "⊗": r"\otimes", "⊤": r"\top", "½": r"\frac{1}{2}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}",
    "µ": r"\mu", "Ω": r"\Omega", "ϕ": r"\phi", "ϵ": r"\epsilon", "ϑ": r"\vartheta",
}  # fmt: skip

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", "0123456789+-=()n", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+-=()", strict=True))

ACCENTS = {
    "\u0300": r"\`", "\u0301": r"\'", "\u0302": r"\^", "\u0303": r"\~", "\u0304": r"\=", "\u0306": r"\u",
    "\u0307": r"\.", "\u0308": r"\"", "\u030a": r"\r", "\u030b": r"\H", "\u030c": r"\v", "\u0323": r"\d",
    "\u0327": r"\c", "\u0328": r"\k", "\u0331": r"\b",
}  # fmt: skip

IN_T1 = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
    "ĂăĄąĆćČčĎďĐđĘęĚěĞğĹĺĽľŁłŃńŇňŊŋŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽžȘșȚț"
)
"""Letters that every pdfLaTeX sets as they are."""

VARIANTS = {"ε": r"\varepsilon", "φ": r"\varphi", "ς": r"\varsigma"}
"""Greek letters whose plain command draws another form: \\epsilon is ϵ."""

LOOK_LIKE_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))


def text_to_latex(text: str) -> str:
    """`text` in LaTeX's paragraph mode, in one line."""
    return " ".join(_word(word) for word in re.split(r"[ \t\r\n\u2028\u2029]+", normalize("NFC", text)))


def comment(text: str) -> str:
    """`text` as the rest of a line that LaTeX doesn't read."""
    return "".join(c if c.isascii() and c.isprintable() else " " for c in text)


def greek(char: str) -> str:
    """The command for a Greek letter, in mathematics; a capital that looks Latin is one."""
    if char in LOOK_LIKE_LATIN:
        return LOOK_LIKE_LATIN[char] if char == "ο" else rf"\mathrm{{{LOOK_LIKE_LATIN[char]}}}"
    if char in VARIANTS:
        return VARIANTS[char]
    return "\\" + (_GREEK[char] if char in _GREEK else _GREEK[char.lower()].capitalize())


def is_greek(char: str) -> bool:
    return char.lower() in _GREEK


_GREEK = {char: name for name, char in GREEK.items()}


def _word(word: str) -> str:
    clusters = _clusters(word)
    step = STRETCH if len(clusters) > LONG_WORD else len(clusters) or 1
    stretches = (clusters[i : i + step] for i in range(0, len(clusters), step))
    return r"\allowbreak{}".join("".join(_joined(stretch)) for stretch in stretches)


def _joined(clusters: list[str]) -> Iterator[str]:
    """Each mark in LaTeX, kept apart where two of them would join into one (two hyphens into a dash)."""
    before = ""
    for cluster in clusters:
        if cluster == before and cluster in "-',":
            yield "{}"
        yield _mark(cluster)
        before = cluster


def _clusters(text: str) -> list[str]:
    """The characters of `text`, each with the accents that follow it."""
    clusters: list[str] = []
    for char in text:
        if clusters and combining(char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


@cache
def _mark(cluster: str) -> str:
    known = _known(cluster)
    if known is not None:
        return known
    decomposed = normalize("NFD", cluster)
    base, accents = decomposed[0], decomposed[1:]
    start = _known(base)
    if accents and start is not None and all(accent in ACCENTS for accent in accents):
        for accent in accents:
            start = f"{ACCENTS[accent]}{{{start}}}"
        return start
    return "".join(_known(char) or unicode_number(char) for char in cluster)


def _known(char: str) -> str | None:
    for table, form in _FORMS:
        if char in table:
            return form.format(table[char])
    if is_greek(char):
        return rf"\ensuremath{{{greek(char)}}}"
    return char if char in IN_T1 or (len(char) == 1 and char.isascii() and char.isprintable()) else None


_FORMS: tuple[tuple[dict[str, str], str], ...] = (
    (SPECIAL, "{}"),
    (MARKS, "{}"),
    (MATHS, r"\ensuremath{{{}}}"),
    (SUPERSCRIPTS, r"\textsuperscript{{{}}}"),
    (SUBSCRIPTS, r"\textsubscript{{{}}}"),
)


def unicode_number(char: str) -> str:
    """A character that can't be set, by its number."""
    return f"[U+{ord(char):04X}]"
