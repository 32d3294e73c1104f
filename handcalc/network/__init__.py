"""The network file: YAML, JSON, a dict or Python objects in, a checked Network out."""

from handcalc.network.chosen import Chosen
from handcalc.network.errors import NetworkFileError
from handcalc.network.layers import Branches, Layer
from handcalc.network.network import Network
from handcalc.network.reading import count_quantities, read, read_all, read_text

__all__ = [
    "Branches",
    "Chosen",
    "Layer",
    "Network",
    "NetworkFileError",
    "count_quantities",
    "read",
    "read_all",
    "read_text",
]
