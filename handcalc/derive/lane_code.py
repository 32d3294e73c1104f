"""Formulas as NumPy code, for many candidates of numbers at once.

Glossary
    lane     one number for each candidate: an array whose last axis counts the candidates
    line     the code of one formula: ``line(v)`` is its lane, where ``v[slot]`` is the lane of each quantity

Where a formula has no value the lane holds NaN or infinity there. 0·ln 0 is 0 (see `derive.tape`). A sum whose terms
cancel is 0: 0.3 − 0.1·3 leaves 5·10⁻¹⁷ in floats, and a unit with that sum would be alive.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handcalc.derive.tape import Slots, is_logarithm
from handcalc.formula.tree import (
    Call,
    Cases,
    Formula,
    Negative,
    Num,
    Power,
    Product,
    Quotient,
    Ref,
    Sign,
    Sum,
)

Lane = NDArray[np.float64]
Line = Callable[[Sequence[Lane]], Lane]

CANCELLED = 1e-15
"""What is left of terms that cancel, at most, as a part of their size."""


def lane_lines(slots: Slots, formulas: Sequence[Formula]) -> list[Line]:
    """The code of each formula. It holds slot numbers and names of a table only, never text from a user."""
    writer = _Writer(slots)
    source = "\n".join(("[", *(f" lambda v: {writer.code(f)}," for f in formulas), "]"))
    found: list[Line] = eval(
        compile(source, "<lanes>", "eval"), _NAMES | {name: value for value, name in writer.constants.items()}
    )
    return found


def total(*terms: Lane) -> Lane:
    """The sum; 0 where nothing but errors of rounding is left."""
    return total_and_size(terms)[0]


def total_and_size(terms: Sequence[Lane]) -> tuple[Lane, Lane]:
    """The same with the sum of the sizes of the terms."""
    found, size = reduce(np.add, terms), reduce(np.add, map(np.abs, terms))
    return found * (np.abs(found) >= CANCELLED * size), size


def holds(left: Lane, sign: Sign, right: Lane) -> NDArray[np.bool_]:
    """Whether ``left sign right``, where what is left of numbers that cancel is 0."""
    difference = total(left, -right)
    return _COMPARED[sign](difference, 0.0)


def larger(*lanes: Lane) -> Lane:
    found: Lane = reduce(np.maximum, lanes)
    return found


def unless_nothing(first: Lane, logarithm: Lane) -> Lane:
    """first·logarithm; 0 where `first` is, whatever stands beside it."""
    return np.where(first == 0, 0.0, first * logarithm)


def erf(x: Lane) -> Lane:
    return np.asarray(_erf(x), float)


_COMPARED: dict[Sign, Callable[..., NDArray[np.bool_]]] = {
    ">": np.greater, "≥": np.greater_equal, "<": np.less, "≤": np.less_equal,
}  # fmt: skip
_erf = np.frompyfunc(math.erf, 1, 1)

CALLS: dict[str, Callable[..., Lane]] = {
    "exp": np.exp, "ln": np.log, "log2": np.log2, "log10": np.log10, "tanh": np.tanh, "erf": erf, "sqrt": np.sqrt,
    "abs": np.abs, "power": np.power, "max": larger, "pi": lambda: np.asarray(math.pi),
}  # fmt: skip
"""By the name of a `Call`."""
_NAMES: dict[str, Any] = {
    **CALLS, "total": total, "holds": holds, "unless_nothing": unless_nothing, "where": np.where,
}  # fmt: skip


class _Writer:
    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.constants: dict[float, str] = {}

    def code(self, f: Formula) -> str:
        match f:
            case Ref(q):
                return f"v[{self.slots.number[q]}]"
            case Num(number):
                return self._constant(int(number.value.p) / int(number.value.q))
            case Sum(terms):
                return f"total({', '.join(map(self.code, terms))})"
            case Product(factors):
                return self._product(factors)
            case Quotient(top, bottom):
                return f"({self.code(top)}/{self.code(bottom)})"
            case Power(base, int() as n):
                code = self.code(base)
                return f"({code}*{code})" if n == 2 and isinstance(base, Ref) else f"power({code}, {n})"
            case Power(base, Formula() as n):
                return f"power({self.code(base)}, {self.code(n)})"
            case Negative(inner):
                return f"(-{self.code(inner)})"
            case Call(name, args):
                return f"{name}({', '.join(map(self.code, args))})"
            case Cases(left, sign, right, yes, no):
                condition = f"holds({self.code(left)}, {sign!r}, {self.code(right)})"
                return f"where({condition}, {self.code(yes)}, {self.code(no)})"
        raise TypeError(f"no code for {f!r}")

    def _product(self, factors: Sequence[Formula]) -> str:
        logarithms = [self.code(g) for g in factors if is_logarithm(g)]
        others = [self.code(g) for g in factors if not is_logarithm(g)]
        if not logarithms or not others:
            return f"({'*'.join((*others, *logarithms))})"
        return f"unless_nothing({'*'.join(others)}, {'*'.join(logarithms)})"

    def _constant(self, value: float) -> str:
        return self.constants.setdefault(value, f"k{len(self.constants)}")
