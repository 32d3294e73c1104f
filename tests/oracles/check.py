"""Whether a printed line is true, and whether a student gets its result from the digits printed on it.

Of a line ``key = formula = numbers put in = exact form = digits ≈ decimal``:

    exact carry     the formula and every stage without an ellipsis are equal to the value that mpmath finds; the
                    digits are its first ones, the decimal is it rounded by the convention; and whatever numbers the
                    operands with an ellipsis stand for, the result is the printed one
    rounded carry   the numbers put in give the result, rounded by the convention
    both            the numbers put in are those that earlier lines end with, and the givens as typed
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Protocol

from oracles import text_lines
from oracles.conventions import Convention, leading
from oracles.marks import (
    Choice,
    Name,
    Negative,
    Number,
    Printed,
    Said,
    Sum,
    Unreadable,
    any_of,
    is_cut,
    is_decimal,
    names,
    plainly,
    replaced,
)
from oracles.numbers import Decimals, Interval, Intervals, NoValue, Point, Points, decimals, exact, holds

MOST_KEPT = Fraction(10) ** 300
Ends = tuple[int, int]


class Truth(Protocol):
    """A network worked out: `values` by key in the numbers of `mp`; values closer than `tiny` are the same."""

    mp: Any
    values: dict[str, Point]
    tiny: Point


class Untrue(Exception):
    """What is wrong with a line, in one sentence."""


NOTICED = (Untrue, NoValue, Unreadable, KeyError, ZeroDivisionError)
"""What tells that a line is wrong."""


def given(text: str) -> Said:
    """A number as typed: ``-3/20``, ``1e-3`` (which stands on paper as 1·10⁻³)."""
    return text_lines.read_formula(re.sub(r"[eE]([+-]?\d+)$", lambda found: f"·10^({int(found[1])})", text))


class Checker:
    """Checks lines in their order; `operand` holds what later lines write for a quantity."""

    def __init__(self, convention: int | Convention, operand: Mapping[str, Said]) -> None:
        self.convention = convention if isinstance(convention, Convention) else Convention(convention)
        self.operand: dict[str, Said | None] = {**operand}
        self.counts: Counter[str] = Counter()
        self.done: dict[Printed, str | None] = {}

    def line(self, line: Printed) -> str | None:
        """None where the line is true, else what is wrong. The same line from another output is worked out once."""
        if line not in self.done:
            try:
                self.check(line)
                self.done[line] = None
            except NOTICED as wrong:
                self.done[line] = f"{line.key}: {type(wrong).__name__} {wrong}"
            self.operand[line.key] = self.written_later(line)
        return self.done[line]

    def check(self, line: Printed) -> None:
        raise NotImplementedError

    def written_later(self, line: Printed) -> Said | None:
        """What later lines write for the value; None where they can't, for want of digits."""
        raise NotImplementedError

    def results(self, line: Printed) -> tuple[list[Said], Said | None, str, Decimals]:
        """The stages between formula and result, the digits, how the result follows, and the result."""
        relation, last = line.stages[-1]
        *middle, _ = line.stages[1:] if len(line.stages) > 1 else [("", last)]
        if len(line.stages) == 1 and is_decimal(last):  # the formula is the number: it is said once
            return [], None, relation, decimals(last)
        if any(sign != "=" for sign, _ in (line.stages[0], *middle)) or len(line.stages) < 2:
            raise Untrue("only the last stage of a line is rounded")
        if not is_decimal(last) or is_cut(last):
            raise Untrue("a line ends with a number")
        between = [said for _, said in middle]
        formula = line.stages[0][1]
        named = isinstance(formula, Name | Number)
        digits = between.pop() if relation == "≈" and len(between) > (not named) and is_decimal(between[-1]) else None
        result = decimals(last)
        if result.negative and result.units == 0:
            raise Untrue("minus zero")
        if not named and not between:
            if not isinstance(formula, Choice) or not is_decimal(self.filled(formula)):
                raise Untrue("no numbers were put in")
            between = [self.filled(formula)]  # the case that applies is a number: it is the result
        return between, digits, relation, result

    def put_in(self, formula: Said) -> Said | None:
        """The formula with the printed numbers put in; None where an operand has no printed number."""
        missing = [key for key in names(formula) if self.operand[key] is None]
        if missing:
            return None
        return self.filled(formula)

    def filled(self, formula: Said) -> Said:
        def place(said: Said) -> Said | None:
            match said:
                case Name(key):
                    return self.operand[key]
                case Choice(yes, left, sign, right, no):
                    return self.filled(yes if self.chooses(left, sign, right) else no)
            return None

        return replaced(formula, place)

    def chooses(self, left: Said, sign: str, right: Said) -> bool:
        raise NotImplementedError


class ExactCarry(Checker):
    """`truth` is the network worked out by mpmath."""

    def __init__(self, convention: int | Convention, operand: Mapping[str, Said], truth: Truth) -> None:
        super().__init__(convention, operand)
        self.truth, self.tiny = truth, truth.tiny
        self.points = Points(truth.mp, truth.values, truth.tiny)
        self.intervals = Intervals(Around(truth))

    def chooses(self, left: Said, sign: str, right: Said) -> bool:
        difference = self.points.of(left) - self.points.of(right)
        return holds(0 if abs(difference) < self.tiny else difference, sign, 0)

    def check(self, line: Printed) -> None:
        formula, value = line.stages[0][1], self.truth.values[line.key]
        self.equal(formula, value, "the formula")
        between, digits, relation, result = self.results(line)
        self.result(value, digits, relation, result, line.key)
        if relation == "≈" and abs(self.points.of(line.stages[-1][1]) - value) < self.tiny:
            raise Untrue("≈ stands before the exact value")
        whole = decimals(digits).value if digits and not is_cut(digits) else result.value if relation == "=" else None
        for said in between:
            if is_cut(said):
                self.follows(said, value, result, whole, line.key)
            else:
                self.equal(said, value, "a stage without an ellipsis")
        self.numbers(line, between, result, whole)

    def written_later(self, line: Printed) -> Said | None:
        stages = line.stages[1:] or line.stages
        last = next((said for sign, said in reversed(stages) if sign == "="), None)
        return last if last is not None and is_decimal(last) else None

    def equal(self, said: Said, value: Point, what: str) -> None:
        if not abs(self.points.of(said) - value) < self.tiny:
            raise Untrue(
                f"{what} is {self.truth.mp.nstr(self.points.of(said), 20)}, not {self.truth.mp.nstr(value, 20)}"
            )

    def result(self, value: Point, digits: Said | None, relation: str, result: Decimals, key: str = "") -> None:
        """The digits are the first ones of the value, the decimal is it rounded; every digit is counted."""
        x = self.no_less(value)
        wanted = self.convention.printed(x, key, power=bool(result.exponent))
        if relation == "=":
            self.terminates(value, result)
            if result.value != wanted.value:
                raise Untrue(f"a result with {result.places} decimals is rounded to {self.convention.places_of(key)}")
            return
        if (result.value, result.places, result.exponent) != wanted:
            kind = "figures" if self.convention.figures else "decimals"
            rounded = f"rounded to {self.convention.places_of(key)} {kind}"
            raise Untrue(f"{self.truth.mp.nstr(value, 20)} is not {result.text} {rounded}")
        self.counts["digits checked"] += len(result.text) - 1
        if digits is None:
            return
        shown = decimals(digits)
        if not shown.places - shown.exponent > wanted.places - wanted.exponent:
            raise Untrue("the digits are no more than the rounded ones")
        if not shown.cut:
            self.terminates(value, shown)
            return
        shows = len(str(abs(shown.units))) if self.convention.figures else shown.places
        if shows > self.convention.most_digits:
            raise Untrue("too many digits")
        if shown.exponent and leading(x) != shown.exponent:
            raise Untrue(f"{shown.text} is no number before a power of ten")
        first = int(abs(x) * Fraction(10) ** (shown.places - shown.exponent))
        if abs(shown.units) != first or shown.negative != bool(value < 0):
            raise Untrue(f"{shown} are not the first digits of {self.truth.mp.nstr(value, 20)}")
        self.counts["digits checked"] += len(shown.text) - 1

    def terminates(self, value: Point, shown: Decimals) -> None:
        exactly = shown.value
        if shown.cut or not abs(self.truth.mp.mpf(exactly.numerator) / exactly.denominator - value) < self.tiny:
            raise Untrue(f"{shown.text} is not exactly {self.truth.mp.nstr(value, 20)}")
        self.counts["digits checked"] += len(shown.text.replace(".", ""))

    def no_less(self, value: Point) -> Fraction:
        """The value as a fraction, a little further from 0: what is as good as a tie is one."""
        x, slack = exact(value), exact(self.tiny)
        return Fraction(0) if abs(x) < slack else x + slack if x > 0 else x - slack

    def follows(self, said: Said, value: Point, result: Decimals, whole: Fraction | None, key: str) -> None:
        """Every number that the operands can stand for gives the result."""
        low, high = self.intervals.of(said)
        middle = exact(value)
        slack = exact(self.tiny)
        if not low - slack <= middle <= high + slack:
            raise Untrue("the numbers put in can't give the value")
        if not self.decides((low, high), result, whole, key):
            raise Untrue(f"the numbers put in give anything from {float(low)!r} to {float(high)!r}")

    def decides(self, ends: Interval, result: Decimals, whole: Fraction | None, key: str) -> bool:
        if whole is not None:
            return ends == (whole, whole)
        power = bool(result.exponent)
        return {self.convention.printed(e, key, power=power).value for e in ends} == {result.value}

    def numbers(self, line: Printed, between: list[Said], result: Decimals, whole: Fraction | None) -> None:
        """The numbers put in are the printed ones; or the line is written exactly, and had to be."""
        formula = line.stages[0][1]
        exactly = "written exactly" in line.remark
        self.counts["lines"] += 1
        if isinstance(formula, Name | Number):
            source = self.operand[formula.key] if isinstance(formula, Name) else formula
            ends = line.stages[-2][1] if line.stages[-1][0] == "≈" and len(line.stages) > 2 else line.stages[-1][1]
            if source != ends and source is not None:
                raise Untrue("another quantity's value is repeated with other digits")
            self.counts["lines that repeat"] += 1
        elif exactly:
            self.counts["lines with exact operands"] += 1
            if is_cut(between[0]):
                raise Untrue("digits in a line that is written exactly")
            needless = self.twelve_decimals_decide(formula, result, whole, line.key)
            self.counts["lines with exact operands that digits could decide"] += needless
            if needless:
                raise Untrue("written exactly, though twelve decimals decide it")
        else:
            wanted = self.put_in(formula)
            if wanted is None or (wanted != between[0] and plainly(wanted) != plainly(between[0])):
                raise Untrue(f"the numbers put in are {between[0]}, not {wanted}")
            self.counts["lines with digits" if is_cut(between[0]) else "lines with whole numbers"] += 1

    def twelve_decimals_decide(self, formula: Said, result: Decimals, whole: Fraction | None, target: str) -> bool:
        """Whether the line could have been printed with digits: asked of the formula, not of the line.

        Not where that hangs on whether an end of the interval lies on the end of a cell: balls can't tell.
        """

        def place(said: Said) -> Said | None:
            match said:
                case Name(key):
                    known = self.operand[key]
                    return known if known is not None and not is_cut(known) else self.cut_to_twelve(key)
                case Choice(yes, left, sign, right, no):
                    return replaced(yes if self.chooses(left, sign, right) else no, place)
            return None

        try:
            low, high = self.intervals.of(replaced(formula, place))
            room = 0 if whole is not None else max(abs(low), abs(high)) / 10**15
            return self.decides((low - room, high + room), result, whole, target)
        except NoValue:
            return False

    def cut_to_twelve(self, key: str) -> Said:
        value = self.no_less(self.truth.values[key])
        places = self.convention.most_digits
        if self.convention.figures:
            places = max(places - 1 - leading(value), 1)
        units = int(abs(value) * 10**places)
        if not units:
            raise NoValue("nothing but zeros, which may as well be written exactly")
        cut = Number(f"{units // 10**places}.{units % 10**places:0{places}d}", cut=True)
        return Negative(cut) if value < 0 else cut


class Around(dict[str, Interval]):
    """The value of a name that is written with letters, as an interval."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth

    def __missing__(self, key: str) -> Interval:
        value, slack = exact(self.truth.values[key]), exact(self.truth.tiny)
        self[key] = value - slack, value + slack
        return self[key]


class RoundedCarry(Checker):
    """`ranges` holds by block (``a1``, ``p``) the ends that its values never reach."""

    def __init__(self, convention: int | Convention, operand: Mapping[str, Said], ranges: Mapping[str, Ends]) -> None:
        super().__init__(convention, operand)
        self.ranges = ranges
        self.intervals = Intervals({})

    def chooses(self, left: Said, sign: str, right: Said) -> bool:
        one, other = (self.intervals.of(self.filled(said)) for said in (left, right))
        return holds(one[0], sign, other[0])

    def check(self, line: Printed) -> None:
        formula = line.stages[0][1]
        between, digits, relation, result = self.results(line)
        wanted = self.put_in(formula)
        if digits is not None or result.cut or wanted is None:
            raise Untrue("in rounded carry a line ends with the rounded number")
        self.counts["lines"] += 1
        if between and wanted != between[0] and plainly(wanted) != plainly(between[0]):
            raise Untrue(f"the numbers put in are {between[0]}, not {wanted}")
        for said in between or [wanted]:
            self.rounds(line.key, self.intervals.of(said), relation, result, self.terms(line.key, formula))
        self.counts["digits checked"] += len(result.text.replace(".", ""))

    def written_later(self, line: Printed) -> Said | None:
        return line.stages[-1][1]

    def ends_of(self, key: str) -> tuple[int, ...]:
        """The ends that the value never reaches, by its key without sample and update, or by its block."""
        plain = re.sub(r"\[[suthc]=\d+\]", "", key)
        return self.ranges.get(plain) or self.ranges.get(re.sub(r"\[.*", "", plain)) or ()

    def terms(self, key: str, formula: Said) -> list[Fraction]:
        """What a total of names, a softmax's, is the total of: it doesn't round to one of them either."""
        if key[0] != "S" or not isinstance(formula, Sum) or not all(isinstance(term, Name) for term in formula.terms):
            return []
        return [self.intervals.of(self.filled(term))[0] for term in formula.terms]

    def rounds(self, key: str, ends: Interval, relation: str, result: Decimals, terms: list[Fraction]) -> None:
        last = result.places - result.exponent
        if {self.convention.at(e, last) for e in ends} != {result.value}:
            raise Untrue(f"the numbers put in give {float(ends[0])!r}, not {result.text}")
        if result.exponent and not 1 <= abs(result.units) / Fraction(10**result.places) < 10:
            raise Untrue(f"{result.text} is no number before a power of ten")
        if (relation == "=") != (ends == (result.value, result.value)):
            raise Untrue(f"{relation} stands before {result.text}")
        wanted = self.convention.printed(ends[0], key, power=bool(result.exponent))
        reached = wanted.value in {0, *self.ends_of(key), *terms} - {ends[0]}
        if relation == "=":
            if result.value != wanted.value and not reached:
                raise Untrue("more decimals than are wanted")
        elif (result.value, result.places, result.exponent) == wanted:
            if reached and abs(wanted.value) < MOST_KEPT:
                raise Untrue(f"rounded to {result.text}, which it never reaches")
        elif not reached or not self.keeps_figures(abs(result.value - wanted.value), last, key):
            raise Untrue(f"{result.text} has other than {self.convention.places_of(key)} decimals for no reason")

    def keeps_figures(self, distance: Fraction, last: int, key: str) -> bool:
        """Whether its distance from what it would become has as many figures, or decimals where it is large."""
        figures = self.convention.places_of(key)
        units = distance * Fraction(10) ** last
        least = 0 if self.convention.figures else figures
        return 10 ** (figures - 1) <= units <= 10**figures or (last == least and units > 10**figures)


def remark_is_true(line: Printed, checker: ExactCarry) -> bool:
    """``(z1[1] = −0.4… ≤ 0, so the slope is 0)`` says the value as it is printed, the comparison and the case."""
    for key, digits, sign, slope in re.findall(r"([^ (]+) = (\S+) ([<>≤≥]) 0, so the slope is ([^;)]+)", line.remark):
        wanted = checker.operand[key]
        shown = given(digits.replace("−", "-"))
        true = checker.chooses(Name(key), sign, Number("0"))
        if shown != wanted or not true or Name(key) not in _compared(line, checker, given(slope.strip())):
            return False
    return True


def _compared(line: Printed, checker: ExactCarry, slope: Said) -> list[Said]:
    """The quantities whose case that applies in this line is `slope`."""
    found: list[Said] = []

    def note(said: Said) -> bool:
        if isinstance(said, Choice):
            applies = said.yes if checker.chooses(said.left, said.sign, said.right) else said.no
            found.extend([said.left] if checker.filled(applies) == slope or applies == slope else [])
        return False

    any_of(line.stages[0][1], note)
    return found
