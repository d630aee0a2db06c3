"""The drill: a backup under load, the machine dies, the backup is put back."""

import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from base.clock import Fixed, SystemClock
from base.settings import Settings
from casework.audit.verifying import Count, verify_all
from casework.cases.tables import Case
from tests.robustness.arena import Arena, open_arena
from tests.robustness.serving import ROOT, Person, Program, a_free_port, environment
from tests.robustness.test_crash import acknowledged, let_answer, require_one_of_each

KEY = "c2FtcGxhbi10ZXN0cy1iYWNrdXAta2V5LTMyLWJ5dCE="


def samplan(settings: Settings, folder: Path, *words: str) -> str:
    """What a command printed; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env={**os.environ, **environment(settings, folder), **backups_in(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def backups_in(folder: Path) -> dict[str, str]:
    return {
        "SAMPLAN_BACKUP_KEY": KEY,
        "SAMPLAN_BACKUPS": str(folder / "backups"),
        "SAMPLAN_KEY_BACKUPS": str(folder / "key-backups"),
    }


@pytest.mark.parametrize(
    "database_kind",
    [
        pytest.param("sqlite", id="sqlite", marks=pytest.mark.wide),
        pytest.param(
            "postgresql", id="postgresql", marks=[pytest.mark.postgresql, pytest.mark.soak]
        ),
    ],
    indirect=True,
)
def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it(
    settings: Settings, tmp_path: Path
):
    site = settings.model_copy(update={"port": a_free_port()})
    web, stop = Program("web", site, tmp_path), threading.Event()
    web.start()
    app = open_arena(site, SystemClock())
    today = Arena(app, Fixed(SystemClock().now()))
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        stack.callback(web.kill)
        web.await_answer()
        crowd = []
        for number, name in enumerate(("sara.lindqvist", "maria.sandell")):
            chance = random.Random(number)  # noqa: S311
            person = Person(today, today.actor(name), web.address, stop, chance)
            stack.enter_context(person.client)
            person.sign_in(name)
            crowd.append(person)
        working = [pool.submit(person.work) for person in crowd]
        try:
            let_answer(crowd)
            before = [(dict(person.done), dict(person.started)) for person in crowd]
            samplan(site, tmp_path, "backup")
            let_answer(crowd)
            web.kill()
        finally:
            stop.set()
        for person in crowd:
            person.client.close()
        for one in working:
            one.exception(timeout=60)
    app.close()
    cases = str(next((tmp_path / "backups").iterdir()))
    store = str(next((tmp_path / "key-backups").iterdir()))

    said = samplan(site, tmp_path, "restore", cases, "--keys", store, "--replace")
    verified = samplan(site, tmp_path, "audit", "verify")

    assert acknowledged(crowd) > sum(len(done) + len(started) for done, started in before) > 0
    assert said.endswith("cases are back.\n")
    assert verified.endswith(" 0 of them broken.\n")
    app = open_arena(site, SystemClock())
    back = Arena(app, Fixed(SystemClock().now()))
    for person, (done, started) in zip(crowd, before, strict=True):
        assert back.count(Case) >= len(started)
        for task_id in done:
            assert back.status(task_id) == ("done", person.actor.pseudonym)
            assert back.answered(task_id) == 1
    require_one_of_each(back)
    with app.database.reading() as tx:
        assert list(verify_all(tx, Count())) == []
    app.close()
