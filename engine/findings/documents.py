"""What the check finds in the texts that are given to people."""

from engine.findings.rule import advice, error, warning

RULES = {
    "document_missing": error(
        "“{name}” has no text in the programme's own language, “{language}”.",
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
    "logo_large": error(
        "The logo is larger than 200 kB.",
        "Save it as a drawing (SVG), or with fewer dots.",
    ),
    "logo_unreadable": error(
        "The logo is no picture that can be printed.",
        "Save it as plain SVG without letters, or as PNG, and upload it anew under Documents.",
    ),
    "logo_dots": error(
        "The logo has more than 2,000 dots on a side.",
        "Make it smaller: on paper it is at most six centimetres wide.",
    ),
    "logo_shape": error(
        "The logo has no size of its own, or is more than twelve times as long as it is high.",
        "Cut off what is empty around it, and save it with its size.",
    ),
    "logo_holds": error(
        "The logo holds “{what}”, which is no shape and no colour.",
        "Turn letters into outlines and take out pictures inside it, or save it as PNG.",
    ),
    "logo_twice": warning(
        "There are two logos; {file} is not printed.",
        "Keep one of them.",
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
