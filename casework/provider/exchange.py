"""What passes between Samplan and a provider. The only door to Authlib and joserfc."""

import json
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from base import outgoing
from casework.provider import rules
from casework.provider.known import Provider
from casework.provider.rules import AnswerRefused, Places

#: Signed with a key that the provider alone holds; never with a secret that we share.
_SIGNED = ("RS256", "PS256", "ES256")
_WELL_KNOWN = "/.well-known/openid-configuration"


def places(provider: Provider) -> Places:
    """Where the provider is asked. Raises Unreachable, AnswerRefused."""
    answer = outgoing.ask("GET", provider.issuer.rstrip("/") + _WELL_KNOWN)
    if answer.status != 200:
        raise outgoing.Unreachable
    return rules.places(_object(answer.content), provider.issuer)


def address(
    provider: Provider, there: Places, *, back: str, state: str, nonce: str, verifier: str
) -> str:
    """Where the browser goes, to come back with a code."""
    made: str = prepare_grant_uri(
        there.authorization,
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=back,
        scope="openid",
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return made


def end_address(provider: Provider, there: Places, *, back: str) -> str:
    """Names us and nobody else: a token as a hint would put a person into an address."""
    asked = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": back})
    return f"{there.end}?{asked}" if there.end else ""


def token(provider: Provider, there: Places, *, code: str, verifier: str, back: str) -> str:
    """The signed token for a code. Raises Unreachable, AnswerRefused."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    account = (provider.client_id, provider.secret)
    answer = outgoing.ask("POST", there.token, form=form, account=account)
    if answer.status != 200:
        raise AnswerRefused(code="code")
    found = _object(answer.content).get("id_token")
    if not isinstance(found, str):
        raise AnswerRefused(code="no_token")
    if len(found) > rules.MOST_TOKEN:
        raise AnswerRefused(code="too_large")
    return found


def claims(there: Places, text: str) -> dict[str, Any]:
    """What the token says, if the provider signed it. Raises Unreachable, AnswerRefused."""
    answer = outgoing.ask("GET", there.keys)
    if answer.status != 200:
        raise outgoing.Unreachable
    try:
        read = KeySet.import_key_set({"keys": _object(answer.content).get("keys", [])})
        keys = KeySet([key for key in read.keys if isinstance(key, RSAKey | ECKey)])
        return dict(jwt.decode(text, keys, algorithms=_SIGNED).claims)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise AnswerRefused(code="signature") from error


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AnswerRefused(code="no_json") from error
    if not isinstance(found, dict):
        raise AnswerRefused(code="no_json")
    return found
