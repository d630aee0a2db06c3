"""When a count may be shown.

Source: domain rule D9: 0 is 0, 1 to 4 is “< 5”, from 5 the value; where exactly one cell of a set
with a known total is hidden, others are hidden too, or it could be worked out.
"""

from collections.abc import Mapping

THRESHOLD = 5
FEW = "< 5"
#: Instead of a count that is large enough, but would give a small one away.
HIDDEN = "–"


def show(count: int, *, threshold: int = THRESHOLD) -> str:
    """A single count as it may be shown to others."""
    return FEW if 0 < count < threshold else str(count)


def show_all(counts: Mapping[str, int], *, threshold: int = THRESHOLD) -> dict[str, str]:
    """A set of counts whose total may be shown too (`show_total`): none can be worked out.

    Where what is missing from the total would give the small ones away, the next smallest are
    hidden too, until more than one value is possible.
    """
    shown = {key: show(count, threshold=threshold) for key, count in counts.items()}
    for key in _hidden(counts, threshold):
        shown[key] = HIDDEN
    return shown


def show_total(counts: Mapping[str, int], *, threshold: int = THRESHOLD) -> str:
    """The sum of a set that is shown; hidden where nothing else is left to see."""
    few, large = _parted(counts, threshold)
    total = sum(counts.values())
    # Hidden whatever the counts are: hiding it only where it tells would tell, too.
    if few and len(_hidden(counts, threshold)) == len(large) and total >= threshold:
        return HIDDEN
    return show(total, threshold=threshold)


def heat(count: int, largest: int) -> int:
    """0 for none, then 1 to 4 by share of the largest."""
    if count <= 0 or largest <= 0:
        return 0
    return min(4, 1 + count * 4 // (largest + 1))


def _hidden(counts: Mapping[str, int], threshold: int) -> list[str]:
    """The large counts to hide for the sake of the small ones, smallest first."""
    few, large = _parted(counts, threshold)
    if not few:
        return []
    order = sorted((count, key) for key, count in counts.items() if count >= threshold)
    for hidden in range(len(large) + 1):
        if _ambiguous(few, large, hidden, threshold):
            return [key for _, key in order[:hidden]]
    return [key for _, key in order]


def _parted(counts: Mapping[str, int], threshold: int) -> tuple[list[int], list[int]]:
    """The small counts and the large ones, each in order; nobody minds a nought."""
    few = sorted(count for count in counts.values() if 0 < count < threshold)
    return few, sorted(count for count in counts.values() if count >= threshold)


def _ambiguous(few: list[int], large: list[int], hidden: int, threshold: int) -> bool:
    """Whether a small count can have more than one value, for who knows the total.

    The first ``hidden`` of the large counts are hidden: each of them is known to be at least the
    threshold and below the next that is shown.
    """
    missing = sum(few) + sum(large[:hidden])
    others = len(few) - 1
    most = min(threshold - 1, missing - others - hidden * threshold)
    least = 1
    if hidden < len(large) or not hidden:
        highest = large[hidden] - 1 if hidden else 0
        least = max(least, missing - others * (threshold - 1) - hidden * highest)
    return most > least
