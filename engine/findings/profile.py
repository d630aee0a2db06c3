"""What the check finds that cannot be run."""

from engine.findings.rule import error, warning

RULES = {
    "unsupported_element": error(
        "“{name}” is a {kind}, which cannot be run.",
        "Draw it with tasks, gateways, events, sub-processes and call activities.",
    ),
    "abstract_task": error(
        "The task “{name}” does not say who or what does it.",
        "Make it a user task, a manual task, a service task or another kind of task.",
    ),
    "complex_gateway": error(
        "“{name}” is a complex gateway; its rule cannot be checked.",
        "Use an exclusive, parallel or inclusive gateway.",
    ),
    "ad_hoc": error(
        "“{name}” is an ad-hoc sub-process: nothing says when it is finished.",
        "Use an ordinary sub-process with a loop and a decision whether more is to be done.",
    ),
    "transaction": error(
        "“{name}” is a transaction; what people have done cannot be undone by the diagram.",
        "Use an ordinary sub-process with an error event on its border.",
    ),
    "compensation_handler": error(
        "The compensation event “{name}” does not lead to one step that puts things right.",
        "Draw a dotted line from it to one task or call activity that is marked for compensation.",
    ),
    "compensation_alone": error(
        "“{name}” is marked for compensation, but no compensation event leads to it.",
        "Draw a compensation event on the border of the step that it puts right, and a dotted line"
        " from there.",
    ),
    "compensation_flow": error(
        "“{name}” is part of compensation and is reached by a dotted line alone; flows or events"
        " lie on it.",
        "Delete the flows and the events on its border.",
    ),
    "compensation_kind": error(
        "“{name}” puts things right, and is a {kind} or repeated.",
        "Use a single task, or a call activity whose process holds all the steps.",
    ),
    "compensation_many": error(
        "“{name}” lies on “{host}”, which is repeated: it would not know which turn to put right.",
        "Move the repeated step into a process of its own with its compensation, or draw the steps"
        " that put things right.",
    ),
    "compensation_nothing": error(
        "“{name}” has things put right, but no step that it could mean has a compensation event.",
        "Draw a compensation event on the border of a step in the same process or sub-process, or"
        " choose such a step in its panel.",
    ),
    "compensation_inside": error(
        "“{name}” has everything around it put right, but not what lies inside “{inner}”.",
        "Draw a compensation event on the border of “{inner}” itself.",
    ),
    "link_alone": error(
        "“{name}” is a link event, but the other end of “{link}” is missing.",
        "Draw a link event of the same name at the other end, in the same process.",
    ),
    "link_twice": error(
        "“{name}” leads to several link events of the name “{link}”.",
        "Keep one link event that receives, or draw a parallel gateway.",
    ),
    "conditional_event": error(
        "“{name}” waits for a condition, which nothing watches.",
        "Wait for a message, or draw a timer and a gateway that asks again.",
    ),
    "unsupported_event": error(
        "“{name}” has {article} {event} event, which cannot stand here.",
        "What can stand here: {allowed}.",
    ),
    "several_events": error(
        "“{name}” waits for several things in one event.",
        "Draw an event gateway with one event for each.",
    ),
    "event_nowhere": error(
        "“{name}” refers to {article} {event} that the file does not declare.",
        "Choose the {event} again in its panel, or create it.",
    ),
    "event_without_reference": error(
        "“{name}” does not say which {event} is meant.",
        "Choose the {event} in its panel.",
    ),
    "no_event": error(
        "“{name}” does not say what it waits for.",
        "Give it a message, a signal or a timer.",
    ),
    "error_kept": error(
        "“{name}” is an error event that does not interrupt.",
        "An error always interrupts: use an escalation where work shall go on.",
    ),
    "boundary_never": error(
        "“{name}” waits for an {event} of “{host}”, which is a {kind} and never raises one.",
        "Attach it to a sub-process or a call activity; errors to a service task, too.",
    ),
    "boundary_many": error(
        "“{name}” lies on “{host}”, which is done once per item: it would fire once for all and"
        " know no item.",
        "Call a small process once per item, and draw the event in that process.",
    ),
    "boundary_start": error(
        "“{name}” lies on a {kind}; events belong on the border of tasks, sub-processes and call"
        " activities.",
        "Attach it to the step that it shall watch.",
    ),
    "many_collection": error(
        "“{name}” is done once per item, but no collection is named.",
        "Name a collection in FEEL, such as =parties.",
    ),
    "many_output": error(
        "“{name}” collects results, but not both the collection and the element are named.",
        "Fill in both output collection and output element, or neither.",
    ),
    "many_kind": error(
        "“{name}” is a {kind} and cannot be repeated.",
        "Repeat a task, a sub-process or a call activity.",
    ),
    "loop_unbounded": error(
        "“{name}” is a loop without a maximum; it could go on for ever.",
        "Set the attribute loopMaximum, or draw the loop with an exclusive gateway.",
    ),
    "instantiate": error(
        "“{name}” would start the process, but is no start event.",
        "Draw a message start event before it.",
    ),
    "juel": error(
        "“{text}” is an expression in the style of Camunda 7.",
        "Write FEEL with a leading equals sign: ={suggestion}",
    ),
    "propagate_all": error(
        "“{name}” passes all variables; what goes in and out must be named.",
        "Untick it, and name each variable in the input and output mappings.",
    ),
    "process_expression": error(
        "“{name}” computes which process it calls, so the call cannot be checked.",
        "Name the process, and draw a gateway with one call activity for each.",
    ),
    "form_key": error(
        "“{name}” names its form by a key or reference ({text}).",
        "Choose the form by its form id.",
    ),
    "person_named": error(
        "“{name}” is assigned to a person ({text}); people change, roles stay.",
        "Name a role under candidate groups, or let the lane decide.",
    ),
    "plain_script": error(
        "“{name}” holds a script in a programming language, which is never run.",
        "Write a FEEL expression and a result variable.",
    ),
    "camunda_7": warning(
        "“{name}” has “{text}” of Camunda 7, which means nothing here.",
        "Delete it; set the same in the panel for Camunda 8.",
    ),
    "unread": error(
        "“{name}” has “{text}”, which is not carried out.",
        "Delete it.",
    ),
    "unread_data": error(
        "“{name}” has a data association ({text}), which moves no data.",
        "Use input and output mappings.",
    ),
    "called_element": error(
        "“{name}” names the called process in plain BPMN.",
        "Choose “{text}” as the called element in the panel for Camunda 8.",
    ),
}
