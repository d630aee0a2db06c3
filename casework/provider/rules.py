"""What is believed of a provider's answer. Pure; denies by default.

Source: OpenID Connect Core 3.1.3.7, RFC 9207 (issuer in the answer), RFC 9700 (mix-up), OpenID
Connect Back-Channel Logout 2.6.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from base.errors import Invalid
from base.outgoing import is_safe

_LEEWAY = timedelta(minutes=1)
_FRESH = timedelta(minutes=10)
MOST_TOKEN = 16_000
_LONGEST_SUBJECT = 255
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
#: How long a log-out that was heard is remembered: longer than one is believed.
REMEMBERED = timedelta(minutes=15)


class AnswerRefused(Invalid):
    """What the provider answered cannot be trusted. You are not signed in."""

    def __init__(self, *, code: str) -> None:
        super().__init__()
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent along, to be found in the answer."""

    issuer: str
    client_id: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a provider asks people, gives tokens, keeps its keys, and ends its own sessions."""

    authorization: str
    token: str
    keys: str
    end: str
    says_issuer: bool


@dataclass(frozen=True, slots=True)
class LogOut:
    """Whose sessions a provider ends: a subject's, one session, or both; never neither."""

    token_id: str = field(repr=False)
    subject: str = field(repr=False)
    session: str = field(repr=False)


def places(metadata: Mapping[str, Any], issuer: str) -> Places:
    """Raises AnswerRefused for another issuer's description, or a place that is not safe."""
    if metadata.get("issuer") != issuer:
        raise AnswerRefused(code="issuer")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = [metadata.get(name) for name in needed]
    end = metadata.get("end_session_endpoint", "")
    for address in (*found, *([end] if end else [])):
        if not isinstance(address, str) or not is_safe(address):
            raise AnswerRefused(code="unsafe_place")
    authorization, token, keys = map(str, found)
    says = metadata.get("authorization_response_iss_parameter_supported") is True
    return Places(authorization, token, keys, str(end), says)


def code_of(answer: Mapping[str, str], asked: Asked, there: Places) -> str:
    """The code that the browser brought back. Raises AnswerRefused."""
    if not _same(answer.get("state", ""), asked.state):
        raise AnswerRefused(code="state")
    issuer = answer.get("iss")
    if issuer != asked.issuer and (issuer is not None or there.says_issuer):
        raise AnswerRefused(code="mixed_up")
    if "error" in answer:
        raise AnswerRefused(code="denied")
    if not answer.get("code"):
        raise AnswerRefused(code="no_code")
    return answer["code"]


def subject_of(claims: Mapping[str, Any], asked: Asked, now: datetime) -> str:
    """Whom the token is about. Raises AnswerRefused."""
    if claims.get("iss") != asked.issuer:
        raise AnswerRefused(code="issuer")
    _require_for_us(claims, asked.client_id)
    _require_present(claims, now)
    nonce, subject = claims.get("nonce"), claims.get("sub")
    if not isinstance(nonce, str) or not _same(nonce, asked.nonce):
        raise AnswerRefused(code="nonce")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise AnswerRefused(code="subject")
    return subject


def session_of(claims: Mapping[str, Any]) -> str:
    """What the provider calls the session; empty where it says nothing that can be kept."""
    return _text(claims, "sid")


def log_out_of(claims: Mapping[str, Any], issuer: str, client_id: str, now: datetime) -> LogOut:
    """What a log-out token asks for. Raises AnswerRefused."""
    if claims.get("iss") != issuer:
        raise AnswerRefused(code="issuer")
    audience = claims.get("aud")
    if client_id not in (audience if isinstance(audience, list) else [audience]):
        raise AnswerRefused(code="audience")
    _require_recent(claims, now)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT), dict):
        raise AnswerRefused(code="event")
    # A token to sign in with has one: it must not sign anybody out.
    if "nonce" in claims:
        raise AnswerRefused(code="nonce")
    found = LogOut(_text(claims, "jti"), _text(claims, "sub"), _text(claims, "sid"))
    for name, text in (("jti", found.token_id), ("sub", found.subject), ("sid", found.session)):
        if not text and (name in claims or name == "jti"):
            raise AnswerRefused(code="subject")
    if not found.subject and not found.session:
        raise AnswerRefused(code="subject")
    return found


def _text(claims: Mapping[str, Any], name: str) -> str:
    text = claims.get(name)
    return text if isinstance(text, str) and len(text) <= _LONGEST_SUBJECT else ""


def _require_recent(claims: Mapping[str, Any], now: datetime) -> None:
    """Older providers say no end; what was issued long ago is not heard in any case."""
    leeway, present = _LEEWAY.total_seconds(), now.timestamp()
    issued = _moment(claims, "iat")
    if "exp" in claims and _moment(claims, "exp") <= present - leeway:
        raise AnswerRefused(code="expired")
    if issued > present + leeway:
        raise AnswerRefused(code="not_yet")
    if present - issued > _FRESH.total_seconds():
        raise AnswerRefused(code="not_fresh")


def _require_for_us(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    ours = audience if isinstance(audience, list) else [audience]
    if client_id not in ours:
        raise AnswerRefused(code="audience")
    party = claims.get("azp")
    if party != client_id and (party is not None or len(ours) > 1):
        raise AnswerRefused(code="party")


def _require_present(claims: Mapping[str, Any], now: datetime) -> None:
    expires, issued = _moment(claims, "exp"), _moment(claims, "iat")
    begins = _moment(claims, "nbf") if "nbf" in claims else issued
    present = now.timestamp()
    leeway = _LEEWAY.total_seconds()
    if expires <= present - leeway:
        raise AnswerRefused(code="expired")
    if begins > present + leeway:
        raise AnswerRefused(code="not_yet")
    if abs(present - issued) > _FRESH.total_seconds():
        raise AnswerRefused(code="not_fresh")


def _moment(claims: Mapping[str, Any], name: str) -> float:
    moment = claims.get(name)
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        raise AnswerRefused(code="no_time")
    return moment


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
