"""The commands beside `solve`: what is known, examples, new networks, the schema; as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result
from oracles.networks import network
from oracles.sheets import kinds

from handcalc.api import solve, solve_all
from handcalc.cli import main
from handcalc.commands import known, listing, making, schema_parts, starting
from handcalc.commands import schema as schemas
from handcalc.commands.judging import objection
from handcalc.commands.stories import STORIES, Scale, Story
from handcalc.derive.solution import Solution
from handcalc.derive.warnings import warnings
from handcalc.errors import HandcalcError
from handcalc.formula.tree import Formula, Ref, cases
from handcalc.network import NetworkFileError, read, read_all, read_text
from handcalc.network.network import KEYS
from handcalc.ops import (
    Activation,
    Loss,
    Operation,
    Optimiser,
    Option,
    Regulariser,
    Scaling,
    activations,
    losses,
    plain,
)
from handcalc.ops.operation import Elementwise
from handcalc.quiz.draw import Draw

HOME = Path(__file__).parent.parent
OPERATIONS = sorted(set(Operation.registry.values()), key=lambda operation: operation.name)

VALIDATOR = jsonschema.Draft202012Validator(schemas.schema())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="handcalc", catch_exceptions=False)


class Bent(Elementwise):
    """An activation with every kind of option; it has no name in its class, so that the registry stays as it is."""

    options = (
        Option("alpha", "0.1", letter="alpha", least="0", tell="slope for negative sums"),
        Option("slope at 0", "0", ("0", "1")),
        Option("power", "2", whole=True, least="1", most="5"),
    )
    variants = ({"slope_at_0": "1"}, {"alpha": "0.3"})
    alpha: Formula
    slope_at_0: str

    def curve(self, z: Formula) -> Formula:
        return cases(z, ">", 0, yes=z, no=self.alpha * z)

    def slope(self, z: Ref, a: Ref) -> Formula:
        return cases(z, ">" if self.slope_at_0 == "0" else "≥", 0, yes=1, no=self.alpha)


Bent.name = "bent"


# What is known


def test_every_operation_is_listed_with_its_names() -> None:
    said = run("ops").output
    for operation in OPERATIONS:
        assert f"  {operation.name}" in said
        for alias in operation.aliases:
            assert alias in " ".join(said.split())


def test_lists_fit_a_terminal() -> None:
    for said in (run("ops").output, run("examples").output, *(run("ops", one.name).output for one in OPERATIONS)):
        assert max(map(len, said.splitlines())) <= 80


FORMULAS = {
    "sigmoid": ("a = 1/(1 + e^(−z))", "da/dz = a·(1 − a)"),
    "relu": ("a = max(0, z)", "da/dz = (1 if z > 0 else 0)"),
    "softmax": ("p[1] = e[1]/S", "dp[1]/dz[2] = −p[1]·p[2]"),
    "mean squared error": ("(1/3)·(", "(2/3)·(p[1] − y[1])"),
    "cross-entropy": ("dL/dp[1] = −y[1]/p[1]", "dL/dz[1] = p[1] − y[1] (after softmax)"),
    "gradient descent": ("w[u=1] = w − eta·dL/dw",),
    "weighted sum": ("z[1] = W[1,1]·x[1] + W[1,2]·x[2] + b[1]", "dz[1]/dW[1,1] = x[1]"),
    "chain rule": ("dL/dx = dL/dy[1]·dy[1]/dx + dL/dy[2]·dy[2]/dx",),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formula_and_derivative_are_those_of_the_operation(name: str) -> None:
    said = " ".join(run("ops", *name.split()).output.split())
    for formula in FORMULAS[name]:
        assert formula in said


def test_a_changed_formula_is_listed_as_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second copy of a formula."""
    monkeypatch.setattr(activations()["sigmoid"], "curve", lambda self, z: 7 * z)
    assert "a     = 7·z" in run("ops", "sigmoid").output


def test_options_stand_with_what_is_accepted_and_their_letters() -> None:
    said = listing.at_length(known._known(Bent))
    assert "a     = (z if z > 0 else alpha·z)" in said
    assert "With slope at 0: 1\n  da/dz = (1 if z ≥ 0 else alpha)\n\n" in said
    assert "With alpha" not in said
    assert "alpha       slope for negative sums: a number of at least 0; default 0.1" in said
    assert "slope at 0  0 or 1; default 0" in said
    assert "power       a whole number of at least 1 and at most 5; default 2" in said
    assert "bias: [0.1, 0.3], alpha: 0.1,\n  slope at 0: 0, power: 2}" in said


def test_an_alias_and_a_family_are_found() -> None:
    assert run("ops", "NLL").output == run("ops", "cross-entropy").output
    assert [one.name for one in known.called("losses")] == [one.name for one in known.known() if one.family == "Losses"]
    assert known.called("loss") == known.called("losses")


def test_one_operation_comes_with_words_mistakes_and_a_line_to_write() -> None:
    said = run("ops", "sigmoid").output
    sigmoid = activations()["sigmoid"]
    assert sigmoid.tell in said
    assert all(mistake.code in said for mistake in sigmoid.mistakes)
    assert "- {sigmoid: [[0.6, 0.4], [-0.2, 0.5]], bias: [0.1, 0.3]}" in said


IN_A_FILE = (Activation, Loss, Optimiser, Regulariser, Scaling)


@pytest.mark.parametrize("kind", [one for one in OPERATIONS if issubclass(one, IN_A_FILE)])
def test_the_line_to_write_is_accepted(kind: type[Operation]) -> None:
    line = known.in_a_file(kind)
    text = "inputs: [1, 2]\nlayers:\n"
    last = "linear" if issubclass(kind, Loss) and kind.needs_scores else "softmax"
    text += f"  {line}\n" if issubclass(kind, Activation) else f"  - {{{last}: [[0.6, 0.4], [-0.2, 0.5]]}}\n"
    if issubclass(kind, (Optimiser, Regulariser)):
        text += "target: [0, 1]\nloss: cross-entropy\nlearning rate: 0.5\n"
    elif issubclass(kind, Loss):
        text += "target: [0, 1]\n" if kind.needs_target else ""
    text += "" if issubclass(kind, Activation) else f"{line}\n"
    found = read_text(text)
    assert VALIDATOR.is_valid(yaml.safe_load(text))
    chosen = {
        Activation: found.dense[0].activations,
        Loss: (found.loss,),
        Optimiser: (found.optimiser,),
        Regulariser: tuple(one.chosen for one in found.regularisation),
        Scaling: found.scaling[:1],
    }
    (family,) = [family for family in IN_A_FILE if issubclass(kind, family)]
    assert [str(one) for one in chosen[family]] == [kind.name]


def test_an_optimiser_counts_its_updates_with_a_letter() -> None:
    said = " ".join(run("ops", "adam").output.split())
    assert "mhat = m[u=1]/(1 − beta[1]^t)" in said
    assert "epsilon at: uncorrected root w[u=1] = w − eta·(√(1 − beta[2]^t)/(1 − beta[1]^t))" in said


def test_json_holds_what_the_list_says() -> None:
    document = json.loads(run("ops", "--json").output)
    assert sorted(one["name"] for one in document["operations"]) == [one.name for one in OPERATIONS]
    (tanh,) = json.loads(run("ops", "tanh", "--json").output)["operations"]
    assert tanh["derivatives"] == [{"left": "da/dz", "right": "1 − a^2", "remark": "", "choice": ""}]


# Examples


@pytest.mark.parametrize("one", starting.examples(), ids=lambda one: one.name)
def test_an_example_says_what_it_shows_and_warns_of_nothing(one: starting.Example) -> None:
    assert one.title
    assert one.shows
    assert warnings(solve(HOME / "examples" / f"{one.name}.yaml")) == []
    assert f"{one.name} " in run("examples").output


def test_an_example_is_printed_and_copied(tmp_path: Path) -> None:
    text = (HOME / "examples" / "unwell.yaml").read_text(encoding="utf-8")
    assert run("examples", "unwell").output == text
    assert run("examples", "unwell", "-o", str(tmp_path)).exit_code == 0
    assert (tmp_path / "unwell.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("command", [("examples", "unwell"), ("new", "2-2-1")])
def test_what_may_have_been_edited_is_not_written_over(command: tuple[str, ...], tmp_path: Path) -> None:
    out = tmp_path / "mine.yaml"
    out.write_text("mine")
    result = run(*command, "-o", str(out))
    assert (result.exit_code, out.read_text()) == (2, "mine")
    assert "is there already" in result.output
    assert run(*command, "-o", str(out), "--force").exit_code == 0
    assert read(out).layers


@pytest.mark.parametrize("one", starting.inside("quizzes"), ids=lambda one: one.name)
def test_a_quiz_says_what_it_shows_and_warns_of_nothing(one: starting.Example) -> None:
    assert one.title
    assert one.shows
    for solution in solve_all(HOME / "examples" / "quizzes" / f"{one.name}.yaml").values():
        assert warnings(solution) == []
    assert f"{one.name} " in run("examples", "quizzes").output
    assert run("examples", f"quizzes/{one.name}").output == one.text


def test_published_examples_are_listed_and_copied(tmp_path: Path) -> None:
    found = starting.inside("published")
    listed = run("examples", "published").output
    assert [row.split()[0] for row in listed.splitlines() if row[0] != " "] == [one.name for one in found]
    assert f"published/ holds {len(found)} that others have published" in " ".join(run("examples").output.split())
    assert not any(f"\n{one.name} " in run("examples").output for one in found)
    assert run("examples", "published/mazur-2-2-2", "-o", str(tmp_path)).exit_code == 0
    text = (HOME / "examples" / "published" / "mazur-2-2-2.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "mazur-2-2-2.yaml").read_text(encoding="utf-8") == text == run("examples", "mazur-2-2-2").output


# New networks


def test_the_same_call_writes_the_same_bytes_everywhere() -> None:
    made = run("new", "2-2-1", "sigmoid", "linear", "--seed", "7", "--story", "house").output
    assert made == (HOME / "tests" / "golden" / "new-house.yaml").read_text(encoding="utf-8")


def test_the_first_line_is_the_command_that_makes_the_file_again() -> None:
    arguments = ("new", "2-3-2", "tanh", "--story", "unwell", "--decimals", "5", "--loss", "Squared_Error")
    made = run(*arguments).output
    again = made.splitlines()[0].removeprefix("# handcalc ").split()
    assert again[:4] == ["new", "2-3-2", "tanh", "softmax"]
    assert run(*again).output == made


CALLS = [
    *((f"2-2-{1 if story.output else max(1, len(story.classes) * (len(story.classes) > 2))}", (), name)
      for name, story in STORIES.items()),
    ("2-1", ("sigmoid",), None), ("1-1", (), None), ("3-2", (), None), ("2-2-2", ("relu",), None),
    ("2-2-2", ("sigmoid", "sigmoid"), None), ("3-3-2-1", ("relu", "tanh", "linear"), None), ("2-3-2", (), "unwell"),
]  # fmt: skip


@pytest.mark.parametrize(("sizes", "chosen", "story"), CALLS, ids=str)
@pytest.mark.parametrize("seed", [1, 2])
def test_new_numbers_are_good_ones(sizes: str, chosen: tuple[str, ...], story: str | None, seed: int) -> None:
    text = making.new(sizes, chosen, seed=seed, story=story)
    found = read_text(text)
    solution = Solution(found)
    assert warnings(solution) == []
    assert objection(solution, choosy=False) is None
    assert [len(found.inputs), *(len(layer.weights) for layer in found.dense)] == list(map(int, sizes.split("-")))
    for layer in found.dense:
        weights = [w for row in layer.weights for w in row]
        assert all(w.value != 0 and len(w.text.lstrip("-")) <= 3 for w in [*weights, *(layer.bias or ())])
        assert len(weights) == 1 or min(w.value for w in weights) < 0 < max(w.value for w in weights)
    first, after = (solution.value(solution.quantity(key)) for key in ("L", "L[u=1]"))
    assert after < first


@pytest.mark.parametrize(
    ("sizes", "chosen", "story", "wanted"),
    [
        ("2-2-1", (), None, "sigmoid linear"),
        ("2-2-3", (), None, "sigmoid softmax"),
        ("2-2-1", ("sigmoid",), None, "sigmoid sigmoid"),
        ("2-2-1", ("sigmoid",), "house", "sigmoid linear"),
        ("2-2-2-1", ("relu",), None, "relu relu linear"),
        ("2-2-2-1", ("relu", "tanh"), None, "relu relu tanh"),
        ("2-2-2", ("softmax",), None, "sigmoid softmax"),
        ("2-2-1", (), "unwell", "sigmoid sigmoid"),
        ("2-1", ("relu",), None, "relu"),
    ],
)
def test_missing_activations_are_completed(sizes: str, chosen: tuple[str, ...], story: str | None, wanted: str) -> None:
    plan = making.planned(sizes, chosen, 1, story, None, None, None)
    assert " ".join(one.name for one in plan.layers) == wanted


@pytest.mark.parametrize(
    ("sizes", "last", "wanted"),
    [
        ("2-1", "linear", "half squared error"),
        ("2-1", "sigmoid", "binary cross-entropy"),
        ("2-2", "sigmoid", "half squared error"),
        ("2-2", "softmax", "cross-entropy"),
    ],
)
def test_the_loss_suits_the_last_activation(sizes: str, last: str, wanted: str) -> None:
    assert making.planned(sizes, (last,), 1, None, None, None, None).loss.name == wanted


OBJECTIONS = {
    "z1[2] is exactly 0": "{relu: [[0.5, 0.3], [0.2, -0.1]]}",
    "in layer 1 2 of 2 sums have no slope": "{relu: [[-0.5, -0.3], [-0.2, -0.1]]}",
}


@pytest.mark.parametrize("reason", OBJECTIONS)
def test_bad_numbers_are_objected_to(reason: str) -> None:
    text = f"inputs: [1, 2]\nlayers: [{OBJECTIONS[reason]}, {{linear: [0.5, 0.4], bias: 0.1}}]\ntarget: 2\n"
    solution = Solution(read_text(f"{text}loss: half squared error\nlearning rate: 0.1\n"))
    assert objection(solution, choosy=False) == reason


def test_only_the_choosy_object_to_one_unit_without_a_slope() -> None:
    solution = solve(HOME / "examples" / "unwell.yaml")
    assert objection(solution, choosy=False) is None
    assert objection(solution, choosy=True) == "in layer 1 1 of 2 sums have no slope"


def test_a_choice_depends_on_seed_draw_and_place_alone() -> None:
    """The numbers are those of ``printf 7/3/1 | b2sum -l 64``, the rest of the division by 1000."""
    draw = Draw("7/3")
    assert [draw.among(range(1000)) for _ in range(3)] == [579, 204, 591]
    assert Draw("7/3").among(range(1000)) == 579
    assert Draw("8/3").among(range(1000)) != 579 != Draw("7/4").among(range(1000))


@pytest.mark.parametrize("sizes", ["2-1", "2-2"])
@pytest.mark.parametrize("loss", sorted({one.name for one in losses().values()}))
def test_every_loss_makes_a_network_or_says_why_not(sizes: str, loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_DRAWS", 12)
    monkeypatch.setattr(making, "CHOOSY_DRAWS", 4)
    kind = losses()[plain(loss)]
    if sizes == "2-1" and (kind.one_hot or kind.needs_class):
        with pytest.raises(HandcalcError, match="needs an output for each class"):
            making.new(sizes, loss=loss)
    elif "percentage" in loss:
        with pytest.raises(HandcalcError, match="Use a smaller learning rate"):
            making.new(sizes, loss=loss)
    else:
        assert str(read_text(making.new(sizes, loss=loss)).loss) == loss


def test_numbers_without_a_value_are_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A percentage of a target that is 0."""
    monkeypatch.setattr(making, "MOST_DRAWS", 2)
    with pytest.raises(HandcalcError, match=r"in 2 draws .* \(the last: .* division by 0"):
        making.new("2-2", ["softmax"], loss="mape")


def test_without_good_numbers_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_DRAWS", 3)
    with pytest.raises(HandcalcError, match=r"in 3 draws no numbers for 2-2-1 were free of warnings"):
        making.new("2-2-1", learning_rate="0.00001")


@pytest.mark.parametrize("name", STORIES)
def test_a_story_needs_no_quotes_and_its_answers_are_all_possible(name: str) -> None:
    story: Story = STORIES[name]
    scales: tuple[Scale, ...] = (*story.inputs, *([story.output] if story.output else []))
    assert yaml.safe_load(f"title: {story.title}") == {"title": story.title}
    for word in (*(scale.name for scale in scales), *story.classes):
        assert yaml.safe_load(f"{{a: {word}}}") == {"a": word}
    corners = [[scale.values[i * (len(scale.values) - 1) // 4] for scale in story.inputs] for i in range(5)]
    corners += [list(reversed(story.inputs[0].values[:1])) + [scale.values[-1] for scale in story.inputs[1:]]]
    answers = {story.answer(corner) for corner in corners}
    assert len(answers) >= 2
    assert not story.classes or answers <= set(range(len(story.classes)))


# The schema


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schemas.schema())
    assert json.loads(run("schema").output) == schemas.schema()


TABLES = ("KEYS_OF_THE_FILE", "KEYS_OF_A_LAYER", "KEYS_OF_BRANCHES", "KEYS_OF_A_QUIZ")


def test_every_key_is_described() -> None:
    assert list(schemas.KEYS_OF_THE_FILE) == list(KEYS)
    layer, branches = (schemas.schema()["$defs"][name]["properties"] for name in ("layer", "branches"))
    with pytest.raises(NetworkFileError) as error:
        read_text("inputs: 1\nlayers: [{no such key: 1}]\n")
    accepted = error.value.problem.partition("ccepted: ")[2].split(", ")
    assert {*accepted, "activation", "weights"} <= set(layer)
    assert all(entry.get("description") for entry in (*layer.values(), *branches.values()))
    assert {plain(name) for name in layer} >= set(activations())
    assert all(
        key.tell and key.examples
        for table in (getattr(schemas, name) for name in TABLES)
        for key in (*table.values(), schemas.EXERCISES, schemas.QUIZ, schemas.MARKING)
    )


@pytest.mark.parametrize("table", TABLES)
def test_the_examples_of_a_key_are_accepted(table: str) -> None:
    for key in getattr(schemas, table).values():
        for example in key.examples:
            jsonschema.Draft202012Validator({**key.schema, "$defs": schemas.schema()["$defs"]}).validate(example)


@pytest.mark.parametrize(
    "one",
    [*starting.examples(), *(one for folder in starting.FOLDERS for one in starting.inside(folder))],
    ids=lambda one: one.name,
)
def test_every_example_is_valid(one: starting.Example) -> None:
    VALIDATOR.validate(yaml.safe_load(one.text))


def test_what_the_reader_accepts_is_valid() -> None:
    for seed in range(60):
        made = network(seed, kinds())
        read(made)
        VALIDATOR.validate(json.loads(json.dumps(made, default=str)))


GOOD = {"inputs": [1], "layers": [{"relu": [[1]], "bias": [0.1]}], "target": 1, "loss": "mse", "learning rate": 0.1}
CIRCUIT = {"inputs": {"x": 2}, "circuit": "f = x^2", "learning rate": 0.1}
VALID: dict[str, dict[str, object]] = {
    "as it is": GOOD,
    "other spellings": {
        "Inputs": [1], "layers": [{"ReLU": [["3/20"]], "Bias": "none"}], "Targets": 1, "loss": "MSE",
        "Learning_rate": "1e-3", "show": "forward, loss", "Optimizer": "sgd", "updates": "1,000",
    },
    "several samples": GOOD | {
        "inputs": {"a": [1, 2]}, "target": [1, 0], "batch": "online", "epochs": 2, "sample weights": [1, "1/2"],
        "show updates": [1, "last"], "optimiser": {"adam": {"beta1": 0.8, "epsilon at": "uncorrected root"}},
    },
    "columns": GOOD | {"inputs": [[1, 2]], "samples": "columns", "target": [[1], [0]], "show updates": "all"},
    "scaled": GOOD | {
        "inputs": {"a": [1, 2]}, "target": [1, 0], "scaling": {"a": "standardise"},
        "output scaling": {"divide by": {"number": 10}},
    },
    "penalties": GOOD | {"regularisation": ["l2", {"l1": {"rate": 0.1, "of": "weights and biases"}}]},
    "scores": {"scores": [2, 1, 0], "layers": ["softmax"], "target": "class 1", "loss": "cross-entropy"},
    "predictions": {"predictions": [0.5, 0.5], "loss": {"entropy": {"log": 2}}},
    "a circuit": CIRCUIT | {"gates": "gates", "output": "f", "train": ["x"], "steps": 3},
    "branches": {"inputs": [1, 2], "layers": [{"branches": [["sigmoid"], []], "join": "concatenate"}]},
    "an activation for each unit": {
        "inputs": [1], "layers": [{"activation": ["relu", "tanh"], "weights": [[1], [2]], "threshold": [1, 2]}],
    },
    "other biases": {
        "inputs": [1], "layers": [{"relu": [[1], [2]], "shared bias": 1}, {"step": [1, 1, 1], "bias": "last column"}],
        "layout": "out x in",
    },
    "letters": GOOD | {"letters": "x, w, eta", "inputs": ["x"], "layers": [{"relu": "w"}], "learning rate": "eta"},
    "rounding": GOOD | {"rounding": {"significant figures": 3, "carry": "rounded", "how": "truncate", "own": {"z": 2}}},
    "exercises": {"inputs": [1], "loss": "mse", "exercises": {"a": {"layers": ["relu"], "loss": "none"}, "b": GOOD}},
}  # fmt: skip
BROKEN: dict[str, dict[str, object]] = {
    "'inputs' is a required property": {"inputs": None},
    "'layers' is a required property": {"layers": None},
    "lerning rate": {"lerning rate": 1},
    "'activation' is a required property": {"layers": [{"bias": 1}]},
    "'weights' is a required property": {"layers": [{"activation": "relu"}]},
    "relv": {"layers": [{"relv": [[1]]}]},
    "sofmax": {"layers": ["sofmax"]},
    "[[]] is too short": {"layers": [{"branches": [[]]}]},
    "multiply": {"layers": [{"branches": [[], []], "join": "multiply"}]},
    "crossentropy": {"loss": "crossentropy"},
    "beta3": {"optimiser": {"adam": {"beta3": 1}}},
    "12.5": {"steps": 12.5},
    "13": {"decimals": 13},
    "14": {"rounding": {"decimals": 14}},
    "backward": {"show": ["backward"]},
    "abc": {"learning rate": "abc"},
    "1,5": {"inputs": ["1,5"]},
    "'loss' is a required property": {"loss": None},
    "'target' is a required property": {"target": None},
    "l3": {"regularisation": "l3"},
    "False schema does not allow": {"circuit": "f = x"},
    "'circuit' is a required property": {"gates": "names"},
    "ReLV": {"exercises": {"a": {"layers": ["ReLV"]}}},
}


@pytest.mark.parametrize("case", VALID)
def test_good_ones_are_valid_in_any_spelling(case: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(VALID[case])] == []
    assert read_all(VALID[case])


@pytest.mark.parametrize("problem", BROKEN)
def test_broken_ones_are_not(problem: str) -> None:
    document = {key: value for key, value in (GOOD | BROKEN[problem]).items() if value is not None}
    found = [error.message for error in VALIDATOR.iter_errors(document)]
    assert any(problem in message for message in found), found
    with pytest.raises(NetworkFileError):
        read_all(document)


def test_options_are_checked_and_belong_to_their_activation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Operation, "registry", {**Operation.registry, "bent": Bent})
    validator = jsonschema.Draft202012Validator(schemas.schema())

    def valid(layer: dict[str, object]) -> bool:
        return bool(validator.is_valid({"inputs": [1], "layers": [layer]}))

    assert valid({"bent": [[1]], "alpha": 0.2, "Slope_at_0": "1", "power": 3})
    assert valid({"activation": "relu", "weights": [[1]], "alpha": "1/3"})  # at length it is left to the reader
    assert not valid({"bent": [[1]], "alpha": -1})
    assert not valid({"bent": [[1]], "slope at 0": "2"})
    assert not valid({"bent": [[1]], "power": 2.5})
    assert not valid({"relu": [[1]], "alpha": 0.2})


def test_the_options_of_a_loss_stand_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses()["mse"], "options", (Option("delta", "1", letter="delta", above="0"),))
    validator = jsonschema.Draft202012Validator(schema_parts.operation(Loss))
    assert validator.is_valid({"mean squared error": {"delta": 2}})
    assert validator.is_valid("mse")
    assert not validator.is_valid({"mean squared error": {"delta": 0}})
    assert not validator.is_valid({"mean squared error": {"gamma": 1}})
    assert not validator.is_valid({"mean squared error": {}, "squared error": {}})


# What is wrong

WRONG = {
    "operation": (("ops", "sigmod"), 'no operation is called "sigmod"; did you mean "sigmoid"?'),
    "example": (("examples", "unwel"), 'there is no example "unwel"; did you mean "unwell"?'),
    "copy without a name": (("examples", "-o", "x.yaml"), "name an example to copy"),
    "sizes": (("new", "2x2"), 'found "2x2", where sizes are wanted'),
    "one size": (("new", "3"), "such as 2-2-1"),
    "a size of 0": (("new", "2-0-1"), "2-0-1 has a 0"),
    "too many parameters": (("new", "20-20-20"), "has 840 weights and biases"),
    "activation": (("new", "2-2-1", "sigmod"), 'no activation is called "sigmod"; did you mean "sigmoid"?'),
    "too many activations": (
        ("new", "2-1", "relu", "linear"),
        "found 2 activations (relu, linear), but 2-1 has 1 layer",
    ),
    "softmax of one": (("new", "2-1", "softmax"), "softmax of a single unit is always 1"),
    "story": (("new", "2-2-1", "--story", "hose"), 'no story is called "hose"; did you mean "house"?'),
    "inputs of a story": (("new", "5-1", "--story", "house"), "the story house has 4 inputs (rooms, "),
    "outputs of a story": (("new", "2-2", "--story", "house"), "the story house has one output (price "),
    "classes of a story": (("new", "2-3", "--story", "unwell"), "has 2 classes (unwell and not unwell)"),
    "one of three classes": (("new", "2-1", "--story", "fruit"), "has 3 classes; end the sizes with 3"),
    "a price as sigmoid": (("new", "2-1", "sigmoid", "--story", "house"), "make the last layer linear"),
    "loss": (("new", "2-1", "--loss", "crossentropy"), 'did you mean "cross-entropy"?'),
    "loss that doesn't suit": (
        ("new", "2-2", "linear", "--loss", "nll"),
        "cross-entropy needs outputs between 0 and 1",
    ),
    "learning rate": (("new", "2-1", "--learning-rate", "0"), "learning rate: found 0; a learning rate is above 0"),
    "decimals": (("new", "2-1", "--decimals", "99"), 'decimals: found "99"'),
    "JSON": (("new", "2-1", "-o", "x.json"), "end the name in .yaml"),
    "folder": (("schema", "-o", "no/such/x.json"), "there is no folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_one_message(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, message = WRONG[case]
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert list(tmp_path.iterdir()) == []
