"""Write translations into a .po file, and leave every other byte of it as it is."""

import re
from collections.abc import Iterable

import polib

from engine.packs.words import Text, short_context

_BETWEEN = re.compile(r"\n[ \t]*\n+")
_CONTEXT = re.compile(r'^msgctxt "(.*)"$', re.MULTILINE)
_WIDTH = 99


def with_translations(data: bytes, language: str, changes: Iterable[tuple[Text, str]]) -> bytes:
    """The file with these translations; an empty one is taken out, a new one stands last.

    An entry keeps the context it has, with the file's folder and ending or without; ``data`` may
    be empty where the language has no file yet.
    """
    blocks = _BETWEEN.split(data.decode().strip("\n")) if data else [_heading(language)]
    places = {_context(block): number for number, block in enumerate(blocks)}
    for text, translation in changes:
        names = (text.context, short_context(text.context))
        known = next((name for name in names if name in places), None)
        entry = _entry(known or text.context, text.source, translation) if translation else ""
        if known is not None:
            blocks[places[known]] = entry
        elif entry:
            places[text.context] = len(blocks)
            blocks.append(entry)
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def _context(block: str) -> str:
    found = _CONTEXT.search(block)
    return polib.unescape(found[1]) if found else ""


def _entry(context: str, source: str, translation: str) -> str:
    entry = polib.POEntry(msgctxt=context, msgid=source, msgstr=translation)
    return str(entry.__unicode__(wrapwidth=_WIDTH)).rstrip("\n")


def _heading(language: str) -> str:
    lines = (
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        '"Content-Type: text/plain; charset=UTF-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
    )
    return "\n".join(lines)
