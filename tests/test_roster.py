"""Class lists as they come, and names that are data wherever they go."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import text

from handcalc.quiz.names import MOST_BYTES_OF_FILE, RESERVED, harmless
from handcalc.quiz.roster import Roster, RosterError, Student, file_names, numbered, read_roster, spares
from handcalc.quiz.spreadsheet import csv_text, plain_cell, safe_cell
from handcalc.render.pdf import owner, pdf
from handcalc.sheet.paper import A4, Head
from handcalc.sheet.parts import Say, Section, Sheet
from handcalc.write import on_any_disk

MOODLE_GRADES = """\
"First name",Surname,"ID number",Institution,Department,"Email address","Quiz: Week 3 (Real)","Course total (Real)"
Anne,Able,1001,"Moodle HQ","Rock on!",anne@example.org,56.00,56.00
Bobby,Bunce,1002,"Moodle HQ","Rock on!",bobby@example.org,75.00,-
"""
MOODLE_PARTICIPANTS = """\
"First name","Last name","Email address",Groups
Sally,Smith,sally@example.org,"A, G1_2"
Joe,Bloggs,joe@example.org,"A, G1_1"
"""
MOODLE_DEUTSCH = """\
Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen
Jürgen;Groß;0071;j.gross@example.org;"Übung 10"
Anna;Meier;0072;a.meier@example.org;"Übung 2"
"""
MOODLE_WORKSHEET = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade"
"Participant 4711","Anne Able",1001,anne@example.org,"No submission",,10.00
"""
CANVAS = '''\
Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (23),Current Score
,,,,,Manual Posting,
"    Points Possible",,,,,10.00,(read only)
"Block, Jasen",11,S-9,jblock3430,XC 102,8.00,80
"=""=Hope""",12,S-10,hope,XC 101 and XC 102,9.00,90
"Student, Test",99,,5e1f00,XC 101,,
'''
CANVAS_IN_TWO = """\
LastName;FirstName;ID;SIS Login ID;Section
    Points Possible;;;;
Block;Jasen;11;jblock3430;XC 101
Student;Test;99;5e1f00;XC 101
"""
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\n'
    '"Meier"\t"Anna"\t"ameier"\t"M10"\t"2031-05-01 10:00:00"\t"Yes"\n'
)
BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator
#400123456,#doej,Doe,John,doej@example.org,#
"""
OWN = """\
sep=;
Name;Vorname;Matr.-Nr.;Raum;Platz
Meier;Anna;3;Raum 10;1

Groß;J;1;Raum 9;12
Ö;Ben;2;Raum 9;2
"""


def roster(content: str | bytes, folder: Path, sort_by: list[str] | None = None) -> Roster:
    file = folder / "class.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(file, sort_by)


def told(content: str | bytes, folder: Path, sort_by: list[str] | None = None) -> str:
    with pytest.raises(RosterError) as error:
        roster(content, folder, sort_by)
    return str(error.value).replace(str(folder / "class.csv"), "class.csv")


def seen(found: Roster) -> list[tuple[str, str, str, str]]:
    return [(one.key, one.name, one.id, one.group) for one in found.students]


@pytest.mark.parametrize(
    ("content", "students"),
    [
        (MOODLE_GRADES, [("1001", "Able, Anne", "1001", ""), ("1002", "Bunce, Bobby", "1002", "")]),
        (
            MOODLE_PARTICIPANTS,
            [("joe@example.org", "Bloggs, Joe", "", "A, G1_1"), ("sally@example.org", "Smith, Sally", "", "A, G1_2")],
        ),
        (MOODLE_DEUTSCH, [("0072", "Meier, Anna", "0072", "Übung 2"), ("0071", "Groß, Jürgen", "0071", "Übung 10")]),
        (MOODLE_WORKSHEET, [("1001", "Anne Able", "1001", "")]),
        (CANVAS, [("S-10", "=Hope", "S-10", "XC 101 and XC 102"), ("S-9", "Block, Jasen", "S-9", "XC 102")]),
        (CANVAS_IN_TWO, [("jblock3430", "Block, Jasen", "jblock3430", "XC 101")]),
        (BLACKBOARD, [("M10", "Meier, Anna", "M10", "")]),
        (BRIGHTSPACE, [("400123456", "Doe, John", "400123456", "")]),
        (OWN, [("2", "Ö, Ben", "2", "Raum 9"), ("1", "Groß, J", "1", "Raum 9"), ("3", "Meier, Anna", "3", "Raum 10")]),
        ("Anna Meier\n\n Ben \n", [("Anna Meier", "Anna Meier", "", ""), ("Ben", "Ben", "", "")]),
        ("STUDENT_ID\n7\n", [("7", "", "7", "")]),
        ("Name,First name\nAnna Meier,Anna\n", [("Anna Meier", "Anna Meier", "", "")]),
        ('name,id\n"Anna\r\nMeier",7,,\nBen\n', [("7", "Anna Meier", "7", ""), ("Ben", "Ben", "", "")]),
    ],
)  # fmt: skip
def test_a_list_is_read_as_it_comes(content: str, students: list[tuple[str, ...]], tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        for ends in ("\n", "\r\n"):
            data = re.sub("\r?\n", ends, content).encode(encoding)
            assert seen(roster(data, tmp_path)) == students


@pytest.mark.parametrize(
    ("content", "remarks"),
    [
        (MOODLE_GRADES, ()),
        (MOODLE_PARTICIPANTS, ('there are no IDs; the numbers of each student hang on the column "Email address"',)),
        (
            CANVAS,
            (
                "line 6 is the test student of Canvas and is left out",
                'the IDs are those of the column "SIS User ID"',
            ),
        ),
        ("Anna\nBen\n", ("there are no IDs; the numbers of each student hang on the name",)),
        ("name,id\nA,1\nB,\n", ("line 3 has no ID; its numbers hang on the name",)),
        (
            "name,id\nZ,1\n" + "".join(f"{c},\n" for c in "ABCDEFG"),
            ("lines 3, 4, 5, 6, 7 and 2 more have no ID; their numbers hang on the name",),
        ),
        ("name,id\nA,1\n,2\n", ("line 3 has no name",)),
        ("name,id,room\nA,1,R\n,,R\n", ("line 3 has neither a name nor an ID, so no sheet is made",)),
        ("name,id\nA\u202eB,1\n", ("line 2 has characters that can't be seen, which are left out",)),
        (
            "name,id\n" + "x" * 501 + ",1\n",
            ("line 2 has a name of more than 500 characters, whose end isn't printed",),
        ),
    ],
)
def test_what_was_decided_is_said(content: str, remarks: tuple[str, ...], tmp_path: Path) -> None:
    assert roster(content, tmp_path).remarks == remarks


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "class.csv: the file is empty"),
        ("\n\n ,,\n", "class.csv: the file is empty"),
        ("name,id\n", "class.csv: there are no students in it; write a first line such as"),
        ("Meier,Anna\n", 'class.csv, line 1: found "Meier", "Anna", which name no column that is known; write a first'),
        ("room,seat\n1,2\n", 'class.csv, line 1: found "room", "seat", but no column of names or IDs'),
        ("name,name,id\nA,B,1\n", 'class.csv, line 1: two columns are called "name"; rename one'),
        ("name,id\nA,1\nB,2\nC,1\n", 'class.csv, line 4, column "id": the ID "1" stands in line 2 already; an ID is'),
        (
            "name\nA\n\nA\n",
            'class.csv, line 4: the name "A" stands in line 2 already; the numbers hang on it, so add a',
        ),
        ("name\n\u00c5\nA\u030a\n", "class.csv, line 3: the name"),
        ("name,id\nA,\nB,A\n", 'class.csv, line 3, column "id": the ID "A" stands in line 2 already'),
        ("name,id\nMeier, Anna,1\n", "class.csv, line 2: found 3 cells where the first line names 2 columns; put a"),
        ('name,id\nA,1\n"B,2\nC,3\n', "class.csv, line 3: the quotes of this row don't match"),
        ('name,id\n"A "B" C",1\n', "class.csv, line 2: the quotes of this row don't match"),
        ("name,id\nA,1.23457E+06\n", 'class.csv, line 2, column "id": found "1.23457E+06": a spreadsheet has rounded'),
        ("name,id\nA,spare 3\n", 'class.csv, line 2: "spare 3" is what a spare sheet is called; write another ID'),
        (b"PK\x03\x04\0\0", "class.csv: this is a workbook or another packed file, not a CSV file; open it"),
        (b"%PDF-1.7", "class.csv: this is a PDF, not a CSV file"),
        ("<!DOCTYPE html><p>", "class.csv: this is HTML or XML, not a CSV file"),
        ("name\nAnna\n".encode("utf-16-le"), "class.csv: this is no text, or one in UTF-16 without its mark; save"),
        (b"\xff\xfea", "class.csv: the file begins like UTF-16 but isn't"),
        (b"name\nAnna\n\xff\x01\n", "class.csv, line 3: the byte 0xff is not UTF-8; save it as CSV (UTF-8)"),
        (b"name\n\x81\n", "class.csv, line 2: the byte 0x81 is not UTF-8"),
        (
            b"name\n" + b"x" * 5_000_000,
            "class.csv: the file is longer than 5,000,000 bytes, the most a roster may have",
        ),
        ("name\n" + "\n".join(map(str, range(20_001))), "class.csv, line 20002: this is student 20,001; a roster may"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(content: str | bytes, message: str, tmp_path: Path) -> None:
    assert told(content, tmp_path).startswith(message)


def test_a_file_that_isn_t_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"none\.csv: there is no such file"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(RosterError, match="the file can't be read"):
        read_roster(tmp_path)


def test_the_code_page_of_windows_is_read_and_said(tmp_path: Path) -> None:
    found = roster("Name;ID\nMüller;1\n".encode("cp1252"), tmp_path)
    assert found.students[0].name == "Müller"
    assert 'Windows-1252: line 2 has "Müller"' in found.remarks[0]


def test_the_print_run_is_sorted_by_the_columns_that_are_named(tmp_path: Path) -> None:
    assert [one.key for one in roster(OWN, tmp_path, []).students] == ["3", "1", "2"]
    by_name = roster(OWN, tmp_path, ["name"])
    assert [(one.key, one.group) for one in by_name.students] == [("1", ""), ("3", ""), ("2", "")]
    by_seat = roster(OWN, tmp_path, ["Platz", "raum"])
    assert [(one.key, one.group) for one in by_seat.students] == [("3", "Raum 10"), ("2", "Raum 9"), ("1", "Raum 9")]
    assert told(OWN, tmp_path, ["Saal"]).startswith(
        'class.csv: no column is called "Saal", to sort by; accepted: "Name",'
    )
    assert [one.key for one in roster("id,room\n1,\n2,B\n3,A\n", tmp_path).students] == ["3", "2", "1"]


def test_nameless_sheets_have_keys_of_their_own() -> None:
    assert [one.key for one in numbered(3)] == ["1", "2", "3"]
    assert [one.key for one in spares(2)] == ["spare 1", "spare 2"]
    assert file_names(spares(1)) == {"spare 1": "spare-1"}


HOSTILE = {
    "<b>Ann</b> & {{7*7}}": "b-Ann-b-7-7",
    "\\input{/etc/passwd}": "input-etc-passwd",
    "../../.ssh/config": "ssh-config",
    "=cmd|' /C calc'!A0": "cmd-C-calc-A0",
    "-rf ~": "rf",
    "CON": "student-CON",
    "lpt¹": "student-lpt¹",
    "aux.": "student-aux",
    "a\nb\rc": "a-b-c",
    "nul\0": "student-nul",
    "🎉": "student",
    "Straße Łódź": "Straße-Łódź",
    "محمد علي": "محمد-علي",
    "नेहा": "नेहा",
    "x" * 500: "x" * 80,
    "ä" * 500: "ä" * 40,
    "_.-": "student",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_becomes_no_path(name: str) -> None:
    assert file_names([Student(harmless(name), harmless(name))]) == {harmless(name): HOSTILE[name]}


def test_files_are_told_apart_by_id_and_else_by_a_hash_of_the_key() -> None:
    assert file_names([Student("7", "Meier, Anna", "7"), Student("8", "Meier, Anna", "8")]) == {
        "7": "Meier-Anna-7",
        "8": "Meier-Anna-8",
    }
    alike = [Student(name, name) for name in ("Anna", "anna", "Ben", "A.B", "A B", "E\u0301va", "\u00c9VA")]
    names = file_names(alike)
    assert names["Ben"] == "Ben"
    assert re.fullmatch("Anna-[a-z2-7]{10}", names["Anna"])
    assert file_names(alike[::-1]) == names
    assert len(set(map(on_any_disk, names.values()))) == len(alike)


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NASTY = st.text(st.sampled_from("aAbé\u0301ß./\\:*?\"'<>|-_ =+@;,\t\n\u202e\u200b名🎉1"), max_size=12)


@given(st.lists(st.tuples(NASTY | ANY_TEXT, NASTY | ANY_TEXT), max_size=12))
def test_files_stay_in_their_folder_and_differ_on_any_disk(cells: list[tuple[str, str]]) -> None:
    students = {own: Student(own, name, own if own != name else "") for name, own in cells if own}
    names = file_names(students.values())
    assert names.keys() == students.keys()
    assert len({on_any_disk(one) for one in names.values()}) == len(names)
    for one in names.values():
        assert 0 < len(one.encode()) <= MOST_BYTES_OF_FILE
        assert all(char.isalnum() or char in "-_" or unicodedata.category(char) in ("Mn", "Mc") for char in one)
        assert one[0] not in "-_"
        assert one.casefold() not in RESERVED


@given(
    st.dictionaries(NASTY | ANY_TEXT, NASTY | ANY_TEXT, min_size=1, max_size=8),
    st.sampled_from(",;\t"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_names_and_ids_come_back_in_any_dialect(
    tmp_path_factory: pytest.TempPathFactory,
    cells: dict[str, str],
    separator: str,
    quoting: int,
    ends: str,
    encoding: str,
) -> None:
    wanted = {harmless(plain_cell(own.strip())): harmless(plain_cell(name.strip())) for own, name in cells.items()}
    if len(wanted) < len(cells) or "" in wanted:
        return
    if any("\r" in cell for pair in cells.items() for cell in pair):
        quoting = csv.QUOTE_ALL  # the writer of Python 3.11 leaves \r bare
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=ends)  # type: ignore[arg-type]
    writer.writerows([("id", "name"), *cells.items()])
    found = roster(out.getvalue().encode(encoding), tmp_path_factory.getbasetemp())
    assert {one.key: one.name for one in found.students} == wanted
    assert found.separator == separator


@given(st.binary(max_size=200) | ANY_TEXT.map(str.encode) | NASTY.map(lambda text: f"name\n{text}\n".encode()))
def test_whatever_the_file_there_is_a_roster_or_one_message(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    try:
        found = seen(roster(content, tmp_path_factory.getbasetemp()))
    except RosterError as error:
        found = [(str(error), "", "", "")]
    assert found
    assert all(key for key, *_ in found)


@given(NASTY | ANY_TEXT)
def test_a_harmless_name_is_one_line_that_turns_nothing_around(name: str) -> None:
    found = harmless(name)
    assert harmless(found) == found
    assert not re.search("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]", found)


def test_joiners_stay_where_a_script_or_an_emoji_needs_them() -> None:
    assert harmless("A\u200dn\u200cna\ufe0f") == "Anna"
    assert harmless("می\u200cخواهم") == "می\u200cخواهم"
    assert harmless("👩🏽\u200d🎓") == "👩🏽\u200d🎓"
    assert harmless("Z" + "\u0337" * 40) == "Z" + "\u0337" * 3


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49-170", "'+49-170"),
        ("-1-1", "'-1-1"),
        ("＝1", "'＝1"),
        (" =1", "' =1"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("Meier;=1+1", "Meier;'=1+1"),
        ("Meier,\n@x", "Meier,\n'@x"),
        ("-5,1+cmd|'/C calc'!A0", "'-5,1+cmd|'/C calc'!A0"),
        ("-0.25", "-0.25"),
        ("-0,25", "-0,25"),
        ("+1.5e-3", "+1.5e-3"),
        ("−0.25", "−0.25"),
        ("3/4", "'3/4"),
        ("3/4/26", "'3/4/26"),
        ("2026-3-4", "'2026-3-4"),
        ("3-4", "'3-4"),
        ("3.4.", "'3.4."),
        ("3.4.2026", "'3.4.2026"),
        ("'3/4", "''3/4"),
        ("3.4", "3.4"),
        ("1/20000", "1/20000"),
        ("12/a", "12/a"),
        ("[0.1; -0.9]", "[0.1; -0.9]"),
        ("Meier, Anna", "Meier, Anna"),
        ("a-b=c", "a-b=c"),
    ],
)
def test_a_cell_is_no_formula_and_no_date(typed: str, cell: str) -> None:
    assert safe_cell(typed) == cell


@given(st.text("=+-@'\" ;,\t\r\n5./ea]＝", max_size=12) | ANY_TEXT)
def test_a_safe_cell_says_the_same(typed: str) -> None:
    assert plain_cell(safe_cell(typed)) == typed
    if not re.fullmatch(r"[\s\d.,;eE+\-\])}]*", typed):
        assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", safe_cell(typed))


def test_a_table_is_written_for_spreadsheets() -> None:
    data = csv_text([("name", "points"), ("Meier, Ö", -1.5), ("=x", "a\nb")])
    assert data == '\ufeffname,points\r\n"Meier, Ö",-1.5\r\n\'=x,"a\nb"\r\n'.encode()
    assert csv_text([("a", "b")], ";") == "\ufeffa;b\r\n".encode()


def test_a_table_is_read_again(tmp_path: Path) -> None:
    names = [*HOSTILE]
    found = roster(csv_text([("id", "name"), *enumerate(names)]), tmp_path)
    assert [one.name for one in found.students] == [harmless(name) for name in names]


def test_a_name_without_its_letters_leaves_the_box_to_its_owner() -> None:
    assert owner("Ada 🎉 Lovelace", frozenset("🎉")) == "Ada Lovelace"
    assert owner("Ada 名", frozenset("名")) == ""
    assert owner("Ada 名", frozenset("🎉")) == "Ada 名"
    sheet = Sheet("Quiz", (), (Section("", (Say(("word",)),)),))
    data = pdf(sheet, replace(A4, head=Head(student="\ue123 Meier", id="7")))
    assert text(data).split("\n")[:3] == ["Name ID 7", "Quiz", "word"]
