"""A dialogue that asks line by line: what it says to what is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handcalc.api import solve
from handcalc.cli import main
from handcalc.formula.languages import english_practise, german_practise
from handcalc.mark.practise import Practice

NEURON = {
    "inputs": [2, 3],
    "layers": [{"sigmoid": [[0.5, -0.25]], "bias": 0.1}],
    "target": 1,
    "loss": "binary cross-entropy",
}  # z = 1 − 0.75 + 0.1 = 0.35


def practice(**more: object) -> Practice:
    return Practice(solve({**NEURON, **more}, show="forward"))


SAID = {
    "0.35": "Right.",
    "7/20": "Right.",
    "z = 1 - 0.75 + 0.1 = 0.35": "Right.",
    "0.25": "Not yet. You get this number if the bias is left out.",
    "-0.35": "Not yet. You get this number if the result has the other sign.",
    "0.352": "Close. A digit, or an earlier rounding?",
    "77.3": "Not yet.",
    "[1, 2]": "One number is wanted here.",
    "": "Type a number. ? gives a hint, - shows the result and goes on, q ends.",
    "help": "? gives a hint, - shows the result and goes on, q ends.",
    "?": "z[1] = W[1,1]·x[1] + W[1,2]·x[2] + b[1]",
    "-": "It is 0.35.",
}


@pytest.mark.parametrize(("typed", "said"), SAID.items())
def test_an_answer_is_right_or_it_is_said_what_gives_it(typed: str, said: str) -> None:
    one = practice()
    assert one.prompt() == "1/2  z[1] ="
    assert one.reply(typed).removesuffix(" Enter goes on with your own number.") == said
    goes_on = said == "Right." or typed == "-"
    assert one.place == int(goes_on)


def test_what_cannot_be_read_has_a_caret_and_costs_no_try() -> None:
    one = practice()
    assert one.reply("1/(1 + ").splitlines()[1:3] == ["    1/(1 + ", "           ^"] or "^" in one.reply("1/(1 + ")
    assert one.tried[0].tries == 0
    one.reply("0.35")
    assert one.tried[0].tries == 1


def test_hints_go_from_the_formula_to_the_numbers_and_never_to_the_result() -> None:
    one = practice()
    said = [one.reply("?") for _ in range(4)]
    assert said[1] == "z[1] = 0.5·2 + (−0.25)·3 + 0.1"
    assert said[2] == said[3] == "That was all; - shows the result."
    assert not any("0.35" in hint for hint in said)


def test_somebody_goes_on_with_a_number_of_their_own() -> None:
    one = practice()
    one.reply("0.25")
    assert one.reply("") == "Then go on with 0.25."
    one.reply("?")
    assert one.reply("?") == "p[1] = 1/(1 + e^(−0.25))"
    assert one.reply("0.5622") == "Right, from your own z[1]."
    assert one.is_over
    assert one.summary().splitlines() == [
        "1 of 2 lines right, 0 of them at once.",
        "With a hint: p[1].",
        "Not right in the end: z[1].",
        "What happened:",
        "  z[1]: the bias is left out",
    ]


def test_after_a_result_that_was_shown_the_next_line_wants_what_it_gives() -> None:
    one = practice()
    one.reply("0.25")
    one.reply("-")
    assert one.reply("0.5622").startswith("Not yet.")
    assert one.reply("0.5866") == "Right."
    assert one.summary().splitlines()[:2] == ["1 of 2 lines right, 0 of them at once.", "Shown: z[1]."]


def test_nothing_that_is_said_before_an_answer_gives_a_result_away() -> None:
    one = Practice(solve("examples/unwell.yaml"))
    results = {line.result[-1][1] for line in one.solution.lines if len(line.result[-1][1]) > 5}
    said = one.opening()
    while not one.is_over:
        heading, prompt = one.heading(), one.prompt()
        before = {typed.text for typed in one.answers.values()}
        hints = [one.reply("?"), one.reply("77.77")]
        assert not any(result in word for word in (heading, prompt, hints[0], hints[1]) for result in results - before)
        one.reply("-")
    assert not any(result in said for result in results)


def test_letters_are_practised_too() -> None:
    """A hint doesn't give the expression away that is asked for."""
    practice = Practice(solve({"inputs": [1.5], "layers": [{"linear": ["w"], "bias": 0.5}], "letters": "w",
                               "show": "forward"}))  # fmt: skip
    assert practice.reply("1.5w") == (
        "Not yet. You get this expression if the bias is left out. Enter goes on with your own number."
    )
    assert practice.reply("?") == "z[1] = W[1,1]·x[1] + b[1]"
    assert practice.reply("?") == "z[1] = W[1,1]·1.5 + 0.5"
    practice.reply("0.5 + 1.5 w")
    assert practice.prompt() == "2/2  yhat[1] ="
    practice.reply("z")
    assert practice.is_over


def test_every_language_says_all_of_it() -> None:
    assert german_practise.PRACTISE.keys() == english_practise.PRACTISE.keys()
    german = Practice(solve("examples/hauspreis.yaml"))
    assert german.reply("-").startswith("Es ist 0,1")


def terminal(file: str | Path, typed: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["practise", str(file), *options], input=typed, prog_name="handcalc")


def test_the_command_asks_until_all_is_asked() -> None:
    done = terminal("examples/one-neuron.yaml", "-\n" * 40)
    assert done.exit_code == 0
    assert "\n0 of 13 lines right, 0 of them at once.\nShown: z[1], p[1], L" in done.output
    assert max(map(len, done.output.splitlines())) <= 80


@pytest.mark.parametrize("typed", ["q\n", "", "0.35\nq\n"])
def test_the_command_ends_with_a_summary_when_somebody_leaves(typed: str) -> None:
    done = terminal("examples/one-neuron.yaml", typed)
    assert done.exit_code == 0
    assert "Ended before z[1]." in done.output
    assert "Traceback" not in done.output


def test_a_quiz_is_asked_with_numbers_of_its_seed() -> None:
    one, same, other = (terminal("examples/packs/tea.yaml", "q\n", "--seed", seed) for seed in ("1", "1", "2"))
    assert one.output == same.output != other.output
    assert one.exit_code == 0


def test_a_file_that_is_none_is_one_message() -> None:
    done = terminal("nofile.yaml", "")
    assert (done.exit_code, done.output) == (2, "handcalc: nofile.yaml: there is no such file\n")


@pytest.mark.parametrize("width", [30, 60, 80])
def test_a_narrow_terminal_has_rows_that_fit(width: int) -> None:
    network = {**NEURON, "title": "Is it warm enough to have the lesson outside today?"}
    one = Practice(solve(network, show="forward"), width=width)
    said = [one.opening(), one.reply("0,1+" * 40 + "q"), one.reply("9" * 130), one.reply("0.25"), one.summary()]
    rows = [row for some in (said[0], said[-1]) for row in some.splitlines()]
    assert max(map(len, rows)) <= width
    assert "\n\n2 lines to work out." in said[0]
    for reply in said[1:3]:
        _, typed, caret, *_ = reply.splitlines()
        assert len(typed) <= width - 4
        assert typed[len(caret) - 1] in "q9"
        assert typed.endswith("…") == (typed.rstrip("…")[-1] == "9")
