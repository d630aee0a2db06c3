"""Cases: lists, pages, diagrams, and telling a case what has happened."""

from uuid import UUID, uuid4

from sqlalchemy import select

from casework.audit.tables import AccessLog
from tests.web.reading import addresses, fields, heading, said, title
from tests.web.world import Site


def a_case_with_consent(site: Site) -> UUID:
    """Arena, raised by Sara; on the agenda of 18 February."""
    return site.case_as_in("ac_01_arena_straight", steps=8)


def test_a_case_is_raised_in_a_group(site: Site) -> None:
    client = site.client("sara.lindqvist")
    page = client.get("/cases/new")

    answer = client.post("/cases/new", data=fields(page))
    again = client.post("/cases/new", data=fields(page))

    assert answer.status_code == 303
    assert again.headers["location"] == answer.headers["location"]
    assert heading(client.get(answer.headers["location"])) == "Describe the need"


def test_who_sits_in_several_groups_chooses_one(site: Site) -> None:
    client = site.client("per.holm")
    page = client.get("/cases/new")

    assert "In which local group? Arenagruppen Gislaved Arenagruppen Värnamo" in said(page)


def test_a_role_without_casework_raises_no_case(site: Site) -> None:
    client = site.client("eva.lund")

    page = client.post("/cases/new", data={"_key": "k", "group": "1"})

    assert page.status_code == 403
    assert "Your role does not raise cases." in said(page)
    assert ("refused.start-case", "role") in site.written_down()


def test_the_list_finds_by_name_alias_and_number(site: Site) -> None:
    named, nameless = a_case_with_consent(site), site.case_as_in("ac_01_arena_straight", steps=1)
    client = site.client("sara.lindqvist")

    everything = client.get("/cases")
    by_name = client.get("/cases", params={"q": "example"})
    by_number = client.get("/cases", params={"q": site.number_of(nameless)})

    case = r"/cases/[0-9a-f-]{36}"
    assert addresses(everything, case) == [f"/cases/{named}", f"/cases/{nameless}"]
    assert addresses(by_name, case) == [f"/cases/{named}"]
    assert addresses(by_number, case) == [f"/cases/{nameless}"]


def test_a_case_shows_its_consent_in_plain_words(site: Site) -> None:
    case_id = a_case_with_consent(site)

    page = site.client("sara.lindqvist").get(f"/cases/{case_id}")

    assert heading(page) == "Example Example"
    assert title(page) == "Case VMO-2027-001 – Samplan"
    assert "Example has said yes holds until Sunday 1 August" in said(page)
    assert "Försäkringskassan may know of money and benefits, work, placements" in said(page)


def test_a_case_speaks_swedish(site: Site) -> None:
    case_id = a_case_with_consent(site)

    page = site.client("sara.lindqvist", "sv").get(f"/cases/{case_id}")

    assert "Example har sagt ja gäller till söndag 1 augusti" in said(page)
    assert "Pågår nu" in said(page)


def test_looking_at_a_case_is_noted(site: Site) -> None:
    case_id = a_case_with_consent(site)
    client = site.client("sara.lindqvist")

    client.get(f"/cases/{case_id}")
    client.get(f"/cases/{case_id}/diagram")

    with site.database.reading() as tx:
        kinds = tx.scalars(select(AccessLog.kind).where(AccessLog.case_id == case_id)).all()
    assert kinds == ["case", "diagram"]


def test_a_diagram_says_in_words_where_the_case_stands(site: Site) -> None:
    case_id = a_case_with_consent(site)

    page = site.client("sara.lindqvist").get(f"/cases/{case_id}/diagram")

    assert "The case is here now: Prepare each organisation, Write the brief" in said(page)
    assert page.text.count("<svg class=") == page.text.count("<figcaption>")


def test_a_case_that_one_may_not_know_of_does_not_exist(site: Site) -> None:
    case_id = site.case_as_in("ac_01_arena_straight", steps=1)
    client = site.client("per.holm")

    answers = [client.get(f"/cases/{case_id}{end}") for end in ("", "/plan", "/diagram")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_the_plan_reads_as_the_person_reads_it(site: Site) -> None:
    case_id = site.case_as_in("ac_05_sip_full", steps=21)

    page = site.client("per.holm").get(f"/cases/{case_id}/plan")

    assert heading(page) == "My plan"
    assert title(page) == "Plan in case VMO-2027-001 – Samplan"
    assert "“Jag vill kunna sova och klara praktik”" in said(page)
    assert "1. Sova hela natten Sömnbehandling Per Holm, Psykiatriska kliniken." in said(page)


def test_a_case_without_a_plan_has_no_page_for_it(site: Site) -> None:
    case_id = a_case_with_consent(site)

    assert site.client("sara.lindqvist").get(f"/cases/{case_id}/plan").status_code == 404


def test_taking_back_a_consent_holds_at_once(site: Site) -> None:
    case_id = a_case_with_consent(site)
    client, other = site.client("sara.lindqvist"), site.client("ida.rask")
    place = f"/cases/{case_id}/hear/consent_withdrawn"
    key = fields(client.get(place))["_key"]
    sent = {"_key": key, "received_on": "2027-02-01", "received_how": "phone", "scope": "all"}
    before = other.get(f"/cases/{case_id}").status_code

    told = client.post(place, data=sent)
    again = client.post(place, data=sent)
    page = client.get(told.headers["location"])

    assert before == 200
    assert told.headers["location"] == f"/cases/{case_id}?said=heard"
    assert again.status_code == 303
    assert "Example has taken back the consent" in said(page)
    assert other.get(f"/cases/{case_id}").status_code == 404


def test_wrong_answers_tell_the_case_nothing(site: Site) -> None:
    case_id = a_case_with_consent(site)
    client = site.client("sara.lindqvist")
    place = f"/cases/{case_id}/hear/consent_withdrawn"

    page = client.post(place, data={"_key": uuid4().hex, "received_on": "yesterday"})

    assert page.status_code == 422
    assert title(page).startswith("Error: The person takes back their consent, VMO-2027-001")
    assert "has said yes" in said(client.get(f"/cases/{case_id}"))


def test_a_message_of_somebody_elses_role_is_refused_and_written_down(site: Site) -> None:
    case_id = a_case_with_consent(site)

    page = site.client("ida.rask").post(
        f"/cases/{case_id}/hear/person_moved", data={"_key": uuid4().hex}
    )

    assert page.status_code == 403
    assert "Tell them the code not_yours." in said(page)
    assert site.written_down(case_id)[-1] == ("refused.hear", "not_yours")
