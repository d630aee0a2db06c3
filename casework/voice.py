"""How a programme speaks to people: Samplan's sentences in its pack's words, under its logo."""

from collections.abc import Callable
from dataclasses import dataclass
from gettext import NullTranslations

from base import lang
from base.db import Session
from casework.application import Application
from casework.phrases import Phrases, phrases
from casework.printing import Logo
from casework.programmes import store as programmes
from casework.words import Words
from engine import packs
from engine.packs import Pack

#: Most that a logo takes of a page, in millimetres.
_WIDE, _HIGH = 60, 16


@dataclass(frozen=True, slots=True)
class Voice:
    """In one language; called with a sentence in English it says it.

    Without a pack in Samplan's own words, and without a logo.
    """

    language: str
    pack: Pack | None

    def __call__(self, text: str) -> str:
        own = self.pack.phrases(self.language).get(text) if self.pack else None
        return self._catalogue.gettext(text) if own is None else own

    def several(self, one: str, many: str, number: int) -> str:
        """For so many, as every language that Samplan speaks counts."""
        own = self.pack.phrases(self.language) if self.pack else {}
        said = own.get(one if number == 1 else many)
        return self._catalogue.ngettext(one, many, number) if said is None else said

    @property
    def logo(self) -> Logo | None:
        """What stands at the head of papers."""
        logo = self.pack.logo if self.pack else None
        return fitted(logo, self.says_logo) if logo else None

    @property
    def says_logo(self) -> str:
        """What whoever cannot see the logo hears; whose it is alone where Samplan has no words."""
        if self.language not in lang.LANGUAGES:
            return self.title
        say = self
        return say("Logo: %(title)s") % {"title": self.title}

    @property
    def title(self) -> str:
        """Of the pack; empty without one."""
        return Words(self.pack, self.language).title() if self.pack else ""

    @property
    def _catalogue(self) -> NullTranslations:
        return lang.catalogue(lang.WORDS, self.language)


def fitted(logo: packs.Logo, says: str) -> Logo:
    """As large as the head of a paper takes it."""
    part = min(_WIDE / logo.width, _HIGH / logo.height)
    return Logo(logo.as_svg(), says, logo.width * part, logo.height * part)


def saying(tx: Session, app: Application, language: str, pack_id: str) -> Callable[[str], str]:
    """Says as `voice` does, which is asked for when something is said: most forms say nothing."""
    return lambda text: voice(tx, app, language, pack_id)(text)


def voice(tx: Session, app: Application, language: str, pack_id: str = "") -> Voice:
    """That of the pack of a case; without one that of the only pack, if there is no other."""
    if "phrases" not in tx.info:
        tx.info["phrases"] = phrases(tx, app, programmes.programmes(tx))
    known: Phrases = tx.info["phrases"]
    return Voice(language, known.pack_of(pack_id))
