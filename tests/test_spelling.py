"""What the blanks of a sheet are called by those who type."""

from __future__ import annotations

from itertools import product

import pytest

from handcalc.mark.spelling import Spellings, key_called, shell_key

SHELL = {
    "z1[2]": "z1_2",
    "L": "L",
    "W1[2,1]": "W1_21",
    "W1[12,3]": "W1_12_3",
    "dL/dW1[2,1]": "dW1_21",
    "dL/dz[1]": "dz_1",
    "W1[u=1][2,1]": "W1_u1_21",
    "dL[s=2][u=1]/dz[s=2][u=1][1]": "dz_s2_u1_1",
    "-dL/dz1[2]": "minus_dz1_2",
    "dJ/dW1[2,1]": "dW1_21",
    "df/dw0": "df_dw0",
    "dyhat[1]/dz2[1]": "dyhat_1_dz2_1",
    "m(W1[u=1][1,2])": "m_W1_u1_12",
    "out_1": "out_1",
    "2:z1[1]": "2:z1_1",
    "2:dL/dW1[2,1]": "2:dW1_21",
}


@pytest.mark.parametrize(("key", "name"), SHELL.items())
def test_a_key_has_a_name_without_brackets(key: str, name: str) -> None:
    assert shell_key(key) == name
    assert key_called(name, [key]) == key


def keys(*shapes: tuple[str, int, int]) -> tuple[str, ...]:
    return tuple(f"{block}[{i},{j}]" for block, n, m in shapes for i, j in product(range(1, n + 1), range(1, m + 1)))


def test_every_name_of_a_sheet_is_read_back_with_indices_of_two_digits_too() -> None:
    wide = Spellings((*keys(("W1", 12, 12), ("dL/dW1", 12, 12), ("W1[u=1]", 12, 12)), "z1[1]", "z1[11]", "L"))
    assert len(set(wide.shell.values())) == len(wide.keys)
    for key, name in wide.shell.items():
        assert wide.called(name) == wide.called(key) == (key,)


def test_what_two_keys_share_is_not_the_name_of_either() -> None:
    both = Spellings(("dL/dW1[1,1]", "dJ/dW1[1,1]"))
    assert both.shell == {"dL/dW1[1,1]": "dL_dW1_11", "dJ/dW1[1,1]": "dJ_dW1_11"}
    assert both.called("dW1_11") == both.keys
    with pytest.raises(ValueError, match=r"may be dL/dW1\[1,1\] or dJ/dW1\[1,1\]"):
        key_called("dW1_11", both.keys)


@pytest.mark.parametrize(
    "typed",
    ["dL/dW1[2,1]", "dW1_21", "dW1_2_1", " dL/dW1 [2, 1] ", "∂L/∂W1[2,1]", "dL.dW1.2.1.", "dL_dW1_2_1", "dL/dW1(2,1)",
     "dl/dw1[2,1]", "dLdW121", "DW1_21", "dL/dW1[2;1]", "dL/dW₁[2,1]"],
)  # fmt: skip
def test_a_key_is_read_in_many_spellings(typed: str) -> None:
    assert key_called(typed, ["W1[u=1][2,1]", "dL/dW1[1,2]", "dL/dW1[2,1]", "dL/dW2[2,1]"]) == "dL/dW1[2,1]"


def test_the_case_of_letters_tells_apart_what_nothing_else_does() -> None:
    assert [key_called(typed, ["S", "s", "T"]) for typed in ("S", "s", "t")] == ["S", "s", "T"]


def test_minus_a_gradient_is_not_the_gradient() -> None:
    assert key_called("-dL/dz1[2]", ["-dL/dz1[2]", "dL/dz1[2]"]) == "-dL/dz1[2]"
    assert key_called("dL_dz1_2", ["-dL/dz1[2]", "dL/dz1[2]"]) == "dL/dz1[2]"
    with pytest.raises(ValueError, match="did you mean"):
        key_called("dL/dz1[2]", ["-dL/dz1[2]"])


def test_an_unknown_name_says_what_may_have_been_meant() -> None:
    with pytest.raises(ValueError, match=r"nothing is called 'zz1\[2\]'; did you mean z1\[2\]\?"):
        key_called("zz1[2]", ["L", "z1[2]", "W1[2,1]"])
    with pytest.raises(ValueError, match=r"nothing is called 'quux'; there are L, z1\[2\]"):
        key_called("quux", ["L", "z1[2]"])


@pytest.mark.parametrize("typed", ["", "[]", "-", "\0", "z" * 100_000, "[" * 1000, "１" * 10])
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="nothing is called"):
        key_called(typed, ["z1[2]", "L"])


@pytest.mark.parametrize(
    ("typed", "key"),
    [("z", "z[1]"), ("w2", "W[1,2]"), ("W_2", "W[1,2]"), ("dW_1", "dL/dW[1,1]"), ("∂L/∂w2", "dL/dW[1,2]"),
     ("w_u1_2", "W[u=1][1,2]"), ("db", "dL/db[1]"), ("p", "p[1]"), ("W_12", "W[1,2]")],
)  # fmt: skip
def test_of_a_single_unit_the_number_may_go_as_on_paper(typed: str, key: str) -> None:
    neuron = ["z[1]", "p[1]", "L", "W[1,1]", "W[1,2]", "dL/dW[1,1]", "dL/dW[1,2]", "dL/db[1]", "W[u=1][1,1]"]
    assert key_called(typed, [*neuron, "W[u=1][1,2]"]) == key


def test_of_several_units_it_may_not() -> None:
    several = Spellings(("z1[1]", "z1[2]", *keys(("W1", 2, 2))))
    assert several.called("z1") == several.called("W1_2") == ()
    assert several.block("z1") == ("z1[1]", "z1[2]")
    assert several.block("W1") == keys(("W1", 2, 2))
    assert several.block("W1_21") == several.block("x") == ()


@pytest.mark.parametrize(
    ("typed", "key"),
    [("z_2^(1)", "z1[2]"), ("z₁⁽²⁾", "z2[1]"), ("W_{21}^{(1)}", "W1[2,1]"), ("∂L/∂w_21^(1)", "dL/dW1[2,1]"),
     ("z1'[2]", "z1[u=1][2]"), ("z_2^(1)′", "z1[u=1][2]"), ("w_21^(1)'", "W1[u=1][2,1]"), ("ŷ'", "yhat[u=1][1]"),
     ("L’", "L[u=1]"), ("L", "L"), ("L''", None)],
)  # fmt: skip
def test_a_name_may_be_typed_as_it_is_printed(typed: str, key: str | None) -> None:
    """With the layer above its index, and a prime after an update."""
    known = ("z1[1]", "z1[2]", "z2[1]", "W1[2,1]", "W1[1,2]", "yhat[1]", "L", "dL/dW1[2,1]")
    later = ("z1[u=1][1]", "z1[u=1][2]", "W1[u=1][2,1]", "W1[u=1][1,2]", "yhat[u=1][1]", "L[u=1]")
    assert Spellings((*known, *later)).called(typed) == ((key,) if key else ())


def test_the_number_of_a_question_may_go_where_no_other_has_the_same() -> None:
    two = Spellings(("1:z1[1]", "1:L", "2:L", "2:dL/dW1[1,1]", "2:dL/dW1[1,2]"))
    assert two.called("z1_1") == ("1:z1[1]",)
    assert two.called("L") == ("1:L", "2:L")
    assert two.block("dW1") == two.keys[3:]
    assert two.called("3:z1_1") == ()
