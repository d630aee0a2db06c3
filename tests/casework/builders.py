"""Builders of small worlds: organisations, people who work there, cases, consents."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import text

from base.db import Database, Session
from casework.access import Actor, Membership, Party, Withheld
from casework.accounts import actions as accounts
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.cases.actions import NewCase
from casework.cases.tables import Case
from casework.consent import actions as consent
from casework.consent.rules import Scope, Signature, Texts
from casework.organisations import actions as organisations
from casework.programmes import actions as programmes

TODAY = date(2027, 2, 1)
LATER = date(2027, 8, 1)
KINDS = frozenset({"identity", "health_function", "work_education"})
#: What keeps the trace as it was written.
GUARDS = ("audit_update", "audit_delete", "audit_head_update", "audit_head_delete")
PASSWORD = "a long enough password"  # noqa: S105


@dataclass
class World:
    """The municipality with two units, the health centre and the agency, in one local group."""

    programme_id: int
    group_id: int
    other_group_id: int
    municipality: int
    labour: int
    adults: int
    clinic: int
    agency: int
    outsider: int
    counter: list[int] = field(default_factory=list)


def a_world(tx: Session) -> World:
    municipality = organisations.add_organisation(tx, "varnamo", "Värnamo", "municipality")
    labour = organisations.add_unit(tx, municipality.id, "ame", "Arbetsmarknadsenheten")
    adults = organisations.add_unit(tx, municipality.id, "vux", "Vuxenenheten")
    clinic = organisations.add_organisation(tx, "vc", "Vårdcentralen", "health_centre")
    agency = organisations.add_organisation(tx, "fk", "Försäkringskassan", "agency")
    outsider = organisations.add_organisation(tx, "gislaved", "Gislaved", "municipality")
    programme = programmes.add_programme(
        tx, "arena", "Arena", pack_id="arena", carrier_organisation_id=agency.id
    )
    group = organisations.add_group(tx, "varnamo", "Värnamo", "VMO", programme_id=programme.id)
    other = organisations.add_group(tx, "gislaved", "Gislaved", "GIS", programme_id=programme.id)
    for organisation in (municipality, clinic, agency):
        organisations.add_seat(tx, group.id, organisation.id, valid_from=date(2026, 1, 1))
    return World(
        programme.id,
        group.id,
        other.id,
        municipality.id,
        labour.id,
        adults.id,
        clinic.id,
        agency.id,
        outsider.id,
    )


def an_actor(
    tx: Session,
    organisation_id: int,
    role: str = "caseworker",
    *,
    unit_id: int | None = None,
    group_id: int | None = None,
    user_name: str | None = None,
) -> Actor:
    """Somebody new who holds one role."""
    name = user_name or f"{role}-{organisation_id}-{unit_id}-{group_id}-{_next(tx)}"
    account = accounts.add_account(tx, name, "Sara Lindqvist", language="sv")
    accounts.appoint(
        tx,
        account.id,
        organisation_id,
        role,
        valid_from=date(2026, 1, 1),
        unit_id=unit_id,
        group_id=group_id,
    )
    return accounts.actor_of(tx, account)


def a_case(
    tx: Session,
    world: World,
    referrer: Actor,
    *,
    procedure: str = "arena",
    restricted: bool = False,
) -> Case:
    """Raised by this person in the first local group."""
    place: Membership = referrer.memberships[0]
    return cases.open_case(
        tx,
        referrer,
        NewCase(
            programme_id=world.programme_id,
            procedure=procedure,
            written_only=procedure == "arena",
            organisation_id=place.organisation_id,
            unit_id=place.unit_id,
            group_id=world.group_id,
            restricted=restricted,
        ),
    )


def a_scope(
    parties: Collection[Party],
    *,
    purpose: str = "consultation",
    categories: frozenset[str] = KINDS,
    excluded: frozenset[str] = frozenset(),
    valid_from: date = TODAY,
    valid_until: date = LATER,
    ends_when: str = "date",
    exceptions: frozenset[Withheld] = frozenset(),
) -> Scope:
    return Scope(
        purpose,
        frozenset(parties),
        categories,
        valid_from,
        valid_until,
        excluded,
        ends_when,
        exceptions,
    )


def a_consent(
    tx: Session,
    actor: Actor,
    case_id: UUID,
    scope: Scope,
    *,
    form: str = "paper",
    on: date = TODAY,
) -> UUID:
    """Prepared, presented, signed and active."""
    facts = case_store.facts(tx, case_id)
    consent_id = consent.prepare(tx, actor, facts, scope, Texts(), on=on)
    consent.present(tx, consent_id, "Jag samtycker.", by=actor.pseudonym)
    signature = Signature(form, on, matches_document=True)
    consent.register_signature(tx, actor, facts, consent_id, signature, on=on)
    consent.activate(tx, consent_id, by=actor.pseudonym)
    return consent_id


def _next(tx: Session) -> int:
    tx.info["built"] = tx.info.get("built", 0) + 1
    return int(tx.info["built"])


def unguard(database: Database) -> None:
    """Take the triggers away, as whoever owns the database can."""
    with database.transaction() as tx:
        for guard in GUARDS:
            on = f" on {guard.rpartition('_')[0]}" if database.on_postgresql else ""
            tx.execute(text(f"drop trigger {guard}{on}"))
