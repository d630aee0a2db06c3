"""Settings: read once from the environment (and from a file of secrets), then frozen."""

import base64
from functools import cached_property
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from base.errors import SamplanError


class BadSettings(SamplanError):
    """A setting is missing or wrong."""


class Settings(BaseSettings):
    """Everything that differs between installations; each is ``SAMPLAN_`` + its name."""

    model_config = SettingsConfigDict(env_prefix="SAMPLAN_", frozen=True, extra="ignore")

    #: Where case data lies: ``sqlite:///var/samplan.db`` or ``postgresql+psycopg://…``.
    database_url: str = "sqlite:///var/samplan.db"
    #: Where the cases' keys lie: another file or database, left out of data backups.
    keys_url: str = "sqlite:///var/keys.db"
    #: 32 bytes, base64; wraps the cases' keys. Or name a file that holds it.
    master_key: SecretStr | None = None
    #: A file with the master key, readable by this account alone.
    master_key_file: Path | None = None
    #: The address people type, used in mails.
    public_url: str = "http://127.0.0.1:8000"
    #: Where the web server listens.
    host: str = "127.0.0.1"
    #: Port of the web server.
    port: int = 8000
    #: Seconds between saying at ``/health`` that a web server leaves and its stopping.
    leave_seconds: float = 0
    #: Folder with one sub-folder per pack.
    processes: Path = Path(__file__).parent.parent / "processes"
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
    #: Where the worker and the demonstration keep small files.
    var: Path = Path("var")

    @cached_property
    def master(self) -> bytes:
        """The 32 bytes of the master key. Raises BadSettings if there are none."""
        text = self.master_key.get_secret_value() if self.master_key else self._master_from_file()
        try:
            key = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise BadSettings("SAMPLAN_MASTER_KEY is not base64.") from error
        if len(key) != 32:
            raise BadSettings("SAMPLAN_MASTER_KEY must hold 32 bytes.")
        return key

    def _master_from_file(self) -> str:
        if self.master_key_file is None:
            raise BadSettings("Set SAMPLAN_MASTER_KEY or SAMPLAN_MASTER_KEY_FILE.")
        try:
            return self.master_key_file.read_text().strip()
        except OSError as error:
            raise BadSettings(f"{self.master_key_file} cannot be read.") from error
