"""What the check finds in a file as a whole."""

from engine.findings.rule import advice, error, warning

RULES = {
    "unreadable": error(
        "{file} cannot be read: {why}",
        "Open the file in the editor it was made with and save it again.",
    ),
    "too_much": warning(
        "The check was stopped after {limit} findings in {file}.",
        "Repair the first findings and check again.",
    ),
    "too_many": error(
        "“{name}” has {count} elements; at most {limit} can be checked and run.",
        "Move parts of it into processes of their own and call them.",
    ),
    "layout_missing": warning(
        "Nothing of “{name}” is drawn: the file holds no layout.",
        "Open the diagram in the editor and arrange it, so that people can see it.",
    ),
    "not_drawn": warning(
        "“{name}” is not drawn on the diagram although it is part of the process.",
        "Delete it, or draw it, so that the picture shows what runs.",
    ),
    "not_executable": warning(
        "The process “{name}” is not marked as executable.",
        "Tick “Executable” in the panel of the process.",
    ),
    "no_documentation": advice(
        "“{name}” has no guidance for the person who does it.",
        "Write into its documentation what to do and what to think of.",
    ),
    "no_name": advice(
        "The {kind} “{element}” has no name.",
        "Name it as people call it: they see the name in their task list.",
    ),
    "words_missing": advice(
        "{count} of {total} texts have no translation into “{language}”, first “{first}”.",
        "Translate them under Routines → Words; until then the original is shown.",
    ),
    "phrase_unknown": warning(
        "“{own}” in {file} stands for “{said}”, which Samplan does not say there.",
        "Look up what it says now under Routines, Words, and write your words there.",
    ),
    "phrase_places": error(
        "“{own}” in {file} stands for “{said}”, where other things are filled in.",
        "Keep what begins with a percent sign, each as often as there: {places}.",
    ),
    "phrase_markup": error(
        "“{own}” in {file} holds markup or a line break.",
        "Write it as plain words on one line.",
    ),
    "phrase_long": error(
        "“{own}” in {file} is too long for where it stands.",
        "Say it in at most {count} characters.",
    ),
    "unknown_key": warning(
        "{file} says “{key}”, which means nothing.",
        "Look for a typing error, or delete the line.",
    ),
    "process_twice": error(
        "The process “{element}” is in {file} and in {other}.",
        "Give one of them another id.",
    ),
    "duplicate_id": error(
        "The id “{element}” is given to more than one thing in the process.",
        "Give each element an id of its own.",
    ),
}
