"""The ids of fences: never the same twice in three days, so no late answer can match.

An id is a letter (P the lines, C the cut, R a probe) and three digits in base 64.
"""

from datetime import datetime
from typing import Final

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-"
_ROUND: Final = len(_DIGITS) ** 3


class Fences:
    """Hands out numbers, starting at the second of `now`.

    The start differs after every restart: a fence that an earlier life left in the
    printer's buffer must not confirm the first ticket of this one.
    """

    def __init__(self, now: datetime) -> None:
        self._next = int(now.timestamp()) % _ROUND

    def take(self) -> str:
        """The next three digits."""
        number = self._next
        self._next = (number + 1) % _ROUND
        return (
            _DIGITS[number // 4096] + _DIGITS[number // 64 % 64] + _DIGITS[number % 64]
        )
