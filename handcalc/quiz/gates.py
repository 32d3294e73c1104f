"""What numbers have to pass before somebody gets them."""

from __future__ import annotations

GATES = {
    "friendly": True,
    "edges": True,
    "live and dead": False,
    "saturation": True,
    "vanishing": True,
    "ties": True,
    "confusable": True,
    "two figures": True,
    "visible updates": True,
    "falling loss": True,
    "mistakes": True,
    "equal work": True,
    "distinct": True,
    "rounded carry agrees": False,
}
"""Each gate, and whether it is in force where a file says nothing."""
