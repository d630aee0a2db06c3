"""A disk of a few megabytes, to be filled to its last byte."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_FILLER = "filler"
_PIECE = bytes(65_536)


@contextmanager
def a_small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """In memory, mounted in a new folder below this one. Only root of a Linux may."""
    place = folder / "small"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        # What SQLite does on a full disk is asked of it elsewhere, without one.
        pytest.skip("a small disk cannot be mounted here: only root may")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> None:
    """Until not one byte more fits."""
    with (disk / _FILLER).open("ab", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(_PIECE)


def empty(disk: Path) -> None:
    os.unlink(disk / _FILLER)
