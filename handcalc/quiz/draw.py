"""Choices that hang on a name alone, so that the same name gives the same numbers everywhere.

A choice is a counter-based hash: BLAKE2b of the name and of how many choices came before (Salmon et al., Parallel
Random Numbers: As Easy as 1, 2, 3, 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of choices."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._place = 0

    def among(self, values: Sequence[T]) -> T:
        self._place += 1
        digest = blake2b(f"{self._name}/{self._place}".encode(), digest_size=8).digest()
        return values[int.from_bytes(digest, "big") % len(values)]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """`values` in another order, each as likely as any other (Fisher and Yates, 1938)."""
        left = list(values)
        for n in range(len(left) - 1, 0, -1):
            k = self.among(range(n + 1))
            left[n], left[k] = left[k], left[n]
        return left
