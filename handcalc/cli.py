"""The commands: one thin layer over the Python interface. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import sys
from typing import Any

import click

from handcalc.version import VERSION

FORMATS = ("text", "latex", "html", "pdf", "json")
SHOW = ("forward", "loss", "gradients", "update", "rerun")


class _Commands(click.Group):
    """Turns what a user can put right into one message and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        from handcalc.errors import HandcalcError

        try:
            return super().invoke(ctx)
        except HandcalcError as error:
            click.echo(f"handcalc: {error}", err=True)
            ctx.exit(2)
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
@click.option(
    "--most-quantities", type=int, default=20_000, show_default=True, metavar="N", help="Refuse larger derivations."
)
def solve(
    file: str, wanted: str | None, out: str | None, show: str | None, decimals: int | None, most_quantities: int
) -> None:
    """Work out the network in FILE (YAML or JSON), every step of it.

    \b
    handcalc solve unwell.yaml
    handcalc solve unwell.yaml --show forward --decimals 2
    handcalc solve unwell.yaml -o key.pdf          (or .tex, .html, .json, .txt)
    handcalc solve unwell.yaml --format latex | pbcopy
    """
    from handcalc.api import solve as work_out
    from handcalc.derive.warnings import warnings
    from handcalc.write import format_of, render, save

    chosen = wanted or format_of(out)
    if chosen == "pdf" and out is None and sys.stdout.isatty():
        raise click.UsageError("a PDF doesn't go to the terminal; name a file with -o")
    solution = work_out(file, show=show, decimals=decimals, most_quantities=most_quantities)
    for warning in warnings(solution):
        click.echo(f"handcalc: warning: {warning}", err=True)
    made = render(solution, chosen, colour=out is None and sys.stdout.isatty())
    if out is None:
        click.echo(made, nl=False)
    else:
        save(out, made)
