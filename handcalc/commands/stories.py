"""Stories for new networks: what is asked, its inputs on a hand-friendly scale, and what comes out.

To add one: a line in STORIES. Names must not hold a comma, a bracket or ": ", so that they need no quotes in YAML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Values = Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Scale:
    """A quantity and the values it may take: from `least` to `most` in steps, as typed."""

    name: str
    least: str
    most: str
    step: str

    @property
    def values(self) -> tuple[Decimal, ...]:
        least, most, step = Decimal(self.least), Decimal(self.most), Decimal(self.step)
        return tuple(least + step * k for k in range(int((most - least) / step) + 1))


@dataclass(frozen=True, slots=True)
class Story:
    """`answer` is the sensible target for the values of all inputs: the number of a class, or of `output` a value."""

    title: str
    inputs: tuple[Scale, ...]
    answer: Callable[[Values], Decimal | int]
    classes: tuple[str, ...] = ()
    output: Scale | None = None
    """What is predicted where it isn't a class."""


def _score(base: str, *weights: str) -> Callable[[Values], Decimal]:
    """base + w₁x₁ + w₂x₂ + …"""

    def score(x: Values) -> Decimal:
        return Decimal(base) + sum((Decimal(w) * xi for w, xi in zip(weights, x, strict=True)), Decimal(0))

    return score


def _yes_if(base: str, *weights: str) -> Callable[[Values], int]:
    """The first class where base + w₁x₁ + w₂x₂ + … is above 0, else the second."""
    score = _score(base, *weights)
    return lambda x: 0 if score(x) > 0 else 1


def _fruit(x: Values) -> int:
    """Long ones are bananas, heavy round ones apples, the others plums."""
    weight, length, _ = x
    return 1 if length >= Decimal("1.4") else 0 if weight >= Decimal("1.1") else 2


STORIES = {
    "house": Story(
        "The price of a house",
        (
            Scale("rooms", "1", "5", "1"),
            Scale("floor area (100 m²)", "0.4", "1.8", "0.1"),
            Scale("age (10 years)", "0.5", "4", "0.5"),
            Scale("garden (100 m²)", "0.5", "3", "0.5"),
        ),
        _score("0.2", "0.3", "1.2", "-0.1", "0.1"),
        output=Scale("price (100 000 €)", "0.5", "5", "0.1"),
    ),
    "unwell": Story(
        "Unwell or not unwell",
        (
            Scale("fever (°C above 37)", "0.5", "2.5", "0.5"),
            Scale("cough (0 to 2)", "0.5", "2", "0.5"),
            Scale("headache (0 to 2)", "0.5", "2", "0.5"),
            Scale("hours slept (10 h)", "0.4", "0.9", "0.1"),
        ),
        _yes_if("-3.2", "1", "0.8", "0.6", "-0.5"),
        classes=("unwell", "not unwell"),
    ),
    "study": Story(
        "Will the exam be passed?",
        (
            Scale("hours of study (10 h)", "0.2", "2", "0.1"),
            Scale("share of exercises done", "0.1", "1", "0.1"),
            Scale("hours slept (10 h)", "0.4", "0.9", "0.1"),
        ),
        _yes_if("-1.6", "0.8", "0.8", "0.5"),
        classes=("passed", "failed"),
    ),
    "fruit": Story(
        "Which fruit is it?",
        (
            Scale("weight (100 g)", "0.5", "2", "0.1"),
            Scale("length (10 cm)", "0.4", "2", "0.1"),
            Scale("redness (0 to 1)", "0.1", "0.9", "0.1"),
        ),
        _fruit,
        classes=("apple", "banana", "plum"),
    ),
    "xor": Story(
        "Exclusive or",
        (Scale("a", "0", "1", "1"), Scale("b", "0", "1", "1")),
        lambda x: 0 if x[0] != x[1] else 1,
        classes=("one", "zero"),
    ),
    "and": Story(
        "The logic gate AND",
        (Scale("a", "0", "1", "1"), Scale("b", "0", "1", "1")),
        lambda x: 0 if x[0] == x[1] == 1 else 1,
        classes=("one", "zero"),
    ),
}
