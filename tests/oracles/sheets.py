"""The product's side: what the registry knows, a network solved and its printed lines. Only tests import this."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import handcalc
from handcalc.ops import activations, losses
from handcalc.write import render
from oracles import latex_lines, text_lines
from oracles.by_formulas import ByFormulas
from oracles.check import Checker, ExactCarry, RoundedCarry, given
from oracles.conventions import Convention
from oracles.many_digits import ACTIVATIONS, LOSSES, ManyDigits, activation, known
from oracles.marks import Printed
from oracles.networks import Kinds, Network, givens, network

NETWORKS = range(300)
SECONDS = 30


def kinds(*, of_textbook: bool = False) -> Kinds:
    """The registry as it is now, so that a new operation is drawn like every other; or what `ManyDigits` knows.

    Not drawn are losses that ask for something of their targets (one class, none that is 0, none at all) or for scores,
    and learning rules, which are no derivatives.
    """
    of_layer = {kind.name: kind for kind in activations().values() if not of_textbook or kind.name in ACTIVATIONS}
    of_loss = {kind.name: kind for kind in losses().values() if not of_textbook or kind.name in LOSSES}
    of_loss = {
        name: kind
        for name, kind in of_loss.items()
        if kind.needs_target
        and not (kind.needs_class or kind.needs_scores or kind.conventional)
        and "percentage" not in name
    }
    return Kinds(
        tuple(of_layer),
        frozenset(name for name, kind in of_layer.items() if not kind.elementwise),
        frozenset(name for name, kind in of_layer.items() if kind.open_range == (0, 1)),
        tuple(of_loss),
        frozenset(name for name, kind in of_loss.items() if kind.needs_probabilities),
        frozenset(name for name, kind in of_loss.items() if kind.one_hot),
    )


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Whoever takes longer is interrupted."""

    def late(*_: object) -> None:
        raise TimeoutError(f"not done in {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def solved(network: Network) -> Any:
    """The solution; `rounding` stands in place of the short forms."""
    short = ("decimals", "carry") if "rounding" in network else ()
    return handcalc.solve({key: value for key, value in network.items() if key not in short})


@dataclass
class Sheet:
    """A network, its solution, and what is printed of it."""

    network: Network
    solution: Any
    text: str

    @classmethod
    def of(cls, network: Network) -> Sheet:
        with within(SECONDS):
            solution = solved(network)
            return cls(network, solution, str(render(solution, "text")))

    @cached_property
    def latex(self) -> str:
        with within(SECONDS):
            return str(render(self.solution, "latex"))

    @property
    def shown(self) -> list[str]:
        """The keys of the lines that were written, in their order."""
        return [line.key for line in self.solution.lines if line.step.stage in self.solution.network.show]

    def text_lines(self) -> list[Printed]:
        return [text_lines.read_line(block) for block in text_lines.worked(self.text)]

    def latex_lines(self) -> list[Printed]:
        letters = latex_lines.Letters(self.solution.keys())
        return [latex_lines.read_line(block, letters) for block in latex_lines.worked(self.latex)]

    def checker(self) -> Checker:
        operand = {key: given(text) for key, text in givens(self.network).items()} | text_lines.known(self.text)
        convention = Convention.of(self.network)
        if self.network.get("rounding", self.network).get("carry") == "rounded":
            return RoundedCarry(convention, operand, ranges(self.network))
        return ExactCarry(convention, operand, truth(self.network))


def sheet(seed: int, **options: Any) -> Sheet:
    return Sheet.of(network(seed, kinds(), **options))


def truth(network: Network) -> ManyDigits | ByFormulas:
    """The network worked out to many digits: by the textbook, or by its printed formulas where that is silent."""
    if known(network):
        return ManyDigits(network)
    whole = {key: value for key, value in network.items() if key != "show"}
    return ByFormulas(whole, Sheet.of(whole).text_lines())


def ranges(network: Network) -> dict[str, tuple[int, int]]:
    """By block the ends that an output never reaches, as its activation says."""
    found: dict[str, tuple[int, int]] = {}
    for n, layer in enumerate(network["layers"], 1):
        ends = activations()[activation(layer)].open_range
        if ends:
            found |= dict.fromkeys([f"a{n}"] if n < len(network["layers"]) else ["p", "yhat"], ends)
    return found
