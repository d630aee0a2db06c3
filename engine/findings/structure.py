"""What the check finds in how a diagram is drawn."""

from engine.findings.rule import error, warning

RULES = {
    "shared_id": error(
        "The id “{element}” is given twice in the file, perhaps to the process itself and to a"
        " step; editors drop one of them.",
        "Give the step an id of its own.",
    ),
    "no_start": error(
        "“{name}” has no start event, so it can never begin.",
        "Draw a start event and connect it to the first step.",
    ),
    "several_starts": error(
        "“{name}” has {count} plain start events; it is not clear where to begin.",
        "Keep one plain start event, or give the others a message, a signal or a timer.",
    ),
    "sub_process_start": error(
        "The sub-process “{name}” must begin with one plain start event.",
        "Draw exactly one start event without a message, signal or timer in it.",
    ),
    "event_sub_process_start": error(
        "The event sub-process “{name}” must begin with one start event that says what starts it.",
        "Draw exactly one start event: a message, a timer, a signal, an error or an escalation.",
    ),
    "event_sub_process_flow": error(
        "A flow leads into or out of the event sub-process “{name}”, which no flow starts.",
        "Delete the flow; what starts it stands in its start event.",
    ),
    "no_end": error(
        "“{name}” has no end event.",
        "Draw an end event after the last step.",
    ),
    "dangling_flow": error(
        "The flow “{element}” leads from “{source}” to “{target}”, but {missing} is no step of the"
        " process.",
        "Connect both ends of the flow, or delete it.",
    ),
    "flow_crosses": error(
        "The flow “{element}” crosses the border of a sub-process.",
        "Let the flow end at the sub-process itself, and go on from its start event.",
    ),
    "flow_into_start": error(
        "A flow leads into “{name}”, where nothing can arrive.",
        "Lead the flow to the step that comes after it.",
    ),
    "flow_out_of_end": error(
        "A flow leaves the end event “{name}”.",
        "Delete the flow, or make the end event an intermediate one.",
    ),
    "no_way_on": error(
        "“{name}” has no flow that leads on.",
        "Connect it to the next step or to an end event.",
    ),
    "several_ways_on": warning(
        "{count} flows leave “{name}”; all of them will be taken.",
        "Draw a gateway after it that says so: parallel for all, exclusive for one.",
    ),
    "boundary_detached": error(
        "The event “{name}” lies on the border of nothing.",
        "Attach it to a task, a sub-process or a call activity.",
    ),
    "missing_condition": error(
        "The flow to “{target}” leaves the gateway “{name}” without a condition.",
        "Give it a condition, or make it the default flow.",
    ),
    "no_default": error(
        "All conditions after “{name}” can be false at once; then the case would stand still.",
        "Make one of the flows the default flow.",
    ),
    "default_elsewhere": error(
        "The default flow of “{name}” does not leave it.",
        "Choose one of the flows that leave it as its default flow.",
    ),
    "default_condition": warning(
        "The default flow of “{name}” has a condition, which is never looked at.",
        "Delete the condition, or choose another default flow.",
    ),
    "condition_ignored": error(
        "A flow that leaves “{name}” has a condition; conditions count only after an exclusive or"
        " inclusive gateway.",
        "Draw an exclusive gateway after it and put the condition there.",
    ),
    "event_gateway_target": error(
        "After the event gateway “{name}” comes “{target}”, which is nothing to wait for.",
        "Let each of its flows lead straight to a message, signal or timer event.",
    ),
    "event_gateway_timers": warning(
        "{count} timers wait after the event gateway “{name}”; the first of them always wins.",
        "Keep the timer that comes first, and draw the other after it.",
    ),
    "event_gateway_shared": error(
        "“{name}” waits after an event gateway and is reached in another way too.",
        "Draw an event of its own for the other way.",
    ),
    "lane_conflict": warning(
        "“{name}” is written into the lane “{lane}”, but its sub-process lies in “{other}”, which"
        " counts.",
        "Move the sub-process to the lane that is meant, or call a process of its own.",
    ),
}
