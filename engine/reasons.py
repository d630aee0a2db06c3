"""Why a diagram does not begin or go on: sentences that somebody reads in their language.

Written down in English, as a log and a terminal show them, and read back to be said otherwise.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

#: By code, with the facts left open; ``place`` is the id of an element or a process.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "step": "The step “{place}” could not be carried out: {why}",
        "no_process": "There is no process “{name}” in this release.",
        "no_element": "The release has no element “{name}” any more.",
        "other_format": "The state of this instance has an unknown format.",
        "other_language": "Diagrams are written in FEEL; nothing else is evaluated.",
        "no_start": "{place}: there is no start event.",
        "other_start": "{place}: it cannot start at “{start}”.",
        "which_start": "{place}: it is not clear where to start.",
        "cannot_begin": "{place}: a process cannot begin with this event.",
        "cannot_run": "{place}: a {kind} cannot be run.",
        "half_mapping": "{place}: a mapping needs a source and a target.",
        "names_no_decision": "{place}: the business rule task names no decision.",
        "names_no_service": "{place}: the service task names no service.",
        "names_no_process": "{place}: the call activity names no process.",
        "one_event": "{place}: an event sub-process begins with one event.",
        "shares": "{place}: an event sub-process shares what is around it.",
        "boundary": "{place}: the boundary event waits for nothing.",
        "puts_right": "{place}: one step puts right what one step has done.",
        "not_put_right": "{place}: nothing says how to put it right.",
        "one_thing": "{place}: an event waits for one thing only.",
        "cannot_wait": "{place}: a {kind} event cannot be waited for.",
        "cannot_throw": "{place}: a {kind} event cannot be thrown.",
        "leads_nowhere": "{place}: the flow leads nowhere.",
        "no_link": "{place}: no link “{name}” is caught.",
        "no_expression": "{place}: {text} is not an expression: {error}",
        "no_condition": "{place}: {text} is no condition: write ={text}",
        "failed_expression": "{text}: {error}",
        "too_deep": "processes call each other more than {most} deep",
        "too_long": "more than {most} steps were taken without waiting for anybody",
        "too_many_messages": "more than {most} messages in one command",
        "steps_itself": "a service tried to step the instance that called it",
        "overtaken": "it was stepped since this command read it",
        "unknown_decision": "there is no such decision in this release",
        "no_priority": "its priority is no number",
        "no_time": "the timer says no time",
        "no_moment": "the timer names no date and no duration",
        "beyond": "the moment lies beyond the calendar",
        "no_cycle": "a cycle is written as R3/PT1H",
        "fast_cycle": "a cycle repeats once a minute at most",
        "back_cycle": "a cycle goes forward",
        "nameless_wait": "the {kind} it waits for has no name",
        "nameless_throw": "the {kind} it throws has no name",
        "no_key": "its correlation key {text} is empty",
        "uncaught": "nothing catches the error “{name}”",
        "no_way": "none of the conditions holds and no flow is default: {text}",
        "no_list": "{text} is no list",
        "long_list": "{text} has more than {most} items",
        "no_count": "it does not say how many times",
    }
)
_FACT = re.compile(r"\{(\w+)\}")
#: A longer one stays in English: reading it back costs the square of its length.
_LONGEST = 1_000


def reason(code: str, **facts: object) -> str:
    """The sentence in English."""
    return REASONS[code].format_map(facts)


def said(
    text: str, translate: Callable[[str], str], name_of: Callable[[str], str] = lambda id: id
) -> str:
    """A reason in a language, its place by name; any other sentence as it is translated."""
    plain = translate(text)
    found = _read(text) if plain == text else None
    if found is None:
        return plain
    template, facts = found
    if "place" in facts:
        facts["place"] = name_of(facts["place"])
    if "why" in facts:
        facts["why"] = said(facts["why"], translate, name_of)
    return translate(template).format_map(facts)


def _read(text: str) -> tuple[str, dict[str, str]] | None:
    """What a reason was made from; None for what is none."""
    if len(text) > _LONGEST:
        return None
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return template, found.groupdict()
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The most telling first."""
    telling = sorted(REASONS.values(), key=lambda each: -len(_FACT.sub("", each)))
    return tuple((each, _pattern(each)) for each in telling)


def _pattern(template: str) -> re.Pattern[str]:
    """A fact that is named again is the same again."""
    known: set[str] = set()
    written = ""
    for number, part in enumerate(_FACT.split(template)):
        if number % 2 == 0:
            written += re.escape(part)
        else:
            written += f"(?P={part})" if part in known else f"(?P<{part}>.+?)"
            known.add(part)
    return re.compile(written, re.DOTALL)
