"""Operations: one class each, registered by being defined. This package imports `handcalc.formula` only."""

import handcalc.ops.activations
import handcalc.ops.chain_rule
import handcalc.ops.gate
import handcalc.ops.losses
import handcalc.ops.optimisers
import handcalc.ops.weighted_sum  # noqa: F401
from handcalc.ops.operation import (
    Activation,
    Loss,
    Made,
    Mistake,
    Operation,
    Optimiser,
    Option,
    activations,
    losses,
    plain,
)

__all__ = [
    "Activation",
    "Loss",
    "Made",
    "Mistake",
    "Operation",
    "Optimiser",
    "Option",
    "activations",
    "losses",
    "plain",
]
