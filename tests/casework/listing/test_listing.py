"""The list of representatives: compared cell by cell, written after a yes, or refused."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from base.lang import LANGUAGES
from casework.application import Application
from casework.listing import actions, reading
from casework.listing.actions import ListWrong
from casework.listing.reading import TooLarge, Unreadable
from casework.listing.rules import NoHead, columns
from casework.organisations import store
from casework.seats.rules import NotYoursToAppoint
from casework.staff_list.rules import COLUMNS as STAFF
from tests.casework.arena import actor

TODAY = date(2027, 2, 1)
HEAD = "Grupp;Organisation;Användarnamn;Ersättare;Från"
LIST = f"{HEAD}\nvarnamo;fk;moa.wall;;\ngislaved;fk;ida.rask;;\n"


def as_excel(text: str) -> bytes:
    file = BytesIO()
    book = Workbook(file)
    sheet = book.add_worksheet()
    for number, line in enumerate(text.splitlines()):
        sheet.write_row(number, 0, line.split(";"))
    book.close()
    return file.getvalue()


#: The word on screen for each column that is needed.
HEADS = {
    "sv": "Grupp;Organisation;Användarnamn;Enhet",
    "de": "Gruppe;Institution;Benutzername;Einheit",
    "es": "Equipo;Organización;Nombre de usuario;Unidad",
    "it": "Gruppo;Organizzazione;Nome utente;Unità",
    "en": "Group;Organisation;User name;Unit",
}


def becomes(app: Application, text: str | bytes, who: str = "stefan.grund") -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    with app.database.reading() as tx:
        return [line.becomes for line in actions.preview(tx, app, actor(tx, who), content)]


def write(app: Application, content: bytes) -> int:
    with app.database.transaction() as tx:
        return actions.write(tx, app, actor(tx, "stefan.grund"), content)


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("cp1252"),
        LIST.replace(";", "\t").encode(),
        LIST.replace(";", ",").replace("\n", "\r\n").encode(),
        as_excel(LIST),
    ],
    ids=["utf-8", "marked", "windows", "tabs", "commas", "excel"],
)
def test_the_same_list_from_every_program(app: Application, content: bytes) -> None:
    assert becomes(app, content) == ["changed", "unchanged"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_row_speaks_every_language(app: Application, language: str) -> None:
    assert becomes(app, f"{HEADS[language]}\ngislaved;fk;ida.rask;\n") == ["unchanged"]
    assert set(columns(HEADS[language].split(";"), STAFF)) >= {"organisation", "user_name", "unit"}


def test_a_list_is_written_once(app: Application) -> None:
    assert write(app, LIST.encode()) == 1

    assert becomes(app, LIST) == ["unchanged", "unchanged"]
    assert write(app, LIST.encode()) == 0
    with app.database.reading() as tx:
        moa = actor(tx, "moa.wall").account_id
        [seat] = [
            one
            for one in store.seats(tx, store.group(tx, "varnamo").id, TODAY)
            if one.account_id == moa
        ]
        assert not seat.acknowledged


def test_a_preview_writes_nothing(app: Application) -> None:
    becomes(app, LIST)

    assert becomes(app, LIST) == ["changed", "unchanged"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("nowhere;fk;moa.wall;;", "group"),
        ("varnamo;af;tomas.bly;;", "organisation"),
        ("varnamo;fk;nobody;;", "user_name"),
        ("varnamo;fk;sara.lindqvist;;", "user_name"),
        ("varnamo;fk;moa.wall;;2027-01-31", "valid_from"),
        ("varnamo;fk;moa.wall;;soon", "valid_from"),
        ("varnamo;fk;=cmd|' /C calc'!A0;;", "user_name"),
    ],
)
def test_a_wrong_row_says_why_at_its_cell_and_stops_all(
    app: Application, row: str, column: str
) -> None:
    text = f"{LIST}{row}\n"
    with app.database.reading() as tx:
        lines = actions.preview(tx, app, actor(tx, "stefan.grund"), text.encode())

    assert column in lines[-1].wrong or lines[-1].wrong.keys() == {"organisation"}
    with pytest.raises(ListWrong):
        write(app, text.encode())
    assert becomes(app, LIST) == ["changed", "unchanged"]


def test_a_seat_that_stands_there_twice_is_wrong(app: Application) -> None:
    text = f"{HEAD}\nvarnamo;fk;moa.wall;;\nvarnamo;fk;stefan.grund;;\n"

    assert becomes(app, text) == ["changed", "wrong"]


def test_nobody_but_managers_hands_in_a_list(app: Application) -> None:
    with pytest.raises(NotYoursToAppoint):
        becomes(app, LIST, "ida.rask")


def a_bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"x" * 10_000_000, TooLarge),
        (a_bomb(), TooLarge),
        (b"PK\x03\x04 and no more", Unreadable),
        (b"\xd0\xcf\x11\xe0 and no more", Unreadable),
        (b"\0\1\2", Unreadable),
        (b'a;"b\n', Unreadable),
        (b"a;b\n" * 3_000, TooLarge),
    ],
    ids=["large", "bomb", "zip", "excel", "binary", "quote", "long"],
)
def test_a_hostile_file_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        reading.rows(content)


@pytest.mark.parametrize("text", ["", "a;b;c\n", "grupp;organisation\n"])
def test_a_list_without_its_head_is_refused(app: Application, text: str) -> None:
    with pytest.raises(NoHead):
        becomes(app, text)
