"""Who gets a sheet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Student:
    """`key` is what the numbers hang on: the ID, or the name where there is none, or the number of a nameless sheet."""

    key: str
    name: str = ""
    id: str = ""
    group: str = ""
    """The room or section, by which the print run is sorted."""


def numbered(count: int) -> tuple[Student, ...]:
    """Nameless ones: 1, 2, 3, …"""
    return tuple(Student(str(n)) for n in range(1, count + 1))
