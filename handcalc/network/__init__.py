"""The network file: YAML, JSON, a dict or Python objects in, a checked Network out."""

from handcalc.network.errors import NetworkFileError
from handcalc.network.network import Layer, Network
from handcalc.network.reading import count_quantities, read, read_text

__all__ = ["Layer", "Network", "NetworkFileError", "count_quantities", "read", "read_text"]
