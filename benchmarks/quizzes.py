"""Numbers for a class: what it costs to draw them, judge them and work every line out."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path

from benchmarks.many_variants import PACKS
from benchmarks.measure import Row, Work, ratio, seconds
from benchmarks.networks import float_tape, network
from handcalc.derive.solution import Solution
from handcalc.quiz.jobs import Task, quiz_of
from handcalc.quiz.pack import Pack, make_pack, planned
from handcalc.quiz.quiz import read_quiz
from handcalc.quiz.roster import numbered
from handcalc.quiz.variants import variants
from handcalc.quiz.workers import cores, in_processes

SMALL, SMALLER = "one decimal from -1 to 1, not 0", "one decimal from -0.5 to 0.5, not 0"
QUIZ = {
    "inputs": ["one decimal from 0.5 to 2", "one decimal from 0.2 to 1.5"],
    "layers": [
        {"sigmoid": f"2 x 2 of {SMALL}", "bias": f"2 of {SMALLER}"},
        {"softmax": f"2 x 2 of {SMALL}", "bias": f"2 of {SMALLER}"},
    ],
    "target": ["1", "0"],
    "loss": "cross-entropy",
    "learning rate": "0.5",
}
CLASS = 1_000


def variants_1000_over_float() -> Row:
    """1,000 accepted variants of a 2-2-2 network, all gates in force, every digit of every line certified, over a plain
    float tape that evaluates 1,000 (forward, backward, update and the pass after it)."""
    quiz, seeds = read_quiz(QUIZ), count(1)
    students = [str(n) for n in range(CLASS)]
    plain = float_tape((2, 2, 2), rate=0.5)
    given = [int(v.p) / int(v.q) for v in Solution(network((2, 2, 2))).values[:16]]

    def worked() -> object:
        return variants(quiz, next(seeds), students)

    def floats() -> object:
        return [plain(given) for _ in students]

    return Row("variants_1000_over_float", ratio(worked, floats, rounds=5), 500)


def pack_speed_up() -> Row:
    """The whole work of a pack of 48 students, from the start of the workers to the manifest: one core over two."""
    name, limit = "pack_speed_up", 1.6
    if cores() < 2:
        return Row(name, None, limit, most=False, word="skipped: there is one core")
    pack = _pack(48)
    with tempfile.TemporaryDirectory() as folder:
        numbers = count()

        def made(jobs: int) -> Work:
            return lambda: make_pack(pack, Path(folder) / str(next(numbers)), in_processes(jobs))

        return Row(name, seconds(made(1)) / seconds(made(2)), limit, most=False)


def combined_megabytes() -> Row:
    """Memory for the combined file, a student: what the process has at its peak over what it had before."""
    name, limit, students = "combined_megabytes", 1, 150
    if not Path("/proc/self/status").exists():
        return Row(name, None, limit, word="skipped: this system doesn't say what a process has had")
    pack = _pack(6)
    with tempfile.TemporaryDirectory() as folder:
        make_pack(pack, Path(folder), in_processes(1))
        sheets = sorted((Path(folder) / "sheets").iterdir())
        code = (
            "import sys\n"
            "from pathlib import Path\n"
            "from handcalc.render.combined import combined\n"
            "def peak():\n"
            "    return int(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])\n"
            "combined([('', sys.argv[1])])\n"
            "before = peak()\n"
            f"combined([('', path) for path in sys.argv[1:] * {students // len(sheets)}])\n"
            "print(peak() - before)"
        )
        command = [sys.executable, "-c", code, *map(str, sheets)]
        found = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
        return Row(name, int(found.stdout) / 1024 / students, limit)


def _pack(students: int) -> Pack:
    task = Task(file="harvest.yaml", text=(PACKS / "harvest.yaml").read_text("utf-8"))
    return planned(quiz_of(task), task, 7, numbered(students))
