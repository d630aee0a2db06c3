"""What a draft, or a version, changes: in words and on diagrams, for the page and the minutes."""

from collections.abc import Sequence

from base.db import Session
from casework.access import Actor
from casework.application import Application
from casework.releases import store
from casework.releases.actions import (
    EDITORS,
    READERS,
    name_of,
    require_role,
)
from casework.releases.comments import COMMENTERS
from casework.releases.drawn import opened_draft, routine, title
from casework.releases.model import (
    Decided,
    DifferencesPage,
    EarlierVersion,
)
from casework.releases.moving import NoSuchVersion
from casework.releases.telling import changed_files
from engine import releases
from engine.packs import Pack, digest
from engine.releases import Release


def draft_differences(
    tx: Session, app: Application, actor: Actor, process_id: str
) -> DifferencesPage:
    """What the whole draft changes in what is in use, this diagram first.

    Raises NoSuchRoutine, NotAllowed.
    """
    require_role(actor, COMMENTERS)
    pack = routine(tx, app, process_id)
    files = releases.draft_files(tx, pack.id)
    drafted = opened_draft(files)
    known = releases.history(tx, pack.id)
    proposed = store.proposal(tx, pack.id)
    if proposed is not None and proposed.digest != digest(files):
        proposed = None
    decided = Decided(
        reference=proposed.reference if proposed else "",
        reason=proposed.reason if proposed else "",
        by=name_of(tx, f"account:{proposed.by_account_id}") if proposed else "",
        at=proposed.at if proposed else None,
    )
    after = drafted or pack
    return _page(process_id, pack, after, actor, known, decided, readable=drafted is not None)


def version_differences(
    tx: Session, app: Application, actor: Actor, process_id: str, number: int
) -> DifferencesPage:
    """What a version of the pack changed in the one before; all of it is new in the first.

    Raises NoSuchRoutine, NoSuchVersion, NotAllowed.
    """
    require_role(actor, READERS)
    routine(tx, app, process_id)
    known = releases.history(tx, app.pack_id)
    found = next((release for release in known if release.number == number), None)
    if found is None or found.is_begun:
        raise NoSuchVersion
    earlier = next((release for release in known if release.number == number - 1), found)
    after = releases.load(tx, found.id)
    decided = Decided(
        reference=found.reference,
        reason=found.reason,
        by=name_of(tx, found.by),
        at=found.created,
        approved_by=name_of(tx, found.approved_by) if found.approved_by else "",
    )
    before = releases.load(tx, earlier.id)
    return _page(process_id, before, after, actor, known, decided, number=number)


def _page(
    process_id: str,
    before: Pack,
    after: Pack,
    actor: Actor,
    known: Sequence[Release],
    decided: Decided,
    *,
    number: int | None = None,
    readable: bool = True,
) -> DifferencesPage:
    return DifferencesPage(
        process=process_id,
        title=title(process_id, actor.language, after, before),
        number=number,
        files=changed_files(before, after, actor.language, first=process_id),
        decided=decided,
        readable=readable,
        begun=number is None and all(each.is_begun for each in known),
        may_review=bool(actor.roles & READERS),
        may_answer=bool(actor.roles & EDITORS) and number is None,
        earlier=tuple(
            EarlierVersion(each.number, each.created, each.reference)
            for each in known
            if not each.is_begun
        ),
    )
