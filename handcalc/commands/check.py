"""``handcalc check``: marks for what students have answered, feedback to each, a report of the class."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from handcalc.errors import HandcalcError
from handcalc.mark.book import GRADES, Book, read_book, sheet_kept
from handcalc.mark.handed_out import HandedOut, read_pack, read_sheet
from handcalc.mark.judged import MarkedSheet, judge, marks_said, marks_text
from handcalc.mark.pile import found_sheet, of_paper, slips_of, told
from handcalc.mark.scheme import Scheme
from handcalc.mark.scheme_file import read_scheme, scheme_in
from handcalc.quiz.progress import MANIFEST, fingerprint_of
from handcalc.write import Page, rendered, save

FEEDBACK, REPORT = "feedback", "report"
T = TypeVar("T")


def check(
    pack: str,
    answers: tuple[str, ...],
    *,
    out: str | None,
    sheet: str | None,
    scheme: str | None,
    level: int | None,
    form: str | None,
) -> None:
    """Mark files of answers, or one sheet of paper."""
    handed_out = _handed_out(pack, level, form)
    folder = Path(out) if out else None
    if sheet is not None:
        _of_paper(handed_out, sheet, answers, folder, scheme)
        return
    folder = folder or Path(f"{str(Path(pack).with_suffix('')).rstrip('/')}-marks")
    fingerprint = fingerprint_of(Path(handed_out.source))
    book = read_book(folder, fingerprint)
    chosen = _scheme(scheme, None if answers else book, handed_out)
    marked = _marked(handed_out, answers, chosen, book, folder)
    Book(fingerprint, chosen, ()).with_sheets(marked, handed_out).save(folder, handed_out)
    _save_feedback(marked, folder)
    _save_report(marked, handed_out, folder)
    click.echo(_summary(marked, folder))


def _handed_out(pack: str, level: int | None, form: str | None) -> HandedOut:
    path = Path(pack)
    if path.is_dir() or path.name == MANIFEST:
        if level is not None or form is not None:
            raise HandcalcError("--level and --form are those that the pack was made with; leave them out")
        return read_pack(path if path.is_dir() else path.parent)
    from handcalc.commands.sheets import form_called

    return read_sheet(path, level=level, form=form_called(form))


def _scheme(file: str | None, book: Book | None, handed_out: HandedOut) -> Scheme:
    """That of the file, else the one that these marks were given by, else the quiz's own."""
    if file is not None:
        return read_scheme(file)
    return book.scheme if book else scheme_in(handed_out.text, handed_out.file)


def _of_paper(handed_out: HandedOut, who: str, typed: Sequence[str], folder: Path | None, scheme: str | None) -> None:
    """Print the sheet as it follows from what differs on it, and keep its marks where there is a folder for them."""
    fingerprint = fingerprint_of(Path(handed_out.source))
    book = read_book(folder, fingerprint) if folder else None
    chosen = _scheme(scheme, book, handed_out)
    if book and book.records and book.scheme != chosen:
        raise HandcalcError(
            f"{folder}: these marks were given by another scheme; handcalc check PACK -o {folder} --scheme FILE marks "
            "all of them again"
        )
    sheet = found_sheet(handed_out, who)
    paper = of_paper(sheet, slips_of(handed_out, sheet, typed), chosen)
    click.echo("\n".join(told(paper)))
    if folder is None:
        return
    before = book.kept.get(sheet.key) if book else None
    (book or Book(fingerprint, chosen, ())).with_sheets([paper.marked], handed_out).save(folder, handed_out)
    kept = read_book(folder, fingerprint)
    count = len(kept.records) if kept else 0
    again = f", in place of {before.record['marks']}" if before else ""
    click.echo(
        f"{folder / GRADES}: {marks_text(paper.marked.marks)}{again}; {count} of {len(handed_out.sheets)} sheets"
    )


def _marked(
    handed_out: HandedOut, files: Sequence[str], scheme: Scheme, book: Book | None, folder: Path
) -> list[MarkedSheet]:
    """What is in the files, and the sheets of paper typed before; without files all that was marked before."""
    from handcalc.mark.handed_in import read_answers

    found: dict[str, MarkedSheet] = {}
    kept = [one for one in (book.kept.values() if book else ()) if one.is_paper or not files]
    if not files and not kept:
        raise HandcalcError(f"name files of answers, or sheets with --sheet; {folder} holds no marks yet")
    if files:
        answers = read_answers(list(files), handed_out)
        for remark in answers.remarks:
            click.echo(f"handcalc: {remark}", err=True)
        paper = {one.key for one in kept}
        for handed_in in _watched(answers.handed_in):
            if handed_in.key in paper:
                called = handed_in.sheet.called
                click.echo(
                    f"handcalc: {called} was typed from paper; that counts, and not what is in the files", err=True
                )
                continue
            typed = {key: one.text for key, one in handed_in.typed.items()}
            found[handed_in.key] = _signed(judge(handed_in.sheet, typed, scheme), handed_in.name, handed_in.id)
    for one in kept:
        sheet = sheet_kept(one, handed_out)
        marked = judge(sheet, one.typed, scheme)
        found[one.key] = _signed(marked, str(one.record["name"]), str(one.record["id"]), one.slips, paper=one.is_paper)
    if not found:
        raise HandcalcError("nobody has handed anything in")
    order = {one.key: n for n, one in enumerate(handed_out.sheets)}
    return [found[key] for key in sorted(found, key=lambda key: (order.get(key, len(order)), key))]


def _signed(
    marked: MarkedSheet, name: str, id: str, slips: Mapping[str, str] | None = None, *, paper: bool = False
) -> MarkedSheet:
    return replace(marked, name=name, id=id, slips=slips or {}, paper=paper)


def _save_feedback(marked: Sequence[MarkedSheet], folder: Path) -> None:
    """A PDF and an HTML page for each student."""
    from handcalc.mark.feedback import feedback
    from handcalc.quiz.names import file_names
    from handcalc.sheet.paper import A4, Head
    from handcalc.sheet.parts import Say

    place = folder / FEEDBACK
    place.mkdir(parents=True, exist_ok=True)
    named = [replace(one.sheet.student, name=_name(one), id=_id(one)) for one in marked]
    stems = file_names(named)
    for one in _watched(marked):
        stem = one.sheet.stem or stems[one.key]
        sheet = feedback(one)
        paper = replace(A4, head=Head(student=_name(one), id=_id(one), variant=one.sheet.code))
        save(place / f"{stem}.pdf", rendered(sheet, "pdf", page=Page(paper)))
        who = ", ".join(filter(None, (_name(one), _id(one), one.sheet.code)))
        save(place / f"{stem}.html", rendered(replace(sheet, parts=(Say((who,)), *sheet.parts)), "html"))


def _name(one: MarkedSheet) -> str:
    return one.sheet.student.name or one.name


def _id(one: MarkedSheet) -> str:
    return one.sheet.student.id or one.id


def _save_report(marked: Sequence[MarkedSheet], handed_out: HandedOut, folder: Path) -> None:
    from handcalc.mark.report import report
    from handcalc.mark.statistics import Class

    sheet = report(Class(marked), handed_out)
    for ending, wanted in ((".html", "html"), (".pdf", "pdf")):
        save(folder / f"{REPORT}{ending}", rendered(sheet, wanted))


def _watched(sheets: Sequence[T]) -> Iterator[T]:
    """On a terminal, with a bar and the time that is left."""
    if not sys.stderr.isatty() or len(sheets) < 2:
        yield from sheets
        return
    with click.progressbar(sheets, file=sys.stderr, show_pos=True, label="sheets") as bar:
        yield from bar


def _summary(marked: Sequence[MarkedSheet], folder: Path) -> str:
    from handcalc.mark.statistics import Class

    found = Class(marked)
    sheets = f"{len(marked)} sheet{'s' * (len(marked) > 1)}"
    mean = f"mean {marks_said(found.mean)} of {found.out_of}" if len(marked) > 1 else (
        f"{marks_said(found.mean)} of {found.out_of}"
    )  # fmt: skip
    look = len(found.to_look_at)
    open_ = f"; {look} answer{'s' * (look > 1)} to look at" if look else ""
    return f"{sheets} marked in {folder}: {mean}{open_}"
