"""What cannot be done is said in one line that names what to mend, and ends with 1."""

import base64
import os
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from base.migrations import NewerDatabase
from base.settings import Settings
from cli.deploying import migrate
from cli.main import app

KEY, OTHER = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting from outside but a key and a place of this test's own."""
    for name in [name for name in os.environ if name.startswith("SAMPLAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMPLAN_MASTER_KEY", KEY)


def refusal(*asked: str, **settings: str) -> str:
    """The one line that a command ends with."""
    done = CliRunner(env=settings).invoke(app, list(asked))
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


COMMANDS = [
    ["migrate"],
    ["deploy"],
    ["account", "federation", "ylva.noren", "Ylva"],
    ["anew", "ylva.noren"],
    ["backup"],
    ["rotate-keys"],
    ["audit", "verify"],
]


@pytest.mark.parametrize("asked", COMMANDS, ids=" ".join)
def test_a_missing_key_is_named(asked: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SAMPLAN_MASTER_KEY")
    monkeypatch.setenv("SAMPLAN_BACKUP_KEY", OTHER)

    assert refusal(*asked) == (
        "Set SAMPLAN_MASTER_KEY or SAMPLAN_MASTER_KEY_FILE, "
        "here or in the file that SAMPLAN_SETTINGS names."
    )


@pytest.mark.parametrize("asked", COMMANDS, ids=" ".join)
def test_a_database_that_is_away_is_told_of_without_its_password(asked: list[str]):
    away = "postgresql+psycopg://samplan:secret@127.0.0.1:9/samplan"

    said = refusal(*asked, SAMPLAN_KEYS_URL=away, SAMPLAN_BACKUP_KEY=OTHER)

    assert said.startswith("The database does not answer, or cannot be written: ")
    assert said.endswith(
        "Look at SAMPLAN_DATABASE_URL and SAMPLAN_KEYS_URL; samplan doctor says which it is."
    )
    assert "secret" not in said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "SAMPLAN_DATABASE_URL",
            "postgresql://samplan@localhost/samplan",
            "SAMPLAN_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.",
        ),
        ("SAMPLAN_SETTINGS", "no.env", "The settings in no.env cannot be read."),
        (
            "SAMPLAN_PROCESSES",
            "nowhere",
            "There is no pack in nowhere, the folder that SAMPLAN_PROCESSES names.",
        ),
        (
            "SAMPLAN_DATABASE_URL",
            "sqlite:////proc/no/a.db",
            "/proc/no: No such file or directory.",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str, said: str):
    assert refusal("deploy", **{name: value}) == said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["backup"], "/proc/no: No such file or directory.\n"),
        (["init", "--yes", "--folder", "/proc/no"], "/proc/no: No such file or directory.\n"),
        (["templates", "--language", "xx"], "Samplan does not speak xx."),
        (["restore", "no.samplan"], "no.samplan cannot be read.\n"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_file_that_cannot_be_is_named(asked: list[str], said: str):
    given = {"SAMPLAN_BACKUP_KEY": OTHER, "SAMPLAN_BACKUPS": "/proc/no"}
    environment = given if asked == ["backup"] else {}

    assert f"{refusal(*asked, **environment)}\n".startswith(said)


def test_a_port_that_cannot_be_is_refused():
    done = CliRunner().invoke(app, ["demo", "--port", "99999"])

    assert done.exit_code == 2
    assert "65535" in done.stderr


def test_what_a_setting_holds_is_not_said():
    said = refusal("migrate", SAMPLAN_PORT="eighty", SAMPLAN_BACKUP_DAYS="-3")

    assert said.startswith("SAMPLAN_PORT: Input should be a valid integer")
    assert "SAMPLAN_BACKUP_DAYS: Input should be greater than 0." in said
    assert "eighty" not in said


def test_another_master_key_and_a_newer_database_are_told_of():
    migrate(Settings())

    assert refusal("migrate", SAMPLAN_MASTER_KEY=OTHER) == (
        "The keys follow another master key than SAMPLAN_MASTER_KEY: name that one."
    )

    with sqlite3.connect("var/samplan.db") as rows:
        rows.execute("update alembic_version set version_num = '9999'")
    assert refusal("migrate") == str(NewerDatabase())


def test_a_fault_of_ours_keeps_its_trace(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cli.deploying.migrate", lambda _: 1 / 0)

    done = CliRunner().invoke(app, ["migrate"])

    assert isinstance(done.exception, ZeroDivisionError)


@pytest.mark.parametrize("asked", [COMMANDS[2], ["init", "--yes"]], ids=" ".join)
def test_a_language_that_samplan_does_not_speak_makes_nothing(asked: list[str], tmp_path: Path):
    said = refusal(*asked, "--language", "xx")

    assert said == "Samplan does not speak xx. Choose one of: sv, de, es, it, en."
    assert list(tmp_path.iterdir()) == []


def test_without_packs_no_installation_begins(tmp_path: Path):
    assert refusal("init", "--yes", SAMPLAN_PROCESSES="nowhere").startswith("There is no pack")
    assert list(tmp_path.iterdir()) == []


def test_what_the_environment_says_otherwise_is_not_written_beside_it(tmp_path: Path):
    said = refusal("init", "--yes", SAMPLAN_DATABASE_URL="sqlite:///elsewhere.db")

    assert said.startswith("The environment says SAMPLAN_DATABASE_URL otherwise")
    assert list(tmp_path.iterdir()) == []
