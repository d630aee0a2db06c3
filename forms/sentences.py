"""What Samplan says about an answer that needs correcting; each sentence names the field."""

from forms.model import CHOOSING, MOMENTS, SOME_OF, Kind
from forms.words import Translate


def missing(_: Translate, kind: Kind, label: str) -> str:
    if kind is Kind.CHECKBOX:
        return _("Tick “{label}” to go on").format(label=label)
    if kind is Kind.FILE:
        return _("Attach a file to “{label}”").format(label=label)
    if kind in SOME_OF:
        return _("Choose at least one answer to “{label}”").format(label=label)
    if kind in CHOOSING:
        return _("Choose an answer to “{label}”").format(label=label)
    if kind in MOMENTS:
        return _("Give a date or time for “{label}”").format(label=label)
    return _("Fill in “{label}”").format(label=label)


def not_a_number(_: Translate, label: str) -> str:
    return _("“{label}” must be a number, such as 12").format(label=label)


def too_many_decimals(_: Translate, label: str, digits: int) -> str:
    if digits == 0:
        return _("“{label}” must be a whole number").format(label=label)
    return _("“{label}” takes at most {digits} decimals").format(label=label, digits=digits)


def too_small(_: Translate, label: str, bound: str) -> str:
    return _("“{label}” must be {bound} or more").format(label=label, bound=bound)


def too_large(_: Translate, label: str, bound: str) -> str:
    return _("“{label}” must be {bound} or less").format(label=label, bound=bound)


def off_step(_: Translate, label: str, step: str) -> str:
    return _("“{label}” must go in steps of {step}").format(label=label, step=step)


def too_short(_: Translate, label: str, count: int) -> str:
    return _("“{label}” needs at least {count} characters").format(label=label, count=count)


def too_long(_: Translate, label: str, count: int, over: int) -> str:
    return _("“{label}” takes {count} characters; take away {over}").format(
        label=label, count=count, over=over
    )


def off_pattern(_: Translate, label: str) -> str:
    return _("“{label}” is not written in the way that is asked for").format(label=label)


def not_an_address(_: Translate, label: str) -> str:
    return _("“{label}” must be an e-mail address, such as name@example.org").format(label=label)


def not_a_phone(_: Translate, label: str) -> str:
    return _("“{label}” must be a telephone number").format(label=label)


def too_few_digits(_: Translate, label: str) -> str:
    return _("“{label}” has too few digits").format(label=label)


def not_a_moment(_: Translate, kind: Kind, label: str) -> str:
    if kind is Kind.DATE:
        return _("“{label}” must be a date, such as 2027-03-09").format(label=label)
    if kind is Kind.TIME:
        return _("“{label}” must be a time, such as 13:00").format(label=label)
    return _("“{label}” must be a date and a time").format(label=label)


def past(_: Translate, label: str) -> str:
    return _("“{label}” must not lie in the past").format(label=label)


def too_early(_: Translate, label: str, bound: str) -> str:
    return _("“{label}” must be {bound} or later").format(label=label, bound=bound)


def too_late(_: Translate, label: str, bound: str) -> str:
    return _("“{label}” must be {bound} or earlier").format(label=label, bound=bound)


def off_interval(_: Translate, label: str, minutes: int) -> str:
    return _("“{label}” goes in steps of {minutes} minutes").format(label=label, minutes=minutes)


def not_offered(_: Translate, label: str) -> str:
    return _("Choose one of the answers that “{label}” offers").format(label=label)


def too_few_chosen(_: Translate, label: str, count: int) -> str:
    return _("Choose at least {count} answers to “{label}”").format(label=label, count=count)


def too_many_chosen(_: Translate, label: str, count: int) -> str:
    return _("Choose at most {count} answers to “{label}”").format(label=label, count=count)


def too_few_rows(_: Translate, label: str, count: int) -> str:
    return _("“{label}” needs at least {count}").format(label=label, count=count)


def too_many_rows(_: Translate, label: str, count: int) -> str:
    return _("“{label}” takes at most {count}").format(label=label, count=count)


def off_rule(_: Translate, label: str) -> str:
    return _("The answer to “{label}” does not fit the others").format(label=label)
