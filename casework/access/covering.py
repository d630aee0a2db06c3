"""Whether consent allows it, and which of its demands is not met. Pure.

Source: domain.md §3.1 D2.
"""

from collections.abc import Callable, Collection
from datetime import date

from casework.access.model import YES, CaseFacts, ConsentFacts, Decision, Party, no

#: Purposes that let a named party know of a case.
SHARING_PURPOSES = frozenset({"consultation", "planning", "referral_to_party", "handover"})

#: Purposes for which the person's word must be in writing, whatever the procedure.
WRITTEN_PURPOSES = frozenset({"consultation"})

#: Purposes whose consent covers what was decided together, whether or not it is ticked.
DECIDING_PURPOSES = frozenset({"consultation", "planning"})

#: Kinds of information that no consent names: they stay with the organisation that wrote them.
OWN = "own"


def covers(
    facts: CaseFacts,
    *,
    on: date,
    purpose: str | None = None,
    parties: Collection[Party] = (),
    category: str | None = None,
    told: tuple[Party, Party] | None = None,
) -> Decision:
    """Whether one consent in force allows these parties to share this for this purpose.

    ``told``: who tells whom, where that is known. The code names the first demand that no
    consent meets: in force, in writing, purpose, parties, exclusions, kinds of information.
    """
    demands: list[tuple[str, Callable[[ConsentFacts], bool]]] = [
        ("no_consent", lambda consent: consent.in_force(on)),
        ("not_written", lambda consent: _written_enough(consent, facts, purpose)),
        ("purpose", lambda consent: _for_purpose(consent, purpose)),
        ("party_not_named", lambda consent: all(map(consent.names, parties))),
    ]
    if told is not None:
        demands += [("excluded_by_person", lambda consent: not consent.excepts(*told, category))]
    if category is not None:
        demands += [
            ("excluded_by_person", lambda consent: category not in consent.excluded_categories),
            ("category_not_named", lambda consent: _names_kind(consent, category)),
        ]
    left = list(facts.consents)
    for code, met in demands:
        left = [consent for consent in left if met(consent)]
        if not left:
            return no(code)
    return YES


def may_ask(
    facts: CaseFacts, category: str, *, on: date, purpose: str | None, party: Party | None
) -> Decision:
    """Whether a field of this kind may be asked in a step of this party for this purpose.

    Work of one's own organisation (purpose None) and what stays there is asked without consent;
    how to reach somebody whose identity is protected is asked and kept nowhere (D8).
    """
    if facts.restricted and category == "contact":
        return no("restricted")
    if purpose is None or category == OWN:
        return YES
    parties = () if party is None else (party,)
    return covers(facts, on=on, purpose=purpose, parties=parties, category=category)


def _written_enough(consent: ConsentFacts, facts: CaseFacts, purpose: str | None) -> bool:
    return consent.written or not (
        facts.written_only or consent.purpose in WRITTEN_PURPOSES or purpose in WRITTEN_PURPOSES
    )


def _names_kind(consent: ConsentFacts, category: str) -> bool:
    """A consent to decide together covers what was decided, whether or not it is ticked."""
    implied = category == "plan" and consent.purpose in DECIDING_PURPOSES
    return implied or category in consent.categories


def _for_purpose(consent: ConsentFacts, purpose: str | None) -> bool:
    if purpose is None:
        return consent.purpose in SHARING_PURPOSES
    return consent.purpose == purpose
