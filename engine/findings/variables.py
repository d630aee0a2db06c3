"""What the check finds in variables and expressions."""

from engine.findings.rule import advice, error, warning

RULES = {
    "never_written": error(
        "“{name}” reads the variable “{variable}”, which nothing writes.",
        "Look for a typing error, or let a step before it write the variable.",
    ),
    "never_written_here": advice(
        "“{name}” reads the variable “{variable}”, which nothing in this file writes.",
        "Look for a typing error, unless the process is started or called with it.",
    ),
    "start_unwritten": error(
        "“{name}” reads the variable “{variable}”, which is passed by calls, but not given when"
        " the process is started.",
        "Write it in the process, or ask whoever runs Samplan to have it given at the start.",
    ),
    "maybe_unwritten_here": warning(
        "“{name}” reads the variable “{variable}”, which is not written on this way: {path}.",
        "Write the variable on every way that leads here, unless the process is started or called"
        " with it.",
    ),
    "maybe_unwritten": error(
        "“{name}” reads the variable “{variable}”, which is not written on this way: {path}.",
        "Write the variable on every way that leads here, or give it a first value at the start.",
    ),
    "caller_unwritten": error(
        "“{name}” calls “{process}”, which reads the variable “{variable}”, but passes none of"
        " that name.",
        "Add an input mapping with the target “{variable}”.",
    ),
    "output_unwritten": error(
        "“{name}” takes “{variable}” from “{process}”, where it is not written on this way:"
        " {path}.",
        "Let every way through “{process}” write “{variable}”.",
    ),
    "feel": error(
        "The expression “{text}” of “{name}” ({place}) is not FEEL: {why}",
        "Correct the expression.",
    ),
    "literal_condition": error(
        "“{text}” of “{name}” ({place}) has no leading equals sign, so that it is a text and no"
        " condition.",
        "Write ={suggestion}",
    ),
    "mapping_empty": error(
        "A mapping of “{name}” to “{variable}” has no source.",
        "Write what the variable takes, or delete the mapping.",
    ),
    "bad_variable_name": error(
        "“{variable}” of “{name}” ({place}) is no name for a variable.",
        "Use letters, digits and underscores, beginning with a letter.",
    ),
    "unknown_deadline": error(
        "“{name}” uses the deadline “{key}”, which the table of deadlines does not have.",
        "Add the key to the decision deadline_policy, or choose one of: {known}.",
    ),
    "no_deadlines": error(
        "“{name}” uses the deadline “{key}”, but there is no table of deadlines, deadline_policy.",
        "Add the decision table deadline_policy.",
    ),
}
