"""What the check finds in the texts that are given to people."""

from engine.findings.rule import advice, error, warning

RULES = {
    "document_missing": error(
        "“{name}” has no text in the pack's own language, “{language}”.",
        "Write it: it is what stands beside every translation.",
    ),
    "document_untranslated": advice(
        "“{name}” has no text in “{language}”.",
        "Write it under Documents; until then nobody can print it in that language.",
    ),
    "document_untitled": warning(
        "The text does not begin with a title.",
        "Begin the first line with “# ”: it becomes the title of the paper.",
    ),
    "place_unknown": error(
        "Nothing fills the place {place}.",
        "Look for a typing error; the text may use {known}.",
    ),
    "place_missing": error(
        "The text must name {place}, and does not.",
        "Write {place} where it is to stand: without it the person does not know what the yes"
        " is to.",
    ),
    "document_person": error(
        "The text holds what looks like an identity number or the number of a case.",
        "Leave it out: the same text is given to everybody.",
    ),
    "document_reach": advice(
        "The text holds a telephone number or a mail address.",
        "Let it be an office's; whoever works there today may be gone when the paper is read.",
    ),
}
