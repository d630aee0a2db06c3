"""A pack as one value; its parts are parsed when first asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType

from base.lang import SOURCE
from engine import decisions, diagram
from engine.decisions import Decisions
from engine.diagram import Process
from engine.packs.config import FILE, PackConfig, read_config
from engine.packs.errors import BadPack
from engine.packs.folder import digest, is_pack_file
from engine.packs.logo import LOGOS, BadLogo, Logo, read_logo
from engine.packs.phrases import phrases_of
from engine.packs.words import Text, Words, read_words


@dataclass(frozen=True)
class Pack:
    """The files of a pack and what they say; equal where its files are."""

    config: PackConfig
    files: Mapping[str, bytes]

    @property
    def id(self) -> str:
        """The pack's own name, unique in an installation."""
        return self.config.id

    @cached_property
    def digest(self) -> str:
        """The SHA-256 over all paths and contents."""
        return digest(self.files)

    @cached_property
    def diagrams(self) -> Mapping[str, Process]:
        """The processes by id. Raises DiagramError for the first file that cannot be read."""
        found: dict[str, Process] = {}
        for name in self.paths(".bpmn"):
            for process in self.processes(name):
                if process.id in found:
                    why = f"The process “{process.id}” is already in {found[process.id].file}."
                    raise BadPack(name, why, process.id)
                found[process.id] = process
        return MappingProxyType(found)

    def processes(self, name: str) -> tuple[Process, ...]:
        """Those of one file, read once. Raises what ``engine.diagram.read`` refuses."""
        if name not in self._processes:
            self._processes[name] = diagram.read(self.files[name], name)
        return self._processes[name]

    @cached_property
    def _processes(self) -> dict[str, tuple[Process, ...]]:
        return {}

    @cached_property
    def decisions(self) -> Mapping[str, Decisions]:
        """The file that each decision stands in, by the decision's id.

        Raises what ``engine.decisions.read`` refuses, and BadPack.
        """
        found: dict[str, Decisions] = {}
        for name in self.paths(".dmn"):
            read = decisions.read(self.files[name], name)
            for id in read.ids:
                if found.setdefault(id, read) is not read:
                    raise BadPack(name, f"The decision “{id}” is already in {found[id].name}.", id)
        return MappingProxyType(found)

    @cached_property
    def forms(self) -> Mapping[str, str]:
        """The path of each form by its id. Raises BadPack for a form that is not JSON."""
        found: dict[str, str] = {}
        for name in self.paths(".form"):
            id = _form_id(self.files[name], name)
            if id in found:
                raise BadPack(name, f"The form “{id}” is already in {found[id]}.")
            found[id] = name
        return MappingProxyType(found)

    @property
    def form_ids(self) -> frozenset[str]:
        """The ids that a diagram's ``formId`` may name."""
        return frozenset(self.forms)

    @property
    def documents(self) -> frozenset[str]:
        """The names of the texts that are given to people, whatever their languages."""
        return frozenset(PurePosixPath(name).name.partition(".")[0] for name in self.paths(".md"))

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Each file of ``texts/`` by its path there, without ending. Raises BadPack."""
        return MappingProxyType(
            {
                name.removeprefix("texts/").removesuffix(".md"): _decoded(self.files[name], name)
                for name in self.paths(".md")
            }
        )

    @cached_property
    def logo(self) -> Logo | None:
        """What stands at the head of papers; None too where it cannot (the check says why)."""
        name = next((name for name in LOGOS if name in self.files), None)
        try:
            return read_logo(self.files[name]) if name else None
        except BadLogo:
            return None

    @cached_property
    def words(self) -> Mapping[str, Words]:
        """The translations by language. Raises BadPack for a broken .po file."""
        return MappingProxyType(
            {
                PurePosixPath(name).stem.replace("_", "-"): self.words_in(name)
                for name in self.paths(".po")
            }
        )

    def words_in(self, name: str) -> Words:
        """Those of one file, read once. Raises BadPack for a broken one."""
        if name not in self._words:
            self._words[name] = read_words(self.files[name], name)
        return self._words[name]

    @cached_property
    def _words(self) -> dict[str, Words]:
        return {}

    def spoken(self, language: str) -> str:
        """What its words reach such a reader in: that language, else English, else its own."""
        wanted = (each for each in (language, SOURCE) if each in self._languages)
        return next(wanted, self.config.language)

    def word(self, language: str, file: str, element: str, attribute: str, source: str) -> str:
        """The text as `spoken` says; the source text where it has no sure translation."""
        spoken = self.spoken(language)
        words = self.words.get(spoken)
        if words is None or spoken == self.config.language:
            return source
        return words.find(Text(file, element, attribute, source)) or source

    def phrases(self, language: str) -> Mapping[str, str]:
        """What Samplan is to say otherwise in this very language, by what it says in English."""
        return self._phrases.get(language, {})

    @cached_property
    def _phrases(self) -> Mapping[str, Mapping[str, str]]:
        try:
            words = self.words
        except BadPack:
            # Every page asks, the one on which the owner puts it right among them.
            return {}
        return {language: phrases_of(spoken) for language, spoken in words.items()}

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset({self.config.language, *self.config.languages, *self.words})

    def paths(self, ending: str) -> tuple[str, ...]:
        """The pack's files of one kind, sorted."""
        return tuple(sorted(name for name in self.files if name.endswith(ending)))


def open_pack(files: Mapping[str, bytes]) -> Pack:
    """Understand ``pack.toml`` and keep the rest for later. Raises BadPack."""
    for name in files:
        if not is_pack_file(name):
            raise BadPack(name, "A pack holds no such file.")
    if FILE not in files:
        raise BadPack(FILE, "The file is missing.")
    return Pack(read_config(files[FILE]), MappingProxyType(dict(files)))


def _form_id(data: bytes, name: str) -> str:
    try:
        form = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadPack(name, f"This is not JSON: {error}") from error
    id = form.get("id") if isinstance(form, dict) else None
    if not isinstance(id, str) or not id:
        raise BadPack(name, "The form has no id.", "id")
    return id


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadPack(name, "The file is not UTF-8 text.") from error
