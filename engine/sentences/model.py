"""Sentences that must hold whatever happens, and what became of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

FILE = "sentences.toml"

#: Each form by the lists of places that it names, in the order in which it is read.
FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "without": ("never", "without"),
        "inside": ("never", "inside"),
        "ends": ("of", "ends_in"),
        "after": ("after", "always"),
        "between": ("after", "before", "always"),
    }
)

#: Broken and unknown are told by findings; ``lost`` names something that is not there.
Status = Literal["holds", "broken", "unknown", "lost"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """``texts`` by language; ``parts`` are the lists of places that its form names.

    A place is a process, or ``process/element``.
    """

    code: str
    form: str
    parts: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]

    def text(self, *languages: str) -> str:
        """In the first of these languages that it is written in, else in any."""
        for language in languages:
            if language in self.texts:
                return self.texts[language]
        return next(iter(self.texts.values()), self.code)

    def places(self) -> Iterator[str]:
        """Everything that it names."""
        for part in FORMS[self.form]:
            yield from self.parts[part]


@dataclass(frozen=True, slots=True)
class Passed:
    """An element, and the process that it stands in."""

    process: str
    element: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a sentence.

    ``path`` leads from the beginning of a case to where it breaks; ``lost`` are the places that
    are not there.
    """

    sentence: Sentence
    status: Status
    path: tuple[Passed, ...] = ()
    lost: tuple[str, ...] = ()
