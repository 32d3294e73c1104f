"""handcalc derives every step of a small neural network by hand.

    >>> import handcalc
    >>> solution = handcalc.solve({"inputs": [1, 2], "layers": [{"sigmoid": [0.3, -0.1], "bias": 0.05}]})
    >>> solution["yhat[1]"].decimal(6)
    '0.537430'

`solve` takes a path to a network file, a dict, or a `Network`; what it returns gives every quantity
by its key, and shows itself in Jupyter. Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from handcalc.version import VERSION as __version__

if TYPE_CHECKING:
    from handcalc.api import solve, solve_all
    from handcalc.derive.certify import CannotDecide
    from handcalc.derive.solution import Line, Result, Solution
    from handcalc.errors import HandcalcError, UnknownQuantity
    from handcalc.network import Layer, Network, NetworkFileError, read, read_all, read_text

_HOME = {
    "HandcalcError": "handcalc.errors",
    "CannotDecide": "handcalc.derive.certify",
    "Layer": "handcalc.network",
    "Line": "handcalc.derive.solution",
    "Network": "handcalc.network",
    "NetworkFileError": "handcalc.network",
    "Result": "handcalc.derive.solution",
    "Solution": "handcalc.derive.solution",
    "UnknownQuantity": "handcalc.errors",
    "read": "handcalc.network",
    "read_all": "handcalc.network",
    "read_text": "handcalc.network",
    "solve": "handcalc.api",
    "solve_all": "handcalc.api",
}

__all__ = [
    "CannotDecide",
    "HandcalcError",
    "Layer",
    "Line",
    "Network",
    "NetworkFileError",
    "Result",
    "Solution",
    "UnknownQuantity",
    "__version__",
    "read",
    "read_all",
    "read_text",
    "solve",
    "solve_all",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'handcalc' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
