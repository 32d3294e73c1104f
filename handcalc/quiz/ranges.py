"""What a number may be, as a quiz file says it: a text, and the finite list of numbers that it stands for.

    integer from -3 to 3, not 0                     also integers, whole number(s); between -3 and 3; -3..3; ±3
    one decimal from -1 to 1                        two decimals, three decimals; written without trailing zeros
    from 0 to 2 in steps of 0.5                     from the first number on; a step of 1/4 gives fractions
    fractions from -1 to 1 with denominator 2, 4    in lowest terms, so that 1 and 2/4 need denominators 1 and 2
    choice of 0.5, 1, 2        choice of unwell or healthy        ±0.5
    2 x 3 of one decimal from -1 to 1               rows x columns; 3 of …: a list
    shuffle 1, 0, 0                                 a list in any order

``not 0``, ``not 0, 1``, ``not ±1`` leave numbers out. A name of the file stands for its range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import prod
from typing import Literal, NamedTuple

from flint import fmpq

from handcalc.formula.number import read_number
from handcalc.formula.tokens import pointed
from handcalc.network.errors import counted, quoted
from handcalc.network.left_open import COUNTS

MOST_VALUES = 10_000
MOST_CELLS = 400
MOST_DENOMINATOR = 1_000
EXAMPLES = '"integer from -3 to 3, not 0", "one decimal from -1 to 1" or "choice of 0.5, 1, 2"'
_TOKEN = re.compile(
    r"(?P<space>\s+|-(?=[^\W\d_]))|(?P<number>[+\-−–]?(?:\d+/\d+|\d+(?:\.\d+)?|\.\d+)(?![\d/]))"
    r"|(?P<word>[^\W\d_]+)|(?P<sign>\.{2,3}|…|±|,)"
)
_CELLS = re.compile(r"\s*(\d{1,4})\s*(?:(?:[x×]|by\b)\s*(\d{1,4})\s*)?of\b(.*)", re.DOTALL)
_SHAPE = re.compile(r"\s*\d+\s*([x×]|by\b|of\b)")
_LISTED = re.compile(r"\s*(choice\s+of|choice|shuffle\s+of|shuffle)\b(.*)", re.DOTALL | re.IGNORECASE)
_OR = re.compile(r"\s+or\s+")
_DOTS = ("..", "...", "…")


class RangeError(ValueError):
    """What is wrong with a range: a sentence, and below it where."""


@dataclass(frozen=True, slots=True)
class Range:
    """`values` as they are written on a sheet, in rising order or as typed."""

    values: tuple[str, ...]
    shape: tuple[int, ...] = ()
    """() a number, (3,) a list of 3, (2, 3) rows and columns."""
    shuffled: bool = False
    """Whether it is the list `values` in any order; else each number is one of them."""


def read_range(text: str, names: Mapping[str, Range]) -> Range:
    """The range that `text` writes; `names` are those of the file. Raises RangeError."""
    if text.strip() in names:
        return names[text.strip()]
    if _SHAPE.match(text):
        return _cells(text, names)
    if found := _LISTED.match(text):
        shuffled = found[1].lower().startswith("shuffle")
        return shuffle(_listed_values(found[2])) if shuffled else Range(_choice(found[2]))
    try:
        return Range(_Reader(text).values())
    except RangeError:
        if near := nearest(text, names):
            raise RangeError(f'{quoted(text.strip())} is no range of this file; did you mean "{near}"?') from None
        raise


def nearest(text: str, names: Mapping[str, Range]) -> str:
    """The name of a range that `text` may be meant for, "" of nothing near."""
    return next(iter(get_close_matches(text.strip(), names, n=1)), "")


def of_each(text: str) -> str:
    """What each number of a list may be: ``small`` of ``2 x 2 of small``."""
    found = _CELLS.fullmatch(text)
    return " ".join((found[3] if found else text).split())


def shuffle(values: Sequence[str]) -> Range:
    """Those in any order."""
    if len(values) < 2:
        raise RangeError(f"{counted(len(values), 'value')} can't be shuffled; write two or more")
    if len(values) > MOST_CELLS:
        raise RangeError(f"{len(values):,} values to shuffle; at most {MOST_CELLS} are accepted")
    return Range(tuple(values), (len(values),), shuffled=True)


def written(value: fmpq) -> str:
    """As a decimal where it ends, without trailing zeros, else as a fraction in lowest terms."""
    bottom, places = int(value.q), 0
    while 10**places % bottom and places < 60:
        places += 1
    if 10**places % bottom:
        return f"{value.p}/{value.q}"
    digits = str(abs(int(value.p)) * (10**places // bottom)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _cells(text: str, names: Mapping[str, Range]) -> Range:
    found = _CELLS.fullmatch(text)
    if not found:
        raise RangeError(f"found {quoted(text)}; write 3 of …, or rows and columns: 2 x 3 of …")
    shape = tuple(int(size) for size in found.groups()[:2] if size)
    if not 1 <= prod(shape) <= MOST_CELLS:
        raise RangeError(f"{prod(shape):,} numbers; from 1 to {MOST_CELLS} are accepted")
    each = read_range(found[3], names)
    if each.shape:
        raise RangeError(f"found {quoted(found[3].strip())}, where what one number may be is wanted")
    return replace(each, shape=shape)


def _choice(text: str) -> tuple[str, ...]:
    values = _listed_values(text)
    if len(values) < 2:
        raise RangeError(
            "a choice needs two values or more; within [ ] and { } a comma ends a text, so write "
            "choice of 0.5 or 1 or 2, or put it into quotes"
        )
    return values


def _listed_values(text: str) -> tuple[str, ...]:
    """Numbers, or words; with commas between them, or with "or"."""
    typed = text.strip().removeprefix("[").removesuffix("]").strip()
    parts = [part.strip() for part in typed.split(",")] if "," in typed else _OR.split(typed)
    last = _OR.split(parts[-1])
    numbers = [*parts[:-1], *last]
    values = [one for part in numbers for one in _signed(part)]
    if not all(map(_is_number, values)):
        values = parts
    if "" in values:
        raise RangeError(f"a value is missing in {quoted(typed)}; write for example choice of 0.5, 1, 2")
    return tuple(read_number(one).text if _is_number(one) else one for one in values)


def _signed(text: str) -> tuple[str, ...]:
    bare = text.removeprefix("±").strip()
    return (f"-{bare}", bare) if text.startswith("±") and _is_number(bare) else (text,)


def _is_number(text: str) -> bool:
    try:
        read_number(text)
    except ValueError:
        return False
    return True


class _Token(NamedTuple):
    kind: Literal["number", "word", "sign", "end"]
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class _Grid:
    """The numbers from `least` to `most`: all multiples of `unit`, or those with one of `denominators`."""

    least: fmpq
    most: fmpq
    unit: fmpq | None = None
    from_least: bool = False
    """Whether steps are counted from `least` on."""
    denominators: tuple[int, ...] = ()

    def count(self) -> int:
        """About how many there are."""
        steps = [1 / self.unit] if self.unit is not None else [fmpq(one) for one in self.denominators]
        return sum(int((self.most - self.least) * each) + 1 for each in steps)

    def __iter__(self) -> Iterator[fmpq]:
        if self.unit is not None:
            start = self.least if self.from_least else self.unit * (self.least / self.unit).ceil()
            count = int(((self.most - start) / self.unit).floor())
            yield from (start + k * self.unit for k in range(count + 1))
            return
        found = {
            fmpq(p, q)
            for q in self.denominators
            for p in range(int((self.least * q).ceil()), int((self.most * q).floor()) + 1)
        }
        yield from sorted(one for one in found if int(one.q) in self.denominators)


class _Reader:
    """Reads all kinds but choices."""

    def __init__(self, text: str) -> None:
        self.text, self.n = text, 0
        self.tokens = list(self._tokens())

    def values(self) -> tuple[str, ...]:
        if self._take("±"):
            self.n -= 1
            numbers = sorted(dict.fromkeys(self._list("a number")))
            self._end()
            return self._checked([written(one) for one in numbers])
        kind, unit = self._kind()
        least, most = self._ends()
        grid, left_out, as_fractions = _Grid(least, most, unit), list[fmpq](), kind == "fractions"
        while self._next.kind != "end":
            if self._phrase("in steps of", "steps of", "step of", "step"):
                grid, as_fractions = self._stepped(grid)
            elif self._phrase("with denominators", "with denominator", "denominators", "denominator"):
                if kind != "fractions":
                    raise self._wrong("denominators belong to fractions", back=1)
                grid = replace(grid, denominators=self._denominators())
            elif self._phrase("not", "without", "except"):
                left_out = self._list("a number that is left out")
            elif not self._take(","):
                raise self._wrong(f"found {quoted(self._next.text)}, where the text should end, or go on with not 0")
        if grid.unit is None and not grid.denominators:
            wanted = "with denominator 2, 4" if kind == "fractions" else "in steps of 0.5"
            problem = "which fractions" if kind == "fractions" else "which numbers"
            raise self._wrong(f"it isn't said {problem}; add for example {wanted}")
        if (count := grid.count()) > MOST_VALUES:
            raise RangeError(f"{quoted(self.text)} are {count:,} numbers; at most {MOST_VALUES:,} are accepted")
        look = _as_fraction if as_fractions else written
        return self._checked([look(one) for one in grid if one not in left_out])

    def _checked(self, values: list[str]) -> tuple[str, ...]:
        if not values:
            raise RangeError(f"{quoted(self.text)} leaves no number")
        if len(values) == 1:
            raise RangeError(f"{quoted(self.text)} leaves one number only; write {values[0]}, or widen it")
        return tuple(values)

    def _kind(self) -> tuple[str, fmpq | None]:
        """The kind of numbers, and the unit of which they are multiples; None where that is still to come."""
        if self._take("integer", "integers") or self._phrase("whole number", "whole numbers"):
            return "integers", fmpq(1)
        if self._take("fraction", "fractions"):
            return "fractions", None
        count = self._next.text.lower()
        if count in COUNTS or re.fullmatch("[1-6]", count):
            following = self.tokens[self.n + 1].text.lower()
            if following in ("decimal", "decimals"):
                self.n += 2
                self._take("number", "numbers")
                places = COUNTS.index(count) + 1 if count in COUNTS else int(count)
                return "decimals", fmpq(1, 10**places)
            if count in COUNTS:
                self.n += 1
                word = "decimal" if count == "one" else "decimals"
                raise self._wrong(
                    f"{self._found}, where for example {quoted(f'{count} {word} from -1 to 1')} is wanted"
                )
        if count in ("decimal", "decimals"):
            raise self._wrong("how many decimals isn't said; write one decimal, or two decimals")
        if count in ("from", "between") or self._next.kind == "number":
            return "numbers", None
        raise self._wrong(f"found {quoted(self._next.text)}, where for example {EXAMPLES} is wanted")

    def _ends(self) -> tuple[fmpq, fmpq]:
        """``from a to b``, ``between a and b``, ``a..b``, ``±a``."""
        self._take(",")
        at = self.n
        if self._take("±"):
            most = abs(self._number("a number"))
            return -most, most
        between = self._take("between")
        if not between and not self._take("from") and self._next.kind != "number":
            raise self._wrong(
                f"{self._found}, where the least and the greatest number are wanted: from -1 to 1, or -1..1"
            )
        least = self._number("the least number")
        joint = ("and",) if between else ("to", *_DOTS)
        if not self._take(*joint):
            raise self._wrong(f"{self._found}, where {quoted(joint[0])} and the greatest number are wanted")
        most = self._number("the greatest number")
        if least > most:
            self.n = at
            raise self._wrong(f"{written(least)} is greater than {written(most)}; write the least number first")
        return least, most

    def _stepped(self, grid: _Grid) -> tuple[_Grid, bool]:
        at = self._next
        step = self._number("the step")
        if step <= 0:
            raise self._wrong("a step is above 0", back=1)
        if grid.unit is not None and (step / grid.unit).q != 1:
            raise self._wrong(f"the step isn't a multiple of {written(grid.unit)}, which the text begins with", back=1)
        return replace(grid, unit=step, from_least=True), "/" in at.text

    def _denominators(self) -> tuple[int, ...]:
        found = [self._denominator()]
        while self._next.text in (",", "or", "and") and self.tokens[self.n + 1].kind == "number":
            self.n += 1
            found.append(self._denominator())
        if len(found) == 1 and self._take("to", *_DOTS):
            found = list(range(found[0], self._denominator() + 1))
        return tuple(found)

    def _denominator(self) -> int:
        value = self._number("a denominator")
        if value.q != 1 or not 1 <= value <= MOST_DENOMINATOR:
            raise self._wrong(f"a denominator is a whole number from 1 to {MOST_DENOMINATOR:,}", back=1)
        return int(value.p)

    def _list(self, what: str) -> list[fmpq]:
        """Numbers with a comma, "or" or "and" between them; ±1 is both."""
        found: list[fmpq] = []
        while True:
            both = self._take("±")
            value = self._number(what)
            found += [value, -value] if both else [value]
            following = self.tokens[min(self.n + 1, len(self.tokens) - 1)]
            if self._next.text not in (",", "or", "and") or not (following.kind == "number" or following.text == "±"):
                return found
            self.n += 1

    def _end(self) -> None:
        if self._next.kind != "end":
            raise self._wrong(f"found {quoted(self._next.text)}, where the text should end")

    def _number(self, what: str) -> fmpq:
        if self._next.kind != "number":
            raise self._wrong(f"{self._found}, where {what} is wanted")
        self.n += 1
        try:
            return read_number(self.tokens[self.n - 1].text.replace("–", "-")).value
        except ValueError as error:
            raise self._wrong(str(error), back=1) from None

    @property
    def _next(self) -> _Token:
        return self.tokens[self.n]

    @property
    def _found(self) -> str:
        return "the text ends" if self._next.kind == "end" else f"found {quoted(self._next.text)}"

    def _take(self, *texts: str) -> bool:
        taken = self._next.text.lower() in texts
        self.n += taken
        return taken

    def _phrase(self, *phrases: str) -> bool:
        for phrase in phrases:
            words = phrase.split()
            if [one.text.lower() for one in self.tokens[self.n : self.n + len(words)]] == words:
                self.n += len(words)
                return True
        return False

    def _tokens(self) -> Iterator[_Token]:
        at = 0
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if not found:
                raise RangeError(f"found {quoted(self.text[at])}, which means nothing here\n{pointed(self.text, at)}")
            if found.lastgroup != "space":
                yield _Token(found.lastgroup, found[0], at)  # type: ignore[arg-type]
            at = found.end()
        yield _Token("end", "", at)

    def _wrong(self, problem: str, back: int = 0) -> RangeError:
        return RangeError(f"{problem}\n{pointed(self.text, self.tokens[self.n - back].at)}")


def _as_fraction(value: fmpq) -> str:
    return str(value.p) if value.q == 1 else f"{value.p}/{value.q}"
