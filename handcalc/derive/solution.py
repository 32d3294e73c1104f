"""A network worked out: every quantity by its key, every line as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from flint import fmpq

from handcalc.derive.bare import Bare, bare
from handcalc.derive.digits import Printed
from handcalc.derive.epochs import EpochLoss
from handcalc.derive.passes import ABOUT, EQUALS, Line, NumericPass, Pass
from handcalc.derive.places import unknown_names
from handcalc.derive.program import Program
from handcalc.derive.run import Run
from handcalc.derive.tape import Value
from handcalc.derive.write import written
from handcalc.derive.writer import Turn, Written
from handcalc.errors import UnknownQuantity
from handcalc.formula.look import Notation
from handcalc.formula.quantity import Quantity, read_key
from handcalc.network import Network
from handcalc.network.errors import at_key, listed

if TYPE_CHECKING:
    import numpy
    import sympy

__all__ = ["ABOUT", "EQUALS", "EpochLoss", "Line", "Result", "Solution"]


@dataclass(frozen=True, slots=True)
class Result:
    """The value of one quantity."""

    of: Pass
    slot: int

    @property
    def key(self) -> str:
        return self.of.program.slots.quantities[self.slot].key

    @property
    def exact(self) -> sympy.Expr:
        """The value as a SymPy expression: a rational, or the closed form in all its length."""
        return self.of.exact(self.slot)

    def decimal(self, decimals: int | None = None) -> str:
        """The value rounded half up to `decimals` places (default: the network's), every digit certain.

        In rounded carry it is the carried number.
        """
        return self.of.decimal(self.slot, decimals)

    @property
    def steps(self) -> tuple[Line, ...]:
        """The lines that lead to this quantity, in order; its own is the last."""
        return self.of.lines_to(self.slot)

    def __float__(self) -> float:
        return self.of.number(self.slot)

    def __repr__(self) -> str:
        return f"<{self.key} {' '.join(f'{sign} {digits}' for sign, digits in self.of.printed.result[self.slot])}>"


@dataclass(frozen=True, slots=True)
class Rooms:
    """What a sheet keeps room for, so that it looks like those with other numbers.

    widest     by key, the texts that could stand in the place of a number
    sentences  about rounding that another sheet needs to say
    hidden     the keys of what would say an answer of another sheet
    """

    widest: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sentences: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self.widest.get(key, ())


NO_ROOMS = Rooms()


class Solution:
    """A network, worked out: ``solution["dL/dW1[2,1]"]`` is one quantity's result; `lines` are all steps, in order.

    `passes` are those that are worked line by line; any other is worked when a quantity of it is asked for. A student
    sheet keeps the `rooms` of its numbers.
    """

    rooms = NO_ROOMS

    def __init__(self, network: Network) -> None:
        self.network = network
        if network.task.form == "letters first":
            check_letters_first(network)
        shape, numbers = bare(network)
        self.updates = network.steps if shape.optimiser else 0
        self.run = self._run(shape, [one.value for one in numbers])
        self.typed = [one.text for one in numbers]
        self._worked: dict[int, Pass] = {}
        self.has_letters = any(one.is_letter for one in numbers)
        if self.has_letters:
            check_letters(network, self.updates)
        updates = [n - 1 for n in network.show_updates if n <= self.updates] if self.updates else [0]
        self.run.wanted.update(updates)
        for update in reversed(updates):  # the last first: it says how many digits it needs of the one before
            self.worked(update)
        self.passes = tuple(map(self.worked, updates or [0]))
        for before, following in pairwise(self.passes):
            if isinstance(following, NumericPass):
                following.take_digits(before)
        if network.rounding.own and (unknown := unknown_names(network.rounding, self.keys())):
            raise at_key("rounding.own", str(UnknownQuantity(unknown[0], self.keys())))

    def _run(self, shape: Bare, numbers: Sequence[fmpq]) -> Run:
        return Run(shape, numbers, self.updates)

    def with_rooms(self, rooms: Rooms) -> Solution:
        """The same with other rooms."""
        made = copy(self)
        made.rooms = rooms
        return made

    def worked(self, update: int) -> Pass:
        """The pass after `update` updates."""
        if update not in self._worked:
            again = "rerun" in self.network.show and update == self.updates - 1 and self.run.samples == 1
            turn = self.run.turn(update, again=again)
            page = written(self.run.shape, turn)
            learned = set(page.learned) if update else set()
            typed = [
                None if q in learned else source if isinstance(source, str) else self.typed[source]
                for q, source in zip(page.page.givens, page.sources, strict=True)
            ]
            carried = None
            if update and self.network.carry == "rounded":
                carried = self.run.carried_texts(update, self.typed, self.network.rounding)
            least = self._least(update, page) if self.network.carry == "exact" else []
            self._worked[update] = (
                self._in_letters(turn, typed)
                if self.has_letters
                else NumericPass(self.network, self.run, turn, typed, carried, least)
            )
        return self._worked[update]

    def _in_letters(self, turn: Turn, typed: Sequence[str | None]) -> Pass:
        from handcalc.derive.letters import LetterPass

        return LetterPass(self.network, self.run, turn, typed)

    def _least(self, update: int, page: Written) -> list[int]:
        """How many decimals the next pass, where it is shown, needs of what this one makes."""
        following = next((self._worked[n] for n in sorted(self._worked) if n > update), None)
        if following is None:
            return []
        lengths = dict(zip(following.program.slots.quantities, following.printed.lengths, strict=False))
        targets = [*page.page.givens, *(step.target for step in page.steps)]
        return [lengths.get(q, 0) for q in targets]

    @property
    def notation(self) -> Notation:
        """The network's notation, with its names for the quantities of this network."""
        return self.first.notation

    @property
    def first(self) -> Pass:
        return self.passes[0]

    @property
    def program(self) -> Program:
        return self.first.program

    @property
    def values(self) -> list[Value]:
        return self.first.values

    @property
    def printed(self) -> Printed:
        return self.first.printed

    @cached_property
    def _slots(self) -> dict[Quantity, tuple[Pass, int]]:
        """Each quantity where it is first made, or else given."""
        found: dict[Quantity, tuple[Pass, int]] = {}
        for worked in self.passes:
            for slot, quantity in enumerate(worked.program.slots.quantities):
                found.setdefault(quantity, (worked, slot))
        return found

    def value(self, quantity: Quantity) -> Any:
        """The value of `quantity` as it is carried: fmpq, or a ball that holds it; None where it depends on letters."""
        worked, slot = self.find(quantity)
        return worked.values[slot]

    def find(self, quantity: Quantity) -> tuple[Pass, int]:
        """The pass that makes `quantity` (or is given it), and its slot there."""
        found = self._slots.get(quantity)
        if found is None and 0 < (of := _latest(quantity)) <= self.updates:
            for update in (of, of - 1):
                if update < self.updates:
                    worked = self.worked(update)
                    if quantity in worked.program.slots.number:
                        return worked, worked.program.slots.number[quantity]
        if found is None:
            raise UnknownQuantity(quantity.key, self.keys())
        return found

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every step of the passes that are worked line by line."""
        return tuple(line for worked in self.passes for line in worked.lines)

    def __getitem__(self, key: str) -> Result | EpochLoss:
        if epoch := self._epochs.get(key):
            return epoch
        return Result(*self.find(self.quantity(key)))

    def loss_history(self) -> list[Value]:
        """The loss before each update, or of online updates the sum over each epoch: values to draw."""
        rounded = self.network.carry == "rounded"
        losses = self.run.rounded_losses(self.typed, self.network.rounding) if rounded else self.run.losses()
        if self.run.samples == 1:
            return losses
        return [sum(losses[n : n + self.run.samples], start=fmpq(0)) for n in range(0, len(losses), self.run.samples)]

    def epoch_losses(self) -> tuple[EpochLoss, ...]:
        """Of each whole epoch of online updates the sum of the losses, each measured before its update.

        ``[epoch.decimal(3) for epoch in solution.epoch_losses()]``; none where an update sees all samples, and none of
        a circuit, which has no loss.
        """
        return tuple(self._epochs.values())

    @cached_property
    def _epochs(self) -> dict[str, EpochLoss]:
        """The losses of the epochs by key."""
        samples = self.run.samples
        if samples == 1 or self.network.circuit is not None:
            return {}
        rounding = self.network.rounding
        starts = range(0, self.updates - samples + 1, samples)
        epochs = [EpochLoss(n, partial(self._losses, n), partial(self._passes, n), rounding) for n in starts]
        return {epoch.key: epoch for epoch in epochs}

    def _losses(self, update: int, bits: int) -> list[Value]:
        """The losses of the epoch that begins after `update` updates, right to so many bits."""
        if self.network.carry == "exact":
            return self.run.losses(bits)[update : update + self.run.samples]
        return [part.of.values[part.slot] for part in self._passes(update)]

    def _passes(self, update: int) -> list[Result]:
        """The same losses, each on its pass."""
        passes = map(self.worked, range(update, update + self.run.samples))
        return [Result(one, one.program.slots.number[found.quantity]) for one in passes
                if (found := one.program.page.objective)]  # fmt: skip

    def quantity(self, key: str) -> Quantity:
        """The quantity that `key` names; raises UnknownQuantity, with the nearest known key."""
        try:
            quantity = read_key(key)
        except (TypeError, ValueError):
            raise UnknownQuantity(key, self.keys()) from None
        worked, slot = self.find(quantity)
        return worked.program.slots.quantities[slot]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: object) -> bool:
        return key in self.keys()

    def keys(self) -> list[str]:
        """The key of every quantity, givens first, then in the order of the steps."""
        return [q.key for q in self._slots]

    def array(self, block: str) -> numpy.ndarray[Any, Any]:
        """The vector or matrix ``block`` (``W1``, ``dL/dW1``, ``a1``) as a NumPy array of floats."""
        import numpy

        found = {q.key: (q.of or q).index for q in self._slots if q.block() == block}
        if not found:
            raise UnknownQuantity(block, sorted({q.block() for q in self._slots}))
        array = numpy.empty([max(column) for column in zip(*found.values(), strict=True)])
        for key, index in found.items():
            array[tuple(i - 1 for i in index)] = float(self[key])
        return array

    def text(self) -> str:
        """The worked solution as plain text, 80 columns wide."""
        from handcalc.render.text import text
        from handcalc.sheet.compose import compose

        return text(compose(self))

    def _repr_html_(self) -> str:
        from handcalc.render.html import fragment
        from handcalc.sheet.compose import compose

        return fragment(compose(self))

    def _repr_latex_(self) -> None:
        """Jupyter shows the HTML."""

    def __repr__(self) -> str:
        return f"<Solution of {self.network.title or 'a network'}: {len(self.lines)} steps>"


def check_letters_first(network: Network) -> None:
    """Raises NetworkFileError where no gradient is derived, or no number can be put in."""
    if network.letters:
        none = listed(network.letters, "and")
        raise at_key("form", f"letters first puts numbers in at the end, and has none for {none}; take form: steps")
    if network.statements != "scalar":
        raise at_key("statements", "letters first works line by line; leave out statements, or take form: steps")
    if "gradients" not in network.show:
        raise at_key(
            "form", "letters first derives gradients, and none is shown; write show: gradients, or form: steps"
        )


def check_letters(network: Network, updates: int) -> None:
    """Raises NetworkFileError for what is not worked out in letters."""
    if network.carry == "rounded":
        raise at_key(
            "letters",
            f"{listed(network.letters, 'and')} can't be rounded, and carry is rounded; write carry: exact, or numbers "
            "in place of the letters",
        )
    if updates > 1:
        raise at_key(
            "letters",
            f"found {updates} updates, but with letters only the first one is worked out; write steps: 1",
        )


def _latest(quantity: Quantity) -> int:
    return max(quantity.update, quantity.of.update if quantity.of else 0)
