"""Statistics: a question apart, a paper apart, an answer on which nothing hangs."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

from pypdf import PdfReader

from base import clock
from casework import access, worker
from casework.access import Action
from casework.cases import store as case_store
from tests.web.reading import addresses, said
from tests.web.world import Site

WHO, PARTY, KEEPER = "sara.lindqvist", "ida.rask", "karin.holt"


def a_case(site: Site) -> UUID:
    return site.case_as_in("ac_01_arena_straight", steps=8)


def answer_yes(site: Site, case_id: UUID) -> None:
    client, place = site.client(WHO), f"/cases/{case_id}/statistics"
    with site.database.reading() as tx:
        today = clock.today(tx, site.application.zone)
    assert client.post(place).status_code == 303
    sent = {"form": "paper", "signed_on": today.isoformat(), "original_location": "Pärm 4"}
    assert client.post(f"{place}/yes", data=sent).status_code == 303


def held(site: Site, case_id: UUID) -> set[tuple[str, str]]:
    with site.database.reading() as tx:
        facts = case_store.facts(tx, case_id)
        return {(one.purpose, one.status) for one in facts.consents}


def test_a_yes_gives_a_row_that_goes_with_it_alone(site: Site) -> None:
    case_id = a_case(site)
    keeper, number = site.client(KEEPER), site.number_of(case_id)
    before = said(keeper.get("/participants"))

    answer_yes(site, case_id)
    with_row = said(keeper.get("/participants"))
    looked = said(site.client(WHO).get(f"/cases/{case_id}/looks"))
    both = held(site, case_id)
    site.client(WHO).post(f"/cases/{case_id}/statistics/take-back")

    assert (number in before, number in with_row) == (False, True)
    assert "Saw its line in a list" in looked
    assert both == {("consultation", "active"), ("statistics", "active")}
    assert number not in said(keeper.get("/participants"))
    assert held(site, case_id) == {("consultation", "active"), ("statistics", "withdrawn")}


def test_a_no_changes_nothing_but_itself(site: Site) -> None:
    case_id = a_case(site)
    client, place = site.client(WHO), f"/cases/{case_id}/statistics"
    running = said(client.get("/tasks"))
    client.post(place)

    answer = client.post(f"{place}/no")
    again = client.post(f"{place}/no")

    assert answer.headers["location"] == f"{place}?said=statistics-no"
    assert again.status_code == 409
    assert said(client.get("/tasks")) == running
    assert held(site, case_id) == {("consultation", "active"), ("statistics", "refused")}
    assert site.number_of(case_id) not in said(site.client(KEEPER).get("/participants"))


def test_it_lets_nobody_know_anything_of_the_case(site: Site) -> None:
    """Nor does its end put the case to rest, though nothing else carries it."""
    case_id = a_case(site)
    answer_yes(site, case_id)
    with site.database.reading() as tx:
        facts = case_store.facts(tx, case_id)
        keeper = site.actor(tx, KEEPER)
        today = clock.today(tx, site.application.zone)

    assert not access.may(keeper, Action.SEE_CASE, facts, on=today).allowed
    assert access.covers(facts, on=today, parties=keeper_party(keeper)).code == "party_not_named"
    site.pass_time(timedelta(days=400))
    worker.expire_consents(site.application)
    assert held(site, case_id) == {("consultation", "expired"), ("statistics", "expired")}


def test_only_the_others_consent_can_put_a_case_to_rest(site: Site) -> None:
    case_id = a_case(site)
    answer_yes(site, case_id)
    with site.database.reading() as tx:
        [sharing] = [c for c in case_store.facts(tx, case_id).consents if c.shares]
        today = clock.today(tx, site.application.zone)

    site.pass_time(sharing.valid_until - today + timedelta(days=1))
    worker.expire_consents(site.application)

    with site.database.reading() as tx:
        assert case_store.by_id(tx, case_id).status == "consent_lapsed"


def test_the_paper_asks_this_alone(site: Site) -> None:
    case_id = a_case(site)
    client = site.client(WHO)
    client.post(f"/cases/{case_id}/statistics")
    page = client.get(f"/cases/{case_id}/statistics")
    [place] = addresses(page, rf"/cases/{case_id}/consents/[\w-]+/paper\?language=sv")

    paper = PdfReader(BytesIO(client.get(place).content))
    text = " ".join(part.extract_text() for part in paper.pages)

    assert "räknas med i statistiken" in text
    assert "Finnvedens samordningsförbund" in text
    assert "Det här ska inte delas" not in text


def test_a_yes_needs_a_day_that_has_come(site: Site) -> None:
    case_id = a_case(site)
    client, place = site.client(WHO), f"/cases/{case_id}/statistics"
    client.post(place)

    nothing = client.post(f"{place}/yes", data={"signed_on": ""})
    ahead = client.post(f"{place}/yes", data={"signed_on": "2999-01-01"})

    assert (nothing.status_code, ahead.status_code) == (422, 422)
    assert ("statistics", "presented") in held(site, case_id)


def test_protected_people_are_part_of_a_sum_alone(site: Site) -> None:
    case_id = a_case(site)
    answer_yes(site, case_id)
    client = site.client(WHO)

    client.post(f"/cases/{case_id}/protection")
    refused = client.post(f"/cases/{case_id}/statistics")

    assert refused.status_code == 403
    assert site.number_of(case_id) not in said(site.client(KEEPER).get("/participants"))


def keeper_party(keeper: access.Actor) -> list[access.Party]:
    return [access.as_party(membership) for membership in keeper.memberships]
