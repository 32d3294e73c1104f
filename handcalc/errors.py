"""What handcalc raises.

HandcalcError                   whatever a user can put right: one message in the user's words
├── FileError                   a file: what is wrong in it, and where (also a ValueError)
│   ├── NetworkFileError        the network file, or the objects given in its place
│   ├── RosterError             the list of students
│   ├── PackError               the manifest of a pack
│   └── AnswersError            a file of answers
├── UnknownQuantity             a key that names no quantity of the solution (also a KeyError)
├── HasLetters                      digits that were asked for of a quantity that depends on letters
├── CannotDecide                a digit that no precision and no identity decides
└── Impossible                  a line asks for ln 0, the square root of a negative number, a division by 0
    └── RoundedAway             the same in rounded carry
"""

from collections.abc import Sequence
from difflib import get_close_matches


class HandcalcError(Exception):
    """Something the user can put right; `str(error)` is the whole message, without a traceback."""


class UnknownQuantity(HandcalcError, KeyError):
    """A key that isn't among `known`."""

    def __init__(self, key: str, known: Sequence[str]) -> None:
        near = get_close_matches(str(key), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known[:8])}, …"
        super().__init__(f"no quantity is called {key!r}; {hint}")

    def __str__(self) -> str:
        return str(self.args[0])


class HasLetters(HandcalcError):
    """The quantity `key` has no digits, because it depends on `letters`."""

    def __init__(self, key: str, letters: Sequence[str]) -> None:
        named = f"{', '.join(letters[:-1])} and {letters[-1]}" if len(letters) > 1 else letters[0]
        depends = f"depends on the letter{'s' if len(letters) > 1 else ''} {named}"
        super().__init__(f"{key} {depends}, so it has no digits; its exact value is an expression in letters")
        self.key, self.letters = key, tuple(letters)
