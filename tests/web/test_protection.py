"""Protected identity: from one moment on a case exists for named people alone."""

import re
from uuid import UUID

from base import clock
from casework import access
from casework.access import Action
from casework.cases import actions as cases
from casework.cases import store as case_store
from casework.consent import actions as consent
from casework.consent.rules import Signature, Texts
from casework.people import actions as people
from casework.people import store as person_store
from tests.casework.builders import a_scope
from tests.web.reading import heading, said
from tests.web.test_statements import listening
from tests.web.world import Site

WHO, LEAD_TOO, ELSEWHERE, CONVENER = "sara.lindqvist", "eva.lund", "ida.rask", "maria.sandell"


def a_case(site: Site) -> UUID:
    """Arena, raised by Sara; with consent, a named person, and an item on an agenda."""
    return site.case_as_in("ac_01_arena_straight", steps=8)


def account_of(site: Site, user_name: str) -> int:
    with site.database.reading() as tx:
        return site.actor(tx, user_name).account_id


def reached(site: Site, user_name: str, case_id: UUID) -> dict[str, bool]:
    """Where this person finds the case: at its address, in lists, on the agenda, in a search."""
    client, number = site.client(user_name), site.number_of(case_id)
    pages = {
        "case": client.get(f"/cases/{case_id}"),
        "cases": client.get("/cases?view=organisation"),
        "steps": client.get("/tasks?view=organisation"),
        "search": client.get("/cases", params={"q": number, "view": "organisation"}),
        "agenda": client.get("/meetings/1"),
    }
    anywhere = re.compile(rf"{number}(?!\" )|{case_id}")
    return {
        name: page.status_code == 200 and bool(anywhere.search(said(page) + page.text))
        for name, page in pages.items()
        if name != "search"
    } | {"search": f"/cases/{case_id}" in pages["search"].text}


def test_a_case_becomes_one_that_only_named_people_know(site: Site) -> None:
    """The moment it is said: lists, search, agenda and address, for everybody else at once."""
    case_id = a_case(site)
    client = site.client(WHO)
    before = reached(site, ELSEWHERE, case_id)
    asked = client.get(f"/cases/{case_id}/protection")
    ida = account_of(site, ELSEWHERE)

    answer = client.post(f"/cases/{case_id}/protection", data={"account": []})

    assert f'value="{ida}"' in asked.text
    assert answer.headers["location"] == f"/cases/{case_id}/protection?said=protected"
    assert before == dict.fromkeys(before, True)
    assert reached(site, ELSEWHERE, case_id) == dict.fromkeys(before, False)
    assert reached(site, CONVENER, case_id) == dict.fromkeys(before, False)
    assert reached(site, WHO, case_id) == dict.fromkeys(before, True)
    page = client.get(f"/cases/{case_id}")
    assert "Only named people know of this case." in said(page)
    assert heading(page).startswith("“")
    german = heading(site.client(WHO, language="de").get(f"/cases/{case_id}"))
    assert german == f"„{heading(page)[1:-1]}“"
    assert "Example Example" not in page.text
    assert ("case.restrict", "") in site.written_down(case_id)


def test_what_could_lead_to_the_person_is_gone(site: Site) -> None:
    case_id = a_case(site)
    with site.database.transaction() as tx:
        sara, facts = site.actor(tx, WHO), case_store.facts(tx, case_id)
        today = clock.today(tx, site.application.zone)
        person = people.read_person(tx, sara, facts, on=today)
    site.client(WHO).post(f"/cases/{case_id}/protection")

    with site.database.reading() as tx:
        facts = case_store.facts(tx, case_id)
        left = people.read_person(tx, sara, facts, on=today)
        row = person_store.of_case(tx, case_id)
        file = cases.read_entries(tx, sara, facts, on=today)

    assert person is not None
    assert left is not None
    assert row is not None
    assert person.preferred_contact
    assert (left.name, left.phone, left.address, left.id_number) == (person.name, "", "", "")
    assert (left.preferred_contact, row.number_index) == ("", None)
    traced = {kind for entry in file for kind in entry.hidden}
    assert {"identity", "contact"} <= traced


def test_people_are_named_and_struck_and_it_says_by_whom(site: Site) -> None:
    case_id = a_case(site)
    client, ida = site.client(WHO), account_of(site, ELSEWHERE)
    client.post(f"/cases/{case_id}/protection")

    client.post(f"/cases/{case_id}/protection/people", data={"account": ida})
    told = site.client(ELSEWHERE).get(f"/cases/{case_id}/protection")
    client.post(f"/cases/{case_id}/protection/people/{ida}/strike")
    gone = site.client(ELSEWHERE).get(f"/cases/{case_id}")
    last = client.post(f"/cases/{case_id}/protection/people/{account_of(site, WHO)}/strike")

    assert "Ida Rask named by Sara Lindqvist" in said(told)
    assert gone.status_code == 404
    assert last.status_code == 409
    assert "must stay named" in said(last)
    assert site.client(WHO).get(f"/cases/{case_id}").status_code == 200


def test_nobody_from_elsewhere_is_named(site: Site) -> None:
    case_id = a_case(site)
    client = site.client(WHO)
    stranger = account_of(site, "jonas.wik")

    refused = client.post(f"/cases/{case_id}/protection", data={"account": [stranger]})

    assert refused.status_code == 422
    assert site.client(ELSEWHERE).get(f"/cases/{case_id}").status_code == 200


def test_a_case_can_be_protected_from_the_first_screen(site: Site) -> None:
    client = site.client(WHO)
    key = re.search(r'name="_key" value="(\w+)"', client.get("/cases/new").text)
    group = re.search(r'name="group" value="(\d+)"', client.get("/cases/new").text)
    assert key is not None
    assert group is not None

    answer = client.post(
        "/cases/new", data={"_key": key[1], "group": group[1], "restricted": "true"}
    )

    task = answer.headers["location"]
    assert heading(client.get(task)) == "Describe the need"
    with site.database.reading() as tx:
        [case_id] = [c.id for c in case_store.known(tx, site.actor(tx, WHO), site.clock.now())]
        assert case_store.facts(tx, case_id).allowed_accounts == {account_of(site, WHO)}


def test_who_checks_the_signature_is_not_who_prepared_the_consent(site: Site) -> None:
    """§3.3: two people, where identity is protected."""
    case_id = a_case(site)
    refusals = []
    for restricted in (False, True):
        with site.database.transaction() as tx:
            sara = site.actor(tx, WHO)
            today = clock.today(tx, site.application.zone)
            case_store.lock_case(tx, case_id).restricted = restricted
            case_store.allow(tx, case_id, sara.account_id, by="system")
            facts = case_store.facts(tx, case_id)
            parties = next(iter(facts.consents)).parties
            scope = a_scope(parties, valid_from=today, valid_until=today)
            consent_id = consent.prepare(tx, sara, facts, scope, Texts(), on=today)
            consent.present(tx, consent_id, "Jag samtycker.", by="system")
            signed = Signature("paper", today, matches_document=True)
            try:
                consent.register_signature(tx, sara, facts, consent_id, signed, on=today)
            except consent.rules.SecondPersonNeeded as error:
                refusals.append((restricted, error.code))

    assert refusals == [(True, "second_person")]


def test_the_page_asks_the_same_however_many_are_named(site: Site) -> None:
    case_id = a_case(site)
    client = site.client(WHO)
    client.post(f"/cases/{case_id}/protection")
    client.get(f"/cases/{case_id}/protection")
    with listening(site) as few:
        client.get(f"/cases/{case_id}/protection")
    with site.database.transaction() as tx:
        for name in (ELSEWHERE, CONVENER, "lena.ask"):
            case_store.allow(tx, case_id, site.actor(tx, name).account_id, by="system")

    with listening(site) as many:
        client.get(f"/cases/{case_id}/protection")

    assert len(many.statements) == len(few.statements)


def test_consent_still_decides_what_a_named_person_reads(site: Site) -> None:
    case_id = a_case(site)
    with site.database.transaction() as tx:
        stranger = site.actor(tx, "jonas.wik")
        case_store.lock_case(tx, case_id).restricted = True
        case_store.allow(tx, case_id, stranger.account_id, by="system")
        facts = case_store.facts(tx, case_id)
        today = clock.today(tx, site.application.zone)

        decision = access.may(stranger, Action.SEE_CASE, facts, on=today)

    assert decision.code in {"party_not_named", "not_yours"}


def test_two_people_end_the_protection_and_the_trace_stays(site: Site) -> None:
    case_id = a_case(site)
    client, ida = site.client(WHO), account_of(site, ELSEWHERE)
    client.post(f"/cases/{case_id}/protection", data={"account": [ida]})
    place = f"/cases/{case_id}/protection/lift"
    before = site.written_down(case_id)

    no_reason = client.post(place, data={"reason": " "})
    by_party = site.client(ELSEWHERE).post(place, data={"reason": "Hotet är borta."})
    client.post(place, data={"reason": "Hotet är borta."})
    alone = client.post(f"{place}/answer", data={"answer": "yes"})
    shown = site.client(ELSEWHERE).get(f"/cases/{case_id}/protection")
    hidden = reached(site, CONVENER, case_id)["agenda"]
    agreed = site.client(ELSEWHERE).post(f"{place}/answer", data={"answer": "yes"})

    assert (no_reason.status_code, by_party.status_code, alone.status_code) == (422, 403, 403)
    assert "Sara Lindqvist asks" in said(shown)
    assert "Hotet är borta." in said(shown)
    assert (hidden, agreed.status_code) == (False, 303)
    assert reached(site, CONVENER, case_id)["agenda"]
    after = site.written_down(case_id)
    assert after[: len(before)] == before
    assert [action for action, code in after[len(before) :] if not code][-2:] == [
        "case.ask_to_lift",
        "case.lift_protection",
    ]
    with site.database.reading() as tx:
        left = people.read_person(
            tx,
            site.actor(tx, WHO),
            case_store.facts(tx, case_id),
            on=clock.today(tx, site.application.zone),
        )
    assert left is not None
    assert left.address == ""


def test_a_no_keeps_it_protected(site: Site) -> None:
    case_id = a_case(site)
    client, ida = site.client(WHO), account_of(site, ELSEWHERE)
    client.post(f"/cases/{case_id}/protection", data={"account": [ida]})
    place = f"/cases/{case_id}/protection/lift"
    client.post(place, data={"reason": "Hotet är borta."})

    site.client(ELSEWHERE).post(f"{place}/answer", data={"answer": "no"})
    late = site.client(ELSEWHERE).post(f"{place}/answer", data={"answer": "yes"})

    assert late.status_code == 409
    assert not reached(site, CONVENER, case_id)["agenda"]


def test_a_party_cannot_protect_a_case_from_its_lead(site: Site) -> None:
    case_id = a_case(site)

    site.client(ELSEWHERE).post(f"/cases/{case_id}/protection", data={"account": []})

    with site.database.reading() as tx:
        allowed = case_store.facts(tx, case_id).allowed_accounts
    assert allowed == {account_of(site, ELSEWHERE), account_of(site, WHO)}
    assert site.client(WHO).get(f"/cases/{case_id}").status_code == 200
