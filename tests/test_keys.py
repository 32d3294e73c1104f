"""Quantity keys follow their grammar, and say what they name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handcalc.formula.quantity import CONTEXTS, Quantity, gradient, read_key, state

contexts = st.lists(st.sampled_from(CONTEXTS), unique=True).flatmap(
    lambda words: st.tuples(*(st.tuples(st.just(w), st.integers(1, 99)) for w in sorted(words, key=CONTEXTS.index)))
)
letters = st.sampled_from(["x", "W", "z", "yhat", "eta", "S", "d", "u", "J", "f", "dd"])
own_names = st.builds(Quantity, st.sampled_from(["w01", "out_1", "net_h1", "d_1", "a_b_c"]), context=contexts)
names = own_names | st.builds(
    Quantity,
    letters,
    st.none() | st.integers(0, 12),
    st.lists(st.integers(1, 40), max_size=2).map(tuple),
    contexts,
)
gradients = st.builds(lambda loss, of, minus: gradient(loss, of, minus=minus), names, names, st.booleans())
states = st.builds(state, letters | st.sampled_from(["m", "mhat", "vhat"]), names)
keys = st.one_of(names, gradients, states)


@given(keys)
def test_a_key_reads_back_as_the_quantity(quantity: Quantity) -> None:
    found = read_key(quantity.key)
    assert found == quantity
    assert found.key == quantity.key
    assert (found.role, found.of) == (quantity.role, quantity.of)
    assert (found.letter, found.layer, found.index, found.context) == (
        (quantity.letter, quantity.layer, quantity.index, quantity.context)
    )


@given(keys, st.integers(1, 5))
def test_later_counts_updates(quantity: Quantity, n: int) -> None:
    assert quantity.later(n).update == quantity.update + n
    assert quantity.later(n).role == quantity.role
    assert quantity.later(n).later(-n) == quantity


@pytest.mark.parametrize(
    "text",
    ["", "z1[", "z[1][2]", "dL/", "dL/dW1[2,3", "W1[u=1][t=2][1]x", "é[1]", "z1[2] ", "xxx[1,]", "-z1[2]", "-m(W[1])",
     "m()", "m(W1", "m1(W1)", "out_1[2]", "_x", "1x", "m[1](W)", "m(dL/dW)", "m(v(W))", "--dL/dz", "dL/d-z", "L/z"],
)  # fmt: skip
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quantity key such as"):
        read_key(text)


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("z1[u=0][2]", "z1[2]"),
        ("z01[2]", "z1[2]"),
        ("W[u=1][s=2]", "W[s=2][u=1]"),
        ("m(W01[1])", "m(W1[1])"),
        ("-dL/dz[u=0][1]", "-dL/dz[1]"),
    ],
)
def test_a_key_has_one_spelling(text: str, better: str) -> None:
    with pytest.raises(ValueError, match="is written") as error:
        read_key(text)
    assert str(error.value) == f"{text!r} is written {better!r}"


def test_a_gradient_is_named_by_what_it_is_of() -> None:
    found = read_key("dL/dW1[2,3]")
    assert found.role == "gradient"
    assert found.of == Quantity("W", 1, (2, 3))
    assert found.block() == "dL/dW1"
    assert found.later().key == "dL[u=1]/dW1[u=1][2,3]"


def test_a_gradient_may_be_of_one_sample_s_loss_or_of_any_other_name() -> None:
    sample = Quantity("L", context=(("s", 2),))
    assert gradient(sample, Quantity("z", 1, (1,), (("s", 2),))).key == "dL[s=2]/dz1[s=2][1]"
    assert gradient(Quantity("J"), Quantity("W", 1, (1, 2))).key == "dJ/dW1[1,2]"
    assert gradient(Quantity("yhat", None, (2,)), Quantity("q", 3)).key == "dyhat[2]/dq3"
    assert read_key("dyhat[2]/dq3").block() == "dyhat[2]/dq3"


def test_minus_a_gradient_is_a_quantity_of_its_own() -> None:
    found = read_key("-dL/dz1[2]")
    assert found == gradient(Quantity("L"), Quantity("z", 1, (2,)), minus=True)
    assert found != read_key("dL/dz1[2]")
    assert found.block() == "-dL/dz1"
    assert found.later().key == "-dL[u=1]/dz1[u=1][2]"


def test_a_state_has_the_update_of_its_parameter() -> None:
    found = read_key("m(W1[u=1][1,2])")
    assert found == state("m", Quantity("W", 1, (1, 2), (("u", 1),)))
    assert (found.layer, found.index, found.context) == (None, (), ())
    assert found.update == 1
    assert found.later().key == "m(W1[u=2][1,2])"
    assert read_key("vhat(b1[2])").block() == "vhat(b1)"


@pytest.mark.parametrize("wrong", [{"of": Quantity("z")}, {"role": "gradient"}, {"role": "state"}])
def test_a_role_needs_what_it_is_of_and_the_other_way_round(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="doesn't fit what it is of"):
        Quantity("L", **wrong)  # type: ignore[arg-type]
