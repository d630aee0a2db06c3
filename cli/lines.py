"""Lines for whoever reads the output of a command, person or program."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, NoReturn


def say(said: Mapping[str, Any]) -> None:
    """One line of JSON, at once."""
    write(json.dumps(said, ensure_ascii=False))


def write(line: str) -> None:
    """One line in UTF-8, at once; ends the program where nobody reads any more."""
    if sys.stdout is None:  # closed before we began
        sys.exit(1)
    try:
        # Half a surrogate pair is no text, but as \\udXXX it is JSON.
        sys.stdout.buffer.write(line.encode(errors="backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    except OSError:
        _leave()


def _leave() -> NoReturn:
    # Python would complain when it flushes the closed output once more at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(1)


def of_system(error: OSError) -> str:
    """What the system says of a file or an address, without its number."""
    return f"{error.filename}: {error.strerror}." if error.filename else str(error)
