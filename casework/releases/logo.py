"""The logo at the head of a pack's papers: uploaded into the draft, or taken away."""

from dataclasses import dataclass
from datetime import datetime

from base.db import Session
from base.errors import Invalid, NotFound
from base.lang import SOURCE
from base.pdf import NotPrintable, TooMuchToPrint, dots
from casework.access import Actor
from casework.application import Application
from casework.printing import Document, Label, printed
from casework.releases import store
from casework.releases.actions import EDITORS, READERS, keep_draft, name_of, require_role
from casework.releases.checks import opened
from casework.releases.papers import logo_findings
from casework.releases.parts import may_edit
from casework.voice import Voice, fitted
from engine import releases
from engine.check import Finding
from engine.packs import (
    LOGOS,
    BadLogo,
    BadPack,
    Logo,
    LogoFlaw,
    Pack,
    is_photograph,
    read_logo,
    sides_of_photograph,
)
from engine.packs.logo import LARGEST

#: Dots to the inch of what was a photograph: as many as printers show, else half of them.
_SHARP = (300, 150)
MEDIA_TYPES = {"logo.svg": "image/svg+xml", "logo.png": "image/png"}


class NoLogo(NotFound):
    """There is no logo."""


class NoFileChosen(Invalid):
    """Choose a file."""


class LogoTooLarge(Invalid):
    """A logo is at most 200 kB, and at most 2,000 dots on a side."""


class NotALogo(Invalid):
    """This is no picture that can be printed: save it as plain SVG, as PNG or as JPEG."""


class LogoShape(Invalid):
    """A logo has a size of its own and is at most twelve times as long as it is high."""


class LogoHolds(Invalid):
    """A logo holds shapes and colours alone: turn letters into outlines, or save it as PNG."""


_REFUSALS: dict[LogoFlaw, type[Invalid]] = {
    LogoFlaw.LARGE: LogoTooLarge,
    LogoFlaw.DOTS: LogoTooLarge,
    LogoFlaw.UNREADABLE: NotALogo,
    LogoFlaw.SHAPE: LogoShape,
    LogoFlaw.HOLDS: LogoHolds,
}


@dataclass(frozen=True, slots=True)
class LogoPage:
    """``there``: whether the draft has a logo; ``has_draft``: whether it is another than in use.

    ``says`` is what a reader that speaks says in its place; ``name`` and ``code`` are a document
    to see it on, empty where there is none; ``mark`` changes with the picture.
    """

    there: bool
    has_draft: bool
    draft_by: str
    draft_by_me: bool
    draft_at: datetime | None
    says: str
    document: tuple[str, str]
    findings: tuple[Finding, ...]
    process: str
    may_edit: bool


def logo_page(tx: Session, app: Application, actor: Actor) -> LogoPage:
    """Raises NotAllowed."""
    require_role(actor, READERS)
    pack = _drafted(tx, app)
    drafts = [draft for draft in releases.draft(tx, app.pack_id) if draft.path in LOGOS]
    newest = max(drafts, key=lambda draft: draft.changed, default=None)
    code = pack.config.language
    named = sorted(name for name in pack.documents if f"{name}.{code}" in pack.texts)
    return LogoPage(
        there=pack.logo is not None,
        has_draft=newest is not None,
        draft_by=name_of(tx, newest.by) if newest else "",
        draft_by_me=newest is not None and newest.by == actor.pseudonym,
        draft_at=newest.changed if newest else None,
        says=Voice(actor.language, pack).says_logo,
        document=(named[0], code) if named else ("", ""),
        findings=tuple(logo_findings(pack)),
        process=next(iter(app.pack(tx).diagrams)),
        may_edit=may_edit(actor),
    )


def logo_picture(tx: Session, app: Application, actor: Actor) -> Logo:
    """Of the draft. Raises NoLogo, NotAllowed."""
    require_role(actor, READERS)
    logo = _drafted(tx, app).logo
    if logo is None:
        raise NoLogo
    return logo


def set_logo(tx: Session, app: Application, actor: Actor, content: bytes) -> bool:
    """Keep a picture in the draft in place of what was there; whether anything is otherwise.

    Raises NoFileChosen, LogoTooLarge, NotALogo, LogoShape, LogoHolds, NotAllowed.
    """
    require_role(actor, EDITORS)
    if not content:
        raise NoFileChosen
    try:
        logo = read_logo(_redrawn(content) if is_photograph(content) else content)
    except BadLogo as error:
        raise _REFUSALS[error.flaw] from error
    _require_printable(logo)
    store.lock_pack(tx, app.pack_id)
    return _keep(tx, app, actor, {logo.file: logo.content})


def remove_logo(tx: Session, app: Application, actor: Actor) -> bool:
    """Take it away in the draft; whether there was one. Raises NotAllowed."""
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    return _keep(tx, app, actor, {})


def discard_logo(tx: Session, app: Application, actor: Actor) -> None:
    """Back to what is in use. Raises NotAllowed."""
    require_role(actor, EDITORS)
    store.lock_pack(tx, app.pack_id)
    for draft in releases.draft(tx, app.pack_id):
        if draft.path in LOGOS:
            releases.discard_draft(tx, app.pack_id, draft.path)
    store.remove_proposal(tx, app.pack_id)


def _keep(tx: Session, app: Application, actor: Actor, wanted: dict[str, bytes]) -> bool:
    """One file at most: the other kind goes."""
    files = releases.draft_files(tx, app.pack_id)
    changed = [path for path in LOGOS if files.get(path) != wanted.get(path)]
    for path in changed:
        keep_draft(tx, app.pack_id, path, wanted.get(path), actor)
    return bool(changed)


def _redrawn(photograph: bytes) -> bytes:
    """As PNG, as large as the head of a paper takes it."""
    width, height = sides_of_photograph(photograph)
    wide = fitted(Logo("", b"", width, height), "").width
    found = b""
    for sharp in _SHARP:
        try:
            found = dots(photograph, width=wide, sharp=sharp)
        except (NotPrintable, TooMuchToPrint) as error:
            raise NotALogo from error
        if len(found) <= LARGEST:
            break
    return found


def _require_printable(logo: Logo) -> None:
    """What the press cannot lay out would keep every paper from being printed."""
    try:
        printed(Document(Label("–"), (), language=SOURCE, logo=fitted(logo, says="–")))
    except (NotPrintable, TooMuchToPrint) as error:
        raise NotALogo from error


def _drafted(tx: Session, app: Application) -> Pack:
    """The draft, its diagrams unread; what is in use where it cannot be one."""
    try:
        return opened(releases.draft_files(tx, app.pack_id))
    except BadPack:
        return app.pack(tx)
