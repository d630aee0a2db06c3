"""What a form's pickers offer, from the directory and the case."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from base import clock
from base.db import Session
from casework.access import Party
from casework.accounts import store as accounts
from casework.application import Application
from casework.cases.tables import Case
from casework.consent import store as consents
from casework.documents import party_titles
from casework.meetings import store as meetings
from casework.organisations import store as organisations
from casework.programmes import store as programmes
from forms import Field, Option


@dataclass(frozen=True, slots=True)
class CaseChoices:
    """Options for one case; ``everyone`` offers the whole directory, not only the parties.

    What was found for one field counts for all with the same picker.
    """

    tx: Session
    app: Application
    case: Case
    everyone: bool
    #: What was attached to the step: ids and names that the reader may know.
    files: tuple[tuple[UUID, str], ...] = ()
    _found: dict[str, Sequence[Option]] = field(default_factory=dict, repr=False, compare=False)

    def options(self, picker: str, field: Field) -> Sequence[Option]:
        if picker not in self._found:
            self._found[picker] = self._options(picker)
        return self._found[picker]

    def _options(self, picker: str) -> Sequence[Option]:
        match picker:
            case "organisation":
                return self._organisations()
            case "unit" | "party":
                return self._parties()
            case "representative" | "person":
                return self._people()
            case "meeting":
                return self._meetings()
            case "file":
                return [Option(str(file_id), name) for file_id, name in self.files]
        return ()

    def _organisations(self) -> list[Option]:
        named = programmes.participants_named(self.tx, self.case.programme_id)
        return [Option(code, title) for code, title in named]

    def _parties(self) -> list[Option]:
        """The case's parties; before there are any, every organisation and unit of the group."""
        parties = [] if self.everyone else sorted(self._named())
        if not parties:
            parties = self._of_group()
        codes = _codes(self.tx, parties)
        titles = party_titles(self.tx, parties)
        return [Option(code, title) for code, title in zip(codes, titles, strict=True)]

    def _named(self) -> set[Party]:
        """Parties of every consent in force."""
        facts = consents.facts_many(self.tx, [self.case.id]).get(self.case.id, ())
        today = clock.today(self.tx, self.app.zone)
        return {party for fact in facts if fact.in_force(today) for party in fact.parties}

    def _of_group(self) -> list[Party]:
        joined = programmes.participants(self.tx, self.case.programme_id)
        today = clock.today(self.tx, self.app.zone)
        if self.case.group_id is not None:
            seats = organisations.seats(self.tx, self.case.group_id, today)
            seated = list(dict.fromkeys(seat.organisation_id for seat in seats))
            joined = seated or joined
        units = organisations.units(self.tx, joined)
        return [
            party
            for organisation_id in joined
            for party in (
                Party(organisation_id),
                *(
                    Party(u.organisation_id, u.id)
                    for u in units
                    if u.organisation_id == organisation_id
                ),
            )
        ]

    def _people(self) -> list[Option]:
        named = {party.organisation_id for party in self._named()} or {
            party.organisation_id for party in self._of_group()
        }
        today = clock.today(self.tx, self.app.zone)
        rows = accounts.membership_rows(self.tx, today)
        ids = {row.account_id for row in rows if row.organisation_id in named}
        names = accounts.names(self.tx, ids)
        return [Option(name, name) for name in sorted(names.values())]

    def _meetings(self) -> list[Option]:
        if self.case.group_id is None:
            return []
        today = clock.today(self.tx, self.app.zone)
        coming = meetings.coming(self.tx, self.case.group_id, today)
        return [
            Option(m.on.isoformat(), f"{m.on.isoformat()} {m.time}, {m.place}") for m in coming
        ]


@dataclass(frozen=True, slots=True)
class ProgrammeChoices:
    """Options where there is no case: the organisations that take part in the programme."""

    tx: Session

    def options(self, picker: str, field: Field) -> Sequence[Option]:
        if picker not in ("organisation", "party"):
            return ()
        [programme, *_] = programmes.programmes(self.tx)
        named = programmes.participants_named(self.tx, programme.id)
        return [Option(code, title) for code, title in named]


def codes_of(tx: Session, parties: Sequence[Party]) -> list[str]:
    """``varnamo`` or ``varnamo/eko``, as pickers send them."""
    return _codes(tx, list(parties))


def party_of(tx: Session, code: str) -> Party:
    """Raises NoSuchOrganisation, NoSuchUnit."""
    organisation_code, _, unit_code = code.partition("/")
    organisation = organisations.organisation(tx, organisation_code)
    if not unit_code:
        return Party(organisation.id)
    return Party(organisation.id, organisations.unit(tx, organisation.id, unit_code).id)


def _codes(tx: Session, parties: list[Party]) -> list[str]:
    named = organisations.organisations_by_id(tx, {party.organisation_id for party in parties})
    units = organisations.units_by_id(tx, {p.unit_id for p in parties if p.unit_id is not None})
    return [
        named[party.organisation_id].code
        + (f"/{units[party.unit_id].code}" if party.unit_id is not None else "")
        for party in parties
    ]
