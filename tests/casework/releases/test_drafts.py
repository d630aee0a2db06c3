import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from base.clock import Fixed
from base.errors import NotAllowed, SamplanError
from casework import worker
from casework.application import Application
from casework.releases import actions, beginning, proposing
from casework.releases.actions import NewErrors, NothingChanged, OtherProcess
from casework.releases.facts import form_findings
from casework.releases.proposing import (
    BeginsInThePast,
    DraftHasErrors,
    OwnProposal,
    ProposalChanged,
    ReferenceMissing,
)
from engine import releases
from engine.packs import open_pack, read_folder
from engine.releases import DraftChanged
from engine.tables import DraftRow
from tests.arena import ARENA
from tests.casework.arena import a_started_case, actor
from tests.casework.releases.changes import (
    SIP,
    with_dangling_flow,
    with_doctype,
    with_interpreter,
    with_other_id,
    with_unknown_form,
    with_unsupported_element,
)

OWNER, SECOND = "jonas.wik", "asa.kvist"


def page(app: Application, user_name: str = OWNER):
    with app.database.reading() as tx:
        return actions.routine_page(tx, app, actor(tx, user_name), SIP)


def save(app: Application, content: bytes, user_name: str = OWNER) -> str:
    mark = page(app, user_name).mark
    with app.database.transaction() as tx:
        return actions.save_draft(tx, app, actor(tx, user_name), SIP, content, mark=mark)


def upload(app: Application, content: bytes) -> None:
    with app.database.transaction() as tx:
        actions.upload(tx, app, actor(tx, OWNER), SIP, content)


def propose(
    app: Application, reference: str = "SF 2027/14 § 6", begins: date | None = None
) -> str:
    digest = page(app).digest
    told = {"reference": reference, "begins": begins}
    with app.database.transaction() as tx:
        proposing.propose(tx, app, actor(tx, OWNER), SIP, digest=digest, **told)
    return digest


def approve(app: Application, user_name: str, digest: str) -> None:
    with app.database.transaction() as tx:
        proposing.approve(tx, app, actor(tx, user_name), SIP, digest=digest)


def rows(app: Application, user_name: str = OWNER):
    with app.database.reading() as tx:
        found = actions.routines(tx, app, actor(tx, user_name))
        return {row.process: row for row in found}


def source(app: Application) -> bytes:
    with app.database.reading() as tx:
        return actions.file(tx, app, actor(tx, OWNER), SIP)[1]


def test_the_arena_as_shipped_has_no_errors():
    pack = open_pack(read_folder(ARENA))

    assert [found for found in actions.findings(pack) if found.severity == "error"] == []


def test_a_form_that_cannot_be_read_is_found():
    files = dict(read_folder(ARENA))
    form = json.loads(files["forms/hand_over.form"])
    files["forms/hand_over.form"] = json.dumps({**form, "components": "none"}).encode()

    found = list(form_findings(open_pack(files)))

    assert [(each.file, each.rule, each.severity) for each in found] == [
        ("forms/hand_over.form", "unreadable", "error")
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [("report", ["file-in-report"]), ("analyse_report", ["file-in-report"]), ("hand_over", [])],
)
def test_no_file_is_asked_for_where_a_report_is_made(name: str, found: list[str]):
    """Nor where somebody works on one: nobody can look through it for persons."""
    files = dict(read_folder(ARENA))
    form = json.loads(files[f"forms/{name}.form"])
    picker = {"type": "filepicker", "key": "shot", "label": "S", "properties": {"category": "own"}}
    files[f"forms/{name}.form"] = json.dumps(
        form | {"components": [*form["components"], picker]}
    ).encode()

    rules = [each.rule for each in form_findings(open_pack(files)) if each.severity == "error"]

    assert rules == [f"form.{rule}" for rule in found]


def test_a_draft_touches_nobody(app: Application):
    a_started_case(app)

    save(app, with_interpreter(source(app)))

    drafted = page(app)
    assert (drafted.has_draft, drafted.draft_by, drafted.version) == (True, "Jonas Wik", 1)
    told = [(thing.what, thing.name) for file in drafted.changes for thing in file.things]
    assert ("Steg", "Boka tolk") in told
    assert drafted.marks["book_interpreter"] == "added"
    assert rows(app)[SIP].has_draft


def test_a_draft_that_somebody_else_has_changed_is_not_overwritten(app: Application):
    mark = page(app).mark
    save(app, with_interpreter(source(app)))

    with app.database.transaction() as tx, pytest.raises(DraftChanged):
        actions.save_draft(tx, app, actor(tx, SECOND), SIP, source(app) + b"\n", mark=mark)


@pytest.mark.parametrize(
    "spoil", [with_doctype, lambda _: b"Dear all", lambda _: b"", lambda good: good[:900]]
)
def test_what_cannot_be_read_changes_nothing(app: Application, spoil):
    before = source(app)

    with pytest.raises(SamplanError):
        save(app, spoil(before))
    with pytest.raises(SamplanError):
        upload(app, spoil(before))

    assert source(app) == before
    assert not page(app).has_draft


def test_the_id_of_a_process_stays(app: Application):
    with pytest.raises(OtherProcess):
        upload(app, with_other_id(source(app)))

    assert not page(app).has_draft


@pytest.mark.parametrize(
    ("spoil", "element"),
    [
        (with_dangling_flow, "set_meeting_to_invite_parties"),
        (with_unknown_form, "set_meeting"),
        (with_unsupported_element, "maybe"),
    ],
)
def test_an_upload_with_new_errors_is_refused_with_the_element(
    app: Application, spoil, element: str
):
    with pytest.raises(NewErrors) as refused:
        upload(app, spoil(source(app)))

    assert element in {found.element for found in refused.value.findings}
    assert not page(app).has_draft


def test_the_editor_may_keep_what_is_not_finished_but_not_propose_it(app: Application):
    save(app, with_unknown_form(source(app)))

    assert page(app).errors > 0
    with pytest.raises(DraftHasErrors):
        propose(app)


def test_a_second_person_brings_the_draft_into_use_and_running_cases_stay(app: Application):
    for _ in range(7):
        a_started_case(app)
    upload(app, with_interpreter(source(app)))
    with app.database.transaction() as tx:
        owner = actor(tx, OWNER)
        _, content = actions.file(tx, app, owner, "referral")
        actions.upload(tx, app, owner, "referral", content + b"\n")
    digest = propose(app)

    approve(app, SECOND, digest)
    for _ in range(5):
        a_started_case(app)

    planning, referral = rows(app)[SIP], rows(app)["referral"]
    assert (planning.version, planning.has_draft, planning.running.total) == (2, False, "0")
    assert referral.running.by_version == ((2, "5"), (1, "7"))
    assert page(app).proposal is None


def test_nobody_approves_their_own_proposal(app: Application):
    upload(app, with_interpreter(source(app)))
    digest = propose(app)

    with pytest.raises(OwnProposal):
        approve(app, OWNER, digest)

    assert rows(app)[SIP].version == 1


def test_what_is_agreed_to_comes_into_use_on_its_day(app: Application, clock: Fixed):
    upload(app, with_interpreter(source(app)))
    digest = propose(app, begins=date(2027, 2, 3))

    approve(app, SECOND, digest)
    with pytest.raises(ProposalChanged):
        approve(app, "karin.holt", digest)
    clock.move(timedelta(days=1))
    early = beginning.begin_agreed(app)
    waiting = page(app).proposal
    clock.move(timedelta(days=1))

    assert beginning.begin_agreed(app) == 1
    assert beginning.begin_agreed(app) == early == 0
    assert waiting is not None
    assert (waiting.agreed_by, waiting.begins) == ("Åsa Kvist", date(2027, 2, 3))
    assert (rows(app)[SIP].version, page(app).proposal) == (2, None)
    with app.database.reading() as tx:
        assert releases.active(tx, "arena").approved_by == actor(tx, SECOND).pseudonym


def test_what_has_changed_since_it_was_agreed_to_does_not_come_into_use(
    app: Application, clock: Fixed
):
    upload(app, with_interpreter(source(app)))
    approve(app, SECOND, propose(app, begins=date(2027, 2, 3)))
    with app.database.transaction() as tx:
        tx.execute(update(DraftRow).values(content=source(app) + b"\n"))
    clock.move(timedelta(days=3))

    worker.sweep(app)

    assert (rows(app)[SIP].version, page(app).proposal) == (1, None)


def test_nothing_comes_into_use_in_the_past(app: Application):
    upload(app, with_interpreter(source(app)))

    with pytest.raises(BeginsInThePast):
        propose(app, begins=date(2027, 1, 31))


def test_a_changed_draft_voids_the_proposal(app: Application):
    upload(app, with_interpreter(source(app)))
    digest = propose(app)

    save(app, source(app) + b"\n")

    assert page(app).proposal is None
    with pytest.raises(ProposalChanged):
        approve(app, SECOND, digest)


def test_what_was_not_seen_cannot_be_approved(app: Application):
    upload(app, with_interpreter(source(app)))
    propose(app)

    with pytest.raises(ProposalChanged):
        approve(app, SECOND, "another digest")


def test_a_decision_has_a_reference(app: Application):
    upload(app, with_interpreter(source(app)))

    with pytest.raises(ReferenceMissing):
        propose(app, "  ")


def test_nothing_is_proposed_where_nothing_has_changed(app: Application):
    with pytest.raises(NothingChanged):
        propose(app)


def test_the_preparation_group_approves_but_does_not_draw(app: Application):
    upload(app, with_interpreter(source(app)))
    digest = propose(app)

    with pytest.raises(NotAllowed):
        save(app, source(app) + b"\n", "karin.holt")
    approve(app, "karin.holt", digest)

    assert rows(app)[SIP].version == 2


@pytest.mark.parametrize("user_name", ["sara.lindqvist", "bo.strand"])
def test_others_do_not_see_the_studio(app: Application, user_name: str):
    with pytest.raises(NotAllowed):
        page(app, user_name)


def test_a_proposal_can_be_sent_back_and_a_draft_thrown_away(app: Application):
    before = source(app)
    upload(app, with_interpreter(before))
    propose(app)

    with app.database.transaction() as tx:
        proposing.send_back(tx, app, actor(tx, SECOND), SIP)
    sent_back = page(app)
    with app.database.transaction() as tx:
        actions.discard(tx, app, actor(tx, OWNER), SIP)

    assert (sent_back.proposal, sent_back.has_draft) == (None, True)
    assert (page(app).has_draft, source(app)) == (False, before)


def test_the_file_goes_out_and_comes_back_byte_for_byte(app: Application):
    drawn = with_interpreter(source(app))

    upload(app, drawn)

    assert source(app) == drawn
    assert Path(page(app).file).suffix == ".bpmn"
