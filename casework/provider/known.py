"""The providers that this installation trusts, one for each organisation: a TOML file."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from base.errors import NotFound
from base.outgoing import is_safe
from base.settings import BadSettings, Settings

_NEEDED = {"title", "organisation", "issuer", "client_id"}
_SECRET = {"client_secret_file", "client_secret_env"}
_CHOICES = {"passwords", "second_factor"}


class NoSuchProvider(NotFound):
    """No organisation signs in this way."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Whom an organisation's people show who they are.

    ``passwords``: they may sign in here with a password too. ``second_factor``: Samplan asks for
    its own, because the provider asks for one proof alone.
    """

    code: str
    title: str
    organisation: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    passwords: bool = False
    second_factor: bool = True


def providers(settings: Settings) -> tuple[Provider, ...]:
    """In the order of the file. Raises BadSettings."""
    return _read(settings.providers) if settings.providers else ()


def provider(settings: Settings, code: str) -> Provider:
    """Raises NoSuchProvider."""
    for each in providers(settings):
        if each.code == code:
            return each
    raise NoSuchProvider


def without_passwords(settings: Settings) -> frozenset[str]:
    """Codes of organisations whose people sign in at their provider alone."""
    return frozenset(each.organisation for each in providers(settings) if not each.passwords)


@cache
def _read(path: Path) -> tuple[Provider, ...]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings(f"The providers in {path} cannot be read.") from error
    found = tuple(_provider(code, row) for code, row in told.get("provider", {}).items())
    for name in ("organisation", "issuer"):
        if len({getattr(each, name) for each in found}) < len(found):
            raise BadSettings(f"Two providers in {path} have the same {name}.")
    return found


def _provider(code: str, row: Mapping[str, Any]) -> Provider:
    wrong = _NEEDED - set(row) | set(row) - _NEEDED - _SECRET - _CHOICES
    if wrong or not code.isidentifier():
        raise BadSettings(f"Provider {code}: look at {', '.join(sorted(wrong)) or 'its name'}.")
    if not is_safe(row["issuer"]):
        raise BadSettings(f"Provider {code}: the issuer's address must begin with https.")
    chosen = {name: row[name] for name in (*_NEEDED, *_CHOICES & set(row))}
    return Provider(code=code, secret=_secret(code, row), **chosen)


def _secret(code: str, row: Mapping[str, Any]) -> str:
    if "client_secret_env" in row:
        secret = os.environ.get(row["client_secret_env"], "")
    else:
        try:
            secret = Path(row.get("client_secret_file", "")).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSettings(f"Provider {code}: its secret cannot be read.") from error
    if not secret:
        raise BadSettings(f"Provider {code}: name the file or variable of its secret.")
    return secret
