"""Log lines."""

import sys
from io import FileIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from base.log import Lines, without_words

_FULL = Path("/dev/full")


@pytest.mark.skipif(not _FULL.exists(), reason="only Linux has a device that is always full")
def test_a_line_that_finds_no_room_stops_nobody(monkeypatch: pytest.MonkeyPatch):
    raw: Any = FileIO(_FULL, "w")
    with TextIOWrapper(raw, write_through=True) as full:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stderr", full)
            print("first", file=Lines(), flush=True)

        with pytest.raises(OSError, match="No space"):
            full.write("second")


def test_a_line_about_a_fault_says_where_it_was_and_not_what_it_said():
    try:
        int("Anna Andersson")
    except ValueError as error:
        line = without_words(None, "error", {"event": "request failed", "exc_info": error})

    (said,) = line["exception"]
    assert said.partition(":")[0] == "ValueError tests/base/test_log.py"
    assert "Anna" not in str(line)
    assert "exc_info" not in line
