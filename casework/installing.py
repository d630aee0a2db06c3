"""Set up what an installation needs before its first case: packs and their programmes."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from base import backup, clock
from base.clock import SystemClock
from base.db import Database, Session, sqlite_file
from base.errors import SamplanError
from casework import directory
from casework.accounts import actions as accounts
from casework.accounts import codes
from casework.audit import actions as audit
from casework.organisations import actions as organisation_actions
from casework.organisations import store as organisations
from casework.programmes import actions as programmes
from casework.programmes import store as programme_store
from engine import releases
from engine.packs import open_pack, read_folder

_CARRIER = "federation"
#: Who runs the installation, appoints people, and looks after the routines.
_FIRST_ROLES = ("admin", "federation", "process_owner")
#: Where the fictional people stand that a pack brings.
DIRECTORY = Path("demonstration") / "directory.toml"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one pack on disk: new, release, draft or unchanged."""

    pack_id: str
    became: str


@dataclass(frozen=True, slots=True)
class Administrator:
    """The first account: of the organisation that carries the programme, named by its title."""

    name: str
    user_name: str
    language: str
    organisation: str


class AlreadyInstalled(SamplanError):
    """There is an installation already; nothing was changed."""


class NoDatabase(SamplanError):
    """The database does not answer."""


class NoPacks(SamplanError):
    """There are no packs where SAMPLAN_PROCESSES says."""


def require_new(url: str) -> None:
    """Raises AlreadyInstalled where a database holds anything, NoDatabase where it is away."""
    file = sqlite_file(url)
    if file is not None:
        if file.exists():
            raise AlreadyInstalled
        return
    database = Database(url, SystemClock())
    try:
        if not database.answers():
            raise NoDatabase
        with database.reading() as tx:
            if not backup.is_empty(tx):
                raise AlreadyInstalled
    finally:
        database.close()


def begin(tx: Session, first: Administrator, *, time_zone: str) -> str:
    """The programmes' time zone and carrier, and whoever lets in everybody else.

    The one-time code with which they choose their password.
    """
    carrier = organisation_actions.add_organisation(tx, _CARRIER, first.organisation, "federation")
    account = accounts.add_account(tx, first.user_name, first.name, language=first.language)
    for role in _FIRST_ROLES:
        accounts.appoint(tx, account.id, carrier.id, role, valid_from=clock.today(tx, time_zone))
    for programme in programme_store.programmes(tx):
        programme.time_zone = time_zone
        programme.carrier_organisation_id = carrier.id
        programmes.join(tx, programme.id, carrier.id)
    audit.write(tx, actor=audit.SYSTEM, action="install", target=f"account:{account.id}")
    return codes.in_letters(tx, codes.issue(tx, account.id, codes.INVITATION))


def packs_in(folder: Path) -> list[Path]:
    """By name. Raises NoPacks where there is none."""
    paths = sorted(file.parent for file in folder.glob("*/pack.toml"))
    if not paths:
        raise NoPacks(f"There is no pack in {folder}, the folder that SAMPLAN_PROCESSES names.")
    return paths


def import_packs(tx: Session, folder: Path) -> list[Imported]:
    """Take over every pack in the folder, in the order of their names.

    A pack seen for the first time also begins the programme that its configuration names.
    Raises NoPacks.
    """
    found = []
    for path in packs_in(folder):
        files = read_folder(path)
        pack = open_pack(files)
        imported = releases.import_folder(tx, files)
        _begin_programme(tx, pack.id, pack.config.programme)
        found.append(Imported(pack.id, imported.outcome))
    return found


def load_demonstration(
    tx: Session, pack_folder: Path, *, valid_from: date, password_hash: str | None
) -> None:
    """The fictional directory that a pack brings; loading it twice changes nothing."""
    data = read_demonstration(pack_folder)
    load_people(tx, pack_folder, data, valid_from=valid_from, password_hash=password_hash)


def read_demonstration(pack_folder: Path) -> Mapping[str, Any]:
    return tomllib.loads((pack_folder / DIRECTORY).read_text(encoding="utf-8"))


def load_people(
    tx: Session,
    pack_folder: Path,
    data: Mapping[str, Any],
    *,
    valid_from: date,
    password_hash: str | None,
) -> None:
    """A directory for a pack, and a programme for it where it names none.

    Whom the pack names carries the programme, else the first federation of the directory.
    """
    pack = open_pack(read_folder(pack_folder))
    _begin_programme(tx, pack.id, {"code": pack.id, "title": pack.config.title})
    programme = programme_store.programmes(tx)[0]
    terms = directory.Terms(
        programme_id=programme.id, valid_from=valid_from, password_hash=password_hash
    )
    directory.load_directory(tx, data, terms)
    federations = [row["code"] for row in data["organisations"] if row["kind"] == "federation"]
    _set_carrier(tx, pack.id, pack.config.programme.get("carriers") or federations)


def _begin_programme(tx: Session, pack_id: str, told: Mapping[str, Any]) -> None:
    if not told:
        return
    if any(programme.pack_id == pack_id for programme in programme_store.programmes(tx)):
        return
    programme = programmes.add_programme(tx, told["code"], told["title"], pack_id=pack_id)
    programme.support_name = told.get("support_name", "")
    programme.support_phone = told.get("support_phone", "")
    programme.support_mail = told.get("support_mail", "")
    tx.flush()


def _set_carrier(tx: Session, pack_id: str, carriers: Sequence[str]) -> None:
    """The first of them, where nobody carries the programme yet."""
    for programme in programme_store.programmes(tx):
        if programme.pack_id == pack_id and programme.carrier_organisation_id is None and carriers:
            carrier = organisations.organisation(tx, carriers[0])
            programme.carrier_organisation_id = carrier.id
