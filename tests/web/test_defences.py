"""What a browser is told and what it must show, on a site that people reach by HTTPS."""

import json
from collections.abc import Iterator, Mapping

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from base.settings import Settings
from tests.arena import PASSWORD
from tests.web.world import Site, open_site
from web.app import create_app

WHO = "sara.lindqvist"


@pytest.fixture(scope="module")
def secure(shared_settings: Settings) -> Iterator[Site]:
    """The site behind a proxy that speaks TLS."""
    site = open_site(shared_settings)
    settings = shared_settings.model_copy(update={"public_url": "https://samplan.example"})
    yield Site(site.application, site.clock, create_app(site.application, settings))
    site.close()


def test_cookies_are_bound_to_this_host_and_hidden_from_scripts(secure: Site):
    client = secure.client()
    sent = {"user_name": WHO, "password": PASSWORD, "next": "/tasks"}

    cookies = [
        client.post("/sign-in", data=sent).headers["set-cookie"],
        client.post("/language", data={"language": "de"}).headers["set-cookie"],
    ]

    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "__Host-samplan",
        "__Host-language",
    ]
    for cookie in cookies:
        told = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= told
        assert not any(part.startswith("domain") for part in told)


@pytest.mark.parametrize(
    "path", ["/sign-in", "/nowhere", "/health", "/static/nothing.css", "/tasks"]
)
def test_every_answer_tells_the_browser_what_it_may_do(secure: Site, path: str):
    require_protected(secure.client().get(path).headers)


def test_a_fault_of_ours_is_answered_no_less_protected(secure: Site):
    @secure.app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError

    client = TestClient(secure.app, raise_server_exceptions=False)
    with capture_logs() as lines:
        answer = client.get("/broken")

    assert answer.status_code == 500
    require_protected(answer.headers)
    assert answer.headers["cache-control"] == "no-store"
    assert [line["event"] for line in lines] == ["request failed", "answered"]


def require_protected(headers: Mapping[str, str]) -> None:
    policy = {part.split()[0]: part.split()[1:] for part in headers[_POLICY].split(";")}
    for what in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[what] == ["'none'"]
    assert policy["script-src"] == policy["form-action"] == ["'self'"]
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


_POLICY = "content-security-policy"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_do_nothing(secure: Site, method: str):
    answer = secure.client(WHO).request(method, "/tasks")

    assert answer.status_code == 405
    assert "access-control-allow-methods" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/redoc",
        "/openapi.json",
        "/metrics",
        "/static/",
        "/static/../app.py",
        "/.git/config",
        "/.env",
    ],
)
def test_nothing_of_the_inside_is_shown(secure: Site, path: str):
    assert secure.client(WHO).get(path).status_code == 404


def test_what_a_proxy_claims_of_the_reader_changes_nothing(secure: Site):
    claims = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "http",
        "x-forwarded-for": "203.0.113.9",
        "forwarded": "for=203.0.113.9;host=evil.example",
    }

    answer = secure.client().get("/tasks", headers=claims)
    forged = secure.client().post(
        "/sign-out", headers={**claims, "origin": "https://evil.example"}
    )

    assert answer.headers["location"] == "/sign-in?next=/tasks"
    assert forged.status_code == 403


def test_each_answer_has_a_number_and_its_line_tells_no_address(secure: Site):
    client = secure.client()
    client.base_url = "https://samplan.example"
    sent = {"user_name": WHO, "password": PASSWORD, "next": "/tasks"}
    assert client.post("/sign-in", data=sent).status_code == 303

    with capture_logs() as lines:
        answer = client.get("/cases?q=Anna+Andersson")
        other = client.get("/nowhere/Anna")

    assert answer.headers["x-request-id"] != other.headers["x-request-id"]
    assert [(line["event"], line["route"], line["status"]) for line in lines] == [
        ("answered", "cases", 200),
        ("answered", "", 404),
    ]
    assert "Anna" not in json.dumps(lines)


def test_a_refused_sign_in_is_written_down_without_the_name(secure: Site):
    sent = {"user_name": "anna.andersson", "password": "guess guess guess"}

    with capture_logs() as lines:
        secure.client().post("/sign-in", data=sent)

    assert [line["event"] for line in lines] == ["sign-in refused", "answered"]
    assert "anna" not in json.dumps(lines)
