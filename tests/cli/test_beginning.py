"""``samplan init`` and ``samplan doctor``: from nothing to an installation that is well."""

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from base.clock import SystemClock
from base.settings import BadSettings, Settings
from casework.accounts import codes
from casework.accounts.actions import SignedIn, sign_in
from casework.application import Application
from casework.checkup import actions as checkup
from casework.checkup import outside, rules
from cli import backing_up, beginning, doctoring
from tests.arena import PASSWORD
from tests.casework.post_office import post_office

NOW = datetime(2027, 2, 1, 11, tzinfo=UTC)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting from outside; what `init` names goes with the test."""
    for name in list(os.environ):
        if name.startswith("SAMPLAN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SAMPLAN_SETTINGS", "")


def wanted(folder: Path, **more: str) -> beginning.Wanted:
    said = {
        "public_url": "http://127.0.0.1:9",
        "time_zone": "Europe/Zurich",
        "organisation": "Samordningsförbundet Söder",
        "name": "Ylva Norén",
        "user_name": "ylva.noren",
        "language": "sv",
        **more,
    }
    return beginning.Wanted(folder=folder / "etc", data=folder / "var", **said)


def found(settings: Settings, capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit code of doctor, and the state of each thing."""
    capfd.readouterr()
    code = doctoring.look(settings, as_json=True)
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [
        line["name"] for line in lines if line["state"] == "wrong" and not line["remedy"]
    ] == []
    return code, {line["name"]: line["state"] for line in lines}


@pytest.mark.usefixtures("alone")
def test_an_installation_from_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    assert beginning.begin(wanted(tmp_path)) == 0
    said = capfd.readouterr().out
    code = said.split("/code with ")[1].split()[0]

    settings = Settings(file=tmp_path / "etc" / "samplan.env")
    app = Application.open(settings)
    assert app.zone == "Europe/Zurich"
    assert codes.redeem(app.database, code, PASSWORD) == "ylva.noren"
    assert isinstance(sign_in(app.database, "ylva.noren", PASSWORD), SignedIn)
    with pytest.raises(codes.CodeOver):
        codes.redeem(app.database, code, "another long password")
    app.close()
    files = [*(tmp_path / "etc").iterdir(), *(tmp_path / "var").rglob("*.db")]
    assert {each.name: each.stat().st_mode & 0o777 for each in files} == dict.fromkeys(
        ("samplan.env", "master.key", "backup.key", "samplan.db", "keys.db"), 0o600
    )
    assert all(code not in each.read_text() for each in (tmp_path / "etc").iterdir())

    before = {each: each.read_bytes() for each in (tmp_path / "etc").iterdir()}
    assert beginning.begin(wanted(tmp_path)) == 1
    assert beginning.begin(wanted(tmp_path / "other", time_zone="Mars/Olympus")) == 1
    assert {each: each.read_bytes() for each in (tmp_path / "etc").iterdir()} == before
    assert not (tmp_path / "other").exists()

    require_doctor_sees(settings, tmp_path, capfd)


def require_doctor_sees(
    settings: Settings, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, lines = found(settings, capfd)
    assert code == 1
    # Nothing runs yet, and there is no backup; all else is well.
    wrong = {"proxy", "worker", "backup of cases", "backup of keys"}
    assert {name for name, state in lines.items() if state == "wrong"} == wrong
    assert {n for n, state in lines.items() if state == "warn"} <= {"address", "mail server"} | {
        name for name in lines if name.startswith("disk")
    }

    assert backing_up.back_up(settings) == 0
    (folder / "var" / "worker.alive").touch()
    (folder / "etc" / "backup.key").chmod(0o644)
    _, lines = found(settings, capfd)
    assert {name for name, state in lines.items() if state == "wrong"} == {
        "proxy",
        "file of the key of backups",
    }

    named = {**settings.model_dump(), "public_url": "http://127.0.0.1:9"}
    other = Settings(**{**named, "master_key_file": folder / "etc" / "backup.key"})
    gone = Settings(**{**named, "database_url": f"sqlite:///{folder}/gone.db"})
    assert found(other, capfd)[1]["key of backups"] == "wrong"
    assert found(gone, capfd)[1]["database"] == "wrong"
    assert not (folder / "gone.db").exists()


@pytest.mark.usefixtures("alone")
def test_a_settings_file_that_is_named_must_be_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SAMPLAN_SETTINGS", str(tmp_path / "nowhere.env"))

    with pytest.raises(BadSettings):
        Settings()


@pytest.mark.usefixtures("alone")
def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "samplan.env"
    file.write_text('SAMPLAN_PORT="8123"\nSAMPLAN_HOST="::1"\n')
    monkeypatch.setenv("SAMPLAN_SETTINGS", str(file))
    monkeypatch.setenv("SAMPLAN_HOST", "127.0.0.2")

    settings = Settings()

    assert (settings.host, settings.port) == ("127.0.0.2", 8123)


@pytest.mark.usefixtures("alone")
def test_both_databases_on_postgresql(
    tmp_path: Path, postgresql_server, postgresql_url: str, capfd: pytest.CaptureFixture[str]
):
    other = postgresql_server.create()
    urls = {"database_url": postgresql_url, "keys_url": postgresql_server.url(other)}

    assert beginning.begin(wanted(tmp_path / "one", database_url=postgresql_url)) == 1
    assert beginning.begin(wanted(tmp_path, **urls)) == 0
    assert beginning.begin(wanted(tmp_path / "two", **urls)) == 1

    _, lines = found(Settings(file=tmp_path / "etc" / "samplan.env"), capfd)
    assert (lines["database version"], lines["clock"], lines["worker"]) == ("ok", "ok", "wrong")
    assert not (tmp_path / "two").exists()
    postgresql_server.drop(other)


class _Answers(BaseHTTPRequestHandler):
    status = 303

    def do_POST(self) -> None:
        self.send_response(self.status)
        self.send_header("Location", "/sign-in")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def proxy() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_proxy_that_changes_the_host_is_found(proxy: str, monkeypatch: pytest.MonkeyPatch):
    assert outside.proxy(proxy).state == "ok"

    monkeypatch.setattr(_Answers, "status", 403)

    assert "Host" in outside.proxy(proxy).remedy
    assert outside.proxy("http://127.0.0.1:9").state == "wrong"


def test_a_mail_server_is_greeted():
    with post_office() as office:
        assert outside.mail("127.0.0.1", office.port).state == "ok"
    assert outside.mail("127.0.0.1", 9).state == "wrong"
    assert outside.mail(None, 25).state == "warn"


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (rules.disk("disk", 10 * 1024**3), "ok"),
        (rules.disk("disk", 1024**3), "warn"),
        (rules.disk("disk", 1024**2), "wrong"),
        (rules.backup_age("b", NOW - timedelta(hours=30), NOW), "ok"),
        (rules.backup_age("b", NOW - timedelta(hours=40), NOW), "warn"),
        (rules.backup_age("b", NOW - timedelta(days=8), NOW), "wrong"),
        (rules.clock(NOW, None, NOW), "ok"),
        (rules.clock(NOW + timedelta(hours=1), None, NOW), "wrong"),
        (rules.clock(NOW, NOW - timedelta(minutes=3), NOW), "wrong"),
        (rules.version("SQLite", (3, 36, 0)), "wrong"),
        (rules.version("PostgreSQL", (15, 4)), "ok"),
        (rules.version("PostgreSQL", (14, 9)), "wrong"),
        (rules.worker(NOW - timedelta(minutes=4), NOW), "ok"),
        (rules.worker(NOW - timedelta(minutes=6), NOW), "wrong"),
        (rules.given_up(2), "warn"),
        (rules.address("https://samplan.example", demo=True), "wrong"),
        (rules.address("http://samplan.example", demo=False), "warn"),
        (rules.address("https://samplan.example", demo=False), "ok"),
    ],
)
def test_what_counts_as_well(line: rules.Line, state: rules.State):
    assert line.state == state
    assert bool(line.remedy) == (state != "ok")


@pytest.mark.usefixtures("alone")
def test_what_is_not_set_is_not_said_to_be_there(tmp_path: Path):
    assert beginning.begin(wanted(tmp_path)) == 0

    lines = checkup.look(Settings(file=tmp_path / "etc" / "samplan.env"), SystemClock())

    said = {line.name: line.said for line in lines}
    assert (said["master key"], said["folders of backups"]) == ("there", "there")
    assert (said["second master key"], said["token of measures"]) == ("none is set", "none is set")
