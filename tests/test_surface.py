"""The public surface, pinned: a change here is a change for everyone who uses handcalc."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import handcalc

NAMES = [
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
SIGNATURES = {
    "solve": (
        "(network: 'str | PathLike[str] | Mapping[str, object] | Network', *, "
        "show: 'str | Sequence[str] | None' = None, decimals: 'int | None' = None, "
        "most_quantities: 'int' = 20000) -> 'Solution'"
    ),
    "solve_all": (
        "(network: 'str | PathLike[str] | Mapping[str, object] | Network', *, "
        "show: 'str | Sequence[str] | None' = None, decimals: 'int | None' = None, "
        "form: 'str | None' = None, calculator: 'bool' = True, formulas: 'bool' = False, "
        "exercise: 'str | None' = None, most_quantities: 'int' = 20000) -> 'dict[str, Solution]'"
    ),
    "Solution.__getitem__": "(self, key: 'str') -> 'Result | EpochLoss'",
    "Solution.__contains__": "(self, key: 'object') -> 'bool'",
    "Solution.__iter__": "(self) -> 'Iterator[str]'",
    "Solution.__len__": "(self) -> 'int'",
    "Solution.keys": "(self) -> 'list[str]'",
    "Solution.array": "(self, block: 'str') -> 'numpy.ndarray[Any, Any]'",
    "Solution.text": "(self) -> 'str'",
    "Result.decimal": "(self, decimals: 'int | None' = None) -> 'str'",
    "Result.__float__": "(self) -> 'float'",
}
PROPERTIES = {
    "Solution": {"lines"},
    "Result": {"key", "exact", "steps"},
    "Line": {
        "key",
        "step",
        "quantity",
        "formula",
        "target",
        "stages",
        "result",
        "remark",
        "put_in",
        "closed",
        "exactly",
    },
}


def found(path: str) -> Any:
    value: Any = handcalc
    for name in path.split("."):
        value = getattr(value, name)
    return value


def test_the_public_names_are_these() -> None:
    assert handcalc.__all__ == NAMES
    assert dir(handcalc) == NAMES
    assert all(getattr(handcalc, name) is not None for name in NAMES)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'handcalc' has no attribute 'sovle'"):
        handcalc.sovle  # noqa: B018


@pytest.mark.parametrize("path", SIGNATURES)
def test_a_signature_is_this(path: str) -> None:
    assert str(inspect.signature(found(path))) == SIGNATURES[path]


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties_and_fields_are_there(name: str) -> None:
    for attribute in PROPERTIES[name] - set(inspect.get_annotations(found(name))):
        assert isinstance(inspect.getattr_static(found(name), attribute), property), f"{name}.{attribute}"


def test_errors_are_what_they_are_documented_to_be() -> None:
    assert issubclass(handcalc.NetworkFileError, (handcalc.HandcalcError, ValueError))
    assert issubclass(handcalc.NetworkFileError, ValueError)
    assert issubclass(handcalc.UnknownQuantity, KeyError)
    assert issubclass(handcalc.UnknownQuantity, handcalc.HandcalcError)
    assert issubclass(handcalc.CannotDecide, handcalc.HandcalcError)


def test_a_solution_shows_itself_in_jupyter() -> None:
    solution = handcalc.solve({"inputs": [1], "layers": [{"linear": [["0.5"]]}]})
    assert solution._repr_html_().lstrip().startswith("<")
    assert str(solution["yhat[1]"].exact) == "1/2"
