"""Reading an answer: numbers, expressions, lists and matrices, in every way that they can be meant.

    0.5866   .5866   0,5866   1,234.5   1.234,5   −0.25   2e-3   2·10^-3   2×10⁻³   58.66 %   3/20   3 1/2   ½
    1/(1 + e^(-0.35))   σ(0.35)   ln 2   √2/2   \\frac{1}{2}   |x|   2w1x1
    [0.1; 0.9]   (0.1, 0.9)   [[1, 2], [3, 4]]   rows on lines   \\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}
    z1 = 0.41   ≈ 0.5866   0.5·2 + 0.1 = 1.1          what stands before the last = is dropped

Nothing is run, and everything is limited: characters, tokens, digits, exponents, depth, entries, sizes of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, product

from flint import ctx, fmpq

from handcalc.formula.number import MOST_DIGITS
from handcalc.formula.quantity import Quantity
from handcalc.formula.tokens import quoted
from handcalc.mark.answer import Answer, Entry, Reading
from handcalc.mark.expression import CLOSING, Choices, Reader
from handcalc.mark.names import Names
from handcalc.mark.part import Part
from handcalc.mark.tokens import Points, Token, plain, tokens
from handcalc.mark.unreadable import CantRead, Unreadable

MOST_CHARACTERS, MOST_ENTRIES = 2_000, 256
BITS = 64
"""Of the balls that parts are worked out as."""
NO_LETTERS = Names()
BLANKS = frozenset(["", "-", "–", "—", "−", "?", "/", "…", "..."])

_PLAIN = re.compile(rf"\s*([-−+]?)([0-9]{{1,{MOST_DIGITS // 2}}})(?:([.,])([0-9]{{1,{MOST_DIGITS // 2}}}))?\s*")
_POWERS = [10**n for n in range(MOST_DIGITS)]
_COMMA = re.compile(r"[0-9](?:,|\{,\})[0-9]|(?<![0-9\s]),[0-9]|^\s*,[0-9]")
_TWO_POINTS = re.compile(r"[0-9]\.[0-9]{3}\.[0-9]{3}(?![0-9])")
_SPACED = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?: [0-9]{3})+(?![0-9])")
_EQUALS = re.compile(r":=|(?<![\[,][suthc])=|[≈≃≅≐]|~(?=[^~]*$)|\\(?:approx|simeq|doteq)(?![A-Za-z])")
_STATEMENT = re.compile(r"\n(?!\s*[=≈≃≅])|;|,(?=\s*[A-Za-zα-ωΔ∂\\][^,;=≈\n]*[=≈])")
_WORKING = re.compile(r"[\w\s+\-*/^()\[\]{}.,'|\\%√∂Δ∇⁽⁾⁻⁺…\u0302\u0303\u0304]*")
_LABEL = re.compile(r"\s*[^\W\d_]\w{0,20}(?:\[[\d,]+\])?\s*:(?=\s)")
_A_NAME = re.compile(r"\s*[^\W\d_]\w{0,20}\s*")
_TRANSPOSED = re.compile(
    r"(?<=[\])}])\s*(?:\^\s*\{?\s*(?:T|\\top|\\intercal|\\math(?:sf|rm)\{T\})\s*\}?|ᵀ|')\s*\$?\s*$"
)
_STOP = re.compile(r"(?<=[0-9)\]}%])[.,](?=\s*$)")
_NOT_BLANK = re.compile(r"\S")


def read_answer(
    text: str,
    *,
    comma: bool | None = None,
    several: bool = False,
    letters: Names | Iterable[str | Quantity] = NO_LETTERS,
) -> Answer | Unreadable:
    """What `text` says, in every way that it can be meant; or why it can't be read.

    `comma` says whether decimals are written with a comma, where that is known (None: both ways); `several` whether
    more than one number is asked for, so that a comma between digits may separate them without brackets. `letters` are
    those of the question: keys, quantities, or `Names` made of them, which saves time where many answers are read.
    """
    whole, _, decimals = text.partition(".")
    digits = whole + decimals
    if whole and decimals and digits.isdigit() and digits.isascii() and len(digits) < MOST_DIGITS and not comma:
        places = len(decimals)
        return Answer(text, (Reading((), (Entry(fmpq(int(digits), _POWERS[places]), places, text),)),))
    if not several and (found := _PLAIN.fullmatch(text)) and (entry := _plain_number(found, comma)):
        return Answer(text, (Reading((), (entry,)),))
    names = letters if isinstance(letters, Names) else Names(letters)
    try:
        return Answer(text, _readings(text, comma, several, names))
    except CantRead as error:
        return Unreadable(text, error.at, error.code, _as_typed(error, text), names.keys)


def _as_typed(error: CantRead, text: str) -> dict[str, str | int]:
    """What fills the sentence, with a sign as it was typed: · where * was read."""
    is_sign = str(error.holes.get("found")) in map(quoted, "*/-^|")
    return error.holes | ({"found": quoted(text[error.at])} if is_sign else {})


def is_blank(text: str) -> bool:
    """Whether nothing was answered: no text, a dash, or a question mark."""
    return text.strip() in BLANKS


def _plain_number(found: re.Match[str], comma: bool | None) -> Entry | None:
    """The number that most answers are; None where its point or comma may separate thousands."""
    sign, whole, point, decimals = found.groups()
    if not point:
        value, typed, places = fmpq(int(whole)), whole, 0
    else:
        places = len(decimals)
        if places == 3 and (point == ",") is not (comma or False) and len(whole) <= 3 and whole[0] != "0":
            return None
        value, typed = fmpq(int(whole + decimals), _POWERS[places]), f"{whole}.{decimals}"
    if sign and sign != "+" and value:
        return Entry(-value, places, f"-{typed}")
    return Entry(value, places, typed)


def _readings(text: str, comma: bool | None, several: bool, names: Names) -> tuple[Reading, ...]:
    """Every reading, each once, the likeliest first. Raises CantRead of the one that went farthest."""
    if len(text) > MOST_CHARACTERS:
        raise CantRead("long", 0, count=len(text), most=MOST_CHARACTERS)
    read = _statements(plain(text), names)
    if not _NOT_BLANK.search(read):
        raise CantRead("empty", len(text.rstrip()))
    transposed = None if "T" in names.letters else _TRANSPOSED.search(read)
    if transposed and names.keys and not read.lstrip().startswith(("[", "(", "{", "\\begin")):
        transposed = None  # a prime: z[1]'
    read = read[: transposed.start()] if transposed else read
    read = _STOP.sub(" ", read)
    found: list[Reading] = []
    failed: list[CantRead] = []
    with ctx.workprec(BITS):
        for stage in _stages(read, comma, several):
            for points, bare in stage:
                try:
                    found += _meant(tokens(read, points, names), points, bare, failed)
                except CantRead as error:
                    failed.append(error)
            if found:
                return tuple(_transposed(one) if transposed else one for one in _each_once(found))
    raise max(failed, key=lambda error: error.at)


def _each_once(found: list[Reading]) -> Iterable[Reading]:
    if len(found) == 1:
        return found
    typed = {(one.shape, *((entry.read, entry.decimals) for entry in one.entries)): one for one in reversed(found)}
    return reversed(typed.values())


def _stages(text: str, comma: bool | None, several: bool) -> Iterator[list[tuple[Points, bool]]]:
    """What commas and points may be, and whether a list may go without brackets; the next where one gave no reading."""
    if not _COMMA.search(text):
        usual = [Points("separator", "decimal")]
        if (comma and "." in text) or _TWO_POINTS.search(text):
            usual.append(Points("decimal", "thousands"))
    elif comma is False:
        usual = [Points("thousands", "decimal"), Points("separator", "decimal")]
    else:
        usual = [Points("decimal", "decimal"), Points("decimal", "thousands")]
        usual += [Points("thousands", "decimal")] * (not comma) + [Points("separator", "decimal")]
    if _SPACED.search(text) and not any(c in text for c in "[\n;"):
        usual += [points._replace(space=True) for points in usual]
    yield [(points, False) for points in usual] + [(points, True) for points in usual if several]
    if comma is False:
        yield [(Points("decimal", "decimal"), False)]
    yield [(points, True) for points in usual if points.comma == "decimal"]
    yield [(points, True) for points in usual]


def _meant(listed: list[Token], points: Points, bare: bool, failed: list[CantRead]) -> Iterator[Reading]:
    """The readings of the tokens: first the usual one, then with each choice that came up made otherwise."""
    usual = Choices(points, space=bare)
    shape = _Shape(listed, usual, bare)
    try:
        yield shape.reading()
    except CantRead as error:
        failed.append(error)
    asked = shape.reader.asked - ({"space"} if bare or not shape.bracketed else set())
    for flips in product(*((False, True) for _ in asked)):
        if not any(flips):
            continue
        other = {name for name, flipped in zip(sorted(asked), flips, strict=True) if flipped}
        choices = Choices(
            points, space=bare or "space" in other, tight="tight" in other, log="log10" if "log" in other else "ln"
        )
        try:
            yield _Shape(listed, choices, bare).reading()
        except CantRead as error:
            failed.append(error)


class _Shape:
    """Entries in rows; in brackets, or bare."""

    def __init__(self, listed: list[Token], choices: Choices, bare: bool) -> None:
        self.tokens, self.reader, self.bare = listed, Reader(listed, choices), bare
        self.closes = _closing(listed)
        self.many = any(token.kind == "row" for token in listed)
        self.bracketed = self.many or self.closes.get(0) == len(listed) - 2

    def reading(self) -> Reading:
        rows = self.rows()
        for n, row in enumerate(rows):
            if len(row) != len(rows[0]):
                at = min(self.reader.next.at, self.tokens[-1].at)
                raise CantRead("ragged", at, row=n + 1, count=len(row), wanted=len(rows[0]))
        entries = tuple(_entry(part) for row in rows for part in row)
        return Reading(self.shape(rows), entries)

    def shape(self, rows: list[list[Part]]) -> tuple[int, ...]:
        if len(rows) > 1 or self.nested:
            return len(rows), len(rows[0])
        return (len(rows[0]),) if self.is_list or len(rows[0]) > 1 else ()

    @property
    def is_list(self) -> bool:
        """Whether the outermost brackets are those of a list."""
        last = self.closes.get(0)
        if last is None or last != len(self.tokens) - 2 or self.tokens[0].text not in "([{":
            return False
        return self.tokens[0].text == "[" or self.separated(0, last) or self.reader.choices.space

    @property
    def nested(self) -> bool:
        """Whether each row has brackets of its own."""
        if not self.is_list:
            return False
        place, end = 1, len(self.tokens) - 2
        while place < end:
            token = self.tokens[place]
            if token.kind == "row" or token.text == ",":
                place += 1
            elif (last := self.closes.get(place)) and (token.text == "[" or self.separated(place, last)):
                place = last + 1
            else:
                return False
        return any(token.text in CLOSING for token in self.tokens[1:end])

    def separated(self, first: int, last: int) -> bool:
        """Whether something separates entries between these two brackets, and not in inner ones."""
        place = first + 1
        while place < last:
            token = self.tokens[place]
            if token.text in (",", "&") or token.kind == "row":
                return True
            called = self.tokens[place - 1].kind == "function"
            place = self.closes.get(place, place) + 1 if token.text in CLOSING or called else place + 1
        return False

    def rows(self) -> list[list[Part]]:
        reader = self.reader
        if self.nested:
            return self.bracketed_rows()
        if self.is_list:
            reader.take()
        rows: list[list[Part]] = []
        while not (rows and self.at_end()):
            if rows and reader.next.kind != "row":
                raise reader.left_over()
            reader.skip_rows()
            if not (rows and self.at_end()):
                rows.append(self.row(rows))
        return rows

    def bracketed_rows(self) -> list[list[Part]]:
        reader = self.reader
        rows: list[list[Part]] = []
        reader.take()
        while not self.at_end():
            if reader.next.kind == "row" or reader.next.text == ",":
                reader.take()
                continue
            opening = reader.take()
            rows.append(self.row(rows))
            reader.closed(opening)
        return rows

    def row(self, rows: list[list[Part]]) -> list[Part]:
        reader, row = self.reader, [self.reader.entry()]
        while True:
            token = reader.next
            separates = token.text == "&" or (token.text == "," and (self.bare or self.is_list or self.many))
            spaced = (
                reader.choices.space and token.spaced and token.kind != "end" and token.text not in CLOSING.values()
            )
            if token.kind == "row" or not (separates or spaced):
                return row
            if separates:
                reader.take()
            row.append(reader.entry())
            if len(row) + sum(map(len, rows)) > MOST_ENTRIES:
                raise CantRead("entries", token.at, most=MOST_ENTRIES)

    def at_end(self) -> bool:
        """Whether nothing is left but the bracket that closes the list."""
        return self.reader.place == len(self.tokens) - 1 - self.is_list


def _closing(listed: list[Token]) -> dict[int, int]:
    """The place of the bracket that closes each one."""
    open_, closes = [], {}
    for place, token in enumerate(listed):
        if token.text in CLOSING:
            open_.append(place)
        elif open_ and token.text == CLOSING[listed[open_[-1]].text]:
            closes[open_.pop()] = place
    return closes


def _entry(part: Part) -> Entry:
    return Entry(part.value, part.decimals, part.formula)


def _transposed(reading: Reading) -> Reading:
    """Rows as columns; a list becomes a column."""
    if not reading.shape:
        return reading
    rows = reading.rows
    return Reading((len(rows[0]), len(rows)), tuple(row[n] for n in range(len(rows[0])) for row in rows))


def _statements(text: str, names: Names) -> str:
    """`text` with spaces in place of what stands before the last equals sign of each statement."""
    if ":" in text and (label := _LABEL.match(text)) and names.at(text.lstrip(), 0) is None:  # z1: 0.41
        text = _spaces(label) + text[label.end() :]
    if not _EQUALS.search(text):
        return text
    places = [0, *(found.end() for found in _STATEMENT.finditer(text)), len(text)]
    return "".join(_said(text, start, end, names) for start, end in pairwise(places))


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _said(text: str, start: int, end: int, names: Names) -> str:
    statement = text[start:end]
    signs = list(_EQUALS.finditer(statement))
    if not signs:
        return statement
    before, last = signs[-1].start(), signs[-1].end()
    working = _WORKING.match(_EQUALS.sub(_spaces, statement[:before]))
    assert working
    if working.end() < before:
        raise CantRead("character", start + working.end(), found=quoted(statement[working.end()]))
    if len(signs) == 1 and _A_NAME.fullmatch(statement[last:]) and names.at(statement[last:].strip(), 0) is None:
        return statement[:before] + " " * (len(statement) - before)  # 0.41 = z
    return " " * last + statement[last:]
