"""What is found in a pack before it runs, once per content, in the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from casework.releases.facts import (
    SERVICES,
    PackForms,
    form_file_findings,
    form_findings,
)
from casework.releases.papers import document_findings, handed_out_findings, logo_findings
from engine import releases
from engine.check import Finding, check
from engine.findings import RULES, finding
from engine.packs import BadPack, Pack, digest, open_pack
from feel.sentence import spoken


@dataclass(frozen=True, slots=True)
class _Files:
    """Files by what they hold, so that the same are read once."""

    digest: str
    files: Mapping[str, bytes] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Content:
    """A pack by what it holds, so that the same is checked once."""

    digest: str
    pack: Pack = field(compare=False, repr=False)


def findings(pack: Pack) -> list[Finding]:
    """Everything that can be known of a pack before it runs: diagrams, decisions, forms."""
    return list(_found(_Content(pack.digest, pack)))


def opened(files: Mapping[str, bytes]) -> Pack:
    """The pack that these files are, read once per content. Raises BadPack."""
    return _opened(_Files(digest(files), files))


def findings_of(files: Mapping[str, bytes]) -> list[Finding]:
    """`findings` of files that may not even be a pack."""
    try:
        return findings(opened(files))
    except BadPack as error:
        return [finding("unreadable", error.file, why=error.why)]


def findings_in_form(data: bytes, name: str) -> list[Finding]:
    """What is wrong with a form taken by itself; what its pack lets it read is not known."""
    return list(form_file_findings(data, name))


def errors(found: Iterable[Finding]) -> list[Finding]:
    """Those that keep a pack from being used."""
    return [each for each in found if each.severity == "error"]


def brought(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """The errors that were not there before."""
    known = set(map(_key, errors(before)))
    return tuple(each for each in errors(after) if _key(each) not in known)


def say(found: Finding, translate: Callable[[str], str]) -> tuple[str, str]:
    """Message and remedy in a language."""
    rule = RULES.get(found.rule)
    if rule is None:
        return spoken(found.message, translate), spoken(found.remedy, translate)
    facts = {name: spoken(fact, translate) for name, fact in found.facts.items()}
    message, remedy = translate(rule.message), translate(rule.remedy)
    return message.format_map(facts), remedy.format_map(facts)


@lru_cache(maxsize=8)
def _opened(content: _Files) -> Pack:
    return releases.understood(content.digest) or open_pack(content.files)


@lru_cache(maxsize=8)
def _found(content: _Content) -> tuple[Finding, ...]:
    pack = content.pack
    found = check(pack, forms=PackForms(pack), services=SERVICES)
    papers = (*document_findings(pack), *handed_out_findings(pack), *logo_findings(pack))
    return (*found, *form_findings(pack), *papers)


def _key(found: Finding) -> tuple[str, str, str, str]:
    return found.file, found.element, found.rule, found.message
