"""Form fields: each blank of a page as a field that is filled on screen, named by its quantity's key.

A place to write in is a text field. The boxes to tick of one question are a field together, of which the value is the
letter of the one that is ticked: ``/B``, and ``/Off`` where none is.

A field's name is the key of its quantity. A full stop would separate a field from its group, so ``.`` is written %2E
and ``%`` %25. What is asked twice has a second field, ``z1[2] (2)``. `key_of` reads a name back.

Source: ISO 32000-1:2008, 12.7.3 (field names, variable text), 12.7.4.2.4 (radio buttons), 12.7.4.3 (text fields),
12.5.6.19 (widgets).
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
RADIO, INSET = 1 << 15, 0.2
"""The flag of boxes of which one is ticked; how far a cross stays from the frame, as a part of the width."""
_AGAIN = re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True)
class Field:
    """A blank of a quantity at `place` (left, bottom, right, top), in points, on the page `leaf`.

    `said` is what stands around it, in words, `element` that formula in the structure of a tagged page. A box to tick
    is the `choice` of a letter.
    """

    key: str
    place: tuple[float, float, float, float]
    said: str
    leaf: Any
    element: Any = None
    choice: str = ""


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
    met, widgets, named, groups = Counter[str](), list[Any](), list[Any](), dict[str, Any]()
    for field in fields:
        if field.choice:
            if field.key not in groups:
                groups[field.key] = _group(pdf, field.key)
                named.append(groups[field.key])
            widget = _box(pdf, field, groups[field.key])
        else:
            met[field.key] += 1
            name = field_name(field.key) + (f" ({met[field.key]})" if met[field.key] > 1 else "")
            widget = _widget(pdf, field, name, font)
            named.append(widget)
        widgets.append(widget)
        field.leaf.setdefault("Annots", pydyf.Array()).append(widget.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {
            "Fields": pydyf.Array([one.reference for one in named]),
            "NeedAppearances": "true",
            "DA": pydyf.String(f"/{FONT} 0 Tf 0 g"),
            "DR": pydyf.Dictionary({"Font": pydyf.Dictionary({FONT: font.reference})}),
        }
    )
    return widgets


def _group(pdf: pydyf.PDF, key: str) -> Any:
    """The boxes of one question, of which none is ticked."""
    group = pydyf.Dictionary(
        {
            "FT": "/Btn",
            "Ff": RADIO,
            "T": pydyf.String(field_name(key)),
            "TU": pydyf.String(key),
            "V": "/Off",
            "Kids": pydyf.Array(),
        }
    )
    pdf.add_object(group)
    return group


def _box(pdf: pydyf.PDF, field: Field, group: Any) -> Any:
    """A box of a question: empty, and crossed where it is ticked."""
    left, bottom, right, top = (round(x, 2) for x in field.place)
    width, height = round(right - left, 2), round(top - bottom, 2)
    side = INSET * width
    x1, y1, x2, y2 = (round(x, 2) for x in (side, side, width - side, height - side))
    cross = f"q 0 G {max(width / 12, 0.8):.2f} w {x1} {y1} m {x2} {y2} l {x1} {y2} m {x2} {y1} l S Q"
    looks = {}
    for state, drawn in ((field.choice, cross), ("Off", "")):
        looks[state] = pydyf.Stream(
            [drawn.encode("ascii")],
            {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array([0, 0, width, height])},
        )
        pdf.add_object(looks[state])
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "Parent": group.reference,
            "TU": pydyf.String(f"{field.said} {field.choice}".strip()),
            "Rect": pydyf.Array([left, bottom, right, top]),
            "P": field.leaf.reference,
            "F": 4,
            "AS": "/Off",
            "MK": pydyf.Dictionary({"CA": pydyf.String("8")}),  # a cross, where a viewer draws it
            "AP": pydyf.Dictionary({"N": pydyf.Dictionary({state: look.reference for state, look in looks.items()})}),
        }
    )
    pdf.add_object(widget)
    group["Kids"].append(widget.reference)
    return widget


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
