"""What the columns of a class list say, by the words at their heads.

The words are those of Moodle (participants, grades and the worksheets of assignments; in English, German, French,
Spanish, Italian and Dutch), Canvas (gradebook), Blackboard, Brightspace, and those that teachers write.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


def folded(word: str) -> str:
    """``idnumber`` for ``ID number``, ``ID-Number`` and ``id_number``."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", word).casefold())


def _words(text: str) -> tuple[str, ...]:
    return tuple(map(folded, text.split(", ")))


FIRST = _words("first name, given name, forename, vorname, vornamen, prénom, prénoms, nome, voornaam")
LAST = _words(
    "last name, surname, family name, nachname, familienname, zuname, nom de famille, apellidos, apellido, "
    "cognome, achternaam"
)
FULL = _words(
    "name, full name, student, students, student name, name of student, display name, sortable name, names, "
    "participant, participants, last name first name, first name last name, first name surname, vollständiger name, "
    "voller name, name vorname, nachname vorname, vorname nachname, vorname name, schüler, schülerin, schülerinnen, "
    "studierende, studierender, student in, studentin, teilnehmer, teilnehmerin, teilnehmende, nom, nom complet, "
    "nom prénom, étudiant, nombre, nombre completo, nombre y apellidos, alumno, estudiante, nome completo, studente, "
    "naam, volledige naam"
)
NUMBERS = _words(
    "sis user id, sis id, student id, student number, student no, student id number, id number, matriculation number, "
    "matriculation no, registration number, enrolment number, enrollment number, university id, campus id, "
    "org defined id, uin, sid, matrikelnummer, matrikelnr, matrikel, matnr, matrnr, mtknr, martrikelnummer, "
    "id nummer, schülernummer, studierendennummer, numéro d'identification, numéro d'étudiant, numéro étudiant, "
    "matricule, número de id, número de identificación, matrícula, codice identificativo, numero id, matricola, "
    "studentnummer"
)
LOGINS = _words(
    "username, user name, login, login id, user id, user, net id, uid, benutzername, nutzername, anmeldename, "
    "kennung, benutzerkennung, nom d'utilisateur, nombre de usuario, gebruikersnaam, identifier, identifikator"
)
IDS = (*NUMBERS, "sisloginid", "id", *LOGINS)
"""The first that isn't empty. Canvas calls "ID" what no student knows, so its login comes before."""
MAILS = _words(
    "email address, e-mail, email, mail, e-mail-adresse, mailadresse, adresse de courriel, courriel, "
    "dirección de correo, correo electrónico, indirizzo email, e-mailadres"
)
PILES = (
    _words("room, rooms, raum, räume, hall, lecture hall, hörsaal, saal, location, salle, aula, lokaal"),
    _words("section, sections, sektion"),
    _words("group, groups, gruppe, gruppen, übungsgruppe, tutorial, tutorium, groupe, groupes, grupo, grupos, gruppo, "
           "gruppi, groep, groepen"),
    _words("class, klasse, course, kurs, period, homeroom, classe, clase, klas"),
)  # fmt: skip
SEATS = (
    _words("row, reihe, sitzreihe, rang"),
    _words("seat, seat number, seat no, sitz, sitzplatz, sitzplatznummer, platz, platznummer, desk, place, siège"),
)
OF_CANVAS = frozenset(("sisuserid", "sisloginid"))
OF_BRIGHTSPACE = "endoflineindicator"
_KNOWN = frozenset((*FIRST, *LAST, *FULL, *IDS, *MAILS, *(word for some in (*PILES, *SEATS) for word in some)))


def is_known(cell: str) -> bool:
    return folded(cell) in _KNOWN


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of the columns; `head` is as it stands in the file.

    `sorted_by` are those that sort the print run, `piles` those of them that make piles of it.
    """

    head: tuple[str, ...]
    first: int | None
    last: int | None
    full: int | None
    ids: tuple[int, ...]
    mail: int | None
    sorted_by: tuple[int, ...]
    piles: tuple[int, ...]
    of_canvas: bool = False
    of_brightspace: bool = False

    @property
    def names(self) -> tuple[int, ...]:
        return tuple(place for place in (self.last, self.first, self.full) if place is not None)


NAMES_ONLY = Columns(("name",), None, None, 0, (), None, (), ())
"""A list without a head."""


def columns(head: Sequence[str]) -> Columns:
    """Where what stands. "Name" beside "Vorname" is the family name, as German lists have it."""
    words = [folded(one) for one in head]

    def where(accepted: Sequence[str]) -> int | None:
        return next((words.index(one) for one in accepted if one in words), None)

    first, last, full = where(FIRST), where(LAST), where(FULL)
    if first is not None and last is None and full is not None:
        last, full = full, None
    elif first is not None and last is not None:
        full = None
    ids = tuple(dict.fromkeys(words.index(one) for one in IDS if one in words))
    piles = tuple(place for some in PILES if (place := where(some)) is not None)
    seats = tuple(place for some in SEATS if (place := where(some)) is not None)
    return Columns(
        tuple(head),
        first,
        last,
        full,
        ids,
        where(MAILS),
        (*piles, *seats),
        piles,
        not OF_CANVAS.isdisjoint(words),
        OF_BRIGHTSPACE in words,
    )
