"""Auditors read what is in cases under a dated written order alone, and everybody sees it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from base.settings import Settings
from casework.accounts import store as accounts
from casework.audit.tables import AccessLog
from tests.web.reading import addresses, said
from tests.web.world import Site, open_site

AUDITOR, FEDERATION, LEAD = "mats.ode", "karin.holt", "sara.lindqvist"
ORDERS = "/protection/orders"


@pytest.fixture(scope="module")
def shared(shared_settings: Settings) -> Iterator[Site]:
    """One that every question leaves as it was."""
    site = open_site(shared_settings)
    yield site
    site.close()


def account_id(site: Site, user_name: str) -> int:
    with site.database.reading() as tx:
        account = accounts.by_user_name(tx, user_name)
        assert account is not None
        return account.id


def an_order(site: Site, **changes: object) -> dict[str, object]:
    return {
        "auditor": account_id(site, AUDITOR),
        "organisation": "varnamo",
        "reference": "Dnr 2027/14",
        "ordered_by": "Länsstyrelsen",
        "valid_from": "2027-02-01",
        "valid_until": "2027-02-02",
    } | changes


@pytest.mark.both("wide")
def test_an_auditor_reads_by_order_until_it_ends_by_itself(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    auditor, federation = site.client(AUDITOR), site.client(FEDERATION)
    auditor.post(f"/cases/{case_id}/looks/why", data={"reason": "quality"})
    path = f"/cases/{case_id}"

    before = auditor.get(path)
    written = federation.post(ORDERS, data=an_order(site))
    during, told = auditor.get(path), site.client(LEAD).get(path)
    site.pass_time(timedelta(days=2))
    later = site.client(AUDITOR)
    later.post(f"/cases/{case_id}/looks/why", data={"reason": "quality"})
    after = later.get(path)

    assert written.headers["location"] == f"{ORDERS}?said=ordered"
    name = "Example Example"
    assert [name in page.text for page in (before, during, after)] == [False, True, False]
    assert "An auditor may read this case. Ordered by Länsstyrelsen, Dnr 2027/14" in said(told)
    assert "over" in said(site.client(FEDERATION).get(ORDERS))
    assert ("order.write", "") in site.written_down()
    with site.database.reading() as tx:
        mine = select(AccessLog.purpose).where(
            AccessLog.account_id == account_id(site, AUDITOR), AccessLog.kind == "case"
        )
        assert tx.scalars(mine.order_by(AccessLog.id)).all() == ["quality", "order:1", "quality"]


def test_an_order_is_ended_and_opens_nothing_any_more(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=8)
    federation = site.client(FEDERATION)
    federation.post(ORDERS, data=an_order(site))
    [end] = addresses(federation.get(ORDERS), rf"{ORDERS}/\d+/end")

    refused = site.client(AUDITOR).post(end)
    federation.post(end)

    assert refused.status_code == 403
    asked = site.client(AUDITOR).get(f"/cases/{case_id}")
    assert "Why do you open the case?" in said(asked)
    assert federation.post(f"{ORDERS}/99/end").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reference": " "}, "Give the reference of the written order"),
        ({"ordered_by": ""}, "which office ordered it"),
        ({"valid_until": ""}, "Choose a first and a last day"),
        ({"valid_until": "2028-02-03"}, "a year apart at most"),
        ({"valid_from": "2027-01-01", "valid_until": "2027-01-31"}, "that has not passed"),
        ({"valid_from": "soon"}, "Choose a first and a last day"),
        ({"auditor": 1}, "Choose somebody who audits today."),
    ],
)
def test_an_order_that_is_none(shared: Site, changes: dict[str, object], sentence: str) -> None:
    sent = an_order(shared, **changes)

    page = shared.client(FEDERATION).post(ORDERS, data=sent)

    assert page.status_code == 422
    assert sentence in said(page)
    assert f'name="reference" value="{sent["reference"]}"' in page.text
    assert f'<option value="{sent["organisation"]}" selected>' in page.text


def test_auditors_write_no_orders_for_themselves(shared: Site) -> None:
    assert shared.client(AUDITOR).post(ORDERS, data=an_order(shared)).status_code == 403
    assert "Write down an order" not in shared.client(AUDITOR).get(ORDERS).text
    assert shared.client(LEAD).get(ORDERS).status_code == 403
