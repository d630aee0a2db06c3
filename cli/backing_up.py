"""``samplan backup``, ``samplan restore``: keep copies, prove them, put them back."""

import sys
from collections.abc import Callable
from pathlib import Path

from base.clock import SystemClock
from base.errors import SamplanError
from base.settings import Settings
from casework.application import Application
from casework.backups import actions as backups
from casework.backups.actions import Made
from cli.lines import of_system, write


def back_up(settings: Settings) -> int:
    """Exit 1 if either copy could not be made and proved."""

    def make() -> None:
        app = Application.open(settings)
        try:
            for made in backups.back_up(app):
                _tell(made)
        finally:
            app.close()

    return _refusing(make)


def examine(files: list[Path], settings: Settings) -> int:
    """Exit 1 at the first file that cannot be used."""

    def look() -> None:
        for file in files:
            _tell(backups.examine(file, settings))

    return _refusing(look)


def restore(settings: Settings, *, cases: Path, keys: Path | None, replace: bool) -> int:
    """Exit 1 if anything was refused; then nothing has changed, or it is said."""

    def put_back() -> None:
        done = backups.restore(settings, SystemClock(), cases=cases, keys=keys, replace=replace)
        write(f"{done.cases} cases are back.")
        if done.erased:
            write(f"{done.erased} cases that had been erased were erased again.")
        if done.unreadable:
            write(f"{done.unreadable} cases have no key: the keys are older than the cases.")

    return _refusing(put_back)


def _tell(made: Made) -> None:
    head = made.head
    write(f"{made.path}: {head.store}, made {head.made}, {made.rows} rows, whole.")


def _refusing(act: Callable[[], None]) -> int:
    try:
        act()
    except SamplanError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{of_system(error)}\n")
        return 1
    return 0
