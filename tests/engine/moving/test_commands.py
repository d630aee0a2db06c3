"""Moving running instances as commands, on SQLite and PostgreSQL."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from base.clock import Fixed
from base.errors import NotFound
from engine import runtime, store
from engine.errors import (
    InstanceEnded,
    NotMoved,
    NotWaiting,
    OtherPack,
    Suspended,
)
from engine.moving import MoveBlocked, Plan
from engine.runtime import Migrated, NotAVariable
from engine.runtime.moving import store as moves
from engine.spiff import TooMuch
from engine.tables import History, Instance, Task, Wait
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    each,
    end,
    event,
    message,
    path,
    service,
    start,
    timer,
    user,
)
from tests.engine.hosting import Office, a_pack
from tests.engine.runtime.test_commands import BODY, PARTIES

pytestmark = pytest.mark.both
DAY = timedelta(days=1)
LEAD = {"case_lead": ["a", "b", "x", "z", "late"]}


def drawn(*ids: str, more: str = "", **forms: str) -> bytes:
    """Steps of the lead, one after the other."""
    steps = (
        user(id, form=forms.get(id, ""), outputs={"v": "=v"}, properties=_properties(id))
        for id in ids
    )
    return a_file(
        a_process("p", start(), *steps, end(), path("start", *ids, "end"), more, lanes=LEAD),
        declared=message("news"),
    )


def _properties(id: str) -> dict[str, str]:
    return {"consent.purpose": "planning", "consent.categories": "work"} if id == "x" else {}


def late(host: str, span: str = "P3D") -> str:
    beside = boundary("is_late", host, timer("Duration", span), interrupting=False)
    return beside + user("late") + end("was_late") + path("is_late", "late", "was_late")


def migrate(office: Office, instance_id: UUID, release_id: int, **more: Any) -> Migrated:
    with office.database.transaction() as tx:
        return runtime.migrate(
            tx, office.host, instance_id, release_id=release_id, by="owner", **more
        )


def revert(office: Office, instance_id: UUID) -> None:
    with office.database.transaction() as tx:
        runtime.revert_migration(tx, office.host, instance_id, by="owner")


def rows(office: Office, instance_id: UUID) -> dict[str, Any]:
    """Everything the tables say of an instance, but for when and how often."""
    with office.database.reading() as tx:
        instance = tx.get_one(Instance, instance_id)
        waits = tx.query(Wait).filter_by(instance_id=instance_id)
        tasks = tx.query(Task).filter_by(instance_id=instance_id, status="open")
        tokens = store.tokens_of(tx, [instance_id])
        return {
            "instance": (instance.release_id, instance.status, instance.marking),
            "tokens": sorted((t.process, t.element_id, t.count) for t in tokens),
            "waits": sorted((w.element_id, w.kind, w.name, w.due, w.token_id) for w in waits),
            "tasks": sorted(
                (t.element_id, t.form, t.purpose, t.categories, t.release_id, t.id, t.due)
                for t in tasks
            ),
        }


def history(office: Office, instance_id: UUID) -> list[tuple[str, str, str]]:
    with office.database.reading() as tx:
        return [(h.event, h.detail, h.by) for h in store.history_of(tx, instance_id)]


def test_a_moved_step_stays_the_same_step_in_the_new_version(office: Office, clock: Fixed):
    first = office.publish(a_pack(p=drawn("a", "b", more=late("a"))))
    id = office.start().instance_id
    task_id = office.find("a")
    with office.database.transaction() as tx:
        runtime.claim(tx, task_id, account_id=7)
    due = rows(office, id)["waits"][0][3]
    clock.move(DAY)
    second = office.publish(a_pack(p=drawn("x", "b", more=late("x", "P9D"), x="the_form")))

    moved = migrate(office, id, second.id, renames={("p", "a"): "x"})

    assert moved.plan == Plan(renamed=((("p", "a"), ("p", "x")),))
    assert rows(office, id) == {
        "instance": (second.id, "running", rows(office, id)["instance"][2]),
        "tokens": [("p", "x", 1)],
        "waits": [("is_late", "timer", "", due, rows(office, id)["waits"][0][4])],
        "tasks": [("x", "the_form", "planning", ["work"], second.id, task_id, None)],
    }
    assert office.open()[0].assignee_id == 7
    assert office.host.moves == [("p", first.id, second.id, "owner")]
    assert history(office, id)[-1] == ("migrated", f"{first.id} > {second.id}", "owner")
    assert office.do("x").opened == (office.find("b"),)


def test_moving_twice_is_moving_once(office: Office):
    office.publish(a_pack(p=drawn("a")))
    id = office.start().instance_id
    second = office.publish(a_pack(p=drawn("a", "b")))
    migrate(office, id, second.id)
    before = rows(office, id), history(office, id)

    assert migrate(office, id, second.id).plan == Plan()

    assert (rows(office, id), history(office, id)) == before
    assert len(office.host.moves) == 1


def test_a_refused_move_changes_nothing_and_says_why(office: Office):
    office.publish(a_pack(p=drawn("a", "b")))
    id = office.start().instance_id
    second = office.publish(a_pack(p=drawn("b")))
    before = rows(office, id)

    with pytest.raises(MoveBlocked) as caught:
        migrate(office, id, second.id)

    [why] = caught.value.blocked
    assert (why.code, why.sentence) == (
        "gone",
        "“a” is not in the new version, and cases wait there.",
    )
    assert rows(office, id) == before


def test_a_withdrawal_that_waits_around_many_calls_still_works_after_a_move(
    office: Office, clock: Fixed
):
    office.publish(a_pack(p=BODY))
    id = office.start(parties=PARTIES).instance_id
    office.do("answer", decision="yes")
    clock.move(8 * DAY)
    changed = BODY.replace(b'id="wind_up"', b'id="wind_up" name="Wind up"').replace(
        b"P14D", b"P15D"
    )
    second = office.publish(a_pack(p=changed))

    plan = migrate(office, id, second.id).plan

    assert plan == Plan()
    assert len(office.titles()) == 2
    heard = office.hear("consent_withdrawn")
    assert heard is not None
    assert len(heard.withdrawn) == 2
    assert office.titles() == ["wind_up@varnamo"]
    assert office.do("wind_up").ended


def test_a_move_is_taken_back_with_all_that_came_and_went(office: Office):
    gone = boundary("gone", "a", event("message", "news"), interrupting=False) + end("e1")
    office.publish(a_pack(p=drawn("a", "b", more=gone + path("gone", "e1"))))
    id = office.start().instance_id
    before = rows(office, id)
    second = office.publish(a_pack(p=drawn("x", "b", more=late("x"), x="f")))
    migrate(office, id, second.id, renames={("p", "a"): "x"})
    assert [w[0] for w in rows(office, id)["waits"]] == ["is_late"]

    revert(office, id)

    assert rows(office, id) == before
    assert history(office, id)[-1][0] == "migration_reverted"
    assert office.hear("news") is not None
    assert office.do("a").opened == (office.find("b"),)


def test_a_move_cannot_be_taken_back_twice_nor_after_a_step(office: Office):
    office.publish(a_pack(p=drawn("a", "b")))
    id = office.start().instance_id
    second = office.publish(a_pack(p=drawn("a", "b", "z")))
    with pytest.raises(NotMoved):
        revert(office, id)
    migrate(office, id, second.id)
    revert(office, id)
    with pytest.raises(NotMoved):
        revert(office, id)

    migrate(office, id, second.id)
    office.do("a")

    with pytest.raises(NotMoved):
        revert(office, id)
    with office.database.transaction() as tx:
        assert moves.get_moved(tx, id) is not None
        assert moves.forget_stepped(tx) == 1
        assert moves.get_moved(tx, id) is None


def test_a_resting_instance_moves_and_goes_on_resting(office: Office):
    office.publish(a_pack(p=drawn("a")))
    id = office.start().instance_id
    second = office.publish(a_pack(p=drawn("a", "b")))
    with office.database.transaction() as tx:
        runtime.suspend(tx, office.case_id)

    migrate(office, id, second.id)

    assert rows(office, id)["instance"][:2] == (second.id, "suspended")
    with pytest.raises(Suspended):
        office.do("a")
    with office.database.transaction() as tx:
        runtime.resume(tx, office.host, office.case_id)
    assert office.do("a").opened == (office.find("b"),)


def forked(*, other: str) -> bytes:
    """Two branches that meet, a third that goes where ``other`` says."""
    return a_file(
        a_process(
            "p",
            start(),
            both("s"),
            both("j"),
            service("tell", "tell"),
            user("z"),
            end(),
            end("alone"),
            *(user(id) for id in ("a", "b", "x")),
            path("start", "s", "a", "j", "tell", "z", "end"),
            path("s", "b", "j"),
            path("s", "x", other),
            lanes=LEAD,
        )
    )


def test_a_join_that_is_full_goes_on_in_the_move_and_cannot_be_taken_back(office: Office):
    office.publish(a_pack(p=forked(other="j")))
    id = office.start().instance_id
    office.do("a")
    office.do("b")
    second = office.publish(a_pack(p=forked(other="alone")))

    moved = migrate(office, id, second.id)

    assert moved.plan.fires == (("p", "j"),)
    assert moved.outcome.opened == (office.find("z"),)
    assert [call.service for call in office.host.calls] == ["tell"]
    assert office.titles() == ["x@varnamo", "z@varnamo"]
    with pytest.raises(NotMoved):
        revert(office, id)


def test_a_resting_instance_does_not_go_on_by_being_moved(office: Office):
    office.publish(a_pack(p=forked(other="j")))
    id = office.start().instance_id
    office.do("a")
    office.do("b")
    second = office.publish(a_pack(p=forked(other="alone")))
    with office.database.transaction() as tx:
        runtime.suspend(tx, office.case_id)

    with pytest.raises(MoveBlocked) as caught:
        migrate(office, id, second.id)

    assert [why.code for why in caught.value.blocked] == ["rests"]
    assert office.host.calls == []


def test_only_running_instances_of_the_same_pack_move(office: Office):
    office.publish(a_pack(p=drawn("a")))
    id = office.start().instance_id
    files = a_pack(p=drawn("a", "b"))
    files["pack.toml"] = files["pack.toml"].replace(b'id = "test"', b'id = "other"')
    other = office.publish(files)
    second = office.publish(a_pack(p=drawn("a", "b")))

    with pytest.raises(OtherPack):
        migrate(office, id, other.id)
    with pytest.raises(NotFound):
        migrate(office, uuid4(), second.id)
    office.do("a")
    with pytest.raises(InstanceEnded):
        migrate(office, id, second.id)


def test_the_dry_run_says_what_the_move_does(office: Office):
    first = office.publish(a_pack(p=drawn("a", "b", "z")))
    here = [office.start().instance_id for _ in range(3)]
    office.do("a")
    with office.database.transaction() as tx:
        runtime.suspend(tx, office.case_id)
    second = office.publish(a_pack(p=drawn("x", "a", "z")))

    with office.database.reading() as tx:
        groups = runtime.plan_migration(
            tx, office.host, release_id=first.id, process="p", to_release_id=second.id
        )

    assert [(g.places, g.plan.kind, len(g.instances), g.resting) for g in groups] == [
        ((("p", "a"),), "steps", 2, 2),
        ((("p", "b"),), "blocked", 1, 1),
    ]
    assert {g.cases for g in groups} == {(office.case_id,)}
    assert {id for g in groups for id in g.instances} == set(here)
    assert migrate(office, groups[0].instances[0], second.id).plan == groups[0].plan
    with pytest.raises(MoveBlocked) as caught:
        migrate(office, groups[1].instances[0], second.id)
    assert caught.value.blocked == groups[1].plan.blocked


# By hand


def put(office: Office, token_id: UUID, to: str):
    with office.database.transaction() as tx:
        id = tx.query(Instance).one().id
        return runtime.move_token(tx, office.host, id, token_id, to, by="owner")


def test_a_token_is_put_elsewhere_and_keeps_what_it_knows(office: Office, clock: Fixed):
    office.publish(a_pack(p=drawn("a", "b", "z", more=late("b"))))
    id = office.start(v=1).instance_id
    office.do("a", v=2)
    [wait] = rows(office, id)["waits"]
    clock.move(DAY)

    outcome = put(office, office.find("b"), "a")

    assert outcome.opened == (office.find("a"),)
    assert len(outcome.withdrawn) == 1
    assert rows(office, id)["waits"] == []
    assert ("moved", "b", "owner") in history(office, id)
    office.do("a", v=3)
    [again] = rows(office, id)["waits"]
    assert again[3] == wait[3] + DAY
    office.do("b", v=4)
    assert office.do("z", v=5).ended


def test_what_runs_inside_goes_when_its_activity_is_left(office: Office):
    office.publish(a_pack(p=BODY))
    id = office.start(parties=PARTIES).instance_id
    with office.database.reading() as tx:
        entered = tx.query(History).filter_by(element_id="ask_all").order_by(History.id).first()
        assert entered is not None

    outcome = put(office, entered.token_id, "go_on")

    assert len(outcome.withdrawn) == 3
    assert office.titles() == ["go_on@varnamo"]
    assert [w[0] for w in rows(office, id)["waits"]] == ["withdrawn"]
    office.do("go_on")
    with office.database.reading() as tx:
        assert tx.get_one(Instance, id).status == "ended"


@pytest.mark.parametrize(
    ("step", "to", "code"),
    [
        ("answer", "go_on", "not_here"),
        ("answer", "done", None),
        ("answer", "remind", "no_place"),
        ("answer", "start", "no_place"),
        ("answer", "nothing", "not_here"),
    ],
)
def test_a_token_stays_in_its_scope(office: Office, step: str, to: str, code: str | None):
    office.publish(a_pack(p=BODY))
    office.start(parties=PARTIES)

    if code is None:
        assert len(put(office, office.find(step), to).withdrawn) == 1
        assert len(office.titles()) == 2
        return
    with pytest.raises(MoveBlocked) as caught:
        put(office, office.find(step), to)
    assert [why.code for why in caught.value.blocked] == [code]


def test_an_item_is_not_put_out_of_its_many(office: Office):
    data = a_file(
        a_process(
            "p",
            start(),
            user("a", inside=each("=parties", "party"), groups="case_lead"),
            user("b"),
            end(),
            path("start", "a", "b", "end"),
            lanes=LEAD,
        )
    )
    office.publish(a_pack(p=data))
    office.start(parties=["x", "y"])

    with pytest.raises(MoveBlocked) as caught:
        put(office, office.find("a"), "b")

    assert [why.code for why in caught.value.blocked] == ["item"]


def test_a_token_is_not_put_where_the_case_would_wait_for_ever(office: Office):
    office.publish(a_pack(p=forked(other="j")))
    office.start()

    for to, code in (("z", "deadlock"), ("j", "join")):
        with pytest.raises(MoveBlocked) as caught:
            put(office, office.find("a"), to)
        assert [why.code for why in caught.value.blocked] == [code], to

    assert office.titles() == ["a@varnamo", "b@varnamo", "x@varnamo"]
    with pytest.raises(NotWaiting):
        put(office, uuid4(), "a")


def test_routing_data_is_changed_by_name_and_kind(office: Office):
    office.publish(a_pack(p=BODY))
    id = office.start(parties=PARTIES, n=1, when="2027-02-01").instance_id

    def change(**variables: Any) -> None:
        with office.database.transaction() as tx:
            runtime.set_variables(tx, office.host, id, variables, by="owner")

    change(n=2, code="x.1", when=None)

    assert history(office, id)[-1] == ("variables", "code, n, when", "owner")
    for wrong in (
        {"n": "text"},
        {"code": "a sentence"},
        {"case_ref": "other"},
        {"n": object()},
        {"1x": 1},
        {"m": ["no code!"]},
    ):
        with pytest.raises(NotAVariable):
            change(**wrong)
    with pytest.raises(TooMuch):
        change(m=["code"] * 5000)
    for _ in PARTIES:
        office.do("answer", decision="yes")
    with office.database.transaction() as tx:
        found = runtime.step_variables(tx, office.host, office.find("go_on"))
    assert {k: found.get(k) for k in ("n", "code", "when")} == {
        "n": 2,
        "code": "x.1",
        "when": None,
    }
