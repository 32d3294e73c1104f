"""200,000 answers that nobody should type, read and decided: ``python -m benchmarks.fuzz_answers [count]``.

Prints how many exceptions were not our own (0 is wanted), and how long the slowest took over the median (at most
1,000). The answers are real ones with mistakes in them, their pieces, characters of all Unicode, and known evil; always
the same ones.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from flint import fmpq

from benchmarks.measure import Row
from handcalc.derive.tolerance import Interval
from handcalc.mark.answer import Answer
from handcalc.mark.deciding import NotDecided, holds
from handcalc.mark.names import Names
from handcalc.mark.reading import NO_LETTERS, read_answer

COUNT, SEED, MOST = 200_000, 6, 1_000.0
LETTERS = Names(["w1", "x1", "p[1]", "y[1]", "W1[2,1]", "yhat"])
PIECES = [
    *"0123456789", *"+-*/^().,;|%=≈ \n[]{}&_'\"\\", "0.5866", "1,234", "2e-3", "10^-3", "9**9", "e^", "exp(", "ln ",
    "√", "σ(", "\\frac{1}{2}", "\\cdot", "½", "²", "⁻³", "w1", "x_1", "ŷ", "max(", "−", "−0.25", "3 1/2", "e", "π",
    "1e60", "99", "\\begin{pmatrix}", "\\end{pmatrix}", "tanh", "log", "sigmoid", "x = ", "^T", "kg", "<", "±", "0,5",
    "1.234,5", "1/0", "ln 0", "(" * 12, ")" * 12,
]  # fmt: skip
EVIL = [
    "9**9**9", "9^9^9^9", "(" * 10_000, "((" * 900, "5" * 1_000_000, "9" * 1_999, "0." + "3" * 1_990, "1e999999999",
    "exp(exp(exp(exp(9))))", "exp(-exp(exp(5)))", "__import__('os').system('true')", "{0.__class__.__mro__}", "%s%n%x",
    "\x00", "0.5\x00", "x" * 2_000, "√" * 2_000, "-" * 2_000, "1/" * 999 + "1", "2^" * 900 + "2", "((1^99)^99)^99",
    "1.0000001^" + "9" * 50, "|" * 1_999, "[" * 1_000 + "]" * 1_000, "1," * 900 + "1", "1 " * 900, "½" * 900,
    "=" * 2_000, "x = " * 499 + "1", "\\frac" * 300, "ln " * 600 + "2", "0.1^0.1" * 200, "e^" * 900 + "2",
    "1/2x1" * 390, "(" * 30 + "1+2" + ")^99" * 30, "5%" * 900, "1;" * 999, "\n" * 1_999, "ŷ" * 1_999, "𝑒^2" * 400,
    "tanh(" * 39 + "1" + ")" * 39, "(w1+x1)^99*(w1-x1)^99", "log " * 400 + "2", "2^0.5" + "^0.5" * 30,
    "1'000" * 300, "a_{" * 600,
]  # fmt: skip
KEY = Interval("0.5865", "0.5867", fmpq(5_865, 10_000), fmpq(5_867, 10_000))


REAL = [
    "0.5866", "1,234.5", "2·10^-3", "3 1/2", "1/(1+e^(-0.35))", "exp(2)/(exp(1)+exp(2))", "σ(0.35)", "√2/2", "58.66 %",
    "\\frac{1}{1+e^{-0.35}}", "z1 = 0.41", "[0.1; 0.9]", "(0.1, 0.9)", "[[1,2],[3,4]]", "(p1-y1)*w1", "2w1x1", "W1_21",
    "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "ŷ(1-ŷ)", "ln(2)", "max(0, -1.5)", "|−0.5|", "-2^2", "1/2x1",
]  # fmt: skip


def answers(count: int) -> Iterator[str]:
    draw = random.Random(SEED)
    yield from EVIL
    for n in range(count - len(EVIL)):
        if n % 4 == 3:
            codes = ((128, 0x3000, 0x11000)[draw.randrange(3)] for _ in range(draw.randrange(30)))
            yield "".join(chr(draw.randrange(most)) for most in codes)
        elif n % 4 == 2:
            yield "".join(draw.choice(PIECES) for _ in range(draw.randrange(1, 40)))
        else:
            yield with_mistakes(draw.choice(REAL), draw)


def with_mistakes(text: str, draw: random.Random) -> str:
    """`text` with up to three pieces left out, put in, or doubled."""
    for _ in range(draw.randrange(4)):
        start = draw.randrange(len(text) + 1)
        end = min(len(text), start + draw.randrange(3))
        text = text[:start] + draw.choice(["", draw.choice(PIECES), text[start:end] * 2]) + text[end:]
    return text


def read_and_decided(text: str, names: Names) -> str:
    """How it ended."""
    read = read_answer(text, letters=names)
    if not isinstance(read, Answer):
        assert str(read)
        return read.code
    for reading in read.readings:
        for entry in reading.entries[:4]:
            if entry.value is not None:
                holds(entry, KEY)
    return "read"


@dataclass
class Fuzzed:
    """How reading went: what each answer ended as, exceptions that aren't ours, the slowest one over the median."""

    ends: Counter[str] = field(default_factory=Counter)
    foreign: list[tuple[str, BaseException]] = field(default_factory=list)
    times: list[tuple[float, str]] = field(default_factory=list)

    @property
    def slowness(self) -> float:
        return max(self.times)[0] / median(seconds for seconds, _ in self.times)


def fuzzed(count: int) -> Fuzzed:
    found = Fuzzed()
    read_answer("1,2")  # patterns are made once
    gc.collect()
    gc.freeze()  # or a look at what other rows have left would count for the answer that it falls on
    for n, text in enumerate(answers(count)):
        start = time.process_time()
        try:
            found.ends[read_and_decided(text, LETTERS if n % 2 else NO_LETTERS)] += 1
        except NotDecided:
            found.ends["not decided"] += 1
        except Exception as error:  # whatever it is, that is what is looked for
            found.foreign.append((text[:80], error))
        found.times.append((time.process_time() - start, text[:80]))
    return found


def rows() -> Iterator[Row]:
    found = fuzzed(COUNT)
    yield Row("fuzz_foreign_exceptions", len(found.foreign), 0)
    yield Row("fuzz_slowest_over_median", found.slowness, MOST)


def main(count: int) -> int:
    found = fuzzed(count)
    print(f"{count:,} answers: " + ", ".join(f"{end} {n:,}" for end, n in found.ends.most_common()))
    for text, raised in found.foreign[:20]:
        print(f"    {text!r}: {raised!r}")
    print(f"foreign exceptions {len(found.foreign)}, slowest over median {found.slowness:.0f} ({max(found.times)!r})")
    return 0 if not found.foreign and found.slowness <= MOST else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT))
