"""Operations: one class each, registered by being defined. This package imports `handcalc.formula` only."""

import handcalc.ops.activations
import handcalc.ops.adam
import handcalc.ops.chain_rule
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
    State,
    Turn,
    activations,
    losses,
    plain,
)
from handcalc.ops.optimisers import optimisers

__all__ = [
    "Activation",
    "Loss",
    "Made",
    "Mistake",
    "Operation",
    "Optimiser",
    "Option",
    "State",
    "Turn",
    "activations",
    "losses",
    "optimisers",
    "plain",
]
