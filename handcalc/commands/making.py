"""A new network file: hand-friendly numbers, drawn again until nothing in the solution is worth a warning.

A number depends on the seed, the draw and its place alone (BLAKE2b of the three), so the same call writes the same
bytes everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from handcalc.commands.judging import objection
from handcalc.commands.stories import STORIES, Story
from handcalc.derive.solution import Solution
from handcalc.errors import HandcalcError
from handcalc.network import Network, NetworkFileError, read_text
from handcalc.network.errors import accepting, counted, listed, quoted
from handcalc.ops import Activation, Loss, activations, losses, plain
from handcalc.quiz.draw import Draw

MOST_PARAMETERS = 150
MOST_DRAWS = 400
CHOOSY_DRAWS = 200
"""Draws that must be good and not only free of warnings."""
WIDEST_ROW = 110
MOST_DIFFERENT = 4
"""A row of at most this many weights has no two of the same size."""
SIGNS = (1, -1)
_TENTHS = tuple(Decimal(k) / 10 for k in range(1, 10))
WEIGHTS = tuple(sign * one for one in _TENTHS for sign in SIGNS)
BIASES = tuple(sign * one for one in _TENTHS[:5] for sign in SIGNS)
INPUTS = tuple(Decimal(k) / 2 for k in (-2, -1, 1, 2, 3, 4))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to draw numbers for; every choice is made."""

    sizes: tuple[int, ...]
    layers: tuple[type[Activation], ...]
    loss: type[Loss]
    learning_rate: str
    decimals: int
    story: Story | None
    seed: int
    command: str
    """The command line that writes the same file."""

    @property
    def outputs(self) -> int:
        return self.sizes[-1]

    @property
    def one_hot(self) -> bool:
        """Whether one output is right and the others aren't."""
        return self.outputs > 1 and (not self.layers[-1].elementwise or self.loss.one_hot or self.loss.needs_class)


def new(
    sizes: str,
    chosen: Sequence[str] = (),
    *,
    seed: int = 1,
    story: str | None = None,
    loss: str | None = None,
    learning_rate: str | None = None,
    decimals: int | None = None,
) -> str:
    """The text of a new network file. Raises HandcalcError where the choices don't fit each other."""
    plan = planned(sizes, chosen, seed, story, loss, learning_rate, decimals)
    reason: str | None = ""
    for number in range(MOST_DRAWS):
        text = _drawn(plan, Draw(f"{plan.seed}/{number}"))
        if text is None:
            continue
        try:
            network = read_text(text, "the network")
        except NetworkFileError as error:
            raise HandcalcError(f"{error.path}: {error.problem}") from None
        reason = _reason_against(network, choosy=number < CHOOSY_DRAWS)
        if reason is None:
            return text
    raise HandcalcError(
        f"in {MOST_DRAWS} draws no numbers for {sizes} were free of warnings (the last: {reason}); "
        "take another seed, fewer units, more decimals or another learning rate"
    )


def _reason_against(network: Network, *, choosy: bool) -> str | None:
    try:
        return objection(Solution(network), choosy=choosy)
    except HandcalcError as error:
        return str(error)


def planned(
    sizes: str,
    chosen: Sequence[str],
    seed: int,
    story: str | None,
    loss: str | None,
    learning_rate: str | None,
    decimals: int | None,
) -> Plan:
    """The choices read, checked and completed."""
    told = _named("story", story, STORIES, STORIES) if story and plain(story) != "none" else None
    widths = _sizes(sizes)
    _check_story(story or "", told, widths)
    wanted = _named("loss", loss, losses(), [one.name for one in losses().values()]) if loss else None
    layers = _layers(sizes, [_activation(name) for name in chosen], _usual_output(told, wanted, widths[-1]), told)
    if told and told.output and layers[-1].open_range:
        raise HandcalcError(
            f"the story {story} predicts a {told.output.name}, which goes beyond the outputs of {layers[-1].name}; "
            "make the last layer linear"
        )
    fit = wanted or _usual_loss(layers[-1], widths[-1])
    rate = learning_rate or ("0.5" if layers[-1].open_range or (decimals or 4) < 4 else "0.1")
    options = (("--story", story), ("--loss", loss and fit.name.replace(" ", "-")), ("--learning-rate", learning_rate),
               ("--decimals", decimals))  # fmt: skip
    command = [f"handcalc new {sizes}", *(one.name.replace(" ", "-") for one in layers), f"--seed {seed}"]
    command += [f"{name} {value}" for name, value in options if value is not None]
    return Plan(widths, layers, fit, rate, 4 if decimals is None else decimals, told, seed, " ".join(command))


def _sizes(typed: str) -> tuple[int, ...]:
    """``2-2-1``: inputs, then the units of each layer."""
    if not re.fullmatch(r"\d{1,4}(-\d{1,4})+", typed, re.ASCII):
        raise HandcalcError(
            f"found {quoted(typed)}, where sizes are wanted: inputs, then the units of each layer, such as 2-2-1"
        )
    sizes = tuple(map(int, typed.split("-")))
    if 0 in sizes:
        raise HandcalcError(f"{typed} has a 0; there is at least one input, and a layer has at least one unit")
    parameters = sum((before + 1) * units for before, units in pairwise(sizes))
    if parameters > MOST_PARAMETERS:
        raise HandcalcError(
            f"{typed} has {parameters:,} weights and biases; by hand {MOST_PARAMETERS} are the most that make sense"
        )
    return sizes


def _named(what: str, typed: str | None, known: dict[str, T], accepted: Sequence[str] | dict[str, T]) -> T:
    found = known.get(plain(typed or ""))
    if found is None:
        raise HandcalcError(
            f"no {what} is called {quoted(typed or '')}{accepting(dict.fromkeys(accepted), typed or '', known)}"
        )
    return found


def _activation(typed: str) -> type[Activation]:
    return _named("activation", typed, activations(), [one.name for one in activations().values()])


def _check_story(name: str, story: Story | None, sizes: tuple[int, ...]) -> None:
    if story is None:
        return
    if sizes[0] > len(story.inputs):
        names = ", ".join(one.name for one in story.inputs)
        raise HandcalcError(
            f"the story {name} has {counted(len(story.inputs), 'input')} ({names}), but the sizes begin with {sizes[0]}"
        )
    if story.output and sizes[-1] > 1:
        raise HandcalcError(
            f"the story {name} has one output ({story.output.name}), but the sizes end with {sizes[-1]}"
        )
    if story.classes and sizes[-1] > len(story.classes):
        names = listed(story.classes, "and")
        raise HandcalcError(
            f"the story {name} has {len(story.classes)} classes ({names}), but the sizes end with {sizes[-1]}"
        )
    if story.classes and sizes[-1] == 1 < len(story.classes) - 1:
        raise HandcalcError(
            f"the story {name} has {len(story.classes)} classes; end the sizes with {len(story.classes)}"
        )


def _usual_output(story: Story | None, loss: type[Loss] | None, outputs: int) -> type[Activation]:
    """The last activation where none is named."""
    if story and story.output:
        name = "linear"
    elif story or loss:
        classifies = story is not None or (loss is not None and loss.needs_probabilities)
        name = "linear" if not classifies else "sigmoid" if outputs == 1 else "softmax"
    else:
        name = "linear" if outputs == 1 else "softmax"
    return activations()[name]


def _usual_loss(last: type[Activation], outputs: int) -> type[Loss]:
    """The loss that suits the last activation."""
    if last.open_range == (0, 1) and (outputs == 1 or not last.elementwise):
        return losses()["binary cross entropy" if outputs == 1 else "cross entropy"]
    return losses()["half squared error"]


def _layers(
    sizes: str, chosen: Sequence[type[Activation]], output: type[Activation], story: Story | None
) -> tuple[type[Activation], ...]:
    """An activation for each layer. Of fewer the last is that of the outputs and the one before it is repeated; one
    alone is that of the hidden layers, and of the outputs where it suits them."""
    wanted = sizes.count("-")
    if len(chosen) > wanted:
        named = ", ".join(one.name for one in chosen)
        raise HandcalcError(
            f"found {counted(len(chosen), 'activation')} ({named}), but {sizes} has {counted(wanted, 'layer')}"
        )
    match list(chosen):
        case []:
            hidden, last = [activations()["sigmoid"]], output
        case [one] if not one.elementwise:
            hidden, last = [activations()["sigmoid"]], one
        case [one]:
            suits = one.open_range is not None or one.name == "linear"
            hidden, last = [one], one if wanted == 1 or (suits and story is None) else output
        case [*hidden, last]:
            pass
    return (*hidden, *[hidden[-1]] * (wanted - 1 - len(hidden)), last)[-wanted:]


def _drawn(plan: Plan, draw: Draw) -> str | None:
    """One network file; None where the answer is a class that has no output."""
    inputs = [draw.among(scale.values) for scale in plan.story.inputs] if plan.story else []
    inputs = inputs[: plan.sizes[0]] or [draw.among(INPUTS) for _ in range(plan.sizes[0])]
    names = plan.story.classes[: plan.outputs] if plan.story and plan.one_hot else ()
    target = _target(plan, draw, inputs)
    if target is None or not any(inputs):
        return None
    lines = [f"# {plan.command}"]
    if plan.story:
        lines.append(f"title: {plan.story.title}")
        named = zip(plan.story.inputs, inputs, strict=False)
        lines.append(f"inputs: {{{', '.join(f'{scale.name}: {_typed(x)}' for scale, x in named)}}}")
    else:
        lines.append(f"inputs: {_row(inputs)}")
    lines.append("layers:")
    for n, activation in enumerate(plan.layers):
        rows, bias = _weights(draw, plan.sizes[n], plan.sizes[n + 1])
        lines += _layer(activation.name, rows, bias, names if n == len(plan.layers) - 1 else ())
    lines += [f"target: {target}", f"loss: {plan.loss.name}", f"learning rate: {plan.learning_rate}"]
    if plan.decimals != 4:
        lines.append(f"decimals: {plan.decimals}")
    return "\n".join(lines) + "\n"


def _weights(draw: Draw, inputs: int, units: int) -> tuple[list[list[Decimal]], list[Decimal]]:
    """Rows that differ, with both signs among them and, where they are short, different sizes; and biases."""
    while True:
        rows = [[draw.among(WEIGHTS) for _ in range(inputs)] for _ in range(units)]
        flat = [w for row in rows for w in row]
        mixed = len(flat) == 1 or min(flat) < 0 < max(flat)
        sizes = all(len(set(map(abs, row))) == len(row) for row in rows if len(row) <= MOST_DIFFERENT)
        if mixed and sizes and len(set(map(tuple, rows))) == units:
            return rows, [draw.among(BIASES) for _ in range(units)]


def _target(plan: Plan, draw: Draw, inputs: Sequence[Decimal]) -> str | None:
    """What stands behind ``target:``; None where the right class has no output."""
    if plan.story:
        return _told_target(plan, plan.story, inputs)
    outputs, ends = range(plan.outputs), plan.layers[-1].open_range
    if plan.one_hot:
        right = draw.among(outputs)
        return _row([int(k == right) for k in outputs])
    choices = [Decimal(0), Decimal(1)] if ends == (0, 1) else [sign * w for w in _TENTHS[4:9] for sign in SIGNS]
    positive = [one + Decimal("0.5") for one in _TENTHS]
    values = [draw.among(choices if ends else positive) for _ in outputs]
    return _typed(values[0]) if len(values) == 1 else _row(values)


def _told_target(plan: Plan, story: Story, inputs: Sequence[Decimal]) -> str | None:
    """The story's answer; inputs that the network doesn't take are at their middle."""
    rest = [scale.values[len(scale.values) // 2] for scale in story.inputs[len(inputs) :]]
    answer = story.answer([*inputs, *rest])
    if story.output:
        nearest = min(story.output.values, key=lambda one: abs(one - answer))
        return f"{{{story.output.name}: {_typed(nearest)}}}"
    right = int(answer)
    if plan.outputs == 1:
        return f"{{{story.classes[0]}: {int(right == 0)}}}"
    if right >= plan.outputs:
        return None
    if plan.one_hot:
        return story.classes[right]
    return f"{{{', '.join(f'{name}: {int(k == right)}' for k, name in enumerate(story.classes[: plan.outputs]))}}}"


def _layer(name: str, rows: Sequence[Sequence[Decimal]], bias: Sequence[Decimal], names: Sequence[str]) -> list[str]:
    """A layer on one line of the file; a wide one with a line for each unit."""
    rest = [f"bias: {_row(bias) if len(bias) > 1 else _typed(bias[0])}"]
    rest += [f"classes: [{', '.join(names)}]"] if names else []
    weights = f"{name}: [{', '.join(map(_row, rows))}]"
    line = f"  - {{{', '.join([weights, *rest])}}}"
    if len(line) <= WIDEST_ROW:
        return [line]
    return [f"  - {name}:", *(f"      - {_row(row)}" for row in rows), *(f"    {one}" for one in rest)]


def _row(values: Sequence[Decimal | int]) -> str:
    return f"[{', '.join(map(_typed, values))}]"


def _typed(value: Decimal | int) -> str:
    """``0.5``, ``1``: without zeros at the end."""
    return f"{Decimal(value).normalize():f}"
