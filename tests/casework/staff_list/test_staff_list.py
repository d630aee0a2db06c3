"""The list of accounts and roles: each cell compared, all or nothing written, once."""

from datetime import date

import pytest

from casework.account_register.rules import NotYoursToGive
from casework.accounts import store as accounts
from casework.application import Application
from casework.listing.rules import columns
from casework.notifications import store as mails
from casework.staff_list import actions, rules
from casework.staff_list.actions import ListOverdue
from casework.staff_list.rules import Held, Known, NoHead, Person, TooMany
from tests.casework.arena import actor

TODAY = date(2027, 2, 1)
HEAD = [
    "user_name",
    "name",
    "mail",
    "organisation",
    "unit",
    "role",
    "valid_from",
    "valid_until",
]
KNOWN = Known(
    people={
        "ida": Person(True, {"name": "Ida", "mail": "ida@fk.example", "phone": ""}),
        "old": Person(False, {"name": "Old", "mail": "", "phone": ""}),
        "me": Person(True, {"name": "Me", "mail": "", "phone": ""}),
    },
    taken=frozenset({"sara"}),
    held={
        ("ida", "fk", "caseworker"): Held(7, None),
        ("ida", "fk/lss", "caseworker"): Held(8, date(2027, 6, 1)),
    },
    places={"fk": ("caseworker", "manager"), "fk/lss": ("caseworker",), "af": ()},
    own="me",
    today=TODAY,
)


def compared(*rows: str) -> list[rules.Line]:
    return rules.compare(
        [HEAD, *(row.split(",") for row in rows)], columns(HEAD, rules.COLUMNS), KNOWN
    )


@pytest.mark.parametrize(
    ("row", "becomes"),
    [
        ("Nya,Nya Namn,nya@fk.example,FK,,Caseworker,,", "made"),
        ("ida,,,fk,,manager,2027-03-01,2027-12-31", "given"),
        ("ida,,,fk,,caseworker,2020-01-01,", "unchanged"),
        ("ida,,,fk,,caseworker,,2027-12-31", "ended"),
        ("ida,,,fk,,caseworker,,2027-01-31", "ended"),
        ("ida,,,fk,lss,caseworker,,2027-06-01", "unchanged"),
        ("ida,,,fk,lss,caseworker,,2027-05-31", "ended"),
        ("ida,,,fk,lss,caseworker,,2027-06-02", "changed"),
        ("ida,,,fk,,manager,,2027-01-31", "unchanged"),
        ("nobody,,,fk,,manager,,2027-01-31", "unchanged"),
    ],
)
def test_what_becomes_of_a_row(row: str, becomes: str) -> None:
    assert [line.becomes for line in compared(row)] == [becomes]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Nya,,fk,,caseworker,,", "user_name"),
        ("nya,,,fk,,caseworker,,", "name"),
        ("nya,Nya,nya at fk,fk,,caseworker,,", "mail"),
        (f"nya,{'x' * 201},,fk,,caseworker,,", "name"),
        ("sara,Sara,,fk,,caseworker,,", "user_name"),
        ("old,,,fk,,caseworker,,", "user_name"),
        ("me,,,fk,,caseworker,,", "user_name"),
        ("nya,Nya,,nowhere,,caseworker,,", "organisation"),
        ("nya,Nya,,fk,none,caseworker,,", "organisation"),
        ("nya,Nya,,af,,caseworker,,", "role"),
        ("nya,Nya,,fk,,representative,,", "role"),
        ("nya,Nya,,fk,,caseworker,2027-01-31,", "valid_from"),
        ("nya,Nya,,fk,,caseworker,soon,", "valid_from"),
        ("nya,Nya,,fk,,caseworker,2027-03-01,2027-02-28", "valid_until"),
        ("ida,,,fk,,caseworker,,31.12.2027", "valid_until"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(row: str, column: str) -> None:
    [line] = compared(row)

    assert (line.becomes, list(line.notes)) == ("wrong", [column])


def test_rows_that_speak_of_the_same_person() -> None:
    """A second role needs no name again; another name, or the same role twice, is a mistake."""
    lines = compared(
        "nya,Nya,,fk,,caseworker,,",
        "nya,,,fk,,manager,,",
        "nya,Other,,fk,lss,caseworker,,",
        "nya,Nya,,fk,,manager,,",
    )

    assert [line.becomes for line in lines] == ["made", "given", "wrong", "wrong"]
    assert [list(line.notes) for line in lines[2:]] == [["name"], ["role"]]


def test_a_list_moves_nobodys_mail_address() -> None:
    [line] = compared("ida,Ida,mallory@fk.example,fk,,manager,,")

    assert (line.becomes, line.notes) == ("given", {"mail": "stays as it is"})


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [([], NoHead), ([["name", "role"]], NoHead), ([HEAD, *[["x"]] * 501], TooMany)],
)
def test_a_table_that_is_no_such_list(rows: list[list[str]], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.require_head(rows)


LIST = (
    "Användarnamn;Namn;E-post;Institution;Rolle;bis\n"
    "nya;Nya Åberg;nya@fk.example;fk;caseworker;\n"
    "nya;;;fk;manager;2027-12-31\n"
    "ola;Ola;;fk;caseworker;\n"
    "ida.rask;;;fk;caseworker;2027-01-31\n"
)


def becomes(app: Application, text: str | bytes, who: str = "stefan.grund") -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    with app.database.reading() as tx:
        return [line.becomes for line in actions.preview(tx, app, actor(tx, who), content)]


def write(app: Application, text: str) -> int:
    with app.database.transaction() as tx:
        return actions.write(tx, app, actor(tx, "stefan.grund"), text.encode("cp1252"))


@pytest.mark.both("wide")
def test_a_list_is_written_whole_and_once(app: Application) -> None:
    before = becomes(app, LIST)

    assert before == ["made", "given", "made", "ended"]
    assert write(app, LIST) == 4
    assert becomes(app, LIST) == ["unchanged"] * 4
    assert write(app, LIST) == 0
    with app.database.reading() as tx:
        nya = accounts.by_user_name(tx, "nya")
        assert nya is not None
        assert (nya.name, nya.password_hash) == ("Nya Åberg", None)
        assert {held.role for held in actor(tx, "nya").memberships} == {"caseworker", "manager"}
        assert "caseworker" not in actor(tx, "ida.rask").roles
        assert [mail.address for mail in mails.mails(tx, 10) if "/code/" in mail.body] == [
            "nya@fk.example"
        ]


def test_one_wrong_row_stops_all(app: Application) -> None:
    with pytest.raises(ListOverdue):
        write(app, f"{LIST}kim;;;fk;caseworker;\n")

    assert becomes(app, LIST) == ["made", "given", "made", "ended"]


def test_who_hands_in_what(app: Application) -> None:
    """A manager for their own organisation; the federation what opens no case, anywhere."""
    rows = "user_name,name,organisation,role\nn1,N,{0},caseworker\nn2,N,{0},manager\n"

    assert becomes(app, rows.format("fk")) == ["made", "made"]
    assert becomes(app, rows.format("af")) == ["wrong", "wrong"]
    assert becomes(app, rows.format("af"), "karin.holt") == ["wrong", "made"]
    with pytest.raises(NotYoursToGive):
        becomes(app, rows.format("fk"), "ida.rask")
