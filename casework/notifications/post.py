"""The one way out for mail: what points at a person is never sent.

Source: GG-21, domain.md §3.8 (`mail_contains_personal_data`). The fixed texts leave no room for
it; this holds when a text, a programme's title or an address is changed one day.
"""

import hashlib
import smtplib
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from email.message import EmailMessage

from base.errors import SamplanError
from base.settings import Settings
from casework import personal

_SECONDS = 20
#: Below this a mail server means: not now.
_FOR_GOOD = 500


class MailRefused(SamplanError):
    """This mail points at a person, so it was not sent."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        super().__init__()
        self.kinds = kinds


class MailBounced(SamplanError):
    """The mail server would not take this address, and will not later either."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = str(code)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is to leave.

    ``key`` is the same however often it is tried; ``besides`` are official texts that may stand in
    it although they look like ways to reach somebody (the office's own number).
    """

    address: str
    subject: str
    body: str
    key: str
    besides: Collection[str] = ()


def points_at(settings: Settings, letter: Letter) -> tuple[str, ...]:
    """The kinds of what points at a person, in a header or in the text; empty if nothing.

    The other headers are fixed, or a digest.
    """
    own = [_bare(each) for each in (settings.mail_from, letter.address)]
    told = [settings.mail_from, letter.address, letter.subject, letter.body]
    return personal.found(
        "\n".join(map(str, told)), besides=[*own, settings.public_url, *letter.besides]
    )


def send(settings: Settings, letter: Letter) -> None:
    """Hand it to the mail server. Raises MailRefused, MailBounced, OSError, SMTPException."""
    kinds = points_at(settings, letter)
    if kinds:
        raise MailRefused(kinds)
    message = _message(settings, letter)
    assert settings.smtp_host is not None  # noqa: S101
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS) as server:
        if settings.smtp_user and settings.smtp_password:
            # Without a context whoever answers would be believed, and told the password.
            server.starttls(context=ssl.create_default_context())
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code = min(code for code, _said in refused.recipients.values())
            if code < _FOR_GOOD:
                raise
            raise MailBounced(code) from None


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"
    # The same however often it is tried: mail programs show a repetition once.
    sign = hashlib.sha256(letter.key.encode()).hexdigest()
    message["Message-ID"] = f"<{sign}@{_host(settings)}>"
    message.set_content(letter.body)
    return message


def _bare(written: str) -> str:
    """The address alone, without the name before it."""
    _name, angle, inside = written.rpartition("<")
    return inside.partition(">")[0] if angle else written


def _host(settings: Settings) -> str:
    return _bare(settings.mail_from).partition("@")[2] or "samplan"
