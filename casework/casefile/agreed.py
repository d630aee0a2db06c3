"""What the person has said yes or no to, as a reader of the case sees it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from base import clock
from base.db import Session
from casework import access, formbook, renewing
from casework.access import REGISTER_PURPOSES, Action, Actor, CaseFacts
from casework.application import Application
from casework.casefile.model import ConsentCard, Party, SignedBefore
from casework.consent import actions as consent
from casework.consent import warning
from casework.consent.rules import WRITTEN_FORMS
from casework.consent.tables import Consent
from casework.documents import party_titles
from casework.tasks import beside
from casework.words import Words

_SHOWN = frozenset({"active", "presented", "withdrawn", "expired", "refused"})


def _shown(versions: Sequence[Consent]) -> list[Consent]:
    """Those that have a card."""
    shown: list[Consent] = []
    for version in versions:
        held = [one.status for one in shown if one.purpose == version.purpose]
        if version.status in _SHOWN and (
            not held or (version.status == "active" and "active" not in held)
        ):
            shown.append(version)
    return shown


def signed_before(
    tx: Session,
    app: Application,
    actor: Actor,
    facts: CaseFacts,
    words: Words,
    versions: Sequence[Consent],
) -> tuple[SignedBefore, ...]:
    """What once held and has no card any more, for whoever may read the words."""
    today = clock.today(tx, app.zone)
    if not access.may(actor, Action.READ_WORDS, facts, on=today).allowed:
        return ()
    shown = {version.id for version in _shown(versions)}
    purposes = formbook.options(words, "consent", "purpose")
    return tuple(
        SignedBefore(
            purpose=purposes.get(version.purpose, version.purpose),
            signed_on=version.signed_on,
            given_how=_given_how(version),
            scan=version.scan_id,
        )
        for version in versions
        if version.activated_at is not None
        and version.signed_on is not None
        and version.id not in shown
        and version.purpose not in REGISTER_PURPOSES
    )


def cards(
    tx: Session,
    app: Application,
    actor: Actor,
    facts: CaseFacts,
    words: Words,
    versions: Sequence[Consent],
) -> tuple[ConsentCard, ...]:
    """The newest version for each purpose, in words, and beside it the one that still holds."""
    shown = _shown(versions)
    until = warning.warned_until(tx, app, clock.today(tx, app.zone))
    renews = until is not None and renewing.may_renew(tx, app, actor, facts)
    found = (_consent_card(tx, app, actor, facts, words, one, until) for one in shown)
    return tuple(replace(card, may_renew=renews and card.ends_soon) for card in found)


def _consent_card(
    tx: Session,
    app: Application,
    actor: Actor,
    facts: CaseFacts,
    words: Words,
    version: Consent,
    warned_until: date | None,
) -> ConsentCard:
    today = clock.today(tx, app.zone)
    said = consent.in_words(tx, version)
    may_know = beside.kinds(words, frozenset(said.shared))
    may_not = beside.kinds(words, frozenset(said.excluded))
    titles = party_titles(tx, list(said.parties))
    readable = access.may(actor, Action.READ_WORDS, facts, on=today).allowed
    texts = consent.read_texts(tx, actor, facts, version, on=today) if readable else None
    purposes = {"statistics": app.translator(actor.language)("statistics")} | formbook.options(
        words, "consent", "purpose"
    )
    expired = version.status == "active" and version.valid_until < today
    return ConsentCard(
        id=version.id,
        purpose=purposes.get(version.purpose, version.purpose),
        state="expired" if expired else version.status,
        parties=tuple(Party(title, may_know, may_not) for title in titles),
        signed_on=version.signed_on,
        given_how=_given_how(version),
        valid_until=version.valid_until,
        exclusions=texts.exclusions if texts and texts.exclusions else None,
        original=(consent.original_of(tx, version) or None) if readable else None,
        scan=version.scan_id if readable else None,
        shares=version.purpose not in REGISTER_PURPOSES,
        ends_soon=any(
            one.consent_id == version.id and warning.soon(one, today, warned_until)
            for one in facts.consents
        ),
    )


def _given_how(version: Consent) -> str | None:
    if version.form is None:
        return None
    return version.form if version.form in WRITTEN_FORMS else "oral"
