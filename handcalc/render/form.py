"""Form fields: each blank of a page as a text field that is filled on screen, named by its quantity's key.

A field's name is the key of its quantity. A full stop would separate a field from its group, so ``.`` is written %2E
and ``%`` %25. What is asked twice has a second field, ``z1[2] (2)``. `key_of` reads a name back.

Source: ISO 32000-1:2008, 12.7.3 (field names, variable text), 12.7.4.3 (text fields), 12.5.6.19 (widgets).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pydyf

FONT = "Helv"
TYPE, NARROW = 0.55, 0.22
"""The type in a field, as a part of its height, and at most of its width: −0.5867 has room."""
_AGAIN = re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True)
class Field:
    """A blank of a quantity at `place` (left, bottom, right, top), in points, on the page `leaf`.

    `said` is what stands around it, in words, `element` that formula in the structure of a tagged page.
    """

    key: str
    place: tuple[float, float, float, float]
    said: str
    leaf: Any
    element: Any = None


def field_name(key: str) -> str:
    return key.replace("%", "%25").replace(".", "%2E")


def key_of(name: str) -> str:
    """The quantity's key that a field's name says: ``z1[2]`` of ``z1[2] (2)``."""
    return _AGAIN.sub("", name).replace("%2E", ".").replace("%25", "%")


def add_fields(pdf: pydyf.PDF, fields: Iterable[Field]) -> list[Any]:
    """Put `fields` into `pdf`, in this order, and return their widgets."""
    font = pydyf.Dictionary(
        {"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica", "Encoding": "/WinAnsiEncoding"}
    )
    pdf.add_object(font)
    met, widgets = Counter[str](), []
    for field in fields:
        met[field.key] += 1
        name = field_name(field.key) + (f" ({met[field.key]})" if met[field.key] > 1 else "")
        widget = _widget(pdf, field, name, font)
        widgets.append(widget)
        field.leaf.setdefault("Annots", pydyf.Array()).append(widget.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {
            "Fields": pydyf.Array([widget.reference for widget in widgets]),
            "NeedAppearances": "true",
            "DA": pydyf.String(f"/{FONT} 0 Tf 0 g"),
            "DR": pydyf.Dictionary({"Font": pydyf.Dictionary({FONT: font.reference})}),
        }
    )
    return widgets


def _widget(pdf: pydyf.PDF, field: Field, name: str, font: Any) -> Any:
    left, bottom, right, top = (round(x, 2) for x in field.place)
    width, height = round(right - left, 2), round(top - bottom, 2)
    look = pydyf.Stream(
        [b"/Tx BMC EMC"],
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, width, height]),
            "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({FONT: font.reference})}),
        },
    )
    pdf.add_object(look)
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Tx",
            "T": pydyf.String(name),
            "TU": pydyf.String(field.said or name),
            "Rect": pydyf.Array([left, bottom, right, top]),
            "P": field.leaf.reference,
            "F": 4,  # it is printed
            "Q": 1,  # in the middle
            "DA": pydyf.String(f"/{FONT} {min(height * TYPE, width * NARROW):.1f} Tf 0 g"),
            "AP": pydyf.Dictionary({"N": look.reference}),
        }
    )
    pdf.add_object(widget)
    return widget
