"""A command that cannot be done says why in one line; a fault of ours keeps its trace."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from base.errors import SamplanError
from cli.lines import of_system


class Refusing(TyperGroup):
    """The commands; exit 1 for what whoever installs, or the machine, can mend."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            why = _why(error)
            if not why:
                raise
            sys.stderr.write(f"{why}\n")
            raise typer.Exit(1) from error


def _why(error: Exception) -> str:
    """One line; empty for what is a fault of ours, and where nobody reads any more."""
    if isinstance(error, SamplanError):
        return str(error)
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        return of_system(error)
    return _of_database(error)


def _of_database(error: Exception) -> str:
    """Its own words, which name no password; only whoever has opened one has loaded its errors."""
    known = sys.modules.get("base.db")
    if known is None or not isinstance(error, known.AWAY):
        return ""
    said = str(getattr(error, "orig", None) or error).splitlines()[0]
    return (
        f"The database does not answer, or cannot be written: {said}. "
        "Look at SAMPLAN_DATABASE_URL and SAMPLAN_KEYS_URL; samplan doctor says which it is."
    )
