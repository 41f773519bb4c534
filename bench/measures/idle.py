"""An idle kiosk: at home, online, printer well, nobody there, for twenty seconds.

Wake-ups are voluntary context switches of all its threads, as the kernel counts them:
whoever goes to sleep once more was awake once more.
"""

from collections.abc import Iterator
from time import monotonic, sleep
from typing import Final

from bench.measures.figures import Measure, against, most
from bench.measures.process import Thread, Usage, usage

SECONDS: Final = 20.0
_CPU: Final = most(1, "% of a core")
_WAKES: Final = most(5, "/s")


def measure(kiosk: int, seconds: float = SECONDS) -> Iterator[Measure]:
    """`kiosk` is its process id; it should have been left alone for a while."""
    before, began = usage(kiosk), monotonic()
    sleep(seconds)
    after, took = usage(kiosk), monotonic() - began
    busy = after.seconds - before.seconds
    over = f"over {took:.0f} s"
    yield against(_CPU, "processor time of the idle kiosk", 100 * busy / took, over)
    woken = _woken(before, after)
    yield against(
        _WAKES,
        "wake-ups of the idle kiosk",
        sum(woken.values()) / took,
        _who(after, woken, took),
    )


def _woken(before: Usage, after: Usage) -> dict[int, int]:
    """How often each thread woke, by its id."""
    return {
        id: thread.slept - (before.threads[id].slept if id in before.threads else 0)
        for id, thread in after.threads.items()
    }


def _who(after: Usage, woken: dict[int, int], seconds: float) -> str:
    """The threads that woke, the busiest first. They are told apart by their order of
    birth, the first being the loop's, and by where the kernel lets them sleep."""
    order = {id: place for place, id in enumerate(sorted(after.threads))}
    busiest = sorted((id for id in woken if woken[id]), key=lambda id: -woken[id])
    return ", ".join(
        f"{_name(order[id], after.threads[id])} {woken[id] / seconds:.2g}"
        for id in busiest
    )


def _name(place: int, thread: Thread) -> str:
    return "the loop" if place == 0 else f"thread {place} ({thread.in_call})"
