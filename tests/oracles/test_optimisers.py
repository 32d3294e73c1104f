"""Optimisers against published figures, against PyTorch's own where it is installed, and against each other.

A small page of its own: numbers are put in as each step is written, in fractions or with many digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from mpmath.ctx_mp import MPContext

from handcalc.formula.quantity import Quantity, read_key
from handcalc.formula.tree import Call, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum
from handcalc.ops import Optimiser, optimisers, plain

MP = MPContext()
MP.dps = 40
KINDS = list(dict.fromkeys(optimisers().values()))
CASES = [(kind, choices) for kind in KINDS for choices in ({}, *kind.variants)]
Numbers = dict[Quantity, Any]


def fraction(text: str | Fraction) -> Fraction:
    return Fraction(text)


def decimal(text: str | Fraction) -> Any:
    exact = Fraction(text)
    return MP.mpf(exact.numerator) / exact.denominator


def worked(f: Formula, numbers: Numbers, number: Callable[[str], Any]) -> Any:
    """The value of `f`, in the arithmetic of `number`."""

    def of(f: Formula) -> Any:
        match f:
            case Num(typed):
                return number(typed.text)
            case Ref(quantity):
                return numbers[quantity]
            case Sum(terms):
                return sum(map(of, terms), number("0"))
            case Product(factors):
                product = number("1")
                for factor in factors:
                    product *= of(factor)
                return product
            case Quotient(top, bottom):
                return of(top) / of(bottom)
            case Power(base, exponent):
                return of(base) ** int(exponent if isinstance(exponent, int) else of(exponent))
            case Negative(inner):
                return -of(inner)
            case Call("sqrt", (inner,)):
                return MP.sqrt(of(inner))
            case Call("abs", (inner,)):
                return abs(of(inner))
            case Call("max", several):
                return max(map(of, several))
        raise TypeError(f"no value for {f!r}")

    return of(f)


class Turn:
    """The turn of a parameter whose numbers are known; `written` holds what each step gave, by its letter."""

    w, gradient, rate, t = (Ref(Quantity(letter)) for letter in ("w", "dw", "eta", "t"))

    def __init__(self, numbers: Numbers, before: dict[str, Any], number: Callable[[str], Any]) -> None:
        self.numbers, self.number = dict(numbers), number
        self.numbers |= {Quantity(letter): value for letter, value in before.items()}
        self.written: dict[str, Any] = {}

    def old(self, letter: str) -> Ref:
        return Ref(Quantity(letter))

    def let(self, letter: str, formula: Formula) -> Ref:
        assert letter not in self.written, f"{letter} is written twice"
        self.written[letter] = self.value(formula)
        new = Quantity(letter).later()
        self.numbers[new] = self.written[letter]
        return Ref(new)

    def value(self, f: Formula) -> Any:
        return worked(f, self.numbers, self.number)


def updates(
    optimiser: Optimiser,
    w: str,
    slope: Callable[[int, Any], Any],
    rate: str,
    number: Callable[[str], Any] = decimal,
    given: dict[str, str] | None = None,
) -> Iterator[dict[str, Any]]:
    """Of each update what was written, with the next value under ``w``; `slope` gives a gradient by t and w."""
    now = number(w)
    fixed = {read_key(key): number(text) for key, text in (given or {}).items()} | {Turn.rate.quantity: number(rate)}
    state = {one.letter: worked(one.start, fixed, number) for one in optimiser.state}
    t = 0
    while True:
        t += 1
        here = {Turn.w.quantity: now, Turn.gradient.quantity: slope(t, now), Turn.t.quantity: t}
        turn = Turn(fixed | here, state, number)
        now = turn.value(optimiser.step(turn))
        state = {letter: turn.written[letter] for letter in state}
        yield turn.written | {"w": now}


def first(several: int, found: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [made for made, _ in zip(found, range(several), strict=False)]


def listed(gradients: Sequence[str], number: Callable[[str], Any] = decimal) -> Callable[[int, Any], Any]:
    return lambda t, w: number(gradients[min(t, len(gradients)) - 1])


def agrees(value: Any, printed: str, slack: str = "0.5") -> bool:
    """Whether `value` is the `printed` number to within half a unit of its last place."""
    places = len(printed.partition(".")[2])
    return bool(abs(value - decimal(printed)) <= decimal(slack) * MP.mpf(10) ** -places)


def same(one: Any, other: Any) -> bool:
    return bool(abs(one - other) < MP.mpf(10) ** -30)


# f(w1, w2) = 0.1 w1² + 2 w2² from (-5, -2): course exercises of AI Viet Nam 2024, module 5, week 4. Figures that floats
# have printed are cut where their rounding begins.
BOWL = {"w1": ("-5", "0.2"), "w2": ("-2", "4")}
PUBLISHED = {
    "momentum": (
        {"form": "averaged", "momentum": "0.5"},
        "0.6",
        {
            "w1": {
                1: {"v": "-0.5", "w": "-4.7"},
                2: {"v": "-0.72", "w": "-4.268"},
                3: {"w": "-3.79592"},
                30: {"w": "-0.061007259235707"},
            },
            "w2": {
                1: {"v": "-4.0", "w": "0.4"},
                2: {"v": "-1.2", "w": "1.12"},
                3: {"w": "0.136"},
                30: {"w": "0.00006451629325061"},
            },
        },
    ),
    "rmsprop": (
        {"epsilon": "1e-6"},
        "0.3",
        {
            "w1": {
                1: {"s": "0.1", "w": "-4.0513214453304"},
                2: {"s": "0.16", "w": "-3.4351975407103"},
                30: {"w": "-0.0030057708084714"},
            },
            "w2": {
                1: {"s": "6.4", "w": "-1.0513167760654"},
                2: {"s": "7.5", "w": "-0.5915234259161"},
                30: {"w": "-0.00000000000000003005060842612"},
            },
        },
    ),
    "adam": (
        {"epsilon": "1e-6", "letters": "v and s"},
        "0.2",
        {
            "w1": {
                1: {"v": "-0.1", "s": "0.001", "vhat": "-1", "shat": "1", "w": "-4.8000002"},
                2: {"v": "-0.186", "s": "0.00192", "vhat": "-0.98", "shat": "0.96", "w": "-4.60025478"},
                30: {"w": "-0.11386457"},
            },
            "w2": {
                1: {"v": "-0.8", "s": "0.064", "vhat": "-8", "shat": "64", "w": "-1.80000002"},
                2: {"v": "-1.44", "s": "0.1158", "vhat": "-7.58", "shat": "57.92", "w": "-1.60082451"},
                30: {"w": "0.06793529"},
            },
        },
    ),
}


@pytest.mark.parametrize("parameter", BOWL)
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_bowl_of_the_course(name: str, parameter: str) -> None:
    options, rate, printed = PUBLISHED[name]
    w, factor = BOWL[parameter]
    made = first(30, updates(optimisers()[name](**options), w, lambda t, w: w * decimal(factor), rate))
    for t, figures in printed[parameter].items():
        for letter, text in figures.items():
            assert agrees(made[t - 1][letter], text), (name, t, letter, made[t - 1][letter], text)


RAMP = [f"0.{i}" for i in range(1, 10)] + ["1.0"]
GOLDEN = {
    "adagrad": (
        {"initial_accumulator": "0.3", "epsilon": "1e-6"},
        "0.2",
        (
            "0.9963 0.9963 0.9963 0.9963 0.9963 0.9963 0.9963 0.9963 0.9963 0.9963",
            "0.9604 0.9278 0.9003 0.8784 0.8615 0.8487 0.8388 0.8313 0.8255 0.8209",
            "0.9251 0.8629 0.8137 0.7768 0.7497 0.7298 0.7151 0.7040 0.6956 0.6891",
            "0.8903 0.8012 0.7342 0.6862 0.6521 0.6277 0.6099 0.5967 0.5867 0.5790",
            "0.8560 0.7422 0.6604 0.6037 0.5644 0.5367 0.5168 0.5021 0.4910 0.4825",
        ),
    ),
    "adamw": (
        {"weight_decay": "0.5", "epsilon": "2", "epsilon_at": "uncorrected root"},
        "1.0",
        (
            "0.4998 0.4998 0.4998 0.4998 0.4998 0.4998 0.4998 0.4998 0.4998 0.4998",
            "0.2486 0.2475 0.2463 0.2451 0.2440 0.2428 0.2417 0.2405 0.2394 0.2382",
            "0.1223 0.1198 0.1174 0.1149 0.1124 0.1100 0.1075 0.1051 0.1027 0.1003",
            "0.0586 0.0549 0.0512 0.0475 0.0439 0.0402 0.0366 0.0330 0.0294 0.0258",
            "0.0263 0.0215 0.0167 0.0120 0.0073 0.0026 -0.0021 -0.0067 -0.0113 -0.0159",
        ),
    ),
    "amsgrad": (
        {"epsilon": "1e-7", "epsilon_at": "uncorrected root"},
        "0.001",
        tuple(" ".join([row] * 10) for row in ("0.999", "0.9982", "0.9974", "0.9965", "0.9955")),
    ),
    "rmsprop": (
        {"centred": "yes", "epsilon": "1e-7"},
        "0.001",
        tuple(" ".join([row] * 10) for row in ("0.9967", "0.9933", "0.9908", "0.9885", "0.9864")),
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_golden_figures_of_keras(name: str) -> None:
    """Each from 1, first by the gradient 0.01, then four times by 0.1, 0.2, … 1.0 (optimizer tests of Keras).

    Where one row stands for ten places, it is right to within two units.
    """
    options, rate, rows = GOLDEN[name]
    slack = "2" if name in ("amsgrad", "rmsprop") else "0.5"
    for place, gradient in enumerate(RAMP):
        made = first(5, updates(optimisers()[name](**options), "1", listed(["0.01", gradient]), rate))
        for row, found in zip(rows, made, strict=True):
            assert agrees(found["w"], row.split()[place], slack), (place, found["w"])


@pytest.mark.parametrize(
    ("name", "options", "printed"),
    [
        ("adagrad", {"initial_accumulator": "0.1"}, ("0.5233", "1.5007", "2.5005", "3.5061")),
        ("adamw", {"weight_decay": "0.004"}, ("0.4980", "1.4960", "2.494", "3.492")),
        ("adam", {"epsilon": "1e-7", "epsilon_at": "uncorrected root"}, ("0.5000", "1.5000", "2.5000", "3.5000")),
        ("rmsprop", {"rho": "0.9"}, ("-0.5811", "0.4189", "1.4189", "2.4189")),
        ("gradient descent", {}, ("0.5", "-1.0", "-0.5", "3.0")),
    ],
)
def test_a_single_step_of_keras(name: str, options: dict[str, str], printed: tuple[str, ...]) -> None:
    """From 1, 2, 3, 4 by the gradients 1, 6, 7, 2 with the rate 0.5 (optimizer tests of Keras)."""
    for w, gradient, text in zip("1234", "1672", printed, strict=True):
        (made,) = first(1, updates(optimisers()[name](**options), w, listed([gradient]), "0.5"))
        assert agrees(made["w"], text), made["w"]


def test_the_heavy_ball_of_tensorflow() -> None:
    """x²/2 from 1 with rate 0.1 and momentum 0.9: steps of 0.1 and 0.18; plainly, 0.9 after one (docstring of SGD)."""
    one, two = first(2, updates(optimisers()["momentum"](), "1.0", lambda t, w: w, "0.1", fraction))
    assert (one["w"], two["w"]) == (Fraction("0.9"), Fraction("0.72"))
    (plainly,) = first(1, updates(optimisers()["sgd"](), "1.0", lambda t, w: w, "0.1", fraction))
    assert plainly["w"] == Fraction("0.9")


HOMEWORK = ("0.5", listed(["-0.8"], fraction), "0.01", fraction)


def test_the_homework_answered_with_the_wrong_sign() -> None:
    """A multiple-choice question: velocity 0.02 before, 0.526 after the update; somebody answered v = 0.01."""
    right = optimisers()["momentum"](initial="0.02")
    (made,) = first(1, updates(right, *HOMEWORK))
    assert (made["v"], made["w"]) == (Fraction("0.026"), Fraction("0.526"))
    (made,) = first(1, updates(slipped(right, "sign-of-gradient"), *HOMEWORK))
    assert made["v"] == Fraction("0.01")


def slipped(optimiser: Optimiser, code: str) -> Optimiser:
    (mistake,) = (one for one in optimiser.mistakes if one.code == code)
    wrong = optimiser.with_mistake(mistake)
    assert isinstance(wrong, Optimiser)
    return wrong


@pytest.mark.parametrize(
    ("name", "code", "w"),
    [
        ("gradient descent", "sign-of-step", "1.1"),
        ("gradient descent", "rate-left-out", "-1"),
        ("gradient descent", "old-weight-left-out", "-0.1"),
        ("momentum", "sign-of-step", "1.1"),
        ("nesterov", "look-ahead-left-out", "0.9"),
        ("adamw", "decay-without-rate", "0.94000000025"),
        ("adam", "rate-left-out", "0.000000005"),
        ("adam", "no-bias-correction", "0.841886142"),
        ("adam", "beta1-for-beta2", "0.5"),
        ("adagrad", "not-squared", "0.9292893236"),
        ("adagrad", "root-left-out", "0.97500000"),
        ("adagrad", "sign-of-step", "1.04999999938"),
    ],
)
def test_what_a_slip_gives(name: str, code: str, w: str) -> None:
    """The first update from 1 by the gradient 2 with the rate 0.05, worked out by hand."""
    (made,) = first(1, updates(slipped(optimisers()[name](), code), "1", listed(["2"]), "0.05"))
    assert agrees(made["w"], w), made["w"]


def test_counted_from_0_the_second_update_is_corrected_like_the_first() -> None:
    adam = optimisers()["adam"]()
    numbers = {q.quantity: decimal(x) for q, x in ((Turn.w, "1"), (Turn.gradient, "2"), (Turn.rate, "0.05"))}
    before = {"m": decimal("0.2"), "v": decimal("0.004")}
    wrong = Turn(numbers | {Turn.t.quantity: 2}, before, decimal)
    slipped(adam, "t-from-0").step(wrong)
    assert same(wrong.written["mhat"], decimal("3.8"))
    assert same(wrong.written["vhat"], decimal("7.996"))


@pytest.mark.parametrize(("kind", "choices"), CASES, ids=lambda case: getattr(case, "name", str(case)))
def test_each_state_is_written_once_and_no_letter_twice(kind: type[Optimiser], choices: dict[str, str]) -> None:
    optimiser = kind(**choices)
    made = first(3, updates(optimiser, "1", listed(["2", "-1", "0.5"]), "0.1"))
    for found in made:
        assert {state.letter for state in optimiser.state} <= found.keys()
    assert all(state.tell for state in optimiser.state)
    assert len({found["w"] for found in made}) == 3


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_numbers_that_are_given_are_named_in_the_formula(kind: type[Optimiser]) -> None:
    """An option with a letter may be held as the name of a given; its default and a given of that value agree."""
    named = [option for option in kind.options if option.letter and option.default not in option.words]
    given = {option.letter: option.default for option in named}
    by_name = kind(**{option.attribute: Ref(read_key(option.letter)) for option in named})
    slope = listed(["2", "-1", "0.5"])
    assert first(3, updates(by_name, "1", slope, "0.1", given=given)) == first(3, updates(kind(), "1", slope, "0.1"))
    if named:
        with pytest.raises(KeyError):
            first(1, updates(by_name, "1", slope, "0.1"))


def test_with_a_constant_rate_heavy_ball_and_accumulated_velocity_give_the_same_weights() -> None:
    slope = listed(["2", "-1", "0.5", "3", "-2.5"], fraction)
    for name in ("momentum", "nesterov"):
        ways = [
            [made["w"] for made in first(6, updates(optimisers()[name](form=form), "1", slope, "0.1", fraction))]
            for form in ("heavy ball", "accumulated")
        ]
        assert ways[0] == ways[1]
    averaged = optimisers()["momentum"](form="averaged", momentum="3/4")
    heavy = optimisers()["momentum"](momentum="3/4")
    tenfold = [made["w"] for made in first(6, updates(averaged, "1", slope, "0.4", fraction))]
    assert tenfold == [made["w"] for made in first(6, updates(heavy, "1", slope, "0.1", fraction))]


def test_an_epsilon_at_the_uncorrected_root_weighs_more_in_the_first_updates() -> None:
    """√v′ + ε is √(1 − β₂^t) (√v̂ + ε/√(1 − β₂^t)): at t = 1, with β₂ = 0.75, twice the ε at the corrected root."""
    slope = listed(["0.5"])
    (one,) = first(1, updates(optimisers()["adam"](beta2="0.75", epsilon="0.2"), "1", slope, "0.1"))
    other = optimisers()["adam"](beta2="0.75", epsilon="0.1", epsilon_at="uncorrected root")
    (two,) = first(1, updates(other, "1", slope, "0.1"))
    assert same(one["w"], two["w"])
    assert same(one["w"], 1 - decimal("1/14"))


def test_a_network_file_may_name_an_optimiser_as_the_field_does() -> None:
    accepted = optimisers()
    for name in ("SGD", "gradient descent", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam", "AMSGrad", "AdamW"):
        assert plain(name) in accepted
    assert all(issubclass(kind, Optimiser) for kind in accepted.values())
    assert "relu" not in accepted
    with pytest.raises(TypeError, match="adam has no option 'rho'"):
        accepted["adam"](rho="0.9")


def test_of_a_maximum_so_far_a_small_gradient_after_a_large_one_takes_nothing_away() -> None:
    slope = listed(["3", "0.01"])
    plainly = first(9, updates(optimisers()["adam"](), "1", slope, "0.1"))
    never_less = first(9, updates(optimisers()["amsgrad"](), "1", slope, "0.1"))
    assert [made["vmax"] for made in never_less] == [plainly[0]["v"]] * 9
    assert all(a["v"] > b["v"] for a, b in pairwise(plainly))


@pytest.mark.parametrize(
    ("at", "steps"),
    [
        ("maximum", ("0.2", "0.18")),  # m′ over the root of 1, which v′ = 0.75 doesn't replace
        ("corrected maximum", ("1", "9/19")),  # m̂ = 2, then 0.18/0.19, over the root of 4, the first v̂
    ],
)
def test_the_greatest_second_moment_by_hand(at: str, steps: tuple[str, str]) -> None:
    """From 0 by the gradients 2 and 0, with β₂ = 0.75 and without ε: v′ is 1, then 0.75."""
    optimiser = optimisers()["amsgrad"](epsilon_at=at, epsilon="0", beta2="0.75")
    one, two = first(2, updates(optimiser, "0", listed(["2", "0"]), "1"))
    assert same(-one["w"], decimal(steps[0]))
    assert same(one["w"] - two["w"], decimal(steps[1]))


GRADIENTS = ("0.3", "-1.2", "0.05", "0", "0.7", "2.5", "-0.4")
TORCH = [
    ("gradient descent", {}, "SGD", {}),
    ("gradient descent", {"weight_decay": "0.1"}, "SGD", {"weight_decay": 0.1}),
    ("momentum", {"form": "accumulated"}, "SGD", {"momentum": 0.9}),
    ("momentum", {"form": "accumulated", "weight_decay": "0.1"}, "SGD", {"momentum": 0.9, "weight_decay": 0.1}),
    ("momentum", {"form": "averaged", "momentum": "0.8"}, "SGD", {"momentum": 0.8, "dampening": 0.8}),
    ("nesterov", {"form": "accumulated"}, "SGD", {"momentum": 0.9, "nesterov": True}),
    ("adagrad", {"epsilon_at": "outside", "epsilon": "1e-10"}, "Adagrad", {}),
    (
        "adagrad",
        {"epsilon_at": "outside", "epsilon": "0.1", "initial_accumulator": "0.1", "weight_decay": "0.1"},
        "Adagrad",
        {"eps": 0.1, "initial_accumulator_value": 0.1, "weight_decay": 0.1},
    ),
    ("rmsprop", {"epsilon_at": "outside", "epsilon": "1e-8", "rho": "0.99"}, "RMSprop", {}),
    (
        "rmsprop",
        {"epsilon_at": "outside", "centred": "yes", "epsilon": "0.01", "weight_decay": "0.1"},
        "RMSprop",
        {"alpha": 0.9, "centered": True, "eps": 0.01, "weight_decay": 0.1},
    ),
    ("adadelta", {}, "Adadelta", {}),
    ("adadelta", {"rho": "0.95", "weight_decay": "0.1"}, "Adadelta", {"rho": 0.95, "weight_decay": 0.1}),
    ("adam", {}, "Adam", {}),
    ("adam", {"beta1": "0.8", "beta2": "0.9", "epsilon": "0.1"}, "Adam", {"betas": (0.8, 0.9), "eps": 0.1}),
    ("adam", {"letters": "v and s", "weight_decay": "0.1"}, "Adam", {"weight_decay": 0.1}),
    ("amsgrad", {"beta2": "0.5"}, "Adam", {"amsgrad": True, "betas": (0.9, 0.5)}),
    ("adamw", {}, "AdamW", {}),
    ("adamw", {"weight_decay": "0.5", "epsilon": "2"}, "AdamW", {"weight_decay": 0.5, "eps": 2.0}),
    ("adamax", {}, "Adamax", {"eps": 0.0}),
    ("adamax", {"beta2": "0.5"}, "Adamax", {"eps": 0.0, "betas": (0.9, 0.5)}),
    ("nadam", {}, "NAdam", {"momentum_decay": 1e9}),
]


@pytest.fixture
def torch() -> Iterator[Any]:
    """PyTorch where even the scalars that an optimiser keeps are of 64 bits."""
    found = pytest.importorskip("torch")
    before = found.get_default_dtype()
    found.set_default_dtype(found.float64)
    yield found
    found.set_default_dtype(before)


@pytest.mark.parametrize(("name", "options", "theirs", "settings"), TORCH)
def test_the_optimisers_of_pytorch(
    torch: Any, name: str, options: dict[str, str], theirs: str, settings: dict[str, Any], counts: dict[str, int]
) -> None:
    """Update by update; a huge `momentum_decay` keeps the β₁ of their NAdam constant."""
    w = torch.nn.Parameter(torch.tensor(0.4))
    optimiser = getattr(torch.optim, theirs)([w], lr=0.05, **settings)
    if settings.get("dampening"):  # theirs takes the first gradient undamped; ours has a mean that starts at 0
        optimiser.state[w]["momentum_buffer"] = torch.zeros_like(w)
    made = first(len(GRADIENTS), updates(optimisers()[name](**options), "0.4", listed(GRADIENTS), "0.05"))
    for gradient, found in zip(GRADIENTS, made, strict=True):
        w.grad = torch.tensor(float(gradient))
        optimiser.step()
        assert abs(found["w"] - w.item()) < MP.mpf("1e-13"), (name, found["w"], w.item())
        counts["updates as PyTorch makes them"] += 1
