"""Why a course does not go, in the words of the draft and the language of the reader."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from casework import access, formbook
from casework.access import Actor
from casework.application import Application
from casework.otherwise import Otherwise
from casework.trials.courses import Course
from casework.trials.ground import places_of
from casework.words import Words
from engine.packs import Pack
from engine.reasons import said


def _(text: str) -> str:
    """Marks a sentence that is said later, in the reader's language."""
    return text


_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "not_open": _("“%(about)s” does not wait. This waits: %(found)s."),
        "nobody": _("Nobody can do “%(about)s” as “%(found)s”."),
        "no_worker": _("Nobody works for %(about)s in this group."),
        "answers": _("“%(about)s” does not take what is answered to: %(found)s."),
        "agenda": _("The case is on no agenda."),
        "value": _("What is handed as “%(about)s” cannot be read: %(found)s"),
        "open": _("This waits: %(found)s. It should be: %(wanted)s."),
        "milestone": _("The stage is “%(found)s”, and should be “%(wanted)s”."),
        "ended": _("It has ended: “%(found)s”. It should be: “%(wanted)s”."),
        "not_ended": _("It has not ended. It should have ended: “%(wanted)s”."),
        "refused": _("%(found)s It should be: %(wanted)s"),
        "failed": _("“%(about)s” could not be carried out: %(found)s"),
        "missing": _("“%(about)s” is named, but is not there."),
        "unreadable": _("It cannot be read: %(found)s"),
    }
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it: the draft's words, titles of organisations and groups by code, a language."""

    words: Words
    places: Mapping[str, str]
    say: Callable[[str], str]

    def why(self, otherwise: Otherwise) -> str:
        """One or two sentences."""
        sentence = _SENTENCES.get(otherwise.kind)
        if sentence is None:
            return self._said(otherwise.found)
        gaps = {
            "about": self._about(otherwise),
            "found": self._named(otherwise, otherwise.found),
            "wanted": self._named(otherwise, otherwise.wanted),
        }
        return self.say(sentence) % gaps

    def _about(self, otherwise: Otherwise) -> str:
        match otherwise.kind:
            case "no_worker":
                return self._place(otherwise.about)
            case "missing" | "value":
                return otherwise.about
        return self._asking(otherwise.about)

    def _named(self, otherwise: Otherwise, codes: Sequence[str]) -> str:
        match otherwise.kind:
            case "not_open" | "open":
                return ", ".join(self._step(code) for code in codes) or self.say("nothing")
            case "nobody":
                return ", ".join(self.words.role(code) for code in codes)
            case "answers":
                return self._fields(otherwise.about, codes)
            case "milestone":
                return self.words.milestone("".join(codes)) or self.say("none")
            case "ended" | "not_ended":
                return self.words.ending("".join(codes))
            case "refused":
                return self._refusal(codes)
        return self._said(codes)

    def _said(self, sentences: Sequence[str]) -> str:
        return " ".join(said(each, self.say, self._placed) for each in sentences if each)

    def _placed(self, id: str) -> str:
        """An element or a diagram by its name."""
        return self.words.process(id) if id in self.words.pack.diagrams else self.words.step(id)

    def _step(self, name: str) -> str:
        """A step as scenarios name it, with the organisation it is for."""
        element, _mark, place = name.partition("@")
        title = self.words.step(element)
        return f"{title} ({self._place(place)})" if place else title

    def _place(self, code: str) -> str:
        """An organisation, its unit, or a group."""
        return self.places.get(code) or self.places.get(code.partition("/")[0], code)

    def _asking(self, name: str) -> str:
        """A message, a report or a step."""
        config = self.words.pack.config
        if name in config.actions:
            return self.words.action(name)
        return self.words.report(name) if name in config.reports else self._step(name)

    def _fields(self, name: str, paths: Sequence[str]) -> str:
        """What a form asks, each once whichever row of a list it is in."""
        form = self._form(name)
        if form not in self.words.pack.forms:
            return ", ".join(paths)
        plain = (".".join(p for p in path.split(".") if not p.isdigit()) for path in paths)
        asked = (formbook.label(self.words, form, path).rstrip(" :?") for path in plain)
        return ", ".join(dict.fromkeys(asked))

    def _form(self, name: str) -> str:
        """What asks for a message, a report or a step; empty for none."""
        pack = self.words.pack
        if name in pack.config.actions:
            return pack.config.actions[name].form or ""
        if name in pack.config.reports:
            return pack.config.reports[name].form
        id = name.partition("@")[0]
        elements = (process.elements.get(id) for process in pack.diagrams.values())
        return next((each.form or "" for each in elements if each is not None), "")

    def _refusal(self, codes: Sequence[str]) -> str:
        if not codes:
            return self.say("This is allowed.")
        return self.say(access.WHY.get(codes[0], codes[0]))


def ending(speaker: Speaker, course: Course, code: str) -> str:
    """How a course has ended; one that began with a diagram by itself, at which of its ends."""
    given = course["given"]
    if "alone" not in given:
        return speaker.words.ending(code)
    drawn = speaker.words.pack.diagrams.get(str(given["process"]))
    end = drawn.elements.get(code) if drawn is not None else None
    if drawn is None or end is None:
        return speaker.words.ending(code)
    return (
        " ".join(speaker.words.element(drawn.id, code).split())
        if end.name
        else speaker.say(_("at an end without a name"))
    )


def speaker_for(app: Application, pack: Pack, reader: Actor) -> Speaker:
    words, say = Words(pack, reader.language), app.translator(reader.language)
    return Speaker(words, places_of(app, pack), say)
