"""The forms of the pack arena are whole: records find their keys, and choices can be made."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import forms

FORMS = Path(__file__).parents[2] / "processes/arena/forms"
FILES = sorted(FORMS.glob("*.form"))

CATEGORIES = {
    "identity",
    "contact",
    "social_situation",
    "economy_benefits",
    "work_education",
    "health_function",
    "treatment",
    "housing",
    "family",
    "addiction",
    "plan",
    "other",
}
AUTHORS_ONLY = "own"
"""No consent can name it, so that it stays with the organisation that wrote it."""
CHOOSING = {"select", "radio", "checklist", "taglist"}
TEXTS = {"textfield", "textarea"}
ANSWERED = CHOOSING | TEXTS | {"number", "datetime", "checkbox"}

BOUND = {
    "describe_need": (
        "referral",
        "procedure intake_channel birth_year alias coordination_reasons domains "
        "health_or_multiple_problem zero_placed orgs_involved orgs_needed tried urgency "
        "urgency_reason protected_identity interpreter_language representative",
    ),
    "inform_and_redirect": (None, "told_on referred_to"),
    "note_refusal": (None, "told_on referred_to"),
    "only_one_party": (None, "told_on referred_to"),
    "talk_with_person": (
        None,
        "informed_on info_material wants_coordination what_matters not_to_be_shared "
        "preferred_contact",
    ),
    "prepare_consent": (
        "consent",
        "purpose parties categories necessity_reason exclusions excluded_categories valid_from "
        "valid_until ends_when representative",
    ),
    "register_signature": (
        "consent_signature",
        "form signed_on signed_by proof original_location oral_note information_given "
        "matches_document",
    ),
    "record_person": (
        "person",
        "given_name family_name id_kind id_number phone address preferred_contact",
    ),
    "referral_to_party": (None, "decision reject_reason contact_person comment"),
    "confirm_case_lead": (None, "lead_organisation accepted_by_lead override_reason"),
    "write_brief": (
        "brief",
        "questions reasons tried person_wants categories_to_share info_material_given "
        "info_given_on expected_result",
    ),
    "prepare_party": (None, "prepared note"),
    "record_consultation": (
        "consultation",
        "parts parts.organisation parts.what_we_know parts.category parts.rules_that_apply "
        "parts.possibilities",
    ),
    "decide_outcome": (
        "outcome",
        "joint_planning_needed who_meets who_meets.organisation who_meets.person who_meets.by "
        "lead_organisation reason_no follow_up_meeting none_reason general_lesson",
    ),
    "meet_person": (None, "met_on"),
    "inform_person_of_outcome": (None, "met_on"),
    "document_own_system": (None, "documented_on system own_reference"),
    "prepare_with_person": (
        None,
        "what_is_important person_can_do_self needs_help_with questions_for_meeting "
        "wants_present wants_absent person_attends adaptations short_term_goals long_term_goals",
    ),
    "set_meeting": (
        "plan_meeting",
        "kind meeting_date meeting_time place duration leader note_taker",
    ),
    "answer_invitation": (None, "attends who phone wishes"),
    "guest_contribution": ("guest_contribution", "category contribution"),
    "give_input": (None, "ongoing planned limits category"),
    "record_plan": (
        "plan",
        "own_voice overall_responsible coordinator goals goals.text goals.horizon "
        "goals.outcome_area goals.indicator goals.target_date measures measures.text "
        "measures.goal measures.organisation measures.person measures.start measures.due "
        "measures.by_person_self present crisis_plan follow_up_on contacts",
    ),
    "confirm_measures": ("measure_confirmation", "answer reason"),
    "person_approval": ("plan_approval", "agrees comment copy_given_on copy_form"),
    "prepare_follow_up": (None, ""),
    "report_measures": (
        "measure_report",
        "measures measures.measure measures.status measures.comment",
    ),
    "follow_up_decision": ("follow_up", "decision next_follow_up_on"),
    "closing_talk": (None, "goal_results"),
    "outcome_per_party": (None, "status continues_in_own_org documented_on"),
    "hand_over": (None, "receiver contact accepted"),
    "approve_closure": (None, "approved reason"),
    "summarise": (
        "closure",
        "path labour_status_before labour_status_after income_source_before income_source_after",
    ),
    "consent_withdrawal": ("withdrawal", "received_on received_how scope party"),
    "stop_use": (None, ""),
    "confirm_to_person": (None, ""),
    "renew_or_close": (None, "decision"),
    "wind_down_decision": (None, "decision"),
    "see_to_answer": (None, ""),
    "report": (
        "report",
        "happened type area organisations consequence proposal solved_locally anonymous",
    ),
    "look_in_consent": (None, "named asking"),
    "note_guest": (None, "took_part"),
    "acknowledge_report": ("report_acknowledgement", "handling"),
    "contact_manager": ("report_contact", "solved agreed"),
    "analyse_report": ("report_analysis", "pattern organisations"),
    "answer_report": ("report_answer", "answer"),
    "give_feedback": ("report_feedback", "outcome feedback publish lesson"),
}

#: What the forms of a report know beside their own fields.
AROUND = {"eligibility", "report", "route", "kind"}
NOW = datetime(2027, 2, 1, 9, tzinfo=ZoneInfo("Europe/Stockholm"))

Component = Mapping[str, Any]


class ThreeOfEach:
    """Offers three options for whatever is picked."""

    def options(self, picker: str, field: forms.Field) -> list[forms.Option]:
        return [forms.Option(f"{picker}-{number}", picker) for number in range(3)]


def answer(name: str, **named: forms.Answer) -> forms.Checked:
    """Fill in a form, with what is named and made answers for the rest, and send it."""
    form = forms.read_form((FORMS / f"{name}.form").read_bytes())
    answers = forms.sample(form, ThreeOfEach(), NOW, {}, named=named)
    sent = forms.posted(form, answers)
    return forms.check(form, sent, {}, choices=ThreeOfEach(), now=NOW, language="sv")


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def walk(components: list[Component], prefix: str = "") -> Iterator[tuple[str, Component]]:
    """Each component with its path; the keys of one level share a prefix."""
    for component in components:
        key = component.get("key") or component.get("path") or component["id"]
        yield prefix + key, component
        yield from walk(component.get("components", []), f"{prefix}{key}.")


def properties(component: Component) -> Mapping[str, str]:
    found: Mapping[str, str] = component.get("properties", {})
    return found


def siblings(path: str, paths: set[str]) -> set[str]:
    """The keys a condition at ``path`` may read: those of its row and those of the form."""
    row = path.rpartition(".")[0]
    same_row = {each.rpartition(".")[2] for each in paths if each.rpartition(".")[0] == row}
    return same_row | {each for each in paths if "." not in each}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_every_form_of_the_pack_is_there_and_no_other():
    assert {path.stem for path in FILES} == set(BOUND)


def test_a_form_is_named_as_its_file_and_laid_out_to_be_compared(path: Path):
    form = load(path)

    assert form["id"] == path.stem
    assert (form["schemaVersion"], form["executionPlatform"]) == (19, "Camunda Cloud")
    laid_out = json.dumps(form, ensure_ascii=False, indent=2) + "\n"
    assert path.read_text(encoding="utf-8") == laid_out


def test_what_the_record_binds_is_there(path: Path):
    form = load(path)
    record, keys = BOUND[path.stem]

    assert properties(form).get("record") == record
    found = {each for each, component in walk(form["components"]) if component["type"] != "text"}
    assert set(keys.split()) - found == set()


def test_ids_and_paths_are_unique(path: Path):
    found = list(walk(load(path)["components"]))

    ids = [component["id"] for _, component in found]
    paths = [each for each, _ in found]
    assert len(ids) == len(set(ids))
    assert len(paths) == len(set(paths))


def test_everything_asked_has_words(path: Path):
    for each, component in walk(load(path)["components"]):
        words = (component.get(name) for name in ("label", "dateLabel", "timeLabel", "text"))

        assert any(words), each


def test_every_choice_offers_something(path: Path):
    for each, component in walk(load(path)["components"]):
        if component["type"] not in CHOOSING:
            continue
        values = [option["value"] for option in component["values"]]

        assert bool(values) != ("picker" in properties(component)), each
        assert len(values) == len(set(values)), each
        assert all(option["label"] for option in component["values"]), each


def test_conditions_read_what_the_form_has(path: Path):
    found = list(walk(load(path)["components"]))
    paths = {each for each, _ in found}
    for each, component in found:
        hide = component.get("conditional", {}).get("hide", "")
        without_texts = re.sub(r'"[^"]*"', "", hide)
        words = {"null", "or", "and", "not", "true", "some", "in", "satisfies", "chosen", "count"}
        outside = re.sub(r"\b(?:eligibility|report|route)\.[a-z_]+", "", without_texts)
        names = set(re.findall(r"[a-z_]+", outside)) - words - AROUND

        assert names <= siblings(each, paths) - {each}, each


def test_texts_are_bounded_and_have_a_category_where_others_may_read_them(path: Path):
    """Names and phones of staff, places, dates and notes about no person need none."""
    found = list(walk(load(path)["components"]))
    paths = {each for each, _ in found}
    for each, component in found:
        category = properties(component).get("category")
        if component["type"] in TEXTS:
            assert 0 < component["validate"]["maxLength"] <= 2000, each
        if category and category.startswith("="):
            assert category[1:] in siblings(each, paths), each
        elif category:
            assert category in CATEGORIES | {AUTHORS_ONLY}, each


def test_an_own_sentence_says_what_to_do_wherever_an_answer_is_needed(path: Path):
    for each, component in walk(load(path)["components"]):
        if component["type"] in ANSWERED and component.get("validate", {}).get("required"):
            assert properties(component).get("error"), each


def test_the_four_statutory_parts_of_a_plan_are_marked():
    marked = {
        each
        for each, component in walk(load(FORMS / "record_plan.form")["components"])
        if properties(component).get("statutory") == "true"
    }

    assert marked == {
        "measures.text",
        "measures.organisation",
        "measures.by_other",
        "overall_responsible",
    }


def test_nothing_that_names_the_person_may_become_a_variable_or_stand_in_a_list():
    personal = {
        (path.stem, each)
        for path in FILES
        for each, component in walk(load(path)["components"])
        if properties(component).get("personal") == "true"
    }

    assert personal == {
        ("describe_need", "birth_year"),
        ("prepare_consent", "guests.name"),
        ("prepare_consent", "representative"),
        ("record_person", "given_name"),
        ("record_person", "family_name"),
        ("record_person", "id_kind"),
        ("record_person", "id_number"),
        ("record_person", "phone"),
        ("record_person", "address"),
        ("record_person", "preferred_contact"),
    }


def test_the_meeting_of_the_arena_group_plans_nothing():
    for name in ("record_consultation", "decide_outcome"):
        paths = {each for each, _ in walk(load(FORMS / f"{name}.form")["components"])}

        assert not any("goal" in each or "measure" in each for each in paths), name


def test_a_form_can_be_read_and_nothing_is_to_be_said_against_it(path: Path):
    form = forms.read_form(path.read_bytes())

    assert forms.lint(form, record_schema=(), known_names=AROUND) == []


def test_a_form_can_be_filled_in(path: Path):
    assert answer(path.stem).errors == {}


def test_a_consent_needs_two_parties_and_an_end_within_a_year():
    checked = answer(
        "prepare_consent",
        parties=["party-0"],
        valid_from="2027-02-01",
        valid_until="2028-02-02",
    )

    assert dict(checked.errors) == {
        "parties": "Välj minst två som får tala med varandra",
        "valid_until": "Skriv en kommande dag, högst tolv månader efter den första",
    }


@pytest.mark.parametrize(
    ("category", "asked"),
    [("work_education", False), ("health_function", True), ("addiction", True)],
)
def test_sensitive_information_needs_a_reason(category: str, *, asked: bool):
    assert ("necessity_reason" in answer("prepare_consent", categories=[category]).shown) == asked


def test_nothing_can_be_signed_tomorrow():
    checked = answer("register_signature", signed_on="2027-02-02")

    assert set(checked.errors) == {"signed_on"}


@pytest.mark.parametrize(("signed_by", "asked"), [("person", False), ("trustee", True)])
def test_who_signs_for_another_shows_that_they_may(signed_by: str, *, asked: bool):
    assert ("proof" in answer("register_signature", signed_by=signed_by).shown) == asked


def test_without_a_follow_up_meeting_a_reason_is_asked_for():
    with_meeting = answer("decide_outcome", follow_up_meeting="meeting-1")
    without = answer("decide_outcome")

    assert "none_reason" not in with_meeting.shown
    assert "none_reason" in without.shown


def test_who_meets_the_person_is_asked_only_when_planning_is_needed():
    needed = answer("decide_outcome", joint_planning_needed="yes")
    not_needed = answer("decide_outcome", joint_planning_needed="no")

    assert ("who_meets" in needed.shown, "reason_no" in needed.shown) == (True, False)
    assert ("who_meets" in not_needed.shown, "reason_no" in not_needed.shown) == (False, True)


def test_who_declines_the_closing_questions_is_asked_none_of_them():
    checked = answer("closing_talk", declined_survey=True)

    assert checked.shown == {"talked_on", "comment", "goal_results", "declined_survey"}


def test_what_must_not_be_shared_stays_with_who_wrote_it():
    own = {
        (path.stem, each)
        for path in FILES
        for each, component in walk(load(path)["components"])
        if properties(component).get("category") == AUTHORS_ONLY
    }

    assert {("talk_with_person", "not_to_be_shared"), ("prepare_consent", "exclusions")} <= own
    offered = [
        option["value"]
        for path in FILES
        for _, component in walk(load(path)["components"])
        for option in component.get("values", [])
    ]
    assert AUTHORS_ONLY not in offered
