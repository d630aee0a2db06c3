"""Sentences on their page: what became of each, and writing them by choosing from lists."""

import pytest

from engine import releases
from engine.sentences import FILE, Sentence, read_sentences
from tests.web.test_routines import EDITOR, OWNER, source

PAGE = "/routines/sentences"
NEW = {
    "form": "without",
    "code": "",
    "never": ["joint_planning_sip/adopt_plan", "joint_planning_sip/document_parties"],
    "without": "joint_planning_sip/hold_meeting",
    "text-en": " No plan  without a meeting ",
}


def mark(client) -> str:
    text = client.get(PAGE).text
    return text.partition('name="mark" value="')[2].partition('"')[0]


def send(client, **changed):
    return client.post(f"{PAGE}/edit", data=NEW | {"mark": mark(client)} | changed)


def drafted(site) -> tuple[Sentence, ...]:
    with site.database.reading() as tx:
        return read_sentences(releases.draft_files(tx, "arena")[FILE])


def test_a_sentence_is_chosen_from_lists_and_checked_at_once(site):
    client = site.client(OWNER)

    answer = send(client)

    assert answer.headers["location"] == f"{PAGE}?said=sentences"
    assert drafted(site)[-1] == Sentence(
        "no_plan_without_a_meeting",
        "without",
        {
            "never": ("joint_planning_sip/adopt_plan", "joint_planning_sip/document_parties"),
            "without": ("joint_planning_sip/hold_meeting",),
        },
        {"en": "No plan without a meeting"},
    )
    text = client.get(PAGE).text
    assert text.count('data-is="done">holds on every course') == 5
    assert "Never “Let the plan take effect (Plan " in text


def test_what_breaks_is_drawn_with_its_course(site):
    client = site.client(OWNER)

    send(client, form="inside", never="consent/inform_person", inside="referral")

    text = client.get(PAGE).text
    assert "does not hold" in text
    assert text.count("<svg") > 1
    review = client.get("/routines/consent/review").text
    assert "“No plan without a meeting” does not hold" in review


@pytest.mark.parametrize(
    "changed",
    [
        {"never": []},
        {"text-en": " "},
        {"text-en": "x" * 301},
        {"form": "ends", "of": ["consent", "referral"], "ends_in": "consent"},
    ],
)
def test_half_a_sentence_changes_nothing(site, changed: dict[str, object]):
    client = site.client(OWNER)
    before = drafted(site)

    answer = send(client, **changed)

    assert answer.status_code == 422
    assert 'class="sp-error"' in answer.text
    assert drafted(site) == before


def test_a_sentence_is_changed_taken_away_and_brought_back(site):
    client = site.client(OWNER)
    before = drafted(site)

    send(client, code=before[0].code, **{"text-en": "Otherwise"})
    changed = drafted(site)
    client.post(f"{PAGE}/remove", data={"code": before[1].code, "mark": mark(client)})
    removed = drafted(site)
    client.post(f"{PAGE}/discard")

    assert changed[0].texts == {"en": "Otherwise"}
    assert changed[1:] == before[1:]
    assert removed == (changed[0], *before[2:])
    assert drafted(site) == before


def test_who_has_not_seen_the_latest_overwrites_nobody(site):
    client = site.client(OWNER)
    earlier = mark(client)
    send(client)
    kept = drafted(site)

    answer = send(client, mark=earlier)

    assert answer.status_code == 409
    assert drafted(site) == kept


def test_the_editor_hears_of_a_broken_sentence(site):
    client = site.client(OWNER)
    flow = b'id="all_confirmed_to_person_approval" name="Ja" sourceRef="all_confirmed" targetRef='
    drawn = source(client).replace(flow + b'"person_approval"', flow + b'"adopt_plan"')

    answer = client.post("/routines/joint_planning_sip/check", content=drawn, headers=EDITOR)

    (broken,) = (f for f in answer.json()["findings"] if f["rule"] == "sentence_broken")
    assert broken["element"] == "adopt_plan"
    assert broken["message"].startswith(
        "“Ingen plan gäller utan att personen har godkänt den” does not hold: "
    )
