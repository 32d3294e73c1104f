"""Certified values: every digit that may be printed is proved.

A value that isn't rational is a ball (Johansson, Arb, 2017) that holds it; the precision is doubled
until the ball lies between two neighbouring decimals of `places` places. Where it never would,
because the value is such a decimal (an exact zero, a tie), an identity proves that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from handcalc.derive.functions import NoValue, value_of
from handcalc.derive.identity import NOTHING, Named, Proofs, chosen
from handcalc.derive.program import Program
from handcalc.derive.tape import Slots, Undecided, Value, as_rational, exact_tape
from handcalc.errors import HandcalcError
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Cases, Formula, Num, Ref, children

FIRST_PRECISION, PROOF_PRECISION, LAST_PRECISION = 64, 512, 4_096
"""Bits: at first; from when on proofs are tried (more bits are cheaper, and decide all but what is equal); at last."""


class CannotDecide(HandcalcError):
    """A digit stayed undecided at 4,096 bits; nothing is printed rather than a guess."""

    def __init__(self, quantity: Quantity, end: int | None = None, updates: int = 0) -> None:
        super().__init__(
            f"{quantity.key}: over {updates} updates rounding errors grow so fast that no digit can be certain; take "
            "fewer steps, or a smaller learning rate"
            if updates
            else f"{quantity.key}: its value is so close to {end} that {LAST_PRECISION} bits can't tell them apart "
            "(a saturated unit); scale the inputs (120 m² as 1.2 hundred m²), or use smaller weights or a smaller "
            "learning rate"
            if end is not None
            else f"{quantity.key}: its value is too close to a rounding boundary to be decided at {LAST_PRECISION} "
            "bits, and no identity proves that it lies on it; change one of the given numbers a little"
        )


@dataclass(frozen=True, slots=True)
class Certified:
    """`values` by slot: fmpq where the value is a known rational, else a ball of `precision` bits.

    ``floors[i]`` is the whole part of |value|·10^places, certain; ``negative[i]`` its sign.
    """

    values: list[Value]
    floors: list[int]
    negative: list[bool]
    places: int
    precision: int


def certify(
    program: Program,
    given_to: Callable[[int], Sequence[Value]],
    places: int,
    settle: Callable[[Quantity, fmpq, int], bool] | None = None,
    earlier: Callable[[int], Named] | None = None,
) -> Certified:
    """Work the program out so that `places` decimals of each value are certain.

    ``given_to(bits)`` holds what is given: typed numbers, or values of earlier passes, right to so many bits. Of these
    ``settle(quantity, candidate, bits)`` proves one to be a rational, which it is given as from then on.
    ``earlier(bits)`` holds the passes before this one, for what no one pass proves.

    Raises CannotDecide where a digit stays undecided, Impossible where a line asks for what has no value.
    """
    known: dict[int, fmpq] = {}
    tried: dict[int, fmpq] = {}
    precision, scale = FIRST_PRECISION, 10**places
    while True:
        given = given_to(precision)
        with ctx.workprec(precision):
            try:
                values = program.tape(frozenset(known))(given, known)
            except Undecided as comparison:
                if precision >= PROOF_PRECISION:
                    compared, settled = settled_comparison(program, given, known)
                    if precision >= LAST_PRECISION and not settled:
                        raise CannotDecide(compared or comparison.quantity or program.slots.quantities[-1]) from None
                    known |= settled
                precision = min(2 * precision, LAST_PRECISION)
                continue
            find_rationals(program, values)
            floors, negative, undecided = _floors(values, scale)
            near = _just_inside(program, undecided, floors, negative, scale)
            proved = proved_rationals(program, values, undecided, tried) if precision >= PROOF_PRECISION else {}
            if undecided and not proved and earlier and precision > PROOF_PRECISION:
                proved = proved_rationals(program, values, undecided, {}, earlier(precision))
            carried = {
                i: candidate for i, candidate in undecided.items() if i < program.first and candidate is not None
            }
        if not undecided:
            return Certified(values, floors, negative, places, precision)
        known |= proved
        if settle and precision >= PROOF_PRECISION and carried:
            quantities = program.slots.quantities
            told = [i for i, candidate in carried.items() if settle(quantities[i], candidate, precision)]
            if told:
                tried.clear()  # what could not be proved of balls may be of rationals
                continue
        if proved:
            continue
        if precision >= LAST_PRECISION:
            first, end = min(near.items(), default=(min(undecided), None))
            raise CannotDecide(program.slots.quantities[first], end)
        precision *= 2


def _floors(values: list[Value], scale: int) -> tuple[list[int], list[bool], dict[int, fmpq | None]]:
    """Whole parts and signs; and the slots that are undecided, each with the decimal it may be equal to."""
    floors, negative, undecided = [], [], {}
    for i, v in enumerate(values):
        below = v < 0
        if isinstance(v, fmpq):
            whole = int(abs(v.p)) * scale // int(v.q)
        else:
            whole = (abs(v) * scale).floor().unique_fmpz()
            if whole is None or not (below or v > 0):
                undecided[i] = _nearest(v, scale)
                whole, below = 0, False
        floors.append(int(whole))
        negative.append(below)
    return floors, negative, undecided


def find_rationals(program: Program, values: list[Value]) -> None:
    """Make rationals of the balls that are known to be rational: those of radius 0, and what is made of rationals.

    Such are the gradients behind a dead ReLU, the parameters that they leave as they are, the roots of squares, what is
    made of a sign alone, and what a ball times the rational 0 leaves over: 0·x + 2·0.1·0.5.
    """
    carried = values[: program.first]
    found = any(isinstance(v, arb) for v in carried) and any(isinstance(v, fmpq) and not v for v in carried)
    for i in range(program.first, len(values)):
        v, n = values[i], i - program.first
        if isinstance(v, fmpq):
            found = found or not program.is_rational[n] or program.chooses[n]
            continue
        if v.is_exact():
            values[i], found = as_rational(v), True
            continue
        tried = program.may_be_rational[n] and (found or not program.is_rational[n])
        if tried and all(isinstance(values[j], fmpq) for j in program.operands[n]):
            values[i], found = program.lines[n](values), True
        elif tried and any(isinstance(values[j], fmpq) and not values[j] for j in program.operands[n]):
            value = _without_zeros(program, n, values)
            if isinstance(value, fmpq):
                values[i], found = value, True


def _without_zeros(program: Program, n: int, values: list[Value]) -> Value | None:
    """The step worked out once more, where products with the rational 0 are that."""
    number, formula = program.slots.number, program.formulas[n]

    def value(q: Quantity) -> Value:
        return values[number[q]]

    try:
        return value_of(chosen(formula, value) if program.has_cases[n] else formula, value)
    except (NoValue, Undecided):  # NoValue: of what stands beside a 0, as in 0·ln 0
        return None


def _just_inside(
    program: Program, undecided: dict[int, fmpq | None], floors: list[int], negative: list[bool], scale: int
) -> dict[int, int]:
    """Decide the values next to an end of the open range that they never leave: 1 − 10⁻³⁰ begins 0.999….

    Returns these ends by slot, and takes the slots out of `undecided`.
    """
    near: dict[int, int] = {}
    for i, candidate in list(undecided.items()):
        for end in program.ranges[i] or ():
            if candidate == end:
                near[i] = end
                floors[i] = abs(end) * scale - 1 if end else 0
                negative[i] = end < 0
                del undecided[i]
    return near


def _nearest(v: arb, scale: int) -> fmpq | None:
    """The decimal next to the ball `v`, where the ball is narrow enough to have one only."""
    whole = (v * scale + arb(1) / 2).floor().unique_fmpz()
    return None if whole is None else fmpq(int(whole), scale)


def proved_rationals(
    program: Program,
    values: Sequence[Value],
    candidates: dict[int, fmpq | None],
    tried: dict[int, fmpq],
    earlier: Named = NOTHING,
) -> dict[int, fmpq]:
    """Those of the candidates that an identity proves, earlier ones used for later ones."""
    quantities = program.slots.quantities
    named = {**earlier.values, **dict(zip(quantities, values, strict=True))}
    proofs = Proofs({**earlier.formulas, **program.by_target}, named)
    proved: dict[int, fmpq] = {}
    for i, candidate in sorted(candidates.items()):
        if i < program.first:  # carried here by an earlier pass, which has its formula
            continue
        if candidate is None or (not proved and tried.get(i) == candidate):
            continue
        tried[i] = candidate
        if proofs.opened(quantities[i], candidate) is not None:
            proved[i] = named[quantities[i]] = candidate
    return proved


def settled_comparison(
    program: Program, given: Sequence[Value], known: dict[int, fmpq]
) -> tuple[Quantity | None, dict[int, fmpq]]:
    """The first quantity whose sign can't be seen in its ball; and its value by slot where an identity proves it.

    First of all what stands in a comparison and is a rational that the tape has taken for a ball.
    """
    slots, formulas = program.slots, program.formulas
    for n, formula in enumerate(formulas):
        if not program.chooses[n]:
            continue
        upto = Slots.of(slots.quantities[: slots.givens], slots.quantities[slots.givens : slots.givens + n])
        fixed = frozenset(i for i in known if i < slots.givens + n)
        try:
            values = exact_tape(upto, formulas[:n], fixed)(given, known)
        except Undecided as earlier:  # a comparison of two quantities, which nothing settles yet
            return earlier.quantity, {}
        balls = {j for j, v in enumerate(values) if isinstance(v, arb)}
        find_rationals(program, values)
        if turned := {i: v for i in program.operands[n] if i in balls and isinstance(v := values[i], fmpq)}:
            return slots.quantities[min(turned)], turned
        compared = _compared_with_zero(formula)
        if compared is None:
            continue
        i = slots.number[compared]
        if isinstance(values[i], arb) and values[i].contains(0):
            rest = [*values, *([None] * (len(slots.quantities) - len(values)))]
            return compared, proved_rationals(program, rest, {i: fmpq(0)}, {})
    return None, {}


def _compared_with_zero(f: Formula) -> Quantity | None:
    """The quantity that `f` compares with 0, if it does."""
    match f:
        case Cases(Ref(q), _, Num(number), _, _) if number.value == 0:
            return q
        case Call("max", (Num(number), Ref(q))) if number.value == 0:
            return q
    return next((found for part in children(f) if (found := _compared_with_zero(part))), None)
