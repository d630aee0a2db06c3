"""The table of `access.toml` names every route of the site, and no other."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, routing
from starlette.routing import Mount

from base.settings import Settings
from tests.rights import table
from tests.rights.table import told
from tests.web.world import Site, open_site

_NAME = "tests/rights/access.toml"


@pytest.fixture
def site(shared_settings: Settings) -> Iterator[Site]:
    site = open_site(shared_settings)
    yield site
    site.close()


def found(app: FastAPI, before: str = "") -> Iterator[str]:
    """Every route there is, also those that are left out of the description for machines."""
    for context in routing.iter_route_contexts(app.routes):
        mounted = context.original_route
        if isinstance(mounted, Mount) and isinstance(mounted.app, FastAPI):
            yield from found(mounted.app, f"{before}{context.path}")
        elif isinstance(mounted, Mount):
            yield f"MOUNT {before}{context.path}"
        else:
            yield from (f"{method} {before}{context.path}" for method in context.methods or ())


def test_every_route_is_in_the_table(site: Site) -> None:
    routes = set(found(site.app))

    missing = sorted(routes - set(table.routes()))
    assert not missing, f"say in {_NAME} what these are about and who gets what: {missing}"
    gone = sorted(set(table.routes()) - routes)
    assert not gone, f"{_NAME} names routes that are no more: {gone}"


def test_nothing_hides_from_the_walk(site: Site) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, methods in site.app.openapi()["paths"].items()
        for method in methods
    }

    assert described <= set(found(site.app))
    assert len(described) > 40


def test_a_route_that_nobody_described_is_found(site: Site) -> None:
    site.app.add_api_route("/forgotten", lambda: None, methods=["PUT"], include_in_schema=False)

    with pytest.raises(AssertionError, match="PUT /forgotten"):
        test_every_route_is_in_the_table(site)


def test_the_table_speaks_of_nobody_else() -> None:
    roles, standings = set(told()["roles"]), set(told()["standings"])
    worlds = {*told()["worlds"], table.ELSEWHERE, table.NOWHERE}
    clauses = [each for route in table.routes().values() for each in route.clauses]

    known = roles | standings | {"others", table.SIGNED_OUT}
    assert {name for each in clauses for name in each.who} - known == set()
    assert {name for each in clauses for name in each.worlds} - worlds == set()
    assert set(told()["standing"]) - roles == set()
