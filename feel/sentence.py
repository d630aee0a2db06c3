"""Sentences that are made before anybody knows who reads them: of expressions, forms and tables.

Here, as `feel` imports nothing of ours and all of these are built on it.
"""

from collections.abc import Callable, Mapping


class Sentence(str):
    """A sentence in English that remembers its words and facts, so that it can be said anew.

    A fact may be a sentence itself. What is written down and read again is text like any other.
    """

    __slots__ = ("facts", "template")

    template: str
    facts: Mapping[str, str]


def sentence(template: str, /, **facts: object) -> Sentence:
    """``template`` with its facts filled in; it is found by whoever translates."""
    kept = {name: fact if isinstance(fact, str) else str(fact) for name, fact in facts.items()}
    made = Sentence(template.format_map(kept))
    made.template, made.facts = template, kept
    return made


def spoken(text: str, translate: Callable[[str], str]) -> str:
    """In the language of ``translate``; text that remembers nothing stays as it is."""
    if not isinstance(text, Sentence):
        return text
    facts = {name: spoken(fact, translate) for name, fact in text.facts.items()}
    return translate(text.template).format_map(facts)
