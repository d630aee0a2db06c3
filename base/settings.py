"""Settings: read once from the environment and a file that it names, then frozen."""

import base64
import os
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from base.errors import SamplanError

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_TOKEN_LENGTH = 20
_DATABASES = ("sqlite:///", "postgresql+psycopg://")


class BadSettings(SamplanError):
    """A setting is missing or wrong."""


def settings_file() -> Path | None:
    """The file that ``SAMPLAN_SETTINGS`` names; the environment goes before it."""
    named = os.environ.get("SAMPLAN_SETTINGS")
    return Path(named) if named else None


def _packs() -> Path:
    """Those of the repository, else those that were installed with the code."""
    beside = Path(__file__).parent.parent
    return next(
        (beside / n for n in ("processes", "samplan_processes") if (beside / n).is_dir()), beside
    )


class Settings(BaseSettings):
    """Everything that differs between installations; each is ``SAMPLAN_`` + its name."""

    model_config = SettingsConfigDict(env_prefix="SAMPLAN_", frozen=True, extra="ignore")

    def __init__(self, *, file: Path | None = None, **given: Any) -> None:
        """``file`` instead of the one that is named. Raises BadSettings for what cannot be."""
        file = file or settings_file()
        if file is not None and not os.access(file, os.R_OK):
            raise BadSettings(f"The settings in {file} cannot be read.")
        try:
            super().__init__(_env_file=file, **given)
        except ValidationError as error:
            raise BadSettings(_wrong(error)) from None  # it holds values, secrets too
        for name in ("database_url", "keys_url"):
            if not getattr(self, name).startswith(_DATABASES):
                raise BadSettings(
                    f"SAMPLAN_{name.upper()} must begin with {' or '.join(_DATABASES)}."
                )

    #: Where case data lies: ``sqlite:///var/samplan.db`` or ``postgresql+psycopg://…``.
    database_url: str = "sqlite:///var/samplan.db"
    #: Where the cases' keys lie: another file or database, left out of data backups.
    keys_url: str = "sqlite:///var/keys.db"
    #: 32 bytes, base64; wraps the cases' keys. Or name a file that holds it.
    master_key: SecretStr | None = None
    #: A file with the master key, readable by this account alone.
    master_key_file: Path | None = None
    #: A second master key that is accepted while one takes the other's place. Or name a file.
    other_master_key: SecretStr | None = None
    #: A file with the second master key, readable by this account alone.
    other_master_key_file: Path | None = None
    #: The address people type, used in mails.
    public_url: str = "http://127.0.0.1:8000"
    #: Where the web server listens.
    host: str = "127.0.0.1"
    #: Port of the web server.
    port: int = 8000
    #: Seconds between saying at ``/health`` that a web server leaves and its stopping.
    leave_seconds: float = 0
    #: Folder with one sub-folder per pack.
    processes: Path = _packs()
    #: Mail server; without one, mails stay in the application.
    smtp_host: str | None = None
    #: Port of the mail server.
    smtp_port: int = 587
    #: Account at the mail server.
    smtp_user: str | None = None
    #: Password at the mail server.
    smtp_password: SecretStr | None = None
    #: Sender of mails.
    mail_from: str = "samplan@localhost"
    #: Fictional people, a clock one can push, mails one can read. Never for real cases.
    demo: bool = False
    #: ``required``: whoever signs in with a password proves it with a code as well. ``off``: only
    #: who has set one up. Said nothing: required, but in a demonstration.
    second_factor: Literal["off", "required"] | None = None
    #: A TOML file that names the organisations' own sign-in, if any.
    providers: Path | None = None
    #: 32 bytes, base64; seals backups. Another one than the master key. Or name a file.
    backup_key: SecretStr | None = None
    #: A file with the key of backups, readable by this account alone.
    backup_key_file: Path | None = None
    #: The former key of backups, so that older ones can still be read. Or name a file.
    other_backup_key: SecretStr | None = None
    #: A file with the former key of backups, readable by this account alone.
    other_backup_key_file: Path | None = None
    #: Folder for backups of the cases.
    backups: Path = Path("var/backups")
    #: Folder for backups of the key store: on another machine or medium than those of the cases.
    key_backups: Path = Path("var/key-backups")
    #: Days that backups of the cases are kept; those of the key store at most 30.
    backup_days: PositiveInt = 90
    #: How large a file may be that somebody attaches to a case, in megabytes.
    attachment_megabytes: PositiveInt = 10
    #: Port for a monitor, off without one; the worker's measures lie at the port after it.
    measures_port: int | None = None
    #: Where measures are offered: this machine alone, unless a token guards them.
    measures_host: str = "127.0.0.1"
    #: What a monitor shows as its bearer token, 20 characters or more. Or name a file.
    measures_token: SecretStr | None = None
    #: A file with the monitor's token, readable by this account alone.
    measures_token_file: Path | None = None
    #: Where traces go, off without one: a collector of OpenTelemetry's, as a rule ``…/v1/traces``.
    traces_url: str | None = None
    #: Where faults of Samplan's own are reported, off without one: ``https://KEY@HOST/PROJECT``.
    reports_dsn: SecretStr | None = None
    #: How often a minute a program may ask with one token.
    api_per_minute: PositiveInt = 120
    #: In a demonstration: whether webhooks may go to this very machine, to try them out.
    webhooks_here: bool = False
    #: Where the worker and the demonstration keep small files.
    var: Path = Path("var")

    @cached_property
    def master(self) -> bytes:
        """The 32 bytes of the master key. Raises BadSettings if there are none."""
        return _key("SAMPLAN_MASTER_KEY", self.master_key, self.master_key_file)

    @cached_property
    def other_master(self) -> bytes | None:
        """The second master key, if there is one. Raises BadSettings."""
        key = _second(
            "SAMPLAN_OTHER_MASTER_KEY", self.other_master_key, self.other_master_key_file
        )
        if key == self.master:
            raise BadSettings("The second master key must be another one than the first.")
        return key

    @cached_property
    def backup_secrets(self) -> tuple[bytes, ...]:
        """What backups are read with: the present key, and the former one if there is one."""
        former = _second(
            "SAMPLAN_OTHER_BACKUP_KEY", self.other_backup_key, self.other_backup_key_file
        )
        return (self.backup_secret,) if former is None else (self.backup_secret, former)

    @cached_property
    def backup_secret(self) -> bytes:
        """The 32 bytes that seal backups. Raises BadSettings if there are none."""
        key = _key("SAMPLAN_BACKUP_KEY", self.backup_key, self.backup_key_file)
        if key == self.master:
            raise BadSettings("The key of backups must be another one than the master key.")
        return key

    @cached_property
    def measures_secret(self) -> str | None:
        """The monitor's token; None where only this machine can ask. Raises BadSettings."""
        given, file = self.measures_token, self.measures_token_file
        if given is None and file is None:
            if self.measures_port is not None and self.measures_host not in _HERE:
                raise BadSettings("Measures for other machines need SAMPLAN_MEASURES_TOKEN.")
            return None
        token = given.get_secret_value() if given else _read("SAMPLAN_MEASURES_TOKEN", file)
        if len(token) < _TOKEN_LENGTH:
            raise BadSettings("SAMPLAN_MEASURES_TOKEN must be 20 characters or more.")
        return token

    @property
    def requires_second_factor(self) -> bool:
        wanted = self.second_factor or ("off" if self.demo else "required")
        return wanted == "required"

    def require_backups_apart(self) -> tuple[Path, Path]:
        """Whoever takes one folder must not have the other. Raises BadSettings."""
        if self.backups.resolve() == self.key_backups.resolve():
            raise BadSettings("SAMPLAN_KEY_BACKUPS and SAMPLAN_BACKUPS must be two folders.")
        return self.backups, self.key_backups


def _wrong(error: ValidationError) -> str:
    """Which settings cannot be, and why; never what they hold."""
    said = (f"SAMPLAN_{each['loc'][0]}".upper() + f": {each['msg']}." for each in error.errors())
    return " ".join(said)


def _key(name: str, text: SecretStr | None, file: Path | None) -> bytes:
    try:
        key = base64.b64decode(
            text.get_secret_value() if text else _read(name, file), validate=True
        )
    except ValueError as error:
        raise BadSettings(f"{name} is not base64.") from error
    if len(key) != 32:
        raise BadSettings(f"{name} must hold 32 bytes.")
    return key


def _second(name: str, text: SecretStr | None, file: Path | None) -> bytes | None:
    return None if text is None and file is None else _key(name, text, file)


def _read(name: str, file: Path | None) -> str:
    if file is None:
        raise BadSettings(
            f"Set {name} or {name}_FILE, here or in the file that SAMPLAN_SETTINGS names."
        )
    try:
        return file.read_text().strip()
    except OSError as error:
        raise BadSettings(f"{file} cannot be read.") from error
