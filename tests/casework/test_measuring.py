"""What a monitor reads: how the installation stands, in counts, and to whom it is told."""

import os
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from base import jobs, measures
from base.clock import Fixed
from base.settings import BadSettings
from casework.application import Application
from casework.checkup import measuring
from casework.notifications.tables import Mail
from tests.arena import settings_in
from tests.conftest import NOON
from tests.stories import case_as_in

TOKEN = "a token of twenty characters or more"  # noqa: S105


def numbers(app: Application) -> dict[str, float]:
    return {
        " ".join(filter(None, (each.name, each.of))): each.value
        for each in measuring.standing(app)
        if each.name not in ("commits", "database_bytes", "disk_free_bytes")
    }


@pytest.mark.both
def test_the_numbers_are_those_of_the_installation(app: Application, clock: Fixed):
    before = app.database.commits
    case_as_in(app, clock, "ac_01_arena_straight", steps=1)
    with app.database.transaction() as tx:
        jobs.defer(tx, "mail", {"mail": 1})
        mail = {"day": NOON.date(), "address": "a@b.example", "subject": "", "body": ""}
        tx.add(Mail(**mail, written=NOON))
        tx.add(Mail(**mail, written=NOON, refused="name"))
    first = numbers(app)
    clock.move(timedelta(days=400))
    later = numbers(app)

    assert app.database.commits > before
    assert {name: first[name] for name in ("database_up", "jobs_failed", "sessions")} == {
        "database_up": 1,
        "jobs_failed": 0,
        "sessions": 0,
    }
    assert first["jobs_waiting"] >= 1
    assert (first["mails_waiting"], first["mails_refused"]) == (1, 1)
    assert (first["timers_late"], first["timers_late_seconds"]) == (0, 0)
    assert later["timers_late"] > 0
    assert later["timers_late_seconds"] > 86_400
    assert later["jobs_oldest_seconds"] > first["jobs_oldest_seconds"]


@pytest.mark.sqlite("its file can be moved away")
def test_a_database_that_is_away_is_a_number_too(app: Application):
    app.database.close()
    file = Path(str(app.database.engine.url.database))
    away = file.with_suffix(".away")
    os.rename(file, away)
    file.mkdir()

    found = numbers(app)

    file.rmdir()
    os.rename(away, file)
    assert found == {"database_up": 0}
    assert numbers(app)["database_up"] == 1


def test_ages_of_both_backups_are_told(app: Application, tmp_path: Path):
    for name, hours in (("cases", 5), ("keys", 30)):
        (tmp_path / name).mkdir()
        made = NOON - timedelta(hours=hours)
        (tmp_path / name / f"{name}-{made:%Y%m%dT%H%M%SZ}.samplan").touch()
    folders = {"backups": tmp_path / "cases", "key_backups": tmp_path / "keys"}
    app.settings = app.settings.model_copy(update=folders)

    found = numbers(app)

    assert found["backup_age_seconds cases"] == 5 * 3600
    assert found["backup_age_seconds keys"] == 30 * 3600


def test_measures_are_for_whoever_shows_the_token(app: Application):
    update = {"measures_port": 0, "measures_token": TOKEN, "measures_host": "127.0.0.1"}
    app.settings = settings_in(Path("unused"), **update)

    with measuring.offer(app, measuring.WEB) as port:
        answers = [
            asked(port, "/metrics", f"Bearer {TOKEN}"),
            asked(port, "/metrics", "Bearer something else"),
            asked(port, "/metrics", None),
            asked(port, "/", f"Bearer {TOKEN}"),
        ]

    assert [status for status, _text in answers] == [200, 401, 401, 404]
    assert "samplan_database_up 1.0" in answers[0][1].splitlines()
    assert [text for _status, text in answers[1:]] == ["", "", ""]


def test_nothing_is_offered_unless_asked_for(app: Application):
    with measuring.offer(app, measuring.WEB) as port:
        assert port == 0


@pytest.mark.parametrize(
    "given", [{"measures_host": "10.0.0.5"}, {"measures_token": "short"}], ids=["open", "short"]
)
def test_measures_that_anybody_could_read_are_refused(app: Application, given: dict[str, str]):
    app.settings = settings_in(Path("unused"), measures_port=0, **given)

    with pytest.raises(BadSettings):
        measuring.offer(app, measuring.WEB)


def test_invented_methods_and_addresses_make_no_measures_of_their_own():
    for number in range(3):
        measures.count_answer(f"X{number}", "", 405, 0.01)
    measures.count_round(failed=True)

    said = measures.told(list).decode()

    assert 'samplan_requests_total{method="other",route="none",status="405"}' in said
    assert "X1" not in said
    assert 'samplan_rounds_total{outcome="failed"}' in said


def asked(port: int, path: str, authorization: str | None) -> tuple[int, str]:
    headers = {"authorization": authorization} if authorization else {}
    answer = httpx2.get(f"http://127.0.0.1:{port}{path}", headers=headers)
    return answer.status_code, answer.text


@pytest.mark.sqlite("its disk is ours to see")
def test_the_room_left_on_the_disk_of_the_cases_is_told(app: Application):
    told = {each.name: each.value for each in measuring.standing(app)}

    # Others write on it meanwhile.
    assert told["disk_free_bytes"] == pytest.approx(app.database.room(), rel=0.1)
