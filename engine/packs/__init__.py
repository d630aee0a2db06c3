"""Packs: everything that owners of processes may change, read and understood."""

from engine.packs.config import (
    Action,
    Ending,
    Milestone,
    PackConfig,
    Procedure,
    Review,
    Role,
    Start,
    read_config,
)
from engine.packs.errors import BadPack
from engine.packs.folder import digest, is_pack_file, read_folder
from engine.packs.logo import (
    LOGOS,
    BadLogo,
    Logo,
    LogoFlaw,
    is_photograph,
    read_logo,
    sides_of_photograph,
)
from engine.packs.pack import Pack, open_pack
from engine.packs.phrases import (
    SAMPLAN,
    Flaw,
    flaw_of,
    flaws_of,
    longest,
    places,
    texts_of_phrases,
)
from engine.packs.wording import with_translations
from engine.packs.words import Text, Words, texts_of, texts_of_config, texts_of_decisions

__all__ = [
    "LOGOS",
    "SAMPLAN",
    "Action",
    "BadLogo",
    "BadPack",
    "Ending",
    "Flaw",
    "Logo",
    "LogoFlaw",
    "Milestone",
    "Pack",
    "PackConfig",
    "Procedure",
    "Review",
    "Role",
    "Start",
    "Text",
    "Words",
    "digest",
    "flaw_of",
    "flaws_of",
    "is_pack_file",
    "is_photograph",
    "longest",
    "open_pack",
    "places",
    "read_config",
    "read_folder",
    "read_logo",
    "sides_of_photograph",
    "texts_of",
    "texts_of_config",
    "texts_of_decisions",
    "texts_of_phrases",
    "with_translations",
]
