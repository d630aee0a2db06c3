"""The demonstration: a small history, kept; two processes, stopped."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import text

from base import clock
from casework.application import Application
from casework.audit import verifying
from casework.demonstration import Size, newcomers, stories
from casework.demonstration.player import Played
from casework.meetings import store as meetings
from casework.organisations import store as organisations
from cli import demonstration
from cli.demonstration import Place

#: The history is told by one worker.
pytestmark = pytest.mark.xdist_group("demonstration")

PROCESSES = Path(__file__).parents[2] / "processes"
PACK = PROCESSES / "arena"
SMALL = Size(days=60, cases=6)
QUIET = Console(quiet=True)


@dataclass(frozen=True)
class Prepared:
    place: Place
    played: Played


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A small history, told once for all tests of this file."""
    place = Place(tmp_path_factory.mktemp("demo"), _free_port())
    played = demonstration.prepare(place, QUIET, SMALL)
    assert played is not None
    return Prepared(place, played)


def test_the_stories_answer_every_form_themselves(prepared: Prepared):
    assert prepared.played.cases == SMALL.cases
    assert prepared.played.made_up == set()


def test_the_history_ends_at_the_present(prepared: Prepared):
    with _open(prepared.place) as app:
        offset = app.database.now() - app.database.clock.now()

    assert abs(offset.total_seconds()) < 1


def test_every_group_has_meetings_ahead(prepared: Prepared):
    with _open(prepared.place) as app, app.database.reading() as tx:
        today = clock.today(tx, app.zone)
        ahead = {
            group.code: len(meetings.coming(tx, group.id, today))
            for group in organisations.groups(tx)
        }

    assert ahead == {"varnamo": 3, "gislaved": 3, "gnosjo": 3, "vaggeryd": 3}


def test_every_chain_of_the_history_is_whole(prepared: Prepared):
    with _open(prepared.place) as app, app.database.reading() as tx:
        count = verifying.Count()
        found = list(verifying.verify_all(tx, count))

    assert count.chains > prepared.played.cases
    assert found == []


def test_no_name_of_a_person_lies_in_the_files(prepared: Prepared):
    with _open(prepared.place):
        pass  # closing the last connection writes the log into the file

    held = b"".join(path.read_bytes() for path in sorted(prepared.place.folder.glob("*.db*")))
    public = _public_text()
    # What is sealed looks like noise, in which a word of three letters turns up by chance.
    secret = [word for word in _told_of_people() if word not in public and len(word) > 4]
    assert {"Nyström", "Haddad", "Kovac"} <= set(secret)
    assert b"sara.lindqvist" in held
    assert [word for word in secret if word.encode() in held] == []


def test_the_master_key_is_for_this_account_alone(prepared: Prepared):
    assert (prepared.place.folder / "master.key").stat().st_mode & 0o777 == 0o600


def test_a_second_start_keeps_the_data(prepared: Prepared):
    before = _rows(prepared.place)

    again = demonstration.prepare(prepared.place, QUIET, SMALL)

    assert again is None
    assert _rows(prepared.place) == before


def test_an_interrupted_preparation_begins_anew(tmp_path: Path):
    place = Place(tmp_path, _free_port())
    for name in ("samplan.db", "samplan.db-wal", "keys.db"):
        (tmp_path / name).write_bytes(b"half written")

    played = demonstration.prepare(place, QUIET, Size(days=3, cases=1))

    assert played is not None
    assert place.marker.is_file()


def test_the_directory_introduces_people_who_can_sign_in(prepared: Prepared):
    with _open(prepared.place) as app:
        people = newcomers(app)

    assert {"sara.lindqvist", "maria.sandell", "eva.lund", "per.holm"} <= {
        one.user_name for one in people
    }


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)]
)
def test_a_signal_stops_both_processes(prepared: Prepared, number: signal.Signals):
    port = _free_port()
    script = (
        "from pathlib import Path; from cli import demonstration; import sys;"
        f"sys.exit(demonstration.run(port={port}, prepare_only=False,"
        f" folder=Path({str(prepared.place.folder)!r})))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        welcome = next(line for line in parent.stdout if "Ctrl-C stops everything" in line)
        children = _children(parent.pid)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=60) as page:
            status = page.status

        parent.send_signal(number)
        parent.communicate(timeout=60)
    finally:
        parent.kill()

    assert f"http://127.0.0.1:{port}" in welcome
    assert status == 200
    assert len(children) == 2
    assert parent.returncode == 0
    assert [pid for pid in children if _lives(pid)] == []


def test_a_port_in_use_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code = demonstration.run(port=port, prepare_only=False, folder=tmp_path)

    assert code == 1
    assert capsys.readouterr().out.startswith(f"Port {port} is in use")
    assert list(tmp_path.iterdir()) == []


def test_identity_numbers_are_of_the_kind_set_aside_for_tests():
    numbers = [str(tale.row["id_number"]) for tale in _told()]

    assert [number for number in numbers if number[9:12] not in {"238", "239"}] == []
    assert [number for number in numbers if not _check_digit_is_right(number)] == []
    assert len(set(numbers)) == len(numbers)


def test_phone_numbers_belong_to_nobody():
    phones = [str(tale.row["phone"]) for tale in _told()]

    assert [phone for phone in phones if not phone.startswith("070-174 06 ")] == []


def test_the_history_has_some_forty_cases_in_all_four_groups():
    tales = _told()

    assert len(tales) == 40
    assert {tale.group for tale in tales} == {"varnamo", "gislaved", "gnosjo", "vaggeryd"}
    assert len({tale.alias for tale in tales}) == len(tales)


def test_a_story_that_is_missing_is_named(tmp_path: Path):
    folder = tmp_path / stories.FOLDER
    folder.mkdir()
    for path in (PACK / stories.FOLDER).glob("*.toml"):
        text = path.read_text().replace('story = "pain"', 'story = "joy"')
        (folder / path.name).write_text(text)

    with pytest.raises(stories.BadStory, match="There is no story joy"):
        stories.read(tmp_path)


def _told() -> tuple[stories.Tale, ...]:
    return stories.read(PACK).tales


def _told_of_people() -> list[str]:
    """Names, numbers, addresses and words of those whom the small history is about."""
    keys = ("given_name", "family_name", "id_number", "phone", "address", "voice", "not_shared")
    tales = [tale for tale in _told() if tale.begins <= SMALL.days][: SMALL.cases]
    return [str(tale.row[key]) for tale in tales for key in keys if key in tale.row]


def _public_text() -> str:
    """Everything the pack says in the open, its stories about nobody and its staff."""
    files = [path for path in PACK.rglob("*") if path.is_file() and path.name != "cases.toml"]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@contextmanager
def _open(place: Place) -> Iterator[Application]:
    app = Application.open(place.settings())
    try:
        yield app
    finally:
        app.close()


def _rows(place: Place) -> dict[str, int]:
    """How many rows each chain of the audit has."""
    with _open(place) as app, app.database.reading() as tx:
        rows = tx.execute(text("select chain, count(*) as count from audit group by chain"))
        return {row.chain: row.count for row in rows}


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in listed.split()]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _check_digit_is_right(number: str) -> bool:
    digits = [int(each) for each in number.replace("-", "")[2:]]
    doubled = [each * (2 - place % 2) for place, each in enumerate(digits)]
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0
