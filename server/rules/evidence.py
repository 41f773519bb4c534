"""What is known of a ticket's paper: the best that any attempt to print it proved.

A reprint that fails takes no paper out of a visitor's hand, so once a ticket counts as
being in somebody's hand, news can only make that surer.
"""

from protocol.evidence import outweighs
from protocol.messages import CALLABLE_PRINT, PrintState


def best(known: PrintState, said: PrintState, copy_number: int) -> PrintState:
    """The print state after news of one attempt; `copy_number` 0 is the first paper.

    What the first paper says of itself later replaces what it said before, as long as
    nobody can hold it yet; a reprint only ever improves what is known.
    """
    first = copy_number == 0 and known not in CALLABLE_PRINT
    return said if first or outweighs(said, known) else known
