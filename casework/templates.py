"""Element templates of the services: an owner chooses one by its words and fills in what it needs.

The format is that of the editor and of the desktop modeler.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from casework.services import CATALOGUE, Service
from engine.packs import Pack, PackConfig

_SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
_VERSION = 1
Say = Callable[[str], str]


def templates(pack: Pack, say: Say) -> list[Any]:
    """What the pack brings itself, then its services; a file that holds none is left out."""
    found: list[Any] = []
    for path in pack.paths(".json"):
        try:
            told = json.loads(pack.files[path])
        except ValueError:
            continue
        found += told if isinstance(told, list) else [told]
    return [*found, *service_templates(pack.config, say)]


def service_templates(config: PackConfig | None, say: Say) -> list[dict[str, Any]]:
    """One for each service that diagrams of the pack may ask for; without a pack, for each."""
    allowed = config.services if config is not None else None
    titles = service_titles(say)
    return [
        _template(name, titles[name], service, say)
        for name, service in CATALOGUE.items()
        if allowed is None or name in allowed
    ]


def service_titles(say: Say) -> Mapping[str, str]:
    """What each service does, in a few words."""
    return {
        "consent.present": say("Lay the consent before the person"),
        "consent.activate": say("Let the signed consent hold"),
        "consent.refuse": say("Note that the person says no"),
        "consent.lapse_request": say("End an unanswered request for consent"),
        "consent.remind": say("Remind of an unanswered request for consent"),
        "consent.status": say("Ask whether a consent is in force"),
        "consent.informed": say("List whom consents have named"),
        "case.set_lead": say("Hand over coordination"),
        "case.set_priority": say("Mark the case as urgent or not"),
        "case.close": say("Close the case"),
        "case.resume": say("Let the resting case go on"),
        "case.cancel_running": say("End the other routines of the case"),
        "plan.adopt": say("Let the plan hold"),
        "dilemma.report": say("Report a dilemma"),
        "meeting.standing": say("Count the meetings of a term"),
        "party.remind": say("Remind an organisation in the case"),
        "organisation.mail": say("Tell an organisation by mail that something waits"),
    }


def _template(name: str, title: str, service: Service, say: Say) -> dict[str, Any]:
    groups = [
        {"id": "needs", "label": say("What the service needs")},
        {"id": "gives", "label": say("What the service gives")},
    ]
    properties = [
        {
            "type": "Hidden",
            "value": name,
            "binding": {"type": "zeebe:taskDefinition", "property": "type"},
        },
        *(_input(each, say) for each in sorted(service.inputs)),
        *(_output(each, say) for each in sorted(service.outputs)),
    ]
    if service.remote:
        groups.append({"id": "tries", "label": say("If it fails")})
        properties.append(_retries(say))
    return {
        "$schema": _SCHEMA,
        "name": title,
        "id": f"samplan.{name}",
        "version": _VERSION,
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "groups": groups,
        "properties": properties,
    }


def _input(name: str, say: Say) -> dict[str, Any]:
    return {
        "label": name,
        "description": say("A FEEL expression; it begins with “=”."),
        "group": "needs",
        "type": "String",
        "feel": "required",
        "value": f"={name}",
        "constraints": {"notEmpty": True},
        "binding": {"type": "zeebe:input", "name": name},
    }


def _output(name: str, say: Say) -> dict[str, Any]:
    """Left empty, nothing becomes a variable."""
    return {
        "label": name,
        "description": say("The variable that takes it; empty: it is not kept."),
        "group": "gives",
        "type": "String",
        "optional": True,
        "binding": {"type": "zeebe:output", "source": f"={name}"},
    }


def _retries(say: Say) -> dict[str, Any]:
    return {
        "label": say("How often it is tried"),
        "group": "tries",
        "type": "String",
        "value": "3",
        "constraints": {"pattern": {"value": "^([1-9]|1[0-9]|20)$", "message": "1–20"}},
        "binding": {"type": "zeebe:taskDefinition", "property": "retries"},
    }
