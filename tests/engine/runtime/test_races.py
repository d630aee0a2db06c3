"""Commands that meet on one instance: one order holds, nothing is lost, the loser is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

from base.clock import Fixed
from base.errors import SamplanError
from engine import runtime, store, waits
from engine.errors import InstanceEnded, NotWaiting, TaskTaken
from tests.engine.drawing import (
    a_file,
    a_process,
    both,
    boundary,
    catch,
    end,
    event,
    message,
    path,
    start,
    timer,
    user,
)
from tests.engine.hosting import Office, a_pack

_FORK = a_file(
    a_process(
        "p",
        start(),
        both("s"),
        *(user(f"t{n}", outputs={f"v{n}": f"=v{n}"}) for n in range(4)),
        both("j"),
        user("z"),
        boundary("late", "z", timer("Duration", "P1D")),
        end(),
        end("e2"),
        *(path("s", f"t{n}", "j") for n in range(4)),
        path("start", "s"),
        path("j", "z", "end"),
        path("late", "e2"),
        lanes={"case_lead": ["t0", "t1", "t2", "t3", "z"]},
    )
)


def at_once(*commands: Callable[[], object]) -> list[object]:
    """Run all at the same moment; what each gave or raised."""
    barrier = Barrier(len(commands))

    def run(command: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return command()
        except SamplanError as error:
            return error

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(run, commands))


def completing(office: Office, task_id: UUID, **answers: int) -> Callable[[], object]:
    def command() -> object:
        with office.database.transaction() as tx:
            return runtime.complete(tx, office.host, task_id, answers=answers, by="anna")

    return command


def test_siblings_completed_at_once_are_all_done(office: Office):
    office.publish(a_pack(p=_FORK))
    for _ in range(5):
        instance_id = office.start().instance_id
        tasks = {task.element_id: task.id for task in office.open()}

        at_once(*(completing(office, tasks[f"t{n}"], **{f"v{n}": n}) for n in range(4)))

        [last] = office.open()
        with office.database.reading() as tx:
            known = runtime.step_variables(tx, office.host, last.id)
        assert {name: known[name] for name in ("v0", "v1", "v2", "v3")} == {
            "v0": 0,
            "v1": 1,
            "v2": 2,
            "v3": 3,
        }
        with office.database.transaction() as tx:
            runtime.cancel(tx, office.host, instance_id, "done")


def test_a_step_sent_twice_is_done_once(office: Office):
    office.publish(a_pack(p=_FORK))
    office.start()
    task_id = office.find("t0")

    answers = at_once(*(completing(office, task_id, v0=n) for n in range(4)))

    assert len([answer for answer in answers if isinstance(answer, TaskTaken)]) == 3


def test_a_timer_and_a_completion_do_not_both_win(office: Office, clock: Fixed):
    office.publish(a_pack(p=_FORK))
    for _ in range(5):
        instance_id = office.start().instance_id
        for n in range(4):
            office.do(f"t{n}", **{f"v{n}": n})
        task_id = office.find("z")
        clock.move(timedelta(days=2))
        with office.database.reading() as tx:
            [due] = waits.due_waits(tx, clock.now())

        def firing(wait_id: int = due.wait_id) -> object:
            with office.database.transaction() as tx:
                return runtime.fire_due(tx, office.host, wait_id)

        completed, _fired = at_once(completing(office, task_id), firing)

        with office.database.reading() as tx:
            instance = store.get_instance(tx, instance_id)
            assert instance is not None
            lost = isinstance(completed, NotWaiting | InstanceEnded)
            assert instance.end_event == ("e2" if lost else "end")
            assert instance.status == "ended"


def test_a_message_sent_twice_at_once_is_heard_once(office: Office):
    data = a_file(
        a_process("p", start(), catch("m", event("message", "n")), path("start", "m")),
        declared=message("n"),
    )
    office.publish(a_pack(p=data))
    office.start()

    answers = at_once(*[lambda: office.hear("n")] * 3)

    assert len([answer for answer in answers if answer is not None]) == 1
    with office.database.reading() as tx:
        assert len(store.undelivered_of(tx, office.case_id)) == 2
