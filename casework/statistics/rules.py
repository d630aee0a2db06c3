"""When a count may be shown.

Source: domain rule D9: 0 is 0, 1 to 4 is “< 5”, from 5 the value; where exactly one cell of a set
with a known total is hidden, the next smallest is hidden too, or it could be worked out.
"""

from collections.abc import Mapping

THRESHOLD = 5
FEW = "< 5"


def show(count: int, *, threshold: int = THRESHOLD) -> str:
    """A single count as it may be shown to others."""
    return FEW if 0 < count < threshold else str(count)


def show_all(counts: Mapping[str, int], *, threshold: int = THRESHOLD) -> dict[str, str]:
    """A set of counts whose total is known elsewhere: no hidden one can be worked out."""
    hidden = {key for key, count in counts.items() if 0 < count < threshold}
    if len(hidden) == 1:
        rest = sorted((count, key) for key, count in counts.items() if count and key not in hidden)
        hidden.update(key for _, key in rest[:1])
    return {key: FEW if key in hidden else str(count) for key, count in counts.items()}


def heat(count: int, largest: int) -> int:
    """0 for none, then 1 to 4 by share of the largest."""
    if count <= 0 or largest <= 0:
        return 0
    return min(4, 1 + count * 4 // (largest + 1))
