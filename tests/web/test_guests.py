"""AC-04, GG-22, GG-23: a guest sees the one item, while it is taken up, and nothing else."""

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from base import clock
from casework.access import Party, Phases, Withheld
from casework.audit.tables import AccessLog
from casework.cases import store as case_store
from casework.cases.tables import CaseEntry
from casework.consent import actions as consent
from casework.consent.rules import Signature, Texts
from casework.guests import rules
from casework.guests.rules import Invitation
from casework.organisations import actions as organisations
from tests.casework.builders import TODAY, a_scope
from tests.casework.test_access import AGENCY, CLINIC, TOWN, facts, yes
from tests.web.reading import addresses, heading, said
from tests.web.test_statements import listening
from tests.web.world import Site

WHO, CONVENER = "sara.lindqvist", "maria.sandell"
STEGEN, KARIN = "stegen", "person:Karin Ek"


def on_the_day(site: Site) -> tuple[UUID, str]:
    """The day of the meeting: the case, whose consent names two guests, and its item's address."""
    case_id = site.case_as_in("ac_01_arena_straight", steps=13)
    site.clock.move(timedelta(days=17))
    with site.database.transaction() as tx:
        stegen = organisations.add_organisation(tx, STEGEN, "Verksamheten Stegen", "other")
        say_yes(site, tx, case_id, {Party(stegen.id)})
    page = site.client(CONVENER).get("/meetings")
    [meeting] = addresses(page, r"/meetings/\d+")
    [begin] = addresses(site.client(CONVENER).get(meeting), r"/meetings/\d+/items/\d+/begin")
    return case_id, begin.removesuffix("/begin")


def say_yes(site: Site, tx, case_id: UUID, besides: set[Party]) -> None:
    """A new version of the consent, which names these as well."""
    sara, today = site.actor(tx, WHO), clock.today(tx, site.application.zone)
    found = case_store.facts(tx, case_id)
    [held] = [one for one in found.consents if one.status == "active"]
    scope = a_scope(
        held.parties | besides,
        categories=frozenset({"health_function", "economy_benefits"}),
        valid_from=today,
    )
    consent_id = consent.prepare(tx, sara, found, scope, Texts(guests=("Karin Ek",)), on=today)
    consent.present(tx, consent_id, "Jag samtycker.", by="system")
    signed = Signature("paper", today, matches_document=True)
    consent.register_signature(tx, sara, found, consent_id, signed, on=today)
    consent.activate(tx, consent_id, by="system")


def invited(page: Response) -> tuple[str, str]:
    """Link and code as they stand on the page, once."""
    link = re.search(r"<code>https?://[^/]+(/guest/[\w-]+)</code>", page.text)
    code = re.search(r'class="sp-num">(\d{3}) (\d{3})</strong>', page.text)
    assert link is not None
    assert code is not None
    return link[1], code[1] + code[2]


def coming_in(site: Site, place: str, guest: str = STEGEN) -> tuple[TestClient, str, str]:
    """A guest's browser with the link and code that the convener made."""
    page = site.client(WHO if guest == KARIN else CONVENER).post(
        f"{place}/guests", data={"guest": guest}
    )
    assert page.status_code == 201, said(page)
    return site.client(), *invited(page)


@pytest.mark.both("wide")
def test_a_guest_sees_the_item_while_it_is_taken_up_and_nothing_else(site: Site) -> None:
    case_id, place = on_the_day(site)
    convener = site.client(CONVENER)
    guest, link, code = coming_in(site, place)

    too_early = guest.get(link)
    convener.post(f"{place}/begin")
    door = guest.get(link)
    let_in = guest.post(link, data={"code": f"{code[:3]} {code[3:]}"})
    item = guest.get("/guest")
    elsewhere = {
        path: guest.get(path).status_code
        for path in (f"/cases/{case_id}", place.split("/items")[0], "/meetings", "/tasks")
    }

    assert too_early.status_code == 404
    assert heading(too_early) == "The link opens nothing just now"
    assert said(site.client().get("/guest/a-guess")).replace("a-guess", "") == said(
        too_early
    ).replace(link.removeprefix("/guest/"), "")
    assert f'href="{link}">Try again' in too_early.text
    assert heading(door) == "Come in as a guest"
    assert let_in.headers["location"] == "/guest"
    assert heading(item).startswith("Item 1")
    assert "You are here as a guest: Verksamheten Stegen." in said(item)
    assert "Write the brief" in said(item)
    assert site.number_of(case_id) not in item.text
    assert '<nav class="sp-nav"' not in item.text
    assert set(elsewhere.values()) == {303}
    with site.database.reading() as tx:
        looked = tx.scalars(select(AccessLog).where(AccessLog.role == "guest")).all()
        assert [(one.case_id, one.kind) for one in looked] == [(case_id, "item")]
    assert {"guest.invite", "guest.enter"} <= {action for action, _ in site.written_down(case_id)}


@pytest.mark.parametrize("ending", ["concluded", "withdrawn", "protected", "tomorrow", "ended"])
def test_a_guest_is_out_the_moment_it_ends(site: Site, ending: str) -> None:
    case_id, place = on_the_day(site)
    convener, lead = site.client(CONVENER), site.client(WHO)
    guest, link, code = coming_in(site, place)
    convener.post(f"{place}/begin")
    guest.post(link, data={"code": code})
    before = guest.get("/guest").status_code

    match ending:
        case "concluded":
            for element in ("record_consultation", "decide_outcome"):
                step = site.open_step(case_id, element)
                sent = {"_key": uuid4().hex, **site.answers(WHO, step)}
                lead.post(f"/tasks/{step}", data=sent)
            convener.post(f"{place}/conclude")
        case "withdrawn":
            with site.database.transaction() as tx:
                sara, today = site.actor(tx, WHO), clock.today(tx, site.application.zone)
                consent.withdraw(tx, sara, case_store.facts(tx, case_id), on=today)
        case "protected":
            lead.post(f"/cases/{case_id}/protection")
        case "tomorrow":
            site.clock.move(timedelta(days=1))
        case "ended":
            [end] = addresses(convener.get(f"{place}/guests"), rf"{place}/guests/\d+/end")
            convener.post(end)

    assert before == 200
    assert [guest.get("/guest").status_code, guest.get(link).status_code] == [404, 404]
    assert guest.post(link, data={"code": code}).status_code == 404


def test_codes_are_not_guessed(site: Site) -> None:
    case_id, place = on_the_day(site)
    guest, link, code = coming_in(site, place)
    site.client(CONVENER).post(f"{place}/begin")
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    tries = [guest.post(link, data={"code": wrong}).status_code for _ in range(5)]

    assert tries == [422] * 5
    assert guest.post(link, data={"code": code}).status_code == 404
    assert ("refused.guest.enter", "wrong_code") in site.written_down(case_id)
    assert guest.get("/guest/nothing").status_code == 404


def test_only_whom_consent_names_is_invited_and_by_those_who_may(site: Site) -> None:
    case_id, place = on_the_day(site)
    page = site.client(WHO).get(f"{place}/guests")
    convened = site.client(CONVENER).get(f"{place}/guests")

    not_named = site.client(CONVENER).post(f"{place}/guests", data={"guest": "gislaved"})
    not_theirs = site.client("ida.rask").post(f"{place}/guests", data={"guest": STEGEN})
    stranger = site.client("jonas.wik").get(f"{place}/guests")

    assert "Karin Ek Verksamheten Stegen" in said(page)
    assert "Karin Ek" not in convened.text
    assert (not_named.status_code, not_theirs.status_code, stranger.status_code) == (403, 403, 404)
    assert "The consent names no such guest." in said(not_named)
    assert ("refused.invite-guest", "party_not_named") in site.written_down(case_id)


def test_a_person_comes_for_nobody_but_themselves(site: Site) -> None:
    _, place = on_the_day(site)
    guest, link, code = coming_in(site, place, KARIN)
    site.client(CONVENER).post(f"{place}/begin")

    guest.post(link, data={"code": code})

    assert "You are here as a guest: Karin Ek." in said(guest.get("/guest"))


def test_a_second_invitation_ends_the_first_and_the_page_costs_the_same(site: Site) -> None:
    _, place = on_the_day(site)
    convener = site.client(CONVENER)
    first, link, _ = coming_in(site, place)
    convener.get(f"{place}/guests")
    with listening(site) as few:
        convener.get(f"{place}/guests")
    for _ in range(3):
        coming_in(site, place)
    with listening(site) as many:
        convener.get(f"{place}/guests")
    convener.post(f"{place}/begin")

    assert first.get(link).status_code == 404
    assert len(many.statements) == len(few.statements)


def an_invitation(organisation_id: int | None = AGENCY) -> Invitation:
    return Invitation(organisation_id, frozenset(), "in_session", TODAY, ended=False)


EVERYBODY = (Party(TOWN), Party(CLINIC), Party(AGENCY))


@pytest.mark.parametrize(
    ("change", "admitted"),
    [
        ({}, True),
        ({"written": False}, False),
        ({"purpose": "planning"}, False),
        ({"status": "withdrawn"}, False),
        ({"parties": frozenset({Party(TOWN), Party(CLINIC)})}, False),
        ({"parties": frozenset({Party(CLINIC), Party(AGENCY)})}, False),
        ({"valid_until": date(2020, 1, 1)}, False),
    ],
)
def test_a_guest_needs_a_written_consent_that_names_them_and_who_raised_it(
    change: dict[str, object], admitted: bool
) -> None:
    case = facts(replace(yes(*EVERYBODY), **change))

    assert rules.admits(an_invitation(), case, TODAY) is admitted


@pytest.mark.parametrize(
    ("category", "author", "readable"),
    [
        ("health_function", TOWN, True),
        ("treatment", TOWN, False),
        ("addiction", TOWN, False),
        ("health_function", 99, False),
        ("health_function", CLINIC, False),
        (None, TOWN, True),
        ("plan", TOWN, True),
    ],
)
def test_a_guest_reads_what_consent_names(
    category: str | None, author: int, readable: bool
) -> None:
    given = yes(
        *EVERYBODY,
        categories=frozenset({"health_function", "addiction"}),
        excluded=frozenset({"addiction"}),
        exceptions=frozenset({Withheld(CLINIC, AGENCY)}),
    )

    found = rules.may_read(an_invitation(), facts(given), TODAY, category, Party(author))

    assert found is readable


def test_a_guest_writes_what_consent_names_and_the_case_keeps_it(site: Site) -> None:
    """As the entry of the guest's organisation: those whom consent names read it."""
    case_id, place = on_the_day(site)
    guest, link, code = coming_in(site, place)
    convener = site.client(CONVENER)
    convener.post(f"{place}/begin")
    guest.post(link, data={"code": code})
    page = guest.get("/guest")
    sent = {"category": "health_function", "contribution": "Orkar halva dagar."}

    unnamed = guest.post("/guest", data=sent | {"category": "addiction"})
    empty = guest.post("/guest", data=sent | {"contribution": " "})
    kept = [guest.post("/guest", data=sent).headers.get("location") for _ in range(2)]
    own, other = (site.client(who).get(f"/cases/{case_id}") for who in (WHO, "jonas.wik"))
    site.clock.move(timedelta(days=1))
    late = guest.post("/guest", data=sent | {"contribution": "Mer."})

    assert "health_function" in page.text
    assert 'value="addiction"' not in page.text
    assert (unnamed.status_code, empty.status_code, late.status_code) == (422, 422, 404)
    assert "Orkar halva dagar." in unnamed.text
    assert kept == ["/guest?said=contributed"] * 2
    assert own.text.count("Orkar halva dagar.") == 1
    assert "Contribution to the consultation, Verksamheten Stegen" in said(own)
    assert other.status_code == 404
    assert site.written_down(case_id).count(("guest.write", "")) == 1
    with site.database.reading() as tx:
        assert site.client().post("/guest", data=sent).status_code == 404
        assert tx.scalars(select(CaseEntry.author_account_id)).all()[-1] is None


def test_a_guest_who_comes_for_nobody_only_reads(site: Site) -> None:
    """A person whom consent names has no organisation whose entry it would be."""
    _, place = on_the_day(site)
    guest, link, code = coming_in(site, place, KARIN)
    site.client(CONVENER).post(f"{place}/begin")
    guest.post(link, data={"code": code})

    page = guest.get("/guest")

    assert page.status_code == 200
    assert "<textarea" not in page.text
    sent = {"category": "health_function", "contribution": "Orkar halva dagar."}
    assert guest.post("/guest", data=sent).status_code == 404


@pytest.mark.parametrize(
    ("phases", "kind", "organisation", "may"),
    [
        (Phases(), "health_function", AGENCY, True),
        (Phases(), "treatment", AGENCY, False),
        (Phases(), "health_function", None, False),
        (Phases(closing_from=TODAY), "health_function", AGENCY, True),
        (Phases(read_only_from=TODAY), "health_function", AGENCY, False),
    ],
)
def test_when_a_guest_may_write(
    phases: Phases, kind: str, organisation: int | None, may: bool
) -> None:
    given = yes(*EVERYBODY, categories=frozenset({"health_function"}))
    case = replace(facts(given), phases=phases)

    assert rules.may_write(an_invitation(organisation), case, TODAY, kind) is may
    assert rules.admits(an_invitation(), case, TODAY)
    archived = replace(case, phases=Phases(archived_from=TODAY))
    assert not rules.admits(an_invitation(), archived, TODAY)
