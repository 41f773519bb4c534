"""What the kernel says of a process is read from outside."""

import os
import threading

from bench.measures.idle import measure
from bench.measures.process import resident_mb, usage


def test_who_is_woken_is_counted_and_who_sleeps_on_is_not():
    go, went, end = (threading.Semaphore(0) for _ in range(3))

    def often() -> None:
        for _ in range(20):
            go.acquire()
            went.release()

    woken = threading.Thread(target=often)
    asleep = threading.Thread(target=end.acquire)
    for thread in (woken, asleep):
        thread.start()
    go.release()
    went.acquire()
    before = usage(os.getpid()).threads
    for _ in range(18):
        go.release()
        went.acquire()
    after = usage(os.getpid()).threads
    go.release()
    end.release()
    for thread in (woken, asleep):
        thread.join()

    def more(thread: threading.Thread) -> int:
        id = thread.native_id or 0
        return after[id].slept - before[id].slept

    assert more(woken) >= 9
    assert more(asleep) <= 1


def test_work_is_counted_in_seconds_of_the_processor():
    before = usage(os.getpid()).seconds
    while usage(os.getpid()).seconds < before + 0.05:
        sum(range(10_000))
    assert usage(os.getpid()).seconds < before + 5


def test_a_program_in_memory_takes_some():
    assert 5 < resident_mb(os.getpid()) < 4096


def test_the_idle_measure_says_who_woke():
    cpu, wakes = measure(os.getpid(), 0.0)
    assert cpu.goal is not None
    assert str(cpu.goal) == "≤ 1 % of a core"
    assert (wakes.unit, str(wakes.goal)) == ("/s", "≤ 5 /s")
