"""What things are called on screen: a pack's words in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.decisions import Decisions
from engine.decisions.model import Input, Rule
from engine.packs import Pack


@dataclass(frozen=True, slots=True)
class Words:
    """One pack in one language; what is not translated is shown as the owner wrote it.

    A language that the pack does not speak becomes English, or else the pack's own.
    """

    pack: Pack
    language: str

    @property
    def spoken(self) -> str:
        """The language that the pack's words are in for this reader."""
        return self.pack.spoken(self.language)

    def title(self) -> str:
        """What the pack is called."""
        return self._say("pack", "", "title", self.pack.config.title)

    def description(self) -> str:
        """What the pack is for; empty if its owner wrote nothing."""
        return self._say("pack", "", "description", self.pack.config.description)

    def process(self, process_id: str) -> str:
        process = self.pack.diagrams.get(process_id)
        if process is None:
            return process_id
        return self._say(process.file, process.id, "name", process.name) or process_id

    def element(self, process_id: str, element_id: str) -> str:
        """The name of a step; its id where the diagram no longer has it."""
        process = self.pack.diagrams.get(process_id)
        element = process.elements.get(element_id) if process else None
        if process is None or element is None:
            return element_id
        return self._say(process.file, element_id, "name", element.name) or element_id

    def guidance(self, process_id: str, element_id: str) -> str:
        """Markdown that tells how to do the step; empty if the owner wrote none."""
        process = self.pack.diagrams.get(process_id)
        element = process.elements.get(element_id) if process else None
        if process is None or element is None:
            return ""
        return self._say(process.file, element_id, "documentation", element.documentation)

    def naming(self, process_id: str) -> Callable[[str, str], str]:
        """For drawing a diagram: words of its elements, flows and lanes."""
        process = self.pack.diagrams[process_id]
        return lambda element_id, source: self._say(process.file, element_id, "name", source)

    def form(self, form_id: str) -> Callable[[str, str], str]:
        """For drawing a form: words by ``path/attribute``."""
        file = self.pack.forms[form_id]

        def say(place: str, source: str) -> str:
            path, _, attribute = place.rpartition("/")
            return self._say(file, path, attribute, source)

        return say

    def decision(self, file: Decisions, decision_id: str) -> str:
        """What a decision table is called."""
        return self._say(file.name, decision_id, "name", file.title(decision_id)) or decision_id

    def column(self, file: Decisions, column: Input) -> str:
        """What a column of conditions looks at; its expression where it has no name."""
        return self._say(file.name, column.id, "label", column.label)

    def remark(self, file: Decisions, rule: Rule) -> str:
        """What the owner has noted beside a rule; empty if nothing."""
        return self._say(file.name, rule.id, "remark", rule.annotation)

    def milestone(self, code: str | None) -> str:
        for milestone in self.pack.config.milestones:
            if milestone.code == code:
                return self._say("pack", f"milestones.{code}", "title", milestone.title)
        return code or ""

    def ending(self, code: str) -> str:
        """How a case has ended: as the pack calls it, else the end event; else the code."""
        ending = self.pack.config.endings.get(code)
        if ending is not None:
            return self._say("pack", f"endings.{code}", "title", ending.title)
        return self.step(code)

    def step(self, element_id: str) -> str:
        """The name of an element of whichever diagram has it, in one line; else its id."""
        for process in self.pack.diagrams.values():
            if element_id in process.elements:
                return " ".join(self.element(process.id, element_id).split())
        return element_id

    def action(self, message: str) -> str:
        action = self.pack.config.actions[message]
        return self._say("pack", f"actions.{message}", "title", action.title)

    def action_help(self, message: str) -> str:
        action = self.pack.config.actions[message]
        return self._say("pack", f"actions.{message}", "help", action.help)

    def report(self, code: str) -> str:
        """What a kind of report is called; the code where the pack no longer has it."""
        kind = self.pack.config.reports.get(code)
        return self._say("pack", f"reports.{code}", "title", kind.title) if kind else code

    def report_help(self, code: str) -> str:
        kind = self.pack.config.reports[code]
        return self._say("pack", f"reports.{code}", "help", kind.help)

    def term(self, code: str) -> str:
        term = self.pack.config.terms.get(code)
        return self._say("pack", f"terms.{code}", "title", term.title) if term else code

    def role(self, code: str) -> str:
        role = self.pack.config.roles.get(code)
        return self._say("pack", f"roles.{code}", "title", role.title) if role else code

    def procedure(self, code: str) -> str:
        procedure = self.pack.config.procedures.get(code)
        if procedure is None:
            return code
        return self._say("pack", f"procedures.{code}", "title", procedure.title)

    def retention(self, code: str) -> str:
        kept = self.pack.config.retention.get(code)
        return self._say("pack", f"retention.{code}", "title", kept.title) if kept else code

    def option(self, form_id: str, path: str, value: str, source: str) -> str:
        return self._say(self.pack.forms[form_id], path, f"values.{value}", source)

    def _say(self, file: str, element: str, attribute: str, source: str) -> str:
        return self.pack.word(self.language, file, element, attribute, source) if source else ""
