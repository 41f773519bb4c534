"""How long to wait before trying again."""

FIRST_S = 0.5
CAP_S = 5.0
"""Kiosk and server share the network of one city: tens of kiosks, small requests.
A longer pause would spare nobody and keep the figures from visitors."""


def delay(failures: int, *, first: float = FIRST_S, cap: float = CAP_S) -> float:
    """Seconds to wait after so many failures in a row: 0 after none, then doubling."""
    if failures <= 0:
        return 0.0
    # A week offline counts past what a float can double.
    return min(cap, first * 2.0 ** min(failures - 1, 30))
