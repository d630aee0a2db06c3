"""What the check finds, and in which words.

Messages are templates, so that a screen can say the same rule in another language with the same
facts: ``RULES[finding.rule]`` and ``finding.facts``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.findings import (
    documents,
    files,
    profile,
    references,
    sentences,
    soundness,
    structure,
    variables,
)
from engine.findings.rule import Rule, Severity

__all__ = ["RULES", "Finding", "Rule", "Severity", "finding"]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        **files.RULES,
        **structure.RULES,
        **profile.RULES,
        **soundness.RULES,
        **variables.RULES,
        **references.RULES,
        **sentences.RULES,
        **documents.RULES,
    }
)
_LONGEST_FACT = 600


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. Errors keep a file from being published.

    ``element`` is an id in ``file``; empty where the file as a whole is meant.
    """

    file: str
    element: str
    rule: str
    severity: Severity
    message: str
    remedy: str
    facts: Mapping[str, str]


def finding(rule: str, file: str, element: str = "", **facts: str) -> Finding:
    """The finding of a rule; ``facts`` fill its templates."""
    words = RULES[rule]
    facts = {"file": file, "element": element} | facts
    facts = {key: _short(fact) for key, fact in facts.items()}
    return Finding(
        file=file,
        element=element,
        rule=rule,
        severity=words.severity,
        message=words.message.format_map(facts),
        remedy=words.remedy.format_map(facts),
        facts=MappingProxyType(facts),
    )


def _short(fact: str) -> str:
    """Nobody reads more in the middle of a sentence."""
    return fact if len(fact) <= _LONGEST_FACT else f"{fact[:_LONGEST_FACT]}…"
