"""Bring an installation up to date: its schema, and the packs on disk."""

import sys

from base.settings import Settings
from casework import installing
from casework.application import Application


def migrate(settings: Settings) -> None:
    """Bring the database to this version."""
    Application.migrate(settings)


def deploy(settings: Settings) -> int:
    """Import packs from disk; says what became of each."""
    application = Application.open(settings)
    with application.database.transaction() as tx:
        imported = installing.import_packs(tx, settings.processes)
    for pack in imported:
        sys.stdout.write(f"{pack.pack_id}: {pack.became}\n")
    return 0
