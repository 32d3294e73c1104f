"""The examples that come with handcalc, to look at and to start from.

In a checkout they lie in ``examples/`` beside the package, in an installed wheel inside it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import fill, wrap

from handcalc.errors import HandcalcError
from handcalc.network.errors import accepting, quoted
from handcalc.network.from_yaml import yaml_events
from handcalc.network.nodes import Pairs, Text, build
from handcalc.render.text import WIDTH
from handcalc.write import save

FOLDERS = PUBLISHED, PACKS, QUIZZES = "published", "packs", "quizzes"
_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Example:
    """A network file; its first lines, where they are comments, say what it shows."""

    name: str
    title: str
    shows: str
    text: str


def examples() -> list[Example]:
    """Every example made for teaching, by name."""
    return [_example(path) for path in sorted(folder().glob("*.yaml"))]


def inside(name: str) -> list[Example]:
    """Every example of a folder: those that others have published, quizzes, or those whose numbers vary."""
    return [_example(path) for path in sorted((folder() / name).glob("*.yaml"))]


def example(name: str) -> Example:
    """The example of this name, with or without its ending and its folder; HandcalcError, with the nearest, where
    there is none."""
    found = {one.name: one for inner in FOLDERS for one in inside(inner)} | {one.name: one for one in examples()}
    wanted = name.removesuffix(".yaml")
    for inner in FOLDERS:
        wanted = wanted.removeprefix(f"{inner}/")
    if wanted not in found:
        accepted = [one.name for one in examples()]
        raise HandcalcError(f"there is no example {quoted(name)}{accepting(accepted, wanted, found)}")
    return found[wanted]


def listing() -> str:
    """A row for each example: name, title, what it shows; then how to come by those in folders."""
    quizzes, packs, found = inside(QUIZZES), inside(PACKS), inside(PUBLISHED)
    more = (
        f"{QUIZZES}/ holds {len(quizzes)} to hand out to students: handcalc examples {QUIZZES} lists them.",
        f"{PACKS}/ holds {len(packs)} whose numbers vary from sheet to sheet: handcalc examples {PACKS} lists them.",
        f"{PUBLISHED}/ holds {len(found)} that others have published: handcalc examples {PUBLISHED} lists them, "
        f"handcalc examples {PUBLISHED}/{found[0].name} prints one.",
    )
    return "\n".join([_rows(examples()), *(fill(one, WIDTH, break_on_hyphens=False) for one in more), ""])


def listing_of(name: str) -> str:
    """A row for each example of a folder: name and title, and of a quiz its form."""
    found = inside(name)
    return _rows([replace(one, title="", shows=one.title) for one in found] if name == PUBLISHED else found)


def _rows(found: Sequence[Example]) -> str:
    name, title = (max(map(len, column)) + 2 for column in zip(*((one.name, one.title) for one in found), strict=True))
    rows = []
    for one in found:
        start = f"{one.name:<{name}}{one.title:<{title}}"
        rows += wrap(f"{start}{one.shows}", WIDTH, subsequent_indent=" " * (name + title), break_on_hyphens=False)
    return "\n".join(rows) + "\n"


def folder() -> Path:
    """Where the examples are; FileNotFoundError if nowhere, which means a broken installation."""
    for place in (_PACKAGE / "examples", _PACKAGE.parent / "examples"):
        if place.is_dir():
            return place
    raise FileNotFoundError("the examples of handcalc are missing: install it again")


def save_new(out: str, text: str, *, force: bool) -> None:
    """Save a network file to start from: YAML, and never over a file that may have been edited, unless forced."""
    path = Path(out)
    if path.suffix.lower() == ".json":
        raise HandcalcError(f"{out}: what is written is YAML; end the name in .yaml")
    if path.is_file() and not force:
        raise HandcalcError(f"{out} is there already; name another file, or add --force to write over it")
    save(out, text)


def place_for(out: str, name: str) -> str:
    """`out`, or in a folder the file `name` in it."""
    return os.path.join(out, f"{name}.yaml") if os.path.isdir(out) else out


def _example(path: Path) -> Example:
    text = path.read_text("utf-8")
    node = build(yaml_events(text, path.name), path.name)
    pairs = node.pairs if isinstance(node, Pairs) else ()
    title = next((value.text for key, value in pairs if key.text == "title" and isinstance(value, Text)), "")
    comments = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comments.append(line.lstrip("# "))
    return Example(path.stem, title, " ".join(comments), text)
