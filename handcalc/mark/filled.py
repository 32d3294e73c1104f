"""A sheet filled in by a program: what somebody types into the fields of a PDF."""

from __future__ import annotations

import io
from collections.abc import Mapping

from handcalc.render.form import key_of


def filled(pdf: bytes, answers: Mapping[str, str]) -> bytes:
    """The form `pdf` with `answers` in the fields of these keys; of boxes to tick the one of this letter.

    Raises KeyError for a key that no field has.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    left = dict(answers)
    for field in writer.root_object["/AcroForm"]["/Fields"]:  # type: ignore[index]
        one = field.get_object()
        key = key_of(one["/T"])
        if key not in answers:
            continue
        left.pop(key, None)
        if one["/FT"] == "/Btn":
            one[NameObject("/V")] = NameObject(f"/{answers[key]}")
            for kid in (box.get_object() for box in one["/Kids"]):
                states = kid["/AP"]["/N"]
                state = f"/{answers[key]}" if f"/{answers[key]}" in states else "/Off"
                kid[NameObject("/AS")] = NameObject(state)
        else:
            one[NameObject("/V")] = TextStringObject(answers[key])
    if left:
        raise KeyError(next(iter(left)))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
