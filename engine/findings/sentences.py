"""What sentences that must always hold come to."""

from engine.findings.rule import error, warning

RULES = {
    "sentence_broken": error(
        "“{sentence}” does not hold: {path}.",
        "Close this way, or change the sentence if it was meant otherwise.",
    ),
    "sentence_unknown": warning(
        "Whether “{sentence}” holds is not known: there are more courses than can be walked.",
        "Divide the diagrams into smaller ones, and put right what else is found in them.",
    ),
    "sentence_lost": error(
        "“{sentence}” names what is not there: {places}.",
        "Name what has taken its place, or take the sentence away.",
    ),
}
