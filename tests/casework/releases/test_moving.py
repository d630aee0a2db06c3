"""Process owners look at what a move would mean, have it done, and take it back."""

import gettext

import pytest

from base.errors import NotAllowed
from casework import worker
from casework.application import Application
from casework.audit import store as audit_store
from casework.releases import moving
from casework.releases.moving import NoSuchMove, NoSuchVersion, NothingToMove
from engine.moving import Blocked
from tests.casework.arena import a_started_case, actor
from tests.casework.releases.changes import with_interpreter
from tests.casework.releases.test_drafts import OWNER, SECOND, approve, propose, source, upload

PROCESS = "case_lifecycle"


def a_new_version(app: Application) -> None:
    upload(app, with_interpreter(source(app)))
    approve(app, SECOND, propose(app))


def preview(app: Application, user_name: str = OWNER):
    with app.database.reading() as tx:
        return moving.preview_move(tx, app, actor(tx, user_name), PROCESS, number=1)


def move(app: Application, number: int = 1) -> int:
    with app.database.transaction() as tx:
        return moving.move(tx, app, actor(tx, OWNER), PROCESS, number=number)


def progress(app: Application):
    with app.database.reading() as tx:
        return moving.move_progress(tx, app, actor(tx, OWNER), PROCESS)


def deeds(app: Application, chain: str) -> list[tuple[str, str, dict[str, object]]]:
    with app.database.reading() as tx:
        rows = audit_store.trail(tx, chain)
        return [(r.action, r.actor, r.detail) for r in rows if "move" in r.action]


def test_cases_are_moved_one_by_one_and_taken_back(app: Application):
    case_ids = [a_started_case(app) for _ in range(2)]
    a_new_version(app)

    [group] = preview(app)
    assert (group.count, group.kind, group.reasons) == ("< 5", "same", ())
    assert group.places

    batch_id = move(app)
    assert worker.run_round(app) >= 2

    [done] = progress(app)
    assert (done.before, done.after, done.status) == (1, 2, "done")
    assert done.counts == {"todo": "0", "done": "< 5", "blocked": "0", "failed": "0"}
    with app.database.reading() as tx:
        owner = actor(tx, OWNER).pseudonym
    moved = ("process.moved", owner, {"before": 1, "after": 2})
    assert [deeds(app, str(case_id)) for case_id in case_ids] == [[moved], [moved]]

    with app.database.transaction() as tx:
        back = moving.revert_move(tx, app, actor(tx, OWNER), batch_id)
    worker.run_round(app)

    assert [(each.id, each.reverts, each.status) for each in progress(app)] == [
        (back, True, "done"),
        (batch_id, False, "done"),
    ]
    assert [group.count for group in preview(app)] == ["< 5"]
    assert [(action, detail) for action, _, detail in deeds(app, "system")] == [
        ("routine.move", {"batch": batch_id, "before": 1, "after": 2}),
        ("routine.revert_move", {"batch": back}),
    ]


def test_a_move_is_stopped_and_goes_on(app: Application):
    a_started_case(app)
    a_new_version(app)
    batch_id = move(app)

    with app.database.transaction() as tx:
        moving.stop_move(tx, app, actor(tx, OWNER), batch_id)
    worker.run_round(app)
    assert progress(app)[0].status == "stopped"

    with app.database.transaction() as tx:
        moving.resume_move(tx, app, actor(tx, OWNER), batch_id)
    worker.run_round(app)
    assert progress(app)[0].status == "done"


@pytest.mark.parametrize("user_name", ["sara.lindqvist", "karin.holt"])
def test_only_process_owners_move_cases(app: Application, user_name: str):
    with pytest.raises(NotAllowed):
        preview(app, user_name)


def test_there_must_be_something_to_move(app: Application):
    with pytest.raises(NothingToMove):
        move(app)
    with pytest.raises(NoSuchVersion):
        move(app, number=9)
    with pytest.raises(NoSuchMove), app.database.transaction() as tx:
        moving.stop_move(tx, app, actor(tx, OWNER), 7)


def test_a_reason_is_said_in_a_language():
    why = Blocked("p", "a", "gone", (("name", "Ask"),))

    assert moving.say_why(why, gettext.NullTranslations().gettext) == (
        "“Ask” is not in the new version, and cases wait there."
    )
