"""What the check finds in what a diagram names."""

from engine.findings.rule import advice, error, warning

RULES = {
    "form_missing": error(
        "“{name}” uses the form “{form}”, which does not exist.",
        "Create the form, or choose another one.",
    ),
    "form_unused": advice(
        "No step uses the form “{form}”.",
        "Delete it, or choose it in a step.",
    ),
    "answer_personal": error(
        "“{name}” makes a variable of “{key}”, a text or personal field of the form “{form}”.",
        "Keep it in the case file; a variable may say only whether or how many.",
    ),
    "no_role": error(
        "Nobody is named for “{name}”: neither its lane nor its panel names a role.",
        "Put it into a lane with the property role, or name a candidate group.",
    ),
    "role_unknown": error(
        "“{name}” is for the role “{role}”, which the programme does not know.",
        "Use one of: {known}.",
    ),
    "lane_without_role": warning(
        "The lane “{name}” names no role.",
        "Give it the property role, such as {known}.",
    ),
    "role_members": warning(
        "Nobody can hold the role “{role}”: it names no members.",
        "List under members which roles of an account hold it.",
    ),
    "role_unheld": warning(
        "Nobody holds the role “{role}” today: its steps would wait for nobody.",
        "Have somebody given a place that holds it, or choose another role.",
    ),
    "action_role_unknown": error(
        "{place} of pack.toml names the role “{role}”, which it does not know.",
        "Use one of: {known}.",
    ),
    "service_missing": error(
        "“{name}” does not say which service it asks for.",
        "Choose a service in its panel.",
    ),
    "service_unknown": error(
        "“{name}” asks for the service “{service}”, which does not exist.",
        "Use one of: {known}.",
    ),
    "service_not_allowed": error(
        "“{name}” asks for the service “{service}”, which the programme does not allow.",
        "Choose another one, or ask whoever runs Samplan to allow it.",
    ),
    "service_input": error(
        "“{name}” does not pass “{input}” to the service “{service}”.",
        "Add an input mapping with the target “{input}”.",
    ),
    "timer_start": error(
        "“{name}” starts at a moment, but no case says for whom.",
        "Draw an event sub-process with this timer in a routine that runs, and call the process "
        "there; or wait for the moment with a timer before a call activity.",
    ),
    "signal_start": error(
        "“{name}” starts by a signal, which would set it off in every case of the programme.",
        "Draw an event sub-process with this signal in a routine that runs, and call the process "
        "there; or start it by a message, which reaches one case.",
    ),
    "message_start_computed": error(
        "“{name}” starts by a message whose name is computed: {text}.",
        "Give the message a fixed name: nothing can be computed before the process runs.",
    ),
    "message_start_twice": error(
        "“{name}” starts by the message “{message}”, which starts “{other}” already.",
        "Give one of them a message of its own; a message reaches exactly one place.",
    ),
    "service_retries": error(
        "“{name}” is to be tried “{text}” times, which is no whole number from 1 to 20.",
        "Write such a number, or leave the field empty: then it is tried three times.",
    ),
    "decision_missing": error(
        "“{name}” does not say which decision it asks.",
        "Choose a decision in its panel.",
    ),
    "decision_unknown": error(
        "“{name}” asks the decision “{decision}”, which does not exist.",
        "Use one of: {known}.",
    ),
    "decision_twice": error(
        "The decision “{element}” is in {file} and in {other}.",
        "Give one of them another id.",
    ),
    "decision_unused": warning(
        "“{name}” drops the answer of the decision “{decision}”.",
        "Name a result variable.",
    ),
    "decision": error(
        "The decision “{decision}” has a mistake: {why}",
        "{remedy}",
    ),
    "decision_warning": warning(
        "The decision “{decision}”: {why}",
        "{remedy}",
    ),
    "decision_advice": advice(
        "The decision “{decision}”: {why}",
        "{remedy}",
    ),
    "called_missing": error(
        "“{name}” does not say which process it calls.",
        "Choose a process in its panel.",
    ),
    "called_unknown": error(
        "“{name}” calls the process “{called}”, which does not exist.",
        "Use one of: {known}.",
    ),
    "called_start": error(
        "“{name}” calls the process “{called}”, which has no plain start event.",
        "Draw a plain start event in “{called}”.",
    ),
    "called_elsewhere": warning(
        "“{name}” calls the process “{called}”, which is not in this file.",
        "Check the whole folder, in which the process is; or correct the name.",
    ),
    "call_endless": error(
        "“{name}” calls a process that always comes back to it: {path}. It never ends.",
        "Draw a gateway before the call, with a way on which nothing is called.",
    ),
    "call_circle": warning(
        "“{name}” calls a process that comes back to it: {path}. More than 8 deep it stops.",
        "Draw a loop in one of the processes.",
    ),
    "script_missing": error(
        "The script task “{name}” has no expression or no result variable.",
        "Write a FEEL expression and name a result variable.",
    ),
    "message_undeclared": error(
        "“{name}” waits for the message “{message}”, which nobody can give.",
        "Let a diagram send it, or ask whoever runs Samplan to declare it, with roles.",
    ),
    "message_unheard": warning(
        "pack.toml declares the action “{message}”, but no diagram waits for it.",
        "Delete the action, or draw the event.",
    ),
    "message_unsent": warning(
        "“{name}” sends the message “{message}”, but no diagram waits for it.",
        "Draw the event that waits, or delete this one.",
    ),
    "start_unknown": error(
        "pack.toml says who may start “{process}”, but there is no such process.",
        "Correct the name under start in pack.toml.",
    ),
    "report_start": error(
        "The report “{title}” begins “{name}”, which is not begun without a case.",
        'Draw it, and name it in pack.toml under [start] with case = "none".',
    ),
    "report_form": error(
        "The report “{title}” asks with the form “{form}”, which is not there.",
        "Add the form, or correct its name under [reports] in pack.toml.",
    ),
    "start_idle": advice(
        "Nothing starts the process “{name}”: no diagram, no event, and nobody may begin it.",
        "Call it from another diagram, or ask whoever runs Samplan to let people begin it.",
    ),
    "milestone_unknown": error(
        "“{name}” reaches the milestone “{milestone}”, which the programme does not know.",
        "Use one of: {known}.",
    ),
    "document_unknown": error(
        "“{name}” gives the document “{document}”, of which there is no text.",
        "Write it under Routines → Documents, or use one of: {known}.",
    ),
    "document_filled": warning(
        "“{name}” gives “{document}”, which cannot be given as it stands: it has places that are"
        " filled in.",
        "Take it out: whoever works on the case prints it where the consent is.",
    ),
    "property_unknown": warning(
        "“{name}” has the property “{key}”, which means nothing.",
        "Use one of: {known}.",
    ),
    "error_uncaught": warning(
        "“{name}” raises the error “{code}”, which nothing around it catches.",
        "Draw an error event with that code on the border of the sub-process or call activity.",
    ),
    "timer_missing": error(
        "The timer “{name}” does not say when.",
        "Give it a duration such as P14D, a date, or FEEL such as =deadlines.first_contact.",
    ),
    "timer_wrong": error(
        "The timer “{name}” says “{text}”, which is no {kind}.",
        "Write {example}, or FEEL with a leading equals sign.",
    ),
    "timer_cycle": error(
        "The timer “{name}” repeats, which it cannot here.",
        "Use a duration and draw the way back to it, or a boundary timer that does not interrupt.",
    ),
    "due_wrong": error(
        "“{name}” is due “{text}”, which is no date.",
        'Write FEEL with a leading equals sign, such as =now() + duration("P7D").',
    ),
    "priority_wrong": error(
        "“{name}” has the priority “{text}”, which is no number from 0 to 100.",
        "Write a whole number from 0 to 100, or FEEL.",
    ),
}
