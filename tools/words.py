"""Put the application's own catalogues in their one order: python -m tools.words.

By the English sentence, so that two branches that add words rarely meet at one place.
"""

from pathlib import Path

import polib

from base import lang


def main() -> int:
    for path in sorted(lang.WORDS.glob("*.po")):
        path.write_text(in_order(path), encoding="utf-8")
    return 0


def in_order(path: Path) -> str:
    """The whole catalogue as text; of entries that stand twice the first stays."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    entries = {(entry.msgid, entry.msgid_plural): entry for entry in reversed(catalogue)}
    catalogue.clear()
    catalogue.extend(sorted(entries.values(), key=lambda entry: (entry.msgid, entry.msgid_plural)))
    return f"{str(catalogue).rstrip()}\n"


if __name__ == "__main__":
    raise SystemExit(main())
