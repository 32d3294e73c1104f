"""Operations: one class each, registered by being defined. This package imports `handcalc.formula` only."""

import handcalc.ops.activations
import handcalc.ops.adam
import handcalc.ops.chain_rule
import handcalc.ops.gate
import handcalc.ops.join
import handcalc.ops.losses_of_classes
import handcalc.ops.losses_of_margins
import handcalc.ops.losses_of_regression
import handcalc.ops.optimisers
import handcalc.ops.regularisers
import handcalc.ops.scaling
import handcalc.ops.softmax
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
from handcalc.ops.regularisers import Regulariser, regularisers
from handcalc.ops.scaling import Scaling, scalings

__all__ = [
    "Activation",
    "Loss",
    "Made",
    "Mistake",
    "Operation",
    "Optimiser",
    "Option",
    "Regulariser",
    "Scaling",
    "State",
    "Turn",
    "activations",
    "losses",
    "optimisers",
    "plain",
    "regularisers",
    "scalings",
]
