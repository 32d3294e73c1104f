"""Sheets that were handed out, and answers that come in: each lands at its blank, or a message says why not."""

from __future__ import annotations

import csv
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packs import run

from handcalc.errors import HandcalcError
from handcalc.mark.filled import filled
from handcalc.mark.from_forms import MOST_CHARACTERS
from handcalc.mark.handed_in import Answers, AnswersError, answers_template, read_answers
from handcalc.mark.handed_out import HandedOut, PackError, read_pack, read_sheet
from handcalc.mark.marking import mark
from handcalc.mark.reading import read_answer

QUIZ = """title: Tiny
inputs: [integer from 2 to 9, 1]
layers: [{sigmoid: [[0.5, 0.25]], bias: 0.1}]
target: 1
loss: binary cross-entropy
decimals: 3
show: [forward, loss, gradients]
"""
CHOICE = QUIZ.replace("show: [forward, loss, gradients]", "form: multiple choice\nask: [z, dL/dW]")
TWO = """exercises:
  one:
    inputs: [integer from 2 to 9]
    layers: [{linear: [[0.5]]}]
    show: [forward]
  two:
    inputs: [integer from 2 to 9]
    layers: [{linear: [[0.5], [0.25]]}]
    show: [forward]
"""
ROSTER = "ID,name\n0815,Ada Lovelace\n1912,Alan Turing\n1906,Grace Hopper\n"
KEYS = ("z[1]", "p[1]", "L", "dL/dz[1]", "dL/dW[1,1]", "dL/dW[1,2]", "dL/db[1]")


def packed(folder: Path, quiz: str = QUIZ, *options: str, roster: str = ROSTER) -> HandedOut:
    (folder / "tiny.yaml").write_text(quiz, "utf-8")
    (folder / "class.csv").write_text(roster, "utf-8")
    students = () if "-n" in options else ("--roster", folder / "class.csv")
    done = run(folder / "tiny.yaml", "-o", folder / "pack", "--fields", "--jobs", "1", *students, *options)
    assert done.exit_code == 0, done.output
    return read_pack(folder / "pack")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> HandedOut:
    return packed(tmp_path_factory.mktemp("class"))


@pytest.fixture(scope="module")
def choice(tmp_path_factory: pytest.TempPathFactory) -> HandedOut:
    return packed(tmp_path_factory.mktemp("choice"), CHOICE)


@pytest.fixture(scope="module")
def one_sheet() -> HandedOut:
    return read_sheet("examples/unwell.yaml")


@pytest.fixture
def read(pack: HandedOut, tmp_path: Path) -> Callable[..., Answers]:
    """Reads a file of this text."""

    def reading(text: str | bytes, name: str = "answers.csv", to: HandedOut = pack) -> Answers:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_answers(path, to)

    return reading


def texts(answers: Answers) -> dict[str, dict[str, str]]:
    return {key: {k: typed.text for k, typed in one.typed.items()} for key, one in answers.by_key.items()}


def sheet_of(pack: HandedOut, key: str) -> bytes:
    return (Path(pack.source).parent / "sheets" / f"{pack.by_key[key].stem}.pdf").read_bytes()


# what was handed out


def test_a_pack_is_read_back_and_worked_again(pack: HandedOut) -> None:
    assert [one.called for one in pack.sheets] == [
        "Ada Lovelace (0815)", "Alan Turing (1912)", "Grace Hopper (1906)"
    ]  # fmt: skip
    assert pack.keys == KEYS
    for one in pack.sheets:
        (solution,) = one.solutions
        assert one.wanted["p[1]"].value == solution["p[1]"].decimal()
        assert list(one.questions[0].chosen.values()) == [wanted.marks for wanted in one.wanted.values()]
    assert pack.sheets[0].solutions is pack.sheets[0].solutions


@pytest.mark.parametrize(
    "who",
    ["0815", "815", " 0815 ", "Ada Lovelace", "Lovelace, Ada", "ada LOVELACE", "Ada-Lovelace-0815-{code}", "{code}"],
)
def test_a_student_is_found_by_id_name_or_code(pack: HandedOut, who: str) -> None:
    assert [one.key for one in pack.find(who.format(code=pack.sheets[0].code))] == ["0815"]
    assert pack.find("Ada") == pack.find("") == ()


def test_several_questions_have_keys_with_numbers(tmp_path: Path) -> None:
    pack = packed(tmp_path, TWO, "-n", "2")
    assert pack.keys == ("1:yhat[1]", "2:yhat[1]", "2:yhat[2]") or pack.keys[0].startswith("1:")
    sheet = pack.sheets[0]
    assert len(sheet.solutions) == 2
    split = sheet.by_question(dict.fromkeys(pack.keys, "x"))
    assert [set(one) for one in split] == [{key[2:] for key in pack.keys if key[0] == n} for n in "12"]
    assert pack.spellings.called(f"2_{pack.keys[-1][2:]}") == (pack.keys[-1],)


def test_a_network_file_is_one_sheet_of_nobody() -> None:
    single = read_sheet("examples/unwell.yaml")
    assert single.is_single
    assert "z1[1]" in single.keys


CHANGED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "format": (lambda m: m.update(format="handcalc pack, version 9"),
               'format: found "handcalc pack, version 9"; "handcalc pack, version 1" is accepted'),
    "no format": (lambda m: m.pop("format"), "format: found no format"),
    "no quiz": (lambda m: m.pop("quiz"), 'quiz, options: "quiz" is missing'),
    "option": (lambda m: m["options"].update(colour=1), "quiz, options: it isn't as it was written"),
    "students": (lambda m: m.update(students=[]), "students: found no students"),
    "student": (lambda m: m["students"].__setitem__(1, 7), "students[2]: it isn't as it was written"),
    "no asked": (lambda m: m["students"][1].pop("asked"), 'students[2]: "asked" is missing'),
}  # fmt: skip


def copied(pack: HandedOut, folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    manifest = json.loads(Path(pack.source).read_text("utf-8"))
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


@pytest.mark.parametrize(("change", "said"), CHANGED.values(), ids=CHANGED)
def test_a_changed_manifest_is_one_message(
    pack: HandedOut, tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    with pytest.raises(PackError) as error:
        read_pack(copied(pack, tmp_path, change))
    assert str(error.value).startswith(f"{tmp_path / 'manifest.json'}, {said}")


def test_numbers_that_were_changed_are_found_when_they_are_worked_again(pack: HandedOut, tmp_path: Path) -> None:
    def value(m: dict[str, Any]) -> None:
        m["students"][0]["asked"][0]["value"] = "7"

    with pytest.raises(PackError, match=r'students\[1\]: z\[1\] is "7" there, and ".*" when worked out again'):
        _ = read_pack(copied(pack, tmp_path, value)).sheets[0].solutions

    def fewer(m: dict[str, Any]) -> None:
        m["students"][0]["fillings"] = []

    with pytest.raises(PackError, match=r"students\[1\].fillings: it isn't as it was written"):
        _ = read_pack(copied(pack, tmp_path, fewer)).sheets[0].solutions

    def other(m: dict[str, Any]) -> None:
        m["quiz"]["text"] = "inputs: ["

    with pytest.raises(HandcalcError, match=r"tiny\.yaml, line 1"):
        _ = read_pack(copied(pack, tmp_path, other)).sheets[0].solutions


def test_answers_to_choose_from_are_those_that_were_printed(choice: HandedOut, tmp_path: Path) -> None:
    """Another version may put the right one elsewhere."""

    def swapped(m: dict[str, Any]) -> None:
        some = m["students"][0]["asked"][0]["options"]
        some[0]["value"], some[1]["value"] = some[1]["value"], some[0]["value"]

    with pytest.raises(PackError, match=r"students\[1\]: z\[1\] has other answers to choose from there"):
        _ = read_pack(copied(choice, tmp_path, swapped)).sheets[0].solutions


def test_what_is_no_pack_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="there is no such folder"):
        read_pack(tmp_path / "none")
    with pytest.raises(PackError, match=r"this is no pack, or one that isn't finished: it has no manifest\.json"):
        read_pack(tmp_path)
    for text in ("", "[1]", "{", "[" * 100_000, "\xff"):
        (tmp_path / "manifest.json").write_text(text, "latin-1")
        with pytest.raises(PackError):
            read_pack(tmp_path)


# tables

ADA = {"z[1]": "0.41", "dL/dW[1,2]": "-0.2"}
WIDE = {
    "keys": 'ID,z[1],"dL/dW[1,2]"\n0815,0.41,-0.2\n',
    "shell": "ID,z_1,dW_12\n0815,0.41,-0.2\n",
    "any order": "dW_12,name,z_1\n-0.2,Ada Lovelace,0.41\n",
    "two columns of names": "z_1,last name,first name,dW_12\n0.41,Lovelace,Ada,-0.2\n",
    "name and Vorname": "z_1;Name;Vorname;dW_12\n0.41;Lovelace;Ada;-0.2\n",
    "semicolons": "ID;z[1];dL/dW[1,2]\n0815;0.41;-0.2\n",
    "tabs": "ID\tz[1]\tdL/dW[1,2]\n0815\t0.41\t-0.2\n",
    "BOM": '\ufeffID,z[1],"dL/dW[1,2]"\r\n0815,0.41,-0.2\r\n',
    "UTF-16": 'ID,z[1],"dL/dW[1,2]"\n0815,0.41,-0.2\n',
    "zeros lost": "Student ID,z_1,dW_12\n815,0.41,-0.2\n",
    "first column": ",z_1,dW_12\nLovelace Ada,0.41,-0.2\n",
    "safe cells": "ID,z_1,dW_12\n0815,0.41,'-0.2\n",
    "texts": 'ID,z_1,dW_12\n="0815",="0.41",-0.2\n',
    "others blank": "ID,z_1,p_1,L,dW_12\n0815,0.41,,-,-0.2\n1912,-,?,,\n",
    "in parts": "ID,z_1,dW_12\n0815,0.41,\n0815,0.41,-0.2\n",
    "long": "student,key,answer\n0815,z_1,0.41\n0815,dL/dW 1 2,-0.2\n",
    "long, German": "Matrikelnummer;Größe;Antwort\n0815;z_1;0.41\n0815;dW_12;-0.2\n",
    "long by code": "code,answer,blank\n{code},0.41,z\n{code},-0.2,dW12\n".replace(",z\n", ",z[1]\n"),
    "Canvas": (
        'name,id,sis_id,section,submitted,attempt,71: What is z[1]?,1.0,"72: What is dL/dW[1,2] here?",1.0,'
        "n correct,n incorrect,score\n"
        "Ada Lovelace,93311,0815,Monday,2024,1,0.5,0,,0,0,2,0\n"
        "Ada Lovelace,93311,0815,Monday,2024,2,0.41,0,-0.2,0,0,2,0\n"
    ),
}


@pytest.mark.parametrize("name", WIDE)
def test_a_table_is_read_in_many_shapes(pack: HandedOut, read: Callable[..., Answers], name: str) -> None:
    text = WIDE[name].format(code=pack.sheets[0].code) if "{code}" in WIDE[name] else WIDE[name]
    found = read(text.encode("utf-16") if name == "UTF-16" else text)
    assert texts(found)["0815"] == ADA
    assert [one.key for one in found.missing][-1] == "1906"


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Nachname,Vorname,Matrikelnummer,Status,Antwort 1,Antwort 2,Antwort 3,Antwort 4,Antwort 5,Antwort 6,Antwort 7",
         "Lovelace,Ada,0815,Beendet,0.41,,,,,-0.2,-"),
        ("Last name,First name,ID number,State,Grade/10.00,Response 1,Response 2",
         'Lovelace,Ada,0815,Finished,-,part 1: 0.41; part 2: ; part 3: ; part 4: ; part 5: ; part 6: -0.2,-'),
        ("name,id,sis_id,submitted,71: Fill in,7.0,n correct,n incorrect,score",
         'Ada Lovelace,93311,0815,2024,"0.41,,,,,-0.2,",0,0,2,0'),
    ],
    ids=["Moodle", "Moodle, embedded", "Canvas, several blanks"],
)  # fmt: skip
def test_columns_that_a_platform_numbers_are_the_blanks_in_their_order(
    read: Callable[..., Answers], head: str, cells: str
) -> None:
    found = read(f"{head}\n{cells}\n")
    assert texts(found) == {"0815": ADA}
    assert any("taken in the order of the sheet's blanks" in one for one in found.remarks)


def test_a_comma_in_an_answer_of_canvas_is_no_separator(read: Callable[..., Answers]) -> None:
    found = read('name,sis_id,71: Fill in,7.0\nAda Lovelace,0815,"0\\,41,,,,,-0\\,2,",0\n')
    assert texts(found) == {"0815": {"z[1]": "0,41", "dL/dW[1,2]": "-0,2"}}


WRONG = {
    "empty": ("", "answers.csv: the file is empty"),
    "no rows": ("ID,z_1\n", "answers.csv, line 1: there are no answers below the first line"),
    "no blank": ("ID,remark\n0815,hi\n", 'answers.csv, line 1: found "ID", "remark", but no column of a blank'),
    "nobody": ("z_1,p_1\n1,2\n", "answers.csv, line 1: no column says whose answers these are"),
    "strangers": ("ID,z_1\n77,1\n78,2\n", 'answers.csv, line 2: found "77", and no row names a student of this pack'),
    "near": ("ID,z_1,dW_1_3\n0815,1,2\n",
             'answers.csv, line 1, column "dW_1_3": this names nothing that is asked; did you mean dL/dW[1,2]?'),
    "twice": ("ID,z_1\n0815,1\n1912,1\nAda Lovelace,2\n", None),
    "twice in columns": ("ID,z_1,z[1]\n0815,1,1\n", 'answers.csv, line 1: the columns "z_1" and "z[1]" are both z[1]'),
    "twice in rows": ("ID,name,z_1\n0815,,1\n0815,,2\n",
                      'answers.csv, line 3, column "z_1": z[1] of Ada Lovelace (0815) is "2" here, but "1" in line 2, '
                      'column "z_1"; leave one of them out'),
    "two students": ("ID,name,z_1\n0815,Alan Turing,1\n",
                     'answers.csv, line 2: this row is of two students: "0815" is Ada Lovelace (0815) and "Alan '
                     'Turing" is Alan Turing (1912)'),
    "unknown key": ("ID,key,answer\n0815,zz[1],1\n",
                    'answers.csv, line 2, column "key": found "zz[1]", which names nothing that is asked; did you mean '
                    "z[1]?"),
    "too few": ("ID,Response 1,Response 2\n0815,1,2\n",
                "answers.csv, line 2: the columns of questions hold 2 answers, but the sheet has 7 blanks"),
    "workbook": ("PK\x03\x04", "answers.csv: this is a workbook"),
    "decimal commas": ("ID,z_1,p_1\n0815,0,41,0,6\n",
                       "answers.csv, line 2: found 5 cells, but the first line has 3; answers with a comma (0,41) want "
                       "quotes, or ; between the cells"),
    "marks": ("student ID,name,marks,out of,to look at,z_1\n0815,Ada,1,7,,1\n",
              "answers.csv, line 1: this is a gradebook: it has marks, and no answers"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [case for case in WRONG.values() if case[1]],
                         ids=[name for name, case in WRONG.items() if case[1]])  # fmt: skip
def test_what_is_wrong_with_a_table_is_one_message(
    read: Callable[..., Answers], tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(AnswersError) as error:
        read(text)
    assert str(error.value).removeprefix(f"{tmp_path}/").startswith(said)


def test_of_a_name_that_two_have_it_is_told_which(tmp_path: Path, read: Callable[..., Answers]) -> None:
    twins = packed(tmp_path, QUIZ, roster="ID,name\n1,Jo Ng\n2,Jo Ng\n3,Al Ox\n")
    with pytest.raises(AnswersError, match=r'line 2: "Jo Ng" may be Jo Ng \(1\) or Jo Ng \(2\); add a column of IDs'):
        read("email,name,z_1\njo@x.org,Jo Ng,1\n", to=twins)


def test_a_question_with_a_key_heads_a_column(read: Callable[..., Answers]) -> None:
    """As forms have it, with columns of their own for each question."""
    found = read(
        "Timestamp,Student ID,What is z[1]?,Points - What is z[1]?,Points,And dL/dW[1,2].\n"
        "today,0815,0.41,1,2,-0.2\n".replace("And dL/dW[1,2].", '"And dL/dW[1,2]."')
    )
    assert texts(found) == {"0815": ADA}
    with pytest.raises(AnswersError, match=r'the columns "Is z_1 big\?" and "What is z\[1\]\?" are both z\[1\]'):
        read("ID,Is z_1 big?,What is z[1]?\n0815,1,2\n")


def test_what_is_left_out_is_a_remark(read: Callable[..., Answers], tmp_path: Path) -> None:
    found = read('ID,z_1,"W[1,2]",mood\n0815,1,0.25,fine\n4711,2,,\n')
    assert [one.removeprefix(f"{tmp_path}/") for one in found.remarks] == [
        'answers.csv, line 1: the columns "W[1,2]" and "mood" are no blanks, and are left out',
        'answers.csv, line 3: "4711" is no student of this pack; the row is left out',
    ]
    found = read("ID,key,answer\n0815,z_1,1\n0815,W_12,0.25\n")
    assert [one.removeprefix(f"{tmp_path}/") for one in found.remarks] == [
        'answers.csv, line 3, column "key": "W_12" is not asked on this sheet, and is left out'
    ]


def test_a_typed_answer_knows_its_place(read: Callable[..., Answers], tmp_path: Path) -> None:
    found = read("ID,z_1,p_1\n1912,1,\n0815,,  two \n")
    assert str(found.by_key["0815"].typed["p[1]"].place) == f'{tmp_path / "answers.csv"}, line 3, column "p_1"'
    assert [one.key for one in found.handed_in] == ["0815", "1912"]
    assert found.by_key["1912"].typed.keys() == {"z[1]"}


def test_a_matrix_may_be_a_list_of_json(read: Callable[..., Answers]) -> None:
    found = read('{"0815": {"dW": [[0.410, "-1/2"]], "z": [7]}}', "answers.json")
    assert texts(found)["0815"] == {"dL/dW[1,1]": "0.410", "dL/dW[1,2]": "−1/2", "z[1]": "[7]"}


@pytest.mark.parametrize("single", [False, True])
def test_the_template_is_read_back(pack: HandedOut, read: Callable[..., Answers], single: bool) -> None:
    to = read_sheet("examples/unwell.yaml") if single else pack
    lines = answers_template(to, ";").decode("utf-8-sig").splitlines()
    if single:
        assert lines[0] == "key;answer"
        found = read("\r\n".join(line + "7" * (n > 0) for n, line in enumerate(lines)), to=to)
        assert texts(found) == {"": dict.fromkeys(to.keys, "7")}
        return
    assert lines[0] == "student ID;name;code;z_1;p_1;L;dz_1;dW_11;dW_12;db_1"
    blank = read("\r\n".join(lines))
    assert texts(blank) == {"0815": {}, "1912": {}, "1906": {}}
    assert not blank.missing
    assert not blank.remarks
    typed = read("\r\n".join([lines[0], *(line[:-6] + "1;2;3;4;5;6;7" for line in lines[1:])]))
    assert texts(typed)["1906"] == dict(zip(KEYS, "1234567", strict=True))


def test_one_sheet_is_answered_by_one_or_by_many(read: Callable[..., Answers]) -> None:
    to = read_sheet("examples/unwell.yaml")
    assert texts(read("z1[1],0.41\nL,2\n", to=to)) == {"": {"z1[1]": "0.41", "L": "2"}}
    assert texts(read("key,answer\nz1_1,0.41\n", to=to)) == {"": {"z1[1]": "0.41"}}
    assert texts(read("z1_1,L\n0.41,2\n", to=to)) == {"": {"z1[1]": "0.41", "L": "2"}}
    many = read("ID,name,z1_1\n1,Ada,0.41\n2,Alan,0.5\n", to=to)
    assert texts(many) == {"1": {"z1[1]": "0.41"}, "2": {"z1[1]": "0.5"}}
    assert many.by_key["2"].sheet.called == "Alan (2)"
    assert many.by_key["2"].sheet.solutions[0] is to.sheets[0].solutions[0]


CELLS = st.sampled_from([
    "ID", "name", "key", "answer", "code", "attempt", "z[1]", "z_1", "dW_11", "p", "L", "W[1,1]", "zz", "Response 1",
    "Antwort 2", "71: z[1]", "72: L?", "1.0", "0815", "Ada Lovelace", "1912", "4711", "", "-", "0.41",
    "part 1: 1; part 2: 2", "[1; 2]", "dW", "z1",
    "1,2,3,4,5,6,7", "\0", "=1", "'-1",
])  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.lists(CELLS, max_size=8), max_size=6), single=st.booleans())
def test_no_table_ends_in_a_traceback(
    pack: HandedOut, one_sheet: HandedOut, tmp_path: Path, table: list[list[str]], single: bool
) -> None:
    path = tmp_path / "any.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(table)
    to = one_sheet if single else pack
    try:
        found = read_answers(path, to)
    except AnswersError as error:
        assert str(error).startswith(str(path))  # noqa: PT017
        return
    assert all(one.typed.keys() <= one.sheet.wanted.keys() for one in found.handed_in)


@pytest.mark.parametrize(
    ("typed", "cells"),
    [("[[1, 2], [3, -0.40]]", "1 2 3 −0.40"), ("1, 2; 3, 4", "1 2 3 4"), ("1,2,3,4", "1 2 3 4"), ("-", ""),
     ("[1/2 2; 0,5 x]", None), ("[1, 2]", None), ("[[1, 2, 3, 4]]", None)],
)  # fmt: skip
def test_a_matrix_may_be_typed_as_a_whole(
    read: Callable[..., Answers], one_sheet: HandedOut, typed: str, cells: str | None
) -> None:
    keys = [f"dL/dW1[{i},{j}]" for i in (1, 2) for j in (1, 2)]
    wanted = dict.fromkeys(keys, typed) if cells is None else dict(zip(keys, cells.split(), strict=False))
    assert texts(read(f'key,answer\ndW1,"{typed}"\n', to=one_sheet)) == {"": wanted}
    assert texts(read(f'dL/dW1\n"{typed}"\n', to=one_sheet)) == {"": wanted}
    assert texts(read_answers({"dL/dW1": typed}, one_sheet)) == {"": wanted}


# JSON


def test_json_is_read_as_it_is_typed(read: Callable[..., Answers]) -> None:
    text = '{"0815": {"z_1": 0.410, "dL/dW[1,2]": "-1/5", "p_1": null, "L": 1e400}, "Alan Turing": {}}'
    found = read(text, "answers.json")
    assert texts(found) == {"0815": {"z[1]": "0.410", "L": "1e400", "dL/dW[1,2]": "-1/5"}, "1912": {}}
    assert texts(read_answers({"0815": {"z_1": 0.5}}, read_pack_of(found))) == {"0815": {"z[1]": "0.5"}}
    single = read_sheet("examples/unwell.yaml")
    assert texts(read('{"z1_1": "0.41"}', "answers.json", single)) == {"": {"z1[1]": "0.41"}}
    assert texts(read_answers({"z1_1": 1, "L": None}, single)) == {"": {"z1[1]": "1"}}
    assert texts(read_answers({"Ada": {"z1_1": "1"}}, single)) == {"Ada": {"z1[1]": "1"}}


def read_pack_of(found: Answers) -> HandedOut:
    return HandedOut("pack", tuple(one.sheet for one in found.handed_in))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "answers.json, line 1: this is not JSON"),
        ("[]", "answers.json: found a list; accepted: {"),
        ('{"0815": 3}', 'answers.json, "0815": found "3"; accepted: {"0815": {"z1[1]": "0.41", …}, …}'),
        (
            '{"0815": {"z_1": [1, {}]}}',
            'answers.json, "0815", "z_1": found a list of something else than numbers; a list of numbers, or of',
        ),
        ('{"0815": {"dW": [[1, [2]]]}}', 'answers.json, "0815", "dW": found a list of something else'),
        ('{"0815": {"z_1": true}}', 'answers.json, "0815", "z_1": found true or false'),
        ('{"0815": {"z_1": 1, "z[1]": 2}}', 'answers.json, "0815", "z[1]": z[1] of Ada Lovelace (0815) is "2" here'),
        ('{"0815": {"zz[1]": 1}}', 'answers.json, "0815", "zz[1]": found "zz[1]", which names nothing that is asked'),
        ("[" * 100_000, "answers.json: this is not JSON"),
        ("\xff", "answers.json: this is not JSON"),
    ],
)
def test_what_is_wrong_with_json_is_one_message(
    read: Callable[..., Answers], tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(AnswersError) as error:
        read(text.encode("latin-1" if "\xff" in text else "utf-8"), "answers.json")
    assert str(error.value).removeprefix(f"{tmp_path}/").startswith(said)


# forms


def test_filled_forms_of_a_folder_are_read(pack: HandedOut, tmp_path: Path) -> None:
    answers = {"0815": {"z[1]": "1,6", "dL/dW[1,2]": "−0.2"}, "1912": {}, "1906": {"L": "½"}}
    for n, (key, typed) in enumerate(answers.items()):
        folder = tmp_path / f"someone_{n}"
        folder.mkdir()
        (folder / "whatever.PDF").write_bytes(filled(sheet_of(pack, key), typed))
    found = read_answers(tmp_path, pack)
    assert texts(found) == answers
    assert found.missing == ()
    assert str(found.by_key["1906"].typed["L"].place) == f'{tmp_path / "someone_2" / "whatever.PDF"}, field "L"'


def test_ticked_boxes_are_letters(choice: HandedOut, tmp_path: Path) -> None:
    keys = choice.keys
    assert all(len(one.options) == 4 for one in choice.sheets[0].wanted.values())
    (tmp_path / "x.pdf").write_bytes(filled(sheet_of(choice, "0815"), {keys[0]: "B", keys[1]: "D"}))
    assert texts(read_answers(tmp_path / "x.pdf", choice)) == {"0815": {keys[0]: "B", keys[1]: "D"}}


def test_nameless_sheets_are_told_by_their_code_and_keep_their_signature(tmp_path: Path) -> None:
    pack = packed(tmp_path, QUIZ, "-n", "3")
    (tmp_path / "in").mkdir()
    signed = {"student name": "Ada\u202e Lovelace", "student ID": "0815", "L": "2"}
    (tmp_path / "in" / "a.pdf").write_bytes(filled(sheet_of(pack, "2"), signed))
    found = read_answers(tmp_path / "in", pack)
    assert [(one.key, one.name, one.id) for one in found.handed_in] == [("2", "Ada Lovelace", "0815")]


def test_sheets_with_the_same_numbers_are_dealt_to_whoever_hands_in(tmp_path: Path) -> None:
    pack = packed(tmp_path, QUIZ, "-n", "3", "--same")
    (tmp_path / "in").mkdir()
    for n, name in enumerate(("Ada", "Alan")):
        (tmp_path / "in" / f"{name}.pdf").write_bytes(filled(sheet_of(pack, "1"), {"student name": name, "L": str(n)}))
    found = read_answers(tmp_path / "in", pack)
    assert [(one.name, one.typed["L"].text) for one in found.handed_in] == [("Ada", "0"), ("Alan", "1")]
    assert len(found.remarks) == 2
    assert 'signed "Alan", counts as that of number 2' in found.remarks[1]


def test_a_code_of_one_letter_is_not_taken_for_one_of_the_options(tmp_path: Path) -> None:
    pack = packed(tmp_path, CHOICE, "--versions", "2")
    assert [one.code for one in pack.sheets] == ["A", "B", "A"]
    (tmp_path / "x.pdf").write_bytes(filled(sheet_of(pack, "1912"), {pack.keys[0]: "A"}))
    assert texts(read_answers(tmp_path / "x.pdf", pack)) == {"1912": {pack.keys[0]: "A"}}


def test_a_german_sheet_is_told_by_its_code(tmp_path: Path) -> None:
    pack = packed(tmp_path, QUIZ + "language: de\n", "-n", "2")
    (tmp_path / "x.pdf").write_bytes(filled(sheet_of(pack, "2"), {"L": "1"}))
    assert texts(read_answers(tmp_path / "x.pdf", pack)) == {"2": {"L": "1"}}


def test_names_tell_apart_who_has_the_same_numbers(tmp_path: Path) -> None:
    pack = packed(tmp_path, QUIZ, "--same")
    (tmp_path / "in").mkdir()
    for key in ("1906", "0815"):
        (tmp_path / "in" / f"{key[::-1]}.pdf").write_bytes(filled(sheet_of(pack, key), {"L": key}))
    assert texts(read_answers(tmp_path / "in", pack)) == {"0815": {"L": "0815"}, "1906": {"L": "1906"}}


def test_two_files_of_one_student_have_to_agree(pack: HandedOut, tmp_path: Path) -> None:
    for name, text in (("a", "1"), ("b", "2")):
        (tmp_path / f"{name}.pdf").write_bytes(filled(sheet_of(pack, "0815"), {"L": text}))
    with pytest.raises(
        AnswersError, match=r'b\.pdf, field "L": L of Ada.* is "2" here, but "1" in .*a\.pdf, field "L"'
    ):
        read_answers(tmp_path, pack)
    shutil.copy(tmp_path / "a.pdf", tmp_path / "b.pdf")
    assert any("another file of Ada" in one for one in read_answers(tmp_path, pack).remarks)


def test_forms_answer_one_network_file_too(tmp_path: Path) -> None:
    single = read_sheet("examples/unwell.yaml")
    from handcalc.mark.filled import filled as fill
    from handcalc.render.pdf import pages
    from handcalc.sheet.paper import A4
    from handcalc.sheet.student import student_sheet

    made = pages(student_sheet(single.sheets[0].solutions[0]), A4, fields=True).data
    (tmp_path / "Ada.pdf").write_bytes(fill(made, {"z1[1]": "0.41"}))
    assert texts(read_answers(tmp_path, single)) == {"Ada": {"z1[1]": "0.41"}}


def encrypted(pdf: bytes) -> bytes:
    import io

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt("secret", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_pdf_that_cannot_be_read_is_one_message(pack: HandedOut, tmp_path: Path, caplog: Any) -> None:
    good, path = sheet_of(pack, "0815"), tmp_path / "x.pdf"
    key = Path(pack.source).parent / "keys" / f"{pack.sheets[0].stem}.pdf"
    cases = {
        "this is not a PDF": b"hello",
        "the PDF can't be read": b"%PDF-1.7\nhello",
        "it isn't a sheet made with --fields": key.read_bytes(),
        "protected by a password": encrypted(good),
        "an answer may have": filled(good, {"L": "1" * (MOST_CHARACTERS + 1)}),
        "": good[: len(good) // 2],
    }  # fmt: skip
    for said, content in cases.items():
        path.write_bytes(content)
        with caplog.at_level(logging.WARNING), pytest.raises(AnswersError) as error:
            read_answers(path, pack)
        assert str(error.value).startswith(f"{path}")
        assert said in str(error.value)
    assert not caplog.records
    (tmp_path / "sub").mkdir()
    with pytest.raises(AnswersError, match="there are no PDFs"):
        read_answers(path.parent / "sub", pack)


def test_bytes_that_were_turned_over_never_end_in_a_traceback(pack: HandedOut, tmp_path: Path) -> None:
    good, path, read = sheet_of(pack, "0815"), tmp_path / "x.pdf", 0
    for n in range(0, len(good), max(1, len(good) // 60)):
        path.write_bytes(good[:n] + bytes([good[n] ^ 0xFF]) + good[n + 1 :])
        try:
            read_answers(path, pack)
            read += 1
        except AnswersError as error:
            assert str(path) in str(error)  # noqa: PT017
    assert read > 10


def test_a_sheet_of_another_pack_is_not_taken(pack: HandedOut, tmp_path: Path) -> None:
    other = packed(tmp_path, QUIZ, "-n", "1", "--seed", "9")
    (tmp_path / "x.pdf").write_bytes(filled(sheet_of(other, "1"), {"L": "1"}))
    with pytest.raises(AnswersError, match=r"x\.pdf: its page names no variant of this pack, such as"):
        read_answers(tmp_path / "x.pdf", pack)


def test_several_sources_are_put_together(pack: HandedOut, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ID,z_1\n0815,1\n")
    (tmp_path / "b.json").write_text('{"0815": {"L": "2"}}')
    assert texts(read_answers([tmp_path / "a.csv", tmp_path / "b.json"], pack)) == {"0815": {"z[1]": "1", "L": "2"}}
    with pytest.raises(AnswersError, match="unpack it"):
        read_answers(tmp_path / "c.zip", pack)
    with pytest.raises(AnswersError, match="there is no such file"):
        read_answers(tmp_path / "none.csv", pack)


# all the way


@pytest.mark.parametrize("quiz", [QUIZ, TWO], ids=["one question", "two questions"])
def test_what_comes_in_can_be_marked(tmp_path: Path, quiz: str) -> None:
    pack = packed(tmp_path, quiz)
    answers = {one.key: {key: wanted.value for key, wanted in one.wanted.items()} for one in pack.sheets}
    for one in read_answers(answers, pack).handed_in:
        questions = one.sheet.by_question(one.typed)
        for asked, typed in zip(one.sheet.questions, questions, strict=True):
            read = {key: read_answer(answer.text) for key, answer in typed.items()}
            marking = mark(asked.solution, read, asked=asked)
            assert marking.marks == marking.out_of == sum(asked.chosen.values())
            assert marking.unknown == ()
