"""``handcalc check``: marks for what students have answered, feedback to each, a report of the class."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from handcalc.errors import HandcalcError
from handcalc.mark.book import GRADES, Book, Kept, read_book, sheet_kept
from handcalc.mark.handed_out import HandedOut, read_pack, read_sheet
from handcalc.mark.judged import MarkedSheet, judge, marks_said, marks_text
from handcalc.mark.of_another import Others
from handcalc.mark.pile import found_sheet, of_paper, slips_of, told
from handcalc.mark.scheme import Scheme
from handcalc.mark.scheme_file import read_scheme, scheme_in
from handcalc.network.errors import escaped, listed
from handcalc.quiz.progress import MANIFEST, fingerprint_of

FEEDBACK, REPORT = "feedback", "report"
MOST_OLD = 4
"""Files of an earlier marking that are named."""
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
    jobs: int | None,
) -> None:
    """Mark files of answers, or one sheet of paper."""
    path = Path(pack).parent if Path(pack).name == MANIFEST else Path(pack)
    if out is not None and Path(out).is_file():
        raise HandcalcError(f"{escaped(out)}: this is a file; -o wants a folder")
    form = _form(path, level, form)
    handed_out = read_pack(path) if path.is_dir() else read_sheet(path, level=level, form=form)
    if sheet is not None:
        _of_paper(handed_out, sheet, answers, Path(out) if out else None, scheme)
        return
    from handcalc.mark.hand_back import Source, hand_back, left_over
    from handcalc.quiz.workers import cores

    folder = Path(out or f"{path if path.is_dir() else path.with_suffix('')}-marks")
    fingerprint = fingerprint_of(Path(handed_out.source))
    book = read_book(folder, fingerprint)
    chosen = _scheme(scheme, None if answers else book, handed_out)
    marked = _marked(handed_out, answers, chosen, book, folder)
    Book(fingerprint, chosen, ()).with_sheets(marked, handed_out).save(folder, handed_out)
    back = hand_back(marked, Source(str(path), level, form), chosen, folder / FEEDBACK, jobs or cores())
    for _ in _watched(back, len(marked)):
        pass
    if old := left_over(marked, folder / FEEDBACK):
        said = listed([escaped(name) for name in old[:MOST_OLD]] + ["…"] * (len(old) > MOST_OLD), "and")
        click.echo(f"handcalc: {folder / FEEDBACK} also holds feedback of an earlier marking: {said}", err=True)
    _save_report(marked, handed_out, folder)


def _form(path: Path, level: int | None, form: str | None) -> str | None:
    if path.is_dir() and (level, form) != (None, None):
        raise HandcalcError("--level and --form are those that the pack was made with; leave them out")
    if form is None:
        return None
    from handcalc.commands.sheets import form_called

    return form_called(form)


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
    lines = list(told(paper))
    if folder is not None:  # before anything is printed: whoever reads may stop
        before = book.kept.get(sheet.key) if book else None
        made = (book or Book(fingerprint, chosen, ())).with_sheets([paper.marked], handed_out)
        made.save(folder, handed_out)
        lines.append(_kept(made, before, paper.marked, handed_out, folder))
        if (folder / FEEDBACK).exists():
            lines.append(f"feedback and report are as they were; handcalc check PACK -o {folder} makes them again")
    click.echo("\n".join(lines))


def _kept(book: Book, before: Kept | None, marked: MarkedSheet, handed_out: HandedOut, folder: Path) -> str:
    """``marks/gradebook.csv: 53, in place of 52; 2 of 30 sheets``"""
    again = f", in place of {before.record['marks']}" if before else ""
    count, every = len(book.records), len(handed_out.sheets)
    sheets = _sheets(count) if handed_out.is_single else f"{count} of {_sheets(every)}"
    return f"{folder / GRADES}: {marks_text(marked.marks)}{again}; {sheets}"


def _marked(
    handed_out: HandedOut, files: Sequence[str], scheme: Scheme, book: Book | None, folder: Path
) -> list[MarkedSheet]:
    """What is in the files, and the sheets of paper typed before; without files all that was marked before."""
    kept = {key: one for key, one in (book.kept if book else {}).items() if one.is_paper or not files}
    if not files and not kept:
        raise HandcalcError(f"name files of answers, or sheets with --sheet; {folder} holds no marks yet")
    found = {one.key: one for one in _in_files(handed_out, files, scheme, kept)} if files else {}
    for key, one in kept.items():
        found[key] = replace(
            judge(sheet_kept(one, handed_out), one.typed, scheme),
            slips=one.slips,
            paper=one.is_paper,
            name=str(one.record["name"]),
            id=str(one.record["id"]),
        )
    if not found:
        raise HandcalcError("nobody has handed anything in")
    order, others = {one.key: n for n, one in enumerate(handed_out.sheets)}, Others(handed_out)
    ordered = sorted(found, key=lambda key: (order.get(key, len(order)), key))
    return [replace(found[key], other=others.whose(found[key])) for key in ordered]


def _in_files(
    handed_out: HandedOut, files: Sequence[str], scheme: Scheme, kept: dict[str, Kept]
) -> Iterator[MarkedSheet]:
    """The sheets in the files, but for those that are `kept`."""
    from handcalc.mark.handed_in import read_answers

    answers = read_answers(list(files), handed_out)
    for remark in answers.remarks:
        click.echo(f"handcalc: {remark}", err=True)
    for one in answers.handed_in:
        if one.key in kept:
            said = f"{one.sheet.called} was typed from paper; that counts, and not what is in the files"
            click.echo(f"handcalc: {said}", err=True)
            continue
        marked = judge(one.sheet, {key: typed.text for key, typed in one.typed.items()}, scheme)
        yield replace(marked, name=one.name, id=one.id)


def _save_report(marked: Sequence[MarkedSheet], handed_out: HandedOut, folder: Path) -> None:
    """The report of the class, and the last line in the terminal."""
    os.environ.pop("MPLBACKEND", None)  # a notebook's terminal names one that may not be there; none is needed
    from handcalc.mark.report import report
    from handcalc.mark.statistics import Class
    from handcalc.write import rendered, save

    found = Class(marked)
    sheet = report(found, handed_out)
    for ending in ("html", "pdf"):
        save(folder / f"{REPORT}.{ending}", rendered(sheet, ending))
    mean = f"{'mean ' * (len(marked) > 1)}{marks_said(found.mean)} of {found.out_of}"
    look = len(found.to_look_at)
    open_ = f"; {look} answer{'s' * (look > 1)} to look at" if look else ""
    click.echo(f"{_sheets(len(marked))} marked in {folder}: {mean}{open_}")


def _sheets(count: int) -> str:
    return f"{count} sheet{'s' * (count != 1)}"


def _watched(made: Iterable[T], count: int) -> Iterator[T]:
    """On a terminal, with a bar and the time that is left."""
    if not sys.stderr.isatty() or count < 2:
        yield from made
        return
    with click.progressbar(made, length=count, file=sys.stderr, show_pos=True, label="feedback") as bar:
        yield from bar
