"""What could go wrong for the people whom cases are about, and what holds it. Pure.

Source: GDPR article 35.7 c and d. Each risk names what in a pack gives rise to it, and the tests
that fail if its control does not hold.
"""

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """What in a pack gives rise to a risk."""

    PURPOSES = "purposes"
    KINDS = "kinds"
    STEPS = "steps"
    KEPT = "kept"
    ROUTINES = "routines"


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk, what holds it, and by which tests that is known: ``file::test``."""

    ground: Ground
    what: str
    control: str
    tests: tuple[str, ...]


def _(text: str) -> str:
    return text


RISKS = (
    Risk(
        Ground.PURPOSES,
        _("Somebody reads what the person has not agreed to share."),
        _(
            "Every read and write asks for organisation, relation to the case, and consent in"
            " force for purpose, parties and kind of information."
        ),
        (
            "tests/rights/test_matrix.py::test_everybody_gets_what_the_table_says",
            "tests/casework/test_access.py::test_lists_and_gate_agree_on_every_kind_of_consent",
        ),
    ),
    Risk(
        Ground.PURPOSES,
        _("A consent that was taken back still opens something."),
        _("Taking back ends access at once, before any routine reacts to it."),
        (
            "tests/casework/test_consent_histories.py"
            "::test_a_withdrawal_holds_for_every_transaction_begun_after_its_commit",
        ),
    ),
    Risk(
        Ground.PURPOSES,
        _("A number in a statistic points at somebody."),
        _("Small counts are hidden, and with them what they could be worked out from."),
        (
            "tests/casework/test_statistics_rules.py"
            "::test_no_small_count_can_be_worked_out_from_what_is_shown",
        ),
    ),
    Risk(
        Ground.KINDS,
        _("More is asked for than the person agreed to."),
        _("A form offers the kinds of information that a consent in force names, no others."),
        ("tests/web/test_consent.py::test_a_form_offers_only_the_kinds_that_consent_names",),
    ),
    Risk(
        Ground.KINDS,
        _("Somebody whose identity is protected is found."),
        _(
            "Only people named one by one open such a case; no list, search or count holds it,"
            " and no address is kept."
        ),
        (
            "tests/casework/test_cases.py::test_a_restricted_case_exists_for_named_people_alone",
            "tests/casework/statistics/test_overview.py"
            "::test_people_whose_identity_is_protected_are_in_no_list_and_no_count",
        ),
    ),
    Risk(
        Ground.STEPS,
        _("Somebody looks out of curiosity."),
        _(
            "Every look is written down, the person may read who looked, and the log is gone"
            " through each month."
        ),
        (
            "tests/web/test_cases.py::test_looking_at_a_case_is_noted",
            "tests/web/test_looks.py::test_a_month_of_the_log_is_gone_through",
        ),
    ),
    Risk(
        Ground.STEPS,
        _("What was written about somebody stands where it is not protected: a mail, a log."),
        _(
            "Texts are sealed with the key of the case; routines hold codes and days alone; a mail"
            " that points at somebody is not sent."
        ),
        (
            "tests/rights/test_canaries.py::test_no_table_and_no_file_holds_a_word_in_the_open",
            "tests/rights/test_canaries.py::test_diagrams_know_nothing_of_the_person",
            "tests/casework/test_errands.py::test_a_mail_that_points_at_somebody_never_leaves",
        ),
    ),
    Risk(
        Ground.STEPS,
        _("What was done is covered up afterwards."),
        _("The rows of the log are chained; what is changed or cut off is found."),
        ("tests/casework/test_audit.py::test_whatever_is_done_to_the_chains_is_found",),
    ),
    Risk(
        Ground.KEPT,
        _("Something is kept for longer than was decided, or comes back from a backup."),
        _("What is due goes with its key; a backup that is brought back loses the key again."),
        (
            "tests/casework/disposal/test_erasure.py::test_no_byte_of_an_erased_case_is_left",
            "tests/casework/test_backups.py::test_an_erased_case_stays_erased_after_an_older_backup",
        ),
    ),
    Risk(
        Ground.ROUTINES,
        _("A changed routine opens what should be closed."),
        _(
            "Routines ask for consent and cannot do without it; what is drawn can read no text of"
            " a case and run nothing but checked expressions."
        ),
        ("tests/architecture/test_expressions.py::test_every_expression_of_a_pack_is_feel",),
    ),
)
