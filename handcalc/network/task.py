"""What a student sheet asks: in which form, how much of it is given, for how many marks, and with what at hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from handcalc.formula.quantity import read_key
from handcalc.network.errors import quoted
from handcalc.network.nodes import Items, Node, Pairs, Text
from handcalc.network.values import describe, word

Form = Literal[
    "steps", "follow along", "matrices", "tables", "epochs", "wires", "softmax columns", "lettered parts", "factors",
    "one blank", "find the mistake", "letters first", "multiple choice",
]  # fmt: skip
FORMS: tuple[Form, ...] = get_args(Form)
LEVELS = range(5)
Plot = Literal["activation", "step"]
PLOTS: tuple[Plot, ...] = get_args(Plot)
KEYS = ("form", "level", "ask", "minutes", "mistake", "calculator", "formulas", "plots")
MOST_MARKS, MOST_MINUTES = 100, 600
YES_OR_NO = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """A quantity or a block of quantities by its key, and the marks for each of its lines, if the file says so."""

    name: str
    marks: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """`level` None leaves the choice to the form; `minutes` None is an estimate; `mistake` is the code of one."""

    form: Form = "steps"
    level: int | None = None
    ask: tuple[Asked, ...] = ()
    minutes: int | None = None
    mistake: str = ""
    calculator: bool = True
    formulas: bool = False
    """Whether there is a box with the formulas."""
    plots: tuple[Plot, ...] = ()
    """Curves at the end of the key: of each activation with its tangent, of the loss along the first step."""

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it, without what is usual."""
        marked = any(one.marks is not None for one in self.ask)
        found: dict[str, object] = {
            "form": self.form,
            "level": None if self.level is None else str(self.level),
            "ask": {one.name: str(one.marks or 1) for one in self.ask} if marked else [one.name for one in self.ask],
            "minutes": None if self.minutes is None else str(self.minutes),
            "mistake": self.mistake,
            "calculator": "yes" if self.calculator else "no",
            "formulas": "yes" if self.formulas else "no",
            "plots": list(self.plots),
        }
        usual = {"form": "steps", "calculator": "yes", "formulas": "no"}
        return {key: value for key, value in found.items() if value and value != usual.get(key)}


def task(found: Mapping[str, Node]) -> Task:
    """The task of a file's keys. Raises NetworkFileError, with the place, where a value isn't one."""
    made = Task()
    if "form" in found:
        made = replace(made, form=word(found["form"], {one: one for one in FORMS}, FORMS))
    if "level" in found:
        made = replace(made, level=_whole(found["level"], LEVELS[0], LEVELS[-1]))
    if "ask" in found:
        made = replace(made, ask=_asked(found["ask"]))
    if "minutes" in found:
        made = replace(made, minutes=_whole(found["minutes"], 1, MOST_MINUTES))
    if "mistake" in found:
        made = replace(made, mistake=_code(found["mistake"]))
    if "calculator" in found:
        made = replace(made, calculator=word(found["calculator"], YES_OR_NO, ("yes", "no")))
    if "formulas" in found:
        made = replace(made, formulas=word(found["formulas"], YES_OR_NO, ("yes", "no")))
    if "plots" in found:
        made = replace(made, plots=_plots(found["plots"]))
    return made


def _plots(node: Node) -> tuple[Plot, ...]:
    """``plots: activation``, ``plots: [activation, step]``."""
    items: Sequence[Node] = node.items if isinstance(node, Items) else (node,)
    chosen = {word(one, {plot: plot for plot in PLOTS}, PLOTS) for one in items}
    return tuple(plot for plot in PLOTS if plot in chosen)


def _whole(node: Node, least: int, most: int) -> int:
    text = node.text.strip() if isinstance(node, Text) else ""
    if not re.fullmatch(r"[0-9]{1,3}", text) or not least <= int(text) <= most:
        raise node.place.wrong(f"found {describe(node)}; a whole number from {least} to {most} is wanted")
    return int(text)


def _code(node: Node) -> str:
    text = node.text.strip() if isinstance(node, Text) else ""
    if not re.fullmatch(r"[a-zA-Z0-9-]{1,40}", text):
        raise node.place.wrong(f"found {describe(node)}, where the code of a mistake is wanted, such as extra-slope")
    return text


def _asked(node: Node) -> tuple[Asked, ...]:
    """``ask: [z1, L]``, ``ask: L``, or with marks ``ask: {z1: 2, L: 1}``."""
    match node:
        case Pairs(pairs) if pairs:
            asked = tuple(Asked(_name(key), _whole(value, 1, MOST_MARKS)) for key, value in pairs)
        case Items(items) if items:
            asked = tuple(Asked(_name(item)) for item in items)
        case Text():
            asked = (Asked(_name(node)),)
        case _:
            raise node.place.wrong(f"found {describe(node)}, where the asked quantities are wanted: ask: [z1, L]")
    names = [one.name for one in asked]
    if twice := next((name for n, name in enumerate(names) if name in names[:n]), None):
        raise node.place.wrong(f"{quoted(twice)} is asked twice; write it once")
    return asked


def _name(node: Node) -> str:
    """A key, or the name of a block (``z1``, ``dL/dW1``); whether there is one, the solution knows."""
    text = "".join(node.text.split()) if isinstance(node, Text) else ""
    try:
        read_key(text)
    except ValueError:
        raise node.place.wrong(
            f"found {describe(node)}, where a quantity is wanted, such as z1, z1[2], L or dL/dW1[2,1]"
        ) from None
    return text
