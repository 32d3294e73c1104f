"""Rounding conventions: what a file says, what is printed, and that a line's result follows from its digits."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flint import arb, ctx, fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracles.conventions import Convention
from oracles.numbers import fraction
from oracles.sheets import Sheet

import handcalc
from handcalc.derive.bare import bare
from handcalc.derive.carried import rounded_carry
from handcalc.derive.certify import certify
from handcalc.derive.digits import Printed, certify_digits, exact_carry, places_needed
from handcalc.derive.places import names, places_by_slot, rounding_sentences, unknown_names
from handcalc.derive.program import Program, program
from handcalc.derive.writer import Turn
from handcalc.formula.maths import Slot
from handcalc.formula.number import read_number
from handcalc.network import NetworkFileError, read
from handcalc.network.from_yaml import yaml_events
from handcalc.network.nodes import Pairs, build
from handcalc.network.rounding import Rounding, rounding
from handcalc.render.text import words


def from_file(text: str) -> Rounding:
    """The record that a network file with these lines means."""
    node = build(yaml_events(text, "net.yaml"), "net.yaml")
    assert isinstance(node, Pairs)
    found = {key.text: value for key, value in node.pairs}
    return rounding(found.get("rounding"), found.get("decimals"), found.get("carry"))


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("title: x", Rounding()),
        ("decimals: 3\ncarry: rounded", Rounding(places=3, carry="rounded")),
        ("rounding: {decimals: 5}", Rounding(places=5)),
        ("rounding: {significant figures: 3}", Rounding(figures=True, places=3)),
        ("rounding: {Significant-Figures: 12, how: Truncate}", Rounding(figures=True, places=12, how="truncate")),
        ("rounding: {how: truncate}\ndecimals: 2\ncarry: rounded", Rounding(False, 2, "rounded", "truncate")),
        ("rounding: {carry: rounded, how: half up}", Rounding(carry="rounded")),
        (
            "rounding:\n  decimals: 6\n  own:\n    a1[1]: 2\n    dL/dz1: 4\n    z: 3",
            Rounding(places=6, own=(("a1[1]", 2), ("dL/dz1", 4), ("z", 3))),
        ),
        ('rounding: {own: {"m(W1[1,2])": 2, -dL/dz1: 1}}', Rounding(own=(("m(W1[1,2])", 2), ("-dL/dz1", 1)))),
    ],
)
def test_a_file_says_how_numbers_are_rounded(text: str, record: Rounding) -> None:
    assert from_file(text) == record


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rounding: 4", 'rounding: found "4", where keys and values are wanted; write for example rounding: {dec'),
        ("rounding: {digits: 4}", 'the key "digits" is not known; accepted: decimals, significant figures, carry, how'),
        ("rounding: {decimals: 0}", 'rounding.decimals: found "0"; a whole number from 1 to 12 is wanted'),
        ("rounding: {significant figures: 13}", 'figures: found "13"; a whole number from 1 to 12 is wanted'),
        ("rounding: {decimals: 4, significant figures: 3}", "rounded to one of the two, so delete the other"),
        ("rounding: {decimals: 4}\ndecimals: 3", "decimals: rounding says decimals already; delete decimals here"),
        ("rounding: {significant figures: 4}\ndecimals: 3", "decimals: rounding says significant figures already"),
        ("rounding: {carry: exact}\ncarry: exact", "carry: rounding says carry already; delete carry here or carry th"),
        ("rounding: {how: down}", 'rounding.how: "down" is not known here; accepted: half up, truncate'),
        ("rounding: {how: [truncate]}", "where one word is wanted: half up or truncate"),
        ("rounding: {own: a1}", 'rounding.own: found "a1", where the places of single quantities are wanted; write'),
        ("rounding: {own: {}}", "rounding.own: found empty { }, where the places"),
        ("rounding:\n  own:\n    a1[1: 2", '"a1[1" names no quantity; write a key, a block or a letter, such as a1[1]'),
        ("rounding:\n  own:\n    a1[1]: 2.5", 'a1[1]: found "2.5"; a whole number from 1 to 12 is wanted'),
        ("rounding:\n  own:\n    z: 2\n    z: 3", "stands here a second time"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(NetworkFileError) as error:
        from_file(text)
    assert str(error.value).startswith("net.yaml, line ")
    assert message in str(error.value)


@settings(max_examples=50)
@given(st.booleans(), st.integers(1, 12), st.booleans(), st.booleans(), st.dictionaries(
    st.sampled_from(["z", "a1", "W1[1,2]", "dL/dz1[2]"]), st.integers(1, 12)))  # fmt: skip
def test_a_record_is_read_back_as_it_was_written(
    figures: bool, places: int, rounded: bool, cut: bool, own: dict[str, int]
) -> None:
    from handcalc.network.from_python import python_events

    carry, how = ("rounded" if rounded else "exact"), ("truncate" if cut else "half up")
    record = Rounding(figures, places, carry, how, tuple(own.items()))  # type: ignore[arg-type]
    assert rounding(build(python_events(record.as_dict()), "the network")) == record


# One number through a linear unit: what is printed for it.


def shown(number: str, *, carry: str = "exact", **said: Any) -> str:
    """How the line ends that makes `number` (a fraction, or a product) by this convention."""
    network = {"inputs": ["1"], "layers": [{"linear": [[number]]}], "target": ["0"], "loss": "squared error"}
    one = Sheet.of({**network, "show": "forward", "rounding": {"carry": carry, **said}})
    if abs(fraction(number)) < 1000:  # beyond, the oracle takes too many digits
        checker = one.checker()
        assert [wrong for line in one.text_lines() if (wrong := checker.line(line))] == []
    return " ".join(" ".join(pair) for pair in one.solution.printed.result[one.solution.program.first])


@pytest.mark.parametrize(
    ("number", "places", "half_up", "truncated"),
    [
        ("0.115776", 4, "0.1158", "0.1157"),
        ("-0.115776", 4, "-0.1158", "-0.1157"),
        ("0.11575", 4, "0.1158", "0.1157"),
        ("2.71828", 2, "2.72", "2.71"),
        ("0.99996", 4, "1.0000", "0.9999"),
        ("11/7", 1, "1.6", "1.5"),
    ],
)
def test_half_up_and_truncation_to_decimals(number: str, places: int, half_up: str, truncated: str) -> None:
    assert shown(number, decimals=places).endswith(f"≈ {half_up}")
    assert shown(number, decimals=places, how="truncate").endswith(f"≈ {truncated}")


@pytest.mark.parametrize(
    ("number", "figures", "half_up", "truncated"),
    [
        (".833", 2, "0.83", "0.83"),
        ("0.00043856", 3, "0.000439", "0.000438"),
        ("120345", 3, "1.20·10^5", "1.20·10^5"),
        ("129987", 3, "1.30·10^5", "1.29·10^5"),
        ("0.9996", 3, "1.00", "0.999"),
        ("-99.96", 3, "-100", "-99.9"),
        ("999.6", 3, "1.00·10^3", "999"),
        ("9.996", 3, "10.0", "9.99"),
        ("123.6", 3, "124", "123"),
        ("123456789012.3", 4, "1.235·10^11", "1.234·10^11"),
        ("0.0000001238", 3, "0.000000124", "0.000000123"),
        ("0.00000001238", 3, "1.24·10^-8", "1.23·10^-8"),
        ("0.000000099996", 3, "1.00·10^-7", "9.99·10^-8"),
        ("2/3", 3, "0.667", "0.666"),
    ],
)
@pytest.mark.parametrize("carry", ["exact", "rounded"])
def test_half_up_and_truncation_to_significant_figures(
    number: str, figures: int, half_up: str, truncated: str, carry: str
) -> None:
    said: dict[str, Any] = {"carry": carry, "significant figures": figures}
    assert shown(number, **said).endswith(f"≈ {half_up}")
    assert shown(number, how="truncate", **said).endswith(f"≈ {truncated}")


@pytest.mark.parametrize("carry", ["exact", "rounded"])
@pytest.mark.parametrize("how", ["half up", "truncate"])
def test_what_the_places_hold_is_exact(carry: str, how: str) -> None:
    said: dict[str, Any] = {"carry": carry, "how": how, "significant figures": 3}
    assert shown("0", **said) == "= 0"
    assert shown("0.5", **said) == "= 0.5"
    assert shown("120000", **said) == "= 120000"
    assert shown("1.5e20", **said) == "= 1.50·10^20"
    assert shown("-3e-9", **said) == "= -3.00·10^-9"


def test_a_tiny_irrational_value_has_its_figures() -> None:
    """σ(−60) = 8.7565…·10^-27, far behind the decimals that are certain for other values."""
    network = {"inputs": [1], "layers": [{"sigmoid": [[-60], [-5000]]}, {"linear": [[1, 1]]}]}
    one = solved(network, Rounding(figures=True, places=4))
    assert one["a1[1]"].decimal() == "8.757·10^-27"
    assert one["a1[2]"].decimal() == "3.370·10^-2172"
    assert one["z2[1]"].decimal() == "8.757·10^-27"


def test_figures_left_by_cancellation_are_certain() -> None:
    """tanh 30 − 1 = −2/(e^60 + 1): twelve decimals of it are zeros, and so is what a narrow ball says."""
    network = {"inputs": [1], "layers": [{"tanh": [[30]]}, {"linear": [[1]], "bias": [-1]}]}
    record = Rounding(figures=True, places=12)
    one = solved(network, record)
    assert one["z2[1]"].decimal() == "-1.75130215254·10^-26"
    assert one.first.certified.places > places_needed(record)


def solved(network: dict[str, Any], record: Rounding) -> Any:
    return Sheet.of({**network, "rounding": record.as_dict()}).solution


UNWELL = read("examples/unwell.yaml").as_dict()
SOFTMAX: dict[str, Any] = {
    "inputs": ["12.8"], "layers": [{"softmax": [[1], [0]]}], "target": [0, 1], "loss": "cross-entropy",
    "learning rate": 1,
}  # fmt: skip


@pytest.mark.parametrize("how", ["half up", "truncate"])
@pytest.mark.parametrize("figures", [False, True])
@pytest.mark.parametrize("inputs", [["12.8"], ["40"], ["600"]])
def test_a_softmax_never_gives_0_or_1_in_rounded_carry(how: Any, figures: bool, inputs: list[str]) -> None:
    one = solved({**SOFTMAX, "inputs": inputs, "show": "gradients"}, Rounding(figures, 4, "rounded", how))
    assert 0 < one.value(one.quantity("p[1]")) < 1
    assert 0 < one.value(one.quantity("p[2]")) < 1


def test_what_no_number_of_places_shows_is_an_error() -> None:
    with pytest.raises(handcalc.CannotDecide, match="so close to 0 that"):
        solved({"inputs": [1], "layers": [{"sigmoid": [[-500000]]}]}, Rounding(carry="rounded"))


def test_truncation_keeps_figures_of_what_would_be_cut_to_0() -> None:
    cut = Rounding(places=4, carry="rounded", how="truncate")
    assert solved({"inputs": ["1/3"], "layers": [{"linear": [["0.0001"]]}]}, cut)["z[1]"].decimal() == "0.00003333"
    assert solved({"inputs": ["12.8"], "layers": [{"sigmoid": [["1"]]}]}, cut)["yhat[1]"].decimal() == "0.9999"


def test_one_significant_figure_of_a_kept_distance_is_one() -> None:
    """0.0067 to one decimal would be 0; it keeps 0.007, not 0.01."""
    assert shown("0.0067", carry="rounded", decimals=1) == "≈ 0.007"


def test_quantities_have_places_of_their_own() -> None:
    """As in a source that rounds the output to 2 decimals and its delta to 4."""
    own = (("p", 2), ("p[2]", 6), ("dL/dz2", 3), ("e", 1), ("W1", 1))
    one = solved(UNWELL, Rounding(places=4, own=own))
    assert one["p[1]"].decimal() == "0.77"
    assert one["p[2]"].decimal() == "0.231475"
    assert one["dL/dz2[1]"].decimal() == "-0.231"
    assert one["e[1]"].decimal() == "2.0"
    assert one["S"].decimal() == "2.6203"
    assert one["p[u=1][1]"].decimal() == "0.93"
    assert one["dL/dW1[1,1]"].decimal() == "-0.3472"


def test_the_most_specific_name_wins() -> None:
    assert names("z1[u=1][2]") == ("z1[u=1][2]", "z1[2]", "z1[u=1]", "z1", "z")
    assert names("-dL/dW1[s=2][1,2]") == ("dL/dW1[s=2][1,2]", "dL/dW1[1,2]", "dL/dW1[s=2]", "dL/dW1", "dL/dW")
    assert names("m(W1[u=1][1,2])") == ("m(W1[u=1][1,2])", "m(W1[1,2])", "m(W1[u=1])", "m(W1)", "m(W)", "m")
    assert names("L") == ("L",)
    made, _ = page(UNWELL)
    record = Rounding(places=4, own=(("a", 1), ("a1", 2), ("a1[2]", 3)))
    found = dict(zip((q.key for q in made.slots.quantities), places_by_slot(made, record), strict=True))
    assert (found["a1[1]"], found["a1[2]"], found["dL/da1[1]"], found["z1[1]"]) == (2, 3, 4, 4)


def test_names_that_name_nothing_are_found() -> None:
    record = Rounding(own=(("z", 2), ("a3[1]", 2), ("q", 2), ("-dL/dz2", 3)))
    assert unknown_names(record, handcalc.solve("examples/unwell.yaml").keys()) == ("a3[1]", "q")


# Every line follows from the digits printed on it.


def rationals() -> st.SearchStrategy[str]:
    """Numbers as typed: terminating, periodic and tiny ones."""
    return st.one_of(
        st.decimals(-5, 5, places=3).map(str),
        st.builds("{}/{}".format, st.integers(-9, 9), st.integers(1, 60)),
        st.builds("{}e{}".format, st.integers(-999, 999), st.integers(-9, -2)),
    )


def conventions() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda kind, n, carry, how, own: {kind: n, "carry": carry, "how": how, **({"own": own} if own else {})},
        st.sampled_from(["decimals", "significant figures"]),
        st.integers(1, 12),
        st.sampled_from(["exact", "rounded"]),
        st.sampled_from(["half up", "truncate"]),
        st.dictionaries(st.sampled_from(["z1", "a1[1]", "z2[1]", "W", "dL/dz"]), st.integers(1, 12), max_size=2),
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(rationals(), min_size=6, max_size=6), st.sampled_from(["linear", "tanh", "relu"]), conventions())
@example(["1", "1/3", "1", "1", "3", "1"], "linear", {"decimals": 4, "how": "truncate"})
@example(["1", "0.5", "0.50000000001", "1", "-1", "0"], "tanh", {"significant figures": 3})
def test_every_line_follows_from_its_digits(numbers: list[str], kind: str, said: dict[str, Any]) -> None:
    x, w1, w2, v1, v2, b = numbers
    one = Sheet.of({
        "inputs": [x], "layers": [{kind: [[w1], [w2]]}, {"linear": [[v1, v2]], "bias": [b]}], "target": ["0.5"],
        "loss": "half squared error", "learning rate": "0.1", "rounding": said,
    })  # fmt: skip
    checker = one.checker()
    assert [wrong for line in one.text_lines() if (wrong := checker.line(line))] == []
    assert [
        wrong for line in one.latex_lines() if (wrong := checker.line(line)) and "written exactly" not in wrong
    ] == []


@given(st.fractions(max_denominator=10**9).filter(bool), st.integers(1, 12), st.booleans())
def test_significant_figures_are_those_of_the_e_format(x: Fraction, n: int, cut: bool) -> None:
    """Python's decimal module, to n digits, says the same as the oracle does."""
    from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

    wanted = Context(prec=n, rounding=ROUND_DOWN if cut else ROUND_HALF_UP).divide(
        Decimal(x.numerator), Decimal(x.denominator)
    )
    assert Convention(n, figures=True, truncate=cut).printed(x, "", power=False).value == Fraction(wanted)


# A page whose givens are results of an earlier page.


def page(network: dict[str, Any]) -> tuple[Program, list[Any]]:
    """The program of the network's page and its given numbers."""
    shape, numbers = bare(read(network))
    found = program(shape, Turn())
    return found, [numbers[place] for place in found.page.sources if isinstance(place, int)]


CHAIN: dict[str, Any] = {"inputs": ["1", "2"], "layers": [{"linear": [["0.37", "0.5"]]}, {"tanh": [["2"]]}]}


def carried(record: Rounding, value: Any, *, least: int = 0) -> tuple[Program, Printed]:
    """CHAIN's page, whose first input is `value`, carried from an earlier page."""
    made, numbers = page(CHAIN)
    first = made.slots.number[made.page.inputs[0].quantity]
    given_values = [number.value for number in numbers]
    typed: list[str | None] = [number.text for number in numbers]
    given_values[first], typed[first] = value, None
    certified = certify_digits(made, lambda _: given_values, record)
    lengths = [0] * len(made.slots.quantities)
    lengths[first] = least
    return made, exact_carry(made, certified, typed, record, least=lengths)


def tanh(x: fmpq) -> Any:
    with ctx.workprec(400):
        return arb(x).tanh()


def test_a_carried_given_is_printed_cut_as_far_as_this_page_needs() -> None:
    """tanh 0.3 = 0.291312612451…"""
    made, printed = carried(Rounding(places=4), tanh(fmpq(3, 10)))
    slot = made.slots.number[made.page.inputs[0].quantity]
    assert printed.operand[slot] == "0.29131…"
    assert printed.whole[slot] is None
    assert printed.decimal[slot] == "0.2913"
    assert printed.result[slot] == (("=", "0.29131…"), ("≈", "0.2913"))
    assert printed.lengths[slot] == 5


def test_a_carried_rational_is_whole_where_it_terminates() -> None:
    made, printed = carried(Rounding(figures=True, places=3), fmpq(123456, 10**6))
    slot = made.slots.number[made.page.inputs[0].quantity]
    assert printed.whole[slot] == printed.operand[slot] == "0.123456"
    assert printed.result[slot] == (("=", "0.123456"), ("≈", "0.123"))
    _, periodic = carried(Rounding(places=3), fmpq(1, 7))
    assert periodic.operand[slot] == "0.1428…"


@pytest.mark.parametrize("record", [Rounding(places=4), Rounding(figures=True, places=4, how="truncate")])
def test_digits_that_a_later_page_needs_are_printed_here(record: Rounding) -> None:
    made, printed = carried(record, tanh(fmpq(3, 10)), least=9)
    slot = made.slots.number[made.page.inputs[0].quantity]
    assert printed.operand[slot] == "0.291312612…"
    assert printed.lengths[slot] == 9


@settings(max_examples=40, deadline=None)
@given(st.integers(-999, 999).filter(bool), conventions())
def test_lines_on_a_carried_given_follow_from_its_digits(thousandths: int, said: dict[str, Any]) -> None:
    """z1 = 0.37 x + 1 with x = tanh(…): both ends of what the digits of x stand for give the printed result."""
    from handcalc.network.from_python import python_events

    record = rounding(build(python_events({**said, "carry": "exact"}), "the network"))
    made, printed = carried(record, tanh(fmpq(thousandths, 1000)))
    slot, target = made.slots.number[made.page.inputs[0].quantity], made.first
    mantissa, _, power = printed.operand[slot].replace("…", "").partition("·10^")
    cut = Fraction(mantissa)
    step = (-1 if cut < 0 or mantissa[0] == "-" else 1) * Fraction(1, 10 ** len(mantissa.partition(".")[2]))
    ends = [end * Fraction(10) ** int(power or 0) for end in (cut, cut + step)]
    convention = Convention.of({"rounding": said})
    key = made.slots.quantities[target].key
    found = {convention.printed(Fraction("0.37") * end + 1, key, power=False).value for end in ends}
    digits, _, power = printed.decimal[target].partition("·10^")
    assert found == {Fraction(digits) * Fraction(10) ** int(power or 0)} or target in printed.exact_lines


def test_in_rounded_carry_the_carried_text_is_repeated() -> None:
    made, numbers = page({**CHAIN, "layers": [{"linear": [["0.37", "0.5"]]}]})
    given_values, typed = [one.value for one in numbers], [one.text for one in numbers]
    first = made.slots.number[made.page.inputs[0].quantity]
    given_values[first], typed[first] = fmpq(12500), "1.25·10^4"
    values, printed = rounded_carry(made, given_values, typed, Rounding(figures=True, places=3, carry="rounded"))
    assert printed.operand[first] == "1.25·10^4"
    assert values[made.first] == 4630  # 0.37·12500 + 0.5·2 = 4626
    assert printed.result[made.first] == (("≈", "4.63·10^3"),)


def test_more_places_than_certified_is_an_error_not_a_guess() -> None:
    made, numbers = page({"inputs": [1], "layers": [{"tanh": [[30]]}, {"linear": [[1]], "bias": [-1]}]})
    certified = certify(made, lambda _: [one.value for one in numbers], 12)
    with pytest.raises(handcalc.CannotDecide):
        exact_carry(made, certified, [one.text for one in numbers], Rounding(figures=True, places=12))


# What the sheet says.


def said(record: Rounding, network: dict[str, Any] = UNWELL, *, exactly: bool = False) -> str:
    one = solved(network, record)
    sentences = rounding_sentences(record, [(one.first.program, one.first.printed.decimal)], exactly=exactly)
    return " ".join(words(sentence) for sentence in sentences)


def test_the_sentences_of_each_convention() -> None:
    assert said(Rounding()).startswith(
        "Carried exactly; results are rounded half up to 4 decimals, a half away from 0."
    )
    assert said(Rounding(places=1, carry="rounded")).startswith(
        "Every result is rounded half up to 1 decimal, a half away from 0, and the rounded number is used from then on."
    )
    assert said(Rounding(how="truncate")).startswith(
        "Carried exactly; results are cut off after 4 decimals, not rounded."
    )
    assert said(Rounding(True, 2, "rounded", "truncate")) == (
        "Every result is cut off after 2 significant figures, not rounded, and the cut number is used from then on."
    )
    assert "to 3 significant figures" in said(Rounding(figures=True, places=3))
    assert said(Rounding(), exactly=True).endswith("its letters stand for the exact numbers.")


def test_own_places_are_told_with_the_letters_of_the_sheet() -> None:
    record = Rounding(places=4, own=(("p[1]", 2), ("dL/dz2", 1)))
    one = solved(UNWELL, record)
    own = rounding_sentences(record, [(one.first.program, one.first.printed.decimal)])[1]
    assert words(own) == "Other than that, p[1] has 2 decimals, dL/dz2 has 1 decimal."
    assert [part.quantity.key for part in own if isinstance(part, Slot)] == ["p[1]", "dL/dz2"]


def test_kept_figures_and_powers_of_ten_are_told_where_they_occur() -> None:
    assert "keeps" not in said(Rounding(carry="rounded"))
    kept = said(Rounding(carry="rounded"), SOFTMAX)
    assert (
        "A result that isn't 0 but would round to 0, a probability that would round to 0 or 1, or a total that would "
        "round to one of its terms, keeps 4 significant figures of its distance from it."
    ) in kept
    assert "A probability that would round to 1, or a total" in said(Rounding(True, 3, "rounded"), SOFTMAX)
    assert "would be cut to 0, or a total that would be cut to one of its terms, keeps 4" in said(
        Rounding(carry="rounded", how="truncate"), SOFTMAX
    )
    assert "power of ten" not in said(Rounding(figures=True))
    assert "power of ten" in said(Rounding(figures=True), SOFTMAX)


def test_a_number_with_a_negative_power_of_ten_in_every_output() -> None:
    from handcalc.write import render

    one = solved({"inputs": [1], "layers": [{"sigmoid": [[-60]]}, {"linear": [[2]]}]}, Rounding(figures=True, places=3))
    assert "2·(8.756…·10^(−27))" in str(render(one, "text"))
    assert r"10^{-27}" in str(render(one, "latex"))
    assert "<mn>27</mn>" in str(render(one, "html"))


def test_read_number_is_not_asked_for_printed_digits() -> None:
    """Printed digits are no numbers of a file: a power of ten is written with an e there."""
    with pytest.raises(ValueError, match="is not a number"):
        read_number("1.25·10^4")


def test_places_of_what_there_is_not_are_an_error_at_their_line(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("inputs: 1\nlayers: [{linear: 2}]\nrounding: {own: {a7: 2}}\n")
    with pytest.raises(NetworkFileError, match=r"own.yaml, line 3, rounding.own: no quantity is called 'a7'"):
        handcalc.solve(file)
