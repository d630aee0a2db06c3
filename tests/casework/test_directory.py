"""A directory is read from a file, once."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from base.db import Database, Session, Table
from casework import directory
from casework.accounts import actions as accounts
from casework.accounts import store as account_store
from casework.directory import BadDirectory, Terms
from casework.organisations import store
from casework.programmes import actions as programmes
from casework.programmes import store as programme_store

FOLDER = Path(__file__).parents[2] / "processes"
TODAY = date(2027, 2, 1)
SMALL = """
[[organisations]]
code = "varnamo"
title = "Värnamo kommun"
kind = "social_services"
units = { eko = "Ekonomiskt bistånd" }

[[organisations]]
code = "fk"
title = "Försäkringskassan"
kind = "social_insurance"

[[groups]]
code = "varnamo"
title = "Arenagruppen Värnamo"
prefix = "VMO"
convener = "sara"

[[accounts]]
user_name = "sara"
name = "Sara Lindqvist"
organisation = "varnamo"
unit = "eko"
roles = ["representative", "caseworker"]
groups = ["varnamo"]

[[seats]]
group = "varnamo"
organisation = "varnamo"
unit = "eko"
account = "sara"
deputy = ""

[[seats]]
group = "varnamo"
organisation = "fk"
unit = ""
account = ""
deputy = ""
"""


def terms(tx: Session) -> Terms:
    programme = programmes.add_programme(tx, "arena", "Arena", pack_id="arena")
    return Terms(programme.id, TODAY)


def count_rows(tx: Session) -> dict[str, int | None]:
    return {
        table.name: tx.scalar(select(func.count()).select_from(table))
        for table in Table.metadata.sorted_tables
    }


def test_a_file_fills_the_directory(database: Database):
    with database.transaction() as tx:
        given = terms(tx)
        directory.load_directory(tx, tomllib.loads(SMALL), given)

        sara = account_store.by_user_name(tx, "sara")
        assert sara is not None
        group = store.group(tx, "varnamo")
        town, agency = store.organisation(tx, "varnamo"), store.organisation(tx, "fk")
        eko = store.unit(tx, town.id, "eko")
        seats = [
            (s.organisation_id, s.unit_id, s.account_id) for s in store.seats(tx, group.id, TODAY)
        ]
        assert seats == [(town.id, eko.id, sara.id), (agency.id, None, None)]
        vacant = [s for s in store.all_seats(tx, TODAY) if s.account_id is None]
        assert [(s.organisation_id, s.vacant_since) for s in vacant] == [(agency.id, TODAY)]
        assert group.convener_account_id == sara.id
        assert programme_store.participants(tx, given.programme_id) == [town.id, agency.id]
        held = [(m.role, m.unit_id, m.group_id) for m in accounts.actor_of(tx, sara).memberships]
        assert held == [("representative", eko.id, group.id), ("caseworker", eko.id, None)]


def test_a_unit_without_seat_is_found_by_its_organisations(database: Database):
    with database.transaction() as tx:
        directory.load_directory(tx, tomllib.loads(SMALL), terms(tx))
        group, town = store.group(tx, "varnamo"), store.organisation(tx, "varnamo")
        eko = store.unit(tx, town.id, "eko")
        agency = store.organisation(tx, "fk")

        found = [
            store.seat_of(tx, group.id, town.id, eko.id, TODAY),
            store.seat_of(tx, group.id, town.id, None, TODAY),
            store.seat_of(tx, group.id, agency.id, eko.id, TODAY),
        ]
        assert [seat.organisation_id if seat else None for seat in found] == [
            town.id,
            None,
            agency.id,
        ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('account = "sara"', 'account = "nobody"'),
        ('convener = "sara"', 'convener = "nobody"'),
        ('organisation = "fk"', 'organisation = "nowhere"'),
        ('groups = ["varnamo"]', 'groups = ["nowhere"]'),
        ('unit = "eko"', 'unit = "nowhere"'),
        ('kind = "social_insurance"\n', ""),
    ],
)
def test_a_file_that_names_what_is_not_there_is_refused(database: Database, old: str, new: str):
    assert old in SMALL
    with database.transaction() as tx, pytest.raises(BadDirectory):
        directory.load_directory(tx, tomllib.loads(SMALL.replace(old, new)), terms(tx))


@pytest.mark.parametrize(
    "path",
    sorted(FOLDER.glob("*/demonstration/directory.toml")),
    ids=lambda path: path.parents[1].name,
)
def test_the_packs_directories_load_and_loading_again_changes_nothing(
    database: Database, path: Path
):
    data = tomllib.loads(path.read_text())
    with database.transaction() as tx:
        given = terms(tx)
        directory.load_directory(tx, data, given)
        before = count_rows(tx)

        directory.load_directory(tx, data, given)

        assert count_rows(tx) == before
        assert before["account"] == len(data["accounts"])
        assert before["seat"] == len(data["seats"])
        for group in store.groups(tx):
            assert group.convener_account_id is not None
