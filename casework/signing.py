"""The consent on paper: in the person's language, with the office's after it, to be signed."""

from collections.abc import Iterator
from uuid import UUID

from base import clock
from base.db import Session
from base.errors import NotFound
from casework import access, documents
from casework.access import Action, Actor
from casework.application import Application
from casework.cases import store as case_store
from casework.consent import actions as consent
from casework.consent import store as consents
from casework.consent.tables import Consent
from casework.printing import Block, Document, Heading, Label, printed, written
from casework.voice import Voice


def languages(tx: Session, app: Application, wanted: str = "consent") -> tuple[str, ...]:
    """In which the pack words a consent; none where it has no such text."""
    found = (name.partition(".") for name in app.pack(tx).texts)
    return tuple(sorted(language for text, _, language in found if text == wanted))


def consent_pdf(
    tx: Session, app: Application, actor: Actor, case_id: UUID, consent_id: UUID, language: str
) -> bytes:
    """For those who may know who the person is. Raises NotFound, NotAllowed."""
    facts = case_store.facts(tx, case_id)
    today = clock.today(tx, app.zone)
    access.require(actor, Action.SEE_CASE, facts, on=today)
    version = consents.by_id(tx, consent_id)
    known = languages(tx, app, documents.text_for(version.purpose))
    if version.case_id != case_id or language not in known:
        raise NotFound
    consent.require_words(actor, facts, on=today)
    pack = documents.pack_of(tx, app, version)
    if f"{documents.text_for(version.purpose)}.{language}" not in pack.texts:
        language = pack.config.language
    kinds: list[str] = []
    blocks: list[Block] = []
    for text in _texts(tx, app, version, language):
        title, rest = documents.parted(text)
        if kinds:
            blocks.append(Heading(Label(title)))
        kinds.append(title)
        blocks += written(rest, level=2 if len(kinds) > 1 else 1)
    return printed(
        Document(
            kind=Label(kinds[0]),
            blocks=tuple(blocks),
            language=language,
            reference=case_store.by_id(tx, case_id).number,
            foot=f"{version.version} · {(version.document_hash or '')[:16]}",
            logo=Voice(language, pack).logo,
        )
    )


def _texts(tx: Session, app: Application, version: Consent, language: str) -> Iterator[str]:
    """In the person's language, then in the office's.

    What has been put before the person is printed as it was then, whatever has become of the
    pack's text: the hash below is of it.
    """
    own = consent.texts_of(tx, version)
    if language != documents.pack_of(tx, app, version).config.language:
        yield documents.consent_text(tx, app, version, own, language)
    yield consent.document_of(tx, version) or documents.consent_text(tx, app, version, own)
