"""Signing in through an organisation's own directory: rightly once, wrongly in many ways."""

import warnings
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from structlog.testing import capture_logs

from base.clock import SystemClock
from base.settings import BadSettings, Settings
from casework.accounts import codes
from casework.accounts import store as accounts
from casework.provider import known
from tests.arena import PASSWORD
from tests.web import hostile
from tests.web.hostile import CLIENT, OTHER, Provider, signed
from tests.web.reading import addresses, heading, said
from tests.web.world import BEGIN, Site, open_site

_BACK = "/sign-in/with/town/back"
with warnings.catch_warnings():
    # It imports an older way of its library, which says so.
    warnings.simplefilter("ignore")
    import oidc_provider_mock

_FILE = """
[provider.town]
title = "Försäkringskassan"
organisation = "fk"
issuer = "{issuer}"
client_id = "samplan"
client_secret_file = "{secret}"
"""
_SECOND = """
[provider.office]
title = "Arbetsförmedlingen"
organisation = "af"
issuer = "{issuer}"
client_id = "samplan"
client_secret_file = "{secret}"
passwords = true
"""


@pytest.fixture(scope="module")
def site(shared_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Ida Rask and Stefan Grund of the insurance office are linked to nobody yet."""
    folder: Path = tmp_path_factory.mktemp("providers")
    file, secret = folder / "providers.toml", folder / "secret"
    secret.write_text(hostile.SECRET)
    site = open_site(shared_settings.model_copy(update={"providers": file}))
    with (
        hostile.serving(site.clock) as provider,
        oidc_provider_mock.run_server_in_thread() as other,
    ):
        issuer = f"http://localhost:{other.server_port}"
        file.write_text(
            _FILE.format(issuer=provider.issuer, secret=secret)
            + _SECOND.format(issuer=issuer, secret=secret)
        )
        site.app.state.provider = provider
        yield site
    site.close()


@pytest.fixture
def provider(site: Site) -> Provider:
    """One that answers rightly, until a test changes it."""
    found: Provider = site.app.state.provider
    fresh = Provider(site.clock, issuer=found.issuer)
    for name in fresh.__dataclass_fields__:
        setattr(found, name, getattr(fresh, name))
    site.clock.set(BEGIN)
    return found


def invited(site: Site, who: str) -> str:
    with site.database.transaction() as tx:
        account = accounts.by_user_name(tx, who)
        assert account is not None
        return codes.in_letters(tx, codes.issue(tx, account.id, codes.INVITATION))


def linked(site: Site, provider: Provider, who: str = "ida.rask") -> TestClient:
    """Somebody who followed the code of an invitation, and is signed in."""
    client = site.client()
    page = client.post("/code/with/town", data={"code": invited(site, who)})
    [address] = addresses(page, rf"{provider.issuer}/authorize[^\"]+")
    answer = client.get(_BACK, params=provider.visited(unescape(address)))
    assert answer.status_code == 303, said(answer)
    return client


def comes_back(
    site: Site, provider: Provider, client: TestClient | None = None, **more: Any
) -> tuple[TestClient, Response]:
    client = client or site.client()
    gone = client.get("/sign-in/with/town?next=/contacts")
    return client, client.get(_BACK, params=provider.visited(gone.headers["location"]) | more)


def is_in(client: TestClient) -> bool:
    return client.get("/me").status_code == 200


def test_an_invited_person_comes_in_that_way_from_then_on(site: Site, provider: Provider) -> None:
    first = linked(site, provider)
    again, answer = comes_back(site, provider)

    assert is_in(first)
    assert answer.headers["location"] == "/contacts"
    assert "Ida Rask" in again.get("/me").text
    assert ("account.link", "") in site.written_down()
    out = again.post("/sign-out")
    page = again.get(out.headers["location"])
    assert heading(page) == "You are signed out of Samplan"
    assert f"{provider.issuer}/end?client_id=samplan" in page.text
    assert not is_in(again)


@pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
def test_a_provider_that_others_wrote_is_understood(site: Site, provider: Provider) -> None:
    site.clock.set(SystemClock().now())
    client = site.client()
    page = client.post("/code/with/office", data={"code": invited(site, "sofia.alm")})
    [address] = addresses(page, r"http://localhost:\d+/oauth2/authorize[^\"]+")

    shown = httpx2.post(unescape(address), data={"sub": "sofia"}, follow_redirects=False)
    answer = client.get(shown.headers["location"].partition("8000")[2])

    assert answer.status_code == 303, said(answer)
    assert "Sofia Alm" in client.get("/me").text


def test_whoever_is_linked_to_nobody_is_told_so(site: Site, provider: Provider) -> None:
    provider.claims = {"sub": "a stranger", "email": "ida.rask@fk.example"}

    client, page = comes_back(site, provider)

    assert page.status_code == 422
    assert "no account here belongs to you" in said(page)
    assert not is_in(client)


def test_a_code_links_once_and_only_people_of_that_organisation(
    site: Site, provider: Provider
) -> None:
    code, theirs = invited(site, "stefan.grund"), invited(site, "per.holm")
    one, other = site.client(), site.client()
    ways = [each.post("/code/with/town", data={"code": code}).text for each in (one, other)]
    places = [unescape(text.partition(f'href="{provider.issuer}')[2]) for text in ways]
    back = [provider.visited(provider.issuer + place.partition('"')[0]) for place in places]
    provider.claims = {"sub": "stefan"}

    first = one.get(_BACK, params=back[0])
    provider.claims = {"sub": "a thief"}
    second = other.get(_BACK, params=back[1])
    foreign = site.client().post("/code/with/town", data={"code": theirs})
    guessed = site.client().post("/code/with/town", data={"code": "BCDF-" * 6})

    assert (first.status_code, second.status_code) == (303, 422)
    assert not is_in(other)
    assert (foreign.status_code, guessed.status_code) == (422, 422)


def test_a_role_that_has_ended_opens_no_door(site: Site, provider: Provider) -> None:
    provider.claims = {"sub": "moa"}
    linked(site, provider, "moa.wall")
    with site.database.transaction() as tx:
        moa = accounts.by_user_name(tx, "moa.wall")
        assert moa is not None
        for row in accounts.roles_of_many(tx, [moa.id]):
            row.valid_until = row.valid_from

    client, page = comes_back(site, provider)

    assert page.status_code == 422
    assert not is_in(client)


def test_where_the_directory_is_the_only_way_a_password_opens_nothing(
    site: Site, provider: Provider
) -> None:
    sent = {"user_name": "tomas.bly", "password": PASSWORD}
    fk = {"user_name": "ida.rask", "password": PASSWORD}

    assert site.client().post("/sign-in", data=sent).status_code == 303
    assert site.client().post("/sign-in", data=fk).status_code == 422


def test_a_second_factor_is_asked_where_the_provider_asks_for_one_proof_alone(
    site: Site, provider: Provider
) -> None:
    linked(site, provider)
    usual = site.application.settings
    site.application.settings = usual.model_copy(update={"second_factor": "required"})

    client, answer = comes_back(site, provider)
    site.application.settings = usual

    assert answer.headers["location"] == "/sign-in/code?next=%2Fcontacts"
    assert not is_in(client)


def test_a_provider_that_is_away_is_said_and_the_page_to_sign_in_stays(
    site: Site, provider: Provider
) -> None:
    provider.metadata = {"padding": "x" * 300_000}

    page = site.client().get("/sign-in/with/town")

    assert page.status_code == 503
    assert "does not answer just now" in said(page)
    assert "Sign in with Försäkringskassan" in said(site.client().get("/sign-in"))

    provider.metadata = {}

    assert is_in(linked(site, provider))


def now(site: Site) -> int:
    return int(site.clock.now().timestamp())


Change = Callable[[Site, Provider], dict[str, Any]]
#: What is wrong, the code in the log, and what the provider says otherwise.
HOSTILE: list[tuple[str, str, Change]] = [
    ("another issuer", "issuer", lambda s, p: {"claims": {"iss": "https://other.example"}}),
    ("another audience", "audience", lambda s, p: {"claims": {"aud": "somebody else"}}),
    ("several, no party", "party", lambda s, p: {"claims": {"aud": [CLIENT, "other"]}}),
    ("another party", "party", lambda s, p: {"claims": {"azp": "other"}}),
    ("another nonce", "nonce", lambda s, p: {"claims": {"nonce": "n" * 43}}),
    ("no nonce", "nonce", lambda s, p: {"claims": {"nonce": None}}),
    ("another state", "state", lambda s, p: {"back": {"state": "s" * 43}}),
    ("no state", "state", lambda s, p: {"back": {"state": None}}),
    ("another key", "signature", lambda s, p: {"sign": lambda c: signed(c, OTHER)}),
    ("no signature", "signature", lambda s, p: {"sign": hostile.unsigned}),
    ("public key", "signature", lambda s, p: {"sign": hostile.signed_with_public_key}),
    ("changed", "signature", lambda s, p: {"sign": lambda c: signed(c)[:-8] + "AAAAAAAA"}),
    ("expired", "expired", lambda s, p: {"claims": {"exp": now(s) - 61}}),
    ("not yet", "not_yet", lambda s, p: {"claims": {"nbf": now(s) + 120}}),
    ("issued long ago", "not_fresh", lambda s, p: {"claims": {"iat": now(s) - 3600}}),
    ("issued later", "not_yet", lambda s, p: {"claims": {"iat": now(s) + 3600}}),
    ("never ends", "no_time", lambda s, p: {"claims": {"exp": None}}),
    ("no token", "no_token", lambda s, p: {"answer": {"id_token": None}}),
    ("mixed up", "mixed_up", lambda s, p: {"back": {"iss": "https://other.example"}}),
    ("issuer not said", "mixed_up", lambda s, p: {"back": {"iss": None}}),
    ("an error", "denied", lambda s, p: {"back": {"error": "access_denied", "code": None}}),
    ("huge token", "too_large", lambda s, p: {"claims": {"more": "x" * 20_000}}),
    ("huge answer", "away", lambda s, p: {"answer": {"more": "x" * 300_000}}),
    ("keys of somebody else", "signature", lambda s, p: {"keys": [OTHER.as_dict(private=False)]}),
    ("nobody", "subject", lambda s, p: {"claims": {"sub": None}}),
    ("an empty name", "subject", lambda s, p: {"claims": {"sub": ""}}),
    (
        "open token place",
        "unsafe_place",
        lambda s, p: {"metadata": {"token_endpoint": "http://x.example/"}},
    ),
    ("redirected token", "code", lambda s, p: {"token_status": 302}),
    ("another description", "issuer", lambda s, p: {"metadata": {"issuer": "https://x.example"}}),
    ("another code", "code", lambda s, p: {"back": {"code": "of somebody else"}}),
]


@pytest.mark.parametrize(
    ("code", "change"), [each[1:] for each in HOSTILE], ids=[h[0] for h in HOSTILE]
)
def test_a_hostile_answer_lets_nobody_in(
    site: Site, provider: Provider, code: str, change: Change
) -> None:
    client = site.client()
    gone = client.get("/sign-in/with/town")
    for name, value in change(site, provider).items():
        setattr(provider, name, value)
    answer = provider.visited(gone.headers["location"])

    with capture_logs() as logs:
        page = client.get(_BACK, params=answer)

    [line] = [line for line in logs if line["event"] == "provider refused"]
    assert (line["provider"], line["code"]) == ("town", code)
    assert set(line) == {"event", "log_level", "provider", "code"}
    assert page.status_code in {422, 503}
    assert heading(page) == "You are not signed in"
    assert not is_in(client)


def test_the_same_answer_comes_back_in_vain(site: Site, provider: Provider) -> None:
    linked(site, provider)
    client = site.client()
    answer = provider.visited(client.get("/sign-in/with/town").headers["location"])
    held = dict(client.cookies)

    assert client.get(_BACK, params=answer).status_code == 303
    client.cookies.clear()
    client.cookies.update(held)
    again = client.get(_BACK, params=answer)

    assert "you have come back twice" in said(again)
    assert not is_in(client)


def test_another_browser_cannot_bring_the_answer_back(site: Site, provider: Provider) -> None:
    linked(site, provider)
    victim, thief = site.client(), site.client()
    answer = provider.visited(thief.get("/sign-in/with/town").headers["location"])

    page = victim.get(_BACK, params=answer)

    assert page.status_code == 422
    assert not is_in(victim)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('issuer = "http://localhost', 'issuer = "http://town.example'),
        ("client_id", "client"),
        ("client_secret_file", "client_secret"),
        ("[provider.town]", "[provider.'the town']"),
        ("[provider.town]", "[provider.town"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(
    tmp_path: Path, arena_settings: Settings, was: str, becomes: str
) -> None:
    (tmp_path / "secret").write_text("of the client")
    text = _FILE.format(issuer="http://localhost:1", secret=tmp_path / "secret")
    (tmp_path / "providers.toml").write_text(text.replace(was, becomes))

    with pytest.raises(BadSettings):
        known.providers(
            arena_settings.model_copy(update={"providers": tmp_path / "providers.toml"})
        )


EVENT = {"http://schemas.openid.net/event/backchannel-logout": {}}


def out(site: Site, provider: Provider, **changes: Any) -> Response:
    """What the provider sends when it ends a session itself; None leaves something out."""
    claims = {
        "iss": provider.issuer,
        "aud": CLIENT,
        "iat": now(site),
        "exp": now(site) + 120,
        "jti": uuid4().hex,
        "events": EVENT,
        "sub": "subject-1",
        **changes,
    }
    sign = claims.pop("sign", signed)
    token = sign({name: value for name, value in claims.items() if value is not None})
    return site.client().post("/sign-in/with/town/out", data={"logout_token": token})


def test_the_provider_ends_what_was_begun_through_it(site: Site, provider: Provider) -> None:
    provider.claims = {"sid": "at-work"}
    at_work = linked(site, provider)
    provider.claims = {"sid": "at-home"}
    at_home, _ = comes_back(site, provider)
    other = site.client("tomas.bly")

    unknown = out(site, provider, sub="a stranger")
    one = out(site, provider, sub=None, sid="at-work")
    between = (is_in(at_work), is_in(at_home))
    everywhere = out(site, provider)

    assert [each.status_code for each in (unknown, one, everywhere)] == [200, 200, 200]
    assert everywhere.headers["cache-control"] == "no-store"
    assert between == (False, True)
    assert not is_in(at_home)
    assert is_in(other)


def test_a_half_session_ends_too(site: Site, provider: Provider) -> None:
    linked(site, provider)
    usual = site.application.settings
    site.application.settings = usual.model_copy(update={"second_factor": "required"})
    client, _ = comes_back(site, provider)
    half = client.get("/sign-in/code").headers["location"]

    out(site, provider)
    after = client.get("/sign-in/code").headers["location"]
    site.application.settings = usual

    assert "half-over" not in half
    assert "half-over" in after


OUT: list[tuple[str, str, Callable[[Site], dict[str, Any]]]] = [
    ("another issuer", "issuer", lambda s: {"iss": "https://other.example"}),
    ("another audience", "audience", lambda s: {"aud": ["somebody else"]}),
    ("no audience", "audience", lambda s: {"aud": None}),
    ("another key", "signature", lambda s: {"sign": lambda c: signed(c, OTHER)}),
    ("no signature", "signature", lambda s: {"sign": hostile.unsigned}),
    ("public key", "signature", lambda s: {"sign": hostile.signed_with_public_key}),
    ("no token", "signature", lambda s: {"sign": lambda _: "x.y.z"}),
    ("nothing", "no_token", lambda s: {"sign": lambda _: ""}),
    ("issued long ago", "not_fresh", lambda s: {"iat": now(s) - 3600}),
    ("issued later", "not_yet", lambda s: {"iat": now(s) + 3600}),
    ("no time", "no_time", lambda s: {"iat": None}),
    ("expired", "expired", lambda s: {"exp": now(s) - 61}),
    ("to sign in with", "nonce", lambda s: {"nonce": "n"}),
    ("no event", "event", lambda s: {"events": None}),
    ("another event", "event", lambda s: {"events": {"http://x.example": {}}}),
    ("a word as event", "event", lambda s: {"events": {next(iter(EVENT)): "yes"}}),
    ("no number", "subject", lambda s: {"jti": None}),
    ("a long number", "subject", lambda s: {"jti": "x" * 256}),
    ("nobody", "subject", lambda s: {"sub": None}),
    ("an empty name", "subject", lambda s: {"sub": "", "sid": "at-work"}),
    ("a list of names", "subject", lambda s: {"sub": ["subject-1"]}),
]


@pytest.mark.parametrize(("code", "change"), [o[1:] for o in OUT], ids=[o[0] for o in OUT])
def test_a_hostile_log_out_ends_nothing(
    site: Site, provider: Provider, code: str, change: Callable[[Site], dict[str, Any]]
) -> None:
    with capture_logs() as logs:
        answer = out(site, provider, **change(site))

    [line] = [line for line in logs if line["event"] == "provider log-out refused"]
    assert (answer.status_code, line["code"]) == (400, code)
    assert set(line) == {"event", "log_level", "provider", "code"}
    assert answer.json() == {"error": "invalid_request"}


def test_a_log_out_is_heard_once(site: Site, provider: Provider) -> None:
    first = out(site, provider, jti="one")
    client = linked(site, provider)

    again = out(site, provider, jti="one")

    assert (first.status_code, again.status_code) == (200, 400)
    assert is_in(client)
