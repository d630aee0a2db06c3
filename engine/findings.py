"""What the check finds, and in which words.

Messages are templates, so that a screen can say the same rule in another language with the same
facts: ``RULES[finding.rule]`` and ``finding.facts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Severity = Literal["error", "warning", "advice"]
_LONGEST_FACT = 600


@dataclass(frozen=True, slots=True)
class Rule:
    """Severity and the templates of message and remedy, in plain English."""

    severity: Severity
    message: str
    remedy: str


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


def _error(message: str, remedy: str) -> Rule:
    return Rule("error", message, remedy)


def _warning(message: str, remedy: str) -> Rule:
    return Rule("warning", message, remedy)


def _advice(message: str, remedy: str) -> Rule:
    return Rule("advice", message, remedy)


_FILES = {
    "unreadable": _error(
        "{file} cannot be read: {why}",
        "Open the file in the editor it was made with and save it again.",
    ),
    "too_much": _warning(
        "The check was stopped after {limit} findings in {file}.",
        "Repair the first findings and check again.",
    ),
    "too_many": _error(
        "“{name}” has {count} elements; at most {limit} can be checked and run.",
        "Move parts of it into processes of their own and call them.",
    ),
    "layout_missing": _warning(
        "Nothing of “{name}” is drawn: the file holds no layout.",
        "Open the diagram in the editor and arrange it, so that people can see it.",
    ),
    "not_drawn": _warning(
        "“{name}” is not drawn on the diagram although it is part of the process.",
        "Delete it, or draw it, so that the picture shows what runs.",
    ),
    "not_executable": _warning(
        "The process “{name}” is not marked as executable.",
        "Tick “Executable” in the panel of the process.",
    ),
    "no_documentation": _advice(
        "“{name}” has no guidance for the person who does it.",
        "Write into its documentation what to do and what to think of.",
    ),
    "no_name": _advice(
        "The {kind} “{element}” has no name.",
        "Name it as people call it: they see the name in their task list.",
    ),
    "words_missing": _advice(
        "{count} of {total} texts have no translation into “{language}”, first “{first}”.",
        "Translate them in lang/{language}.po; until then the original is shown.",
    ),
    "unknown_key": _warning(
        "{file} says “{key}”, which means nothing.",
        "Look for a typing error, or delete the line.",
    ),
    "process_twice": _error(
        "The process “{element}” is in {file} and in {other}.",
        "Give one of them another id.",
    ),
    "duplicate_id": _error(
        "The id “{element}” is given to more than one thing in the process.",
        "Give each element an id of its own.",
    ),
}

_STRUCTURE = {
    "shared_id": _error(
        "The id “{element}” is given twice in the file, perhaps to the process itself and to a"
        " step; editors drop one of them.",
        "Give the step an id of its own.",
    ),
    "no_start": _error(
        "“{name}” has no start event, so it can never begin.",
        "Draw a start event and connect it to the first step.",
    ),
    "several_starts": _error(
        "“{name}” has {count} plain start events; it is not clear where to begin.",
        "Keep one plain start event, or give the others a message, a signal or a timer.",
    ),
    "sub_process_start": _error(
        "The sub-process “{name}” must begin with one plain start event.",
        "Draw exactly one start event without a message, signal or timer in it.",
    ),
    "event_sub_process_start": _error(
        "The event sub-process “{name}” must begin with one start event that says what starts it.",
        "Draw exactly one start event: a message, a timer, a signal, an error or an escalation.",
    ),
    "event_sub_process_flow": _error(
        "A flow leads into or out of the event sub-process “{name}”, which no flow starts.",
        "Delete the flow; what starts it stands in its start event.",
    ),
    "no_end": _error(
        "“{name}” has no end event.",
        "Draw an end event after the last step.",
    ),
    "dangling_flow": _error(
        "The flow “{element}” leads from “{source}” to “{target}”, but {missing} is no step of the"
        " process.",
        "Connect both ends of the flow, or delete it.",
    ),
    "flow_crosses": _error(
        "The flow “{element}” crosses the border of a sub-process.",
        "Let the flow end at the sub-process itself, and go on from its start event.",
    ),
    "flow_into_start": _error(
        "A flow leads into “{name}”, where nothing can arrive.",
        "Lead the flow to the step that comes after it.",
    ),
    "flow_out_of_end": _error(
        "A flow leaves the end event “{name}”.",
        "Delete the flow, or make the end event an intermediate one.",
    ),
    "no_way_on": _error(
        "“{name}” has no flow that leads on.",
        "Connect it to the next step or to an end event.",
    ),
    "several_ways_on": _warning(
        "{count} flows leave “{name}”; all of them will be taken.",
        "Draw a gateway after it that says so: parallel for all, exclusive for one.",
    ),
    "boundary_detached": _error(
        "The event “{name}” lies on the border of nothing.",
        "Attach it to a task, a sub-process or a call activity.",
    ),
    "missing_condition": _error(
        "The flow to “{target}” leaves the gateway “{name}” without a condition.",
        "Give it a condition, or make it the default flow.",
    ),
    "no_default": _error(
        "All conditions after “{name}” can be false at once; then the case would stand still.",
        "Make one of the flows the default flow.",
    ),
    "default_elsewhere": _error(
        "The default flow of “{name}” does not leave it.",
        "Choose one of the flows that leave it as its default flow.",
    ),
    "default_condition": _warning(
        "The default flow of “{name}” has a condition, which is never looked at.",
        "Delete the condition, or choose another default flow.",
    ),
    "condition_ignored": _error(
        "A flow that leaves “{name}” has a condition; conditions count only after an exclusive or"
        " inclusive gateway.",
        "Draw an exclusive gateway after it and put the condition there.",
    ),
    "event_gateway_target": _error(
        "After the event gateway “{name}” comes “{target}”, which is nothing to wait for.",
        "Let each of its flows lead straight to a message, signal or timer event.",
    ),
    "event_gateway_timers": _warning(
        "{count} timers wait after the event gateway “{name}”; the first of them always wins.",
        "Keep the timer that comes first, and draw the other after it.",
    ),
    "event_gateway_shared": _error(
        "“{name}” waits after an event gateway and is reached in another way too.",
        "Draw an event of its own for the other way.",
    ),
    "lane_conflict": _warning(
        "“{name}” is written into the lane “{lane}”, but its sub-process lies in “{other}”, which"
        " counts.",
        "Move the sub-process to the lane that is meant, or call a process of its own.",
    ),
}

_PROFILE = {
    "unsupported_element": _error(
        "“{name}” is a {kind}, which cannot be run.",
        "Draw it with tasks, gateways, events, sub-processes and call activities.",
    ),
    "abstract_task": _error(
        "The task “{name}” does not say who or what does it.",
        "Make it a user task, a manual task, a service task or another kind of task.",
    ),
    "complex_gateway": _error(
        "“{name}” is a complex gateway; its rule cannot be checked.",
        "Use an exclusive, parallel or inclusive gateway.",
    ),
    "ad_hoc": _error(
        "“{name}” is an ad-hoc sub-process: nothing says when it is finished.",
        "Use an ordinary sub-process with a loop and a decision whether more is to be done.",
    ),
    "transaction": _error(
        "“{name}” is a transaction; what people have done cannot be undone by the diagram.",
        "Use an ordinary sub-process with an error event on its border.",
    ),
    "compensation_handler": _error(
        "The compensation event “{name}” does not lead to one step that puts things right.",
        "Draw a dotted line from it to one task or call activity that is marked for compensation.",
    ),
    "compensation_alone": _error(
        "“{name}” is marked for compensation, but no compensation event leads to it.",
        "Draw a compensation event on the border of the step that it puts right, and a dotted line"
        " from there.",
    ),
    "compensation_flow": _error(
        "“{name}” is part of compensation and is reached by a dotted line alone; flows or events"
        " lie on it.",
        "Delete the flows and the events on its border.",
    ),
    "compensation_kind": _error(
        "“{name}” puts things right, and is a {kind} or repeated.",
        "Use a single task, or a call activity whose process holds all the steps.",
    ),
    "compensation_many": _error(
        "“{name}” lies on “{host}”, which is repeated: it would not know which turn to put right.",
        "Move the repeated step into a process of its own with its compensation, or draw the steps"
        " that put things right.",
    ),
    "compensation_nothing": _error(
        "“{name}” has things put right, but no step that it could mean has a compensation event.",
        "Draw a compensation event on the border of a step in the same process or sub-process, or"
        " choose such a step in its panel.",
    ),
    "compensation_inside": _error(
        "“{name}” has everything around it put right, but not what lies inside “{inner}”.",
        "Draw a compensation event on the border of “{inner}” itself.",
    ),
    "link_alone": _error(
        "“{name}” is a link event, but the other end of “{link}” is missing.",
        "Draw a link event of the same name at the other end, in the same process.",
    ),
    "link_twice": _error(
        "“{name}” leads to several link events of the name “{link}”.",
        "Keep one link event that receives, or draw a parallel gateway.",
    ),
    "conditional_event": _error(
        "“{name}” waits for a condition, which nothing watches.",
        "Wait for a message, or draw a timer and a gateway that asks again.",
    ),
    "unsupported_event": _error(
        "“{name}” has {article} {event} event, which cannot stand here.",
        "What can stand here: {allowed}.",
    ),
    "several_events": _error(
        "“{name}” waits for several things in one event.",
        "Draw an event gateway with one event for each.",
    ),
    "event_nowhere": _error(
        "“{name}” refers to {article} {event} that the file does not declare.",
        "Choose the {event} again in its panel, or create it.",
    ),
    "event_without_reference": _error(
        "“{name}” does not say which {event} is meant.",
        "Choose the {event} in its panel.",
    ),
    "no_event": _error(
        "“{name}” does not say what it waits for.",
        "Give it a message, a signal or a timer.",
    ),
    "error_kept": _error(
        "“{name}” is an error event that does not interrupt.",
        "An error always interrupts: use an escalation where work shall go on.",
    ),
    "boundary_never": _error(
        "“{name}” waits for an {event} of “{host}”, which is a {kind} and never raises one.",
        "Attach it to a sub-process or a call activity; errors to a service task, too.",
    ),
    "boundary_many": _error(
        "“{name}” lies on “{host}”, which is done once per item: it would fire once for all and"
        " know no item.",
        "Call a small process once per item, and draw the event in that process.",
    ),
    "boundary_start": _error(
        "“{name}” lies on a {kind}; events belong on the border of tasks, sub-processes and call"
        " activities.",
        "Attach it to the step that it shall watch.",
    ),
    "many_collection": _error(
        "“{name}” is done once per item, but no collection is named.",
        "Name a collection in FEEL, such as =parties.",
    ),
    "many_output": _error(
        "“{name}” collects results, but not both the collection and the element are named.",
        "Fill in both output collection and output element, or neither.",
    ),
    "many_kind": _error(
        "“{name}” is a {kind} and cannot be repeated.",
        "Repeat a task, a sub-process or a call activity.",
    ),
    "loop_unbounded": _error(
        "“{name}” is a loop without a maximum; it could go on for ever.",
        "Set the attribute loopMaximum, or draw the loop with an exclusive gateway.",
    ),
    "instantiate": _error(
        "“{name}” would start the process, but is no start event.",
        "Draw a message start event before it.",
    ),
    "juel": _error(
        "“{text}” is an expression in the style of Camunda 7.",
        "Write FEEL with a leading equals sign: ={suggestion}",
    ),
    "propagate_all": _error(
        "“{name}” passes all variables; what goes in and out must be named.",
        "Untick it, and name each variable in the input and output mappings.",
    ),
    "process_expression": _error(
        "“{name}” computes which process it calls, so the call cannot be checked.",
        "Name the process, and draw a gateway with one call activity for each.",
    ),
    "form_key": _error(
        "“{name}” names its form by a key or reference ({text}).",
        "Choose the form by its form id.",
    ),
    "person_named": _error(
        "“{name}” is assigned to a person ({text}); people change, roles stay.",
        "Name a role under candidate groups, or let the lane decide.",
    ),
    "plain_script": _error(
        "“{name}” holds a script in a programming language, which is never run.",
        "Write a FEEL expression and a result variable.",
    ),
    "camunda_7": _warning(
        "“{name}” has “{text}” of Camunda 7, which means nothing here.",
        "Delete it; set the same in the panel for Camunda 8.",
    ),
    "unread": _error(
        "“{name}” has “{text}”, which is not carried out.",
        "Delete it.",
    ),
    "unread_data": _error(
        "“{name}” has a data association ({text}), which moves no data.",
        "Use input and output mappings.",
    ),
    "called_element": _error(
        "“{name}” names the called process in plain BPMN.",
        "Choose “{text}” as the called element in the panel for Camunda 8.",
    ),
}

_SOUNDNESS = {
    "deadlock_parallel": _error(
        "The case can get stuck: the parallel gateway “{name}” waits for a way on which nothing"
        " comes. It happens after: {path}.",
        "Join with the same kind of gateway that split the ways.",
    ),
    "deadlock_inclusive": _error(
        "The case can get stuck: the inclusive gateway “{name}” and another one wait for each"
        " other. It happens after: {path}.",
        "Let only one of them come before the other.",
    ),
    "deadlock": _error(
        "The case can get stuck: nothing leads on from “{name}”. It happens after: {path}.",
        "Connect it to the next step or to an end event.",
    ),
    "deadlock_called": _error(
        "The case can get stuck inside “{name}”, in the process “{process}” that it calls. It"
        " happens after: {path}.",
        "Correct the called process, or draw an event on the border of “{name}” that leads on.",
    ),
    "endless_called": _error(
        "“{name}” cannot finish: the process “{process}” that it calls goes round for ever. It"
        " happens after: {path}.",
        "Draw a way to an end event in the called process.",
    ),
    "unsynchronised": _error(
        "“{name}” can be reached twice at the same time. It happens after: {path}.",
        "Join the parallel ways with a parallel or inclusive gateway before it.",
    ),
    "unreachable": _error(
        "“{name}” can never be reached.",
        "Connect it to a step that comes before it, or delete it.",
    ),
    "cannot_finish": _error(
        "“{name}” can begin but never finish: from “{place}” no way leads to an end. It happens"
        " after: {path}.",
        "Draw a way from there to an end event.",
    ),
    "loop_endless": _error(
        "The loop {path} never ends once it has begun: nothing in it waits, and nothing in it"
        " changes what the conditions after “{name}” read.",
        "Let a step in the loop write what the conditions read, or wait in it for a person, a"
        " message or a timer.",
    ),
    "loop_unwaited": _warning(
        "In the loop {path} nobody and nothing is waited for; it is stopped if it goes on for"
        " very many rounds.",
        "Make sure that it ends after a few rounds, or wait in it for a person, a message or a"
        " timer.",
    ),
    "too_large": _warning(
        "“{name}” has too many possible courses to look at all of them; {count} were.",
        "Move parts of it into processes of their own and call them.",
    ),
}

_VARIABLES = {
    "never_written": _error(
        "“{name}” reads the variable “{variable}”, which nothing writes.",
        "Look for a typing error, or let a step before it write the variable.",
    ),
    "never_written_here": _advice(
        "“{name}” reads the variable “{variable}”, which nothing in this file writes.",
        "Look for a typing error, unless the process is started or called with it.",
    ),
    "start_unwritten": _error(
        "“{name}” reads the variable “{variable}”, which is passed by calls, but not given when"
        " the process is started.",
        "Add it to the variables under start in pack.toml, or write it in the process.",
    ),
    "maybe_unwritten_here": _warning(
        "“{name}” reads the variable “{variable}”, which is not written on this way: {path}.",
        "Write the variable on every way that leads here, unless the process is started or called"
        " with it.",
    ),
    "maybe_unwritten": _error(
        "“{name}” reads the variable “{variable}”, which is not written on this way: {path}.",
        "Write the variable on every way that leads here, or give it a first value at the start.",
    ),
    "caller_unwritten": _error(
        "“{name}” calls “{process}”, which reads the variable “{variable}”, but passes none of"
        " that name.",
        "Add an input mapping with the target “{variable}”.",
    ),
    "output_unwritten": _error(
        "“{name}” takes “{variable}” from “{process}”, where it is not written on this way:"
        " {path}.",
        "Let every way through “{process}” write “{variable}”.",
    ),
    "feel": _error(
        "The expression “{text}” of “{name}” ({place}) is not FEEL: {why}",
        "Correct the expression.",
    ),
    "literal_condition": _error(
        "“{text}” of “{name}” ({place}) has no leading equals sign, so that it is a text and no"
        " condition.",
        "Write ={suggestion}",
    ),
    "mapping_empty": _error(
        "A mapping of “{name}” to “{variable}” has no source.",
        "Write what the variable takes, or delete the mapping.",
    ),
    "bad_variable_name": _error(
        "“{variable}” of “{name}” ({place}) is no name for a variable.",
        "Use letters, digits and underscores, beginning with a letter.",
    ),
    "unknown_deadline": _error(
        "“{name}” uses the deadline “{key}”, which the table of deadlines does not have.",
        "Add the key to the decision deadline_policy, or choose one of: {known}.",
    ),
    "no_deadlines": _error(
        "“{name}” uses the deadline “{key}”, but the pack has no decision deadline_policy.",
        "Add the decision table deadline_policy.",
    ),
}

_REFERENCES = {
    "form_missing": _error(
        "“{name}” uses the form “{form}”, which does not exist.",
        "Create the form, or choose another one.",
    ),
    "form_unused": _advice(
        "No step uses the form “{form}”.",
        "Delete it, or choose it in a step.",
    ),
    "answer_personal": _error(
        "“{name}” makes a variable of “{key}”, a text or personal field of the form “{form}”.",
        "Keep it in the case file; a variable may say only whether or how many.",
    ),
    "no_role": _error(
        "Nobody is named for “{name}”: neither its lane nor its panel names a role.",
        "Put it into a lane with the property role, or name a candidate group.",
    ),
    "role_unknown": _error(
        "“{name}” is for the role “{role}”, which pack.toml does not know.",
        "Use one of: {known}.",
    ),
    "lane_without_role": _warning(
        "The lane “{name}” names no role.",
        "Give it the property role, such as {known}.",
    ),
    "role_members": _warning(
        "Nobody can hold the role “{role}”: it names no members.",
        "List under members which roles of an account hold it.",
    ),
    "action_role_unknown": _error(
        "{place} of pack.toml names the role “{role}”, which it does not know.",
        "Use one of: {known}.",
    ),
    "service_missing": _error(
        "“{name}” does not say which service it asks for.",
        "Choose a service in its panel.",
    ),
    "service_unknown": _error(
        "“{name}” asks for the service “{service}”, which does not exist.",
        "Use one of: {known}.",
    ),
    "service_not_allowed": _error(
        "“{name}” asks for the service “{service}”, which pack.toml does not allow.",
        "Add it to the services of pack.toml, or choose another one.",
    ),
    "service_input": _error(
        "“{name}” does not pass “{input}” to the service “{service}”.",
        "Add an input mapping with the target “{input}”.",
    ),
    "timer_start": _error(
        "“{name}” starts at a moment, but no case says for whom.",
        "Draw an event sub-process with this timer in a routine that runs, and call the process "
        "there; or wait for the moment with a timer before a call activity.",
    ),
    "signal_start": _error(
        "“{name}” starts by a signal, which would set it off in every case of the programme.",
        "Draw an event sub-process with this signal in a routine that runs, and call the process "
        "there; or start it by a message, which reaches one case.",
    ),
    "message_start_computed": _error(
        "“{name}” starts by a message whose name is computed: {text}.",
        "Give the message a fixed name: nothing can be computed before the process runs.",
    ),
    "message_start_twice": _error(
        "“{name}” starts by the message “{message}”, which starts “{other}” already.",
        "Give one of them a message of its own; a message reaches exactly one place.",
    ),
    "service_retries": _error(
        "“{name}” is to be tried “{text}” times, which is no whole number from 1 to 20.",
        "Write such a number, or leave the field empty: then it is tried three times.",
    ),
    "decision_missing": _error(
        "“{name}” does not say which decision it asks.",
        "Choose a decision in its panel.",
    ),
    "decision_unknown": _error(
        "“{name}” asks the decision “{decision}”, which does not exist.",
        "Use one of: {known}.",
    ),
    "decision_twice": _error(
        "The decision “{element}” is in {file} and in {other}.",
        "Give one of them another id.",
    ),
    "decision_unused": _warning(
        "“{name}” drops the answer of the decision “{decision}”.",
        "Name a result variable.",
    ),
    "decision": _error(
        "The decision “{decision}” has a mistake: {why}",
        "{remedy}",
    ),
    "decision_warning": _warning(
        "The decision “{decision}”: {why}",
        "{remedy}",
    ),
    "decision_advice": _advice(
        "The decision “{decision}”: {why}",
        "{remedy}",
    ),
    "called_missing": _error(
        "“{name}” does not say which process it calls.",
        "Choose a process in its panel.",
    ),
    "called_unknown": _error(
        "“{name}” calls the process “{called}”, which does not exist.",
        "Use one of: {known}.",
    ),
    "called_start": _error(
        "“{name}” calls the process “{called}”, which has no plain start event.",
        "Draw a plain start event in “{called}”.",
    ),
    "called_elsewhere": _warning(
        "“{name}” calls the process “{called}”, which is not in this file.",
        "Check the whole folder, in which the process is; or correct the name.",
    ),
    "call_endless": _error(
        "“{name}” calls a process that always comes back to it: {path}. It never ends.",
        "Draw a gateway before the call, with a way on which nothing is called.",
    ),
    "call_circle": _warning(
        "“{name}” calls a process that comes back to it: {path}. More than 8 deep it stops.",
        "Draw a loop in one of the processes.",
    ),
    "script_missing": _error(
        "The script task “{name}” has no expression or no result variable.",
        "Write a FEEL expression and name a result variable.",
    ),
    "message_undeclared": _error(
        "“{name}” waits for the message “{message}”, which pack.toml does not declare.",
        "Declare it under actions in pack.toml, with a title and roles; or let a diagram send it.",
    ),
    "message_unheard": _warning(
        "pack.toml declares the action “{message}”, but no diagram waits for it.",
        "Delete the action, or draw the event.",
    ),
    "message_unsent": _warning(
        "“{name}” sends the message “{message}”, but no diagram waits for it.",
        "Draw the event that waits, or delete this one.",
    ),
    "start_unknown": _error(
        "pack.toml says who may start “{process}”, but there is no such process.",
        "Correct the name under start in pack.toml.",
    ),
    "report_start": _error(
        "The report “{title}” begins “{name}”, which is not begun without a case.",
        'Draw it, and name it in pack.toml under [start] with case = "none".',
    ),
    "report_form": _error(
        "The report “{title}” asks with the form “{form}”, which is not there.",
        "Add the form, or correct its name under [reports] in pack.toml.",
    ),
    "start_idle": _advice(
        "Nothing starts the process “{name}”: no call activity, no event, no start in pack.toml.",
        "Add it under start in pack.toml, or call it.",
    ),
    "milestone_unknown": _error(
        "“{name}” reaches the milestone “{milestone}”, which pack.toml does not know.",
        "Use one of: {known}.",
    ),
    "property_unknown": _warning(
        "“{name}” has the property “{key}”, which means nothing.",
        "Use one of: {known}.",
    ),
    "error_uncaught": _warning(
        "“{name}” raises the error “{code}”, which nothing around it catches.",
        "Draw an error event with that code on the border of the sub-process or call activity.",
    ),
    "timer_missing": _error(
        "The timer “{name}” does not say when.",
        "Give it a duration such as P14D, a date, or FEEL such as =deadlines.first_contact.",
    ),
    "timer_wrong": _error(
        "The timer “{name}” says “{text}”, which is no {kind}.",
        "Write {example}, or FEEL with a leading equals sign.",
    ),
    "timer_cycle": _error(
        "The timer “{name}” repeats, which it cannot here.",
        "Use a duration and draw the way back to it, or a boundary timer that does not interrupt.",
    ),
    "due_wrong": _error(
        "“{name}” is due “{text}”, which is no date.",
        'Write FEEL with a leading equals sign, such as =now() + duration("P7D").',
    ),
    "priority_wrong": _error(
        "“{name}” has the priority “{text}”, which is no number from 0 to 100.",
        "Write a whole number from 0 to 100, or FEEL.",
    ),
}

RULES: Mapping[str, Rule] = MappingProxyType(
    {**_FILES, **_STRUCTURE, **_PROFILE, **_SOUNDNESS, **_VARIABLES, **_REFERENCES}
)
