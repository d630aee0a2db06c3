"""What changes programmes. The caller commits."""

from base.db import Session
from base.errors import Conflict
from casework.programmes.tables import Participation, Programme


class IntakeClosed(Conflict):
    """The programme takes no new cases."""


def add_programme(
    tx: Session,
    code: str,
    title: str,
    *,
    pack_id: str,
    time_zone: str = "Europe/Stockholm",
    carrier_organisation_id: int | None = None,
) -> Programme:
    programme = Programme(
        code=code,
        title=title,
        pack_id=pack_id,
        time_zone=time_zone,
        carrier_organisation_id=carrier_organisation_id,
    )
    tx.add(programme)
    tx.flush()
    return programme


def join(tx: Session, programme_id: int, organisation_id: int) -> None:
    tx.add(Participation(programme_id=programme_id, organisation_id=organisation_id))


def require_open(programme: Programme) -> None:
    """Raises IntakeClosed unless new cases may come."""
    if programme.state != "open":
        raise IntakeClosed
