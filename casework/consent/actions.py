"""What happens to a consent. The caller has locked the case, and commits.

Consent is recorded first; that steps of the diagrams react comes after and is not waited for.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from base import clock, keys
from base.db import Session
from base.errors import Invalid
from casework import access, sealing
from casework.access import Action, Actor, CaseFacts, Party
from casework.audit import actions as audit
from casework.consent import rules, store
from casework.consent.rules import InWords, Scope, Signature, Status, Texts
from casework.consent.tables import Consent

_PENDING = (Status.DRAFT, Status.PRESENTED)


class PartyNotNamed(Invalid):
    """No consent in force names this organisation or unit."""


class NothingToWithdraw(Invalid):
    """There is no consent in force that could be withdrawn."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A consent has been put before the person."""

    consent_id: UUID
    document_hash: str
    requested_on: datetime


@dataclass(frozen=True, slots=True)
class InForce:
    """A consent that holds; ``until`` is included."""

    consent_id: UUID
    parties: tuple[Party, ...]
    until: date


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal led to.

    ``withdrawn`` consents ended; ``left`` is the party that was taken out (None: all of it);
    ``remaining`` are the parties of what stays in force, empty when nothing does.
    """

    withdrawn: tuple[UUID, ...]
    left: Party | None
    remaining: frozenset[Party]

    @property
    def goes_on(self) -> bool:
        return bool(self.remaining)


@dataclass(frozen=True, slots=True)
class Expired:
    """A consent whose last day has passed."""

    case_id: UUID
    consent_id: UUID
    purpose: str

    @property
    def carries(self) -> bool:
        """Whether a case may have gone on by it; a register's carries none."""
        return self.purpose not in access.REGISTER_PURPOSES


def prepare(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    scope: Scope,
    texts: Texts,
    *,
    on: date,
) -> UUID:
    """A new draft for a purpose; one still waiting for an answer is replaced by it."""
    access.require(actor, Action.ACT, facts, on=on)
    for pending in store.with_status(tx, facts.case_id, _PENDING, scope.purpose):
        _end(tx, pending, Status.SUPERSEDED, by=actor.account_id)
    consent_id = uuid4()
    consent = Consent(
        id=consent_id,
        case_id=facts.case_id,
        purpose=scope.purpose,
        version=store.last_version(tx, facts.case_id, scope.purpose) + 1,
        status=Status.DRAFT,
        valid_from=scope.valid_from,
        valid_until=scope.valid_until,
        ends_when=scope.ends_when,
        prepared_at=clock.now(tx),
        prepared_by=actor.account_id,
        texts=sealing.seal_value(
            keys.of(tx).get(facts.case_id), asdict(texts), _place(consent_id, "texts")
        ),
    )
    store.add(tx, consent, scope)
    _audit(tx, actor.pseudonym, "consent.prepare", consent)
    return consent_id


def present(
    tx: Session,
    consent_id: UUID,
    document: str,
    *,
    by: str,
    longest: timedelta | None = None,
    release_id: int | None = None,
) -> Presented:
    """Put the text before the person; from now on it is this text they answer to.

    ``longest``: the longest period allowed. ``release_id``: whose words the text is in, so that
    its translations stay those of that version. Raises NotSpecific, WrongState.
    """
    consent = _locked(tx, consent_id, Status.PRESENTED)
    rules.require_specific(store.scope(tx, consent), longest=longest or rules.MAX_VALIDITY)
    key = keys.of(tx).get(consent.case_id)
    hashed = hashlib.sha256(document.encode()).hexdigest()
    consent.document = sealing.seal_value(key, document, _place(consent_id, "document"))
    consent.document_hash = hashed
    consent.presented_at = clock.now(tx)
    consent.release_id = release_id
    consent.status = Status.PRESENTED
    _audit(tx, by, "consent.present", consent)
    return Presented(consent_id, hashed, consent.presented_at)


def register_signature(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    consent_id: UUID,
    signature: Signature,
    *,
    on: date,
) -> None:
    """Record how the person said yes; the consent is not in force before `activate`.

    Raises NotWritten where only writing counts, SecondPersonNeeded, SignedInFuture, WrongState.
    """
    access.require(actor, Action.ACT, facts, on=on)
    consent = _locked(tx, consent_id, Status.ACTIVE)
    rules.require_second_person(
        restricted=facts.restricted,
        prepared_by=consent.prepared_by,
        registered_by=actor.account_id,
    )
    rules.require_signature(
        signature, written_only=facts.written_only, purpose=consent.purpose, on=on
    )
    words = asdict(signature)
    for open_field in ("form", "signed_on", "matches_document", "scan_id"):
        del words[open_field]
    consent.form = signature.form
    consent.signed_on = signature.signed_on
    consent.matches_document = signature.matches_document
    consent.registered_by = actor.account_id
    consent.scan_id = signature.scan_id
    consent.signature = sealing.seal_value(
        keys.of(tx).get(consent.case_id), words, _place(consent_id, "signature")
    )
    _audit(tx, actor.pseudonym, "consent.register_signature", consent)


def activate(tx: Session, consent_id: UUID, *, by: str) -> InForce:
    """The consent holds from now on and replaces the earlier one for its purpose.

    Raises NotSigned, NotSpecific, WrongState.
    """
    consent = _locked(tx, consent_id, Status.ACTIVE)
    if consent.form is None or not consent.matches_document:
        raise rules.NotSigned
    scope = store.scope(tx, consent)
    rules.require_specific(scope, longest=timedelta.max)
    for earlier in store.with_status(tx, consent.case_id, [Status.ACTIVE], consent.purpose):
        _end(tx, earlier, Status.SUPERSEDED, by=consent.registered_by)
        consent.supersedes = earlier.id
    consent.status = Status.ACTIVE
    consent.activated_at = clock.now(tx)
    _audit(tx, by, "consent.activate", consent)
    return InForce(consent_id, tuple(sorted(scope.parties)), scope.valid_until)


def refuse(tx: Session, consent_id: UUID, *, by: str) -> None:
    """The person has said no."""
    consent = _locked(tx, consent_id, Status.REFUSED)
    _end(tx, consent, Status.REFUSED, by=None)
    _audit(tx, by, "consent.refuse", consent)


def lapse_request(tx: Session, consent_id: UUID, *, by: str) -> None:
    """The person has not answered in time."""
    consent = _locked(tx, consent_id, Status.LAPSED)
    _end(tx, consent, Status.LAPSED, by=None)
    _audit(tx, by, "consent.lapse_request", consent)


def withdraw(
    tx: Session,
    actor: Actor,
    facts: CaseFacts,
    *,
    on: date,
    leaving: Party | None = None,
    purpose: str | None = None,
) -> Withdrawal:
    """The person takes consent back: all of it, or for one purpose, or one party out of it.

    Effective for every transaction that begins after this one commits. A consent left with
    fewer than two organisations ends (a register's with none). What still waits for an answer
    lapses. Raises NothingToWithdraw, PartyNotNamed.
    """
    access.require(actor, Action.WITHDRAW, facts, on=on)
    active = store.with_status(tx, facts.case_id, [Status.ACTIVE], purpose)
    if not active:
        raise NothingToWithdraw
    scopes = {consent.id: store.scope(tx, consent) for consent in active}
    if leaving is not None and not any(_names(scope, leaving) for scope in scopes.values()):
        raise PartyNotNamed
    ended, remaining = [], set[Party]()
    for consent in active:
        left = _left(scopes[consent.id], leaving)
        if not rules.enough(consent.purpose, left):
            _end(tx, consent, Status.WITHDRAWN, by=actor.account_id)
            ended.append(consent.id)
            continue
        remaining |= left if consent.purpose in access.SHARING_PURPOSES else frozenset()
        if leaving is not None:
            store.drop(tx, consent.id, leaving, clock.now(tx))
    for pending in store.with_status(tx, facts.case_id, _PENDING, purpose):
        _end(tx, pending, Status.LAPSED, by=actor.account_id)
    audit.write_by(
        tx,
        actor,
        "consent.withdraw",
        case_id=facts.case_id,
        detail={
            "consents": [str(consent_id) for consent_id in ended],
            "organisation": leaving.organisation_id if leaving else None,
            "unit": leaving.unit_id if leaving else None,
        },
    )
    return Withdrawal(tuple(ended), leaving, frozenset(remaining))


def expire(tx: Session, consent_id: UUID, *, on: date) -> Expired | None:
    """End a consent whose last day has passed; None if it has ended or been renewed meanwhile."""
    consent = store.locked(tx, consent_id)
    if consent.status != Status.ACTIVE or consent.valid_until >= on:
        return None
    _end(tx, consent, Status.EXPIRED, by=None)
    _audit(tx, "clock", "consent.expire", consent)
    return Expired(consent.case_id, consent.id, consent.purpose)


def expire_due(tx: Session, *, on: date) -> tuple[Expired, ...]:
    """`expire` for every consent whose last day lies before ``on``, longest overdue first.

    The gate looks at the day itself, so access has closed already; this makes the rest follow.
    """
    ended = (expire(tx, consent.id, on=on) for consent in store.overdue(tx, on))
    return tuple(expired for expired in ended if expired is not None)


def end_with_case(tx: Session, case_id: UUID) -> None:
    """The case is closed: consents that were to end with it end, open requests lapse."""
    for consent in store.with_status(tx, case_id, [Status.ACTIVE]):
        if consent.ends_when == "case_closed":
            _end(tx, consent, Status.ENDED, by=None)
    for pending in store.with_status(tx, case_id, _PENDING):
        _end(tx, pending, Status.LAPSED, by=None)


def in_force(tx: Session, case_id: UUID, purpose: str, *, on: date) -> InForce | None:
    """What holds for a purpose on that day."""
    consent = store.in_force(tx, case_id, purpose, on)
    if consent is None:
        return None
    scope = store.scope(tx, consent)
    return InForce(consent.id, tuple(sorted(scope.parties)), scope.valid_until)


def in_words(tx: Session, consent: Consent) -> InWords:
    """What the page says the person has said yes to."""
    written = consent.form in rules.WRITTEN_FORMS
    return rules.in_words(store.scope(tx, consent), written=written)


def read_texts(
    tx: Session, actor: Actor, facts: CaseFacts, consent: Consent, *, on: date
) -> Texts:
    """The person's own words about a consent; for whoever raised or leads the case."""
    require_words(actor, facts, on=on)
    return texts_of(tx, consent)


def require_words(actor: Actor, facts: CaseFacts, *, on: date) -> None:
    """Raises NotAllowed where the person's own words are not for this reader."""
    access.require(actor, Action.READ_WORDS, facts, on=on)


def guests_of(tx: Session, consent: Consent) -> tuple[str, ...]:
    """Guests whom the consent names in words, for their invitation alone."""
    return texts_of(tx, consent).guests


def texts_of(tx: Session, consent: Consent) -> Texts:
    """The person's own words, for the text that is put before them."""
    key = keys.of(tx).get(consent.case_id)
    opened = sealing.unseal_value(key, consent.texts, _place(consent.id, "texts"))
    return Texts(**{**opened, "guests": tuple(opened.get("guests", ()))})


def original_of(tx: Session, consent: Consent) -> str:
    """Where the signed paper is kept; empty where nobody has said."""
    if consent.signature is None:
        return ""
    key = keys.of(tx).get(consent.case_id)
    words = sealing.unseal_value(key, consent.signature, _place(consent.id, "signature"))
    return str(words.get("original_location") or "")


def read_document(
    tx: Session, actor: Actor, facts: CaseFacts, consent: Consent, *, on: date
) -> str | None:
    """The text that was put before the person; None before it was."""
    access.require(actor, Action.READ_IDENTITY, facts, on=on)
    return document_of(tx, consent)


def document_of(tx: Session, consent: Consent) -> str | None:
    """The very text that the hash is of, for the paper; None before it was put to the person."""
    if consent.document is None:
        return None
    key = keys.of(tx).get(consent.case_id)
    text: str = sealing.unseal_value(key, consent.document, _place(consent.id, "document"))
    return text


def _locked(tx: Session, consent_id: UUID, wanted: Status) -> Consent:
    consent = store.locked(tx, consent_id)
    rules.require_next(consent.status, wanted)
    return consent


def _end(tx: Session, consent: Consent, status: Status, *, by: int | None) -> None:
    rules.require_next(consent.status, status)
    consent.status = status
    consent.ended_at = clock.now(tx)
    consent.ended_by = by


def _names(scope: Scope, leaving: Party) -> bool:
    """Exactly this unit, or any part of the organisation where no unit is meant."""
    if leaving.unit_id is None:
        return leaving.organisation_id in rules.organisations(scope.parties)
    return leaving in scope.parties


def _left(scope: Scope, leaving: Party | None) -> frozenset[Party]:
    return frozenset() if leaving is None else rules.without(scope.parties, leaving)


def _audit(tx: Session, by: str, action: str, consent: Consent) -> None:
    audit.write(
        tx,
        actor=by,
        action=action,
        case_id=consent.case_id,
        target=f"consent:{consent.id}",
        detail={"purpose": consent.purpose, "version": consent.version},
    )


def _place(consent_id: UUID, name: str) -> str:
    return f"consent/{consent_id}/{name}"
