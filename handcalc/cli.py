"""The commands: one thin layer over the Python interface. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import gc
import sys
from typing import Any

import click

from handcalc.commands.stories import STORIES
from handcalc.version import VERSION

FORMATS = ("text", "latex", "html", "pdf", "json")
PAPERS = ("a4", "letter", "half-a4", "half-letter")
VARY = ("weights", "inputs", "all")
REVEAL = ("steps", "lines")
SHOW = ("forward", "loss", "gradients", "update", "rerun")
GARBAGE = 200_000
"""New objects between two looks for garbage: at Python's own 700 these would take a tenth of a short process."""
_output = click.option(
    "-o", "--output", "out", metavar="OUT", help="Where to write it; without it, the terminal."
)  # fmt: skip
_force = click.option("--force", is_flag=True, help="Write over a file that is there.")


class _Commands(click.Group):
    """Turns what a user can put right into one message and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        from handcalc.errors import HandcalcError

        gc.set_threshold(GARBAGE)
        try:
            return super().invoke(ctx)
        except HandcalcError as error:
            click.echo(f"handcalc: {error}", err=True)
            ctx.exit(2)
        except BrokenPipeError:  # whoever reads has stopped, as head does: click ends it without a word
            raise
        except OSError as error:
            click.echo(f"handcalc: {error.filename or 'file'}: {error.strerror or error}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="handcalc")
def main() -> None:
    """Derive every step of a small neural network by hand.

    \b
    handcalc solve unwell.yaml                     the worked solution in the terminal
    handcalc solve unwell.yaml -o unwell-key.pdf   the same as a PDF
    handcalc sheet unwell.yaml                     a student sheet, its key and its answers
    handcalc board unwell.yaml                     pages for a screen, a step a page
    handcalc quiz unwell.yaml --vary all -n 30     a sheet of their own for each of a class
    handcalc quiz tea.yaml --roster class.csv      a sheet of their own for every student
    handcalc check monday answers.csv -o marks     marks, feedback, a report of the class
    handcalc practise unwell.yaml                  work it out, line by line
    handcalc examples                              networks to start from
    handcalc new 2-2-1 --story house               a new one, with good numbers
    handcalc ops                                   activations, losses, …
    """


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--format",
    "wanted",
    type=click.Choice(FORMATS),
    help="The output; without it the ending of OUT decides, else text.",
)
@click.option(
    "-o", "--output", "out", type=click.Path(dir_okay=False), help="Where to write it; without it, the terminal."
)
@click.option("--show", metavar="PARTS", help=f"What to show, separated by commas: {', '.join(SHOW)}.")
@click.option("--decimals", type=int, metavar="N", help="Decimals of the printed results.")
@click.option("--exercise", metavar="NAME", help="One exercise of a file that holds several; without it, each.")
@click.option(
    "--most-quantities", type=int, default=20_000, show_default=True, metavar="N", help="Refuse larger derivations."
)
def solve(
    file: str,
    wanted: str | None,
    out: str | None,
    show: str | None,
    decimals: int | None,
    exercise: str | None,
    most_quantities: int,
) -> None:
    """Work out the network in FILE (YAML or JSON), every step of it.

    Of a file with several exercises each is worked out; with -o key.pdf they go into key-NAME.pdf.

    \b
    handcalc solve unwell.yaml
    handcalc solve unwell.yaml --show forward --decimals 2
    handcalc solve unwell.yaml -o key.pdf          (or .tex, .html, .json, .txt)
    handcalc solve unwell.yaml --format latex | pbcopy
    """
    from handcalc.api import solve_all
    from handcalc.derive.certify import CannotDecide
    from handcalc.derive.functions import Impossible
    from handcalc.derive.warnings import warnings
    from handcalc.errors import HandcalcError
    from handcalc.write import files_of_exercises, format_of, render, save

    chosen = wanted or format_of(out)
    if chosen == "pdf" and out is None and sys.stdout.isatty():
        raise click.UsageError("a PDF doesn't go to the terminal; name a file with -o")
    try:
        solutions = solve_all(file, show=show, decimals=decimals, exercise=exercise, most_quantities=most_quantities)
    except (Impossible, CannotDecide) as error:
        raise HandcalcError(f"{file}, {error}") from None
    if len(solutions) > 1 and out is None and chosen != "text":
        raise click.UsageError(f"{file} holds several exercises; choose one with --exercise, or name a file with -o")
    every: list[str | bytes] = []
    for name, solution in solutions.items():
        where = f"{name}: " if len(solutions) > 1 else ""
        for warning in warnings(solution):
            click.echo(f"handcalc: warning: {where}{warning}", err=True)
        made = render(solution, chosen, colour=out is None and sys.stdout.isatty())
        if out is None:
            click.echo(f"{name}\n\n" if len(solutions) > 1 else "", nl=False)
            click.echo(made, nl=False)
        every.append(made)
    if out is not None:  # once all of them are made, so that an error leaves no file behind
        files = files_of_exercises(out, solutions) if len(solutions) > 1 else [out]
        for path, made in zip(files, every, strict=True):
            save(path, made)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("-o", "--output", "out", metavar="OUT", help="The student sheet; alone, nothing else is made.")
@click.option("--key", "key", metavar="OUT", help="The same, worked.")
@click.option("--answers", "answers", metavar="OUT", help="The answers alone, on one page.")
@click.option("--level", type=click.IntRange(0, 4), metavar="0…4", help="How much is blank; see above.")
@click.option("--form", metavar="FORM", help="Another form of exercise than the file's, such as tables.")
@click.option("--no-calculator", is_flag=True, help="Rounded at every step, with a table of the values needed.")
@click.option("--decimals", type=int, metavar="N", help="Decimals of the printed results.")
@click.option("--show", metavar="PARTS", help=f"What to ask, separated by commas: {', '.join(SHOW)}.")
@click.option("--exercise", metavar="NAME", help="One exercise of a file that holds several; without it, each.")
@click.option("--formulas", is_flag=True, help="A box with the formulas.")
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True, help="Half: two to a page.")
@click.option("--large", is_flag=True, help="Large print.")
@click.option("--fields", is_flag=True, help="Each blank of the PDF can be filled in on screen.")
@click.option("--tagged", is_flag=True, help="A PDF for readers aloud (PDF/UA-1), each formula in words.")
@click.option("--variant", metavar="CODE", default="", help="A code on each page, such as B.")
@click.option("--date", metavar="TEXT", default="", help="A date on the first page, as it is typed.")
def sheet(file: str, **chosen: Any) -> None:
    """Make a student sheet of FILE, its key and the list of answers.

    Without -o, --key and --answers they are NAME-sheet.pdf, NAME-key.pdf and NAME-answers.pdf beside the file.

    \b
    --level 0   all worked
            1   the last part blank
            2   formulas given, numbers blank
            3   names only
            4   the question only

    \b
    handcalc sheet unwell.yaml
    handcalc sheet unwell.yaml --level 3 -o quiz.pdf --key quiz-key.pdf
    handcalc sheet unwell.yaml --form tables --no-calculator
    """
    from handcalc.commands.sheets import save_sheets

    save_sheets(file, **chosen)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("-o", "--output", "out", metavar="OUT", help="Where to write it; without it NAME-board.pdf.")
@click.option("--key", "key", metavar="OUT", help="Every result on one page; without it OUT-key.pdf.")
@click.option("--reveal", type=click.Choice(REVEAL), default=REVEAL[0], show_default=True, help="What a page adds.")
@click.option("--decimals", type=int, metavar="N", help="Decimals of the printed results.")
@click.option("--show", metavar="PARTS", help=f"What to show, separated by commas: {', '.join(SHOW)}.")
@click.option("--exercise", metavar="NAME", help="One exercise of a file that holds several; without it, each.")
def board(file: str, **chosen: Any) -> None:
    """Pages of 16:9 for a screen or whiteboard: the problem and its picture, then a step a page.

    \b
    handcalc board unwell.yaml
    handcalc board unwell.yaml -o monday.pdf --reveal lines
    """
    from handcalc.commands.sheets import save_board

    save_board(file, **chosen)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--roster", metavar="CSV", help="The students: a list of your own, or an export of Moodle or Canvas.")
@click.option("-n", "count", type=click.IntRange(1, 20_000), metavar="N", help="So many numbered sheets instead.")
@click.option("--spare", type=click.IntRange(0, 1_000), default=0, metavar="N", help="So many nameless sheets more.")
@click.option("--same", is_flag=True, help="The same numbers for all.")
@click.option("--versions", type=click.IntRange(2, 26), metavar="N", help="Only so many sets of numbers: A, B, …")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Another seed, other numbers.")
@click.option("--sort", metavar="COLUMNS", help="Columns of the roster that sort the print run, with commas.")
@click.option("--student", multiple=True, metavar="KEY", help="One sheet again, alone: by ID, name or number.")
@click.option("--vary", type=click.Choice(VARY), help="Which numbers of a network file vary.")
@click.option("-o", "--output", "out", metavar="FOLDER", help="Where to write it; without it NAME-pack.")
@click.option("--level", type=click.IntRange(0, 4), metavar="0…4", help="How much is blank, as for handcalc sheet.")
@click.option("--form", metavar="FORM", help="Another form of exercise than the file's, such as tables.")
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True, help="Half: two to a page.")
@click.option("--large", is_flag=True, help="Large print.")
@click.option("--fields", is_flag=True, help="Each blank of a sheet can be filled in on screen.")
@click.option("--tagged", is_flag=True, help="PDFs for readers aloud (PDF/UA-1), each formula in words.")
@click.option("--date", metavar="TEXT", default="", help="A date on the first page, as it is typed.")
@click.option("--zip", "zipped", is_flag=True, help="All of it in pack.zip, too.")
@click.option("--jobs", type=click.IntRange(1, 1_000), metavar="N", help="Cores to use; without it, all of them.")
@click.option("--scheduler", metavar="ADDRESS", help="Work on this Dask cluster instead.")
@click.option("--force", is_flag=True, help="Make it in place of another pack.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what the gates reject.")
def quiz(file: str, **chosen: Any) -> None:
    """Make a pack of FILE: for each student a sheet with numbers of their own, and its key.

    FILE is a quiz, in which some numbers are left open, or any network file with --vary. Without -o the pack is
    NAME-pack beside the file. It can be interrupted at any moment: the same command continues.

    \b
    handcalc quiz tea.yaml --roster class.csv --seed 7 -o monday
    handcalc quiz unwell.yaml --vary weights -n 30
    handcalc quiz tea.yaml --roster class.csv --seed 7 --student 1815
    """
    from handcalc.commands.quiz import save_pack

    save_pack(file, **chosen)


@main.command()
@click.argument("pack", type=click.Path())
@click.argument("answers", nargs=-1)
@click.option("-o", "--output", "out", metavar="FOLDER", help="Where to write it; without it PACK-marks.")
@click.option("--sheet", metavar="CODE", help="One sheet of paper: by its code, or by ID or name; see above.")
@click.option("--scheme", metavar="FILE", help="What lines are worth, in place of what the quiz says.")
@click.option("--level", type=click.IntRange(1, 4), metavar="1…4", help="Of a network file: what was blank.")
@click.option("--form", metavar="FORM", help="Of a network file: the form of the sheet.")
@click.option("--jobs", type=click.IntRange(1, 1_000), metavar="N", help="Cores to use; without it, all of them.")
def check(pack: str, answers: tuple[str, ...], **chosen: Any) -> None:
    """Mark ANSWERS to the sheets of PACK, with a reason for each line.

    PACK is a pack, or one network file. ANSWERS are CSV, JSON, filled PDF forms or folders of these. Each student gets
    a feedback sheet, you get a gradebook and a report of the class. Without ANSWERS all is marked again.

    With --sheet ANSWERS are what differs on a sheet of paper, - for what isn't written; all else is right from there.

    \b
    handcalc check monday answers.csv -o marks
    handcalc check monday --sheet K7Q2 z1_2=0.41 W1_21=- -o marks
    """
    from handcalc.commands.check import check as mark

    mark(pack, answers, **chosen)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Of a quiz: other numbers.")
@click.option("--level", type=click.IntRange(0, 4), metavar="0…4", help="What is asked, as for handcalc sheet.")
@click.option("--show", metavar="PARTS", help=f"What to ask, separated by commas: {', '.join(SHOW)}.")
@click.option("--exercise", metavar="NAME", help="One exercise of a file that holds several; without it, each.")
def practise(file: str, **chosen: Any) -> None:
    """Work FILE out line by line, in a dialogue.

    Asks for each line, says what is right and which mistake gives a number that isn't, and gives hints. Of a quiz the
    numbers are drawn.

    \b
    handcalc practise unwell.yaml
    handcalc practise tea.yaml --seed 7            other numbers
    handcalc practise unwell.yaml --show forward
    """
    from handcalc.commands.practise import practise

    practise(file, **chosen)


@main.command()
@click.argument("name", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON, for a program.")
def ops(name: tuple[str, ...], as_json: bool) -> None:
    """List what is known, with formulas and derivatives.

    With NAME one operation at length, or one family.

    \b
    handcalc ops
    handcalc ops losses
    handcalc ops cross-entropy                     words, mistakes, how to write it
    handcalc ops --json
    """
    import json

    from handcalc.commands.known import called, known
    from handcalc.commands.listing import at_length, document, listing

    found = called(" ".join(name)) if name else known()
    if as_json:
        click.echo(json.dumps(document(found), ensure_ascii=False, indent=1))
    else:
        click.echo(at_length(found[0]) if len(found) == 1 else listing(found), nl=False)


@main.command()
@click.argument("name", required=False)
@_output
@_force
def examples(name: str | None, out: str | None, force: bool) -> None:
    """List the examples, or copy one to start from.

    With NAME the example is printed, or with -o copied.

    \b
    handcalc examples
    handcalc examples unwell                       look at it
    handcalc examples unwell -o mine.yaml          a copy to edit (or -o FOLDER)
    handcalc examples quizzes                      student sheets of all forms
    handcalc examples packs                        numbers that vary from sheet to sheet
    handcalc examples published                    those that others have published
    handcalc examples published/mazur-2-2-2
    """
    from handcalc.commands.starting import FOLDERS, example, listing, listing_of, place_for, save_new

    if name is None or name in FOLDERS:
        if out is not None:
            raise click.UsageError("name an example to copy; without a name the examples are listed")
        click.echo(listing_of(name) if name else listing(), nl=False)
        return
    chosen = example(name or "")
    if out is None:
        click.echo(chosen.text, nl=False)
    else:
        save_new(place_for(out, chosen.name), chosen.text, force=force)


@main.command()
@click.argument("sizes")
@click.argument("activations", nargs=-1)
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Another seed, other numbers.")
@click.option("--story", metavar="STORY", help=f"What it is about: {', '.join(STORIES)}, or none (without it).")
@click.option("--loss", metavar="LOSS", help="The loss; without it the one that suits the last activation.")
@click.option("--learning-rate", metavar="NUMBER", help="The learning rate; without it 0.5 or 0.1.")
@click.option("--decimals", type=int, metavar="N", help="Decimals of the printed results.")
@_output
@_force
def new(
    sizes: str,
    activations: tuple[str, ...],
    seed: int,
    story: str | None,
    loss: str | None,
    learning_rate: str | None,
    decimals: int | None,
    out: str | None,
    force: bool,
) -> None:
    """Write a network file to edit.

    SIZES are the inputs, then the units of each layer, such as 2-2-1. The numbers are easy to work with by hand and
    draw no warning; the same seed gives the same file everywhere.

    One activation is that of the hidden layers; of several the last is that of the outputs, and the one before it is
    repeated. Without any they are sigmoid, and linear, sigmoid or softmax at the end.

    \b
    handcalc new 2-2-1 sigmoid linear --seed 7 --story house -o house.yaml
    handcalc new 2-3-2 relu softmax
    handcalc new 3-2-1 tanh --decimals 3
    """
    from handcalc.commands.making import new as drawn
    from handcalc.commands.starting import save_new

    text = drawn(
        sizes, activations, seed=seed, story=story, loss=loss, learning_rate=learning_rate, decimals=decimals
    )  # fmt: skip
    if out is None:
        click.echo(text, nl=False)
    else:
        save_new(out, text, force=force)


@main.command()
@_output
def schema(out: str | None) -> None:
    """Write a JSON Schema for editors.

    With it an editor completes the keys of a network file and checks them while you type.

    \b
    handcalc schema -o handcalc.schema.json
    """
    from handcalc.commands.schema import text
    from handcalc.write import save

    if out is None:
        click.echo(text(), nl=False)
    else:
        save(out, text())
