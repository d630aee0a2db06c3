"""What others say of a draft, and what everybody reads once it is in use."""

import re

import pytest

from casework.releases import comments
from tests.casework.arena import actor
from tests.casework.releases.changes import SIP, with_interpreter
from tests.web.test_routines import OWNER, SECOND, page, send, source
from tests.web.test_statements import listening
from tests.web.world import Site, open_site

SARA = "sara.lindqvist"


@pytest.fixture(scope="module")
def site(shared_settings):
    """One draft that everything here happens to, in the order of this page."""
    site = open_site(shared_settings)
    client = site.client(OWNER)
    send(client, with_interpreter(source(client)))
    yield site
    site.close()


def representative(site: Site) -> str:
    """Somebody who sits in a group, and owns no routine."""
    with site.database.reading() as tx:
        names = (SARA, "per.holm", "maria.ek", "bo.strand")
        return next(n for n in names if "representative" in actor(tx, n).roles)


def said(site: Site, number: int | None = None):
    with site.database.reading() as tx:
        return comments.comments(tx, site.application, actor(tx, OWNER), number=number)


def say(site: Site, user_name: str, text: str, element: str = "book_interpreter"):
    sent = {"element": element, "text": text}
    return site.client(user_name).post(f"/routines/{SIP}/comments", data=sent)


def test_a_representative_reads_a_draft_and_says_something_at_a_step(site):
    name = representative(site)
    client = site.client(name)

    first = client.get("/tasks").text
    shown = client.get(f"/routines/{SIP}/differences")
    answer = say(site, name, "Who pays for the interpreter?")

    assert f'href="/routines/{SIP}/differences"' in first
    assert '<option value="book_interpreter"' in shown.text
    assert f"/routines/{SIP}/review" not in shown.text
    assert answer.status_code == 303
    [comment] = said(site)
    assert (comment.element, comment.text) == ("Boka tolk", "Who pays for the interpreter?")
    assert comment.organisation
    assert comment.answered is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 422),
        ("x" * 2_001, 422),
        ("Call 070-123 45 67 first.", 422),
        ("About VMO-2027-014.", 422),
    ],
)
def test_what_is_empty_too_long_or_points_at_somebody_is_not_taken(site, text, status):
    before = said(site)

    answer = say(site, representative(site), text)

    assert answer.status_code == status
    assert '<a href="#comment">' in answer.text
    assert text in answer.text
    assert said(site) == before


def test_who_is_no_party_to_it_says_nothing(site):
    assert say(site, "bo.strand", "Hello").status_code == 403
    assert site.client("bo.strand").get(f"/routines/{SIP}/differences").status_code == 403


def test_the_owner_alone_answers_and_the_review_lists_it(site):
    [comment] = said(site)
    address = f"/routines/{SIP}/comments/{comment.id}/answer"

    refused = site.client(representative(site)).post(address, data={"text": "No."})
    unknown = site.client(OWNER).post(f"/routines/{SIP}/comments/99/answer", data={"text": "No."})
    answered = site.client(OWNER).post(address, data={"text": "The federation pays."})

    assert (refused.status_code, unknown.status_code, answered.status_code) == (403, 404, 303)
    review = site.client(SECOND).get(f"/routines/{SIP}/review").text
    assert "Who pays for the interpreter?" in review
    assert "The federation pays." in review


def test_comments_cost_no_more_statements_the_more_there_are(site):
    client = site.client(OWNER)
    client.get(f"/routines/{SIP}/differences")
    with listening(site) as one:
        client.get(f"/routines/{SIP}/differences")
    for number in range(3):
        say(site, representative(site), f"Thought number {number}", element="")

    with listening(site) as four:
        client.get(f"/routines/{SIP}/differences")

    assert len(four.statements) == len(one.statements)


def test_what_is_new_is_suggested_from_the_changes_and_told_when_in_use(site):
    owner, reader = site.client(OWNER), site.client(representative(site))
    review = owner.get(f"/routines/{SIP}/review").text
    suggested = re.findall(r'name="news:(\w+)"[^>]*>([^<]*)<', review)
    told = {"digest": page(site).digest, "reference": "SF 2027/14"}
    words = "From now on you book an interpreter first."

    named = owner.post(
        f"/routines/{SIP}/propose", data={**told, "news:case_lead": "Ask 19570312-0007."}
    )
    owner.post(f"/routines/{SIP}/propose", data={**told, "news:case_lead": words})
    before = reader.get("/tasks").text
    site.client(SECOND).post(f"/routines/{SIP}/approve", data={"digest": told["digest"]})
    after = reader.get("/tasks").text
    [number] = re.findall(r"/news/(\d+)/read", after)
    done = reader.post(f"/news/{number}/read")

    assert [role for role, text in suggested if "Boka tolk" in text] == ["case_lead"]
    assert named.status_code == 422
    assert "identity number" in named.text
    assert words not in before
    assert words in after
    assert done.status_code == 303
    assert words not in reader.get("/tasks").text
    assert words in reader.get("/news").text
    assert reader.post("/news/999/read").status_code == 404


def test_what_was_said_stays_with_the_version_that_came_of_it(site):
    assert said(site) == []
    assert len(said(site, 2)) == 4
    text = site.client(OWNER).get(f"/routines/{SIP}/differences/2").text
    assert "Who pays for the interpreter?" in text
    assert say(site, representative(site), "Too late").status_code == 409
