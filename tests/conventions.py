"""The page docs/conventions.md: each convention with one line that handcalc prints for it.

`python tests/conventions.py` prints the page; a test compares it with what is kept. Every row is an exercise of its
own, solved here. The rows of activations, losses, penalties and optimisers come from the registry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

import yaml
from oracles.text_lines import worked

import handcalc
from handcalc.derive.solution import Solution
from handcalc.ops import Operation, activations, losses, optimisers, regularisers
from handcalc.render.latex import latex
from handcalc.sheet.compose import compose

HEAD = """\
# Conventions

Each convention that a network file can choose, with what the file says and one line that handcalc prints for it. The
lines are made by running these files (`python tests/conventions.py`); none is typed. What a row leaves out stands in
the file above its table, as in a file with [exercises](network-file.md#exercises).
"""


class Row(NamedTuple):
    """A convention, the keys that choose it, and the key of the line that shows it."""

    says: str
    keys: str
    line: str


class Family(NamedTuple):
    """Rows that share what stands in `file`; `on_paper` shows the line as it is set instead of in keys."""

    title: str
    file: str
    rows: Sequence[Row]
    tell: str = ""
    on_paper: bool = False


def printed(solution: Solution) -> dict[str, str]:
    """The lines of the text output by the keys of what they make, each on one row and without its remark."""
    found = {}
    for block in worked(solution.text()):
        rows = [row.strip() for row in block.split("\n")]
        key = re.split(" [=≈] ", rows[0])[0]
        found[key] = " ".join([rows[0], *(row for row in rows[1:] if row[0] in "=≈+−")])
    return found


def on_paper(solution: Solution, key: str) -> str:
    """The line of `key` in the LaTeX output, on one row."""
    rows = latex(compose(solution)).split("\n")
    after = rows[rows.index(f"% {key}") + 1 :]
    line = " ".join(takewhile(lambda row: not row.startswith(("%", r"\end{")), after))
    return re.sub(r"\\\\(\*|\[\\step\])?|&", "", line).strip()


NET = """\
inputs: [1, 0.5]
layers:
  - {sigmoid: [[0.2, -0.4], [0.6, 0.3]], bias: [0.1, -0.2]}
  - {linear: [0.5, 1], bias: 0.3}
target: 1
loss: half squared error
learning rate: 0.1
"""
LINE = """\
inputs: {x: [1, 2, 4]}
layers:
  - {linear: [0.5], bias: 0.2}
target: [1, 2, 3]
loss: half squared error
learning rate: 0.1
"""
NEURON = """\
inputs: [2, 3]
layers:
  - {linear: [[0.5, -1], [0.25, 2]]}
"""
CLASSES = """\
inputs: [1, 2]
layers:
  - {softmax: [[0.3, 0.5], [-0.2, 0.4]]}
target: [1, 0]
loss: cross-entropy
"""
WEIGHT = """\
inputs: 2
layers:
  - {linear: 0.5}
target: 3
loss: half squared error
learning rate: 0.1
"""
FAMILIES: tuple[Family, ...] = (
    Family("Samples", LINE, (
        Row("a row for each sample", "inputs: [[1], [2], [4]]", "z[s=3][1]"),
        Row("a column for each sample", "inputs: [[1, 2, 4]]\nsamples: columns", "z[s=3][1]"),
        Row("a table", "inputs: {x: [1, 2, 4]}", "z[s=3][1]"),
        Row("batch, the mean", "batch: mean", "dJ/dW[1,1]"),
        Row("batch, the sum", "batch: sum", "dJ/dW[1,1]"),
        Row("sample by sample", "batch: online", "W[u=2][1,1]"),
        Row("sample weights", "sample weights: [1, 2, 1/2]", "J"),
        Row("scores are given, no layer makes them", "inputs: none\nlayers: [softmax]\nscores: [1, 2, 4]\n"
            "target: class 3\nloss: cross-entropy\nlearning rate: none", "p[1]"),
        Row("predictions are given", "inputs: none\nlayers: none\npredictions: [0.7, 0.3]\ntarget: class 1\n"
            "loss: cross-entropy\nlearning rate: none", "L"),
    )),
    Family("Update order and repetition", NET, (
        Row("simultaneous: gradients from the weights before the update", "update order: simultaneous", "dL/da1[1]"),
        Row("in place: the output weights first, then hidden slopes from the new ones", "update order: in place",
            "dL/da1[1]"),
        Row("biases are trained", "train: weights and biases", "z2[u=1][1]"),
        Row("biases stay as they are", "train: weights", "z2[u=1][1]"),
        Row("several updates", "steps: 3", "W2[u=3][1,1]"),
        Row("several epochs, each sample an update", "inputs: [[1, 0.5], [0, 1]]\ntarget: [1, 0]\nbatch: online\n"
            "epochs: 2", "W2[u=4][1,1]"),
        Row("only some updates line by line", "steps: 1000\nshow updates: [1, last]", "L[u=999]"),
    )),
    Family("Bias", NEURON, (
        Row("none", "layers: [{linear: [[0.5, -1], [0.25, 2]]}]", "z[2]"),
        Row("one for each unit", "layers: [{linear: [[0.5, -1], [0.25, 2]], bias: [0.1, 0.3]}]", "z[2]"),
        Row("one shared by the layer", "layers: [{linear: [[0.5, -1], [0.25, 2]], shared bias: 0.1}]", "z[2]"),
        Row("weight of a constant 1 (last or augmented column)",
            "layers: [{linear: [[0.5, -1, 0.1], [0.25, 2, 0.3]], bias: last column}]", "z[2]"),
        Row("weight of a constant −1",
            "layers: [{linear: [[0.5, -1, 0.1], [0.25, 2, 0.3]], bias: last column of -1}]", "z[2]"),
        Row("threshold, subtracted", "layers: [{step: [[0.5, -1], [0.25, 2]], threshold: [0.1, 0.3]}]", "z[2]"),
    )),
    Family("Layout, branches", NEURON, (
        Row("weights out × in: a row for each unit", "layout: out x in", "z[2]"),
        Row("weights in × out: a row for each input", "layout: in x out", "z[2]"),
        Row("activations per unit", "layers: [{activation: [tanh, relu], weights: [[0.5, -1], [0.25, 2]]}]", "yhat[2]"),
        Row("an activation alone", "layers: [{linear: [[0.5, -1], [0.25, 2]]}, softmax]", "p[1]"),
        Row("branches that are added",
            "layers: [{branches: [[{linear: [[1, 2]]}], [{relu: [[0.5, 1]]}]]}]", "yhat[1]"),
        Row("branches side by side",
            "layers: [{branches: [[{linear: [[1, 2]]}], [{relu: [[0.5, 1]]}]], join: concatenate}, {linear: [2, 3]}]",
            "z3[1]"),
        Row("a skip", "layers: [{branches: [[{relu: [[0.5, -1], [0.25, 2]]}], []]}]", "yhat[2]"),
    )),
    Family("Targets", CLASSES, (
        Row("a value", "layers: [{linear: [0.3, 0.5]}]\ntarget: 2.5\nloss: squared error", "L"),
        Row("one-hot", "target: [1, 0]", "dL/dz[1]"),
        Row("the name of a class", "layers: [{softmax: [[0.3, 0.5], [-0.2, 0.4]], classes: [cat, dog]}]\ntarget: dog",
            "dL/dz[2]"),
        Row("the number of a class", "target: class 2", "dL/dz[2]"),
        Row("0 or 1", "layers: [{sigmoid: [0.3, 0.5]}]\ntarget: 0\nloss: binary cross-entropy", "L"),
        Row("−1 or 1", "layers: [{linear: [0.3, 0.5]}]\ntarget: -1\nloss: hinge", "L"),
    )),
    Family("What a penalty is of", "inputs: 2\nlayers:\n  - {linear: 0.5, bias: 0.1}\n"
           "target: 3\nloss: half squared error\nregularisation: l2\n", (
        Row("the weights", "regularisation: {l2: {rate: 0.1, of: weights}}", "R"),
        Row("the biases too", "regularisation: {l2: {rate: 0.1, of: weights and biases}}", "R"),
        Row("the outputs", "regularisation: {l2: {rate: 0.1, of: outputs}}", "R"),
        Row("several", "regularisation: [{l2: {rate: 0.1}}, {l1: {rate: 0.2}}]", "J"),
    )),
    Family("Scaling", "inputs: {area: [120, 80, 160]}\nscaling: standardise\n", (
        Row("divided by a number", "scaling: {divide by: {number: 100}}", "x[s=1]"),
        Row("between 0 and 1", "scaling: {min max: {min: 50, max: 250}}", "x[s=1]"),
        Row("between −1 and 1", "scaling: {min max: {min: 50, max: 250, to: -1 to 1}}", "x[s=1]"),
        Row("standardised with the deviation of the population", "scaling: standardise", "v"),
        Row("with that of a sample", "scaling: {standardise: {deviation: sample}}", "v"),
        Row("with mean and deviation given", "scaling: {standardise: {mean: 100, deviation: 25}}", "x[s=1]"),
        Row("outputs turned back into their unit",
            "layers: [{linear: 0.5}]\noutput scaling: {divide by: {number: 1000}}", "out[s=1][1]"),
    )),
    Family("Gradients, letters, indices", NET, (
        Row("∂L/∂z", "notation: {gradients: partial}", "dL/dz1[1]"),
        Row("δ", "notation: {gradients: delta}", "dL/dz1[1]"),
        Row("output − target, the step is subtracted", "notation: {sign: p - y}", "dL/dyhat[1]"),
        Row("target − output, the step is added", "notation: {sign: y - p}", "W2[u=1][1,1]"),
        Row("δ as target − output", "notation: {gradients: delta, sign: y - p}", "-dL/dz2[1]"),
        Row("layers as superscripts", "notation: {layers: superscript}", "z1[2]"),
        Row("weights and units numbered throughout each", "notation: {layers: plain}", "z1[2]"),
        Row("all units in one count", "notation: {layers: throughout}", "z1[2]"),
        Row("weights by from, to", "notation: {indices: 'from, to'}\nlayout: in x out\n"
            "layers: [{sigmoid: [[0.2, 0.6], [-0.4, 0.3]]}, {linear: [[0.5], [1]]}]", "z1[2]"),
        Row("own letters", 'notation: {letters: {a1: h, z: net, "W1[2,1]": w3, eta: alpha}}', "z1[2]"),
        Row("× for a product", "notation: {product: ×}", "z1[2]"),
        Row("log for the natural logarithm",
            "notation: {log: log}\nlayers: [{softmax: [[1, 0], [0, 1]]}]\ntarget: class 1\nloss: cross-entropy", "L"),
        Row("decimal comma", "notation: {decimal: comma}", "z1[2]"),
    ), "These lines are as they are set on paper; the text output names quantities by their [keys](keys.md).", True),
    Family("Rounding", NET, (
        Row("exact values carried, 4 decimals", "decimals: 4", "dL/dz1[1]"),
        Row("3 decimals", "decimals: 3", "dL/dz1[1]"),
        Row("3 significant figures", "rounding: {significant figures: 3}", "dL/dz1[1]"),
        Row("rounded numbers carried", "decimals: 3\ncarry: rounded", "dL/dz1[1]"),
        Row("cut off instead of rounded", "rounding: {decimals: 3, carry: rounded, how: truncate}", "dL/dz1[1]"),
        Row("n significant figures at each step", "rounding: {significant figures: 2, carry: rounded}", "dL/dz1[1]"),
        Row("own places for some", "rounding: {decimals: 4, carry: rounded, own: {a1: 2}}", "dL/dz1[1]"),
    )),
    Family("Numbers", NEURON, (
        Row("as typed", "inputs: [2.50, .5]", "z[1]"),
        Row("fractions", "inputs: [1/3, -3/20]", "z[1]"),
        Row("powers of ten", "inputs: [2.5e6, 1e-3]", "z[1]"),
        Row("decimal comma on the sheet", "inputs: [2.5, 0.5]\nnotation: comma", "z[1]"),
    )),
    Family("Circuits", "circuit: f = (x + y)*z\ninputs: {x: -2, y: 5, z: -4}\n", (
        Row("a step for each gate", "gates: gates", "df/dx"),
        Row("a step for each statement", "gates: names", "df/dx"),
        Row("statements of one's own", "circuit: q = x + y; f = q*z", "df/dq"),
    )),
)  # fmt: skip


def chosen(kind: type[Operation]) -> Iterator[dict[str, str]]:
    """The defaults, then each option by itself: every word of it, or the number of a variant."""
    yield {}
    for option in kind.options:
        yield from ({option.name: word} for word in option.words if word not in (option.default, "none"))
        varied = [variant for variant in kind.variants if variant.get(option.attribute, "none") not in option.words]
        if number := [variant[option.attribute] for variant in varied if option.attribute in variant]:
            yield {option.name: number[0]}


def with_options(kind: type[Operation], options: Mapping[str, str]) -> str:
    """``huber`` or ``{huber: {delta: 0.2}}``."""
    inside = ", ".join(f"{name}: {choice}" for name, choice in options.items())
    return f"{{{kind.name}: {{{inside}}}}}" if options else kind.name


def list_of(numbers: Sequence[str]) -> str:
    return f"[{', '.join(numbers)}]"


def of_activation(kind: type[Operation], options: Mapping[str, str]) -> str:
    inside = ", ".join(f"{name}: {choice}" for name, choice in options.items())
    return f"layers: [{{{kind.name}: [[0.5, -1], [0.25, 2]]{', ' * bool(inside)}{inside}}}]"


def of_loss(kind: type[Operation], options: Mapping[str, str]) -> str:
    predictions, *targets = kind.example
    keys = [f"predictions: {list_of(predictions)}", *(f"target: {list_of(one)}" for one in targets)]
    if options.get("labels") == "0 and 1":
        keys[1] = keys[1].replace("-1", "0")
    return "\n".join([*keys, f"loss: {with_options(kind, options)}"])


class Known(NamedTuple):
    """The operations of one kind, each written into `file`; `lines` are the keys that show the usual form."""

    title: str
    tell: str
    file: str
    known: Mapping[str, type[Operation]]
    keys: Callable[[type[Operation], Mapping[str, str]], str]
    lines: tuple[str, ...]


FIRST_THEN = "Each in its usual form, then with each option by itself; of these a line that the option changes."
KNOWN = (
    Known("Activations", FIRST_THEN, NEURON + "target: [1, 0]\nloss: squared error\n",
          activations(), of_activation, ("yhat[1]", "p[1]")),
    Known("Losses", FIRST_THEN, "", losses(), of_loss, ("L",)),
    Known("Penalties", "Of the weights, if nothing else is said.", NEURON + "target: [1, 0]\nloss: squared error\n",
          regularisers(), lambda kind, options: f"regularisation: {with_options(kind, options)}", ("R",)),
    Known("Optimisers", FIRST_THEN, WEIGHT, optimisers(),
          lambda kind, options: f"optimiser: {with_options(kind, options)}", ("W[u=1][1,1]",)),
)  # fmt: skip
PARTS: tuple[Family | Known, ...] = (*FAMILIES[:5], *KNOWN[:3], FAMILIES[5], KNOWN[3], *FAMILIES[6:])


def rows_of(family: Known) -> Iterator[tuple[str, str]]:
    """The keys and the line of every operation in its usual form, and of each option a line that it changes."""
    for kind in dict.fromkeys(family.known.values()):
        usual: dict[str, str] = {}
        for options in chosen(kind):
            keys = family.keys(kind, options)
            lines = printed(solved(family.file, keys))
            last = next(key for key in family.lines if key in lines)
            usual = usual or lines
            yield keys, lines[changed(lines, usual, last) if options else last]


def changed(lines: Mapping[str, str], usual: Mapping[str, str], last: str) -> str:
    """The line with another formula than usual, best the `last` one; where only numbers differ, the first such line."""
    formulas = {line.split(" = ")[1] for line in usual.values()}
    other = [key for key in lines if lines[key].split(" = ")[1] not in formulas]
    return last if last in other else next(iter(other or [key for key in lines if lines[key] != usual.get(key)]))


def solved(file: str, keys: str) -> Solution:
    """The exercise that has `keys` in place of those of `file`; a key that says none is left out."""
    own = yaml.load(keys, Loader=yaml.BaseLoader)
    common = yaml.load(file, Loader=yaml.BaseLoader) if file else {}
    given = {key: value for key, value in {**common, **own}.items() if value != "none"}
    return handcalc.solve(given)


def page() -> str:
    """The page docs/conventions.md."""
    parts = [HEAD]
    for part in PARTS:
        parts.append(f"\n## {part.title}\n\n")
        parts += [f"{part.tell}\n\n"] if part.tell else []
        parts += [f"```yaml\n{part.file}```\n\n"] if part.file else []
        parts += known(part) if isinstance(part, Known) else family(part)
    return "".join(parts)


def family(part: Family) -> Iterator[str]:
    yield "| convention | in the file | a line |\n|---|---|---|\n"
    for row in part.rows:
        solution = solved(part.file, row.keys)
        line = f"$`{on_paper(solution, row.line)}`$" if part.on_paper else code(printed(solution)[row.line])
        yield f"| {row.says} | {code(row.keys)} | {line} |\n"


def known(part: Known) -> Iterator[str]:
    yield "| in the file | a line |\n|---|---|\n"
    for keys, line in rows_of(part):
        yield f"| {code(keys)} | {code(line)} |\n"


def code(text: str) -> str:
    """Each row of `text` as code in the cell of a table."""
    return "<br>".join(f"`{row}`" for row in text.replace("|", r"\|").split("\n"))


if __name__ == "__main__":
    print(page(), end="")
