"""What the check finds in where a case can get to."""

from engine.findings.rule import error, warning

RULES = {
    "deadlock_parallel": error(
        "The case can get stuck: the parallel gateway “{name}” waits for a way on which nothing"
        " comes. It happens after: {path}.",
        "Join with the same kind of gateway that split the ways.",
    ),
    "deadlock_inclusive": error(
        "The case can get stuck: the inclusive gateway “{name}” and another one wait for each"
        " other. It happens after: {path}.",
        "Let only one of them come before the other.",
    ),
    "deadlock": error(
        "The case can get stuck: nothing leads on from “{name}”. It happens after: {path}.",
        "Connect it to the next step or to an end event.",
    ),
    "deadlock_called": error(
        "The case can get stuck inside “{name}”, in the process “{process}” that it calls. It"
        " happens after: {path}.",
        "Correct the called process, or draw an event on the border of “{name}” that leads on.",
    ),
    "endless_called": error(
        "“{name}” cannot finish: the process “{process}” that it calls goes round for ever. It"
        " happens after: {path}.",
        "Draw a way to an end event in the called process.",
    ),
    "unsynchronised": error(
        "“{name}” can be reached twice at the same time. It happens after: {path}.",
        "Join the parallel ways with a parallel or inclusive gateway before it.",
    ),
    "unreachable": error(
        "“{name}” can never be reached.",
        "Connect it to a step that comes before it, or delete it.",
    ),
    "cannot_finish": error(
        "“{name}” can begin but never finish: from “{place}” no way leads to an end. It happens"
        " after: {path}.",
        "Draw a way from there to an end event.",
    ),
    "loop_endless": error(
        "The loop {path} never ends once it has begun: nothing in it waits, and nothing in it"
        " changes what the conditions after “{name}” read.",
        "Let a step in the loop write what the conditions read, or wait in it for a person, a"
        " message or a timer.",
    ),
    "loop_unwaited": warning(
        "In the loop {path} nobody and nothing is waited for; it is stopped if it goes on for"
        " very many rounds.",
        "Make sure that it ends after a few rounds, or wait in it for a person, a message or a"
        " timer.",
    ),
    "too_large": warning(
        "“{name}” has too many possible courses to look at all of them; {count} were.",
        "Move parts of it into processes of their own and call them.",
    ),
}
