"""What others have published comes out, figure by figure; what doesn't is an erratum that says how we know."""

import json
from pathlib import Path

import pytest
from published.__main__ import main, table
from published.figures import EXAMPLES, example, names

PAGE = Path(__file__).parent.parent / "docs" / "published.md"


@pytest.mark.parametrize("name", names())
def test_every_figure_comes_out(name: str) -> None:
    found = example(name)
    assert found.figures
    assert [figure for figure in found.figures if figure.verdict == "missing"] == []


def test_every_example_has_figures_and_all_are_here() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.yaml")) == names()
    assert len(names()) == 39


def test_the_page_is_what_the_run_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == table([example(name) for name in names()])


def test_a_figure_is_missing_where_we_or_the_erratum_say_another_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def figure(printed: str, correct: str = "", **more: object) -> dict[str, object]:
        erratum = {"erratum": {"kind": "wrong", "correct": correct, "why": "miscounted"}} if correct else {}
        return {"exercise": "", "key": "q", "printed": printed} | erratum | more

    figures = {
        "as printed": figure("3.00"),
        "erratum": figure("4", "3.0 (counted again)"),
        "followed": figure("-12", "3", **{"as printed": {"key": "f"}}),
        "other number": figure("4"),
        "no such key": figure("3", key="q9"),
        "no erratum": figure("3", "3"),
        "wrong correction": figure("4", "5"),
        "not followed": figure("4", "3", **{"as printed": {"key": "f"}}),
    }
    (tmp_path / "made-up.json").write_text(json.dumps({"source": "made up", "figures": figures}))
    (tmp_path / "made-up.yaml").write_text("circuit: q = x + y; f = q*z\ninputs: {x: -2, y: 5, z: -4}\n")
    monkeypatch.setattr("published.figures.FIGURES", tmp_path)
    monkeypatch.setattr("published.figures.EXAMPLES", tmp_path)
    verdicts = [one.verdict for one in example("made-up").figures]
    assert verdicts == ["reproduced", "erratum", "erratum", "missing", "missing", "missing", "missing", "missing"]
    assert main(["made-up"]) == 1
