r"""Printed lines out of LaTeX, by its documented vocabulary: ``z_{1}^{(2) \prime}``, ``\frac{x}{y}``,
``0.58668\ldots``, ``\left( x \right)``, ``\begin{cases} x & \text{if } y \\ z & \text{otherwise} \end{cases}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from oracles.marks import Call, Name, Printed, Quotient, Said, Stage, Unreadable
from oracles.reading import Reader, chosen

_ALIGN = re.compile(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", re.DOTALL)
_STEP, _ROW = re.compile(r"\\\\\[\\step\]\n"), re.compile(r"\\\\\*?\n")
_SMALLER = re.compile(r"\\resizebox\{[\d.]+pt\}\{!\}\{\$\\displaystyle (.*)\$\}")
_TOKENS = re.compile(
    r"\s*(?P<token>\\text\{[^{}]*\}|\\operatorname\{[a-z]+\}|\\mathrm\{e\}\{[-+]?\d+\}|\\(?:begin|end)\{[a-z]+\}|\\[A-Za-z]+|\\\\"
    r"|\{,\}|\{\}|\d+\.?\d*|\.\d+|[A-Za-z]|[-+/^_(){}\[\],&=<>.;|])"
)
_SIGNS = {r"\cdot": "·", r"\approx": "≈", r"\leq": "≤", r"\geq": "≥"}
_KEY = re.compile(r"([A-Za-z]+?)(\d*)((?:\[[suthc]=\d+\])*)(?:\[(\d+(?:,\d+)*)\])?")
_GREEK = (
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "kappa",
    "lambda",
    "mu",
    "rho",
    "sigma",
    "tau",
)
_FUNCTIONS = (r"\ln", r"\log", r"\max", r"\tanh", r"\exp", r"\min")

Spelling = tuple[str, str, str, int]
"""Letter, layer, indices side by side, dashes."""
Split = tuple[str, str, int, tuple[int, ...]]
"""Letter, layer, updates, indices."""


class Letters:
    """How each key is spelt on paper: an index that can only be 1 is left out, a dash stands for an update."""

    def __init__(self, keys: Iterable[str]) -> None:
        names = {_split(name) for key in keys for name in _sides(key)}
        widest: dict[tuple[str, str], tuple[int, ...]] = {}
        for letter, layer, _, index in names:
            widest[letter, layer] = tuple(map(max, widest.get((letter, layer), index), index))
        self.spelt = {_spelling(name, widest[name[0], name[1]]): _joined(name) for name in names}
        if len(self.spelt) < len(names):
            raise Unreadable("two quantities have one spelling")


def _spelling(name: Split, widest: tuple[int, ...]) -> Spelling:
    letter, layer, dashes, index = name
    shown = [i for i, most in zip(index, widest, strict=True) if most > 1]
    return _paper(letter, bool(index)), layer, _together(shown), dashes


def _together(shown: list[int]) -> str:
    return ("," if any(i > 9 for i in shown) else "").join(map(str, shown))


def _paper(letter: str, indexed: bool) -> str:
    if letter == "W" and indexed:
        return "w"
    if letter.endswith("hat") and len(letter) > 3:
        return rf"\hat{{{letter[:-3]}}}"
    return "\\" + letter if letter in _GREEK else letter


def _sides(key: str) -> list[str]:
    found = re.fullmatch(r"d(.+)/d(.+)", key)
    return list(found.groups()) if found else [key]


def _split(name: str) -> Split:
    found = _KEY.fullmatch(name)
    if not found:
        raise Unreadable(f"{name!r} is no key")
    letter, layer, context, index = found.groups()
    dashes = re.search(r"u=(\d+)", context)
    return letter, layer, int(dashes[1]) if dashes else 0, tuple(map(int, index.split(","))) if index else ()


def _joined(name: Split) -> str:
    letter, layer, dashes, index = name
    update = f"[u={dashes}]" if dashes else ""
    return f"{letter}{layer}{update}" + (f"[{','.join(map(str, index))}]" if index else "")


class _Latex(Reader):
    def __init__(self, tokens: Iterable[str], letters: Letters) -> None:
        super().__init__(list(tokens))
        self.letters = letters

    def atom(self) -> Said:
        token = self.take()
        if token[0] in "0123456789.":
            return self._number(token)
        if token in ("(", "["):
            inner = self.sum()
            self.take({"(": ")", "[": "]"}[token])
            return inner
        if token == "{":
            inner = self.sum()
            self.take("}")
            return inner
        if token == "e" and self.next == "^" and not self._name_follows():
            self.take("^")
            return Call("exp", (self.exponent(),))
        if token in _FUNCTIONS or token.startswith(r"\operatorname"):
            base = self._base()
            self.take("(")
            return Call(token.removeprefix(r"\operatorname").strip("\\{}") + base, self.arguments(")"))
        if token == r"\lvert":
            return self.bars(r"\rvert")
        if token == r"\pi":
            return Call("pi", ())
        if token == r"\frac":
            return self._fraction()
        if token == r"\sqrt":
            return Call("sqrt", (self.exponent(),))
        if token == r"\begin{cases}":
            return self._cases()
        return Name(self._name(token))

    def exponent(self) -> Said:
        self.take("{")
        inner = self.sum()
        self.take("}")
        return inner

    def _base(self) -> str:
        """Of a logarithm: the digits under it."""
        if not self.taken("_"):
            return ""
        self.take("{")
        base = self.take()
        self.take("}")
        return base

    def _number(self, token: str) -> Said:
        if self.next.startswith(r"\mathrm{e}"):
            token += "e" + self.take().removeprefix(r"\mathrm{e}").strip("{}")
        return self.digits(token + "…" if self.taken(r"\ldots") else token)

    def _fraction(self) -> Said:
        if self.tokens[self.at : self.at + 2] == ["{", r"\partial"]:
            return Name("/".join(f"d{self._partial()}" for _ in range(2)))
        top = self.exponent()
        return Quotient(top, self.exponent())

    def _partial(self) -> str:
        self.take("{")
        self.take(r"\partial")
        name = self._name(self.take())
        self.take("}")
        return name

    def _name_follows(self) -> bool:
        """Whether the superscript here is a layer or a dash."""
        after = self.tokens[self.at : self.at + 5]
        return after[:2] == ["^", "{"] and (after[2] == r"\prime" or (after[2] == "(" and after[4] == ")"))

    def _name(self, letter: str) -> str:
        if letter == r"\hat":
            self.take("{")
            letter = rf"\hat{{{self.take()}}}"
            self.take("}")
        layer, index, dashes = "", "", 0
        if self.taken("_"):
            self.take("{")
            while not self.taken("}"):
                index += self.take().strip("{}")
        if self._name_follows():
            self.take("^")
            self.take("{")
            if self.taken("("):
                layer = self.take()
                self.take(")")
            while self.taken(r"\prime"):
                dashes += 1
            self.take("}")
        found = self.letters.spelt.get((letter, layer, index, dashes))
        if found is None:
            raise Unreadable(f"no quantity is written {letter} {index} ({layer}) with {dashes} dashes")
        return found

    def _cases(self) -> Said:
        rows: list[tuple[Said, tuple[Said, str, Said]]] = []
        while True:
            value = self.sum()
            self.take("&")
            if self.taken(r"\text{otherwise}"):
                self.take(r"\end{cases}")
                return chosen(rows, value)
            self.take(r"\text{if }")
            rows.append((value, self.condition()))
            self.take(r"\\")


def _tokens(latex: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    latex = latex.strip().replace("{-}", "-")  # a sign behind a word
    while at < len(latex):
        found = _TOKENS.match(latex, at)
        if not found:
            raise Unreadable(f"no mark of the vocabulary: {latex[at : at + 30]!r}")
        token = found["token"]
        at = found.end()
        if token in (r"\left", r"\right"):
            at += latex.startswith(".", at)
        elif token != "{}":
            tokens.append(_SIGNS.get(token, token))
    return tokens


def read_formula(latex: str, letters: Letters) -> Said:
    return _Latex(_tokens(latex), letters).whole()


def worked(latex: str) -> Iterator[str]:
    """Each step of each working, not read yet."""
    for block in _ALIGN.findall(latex):
        yield from _STEP.split(block)


def read_line(step: str, letters: Letters) -> Printed:
    """One step: a comment with its key, then rows ``target &= formula``, ``&= numbers``, and a remark."""
    comment, _, rest = step.partition("\n")
    if not comment.startswith("% "):
        raise Unreadable(f"a step begins with its key: {comment!r}")
    target, said, remark = "", "", ""
    for i, row in enumerate(_ROW.split(rest)):
        left, _, right = row.partition("&")
        right, beside, remarked = right.partition(r" \beside{")
        right = right.replace(r"\quad ", "")
        if right.startswith(r"\below"):
            remark = right
            continue
        smaller = _SMALLER.fullmatch(right)
        remark = beside + remarked or remark
        said += " " + (smaller[1] if smaller else right)
        target = left.strip() if i == 0 else target
    key = _Latex(_tokens(target), letters).whole()
    if key != Name(comment[2:]):
        raise Unreadable(f"the comment says {comment[2:]!r}, the line {key}")
    return Printed(comment[2:], tuple(_stages(said, letters)), remark)


def _stages(latex: str, letters: Letters) -> Iterator[Stage]:
    tokens = _tokens(latex)
    if not tokens or tokens[0] not in "=≈":
        raise Unreadable(f"a relation is wanted first: {latex[:40]!r}")
    starts = [i for i, token in enumerate(tokens) if token in ("=", "≈")]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        yield tokens[start], _Latex(tokens[start + 1 : end], letters).whole()
