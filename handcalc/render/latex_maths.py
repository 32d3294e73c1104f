r"""A formula in LaTeX, from its tree of marks, in few and regular commands.

The whole vocabulary, which an independent reader can rely on (x, y stand for anything):

    letters     w   L   \eta   \hat{y}   \partial   \prime   \top   e   \mathrm{net}
    digits      1.5   0.58668\ldots   3/20   1{,}5 (a decimal comma)   1{,}12 (a joint index)
    signs       +   -   \cdot   \times   \odot   =   \approx   <   \leq   >   \geq   ,   ;
    fraction    \frac{x}{y}
    scripts     x_{y}   x^{y}   x_{y}^{z}   {x y}_{z} for a base of several marks
    functions   \ln   \log_{2}   \max   \tanh   \operatorname{name}, with the argument in fences after it
    fences      ( x )   [ x ]   \lvert x \rvert   \langle x \rangle   and, round something tall, \left( x \right)
    root        \sqrt{x}
    cases       \begin{cases} x & \text{if } y \\ z & \text{otherwise} \end{cases}
    matrix      \begin{bmatrix} x & y \\ z & w \end{bmatrix}, with \\[6pt] between rows of fractions
    words       \text{words}
    blanks      \blank{7em}{2.1em}, a box; \blankline{16em}, a dotted line

Marks side by side have a space between them. A row that goes on with the one above begins with ``{}``, and a
tall fence whose other half is on another row has ``\left.`` or ``\right.`` there: ``{}``, ``\left``, ``\right``
and the ``.`` after them mean nothing. A row that can't be broken and is too wide is made smaller as a whole,
``\resizebox{300pt}{!}{$\displaystyle x$}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from handcalc.formula.look import look
from handcalc.formula.maths import (
    Blank,
    Choice,
    Digits,
    Fenced,
    Fraction,
    Function,
    Letter,
    Maths,
    Matrix,
    Operator,
    Relation,
    Root,
    Row,
    Script,
    Slot,
    Word,
)
from handcalc.formula.notation import looked_up
from handcalc.render.latex_text import greek, is_greek, text_to_latex
from handcalc.render.typeset.letters import letter

SIGNS = {
    "+": "+", "−": "-", "·": r"\cdot", "×": r"\times", "⊙": r"\odot",
    "=": "=", "≈": r"\approx", ">": ">", "≥": r"\geq", "<": "<", "≤": r"\leq", ",": ",", ";": ";",
}  # fmt: skip
LETTERS = {"∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "ℓ": r"\ell", "′": r"\prime", "∑": r"\sum", "⊤": r"\top"}
ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot", "\u20d7": "vec"}
FUNCTIONS = frozenset({"ln", "log", "exp", "max", "min", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arg"})
FENCES = {"{": r"\{", "}": r"\}", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil",
          "⟨": r"\langle", "⟩": r"\rangle", "‖": r"\|"}  # fmt: skip
DIGITS = {"…": r"\ldots", ",": "{,}", "−": "-", "·": r" \cdot "}
MOST_COLUMNS = 10
"""Of a ``bmatrix``; a wider matrix is an ``array``."""

_POWER_OF_TEN = re.compile(r"[eE]([+-]?\d+)$")


def maths_to_latex(maths: Maths, slot: Callable[[Slot], str] | None = None) -> str:
    """`maths` as it stands between dollar signs; `slot` writes the quantities (default: their letters)."""
    return _Pen(slot or (lambda place: maths_to_latex(look(place.quantity)))).write(maths)


def is_tall(maths: Maths) -> bool:
    """Whether fences round `maths` have to grow."""
    match maths:
        case Fraction() | Matrix() | Choice() | Blank():
            return True
        case Slot(quantity):
            return is_tall(look(quantity))
        case Row(items):
            return any(map(is_tall, items))
        case Script(base, _, sup):
            return is_tall(base) or (sup is not None and is_tall(sup))
        case Fenced(inner) | Root(inner):
            return is_tall(inner)
    return False


def is_sign(items: Sequence[Maths], i: int) -> bool:
    """Whether the operator at `i` is the sign of what follows: nothing stands before it that it could join."""
    return i == 0 or isinstance(items[i - 1], Operator | Relation) or is_word(items[i - 1])


def is_word(mark: Maths | None) -> bool:
    """Whether `mark` is said, not a value: "if", but not the dots of a + … + b."""
    return isinstance(mark, Word) and mark.text != "…"


def blank(mark: Blank) -> str:
    """A box, a filled one, or a dotted line; em are those of the document's type."""
    wide, high = mark.room
    if mark.ticked:
        return rf"\vcenter{{\hbox{{\rule{{{wide:g}em}}{{{high:g}em}}}}}}"
    return rf"\blankline{{{wide:g}em}}" if mark.dotted else rf"\blank{{{wide:g}em}}{{{high:g}em}}"


class _Pen:
    """Writes marks; `slot` writes the place of a quantity."""

    def __init__(self, slot: Callable[[Slot], str]) -> None:
        self.slot = slot

    def write(self, maths: Maths) -> str:
        match maths:
            case Row(items):
                return self.row(items)
            case Digits(text):
                return digits(text)
            case Blank():
                return blank(maths)
            case Letter(name):
                return letter_to_latex(name)
            case Word(text):
                return rf"\text{{{text_to_latex(text)}}}"
            case Function(name):
                return "\\" + name if name in FUNCTIONS else rf"\operatorname{{{text_to_latex(name)}}}"
            case Operator(sign) | Relation(sign):
                return SIGNS[sign]
            case Fraction(top, bottom):
                return rf"\frac{{{self.write(top)}}}{{{self.write(bottom)}}}"
            case Script():
                return self.script(maths)
            case Fenced(inner, left, right):
                return fenced(self.write(inner), left, right, tall=is_tall(inner))
            case Root(inner):
                return rf"\sqrt{{{self.write(inner)}}}"
            case Matrix(rows, wide) if wide:
                return self.ruled(maths)
            case Matrix(rows):
                tall = any(is_tall(cell) for row in rows for cell in row)
                return matrix([list(map(self.write, row)) for row in rows], tall=tall)
            case Choice(rows, words):
                return self.choice(rows, words)
            case Slot():
                return self.slot(maths)
        raise TypeError(f"no LaTeX for {maths!r}")

    def ruled(self, mark: Matrix) -> str:
        """A box of cells; what is to be written has the whole cell."""
        wide, high = mark.cell
        cell = rf"|w{{c}}{{{wide:g}em}}"
        strut = rf"\rule[{0.25 - high / 2:g}em]{{0pt}}{{{high:g}em}}"
        rows = (
            " & ".join("" if isinstance(one, Blank) else f"{{{self.write(one)}}}" for one in row) for row in mark.rows
        )
        lines = "".join(rf"{strut} {row} \\ \hline " for row in rows)
        return rf"{{\arraycolsep=0pt\begin{{array}}{{{cell * len(mark.rows[0])}|}}\hline {lines}\end{{array}}}}"

    def row(self, items: Sequence[Maths]) -> str:
        """Marks with a space between them; a sign stands close to its number, a word apart on both sides."""
        out = ""
        before: Maths | None = None
        for i, item in enumerate(items):
            apart = " " if i and not (isinstance(before, Operator) and is_sign(items, i - 1)) else ""
            if isinstance(item, Word):
                after = " " if i + 1 < len(items) else ""
                out += rf"{apart}\text{{{apart}{text_to_latex(item.text)}{after}}}"
            else:
                written = self.write(item)
                out += apart + (_after_word(written) if is_word(before) else written)
            before = item
        return out

    def script(self, mark: Script) -> str:
        mark = looked_up(mark)
        base = self.write(mark.base)
        if isinstance(mark.base, Row | Fraction | Root | Slot | Script):
            base = f"{{{base}}}"
        sub = "" if mark.sub is None else f"_{{{self.write(mark.sub)}}}"
        sup = "" if mark.sup is None else f"^{{{self.write(mark.sup)}}}"
        return base + sub + sup

    def choice(self, rows: Sequence[tuple[Maths, Maths | None]], words: tuple[str, str]) -> str:
        given, otherwise = map(text_to_latex, words)
        lines = (
            self.write(value)
            + " & "
            + (rf"\text{{{otherwise}}}" if when is None else rf"\text{{{given} }} {_after_word(self.write(when))}")
            for value, when in rows
        )
        return r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}"


def _after_word(written: str) -> str:
    """A sign behind a word in braces: TeX would take the word for the left side of a difference."""
    return f"{{-}}{written[1:]}" if written.startswith("-") else written


def digits(text: str) -> str:
    """Digits as printed: ``0.58668…`` is ``0.58668\\ldots``, ``1e-3`` is ``1\\mathrm{e}{-3}``."""
    found = _POWER_OF_TEN.search(text)
    plain = text[: found.start()] if found else text
    written = "".join(c if c in "0123456789./+-" else DIGITS.get(c) or rf"\text{{{text_to_latex(c)}}}" for c in plain)
    return written + (rf"\mathrm{{{found[0][0]}}}{{{found[1]}}}" if found else "")


def letter_to_latex(name: str) -> str:
    char, accent = letter(name)
    if char in LETTERS:
        written = LETTERS[char]
    elif len(char) == 1 and is_greek(char):
        written = greek(char)
    elif len(char) == 1 and char.isascii() and char.isalpha():
        written = char
    else:
        written = rf"\mathrm{{{char}}}" if char.isascii() and char.isalnum() else rf"\text{{{text_to_latex(char)}}}"
    return rf"\{ACCENTS[accent]}{{{written}}}" if accent else written


def fenced(inner: str, left: str, right: str, *, tall: bool) -> str:
    """`inner` between fences; a side without one is open."""
    opening = r"\lvert" if left == "|" else FENCES.get(left, left)
    closing = r"\rvert" if right == "|" else FENCES.get(right, right)
    if tall:
        return rf"\left{opening or '.'} {inner} \right{closing or '.'}"
    return f"{opening} {inner} {closing}".strip() if len(opening + closing) > 2 else f"{opening}{inner}{closing}"


def matrix(rows: list[list[str]], *, tall: bool) -> str:
    """Rows in brackets; `tall` ones, with fractions, stand further apart."""
    body = (r" \\[6pt] " if tall else r" \\ ").join(" & ".join(row) for row in rows)
    columns = max(map(len, rows), default=0)
    if columns <= MOST_COLUMNS:
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"
    return rf"\left[ \begin{{array}}{{{'c' * columns}}} {body} \end{{array}} \right]"
