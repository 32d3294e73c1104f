"""Operations: one class each, registered by being defined. This package imports `handcalc.formula` only."""

from handcalc.ops import activations as _activations
from handcalc.ops import chain_rule, losses as _losses, optimisers, weighted_sum
from handcalc.ops.operation import Activation, Loss, Made, Mistake, Operation, Optimiser, activations, losses, plain

__all__ = ["Activation", "Loss", "Made", "Mistake", "Operation", "Optimiser", "activations", "losses", "plain"]
