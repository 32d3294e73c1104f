"""One row an example: name, figures reproduced, errata, missing. Exits with 1 where one is missing.

With --table instead the page docs/published.md, which a test compares with this.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from .figures import Example, Verdict, example, names

COLUMNS: tuple[Verdict, ...] = ("reproduced", "erratum", "missing")
HEADS = ("reproduced", "errata", "missing")
HEAD = """\
# Published examples

Hand-worked examples that others have published, each as an ordinary network file in `examples/published`. Every figure
that its source prints is looked up by key in what handcalc derives, and compared as text, to the digits of the source.
`make published` prints these rows. A number of more than 12 significant digits is a program's float and is compared at
12, one of a program in single precision at 6.

| example | source | figures | reproduced | errata | missing |
|---|---|---|---|---|---|
"""
ERRATA = """
## Errata

Here the source prints another number. *Ours* is what its own givens give; *how we know* is what leads to the printed
number. Where it is a convention, such as rounding early, and the file has an exercise that follows it and gives the
printed number, it says *followed*.

| example | figure | printed | ours | how we know | |
|---|---|---|---|---|---|
"""


def counts(examples: Sequence[Example]) -> list[int]:
    return [sum(one.count(verdict) for one in examples) for verdict in COLUMNS]


def table(examples: Sequence[Example]) -> str:
    """The page docs/published.md."""
    rows = [
        _row(f"[{one.name}](../examples/published/{one.name}.yaml)", one.source, len(one.figures), *counts([one]))
        for one in examples
    ]
    rows.append(_row("**all**", "", sum(len(one.figures) for one in examples), *counts(examples)))
    errata = [
        _row(one.name, figure.name, figure.printed, figure.ours, figure.why, "followed" if figure.followed else "")
        for one in examples
        for figure in one.figures
        if figure.verdict == "erratum"
    ]
    return HEAD + "".join(rows) + ERRATA + "".join(errata)


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"


def main(arguments: Sequence[str]) -> int:
    chosen = [name for name in arguments if not name.startswith("-")] or names()
    if "--table" in arguments:
        print(table([example(name) for name in chosen]), end="")
        return 0
    width = max(map(len, chosen))
    print(f"{'':<{width}}  {'  '.join(HEADS)}")
    for name in chosen:
        print(_counted(name, width, counts([example(name)])), flush=True)
        for figure in example(name).figures:
            if figure.verdict == "missing":
                print(f"  {figure.name}: printed {figure.printed}, ours {figure.ours} {figure.why}")
    total = counts([example(name) for name in chosen])
    print(_counted(f"{len(chosen)} examples", width, total))
    return 1 if total[-1] else 0


def _counted(name: str, width: int, numbers: Sequence[int]) -> str:
    columns = (f"{n:>{len(column)}}" for n, column in zip(numbers, HEADS, strict=True))
    return f"{name:<{width}}  {'  '.join(columns)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
