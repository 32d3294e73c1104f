"""Answers in PDF forms: one file a student, whose fields are named by the keys of their blanks (`render/form.py`).

Whose a file is, its pages say: the code of the variant stands on each. Where several students have the same code, the
name on the page, the one that was written into it, or the name of the file decides. Of a file only the values of its
fields and the text of one page are looked at; scripts and attachments are data that nobody runs.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from handcalc.formula.words import TABLES, phrase
from handcalc.mark.handed_out import OneSheet
from handcalc.mark.reading import is_blank
from handcalc.mark.typed import AnswersError, Collected, Place
from handcalc.network.errors import listed, quoted
from handcalc.network.reading import content_of
from handcalc.render.form import key_of

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_BYTES, MOST_FIELDS, MOST_CHARACTERS = 50_000_000, 5_000, 10_000
"""Of a file, in it, and in a field."""
MOST_TEXT = 200_000
NAME, ID = "student name", "student ID"
"""The fields of a nameless sheet."""
_WORD = re.compile(r"\w+")


class Form(NamedTuple):
    """A filled form: what stands in its fields by key, what it was signed with, and the text of its first page."""

    source: str
    typed: dict[str, str]
    name: str
    id: str
    text: str


def pdfs_in(folder: Path) -> list[Path]:
    """The PDFs of a folder and of its folders, in the order of their names. Raises AnswersError where there is none."""
    found = sorted(one for one in folder.rglob("*") if one.suffix.lower() == ".pdf" and one.is_file())
    if not found:
        raise AnswersError("there are no PDFs in this folder", str(folder))
    return found


def read_forms(files: Sequence[Path], collected: Collected) -> None:
    """Put what is filled in where it belongs. Raises AnswersError with the file, and the field."""
    forms = [read_form(str(one)) for one in files]
    alike: list[tuple[Form, Sequence[OneSheet]]] = []
    for form in forms:
        sheets = _sheets_of(form, collected)
        if len(sheets) == 1:
            _put(form, sheets[0], collected)
        elif not sheets:
            raise AnswersError(_nobody(form, collected), form.source)
        else:
            alike.append((form, sheets))
    for form, sheets in alike:
        _put(form, _one_of(form, sheets, collected), collected)


def read_form(source: str) -> Form:
    """What is filled into one PDF. Raises AnswersError where it can't be read, or is no form."""
    content = content_of(source, MOST_BYTES, AnswersError)
    if not content.startswith(b"%PDF") and b"%PDF" not in content[:1024]:
        raise AnswersError("this is not a PDF, whatever its name says", source)
    with _quiet():
        reader, fields = _opened(content, source)
        try:
            typed, signed = _values(fields, source)
            text = reader.pages[0].extract_text()[:MOST_TEXT]
        except AnswersError:
            raise
        except Exception as error:  # whatever a broken file does to its reader
            raise _broken(source, error) from None
    return Form(source, typed, signed.get(NAME, ""), signed.get(ID, ""), text)


def _opened(content: bytes, source: str) -> tuple[PdfReader, dict[str, Any]]:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        encrypted = reader.is_encrypted and not reader.decrypt("")
        fields = {} if encrypted else reader.get_fields() or {}
    except Exception as error:  # whatever a broken file does to its reader
        raise _broken(source, error) from None
    if encrypted:
        raise AnswersError("the file is protected by a password; save it without one", source)
    if not fields:
        raise AnswersError(
            "no field of it can be read: it isn't a sheet made with --fields, or it was printed and not saved",
            source,
        )
    if len(fields) > MOST_FIELDS:
        raise AnswersError(f"it has {len(fields):,} fields; a sheet may have {MOST_FIELDS:,}", source)
    return reader, fields


def _broken(source: str, error: Exception) -> AnswersError:
    return AnswersError(f"the PDF can't be read ({type(error).__name__}); save it again, or ask for it again", source)


def _values(fields: dict[str, Any], source: str) -> tuple[dict[str, str], dict[str, str]]:
    """By key what is filled in, and what the sheet is signed with."""
    typed: dict[str, str] = {}
    signed: dict[str, str] = {}
    for name, field in fields.items():
        text = _value(field.get("/V"))
        if field.get("/FT") == "/Btn":
            text = text.removeprefix("/").replace("Off", "")
        if len(text) > MOST_CHARACTERS:
            place = Place(source, None, f"field {quoted(name)}")
            raise place.wrong(f"{len(text):,} characters; an answer may have {MOST_CHARACTERS:,}")
        if name in (NAME, ID):
            signed[name] = text
        elif field.get("/FT") in ("/Tx", "/Btn", "/Ch"):
            _add(typed, key_of(name), text, Place(source, None, f"field {quoted(name)}"))
    return typed, signed


def _add(typed: dict[str, str], key: str, text: str, place: Place) -> None:
    """What stands in two places of a sheet is one answer."""
    before = typed.get(key, "")
    if not is_blank(before) and not is_blank(text) and before.strip() != text.strip():
        raise place.wrong(
            f"found {quoted(text)}, but {quoted(before)} in the other place for {key}; make them the same"
        )
    typed[key] = text if is_blank(before) else before


def _value(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _sheets_of(form: Form, collected: Collected) -> Sequence[OneSheet]:
    """Whose the form may be."""
    handed_out = collected.handed_out
    if handed_out.is_single:
        who = form.id or form.name or Path(form.source).stem
        return (collected.student(who, form.name, form.id),)
    stem = Path(form.source).stem
    on_page = [one for code in _codes(form.text) for one in handed_out.by_code.get(code, ())]
    if not form.text.strip():  # nothing but the name of the file is left
        on_page = [one for code in _WORD.findall(stem.replace("_", " ")) for one in handed_out.by_code.get(code, ())]
    by_stem = next((one for one in on_page if one.stem == stem), None)
    if len(on_page) > 1:
        return [by_stem] if by_stem else _told_by(form, on_page) or on_page
    return on_page


def _codes(text: str) -> list[str]:
    """The codes of variants that the head of a page says, in whatever language."""
    said = {phrase(tag, "sheet variant", variant="\0") for tag in TABLES}
    row = " ".join(text.split())
    return list(dict.fromkeys(code for one in said for code in re.findall(re.escape(one).replace("\0", r"(\w+)"), row)))


def _told_by(form: Form, sheets: Sequence[OneSheet]) -> list[OneSheet]:
    """Those of `sheets` whose ID or name is on the page, or was written into it."""
    text = " ".join(form.text.split())
    signed = (form.id, form.name)
    for words in ({one.key: one.student.id for one in sheets}, {one.key: one.student.name for one in sheets}):
        told = [one for one in sheets if (word := words[one.key]) and (word in text or word in signed)]
        if len(told) == 1:
            return told
    return []


def _one_of(form: Form, sheets: Sequence[OneSheet], collected: Collected) -> OneSheet:
    """One of nameless sheets with the same numbers, that nobody else has handed in."""
    free = [one for one in sheets if not one.student.name and not one.student.id and not collected.has(one)]
    numbers = {one.code for one in sheets}
    if not free or len(numbers) > 1:
        told = listed([one.called for one in sheets[:4]] + ["others"] * (len(sheets) > 4), "or")
        raise AnswersError(f"this may be the sheet of {told}; name the file by the name of the sheet", form.source)
    who = form.name or form.id
    signed = f", signed {quoted(who)}," if who else ""
    collected.remarks.append(
        Place(form.source).remark(f"this sheet of variant {free[0].code}{signed} counts as that of {free[0].called}")
    )
    return free[0]


def _put(form: Form, sheet: OneSheet, collected: Collected) -> None:
    if collected.has(sheet) and not collected.handed_out.is_single:
        collected.remarks.append(Place(form.source).remark(f"there is another file of {sheet.called}"))
    collected.hand_in(sheet, form.name, form.id)
    for key, text in form.typed.items():
        collected.put(sheet, key, text, Place(form.source, None, f"field {quoted(key)}"))


def _nobody(form: Form, collected: Collected) -> str:
    asked = [key for key in form.typed if key in collected.handed_out.keys]
    if not asked:
        return "none of its fields is a blank of these sheets"
    codes = listed([one.code for one in collected.handed_out.sheets[:4]], "or")
    return f"its page names no variant of this pack, such as {codes}; it is a sheet of another pack"


@contextmanager
def _quiet() -> Iterator[None]:
    """While it lasts, the reader of PDFs writes nothing to the terminal."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
