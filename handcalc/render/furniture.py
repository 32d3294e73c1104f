"""The templates: page furniture, no mathematics.

In a checkout they lie in ``templates/`` beside the package, in an installed wheel inside it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

_PACKAGE = Path(__file__).resolve().parent.parent

CUT = "0.5 G 0.4 w [3 3] 0 d"
"""How a line to cut along is drawn, in PDF's operators: thin, grey, dashed."""


def templates() -> Path:
    """The folder of the templates.

    **Raises:** FileNotFoundError if it is in neither place, which means a broken installation.
    """
    for folder in (_PACKAGE / "templates", _PACKAGE.parent / "templates"):
        if (folder / "page.html").is_file():
            return folder
    raise FileNotFoundError("the templates of handcalc are missing: install it again")


@cache
def environment() -> jinja2.Environment:
    """Jinja over the templates; whatever is put into an HTML page is escaped, and nothing may be left out."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates()),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def read(name: str) -> str:
    """A template's text as it is."""
    return (templates() / name).read_text("utf-8")
