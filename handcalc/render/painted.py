"""What WeasyPrint has painted and tagged, read back: the one module that relies on what WeasyPrint doesn't promise.

    markers     an empty element with a background is painted ``… rg, x y w h re, f`` in the page's stream
    structure   an empty ``span`` or ``div`` is an element /Span or /Div without kids, in the order of the document

`press` asks `is_as_expected` once. Where it isn't, drawings are put on top of the finished page: they look the same,
but are read after its text; and a page can't be tagged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pydyf

MARKER = "#fefffe"
"""The colour of the elements that a drawing replaces (white to the eye, should one remain)."""
MARKER_OPERATOR = b"0.996078 1 0.996078 rg"
SAMPLE = '<!doctype html><html lang="en"><title>t</title><p>a <span id="d0" class="at" style="{}"></span> b</p>'
SAMPLE = SAMPLE.format("width:9pt;height:9pt")
"""A page with one marker, for the self-test."""

Rectangle = tuple[float, float, float, float]
Drawn = Callable[[str, float, float], bytes]


def is_as_expected(document: Any) -> bool:
    """Whether the marker of `SAMPLE`, laid out as `document`, is found where it should be."""
    found: list[int] = []

    def look(_: object, pdf: pydyf.PDF) -> None:
        (page,), (leaf,) = document.pages, leaves(pdf)
        stream = next((thing for thing in pdf.objects if getattr(thing, "reference", b"") == leaf["Contents"]), None)
        if isinstance(stream, pydyf.Stream):
            found.append(len(put_in_place(stream, {"d0": page.anchors["d0"]}, lambda *_: b"")))

    try:
        document.write_pdf(finisher=look)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return found == [0]


def leaves(pdf: pydyf.PDF) -> list[Any]:
    """The pages."""
    return [thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("Type") == "/Page"]


def put_in_place(stream: pydyf.Stream, places: Mapping[str, Rectangle], drawn: Drawn) -> dict[str, Rectangle]:
    """Replace the painting of markers with what `drawn` gives for them; return the places that were not found."""
    rest = dict(places)
    names = {_key(x1, y1): name for name, (x1, y1, _, _) in places.items()}
    operators: list[bytes] = stream.stream
    i = 0
    while i < len(operators):
        if operators[i] == MARKER_OPERATOR:
            end = next((j for j in range(i, min(i + 9, len(operators))) if operators[j] == b"f"), None)
            corner = operators[end - 1].split() if end else []
            if end and len(corner) == 5 and corner[4] == b"re":
                name = names.get(_key(float(corner[0]), float(corner[1])))
                if name in rest:
                    x1, y1, *_ = rest.pop(name)
                    operators[i : end + 1] = [drawn(name, x1, y1)]
        i += 1
    return rest


def _key(x: float, y: float) -> tuple[int, int]:
    return round(x * 16), round(y * 16)


def elements(pdf: pydyf.PDF, leaf: Any) -> list[Any]:
    """The structure elements of the markers of a page, in their order."""
    return [
        thing
        for thing in pdf.objects
        if isinstance(thing, dict)
        and thing.get("Type") == "/StructElem"
        and thing.get("S") in ("/Span", "/Div")
        and thing.get("Pg") == leaf.reference
        and not thing["K"]
    ]


def marked_content(pdf: pydyf.PDF, leaf: Any) -> Any:
    """The list of a page's structure elements, by the number of the marked content."""
    places = _parents(pdf)
    return places[places.index(leaf["StructParents"]) + 1]


def put_into_structure(pdf: pydyf.PDF, leaf: Any, element: Any, widget: Any) -> None:
    """A form field becomes a part of the formula `element`."""
    places = _parents(pdf)
    field = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": leaf.reference})
    pdf.add_object(field)
    form = {"Type": "/StructElem", "S": "/Form", "P": element.reference, "Pg": leaf.reference}
    inner = pydyf.Dictionary(form | {"K": pydyf.Array([field.reference])})
    pdf.add_object(inner)
    element["K"].append(inner.reference)
    widget["StructParent"] = places[-2] + 1
    places.extend([widget["StructParent"], inner.reference])


def _parents(pdf: pydyf.PDF) -> Any:
    """The tree from marked content, and from annotations, to structure elements: numbers and what belongs to them."""
    root = next(thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("Type") == "/StructTreeRoot")
    return next(thing for thing in pdf.objects if getattr(thing, "reference", b"") == root["ParentTree"])["Nums"]
