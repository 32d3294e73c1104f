"""One row a figure: name, value, limit, ok or short. Exits with 1 where one is short."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Any

from flint import ctx

from benchmarks import answers, classes, fuzz_answers, marking, quizzes, sheets
from benchmarks.measure import Row, ratio, seconds
from benchmarks.networks import float_tape, naive, network
from handcalc.derive.bare import bare
from handcalc.derive.program import Program
from handcalc.derive.solution import Solution
from handcalc.derive.write import written
from handcalc.derive.writer import Turn
from handcalc.render.text import line_text


def _forward_and_backward(sizes: tuple[int, ...]) -> tuple[Callable[[], object], list[Any]]:
    """The certified tape of a forward and backward pass, and the numbers it is given."""
    solved = Solution(replace(network(sizes), show=("forward", "loss", "gradients")))
    given = solved.values[: solved.program.first]
    tape = solved.program.tape()

    def certified() -> object:
        with ctx.workprec(64):
            return tape(given)

    return certified, given


def certified_over_float(name: str, sizes: tuple[int, ...]) -> Row:
    certified, given = _forward_and_backward(sizes)
    plain = float_tape(sizes)
    floats = [int(v.p) / int(v.q) for v in given]
    return Row(name, ratio(certified, lambda: plain(floats)), 10)


def certified_over_torch(sizes: tuple[int, ...]) -> Row:
    """The certified forward and backward pass over PyTorch's autograd in float64."""
    name, limit = "certified_over_torch_222", 1.0
    try:
        import torch
    except ImportError:
        return Row(name, None, limit, word="skipped: PyTorch isn't installed")
    torch.set_num_threads(1)
    solved = network(sizes)
    certified, _ = _forward_and_backward(sizes)

    def tensor(rows: Any) -> Any:
        return torch.tensor(rows, dtype=torch.float64, requires_grad=True)

    x = torch.tensor([float(one.text) for one in solved.inputs], dtype=torch.float64)
    parameters = [
        (
            tensor([[float(w.text) for w in row] for row in layer.weights]),
            tensor([float(b.text) for b in layer.bias or ()]),
        )
        for layer in solved.dense
    ]
    target = torch.tensor([float(one.text) for one in solved.target or ()], dtype=torch.float64)

    def autograd() -> object:
        a = x
        for n, (W, b) in enumerate(parameters):
            W.grad = b.grad = None
            z = W @ a + b
            a = torch.log_softmax(z, 0) if n == len(parameters) - 1 else torch.sigmoid(z)
        loss: Any = -(target * a).sum()
        loss.backward()
        return loss

    return Row(name, ratio(certified, autograd), limit)


def naive_over_key(name: str, sizes: tuple[int, ...], limit: float, rounds: int) -> Row:
    """SymPy's diff, subs and evalf over the whole key: solution, digits of every line, the lines as text."""
    solved = network(sizes)

    def key() -> object:
        return [line_text(line) for line in Solution(solved).lines]

    key()
    if rounds > 1:
        return Row(name, ratio(lambda: naive(solved), key, rounds=rounds), limit, most=False)
    once = seconds(lambda: naive(solved))
    return Row(name, once / min(seconds(key, 20) for _ in range(5)), limit, most=False)


def build_per_step() -> Row:
    """Cost per step of building a page (and its slots), at 3,000 steps over 300."""

    def build(layers: int) -> tuple[Callable[[], object], int]:
        sizes = (6,) * (layers + 1) + (3,)
        shape, _ = bare(replace(network(sizes), show=("forward", "loss", "gradients")))
        return (lambda: Program(written.__wrapped__(shape, Turn()))), len(written.__wrapped__(shape, Turn()).steps)

    (small, few), (large, many) = build(4), build(43)
    return Row(
        "build_per_step", ratio(large, small) * few / many, 1.5, word="" if many > 9 * few else f"{few} to {many}"
    )


def start() -> Row:
    """``handcalc --help`` over ``python -c "import click"``, whole processes."""

    def run(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    command = run("-c", "from handcalc.cli import main; main()", "--help")
    return Row("start", ratio(command, run("-c", "import click"), rounds=15, least=0.0), 2.5)


def main() -> int:
    rows = [
        lambda: certified_over_float("certified_over_float_300", (4, 7, 7, 3)),
        lambda: certified_over_float("certified_over_float_7000", (20, 50, 38, 8)),
        lambda: certified_over_torch((2, 2, 2)),
        lambda: naive_over_key("naive_sympy_over_key_222", (2, 2, 2), 500, rounds=7),
        lambda: naive_over_key("naive_sympy_over_key_343", (3, 4, 3), 3_000, rounds=1),
        build_per_step,
        start,
        sheets.pdf_over_floor,
        sheets.sheet_and_key_over_floor,
        sheets.pdflatex_over_pdf,
        sheets.pdf_kilobytes,
        sheets.pdf_over_import,
        quizzes.variants_1000_over_float,
        quizzes.pack_speed_up,
        quizzes.combined_megabytes,
        answers.sympify_over_read_decimal,
        answers.sympify_over_read_expression,
        marking.mark_over_float,
    ]
    held = True
    for row in chain((measure() for measure in rows), fuzz_answers.rows(), classes.rows()):
        print(row, flush=True)
        held = held and row.holds
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
