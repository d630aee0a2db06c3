"""Tell people that something waits: at most one mail per person and day."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

import structlog

from base import clock, crypto, jobs, keys
from base.db import Database, Session
from casework.access import Party
from casework.accounts import codes
from casework.accounts import store as accounts
from casework.accounts.tables import Account, OneTimeCode
from casework.application import Application
from casework.consent import warning
from casework.notifications import post, rules, store
from casework.notifications.store import Pile
from casework.notifications.tables import Mail, Reminder
from casework.organisations import store as organisations
from casework.organisations.tables import Organisation
from casework.roles import holds
from casework.voice import Voice, voice

_log = structlog.get_logger()


def remind(tx: Session, case_id: UUID, party: Party, *, reason: str) -> None:
    """Note a reminder; the step stands in the list, and the next mail counts it."""
    tx.add(
        Reminder(
            case_id=case_id,
            organisation_id=party.organisation_id,
            unit_id=party.unit_id,
            reason=reason,
            at=clock.now(tx),
        )
    )


@dataclass(frozen=True, slots=True)
class Digest:
    """How many steps wait for somebody, and how much else: changes and assignments to read,
    consents that run out soon."""

    account: Account
    steps: int
    news: int


def digests(tx: Session, app: Application, *, only_urgent: bool) -> list[Digest]:
    """Whom to write to today, and how much waits for each.

    Accounts that had their mail today or have no address are left out; ``only_urgent``: only
    those for whom something is due within two days, or who must hear of a change (GG-32: the
    same day). So it always is for whoever wishes one mail a week, but on Mondays.
    """
    now, today = clock.now(tx), clock.today(tx, app.zone)
    had = store.mailed(tx, today)
    piles = store.piles(tx, now)
    held = accounts.membership_rows(tx, today)
    roles = app.pack(tx).config.roles
    unread, assigned = store.count_unread(tx), organisations.count_to_acknowledge(tx, today)
    until = None if only_urgent else warning.warned_until(tx, app, today)
    ending = store.count_running_out(tx, today, until) if until else {}
    found = []
    for account in accounts.active_accounts(tx):
        if account.id in had or not account.mail:
            continue
        memberships = [row for row in held if row.account_id == account.id]
        mine = [pile for pile in piles if holds(account.id, memberships, roles, pile)]
        news = unread.get(account.id, 0) + assigned.get(account.id, 0)
        news += ending.get(account.id, 0)
        urgent_alone = only_urgent or rules.waits_for_monday(account.mails, today)
        if news or (mine and (not urgent_alone or _urgent(mine, now))):
            found.append(Digest(account, sum(pile.count for pile in mine), news))
    return found


def write_digests(tx: Session, app: Application, *, only_urgent: bool) -> int:
    """A mail for each that `digests` names; how many."""
    found = digests(tx, app, only_urgent=only_urgent)
    return sum(_write(tx, app, digest) for digest in found)


def sent_mails(tx: Session) -> list[Mail]:
    """The latest hundred that were sent or wait for it, newest first."""
    return list(store.mails(tx, 100))


def refused_mails(tx: Session) -> list[Mail]:
    """The latest hundred that were not sent because they point at a person, newest first."""
    return list(store.refused(tx, 100))


def bounced_mails(tx: Session) -> list[tuple[Mail, str]]:
    """The latest hundred whose address no mail server takes, and whose it is, newest first."""
    return list(store.bounced(tx, 100))


def mail_organisation(app: Application, code: str, *, key: str) -> date | None:
    """Tell an organisation, at its general address, that something waits there.

    The day of the mail; None if it has no address. Asked a second time on a day, or with a key
    that was answered, it sends nothing more. Opens transactions of its own. Raises NotFound for
    an organisation that does not exist, MailRefused, MailBounced, OSError or SMTPException if the
    mail server fails.
    """
    with app.database.transaction() as tx:
        mail = _of_organisation(tx, app, organisations.organisation(tx, code))
    if mail is None:
        return None
    kinds = _send_once(app, mail, key=key)
    if kinds:
        raise post.MailRefused(kinds)
    return mail.day


def _of_organisation(tx: Session, app: Application, organisation: Organisation) -> Mail | None:
    """Today's mail to the organisation, written if there is none yet."""
    if not organisation.mail:
        return None
    places = _places(tx, app, count=1)
    today = places.day
    subject, body = rules.write_general_mail(voice(tx, app, app.pack(tx).config.language), places)
    mail = Mail(
        organisation_id=organisation.id,
        day=today,
        address=organisation.mail,
        subject=subject,
        body=body,
        written=clock.now(tx),
    )
    store.add_mail(tx, mail)
    return store.mail_of_organisation(tx, organisation.id, today)


def mail_at_once(tx: Session, app: Application, account_ids: Collection[int]) -> int:
    """Tell people that something waits which must not wait for the day's mail; how many.

    The words are those of any mail. Whoever has no address sees it when signed in.
    """
    told = [one for one in accounts.accounts(tx, account_ids).values() if one.mail]
    for account in told:
        places = _places(tx, app, count=1)
        subject, body = rules.write_mail(
            voice(tx, app, account.language), places, steps_alone=False
        )
        mail = Mail(
            day=places.day,
            address=account.mail,
            subject=subject,
            body=body,
            written=clock.now(tx),
        )
        store.add_mail(tx, mail)
        jobs.defer(tx, "mail", {"mail": mail.id})
    return len(told)


def deliver(app: Application) -> Callable[[Database, jobs.Payload], None]:
    """What sends one written mail; without a mail server it stays in the application."""

    def run(database: Database, payload: jobs.Payload) -> None:
        with database.reading() as tx:
            mail = store.mail(tx, payload["mail"])
        if mail is not None:
            _send_to_staff(app, mail)

    return run


def _send_to_staff(app: Application, mail: Mail) -> None:
    """An address that is not taken is shown to the administrator; trying again helps nobody."""
    with suppress(post.MailBounced):
        _send_once(app, mail, key=f"mail-{mail.id}")


def _send_once(app: Application, mail: Mail, *, key: str) -> tuple[str, ...]:
    """What points at a person in it, for which it stays here; empty if it was sent.

    A mail that was sent and not noted, because the power failed, goes out a second time. Raises
    MailBounced, OSError, SMTPException.
    """
    if mail.refused is not None:
        return tuple(mail.refused.split())
    if mail.sent is not None or app.settings.smtp_host is None:
        return ()
    official = (app.programme_title, app.support_contact)
    letter = post.Letter(mail.address, mail.subject, mail.body, key, official)
    try:
        post.send(app.settings, letter)
    except post.MailRefused as refused:
        _log.error("mail refused", mail=mail.id, kinds=refused.kinds)
        with app.database.transaction() as tx:
            store.mark_refused(tx, mail.id, refused.kinds, _digest(tx, mail))
        return refused.kinds
    except post.MailBounced as bounced:
        _log.warning("mail bounced", mail=mail.id, code=bounced.code)
        with app.database.transaction() as tx:
            store.mark_bounced(tx, mail.id, bounced.code)
        raise
    with app.database.transaction() as tx:
        store.mark_sent(tx, mail.id, _digest(tx, mail))
    return ()


def _digest(tx: Session, mail: Mail) -> bytes:
    """Under a key: what pointed at somebody could be guessed from a plain one."""
    said = (mail.address, mail.subject, mail.body)
    plain = crypto.digest(*(each.encode() for each in said)).hex()
    return crypto.blind_index(keys.of(tx).index_key, f"mail/{plain}")


def mail_code(tx: Session, app: Application, account: Account, code: OneTimeCode) -> bool:
    """A link for a new password; False without an address. The kept mail lacks the code."""
    if not account.mail:
        return False
    today = clock.today(tx, app.zone)
    places = rules.Places(
        count=1,
        day=today,
        programme=app.programme_title,
        link=f"{app.settings.public_url}/code/{rules.CODE}",
        contact=app.support_contact,
    )
    subject, body = rules.write_code_mail(Voice(account.language, None), places)
    mail = Mail(day=today, address=account.mail, subject=subject, body=body, written=clock.now(tx))
    store.add_mail(tx, mail)
    jobs.defer(tx, "code_mail", {"mail": mail.id, "code": code.digest.hex()})
    return True


def mail_begun_anew(tx: Session, app: Application, account: Account) -> bool:
    """That password and second factor were put out of use; False without an address."""
    return _tell(tx, app, account, rules.write_anew_mail)


def mail_passkey(tx: Session, app: Application, account: Account, *, added: bool) -> bool:
    """That a passkey was added or removed, never which; False without an address."""
    return _tell(tx, app, account, partial(rules.write_passkey_mail, added=added))


def _tell(
    tx: Session,
    app: Application,
    account: Account,
    write: Callable[[Voice, rules.Places], tuple[str, str]],
) -> bool:
    """A mail about the account itself, without a link; False without an address."""
    if not account.mail:
        return False
    today = clock.today(tx, app.zone)
    places = rules.Places(
        count=1, day=today, programme=app.programme_title, link="", contact=app.support_contact
    )
    subject, body = write(Voice(account.language, None), places)
    mail = Mail(day=today, address=account.mail, subject=subject, body=body, written=clock.now(tx))
    store.add_mail(tx, mail)
    jobs.defer(tx, "mail", {"mail": mail.id})
    return True


def deliver_code(app: Application) -> Callable[[Database, jobs.Payload], None]:
    """What sends a mail with a code, unless it was used meanwhile."""

    def run(database: Database, payload: jobs.Payload) -> None:
        with database.reading() as tx:
            mail, code = store.mail(tx, payload["mail"]), codes.for_mail(tx, payload["code"])
        if mail is not None and code is not None:
            mail.body = mail.body.replace(rules.CODE, code)
            _send_to_staff(app, mail)

    return run


def _urgent(piles: list[Pile], now: datetime) -> bool:
    return any(pile.soonest is not None and pile.soonest - now <= rules.SOON for pile in piles)


def _write(tx: Session, app: Application, digest: Digest) -> bool:
    """False if another worker has written today's mail meanwhile."""
    account, places = digest.account, _places(tx, app, count=digest.steps + digest.news)
    say = voice(tx, app, account.language)
    subject, body = rules.write_mail(say, places, steps_alone=not digest.news)
    mail = Mail(
        account_id=account.id,
        day=places.day,
        address=account.mail,
        subject=subject,
        body=body,
        written=clock.now(tx),
    )
    if not store.add_mail(tx, mail):
        return False
    jobs.defer(tx, "mail", {"mail": mail.id})
    return True


def _places(tx: Session, app: Application, *, count: int) -> rules.Places:
    """Of a mail that leads to the list of steps."""
    return rules.Places(
        count=count,
        day=clock.today(tx, app.zone),
        programme=app.programme_title,
        link=f"{app.settings.public_url}/tasks",
        contact=app.support_contact,
    )
