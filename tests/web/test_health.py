"""What a proxy is told of a server."""

from pathlib import Path

from base.clock import Fixed
from tests.arena import opened, settings_in
from tests.conftest import NOON
from tests.web.world import Site
from web.app import create_app


def test_a_server_that_takes_requests_says_so_to_anybody(site: Site):
    answer = site.client().get("/health")

    assert (answer.status_code, answer.text) == (200, "well")
    assert answer.headers["cache-control"] == "no-store"
    assert "connection" not in answer.headers


def test_a_server_that_leaves_says_so_and_ends_connections(site: Site):
    site.app.state.leaving.set()

    asked, page = site.client().get("/health"), site.client().get("/sign-in")
    of_server = site.client().get("/health/server")

    assert (asked.status_code, asked.text) == (503, "leaving")
    assert (of_server.status_code, of_server.text) == (503, "leaving")
    assert page.status_code == 200
    assert (asked.headers["connection"], page.headers["connection"]) == ("close", "close")


def test_a_server_without_its_database_takes_no_requests(site: Site, tmp_path: Path):
    settings = settings_in(tmp_path / "nowhere")
    application = opened(settings, Fixed(NOON))
    lost = Site(application, site.clock, create_app(application, settings))

    answer = lost.client().get("/health")

    assert (answer.status_code, answer.text) == (503, "no database")
    takes = lost.client().get("/health/server")
    assert (takes.status_code, takes.text) == (200, "takes requests")
    application.close()
