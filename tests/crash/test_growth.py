"""The soak sees a leak: what does not grow passes, what grows does not."""

from bench.proofs.soak import Vitals, growth, memory_slope, read_vitals


def seen(*, kb_a_ticket=0.0, files=20, more_files=0):
    return tuple(
        Vitals(n * 10, 90_000 + int(n * 10 * kb_a_ticket), files + n * more_files)
        for n in range(100)
    )


def test_a_process_that_stays_as_it_is_passes():
    assert growth(seen(), memory_slope(seen())) == ()


def test_memory_that_leaks_with_every_ticket_is_found():
    leaking = seen(kb_a_ticket=5)
    assert round(memory_slope(leaking)) == 5
    assert growth(leaking, memory_slope(leaking)) == (
        "memory grows by 5.00 kB a ticket",
    )


def test_files_that_stay_open_are_found():
    leaking = seen(more_files=1)
    assert growth(leaking, 0.0) == ("open files went from 20 to 119",)


def test_the_notes_of_a_life_are_read_back():
    assert read_vitals("10 90000 20\n20 90010 21") == (
        Vitals(10, 90000, 20),
        Vitals(20, 90010, 21),
    )
