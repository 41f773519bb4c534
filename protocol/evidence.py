"""Which of two outcomes says more about a ticket's paper.

A reprint that fails takes nothing away from the paper the visitor already holds. So a
ticket stands for the best that any attempt has shown, and only the log keeps them all.
"""

from typing import Final

from protocol.messages import PrintState

_WEIGHT: Final[dict[PrintState, int]] = {
    "pending": 0,
    "not_sent": 1,
    "held": 2,
    "unknown": 3,
    "not_required": 4,
    "printed_uncut": 5,
    "printed": 6,
}


def outweighs(new: PrintState, old: PrintState) -> bool:
    """Whether the ticket stands for `new` from now on; an equal one is no news."""
    return _WEIGHT[new] > _WEIGHT[old]
