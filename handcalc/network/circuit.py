"""A circuit: named wires, each made of earlier ones, from expressions as typed.

    circuit: f = (x + y)·z            one expression, or statements: name = expression, on lines or with ";" between
    inputs: {x: -2, y: 5, z: -4}      the numbers of the names that no statement makes; or x = -2 among the statements
    output: f                         the last name that is made, if nothing else is said
    gates: gates                      every operation is a wire of its own (so for one expression); or
    gates: names                      one wire for each statement (so for several)

Within a statement sums and products are split from the left, as they are read. A function whose slope has cases, or
is taught by its own value (max, relu, sigmoid, …), is a wire of its own whatever `gates` says.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from typing import Literal

from handcalc.formula.expression import Statement, read_statements
from handcalc.formula.look import look
from handcalc.formula.maths import Maths
from handcalc.formula.number import Number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tokens import ExpressionError, pointed, read_name
from handcalc.formula.tree import Call, Formula, Negative, Num, Product, Ref, Sum, children, rebuilt
from handcalc.network.domain import Impossible, Value, worked
from handcalc.network.errors import NetworkFileError, listed, quoted
from handcalc.network.from_python import python_events
from handcalc.network.nodes import Items, Node, Nothing, Pairs, Place, Text, build
from handcalc.network.values import check_decimal_comma, describe, number, word
from handcalc.ops.gate import functions

Steps = Literal["gates", "names"]
STEPS: tuple[Steps, ...] = ("gates", "names")
MOST_WIRES = 200
EXAMPLE = "circuit: f = (x + y)·z"
INLINE = frozenset({"exp", "ln", "log2", "log10", "sqrt", "power"})
"""Functions that stay inside a statement that is one step."""
_MAKES_E = re.compile(r"(?:^|[\n;])\s*e\s*=")


@dataclass(frozen=True, slots=True)
class Wire:
    """``name = formula`` over inputs and earlier wires; `named` by the user, or else by us (g1, g2, …)."""

    name: str
    formula: Formula
    named: bool = True

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.name)


@dataclass(frozen=True, init=False)
class Circuit:
    """`wires` in the order in which they are worked out; `inputs` with their numbers as typed.

    Values may be given as in a network file. Raises NetworkFileError where something doesn't fit.
    """

    statements: tuple[str, ...]
    """As typed, without those that only give a number."""
    inputs: tuple[tuple[str, Number], ...]
    wires: tuple[Wire, ...]
    output: str
    steps: Steps

    def __init__(self, circuit: object, inputs: object = None, output: object = None, steps: object = None) -> None:
        given = {"circuit": circuit, "inputs": inputs, "output": output, "steps": steps}
        node = build(python_events(given), "the circuit")
        found = {key.text: value for key, value in node.pairs} if isinstance(node, Pairs) else {}
        made = read_circuit(
            found.get("circuit", Nothing(Place("the circuit").under("circuit", None))),
            found.get("inputs"),
            output=found.get("output"),
            steps=found.get("steps"),
        )
        for field in self.__dataclass_fields__:
            object.__setattr__(self, field, getattr(made, field))

    def as_dict(self) -> dict[str, object]:
        """As a network file writes it; a Circuit of it is equal."""
        return {
            "circuit": list(self.statements),
            "inputs": {name: one.text for name, one in self.inputs},
            "output": self.output,
            "steps": self.steps,
        }


def read_circuit(
    circuit: Node, inputs: Node | None = None, *, output: Node | None = None, steps: Node | None = None
) -> Circuit:
    """The circuit that these nodes of a file describe. Raises NetworkFileError."""
    given = _inputs(inputs) if inputs else {}
    typed = _statements(circuit, given)
    made = {one.name: one for one in typed}
    for one in typed:
        if isinstance(one.formula, Num):
            given[one.name] = one.place, one.formula.number
            del made[one.name]
    if not made:
        raise circuit.place.wrong(f"there is nothing to work out; write for example {EXAMPLE}")
    _check_looks([*given, *made], circuit.place)
    result = _output(output, made)
    _check_use(made, given, result)
    chosen = word(steps, {one: one for one in STEPS}, STEPS) if steps else STEPS[len(made) > 1]
    split = _Splitter({*given, *made}, chosen)
    for one in made.values():
        split.add(one)
    wires = tuple(split.wires)
    if len(wires) > MOST_WIRES:
        raise circuit.place.wrong(f"{len(wires):,} operations; at most {MOST_WIRES} are accepted")
    found: Circuit = object.__new__(Circuit)
    fields = {
        "statements": tuple(one.written for one in made.values()),
        "inputs": tuple((name, value) for name, (_, value) in given.items()),
        "wires": wires,
        "output": result,
        "steps": chosen,
    }
    for field, value in fields.items():
        object.__setattr__(found, field, value)
    _check_numbers(found, made)
    return found


@dataclass(frozen=True, slots=True)
class _Typed:
    """A statement with the place of its file."""

    name: str
    statement: Statement
    place: Place

    @property
    def formula(self) -> Formula:
        return self.statement.formula

    @property
    def written(self) -> str:
        return self.statement.text if self.statement.name else f"{self.name} = {self.statement.text}"


Given = dict[str, tuple[Place, Number]]


def _inputs(node: Node) -> Given:
    if not isinstance(node, Pairs) or not node.pairs:
        raise node.place.wrong(f"found {describe(node)}, where names and numbers are wanted; write {{x: -2, y: 5}}")
    found: Given = {}
    for key, value in node.pairs:
        check_decimal_comma(key, value)
        try:
            name = read_name(key.text)
        except ValueError as error:
            raise key.place.wrong(str(error)) from None
        if name in found:
            raise key.place.wrong(f"{quoted(key.text)} has a number already; names must differ")
        found[name] = key.place, number(value)
    return found


def _statements(node: Node, given: Given) -> list[_Typed]:
    """The statements; the one without a name makes f."""
    texts = node.items if isinstance(node, Items) else (node,)
    found: list[_Typed] = []
    if not texts:
        raise node.place.wrong(f"found {describe(node)}, where expressions are wanted; write for example {EXAMPLE}")
    named_e = any(isinstance(text, Text) and _MAKES_E.search(text.text) for text in texts)
    for text in texts:
        if not isinstance(text, Text):
            raise text.place.wrong(
                f"found {describe(text)}, where an expression is wanted; write for example {EXAMPLE}"
            )
        try:
            read = read_statements(text.text, names={*given, *(["e"] if named_e else [])}, more=functions())
        except ExpressionError as error:
            raise text.place.wrong(str(error)) from None
        found += [_Typed(one.name or "f", one, text.place) for one in read]
    nameless = [one for one in found if one.statement.name is None]
    if nameless and (len(nameless) > 1 or nameless[0] is not found[-1]):
        raise _wrong(nameless[0], "this has no name; write name = expression, so that it can be used", 0)
    if nameless and "f" in {*given, *(one.name for one in found[:-1])}:
        raise _wrong(nameless[0], "the result has no name, and f is taken; write for example out = …", 0)
    _check_assignments(found, given)
    return found


def _check_assignments(found: list[_Typed], given: Given) -> None:
    """Each name is made once, and not by what needs it."""
    all_names = {one.name for one in found}
    before: set[str] = set(given)
    for one in found:
        if one.name in given:
            raise _wrong(one, f"{one.name} has a number among the inputs already; a name stands for one thing", 0)
        if one.name in before:
            raise _wrong(one, f"{one.name} is given a formula a second time; take a new name, such as {one.name}_2", 0)
        for name, at in one.statement.named.items():
            if name == one.name:
                raise _wrong(one, f"{name} is used in its own formula; a circuit has no cycles", at)
            if name in all_names and name not in before:
                said = f"{name} is used before it is made; a circuit has no cycles, so put its statement first"
                raise _wrong(one, said, at)
        before.add(one.name)


def _check_use(made: dict[str, _Typed], given: Given, output: str) -> None:
    """Every name has a number or a formula, and leads to the output."""
    for one in made.values():
        for name, at in one.statement.named.items():
            if name not in given and name not in made:
                euler = "; Euler's number is exp(1)" if name == "e" else ""
                raise _wrong(one, f"{name} has no number; write it into inputs: {{{name}: …}}{euler}", at)
    used, todo = {output}, [output]
    while todo:
        new = {name for name in made[todo.pop()].statement.named if name not in used}
        used |= new
        todo += [name for name in new if name in made]
    for name, one in made.items():
        if name not in used:
            raise _wrong(one, f"{name} is never used; {output} doesn't depend on it", 0)
    for name, (place, value) in given.items():
        if name not in used:
            raise place.wrong(
                f"{name} {'is a letter' if value.is_letter else 'has a number'}, but {output} doesn't depend on it"
            )


def _check_looks(names: list[str], place: Place) -> None:
    seen: dict[Maths, str] = {}
    for name in names:
        twin = seen.setdefault(look(Quantity(name)), name)
        if twin != name:
            raise place.wrong(f"{twin} and {name} look the same on paper; take another name for one of them")


def _output(node: Node | None, made: dict[str, _Typed]) -> str:
    if node is None:
        return list(made)[-1]
    try:
        name = read_name(node.text) if isinstance(node, Text) else ""
    except ValueError:
        name = ""
    if name not in made:
        raise node.place.wrong(f"found {describe(node)}; the output is one of {listed(made, 'or')}")
    return name


class _Splitter:
    """Statements as wires, the inner ones first and with names of their own."""

    def __init__(self, taken: Collection[str], steps: Steps) -> None:
        looks = {look(Quantity(name)) for name in taken}
        self.names = (f"g{n}" for n in count(1) if look(Quantity(f"g{n}")) not in looks)
        self.whole = self._gate if steps == "gates" else self._step
        self.wires: list[Wire] = []

    def add(self, one: _Typed) -> None:
        self.wires.append(Wire(one.name, self.whole(one.formula)))

    def _leaf(self, f: Formula) -> Formula:
        """`f` as a name or a number; what is more than that becomes a wire."""
        return f if isinstance(f, Ref | Num) else self._inner(self.whole(f))

    def _inner(self, f: Formula) -> Formula:
        self.wires.append(Wire(next(self.names), f, named=False))
        return Ref(self.wires[-1].quantity)

    def _gate(self, f: Formula) -> Formula:
        """One operation on leaves; a longer sum or product from the left."""
        match f:
            case Sum((first, *rest)):
                whole = self._leaf(first)
                for n, term in enumerate(rest, 1):
                    inner = isinstance(term, Negative)
                    leaf = self._leaf(term.inner if isinstance(term, Negative) else term)
                    whole = Sum((whole, Negative(leaf) if inner else leaf))
                    whole = whole if n == len(rest) else self._inner(whole)
                return whole
            case Product((first, *rest)):
                whole = self._leaf(first)
                for n, factor in enumerate(rest, 1):
                    whole = Product((whole, self._leaf(factor)))
                    whole = whole if n == len(rest) else self._inner(whole)
                return whole
        return rebuilt(f, [self._leaf(part) for part in children(f)])

    def _step(self, f: Formula) -> Formula:
        """A whole statement, but for the functions in it that are wires of their own."""
        if isinstance(f, Call) and f.name not in INLINE:
            return rebuilt(f, [self._leaf(part) for part in f.args])
        return self._inline(f)

    def _inline(self, f: Formula) -> Formula:
        if isinstance(f, Call) and f.name not in INLINE:
            return self._leaf(f)
        parts = [self._inline(part) for part in children(f)]
        return rebuilt(f, parts) if parts else f


def _check_numbers(circuit: Circuit, made: dict[str, _Typed]) -> None:
    """Every wire has a value, and one that fits on paper."""
    values: dict[Quantity, Value] = {Quantity(name): one.value for name, one in circuit.inputs}
    problem = ""
    for wire in circuit.wires:
        try:
            values[wire.quantity] = None if problem else worked(wire.formula, values)
        except Impossible as error:
            problem = str(error)
        if problem and wire.named:
            raise _wrong(made[wire.name], f"with these numbers {problem}", made[wire.name].statement.at)


def _wrong(one: _Typed, problem: str, at: int) -> NetworkFileError:
    return one.place.wrong(f"{problem}\n{pointed(one.statement.text, at)}")
