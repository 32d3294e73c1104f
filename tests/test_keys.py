"""Quantity keys follow their grammar, and say what they name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handcalc.formula.quantity import CONTEXTS, Quantity, gradient, read_key

contexts = st.lists(st.sampled_from(CONTEXTS), unique=True).flatmap(
    lambda words: st.tuples(*(st.tuples(st.just(w), st.integers(1, 99)) for w in sorted(words, key=CONTEXTS.index)))
)
names = st.builds(
    Quantity,
    st.sampled_from(["x", "W", "z", "yhat", "eta", "S", "d", "u"]),
    st.none() | st.integers(0, 12),
    st.lists(st.integers(1, 40), max_size=2).map(tuple),
    contexts,
)
keys = st.one_of(names, st.builds(gradient, names, names))


@given(keys)
def test_a_key_reads_back_as_the_quantity(quantity: Quantity) -> None:
    assert read_key(quantity.key) == quantity
    assert read_key(quantity.key).key == quantity.key


@given(names, st.integers(1, 5))
def test_later_counts_updates(quantity: Quantity, n: int) -> None:
    assert quantity.later(n).update == quantity.update + n
    assert quantity.later(n).later(-n) == quantity


@pytest.mark.parametrize(
    "text", ["", "z1[", "z[1][2]", "dL/", "dL/dW1[2,3", "W1[u=1][t=2][1]x", "é[1]", "z1[2] ", "xxx[1,]"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quantity key such as"):
        read_key(text)


@pytest.mark.parametrize(
    ("text", "better"), [("z1[u=0][2]", "z1[2]"), ("z01[2]", "z1[2]"), ("W[u=1][s=2]", "W[s=2][u=1]")]
)
def test_a_key_has_one_spelling(text: str, better: str) -> None:
    with pytest.raises(ValueError, match="is written") as error:
        read_key(text)
    assert str(error.value) == f"{text!r} is written {better!r}"


def test_a_gradient_is_named_by_what_it_is_of() -> None:
    found = read_key("dL/dW1[2,3]")
    assert found.of == Quantity("W", 1, (2, 3))
    assert found.block() == "dL/dW1"
    assert found.later().key == "dL[u=1]/dW1[u=1][2,3]"
