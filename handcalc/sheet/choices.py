"""The options of a question: the right result of a line, and what students who make a known mistake get instead.

The wrong ones are first what a registered mistake makes of the line itself, the likeliest first; then what one at an
earlier line makes of it, the nearest first; then numbers that look likely (the sign, a factor of ten, the result of a
neighbour) and are no known mistake. None is accepted as right, no two look the same.

They stand in an order that is drawn from the givens. Sorted by value the right one would stand in the middle more often
than not, as mistakes lie on both sides of it, and the same letter would be right in most variants of an exercise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import chain, groupby
from string import ascii_uppercase

from handcalc.derive.carried import MOST_PLACES
from handcalc.derive.decimals import terminating_text
from handcalc.derive.passes import Line, NumericPass
from handcalc.derive.places import places_by_slot
from handcalc.derive.slip import Slip, is_accepted, possible, slips, value_with, with_slip
from handcalc.derive.solution import Solution
from handcalc.derive.span import ends
from handcalc.derive.tape import Value
from handcalc.derive.tolerance import Interval, accepted_over, rounded, texts
from handcalc.errors import HandcalcError
from handcalc.formula.maths import Maths, Slot
from handcalc.formula.notation import number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Num, Ref
from handcalc.formula.words import Words, say
from handcalc.network.errors import at_key
from handcalc.sheet.shown import shown_as, shown_lines

OPTIONS = 4
"""So many answers to choose from."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to the question what `quantity` is: `text` as it is printed (``-0.35``); `slip` is the mistake that
    leads to it, None of the right one and of what no known mistake leads to."""

    letter: str
    text: str
    quantity: Quantity
    right: bool = False
    slip: Slip | None = None

    @property
    def code(self) -> str:
        """That of the mistake, or ``""``."""
        return self.slip.code if self.slip else ""

    @property
    def value(self) -> Maths:
        return number(self.text)

    def sentence(self, language: str = "en") -> Words:
        """``the bias is left out``, ``in the line of z₁: the bias is left out``, ``no known mistake``, ``right``."""
        if self.slip is None:
            return say(language, "right option" if self.right else "no known mistake")
        mistake = self.slip.tell(language)
        if self.slip.quantity == self.quantity:
            return (mistake,)
        return say(language, "mistake before", quantity=Slot(self.slip.quantity), mistake=mistake)


def options(solution: Solution, quantity: Quantity) -> tuple[Option, ...]:
    """The answers to choose from, in the order of their letters.

    Raises NetworkFileError where there are letters.
    """
    return _choices(solution).options(quantity)


def few(solution: Solution) -> tuple[Quantity, ...]:
    """What is asked where the file doesn't say it: of the first pass a line of each kind (a weighted sum, an
    activation, the loss, the slope of a weight of each layer, a new weight), the one at which the most known mistakes
    are possible. It hangs on the shape of the network alone, so that all variants of a quiz ask the same.

    Raises NetworkFileError where there are letters.
    """
    return _choices(solution).few


def _choices(solution: Solution) -> _Choices:
    first = solution.first
    if not isinstance(first, NumericPass):
        raise at_key("form", "options are numbers; write numbers in place of the letters, or letters first")
    found: _Choices = first.memo.setdefault("choices", _Choices(solution))
    return found


class _Choices:
    """What can be asked of a solution, with the mistakes that were worked out so far."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.wrong: dict[int, Solution | None] = {}
        self.made: dict[Quantity, tuple[Option, ...]] = {}

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        return slips(self.solution)

    @cached_property
    def accepted(self) -> Mapping[Quantity, Interval]:
        return accepted_over(self.solution.passes)

    @cached_property
    def few(self) -> tuple[Quantity, ...]:
        first = self.solution.first
        count = Counter(slip.quantity for slip in possible(first.run.shape, first.turn))
        lines = [line for line in shown_lines(self.solution) if line.of is self.solution.first]
        worked = [line for line in lines if not isinstance(line.formula, Num | Ref)] or lines
        kinds = [(kind, line) for line in worked if (kind := self._kind(line))]
        best = [
            max((line for _, line in group), key=lambda line: min(count[line.quantity], OPTIONS - 1))
            for _, group in groupby(sorted(kinds, key=lambda pair: pair[0]), key=lambda pair: pair[0])
        ]
        chosen = {line.quantity for line in best} or {line.quantity for line in worked[:1]}
        return tuple(line.quantity for line in worked if line.quantity in chosen)

    def _kind(self, line: Line) -> tuple[str, str] | None:
        """What is asked once; None of what isn't asked by itself."""
        step, parameters = line.step, self.solution.program.page.parameters
        stage = shown_as(step.stage)
        match stage:
            case "forward":
                return stage, step.operation.name
            case "gradients" if parameters:
                return (stage, f"layer {step.layer}") if step.of in parameters else None
            case "update" if line.quantity.role:
                return None
            case "rerun":
                return None
        return stage, step.operation.name if stage == "gradients" else ""

    def options(self, quantity: Quantity) -> tuple[Option, ...]:
        if quantity not in self.made:
            self.made[quantity] = self._options(quantity)
        return self.made[quantity]

    def _options(self, quantity: Quantity) -> tuple[Option, ...]:
        worked, slot = self.solution.find(quantity)
        assert isinstance(worked, NumericPass), "all passes have numbers if the first one has"
        found: dict[str, Slip | None] = {(right := _text(worked, slot)): None}
        for text, slip in chain(self._mistaken(worked, slot), self._likely(worked, slot)):
            if len(found) == OPTIONS:
                break
            if text not in found:
                found[text] = slip
        ordered = sorted(found, key=lambda text: self._draw(quantity, list(found).index(text)))
        return tuple(
            Option(letter, text, quantity, text == right, found[text])
            for letter, text in zip(ascii_uppercase, ordered, strict=False)
        )

    def _draw(self, quantity: Quantity, number: int) -> bytes:
        """The place of an option: it hangs on the givens, not on which one is right."""
        return blake2b(repr((self.solution.typed, quantity.key, number)).encode(), digest_size=8).digest()

    def _mistaken(self, worked: NumericPass, slot: int) -> Iterator[tuple[str, Slip]]:
        """What mistakes make of the quantity in a slot, as it is printed; of several that make the same the likeliest.

        In exact carry a mistake at the line itself needs its own formula only; else it takes the solution of whoever
        makes it.
        """
        quantity = worked.program.slots.quantities[slot]
        here = [slip for slip in self.slips if slip.quantity == quantity]
        before = {line.quantity for line in worked.lines_to(slot)} if worked is self.solution.first else None
        earlier = [one for one in reversed(self.slips) if before is None or one.quantity in before - {quantity}]
        for slip in (*here, *sorted(earlier, key=lambda slip: slip.mistake.rare)):
            if slip.quantity == quantity and worked.network.carry == "exact":
                if (value := value_with(worked, slip)) is not None:
                    yield _said(worked, slot, value), slip
                continue
            if (wrong := self._worked(slip)) is None:
                continue
            pass_, place = wrong.find(quantity)
            assert isinstance(pass_, NumericPass), "a slip is made where there are numbers"
            if not self._is_right(pass_, place):
                yield _text(pass_, place), slip

    def _worked(self, slip: Slip) -> Solution | None:
        """The solution of somebody who makes a mistake; None where rounding leaves a later line without a value."""
        n = self.slips.index(slip)  # an option of its operation may be a dict, which has no hash
        if n not in self.wrong:
            try:
                self.wrong[n] = with_slip(self.solution, slip)
            except HandcalcError:
                self.wrong[n] = None
        return self.wrong[n]

    def _is_right(self, worked: NumericPass, slot: int) -> bool:
        """Whether the value of a slot, of whatever solution, is accepted."""
        places = places_by_slot(worked.program, worked.network.rounding)[slot]
        span, interval = ends(worked.values[slot]), self.accepted[worked.program.slots.quantities[slot]]
        return is_accepted(interval, span, rounded(span.low, places, worked.network.rounding))

    def _likely(self, worked: NumericPass, slot: int) -> Iterator[tuple[str, None]]:
        """Numbers that aren't known mistakes: those that the quantity could be, before those that it couldn't."""
        value, rounding = ends(worked.values[slot]).low, worked.network.rounding
        quantity, range_ = worked.program.slots.quantities[slot], worked.program.ranges[slot]
        numbers = [-value, 10 * value, value / 10]
        numbers += [
            ends(worked.values[i]).low
            for i, other in enumerate(worked.program.slots.quantities)
            if other.block() == quantity.block()
        ]
        numbers += [1 - value, *(value + n * step for n in range(1, 6) for step in (1, -1))]
        if range_ is not None:
            numbers.sort(key=lambda x: not range_[0] <= x <= range_[1])
        for x in numbers:
            printed = rounded(x, places_by_slot(worked.program, rounding)[slot], rounding)
            if not self.accepted[quantity].holds(printed):
                yield _said(worked, slot, x), None


def _said(worked: NumericPass, slot: int, value: Value) -> str:
    """How a line would end with another value."""
    rounding, x = worked.network.rounding, ends(value).low
    places = places_by_slot(worked.program, rounding)[slot]
    printed = rounded(x, places, rounding)
    whole = terminating_text(x, MOST_PLACES) if value == printed else None
    return whole or texts(printed, printed, places, figures=rounding.figures)[0]


def _text(worked: NumericPass, slot: int) -> str:
    """How a line ends; the decimal of a fraction, which would stand out among others."""
    text = worked.printed.result[slot][-1][1]
    return worked.printed.decimal[slot] if "/" in text else text
