"""``samplan templates``: what the desktop modeler needs to offer the services by their words."""

import json
import sys
from pathlib import Path

from base import lang
from casework.templates import service_templates, templates
from engine.packs import BadPack, open_pack, read_folder


def write(pack: Path | None, language: str) -> int:
    """Exit 0 when they were written, 2 for a folder that is no pack.

    Raises Invalid for a language that Samplan does not speak.
    """
    lang.require_known(language)
    say = lang.catalogue(lang.WORDS, language).gettext
    try:
        found = (
            templates(open_pack(read_folder(pack)), say) if pack else service_templates(None, say)
        )
    except (BadPack, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return 0
